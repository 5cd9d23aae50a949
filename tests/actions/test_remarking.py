"""批注：whoever reads a text says what he thinks of words in it; they follow the text until they are settled."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import Refused, remarking, replying, signing
from huiyin.actions._take import begin
from huiyin.models import Assignment, Notice, Person, Remark, ReplyVersion
from huiyin.queries.remarks import place, placed
from huiyin.rules.vocabulary import Deed, Status, VersionOrigin
from tests.conftest import BODY, Bureau, day

AT = day("2020-07-21")


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    item = bureau.contacted()
    bureau.draft(item)
    return fresh(item)


def draft_of(item: Assignment) -> ReplyVersion:
    version = fresh(item).draft
    assert version is not None
    return version


def on(item: Assignment, bureau: Bureau, quote: str = "开辟绿色通道", **changes: object) -> Remark:
    facts: dict[str, object] = {"quote": quote, "text": "写明办理时限。", "by": bureau.head, "at": AT}
    return remarking.remark(item, draft_of(item), **{**facts, **changes})  # type: ignore[arg-type]


def told(person: Person) -> list[str]:
    return list(Notice.objects.filter(person=person).order_by("pk").values_list("text", flat=True))


def test_words_are_found_in_their_paragraph_and_the_drafter_is_told(item: Assignment, bureau: Bureau) -> None:
    row = on(item, bureau)
    assert (row.paragraph, row.quote) == (3, "开辟绿色通道")
    assert "赖春华批注了稿本1第3段：写明办理时限。" in told(bureau.handler)[-1]
    assert not any("批注" in one for one in told(bureau.head))


def test_a_paragraph_chosen_without_words_is_quoted_whole(item: Assignment, bureau: Bureau) -> None:
    assert on(item, bureau, quote="", paragraph=2).quote == "一、关于用地"


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"quote": "没有的话"}, "不在稿本1的一段里"),
        ({"quote": "关于用地\n我局已"}, "一次批注一段"),
        ({"quote": "", "paragraph": 0}, "还没有选批注哪一段"),
        ({"quote": "", "paragraph": 99}, "还没有选批注哪一段"),
        ({"text": " "}, "还没有写批注"),
    ],
)
def test_what_points_nowhere_is_refused(
    item: Assignment, bureau: Bureau, facts: dict[str, object], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        on(item, bureau, **facts)  # type: ignore[arg-type]
    assert not Remark.objects.exists()


def test_a_remark_follows_its_words_into_the_next_versions(item: Assignment, bureau: Bureau) -> None:
    row = on(item, bureau)
    taking = begin(item, Deed.NEW_VERSION, by=bureau.handler, at=AT)
    replying.set_aside(taking, VersionOrigin.KEPT)
    bureau.draft(item, at="2020-07-22", body=f"新的一段。\n{BODY}")
    assert [(one.remark, one.where) for one in placed(fresh(item), draft_of(item))] == [(row, "第4段")]
    bureau.draft(item, at="2020-07-22", body=BODY.replace("绿色通道", "专用窗口"))
    assert [one.where for one in placed(fresh(item), draft_of(item))] == ["原文已改"]
    assert fresh(item).open_remarks() == [row]  # changed words do not settle it by themselves


@pytest.mark.parametrize(
    ("paragraph", "found"),
    [(1, 1), (2, 1), (3, 4), (4, 4), (9, 4)],
    ids=["same", "up", "down", "last", "past"],
)
def test_of_several_places_the_nearest_is_meant(paragraph: int, found: int) -> None:
    assert place("用 地", paragraph, ["用地指标", "资金", "人员", "再说用地"]) == found


def test_settled_as_changed_or_not_with_a_reason_and_who_made_it_is_told(
    item: Assignment, bureau: Bureau
) -> None:
    one, other = on(item, bureau), on(item, bureau, quote="按期开工")
    with pytest.raises(Refused, match="还没有写不改的理由"):
        remarking.settle(item, one, changed=False, by=bureau.handler, at=AT)
    remarking.settle(item, one, changed=False, answer="合同里已写明。", by=bureau.handler, at=AT)
    remarking.settle(item, other, changed=True, by=bureau.handler, at=AT)
    assert [text.partition("批注：")[2] for text in told(bureau.head)[-2:]] == [
        "不改（谢文斌）：合同里已写明。", "已改（谢文斌）：写明办理时限。",
    ]  # fmt: skip
    with pytest.raises(Refused, match=r"没有未处理的批注|已处理过"):
        remarking.settle(item, one, changed=True, by=bureau.handler, at=AT)


def test_open_remarks_bar_the_submission(item: Assignment, bureau: Bureau) -> None:
    row = on(item, bureau)
    with pytest.raises(Refused, match="还有1条批注没有处理"):
        replying.submit(item, by=bureau.handler, at=AT)
    remarking.settle(item, row, changed=True, by=bureau.handler, at=AT)
    replying.submit(item, by=bureau.handler, at=AT)


def test_a_signer_remarks_and_sends_back(bureau: Bureau) -> None:
    item = bureau.review()
    version = item.submitted_version
    assert version is not None
    remarking.remark(item, version, quote="绿色通道", text="写实些。", by=bureau.head, at=AT)
    signing.send_back(
        fresh(item), to=Status.HANDLING, reason="见批注", by=bureau.head, at=day("2020-07-21", 11)
    )
    assert [one.where for one in placed(fresh(item), draft_of(item))] == ["第3段"]


@pytest.mark.parametrize("who", ["other_handler", "other_head", "admin", "stranger"])
def test_who_has_no_part_in_it_remarks_nothing(item: Assignment, bureau: Bureau, who: str) -> None:
    with pytest.raises(Refused, match="须由"):
        on(item, bureau, by=bureau.people[who])


@pytest.mark.parametrize("who", ["head", "business_leader", "chief", "other_handler", "stranger"])
def test_only_the_drafter_and_the_clerk_settle(item: Assignment, bureau: Bureau, who: str) -> None:
    row = on(item, bureau)
    with pytest.raises(Refused, match="须由"):
        remarking.settle(item, row, changed=True, by=bureau.people[who], at=AT)


def test_remarks_of_another_item_are_out_of_reach(item: Assignment, bureau: Bureau) -> None:
    other = bureau.contacted(number="083")
    bureau.draft(other)
    row = on(item, bureau)
    on(other, bureau)
    with pytest.raises(Refused, match="没有这条批注"):
        remarking.settle(other, row, changed=True, by=bureau.handler, at=AT)
    with pytest.raises(Refused, match="没有这个稿本"):
        remarking.remark(other, draft_of(item), quote="绿色通道", text="x", by=bureau.head, at=AT)


def test_notices_of_a_confidential_item_say_nothing_of_the_text(bureau: Bureau) -> None:
    item = bureau.contacted(confidential=True)
    bureau.draft(item, disclosure="none", disclosure_reason="代表要求保密")
    on(item, bureau, text="邱德海代表不同意这样写。")
    assert "批注了稿本1第3段" in told(bureau.handler)[-1]
    assert "邱德海" not in told(bureau.handler)[-1]


# 页面


def text(response: object) -> str:
    return str(response.content.decode())  # type: ignore[attr-defined]


def test_on_the_version_page_without_script(item: Assignment, bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.head)
    address = reverse("version", args=[item.pk, 1])
    assert "加批注" in text(client.get(address))
    facts = {"version": 1, "paragraph": "3", "quote": "", "remark": "写明时限。", "back": "version-1"}
    done = client.post(reverse("deed", args=[item.pk, "remark"]), facts)
    assert done.headers["Location"] == address
    page = text(client.get(address))
    assert "写明时限。" in page
    assert 'href="#p3"' in page
    assert "settle_remark" not in page  # not his to settle
    client.force_login(bureau.handler)
    row = Remark.objects.get()
    facts = {"remark": str(row.pk), "changed": "0", "answer": "", "back": "version-1"}
    assert "还没有写不改的理由" in text(client.post(reverse("deed", args=[item.pk, "settle_remark"]), facts))
    client.post(reverse("deed", args=[item.pk, "settle_remark"]), {**facts, "answer": "已有规定。"})
    assert "已有规定。" in text(client.get(address))


def test_on_the_sign_page(bureau: Bureau, client: Client) -> None:
    item = bureau.review()
    client.force_login(bureau.head)
    address = reverse("deed", args=[item.pk, "pass_review"])
    assert "加批注" in text(client.get(address))
    facts = {"version": 1, "paragraph": "", "quote": "绿色通道", "remark": "写实些。", "back": "sign"}
    done = client.post(reverse("deed", args=[item.pk, "remark"]), facts)
    assert done.headers["Location"] == address
    assert "写实些。" in text(client.get(address))


def test_beside_the_draft_a_button_saves_first(item: Assignment, bureau: Bureau, client: Client) -> None:
    row = on(item, bureau)
    client.force_login(bureau.handler)
    address = reverse("draft", args=[item.pk])
    page = text(client.get(address))
    assert "1 条未处理" in page
    version = draft_of(item)
    typed = {
        "revision": version.revision, "title": version.title, "body": BODY.replace("绿色通道", "五日办结通道"),
        "outcome_class": "A", "disclosure": "full", "contact_name": "谢文斌", "contact_phone": "0797-8000001",
        "copies_to": version.copies_to,
    }  # fmt: skip
    refused = client.post(address, {**typed, "press": f"settle-{row.pk}-kept"})
    assert refused.status_code == 409
    assert "五日办结通道" in text(refused)  # nothing typed is lost
    client.post(address, {**typed, "press": f"settle-{row.pk}-changed"})
    row.refresh_from_db()
    assert row.changed is True
    assert "五日办结通道" in draft_of(item).body
    typed |= {"revision": draft_of(item).revision, "press": "remark", "quote": "按期开工", "remark": "待核。"}
    client.post(address, typed)
    assert Remark.objects.latest("pk").text == "待核。"
