"""督办事项的办法 (R64): what may be done on one errand now, and by whom; the reasons when not.

An errand asks something of one person on one item. It is received, answered, and settled 销号 or returned for more.
An outside unit's errand is chased by its owner and answered by entering the unit's reply.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import OPEN, Deed, ErrandState, Role

if TYPE_CHECKING:
    from huiyin.models import Errand

FROM: dict[Deed, frozenset[ErrandState]] = {
    Deed.RECEIVE_ERRAND: frozenset({ErrandState.SENT}),
    Deed.ANSWER_ERRAND: frozenset({ErrandState.SENT, ErrandState.RECEIVED}),
    Deed.SETTLE_ERRAND: frozenset({ErrandState.ANSWERED}),
    Deed.RETURN_ERRAND: frozenset({ErrandState.ANSWERED}),
}
OWNERS_DEEDS = frozenset({Deed.RECEIVE_ERRAND, Deed.ANSWER_ERRAND})


def refusals(errand: Errand, deed: Deed, actor: Actor) -> list[str]:
    """All reasons why he may not do this on the errand now; empty when he may."""
    found = []
    if errand.state not in FROM[deed]:
        found.append(f"{errand}，现为“{errand.get_state_display()}”，不能{deed.label}")
    if not (_owns(errand, actor) if deed in OWNERS_DEEDS else _issued(errand, actor)):
        whom = errand.owner.name if deed in OWNERS_DEEDS else errand.supervision.issued_by.name
        clerk = "" if deed in OWNERS_DEEDS and errand.outside_id is None else "或专职人员"
        found.append(f"{errand}，须由{whom}{clerk}办理")
    return found


def _owns(errand: Errand, actor: Actor) -> bool:
    """Its owner; the clerk too where the owner is outside, has left, or the item is not in hand any more."""
    if errand.owner_id in actor.ids:
        return True
    orphaned = (
        errand.outside_id is not None or not errand.owner.is_active or errand.assignment.status not in OPEN
    )
    return orphaned and actor.has(Role.CLERK)


def _issued(errand: Errand, actor: Actor) -> bool:
    """Who issued it, or the clerk; nobody settles his own answer to a leader."""
    if errand.supervision.issued_by_id in actor.ids:
        return True
    return actor.has(Role.CLERK) and errand.owner_id not in actor.ids
