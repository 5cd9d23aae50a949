"""沟通、协办的表."""

from __future__ import annotations

from django import forms

from huiyin.models import Proposer
from huiyin.rules.vocabulary import (
    ActivityKind,
    Method,
    Stage,
    Status,
)
from huiyin.web.fields import DeedForm, Files, TermField, Today, paper, text


class ContactForm(DeedForm):
    stage = TermField(Stage, label="阶段", radio=True)
    on = Today(label="日期")
    method = TermField(Method, label="方式")
    people = forms.CharField(label="我方人员", max_length=200)
    reached = forms.ModelMultipleChoiceField(
        Proposer.objects.none(), label="沟通到的代表（委员）", widget=forms.CheckboxSelectMultiple
    )
    content = text("沟通内容", rows=3)
    view = text("代表意见", rows=3)
    response = text("怎么办的", required=False, rows=2)
    scan = paper("照片或记录单", required=False)

    def prepare(self) -> None:
        proposers = self.item.suggestion.proposers.all()
        self.fields["reached"].queryset = proposers  # type: ignore[attr-defined]
        self.initial.setdefault("reached", [one.pk for one in proposers if one.is_lead])
        sent = self.item.status not in {Status.HANDLING, Status.REVIEW, Status.ISSUE}
        seen = self.item.contacts.exists()
        self.initial.setdefault("stage", Stage.AFTER if sent else Stage.DURING if seen else Stage.BEFORE)
        handler = self.item.handler
        self.initial.setdefault("people", handler.name if handler else "")


class ActivityForm(DeedForm):
    kind = TermField(ActivityKind, label="形式", radio=True)
    on = Today(label="日期")
    place = forms.CharField(label="地点", max_length=120)
    people = forms.CharField(label="参加人员", max_length=300)
    findings = text("情况和结果")
    papers = Files(label="照片和材料", required=False, help_text="可以选几个文件")


class Outside(DeedForm):
    on = Today(label="日期")
    reason = text("内容")
    scan = paper("来文")


class Withdraw(Outside):
    def prepare(self) -> None:
        self.fields["reason"].label, self.fields["scan"].label = "撤回的情况", "代表的书面申请"


class Rehandle(DeedForm):
    on = Today(label="重新办理通知日期")
    note = text("通知要求", required=False, rows=2)
    scan = paper("交办机关的重办通知")
