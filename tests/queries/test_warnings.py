"""提醒：which warnings fall on which day, reckoned by hand: each rung, each ladder, rest days, spans, and to whom."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from huiyin.actions._journal import record_item
from huiyin.models import Assignment, Clock, Event, Suggestion
from huiyin.queries.warnings import Reminder, reminders, rung
from huiyin.rules import calendar, profile
from huiyin.rules.vocabulary import ClockKind, Deed, NoticeKind, Status
from tests.conftest import Bureau, day

DAY = timedelta(days=1)
Place = tuple[str, str, int] | None


def step(due: str, on: str, key: str = "main", **how: Any) -> Place:
    """(the day it fell on, its name, how many posts are told) of the latest rung by that day."""
    ladder = profile.named("jiangxi").ladder(key)
    found = rung(ladder, date.fromisoformat(due), date.fromisoformat(on), calendar=calendar.shipped(), **how)
    return (found.day.isoformat(), found.name, len(found.posts)) if found else None


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2020-06-07", None),
        (
            "2020-06-08",
            ("2020-06-08", "15", 1),
        ),  # 25 to 27 June is a holiday, and 28 June, a Sunday, is worked
        ("2020-06-17", ("2020-06-08", "15", 1)),
        ("2020-06-18", ("2020-06-18", "7", 2)),
        ("2020-06-23", ("2020-06-18", "7", 2)),
        ("2020-06-24", ("2020-06-24", "3", 3)),
        ("2020-06-28", ("2020-06-24", "3", 3)),
        ("2020-06-29", ("2020-06-29", "1", 4)),
        ("2020-06-30", ("2020-06-29", "1", 4)),  # the day itself is on the desk, and no rung
        ("2020-07-02", ("2020-06-29", "1", 4)),
        ("2020-07-03", ("2020-07-03", "+3", 5)),
        ("2020-07-05", ("2020-07-03", "+3", 5)),
        ("2020-07-06", ("2020-07-06", "+6", 5)),
        ("2020-12-27", ("2020-12-27", "+180", 5)),
    ],
)
def test_rungs_count_working_days_before_and_days_after(on: str, expected: Place) -> None:
    assert step("2020-06-30", on) == expected


@pytest.mark.parametrize(
    ("due", "last"),
    [("2020-08-29", "2020-08-28"), ("2020-08-30", "2020-08-28"), ("2020-10-04", "2020-09-30")],
)
def test_due_on_a_rest_day_the_last_warning_goes_out_by_the_working_day_before(due: str, last: str) -> None:
    assert step(due, due) == (last, "1", 4)
    assert step(due, (date.fromisoformat(last) - DAY).isoformat()) != (last, "1", 4)


def test_key_and_minor_ladders_have_their_own_rhythm() -> None:
    assert step("2020-06-30", "2020-06-01", "key") == ("2020-06-01", "20", 1)
    assert step("2020-06-30", "2020-07-02", "key") == ("2020-07-02", "+2", 5)
    assert step("2020-06-30", "2020-06-18", "minor") is None
    assert step("2020-06-30", "2020-06-24", "minor") == ("2020-06-24", "3", 1)


def test_a_chased_evaluation_is_chased_so_often_and_no_more() -> None:
    assert step("2020-06-30", "2020-07-06", "minor", most=2) == ("2020-07-06", "+6", 3)
    assert step("2020-06-30", "2020-09-30", "minor", most=2) == ("2020-07-06", "+6", 3)
    assert step("2020-06-30", "2020-09-30", "minor", most=0) == ("2020-06-29", "1", 2)


# 一件承办件: 第082号 is assigned on 29 May 2020; its reply is due on Saturday, 29 August.


def due(bureau: Bureau, on: str, since: str = "") -> dict[str, Reminder]:
    """What is due on one day (or after `since`), by what it is about."""
    day = date.fromisoformat(on)
    found = reminders(bureau.unit, since=date.fromisoformat(since) if since else day - DAY, on=day)
    assert len({one.key for one in found}) == len(found)
    return {one.words.split("已")[0].split("还剩")[0]: one for one in found}


def names(bureau: Bureau, one: Reminder) -> list[str]:
    keys = {person.pk: key for key, person in bureau.people.items()}
    return [keys[pk] for pk in one.people]


LADDER = {
    "2020-08-10": ["handler"],
    "2020-08-20": ["handler", "head"],
    "2020-08-26": ["handler", "head", "business_leader"],
    "2020-08-28": ["handler", "head", "business_leader", "handling_leader"],
    "2020-09-01": ["handler", "head", "business_leader", "handling_leader", "chief"],
    "2020-09-04": ["handler", "head", "business_leader", "handling_leader", "chief"],
}


def test_a_reply_climbs_the_ladder(bureau: Bureau) -> None:
    item = bureau.handling()
    Assignment.objects.update(chief_leader=bureau.chief)
    start = date(2020, 6, 20)
    told = {}
    for on in (start + DAY * n for n in range(77)):
        for one in due(bureau, on.isoformat()).values():
            if one.item == item and "书面答复" in one.words:
                told[on.isoformat()] = names(bureau, one)
    assert told == LADDER


@pytest.mark.parametrize(
    ("on", "words"),
    [
        (
            "2020-08-26",
            "书面答复还剩2个工作日（8月29日到期）",
        ),  # a Saturday: two working days are left after this one
        ("2020-08-28", "书面答复还剩1天，其间没有工作日（8月29日到期）"),
        ("2020-09-01", "书面答复已逾期3天（8月29日到期）"),
    ],
)
def test_the_words_say_how_it_stands_that_day(bureau: Bureau, on: str, words: str) -> None:
    bureau.handling()
    assert due(bureau, on)["书面答复"].words == words


def test_provisional_dates_are_marked_and_other_years_named(bureau: Bureau) -> None:
    bureau.handling()
    Clock.objects.filter(kind=ClockKind.REPLY).update(due_on=date(2021, 1, 4), provisional=True)
    assert due(bureau, "2020-12-29")["书面答复"].words == "书面答复还剩3个工作日（2021年1月4日到期，暂定）"


def test_a_key_item_is_warned_of_more_closely(bureau: Bureau) -> None:
    bureau.handling()
    Suggestion.objects.update(level="key")
    assert [due(bureau, on)["书面答复"].key[-2:] for on in ("2020-08-30", "2020-08-31")] == ["+1", "+2"]
    assert due(bureau, "2020-08-03")["书面答复"].key.endswith(":20")


def test_stopped_paused_and_window_clocks_are_silent(bureau: Bureau) -> None:
    bureau.handling()
    running = Clock.objects.get(kind=ClockKind.REPLY)
    assert "书面答复" in due(bureau, "2020-08-20")
    for change in ({"paused": True}, {"stopped_on": date(2020, 7, 1)}):
        Clock.objects.filter(pk=running.pk).update(**change)
        assert "书面答复" not in due(bureau, "2020-08-20", since="2020-08-01")
        Clock.objects.filter(pk=running.pk).update(paused=False, stopped_on=None)
    assert Clock.objects.filter(kind=ClockKind.RETURN).exists()
    Clock.objects.filter(kind=ClockKind.RETURN).update(stopped_on=None, due_on=date(2020, 6, 12))
    assert "申请退办" not in due(bureau, "2020-06-30", since="2020-05-01")


def test_a_moved_date_is_warned_of_anew_and_under_another_key(bureau: Bureau) -> None:
    bureau.handling()
    before = due(bureau, "2020-08-20")["书面答复"]
    Clock.objects.filter(kind=ClockKind.REPLY).update(due_on=date(2020, 9, 28))
    assert "书面答复" not in due(bureau, "2020-08-26")
    after = due(bureau, "2020-09-18")["书面答复"]  # 27 September, a Sunday, is worked
    assert (before.key[-10:], after.key[-10:]) == ("20200829:7", "20200928:7")


def test_empty_posts_and_people_who_left_are_passed_over(bureau: Bureau) -> None:
    item = bureau.handling()
    type(bureau.head).objects.filter(pk=bureau.head.pk).update(is_active=False)
    Assignment.objects.filter(pk=item.pk).update(business_leader=None)
    assert names(bureau, due(bureau, "2020-08-28")["书面答复"]) == ["handler", "handling_leader"]


def test_where_nobody_is_named_yet_the_clerk_hears(bureau: Bureau) -> None:
    bureau.register()
    Assignment.objects.update(clerk=None)
    assert names(bureau, due(bureau, "2020-08-20")["书面答复"]) == ["clerk"]


def test_an_outage_of_ten_days_is_made_up_with_the_latest_only(bureau: Bureau) -> None:
    bureau.handling()
    found = reminders(bureau.unit, since=date(2020, 8, 18), on=date(2020, 8, 28))
    reply = [one for one in found if "书面答复" in one.words]
    assert [one.key[-10:] for one in reply] == ["20200829:1"]


def test_the_first_day_tells_how_things_stand_not_what_was(bureau: Bureau) -> None:
    bureau.handling()
    found = reminders(bureau.unit, since=None, on=date(2021, 8, 28))
    reply = [one for one in found if "书面答复" in one.words]
    assert [one.words for one in reply] == ["书面答复已逾期364天（2020年8月29日到期）"]


def test_no_rung_of_before_the_clock_started(bureau: Bureau) -> None:
    bureau.assigning()
    Clock.objects.filter(kind=ClockKind.REPLY).update(start_on=date(2020, 8, 20))
    assert "书面答复" not in due(bureau, "2020-08-21", since="2020-08-01")
    assert "书面答复" in due(bureau, "2020-08-26", since="2020-08-01")


# 各有其主的时限


def test_an_opinion_asked_is_the_handlers_and_the_clerks_to_chase(bureau: Bureau, nankang: Any) -> None:
    item = bureau.handling()
    bureau.ask(item, nankang)
    date_asked = Clock.objects.get(kind=ClockKind.ASKED).due_on
    late = (date_asked + DAY * 3).isoformat()
    one = due(bureau, late)["南康区政府提协办意见"]
    assert names(bureau, one)[:2] == ["handler", "clerk"]
    assert "已逾期3天" in one.words


def test_a_promise_is_its_owners_first(bureau: Bureau) -> None:
    item = bureau.contacted()
    promise = bureau.promise(item)
    promise.owner = bureau.other_handler
    promise.save()
    one = due(bureau, "2020-10-28")["落实承诺"]
    assert names(bureau, one) == ["other_handler", "handler"]


def test_an_evaluation_is_the_clerks_alone(bureau: Bureau) -> None:
    bureau.delivered()
    clock = Clock.objects.get(kind=ClockKind.EVALUATION)
    first, second = (due(bureau, (clock.due_on + DAY * n).isoformat()) for n in (3, 6))
    assert names(bureau, first["代表评价"]) == ["clerk"]
    assert second["代表评价"].words.endswith("，请催请代表评价（第2次，共2次）")
    assert "代表评价" not in due(bureau, (clock.due_on + DAY * 9).isoformat())


# 停滞


def test_a_cold_item_is_told_once_a_spell_to_handler_and_head(bureau: Bureau) -> None:
    item = bureau.handling()  # accepted on 2 June 2020: 15 working days later is 23 June
    assert not _cold(bureau, "2020-06-22")
    [one] = _cold(bureau, "2020-06-23")
    assert names(bureau, one) == ["handler", "head"]
    assert one.words == "已有15个工作日没有办理动作（最近一次是6月2日签收）"
    assert not _cold(bureau, "2020-07-10", since="2020-06-23")
    bureau.contact(item, at="2020-07-13")
    assert Event.objects.latest("pk").deed == "contact"
    [again] = _cold(bureau, "2020-08-03")
    assert again.key != one.key


def test_urging_a_cold_item_does_not_warm_it(bureau: Bureau) -> None:
    item = bureau.handling()
    [one] = _cold(bureau, "2020-06-23")
    record_item(
        item, Deed.URGE, by=bureau.clerk, at=day("2020-06-12"), source=Status.HANDLING, target=Status.HANDLING
    )
    assert _cold(bureau, "2020-06-23") == [one]


def test_an_item_whose_time_is_suspended_or_that_is_answered_is_not_cold(bureau: Bureau) -> None:
    bureau.handling()
    Clock.objects.filter(kind=ClockKind.REPLY).update(paused=True)
    assert not _cold(bureau, "2020-06-23")
    Clock.objects.update(paused=False)
    Assignment.objects.update(status=Status.EVALUATING)
    assert not _cold(bureau, "2020-06-23")


def _cold(bureau: Bureau, on: str, since: str = "") -> list[Reminder]:
    day = date.fromisoformat(on)
    found = reminders(bureau.unit, since=date.fromisoformat(since) if since else day - DAY, on=day)
    return [one for one in found if "没有办理动作" in one.words]


# 工作日历


def test_missing_holidays_are_asked_for_once_a_week_from_november(bureau: Bureau) -> None:
    bureau.handling()
    Clock.objects.filter(kind=ClockKind.REPLY).update(due_on=date(2027, 6, 1), provisional=True)
    begin = date(2026, 10, 1)
    told = {}
    for on in (begin + DAY * n for n in range(92)):
        for one in reminders(bureau.unit, since=on - DAY, on=on):
            if one.kind == NoticeKind.SYSTEM:
                told[on.isoformat()] = one
    assert list(told)[:3] == ["2026-11-01", "2026-11-02", "2026-11-09"]
    assert len(told) == 1 + 9
    one = told["2026-11-09"]
    assert names(bureau, one) == ["clerk", "director"]
    assert one.words.startswith("2027年的放假安排尚未录入，现有1个时限为暂定")


def test_units_are_apart(bureau: Bureau) -> None:
    bureau.handling()
    other = bureau.people["stranger"].unit
    assert other and not reminders(other, since=None, on=date(2020, 8, 28))
    assert reminders(bureau.unit, since=None, on=date(2020, 8, 28))


def test_more_clocks_make_no_more_queries(bureau: Bureau, django_assert_max_num_queries: Any) -> None:
    for number in ("082", "083", "084"):
        bureau.handling(number=number)
    with django_assert_max_num_queries(12):
        found = reminders(bureau.unit, since=date(2020, 8, 27), on=date(2020, 8, 28))
    assert sum("书面答复" in one.words for one in found) == 3
