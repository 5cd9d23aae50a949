"""常用段落所见：a unit's standard passages, those that fit an item first."""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import QuerySet

from huiyin.models import Assignment, StandardPassage
from huiyin.rules.permissions import Actor

SOON = timedelta(days=30)  # the owner is reminded so long before a passage expires


def passages_of(actor: Actor) -> QuerySet[StandardPassage]:
    """本单位的常用段落, expired ones too."""
    rows = StandardPassage.objects.filter(unit_id=actor.unit_id or 0)
    return rows.select_related("category", "owner", "edited_by")


def fitting(item: Assignment, on: date) -> list[StandardPassage]:
    """可插入本件的, those of its own subject first, then those of none, then the others."""
    rows = StandardPassage.objects.filter(unit_id=item.unit_id, expires_on__gte=on).select_related("category")
    own = item.suggestion.category_id
    return sorted(rows, key=lambda one: (one.category_id != own, one.category_id is not None, one.title))


def look(passage: StandardPassage, on: date) -> tuple[str, str]:
    """（样式, 话）: how long it may still be used."""
    if passage.expired(on):
        return "bad", "■ 已过期，不能插入"
    if passage.expires_on <= on + SOON:
        return "wait", f"▲ 还有{(passage.expires_on - on).days}天到期"
    return "yes", "● 可用"
