"""沟通与活动 (S12, S13, S19, R31–R34)."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from huiyin.actions import _clocks, filing
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import begin
from huiyin.actions.filing import Upload
from huiyin.models import Activity, Assignment, Contact, Exemption, Person, Proposer
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import ActivityKind, ClockKind, Deed, Method, Stage, Status

STAGES = {
    Stage.BEFORE: {Status.HANDLING},
    Stage.DURING: {Status.HANDLING, Status.REVIEW, Status.ISSUE, Status.ISSUED},
}


@transaction.atomic
def record_contact(
    item: Assignment,
    *,
    stage: Stage,
    on: date,
    method: Method,
    people: str,
    reached: Sequence[Proposer],
    content: str,
    view: str,
    response: str = "",
    paper: Upload | None = None,
    by: Person,
    at: datetime,
) -> Contact:
    """登记沟通：dated between assignment and today; 办后 only once the reply is out."""
    require(我方人员=people, 沟通内容=content, 代表意见=view)
    taking = begin(item, Deed.CONTACT, by=by, at=at)
    within(taking.item, on, taking.on)
    _fits(taking.item, stage)
    if not reached:
        raise Refused("还没有选沟通到的代表")
    if strangers := [one.name for one in reached if one.suggestion_id != taking.item.suggestion_id]:
        raise Refused(f"{'、'.join(strangers)}不是本件的提出人")
    scan = filing.store(paper, purpose="沟通记录", by=by, at=at, assignment=taking.item) if paper else None
    contact = Contact.objects.create(
        assignment=taking.item, stage=stage, on=on, method=method, people=people, content=content, view=view,
        response=response, paper=scan, recorded_by=by, recorded_at=at,
    )  # fmt: skip
    contact.reached.set(reached)
    _clocks.stop(taking.item, [ClockKind.CONTACT], on=on)
    names = taking.item.named(one.name for one in reached)
    taking.done(f"{stage.label}{method.label}{names}：{view}", contact=contact.pk, on=on)
    return contact


def within(item: Assignment, day: date, today: date) -> None:
    """A deed's own date lies between the assignment and today."""
    if day < item.assigned_on:
        raise Refused(f"日期{zh(day)}早于交办日期{zh(item.assigned_on)}")
    if day > today:
        raise Refused(f"日期{zh(day)}晚于今天")


def _fits(item: Assignment, stage: Stage) -> None:
    allowed = STAGES.get(stage)
    if allowed is not None and item.status not in allowed:
        raise Refused(f"本件现为“{item.get_status_display()}”，不能登记{stage.label}沟通")
    if stage == Stage.AFTER and item.reply is None:
        raise Refused("答复还没有签发，不能登记办后沟通")


@transaction.atomic
def record_activity(
    item: Assignment,
    *,
    kind: ActivityKind,
    on: date,
    place: str,
    people: str,
    findings: str,
    files: Sequence[Upload] = (),
    by: Person,
    at: datetime,
) -> Activity:
    """登记活动：调研、座谈、现场办公, with people, place, photographs, findings."""
    require(地点=place, 参加人员=people, 情况和结果=findings)
    taking = begin(item, Deed.ACTIVITY, by=by, at=at)
    within(taking.item, on, taking.on)
    activity = Activity.objects.create(
        assignment=taking.item, kind=kind, on=on, place=place, people=people, findings=findings,
        recorded_by=by, recorded_at=at,
    )  # fmt: skip
    activity.files.set(
        filing.store(one, purpose="活动材料", by=by, at=at, assignment=taking.item) for one in files
    )
    taking.done(f"{zh(on)}{kind.label}，{place}，{people}", activity=activity.pk)
    return activity


@transaction.atomic
def ask_exemption(item: Assignment, *, reason: str, by: Person, at: datetime) -> Exemption:
    """申请免予办前沟通：an exception needs a reason, and a leader (S12)."""
    require(免予沟通的理由=reason)
    taking = begin(item, Deed.ASK_EXEMPTION, by=by, at=at)
    if taking.item.exemption_pending():
        raise Refused("已有一份申请待批准")
    row = Exemption.objects.create(assignment=taking.item, reason=reason, asked_by=by, asked_at=at)
    taking.done(reason)
    return row


@transaction.atomic
def grant_exemption(item: Assignment, *, by: Person, at: datetime) -> None:
    """批准免予办前沟通, by a leader who did not ask for it."""
    taking = begin(item, Deed.GRANT_EXEMPTION, by=by, at=at)
    row = taking.item.exemption_pending()
    assert row is not None  # the step's condition
    if row.asked_by_id == by.pk:
        raise Refused("不能批准自己提出的申请")
    row.granted_by, row.granted_at = by, at
    row.save()
    _clocks.stop(taking.item, [ClockKind.CONTACT], on=taking.on)
    taking.done(row.reason)
