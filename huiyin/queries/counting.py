"""计数列 (R66–R71): what each of an item's counted columns must say, read from its rows.

One function a group of columns, so that a deed counts anew only what it can have changed (huiyin.actions._counting), and
`huiyin verify` all of them. They read related rows by `.all()`: prefetched where many items are counted at once.
"""

from collections.abc import Callable, Iterable
from typing import Any

from huiyin.models import Assignment, Evaluation
from huiyin.models.counting import Counted
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import (
    ANSWERING,
    FACE_TO_FACE,
    MAIN_CLOCKS,
    CommitmentState,
    Rating,
    Status,
)

Columns = dict[str, Any]
PREFETCH = (
    "replies__version", "replies__deliveries", "clocks", "contacts", "class_changes", "evaluations", "commitments",
)  # fmt: skip


def _reply(item: Assignment, profile: Profile) -> Columns:
    replies = sorted(item.replies.all(), key=lambda one: one.pk)
    sent = [one.on for reply in replies for one in reply.deliveries.all() if not one.is_copy]
    return {
        "replied_on": min((one.signed_on for one in replies), default=None),
        "reply_number": replies[-1].number if replies else "",
        "delivered_on": min(sent, default=None),
        **_class(item, profile, replies[-1].version.outcome_class if replies else ""),
    }


def _class(item: Assignment, profile: Profile, given: str) -> Columns:
    last = max(item.class_changes.all(), key=lambda one: one.pk, default=None)
    now = last.to_class if last else given
    rows = profile.classes
    return {
        "reply_class": given, "class_now": now, "solved": now in rows and rows[now].solved,
        "to_turn": given in rows and rows[given].follow_up,
    }  # fmt: skip


def _clocks(item: Assignment, _: Profile) -> Columns:
    mine = [one for one in item.clocks.all() if one.kind in MAIN_CLOCKS]
    running = [one.due_on for one in mine if one.stopped_on is None and not one.paused]
    return {
        "late": any(one.stopped_on is not None and one.stopped_on > one.due_on for one in mine),
        "running_on": min(running, default=None),
    }


def _contacts(item: Assignment, _: Profile) -> Columns:
    rows = list(item.contacts.all())
    return {
        "contacted_on": min((one.on for one in rows), default=None),
        "met_on": min((one.on for one in rows if one.method in FACE_TO_FACE), default=None),
    }


def _ratings(item: Assignment, profile: Profile) -> Columns:
    rows = list(item.evaluations.all())
    complete = bool(rows) and item.status != Status.EVALUATING  # all who evaluate have, or it lapsed (R55)
    replied = item.replied_on is not None and item.part in ANSWERING
    within = {
        "returned": complete, "replied": replied,
        "answered": replied and (item.lapsed_on is None or complete),
    }  # fmt: skip
    found: Columns = {
        "rated_on": max(one.on for one in rows) if complete else None,
        "in_satisfaction": within[profile.denominator],
    }
    for name in ("attitude", "outcome"):
        worst = _worst(rows, name)
        found[name] = worst or ""
        found[f"{name}_satisfied"] = worst in profile.satisfied if worst else None
    return found


def _worst(rows: Iterable[Evaluation], name: str) -> Rating | None:
    order = list(Rating)
    return max(
        (Rating(getattr(one, name)) for one in rows if getattr(one, name)), key=order.index, default=None
    )


def _promises(item: Assignment, _: Profile) -> Columns:
    rows = list(item.commitments.all())
    return {
        "promises": len(rows), "promises_kept": sum(one.state == CommitmentState.FULFILLED for one in rows),
    }  # fmt: skip


Group = Callable[[Assignment, Profile], Columns]
GROUPS: dict[str, Group] = {
    "reply": _reply, "clocks": _clocks, "contacts": _contacts, "ratings": _ratings, "promises": _promises,
}  # fmt: skip


def counted(item: Assignment, profile: Profile, *groups: str) -> Columns:
    """The columns of these groups (of all, where none is named) as the rows say; set on `item` as well, since
    satisfaction counts by whether it was replied to."""
    found: Columns = {}
    for name in groups or GROUPS:
        for key, value in GROUPS[name](item, profile).items():
            setattr(item, key, value)
            found[key] = value
    return found


def miscounted(item: Assignment) -> list[str]:
    """Which counted columns, and which key of its number, do not say what the rows do, in words."""
    fields = {one.name: one for one in (*Counted._meta.fields, Assignment._meta.get_field("number_key"))}
    before = {name: getattr(item, name) for name in fields}
    now = {"number_key": item.suggestion.number_key, **counted(item, item.profile)}
    return [
        f"{fields[name].verbose_name}应为{value}，记为{before[name]}"
        for name, value in now.items()
        if before[name] != value
    ]
