"""年度文稿 (S6, S28): the papers of a year's work: read with every figure a link, edited, brought up to date, issued."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiyin.actions import AlreadyDone, Refused, Stale, once, writing
from huiyin.documents import pdf
from huiyin.documents import yearly as paper_out
from huiyin.documents.bulletin import cells
from huiyin.models import Assignment, Meeting, YearPaper, YearPaperVersion
from huiyin.queries import annual, cases, work_notice, yearly
from huiyin.queries.actors import items_for
from huiyin.queries.quoted import Quoted, item_of
from huiyin.rules.anchors import Anchor, Change, paragraphs
from huiyin.rules.difference import paragraphs as differences
from huiyin.rules.difference import side_by_side
from huiyin.rules.merging_text import merge
from huiyin.rules.permissions import may
from huiyin.rules.vocabulary import Deed, Kind, YearPaperKind
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField, TermField
from huiyin.web.papers import send

PAGE = 100  # rows behind a figure on one page
DATES = {"on", "since"}


class BeginForm(forms.Form):
    """起草一份."""

    kind = TermField(YearPaperKind, label="文稿")
    on = DateField(label="统计截至")
    matter = TermField(Kind, label="类型", required=False)


class TextForm(forms.Form):
    title = forms.CharField(label="标题", max_length=200)
    body = forms.CharField(
        label="正文", max_length=writing.LONGEST + 2000, strip=False,
        widget=forms.Textarea(attrs={"class": "body", "spellcheck": "false"}),
        help_text="一段一行；“一、”“（一）”“1.”开头的行印成标题，“|甲|乙|”的行印成表格。没有动过的数字仍与台账对应。",
    )  # fmt: skip


class IssueForm(forms.Form):
    on = DateField(label="印发日期")
    numbered = forms.BooleanField(label="取发文字号", required=False, initial=True)


# 目录


def index(request: HttpRequest) -> HttpResponse:
    """年度文稿：a year's papers, and what can be begun."""
    access.must(request, Deed.SUMMARISE)
    actor, meeting = access.actor(request), _meeting(request)
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


def _meeting(request: HttpRequest) -> Meeting | None:
    asked = request.POST.get("meeting") or request.GET.get("meeting")
    if asked:
        return Meeting.objects.filter(pk=access.number(asked)).first()
    seen = (
        items_for(access.actor(request)).select_related("meeting").order_by("-meeting__year", "-pk").first()
    )
    return seen.meeting if seen else Meeting.objects.first()


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


def _paper(request: HttpRequest, pk: int) -> YearPaper:
    found = yearly.papers(access.actor(request)).filter(pk=pk).first()
    if found is None:
        raise Http404("没有这份文稿，或不在您的范围内")
    return found


def _version(request: HttpRequest, paper: YearPaper, name: str = "v") -> YearPaperVersion:
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
    paper = _paper(request, pk)
    reasons: list[str] = []
    if request.method == "POST":
        if done := _refreshed(request, paper, reasons):
            return done
        paper = _paper(request, pk)
    version, actor = _version(request, paper), access.actor(request)
    standing = yearly.Standing(version, yearly.quoted(actor, paper))
    last = paper.versions.order_by("-number").values_list("number", flat=True)[0]
    context = {
        "paper": paper, "version": version, "last": last, "blocks": _blocks(paper, standing), "standing": standing,
        "counted": [one for one in standing.lines if not one.named], "reasons": reasons,
        "versions": paper.versions.select_related("made_by").order_by("-number"), "key": access.fresh_key(),
        "doubt": None if paper.issued_on else yearly.doubt(actor, paper), "pdf": pdf.available(),
        "missing": _missing(request, paper), "write": may(actor, Deed.WRITE_PAPER) and not paper.issued_on,
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


def _missing(request: HttpRequest, paper: YearPaper) -> dict[int, str]:
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
            row = _cells(drawn)
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
    paper, key = _paper(request, pk), request.GET.get("key", "total")[:80].replace("\0", "")
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


# 改


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改文字：plain text. What was left alone stays tied to the ledger; of two who edit the second is told."""
    paper = _paper(request, pk)
    version = _version(request, paper)
    if paper.issued_on or not may(access.actor(request), Deed.WRITE_PAPER):
        messages.error(request, "已经印发，不能再改" if paper.issued_on else "由专职人员、办公室主任起草")
        return redirect("year_paper", pk=pk)
    form = TextForm(
        request.POST if request.method == "POST" else None,
        initial={"title": version.title, "body": version.body},
    )
    context: dict[str, Any] = {"paper": paper, "base": version.number, "reasons": [], "form": form}
    status = 200
    if request.method == "POST":
        context["base"] = access.number(request.POST.get("base"))
        status = 422
        if form.is_valid():
            answer = _saved(request, paper, form, context)
            if answer is not None:
                return answer
            status = 409
    standing = yearly.Standing(version, yearly.quoted(access.actor(request), paper))
    context |= {"version": version, "key": access.fresh_key(), "standing": standing}
    context["counted"] = [one for one in standing.lines if not one.named]
    return render(request, "yearly/edit.html", context, status=status)


def _saved(
    request: HttpRequest, paper: YearPaper, form: TextForm, context: dict[str, Any]
) -> HttpResponse | None:
    """Saved and told what became of the figures; None when it was refused, and then the page says why."""
    by, at, base = access.person(request), access.now(), context["base"]
    told = form.cleaned_data
    try:
        with once(request.POST.get("key", ""), "year_paper_edit", by=by, at=at):
            saved = writing.save(paper, title=told["title"], body=told["body"], base=base, by=by, at=at)
    except AlreadyDone as done:
        messages.warning(request, str(done))
        return redirect("year_paper", pk=paper.pk)
    except Stale as stale:
        context |= _beside(paper, form, base, stale)
        return None
    except Refused as refused:
        context["reasons"] = refused.reasons
        return None
    _tell(request, paper, saved)
    return redirect("year_paper", pk=paper.pk)


def _beside(paper: YearPaper, form: TextForm, base: int, stale: Stale) -> dict[str, Any]:
    """两人同时改: what both began from, his and the other's become one text; where both touched the same it says so.
    The next save is meant to come after the other's."""
    own = writing.clean(form.cleaned_data["body"])
    began = paper.versions.filter(number=min(base, 30_000)).first()
    merged = merge(began.body, own, stale.current) if began else None
    if merged:
        form.data = {**form.data.dict(), "body": merged.text}  # type: ignore[attr-defined]
    last = paper.versions.order_by("-number").values_list("number", flat=True)[0]
    return {
        "reasons": stale.reasons, "base": last, "merged": merged, "difference": differences(own, stale.current),
    }  # fmt: skip


def _tell(request: HttpRequest, paper: YearPaper, saved: writing.Saved) -> None:
    messages.success(request, f"已存为第{saved.version.number}稿")
    quoted = yearly.quoted(access.actor(request), paper)
    for one in saved.changes[:8]:
        messages.warning(request, _said(one, quoted))
    if len(saved.changes) > 8:
        messages.warning(request, f"另有{len(saved.changes) - 8}处数字也改了，见右边")


def _said(one: Change, quoted: Quoted) -> str:
    label = quoted.label(one.key)
    if not one.now:
        return f"{label}：文中的“{one.was}”已删去或改写，不再与台账对应"
    return f"{label}：台账为{quoted.value(one.key)}{one.unit}，文中改为{one.now}{one.unit}，按您的文字保留"


def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """选事例：candidates by category with the reasons; ticked and ordered by the clerk."""
    paper = _paper(request, pk)
    if (
        paper.kind != YearPaperKind.SUMMARY
        or paper.issued_on
        or not may(access.actor(request), Deed.WRITE_PAPER)
    ):
        raise Http404("这份文稿没有事例可选")
    version, reasons = _version(request, paper), list[str]()
    if request.method == "POST":
        chosen, base = _chosen(request), access.number(request.POST.get("base"))
        done = attempt(
            request, "year_paper_cases", lambda **who: writing.choose_cases(paper, chosen, base=base, **who), reasons
        )  # fmt: skip
        if done is not None:
            messages.success(request, f"已写进{len(chosen)}件事例；原有的段落没有动")
            return redirect("year_paper", pk=pk)
    else:
        chosen = yearly.told_in(version)
    found = cases.fields(access.actor(request), yearly.scope_of(paper))
    places = {one: place for place, one in enumerate(chosen, 1)}
    context = {
        "paper": paper, "base": version.number, "reasons": reasons, "key": access.fresh_key(),
        "fields": [(one.name, [(case, places.get(case.item.pk, "")) for case in one.cases]) for one in found],
    }  # fmt: skip
    return render(request, "yearly/cases.html", context, status=409 if reasons else 200)


def _chosen(request: HttpRequest) -> list[int]:
    """The items ticked, in the order of the numbers beside them."""
    ticked = [pk for one in request.POST.getlist("case") if (pk := access.number(one))]
    orders = {pk: access.number(request.POST.get(f"order_{pk}", "")) or 999 for pk in ticked}
    return sorted(dict.fromkeys(ticked), key=lambda pk: orders[pk])


def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """两稿对照: `a` beside `b`; without them the last two."""
    paper = _paper(request, pk)
    right = _version(request, paper, "b")
    left = _version(request, paper, "a") if "a" in request.GET else None
    if left is None:
        left = paper.versions.filter(number__lt=right.number).select_related("made_by").last() or right
    rows = side_by_side(left.body, right.body)
    context = {
        "paper": paper, "left": left, "right": right, "rows": rows, "changed": sum(one.changed for one in rows),
        "versions": paper.versions.select_related("made_by").order_by("-number"),
    }  # fmt: skip
    return render(request, "yearly/compare.html", context)


# 出


def issue(request: HttpRequest, pk: int) -> HttpResponse:
    """印发：what stands against it, what the text says otherwise than the ledger, then number and date."""
    paper, actor = _paper(request, pk), access.actor(request)
    if not may(actor, Deed.ISSUE_PAPER):
        raise Http404("没有这一页，或不在您的范围内")
    if paper.issued_on:
        return redirect("year_paper", pk=pk)
    version = _version(request, paper)
    form = IssueForm(request.POST if request.method == "POST" else None, initial={"on": actor.on})
    if paper.kind != YearPaperKind.BULLETIN:
        del form.fields["numbered"]
    reasons: list[str] = []
    if request.method == "POST" and form.is_valid() and (done := _issued(request, paper, form, reasons)):
        return done
    standing = yearly.Standing(version, yearly.quoted(actor, paper))
    day = max(paper.on, actor.on)
    context = {
        "paper": paper, "version": version, "form": form, "reasons": reasons, "key": access.fresh_key(),
        "blocks": [] if reasons else writing.unissuable(actor, paper, day, day), "standing": standing,
        "doubt": yearly.doubt(actor, paper), "missing": _missing(request, paper),
    }  # fmt: skip
    return render(request, "yearly/issue.html", context, status=409 if reasons else 200)


def _issued(
    request: HttpRequest, paper: YearPaper, form: IssueForm, reasons: list[str]
) -> HttpResponse | None:
    on: date = form.cleaned_data["on"]
    base, numbered = access.number(request.POST.get("base")), form.cleaned_data.get("numbered", True)
    done = attempt(
        request, "year_paper_issue",
        lambda **who: writing.issue(paper, on=on, base=base, numbered=numbered, **who), reasons,
    )  # fmt: skip
    if done is None:
        return None
    if done.result is not None:
        messages.success(request, f"已印发{'，' + done.result.number if done.result.number else ''}")
    return redirect("year_paper", pk=paper.pk)


def word(request: HttpRequest, pk: int) -> HttpResponse:
    """任一稿的 Word（PDF）; not of a summary whose figures do not add up (R71)."""
    paper, actor = _paper(request, pk), access.actor(request)
    version = _version(request, paper)
    if paper.kind == YearPaperKind.SUMMARY and not paper.issued_on and (doubt := yearly.doubt(actor, paper)):
        context = {"reasons": [str(doubt)], "doubt": doubt, "paper": paper}
        return render(request, "yearly/refused.html", context, status=409)
    items: list[Assignment] = yearly.items_of(actor, paper) if paper.kind == YearPaperKind.NOTICE else []
    matter = annual.kinds(actor, paper.meeting, yearly.kind_of(paper))
    return send(request, paper_out.name_of(version), paper_out.write(version, items, matter))
