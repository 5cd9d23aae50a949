"""自己的时限: the running clocks a person has to keep, of items he may see that day."""

from datetime import date

from django.db.models import Q, QuerySet

from huiyin.models import Clock, Commitment, Errand, Milestone, Person
from huiyin.queries.actors import actor_of, items_for
from huiyin.rules.vocabulary import SIX, WINDOWS, ClockKind

OWNED = frozenset(
    {ClockKind.PROMISE, ClockKind.ERRAND, ClockKind.MILESTONE}
)  # of one person, not of the item's people


def own_dates(person: Person, on: date) -> QuerySet[Clock]:
    """Of items he is named on, all but what others owe; and what he owes himself on any item. Not of those he stands
    in for: a calendar is kept by one person."""
    named = Q(assignment__responsible_leader=person)
    for role in SIX:
        named |= Q(**{f"assignment__{role.value}": person})
    items = items_for(actor_of(person, on, standing_in=False))
    running = Clock.objects.filter(stopped_on=None, assignment__in=items).exclude(kind__in=WINDOWS)
    found = running.filter((named & ~Q(kind__in=OWNED)) | _owed(person))
    return found.select_related("assignment__suggestion").order_by("due_on", "pk")


def _owed(person: Person) -> Q:
    return (
        Q(kind=ClockKind.PROMISE, row__in=Commitment.objects.filter(owner=person).values("pk"))
        | Q(kind=ClockKind.ERRAND, row__in=Errand.objects.filter(owner=person).values("pk"))
        | Q(kind=ClockKind.MILESTONE, row__in=Milestone.objects.filter(plan__leader=person).values("pk"))
    )
