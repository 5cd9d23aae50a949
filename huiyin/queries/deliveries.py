"""发送情况：what went out, waits or failed, of a unit's notices; the office and administrators watch over it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, Max, Q, QuerySet

from huiyin.models import Dispatch
from huiyin.queries.actors import items_for
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import DispatchState, Role

WATCHING = (Role.CLERK, Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR)
TROUBLE = (DispatchState.FAILED, DispatchState.UNKNOWN)


@dataclass
class Tally:
    """一条渠道的情况: how many in each state, when one last went out, and for what reasons others did not."""

    channel: str
    counts: dict[DispatchState, int] = field(default_factory=dict)
    last: datetime | None = None
    reasons: list[tuple[DispatchState, str, int]] = field(default_factory=list)

    @property
    def cells(self) -> list[tuple[DispatchState, int]]:
        return [(state, self.counts.get(state, 0)) for state in DispatchState]

    @property
    def resendable(self) -> bool:
        return bool(self.counts.get(DispatchState.FAILED))


def may_watch(actor: Actor) -> bool:
    return actor.has(*WATCHING)


def reads_texts(actor: Actor) -> bool:
    """An administrator sees no item, so he watches numbers only (R76)."""
    return may_watch(actor) and not actor.has(Role.ADMINISTRATOR)


def of_unit(actor: Actor) -> QuerySet[Dispatch]:
    return Dispatch.objects.filter(notice__person__unit_id=actor.unit_id or 0)


def in_reach(actor: Actor) -> QuerySet[Dispatch]:
    """Those he may have sent once more: his own; his unit's, if he watches over them."""
    own = Dispatch.objects.filter(notice__person_id=actor.person_id)
    return own | of_unit(actor) if may_watch(actor) else own


def tallies(actor: Actor, channels: Iterable[str]) -> list[Tally]:
    """By channel: those configured, and others that still have something."""
    found: dict[str, Tally] = {name: Tally(name) for name in channels}
    rows = of_unit(actor).order_by().values("channel", "state", "error")
    for row in rows.annotate(many=Count("pk"), last=Max("sent_at")):
        tally = found.setdefault(row["channel"], Tally(row["channel"]))
        state = DispatchState(row["state"])
        tally.counts[state] = tally.counts.get(state, 0) + row["many"]
        tally.last = max(filter(None, [tally.last, row["last"]]), default=None)
        if row["error"] and state != DispatchState.SENT:
            tally.reasons.append((state, row["error"], row["many"]))
    return list(found.values())


def troubles(actor: Actor) -> QuerySet[Dispatch]:
    """One by one: what failed or is unknown, for those who may read what it was about."""
    rows = (
        of_unit(actor)
        .filter(state__in=TROUBLE)
        .select_related("notice__person", "notice__assignment__suggestion")
    )
    seen = Q(notice__assignment=None) | Q(notice__assignment__in=items_for(actor))
    return rows.filter(seen).order_by("-pk")
