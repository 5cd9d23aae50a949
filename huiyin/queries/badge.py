"""待办件数：how much waits for a person, for every page's frame. Counts what `desk.waiting_for` lists, without reading it:
an item whose move follows from its status and people is counted in the database, by kinds of item; one at a gate needs
its signatures; only where something besides may wait is it looked at as the desk does."""

from functools import lru_cache
from time import monotonic

from django.db.models import BooleanField, Case, Count, Prefetch, Q, QuerySet, Value, When

from huiyin.models import Assignment, Event, Exemption, SignOff
from huiyin.queries import supervision as errands
from huiyin.queries.actors import items_for
from huiyin.queries.desk import (
    FIRST,
    may_wait,
    named,
    open_items,
    to_publish,
    undecided,
    visits_soon,
    waits_on,
)
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import SIX, Deed, Part, Role, Status
from huiyin.rules.workflow import GATE_OF, allowed

NAMED = (*(role.value for role in SIX), Role.CHIEF_LEADER.value, "responsible_leader")
SIMPLE = {
    **{status: deed for status, (deed, _) in FIRST.items() if status not in GATE_OF},
    Status.HANDLING: Deed.DRAFT, Status.EVALUATING: Deed.EVALUATE,
}  # fmt: skip
READ_AT_GATES = (
    "unit", "part", "round_kind", "status", "profile_name", "profile_version", *(f"{one}_id" for one in NAMED),
    "suggestion__level",
)  # fmt: skip
Items = QuerySet[Assignment]


def waiting_count(actor: Actor) -> int:
    """len(waiting_for(actor)), cheaply: kept for half a minute, unless somebody has done anything, which the journal
    would tell."""
    last = Event.objects.order_by("-pk").values_list("pk", "digest").first()
    return _kept(actor, last, int(monotonic() // 30))


@lru_cache(maxsize=1024)
def _kept(actor: Actor, last: tuple[int, str] | None, half_minute: int) -> int:
    return counted(actor)


def counted(actor: Actor) -> int:
    """As `waiting_count`, counted now."""
    close = _closely(actor)
    items = items_for(actor).exclude(pk__in=close) if close else items_for(actor)
    looked_at = open_items(actor, may_wait(actor) & Q(pk__in=close)) if close else []
    return (
        _at_gates(actor, items)
        + _by_kind(actor, items)
        + waits_on(actor, looked_at)
        + errands.mine(actor).count()
        + errands.to_settle(actor).count()
    )


def _closely(actor: Actor) -> list[int]:
    """件 that must be read: extensions, letters to publish, exemptions asked, visits that are due, his promises."""
    mine = Q(handler_id__in=actor.ids) | Q(pk__in=actor.promised)
    asked = Exemption.objects.filter(granted_at__isnull=True).values_list("assignment")
    rows = asked.order_by().union(
        undecided().order_by().values_list("clock__assignment"),
        to_publish().order_by().values_list("assignment"),
        visits_soon(actor).order_by().values_list("assignment"),
        items_for(actor).filter(mine, status=Status.TRACKING).order_by().values_list("pk"),
    )
    return [pk for (pk,) in rows]


def _at_gates(actor: Actor, items: Items) -> int:
    signed = SignOff.objects.filter(voided_at__isnull=True).only("assignment", "gate", "role", "voided_at")
    rows = items.filter(named(actor), status__in=GATE_OF).select_related("suggestion").only(*READ_AT_GATES)
    waiting = rows.prefetch_related(Prefetch("sign_offs", signed))
    return sum(allowed(actor, one, FIRST[Status(one.status)][0]) for one in waiting)


def _by_kind(actor: Actor, items: Items) -> int:
    """Of those whose move follows from status, part and people: one look at each kind of item there is."""
    his = {
        f"his_{name}": Case(
            When(**{f"{name}_id__in": actor.ids}, then=Value(True)), default=Value(False), output_field=BooleanField()
        )
        for name in NAMED
    }  # fmt: skip
    kinds = (
        items.filter(may_wait(actor), status__in=(*SIMPLE, Status.ISSUED))
        .exclude(status=Status.ISSUED, replied_on__isnull=True).order_by().annotate(**his).values_list("status", "part", *his).annotate(size=Count(Value(1)))
    )  # fmt: skip
    total, unit = 0, actor.unit_id or 0
    for status, part, *names, size in kinds:
        people = {f"{name}_id": actor.person_id for name, mine in zip(NAMED, names, strict=True) if mine}
        item = Assignment(status=status, part=part, unit_id=unit, **people)
        total += size if allowed(actor, item, _deed(item)) else 0
    return total


def _deed(item: Assignment) -> Deed:
    if item.status == Status.ISSUED:
        return Deed.DELIVER_OPINION if item.part == Part.CO else Deed.DELIVER
    return SIMPLE[Status(item.status)]
