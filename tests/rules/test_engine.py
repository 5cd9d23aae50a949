"""时限推算 (R9, R20–R26): pauses, extensions, fixed dates and calendars, against counting day by day on one's fingers."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from huiyin.rules.calendar import Calendar, Year, shipped
from huiyin.rules.periods import DAY, Due, Extension, Pause, Period, Unit, before, reckon

SHIPPED = shipped()
STARTS = st.dates(date(2019, 1, 1), date(2027, 6, 30))
LONGEST = {Unit.MONTH: 12, Unit.WORKDAY: 120, Unit.DAY: 250}
PERIODS = st.one_of(
    [st.builds(Period, st.integers(1, most), st.just(unit)) for unit, most in LONGEST.items()]
)
unhurried, thorough = settings(deadline=None, max_examples=60), settings(deadline=None, max_examples=200)


@dataclass(frozen=True)
class Duty:
    """A clock's columns, as the model keeps them."""

    start: date
    period: Period
    roll: bool
    fixed: date | None
    pauses: tuple[Pause, ...]
    extension: Extension | None

    def due(self, calendar: Calendar = SHIPPED) -> Due:
        return reckon(
            self.start, self.period, calendar=calendar, roll=self.roll, no_later_than=self.fixed,
            pauses=self.pauses, extension=self.extension,
        )  # fmt: skip


@st.composite
def duties(draw: st.DrawFn) -> Duty:
    start = draw(STARTS)
    pauses = draw(st.lists(st.tuples(st.integers(-20, 200), st.integers(1, 60) | st.none()), max_size=4))
    extension = draw(st.none() | st.tuples(st.integers(1, 150), st.integers(1, 120)))
    fixed = draw(st.none() | st.integers(1, 300))
    agreed = start + DAY * extension[0] if extension else None
    return Duty(
        start, draw(PERIODS), draw(st.booleans()), start + DAY * fixed if fixed else None,
        tuple(
            Pause(start + DAY * offset, start + DAY * (offset + length) if length else None)
            for offset, length in pauses
        ),
        Extension(agreed, agreed + DAY * extension[1]) if extension and agreed else None,
    )  # fmt: skip


def works(day: date, calendar: Calendar) -> bool:
    return day in calendar.work or (day.weekday() < 5 and day not in calendar.rest)


def paused_days(pauses: Sequence[Pause]) -> set[date]:
    """Every day of every pause; a set holds each once."""
    days = set[date]()
    for one in pauses:
        day = one.from_on
        while one.to_on and day < one.to_on:
            days.add(day)
            day += DAY
    return days


def month_end(day: date) -> bool:
    return (day + DAY).day == 1


def by_hand(duty: Duty, calendar: Calendar) -> tuple[date, set[date]]:
    """The due date counted one day at a time, and the days whose being at work or at rest was looked up."""
    asleep, looked_up = paused_days(duty.pauses), set[date]()
    if duty.extension:
        return counted(duty.extension.on, (duty.extension.to - duty.extension.on).days, asleep), looked_up
    if duty.period.unit == Unit.WORKDAY:
        day, left = duty.start, duty.period.count
        while left:
            day += DAY
            looked_up.add(day)
            left -= works(day, calendar) and day not in asleep
    else:
        plain = duty.start
        firsts = 0
        while duty.period.unit == Unit.MONTH:
            plain += DAY
            firsts += plain.day == 1
            if firsts == duty.period.count and (plain.day == duty.start.day or month_end(plain)):
                break
        length = duty.period.count if duty.period.unit == Unit.DAY else (plain - duty.start).days
        day = counted(duty.start, length, asleep)
        while duty.roll:
            looked_up.add(day)
            if works(day, calendar):
                break
            day += DAY
    due = min(day, duty.fixed) if duty.fixed else day
    return due, {one for one in looked_up if one <= due}


def counted(start: date, length: int, asleep: set[date]) -> date:
    day, left = start, length
    while left:
        day += DAY
        left -= day not in asleep
    return day


@thorough
@given(duties())
def test_every_date_is_as_counted_by_hand(duty: Duty) -> None:
    found, (expected, _) = duty.due(), by_hand(duty, SHIPPED)
    assert found.due == expected


@thorough
@given(duties(), st.integers(2019, 2028))
def test_a_date_is_provisional_exactly_when_an_unknown_year_was_looked_at(duty: Duty, unknown: int) -> None:
    calendar = Calendar(
        SHIPPED.years - {unknown},
        {day: name for day, name in SHIPPED.rest.items() if day.year != unknown},
        {day: name for day, name in SHIPPED.work.items() if day.year != unknown},
    )
    found, (_, looked_up) = duty.due(calendar), by_hand(duty, calendar)
    years = sorted({day.year for day in looked_up if day.year not in calendar.years})
    assert found.provisional == bool(years)
    told = f"{'、'.join(map(str, years))}年放假安排尚未录入，此日期为暂定"
    assert (told in found.steps) == bool(years)


@st.composite
def changes(draw: st.DrawFn) -> tuple[Calendar, date]:
    """The shipped calendar with one day turned about, and that day."""
    day = draw(st.dates(date(2019, 1, 1), date(2026, 12, 31)))
    rest, work = dict(SHIPPED.rest), dict(SHIPPED.work)
    if works(day, SHIPPED):
        work.pop(day, None)
        rest[day] = "停工"
    else:
        rest.pop(day, None)
        work |= {day: "调休"} if day.weekday() >= 5 else {}
    return Calendar(SHIPPED.years, rest, work), day


@thorough
@given(st.lists(duties(), min_size=1, max_size=5), changes())
def test_a_day_turned_about_moves_exactly_the_dates_that_counting_moves(
    found: list[Duty], change: tuple[Calendar, date]
) -> None:
    after, day = change
    moved = [place for place, duty in enumerate(found) if duty.due().due != duty.due(after).due]
    by_finger = [
        place for place, duty in enumerate(found) if by_hand(duty, SHIPPED)[0] != by_hand(duty, after)[0]
    ]
    assert moved == by_finger
    for duty in found:  # and nothing moves that never came near the day
        if max(duty.due().due, duty.due(after).due) < day or duty.start >= day:
            assert duty.due().due == duty.due(after).due


@unhurried
@given(duties(), st.randoms(use_true_random=False))
def test_pauses_count_once_however_they_lie(duty: Duty, chance: object) -> None:
    days = sorted(paused_days(duty.pauses))
    singles = tuple(Pause(day, day + DAY) for day in days)
    still = tuple(one for one in duty.pauses if one.to_on is None)
    chance.shuffle(pieces := list(singles))  # type: ignore[attr-defined]
    whole = duty.due()
    for same in (singles + still, tuple(pieces) + still, duty.pauses * 2, duty.pauses[::-1]):
        other = Duty(duty.start, duty.period, duty.roll, duty.fixed, same, duty.extension).due()
        assert (other.due, other.provisional, other.skipped, other.steps) == (
            whole.due, whole.provisional, whole.skipped, whole.steps,
        )  # fmt: skip


def test_two_overlapping_pauses_of_ten_days_are_fifteen() -> None:
    start, calendar = date(2026, 3, 10), SHIPPED
    pauses = [Pause(date(2026, 4, 1), date(2026, 4, 11)), Pause(date(2026, 4, 6), date(2026, 4, 16))]
    found = reckon(start, Period.parse("3m"), calendar=calendar, pauses=pauses)
    assert found.due == date(2026, 6, 10) + timedelta(15)
    assert "中止计时15天不计入，顺延到2026年6月25日（周四）" in found.steps
    assert len(found.skipped) == 15


def test_a_pause_moves_the_period_and_not_the_organs_fixed_date() -> None:
    pauses = [Pause(date(2026, 4, 1), date(2026, 5, 1))]
    for fixed, expected in ((date(2026, 6, 30), "2026-06-30"), (date(2026, 7, 31), "2026-07-10")):
        found = reckon(
            date(2026, 3, 10), Period.parse("3m"), calendar=SHIPPED, no_later_than=fixed, pauses=pauses
        )
        assert found.due.isoformat() == expected
    only_fixed = reckon(
        date(2026, 3, 10), None, calendar=SHIPPED, no_later_than=date(2026, 6, 30), pauses=pauses
    )
    assert only_fixed.due == date(2026, 6, 30)


@unhurried
@given(duties())
def test_the_earlier_of_period_and_fixed_date_until_an_extension_replaces_both(duty: Duty) -> None:
    fixed = duty.fixed or duty.start + DAY * 30
    alone = Duty(duty.start, duty.period, duty.roll, None, duty.pauses, None).due().due
    both = Duty(duty.start, duty.period, duty.roll, fixed, duty.pauses, None).due().due
    assert both == min(alone, fixed)
    agreed = Extension(duty.start + DAY * 10, duty.start + DAY * 400)
    without = Duty(duty.start, duty.period, duty.roll, fixed, (), agreed).due()
    assert (without.due, without.provisional) == (agreed.to, False)
    early = (Pause(duty.start + DAY, agreed.on + DAY),)  # all of it before the agreement knew of it
    assert Duty(duty.start, duty.period, duty.roll, fixed, early, agreed).due().due == agreed.to


def test_a_pause_after_the_agreement_moves_the_agreed_date() -> None:
    agreed = Extension(date(2026, 6, 1), date(2026, 8, 10))
    found = reckon(
        date(2026, 3, 10), Period.parse("3m"), calendar=SHIPPED, extension=agreed,
        pauses=[Pause(date(2026, 5, 20), date(2026, 6, 6)), Pause(date(2026, 7, 1), date(2026, 7, 11))],
    )  # fmt: skip
    assert found.due == date(2026, 8, 24)  # 4 days of June and 10 of July
    assert "2026年6月1日（周一）经同意延期至2026年8月10日（周一），以此日为准" in found.steps
    assert "延期后中止计时14天，顺延到2026年8月24日（周一）" in found.steps


def test_while_a_pause_lasts_the_date_stands_and_says_so() -> None:
    plain = reckon(date(2026, 3, 10), Period.parse("3m"), calendar=SHIPPED)
    lasting = reckon(
        date(2026, 3, 10), Period.parse("3m"), calendar=SHIPPED, pauses=[Pause(date(2026, 4, 1))]
    )
    assert (lasting.due, lasting.steps[-1]) == (plain.due, "现中止计时，恢复后重新推算")


@thorough
@given(duties(), st.integers(2019, 2026))
def test_what_is_firm_stands_when_a_missing_year_arrives_and_what_is_provisional_becomes_firm(
    duty: Duty, year: int
) -> None:
    assume(duty.due().due.year <= 2026)
    missing = SHIPPED.joined([])
    missing = Calendar(
        missing.years - {year},
        {day: name for day, name in missing.rest.items() if day.year != year},
        {day: name for day, name in missing.work.items() if day.year != year},
    )
    rest = {day: name for day, name in SHIPPED.rest.items() if day.year == year}
    work = {day: name for day, name in SHIPPED.work.items() if day.year == year}
    arrived = missing.joined([Year(year, "通知", rest, work)])
    assert arrived == SHIPPED
    without, known = duty.due(missing), duty.due(arrived)
    assert without.provisional or without.due == known.due
    assert not known.provisional


IMPOSSIBLE = [
    ({"period": None}, "既没有期限，也没有定日"),
    ({"start": date.max, "period": Period.parse("1m")}, "自9999-12-31起1个月超出了日历能表示的范围"),
    ({"start": date(9990, 1, 1), "period": Period.parse("5000wd")}, "自9990-01-01起5000个工作日超出了"),
    ({"start": date(9999, 1, 1), "period": Period.parse("5000d")}, "自9999-01-01起5000日超出了"),
    ({"pauses": [Pause(date(9999, 12, 1), date.max)], "start": date(9999, 11, 29)}, "超出了日历能表示的范围"),
    (
        {"extension": Extension(date(9999, 1, 1), date(9999, 12, 30)), "pauses": [Pause(date(9999, 2, 1), date(9999, 3, 1))]},
        "超出了日历能表示的范围",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("changed", "why"), IMPOSSIBLE)
def test_what_no_calendar_can_express_is_refused_in_a_sentence(changed: dict[str, object], why: str) -> None:
    facts: dict[str, object] = {"start": date(2026, 3, 10), "period": Period.parse("20wd"), **changed}
    began = time.monotonic()
    with pytest.raises(ValueError, match=why):
        reckon(facts.pop("start"), facts.pop("period"), calendar=SHIPPED, **facts)  # type: ignore[arg-type]
    assert time.monotonic() - began < 1


def test_rolling_off_the_last_day_of_all_is_refused() -> None:
    calendar = Calendar(frozenset({9999}), {date.max: "元旦"}, {})
    with pytest.raises(ValueError, match="自9999-12-30起1日超出了"):
        reckon(date(9999, 12, 30), Period.parse("1d"), calendar=calendar, roll=True)


@pytest.mark.parametrize("period", ["1m", "10d", "5wd", "5000wd"])
def test_before_the_first_day_of_all_is_refused(period: str) -> None:
    with pytest.raises(ValueError, match="超出了日历能表示的范围"):
        before(date(1, 1, 2), Period.parse(period), calendar=SHIPPED)


def test_a_pause_that_ends_before_it_begins_or_lasts_an_age_is_a_slip_of_the_pen() -> None:
    with pytest.raises(ValueError, match="2026年4月1日中止计时，恢复日2026年4月1日应在其后"):
        Pause(date(2026, 4, 1), date(2026, 4, 1))
    with pytest.raises(ValueError, match="恢复日2025年4月1日应在其后"):
        Pause(date(2026, 4, 1), date(2025, 4, 1))
    with pytest.raises(ValueError, match="2026年4月1日至9026年4月1日中止计时超过5000天，请核对日期"):
        Pause(date(2026, 4, 1), date(9026, 4, 1))


@pytest.mark.parametrize("count", [0, -3, 5001])
def test_a_period_of_nothing_or_of_an_age_is_refused(count: int) -> None:
    with pytest.raises(ValueError, match=f"不能是{count}"):
        Period(count, Unit.WORKDAY)


def test_a_pause_far_ahead_changes_nothing_and_takes_no_time() -> None:
    began = time.monotonic()
    far = [Pause(date(9980, 1, 1), date(9990, 1, 1)), Pause(date(3, 1, 1), date(9, 1, 1))]
    for period in ("3m", "30wd", "20d"):
        found = reckon(date(2026, 3, 10), Period.parse(period), calendar=SHIPPED, pauses=far)
        assert found == reckon(date(2026, 3, 10), Period.parse(period), calendar=SHIPPED)
    assert time.monotonic() - began < 1
