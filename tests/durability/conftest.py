"""A bureau in a database of its own, with items waiting at every gate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

import tests.schema
from tests.durability import hands, places, year_hands
from tests.durability.foreman import Act, Call, Foreman, Job, Said
from tests.durability.places import Place

# How many items wait where: at the director's, the head's and the chief's desk, and with the handler.
WAITING = {"assigning": 3, "review": 3, "issue": 20, "handling": 4}


@dataclass(frozen=True)
class World:
    """One place, which items wait where in it, and the foreman whose hands are sent there."""

    place: Place
    items: dict[str, list[int]]
    foreman: Foreman

    def job(self, calls: Sequence[Sequence[Call]], **how: Any) -> list[list[Said]]:
        return self.foreman.do(Job(self.place.env, calls, **how))

    def do(self, call: Call, **how: Any) -> Said:
        """One hand, one call."""
        [[said]] = self.job([[call]], **how)
        return said

    def ask(self, act: Act, **facts: Any) -> Any:
        """One hand, one call, its answer; anything but done fails the test."""
        said = self.do((act, facts))
        assert said.how == "done", said
        return said.value

    def at_once(self, *calls: Call, **how: Any) -> list[Said]:
        """One call a hand, all begun at the same instant."""
        return [said for [said] in self.job([[call] for call in calls], **how)]

    def race(self, many: int, rounds: Sequence[Call], *, jitter: float = 0.0) -> list[list[Said]]:
        """The same hands, `many`, all press the same in each round; the answers round by round."""
        said = self.job([rounds] * many, jitter=jitter)
        return [list(answers) for answers in zip(*said, strict=True)]


@pytest.fixture(scope="session")
def schema(
    django_db_setup: None, pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """The place all others are copied from, with empty tables; and the one foreman, who sends hands to any place."""
    kept = tests.schema.kept(pytestconfig)
    place = places.copy(kept, tmp_path_factory.mktemp("durability") / "schema")
    world = World(place, {}, Foreman(place.env))
    try:
        yield world
    finally:
        world.foreman.leave()
        places.drop(place)


@pytest.fixture(scope="session")
def ground(schema: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A bureau with items at every gate; nobody works here once it is built, but in copies."""
    with another(schema, tmp_path_factory.mktemp("bureau") / "ground") as empty:
        world = replace(empty, items={to: [] for to in WAITING})
        world.ask(hands.build)
        goals = [to for to, count in WAITING.items() for _ in range(count)]
        calls = [(hands.walk, {"to": to, "number": f"{number:03}"}) for number, to in enumerate(goals, 1)]
        said = world.job([calls[::2], calls[1::2]])
        for to, one in zip(goals, chain(*zip(*said, strict=True)), strict=True):
            assert one.how == "done", one
            world.items[to].append(one.value)
        world.ask(hands.whole)  # who, being the only one, leaves no write-ahead log behind
        yield world


@pytest.fixture(scope="session")
def bureaus(schema: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """Another ground: items with 10 clocks each (year.py), nobody told of anything yet."""
    with another(schema, tmp_path_factory.mktemp("year") / "ground") as world:
        world.ask(year_hands.furnish)
        yield world


@contextmanager
def another(ground: World, data: Path) -> Iterator[World]:
    place = places.copy(ground.place, data)
    try:
        yield replace(ground, place=place)
    finally:
        places.drop(place)


@pytest.fixture
def world(ground: World, tmp_path: Path) -> Iterator[World]:
    with another(ground, tmp_path / "place") as one:
        yield one
