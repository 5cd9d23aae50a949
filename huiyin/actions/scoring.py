"""考核 (R72): a year's scheme set anew, and marks given by hand. Neither is ever changed: what is new is a row of its own."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import own_unit
from huiyin.actions._refused import Refused, Stale, require
from huiyin.models import HandMark, Person, ScoreScheme, Section
from huiyin.queries.score_picks import KNOWN
from huiyin.queries.score_schemes import scheme_of
from huiyin.rules.scoring import CENT, Indicator, full_mark, plain, problems
from huiyin.rules.vocabulary import Deed, ScoreMode

FIRST_YEAR, LAST_YEAR = 1954, 2200


@transaction.atomic
def set_scheme(
    rows: Sequence[Indicator], *, year: int, note: str, seen: int, by: Person, at: datetime
) -> ScoreScheme:
    """设定考核方案：the next version of the year. Refused with all that is wrong, and when it says what is in force already;
    Stale when somebody set one after the page was opened (`seen`: the number of the version then in force)."""
    require(改动说明=note)
    unit = own_unit(by, Deed.SET_SCORING, at=at)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"没有{year}年")
    if reasons := problems(rows, KNOWN):
        raise Refused(reasons)
    now = scheme_of(unit.pk, year)
    assert now is not None
    if now.number != seen:
        raise Stale(f"{now.made_by}在您编辑期间存了{year}年第{now.number}版，请对照后再存")
    if now.number and now.rows == tuple(rows):
        raise Refused(f"与{now.origin}没有不同，不用另存")
    row = ScoreScheme.objects.create(
        unit=unit, year=year, number=now.number + 1, rows=[one.as_row() for one in rows], note=note.strip()[:200],
        made_by=by, made_at=at,
    )  # fmt: skip
    text = f"{row}：{len(rows)}项指标，满分{plain(full_mark(rows))}分；{row.note}"
    record_unit(unit, Deed.SET_SCORING, by=by, at=at, text=text, scheme=row.pk, rows=row.rows)
    return row


@transaction.atomic
def give_mark(
    indicator: str,
    *,
    year: int,
    section: Section | None,
    mark: Decimal,
    reason: str,
    by: Person,
    at: datetime,
) -> HandMark:
    """人工评分 of a section, or (None) of the whole unit, by the scheme now in force."""
    require(评分理由=reason)
    unit = own_unit(by, Deed.SET_SCORING, at=at)
    if section is not None and section.unit_id != unit.pk:
        raise Refused(f"“{section}”不是本单位的科室")
    scheme = scheme_of(unit.pk, year)
    one = scheme.find(indicator) if scheme else None
    if one is None or one.mode != ScoreMode.BY_HAND:
        raise Refused(f"{year}年的考核方案里没有这项人工评分的指标")
    if not mark.is_finite() or not one.floor <= mark <= one.full or mark != mark.quantize(CENT):
        raise Refused(f"“{one.name}”应评{plain(one.floor)}至{plain(one.full)}分，最多两位小数")
    row = HandMark.objects.create(
        unit=unit, year=year, section=section, indicator=one.key, mark=mark, reason=reason.strip()[:300], by=by, at=at
    )  # fmt: skip
    text = f"{year}年考核“{one.name}”，{section.short_name if section else unit.short_name}评{plain(mark)}分：{row.reason}"
    record_unit(unit, Deed.SET_SCORING, by=by, at=at, text=text, mark=row.pk)
    return row
