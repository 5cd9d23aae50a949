"""协办填报链接 (S11, R85): an outside unit answers one request on a page of its own. Whoever holds the address answers;
only the SHA-256 of its secret is kept, so that nobody can read it back."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from huiyin import notices
from huiyin.actions import _asking, consulting
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.filing import Upload
from huiyin.models import AnswerLink, Assignment, CoOpinion, Person
from huiyin.queries.actors import actor_of
from huiyin.queries.opinions import live_link
from huiyin.rules import workflow
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import AGREED, Deed, NoticeKind, OpinionState

AFTER_DUE, MOST = 5, 60  # days a link is open after the answer is due, and at most from today
GONE = "链接无效：可能抄录有误、已过有效期、已经提交过或已作废。请与发函单位的联系人联系。"


class NoLink(Exception):  # noqa: N818 - an answer, not an error
    """没有这个链接：wrong, over, used or closed, without saying which."""


@dataclass(frozen=True)
class Opened:
    """开通的链接. `secret` is seen here and never again."""

    link: AnswerLink
    secret: str


@dataclass(frozen=True)
class Answer:
    """对方填的. `agreed`: a countersign without views; `paper` None: the stamped paper follows."""

    text: str
    name: str
    phone: str
    agreed: bool = False
    paper: Upload | None = None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()


@transaction.atomic
def open_link(
    item: Assignment, opinion: CoOpinion, *, expires_on: date | None = None, by: Person, at: datetime
) -> Opened:
    """开通填报链接: till some days after the answer is due, or the day given; an earlier one ends."""
    taking = begin(item, Deed.OPEN_LINK, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    _asking.must(row, OpinionState.REQUESTED, "开通填报链接")
    if taking.item.suggestion.secret:
        raise Refused("涉密件不得通过链接填报，请按保密规定另行办理")
    until = expires_on or max(row.due_on, taking.on) + timedelta(days=AFTER_DUE)
    if not taking.on <= until <= taking.on + timedelta(days=MOST):
        raise Refused(f"有效期应在今天到{zh(taking.on + timedelta(days=MOST))}之间（最长{MOST}天）")
    row.answer_links.filter(used_at__isnull=True, closed_at__isnull=True).update(closed_at=at)
    secret = secrets.token_urlsafe(32)
    link = AnswerLink.objects.create(
        opinion=row, digest=digest_of(secret), opened_by=by, opened_at=at, expires_on=until
    )
    taking.done(f"{row.unit.short_name}，有效期至{zh(until)}", opinion=row.pk, link=link.pk)
    return Opened(link, secret)


@transaction.atomic
def close_link(item: Assignment, opinion: CoOpinion, *, by: Person, at: datetime) -> None:
    """作废填报链接."""
    taking = begin(item, Deed.CLOSE_LINK, by=by, at=at)
    row = _asking.own(taking.item, opinion)
    if not row.answer_links.filter(used_at__isnull=True, closed_at__isnull=True).update(closed_at=at):
        raise Refused(f"{row.unit.short_name}没有在用的填报链接")
    taking.done(row.unit.short_name, opinion=row.pk)


@transaction.atomic
def accept_by_link(secret: str, *, at: datetime) -> None:
    """对方在链接上签收：noted once; the day it first says so counts."""
    link, taking = _take(secret, Deed.ACCEPT_OPINION, at)
    row = _asking.own(taking.item, link.opinion)
    if link.seen_at is None:
        link.seen_at = at
        link.save()
    consulting.accept(taking, row, taking.on)
    taking.done(
        f"{row.unit.short_name}{zh(taking.on)}通过填报链接签收（外部单位办理）", opinion=row.pk, link=link.pk
    )


@transaction.atomic
def answer_by_link(secret: str, answer: Answer, *, at: datetime) -> CoOpinion:
    """对方通过链接提交. Recorded as received in the name of who opened the link, saying who filled it in. Of two who
    answer by one link the second finds it used."""
    link, taking = _take(secret, Deed.RECEIVE_OPINION, at)
    row = _asking.own(taking.item, link.opinion)
    text = AGREED if answer.agreed and row.countersigns else answer.text
    require(意见内容=text, 填报人姓名=answer.name, 联系电话=answer.phone)
    link.used_at, link.seen_at = at, link.seen_at or at
    link.save()
    row.answered_by, row.accepted_on = (
        f"{answer.name.strip()} {answer.phone.strip()}",
        row.accepted_on or taking.on,
    )
    consulting.receive(taking, row, on=taking.on, text=text, paper=answer.paper)
    paper = "" if row.paper_id else "，盖章件随后送达"
    taking.done(
        f"{row.unit.short_name}{zh(taking.on)}通过填报链接提交，填报人{answer.name.strip()}{paper}（外部单位办理）",
        opinion=row.pk, link=link.pk,
    )  # fmt: skip
    consulting.settle_errands(taking, row, taking.on)
    _tell(taking, row)
    return row


def _take(secret: str, deed: Deed, at: datetime) -> tuple[AnswerLink, Taking]:
    """The link and its item, locked in this order: item, link. NoLink for all that do not lead anywhere (any more)."""
    found = live_link(digest_of(secret), localdate(at))
    if found is None:
        raise NoLink(GONE)
    try:
        taking = begin(found.opinion.assignment, deed, by=_recorder(found, deed, at), at=at)
    except Refused as refused:  # how far we are with it is not theirs to read
        if live_link(found.digest, localdate(at)) is None:  # another was quicker while we waited for the item
            raise NoLink(GONE) from refused
        raise Refused("发函单位的办理已进入下一步，现在不能通过链接办理，请与联系人联系") from refused
    AnswerLink.objects.select_for_update(of=("self",), no_key=True).get(pk=found.pk)
    link = live_link(found.digest, localdate(at))
    if link is None:  # another was quicker
        raise NoLink(GONE)
    return link, taking


def _recorder(link: AnswerLink, deed: Deed, at: datetime) -> Person:
    """In whose name it is recorded: who opened the link, or the handler where that person has left the item since."""
    item, opener = link.opinion.assignment, link.opened_by
    his = workflow.find(item, deed).who(actor_of(opener, localdate(at)), item)
    return opener if (his and opener.is_active) or item.handler is None else item.handler


def _tell(taking: Taking, row: CoOpinion) -> None:
    people = {taking.by.pk, taking.item.handler_id} - {None}
    text = f"{notices.subject(taking.item)}：{row.unit.short_name}已通过填报链接提交{_asking.what(row)}"
    notices.tell(
        [one for one in people if one], NoticeKind.ARRIVAL, text, key=f"answered:{row.pk}", at=taking.at,
        item=taking.item,
    )  # fmt: skip
