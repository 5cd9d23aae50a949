"""办理规程：a locality's parameters, read from profiles/*.toml and checked when loaded.

The procedure is code (workflow.py); what localities vary is data. `profile_keys.KEYS` lists every value a profile
has; each stands in the file beside the article it comes from. An assignment keeps the text of the profile in force
when it was assigned (models.ProfileVersion).
"""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from huiyin.rules import periods
from huiyin.rules.calendar import Calendar
from huiyin.rules.periods import Due, Period, Unit
from huiyin.rules.profile_keys import KEYS, PATHS, SAID, SECTIONS, Key, said
from huiyin.rules.profile_reading import read
from huiyin.rules.profile_values import Indicator, Ladder, Limit, OutcomeClass, chain_key
from huiyin.rules.vocabulary import Gate, Kind, Level, Origin, Part, Rating, Role, RoundKind, Severity

__all__ = [
    "KEYS", "PATHS", "SAID", "SECTIONS", "Denominator", "Indicator", "Key", "Ladder", "Limit", "OutcomeClass", "Pair",
    "Profile", "ProfileError", "Row", "beside", "difference", "load", "named", "names", "parse",
]  # fmt: skip

FOLDER = Path(__file__).parent / "profiles"


class ProfileError(ValueError):
    """办理规程有误: `reasons` are sentences, each with the file and the key."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("；".join(self.reasons))


@dataclass(frozen=True)
class Row:
    """规程里的一条, as people read it."""

    section: str
    key: str
    label: str
    text: str
    basis: str

    @property
    def pending(self) -> bool:
        """待核：not yet confirmed by the place, or for each unit to fill in."""
        return any(word in self.basis for word in ("待核", "待与", "待各单位自定"))


Denominator = Literal["returned", "replied", "answered"]


@dataclass(frozen=True)
class Profile:
    """办理规程. `values[key]` is the value at "section.key", `basis[key]` the article it comes from."""

    name: str
    title: str
    version: str
    text: str
    values: dict[str, Any]
    basis: dict[str, str]
    classes: dict[str, OutcomeClass]

    def limit(self, key: str) -> Limit:
        """The limit at periods.`key`."""
        found: Limit = self.values[f"periods.{key}"]
        return found

    def fixed_days(
        self,
        limit: Limit,
        start: date,
        *,
        reply: str = "reply",
        lead_due: date | None = None,
        calendar: Calendar,
    ) -> list[date]:
        """定日 that bind a limit of what was assigned on `start`: a day of the year, and so long before the lead's
        reply is due (R26): on `lead_due` where that is known, else as counted by periods.`reply`."""
        days = [limit.fixed_day(start)]
        if limit.before_reply:
            due = lead_due or self.due(reply, start, calendar=calendar).due
            days.append(periods.before(due, limit.before_reply, calendar=calendar))
        return [day for day in days if day]

    def rolls(self, period: Period | None) -> bool:
        """Is a date counted by this period moved off a rest day (R22)? Working days and days are not."""
        return period is not None and period.unit == Unit.MONTH and self.roll_months

    def due(
        self, key: str, start: date, *, reply: str = "reply", roll: bool = False, calendar: Calendar
    ) -> Due:
        """到期日 of periods.`key` from `start`, with the steps that lead to it. ValueError where there is no such
        limit here, or no calendar can express it."""
        limit = self.limit(key)
        if not limit:
            raise ValueError(f"“{self.title}”不设“{PATHS[f'periods.{key}'].label}”的期限")
        days = self.fixed_days(limit, start, reply=reply, calendar=calendar)
        rolls = roll or self.rolls(limit.period)
        return periods.reckon(
            start, limit.period, calendar=calendar, roll=rolls, no_later_than=min(days, default=None)
        )

    def reply_key(self, kind: Kind, origin: Origin, *, six_months: bool = False, again: bool = False) -> str:
        """Which period a reply is due by: proposals may have their own, in and out of session (R20)."""
        if again:
            return "rehandling"
        if six_months:
            return "reply_hard"
        if kind == Kind.PROPOSAL:
            return "proposal" if origin == Origin.SESSION else "proposal_between"
        return "reply"

    @property
    def roll_months(self) -> bool:
        return bool(self.values["rolling.months"])

    @property
    def from_receipt(self) -> bool:
        """Do the periods of a first round run from 收到之日, or, as in the law, from 交办之日 (R9)?"""
        return bool(self.values.get("rolling.starts") == "received")

    @property
    def contact_required(self) -> bool:
        return bool(self.values["contact.required_before_review"])

    @property
    def evaluation_by_all(self) -> bool:
        return bool(self.values["evaluation.by"] == "all")

    @property
    def second_return_needs_chief(self) -> bool:
        return bool(self.values["return_.second_needs_chief"])

    @property
    def satisfied(self) -> frozenset[Rating]:
        return frozenset(self.values["satisfaction.numerator"])

    @property
    def scale(self) -> tuple[Rating, ...]:
        found: tuple[Rating, ...] = self.values["satisfaction.scale"]
        return found

    @property
    def questions(self) -> tuple[str, ...]:
        """What a deputy is asked: attitude, outcome, or both."""
        found: tuple[str, ...] = self.values["satisfaction.questions"]
        return found

    @property
    def denominator(self) -> Denominator:
        found: Denominator = self.values["satisfaction.denominator"]
        return found

    @property
    def prefixes(self) -> dict[str, str]:
        found = self._section("numbers")
        return {"request": found["opinion"], "paper": found["reply"], **found}

    @property
    def copies(self) -> dict[Kind, tuple[str, ...]]:
        return {Kind(key): tuple(names) for key, names in self._section("copies").items()}

    @property
    def checks(self) -> dict[str, Severity]:
        """送审检查; a profile that does not speak of a later check only reminds."""
        return {"points": Severity.WARN, "remarks": Severity.WARN, **self._section("checks")}

    @property
    def to_each(self) -> bool:
        """联名件逐人答复 (R43); otherwise the lead proposer has the letter and passes it on."""
        return bool(self.values.get("reply.joint", "each") == "each")

    @property
    def consult_required(self) -> bool:
        """送审前须送代表征求意见 (R35)?"""
        return bool(self.values.get("reply.consult", False))

    @property
    def visits(self) -> dict[str, Period]:
        """回访：so long after a reply of a class."""
        return {key: one.period for key, one in self._section("visits").items() if one.period}

    @property
    def quality(self) -> tuple[Indicator, ...]:
        return tuple(Indicator(key, points) for key, points in self._section("quality").items() if points)

    def ladder(self, key: str) -> Ladder:
        """warnings.main for replies and opinions, warnings.key for key-supervised items, warnings.minor otherwise."""
        found: Ladder = self.values[f"warnings.{key}"]
        return found

    def say(self, words: str) -> str:
        """A sentence in the words of the place: 会办 where they say 会办 for 协办."""
        local: str = self.values["words.co"]
        return words if local == "协办" else words.replace("协办", local)

    def chain(
        self,
        gate: Gate,
        part: Part,
        level: Level = Level.ORDINARY,
        round_kind: RoundKind = RoundKind.FIRST,
    ) -> tuple[Role, ...]:
        """关口里的审签次序: the posts that sign at a gate, in order; key items and later rounds may have their own."""
        found: tuple[Role, ...] = self.values[chain_key(self.values, gate, part, level, round_kind)]
        return found

    def class_choices(self) -> list[tuple[str, str]]:
        return [(letter, one.label) for letter, one in self.classes.items()]

    def _section(self, name: str) -> dict[str, Any]:
        return {
            key.split(".", 1)[1]: value for key, value in self.values.items() if key.startswith(f"{name}.")
        }

    def _label(self, key: Key) -> str:
        return key.label if key.path == "words.co" else self.say(key.label)

    def rows(self) -> list[Row]:
        """The whole profile as people read it, in order."""
        found = [
            Row(
                SECTIONS[key.section],
                key.path,
                self._label(key),
                said(self.values[key.path]),
                self.basis[key.path],
            )
            for key in KEYS
            if key.path in self.values
        ]
        for one in self.classes.values():
            flags = [
                word for word, on in (
                    ("计为解决", one.solved), ("须跟踪", one.follow_up), ("须列承诺", one.needs_commitment),
                    ("须说明原因", one.needs_reason),
                ) if on
            ]  # fmt: skip
            text = one.definition + (f"（{'、'.join(flags)}）" if flags else "")
            found.append(Row("办理结果类别", f"classes.{one.letter}", f"{one.letter}类", text, one.basis))
        return found


def load(path: Path) -> Profile:
    """Read and check one profile. Raises ProfileError with every reason, each naming the file and the key."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # with or without the mark some editors put first
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError([f"{path.name}：读不出来，应是 UTF-8 的 TOML 文件：{error}"]) from error
    found = parse(text, path.name)
    if found.name != path.stem:
        raise ProfileError([f"{path.name}：name：名称“{found.name}”应与文件名相同，即“{path.stem}”"])
    return found


@lru_cache(maxsize=64)
def parse(text: str, file: str) -> Profile:
    """As load, from the text itself."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProfileError([f"{file}：不是有效的 TOML（键重复也在此列）：{error}"]) from error
    found = read(data)
    if found.wrong:
        raise ProfileError(f"{file}：{why}" for why in found.wrong)
    return Profile(
        data["name"], data["title"].strip(), data["version"].strip(), text, found.values, found.basis, found.classes
    )  # fmt: skip


def names(*folders: Path) -> dict[str, Path]:
    """可用的办理规程 by name: those shipped, and those in the folders given, which come before them."""
    return {path.stem: path for folder in (FOLDER, *folders) for path in sorted(folder.glob("[!.]*.toml"))}


def named(name: str, *folders: Path) -> Profile:
    """The profile of that name; ProfileError lists those there are."""
    there = names(*folders)
    if name not in there:
        raise ProfileError([f"没有名为“{name}”的办理规程，可用的有：{'、'.join(sorted(there))}"])
    return load(there[name])


@dataclass(frozen=True)
class Pair:
    """两份规程的同一条, side by side; a side that has no such rule is None."""

    section: str
    label: str
    left: Row | None
    right: Row | None

    @property
    def differs(self) -> bool:
        return (self.left.text if self.left else "") != (self.right.text if self.right else "")


def beside(left: Profile, right: Profile) -> list[Pair]:
    """两份规程逐条对照, in the order of a profile."""
    sides = [{row.key: row for row in one.rows()} for one in (left, right)]
    order = [
        *(key.path for key in KEYS),
        *dict.fromkeys(f"classes.{one}" for each in (left, right) for one in each.classes),
    ]
    rows = [(key, sides[0].get(key), sides[1].get(key)) for key in order]
    return [
        Pair(one.section, PATHS[key].label if key in PATHS else one.label, a, b)
        for key, a, b in rows
        if (one := a or b)
    ]


def difference(left: Profile, right: Profile) -> list[tuple[str, str, Row | None, Row | None]]:
    """两份规程的不同：(section, label, row of the left, row of the right) where the texts differ."""
    return [(one.section, one.label, one.left, one.right) for one in beside(left, right) if one.differs]
