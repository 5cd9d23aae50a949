"""答复公开页 (R47–R49): for anybody, without sign-in. These pages know nothing of who reads them: they are made without the
request, and read only what queries.publishing.published() gives."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from huiyin.actions import publishing
from huiyin.documents import public as paper
from huiyin.models import PublicVersion, Unit
from huiyin.queries import publishing as show
from huiyin.queries.desk import publishing_step
from huiyin.rules.permissions import may
from huiyin.rules.text import blocks
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.downloads import DOCX, attached

PAGE_SIZE, LONGEST = 20, 60
KEPT = "public, max-age=60"  # a reply taken down is gone from caches within a minute


def _page(template: str, context: dict[str, Any]) -> HttpResponse:
    """Without the request: no session is looked at, so no cookie is set and a cache may keep it."""
    return _kept(HttpResponse(render_to_string(template, context)))


def _kept(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = KEPT
    return response


def _version_or_404(pk: int) -> PublicVersion:
    found = show.published().filter(reply_id=pk).first()
    if found is None:
        raise Http404("没有这份公开的答复")
    return found


@login_not_required
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """公开的答复，新的在前；查找."""
    units = list(Unit.objects.filter(public=True))
    if not units:
        raise Http404("没有开通答复公开页")
    words = request.GET.get("q", "").replace("\0", "")[:LONGEST].strip()
    year, category = (access.number(request.GET.get(name)) for name in ("year", "category"))
    found = show.search(words, year=year, category=category)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    asked = {name: value for name, value in (("q", words), ("year", year), ("category", category)) if value}
    context = {
        "units": units, "page": page, "words": words, "year": year, "category": category, "years": show.years(),
        "categories": show.categories(), "query": f"{urlencode(asked)}&" if asked else "",
    }  # fmt: skip
    return _page("public/index.html", context)


@login_not_required
@require_safe
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """一份公开的答复."""
    version = _version_or_404(pk)
    context = {
        "version": version, "reply": version.reply, "item": version.reply.assignment, "units": [version.reply.assignment.unit],
        "suggestion": version.reply.assignment.suggestion, "blocks": blocks(version.body),
        "annexes": list(enumerate(version.annexes.order_by("pk"), 1)),
    }  # fmt: skip
    return _page("public/reply.html", context)


@login_not_required
@require_safe
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """公开稿（Word）."""
    version = _version_or_404(pk)
    response = HttpResponse(paper.write(version), content_type=DOCX)
    return _kept(attached(response, f"{version.title}.docx"))


@login_not_required
@require_safe
def annex(request: HttpRequest, pk: int, number: int) -> HttpResponseBase:
    """公开的附件: the cleaned copy."""
    files = list(_version_or_404(pk).annexes.order_by("pk"))
    if not 0 < number <= len(files):
        raise Http404("没有这个附件")
    file = files[number - 1]
    response = attached(FileResponse(file.file.open("rb"), content_type=DOCX), file.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["Cache-Control"] = KEPT
    return response


def settings(request: HttpRequest) -> HttpResponse:
    """开关公开页, by whom may; the office sees how it stands."""
    actor, unit, reasons = access.actor(request), access.person(request).unit, list[str]()
    switches = may(actor, Deed.SET_PUBLIC)
    if unit is None or not (switches or may(actor, Deed.REGISTER)):
        raise Http404("没有这一页，或不在您的范围内")
    if request.method == "POST":
        run = partial(publishing.switch, unit, public=request.POST.get("public") == "1")
        if done := attempt(request, Deed.SET_PUBLIC.value, run, reasons):
            if not done.again:
                messages.success(request, "答复公开页的设置已改，已记入单位的轨迹")
            return redirect("public_settings")
    unit = Unit.objects.get(pk=unit.pk)
    context = {
        "unit": unit, "switches": switches, "reasons": reasons, "key": access.fresh_key(), "due": [(item, on, *publishing_step(item, actor)) for item, on in show.due(actor)],
        "total": show.published().filter(reply__assignment__unit=unit).count(),
    }  # fmt: skip
    return render(request, "public/settings.html", context, status=409 if reasons else 200)
