"""演示件的故事: read from TOML; days are dates, or working days counted from the item's own assignment."""

import tomllib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from huiyin.rules.calendar import shipped
from huiyin.rules.periods import add_workdays

HERE = Path(__file__).parent
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Story:
    """一件的故事, with the day it was assigned."""

    facts: dict[str, Any]
    assigned_on: date

    @property
    def number(self) -> str:
        return str(self.facts["number"])

    def get(self, key: str, default: Any = None) -> Any:
        return self.facts.get(key, default)

    def day(self, value: date | int) -> date:
        """A date as it stands, or so many working days after the assignment."""
        if isinstance(value, date):
            return value
        return add_workdays(self.assigned_on, value, calendar=shipped()) if value else self.assigned_on


def read(folder: str, assigned_on: date | None = None, *, today: date | None = None) -> list[Story]:
    """The stories of a folder; `assigned = N` means N working days before `today`."""
    found = []
    for path in sorted((HERE / folder / "items").glob("*.toml")):
        facts = tomllib.loads(path.read_text(encoding="utf-8"))
        day = assigned_on
        if day is None:
            assert today is not None
            day = add_workdays(today, -int(facts["assigned"]), calendar=shipped())
        found.append(Story(facts, day))
    return found


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE)


def spread(first: datetime, last: datetime, count: int) -> list[datetime]:
    """`count` moments in working hours from `first` up to `last`, in order, evenly over the working days."""
    days = [first.date() + timedelta(days=n) for n in range((last.date() - first.date()).days + 1)]
    days = [day for day in days if shipped().is_workday(day)] or [first.date()]
    moments = []
    for place in range(count):
        day = days[min(len(days) - 1, (place + 1) * len(days) // (count + 1))]
        moments.append(at(day, 9) + timedelta(minutes=37 * (place + 1)))
    return [
        max(first + timedelta(minutes=place + 1), one) if one < first else one
        for place, one in enumerate(moments)
    ]
