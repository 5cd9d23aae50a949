"""督办事项的发出：what urging, supervising, a leader's note and a meeting's decision have in common.

One act asks something on one item or several. Each errand has a clock of its own, and its owner is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby

from huiyin import notices
from huiyin.actions import _clocks
from huiyin.actions._refused import Refused
from huiyin.actions._take import Taking, begin
from huiyin.models import Assignment, Errand, Person, Supervision, Unit
from huiyin.rules.dates import md, zh
from huiyin.rules.vocabulary import (
    ClockKind,
    Deed,
    ErrandState,
    NoticeKind,
    OpinionState,
    Role,
    SupervisionKind,
)

WAITING = (ErrandState.SENT, ErrandState.RECEIVED)


@dataclass(frozen=True)
class Target:
    """催办、督办的对象：an item, and of whom it asks; `outside` is a co-handling unit, whose `owner` chases it."""

    item: Assignment
    owner: Person
    outside: Unit | None = None

    @classmethod
    def unit(cls, item: Assignment, unit: Unit, by: Person) -> Target:
        """A co-handling unit: the handler chases it, or where there is none who urges."""
        return cls(item, item.handler if item.handler and item.handler.is_active else by, unit)

    @property
    def name(self) -> str:
        return self.outside.short_name if self.outside else self.owner.name


Begun = list[tuple[Taking, list[Target]]]


def begin_all(targets: Sequence[Target], deed: Deed, *, by: Person, at: datetime) -> Begun:
    """Lock each item once, in order, and check the step and the targets; Refused with the reasons of all items."""
    if not targets:
        raise Refused("还没有选催办、督办的对象")
    targets = list(dict.fromkeys(targets))  # who is ticked twice is asked once
    begun, reasons, many = Begun(), list[str](), len({one.item.pk for one in targets}) > 1
    for _, group in groupby(sorted(targets, key=lambda one: one.item.pk), key=lambda one: one.item.pk):
        own = list(group)
        try:
            begun.append((begin(own[0].item, deed, by=by, at=at), own))
            found = [reason for one in own for reason in unfit(begun[-1][0], one)]
        except Refused as refused:
            found = refused.reasons
        reasons += [f"第{own[0].item.suggestion.number}号：{one}" if many else one for one in found]
    if reasons:
        raise Refused(reasons)
    return begun


def unfit(taking: Taking, target: Target) -> list[str]:
    """Why this person or unit cannot be asked."""
    item, owner, outside = taking.item, target.owner, target.outside
    found = [] if owner.is_active else [f"{owner.name}已停用"]
    if owner.unit_id != item.unit_id or owner.posts.filter(role=Role.ADMINISTRATOR).exists():
        found.append(f"{owner.name}不是本单位办理建议的人员")
    if outside and not item.opinions.filter(unit=outside, state=OpinionState.REQUESTED).exists():
        found.append(f"没有在等{outside.short_name}的协办意见")
    return found


def already(item: Assignment, kind: SupervisionKind, target: Target) -> str:
    """已经催办而没有答复: said with the day since; "" when there is none."""
    rows = Errand.objects.filter(assignment=item, supervision__kind=kind, state__in=WAITING)
    own = (
        rows.filter(outside=target.outside)
        if target.outside
        else rows.filter(owner=target.owner, outside=None)
    )
    row = own.select_related("supervision").order_by("pk").first()
    if row is None:
        return ""
    act = row.supervision
    return f"{md(act.issued_on)}已向{target.name}发{act}，要求{md(row.due_on)}前答复，还没有答复"


def days_to_answer(begun: Begun, due_on: date | None) -> date:
    """要求何日前答复：the day given, not before today; or the latest of the profiles' periods."""
    taking = begun[0][0]
    if due_on is not None:
        if due_on < taking.on:
            raise Refused(f"要求答复的日期{zh(due_on)}已经过去")
        return due_on
    clocks = [_clocks.planned(one.item, ClockKind.ERRAND, on=one.on) for one, _ in begun]
    if days := [one.due_on for one in clocks if one]:
        return max(days)
    raise Refused("办理规程没有定答复的期限，请写明要求何日前答复")


def send(act: Supervision, begun: Begun, *, given: bool) -> list[Errand]:
    """发出：one errand and one clock for each target, one row in each item's journal, each owner told.
    `given`: the act names the day itself, else each item goes by its profile."""
    rows = list[Errand]()
    for taking, targets in begun:
        own = [_errand(act, taking, target, given) for target in targets]
        taking.done(_said(act, own), supervision=act.pk, number=act.number)
        rows += own
    return rows


def _errand(act: Supervision, taking: Taking, target: Target, given: bool) -> Errand:
    item = taking.item
    row = Errand.objects.create(
        supervision=act, assignment=item, owner=target.owner, outside=target.outside, due_on=act.required_on
    )
    start_clock(taking, row, act.required_on if given else None)
    if target.owner != taking.by:
        text = f"{notices.subject(item)}：{act}（{taking.by.name}），请于{md(row.due_on)}前答复：{act.text}"
        notices.tell(
            [target.owner.pk], NoticeKind.ERRAND, text, key=f"errand:{row.pk}", at=taking.at, item=item
        )
    return row


def start_clock(taking: Taking, row: Errand, due_on: date | None) -> None:
    """The errand's clock, by the day the paper names or by the profile."""
    item, kind = taking.item, ClockKind.ERRAND
    if due_on is not None:
        _clocks.start_fixed(
            item, kind, row=row.pk, on=taking.on, due=due_on, basis=f"{row.supervision}写明的日期"
        )
    elif _clocks.start(item, kind, on=taking.on, row=row.pk) is None:
        raise Refused("办理规程没有定答复的期限，请写明要求何日前答复")
    row.refresh_from_db()


def stop_clock(item: Assignment, row: Errand, on: date) -> None:
    _clocks.stop(item, [ClockKind.ERRAND], on=on, row=row.pk)


def _said(act: Supervision, rows: Iterable[Errand]) -> str:
    """For the journal: 催办〔2020〕1号，谢文斌，8月10日前答复：……"""
    own = list(rows)
    names = "、".join(row.whom for row in own)
    return f"{act}，{names}，{zh(own[0].due_on)}前答复：{act.text}"
