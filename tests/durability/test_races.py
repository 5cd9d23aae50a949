"""同一瞬间：of all who press at once exactly one does it; the others are told so in a sentence (R40, R74, R75)."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from typing import Any

import pytest

from tests.durability import hands
from tests.durability.conftest import World
from tests.durability.foreman import Call, Said

pytestmark = pytest.mark.xdist_group("durability")
JITTER = 0.002  # seconds, at most, before each statement: the hands overlap in every order
CHINESE = re.compile(r"[\u4e00-\u9fff]{4}")
GATES = [
    ("assigning", "director", "office_director"),
    ("review", "head", "section_head"),
    ("issue", "chief", "chief_leader"),
]
PASS = {"opinion": "", "seen": ""}
NUMBERS = [f"{number:03}" for number in range(101, 113)]


def one_did(said: list[Said]) -> Said:
    """Exactly one did it; every other was answered in Chinese by the product, none by the database."""
    done = [one for one in said if one.how == "done"]
    others = [one for one in said if one.how != "done"]
    assert len(done) == 1, said
    answered(others)
    return done[0]


def answered(others: list[Said]) -> None:
    assert {one.how for one in others} <= {"AlreadyDone", "Refused", "Stale"}, others
    assert all(CHINESE.search(one.text) for one in others), others


@pytest.mark.parametrize("many", [2, 8])
def test_one_signature_is_put_once(world: World, many: int) -> None:
    """审签、签发: several pages of the same signer, at each of the three gates."""
    waiting = [(pk, who, role) for where, who, role in GATES for pk in world.items[where][:3]]
    rounds: list[Call] = [(hands.pass_gate, {"pk": pk, "who": who}) for pk, who, _ in waiting]
    for said in world.race(many, rounds, jitter=JITTER):
        one_did(said)
    for pk, _, role in waiting:
        assert world.ask(hands.sign_offs, pk=pk, role=role) == (1, 1)
    assert sorted(world.ask(hands.numbers)) == expected_numbers(3)
    world.ask(hands.whole)


def expected_numbers(last: int) -> list[str]:
    return sorted(f"赣市自然资字〔2020〕{number}号" for number in range(1, last + 1))


def test_pages_answer_a_lost_race_with_a_sentence(world: World) -> None:
    pk = world.items["issue"][0]
    call: Call = (hands.post, {"name": "sign", "who": "chief", "pk": pk, "fields": PASS})
    said = world.at_once(*[call] * 8)
    assert {one.how for one in said} == {"done"}, said
    assert Counter(one.value[0] for one in said) == {302: 1, 409: 7}
    assert all("本件现为" in page for status, page in (one.value for one in said) if status == 409)
    assert world.ask(hands.sign_offs, pk=pk, role="chief_leader") == (1, 1)


def test_of_signing_and_sending_back_one_happens(world: World) -> None:
    for pk in world.items["issue"][:5]:
        said = world.at_once(
            (hands.pass_gate, {"pk": pk, "who": "chief"}),
            (hands.send_back, {"pk": pk, "who": "chief"}),
            jitter=JITTER,
        )
        one_did(said)
        signed = said[0].how == "done"
        assert world.ask(hands.status, pk=pk) == ("issued" if signed else "handling")
    world.ask(hands.whole)


def test_one_form_sent_eight_times_is_one_deed(world: World) -> None:
    """同一个键: uploading may be repeated at will, so here nothing but the key stands against it."""
    pks = world.items["handling"][:3]
    before = {pk: world.ask(hands.counts, pk=pk) for pk in pks}
    rounds: list[Call] = [
        (hands.attach, {"pk": pk, "who": "handler", "key": str(uuid.uuid4())}) for pk in pks
    ]
    for said in world.race(8, rounds, jitter=JITTER):
        one_did(said)
        assert Counter(one.how for one in said) == {"done": 1, "AlreadyDone": 7}
    for pk in pks:
        after = world.ask(hands.counts, pk=pk)
        assert (after["events"], after["files"]) == (before[pk]["events"] + 1, before[pk]["files"] + 1)
    after = world.ask(hands.counts, pk=pks[0])
    assert after["rows"] == after["stored"] == before[pks[0]]["rows"] + 3, "a lost race left a file behind"
    world.ask(hands.whole)


def test_of_those_who_answer_by_one_link_one_is_kept(world: World) -> None:
    """协办填报: four forms, each with a key of its own, at the same instant."""
    pk = world.items["handling"][0]
    secret = world.ask(hands.open_link, pk=pk)
    before = world.ask(hands.counts, pk=pk)
    calls: list[Call] = [(hands.answer_link, {"secret": secret, "text": f"第{n}份"}) for n in range(4)]
    said = world.at_once(*calls, jitter=JITTER)
    done = [n for n, one in enumerate(said) if one.how == "done"]
    assert len(done) == 1, said
    assert {one.how for one in said} == {"done", "NoLink"}, said
    assert world.ask(hands.opinions, pk=pk) == [("received", f"第{done[0]}份")]
    after = world.ask(hands.counts, pk=pk)
    assert (after["events"], after["files"]) == (before["events"] + 1, before["files"] + 1)
    world.ask(hands.whole)


def test_one_page_sent_eight_times_is_one_deed(world: World) -> None:
    pk, key = world.items["handling"][0], str(uuid.uuid4())
    before = world.ask(hands.counts, pk=pk)
    facts: dict[str, Any] = {
        "name": "attach",
        "who": "handler",
        "fields": {"purpose": "附件"},
        "paper": "scan",
    }
    said = world.at_once(*[(hands.post, {**facts, "pk": pk, "key": key})] * 8)
    assert [one.value[0] for one in said if one.how == "done"] == [302] * 8, said
    after = world.ask(hands.counts, pk=pk)
    assert (after["events"], after["files"]) == (before["events"] + 1, before["files"] + 1)


def test_numbers_run_without_gap_or_double(world: World) -> None:
    """发文字号: twenty items signed by four hands at once, the first of the series among them."""
    pks = world.items["issue"]
    assert len(pks) == 20
    calls: list[list[Call]] = [
        [(hands.pass_gate, {"pk": pk, "who": "chief"}) for pk in pks[hand::4]] for hand in range(4)
    ]
    said = [one for hand in world.job(calls, jitter=JITTER) for one in hand]
    assert [one.how for one in said] == ["done"] * 20, said
    assert sorted(world.ask(hands.numbers)) == expected_numbers(20)
    world.ask(hands.whole)


def test_one_batch_is_taken_in_once(world: World) -> None:
    batch = world.ask(hands.upload, numbers=NUMBERS)
    said = world.at_once(*[(hands.take_in, {"batch": batch})] * 4, jitter=JITTER)
    assert one_did(said).value == (len(NUMBERS), 0)
    each_once(world)


def test_one_sheet_uploaded_twice_is_registered_once(world: World) -> None:
    batches = [world.ask(hands.upload, numbers=NUMBERS) for _ in range(2)]
    said = world.at_once(*[(hands.take_in, {"batch": batch}) for batch in batches], jitter=JITTER)
    each_once(world)
    answered([one for one in said if one.how != "done"])


def test_one_sheet_in_two_orders_is_registered_once(world: World) -> None:
    """Two clerks, the same items sorted otherwise: whoever is refused, nothing hangs and nothing is half there."""
    batches = [world.ask(hands.upload, numbers=order) for order in (NUMBERS, NUMBERS[::-1])]
    said = world.at_once(*[(hands.take_in, {"batch": batch}) for batch in batches], jitter=JITTER)
    each_once(world)
    answered([one for one in said if one.how != "done"])


def test_one_number_is_registered_once(world: World) -> None:
    rounds: list[Call] = [(hands.register, {"number": number}) for number in NUMBERS[:3]]
    answers = world.race(4, rounds, jitter=JITTER)
    each_once(world, NUMBERS[:3])
    for said in answers:
        assert [one.how for one in said].count("done") == 1
        answered([one for one in said if one.how != "done"])


def test_the_last_administrator_stays(world: World) -> None:
    """Two administrators, each laying down his post at the same instant: one of them may not (R76)."""
    posts = world.ask(hands.second_administrator)
    said = world.at_once(*[(hands.dismiss, {"post": post}) for post in posts], jitter=JITTER)
    one_did(said)
    assert world.ask(hands.administrators) == 1


def test_one_meeting_is_arranged_once(world: World) -> None:
    for said in world.race(4, [(hands.convene, {"name": "第8次办公会"})], jitter=JITTER):
        one_did(said)


def test_one_substitute_at_a_time(world: World) -> None:
    calls: list[Call] = [
        (hands.stand_in, {"absent": "head", "substitute": who})
        for who in ("director", "business_leader", "handler", "other_head")
    ]
    said = world.at_once(*calls, jitter=JITTER)
    one_did(said)
    assert world.ask(hands.substitutes) == 1


def each_once(world: World, numbers: list[str] = NUMBERS) -> None:
    """Every item of the sheet exists, once, with one assignment; nothing else came."""
    world.ask(hands.whole)
    there = dict(world.ask(hands.registered))
    assert {number: there.get(number) for number in numbers} == dict.fromkeys(numbers, 1)
    assert len(there) == sum(map(len, world.items.values())) + len(numbers)
