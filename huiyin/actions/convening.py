"""会议 (S10): items put before the leaders, and what was decided on them, chased until it is done."""

from datetime import date, datetime

from django.db import transaction

from huiyin.actions._errands import Target, begin_all, days_to_answer, send
from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import own_unit
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.models import AgendaItem, Assignment, LeadersMeeting, Person, Supervision
from huiyin.rules import permissions as p
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Deed, SupervisionKind, SupervisionSource


@transaction.atomic
def convene(*, name: str, on: date, place: str = "", by: Person, at: datetime) -> LeadersMeeting:
    """安排会议: its name once in a unit."""
    require(会议名称=name)
    unit = own_unit(by, Deed.CONVENE, at=at)
    if LeadersMeeting.objects.filter(unit=unit, name=name.strip()).exists():
        raise Refused(f"已经有“{name.strip()}”")
    row = LeadersMeeting.objects.create(
        unit=unit, name=name.strip(), on=on, place=place.strip(), convened_by=by
    )
    record_unit(unit, Deed.CONVENE, by=by, at=at, text=f"{row.name}，{zh(on)}", meeting=row.pk)
    return row


@transaction.atomic
def table(item: Assignment, *, meeting: LeadersMeeting, matter: str, by: Person, at: datetime) -> AgendaItem:
    """提请会议研究: an item and its matter on the agenda; only the office puts it on that of a meeting now past."""
    require(提请研究的事项=matter)
    taking = begin(item, Deed.TABLE, by=by, at=at)
    reasons = [] if meeting.unit_id == taking.item.unit_id else [f"“{meeting}”不是本单位的会议"]
    if meeting.on < taking.on and not p.office(taking.actor, taking.item):
        reasons.append(f"“{meeting}”已于{zh(meeting.on)}开过，补列议题请办公室办")
    if meeting.agenda.filter(assignment=taking.item).exists():
        reasons.append(f"本件已列入“{meeting}”的议题")
    if reasons:
        raise Refused(reasons)
    row = AgendaItem.objects.create(
        meeting=meeting, assignment=taking.item, matter=matter.strip(), proposed_by=by, proposed_at=at
    )
    taking.done(f"{meeting}：{row.matter}", agenda=row.pk)
    return row


@transaction.atomic
def decide(
    item: Assignment, agenda: AgendaItem, *, decision: str, on: date, owner: Person | None = None,
    due_on: date | None = None, by: Person, at: datetime,
) -> Supervision | None:  # fmt: skip
    """登记会议决定. With an owner it is an errand, chased like any other; without one it only stands on the item."""
    require(会议决定=decision)
    if owner is None:
        taking = begin(item, Deed.DECIDE, by=by, at=at)
        row = _decide(taking, agenda, decision, on)
        taking.done(f"{row.meeting}：{row.decision}", agenda=row.pk)
        return None
    begun = begin_all([Target(item, owner)], Deed.DECIDE, by=by, at=at)
    taking = begun[0][0]
    _decide(taking, agenda, decision, on)
    act = Supervision.objects.create(
        unit_id=taking.item.unit_id, kind=SupervisionKind.DECISION, source=SupervisionSource.LEADER,
        text=decision.strip(), required_on=days_to_answer(begun, due_on), issued_on=taking.on, issued_by=by,
        agenda_id=agenda.pk,
    )  # fmt: skip
    send(act, begun, given=due_on is not None)
    return act


def _decide(taking: Taking, agenda: AgendaItem, decision: str, on: date) -> AgendaItem:
    row = taking.item.agenda.select_related("meeting").filter(pk=agenda.pk, decided_on__isnull=True).first()
    if row is None:
        raise Refused("这项议题不属于本件，或已经登记决定")
    if not row.meeting.on <= on <= taking.on:
        raise Refused(f"决定日期应在会议的{zh(row.meeting.on)}到今天之间")
    row.decision, row.decided_on, row.recorded_by = decision.strip(), on, taking.by
    row.save()
    return row
