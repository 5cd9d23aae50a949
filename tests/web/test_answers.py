"""协办填报页：an outside unit reads, signs, answers and sees what came in; reading changes nothing, the secret stays out of
everything that is kept, and whoever has no right address is told one sentence."""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.actions import consulting, linking
from huiyin.actions.linking import GONE
from huiyin.models import AnswerLink, Assignment, Event, Unit
from huiyin.rules.vocabulary import Deed, OpinionState
from tests.conftest import Bureau, pdf

WORDS = "我区已完成二期312亩土地征收，9月底前交地。"


@pytest.fixture
def item(bureau: Bureau, nankang: Unit) -> Assignment:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    return Assignment.objects.get(pk=item.pk)


def opened(bureau: Bureau, item: Assignment) -> str:
    """The address of a link opened just now."""
    now = timezone.now()
    one = linking.open_link(item, item.opinions.get(), by=bureau.clerk, at=now)
    return reverse("answer", args=[one.secret])


def filled(**changes: Any) -> dict[str, Any]:
    facts = {
        "body": WORDS,
        "name": "王小明",
        "phone": "0797-6600000",
        "follows": "now",
        "key": str(uuid.uuid4()),
    }
    return {**facts, **changes}


@pytest.fixture
def outside() -> Client:
    return Client(enforce_csrf_checks=True)


def test_what_is_asked_is_shown_and_reading_changes_nothing(
    bureau: Bureau, item: Assignment, outside: Client
) -> None:
    url, written = opened(bureau, item), list[str]()

    def watch(execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if sql.split(" ", 1)[0] in {"INSERT", "UPDATE", "DELETE"}:
            written.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        page = outside.get(url)
    assert written == []
    body = page.content.decode()
    for word in ("第 082 号", "港口用地指标", "一是统筹用地计划指标", "邱德海", "南康区人民政府", "2020年6月29日", "谢文斌", "0797-8000001"):  # fmt: skip
        assert word in body, word
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert page.headers["Cache-Control"] == "no-store"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert not page.cookies


def test_it_is_signed_for_answered_looked_over_and_received(
    bureau: Bureau, item: Assignment, outside: Client
) -> None:
    url = opened(bureau, item)
    assert outside.post(url, {"accept": "1"}).headers["Location"] == url
    row = item.opinions.get()
    assert row.accepted_on == timezone.localdate()
    assert row.answer_links.get().seen_at is not None
    assert outside.post(url, {"accept": "1"}).status_code == 302  # pressed twice
    look = outside.post(url, filled(check="1"))
    assert look.status_code == 200 and WORDS in look.content.decode()
    assert item.opinions.get().state == OpinionState.REQUESTED
    again = outside.post(url, filled(back="1")).content.decode()
    assert WORDS in again and 'name="check"' in again
    done = outside.post(url, filled(send="1", scan=pdf("意见函.pdf")))
    body = done.content.decode()
    for word in ("已收到", WORDS, "王小明 0797-6600000", "意见函.pdf"):
        assert word in body, word
    row = item.opinions.get()
    assert (row.state, row.text) == (OpinionState.RECEIVED, WORDS)
    assert item.events.filter(deed=Deed.RECEIVE_OPINION).get().by == bureau.clerk


def test_one_form_sent_twice_is_received_once_and_both_are_told_so(
    bureau: Bureau, item: Assignment, outside: Client
) -> None:
    url, form = opened(bureau, item), filled(send="1", follows="later")
    first, second = outside.post(url, form), outside.post(url, form)
    assert (first.status_code, second.status_code) == (200, 200)
    assert "已收到" in second.content.decode() and WORDS in second.content.decode()
    assert item.events.filter(deed=Deed.RECEIVE_OPINION).count() == 1
    assert outside.post(url, filled(send="1", follows="later", body="另一份")).status_code == 404
    assert (
        outside.post(url, filled(send="1", name="")).status_code == 404
    )  # not even the form is shown any more


@pytest.mark.parametrize("end", ["wrong", "strange", "expired", "used", "closed", "withdrawn"])
def test_whatever_leads_nowhere_gets_the_same_page(
    bureau: Bureau, item: Assignment, outside: Client, end: str
) -> None:
    url, row = opened(bureau, item), item.opinions.get()
    if end == "wrong":
        url = reverse("answer", args=["A" * 43])
    elif end == "strange":
        url = "/answer/%00%ff港口" + "9" * 3000 + "/"
    elif end == "expired":
        AnswerLink.objects.update(expires_on=timezone.localdate() - timedelta(days=1))
    elif end == "used":
        outside.post(url, filled(send="1", follows="later"))
    elif end == "closed":
        linking.close_link(item, row, by=bureau.clerk, at=timezone.now())
    else:
        consulting.withdraw_opinion(item, row, reason="不需要", by=bureau.clerk, at=timezone.now())
    nowhere = outside.get(reverse("answer", args=["B" * 43]))
    before = Event.objects.count()
    for page in (
        outside.get(url), outside.post(url, {"accept": "1"}), outside.post(url, filled(check="1")),
        outside.post(url, filled(send="1", scan=pdf())),
    ):  # fmt: skip
        assert page.status_code == 404
        assert page.content == nowhere.content
        assert GONE in page.content.decode()
    assert Event.objects.count() == before


def test_what_is_not_filled_in_right_is_said_and_nothing_typed_is_lost(
    bureau: Bureau, item: Assignment, outside: Client
) -> None:
    url = opened(bureau, item)
    wrong = {
        "还没有写意见": filled(check="1", body=" \n"),
        "5000": filled(check="1", body="字" * 5001),
        "空字符": filled(check="1", body=WORDS + "\0"),
        "电话只写数字": filled(check="1", phone="无"),
        "20": filled(check="1", name="王" * 21),
        "必填": filled(check="1", name=""),
    }
    for said, form in wrong.items():
        page = outside.post(url, form)
        assert page.status_code == 422, said
        assert 'class="errorlist"' in page.content.decode(), said
        assert said in page.content.decode(), said
    assert "9月底前交地" in outside.post(url, wrong["电话只写数字"]).content.decode()
    no_paper = outside.post(url, filled(send="1"))
    assert no_paper.status_code == 422 and WORDS in no_paper.content.decode()
    bad = outside.post(url, filled(send="1", scan=pdf("函.exe")))
    assert bad.status_code == 409
    assert "类型不能上传" in bad.content.decode() and WORDS in bad.content.decode()
    assert item.opinions.get().state == OpinionState.REQUESTED
    assert outside.post(url, filled(send="1", scan=pdf())).status_code == 200


def test_who_asked_to_be_kept_secret_is_not_named(bureau: Bureau, nankang: Unit, outside: Client) -> None:
    item = bureau.contacted(number="085", confidential=True, text="我是南康区代表邱德海，反映某企业的问题。")
    bureau.ask(item, nankang)
    body = outside.get(opened(bureau, item)).content.decode()
    assert "第 085 号" in body and "要求保密" in body
    for word in ("邱德海", "南康代表团", "某企业", "港口用地"):
        assert word not in body, word


def test_a_countersigner_reads_the_frozen_text_and_agrees(
    bureau: Bureau, nankang: Unit, outside: Client
) -> None:
    item = bureau.contacted()
    bureau.draft(item)
    now = timezone.now()
    today = timezone.localdate()
    consulting.countersign(
        item, units=[nankang], on=today, due_on=today + timedelta(days=5), by=bureau.handler, at=now
    )
    bureau.draft(Assignment.objects.get(pk=item.pk), at="2020-07-22", body="后来改的正文。" * 10)
    url = opened(bureau, item)
    body = outside.get(url).content.decode()
    assert "纳入年度用地计划" in body and "后来改的正文" not in body
    both = outside.post(url, filled(check="1", agreed="on"))
    assert both.status_code == 422 and "不要再写意见" in both.content.decode()
    look = outside.post(url, filled(check="1", agreed="on", body=""))
    assert "同意，没有意见" in look.content.decode()
    outside.post(url, filled(send="1", agreed="True", body="", follows="later"))
    assert item.opinions.get().agreed


def test_once_the_answer_is_under_review_the_unit_is_sent_to_the_contact(
    bureau: Bureau, item: Assignment, outside: Client
) -> None:
    url = opened(bureau, item)
    Assignment.objects.filter(pk=item.pk).update(status="review")
    page = outside.post(url, filled(send="1", follows="later"))
    assert page.status_code == 409
    assert "请与联系人联系" in page.content.decode() and "审核关" not in page.content.decode()


# 开通的一侧


def test_the_handler_sees_the_address_once_and_it_is_kept_nowhere(
    bureau: Bureau, item: Assignment, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    client.force_login(bureau.handler)
    deed, row = reverse("deed", args=[item.pk, "open_link"]), item.opinions.get()
    form = {"opinion": row.pk, "expires_on": "", "key": str(uuid.uuid4())}
    page = client.post(deed, form)
    assert page.status_code == 200
    address = page.context["address"]
    assert address in page.content.decode() and "只显示这一次" in page.content.decode()
    secret = address.rstrip("/").rpartition("/")[2]
    assert client.post(deed, form).status_code == 302  # the same form: nothing is shown again
    with caplog.at_level(logging.DEBUG):
        for posted in (filled(check="1", name=""), filled(send="1")):
            assert client.post(address, posted).status_code == 422
        client.post(address, filled(send="1", follows="later"))
        client.get(address)
    assert "/answer/…" in caplog.text
    assert secret not in caplog.text
    for url in (
        reverse("item", args=[item.pk]),
        reverse("sources", args=[item.pk]),
        reverse("desk"),
        reverse("notices"),
    ):
        assert secret not in client.get(url).content.decode(), url
    client.force_login(bureau.admin)
    assert secret not in client.get(reverse("deliveries")).content.decode()
    for model in (one for one in apps.get_models() if one._meta.managed):
        assert secret not in str(list(model._default_manager.values_list())), model
    assert secret not in str([one.get_decoded() for one in Session.objects.all()])


@pytest.mark.parametrize(
    ("who", "status"), [("head", 409), ("chief", 409), ("other_handler", 404), ("stranger", 404)]
)
def test_nobody_else_opens_a_link(
    bureau: Bureau, item: Assignment, client: Client, who: str, status: int
) -> None:
    client.force_login(bureau.people[who])
    form = {"opinion": item.opinions.get().pk, "key": str(uuid.uuid4())}
    assert client.post(reverse("deed", args=[item.pk, "open_link"]), form).status_code == status
    assert not AnswerLink.objects.exists()
