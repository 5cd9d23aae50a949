"""模板标签：dates as officials write them, and lights."""

from datetime import date, datetime

from django import template
from django.utils.timezone import localtime

from huiyin.rules import dates

register = template.Library()


def _day(value: date | datetime) -> date:
    return localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def zh(value: date | datetime | None) -> str:
    """2020年8月3日."""
    if not value:
        return "—"
    return dates.zh(_day(value))


@register.filter
def md(value: date | datetime | None) -> str:
    """8月3日."""
    if not value:
        return "—"
    return dates.md(_day(value))


@register.filter
def weekday(value: date | None) -> str:
    return dates.weekday(_day(value)) if value else ""


@register.filter
def moment(value: datetime | None) -> str:
    """8月11日 16:42; the year too when it is another one than the reader's."""
    if not value:
        return "—"
    at = localtime(value)
    year = "" if at.year == date.today().year else f"{at.year}年"
    return f"{year}{at.month}月{at.day}日 {at:%H:%M}"


@register.filter
def local(words: object, co: str) -> str:
    """协办 as the place says: 会办 where its profile does. For our own words only, never for what people wrote."""
    return str(words).replace("协办", co or "协办")


@register.filter
def cell(value: object) -> object:
    """A ledger cell: dates short, nothing as an empty cell."""
    return value.isoformat() if isinstance(value, date) else value if value is not None else ""
