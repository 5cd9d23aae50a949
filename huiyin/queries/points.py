"""意见点答得怎样：each point against a version, and what the rule proposes where none are kept yet (R3, R38)."""

from __future__ import annotations

from dataclasses import dataclass

from huiyin.models import Assignment, Point, ReplyVersion
from huiyin.rules.points import proposed
from huiyin.rules.vocabulary import PointState


@dataclass(frozen=True)
class Standing:
    """一点的情况：`places` are the paragraphs that answer it, counted from 1; `lacks` what the answer has not named."""

    point: Point
    state: PointState
    places: tuple[int, ...]
    lacks: tuple[str, ...]

    @property
    def where(self) -> str:
        return "、".join(f"第{place}段" for place in self.places)

    @property
    def symbol(self) -> str:
        return {PointState.OPEN: "■", PointState.LACKING: "▲"}.get(self.state, "✓")

    @property
    def look(self) -> str:
        return {PointState.OPEN: "bad", PointState.LACKING: "wait"}.get(self.state, "yes")

    @property
    def said(self) -> str:
        """已答，缺措施或时限, in so many words."""
        return f"已答，缺{'、'.join(self.lacks)}" if self.state == PointState.LACKING else self.state.label


def current_version(item: Assignment) -> ReplyVersion | None:
    """The text that stands now: being written, being signed, or sent."""
    return item.draft or item.submitted_version


def standings(item: Assignment, version: ReplyVersion | None) -> list[Standing]:
    """各点, in order, as `version` answers them."""
    places: dict[int, list[int]] = {}
    for place, block in enumerate(version.blocks() if version else [], 1):
        for number in block.points:
            places.setdefault(number, []).append(place)
    points = item.points.select_related("unit")
    return [_standing(one, tuple(places.get(one.number, ()))) for one in points]


def _standing(point: Point, places: tuple[int, ...]) -> Standing:
    if not places:
        state = PointState.ELSEWHERE if point.note.strip() else PointState.OPEN
        return Standing(point, state, (), ())
    lacks = [] if point.measure else ["措施"]
    lacks += [] if point.due_on else ["时限"]
    if point.note.strip():  # it says why there is nothing to do, and by when
        lacks = []
    return Standing(point, PointState.LACKING if lacks else PointState.ANSWERED, places, tuple(lacks))


def suggested(item: Assignment) -> list[str]:
    """规则提取的意见点, to begin with; none of a secret item, whose text is not here."""
    return [] if item.suggestion.secret else proposed(item.suggestion.text)
