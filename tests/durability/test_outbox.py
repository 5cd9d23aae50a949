"""发送箱 under several workers at once, with a channel that fails in every way: nothing is lost, nothing comes twice."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import day
from tests.durability import post
from tests.durability.conftest import World, another

pytestmark = pytest.mark.xdist_group("durability")
AT = day("2020-06-10")
MINUTE = timedelta(minutes=1)
KEYS = [f"warn:{number}" for number in range(4)]
ALL = len(KEYS) * post.PEOPLE
POSTMAN = Path(__file__).with_name("postman.py")
Start = Callable[..., int]


@pytest.fixture(scope="module")
def office(schema: World, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with another(schema, tmp_path_factory.mktemp("post") / "office") as world:
        world.ask(post.build)
        yield world


@pytest.fixture
def world(office: World, tmp_path: Path) -> Iterator[World]:
    with another(office, tmp_path / "place") as one:
        yield one


@pytest.fixture
def postman(tmp_path: Path) -> Iterator[Start]:
    """Starts a postman at a port (0: any), after the one before is gone; gives the port."""
    running: list[subprocess.Popen[str]] = []

    def start(name: str, *plan: str, port: int = 0) -> int:
        command = [sys.executable, str(POSTMAN), str(port), str(tmp_path / name), ",".join(plan)]
        running.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        out = running[-1].stdout
        assert out is not None
        return int(out.readline())

    yield start
    for one in running:
        one.kill()
        one.communicate()


def taken(tmp_path: Path, name: str) -> list[str]:
    file = tmp_path / name
    return file.read_text().split() if file.exists() else []


def configure(world: World, **ports: int) -> None:
    (world.place.data / "channels.toml").write_text("".join(
        f'[{name}]\nkind = "webhook"\nbase = "http://127.0.0.1:{port}"\ninsecure = true\nsecret = "s"\ntimeout = 1\n'
        for name, port in ports.items()
    ))  # fmt: skip


def ident(row: dict[str, Any]) -> str:
    return hashlib.sha256(f"{row['key']} {row['channel']}".encode()).hexdigest()[:32]


def states(world: World, channel: str) -> Counter[str]:
    return Counter(row["state"] for row in world.ask(post.rows) if row["channel"] == channel)


def at_once(world: World, hands: int, at: datetime) -> int:
    """So many workers look at the outbox at the same moment; how many messages they sent together."""
    said = world.at_once(*[(post.send, {"at": at})] * hands)
    assert {one.how for one in said} == {"done"}, said
    return sum(one.value for one in said)


def test_told_at_the_same_moment_by_four_is_told_once(world: World) -> None:
    said = world.at_once(*[(post.tell, {"keys": KEYS[n:] + KEYS[:n], "at": AT}) for n in range(4)])
    assert {one.how for one in said} == {"done"}, said
    assert sum(one.value for one in said) == ALL
    assert len(world.ask(post.notices)) == ALL


def test_several_workers_send_each_message_once(world: World, postman: Start, tmp_path: Path) -> None:
    configure(world, gate=postman("taken"))
    world.ask(post.tell, keys=KEYS, at=AT)
    said = world.at_once(*[(post.send, {"at": AT})] * 4)
    assert sum(one.value for one in said) == ALL
    assert sum(one.value > 0 for one in said) > 1, "only one worker did anything: the test proves nothing"
    assert len(taken(tmp_path, "taken")) == len(set(taken(tmp_path, "taken"))) == ALL


def test_a_channel_that_fails_in_every_way_loses_and_doubles_nothing(
    world: World, postman: Start, tmp_path: Path
) -> None:
    port = postman("first", "ok", "die")
    steady = postman("steady")
    configure(world, rough=port, steady=steady)
    world.ask(post.tell, keys=KEYS, at=AT)

    world.ask(post.send, at=AT)  # the second is taken by a postman who is gone with it in his hand
    assert states(world, "rough") == {"sent": 1, "unknown": 1, "waiting": ALL - 2}
    assert states(world, "steady") == {"sent": ALL}

    at_once(world, 3, AT + 6 * MINUTE)  # nobody is there: refused
    assert states(world, "rough") == {"sent": 1, "unknown": 1, "waiting": ALL - 2}

    postman("second", "500", "ok", "500", "ok", "hang", "ok", "die", port=port)
    world.ask(post.send, at=AT + 20 * MINUTE)
    assert states(world, "rough") == {"sent": 3, "unknown": 2, "waiting": ALL - 5}
    world.ask(post.send, at=AT + 30 * MINUTE)
    assert states(world, "rough") == {"sent": 4, "unknown": 3, "waiting": ALL - 7}

    configure(world, rough=postman("third", *["500", "ok"] * 8), steady=steady)
    for hours in range(1, 8):
        at_once(world, 3, AT + 70 * hours * MINUTE)

    rough = [row for row in world.ask(post.rows) if row["channel"] == "rough"]
    arrived = [one for name in ("first", "second", "third") for one in taken(tmp_path, name)]
    assert len(arrived) == len(set(arrived)) == ALL  # each exactly once, whatever happened
    assert {ident(row) for row in rough} == set(arrived)
    assert Counter(row["state"] for row in rough) == {"sent": ALL - 3, "unknown": 3}
    assert len(taken(tmp_path, "steady")) == len(set(taken(tmp_path, "steady"))) == ALL
    assert max(row["attempts"] for row in rough) > 1  # some were turned away and tried again


@pytest.mark.parametrize("seconds", [0.15, 0.3, 0.6])
def test_workers_killed_in_the_middle_double_nothing(
    world: World, postman: Start, tmp_path: Path, seconds: float
) -> None:
    configure(world, gate=postman("taken", "ok", "ok", "ok", "hang", "hang"))
    world.ask(post.tell, keys=KEYS, at=AT)
    world.at_once(*[(post.send, {"at": AT})] * 3, die_after=seconds)
    sending = states(world, "gate")["sending"]
    at_once(world, 2, AT + 20 * MINUTE)
    at_once(world, 2, AT + 40 * MINUTE)
    rows = world.ask(post.rows)
    found = Counter(row["state"] for row in rows)
    arrived = taken(tmp_path, "taken")
    assert len(arrived) == len(set(arrived))
    assert found["sent"] + found["unknown"] == ALL
    assert found["unknown"] >= sending
    sent = {ident(row) for row in rows if row["state"] == "sent"}
    assert sent <= set(arrived)
    assert set(arrived) <= {ident(row) for row in rows}
