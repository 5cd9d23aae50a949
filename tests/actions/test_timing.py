"""延期、中止计时、各项时限的起停 (R9, R20–R26, R53, R57): dates worked out by hand on the calendar of 2020."""

from datetime import date
from typing import Any

import pytest

from huiyin.actions import (
    Refused,
    consulting,
    contacting,
    evaluating,
    following,
    proposing,
    publishing,
    registering,
    timing,
)
from huiyin.models import Assignment, Clock, Unit
from huiyin.models.clock import calendar_of
from huiyin.queries.ledger import limit
from huiyin.rules import profile
from huiyin.rules.vocabulary import ClockKind, Deed, Disclosure, Method, Part, Rating, Stage
from tests.conftest import Bureau, day, pdf

DUE = date(2020, 8, 29)  # assigned on 2020-05-29, three months


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def running(item: Assignment, kind: ClockKind) -> list[date]:
    return list(item.clocks.filter(kind=kind, stopped_on__isnull=True).values_list("due_on", flat=True))


def replays(item: Assignment) -> None:
    """What is stored is what the rows say (every clock, running or stopped)."""
    calendar = calendar_of(item.unit_id)
    clocks = list(Clock.objects.filter(assignment=item))
    assert clocks
    for clock in clocks:
        again = clock.replay(calendar)
        assert (clock.due_on, clock.provisional) == (again.due, again.provisional), clock


def said(refusal: Any) -> str:
    return str(refusal.value)


def asked(bureau: Bureau, wanted: str = "2020-10-15", **changes: Any) -> Assignment:
    item = bureau.handling(**changes)
    timing.ask_extension(
        item,
        wanted_on=date.fromisoformat(wanted),
        reason="征地批复未到",
        by=bureau.handler,
        at=day("2020-08-03"),
    )
    return fresh(item)


def granted(bureau: Bureau, to: str = "2020-10-15") -> Assignment:
    item = asked(bureau)
    timing.grant_extension(
        item, on=date(2020, 8, 10), granted_to=date.fromisoformat(to), agreed_by=["交办机关"], paper=pdf(),
        by=bureau.clerk, at=day("2020-08-11"),
    )  # fmt: skip
    return fresh(item)


def test_an_extension_is_asked_decided_and_told(bureau: Bureau) -> None:
    item = asked(bureau)
    assert item.due_on == DUE  # undecided: the old date stands
    with pytest.raises(Refused) as refusal:
        timing.ask_extension(
            item, wanted_on=date(2020, 10, 20), reason="又一次", by=bureau.handler, at=day("2020-08-04")
        )
    assert "等交办机关决定" in said(refusal)
    timing.grant_extension(
        item, on=date(2020, 8, 10), granted_to=date(2020, 10, 15), agreed_by=["交办机关"], paper=pdf(),
        by=bureau.clerk, at=day("2020-08-11"),
    )  # fmt: skip
    item = fresh(item)
    assert item.due_on == date(2020, 10, 15)
    replays(item)
    assert item.extension_untold()
    timing.tell_extension(
        item, on=date(2020, 8, 12), how="电话告知邱德海代表", by=bureau.clerk, at=day("2020-08-12")
    )
    assert not fresh(item).extension_untold()
    with pytest.raises(Refused) as refusal:
        timing.ask_extension(
            fresh(item), wanted_on=date(2020, 11, 1), reason="再延", by=bureau.handler, at=day("2020-08-20")
        )
    assert "最多延期1次，已同意1次" in said(refusal)
    deeds = list(item.events.order_by("seq").values_list("deed", flat=True))[-3:]
    assert deeds == [Deed.ASK_EXTENSION, Deed.EXTENSION_GRANTED, Deed.TELL_EXTENSION]


def test_a_refused_extension_changes_nothing(bureau: Bureau) -> None:
    item = asked(bureau)
    timing.refuse_extension(item, on=date(2020, 8, 10), paper=pdf(), by=bureau.clerk, at=day("2020-08-11"))
    item = fresh(item)
    assert item.due_on == DUE
    assert item.extension_pending() is None
    assert item.extension_untold() is None
    replays(item)


def test_an_extension_has_a_cap_a_reason_and_must_come_before_the_date(bureau: Bureau) -> None:
    item = bureau.handling()
    for wanted, at, words in (
        ("2020-11-30", "2020-08-03", "自交办之日起最长6个月，不能晚于2020年11月29日"),
        ("2020-08-29", "2020-08-03", "延期应晚于现在的时限2020年8月29日"),
        ("2020-10-01", "2020-08-30", "期满后不能再申请延期"),
    ):
        with pytest.raises(Refused) as refusal:
            timing.ask_extension(
                item, wanted_on=date.fromisoformat(wanted), reason="征地", by=bureau.handler, at=day(at)
            )
        assert words in said(refusal)
    with pytest.raises(Refused, match="还没有写延期的理由"):
        timing.ask_extension(
            item, wanted_on=date(2020, 9, 9), reason=" ", by=bureau.handler, at=day("2020-08-03")
        )
    timing.ask_extension(
        item, wanted_on=date(2020, 11, 29), reason="征地", by=bureau.handler, at=day("2020-08-29")
    )
    assert fresh(item).extension_pending()


def test_the_organ_cannot_grant_beyond_the_cap_nor_without_whoever_must_agree(bureau: Bureau) -> None:
    item = asked(bureau)
    with pytest.raises(Refused) as refusal:
        timing.grant_extension(
            item, on=date(2020, 8, 10), granted_to=date(2020, 12, 1), agreed_by=[], paper=pdf(), by=bureau.clerk,
            at=day("2020-08-11"),
        )  # fmt: skip
    assert "不能晚于2020年11月29日" in said(refusal)
    assert "还须交办机关同意" in said(refusal)
    with pytest.raises(Refused, match="决定日期"):
        timing.grant_extension(
            item, on=date(2020, 8, 1), granted_to=date(2020, 10, 1), agreed_by=["交办机关"], paper=pdf(),
            by=bureau.clerk, at=day("2020-08-11"),
        )  # fmt: skip
    with pytest.raises(Refused, match="须由专职人员办理"):
        timing.grant_extension(
            item, on=date(2020, 8, 10), granted_to=date(2020, 10, 1), agreed_by=["交办机关"], paper=pdf(),
            by=bureau.handler, at=day("2020-08-11"),
        )  # fmt: skip
    assert fresh(item).due_on == DUE


def test_days_of_two_overlapping_pauses_count_once(bureau: Bureau) -> None:
    item = bureau.handling()
    first = timing.suspend(
        item,
        from_on=date(2020, 7, 1),
        reason="等省厅批复",
        paper=pdf(),
        by=bureau.clerk,
        at=day("2020-07-01"),
    )
    second = timing.suspend(
        fresh(item),
        from_on=date(2020, 7, 6),
        reason="诉讼期间",
        paper=pdf(),
        by=bureau.clerk,
        at=day("2020-07-06"),
    )
    item = fresh(item)
    assert item.main_clock is not None
    assert item.main_clock.paused
    assert limit(item, date(2020, 9, 30)).words == "中止计时"
    timing.resume(item, first, on=date(2020, 7, 11), by=bureau.clerk, at=day("2020-07-11"))
    assert fresh(item).main_clock.paused  # type: ignore[union-attr]
    timing.resume(fresh(item), second, on=date(2020, 7, 16), by=bureau.clerk, at=day("2020-07-16"))
    item = fresh(item)
    assert not item.main_clock.paused  # type: ignore[union-attr]
    assert item.due_on == date(2020, 9, 13)  # 15 days from 1 to 15 July, each once
    replays(item)
    timing.suspend(
        item, from_on=date(2020, 7, 20), reason="又等批复", paper=pdf(), by=bureau.clerk, at=day("2020-07-20")
    )
    with pytest.raises(Refused, match="已经恢复"):
        timing.resume(fresh(item), first, on=date(2020, 7, 22), by=bureau.clerk, at=day("2020-07-22"))


def test_a_pause_after_an_agreed_extension_moves_it_on(bureau: Bureau) -> None:
    item = granted(bureau)
    pause = timing.suspend(
        item, from_on=date(2020, 9, 1), reason="等批复", paper=pdf(), by=bureau.clerk, at=day("2020-09-01")
    )
    timing.resume(fresh(item), pause, on=date(2020, 9, 11), by=bureau.clerk, at=day("2020-09-11"))
    item = fresh(item)
    assert item.due_on == date(2020, 10, 25)
    replays(item)


def test_accepting_late_and_asking_to_return_move_no_legal_date(bureau: Bureau) -> None:
    item = bureau.accepting()
    before = {kind: running(item, kind) for kind in (ClockKind.REPLY, ClockKind.CONTACT, ClockKind.RETURN)}
    assert before[ClockKind.REPLY] == [DUE]
    proposing.accept(item, by=bureau.head, at=day("2020-06-30"))
    proposing.ask_return(fresh(item), reason="不属本科室", by=bureau.head, at=day("2020-07-01"))
    proposing.keep(fresh(item), reason="属本科室职责", by=bureau.clerk, at=day("2020-07-20"))
    item = fresh(item)
    assert {kind: running(item, kind) for kind in before} == before
    assert item.due_on == DUE


def test_contact_stops_the_contact_clock_and_nothing_else(bureau: Bureau) -> None:
    item = bureau.handling()
    assert running(item, ClockKind.CONTACT) == [
        date(2020, 6, 29)
    ]  # 20 working days, 端午 off, 28 June worked
    bureau.contact(item, at="2020-06-09")
    item = fresh(item)
    assert running(item, ClockKind.CONTACT) == []
    assert running(item, ClockKind.REPLY) == [DUE]


def test_each_opinion_asked_has_a_clock_of_its_own(bureau: Bureau, nankang: Unit) -> None:
    item, planning = bureau.contacted(), Unit.objects.get(short_name="市发展改革委")
    bureau.ask(item, nankang, planning)
    assert running(item, ClockKind.ASKED) == [date(2020, 6, 29)] * 2
    bureau.answer(fresh(item), nankang)
    assert running(item, ClockKind.ASKED) == [date(2020, 6, 29)]
    opinion = item.opinions.get(unit=nankang)
    consulting.return_opinion(
        fresh(item), opinion, reason="没有实质内容", by=bureau.handler, at=day("2020-06-24", 17)
    )
    again = item.opinions.get(unit=nankang, round=2)
    assert again.due_on == date(2020, 7, 2)  # five working days: 25, 26, 27 June off, Sunday 28 June worked
    assert sorted(running(item, ClockKind.ASKED)) == [date(2020, 6, 29), date(2020, 7, 2)]
    consulting.mark_missing(
        fresh(item),
        item.opinions.get(unit=planning),
        note="催过三次",
        by=bureau.handler,
        at=day("2020-06-30"),
    )
    assert running(item, ClockKind.ASKED) == [date(2020, 7, 2)]
    replays(item)


def test_promises_and_visits_have_clocks_until_they_end(bureau: Bureau) -> None:
    item = bureau.evaluated(draft={"outcome_class": "B"})
    assert running(item, ClockKind.PROMISE) == [date(2020, 10, 31)]
    assert running(item, ClockKind.VISIT) == [date(2021, 1, 27)]  # six months after 27 July
    row = item.visits.get()
    following.visit(
        item, row, on=date(2020, 12, 1), method=Method.VISIT, people="谢文斌", finding="代表满意", by=bureau.handler,
        at=day("2020-12-01"),
    )  # fmt: skip
    assert running(item, ClockKind.VISIT) == []


def test_publication_is_due_when_the_reply_is_to_be_public_and_ends_when_it_is(bureau: Bureau) -> None:
    item = bureau.delivered()
    assert item.reply is not None
    assert item.reply.version.disclosure == Disclosure.FULL
    assert running(item, ClockKind.PUBLICATION) == [
        date(2020, 8, 21)
    ]  # 20 working days after it was signed on 24 July
    with pytest.raises(Refused, match="还没有制作公开稿"):
        publishing.publish(item, on=date(2020, 8, 3), by=bureau.clerk, at=day("2020-08-03"))
    bureau.made_public(item)
    with pytest.raises(Refused, match="公开日期应在签发日"):
        publishing.publish(item, on=date(2020, 7, 1), by=bureau.clerk, at=day("2020-08-03"))
    publishing.publish(
        fresh(item), on=date(2020, 8, 3), url="http://x.gov.cn/1", by=bureau.clerk, at=day("2020-08-03")
    )
    assert running(item, ClockKind.PUBLICATION) == []
    with pytest.raises(Refused, match="已于2020年8月3日登记公开"):
        publishing.publish(fresh(item), on=date(2020, 8, 4), by=bureau.clerk, at=day("2020-08-04"))


def test_a_rehandled_round_has_its_own_month_and_the_old_round_no_visit(bureau: Bureau) -> None:
    item = bureau.evaluated(outcome=Rating.DISSATISFIED, reason="没有说清")
    again = evaluating.rehandle(
        item, on=date(2020, 8, 10), paper=pdf(), by=bureau.clerk, at=day("2020-08-10")
    )
    assert again.due_on == date(2020, 9, 10)
    assert running(item, ClockKind.VISIT) == []
    replays(again)


def test_a_date_set_at_the_gate_is_never_later_than_the_law_nor_moves_an_extended_one(bureau: Bureau) -> None:
    item = bureau.register()
    with pytest.raises(Refused, match="办理时限不能晚于2020年8月29日"):
        proposing.propose(
            item, bureau.proposal(due_on=date(2020, 9, 1)), by=bureau.clerk, at=day("2020-05-29", 10)
        )
    proposing.propose(
        item, bureau.proposal(due_on=date(2020, 8, 1)), by=bureau.clerk, at=day("2020-05-29", 10)
    )
    assert fresh(item).due_on == date(2020, 8, 1)
    replays(item)


def test_an_extended_date_survives_a_new_proposal(bureau: Bureau) -> None:
    item = granted(bureau)
    bureau.contact(item, at="2020-08-12", stage=Stage.BEFORE)
    bureau.begun_draft(fresh(item), at="2020-08-12")
    proposing.ask_return(fresh(item), reason="应由规划科承办", by=bureau.head, at=day("2020-08-13"))
    proposing.reassign(fresh(item), reason="改派", by=bureau.clerk, at=day("2020-08-13", 15))
    with pytest.raises(Refused, match="延过期"):
        proposing.propose(
            fresh(item), bureau.proposal(due_on=date(2020, 9, 1)), by=bureau.clerk, at=day("2020-08-14")
        )
    proposing.propose(fresh(item), bureau.proposal(), by=bureau.clerk, at=day("2020-08-14"))
    assert fresh(item).due_on == date(2020, 10, 15)


def test_a_co_handled_item_may_be_extended_too_and_no_deputy_is_told(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.handling(part=Part.CO, lead_unit=nankang)
    timing.ask_extension(
        item, wanted_on=date(2020, 7, 10), reason="材料未齐", by=bureau.handler, at=day("2020-06-20")
    )
    timing.grant_extension(
        fresh(item), on=date(2020, 6, 22), granted_to=date(2020, 7, 10), agreed_by=["交办机关"], paper=pdf(),
        by=bureau.clerk, at=day("2020-06-22"),
    )  # fmt: skip
    assert fresh(item).due_on == date(2020, 7, 10)
    assert fresh(item).extension_untold() is None


def test_an_exemption_ends_the_wait_for_contact(bureau: Bureau) -> None:
    item = bureau.handling()
    contacting.ask_exemption(item, reason="代表出国", by=bureau.handler, at=day("2020-06-05"))
    contacting.grant_exemption(fresh(item), by=bureau.business_leader, at=day("2020-06-05", 15))
    assert running(item, ClockKind.CONTACT) == []


def test_withdrawal_stops_every_clock(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    registering.withdraw(
        fresh(item),
        on=date(2020, 6, 20),
        reason="代表书面撤回",
        paper=pdf(),
        by=bureau.clerk,
        at=day("2020-06-20"),
    )
    assert not item.clocks.filter(stopped_on__isnull=True).exists()


def test_where_the_profile_counts_from_receipt_the_first_round_does(
    bureau: Bureau, settings: Any, tmp_path: Any
) -> None:
    text = (profile.FOLDER / "jiangxi.toml").read_text(encoding="utf-8")
    text = text.replace('name = "jiangxi"', 'name = "own"').replace(
        "[rolling]", '[rolling]\nstarts = { value = "received", basis = "自收到之日起算" }\n#'
    )
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    settings.PROFILE_FOLDERS, settings.HUIYIN_PROFILE = [tmp_path], "own"
    item = bureau.register(received_on=date(2020, 5, 20))
    assert item.due_on == date(2020, 8, 20)
    assert running(item, ClockKind.CONTACT) == [date(2020, 6, 17)]
    replays(item)


def test_where_no_organ_has_to_agree_the_unit_decides_an_extension_itself(
    bureau: Bureau, settings: Any
) -> None:
    settings.HUIYIN_PROFILE = "henan"
    item = asked(bureau)
    timing.grant_extension(
        item, on=date(2020, 8, 10), granted_to=date(2020, 10, 15), agreed_by=[], by=bureau.clerk,
        at=day("2020-08-11"),
    )  # fmt: skip
    item = fresh(item)
    assert item.due_on == date(2020, 10, 15)
    assert item.extension_untold()  # 向代表说明
    assert "本单位决定" in item.events.order_by("-seq")[0].text
