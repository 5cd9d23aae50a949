"""平读：the ledger's columns of many items at once, as exports need them. The same values as `Column.read` gives (a test
holds the two together), read as plain values, two thousand items at a time and a query for each table, so that a hundred
thousand items take seconds and fill no memory. A column without a recipe here is read of the items themselves."""

from array import array
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from huiyin.models import (
    Assignment,
    Commitment,
    Contact,
    CoOpinion,
    Evaluation,
    Extension,
    Proposer,
    Reply,
)
from huiyin.models.profile import profile_of
from huiyin.queries.actors import items_for
from huiyin.queries.columns import HIDDEN, Column
from huiyin.queries.ledger import with_columns
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

BATCH, SLOW_BATCH = 2_000, 250
Rows = list[tuple[Any, ...]]
Cells = Sequence[Any]


@dataclass(frozen=True)
class Recipe:
    """怎样读一列: of fields of the item's row (`paths`), or of its rows in another table (`table`), whose values come
    first in `say`."""

    say: Callable[..., object]
    paths: tuple[str, ...] = ()
    table: str = ""


def _field(path: str) -> Recipe:
    return Recipe(_as_it_is, (path,))


def _as_it_is(value: object) -> object:
    return value


def _label(kind: type[Term], path: str) -> Recipe:
    labels = dict(kind.choices())
    return Recipe(lambda value: labels.get(value, ""), (path,))


def _yes(path: str) -> Recipe:
    return Recipe(lambda value: "是" if value else "", (path,))


def _each(table: str, place: int, kind: type[Term] | None = None) -> Recipe:
    labels = dict(kind.choices()) if kind else {}
    return Recipe(
        lambda rows: "；".join(str(labels.get(row[place], row[place])) for row in rows if row[place]),
        table=table,
    )


def _latest(read: Callable[[Any], object]) -> Recipe:
    return Recipe(lambda rows: read(rows[-1]) if rows else "", table="replies")


def _after(read: Callable[[Any], object]) -> Recipe:
    return Recipe(lambda rows: read(rows[0]) if rows else "", table="following")


@cache
def _part(part: str, name: str, version: str) -> str:
    return profile_of(name, version).say(Part(part).label)


def _nature(origin: str, round_kind: str, source: int | None) -> str:
    if origin == Origin.CARRIED or round_kind == RoundKind.SECOND:
        return "上年结转"
    return "多年重复" if source else "当年"


S = "suggestion__"
NAME, LEAD, DELEGATION = range(3)
DISCLOSURES, RATINGS, METHODS = dict(Disclosure.choices()), dict(Rating.choices()), dict(Method.choices())
RECIPES = {
    "number": _field(f"{S}number"), "kind": _label(Kind, f"{S}kind"), "title": _field(f"{S}title"),
    "lead": Recipe(lambda rows, hidden: HIDDEN if hidden else next((r[NAME] for r in rows if r[LEAD]), ""),
                   (f"{S}confidential",), "proposers"),
    "part": Recipe(_part, ("part", "profile_name", "profile_version")), "section": _field("section__name"),
    "handler": _field("handler__name"), "status": _label(Status, "status"), "due_on": _field("due_on"),
    "provisional": Recipe(lambda value: "暂定" if value else "", ("due_provisional",)),
    "outcome": _field("reply_class"), "rating": _label(Rating, "outcome"), "session": _field(f"{S}meeting__name"),
    "meeting": _field("meeting__name"), "year": _field("meeting__year"), "origin": _label(Origin, f"{S}origin"),
    "nature": Recipe(_nature, (f"{S}origin", "round_kind", f"{S}source_id")),
    "from_bill": Recipe(lambda value: "是" if value == Origin.FROM_BILL else "", (f"{S}origin",)),
    "co_signers": Recipe(lambda rows, hidden: HIDDEN if hidden else "、".join(r[NAME] for r in rows if not r[LEAD]),
                         (f"{S}confidential",), "proposers"),
    "proposers": Recipe(len, table="proposers"),
    "delegation": Recipe(lambda rows, hidden: "" if hidden else next((r[DELEGATION] for r in rows if r[LEAD]), ""),
                         (f"{S}confidential",), "proposers"),
    "category": _field(f"{S}category__name"), "text": _field(f"{S}text"), "round": _label(RoundKind, "round_kind"),
    "level": _label(Level, f"{S}level"), "confidential": _yes(f"{S}confidential"),
    "received_on": _field(f"{S}received_on"), "organ": _field("organ__name"), "assigned_on": _field("assigned_on"),
    "unit": _field("unit__short_name"),
    "lead_unit": Recipe(lambda lead, own: lead or own, ("lead_unit__name", "unit__name")),
    "part_text": _field("part_text"), "co_units": Recipe(lambda rows: "、".join(row[0] for row in rows), table="co_units"),
    "leader": _field("responsible_leader__name"), "phone": _field("handler__phone"),
    "accepted_on": _field("accepted_on"),
    "extended": Recipe(lambda rows: "是" if rows else "", table="extensions"),
    "extended_to": Recipe(lambda rows: max((row[0] for row in rows), default=""), table="extensions"),
    "contacted_on": _field("contacted_on"),
    "contact": Recipe(lambda rows: METHODS[rows[0][0]] if rows else "", table="contacts"), "met_on": _field("met_on"),
    "opinions": _each("opinions", 0), "reply_number": _field("reply_number"),
    "signatory": _latest(lambda row: row[0] or row[1]), "replied_on": _field("replied_on"), "late": _yes("late"),
    "delivered_on": _field("delivered_on"), "disclosure": _latest(lambda row: DISCLOSURES.get(row[2], "")),
    "published_on": _latest(lambda row: row[3]), "public_url": _latest(lambda row: row[4]),
    "attitude": _label(Rating, "attitude"), "rated_on": _field("rated_on"), "mode": _each("evaluations", 0, EntryMode),
    "reason": _each("evaluations", 1), "again_on": _after(lambda row: row[0]), "again_number": _after(lambda row: row[1]),
    "again_class": _after(lambda row: row[2]), "again_rating": _after(lambda row: RATINGS.get(row[3], "")),
    "promises": _each("commitments", 0), "promised_on": _each("commitments", 1),
    "kept": _each("commitments", 2, CommitmentState), "current": _field("class_now"),
    "plan_leader": _field("plan__leader__name"), "closed_on": _field("closed_on"),
}  # fmt: skip


def _of_items(
    model: Any, *names: str, order: tuple[str, ...] = (), **which: Any
) -> Callable[[Actor, list[int]], Any]:
    def read(_: Actor, keys: list[int]) -> Any:
        found = model.objects.filter(assignment_id__in=keys, **which)
        return (found.order_by(*order) if order else found).values_list("assignment_id", *names)

    return read


def _proposers(_: Actor, keys: list[int]) -> Any:
    found = Proposer.objects.filter(suggestion__assignments__in=keys)
    return found.values_list("suggestion__assignments", "name", "is_lead", "delegation")


def _co_units(_: Actor, keys: list[int]) -> Any:
    through = Assignment.named_co_units.through.objects.filter(assignment__in=keys)
    return through.order_by("unit__name").values_list("assignment_id", "unit__name")


def _extensions(_: Actor, keys: list[int]) -> Any:
    found = Extension.objects.filter(clock__assignment__in=keys, agreed=True, granted_to__isnull=False)
    return found.values_list("clock__assignment", "granted_to")


def _following(actor: Actor, keys: list[int]) -> Any:
    found = items_for(actor).filter(previous__in=keys).order_by()
    return found.values_list("previous_id", "replied_on", "reply_number", "reply_class", "outcome")


TABLES: dict[str, Callable[[Actor, list[int]], Any]] = {
    "proposers": _proposers, "co_units": _co_units, "extensions": _extensions, "following": _following,
    "contacts": _of_items(Contact, "method", order=("on", "pk")),
    "opinions": _of_items(CoOpinion, "received_on"),
    "replies": _of_items(
        Reply, "signatory__name", "signed_name", "version__disclosure", "published_on", "public_url", order=("pk",)
    ),
    "evaluations": _of_items(Evaluation, "mode", "reason"),
    "commitments": _of_items(Commitment, "content", "due_on", "state"),
}  # fmt: skip


def keys_of(items: QuerySet[Assignment]) -> "array[int]":
    """The items' keys in their order: what an export takes with it instead of the items (8 MB a million)."""
    return array("q", items.values_list("pk", flat=True).iterator(chunk_size=10_000))


def plain_rows(
    actor: Actor, keys: "array[int]", columns: Sequence[Column], *, batch: int = BATCH
) -> Iterator[list[object]]:
    """The columns' values of the items named, in that order, as `Column.read` gives them (None for ""). An item that he no longer may
    see by the time it is reached is left out."""
    for start in range(0, len(keys), batch):
        yield from _batch(actor, keys[start : start + batch].tolist(), columns)


def _batch(actor: Actor, keys: list[int], columns: Sequence[Column]) -> Iterator[list[object]]:
    known = [RECIPES.get(column.key) for column in columns]
    paths = list(dict.fromkeys(["pk", *(path for one in known if one for path in one.paths)]))
    rows = {row[0]: row for row in items_for(actor).filter(pk__in=keys).values_list(*paths)}
    more = {
        name: _grouped(TABLES[name](actor, keys))
        for name in {one.table for one in known if one and one.table}
    }
    slow = _slowly(actor, keys, [column for column in columns if column.key not in RECIPES])
    reads = [_reading(one, column, paths, more, slow) for one, column in zip(known, columns, strict=True)]
    for key in keys:
        if row := rows.get(key):
            yield [read(row) for read in reads]


def _grouped(found: Any) -> dict[int, Rows]:
    grouped: dict[int, Rows] = defaultdict(list)
    for owner, *rest in found:
        grouped[owner].append(tuple(rest))
    return grouped


def _reading(
    recipe: Recipe | None, column: Column, paths: list[str], more: dict[str, dict[int, Rows]],
    slow: dict[int, dict[str, object]],
) -> Callable[[Cells], object]:  # fmt: skip
    """How the column is read of an item's row, with the tables of this batch."""
    if recipe is None:
        return lambda row: slow.get(row[0], {}).get(column.key, "")
    say, places = recipe.say, [paths.index(path) for path in recipe.paths]
    first = places[0] if places else 0
    if recipe.table:
        rows = more[recipe.table]
        if places:
            return lambda row: say(rows.get(row[0], ()), row[first])
        return lambda row: say(rows.get(row[0], ()))
    if say is _as_it_is:
        return itemgetter(first)
    if len(places) == 1:
        return lambda row: say(row[first])
    return lambda row: say(*[row[place] for place in places])


def _slowly(actor: Actor, keys: list[int], columns: Sequence[Column]) -> dict[int, dict[str, object]]:
    """Of the items themselves; 协办意见 only of those that have any."""
    if not columns:
        return {}
    if [one.key for one in columns] == ["opinions_state"]:
        asked = CoOpinion.objects.filter(assignment_id__in=keys).order_by()
        keys = list(dict.fromkeys(asked.values_list("assignment_id", flat=True)))
    found = {}
    for start in range(0, len(keys), SLOW_BATCH):
        some = items_for(actor).filter(pk__in=keys[start : start + SLOW_BATCH])
        for item in with_columns(some, columns, actor):
            found[item.pk] = {column.key: column.read(item, actor.on) for column in columns}
    return found
