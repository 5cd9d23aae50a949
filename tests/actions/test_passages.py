"""常用段落和往年答复：kept with an owner and a last day; put into drafts; like replies of earlier years at hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import Refused, Stale, passages
from huiyin.actions.passages import Wording
from huiyin.models import Assignment, Category, Event, ReplyVersion, StandardPassage, Suggestion
from huiyin.queries.actors import actor_of
from huiyin.queries.earlier import earlier
from huiyin.queries.passages import fitting, look
from huiyin.queries.warnings import reminders
from tests.conftest import BODY, Bureau, day

AT = day("2020-07-21")
TEXT = "按照《江西省土地管理条例》，用地计划指标实行统筹。\n具体事宜由我局负责解释。"


def kept(bureau: Bureau, title: str = "计划指标", **changes: Any) -> StandardPassage:
    facts: dict[str, Any] = {"text": TEXT, "owner": bureau.handler, "expires_on": date(2020, 12, 31)}
    at = changes.pop("at", AT)
    return passages.keep(Wording(title, **{**facts, **changes}), by=bureau.clerk, at=at)


def seen(row: StandardPassage) -> str:
    return StandardPassage.objects.get(pk=row.pk).edited_at.isoformat()


def draft_of(item: Assignment) -> ReplyVersion:
    version = Assignment.objects.get(pk=item.pk).draft
    assert version is not None
    return version


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    item = bureau.contacted()
    bureau.draft(item)
    return Assignment.objects.get(pk=item.pk)


# 维护


def test_kept_changed_and_in_the_units_journal(bureau: Bureau) -> None:
    row = kept(bureau)
    wording = Wording("计划指标", "改过的内容。", bureau.head, date(2021, 6, 30))
    passages.keep(wording, known=row, seen=seen(row), by=bureau.handler, at=day("2020-07-22"))
    row.refresh_from_db()
    assert (row.text, row.owner, row.edited_by) == ("改过的内容。", bureau.head, bureau.handler)
    texts = [
        one.text
        for one in Event.objects.filter(stream=f"unit:{bureau.unit.pk}", deed="keep_passages").order_by("seq")
    ]
    assert texts == [
        "新增“计划指标”，责任人谢文斌，有效期至2020年12月31日",
        "修改“计划指标”，责任人赖春华，有效期至2021年6月30日",
    ]


def test_all_that_is_wrong_is_said_at_once(bureau: Bureau) -> None:
    kept(bureau)
    with pytest.raises(Refused) as refused:
        kept(bureau, text="【南康区政府】内容", owner=bureau.stranger, expires_on=date(2020, 7, 20))
    assert len(refused.value.reasons) == 4
    assert StandardPassage.objects.count() == 1


def test_of_two_who_change_one_the_second_is_shown_what_stands(bureau: Bureau) -> None:
    row = kept(bureau)
    opened = seen(row)
    wording = Wording("计划指标", "先改的。", bureau.head, date(2021, 6, 30))
    passages.keep(wording, known=row, seen=opened, by=bureau.head, at=day("2020-07-22"))
    with pytest.raises(Stale) as refused:
        passages.keep(wording, known=row, seen=opened, by=bureau.clerk, at=day("2020-07-22", 10))
    assert refused.value.current == "先改的。"


@pytest.mark.parametrize("who", ["chief", "business_leader", "admin"])
def test_wrong_people_keep_none(bureau: Bureau, who: str) -> None:
    with pytest.raises(Refused, match="须由专职人员"):
        passages.keep(Wording("x", "x", bureau.handler, date(2020, 12, 31)), by=bureau.people[who], at=AT)


def test_a_strangers_unit_has_its_own(bureau: Bureau, item: Assignment) -> None:
    row = kept(bureau)
    with pytest.raises(Refused, match="没有这个常用段落"):
        passages.retire(row, by=bureau.stranger, at=AT)
    foreign = passages.keep(
        Wording("计划指标", "别的单位的。", bureau.stranger, date(2020, 12, 31)), by=bureau.stranger, at=AT
    )
    assert fitting(item, AT.date()) == [row]
    with pytest.raises(Refused, match="没有这个常用段落"):
        passages.insert(item, foreign, revision=1, by=bureau.handler, at=AT)


def test_those_of_the_items_subject_come_first(bureau: Bureau, item: Assignment) -> None:
    other = Category.objects.create(name="规划", order=2)
    last = kept(bureau, "甲", category=other)
    common, own = kept(bureau, "乙"), kept(bureau, "丙", category=bureau.category)
    assert fitting(item, AT.date()) == [own, common, last]


# 到期


@pytest.mark.parametrize(
    ("on", "words"),
    [
        ("2020-11-30", "可用"),
        ("2020-12-01", "还有30天到期"),
        ("2020-12-31", "还有0天到期"),
        ("2021-01-01", "已过期"),
    ],
)
def test_how_long_it_may_be_used(bureau: Bureau, on: str, words: str) -> None:
    assert words in look(kept(bureau), date.fromisoformat(on))[1]


def test_expired_and_retired_ones_are_not_put_in(bureau: Bureau, item: Assignment) -> None:
    row = kept(bureau, expires_on=date(2020, 7, 21))
    passages.insert(item, row, revision=1, by=bureau.handler, at=AT)  # on its last day it may be
    with pytest.raises(Refused, match="已过期，不能插入"):
        passages.insert(item, row, revision=2, by=bureau.handler, at=day("2020-07-22"))
    other = kept(bureau, "另一段")
    passages.retire(other, by=bureau.clerk, at=AT)
    assert other not in fitting(item, AT.date())
    with pytest.raises(Refused, match="已过期"):
        passages.insert(item, other, revision=2, by=bureau.handler, at=AT)


def told(bureau: Bureau, since: str, on: str) -> list[tuple[str, tuple[int, ...]]]:
    found = reminders(bureau.unit, since=date.fromisoformat(since), on=date.fromisoformat(on))
    return [(one.words, one.people) for one in found if "常用段落" in one.words]


def test_the_owner_is_told_a_month_before_and_when_it_is_over(bureau: Bureau) -> None:
    kept(bureau)
    assert told(bureau, "2020-11-29", "2020-11-30") == []
    assert told(bureau, "2020-11-30", "2020-12-01") == [
        ("您负责的常用段落“计划指标”12月31日到期，请核对后延期或修改", (bureau.handler.pk,))
    ]
    assert told(bureau, "2020-12-01", "2020-12-31") == []
    [(words, people)] = told(bureau, "2020-12-31", "2021-01-01")
    assert "已过期" in words
    assert people == (bureau.handler.pk,)
    bureau.handler.is_active = False
    bureau.handler.save()
    assert told(bureau, "2020-12-31", "2021-01-01")[0][1] == (bureau.clerk.pk,)


# 插入


def test_put_in_at_the_end_unless_somebody_saved(bureau: Bureau, item: Assignment) -> None:
    row = kept(bureau)
    version = passages.insert(item, row, revision=1, by=bureau.handler, at=AT)
    assert version.body == f"{BODY}\n{TEXT}"
    assert version.passages.count() == len(BODY.splitlines()) + 2
    with pytest.raises(Stale):
        passages.insert(item, row, revision=1, by=bureau.handler, at=AT)
    with pytest.raises(Refused, match="承办人"):
        passages.insert(item, row, revision=2, by=bureau.clerk, at=AT)


def page(response: Any) -> str:
    return str(response.content.decode())


def typed(version: ReplyVersion, **changes: str) -> dict[str, Any]:
    names = (
        "revision",
        "title",
        "body",
        "outcome_class",
        "disclosure",
        "contact_name",
        "contact_phone",
        "copies_to",
    )
    return {**{name: getattr(version, name) for name in names}, **changes}


def test_by_the_button_beside_the_draft(bureau: Bureau, item: Assignment, client: Client) -> None:
    row, gone = kept(bureau), kept(bureau, "旧的", expires_on=AT.date())
    client.force_login(bureau.handler)
    StandardPassage.objects.exclude(pk=gone.pk).update(expires_on=date(2099, 12, 31))
    address = reverse("draft", args=[item.pk])
    first = page(client.get(address))
    assert f"passage-{row.pk}" in first
    assert f"passage-{gone.pk}" not in first
    more = BODY + "\n还没有保存的一段。"
    client.post(address, typed(draft_of(item), body=more, press=f"passage-{row.pk}"))
    assert draft_of(item).body == f"{more}\n{TEXT}"
    refused = client.post(address, typed(draft_of(item), body="全新的。", press=f"passage-{gone.pk}"))
    assert refused.status_code == 409
    assert "全新的。" in page(refused)
    assert draft_of(item).body == f"{more}\n{TEXT}"


def test_the_pages_keep_change_and_retire(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.head)
    facts = {"title": "联系", "text": TEXT, "owner": bureau.head.pk, "expires_on": "2099-12-31"}
    assert client.post(reverse("passage_new"), facts).status_code == 302
    row = StandardPassage.objects.get()
    address = reverse("passage", args=[row.pk])
    assert row.edited_at.isoformat() in page(client.get(address))
    changed = {**facts, "title": "联系方式", "seen": row.edited_at.isoformat()}
    assert client.post(address, {**changed, "seen": "x"}).status_code == 409
    assert client.post(address, changed).status_code == 302
    assert client.post(address, {"retire": "1"}).status_code == 302
    assert "已过期，不能插入" in page(client.get(reverse("passages")))
    client.force_login(bureau.stranger)
    assert client.get(address).status_code == 404
    assert "联系方式" not in page(client.get(reverse("passages")))


# 往年答复


def test_replies_to_like_suggestions_are_at_hand_and_copied_by_paragraph(
    bureau: Bureau, client: Client
) -> None:
    old = bureau.evaluated(
        meeting=bureau.earlier, number="017", title="关于保障港口用地指标的建议", draft={"outcome_class": "B"}
    )
    bureau.evaluated(number="099", title="关于中小学食堂的建议", category=None)  # like nothing
    item = bureau.contacted(number="120")
    bureau.draft(item)
    actor = actor_of(bureau.handler, date(2020, 8, 10))
    [found] = earlier(item, actor)
    assert found.item == old
    assert found.outcome == "B类"
    assert found.promises == "承诺1项：1项未启动"
    client.force_login(bureau.handler)
    address = reverse("draft", args=[item.pk])
    shown = page(client.get(address))
    assert "关于保障港口用地指标的建议" in shown
    assert "关于中小学食堂的建议" not in shown
    client.post(address, typed(draft_of(item), press=f"earlier-{found.reply.pk}-3"))
    assert draft_of(item).body.splitlines()[-1] == found.paragraphs[2][1]
    refused = client.post(address, typed(draft_of(item), press=f"earlier-{found.reply.pk + 99}-3"))
    assert refused.status_code == 409


def test_what_he_may_not_see_is_not_at_hand(bureau: Bureau) -> None:
    bureau.delivered(number="017", title="关于保障港口用地指标的建议", confidential=True, draft={
        "disclosure": "none", "disclosure_reason": "代表要求保密"})  # fmt: skip
    item = bureau.contacted(number="120")
    assert len(earlier(item, actor_of(bureau.handler, date(2020, 8, 10)))) == 1
    for who in ("other_handler", "stranger", "admin"):
        assert earlier(item, actor_of(bureau.people[who], date(2020, 8, 10))) == [], who


def test_the_reply_to_a_secret_item_is_not_offered_to_another(bureau: Bureau) -> None:
    bureau.evaluated(meeting=bureau.earlier, number="017", title="关于保障港口用地指标的建议")
    item, reader = bureau.contacted(), actor_of(bureau.clerk, date(2020, 8, 10))
    assert len(earlier(item, reader)) == 1
    Suggestion.objects.filter(number="017").update(secret=True, text="")
    assert earlier(item, reader) == []
