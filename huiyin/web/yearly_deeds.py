"""改、选、印发：what is done to a paper of the year: its text, its cases, its issue."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import AlreadyDone, Refused, Stale, once, writing
from huiyin.models import YearPaper
from huiyin.queries import cases, yearly
from huiyin.queries.quoted import Quoted
from huiyin.rules.anchors import Change
from huiyin.rules.difference import paragraphs as differences
from huiyin.rules.difference import side_by_side
from huiyin.rules.merging_text import merge
from huiyin.rules.permissions import may
from huiyin.rules.vocabulary import Deed, YearPaperKind
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField
from huiyin.web.yearly import missing, paper_or_404, version_or_404

TOLD = 8  # changes told one by one


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


# 改


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """改文字：plain text. What was left alone stays tied to the ledger; of two who edit the second is told."""
    paper = paper_or_404(request, pk)
    version = version_or_404(request, paper)
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
    for one in saved.changes[:TOLD]:
        messages.warning(request, _said(one, quoted))
    if len(saved.changes) > TOLD:
        messages.warning(request, f"另有{len(saved.changes) - TOLD}处数字也改了，见右边")


def _said(one: Change, quoted: Quoted) -> str:
    label = quoted.label(one.key)
    if not one.now:
        return f"{label}：文中的“{one.was}”已删去或改写，不再与台账对应"
    return f"{label}：台账为{quoted.value(one.key)}{one.unit}，文中改为{one.now}{one.unit}，按您的文字保留"


def pick(request: HttpRequest, pk: int) -> HttpResponse:
    """选事例：candidates by category with the reasons; ticked and ordered by the clerk."""
    paper = paper_or_404(request, pk)
    if (
        paper.kind != YearPaperKind.SUMMARY
        or paper.issued_on
        or not may(access.actor(request), Deed.WRITE_PAPER)
    ):
        raise Http404("这份文稿没有事例可选")
    version, reasons = version_or_404(request, paper), list[str]()
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
    paper = paper_or_404(request, pk)
    right = version_or_404(request, paper, "b")
    left = version_or_404(request, paper, "a") if "a" in request.GET else None
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
    paper, actor = paper_or_404(request, pk), access.actor(request)
    if not may(actor, Deed.ISSUE_PAPER):
        raise Http404("没有这一页，或不在您的范围内")
    if paper.issued_on:
        return redirect("year_paper", pk=pk)
    version = version_or_404(request, paper)
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
        "contradictions": yearly.contradictions(version.body), "doubt": yearly.doubt(actor, paper), "missing": missing(request, paper),
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
