"""等与不等：readers never wait for a writer; a writer waits his turn, and is told when it does not come (0003)."""

from __future__ import annotations

import pytest

from tests.durability import hands
from tests.durability.conftest import World
from tests.durability.places import SERVER

pytestmark = pytest.mark.xdist_group("durability")
SIGN = {"name": "sign", "who": "chief", "fields": {"opinion": "", "seen": ""}}


@pytest.mark.skipif(bool(SERVER), reason="SQLite's own settings")
def test_sqlite_keeps_what_it_acknowledged(world: World) -> None:
    assert world.ask(hands.pragmas) == {
        "journal_mode": "wal",
        "synchronous": 2,  # FULL: NORMAL loses acknowledged writes at a power cut
        "foreign_keys": 1,
        "busy_timeout": 20000,
    }


def test_a_reader_does_not_wait_for_a_writer(world: World) -> None:
    pk = world.items["issue"][0]
    holder, reader = world.at_once(
        (hands.hold, {"pk": pk, "seconds": 4}), (hands.look, {"who": "chief", "after": 0.2})
    )
    assert (holder.how, reader.how) == ("done", "done"), (holder, reader)
    status, came = reader.value
    assert status == 200
    assert came < holder.value, "the page came only when the writer had gone"


def test_a_writer_waits_his_turn(world: World) -> None:
    pk = world.items["issue"][0]
    holder, writer = world.at_once(
        (hands.hold, {"pk": pk, "seconds": 0.8}),
        (hands.later, {"act": hands.pass_gate, "after": 0.2, "pk": pk, "who": "chief"}),
    )
    assert (holder.how, writer.how, writer.value) == ("done", "done", "issued"), (holder, writer)
    assert writer.seconds > 0.7, "he did not wait at all"


def test_a_writer_who_waited_too_long_is_told_so(world: World) -> None:
    pk = world.items["issue"][0]
    before = world.ask(hands.state)
    holder, writer = world.at_once(
        (hands.hold, {"pk": pk, "seconds": 3}),
        (hands.later, {"act": hands.post, "after": 0.2, "pk": pk, **SIGN}),
        first=["SET lock_timeout=300" if SERVER else "PRAGMA busy_timeout=300"],
    )
    assert (holder.how, writer.how) == ("done", "done"), (holder, writer)
    status, page = writer.value
    assert status == 503
    assert "系统正忙" in page
    assert "Traceback" not in page
    assert world.ask(hands.whole) == before
    assert world.do((hands.pass_gate, {"pk": pk, "who": "chief"})).value == "issued"


def test_a_deed_and_a_change_of_the_calendar_never_lock_each_other_out(world: World) -> None:
    """The deed's new rows refer to the unit, which the calendar keeps locked while it waits for the deed's item."""
    deed, calendar = world.at_once(
        (hands.urge_slowly, {"pk": world.items["handling"][0], "seconds": 0.8}),
        (hands.later, {"act": hands.stop_work, "after": 0.3, "on": "2020-07-30"}),
    )
    assert (deed.how, calendar.how) == ("done", "done"), (deed, calendar)
    assert calendar.seconds > 0.7, "the two did not meet"
    assert calendar.value > 0  # the date of the new errand among them
