"""台账上成批办理 (S16): one deed on the items chosen; who can and who cannot is shown first, then each is done by itself.

Each item is its own transaction with a key of its own, made of the form's: what is sent twice, or broken off and sent
again, is done once. The rules are those of the item's own page; the list of results says what became of each.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.actions import AlreadyDone, Refused, delivering, once, proposing
from huiyin.models import Assignment, Person
from huiyin.queries import ledger as table
from huiyin.queries.actors import items_for
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, Role
from huiyin.web import access
from huiyin.web.deeds import PAGE_OF, standing
from huiyin.web.forms.ledger import ChangeMany, DeliverMany, Many, ReceiveMany

MOST = 200  # items at once
R = Role
OFFICE, LEADERS = (R.CLERK, R.OFFICE_DIRECTOR), (R.HANDLING_LEADER, R.CHIEF_LEADER, R.BUSINESS_LEADER)


@dataclass(frozen=True)
class Bulk:
    """一种可以成批办的事：its button, who is offered it, what it asks once for all, and the action for one item."""

    deed: Deed
    label: str
    roles: tuple[Role, ...]
    form: type[Many] = Many
    run: Callable[[Assignment, dict[str, Any], Person, datetime], object] | None = None

    def of(self, item: Assignment) -> Deed:
        """The deed as this item has it: an opinion is sent to the lead unit."""
        return Deed.DELIVER_OPINION if self.deed == Deed.DELIVER and not item.answers else self.deed


def _deliver(item: Assignment, data: dict[str, Any], by: Person, at: datetime) -> object:
    return delivering.deliver(item, addressees=item.undelivered(), by=by, at=at, **data)


def _receive(item: Assignment, data: dict[str, Any], by: Person, at: datetime) -> object:
    sent = list(item.reply.deliveries.filter(received_on__isnull=True)) if item.reply else []
    return delivering.receipt(item, deliveries=sent, by=by, at=at, **data)


def _change(item: Assignment, data: dict[str, Any], by: Person, at: datetime) -> object:
    people = {data["role"]: data["person"]}
    return proposing.change_people(item, people, reason=data["reason"], by=by, at=at)


BULKS = (
    Bulk(Deed.URGE, "催办", (*OFFICE, *LEADERS)),
    Bulk(
        Deed.ACCEPT,
        "签收",
        (R.HANDLER, R.SECTION_HEAD),
        run=lambda i, _, by, at: proposing.accept(i, by=by, at=at),
    ),
    Bulk(Deed.DELIVER, "登记送达", (R.CLERK, R.HANDLER), DeliverMany, _deliver),
    Bulk(Deed.RECEIPT, "登记回执", (R.CLERK, R.HANDLER), ReceiveMany, _receive),
    Bulk(Deed.CHANGE_PEOPLE, "调整经办人员", OFFICE, ChangeMany, _change),
)
BY_NAME = {one.deed.value: one for one in BULKS}


def offered(actor: Actor) -> list[Bulk]:
    """What he may ever do to items chosen in the ledger."""
    return [one for one in BULKS if actor.has(*one.roles)]


@dataclass
class Line:
    """一件的情况：why it cannot be done; after it was tried, what became of it."""

    item: Assignment
    reasons: list[str] = field(default_factory=list)
    said: str = ""
    done: bool = False


def deeds(request: HttpRequest) -> HttpResponse:
    """成批办理：the preview, and on POST the deed itself, item by item."""
    actor, told = access.actor(request), request.POST if request.method == "POST" else request.GET
    bulk = BY_NAME.get(request.GET.get("deed", ""))
    if bulk is None or bulk not in offered(actor):
        raise Http404("没有这种成批办理，或不归您办")
    items, problem = _chosen(request, actor)
    form = bulk.form(
        told if request.method == "POST" else None, unit=access.person(request).unit, on=actor.on
    )
    if request.method == "POST" and not problem and form.is_valid():
        return _do(request, bulk, items, form)
    lines = [Line(item, standing(PAGE_OF[bulk.of(item)], item, actor)) for item in items]
    able = [one for one in lines if not one.reasons]
    context = {
        "bulk": bulk, "form": form, "problem": problem, "able": able, "unable": [one for one in lines if one.reasons],
        "key": access.fresh_key(), "size": len(lines), "back": _back(request), "urge": _urge_address(bulk, able),
    }  # fmt: skip
    status = 422 if problem or request.method == "POST" else 200
    return render(request, "ledger/deeds.html", context, status=status)


def _chosen(request: HttpRequest, actor: Actor) -> tuple[list[Assignment], str]:
    """The items ticked, or all that the address asks for; never one out of his sight. With what is wrong with them."""
    if request.method == "GET" and request.GET.get("all"):
        wanted = access.found_or_404(request)
        if wanted.errors:
            return [], "；".join(wanted.errors)
        rows = wanted.items
    else:
        told = request.POST if request.method == "POST" else request.GET
        pks = {access.number(one) for one in told.getlist("item")}
        rows = table.ordered(items_for(actor).filter(pk__in=pks), "")
    items = list(
        rows.select_related("suggestion__meeting", "meeting", "section", "handler", "unit")[: MOST + 1]
    )
    if len(items) > MOST:
        return [], f"选中了{rows.count()}件，一次最多办{MOST}件，请用筛选分几次办"
    return items, "" if items else "还没有选中要办的件：请在台账里勾选，或选“全部符合条件的”"


def _do(request: HttpRequest, bulk: Bulk, items: list[Assignment], form: Many) -> HttpResponse:
    lines = [_one(request, bulk, item, form.facts()) for item in items]
    context = {
        "bulk": bulk, "lines": lines, "back": _back(request),
        "done": sum(one.done for one in lines), "left": sum(not one.done for one in lines),
    }  # fmt: skip
    return render(request, "ledger/done.html", context, status=200 if context["done"] else 409)


def _one(request: HttpRequest, bulk: Bulk, item: Assignment, data: dict[str, Any]) -> Line:
    """One item, in its own transaction; whatever stops it stops no other, and is told."""
    assert bulk.run is not None  # urging goes on its own page
    by, at, deed = access.person(request), access.now(), bulk.of(item)
    try:
        with once(_key(request, item), deed.value, by=by, at=at):
            bulk.run(item, dict(data), by, at)
    except AlreadyDone as already:
        return Line(item, said=str(already))
    except Refused as refused:
        return Line(item, refused.reasons)
    except DatabaseError:
        return Line(item, ["数据库正忙，这一件没有办，请再办一次"])
    now = Assignment.objects.only("status").get(pk=item.pk)
    return Line(item, said=f"{PAGE_OF[deed].said}，现为“{now.get_status_display()}”", done=True)


def _key(request: HttpRequest, item: Assignment) -> str:
    """The form's key for this item; none of a form without one."""
    try:
        return str(uuid.uuid5(uuid.UUID(request.POST.get("key", "")), str(item.pk)))
    except ValueError:
        return ""


def _urge_address(bulk: Bulk, able: list[Line]) -> str:
    """催办 has a page that names whom: it is one numbered act on all of them."""
    if bulk.deed != Deed.URGE or not able:
        return ""
    return f"{reverse('board_urge')}?{urlencode([('item', one.item.pk) for one in able])}"


def _back(request: HttpRequest) -> str:
    """The ledger as he left it."""
    kept = request.GET.copy()
    for name in ("deed", "item", "all"):
        kept.pop(name, None)
    return f"{reverse('ledger')}?{kept.urlencode()}" if kept else reverse("ledger")
