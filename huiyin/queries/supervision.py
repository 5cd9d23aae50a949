"""督办事项的查询 (R64): the acts and errands a person may see, what of them is his to do, and an item's own."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, QuerySet

from huiyin.models import (
    AgendaItem,
    Assignment,
    Errand,
    LeadersMeeting,
    Milestone,
    StoredFile,
    Supervision,
    SupervisionPlan,
)
from huiyin.queries.actors import items_for
from huiyin.queries.dates import provisional
from huiyin.queries.item import hides_proposer
from huiyin.rules import errands
from huiyin.rules.periods import Light, Lit, light
from huiyin.rules.permissions import Actor, visible_to
from huiyin.rules.vocabulary import OPEN_ERRAND, ClockKind, Deed, ErrandState, Level, Role, SupervisionKind

UNANSWERED = frozenset({ErrandState.SENT, ErrandState.RECEIVED})
DEEDS = (Deed.RECEIVE_ERRAND, Deed.ANSWER_ERRAND, Deed.SETTLE_ERRAND, Deed.RETURN_ERRAND)


@dataclass(frozen=True)
class Row:
    """一件督办事项，它的灯，和他现在可办的."""

    errand: Errand
    lit: Lit
    deeds: tuple[Deed, ...]
    paper: StoredFile | None

    @property
    def note_label(self) -> str:
        return "销号意见" if self.errand.state == ErrandState.SETTLED else "退回理由"


def errands_for(actor: Actor) -> QuerySet[Errand]:
    """督办事项 on the items he may see."""
    rows = Errand.objects.annotate(provisional=provisional(ClockKind.ERRAND))
    return rows.filter(visible_to(actor, "assignment__")).select_related(
        "supervision__issued_by", "supervision__agenda__meeting", "owner", "outside", "paper", "answered_by",
        "settled_by", "received_by", "assignment__suggestion__meeting", "assignment__section", "assignment__handler",
        "assignment__lead_unit",
    )  # fmt: skip


def acts_for(actor: Actor) -> QuerySet[Supervision]:
    """催办单、督办通知单、批示、会议决定 on the items he may see."""
    return Supervision.objects.filter(pk__in=errands_for(actor).order_by().values("supervision"))


def mine(actor: Actor) -> QuerySet[Errand]:
    """等他答复的."""
    return errands_for(actor).filter(owner__in=actor.ids, state__in=UNANSWERED)


def to_settle(actor: Actor) -> QuerySet[Errand]:
    """等他销号的: what he issued; the clerk also what those issued who have left."""
    issued = Q(supervision__issued_by__in=actor.ids)
    if actor.has(Role.CLERK):
        issued |= Q(supervision__issued_by__is_active=False)
    return errands_for(actor).filter(issued, state=ErrandState.ANSWERED)


SHOWN = {
    "open": "没有销号的",
    "late": "逾期没有答复的",
    "answered": "待销号的",
    "mine": "等我答复的",
    "all": "全部",
}


def shown(actor: Actor, which: str) -> QuerySet[Errand]:
    """The errands of one of `SHOWN`; those that are open for anything else."""
    rows = errands_for(actor)
    picked = {
        "late": rows.filter(state__in=UNANSWERED, due_on__lt=actor.on),
        "answered": rows.filter(state=ErrandState.ANSWERED),
        "mine": mine(actor),
        "all": rows,
    }
    return picked.get(which, rows.filter(state__in=OPEN_ERRAND))


def row_of(errand: Errand, actor: Actor) -> Row:
    deeds = tuple(deed for deed in DEEDS if not errands.refusals(errand, deed, actor))
    hidden = hides_proposer(errand.assignment, actor)  # its papers may name whom it keeps secret (R7)
    return Row(errand, lit_of(errand, actor.on), deeds, None if hidden else errand.paper)


def lit_of(errand: Errand, on: date) -> Lit:
    if errand.state == ErrandState.SETTLED:
        return light(errand.due_on, on=on, done_on=errand.answered_on)
    if errand.state == ErrandState.ANSWERED:
        return Lit(Light.NEAR, "待销号")
    return light(errand.due_on, on=on, start=errand.supervision.issued_on)


def urged(items: Iterable[Assignment]) -> dict[tuple[int, str], Errand]:
    """已催办、还没有答复的, by item and whom ("p12" a person, "u3" a unit)."""
    rows = Errand.objects.filter(
        assignment__in=list(items), supervision__kind=SupervisionKind.URGE, state__in=UNANSWERED
    ).select_related("supervision")
    return {
        (one.assignment_id, f"u{one.outside_id}" if one.outside_id else f"p{one.owner_id}"): one
        for one in rows.order_by("-pk")
    }


@dataclass(frozen=True)
class Card:
    """承办件页上的“督办、批示、会议决定”. `planless`: a key-supervised item that has no plan (R65)."""

    rows: list[Row] = field(default_factory=list)
    agenda: list[AgendaItem] = field(default_factory=list)
    plan: SupervisionPlan | None = None
    milestones: list[tuple[Milestone, Lit]] = field(default_factory=list)
    planless: bool = False

    def __bool__(self) -> bool:
        return bool(self.rows or self.agenda or self.plan or self.planless)


def on_item(item: Assignment, actor: Actor) -> Card:
    plan = SupervisionPlan.objects.filter(assignment=item).select_related("leader").first()
    steps = list(plan.milestones.all()) if plan else []
    rows = errands_for(actor).filter(assignment=item).order_by("-supervision__issued_on", "-pk")
    return Card(
        rows=[row_of(one, actor) for one in rows],
        agenda=list(
            item.agenda.select_related("meeting", "proposed_by", "recorded_by").order_by("-meeting__on")
        ),
        plan=plan,
        milestones=[(one, light(one.due_on, on=actor.on, done_on=one.done_on)) for one in steps],
        planless=plan is None and item.suggestion.level == Level.KEY,
    )


def meetings_for(actor: Actor) -> QuerySet[LeadersMeeting]:
    """会议：of his unit, for its people who have a part in the handling."""
    if actor.unit_id is None or not _takes_part(actor):
        return LeadersMeeting.objects.none()
    return LeadersMeeting.objects.filter(unit_id=actor.unit_id)


def _takes_part(actor: Actor) -> bool:
    return bool(actor.posts) and not actor.has(Role.ADMINISTRATOR)


def agenda_for(actor: Actor, meeting: LeadersMeeting) -> QuerySet[AgendaItem]:
    """议题 of a meeting, on the items he may see."""
    return meeting.agenda.filter(assignment__in=items_for(actor)).select_related(
        "assignment__suggestion", "assignment__section", "proposed_by", "recorded_by"
    )


def supervised(agenda: AgendaItem, actor: Actor) -> list[Row]:
    """会议决定的落实：the errands a decision gave rise to."""
    rows = errands_for(actor).filter(supervision__agenda=agenda)
    return [row_of(one, actor) for one in rows]
