"""办到一半被杀：kill -9 at every step of a deed; after the restart there is all of it or nothing (R75, R79)."""

from __future__ import annotations

import random
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.durability import hands
from tests.durability.conftest import World, another
from tests.durability.foreman import Call

pytestmark = pytest.mark.xdist_group("durability")
State = dict[str, tuple[int, str]]
SHEET = [f"{number:03}" for number in range(101, 113)]
TINY = ["PRAGMA cache_size=4"]  # so that SQLite writes unsaved pages to its log long before the commit


@pytest.fixture(scope="module")
def two(ground: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[World, World]]:
    """The world that suffers, and its twin, where the same deeds are done undisturbed."""
    folder = tmp_path_factory.mktemp("kills")
    with another(ground, folder / "world") as world, another(ground, folder / "twin") as twin:
        yield world, twin


def test_signing(two: tuple[World, World]) -> None:
    """Sign-off, number, reply, status, clocks, journal: a number taken by a dead hand is not lost either."""
    for pk, every in zip(two[0].items["issue"][:2], (1, 6), strict=True):
        steps = killed_everywhere(two, hands.pass_gate, pk=pk, who="chief", every=every)
        assert len([step for step in steps if step.startswith(("INSERT", "UPDATE"))]) > 6
    assert sorted(two[0].ask(hands.numbers)) == [f"赣市自然资字〔2020〕{number}号" for number in (1, 2)]


def test_uploading(two: tuple[World, World]) -> None:
    """附件: the file is safe on the disk under its own name before its row is written (R79)."""
    steps = killed_everywhere(two, hands.attach, pk=two[0].items["handling"][0], who="handler", every=1)
    file = ["fsync", "rename", "after rename", "fsync", "after fsync"]
    assert [step for step in steps if step in file] == ["fsync", "after fsync", *file[1:], *file[3:]]
    row = next(
        place for place, step in enumerate(steps) if step.startswith('INSERT INTO "huiyin_storedfile"')
    )
    assert max(place for place, step in enumerate(steps) if step in file) < row < steps.index("COMMIT")


def test_changing_the_calendar(two: tuple[World, World]) -> None:
    """改一天: the day, each date that follows from it, its row and its notices, or none of them."""
    steps = killed_everywhere(two, hands.stop_work, on="2020-06-08", every=7)
    written = [step for step in steps if step.startswith(("INSERT", "UPDATE"))]
    for table in ("calendaryear", "clock", "assignment", "event", "notice", "unit"):
        assert any(f'"huiyin_{table}"' in step for step in written), table


def test_registering_with_papers(two: tuple[World, World]) -> None:
    killed_everywhere(two, hands.register, number="090", papers=2, every=4)


def test_importing_a_sheet(two: tuple[World, World]) -> None:
    world, _ = two
    [batch, same] = [one.ask(hands.upload, numbers=SHEET) for one in two]
    assert batch == same
    first = [] if world.place.url else TINY
    killed_everywhere(two, hands.take_in, batch=batch, every=31, first=first)
    there = dict(world.ask(hands.registered))
    assert [there[number] for number in SHEET] == [1] * len(SHEET)
    status, words = world.place.verify()
    assert (status, "不符 0 处" in words) == (0, True), words


def test_killed_at_any_moment(world: World, tmp_path: Path) -> None:
    """Two hands register without pause and are killed without warning: what was acknowledged is there, and whole."""
    diary, names = tmp_path / "diary", set[str]()
    before = {number for number, _ in world.ask(hands.registered)}
    for turn in range(9):
        lists = [[f"{turn}{hand}{number:03}" for number in range(500)] for hand in range(2)]
        names |= {name for some in lists for name in some}
        calls: list[list[Call]] = [[(hands.stream, {"names": some, "diary": str(diary)})] for some in lists]
        longer = max(1, turn - 1)  # on a busy machine nobody has done anything by then
        said = world.job(calls, die_after=random.uniform(0.25, 0.75) * longer)  # noqa: S311
        assert [one.how for some in said for one in some] == ["killed"] * 2, said
        again = world.at_once((hands.whole, {}), (hands.whole, {}), (hands.whole, {}))
        assert [one.how for one in again] == ["done"] * 3, again
        there = {number for number, _ in world.ask(hands.registered)} - before
        told = set(diary.read_text().split()) if diary.exists() else set()
        assert told <= there <= names
        assert len(there - told) <= 2 * (turn + 1)  # at most the one each hand was about to be told of
        if told and turn > 1:
            break
    assert told, "killed too early to prove anything"
    status, words = world.place.verify()
    assert (status, "不符 0 处" in words) == (0, True), words


def killed_everywhere(
    two: tuple[World, World], act: Any, *, every: int, first: list[str] | None = None, **facts: Any
) -> list[str]:
    """Kills a hand at the first step of one deed, before every step (or every so-manieth) that changes anything, and
    lastly before and after its commit; then sends the same form again, as people do who got no answer. To be killed
    before a SELECT is to be killed after the change before it, or at the first. The deed's steps."""
    world, twin = two
    call: Call = (act, {**facts, "key": str(uuid.uuid4())})
    before = world.ask(hands.whole)
    undisturbed = twin.do(call, trace=True)
    assert undisturbed.how == "done", undisturbed
    steps, goal = undisturbed.steps, twin.ask(hands.state)
    assert steps[-2:] == ["COMMIT", "after COMMIT"]
    changing = [place for place, step in enumerate(steps[:-2]) if not step.startswith("SELECT")]
    for point in sorted({0, *changing[::every], len(steps) - 2}):
        assert world.do(call, die_at=point, first=first or ()).how == "killed", steps[point]
        if first:
            assert spilled(world) or point < 61, "nothing unsaved had reached the log"
        assert world.ask(hands.state) == before, f"half done when killed before: {steps[point]}"
    assert world.do(call, die_at=len(steps) - 1).how == "killed"
    after = world.ask(hands.whole)
    assert like(world, after) == like(world, goal)
    again = world.do(call)
    assert (again.how, again.text) == ("AlreadyDone", "这张表已经提交过，没有重复办理")
    assert world.ask(hands.whole) == after
    return steps


def like(world: World, state: State) -> Any:
    """PostgreSQL's sequences do not go back, so there the two worlds are compared by their counts."""
    return {table: rows for table, (rows, _) in state.items()} if world.place.url else state


def spilled(world: World) -> bool:
    log = world.place.data / "huiyin.sqlite3-wal"
    return log.exists() and log.stat().st_size > 0
