"""会商的演出: a round of requests with answer links, and the countersigning of a draft, each on its day."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from django.core.files.base import ContentFile

from demo.stories import at
from huiyin.actions import consulting, linking
from huiyin.actions._asking import Ask
from huiyin.models import CoOpinion, Unit

if TYPE_CHECKING:
    from demo.overseeing import Deed, Facts
    from demo.play import Player


def deeds(player: Player) -> list[Deed]:
    """All that the item's story tells of it, each with its moment."""
    found: list[Deed] = []
    for key, tell in (("round", _round), ("countersign", _countersign)):
        if told := player.story.get(key):
            found += tell(player, told)
    return found


def _unit(name: str) -> Unit:
    return Unit.objects.get(name=name)


def _opinion(player: Player, one: Facts, kind: str) -> CoOpinion:
    return player.fresh().opinions.filter(unit__name=one["unit"], kind=kind).latest("round")


def _round(player: Player, told: Facts) -> list[Deed]:
    """拟定、发出、开填报链接; who has answered did so on the link's page."""
    planned, sent, opened = (at(player.day(told["on"]), *time) for time in ((9, 30), (10,), (10, 20)))
    secrets: dict[str, str] = {}

    def plan() -> None:
        asks = [Ask(_unit(one["unit"]), one["question"], player.day(one["due"])) for one in told["asks"]]
        consulting.plan_requests(player.fresh(), asks, by=player.handler, at=planned)

    def send() -> None:
        consulting.send_requests(player.fresh(), on=sent.date(), by=player.handler, at=sent)

    def open_links() -> None:
        for one in told["asks"]:
            row = _opinion(player, one, "opinion")
            secrets[one["unit"]] = linking.open_link(player.item, row, by=player.handler, at=opened).secret

    def accept(unit: str, when: datetime) -> None:
        linking.accept_by_link(secrets[unit], at=when)

    def answer(one: Facts, when: datetime) -> None:
        said = linking.Answer(one["text"], one["name"], one["phone"])
        linking.answer_by_link(secrets[one["unit"]], said, at=when)

    found: list[Deed] = [(planned, plan), (sent, send), (opened, open_links)]
    for one in told["asks"]:
        accepted = at(player.day(one["accepted_on"]), 9)
        found.append((accepted, partial(accept, one["unit"], accepted)))
        if "answered_on" in one:
            answered = at(player.day(one["answered_on"]), 11)
            found.append((answered, partial(answer, one, answered)))
    return found


def _countersign(player: Player, told: Facts) -> list[Deed]:
    """送会签, 会签意见."""
    asked, got = at(player.day(told["on"]), 16), at(player.day(told["received_on"]), 10)

    def ask() -> None:
        consulting.countersign(
            player.fresh(), units=[_unit(told["unit"])], on=asked.date(), due_on=player.day(told["due"]),
            by=player.handler, at=asked,
        )  # fmt: skip

    def receive() -> None:
        scan = ContentFile(f"演示材料（虚构）\n会签意见\n{told['text']}".encode(), name="会签意见.txt")
        consulting.receive_opinion(
            player.item, _opinion(player, told, "countersign"), on=got.date(), text=told["text"], paper=scan,
            by=player.handler, at=got,
        )  # fmt: skip

    return [(asked, ask), (got, receive)]
