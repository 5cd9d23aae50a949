"""数字 (S5, R66–R71): every figure with its formula in words, its parts, and the items behind each part.

All of them are picks (huiyin.queries.formulas) of one table, the items with their counted columns
(huiyin.queries.counting), so a page of figures is one query, and a figure's items are the same pick: no figure is shown
that cannot be opened. 件 (an item once, whatever its rounds) and 答复件次 (each reply owed) are told apart by `unit`, and
never divided one by the other. What does not add up is not handed out: DoesNotReconcile says which items it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Count as Size
from django.db.models import F, Q, QuerySet
from django.db.models import Value as Literal

from huiyin.models import Assignment, Meeting
from huiyin.models.profile import profile_of
from huiyin.queries.actors import items_for
from huiyin.queries.column_labels import LABELS
from huiyin.queries.formulas import (
    ANSWERS,
    BY_KEY,
    CLASSED,
    COUNTS,
    MAIN,
    PARTS_OF_TOTAL,
    RATES,
    Rate,
    picked,
    words_of,
)
from huiyin.rules.permissions import Actor, visible_to
from huiyin.rules.profile import SAID, Profile
from huiyin.rules.shares import Amount, percent, printed, share
from huiyin.rules.vocabulary import NOT_COUNTED, Kind, Level, Part, Rating

Items = QuerySet[Assignment]


class DoesNotReconcile(ValueError):  # noqa: N818
    """数字对不上 (R71): the parts do not add up to the total; `items` are those in none of the parts, or in several."""

    def __init__(self, words: str, items: Iterable[Assignment] = ()) -> None:
        super().__init__(words)
        self.items = list(items)


@dataclass(frozen=True)
class Scope:
    """统计范围：a year's work (all years where none is given), suggestions or proposals or both."""

    meeting: Meeting | None = None
    kind: Kind | None = None

    def pick(self) -> Q:
        found = Q() if self.meeting is None else Q(meeting=self.meeting)
        return found & Q(suggestion__kind=self.kind) if self.kind else found


@dataclass(frozen=True)
class Value:
    """一个算出的比率: two amounts of one unit, so that 件 is never divided by 件次."""

    rate: Rate
    numerator: int
    denominator: int
    words: str

    @property
    def part(self) -> Amount:
        return Amount(self.numerator, self.rate.unit)

    @property
    def whole(self) -> Amount:
        return Amount(self.denominator, self.rate.unit)

    @property
    def percent(self) -> str:
        return printed(share(self.part, self.whole))

    @property
    def missing(self) -> int:
        """分母里不在分子的."""
        return self.denominator - self.numerator


def short(value: str) -> str:
    """100.00% → 100%, as running text writes it."""
    return value.replace(".00%", "%")


def counted_items(actor: Actor, scope: Scope) -> Items:
    """承办件 counted in any rate: not returned, withdrawn or 参阅 (R18, R67)."""
    return items_for(actor).filter(_counted(scope))


def _counted(scope: Scope) -> Q:
    return scope.pick() & ~Q(status__in=NOT_COUNTED)


def behind(items: Items, key: str, on: date) -> Items | None:
    """The items behind a figure's key, such as "completion.num" (huiyin.queries.formulas); None for an unknown key."""
    pick = picked(key, on)
    return None if pick is None else items.filter(pick)


def label_of(key: str) -> str:
    """What a figure's key selects, in words."""
    words, rate = words_of(key)
    return f"{words}（{_said([])[rate.key]}）" if rate else words


def _profiles(items: Items) -> tuple[list[Profile], int]:
    """The profiles these items run under; and how many items there are."""
    rows = items.order_by().values_list("profile_name", "profile_version").annotate(size=Size(Literal(1)))
    found = [(profile_of(name, version), size) for name, version, size in rows]
    return [one for one, _ in found], sum(size for _, size in found)


def _said(used: Iterable[Profile]) -> dict[str, str]:
    """口径 of each rate, with what the profiles count as 满意 and what they divide by."""
    ratings = dict.fromkeys("、".join(one.label for one in Rating if one in each.satisfied) for each in used)
    divisors = dict.fromkeys(SAID[each.denominator] for each in used)
    words = {
        "numerator": " 或 ".join(ratings) or "办理规程所列档次",
        "denominator": " 或 ".join(divisors) or "办理规程所定的件数",
    }
    return {rate.key: rate.words.format(**words) for rate in RATES}


@lru_cache(maxsize=8)
def _sizes(on: date) -> tuple[dict[str, str], dict[str, Size]]:
    """Each count, and both parts of each rate ("solved.num"), with its column; and the columns, as aggregates of one query.
    What is counted under several names is counted once."""
    picks = {count.key: count.pick for count in COUNTS}
    for rate in RATES:
        picks |= {f"{rate.key}.num": rate.numerator(on), f"{rate.key}.den": rate.denominator(on)}
    columns: dict[Q, str] = {}
    named = {key: columns.setdefault(pick, f"size_{len(columns)}") for key, pick in picks.items()}
    return named, {column: Size(Literal(1), filter=pick) for pick, column in columns.items()}


def _values(row: dict[str, Any], on: date, said: dict[str, str]) -> dict[str, Value]:
    named, _ = _sizes(on)
    return {
        rate.key: Value(rate, row[named[f"{rate.key}.num"]], row[named[f"{rate.key}.den"]], said[rate.key])
        for rate in RATES
    }


def counts(actor: Actor, scope: Scope) -> dict[str, int]:
    """件数, reconciled: the parts add up to the total or DoesNotReconcile says so, and which items it is (R71)."""
    items = counted_items(actor, scope)
    found: dict[str, int] = items.aggregate(
        **{count.key: Size(Literal(1), filter=count.pick) for count in COUNTS}
    )
    parts = sum(found[key] for key in PARTS_OF_TOTAL)
    if parts != found["total"]:
        stray = list(_strays(items))
        numbers = "、".join(f"第{one.suggestion.number}号" for one in stray)
        raise DoesNotReconcile(
            f"承办{found['total']}件，而各办理方式合计{parts}件，请在台账核对办理方式和轮次：{numbers}", stray
        )
    return found


def _strays(items: Items) -> Items:
    """Items counted in the total and in none of its parts, or the other way round."""
    picks = {count.key: count.pick for count in COUNTS}
    parts = Q(pk__in=[])
    for key in PARTS_OF_TOTAL:
        parts |= picks[key]
    return items.filter((MAIN & ~parts) | (~MAIN & parts)).select_related("suggestion")


def rates(actor: Actor, scope: Scope, on: date) -> dict[str, Value]:
    items = counted_items(actor, scope)
    used, _ = _profiles(items)
    _, columns = _sizes(on)
    return _values(items.aggregate(**columns), on, _said(used))


# 分组


@dataclass(frozen=True)
class Dimension:
    """分组：`key` is the ledger's filter of the same name, `path` the value it takes, `name` what is read."""

    key: str
    path: str
    name: str
    order: tuple[str, ...] = ()
    words: Callable[[Any], str] = str
    none: str = "未填"

    @property
    def label(self) -> str:
        return LABELS[self.key]


DIMENSIONS = (
    Dimension("unit", "unit", "unit__short_name"),
    Dimension("section", "section", "section__name", ("section__order",), none="未定科室"),
    Dimension("leader", "responsible_leader", "responsible_leader__name", none="未定领导"),
    Dimension("category", "suggestion__category", "suggestion__category__name",
              ("suggestion__category__order",), none="未分类"),
    Dimension("meeting", "meeting", "meeting__title", ("meeting__year",)),
    Dimension("session", "suggestion__meeting", "suggestion__meeting__name", ("suggestion__meeting__year",)),
    Dimension("kind", "suggestion__kind", "suggestion__kind", words=lambda one: Kind(one).label),
    Dimension("part", "part", "part", words=lambda one: Part(one).label),
    Dimension("level", "suggestion__level", "suggestion__level", words=lambda one: Level(one).label),
    Dimension("year", "meeting__year", "meeting__year", words=lambda one: f"{one}年"),
)  # fmt: skip
BY_DIMENSION = {one.key: one for one in DIMENSIONS}


@dataclass(frozen=True)
class Group:
    """一组：its value for the ledger's filter ("null" for none), what is read, its counts and rates."""

    value: str
    label: str
    counts: dict[str, int]
    rates: dict[str, Value]


@lru_cache(maxsize=32)
def _grouped(by: Dimension, on: date) -> QuerySet[Any]:
    """All items in their groups, of which whose and which are still to be picked: forty sums take longer to say than a year's
    items to count, so they are said once a day."""
    _, columns = _sizes(on)
    rows = Assignment.objects.order_by().values(*dict.fromkeys([by.path, by.name, *by.order]))
    ordered = [F(one).asc(nulls_last=True) for one in dict.fromkeys([*by.order, by.name, by.path])]
    found: QuerySet[Any] = rows.annotate(everything=Size(Literal(1)), **columns).order_by(*ordered)
    return found


def breakdown(actor: Actor, scope: Scope, on: date, by: Dimension) -> list[Group]:
    """各组的件数和比率, in the unit's own order. Every figure counts rows, so they add up to the whole if each item is in one
    group: that is counted, and raises DoesNotReconcile where it is not so (R71)."""
    items = counted_items(actor, scope)
    used, size = _profiles(items)
    found = list(_grouped(by, on).filter(visible_to(actor)).filter(_counted(scope)))
    if (total := sum(row["everything"] for row in found)) != size:
        raise DoesNotReconcile(f"按{by.label}分组合计{total}，与全部的{size}不符", _ungrouped(items, by))
    named, _ = _sizes(on)
    said = _said(used)
    return [
        Group(
            "null" if row[by.path] is None else str(row[by.path]),
            by.none if row[by.name] is None else by.words(row[by.name]),
            {count.key: row[named[count.key]] for count in COUNTS},
            _values(row, on, said),
        )
        for row in found
    ]


def _ungrouped(items: Items, by: Dimension) -> Items:
    """Items that are in several groups, or in none."""
    once = items.order_by().values("pk").annotate(size=Size(by.path)).filter(size__gt=1)
    return items.filter(Q(pk__in=once.values("pk")) | Q(**{f"{by.path}__isnull": True})).select_related(
        "suggestion"
    )


def classes(actor: Actor, scope: Scope) -> dict[str, int]:
    """各类别的件数, of the items replied to (R69): what the replies said, before any turned to A."""
    items = counted_items(actor, scope).filter(CLASSED)
    rows = items.order_by("reply_class").values_list("reply_class").annotate(size=Size(Literal(1)))
    return {letter or "未标": size for letter, size in rows}


@dataclass(frozen=True)
class Scheme:
    """一套类别的占比：(letter, its words, items); of one scheme, since A of one place is not A of another (R69)."""

    title: str
    rows: tuple[tuple[str, str, int], ...]
    whole: int

    def percent(self, size: int) -> str:
        return percent(size, self.whole)


def class_shares(actor: Actor, scope: Scope) -> list[Scheme]:
    """各类别占已答复件的比例, by the scheme of the items' profile."""
    items = counted_items(actor, scope).filter(CLASSED).order_by()
    names = ("profile_name", "profile_version", "reply_class")
    sizes = dict[tuple[tuple[str, str], ...], dict[str, int]]()
    titles = dict[tuple[tuple[str, str], ...], str]()
    for name, version, letter, size in items.values_list(*names).annotate(size=Size(Literal(1))):
        profile = profile_of(name, version)
        scheme = tuple((key, one.definition) for key, one in profile.classes.items())
        titles[scheme] = profile.title
        own = sizes.setdefault(scheme, {})
        own[letter] = own.get(letter, 0) + size
    return [
        Scheme(titles[scheme], tuple(_class_rows(scheme, own)), sum(own.values()))
        for scheme, own in sizes.items()
    ]


def _class_rows(scheme: tuple[tuple[str, str], ...], own: dict[str, int]) -> Iterable[tuple[str, str, int]]:
    words = dict(scheme)
    yield from ((letter, label, own.get(letter, 0)) for letter, label in scheme)
    yield from (
        (one, "不在办理规程的类别里" if one else "未标类别", own[one])
        for one in sorted(own)
        if one not in words
    )


def not_on_time(actor: Actor, scope: Scope, on: date) -> set[int]:
    """未按时答复的件: what 按时答复率 divides by, and does not count."""
    late = counted_items(actor, scope).filter(BY_KEY["on_time"].missed(on))
    return set(late.values_list("pk", flat=True))


def by_category(actor: Actor, scope: Scope) -> list[tuple[int | None, str, int, int]]:
    """（分类的主键, 分类, 承办, 其中主办和二次办理）, most first; equals in the unit's own order of categories."""
    rows = (
        counted_items(actor, scope).filter(MAIN).order_by()
        .values_list("suggestion__category__order", "suggestion__category__name", "suggestion__category")
        .annotate(total=Size(Literal(1)), ours=Size(Literal(1), filter=ANSWERS))
    )  # fmt: skip
    ranked = sorted(rows, key=lambda row: (-row[3], row[0] or 0, row[1] or "未分类"))
    return [(pk, name or "未分类", total, ours) for _, name, pk, total, ours in ranked]
