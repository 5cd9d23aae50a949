"""并案与分拆所见：whom an item is handled together with, what it was split into, and what could be its host."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from huiyin.models import Assignment
from huiyin.queries.actors import items_for
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import ANSWERING, BEFORE_REPLY, Status

JOINABLE = (Status.PROPOSING, Status.ASSIGNING, Status.ACCEPTING, Status.HANDLING)


@dataclass(frozen=True)
class Member:
    """一件相关的件. Of one out of the reader's sight only the number is told (`seen` false)."""

    item: Assignment
    seen: bool
    drafted: bool

    @property
    def waits(self) -> bool:
        """Still to be drafted."""
        return not self.drafted and self.item.status in BEFORE_REPLY


@dataclass(frozen=True)
class Group:
    """并案、分拆的关系."""

    host: Member | None
    merged: list[Member]
    whole: Member | None
    parts: list[Member]

    @property
    def undrafted(self) -> list[Member]:
        """并入的件里还没有稿本的."""
        return [one for one in self.merged if one.waits]


def group(item: Assignment, actor: Actor) -> Group | None:
    """None for an item on its own."""
    split_from = item.suggestion.split_from_id
    whole = _first_round(item, suggestion=split_from) if split_from else None
    children = (
        _first_rounds(item, suggestion__split_from=item.suggestion) if item.status == Status.SPLIT else []
    )
    merged = list(item.merged.select_related("suggestion").order_by("number_key"))
    if item.merged_into is None and not (merged or whole or children):
        return None
    rows = [one for one in (item.merged_into, whole, *merged, *children) if one]
    seen = set(items_for(actor).filter(pk__in=[one.pk for one in rows]).values_list("pk", flat=True))
    shown = {one.pk: Member(one, one.pk in seen, _drafted(one)) for one in rows}
    return Group(
        shown[item.merged_into.pk] if item.merged_into else None, [shown[one.pk] for one in merged],
        shown[whole.pk] if whole else None, [shown[one.pk] for one in children],
    )  # fmt: skip


def _first_rounds(item: Assignment, **where: object) -> list[Assignment]:
    rows = Assignment.objects.filter(unit=item.unit, round=1, **where).select_related("suggestion")
    return list(rows.order_by("number_key"))


def _first_round(item: Assignment, **where: object) -> Assignment | None:
    return next(iter(_first_rounds(item, **where)), None)


def _drafted(item: Assignment) -> bool:
    return any(one.body.strip() for one in item.versions.all())


def hosts_for(item: Assignment, actor: Actor) -> QuerySet[Assignment]:
    """可作主件的：in his sight, of this unit and kind, to be answered and not yet sent for review, in no group of another."""
    if item.suggestion.secret:
        return Assignment.objects.none()
    found = items_for(actor).filter(
        unit=item.unit, suggestion__kind=item.suggestion.kind, suggestion__secret=False, status__in=JOINABLE,
        part__in=ANSWERING, merged_into__isnull=True,
    )  # fmt: skip
    return found.exclude(pk=item.pk).select_related("suggestion").order_by("number_key")
