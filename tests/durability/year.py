"""一年的时限: items with 10 clocks each in two bureaus, what happens to them day by day, and, by an oracle
that knows nothing of the program but the holidays, who must be told of which clock on which day.

The facts are drawn from a seed, so that the test that expects and the hands that tick draw the same. No deeds are
played here: the rows are simply there.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache

from chinese_calendar import is_workday

from tests.durability.places import SERVER

ITEMS, EACH = 250 if SERVER else 400, 10  # on a server fewer: what differs there is how two meet, every day
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)
DAY = timedelta(days=1)
DAYS = [FIRST + DAY * n for n in range((LAST - FIRST).days + 1)]
CLERKS = {1: [1], 2: [2, 3]}  # of each unit; person 1 to 40 are of unit 1, from 41 on of unit 2
GONE = {17, 57}  # left the service, still named on items
AWAY = {  # absent: substitute, first and last day
    5: (6, date(2025, 3, 3), date(2025, 3, 14)), 9: (5, date(2025, 3, 10), date(2025, 5, 9)),
    48: (60, date(2025, 7, 1), date(2025, 12, 31)), 1: (12, date(2025, 6, 2), date(2025, 6, 6)),
}  # fmt: skip
ALL = (
    "handler",
    "section_head",
    "clerk",
    "office_director",
    "business_leader",
    "handling_leader",
    "chief_leader",
)
POSTS = (*ALL[:2], *ALL[4:])

# (days before, posts, every, posts after) of the ladders of three places, and how often an evaluation is chased
LADDERS: dict[str, dict[str, tuple[list[int], tuple[str, ...], int, tuple[str, ...]]]] = {
    "usual": {
        "main": ([15, 7, 3, 1], POSTS[:4], 3, POSTS), "key": ([20, 15, 10, 7, 5, 3, 1], ALL, 1, POSTS),
        "minor": ([3, 1], POSTS[:2], 3, POSTS[:3]),
    },
    "eager": {
        "main": ([30, 10, 5, 2], ALL[:4], 1, (*ALL[:3], *ALL[4:])),
        "key": ([30, 1], POSTS[:2], 1, POSTS), "minor": ([5], ("handler",), 2, ("handler", "section_head")),
    },
    "calm": {
        "main": ([5], ("handler",), 7, ("section_head",)), "key": ([10, 5], POSTS[:2], 5, POSTS[:3]),
        "minor": ([1], ("handler",), 10, ("handler",)),
    },
}  # fmt: skip
CHASES = {"usual": 2, "eager": 5, "calm": 0}

SILENT = "return"
ROW_KINDS = ("asked", "promise", "visit", "errand", "milestone")
KINDS = ("accept", "return", "contact", "evaluation", "publication", *ROW_KINDS)


@dataclass(frozen=True)
class Item:
    pk: int
    unit: int
    profile: str
    key: bool
    people: dict[str, int | None]
    owner: int  # of its promise and its errand
    leader: int  # of its plan


@dataclass
class Kept:
    """A clock and what becomes of it: on which morning it is stopped, suspended, resumed, moved."""

    pk: int
    item: Item
    kind: str
    start: date
    due: date
    stop: date | None = None
    pause: tuple[date, date] | None = None
    moves: dict[date, date] = field(default_factory=dict)


@lru_cache
def drawn() -> tuple[list[Item], list[Kept]]:
    """The facts, from the seed."""
    dice = random.Random(20250101)  # noqa: S311
    items = [_item(dice, pk) for pk in range(1, ITEMS + 1)]
    clocks: list[Kept] = []
    for item in items:
        kinds = [dice.choice(["reply", "opinion"]), *dice.sample(KINDS, EACH - 1)]
        clocks += [_clock(dice, len(clocks) + 1 + n, item, kind) for n, kind in enumerate(kinds)]
    return items, clocks


def _item(dice: random.Random, pk: int) -> Item:
    unit = 1 if dice.random() < 0.7 else 2
    staff = [1, *range(4, 41)] if unit == 1 else [2, 3, *range(41, 71)]
    empty = 0.08 if pk % 50 else 1.0  # every fiftieth item names nobody at all
    people = {role: None if dice.random() < empty else dice.choice(staff) for role in ALL}
    profile = dice.choice(list(LADDERS))
    return Item(pk, unit, profile, dice.random() < 0.08, people, dice.choice(staff), dice.choice(staff))


def _clock(dice: random.Random, pk: int, item: Item, kind: str) -> Kept:
    start = FIRST + DAY * dice.randint(-120, 350)
    due = start + DAY * dice.choice([3, 5, 7, 20, 30, 31, 61, 90, 92, 183])
    one = Kept(pk, item, kind, start, due)
    fate, turn = dice.random(), dice.random()
    if dice.random() < 0.10:  # what is rare comes often enough that it meets every kind on every ladder
        fate, turn = dice.choice([0.5, 0.8, 0.99]), dice.choice([0.05, 0.15, 0.5])
    if fate < 0.75:
        one.stop = start + DAY * dice.randint(1, max(1, (due - start).days))
    elif fate < 0.97:
        one.stop = due + DAY * dice.randint(1, 25)
    if turn < 0.1:
        begins = start + DAY * dice.randint(1, 40)
        ends = begins + DAY * dice.randint(1, 60)
        one.pause = (begins, ends)
        one.moves[ends] = due + (ends - begins)
    elif turn < 0.25:
        one.moves[start + DAY * dice.randint(1, 60)] = due + DAY * dice.randint(-30, 60)
    return one


# 神谕


@lru_cache
def expected() -> Counter[tuple[int, int, date]]:
    """(person, clock, day), from one's fingers: day by day, counting working days one by one."""
    work = {
        day: is_workday(day) for day in (FIRST - DAY * 250 + DAY * n for n in range(980)) if day.year < 2027
    }
    found = Counter[tuple[int, int, date]]()
    for clock in drawn()[1]:
        told = DAYS[: max(0, (clock.stop - FIRST).days)] if clock.stop else DAYS  # once stopped, nobody
        for day in told:
            for person in _told(clock, day, work):
                found[person, clock.pk, day] += 1
    return found


def _told(clock: Kept, day: date, work: dict[date, bool]) -> set[int]:
    if clock.kind == SILENT or day <= clock.start or (clock.stop and day >= clock.stop):
        return set()
    if clock.pause and clock.pause[0] <= day < clock.pause[1]:
        return set()
    due = next((to for since, to in sorted(clock.moves.items(), reverse=True) if day >= since), clock.due)
    if (due - day).days > 75:
        return set()
    posts = _posts(clock, due, day, work)
    if day == FIRST:  # nothing was told before: as things stand, once
        back = (day - DAY * n for n in range((day - clock.start).days))
        posts = next((found for one in back if (found := _posts(clock, due, one, work)) is not None), None)
    return _people(clock, posts, day) if posts is not None else set()


def _posts(clock: Kept, due: date, day: date, work: dict[date, bool]) -> tuple[str, ...] | None:
    """The posts told on that very day, None when it is no day of the ladder."""
    name = "key" if clock.item.key else "main" if clock.kind in {"reply", "opinion"} else "minor"
    days, posts, every, after = LADDERS[clock.item.profile][name]
    late = (day - due).days
    if late > 0:
        tired = clock.kind == "evaluation" and late > CHASES[clock.item.profile] * every
        return after if late % every == 0 and not tired else None
    if not work[day]:
        return None
    left = sum(work[day + DAY * n] for n in range(-late))  # from today on, the due date not counted
    return posts[: days.index(left) + 1] if left in days else None


def _people(clock: Kept, posts: tuple[str, ...], day: date) -> set[int]:
    item = clock.item
    own: list[int | None] = []
    if clock.kind in {"evaluation", "publication", "asked"}:
        own.append(item.people["clerk"])
    if clock.kind in {"asked", "visit", "milestone"}:
        own.append(item.people["handler"])
    if clock.kind in {"promise", "errand"}:
        own.append(item.owner)
    if clock.kind == "milestone":
        own.append(item.leader)
    if clock.kind != "evaluation":
        own += [item.people[post] for post in posts]
    told = {one for one in own if one and one not in GONE} or set(CLERKS[item.unit])
    for absent, (substitute, since, until) in AWAY.items():
        if absent in told and since <= day <= until:
            told = told | {substitute}
    return told
