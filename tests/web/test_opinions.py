"""协办意见的页：the deeds from their forms, the sources view, and how they stand in every list."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.actions import consulting
from huiyin.models import Assignment, Unit
from huiyin.rules.vocabulary import OpinionState, OpinionUse
from tests.conftest import BODY, Bureau, day


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    return bureau.contacted()


def post(client: Client, item: Assignment, name: str, **fields: Any) -> Any:
    form = {"key": str(uuid.uuid4()), **fields}
    return client.post(reverse("deed", args=[item.pk, name]), form)


def page(client: Client, name: str, *args: Any) -> str:
    return client.get(reverse(name, args=args)).content.decode()


def test_a_round_is_planned_on_one_page_and_sent_on_the_next(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client
) -> None:
    client.force_login(bureau.handler)
    planning = Unit.objects.get(short_name="市发展改革委")
    today = timezone.localdate()
    day_of = {
        "due1": (today + timedelta(days=9)).isoformat(),
        "due2": (today + timedelta(days=12)).isoformat(),
    }
    form = {
        "unit1": nankang.pk,
        "question1": "征地进度",
        "unit2": planning.pk,
        "question2": "",
        "unit3": "",
        **day_of,
    }
    assert post(client, item, "plan_requests", **form).status_code == 302
    shown = page(client, "deed", item.pk, "plan_requests")
    assert "征地进度" in shown and day_of["due2"] in shown
    assert "▲ 待发出" in page(client, "item", item.pk)
    planned = list(item.opinions.values_list("pk", flat=True))
    sent = post(client, item, "send_requests", rows=planned[:1], on=today.isoformat())
    assert sent.status_code == 302
    assert list(item.opinions.values_list("state", flat=True)) == [
        OpinionState.REQUESTED,
        OpinionState.PLANNED,
    ]
    assert item.opinions.get(unit=nankang).due_on == today + timedelta(days=9)
    assert post(client, item, "plan_requests", unit1="").status_code == 302  # the other is crossed out
    assert item.opinions.count() == 1


def test_the_row_a_link_names_is_the_one_chosen(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client
) -> None:
    planning = Unit.objects.get(short_name="市发展改革委")
    bureau.ask(item, nankang, planning)
    client.force_login(bureau.clerk)
    second = item.opinions.get(unit=planning)
    address = reverse("deed", args=[item.pk, "receive_opinion"])
    assert f'href="{address}?opinion={second.pk}"' in page(client, "item", item.pk)
    shown = client.get(f"{address}?opinion={second.pk}").content.decode()
    assert f'<option value="{second.pk}" selected>赣州市发展和改革委员会' in shown


def test_who_may_not_is_offered_nothing_on_a_row(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client
) -> None:
    bureau.ask(item, nankang)
    client.force_login(bureau.chief)
    shown = page(client, "item", item.pk)
    assert "南康区政府" in shown
    assert "?opinion=" not in shown


def test_sources_are_seen_both_ways_and_marked_there(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client
) -> None:
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    bureau.draft(item, body=f"{BODY}\n【{nankang.name}】我区已于5月完成二期312亩土地征收。")
    client.force_login(bureau.handler)
    shown = page(client, "sources", item.pk)
    for words in ("✓ 写在第5段", "▲ 有改动", "<ins>于5月</ins>", "第1次", "本单位"):
        assert words in shown, words
    row = item.opinions.get()
    done = post(client, item, "use_opinion", opinion=row.pk, use="adopted", note="", sources="1")
    assert done.headers["Location"] == reverse("sources", args=[item.pk])
    assert item.opinions.get().use == OpinionUse.ADOPTED
    client.force_login(bureau.chief)
    assert "标注采纳情况" not in page(client, "sources", item.pk)


def test_the_draft_page_shows_where_each_stands(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client
) -> None:
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    bureau.draft(item)
    client.force_login(bureau.handler)
    shown = page(client, "draft", item.pk)
    assert "还没有用，也没有说明" in shown and reverse("sources", args=[item.pk]) in shown


def test_how_they_stand_is_in_every_list(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client
) -> None:
    bureau.ask(item, nankang)
    client.force_login(bureau.handler)
    late = "■ 协办逾期未交 0/1"  # these days it is long past
    for name, args, more in (
        ("ledger", (), ""), ("desk", (), ""), ("board", (), ""), ("board_items", (), "?figure=open"), ("item", (item.pk,), ""),
    ):  # fmt: skip
        assert late in client.get(reverse(name, args=args) + more).content.decode(), name


def test_a_stranger_sees_no_sources(bureau: Bureau, item: Assignment, client: Client) -> None:
    for who in (bureau.stranger, bureau.other_handler):
        client.force_login(who)
        assert client.get(reverse("sources", args=[item.pk])).status_code == 404


def test_the_forms_of_each_deed_lead_to_it(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client
) -> None:
    bureau.ask(item, nankang)
    bureau.draft(item)
    client.force_login(bureau.handler)
    today, row = timezone.localdate(), item.opinions.get()
    soon = (today + timedelta(days=5)).isoformat()
    on = {"on": today.isoformat()}
    assert post(client, item, "accept_opinion", opinion=row.pk, **on).status_code == 302
    assert post(client, item, "withdraw_opinion", opinion=row.pk, reason="写错了对象").status_code == 302
    asked = post(client, item, "ask_again", opinion=row.pk, question="征地", due_on=soon, **on)
    assert asked.status_code == 302
    signed = post(client, item, "countersign", units=[nankang.pk], question="", due_on=soon, **on)
    assert signed.status_code == 302
    states = list(item.opinions.values_list("kind", "round", "state"))
    assert states == [
        ("opinion", 1, "withdrawn"),
        ("opinion", 2, "requested"),
        ("countersign", 3, "requested"),
    ]
    shown = page(client, "deed", item.pk, "receive_opinion")
    assert "南康区人民政府会签（第3次）" in shown and "会签同意" in shown


def test_a_paper_that_follows_is_asked_for_until_it_is_there(
    bureau: Bureau, item: Assignment, nankang: Unit, client: Client, words: Any
) -> None:
    bureau.ask(item, nankang)
    row = item.opinions.get()
    row.state, row.received_on, row.text = OpinionState.RECEIVED, date(2020, 6, 24), "见函"
    row.save()
    client.force_login(bureau.clerk)
    assert "▲ 盖章件未到" in page(client, "item", item.pk) and "补收盖章件" in page(client, "item", item.pk)
    done = post(client, item, "receive_opinion", opinion=row.pk, on="2020-06-28", scan=words.pdf())
    assert done.status_code == 302
    assert "盖章件未到" not in page(client, "item", item.pk)


def test_the_paper_of_a_request_carries_its_number(bureau: Bureau, item: Assignment, nankang: Unit) -> None:
    rows = consulting.request_opinions(
        item, units=[nankang], on=date(2020, 6, 4), question="征地", by=bureau.handler, at=day("2020-06-04")
    )
    assert rows[0].number == "赣市自然资函〔2020〕1号"
