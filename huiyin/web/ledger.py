"""台账页和导出 (S16)."""

import io

import xlsxwriter
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from huiyin.queries import ledger as table
from huiyin.queries import profiles
from huiyin.web import access

PAGE_SIZE = 50


def _found(request: HttpRequest) -> table.Found:
    """The rows asked for: visible, filtered, of a figure if one was opened, sorted."""
    try:
        return table.found(access.actor(request), request.GET)
    except table.NoSuchFigure as error:
        raise Http404(str(error)) from error


def ledger(request: HttpRequest) -> HttpResponse:
    actor, found = access.actor(request), _found(request)
    on, columns = actor.on, [column for column in table.COLUMNS if column.on_page]
    items = table.with_columns(found.items, columns, actor)
    page = Paginator(items, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page, "columns": _heads(request, columns), "figure": found.figure,
        "rows": [(item, table.limit(item, on), table.marks(item, on)) for item in page],
        "query": _query(request, "page"), "export": _query(request, "page"),
        "one_year": bool(request.GET.get("meeting")),
        "hidden": [(key, request.GET[key]) for key in ("figure", "sort") if request.GET.get(key)],
    }  # fmt: skip
    return render(request, "ledger.html", context)


def _query(request: HttpRequest, *without: str) -> str:
    kept = request.GET.copy()
    for key in without:
        kept.pop(key, None)
    return kept.urlencode() + ("&" if kept else "")


def _heads(request: HttpRequest, columns: list[table.Column]) -> list[dict[str, str]]:
    now = request.GET.get("sort", "")
    rest = _query(request, "page", "sort")
    return [
        {
            "label": column.label,
            "url": f"?{rest}sort={'-' if now == column.key else ''}{column.key}" if column.sort else "",
            "mark": "▲" if now == column.key else "▼" if now == f"-{column.key}" else "",
        }
        for column in columns
    ]


def export(request: HttpRequest) -> HttpResponse:
    """导出 .xlsx：every column, exactly the rows of the page's filter; cells are text, never formulas."""
    actor = access.actor(request)
    found, on = table.with_columns(_found(request).items, table.COLUMNS, actor), actor.on
    out = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("台账")
        head = book.add_format({"bold": True, "border": 1, "bg_color": "#F3F6FA", "text_wrap": True})
        body = book.add_format({"border": 1, "text_wrap": True, "valign": "top"})
        sheet.freeze_panes(1, 3)
        for place, column in enumerate(table.COLUMNS):
            sheet.write_string(0, place, profiles.word(access.person(request).unit, column.label), head)
        for line, item in enumerate(found.iterator(chunk_size=500), 1):
            for place, column in enumerate(table.COLUMNS):
                value = column.read(item, on)
                sheet.write_string(line, place, neutral("" if value is None else str(value)), body)
    response = HttpResponse(
        out.getvalue(), content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    name = f"ledger-{localdate():%Y%m%d}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def neutral(text: str) -> str:
    """A text that a spreadsheet could take for a formula gets an apostrophe before it (R74)."""
    return f"'{text}" if text[:1] in "=+-@\t\r＝＋－＠" and text else text
