"""沟通、协办的表."""

from __future__ import annotations

from django import forms

from huiyin.models import CoOpinion, Proposer, Unit
from huiyin.rules.vocabulary import (
    ActivityKind,
    Method,
    OpinionState,
    OpinionUse,
    Stage,
    Status,
)
from huiyin.web.fields import DateField, DeedForm, Files, TermField, paper, text


class ContactForm(DeedForm):
    stage = TermField(Stage, label="阶段", radio=True)
    on = DateField(label="日期")
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
        self.today("on")
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
    on = DateField(label="日期")
    place = forms.CharField(label="地点", max_length=120)
    people = forms.CharField(label="参加人员", max_length=300)
    findings = text("情况和结果")
    papers = Files(label="照片和材料", required=False, help_text="可以选几个文件")

    def prepare(self) -> None:
        self.today("on")


class RequestOpinion(DeedForm):
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="协办单位", widget=forms.CheckboxSelectMultiple
    )
    on = DateField(label="发函日期")
    due_on = DateField(label="请于何日前提出", required=False, help_text="不填即按规程：交办之日起的协办期限")

    def prepare(self) -> None:
        self.today("on")
        asked = self.item.opinions.values("unit")
        units = (
            Unit.objects.filter(active=True, assigns=False)
            .exclude(pk=self.item.unit_id)
            .exclude(pk__in=asked)
        )
        self.fields["units"].queryset = units  # type: ignore[attr-defined]
        self.initial.setdefault("units", [one.pk for one in self.item.named_co_units.all()])


class OpinionForm(DeedForm):
    """Base of the deeds on one opinion: chooses among those in the states the deed is for."""

    states: tuple[OpinionState, ...] = (OpinionState.RECEIVED,)
    opinion = forms.ModelChoiceField(CoOpinion.objects.none(), label="协办单位", empty_label=None)

    def prepare(self) -> None:
        rows = self.item.opinions.filter(state__in=self.states).select_related("unit")
        field = self.fields["opinion"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: one.unit.name  # type: ignore[attr-defined]


class ReceiveOpinion(OpinionForm):
    states = (OpinionState.REQUESTED,)
    on = DateField(label="收到日期")
    body = text("意见内容", rows=6, help_text="照来函录入，便于写入答复")
    scan = paper("对方来函")

    def prepare(self) -> None:
        super().prepare()
        self.today("on")


class ReturnOpinion(OpinionForm):
    reason = text("退回的理由", help_text="无实质内容、未说明有关情况等；对方在规程规定的期限内重提")


class MarkMissing(OpinionForm):
    states = (OpinionState.REQUESTED,)
    note = text("催要经过和说明")


class UseOpinion(OpinionForm):
    use = TermField(OpinionUse, label="采纳情况", radio=True, only=(OpinionUse.ADOPTED, OpinionUse.EXPLAINED))
    note = text("说明（不采纳时须写）", required=False, rows=2)


class Outside(DeedForm):
    on = DateField(label="日期")
    reason = text("内容")
    scan = paper("来文")

    def prepare(self) -> None:
        self.today("on")


class Withdraw(Outside):
    def prepare(self) -> None:
        super().prepare()
        self.fields["reason"].label, self.fields["scan"].label = "撤回的情况", "代表的书面申请"


class Rehandle(DeedForm):
    on = DateField(label="重新办理通知日期")
    note = text("通知要求", required=False, rows=2)
    scan = paper("交办机关的重办通知")

    def prepare(self) -> None:
        self.today("on")
