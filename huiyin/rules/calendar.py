"""工作日历 (R24): working days with 调休, from one small file a year that an office can edit."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "calendars"


class CalendarError(ValueError):
    """工作日历有误: names the file and the day."""


@dataclass(frozen=True)
class Calendar:
    """工作日历. `rest` and `work` map a day to the holiday's name; a year not in `years` goes by weekdays only,
    and dates that depend on it are provisional (暂定)."""

    years: frozenset[int]
    rest: dict[date, str]
    work: dict[date, str]

    def knows(self, day: date) -> bool:
        return day.year in self.years

    def is_workday(self, day: date) -> bool:
        return day in self.work or (day.weekday() < 5 and day not in self.rest)

    def reason(self, day: date) -> str:
        """Why a day is or is not counted: 春节, 周末, 调休上班, or "" for an ordinary working day."""
        if day in self.work:
            return f"{self.work[day]}调休上班"
        return self.rest.get(day) or ("周末" if day.weekday() >= 5 else "")

    @classmethod
    def load(cls, folder: Path) -> "Calendar":
        """Read a folder of YYYY.toml files. Raises CalendarError in words that name the file and the day."""
        rest, work, years = dict[date, str](), dict[date, str](), set[int]()
        for path in sorted(folder.glob("*.toml")):
            data = _parse(path)
            years.add(int(path.stem))
            rest |= _days(path, data, "rest")
            work |= _days(path, data, "work")
            for day in _days(path, data, "work"):
                if day in rest:
                    raise CalendarError(f"{path.name}：{day}既放假又上班")
                if day.weekday() < 5:
                    raise CalendarError(f"{path.name}：{day}本是工作日，不必列为调休上班")
        return cls(frozenset(years), rest, work)


def _parse(path: Path) -> dict[str, dict[str, str]]:
    if not path.stem.isdigit():
        raise CalendarError(f"{path.name}：文件名应是年份，如 2026.toml")
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CalendarError(f"{path.name}：不是有效的 TOML（日期重复也在此列）：{error}") from error
    if set(data) != {"source", "rest", "work"}:
        raise CalendarError(f"{path.name}：应有 source、rest、work 三部分")
    return data


def _days(path: Path, data: dict[str, dict[str, str]], section: str) -> dict[date, str]:
    found = {}
    for key, name in data[section].items():
        try:
            day = date.fromisoformat(key)
        except ValueError as error:
            raise CalendarError(f"{path.name}：{section}：“{key}”不是日期") from error
        if day.year != int(path.stem):
            raise CalendarError(f"{path.name}：{section}：{day}不在这一年")
        found[day] = name
    return found


@lru_cache
def shipped() -> Calendar:
    """随软件的日历: 2004 to the last year the State Council had published when this version was made."""
    return Calendar.load(FOLDER)
