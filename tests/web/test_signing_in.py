"""登录：who comes in, who is kept out, and that it is said in Chinese."""

import io
import re
import runpy
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.auth.tokens import default_token_generator
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.actions import organising
from huiyin.models import Event, Person, Post, Unit
from huiyin.queries.links import first_link
from huiyin.rules.vocabulary import Role
from tests.conftest import Bureau, day

PASSWORD, NEW = "Zhangjiang#2020", "Gongjiang#2021"
WRONG = "不正确"


@pytest.fixture(autouse=True)
def _fresh_counters() -> None:
    cache.clear()  # allauth counts sign-ins of an address in the cache


@pytest.fixture
def clerk(bureau: Bureau) -> Person:
    bureau.clerk.set_password(PASSWORD)
    bureau.clerk.save()
    return bureau.clerk


def sign_in(client: Client, username: str, password: str, **more: str) -> Any:
    return client.post(reverse("account_login"), {"login": username, "password": password, **more})


def inside(client: Client) -> bool:
    return client.get(reverse("ledger")).status_code == 200


def text(response: Any) -> str:
    return str(response.content.decode())


def test_the_right_password(clerk: Person, client: Client) -> None:
    response = sign_in(client, "clerk", PASSWORD)
    assert (response.status_code, response.headers["Location"]) == (302, reverse("desk"))
    assert clerk.name in text(client.get(reverse("desk")))


@pytest.mark.parametrize(
    ("username", "password"),
    [
        ("clerk", "Zhangjiang#2021"),
        ("clerk", "zhangjiang#2020"),
        ("clerk", PASSWORD + " x"),
        ("nobody-here", PASSWORD),
        ("chief", ""),
        ("chief", "!"),  # has no password yet
        ("' OR 1=1 --", PASSWORD),
    ],
)
def test_the_wrong_one_says_so(clerk: Person, client: Client, username: str, password: str) -> None:
    response = sign_in(client, username, password)
    assert response.status_code == 200
    assert (WRONG in text(response)) or (not password and "必填" in text(response))
    assert not inside(client)


def test_nobody_can_tell_who_has_an_account(clerk: Person, client: Client) -> None:
    said = []
    for username in ("clerk", "nobody-here"):
        body = text(sign_in(client, username, "Zhangjiang#1999")).replace(username, "")
        said.append([line for line in body.splitlines() if WRONG in line])
    assert said[0] == said[1] != []


def test_five_wrong_tries_lock_the_right_password_out_too(clerk: Person, client: Client) -> None:
    for _ in range(4):
        assert sign_in(client, "clerk", "wrong").status_code == 200
    fifth = sign_in(client, "clerk", "wrong")
    assert fifth.status_code == 429
    assert "登录已暂时锁定" in text(fifth)
    right = sign_in(client, "clerk", PASSWORD)
    assert right.status_code == 429
    assert "登录已暂时锁定" in text(right)
    assert not inside(client)


def test_a_lock_is_one_persons_alone(clerk: Person, bureau: Bureau, client: Client) -> None:
    bureau.handler.set_password(PASSWORD)
    bureau.handler.save()
    for _ in range(6):
        sign_in(client, "clerk", "wrong")
    assert sign_in(client, "handler", PASSWORD).status_code == 302
    assert inside(client)


def test_a_lock_ends_after_a_quarter_of_an_hour(
    clerk: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(6):
        sign_in(client, "clerk", "wrong")
    real = timezone.now
    for minutes, status in ((14, 429), (14 + 16, 302)):  # a try while locked starts the quarter anew
        later = real() + timedelta(minutes=minutes)
        monkeypatch.setattr("axes.handlers.proxy.now", lambda at=later: at)
        assert sign_in(client, "clerk", PASSWORD).status_code == status


def test_signing_in_wipes_earlier_slips(clerk: Person, client: Client) -> None:
    for _ in range(3):
        for _ in range(4):
            sign_in(client, "clerk", "wrong")
        assert sign_in(client, "clerk", PASSWORD).status_code == 302
        client.logout()


# The one-time link.


def test_a_link_sets_one_password_and_dies(bureau: Bureau, client: Client) -> None:
    link = first_link(bureau.head)
    page = client.get(link)
    assert page.status_code == 200 and bureau.head.name in text(page)
    response = client.post(link, {"new_password1": NEW, "new_password2": NEW})
    assert response.headers["Location"] == reverse("account_login")
    assert client.get(link).status_code == 404
    assert client.post(link, {"new_password1": PASSWORD, "new_password2": PASSWORD}).status_code == 404
    assert sign_in(client, "head", NEW).status_code == 302
    assert Event.objects.filter(by=bureau.head, text__contains="设置口令").exists()


def test_the_administrator_is_shown_a_new_link_once(clerk: Person, bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.admin)
    assert client.get(reverse("organisation_remove", args=["link", clerk.pk])).status_code == 404
    client.post(reverse("organisation_remove", args=["link", clerk.pk]))
    shown = re.findall(
        r"http://testserver(/accounts/first/[^<\s]+/)", text(client.get(reverse("organisation")))
    )
    assert len(shown) == 1
    assert "/accounts/first/" not in text(client.get(reverse("organisation")))
    other = Client()
    assert other.get(shown[0]).status_code == 200
    assert sign_in(other, "clerk", PASSWORD).status_code == 302  # the old password is good until then,
    assert other.get(shown[0]).status_code == 404  # and who still knows it needs no link


@pytest.mark.parametrize(
    "break_it",
    [
        lambda link: link[:-2] + "/",
        lambda link: link.replace("/first/", "/first/A"),
        lambda link: link.replace("/first/", "/first/%F0%9F"),
        lambda link: link + "x/",
        lambda link: reverse("first_password", args=["OTk5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "x-y"]),
    ],
)
def test_a_link_altered_is_no_link(bureau: Bureau, client: Client, break_it: Any) -> None:
    assert client.get(break_it(first_link(bureau.head))).status_code == 404


def test_a_link_of_another_person_of_the_past_and_of_one_who_left(
    bureau: Bureau, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine, his = first_link(bureau.head), first_link(bureau.handler)
    mixed = mine.rsplit("/", 2)[0] + "/" + his.rsplit("/", 2)[1] + "/"
    assert client.get(mixed).status_code == 404
    bureau.handler.is_active = False
    bureau.handler.save()
    assert client.get(his).status_code == 404
    token = type(default_token_generator)
    real = token._now
    for days, status in ((2, 200), (4, 404)):
        monkeypatch.setattr(token, "_now", lambda self, days=days: real(self) + timedelta(days=days))
        assert client.get(mine).status_code == status


WEAK = {
    "1234567890": "常见",
    "Password12": "常见",
    "ganzhouziranziyuan": "至少三种",
    "ganzhou2020zrzy": "至少三种",
    "Head-head-1": "相似",  # his sign-in name
}


@pytest.mark.parametrize(("password", "said"), WEAK.items())
def test_a_weak_password_is_refused_in_words(
    bureau: Bureau, client: Client, password: str, said: str
) -> None:
    bureau.head.username = "head-head"
    bureau.head.save()
    link = first_link(bureau.head)
    page = client.post(link, {"new_password1": password, "new_password2": password})
    assert page.status_code == 200
    assert said in text(page)
    assert not Person.objects.get(pk=bureau.head.pk).has_usable_password()
    assert client.get(link).status_code == 200  # still good


def test_two_different_passwords(bureau: Bureau, client: Client) -> None:
    page = client.post(first_link(bureau.head), {"new_password1": NEW, "new_password2": PASSWORD})
    assert "不" in text(page) and not Person.objects.get(pk=bureau.head.pk).has_usable_password()


def test_changing_the_password(clerk: Person, client: Client) -> None:
    sign_in(client, "clerk", PASSWORD)
    there, url = Client(), reverse("account_change_password")
    sign_in(there, "clerk", PASSWORD)
    for old, new, done in (("wrong", NEW, False), (PASSWORD, "1234567890", False), (PASSWORD, NEW, True)):
        response = client.post(url, {"oldpassword": old, "password1": new, "password2": new})
        assert (response.status_code == 302) is done
    assert inside(client)
    assert not inside(there)  # signed in elsewhere with the old one
    assert sign_in(Client(), "clerk", PASSWORD).status_code == 200
    assert sign_in(Client(), "clerk", NEW).status_code == 302


# Ways in that do not exist.


@pytest.mark.parametrize(
    "name", ["account_signup", "account_reset_password", "account_set_password", "account_inactive"]
)
def test_nobody_signs_up_or_resets_by_himself(clerk: Person, name: str, client: Client) -> None:
    facts = {"username": "new", "password1": NEW, "password2": NEW, "email": "a@b.cn"}
    for one in (Client(), client):
        if one is client:
            client.force_login(clerk)
        assert one.get(reverse(name)).status_code == 404
        assert one.post(reverse(name), facts).status_code == 404
    assert not Person.objects.filter(username="new").exists()


@pytest.mark.parametrize("path", ["/admin/", "/accounts/", "/accounts/email/", "/accounts/social/login/"])
def test_what_the_libraries_would_bring_is_not_there(db: None, path: str, client: Client) -> None:
    assert client.get(path).status_code in {302, 404}
    client.force_login(Person.objects.create(username="x", password="!", name="甲"))
    assert client.get(path).status_code == 404


def test_the_list_of_people_is_only_the_demos(bureau: Bureau, settings: Any, client: Client) -> None:
    url = reverse("demo_people")
    settings.DEMO = False
    assert client.get(url).status_code == 404
    assert client.post(url, {"person": bureau.clerk.pk}).status_code == 404
    assert not inside(client)
    assert url not in text(client.get(reverse("account_login")))
    settings.DEMO = True
    assert client.post(url, {"person": bureau.clerk.pk}).status_code == 302
    assert inside(client)


# Leaving.


def test_signing_out(clerk: Person, client: Client) -> None:
    sign_in(client, "clerk", PASSWORD)
    assert client.get(reverse("account_logout")).status_code == 200
    assert inside(client)  # looking at the page does not sign out
    assert client.post(reverse("account_logout")).headers["Location"] == reverse("account_login")
    assert not inside(client)


def test_who_is_made_inactive_is_out_at_once(clerk: Person, bureau: Bureau, client: Client) -> None:
    sign_in(client, "clerk", PASSWORD)
    assert inside(client)
    admin = Client()
    admin.force_login(bureau.admin)
    facts = {"username": "clerk", "name": clerk.name, "phone": clerk.phone}  # “在用” not ticked
    for post in clerk.posts.all():
        organising.dismiss(post, by=bureau.admin, at=day("2020-09-01"))
    answer = admin.post(reverse("organisation_edit", args=["person", clerk.pk]), facts)
    assert answer.status_code == 302, text(answer)
    response = client.get(reverse("ledger"))
    assert response.status_code == 302 and response.headers["Location"].startswith(reverse("account_login"))
    refused = sign_in(client, "clerk", PASSWORD)
    assert refused.status_code == 200 and WRONG in text(refused)


def test_who_loses_his_post_sees_nothing_at_once(clerk: Person, bureau: Bureau, client: Client) -> None:
    item = bureau.register()
    sign_in(client, "clerk", PASSWORD)
    assert client.get(reverse("item", args=[item.pk])).status_code == 200
    organising.dismiss(clerk.posts.get(), by=bureau.admin, at=day("2020-09-01"))
    assert client.get(reverse("item", args=[item.pk])).status_code == 404


@pytest.mark.parametrize(
    ("asked", "led"),
    [
        ("/ledger/?q=1", "/ledger/?q=1"),
        ("https://evil.example/", "/"),
        ("//evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("https:///evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("http://testserver.evil.example/", "/"),
    ],
)
def test_next_leads_nowhere_else(clerk: Person, client: Client, asked: str, led: str) -> None:
    response = sign_in(client, "clerk", PASSWORD, next=asked)
    assert (response.status_code, response.headers["Location"]) == (302, led)
    again = client.get(reverse("account_login"), {"next": asked})
    assert "evil" not in again.headers.get("Location", "")
    assert "evil" not in client.post(reverse("account_logout"), {"next": asked}).headers["Location"]


def test_the_token_is_wanted(clerk: Person) -> None:
    strict = Client(enforce_csrf_checks=True)
    for name in ("account_login", "demo_people"):
        response = strict.post(reverse(name), {"login": "clerk", "password": PASSWORD, "person": clerk.pk})
        assert response.status_code == 403 and "不能办理" in text(response)
    assert not inside(strict)


# As installed.


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> dict[str, Any]:
    """The settings of a real installation: nothing in the environment but where its data is."""
    for name in ("DEMO", "DEBUG", "SECURE", "SECRET_KEY", "DATABASE", "PROXY", "HOSTS"):
        monkeypatch.delenv(f"HUIYIN_{name}", raising=False)
    monkeypatch.setenv("HUIYIN_DATA", str(tmp_path / "data"))
    return runpy.run_path(str(Path(configured.BASE_DIR) / "huiyin" / "settings.py"))


def test_settings_as_installed(installed: dict[str, Any], tmp_path: Path) -> None:
    assert not installed["DEMO"] and not installed["DEBUG"] and installed["SECURE"]
    assert "*" not in installed["ALLOWED_HOSTS"]
    key = tmp_path / "data" / "secret_key"
    assert key.stat().st_mode & 0o777 == 0o600
    assert installed["SECRET_KEY"] == key.read_text() and len(key.read_text()) >= 50
    for name in ("SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "SESSION_EXPIRE_AT_BROWSER_CLOSE"):
        assert installed[name], name


def test_cookies_as_installed(clerk: Person, installed: dict[str, Any], settings: Any) -> None:
    names = [one for one in installed if one.startswith(("SESSION_", "CSRF_", "SECURE_"))]
    for name in names:
        setattr(settings, name, installed[name])
    client = Client()
    assert client.get("/accounts/login/").headers["Location"].startswith("https://")
    page = client.get("/accounts/login/", secure=True)
    assert page.headers["Strict-Transport-Security"].startswith("max-age=31536000")
    facts = {"login": "clerk", "password": PASSWORD}
    assert client.post("/accounts/login/", facts, secure=True).status_code == 302
    session, token = client.cookies["sessionid"], client.cookies["csrftoken"]
    for cookie in (session, token):
        assert cookie["secure"] and cookie["samesite"] == "Lax"
    assert session["httponly"] and not session["max-age"]  # ends with the browser


# huiyin init.

INIT = {"unit": "赣州市林业局", "short": "市林业局", "name": "何俊", "username": "hejun"}


def init(**changes: str) -> str:
    out = io.StringIO()
    call_command("init", **{**INIT, **changes}, stdout=out)
    return out.getvalue()


def test_init_prints_one_link_that_works(db: None, client: Client) -> None:
    out = init(base="https://huiyin.example.gov.cn/")
    assert out.count("http") == 1
    link = out.split("https://huiyin.example.gov.cn", 1)[1].strip()
    admin = Person.objects.get()
    assert not admin.has_usable_password()
    assert [post.role for post in admin.posts.all()] == [Role.ADMINISTRATOR]
    assert client.post(link, {"new_password1": NEW, "new_password2": NEW}).status_code == 302
    sign_in(client, "hejun", NEW)
    assert client.get(reverse("organisation")).status_code == 200


def test_init_refuses_where_somebody_already_keeps_the_place(db: None, bureau: Bureau) -> None:
    before = (Unit.objects.count(), Person.objects.count(), Post.objects.count())
    for facts in ({}, {"unit": bureau.unit.name}, {"username": "second"}):
        with pytest.raises(CommandError, match="已有系统管理员"):
            init(**facts)
    assert (Unit.objects.count(), Person.objects.count(), Post.objects.count()) == before


def test_init_twice(db: None) -> None:
    init()
    with pytest.raises(CommandError, match="已有系统管理员"):
        init()
    assert Person.objects.count() == Unit.objects.count() == 1
