"""考核方案所见 (R72): a unit's schemes, year by year and version by version."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import QuerySet

from huiyin.models import ScoreScheme
from huiyin.queries.score_picks import SOURCES, Source
from huiyin.rules.scoring import Indicator, full_mark, most_added, read
from huiyin.rules.scoring_default import DEFAULT
from huiyin.rules.vocabulary import ScoreMode


@dataclass(frozen=True)
class Scheme:
    """一年的考核方案 in one version. `number` 0: none was set for the year, and `origin` says where the rows are from."""

    year: int
    number: int
    rows: tuple[Indicator, ...]
    origin: str
    note: str = ""
    made_by: str = ""
    made_at: datetime | None = None

    @property
    def full(self) -> Decimal:
        return full_mark(self.rows)

    @property
    def added(self) -> Decimal:
        return most_added(self.rows)

    @property
    def groups(self) -> list[tuple[str, list[Indicator], Decimal]]:
        """（组别, its indicators, their full mark）, in the scheme's order."""
        found = defaultdict[str, list[Indicator]](list)
        for one in self.rows:
            found[one.group].append(one)
        return [(name, rows, sum((one.full for one in rows), Decimal(0))) for name, rows in found.items()]

    def find(self, key: str) -> Indicator | None:
        return next((one for one in self.rows if one.key == key), None)


def versions(unit_id: int, year: int) -> QuerySet[ScoreScheme]:
    """本年度的各版，新的在前."""
    return ScoreScheme.objects.filter(unit_id=unit_id, year=year).select_related("made_by")


def scheme_of(unit_id: int, year: int, number: int = 0) -> Scheme | None:
    """The version asked for (None where there is none); by default what is in force: the year's last version, else
    the last of the nearest earlier year, else what we ship."""
    if number:
        kept = versions(unit_id, year).filter(number=number).first()
        return _scheme(kept, year) if kept else None
    kept = ScoreScheme.objects.filter(unit_id=unit_id, year__lte=year).select_related("made_by").first()
    return _scheme(kept, year) if kept else Scheme(year, 0, DEFAULT, "出厂方案")


def _scheme(kept: ScoreScheme, year: int) -> Scheme:
    own = kept.year == year
    origin = f"{year}年第{kept.number}版" if own else f"沿用{kept.year}年第{kept.number}版"
    return Scheme(
        year, kept.number if own else 0, read(kept.rows), origin, kept.note, kept.made_by.name, kept.made_at
    )


def keys_taken(unit_id: int) -> set[str]:
    """Keys of any row of any version: a removed row's is not used again, since marks hang on it."""
    rows = ScoreScheme.objects.filter(unit_id=unit_id).values_list("rows", flat=True)
    return {str(row.get("key", "")) for one in rows for row in one} | {one.key for one in DEFAULT}


def what(one: Indicator) -> Source | None:
    """依据 of an indicator; none where it is scored by hand."""
    return SOURCES[one.mode].get(one.source)


def rule(one: Indicator) -> str:
    """怎样计分, in words."""
    source = what(one)
    label = source.label if source else ""
    return one.formula(f"{label}的" if one.mode in (ScoreMode.DEDUCT, ScoreMode.BONUS) else label)
