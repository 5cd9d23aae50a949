"""台账页 (S16): what an address asks for, as a table with its filters, groups, totals and views."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import cached_property

from huiyin.queries import ledger as table
from huiyin.queries.actors import items_for
from huiyin.queries.columns import Column, chosen
from huiyin.queries.ledger import Found
from huiyin.queries.paging import Pages
from huiyin.web import access
from huiyin.web.forms.ledger import SIZES, panel
from huiyin.web.ledger_deeds import offered
from huiyin.web.ledger_rows import needed, rows

COUNTED_AT_ONCE = 20_000  # above, totals are counted when they are asked for
MOST_GROUPS = 200


class Address:
    """地址的各种改法：this page's address with some parts set, others dropped; the page number always."""

    def __init__(self, told: QueryDict) -> None:
        self.told = told

    def with_(self, *without: str, **changed: str) -> str:
        kept = self.told.copy()
        for name in ("page", *without, *changed):
            kept.pop(name, None)
        kept.update(changed)
        return f"?{kept.urlencode()}"

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Its parts, as a form carries them."""
        without = {"page", "deed", "item", "all"}
        return [
            (name, value) for name, values in self.told.lists() if name not in without for value in values
        ]

    @cached_property
    def whole(self) -> str:
        return self.with_()[1:]


def ledger(request: HttpRequest) -> HttpResponse:
    """台账：opened without an address it is the view he prefers, if he has one."""
    if not request.GET and (preferred := _preferred(request)):
        return redirect(
            f"{reverse('ledger')}?{view_query(preferred.query, preferred.columns, str(preferred.pk))}"
        )
    found = access.found_or_404(request)
    told, address = request.GET, Address(request.GET)
    columns = chosen(told.get("cols", ""))
    group = table.GROUPS.get(told.get("group", ""))
    context: dict[str, Any] = {
        "found": found, "address": address, "columns": _heads(columns, told, address), "full": bool(told.get("full")),
        "panel": panel(found, told), "chips": _chips(found, address), "views": _views(request), "width": len(columns) + 1,
        "deeds": offered(found.actor), "query": f"{address.whole}&" if address.whole else "",
        "links": _links(told, address), "found_q": told.get("q", ""),
    }  # fmt: skip
    if group is None:
        context |= _page(found, columns, told)
        context["totals"] = _totals(found, address, context["page"].paginator.count)
    else:
        context |= _grouped(found, group, columns, told, address)
    return render(request, "ledger.html", context, status=422 if found.errors else 200)


def _page(found: Found, columns: tuple[Column, ...], told: QueryDict) -> dict[str, Any]:
    size = access.number(told.get("size"))
    page = Pages(found.items, size if size in SIZES else SIZES[0]).get_page(told.get("page"))
    return {"page": page, "rows": _rows(list(page), found, columns, told), "size": page.paginator.count}


def _rows(pks: list[int], found: Found, columns: tuple[Column, ...], told: QueryDict) -> list[Any]:
    """The rows of these items, in this order: what the columns read is read for them alone."""
    year = not told.get("meeting")
    items = table.with_columns(items_for(found.actor), columns, found.actor)
    if also := needed(columns, year=year):
        items = items.select_related(*also)
    by_key = items.in_bulk(pks)
    here = [by_key[pk] for pk in pks if pk in by_key]
    return rows(here, columns, found.actor.on, year=year, ticks=bool(offered(found.actor)))


def _heads(columns: tuple[Column, ...], told: QueryDict, address: Address) -> list[dict[str, str]]:
    now = told.get("sort", "")
    return [
        {
            "label": one.label, "why": one.unsorted, "mark": "▲" if now == one.key else "▼" if now == f"-{one.key}" else "",
            "url": address.with_(sort=f"{'-' if now == one.key else ''}{one.key}") if one.sort else "",
        }
        for one in columns
    ]  # fmt: skip


def _chips(found: Found, address: Address) -> list[tuple[str, str]]:
    """(条件, 去掉它的地址)."""
    chips = [(str(one), address.with_("view", *one.names)) for one in found.conditions]
    return [*chips, *([(found.figure, address.with_("view", "figure"))] if found.figure else [])]


def _links(told: QueryDict, address: Address) -> dict[str, str]:
    """The other pages and looks of this very ledger."""
    rest = address.whole
    return {
        "more": address.with_("more") if told.get("more") else address.with_(more="1"),
        "full": address.with_("full") if told.get("full") else address.with_(full="1"),
        "columns": f"{reverse('ledger_columns')}?{rest}", "save": f"{reverse('ledger_views')}?{rest}",
    }  # fmt: skip


# 合计和分组


def _totals(found: Found, address: Address, size: int) -> dict[str, Any]:
    """合计 of all that was found, each with its items; of very many, when it is asked for."""
    if size > COUNTED_AT_ONCE and not address.told.get("totals"):
        return {"ask": address.with_(totals="1"), "size": size}
    return {"all": _told(table.totals(found.items, found.actor.on), found, address) if size else []}


def _told(sizes: dict[str, int], found: Found, address: Address, **of: str) -> list[dict[str, Any]]:
    """Each total with the address of its items."""
    lines = []
    for one in table.totals_of(found.actor.on):
        also = QueryDict(one.also).dict()
        drop = ("view", "group", "open") if of else ("view",)
        url = address.with_(*drop, **{**of, **{str(k): str(v) for k, v in also.items()}})
        lines.append({"label": one.label, "size": sizes[one.key], "url": url})
    return lines


def _grouped(
    found: Found, group: Column, columns: tuple[Column, ...], told: QueryDict, address: Address
) -> dict[str, Any]:
    """The groups with their subtotals; the one that is open with its items under it."""
    groups = table.groups(found.items, group, found.actor)
    size = sum(one.sizes["size"] for one in groups)
    opened = told.get("open", "")
    lines = [
        {
            "label": one.label, "sizes": _told(one.sizes, found, address, **{group.key: one.value}), "open": one.value == opened,
            "url": address.with_("open") if one.value == opened else address.with_(open=one.value),
        }
        for one in groups[:MOST_GROUPS]
    ]  # fmt: skip
    context = {"group": group, "groups": lines, "size": size, "left": len(groups) - len(lines)}
    sums = {one.key: sum(each.sizes[one.key] for each in groups) for one in table.totals_of(found.actor.on)}
    context["totals"] = {"all": _told(sums, found, address)}
    if any(one.value == opened for one in groups):
        told = told.copy()
        told.setlist(group.key, [opened])
        within = table.found(found.actor, told)
        context |= _page(within, columns, told) | {"size": size}
    return context


# 视图


def view_query(query: str, columns: str, key: str) -> str:
    """The address of a view."""
    told = QueryDict(query, mutable=True)
    if columns:
        told["cols"] = columns
    told["view"] = key
    return told.urlencode()


def _preferred(request: HttpRequest) -> Any:
    return access.person(request).ledger_views.filter(preferred=True).first()


def _views(request: HttpRequest) -> list[dict[str, Any]]:
    """现成的、自己的、本单位共用的."""
    now, person = request.GET.get("view", ""), access.person(request)
    ready = [(one.key, one.label, view_query(one.query, "", one.key), "") for one in table.READY]
    kept = [
        (
            str(one.pk),
            one.name,
            view_query(one.query, one.columns, str(one.pk)),
            "" if one.owner_id == person.pk else one.owner.name,
        )
        for one in table.views(person)
    ]
    lines = [
        {"label": name, "url": f"?{query}", "now": key == now, "owner": owner}
        for key, name, query, owner in (*ready, *kept)
    ]
    return [
        {"label": "全部", "url": f"?{urlencode({'view': 'all'})}", "now": now == "all" or not request.GET},
        *lines,
    ]
