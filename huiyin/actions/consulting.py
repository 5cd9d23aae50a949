"""协办会商，作为主办 (S11, R26–R29): ask units for opinions, take them in, send hollow ones back, say what was used.

Outside units answer on paper; the clerk or handler enters it with the paper (R85).
"""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from huiyin.actions import _clocks, filing, supervising
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.contacting import within
from huiyin.actions.filing import Upload
from huiyin.models import Assignment, CoOpinion, Person, Unit
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import ClockKind, Deed, OpinionState, OpinionUse


@transaction.atomic
def request_opinions(
    item: Assignment, *, units: Sequence[Unit], on: date, due_on: date | None = None, by: Person, at: datetime
) -> list[CoOpinion]:
    """请协办单位提意见: due by the profile's period from the assignment (R26), or an earlier day asked for."""
    taking = begin(item, Deed.REQUEST_OPINION, by=by, at=at)
    within(taking.item, on, taking.on)
    if not units:
        raise Refused("还没有选协办单位")
    asked = set(taking.item.opinions.values_list("unit_id", flat=True))
    if again := [unit.short_name for unit in units if unit.pk in asked]:
        raise Refused(f"已请{'、'.join(again)}提过意见")
    if any(unit.pk == taking.item.unit_id for unit in units):
        raise Refused("不能请本单位协办")
    rows = [_ask(taking, unit, on, due_on) for unit in units]
    taking.item.named_co_units.add(*units)
    day = rows[0].due_on
    taking.done(f"请{'、'.join(unit.short_name for unit in units)}于{zh(day)}前提出", due=day)
    return rows


def _ask(taking: Taking, unit: Unit, on: date, due_on: date | None) -> CoOpinion:
    """One unit asked: due by the profile's period from the assignment, or where that has passed on the day asked for."""
    item = taking.item
    clock = _clocks.planned(item, ClockKind.ASKED, on=item.assigned_on, fixed=due_on)
    legal = clock is not None and clock.due_on > on
    if not legal and (due_on is None or due_on <= on):
        over = f"协办意见的期限{zh(clock.due_on)}已过" if clock else "本规程没有定协办意见的期限"
        raise Refused(f"{over}，请写明请对方提出的日期（晚于发函日期）")
    row = CoOpinion.objects.create(assignment=item, unit=unit, requested_on=on, due_on=due_on or on)
    if legal:
        _clocks.start(item, ClockKind.ASKED, on=item.assigned_on, fixed=due_on, row=row.pk)
    else:
        _clocks.start_fixed(
            item, ClockKind.ASKED, row=row.pk, on=on, due=row.due_on, basis="发函时商定的日期"
        )
    row.refresh_from_db()
    return row


def _own(item: Assignment, opinion: CoOpinion) -> CoOpinion:
    row = item.opinions.select_for_update(of=("self",), no_key=True).filter(pk=opinion.pk).first()
    if row is None:
        raise Refused("这条协办意见不属于本件")
    return row


@transaction.atomic
def receive_opinion(
    item: Assignment, opinion: CoOpinion, *, on: date, text: str, paper: Upload, by: Person, at: datetime
) -> None:
    """登记协办意见, with the unit's paper; late ones are theirs, not ours (R27)."""
    require(意见内容=text)
    taking = begin(item, Deed.RECEIVE_OPINION, by=by, at=at)
    row = _own(taking.item, opinion)
    within(taking.item, on, taking.on)
    if row.state != OpinionState.REQUESTED:
        raise Refused(f"{row.unit.short_name}的意见现为“{row.get_state_display()}”，不能再登记")
    if on < row.requested_on:
        raise Refused(f"收到日期{zh(on)}早于发函日期{zh(row.requested_on)}")
    row.paper = filing.store(
        paper, purpose=f"{row.unit.short_name}协办意见", by=by, at=at, assignment=taking.item
    )
    row.state, row.received_on, row.text = OpinionState.RECEIVED, on, text
    row.save()
    _clocks.stop(taking.item, [ClockKind.ASKED], on=on, row=row.pk)
    taking.done(f"{row.unit.short_name}{zh(on)}提出（外部单位办理）", opinion=row.pk)
    supervising.answered_by_opinion(taking.item, row, on=on, by=by, at=at)


@transaction.atomic
def return_opinion(item: Assignment, opinion: CoOpinion, *, reason: str, by: Person, at: datetime) -> None:
    """退回协办意见：no substance; a new round is due in the profile's days, the returned one is kept (R27)."""
    require(退回的理由=reason)
    taking = begin(item, Deed.RETURN_OPINION, by=by, at=at)
    row = _own(taking.item, opinion)
    if row.state != OpinionState.RECEIVED:
        raise Refused(f"{row.unit.short_name}的意见现为“{row.get_state_display()}”，不能退回")
    row.state, row.note, row.use = OpinionState.HOLLOW, reason, OpinionUse.PENDING
    row.save()
    again = CoOpinion.objects.create(
        assignment=taking.item, unit=row.unit, round=row.round + 1, requested_on=taking.on, due_on=taking.on
    )
    _clocks.start(taking.item, ClockKind.ASKED, on=taking.on, row=again.pk, path="periods.resubmit")
    again.refresh_from_db()
    taking.done(f"{row.unit.short_name}：{reason}，请于{zh(again.due_on)}前重提", opinion=row.pk)


@transaction.atomic
def mark_missing(item: Assignment, opinion: CoOpinion, *, note: str, by: Person, at: datetime) -> None:
    """标注逾期未提交 (R28): only after its date; the reply may then go on without it."""
    require(说明=note)
    taking = begin(item, Deed.MARK_MISSING, by=by, at=at)
    row = _own(taking.item, opinion)
    if row.state != OpinionState.REQUESTED or row.due_on >= taking.on:
        raise Refused(f"{row.unit.short_name}的意见还没有逾期")
    row.state, row.note = OpinionState.MISSING, note
    row.save()
    _clocks.stop(taking.item, [ClockKind.ASKED], on=taking.on, row=row.pk)
    taking.done(f"{row.unit.short_name}：{note}", opinion=row.pk)


@transaction.atomic
def use_opinion(
    item: Assignment, opinion: CoOpinion, *, use: OpinionUse, note: str = "", by: Person, at: datetime
) -> None:
    """标注采纳情况：采纳, or 说明 with the reason it is not in the reply."""
    taking = begin(item, Deed.USE_OPINION, by=by, at=at)
    row = _own(taking.item, opinion)
    if row.state != OpinionState.RECEIVED:
        raise Refused(f"{row.unit.short_name}的意见现为“{row.get_state_display()}”，不能标注采纳情况")
    if use == OpinionUse.EXPLAINED:
        require(不采纳的说明=note)
    row.use, row.note = use, note
    row.save()
    taking.done(f"{row.unit.short_name}：{use.label}{'，' + note if note else ''}", opinion=row.pk)
