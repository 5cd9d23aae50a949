"""我的消息 (R25): a person's notices, and what of them he may still read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.utils.timezone import localdate

from huiyin.models import Assignment, Notice
from huiyin.queries.actors import items_for
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import NoticeKind

OUT_OF_SIGHT = "这一件已不在您的范围内"


@dataclass(frozen=True)
class Line:
    """一条消息 as it may be shown: without its text once its item is out of sight."""

    notice: Notice
    text: str
    item: Assignment | None


def notices_of(person_id: int, kind: str = "") -> QuerySet[Notice]:
    """Unread first, the latest first."""
    rows = Notice.objects.filter(person_id=person_id, **({"kind": kind} if kind else {}))
    read = ExpressionWrapper(Q(read_at__isnull=False), output_field=BooleanField())
    rows = rows.select_related("assignment").prefetch_related("dispatches")
    return rows.order_by(read, "-at", "-pk")


def unread(person_id: int) -> int:
    return Notice.objects.filter(person_id=person_id, read_at=None).count()


def lines(actor: Actor, notices: Iterable[Notice], at: datetime) -> list[Line]:
    notices = list(notices)
    named = {one.assignment_id for one in notices if one.assignment_id}
    seen = set(items_for(actor).filter(pk__in=named).values_list("pk", flat=True))
    return [_line(one, seen, at) for one in notices]


def _line(notice: Notice, seen: set[int], at: datetime) -> Line:
    if notice.assignment_id and notice.assignment_id not in seen:
        return Line(notice, OUT_OF_SIGHT, None)
    past = notice.kind == NoticeKind.DIGEST and localdate(notice.at) < localdate(at)
    text = notice.text.partition("：")[0] if past else notice.text  # what waited then is told by the desk now
    return Line(notice, text, notice.assignment)
