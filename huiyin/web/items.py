"""承办件：the item's page, its deeds, its letter."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html

from huiyin.actions import AlreadyDone, Refused, Stale, once
from huiyin.actions.linking import Opened
from huiyin.models import Assignment, Commitment, ReplyVersion, Supervision
from huiyin.queries import item as show
from huiyin.queries.consultations import consultations
from huiyin.queries.dates import explained, provisional, why
from huiyin.queries.ledger import limit, marks
from huiyin.queries.merging import group
from huiyin.queries.points import current_version
from huiyin.queries.quality import score
from huiyin.queries.reading import since
from huiyin.queries.signing_sheet import signatures
from huiyin.queries.supervision import on_item
from huiyin.rules import workflow
from huiyin.rules.difference import paragraphs
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import ClockKind, Deed, Gate
from huiyin.rules.workflow import Step
from huiyin.web import access, answers, opinions, papers, points, remarks, signing
from huiyin.web.checks import sheet
from huiyin.web.deeds import PAGE_OF, WITHOUT_BUTTON, Page, standing
from huiyin.web.fields import DeedForm

OTHERS = {  # the other answer to the same question, offered on the same page
    Deed.EXTENSION_GRANTED: Deed.EXTENSION_REFUSED, Deed.RETURN_AGREED: Deed.RETURN_REFUSED,
}  # fmt: skip


@dataclass(frozen=True)
class Button:
    """一个按钮，灰的带全部理由."""

    label: str
    verb: str
    url: str
    main: bool
    reasons: list[str]
    group: str = ""


def buttons(item: Assignment, actor: Actor) -> list[Button]:
    """现在可办：what is his to do, and the way forward with the reasons why it is not (yet) his."""
    found, seen = [], set[Deed]()
    for step in workflow.steps_from(item):
        page = PAGE_OF.get(step.deed)
        if step.deed in WITHOUT_BUTTON or page is None or step.deed in seen:
            continue
        his = step.who(actor, item)
        if (his or page.main) and not step.idle(actor, item):
            seen.add(step.deed)
            found.append(_button(item, actor, step, page, his))
    return sorted(found, key=lambda one: (not one.main, bool(one.reasons)))


def _button(item: Assignment, actor: Actor, step: Step, page: Page, his: bool) -> Button:
    label = item.profile.say(page.button)
    if step.deed in {Deed.PASS_ASSIGN, Deed.PASS_REVIEW} and his:
        label += f"，送{_after(item)}"
    url = reverse("deed", args=[item.pk, step.deed.value])
    return Button(
        label, step.deed.label, url, page.main, standing(page, item, actor), item.profile.say(page.group)
    )


def grouped(found: list[Button]) -> list[tuple[str, list[Button]]]:
    """The buttons under their headings; those of the handling itself first, without one."""
    names = dict.fromkeys(["", *(one.group for one in found)])
    return [(name, [one for one in found if one.group == name]) for name in names]


def _after(item: Assignment) -> str:
    """Whom the next signature leads to."""
    gate = item.gate
    assert gate is not None
    left = item.posts_waiting()[1:]
    person = item.person(left[0]) if left else None
    if person:
        return person.name
    return {Gate.ASSIGN: "科室签收", Gate.REVIEW: "签发关"}.get(gate, "送达")


def page(request: HttpRequest, pk: int) -> HttpResponse:
    item = access.item_or_404(request, pk)
    actor = access.actor(request)
    own: dict[str, Any] = {"supervision": on_item(item, actor), "quality": score(item)}
    own["papers"] = papers.offered(request, item)
    own["opinions"] = opinions.table(item, actor)
    own["points"] = points.sheet(item, current_version(item), actor)
    return render(request, "items/page.html", {**_facts(item, actor), **_details(item), **own})


def _facts(item: Assignment, actor: Actor) -> dict[str, Any]:
    """What the head of the item's page and of its deeds' pages shows."""
    where, whose, following = show.now(item)
    return {
        "item": item,
        "lit": limit(item, actor.on),
        "tags": marks(item, actor.on),
        "where": where,
        "whose": whose,
        "following": following,
        "gates": show.gates(item),
        "group": group(item, actor),
        "buttons": grouped(buttons(item, actor)),
        "drafting": not workflow.refusals(actor, item, Deed.DRAFT),
        "matrix": show.matrix(item, actor.on),
        "signers": show.signers(item),
        "why": why(item),
        "hide_proposer": show.hides_proposer(item, actor),
    }


def _details(item: Assignment) -> dict[str, Any]:
    rounds = [*item.chain_of_rounds()]
    return {
        **_timing(item),
        "events": show.chronology(item),
        "contacts": item.contacts.prefetch_related("reached").select_related("paper"),
        "consultations": consultations(item),
        "activities": item.activities.prefetch_related("files"),
        "versions": item.versions.select_related("edited_by", "submitted_by").order_by("-number"),
        "commitments": Commitment.objects.filter(assignment__in=[item, *rounds])
        .select_related("assignment", "section", "owner")
        .prefetch_related("progress__evidence"),
        "evaluations": item.evaluations.select_related("proposer", "scan", "entered_by"),
        "visits": item.visits.annotate(provisional=provisional(ClockKind.VISIT)),
        "files": item.files.select_related("uploaded_by"),
        "rounds": rounds,
        "later": getattr(item, "following", None),
        "class_changes": item.class_changes.all(),
    }


def _timing(item: Assignment) -> dict[str, Any]:
    """延期与中止 of its main clock."""
    clock = item.main_clock
    return {
        "extensions": clock.extensions.select_related("asked_by", "paper") if clock else [],
        "suspensions": clock.suspensions.all() if clock else [],
        "untold": item.extension_untold(),
    }


def deed(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One page for every deed: its form, what it is about, and every reason why it cannot be done."""
    item = access.item_or_404(request, pk)
    actor = access.actor(request)
    page_of = next((one for key, one in PAGE_OF.items() if key.value == name), None)
    if page_of is None:
        raise Http404("没有这个动作")
    if request.method == "POST":
        return _do(request, item, page_of)
    asked = {name: request.GET[name] for name in page_of.form.ASKED if name in request.GET}
    form = page_of.form(item=item, actor=actor, initial=asked)
    return _deed_page(request, item, page_of, form, standing(page_of, item, actor))


def _do(request: HttpRequest, item: Assignment, page_of: Page) -> HttpResponse:
    at, by, actor = access.now(), access.person(request), access.actor(request)
    form = page_of.form(request.POST, request.FILES, item=item, actor=actor)
    step = workflow.find(item, page_of.deed)
    if not step.who(actor, item):  # he is shown why, and no form: its choices are not his to see
        now = Assignment.objects.get(pk=item.pk)  # another may have done it while this page was asked for
        refusals = workflow.refusals(actor, now, page_of.deed)
        return _deed_page(request, item, page_of, form, refusals, status=409, blocked=True)
    reasons: list[str] = []
    if form.is_valid() and not getattr(form, "preview", None):
        try:
            with once(request.POST.get("key", ""), page_of.deed.value, by=by, at=at):
                result = page_of.run(item, form, by, at)
        except AlreadyDone as done:
            messages.warning(request, str(done))
            return redirect("item", pk=item.pk)
        except Stale as stale:  # he sees what stands there now, and may sign that
            reasons = stale.reasons
            typed = {name: value for name, value in request.POST.items() if name not in {"seen", "confirmed"}}
            form = page_of.form(item=Assignment.objects.get(pk=item.pk), actor=actor, initial=typed)
        except Refused as refused:
            reasons = refused.reasons
        else:
            return _done(request, item, page_of, result)
    status = 409 if reasons else 200 if getattr(form, "preview", None) else 422
    return _deed_page(request, item, page_of, form, reasons, status=status)


def _done(request: HttpRequest, item: Assignment, page_of: Page, result: object) -> HttpResponse:
    if isinstance(result, Opened):  # its secret is shown now or never
        return answers.show_link(request, item, result)
    fresh = result if isinstance(result, Assignment) else Assignment.objects.get(pk=item.pk)
    said = f"第{item.suggestion.number}号：{page_of.said}，现为“{fresh.get_status_display()}”"
    if page_of.deed == Deed.SIGN and fresh.reply:
        said += f"，文号{fresh.reply.number}"
    waiting = signing.queue(access.actor(request), fresh) if page_of.deed in signing.DEEDS else []
    if waiting:
        row, url = waiting[0]
        said = format_html('{}　<a href="{}">下一件待签：第{}号</a>', said, url, row.item.suggestion.number)
    messages.success(request, said)
    if isinstance(result, Supervision):
        return redirect("supervision_act", pk=result.pk)
    return _back(request, fresh)


def _back(request: HttpRequest, item: Assignment) -> HttpResponse:
    """To the page he did it on, where that is another than the item's."""
    place, _, number = request.POST.get("back", "").partition("-")
    if place == "version" and (known := access.number(number)):
        return redirect("version", pk=item.pk, number=known)
    if place == "sign" and (page_of := signing.page_of(item)):
        return redirect("deed", pk=item.pk, name=page_of)
    return redirect("sources" if "sources" in request.POST else "item", pk=item.pk)


def _deed_page(
    request: HttpRequest,
    item: Assignment,
    page_of: Page,
    form: DeedForm,
    reasons: list[str],
    status: int = 200,
    blocked: bool = False,
) -> HttpResponse:
    item = Assignment.objects.get(pk=item.pk)
    facts = _facts(item, access.actor(request))
    facts |= {
        "deed": page_of, "form": form, "reasons": reasons, "key": access.fresh_key(),
        "blocked": blocked or (bool(reasons) and status == 200),
    }  # fmt: skip
    if page_of.deed in signing.DEEDS and item.gate:
        facts |= signing.context(request, item, page_of, form)
        return render(request, "items/sign.html", facts, status=status)
    version = item.draft if page_of.deed == Deed.SUBMIT else None
    facts |= {
        "version": version, "since": since(item, version, access.actor(request)) if version else None,
        "sheet": sheet(item, access.actor(request), Gate.REVIEW) if version else None,
        "points": points.sheet(item, version, access.actor(request)) if version else None,
        "opinions": item.opinions.select_related("unit") if "opinion" in page_of.deed.value else [],
    }  # fmt: skip
    if other := None if reasons else OTHERS.get(page_of.deed):
        facts |= {"other": reverse("deed", args=[item.pk, other.value]), "other_label": PAGE_OF[other].button}
    if page_of.group == "时限":
        facts |= _timing(item)
    return render(request, "items/deed.html", facts, status=status)


def _changes(item: Assignment, version: ReplyVersion) -> list[Any]:
    """与上一稿相比: against the version before, whatever became of that."""
    before = next(
        (one for one in item.versions.order_by("-number") if one.number == version.number - 1), None
    )
    return paragraphs(before.clean_body(), version.clean_body()) if before else []


def dates(request: HttpRequest, pk: int) -> HttpResponse:
    """全部时限，每个都说明为什么是这一天."""
    item, actor = access.item_or_404(request, pk), access.actor(request)
    clocks = explained(item, actor.on, papers=not show.hides_proposer(item, actor))
    return render(request, "items/dates.html", {"item": item, "clocks": clocks})


def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """一个稿本的全文和与上一稿的对比."""
    item = access.item_or_404(request, pk)
    found = item.versions.filter(number=number).first()
    if found is None:
        raise Http404("没有这个稿本")
    context = {
        "item": item,
        "version": found,
        "changes": _changes(item, found),
        "signs": signatures(item, struck=True, version=found),
        "hide_proposer": show.hides_proposer(item, access.actor(request)),
        "remarks": remarks.sheet(item, found, access.actor(request), f"version-{number}"),
    }
    return render(request, "items/version.html", context)
