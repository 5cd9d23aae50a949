"""登记 (S1, S2, R1–R6, R9–R11): a suggestion enters, and the unit's assignment on it begins."""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils.timezone import localdate

from huiyin.actions import _clocks, filing
from huiyin.actions._journal import record_item, record_unit
from huiyin.actions._profiles import in_force
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import begin
from huiyin.actions.filing import Upload
from huiyin.models import Assignment, Category, Meeting, Person, Proposer, Suggestion, Unit
from huiyin.queries.actors import actor_of
from huiyin.rules.dates import zh
from huiyin.rules.permissions import may
from huiyin.rules.vocabulary import SIX, Deed, Kind, Level, Origin, Part, RoundKind, Status

EARLIEST = date(2000, 1, 1)


@dataclass(frozen=True)
class Entry:
    """一件的登记内容, as a form or a row of the assigning organ's sheet gives it."""

    meeting: Meeting  # the meeting the suggestion was made at
    number: str
    title: str
    text: str
    lead: str
    part: Part
    assigned_on: date
    received_on: date
    kind: Kind = Kind.SUGGESTION
    origin: Origin = Origin.SESSION
    category: Category | None = None
    delegation: str = ""
    co_signers: tuple[str, ...] = ()
    level: Level = Level.ORDINARY
    organ: Unit | None = None
    lead_unit: Unit | None = None
    co_units: tuple[Unit, ...] = field(default=())
    part_text: str = ""
    fixed_due_on: date | None = None
    six_months: bool = False
    confidential: bool = False
    secret: bool = False
    second: bool = False  # 二次办理


def check(entry: Entry, *, on: date, papers: bool = False) -> list[str]:
    """What is wrong with an entry, in sentences; empty when it may be registered. Its text may stand in its papers."""
    found = []
    for label, value in (("编号", entry.number), ("标题", entry.title), ("领衔代表", entry.lead)):
        if not value.strip():
            found.append(f"缺少{label}")
    found += _too_long(entry)
    if entry.secret and entry.text.strip():
        found.append("涉密件不得录入正文，只登记编号、单位和日期")
    if not entry.secret and not entry.text.strip() and not papers:
        found.append("缺少正文（或者上传原件）")
    if entry.assigned_on > on:
        found.append(f"交办日期{zh(entry.assigned_on)}晚于今天")
    if min(entry.assigned_on, entry.received_on) < EARLIEST:
        found.append(f"交办、收到日期不能早于{zh(EARLIEST)}")
    if entry.received_on > on:
        found.append(f"收到日期{zh(entry.received_on)}晚于今天")
    if entry.part == Part.CO and entry.lead_unit is None:
        found.append("协办件须写明主办单位")
    if entry.part == Part.SEPARATE and not entry.part_text.strip():
        found.append("分办件须写明本单位承办的内容")
    if entry.second and entry.part == Part.CO:
        found.append("二次办理件应由本单位主办")
    if entry.fixed_due_on and entry.fixed_due_on <= entry.assigned_on:
        found.append(f"办理时限{zh(entry.fixed_due_on)}不晚于交办日期")
    names = [entry.lead, *entry.co_signers]
    if len(set(names)) < len(names):
        found.append("领衔、联名代表有重名，请核对")
    return found


def _too_long(entry: Entry) -> list[str]:
    values: list[tuple[type[Model], str, str]] = [
        (Suggestion, "number", entry.number),
        (Suggestion, "title", entry.title),
        *((Proposer, "name", name) for name in (entry.lead, *entry.co_signers)),
        (Proposer, "delegation", entry.delegation),
        (Assignment, "part_text", entry.part_text),
    ]
    found = []
    for model, name, value in values:
        field: Any = model._meta.get_field(name)
        if field.max_length and len(value.strip()) > field.max_length:
            found.append(f"{field.verbose_name}有{len(value.strip())}个字，最多{field.max_length}个")
    if any("\0" in value for value in (entry.text, *(value for _, _, value in values))):
        found.append("文字里有不能保存的控制字符")
    return found


def existing(entry: Entry) -> Suggestion | None:
    """The same item already registered: by kind, meeting and number (R2)."""
    return Suggestion.objects.filter(
        kind=entry.kind, meeting=entry.meeting, origin=entry.origin, number=entry.number.strip()
    ).first()


@transaction.atomic
def register(
    entry: Entry, *, meeting: Meeting, by: Person, at: datetime, papers: tuple[Upload, ...] = ()
) -> Assignment:
    """登记一件, counted in the year's work of `meeting`. Refused when something is missing or it is there already."""
    on = localdate(at)
    if not may(actor_of(by, on), Deed.REGISTER) or by.unit is None:
        raise Refused("登记建议须由办公室专职人员或主任办理")
    if reasons := check(entry, on=on, papers=bool(papers)):
        raise Refused(reasons)
    # of two who register the same number, one is told
    Unit.objects.select_for_update(no_key=True).get(pk=by.unit.pk)
    suggestion = existing(entry)
    if suggestion is not None and not suggestion.assignments.filter(unit=by.unit).exists():
        raise Refused(f"{entry.meeting}第{entry.number}号已由其他单位登记")
    if suggestion is not None and not entry.second:
        raise Refused(f"{entry.meeting}第{entry.number}号已经登记过：{suggestion.title}")
    if suggestion is None:
        suggestion = _create(entry)
    item = _open(suggestion, entry, meeting=meeting, unit=by.unit, by=by, at=at)
    for paper in papers:
        filing.store(paper, purpose="建议原件", by=by, at=at, assignment=item, suggestion=suggestion)
    record_unit(by.unit, Deed.REGISTER, by=by, at=at, text=f"第{entry.number}号", item=item.pk)
    return item


def _create(entry: Entry) -> Suggestion:
    suggestion = Suggestion.objects.create(
        kind=entry.kind, origin=entry.origin, meeting=entry.meeting, number=entry.number.strip(),
        title=entry.title.strip(), text=entry.text.strip(), received_on=entry.received_on, category=entry.category,
        level=entry.level, confidential=entry.confidential, secret=entry.secret,
    )  # fmt: skip
    Proposer.objects.bulk_create(
        Proposer(
            suggestion=suggestion, name=name.strip(), is_lead=order == 0, order=order,
            delegation=entry.delegation if order == 0 else "",
        )
        for order, name in enumerate([entry.lead, *entry.co_signers])
    )  # fmt: skip
    return suggestion


def _open(
    suggestion: Suggestion, entry: Entry, *, meeting: Meeting, unit: Unit, by: Person, at: datetime
) -> Assignment:
    previous = suggestion.assignments.filter(unit=unit).order_by("-round").first()
    if entry.second and previous is not None:
        begin(previous, Deed.SECOND_HANDLE, by=by, at=at).done(f"转入{meeting}二次办理")
    profile = in_force(unit, Kind(suggestion.kind), at=at)
    item = Assignment.objects.create(
        suggestion=suggestion, meeting=meeting, unit=unit, part=entry.part, part_text=entry.part_text,
        lead_unit=entry.lead_unit, organ=entry.organ, assigned_on=entry.assigned_on, six_months=entry.six_months,
        round=(previous.round if previous else 1) + 1 if entry.second else 1, previous=previous,
        round_kind=RoundKind.SECOND if entry.second else RoundKind.FIRST,
        status=Status.NOTED if entry.part == Part.INFO else Status.PROPOSING, status_since=at,
        profile_name=profile.name, profile_version=profile.version,
    )  # fmt: skip
    if previous is not None:
        copy_people(previous, item)
    batch = meeting.fixed_due_on
    if (
        batch and batch <= entry.assigned_on
    ):  # assigned after the batch was due: 闭会 and late items have their period
        batch = None
    return _begun(item, entry.fixed_due_on or batch, by=by, at=at, units=entry.co_units)


def _begun(
    item: Assignment, fixed: date | None, *, by: Person, at: datetime, units: tuple[Unit, ...] = ()
) -> Assignment:
    if item.part != Part.INFO:
        _clocks.start_all(item, fixed=fixed)
    item.named_co_units.set(units)
    record_item(
        item, Deed.REGISTER, by=by, at=at, target=item.status,
        text=f"{item.organ.short_name if item.organ else ''}{zh(item.assigned_on)}交办，{item.part_label()}",
    )  # fmt: skip
    return item


def copy_people(source: Assignment, target: Assignment) -> None:
    """下一轮沿用上一轮的科室和六人, to be confirmed at the gate."""
    target.section, target.responsible_leader = source.section, source.responsible_leader
    for role in SIX:
        setattr(target, role.value, source.person(role))
    target.save()


@transaction.atomic
def withdraw(item: Assignment, *, on: date, reason: str, paper: Upload, by: Person, at: datetime) -> None:
    """登记撤回 (R5): the proposers asked in writing; handling ends at once."""
    require(撤回的情况=reason)
    taking = begin(item, Deed.WITHDRAW, by=by, at=at)
    if on > taking.on:
        raise Refused(f"日期{zh(on)}晚于今天")
    scan = filing.store(paper, purpose="撤回申请", by=by, at=at, assignment=taking.item)
    taking.done(f"{zh(on)}代表书面撤回：{reason}", paper=scan.sha256)
