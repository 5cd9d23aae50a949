"""数字 (S5, R66–R71): every figure with its formula in words, its parts, and the items behind each part.

A figure's key with ".num" or ".den" selects those items in the ledger: no figure is printed that cannot be opened.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from huiyin.models import Assignment, ClassChange, Clock, Commitment, Meeting, Reply
from huiyin.models.profile import profile_of
from huiyin.queries.actors import items_for
from huiyin.rules.permissions import Actor
from huiyin.rules.profile import SAID, Profile
from huiyin.rules.vocabulary import (
    ANSWERING,
    FACE_TO_FACE,
    MAIN_CLOCKS,
    NOT_COUNTED,
    CommitmentState,
    Part,
    Rating,
    RoundKind,
    Status,
)

Items = QuerySet[Assignment]


class DoesNotReconcile(ValueError):  # noqa: N818
    """数字对不上 (R71): the parts do not add up to the total."""


@dataclass(frozen=True)
class Count:
    """件数：`pick` narrows the year's items to those counted."""

    key: str
    label: str
    words: str
    pick: Callable[[Items], Items]


@dataclass(frozen=True)
class Rate:
    """比率：分子／分母, each a pick of items. Zero denominators read "—"."""

    key: str
    label: str
    words: str
    numerator: Callable[[Items, date], Items]
    denominator: Callable[[Items, date], Items]


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


def year_items(actor: Actor, meeting: Meeting) -> Items:
    """本年度承办件 counted in any rate: not returned, withdrawn or 参阅 (R18, R67), with dates to compare."""
    current = ClassChange.objects.filter(assignment=OuterRef("pk")).order_by("-pk").values("to_class")[:1]
    replied = (
        Reply.objects.filter(assignment=OuterRef("pk")).order_by("-pk").values("version__outcome_class")[:1]
    )
    return (
        items_for(actor)
        .filter(meeting=meeting)
        .exclude(status__in=NOT_COUNTED)
        .annotate(
            replied_on=Min("replies__signed_on"),
            class_now=Coalesce(Subquery(current), Subquery(replied)),
            evaluated_on=Max("evaluations__on"),
        )
    )


def _main(items: Items) -> Items:
    """件：re-handling rounds are rounds of an item already counted."""
    return items.exclude(round_kind=RoundKind.REHANDLING)


def _first_of(part: Part) -> Callable[[Items], Items]:
    return lambda items: _main(items).filter(part=part, round_kind=RoundKind.FIRST)


COUNTS = (
    Count("total", "承办", "本年度承办的建议、提案件数", _main),
    Count("sole", "独办", "独办件数", _first_of(Part.SOLE)),
    Count("lead", "主办", "主办件数（首次办理）", _first_of(Part.LEAD)),
    Count("separate", "分办", "分办件数", _first_of(Part.SEPARATE)),
    Count("co", "协办", "协办件数", _first_of(Part.CO)),
    Count("second", "二次办理", "上年B类件二次办理件数", lambda items: items.filter(round_kind=RoundKind.SECOND)),
)  # fmt: skip
PARTS_OF_TOTAL = ("sole", "lead", "separate", "co", "second")

REPLIED = Q(replied_on__isnull=False)
ANSWERS = Q(part__in=ANSWERING)
EVALUATED = Q(evaluated_on__isnull=False) & ~Q(
    status=Status.EVALUATING
)  # all who evaluate have, or it lapsed (R55)
_MAIN = Clock.objects.filter(assignment=OuterRef("pk"), kind__in=MAIN_CLOCKS)
LATE = Q(
    Exists(_MAIN.filter(stopped_on__gt=F("due_on")))
)  # a reply, or one of several opinions, after its date


def overdue(on: date) -> Q:
    """逾期未答复: also an opinion that was found hollow and is due again; not while the time is suspended."""
    return Q(Exists(_MAIN.filter(stopped_on__isnull=True, paused=False, due_on__lt=on)))


def on_time(on: date) -> Q:
    return REPLIED & ~LATE & ~overdue(on)


def _satisfied(items: Items) -> Items:
    """满意率的分子：every evaluation of the item within what the profile counts as satisfied (R68)."""
    bad = Q()
    for one, mine in _profiles(items):
        worse = [rating for rating in Rating if rating not in one.satisfied]
        bad |= mine & (Q(evaluations__attitude__in=worse) | Q(evaluations__outcome__in=worse))
    return items.exclude(pk__in=items.filter(bad).values("pk")) if bad else items


def _profiles(items: Items) -> list[tuple[Profile, Q]]:
    """The profiles these items run under, each with the pick of its own items."""
    names = items.order_by().values_list("profile_name", "profile_version").distinct()
    return [(profile_of(*name), Q(profile_name=name[0], profile_version=name[1])) for name in names]


def _evaluated(items: Items) -> Items:
    return items.filter(EVALUATED)


def _rated(items: Items) -> Items:
    """满意率的分母, by the profile of each item (R68): returned forms, all replied, or those without 逾期未评价.
    A reply nobody rated counts in it and never in the numerator."""
    picks = {
        "returned": EVALUATED, "replied": REPLIED & ANSWERS,
        "answered": REPLIED & ANSWERS & (Q(lapsed_on__isnull=True) | EVALUATED),
    }  # fmt: skip
    found = Q(pk__in=[])
    for one, mine in _profiles(items):
        found |= mine & picks[one.denominator]
    return items.filter(found)


def _delivered(items: Items) -> Items:
    sent = Reply.objects.filter(deliveries__is_copy=False).values("assignment")
    return items.filter(ANSWERS, pk__in=sent)


def _solved(items: Items) -> Items:
    solved = Q(pk__in=[])
    for one, mine in _profiles(items):
        solved |= mine & Q(class_now__in=[letter for letter, row in one.classes.items() if row.solved])
    return items.filter(solved)


def _contacted(items: Items, **how: object) -> Items:
    from huiyin.models import Contact

    return items.filter(pk__in=Contact.objects.filter(**how).values("assignment"))


RATES = (
    Rate("completion", "办结率", "已书面答复（提出协办意见）件数 ÷ 承办件数（不含退办、撤回）",
         lambda i, _: _main(i).filter(REPLIED), lambda i, _: _main(i)),
    Rate("on_time", "按时答复率", "在时限内答复件数 ÷ （已答复件数＋逾期未答复件数）",
         lambda i, on: _main(i).filter(on_time(on)), lambda i, on: _main(i).filter(REPLIED | overdue(on))),
    Rate("accepted", "签收率", "已签收件数 ÷ 承办件数",
         lambda i, _: _main(i).filter(accepted_on__isnull=False), lambda i, _: _main(i)),
    Rate("contact", "沟通率", "与代表沟通过的件数 ÷ 主办（独办、分办）和二次办理件数",
         lambda i, _: _contacted(_main(i).filter(ANSWERS)), lambda i, _: _main(i).filter(ANSWERS)),
    Rate("met", "见面率", "与代表当面沟通过的件数 ÷ 主办（独办、分办）和二次办理件数",
         lambda i, _: _contacted(_main(i).filter(ANSWERS), method__in=FACE_TO_FACE), lambda i, _: _main(i).filter(ANSWERS)),
    Rate("co_on_time", "协办按时率", "在时限内提出协办意见件数 ÷ （已提出＋逾期未提出件数）",
         lambda i, on: i.filter(on_time(on), part=Part.CO), lambda i, on: i.filter(REPLIED | overdue(on), part=Part.CO)),
    Rate("returned_forms", "反馈率", "收回评价的件数 ÷ 已送达答复的件数",
         lambda i, _: _evaluated(_delivered(_main(i))), lambda i, _: _delivered(_main(i))),
    Rate("satisfied", "满意率（首次）", "首次评价为满意的件数 ÷ {denominator}；{numerator}计为满意，协办件不在内",
         lambda i, _: _satisfied(_evaluated(_main(i))), lambda i, _: _rated(_main(i))),
    Rate("satisfied_finally", "满意率（最终）", "最后一轮评价为满意的件数 ÷ 最后一轮{denominator}；{numerator}计为满意",
         lambda i, _: _satisfied(_evaluated(i.filter(following__isnull=True))),
         lambda i, _: _rated(i.filter(following__isnull=True))),
    Rate("solved", "解决率", "现类别为已解决或者采纳（A类）的件数 ÷ 已答复的主办、二次办理件数",
         lambda i, _: _solved(_main(i).filter(REPLIED & ANSWERS)), lambda i, _: _main(i).filter(REPLIED & ANSWERS)),
)  # fmt: skip


def behind(items: Items, key: str, on: date) -> Items | None:
    """The items behind "completion.num", "completion.den", or a count's key; None for an unknown key."""
    for count in COUNTS:
        if count.key == key:
            return count.pick(items)
    for rate in RATES:
        if key == f"{rate.key}.num":
            return rate.numerator(items, on)
        if key == f"{rate.key}.den":
            return rate.denominator(items, on)
    return None


def label_of(key: str) -> str:
    """What a figure's key selects, in words."""
    for count in COUNTS:
        if count.key == key:
            return count.words
    name, _, side = key.partition(".")
    found = next((rate for rate in RATES if rate.key == name), None)
    return f"{found.label}的{'分子' if side == 'num' else '分母'}（{_said(found, [])}）" if found else ""


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


def counts(actor: Actor, meeting: Meeting) -> dict[str, int]:
    """件数, reconciled: the parts add up to the total or DoesNotReconcile says so (R71)."""
    items = year_items(actor, meeting)
    found = {count.key: count.pick(items).values("pk").distinct().count() for count in COUNTS}
    parts = sum(found[key] for key in PARTS_OF_TOTAL)
    if parts != found["total"]:
        raise DoesNotReconcile(f"承办{found['total']}件，而各办理方式合计{parts}件，请在台账核对办理方式")
    return found


def rates(actor: Actor, meeting: Meeting, on: date) -> dict[str, Value]:
    items = year_items(actor, meeting)
    used = [one for one, _ in _profiles(items)]
    size: Callable[[Items], int] = lambda found: found.values("pk").distinct().count()  # noqa: E731
    return {
        rate.key: Value(
            rate, size(rate.numerator(items, on)), size(rate.denominator(items, on)), _said(rate, used)
        )
        for rate in RATES
    }


def not_on_time(actor: Actor, meeting: Meeting, on: date) -> set[int]:
    """未按时答复的件: what 按时答复率 divides by, and does not count."""
    rate = next(one for one in RATES if one.key == "on_time")
    items = year_items(actor, meeting)
    due, done = (
        set(pick(items, on).values_list("pk", flat=True)) for pick in (rate.denominator, rate.numerator)
    )
    return due - done


PROMISES = {"kept": "已落实的承诺", "due": "已落实和到期未落实的承诺"}


def promises_behind(actor: Actor, meeting: Meeting, key: str, on: date) -> QuerySet[Commitment]:
    """落实率的分子 "kept" 和分母 "due" (R70): commitments fulfilled, and of those fulfilled or due."""
    items = items_for(actor).filter(meeting=meeting).exclude(status__in=NOT_COUNTED)
    rows = Commitment.objects.filter(assignment__in=items)
    kept = Q(state=CommitmentState.FULFILLED)
    return rows.filter(kept if key == "kept" else kept | Q(due_on__lte=on))


def promises(actor: Actor, meeting: Meeting, on: date) -> tuple[int, int]:
    """落实率的分子和分母, in numbers."""
    kept, due = (promises_behind(actor, meeting, key, on).count() for key in PROMISES)
    return kept, due


def by_category(actor: Actor, meeting: Meeting) -> list[tuple[int | None, str, int, int]]:
    """（分类的主键, 分类, 承办, 其中主办和二次办理）, most first; equals in the unit's own order of categories."""
    found: dict[tuple[int, str, int | None], list[int]] = {}
    names = ("suggestion__category__order", "suggestion__category__name", "suggestion__category", "part")
    for order, name, pk, part in _main(year_items(actor, meeting)).values_list(*names):
        row = found.setdefault((order or 0, name or "未分类", pk), [0, 0])
        row[0] += 1
        row[1] += part in ANSWERING
    ranked = sorted(found.items(), key=lambda pair: (-pair[1][0], pair[0][:2]))
    return [(pk, name, total, ours) for (_, name, pk), (total, ours) in ranked]
