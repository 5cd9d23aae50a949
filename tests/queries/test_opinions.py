"""协办意见总的怎样 and 来源对照：the worst comes first; each measure is found where it stands (S11, R26–R30)."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.actions import consulting, replying
from huiyin.actions._asking import Ask
from huiyin.models import Assignment, ReplyVersion, Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.ledger import marks, ordered, rows
from huiyin.queries.opinions import sources, worst
from huiyin.rules.vocabulary import OpinionStanding, OpinionUse
from tests.conftest import BODY, Bureau, day, pdf

S = OpinionStanding
THEIRS = "我区已完成二期312亩土地征收。"


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    return bureau.contacted()


@pytest.fixture
def planning() -> Unit:
    return Unit.objects.get(short_name="市发展改革委")


def says(item: Assignment, on: str) -> str:
    return str(worst(Assignment.objects.get(pk=item.pk), date.fromisoformat(on)))


def test_the_worst_of_them_is_said_and_how_many_have_answered(
    bureau: Bureau, item: Assignment, nankang: Unit, planning: Unit
) -> None:
    assert worst(item, date(2020, 6, 10)) is None
    consulting.plan_requests(item, [Ask(planning)], by=bureau.handler, at=day("2020-06-03"))
    assert says(item, "2020-06-03") == "协办待发出 0/1"
    bureau.ask(item, nankang)
    assert says(item, "2020-06-10") == "协办待提交 0/2"  # one waited for is worse than one not sent
    assert says(item, "2020-06-30") == "协办逾期未交 0/2"
    bureau.answer(item, nankang)
    assert says(item, "2020-06-30") == "协办待发出 1/2"
    consulting.return_opinion(
        item, item.opinions.get(unit=nankang), reason="空", by=bureau.handler, at=day("2020-06-24")
    )
    assert says(item, "2020-06-25") == "协办退回重提 0/2"
    consulting.send_requests(item, on=date(2020, 6, 25), by=bureau.handler, at=day("2020-06-25"))
    bureau.answer(item, nankang, at="2020-06-28")
    bureau.answer(item, planning, at="2020-06-28")
    assert says(item, "2020-06-28") == "协办未标注采纳 2/2"
    for unit in (nankang, planning):
        bureau.use(item, unit)
    assert says(item, "2020-09-01") == "协办已齐 2/2"


def test_one_withdrawn_counts_for_nothing_and_one_missing_is_not_all(
    bureau: Bureau, item: Assignment, nankang: Unit, planning: Unit
) -> None:
    bureau.ask(item, nankang, planning)
    for unit, note in ((nankang, "催过"), (planning, "")):
        row = item.opinions.get(unit=unit)
        if note:
            consulting.mark_missing(item, row, note=note, by=bureau.handler, at=day("2020-06-30"))
        else:
            consulting.withdraw_opinion(item, row, reason="不需要", by=bureau.handler, at=day("2020-06-30"))
    assert says(item, "2020-07-01") == "协办已标逾期 0/1"


def test_lists_read_them_at_no_further_cost(bureau: Bureau, nankang: Unit) -> None:
    for number in ("082", "083", "084"):
        bureau.ask(bureau.contacted(number=number), nankang)
    found = list(ordered(rows(actor_of(bureau.clerk, date(2020, 6, 10))), ""))
    for one in found:
        one.profile  # noqa: B018 - kept texts are read once
    with CaptureQueriesContext(
        connection,
    ) as queries:
        words = [marks(one, date(2020, 6, 10))[-1][0] for one in found]
    assert words == ["▲ 协办待提交 0/1"] * 3
    assert len(queries) == 0


def drafted(bureau: Bureau, item: Assignment, body: str) -> ReplyVersion:
    bureau.draft(item, body=body)
    return ReplyVersion.objects.get(assignment=item)


def test_each_opinion_shows_its_paragraphs_and_what_was_changed_in_them(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    reworded = "我区已于5月完成二期312亩土地征收。"
    version = drafted(
        bureau,
        item,
        f"{BODY}\n【{nankang.name}】{THEIRS}\n【{nankang.name}】{reworded}\n【{nankang.name}】完全另写的一句话。",
    )
    found = sources(item, version)
    (one,) = found.opinions
    assert [(used.place, used.changed) for used in one.used] == [(5, False), (6, True), (7, True)]
    assert [(run.kind, run.text) for run in one.used[1].runs] == [
        ("keep", "我区已"), ("ins", "于5月"), ("keep", "完成二期312亩土地征收。"),
    ]  # fmt: skip
    assert [run.kind for run in one.used[2].runs] == ["ins"]  # like nothing of theirs: all of it is ours
    assert one.said == "第5段、第6段、第7段"
    assert [row.source.unit if row.source else None for row in found.paragraphs] == [None] * 4 + [nankang] * 3


def test_an_opinion_not_used_says_why_or_that_nobody_said(
    bureau: Bureau, item: Assignment, nankang: Unit, planning: Unit
) -> None:
    bureau.ask(item, nankang, planning)
    bureau.answer(item, nankang)
    bureau.answer(item, planning)
    bureau.use(item, nankang, OpinionUse.EXPLAINED, "与正文第二点重复")
    consulting.return_opinion(
        item, item.opinions.get(unit=planning), reason="没有时间表", by=bureau.handler, at=day("2020-06-24")
    )
    bureau.answer(item, planning, at="2020-06-28")
    found = sources(item, drafted(bureau, item, BODY))
    assert [(one.opinion.unit.short_name, one.opinion.round, one.said) for one in found.opinions] == [
        ("南康区政府", 1, "没有采用：与正文第二点重复"),
        ("市发展改革委", 1, "没有采用：退回重提，没有时间表"),
        ("市发展改革委", 2, "还没有用，也没有说明"),
    ]
    assert [one.older for one in found.opinions] == [False, True, False]
    assert found.unused == 1
    bureau.use(item, planning, OpinionUse.ADOPTED, "")
    assert sources(item, item.draft).opinions[2].said == "标注为采纳，正文里还没有"


def test_a_countersign_tells_when_the_text_has_moved_on(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    bureau.draft(item)
    (row,) = consulting.countersign(
        item,
        units=[nankang],
        on=date(2020, 7, 21),
        due_on=date(2020, 7, 24),
        by=bureau.handler,
        at=day("2020-07-21"),
    )
    consulting.receive_opinion(
        item, row, on=date(2020, 7, 22), agreed=True, paper=pdf(), by=bureau.handler, at=day("2020-07-22")
    )
    fresh = Assignment.objects.get(pk=item.pk)
    found = sources(fresh, fresh.draft)
    assert [one.moved for one in found.countersigns] == [False]
    assert found.opinions == ()
    bureau.draft(fresh, at="2020-07-23", body=BODY + "\n又加了一段。")
    fresh = Assignment.objects.get(pk=item.pk)
    assert [one.moved for one in sources(fresh, fresh.draft).countersigns] == [True]


def test_what_was_inserted_is_found_again(bureau: Bureau, item: Assignment, nankang: Unit) -> None:
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    version = drafted(bureau, item, BODY)
    replying.insert_opinion(
        item, item.opinions.get(), revision=version.revision, by=bureau.handler, at=day("2020-07-21")
    )
    version.refresh_from_db()
    (one,) = sources(item, version).opinions
    assert [(used.text, used.changed) for used in one.used] == [(THEIRS, False)]
