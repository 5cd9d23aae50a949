"""督办 (S17, R64, R65): urging, supervising and leaders' notes; the errand received, answered, settled or returned."""

from collections.abc import Sequence
from datetime import date, datetime

from django.db import transaction

from huiyin import notices
from huiyin.actions import filing
from huiyin.actions._errands import (
    WAITING,
    Begun,
    Target,
    already,
    begin_all,
    days_to_answer,
    send,
    start_clock,
    stop_clock,
)
from huiyin.actions._journal import record_item
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.filing import Upload
from huiyin.actions.signing import take_number
from huiyin.models import Assignment, CoOpinion, Errand, Person, Supervision
from huiyin.rules import errands
from huiyin.rules import permissions as p
from huiyin.rules.dates import md, zh
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, ErrandState, NoticeKind, Role, SupervisionKind, SupervisionSource

__all__ = [
    "Target",
    "answer",
    "answered_by_opinion",
    "instruct",
    "receive",
    "return_errand",
    "settle",
    "supervise",
    "urge",
]

K, Source = SupervisionKind, SupervisionSource
FROM_OUTSIDE = frozenset({Source.INSPECTORATE, Source.CONGRESS, Source.DEPUTY})


@transaction.atomic
def urge(
    targets: Sequence[Target], *, text: str, due_on: date | None = None, by: Person, at: datetime
) -> Supervision:
    """催办：one numbered act on one item or many. A handler urges only co-handling units; who was urged and has not
    answered is not urged again."""
    require(催办的要求=text)
    begun = begin_all(targets, Deed.URGE, by=by, at=at)
    if reasons := [one for taking, own in begun for target in own for one in _not_to_urge(taking, target)]:
        raise Refused(reasons)
    return _act(K.URGE, _source(begun), begun, text, due_on)


def _not_to_urge(taking: Taking, target: Target) -> list[str]:
    number = taking.item.suggestion.number
    if target.outside is None and target.owner.pk == taking.by.pk:
        return [f"第{number}号现在就在您手上，不用催办"]
    if target.outside is None and not p.urges(taking.actor, taking.item):
        return [f"第{number}号：承办人只能催协办单位"]
    again = already(taking.item, K.URGE, target)
    return [f"第{number}号：{again}"] if again else []


@transaction.atomic
def supervise(
    targets: Sequence[Target], *, text: str, source: SupervisionSource | None = None, paper: Upload | None = None,
    due_on: date | None = None, by: Person, at: datetime,
) -> Supervision:  # fmt: skip
    """督办：one numbered act. What a congress, an inspectorate or a deputy asks is recorded by the clerk with the
    paper it came by (R64, R85)."""
    require(督办的要求=text)
    begun = begin_all(targets, Deed.SUPERVISE, by=by, at=at)
    source = source or _source(begun)
    if source in FROM_OUTSIDE:
        _recorded(begun[0][0].actor, source, paper)
    for taking, _ in begun:
        if paper is not None:
            filing.store(paper, purpose=f"{source.label}督办来文", by=by, at=at, assignment=taking.item)
    return _act(K.SUPERVISE, source, begun, text, due_on)


def _recorded(actor: Actor, source: SupervisionSource, paper: Upload | None) -> None:
    reasons = [] if actor.has(Role.CLERK) else [f"{source.label}的督办由专职人员登记"]
    reasons += [] if paper else [f"{source.label}的督办须附来文"]
    if reasons:
        raise Refused(reasons)


@transaction.atomic
def instruct(
    item: Assignment,
    *,
    owners: Sequence[Person],
    text: str,
    due_on: date | None = None,
    by: Person,
    at: datetime,
) -> Supervision:
    """批示：a leader's note on an item, with an owner and an answer; it has no number."""
    require(批示=text)
    begun = begin_all([Target(item, one) for one in owners], Deed.INSTRUCT, by=by, at=at)
    return _act(K.INSTRUCTION, Source.LEADER, begun, text, due_on)


def _source(begun: Begun) -> SupervisionSource:
    taking = begun[0][0]
    return Source.LEADER if p.leaders(taking.actor, taking.item) and not _office(taking) else Source.OFFICE


def _office(taking: Taking) -> bool:
    return p.office(taking.actor, taking.item)


def _act(
    kind: SupervisionKind, source: SupervisionSource, begun: Begun, text: str, due_on: date | None
) -> Supervision:
    taking = begun[0][0]
    required = days_to_answer(begun, due_on)
    prefix = taking.item.profile.prefixes.get(kind.value, "")
    act = Supervision.objects.create(
        unit_id=taking.item.unit_id, kind=kind, source=source, text=text.strip(), required_on=required,
        number=take_number(prefix, taking.on.year) if prefix else "", issued_on=taking.on, issued_by=taking.by,
    )  # fmt: skip
    send(act, begun, given=due_on is not None)
    return act


# 签收、答复、销号


def _begin(errand: Errand, deed: Deed, by: Person, at: datetime) -> tuple[Taking, Errand]:
    """The item locked and the errand as it stands now; Refused with the errand's own reasons."""
    taking = begin(errand.assignment, deed, by=by, at=at)
    row = taking.item.errands_with_people().get(pk=errand.pk)
    if reasons := errands.refusals(row, deed, taking.actor):
        raise Refused(reasons)
    return taking, row


@transaction.atomic
def receive(errand: Errand, *, by: Person, at: datetime) -> Supervision:
    """签收督办事项."""
    taking, row = _begin(errand, Deed.RECEIVE_ERRAND, by, at)
    row.state, row.received_on, row.received_by = ErrandState.RECEIVED, taking.on, by
    row.save()
    taking.done(str(row), errand=row.pk)
    return row.supervision


@transaction.atomic
def answer(
    errand: Errand,
    *,
    text: str,
    on: date | None = None,
    paper: Upload | None = None,
    by: Person,
    at: datetime,
) -> Supervision:
    """答复督办事项, in words, with a paper where there is one. An outside unit's reply is entered as of the day it
    came. Its clock stops; who issued it is told."""
    require(答复=text)
    taking, row = _begin(errand, Deed.ANSWER_ERRAND, by, at)
    day = on or taking.on
    if not row.supervision.issued_on <= day <= taking.on:
        raise Refused(f"答复日期应在发出的{zh(row.supervision.issued_on)}到今天之间")
    if paper is not None:
        row.paper = filing.store(
            paper, purpose=f"{row.supervision}的答复", by=by, at=at, assignment=taking.item
        )
    _answered(row, text.strip(), day, by)
    row.save()
    stop_clock(taking.item, row, day)
    taking.done(f"{row}：{row.answer}", errand=row.pk)
    _tell_issuer(row, taking)
    return row.supervision


def _answered(row: Errand, text: str, on: date, by: Person) -> None:
    row.state, row.answer, row.answered_on, row.answered_by = ErrandState.ANSWERED, text, on, by
    if row.received_on is None:
        row.received_on, row.received_by = on, by


def _tell_issuer(row: Errand, taking: Taking) -> None:
    issuer = row.supervision.issued_by
    if issuer.pk != taking.by.pk:
        text = f"{notices.subject(taking.item)}：{row.whom}答复了{row.supervision}：{row.answer}"
        key = f"answered:{row.pk}:{taking.item.seq}"
        notices.tell([issuer.pk], NoticeKind.ERRAND, text, key=key, at=taking.at, item=taking.item)


@transaction.atomic
def settle(errand: Errand, *, note: str = "", by: Person, at: datetime) -> Supervision:
    """销号：the answer is enough."""
    taking, row = _begin(errand, Deed.SETTLE_ERRAND, by, at)
    row.state, row.settled_on, row.settled_by, row.note = ErrandState.SETTLED, taking.on, by, note.strip()
    row.save()
    taking.done(f"{row}{'：' + row.note if row.note else ''}", errand=row.pk)
    return row.supervision


@transaction.atomic
def return_errand(
    errand: Errand, *, reason: str, due_on: date | None = None, by: Person, at: datetime
) -> Supervision:
    """退回重办：the answer is not enough; its clock starts anew, by the profile or to the day given."""
    require(退回的理由=reason)
    taking, row = _begin(errand, Deed.RETURN_ERRAND, by, at)
    if due_on is not None and due_on < taking.on:
        raise Refused(f"要求答复的日期{zh(due_on)}已经过去")
    row.state, row.note, row.answered_on, row.answered_by = ErrandState.RECEIVED, reason.strip(), None, None
    row.save()
    start_clock(taking, row, due_on)
    taking.done(f"{row}，请于{zh(row.due_on)}前再答复：{row.note}", errand=row.pk)
    if row.owner_id != by.pk:
        text = f"{notices.subject(taking.item)}：{row.supervision}的答复被退回，请于{md(row.due_on)}前再答复。{row.note}"
        key = f"returned:{row.pk}:{taking.item.seq}"
        notices.tell([row.owner_id], NoticeKind.ERRAND, text, key=key, at=at, item=taking.item)
    return row.supervision


def answered_by_opinion(item: Assignment, opinion: CoOpinion, *, on: date, by: Person, at: datetime) -> int:
    """协办意见到了，催要它的事项随即销号. Called by the deed that takes the opinion in, after it is done, with its own
    locked item; answers with how many were settled."""
    rows = [
        one
        for one in item.errands_with_people()
        if one.outside_id == opinion.unit_id and one.state in WAITING
    ]
    for row in rows:
        _answered(row, f"已于{zh(on)}提出协办意见", on, by)
        row.state, row.settled_on, row.settled_by = ErrandState.SETTLED, on, by
        row.save()
        stop_clock(item, row, on)
        record_item(
            item, Deed.SETTLE_ERRAND, by=by, at=at, source=item.status, target=item.status,
            text=f"{row}：{row.answer}", errand=row.pk,
        )  # fmt: skip
    return len(rows)
