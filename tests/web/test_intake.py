"""导入的几页：columns matched on a page, every change shown, long files in pages, the result and its undoing; each to whom it
belongs."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from huiyin.actions import importing, proposing
from huiyin.models import Assignment, Heading, ImportBatch
from huiyin.rules.vocabulary import Deed, Status
from tests.conftest import Bureau, day

pytestmark = pytest.mark.xdist_group("intake")
AT = day("2020-06-01")
HEAD = "甲栏,案由,领衔代表,办理方式,交办日期,正文,怪栏\n"
ROW = "{number},{title},邱德海,主办,2020-05-29,正文,{more}\n"


@pytest.fixture(scope="module")
def world(stage: Bureau) -> Bureau:
    return stage


@pytest.fixture
def bureau(world: Bureau, db: None) -> Bureau:
    return world.again()


@pytest.fixture
def clerk(bureau: Bureau, client: Client) -> Client:
    client.force_login(bureau.clerk)
    return client


def csv(*rows: tuple[str, str], head: str = HEAD) -> ContentFile[bytes]:
    lines = (ROW.format(number=number, title=title, more="x") for number, title in rows)
    return ContentFile((head + "".join(lines)).encode(), name="交办表.csv")


def post(client: Client, bureau: Bureau, file: Any, **more: Any) -> Any:
    facts = {"meeting": bureau.meeting.pk, "organ": bureau.organ.pk, "file": file, "history": "0", **more}
    return client.post(reverse("intake"), facts)


def text(response: Any) -> str:
    return str(response.content.decode())


def made(bureau: Bureau, *rows: tuple[str, str], head: str = HEAD.replace("甲栏", "编号")) -> ImportBatch:
    return importing.upload(
        csv(*rows, head=head), meeting=bureau.meeting, organ=bureau.organ, by=bureau.clerk, at=AT
    )


def test_from_the_upload_by_the_columns_to_the_undoing(bureau: Bureau, clerk: Client) -> None:
    """Every step as a browser without scripts takes it."""
    response = post(clerk, bureau, csv(("001", "关于甲的建议")))
    batch = ImportBatch.objects.get()
    assert response.headers["Location"] == reverse("import_columns", args=[batch.pk])
    page = text(clerk.get(response.headers["Location"]))
    assert "表头缺少：编号" in page
    assert '<span class="sample">001</span>' in page
    assert "甲栏" in page
    assert "怪栏" in page
    assert (
        clerk.get(reverse("import", args=[batch.pk])).status_code == 302
    )  # not before the columns are known
    keys = ["number", "title", "lead", "part", "assigned_on", "text", ""]
    chosen = {f"c{place}": key for place, key in enumerate(keys)}
    twice = clerk.post(reverse("import_columns", args=[batch.pk]), {**chosen, "c6": "title"})
    assert twice.status_code == 409
    assert "“案由”、“怪栏”都选了标题" in text(twice)
    assert clerk.post(reverse("import_columns", args=[batch.pk]), chosen).status_code == 302
    assert set(Heading.objects.values_list("words", "key")) == {("甲栏", "number"), ("怪栏", "")}
    page = text(clerk.get(reverse("import", args=[batch.pk])))
    assert "整批导入：新登记 1 件，更正 0 件" in page
    seen = page.split('name="seen" value="')[1].split('"')[0]
    assert clerk.post(reverse("import", args=[batch.pk]), {"seen": seen}).status_code == 302
    item = Assignment.objects.get()
    assert reverse("item", args=[item.pk]) in text(clerk.get(reverse("import", args=[batch.pk])))
    again = post(clerk, bureau, csv(("001", "关于甲的建议（改）"), ("002", "关于乙的建议")))
    assert again.headers["Location"] == reverse(
        "import", args=[ImportBatch.objects.latest("pk").pk]
    )  # remembered
    page = text(clerk.get(again.headers["Location"]))
    assert "<del>关于甲的建议</del> → <ins>关于甲的建议（改）</ins>" in page
    clerk.post(again.headers["Location"])
    assert "<ins>关于甲的建议（改）</ins>" in text(clerk.get(again.headers["Location"]))
    undo = reverse("import_undo", args=[ImportBatch.objects.latest("pk").pk])
    assert "新登记的 1 件" in text(clerk.get(undo))
    assert clerk.post(undo).status_code == 302
    assert [one.suggestion.title for one in Assignment.objects.exclude(status=Status.REVOKED)] == [
        "关于甲的建议"
    ]
    assert "○ 已撤销" in text(clerk.get(reverse("intake")))


def test_a_long_file_is_shown_in_pages_and_by_what_happens(bureau: Bureau, clerk: Client) -> None:
    rows = [(f"{n:04}", f"关于第{n}项的建议") for n in range(250)]
    batch = made(bureau, *rows, ("0001", "又一次"))
    page = clerk.get(reverse("import", args=[batch.pk]))
    assert text(page).count("新登记</span>") == 100
    assert "第 1 页，共 3 页" in text(page)
    wrong = text(clerk.get(reverse("import", args=[batch.pk]), {"state": "wrong"}))
    assert "与第3行编号重复" in wrong
    assert "新登记</span>" not in wrong
    last = text(clerk.get(reverse("import", args=[batch.pk]), {"page": "3"}))
    assert "关于第249项的建议" in last
    assert "state=" not in last.split('class="pager"')[1]


def test_what_hinders_the_undoing_is_said_before(bureau: Bureau, clerk: Client) -> None:
    batch = importing.take_in(made(bureau, ("001", "甲")), skip_wrong=False, by=bureau.clerk, at=AT)
    proposing.propose(Assignment.objects.get(), bureau.proposal(), by=bureau.clerk, at=AT)
    page = clerk.get(reverse("import_undo", args=[batch.pk]))
    assert "第001号导入以后已经办理过（提出拟办意见）" in text(page)
    assert " disabled>撤销这次导入" in text(page)
    assert clerk.post(reverse("import_undo", args=[batch.pk])).status_code == 409
    assert Assignment.objects.get().status == Status.ASSIGNING


@pytest.mark.parametrize("who", ["handler", "head", "chief", "handling_leader", "admin", "stranger"])
@pytest.mark.parametrize("name", ["import", "import_columns", "import_undo"])
def test_a_batch_is_for_its_own_office(bureau: Bureau, client: Client, who: str, name: str) -> None:
    batch = made(bureau, ("001", "甲"))
    client.force_login(bureau.people[who])
    address = reverse(name, args=[batch.pk])
    assert client.get(address).status_code == client.post(address).status_code == 404
    assert client.get(reverse("file", args=[batch.file.pk])).status_code == 404
    assert not Assignment.objects.exists()


def test_the_form_of_amendment_puts_one_column_right(bureau: Bureau, clerk: Client) -> None:
    item = bureau.register(co_signers=("许桂兰",))
    address = reverse("deed", args=[item.pk, Deed.AMEND.value])
    form = clerk.get(address).context["form"]
    assert list(form.fields) == [name for _, names in form.GROUPS for name in names]
    data = {name: form[name].value() for name in form.fields if form[name].value() not in (None, False)}
    none = clerk.post(address, {**data, "reason": "来函"})
    assert none.status_code == 409
    assert "没有改动任何一栏" in text(none)
    assert clerk.post(address, {**data, "title": "改正的标题", "reason": ""}).status_code == 422
    assert clerk.post(address, {**data, "title": "改正的标题", "reason": "交办机关来函"}).status_code == 302
    item.refresh_from_db()
    event = item.events.get(deed=Deed.AMEND)
    assert item.suggestion.title == "改正的标题"
    assert event.text.endswith("→ 改正的标题；依据：交办机关来函")


def test_a_handler_is_not_offered_the_amendment(bureau: Bureau, client: Client) -> None:
    item = bureau.handling()
    client.force_login(bureau.handler)
    assert "更正登记" not in text(client.get(reverse("item", args=[item.pk])))
    answer = client.post(reverse("deed", args=[item.pk, Deed.AMEND.value]), {"title": "x"})
    assert answer.status_code in {409, 422}
    assert not item.events.filter(deed=Deed.AMEND).exists()


def test_who_asked_for_confidentiality_is_not_named_to_who_puts_his_item_right(
    bureau: Bureau, client: Client
) -> None:
    """The director may amend and import; on an item that does not name him he is not of its chain (R7)."""
    item = bureau.register(number="001", confidential=True, lead="邱德河", delegation="于都代表团")
    names, page = ("邱德河", "于都"), reverse("deed", args=[item.pk, Deed.AMEND])
    batch = made(bureau, ("001", "关于桥梁的建议"))  # its lead is another
    preview = reverse("import", args=[batch.pk])
    client.force_login(bureau.clerk)
    assert all(name in text(client.get(page)) for name in names)
    assert "邱德河" in text(client.get(preview))
    client.force_login(bureau.director)
    told = [text(client.get(one)) for one in (page, preview)]
    assert not [name for name in names for one in told if name in one]
    assert "关于桥梁的建议" in told[1] and 'name="title"' in told[0]
    importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    assert "邱德" not in text(client.get(preview))
    facts = {
        "number": "001", "title": "关于隧道的建议", "level": "ordinary", "confidential": "on", "text": "正文",
        "organ": bureau.organ.pk, "received_on": "2020-05-28", "assigned_on": "2020-05-29", "part": "lead",
        "reason": "来函更正", "lead": "别人",
    }  # fmt: skip
    assert client.post(page, facts).status_code == 302
    item.suggestion.refresh_from_db()
    assert (item.suggestion.title, item.suggestion.proposers.get().name) == ("关于隧道的建议", "邱德海")


def test_what_was_not_filled_in_is_said_above_and_beside_its_field(bureau: Bureau, clerk: Client) -> None:
    page = clerk.post(reverse("register"), {"meeting": bureau.meeting.pk})
    said = text(page)
    assert page.status_code == 422 and "字段" not in said
    above, below = said.split('<div class="grid">', 1)
    assert '<a href="#id_title">标题</a>：还没有填' in above
    assert 'id="id_title_error"><li>还没有填' in below
    assert 'aria-describedby="id_number_helptext id_number_error"' in below
    assert 'id="id_number_helptext"' in below


def test_the_organ_of_the_last_item_is_offered_first(bureau: Bureau, clerk: Client) -> None:
    bureau.register()
    for page in ("intake", "register"):
        assert f'<option value="{bureau.organ.pk}" selected>' in text(clerk.get(reverse(page)))
