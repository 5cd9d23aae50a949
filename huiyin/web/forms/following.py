"""评价、承诺、回访、附件的表."""

from __future__ import annotations

from django import forms

from huiyin.models import Commitment, FollowUpVisit, Person, Proposer, Section
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import SECTION_ROLES, CommitmentState, Method, Rating
from huiyin.web.fields import DateField, DeedForm, TermField, Today, paper, text


class Evaluate(DeedForm):
    ASKED = ("proposer",)  # the QR code of his opinion form

    proposer = forms.ModelChoiceField(Proposer.objects.none(), label="评价人", empty_label=None)
    QUESTIONS = {"attitude": "对办理态度", "outcome": "对办理结果"}
    reason = text("意见（不满意须写明原因）", required=False, rows=3)
    on = Today(label="评价日期")
    scan = paper("征询意见表扫描件", help_text="代录须附扫描件；各项报表都注明“纸质·单位代录”")

    def prepare(self) -> None:
        names = self.item.unevaluated()
        self.fields["proposer"].queryset = self.item.suggestion.proposers.filter(name__in=names)  # type: ignore[attr-defined]
        for name in self.item.profile.questions:
            self.fields[name] = TermField(
                Rating, label=self.QUESTIONS[name], radio=True, only=self.item.profile.scale
            )
        self.order_fields(["proposer", *self.QUESTIONS])


class Remind(DeedForm):
    on = Today(label="催评日期")
    how = text("催评的方式", rows=2, help_text="电话、上门、书面等，同谁说的")


class Publish(DeedForm):
    on = Today(label="公开日期")
    url = forms.CharField(
        label="公开网址", required=False, max_length=300, help_text="登在本系统公开页的，不用填"
    )


class Lapse(DeedForm):
    note = text("催评经过", help_text="写明何时、以何种方式催过；逾期未评价不计为满意")


class Promise(DeedForm):
    """列承诺事项, from nothing or from the measure answered to a point (`?point=`)."""

    ASKED = ("point",)
    content = text("承诺事项", rows=3)
    section = forms.ModelChoiceField(Section.objects.none(), label="责任科室", empty_label=None)
    owner = forms.ModelChoiceField(Person.objects.none(), label="责任人", empty_label=None)
    due_on = DateField(label="完成期限")

    def prepare(self) -> None:
        self.fields["section"].queryset = self.item.unit.sections.filter(active=True)  # type: ignore[attr-defined]
        people = Person.objects.filter(
            unit=self.item.unit, is_active=True, posts__role__in=SECTION_ROLES
        ).distinct()
        self.fields["owner"].queryset = people  # type: ignore[attr-defined]
        self.initial.setdefault("section", self.item.section_id)
        self.initial.setdefault("owner", self.item.handler_id)
        if asked := str(self.initial.get("point", "")):
            point = next((one for one in self.item.points.all() if str(one.pk) == asked), None)
            self.initial.update({"content": point.measure, "due_on": point.due_on} if point else {})


class ProgressForm(DeedForm):
    """登记承诺进展, of the one asked for (`?commitment=`)."""

    ASKED = ("commitment",)
    commitment = forms.ModelChoiceField(Commitment.objects.none(), label="承诺事项", empty_label=None)
    on = Today(label="日期")
    body = text("进展", rows=3)
    state = TermField(
        CommitmentState, label="状态", radio=True,
        only=(CommitmentState.UNDERWAY, CommitmentState.FULFILLED, CommitmentState.IMPOSSIBLE),
    )  # fmt: skip
    evidence = paper("支撑材料（登记已落实须附）", required=False)
    informed_on = DateField(label="书面告知代表日期（了结时须写）", required=False)

    def prepare(self) -> None:
        self.fields["commitment"].queryset = self.item.commitments.filter(done_on__isnull=True)  # type: ignore[attr-defined]


class Convert(DeedForm):
    to_class = forms.ChoiceField(label="转为")
    reason = text("转类的依据")
    evidence = paper("支撑材料")

    def prepare(self) -> None:
        solved = [(one.letter, one.label) for one in self.item.profile.classes.values() if one.solved]
        self.fields["to_class"].choices = solved  # type: ignore[attr-defined]


class PlanVisit(DeedForm):
    planned_on = DateField(label="计划日期")


class Visit(DeedForm):
    """登记回访, of the one asked for (`?visit=`)."""

    ASKED = ("visit",)
    visit = forms.ModelChoiceField(FollowUpVisit.objects.none(), label="哪一次回访", empty_label=None)
    on = Today(label="回访日期")
    method = TermField(Method, label="方式")
    people = forms.CharField(label="回访人", max_length=200)
    finding = text("回访情况")

    def prepare(self) -> None:
        rows = self.item.visits.filter(done_on__isnull=True)
        self.fields["visit"].queryset = rows  # type: ignore[attr-defined]
        self.fields["visit"].label_from_instance = lambda one: f"计划{zh(one.planned_on)}"  # type: ignore[attr-defined]
        handler = self.item.handler
        self.initial.setdefault("people", handler.name if handler else "")


class Attach(DeedForm):
    purpose = forms.CharField(label="用途", max_length=60, required=False)
    scan = paper("文件")
