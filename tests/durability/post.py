"""What a hand can be told to do with notices. The people are simply there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.models import Dispatch, Notice, Person, Unit
from huiyin.notices import Told, outbox, tell_many
from huiyin.rules.vocabulary import NoticeKind

PEOPLE = 6


def build() -> None:
    unit = Unit.objects.create(name="某局", short_name="某局", hosted=True)
    for number in range(PEOPLE):
        Person.objects.create(username=f"p{number}", password="!", name=f"某{number}", unit=unit)


def tell(keys: list[str], at: datetime) -> Callable[[], int]:
    """Everybody is told of each key, in one transaction."""
    people = list(Person.objects.values_list("pk", flat=True))

    def press() -> int:
        with transaction.atomic():
            return tell_many([Told(people, NoticeKind.WARNING, key, key) for key in keys], at=at)

    return press


def send(at: datetime, limit: int = 50) -> Callable[[], int]:
    return lambda: outbox.send_due(at=at, limit=limit)


def rows() -> list[dict[str, Any]]:
    found = Dispatch.objects.order_by("pk").select_related("notice")
    return [
        {"channel": one.channel, "state": one.state, "attempts": one.attempts, "key": one.notice.key}
        for one in found
    ]


def notices() -> list[str]:
    return sorted(Notice.objects.values_list("key", flat=True))
