"""流程用时 (S15, S18)：how long items stay at each status, by the journal: where time is lost.

Calendar time between one change of status and the next; an item still there counts until today. What waits for others
(the assigning organ, the deputy) is told apart from what is in the unit's own hands.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from statistics import median

from django.db.models import F
from django.utils.timezone import localdate

from huiyin.models import Event
from huiyin.queries.figures import Items
from huiyin.rules.vocabulary import OPEN, Status

OUTSIDE = frozenset(
    {Status.RETURN_REPORTED, Status.EVALUATING, Status.TRACKING}
)  # not in the unit's own hands alone
BACK = frozenset({"send_back", "send_back_review", "send_back_propose", "revise", "hollow", "take_back"})
ORDER = [one for one in Status if one in OPEN]


@dataclass
class Stage:
    """一个环节：days of each item there (all its stays together)."""

    status: Status
    days: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    now: set[int] = field(default_factory=set)
    back: int = 0  # times an item was sent back from here

    @property
    def total(self) -> float:
        return sum(self.days.values())

    @property
    def median(self) -> float:
        return median(self.days.values()) if self.days else 0

    @property
    def longest(self) -> tuple[int, float]:
        """(item, days) of the one that stayed longest."""
        return max(self.days.items(), key=lambda pair: (pair[1], -pair[0]))

    @property
    def outside(self) -> bool:
        return self.status in OUTSIDE


def stages(items: Items, on: date) -> list[Stage]:
    """各环节的用时, in the order of the procedure; those no item came to are left out. Two queries."""
    found = {one: Stage(one) for one in ORDER}
    current = dict(items.order_by().values_list("pk", "status"))
    moves = (
        Event.objects.filter(assignment__in=items.order_by().values("pk"))
        .exclude(source=F("target"))
        .order_by("assignment", "seq")
        .values_list("assignment_id", "target", "at", "deed", "source")
    )
    rows = moves.iterator(chunk_size=5000)
    for pk, status, begun, ended in _stays(rows, found):
        stage = found.get(Status(status))
        if stage is None:
            continue
        if ended is None and current.get(pk) == status:
            stage.now.add(pk)
        end = localdate(ended) if ended else on
        if ended or current.get(pk) == status:
            stage.days[pk] += max(_days(begun, ended) if ended else (end - localdate(begun)).days, 0)
    return [one for one in found.values() if one.days]


def _stays(
    rows: Iterable[tuple[int, str, datetime, str, str]], found: dict[Status, Stage]
) -> Iterator[tuple[int, str, datetime, datetime | None]]:
    """(item, status, from, to) of each stay; None where it has not ended."""
    before: tuple[int, str, datetime] | None = None
    for pk, status, at, deed, source in rows:
        if deed in BACK and source in set(found):
            found[Status(source)].back += 1
        if before is not None:
            yield (*before, at if before[0] == pk else None)
        before = pk, status, at
    if before is not None:
        yield (*before, None)


def _days(begun: datetime, ended: datetime) -> float:
    return (ended - begun).total_seconds() / 86400
