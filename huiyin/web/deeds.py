"""办理页：each deed's form and the one action it calls. The page, the button and the refusal are the same for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms

from huiyin.actions import (
    consulting,
    contacting,
    evaluating,
    filing,
    following,
    proposing,
    registering,
    replying,
    signing,
)
from huiyin.models import Assignment, Commitment, CoOpinion, FollowUpVisit, Person, Proposer, Section, Unit
from huiyin.queries.organisation import holders, six_for
from huiyin.rules.dates import zh
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import (
    SECTION_ROLES,
    SIX,
    ActivityKind,
    CommitmentState,
    Deed,
    DeliveryMethod,
    Method,
    OpinionState,
    OpinionUse,
    Rating,
    Role,
    Stage,
    Status,
    Term,
)

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

Clean = dict[str, Any]


class DateField(forms.DateField):
    """日期：the browser's own picker; 2020-08-03 and 2020年8月3日 are both read."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            input_formats=["%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d"],
            error_messages={"invalid": "日期应写成 2020-08-03"},
            **options,
        )


class TermField(forms.TypedChoiceField):
    """封闭词表里的一个词."""

    def __init__(
        self, terms: type[Term], *, radio: bool = False, only: tuple[Term, ...] = (), **options: Any
    ) -> None:
        choices = [(one.value, one.label) for one in (only or tuple(terms))]
        if radio:
            options["widget"] = forms.RadioSelect()
        else:
            choices = [("", "请选择"), *choices]
        super().__init__(choices=choices, coerce=terms, empty_value=None, **options)


class Files(forms.FileField):
    """几个文件."""

    widget = type("ManyFiles", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        rows = data if isinstance(data, list | tuple) else [data] if data else []
        return [super(Files, self).clean(one, initial) for one in rows]


def text(label: str, *, required: bool = True, rows: int = 4, help_text: str = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        required=required,
        help_text=help_text,
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def paper(label: str, *, required: bool = True, help_text: str = "") -> forms.FileField:
    return forms.FileField(
        label=label, required=required, help_text=help_text or "PDF、图片、Word、Excel，30MB以内",
    )  # fmt: skip


class Grouped(forms.Form):
    """一张表分几栏: GROUPS names the fields under each heading; without it they stand one below the other."""

    GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def grouped(self) -> list[tuple[str, list[forms.BoundField]]]:
        return [(legend, [self[name] for name in names]) for legend, names in self.GROUPS]


class DeedForm(Grouped):
    """一个动作的表. Knows its item and who fills it, so that its choices are the real ones."""

    def __init__(self, *args: Any, item: Assignment, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.item, self.actor = item, actor
        self.prepare()

    def prepare(self) -> None:
        """Fill choices and first values from the item."""

    def today(self, *names: str) -> None:
        for name in names:
            self.fields[name].initial = self.actor.on


class Empty(DeedForm):
    pass


class Reason(DeedForm):
    reason = text("理由")


def _people(item: Assignment, role: Role, section: Section | None) -> list[Person]:
    return holders(role, item.unit, section if role in SECTION_ROLES else None)


class Propose(DeedForm):
    GROUPS = (
        ("交给哪个科室", ("section",)),
        ("业务线（不选即用上面的人）", ("handler", "section_head", "business_leader")),
        ("办理线（不选即用现任）", ("clerk", "office_director", "handling_leader")),
        ("责任和时限", ("responsible_leader", "due_on", "opinion")),
    )
    section = forms.ModelChoiceField(
        Section.objects.none(), label="承办科室", empty_label=None, widget=forms.RadioSelect
    )
    handler = forms.ModelChoiceField(
        Person.objects.none(), label="承办人", required=False, empty_label="不选"
    )
    section_head = forms.ModelChoiceField(
        Person.objects.none(), label="承办科室负责人", required=False, empty_label="不选"
    )
    business_leader = forms.ModelChoiceField(
        Person.objects.none(), label="分管业务局领导", required=False, empty_label="不选"
    )
    clerk = forms.ModelChoiceField(
        Person.objects.none(), label="专职人员", required=False, empty_label="不选"
    )
    office_director = forms.ModelChoiceField(
        Person.objects.none(), label="办公室主任", required=False, empty_label="不选"
    )
    handling_leader = forms.ModelChoiceField(
        Person.objects.none(), label="分管办理工作的局领导", required=False, empty_label="不选"
    )
    responsible_leader = forms.ModelChoiceField(
        Person.objects.none(), label="责任领导", required=False, empty_label="同分管业务局领导"
    )
    due_on = DateField(label="办理时限", required=False, help_text="不填即法定期限；可以提前，不能推后")
    opinion = text("拟办意见", required=False, rows=2)

    def prepare(self) -> None:
        unit = self.item.unit
        self.fields["section"].queryset = unit.sections.filter(active=True)  # type: ignore[attr-defined]
        self.fields["section"].label_from_instance = self._with_people  # type: ignore[attr-defined]
        for role in SIX:
            people = Person.objects.filter(posts__role=role, posts__unit=unit, is_active=True).distinct()
            self.fields[role.value].queryset = people  # type: ignore[attr-defined]
            self.fields[role.value].initial = self.item.person_id(role)
        leaders = [Role.BUSINESS_LEADER, Role.HANDLING_LEADER, Role.CHIEF_LEADER]
        self.fields["responsible_leader"].queryset = Person.objects.filter(  # type: ignore[attr-defined]
            posts__role__in=leaders, posts__unit=unit, is_active=True
        ).distinct()
        self.initial.setdefault("section", self.item.section_id)
        self.initial.setdefault("responsible_leader", self.item.responsible_leader_id)
        self.initial.setdefault("due_on", self.item.due_on)

    def _with_people(self, section: Section) -> str:
        """国土空间规划科：承办人李慧敏、刘志鹏，负责人罗志明，分管邓丽娟."""
        told = []
        for role, word in (
            (Role.HANDLER, "承办人"),
            (Role.SECTION_HEAD, "负责人"),
            (Role.BUSINESS_LEADER, "分管"),
        ):
            names = "、".join(one.name for one in _people(self.item, role, section)) or "空缺"
            told.append(f"{word}{names}")
        return f"{section.name}：{'，'.join(told)}"

    def proposal(self) -> proposing.Proposal:
        data = self.cleaned_data
        found = six_for(self.item.unit, data["section"])
        people = {role: data[role.value] or found[role] for role in SIX}
        return proposing.Proposal(
            section=data["section"], people={role: one for role, one in people.items() if one},
            responsible_leader=data["responsible_leader"], due_on=data["due_on"], opinion=data["opinion"],
        )  # fmt: skip


class Pass(DeedForm):
    seen = forms.CharField(widget=forms.HiddenInput)
    opinion = text("意见（可不填）", required=False, rows=2)

    def prepare(self) -> None:
        self.initial["seen"] = signing.digest_now(self.item)


class SendBack(DeedForm):
    to = forms.TypedChoiceField(label="退到", choices=[], coerce=Status, widget=forms.RadioSelect)
    reason = text("理由（须写明）", help_text="写明要改哪一段、改成什么样")

    def prepare(self) -> None:
        options = {
            Status.ASSIGNING: [(Status.PROPOSING, "专职人员，重新拟办")],
            Status.REVIEW: [(Status.HANDLING, "承办人，修改稿本"), (Status.PROPOSING, "专职人员，重新拟办")],
            Status.ISSUE: [
                (Status.HANDLING, "承办人，修改稿本"), (Status.REVIEW, "审核关，重新审核"),
                (Status.PROPOSING, "专职人员，重新拟办"),
            ],
        }.get(Status(self.item.status), [])  # fmt: skip
        self.fields["to"].choices = [(one.value, label) for one, label in options]  # type: ignore[attr-defined]
        if options:
            self.fields["to"].initial = options[0][0].value


class ReportReturn(DeedForm):
    reason = text("退办理由")
    proposed_unit = forms.CharField(label="建议改由哪个单位承办", max_length=80)
    chief_agreed = forms.BooleanField(label="主要负责人已签字同意（再次申请时须有）", required=False)


class DecideReturn(DeedForm):
    on = DateField(label="决定日期")
    note = text("决定内容", required=False, rows=2)
    scan = paper("交办机关的来文")

    def prepare(self) -> None:
        self.today("on")


class ChangePeople(DeedForm):
    reason = text("调整的理由", rows=2)

    ROLES = (*SIX, Role.CHIEF_LEADER)

    def prepare(self) -> None:
        for role in self.ROLES:
            people = _people(self.item, role, self.item.section)
            self.fields[role.value] = forms.ModelChoiceField(
                Person.objects.filter(pk__in=[one.pk for one in people]), label=role.label, required=False,
                initial=self.item.person_id(role), empty_label="不变",
            )  # fmt: skip
        self.order_fields([*(role.value for role in self.ROLES), "reason"])

    def changed(self) -> dict[Role, Person]:
        data = self.cleaned_data
        return {
            role: data[role.value]
            for role in self.ROLES
            if data.get(role.value) and data[role.value].pk != self.item.person_id(role)
        }


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


class Deliver(DeedForm):
    addressees = forms.MultipleChoiceField(label="收件人", widget=forms.CheckboxSelectMultiple)
    on = DateField(label="送达日期")
    method = TermField(DeliveryMethod, label="送达方式", radio=True)
    scan = paper("回执", required=False)

    def prepare(self) -> None:
        self.today("on")
        names = self.item.undelivered()
        self.fields["addressees"].choices = [(name, name) for name in names]  # type: ignore[attr-defined]
        self.initial.setdefault("addressees", names)


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


class Evaluate(DeedForm):
    proposer = forms.ModelChoiceField(Proposer.objects.none(), label="评价人", empty_label=None)
    attitude = TermField(Rating, label="对办理态度", radio=True)
    outcome = TermField(Rating, label="对办理结果", radio=True)
    reason = text("意见（不满意须写明原因）", required=False, rows=3)
    on = DateField(label="评价日期")
    scan = paper("征询意见表扫描件", help_text="代录须附扫描件；各项报表都注明“纸质·单位代录”")

    def prepare(self) -> None:
        names = self.item.unevaluated()
        self.fields["proposer"].queryset = self.item.suggestion.proposers.filter(name__in=names)  # type: ignore[attr-defined]
        self.today("on")


class Lapse(DeedForm):
    note = text("催评经过", help_text="写明何时、以何种方式催过；逾期未评价不计为满意")


class Promise(DeedForm):
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


class ProgressForm(DeedForm):
    commitment = forms.ModelChoiceField(Commitment.objects.none(), label="承诺事项", empty_label=None)
    on = DateField(label="日期")
    body = text("进展", rows=3)
    state = TermField(
        CommitmentState, label="状态", radio=True,
        only=(CommitmentState.UNDERWAY, CommitmentState.FULFILLED, CommitmentState.IMPOSSIBLE),
    )  # fmt: skip
    evidence = paper("支撑材料（登记已落实须附）", required=False)
    informed_on = DateField(label="书面告知代表日期（了结时须写）", required=False)

    def prepare(self) -> None:
        self.fields["commitment"].queryset = self.item.commitments.filter(done_on__isnull=True)  # type: ignore[attr-defined]
        self.today("on")


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
    visit = forms.ModelChoiceField(FollowUpVisit.objects.none(), label="哪一次回访", empty_label=None)
    on = DateField(label="回访日期")
    method = TermField(Method, label="方式")
    people = forms.CharField(label="回访人", max_length=200)
    finding = text("回访情况")

    def prepare(self) -> None:
        rows = self.item.visits.filter(done_on__isnull=True)
        self.fields["visit"].queryset = rows  # type: ignore[attr-defined]
        self.fields["visit"].label_from_instance = lambda one: f"计划{zh(one.planned_on)}"  # type: ignore[attr-defined]
        self.today("on")
        handler = self.item.handler
        self.initial.setdefault("people", handler.name if handler else "")


class Attach(DeedForm):
    purpose = forms.CharField(label="用途", max_length=60, required=False)
    scan = paper("文件")


Run = Callable[[Assignment, Any, Person, datetime], Any]


@dataclass(frozen=True)
class Page:
    """一个动作的页：`button` is the verb and where it leads; `run` calls the one action.

    `supplies`: the form itself brings what the step waits for (people, a delivery, a rating).
    """

    deed: Deed
    form: type[DeedForm]
    run: Run
    button: str
    said: str = "已办理"
    main: bool = False
    supplies: bool = False


def _kw(form: Any, **names: str) -> Clean:
    """Cleaned data as the action's keywords, with some fields under the action's own names."""
    data = dict(form.cleaned_data)
    return {names.get(str(key), str(key)): value for key, value in data.items()}


D = Deed
PAGES = (
    Page(D.PROPOSE, Propose, lambda i, f, by, at: proposing.propose(i, f.proposal(), by=by, at=at),
         "提出拟办意见，送交办关", "已送交办关（未审签前可撤回）", True, True),
    Page(D.PASS_ASSIGN, Pass, lambda i, f, by, at: signing.pass_gate(i, by=by, at=at, **_kw(f)), "通过", "已通过", True),
    Page(D.PASS_REVIEW, Pass, lambda i, f, by, at: signing.pass_gate(i, by=by, at=at, **_kw(f)), "审核通过", "已通过", True),
    Page(D.SIGN, Pass, lambda i, f, by, at: signing.pass_gate(i, by=by, at=at, **_kw(f)), "签发", "已签发", True),
    Page(D.ACCEPT, Empty, lambda i, f, by, at: proposing.accept(i, by=by, at=at), "签收", "已签收", True),
    Page(D.ASK_RETURN, Reason, lambda i, f, by, at: proposing.ask_return(i, by=by, at=at, **_kw(f)), "申请退办（须写明理由）", "已报办公室"),
    Page(D.KEEP, Reason, lambda i, f, by, at: proposing.keep(i, by=by, at=at, **_kw(f)), "不同意退办，继续办理"),
    Page(D.REASSIGN, Reason, lambda i, f, by, at: proposing.reassign(i, by=by, at=at, **_kw(f)), "改派科室，重新拟办"),
    Page(D.REPORT_RETURN, ReportReturn, lambda i, f, by, at: proposing.report_return(i, by=by, at=at, **_kw(f)), "报交办机关退办"),
    Page(D.RETURN_AGREED, DecideReturn, lambda i, f, by, at: proposing.decide_return(i, agreed=True, by=by, at=at, **_kw(f, scan="paper")), "登记交办机关同意退办"),
    Page(D.RETURN_REFUSED, DecideReturn, lambda i, f, by, at: proposing.decide_return(i, agreed=False, by=by, at=at, **_kw(f, scan="paper")), "登记交办机关不同意退办"),
    Page(D.SUBMIT, Empty, lambda i, f, by, at: replying.submit(i, by=by, at=at), "送审", "已送审（未审签前可撤回）", True),
    Page(D.SEND_BACK, SendBack, lambda i, f, by, at: signing.send_back(i, by=by, at=at, **_kw(f)), "退改（须写明理由）", "已退改"),
    Page(D.TAKE_BACK, Empty, lambda i, f, by, at: signing.take_back(i, by=by, at=at), "撤回", "已撤回"),
    Page(D.DELIVER, Deliver, lambda i, f, by, at: replying.deliver(i, by=by, at=at, **_kw(f, scan="receipt")), "登记送达", "已登记送达", True, True),
    Page(D.DELIVER_OPINION, Deliver, lambda i, f, by, at: replying.deliver(i, by=by, at=at, **_kw(f, scan="receipt")), "送主办单位", "已登记送达", True, True),
    Page(D.HOLLOW, Outside, lambda i, f, by, at: replying.take_hollow(i, by=by, at=at, **_kw(f, scan="paper")), "登记主办单位退回"),
    Page(D.REHANDLE, Rehandle, lambda i, f, by, at: evaluating.rehandle(i, by=by, at=at, **_kw(f, scan="paper")), "登记重办通知，开始重新办理", "已开始下一轮", True),
    Page(D.WITHDRAW, Withdraw, lambda i, f, by, at: registering.withdraw(i, by=by, at=at, **_kw(f, scan="paper")), "登记撤回"),
    Page(D.CHANGE_PEOPLE, ChangePeople, lambda i, f, by, at: proposing.change_people(i, f.changed(), reason=f.cleaned_data["reason"], by=by, at=at), "调整经办人员"),
    Page(D.CONTACT, ContactForm, lambda i, f, by, at: contacting.record_contact(i, by=by, at=at, **_kw(f, scan="paper")), "登记沟通", "已登记沟通"),
    Page(D.ACTIVITY, ActivityForm, lambda i, f, by, at: contacting.record_activity(i, by=by, at=at, **_kw(f, papers="files")), "登记活动", "已登记活动"),
    Page(D.ASK_EXEMPTION, Reason, lambda i, f, by, at: contacting.ask_exemption(i, by=by, at=at, **_kw(f)), "申请免予办前沟通", "已报分管领导"),
    Page(D.GRANT_EXEMPTION, Empty, lambda i, f, by, at: contacting.grant_exemption(i, by=by, at=at), "批准免予办前沟通", "已批准"),
    Page(D.REQUEST_OPINION, RequestOpinion, lambda i, f, by, at: consulting.request_opinions(i, by=by, at=at, **_kw(f)), "请协办单位提意见", "已登记发函"),
    Page(D.RECEIVE_OPINION, ReceiveOpinion, lambda i, f, by, at: consulting.receive_opinion(i, by=by, at=at, **_kw(f, scan="paper", body="text")), "登记协办意见", "已登记协办意见"),
    Page(D.RETURN_OPINION, ReturnOpinion, lambda i, f, by, at: consulting.return_opinion(i, by=by, at=at, **_kw(f)), "退回协办意见"),
    Page(D.MARK_MISSING, MarkMissing, lambda i, f, by, at: consulting.mark_missing(i, by=by, at=at, **_kw(f)), "标注逾期未提交"),
    Page(D.USE_OPINION, UseOpinion, lambda i, f, by, at: consulting.use_opinion(i, by=by, at=at, **_kw(f)), "标注采纳情况"),
    Page(D.EVALUATE, Evaluate, lambda i, f, by, at: evaluating.evaluate(i, by=by, at=at, **_kw(f)), "登记评价", "已登记评价", True, True),
    Page(D.LAPSE, Lapse, lambda i, f, by, at: evaluating.lapse(i, by=by, at=at, **_kw(f)), "登记逾期未评价"),
    Page(D.PROMISE, Promise, lambda i, f, by, at: following.promise(i, by=by, at=at, **_kw(f)), "列承诺事项", "已列承诺"),
    Page(D.PROGRESS, ProgressForm, lambda i, f, by, at: following.progress(i, by=by, at=at, **_kw(f, body="text")), "登记承诺进展", "已登记进展"),
    Page(D.CONVERT, Convert, lambda i, f, by, at: following.convert(i, by=by, at=at, **_kw(f)), "B类转A类", "已转类"),
    Page(D.PLAN_VISIT, PlanVisit, lambda i, f, by, at: following.plan_visit(i, by=by, at=at, **_kw(f)), "安排回访"),
    Page(D.VISIT, Visit, lambda i, f, by, at: following.visit(i, f.cleaned_data.pop("visit"), by=by, at=at, **_kw(f)), "登记回访", "已登记回访"),
    Page(D.ATTACH, Attach, lambda i, f, by, at: filing.attach(i, by=by, at=at, **_kw(f, scan="upload")), "上传附件", "已上传"),
)  # fmt: skip
PAGE_OF = {page.deed: page for page in PAGES}
# One button leads to each: sending back is one page whatever the goal, and these follow by themselves.
WITHOUT_BUTTON = {
    D.SEND_BACK_REVIEW, D.SEND_BACK_PROPOSE, D.DRAFT, D.CLOSE, D.TRACK, D.DISSATISFY, D.FULFIL, D.SECOND_HANDLE,
}  # fmt: skip
