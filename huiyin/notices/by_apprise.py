"""Apprise: any service that library knows (the extra `notify`). It says only that sending failed, never whether
something may have arrived; so a failure is tried again, and may arrive twice."""

from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any, ClassVar, Self
from urllib.parse import urlsplit

from huiyin.notices.entry import Entry
from huiyin.notices.sending import Channel, Message, NotSent


@dataclass(frozen=True, kw_only=True, repr=False)
class ByApprise(Channel):
    """`url`: an Apprise URL, which is a secret as a whole."""

    group: ClassVar[bool] = True
    url: str

    @classmethod
    def read(cls, entry: Entry, **common: Any) -> Self:
        url = entry.text("url")
        if find_spec("apprise") is None:
            raise entry.wrong("kind", '要用 apprise，须先安装：pip install "huiyin[notify]"')
        import apprise

        if not apprise.Apprise().add(url):
            raise entry.wrong("url", "不是 Apprise 认识的地址")
        return cls(url=url, secrets=(url,), **common)

    def where(self) -> str:
        return f"Apprise {urlsplit(self.url).scheme}://"

    def send(self, message: Message) -> None:
        import apprise

        service = apprise.Apprise()
        service.add(self.url)
        if not service.notify(title=message.title, body=message.body):
            raise NotSent("Apprise 没有发出")
