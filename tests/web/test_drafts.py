"""起草页：what somebody typed is never thrown away, and nobody's text is overwritten unseen."""

from __future__ import annotations

import io
import json
import uuid
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from docx import Document

from huiyin.actions import Refused, consulting, filing, replying
from huiyin.models import Assignment, ReplyVersion, Unit
from tests.conftest import BODY, Bureau, day, pdf


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    item = bureau.contacted()
    bureau.draft(item)
    return Assignment.objects.get(pk=item.pk)


def form(item: Assignment, **changes: Any) -> dict[str, Any]:
    version = ReplyVersion.objects.get(assignment=item)
    names = ("revision", "title", "outcome_class", "disclosure", "contact_name", "contact_phone", "copies_to")
    facts = {name: getattr(version, name) for name in names} | {"key": str(uuid.uuid4()), "save": "1"}
    return {**facts, "body": BODY, **changes}


def body(item: Assignment) -> str:
    return ReplyVersion.objects.get(assignment=item).body


def test_the_item_has_moved_on_meanwhile(bureau: Bureau, item: Assignment, client: Client) -> None:
    replying.submit(item, by=bureau.handler, at=day("2020-07-20", 12))
    client.force_login(bureau.handler)
    page = client.post(reverse("draft", args=[item.pk]), form(item, body="写了一下午的话。"))
    assert page.status_code == 409
    assert "写了一下午的话。" in page.content.decode()
    assert body(item) == BODY


def test_the_same_form_with_more_in_it_is_not_taken_for_the_first(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url, first = reverse("draft", args=[item.pk]), form(item, body=BODY + "\n第一次。")
    assert client.post(url, first).status_code == 302
    assert client.post(url, first).status_code == 302  # sent twice: done once, nothing to say
    page = client.post(url, {**first, "body": BODY + "\n第一次。\n后来又写的。"})
    assert page.status_code == 409
    assert "后来又写的。" in page.content.decode()


def test_a_faulty_form_does_not_come_back_with_the_others_revision(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("draft", args=[item.pk])
    mine, others = form(item, body="我的一段。"), form(item, body="对方的一段。", title="对方改的标题")
    assert client.post(url, others).status_code == 302
    page = client.post(url, {**mine, "title": "长" * 201})
    assert page.status_code == 422
    assert page.context["revision"] == str(mine["revision"])
    page = client.post(url, {**mine, "revision": page.context["revision"]})
    assert page.status_code == 409
    told = page.content.decode()
    assert "对方改的标题" in told
    assert "对方的一段。" in body(item)


def shown(page: Any, **changes: Any) -> dict[str, Any]:
    """The form as the page shows it, filled in."""
    facts = {**page.context["form"].initial, "base": page.context["base"], "key": str(uuid.uuid4())}
    return {**facts, "revision": page.context["revision"], **changes}


@pytest.fixture
def unwritten(bureau: Bureau, client: Client) -> Assignment:
    client.force_login(bureau.handler)
    return bureau.contacted()


def test_who_only_looks_writes_nothing(unwritten: Assignment, client: Client) -> None:
    for name in ("draft", "draft_import", "draft_word", "annexes"):
        with CaptureQueriesContext(connection) as asked:
            page = client.get(reverse(name, args=[unwritten.pk]))
        assert page.status_code == 200, name
        writes = ("INSERT", "UPDATE", "DELETE")
        assert not [one["sql"] for one in asked if one["sql"].startswith(writes)], name
    assert not unwritten.versions.exists()


def test_the_first_save_makes_the_version_and_the_next_goes_on_in_it(
    unwritten: Assignment, client: Client
) -> None:
    page = client.get(reverse("draft", args=[unwritten.pk]))
    assert "还没有保存" in page.content.decode()
    first = client.post(reverse("autosave", args=[unwritten.pk]), shown(page, body="第一段。"))
    assert (first.status_code, first.json()["said"]) == (200, "")
    sent = shown(
        page, body="第一段。\n第二段。", revision=first.json()["revision"], base=first.json()["base"]
    )
    assert client.post(reverse("draft", args=[unwritten.pk]), sent).status_code == 302
    version = unwritten.versions.get()
    assert (version.number, version.body, version.revision) == (1, "第一段。\n第二段。", 2)
    assert (version.title, version.contact_name) == (sent["title"], "谢文斌")


def test_of_two_who_open_it_before_anything_is_written_neither_loses_a_word(
    unwritten: Assignment, client: Client
) -> None:
    url = reverse("draft", args=[unwritten.pk])
    mine, theirs = client.get(url), client.get(url)
    assert client.post(url, shown(theirs, body="对方的一段。")).status_code == 302
    assert client.post(url, shown(mine, copies_to="市人大常委会")).status_code == 302  # joined
    version = unwritten.versions.get()
    assert (version.body, version.copies_to) == ("对方的一段。", "市人大常委会")
    page = client.post(url, shown(mine, body="我的一段。"))
    assert page.status_code == 409
    assert page.context["form"]["body"].value() == "我的一段。\n对方的一段。"
    assert unwritten.versions.get().body == "对方的一段。"


def test_a_page_opened_before_anything_was_written_does_not_replace_a_later_version(
    bureau: Bureau, unwritten: Assignment, client: Client
) -> None:
    url = reverse("draft", args=[unwritten.pk])
    opened = client.get(url)
    assert client.post(url, shown(client.get(url), body="对方的一段。")).status_code == 302
    replying.new_version(unwritten, by=bureau.handler, at=day("2020-07-20"))
    page = client.post(url, shown(opened, body="我的一段。"))
    assert page.status_code == 409
    assert "对方的一段。" in page.context["form"]["body"].value()
    assert [one.body for one in unwritten.versions.all()] == ["对方的一段。"] * 2


def test_an_odd_number_of_saves_before_the_first_is_no_fault(unwritten: Assignment, client: Client) -> None:
    page = client.get(reverse("draft", args=[unwritten.pk]))
    sent = shown(page, revision="7", base="", body="第一段。")
    assert client.post(reverse("autosave", args=[unwritten.pk]), sent).json()["revision"] == 1
    assert unwritten.versions.get().body == "第一段。"


def test_an_opinion_may_be_the_first_thing_put_into_a_draft(
    bureau: Bureau, unwritten: Assignment, client: Client
) -> None:
    unit = Unit.objects.get(short_name="南康区政府")
    bureau.ask(unwritten, unit)
    bureau.answer(unwritten, unit)
    url = reverse("draft", args=[unwritten.pk])
    insert = str(unwritten.opinions.get().pk)
    assert client.post(url, shown(client.get(url), insert=insert)).status_code == 302
    assert unwritten.versions.get().body.startswith("【南康区人民政府】")


def test_a_word_file_may_be_the_first_draft_and_annexes_come_before_it(
    bureau: Bureau, unwritten: Assignment, client: Client
) -> None:
    file = filing.attach(unwritten, upload=pdf(), purpose="附件", by=bureau.handler, at=day("2020-07-20"))
    named = {"key": str(uuid.uuid4()), "file": str(file.pk), f"name_{file.pk}": "位置图"}
    assert client.post(reverse("annexes", args=[unwritten.pk]), named).status_code == 302
    assert [one.name for one in unwritten.versions.get().annexes.all()] == ["位置图"]
    other = bureau.contacted(number="083", title="另一件")
    paper = Document()
    paper.add_paragraph("我局已完成供地。")
    out = io.BytesIO()
    paper.save(out)
    sent = client.post(
        reverse("draft_import", args=[other.pk]), {"key": str(uuid.uuid4()), "scan": SimpleUploadedFile("旧稿.docx", out.getvalue())}
    )  # fmt: skip
    assert (
        client.post(sent.headers["Location"], {"revision": "0", "key": str(uuid.uuid4())}).status_code == 302
    )
    version = other.versions.get()
    assert (version.number, version.origin, version.body) == (1, "imported", "我局已完成供地。")


def test_a_returned_opinion_is_not_put_into_the_reply(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    unit = Unit.objects.get(short_name="南康区政府")
    bureau.ask(item, unit)
    bureau.answer(item, unit)
    opinion = item.opinions.get()
    consulting.return_opinion(item, opinion, reason="没有内容", by=bureau.handler, at=day("2020-07-21"))
    client.force_login(bureau.handler)
    client.post(reverse("draft", args=[item.pk]), form(item, insert=str(opinion.pk)))
    assert "【南康区人民政府】" not in body(item)


def base(**changes: str) -> str:
    return json.dumps({"title": "", "body": BODY, **changes}, ensure_ascii=False)


FIRST, *_, LAST = BODY.splitlines()


def test_two_who_change_different_paragraphs_both_keep_their_words(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("draft", args=[item.pk])
    began = base(
        **{key: str(value) for key, value in form(item).items() if key not in {"revision", "key", "save"}}
    )
    mine = form(item, body=BODY.replace(FIRST, "您的建议我们逐条研究。"), base=began)
    theirs = form(item, body=BODY.replace(LAST, "欢迎继续监督。"), base=began)
    assert client.post(url, theirs).status_code == 302
    assert client.post(url, mine).status_code == 302
    assert body(item) == BODY.replace(FIRST, "您的建议我们逐条研究。").replace(LAST, "欢迎继续监督。")


def test_two_who_change_the_same_paragraph_are_told_and_no_word_is_lost(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("draft", args=[item.pk])
    mine = form(item, body=BODY.replace(LAST, "我写的结尾。"), base=base())
    assert client.post(url, form(item, body=BODY.replace(LAST, "对方写的结尾。"))).status_code == 302
    page = client.post(url, mine)
    assert page.status_code == 409
    offered = page.context["form"]["body"].value()
    assert "我写的结尾。\n对方写的结尾。" in offered
    assert "对方写的结尾。" in body(item)


def test_autosave_saves_joins_and_says_when_it_cannot(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("autosave", args=[item.pk])
    first = client.post(url, form(item, body=BODY + "\n又一段。", base=base()))
    assert (first.status_code, first.json()["said"]) == (200, "")
    began = first.json()
    replying.save_draft(
        Assignment.objects.get(pk=item.pk), replying.Draft(**{**json.loads(began["base"]), "body": "开头。\n" + began["body"]}),
        revision=began["revision"], by=bureau.handler, at=day("2020-07-20", 11),
    )  # fmt: skip
    second = client.post(
        url, {**form(item), **json.loads(began["base"]), "revision": began["revision"], "base": began["base"], "body": began["body"] + "\n末段。"}
    )  # fmt: skip
    assert "已并入" in second.json()["said"]
    assert body(item) == "开头。\n" + BODY + "\n又一段。\n末段。"
    clash = client.post(url, {**form(item), "revision": "0", "base": "", "body": "别的"})
    assert (clash.status_code, "保存过此稿" in clash.json()["why"]) == (409, True)
    assert client.get(url).status_code == 405


def test_who_cannot_submit_yet_goes_back_to_the_draft(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted(number="191")
    bureau.draft(item, outcome_class="")
    client.force_login(bureau.handler)
    page = client.get(reverse("deed", args=[item.pk, "submit"])).content.decode()
    assert f'<a class="btn" href="{reverse("draft", args=[item.pk])}">回起草页修改</a>' in page


def test_a_version_is_kept_and_two_are_compared_side_by_side(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    kept = client.post(reverse("deed", args=[item.pk, "new_version"]), {"key": str(uuid.uuid4())})
    assert kept.status_code == 302
    fresh = Assignment.objects.get(pk=item.pk)
    assert fresh.draft is not None
    assert [(one.number, one.is_open, one.origin) for one in fresh.versions.all()] == [
        (1, False, "kept"),
        (2, True, "drafted"),
    ]
    facts = replying.Draft(
        title="另一个标题", body=BODY.replace("保障项目按期开工建设", "力争项目八月开工建设")
    )
    replying.save_draft(fresh, facts, revision=fresh.draft.revision, by=bureau.handler, at=day("2020-07-21"))
    page = client.get(reverse("compare", args=[item.pk]))
    assert (page.context["left"].number, page.context["right"].number, page.context["changed"]) == (1, 2, 1)
    text = page.content.decode()
    assert "另一个标题" in text
    assert "<del>" in text
    assert "<ins>" in text
    assert client.get(reverse("compare", args=[item.pk]), {"a": "9"}).status_code == 404


def test_annexes_are_chosen_named_put_in_order_and_signed_with_the_text(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    files = [
        filing.attach(item, upload=pdf(name), purpose="附件", by=bureau.handler, at=day("2020-07-20"))
        for name in ("位置图.pdf", "指标表.pdf")
    ]
    client.force_login(bureau.handler)
    before = Assignment.objects.get(pk=item.pk).draft
    assert before is not None
    url, old = reverse("annexes", args=[item.pk]), before.text_digest()
    form_of = {
        "key": str(uuid.uuid4()), "file": [str(one.pk) for one in files],
        f"order_{files[0].pk}": "2", f"order_{files[1].pk}": "1",
        f"name_{files[0].pk}": "港站位置图", f"name_{files[1].pk}": "用地指标表",
    }  # fmt: skip
    nameless = client.post(url, {**form_of, f"name_{files[0].pk}": " "})
    assert nameless.status_code == 409
    assert "第2个附件还没有写名称" in nameless.content.decode()
    assert client.post(url, form_of).status_code == 302
    draft = Assignment.objects.get(pk=item.pk).draft
    assert draft is not None
    assert [one.name for one in draft.annexes.all()] == ["用地指标表", "港站位置图"]
    assert draft.text_digest() != old
    other = bureau.handling(number="083", title="另一件")
    strange = filing.attach(other, upload=pdf(), purpose="x", by=bureau.handler, at=day("2020-07-20"))
    with pytest.raises(Refused, match="不是本件的附件"):
        replying.keep_annexes(item, [("图", strange)], by=bureau.handler, at=day("2020-07-20"))


@pytest.mark.parametrize("odd", ['{"title": 1, "body": ["x"]}', '{"title": "", "body": null}', "[" * 40000])
def test_an_odd_common_text_counts_as_none(
    bureau: Bureau, item: Assignment, client: Client, odd: str
) -> None:
    client.force_login(bureau.handler)
    sent = form(item, revision="0", base=odd)
    assert client.post(reverse("autosave", args=[item.pk]), sent).status_code == 409
    assert client.post(reverse("draft", args=[item.pk]), sent).status_code == 409


def test_odd_characters_and_numbers_are_taken_without_a_fault(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    file = filing.attach(item, upload=pdf(), purpose="附件", by=bureau.handler, at=day("2020-07-20"))
    client.force_login(bureau.handler)
    url, names = reverse("annexes", args=[item.pk]), {f"name_{file.pk}": " ", f"order_{file.pk}": "9" * 5000}
    sent = {"key": str(uuid.uuid4()), "file": str(file.pk), **names}
    assert client.post(url, sent).status_code == 409
    assert client.post(url, {**sent, f"name_{file.pk}": "位置\0图"}).status_code == 302
    press = form(item, press="remark", paragraph="1", remark="再\0核")
    press["revision"] = ReplyVersion.objects.get(assignment=item).revision
    assert client.post(reverse("draft", args=[item.pk]), press).status_code == 302
    version = ReplyVersion.objects.get(assignment=item)
    assert [one.name for one in version.annexes.all()] == ["位置图"]
    assert [one.text for one in version.remarks.all()] == ["再核"]
