"""台账各列怎样筛选 (S16): the filters of the ledger's columns. Where a column's values stand in rows of their own, the items
are picked through these; where they are of a closed list, that is what it offers."""

from functools import cache
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from huiyin.models import Assignment, Category, Extension, Meeting, Person, Proposer, Section, Unit
from huiyin.queries import profiles
from huiyin.queries.actors import items_for
from huiyin.queries.filters import Choice, Options, Where
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Term

# 经由另有的行


def having(model: Any) -> Where:
    """Items one of whose rows is such."""
    return lambda _, pick: Q(
        pk__in=model.objects.filter(pick, assignment__isnull=False).order_by().values("assignment")
    )


def by_proposers(**which: Any) -> Where:
    def where(_: Actor, pick: Q) -> Q:
        rows = Proposer.objects.filter(pick, suggestion__confidential=False, **which).order_by()
        return Q(suggestion__in=rows.values("suggestion"))

    return where


def by_how_many(_: Actor, pick: Q) -> Q:
    rows = Proposer.objects.order_by().values("suggestion").annotate(size=Count("pk")).filter(pick)
    return Q(suggestion__in=rows.values("suggestion"))


def by_following(actor: Actor, pick: Q) -> Q:
    rows = items_for(actor).filter(pick, previous__isnull=False).order_by()
    return Q(pk__in=rows.values("previous"))


def by_co_units(_: Actor, pick: Q) -> Q:
    through = Assignment.named_co_units.through
    units = Unit.objects.filter(pick).order_by().values("pk")
    return Q(pk__in=through.objects.filter(unit__in=units).values("assignment"))


def by_lead_unit(_: Actor, pick: Q) -> Q:
    """By the lead unit's name, or by our own where we lead."""
    units = Unit.objects.filter(pick).order_by().values("pk")
    return Q(lead_unit__in=units) | Q(lead_unit__isnull=True, unit__in=units)


def by_extension(_: Actor, pick: Q) -> Q:
    rows = Extension.objects.filter(pick, agreed=True).order_by()
    return Q(pk__in=rows.values("clock__assignment"))


# 可选的项


def terms(kind: type[Term]) -> Options:
    return lambda _: kind.choices()


def people(role: str) -> Options:
    """The people his unit's items name for it."""

    def rows(actor: Actor) -> list[tuple[str, str]]:
        held = Assignment.objects.filter(unit_id=actor.unit_id or 0, **{role: OuterRef("pk")})
        rows = Person.objects.filter(Exists(held)).order_by("name", "pk")
        return [(str(pk), name) for pk, name in rows.values_list("pk", "name")]

    return rows


def sections(actor: Actor) -> list[tuple[str, str]]:
    rows = Section.objects.filter(unit_id=actor.unit_id or 0).values_list("pk", "name")
    return [(str(pk), name) for pk, name in rows]


def meetings(_: Actor) -> list[tuple[str, str]]:
    return [(str(one.pk), one.title) for one in Meeting.objects.all()]


def categories(_: Actor) -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in Category.objects.values_list("pk", "name")]


def units(**which: Any) -> Options:
    return lambda _: [
        (str(pk), name) for pk, name in Unit.objects.filter(**which).values_list("pk", "short_name")
    ]


def own_unit(actor: Actor) -> list[tuple[str, str]]:
    return units(pk=actor.unit_id or 0)(actor)


@cache
def _letters() -> tuple[str, ...]:
    return tuple(sorted({letter for name in profiles.available() for letter in profiles.named(name).classes}))


def letters(_: Actor) -> list[tuple[str, str]]:
    return [(one, f"{one}类") for one in _letters()]


# 筛选


YES, NO = "yes", "no"


def flag(yes: Q) -> Choice:
    """是、否."""
    return Choice(options=lambda _: [(YES, "是"), (NO, "否")], each={YES: lambda _: yes, NO: lambda _: ~yes})


def picked(**each: tuple[str, Q]) -> Choice:
    """Named picks, in their order."""
    return Choice(
        options=lambda _: [(key, label) for key, (label, _q) in each.items()],
        each={key: (lambda _, q=q: q) for key, (_label, q) in each.items()},  # type: ignore[misc]
    )


def link(path: str, options: Options) -> Choice:
    return Choice((path,), options=options, blank=False)


def word(path: str, options: Options) -> Choice:
    return Choice((path,), options=options)
