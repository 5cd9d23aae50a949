"""审签页：what changed, the text, the check-list, who signed, and the two answers: sign or send back, on one page."""

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from huiyin.actions.signing import PASS
from huiyin.models import Assignment
from huiyin.queries.desk import Waiting, waiting_for
from huiyin.queries.reading import since
from huiyin.queries.signing_sheet import progress
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, Gate, Status
from huiyin.web import access, points, remarks
from huiyin.web.checks import sheet
from huiyin.web.deeds import PAGE_OF, Page
from huiyin.web.fields import DeedForm

DEEDS = {*PASS.values(), Deed.SEND_BACK}


def context(request: HttpRequest, item: Assignment, page_of: Page, form: DeedForm) -> dict[str, Any]:
    """What the sign page shows; `form` is the one that was posted, or the one of the page asked for."""
    actor = access.actor(request)
    version = item.submitted_version if item.gate != Gate.ASSIGN else None
    passing = PASS[Status(item.status)]
    return {
        "version": version,
        "since": since(item, version, actor, seen=request.POST.get("seen", "")) if version else None,
        "sheet": sheet(item, actor),
        "progress": progress(item, actor.on),
        "passing": _answer(item, actor, PAGE_OF[passing], page_of, form),
        "returning": _answer(item, actor, PAGE_OF[Deed.SEND_BACK], page_of, form),
        "sends_back": page_of.deed == Deed.SEND_BACK,  # its page: that is the main answer then
        "since_when": max([item.status_since, *(one.at for one in item.live_sign_offs(*_gates(item)))]),
        "points": points.sheet(item, version, actor) if version else None,
        "remarks": remarks.sheet(item, version, actor, "sign"),
        "revising": not workflow.refusals(actor, item, Deed.REVISE),
        "queue": queue(actor, item),
    }


def page_of(item: Assignment) -> str:
    """The address part of the item's sign page now; "" when it is in no gate."""
    passing = PASS.get(Status(item.status))
    return passing.value if passing else ""


def _gates(item: Assignment) -> list[Gate]:
    return [item.gate] if item.gate else []


def _answer(
    item: Assignment, actor: Actor, page: Page, page_of: Page, form: DeedForm
) -> dict[str, Any] | None:
    """One of the two answers: its form where it is his to give, greyed with the reasons where something bars it."""
    if not workflow.allowed(actor, item, page.deed):
        return None
    return {
        "page": page,
        "reasons": workflow.refusals(actor, item, page.deed),
        "form": form if page_of.deed == page.deed else page.form(item=item, actor=actor),
        "url": reverse("deed", args=[item.pk, page.deed.value]),
        "key": access.fresh_key(),
    }


def queue(actor: Actor, item: Assignment) -> list[tuple[Waiting, str]]:
    """下一件待签."""
    rows = [one for one in waiting_for(actor) if one.deed in DEEDS and one.item.pk != item.pk]
    return [(one, reverse("deed", args=[one.item.pk, one.deed.value])) for one in rows]
