"""登记与导入 (S1)."""

from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import Refused, importing, registering, undoing
from huiyin.actions.amending import NAMING, Change
from huiyin.models import Assignment, ImportBatch, ImportedRow, Person, Suggestion
from huiyin.queries.actors import items_for
from huiyin.queries.columns import HIDDEN
from huiyin.queries.earlier import near
from huiyin.queries.item import hides_proposer
from huiyin.rules.vocabulary import Deed, ImportState
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.forms.intake import ColumnsForm, RegisterForm, UploadForm

ROWS, BATCHES = 100, 20


def _batches(request: HttpRequest) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(unit=access.person(request).unit).select_related(
        "file", "meeting", "uploaded_by"
    )


def _last_organ(request: HttpRequest) -> int | None:
    """交办机关: most likely the one whose item was registered last."""
    return items_for(access.actor(request)).order_by("-pk").values_list("organ_id", flat=True).first()


def intake(request: HttpRequest) -> HttpResponse:
    access.must(request, Deed.IMPORT)
    form, reasons = UploadForm(initial={"organ": _last_organ(request)}), list[str]()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid() and (done := _upload(request, form, reasons)):
            return done
    page = Paginator(_batches(request), BATCHES).get_page(request.GET.get("page"))
    context = {"form": form, "reasons": reasons, "page": page, "key": access.fresh_key()}
    return render(request, "intake/intake.html", context, status=422 if request.method == "POST" else 200)


def _upload(request: HttpRequest, form: UploadForm, reasons: list[str]) -> HttpResponse | None:
    """Each file a batch; several letters one. All are kept, or none."""
    facts = {key: form.cleaned_data[key] for key in ("meeting", "organ")}
    history = bool(form.cleaned_data["history"])

    files = importing.packed(form.cleaned_data["file"])
    if len(files) == 1:  # of several the first read inside would put the last out of mind
        importing.read_ahead(files[0], by=access.person(request))

    def run(by: Person, at: datetime) -> list[ImportBatch]:
        return [importing.upload(one, **facts, history=history, by=by, at=at) for one in files]

    done = attempt(request, Deed.IMPORT.value, run, reasons)
    if done is None:
        return None
    if not done.result or len(done.result) > 1:
        return redirect("intake")
    [batch] = done.result
    return redirect("import_columns" if importing.unsure(batch) else "import", pk=batch.pk)


def register(request: HttpRequest) -> HttpResponse:
    access.must(request, Deed.REGISTER)
    today = access.actor(request).on
    first = {"received_on": today, "assigned_on": today, "organ": _last_organ(request)}
    form, reasons = RegisterForm(initial=first), list[str]()
    if request.method == "POST":
        form = RegisterForm(request.POST, request.FILES)
        if form.is_valid():
            done = _register(request, form, reasons)
            if done:
                return done
    like = _like(request, form) if request.method == "POST" else []
    context = {"form": form, "reasons": reasons, "key": access.fresh_key(), "like": like}
    return render(request, "intake/register.html", context, status=422 if request.method == "POST" else 200)


def _register(request: HttpRequest, form: RegisterForm, reasons: list[str]) -> HttpResponse | None:
    papers, meeting = (
        tuple(form.cleaned_data["papers"]),
        form.cleaned_data["counted"] or form.cleaned_data["meeting"],
    )
    run = partial(registering.register, form.entry(), meeting=meeting, papers=papers)
    done = attempt(request, Deed.REGISTER.value, run, reasons)
    if done is None or done.result is None:
        return redirect("ledger") if done else None
    item = done.result
    twins = [one for one in _same_title(request, item.suggestion) if one.pk != item.suggestion_id]
    if twins:
        names = "、".join(f"{one.meeting.name}第{one.number}号" for one in twins[:5])
        messages.warning(request, f"标题相近的往年件：{names}")
    messages.success(request, f"已登记第{item.suggestion.number}号，请提出拟办意见")
    return redirect("item", pk=item.pk)


def _same_title(request: HttpRequest, suggestion: Suggestion) -> list[Suggestion]:
    return near(suggestion.title, access.actor(request))


def _like(request: HttpRequest, form: RegisterForm) -> list[Any]:
    title = form.data.get("title", "")
    return near(title, access.actor(request))[:5] if title else []


def _batch(request: HttpRequest, pk: int, deed: Deed = Deed.IMPORT) -> ImportBatch:
    access.must(request, deed)
    batch = _batches(request).filter(pk=pk).first()
    if batch is None:
        raise Http404("没有这一批")
    return batch


def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """核对各列: which column is what, in which sheet of the file."""
    batch, reasons = _batch(request, pk), list[str]()
    book = importing.book_of(batch)
    wanted = request.POST.get("sheet") or request.GET.get("sheet") or batch.sheet
    sheet = next((one for one in book.sheets if one.title == wanted), book.sheet())
    takes = importing.takes(batch.history)
    form = ColumnsForm(request.POST or None, batch=batch, sheet=sheet, takes=takes)
    if request.method == "POST" and form.is_valid():
        run = partial(importing.match_columns, batch, sheet=sheet.title, keys=form.keys(), every=form.every())
        done = attempt(request, Deed.IMPORT.value, run, reasons)
        if done and done.result:
            reasons = importing.problems(done.result)
        if done and not reasons:
            return redirect("import", pk=pk)
    missing = [] if reasons else importing.problems(batch, sheet)
    context = {
        "batch": batch, "sheet": sheet, "book": book, "form": form, "reasons": reasons, "missing": missing,
        "key": access.fresh_key(),
    }  # fmt: skip
    return render(request, "intake/columns.html", context, status=409 if reasons else 200)


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """预览, and what was taken in once it is."""
    batch, reasons = _batch(request, pk), list[str]()
    if request.method == "POST" and (done := _take_in(request, batch, reasons)):
        return done
    if batch.taken_at:
        return _taken(request, batch, reasons)
    try:
        found = importing.preview(batch, on=access.actor(request).on)
    except Refused as refused:
        for reason in refused.reasons:
            messages.warning(request, reason)
        return redirect("import_columns", pk=pk)
    state = request.GET.get("state", "")
    rows = [one for one in found.plans if state in ("", one.state)]
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    counts, seen = importing.summary(found.plans), importing.seen(found.plans)
    for one in page:
        if one.item:
            one.changes = _shown(request, one.item, one.changes)
    context = {
        "batch": batch, "found": found, "reasons": reasons, "key": access.fresh_key(), "state": state,
        "page": page, "query": f"state={state}&" if state else "",
        "tabs": [(one, counts[one.value]) for one in ImportState], "wrong": counts["wrong"], "total": len(found.plans),
        "fresh": counts["new"], "changed": counts["changed"], "seen": seen,
    }  # fmt: skip
    return render(request, "intake/preview.html", context, status=409 if reasons else 200)


def _shown(request: HttpRequest, item: Assignment, changes: list[Change]) -> list[Change]:
    """What is changed, without the names of who asked for confidentiality, where he may not know them (R7)."""
    if not hides_proposer(item, access.actor(request)):
        return changes
    return [replace(one, before=HIDDEN, after=HIDDEN) if one.key in NAMING else one for one in changes]


def _take_in(request: HttpRequest, batch: ImportBatch, reasons: list[str]) -> HttpResponse | None:
    run = partial(
        importing.take_in, batch, skip_wrong="skip" in request.POST, expected=request.POST.get("seen", "")
    )
    done = attempt(request, Deed.IMPORT.value, run, reasons)
    if done and done.result:
        taken = done.result
        messages.success(
            request,
            f"新登记{taken.created}件，更正{taken.changed}件，已有不变{taken.unchanged}件，跳过{taken.skipped}行",
        )
    return redirect("import", pk=batch.pk) if done else None


def _taken(request: HttpRequest, batch: ImportBatch, reasons: list[str]) -> HttpResponse:
    rows = ImportedRow.objects.filter(batch=batch).select_related("assignment__suggestion")
    page = Paginator(rows, ROWS).get_page(request.GET.get("page"))
    lines = [(one, _shown(request, one.assignment, undoing.changes_of(one))) for one in page]
    context = {"batch": batch, "page": page, "lines": lines, "reasons": reasons}
    return render(request, "intake/taken.html", context, status=409 if reasons else 200)


def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销导入: says first what would hinder it."""
    batch, reasons = _batch(request, pk, Deed.UNDO_IMPORT), list[str]()
    if request.method == "POST":
        done = attempt(request, Deed.UNDO_IMPORT.value, partial(undoing.undo, batch), reasons)
        if done:
            if done.result:
                messages.success(request, f"已撤销“{batch.file.name}”的导入，编号可以重新登记")
            return redirect("intake")
    elif batch.taken_at and not batch.undone_at:
        reasons = undoing.hindrances(batch)
    context = {"batch": batch, "reasons": reasons, "key": access.fresh_key()}
    return render(request, "intake/undo.html", context, status=409 if request.method == "POST" else 200)
