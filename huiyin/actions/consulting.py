"""协办会商，作为主办 (S11, R26–R29): ask units for opinions, take them in, send hollow ones back, say what was used.

A round is planned, edited and sent together; a direct request is both in one. Outside units answer on paper, which the
clerk or handler enters (R85), or by a link (huiyin.actions.linking).
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction

from huiyin.actions import _asking, _clocks, filing, supervising
from huiyin.actions._asking import Ask
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.contacting import within
from huiyin.actions.filing import Upload
from huiyin.actions.replying import set_aside
from huiyin.models import Assignment, CoOpinion, Person, Unit
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import (
    AGREED,
    ClockKind,
    Deed,
    OpinionKind,
    OpinionState,
    OpinionUse,
    VersionOrigin,
)

OPEN = (OpinionState.PLANNED, OpinionState.REQUESTED)
ENDED = (OpinionState.RECEIVED, OpinionState.MISSING, OpinionState.WITHDRAWN)


# 一轮：拟定、发出


@transaction.atomic
def plan_requests(item: Assignment, asks: Sequence[Ask], *, by: Person, at: datetime) -> list[CoOpinion]:
    """拟定协办征求意见：the round as it now stands, in place of what was planned before; nobody is asked yet."""
    taking = begin(item, Deed.PLAN_REQUESTS, by=by, at=at)
    planned = {row.unit_id: row for row in taking.item.opinions.filter(state=OpinionState.PLANNED)}
    if not asks and not planned:
        raise Refused("还没有选协办单位")
    if reasons := _asking.unfit(taking, asks, known=set(planned)):
        raise Refused(reasons)
    for unit_id in planned.keys() - {one.unit.pk for one in asks}:
        planned[unit_id].delete()
    rows = [_planned(taking, one, planned.get(one.unit.pk)) for one in asks]
    names = "、".join(one.unit.short_name for one in asks)
    taking.done(f"拟请{names}提出意见" if names else "原拟定的都不再征求")
    return rows


def _planned(taking: Taking, ask: Ask, row: CoOpinion | None) -> CoOpinion:
    row = row or _asking.fresh(taking.item, ask.unit)
    row.question, row.state, row.requested_on = ask.question.strip(), OpinionState.PLANNED, taking.on
    row.due_on, row.due_provisional, _ = _asking.due(taking.item, ask, taking.on)
    row.save()
    return row


@transaction.atomic
def send_requests(
    item: Assignment, *, on: date, rows: Sequence[CoOpinion] | None = None, by: Person, at: datetime
) -> list[CoOpinion]:
    """发出协办征求意见：the planned ones chosen (None: all) go out together, each with its number, and their time runs."""
    taking = begin(item, Deed.SEND_REQUESTS, by=by, at=at)
    within(taking.item, on, taking.on)
    planned = list(taking.item.opinions.filter(state=OpinionState.PLANNED).select_related("unit"))
    chosen = planned if rows is None else [one for one in planned if one.pk in {row.pk for row in rows}]
    if not chosen:
        raise Refused("还没有选要发出的单位")
    if rows is not None and len(chosen) < len(rows):
        raise Refused("所选的单位里有已经发出或不再征求的，请刷新后再发")
    asks = [Ask(one.unit, one.question, _own_day(taking.item, one)) for one in chosen]
    if reasons := _asking.late(taking.item, asks, on):
        raise Refused(reasons)
    for row, ask in zip(chosen, asks, strict=True):
        _asking.send(taking, row, ask, on)
    taking.item.named_co_units.add(*(one.unit for one in chosen))
    taking.done(f"请{_asking.said(chosen)}", rows=[one.pk for one in chosen])
    return chosen


def _own_day(item: Assignment, row: CoOpinion) -> date | None:
    """何日前, where the person chose another day than the profile's."""
    clock = _clocks.planned(item, ClockKind.ASKED, on=item.assigned_on)
    return None if clock and clock.due_on == row.due_on else row.due_on


@transaction.atomic
def request_opinions(
    item: Assignment, *, units: Sequence[Unit], on: date, due_on: date | None = None, question: str = "",
    by: Person, at: datetime,
) -> list[CoOpinion]:  # fmt: skip
    """请协办单位提意见, planned and sent in one: due by the profile's period from the assignment (R26), or an earlier day
    asked for."""
    taking = begin(item, Deed.REQUEST_OPINION, by=by, at=at)
    within(taking.item, on, taking.on)
    if not units:
        raise Refused("还没有选协办单位")
    asks = [Ask(unit, question, due_on) for unit in units]
    if reasons := _asking.unfit(taking, asks, known=set()) or _asking.late(taking.item, asks, on):
        raise Refused(reasons)
    rows = [
        _asking.send(taking, _asking.fresh(taking.item, one.unit, question=question.strip()), one, on)
        for one in asks
    ]
    taking.item.named_co_units.add(*units)
    taking.done(f"请{_asking.said(rows)}", due=rows[0].due_on)
    return rows


@transaction.atomic
def ask_again(
    item: Assignment, opinion: CoOpinion, *, question: str = "", on: date, due_on: date | None = None,
    by: Person, at: datetime,
) -> CoOpinion:  # fmt: skip
    """再次征求：a new round to a unit that has answered, stayed silent, or whose request was withdrawn."""
    taking = begin(item, Deed.ASK_AGAIN, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    within(taking.item, on, taking.on)
    if row.state not in ENDED or row.countersigns:
        raise Refused(
            f"{row.unit.short_name}的{_asking.what(row)}现为“{row.get_state_display()}”，不能再次征求"
        )
    waiting = taking.item.opinions.filter(unit=row.unit, kind=OpinionKind.OPINION, state__in=OPEN)
    if waiting.exists():
        raise Refused(f"已在征求{row.unit.short_name}的意见，等对方提出后再征求")
    ask = Ask(row.unit, question.strip(), due_on, again=True)
    if reasons := [*_asking.wordless(taking.item, [ask]), *_asking.late(taking.item, [ask], on)]:
        raise Refused(reasons)
    again = _asking.send(taking, _asking.fresh(taking.item, row.unit, question=ask.question), ask, on)
    taking.done(f"再请{_asking.said([again])}", opinion=again.pk)
    return again


@transaction.atomic
def countersign(
    item: Assignment, *, units: Sequence[Unit], on: date, due_on: date, question: str = "", by: Person, at: datetime
) -> list[CoOpinion]:  # fmt: skip
    """送协办单位会签 (R28): the text as it stands is set aside, and that version is what they sign."""
    taking = begin(item, Deed.COUNTERSIGN, by=by, at=at)
    within(taking.item, on, taking.on)
    asks = [Ask(unit, question, due_on) for unit in units]
    if reasons := _unfit_to_sign(taking.item, asks, on):
        raise Refused(reasons)
    version = set_aside(taking, VersionOrigin.KEPT)
    rows = [
        _asking.fresh(
            taking.item, unit, kind=OpinionKind.COUNTERSIGN, version=version, question=question.strip(),
            requested_on=on, due_on=due_on,
        )
        for unit in units
    ]  # fmt: skip
    for row in rows:
        row.number = _asking.number(taking.item, on)
        row.save()
        _asking.fixed(taking.item, row, "送会签时写明的日期")
    taking.done(f"{version}送{_asking.said(rows, '会签')}", version=version.pk)
    return rows


def _unfit_to_sign(item: Assignment, asks: Sequence[Ask], on: date) -> list[str]:
    waiting = item.opinions.filter(kind=OpinionKind.COUNTERSIGN, state=OpinionState.REQUESTED)
    asked = set(waiting.values_list("unit_id", flat=True))
    found = [] if asks else ["还没有选会签单位"]
    found += [f"{one.unit.short_name}正在会签，还没有退回" for one in asks if one.unit.pk in asked]
    found += ["不能请本单位会签"] if any(one.unit.pk == item.unit_id for one in asks) else []
    found += (
        ["请对方会签的日期须晚于送签日期"] if any(one.due_on and one.due_on <= on for one in asks) else []
    )
    return found + _asking.wordless(item, asks)


# 登记对方的办理


@transaction.atomic
def accept_opinion(item: Assignment, opinion: CoOpinion, *, on: date, by: Person, at: datetime) -> None:
    """登记协办单位签收：the day it says it has our letter."""
    taking = begin(item, Deed.ACCEPT_OPINION, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    within(taking.item, on, taking.on)
    accept(taking, row, on)
    taking.done(f"{row.unit.short_name}{zh(on)}签收（外部单位办理）", opinion=row.pk)


def accept(taking: Taking, row: CoOpinion, on: date) -> None:
    """签收一条, on paper or by the link."""
    _asking.must(row, OpinionState.REQUESTED, "签收")
    if row.accepted_on is not None:
        raise Refused(f"{row.unit.short_name}已于{zh(row.accepted_on)}签收")
    if on < row.requested_on:
        raise Refused(f"签收日期{zh(on)}早于发函日期{zh(row.requested_on)}")
    row.accepted_on = on
    row.save()


@transaction.atomic
def receive_opinion(
    item: Assignment, opinion: CoOpinion, *, on: date, text: str = "", agreed: bool = False,
    paper: Upload | None = None, by: Person, at: datetime,
) -> None:  # fmt: skip
    """登记协办意见, with the unit's paper; late ones are theirs, not ours (R27). `agreed`: a countersign without views.
    Of one that came by the link before its paper, the paper is taken in."""
    taking = begin(item, Deed.RECEIVE_OPINION, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    within(taking.item, on, taking.on)
    if row.awaits_paper:
        require(对方来函=paper)
        row.paper = _paper(taking, row, paper)
        row.save()
        taking.done(f"{row.unit.short_name}{zh(on)}补送盖章件（外部单位办理）", opinion=row.pk)
        return
    text = AGREED if agreed and row.countersigns else text
    require(意见内容=text, 对方来函=paper)
    receive(taking, row, on=on, text=text, paper=paper)
    taking.done(f"{row.unit.short_name}{zh(on)}{_answered(row)}（外部单位办理）", opinion=row.pk)
    settle_errands(taking, row, on)


def receive(taking: Taking, row: CoOpinion, *, on: date, text: str, paper: Upload | None) -> None:
    """收下一条, on paper or by the link: what it says, its paper, and its time ends."""
    _asking.must(row, OpinionState.REQUESTED, "登记")
    if on < row.requested_on:
        raise Refused(f"收到日期{zh(on)}早于发函日期{zh(row.requested_on)}")
    row.paper = _paper(taking, row, paper)
    row.state, row.received_on, row.text = OpinionState.RECEIVED, on, text.strip()
    row.use = OpinionUse.ADOPTED if row.agreed else OpinionUse.PENDING
    row.save()
    _asking.end(taking, row, on)


def _answered(row: CoOpinion) -> str:
    if not row.countersigns:
        return "提出"
    return "会签同意" if row.agreed else "会签，有意见"


def _paper(taking: Taking, row: CoOpinion, paper: Upload | None) -> Any:
    purpose = f"{row.unit.short_name}{_asking.what(row)}"
    return (
        filing.store(paper, purpose=purpose, by=taking.by, at=taking.at, assignment=taking.item)
        if paper
        else None
    )


def settle_errands(taking: Taking, row: CoOpinion, on: date) -> None:
    """催要它的督办事项随即销号, unless the unit still owes us another one."""
    if not taking.item.opinions.filter(unit=row.unit, state=OpinionState.REQUESTED).exists():
        taking.item.forget()
        supervising.answered_by_opinion(taking.item, row, on=on, by=taking.by, at=taking.at)


@transaction.atomic
def return_opinion(item: Assignment, opinion: CoOpinion, *, reason: str, by: Person, at: datetime) -> None:
    """退回协办意见：no substance; a new round is due in the profile's days, the returned one is kept (R27)."""
    require(退回的理由=reason)
    taking = begin(item, Deed.RETURN_OPINION, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    _asking.must(row, OpinionState.RECEIVED, "退回")
    if row.countersigns:
        raise Refused("会签意见不退回；改过稿本后可以再送会签")
    row.state, row.note, row.use = OpinionState.HOLLOW, reason, OpinionUse.PENDING
    row.save()
    again = _asking.fresh(
        taking.item, row.unit, question=row.question, requested_on=taking.on, due_on=taking.on
    )
    again.save()
    _clocks.start(taking.item, ClockKind.ASKED, on=taking.on, row=again.pk, path="periods.resubmit")
    again.refresh_from_db()
    taking.done(f"{row.unit.short_name}：{reason}，请于{zh(again.due_on)}前重提", opinion=row.pk)


@transaction.atomic
def mark_missing(item: Assignment, opinion: CoOpinion, *, note: str, by: Person, at: datetime) -> None:
    """标注逾期未提交 (R28): only after its date; the reply may then go on without it."""
    require(说明=note)
    taking = begin(item, Deed.MARK_MISSING, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    if row.state != OpinionState.REQUESTED or row.due_on >= taking.on:
        raise Refused(f"{row.unit.short_name}的意见还没有逾期")
    row.state, row.note = OpinionState.MISSING, note
    row.save()
    _asking.end(taking, row, taking.on)
    taking.done(f"{row.unit.short_name}：{note}", opinion=row.pk)


@transaction.atomic
def withdraw_opinion(item: Assignment, opinion: CoOpinion, *, reason: str, by: Person, at: datetime) -> None:
    """撤回协办征求意见：nobody waits for it any more; one only planned is crossed out."""
    require(撤回的理由=reason)
    taking = begin(item, Deed.WITHDRAW_OPINION, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    if row.state not in OPEN:
        raise Refused(f"{row.unit.short_name}的{_asking.what(row)}现为“{row.get_state_display()}”，不能撤回")
    name, key = row.unit.short_name, row.pk
    if row.state == OpinionState.PLANNED:
        row.delete()
    else:
        row.state, row.note = OpinionState.WITHDRAWN, reason
        row.save()
        _asking.end(taking, row, taking.on)
    taking.done(f"{name}：{reason}", opinion=key)


@transaction.atomic
def use_opinion(
    item: Assignment, opinion: CoOpinion, *, use: OpinionUse, note: str = "", by: Person, at: datetime
) -> None:
    """标注采纳情况：采纳, or 说明 with the reason it is not in the reply."""
    taking = begin(item, Deed.USE_OPINION, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    _asking.must(row, OpinionState.RECEIVED, "标注采纳情况")
    if use == OpinionUse.EXPLAINED:
        require(不采纳的说明=note)
    row.use, row.note = use, note
    row.save()
    taking.done(f"{row.unit.short_name}：{use.label}{'，' + note if note else ''}", opinion=row.pk)
