"""时钟：what a tick tells, once; digests; days made up; clocks that go wrong; the commands that tick."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from huiyin.actions import organising
from huiyin.actions.ticking import Ticked, rewind, tick
from huiyin.models import Assignment, Beat, Clock, Meeting, Notice, Person, Suggestion, Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.desk import waiting_for
from huiyin.rules.vocabulary import ClockKind, NoticeKind
from tests.conftest import Bureau, day

REPLY = "书面答复"  # of 第082号, due on Saturday, 29 August 2020


def told(kind: NoticeKind = NoticeKind.WARNING, about: str = REPLY) -> list[tuple[str, str]]:
    """(sign-in name, text) of the notices there are, in the order of people."""
    rows = Notice.objects.filter(kind=kind, text__contains=about).order_by("person")
    return [(one.person.username, one.text) for one in rows.select_related("person")]


def names(*about: str) -> list[str]:
    return sorted(name for name, _ in told(NoticeKind.WARNING, *about))


def quiet(bureau: Bureau, until: str) -> None:
    """What was due by then has been told, and the inboxes are cleared."""
    tick(at=day(until, 7))
    Notice.objects.all().delete()


def test_a_warning_says_which_item_what_and_until_when(bureau: Bureau) -> None:
    bureau.handling()
    quiet(bureau, "2020-08-19")
    done = tick(at=day("2020-08-20", 7))
    text = "第082号《关于协调港口用地指标落实项目用地保障的建议》书面答复还剩6个工作日（8月29日到期）"
    assert told() == [("head", text), ("handler", text)]
    assert [one.unit for one in done] == ["市自然资源局", "市水利局"]
    assert (done[0].notices or 0) >= 2
    assert done[1].notices == 0


@pytest.mark.parametrize("flag", ["secret", "confidential"])
def test_of_what_is_secret_only_the_number_is_said(bureau: Bureau, flag: str) -> None:
    bureau.handling()
    Suggestion.objects.update(**{"text": "", flag: True})
    quiet(bureau, "2020-08-19")
    tick(at=day("2020-08-20"))
    assert {text for _, text in told()} == {"第082号书面答复还剩6个工作日（8月29日到期）"}
    digests = told(NoticeKind.DIGEST, "第082号")
    assert digests
    assert not [text for _, text in digests if "港口" in text]


def test_a_day_is_told_once_however_often_it_is_ticked(bureau: Bureau) -> None:
    bureau.handling()
    quiet(bureau, "2020-08-19")
    first = tick(at=day("2020-08-20", 6))
    assert first[0].notices
    assert tick(at=day("2020-08-20", 7)) == [Ticked("市自然资源局"), Ticked("市水利局")]
    assert tick(at=day("2020-08-20", 5))[0] == Ticked("市自然资源局")
    assert names() == ["handler", "head"]


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes its own")
def test_once_a_day_the_database_counts_its_tables(bureau: Bureau) -> None:
    bureau.handling()
    for hour, expected in ((7, 1), (9, 0)):
        with CaptureQueriesContext(connection) as asked:
            tick(at=day("2020-08-20", hour))
        assert sum(one["sql"] == "ANALYZE" for one in asked) == expected
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'huiyin_assignment'")
        assert cursor.fetchone()[0] > 0


def test_statistics_that_cannot_be_taken_hinder_nothing(bureau: Bureau) -> None:
    bureau.handling()

    def locked(execute: Any, sql: str, *rest: Any) -> Any:
        if sql == "ANALYZE":
            raise OperationalError("database is locked")
        return execute(sql, *rest)

    with connection.execute_wrapper(locked):
        assert tick(at=day("2020-08-20", 7))[0].notices is not None


def test_a_clock_set_back_tells_nothing_and_forgets_nothing(bureau: Bureau) -> None:
    bureau.handling()
    quiet(bureau, "2020-08-20")
    assert tick(at=day("2020-08-10", 7))[0].notices is None
    assert not Notice.objects.exists()
    tick(at=day("2020-08-26", 7))
    assert names() == ["business_leader", "handler", "head"]


def test_a_clock_that_was_ahead_can_be_set_right(bureau: Bureau) -> None:
    bureau.handling()
    tick(at=day("2020-06-10", 7))
    tick(at=day("2031-08-10", 7))
    before = Notice.objects.count()
    assert tick(at=day("2020-08-20", 7))[0].notices is None
    assert rewind(at=day("2020-08-20", 7)) == 2
    tick(at=day("2020-08-20", 7))
    assert Notice.objects.count() > before
    assert rewind(at=day("2020-08-20", 7)) == 0


def test_after_ten_days_of_silence_each_clock_speaks_once(bureau: Bureau) -> None:
    bureau.handling()
    quiet(bureau, "2020-08-18")
    tick(at=day("2020-08-28", 7))
    assert names() == ["business_leader", "handler", "handling_leader", "head"]
    keys = Notice.objects.filter(kind=NoticeKind.WARNING).values_list("key", flat=True)
    pairs = [(key.split(":")[1], key.split(":")[-1]) for key in keys]
    assert len(pairs) == len(set(pairs))
    tick(at=day("2020-08-29", 7))
    assert len(names()) == 4


def test_the_first_day_of_an_installation_says_how_things_stand(bureau: Bureau) -> None:
    bureau.handling()
    tick(at=day("2021-09-30", 7))
    assert {text.split("书面答复")[1] for _, text in told()} == {"已逾期397天（2020年8月29日到期）"}
    assert len(names()) == len(set(names()))


def test_an_absent_persons_substitute_is_told_too(bureau: Bureau) -> None:
    bureau.handling()
    organising.stand_in(
        bureau.handler, bureau.deputy_head, from_on=date(2020, 8, 20), to_on=date(2020, 8, 21), by=bureau.admin,
        at=day("2020-08-18"),
    )  # fmt: skip
    quiet(bureau, "2020-08-19")
    tick(at=day("2020-08-20", 7))
    assert names() == ["guolixin", "handler", "head"]
    assert [text[:4] for name, text in told() if name == "guolixin"] == ["代谢文斌"]
    tick(at=day("2020-08-26", 7))
    assert names().count("guolixin") == 1


def test_a_date_that_moves_is_told_anew_but_the_old_words_are_not_said_again(bureau: Bureau) -> None:
    bureau.handling()
    quiet(bureau, "2020-08-19")
    tick(at=day("2020-08-20", 7))
    Clock.objects.filter(kind=ClockKind.REPLY).update(due_on=date(2020, 9, 1))
    tick(at=day("2020-08-21", 7))  # the seventh working day before the new date
    assert names() == ["handler", "handler", "head", "head"]
    Clock.objects.filter(kind=ClockKind.REPLY).update(due_on=date(2020, 8, 29))
    Beat.objects.update(day=date(2020, 8, 19))
    tick(at=day("2020-08-20", 7))
    assert len(names()) == 4


def test_units_are_told_apart_and_one_that_fails_keeps_no_other_back(
    bureau: Bureau, caplog: pytest.LogCaptureFixture
) -> None:
    mine, theirs = bureau.handling(), bureau.handling(number="083")
    Assignment.objects.filter(pk=theirs.pk).update(
        unit=Unit.objects.get(short_name="市水利局"), handler=bureau.stranger, section_head=None, section=None
    )
    tick(at=day("2020-08-19", 7))
    Notice.objects.all().delete()
    Assignment.objects.filter(pk=mine.pk).update(profile_version="没有这一版")
    done = tick(at=day("2020-08-20", 7))
    assert done[0] == Ticked("市自然资源局", failed=True)
    assert "市自然资源局：提醒没有办成" in caplog.text
    assert names() == ["stranger"]
    Assignment.objects.filter(pk=mine.pk).update(profile_version=theirs.profile_version)
    tick(at=day("2020-08-21", 7))
    assert names() == ["handler", "head", "stranger"]


# 每日摘要


def digests() -> dict[str, str]:
    return dict(told(NoticeKind.DIGEST, ""))


def test_a_digest_says_what_the_desk_says(bureau: Bureau) -> None:
    bureau.handling()
    bureau.register(number="083", title="关于规划的建议")
    tick(at=day("2020-06-04"))
    clerk = actor_of(bureau.clerk, date(2020, 6, 4))
    assert [one.what for one in waiting_for(clerk)] == ["提出拟办意见"]
    assert digests()["clerk"] == "今天有1件要办：第083号《关于规划的建议》提出拟办意见（8月29日到期）"
    assert "第082号" in digests()["handler"]
    assert {"chief", "admin", "other_handler", "stranger"}.isdisjoint(digests())


def test_digests_come_once_a_working_day_from_the_hour_set(bureau: Bureau, settings: Any) -> None:
    bureau.handling()
    settings.DIGEST_HOUR = 9
    assert [tick(at=day("2020-06-05", hour))[0].digests for hour in (0, 8)] == [None, None]
    assert not digests()
    assert tick(at=day("2020-06-05", 9))[0].digests
    assert tick(at=day("2020-06-05", 10))[0].digests is None
    for rest in ("2020-06-06", "2020-06-07", "2020-06-25"):  # a weekend, and the Dragon Boat Festival
        assert tick(at=day(rest, 10))[0].digests is None
    assert tick(at=day("2020-06-28", 10))[0].digests  # a Sunday that is worked
    assert Notice.objects.filter(kind=NoticeKind.DIGEST, person=bureau.handler).count() == 2


def test_who_is_away_has_his_matters_in_his_substitutes_digest(bureau: Bureau) -> None:
    bureau.handling()
    organising.stand_in(
        bureau.handler, bureau.other_handler, from_on=date(2020, 6, 4), to_on=date(2020, 6, 5), by=bureau.admin,
        at=day("2020-06-03"),
    )  # fmt: skip
    tick(at=day("2020-06-04"))
    assert "handler" not in digests()
    assert digests()["other_handler"].startswith("今天有1件要办：第082号")


def test_a_long_digest_is_cut_and_says_how_much_more_there_is(bureau: Bureau) -> None:
    for number in range(100, 107):
        bureau.register(number=str(number))
    tick(at=day("2020-06-04"))
    text = digests()["clerk"]
    assert text.startswith("今天有7件要办：第100号")
    assert text.endswith("；另有2件")
    assert text.count("号《") == 5


def test_a_tick_of_many_clocks_makes_few_queries(bureau: Bureau, django_assert_max_num_queries: Any) -> None:
    many(bureau, 300)
    with django_assert_max_num_queries(60):
        done = tick(at=day("2020-08-28", 7))
    assert (done[0].notices or 0) >= 300 * 2


def many(bureau: Bureau, count: int) -> None:
    """Items as rows, each with a reply that is nearly due."""
    pattern = bureau.handling()
    meeting = Meeting.objects.get(pk=pattern.meeting_id)
    asked = Suggestion.objects.bulk_create(
        Suggestion(
            meeting=meeting,
            number=f"{n}",
            number_key=f"{n:08}",
            title="建议",
            received_on=pattern.assigned_on,
        )
        for n in range(1000, 1000 + count)
    )
    items = Assignment.objects.bulk_create(
        Assignment(
            suggestion=one, number_key=one.number_key, meeting=meeting, unit=bureau.unit, part="sole", assigned_on=pattern.assigned_on,
            status="handling", status_since=pattern.status_since, profile_name=pattern.profile_name,
            profile_version=pattern.profile_version, handler=bureau.handler, section_head=bureau.head,
            section=bureau.section,
        )
        for one in asked
    )  # fmt: skip
    due = date(2020, 8, 29)
    Clock.objects.bulk_create(
        Clock(assignment=one, kind="reply", start_on=pattern.assigned_on, no_later_than=due, due_on=due)
        for one in items
    )


# 命令


def run(*words: str) -> tuple[int, str]:
    """Exit status and all that was said."""
    said = io.StringIO()
    try:
        call_command(*words, stdout=said, stderr=said)
    except SystemExit as ended:
        return int(ended.code or 0), said.getvalue()
    return 0, said.getvalue()


def test_the_tick_command_says_in_one_line_what_it_did(bureau: Bureau) -> None:
    bureau.handling()
    run("tick", "--now", "2020-08-19T07:00")
    assert run("tick", "--now", "2020-08-20T07:00") == (
        0,
        "2020年8月20日07:00　市自然资源局：提醒2条；市水利局：提醒0条\n",
    )
    assert run("tick", "--now", "2020-08-20")[1].startswith("2020年8月20日08:00　市自然资源局：摘要")
    assert run("tick", "--now", "2020-08-20T09:00")[1].endswith(
        "市自然资源局：没有要办的；市水利局：没有要办的\n"
    )
    code, words = run("tick", "--now", "三月十日")
    assert (code, words) == (2, "“三月十日”不是时间，应写成 2026-03-10T08:00\n")


def test_the_tick_command_fails_when_a_unit_could_not_be_told(bureau: Bureau) -> None:
    bureau.handling()
    Assignment.objects.update(profile_version="没有这一版")
    code, words = run("tick", "--now", "2020-08-20T07:00")
    assert code == 1
    assert "市自然资源局：没有办成，见日志；市水利局：提醒0条" in words


def test_the_workers_status_tells_a_stale_clock_from_a_fresh_one(bureau: Bureau) -> None:
    assert run("worker", "--status") == (
        1,
        "市自然资源局：还没有走过\n市水利局：还没有走过\n发送箱：待发送0、发送中0、已发送0、结果不明0、未送达0\n",
    )
    assert run("worker", "--once")[0] == 0
    code, words = run("worker", "--status")
    assert code == 0
    assert words.startswith("市自然资源局：上次20")
    for hours, remark in ((-37, "太久没有走"), (37, "走到了以后的日子，请用 huiyin tick --rewind 拨回")):
        beat = Beat.objects.get(name=f"tick:{bureau.unit.pk}")
        Beat.objects.filter(pk=beat.pk).update(at=datetime.now(beat.at.tzinfo) + timedelta(hours=hours))
        code, words = run("worker", "--status")
        assert code == 1
        assert words.splitlines()[0].endswith(remark)
        assert remark not in words.splitlines()[1]


def test_units_that_do_not_work_here_are_not_ticked(bureau: Bureau) -> None:
    Unit.objects.filter(short_name="市水利局").update(active=False)
    assert [one.unit for one in tick(at=day("2020-08-20"))] == ["市自然资源局"]
    assert Person.objects.filter(unit__hosted=True, unit__active=False).exists()
