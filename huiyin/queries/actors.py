"""办事的人：from a person and a day to all he may act as."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import CharField, Q, QuerySet, Value

from huiyin.models import Assignment, Commitment, Errand, Person, Post, StandIn, SupervisionPlan
from huiyin.rules.permissions import Actor, visible_to
from huiyin.rules.vocabulary import Role


def absent_ones(person: Person, on: date) -> list[Person]:
    """The people he stands in for on that day."""
    rows = StandIn.objects.filter(substitute=person, from_on__lte=on, to_on__gte=on, cancelled=False)
    return [row.absent for row in rows.select_related("absent")]


def actor_of(person: Person, on: date, *, standing_in: bool = True) -> Actor:
    """`person` on that day, with the posts and items of those he stands in for (unless `standing_in` is False)."""
    others = absent_ones(person, on) if standing_in and person.is_active else []
    ids = frozenset([person.pk, *(one.pk for one in others)])
    posts = Post.objects.filter(person_id__in=ids if person.is_active else [], unit_id=person.unit_id or 0)
    held = frozenset(
        (role, section)
        for holder, role, section in posts.values_list("person_id", "role", "section_id")
        if role != Role.ADMINISTRATOR or holder == person.pk  # nobody stands in for an administrator
    )
    return Actor(
        person_id=person.pk,
        unit_id=person.unit_id,
        on=on,
        ids=ids,
        posts=held,
        **_owed(ids),
    )


def _owed(ids: frozenset[int]) -> dict[str, frozenset[int]]:
    """The items on which they owe a promise or an errand, or lead a plan: one query, asked with every page and deed."""
    rows: dict[str, QuerySet[Any]] = {
        "promised": Commitment.objects.filter(owner_id__in=ids),
        "errands": Errand.objects.filter(owner_id__in=ids),
        "plans": SupervisionPlan.objects.filter(leader_id__in=ids),
    }
    first, *others = (
        one.order_by().values_list("assignment_id", Value(key, output_field=CharField()))
        for key, one in rows.items()
    )
    found: dict[str, set[int]] = {key: set() for key in rows}
    for pk, key in first.union(*others):
        found[key].add(pk)
    return {key: frozenset(pks) for key, pks in found.items()}


def standing_in_for(person: Person, on: date, *, alone: Person) -> Actor:
    """What `alone`, whom he stands in for, could do by himself."""
    return replace(actor_of(alone, on, standing_in=False), person_id=person.pk)


def stand_in_today(person_ids: set[int], on: date) -> dict[int, StandIn]:
    """Who stands in for each of these people that day."""
    rows = StandIn.objects.filter(
        Q(absent_id__in=person_ids), from_on__lte=on, to_on__gte=on, cancelled=False
    )
    return {row.absent_id: row for row in rows.select_related("substitute", "absent")}


def items_for(actor: Actor) -> QuerySet[Assignment]:
    """承办件 he may see: where every page, list, count, search, export and file starts (R77)."""
    return Assignment.objects.filter(visible_to(actor))
