"""答复质量评分 (R38, R72): the scored check-list of a reply. Each indicator gives its points with the reason; one that
does not apply to an item is left out of its full mark, and said so."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from django.db.models import prefetch_related_objects

from huiyin.models import Assignment, Event, Meeting
from huiyin.queries.actors import items_for
from huiyin.rules.dates import md, zh
from huiyin.rules.permissions import Actor
from huiyin.rules.shares import percent
from huiyin.rules.vocabulary import (
    FACE_TO_FACE,
    MAIN_CLOCKS,
    NOT_COUNTED,
    SOUGHT,
    Deed,
    OpinionState,
    OpinionUse,
    Severity,
    Stage,
    Status,
    VersionOrigin,
)

LABELS = {
    "on_time": "按时答复", "contact_before": "办前沟通", "contact_during": "办中沟通", "contact_after": "办后沟通",
    "met": "当面沟通", "opinions": "协办意见有着落", "checks": "送审检查齐全", "first_pass": "一次审核通过",
    "support": "承诺、原因写明",
}  # fmt: skip
SENT_BACK = (Deed.SEND_BACK, Deed.SEND_BACK_REVIEW, Deed.SEND_BACK_PROPOSE)
PREFETCH = (
    "contacts", "opinions__unit", "exemptions", "commitments", "replies__version__assignment__suggestion__meeting",
    "replies__version__assignment__points",
    "replies__deliveries", "clocks",
)  # fmt: skip
Found = tuple[Fraction | None, str]  # the share of the full mark, None where it does not apply; the reason


@dataclass(frozen=True)
class Mark:
    """一项得分."""

    key: str
    label: str
    full: int
    got: int
    applies: bool
    reason: str

    @property
    def lost(self) -> bool:
        return self.applies and self.got < self.full


@dataclass(frozen=True)
class Score:
    """一件的得分：`full` is of the indicators that apply."""

    item: Assignment
    marks: tuple[Mark, ...]

    @property
    def got(self) -> int:
        return sum(one.got for one in self.marks)

    @property
    def full(self) -> int:
        return sum(one.full for one in self.marks if one.applies)

    @property
    def percent(self) -> str:
        return percent(self.got, self.full)

    @property
    def share(self) -> Fraction:
        return Fraction(self.got, self.full) if self.full else Fraction(1)

    @property
    def lost(self) -> list[Mark]:
        return [one for one in self.marks if one.lost]


def score(item: Assignment) -> Score | None:
    """One item's score; None before its reply is signed."""
    return next(iter(scores([item])), None)


def scores(items: Iterable[Assignment]) -> list[Score]:
    """Those of these items whose reply was signed here (not one from a past ledger); the same number of queries however
    many they are."""
    found = list(items)
    prefetch_related_objects(found, *PREFETCH)
    replied = [one for one in found if one.reply and one.reply.version.origin != VersionOrigin.LEDGER]
    backs = _sent_back(replied)
    return [_score(one, backs.get(one.pk, 0)) for one in replied]


def _sent_back(items: list[Assignment]) -> dict[int, int]:
    """How often each was sent back from the review or the issue gate."""
    found = defaultdict[int, int](int)
    rows = Event.objects.filter(
        assignment__in=items, deed__in=SENT_BACK, source__in=(Status.REVIEW, Status.ISSUE)
    )
    for pk in rows.values_list("assignment_id", flat=True):
        found[pk or 0] += 1
    return found


def _score(item: Assignment, backs: int) -> Score:
    marks = []
    for one in item.profile.quality:
        share, reason = _first_pass(backs) if one.key == "first_pass" else INDICATORS[one.key](item)
        got = int(share * one.points) if share is not None else 0
        marks.append(
            Mark(one.key, LABELS[one.key], one.points, got, share is not None, item.profile.say(reason))
        )
    return Score(item, tuple(marks))


def _yes(holds: bool, good: str, bad: str) -> Found:
    return Fraction(int(holds)), good if holds else bad


def _on_time(item: Assignment) -> Found:
    """Each signing by the date it then had; of several, as of an opinion found hollow, the latest counts."""
    stopped = {one.stopped_on: one.due_on for one in item.clocks.all() if one.kind in MAIN_CLOCKS}
    dates = [(one.signed_on, stopped.get(one.signed_on, item.due_on)) for one in item.replies.all()]
    found = [(signed, due) for signed, due in dates if due is not None]
    if not found:
        return None, "没有定时限，不计"
    signed, due = max(found, key=lambda pair: pair[0] - pair[1])
    late = (signed - due).days
    return _yes(late <= 0, f"{zh(signed)}签发，时限{zh(due)}", f"{zh(signed)}签发，逾期{late}天")


def _contact(stage: Stage) -> Callable[[Assignment], Found]:
    def found(item: Assignment) -> Found:
        if not item.answers:
            return None, "协办件不与代表沟通，不计"
        if stage == Stage.BEFORE and any(one.granted_at for one in item.exemptions.all()):
            return None, "经批准免予办前沟通，不计"
        sent = (one for reply in item.replies.all() for one in reply.deliveries.all())
        if stage == Stage.AFTER and all(one.is_copy for one in sent):
            return None, "还没有送达，不计"
        rows = [one for one in item.contacts.all() if one.stage == stage and one.on >= item.assigned_on]
        days = "、".join(md(one.on) for one in rows)
        return _yes(bool(rows), f"{days}{stage.label}沟通", f"没有{stage.label}沟通的记录")

    return found


def _met(item: Assignment) -> Found:
    if not item.answers:
        return None, "协办件不与代表沟通，不计"
    rows = [one for one in item.contacts.all() if one.method in FACE_TO_FACE and one.on >= item.assigned_on]
    said = "、".join(f"{md(one.on)}{one.get_method_display()}" for one in rows)
    return _yes(bool(rows), said, "没有走访、面谈、座谈或调研的记录")


def _opinions(item: Assignment) -> Found:
    rows = [one for one in item.opinions.all() if one.state in SOUGHT]
    if not rows:
        return None, "没有请协办单位提意见，不计"
    left = [
        one.unit.short_name for one in rows
        if one.state == OpinionState.REQUESTED
        or (one.state == OpinionState.RECEIVED and one.use == OpinionUse.PENDING)
    ]  # fmt: skip
    said = f"{len(rows)}家协办意见，{len(rows) - len(left)}家有着落"
    return Fraction(len(rows) - len(left), len(rows)), said + (f"，还差{'、'.join(left)}" if left else "")


def _checks(item: Assignment) -> Found:
    assert item.reply is not None  # only what is signed is scored
    gaps = [one for severity in Severity for one in item.reply.version.gaps(severity)]
    return _yes(not gaps, "各项齐全", "；".join(gaps))


def _first_pass(backs: int) -> Found:
    return _yes(not backs, "未经退改", f"审核、签发中退改{backs}次")


def _support(item: Assignment) -> Found:
    assert item.reply is not None  # only what is signed is scored
    version = item.reply.version
    outcome = item.profile.classes.get(version.outcome_class)
    if outcome is None or not (outcome.needs_commitment or outcome.needs_reason):
        return None, f"{version.outcome_class or '协办件无类别'}{'类不须承诺或原因' if outcome else ''}，不计"
    if outcome.needs_commitment:
        count = len(item.commitments.all())
        return _yes(count > 0, f"{count}项承诺", f"{outcome.letter}类答复没有承诺事项")
    return _yes(bool(version.class_reason.strip()), "已写明原因", f"{outcome.letter}类答复没有写明原因")


INDICATORS: dict[str, Callable[[Assignment], Found]] = {
    "on_time": _on_time,
    "contact_before": _contact(Stage.BEFORE),
    "contact_during": _contact(Stage.DURING),
    "contact_after": _contact(Stage.AFTER),
    "met": _met,
    "opinions": _opinions,
    "checks": _checks,
    "support": _support,
}


@dataclass(frozen=True)
class Average:
    """一组件的平均得分: points over full marks; `lost` items lost points."""

    of: str
    label: str
    count: int
    got: int
    full: int
    lost: int

    @property
    def percent(self) -> str:
        return percent(self.got, self.full)


@dataclass(frozen=True)
class Quality:
    """一年答复的质量：of all, by section, by indicator, and item by item, lowest first."""

    scores: tuple[Score, ...]

    @property
    def total(self) -> Average:
        return _average("", "全部", list(self.scores))

    @property
    def sections(self) -> list[Average]:
        rows = defaultdict[tuple[int, str], list[Score]](list)
        for one in self.scores:
            section = one.item.section
            rows[(section.pk, section.short_name) if section else (0, "未定科室")].append(one)
        found = [_average(f"section:{pk}", name, own) for (pk, name), own in rows.items()]
        return sorted(found, key=lambda one: (one.got / one.full if one.full else 1, one.label))

    @property
    def indicators(self) -> list[Average]:
        rows = defaultdict[str, list[Mark]](list)
        for one in self.scores:
            for mark in one.marks:
                if mark.applies:
                    rows[mark.key].append(mark)
        return [
            Average(
                f"lost:{key}", LABELS[key], len(own), sum(one.got for one in own), sum(one.full for one in own),
                sum(one.lost for one in own),
            )
            for key, own in rows.items()
        ]  # fmt: skip

    def pick(self, of: str) -> list[Score]:
        """The scores behind "section:3", "lost:met", or all."""
        kind, _, what = of.partition(":")
        if kind == "section":
            return [one for one in self.scores if str(one.item.section_id or 0) == what]
        if kind == "lost":
            return [one for one in self.scores if any(mark.lost and mark.key == what for mark in one.marks)]
        return list(self.scores)


def _average(of: str, label: str, own: list[Score]) -> Average:
    lost = sum(bool(one.lost) for one in own)
    return Average(of, label, len(own), sum(one.got for one in own), sum(one.full for one in own), lost)


def of_year(actor: Actor, meeting: Meeting) -> Quality:
    """本年度已签发的答复, lowest first."""
    items = items_for(actor).filter(meeting=meeting, replies__isnull=False).exclude(status__in=NOT_COUNTED)
    found = scores(items.select_related("suggestion__meeting", "section", "handler").distinct())
    return Quality(tuple(sorted(found, key=lambda one: (one.share, one.item.suggestion.number_key))))
