"""承诺与回访 (S24, S25): across items and years, until kept."""

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.models import Commitment, FollowUpVisit, Meeting
from huiyin.queries import figures
from huiyin.queries.actors import items_for
from huiyin.queries.dates import provisional
from huiyin.queries.promises import WORDS, behind
from huiyin.rules.periods import light
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import NOT_COUNTED, OPEN_COMMITMENT, ClockKind, Deed, Kind, Status
from huiyin.rules.workflow import allowed
from huiyin.web import access


def promises(request: HttpRequest) -> HttpResponse:
    actor = access.actor(request)
    items = items_for(actor)
    figure = request.GET.get("figure", "")
    rows = Commitment.objects.filter(assignment__in=items)
    if figure in WORDS:
        rows = _behind(request, figure)
    rows = rows.select_related("assignment__suggestion__meeting", "section", "owner").prefetch_related(
        "progress"
    )
    every = bool(figure) or request.GET.get("all") == "1"
    still = rows.filter(state__in=OPEN_COMMITMENT).exclude(assignment__status__in=NOT_COUNTED)
    shown = rows if every else still
    visits = FollowUpVisit.objects.filter(assignment__in=items, done_on__isnull=True)
    visits = visits.annotate(provisional=provisional(ClockKind.VISIT))
    visits = visits.exclude(assignment__status=Status.SUPERSEDED)  # the next round has its own
    context = {
        "commitments": [
            (one, light(one.due_on, on=actor.on, done_on=one.done_on), _may(actor, one, Deed.PROGRESS)) for one in shown.order_by("due_on")
        ],
        "visits": [
            (one, light(one.planned_on, on=actor.on), _may(actor, one, Deed.VISIT))
            for one in visits.select_related("assignment__suggestion__meeting", "assignment__handler")
        ],
        "every": every, "figure": WORDS.get(figure, ""), "total": rows.count(), "open": still.count(),
    }  # fmt: skip
    return render(request, "promises.html", context)


def _may(actor: Actor, row: Commitment | FollowUpVisit, deed: Deed) -> bool:
    """可办：only what is still open."""
    return row.done_on is None and allowed(actor, row.assignment, deed)


def _behind(request: HttpRequest, figure: str) -> QuerySet[Commitment]:
    """落实率的分子、分母: of a year or all of them, of a kind, of a section or an owner."""
    actor, asked, kind = access.actor(request), request.GET.get("meeting"), request.GET.get("kind", "")
    year = Meeting.objects.filter(pk=access.number(asked)).first()
    if year is None and asked != "all":
        return Commitment.objects.none()
    scope = figures.Scope(year, Kind(kind) if kind in set(Kind) else None)
    of = {f"{key}_id": access.number(request.GET[key]) for key in ("section", "owner") if key in request.GET}
    return behind(actor, scope, figure, actor.on).filter(**of)
