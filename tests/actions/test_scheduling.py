"""工作日历的维护 (R24): what the preview says is what moves, and nothing else; each move leaves a row and is told."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.actions import Refused, Stale, _clocks, consulting, organising, proposing, scheduling
from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, CalendarYear, Clock, Event, Extension, Notice, Suspension, Unit
from huiyin.models.clock import calendar_of
from huiyin.queries.dates import explained, fingerprint, preview, preview_shipped, wanting, why, year_of
from huiyin.rules.calendar import CHANGED, Year, shipped_year
from huiyin.rules.vocabulary import ClockKind, Deed, NoticeKind, Part
from tests.conftest import Bureau, day, pdf


def year(of: int, *, rest: dict[str, str] | None = None, work: dict[str, str] | None = None) -> Year:
    def days(found: dict[str, str] | None) -> dict[date, str]:
        return {date.fromisoformat(one): name for one, name in (found or {}).items()}

    return Year.checked("试", of, f"关于{of}年部分节假日安排的通知", days(rest), days(work))


def changed(of: int, *, rest: dict[str, str] | None = None, work: dict[str, str] | None = None) -> Year:
    """The shipped year with more days."""
    whole, more = shipped_year(of), year(of, rest=rest, work=work)
    assert whole is not None
    stays = {day: name for day, name in whole.work.items() if day not in more.rest}
    return replace(whole, rest=whole.rest | more.rest, work=stays | more.work)


def dates() -> dict[int, tuple[date, bool]]:
    return {one.pk: (one.due_on, one.provisional) for one in Clock.objects.all()}


@pytest.fixture
def items(bureau: Bureau, nankang: Unit) -> list[Assignment]:
    """Items at every stage: waiting to be accepted, handled with an opinion asked, delivered, a co-handler's, 2026."""
    found = [
        bureau.accepting(number="001"),
        bureau.handling(number="002"),
        bureau.delivered(number="003"),
        bureau.handling(number="004", part=Part.CO, lead_unit=nankang),
        bureau.register(number="005", assigned_on=date(2026, 12, 21), received_on=date(2026, 12, 21), at="2026-12-21"),
    ]  # fmt: skip
    bureau.ask(found[1], nankang)
    return found


def test_what_is_stored_is_what_is_replayed(bureau: Bureau, items: list[Assignment]) -> None:
    calendar = calendar_of(bureau.unit.pk)
    kinds = {one.kind for one in Clock.objects.all()}
    assert {"accept", "return", "contact", "reply", "opinion", "evaluation", "asked"} <= kinds
    for clock in Clock.objects.all():
        due = clock.replay(calendar)
        assert (clock.due_on, clock.provisional) == (due.due, due.provisional), str(clock)


@pytest.mark.parametrize("late", ["2020-06-02", "2020-08-17"])
def test_late_acceptance_moves_no_date(bureau: Bureau, late: str) -> None:
    item = bureau.accepting()
    before = dates()
    proposing.accept(item, by=bureau.head, at=day(late))
    assert dates() == before
    assert Assignment.objects.get(pk=item.pk).due_on == date(2020, 8, 29)


def test_exactly_the_previewed_dates_move(bureau: Bureau, items: list[Assignment]) -> None:
    fresh = changed(2020, rest={"2020-06-08": "停工"})
    before, found = dates(), preview(bureau.unit, fresh)
    assert dates() == before  # a preview writes nothing
    assert not Event.objects.filter(deed=Deed.SET_CALENDAR).exists()
    assert len(found) >= 3
    done = scheduling.load_year(fresh, by=bureau.clerk, at=day("2020-06-05"))
    told = {one.clock.pk: (one.new, one.provisional) for one in found}
    assert {one.clock.pk: (one.new, one.provisional) for one in done} == told
    after = dates()
    assert {pk: after[pk] for pk in before if after[pk] != before[pk]} == told
    for clock in Clock.objects.filter(stopped_on__isnull=True):
        assert clock.due_on == clock.replay(calendar_of(bureau.unit.pk)).due
    for item in Assignment.objects.all():
        main = item.main_clock
        assert main is None or (item.due_on, item.due_provisional) == (main.due_on, main.provisional)


def test_the_dates_moved_are_those_counted_over_the_day(bureau: Bureau, items: list[Assignment]) -> None:
    """By hand: the working days that ran over the 8th of June are a day longer, months and the rest stand."""
    over = {
        one.pk
        for one in Clock.objects.filter(stopped_on__isnull=True)
        if one.period.endswith("wd") and one.start_on < date(2020, 6, 8) <= one.due_on
    }
    found = preview(bureau.unit, changed(2020, rest={"2020-06-08": "停工"}))
    assert {one.clock.pk for one in found if one.moved} == over
    assert over
    assert all(one.new > one.old for one in found)


def test_stopped_clocks_stay_as_they_were(bureau: Bureau, items: list[Assignment]) -> None:
    stopped = {one.pk: one.due_on for one in Clock.objects.filter(stopped_on__isnull=False)}
    assert stopped
    scheduling.load_year(
        changed(2020, rest={f"2020-06-{n:02}": "停工" for n in range(8, 12)}), by=bureau.clerk, at=day("2020-06-05")
    )  # fmt: skip
    assert stopped == {one.pk: one.due_on for one in Clock.objects.filter(pk__in=stopped)}


def test_loading_the_same_year_twice_moves_nothing(bureau: Bureau, items: list[Assignment]) -> None:
    fresh = changed(2020, rest={"2020-06-08": "停工"})
    assert scheduling.load_year(fresh, by=bureau.clerk, at=day("2020-06-05"))
    before, told, rows = dates(), Notice.objects.count(), Event.objects.filter(deed=Deed.MOVE_DATES).count()
    assert scheduling.load_year(fresh, by=bureau.director, at=day("2020-06-05", 10)) == []
    assert (dates(), Notice.objects.count()) == (before, told)
    assert Event.objects.filter(deed=Deed.MOVE_DATES).count() == rows
    (stored,) = CalendarYear.objects.all()
    assert (stored.year, stored.loaded_by, stored.text) == (2020, bureau.director, fresh.text())
    assert Event.objects.filter(deed=Deed.SET_CALENDAR).last().text.endswith("没有时限变动")  # type: ignore[union-attr]


def test_each_item_that_moved_has_a_row_and_its_people_are_told(
    bureau: Bureau, items: list[Assignment]
) -> None:
    done = scheduling.load_year(
        changed(2020, rest={"2020-06-08": "停工"}), by=bureau.clerk, at=day("2020-06-05")
    )
    moved = {one.item.pk for one in done if one.moved}
    rows = Event.objects.filter(deed=Deed.MOVE_DATES)
    assert {row.assignment_id for row in rows} == moved
    assert rows.count() == len(moved) < len(items)
    (clock,) = Clock.objects.filter(assignment=items[1], kind=ClockKind.CONTACT)
    row = rows.get(assignment=items[1])
    assert "首次沟通由2020年6月29日改为2020年6月30日" in row.text
    assert f'"clock": {clock.pk}' in row.body
    (unit_row,) = Event.objects.filter(deed=Deed.SET_CALENDAR)
    assert (unit_row.stream, unit_row.assignment_id) == (f"unit:{bureau.unit.pk}", None)
    assert f"{sum(one.moved for one in done)}个时限变动" in unit_row.text
    assert broken_links() == []
    told = Notice.objects.filter(kind=NoticeKind.MOVED)
    people = {bureau.handler.pk, bureau.head.pk, bureau.clerk.pk}
    assert {one.person_id for one in told.filter(assignment=items[1])} == people
    assert {one.assignment_id for one in told} == moved
    assert all("工作日历变动" in one.text for one in told)


def test_provisional_dates_become_firm_when_the_year_arrives(bureau: Bureau, items: list[Assignment]) -> None:
    waiting = Clock.objects.filter(provisional=True, stopped_on__isnull=True)
    assert {one.assignment_id for one in waiting} == {items[4].pk}
    lacking = wanting(bureau.unit, date(2026, 12, 21))
    assert lacking is not None
    assert (lacking.year, lacking.provisional) == (2027, waiting.count())
    contact = waiting.get(kind=ClockKind.CONTACT)
    assert contact.due_on == date(2027, 1, 18)
    assert "2027年放假安排尚未录入，此日期为暂定" in contact.replay(calendar_of(bureau.unit.pk)).steps
    fresh = year(2027, rest={"2027-01-01": "元旦"})
    found = preview(bureau.unit, fresh)
    assert {one.item.pk for one in found} == {items[4].pk}
    firm_only = [one for one in found if not one.moved]
    scheduling.load_year(fresh, by=bureau.clerk, at=day("2026-12-22"))
    assert not Clock.objects.filter(provisional=True).exists()
    contact.refresh_from_db()
    assert contact.due_on == date(2027, 1, 19)
    assert wanting(bureau.unit, date(2026, 12, 22)) is None
    assert all(one.words.endswith("不再暂定") for one in firm_only)


def test_from_november_the_next_year_is_wanted_and_at_once_this_one(bureau: Bureau) -> None:
    for on, wanted in (
        ("2026-10-31", None),
        ("2026-11-01", 2027),
        ("2027-01-01", 2027),
        ("2026-03-01", None),
    ):
        found = wanting(bureau.unit, date.fromisoformat(on))
        assert (found.year if found else None) == wanted, on


def test_a_year_can_be_given_up_again(bureau: Bureau, items: list[Assignment]) -> None:
    before = dates()
    scheduling.load_year(
        changed(2020, rest={"2020-06-08": "停工"}), year(2027, rest={"2027-01-01": "元旦"}),
        by=bureau.clerk, at=day("2020-06-05"),
    )  # fmt: skip
    assert dates() != before
    back = preview_shipped(bureau.unit, 2020)
    assert back
    assert [
        one.words for one in scheduling.return_to_shipped(2020, by=bureau.director, at=day("2020-06-05"))
    ] == [one.words for one in back]
    scheduling.return_to_shipped(2027, by=bureau.clerk, at=day("2020-06-05"))
    assert dates() == before
    assert not CalendarYear.objects.exists()
    with pytest.raises(Refused, match="2020年用的就是随软件的日历"):
        scheduling.return_to_shipped(2020, by=bureau.clerk, at=day("2020-06-05"))


def test_one_day_is_turned_about_and_back(bureau: Bureau, items: list[Assignment]) -> None:
    before, at = dates(), day("2020-06-05")
    on = date(2020, 6, 8)
    done = scheduling.set_day(on=on, name="防汛停工", rest=True, by=bureau.clerk, at=at)
    assert any(one.moved for one in done)
    now = year_of(bureau.unit, 2020)
    assert now is not None
    assert (now.rest[on], now.source.endswith(CHANGED)) == ("防汛停工", True)
    contact = Clock.objects.get(assignment=items[1], kind=ClockKind.CONTACT)
    assert any("防汛停工1天" in step for step in contact.replay(calendar_of(bureau.unit.pk)).steps)
    scheduling.set_day(on=on, name="", rest=None, by=bureau.clerk, at=at)
    assert dates() == before
    scheduling.set_day(on=date(2020, 6, 13), name="补班", rest=False, by=bureau.clerk, at=at)
    contact.refresh_from_db()
    assert contact.due_on < before[contact.pk][0]
    texts = [one.text for one in Event.objects.filter(deed=Deed.SET_CALENDAR).order_by("seq")]
    assert [text.split("，")[0] for text in texts] == [
        "2020年6月8日放假（防汛停工）", "2020年6月8日恢复平常", "2020年6月13日调休上班（补班）",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("on", "name", "rest", "why"),
    [
        ("2027-01-04", "停工", True, "2027年的放假安排尚未录入，先录入全年"),
        ("2020-06-09", "", None, "2020年6月9日本来就按平常"),
        ("2020-06-08", "  ", True, "还没有写名称"),
        ("2020-06-08", "加班", False, "2020-06-08本是工作日，不必列为调休上班"),
        ("2020-06-08", "节" * 21, True, "2020-06-08的名称应是20字以内的文字"),
        ("2020-06-08", "停\n工", True, "的名称应是20字以内的文字"),
    ],
)
def test_an_impossible_day_is_refused(
    bureau: Bureau, on: str, name: str, rest: bool | None, why: str
) -> None:
    with pytest.raises(Refused, match=why):
        scheduling.set_day(
            on=date.fromisoformat(on), name=name, rest=rest, by=bureau.clerk, at=day("2020-06-05")
        )
    assert not CalendarYear.objects.exists()


def test_only_the_office_keeps_the_calendar(bureau: Bureau) -> None:
    at, fresh = day("2020-06-05"), changed(2020, rest={"2020-06-08": "停工"})
    deeds: list[Callable[..., Any]] = [
        lambda by: scheduling.load_year(fresh, by=by, at=at),
        lambda by: scheduling.set_day(on=date(2020, 6, 9), name="停工", rest=True, by=by, at=at),
        lambda by: scheduling.return_to_shipped(2020, by=by, at=at),
    ]
    for who in ("chief", "handling_leader", "business_leader", "head", "handler", "admin"):
        for deed in deeds:
            with pytest.raises(Refused, match="须由专职人员、办公室主任维护工作日历"):
                deed(bureau.people[who])
    assert not CalendarYear.objects.exists()
    for who in ("clerk", "director"):
        deeds[0](bureau.people[who])


def test_an_absent_clerks_stand_in_may(bureau: Bureau) -> None:
    organising.stand_in(
        absent=bureau.clerk, substitute=bureau.handler, from_on=date(2020, 6, 1), to_on=date(2020, 6, 30),
        reason="休假", by=bureau.admin, at=day("2020-05-30"),
    )  # fmt: skip
    scheduling.load_year(changed(2020, rest={"2020-06-08": "停工"}), by=bureau.handler, at=day("2020-06-05"))
    with pytest.raises(Refused):
        scheduling.return_to_shipped(2020, by=bureau.handler, at=day("2020-07-01"))


def test_another_units_calendar_and_dates_are_its_own(bureau: Bureau, items: list[Assignment]) -> None:
    before = dates()
    assert (
        scheduling.load_year(
            changed(2020, rest={"2020-06-08": "停工"}), by=bureau.stranger, at=day("2020-06-05")
        )
        == []
    )
    assert dates() == before
    assert calendar_of(bureau.unit.pk).is_workday(date(2020, 6, 8))
    assert not calendar_of(bureau.stranger.unit.pk).is_workday(date(2020, 6, 8))  # type: ignore[union-attr]


def test_he_confirms_what_he_has_seen(bureau: Bureau, items: list[Assignment]) -> None:
    fresh = changed(2020, rest={"2020-06-08": "停工"})
    seen = fingerprint(preview(bureau.unit, fresh))
    bureau.register(number="099", assigned_on=date(2020, 6, 5), received_on=date(2020, 6, 5), at="2020-06-05")
    with pytest.raises(Stale, match="请再看一遍"):
        scheduling.load_year(fresh, seen=seen, by=bureau.clerk, at=day("2020-06-05"))
    assert not CalendarYear.objects.exists()
    seen = fingerprint(preview(bureau.unit, fresh))
    assert scheduling.load_year(fresh, seen=seen, by=bureau.clerk, at=day("2020-06-05"))


def test_a_load_that_dies_half_way_leaves_nothing(bureau: Bureau, items: list[Assignment]) -> None:
    """The last thing written is the notice; one that cannot be written takes all the rest back with it."""
    before, events, fresh = dates(), Event.objects.count(), changed(2020, rest={"2020-06-08": "停工"})
    last = max(one.item.pk for one in preview(bureau.unit, fresh))
    Event.objects.create(
        assignment_id=last, stream=f"item:{last}", seq=Assignment.objects.get(pk=last).seq + 1, deed=Deed.CONTACT,
        by=bureau.clerk, at=day("2020-06-05"), text="占号", body="{}", digest="0" * 64,
    )  # fmt: skip
    with pytest.raises(IntegrityError), transaction.atomic():
        scheduling.load_year(fresh, by=bureau.clerk, at=day("2020-06-05"))
    assert dates() == before
    assert not CalendarYear.objects.exists()
    assert not Notice.objects.filter(kind=NoticeKind.MOVED).exists()
    assert Event.objects.count() == events + 1


def test_extensions_and_pauses_are_replayed_with_the_calendar(
    bureau: Bureau, items: list[Assignment]
) -> None:
    item = items[1]
    reply, contact = (item.clocks.get(kind=kind) for kind in (ClockKind.REPLY, ClockKind.CONTACT))
    Extension.objects.create(
        clock=reply, reason="需征求上级意见", wanted_on=date(2020, 9, 30), asked_on=date(2020, 8, 1),
        asked_by=bureau.handler, agreed=True, decided_on=date(2020, 8, 10), granted_to=date(2020, 9, 30),
    )  # fmt: skip
    from huiyin.actions import filing

    paper = filing.attach(item, upload=pdf(), purpose="附件", by=bureau.clerk, at=day("2020-06-10"))
    Suspension.objects.create(
        clock=contact, reason="防汛", from_on=date(2020, 6, 10), to_on=date(2020, 6, 12), paper=paper,
        recorded_by=bureau.clerk,
    )  # fmt: skip
    for clock in (reply, contact):
        _clocks.renew(Assignment.objects.get(pk=item.pk), clock, calendar_of(bureau.unit.pk))
    contact.refresh_from_db()
    assert contact.due_on == date(2020, 7, 1)
    found = preview(bureau.unit, changed(2020, rest={"2020-06-08": "停工", "2020-06-10": "停工"}))
    mine = {one.clock.kind: one.new for one in found if one.item.pk == item.pk}
    assert mine == {"contact": date(2020, 7, 2)} | {  # the 10th was paused already and counts once
        one.clock.kind: one.new for one in found if one.item.pk == item.pk and one.clock.kind != "contact"
    }
    assert "reply" not in mine
    rows = {one.clock.kind: one for one in explained(Assignment.objects.get(pk=item.pk), date(2020, 8, 20))}
    assert "2020年8月10日（周一）经同意延期至2020年9月30日（周三），以此日为准" in rows["reply"].steps
    assert (
        rows["reply"]
        .papers[0]
        .startswith("2020年8月1日申请延至2020年9月30日：需征求上级意见。2020年8月10日同意")
    )
    assert "中止计时2个工作日不计入" in rows["contact"].steps
    assert "2020年6月10日起中止计时至2020年6月12日恢复：防汛" in rows["contact"].papers[0]
    answer = why(Assignment.objects.get(pk=item.pk))
    assert answer is not None
    assert answer[0] == "9月30日"


def test_every_clock_of_an_item_is_explained_running_ones_first(
    bureau: Bureau, items: list[Assignment], nankang: Unit
) -> None:
    item = Assignment.objects.get(pk=items[1].pk)
    found = explained(item, date(2020, 6, 20))
    assert len(found) == item.clocks.count()
    running = [one.clock.stopped_on is None for one in found]
    assert running == sorted(running, reverse=True)
    assert found[0].main
    asked = next(one for one in found if one.clock.kind == ClockKind.ASKED)
    assert (asked.label, asked.of) == ("协办单位提意见", "南康区政府")
    for one in found:
        assert one.steps[0].endswith("起算，当日不计入")
        assert one.clock.basis
        assert one.changed is None
        assert (one.lit is None) == (one.clock.stopped_on is not None)
    consulting.receive_opinion(
        item, item.opinions.get(), on=date(2020, 6, 24), text="已完成征收。", paper=pdf(), by=bureau.handler,
        at=day("2020-06-24"),
    )  # fmt: skip
    scheduling.load_year(changed(2020, rest={"2020-06-01": "停工"}), by=bureau.clerk, at=day("2020-06-25"))
    late = {one.clock.kind: one for one in explained(item, date(2020, 6, 26))}
    assert late["accept"].changed == late["accept"].clock.due_on + timedelta(
        1
    )  # a stopped one keeps its date


def by_finger(clock: Clock, one: Year) -> date:
    """The due date of a clock without pause or extension, its working days counted one by one."""
    if not clock.period.endswith("wd"):
        return clock.due_on
    due, left = clock.start_on, int(clock.period.removesuffix("wd"))
    while left:
        due += timedelta(1)
        weekday = due.weekday() < 5
        if due.year == one.year:
            weekday = due in one.work or (weekday and due not in one.rest)
        left -= weekday
    return min(due, clock.no_later_than) if clock.no_later_than else due


def test_any_change_of_a_year_moves_what_counting_moves(bureau: Bureau, items: list[Assignment]) -> None:
    chance, moved = random.Random(24), 0  # noqa: S311 - days to be turned about, not a secret
    for _ in range(15):
        days = {
            f"2020-{chance.randint(6, 9):02}-{chance.randint(1, 28):02}" for _ in range(chance.randint(1, 6))
        }
        fresh = changed(2020, rest=dict.fromkeys(days, "停工"))
        running = Clock.objects.filter(stopped_on__isnull=True).exclude(assignment=items[4])
        expected = {one.pk: by_finger(one, fresh) for one in running}
        expected = {pk: due for pk, due in expected.items() if due != dates()[pk][0]}
        assert {one.clock.pk: one.new for one in preview(bureau.unit, fresh) if one.moved} == expected
        scheduling.load_year(fresh, by=bureau.clerk, at=day("2020-06-05"))
        assert preview(bureau.unit, fresh) == []
        moved += len(expected)
    assert moved > 20
    assert broken_links() == []


def test_a_year_that_does_not_hold_together_is_never_stored(bureau: Bureau) -> None:
    whole = shipped_year(2020)
    assert whole is not None
    torn = replace(whole, rest=whole.rest | {date(2020, 9, 27): "停工"})
    with pytest.raises(Refused, match="2020-09-27既放假又上班"):
        scheduling.load_year(torn, by=bureau.clerk, at=day("2020-06-05"))
    with pytest.raises(Refused, match="没有要录入的年份"):
        scheduling.load_year(by=bureau.clerk, at=day("2020-06-05"))
    assert not CalendarYear.objects.exists()


def test_dates_reckoned_by_an_older_version_are_recounted(bureau: Bureau, items: list[Assignment]) -> None:
    """A year that came with a new version of the software: nothing moves until somebody has seen what."""
    contact = Clock.objects.get(assignment=items[1], kind=ClockKind.CONTACT)
    Clock.objects.filter(pk=contact.pk).update(due_on=date(2020, 6, 26), provisional=True)
    (found,) = preview(bureau.unit)
    assert (found.clock.pk, found.old, found.new) == (contact.pk, date(2020, 6, 26), contact.due_on)
    with pytest.raises(Refused, match="专职人员、办公室主任"):
        scheduling.recount(by=bureau.handler, at=day("2020-06-05"))
    assert len(scheduling.recount(by=bureau.clerk, at=day("2020-06-05"))) == 1
    contact.refresh_from_db()
    assert (contact.due_on, contact.provisional) == (date(2020, 6, 29), False)
    with pytest.raises(Refused, match="在走的时限都与工作日历相符"):
        scheduling.recount(by=bureau.clerk, at=day("2020-06-05"))
