"""数字 (S5, R66–R71): every figure with its formula in words, its parts, and the items behind each part.

All of them are picks (`Q`) of one table, the items with their counted columns (huiyin.queries.counting), so a page of
figures is one query, and a figure's items are the same pick: no figure is shown that cannot be opened. A figure's key
with ".num" or ".den" selects those items in the ledger. 件 (an item once, whatever its rounds) and 答复件次 (each reply
owed) are told apart by `unit`, and never divided one by the other.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count as Size
from django.db.models import F, Q, QuerySet
from django.db.models import Value as Literal

from huiyin.models import Assignment, Commitment, Meeting
from huiyin.models.profile import profile_of
from huiyin.queries.actors import items_for
from huiyin.rules.permissions import Actor
from huiyin.rules.profile import SAID, Profile
from huiyin.rules.vocabulary import (
    ANSWERING,
    NOT_COUNTED,
    CommitmentState,
    Kind,
    Level,
    Part,
    Rating,
    RoundKind,
)

Items = QuerySet[Assignment]
Pick = Callable[[date], Q]


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
class Count:
    """件数：`pick` is what is counted; `unit` 件 or 件次."""

    key: str
    label: str
    words: str
    pick: Q
    unit: str = "件"


@dataclass(frozen=True)
class Rate:
    """比率：分子／分母, each a pick of items on a day. Zero denominators read "—" (R66)."""

    key: str
    label: str
    words: str
    numerator: Pick
    denominator: Pick
    unit: str = "件"


@dataclass(frozen=True)
class Value:
    """一个算出的比率."""

    rate: Rate
    numerator: int
    denominator: int
    words: str

    @property
    def percent(self) -> str:
        return percent(self.numerator, self.denominator)


def percent(numerator: int, denominator: int) -> str:
    """两位小数, never forced to add up (R69); — for a zero denominator (R66)."""
    if not denominator:
        return "—"
    value = Decimal(numerator) * 100 / Decimal(denominator)
    return f"{value.quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def short(value: str) -> str:
    """100.00% → 100%, as running text writes it."""
    return value.replace(".00%", "%")


def counted_items(actor: Actor, scope: Scope) -> Items:
    """承办件 counted in any rate: not returned, withdrawn or 参阅 (R18, R67)."""
    return items_for(actor).filter(scope.pick()).exclude(status__in=NOT_COUNTED)


MAIN = ~Q(round_kind=RoundKind.REHANDLING)  # 件: re-handling rounds are rounds of an item already counted
LAST = Q(following__isnull=True)
REPLIED = Q(replied_on__isnull=False)
ANSWERS = Q(part__in=ANSWERING)
CO = Q(part=Part.CO)
RATED = Q(rated_on__isnull=False)  # all who evaluate have, or it lapsed (R55)
ATTITUDE = Q(attitude_satisfied=True) | Q(attitude="")
OUTCOME = Q(outcome_satisfied=True) | Q(outcome="")
FULLY = Q(attitude__in=["", Rating.VERY, Rating.SATISFIED], outcome__in=["", Rating.VERY, Rating.SATISFIED])


def overdue(on: date) -> Q:
    """逾期未答复: also an opinion that was found hollow and is due again; not while the time is suspended."""
    return Q(running_on__lt=on)


def on_time(on: date) -> Q:
    return REPLIED & Q(late=False) & (Q(running_on__isnull=True) | Q(running_on__gte=on))


def _first(part: Part) -> Q:
    return Q(part=part, round_kind=RoundKind.FIRST)


COUNTS = (
    Count("total", "承办", "本年度承办的建议、提案件数", MAIN),
    Count("sole", "独办", "独办件数", _first(Part.SOLE)),
    Count("lead", "主办", "主办件数（首次办理）", _first(Part.LEAD)),
    Count("separate", "分办", "分办件数", _first(Part.SEPARATE)),
    Count("co", "协办", "协办件数", _first(Part.CO)),
    Count("second", "二次办理", "上年B类件二次办理件数", Q(round_kind=RoundKind.SECOND)),
    Count("owed", "应答复", "应书面答复代表（委员）的件次：每轮办理各计一次", ANSWERS, "件次"),
    Count("given", "已答复", "已书面答复代表（委员）的件次：每轮办理各计一次", ANSWERS & REPLIED, "件次"),
)  # fmt: skip
PARTS_OF_TOTAL = ("sole", "lead", "separate", "co", "second")


def _rate(
    key: str, label: str, words: str, numerator: Q | Pick, denominator: Q | Pick, unit: str = "件"
) -> Rate:
    """The numerator is always of the denominator."""
    below: Pick = denominator if callable(denominator) else lambda _: denominator
    above: Pick = numerator if callable(numerator) else lambda _: numerator
    return Rate(key, label, words, lambda on: below(on) & above(on), below, unit)


_FINAL = "最后一轮"
RATES = (
    _rate("completion", "办结率", "已书面答复（提出协办意见）件数 ÷ 承办件数（不含退办、撤回）", REPLIED, MAIN),
    _rate("on_time", "按时答复率", "在时限内答复件数 ÷ （已答复件数＋逾期未答复件数）",
          on_time, lambda on: MAIN & (REPLIED | overdue(on))),
    _rate("accepted", "签收率", "已签收件数 ÷ 承办件数", Q(accepted_on__isnull=False), MAIN),
    _rate("contact", "沟通率", "与代表沟通过的件数 ÷ 主办（独办、分办）和二次办理件数",
          Q(contacted_on__isnull=False), MAIN & ANSWERS),
    _rate("met", "见面率", "与代表当面沟通过的件数 ÷ 主办（独办、分办）和二次办理件数", Q(met_on__isnull=False), MAIN & ANSWERS),
    _rate("co_on_time", "协办按时率", "在时限内提出协办意见件数 ÷ （已提出＋逾期未提出件数）",
          on_time, lambda on: CO & (REPLIED | overdue(on))),
    _rate("returned_forms", "反馈率", "收回评价的件数 ÷ 已送达答复的件数", RATED, MAIN & ANSWERS & Q(delivered_on__isnull=False)),
    _rate("satisfied", "满意率（首次）", "首次评价为满意的件数 ÷ {denominator}；{numerator}计为满意，协办件不在内",
          RATED & ATTITUDE & OUTCOME, MAIN & Q(in_satisfaction=True)),
    _rate("satisfied_finally", "满意率（最终）", "最后一轮评价为满意的件数 ÷ 最后一轮{denominator}；{numerator}计为满意",
          RATED & ATTITUDE & OUTCOME, LAST & Q(in_satisfaction=True)),
    _rate("fully", "满意率（不含基本满意）", "最后一轮评价为满意以上的件数 ÷ 最后一轮{denominator}；只计满意、非常满意",
          RATED & FULLY, LAST & Q(in_satisfaction=True)),
    _rate("attitude", "态度满意率（首次）", "首次评价对办理态度满意的件数 ÷ {denominator}；{numerator}计为满意",
          RATED & Q(attitude_satisfied=True), MAIN & Q(in_satisfaction=True)),
    _rate("attitude_finally", "态度满意率（最终）", "最后一轮评价对办理态度满意的件数 ÷ 最后一轮{denominator}；{numerator}计为满意",
          RATED & Q(attitude_satisfied=True), LAST & Q(in_satisfaction=True)),
    _rate("outcome", "结果满意率（首次）", "首次评价对办理结果满意的件数 ÷ {denominator}；{numerator}计为满意",
          RATED & Q(outcome_satisfied=True), MAIN & Q(in_satisfaction=True)),
    _rate("outcome_finally", "结果满意率（最终）", "最后一轮评价对办理结果满意的件数 ÷ 最后一轮{denominator}；{numerator}计为满意",
          RATED & Q(outcome_satisfied=True), LAST & Q(in_satisfaction=True)),
    _rate("solved", "解决率", "现类别为已解决或者采纳（A类）的件数 ÷ 已答复的主办、二次办理件数",
          Q(solved=True), MAIN & ANSWERS & REPLIED),
    _rate("turned", "B类转A类率", "答复为B类、现已转为A类的件数 ÷ 答复为B类的件数", Q(solved=True), MAIN & ANSWERS & Q(to_turn=True)),
)  # fmt: skip
BY_KEY = {rate.key: rate for rate in RATES}


def behind(items: Items, key: str, on: date) -> Items | None:
    """The items behind "completion.num", "completion.den", or a count's key; None for an unknown key."""
    picked = _picked(key, on)
    return None if picked is None else items.filter(picked)


def _picked(key: str, on: date) -> Q | None:
    for count in COUNTS:
        if count.key == key:
            return count.pick
    name, _, side = key.partition(".")
    rate = BY_KEY.get(name)
    if rate is None or side not in ("num", "den"):
        return None
    return rate.numerator(on) if side == "num" else rate.denominator(on)


def label_of(key: str) -> str:
    """What a figure's key selects, in words."""
    for count in COUNTS:
        if count.key == key:
            return count.words
    name, _, side = key.partition(".")
    found = BY_KEY.get(name)
    return f"{found.label}的{'分子' if side == 'num' else '分母'}（{_said(found, [])}）" if found else ""


def _profiles(items: Items) -> list[Profile]:
    """The profiles these items run under."""
    return [
        profile_of(*name)
        for name in items.order_by().values_list("profile_name", "profile_version").distinct()
    ]


def _said(rate: Rate, profiles: list[Profile]) -> str:
    """口径, with what the profiles count as 满意 and what they divide by."""
    ratings = dict.fromkeys(
        "、".join(one.label for one in Rating if one in each.satisfied) for each in profiles
    )
    divisors = dict.fromkeys(SAID[each.denominator] for each in profiles)
    return rate.words.format(
        numerator=" 或 ".join(ratings) or "办理规程所列档次",
        denominator=" 或 ".join(divisors) or "办理规程所定的件数",
    )


def _sizes(on: date) -> dict[str, Size]:
    """Every count and both parts of every rate, as aggregates of one query."""
    found = {count.key: Size(Literal(1), filter=count.pick) for count in COUNTS}
    for rate in RATES:
        found[f"{rate.key}_num"] = Size(Literal(1), filter=rate.numerator(on))
        found[f"{rate.key}_den"] = Size(Literal(1), filter=rate.denominator(on))
    return found


def _values(row: dict[str, Any], used: list[Profile]) -> dict[str, Value]:
    return {
        rate.key: Value(rate, row[f"{rate.key}_num"], row[f"{rate.key}_den"], _said(rate, used))
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
    return _values(items.aggregate(**_sizes(on)), _profiles(items))


# 分组


@dataclass(frozen=True)
class Dimension:
    """分组：`key` is the ledger's filter of the same name, `path` the value it takes, `name` what is read."""

    key: str
    label: str
    path: str
    name: str
    order: tuple[str, ...] = ()
    words: Callable[[Any], str] = str
    none: str = "未填"


DIMENSIONS = (
    Dimension("unit", "承办单位", "unit", "unit__short_name"),
    Dimension("section", "承办科室", "section", "section__name", ("section__order",), none="未定科室"),
    Dimension("leader", "责任领导", "responsible_leader", "responsible_leader__name", none="未定领导"),
    Dimension("category", "内容分类", "suggestion__category", "suggestion__category__name",
              ("suggestion__category__order",), none="未分类"),
    Dimension("meeting", "承办年度", "meeting", "meeting__title", ("meeting__year",)),
    Dimension("session", "届次", "suggestion__meeting", "suggestion__meeting__name", ("suggestion__meeting__year",)),
    Dimension("kind", "类型", "suggestion__kind", "suggestion__kind", words=lambda one: Kind(one).label),
    Dimension("part", "办理方式", "part", "part", words=lambda one: Part(one).label),
    Dimension("level", "办理层级", "suggestion__level", "suggestion__level", words=lambda one: Level(one).label),
    Dimension("year", "年份", "meeting__year", "meeting__year", words=lambda one: f"{one}年"),
)  # fmt: skip
BY_DIMENSION = {one.key: one for one in DIMENSIONS}


@dataclass(frozen=True)
class Group:
    """一组：its value for the ledger's filter ("null" for none), what is read, its counts and rates."""

    value: str
    label: str
    counts: dict[str, int]
    rates: dict[str, Value]


def breakdown(actor: Actor, scope: Scope, on: date, by: Dimension) -> list[Group]:
    """各组的件数和比率, in the unit's own order. The groups add up to the whole, since an item is in one group."""
    items = counted_items(actor, scope)
    used = _profiles(items)
    names = list(dict.fromkeys([by.path, by.name, *by.order]))
    rows = items.order_by().values(*names).annotate(**_sizes(on))
    ordered = [F(one).asc(nulls_last=True) for one in dict.fromkeys([*by.order, by.name, by.path])]
    return [
        Group(
            "null" if row[by.path] is None else str(row[by.path]),
            by.none if row[by.name] is None else by.words(row[by.name]),
            {count.key: row[count.key] for count in COUNTS},
            _values(row, used),
        )
        for row in rows.order_by(*ordered)
    ]


def classes(actor: Actor, scope: Scope) -> dict[str, int]:
    """各类别的件数, of the items replied to (R69): what the replies said, before any turned to A."""
    items = counted_items(actor, scope).filter(MAIN & ANSWERS & REPLIED)
    rows = items.order_by("reply_class").values_list("reply_class").annotate(size=Size(Literal(1)))
    return {letter or "未标": size for letter, size in rows}


def not_on_time(actor: Actor, scope: Scope, on: date) -> set[int]:
    """未按时答复的件: what 按时答复率 divides by, and does not count."""
    rate = BY_KEY["on_time"]
    items = counted_items(actor, scope)
    due, done = (
        set(items.filter(pick(on)).values_list("pk", flat=True))
        for pick in (rate.denominator, rate.numerator)
    )
    return due - done


# 承诺：counted by 项


PROMISES = {"kept": "已落实的承诺", "due": "已落实和到期未落实的承诺"}


def promises_behind(actor: Actor, scope: Scope, key: str, on: date) -> QuerySet[Commitment]:
    """落实率的分子 "kept" 和分母 "due" (R70): commitments fulfilled, and of those fulfilled or due."""
    rows = Commitment.objects.filter(assignment__in=counted_items(actor, scope))
    kept = Q(state=CommitmentState.FULFILLED)
    return rows.filter(kept if key == "kept" else kept | Q(due_on__lte=on))


def promises(actor: Actor, scope: Scope, on: date) -> tuple[int, int]:
    """落实率的分子和分母, in numbers."""
    kept, due = (promises_behind(actor, scope, key, on).count() for key in PROMISES)
    return kept, due


def by_category(actor: Actor, scope: Scope) -> list[tuple[int | None, str, int, int]]:
    """（分类的主键, 分类, 承办, 其中主办和二次办理）, most first; equals in the unit's own order of categories."""
    rows = (
        counted_items(actor, scope).filter(MAIN).order_by()
        .values_list("suggestion__category__order", "suggestion__category__name", "suggestion__category")
        .annotate(total=Size(Literal(1)), ours=Size(Literal(1), filter=ANSWERS))
    )  # fmt: skip
    ranked = sorted(rows, key=lambda row: (-row[3], row[0] or 0, row[1] or "未分类"))
    return [(pk, name or "未分类", total, ours) for _, name, pk, total, ours in ranked]
