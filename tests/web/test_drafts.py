"""起草页：what somebody typed is never thrown away, and nobody's text is overwritten unseen."""

from __future__ import annotations

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import replying
from huiyin.models import Assignment, ReplyVersion
from tests.conftest import BODY, Bureau, day


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    item = bureau.contacted()
    bureau.draft(item)
    return Assignment.objects.get(pk=item.pk)


def form(item: Assignment, **changes: Any) -> dict[str, Any]:
    version = ReplyVersion.objects.get(assignment=item)
    names = ("revision", "title", "outcome_class", "disclosure", "contact_name", "contact_phone", "copies_to")
    facts = {name: getattr(version, name) for name in names} | {"key": str(uuid.uuid4()), "save": "1"}
    return {**facts, "body": BODY, **changes}


def body(item: Assignment) -> str:
    return ReplyVersion.objects.get(assignment=item).body


def test_the_item_has_moved_on_meanwhile(bureau: Bureau, item: Assignment, client: Client) -> None:
    replying.submit(item, by=bureau.handler, at=day("2020-07-20", 12))
    client.force_login(bureau.handler)
    page = client.post(reverse("draft", args=[item.pk]), form(item, body="写了一下午的话。"))
    assert page.status_code == 409
    assert "写了一下午的话。" in page.content.decode()
    assert body(item) == BODY


def test_the_same_form_with_more_in_it_is_not_taken_for_the_first(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url, first = reverse("draft", args=[item.pk]), form(item, body=BODY + "\n第一次。")
    assert client.post(url, first).status_code == 302
    assert client.post(url, first).status_code == 302  # sent twice: done once, nothing to say
    page = client.post(url, {**first, "body": BODY + "\n第一次。\n后来又写的。"})
    assert page.status_code == 409
    assert "后来又写的。" in page.content.decode()


def test_a_faulty_form_does_not_come_back_with_the_others_revision(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("draft", args=[item.pk])
    mine, others = form(item, body="我的一段。"), form(item, body="对方的一段。", title="对方改的标题")
    assert client.post(url, others).status_code == 302
    page = client.post(url, {**mine, "title": "长" * 201})
    assert page.status_code == 422
    assert page.context["revision"] == str(mine["revision"])
    page = client.post(url, {**mine, "revision": page.context["revision"]})
    assert page.status_code == 409
    told = page.content.decode()
    assert "对方改的标题" in told
    assert "对方的一段。" in body(item)


def test_a_returned_opinion_is_not_put_into_the_reply(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    from huiyin.actions import consulting
    from huiyin.models import Unit

    unit = Unit.objects.get(short_name="南康区政府")
    bureau.ask(item, unit)
    bureau.answer(item, unit)
    opinion = item.opinions.get()
    consulting.return_opinion(item, opinion, reason="没有内容", by=bureau.handler, at=day("2020-07-21"))
    client.force_login(bureau.handler)
    client.post(reverse("draft", args=[item.pk]), form(item, insert=str(opinion.pk)))
    assert "【南康区人民政府】" not in body(item)


def base(**changes: str) -> str:
    return json.dumps({"title": "", "body": BODY, **changes}, ensure_ascii=False)


FIRST, *_, LAST = BODY.splitlines()


def test_two_who_change_different_paragraphs_both_keep_their_words(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("draft", args=[item.pk])
    began = base(
        **{key: str(value) for key, value in form(item).items() if key not in {"revision", "key", "save"}}
    )
    mine = form(item, body=BODY.replace(FIRST, "您的建议我们逐条研究。"), base=began)
    theirs = form(item, body=BODY.replace(LAST, "欢迎继续监督。"), base=began)
    assert client.post(url, theirs).status_code == 302
    assert client.post(url, mine).status_code == 302
    assert body(item) == BODY.replace(FIRST, "您的建议我们逐条研究。").replace(LAST, "欢迎继续监督。")


def test_two_who_change_the_same_paragraph_are_told_and_no_word_is_lost(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("draft", args=[item.pk])
    mine = form(item, body=BODY.replace(LAST, "我写的结尾。"), base=base())
    assert client.post(url, form(item, body=BODY.replace(LAST, "对方写的结尾。"))).status_code == 302
    page = client.post(url, mine)
    assert page.status_code == 409
    offered = page.context["form"]["body"].value()
    assert "我写的结尾。\n对方写的结尾。" in offered
    assert "对方写的结尾。" in body(item)


def test_autosave_saves_joins_and_says_when_it_cannot(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    url = reverse("autosave", args=[item.pk])
    first = client.post(url, form(item, body=BODY + "\n又一段。", base=base()))
    assert (first.status_code, first.json()["said"]) == (200, "")
    began = first.json()
    replying.save_draft(
        Assignment.objects.get(pk=item.pk), replying.Draft(**{**json.loads(began["base"]), "body": "开头。\n" + began["body"]}),
        revision=began["revision"], by=bureau.handler, at=day("2020-07-20", 11),
    )  # fmt: skip
    second = client.post(
        url, {**form(item), **json.loads(began["base"]), "revision": began["revision"], "base": began["base"], "body": began["body"] + "\n末段。"}
    )  # fmt: skip
    assert "已并入" in second.json()["said"]
    assert body(item) == "开头。\n" + BODY + "\n又一段。\n末段。"
    clash = client.post(url, {**form(item), "revision": "0", "base": "", "body": "别的"})
    assert (clash.status_code, "保存过此稿" in clash.json()["why"]) == (409, True)
    assert client.get(url).status_code == 405
