"""一条渠道：what every channel is, what is sent by it, and the two ways in which sending fails."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from huiyin.models import Person


class NotSent(Exception):  # noqa: N818 - the outcome, not a fault of ours
    """没有发出：surely nothing arrived, so that it may be tried again. `down`: the channel itself cannot be reached."""

    def __init__(self, reason: str, *, down: bool = False) -> None:
        super().__init__(reason)
        self.down = down


class MayHaveArrived(Exception):  # noqa: N818
    """结果不明：it may have arrived; it is not sent again by itself."""


@dataclass(frozen=True)
class Message:
    """要发的一条. `id` is the same whenever the same notice is sent by the same channel. `phones`: who is meant, for a
    group's robot to mention."""

    id: str
    kind: str
    title: str
    text: str
    person: Person
    at: datetime
    link: str = ""
    phones: tuple[str, ...] = ()

    @property
    def body(self) -> str:
        return f"{self.text}\n请登录查看：{self.link}" if self.link else self.text


@dataclass(frozen=True, kw_only=True, repr=False)
class Channel(ABC):
    """渠道, as the operator configured it. `titles`: items may be named by their titles. A group's channel belongs to
    a unit and hears of `kinds`; the others send to each person who wants it."""

    group: ClassVar[bool] = False
    name: str
    label: str
    titles: bool = False
    site: str = ""
    unit: str = ""
    kinds: tuple[str, ...] = ()
    mention: bool = False
    secrets: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return f"<{self.name}>"

    def reaches(self, person: Person) -> bool:
        """Has he an address here?"""
        return True

    def hears(self, person: Person) -> bool:
        return person.unit is not None and self.unit in {person.unit.name, person.unit.short_name}

    @abstractmethod
    def where(self) -> str:
        """Where it sends to, without anything secret."""

    @abstractmethod
    def send(self, message: Message) -> None:
        """Send, or raise NotSent or MayHaveArrived."""

    def clean(self, words: str) -> str:
        """What others said, in one short line, without this channel's secrets."""
        for secret in self.secrets:
            words = words.replace(secret, "…") if secret else words
        return " ".join(words.split())[:160]
