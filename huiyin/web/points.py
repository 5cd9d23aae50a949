"""意见点的卡片和表：each point, what answers it, and the links to what is left to do."""

from dataclasses import dataclass
from typing import Any

from huiyin.models import Assignment, ReplyVersion
from huiyin.queries.merging import group
from huiyin.queries.points import Standing, standings, suggested
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, PointState


@dataclass(frozen=True)
class Sheet:
    """逐条回应一览. `keeping`, `answering`, `promising`: whether that is the reader's to do now."""

    rows: list[Standing]
    suggested: list[str]
    version: ReplyVersion | None
    keeping: bool
    answering: bool
    promising: bool

    @property
    def answered(self) -> int:
        return sum(one.state != PointState.OPEN for one in self.rows)


def sheet(item: Assignment, version: ReplyVersion | None, actor: Actor) -> Sheet | None:
    """None for an item that answers no deputy (协办件)."""
    if not item.answers:
        return None
    rows = standings(item, version)
    return Sheet(
        rows, [] if rows else suggested(item), version,
        *(not workflow.refusals(actor, item, deed) for deed in (Deed.POINTS, Deed.ANSWER_POINT, Deed.PROMISE)),
    )  # fmt: skip


def side(item: Assignment, version: ReplyVersion | None, actor: Actor) -> dict[str, Any]:
    """代表意见点 beside the draft, and the items handled together with it."""
    return {"points": sheet(item, version, actor), "group": group(item, actor), "drafting": True}
