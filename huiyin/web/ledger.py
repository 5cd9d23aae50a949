"""台账页和导出 (S16)."""

import io
from typing import Any

import django_filters
import xlsxwriter
from django import forms
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate

from huiyin.models import Assignment, Category, Meeting, Section
from huiyin.queries import figures, profiles
from huiyin.queries import ledger as table
from huiyin.rules.vocabulary import Kind, Part, RoundKind, Status
from huiyin.web import access

PAGE_SIZE = 50
OVERDUE, SOON = "overdue", "soon"


class LedgerFilter(django_filters.FilterSet):  # type: ignore[misc]
    """台账的筛选."""

    q = django_filters.CharFilter(
        label="关键词", method="search", widget=forms.TextInput(attrs={"type": "search"})
    )
    meeting = django_filters.ModelChoiceFilter(
        label="承办年度", queryset=Meeting.objects.all(), empty_label="全部"
    )
    kind = django_filters.ChoiceFilter(
        label="类型", field_name="suggestion__kind", choices=Kind.choices(), empty_label="全部"
    )
    part = django_filters.ChoiceFilter(label="办理方式", choices=Part.choices(), empty_label="全部")
    round_kind = django_filters.ChoiceFilter(label="轮次", choices=RoundKind.choices(), empty_label="全部")
    section = django_filters.ModelChoiceFilter(
        label="承办科室", queryset=Section.objects.none(), empty_label="全部"
    )
    category = django_filters.ModelChoiceFilter(
        label="内容分类",
        field_name="suggestion__category",
        queryset=Category.objects.all(),
        empty_label="全部",
        null_label="未分类",
    )
    status = django_filters.ChoiceFilter(label="状态", choices=Status.choices(), empty_label="全部")
    due = django_filters.ChoiceFilter(
        label="时限",
        method="by_due",
        choices=[(OVERDUE, "已逾期未答复"), (SOON, "15日内到期")],
        empty_label="全部",
    )

    class Meta:
        model = Assignment
        fields: list[str] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        unit = getattr(self.request.user, "unit", None)
        self.filters["section"].queryset = Section.objects.filter(unit=unit)

    def search(self, found: QuerySet[Assignment], _: str, words: str) -> QuerySet[Assignment]:
        return found.filter(table.search(words))

    def by_due(self, found: QuerySet[Assignment], _: str, which: str) -> QuerySet[Assignment]:
        today = localdate()
        waiting = table.unanswered(found)
        if which == OVERDUE:
            return waiting.filter(due_on__lt=today)
        return waiting.filter(due_on__gte=today, due_on__lte=today.fromordinal(today.toordinal() + 15))


def _found(request: HttpRequest) -> tuple[LedgerFilter, QuerySet[Assignment], str]:
    """The rows asked for: visible, filtered, of a figure if one was opened, sorted."""
    actor = access.actor(request)
    filtered = LedgerFilter(request.GET, queryset=table.rows(actor), request=request)
    found = filtered.qs
    label = ""
    if key := request.GET.get("figure", ""):
        meeting = Meeting.objects.filter(pk=access.number(request.GET.get("meeting"))).first()
        if meeting is None:
            raise Http404("数字须说明是哪个年度的")
        items = figures.behind(figures.counted_items(actor, figures.Scope(meeting)), key, actor.on)
        if items is None:
            raise Http404("没有这个数字")
        found, label = found.filter(pk__in=items.values("pk")), figures.label_of(key)
    return filtered, table.ordered(found, request.GET.get("sort", "")), label


def ledger(request: HttpRequest) -> HttpResponse:
    filtered, found, label = _found(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    on = access.actor(request).on
    columns = [column for column in table.COLUMNS if column.on_page]
    context = {
        "filter": filtered, "page": page, "columns": _heads(request, columns), "figure": label,
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
    _, found, _ = _found(request)
    on = access.actor(request).on
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
