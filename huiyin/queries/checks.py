"""检查清单所见：the one list of checks (huiyin.rules.checks) as it stands for an item, a gate and a version."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import prefetch_related_objects

from huiyin.models import Assignment, ReplyVersion
from huiyin.rules.checks import Check, examine, of_gate
from huiyin.rules.vocabulary import CheckState, Gate

LOOKED_AT = (
    "contacts", "opinions__unit", "commitments", "points", "merged", "versions__consultations", "versions__remarks",
)  # fmt: skip


def checks(item: Assignment, gate: Gate | None = None, version: ReplyVersion | None = None) -> list[Check]:
    """The list of a gate, by default the one the item is in; while it is being drafted, the review's."""
    gate = gate or item.gate or Gate.REVIEW
    if version is None and gate != Gate.ASSIGN:
        version = item.submitted_version if item.gate else item.draft or item.submitted_version
    if gate == Gate.ASSIGN:  # looks at the item alone
        return examine(item, version, of_gate(gate))
    prefetch_related_objects([item], *LOOKED_AT)
    return examine(item, version, of_gate(gate))


def failing(found: Iterable[Check]) -> list[Check]:
    """未通过的, those that block first."""
    return sorted(
        (one for one in found if one.state != CheckState.PASS), key=lambda one: one.state != CheckState.BLOCK
    )


def passed(found: Iterable[Check]) -> list[Check]:
    return [one for one in found if one.state == CheckState.PASS]


def as_kept(found: Iterable[Check]) -> list[dict[str, Any]]:
    """审签时的检查清单, as the sign-off keeps it."""
    return [{"key": one.key, "label": one.label, "state": one.state.value, "text": one.text} for one in found]
