"""消息的页面: who reads what, what he may change, what of it is told to nobody else."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.actions import Refused, informing
from huiyin.models import Assignment, Dispatch, Event, Notice, Person, Preference, Suggestion
from huiyin.notices import subject, tell
from huiyin.queries import inbox
from huiyin.queries.actors import actor_of
from huiyin.rules.vocabulary import DispatchState, NoticeKind
from tests.conftest import Bureau
from tests.notices.conftest import Write

MAIL = '[mail]\nkind = "mail"\nlabel = "邮件"\nurl = "smtps://mail.example.gov.cn"\nfrom = "huiyin@example.gov.cn"\n'
GROUP = (
    '[group]\nkind = "wecom"\nlabel = "办公室群"\nbase = "https://wecom.example.gov.cn"\nkey = "k"\n'
    'unit = "市自然资源局"\nkinds = ["时限提醒"]\n'
)
TITLE = "港口用地"


def body(client: Client, name: str, **query: Any) -> str:
    response = client.get(reverse(name), query)
    assert response.status_code == 200
    return response.content.decode()


def handling(bureau: Bureau, **changes: Any) -> Assignment:
    """An item in hand, what was told on its way forgotten."""
    item = bureau.handling(**changes)
    Notice.objects.all().delete()
    return item


def warn(*people: Person, item: Assignment | None = None, key: str = "w", **changes: Any) -> None:
    text = f"{subject(item)}剩3个工作日" if item else "明年的节假日安排还没有录入"
    facts = {"kind": NoticeKind.WARNING, "text": text, "at": timezone.now(), **changes}
    tell([one.pk for one in people], key=key, item=item, **facts)


def test_unread_come_first_and_the_bar_counts_them(bureau: Bureau, client: Client) -> None:
    item, at = handling(bureau), timezone.now()
    for number, words in enumerate(["最早", "居中", "最近"]):
        warn(bureau.handler, key=words, text=words, at=at + timedelta(minutes=number))
    warn(bureau.head, item=item)
    informing.mark_read([Notice.objects.get(text="最近").pk], by=bureau.handler, at=at)
    client.force_login(bureau.handler)
    page = body(client, "notices")
    assert page.index("居中") < page.index("最早") < page.index("最近")
    assert "剩3个工作日" not in page  # another's
    assert "消息 <b>2<span" in body(client, "desk")
    assert "最早" not in body(client, "notices", kind="arrival")
    assert "最早" in body(client, "notices", kind="nonsense")


def test_one_marks_ones_own_and_only_those_one_has_seen(bureau: Bureau, client: Client) -> None:
    item = handling(bureau)
    warn(bureau.handler, bureau.head, item=item)
    warn(bureau.handler, key="second")
    mine = Notice.objects.filter(person=bureau.handler).order_by("pk")
    client.force_login(bureau.handler)
    theirs = Notice.objects.get(person=bureau.head)
    client.post(reverse("notices_read"), {"read": theirs.pk})
    client.post(reverse("notices_read"), {"all": mine[0].pk})
    assert [bool(one.read_at) for one in mine] == [True, False]
    assert Notice.objects.get(pk=theirs.pk).read_at is None
    opened = client.post(reverse("notices_read"), {"open": mine[0].pk})
    assert opened.headers["Location"] == reverse("item", args=[item.pk])
    assert client.post(reverse("notices_read"), {"open": theirs.pk}).headers["Location"] == reverse("notices")
    for nonsense in ("x", "", "9" * 30, "-1"):
        assert client.post(reverse("notices_read"), {"read": nonsense, "all": nonsense}).status_code == 302


def test_of_an_item_out_of_sight_the_notice_says_nothing(bureau: Bureau, client: Client) -> None:
    item = bureau.handling()
    warn(bureau.other_handler, item=item)
    assert TITLE in Notice.objects.get(person=bureau.other_handler).text
    client.force_login(bureau.other_handler)
    page = body(client, "notices")
    assert "这一件已不在您的范围内" in page
    assert TITLE not in page
    assert "082" not in page
    assert reverse("item", args=[item.pk]) not in page


def test_a_digest_of_another_day_tells_no_titles(bureau: Bureau) -> None:
    text, at = f"今天有1件要办：{subject(handling(bureau))}起草", timezone.now()
    warn(bureau.handler, kind=NoticeKind.DIGEST, text=text, at=at)
    rows = Notice.objects.all()
    actor = actor_of(bureau.handler, timezone.localdate())
    assert [one.text for one in inbox.lines(actor, rows, at)] == [text]
    assert [one.text for one in inbox.lines(actor, rows, at + timedelta(days=1))] == ["今天有1件要办"]


def test_settings_say_when_nothing_is_configured(bureau: Bureau, client: Client, channels: Write) -> None:
    client.force_login(bureau.handler)
    assert "没有配置可由个人选择的渠道。不影响办理" in body(client, "notice_settings")
    channels(GROUP)
    assert "另发到工作群：办公室群" in body(client, "notice_settings")


def test_the_matrix_is_saved_as_ticked(bureau: Bureau, client: Client, channels: Write) -> None:
    channels(MAIL + GROUP)
    client.force_login(bureau.handler)
    page = body(client, "notice_settings")
    assert page.count("checked") == 3
    assert "group" not in page
    ticked = ["moved:mail", "warning:mail", "warning:group", "nonsense"]
    client.post(reverse("notice_settings"), {"deed": "wishes", "wanted": ticked})
    said = Preference.objects.filter(person=bureau.handler)
    assert {one.kind for one in said if one.wanted} == {"moved", "warning"}
    assert {one.kind for one in said if not one.wanted} == {"arrival", "errand", "digest", "system"}
    assert {one.channel for one in said} == {"mail"}
    with pytest.raises(Refused, match="没有可由个人设置的渠道“group”"):
        informing.set_preferences({(NoticeKind.WARNING, "group"): True}, by=bureau.handler, at=timezone.now())


def test_an_address_is_checked_and_its_setting_is_journaled(
    bureau: Bureau, client: Client, channels: Write
) -> None:
    channels(MAIL + 'domains = ["example.gov.cn"]\n')
    client.force_login(bureau.handler)
    for wrong, words in (("x", "写法不对"), ("x@example.com", "只能用这些邮箱：@example.gov.cn")):
        response = client.post(reverse("notice_settings"), {"deed": "email", "email": wrong})
        assert response.status_code == 422
        assert words in response.content.decode()
        assert f'value="{wrong}"' in response.content.decode()  # what was typed is kept
    assert Person.objects.get(pk=bureau.handler.pk).email == ""
    client.post(reverse("notice_settings"), {"deed": "email", "email": " x@example.gov.cn "})
    assert Person.objects.get(pk=bureau.handler.pk).email == "x@example.gov.cn"
    event = Event.objects.latest("pk")
    assert (event.by, event.text) == (bureau.handler, "谢文斌设置接收消息的邮箱")
    assert "x@example" not in event.body


def test_another_units_group_is_not_named(bureau: Bureau, client: Client, channels: Write) -> None:
    channels(
        MAIL
        + GROUP
        + GROUP.replace("[group]", "[other]").replace("办公室群", "水利群").replace("自然资源", "水利")
    )
    client.force_login(bureau.clerk)
    for name in ("notice_settings", "deliveries"):
        page = body(client, name)
        assert "办公室群" in page
        assert "水利群" not in page
    client.force_login(bureau.stranger)
    assert "水利群" in body(client, "deliveries")


def failed(bureau: Bureau, item: Assignment | None, state: DispatchState = DispatchState.FAILED) -> Dispatch:
    warn(bureau.handler, item=item, key=f"{state}")
    notice = Notice.objects.latest("pk")
    notice.dispatches.all().delete()
    return Dispatch.objects.create(
        notice=notice, channel="mail", state=state, attempts=10, next_at=timezone.now(), error="对方回答500"
    )


def test_the_office_sees_what_did_not_arrive_and_sends_it_again(
    bureau: Bureau, client: Client, channels: Write
) -> None:
    channels(MAIL)
    item = bureau.handling()
    dispatch, unknown = failed(bureau, item), failed(bureau, item, DispatchState.UNKNOWN)
    client.force_login(bureau.clerk)
    page = body(client, "deliveries")
    assert "谢文斌" in page
    assert "第082号" in page
    assert "对方回答500" in page
    for one in (dispatch, unknown):
        client.post(reverse("resend"), {"dispatch": one.pk, "back": "deliveries"})
        one.refresh_from_db()
        assert (one.state, one.attempts, one.error) == ("waiting", 0, "")
    response = client.post(reverse("resend"), {"dispatch": dispatch.pk, "back": "deliveries"}, follow=True)
    assert "没有可以再发的消息" in response.content.decode()


def test_an_administrator_sees_numbers_and_no_item(bureau: Bureau, client: Client, channels: Write) -> None:
    channels(MAIL)
    item = bureau.handling()
    dispatch, unknown = failed(bureau, item), failed(bureau, item, DispatchState.UNKNOWN)
    client.force_login(bureau.admin)
    page = body(client, "deliveries")
    assert "未送达 1 条：对方回答500" in page
    for secret in (TITLE, "082", "剩3个工作日", "谢文斌"):
        assert secret not in page
    client.post(reverse("resend"), {"channel": "mail", "back": "deliveries"})
    assert [Dispatch.objects.get(pk=one.pk).state for one in (dispatch, unknown)] == ["waiting", "unknown"]


def test_nobody_else_sends_again_what_is_not_his(bureau: Bureau, client: Client, channels: Write) -> None:
    channels(MAIL)
    dispatch = failed(bureau, bureau.handling())
    for who in (bureau.head, bureau.chief, bureau.other_handler, bureau.stranger):
        client.force_login(who)
        client.post(reverse("resend"), {"dispatch": dispatch.pk})
        client.post(reverse("resend"), {"channel": "mail"})
        assert Dispatch.objects.get().state == "failed", who
    client.force_login(bureau.stranger)
    assert "对方回答500" not in body(client, "deliveries")
    client.force_login(bureau.handler)
    assert "未送达：对方回答500" in body(client, "notices")
    client.post(reverse("resend"), {"dispatch": dispatch.pk})
    assert Dispatch.objects.get().state == "waiting"


def test_a_channel_that_is_none_is_refused_in_words(bureau: Bureau, client: Client, channels: Write) -> None:
    channels(MAIL)
    client.force_login(bureau.clerk)
    for name in ("ma\0il", "sms"):  # PostgreSQL takes no NUL
        response = client.post(reverse("resend"), {"channel": name}, follow=True)
        assert "没有可以再发的消息" in response.content.decode()


def test_a_channel_that_is_gone_sends_nothing_again(bureau: Bureau, channels: Write) -> None:
    channels("")
    dispatch = failed(bureau, bureau.handling())
    with pytest.raises(Refused, match="这条渠道已不在配置里"):
        informing.resend([dispatch.pk], by=bureau.clerk, at=timezone.now())


def test_a_wrong_file_is_told_to_those_who_watch(bureau: Bureau, client: Client, channels: Write) -> None:
    channels('[mail]\nkind = "mail"\nurl = "smtps://u:hunter2@mail.example.gov.cn"\n')
    client.force_login(bureau.admin)
    page = body(client, "deliveries")
    assert "[mail]：from 没有填写" in page
    assert "hunter2" not in page


def test_secret_and_confidential_items_are_nowhere_named(
    bureau: Bureau, client: Client, channels: Write
) -> None:
    channels(MAIL)
    for number, how in (("083", {"confidential": True}), ("084", {"secret": True})):
        text = "" if how.get("secret") else "正文"
        item = bureau.handling(number=number, title="关于某要害部位的建议", lead="甘霖", text=text, **how)
        failed(bureau, item, DispatchState.FAILED if how.get("secret") else DispatchState.UNKNOWN)
    assert Suggestion.objects.filter(title__contains="要害").count() == 2
    views = (
        (bureau.handler, "notices", True),
        (bureau.clerk, "deliveries", True),
        (bureau.admin, "deliveries", False),
    )
    for who, name, numbered in views:
        client.force_login(who)
        page = body(client, name)
        assert ("第083号" in page) is ("第084号" in page) is numbered
        assert "要害" not in page
        assert "甘霖" not in page


@pytest.mark.parametrize(
    ("kind", "key", "where"),
    [
        (NoticeKind.DIGEST, "digest", "/"),
        (NoticeKind.SYSTEM, "calendar:1:2027", "/calendars/"),
        (NoticeKind.MOVED, "moved", "/items/{pk}/dates/"),
        (NoticeKind.ERRAND, "errand", "/items/{pk}/#errands"),
        (NoticeKind.WARNING, "warning", "/items/{pk}/"),
    ],
)
def test_a_notice_leads_to_what_it_speaks_of(
    bureau: Bureau, client: Client, kind: NoticeKind, key: str, where: str
) -> None:
    item = handling(bureau)
    alone = kind in {NoticeKind.DIGEST, NoticeKind.SYSTEM}
    warn(bureau.clerk, item=None if alone else item, key=key, kind=kind)
    client.force_login(bureau.clerk)
    url = where.format(pk=item.pk)
    assert f'<a href="{url}">' in body(client, "notices")
    answer = client.post(reverse("notices_read"), {"open": Notice.objects.get().pk})
    assert answer.headers["Location"] == url
    assert Notice.objects.get().read_at is not None
