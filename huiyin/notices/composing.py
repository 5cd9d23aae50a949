"""拟写：what is sent of a notice by a channel: never more than its person may still see, and no titles unless allowed."""

import hashlib
import re
from datetime import datetime

from django.utils.timezone import localdate

from huiyin.models import Assignment, Dispatch, Notice
from huiyin.notices.sending import Channel, Message
from huiyin.notices.telling import numbered, untitled
from huiyin.queries.actors import actor_of, items_for
from huiyin.rules.vocabulary import NoticeKind

MOBILE = re.compile(r"1\d{10}")


def compose(pk: int, channel: Channel, now: datetime) -> Message | None:
    """The message of one dispatch; None for a person who has left."""
    row = Dispatch.objects.select_related("notice__person__unit", "notice__assignment__suggestion").get(pk=pk)
    notice = row.notice
    if not notice.person.is_active and not channel.group:
        return None
    title = NoticeKind(notice.kind).label
    if notice.assignment:
        title += f"：{numbered(notice.assignment)}"
    return Message(
        id=hashlib.sha256(f"{notice.key} {channel.name}".encode()).hexdigest()[:32],
        kind=notice.kind,
        title=title,
        text=_text(notice, channel, now),
        person=notice.person,
        at=now,
        link=f"{channel.site}/notices/" if channel.site else "",
        phones=_phones(notice) if channel.group and channel.mention else (),
    )


def _text(notice: Notice, channel: Channel, now: datetime) -> str:
    """Of an item that must not be named, or that he can no longer see, only that there is something to read: what
    people wrote could name it."""
    item = notice.assignment
    if item and (item.suggestion.secret or item.suggestion.confidential or not _seen(notice, item, now)):
        return f"{numbered(item)}有一条消息（{NoticeKind(notice.kind).label}）"
    return notice.text if channel.titles else untitled(notice.text)


def _seen(notice: Notice, item: Assignment, now: datetime) -> bool:
    return items_for(actor_of(notice.person, localdate(now))).filter(pk=item.pk).exists()


def _phones(notice: Notice) -> tuple[str, ...]:
    """The mobile numbers of all who were told the same at the same time."""
    base = notice.key.rpartition(":")[0]
    told = Notice.objects.filter(at=notice.at, kind=notice.kind, key__startswith=f"{base}:")
    found = [
        one.person.phone
        for one in told.select_related("person").order_by("pk")
        if one.key == f"{base}:{one.person_id}"
    ]
    return tuple(phone for phone in found if MOBILE.fullmatch(phone))
