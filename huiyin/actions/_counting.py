"""计数：the only writer of an item's counted columns, in the deed's own transaction."""

from huiyin.models import Assignment
from huiyin.queries.counting import counted
from huiyin.rules.vocabulary import Deed

TOUCHED: dict[Deed, tuple[str, ...]] = {
    Deed.CONTACT: ("contacts",),
    Deed.SIGN: ("reply", "ratings"),
    **dict.fromkeys((Deed.DELIVER, Deed.DELIVER_OPINION), ("reply", "ratings")),
    **dict.fromkeys(
        (Deed.EVALUATE, Deed.LAPSE, Deed.CLOSE, Deed.TRACK, Deed.DISSATISFY), ("ratings",)
    ),
    Deed.CONVERT: ("reply",),
    Deed.REVOKE: ("reply",),
    **dict.fromkeys((Deed.PROMISE, Deed.PROGRESS), ("promises",)),
    **dict.fromkeys((Deed.CARRY_IN, Deed.AMEND), ("reply", "clocks", "contacts", "ratings", "promises")),
}  # fmt: skip


def count(item: Assignment, deed: Deed) -> list[str]:
    """Count anew what this deed can have changed; the names of the columns set on `item`, to be saved with it."""
    groups = TOUCHED.get(deed)
    if not groups:
        return []
    getattr(item, "_prefetched_objects_cache", {}).clear()
    return list(counted(item, item.profile, *groups))


def count_clocks(item: Assignment) -> list[str]:
    """As `count`, after a main clock was started, stopped or moved."""
    getattr(item, "_prefetched_objects_cache", {}).pop("clocks", None)
    return list(counted(item, item.profile, "clocks"))
