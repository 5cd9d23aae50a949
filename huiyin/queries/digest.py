"""每日摘要: what waits today for each person of a unit."""

from collections.abc import Iterator
from datetime import date

from huiyin.models import Person, Unit
from huiyin.queries.actors import actor_of, items_for, stand_in_today
from huiyin.queries.desk import Waiting, open_items, waiting_for
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Role


def waiting_in(unit: Unit, on: date) -> Iterator[tuple[int, list[Waiting]]]:
    """Each person of the unit for whom something waits, as his desk shows it. Who is away is passed over: it is on
    his substitute's. The items are read once, as the office sees them."""
    people = Person.objects.filter(unit=unit, is_active=True)
    away = stand_in_today({one.pk for one in people}, on)
    items = open_items(Actor(0, unit.pk, on, frozenset(), frozenset({(Role.CLERK, None)})))
    for person in people:
        actor = actor_of(person, on)
        seen = set(items_for(actor).values_list("pk", flat=True))
        waiting = waiting_for(actor, [item for item in items if item.pk in seen])
        if waiting and person.pk not in away:
            yield person.pk, waiting
