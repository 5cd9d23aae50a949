"""后台进程：`huiyin worker` as an operator runs it: told to stop, killed, several at once, its database gone and back."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.durability import places, year_hands
from tests.durability.conftest import World, another
from tests.durability.places import Place

pytestmark = pytest.mark.xdist_group("durability")
PATIENCE = 60


@contextmanager
def worker(place: Place, *words: str) -> Iterator[subprocess.Popen[str]]:
    """It runs until the block ends; any hour is late enough for digests."""
    run = subprocess.Popen(
        [sys.executable, "-m", "huiyin", "worker", "--poll", "0.2", *words],
        env={**os.environ, **place.env, "HUIYIN_DIGEST_HOUR": "0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield run
    finally:
        if run.poll() is None:
            run.kill()
        run.communicate()


def wait_for_a_tick(run: subprocess.Popen[str]) -> str:
    """The line it says when it has told something."""
    assert run.stdout is not None
    return run.stdout.readline()


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_to(world: World, sign: signal.Signals) -> None:
    with worker(world.place) as run:
        assert "提醒" in wait_for_a_tick(run)
        run.send_signal(sign)
        out, err = run.communicate(timeout=10)
        assert (run.returncode, out, err) == (0, "", "")
        assert None not in world.ask(year_hands.pulse)


def test_killed_again_and_again_and_restarted_it_loses_and_doubles_nothing(
    ground: World, tmp_path: Path
) -> None:
    """Three at once, killed at moments between their start and the end of their tick; then one is left to finish."""
    with another(ground, tmp_path / "twin") as twin, another(ground, tmp_path / "place") as world:
        unfinished = 0
        for least in (0.5, 1.0, 1.5, 2.0, 2.5):
            moment = least + random.uniform(0, 0.5)  # noqa: S311
            with worker(world.place) as one, worker(world.place) as two, worker(world.place) as three:
                time.sleep(moment)
                for run in (one, two, three):
                    run.kill()
            unfinished += None in world.ask(year_hands.pulse)
        assert unfinished, "killed too late to prove anything"
        with worker(world.place, "--once") as last:
            assert last.wait(PATIENCE) == 0
        first, second = world.ask(year_hands.pulse)
        assert first and second
        assert twin.ask(year_hands.tick_at, at=max(first, second)) > 100
        inbox = world.ask(year_hands.inbox)
        assert inbox == twin.ask(year_hands.inbox)
        with worker(world.place, "--once") as again:
            assert again.wait(PATIENCE) == 0
        assert world.ask(year_hands.inbox) == inbox


@pytest.mark.skipif(not places.SERVER, reason="SQLite has no server to go away")
def test_it_outlives_its_databases_restart(world: World) -> None:
    """The database lets nobody in when it starts, then does, then throws it out."""
    name = world.place.name
    _server(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    with worker(world.place) as run:
        assert run.stderr is not None
        assert "数据库暂时用不了" in run.stderr.readline()
        _server(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
        assert "提醒" in wait_for_a_tick(run)
        [(before,)] = _server(INSIDE, name)
        _server("SELECT pg_terminate_backend(%s)", before)
        for _ in range(50):
            time.sleep(0.2)
            inside = _server(INSIDE, name)
            if inside and inside != [(before,)]:
                break
        assert run.poll() is None
        assert len(inside) == 1, "it did not come back"


INSIDE = "SELECT pid FROM pg_stat_activity WHERE datname = %s"


def _server(statement: str, *facts: object) -> list[tuple[object, ...]]:
    import psycopg

    with psycopg.connect(places.SERVER, autocommit=True) as server:
        done = server.execute(statement.encode(), facts or None)
        return done.fetchall() if done.description else []
