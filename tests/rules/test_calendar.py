"""工作日历 (R24): the shipped days against the notices, against arithmetic and against two packages."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from huiyin.rules.calendar import Calendar, CalendarError, Year, shipped
from huiyin.rules.periods import Period, reckon

NOTICES = range(2004, 2027)
DAYS = [date(2004, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2004, 1, 1)).days)]
# 国办发明电〔2005〕35号: “12月31日（星期六）上班”. holidays has it, chinesecalendar and the shipped 2005.toml have not.
LOST = date(2005, 12, 31)

WORKING = [
    ("2004-10-10", "周日", "国庆节调休上班"),
    ("2005-12-31", "周六", "元旦调休上班"),
    ("2006-12-31", "周日", "元旦调休上班"),  # for the year after
    ("2008-05-04", "周日", "劳动节调休上班"),
    ("2014-01-30", "周四", ""),  # 除夕 was no holiday in 2014
    ("2015-09-06", "周日", "抗战胜利70周年纪念日调休上班"),
    ("2019-04-28", "周日", "劳动节调休上班"),
    ("2020-01-19", "周日", "春节调休上班"),
    ("2020-02-03", "周一", ""),
    ("2024-02-09", "周五", ""),  # 除夕 again
    ("2024-02-18", "周日", "春节调休上班"),
    ("2026-01-04", "周日", "元旦调休上班"),
    ("2026-02-14", "周六", "春节调休上班"),
]
RESTING = [
    ("2007-05-07", "周一", "劳动节"),  # the last golden week of May
    ("2007-12-31", "周一", "元旦"),  # of the year after
    ("2008-04-04", "周五", "清明节"),  # the first that was a holiday
    ("2009-10-08", "周四", "国庆节"),
    ("2012-01-03", "周二", "元旦"),
    ("2015-09-03", "周四", "抗战胜利70周年纪念日"),
    ("2020-01-31", "周五", "春节"),  # 国办发明电〔2020〕1号 extended the Spring Festival
    ("2020-02-01", "周六", "春节"),  # and took this make-up day back
    ("2020-02-02", "周日", "春节"),
    ("2020-02-08", "周六", "周末"),
    ("2025-01-28", "周二", "春节"),  # 除夕 is one since 2025
    ("2026-02-23", "周一", "春节"),
    ("2026-10-07", "周三", "国庆节"),
]


@pytest.mark.parametrize(("text", "weekday", "reason"), WORKING)
def test_a_working_day(text: str, weekday: str, reason: str) -> None:
    day = date.fromisoformat(text)
    assert "周" + "一二三四五六日"[day.weekday()] == weekday
    assert (shipped().is_workday(day), shipped().reason(day)) == (True, reason)


@pytest.mark.parametrize(("text", "weekday", "reason"), RESTING)
def test_a_rest_day(text: str, weekday: str, reason: str) -> None:
    day = date.fromisoformat(text)
    assert "周" + "一二三四五六日"[day.weekday()] == weekday
    assert (shipped().is_workday(day), shipped().reason(day)) == (False, reason)


def test_every_year_since_2004_is_known() -> None:
    assert shipped().years >= set(NOTICES)
    assert all(shipped().knows(day) for day in DAYS)


@pytest.mark.parametrize(
    ("first", "last", "holidays"),
    [
        pytest.param(2004, 2007, 4 * 10),
        (2008, 2024, 17 * 11 + 1 + 2),  # 2015-09-03; 2020-01-31 and the make-up day taken back
        (2025, 2026, 2 * 13),
    ],
)
def test_weekdays_off_less_weekends_worked_are_the_statutory_holidays(
    first: int, last: int, holidays: int
) -> None:
    """《全国年节及纪念日放假办法》of 1999, 2007 and 2024: swapping days about gives and takes nothing."""
    days = [day for day in DAYS if first <= day.year <= last]
    off = sum(day.weekday() < 5 and not shipped().is_workday(day) for day in days)
    assert off - sum(day.weekday() >= 5 and shipped().is_workday(day) for day in days) == holidays


def differing(is_workday: Callable[[date], bool], years: set[int]) -> set[date]:
    return {d for d in DAYS if d.year in years and shipped().is_workday(d) != is_workday(d)}


def test_every_day_agrees_with_chinesecalendar() -> None:
    package = pytest.importorskip("chinese_calendar")
    assert differing(package.is_workday, {day.year for day in package.constants.holidays}) <= {LOST}


def test_every_day_agrees_with_holidays() -> None:
    package = pytest.importorskip("holidays")
    china = package.country_holidays("CN", years=NOTICES)
    assert differing(china.is_working_day, set(NOTICES)) <= {LOST}


def test_an_unlisted_year_goes_by_weekdays() -> None:
    calendar = shipped()
    days = [date(1990, 1, 1) + timedelta(n) for n in range(111 * 365)]
    unlisted = [day for day in days if day.year not in calendar.years]
    assert {1990, 2003, 2099} <= {day.year for day in unlisted}
    for day in unlisted:
        found = calendar.knows(day), calendar.is_workday(day), calendar.reason(day)
        assert found == ((False, True, "") if day.weekday() < 5 else (False, False, "周末")), day


def test_a_date_through_an_unlisted_year_is_provisional() -> None:
    known = shipped()
    unlisted = replace(known, years=known.years - {2026})
    for calendar, provisional in ((known, False), (unlisted, True)):
        found = reckon(date(2025, 12, 30), Period.parse("5wd"), calendar=calendar)
        assert (found.provisional, "2026年放假安排尚未录入" in found.steps[-1]) == (provisional, provisional)


GOOD = 'source = "通知"\n[rest]\n2030-01-01 = "元旦"\n[work]\n2030-01-05 = "元旦"\n'


def test_an_office_can_add_a_year(tmp_path: Path) -> None:
    (tmp_path / "2030.toml").write_text(GOOD, encoding="utf-8")
    calendar = Calendar.load(tmp_path)
    assert calendar.years == {2030}
    assert [calendar.is_workday(date(2030, 1, n)) for n in (1, 2, 5, 6)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("name", "old", "new", "why"),
    [
        ("明年.toml", "", "", "文件名应是年份"),
        ("2030.toml", '"通知"', "通知", "不是有效的 TOML"),
        ("2030.toml", "[work]\n", "", "应有 source、rest、work 三部分"),
        ("2030.toml", "2030-01-01", "2030-02-30", "“2030-02-30”不是日期"),
        ("2030.toml", "2030-01-01", "2031-01-01", "2031-01-01不在这一年"),
        ("2030.toml", "2030-01-01", "2030-01-05", "2030-01-05既放假又上班"),
        ("2030.toml", "2030-01-05", "2030-01-04", "2030-01-04本是工作日"),
        ("2030.toml", "[rest]\n", '[rest]\n2030-01-01 = "元旦"\n', "不是有效的 TOML（日期重复也在此列）"),
    ],
)
def test_a_slip_in_a_file_is_named(tmp_path: Path, name: str, old: str, new: str, why: str) -> None:
    (tmp_path / name).write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(CalendarError, match=f"^{name}：.*{why}"):
        Calendar.load(tmp_path)


@pytest.mark.parametrize("name", ["0001", "0999", "2201", "9999"])
def test_a_year_nobody_keeps_a_calendar_of_is_refused(name: str) -> None:
    with pytest.raises(CalendarError, match="年份应在1949到2200之间"):
        Year.parse(name, 'source = "x"\n[rest]\n[work]\n')
