"""每个动作的表，by subject; web/deeds.py joins each to its one action."""

from huiyin.web.forms import assigning, correcting, following, handling, pointing, supervising, timing

__all__ = ["assigning", "correcting", "following", "handling", "pointing", "supervising", "timing"]
