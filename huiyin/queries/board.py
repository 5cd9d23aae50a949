"""督办看板 (S17, R64–R66): whom we wait for, what is due, what has gone wrong; by section, leader and co-handling unit.

Every figure is a set of items that a person may see: `figure` and `of` name it, and the same set opens behind it.
The board takes the same number of queries however many items there are.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from django.db.models import Count, Max, Q, QuerySet, prefetch_related_objects
from django.utils.timezone import localdate

from huiyin.models import (
    Assignment,
    Clock,
    Commitment,
    CoOpinion,
    Errand,
    Event,
    Extension,
    Milestone,
    Person,
    Post,
    Section,
    SupervisionPlan,
)
from huiyin.models.clock import calendar_of
from huiyin.queries.actors import items_for
from huiyin.queries.formulas import SOON
from huiyin.queries.holders import Held, held
from huiyin.queries.ledger import marks
from huiyin.queries.partners import Partner, late, ranked
from huiyin.queries.supervision import UNANSWERED, errands_for
from huiyin.queries.tally import FIGURES, ON_SECTION, PLAIN, Tally, Tile
from huiyin.queries.warnings import COLD
from huiyin.rules.periods import Lit, light, workdays_between
from huiyin.rules.permissions import Actor, visible_to
from huiyin.rules.vocabulary import (
    BEFORE_REPLY,
    CHASING,
    MAIN_CLOCKS,
    NOT_COUNTED,
    OPEN,
    OPEN_COMMITMENT,
    OPEN_ERRAND,
    ErrandState,
    Level,
    Role,
    Status,
    SupervisionKind,
)

TWO_YEARS = timedelta(days=731)  # 协办单位按时率 looks back so far
LONGEST = 12  # rows of a list on the board; the rest is behind its figure


@dataclass(frozen=True)
class Line:
    """一行：a section's or a leader's figures, in the order of ON_SECTION."""

    of: str
    label: str
    counts: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Group:
    """在等谁的一行：a section, the office, the leaders, or a unit outside."""

    of: str
    label: str
    count: int
    people: tuple[tuple[str, str, int], ...]  # of, name, items
    longest: Held


@dataclass(frozen=True)
class Due:
    """逾期与将到期的一行."""

    item: Assignment
    holders: tuple[Held, ...]
    lit: Lit
    urged: int
    tags: list[tuple[str, str]]


@dataclass(frozen=True)
class Cold:
    item: Assignment
    holders: tuple[Held, ...]
    last: date
    days: int


class Board:
    """看板：everything is read once, when it is first asked for."""

    def __init__(self, actor: Actor) -> None:
        self.actor, self.on = actor, actor.on
        self._mine = visible_to(actor, "assignment__")

    # 读

    @cached_property
    def items(self) -> dict[int, Assignment]:
        """在办的件."""
        found = items_for(self.actor).filter(status__in=OPEN).select_related("suggestion__meeting")
        return {one.pk: one for one in found.defer("suggestion__text")}

    @cached_property
    def names(self) -> dict[int, str]:
        return dict(Person.objects.filter(unit_id=self.actor.unit_id or 0).values_list("pk", "name"))

    @cached_property
    def clerk(self) -> int | None:
        """专职人员, where there is only one."""
        posts = Post.objects.filter(unit_id=self.actor.unit_id or 0, role=Role.CLERK, person__is_active=True)
        found = list(posts.values_list("person_id", flat=True)[:2])
        return found[0] if len(found) == 1 else None

    @cached_property
    def sections(self) -> dict[int, str]:
        return dict(Section.objects.filter(unit_id=self.actor.unit_id or 0).values_list("pk", "short_name"))

    @cached_property
    def opinions(self) -> list[CoOpinion]:
        """近两年请提的协办意见."""
        rows = CoOpinion.objects.filter(self._mine, requested_on__gte=self.on - TWO_YEARS)
        rows = rows.exclude(assignment__status__in=NOT_COUNTED)
        return list(rows.select_related("unit").defer("text", "note"))

    @cached_property
    def held(self) -> list[Held]:
        return list(held(list(self.items.values()), self.opinions, self.names, self.on, self.clerk))

    @cached_property
    def holders(self) -> dict[int, tuple[Held, ...]]:
        found = defaultdict[int, list[Held]](list)
        for one in self.held:
            found[one.item.pk].append(one)
        return {pk: tuple(rows) for pk, rows in found.items()}

    @cached_property
    def paused(self) -> set[int]:
        rows = Clock.objects.filter(self._mine, paused=True, stopped_on__isnull=True, kind__in=MAIN_CLOCKS)
        return set(rows.values_list("assignment_id", flat=True))

    @cached_property
    def last_deeds(self) -> dict[int, date]:
        """最近一次办理动作; what only chases an item is none."""
        rows = Event.objects.filter(self._mine, assignment__status__in=COLD).exclude(deed__in=CHASING)
        return {
            pk: localdate(at) for pk, at in rows.order_by().values_list("assignment").annotate(last=Max("at"))
        }

    @cached_property
    def errands(self) -> list[Errand]:
        return list(errands_for(self.actor).filter(state__in=OPEN_ERRAND).order_by("due_on", "pk"))

    @cached_property
    def promises(self) -> list[Commitment]:
        rows = Commitment.objects.filter(self._mine, state__in=OPEN_COMMITMENT)
        rows = rows.exclude(assignment__status__in=NOT_COUNTED)
        return list(
            rows.select_related("assignment__suggestion__meeting", "section", "owner").order_by(
                "due_on", "pk"
            )
        )

    @cached_property
    def milestones(self) -> list[Milestone]:
        rows = Milestone.objects.filter(
            visible_to(self.actor, "plan__assignment__"),
            done_on__isnull=True,
            plan__assignment__status__in=OPEN,
        )
        return list(rows.select_related("plan__assignment__suggestion__meeting", "plan__leader"))

    @cached_property
    def planless(self) -> list[Assignment]:
        planned = set(SupervisionPlan.objects.filter(self._mine).values_list("assignment_id", flat=True))
        keys = (one for one in self.items.values() if one.suggestion.level == Level.KEY)
        return [one for one in keys if one.pk not in planned]

    def dated(self, rows: Iterable[Any]) -> list[tuple[Any, Lit]]:
        """Each with its light."""
        return [(one, light(one.due_on, on=self.on)) for one in rows]

    # 数

    @cached_property
    def tally(self) -> Tally:
        found = Tally()
        for figure, pk, of in self._marks():
            found.add(figure, pk, *of)
        return found

    def _marks(self) -> Iterator[tuple[str, int, tuple[str, ...]]]:
        """Each item under each figure it counts in, with whose it is."""
        for figure, rows in (
            ("open", self._pending()), ("late", self._due(None, self.on - timedelta(1))),
            ("soon", self._due(self.on, self.on + SOON)), ("cold", (one.item for one in self.cold)),
            ("untold", self._untold()), ("no_plan", self.planless),
        ):  # fmt: skip
            yield from ((figure, one.pk, _of(one)) for one in rows)
        for one in self.held:
            yield "held", one.item.pk, (one.group, f"person:{one.person_id}", *_asked_of(one))
            if one.unit_id:
                yield "asked", one.item.pk, (*_of(one.item), *_asked_of(one))
            if one.late:
                yield "owed", one.item.pk, (*_of(one.item), *_asked_of(one))
        yield from self._marks_of_rows()

    def _marks_of_rows(self) -> Iterator[tuple[str, int, tuple[str, ...]]]:
        for errand in self.errands:
            pk, of = errand.assignment_id, _of(errand.assignment)
            yield "errands", pk, of
            if errand.state == ErrandState.ANSWERED:
                yield "errands_answered", pk, of
            if errand.state in UNANSWERED and errand.due_on < self.on:
                yield "errands_late", pk, of
        for promise in self.promises:
            of = (f"section:{promise.section_id}", f"leader:{_leader(promise.assignment)}")
            yield "promises", promise.assignment_id, of
            if promise.due_on < self.on:
                yield "promises_late", promise.assignment_id, of
        for step in self.milestones:
            if step.due_on < self.on:
                yield "milestones_late", step.plan.assignment_id, _of(step.plan.assignment)
        for opinion in self.opinions:
            if late(opinion, self.on):
                yield "co_late", opinion.assignment_id, (f"unit:{opinion.unit_id}",)

    def _pending(self) -> Iterator[Assignment]:
        return (one for one in self.items.values() if one.status in BEFORE_REPLY)

    def _due(self, first: date | None, last: date) -> Iterator[Assignment]:
        """Unanswered items due between two days; those whose time is suspended are not due."""
        for one in self._pending():
            if one.due_on and (first or date.min) <= one.due_on <= last and one.pk not in self.paused:
                yield one

    def _untold(self) -> Iterator[Assignment]:
        rows = Extension.objects.filter(
            visible_to(self.actor, "clock__assignment__"),
            agreed=True,
            told_on__isnull=True,
            clock__kind__in=MAIN_CLOCKS,
        )
        for pk in set(rows.values_list("clock__assignment_id", flat=True)):
            one = self.items.get(pk)
            if one and one.answers and one.profile.values["extension.tell_proposer"]:
                yield one

    # 表

    def statuses(self) -> list[tuple[str, str, int]]:
        """在办的件走到哪里, in the order of the procedure."""
        found = Counter(one.status for one in self.items.values())
        return [(one.value, one.label, found[one]) for one in Status if found[one]]

    def tiles(self, *figures: str) -> list[Tile]:
        return [
            Tile(
                key,
                FIGURES[key][0],
                self.tally.count(key),
                FIGURES[key][1],
                key not in PLAIN,
            )
            for key in figures
        ]

    @cached_property
    def cold(self) -> list[Cold]:
        """停滞件, longest first."""
        calendar, days, found = calendar_of(self.actor.unit_id or 0), dict[date, int](), []
        for pk, last in self.last_deeds.items():
            one = self.items.get(pk)
            if one is None or pk in self.paused:
                continue
            if last not in days:
                days[last] = workdays_between(last, self.on, calendar=calendar)
            if days[last] >= one.profile.values["supervision.cold"]:
                found.append(Cold(one, self.holders.get(pk, ()), last, days[last]))
        return sorted(found, key=lambda row: (-row.days, row.item.suggestion.number_key))

    def groups(self, *, inside: bool) -> list[Group]:
        """在等谁，最久的在前."""
        rows = defaultdict[str, list[Held]](list)
        for one in self.held:
            if one.inside == inside:
                rows[one.group if inside else _outside_key(one)].append(one)
        found = [self._group(of, own) for of, own in rows.items()]
        return sorted(found, key=lambda row: (-row.longest.days, row.label))

    def _group(self, of: str, own: list[Held]) -> Group:
        people = defaultdict[tuple[str, str], set[int]](set)
        for one in own:
            people[f"person:{one.person_id}", one.whom].add(one.item.pk)
        label = {"office": "办公室", "leaders": "局领导"}.get(of) or (
            self.sections.get(int(of.partition(":")[2]), "") if of.startswith("section:") else own[0].whom
        )
        ranked = sorted(
            ((key, name, len(pks)) for (key, name), pks in people.items()), key=lambda row: -row[2]
        )
        pks = {one.item.pk for one in own}
        return Group(of, label, len(pks), tuple(ranked), max(own, key=lambda one: one.days))

    def due(self, most: int = LONGEST) -> list[Due]:
        """逾期与15日内到期的件，最急的在前."""
        rows = sorted(
            self._due(None, self.on + SOON),
            key=lambda one: (one.due_on or date.max, one.suggestion.number_key),
        )[:most]
        urged = self._urged(rows)
        prefetch_related_objects(rows, "opinions")
        return [
            Due(
                one, self.holders.get(one.pk, ()), light(one.due_on, on=self.on, start=one.assigned_on),
                urged.get(one.pk, 0), marks(one, self.on),
            )
            for one in rows
        ]  # fmt: skip

    def _urged(self, items: Iterable[Assignment]) -> dict[int, int]:
        rows = Errand.objects.filter(assignment__in=list(items), supervision__kind=SupervisionKind.URGE)
        return dict(rows.order_by().values_list("assignment").annotate(times=Count("pk")))

    def lines(self, of: str) -> list[Line]:
        """分科室、分领导：those with something in hand or overdue."""
        names = self.sections if of == "section" else self.names
        found = []
        for pk, label in names.items():
            key = f"{of}:{pk}"
            counts = tuple((figure, self.tally.count(figure, key)) for figure in ON_SECTION)
            if any(count for _, count in counts):
                found.append(Line(key, label, counts))
        return found

    def partners(self) -> list[Partner]:
        """协办单位，最差的在前."""
        return ranked(self.opinions, self.on)

    def title(self, figure: str, of: str) -> str:
        """What a set of items is, in words: 答复逾期（用途管制科）."""
        kind, _, pk = of.partition(":")
        known = {"section": self.sections, "leader": self.names, "person": self.names}
        names = {"office": "办公室", "leaders": "局领导", "outside": "局外"}
        name = next((name for key, name in known.get(kind, {}).items() if str(key) == pk), names.get(of, ""))
        if kind == "unit":
            name = next((one.unit.short_name for one in self.opinions if str(one.unit_id) == pk), "")
        if kind == "whom":
            name = pk
        return f"{FIGURES[figure][0]}{f'（{name}）' if name else ''}"


def _leader(item: Assignment) -> int | None:
    return item.responsible_leader_id or item.business_leader_id


def _of(item: Assignment) -> tuple[str, ...]:
    return (f"section:{item.section_id}", f"leader:{_leader(item)}")


def _asked_of(one: Held) -> tuple[str, ...]:
    return () if one.inside else (_outside_key(one),)


def _outside_key(one: Held) -> str:
    return f"unit:{one.unit_id}" if one.unit_id else f"whom:{one.whom}"


def behind(actor: Actor, figure: str, of: str = "") -> QuerySet[Assignment]:
    """The items behind a figure of the board, to be listed."""
    pks = Board(actor).tally.items(figure, of) if figure in FIGURES else set()
    return items_for(actor).filter(pk__in=pks) if pks else items_for(actor).filter(Q(pk__in=[]))
