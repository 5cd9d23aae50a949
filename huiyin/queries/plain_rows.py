"""平读：the ledger's columns of many items at once, as exports need them. The same values as `Column.read` gives (a test
holds the two together), read as plain values, two thousand items at a time and a query for each table, and made column by
column, so that a hundred thousand items take seconds and fill no memory. Every column has its recipe here."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import repeat
from typing import Any

from django.db.models import Case, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from huiyin.models import (
    Assignment,
    Commitment,
    Contact,
    CoOpinion,
    Evaluation,
    Extension,
    Reply,
)
from huiyin.models.profile import profile_of
from huiyin.queries.actors import items_for
from huiyin.queries.columns import HIDDEN, Column, nature
from huiyin.queries.opinions import worst
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import (
    CommitmentState,
    Disclosure,
    EntryMode,
    Kind,
    Level,
    Method,
    Origin,
    Part,
    Rating,
    RoundKind,
    Status,
    Term,
)

BATCH = 2_000
Rows = Sequence[tuple[Any, ...]]
Path = str | Cast | Case


@dataclass(frozen=True)
class Recipe:
    """怎样读一列: what is read for it (`paths`: of the item's row, or a name of TABLES for the item's rows there), and what
    `say` makes of these; without it the value as it stands."""

    paths: tuple[Path, ...]
    say: Callable[..., object] | None = None


def _text(path: str) -> Cast:
    """A day as the database writes it: `_day` reads each day once, and not each item's."""
    return Cast(path, TextField())


def _flag(path: str, word: str = "是") -> Case:
    """The word where it is so."""
    return Case(When(**{path: True}, then=Value(word)))


@cache
def _day(said: str | None) -> date | None:
    return date.fromisoformat(said) if said else None


def _field(path: str) -> Recipe:
    return Recipe((path,))


def _on(path: str) -> Recipe:
    return Recipe((_text(path),), _day)


def _label(kind: type[Term], path: str) -> Recipe:
    return Recipe((path,), dict(kind.choices()).get)


def _yes(path: str, word: str = "是") -> Recipe:
    return Recipe((_flag(path, word),))


def _each(table: str, place: int, kind: type[Term] | None = None) -> Recipe:
    labels: dict[Any, Any] = dict(kind.choices()) if kind else {}
    return _of(
        table, lambda rows: "；".join(labels.get(row[place]) or row[place] for row in rows if row[place])
    )


def _of(table: str, say: Callable[[Rows], object]) -> Recipe:
    """Of the item's rows in a table, where it has any."""
    return Recipe((table,), lambda rows: say(rows) if rows else None)


def _lead(rows: Rows, place: int) -> str:
    """Of the leading one, who comes first."""
    return rows[0][place] if rows and rows[0][LEAD] else ""


@cache
def _part(part: str, name: str, version: str) -> str:
    return profile_of(name, version).say(Part(part).label)


S = "suggestion__"
NAME, LEAD, DELEGATION = range(1, 4)  # of a proposer's row; an item's key comes first in every table
PROPOSERS = ("proposers", _flag(f"{S}confidential"))
DISCLOSURES, RATINGS, METHODS = dict(Disclosure.choices()), dict(Rating.choices()), dict(Method.choices())
RECIPES = {
    "number": _field(f"{S}number"), "kind": _label(Kind, f"{S}kind"), "title": _field(f"{S}title"),
    "lead": Recipe(PROPOSERS, lambda rows, hidden: HIDDEN if hidden else _lead(rows, NAME)),
    "part": Recipe(("part", "profile_name", "profile_version"), _part), "section": _field("section__name"),
    "handler": _field("handler__name"), "status": _label(Status, "status"), "due_on": _on("due_on"),
    "provisional": _yes("due_provisional", "暂定"), "outcome": _field("reply_class"), "rating": _label(Rating, "outcome"),
    "session": _field(f"{S}meeting__name"), "meeting": _field("meeting__name"), "year": _field("meeting__year"),
    "origin": _label(Origin, f"{S}origin"), "nature": Recipe((f"{S}origin", "round_kind", f"{S}source_id"), nature),
    "from_bill": Recipe((f"{S}origin",), {Origin.FROM_BILL.value: "是"}.get),
    "co_signers": Recipe(
        PROPOSERS, lambda rows, hidden: HIDDEN if hidden else "、".join([row[NAME] for row in rows if not row[LEAD]])
    ),
    "proposers": Recipe(("proposers",), len),
    "delegation": Recipe(PROPOSERS, lambda rows, hidden: None if hidden else _lead(rows, DELEGATION)),
    "category": _field(f"{S}category__name"), "text": _field(f"{S}text"), "round": _label(RoundKind, "round_kind"),
    "level": _label(Level, f"{S}level"), "confidential": _yes(f"{S}confidential"),
    "received_on": _on(f"{S}received_on"), "organ": _field("organ__name"), "assigned_on": _on("assigned_on"),
    "unit": _field("unit__short_name"),
    "lead_unit": Recipe(("lead_unit__name", "unit__name"), lambda lead, own: lead or own),
    "part_text": _field("part_text"), "co_units": _of("co_units", lambda rows: "、".join([row[1] for row in rows])),
    "leader": _field("responsible_leader__name"), "phone": _field("handler__phone"), "accepted_on": _on("accepted_on"),
    "extended": _of("extensions", lambda rows: "是"),
    "extended_to": _of("extensions", lambda rows: _day(max([row[1] for row in rows]))),
    "contacted_on": _on("contacted_on"), "contact": _of("contacts", lambda rows: METHODS[rows[0][1]]),
    "met_on": _on("met_on"), "opinions_state": _of("standings", lambda rows: rows[0][1]), "opinions": _each("opinions", 1),
    "reply_number": _field("reply_number"), "signatory": _of("replies", lambda rows: rows[-1][1] or rows[-1][2]),
    "replied_on": _on("replied_on"), "late": _yes("late"), "delivered_on": _on("delivered_on"),
    "disclosure": _of("replies", lambda rows: DISCLOSURES.get(rows[-1][3])),
    "published_on": _of("replies", lambda rows: _day(rows[-1][4])), "public_url": _of("replies", lambda rows: rows[-1][5]),
    "attitude": _label(Rating, "attitude"), "rated_on": _on("rated_on"), "mode": _each("evaluations", 1, EntryMode),
    "reason": _each("evaluations", 2), "again_on": _of("following", lambda rows: _day(rows[0][1])),
    "again_number": _of("following", lambda rows: rows[0][2]), "again_class": _of("following", lambda rows: rows[0][3]),
    "again_rating": _of("following", lambda rows: RATINGS.get(rows[0][4])), "promises": _each("commitments", 1),
    "promised_on": _each("commitments", 2), "kept": _each("commitments", 3, CommitmentState),
    "current": _field("class_now"), "plan_leader": _field("plan__leader__name"), "closed_on": _on("closed_on"),
    "archive_number": _field("archive_number"), "note": _field("note"),
}  # fmt: skip
Table = Callable[[Actor, Sequence[int]], Iterable[tuple[Any, ...]]]


def _of_items(model: Any, *names: Path, order: tuple[str, ...] = ("pk",)) -> Table:
    def read(_: Actor, keys: Sequence[int]) -> Any:
        return model.objects.filter(assignment__among=keys).order_by(*order).values_list("assignment", *names)

    return read


def _proposers(_: Actor, keys: Sequence[int]) -> Any:
    """The leading one first."""
    found = Assignment.objects.filter(pk__among=keys, suggestion__proposers__isnull=False)
    name, lead, delegation, *order = (
        f"{S}proposers__{one}" for one in ("name", "is_lead", "delegation", "order", "pk")
    )
    return found.order_by(f"-{lead}", *order).values_list("pk", name, _flag(lead), delegation)


def _co_units(_: Actor, keys: Sequence[int]) -> Any:
    through = Assignment.named_co_units.through.objects.filter(assignment__among=keys)
    return through.order_by("unit__name").values_list("assignment", "unit__name")


def _extensions(_: Actor, keys: Sequence[int]) -> Any:
    found = Extension.objects.filter(clock__assignment__among=keys, agreed=True, granted_to__isnull=False)
    return found.order_by().values_list("clock__assignment", _text("granted_to"))


def _following(actor: Actor, keys: Sequence[int]) -> Any:
    found = items_for(actor).filter(previous__among=keys).order_by()
    return found.values_list("previous", _text("replied_on"), "reply_number", "reply_class", "outcome")


def _standings(actor: Actor, keys: Sequence[int]) -> Iterator[tuple[int, object]]:
    """协办意见总的怎样, of the few items that asked anybody: these are read as items."""
    asked = CoOpinion.objects.filter(assignment__among=keys).order_by().values("assignment")
    items = Assignment.objects.filter(pk__in=asked).only("profile_name", "profile_version")
    for item in items.prefetch_related("opinions"):
        yield item.pk, worst(item, actor.on) or ""


TABLES: dict[str, Table] = {
    "proposers": _proposers, "co_units": _co_units, "extensions": _extensions, "following": _following,
    "standings": _standings, "contacts": _of_items(Contact, "method", order=("on", "pk")),
    "opinions": _of_items(CoOpinion, _text("received_on")),
    "replies": _of_items(
        Reply, "signatory__name", "signed_name", "version__disclosure", _text("published_on"), "public_url"
    ),
    "evaluations": _of_items(Evaluation, "mode", "reason"),
    "commitments": _of_items(Commitment, "content", _text("due_on"), "state", order=("due_on", "pk")),
}  # fmt: skip


def keys_of(items: QuerySet[Assignment]) -> "array[int]":
    """The items' keys in their order: what an export takes with it instead of the items (8 MB a million)."""
    return array("q", items.values_list("pk", flat=True).iterator(chunk_size=10_000))


def plain_rows(
    actor: Actor, keys: "array[int]", columns: Sequence[Column], *, batch: int = BATCH
) -> Iterator[list[object]]:
    """The columns' values of the items named, in that order, as `Column.read` gives them (None for ""). An item that he no
    longer may see by the time it is reached is left out."""
    recipes = [RECIPES[column.key] for column in columns]
    paths = list(dict.fromkeys(path for one in recipes for path in one.paths))
    for start in range(0, len(keys), batch):
        yield from _said(recipes, _read(actor, keys[start : start + batch].tolist(), paths))


def _said(recipes: Sequence[Recipe], read: dict[Path, Sequence[Any]]) -> Iterator[list[object]]:
    columns = [
        map(one.say, *(read[path] for path in one.paths)) if one.say else read[one.paths[0]]
        for one in recipes
    ]
    for _, *row in zip(read["pk"], *columns, strict=True):
        yield row


def _read(actor: Actor, keys: Sequence[int], paths: list[Path]) -> dict[Path, Sequence[Any]]:
    """Each path's values, one an item; of a table the item's rows."""
    fields = ["pk", *(path for path in paths if path not in TABLES)]
    items = items_for(actor).filter(pk__among=keys).order_by().values_list(*fields)
    found = {row[0]: row for row in items}
    rows = [found[key] for key in keys if key in found]
    read: dict[Path, Sequence[Any]] = dict(
        zip(fields, zip(*rows, strict=True) if rows else repeat(()), strict=False)
    )
    for name in TABLES.keys() & paths:
        of: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        for row in TABLES[name](actor, read["pk"]):
            of[row[0]].append(row)
        read[name] = [of.get(key, ()) for key in read["pk"]]
    return read
