"""渠道的配置 and what goes out by each kind of channel."""

import base64
import hashlib
import hmac
import logging
import re
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from django.core import mail
from django.core.management import call_command

from huiyin.models import Person
from huiyin.notices.channels import configured, load, path
from huiyin.notices.entry import ChannelError
from huiyin.notices.mail import Mail
from huiyin.notices.sending import Channel, MayHaveArrived, Message, NotSent
from tests.conftest import Bureau, day
from tests.notices.conftest import Write
from tests.notices.listening import listening

KEY, SECRET = "kk-5f0c9a", "ss-77b1e2"
MAIL = '[mail]\nkind = "mail"\nurl = "smtps://huiyin:{secret}@mail.example.gov.cn"\nfrom = "回音 <huiyin@example.gov.cn>"\n'
GROUP = 'unit = "市自然资源局"\nkinds = ["时限提醒", "催办、督办、批示"]\n'
PHONES = ("13800000001",)


def robot(kind: str, base: str, *, secret: bool = True, more: str = "") -> str:
    signing = f'secret = "{SECRET}"\n' if secret else ""
    return (
        f'[robot]\nkind = "{kind}"\nbase = "{base}"\ninsecure = true\nkey = "{KEY}"\n{signing}{GROUP}{more}'
    )


def message(**changes: Any) -> Message:
    person = Person(pk=7, username="xiewenbin", name="谢文斌", email="x@example.gov.cn", phone="13800000001")
    facts: dict[str, Any] = {
        "id": "ab12", "kind": "warning", "title": "时限提醒：第082号", "text": "第082号书面答复剩3个工作日",
        "person": person, "at": day("2020-06-24"), "phones": PHONES,
    }  # fmt: skip
    return Message(**{**facts, **changes})


def only(file: Path) -> Channel:
    [channel] = load(file).values()
    return channel


# What goes out


def test_wecom_says_it_to_the_group_and_mentions_by_number(channels: Write) -> None:
    with listening() as at:
        only(channels(robot("wecom", at.url, secret=False, more="mention = true\n"))).send(message())
        [heard] = at.heard
    assert (heard.path, heard.query) == ("/cgi-bin/webhook/send", {"key": KEY})
    assert heard.body == {
        "msgtype": "text",
        "text": {"content": "第082号书面答复剩3个工作日", "mentioned_mobile_list": ["13800000001"]},
    }


def test_wecom_is_sent_no_more_than_it_takes(channels: Write) -> None:
    with listening() as at:
        only(channels(robot("wecom", at.url, secret=False))).send(message(text="长" * 3000))
        [heard] = at.heard
    assert heard.body["text"]["content"] == "长" * 666
    assert heard.body["text"]["mentioned_mobile_list"] == []


def test_dingtalk_is_signed_as_dingtalk_reckons_it(channels: Write) -> None:
    with listening() as at:
        only(channels(robot("dingtalk", at.url, more="mention = true\n"))).send(message())
        [heard] = at.heard
    moment = str(round(day("2020-06-24").timestamp() * 1000))
    sign = hmac.digest(SECRET.encode(), f"{moment}\n{SECRET}".encode(), "sha256")
    assert heard.path == "/robot/send"
    assert heard.query == {
        "access_token": KEY, "timestamp": moment, "sign": base64.standard_b64encode(sign).decode()
    }  # fmt: skip
    assert heard.body["at"] == {"atMobiles": ["13800000001"], "isAtAll": False}
    assert heard.body["text"]["content"] == "第082号书面答复剩3个工作日\n@13800000001"


def test_feishu_is_signed_as_feishu_reckons_it(channels: Write) -> None:
    with listening(lambda _: (200, '{"code": 0}')) as at:
        only(channels(robot("feishu", at.url))).send(message(link="https://huiyin.example.gov.cn/notices/"))
        [heard] = at.heard
    moment = str(int(day("2020-06-24").timestamp()))
    expected = hmac.new(f"{moment}\n{SECRET}".encode(), b"", hashlib.sha256).digest()
    assert heard.path == f"/open-apis/bot/v2/hook/{KEY}"
    assert heard.body == {
        "timestamp": moment, "sign": base64.standard_b64encode(expected).decode(), "msg_type": "text",
        "content": {"text": "第082号书面答复剩3个工作日\n请登录查看：https://huiyin.example.gov.cn/notices/"},
    }  # fmt: skip


def test_what_people_wrote_mentions_nobody_in_feishu(channels: Write) -> None:
    with listening(lambda _: (200, '{"code": 0}')) as at:
        only(channels(robot("feishu", at.url))).send(message(text='请办 <at user_id="all">所有人</at>'))
        [heard] = at.heard
    assert heard.body["content"]["text"] == '请办 ＜at user_id="all">所有人＜/at>'


def test_a_webhook_can_be_verified_and_its_repeats_be_told(channels: Write) -> None:
    with listening(lambda _: (204, "")) as at:
        channel = only(channels(
            f'[gate]\nkind = "webhook"\nbase = "{at.url}/hook"\ninsecure = true\nsecret = "{SECRET}"\n'
        ))  # fmt: skip
        channel.send(message())
        [heard] = at.heard
    moment = heard.headers["X-Huiyin-Timestamp"]
    assert moment == str(int(day("2020-06-24").timestamp()))
    signed = hmac.new(SECRET.encode(), moment.encode() + b"." + heard.raw, hashlib.sha256).hexdigest()
    assert heard.headers["X-Huiyin-Signature"] == signed
    assert heard.path == "/hook"
    assert heard.body["id"] == "ab12"
    assert heard.body["to"] == {"username": "xiewenbin", "name": "谢文斌", "phone": "13800000001"}
    assert not channel.group


def test_a_mail_is_known_again_by_its_message_id(channels: Write) -> None:
    channel = only(channels(MAIL.format(secret=SECRET)))
    for _ in range(2):
        channel.send(message())
    first, second = mail.outbox
    assert first.subject == "【回音】时限提醒：第082号"
    assert first.to == ["x@example.gov.cn"]
    assert first.message()["Message-ID"] == second.message()["Message-ID"] == "<ab12@example.gov.cn>"


def test_a_mail_goes_only_where_addresses_may_be(channels: Write) -> None:
    channel = only(channels(MAIL.format(secret=SECRET) + 'domains = ["example.gov.cn"]\n'))
    assert isinstance(channel, Mail)
    assert [channel.takes(one) for one in ("a@Example.gov.cn", "a@example.com", "a@evil-example.gov.cn")] == [
        True,
        False,
        False,
    ]
    with pytest.raises(NotSent, match="没有可用的邮箱地址"):
        channel.send(message(person=Person(email="a@example.com")))
    assert mail.outbox == []


def test_apprise_sends_by_what_it_knows(channels: Write) -> None:
    with listening() as at:
        text = f'[more]\nkind = "apprise"\nurl = "json://{at.url.removeprefix("http://")}/{KEY}"\n{GROUP}'
        only(channels(text)).send(message())
        [heard] = at.heard
        assert heard.body["message"] == "第082号书面答复剩3个工作日"
        at.answer = lambda _: (500, "")
        with pytest.raises(NotSent, match="Apprise 没有发出"):
            only(channels(text)).send(message())


# How it fails


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        ((500, ""), NotSent, "对方回答500"),
        ((404, ""), NotSent, "对方回答404"),
        ((429, ""), NotSent, "对方回答429"),
        ((302, ""), NotSent, "对方回答302"),
        ((502, ""), MayHaveArrived, "不知是否转到"),
        ((504, ""), MayHaveArrived, "不知是否转到"),
        ((200, f'{{"errcode": 310000, "errmsg": "sign not match {SECRET} {KEY}"}}'), NotSent, "310000 sign not match … …"),
        ((200, '{"code": 19021, "msg": "sign match fail"}'), NotSent, "19021 sign match fail"),
        ((200, "<html>"), MayHaveArrived, "看不懂"),
        ((200, "[]"), MayHaveArrived, "看不懂"),
        ((200, "{}"), MayHaveArrived, "看不懂"),
        (None, MayHaveArrived, "没有收到回答"),
    ],
)  # fmt: skip
def test_an_answer_says_whether_it_was_taken(
    answer: tuple[int, str] | None, outcome: type[Exception], words: str, channels: Write
) -> None:
    with listening(lambda _: answer) as at:
        channel = only(channels(robot("dingtalk", at.url)))
        with pytest.raises(outcome, match=words) as told:
            channel.send(message())
        assert len(at.heard) == 1  # no redirect is followed, nothing tried twice
    assert not getattr(told.value, "down", False)


def test_who_does_not_answer_in_time_may_have_it(channels: Write) -> None:
    with listening() as at:
        at.answer = at.hang
        channel = only(channels(robot("dingtalk", at.url, more="timeout = 1\n")))
        with pytest.raises(MayHaveArrived, match="ReadTimeout"):
            channel.send(message())
        assert len(at.heard) == 1


def test_who_cannot_be_reached_has_nothing(channels: Write) -> None:
    with listening() as at:
        pass
    elsewhere = robot("dingtalk", "https://nowhere.invalid", more="timeout = 2\n")
    for text in (robot("dingtalk", at.url), elsewhere):
        with pytest.raises(NotSent, match="连不上") as told:
            only(channels(text)).send(message())
        assert told.value.down


def test_who_does_not_speak_tls_has_nothing(channels: Write) -> None:
    with listening() as at:
        channel = only(channels(robot("wecom", at.url.replace("http:", "https:"), secret=False)))
        with pytest.raises(NotSent, match="连不上") as told:
            channel.send(message())
        assert at.heard == []
    assert told.value.down


# The file


def test_a_folder_that_is_none_stops_nothing(settings: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    settings.CHANNELS = str(tmp_path / "file" / "channels.toml")
    with pytest.raises(ChannelError, match="读不出来：NotADirectoryError"):
        load(path())
    assert configured() == {}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("x = " + "[" * 5000, "读不出来：RecursionError"), ("x = " + "9" * 5000, "读不出来：ValueError"),
        ("[a", "读不出来：末尾不是 TOML"), ("\n[a\n", "读不出来：第2行不是 TOML"),
        ('x = "1"', "x 应写在某个渠道的一节里"),
        ('site = "huiyin"\n', "site 应为本系统的网址"),
        ('[Mail]\nkind = "mail"', "名称 应为小写字母"),
        ('[a]\nkind = "sms"', "kind 应为 mail"),
        ("[a]\n", "kind 没有填写"),
        (MAIL.format(secret=SECRET) + "x = 1\n", "x 不是这种渠道可用的项"),
        (MAIL.format(secret=SECRET) + 'unit = "x"\n', "unit 不是这种渠道可用的项"),
        (MAIL.format(secret=SECRET).replace("smtps", "smtp"), "url 用 smtp:// 是不加密的"),
        (MAIL.format(secret=SECRET).replace("smtps", "https"), "url 应以 smtp://"),
        (MAIL.format(secret=SECRET) + "timeout = 600\n", "timeout 应为1到60"),
        (MAIL.format(secret=SECRET) + 'titles = "yes"\n', "titles 应为 true"),
        (MAIL.format(secret=SECRET).replace("@example", " at example"), "from 不是邮箱地址"),
        (robot("wecom", "http://a", secret=False).replace("insecure = true", ""), "base 用 http:// 是不加密的"),
        (robot("wecom", "https://a:b:c", secret=False), "base 不是网址"),
        (robot("dingtalk", "https://a", secret=False), "secret 没有填写"),
        (robot("feishu", "https://a", more="mention = true\n"), "mention 不是这种渠道可用的项"),
        (robot("dingtalk", "https://a").replace("时限提醒", "其他"), "kinds 应从这些种类里选：时限提醒"),
        (robot("dingtalk", "https://a", more='ca = "/nowhere.pem"\n'), "ca 指的不是证书文件"),
        (f'[a]\nkind = "apprise"\nurl = "{KEY}"\n{GROUP}', "url 不是 Apprise 认识的地址"),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_in_a_sentence_with_file_and_key(
    text: str, words: str, channels: Write
) -> None:
    file = channels(text)
    with pytest.raises(ChannelError) as told:
        load(file)
    assert words in str(told.value)
    assert str(file) in str(told.value)
    assert SECRET not in str(told.value)
    assert KEY not in str(told.value)


def test_a_file_that_has_become_wrong_changes_nothing(
    channels: Write, caplog: pytest.LogCaptureFixture
) -> None:
    channels(MAIL.format(secret=SECRET))
    assert list(configured()) == ["mail"]
    channels("[mail")
    for _ in range(3):
        assert list(configured()) == ["mail"]
    assert len(caplog.records) == 1
    channels("")
    assert configured() == {}


def test_nothing_secret_is_ever_shown(
    bureau: Bureau, channels: Write, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)  # as settings say; caplog's own level is the root's
    Person.objects.filter(pk=bureau.handler.pk).update(email="x@example.gov.cn")
    with listening(lambda _: (200, '{"errcode": 1, "errmsg": "no"}')) as at:
        channels(
            MAIL.format(secret=SECRET) + robot("dingtalk", at.url)
            + f'[gate]\nkind = "webhook"\nbase = "https://{KEY}:{SECRET}@nowhere.invalid"\nsecret = "{SECRET}"\n'
            + f'[more]\nkind = "apprise"\nurl = "json://user:{SECRET}@127.0.0.1:9/{KEY}"\n{GROUP}'
        )  # fmt: skip
        out = StringIO()
        call_command("channels", "check", stdout=out)
        call_command("channels", "test", "mail", "--to", "handler", stdout=out, stderr=out)
        for name in ("robot", "gate", "more"):
            with pytest.raises(SystemExit):
                call_command("channels", "test", name, "--to", "handler", stdout=out, stderr=out)
        shown = out.getvalue() + caplog.text + "".join(capfd.readouterr()) + repr(configured())
    assert "https://nowhere.invalid" in shown
    assert "对方不收：1 no" in shown
    for secret in (KEY, SECRET, quote_plus(SECRET)):
        assert secret not in shown


def test_the_example_is_right_as_it_stands_and_with_all_its_parts(channels: Write) -> None:
    text = (Path(__file__).parents[2] / "deploy" / "channels.toml.example").read_text()
    assert list(load(channels(text))) == ["mail"]
    parts = re.sub(r"^# (?=\[|\w+ = \S)", "", text, flags=re.MULTILINE).replace(
        "APPRISE-URL", "json://127.0.0.1"
    )
    assert {type(one).__name__ for one in load(channels(parts)).values()} == {
        "Mail", "Webhook", "WeCom", "DingTalk", "Feishu", "ByApprise"
    }  # fmt: skip
