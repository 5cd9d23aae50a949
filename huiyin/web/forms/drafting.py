"""批注、征求意见稿的表."""

from __future__ import annotations

from typing import Any

from django import forms

from huiyin.models import Consultation, Proposer, Remark, ReplyVersion
from huiyin.queries.item import hides_proposer
from huiyin.queries.remarks import plains
from huiyin.rules.dates import md
from huiyin.rules.vocabulary import Consent, DeliveryMethod
from huiyin.web.fields import DeedForm, TermField, Today, paper, text

SHORT = 24


def paragraph_choices(version: ReplyVersion | None) -> list[tuple[str, str]]:
    """第n段　开头的字."""
    return [(str(n), f"第{n}段　{one[:SHORT]}") for n, one in enumerate(plains(version), 1)]


class RemarkOn(DeedForm):
    """批注：on a paragraph, or on the words copied from it."""

    ASKED = ("version", "paragraph", "quote")
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    paragraph = forms.ChoiceField(label="哪一段", required=False)
    quote = text("批注的原文", required=False, rows=2, help_text="照抄或粘贴要批注的字；不填就是整段")
    remark = text("批注", rows=3)

    def prepare(self) -> None:
        self.found = self._version()
        choices = [("", "（按原文找）"), *paragraph_choices(self.found)]
        self.fields["paragraph"].choices = choices  # type: ignore[attr-defined]
        self.initial.setdefault("version", self.found.number if self.found else None)

    def _version(self) -> ReplyVersion | None:
        """The text he looked at, or else the one that stands."""
        asked = str(self.data.get("version") or self.initial.get("version") or "")
        number = int(asked) if asked.isascii() and asked.isdecimal() and len(asked) < 6 else 0
        seen = self.item.versions.filter(number=number).first()
        return seen or self.item.draft or self.item.submitted_version

    def facts(self) -> dict[str, Any]:
        data = self.cleaned_data
        return {
            "version": self.found, "quote": data["quote"], "paragraph": int(data["paragraph"] or 0),
            "text": data["remark"]
        }  # fmt: skip


class SettleRemark(DeedForm):
    """处理批注."""

    ASKED = ("remark",)
    remark = forms.ModelChoiceField(Remark.objects.none(), label="哪一条", empty_label=None)
    changed = forms.TypedChoiceField(
        label="怎么处理", choices=[("1", "已改"), ("0", "不改")], coerce=lambda one: one == "1",
        widget=forms.RadioSelect, initial="1",
    )  # fmt: skip
    answer = text("处理说明", required=False, rows=2, help_text="不改的须写明理由")

    def prepare(self) -> None:
        rows = Remark.objects.filter(version__assignment=self.item).select_related("by", "version")
        left = rows.filter(settled_at__isnull=True)
        self.fields["remark"].queryset = rows if self.is_bound else left  # type: ignore[attr-defined]
        self.fields["remark"].label_from_instance = _label  # type: ignore[attr-defined]


def _label(one: Remark) -> str:
    return f"{one.by.name}（{one.version}第{one.paragraph}段“{one.quote[:SHORT]}”）：{one.text[:60]}"


class ShowDraft(DeedForm):
    """送代表征求意见."""

    proposers = forms.ModelMultipleChoiceField(
        Proposer.objects.none(), label="送给", widget=forms.CheckboxSelectMultiple,
        help_text="现在保存的稿本存为征求意见稿，之后还可以接着改",
    )  # fmt: skip
    on = Today(label="送出日期")
    method = TermField(DeliveryMethod, label="方式", radio=True)

    def prepare(self) -> None:
        rows = self.item.suggestion.proposers.all()
        self.fields["proposers"].queryset = rows  # type: ignore[attr-defined]
        self.initial.setdefault("proposers", [one.pk for one in rows if one.is_lead])


class RecordView(DeedForm):
    """登记代表对稿本的意见."""

    ASKED = ("consultation",)
    consultation = forms.ModelChoiceField(Consultation.objects.none(), label="哪位代表", empty_label=None)
    on = Today(label="答复日期")
    consent = TermField(Consent, label="态度", radio=True)
    view = text("代表意见", required=False, rows=3, help_text="有修改意见、不同意的须写明；不计入评价")
    response = text("怎么办的", required=False, rows=3, help_text="采纳了哪些，没有采纳的怎么说明的")
    scan = paper("回执", required=False)

    def prepare(self) -> None:
        rows = Consultation.objects.filter(version__assignment=self.item).select_related(
            "proposer", "version"
        )
        waiting = rows.filter(answered_on__isnull=True)
        field = self.fields["consultation"]
        field.queryset = rows if self.is_bound else waiting  # type: ignore[attr-defined]
        field.label_from_instance = self._label  # type: ignore[attr-defined]

    def _label(self, one: Consultation) -> str:
        name = "代表" if hides_proposer(self.item, self.actor) else one.proposer.name
        return f"{name}（{md(one.sent_on)}{one.get_method_display()}，{one.version}）"
