"""办理规程：a locality's parameters, read from profiles/*.toml and checked when loaded.

The procedure is code (workflow.py); what localities vary is data. An assignment keeps the name and
version of the profile in force when it was assigned.
"""

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from huiyin.rules.periods import Period
from huiyin.rules.vocabulary import Gate, Kind, Part, Rating, Role, Severity

FOLDER = Path(__file__).parent / "profiles"
PERIODS = {
    "accept",
    "return",
    "contact",
    "opinion",
    "reply",
    "evaluation",
    "resubmit",
    "rehandling",
    "reply_hard",
}
CHAINS = {"assign", "review", "issue", "co_review", "co_issue"}
SECTIONS = {
    "name", "title", "version", "periods", "rolling", "contact", "evaluation", "return_", "visits", "chains",
    "classes", "satisfaction", "numbers", "copies", "checks",
}  # fmt: skip


@dataclass(frozen=True)
class OutcomeClass:
    """办理结果类别 (R41)."""

    letter: str
    definition: str
    solved: bool
    follow_up: bool
    needs_commitment: bool = False
    needs_reason: bool = False

    @property
    def label(self) -> str:
        return f"{self.letter}类：{self.definition}"


@dataclass(frozen=True)
class Profile:
    """办理规程. `basis[key]` is the article or practice behind the value at `key`, such as "periods.reply"."""

    name: str
    title: str
    version: str
    periods: dict[str, Period]
    visits: dict[str, Period]
    roll_months: bool
    contact_required: bool
    evaluation_by_all: bool
    second_return_needs_chief: bool
    chains: dict[str, tuple[Role, ...]]
    classes: dict[str, OutcomeClass]
    satisfied: frozenset[Rating]
    prefixes: dict[str, str]
    copies: dict[Kind, tuple[str, ...]]
    checks: dict[str, Severity]
    basis: dict[str, str]

    def chain(self, gate: Gate, part: Part) -> tuple[Role, ...]:
        """关口里的审签次序: the posts that sign at a gate, in order."""
        if part == Part.CO and gate != Gate.ASSIGN:
            return self.chains[f"co_{gate.value}"]
        return self.chains[gate.value]

    def class_choices(self) -> list[tuple[str, str]]:
        return [(letter, one.label) for letter, one in self.classes.items()]


class ProfileError(ValueError):
    """办理规程有误: names the file and the key."""


def load(path: Path) -> Profile:
    """Read and check one profile. Raises ProfileError in words that name the file and the key."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{path.name}：不是有效的 TOML：{error}") from error
    return _Reader(path.name, data).profile()


@lru_cache
def named(name: str) -> Profile:
    """The shipped profile of that name; ProfileError lists those there are."""
    path = FOLDER / f"{name}.toml"
    if not path.exists():
        there = "、".join(sorted(p.stem for p in FOLDER.glob("*.toml")))
        raise ProfileError(f"没有名为“{name}”的办理规程，可用的有：{there}")
    return load(path)


class _Reader:
    """Takes a parsed file apart, checking each key as it is read."""

    def __init__(self, file: str, data: dict[str, Any]) -> None:
        self.file, self.data, self.basis = file, data, dict[str, str]()
        self.same("", set(data), SECTIONS)

    def same(self, where: str, given: set[str], wanted: set[str]) -> None:
        if extra := given - wanted:
            self.fail(where, f"有不认识的键 {'、'.join(sorted(extra))}")
        if missing := wanted - given:
            self.fail(where, f"缺少键 {'、'.join(sorted(missing))}")

    def fail(self, key: str, why: str) -> None:
        raise ProfileError(f"{self.file}：{key or '顶层'}：{why}")

    def value(self, section: str, key: str, field: str) -> Any:
        """The value at section.key, which must be a table of `field` and its `basis`."""
        where, row = f"{section}.{key}", self.data[section].get(key)
        if not isinstance(row, dict) or set(row) != {field, "basis"}:
            self.fail(where, f"应写成 {{ {field} = …, basis = 依据 }}")
        self.basis[where] = row["basis"]
        return row[field]

    def flag(self, section: str, key: str) -> bool:
        got = self.value(section, key, "value")
        if not isinstance(got, bool):
            self.fail(f"{section}.{key}", "应为 true 或 false")
        return bool(got)

    def period(self, section: str, key: str) -> Period:
        try:
            return Period.parse(self.value(section, key, "period"))
        except ValueError as error:
            self.fail(f"{section}.{key}", str(error))
            raise

    def chain(self, key: str) -> tuple[Role, ...]:
        posts = self.value("chains", key, "posts")
        known = {role.value for role in Role} - {Role.ADMINISTRATOR.value}
        if not posts or set(posts) - known or len(set(posts)) != len(posts):
            self.fail(f"chains.{key}", "应是不重复的岗位，且不含系统管理员")
        if key in {"review", "co_review"} and posts[0] != Role.HANDLER:
            self.fail(f"chains.{key}", "第一签应是承办人（送审）")
        if key == "assign" and posts[0] != Role.CLERK:
            self.fail(f"chains.{key}", "第一签应是专职人员（提出拟办意见）")
        return tuple(Role(post) for post in posts)

    def classes(self) -> dict[str, OutcomeClass]:
        try:
            rows = [OutcomeClass(**row) for row in self.data["classes"]]
        except TypeError as error:
            self.fail("classes", str(error))
        letters = [row.letter for row in rows]
        if len(set(letters)) != len(letters):
            self.fail("classes", "类别字母重复")
        return dict(zip(letters, rows, strict=True))

    def profile(self) -> Profile:
        data = self.data
        self.same("periods", set(data["periods"]), PERIODS)
        self.same("chains", set(data["chains"]), CHAINS)
        classes = self.classes()
        self.same("visits", set(data["visits"]) - set(classes), set())
        return Profile(
            name=data["name"],
            title=data["title"],
            version=data["version"],
            periods={key: self.period("periods", key) for key in data["periods"]},
            visits={key: self.period("visits", key) for key in data["visits"]},
            roll_months=self.flag("rolling", "months"),
            contact_required=self.flag("contact", "required_before_review"),
            evaluation_by_all=self.value("evaluation", "by", "value") == "all",
            second_return_needs_chief=self.flag("return_", "second_needs_chief"),
            chains={key: self.chain(key) for key in data["chains"]},
            classes=classes,
            satisfied=frozenset(Rating(r) for r in self.value("satisfaction", "numerator", "value")),
            prefixes={key: self.value("numbers", key, "prefix") for key in data["numbers"]},
            copies={Kind(key): tuple(self.value("copies", key, "to")) for key in data["copies"]},
            checks={key: Severity(value) for key, value in data["checks"].items()},
            basis=self.basis,
        )
