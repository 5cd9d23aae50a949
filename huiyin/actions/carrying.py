"""转入往年台账 (R74): items of past years that were handled elsewhere come in as real rows: the reply with its number and
day, the class, the evaluation, the promises still open. Nothing of them runs or waits for a signature."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.actions import _clocks, registering
from huiyin.actions._bulk import insert_all
from huiyin.actions._journal import record_item
from huiyin.actions._own_unit import own_unit
from huiyin.actions._profiles import in_force
from huiyin.actions._refused import Refused
from huiyin.actions.registering import Entry
from huiyin.models import (
    Assignment,
    ClassChange,
    Clock,
    Commitment,
    Contact,
    Delivery,
    Evaluation,
    Person,
    Reply,
    ReplyVersion,
    Section,
    StoredFile,
    Unit,
)
from huiyin.models.reply import reply_title
from huiyin.rules.dates import zh
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import (
    FACE_TO_FACE,
    OPEN_COMMITMENT,
    ClockKind,
    CommitmentState,
    Deed,
    DeliveryMethod,
    Disclosure,
    EntryMode,
    Method,
    Part,
    Rating,
    Role,
    RoundKind,
    Stage,
    Status,
    VersionOrigin,
)

BODY = "（往年台账转入，答复原文存纸质档案。）"
BASIS = "往年台账所载"
NO_REASON = "往年台账没有载明原因"


@dataclass(frozen=True)
class Promise:
    """台账上的承诺."""

    content: str
    due_on: date
    state: CommitmentState = CommitmentState.NOT_STARTED


@dataclass(frozen=True)
class Past:
    """往年的一件, as an old ledger has it. `unmatched`: what could not be matched, in words, for the journal."""

    entry: Entry
    signed_on: date
    reply_number: str = ""
    signatory: str = ""
    body: str = ""
    outcome: str = ""
    current: str = ""
    disclosure: Disclosure | None = None
    published_on: date | None = None
    public_url: str = ""
    section: Section | None = None
    leader: Person | None = None
    people: dict[Role, Person] = field(default_factory=dict)
    accepted_on: date | None = None
    contact_on: date | None = None
    contact_method: Method | None = None
    met_on: date | None = None
    delivered_on: date | None = None
    attitude: Rating | None = None
    rating: Rating | None = None
    rated_on: date | None = None
    reason: str = ""
    promises: tuple[Promise, ...] = ()
    archive_number: str = ""
    note: str = ""
    unmatched: tuple[str, ...] = ()


def check_past(past: Past, *, on: date, profile: Profile) -> list[str]:
    """What is wrong with it, besides its registration; in sentences."""
    found, entry = list[str](), past.entry
    for label, day in (
        ("答复日期", past.signed_on),
        ("评价日期", past.rated_on),
        ("首次沟通日期", past.contact_on),
    ):
        if day and day > on:
            found.append(f"{label}{zh(day)}晚于今天")
    if past.signed_on < entry.assigned_on:
        found.append(f"答复日期{zh(past.signed_on)}早于交办日期{zh(entry.assigned_on)}")
    if past.rated_on and past.rated_on < past.signed_on:
        found.append(f"评价日期{zh(past.rated_on)}早于答复日期{zh(past.signed_on)}")
    for letter in dict.fromkeys(filter(None, (past.outcome, past.current))):
        if letter not in profile.classes:
            found.append(f"现行办理规程没有{letter}类，只有{'、'.join(profile.classes)}类")
    for label, value, longest in (
        ("归档号", past.archive_number, 60), ("备注", past.note, 500), ("答复文号", past.reply_number, 60),
        ("签发人", past.signatory, 40),
    ):  # fmt: skip
        if len(value) > longest:
            found.append(f"{label}有{len(value)}个字，最多{longest}个")
    if past.current and not past.outcome:
        found.append("有现类别，缺少答复时的类别")
    return found


@transaction.atomic
def carry_in_all(pasts: Sequence[Past], *, source: StoredFile, by: Person, at: datetime) -> list[Assignment]:
    """转入: each past item with all its rows, whose evidence is the ledger it stood in. All or none."""
    unit = own_unit(by, Deed.IMPORT, at=at, what=Deed.CARRY_IN.label)
    entries = [past.entry for past in pasts]
    if there := registering.known(entries):
        raise Refused([f"{one.meeting}第{one.number}号已经登记过：{one.title}" for one in there.values()])
    suggestions = registering.create_all(entries, {})
    profiles = {kind: in_force(unit, kind, at=at) for kind in {entry.kind for entry in entries}}
    items = [
        _item(past, suggestion, profiles[past.entry.kind], unit, at)
        for past, suggestion in zip(pasts, suggestions, strict=True)
    ]
    insert_all(items)
    registering.name_units((item, past.entry.co_units) for item, past in zip(items, pasts, strict=True))
    for item, past in zip(items, pasts, strict=True):
        _facts(item, past, source=source, by=by, at=at)
        record_item(
            item,
            Deed.CARRY_IN,
            by=by,
            at=at,
            target=item.status,
            text=_said(item, past),
            ledger=source.sha256,
        )
    return items


def _item(past: Past, suggestion: Any, profile: Profile, unit: Unit, at: datetime) -> Assignment:
    entry = past.entry
    status = Status.NOTED if entry.part == Part.INFO else Status.TRACKING if _open(past) else Status.CLOSED
    item = Assignment(
        suggestion=suggestion, number_key=suggestion.number_key, meeting=entry.meeting, unit=unit, part=entry.part, part_text=entry.part_text,
        lead_unit=entry.lead_unit, organ=entry.organ, assigned_on=entry.assigned_on, due_on=entry.fixed_due_on,
        round=2 if entry.second else 1, round_kind=RoundKind.SECOND if entry.second else RoundKind.FIRST,
        status=status, status_since=at, profile_name=profile.name, profile_version=profile.version,
        archive_number=past.archive_number, note=past.note, section=past.section, responsible_leader=past.leader, accepted_on=past.accepted_on,
        closed_on=max(past.signed_on, past.rated_on or past.signed_on) if status == Status.CLOSED else None,
    )  # fmt: skip
    for role, person in past.people.items():
        setattr(item, role.value, person)
    return item


def _open(past: Past) -> bool:
    return any(one.state in OPEN_COMMITMENT for one in _promises(past))


def _promises(past: Past) -> tuple[Promise, ...]:
    """Those that can be kept as rows: somebody must answer for them."""
    return past.promises if past.section else ()


def _facts(item: Assignment, past: Past, *, source: StoredFile, by: Person, at: datetime) -> None:
    if item.part == Part.INFO:
        return
    _reply(item, past, by=by, at=at)
    if past.entry.fixed_due_on:
        Clock.objects.create(
            assignment=item, kind=ClockKind.OPINION if item.part == Part.CO else ClockKind.REPLY,
            start_on=item.assigned_on, no_later_than=past.entry.fixed_due_on, due_on=past.entry.fixed_due_on,
            basis=BASIS, stopped_on=past.signed_on,
        )  # fmt: skip
    _contacts(item, past, by=by, at=at)
    if past.attitude or past.rating:
        _evaluation(item, past, by=by, at=at)
    if past.current and past.current != past.outcome:
        ClassChange.objects.create(
            assignment=item, from_class=past.outcome, to_class=past.current, on=past.rated_on or past.signed_on,
            reason=BASIS, evidence=source, changed_by=by,
        )  # fmt: skip
    for promise in _promises(past):
        _commitment(item, past, promise, by)


def _contacts(item: Assignment, past: Past, *, by: Person, at: datetime) -> None:
    first = past.contact_method or (Method.MEETING if past.met_on == past.contact_on else Method.OTHER)
    days = [(past.contact_on, first), (past.met_on, Method.MEETING)]
    if past.met_on == past.contact_on and first in FACE_TO_FACE:
        days.pop()
    for day, method in days:
        if day is not None:
            contact = Contact.objects.create(
                assignment=item, stage=Stage.BEFORE if day <= past.signed_on else Stage.AFTER, on=day, method=method,
                people=_who(past), content=BASIS, view=BASIS, recorded_by=by, recorded_at=at,
            )  # fmt: skip
            contact.reached.set(item.suggestion.proposers.filter(is_lead=True))


def _reply(item: Assignment, past: Past, *, by: Person, at: datetime) -> None:
    version = ReplyVersion.objects.create(
        assignment=item, number=1, title=reply_title(item)[:200], body=past.body or BODY, outcome_class=past.outcome,
        disclosure=past.disclosure or "", edited_by=by, edited_at=at, origin=VersionOrigin.LEDGER,
        submitted_by=by, submitted_at=at, digest="-",
    )  # fmt: skip
    version.digest = version.text_digest()
    version.save(update_fields=["digest"])
    people = list(Person.objects.filter(unit=item.unit, name=past.signatory)[:2]) if past.signatory else []
    reply = Reply.objects.create(
        assignment=item, version=version, number=past.reply_number, signed_on=past.signed_on,
        signatory=people[0] if len(people) == 1 else None, signed_name=past.signatory,
        published_on=past.published_on, public_url=past.public_url,
    )  # fmt: skip

    if past.delivered_on:
        Delivery.objects.bulk_create(
            Delivery(
                reply=reply, addressee=name, on=past.delivered_on, method=DeliveryMethod.POST, recorded_by=by
            )
            for name in item.addressees()
        )  # fmt: skip


def _evaluation(item: Assignment, past: Past, *, by: Person, at: datetime) -> None:
    lead = item.suggestion.proposers.get(is_lead=True)
    bad = Rating.DISSATISFIED in (past.attitude, past.rating)
    Evaluation.objects.create(
        assignment=item, proposer=lead, attitude=past.attitude or "", outcome=past.rating or "",
        reason=past.reason or (NO_REASON if bad else ""), on=past.rated_on or past.signed_on, mode=EntryMode.LEDGER,
        entered_by=by, entered_at=at,
    )  # fmt: skip


def _commitment(item: Assignment, past: Past, promise: Promise, by: Person) -> None:
    assert past.section is not None
    ended = promise.state not in OPEN_COMMITMENT
    day = past.rated_on or past.signed_on
    row = Commitment.objects.create(
        assignment=item, content=promise.content, section=past.section, due_on=promise.due_on, state=promise.state,
        owner=past.people.get(Role.HANDLER) or past.people.get(Role.SECTION_HEAD) or by,
        done_on=day if ended else None, informed_on=day if ended else None,
    )  # fmt: skip
    if not ended:
        _clocks.start_fixed(
            item, ClockKind.PROMISE, row=row.pk, on=past.signed_on, due=promise.due_on, basis=BASIS
        )


def _who(past: Past) -> str:
    return "、".join(dict.fromkeys(one.name for one in past.people.values())) or BASIS


def _said(item: Assignment, past: Past) -> str:
    words = [f"由往年台账转入：{zh(past.signed_on)}答复"]
    if past.reply_number:
        words.append(past.reply_number)
    if past.outcome:
        words.append(
            f"{past.outcome}类" + (f"，现{past.current}类" if past.current not in ("", past.outcome) else "")
        )
    if past.rating or past.attitude:
        words.append(f"评价{(past.rating or past.attitude or Rating.SATISFIED).label}")
    if past.delivered_on:
        words.append(f"{zh(past.delivered_on)}送达（方式台账未载，按邮寄记）")
    return "；".join(["，".join(words), *past.unmatched])
