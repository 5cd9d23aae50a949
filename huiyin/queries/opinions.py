"""协办意见 (S11, R26–R30): how an item's stand on the whole, whose measure stands where in its text, the links to answer by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from huiyin.models import AnswerLink, Assignment, CoOpinion, Passage, ReplyVersion
from huiyin.rules.difference import Run, runs
from huiyin.rules.vocabulary import (
    Deed,
    OpinionKind,
    OpinionStanding,
    OpinionState,
    OpinionUse,
)

S = OpinionStanding
LOOKS = {S.LATE: ("■", "key"), S.RETURNED: ("■", "key"), S.WITHOUT: ("—", ""), S.SETTLED: ("✓", "")}
ALIKE = 0.5  # below, a paragraph is no rewording of one of the opinion's


# 总的怎样


@dataclass(frozen=True)
class Worst:
    """一件的协办意见总的怎样：`got` of `asked` units have answered."""

    state: OpinionStanding
    got: int
    asked: int
    word: str  # 协办, or 会办 as the place says

    @property
    def tag(self) -> tuple[str, str]:
        """（字样, 样式）beside the title."""
        symbol, look = LOOKS.get(self.state, ("▲", "now"))
        return f"{symbol} {self}", look

    def __str__(self) -> str:
        return f"{self.word}{self.state.label} {self.got}/{self.asked}"


def worst(item: Assignment, on: date) -> Worst | None:
    """The worst of its opinions (its rows prefetched); None when nobody was asked or is to be."""
    rows = [one for one in item.opinions.all() if one.state != OpinionState.WITHDRAWN]
    states = [_standing(one, rows, on) for one in rows if one.state != OpinionState.HOLLOW]
    if not states:
        return None
    latest = {(one.unit_id, one.kind): one for one in sorted(rows, key=lambda one: one.round)}
    got = sum(one.state == OpinionState.RECEIVED for one in latest.values())
    return Worst(min(states, key=list(OpinionStanding).index), got, len(latest), item.co)


def _standing(one: CoOpinion, rows: Sequence[CoOpinion], on: date) -> OpinionStanding:
    if one.state == OpinionState.REQUESTED:
        if one.due_on < on:
            return S.LATE
        before = (one.unit_id, one.round - 1)
        again = any((row.unit_id, row.round) == before and row.state == OpinionState.HOLLOW for row in rows)
        return S.RETURNED if again else S.WAITING
    if one.state == OpinionState.PLANNED:
        return S.PLANNED
    if one.state == OpinionState.MISSING:
        return S.WITHOUT
    return S.UNMARKED if one.use == OpinionUse.PENDING else S.SETTLED


# 措施从哪里来


@dataclass(frozen=True)
class Used:
    """一段用了意见的正文：its place, counted from 1; `runs` when its words are not the opinion's."""

    place: int
    text: str
    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        return any(one.kind != "keep" for one in self.runs)


@dataclass(frozen=True)
class Source:
    """一条协办意见和它在正文里的各段. `older`: a later one of the unit has come since."""

    opinion: CoOpinion
    used: tuple[Used, ...]
    older: bool = False

    @property
    def said(self) -> str:
        """没有写进正文的，为什么."""
        if self.used:
            return "、".join(f"第{one.place}段" for one in self.used)
        if self.opinion.state == OpinionState.HOLLOW:
            return f"没有采用：退回重提，{self.opinion.note}"
        if self.opinion.use == OpinionUse.EXPLAINED:
            return f"没有采用：{self.opinion.note}"
        return (
            "标注为采纳，正文里还没有" if self.opinion.use == OpinionUse.ADOPTED else "还没有用，也没有说明"
        )

    @property
    def look(self) -> str:
        if self.used:
            return "yes"
        return (
            "muted"
            if self.opinion.use == OpinionUse.EXPLAINED or self.opinion.state == OpinionState.HOLLOW
            else "wait"
        )


@dataclass(frozen=True)
class Paragraph:
    """正文的一段和它的来源；`source` None: our own."""

    place: int
    text: str
    source: CoOpinion | None
    used: Used | None


@dataclass(frozen=True)
class Signed:
    """一次会签. `moved`: the text has changed since the version they were sent."""

    opinion: CoOpinion
    moved: bool


@dataclass(frozen=True)
class Sources:
    """协办意见与正文对照."""

    version: ReplyVersion | None
    opinions: tuple[Source, ...]
    waiting: tuple[CoOpinion, ...]
    countersigns: tuple[Signed, ...]
    paragraphs: tuple[Paragraph, ...]

    @property
    def unused(self) -> int:
        return sum(one.look == "wait" for one in self.opinions)


def sources(item: Assignment, version: ReplyVersion | None) -> Sources:
    """来源对照 of this version: each opinion and its paragraphs, each paragraph and its opinion."""
    rows = list(item.opinions.select_related("unit", "paper", "version"))
    own = [one for one in rows if one.kind == OpinionKind.OPINION]
    passages = list(version.passages.select_related("opinion__unit")) if version else []
    paragraphs = tuple(
        Paragraph(one.order, one.text, one.opinion, _used(one) if one.opinion else None) for one in passages
    )
    return Sources(
        version,
        tuple(_source(one, own, paragraphs) for one in own if one.received_on),
        tuple(one for one in rows if not one.received_on and one.state != OpinionState.WITHDRAWN),
        tuple(_signed(one, version) for one in rows if one.countersigns and one.received_on),
        paragraphs,
    )


def _source(opinion: CoOpinion, rows: Sequence[CoOpinion], paragraphs: Sequence[Paragraph]) -> Source:
    later = any(
        one.unit_id == opinion.unit_id and one.round > opinion.round and one.received_on for one in rows
    )
    used = (one.used for one in paragraphs if one.used and one.source and one.source.pk == opinion.pk)
    return Source(opinion, tuple(used), later)


def _used(passage: Passage) -> Used:
    assert passage.opinion is not None
    return Used(passage.order, passage.text, tuple(_difference(passage.opinion.text, passage.text)))


def _difference(theirs: str, ours: str) -> list[Run]:
    """Our paragraph against the one of theirs it is most like; whole where it is theirs, word for word, or is like none."""
    if ours.strip() and ours.strip() in theirs:
        return [Run("keep", ours)]
    lines = [one.strip() for one in theirs.splitlines() if one.strip()]
    like = {one: SequenceMatcher(None, one, ours, autojunk=False).ratio() for one in lines}
    best = max(lines, key=lambda one: like[one], default="")
    return runs(best if best and like[best] >= ALIKE else "", ours)


def _signed(opinion: CoOpinion, version: ReplyVersion | None) -> Signed:
    then = opinion.version
    return Signed(opinion, bool(then and version and then.text_digest() != version.text_digest()))


# 填报链接


def link_of(digest: str) -> AnswerLink | None:
    """The link with this digest, over or not."""
    rows = AnswerLink.objects.select_related(
        "opinion__unit", "opinion__version", "opinion__assignment__suggestion__meeting",
        "opinion__assignment__unit", "opinion__assignment__handler", "opened_by",
    )  # fmt: skip
    return rows.filter(digest=digest).first()


def live_link(digest: str, on: date) -> AnswerLink | None:
    """在用的链接: neither over, used nor closed, and its unit is still waited for."""
    link = link_of(digest)
    return link if link and is_live(link, on) else None


def is_live(link: AnswerLink, on: date) -> bool:
    open_one = link.used_at is None and link.closed_at is None and link.expires_on >= on
    return open_one and link.opinion.state == OpinionState.REQUESTED


# 一条一条


DEEDS = {
    OpinionState.PLANNED: (Deed.SEND_REQUESTS, Deed.WITHDRAW_OPINION),
    OpinionState.REQUESTED: (
        Deed.RECEIVE_OPINION, Deed.ACCEPT_OPINION, Deed.OPEN_LINK, Deed.CLOSE_LINK, Deed.MARK_MISSING,
        Deed.WITHDRAW_OPINION,
    ),
    OpinionState.RECEIVED: (Deed.USE_OPINION, Deed.RETURN_OPINION, Deed.ASK_AGAIN),
    OpinionState.MISSING: (Deed.ASK_AGAIN,),
    OpinionState.WITHDRAWN: (Deed.ASK_AGAIN,),
}  # fmt: skip


def deeds_on(one: CoOpinion, links: Sequence[AnswerLink], on: date) -> list[Deed]:
    """可办的 on one opinion where it now is, of those somebody may do."""
    open_link = any(
        link.used_at is None and link.closed_at is None and link.expires_on >= on for link in links
    )
    never = set[Deed]()
    never |= {Deed.ACCEPT_OPINION} if one.accepted_on else set()
    never |= {Deed.MARK_MISSING} if one.due_on >= on else set()
    never |= set() if open_link else {Deed.CLOSE_LINK}
    never |= {Deed.RETURN_OPINION, Deed.ASK_AGAIN} if one.countersigns else set()
    found = [deed for deed in DEEDS.get(OpinionState(one.state), ()) if deed not in never]
    return [Deed.RECEIVE_OPINION, *found] if one.awaits_paper else found
