"""办理规程的页面：read by everybody of a unit, chosen by the administrator alone."""

from __future__ import annotations

import re
import uuid
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import organising
from huiyin.models import Event, Person, Post, Unit
from huiyin.models.profile import profile_of
from huiyin.rules import profile
from huiyin.rules.vocabulary import Deed, Role
from tests.conftest import Bureau, day

TEXT = (profile.FOLDER / "jiangxi.toml").read_text(encoding="utf-8")


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Path:
    settings.PROFILE_FOLDERS = [tmp_path]
    profile_of.cache_clear()
    return tmp_path


def read(client: Client, name: str, *args: str, status: int = 200, **query: str) -> str:
    page = client.get(reverse(name, args=args), query)
    assert page.status_code == status
    return page.content.decode()


def choice(**names: str) -> dict[str, str]:
    return {"suggestion": "", "proposal": "", "key": str(uuid.uuid4()), **names}


def test_the_administrator_chooses_and_everybody_reads_it(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.admin)
    assert (
        client.post(reverse("profiles"), choice(suggestion="qingdao", proposal="sichuan")).status_code == 302
    )
    unit = Unit.objects.get(pk=bureau.unit.pk)
    assert (unit.suggestion_profile, unit.proposal_profile) == ("qingdao", "sichuan")
    client.force_login(bureau.handler)
    page = read(client, "profiles")
    assert re.search(
        r"<b>建议</b></td><td><a href=\"/profiles/qingdao/\">青岛市办理规程（2021.2）</a></td><td>本单位选定",
        page,
    )
    assert re.search(
        r"<b>提案</b></td><td><a href=\"/profiles/sichuan/\">四川省办理规程（2024.2）</a></td><td>本单位选定",
        page,
    )
    assert "建议在用" in read(client, "profile", "qingdao")
    assert "提案在用" in read(client, "profile", "sichuan")


def test_the_form_carries_the_token_a_browser_needs(bureau: Bureau) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(bureau.admin)
    form = read(client, "profiles").split("data-guard")[1]
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|key)" value="([^"]+)"', form))
    assert (
        client.post(reverse("profiles"), {"suggestion": "henan", "proposal": "", **fields}).status_code == 302
    )
    assert Unit.objects.get(pk=bureau.unit.pk).suggestion_profile == "henan"


@pytest.mark.parametrize("who", ["clerk", "chief", "handler", "stranger"])
def test_only_the_administrator_has_the_form(bureau: Bureau, client: Client, who: str) -> None:
    client.force_login(bureau.admin)
    assert 'name="suggestion"' in read(client, "profiles")
    client.force_login(bureau.people[who])
    assert 'name="suggestion"' not in read(client, "profiles")
    assert client.post(reverse("profiles"), choice(suggestion="henan")).status_code == 404
    assert not Event.objects.filter(deed=Deed.CHOOSE_PROFILE).exists()


def test_somebody_of_no_unit_finds_nothing(client: Client, bureau: Bureau) -> None:
    client.force_login(Person.objects.create(username="alone", password="!", name="无单位"))
    for name, args in (("profiles", []), ("profile", ["jiangxi"]), ("profile_compare", [])):
        read(client, name, *args, status=404)


def test_a_refusal_stands_on_the_page_beside_what_was_chosen(bureau: Bureau, client: Client) -> None:
    post = Post.objects.get(role=Role.CHIEF_LEADER, unit=bureau.unit)
    organising.dismiss(post, by=bureau.admin, at=day("2020-06-01"))
    client.force_login(bureau.admin)
    page = client.post(reverse("profiles"), choice(suggestion="henan"))
    body = page.content.decode()
    assert page.status_code == 422
    assert "“河南省办理规程”的签发关要由主要领导签，本单位没有人担任主要领导" in body
    assert '<option value="henan" selected>' in body


def test_the_same_form_twice_is_done_once(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.admin)
    form = choice(suggestion="henan")
    for _ in range(2):
        assert client.post(reverse("profiles"), form).status_code == 302
    assert Event.objects.filter(deed=Deed.CHOOSE_PROFILE).count() == 1


def test_what_is_not_offered_cannot_be_chosen(bureau: Bureau, own: Path, client: Client) -> None:
    (own / "broken.toml").write_text("期限", encoding="utf-8")
    client.force_login(bureau.admin)
    page = read(client, "profiles")
    assert '<option value="broken"' not in page
    assert "用不了：broken.toml：不是有效的 TOML" in page
    assert client.post(reverse("profiles"), choice(suggestion="broken")).status_code == 422
    assert "这份规程用不了" in read(client, "profile", "broken", status=409)


def test_a_profile_is_a_table_with_its_articles(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.handler)
    page, one = read(client, "profile", "shanghai"), profile.named("shanghai")
    assert page.count("<td><b>") == len(one.rows())
    for row in one.rows():
        assert f"<td>{row.label}</td><td><b>{row.text}</b></td>" in page
        assert row.basis in page
    pending = sum(row.pending for row in one.rows())
    assert f"{pending} 项待核" in page
    assert page.count(">待核</span>") == pending > 20


def test_an_older_version_is_read_as_it_was_kept(bureau: Bureau, own: Path, client: Client) -> None:
    path = own / "nankang.toml"
    path.write_text(TEXT.replace('name = "jiangxi"', 'name = "nankang"'), encoding="utf-8")
    organising.choose_profile(
        bureau.unit, suggestion="nankang", proposal="", by=bureau.admin, at=day("2020-06-01")
    )
    newer = path.read_text(encoding="utf-8").replace('version = "2020.2"', 'version = "2021.1"')
    path.write_text(
        newer.replace('opinion    = { period = "1m"', 'opinion    = { period = "2m"'), encoding="utf-8"
    )
    client.force_login(bureau.handler)
    opinion = "<td>协办意见</td><td><b>{}</b></td>"
    assert opinion.format("2个月") in read(client, "profile", "nankang")
    kept = read(client, "profile", "nankang", version="2020.2")
    assert opinion.format("1个月") in kept
    assert "留存的全文" in kept
    read(client, "profile", "nankang", version="2019.9", status=404)
    both = read(client, "profile_compare", left="nankang@2020.2", right="nankang", only="1")
    assert re.search(r"\b\d+ 项中 1 项不同", both)
    path.unlink()
    assert opinion.format("1个月") in read(
        client, "profile", "nankang"
    )  # the file is gone, what was promised is not


def test_two_side_by_side_mark_what_differs_by_a_word(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    henan, chongqing = profile.named("henan"), profile.named("chongqing")
    page = read(client, "profile_compare", left="henan", right="chongqing")
    differing = len(profile.difference(henan, chongqing))
    total = len(profile.beside(henan, chongqing))
    assert f"{total} 项中 {differing} 项不同" in page
    assert page.count('<span class="tag">不同</span>') == page.count('<tr class="differs">') == differing > 10
    assert re.search(
        r"协办意见 <span class=\"tag\">不同</span></td><td[^>]*><b>2个月</b>.*?<b>30个工作日</b>", page
    )
    assert "<td>建议答复</td>" in page
    only = read(client, "profile_compare", left="henan", right="chongqing", only="1")
    assert only.count('<tr class="differs">') == differing
    assert "<td>建议答复</td>" not in only
    assert "两份规程没有不同" in read(client, "profile_compare", left="henan", right="henan", only="1")


@pytest.mark.parametrize(
    "query",
    [
        {"left": "nowhere"},
        {"right": "jiangxi@1999"},
        {"left": "../../etc/passwd"},
        {"left": "henan", "right": "²"},
    ],
)
def test_a_profile_that_is_not_there_is_not_found(
    bureau: Bureau, client: Client, query: dict[str, str]
) -> None:
    client.force_login(bureau.clerk)
    read(client, "profile_compare", status=404, **query)
    read(client, "profile", "nowhere", status=404)


def test_without_a_word_the_one_in_force_stands_on_the_left(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    page = read(client, "profile_compare")
    assert re.search(r'<select id="left".*?<option value="jiangxi" selected>', page)


def test_the_office_finds_the_pages_by_the_navigation(bureau: Bureau, client: Client) -> None:
    for who, there in (("admin", True), ("clerk", True), ("director", True), ("handler", False)):
        client.force_login(bureau.people[who])
        nav = read(client, "profiles").split('aria-label="主导航"')[1].split("</nav>")[0]
        assert (reverse("profiles") in nav) is there, who
