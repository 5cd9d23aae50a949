"""一年的时钟: every day ticked by two processes at the same instant; the inboxes hold exactly what the oracle says."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.durability import year, year_hands
from tests.durability.conftest import World, another
from tests.durability.foreman import Call, Said

pytestmark = pytest.mark.xdist_group("durability")
Told = Counter[tuple[int, int, date]]  # person, clock, day
MONTHS = [year.DAYS[n : n + 31] for n in range(0, len(year.DAYS), 31)]


@pytest.fixture
def world(bureaus: World, tmp_path: Path) -> Iterator[World]:
    with another(bureaus, tmp_path / "place") as one:
        yield one


def through(days: list[date], hands: int) -> list[list[Call]]:
    """What each hand does: of all the first sees to what happens that morning, then all tick at once. Hands meet
    before each call, so nobody is a day ahead."""
    return [
        [
            call for day in days
            for call in ((year_hands.nothing, {}) if hand else (year_hands.morning, {"day": day}), (year_hands.tick, {"day": day}))
        ]
        for hand in range(hands)
    ]  # fmt: skip


def told(world: World) -> Told:
    return Counter(world.ask(year_hands.told))


def new(said: list[Said]) -> list[int]:
    """How many notices each tick of one hand wrote."""
    assert {one.how for one in said} == {"done"}, [one for one in said if one.how != "done"][:3]
    return [one.value for one in said[1::2]]


def test_a_year_ticked_by_two_at_once_tells_exactly_what_is_due(
    world: World, record_property: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    wrote = [Counter[int](), Counter[int]()]
    for days in MONTHS:
        for hand, said in enumerate(world.job(through(days, 2))):
            wrote[hand].update({n: count for n, count in enumerate(new(said)) if count})
    expected = year.expected()
    assert len(expected) > 50 * year.ITEMS
    assert max(expected.values()) == 1
    got = told(world)
    assert got - expected == Counter(), "told what was not due, or twice"
    assert expected - got == Counter(), "not told what was due"
    assert sum(sum(one.values()) for one in wrote) == sum(got.values())
    assert all(sum(one.values()) > year.ITEMS for one in wrote), "one of the two did nothing: no race was run"
    record_property("notices", len(expected))
    with capsys.disabled():
        print(f"[一年的时钟：应有 {len(expected)} 条提醒，一条不多，一条不少]", end=" ")


def test_killed_at_every_step_of_a_tick_and_started_again(bureaus: World, tmp_path: Path) -> None:
    """Of a day that tells hundreds: killed one step later each time, until a tick comes through. A unit has been told
    all or nothing."""
    with another(bureaus, tmp_path / "twin") as twin, another(bureaus, tmp_path / "world") as world:
        call: Call = (year_hands.tick, {"day": year.FIRST})
        assert twin.do(call).value > year.ITEMS / 5
        goal = told(twin)
        assert {len(of(goal, unit)) > year.ITEMS / 20 for unit in (1, 2)} == {True}
        killed, states = 0, set[tuple[bool, bool]]()
        while world.do(call, die_at=killed).how == "killed":
            killed += 1
            got = told(world)
            assert all(of(got, unit) in (Told(), of(goal, unit)) for unit in (1, 2))
            states.add((bool(of(got, 1)), bool(of(got, 2))))
        assert killed > 10
        assert states >= {(False, False), (True, False)}
        assert told(world) == goal
        assert world.ask(year_hands.tick, day=year.FIRST) == 0


def of(what: Told, unit: int) -> Told:
    """What concerns the clocks of one unit."""
    return Counter(
        {key: count for key, count in what.items() if year.drawn()[1][key[1] - 1].item.unit == unit}
    )


def test_killed_at_any_moment_of_many_days(world: World) -> None:
    """Two hands tick day after day and are killed without warning, again and again; nothing is lost or doubled."""
    days, deaths = year.DAYS[:40], 0
    goal = Counter({key: 1 for key in year.expected() if key[2] in set(days)})
    for _ in range(6):
        said = world.job(through(days, 2), die_after=random.uniform(0.2, 0.8))  # noqa: S311
        deaths += sum(one.how == "killed" for some in said for one in some)
    assert deaths > 6, "killed too late to prove anything"
    assert told(world) - goal == Counter()
    for some in world.job(through(days, 2)):
        assert {one.how for one in some} == {"done"}
    got = told(world)
    assert got - goal == Counter()
    assert goal - got == Counter()
