"""核对 (R71): whether the figures hold together, and where they do not, which items it is.

What stops is never printed: `must_reconcile` raises it before a summary is written. What is only told (`stops` False) is a
gap in the facts that makes two figures differ, such as an evaluation without a delivery.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import Count as Size
from django.db.models import Q
from django.db.models import Value as Literal

from huiyin.models import Assignment
from huiyin.models.profile import profile_of
from huiyin.queries import figures
from huiyin.queries.figures import DIMENSIONS, DoesNotReconcile, Items, Scope
from huiyin.queries.formulas import ANSWERS, CLASSED, MAIN, RATED, RATES, REPLIED
from huiyin.rules.permissions import Actor

MOST = 20  # items named


@dataclass(frozen=True)
class Doubt:
    """一处对不上：in a sentence, with its items (the first of them)."""

    words: str
    items: tuple[Assignment, ...] = ()
    stops: bool = True


def must_reconcile(actor: Actor, scope: Scope, on: date) -> None:
    """Raises DoesNotReconcile with the first doubt that stops a summary."""
    for one in doubts(actor, scope, on):
        if one.stops:
            raise DoesNotReconcile(one.words, one.items)


def doubts(actor: Actor, scope: Scope, on: date, *, every: bool = True) -> list[Doubt]:
    """各处对不上的地方; `every` dimension's groups are added up too, which a page does for its own dimension alone."""
    items = figures.counted_items(actor, scope)
    found = [*_totals(actor, scope), *_classes(items), *_inside(items, on)]
    if every:
        found += _groups(actor, scope, on)
    return [*found, *_gaps(items)]


def _totals(actor: Actor, scope: Scope) -> Iterator[Doubt]:
    try:
        figures.counts(actor, scope)
    except DoesNotReconcile as error:
        yield Doubt(str(error), tuple(error.items[:MOST]))


def _groups(actor: Actor, scope: Scope, on: date) -> Iterator[Doubt]:
    for by in DIMENSIONS:
        try:
            figures.breakdown(actor, scope, on, by)
        except DoesNotReconcile as error:
            yield Doubt(str(error), tuple(error.items[:MOST]))


def _classes(items: Items) -> Iterator[Doubt]:
    """A class that the item's own profile does not have is in no share."""
    names = items.filter(CLASSED).order_by().values_list("profile_name", "profile_version").distinct()
    for name, version in names:
        letters = [*profile_of(name, version).classes, ""]
        own = items.filter(CLASSED, profile_name=name, profile_version=version)
        if odd := _some(own.exclude(reply_class__in=letters)):
            said = "、".join(sorted({one.reply_class for one in odd}))
            yield Doubt(
                f"类别“{said}”不在办理规程的类别（{'、'.join(letters[:-1])}）里，各类之和少于已答复件数", odd
            )


def _inside(items: Items, on: date) -> Iterator[Doubt]:
    """分子都在分母里. So it is by construction; counted all the same."""
    picks = {rate.key: rate.numerator(on) & ~rate.denominator(on) for rate in RATES}
    sizes = items.aggregate(**{f"{key}_out": Size(Literal(1), filter=pick) for key, pick in picks.items()})
    for rate in RATES:
        if sizes[f"{rate.key}_out"]:
            yield Doubt(
                f"{rate.label}的分子有{sizes[f'{rate.key}_out']}件不在分母里",
                _some(items.filter(picks[rate.key])),
            )


def _gaps(items: Items) -> Iterator[Doubt]:
    """Facts that are not there, so that two figures do not tell the same."""
    for words, pick in (
        ("收回了评价，没有登记送达：在满意率的分母里，不在反馈率的分母里", MAIN & ANSWERS & RATED & Q(delivered_on__isnull=True)),
        ("已经送达，没有登记签发的答复：在反馈率里，不在办结率的分子里", MAIN & ANSWERS & ~REPLIED & Q(delivered_on__isnull=False)),
        ("已经答复，没有标注类别：不在解决率的分子里", CLASSED & Q(reply_class="")),
    ):  # fmt: skip
        if size := items.filter(pick).count():
            yield Doubt(f"{size}件{words}", _some(items.filter(pick)), stops=False)


def _some(items: Items) -> tuple[Assignment, ...]:
    return tuple(items.select_related("suggestion").order_by("number_key", "pk")[:MOST])
