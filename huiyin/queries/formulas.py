"""口径 (S5, R66–R70): what each figure counts, in words and as a pick (`Q`) of the items with their counted columns.

A figure's key opens its items in the ledger: a count's own key ("total"); a rate's with ".num", ".den" or ".not", those
in the denominator and not in the numerator; and the families, whose keys end in a value ("class.A", "replied_by.2020-06",
"title.用地").
"""

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from huiyin.models import Event
from huiyin.rules import dates
from huiyin.rules.vocabulary import ANSWERING, Part, Rating, RoundKind, Status

Pick = Callable[[date], Q]


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
    """比率：分子／分母, each a pick of items on a day, both counted in `unit`. Zero denominators read "—" (R66)."""

    key: str
    label: str
    words: str
    numerator: Pick
    denominator: Pick
    unit: str = "件"

    def pick(self, side: str, on: date) -> Q | None:
        """The items of a side: num, den, or not."""
        sides = {"num": self.numerator, "den": self.denominator, "not": self.missed}
        return sides[side](on) if side in sides else None

    def missed(self, on: date) -> Q:
        """In the denominator, not in the numerator."""
        return self.denominator(on) & ~self.numerator(on)


SIDES = {"num": "分子", "den": "分母", "not": "分母里不在分子的"}

MAIN = ~Q(round_kind=RoundKind.REHANDLING)  # 件: re-handling rounds are rounds of an item already counted
LAST = ~Q(
    following__round_kind=RoundKind.REHANDLING
)  # a second handling is another year's item, no further round
REPLIED = Q(replied_on__isnull=False)
ANSWERS = Q(part__in=ANSWERING)
CO = Q(part=Part.CO)
RATED = Q(rated_on__isnull=False)  # all who evaluate have, or it lapsed (R55)
ATTITUDE = Q(attitude_satisfied=True) | Q(attitude="")
OUTCOME = Q(outcome_satisfied=True) | Q(outcome="")
FULLY = Q(attitude__in=["", Rating.VERY, Rating.SATISFIED], outcome__in=["", Rating.VERY, Rating.SATISFIED])
CLASSED = MAIN & ANSWERS & REPLIED  # what the shares of the classes are taken of (R69)


SOON = timedelta(days=15)  # what is due within it is due soon, on every page


def overdue(on: date) -> Q:
    """逾期未答复: also an opinion that was found hollow and is due again; not while the time is suspended."""
    return Q(running_on__lt=on)


def on_time(on: date) -> Q:
    return REPLIED & Q(late=False) & (Q(running_on__isnull=True) | Q(running_on__gte=on))


def _first(part: Part) -> Q:
    return Q(part=part, round_kind=RoundKind.FIRST)


COUNTS = (
    Count("total", "承办", "承办的建议、提案件数，不含退办、撤回和参阅；重新办理不另计件", MAIN),
    Count("sole", "独办", "独办件数（首次办理）", _first(Part.SOLE)),
    Count("lead", "主办", "主办件数（首次办理）", _first(Part.LEAD)),
    Count("separate", "分办", "分办件数（首次办理）", _first(Part.SEPARATE)),
    Count("co", "协办", "协办件数（首次办理）", _first(Part.CO)),
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


RATES = (
    _rate("completion", "办结率", "已书面答复（提出协办意见）件数 ÷ 承办件数（不含退办、撤回）", REPLIED, MAIN),
    _rate("solved", "解决率", "现类别为已解决或者采纳（A类）的件数 ÷ 已答复的主办、二次办理件数",
          Q(solved=True), CLASSED),
    _rate("on_time", "按时答复率", "在时限内答复件数 ÷ （已答复件数＋逾期未答复件数）",
          on_time, lambda on: MAIN & (REPLIED | overdue(on))),
    _rate("answered", "答复率", "已书面答复的件次 ÷ 应书面答复代表（委员）的件次：每轮办理各计一次", REPLIED, ANSWERS, "件次"),
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
    _rate("turned", "B类转A类率", "答复为B类、现已转为A类的件数 ÷ 答复为B类的件数", Q(solved=True), MAIN & ANSWERS & Q(to_turn=True)),
)  # fmt: skip
BY_KEY = {rate.key: rate for rate in RATES}
SATISFACTION = tuple(one.key for one in RATES if "满意" in one.label)  # never shown without 反馈率 (R68)


# 族：keys that end in a value


@dataclass(frozen=True)
class Family:
    """一族数字：`pick` by what stands behind the dot (None where that is no value of it), `words` with {} for it."""

    pick: Callable[[str, date], Q | None]
    words: str
    said: Callable[[str], str] = str


def month_end(month: str) -> date | None:
    """2020-06 → 2020-06-30."""
    try:
        first = date.fromisoformat(f"{month}-01")
    except ValueError:
        return None
    return first.replace(day=monthrange(first.year, first.month)[1])


def _by(column: str) -> Callable[[str, date], Q | None]:
    def pick(month: str, _: date) -> Q | None:
        end = month_end(month)
        return MAIN & Q(**{f"{column}__lte": end}) if end else None

    return pick


def _month(month: str) -> str:
    end = month_end(month)
    return dates.zh(end) if end else month


def _rating(column: str, base: Q) -> Callable[[str, date], Q | None]:
    return lambda value, _: (
        base & RATED & Q(in_satisfaction=True, **{column: value}) if value in set(Rating) else None
    )


def _late(which: str, on: date) -> Q | None:
    """未按时的, told apart: answered after the date, or overdue and not answered; and what is due soon."""
    if which == "soon":
        return MAIN & Q(replied_on__isnull=True, running_on__gte=on, running_on__lte=on + SOON)
    late = BY_KEY["on_time"].missed(on)
    return late & {"open": overdue(on), "replied": ~overdue(on)}[which] if which in LATE else None


LATE = {"open": "逾期未答复", "replied": "逾期答复", "soon": "15日内到期、还没有答复"}


def _through(status: str, _: date) -> Q | None:
    """Items that came to a status; registration opens the first."""
    if status not in set(Status):
        return None
    return Q(pk__in=Event.objects.filter(target=status, assignment__isnull=False).values("assignment"))


def _said_status(value: str) -> str:
    return next((one.label for one in Status if one == value), value)


def _said_rating(value: str) -> str:
    return next((one.label for one in Rating if one == value), value)


def _title(word: str, _: date) -> Q | None:
    return MAIN & Q(suggestion__title__contains=word) if word else None


def _delegation(name: str, _: date) -> Q | None:
    if not name:
        return None
    return MAIN & Q(
        suggestion__confidential=False,
        suggestion__proposers__is_lead=True,
        suggestion__proposers__delegation=name,
    )


FAMILIES = {
    "class": Family(lambda letter, _: CLASSED & Q(reply_class=letter), "答复类别为{}的件（主办、二次办理）", lambda one: f"{one}类" if one else "未标"),
    "late": Family(_late, "{}的件", lambda one: LATE.get(one, one)),
    "assigned_by": Family(_by("assigned_on"), "{}前交办的件", _month),
    "replied_by": Family(_by("replied_on"), "{}前答复的件", _month),
    "due_by": Family(_by("due_on"), "{}前到办理时限的件", _month),
    "outcome_is": Family(_rating("outcome", MAIN), "首次评价对办理结果{}的件", _said_rating),
    "outcome_now": Family(_rating("outcome", LAST), "最后一轮评价对办理结果{}的件", _said_rating),
    "through": Family(_through, "经过“{}”的件", _said_status),
    "title": Family(_title, "标题含“{}”的件"),
    "delegation": Family(_delegation, "{}提出的件"),
}  # fmt: skip


def picked(key: str, on: date) -> Q | None:
    """What a figure's key selects; None for an unknown key."""
    if "\0" in key:  # which PostgreSQL takes in no text
        return None
    for count in COUNTS:
        if count.key == key:
            return count.pick
    name, dot, side = key.partition(".")
    if name in FAMILIES and dot:
        return FAMILIES[name].pick(side, on)
    return BY_KEY[name].pick(side, on) if name in BY_KEY else None


def words_of(key: str) -> tuple[str, Rate | None]:
    """(What a key selects, in words; its rate, whose words the profile still completes)."""
    for count in COUNTS:
        if count.key == key:
            return count.words, None
    name, _, side = key.partition(".")
    if name in FAMILIES:
        return FAMILIES[name].words.format(FAMILIES[name].said(side)), None
    rate = BY_KEY.get(name)
    return (f"{rate.label}的{SIDES.get(side, '')}", rate) if rate else ("", None)
