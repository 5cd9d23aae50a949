"""一年的时限，人手的活: what a hand does to the rows of year.py: furnish them, let a morning happen, tick, look."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from tests.durability.year import AWAY, CHASES, CLERKS, FIRST, GONE, LADDERS, LAST, ROW_KINDS, drawn


def furnish() -> None:
    """All of it as rows."""
    from django.db import transaction

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


def tick(day: date) -> Callable[[], int]:
    """Before the hour of digests; how many notices are new by it."""
    return tick_at(datetime.combine(day, time(7), ZoneInfo("Asia/Shanghai")))


def tick_at(at: datetime) -> Callable[[], int]:
    from huiyin.actions.ticking import tick as go

    def press() -> int:
        done = go(at=at)
        assert not any(one.failed for one in done)
        return sum(one.notices or 0 for one in done)

    return press


def told() -> list[tuple[int, int, date]]:
    """(person, clock, day) of each warning in the inboxes."""
    from django.utils.timezone import localdate

    from huiyin.models import Notice

    rows = Notice.objects.filter(kind="warning").values_list("person", "key", "at")
    return [(person, int(key.split(":")[1]), localdate(at)) for person, key, at in rows.iterator()]


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


def inbox() -> list[tuple[str, str]]:
    """All that anybody was told, with its words."""
    from huiyin.models import Notice

    return list(Notice.objects.order_by("key").values_list("key", "text"))


def pulse() -> list[datetime | None]:
    """When each unit was last told."""
    from huiyin.queries.beats import pulses

    return [one.at for one in pulses()]
