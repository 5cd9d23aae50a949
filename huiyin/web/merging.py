"""并案：the page that takes the host's text into a merged item's draft."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import merging
from huiyin.queries.merging import group
from huiyin.rules import workflow
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt


def take_host(request: HttpRequest, pk: int) -> HttpResponse:
    """取用主件稿本: the host's text is shown, and taken by one button."""
    item, actor = access.item_or_404(request, pk), access.actor(request)
    found = group(item, actor)
    if found is None or found.host is None or not found.host.seen:
        raise Http404("本件没有并入您看得到的件")
    host = found.host.item
    reasons = workflow.refusals(actor, item, Deed.DRAFT)
    blocked = bool(reasons)
    if request.method == "POST" and not blocked:
        take = lambda by, at: merging.copy_draft_from_host(item, by=by, at=at)  # noqa: E731
        if attempt(request, "take_host", take, reasons):
            return redirect("draft", pk=pk)
    context = {
        "item": item, "host": host, "source": host.draft or host.submitted_version, "reasons": reasons,
        "blocked": blocked, "key": access.fresh_key(),
    }  # fmt: skip
    return render(
        request, "items/host.html", context, status=409 if reasons and request.method == "POST" else 200
    )
