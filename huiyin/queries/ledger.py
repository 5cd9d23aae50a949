"""台账 (S16): the items a request asks for, filtered, sorted, grouped, with their totals; shared by page, exports, bulk deeds.

`found(actor, told)` reads an address (`section=3&due=overdue&sort=-due_on`) and gives the items; `with_columns` reads
for the columns shown, and nothing else. Every address starts from what its asker may see.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.db.models import Value as Literal
from django.http import QueryDict

from huiyin.models import Assignment, Clock, LedgerView, Person
from huiyin.queries import figures
from huiyin.queries.actors import items_for
from huiyin.queries.columns import BY_KEY, COLUMNS, GROUPS, HIDDEN, Column, lead_name
from huiyin.queries.filters import Asked, WrongFilter
from huiyin.queries.formulas import SOON, overdue
from huiyin.queries.opinions import worst
from huiyin.queries.paging import OWN_ORDER
from huiyin.queries.searching import holding
from huiyin.rules.periods import Light, Lit, light
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import BEFORE_REPLY, NOT_COUNTED, OPEN, ClockKind, Level, Part, Role, Status

__all__ = ["BY_KEY", "COLUMNS", "GROUPS", "HIDDEN", "Column", "lead_name"]
Items = QuerySet[Assignment]


def rows(actor: Actor) -> Items:
    """All items he may see, with what their pages read."""
    return items_for(actor).select_related(
        "suggestion__meeting", "suggestion__category", "meeting", "section", "handler", "responsible_leader",
        "lead_unit", "organ", "unit",
    ).prefetch_related(
        "suggestion__proposers", "named_co_units", "replies__version", "replies__signatory", "evaluations",
        "contacts", "commitments", "class_changes", "opinions", "clocks__extensions",
    )  # fmt: skip


def with_columns(items: Items, columns: Iterable[Column], actor: Actor) -> Items:
    """With what these columns read of other tables; the long text only where it is one of them."""
    columns = list(columns)
    joins = dict.fromkeys(["suggestion", *(path for one in columns for path in one.joins)])
    fetches = {
        str(getattr(path, "prefetch_to", path)): path
        for one in columns
        for path in (fetch(actor) for fetch in one.fetches)
    }
    found = items.select_related(*joins).prefetch_related(*fetches.values())
    return found if any(one.key == "text" for one in columns) else found.defer("suggestion__text")


def search(words: str) -> Q:
    """编号、标题、正文、提出人: every word must be found somewhere."""
    found = Q()
    for word in dict.fromkeys(words.split()):
        found &= Q(suggestion__among=holding(word))
    return found


@dataclass(frozen=True)
class Condition:
    """一个条件, in words: `label` the column's, `names` the parts of the address that say it."""

    label: str
    words: str
    names: tuple[str, ...]

    def __str__(self) -> str:
        joint = "" if self.words[:1] in {"含", "为"} or not self.words else "："
        return f"{self.label}{joint}{self.words}"


@dataclass
class Found:
    """找到的件：`items` filtered and sorted (read them `with_columns`); `errors` says which conditions were no conditions,
    and then there are no items. `figure`: the figure opened, in words; `sort`: "-due_on"."""

    actor: Actor
    items: Items
    conditions: list[Condition] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    figure: str = ""
    sort: str = ""

    @property
    def words(self) -> str:
        """The conditions, in words."""
        figure = [f"数字：{self.figure}"] if self.figure else []
        return "；".join([*map(str, self.conditions), *figure]) or "看得到的全部件"


class NoSuchFigure(LookupError):  # noqa: N818
    """没有这个数字."""


def due_picks(on: date) -> dict[str, tuple[str, Q]]:
    """时限的几种情况: (字样, 哪些件)."""
    soon = Q(running_on__gte=on, running_on__lte=on + SOON)
    paused = Q(status__in=BEFORE_REPLY, running_on__isnull=True, due_on__isnull=False)
    return {
        "overdue": ("已逾期未答复", overdue(on)), "soon": (f"{SOON.days}日内到期", soon),
        "running": ("未答复", Q(status__in=BEFORE_REPLY)), "paused": ("中止计时", paused),
    }  # fmt: skip


def mine(actor: Actor) -> Q:
    """我经手的: items that name him (or whom he stands in for) for a post, or wait for something of his."""
    posts = [role for role in Role if role != Role.ADMINISTRATOR]
    found = Q(responsible_leader_id__in=actor.ids) | Q(pk__in=actor.promised | actor.errands | actor.plans)
    for role in posts:
        found |= Q(**{f"{role.value}_id__in": actor.ids})
    return found


def _words(actor: Actor, told: QueryDict) -> Iterable[tuple[str, Asked]]:
    """Conditions that are of no one column."""
    if words := told.get("q", "").strip():
        if "\0" in words or len(words) > 200:
            raise WrongFilter("关键词：要找的字不超过200个，不能有控制字符")
        yield "关键词", Asked(search(words), f"含“{words}”", ("q",))
    if way := told.get("due", ""):
        picks = due_picks(actor.on)
        if way not in picks:
            raise WrongFilter(f"时限：没有“{way[:20]}”这一项")
        yield "时限", Asked(picks[way][1], picks[way][0], ("due",))
    if told.get("mine"):
        yield "我经手的", Asked(mine(actor), "", ("mine",))


def asked_columns(told: QueryDict) -> list[Column]:
    """The columns an address asks something of, in their own order."""
    keys = {name for name, value in told.lists() if any(value)}
    keys |= {name.removesuffix(end) for name in keys for end in ("_from", "_to", "_is") if name.endswith(end)}
    return [column for column in COLUMNS if column.key in keys]


def found(actor: Actor, told: QueryDict) -> Found:
    """The items an address asks for, in its order. Raises NoSuchFigure."""
    result = Found(actor, items_for(actor), sort=told.get("sort", ""))
    asked: list[tuple[str, Asked]] = []
    try:
        asked += _words(actor, told)
    except WrongFilter as wrong:
        result.errors.append(str(wrong))
    for column in asked_columns(told):
        try:
            one = column.by.ask(actor, column.key, told)
        except WrongFilter as wrong:
            result.errors.append(f"{column.label}：{wrong}")
        else:
            asked += [(column.label, one)] if one else []
    for label, one in asked:
        result.items = result.items.filter(one.pick)
        result.conditions.append(Condition(label, one.words, one.names))
    if key := told.get("figure", ""):
        result.items, result.figure = _behind(result.items, key, actor.on), figures.label_of(key)
    result.items = result.items.none() if result.errors else ordered(result.items, result.sort)
    return result


def _behind(items: Items, key: str, on: date) -> Items:
    behind = figures.behind(items.exclude(status__in=NOT_COUNTED), key, on)
    if behind is None:
        raise NoSuchFigure("没有这个数字")
    return behind


SORTS = {column.key: column.sort for column in COLUMNS if column.sort}


def ordered(items: Items, sort: str) -> Items:
    """Sorted by a column's key, "-" before it for downwards; otherwise the latest year first, by number."""
    down, key = sort.startswith("-"), sort.removeprefix("-")
    by = []
    if path := SORTS.get(key):
        by = [
            (path.desc() if down else path.asc()) if hasattr(path, "desc") else f"{'-' if down else ''}{path}"
        ]
    return items.order_by(*by, *OWN_ORDER)


# 合计和分组


@dataclass(frozen=True)
class Total:
    """合计的一项：its items are the filter's and `also` (a part of an address)."""

    key: str
    label: str
    pick: Q
    also: str


def totals_of(on: date) -> tuple[Total, ...]:
    return (
        Total("size", "件", Q(), ""),
        Total("replied", "已答复", Q(replied_on__isnull=False), "replied_on_is=any"),
        Total("overdue", "逾期未答复", overdue(on), "due=overdue"),
        Total("soon", f"{SOON.days}日内到期", due_picks(on)["soon"][1], "due=soon"),
        Total("late", "逾期答复", Q(late=True), "late=yes"),
        Total("rated", "已评价", Q(rated_on__isnull=False), "rated_on_is=any"),
        Total("dissatisfied", "结果不满意", Q(outcome="dissatisfied"), "rating=dissatisfied"),
    )


def _sizes(on: date) -> dict[str, Count]:
    return {one.key: Count(Literal(1), filter=one.pick or None) for one in totals_of(on)}


def totals(items: Items, on: date) -> dict[str, int]:
    """合计 of a filter, in one query."""
    return items.order_by().aggregate(**_sizes(on))


@dataclass(frozen=True)
class Group:
    """一组：its value as the column's filter takes it, what is read, its totals."""

    value: str
    label: str
    sizes: dict[str, int]


def groups(items: Items, column: Column, actor: Actor) -> list[Group]:
    """The items in groups by a column, with subtotals, in one query; in the order of the column's own list."""
    counts = {f"of_{key}": size for key, size in _sizes(actor.on).items()}  # no column's own name
    lines = items.order_by().values_list(column.group).annotate(**counts)
    names = [one.key for one in totals_of(actor.on)]
    sizes = {_value(value): dict(zip(names, row, strict=True)) for value, *row in lines}
    options = dict(column.by.options(actor)) if hasattr(column.by, "options") else {}
    known = [value for value in options if value in sizes]
    rest = sorted(value for value in sizes if value not in options)
    return [
        Group(value, options.get(value, "（空）" if value == "null" else value), sizes[value])
        for value in [*known, *rest]
    ]


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "null" if value is None or value == "" else str(value)


# 一件的灯和标签


def limit(item: Assignment, on: date) -> Lit:
    """办理时限的灯: done when the reply is out, else by the days left."""
    if (
        item.replied_on is not None and item.status not in BEFORE_REPLY
    ):  # an opinion found hollow is due again
        return light(item.due_on, on=on, done_on=item.replied_on)
    if item.status not in OPEN:
        return light(None, on=on)
    if item.status in BEFORE_REPLY and item.due_on and item.running_on is None:
        return Lit(Light.NONE, "中止计时")
    return light(item.due_on, on=on, start=item.assigned_on)


def tags(item: Assignment) -> list[tuple[str, str]]:
    """(字样, 样式) beside a title."""
    found = []
    if item.suggestion.level != Level.ORDINARY:
        found.append((item.suggestion.get_level_display(), "key"))
    if item.round > 1:
        found.append((item.get_round_kind_display(), "now"))
    if item.suggestion.confidential:
        found.append(("要求保密", ""))
    return found


def marks(item: Assignment, on: date) -> list[tuple[str, str]]:
    """`tags`, and how its co-handlers' opinions stand that day (their rows prefetched)."""
    found = worst(item, on)
    return [*tags(item), *([found.tag] if found else [])]


def contact_clock(item: Assignment) -> Clock | None:
    """首次沟通的时限, while nobody has been contacted."""
    if item.part == Part.CO or item.status != Status.HANDLING or item.contacts.all():
        return None
    running = (one for one in item.clocks.all() if one.kind == ClockKind.CONTACT and not one.stopped_on)
    return next(running, None)


# 视图


@dataclass(frozen=True)
class Ready:
    """现成的视图."""

    key: str
    label: str
    query: str


READY = (
    Ready("overdue", "逾期未答复", "due=overdue&sort=due_on"),
    Ready("soon", f"{SOON.days}日内到期", "due=soon&sort=due_on"),
    Ready("mine", "我经手的", "mine=1&due=running&sort=due_on"),
    Ready("accepting", "待签收", "status=accepting"),
    Ready("sending", "待送达", "status=issued"),
    Ready("unrated", "未评价", "status=evaluating"),
    Ready("dissatisfied", "不满意", "rating=dissatisfied"),
    Ready("tracking", "承诺跟踪", "status=tracking"),
)


def views(person: Person) -> list[LedgerView]:
    """他的视图和本单位共用的, his own first."""
    rows = LedgerView.objects.filter(Q(owner=person) | Q(shared=True, owner__unit_id=person.unit_id or 0))
    return sorted(rows.select_related("owner"), key=lambda one: (one.owner_id != person.pk, one.name, one.pk))
