"""日期的写法：as officials write them, Arabic digits and no leading zeros."""

from datetime import date

WEEKDAYS = "一二三四五六日"


def zh(day: date) -> str:
    """2020年8月3日."""
    return f"{day.year}年{day.month}月{day.day}日"


def md(day: date) -> str:
    """8月3日."""
    return f"{day.month}月{day.day}日"


def weekday(day: date) -> str:
    """周一."""
    return f"周{WEEKDAYS[day.weekday()]}"
