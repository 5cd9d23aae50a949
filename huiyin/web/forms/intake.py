"""登记、导入和更正登记的表."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import Q

from huiyin.actions import amending, importing, registering
from huiyin.models import Category, ImportBatch, Meeting, Unit
from huiyin.queries.item import hides_proposer
from huiyin.queries.sheets import Sheet, words
from huiyin.rules.vocabulary import Kind, Level, Origin, Part
from huiyin.web.fields import DateField, DeedForm, Files, Grouped, TermField

SAMPLES, LONGEST = 3, 28


class Registered(Grouped):
    """登记的各栏, that a correction may put right."""

    title = forms.CharField(label="标题", max_length=200, widget=forms.TextInput(attrs={"class": "wide"}))
    category = forms.ModelChoiceField(Category.objects.filter(active=True), label="内容分类", required=False)
    level = TermField(Level, label="办理层级", radio=True, initial=Level.ORDINARY)
    lead = forms.CharField(label="领衔代表（第一提案人）", max_length=40)
    delegation = forms.CharField(label="代表团（界别）", required=False, max_length=40)
    co_signers = forms.CharField(
        label="联名代表", required=False, max_length=2000, help_text="几位的用顿号隔开"
    )
    confidential = forms.BooleanField(label="代表要求保密", required=False)
    received_on = DateField(label="收到日期")
    part = TermField(Part, label="办理方式", radio=True, initial=Part.LEAD)
    lead_unit = forms.ModelChoiceField(
        Unit.objects.filter(active=True), label="主办单位（协办件须填）", required=False
    )
    part_text = forms.CharField(label="分办内容（分办件须填）", required=False, max_length=200)
    six_months = forms.BooleanField(label="涉及面广、处理难度大，六个月内答复", required=False)
    co_units = forms.ModelMultipleChoiceField(
        Unit.objects.filter(active=True, assigns=False, hosted=False), label="协办单位", required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip


class RegisterForm(Registered):
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
    secret = forms.BooleanField(label="涉密：只登记编号、单位和日期，不录正文", required=False)
    text = forms.CharField(
        label="正文", required=False, max_length=60000, widget=forms.Textarea(attrs={"rows": 8}),
        help_text="本系统不得录入国家秘密",
    )  # fmt: skip
    papers = Files(label="原件", required=False)
    organ = forms.ModelChoiceField(Unit.objects.filter(assigns=True), label="交办机关")
    assigned_on = DateField(label="交办日期", help_text="时限从这一天起算，当日不计入")
    second = forms.BooleanField(label="上年B类件，列为本年二次办理", required=False)
    counted = forms.ModelChoiceField(
        Meeting.objects.all(), label="计入哪个年度", required=False, empty_label="同届次会议",
        help_text="二次办理的件，届次会议选原来的，这里选本年的",
    )  # fmt: skip
    fixed_due_on = DateField(label="交办通知定的答复日", required=False, help_text="与法定期限取较早者")

    def entry(self) -> registering.Entry:
        data = dict(self.cleaned_data)
        del data["papers"], data["counted"]
        data["co_signers"] = tuple(importing.split_names(data["co_signers"]))
        data["co_units"] = tuple(data["co_units"])
        return registering.Entry(**data)


class UploadForm(forms.Form):
    file = Files(
        label="文件",
        help_text="表格（.xlsx、.xls、.ods、.csv、Word 里的表）或建议原件（几个 .docx，或打成 .zip）；第一张认得出表头的表先读",
    )
    history = forms.TypedChoiceField(
        label="里面是", choices=[("0", "今年交办的"), ("1", "往年办结的台账")], coerce=lambda one: one == "1",
        required=False, empty_value=None, widget=forms.RadioSelect, initial="0",
    )  # fmt: skip
    meeting = forms.ModelChoiceField(
        Meeting.objects.all(), label="届次会议（承办年度）", empty_label=None,
        help_text="往年的台账里写有届次的，以表里的为准",
    )  # fmt: skip
    organ = forms.ModelChoiceField(
        Unit.objects.filter(assigns=True),
        label="交办机关",
        empty_label=None,
        help_text="表里写有交办机关的，以表里的为准",
    )


class ColumnsForm(forms.Form):
    """核对各列: one choice for each heading; below it what holds for every row where no column says it."""

    def __init__(
        self, *args: Any, batch: ImportBatch, sheet: Sheet, takes: Mapping[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        now = importing.columns(batch, sheet)
        choices = [("", "不导入"), *takes.items()]
        for one in sheet.headings:
            key = now.get(one.place, "")
            self.fields[f"c{one.place}"] = forms.ChoiceField(
                label=one.words, choices=choices, required=False, initial=key if key in takes else ""
            )
        every = batch.mapping.get("every", {})
        self.fields["assigned_on"] = DateField(
            label="交办日期", required=False, initial=every.get("assigned_on")
        )
        self.fields["part"] = _one_of(Part, "办理方式", every.get("part", ""))
        self.fields["kind"] = _one_of(Kind, "类型", every.get("kind", ""))

    def rows(self) -> list[tuple[forms.BoundField, list[str], str]]:
        """Each heading's choice, some of what stands below it, and how sure we are."""
        found = []
        for one in self.sheet.headings:
            below = dict.fromkeys(words(row.raw[one.place])[:LONGEST] for row in self.sheet.rows[:200])
            values = [value for value in below if value][:SAMPLES]
            found.append((self[f"c{one.place}"], values, "unknown" if one.key is None and values else ""))
        return found

    def keys(self) -> dict[int, str]:
        return {one.place: self.cleaned_data[f"c{one.place}"] for one in self.sheet.headings}

    def every(self) -> dict[str, str]:
        data = self.cleaned_data
        day = data["assigned_on"]
        return {"assigned_on": day.isoformat() if day else "", "part": data["part"], "kind": data["kind"]}


def _one_of(terms: type[Part] | type[Kind], label: str, initial: str) -> forms.ChoiceField:
    choices = [("", "（以表里的为准）"), *((one.label, one.label) for one in terms)]
    return forms.ChoiceField(label=label, choices=choices, required=False, initial=initial)


class Amend(Registered, DeedForm):
    """更正登记: every column as it stands, to be put right; what may not be changed any more is refused by name."""

    GROUPS = (
        ("哪一件", ("number", "title", "category", "level")),
        ("谁提的", ("lead", "delegation", "co_signers", "confidential")),
        ("内容", ("text",)),
        ("怎么交办的", ("organ", "received_on", "assigned_on", "fixed_due_on", "part", "lead_unit", "part_text", "six_months", "co_units")),
        ("依据", ("reason",)),
    )  # fmt: skip
    field_order = [name for _, names in GROUPS for name in names]  # in which the journal tells them

    number = forms.CharField(label="编号", max_length=30)
    text = forms.CharField(
        label="正文", required=False, max_length=60000, widget=forms.Textarea(attrs={"rows": 8})
    )
    organ = forms.ModelChoiceField(Unit.objects.filter(assigns=True), label="交办机关", required=False)
    assigned_on = DateField(label="交办日期", help_text="改了交办日期，时限重新计算")
    fixed_due_on = DateField(label="交办通知定的答复日", required=False)
    reason = forms.CharField(
        label="更正的依据", max_length=500, help_text="如 交办机关6月3日来函更正；原值、新值都记入办理轨迹",
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def prepare(self) -> None:
        its = self.item.suggestion
        categories = Category.objects.filter(Q(active=True) | Q(pk=its.category_id or 0))
        self.fields["category"].queryset = categories  # type: ignore[attr-defined]
        self.fields["text"].disabled = its.secret
        now = amending.standing(self.item)
        now["co_signers"] = "、".join(now["co_signers"])
        now["co_units"] = [one.pk for one in now["co_units"]]
        for key, value in now.items():
            self.initial.setdefault(key, getattr(value, "pk", value))
        if hides_proposer(self.item, self.actor):
            for key in amending.NAMING:
                del self.fields[key], self.initial[key]

    def values(self) -> dict[str, Any]:
        data = {key: value for key, value in self.cleaned_data.items() if key != "reason"}
        if "co_signers" in data:
            data["co_signers"] = tuple(importing.split_names(data["co_signers"]))
        data["co_units"] = tuple(data["co_units"])
        return data
