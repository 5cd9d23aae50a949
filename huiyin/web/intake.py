"""登记与导入 (S1)."""

from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from huiyin.actions import Refused, importing, registering
from huiyin.models import Category, ImportBatch, Meeting, Suggestion, Unit
from huiyin.queries.earlier import near
from huiyin.rules.vocabulary import Deed, Kind, Level, Origin, Part
from huiyin.web import access
from huiyin.web.attempts import attempt
from huiyin.web.fields import DateField, Files, Grouped, TermField


class RegisterForm(Grouped):
    """登记一件."""

    GROUPS = (
        ("哪一件", ("meeting", "kind", "origin", "title", "number", "category", "level")),
        ("谁提的", ("lead", "delegation", "co_signers", "confidential")),
        ("内容", ("text", "papers", "secret")),
        ("怎么交办的", ("organ", "received_on", "assigned_on", "fixed_due_on", "part", "lead_unit", "part_text", "six_months", "second", "counted", "co_units")),
    )  # fmt: skip

    meeting = forms.ModelChoiceField(Meeting.objects.all(), label="届次会议", empty_label=None)
    kind = TermField(Kind, label="类型", radio=True, initial=Kind.SUGGESTION)
    origin = TermField(Origin, label="来源", initial=Origin.SESSION)
    number = forms.CharField(label="编号", max_length=30, help_text="照原件，如 082；前面的零保留")
    title = forms.CharField(label="标题", max_length=200, widget=forms.TextInput(attrs={"class": "wide"}))
    lead = forms.CharField(label="领衔代表（第一提案人）", max_length=40)
    co_signers = forms.CharField(
        label="联名代表", required=False, max_length=2000, help_text="几位的用顿号隔开"
    )
    delegation = forms.CharField(label="代表团（界别）", required=False, max_length=40)
    secret = forms.BooleanField(label="涉密：只登记编号、单位和日期，不录正文", required=False)
    text = forms.CharField(
        label="正文", required=False, max_length=60000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="本系统不得录入国家秘密",
    )  # fmt: skip
    papers = Files(label="原件", required=False)
    category = forms.ModelChoiceField(Category.objects.filter(active=True), label="内容分类", required=False)
    level = TermField(Level, label="办理层级", radio=True, initial=Level.ORDINARY)
    confidential = forms.BooleanField(label="代表要求保密", required=False)
    organ = forms.ModelChoiceField(Unit.objects.filter(assigns=True), label="交办机关")
    received_on = DateField(label="收到日期")
    assigned_on = DateField(label="交办日期", help_text="时限从这一天起算，当日不计入")
    part = TermField(Part, label="办理方式", radio=True, initial=Part.LEAD)
    lead_unit = forms.ModelChoiceField(
        Unit.objects.filter(active=True), label="主办单位（协办件须填）", required=False
    )
    co_units = forms.ModelMultipleChoiceField(
        Unit.objects.filter(active=True, assigns=False, hosted=False), label="协办单位", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    part_text = forms.CharField(label="分办内容（分办件须填）", required=False, max_length=200)
    second = forms.BooleanField(label="上年B类件，列为本年二次办理", required=False)
    counted = forms.ModelChoiceField(
        Meeting.objects.all(), label="计入哪个年度", required=False, empty_label="同届次会议",
        help_text="二次办理的件，届次会议选原来的，这里选本年的",
    )  # fmt: skip
    six_months = forms.BooleanField(label="涉及面广、处理难度大，六个月内答复", required=False)
    fixed_due_on = DateField(label="交办通知定的答复日", required=False, help_text="与法定期限取较早者")

    def entry(self) -> registering.Entry:
        data = dict(self.cleaned_data)
        del data["papers"], data["counted"]
        data["co_signers"] = tuple(importing.split_names(data["co_signers"]))
        data["co_units"] = tuple(data["co_units"])
        return registering.Entry(**data)


class UploadForm(forms.Form):
    file = forms.FileField(
        label="交办表", help_text=".xlsx、.xls 或 .csv；表头应有编号、标题、领衔代表、办理方式、交办日期"
    )
    meeting = forms.ModelChoiceField(Meeting.objects.all(), label="承办年度（届次会议）", empty_label=None)
    organ = forms.ModelChoiceField(Unit.objects.filter(assigns=True), label="交办机关", empty_label=None)


def _batches(request: HttpRequest) -> QuerySet[ImportBatch]:
    return ImportBatch.objects.filter(unit=access.person(request).unit).select_related(
        "file", "meeting", "uploaded_by"
    )


def intake(request: HttpRequest) -> HttpResponse:
    access.must(request, Deed.IMPORT)
    form, reasons = UploadForm(), list[str]()
    if request.method == "POST":
        form = UploadForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                batch = importing.upload(**form.cleaned_data, by=access.person(request), at=access.now())
                return redirect("import", pk=batch.pk)
            except Refused as refused:
                reasons = refused.reasons
    context = {"form": form, "reasons": reasons, "batches": _batches(request)[:10], "key": access.fresh_key()}
    return render(request, "intake/intake.html", context, status=422 if request.method == "POST" else 200)


def register(request: HttpRequest) -> HttpResponse:
    access.must(request, Deed.REGISTER)
    today = access.actor(request).on
    form, reasons = RegisterForm(initial={"received_on": today, "assigned_on": today}), list[str]()
    if request.method == "POST":
        form = RegisterForm(request.POST, request.FILES)
        if form.is_valid():
            done = _register(request, form, reasons)
            if done:
                return done
    like = _like(request, form) if request.method == "POST" else []
    context = {"form": form, "reasons": reasons, "key": access.fresh_key(), "like": like}
    return render(request, "intake/register.html", context, status=422 if request.method == "POST" else 200)


def _register(request: HttpRequest, form: RegisterForm, reasons: list[str]) -> HttpResponse | None:
    papers, meeting = (
        tuple(form.cleaned_data["papers"]),
        form.cleaned_data["counted"] or form.cleaned_data["meeting"],
    )
    run = partial(registering.register, form.entry(), meeting=meeting, papers=papers)
    done = attempt(request, Deed.REGISTER.value, run, reasons)
    if done is None or done.result is None:
        return redirect("ledger") if done else None
    item = done.result
    twins = [one for one in _same_title(request, item.suggestion) if one.pk != item.suggestion_id]
    if twins:
        names = "、".join(f"{one.meeting.name}第{one.number}号" for one in twins[:5])
        messages.warning(request, f"标题相近的往年件：{names}")
    messages.success(request, f"已登记第{item.suggestion.number}号，请提出拟办意见")
    return redirect("item", pk=item.pk)


def _same_title(request: HttpRequest, suggestion: Suggestion) -> list[Suggestion]:
    return near(suggestion.title, access.actor(request))


def _like(request: HttpRequest, form: RegisterForm) -> list[Any]:
    title = form.data.get("title", "")
    return near(title, access.actor(request))[:5] if title else []


def preview(request: HttpRequest, pk: int) -> HttpResponse:
    access.must(request, Deed.IMPORT)
    batch = _batches(request).filter(pk=pk).first()
    if batch is None:
        raise Http404("没有这一批")
    reasons = list[str]()
    if request.method == "POST":
        done = _take_in(request, batch, reasons)
        if done:
            return done
    plans = importing.plans(batch, on=access.actor(request).on)
    context = {
        "batch": batch, "plans": plans, "reasons": reasons, "key": access.fresh_key(),
        "fresh": sum(one.state == "新登记" for one in plans), "wrong": sum(bool(one.reasons) for one in plans),
        "same": sum(one.unchanged for one in plans),
    }  # fmt: skip
    return render(request, "intake/preview.html", context, status=409 if reasons else 200)


def _take_in(request: HttpRequest, batch: ImportBatch, reasons: list[str]) -> HttpResponse | None:
    run = partial(importing.take_in, batch, skip_wrong="skip" in request.POST)
    done = attempt(request, Deed.IMPORT.value, run, reasons)
    if done and done.result:
        taken = done.result
        messages.success(
            request, f"新登记{taken.created}件，已有不变{taken.unchanged}件，跳过{taken.skipped}行"
        )
    return redirect("ledger") if done else None
