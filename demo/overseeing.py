"""督办和时限的演出: extensions, pauses, urging, leaders' notes, plans and meetings of an item, each on its day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core.files.base import ContentFile

from demo.stories import at
from huiyin.actions import convening, planning, supervising, timing
from huiyin.actions.supervising import Target
from huiyin.models import AgendaItem, Errand, LeadersMeeting, Suspension, Unit

if TYPE_CHECKING:
    from demo.play import Player

Facts = dict[str, Any]
Deed = tuple[datetime, Callable[[], object]]


def deeds(player: Player) -> list[Deed]:
    """All that the item's story tells of it, each with its moment."""
    found: list[Deed] = []
    for key, tell in (
        ("extension", _extension), ("suspension", _suspension), ("plan", _plan), ("agenda", _agenda),
        ("instructions", _instruction), ("urges", _urge),
    ):  # fmt: skip
        told = player.story.get(key, [])
        for one in told if isinstance(told, list) else [told]:
            found += tell(player, one)
    return found


def _scan(name: str) -> ContentFile:  # type: ignore[type-arg]
    return ContentFile(f"演示材料（虚构）\n{name}".encode(), name=f"{name}.txt")


def _extension(player: Player, one: Facts) -> list[Deed]:
    asked = at(player.day(one["on"]), 10)
    found: list[Deed] = [
        (asked, lambda: timing.ask_extension(
            player.fresh(), wanted_on=player.day(one["wanted"]), reason=one["reason"], by=player.handler, at=asked,
        )),
    ]  # fmt: skip
    if "granted" in one:
        decided = at(player.day(one["decided_on"]), 11)
        found.append((decided, lambda: timing.grant_extension(
            player.fresh(), on=decided.date(), granted_to=player.day(one["granted"]), agreed_by=["交办机关"],
            note=one["note"], paper=_scan("同意延期的复函"), by=player.cast.clerk, at=decided,
        )))  # fmt: skip
    return found


def _suspension(player: Player, one: Facts) -> list[Deed]:
    begun = at(player.day(one["on"]), 10)
    found: list[Deed] = [
        (begun, lambda: timing.suspend(
            player.fresh(), from_on=begun.date(), reason=one["reason"], paper=_scan("中止计时的通知"),
            by=player.cast.clerk, at=begun,
        )),
    ]  # fmt: skip
    if "resumed" in one:
        ended = at(player.day(one["resumed"]), 10)
        found.append((ended, lambda: timing.resume(
            player.fresh(), Suspension.objects.get(clock__assignment=player.item, to_on__isnull=True), on=ended.date(), note="事由已经消除。", by=player.cast.clerk, at=ended
        )))  # fmt: skip
    return found


def _plan(player: Player, one: Facts) -> list[Deed]:
    made = at(player.day(one["on"]), 9, 30)
    steps = [(step["text"], player.day(step["due"])) for step in one["steps"]]
    found: list[Deed] = [
        (made, lambda: planning.plan(
            player.fresh(), leader=player.cast[one["leader"]], decided_by=one["decided_by"], text=one["text"],
            milestones=steps, by=player.cast.clerk, at=made,
        )),
    ]  # fmt: skip
    for step in one["steps"]:
        if "done_on" in step:
            found.append(_reached(player, step))
    return found


def _reached(player: Player, step: Facts) -> Deed:
    when = at(player.day(step["done_on"]), 17, 20)
    return when, lambda: planning.milestone(
        player.fresh(), player.item.plan.milestones.get(text=step["text"]), on=when.date(), text=step["done"],
        by=player.cast.clerk, at=when,
    )  # fmt: skip


def _agenda(player: Player, one: Facts) -> list[Deed]:
    on = player.day(one["on"])
    tabled, decided = at(on - timedelta(days=1), 16), at(on, 17)
    return [
        (tabled, lambda: _table(player, one, on, tabled)),
        (decided, lambda: _decide(player, one, decided)),
    ]


def _table(player: Player, one: Facts, on: date, when: datetime) -> None:
    name = one["meeting"].format(year=on.year)
    meeting = LeadersMeeting.objects.filter(name=name).first() or convening.convene(
        name=name, on=on, place="局五楼会议室", by=player.cast.clerk, at=when
    )
    convening.table(player.fresh(), meeting=meeting, matter=one["matter"], by=player.cast.clerk, at=when)


def _decide(player: Player, one: Facts, when: datetime) -> None:
    row = AgendaItem.objects.get(assignment=player.item, decided_on__isnull=True)
    act = convening.decide(
        player.fresh(), row, decision=one["decision"], on=when.date(), owner=player.cast[one["owner"]],
        due_on=player.day(one["due"]), by=player.cast.clerk, at=when,
    )  # fmt: skip
    _followed(player, one, act.errands.get() if act else None)


def _instruction(player: Player, one: Facts) -> list[Deed]:
    when = at(player.day(one["on"]), 18)

    def run() -> None:
        act = supervising.instruct(
            player.fresh(),
            owners=[player.cast[one["owner"]]],
            text=one["text"],
            by=player.cast[one["by"]],
            at=when,
        )
        _followed(player, one, act.errands.get())

    return [(when, run)]


def _urge(player: Player, one: Facts) -> list[Deed]:
    when = at(player.day(one["on"]), 8, 50)

    def run() -> None:
        outside = Unit.objects.get(name=one["unit"]) if "unit" in one else None
        target = Target(player.fresh(), player.cast[one["owner"]], outside)
        act = supervising.urge([target], text=one["text"], by=player.cast.clerk, at=when)
        _followed(player, one, act.errands.get())

    return [(when, run)]


def _followed(player: Player, one: Facts, errand: Errand | None) -> None:
    """What became of an errand: answered, and settled, where the story says so."""
    if errand is None or "answer" not in one:
        return
    answered = at(player.day(one["answered_on"]), 17, 40)
    supervising.answer(errand, text=one["answer"], by=errand.owner, at=answered)
    if "settled_on" in one:
        settled = at(player.day(one["settled_on"]), 10, 10)
        fresh = Errand.objects.get(pk=errand.pk)
        supervising.settle(fresh, note=one.get("note", ""), by=errand.supervision.issued_by, at=settled)
