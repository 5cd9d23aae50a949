"""工作日历 (R24): the years in use, a year as a calendar, and each change of it seen before it is made."""

import calendar as months
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import Refused, scheduling
from huiyin.models import Unit
from huiyin.queries import dates
from huiyin.queries.dates import Move
from huiyin.rules.calendar import CalendarError, Year
from huiyin.rules.dates import md, zh
from huiyin.rules.holidays import LARGEST, decoded, missing, read
from huiyin.rules.vocabulary import Deed
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.downloads import attached
from huiyin.web.fields import DateField

KINDS = {"rest": ("放假", True), "work": ("调休上班", False), "plain": ("按平常", None)}


RECENT = 6  # years shown at once


class LoadForm(forms.Form):
    """录入：a file or a pasted text; the preview carries either on as text."""

    file = forms.FileField(
        label="文件", required=False, help_text="国务院通知的文本、holiday-cn 的 JSON，或从本系统下载的 2027.toml",
    )  # fmt: skip
    text = forms.CharField(
        label="或者把通知粘贴在这里", required=False, max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text="连同标题“国务院办公厅关于2027年部分节假日安排的通知”，整篇复制粘贴即可",
    )  # fmt: skip
    name = forms.CharField(required=False, max_length=100, widget=forms.HiddenInput())

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        upload, text = found.get("file"), found.get("text", "")
        if upload and text:
            raise forms.ValidationError("文件和粘贴的文字只用一样")
        if not upload and not text and not self.errors:
            raise forms.ValidationError("请选一个文件，或把通知粘贴进来")
        if upload:
            try:
                found |= {"text": decoded(upload.read(LARGEST + 1)), "name": upload.name}
            except CalendarError as error:
                raise forms.ValidationError(str(error)) from error
        return found


class DayForm(forms.Form):
    """改一天."""

    on = DateField(label="日期")
    kind = forms.ChoiceField(label="改为", choices=[(key, label) for key, (label, _) in KINDS.items()])
    name = forms.CharField(
        label="名称", required=False, max_length=20, help_text="如 春节、防汛停工；按平常的不填"
    )


@dataclass(frozen=True)
class Change:
    """一项待确认的变动：what is said of it, what it moves, what the confirming form sends, and the deed."""

    title: str
    moves: list[Move]
    fields: dict[str, str]
    run: Callable[..., list[Move]]
    years: tuple[Year, ...] = ()


def calendars(request: HttpRequest) -> HttpResponse:
    access.must(request, Deed.SET_CALENDAR)
    unit, on = access.unit_or_404(request), access.actor(request).on
    years = dates.years(unit, on)
    context = {
        "years": years[:RECENT], "earlier": years[RECENT:], "wanting": dates.wanting(unit, on),
        "stale": len(dates.preview(unit)),
    }  # fmt: skip
    return render(request, "calendars/calendars.html", context)


def load(request: HttpRequest) -> HttpResponse:
    """上传或粘贴 → 预览 → 确认."""
    access.must(request, Deed.SET_CALENDAR)
    unit, form, reasons = access.unit_or_404(request), LoadForm(), list[str]()
    if request.method == "POST":
        form = LoadForm(request.POST, request.FILES)
        if form.is_valid():
            text, name = form.cleaned_data["text"], form.cleaned_data["name"]
            try:
                years = read(text, name=name, known=lambda year: dates.year_of(unit, year))
            except CalendarError as error:
                reasons.append(str(error))
            else:
                return _change(request, Change(
                    f"录入{years[0].year}年放假安排", dates.preview(unit, *years), {"text": text, "name": name},
                    lambda **by: scheduling.load_year(*years, **by), tuple(years),
                ))  # fmt: skip
    context = {"form": form, "reasons": reasons, "wanting": dates.wanting(unit, access.actor(request).on)}
    return render(request, "calendars/load.html", context, status=422 if request.method == "POST" else 200)


def recount(request: HttpRequest) -> HttpResponse:
    """按现行日历重算."""
    access.must(request, Deed.SET_CALENDAR)
    change = Change(
        "按随软件更新的工作日历重算", dates.preview(access.unit_or_404(request)), {}, scheduling.recount
    )
    return _change(request, change)


def year(request: HttpRequest, year: int) -> HttpResponse:
    """一年的日历，和改一天、恢复随软件的一年."""
    access.must(request, Deed.SET_CALENDAR)
    unit, reasons = access.unit_or_404(request), list[str]()
    row = next((one for one in dates.years(unit, access.actor(request).on) if one.year == year), None)
    if row is None:
        raise Http404("没有这一年的日历")
    form = DayForm(request.POST if "on" in request.POST else None, initial={"kind": "rest"})
    form.fields["on"].widget.attrs |= {"min": date(year, 1, 1), "max": date(year, 12, 31)}
    if request.method == "POST":
        try:
            if change := _of_year(unit, year, request, form):
                return _change(request, change)
        except Refused as refused:
            reasons = refused.reasons
    context = {
        "row": row, "form": form, "reasons": reasons, "months": _months(row.found or Year(year, "", {}, {})),
        "holidays": _holidays(row.found) if row.found else [],
    }  # fmt: skip
    return render(request, "calendars/year.html", context, status=422 if request.method == "POST" else 200)


def download(request: HttpRequest, year: int) -> HttpResponse:
    """一年的 YYYY.toml，供别的单位录入."""
    access.must(request, Deed.SET_CALENDAR)
    found = dates.year_of(access.unit_or_404(request), year)
    if found is None:
        raise Http404("没有这一年的日历")
    return attached(HttpResponse(found.text(), content_type="text/plain; charset=utf-8"), f"{year}.toml")


def _of_year(unit: Unit, year: int, request: HttpRequest, form: DayForm) -> Change | None:
    """The change a year's page asks for. Raises Refused; None while its form is incomplete."""
    if "shipped" in request.POST:
        return Change(
            f"恢复随软件的{year}年放假安排", dates.preview_shipped(unit, year), {"shipped": "1"},
            lambda **by: scheduling.return_to_shipped(year, **by),
        )  # fmt: skip
    if not form.is_valid():
        return None
    on, kind, name = (form.cleaned_data[one] for one in ("on", "kind", "name"))
    label, rest = KINDS[kind]
    if on.year != year:
        raise Refused(f"{zh(on)}不在{year}年，请到{on.year}年的日历里改")
    after = scheduling.turned(unit, on, name, rest)
    return Change(
        f"{zh(on)}改为{label}", dates.preview(unit, after),
        {"on": on.isoformat(), "kind": kind, "name": name},
        lambda **by: scheduling.set_day(on=on, name=name, rest=rest, **by),
    )  # fmt: skip


def _change(request: HttpRequest, change: Change) -> HttpResponse:
    """预览一项变动；确认了就办."""
    reasons = list[str]()
    if "confirm" in request.POST and (done := _done(request, change, reasons)):
        return done
    groups = [
        ("日期要变的", [one for one in change.moves if one.moved]),
        ("日期不变，不再暂定的", [one for one in change.moves if not one.moved and not one.provisional]),
        ("日期不变，变为暂定的", [one for one in change.moves if not one.moved and one.provisional]),
    ]
    context = {
        "change": change, "groups": [one for one in groups if one[1]], "reasons": reasons,
        "key": access.fresh_key(), "seen": dates.fingerprint(change.moves),
        "years": [(one, _holidays(one), missing(one)) for one in change.years],
    }  # fmt: skip
    return render(request, "calendars/preview.html", context, status=409 if reasons else 200)


def _done(request: HttpRequest, change: Change, reasons: list[str]) -> HttpResponse | None:
    run = partial(change.run, seen=request.POST.get("seen", ""))
    done = attempt(request, Deed.SET_CALENDAR.value, run, reasons)
    if done and done.result is not None:
        moved = sum(one.moved for one in done.result)
        told = f"，{moved}个时限变动，已告知经办人" if moved else "，没有时限变动"
        messages.success(request, f"{change.title}：已生效{told}")
    return redirect("calendars") if done else None


@dataclass(frozen=True)
class Square:
    """月历上的一格."""

    number: int
    look: str  # rest work off, "" for a working day
    mark: str
    name: str


def _months(found: Year) -> list[tuple[str, list[list[Square | None]]]]:
    """Twelve months, each a list of weeks from Monday to Sunday."""
    return [
        (f"{month}月", [_week(found, month, week) for week in WEEKS(found.year, month)])
        for month in range(1, 13)
    ]


WEEKS = months.Calendar().monthdayscalendar


def _week(found: Year, month: int, week: list[int]) -> list[Square | None]:
    return [_square(found, date(found.year, month, number)) if number else None for number in week]


def _square(found: Year, day: date) -> Square:
    if name := found.rest.get(day):
        return Square(day.day, "rest", "休", name)
    if name := found.work.get(day):
        return Square(day.day, "work", "班", name)
    return Square(day.day, "off" if day.weekday() >= 5 else "", "", "")


def _holidays(found: Year) -> list[tuple[str, str, str]]:
    """(节日, 放假, 调休上班), in the order of the year."""
    names = dict.fromkeys([found.rest[day] for day in sorted(found.rest)] + list(found.work.values()))
    return [(name, _runs(found.rest, name), _runs(found.work, name)) for name in names]


def _runs(days: dict[date, str], name: str) -> str:
    """2月15日至23日、2月28日."""
    spans: list[tuple[date, date]] = []
    for day in sorted(one for one, word in days.items() if word == name):
        if spans and (day - spans[-1][1]).days == 1:
            spans[-1] = spans[-1][0], day
        else:
            spans.append((day, day))
    return "、".join(_span(*one) for one in spans)


def _span(first: date, last: date) -> str:
    if first == last:
        return md(first)
    return f"{md(first)}至{f'{last.day}日' if first.month == last.month else md(last)}"
