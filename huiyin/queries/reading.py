"""看过没有 (S15): what changed in a text since its reader last signed it or sent it back, and what he then said."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.models import Assignment, Event, ReplyVersion
from huiyin.rules.difference import Run, pairs, runs
from huiyin.rules.permissions import Actor
from huiyin.rules.text import Block
from huiyin.rules.touching import Change, changes
from huiyin.rules.vocabulary import Deed

SENT_BACK = (Deed.SEND_BACK, Deed.SEND_BACK_REVIEW, Deed.SEND_BACK_PROPOSE)
WORDS = {"title", "class_reason", "disclosure_reason", "copies_to"}
SAW = (Deed.SUBMIT, Deed.PASS_REVIEW, Deed.SIGN, Deed.REVISE, Deed.CORRECT, *SENT_BACK)


@dataclass(frozen=True)
class Changed:
    """改了的一段: its place in the new text (0: struck out), the points it answers, whose opinion it is from."""

    number: int
    points: tuple[int, ...]
    unit: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class ChangedField:
    """改了的一栏."""

    label: str
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Since:
    """与上次看过的稿本相比."""

    before: ReplyVersion
    after: ReplyVersion
    seen: bool  # he had `before` in hand; otherwise it is simply the one submitted before
    sent_back: Event | None
    edits: tuple[Event, ...]  # who changed it in between, and why
    passages: tuple[Changed, ...]
    fields: tuple[ChangedField, ...]
    kept: int

    @property
    def count(self) -> int:
        return len(self.passages) + len(self.fields)


def since(item: Assignment, version: ReplyVersion, actor: Actor, *, seen: str = "") -> Since | None:
    """What a signer must look at: against the text he had before him (`seen`, its digest), or else the one he last
    signed or sent back, or else the one submitted before. None where there is no earlier one."""
    sent = [one for one in item.versions.all() if one.submitted_at and one.number < version.number]
    shown = [one for one in sent if seen and one.digest == seen]
    events = item.events.filter(by__in=actor.ids, deed__in=SAW).select_related("by").order_by("seq")
    last = [(event, one) for event in events if (one := _then(sent, event))]
    before = shown[-1] if shown else last[-1][1] if last else sent[-1] if sent else None
    if before is None:
        return None
    back = last[-1][0] if last and last[-1][0].deed in SENT_BACK else None
    edits = item.events.filter(
        deed__in=(Deed.REVISE, Deed.CORRECT), at__gt=before.submitted_at
    ).select_related("by")
    return compare(
        before, version, seen=bool(shown or last), sent_back=back, edits=tuple(edits.order_by("seq"))
    )


def compare(
    before: ReplyVersion, after: ReplyVersion, *, seen: bool = False, sent_back: Event | None = None,
    edits: tuple[Event, ...] = (),
) -> Since:  # fmt: skip
    """两稿对比：the paragraphs and the fields that differ."""
    old, new = before.blocks(), after.blocks()
    found = tuple(changed(old, new))
    fields = changed_fields(changes(before.signed_content(), after.signed_content()))
    kept = len(new) - sum(one.number > 0 for one in found)
    return Since(before, after, seen, sent_back, edits, found, fields, kept)


def changed_fields(found: list[Change]) -> tuple[ChangedField, ...]:
    """改了的栏, but for the body; words are compared character by character, choices as a whole."""
    return tuple(ChangedField(one.label, tuple(_runs(one))) for one in found if one.field != "body")


def _runs(one: Change) -> list[Run]:
    old, new = ("、".join(text.splitlines()) for text in (one.old, one.new))
    if one.field in WORDS:
        return runs(old, new)
    return [Run(kind, text) for kind, text in (("del", old), ("ins", new)) if text]


def _then(sent: list[ReplyVersion], event: Event) -> ReplyVersion | None:
    """The text that stood when he did that."""
    there = [one for one in sent if one.submitted_at and one.submitted_at <= event.at]
    return max(there, key=lambda one: one.number, default=None)


def changed(old: list[Block], new: list[Block]) -> list[Changed]:
    """改了的段, in the order of the new text."""
    found, was, now = [], 0, 0
    for left, right in pairs([one.typed() for one in old], [one.typed() for one in new]):
        before, after = (old[was] if left else None), (new[now] if right else None)
        was, now = was + bool(left), now + bool(right)
        if left != right:
            found.append(_pair(before, after, now))
    return found


def _pair(before: Block | None, after: Block | None, number: int) -> Changed:
    one = after or before
    assert one is not None
    words = runs(before.plain if before else "", after.plain if after else "")
    if before and after and before.mark != after.mark:
        words = [*runs(before.mark, after.mark), *words]
    return Changed(number if after else 0, one.points, one.unit, tuple(words))
