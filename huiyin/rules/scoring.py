"""考核方案 (R72): indicators, how each is scored, what a scheme may not say; no database.

A mark is exact (fractions) until it is written with two decimals, so that it never passes its full mark, never falls
below its floor, and never rises because one more item failed. What does not apply is either full or left out; what is
left out is taken off both sides, and the rest scaled to the scheme's full mark (按其余折算).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction
from typing import Any

from huiyin.rules.vocabulary import Idle, ScoreMode

ZERO, HUNDRED, HIGHEST, CENT = Decimal(0), Decimal(100), Decimal(1000), Decimal("0.01")
MOST_ROWS = 60
Marks = Mapping[ScoreMode, Mapping[str, str]]  # what each mode may be scored by: key → label


def two(value: Fraction | Decimal) -> Decimal:
    """两位小数，四舍五入."""
    exact = Fraction(value)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(CENT, ROUND_HALF_UP)


def plain(value: Decimal) -> str:
    """5、0.5、97.33：without zeros that say nothing."""
    return f"{value.normalize():f}" if value else "0"


@dataclass(frozen=True)
class Indicator:
    """一项指标. `key` stays the same from version to version, and a hand mark hangs on it; `source` is the rate, or the
    pick of items, it is scored by; `full` is of a bonus its most (封顶)."""

    key: str
    group: str
    name: str
    mode: ScoreMode
    source: str = ""
    full: Decimal = ZERO
    target: Decimal = HUNDRED
    step: Decimal = ZERO
    floor: Decimal = ZERO
    idle: Idle = Idle.LEFT_OUT
    note: str = ""

    @property
    def bonus(self) -> bool:
        return self.mode == ScoreMode.BONUS

    def rated(self, numerator: int, denominator: int) -> Decimal | None:
        """按比率：full at `target` per cent, `step` off for every percentage point below it, parts of a point in
        proportion. None: there is nothing to divide by, and it is left out."""
        if not denominator:
            return two(self.full) if self.idle == Idle.FULL else None
        short = max(Fraction(self.target) - Fraction(numerator * 100, denominator), Fraction(0))
        return self._within(Fraction(self.full) - Fraction(self.step) * short)

    def counted(self, count: int) -> Decimal:
        """按件：`step` off, or on, for every item."""
        change = Fraction(self.step) * count
        return (
            two(min(change, Fraction(self.full)))
            if self.bonus
            else self._within(Fraction(self.full) - change)
        )

    def given(self, mark: Decimal | None) -> Decimal | None:
        """人工评分, within what the scheme in force allows."""
        return None if mark is None else self._within(Fraction(mark))

    def _within(self, value: Fraction) -> Decimal:
        return two(min(max(value, Fraction(self.floor)), Fraction(self.full)))

    def formula(self, what: str) -> str:
        """怎样计分, in one sentence; `what` names the rate or the items."""
        full, step = plain(self.full), plain(self.step)
        least = f"，最低{plain(self.floor)}分" if self.floor else "，扣完为止"
        if self.mode == ScoreMode.RATE:
            idle = "没有分母的计满分" if self.idle == Idle.FULL else "没有分母的不计，按其余折算"
            return f"{what}达到{plain(self.target)}%得{full}分，每低1个百分点扣{step}分（不足的按比例）{least}；{idle}"
        if self.mode == ScoreMode.DEDUCT:
            return f"满分{full}分，{what}每件扣{step}分{least}"
        if self.mode == ScoreMode.BONUS:
            return f"{what}每件加{step}分，最多加{full}分"
        return (
            f"由有权设定考核方案的人评分，{plain(self.floor)}至{full}分，须写理由；没有评的不计，按其余折算"
        )

    def as_row(self) -> dict[str, str]:
        """As models.ScoreScheme keeps it."""
        return {
            name: plain(value) if isinstance(value, Decimal) else str(value)
            for name, value in asdict(self).items()
        }


_NUMBERS = ("full", "target", "step", "floor")


def read(rows: Iterable[Mapping[str, Any]]) -> tuple[Indicator, ...]:
    """The rows of a kept scheme."""
    known = {one.name for one in fields(Indicator)}
    return tuple(_read({key: value for key, value in row.items() if key in known}) for row in rows)


def _read(row: dict[str, Any]) -> Indicator:
    numbers = {name: Decimal(row[name]) for name in _NUMBERS if name in row}
    closed = {"mode": ScoreMode(row["mode"]), "idle": Idle(row.get("idle", Idle.LEFT_OUT))}
    return Indicator(**{**row, **numbers, **closed})


# 总分


@dataclass(frozen=True)
class Total:
    """总分：`got` of `of` (what applies), scaled to `full` where the two differ, and the bonus on top. `waiting`: hand
    marks not yet given; until they are the total is provisional."""

    got: Decimal
    of: Decimal
    full: Decimal
    bonus: Decimal
    waiting: int

    @property
    def scaled(self) -> Decimal:
        return two(Fraction(self.got) * Fraction(self.full) / Fraction(self.of)) if self.of else ZERO

    @property
    def score(self) -> Decimal | None:
        """None where nothing applies."""
        return self.scaled + self.bonus if self.of else None


def total(marks: Sequence[tuple[Indicator, Decimal | None]]) -> Total:
    basic = [(one, mark) for one, mark in marks if not one.bonus]
    return Total(
        got=sum((mark for _, mark in basic if mark is not None), ZERO),
        of=sum((one.full for one, mark in basic if mark is not None), ZERO),
        full=full_mark(one for one, _ in marks),
        bonus=sum((mark for one, mark in marks if one.bonus and mark is not None), ZERO),
        waiting=sum(one.mode == ScoreMode.BY_HAND and mark is None for one, mark in marks),
    )


def full_mark(rows: Iterable[Indicator]) -> Decimal:
    """方案的满分, without what may be added."""
    return sum((one.full for one in rows if not one.bonus), ZERO)


def most_added(rows: Iterable[Indicator]) -> Decimal:
    """最多加分."""
    return sum((one.full for one in rows if one.bonus), ZERO)


def ranks(scores: Sequence[Decimal | None]) -> list[int | None]:
    """名次：equals share one, and the next is passed over (1、2、2、4); without a score there is none."""
    return [
        None if one is None else 1 + sum(other is not None and other > one for other in scores)
        for one in scores
    ]


# 核对


def problems(rows: Sequence[Indicator], known: Marks) -> list[str]:
    """What is wrong with a scheme, each in a sentence that names the row."""
    if not rows:
        return ["方案里还没有指标"]
    found = [f"指标不能超过{MOST_ROWS}项"] if len(rows) > MOST_ROWS else []
    for place, one in enumerate(rows, 1):
        where = f"第{place}行{f'“{one.name}”' if one.name.strip() else ''}"
        found += [f"{where}：{words}" for words in _row_problems(one, known)]
    found += _twice(rows, known)
    if not full_mark(rows) and not found:
        found.append("方案只有加分项，没有满分")
    return found


def _row_problems(one: Indicator, known: Marks) -> list[str]:
    found = []
    if not one.name.strip():
        found.append("还没有写指标名称")
    if not one.group.strip():
        found.append("还没有写组别")
    if one.mode != ScoreMode.BY_HAND and one.source not in known[one.mode]:
        found.append(f"{one.mode.label}要选依据" if not one.source else f"所选依据不能用来{one.mode.label}")
    return found + _number_problems(one)


def _number_problems(one: Indicator) -> list[str]:
    numbers = {"满分": one.full, "达到的百分比": one.target, "每点（件）的分": one.step, "最低分": one.floor}
    if bad := [label for label, value in numbers.items() if not _sound(value)]:
        return [f"{'、'.join(bad)}应是0到{plain(HIGHEST)}之间、最多两位小数的数"]
    found = []
    if not one.full:
        found.append("满分（加分项为封顶分）应大于0")
    if one.floor and one.floor >= one.full:
        found.append("最低分应低于满分")
    if one.mode == ScoreMode.RATE and not ZERO < one.target <= HUNDRED:
        found.append("得满分的百分比应大于0、不超过100")
    if one.mode != ScoreMode.BY_HAND and not one.step:
        found.append("每点（件）扣、加的分应大于0")
    if one.mode in (ScoreMode.DEDUCT, ScoreMode.BONUS) and one.step > one.full > ZERO:
        found.append("每件的分不能超过满分（封顶分）")
    return found


def _sound(value: Decimal) -> bool:
    try:
        return value.is_finite() and ZERO <= value <= HIGHEST and value == value.quantize(CENT)
    except InvalidOperation:
        return False


def _twice(rows: Sequence[Indicator], known: Marks) -> list[str]:
    found, names, sources, keys = [], dict[tuple[str, str], int](), dict[tuple[str, str], int](), set[str]()
    for place, one in enumerate(rows, 1):
        if (first := names.setdefault((one.group, one.name), place)) != place and one.name:
            found.append(f"第{first}行和第{place}行都叫“{one.name}”")
        if one.source and (first := sources.setdefault((one.mode, one.source), place)) != place:
            label = known[one.mode].get(one.source, one.source)
            found.append(f"第{first}行和第{place}行都{one.mode.label}、依据都是“{label}”，会重复计分")
        if one.key in keys:
            found.append(f"第{place}行的标识和前面的重复，请删去这一行重新加")
        keys.add(one.key)
    return found


def fresh_key(taken: Iterable[str]) -> str:
    """A key for a new row, that no row of any version has."""
    numbers = [int(one[1:]) for one in taken if one[:1] == "n" and one[1:].isdecimal()]
    return f"n{max(numbers, default=0) + 1}"


# 两版对照

FIELDS = {
    "group": "组别", "name": "指标", "mode": "怎样评分", "source": "依据", "full": "满分", "target": "达到%", "step": "每点（件）",
    "floor": "最低分", "idle": "不涉及时", "note": "说明",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """一项指标在两版里怎样不同：one of the two is None where it stands in one only."""

    before: Indicator | None
    after: Indicator | None
    fields: tuple[str, ...] = ()


def changes(before: Sequence[Indicator], after: Sequence[Indicator]) -> list[Change]:
    """Of every indicator that differs, in the later version's order, then those left out of it. Order alone is no
    difference."""
    old, new = ({one.key: one for one in rows} for rows in (before, after))
    found = []
    for key, one in new.items():
        other = old.get(key)
        differing = tuple(name for name in FIELDS if other and getattr(other, name) != getattr(one, name))
        if other is None or differing:
            found.append(Change(other, one, differing))
    return found + [Change(one, None) for key, one in old.items() if key not in new]
