"""办一件事：the one way in which a page calls a deed that is on no single item."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.contrib import messages
from django.http import HttpRequest

from huiyin.actions import AlreadyDone, Refused, once
from huiyin.web import access

T = TypeVar("T")


@dataclass(frozen=True)
class Done(Generic[T]):
    """办成了. `result` is what the deed gave; None, and `again`, when the same form had been sent before."""

    result: T | None
    again: bool = False


def attempt(request: HttpRequest, deed: str, run: Callable[..., T], reasons: list[str]) -> Done[T] | None:
    """Do it once a form, as who is signed in, now (`run(by=, at=)`). None when it is refused: `reasons` then says why.
    A form sent twice is told so and done once."""
    by, at = access.person(request), access.now()
    try:
        with once(request.POST.get("key", ""), deed, by=by, at=at):
            return Done(run(by=by, at=at))
    except AlreadyDone as done:
        messages.warning(request, str(done))
        return Done(None, again=True)
    except Refused as refused:
        reasons += refused.reasons
        return None
