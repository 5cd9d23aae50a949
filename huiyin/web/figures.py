"""统计数字、领导看板、分析：every number a link to exactly its items in the ledger."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from huiyin.actions import exporting
from huiyin.documents import spreadsheet
from huiyin.models import Meeting
from huiyin.queries import analysis, figures, formulas, promises, reconciliation
from huiyin.queries.figures import DoesNotReconcile, Group, Scope, Value
from huiyin.queries.overview import overview
from huiyin.queries.reconciliation import Doubt
from huiyin.rules.permissions import Actor
from huiyin.rules.shares import percent, remainder
from huiyin.rules.vocabulary import Kind
from huiyin.web import access
from huiyin.web.downloads import XLSX, attached

Filters = tuple[tuple[str, str], ...]
ACROSS = (  # a breakdown's columns: 办结 beside 解决 (R70), 反馈 beside 满意 (R68)
    "completion", "solved", "on_time", "accepted", "contact", "met", "co_on_time", "returned_forms", "satisfied",
    "satisfied_finally", "turned",
)  # fmt: skip


@dataclass(frozen=True)
class View:
    """看哪一年、哪一类：what the page's chooser says, and the links that go with it."""

    scope: Scope
    meetings: tuple[Meeting, ...]

    @property
    def filters(self) -> dict[str, str]:
        found = {"meeting": str(self.scope.meeting.pk)} if self.scope.meeting else {}
        return found | ({"kind": self.scope.kind.value} if self.scope.kind else {})

    @property
    def query(self) -> str:
        """For the pages of figures themselves."""
        return urlencode({"meeting": "all", **self.filters})

    @property
    def title(self) -> str:
        year = str(self.scope.meeting) if self.scope.meeting else "全部年度"
        return f"{year}　{self.scope.kind.label}" if self.scope.kind else year

    def ledger(self, figure: str = "", at: Filters = ()) -> str:
        """台账里的那些件. A filter in `at` takes the place of the view's own; an empty one drops it."""
        told = {**self.filters, **dict(at), "figure": figure}
        return f"{reverse('ledger')}?{urlencode({key: value for key, value in told.items() if value})}"

    def promises(self, figure: str, at: Filters = ()) -> str:
        told = {"figure": figure, "meeting": "all", **self.filters, **dict(at)}
        return f"{reverse('promises')}?{urlencode(told)}"


def _view(request: HttpRequest) -> View:
    """The latest year he sees, where he has not chosen."""
    meetings = tuple(Meeting.objects.all())
    asked, kind = request.GET.get("meeting", ""), request.GET.get("kind", "")
    chosen = next((one for one in meetings if one.pk == access.number(asked)), None)
    if chosen is None and asked != "all":
        chosen = access.latest_year(request)
    return View(Scope(chosen, Kind(kind) if kind in set(Kind) else None), meetings)


def _page(request: HttpRequest, name: str, view: View, context: dict[str, Any]) -> HttpResponse:
    whole = {"view": view, "kinds": list(Kind), "tab": name, "today": access.actor(request).on, **context}
    return render(request, f"figures/{name}.html", whole)


# 数字


@dataclass(frozen=True)
class Shown:
    """一个比率 with its links."""

    key: str
    label: str
    percent: str
    words: str
    unit: str
    above: int
    above_url: str
    below: int
    below_url: str
    missing: int
    missing_url: str


def _shown(view: View, value: Value, at: Filters = ()) -> Shown:
    key = value.rate.key
    return Shown(
        key, value.rate.label, value.percent, value.words, value.rate.unit,
        value.numerator, view.ledger(f"{key}.num", at), value.denominator, view.ledger(f"{key}.den", at),
        value.missing, view.ledger(f"{key}.not", at),
    )  # fmt: skip


def _by(request: HttpRequest) -> figures.Dimension:
    """分组, by section where none is asked for."""
    return figures.BY_DIMENSION.get(request.GET.get("by", ""), figures.BY_DIMENSION["section"])


def index(request: HttpRequest) -> HttpResponse:
    """统计数字：counts, rates with their formulas, class shares, groups, promises. What does not add up is said instead."""
    actor, view = access.actor(request), _view(request)
    by = _by(request)
    doubts = reconciliation.doubts(actor, view.scope, actor.on, every="check" in request.GET)
    try:
        groups = figures.breakdown(actor, view.scope, actor.on, by)
    except DoesNotReconcile as error:
        groups, doubts = [], [*doubts, Doubt(str(error), tuple(error.items))]
    stops = [one for one in doubts if one.stops]
    rates = figures.rates(actor, view.scope, actor.on)
    counts = {} if stops else figures.counts(actor, view.scope)
    context = {
        "stops": stops, "gaps": [one for one in doubts if not one.stops], "checked": "check" in request.GET,
        "counts": [(one, counts[one.key], view.ledger(one.key)) for one in formulas.COUNTS if counts.get(one.key)],
        "rates": [_shown(view, one) for one in rates.values()], "dimensions": figures.DIMENSIONS, "by": by,
        "heads": [formulas.BY_KEY[key] for key in ACROSS], "across": [_shown(view, rates[key]) for key in ACROSS],
        "groups": [_group(view, by, one) for one in groups], "total": counts.get("total"), "total_url": view.ledger("total"),
        "schemes": [] if stops else _schemes(actor, view), **_promises(actor, view),
    }  # fmt: skip
    return _page(request, "index", view, context)


def _group(view: View, by: figures.Dimension, group: Group) -> dict[str, Any]:
    at = ((by.key, group.value),)
    return {
        "label": group.label, "total": group.counts["total"], "url": view.ledger("total", at),
        "cells": [_shown(view, group.rates[key], at) for key in ACROSS],
    }  # fmt: skip


def _schemes(actor: Actor, view: View) -> list[dict[str, Any]]:
    return [
        {
            "title": one.title, "whole": one.whole, "rest": remainder(size for *_, size in one.rows), "url": view.ledger("solved.den"),
            "rows": [(letter, words, size, one.percent(size), view.ledger(f"class.{letter}")) for letter, words, size in one.rows],
        }
        for one in figures.class_shares(actor, view.scope)
    ]  # fmt: skip


def _promises(actor: Actor, view: View) -> dict[str, Any]:
    kept, due = promises.rate(actor, view.scope, actor.on)
    sides = []
    for key, (label, *_) in promises.DIMENSIONS.items():
        rows = [
            (name, above, view.promises("kept", ((key, value),)), below, view.promises("due", ((key, value),)), percent(above, below))
            for value, name, above, below in promises.breakdown(actor, view.scope, actor.on, key)
        ]  # fmt: skip
        sides.append((label, rows))
    return {
        "kept": kept, "due": due, "kept_rate": percent(kept, due), "kept_url": view.promises("kept"), "due_url": view.promises("due"),
        "unkept": due - kept, "unkept_url": view.promises("not"), "promised": sides,
    }  # fmt: skip


# 导出

HEADS = ("分组", "指标", "单位", "分子（件数）", "分母", "比率", "口径")
WIDTHS = (22, 22, 8, 12, 10, 10, 70)


def export(request: HttpRequest) -> HttpResponseBase:
    """统计数字 .xlsx：the whole and each group. What does not add up is not handed out (R71): 409, with the items."""
    actor, view = access.actor(request), _view(request)
    by = _by(request)
    stops = [one for one in reconciliation.doubts(actor, view.scope, actor.on, every=False) if one.stops]
    try:
        groups = figures.breakdown(actor, view.scope, actor.on, by)
    except DoesNotReconcile as error:
        groups, stops = [], [*stops, Doubt(str(error), tuple(error.items))]
    if stops:
        answer = _page(request, "board", view, {"stops": stops})
        answer.status_code = 409
        return answer
    whole = Group("", "全部", figures.counts(actor, view.scope), figures.rates(actor, view.scope, actor.on))
    rows = [row for one in (whole, *groups) for row in _lines(one)]
    out = io.BytesIO()
    spreadsheet.write(
        out, spreadsheet.plain_layout("统计数字", HEADS, WIDTHS, frozen=2), rows, size=len(rows)
    )
    out.seek(0)
    name = f"{view.title.replace('　', '')}统计数字（按{by.label}，截至{actor.on:%Y%m%d}）.xlsx"
    exporting.record(
        "统计数字 .xlsx",
        of=f"{view.title}，按{by.label}",
        rows=len(rows),
        by=access.person(request),
        at=access.now(),
    )
    return attached(FileResponse(out, content_type=XLSX), name)


def _lines(group: Group) -> Iterator[tuple[object, ...]]:
    for count in formulas.COUNTS:
        yield group.label, count.label, count.unit, group.counts[count.key], "", "", count.words
    for one in group.rates.values():
        yield (
            group.label,
            one.rate.label,
            one.rate.unit,
            one.numerator,
            one.denominator,
            one.percent,
            one.words,
        )


# 领导看板


def board(request: HttpRequest) -> HttpResponse:
    """领导看板：one screen, on a telephone as well."""
    actor, view = access.actor(request), _view(request)
    try:
        found = overview(actor, view.scope)
    except DoesNotReconcile as error:
        return _page(request, "board", view, {"stops": [Doubt(str(error), tuple(error.items))]})
    context = {
        "found": found, "rates": {key: _shown(view, one) for key, one in found.rates.items()},
        "total_url": view.ledger("total"), "late_url": view.ledger("late.open"), "soon_url": view.ledger("late.soon"),
        "lateness": _drawn(view, found.lateness) if found.lateness else None, "schemes": _schemes(actor, view),
    }  # fmt: skip
    return _page(request, "board", view, context)


# 分析


def charts(request: HttpRequest) -> HttpResponse:
    """分析：pictures, each with its table; complete without a script."""
    actor, view = access.actor(request), _view(request)
    return _page(
        request,
        "analysis",
        view,
        {"pictures": [_drawn(view, one) for one in analysis.pictures(actor, view.scope)]},
    )


def _drawn(view: View, picture: analysis.Picture) -> dict[str, Any]:
    """The picture's table with its links, and what a script draws of it."""
    rows = [[{"cell": cell, "url": _url(view, cell)} for cell in row] for row in picture.rows]
    chart = {
        "unit": picture.unit, "flat": picture.flat, "rows": [row[0].text for row in picture.rows],
        "series": [
            {
                "name": one.label, "tone": one.tone, "line": one.line, "stack": one.stack,
                "values": [row[one.column].value for row in picture.rows],
                "links": [_url(view, row[one.column]) for row in picture.rows],
            }
            for one in picture.series
        ],
    }  # fmt: skip
    bars = len(rows) * max(sum(not one.stack for one in picture.series), 1) if picture.flat else 8
    size = "tall" if bars > 10 else "short" if bars < 5 else ""
    return {
        "picture": picture,
        "heads": [(label, cell.words) for label, cell in zip(picture.columns, picture.rows[0], strict=True)],
        "rows": rows,
        "chart": chart,
        "id": f"chart-{picture.key}",
        "data": f"data-{picture.key}",
        "size": size,
    }


def _url(view: View, cell: analysis.Cell) -> str:
    if cell.item:
        return reverse("item", args=[cell.item])
    return view.ledger(cell.figure, cell.at) if cell.figure or cell.at else ""
