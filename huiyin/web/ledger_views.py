"""台账的列和视图 (S16): which columns a person looks at and in what order, and the looks he keeps or shares."""

from collections.abc import Callable
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse

from huiyin.actions import viewing
from huiyin.models import LedgerView
from huiyin.queries import ledger as table
from huiyin.queries.columns import BY_KEY, COLUMNS, chosen
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.ledger import view_query


def columns(request: HttpRequest) -> HttpResponse:
    """选列：each step is a link or a form of this same page; nothing is kept before the view is saved."""
    told = request.GET
    added = [key for key in told.getlist("add") if key in BY_KEY]
    keys = [one.key for one in chosen(told.get("cols", ""))]
    keys = list(dict.fromkeys([*keys, *added]))
    lines = [
        {
            "column": BY_KEY[key], "up": _with(request, _moved(keys, key, -1)) if place else "",
            "down": _with(request, _moved(keys, key, 1)) if place < len(keys) - 1 else "",
            "drop": _with(request, [one for one in keys if one != key]) if len(keys) > 1 else "",
        }
        for place, key in enumerate(keys)
    ]  # fmt: skip
    context = {
        "lines": lines, "rest": [one for one in COLUMNS if one.key not in keys], "cols": ",".join(keys),
        "hidden": _kept(told), "use": f"{reverse('ledger')}{_with(request, keys)}",
        "save": f"{reverse('ledger_views')}{_with(request, keys)}", "plain": f"{reverse('ledger')}{_with(request, [])}",
        "every": _with(request, [one.key for one in COLUMNS]),
    }  # fmt: skip
    return render(request, "ledger/columns.html", context)


def _moved(keys: list[str], key: str, step: int) -> list[str]:
    place = keys.index(key)
    found = [one for one in keys if one != key]
    found.insert(max(0, place + step), key)
    return found


def _with(request: HttpRequest, keys: list[str]) -> str:
    """This address with these columns."""
    told = request.GET.copy()
    for name in ("add", "cols", "page", "view"):
        told.pop(name, None)
    if keys:
        told["cols"] = ",".join(keys)
    return f"?{told.urlencode()}"


def _kept(told: QueryDict) -> list[tuple[str, str]]:
    without = {"add", "cols", "page", "view"}
    return [(name, value) for name, values in told.lists() if name not in without for value in values]


# 视图


def views(request: HttpRequest) -> HttpResponse:
    """视图：his own, to be changed; those his unit shares, to be used; what the address shows, to be saved."""
    reasons: list[str] = []
    if request.method == "POST" and (done := _change(request, reasons)):
        return done
    person = access.person(request)
    lines = [
        (one, view_query(one.query, one.columns, str(one.pk)), _said(request, one))
        for one in table.views(person)
    ]
    told = request.GET.copy()
    for name in ("page", "view", "open", "totals"):
        told.pop(name, None)
    columns = told.pop("cols", [""])[-1]
    context = {
        "own": [one for one in lines if one[0].owner_id == person.pk], "others": [one for one in lines if one[0].owner_id != person.pk],
        "columns": columns, "query": told.urlencode(), "saving": bool(request.GET), "key": access.fresh_key(), "reasons": reasons,
        "said": _words(request, told), "shown": [one.label for one in chosen(columns)], "name": request.POST.get("name", ""),
        "back": f"{reverse('ledger')}?{request.GET.urlencode()}" if request.GET else reverse("ledger"),
    }  # fmt: skip
    return render(request, "ledger/views.html", context, status=409 if reasons else 200)


def _said(request: HttpRequest, view: LedgerView) -> str:
    return _words(request, QueryDict(view.query))


def _words(request: HttpRequest, told: QueryDict) -> str:
    """The conditions in words."""
    try:
        found = table.found(access.actor(request), told)
    except table.NoSuchFigure:
        return "所指的数字已经没有了"
    said = [str(one) for one in found.conditions] + ([found.figure] if found.figure else []) + found.errors
    if group := table.GROUPS.get(told.get("group", "")):
        said.append(f"按{group.label}分组")
    return "；".join(said) or "全部件"


def _change(request: HttpRequest, reasons: list[str]) -> HttpResponse | None:
    told = request.POST
    pk = access.number(told.get("pk"))
    runs: dict[str, tuple[Callable[..., Any], str]] = {
        "save": (partial(viewing.save_view, told.get("name", ""), columns=told.get("columns", ""), query=told.get("query", "")), "已存"),
        "rename": (partial(viewing.rename_view, pk, told.get("name", "")), "已改名"),
        "share": (partial(viewing.share_view, pk, shared=True), "本单位的人可以用这个视图了"),
        "unshare": (partial(viewing.share_view, pk, shared=False), "不再共用"),
        "prefer": (partial(viewing.prefer_view, pk, preferred=True), "以后打开台账先用这个视图"),
        "unprefer": (partial(viewing.prefer_view, pk, preferred=False), "以后打开台账是全部件"),
        "remove": (partial(viewing.remove_view, pk), "已删去"),
    }  # fmt: skip
    what = told.get("what", "")
    if what not in runs:
        reasons.append("没有说明要做什么")
        return None
    run, said = runs[what]
    done = attempt(request, f"view_{what}"[:20], run, reasons)
    if done is None:
        return None
    if done.again or not isinstance(done.result, LedgerView) or what != "save":
        if not done.again:
            messages.success(request, said)
        return redirect("ledger_views")
    view = done.result
    for extra, action in (("share", viewing.share_view), ("prefer", viewing.prefer_view)):
        if told.get(extra):
            action(
                view.pk,
                **{"shared" if extra == "share" else "preferred": True},
                by=access.person(request),
                at=access.now(),
            )
    messages.success(request, f"已存为视图“{view.name}”")
    return redirect(f"{reverse('ledger')}?{view_query(view.query, view.columns, str(view.pk))}")
