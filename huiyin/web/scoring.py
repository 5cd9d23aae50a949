"""考核 (R72): the score-cards of a year, what is behind each mark, and the scheme they go by."""

import csv
import io
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from huiyin.actions import exporting
from huiyin.actions import scoring as setting
from huiyin.documents import scoring as score_paper
from huiyin.models import Assignment, Section, Unit
from huiyin.queries import score_schemes as schemes
from huiyin.queries.ledger import marks
from huiyin.queries.scoring import (
    NO_SECTION,
    PARTNER_SIDES,
    UNIT,
    Card,
    Line,
    Scores,
    history,
    sees_cards,
    years,
)
from huiyin.rules.cells import neutral
from huiyin.rules.permissions import may
from huiyin.rules.scoring import Indicator
from huiyin.rules.vocabulary import Deed, ScoreMode
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.downloads import attached
from huiyin.web.forms.scoring import MarkForm
from huiyin.web.papers import send

SHOWN, PAGE_SIZE = 12, 50


def scores_of(request: HttpRequest) -> Scores:
    """The year (by default the last with items) and the version (by default what is in force) that are asked for."""
    actor = access.actor(request)
    if not sees_cards(actor):
        raise Http404("没有这一页，或不在您的范围内")
    year = access.number(request.GET.get("year")) or next(iter(years(actor)), actor.on.year)
    found = schemes.scheme_of(actor.unit_id or 0, min(year, 9999), access.number(request.GET.get("version")))
    if found is None:
        raise Http404("没有这一版考核方案")
    return Scores(actor, found)


def _context(request: HttpRequest, found: Scores) -> dict[str, Any]:
    """What every page of one year says: the year, the version, and the address that asks for both."""
    asked = {"year": found.scheme.year}
    version = access.number(request.GET.get("version"))
    return {
        "found": found, "scheme": found.scheme, "on": found.on, "unit_of": UNIT,
        "ask": urlencode({**asked, "version": version} if version else asked), "version": version,
        "versions": list(schemes.versions(found.actor.unit_id or 0, found.scheme.year)),
        "years": sorted({*years(found.actor), found.scheme.year}, reverse=True),
        "may_set": may(found.actor, Deed.SET_SCORING),
    }  # fmt: skip


def by_rank(cards: list[Card]) -> list[Card]:
    """名次在前的在前; those without a score last."""
    return sorted(cards, key=lambda one: one.rank or len(cards) + 1)


def scores(request: HttpRequest) -> HttpResponse:
    """考核表：sections × indicators, with totals and ranks."""
    found = scores_of(request)
    context = _context(request, found) | {
        "cards": by_rank(found.cards), "partners": [(one, int(one.of.partition(":")[2])) for one in found.partners],
    }  # fmt: skip
    return render(request, "scores/table.html", context)


def export(request: HttpRequest) -> HttpResponse:
    """考核表 .csv."""
    found = scores_of(request)
    out = io.StringIO()
    writer = csv.writer(out)
    rows = found.scheme.rows
    writer.writerow(["科室", *(neutral(f"{one.group}·{one.name}") for one in rows), "加分", "总分", "名次"])
    for card in (*by_rank(found.cards), found.unit):
        cells = ["" if line.mark is None else line.mark for line in card.lines]
        writer.writerow([neutral(card.label), *cells, card.total.bonus, card.score, card.rank])
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    name, size = f"{found.scheme.year}年考核表", len(found.cards) + 1
    exporting.record("考核表 .csv", of=name, rows=size, by=access.person(request), at=access.now())
    return attached(response, f"{name}.csv")


def paper(request: HttpRequest) -> HttpResponse:
    """考核表 .docx, and on the pages behind it the deductions of each card that he may open."""
    found = scores_of(request)
    data = score_paper.write(found, by_rank(found.cards))
    return send(request, f"{found.scheme.year}年建议提案办理考核表", data)


# 一张考核表


@dataclass(frozen=True)
class Shown:
    """一项得分, its rule, and the first of the items behind it."""

    line: Line
    rule: str
    items: list[Assignment]
    opens: bool

    @property
    def more(self) -> bool:
        return self.line.count > len(self.items)


def card(request: HttpRequest, of: str) -> HttpResponse:
    """一张考核表：every mark with its rule, and the items that took points."""
    found = scores_of(request)
    one = _card(found, of)
    groups = [(name, [_shown(found, of, line) for line in lines]) for name, lines in one.groups]
    context = _context(request, found) | {"card": one, "groups": groups, "competing": found.competing}
    return render(request, "scores/card.html", context)


def _card(found: Scores, of: str) -> Card:
    one = found.card(of)
    if one is None:
        raise Http404("没有这张考核表，或不在您的范围内")
    return one


def _shown(found: Scores, of: str, line: Line) -> Shown:
    items = found.behind(of, line.indicator.key) if line.count else None
    first = [] if items is None else list(items.select_related("suggestion").order_by(*ORDER)[:SHOWN])
    return Shown(line, schemes.rule(line.indicator), first, items is not None)


ORDER = ("number_key", "pk")


def items(request: HttpRequest, of: str, key: str) -> HttpResponse:
    """一项得分背后的件: exactly those it counts."""
    found = scores_of(request)
    one = None if of == NO_SECTION else _card(found, of)
    behind, indicator = found.behind(of, key), found.scheme.find(key)
    if one is None or behind is None or indicator is None:
        raise Http404("没有这项指标的件，或不在您的范围内")
    context = _context(request, found) | {
        "card": one, "one": indicator, "source": schemes.what(indicator), "rule": schemes.rule(indicator),
        "line": next(each for each in one.lines if each.indicator.key == key),
    }  # fmt: skip
    return _listed(request, context, behind)


def _listed(request: HttpRequest, context: dict[str, Any], behind: QuerySet[Assignment]) -> HttpResponse:
    rows = behind.select_related("suggestion__meeting", "section", "handler").prefetch_related("opinions")
    page = Paginator(rows.order_by(*ORDER), PAGE_SIZE).get_page(request.GET.get("page"))
    listed = [(item, marks(item, context["on"])) for item in page]
    context |= {"page": page, "query": f"{context['ask']}&", "rows": listed}
    return render(request, "scores/items.html", context)


def partner(request: HttpRequest, pk: int, side: str) -> HttpResponse:
    """协办单位没有按时、被退回的件."""
    found = scores_of(request)
    behind = found.behind_partner(pk, side)
    if behind is None:
        raise Http404("没有请这个单位提过意见，或不在您的范围内")
    context = _context(request, found) | {"partner": Unit.objects.get(pk=pk), "side": PARTNER_SIDES[side]}
    return _listed(request, context, behind)


# 人工评分


def mark(request: HttpRequest, of: str, key: str) -> HttpResponse:
    """评一项分, with its reason; what was given before stays to be read."""
    access.must(request, Deed.SET_SCORING)
    found = scores_of(request)
    one, indicator = _card(found, of), found.scheme.find(key)
    if indicator is None or indicator.mode != ScoreMode.BY_HAND:
        raise Http404("没有这项人工评分的指标")
    form, reasons = MarkForm(request.POST or None, one=indicator), list[str]()
    if request.method == "POST" and form.is_valid() and _give(request, form, one, indicator, found, reasons):
        return redirect(f"{reverse('score_card', args=[of])}?year={found.scheme.year}")
    context = _context(request, found) | {
        "card": one, "one": indicator, "form": form, "reasons": reasons, "key": access.fresh_key(),
        "given": history(found.actor, found.scheme.year, of, key).order_by("-pk"),
    }  # fmt: skip
    status = 200 if request.method != "POST" else 409 if reasons else 422
    return render(request, "scores/mark.html", context, status=status)


def _give(
    request: HttpRequest, form: MarkForm, one: Card, indicator: Indicator, found: Scores, reasons: list[str]
) -> bool:
    section = None if one.of == UNIT else Section.objects.get(pk=one.of)
    give = partial(
        setting.give_mark, indicator.key, year=found.scheme.year, section=section, **form.cleaned_data
    )
    done = attempt(request, "give_mark", give, reasons)
    if done and not done.again:
        messages.success(request, f"已评“{indicator.name}”，{one.label}{form.cleaned_data['mark']}分")
    return done is not None
