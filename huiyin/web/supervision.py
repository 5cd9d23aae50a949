"""催办、督办、批示、会议决定 (R64): the list of errands, and one act with its answers and its printed sheet."""

from django import forms
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from huiyin.documents import making, urging
from huiyin.models import Errand, Supervision
from huiyin.queries.supervision import SHOWN, Row, acts_for, errands_for, row_of, shown
from huiyin.rules.vocabulary import Deed, PaperKind, SupervisionKind
from huiyin.web import access
from huiyin.web.deeds import PAGE_OF
from huiyin.web.fields import DeedForm
from huiyin.web.papers import send

PAGE_SIZE = 50
OPENED = frozenset({Deed.ANSWER_ERRAND, Deed.SETTLE_ERRAND})  # what is waited for: its form stands open


def supervision(request: HttpRequest) -> HttpResponse:
    """催办督办台账：errands with number, required date, state and answer."""
    actor = access.actor(request)
    which = request.GET.get("show", "open")
    which = which if which in SHOWN else "open"
    order = ("-supervision__issued_on", "-pk") if which == "all" else ("due_on", "pk")
    found = shown(actor, which).order_by(*order)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "rows": [row_of(one, actor) for one in page], "page": page, "which": which, "shown": SHOWN,
        "query": f"show={which}&",
    }  # fmt: skip
    return render(request, "supervision/list.html", context)


def _act_or_404(request: HttpRequest, pk: int) -> tuple[Supervision, list[Errand]]:
    actor = access.actor(request)
    found = acts_for(actor).select_related("unit", "issued_by", "agenda__meeting").filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份督办，或不在您的范围内")
    return found, list(errands_for(actor).filter(supervision=found).order_by("pk"))


def act(request: HttpRequest, pk: int) -> HttpResponse:
    """一份催办单（督办通知单、批示、会议决定）和它的答复."""
    found, errands = _act_or_404(request, pk)
    actor = access.actor(request)
    rows = [row_of(one, actor) for one in errands]
    context = {
        "act": found, "name": urging.NAMES[SupervisionKind(found.kind)], "key": access.fresh_key,
        "provisional": any(one.provisional for one in errands),  # type: ignore[attr-defined]
        "rows": [(row, [(PAGE_OF[deed], _form(request, row, deed), deed in OPENED) for deed in row.deeds]) for row in rows],
    }  # fmt: skip
    return render(request, "supervision/act.html", context)


def _form(request: HttpRequest, row: Row, deed: Deed) -> DeedForm:
    """The deed's form for this errand; it is sent to the item's own page of the deed."""
    pk = row.errand.pk
    form = PAGE_OF[deed].form(
        item=row.errand.assignment, actor=access.actor(request), initial={"errand": pk}, auto_id=f"{deed.value}_{pk}_%s",
    )  # fmt: skip
    form.fields["errand"].widget = forms.HiddenInput()
    return form


def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """催办单、督办通知单（Word）."""
    found, errands = _act_or_404(request, pk)
    name = urging.NAMES[SupervisionKind(found.kind)]
    kind = PaperKind.URGE if found.kind == SupervisionKind.URGE else PaperKind.SUPERVISE
    data = making.write(
        kind, urging.facts_of(found, errands), found.unit, title=f"{name} {found.number}".strip()
    )
    return send(request, f"{name}{found.number}", data)
