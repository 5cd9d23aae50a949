"""时限的由来和变动 (R20–R26): why each date is that date, and which dates another calendar would move."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, Model, OuterRef, QuerySet

from huiyin.models import (
    Assignment,
    CalendarYear,
    Clock,
    Commitment,
    CoOpinion,
    Errand,
    Extension,
    FollowUpVisit,
    Milestone,
    Suspension,
    Unit,
)
from huiyin.models.clock import calendar_of
from huiyin.queries.warnings import years_expected
from huiyin.rules import calendar as calendars
from huiyin.rules.calendar import Calendar, Year
from huiyin.rules.dates import md, zh
from huiyin.rules.periods import Due, Light, Lit, Period, light
from huiyin.rules.vocabulary import MAIN_CLOCKS, WINDOWS, ClockKind


@dataclass(frozen=True)
class Move:
    """一个时限随工作日历的变动：its date, or only whether the date is provisional."""

    clock: Clock
    old: date
    new: date
    was_provisional: bool
    provisional: bool

    @property
    def item(self) -> Assignment:
        return self.clock.assignment

    @property
    def moved(self) -> bool:
        return self.old != self.new

    @property
    def words(self) -> str:
        """书面答复由2027年2月10日改为2027年2月11日."""
        what = self.clock.get_kind_display()
        if not self.moved:
            return f"{what}{zh(self.new)}{'改为暂定' if self.provisional else '不再暂定'}"
        return f"{what}由{zh(self.old)}改为{zh(self.new)}{'（暂定）' if self.provisional else ''}"


def year_of(unit: Unit, year: int) -> Year | None:
    """这个单位在用的一年: as it has loaded it itself, or as shipped; None while nobody knows it."""
    own = CalendarYear.objects.filter(unit=unit, year=year).first()
    return Year.parse(str(year), own.text) if own else calendars.shipped_year(year)


def preview(unit: Unit, *years: Year) -> list[Move]:
    """换上这几年的日历，哪些在走的时限会变: exactly these, and nothing is written."""
    return moves(unit, calendar_of(unit.pk).joined(list(years)))


def preview_shipped(unit: Unit, year: int) -> list[Move]:
    """恢复随软件的一年，哪些在走的时限会变."""
    return moves(unit, without(unit, year))


def without(unit: Unit, year: int) -> Calendar:
    """The unit's calendar as it would be had it not loaded this year."""
    own = CalendarYear.objects.filter(unit=unit).exclude(year=year).order_by("year")
    return calendars.with_years(tuple(own.values_list("year", "text")))


def moves(unit: Unit, calendar: Calendar) -> list[Move]:
    """Of the unit's running clocks, those that this calendar dates otherwise, in the order of the items."""
    found = []
    for clock in _running(unit):
        due = clock.replay(calendar)
        if (due.due, due.provisional) != (clock.due_on, clock.provisional):
            found.append(Move(clock, clock.due_on, due.due, clock.provisional, due.provisional))
    return found


def _running(unit: Unit) -> QuerySet[Clock]:
    rows = Clock.objects.filter(assignment__unit=unit, stopped_on__isnull=True)
    return (
        rows.select_related("assignment__suggestion__meeting", "assignment__section")
        .prefetch_related("extensions", "suspensions")
        .order_by("assignment_id", "pk")
    )


def fingerprint(found: Iterable[Move]) -> str:
    """What was previewed, so that he who confirms it confirms exactly that."""
    text = ";".join(f"{one.clock.pk}:{one.new}:{one.provisional}" for one in found)
    return hashlib.sha256(text.encode()).hexdigest()


def provisional(kind: ClockKind) -> Exists:
    """暂定: to annotate the rows that a kind of clock is for, such as visits."""
    running = Clock.objects.filter(kind=kind, stopped_on__isnull=True, provisional=True)
    return Exists(running.filter(row=OuterRef("pk")))


@dataclass(frozen=True)
class Wanting:
    """还没有录入的一年, and how many running dates wait for it."""

    year: int
    provisional: int


def wanting(unit: Unit, on: date) -> Wanting | None:
    """缺哪一年：this year, or from November on the next."""
    calendar = calendar_of(unit.pk)
    for year in years_expected(on):
        if year not in calendar.years:
            open_dates = Clock.objects.filter(
                assignment__unit=unit, stopped_on__isnull=True, provisional=True
            )
            return Wanting(year, open_dates.count())
    return None


@dataclass(frozen=True)
class YearInUse:
    """在用的一年: loaded by the unit, shipped, or not known yet."""

    year: int
    found: Year | None
    loaded: CalendarYear | None

    @property
    def shipped(self) -> bool:
        return calendars.shipped_year(self.year) is not None


def years(unit: Unit, on: date) -> list[YearInUse]:
    """各年的工作日历, the latest first, the next year at least."""
    own = {one.year: one for one in CalendarYear.objects.filter(unit=unit).select_related("loaded_by")}
    known = calendar_of(unit.pk).years | {on.year, on.year + 1}
    return [YearInUse(one, year_of(unit, one), own.get(one)) for one in sorted(known, reverse=True)]


def why(item: Assignment) -> tuple[str, list[tuple[str, str]]] | None:
    """为何是这一天：the main clock, replayed from its own rows (R20–R22)."""
    clock = item.main_clock
    if clock is None:
        return None
    due = clock.replay(calendar_of(item.unit_id))
    rows = [("交办", due.steps[0]), *(("", step) for step in due.steps[1:])]
    basis = [("依据", clock.basis)] if clock.basis else []
    return md(clock.due_on) + ("（暂定）" if clock.provisional else ""), [*rows, *basis]


@dataclass(frozen=True)
class Explained:
    """一个时限和它的由来."""

    label: str
    of: str  # the row it is for: a unit asked, a promise, an errand …
    clock: Clock
    period: str
    steps: tuple[str, ...]
    papers: tuple[str, ...]  # the rows that moved it, each with its date
    changed: date | None  # what the calendar of today would give, of a stopped clock dated by an earlier one
    lit: Lit | None

    @property
    def main(self) -> bool:
        return self.clock.kind in MAIN_CLOCKS


def explained(item: Assignment, on: date, *, papers: bool = True) -> list[Explained]:
    """全部时限：every clock of an item, the running ones first, each with every step to its date. Without `papers`
    theirs are not named: their names may name a proposer who is to be hidden (R7)."""
    clocks = list(
        item.clocks.prefetch_related("extensions__paper", "suspensions__paper").order_by("stopped_on", "due_on", "pk")
    )  # fmt: skip
    calendar, names = calendar_of(item.unit_id), _names(clocks)
    found = [_explained(clock, calendar, names, on, papers) for clock in clocks]
    return sorted(found, key=lambda one: (one.clock.stopped_on is not None, not one.main, one.clock.due_on))


def _explained(
    clock: Clock, calendar: Calendar, names: dict[tuple[str, int], str], on: date, papers: bool
) -> Explained:
    due = clock.replay(calendar)
    same = (due.due, due.provisional) == (clock.due_on, clock.provisional)
    return Explained(
        label=clock.get_kind_display(), of=names.get((clock.kind, clock.row), ""), clock=clock,
        period=Period.parse(clock.period).label if clock.period else "", steps=due.steps,
        papers=tuple(_papers(clock, papers)), changed=None if same or clock.stopped_on is None else due.due,
        lit=_lit(clock, due, on),
    )  # fmt: skip


def _lit(clock: Clock, due: Due, on: date) -> Lit | None:
    if clock.stopped_on is not None or clock.paused:
        return None
    if clock.kind in WINDOWS and clock.due_on < on:
        return Lit(Light.NONE, "期限已过")  # a right that lapsed; nobody is late
    start = None if clock.kind in ROWS_BY_DATE else due.start  # as the board and the desk light them
    return light(clock.due_on, on=on, start=start)


def _papers(clock: Clock, named: bool) -> Iterable[str]:
    """延期、中止的来文."""
    for one in clock.extensions.all():
        yield _extension(one, named)
    for pause in clock.suspensions.all():
        yield _suspension(pause, named)


def _extension(one: Extension, named: bool) -> str:
    asked = f"{zh(one.asked_on)}申请延至{zh(one.wanted_on)}：{one.reason.rstrip('。')}"
    if one.decided_on is None:
        return f"{asked}。尚未决定，原日期不变"
    answer = f"同意延至{zh(one.granted_to)}" if one.agreed and one.granted_to else "不同意延期，原日期不变"
    told = f"；{zh(one.told_on)}{one.told_how}告知代表" if one.told_on else ""
    paper = f"（来文：{one.paper.name}）" if one.paper and named else ""
    return f"{asked}。{zh(one.decided_on)}{answer}{paper}{told}"


def _suspension(one: Suspension, named: bool) -> str:
    until = f"至{zh(one.to_on)}恢复" if one.to_on else "，尚未恢复"
    paper = f"（来文：{one.paper.name}）" if named else ""
    return f"{zh(one.from_on)}起中止计时{until}：{one.reason.rstrip('。')}{paper}"


ROWS_BY_DATE = frozenset({ClockKind.PROMISE, ClockKind.VISIT, ClockKind.MILESTONE})
ROWS: dict[ClockKind, tuple[type[Model], tuple[str, ...]]] = {
    ClockKind.ASKED: (CoOpinion, ("unit",)),
    ClockKind.PROMISE: (Commitment, ()),
    ClockKind.VISIT: (FollowUpVisit, ()),
    ClockKind.ERRAND: (Errand, ("supervision", "owner", "outside")),
    ClockKind.MILESTONE: (Milestone, ()),
}


def _names(clocks: Sequence[Clock]) -> dict[tuple[str, int], str]:
    """What each clock of a row is for, in words."""
    found = {}
    for kind, (model, joined) in ROWS.items():
        pks = {clock.row for clock in clocks if clock.kind == kind}
        for row in model._default_manager.filter(pk__in=pks).select_related(*joined) if pks else ():
            found[kind.value, row.pk] = _name(row)
    return found


def _name(row: Model) -> str:
    match row:
        case CoOpinion():
            name = f"{row.unit.short_name}{'会签' if row.countersigns else ''}"
            return f"{name}（第{row.round}次）" if row.round > 1 else name
        case Errand():
            whom = row.outside.short_name if row.outside else row.owner.name
            return f"{row.supervision}，{whom}"
        case FollowUpVisit():
            return f"{md(row.done_on)}已回访" if row.done_on else ""
        case _:
            return str(row)
