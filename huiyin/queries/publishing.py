"""公开 (R47–R49): what is made ready for the public, and the only door through which the public reads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q, QuerySet

from huiyin.models import Assignment, Category, Clock, PublicVersion, Reply, ReplyVersion
from huiyin.queries.actors import items_for
from huiyin.rules.permissions import Actor
from huiyin.rules.redaction import Find, found, struck
from huiyin.rules.text import Block, BlockKind, typed
from huiyin.rules.vocabulary import ClockKind, Disclosure

OPEN = (Disclosure.FULL, Disclosure.SUMMARY)


def latest(item: Assignment) -> PublicVersion | None:
    """最近的公开稿 of the item's reply, confirmed or not."""
    return item.reply.public_versions.order_by("-number").first() if item.reply else None


def confirmed(item: Assignment) -> PublicVersion | None:
    """核定了而没有撤下的公开稿; none while a later one waits to be confirmed."""
    version = latest(item)
    return version if version and version.confirmed_at and not version.withdrawn_on else None


def proposed_title(reply: Reply) -> str:
    """公开稿的标题: the letter's, and what it is about, by which a reader knows it."""
    return f"{reply.version.title}（{reply.assignment.suggestion.title}）"[:200]


def proposed(version: ReplyVersion) -> tuple[str, list[Find]]:
    """公开稿的初稿: the reply's words without marks, contact line and copies, with what was found struck; and what that was."""
    text = plain(version.blocks())
    finds = found(text)
    return struck(text, finds), finds


def plain(found: Iterable[Block]) -> str:
    """公开的正文: paragraphs and tables as they are typed, without marks and pictures."""
    unmarked = (replace(one, unit="", round=0, points=()) for one in found if one.kind != BlockKind.PICTURE)
    return typed(unmarked)


@dataclass(frozen=True)
class Run:
    """一段文字; `kind` names what was found in it, or struck."""

    text: str
    kind: str = ""


def marked(text: str, finds: Iterable[Find]) -> list[Run]:
    """The text cut at what was found in it, for showing."""
    runs, last = [], 0
    for one in finds:
        runs += [Run(text[last : one.start]), Run(one.text, one.kind.label)]
        last = one.end
    return [run for run in [*runs, Run(text[last:])] if run.text]


def published() -> QuerySet[PublicVersion]:
    """公开页上的答复. Nothing else is ever shown to who has not signed in: on the page and not taken down, of units that have
    the page, and of items that nobody has since marked as not for the public."""
    return (
        PublicVersion.objects.filter(
            published_on__isnull=False,
            withdrawn_on__isnull=True,
            confirmed_at__isnull=False,
            reply__assignment__unit__public=True,
            reply__assignment__suggestion__secret=False,
            reply__assignment__suggestion__confidential=False,
            reply__version__disclosure__in=OPEN,
        )
        .select_related(
            "reply__assignment__suggestion__meeting",
            "reply__assignment__suggestion__category",
            "reply__assignment__unit",
        )
        .order_by("-published_on", "-pk")
    )


def search(words: str, *, year: int = 0, category: int = 0) -> QuerySet[PublicVersion]:
    """查找: every word in the public title or text, the suggestion's number or the letter's. Nothing that the page does not
    show is looked at: what is found would tell of it."""
    rows = published()
    for word in words.split():
        rows = rows.filter(
            Q(title__icontains=word)
            | Q(body__icontains=word)
            | Q(reply__number__icontains=word)
            | Q(reply__assignment__suggestion__number__icontains=word)
            | Q(reply__assignment__suggestion__category__name__icontains=word)
        )
    if year:
        rows = rows.filter(reply__assignment__suggestion__meeting__year=year)
    return rows.filter(reply__assignment__suggestion__category=category) if category else rows


def years() -> list[int]:
    """Of which there is something on the page."""
    of = "reply__assignment__suggestion__meeting__year"
    return sorted(set(published().order_by().values_list(of, flat=True)), reverse=True)


def categories() -> QuerySet[Category]:
    shown = published().order_by().values("reply__assignment__suggestion__category")
    return Category.objects.filter(pk__in=shown)


def due(actor: Actor) -> list[tuple[Assignment, date]]:
    """应公开而还没有公开的件 he may see, with the day."""
    rows = Clock.objects.filter(
        kind=ClockKind.PUBLICATION, stopped_on__isnull=True, assignment__in=items_for(actor)
    ).select_related("assignment__suggestion")
    return [(one.assignment, one.due_on) for one in rows.order_by("due_on", "pk")]
