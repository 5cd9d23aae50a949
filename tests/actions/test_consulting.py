"""协办：a round is planned and sent together; a unit signs for it, answers, is asked again, countersigns; what is planned
or withdrawn is waited for by nobody (S11, R26–R30)."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.actions import Refused, consulting, replying, supervising
from huiyin.actions._asking import Ask
from huiyin.models import Assignment, Clock, CoOpinion, ReplyVersion, Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.board import Board
from huiyin.queries.holders import held
from huiyin.queries.item import now
from huiyin.queries.partners import ranked
from huiyin.rules import workflow
from huiyin.rules.vocabulary import ClockKind, Deed, ErrandState, OpinionKind, OpinionState, OpinionUse
from tests.conftest import Bureau, day, pdf

ON, LATER = date(2020, 6, 4), date(2020, 6, 20)


@pytest.fixture
def planning(bureau: Bureau) -> Unit:
    return Unit.objects.get(short_name="市发展改革委")


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    return bureau.contacted()


def plan(bureau: Bureau, item: Assignment, *asks: Ask) -> list[CoOpinion]:
    return consulting.plan_requests(item, asks, by=bureau.handler, at=day("2020-06-03"))


def send(bureau: Bureau, item: Assignment, rows: list[CoOpinion] | None = None) -> list[CoOpinion]:
    return consulting.send_requests(item, on=ON, rows=rows, by=bureau.handler, at=day("2020-06-04"))


def clocks(item: Assignment) -> list[date]:
    rows = Clock.objects.filter(assignment=item, kind=ClockKind.ASKED, stopped_on__isnull=True)
    return list(rows.order_by("row").values_list("due_on", flat=True))


def refused(item: Assignment, deed: Deed, bureau: Bureau, at: str) -> str:
    fresh = Assignment.objects.get(pk=item.pk)
    return "；".join(
        workflow.find(fresh, deed).refusals(actor_of(bureau.handler, date.fromisoformat(at)), fresh)
    )


def test_a_round_is_planned_edited_and_sent_together_each_with_its_own_question_day_and_number(
    bureau: Bureau, item: Assignment, nankang: Unit, planning: Unit
) -> None:
    plan(bureau, item, Ask(nankang, "征地进度"), Ask(planning, "项目前期", LATER))
    rows = plan(bureau, item, Ask(planning, "项目前期和指标来源", LATER), Ask(nankang, "征地进度和户数"))
    assert item.opinions.count() == 2
    assert clocks(item) == []
    sent = send(bureau, item)
    assert {one.pk for one in sent} == {one.pk for one in rows}
    found = {one.unit: one for one in item.opinions.all()}
    assert [(found[unit].question, found[unit].due_on) for unit in (nankang, planning)] == [
        ("征地进度和户数", date(2020, 6, 29)), ("项目前期和指标来源", LATER),
    ]  # fmt: skip
    assert {one.number for one in found.values()} == {"赣市自然资函〔2020〕1号", "赣市自然资函〔2020〕2号"}
    assert {one.state for one in found.values()} == {OpinionState.REQUESTED}
    assert sorted(clocks(item)) == [LATER, date(2020, 6, 29)]
    said = item.events.filter(deed=Deed.SEND_REQUESTS).get().text
    assert "南康区政府（赣市自然资函〔2020〕" in said and "2020年6月20日前" in said


def test_some_of_a_round_may_be_sent_and_a_unit_taken_out_of_it(
    bureau: Bureau, item: Assignment, nankang: Unit, planning: Unit
) -> None:
    rows = plan(bureau, item, Ask(nankang), Ask(planning))
    send(bureau, item, rows[:1])
    assert item.opinions.get(unit=planning).state == OpinionState.PLANNED
    plan(bureau, item)
    assert list(item.opinions.values_list("unit", flat=True)) == [nankang.pk]
    with pytest.raises(Refused, match="没有拟好待发"):
        send(bureau, item)


def test_a_round_may_not_ask_twice_our_own_unit_or_too_late(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    with pytest.raises(Refused) as told:
        plan(bureau, item, Ask(bureau.unit), Ask(nankang), Ask(nankang))
    assert told.value.reasons == ["不能请本单位协办", "同一个单位写了两次"]
    with pytest.raises(Refused, match="晚于发函日期"):
        plan(bureau, item, Ask(nankang, due_on=date(2020, 6, 1)))
    bureau.ask(item, nankang)
    with pytest.raises(Refused, match="已请南康区政府提过意见"):
        plan(bureau, item, Ask(nankang))
    assert not item.opinions.filter(state=OpinionState.PLANNED).exists()


def test_a_round_sent_after_its_day_is_refused_whole_and_takes_no_number(
    bureau: Bureau, item: Assignment, nankang: Unit, planning: Unit
) -> None:
    plan(bureau, item, Ask(nankang), Ask(planning, due_on=date(2020, 6, 5)))
    with pytest.raises(Refused, match=r"市发展改革委：.*请写明请对方提出的日期"):
        consulting.send_requests(item, on=date(2020, 6, 10), by=bureau.handler, at=day("2020-06-10"))
    assert {one.state for one in item.opinions.all()} == {OpinionState.PLANNED}
    assert send(bureau, item, [item.opinions.get(unit=nankang)])[0].number == "赣市自然资函〔2020〕1号"


def test_only_the_handler_and_the_clerk_plan_and_a_secret_item_carries_no_question(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    for who in (bureau.head, bureau.chief, bureau.other_handler, bureau.stranger):
        with pytest.raises(Refused, match="须由"):
            consulting.plan_requests(item, [Ask(nankang)], by=who, at=day("2020-06-03"))
    secret = bureau.contacted(number="091", secret=True, text="")
    with pytest.raises(Refused, match="涉密件"):
        plan(bureau, secret, Ask(nankang, "某某工程"))
    assert plan(bureau, secret, Ask(nankang))


def test_what_is_planned_or_withdrawn_is_waited_for_by_nobody(
    bureau: Bureau, item: Assignment, nankang: Unit, planning: Unit
) -> None:
    bureau.draft(item, at="2020-06-10")
    plan(bureau, item, Ask(nankang))
    bureau.ask(item, planning)
    opinion = item.opinions.get(unit=planning)
    assert "市发展改革委的协办意见还没有收到" in refused(item, Deed.SUBMIT, bureau, "2020-06-12")
    consulting.withdraw_opinion(item, opinion, reason="改由本局办理", by=bureau.handler, at=day("2020-06-12"))
    fresh = Assignment.objects.get(pk=item.pk)
    assert refused(fresh, Deed.SUBMIT, bureau, "2020-06-12") == ""
    assert clocks(item) == []
    assert "等" not in now(fresh)[2]
    later = date(2020, 9, 1)
    assert list(held([fresh], fresh.opinions.select_related("unit"), {}, later)) == list(
        held([fresh], [], {}, later)
    )
    assert ranked(fresh.opinions.select_related("unit"), later) == []
    assert Board(actor_of(bureau.clerk, later)).tally.count("co_late") == 0
    for deed in (Deed.RECEIVE_OPINION, Deed.MARK_MISSING, Deed.ACCEPT_OPINION):
        assert refused(fresh, deed, bureau, "2020-09-01") != ""
    with pytest.raises(Refused, match="没有在等"):
        supervising.urge(
            [supervising.Target.unit(fresh, planning, bureau.clerk)], text="请抓紧", by=bureau.clerk, at=day("2020-09-01")
        )  # fmt: skip


def test_a_request_withdrawn_before_it_was_sent_is_crossed_out(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    row = plan(bureau, item, Ask(nankang))[0]
    consulting.withdraw_opinion(item, row, reason="不需要", by=bureau.handler, at=day("2020-06-04"))
    assert not item.opinions.exists()
    assert item.events.filter(deed=Deed.WITHDRAW_OPINION, text="南康区政府：不需要").exists()


def test_a_unit_signs_for_our_letter_once_and_not_before_it_was_sent(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    bureau.ask(item, nankang)
    row, at = item.opinions.get(), day("2020-06-09")
    with pytest.raises(Refused, match="早于发函日期"):
        consulting.accept_opinion(item, row, on=date(2020, 6, 3), by=bureau.clerk, at=at)
    consulting.accept_opinion(item, row, on=date(2020, 6, 8), by=bureau.clerk, at=at)
    assert item.opinions.get().accepted_on == date(2020, 6, 8)
    with pytest.raises(Refused, match="都已签收"):
        consulting.accept_opinion(item, row, on=date(2020, 6, 9), by=bureau.clerk, at=at)


def test_a_unit_is_asked_again_in_a_new_round_with_a_clock_and_number_of_its_own(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    bureau.ask(item, nankang)
    first = item.opinions.get()
    with pytest.raises(Refused, match="还没有征求过意见"):
        consulting.ask_again(item, first, on=ON, by=bureau.handler, at=day("2020-06-25"))
    bureau.answer(item, nankang)
    again = consulting.ask_again(
        item, first, question="安置房何时交付", on=date(2020, 6, 25), due_on=date(2020, 7, 3),
        by=bureau.handler, at=day("2020-06-25"),
    )  # fmt: skip
    assert (again.round, again.question, again.due_on) == (2, "安置房何时交付", date(2020, 7, 3))
    assert again.number == "赣市自然资函〔2020〕2号"
    assert clocks(item) == [date(2020, 7, 3)]
    with pytest.raises(Refused, match="已在征求南康区政府的意见"):
        consulting.ask_again(
            item,
            first,
            on=date(2020, 6, 26),
            due_on=date(2020, 7, 3),
            by=bureau.handler,
            at=day("2020-06-26"),
        )
    first.refresh_from_db()
    assert first.state == OpinionState.RECEIVED


def test_the_passage_of_an_earlier_round_stays_bound_to_it(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    first = item.opinions.get()
    consulting.ask_again(
        item, first, on=date(2020, 6, 25), due_on=date(2020, 7, 3), by=bureau.handler, at=day("2020-06-25")
    )
    bureau.answer(item, nankang, at="2020-07-02")
    bureau.draft(item)
    version = ReplyVersion.objects.get(assignment=item)
    replying.insert_opinion(item, first, revision=version.revision, by=bureau.handler, at=day("2020-07-20"))
    bound = version.passages.filter(opinion__isnull=False).get()
    assert bound.opinion == first


# 会签


def sign(bureau: Bureau, item: Assignment, unit: Unit) -> CoOpinion:
    rows = consulting.countersign(
        item, units=[unit], on=date(2020, 7, 21), due_on=date(2020, 7, 24), by=bureau.handler, at=day("2020-07-21")
    )  # fmt: skip
    return rows[0]


def test_a_countersign_is_bound_to_a_frozen_text_while_the_writing_goes_on(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    with pytest.raises(Refused, match="还没有起草稿本"):
        sign(bureau, item, nankang)
    bureau.draft(item)
    row = sign(bureau, item, nankang)
    assert (row.kind, row.due_on, row.number) == (
        OpinionKind.COUNTERSIGN,
        date(2020, 7, 24),
        "赣市自然资函〔2020〕1号",
    )
    assert row.version is not None
    frozen = row.version.text_digest()
    bureau.draft(item, at="2020-07-22", body="改过的正文，" * 20)
    row.version.refresh_from_db()
    assert row.version.text_digest() == frozen != item.versions.latest("number").text_digest()
    assert clocks(item) == [date(2020, 7, 24)]
    with pytest.raises(Refused, match="正在会签"):
        sign(bureau, Assignment.objects.get(pk=item.pk), nankang)


def test_a_countersign_is_settled_before_submission_but_is_no_source(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    bureau.draft(item)
    row = sign(bureau, item, nankang)
    assert "南康区政府的会签意见还没有收到" in refused(item, Deed.SUBMIT, bureau, "2020-07-22")
    consulting.receive_opinion(
        item, row, on=date(2020, 7, 22), text="第二段的户数应为186户。", paper=pdf(), by=bureau.handler, at=day("2020-07-22")
    )  # fmt: skip
    assert "南康区政府的会签意见未标注采纳情况" in refused(item, Deed.SUBMIT, bureau, "2020-07-22")
    consulting.use_opinion(item, row, use=OpinionUse.ADOPTED, by=bureau.handler, at=day("2020-07-22"))
    assert refused(item, Deed.SUBMIT, bureau, "2020-07-22") == ""
    with pytest.raises(Refused, match="不是本件的协办单位"):  # nothing may be quoted from it
        bureau.draft(item, at="2020-07-22", body=f"【{nankang.name}】第二段的户数应为186户。")
    with pytest.raises(Refused, match="会签意见不退回"):
        consulting.return_opinion(item, row, reason="空", by=bureau.handler, at=day("2020-07-22"))


def test_who_agrees_leaves_nothing_to_mark(bureau: Bureau, item: Assignment, nankang: Unit) -> None:
    bureau.draft(item)
    row = sign(bureau, item, nankang)
    consulting.receive_opinion(
        item, row, on=date(2020, 7, 22), agreed=True, paper=pdf(), by=bureau.handler, at=day("2020-07-22")
    )
    row.refresh_from_db()
    assert (row.agreed, row.text) == (True, "同意")
    assert refused(item, Deed.SUBMIT, bureau, "2020-07-22") == ""
    assert (
        item.events.filter(deed=Deed.RECEIVE_OPINION).get().text.startswith("南康区政府2020年7月22日会签同意")
    )


def test_agreeing_is_no_opinion(bureau: Bureau, item: Assignment, nankang: Unit) -> None:
    bureau.ask(item, nankang)
    with pytest.raises(Refused, match="还没有写意见内容"):
        consulting.receive_opinion(
            item, item.opinions.get(), on=date(2020, 6, 9), agreed=True, paper=pdf(), by=bureau.handler, at=day("2020-06-09")
        )  # fmt: skip


def test_an_errand_ends_only_with_the_last_thing_the_unit_owes(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    bureau.ask(item, nankang)
    bureau.draft(item)
    row = sign(bureau, item, nankang)
    target = supervising.Target.unit(item, nankang, bureau.handler)
    act = supervising.urge([target], text="请抓紧提出", by=bureau.handler, at=day("2020-07-21"))
    consulting.receive_opinion(
        item, row, on=date(2020, 7, 22), agreed=True, paper=pdf(), by=bureau.handler, at=day("2020-07-22")
    )
    assert act.errands.get().state != ErrandState.SETTLED
    bureau.answer(item, nankang, at="2020-07-23")
    assert act.errands.get().state == ErrandState.SETTLED
