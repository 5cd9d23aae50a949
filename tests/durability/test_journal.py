"""办理轨迹改不得：the database refuses to change the journal, and `huiyin verify` finds who changed it all the same."""

# ruff: noqa: S608 - the statements are the tests' own
from __future__ import annotations

import pytest

from tests.durability import hands
from tests.durability.conftest import World
from tests.durability.places import SERVER

pytestmark = pytest.mark.xdist_group("durability")
ITEM = "stream = (SELECT min(stream) FROM huiyin_event WHERE stream LIKE 'item:%')"
UNIT = "stream LIKE 'unit:%'"
LAST = "seq = (SELECT max(seq) FROM huiyin_event WHERE {0}) AND {0}".format


def test_the_database_refuses_to_change_it(world: World) -> None:
    before = world.ask(hands.whole)
    statements = [
        "UPDATE huiyin_event SET text = 'x'",
        "UPDATE huiyin_event SET text = text WHERE id = (SELECT min(id) FROM huiyin_event)",
        "DELETE FROM huiyin_event",
        "DELETE FROM huiyin_event WHERE id = (SELECT max(id) FROM huiyin_event)",
        "INSERT INTO huiyin_event SELECT * FROM huiyin_event WHERE true"
        " ON CONFLICT (id) DO UPDATE SET text = 'x'",
    ]
    if not SERVER:
        statements += [
            "UPDATE OR IGNORE huiyin_event SET text = 'x'",
            "UPDATE OR REPLACE huiyin_event SET text = 'x'",
        ]
    for statement in statements:
        assert "append-only" in world.ask(hands.run, statements=[statement]), statement
    assert world.ask(hands.whole) == before


def test_it_refuses_the_other_words_for_it(world: World) -> None:
    """TRUNCATE empties the table, REPLACE puts another row in the place of one, each without UPDATE or DELETE."""
    word = "TRUNCATE huiyin_event" if SERVER else "REPLACE INTO huiyin_event SELECT * FROM huiyin_event"
    assert "append-only" in world.ask(hands.run, statements=[word])


FORGERIES = {
    "a body rewritten": [f"UPDATE huiyin_event SET body = replace(body, '主办', '协办') WHERE {ITEM}"],
    "a digest rewritten": [f"UPDATE huiyin_event SET digest = 'x' WHERE seq = 2 AND {ITEM}"],
    "a row moved": [f"UPDATE huiyin_event SET seq = 99 WHERE seq = 2 AND {ITEM}"],
    "a row taken out": [f"DELETE FROM huiyin_event WHERE seq = 2 AND {ITEM}"],
    "a first row taken out": [f"DELETE FROM huiyin_event WHERE seq = 1 AND {ITEM}"],
    "a last row taken out": [f"DELETE FROM huiyin_event WHERE {LAST(ITEM)}"],
    "a whole item taken out": [f"DELETE FROM huiyin_event WHERE {ITEM}"],
    "a unit's row taken out": [f"DELETE FROM huiyin_event WHERE seq = 2 AND {UNIT}"],
    "the words shown": [f"UPDATE huiyin_event SET text = '同意' WHERE {ITEM}"],
    "the person shown": [f"UPDATE huiyin_event SET by_id = by_id + 1 WHERE {ITEM}"],
    "for whom": [f"UPDATE huiyin_event SET behalf_id = by_id WHERE {ITEM}"],
    "the time shown": [f"UPDATE huiyin_event SET at = '2020-01-01 00:00:00+00:00' WHERE {ITEM}"],
    "the deed shown": [f"UPDATE huiyin_event SET deed = 'attach' WHERE {ITEM}"],
    "the steps shown": [f"UPDATE huiyin_event SET source = '', target = 'closed' WHERE {ITEM}"],
    "the item it is shown on": [f"UPDATE huiyin_event SET assignment_id = assignment_id + 1 WHERE {ITEM}"],
    "a unit's last row taken out": [f"DELETE FROM huiyin_event WHERE {LAST(UNIT)}"],
}


def unseen(world: World, forgeries: dict[str, list[str]]) -> list[str]:
    found = {what: world.ask(hands.tampered, statements=how) for what, how in forgeries.items()}
    return [what for what, words in found.items() if "轨迹不符：" not in words]


def test_verify_finds_what_was_changed(world: World) -> None:
    assert unseen(world, FORGERIES) == []


def test_verify_tells_the_operator(world: World) -> None:
    """The command itself: what it says, and that it ends with 1, of a changed row and of damaged files."""
    world.ask(hands.register, number="090", papers=1)
    world.ask(hands.tamper, statements=FORGERIES["a body rewritten"])
    for how in ("changed", "gone"):
        world.ask(hands.spoil, how=how)
        status, words = world.place.verify()
        assert (status, "第1条" in words, "文件不符：" in words) == (1, True, True), words
