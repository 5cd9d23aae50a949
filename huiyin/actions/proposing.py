"""拟办与签收 (S6–S9, R12–R19): the assignment gate's proposal, the section's sign-in, and returns."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from huiyin.actions import _clocks, filing
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.filing import Upload
from huiyin.models import Assignment, Clock, Person, Section
from huiyin.queries.organisation import holder, holders
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import SIX, ClockKind, Deed, Gate, Role


@dataclass(frozen=True)
class Proposal:
    """拟办意见：section, responsible leader, the six people, and an earlier due date if one is set."""

    section: Section
    people: dict[Role, Person]
    responsible_leader: Person | None = None
    due_on: date | None = None
    opinion: str = ""


def proposal_digest(item: Assignment, opinion: str) -> str:
    """What the assignment gate signs: section, leaders, people, date, and the opinion they are put forward with."""
    parts = [
        item.section_id,
        item.responsible_leader_id,
        item.due_on,
        *(item.person_id(role) for role in (*SIX, Role.CHIEF_LEADER)),
        opinion,
    ]
    return hashlib.sha256("|".join(map(str, parts)).encode()).hexdigest()


@transaction.atomic
def propose(item: Assignment, proposal: Proposal, *, by: Person, at: datetime) -> None:
    """提出拟办意见: fills in who handles the item and by when, and puts it before the assignment gate."""
    locked = Assignment.objects.select_for_update(of=("self",), no_key=True).get(pk=item.pk)
    before = _state(locked)
    _fill(locked, proposal, by)
    taking = begin(locked, Deed.PROPOSE, by=by, at=at)
    taking.sign(
        Gate.ASSIGN,
        Role.CLERK,
        proposal_digest(taking.item, proposal.opinion),
        opinion=proposal.opinion,
        submission=True,
    )
    taking.done(
        f"拟由{proposal.section.short_name}承办，责任领导{_name(taking.item.responsible_leader)}",
        before=before, after=_state(taking.item), opinion=proposal.opinion,
    )  # fmt: skip


def _fill(item: Assignment, proposal: Proposal, by: Person) -> None:
    if proposal.section.unit_id != item.unit_id:
        raise Refused(f"{proposal.section}不是本单位的科室")
    item.section = proposal.section
    for role, person in proposal.people.items():
        check_holder(item, role, person)
        setattr(item, role.value, person)
    item.clerk = by if by in holders(Role.CLERK, item.unit) else item.clerk or by  # who proposes, keeps it
    item.chief_leader = holder(Role.CHIEF_LEADER, item.unit)
    item.responsible_leader = proposal.responsible_leader or item.business_leader
    item.save()
    _set_due(item, proposal.due_on)


def check_holder(item: Assignment, role: Role, person: Person) -> None:
    """The person must hold that post (of the item's section): a list on a page is no lock."""
    section = item.section if role in {Role.HANDLER, Role.SECTION_HEAD, Role.BUSINESS_LEADER} else None
    if person not in holders(role, item.unit, section):
        raise Refused(
            f"{person.name}没有担任{item.section.short_name if section and item.section else ''}{role.label}"
        )


def _set_due(item: Assignment, wanted: date | None) -> None:
    kind = ClockKind.REPLY if item.answers else ClockKind.OPINION
    clock = item.clock(kind)
    if wanted is None or wanted == item.due_on:
        return
    if wanted <= item.assigned_on:
        raise Refused("办理时限应晚于交办日期")
    if clock is None:  # the place sets no such limit: the date is the proposal's own
        _clocks.start(item, kind, on=item.assigned_on, fixed=wanted)
        return
    if clock.extensions.exists() or clock.suspensions.exists():
        raise Refused("本件延过期或中止过计时，办理时限不在拟办时改动")
    legal = _clocks.planned(item, kind, on=clock.start_on, fixed=_fixed(clock))
    if legal and wanted > legal.due_on:
        raise Refused(f"办理时限不能晚于{zh(legal.due_on)}：自{zh(clock.start_on)}交办起算的期限到这一天为止")
    _clocks.start(item, kind, on=clock.start_on, fixed=wanted)


def _fixed(clock: Clock) -> date | None:
    """交办机关定的答复日, if any: what the first clock from that day was started with."""
    first = clock.assignment.clocks.filter(kind=clock.kind, start_on=clock.start_on).order_by("pk").first()
    return first.no_later_than if first else None


def _name(person: Person | None) -> str:
    return person.name if person else "—"


def _state(item: Assignment) -> dict[str, str]:
    people = {role.label: _name(item.person(role)) for role in (*SIX, Role.CHIEF_LEADER)}
    return {
        "科室": str(item.section or ""),
        "责任领导": _name(item.responsible_leader),
        "时限": str(item.due_on),
        **people,
    }


@transaction.atomic
def change_people(
    item: Assignment, people: dict[Role, Person], *, reason: str, by: Person, at: datetime
) -> None:
    """调整经办人员 after the gate, with a reason: a post nobody can fill any more never locks an item."""
    require(调整的理由=reason)
    taking = begin(item, Deed.CHANGE_PEOPLE, by=by, at=at)
    before = _state(taking.item)
    for role, person in people.items():
        check_holder(taking.item, role, person)
        setattr(taking.item, role.value, person)
    line = [taking.item.person_id(role) for role in (Role.HANDLER, Role.SECTION_HEAD, Role.BUSINESS_LEADER)]
    if len(set(line)) < len(line):
        raise Refused("承办人、科室负责人、分管业务局领导须为不同的人")
    taking.item.save()
    changed = "，".join(f"{role.label}改为{person.name}" for role, person in people.items())
    taking.done(f"{changed}：{reason}", before=before, after=_state(taking.item))


@transaction.atomic
def accept(item: Assignment, *, by: Person, at: datetime) -> None:
    """签收: late signing-in moves no legal date (R13)."""
    taking = begin(item, Deed.ACCEPT, by=by, at=at)
    taking.item.accepted_on, taking.item.accepted_by = taking.on, by
    taking.done()


@transaction.atomic
def ask_return(item: Assignment, *, reason: str, by: Person, at: datetime) -> None:
    """科室申请退办, with a reason; the periods keep running (R17)."""
    require(退办理由=reason)
    begin(item, Deed.ASK_RETURN, by=by, at=at).done(reason)


@transaction.atomic
def keep(item: Assignment, *, reason: str, by: Person, at: datetime) -> None:
    """不同意退办：the section signs in again and goes on."""
    require(不同意的理由=reason)
    begin(item, Deed.KEEP, by=by, at=at).done(reason)


@transaction.atomic
def reassign(item: Assignment, *, reason: str, by: Person, at: datetime) -> None:
    """改派科室：back to the proposal; every sign-off of the gate is struck."""
    require(改派的理由=reason)
    taking = begin(item, Deed.REASSIGN, by=by, at=at)
    taking.strike(*Gate)
    taking.item.accepted_on = taking.item.accepted_by = None
    taking.done(reason)


@transaction.atomic
def report_return(
    item: Assignment, *, reason: str, proposed_unit: str, chief_agreed: bool, by: Person, at: datetime
) -> None:
    """报交办机关退办 (R16, R19): within the window; the second time only with the chief's signature."""
    require(退办理由=reason, 建议改由哪个单位承办=proposed_unit)
    taking = begin(item, Deed.REPORT_RETURN, by=by, at=at)
    before = taking.item.events.filter(deed=Deed.REPORT_RETURN).count()
    if before and taking.item.profile.second_return_needs_chief and not chief_agreed:
        raise Refused("本单位对此件已申请过退办，再次申请须经主要负责人签字同意")
    taking.done(f"{reason}；建议由{proposed_unit}承办", chief_agreed=chief_agreed)


@transaction.atomic
def decide_return(
    item: Assignment, *, agreed: bool, on: date, note: str, paper: Upload, by: Person, at: datetime
) -> None:
    """登记交办机关的退办决定 (R17), recorded by the clerk with the organ's paper (R85)."""
    taking = begin(item, Deed.RETURN_AGREED if agreed else Deed.RETURN_REFUSED, by=by, at=at)
    _not_after(on, taking)
    scan = filing.store(paper, purpose="退办决定", by=by, at=at, assignment=taking.item)
    if not agreed:
        taking.item.accepted_on = taking.item.accepted_by = None
    taking.done(
        f"{zh(on)}交办机关{'同意退办' if agreed else '不同意退办，应当继续办理'}（外部机关办理）。{note}",
        paper=scan.sha256,
    )


def _not_after(day: date, taking: Taking) -> None:
    if day > taking.on:
        raise Refused(f"日期{zh(day)}晚于今天")
