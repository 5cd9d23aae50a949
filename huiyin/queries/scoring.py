"""考核 (R72): the score-cards of a year, by one version of the unit's scheme.

A card is of all its section's items, whoever looks at it; who sees which card, `Scores.opens` says. Every mark can be
opened: `Scores.behind` gives exactly the items that took points (or, of a bonus, gave them). The number of queries does
not grow with the items.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models import Value as Literal

from huiyin.models import Assignment, CoOpinion, HandMark, Section, Unit
from huiyin.queries import figures, promises, quality
from huiyin.queries.actors import items_for
from huiyin.queries.partners import Partner, late, ranked
from huiyin.queries.score_picks import KEPT, QUALITY, Source, missed
from huiyin.queries.score_schemes import Scheme, what
from huiyin.rules.permissions import UNIT_WIDE, Actor
from huiyin.rules.scoring import Indicator, Total, plain, ranks, total
from huiyin.rules.shares import percent
from huiyin.rules.vocabulary import BUSINESS_LINE, OpinionState, Role, ScoreMode

UNIT, NO_SECTION = "unit", "null"


# 谁看


def sees_cards(actor: Actor) -> bool:
    """The score-cards are for the unit's own people with a post in the work."""
    return actor.unit_id is not None and actor.has(*UNIT_WIDE, *BUSINESS_LINE)


def _whole(actor: Actor) -> Actor:
    """As the unit's office sees it."""
    return replace(actor, posts=frozenset({(Role.CLERK.value, None)}))


def years(actor: Actor) -> list[int]:
    """承办过件的年度，新的在前."""
    rows = items_for(_whole(actor)).order_by().values_list("meeting__year", flat=True).distinct()
    return sorted(rows, reverse=True)


@dataclass(frozen=True)
class Year(figures.Scope):
    """One year's work, of all its meetings."""

    year: int = 0

    def pick(self) -> Q:
        return super().pick() & Q(meeting__year=self.year)


# 得分


@dataclass(frozen=True)
class Line:
    """一项得分. `mark` None: does not apply, or (by hand) is not given yet; `count`: how many items are behind it."""

    indicator: Indicator
    mark: Decimal | None
    basis: str
    count: int = 0
    hand: HandMark | None = None

    @property
    def lost(self) -> bool:
        return not self.indicator.bonus and self.mark is not None and self.mark < self.indicator.full

    @property
    def change(self) -> str:
        """−1.5、＋2, or nothing."""
        if self.mark is None or not (self.lost or (self.indicator.bonus and self.mark)):
            return ""
        return (
            f"＋{plain(self.mark)}" if self.indicator.bonus else f"−{plain(self.indicator.full - self.mark)}"
        )


@dataclass(frozen=True)
class Card:
    """一张考核表：of a section (`of`: its key) or of the unit. `rank` among the sections that have a score."""

    of: str
    label: str
    items: int
    lines: tuple[Line, ...]
    total: Total
    rank: int | None = None

    @property
    def score(self) -> Decimal | None:
        return self.total.score if self.items else None

    @property
    def groups(self) -> list[tuple[str, list[Line]]]:
        found = defaultdict[str, list[Line]](list)
        for one in self.lines:
            found[one.indicator.group].append(one)
        return list(found.items())


class Scores:
    """一年的考核 by one scheme, as the ledger stands on the reader's day; read when it is first asked for."""

    def __init__(self, actor: Actor, scheme: Scheme) -> None:
        self.actor, self.scheme, self.on = actor, scheme, actor.on
        self._office, self._scope = _whole(actor), Year(year=scheme.year)
        self._items = figures.counted_items(self._office, self._scope)
        self.all = actor.has(*UNIT_WIDE)

    def opens(self, of: str) -> bool:
        """May he open this card? The office and the leaders all; a section its own. The unit's marks all may read, the
        items behind them only who opens it."""
        return self.all or of in {str(pk) for pk in self.actor.sections}

    @cached_property
    def sections(self) -> dict[str, str]:
        """Those in use, and those with items of the year."""
        rows = Section.objects.filter(unit_id=self.actor.unit_id or 0)
        return {str(one.pk): one.short_name for one in rows if one.active or self._sizes.get(str(one.pk))}

    @cached_property
    def unit(self) -> Card:
        unit = Unit.objects.get(pk=self.actor.unit_id or 0)
        return self._card(UNIT, unit.short_name)

    @cached_property
    def ranked(self) -> list[Card]:
        """All sections' cards in their order, each with its rank."""
        cards = [self._card(of, label) for of, label in self.sections.items()]
        places = ranks([one.score for one in cards])
        return [replace(one, rank=place) for one, place in zip(cards, places, strict=True)]

    @property
    def cards(self) -> list[Card]:
        """The sections' cards that he may open."""
        return [one for one in self.ranked if self.opens(one.of)]

    @property
    def competing(self) -> int:
        """参加排名的科室数."""
        return sum(one.rank is not None for one in self.ranked)

    @property
    def unplaced(self) -> int:
        """未定科室的件: they count for the unit alone."""
        return self._sizes.get(NO_SECTION, 0)

    def card(self, of: str) -> Card | None:
        """None: there is no such card, or it is not his to open."""
        if of == UNIT:
            return self.unit
        return next((one for one in self.cards if one.of == of), None)

    def _card(self, of: str, label: str) -> Card:
        lines = tuple(self._line(of, one) for one in self.scheme.rows)
        size = sum(self._sizes.values()) if of == UNIT else self._sizes.get(of, 0)
        return Card(of, label, size, lines, total([(one.indicator, one.mark) for one in lines]))

    def _line(self, of: str, one: Indicator) -> Line:
        source = what(one)
        if source is None:
            return self._by_hand(of, one)
        if one.mode == ScoreMode.RATE:
            return self._by_rate(of, one, source)
        count = self._over(self._counts[one.key], of)
        mark = one.counted(count)
        changed = mark if one.bonus else one.full - mark
        verb = "加" if one.bonus else "扣"
        said = f"{source.label} {count} 件，{verb}{plain(changed)}分" if count else f"没有{verb}分的件"
        return Line(one, mark, said, count)

    def _by_hand(self, of: str, one: Indicator) -> Line:
        given = self._hands.get((of, one.key))
        return Line(
            one, one.given(given.mark if given else None), given.reason if given else "还没有评分", hand=given
        )

    def _by_rate(self, of: str, one: Indicator, source: Source) -> Line:
        parts = self._parts[one.source]
        above, below = (self._over({key: pair[side] for key, pair in parts.items()}, of) for side in (0, 1))
        if not below:
            idle = "按方案计满分" if one.idle == one.idle.FULL else "不计，按其余折算"
            return Line(one, one.rated(0, 0), f"{source.label}没有分母，{idle}")
        count = below - above
        if one.source == QUALITY:
            count = sum(bool(each.lost) for each in self._scored(of))
        said = f"{source.label}{percent(above, below)}（{above}/{below}{source.unit}）"
        return Line(one, one.rated(above, below), said, count)

    # 读

    @cached_property
    def _sizes(self) -> dict[str, int]:
        rows = self._items.order_by().values_list("section").annotate(size=Count(Literal(1)))
        return {_of(pk): size for pk, size in rows}

    @staticmethod
    def _over(rows: dict[str, int], of: str) -> int:
        return sum(rows.values()) if of == UNIT else rows.get(of, 0)

    @cached_property
    def _counts(self) -> dict[str, dict[str, int]]:
        """Of each indicator by item, how many items in each section."""
        picks = {f"n_{one.key}": Count(Literal(1), filter=self._where(one)) for one in self._by_item}
        rows: list[Any] = list(self._items.order_by().values("section").annotate(**picks))
        return {one.key: {_of(row["section"]): row[f"n_{one.key}"] for row in rows} for one in self._by_item}

    @property
    def _by_item(self) -> list[Indicator]:
        return [
            one for one in self.scheme.rows if one.mode in (ScoreMode.DEDUCT, ScoreMode.BONUS) and what(one)
        ]

    def _where(self, one: Indicator) -> Q:
        source = what(one)
        assert source is not None and source.where is not None
        return source.where(self.on)

    @cached_property
    def _parts(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Numerator and denominator of every rate in the scheme, by section."""
        wanted = {one.source for one in self.scheme.rows if one.mode == ScoreMode.RATE}
        found = defaultdict[str, dict[str, tuple[int, int]]](dict)
        if wanted - {QUALITY, KEPT}:
            by = figures.BY_DIMENSION["section"]
            for group in figures.breakdown(self._office, self._scope, self.on, by):
                for key in wanted - {QUALITY, KEPT}:
                    value = group.rates[key]
                    found[key][group.value] = value.numerator, value.denominator
        if KEPT in wanted:
            found[KEPT] = self._kept()
        if QUALITY in wanted:
            for of in {*self.sections, NO_SECTION}:
                own = self._scored(of)
                found[QUALITY][of] = sum(one.got for one in own), sum(one.full for one in own)
        return found

    def _kept(self) -> dict[str, tuple[int, int]]:
        sides = []
        for key in ("kept", "due"):
            rows = promises.behind(self._office, self._scope, key, self.on).order_by()
            sides.append(
                {
                    _of(pk): size
                    for pk, size in rows.values_list("assignment__section").annotate(size=Count("pk"))
                }
            )
        kept, due = sides
        return {of: (kept.get(of, 0), size) for of, size in due.items()}

    @cached_property
    def _quality(self) -> list[quality.Score]:
        rows = self._items.filter(replies__isnull=False).select_related(
            "suggestion__meeting", "section", "handler"
        )
        return quality.scores(rows.distinct())

    def _scored(self, of: str) -> list[quality.Score]:
        return [one for one in self._quality if of in (UNIT, _of(one.item.section_id))]

    @cached_property
    def _hands(self) -> dict[tuple[str, str], HandMark]:
        """The latest mark of each indicator and card."""
        rows = HandMark.objects.filter(unit_id=self.actor.unit_id or 0, year=self.scheme.year)
        return {
            (UNIT if one.section_id is None else str(one.section_id), one.indicator): one
            for one in rows.select_related("by").order_by("pk")
        }

    # 背后的件

    def behind(self, of: str, key: str) -> QuerySet[Assignment] | None:
        """Exactly the items that a mark of this card counts as failing (a bonus: as earning). None: no such indicator,
        one by hand, or a card that is not his to open."""
        one = self.scheme.find(key)
        if one is None or one.mode == ScoreMode.BY_HAND or what(one) is None or not self.opens(of):
            return None
        items = figures.counted_items(self.actor, self._scope)
        if of != UNIT:
            items = items.filter(section__isnull=True) if of == NO_SECTION else items.filter(section=int(of))
        return items.filter(self._failing(of, one))

    def _failing(self, of: str, one: Indicator) -> Q:
        if one.mode != ScoreMode.RATE:
            return self._where(one)
        if one.source == QUALITY:
            return Q(pk__in=[each.item.pk for each in self._scored(of) if each.lost])
        if one.source == KEPT:
            due, kept = (promises.behind(self._office, self._scope, key, self.on) for key in ("due", "kept"))
            return Q(pk__in=due.exclude(pk__in=kept.values("pk")).order_by().values("assignment"))
        return missed(one.source, self.on)

    # 协办单位

    @cached_property
    def _opinions(self) -> list[CoOpinion]:
        rows = CoOpinion.objects.filter(assignment__in=figures.counted_items(self.actor, self._scope))
        return list(rows.select_related("unit").defer("text", "note"))

    @property
    def partners(self) -> list[Partner]:
        """协办单位 asked on the items he may see, worst first: not by the scheme, which is for our own."""
        return ranked(self._opinions, self.on)

    def behind_partner(self, unit: int, side: str) -> QuerySet[Assignment] | None:
        """The items on which a co-handling unit was late ("late") or its opinion hollow ("hollow")."""
        own = [one for one in self._opinions if one.unit_id == unit]
        if not own or side not in PARTNER_SIDES:
            return None
        found = [
            one.assignment_id for one in own
            if (late(one, self.on) if side == "late" else one.state == OpinionState.HOLLOW)
        ]  # fmt: skip
        return figures.counted_items(self.actor, self._scope).filter(pk__in=found)


PARTNER_SIDES = {"late": "没有按时提出协办意见", "hollow": "协办意见被退回重提"}


def _of(section: int | None) -> str:
    return NO_SECTION if section is None else str(section)


def history(actor: Actor, year: int, of: str, key: str) -> QuerySet[HandMark]:
    """这一项评过的分，新的在前."""
    rows = HandMark.objects.filter(unit_id=actor.unit_id or 0, year=year, indicator=key).select_related("by")
    return rows.filter(section__isnull=True) if of == UNIT else rows.filter(section=int(of))
