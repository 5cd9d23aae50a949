"""群机器人和网关：WeCom 企业微信, DingTalk 钉钉, Feishu 飞书 and a plain webhook, each at the base address the operator
gives: deployments inside a government have hosts of their own."""

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from huiyin.notices.entry import Entry
from huiyin.notices.posting import Posting
from huiyin.notices.sending import MayHaveArrived, Message, NotSent

JSON = {"Content-Type": "application/json; charset=utf-8"}
WECOM_BYTES = 2000  # a text of WeCom may have 2,048


def _signed(key: str, words: str) -> bytes:
    return hmac.new(key.encode(), words.encode(), hashlib.sha256).digest()


def _seconds(message: Message) -> int:
    return int(message.at.timestamp())


@dataclass(frozen=True, kw_only=True, repr=False)
class Robot(Posting):
    """群机器人. It has no personal address; where `mention` is set it mentions people by telephone number."""

    group: ClassVar[bool] = True
    key: str
    secret: str = ""

    def ask(self, path: str, body: dict[str, Any], **more: Any) -> None:
        """Post, and read in the answer whether the robot has taken it."""
        answer = self.post(path, json.dumps(body, ensure_ascii=False).encode(), headers=JSON, **more)
        try:
            said = answer.json()
            code = next(said[name] for name in ("errcode", "code", "StatusCode") if name in said)
        except (ValueError, TypeError, StopIteration):
            raise MayHaveArrived("对方的回答看不懂，不知是否收下") from None
        if code != 0:
            raise NotSent(self.clean(f"对方不收：{code} {said.get('errmsg') or said.get('msg') or ''}"))

    def phones(self, message: Message) -> list[str]:
        return list(message.phones) if self.mention else []


class WeCom(Robot):
    """企业微信群机器人."""

    @classmethod
    def read(cls, entry: Entry, **common: Any) -> Self:
        key = entry.text("key")
        return cls(
            key=key, mention=entry.yes("mention"), secrets=(key,), **cls.reach(entry), **common
        )  # fmt: skip

    def send(self, message: Message) -> None:
        content = message.body.encode()[:WECOM_BYTES].decode(errors="ignore")
        text = {"content": content, "mentioned_mobile_list": self.phones(message)}
        self.ask("/cgi-bin/webhook/send", {"msgtype": "text", "text": text}, params={"key": self.key})


class DingTalk(Robot):
    """钉钉群机器人 with 加签: base64 of HMAC-SHA256 over "milliseconds\\nsecret"."""

    @classmethod
    def read(cls, entry: Entry, **common: Any) -> Self:
        key, secret = entry.text("key"), entry.text("secret")
        return cls(
            key=key, secret=secret, mention=entry.yes("mention"), secrets=(key, secret), **cls.reach(entry), **common
        )  # fmt: skip

    def send(self, message: Message) -> None:
        phones = self.phones(message)
        content = "\n".join([message.body, *(f"@{phone}" for phone in phones)])
        moment = f"{_seconds(message)}000"
        sign = base64.b64encode(_signed(self.secret, f"{moment}\n{self.secret}")).decode()
        self.ask(
            "/robot/send",
            {"msgtype": "text", "text": {"content": content}, "at": {"atMobiles": phones, "isAtAll": False}},
            params={"access_token": self.key, "timestamp": moment, "sign": sign},
        )


class Feishu(Robot):
    """飞书群机器人 with 签名校验: base64 of HMAC-SHA256 over nothing, keyed by "seconds\\nsecret". It mentions nobody."""

    @classmethod
    def read(cls, entry: Entry, **common: Any) -> Self:
        key, secret = entry.text("key"), entry.text("secret")
        return cls(key=key, secret=secret, secrets=(key, secret), **cls.reach(entry), **common)

    def send(self, message: Message) -> None:
        moment = str(_seconds(message))
        sign = base64.b64encode(_signed(f"{moment}\n{self.secret}", "")).decode()
        self.ask(
            f"/open-apis/bot/v2/hook/{self.key}",
            {
                "timestamp": moment,
                "sign": sign,
                "msg_type": "text",
                "content": {"text": _plain(message.body)},
            },
        )


def _plain(words: str) -> str:
    """Feishu reads <at user_id="all"> in a text as a mention of everybody; what people wrote mentions nobody."""
    return words.replace("<", "＜")


@dataclass(frozen=True, kw_only=True, repr=False)
class Webhook(Posting):
    """网关: a service of the unit's own (SMS, a portal) is told whom to reach. X-Huiyin-Signature is the hexadecimal
    HMAC-SHA256 over X-Huiyin-Timestamp, a full stop and the body; `id` in the body tells repeats."""

    secret: str

    @classmethod
    def read(cls, entry: Entry, **common: Any) -> Self:
        secret = entry.text("secret")
        return cls(secret=secret, secrets=(secret,), **cls.reach(entry), **common)

    def send(self, message: Message) -> None:
        person = message.person
        body = json.dumps(
            {
                "id": message.id, "kind": message.kind, "title": message.title, "text": message.text,
                "link": message.link, "at": message.at.isoformat(),
                "to": {"username": person.username, "name": person.name, "phone": person.phone},
            },
            ensure_ascii=False,
        )  # fmt: skip
        moment = str(_seconds(message))
        sign = _signed(self.secret, f"{moment}.{body}").hex()
        headers = {**JSON, "X-Huiyin-Timestamp": moment, "X-Huiyin-Signature": sign}
        self.post("", body.encode(), headers=headers)
