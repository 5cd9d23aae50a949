"""协办、会签的表."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django import forms
from django.db.models import QuerySet

from huiyin.actions._asking import Ask
from huiyin.models import CoOpinion, Unit
from huiyin.rules.dates import md
from huiyin.rules.vocabulary import OpinionKind, OpinionState, OpinionUse
from huiyin.web.fields import DateField, DeedForm, TermField, Today, paper, text

QUESTION = "请就何事提出意见"
BY_PROFILE = "不填即按规程：交办之日起的协办期限；比规程晚的，也按规程"
AS_AGREED = "不填即按规程：交办之日起的协办期限；规程的期限已过的，须写明"
ROOM = 3  # empty rows of a round, beside those there are
SIGN_DAYS = 5


def _askable(form: DeedForm) -> QuerySet[Unit]:
    return Unit.objects.filter(active=True, assigns=False).exclude(pk=form.item.unit_id)


class PlanRequests(DeedForm):
    """拟定一轮：a unit, its question and its day in each row; a row whose unit is taken out is not asked."""

    def prepare(self) -> None:
        planned = list(self.item.opinions.filter(state=OpinionState.PLANNED))
        taken = self.item.opinions.exclude(state=OpinionState.PLANNED).filter(kind=OpinionKind.OPINION)
        units = _askable(self).exclude(pk__in=taken.values("unit"))
        rows: list[tuple[int | None, str, Any]] = [(one.unit_id, one.question, one.due_on) for one in planned]
        known = {one.unit_id for one in planned}
        named = self.item.named_co_units.exclude(pk__in=known).filter(pk__in=units)
        rows += [(one.pk, "", None) for one in named] if not planned else []
        count = 20 if self.is_bound else len(rows) + ROOM
        for place in range(1, count + 1):
            unit, question, due_on = rows[place - 1] if place <= len(rows) else (None, "", None)
            self.fields[f"unit{place}"] = forms.ModelChoiceField(
                units, label="协办单位", required=False, empty_label="（不征求）", initial=unit
            )
            self.fields[f"question{place}"] = text(QUESTION, required=False, rows=2)
            self.fields[f"question{place}"].initial = question
            self.fields[f"due{place}"] = DateField(
                label="请于何日前提出", required=False, help_text=BY_PROFILE, initial=due_on
            )

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [
            (f"第{n}个单位", [self[f"{name}{n}"] for name in ("unit", "question", "due")])
            for n in self._places()
        ]

    def _places(self) -> list[int]:
        places = [int(name[4:]) for name in self.fields if name.startswith("unit")]
        return [one for one in places if not self.is_bound or f"unit{one}" in self.data]

    def asks(self) -> list[Ask]:
        data = self.cleaned_data
        return [
            Ask(data[f"unit{n}"], data[f"question{n}"], data[f"due{n}"])
            for n in self._places()
            if data[f"unit{n}"]
        ]


class OpinionForm(DeedForm):
    """Base of the deeds on one opinion: chooses among those in the states the deed is for, or the one a link names."""

    ASKED = ("opinion",)
    states: tuple[OpinionState, ...] = (OpinionState.RECEIVED,)
    opinion = forms.ModelChoiceField(CoOpinion.objects.none(), label="协办单位", empty_label=None)

    def prepare(self) -> None:
        field = self.fields["opinion"]
        field.queryset = self.rows().select_related("unit")  # type: ignore[attr-defined]
        field.label_from_instance = _label  # type: ignore[attr-defined]

    def rows(self) -> QuerySet[CoOpinion]:
        return self.item.opinions.filter(state__in=self.states)


def _label(one: CoOpinion) -> str:
    again = f"（第{one.round}次）" if one.round > 1 else ""
    return f"{one.unit.name}{'会签' if one.countersigns else ''}{again}"


class SendRequests(DeedForm):
    rows = forms.ModelMultipleChoiceField(
        CoOpinion.objects.none(), label="发给", widget=forms.CheckboxSelectMultiple
    )
    on = Today(label="发函日期", help_text="时限即行起算；每份函各取一个文号")

    def prepare(self) -> None:
        planned = self.item.opinions.filter(state=OpinionState.PLANNED).select_related("unit")
        self.fields["rows"].queryset = planned  # type: ignore[attr-defined]
        self.fields["rows"].label_from_instance = (  # type: ignore[attr-defined]
            lambda one: f"{one.unit.name}（{md(one.due_on)}前）{one.question}"
        )
        self.initial.setdefault("rows", [one.pk for one in planned])


class RequestOpinion(DeedForm):
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="协办单位", widget=forms.CheckboxSelectMultiple
    )
    question = text(QUESTION, required=False, rows=2)
    on = Today(label="发函日期")
    due_on = DateField(label="请于何日前提出", required=False, help_text=BY_PROFILE)

    def prepare(self) -> None:
        asked = self.item.opinions.filter(kind=OpinionKind.OPINION).values("unit")
        self.fields["units"].queryset = _askable(self).exclude(pk__in=asked)  # type: ignore[attr-defined]
        self.initial.setdefault("units", [one.pk for one in self.item.named_co_units.all()])


class AskAgain(OpinionForm):
    states = (OpinionState.RECEIVED, OpinionState.MISSING, OpinionState.WITHDRAWN)
    question = text(QUESTION, required=False, rows=3)
    on = Today(label="发函日期")
    due_on = DateField(label="请于何日前提出", required=False, help_text=AS_AGREED)

    def rows(self) -> QuerySet[CoOpinion]:
        return super().rows().filter(kind=OpinionKind.OPINION)


class Countersign(DeedForm):
    units = forms.ModelMultipleChoiceField(
        Unit.objects.none(), label="会签单位", widget=forms.CheckboxSelectMultiple
    )
    question = text("请对方着重看什么", required=False, rows=2)
    on = Today(label="送签日期")
    due_on = DateField(label="请于何日前会签")

    def prepare(self) -> None:
        self.fields["due_on"].initial = self.actor.on + timedelta(days=SIGN_DAYS)
        self.fields["units"].queryset = _askable(self)  # type: ignore[attr-defined]
        answered = self.item.opinions.filter(state=OpinionState.RECEIVED, kind=OpinionKind.OPINION)
        self.initial.setdefault("units", list(answered.values_list("unit_id", flat=True)))


class AcceptOpinion(OpinionForm):
    states = (OpinionState.REQUESTED,)
    on = Today(label="签收日期")

    def rows(self) -> QuerySet[CoOpinion]:
        return super().rows().filter(accepted_on__isnull=True)


class ReceiveOpinion(OpinionForm):
    on = Today(label="收到日期")
    agreed = forms.BooleanField(label="会签同意，没有意见（只用于会签）", required=False)
    body = text(
        "意见内容", required=False, rows=6, help_text="照来函录入，便于写入答复；补收盖章件时不必再填"
    )
    scan = paper("对方来函")

    def prepare(self) -> None:
        super().prepare()
        if not any(one.countersigns for one in self.rows()):
            del self.fields["agreed"]
        if not any(one.awaits_paper for one in self.rows()):
            self.fields["body"].help_text = "照来函录入，便于写入答复"

    def rows(self) -> QuerySet[CoOpinion]:
        waiting = self.item.opinions.filter(state=OpinionState.REQUESTED)
        return waiting | self.item.opinions.filter(state=OpinionState.RECEIVED, paper__isnull=True)


class ReturnOpinion(OpinionForm):
    reason = text("退回的理由", help_text="无实质内容、未说明有关情况等；对方在规程规定的期限内重提")

    def rows(self) -> QuerySet[CoOpinion]:
        return super().rows().filter(kind=OpinionKind.OPINION)


class MarkMissing(OpinionForm):
    states = (OpinionState.REQUESTED,)
    note = text("催要经过和说明")


class WithdrawOpinion(OpinionForm):
    states = (OpinionState.PLANNED, OpinionState.REQUESTED)
    reason = text("撤回的理由", rows=2)


class UseOpinion(OpinionForm):
    use = TermField(OpinionUse, label="采纳情况", radio=True, only=(OpinionUse.ADOPTED, OpinionUse.EXPLAINED))
    note = text("说明（不采纳时须写）", required=False, rows=2)


class OpenLink(OpinionForm):
    states = (OpinionState.REQUESTED,)
    expires_on = DateField(
        label="有效期至", required=False,
        help_text="不填即为对方应提出之日后5天，最长60天。链接只显示一次；同一单位再开一个，原来的随即作废",
    )  # fmt: skip


class CloseLink(OpinionForm):
    states = (OpinionState.REQUESTED,)

    def rows(self) -> QuerySet[CoOpinion]:
        open_one = {"answer_links__used_at__isnull": True, "answer_links__closed_at__isnull": True}
        return super().rows().filter(answer_links__isnull=False, **open_one).distinct()
