"""一年的时限: 1,000 items with 10 clocks each in two bureaus, what happens to them day by day, and, by an oracle
that knows nothing of the program but the holidays, who must be told of which clock on which day.

The facts are drawn from a seed, so that the test that expects and the hands that tick draw the same. No deeds are
played here: the rows are simply there.
"""

from __future__ import annotations

import random
import re
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from chinese_calendar import is_workday
from django.core.management import call_command

ITEMS, EACH = 1000, 10
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
    fate = dice.random()
    if fate < 0.75:
        one.stop = start + DAY * dice.randint(1, max(1, (due - start).days))
    elif fate < 0.97:
        one.stop = due + DAY * dice.randint(1, 25)
    if dice.random() < 0.1:
        begins = start + DAY * dice.randint(1, 40)
        ends = begins + DAY * dice.randint(1, 60)
        one.pause = (begins, ends)
        one.moves[ends] = due + (ends - begins)
    elif dice.random() < 0.15:
        one.moves[start + DAY * dice.randint(1, 60)] = due + DAY * dice.randint(-30, 60)
    return one


# 神谕


def expected() -> Counter[tuple[int, int, date]]:
    """(person, clock, day), from one's fingers: day by day, counting working days one by one."""
    work = {
        day: is_workday(day) for day in (FIRST - DAY * 250 + DAY * n for n in range(980)) if day.year < 2027
    }
    found = Counter[tuple[int, int, date]]()
    for clock in drawn()[1]:
        for day in DAYS:
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


# 人手的活 (see foreman.py)


def furnish() -> None:
    """The schema, and all of it as rows."""
    from django.db import transaction

    call_command("migrate", verbosity=0)
    with transaction.atomic():
        _organisation()
        _places()
        _items()
        _clocks()


def morning(day: date) -> Callable[[], None]:
    """What happens to the clocks that morning, before anybody ticks; done by the hand that presses it."""
    from huiyin.models import Clock

    stopped, fates = _fates()

    def press() -> None:
        Clock.objects.filter(pk__in=stopped[day]).update(stopped_on=day)
        for pk, changes in fates[day]:
            Clock.objects.filter(pk=pk).update(**changes)

    return press


def nothing() -> Callable[[], None]:
    return lambda: None


def tick(day: date, hour: int = 7) -> Callable[[], int]:
    """How many notices are new by this tick."""
    from huiyin.actions.ticking import tick as go

    def press() -> int:
        done = go(at=datetime.combine(day, time(hour), ZoneInfo("Asia/Shanghai")))
        assert not any(one.failed for one in done)
        return sum(one.notices or 0 for one in done)

    return press


def told() -> list[tuple[int, int, date]]:
    """(person, clock, day) of each warning in the inboxes."""
    from django.utils.timezone import localdate

    from huiyin.models import Notice

    rows = Notice.objects.filter(kind="warning").values_list("person", "key", "at")
    return [(person, int(key.split(":")[1]), localdate(at)) for person, key, at in rows.iterator()]


def running() -> int:
    from huiyin.models import Clock

    return Clock.objects.filter(stopped_on__isnull=True).count()


@lru_cache
def _fates() -> tuple[dict[date, list[int]], dict[date, list[tuple[int, dict[str, Any]]]]]:
    stopped, fates = (
        defaultdict[date, list[int]](list),
        defaultdict[date, list[tuple[int, dict[str, Any]]]](list),
    )
    for one in drawn()[1]:
        if one.stop:
            stopped[max(one.stop, FIRST)].append(one.pk)
        changes: list[tuple[date, dict[str, Any]]] = [
            (day, {"due_on": due}) for day, due in one.moves.items()
        ]
        changes += [(day, {"paused": on}) for day, on in zip(one.pause or (), (True, False), strict=False)]
        for day, change in sorted(changes, key=lambda found: found[0]):
            fates[max(day, FIRST)].append((one.pk, change))
    return stopped, fates


def _organisation() -> None:
    from huiyin.models import Meeting, Person, Post, Section, StandIn, Unit

    Unit.objects.bulk_create(
        Unit(pk=pk, name=f"甲乙{pk}局", short_name=f"{pk}局", hosted=pk < 3) for pk in (1, 2, 3)
    )
    Section.objects.bulk_create(Section(pk=pk, unit_id=pk, name="科", short_name="科") for pk in (1, 2))
    Meeting.objects.create(pk=1, name="五届五次", title="五届人大五次会议", year=2025)
    Person.objects.bulk_create(
        Person(
            pk=pk, username=f"u{pk}", password="!", name=f"人{pk}", is_active=pk not in GONE,
            unit_id=1 if pk < 41 and pk not in CLERKS[2] else 2,
        )
        for pk in range(1, 71)
    )  # fmt: skip
    Post.objects.bulk_create(
        Post(person_id=one, role="clerk", unit_id=unit) for unit, clerks in CLERKS.items() for one in clerks
    )
    StandIn.objects.bulk_create(
        StandIn(absent_id=one, substitute_id=other, from_on=since, to_on=until)
        for one, (other, since, until) in AWAY.items()
    )


def _places() -> None:
    """Three places of their own ladders."""
    from huiyin.models import ProfileVersion
    from huiyin.rules import profile

    def line(name: str, ladder: tuple[list[int], tuple[str, ...], int, tuple[str, ...]]) -> str:
        days, posts, every, after = ladder
        said = f"{name} = {{ days = {days}, posts = {list(posts)}, every = {every}, after = {list(after)}, "
        return said.replace("'", '"') + 'basis = "试" }'

    usual = profile.named("jiangxi").text
    for name, ladders in LADDERS.items():
        text = usual
        for key, ladder in ladders.items():
            text = re.sub(rf"^{key}\s*= \{{ days.*$", line(key, ladder), text, flags=re.M)
        text = re.sub(r"^(reminders\s*= \{ value = )\d+", rf"\g<1>{CHASES[name]}", text, flags=re.M)
        text = text.replace('name = "jiangxi"', f'name = "{name}"', 1)
        read = profile.parse(text, name)
        assert (read.name, read.values["evaluation.reminders"]) == (name, CHASES[name])
        ProfileVersion.objects.create(
            name=name,
            version="1",
            title=name,
            text=text,
            kept_at=datetime(2024, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
        )


def _items() -> None:
    from huiyin.models import Assignment, Suggestion
    from huiyin.models.suggestion import sort_key

    items = drawn()[0]
    Suggestion.objects.bulk_create(
        Suggestion(
            pk=one.pk, meeting_id=1, number=f"{one.pk:04}", number_key=sort_key(f"{one.pk:04}"), title="关于测试的建议",
            received_on=FIRST, level="key" if one.key else "ordinary",
        )
        for one in items
    )  # fmt: skip
    Assignment.objects.bulk_create(
        Assignment(
            pk=one.pk, suggestion_id=one.pk, meeting_id=1, unit_id=one.unit, part="sole", assigned_on=FIRST,
            status="handling", status_since=datetime(2025, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")),
            profile_name=one.profile, profile_version="1",
            **{f"{role}_id": person for role, person in one.people.items()},
        )
        for one in items
    )  # fmt: skip


def _clocks() -> None:
    from huiyin.models import Clock, Commitment, CoOpinion, Errand, Milestone, Supervision, SupervisionPlan

    clocks = drawn()[1]
    of = {kind: [one for one in clocks if one.kind == kind] for kind in ROW_KINDS}
    CoOpinion.objects.bulk_create(
        CoOpinion(pk=one.pk, assignment_id=one.item.pk, unit_id=3, requested_on=one.start, due_on=one.due)
        for one in of["asked"]
    )
    Commitment.objects.bulk_create(
        Commitment(
            pk=one.pk, assignment_id=one.item.pk, content="供地", section_id=one.item.unit, owner_id=one.item.owner,
            due_on=one.due,
        )
        for one in of["promise"]
    )  # fmt: skip
    Supervision.objects.create(
        pk=1, unit_id=1, kind="urge", number="催1", source="office", text="催", required_on=LAST, issued_on=FIRST,
        issued_by_id=1,
    )  # fmt: skip
    Errand.objects.bulk_create(
        Errand(
            pk=one.pk, supervision_id=1, assignment_id=one.item.pk, owner_id=one.item.owner, due_on=one.due
        )
        for one in of["errand"]
    )
    SupervisionPlan.objects.bulk_create(
        SupervisionPlan(
            pk=one.pk, assignment_id=one.item.pk, leader_id=one.item.leader, decided_by="局务会", text="方案",
            made_by_id=1, made_on=one.start,
        )
        for one in of["milestone"]
    )  # fmt: skip
    Milestone.objects.bulk_create(
        Milestone(pk=one.pk, plan_id=one.pk, text="节点", due_on=one.due) for one in of["milestone"]
    )
    Clock.objects.bulk_create(
        Clock(
            pk=one.pk, assignment_id=one.item.pk, kind=one.kind, row=one.pk if one.kind in ROW_KINDS else 0,
            start_on=one.start, no_later_than=one.due, due_on=one.due,
        )
        for one in clocks
    )  # fmt: skip
