"""公文模板：every paper with its place-holders; the built-in template to download, an office's own to put into use."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import templating
from huiyin.documents.catalogue import CATALOGUE, ENTRIES, Entry
from huiyin.documents.filling import wrong_with
from huiyin.models import PaperTemplate, Unit
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.papers import docx


class UploadForm(forms.Form):
    file = forms.FileField(
        label="本单位的模板", help_text=".docx，5MB以内；上传时检查占位符，有不能用的不启用"
    )


def _unit(request: HttpRequest) -> Unit:
    access.must(request, Deed.SET_TEMPLATE)
    return access.unit_or_404(request)


def _entry(kind: str) -> Entry:
    found = next((one for key, one in CATALOGUE.items() if key.value == kind), None)
    if found is None:
        raise Http404("没有这种公文")
    return found


def index(request: HttpRequest) -> HttpResponse:
    unit = _unit(request)
    used = unit.templates.filter(retired_at__isnull=True).select_related("file", "uploaded_by")
    own = {one.kind: one for one in used}
    rows = [(entry, own.get(entry.kind.value)) for entry in ENTRIES]
    return render(request, "papers/templates.html", {"unit": unit, "rows": rows})


def page(request: HttpRequest, kind: str) -> HttpResponse:
    """一种公文的模板."""
    unit, entry, reasons = _unit(request), _entry(kind), list[str]()
    back = "built_in" in request.POST
    form = UploadForm() if back else UploadForm(request.POST or None, request.FILES or None)
    asked = request.method == "POST" and (back or form.is_valid())
    if asked and _change(request, entry, form, reasons, back=back):
        return redirect("paper_template", kind=kind)
    found = unit.templates.filter(kind=kind).select_related("file", "uploaded_by").order_by("-pk")
    used = next((one for one in found if one.retired_at is None), None)
    context = {
        "entry": entry, "form": form, "unfit": _unfit(used, entry), "reasons": reasons, "key": access.fresh_key(),
        "used": used,
        "earlier": [one for one in found if one.retired_at is not None],
    }  # fmt: skip
    return render(request, "papers/template.html", context, status=422 if request.method == "POST" else 200)


def _unfit(used: PaperTemplate | None, entry: Entry) -> list[str]:
    """Why the template in use cannot be used any more: a later version of the paper may ask for more."""
    if used is None:
        return []
    with used.file.file.open("rb") as data:
        return wrong_with(data.read(), entry.slots)


def _change(request: HttpRequest, entry: Entry, form: UploadForm, reasons: list[str], *, back: bool) -> bool:
    """Put it into use, or go back to the built-in one; False with the reasons when it is refused."""
    run: Callable[..., object] = partial(templating.use_built_in, entry.kind)
    if not back:
        run = partial(templating.set_template, entry.kind, upload=form.cleaned_data["file"])
    done = attempt(request, Deed.SET_TEMPLATE.value, run, reasons)
    if done and not done.again:
        messages.success(request, f"{entry.name}已恢复内置模板" if back else f"{entry.name}的模板已启用")
    return done is not None


def file(request: HttpRequest, kind: str) -> HttpResponse:
    """The built-in template; `?own=` one of the unit's, in use or earlier."""
    unit, entry = _unit(request), _entry(kind)
    if not (asked := request.GET.get("own")):
        return docx(entry.template(), f"{entry.name}模板")
    row = PaperTemplate.objects.filter(unit=unit, kind=kind, pk=access.number(asked)).first()
    if row is None:
        raise Http404("没有这个模板")
    with row.file.file.open("rb") as data:
        return docx(data.read(), row.file.name.removesuffix(".docx"))
