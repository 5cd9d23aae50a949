"""送达台账 (R43–R46): what is signed and not sent, sent and not received, and which copies have not gone out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from huiyin.models import Assignment, Delivery, Meeting
from huiyin.queries.actors import items_for
from huiyin.queries.item import hides_proposer
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, Status

SHOWN = {"unsent": "待送出", "unreceived": "已发出未收到", "copies": "抄送未发"}
COPYING = next(one.sources for one in workflow.ACTS if one.deed == Deed.SEND_COPIES)


@dataclass(frozen=True)
class Row:
    """一行：an item, to whom, since when; `delivery` is what was sent, `his` whether the reader may do `deed` on it."""

    item: Assignment
    names: tuple[str, ...]
    since: date
    days: int
    his: bool
    deed: Deed
    delivery: Delivery | None = None


def shown(actor: Actor, which: str, meeting: Meeting | None, method: str = "") -> list[Row]:
    """The rows of one of SHOWN, longest first."""
    rows = {"unsent": _unsent, "unreceived": _unreceived, "copies": _copies}[which](
        actor, _items(actor, meeting)
    )
    if method:
        rows = (one for one in rows if one.delivery is None or one.delivery.method == method)
    return sorted(rows, key=lambda one: (-one.days, one.item.suggestion.number_key))


def _items(actor: Actor, meeting: Meeting | None) -> QuerySet[Assignment]:
    found = items_for(actor).select_related("suggestion__meeting", "section", "handler")
    found = found.prefetch_related("suggestion__proposers", "replies__version", "replies__deliveries")
    return found.filter(meeting=meeting) if meeting else found


def _unsent(actor: Actor, items: QuerySet[Assignment]) -> Iterator[Row]:
    for item in items.filter(status=Status.ISSUED):
        deed = Deed.DELIVER if item.answers else Deed.DELIVER_OPINION
        if item.reply:
            yield _row(actor, item, deed, item.undelivered(), item.reply.signed_on)


def _copies(actor: Actor, items: QuerySet[Assignment]) -> Iterator[Row]:
    copied = items.filter(status__in=COPYING, replies__isnull=False).exclude(replies__version__copies_to="")
    for item in copied.distinct():
        if item.reply and (left := item.uncopied()):
            yield _row(actor, item, Deed.SEND_COPIES, left, item.reply.signed_on)


def _unreceived(actor: Actor, items: QuerySet[Assignment]) -> Iterator[Row]:
    found = {one.pk: one for one in items.filter(replies__deliveries__received_on__isnull=True).distinct()}
    for item in found.values():
        for one in item.reply.deliveries.all() if item.reply else ():
            if one.received_on is None:
                yield _row(actor, item, Deed.RECEIPT, [one.addressee], one.on, one)


def _row(
    actor: Actor, item: Assignment, deed: Deed, names: Iterable[str], since: date, sent: Delivery | None = None
) -> Row:  # fmt: skip
    organs = deed == Deed.SEND_COPIES or not item.answers or (sent is not None and sent.is_copy)
    told = tuple(names) if organs or not hides_proposer(item, actor) else ("（保密）",)
    his = workflow.allowed(actor, item, deed)
    return Row(item, told, since, (actor.on - since).days, his, deed, sent)


def counts(actor: Actor, meeting: Meeting | None) -> dict[str, int]:
    return {which: len(shown(actor, which, meeting)) for which in SHOWN}
