"""告诉：notices and what is to be sent of them, written in the caller's transaction; nothing is sent here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.timezone import localdate

from huiyin.models import Assignment, Dispatch, Notice, Person
from huiyin.notices.preferences import Wishes
from huiyin.queries.actors import stand_in_today
from huiyin.rules.vocabulary import NoticeKind

MANY = 400  # rows a statement
TITLE = re.compile(r"(第[^《》]{1,30}号)《[^《》]*》")
BRACKETS = str.maketrans("《》", "〈〉")  # 《》 are around a title only


@dataclass(frozen=True)
class Told:
    """要告诉的一件事: one text to some people (their keys)."""

    people: Sequence[int]
    kind: NoticeKind
    text: str
    key: str
    item: Assignment | None = None


def subject(item: Assignment) -> str:
    """第082号《…》. Of a secret item, or one whose proposer asked for confidentiality, only the number (R6, R7)."""
    suggestion = item.suggestion
    if suggestion.secret or suggestion.confidential:
        return numbered(item)
    return f"{numbered(item)}《{_line(suggestion.title)}》"


def numbered(item: Assignment) -> str:
    """第082号."""
    return f"第{_line(item.suggestion.number)}号"


def _line(words: str) -> str:
    """On one line: it may become the subject of a mail, or a line of a calendar."""
    return " ".join(words.split()).translate(BRACKETS)


def untitled(text: str) -> str:
    """The text with items named by their numbers only."""
    return TITLE.sub(r"\1", text)


@transaction.atomic(savepoint=False)  # in a deed: what fails here fails with it
def tell_many(told: Iterable[Told], *, at: datetime) -> int:
    """As `tell`, of many things at once; what two of them say under one key is told once."""
    told = list(told)
    listeners = _Listeners(told, at)
    plan = [listeners.notices(one) for one in told]
    rows = {row.key: row for notices in reversed(plan) for row in notices}
    known = _known(list(rows))
    made = {row.key: row for row in _insert([rows[key] for key in sorted(rows.keys() - known)])}
    wishes = Wishes(listeners.people.values())
    waiting = {
        (row.pk, channel): Dispatch(notice=row, channel=channel, next_at=at)
        for keys in ([row.key for row in notices] for notices in plan)
        for row, channel in _to_send(
            [made[key] for key in keys if key in made], wishes, not known.intersection(keys)
        )
    }
    Dispatch.objects.bulk_create(waiting.values(), batch_size=MANY)
    return len(made)


class _Listeners:
    """The people of a round of telling, and who stands in for them that day."""

    def __init__(self, told: list[Told], at: datetime) -> None:
        self.at = at
        ids = {pk for one in told for pk in one.people}
        self.stand_ins = stand_in_today(ids, localdate(at))
        ids |= {row.substitute_id for row in self.stand_ins.values()}
        people = Person.objects.filter(pk__in=ids, is_active=True).select_related("unit")
        self.people = {one.pk: one for one in people}

    def notices(self, told: Told) -> list[Notice]:
        texts = dict.fromkeys(told.people, told.text)
        for pk in told.people:
            if row := self.stand_ins.get(pk):
                texts.setdefault(row.substitute_id, f"代{row.absent.name}：{told.text}")
        return [
            Notice(
                key=f"{told.key}:{pk}", person=self.people[pk], kind=told.kind, assignment=told.item,
                text=text, at=self.at,
            )
            for pk, text in texts.items()
            if pk in self.people
        ]  # fmt: skip


def _known(keys: list[str]) -> set[str]:
    found = set[str]()
    for begin in range(0, len(keys), MANY):
        some = Notice.objects.filter(key__in=keys[begin : begin + MANY])
        found.update(some.values_list("key", flat=True))
    return found


def _insert(rows: list[Notice]) -> list[Notice]:
    """Those of them that nobody else has written at this very moment."""
    try:
        with transaction.atomic():
            return Notice.objects.bulk_create(rows, batch_size=MANY)
    except IntegrityError:
        if len(rows) == 1:
            return []
        half = len(rows) // 2
        return _insert(rows[:half]) + _insert(rows[half:])


def _to_send(new: list[Notice], wishes: Wishes, first: bool) -> Iterator[tuple[Notice, str]]:
    """Each new notice by each channel its person wants; by a group's channel once for all who are told."""
    for row in new:
        yield from ((row, channel) for channel in wishes.channels(row.person, row.kind))
    if new and first:
        yield from ((new[0], channel) for channel in wishes.groups(new[0].person, new[0].kind))
