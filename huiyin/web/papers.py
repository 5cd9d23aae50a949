"""公文下载：the letter of an item, the work notice, the annual summary."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header

from huiyin.documents import letters, notice
from huiyin.documents import summary as summary_paper
from huiyin.models import Meeting
from huiyin.queries import figures
from huiyin.queries.annual import summary as summarise
from huiyin.queries.item import hides_proposer
from huiyin.queries.ledger import ordered, rows
from huiyin.rules.vocabulary import NOT_COUNTED, Deed, RoundKind
from huiyin.web import access

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def _download(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type=DOCX)
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    return response


def letter(request: HttpRequest, pk: int) -> HttpResponse:
    """答复函（协办意见函）：of the version last submitted; a draft has no number or date."""
    item = access.item_or_404(request, pk)
    version = item.reply.version if item.reply else item.submitted_version
    if version is None or hides_proposer(item, access.actor(request)):
        raise Http404("还没有送审的稿本，或提出人要求保密")
    name = f"{version.title}.docx" if item.reply else f"{version.title}（稿本{version.number}）.docx"
    return _download(letters.write(letters.letter_of(item, version)), name)


def _meeting(request: HttpRequest) -> Meeting | None:
    if asked := request.GET.get("meeting"):
        return Meeting.objects.filter(pk=access.number(asked)).first()
    seen = rows(access.actor(request)).order_by("-meeting__year", "-pk").first()
    return seen.meeting if seen else Meeting.objects.first()


def figures_page(request: HttpRequest) -> HttpResponse:
    """统计数字：every one a link to the items behind it."""
    actor, meeting = access.actor(request), _meeting(request)
    if meeting is None:
        return render(request, "figures.html", {"meetings": []})
    problem = ""
    try:
        counts = figures.counts(actor, meeting)
    except figures.DoesNotReconcile as error:
        counts, problem = {}, str(error)
    kept, due = figures.promises(actor, meeting, actor.on)
    context = {
        "meeting": meeting, "meetings": Meeting.objects.all(), "problem": problem,
        "counts": [(one, counts[one.key]) for one in figures.COUNTS if counts.get(one.key)],
        "rates": figures.rates(actor, meeting, actor.on).values(),
        "kept": kept, "due": due, "kept_rate": figures.percent(kept, due),
        "categories": figures.by_category(actor, meeting),
    }  # fmt: skip
    return render(request, "figures.html", context)


def summary(request: HttpRequest) -> HttpResponse:
    """年度总结：the draft on the page, and as .docx."""
    access.must(request, Deed.SUMMARISE)
    actor, meeting, unit = access.actor(request), _meeting(request), access.person(request).unit
    context: dict[str, Any] = {
        "meeting": meeting,
        "meetings": Meeting.objects.all(),
        "problem": "",
        "draft": None,
    }
    if meeting and unit:
        try:
            draft = summarise(actor, unit, meeting, actor.on)
        except figures.DoesNotReconcile as error:
            context["problem"] = str(error)
        else:
            if "download" in request.GET:
                return _download(summary_paper.write(draft), "".join(draft.title) + ".docx")
            context["draft"] = draft
    return render(request, "summary.html", context)


def work_notice(request: HttpRequest) -> HttpResponse:
    """办理工作通知和责任分工表 (S6): refused while an item lacks what it must name (S7)."""
    access.must(request, Deed.SUMMARISE)
    actor, meeting, unit = access.actor(request), _meeting(request), access.person(request).unit
    if meeting is None or unit is None:
        raise Http404("没有这个年度")
    found = rows(actor).filter(meeting=meeting).exclude(status__in=NOT_COUNTED)
    items = list(ordered(found.exclude(round_kind=RoundKind.REHANDLING), "number"))
    missing = notice.incomplete(items)
    if missing or not items:
        context = {
            "meeting": meeting,
            "meetings": Meeting.objects.all(),
            "missing": missing or ["本年度还没有承办件"],
        }
        return render(request, "summary.html", context, status=409)
    return _download(
        notice.write(unit, meeting, items, on=actor.on), f"{meeting.year}年建议办理工作通知.docx"
    )
