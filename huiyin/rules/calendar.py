"""工作日历 (R24): working days with 调休, from one small file a year that an office can edit."""

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

FOLDER = Path(__file__).parent / "calendars"
FIRST_YEAR, LAST_YEAR = 1949, 2200
CHANGED = "（本单位有改动）"


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
        return cls.of({path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))})

    @classmethod
    def of(cls, texts: dict[str, str]) -> "Calendar":
        """From the texts of years, each by its name. Raises CalendarError as `load` does."""
        return cls(frozenset(), {}, {}).joined([Year.parse(name, text) for name, text in texts.items()])

    def joined(self, years: "list[Year]") -> "Calendar":
        """This calendar with these years in the place of its own."""
        new = {one.year for one in years}
        rest = {day: name for day, name in self.rest.items() if day.year not in new}
        work = {day: name for day, name in self.work.items() if day.year not in new}
        for one in years:
            rest |= one.rest
            work |= one.work
        return Calendar(self.years | new, rest, work)


@dataclass(frozen=True)
class Year:
    """工作日历的一年, checked."""

    year: int
    source: str
    rest: dict[date, str]
    work: dict[date, str]

    @classmethod
    def parse(cls, name: str, text: str) -> "Year":
        """From the text of a YYYY.toml. Raises CalendarError in words that name the file and the day."""
        file = f"{name}.toml"
        if not (name.isascii() and name.isdecimal() and len(name) == 4):
            raise CalendarError(f"{file}：文件名应是年份，如 2026.toml")
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError) as error:
            raise CalendarError(f"{file}：不是有效的 TOML（日期重复也在此列）：{error}") from error
        if set(data) != {"source", "rest", "work"}:
            raise CalendarError(f"{file}：应有 source、rest、work 三部分")
        return cls.checked(
            file, int(name), data["source"], _days(file, data, "rest"), _days(file, data, "work")
        )

    @classmethod
    def checked(
        cls, file: str, year: int, source: str, rest: dict[date, str], work: dict[date, str]
    ) -> "Year":
        """A year of these days. Raises CalendarError for a foreign day, a day both off and on, an idle 调休, a name
        that cannot be read."""
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise CalendarError(f"{file}：年份应在{FIRST_YEAR}到{LAST_YEAR}之间")
        if not _readable(source, 300):
            raise CalendarError(f"{file}：来源应是300字以内的一行文字")
        for day, name in [*rest.items(), *work.items()]:
            if day.year != year:
                raise CalendarError(f"{file}：{day}不在这一年")
            if not _readable(name, 20):
                raise CalendarError(f"{file}：{day}的名称应是20字以内的文字")
        for day in work:
            if day in rest:
                raise CalendarError(f"{file}：{day}既放假又上班")
            if day.weekday() < 5:
                raise CalendarError(f"{file}：{day}本是工作日，不必列为调休上班")
        return cls(year, source, rest, work)

    @property
    def marks(self) -> list[tuple[date, str, bool]]:
        """Its days in order: (day, holiday's name, whether at rest)."""
        days = [(day, name, True) for day, name in self.rest.items()]
        return sorted(days + [(day, name, False) for day, name in self.work.items()])

    def turned(self, day: date, name: str, rest: bool | None) -> "Year":
        """With one day at rest, at work (a weekend's), or, for None, as its weekday has it. Raises CalendarError."""
        rests = {one: word for one, word in self.rest.items() if one != day}
        works = {one: word for one, word in self.work.items() if one != day}
        if rest is not None:
            (rests if rest else works)[day] = name
        source = (
            self.source if self.source.endswith(CHANGED) else f"{self.source[: 300 - len(CHANGED)]}{CHANGED}"
        )
        return Year.checked(f"{self.year}年", self.year, source, rests, works)

    def text(self) -> str:
        """As a YYYY.toml."""
        lines = [f"source = {json.dumps(self.source, ensure_ascii=False)}"]
        for section, days in (("rest", self.rest), ("work", self.work)):
            lines += ["", f"[{section}]"]
            lines += [f"{day} = {json.dumps(name, ensure_ascii=False)}" for day, name in sorted(days.items())]
        return "\n".join(lines) + "\n"


def _readable(words: object, longest: int) -> bool:
    return isinstance(words, str) and words.isprintable() and len(words.strip()) > 0 and len(words) <= longest


def _days(file: str, data: dict[str, dict[str, str]], section: str) -> dict[date, str]:
    found = {}
    if not isinstance(data[section], dict):
        raise CalendarError(f"{file}：{section}应是日期和名称的表")
    for key, name in data[section].items():
        try:
            if len(key) != len("2030-01-01"):
                raise ValueError
            found[date.fromisoformat(key)] = name
        except ValueError as error:
            raise CalendarError(f"{file}：{section}：“{key}”不是日期") from error
    return found


@lru_cache
def shipped() -> Calendar:
    """随软件的日历: 2004 to the last year the State Council had published when this version was made."""
    return Calendar.load(FOLDER)


@lru_cache(maxsize=64)
def shipped_year(year: int) -> Year | None:
    """随软件的一年, or None."""
    path = FOLDER / f"{year}.toml"
    return Year.parse(path.stem, path.read_text(encoding="utf-8")) if path.is_file() else None


@lru_cache(maxsize=64)
def with_years(texts: tuple[tuple[int, str], ...]) -> Calendar:
    """The shipped calendar with these (year, text) in the place of its own years."""
    return shipped().joined([Year.parse(str(year), text) for year, text in texts])
