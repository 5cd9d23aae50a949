"""起草：one page to write the reply, with the suggestion, the co-handlers' passages and the checks at hand."""

import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime

from huiyin.actions import AlreadyDone, Refused, Stale, once, replying
from huiyin.models import Assignment, Person, ReplyVersion
from huiyin.queries.dates import why
from huiyin.queries.ledger import limit, tags
from huiyin.rules import workflow
from huiyin.rules.difference import paragraphs
from huiyin.rules.merging_text import merge
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, Disclosure, OpinionKind, OpinionState
from huiyin.web import access, checks, consultations, materials, opinions, points, remarks

SMALL = {"rows": 2}
# 起草页旁边的卡片：each gives its template (items/draft/*.html) what it shows of the version saved, if there is one.
Side = Callable[[Assignment, ReplyVersion | None, Actor], dict[str, Any]]
SIDES: tuple[Side, ...] = (
    checks.side,
    points.side,
    opinions.side,
    remarks.side,
    materials.side,
    consultations.side,
)
# 卡片上先保存再办的按钮：each says what it did, "" when another was pressed.
PRESSED: tuple[Callable[[HttpRequest, Assignment, ReplyVersion], str], ...] = (
    remarks.pressed,
    materials.pressed,
)


class DraftForm(forms.Form):
    """稿本. Nothing is required while drafting; what is missing stands in the checks."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    title = forms.CharField(label="标题", max_length=200, required=False)
    outcome_class = forms.ChoiceField(label="办理结果类别", required=False)
    class_reason = forms.CharField(
        label="原因说明（C类须写）", required=False, widget=forms.Textarea(attrs=SMALL)
    )
    disclosure = forms.ChoiceField(
        label="公开属性", required=False, choices=[("", "请选择"), *Disclosure.choices()]
    )
    disclosure_reason = forms.CharField(label="不予公开的理由", max_length=200, required=False)
    body = forms.CharField(
        label="正文", required=False, max_length=60000, strip=False,
        widget=forms.Textarea(attrs={"class": "body", "spellcheck": "false"}),
    )  # fmt: skip
    contact_name = forms.CharField(label="联系人", max_length=40, required=False)
    contact_phone = forms.CharField(label="联系电话", max_length=40, required=False)
    copies_to = forms.CharField(
        label="抄送（一行一个单位）", required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, item: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcome_class"].choices = [("", "请选择"), *item.profile.class_choices()]  # type: ignore[attr-defined]
        if not item.answers:
            for name in ("outcome_class", "class_reason", "disclosure", "disclosure_reason"):
                del self.fields[name]

    base = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def draft(self) -> replying.Draft:
        data = {key: value for key, value in self.cleaned_data.items() if key not in {"revision", "base"}}
        return replying.Draft(**data)

    def began_from(self) -> replying.Draft | None:
        """两人共同的底稿: what the page showed when it was opened; None when it does not say."""
        try:
            base = replying.Draft(**json.loads(self.cleaned_data["base"]))
        except (ValueError, TypeError, RecursionError):
            return None
        return base if all(isinstance(one, str) for one in asdict(base).values()) else None


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    item = access.item_or_404(request, pk)
    if reasons := workflow.refusals(access.actor(request), item, Deed.DRAFT):
        return _moved_on(request, item, reasons)
    if request.method == "POST":
        return _post(request, item)
    return _page(request, item, None, [])


def _moved_on(request: HttpRequest, item: Assignment, reasons: list[str]) -> HttpResponse:
    """The item is no longer his to draft. What he had typed is shown to him, not thrown away."""
    if typed := request.POST.get("body", "").strip():
        context = {"item": item, "reasons": reasons, "typed": typed}
        return render(request, "items/kept.html", context, status=409)
    for reason in reasons:
        messages.error(request, reason)
    return redirect("item", pk=item.pk)


def _fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def _post(request: HttpRequest, item: Assignment) -> HttpResponse:
    by, at = access.person(request), access.now()
    form = DraftForm(request.POST, item=item)
    if not form.is_valid():
        return _page(request, item, form, ["有的内容没有填对，见各栏下的说明"], status=422)
    try:
        with once(request.POST.get("key", ""), "draft", by=by, at=at):
            _save(request, item, form)
    except AlreadyDone as done:
        saved = _fresh(item).draft
        if saved is None or saved.body.strip() == form.cleaned_data["body"].strip():
            messages.warning(request, str(done))
        else:
            reason = "这张表此前已保存过一次，之后写的还没有保存；请核对后再按“保存”"
            return _again(request, item, form, [reason], theirs=saved.body)
    except Stale as stale:
        return _again(request, item, form, stale.reasons, theirs=stale.current)
    except Refused as refused:
        return _again(request, item, form, refused.reasons)
    if "submit" in request.POST:
        return redirect("deed", pk=item.pk, name=Deed.SUBMIT.value)
    return redirect("draft", pk=item.pk)


def _again(
    request: HttpRequest, item: Assignment, form: DraftForm, reasons: list[str], theirs: str = ""
) -> HttpResponse:
    """What was not saved, and why, beside what stands now; where the item has moved on meanwhile, that."""
    item = _fresh(item)
    if moved := workflow.refusals(access.actor(request), item, Deed.DRAFT):
        return _moved_on(request, item, moved)
    return _page(request, item, form, reasons, status=409, theirs=theirs)


def _save(request: HttpRequest, item: Assignment, form: DraftForm) -> None:
    by, at = access.person(request), access.now()
    version = _saved(item, form, by, at)
    if joined := _said(form, version):
        messages.info(request, joined)
    if inserted := request.POST.get("insert"):
        opinion = item.opinions.filter(pk=access.number(inserted)).first()
        if opinion is None:
            raise Refused("没有这条协办意见")
        replying.insert_opinion(item, opinion, revision=version.revision, by=by, at=at)
        messages.success(request, f"{opinion.unit.short_name}的意见已放在正文末尾，请移到合适的位置")
    else:
        done = [words for press in PRESSED if (words := press(request, item, version))]
        messages.success(request, "；".join(done) or "已保存")


def _saved(item: Assignment, form: DraftForm, by: Person, at: datetime) -> ReplyVersion:
    revision, base = form.cleaned_data["revision"], form.began_from()
    return replying.save_draft(item, form.draft(), revision=revision, base=base, by=by, at=at)


def _said(form: DraftForm, version: ReplyVersion) -> str:
    """Whether somebody else's changes came in with this save."""
    joined = version.revision > form.cleaned_data["revision"] + 1
    return "别人在您编辑期间保存过，他的改动已并入，请看一遍" if joined else ""


def autosave(request: HttpRequest, pk: int) -> HttpResponse:
    """自动保存：the same save, answered in JSON; 409 when the page must be looked at before it can go on."""
    item = access.item_or_404(request, pk)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    by, at = access.person(request), access.now()
    form = DraftForm(request.POST, item=item)
    if not form.is_valid():
        return JsonResponse({"why": "有的内容没有填对，还没有保存"}, status=422)
    try:
        version = _saved(item, form, by, at)
    except Refused as refused:  # Stale too
        return JsonResponse({"why": "；".join(refused.reasons)}, status=409)
    return JsonResponse(
        {
            "revision": version.revision, "base": _base(version), "body": version.body,
            "at": f"{localtime(at):%H:%M}", "said": _said(form, version),
        }
    )  # fmt: skip


def _base(version: ReplyVersion) -> str:
    facts = {key: value for key, value in _initial(version).items() if key != "revision"}
    return json.dumps(facts, ensure_ascii=False)


def _initial(version: ReplyVersion) -> dict[str, Any]:
    names = (
        "revision", "title", "outcome_class", "class_reason", "disclosure", "disclosure_reason", "body",
        "contact_name", "contact_phone", "copies_to",
    )  # fmt: skip
    return {name: getattr(version, name) for name in names}


def _page(
    request: HttpRequest, item: Assignment, form: DraftForm | None, reasons: list[str],
    status: int = 200, theirs: str = "",
) -> HttpResponse:  # fmt: skip
    version = replying.opened(item)
    merged, own = None, form["body"].value() or "" if form else ""
    if form and theirs and (base := _began_from(form)) is not None:
        merged = merge(base, "\n".join(own.splitlines()).strip(), theirs)
        form.data = {**form.data.dict(), "body": merged.text}  # type: ignore[attr-defined]
    # Where the other's text is shown beside his, the next save is meant to replace it; otherwise not.
    revision = form.data.get("revision") if form and not theirs else version.revision
    context = {
        "item": item, "version": version, "reasons": reasons, "theirs": theirs, "key": access.fresh_key(),
        "form": form or DraftForm(item=item, initial=_initial(version)),
        "revision": revision, "base": _base(version) if form is None or theirs else form.data.get("base", ""),
        "blocks": workflow.refusals(access.actor(request), item, Deed.SUBMIT),
        "lit": limit(item, access.actor(request).on), "tags": tags(item), "why": why(item),
        "contacts": item.contacts.all(), "commitments": item.commitments.select_related("owner"),
        "versions": item.versions.order_by("-number"), "sent_back": _sent_back(item),
        "others": _others(form, version) if form and theirs else [],
        "difference": paragraphs(own, theirs) if form and theirs else [], "merged": merged, "own": own,
        "tools": _tools(item),
    }  # fmt: skip
    for side in SIDES:
        context |= side(item, item.draft, access.actor(request))
    return render(request, "items/draft.html", context, status=status)


def _tools(item: Assignment) -> dict[str, Any]:
    """What the editor's lists offer: units whose opinions may be sources, points, pictures."""
    sources = item.opinions.filter(state=OpinionState.RECEIVED, kind=OpinionKind.OPINION).select_related(
        "unit"
    )
    return {
        "units": list(dict.fromkeys(one.unit for one in sources)),
        "points": list(item.points.all()),
        "pictures": [one for one in item.files.all() if one.content_type.startswith("image/")],
    }


def _began_from(form: DraftForm) -> str | None:
    base = form.began_from() if form.is_valid() else None
    return base.body if base else None


def _others(form: DraftForm, version: ReplyVersion) -> list[tuple[str, str]]:
    """（栏, 对方填的）beside the body: what else the other saved differently."""
    names = [name for name in _initial(version) if name not in {"revision", "body"} and name in form.fields]
    return [
        (str(form.fields[name].label), getattr(version, name))
        for name in names
        if (form[name].value() or "").split() != getattr(version, name).split()
    ]


def _sent_back(item: Assignment) -> Any:
    deeds = [Deed.SEND_BACK, Deed.SEND_BACK_PROPOSE, Deed.HOLLOW]
    return item.events.filter(deed__in=deeds).select_related("by").order_by("-seq").first()
