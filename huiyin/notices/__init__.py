"""消息 (R25, R82): who is told what. Written in the caller's transaction; `outbox` sends it after the commit."""

from collections.abc import Iterable
from datetime import datetime

from huiyin.models import Assignment
from huiyin.notices.telling import Told, subject, tell_many
from huiyin.rules.vocabulary import NoticeKind


def tell(
    people: Iterable[int],
    kind: NoticeKind,
    text: str,
    *,
    key: str,
    at: datetime,
    item: Assignment | None = None,
) -> int:
    """告诉：one notice for each of these people (their keys) and for who stands in for them that day; how many are new.

    `key` says what for: the same key told twice reaches a person once. The text names an item by `subject(item)` only.
    """
    return tell_many([Told(list(people), kind, text, key, item)], at=at)


__all__ = ["Told", "subject", "tell", "tell_many"]
