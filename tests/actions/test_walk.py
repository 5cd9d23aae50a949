"""The whole circle by the deeds alone."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.actions import Refused
from huiyin.models import Assignment
from huiyin.rules.vocabulary import Part, Rating, RoundKind, Status
from tests.conftest import Bureau


def test_a_lead_item_walks_to_closed(bureau: Bureau) -> None:
    item = bureau.evaluated()
    assert item.status == Status.CLOSED
    assert item.reply and item.reply.number == "赣市自然资字〔2020〕1号"
    assert [one.signer.name for one in item.sign_offs.filter(gate="review")] == [
        "谢文斌", "赖春华", "刘晓琴", "曾建平", "温国强", "黄志远",
    ]  # fmt: skip


def test_a_co_handled_item_goes_to_the_lead_unit(bureau: Bureau, nankang: object) -> None:
    item = bureau.delivered(part=Part.CO, lead_unit=nankang)
    assert item.status == Status.CLOSED
    assert item.reply and item.reply.number == "赣市自然资函〔2020〕1号"


def test_dissatisfaction_waits_for_a_new_round(bureau: Bureau) -> None:
    item = bureau.evaluated(outcome=Rating.DISSATISFIED, reason="供地时间没有说清")
    assert item.status == Status.DISSATISFIED
    assert item.round_kind == RoundKind.FIRST


def test_no_reply_before_contact(bureau: Bureau) -> None:
    from huiyin.actions import replying
    from tests.conftest import day

    item = bureau.handling()
    bureau.draft(item)
    with pytest.raises(Refused) as refusal:
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert "沟通在前" in refusal.value.reasons[0]
    assert Assignment.objects.get().status == Status.HANDLING


def test_a_whole_life_takes_few_statements(bureau: Bureau) -> None:
    """16 deeds, each with its lock, its actor, its conditions, journal, clocks, counted columns and notices."""
    with CaptureQueriesContext(connection) as asked:
        bureau.evaluated(number="7077")  # walked by nobody before
    assert 400 < len(asked) <= 520
