"""本单位：where a deed on no single item begins."""

from datetime import datetime

from django.utils.timezone import localdate

from huiyin.actions._refused import Refused
from huiyin.models import Person, Unit
from huiyin.queries.actors import actor_of
from huiyin.rules.permissions import MAY, Actor, may
from huiyin.rules.vocabulary import Deed


def must(by: Person, deed: Deed, *, at: datetime, what: str = "") -> Actor:
    """Who acts, if he may; Refused otherwise, naming who may. `what`: the deed in other words."""
    actor = actor_of(by, localdate(at))
    if by.unit is None or not may(actor, deed):
        raise Refused(f"须由{'、'.join(role.label for role in MAY[deed])}{what or deed.label}")
    return actor


def own_unit(by: Person, deed: Deed, *, at: datetime, what: str = "") -> Unit:
    """His unit, locked, as `must`: of two at once, the second sees what the first has done."""
    must(by, deed, at=at, what=what)
    return Unit.objects.select_for_update(no_key=True).get(pk=by.unit_id or 0)
