"""期限 (R20–R24): the vectors of evidence §7.5 by hand, and every date against counting on one's fingers."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from huiyin.rules.calendar import Calendar, shipped
from huiyin.rules.periods import DAY, Due, Period, Unit, add_workdays, reckon, workdays_between

SHIPPED = shipped()
DATES = st.dates(date(1990, 1, 1), date(2100, 12, 31)) | st.dates(date(2003, 1, 1), date(2027, 12, 31))
LONGEST = {Unit.MONTH: 60, Unit.WORKDAY: 500, Unit.DAY: 2000}
PERIODS = st.one_of(
    [st.builds(Period, st.integers(1, most), st.just(unit)) for unit, most in LONGEST.items()]
)
unhurried, thorough = settings(deadline=None), settings(deadline=None, max_examples=300)


def due(start: str | date, period: str | Period, *, roll: bool = False, calendar: Calendar = SHIPPED) -> Due:
    start = date.fromisoformat(start) if isinstance(start, str) else start
    period = Period.parse(period) if isinstance(period, str) else period
    return reckon(start, period, calendar=calendar, roll=roll)


# start: the due day after 5, 10, 15, 20 and 30 working days
WORKDAYS = {
    "2025-12-30": "2026-01-07 2026-01-14 2026-01-21 2026-01-28 2026-02-11",
    "2026-02-10": "2026-02-24 2026-03-02 2026-03-09 2026-03-16 2026-03-30",
    "2026-03-10": "2026-03-17 2026-03-24 2026-03-31 2026-04-08 2026-04-22",
    "2026-04-28": "2026-05-08 2026-05-14 2026-05-21 2026-05-28 2026-06-11",
    "2026-09-22": "2026-09-30 2026-10-13 2026-10-20 2026-10-27 2026-11-10",
}
# start, period, the due day, the due day rolled
BY_CALENDAR = [
    ("2026-03-10", "3m", "2026-06-10", "2026-06-10"),
    ("2026-03-10", "6m", "2026-09-10", "2026-09-10"),
    ("2025-11-30", "3m", "2026-02-28", "2026-02-28"),  # a working Saturday
    ("2025-08-31", "6m", "2026-02-28", "2026-02-28"),
    ("2026-01-31", "1m", "2026-02-28", "2026-02-28"),
    ("2026-01-06", "3m", "2026-04-06", "2026-04-07"),
    ("2026-07-03", "3m", "2026-10-03", "2026-10-08"),
    # beyond §7.5: leap years, a year's end, days
    ("2024-01-31", "1m", "2024-02-29", "2024-02-29"),
    ("2024-02-29", "12m", "2025-02-28", "2025-02-28"),
    ("2024-02-29", "48m", "2028-02-29", "2028-02-29"),
    ("2023-12-31", "1m", "2024-01-31", "2024-01-31"),
    ("2025-10-31", "2m", "2025-12-31", "2025-12-31"),
    ("2026-02-10", "20d", "2026-03-02", "2026-03-02"),
    ("2026-09-22", "10d", "2026-10-02", "2026-10-08"),
    ("2020-01-17", "14d", "2020-01-31", "2020-02-03"),  # the extended Spring Festival
    ("2024-02-28", "2d", "2024-03-01", "2024-03-01"),
]
WHY = [
    ("2025-12-30", "5wd", "2026年1月4日（周日）元旦调休上班，计入"),
    ("2026-02-10", "20wd", "2026年2月28日（周六）春节调休上班，计入"),
    ("2026-02-10", "20wd", "扣除14个休息日：春节9天、周末5天"),
    ("2026-03-10", "20wd", "扣除9个休息日：周末6天、清明节3天"),
    ("2026-04-28", "5wd", "扣除5个休息日：劳动节5天"),
    ("2026-09-22", "10wd", "扣除11个休息日：中秋节3天、国庆节7天、周末1天"),
    ("2026-01-06", "3m", "2026年4月6日（周一）是清明节，不顺延"),
    ("2026-01-31", "1m", "2月没有31日，到月末日"),
    ("2026-01-31", "1m", "2026年1月31日（周六）起算，当日不计入"),
    ("2099-03-10", "1wd", "2099年放假安排尚未录入，此日期为暂定"),
]


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        (start, count, one)
        for start, row in WORKDAYS.items()
        for count, one in zip((5, 10, 15, 20, 30), row.split(), strict=True)
    ],
)
def test_vectors_of_working_days(start: str, count: int, expected: str) -> None:
    for roll in (False, True):  # which is no matter: the day is a working day
        found = due(start, f"{count}wd", roll=roll)
        assert (found.due.isoformat(), found.provisional) == (expected, False)


@pytest.mark.parametrize(("start", "period", "kept", "rolled"), BY_CALENDAR)
def test_vectors_of_months_and_days(start: str, period: str, kept: str, rolled: str) -> None:
    assert due(start, period).due.isoformat() == kept
    assert due(start, period, roll=True).due.isoformat() == rolled


@pytest.mark.parametrize(("start", "period", "sentence"), WHY)
def test_it_says_why(start: str, period: str, sentence: str) -> None:
    assert sentence in due(start, period).steps


@pytest.mark.parametrize(
    ("start", "period", "fixed", "expected", "provisional"),
    [
        ("2026-03-10", "3m", "2026-05-31", "2026-05-31", False),
        ("2026-03-10", "3m", "2026-06-09", "2026-06-09", False),
        ("2026-03-10", "3m", "2026-06-10", "2026-06-10", False),
        ("2026-03-10", "3m", "2026-06-30", "2026-06-10", False),
        # no year without data before the fixed day
        ("2026-03-10", "999wd", "2026-06-30", "2026-06-30", False),
        ("2099-03-13", "1wd", "2099-06-30", "2099-03-16", True),
    ],
)
def test_the_earlier_of_period_and_fixed_day(
    start: str, period: str, fixed: str, expected: str, provisional: bool
) -> None:
    cap = date.fromisoformat(fixed)
    found = reckon(date.fromisoformat(start), Period.parse(period), calendar=SHIPPED, no_later_than=cap)
    assert (found.due.isoformat(), found.provisional) == (expected, provisional)


def works(day: date) -> bool:
    return day in SHIPPED.work or (day.weekday() < 5 and day not in SHIPPED.rest)


def counted(start: date, period: Period) -> date:
    """One day at a time: down one a day, one a working day, or one each first of a month."""
    day, left = start, period.count
    while True:
        day += DAY
        left -= {Unit.DAY: True, Unit.WORKDAY: works(day), Unit.MONTH: day.day == 1}[period.unit]
        there = period.unit != Unit.MONTH or day.day == start.day or (day + DAY).day == 1
        if left == 0 and there:
            return day


@thorough
@given(DATES, PERIODS, st.booleans())
@example(date(2100, 12, 31), Period(60, Unit.MONTH), True)
@example(date(2100, 12, 31), Period(500, Unit.WORKDAY), True)
@example(date(2100, 12, 31), Period(2000, Unit.DAY), True)
@example(date(2003, 12, 30), Period(1, Unit.WORKDAY), False)
@example(date(2003, 12, 31), Period(1, Unit.WORKDAY), False)
def test_any_date_as_counted_on_fingers(start: date, period: Period, roll: bool) -> None:
    expected = first = counted(start, period)
    while roll and not works(expected):
        expected += DAY
    looked_up: list[date] = []  # in the calendar
    if period.unit == Unit.WORKDAY:
        looked_up = [start + timedelta(n) for n in range(1, (expected - start).days + 1)]
    elif roll:
        looked_up = [first + timedelta(n) for n in range((expected - first).days + 1)]
    found = due(start, period, roll=roll)
    assert found.due == expected
    assert list(found.skipped) == [day for day in looked_up if not works(day)]
    assert found.provisional == any(day.year not in SHIPPED.years for day in looked_up)


def test_rolling_into_an_unlisted_year_is_provisional() -> None:
    only_2022 = Calendar(frozenset({2022}), {}, {})
    start = date(2022, 11, 30)
    for period, roll, expected, provisional in (
        ("31d", False, "2022-12-31", False),  # a Saturday
        ("31d", True, "2023-01-02", True),
        ("30d", True, "2022-12-30", False),
    ):
        found = due(start, period, roll=roll, calendar=only_2022)
        assert (found.due.isoformat(), found.provisional) == (expected, provisional)


def forgetting(year: int) -> Calendar:
    return Calendar(
        SHIPPED.years - {year},
        {day: name for day, name in SHIPPED.rest.items() if day.year != year},
        {day: name for day, name in SHIPPED.work.items() if day.year != year},
    )


@thorough
@given(st.integers(2004, 2026), st.integers(-300, 400), PERIODS, st.booleans())
def test_what_is_not_provisional_stands_when_the_year_arrives(
    year: int, offset: int, period: Period, roll: bool
) -> None:
    start = date(year, 1, 1) + timedelta(offset)
    before, after = due(start, period, roll=roll, calendar=forgetting(year)), due(start, period, roll=roll)
    assert before.provisional or before.due == after.due


def test_nor_does_a_fixed_day_hide_what_is_not_known() -> None:
    fixed = date(2026, 2, 16)
    before, after = (
        reckon(date(2026, 2, 13), Period(1, Unit.WORKDAY), calendar=calendar, no_later_than=fixed)
        for calendar in (forgetting(2026), SHIPPED)
    )
    assert after.due == date(2026, 2, 14)
    assert before.provisional or before.due == after.due


@unhurried
@given(DATES, PERIODS, st.integers(1, 60), st.booleans())
def test_later_starts_and_longer_periods_are_never_due_earlier(
    start: date, period: Period, more: int, roll: bool
) -> None:
    here = due(start, period, roll=roll).due
    assert start < here <= due(start + timedelta(more), period, roll=roll).due
    longer = replace(period, count=period.count + more)
    assert due(start, period).due < due(start, longer).due
    assert here <= due(start, longer, roll=roll).due


@unhurried
@given(DATES, st.integers(1, 500))
def test_working_days_there_and_back(start: date, count: int) -> None:
    there = add_workdays(start, count, calendar=SHIPPED)
    assert there == counted(start, Period(count, Unit.WORKDAY))
    assert workdays_between(start, there, calendar=SHIPPED) == count
    assert workdays_between(there, start, calendar=SHIPPED) == -count
    back = add_workdays(there, -count, calendar=SHIPPED)
    assert back == start if works(start) else back < start and works(back)


@unhurried
@given(DATES, st.integers(-400, 400), st.integers(-400, 400))
def test_working_days_between_add_up(start: date, one: int, two: int) -> None:
    middle, end = start + timedelta(one), start + timedelta(one + two)
    legs = (start, middle), (middle, end), (start, end), (start, start + DAY)
    first, second, whole, single = (workdays_between(*leg, calendar=SHIPPED) for leg in legs)
    assert (first + second, single) == (whole, works(start + DAY))


@pytest.mark.parametrize(
    ("text", "count", "unit", "label"),
    [
        ("3m", 3, Unit.MONTH, "3个月"),
        (" 15wd\n", 15, Unit.WORKDAY, "15个工作日"),
        ("20d", 20, Unit.DAY, "20日"),
        ("5000d", 5000, Unit.DAY, "5000日"),
    ],
)
def test_a_period_is_read_and_written(text: str, count: int, unit: Unit, label: str) -> None:
    period = Period.parse(text)
    assert (period, str(period), period.label) == (Period(count, unit), text.strip(), label)


MALFORMED = [
    "", "m", "3", "0m", "03m", "-3m", "+3m", "1.5m", "1e3d", "3 m", "3M", "3mm", "3m5d", "3w", "3y", "m3", "3m;",
    "5001d", "99999d", "3个月", "三m", "３m",
]  # fmt: skip


@pytest.mark.parametrize("text", MALFORMED)
def test_a_malformed_period_is_named(text: str) -> None:
    with pytest.raises(ValueError, match="写法不对，应是 3m") as caught:
        Period.parse(text)
    assert f"“{text}”" in str(caught.value)


@pytest.mark.parametrize("period", ["1m", "1d", "1wd"])
def test_beyond_the_last_date_is_said(period: str) -> None:
    with pytest.raises(ValueError, match=f"自9999-12-31起{Period.parse(period).label}超出了日历"):
        due("9999-12-31", period, roll=True)
