"""延期与中止计时 (R23, R57): asked by the unit, decided by the assigning organ and recorded with its paper (R85).

A date is never set here: a row is written, and the clock is replayed.
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from huiyin.actions import _clocks, filing
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.contacting import within
from huiyin.actions.filing import Upload
from huiyin.models import Assignment, Clock, Extension, Person, Suspension
from huiyin.models.clock import calendar_of
from huiyin.rules import periods
from huiyin.rules.dates import zh
from huiyin.rules.periods import Period
from huiyin.rules.profile import Limit
from huiyin.rules.vocabulary import Deed


@transaction.atomic
def ask_extension(item: Assignment, *, wanted_on: date, reason: str, by: Person, at: datetime) -> Extension:
    """申请延期: with a reason and a date, before the due date; until it is decided the old date stands (R23)."""
    require(延期的理由=reason)
    taking = begin(item, Deed.ASK_EXTENSION, by=by, at=at)
    clock = _main(taking.item)
    if reasons := beyond(taking.item, clock, wanted_on):
        raise Refused(reasons)
    row = Extension.objects.create(
        clock=clock, reason=reason.strip(), wanted_on=wanted_on, asked_on=taking.on, asked_by=by
    )
    taking.done(f"申请由{zh(clock.due_on)}延至{zh(wanted_on)}：{reason.strip()}", extension=row.pk)
    return row


@transaction.atomic
def grant_extension(
    item: Assignment, *, on: date, granted_to: date, agreed_by: Sequence[str], note: str = "",
    paper: Upload | None = None, by: Person, at: datetime,
) -> None:  # fmt: skip
    """登记同意延期: by every organ the profile asks for, with its paper, not beyond its cap; the clock is replayed. Where
    no organ has to agree the unit itself decides."""
    taking = begin(item, Deed.EXTENSION_GRANTED, by=by, at=at)
    row, clock = _asked(taking.item), _main(taking.item)
    reasons = beyond(taking.item, clock, granted_to)
    organs = taking.item.profile.values["extension.agreed_by"]
    if missing := [one for one in organs if one not in agreed_by]:
        reasons.append(f"还须{'、'.join(missing)}同意")
    if organs and paper is None:
        reasons.append("还没有交办机关的来文")
    _decided(row, on, taking)
    if reasons:
        raise Refused(reasons)
    row.agreed, row.granted_to = True, granted_to
    _decide(taking, row, on, note, paper, f"同意延至{zh(granted_to)}")


@transaction.atomic
def refuse_extension(
    item: Assignment, *, on: date, note: str = "", paper: Upload, by: Person, at: datetime
) -> None:
    """登记不同意延期: the old date stands."""
    taking = begin(item, Deed.EXTENSION_REFUSED, by=by, at=at)
    row = _asked(taking.item)
    _decided(row, on, taking)
    row.agreed = False
    _decide(taking, row, on, note, paper, "不同意延期，原时限不变")


@transaction.atomic
def tell_extension(item: Assignment, *, on: date, how: str, by: Person, at: datetime) -> None:
    """登记延期告知代表 (R23): an extension without it is a defect."""
    require(告知的方式=how)
    taking = begin(item, Deed.TELL_EXTENSION, by=by, at=at)
    row = taking.item.extension_untold()
    assert row is not None  # the step's condition
    assert row.decided_on is not None  # agreed to
    if not row.decided_on <= on <= taking.on:
        raise Refused(f"告知日期应在同意延期的{zh(row.decided_on)}到今天之间")
    row.told_on, row.told_how = on, how.strip()
    row.save()
    taking.done(f"{zh(on)}{how.strip()}告知代表：延至{zh(row.granted_to or on)}")


@transaction.atomic
def suspend(
    item: Assignment, *, from_on: date, reason: str, paper: Upload, by: Person, at: datetime
) -> Suspension:
    """登记中止计时, by the organ's paper: the days until it is resumed are not counted, each once."""
    require(中止的事由=reason)
    taking = begin(item, Deed.SUSPEND, by=by, at=at)
    within(taking.item, from_on, taking.on)
    clock = _main(taking.item)
    scan = filing.store(paper, purpose="中止计时的来文", by=by, at=at, assignment=taking.item)
    row = Suspension.objects.create(
        clock=clock, reason=reason.strip(), from_on=from_on, paper=scan, recorded_by=by
    )
    _renew(taking, clock)
    taking.done(f"自{zh(from_on)}起中止计时（外部机关办理）：{reason.strip()}", paper=scan.sha256)
    return row


@transaction.atomic
def resume(
    item: Assignment, suspension: Suspension, *, on: date, note: str = "", by: Person, at: datetime
) -> None:
    """登记恢复计时: from that day on days count again; the date is replayed."""
    taking = begin(item, Deed.RESUME, by=by, at=at)
    clock = _main(taking.item)
    row = clock.suspensions.filter(pk=suspension.pk, to_on__isnull=True).first()
    if row is None:
        raise Refused("这次中止不属于本件，或已经恢复")
    if not row.from_on < on <= taking.on:
        raise Refused(f"恢复日期应在中止的{zh(row.from_on)}之后、今天之前")
    row.to_on = on
    row.save()
    before, after = _renew(taking, clock)
    moved = f"，时限由{zh(before)}改为{zh(after)}" if before != after else ""
    taking.done(f"{zh(on)}恢复计时{moved}。{note.strip()}", before=before, after=after)


def beyond(item: Assignment, clock: Clock, wanted: date) -> list[str]:
    """Why a date cannot be extended to: not later than the present one, beyond the cap or the longest extension."""
    found = [] if wanted > clock.due_on else [f"延期应晚于现在的时限{zh(clock.due_on)}"]
    cap: Limit = item.profile.values["extension.cap"]
    longest: Limit = item.profile.values["extension.longest"]
    for start, limit, words in (
        (item.assigned_on, cap, "自交办之日起最长"),
        (clock.due_on, longest, "一次最多延长"),
    ):
        last = _last(item, start, limit.period)
        if last and wanted > last:
            found.append(f"{words}{limit.label}，不能晚于{zh(last)}")
    return found


def _last(item: Assignment, start: date, period: Period | None) -> date | None:
    return periods.reckon(start, period, calendar=calendar_of(item.unit_id)).due if period else None


def _main(item: Assignment) -> Clock:
    clock = item.main_clock
    if clock is None or clock.stopped_on is not None:
        raise Refused("本件没有正在走的时限")
    return clock


def _asked(item: Assignment) -> Extension:
    row = item.extension_pending()
    assert row is not None  # the step's condition
    return row


def _decided(row: Extension, on: date, taking: Taking) -> None:
    if not row.asked_on <= on <= taking.on:
        raise Refused(f"决定日期应在申请的{zh(row.asked_on)}到今天之间")


def _decide(taking: Taking, row: Extension, on: date, note: str, paper: Upload | None, words: str) -> None:
    item = taking.item
    scan = (
        filing.store(paper, purpose="延期决定", by=taking.by, at=taking.at, assignment=item)
        if paper
        else None
    )
    row.decided_on, row.note, row.paper = on, note.strip(), scan
    row.save()
    before, after = _renew(taking, row.clock)
    outside = item.profile.values["extension.agreed_by"]
    who = f"交办机关{words}（外部机关办理）" if outside else f"本单位决定{words}"
    taking.done(
        f"{zh(on)}{who}。{note.strip()}", paper=scan.sha256 if scan else "", before=before, after=after
    )


def _renew(taking: Taking, clock: Clock) -> tuple[date, date]:
    return _clocks.renew(taking.item, clock, calendar_of(taking.item.unit_id))
