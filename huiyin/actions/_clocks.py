"""时限的起停：the only writer of clocks. A due date is always replayed: start, period, fixed date, extensions,
suspensions and calendar."""

from collections.abc import Iterable
from datetime import date
from operator import attrgetter

from django.db.models import Model

from huiyin.actions._bulk import insert
from huiyin.actions._counting import count_clocks
from huiyin.models import Assignment, Clock, Commitment, CoOpinion, Errand, FollowUpVisit, Milestone
from huiyin.models.clock import calendar_of
from huiyin.rules.calendar import Calendar
from huiyin.rules.profile import Limit
from huiyin.rules.vocabulary import MAIN_CLOCKS, ClockKind, Kind, Origin, Part, RoundKind


def start_all(item: Assignment, *, fixed: date | None = None) -> None:
    """交办日起算的各项时限 (R9; 收到日 where the profile says so): they never start anew because somebody signs in late."""
    calendar, on = calendar_of(item.unit_id), _first_day(item)
    for kind in _first_kinds(item):
        start(item, kind, on=on, fixed=fixed if kind in MAIN_CLOCKS else None, calendar=calendar)


def _first_day(item: Assignment) -> date:
    first = item.round_kind == RoundKind.FIRST
    return item.suggestion.received_on if first and item.profile.from_receipt else item.assigned_on


def _first_kinds(item: Assignment) -> list[ClockKind]:
    main = [ClockKind.OPINION] if item.part == Part.CO else [ClockKind.CONTACT, ClockKind.REPLY]
    return [ClockKind.ACCEPT, ClockKind.RETURN, *main]


class Planner:
    """Plans the first clocks of many new items: what begins alike is reckoned once."""

    def __init__(self, calendar: Calendar) -> None:
        self.calendar = calendar
        self.alike: dict[tuple[object, ...], list[Clock]] = {}

    def plan(self, item: Assignment, *, fixed: date | None = None) -> list[Clock]:
        """The clocks that `start_all` would start, not saved and not the item's own; the main clock's date is noted on
        the item, which is not saved either."""
        if item.part == Part.INFO:
            return []
        on, its = _first_day(item), item.suggestion
        key = (
            item.profile_name, item.profile_version, its.kind, its.origin, item.part, item.round_kind, item.six_months,
            on, item.assigned_on, fixed,
        )  # fmt: skip
        if key not in self.alike:
            self.alike[key] = [
                clock
                for kind in _first_kinds(item)
                if (clock := planned(
                    item, kind, on=on, fixed=fixed if kind in MAIN_CLOCKS else None, calendar=self.calendar
                ))
            ]  # fmt: skip
        for clock in self.alike[key]:
            if clock.kind in MAIN_CLOCKS:
                item.due_on, item.due_provisional, item.running_on = (
                    clock.due_on,
                    clock.provisional,
                    clock.due_on,
                )
        return self.alike[key]


PLANNED = (
    "kind", "row", "start_on", "period", "roll", "no_later_than", "due_on", "provisional", "basis",
)  # fmt: skip


def start_planned(plans: Iterable[tuple[Assignment, list[Clock]]]) -> None:
    """Start what was planned for new items, now saved."""
    values = attrgetter(*PLANNED)
    rows = ((item.pk, *values(clock)) for item, clocks in plans for clock in clocks)
    insert(Clock, ("assignment_id", *PLANNED), rows)


def restart(item: Assignment, *, fixed: date | None) -> None:
    """更正登记的时限: what ran from a wrong beginning is taken away (the journal keeps it) and starts from the right one."""
    Clock.objects.filter(assignment=item, kind__in=FIRST).delete()
    item.due_on, item.due_provisional = None, False
    item.save(update_fields=["due_on", "due_provisional", *count_clocks(item)])
    if item.part != Part.INFO:
        start_all(item, fixed=fixed)


FIRST = (ClockKind.ACCEPT, ClockKind.RETURN, ClockKind.CONTACT, ClockKind.REPLY, ClockKind.OPINION)


def start(
    item: Assignment, kind: ClockKind, *, on: date, fixed: date | None = None, path: str = "", row: int = 0,
    calendar: Calendar | None = None,
) -> Clock | None:  # fmt: skip
    """Start a clock (stopping a running one of its kind and row) by the profile's limit at `path`, or by `fixed`
    where that is earlier; None where the profile sets no such limit. Its date is noted where lists read it."""
    clock = planned(item, kind, on=on, fixed=fixed, path=path, row=row, calendar=calendar)
    if clock is None:
        return None
    _stop(item, [kind], on=on, row=row)
    clock.save()
    _note(item, clock)
    return clock


def planned(
    item: Assignment, kind: ClockKind, *, on: date, fixed: date | None = None, path: str = "", row: int = 0,
    calendar: Calendar | None = None,
) -> Clock | None:  # fmt: skip
    """The clock as `start` would start it, with its date, not saved."""
    calendar, path = calendar or calendar_of(item.unit_id), path or limit_path(item, kind)
    limit: Limit | None = item.profile.values.get(path)
    period, days = (limit.period if limit else None), [fixed] if fixed else []
    if limit:
        lead_due = item.due_on if kind == ClockKind.ASKED else None
        days += item.profile.fixed_days(
            limit, item.assigned_on, reply=_reply_key(item), lead_due=lead_due, calendar=calendar
        )
    if not period and not days:
        return None
    clock = Clock(
        assignment=item, kind=kind, row=row, start_on=on, period=str(period or ""), roll=item.profile.rolls(period),
        no_later_than=min(days, default=None), basis=item.profile.basis.get(path, ""),
    )  # fmt: skip
    due = clock.reckoned(calendar)
    clock.due_on, clock.provisional = due.due, due.provisional
    return clock


def start_fixed(item: Assignment, kind: ClockKind, *, row: int, on: date, due: date, basis: str) -> Clock:
    """定日的时限: a date promised, planned or asked for, for a row of its own."""
    stop(item, [kind], on=on, row=row)
    clock = Clock(
        assignment=item, kind=kind, row=row, start_on=on, no_later_than=due, due_on=due, basis=basis
    )
    clock.save()
    _note(item, clock)
    return clock


def stop(item: Assignment, kinds: Iterable[ClockKind], *, on: date, row: int | None = None) -> None:
    """Stop the item's running clocks of these kinds (of one row, where `row` is given). What is still suspended counts
    again from that day: nobody is late by days that were not counted."""
    kinds = list(kinds)
    _stop(item, kinds, on=on, row=row)
    if MAIN_CLOCKS & set(kinds):
        item.save(update_fields=count_clocks(item))


def _stop(item: Assignment, kinds: Iterable[ClockKind], *, on: date, row: int | None = None) -> None:
    running = Clock.objects.filter(assignment=item, kind__in=list(kinds), stopped_on__isnull=True)
    running = running if row is None else running.filter(row=row)
    for clock in running.filter(paused=True):
        clock.suspensions.filter(to_on__isnull=True, from_on__lt=on).update(to_on=on)
        renew(item, clock, calendar_of(item.unit_id))
    running.update(stopped_on=on)


def renew(item: Assignment, clock: Clock, calendar: Calendar) -> tuple[date, date]:
    """Replay a clock after something that bears on it: (the date it had, the date it has)."""
    fresh = Clock.objects.prefetch_related("extensions", "suspensions").get(pk=clock.pk)
    before, due = fresh.due_on, fresh.replay(calendar)
    fresh.due_on, fresh.provisional = due.due, due.provisional
    fresh.paused = any(one.to_on is None for one in fresh.suspensions.all())
    fresh.save()
    if fresh.stopped_on is None:
        _note(item, fresh)
    elif fresh.kind in MAIN_CLOCKS:
        item.save(update_fields=count_clocks(item))
    return before, fresh.due_on


ROWS: dict[ClockKind, tuple[type[Model], str]] = {
    ClockKind.ASKED: (CoOpinion, "due_on"), ClockKind.PROMISE: (Commitment, "due_on"),
    ClockKind.VISIT: (FollowUpVisit, "planned_on"), ClockKind.ERRAND: (Errand, "due_on"),
    ClockKind.MILESTONE: (Milestone, "due_on"),
}  # fmt: skip


def _note(item: Assignment, clock: Clock) -> None:
    """The date where lists read it: on the item for its main clock, on the row for a clock of a row."""
    kind = ClockKind(clock.kind)
    if kind in MAIN_CLOCKS:
        item.due_on, item.due_provisional = clock.due_on, clock.provisional
        item.save(update_fields=["due_on", "due_provisional", *count_clocks(item)])
    elif kind in ROWS:
        model, name = ROWS[kind]
        dates: dict[str, object] = {name: clock.due_on}
        if kind == ClockKind.ASKED:
            dates["due_provisional"] = clock.provisional
        model._default_manager.filter(pk=clock.row).update(**dates)


def limit_path(item: Assignment, kind: ClockKind) -> str:
    """Where the profile says how long a kind of clock runs."""
    key = {ClockKind.REPLY: _reply_key(item), ClockKind.ASKED: "opinion"}.get(kind, kind.value)
    if (
        kind == ClockKind.OPINION and item.pk and item.replies.exists()
    ):  # one was given, and found hollow (R27)
        key = "resubmit"
    return f"periods.{key}"


def _reply_key(item: Assignment) -> str:
    again = item.round_kind == RoundKind.REHANDLING
    kind, origin = Kind(item.suggestion.kind), Origin(item.suggestion.origin)
    return item.profile.reply_key(kind, origin, six_months=item.six_months, again=again)
