"""考核方案：its versions, and the page that sets a new one."""

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from huiyin.actions import scoring as setting
from huiyin.models import ScoreScheme
from huiyin.queries import score_schemes as schemes
from huiyin.queries.score_picks import SOURCES
from huiyin.queries.score_schemes import Scheme
from huiyin.rules.permissions import may
from huiyin.rules.scoring import FIELDS, MOST_ROWS, Change, Indicator, changes, full_mark, plain
from huiyin.rules.scoring_default import DEFAULT
from huiyin.rules.vocabulary import Deed, Idle
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.forms.scoring import RowSet, SchemeForm, initial
from huiyin.web.scoring import scores_of


def scheme(request: HttpRequest) -> HttpResponse:
    """一版考核方案, and the others of its year."""
    found = scores_of(request)
    unit, year = found.actor.unit_id or 0, found.scheme.year
    groups = [
        (name, full, [(one, schemes.what(one), schemes.rule(one)) for one in rows])
        for name, rows, full in found.scheme.groups
    ]
    context = {
        "scheme": found.scheme, "groups": groups, "versions": list(schemes.versions(unit, year)), "year": year,
        "may_set": may(found.actor, Deed.SET_SCORING), "next": year + 1, "kept": list(_kept(unit)),
    }  # fmt: skip
    return render(request, "scores/scheme.html", context)


def _kept(unit: int) -> Any:
    return ScoreScheme.objects.filter(unit_id=unit).select_related("made_by")


def edit(request: HttpRequest) -> HttpResponse:
    """设定考核方案：every row on one page; saving makes a new version, adding a row saves nothing."""
    access.must(request, Deed.SET_SCORING)
    found = scores_of(request)
    unit, year = found.actor.unit_id or 0, found.scheme.year
    now = schemes.scheme_of(unit, year)
    assert now is not None
    reasons, posted = list[str](), request.method == "POST"
    adds = posted and "add" in request.POST
    rows = (
        RowSet(_more(request) if adds else request.POST, prefix="rows")
        if posted
        else RowSet(initial=initial(found.scheme.rows), prefix="rows")
    )
    first = (
        {"seen": request.POST.get("seen"), "note": request.POST.get("note")} if adds else {"seen": now.number}
    )
    form = SchemeForm(request.POST if posted and not adds else None, initial=first)
    sound = posted and not adds and all((rows.is_valid(), form.is_valid()))
    if sound and _set(request, rows, form, year, reasons):
        return redirect(f"{reverse('score_scheme')}?year={year}")
    context = {
        "rows": rows, "form": form, "reasons": reasons, "scheme": found.scheme, "now": now, "year": year, "sources": SOURCES,
        "key": access.fresh_key(), "marks": plain(found.scheme.full),
    }  # fmt: skip
    status = 200 if adds or not posted else 409 if reasons else 422
    return render(request, "scores/edit.html", context, status=status)


def _more(request: HttpRequest) -> Any:
    """The form as it was sent, with an empty row more."""
    data = request.POST.copy()
    sent = access.number(data.get("rows-TOTAL_FORMS"))
    data["rows-TOTAL_FORMS"] = str(min(sent + 1, MOST_ROWS))
    data[f"rows-{sent}-idle"] = Idle.LEFT_OUT.value  # as an empty row has it
    return data


def _set(request: HttpRequest, rows: Any, form: SchemeForm, year: int, reasons: list[str]) -> bool:
    unit = access.person(request).unit_id or 0
    wanted = rows.indicators(schemes.keys_taken(unit))
    save = partial(setting.set_scheme, wanted, year=year, **form.cleaned_data)
    done = attempt(request, Deed.SET_SCORING.value, save, reasons)
    if done and done.result:
        messages.success(request, f"已存为{done.result}，满分{plain(full_mark(wanted))}分")
    return done is not None


# 两版对照


@dataclass(frozen=True)
class Pair:
    """一处不同, in words."""

    label: str
    state: str
    rows: list[tuple[str, str, str]]  # field, before, after


def compare(request: HttpRequest) -> HttpResponse:
    """两版对照：what was added, left out, changed."""
    found = scores_of(request)
    unit = found.actor.unit_id or 0
    kept = list(_kept(unit))
    choices = [(f"{one.year}.{one.number}", str(one)) for one in kept] + [("0", "出厂方案")]
    keys = dict(choices)
    right = _key(request, "right", keys, choices[0][0])
    left = _key(request, "left", keys, choices[min(1, len(choices) - 1)][0])
    before, after = (_version(unit, key, found.scheme) for key in (left, right))
    context = {
        "choices": choices, "left_key": left, "right_key": right, "before": before, "after": after,
        "labels": (keys[left], keys[right]), "pairs": [_pair(one) for one in changes(before.rows, after.rows)],
        "year": found.scheme.year,
    }  # fmt: skip
    return render(request, "scores/compare.html", context)


def _key(request: HttpRequest, side: str, keys: dict[str, str], default: str) -> str:
    asked = request.GET.get(side, default)
    return asked if asked in keys else default


def _version(unit: int, key: str, other: Scheme) -> Scheme:
    year, _, number = key.partition(".")
    found = schemes.scheme_of(unit, int(year), int(number)) if number else None
    return found or Scheme(other.year, 0, DEFAULT, "出厂方案")


def _pair(one: Change) -> Pair:
    row = one.after or one.before
    assert row is not None
    label = f"{row.group}·{row.name}"
    if one.before is None or one.after is None:
        return Pair(
            label, "新增" if one.before is None else "删去", [("计分办法", *_sides(one, schemes.rule))]
        )
    rows = [(FIELDS[name], *_sides(one, partial(_said, name))) for name in one.fields]
    return Pair(label, "改动", rows)


def _sides(one: Change, say: Any) -> tuple[str, str]:
    before, after = (say(side) if side else "—" for side in (one.before, one.after))
    return before, after


def _said(name: str, one: Indicator) -> str:
    value = getattr(one, name)
    if name == "source":
        source = schemes.what(one)
        return source.label if source else "—"
    if name in ("mode", "idle"):
        return str(value.label)
    return str(value) if isinstance(value, str) else plain(value)
