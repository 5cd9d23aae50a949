"""办事：every write, one function a deed, called with `by=` and `at=`.

Each runs in one transaction under the item's row lock, refuses with every reason at once (`Refused`), writes one
row of the journal, and either happens whole or not at all. Pages and commands call one of them and decide nothing.
"""

from huiyin.actions._once import once, taken
from huiyin.actions._refused import AlreadyDone, Refused, Stale

__all__ = ["AlreadyDone", "Refused", "Stale", "once", "taken"]
