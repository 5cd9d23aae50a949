"""进门：who is asking, and what he may see. Out of sight is 404; in sight but not his is a refusal with its reason."""

import uuid
from datetime import datetime

from django.http import Http404, HttpRequest
from django.utils import timezone

from huiyin.models import Assignment, Meeting, Person, Unit
from huiyin.queries import ledger
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.ledger import Found
from huiyin.rules.permissions import Actor, may
from huiyin.rules.vocabulary import Deed


def now() -> datetime:
    return timezone.now()


def number(words: str | None) -> int:
    """A primary key out of an address or a form; 0, which nothing has, for anything else."""
    return int(words) if words and words.isascii() and words.isdecimal() and len(words) < 19 else 0


def person(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # LoginRequiredMiddleware
    return request.user


def actor(request: HttpRequest) -> Actor:
    """The actor of this request, made once."""
    if not hasattr(request, "_actor"):
        request._actor = actor_of(person(request), timezone.localdate())  # type: ignore[attr-defined]
    return request._actor  # type: ignore[attr-defined, no-any-return]


def unit_or_404(request: HttpRequest) -> Unit:
    """His unit; a page of a unit's own things does not exist for who is of none."""
    unit = person(request).unit
    if unit is None:
        raise Http404("没有这一页，或不在您的范围内")
    return unit


def year(request: HttpRequest) -> Meeting | None:
    """承办年度 a page is asked for (`meeting`); where none is, the latest of which he sees an item."""
    if asked := request.POST.get("meeting") or request.GET.get("meeting"):
        return Meeting.objects.filter(pk=number(asked)).first()
    return latest_year(request)


def latest_year(request: HttpRequest) -> Meeting | None:
    seen = items_for(actor(request)).select_related("meeting").order_by("-meeting__year", "-pk").first()
    return seen.meeting if seen else Meeting.objects.first()


def item_or_404(request: HttpRequest, pk: int) -> Assignment:
    found = items_for(actor(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这一件，或不在您的范围内")
    return found


def found_or_404(request: HttpRequest) -> Found:
    """The items of the ledger that the address asks for. The figure it names must be one."""
    try:
        return ledger.found(actor(request), request.GET)
    except ledger.NoSuchFigure as error:
        raise Http404(str(error)) from error


def must(request: HttpRequest, deed: Deed) -> None:
    """Pages for deeds on no single item do not exist for those who may not do them."""
    if not may(actor(request), deed):
        raise Http404("没有这一页，或不在您的范围内")


def fresh_key() -> str:
    return str(uuid.uuid4())
