"""办理规程：a locality's parameters, read from profiles/*.toml and checked when loaded.

The procedure is code (workflow.py); what localities vary is data. `KEYS` lists every value a profile has, what it
is called, how it is read and how it is said; each stands in the file beside the article it comes from. An
assignment keeps the text of the profile in force when it was assigned (models.ProfileVersion).
"""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from huiyin.rules.periods import Period, Unit
from huiyin.rules.vocabulary import (
    ANSWERING,
    Gate,
    Kind,
    Level,
    Origin,
    Part,
    Rating,
    Role,
    RoundKind,
    Severity,
)

FOLDER = Path(__file__).parent / "profiles"
POSTS = frozenset(Role) - {Role.ADMINISTRATOR}
OFF = "off"
DAYS = {Unit.MONTH: 30.4, Unit.WORKDAY: 1.45, Unit.DAY: 1.0}  # to compare periods of different units


class ProfileError(ValueError):
    """办理规程有误: names the file and the key."""


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
        """About how many days, to compare."""
        return self.period.count * DAYS[self.period.unit] if self.period else 0


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
        return f"期满前{before}个工作日提醒，逐级告知：{told}；逾期后每{self.every}天提醒：{late}"

    def told_at(self, rung: int) -> tuple[Role, ...]:
        """Posts told `rung` working days before."""
        return self.posts[: self.days.index(rung) + 1]


@dataclass(frozen=True)
class Indicator:
    """答复质量的一项指标 (R38, R72), and its full mark."""

    key: str
    points: int


@dataclass(frozen=True)
class Row:
    """规程里的一条, as people read it."""

    section: str
    key: str
    label: str
    text: str
    basis: str


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
        return self._section("numbers")

    @property
    def copies(self) -> dict[Kind, tuple[str, ...]]:
        return {Kind(key): tuple(names) for key, names in self._section("copies").items()}

    @property
    def checks(self) -> dict[str, Severity]:
        return self._section("checks")

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
        own = part in ANSWERING or gate == Gate.ASSIGN
        usual = gate.value if own else f"co_{gate.value}"
        wanted = [f"{usual}_{level.value}"] if own else []
        wanted += [f"{usual}_again"] if own and round_kind != RoundKind.FIRST else []
        key = next((one for one in wanted if self.values.get(f"chains.{one}")), usual)
        found: tuple[Role, ...] = self.values[f"chains.{key}"]
        return found

    def class_choices(self) -> list[tuple[str, str]]:
        return [(letter, one.label) for letter, one in self.classes.items()]

    def _section(self, name: str) -> dict[str, Any]:
        return {
            key.split(".", 1)[1]: value for key, value in self.values.items() if key.startswith(f"{name}.")
        }

    def posts_signing(self) -> frozenset[Role]:
        """Every post some chain needs."""
        return frozenset(post for chain in self._section("chains").values() for post in chain or ())

    def rows(self) -> list[Row]:
        """The whole profile as people read it, in order."""
        found = [
            Row(SECTIONS[key.section], key.path, key.label, key.say(self.values[key.path]), self.basis[key.path])
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


# 读法：each takes the table at its key and answers with the value, or raises ValueError in a sentence.

Read = Callable[[dict[str, Any]], Any]


def _only(row: dict[str, Any], *fields: str, optional: Iterable[str] = ()) -> None:
    if missing := set(fields) - set(row):
        raise ValueError(f"缺少 {'、'.join(sorted(missing))}")
    if extra := set(row) - {*fields, *optional, "basis"}:
        raise ValueError(f"有不认识的写法 {'、'.join(sorted(extra))}")


def _period(text: object) -> Period | None:
    if not isinstance(text, str):
        raise ValueError("期限应写成 3m、15wd、20d 或 off")
    return None if text == OFF else Period.parse(text)


def _limit(row: dict[str, Any]) -> Limit:
    _only(row, optional=("period", "by", "before_reply"))
    if not set(row) & {"period", "by", "before_reply"}:
        raise ValueError("缺少 period（没有这项期限写 off）")
    by = None
    if "by" in row:
        try:
            day = date.fromisoformat(f"2024-{row['by']}")
        except (ValueError, TypeError) as error:
            raise ValueError(f"定日“{row['by']}”应写成 05-31") from error
        by = (day.month, day.day)
        if by == (2, 29):
            raise ValueError("定日不能是2月29日：不是每年都有")
    return Limit(_period(row.get("period", OFF)), by, _period(row.get("before_reply", OFF)))


def _must_limit(row: dict[str, Any]) -> Limit:
    found = _limit(row)
    if found.period is None:
        raise ValueError("这项期限不能不设")
    return found


def _flag(row: dict[str, Any]) -> bool:
    _only(row, "value")
    if not isinstance(row["value"], bool):
        raise ValueError("应为 true 或 false")
    return row["value"]


def _count(least: int, most: int) -> Read:
    def read(row: dict[str, Any]) -> int:
        _only(row, "value")
        got = row["value"]
        if not isinstance(got, int) or isinstance(got, bool) or not least <= got <= most:
            raise ValueError(f"应是{least}到{most}的整数")
        return got

    return read


def _one_of(*words: str) -> Read:
    def read(row: dict[str, Any]) -> str:
        _only(row, "value")
        if row["value"] not in words:
            raise ValueError(f"应是 {'、'.join(words)} 之一")
        return str(row["value"])

    return read


def _some_of(*words: str) -> Read:
    def read(row: dict[str, Any]) -> tuple[str, ...]:
        _only(row, "value")
        got = row["value"]
        if not isinstance(got, list) or not got or set(got) - set(words) or len(set(got)) != len(got):
            raise ValueError(f"应从 {'、'.join(words)} 里选，至少一个，不重复")
        return tuple(got)

    return read


def _ratings(row: dict[str, Any]) -> tuple[Rating, ...]:
    return tuple(Rating(one) for one in _some_of(*(rating.value for rating in Rating))(row))


def _words(row: dict[str, Any]) -> str:
    _only(row, "value")
    if not isinstance(row["value"], str) or not row["value"].strip():
        raise ValueError("应写明文字")
    return row["value"].strip()


def _names(row: dict[str, Any]) -> tuple[str, ...]:
    _only(row, "to")
    if not isinstance(row["to"], list) or not all(isinstance(one, str) and one.strip() for one in row["to"]):
        raise ValueError("应是单位名称的列表")
    return tuple(row["to"])


def _prefix(row: dict[str, Any]) -> str:
    _only(row, "prefix")
    if not isinstance(row["prefix"], str) or not 0 < len(row["prefix"].strip()) <= 20 or set(row["prefix"]) & set("〔〕[]"):
        raise ValueError("代字应是20个字以内、不带括号的文字")
    return row["prefix"].strip()


def _roles(posts: object) -> tuple[Role, ...]:
    if not isinstance(posts, list) or not posts or set(posts) - POSTS or len(set(posts)) != len(posts):
        raise ValueError(f"应是不重复的岗位，可用的有：{'、'.join(role.value for role in Role if role in POSTS)}")
    return tuple(Role(post) for post in posts)


def _chain(first: Role | None) -> Read:
    def read(row: dict[str, Any]) -> tuple[Role, ...]:
        _only(row, "posts")
        posts = _roles(row["posts"])
        if first and posts[0] != first:
            raise ValueError(f"第一签应是{first.label}（{first.value}）")
        return posts

    return read


def _ladder(row: dict[str, Any]) -> Ladder:
    _only(row, "days", "posts", "every", "after")
    days = row["days"]
    if not isinstance(days, list) or not all(isinstance(one, int) and 0 < one <= 60 for one in days):
        raise ValueError("days 应是1到60的天数")
    if days != sorted(set(days), reverse=True) or not days:
        raise ValueError("days 应从大到小，不重复，如 [15, 7, 3, 1]")
    if not isinstance(row["every"], int) or not 1 <= row["every"] <= 30:
        raise ValueError("every 应是1到30的天数")
    return Ladder(tuple(days), _roles(row["posts"]), row["every"], _roles(row["after"]))


def _severity(row: dict[str, Any]) -> Severity:
    _only(row, "value")
    return Severity(_one_of(*(one.value for one in Severity))(row))


# 说法

def _said(value: Any) -> str:
    if value is None or value == ():
        return "不设"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, tuple):
        return "、".join(_said(one) for one in value)
    label = getattr(value, "label", None)
    return str(label if label is not None else SAID.get(value, value))


SAID = {
    "lead": "领衔代表综合评价", "all": "每位代表评价，取最差", "attitude": "办理态度", "outcome": "办理结果",
    "returned": "收回的征询意见表", "replied": "已答复的全部件", "answered": "已答复件，逾期未评价的除外",
}  # fmt: skip


@dataclass(frozen=True)
class Key:
    """规程里的一个键. `optional`: a profile may leave it out, and then has no such rule."""

    path: str
    label: str
    read: Read
    optional: bool = False
    say: Callable[[Any], str] = _said

    @property
    def section(self) -> str:
        return self.path.split(".", 1)[0]


SECTIONS = {
    "periods": "期限", "rolling": "顺延", "extension": "延期", "contact": "沟通", "return_": "退办",
    "evaluation": "评价", "satisfaction": "满意度", "rehandling": "重新办理", "visits": "回访", "chains": "审签次序",
    "numbers": "发文代字", "copies": "抄送", "words": "用语", "checks": "送审检查", "warnings": "提醒",
    "supervision": "督办", "quality": "答复质量评分",
}  # fmt: skip

KEYS = (
    Key("periods.accept", "签收", _limit),
    Key("periods.return", "申请退办", _must_limit),
    Key("periods.contact", "首次沟通", _limit),
    Key("periods.opinion", "协办意见", _limit),
    Key("periods.resubmit", "协办意见退回重提", _must_limit),
    Key("periods.reply", "建议答复", _must_limit),
    Key("periods.reply_hard", "涉及面广、处理难度大的答复", _must_limit),
    Key("periods.proposal", "提案答复（会议期间）", _must_limit),
    Key("periods.proposal_between", "提案答复（平时）", _must_limit),
    Key("periods.evaluation", "代表评价", _must_limit),
    Key("periods.rehandling", "重新办理", _must_limit),
    Key("periods.publication", "答复公开", _limit),
    Key("periods.errand", "催办、督办的答复", _must_limit),
    Key("rolling.months", "月数期满遇休息日顺延", _flag),
    Key("extension.allowed", "可以申请延期", _flag),
    Key("extension.cap", "自交办之日起最长", _must_limit),
    Key("extension.longest", "一次最多延长", _limit),
    Key("extension.most", "最多延期次数", _count(0, 5)),
    Key("extension.agreed_by", "须经同意的机关", _names),
    Key("extension.tell_proposer", "延期须告知代表", _flag),
    Key("contact.required_before_review", "送审前必须有沟通记录", _flag),
    Key("return_.second_needs_chief", "再次申请退办须主要负责人签字", _flag),
    Key("evaluation.by", "联名件由谁评价", _one_of("lead", "all")),
    Key("evaluation.reminders", "催评次数", _count(0, 5)),
    Key("satisfaction.scale", "档次", _ratings),
    Key("satisfaction.questions", "问哪几项", _some_of("attitude", "outcome")),
    Key("satisfaction.numerator", "满意率的分子", _ratings),
    Key("satisfaction.denominator", "满意率的分母", _one_of("returned", "replied", "answered")),
    Key("rehandling.triggers", "哪项不满意须重新办理", _some_of("attitude", "outcome")),
    Key("visits.A", "A类答复后回访", _limit, optional=True),
    Key("visits.B", "B类答复后回访", _limit, optional=True),
    Key("visits.C", "C类答复后回访", _limit, optional=True),
    Key("chains.assign", "交办关", _chain(Role.CLERK)),
    Key("chains.review", "审核关", _chain(Role.HANDLER)),
    Key("chains.review_key", "审核关（重点督办件）", _chain(Role.HANDLER), optional=True),
    Key("chains.review_led", "审核关（领衔办理件）", _chain(Role.HANDLER), optional=True),
    Key("chains.review_again", "审核关（二次、重新办理）", _chain(Role.HANDLER), optional=True),
    Key("chains.issue", "签发关", _chain(None)),
    Key("chains.issue_key", "签发关（重点督办件）", _chain(None), optional=True),
    Key("chains.issue_led", "签发关（领衔办理件）", _chain(None), optional=True),
    Key("chains.issue_again", "签发关（二次、重新办理）", _chain(None), optional=True),
    Key("chains.co_review", "协办意见审核", _chain(Role.HANDLER)),
    Key("chains.co_issue", "协办意见签发", _chain(None)),
    Key("numbers.reply", "答复", _prefix),
    Key("numbers.opinion", "协办意见", _prefix),
    Key("numbers.urge", "催办单", _prefix),
    Key("numbers.supervise", "督办通知单", _prefix),
    Key("copies.suggestion", "建议答复抄送", _names),
    Key("copies.proposal", "提案答复抄送", _names),
    Key("words.co", "协办的叫法", _one_of("协办", "会办")),
    Key("checks.contact", "沟通记录", _severity),
    Key("checks.opinions", "协办意见", _severity),
    Key("checks.class", "办理结果类别", _severity),
    Key("checks.disclosure", "公开属性", _severity),
    Key("checks.contact_line", "联系人和电话", _severity),
    Key("checks.title", "标题写明编号", _severity),
    Key("warnings.main", "答复、协办意见", _ladder),
    Key("warnings.key", "重点督办件", _ladder),
    Key("warnings.minor", "其他时限", _ladder),
    Key("supervision.cold", "多少个工作日没有办理动作算停滞", _count(3, 120)),
    Key("quality.on_time", "按时答复", _count(0, 100)),
    Key("quality.contact_before", "办前沟通", _count(0, 100)),
    Key("quality.contact_during", "办中沟通", _count(0, 100)),
    Key("quality.contact_after", "办后沟通", _count(0, 100)),
    Key("quality.met", "当面沟通", _count(0, 100)),
    Key("quality.opinions", "协办意见有着落", _count(0, 100)),
    Key("quality.checks", "送审检查齐全", _count(0, 100)),
    Key("quality.first_pass", "一次审核通过", _count(0, 100)),
    Key("quality.support", "承诺、原因写明", _count(0, 100)),
)  # fmt: skip
PATHS = {key.path: key for key in KEYS}


def load(path: Path) -> Profile:
    """Read and check one profile. Raises ProfileError in words that name the file and the key."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ProfileError(f"{path.name}：读不出来，应是 UTF-8 的 TOML 文件：{error}") from error
    return parse(text, path.name)


@lru_cache(maxsize=64)
def parse(text: str, file: str) -> Profile:
    """As load, from the text itself."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ProfileError(f"{file}：不是有效的 TOML：{error}") from error
    return _Reader(file, text, data).profile()


def names(*folders: Path) -> dict[str, Path]:
    """可用的办理规程 by name: those shipped, and those in the folders given, which come before them."""
    return {path.stem: path for folder in (FOLDER, *folders) for path in sorted(folder.glob("*.toml"))}


def named(name: str, *folders: Path) -> Profile:
    """The profile of that name; ProfileError lists those there are."""
    there = names(*folders)
    if name not in there:
        raise ProfileError(f"没有名为“{name}”的办理规程，可用的有：{'、'.join(sorted(there))}")
    return load(there[name])


def difference(left: Profile, right: Profile) -> list[tuple[str, str, Row | None, Row | None]]:
    """两份规程的不同：(section, label, row of the left, row of the right) where the texts differ."""
    sides = [{row.key: row for row in one.rows()} for one in (left, right)]
    order = list(dict.fromkeys([*sides[0], *sides[1]]))
    found = []
    for key in order:
        a, b = sides[0].get(key), sides[1].get(key)
        one = a or b
        if one and (a.text if a else "") != (b.text if b else ""):
            found.append((one.section, one.label, a, b))
    return found


class _Reader:
    """Takes a parsed file apart, checking each key as it is read."""

    def __init__(self, file: str, text: str, data: dict[str, Any]) -> None:
        self.file, self.text, self.data = file, text, data

    def fail(self, key: str, why: str) -> ProfileError:
        return ProfileError(f"{self.file}：{key or '顶层'}：{why}")

    def profile(self) -> Profile:
        data = self.data
        if extra := set(data) - {"name", "title", "version", "classes", *SECTIONS}:
            raise self.fail("", f"有不认识的键 {'、'.join(sorted(extra))}")
        for key in ("name", "title", "version"):
            if not isinstance(data.get(key), str) or not data[key].strip():
                raise self.fail(key, "缺少，或不是文字")
        values, basis = self._values()
        classes = self._classes()
        self._no_contradiction(values)
        return Profile(data["name"], data["title"], data["version"], self.text, values, basis, classes)

    def _values(self) -> tuple[dict[str, Any], dict[str, str]]:
        values, basis = dict[str, Any](), dict[str, str]()
        for section in SECTIONS:
            rows = self.data.get(section)
            if not isinstance(rows, dict):
                raise self.fail(section, "缺少这一部分")
            if extra := {f"{section}.{key}" for key in rows} - set(PATHS):
                raise self.fail(section, f"有不认识的键 {'、'.join(sorted(extra))}")
            for key in (one for one in KEYS if one.section == section):
                self._value(key, rows.get(key.path.split(".", 1)[1]), values, basis)
        return values, basis

    def _value(self, key: Key, row: Any, values: dict[str, Any], basis: dict[str, str]) -> None:
        if row is None:
            if not key.optional:
                raise self.fail(key.path, "缺少")
            return
        if not isinstance(row, dict):
            raise self.fail(key.path, "应写成 { …, basis = 依据 }")
        if not isinstance(row.get("basis"), str) or not row["basis"].strip():
            raise self.fail(key.path, "没有写依据（basis）")
        try:
            values[key.path] = key.read(row)
        except ValueError as error:
            raise self.fail(key.path, str(error)) from error
        basis[key.path] = row["basis"]

    def _classes(self) -> dict[str, OutcomeClass]:
        rows = self.data.get("classes")
        if not isinstance(rows, list) or not rows:
            raise self.fail("classes", "至少要有一个类别")
        found = dict[str, OutcomeClass]()
        for row in rows:
            letter = str(row.get("letter", "")) if isinstance(row, dict) else ""
            where = f"classes.{letter}"
            try:
                one = OutcomeClass(**row)
            except TypeError as error:
                raise self.fail(where, f"缺少或多了键：{error}") from error
            if not letter or letter in found or len(letter) > 2:
                raise self.fail(where, "类别字母缺少、重复或超过两个字")
            flags = (one.solved, one.follow_up, one.needs_commitment, one.needs_reason)
            if not all(isinstance(flag, bool) for flag in flags):
                raise self.fail(where, "solved、follow_up、needs_… 应为 true 或 false")
            if not isinstance(one.basis, str) or not one.basis.strip():
                raise self.fail(where, "没有写依据（basis）")
            if one.solved and one.follow_up:
                raise self.fail(where, "计为解决的类别不能又须跟踪")
            found[letter] = one
        if not any(one.solved for one in found.values()):
            raise self.fail("classes", "没有一个类别计为解决")
        return found

    def _no_contradiction(self, values: dict[str, Any]) -> None:
        """自相矛盾: periods out of order, rates over what is not asked, a chain that nobody can sign."""
        for shorter, longer in (
            ("periods.reply", "periods.reply_hard"), ("periods.opinion", "periods.reply"),
            ("periods.contact", "periods.reply"), ("periods.return", "periods.reply"),
            ("periods.reply", "extension.cap"), ("periods.resubmit", "periods.reply"),
        ):  # fmt: skip
            if values[shorter].days > values[longer].days:
                one, other = values[shorter].label, values[longer].label
                raise self.fail(shorter, f"{one}，比{longer}的{other}还长")
        for inner, outer in (
            ("satisfaction.numerator", "satisfaction.scale"), ("rehandling.triggers", "satisfaction.questions"),
        ):  # fmt: skip
            if extra := set(values[inner]) - set(values[outer]):
                raise self.fail(inner, f"{'、'.join(map(_said, extra))}不在{outer}里")
        if Rating.DISSATISFIED not in values["satisfaction.scale"]:
            raise self.fail("satisfaction.scale", "档次里没有不满意")
        if Rating.DISSATISFIED in values["satisfaction.numerator"]:
            raise self.fail("satisfaction.numerator", "不满意不能计入满意率的分子")
        self._signable(values)

    def _signable(self, values: dict[str, Any]) -> None:
        """A person signs once: a post that stands in the review and the issue chain of one item could not sign again."""
        for issue, review in (
            *((f"issue{one}", f"review{one}") for one in ("", "_key", "_led", "_again")),
            ("co_issue", "co_review"),
        ):
            usual = "co_review" if issue == "co_issue" else "review"
            first = values.get(f"chains.{review}") or values[f"chains.{usual}"]
            last = values.get(f"chains.{issue}") or values[f"chains.{usual.replace('review', 'issue')}"]
            if both := set(first) & set(last):
                names = "、".join(role.label for role in both)
                raise self.fail(f"chains.{issue}", f"{names}在审核关已签，签发关不能再签：这条次序没有人能签完")
