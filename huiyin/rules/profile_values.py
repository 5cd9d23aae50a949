"""办理规程里的值：limits, classes, ladders, indicators, and which chain of posts signs at a gate."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.rules.periods import Period, Unit
from huiyin.rules.vocabulary import ANSWERING, Gate, Level, Part, Role, RoundKind

DAYS = {Unit.MONTH: 30.4, Unit.WORKDAY: 1.45, Unit.DAY: 1.0}  # to compare periods of different units


def days_of(period: Period | None) -> float:
    """About how many days, to compare."""
    return period.count * DAYS[period.unit] if period else 0


@dataclass(frozen=True)
class Limit:
    """一项期限：a period, a day of the year (`by`, such as 05-31), so many days before the lead's reply is due, or the
    earliest of several; none of them: there is no such limit here."""

    period: Period | None = None
    by: tuple[int, int] | None = None
    before_reply: Period | None = None

    def __bool__(self) -> bool:
        return bool(self.period or self.by or self.before_reply)

    @property
    def label(self) -> str:
        found = [self.period.label] if self.period else []
        found += [f"{self.by[0]}月{self.by[1]}日前"] if self.by else []
        found += [f"主办答复期满{self.before_reply.label}前"] if self.before_reply else []
        return "、".join(found) + ("，取较早者" if len(found) > 1 else "") if found else "不设"

    def fixed_day(self, assigned_on: date) -> date | None:
        """定日 of the year of the assignment; a day that had passed by then sets no limit."""
        if self.by is None:
            return None
        day = date(assigned_on.year, *self.by)
        return day if day > assigned_on else None

    @property
    def days(self) -> float:
        """About how many days its period has, to compare."""
        return days_of(self.period)


@dataclass(frozen=True)
class OutcomeClass:
    """办理结果类别 (R41)."""

    letter: str
    definition: str
    solved: bool
    follow_up: bool
    basis: str
    needs_commitment: bool = False
    needs_reason: bool = False

    @property
    def label(self) -> str:
        return f"{self.letter}类：{self.definition}"


@dataclass(frozen=True)
class Ladder:
    """逐级提醒 (R25): so many working days before the due date, the n-th time the first n posts are told; after it
    every `every` days all `posts` are."""

    days: tuple[int, ...]
    posts: tuple[Role, ...]
    every: int = 3
    after: tuple[Role, ...] = ()

    @property
    def label(self) -> str:
        before = "、".join(map(str, self.days))
        told = " → ".join(role.label for role in self.posts)
        late = "、".join(role.label for role in self.after)
        return f"期满前{before}个工作日提醒，逐级告知：{told}；逾期后每{self.every if self.every > 1 else ''}天提醒：{late}"

    def told_at(self, rung: int) -> tuple[Role, ...]:
        """Posts told `rung` working days before."""
        return self.posts[: self.days.index(rung) + 1]


@dataclass(frozen=True)
class Indicator:
    """答复质量的一项指标 (R38, R72), and its full mark."""

    key: str
    points: int


def chain_key(values: Mapping[str, Any], gate: Gate, part: Part, level: Level, round_kind: RoundKind) -> str:
    """Which of the chains signs at a gate: key items and later rounds may have their own, or else the usual one."""
    own = part in ANSWERING or gate == Gate.ASSIGN
    usual = gate.value if own else f"co_{gate.value}"
    wanted = [f"{usual}_{level.value}"] if own else []
    wanted += [f"{usual}_again"] if own and round_kind != RoundKind.FIRST else []
    return next((f"chains.{one}" for one in wanted if values.get(f"chains.{one}")), f"chains.{usual}")
