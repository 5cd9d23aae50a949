"""发送箱 in one process: what is sent to whom, tried again when, and left alone."""

from datetime import date, timedelta
from typing import Any

from django.core import mail

from huiyin.actions import organising
from huiyin.models import Dispatch, Notice, Person, Preference
from huiyin.notices import subject, tell
from huiyin.notices.outbox import send_due
from huiyin.notices.preferences import wants
from huiyin.rules.vocabulary import DispatchState, NoticeKind
from tests.conftest import Bureau, day
from tests.notices.conftest import Write
from tests.notices.listening import Listener, listening

AT = day("2020-06-10")
MAIL = '[mail]\nkind = "mail"\nurl = "smtps://mail.example.gov.cn"\nfrom = "huiyin@example.gov.cn"\n'


def gate(at: Listener, name: str = "gate", more: str = "") -> str:
    return (
        f'[{name}]\nkind = "webhook"\nbase = "{at.url}"\ninsecure = true\nsecret = "s"\ntimeout = 1\n{more}'
    )


def group(at: Listener, more: str = "") -> str:
    return (
        f'[group]\nkind = "wecom"\nbase = "{at.url}"\ninsecure = true\nkey = "k"\nunit = "市自然资源局"\n'
        f'kinds = ["时限提醒"]\n{more}'
    )


def warn(*people: Person, key: str = "w", **changes: Any) -> int:
    facts = {"kind": NoticeKind.WARNING, "text": "剩3个工作日", "at": AT, **changes}
    return tell([one.pk for one in people], key=key, **facts)


def states() -> list[tuple[str, int]]:
    return list(Dispatch.objects.values_list("state", "attempts"))


def test_each_wanted_channel_gets_it_once(bureau: Bureau, channels: Write) -> None:
    Person.objects.filter(pk=bureau.handler.pk).update(email="x@example.gov.cn")
    with listening() as at:
        channels(MAIL + gate(at))
        warn(bureau.handler, bureau.head)
        assert not mail.outbox  # nothing is sent by telling
        assert not at.heard
        assert send_due(at=AT) == 3
        assert send_due(at=AT + timedelta(hours=1)) == 0
        assert [one.to for one in mail.outbox] == [["x@example.gov.cn"]]
        assert sorted(one.body["to"]["username"] for one in at.heard) == ["handler", "head"]
    assert {one.sent_at for one in Dispatch.objects.all()} == {AT}


def test_people_choose_by_kind_and_channel(bureau: Bureau, channels: Write) -> None:
    with listening() as at:
        channels(gate(at))
        assert [wants(bureau.handler, kind, "gate") for kind in NoticeKind] == [
            kind in {NoticeKind.WARNING, NoticeKind.ERRAND, NoticeKind.DIGEST} for kind in NoticeKind
        ]
        for kind, wanted in ((NoticeKind.WARNING, False), (NoticeKind.MOVED, True)):
            Preference.objects.create(person=bureau.handler, kind=kind, channel="gate", wanted=wanted)
        for kind in NoticeKind:
            tell([bureau.handler.pk, bureau.head.pk], kind, "内容", key=kind, at=AT)
        send_due(at=AT)
        got = {(one.body["to"]["username"], one.body["kind"]) for one in at.heard}
    assert got == {
        ("handler", "moved"), ("handler", "errand"), ("handler", "digest"), ("head", "warning"), ("head", "errand"),
        ("head", "digest"),
    }  # fmt: skip
    assert Notice.objects.filter(person=bureau.handler).count() == len(NoticeKind)  # the inbox has them all


def test_a_group_hears_once_of_its_own_unit_and_kinds(bureau: Bureau, channels: Write) -> None:
    Person.objects.filter(pk=bureau.handler.pk).update(phone="13800000001")
    Person.objects.filter(pk=bureau.head.pk).update(phone="0797-8000001")
    Person.objects.filter(pk=bureau.clerk.pk).update(phone="13800000003")
    with listening() as at:
        channels(group(at, "mention = true\n"))
        warn(bureau.handler, bureau.head, bureau.clerk)
        warn(bureau.handler, bureau.other_head)  # told already, one more hears it
        warn(bureau.stranger, key="theirs")
        warn(bureau.handler, key="other", kind=NoticeKind.MOVED)
        assert send_due(at=AT) == 1
        [heard] = at.heard
    assert set(heard.body["text"]["mentioned_mobile_list"]) == {"13800000001", "13800000003"}


def test_titles_go_out_only_where_allowed_and_never_of_what_must_not_be_named(
    bureau: Bureau, channels: Write
) -> None:
    item = bureau.handling()
    hidden = bureau.handling(number="083", title="关于某要害部位的建议", confidential=True, lead="甘霖")
    told = {
        "seen": f"{subject(item)}剩3个工作日", "digest": f"今天有2件：{subject(item)}起草；{subject(hidden)}起草",
        "hidden": f"{subject(hidden)}剩3个工作日", "leaky": f"第083号剩3个工作日：甘霖等代表要求办理{hidden.suggestion.title}",
    }  # fmt: skip
    with listening() as at:
        channels(gate(at, "plain") + gate(at, "titled", "titles = true\n"))
        warn(bureau.handler, key="seen", text=told["seen"], item=item)
        warn(bureau.other_handler, key="unseen", text=told["seen"], item=item)
        warn(bureau.handler, key="digest", text=told["digest"])
        warn(bureau.handler, key="hidden", text=told["hidden"], item=hidden)
        warn(bureau.handler, key="leaky", text=told["leaky"], item=hidden)
        send_due(at=AT)
        texts = [one.body["text"] for one in at.heard]
        everything = "".join(one.raw.decode() for one in at.heard)
    plain, titled = texts[:5], texts[5:]
    generic = [f"第{number}号有一条消息（时限提醒）" for number in ("082", "083", "083")]
    assert plain == ["第082号剩3个工作日", generic[0], "今天有2件：第082号起草；第083号起草", *generic[1:]]
    assert titled == [told["seen"], generic[0], told["digest"], *generic[1:]]
    assert "要害部位" not in everything
    assert "甘霖" not in everything
    assert "邱德海" not in everything


def test_what_failed_is_tried_again_with_growing_pauses_ten_times(bureau: Bureau, channels: Write) -> None:
    with listening(lambda _: (500, "")) as at:
        channels(gate(at))
        warn(bureau.handler)
        now, tries = AT, list[float]()
        while Dispatch.objects.get().state == DispatchState.WAITING:
            row = Dispatch.objects.get()
            tries.append((row.next_at - now).total_seconds() / 60)
            assert send_due(at=row.next_at - timedelta(seconds=1)) == 0
            now = row.next_at
            send_due(at=now)
        assert len(at.heard) == 10
    assert tries == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert states() == [("failed", 10)]
    assert Dispatch.objects.get().error == "对方回答500"


def test_a_channel_that_is_down_delays_only_itself(bureau: Bureau, channels: Write) -> None:
    with listening() as gone:
        pass
    with listening() as at:
        channels(gate(gone, "gone") + gate(at, "here"))
        for key in "abc":
            warn(bureau.handler, key=key)
        assert send_due(at=AT) == 3
        assert len(at.heard) == 3
        waiting = Dispatch.objects.filter(channel="gone")
        assert [one.attempts for one in waiting] == [1, 0, 0]  # the rest were not even tried
        assert {one.next_at for one in waiting} == {AT + timedelta(minutes=1)}
        channels(gate(at, "gone") + gate(at, "here"))
        assert send_due(at=AT + timedelta(minutes=1)) == 3
    assert len({one.body["id"] for one in at.heard}) == 6


def test_a_channel_that_hangs_costs_one_message_a_round(bureau: Bureau, channels: Write) -> None:
    with listening() as at:
        at.answer = at.hang
        channels(gate(at))
        for key in "abc":
            warn(bureau.handler, key=key)
        assert send_due(at=AT) == 0
        assert states() == [("unknown", 1), ("waiting", 0), ("waiting", 0)]
        at.answer = lambda _: (200, "")
        at.release.set()
        assert send_due(at=AT + timedelta(minutes=4)) == 0
        assert send_due(at=AT + timedelta(minutes=5)) == 2
        assert send_due(at=AT + timedelta(days=2)) == 0  # 结果不明 is not sent again by itself
        assert len({one.body["id"] for one in at.heard}) == len(at.heard) == 3


def test_a_claim_whose_worker_died_is_not_sent_again(bureau: Bureau, channels: Write) -> None:
    with listening() as at:
        channels(gate(at))
        warn(bureau.handler)
        Dispatch.objects.update(state=DispatchState.SENDING, claimed_at=AT, attempts=1)
        assert send_due(at=AT + timedelta(minutes=14)) == 0
        assert states() == [("sending", 1)]
        assert send_due(at=AT + timedelta(minutes=15)) == 0
        assert states() == [("unknown", 1)]
        assert at.heard == []


def test_what_nobody_sent_for_days_is_no_news(bureau: Bureau, channels: Write) -> None:
    with listening() as at:
        channels(gate(at) + gate(at, "old"))
        warn(bureau.handler)
        channels(gate(at))
        assert send_due(at=AT + timedelta(days=2)) == 1
        send_due(at=AT + timedelta(days=3))
    assert [(one.channel, one.state) for one in Dispatch.objects.order_by("channel")] == [
        ("gate", "sent"),
        ("old", "failed"),
    ]


def test_who_has_left_is_sent_nothing(bureau: Bureau, channels: Write) -> None:
    with listening() as at:
        channels(gate(at))
        warn(bureau.handler)
        Person.objects.filter(pk=bureau.handler.pk).update(is_active=False)
        send_due(at=AT)
        assert at.heard == []
    assert Dispatch.objects.get().error == "人员已停用"


def test_a_number_on_two_lines_does_not_stop_the_mail(bureau: Bureau, channels: Write) -> None:
    channels(MAIL)
    Person.objects.filter(pk=bureau.handler.pk).update(email="xie@example.gov.cn")
    item = bureau.register(number="08\n2")
    warn(bureau.handler, item=item)
    assert send_due(at=AT) == 1
    assert [letter.subject for letter in mail.outbox] == ["【回音】时限提醒：第08 2号"]


def test_who_stands_in_has_the_message_too(bureau: Bureau, channels: Write) -> None:
    organising.stand_in(
        bureau.handler, bureau.deputy_head, from_on=date(2020, 6, 10), to_on=date(2020, 6, 12), by=bureau.admin, at=AT
    )  # fmt: skip
    with listening() as at:
        channels(gate(at))
        warn(bureau.handler)
        assert send_due(at=AT) == 2
        assert {one.body["text"] for one in at.heard} == {"剩3个工作日", "代谢文斌：剩3个工作日"}


def test_one_round_sends_no_more_than_its_limit(bureau: Bureau, channels: Write) -> None:
    with listening() as at:
        channels(gate(at))
        for number in range(5):
            warn(bureau.handler, key=str(number))
        assert [send_due(at=AT, limit=2) for _ in range(4)] == [2, 2, 1, 0]
