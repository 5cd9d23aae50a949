"""日历订阅: a person's own dates as iCalendar, at an address that is itself the secret."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

import icalendar
from django.utils.timezone import localdate

from huiyin.models import Assignment, Clock, Person
from huiyin.notices.telling import subject
from huiyin.queries.own_dates import own_dates


def owner_of(secret: str) -> Person | None:
    """Whose address it is; nobody's if he has left. Only the digest is stored."""
    digest = hashlib.sha256(secret.encode()).hexdigest()
    person = Person.objects.filter(feed_digest=digest, is_active=True).first()
    return person if person and hmac.compare_digest(person.feed_digest, digest) else None


def feed(person: Person, *, at: datetime, host: str, link: Callable[[Assignment], str]) -> bytes:
    """All-day events, each with the same UID as long as it is the same date of the same item."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//Huiyin//Huiyin//ZH")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", "回音：我的时限")
    for clock in own_dates(person, localdate(at)):
        calendar.add_component(_event(clock, at, host, link))
    return bytes(calendar.to_ical())


def _event(clock: Clock, at: datetime, host: str, link: Callable[[Assignment], str]) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{clock.assignment_id}-{clock.kind}-{clock.row}@{host}")
    event.add("dtstamp", at)
    event.add("dtstart", clock.due_on)
    event.add("dtend", clock.due_on + timedelta(days=1))
    event.add("summary", f"{subject(clock.assignment)}{clock.get_kind_display()}到期{_remark(clock)}")
    event.add("url", link(clock.assignment))
    event.add("transp", "TRANSPARENT")
    return event


def _remark(clock: Clock) -> str:
    if clock.paused:
        return "（中止计时）"
    return "（暂定）" if clock.provisional else ""
