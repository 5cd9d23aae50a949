"""事件日志：the items' journal as cases and what happened in each, for process mining (R75)."""

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from huiyin.models import Assignment, Event, Post
from huiyin.queries.actors import items_for
from huiyin.queries.item import hides_proposer
from huiyin.rules.permissions import UNIT_WIDE, Actor
from huiyin.rules.vocabulary import BUSINESS_LINE, HANDLING_LINE, Deed, Role, Status

BATCH = 500
READS = (
    "suggestion__meeting", "suggestion__category", "meeting", "section", "unit",
)  # fmt: skip
SIGNED_AS = {Deed.PASS_ASSIGN, Deed.PASS_REVIEW, Deed.SIGN}  # their rows say as what one signed
NAMED = (*BUSINESS_LINE, *HANDLING_LINE, Role.CHIEF_LEADER)


@dataclass(frozen=True)
class Happening:
    """一次办理动作. `post`: as what he did it, where that is known; `text` only where it was asked for and allowed."""

    seq: int
    deed: Deed
    at: datetime
    person: str
    behalf: str = ""
    post: str = ""
    source: str = ""
    target: str = ""
    text: str = ""


@dataclass(frozen=True)
class Case:
    """一件的办理过程：`key` tells it from all others; `facts` under their English names, none of them names a proposer."""

    key: str
    facts: dict[str, str]
    happenings: list[Happening] = field(default_factory=list)


def key_of(pk: int) -> str:
    """With a word before it: a bare 1009 is a year to some readers."""
    return f"item-{pk}"


def may_read_texts(actor: Actor) -> bool:
    """Whether the journal's own words may go out with it: for those who see all of the unit's items."""
    return actor.has(*UNIT_WIDE)


def cases(actor: Actor, items: QuerySet[Assignment], *, texts: bool = False) -> Iterator[Case]:
    """Each of `items` that he may see, in their order, with its journal. `texts` is as good as not asked when he may not."""
    texts = texts and may_read_texts(actor)
    keys = array("q", items.values_list("pk", flat=True).iterator())
    posts = _posts(actor)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH].tolist()
        found = items_for(actor).filter(pk__in=some).select_related(*READS).in_bulk()
        rows = _journal(some, texts=texts)
        for pk in some:
            if pk in found and rows[pk]:
                yield _case(found[pk], rows[pk], actor, posts)


def _posts(actor: Actor) -> dict[int, str]:
    """The unit-wide post of each of the unit's people, for what he does on items that do not name him."""
    rows = Post.objects.filter(unit_id=actor.unit_id or 0, section__isnull=True).values_list(
        "person_id", "role"
    )
    return {person: Role(role).label for person, role in rows.order_by("-pk")}


COLUMNS = (
    "assignment_id",
    "seq",
    "deed",
    "at",
    "by_id",
    "by__name",
    "behalf_id",
    "behalf__name",
    "source",
    "target",
)


def _journal(keys: list[int], *, texts: bool) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = defaultdict(list)
    events = Event.objects.filter(assignment__among=keys).order_by("assignment_id", "seq")
    for row in events.values(*COLUMNS, *(["text"] if texts else [])):
        found[row["assignment_id"]].append(row)
    signed = events.filter(deed__in=SIGNED_AS).values_list("assignment_id", "seq", "body")
    as_what = {(pk, seq): json.loads(body)["facts"].get("role", "") for pk, seq, body in signed}
    for pk, rows in found.items():
        for row in rows:
            row["role"] = as_what.get((pk, row["seq"]), "")
    return found


def _case(item: Assignment, rows: list[dict[str, Any]], actor: Actor, posts: dict[int, str]) -> Case:
    suggestion = item.suggestion
    facts = {
        "number": suggestion.number, "title": suggestion.title, "kind": suggestion.get_kind_display(),
        "part": item.part_label(), "section": item.section.name if item.section else "",
        "category": suggestion.category.name if suggestion.category else "", "meeting": item.meeting.name,
        "session": suggestion.meeting.name, "round": item.get_round_kind_display(), "unit": item.unit.name,
        "level": suggestion.get_level_display(), "status": item.get_status_display(),
    }  # fmt: skip
    hidden = suggestion.secret or hides_proposer(item, actor)
    return Case(key_of(item.pk), facts, [_happening(item, row, posts, hidden=hidden) for row in rows])


def _happening(item: Assignment, row: dict[str, Any], posts: dict[int, str], *, hidden: bool) -> Happening:
    return Happening(
        seq=row["seq"], deed=Deed(row["deed"]), at=row["at"], person=row["by__name"], behalf=row["behalf__name"] or "",
        post=row["role"] or _post(item, row["behalf_id"] or row["by_id"], posts),
        source=Status(row["source"]).label if row["source"] else "",
        target=Status(row["target"]).label if row["target"] else "",
        text="" if hidden else row.get("text", ""),
    )  # fmt: skip


def _post(item: Assignment, person: int, posts: dict[int, str]) -> str:
    """As what he acted: the post the item names him for, else the post he holds in the unit."""
    named = next((role.label for role in NAMED if item.person_id(role) == person), "")
    return named or posts.get(person, "")
