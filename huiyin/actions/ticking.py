"""时钟 (R24, R25): what is due is told once a day and unit, whoever ticks and how often; missed days are made up.

A unit's day is done when its beat says so. The beat moves in the transaction that writes the notices, so that a
tick killed on the way has told nothing, and of two at once one does the day.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError, connection, transaction
from django.utils.timezone import localdate, localtime

from huiyin import notices
from huiyin.models import Beat, Unit
from huiyin.models.clock import calendar_of
from huiyin.notices import Told
from huiyin.queries.desk import Waiting
from huiyin.queries.digest import waiting_in
from huiyin.queries.warnings import reminders
from huiyin.rules.dates import md
from huiyin.rules.vocabulary import NoticeKind

log = logging.getLogger(__name__)
IN_FULL = 5  # matters a digest spells out; the rest are counted


@dataclass(frozen=True)
class Ticked:
    """一个单位走了一次: how many notices and digests are new; None where there was nothing to do (the day was done,
    it is no time for a digest) or another tick was at it. `failed`: it could not be done; the log says why."""

    unit: str
    notices: int | None = None
    digests: int | None = None
    failed: bool = False


def tick(*, at: datetime) -> list[Ticked]:
    """Each unit that works here, apart: one that fails keeps no other from being told."""
    done = [_unit(unit, at) for unit in Unit.objects.filter(hosted=True, active=True).order_by("pk")]
    if any(one.notices is not None for one in done):
        _take_stock()
    return done


def _take_stock() -> None:
    """表的统计信息, once a day: by them SQLite chooses its indexes (a second for 100,000 items). PostgreSQL takes its own."""
    if connection.vendor != "sqlite":
        return
    try:
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    except OperationalError as error:  # somebody writes for long; it is but advice
        log.warning("表的统计信息没有更新：%s", error)


def _unit(unit: Unit, at: datetime) -> Ticked:
    try:
        told = _once(f"tick:{unit.pk}", at, lambda since: _reminders(unit, since, localdate(at)))
        read = (
            _once(f"digest:{unit.pk}", at, lambda _: _digests(unit, localdate(at)))
            if _reads(unit, at)
            else None
        )
    except (OperationalError, InterfaceError):
        raise  # the database is away or busy; a later tick makes it up
    except Exception:
        log.exception("%s：提醒没有办成", unit.short_name)
        return Ticked(unit.short_name, failed=True)
    return Ticked(unit.short_name, told, read)


def rewind(*, at: datetime) -> int:
    """拨回: beats of days yet to come, left by a clock that was ahead, are set back to the day before `at`; or nobody
    would be told until then. What was told is not told again. How many there were."""
    today = localdate(at)
    return Beat.objects.filter(day__gt=today).update(day=today - timedelta(days=1), at=at)


def _once(name: str, at: datetime, find: Callable[[date | None], Iterable[Told]]) -> int | None:
    """Tell what `find` finds since the day of the beat, and move the beat to the day of `at`; None if that day, or
    a later one, is done."""
    beat, _ = Beat.objects.get_or_create(name=name, defaults={"at": at})
    if beat.day and beat.day >= localdate(at):
        return None
    found = list(find(beat.day))  # outside the transaction: whoever writes meanwhile need not wait
    with transaction.atomic():
        mine = Beat.objects.select_for_update(skip_locked=True).filter(pk=beat.pk, day=beat.day).first()
        if mine is None:
            return None
        new = notices.tell_many(found, at=at)
        mine.at, mine.day = at, localdate(at)
        mine.save()
    return new


def _reminders(unit: Unit, since: date | None, on: date) -> Iterable[Told]:
    for one in reminders(unit, since=since, on=on):
        subject = notices.subject(one.item) if one.item else ""
        yield Told(one.people, one.kind, subject + one.words, one.key, one.item)


def _reads(unit: Unit, at: datetime) -> bool:
    """每日摘要 are for working days, from the hour set."""
    return localtime(at).hour >= settings.DIGEST_HOUR and calendar_of(unit.pk).is_workday(localdate(at))


def _digests(unit: Unit, on: date) -> Iterable[Told]:
    for person, waiting in waiting_in(unit, on):
        yield Told([person], NoticeKind.DIGEST, _digest(waiting), f"digest:{on:%Y%m%d}")


def _digest(waiting: list[Waiting]) -> str:
    """今天有3件要办：第082号《…》起草答复（6月29日到期）；…"""
    lines = [
        f"{notices.subject(one.item)}{one.what}" + (f"（{md(one.due_on)}到期）" if one.due_on else "")
        for one in waiting[:IN_FULL]
    ]
    more = f"；另有{len(waiting) - IN_FULL}件" if len(waiting) > IN_FULL else ""
    return f"今天有{len(waiting)}件要办：{'；'.join(lines)}{more}"
