"""每个动作的表，by subject; web/deeds.py joins each to its one action."""

from huiyin.web.forms import (
    assigning,
    consulting,
    correcting,
    delivering,
    drafting,
    following,
    handling,
    intake,
    ledger,
    pointing,
    publishing,
    supervising,
    timing,
)

__all__ = [
    "assigning",
    "consulting",
    "correcting",
    "delivering",
    "drafting",
    "following",
    "handling",
    "intake",
    "ledger",
    "pointing",
    "publishing",
    "supervising",
    "timing",
]
