"""协办填报链接：who holds the address answers, once, until its day; only a digest of its secret is kept."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from typing import Any

import pytest
from django.core import serializers

from huiyin.actions import Refused, consulting, linking, organising
from huiyin.actions.linking import Answer, NoLink, Opened
from huiyin.models import AnswerLink, Assignment, Clock, Event, Notice, Unit
from huiyin.rules.vocabulary import ClockKind, Deed, OpinionState
from tests.conftest import Bureau, day, pdf

WORDS = "我区已完成二期312亩土地征收，9月底前交地。"


@pytest.fixture
def item(bureau: Bureau, nankang: Unit) -> Assignment:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    return Assignment.objects.get(pk=item.pk)


def opened(bureau: Bureau, item: Assignment, **facts: Any) -> Opened:
    return linking.open_link(
        item, item.opinions.get(), **{"by": bureau.clerk, "at": day("2020-06-09"), **facts}
    )


def answer(**changes: Any) -> Answer:
    return Answer(**{"text": WORDS, "name": "王小明", "phone": "0797-6600000", "paper": pdf(), **changes})


def test_the_secret_is_given_once_and_only_its_digest_is_kept(bureau: Bureau, item: Assignment) -> None:
    one, two = opened(bureau, item), opened(bureau, item)
    assert len(one.secret) >= 43 and one.secret != two.secret
    assert two.link.digest == hashlib.sha256(two.secret.encode()).hexdigest()
    assert two.link.expires_on == date(2020, 7, 4)  # due June 29, and five days
    rows = [*AnswerLink.objects.all(), *Event.objects.all(), *Notice.objects.all()]
    assert two.secret not in serializers.serialize("json", rows)
    one.link.refresh_from_db()
    assert one.link.closed_at is not None  # the later one took its place


def test_a_link_lives_sixty_days_at_most_and_is_for_those_who_may(bureau: Bureau, item: Assignment) -> None:
    for wrong in (date(2020, 6, 8), date(2020, 8, 9)):
        with pytest.raises(Refused, match="最长60天"):
            opened(bureau, item, expires_on=wrong)
    assert opened(bureau, item, expires_on=date(2020, 8, 8)).link.expires_on == date(2020, 8, 8)
    for who in (bureau.head, bureau.other_handler, bureau.stranger):
        with pytest.raises(Refused, match="须由"):
            opened(bureau, item, by=who)


def test_a_secret_item_has_no_link(bureau: Bureau, nankang: Unit) -> None:
    secret = bureau.contacted(number="091", secret=True, text="")
    bureau.ask(secret, nankang)
    with pytest.raises(Refused, match="涉密件不得"):
        opened(bureau, secret)


def test_an_answer_by_the_link_is_received_in_the_name_of_who_opened_it(
    bureau: Bureau, item: Assignment
) -> None:
    one = opened(bureau, item)
    linking.accept_by_link(one.secret, at=day("2020-06-10"))
    linking.answer_by_link(one.secret, answer(), at=day("2020-06-24"))
    row = item.opinions.get()
    assert (row.state, row.text, row.received_on) == (OpinionState.RECEIVED, WORDS, date(2020, 6, 24))
    assert (row.accepted_on, row.answered_by) == (date(2020, 6, 10), "王小明 0797-6600000")
    assert row.paper is not None and row.paper.uploaded_by == bureau.clerk
    event = item.events.filter(deed=Deed.RECEIVE_OPINION).get()
    assert event.by == bureau.clerk
    assert "通过填报链接提交，填报人王小明" in event.text
    assert json.loads(event.body)["facts"]["link"] == one.link.pk
    assert not Clock.objects.filter(assignment=item, kind=ClockKind.ASKED, stopped_on__isnull=True).exists()
    told = Notice.objects.filter(text__contains="已通过填报链接提交").values_list("person", flat=True)
    assert set(told) == {bureau.clerk.pk, bureau.handler.pk}


def test_a_link_answers_once(bureau: Bureau, item: Assignment) -> None:
    one = opened(bureau, item)
    linking.answer_by_link(one.secret, answer(), at=day("2020-06-24"))
    with pytest.raises(NoLink):
        linking.answer_by_link(one.secret, answer(text="另一份"), at=day("2020-06-24"))
    assert item.opinions.get().text == WORDS


@pytest.mark.parametrize("end", ["wrong", "expired", "closed", "withdrawn", "missing", "on paper"])
def test_every_link_that_leads_nowhere_says_the_same(bureau: Bureau, item: Assignment, end: str) -> None:
    one, at, row = opened(bureau, item), day("2020-07-03"), item.opinions.get()
    secret = "x" * 43 if end == "wrong" else one.secret
    if end == "expired":
        at = day("2020-07-05")
    elif end == "closed":
        linking.close_link(item, row, by=bureau.handler, at=at)
    elif end == "withdrawn":
        consulting.withdraw_opinion(item, row, reason="不需要", by=bureau.handler, at=at)
    elif end == "missing":
        consulting.mark_missing(item, row, note="催过", by=bureau.handler, at=at)
    elif end == "on paper":
        consulting.receive_opinion(
            item, row, on=date(2020, 7, 3), text="见函", paper=pdf(), by=bureau.handler, at=at
        )
    before = Event.objects.count()
    for call in (
        lambda: linking.answer_by_link(secret, answer(), at=at),
        lambda: linking.accept_by_link(secret, at=at),
    ):
        with pytest.raises(NoLink, match=r"^链接无效：可能抄录有误、已过有效期、已经提交过或已作废"):
            call()
    assert Event.objects.count() == before


def test_the_last_day_still_counts(bureau: Bureau, item: Assignment) -> None:
    one = opened(bureau, item)
    linking.answer_by_link(one.secret, answer(), at=day("2020-07-04", 23))
    assert item.opinions.get().late


def test_the_paper_may_follow_and_is_then_taken_in(bureau: Bureau, item: Assignment) -> None:
    one = opened(bureau, item)
    linking.answer_by_link(one.secret, answer(paper=None), at=day("2020-06-24"))
    row = item.opinions.get()
    assert row.awaits_paper
    assert "盖章件随后送达" in item.events.filter(deed=Deed.RECEIVE_OPINION).get().text
    consulting.receive_opinion(
        item, row, on=date(2020, 6, 28), paper=pdf(), by=bureau.clerk, at=day("2020-06-28")
    )
    row.refresh_from_db()
    assert row.paper is not None
    assert (row.text, row.received_on) == (WORDS, date(2020, 6, 24))


def test_what_is_missing_or_no_paper_is_said_and_the_link_stays_open(
    bureau: Bureau, item: Assignment, words: Any
) -> None:
    one = opened(bureau, item)
    with pytest.raises(Refused) as told:
        linking.answer_by_link(one.secret, answer(text=" ", name=""), at=day("2020-06-24"))
    assert told.value.reasons == ["还没有写意见内容", "还没有写填报人姓名"]
    with pytest.raises(Refused, match="可能改过扩展名"):
        linking.answer_by_link(
            one.secret, answer(paper=words.bytes(b"MZ...", "函.pdf")), at=day("2020-06-24")
        )
    assert item.opinions.get().state == OpinionState.REQUESTED
    linking.answer_by_link(one.secret, answer(), at=day("2020-06-24"))


def test_who_opened_the_link_may_have_left(bureau: Bureau, item: Assignment) -> None:
    one = opened(bureau, item)
    for post in bureau.clerk.posts.all():
        organising.dismiss(post, by=bureau.admin, at=day("2020-06-20"))
    linking.answer_by_link(one.secret, answer(), at=day("2020-06-24"))
    assert item.events.filter(deed=Deed.RECEIVE_OPINION).get().by == bureau.handler


def test_a_countersign_by_the_link_agrees_without_views(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.draft(item)
    consulting.countersign(
        item,
        units=[nankang],
        on=date(2020, 7, 21),
        due_on=date(2020, 7, 24),
        by=bureau.handler,
        at=day("2020-07-21"),
    )
    one = opened(bureau, item, at=day("2020-07-21"))
    linking.answer_by_link(one.secret, answer(text="", agreed=True), at=day("2020-07-22"))
    assert item.opinions.get().agreed
