"""审签单 (S15, R36, R37): who signed at which gate, in whose post, for which text, and whether that text still stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from huiyin.models import Assignment, Person, ReplyVersion, SignOff, StandIn
from huiyin.queries.actors import stand_in_today
from huiyin.rules.vocabulary import BUSINESS_LINE, HANDLING_LINE, Gate, Role, Standing

POSTS = (*BUSINESS_LINE, *HANDLING_LINE, Role.CHIEF_LEADER)
LOOKS = {Standing.CURRENT: "yes", Standing.CORRECTED: "wait", Standing.OLDER: "wait", Standing.STRUCK: "no"}


def said(standing: Standing, version: int | None) -> str:
    """审签对应的文字，一句话."""
    if standing == Standing.CORRECTED:
        return f"签于稿本{version}，后有文字更正"
    if standing == Standing.OLDER:
        return f"签于稿本{version}，后有改动，不须重签"
    return standing.label


@dataclass(frozen=True)
class Signature:
    """一签：`person` holds the post, `signer` signed; `stood_in` when they differ (代)."""

    gate: Gate
    post: str
    person: Person
    signer: Person
    stood_in: bool
    at: datetime
    opinion: str
    version: int | None
    standing: Standing
    is_submission: bool
    checks: list[dict[str, Any]]

    @property
    def look(self) -> str:
        return LOOKS[self.standing]

    @property
    def said(self) -> str:
        """对应的文字, in words: 本稿已签；签于稿本2，后有……"""
        if self.gate == Gate.ASSIGN and self.standing == Standing.CURRENT:
            return "已签"
        return said(self.standing, self.version)

    @property
    def passed(self) -> int:
        return sum(one["state"] == "pass" for one in self.checks)


@dataclass(frozen=True)
class Post:
    """一个岗位在审签中的情况; no `signature`: it has not signed, `now` when it is its turn."""

    label: str
    person: Person | None
    stand_in: StandIn | None
    signature: Signature | None
    now: bool


@dataclass(frozen=True)
class Progress:
    """审签经过：the posts of the review and the issue gate, line by line."""

    lines: tuple[tuple[str, tuple[Post, ...]], ...]
    version: ReplyVersion | None

    @property
    def posts(self) -> list[Post]:
        return [post for _, posts in self.lines for post in posts]

    @property
    def signed(self) -> int:
        return sum(one.signature is not None for one in self.posts)

    @property
    def same_text(self) -> bool:
        """审签的是同一稿，内容未再改动."""
        found = [one.signature.standing for one in self.posts if one.signature]
        return bool(found) and set(found) == {Standing.CURRENT}


def signatures(
    item: Assignment, *, struck: bool = False, version: ReplyVersion | None = None
) -> list[Signature]:
    """Every sign-off of an item in order; with `struck` those that count no more too. Given a `version`, those on it.

    Each stands against the text submitted last, which is hashed once for all of them."""
    rows = item.sign_offs.select_related("person", "signer", "version")
    if version is not None:
        rows = rows.filter(version=version)
    read = Standings(item)
    return [_signature(one, read(one)) for one in rows if struck or one.voided_at is None]


def progress(item: Assignment, on: date) -> Progress:
    """审核关、签发关现在签到哪里."""
    live = {(one.gate, one.post): one for one in signatures(item)}
    away = stand_in_today({pk for role in POSTS if (pk := item.person_id(role))}, on)

    def posts(gate: Gate, line: Iterable[Role]) -> tuple[Post, ...]:
        return tuple(
            Post(
                role.label, person := item.person(role), away.get(person.pk) if person else None,
                live.get((gate, role.label)), item.gate == gate and item.next_post() == role,
            )
            for role in line if role in item.chain(gate)
        )  # fmt: skip

    lines = (
        ("业务线", posts(Gate.REVIEW, BUSINESS_LINE)),
        ("办理线", posts(Gate.REVIEW, HANDLING_LINE)),
        ("签发", posts(Gate.ISSUE, item.chain(Gate.ISSUE))),
    )
    return Progress(tuple(one for one in lines if one[1]), item.submitted_version)


class Standings:
    """审签对应的文字, each digest looked at once."""

    def __init__(self, item: Assignment) -> None:
        self.version = item.submitted_version
        self.found: dict[tuple[str, str, int | None, bool], Standing] = {}

    def __call__(self, one: SignOff) -> Standing:
        key = (one.gate, one.digest, one.version_id, one.voided_at is None)
        if key not in self.found:
            self.found[key] = one.standing(self.version)
        return self.found[key]


def _signature(one: SignOff, standing: Standing) -> Signature:
    return Signature(
        Gate(one.gate), Role(one.role).label, one.person, one.signer, one.stood_in, one.at, one.opinion,
        one.version.number if one.version else None, standing, one.is_submission, one.checks,
    )  # fmt: skip
