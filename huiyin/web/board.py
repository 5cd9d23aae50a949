"""督办看板 (S17): three sides, 时限、质量、落实; each figure opens the items behind it, and they can be urged at once."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import supervising
from huiyin.models import Assignment, Meeting
from huiyin.queries import quality
from huiyin.queries.actors import items_for
from huiyin.queries.board import LONGEST, Board
from huiyin.queries.holders import Held
from huiyin.queries.ledger import limit, marks, rows
from huiyin.queries.supervision import row_of, urged
from huiyin.queries.tally import FIGURES, ON_SECTION
from huiyin.rules import permissions as p
from huiyin.rules import workflow
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField, text
from huiyin.web.forms.supervising import ASKED, URGE_TEXT, target

PARTS = {"time": "时限", "quality": "质量", "kept": "落实"}
TIME = ("open", "late", "soon", "owed", "cold", "untold")
KEPT = (
    "errands",
    "errands_late",
    "errands_answered",
    "promises",
    "promises_late",
    "milestones_late",
    "no_plan",
)
OUTSIDE = frozenset({"owed", "asked", "co_late"})  # figures whose items wait for a unit outside
PAGE_SIZE, MOST = 50, 200


def board(request: HttpRequest) -> HttpResponse:
    part = request.GET.get("part", "time")
    part = part if part in PARTS else "time"
    context = {"time": _time, "quality": _quality, "kept": _kept}[part](request)
    context |= {"part": part, "parts": PARTS, "today": access.actor(request).on}
    return render(request, f"supervision/board_{part}.html", context)


def _time(request: HttpRequest) -> dict[str, Any]:
    found = Board(access.actor(request))
    due = [(one, p.urges(found.actor, one.item)) for one in found.due()]
    return {
        "tiles": found.tiles(*TIME), "statuses": found.statuses(), "total": len(found.items), "inside": found.groups(inside=True), "outside": found.groups(inside=False),
        "due": due, "due_total": found.tally.count("late") + found.tally.count("soon"),
        "cold": found.cold[:LONGEST], "cold_total": len(found.cold), "partners": found.partners()[:LONGEST],
        "columns": [FIGURES[figure][0] for figure in ON_SECTION], "sections": found.lines("section"),
        "leaders": found.lines("leader"), "may_urge": any(may for _, may in due),
        "late_total": found.tally.count("late"),
    }  # fmt: skip


def _quality(request: HttpRequest) -> dict[str, Any]:
    actor, meeting = access.actor(request), access.year(request)
    found = quality.of_year(actor, meeting) if meeting else quality.Quality(())
    return {
        "quality": found,
        "meeting": meeting,
        "meetings": Meeting.objects.all(),
        "lowest": found.scores[:LONGEST],
    }


def _kept(request: HttpRequest) -> dict[str, Any]:
    actor = access.actor(request)
    found = Board(actor)
    return {
        "tiles": found.tiles(*KEPT), "errands": [row_of(one, actor) for one in found.errands[:LONGEST]],
        "errands_total": len(found.errands), "promises": found.dated(found.promises)[:LONGEST],
        "milestones": found.dated(found.milestones)[:LONGEST], "planless": found.planless[:LONGEST],
        "columns": [FIGURES[figure][0] for figure in ON_SECTION], "sections": found.lines("section"),
    }  # fmt: skip


# 一个数字背后的件


def items(request: HttpRequest) -> HttpResponse:
    """看板上一个数字的件: exactly those it counts."""
    figure, of = request.GET.get("figure", "open"), request.GET.get("of", "")
    if figure == "quality":
        return _scored(request, of)
    if figure not in FIGURES:
        raise Http404("看板上没有这个数字")
    actor = access.actor(request)
    found = Board(actor)
    pks = found.tally.items(figure, of)
    page = Paginator(rows(actor).filter(pk__in=pks).order_by("due_on", "pk"), PAGE_SIZE).get_page(
        request.GET.get("page")
    )
    context = {
        "title": found.title(figure, of), "words": FIGURES[figure][1], "page": page, "figure": figure, "of": of,
        "rows": [(one, limit(one, actor.on), marks(one, actor.on), found.holders.get(one.pk, ())) for one in page],
        "query": f"figure={figure}&of={of}&", "may_urge": any(_may_urge(one, request) for one in page),
    }  # fmt: skip
    return render(request, "supervision/items.html", context)


def _scored(request: HttpRequest, of: str) -> HttpResponse:
    meeting = access.year(request)
    if meeting is None:
        raise Http404("没有这个年度")
    found = quality.of_year(access.actor(request), meeting).pick(of)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    label = quality.LABELS.get(of.removeprefix("lost:"), "")
    context = {
        "title": f"{label}失分的件" if label else "答复质量评分", "scores": page, "page": page, "meeting": meeting,
        "query": f"figure=quality&of={of}&meeting={meeting.pk}&",
    }  # fmt: skip
    return render(request, "supervision/scores.html", context)


# 催办：先看名单，再发


class UrgeForm(forms.Form):
    whom = forms.MultipleChoiceField(label="催谁")
    body = text("要求", rows=3)
    due_on = DateField(label="要求何日前答复", required=False, help_text=ASKED)


def urge(request: HttpRequest) -> HttpResponse:
    """催办一件或几件：the list is shown first, then one act with one number."""
    chosen = _to_urge(request)
    found = Board(access.actor(request))
    sent = urged(chosen)
    listed = [
        (one, sent.get((one.item.pk, one.key.partition(":")[2])))
        for item in chosen for one in found.holders.get(item.pk, ()) if _can_be_urged(one, request)
    ]  # fmt: skip
    form = UrgeForm(request.POST or None, initial={"body": URGE_TEXT})
    form.fields["whom"].choices = [(one.key, one.whom) for one, before in listed if before is None]  # type: ignore[attr-defined]
    reasons = list[str]()
    if request.method == "POST" and form.is_valid():
        done = _send(request, form, {one.pk: one for one in chosen}, reasons)
        if done is not None:
            return done
    context = {
        "listed": listed, "form": form, "reasons": reasons, "key": access.fresh_key(), "marked": _marked(request, listed),
    }  # fmt: skip
    status = 200 if request.method == "GET" else 409 if reasons else 422
    return render(request, "supervision/urge.html", context, status=status)


def _to_urge(request: HttpRequest) -> list[Assignment]:
    """The items asked for by number, or behind a figure; only those he may urge on."""
    actor = access.actor(request)
    if wanted := request.GET.getlist("item"):
        pks = {access.number(one) for one in wanted}
    else:
        figure = request.GET.get("figure", "late")
        pks = Board(actor).tally.items(figure, request.GET.get("of", "")) if figure in FIGURES else set()
    found = items_for(actor).filter(pk__in=pks).select_related("suggestion__meeting", "handler")
    return [one for one in found.order_by("due_on", "pk")[:MOST] if _may_urge(one, request)]


def _may_urge(item: Assignment, request: HttpRequest) -> bool:
    return not workflow.refusals(access.actor(request), item, Deed.URGE)


def _can_be_urged(one: Held, request: HttpRequest) -> bool:
    actor = access.actor(request)
    if one.unit_id:
        return True
    return one.person_id not in {None, actor.person_id} and p.urges(actor, one.item)


def _marked(request: HttpRequest, listed: list[tuple[Held, Any]]) -> set[str]:
    """Whose box is ticked at first: those the figure is about; what was ticked before stays so."""
    if request.method == "POST":
        return set(request.POST.getlist("whom"))
    outside = request.GET.get("figure") in OUTSIDE
    whom = request.GET.get("of", "")
    found = [one for one, before in listed if before is None and bool(one.unit_id) == outside]
    if request.GET.get("figure") in {"open", "held"}:  # not all of these are pressing
        found = [one for one in found if one.due_on and one.due_on < access.actor(request).on]
    if whom.startswith("unit:"):
        found = [one for one in found if f"unit:{one.unit_id}" == whom]
    return {one.key for one in found} or ({listed[0][0].key} if len(listed) == 1 else set())


def _send(
    request: HttpRequest, form: UrgeForm, chosen: dict[int, Assignment], reasons: list[str]
) -> HttpResponse | None:
    by = access.person(request)
    targets = [one for key in form.cleaned_data["whom"] if (one := target(key, chosen, by))]
    run = partial(
        supervising.urge, targets, text=form.cleaned_data["body"], due_on=form.cleaned_data["due_on"]
    )
    done = attempt(request, Deed.URGE.value, run, reasons)
    if done is None or done.result is None:
        return redirect("board") if done else None
    act = done.result
    messages.success(request, f"已发{act}，共{act.errands.count()}件")
    return redirect("supervision_act", pk=act.pk)
