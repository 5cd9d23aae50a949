"""起草、送审 (S4, S11, R38–R43)."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime

from django.db import transaction

from huiyin.actions import filing
from huiyin.actions._refused import Refused, Stale, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.contacting import within
from huiyin.actions.filing import Upload
from huiyin.actions.signing import reopen, successor
from huiyin.models import Annex, Assignment, CoOpinion, Passage, Person, ReplyVersion, StoredFile
from huiyin.models.reply import reply_title
from huiyin.rules.dates import zh
from huiyin.rules.merging_text import merge
from huiyin.rules.vocabulary import (
    Deed,
    Disclosure,
    Gate,
    Kind,
    OpinionKind,
    OpinionState,
    OpinionUse,
    Role,
    VersionOrigin,
)

FACTS = (
    "title", "outcome_class", "class_reason", "disclosure", "disclosure_reason", "contact_name", "contact_phone", "copies_to",
)  # fmt: skip
"""稿本正文以外的栏."""
LONGEST_NAME = 80  # of an organ that gets a copy


@dataclass(frozen=True)
class Draft:
    """稿本内容, as the drafting page sends it."""

    title: str
    body: str
    outcome_class: str = ""
    class_reason: str = ""
    disclosure: str = ""
    disclosure_reason: str = ""
    contact_name: str = ""
    contact_phone: str = ""
    copies_to: str = ""


def opened(item: Assignment) -> ReplyVersion:
    """打开的稿本：the version being written; while there is none, the one that the first save will make (it has no key
    yet), with title, contact and copies filled in."""
    if item.draft is not None:
        return item.draft
    profile, suggestion, handler = item.profile, item.suggestion, item.handler
    units = [unit.name for unit in item.named_co_units.all()]
    last = item.versions.order_by("-number").first()
    return ReplyVersion(
        assignment=item, number=last.number + 1 if last else 1, revision=last.revision if last else 0,
        title=reply_title(item), body=last.body if last else "",
        disclosure=Disclosure.NONE if suggestion.confidential else "",
        disclosure_reason="代表要求保密" if suggestion.confidential else "",
        contact_name=handler.name if handler else "", contact_phone=handler.phone if handler else "",
        copies_to="\n".join([*profile.copies[Kind(suggestion.kind)], *units]) if item.answers else "",
    )  # fmt: skip


@transaction.atomic
def save_draft(
    item: Assignment, draft: Draft, *, revision: int, base: Draft | None = None, by: Person, at: datetime
) -> ReplyVersion:
    """保存稿本; the first save makes it. When somebody saved after this page was opened, what he changed and what is
    changed here are joined, given the `base` both began from; where both changed the same, or without it: Stale, carrying
    the text that stands now. Nothing is overwritten and nothing typed is lost."""
    taking = begin(item, Deed.DRAFT, by=by, at=at)
    version = opened(taking.item)
    if version.moved_since(revision):
        joined = _joined(base, draft, version) if base else None
        if joined is None:
            raise Stale(f"{version.edited_by.name}在您编辑期间保存过此稿，请对照后再存", version.body)
        draft = joined
    fill(version, draft, by=by, at=at)
    return version


def fill(version: ReplyVersion, draft: Draft, *, by: Person, at: datetime) -> None:
    """写入稿本：what was typed, checked against what no text of this item may hold, with its passages read anew."""
    item = version.assignment
    if draft.outcome_class and draft.outcome_class not in item.profile.classes:
        raise Refused(f"本规程没有“{draft.outcome_class}”类")
    if item.suggestion.confidential and draft.disclosure not in {"", Disclosure.NONE}:
        raise Refused("代表要求保密的件，公开属性只能是“不予公开”")
    if any(len(line.strip()) > LONGEST_NAME for line in draft.copies_to.splitlines()):
        raise Refused(f"抄送一行写一个单位，每行最多{LONGEST_NAME}个字")
    for name, value in asdict(draft).items():
        setattr(version, name, _plain(value))
    _touch(version, by=by, at=at)
    _passages(version)


def _touch(version: ReplyVersion, *, by: Person, at: datetime) -> None:
    version.revision += 1
    version.edited_by, version.edited_at = by, at
    version.save()


def _joined(base: Draft, mine: Draft, version: ReplyVersion) -> Draft | None:
    """两人的改动合在一起; None when both changed the same place differently."""
    found: dict[str, str] = {}
    for one in fields(Draft):
        before, here, there = (
            _plain(text)
            for text in (getattr(base, one.name), getattr(mine, one.name), getattr(version, one.name))
        )
        if one.name == "body":
            merged = merge(before, here, there)
            if merged.conflicts:
                return None
            found[one.name] = merged.text
        elif here in (before, there):
            found[one.name] = there
        elif there == before:
            found[one.name] = here
        else:
            return None
    return Draft(**found)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def set_aside(
    taking: Taking, origin: VersionOrigin, *, then: VersionOrigin = VersionOrigin.DRAFTED
) -> ReplyVersion:
    """存一稿：the open version is frozen as it stands and gets its `origin`; an open one with the same text, whose origin is
    `then`, goes on from it. Returns the frozen one."""
    version = taking.item.draft
    if version is None:
        raise Refused("没有正在写的稿本")
    version.replaced_at, version.origin = taking.at, origin
    version.save()
    successor(taking, version, then)
    taking.item.forget()
    return version


@transaction.atomic
def new_version(item: Assignment, *, by: Person, at: datetime) -> None:
    """另存新稿本：what is written so far is kept as it stands, and the writing goes on in the next version."""
    taking = begin(item, Deed.NEW_VERSION, by=by, at=at)
    kept = set_aside(taking, VersionOrigin.KEPT)
    taking.done(f"{kept}存档", version=kept.number)


@transaction.atomic
def keep_annexes(
    item: Assignment, annexes: Sequence[tuple[str, StoredFile]], *, by: Person, at: datetime
) -> None:
    """随文附件：(名称, 文件) in their order, of the version being written; they are signed with the text (R36)."""
    taking = begin(item, Deed.DRAFT, by=by, at=at)
    reasons = list[str]()
    own = set(taking.item.files.values_list("pk", flat=True))
    for place, (name, file) in enumerate(annexes, 1):
        reasons += [f"第{place}个附件还没有写名称"] if not name.strip() else []
        reasons += [f"附件名称“{name[:20]}”太长，最多120个字"] if len(name.strip()) > 120 else []
        reasons += [f"“{file.name}”不是本件的附件"] if file.pk not in own else []
    if reasons:
        raise Refused(reasons)
    version = opened(taking.item)
    _touch(version, by=by, at=at)
    version.annexes.all().delete()
    Annex.objects.bulk_create(
        Annex(version=version, order=order, name=name.strip(), file=file)
        for order, (name, file) in enumerate(annexes, 1)
    )
    taking.item.forget()


def _passages(version: ReplyVersion) -> None:
    """段落与来源：read anew from the text; a source or a picture that is not this item's is refused by name."""
    item, found = version.assignment, version.blocks()
    opinions = _sources(item)
    named = {
        f"{one.unit}第{one.round}次" if one.round else one.unit: (one.unit, one.round)
        for one in found
        if one.unit
    }
    if unknown := sorted(name for name, key in named.items() if key not in opinions):
        raise Refused(f"来源“{'、'.join(unknown)}”不是本件的{item.co}单位；来源写成【单位名称】放在段首")
    _own_pictures(item, [one.file for one in found if one.file])
    version.passages.all().delete()
    rows = [(order, one, opinions.get((one.unit, one.round))) for order, one in enumerate(found, 1)]
    Passage.objects.bulk_create(
        Passage(
            version=version, order=order, text=one.plain, unit=source.unit if source else None, opinion=source
        )
        for order, one, source in rows
    )
    item.forget()


def _sources(item: Assignment) -> dict[tuple[str, int], CoOpinion]:
    """（单位名或简称, 第几次）→ that opinion; 第0次 is the unit's latest that can be used, or else its latest."""
    found: dict[tuple[str, int], CoOpinion] = {}
    rows = item.opinions.filter(kind=OpinionKind.OPINION).select_related("unit")
    for opinion in sorted(rows, key=lambda one: (one.state == OpinionState.RECEIVED, one.round)):
        for name in (opinion.unit.name, opinion.unit.short_name):
            found[name, opinion.round] = found[name, 0] = opinion
    return found


def _own_pictures(item: Assignment, asked: list[int]) -> None:
    own = set(item.files.filter(content_type__startswith="image/", pk__in=asked).values_list("pk", flat=True))
    if strange := [pk for pk in asked if pk not in own]:
        raise Refused(f"图{'、图'.join(str(pk) for pk in strange)}不是本件的图片附件；请先上传，再插入")


@transaction.atomic
def insert_opinion(
    item: Assignment, opinion: CoOpinion, *, revision: int, by: Person, at: datetime
) -> ReplyVersion:
    """插入协办意见：its text becomes a passage at the end of the draft, with its source, and counts as adopted."""
    taking = begin(item, Deed.DRAFT, by=by, at=at)
    version = opened(taking.item)
    own = taking.item.opinions.filter(kind=OpinionKind.OPINION)
    row = own.filter(pk=opinion.pk, state=OpinionState.RECEIVED).first()
    if row is None or not row.text:
        raise Refused("没有可插入的协办意见")
    if version.moved_since(revision):
        raise Stale(f"{version.edited_by.name}在您编辑期间保存过此稿，请对照后再插入", version.body)
    lines = [line.strip() for line in row.text.splitlines() if line.strip()]
    rounds = own.filter(unit=row.unit, received_on__isnull=False).count()
    mark = f"{row.unit.name}第{row.round}次" if rounds > 1 else row.unit.name
    version.body = "\n".join([version.body, *(f"【{mark}】{line}" for line in lines)]).strip()
    _touch(version, by=by, at=at)
    _passages(version)
    row.use, row.note = OpinionUse.ADOPTED, ""
    row.save()
    return version


@transaction.atomic
def submit(item: Assignment, *, by: Person, at: datetime) -> None:
    """送审：closes the version, hashes it, and signs it for the drafter; then the review gate has it."""
    taking = begin(item, Deed.SUBMIT, by=by, at=at)
    version = taking.item.draft
    assert version is not None  # the step's condition
    version.submitted_at, version.submitted_by, version.digest = at, by, version.text_digest()
    version.save()
    taking.item.forget()
    taking.strike(Gate.REVIEW, Gate.ISSUE)
    taking.sign(Gate.REVIEW, Role.HANDLER, version.digest, submission=True)
    taking.done(f"稿本{version.number}", digest=version.digest, version=version.number)


@transaction.atomic
def take_hollow(item: Assignment, *, on: date, reason: str, paper: Upload, by: Person, at: datetime) -> None:
    """登记主办单位退回协办意见：ours was found hollow; a new version is due in the profile's days (R27)."""
    require(主办单位的理由=reason)
    taking = begin(item, Deed.HOLLOW, by=by, at=at)
    within(taking.item, on, taking.on)
    scan = filing.store(paper, purpose="主办单位退回函", by=by, at=at, assignment=taking.item)
    taking.strike(Gate.REVIEW, Gate.ISSUE)
    reopen(taking)
    taking.done(f"{zh(on)}主办单位退回（外部单位办理）：{reason}", since=on, paper=scan.sha256)
