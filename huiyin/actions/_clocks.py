"""时限的起停：the only writer of clocks. A due date is always computed from start, period, cap and calendar."""

from collections.abc import Iterable
from datetime import date

from huiyin.models import Assignment, Clock
from huiyin.rules import calendar
from huiyin.rules.periods import Due, Period, Unit, reckon
from huiyin.rules.vocabulary import ClockKind, Part, RoundKind

MAIN = (ClockKind.REPLY, ClockKind.OPINION)


def start_all(item: Assignment, *, fixed: date | None = None) -> None:
    """交办日起算的各项时限 (R9): they never start anew because somebody signs in late."""
    kinds = [ClockKind.ACCEPT, ClockKind.RETURN]
    kinds += [ClockKind.OPINION] if item.part == Part.CO else [ClockKind.CONTACT, ClockKind.REPLY]
    for kind in kinds:
        start(item, kind, on=item.assigned_on, fixed=fixed if kind in MAIN else None)


def start(
    item: Assignment, kind: ClockKind, *, on: date, fixed: date | None = None, period: str = ""
) -> Clock:
    """Start a clock (stopping a running one of its kind) and note the item's own due date when it is the main one."""
    key = period or period_key(item, kind)
    chosen = item.profile.periods[key]
    due = compute(item, chosen, on, fixed)
    stop(item, [kind], on=on)
    clock = Clock.objects.create(
        assignment=item, kind=kind, start_on=on, period=str(chosen), roll=_rolls(item, chosen),
        no_later_than=fixed, due_on=due.due, provisional=due.provisional,
        basis=item.profile.basis[f"periods.{key}"],
    )  # fmt: skip
    if kind in MAIN:
        item.due_on, item.due_provisional = due.due, due.provisional
        item.save(update_fields=["due_on", "due_provisional"])
    return clock


def stop(item: Assignment, kinds: Iterable[ClockKind], *, on: date) -> None:
    item.clocks.filter(kind__in=list(kinds), stopped_on__isnull=True).update(stopped_on=on)


def compute(item: Assignment, period: Period, on: date, fixed: date | None = None) -> Due:
    return reckon(on, period, calendar=calendar.shipped(), roll=_rolls(item, period), no_later_than=fixed)


def _rolls(item: Assignment, period: Period) -> bool:
    return period.unit == Unit.MONTH and item.profile.roll_months


def period_key(item: Assignment, kind: ClockKind) -> str:
    if kind == ClockKind.REPLY:
        if item.round_kind == RoundKind.REHANDLING:
            return "rehandling"
        return "reply_hard" if item.six_months else "reply"
    return kind.value
