"""写轨迹：the journal's only writer. Each stream is a chain of SM3 digests (GB/T 32905)."""

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from cryptography.hazmat.primitives import hashes
from django.db import transaction

from huiyin.actions._bulk import insert
from huiyin.actions._counting import count
from huiyin.models import Assignment, Event, Person, Unit
from huiyin.rules.vocabulary import Deed

_SM3 = hashes.SM3()


def digest_of(previous: str, body: str) -> str:
    hasher = hashes.Hash(_SM3)
    hasher.update((previous + body).encode())
    return hasher.finalize().hex()


def record_item(
    item: Assignment,
    deed: Deed,
    /,
    *,
    by: Person,
    at: datetime,
    behalf: Person | None = None,
    source: str = "",
    target: str = "",
    text: str = "",
    whole: bool = False,
    **facts: Any,
) -> Event:
    """Write one row on an item's stream; the item's row is locked by the caller, closes the chain, and is counted anew
    where the deed touches what is counted. `whole`: all its columns are saved with it."""
    event = _row(
        f"item:{item.pk}", item.seq + 1, item.head, deed, by, at, behalf, source, target, text, facts
    )
    event.assignment = item
    event.save()
    item.seq, item.head = event.seq, event.digest
    counted = count(item, deed)
    item.save(update_fields=None if whole else ["seq", "head", *counted])
    return event


@transaction.atomic
def record_unit(unit: Unit, deed: Deed, /, *, by: Person, at: datetime, text: str, **facts: Any) -> Event:
    """Write one row on a unit's stream: registration, import, organisation."""
    owner = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    event = _row(f"unit:{owner.pk}", owner.seq + 1, owner.head, deed, by, at, None, "", "", text, facts)
    event.save()
    owner.seq, owner.head = event.seq, event.digest
    owner.save(update_fields=["seq", "head"])
    return event


def record_new(
    items: Sequence[Assignment], deed: Deed, /, said: Sequence[tuple[str, dict[str, Any]]], *, by: Person, at: datetime
) -> None:  # fmt: skip
    """Write the first row on the stream of each of these new items (`said`: its text and facts), which have their keys
    but are not inserted yet, and close their chains."""
    rows = []
    for item, (text, facts) in zip(items, said, strict=True):
        stream = f"item:{item.pk}"
        body = _body(stream, 1, deed, by, at, None, "", item.status, text, facts)
        item.seq, item.head = 1, digest_of("", body)
        rows.append((stream, 1, item.pk, deed, item.status, by.pk, at, text, body, item.head))
    insert(Event, WRITTEN, rows)


@transaction.atomic
def record_units(
    unit: Unit, deed: Deed, /, said: Iterable[tuple[str, dict[str, Any]]], *, by: Person, at: datetime
) -> None:
    """Write rows on a unit's stream, one after the other, each with its text and facts."""
    owner = Unit.objects.select_for_update(no_key=True).get(pk=unit.pk)
    rows, stream = [], f"unit:{owner.pk}"
    for text, facts in said:
        owner.seq += 1
        body = _body(stream, owner.seq, deed, by, at, None, "", "", text, facts)
        owner.head = digest_of(owner.head, body)
        rows.append((stream, owner.seq, None, deed, "", by.pk, at, text, body, owner.head))
    insert(Event, WRITTEN, rows)
    owner.save(update_fields=["seq", "head"])


WRITTEN = ("stream", "seq", "assignment_id", "deed", "target", "by_id", "at", "text", "body", "digest")


def _row(
    stream: str, seq: int, previous: str, deed: Deed, by: Person, at: datetime, behalf: Person | None,
    source: str, target: str, text: str, facts: dict[str, Any],
) -> Event:  # fmt: skip
    body = _body(stream, seq, deed, by, at, behalf, source, target, text, facts)
    return Event(
        stream=stream, seq=seq, deed=deed, source=source, target=target, by=by, behalf=behalf, at=at,
        text=text, body=body, digest=digest_of(previous, body),
    )  # fmt: skip


def _body(
    stream: str, seq: int, deed: Deed, by: Person, at: datetime, behalf: Person | None, source: str, target: str,
    text: str, facts: dict[str, Any],
) -> str:  # fmt: skip
    """What is digested."""
    return _JSON.encode(
        {
            "stream": stream, "seq": seq, "deed": deed.value, "source": source, "target": target,
            "by": by.pk, "by_name": by.name, "behalf": behalf.pk if behalf else None, "at": at.isoformat(),
            "text": text, "facts": facts,
        }
    )  # fmt: skip


_JSON = json.JSONEncoder(ensure_ascii=False, sort_keys=True, default=str)


def _as_written(event: Event) -> bool:
    """Do the columns that pages show say what the digested body says?"""
    try:
        body = json.loads(event.body)
    except ValueError:
        return False
    owner = f"item:{event.assignment_id}" if event.assignment_id else body.get("stream")
    shown = {
        "stream": event.stream, "seq": event.seq, "deed": event.deed, "source": event.source, "target": event.target,
        "by": event.by_id, "behalf": event.behalf_id, "text": event.text,
    }  # fmt: skip
    same = event.stream == owner and all(body.get(key) == value for key, value in shown.items())
    return same and datetime.fromisoformat(body["at"]) == event.at


def broken_links() -> list[str]:
    """Where the journal does not verify: a changed row, a broken chain, a tail cut off."""
    found, stream, previous, seq = [], "", "", 0
    for event in Event.objects.order_by("stream", "seq").iterator():
        if event.stream != stream:
            stream, previous, seq = event.stream, "", 0
        if event.seq != seq + 1 or digest_of(previous, event.body) != event.digest or not _as_written(event):
            found.append(f"{event.stream} 第{event.seq}条")
        previous, seq = event.digest, event.seq
    last = {e.stream: e.digest for e in Event.objects.order_by("stream", "seq").iterator()}
    for kind, owners in (("item", Assignment.objects), ("unit", Unit.objects)):
        for pk, head in owners.values_list("pk", "head"):
            if last.get(f"{kind}:{pk}", "") != head:
                found.append(f"{kind}:{pk} 末条缺失")
    return found
