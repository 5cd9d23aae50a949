"""公文下载：the letter and other papers of an item."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from huiyin.documents import labels, making, pdf
from huiyin.documents.records import RECIPE_OF, RECIPES, Order
from huiyin.models import Assignment
from huiyin.queries.item import hides_proposer
from huiyin.queries.ledger import ordered, rows
from huiyin.rules.vocabulary import Deed, PaperKind, Status
from huiyin.web import access
from huiyin.web.downloads import DOCX, attached


def send(request: HttpRequest, name: str, data: bytes) -> HttpResponse:
    """The .docx as a download; as PDF when that is asked for."""
    if "pdf" not in request.GET:
        return docx(data, name)
    try:
        return _download(pdf.convert(data), f"{name}.pdf", "application/pdf")
    except pdf.NotConverted as error:
        left = request.GET.copy()
        del left["pdf"]
        context = {"reasons": [str(error)], "word": f"{request.path}?{left.urlencode()}"}
        return render(request, "papers/refused.html", context, status=503)


def docx(data: bytes, name: str) -> HttpResponse:
    return _download(data, f"{name}.docx", DOCX)


def _download(data: bytes, name: str, kind: str) -> HttpResponse:
    return attached(HttpResponse(data, content_type=kind), name)


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """答复函（协办意见函）：of the version last submitted; a draft has no number or date."""
    item = access.item_or_404(request, pk)
    return paper(request, pk, (PaperKind.REPLY if item.answers else PaperKind.OPINION).value)


def paper(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """一件的公文、单据：for all, `?to=` for one, `?zip` everybody's own copy; `?pdf` as PDF."""
    order = _order(request, access.item_or_404(request, pk))
    recipe = next((one for key, one in RECIPE_OF.items() if key.value == kind), None)
    if recipe is None or recipe.refusal(order):
        raise Http404("没有这种公文，或现在还不能做")
    if "zip" in request.GET:
        name = making.fit(f"第{order.item.suggestion.number}号{recipe.kind.label}（{recipe.each}）")
        return _download(making.each(recipe, order), f"{name}.zip", "application/zip")
    to = request.GET.get("to", "")
    if to and to not in {one.key for one in recipe.copies(order)}:
        raise Http404("没有这位收件人")
    return send(request, *making.one(recipe, order, to))


def _order(request: HttpRequest, item: Assignment) -> Order:
    actor = access.actor(request)
    form = request.build_absolute_uri(reverse("deed", args=[item.pk, Deed.EVALUATE.value]))
    return Order(item, actor.on, hides_proposer(item, actor), lambda key: f"{form}?proposer={key}")


def offered(request: HttpRequest, item: Assignment) -> dict[str, Any]:
    """公文和单据 of an item's page: what can be made now, for whom; why the others cannot."""
    order = _order(request, item)
    able, unable = [], []
    for recipe in RECIPES:
        if reason := recipe.refusal(order):
            unable.append((recipe.kind.label, reason))
        else:
            targets = recipe.copies(order)
            url = reverse("paper", args=[item.pk, recipe.kind.value])
            each = targets if len(targets) > 1 else []
            able.append(
                {
                    "name": recipe.kind.label,
                    "all": recipe.each,
                    "url": url,
                    "each": each,
                    "one": recipe.joint or not each,
                }
            )
    return {"able": able, "unable": unable, "pdf": pdf.available()}


def label_sheet(request: HttpRequest) -> HttpResponse:
    """信封标签 of every reply that is signed and not yet sent to all; those he may not know are left out."""
    actor = access.actor(request)
    found = ordered(rows(actor).filter(status=Status.ISSUED), "number")
    items = [one for one in found if not hides_proposer(one, actor)]
    unit = access.person(request).unit
    if not items or unit is None:
        raise Http404("没有已签发待送达的件")
    return send(request, "信封标签", making.write(PaperKind.LABELS, labels.labels_facts(items), unit))
