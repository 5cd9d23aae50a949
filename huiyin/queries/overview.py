"""领导看板：one screen of the year: how far it is against the time gone, what is late, how satisfied, who has what longest."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Count as Size
from django.db.models import Max, Min
from django.db.models import Value as Literal

from huiyin.queries import analysis, figures
from huiyin.queries.analysis import Picture
from huiyin.queries.board import Board
from huiyin.queries.figures import Items, Scope, Value
from huiyin.queries.formulas import MAIN, picked
from huiyin.queries.holders import Held
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import OPEN

LONGEST = 6


@dataclass(frozen=True)
class Time:
    """时间过去多少：from the first assignment to the last date."""

    start: date
    end: date
    gone: int  # per cent

    @property
    def words(self) -> str:
        return f"{self.gone}%"


@dataclass(frozen=True)
class Overview:
    """看板上的全部数字."""

    counts: dict[str, int]
    rates: dict[str, Value]
    late: int  # overdue and not answered
    soon: int  # due within 15 days
    time: Time | None
    lateness: Picture | None
    schemes: list[figures.Scheme]
    longest: list[Held]

    @property
    def behind(self) -> bool:
        """办结进度落后于时间."""
        done, gone = self.rates["completion"], self.time.gone if self.time else 0
        return done.numerator * 100 < gone * done.denominator


def overview(actor: Actor, scope: Scope) -> Overview:
    """Raises figures.DoesNotReconcile."""
    on = actor.on
    items = figures.counted_items(actor, scope)

    def size(key: str) -> int:
        pick = picked(key, on)
        return items.filter(pick).count() if pick is not None else 0

    return Overview(
        figures.counts(actor, scope), figures.rates(actor, scope, on), size("late.open"), size("late.soon"),
        _time(items, on), analysis.lateness(actor, scope, on), figures.class_shares(actor, scope), _longest(actor, items),
    )  # fmt: skip


def _time(items: Items, on: date) -> Time | None:
    found = items.filter(MAIN).aggregate(start=Min("assigned_on"), end=Max("due_on"), size=Size(Literal(1)))
    start, end = found["start"], found["end"]
    if not start or not end or end <= start:
        return None
    return Time(start, end, min(max(round((on - start).days * 100 / (end - start).days), 0), 100))


def _longest(actor: Actor, items: Items) -> list[Held]:
    """在局内谁手上最久."""
    known = set(items.filter(status__in=OPEN).order_by().values_list("pk", flat=True))
    inside = [one for one in Board(actor).held if one.inside and one.item.pk in known]
    return sorted(inside, key=lambda one: (-one.days, one.item.pk))[:LONGEST]
