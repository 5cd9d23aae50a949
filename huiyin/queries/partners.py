"""协办单位 (R27, R29): how each kept the dates it was asked to; lateness is theirs, not ours."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from huiyin.models import CoOpinion
from huiyin.rules.vocabulary import OpinionState

NOT_ASKED = frozenset({OpinionState.PLANNED, OpinionState.WITHDRAWN})  # drafted only, or no longer wanted


@dataclass(frozen=True)
class Partner:
    """一个协办单位. `late_days` are those of the opinions that came late or are late now."""

    of: str
    name: str
    on_time: int
    due: int
    late: int
    late_days: tuple[int, ...]
    hollow: int

    @property
    def percent(self) -> int:
        return round(self.on_time * 100 / self.due) if self.due else 100

    @property
    def average(self) -> str:
        days = self.late_days
        return f"{sum(days) / len(days):.1f}" if days else "—"


def late(opinion: CoOpinion, on: date) -> bool:
    """没有按时：it came late, never came, or is late now."""
    if opinion.state in NOT_ASKED:
        return False
    return opinion.state == OpinionState.MISSING or (opinion.received_on or on) > opinion.due_on


def ranked(opinions: Iterable[CoOpinion], on: date) -> list[Partner]:
    """Worst first, by what was due."""
    rows = defaultdict[int, list[CoOpinion]](list)
    for one in opinions:
        if one.state not in NOT_ASKED:
            rows[one.unit_id].append(one)
    found = [_partner(own, on) for own in rows.values()]
    return sorted(found, key=lambda one: (one.percent, -one.late, -sum(one.late_days), one.name))


def _partner(own: list[CoOpinion], on: date) -> Partner:
    unit = own[0].unit
    due = [one for one in own if one.received_on or one.due_on < on]
    missed = [one for one in due if late(one, on)]
    days = [
        ((one.received_on or on) - one.due_on).days for one in missed if one.state != OpinionState.MISSING
    ]
    hollow = sum(one.state == OpinionState.HOLLOW for one in own)
    return Partner(
        f"unit:{unit.pk}", unit.short_name, len(due) - len(missed), len(due), len(missed), tuple(days), hollow
    )
