"""导出：the items an address of the ledger asks for, as files; and the office's own layouts of the ledger.

A download is a GET, so that its address can be kept and sent on; it writes one row all the same: that it was taken out, in the
unit's journal. What is handled is changed by none."""

from collections.abc import Callable, Iterator
from functools import partial

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render

from huiyin.actions import exporting, laying_out
from huiyin.documents import event_log as log_files
from huiyin.documents import ledger_files, ledger_template
from huiyin.documents.ledger_template import LINE, Unfit
from huiyin.documents.spreadsheet import ENCODINGS, letters
from huiyin.models import LedgerTemplate, Unit
from huiyin.queries import event_log as journal
from huiyin.queries.columns import COLUMNS, chosen
from huiyin.queries.ledger import Found
from huiyin.rules.permissions import may
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.downloads import XLSX, attached

OURS = ("as", "only", "layout", "texts", "page", "deed", "item", "all")  # of an address, not the ledger's
PREVIEWED = 3
SHOWN_FIRST = 20  # rows of a layout's trial


def _address(request: HttpRequest) -> str:
    """The ledger's own part of the address, to be gone on with."""
    kept = request.GET.copy()
    for name in OURS:
        kept.pop(name, None)
    return f"{kept.urlencode()}&" if kept else ""


def _name(found: Found, what: str = "建议台账") -> str:
    return f"{what}{found.actor.on:%Y%m%d}"


def _tell(request: HttpRequest, what: str, found: Found, *, most: int | None = None) -> None:
    rows = found.items[:most].count()
    exporting.record(what, of=found.words, rows=rows, by=access.person(request), at=access.now())


def _file(opened: object, name: str) -> FileResponse:
    return attached(FileResponse(opened, content_type=XLSX), f"{name}.xlsx")


def _stream(pieces: Iterator[bytes], name: str, kind: str) -> StreamingHttpResponse:
    return attached(StreamingHttpResponse(pieces, content_type=kind), name)


def choose(request: HttpRequest, *, reasons: list[str] | None = None) -> HttpResponse:
    """导出成什么：every way out for what the address asks for."""
    found, unit = access.found_or_404(request), access.person(request).unit
    context = {
        "found": found, "size": found.items.count(), "address": _address(request), "columns": len(COLUMNS),
        "shown": chosen(request.GET.get("cols", "")), "layouts": _layouts(unit) if unit else [],
        "may_read_texts": journal.may_read_texts(found.actor), "may_lay_out": may(found.actor, Deed.SET_TEMPLATE),
        "reasons": [*(reasons or []), *found.errors],
    }  # fmt: skip
    return render(request, "exports/choose.html", context, status=422 if context["reasons"] else 200)


def ledger(request: HttpRequest) -> HttpResponseBase:
    """台账文件：`as` xlsx (or none), csv, gb18030; `only=shown` the view's columns; `layout` an office's own."""
    found, by, way = access.found_or_404(request), access.person(request), request.GET.get("as", "xlsx")
    columns = chosen(request.GET.get("cols", "")) if request.GET.get("only") == "shown" else COLUMNS
    if found.errors:
        return choose(request)
    try:
        if asked := request.GET.get("layout"):
            layout = _layout_or_404(request, access.number(asked))
            filled = ledger_files.in_layout(found, layout, by=by)
            _tell(request, f"台账（版式“{layout.name}”）", found)
            return _file(filled, _name(found, layout.name))
        if way in {"csv", "gb18030"}:
            encoding = "utf8" if way == "csv" else way
            pieces = ledger_files.csv_lines(found, columns, by=by, encoding=encoding)
            charset = ENCODINGS[encoding].replace(" ", "")
            _tell(request, "台账 .csv", found)
            return _stream(pieces, f"{_name(found)}.csv", f"text/csv; charset={charset}")
        if way != "xlsx":
            raise Http404("没有这种格式")
        book = ledger_files.workbook(found, columns, by=by)
        _tell(request, "台账 .xlsx", found)
        return _file(book, _name(found))
    except Unfit as unfit:
        return choose(request, reasons=[f"这个版式用不了：{one}" for one in unfit.reasons])
    except ValueError as error:
        return choose(request, reasons=[str(error)])


def event_log(request: HttpRequest) -> HttpResponseBase:
    """事件日志：`as` xes or csv; `texts` with the journal's words, where he may have them out."""
    found, way = access.found_or_404(request), request.GET.get("as", "xes")
    if found.errors:
        return choose(request)
    if way not in {"xes", "csv"}:
        raise Http404("没有这种格式")
    texts = bool(request.GET.get("texts"))
    if texts and not journal.may_read_texts(found.actor):
        raise Http404("没有这一页，或不在您的范围内")
    cases, name = journal.cases(found.actor, found.items, texts=texts), _name(found, "办理轨迹")
    _tell(request, f"事件日志 .{way}{'（含内容）' if texts else ''}", found)
    if way == "csv":
        return _stream(log_files.table(cases, texts=texts), f"{name}.csv", "text/csv; charset=UTF-8")
    return _stream(log_files.xes(cases, name=name), f"{name}.xes", "application/xml; charset=UTF-8")


# 版式


class UploadForm(forms.Form):
    name = forms.CharField(
        label="名称", max_length=laying_out.LONGEST_NAME, help_text="同名的换成新的，旧的留着"
    )
    file = forms.FileField(label="版式", help_text=".xlsx，5MB以内：标题、表头、一行样例")


def _layouts(unit: Unit) -> list[LedgerTemplate]:
    return list(unit.ledger_templates.filter(retired_at__isnull=True).select_related("file", "uploaded_by"))


def _layout_or_404(request: HttpRequest, pk: int) -> LedgerTemplate:
    unit = access.person(request).unit
    return get_object_or_404(
        LedgerTemplate.objects.select_related("file"), pk=pk, unit=unit, retired_at__isnull=True
    )


def layouts(request: HttpRequest) -> HttpResponse:
    """台账版式：those in use, those that were; a new one."""
    access.must(request, Deed.SET_TEMPLATE)
    unit, reasons = access.unit_or_404(request), list[str]()
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        run = partial(laying_out.set_layout, form.cleaned_data["name"], upload=form.cleaned_data["file"])
        if done := attempt(request, Deed.SET_TEMPLATE.value, run, reasons):
            return redirect("ledger_layout", pk=done.result.pk) if done.result else redirect("ledger_layouts")
    earlier = unit.ledger_templates.filter(retired_at__isnull=False).select_related("file", "uploaded_by")
    context = {
        "rows": _layouts(unit), "earlier": earlier.order_by("-retired_at"), "form": form, "reasons": reasons,
        "key": access.fresh_key(), "places": [f"{{{one}}}" for one in ledger_template.PLACES],
    }  # fmt: skip
    return render(request, "exports/layouts.html", context, status=422 if request.method == "POST" else 200)


def layout(request: HttpRequest, pk: int) -> HttpResponse:
    """一个版式：each of its columns and what stands there; 停用."""
    access.must(request, Deed.SET_TEMPLATE)
    row, reasons = _layout_or_404(request, pk), list[str]()
    if request.method == "POST":
        retiring = "retire" in request.POST
        asked = [request.POST.get(f"column{place}", "") for place in range(len(row.columns))]
        run: Callable[..., None] = (
            partial(laying_out.retire, row) if retiring else partial(laying_out.match, row, asked)
        )
        if done := attempt(request, Deed.SET_TEMPLATE.value, run, reasons):
            if not done.again:
                messages.success(request, f"“{row.name}”已停用" if retiring else f"“{row.name}”的各列已保存")
            return redirect("ledger_layouts") if retiring else redirect("ledger_layout", pk=row.pk)
    heads, unfit = _heads(row)
    keys = list(row.columns)
    columns = [
        {"letter": letters(place), "head": head, "key": key, "name": f"column{place}"}
        for place, (head, key) in enumerate(zip(heads, keys, strict=False))
        if head or key
    ]
    context = {
        "row": row, "columns": columns, "unknown": sum(not one["key"] for one in columns), "unfit": unfit,
        "choices": [(LINE, "序号（自动编）"), *((one.key, one.label) for one in COLUMNS)], "reasons": reasons,
        "key": access.fresh_key(), "first": SHOWN_FIRST, "heads": heads,
        "preview": ledger_files.preview(access.found_or_404(request), row, PREVIEWED),
    }  # fmt: skip
    return render(request, "exports/layout.html", context, status=422 if request.method == "POST" else 200)


def _heads(row: LedgerTemplate) -> tuple[list[str], list[str]]:
    try:
        with row.file.file.open("rb") as data:
            return ledger_template.read(data.read(), sheet=row.sheet).heads, []
    except Unfit as unfit:
        return [""] * len(row.columns), unfit.reasons


def layout_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The layout as it was uploaded, also an earlier one; `?trial` filled with the first items he sees."""
    access.must(request, Deed.SET_TEMPLATE)
    unit = access.person(request).unit
    row = get_object_or_404(LedgerTemplate.objects.select_related("file"), pk=pk, unit=unit)
    if "trial" in request.GET:
        found = access.found_or_404(request)
        try:
            opened = ledger_files.in_layout(found, row, by=access.person(request), most=SHOWN_FIRST)
        except Unfit as unfit:
            raise Http404("；".join(unfit.reasons)) from unfit
        _tell(request, f"台账（版式“{row.name}”，试填）", found, most=SHOWN_FIRST)
        return _file(opened, f"{row.name}（试填）")
    return _file(row.file.file.open("rb"), row.file.name.removesuffix(".xlsx"))
