"""承诺与回访 (S24, S25, R60–R63)."""

from datetime import date, datetime

from django.db import transaction

from huiyin.actions import _clocks, filing
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.contacting import within
from huiyin.actions.filing import Upload
from huiyin.models import Assignment, ClassChange, Commitment, FollowUpVisit, Person, Progress, Section
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import OPEN_COMMITMENT, ClockKind, CommitmentState, Deed, Method, Status

ENDED = {CommitmentState.FULFILLED, CommitmentState.IMPOSSIBLE}


@transaction.atomic
def promise(
    item: Assignment, *, content: str, section: Section, owner: Person, due_on: date, by: Person, at: datetime
) -> Commitment:
    """列承诺事项, with an owner and a date."""
    require(承诺事项=content)
    taking = begin(item, Deed.PROMISE, by=by, at=at)
    if due_on <= taking.item.assigned_on:
        raise Refused("完成期限应晚于交办日期")
    if section.unit_id != taking.item.unit_id or owner.unit_id != taking.item.unit_id:
        raise Refused("责任科室和责任人应是本单位的")
    row = Commitment.objects.create(
        assignment=taking.item, content=content.strip(), section=section, owner=owner, due_on=due_on
    )
    _clocks.start_fixed(
        taking.item, ClockKind.PROMISE, row=row.pk, on=taking.on, due=due_on, basis="答复中承诺的完成期限"
    )
    taking.done(f"{content}，{owner.name}，{zh(due_on)}前")
    return row


@transaction.atomic
def progress(
    item: Assignment,
    commitment: Commitment,
    *,
    on: date,
    text: str,
    state: CommitmentState,
    evidence: Upload | None = None,
    informed_on: date | None = None,
    by: Person,
    at: datetime,
) -> Assignment:
    """登记承诺进展. 已落实 needs evidence; it and 不能落实 need the day the deputy was told in writing (R60).

    When the last promise of a tracked item is ended, the item is closed.
    """
    require(进展=text)
    taking = begin(item, Deed.PROGRESS, by=by, at=at)
    row = (
        taking.item.commitments.select_for_update(of=("self",), no_key=True).filter(pk=commitment.pk).first()
    )
    if row is None or row.state not in OPEN_COMMITMENT:
        raise Refused("这项承诺不属于本件，或已经了结")
    within(taking.item, on, taking.on)
    if informed_on is not None:
        within(taking.item, informed_on, taking.on)
    _ended(state, evidence, informed_on)
    paper = (
        filing.store(evidence, purpose="承诺落实材料", by=by, at=at, assignment=taking.item)
        if evidence
        else None
    )
    Progress.objects.create(
        commitment=row, on=on, text=text, state=state, evidence=paper, recorded_by=by, recorded_at=at
    )
    row.state = state
    if state in ENDED:
        row.done_on, row.informed_on = on, informed_on
        _clocks.stop(taking.item, [ClockKind.PROMISE], on=on, row=row.pk)
    row.save()
    taking.done(f"{row.content[:30]}：{state.label}，{text}")
    return _finish(taking)


def _ended(state: CommitmentState, evidence: Upload | None, informed_on: date | None) -> None:
    missing = []
    if state == CommitmentState.FULFILLED and evidence is None:
        missing.append("登记已落实须附支撑材料")
    if state in ENDED and informed_on is None:
        missing.append("了结承诺须写明书面告知代表的日期")
    if missing:
        raise Refused(missing)


def _finish(taking: Taking) -> Assignment:
    item = taking.item
    if item.status != Status.TRACKING or item.commitments.filter(state__in=OPEN_COMMITMENT).exists():
        return item
    closing = begin(item, Deed.FULFIL, by=taking.by, at=taking.at)
    closing.done()
    return closing.item


@transaction.atomic
def convert(
    item: Assignment, *, to_class: str, reason: str, evidence: Upload, by: Person, at: datetime
) -> ClassChange:
    """B类转A类 on evidence; what the reply said stays (R41, R61)."""
    require(转类的依据=reason)
    taking = begin(item, Deed.CONVERT, by=by, at=at)
    now = taking.item.current_class()
    goal = taking.item.profile.classes.get(to_class)
    if goal is None or not goal.solved:
        raise Refused("只能转为已经解决或者采纳的类别")
    paper = filing.store(evidence, purpose="转类支撑材料", by=by, at=at, assignment=taking.item)
    row = ClassChange.objects.create(
        assignment=taking.item, from_class=now, to_class=to_class, on=taking.on, reason=reason,
        evidence=paper, changed_by=by,
    )  # fmt: skip
    taking.done(f"{now}类转{to_class}类：{reason}")
    return row


@transaction.atomic
def plan_visit(item: Assignment, *, planned_on: date, by: Person, at: datetime) -> FollowUpVisit:
    """安排回访."""
    taking = begin(item, Deed.PLAN_VISIT, by=by, at=at)
    if planned_on < taking.item.assigned_on:
        raise Refused("计划日期早于交办日期")
    row = FollowUpVisit.objects.create(assignment=taking.item, planned_on=planned_on)
    _clocks.start_fixed(
        taking.item, ClockKind.VISIT, row=row.pk, on=taking.on, due=planned_on, basis="自行安排的回访"
    )
    taking.done(f"计划{zh(planned_on)}回访")
    return row


@transaction.atomic
def visit(
    item: Assignment,
    row: FollowUpVisit,
    *,
    on: date,
    method: Method,
    people: str,
    finding: str,
    by: Person,
    at: datetime,
) -> None:
    """登记回访."""
    require(回访人=people, 回访情况=finding)
    taking = begin(item, Deed.VISIT, by=by, at=at)
    own = taking.item.visits.filter(pk=row.pk, done_on__isnull=True).first()
    if own is None:
        raise Refused("这次回访不属于本件，或已经登记")
    within(taking.item, on, taking.on)
    own.done_on, own.method, own.people, own.finding, own.recorded_by = on, method, people, finding, by
    own.save()
    _clocks.stop(taking.item, [ClockKind.VISIT], on=on, row=own.pk)
    taking.done(f"{zh(on)}{method.label}：{finding}")
