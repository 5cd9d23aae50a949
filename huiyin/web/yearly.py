"""年度文稿 (S6, S28): the papers of a year's work, begun from the ledger and read with every figure a link."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiyin.actions import writing
from huiyin.documents import pdf
from huiyin.documents import yearly as paper_out
from huiyin.documents.bulletin import cells
from huiyin.models import Assignment, Meeting, YearPaper, YearPaperVersion
from huiyin.queries import annual, work_notice, yearly
from huiyin.queries.actors import items_for
from huiyin.queries.quoted import item_of
from huiyin.rules.anchors import Anchor, paragraphs
from huiyin.rules.permissions import may
from huiyin.rules.vocabulary import Deed, Kind, YearPaperKind
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField, TermField
from huiyin.web.papers import send

PAGE = 100  # rows behind a figure on one page
DATES = {"on", "since"}
SHORT = 11  # characters of a cell that stand on one line: a name, a section, a date


class BeginForm(forms.Form):
    """起草一份."""

    kind = TermField(YearPaperKind, label="文稿")
    on = DateField(label="统计截至")
    matter = TermField(Kind, label="类型", required=False)


# 目录


def index(request: HttpRequest) -> HttpResponse:
    """年度文稿：a year's papers, and what can be begun."""
    access.must(request, Deed.SUMMARISE)
    actor, meeting = access.actor(request), access.year(request)
    reasons: list[str] = []
    form = BeginForm(request.POST) if request.method == "POST" else None
    if form and meeting and (made := _begin(request, form, meeting, reasons)):
        return made
    write = may(actor, Deed.WRITE_PAPER)
    rows = yearly.papers(actor).filter(meeting=meeting).prefetch_related("versions__made_by")
    context = {
        "meeting": meeting, "meetings": Meeting.objects.all(), "reasons": reasons, "key": access.fresh_key(),
        "rows": [(one, list(one.versions.all())[-1]) for one in rows], "write": write,
        "kinds": list(YearPaperKind), "on": actor.on, "matters": _matters(request, meeting),
        "doubt": _doubt(request, meeting), "posted": form,
    }  # fmt: skip
    return render(request, "yearly/index.html", context, status=409 if reasons else 200)


def _begin(
    request: HttpRequest, form: BeginForm, meeting: Meeting, reasons: list[str]
) -> HttpResponse | None:
    if not form.is_valid():
        reasons += [
            f"{form.fields[name].label}：{one}" for name, found in form.errors.items() for one in found
        ]
        return None
    told = form.cleaned_data
    done = attempt(
        request, "year_paper",
        lambda **who: writing.begin(meeting, told["kind"], matter=told["matter"], on=told["on"], **who), reasons,
    )  # fmt: skip
    if done is None:
        return None
    if done.result is None:
        return redirect(f"{reverse('year_papers')}?meeting={meeting.pk}")
    messages.success(request, "已按台账起草第1稿，点文中的数字可看对应的件")
    return redirect("year_paper", pk=done.result.pk)


def _matters(request: HttpRequest, meeting: Meeting | None) -> list[Kind]:
    """建议、提案 apart, where the year has both."""
    rows = items_for(access.actor(request)).filter(meeting=meeting).order_by()
    kinds = [Kind(one) for one in rows.values_list("suggestion__kind", flat=True).distinct()]
    return sorted(kinds, key=list(Kind).index) if len(kinds) > 1 else []


def _doubt(request: HttpRequest, meeting: Meeting | None) -> Any:
    if meeting is None:
        return None
    return yearly.doubt(access.actor(request), YearPaper(meeting=meeting, on=access.actor(request).on))


# 一份


def paper_or_404(request: HttpRequest, pk: int) -> YearPaper:
    found = yearly.papers(access.actor(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份文稿，或不在您的范围内")
    return found


def version_or_404(request: HttpRequest, paper: YearPaper, name: str = "v") -> YearPaperVersion:
    """The version asked for, or the latest."""
    rows = paper.versions.select_related("made_by", "paper__unit", "paper__meeting")
    asked = request.GET.get(name, "")
    found = (
        rows.filter(number=min(access.number(asked), 30_000)).first()
        if asked
        else rows.order_by("-number").first()
    )
    if found is None:
        raise Http404("没有这一稿")
    return found


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """阅读：each figure opens what is behind it; beside it all figures, as printed and as the ledger has them now."""
    paper = paper_or_404(request, pk)
    reasons: list[str] = []
    if request.method == "POST":
        if done := _refreshed(request, paper, reasons):
            return done
        paper = paper_or_404(request, pk)
    version, actor = version_or_404(request, paper), access.actor(request)
    standing = yearly.Standing(version, yearly.quoted(actor, paper))
    last = paper.versions.order_by("-number").values_list("number", flat=True)[0]
    context = {
        "paper": paper, "version": version, "last": last, "blocks": _blocks(paper, standing), "standing": standing,
        "counted": [one for one in standing.lines if not one.named], "contradictions": yearly.contradictions(version.body), "reasons": reasons,
        "versions": paper.versions.select_related("made_by").order_by("-number"), "key": access.fresh_key(),
        "doubt": None if paper.issued_on else yearly.doubt(actor, paper), "pdf": pdf.available(),
        "missing": missing(request, paper), "write": may(actor, Deed.WRITE_PAPER) and not paper.issued_on,
        "issue": may(actor, Deed.ISSUE_PAPER) and not paper.issued_on, "head": _head(version),
        "is_summary": paper.kind == YearPaperKind.SUMMARY, "is_notice": paper.kind == YearPaperKind.NOTICE,
    }  # fmt: skip
    return render(request, "yearly/page.html", context, status=409 if reasons else 200)


def _head(version: YearPaperVersion) -> list[str]:
    """标题 in the lines it is printed in."""
    organ = version.paper.unit.name
    rest = version.title.removeprefix(organ)
    split = version.paper.kind != YearPaperKind.NOTICE and rest and rest != version.title
    return [organ, rest] if split else [version.title]


def missing(request: HttpRequest, paper: YearPaper) -> dict[int, str]:
    """责任分工表还缺的, by item."""
    if paper.kind != YearPaperKind.NOTICE or paper.issued_on:
        return {}
    return work_notice.incomplete(yearly.items_of(access.actor(request), paper))


def _refreshed(request: HttpRequest, paper: YearPaper, reasons: list[str]) -> HttpResponse | None:
    """按台账更新数字."""
    field, asked = DateField(required=False), request.POST.get("on", "")
    try:
        on = field.clean(asked)
    except forms.ValidationError as error:
        reasons += error.messages
        return None
    base = access.number(request.POST.get("base"))
    done = attempt(
        request, "year_paper_refresh", lambda **who: writing.refresh(paper, on=on, base=base, **who), reasons
    )  # fmt: skip
    if done is None:
        return None
    if done.result is not None:
        changes = done.result.changes
        words = "；".join(f"{one.was}→{one.now}{one.unit}" for one in changes[:12])
        messages.success(
            request, f"已按台账更新{len(changes)}处，存为第{done.result.version.number}稿：{words}" if changes else "文中的数字与台账一致，没有另存"
        )  # fmt: skip
    return redirect("year_paper", pk=paper.pk)


def _blocks(paper: YearPaper, standing: yearly.Standing) -> list[dict[str, Any]]:
    """正文 as the page draws it: paragraphs, headings, tables, with their figures."""
    lines = {(one.anchor.start, one.anchor.end): one for one in standing.lines}
    found: list[dict[str, Any]] = []
    for place, pieces in enumerate(paragraphs(standing.version.body, standing.anchors)):
        plain = "".join(one if isinstance(one, str) else one.value for one in pieces)
        drawn = [
            {"text": one} if isinstance(one, str) else _figure(paper, lines[one.start, one.end])
            for one in pieces
        ]
        if cells(plain) is not None:
            row = [(one, sum(len(part["text"]) for part in one) <= SHORT) for one in _cells(drawn)]
            if found and found[-1]["look"] == "table":
                found[-1]["rows"].append(row)
            else:
                found.append({"look": "table", "head": row, "rows": []})
            continue
        flush = place == 0 and plain.endswith("：") and len(plain) < 40
        heading = len(plain) < 40 and plain[:1] in "一二三四五六七八九十（" and "。" not in plain
        found.append({"look": "flush" if flush else "h" if heading else "", "pieces": drawn})
    return found


def _cells(drawn: Sequence[dict[str, Any]]) -> list[list[dict[str, Any]]]:
    """A table's line cut at its bars."""
    found: list[list[dict[str, Any]]] = []
    for one in drawn:
        if "url" in one:
            found[-1].append(one)
            continue
        first, *rest = one["text"].split("|")
        if first.strip() and found:
            found[-1].append({"text": first.strip()})
        found += [[{"text": part.strip()}] if part.strip() else [] for part in rest]
    return found[:-1] if found and not found[-1] else found


def _figure(paper: YearPaper, line: yearly.Line) -> dict[str, Any]:
    """A figure as a link to what is behind it."""
    one = line.anchor
    look = "own" if one.own else "stale" if line.differs else ""
    said = line.said if line.differs else f"{line.label}，与台账一致"
    return {"text": one.value, "url": url_of(paper, one), "look": look, "said": said}


def url_of(paper: YearPaper, one: Anchor) -> str:
    """Where a figure opens: an item's own page, or the rows it counts; a date opens nothing."""
    if one.key in DATES:
        return ""
    if pk := item_of(one.key):
        return reverse("item", args=[pk])
    key = "opinions.waiting" if one.key.startswith("waited:") else one.key
    return f"{reverse('year_paper_figure', args=[paper.pk])}?key={key}"


def figure(request: HttpRequest, pk: int) -> HttpResponse:
    """数字背后的件: as many rows as the figure says; of a rate those it divides by, each counted or not."""
    paper, key = paper_or_404(request, pk), request.GET.get("key", "total")[:80].replace("\0", "")
    quoted = yearly.quoted(access.actor(request), paper)
    behind = quoted.behind(key)
    if behind is None:
        raise Http404("没有这个数字")
    shown = Paginator(behind.rows, PAGE).get_page(request.GET.get("page"))
    rows = [(behind.item(one), behind.note(one), getattr(one, "counted", True)) for one in shown]
    counted = behind.rows.filter(counted=True).count() if behind.rate else shown.paginator.count
    context = {
        "paper": paper, "behind": behind, "rows": rows, "page": shown, "value": quoted.value(key), "counted": counted,
        "query": f"key={key}&",
    }  # fmt: skip
    return render(request, "yearly/figure.html", context)


def word(request: HttpRequest, pk: int) -> HttpResponse:
    """任一稿的 Word（PDF）; not of a summary whose figures do not add up (R71)."""
    paper, actor = paper_or_404(request, pk), access.actor(request)
    version = version_or_404(request, paper)
    if paper.kind == YearPaperKind.SUMMARY and not paper.issued_on and (doubt := yearly.doubt(actor, paper)):
        context = {"reasons": [str(doubt)], "doubt": doubt, "paper": paper}
        return render(request, "yearly/refused.html", context, status=409)
    items: list[Assignment] = yearly.items_of(actor, paper) if paper.kind == YearPaperKind.NOTICE else []
    matter = annual.kinds(actor, paper.meeting, yearly.kind_of(paper))
    return send(request, paper_out.name_of(version), paper_out.write(version, items, matter))
