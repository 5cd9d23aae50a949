"""征求意见的公共部分：one request to one unit, planned, sent, ended; shared by huiyin.actions.consulting and .linking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.actions import _clocks
from huiyin.actions._refused import Refused
from huiyin.actions._take import Taking
from huiyin.actions.signing import take_number
from huiyin.models import Assignment, CoOpinion, Unit
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import ClockKind, OpinionKind, OpinionState


@dataclass(frozen=True)
class Ask:
    """向一个单位征求什么. `due_on` None: by the profile. `again`: a later round, whose day is as agreed."""

    unit: Unit
    question: str = ""
    due_on: date | None = None
    again: bool = False


def own(item: Assignment, opinion: CoOpinion) -> CoOpinion:
    row = item.opinions.select_for_update(of=("self",), no_key=True).filter(pk=opinion.pk).first()
    if row is None:
        raise Refused("这条协办意见不属于本件")
    return row


def must(row: CoOpinion, state: OpinionState, verb: str) -> None:
    if row.state != state:
        raise Refused(f"{row.unit.short_name}的{what(row)}现为“{row.get_state_display()}”，不能{verb}")


def what(row: CoOpinion) -> str:
    return OpinionKind(row.kind).label if row.countersigns else "协办意见"


def fresh(item: Assignment, unit: Unit, **facts: Any) -> CoOpinion:
    """The unit's next one, not saved."""
    last = item.opinions.filter(unit=unit).order_by("-round").values_list("round", flat=True).first() or 0
    return CoOpinion(assignment=item, unit=unit, round=last + 1, **facts)


def unfit(taking: Taking, asks: Sequence[Ask], *, known: set[int]) -> list[str]:
    """Why these cannot be asked for the first time; `known` are those planned before."""
    item = taking.item
    asked = set(item.opinions.filter(kind=OpinionKind.OPINION).values_list("unit_id", flat=True)) - known
    again = [one.unit.short_name for one in asks if one.unit.pk in asked]
    pks = [one.unit.pk for one in asks]
    found = (
        [f"已请{'、'.join(again)}提过意见，或已拟定待发；还要问的，请用“再次征求协办意见”"] if again else []
    )
    found += ["不能请本单位协办"] if item.unit_id in pks else []
    found += ["同一个单位写了两次"] if len(set(pks)) < len(pks) else []
    return [*found, *wordless(item, asks), *(late(item, asks, taking.on) if not found else [])]


def wordless(item: Assignment, asks: Sequence[Ask]) -> list[str]:
    """A secret item carries no words here (R6)."""
    spoken = item.suggestion.secret and any(one.question.strip() for one in asks)
    return ["涉密件不在本系统写征求意见的内容，请按保密规定另行送达"] if spoken else []


def due(item: Assignment, ask: Ask, on: date) -> tuple[date, bool, bool]:
    """（何日前, 暂定, by the profile's clock）: the profile's period from the assignment, or an earlier day asked for; where
    that has passed, and in a later round, the day asked for."""
    clock = _clocks.planned(item, ClockKind.ASKED, on=item.assigned_on, fixed=ask.due_on)
    agreed = ask.again and ask.due_on is not None
    if clock is not None and clock.due_on > on and not agreed:
        return clock.due_on, clock.provisional, True
    if ask.due_on is None or ask.due_on <= on:
        over = "协办意见的期限"
        over = f"{over}{zh(clock.due_on)}已过" if clock else f"本规程没有定{over}"
        raise Refused(f"{ask.unit.short_name}：{over}，请写明请对方提出的日期（晚于发函日期）")
    return ask.due_on, False, False


def late(item: Assignment, asks: Sequence[Ask], on: date) -> list[str]:
    found = []
    for one in asks:
        try:
            due(item, one, on)
        except Refused as refused:
            found += refused.reasons
    return found


def send(taking: Taking, row: CoOpinion, ask: Ask, on: date) -> CoOpinion:
    """发出一条：its number is taken, its time runs."""
    item = taking.item
    row.due_on, row.due_provisional, legal = due(item, ask, on)
    row.state, row.requested_on, row.number = OpinionState.REQUESTED, on, number(item, on)
    row.save()
    if legal:
        _clocks.start(item, ClockKind.ASKED, on=item.assigned_on, fixed=ask.due_on, row=row.pk)
    else:
        fixed(item, row, "发函时商定的日期")
    row.refresh_from_db()
    return row


def fixed(item: Assignment, row: CoOpinion, basis: str) -> None:
    _clocks.start_fixed(item, ClockKind.ASKED, row=row.pk, on=row.requested_on, due=row.due_on, basis=basis)


def number(item: Assignment, on: date) -> str:
    """征求意见函文号 (R40)."""
    return take_number(item.profile.prefixes["request"], on.year)


def end(taking: Taking, row: CoOpinion, on: date) -> None:
    """不再等它：its time ends, and so do its links."""
    _clocks.stop(taking.item, [ClockKind.ASKED], on=on, row=row.pk)
    row.answer_links.filter(used_at__isnull=True, closed_at__isnull=True).update(closed_at=taking.at)


def said(rows: Sequence[CoOpinion], what: str = "提出") -> str:
    """For the journal: 南康区政府（…函〔2020〕3号）、市发展改革委（…）于6月29日前提出."""
    days = dict.fromkeys(row.due_on for row in rows)
    parts = []
    for day in days:
        names = "、".join(f"{row.unit.short_name}（{row.number}）" for row in rows if row.due_on == day)
        parts.append(f"{names}于{zh(day)}前{what}")
    return "，".join(parts)
