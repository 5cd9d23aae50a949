"""督办方案 (R65): of a key-supervised item: who leads, which meeting decided so, and what is to be done by when."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from huiyin.actions import _clocks
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.models import Assignment, Milestone, Person, SupervisionPlan
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import ClockKind, Deed, Role

LEADERS = (Role.BUSINESS_LEADER, Role.HANDLING_LEADER, Role.CHIEF_LEADER)
Steps = Sequence[tuple[str, date]]


@transaction.atomic
def plan(
    item: Assignment,
    *,
    leader: Person,
    decided_by: str,
    text: str,
    milestones: Steps,
    by: Person,
    at: datetime,
) -> SupervisionPlan:
    """制定督办方案, or change it: steps that are done stay, those that are not are replaced."""
    require(确定的会议=decided_by, 方案=text)
    taking = begin(item, Deed.PLAN, by=by, at=at)
    if reasons := _unfit(taking, leader, milestones):
        raise Refused(reasons)
    found, made = SupervisionPlan.objects.update_or_create(
        assignment=taking.item,
        defaults={
            "leader": leader, "decided_by": decided_by.strip(), "text": text.strip(), "made_by": by,
            "made_on": taking.on,
        },
    )  # fmt: skip
    _clear(taking, found)
    for words, due in milestones:
        row = Milestone.objects.create(plan=found, text=words.strip(), due_on=due)
        _clocks.start_fixed(
            taking.item, ClockKind.MILESTONE, row=row.pk, on=taking.on, due=due, basis="督办方案定的日期"
        )
    steps = "；".join(f"{zh(due)}前{words.strip()}" for words, due in milestones)
    taking.done(
        f"{'' if made else '修改：'}{leader.name}督办，{decided_by.strip()}确定。{steps}", plan=found.pk
    )
    return found


def _unfit(taking: Taking, leader: Person, milestones: Steps) -> list[str]:
    found = [] if milestones else ["督办方案至少要有一个节点，写明何日前完成什么"]
    leads = leader.posts.filter(role__in=LEADERS, unit=taking.item.unit_id).exists()
    if not (leader.is_active and leads):
        found.append(f"督办领导应是本单位的局领导，{leader.name}不是")
    found += [f"节点“{words}”的日期{zh(due)}已经过去" for words, due in milestones if due < taking.on]
    return found + [f"{zh(due)}的节点没有写内容" for words, due in milestones if not words.strip()]


def _clear(taking: Taking, found: SupervisionPlan) -> None:
    """Drop the steps that are not done, and stop their clocks."""
    for row in found.milestones.filter(done_on__isnull=True):
        _clocks.stop(taking.item, [ClockKind.MILESTONE], on=taking.on, row=row.pk)
        row.delete()


@transaction.atomic
def milestone(item: Assignment, row: Milestone, *, on: date, text: str, by: Person, at: datetime) -> None:
    """登记方案节点完成."""
    require(完成情况=text)
    taking = begin(item, Deed.MILESTONE, by=by, at=at)
    own = taking.item.open_milestones().filter(pk=row.pk).first()
    if own is None:
        raise Refused("这个节点不属于本件的督办方案，或已经完成")
    if not taking.item.assigned_on <= on <= taking.on:
        raise Refused(f"完成日期应在交办的{zh(taking.item.assigned_on)}到今天之间")
    own.done_on, own.done_text = on, text.strip()
    own.save()
    _clocks.stop(taking.item, [ClockKind.MILESTONE], on=on, row=own.pk)
    taking.done(f"{own.text}：{own.done_text}", milestone=own.pk)
