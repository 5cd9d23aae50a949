"""办理规程：which there are and which is in force, one as a table with its articles, two side by side. Everybody of a
unit may read; the administrator chooses."""

from functools import partial
from itertools import groupby

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import organising
from huiyin.models import Unit
from huiyin.queries import profiles
from huiyin.queries.profiles import Shelf
from huiyin.rules.permissions import may
from huiyin.rules.profile import Profile, ProfileError, beside
from huiyin.rules.vocabulary import Deed, Kind
from huiyin.web import access
from huiyin.web.attempts import attempt


class ChooseForm(forms.Form):
    suggestion = forms.ChoiceField(label="建议按", required=False)
    proposal = forms.ChoiceField(label="提案按", required=False)

    def offer(self, shelf: list[Shelf]) -> "ChooseForm":
        usable = [(one.name, one.label) for one in shelf if one.profile]
        for name, empty in (("suggestion", "默认（安装时设定）"), ("proposal", "与建议相同")):
            self.fields[name].choices = [("", empty), *usable]  # type: ignore[attr-defined]
        return self


def index(request: HttpRequest) -> HttpResponse:
    unit, shelf, reasons = access.unit_or_404(request), profiles.shelf(), list[str]()
    chooses = may(access.actor(request), Deed.CHOOSE_PROFILE)
    form = None
    if chooses:
        initial = {"suggestion": unit.suggestion_profile, "proposal": unit.proposal_profile}
        form = ChooseForm(request.POST or None, initial=initial).offer(shelf)
    if request.method == "POST":
        if form is None:
            raise Http404("没有这一页，或不在您的范围内")
        if form.is_valid() and _choose(request, unit, form, reasons):
            return redirect("profiles")
    context = {
        "unit": unit, "in_use": profiles.in_use(unit), "shelf": shelf, "versions": profiles.versions(), "form": form,
        "reasons": reasons, "key": access.fresh_key(), "names": {profiles.chosen(unit, kind) for kind in Kind},
    }  # fmt: skip
    return render(request, "profiles/index.html", context, status=422 if request.method == "POST" else 200)


def _choose(request: HttpRequest, unit: Unit, form: ChooseForm, reasons: list[str]) -> bool:
    """Choose; False with the reasons when it is refused."""
    run = partial(organising.choose_profile, unit, **form.cleaned_data)
    done = attempt(request, Deed.CHOOSE_PROFILE.value, run, reasons)
    if done and not done.again:
        messages.success(request, "已选定，新登记的件按此办理；在办的件仍按交办时的版本")
    return done is not None


def page(request: HttpRequest, name: str) -> HttpResponse:
    unit, wanted = access.unit_or_404(request), request.GET.get("version", "")
    kept = profiles.versions(name)
    found, reasons = _found(name, wanted)
    if found is None and not reasons:
        if wanted or not kept:
            raise Http404("没有这份办理规程")
        found, wanted = (
            profiles.version(name, kept[0].version),
            kept[0].version,
        )  # the file is gone, its text is not
    sections = [
        (heading, list(rows))
        for heading, rows in groupby(found.rows() if found else (), lambda row: row.section)
    ]
    context = {
        "profile": found, "name": name, "kept": kept, "wanted": wanted, "reasons": reasons, "sections": sections,
        "kinds": [one.kind for one in profiles.in_use(unit) if one.name == name],
        "pending": sum(row.pending for _, rows in sections for row in rows),
        "other": next((one.name for one in profiles.in_use(unit) if one.name != name), ""),
    }  # fmt: skip
    return render(request, "profiles/page.html", context, status=409 if reasons else 200)


def _found(name: str, version: str) -> tuple[Profile | None, list[str]]:
    """A kept version, or the file as it is now; what is wrong with that; neither where there is none."""
    if version:
        kept = version in {one.version for one in profiles.versions(name)}
        return profiles.version(name, version) if kept else None, []
    if name not in profiles.available():
        return None, []
    try:
        return profiles.named(name), []
    except ProfileError as error:
        return None, error.reasons


def compare(request: HttpRequest) -> HttpResponse:
    unit = access.unit_or_404(request)
    usable = {one.name: one for one in profiles.shelf() if one.profile}
    choices = [(name, one.label) for name, one in usable.items()]
    choices += [
        (f"{one.name}@{one.version}", f"{one.title}（{one.version}，已用过）")
        for one in profiles.versions()
        if one.name not in usable or usable[one.name].profile.version != one.version  # type: ignore[union-attr]
    ]
    if not choices:
        raise Http404("没有能用的办理规程")
    left, right = (
        request.GET.get("left") or profiles.chosen(unit, Kind.SUGGESTION),
        request.GET.get("right", ""),
    )
    right = right or next((key for key, _ in choices if key != left), left)
    sides = [_side(one, dict(choices)) for one in (left, right)]
    pairs, only = beside(*sides), request.GET.get("only") == "1"
    shown = [one for one in pairs if one.differs or not only]
    context = {
        "left": sides[0], "right": sides[1], "choices": choices, "left_key": left, "right_key": right, "only": only,
        "sections": [(heading, list(rows)) for heading, rows in groupby(shown, lambda one: one.section)],
        "differing": sum(one.differs for one in pairs), "total": len(pairs),
    }  # fmt: skip
    return render(request, "profiles/compare.html", context)


def _side(key: str, choices: dict[str, str]) -> Profile:
    if key not in choices:
        raise Http404("没有这份办理规程，或它用不了")
    name, _, version = key.partition("@")
    found = profiles.version(name, version) if version else profiles.named(name)
    assert found is not None  # it was offered
    return found
