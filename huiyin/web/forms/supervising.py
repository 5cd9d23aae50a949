"""催办、督办、批示、方案、会议的表."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q, QuerySet

from huiyin.actions.planning import LEADERS
from huiyin.actions.supervising import Target
from huiyin.models import AgendaItem, Errand, LeadersMeeting, Milestone, Person, Unit
from huiyin.queries.holders import held
from huiyin.queries.supervision import meetings_for
from huiyin.rules import errands
from huiyin.rules import permissions as p
from huiyin.rules.dates import md, zh
from huiyin.rules.vocabulary import SIX, Deed, OpinionState, Role, SupervisionSource
from huiyin.web.fields import DateField, DeedForm, TermField, Today, paper, text

ASKED = "不填即按办理规程的答复期限"
URGE_TEXT = "请对照办理时限抓紧办理，书面回复办理进展、存在的问题和预计办结的时间。"
STEPS = range(1, 7)


def staff(unit: Unit) -> QuerySet[Person]:
    """本单位在岗的人."""
    people = Person.objects.filter(unit=unit, is_active=True, posts__isnull=False)
    return people.exclude(posts__role=Role.ADMINISTRATOR).distinct()


def target(key: str, chosen: dict[int, Any], by: Person) -> Target | None:
    """ "7:p12" or "7:u3" from a form, of the items it offered."""
    pk, _, whom = key.partition(":")
    item = chosen.get(int(pk)) if pk.isdecimal() else None
    if item is None or not whom[1:].isdecimal():
        return None
    if whom.startswith("u"):
        unit = Unit.objects.filter(pk=int(whom[1:])).first()
        return Target.unit(item, unit, by) if unit else None
    person = Person.objects.filter(pk=int(whom[1:])).first()
    return Target(item, person) if person else None


class Urge(DeedForm):
    whom = forms.MultipleChoiceField(label="催谁", widget=forms.CheckboxSelectMultiple)
    body = text("要求", rows=3)
    due_on = DateField(label="要求何日前答复", required=False, help_text=ASKED)

    def prepare(self) -> None:
        self.initial.setdefault("body", URGE_TEXT)
        asked = self.item.opinions.filter(state=OpinionState.REQUESTED).select_related("unit")
        names = dict(Person.objects.filter(unit=self.item.unit).values_list("pk", "name"))
        rows = [one for one in held([self.item], asked, names, self.actor.on) if one.person_id or one.unit_id]
        rows = [one for one in rows if one.unit_id or p.urges(self.actor, self.item)]
        choices = {one.key: f"{one.whom}：{one.what}，已{one.days}天" for one in rows}
        if p.urges(self.actor, self.item):
            for role in (Role.HANDLER, Role.SECTION_HEAD):
                if person := self.item.person(role):
                    choices.setdefault(f"{self.item.pk}:p{person.pk}", f"{person.name}：{role.label}")
        self.fields["whom"].choices = list(choices.items())  # type: ignore[attr-defined]
        if len(choices) == 1 or rows:
            self.initial.setdefault("whom", [next(iter(choices))])

    def targets(self, by: Person) -> list[Target]:
        found = [target(key, {self.item.pk: self.item}, by) for key in self.cleaned_data["whom"]]
        return [one for one in found if one]


class Asking(DeedForm):
    """Base of what asks something of our own people."""

    owners = forms.ModelMultipleChoiceField(
        Person.objects.none(), label="请谁办", widget=forms.CheckboxSelectMultiple
    )
    body = text("要求", rows=3)
    due_on = DateField(label="要求何日前答复", required=False, help_text=ASKED)

    def prepare(self) -> None:
        own = [self.item.person_id(role) for role in SIX]
        heads = Q(posts__role__in=[Role.SECTION_HEAD, Role.OFFICE_DIRECTOR])
        field = self.fields["owners"]
        field.queryset = staff(self.item.unit).filter(heads | Q(pk__in=own))  # type: ignore[attr-defined]
        field.label_from_instance = self._named  # type: ignore[attr-defined]
        self.initial.setdefault("owners", [self.item.handler_id])

    def _named(self, person: Person) -> str:
        posts = [role.label for role in SIX if self.item.person_id(role) == person.pk]
        section = person.section.short_name if person.section else ""
        note = "、".join(posts) or section
        return f"{person.name}（{note}）" if note else person.name

    def targets(self) -> list[Target]:
        return [Target(self.item, one) for one in self.cleaned_data["owners"]]


class Instruct(Asking):
    def prepare(self) -> None:
        super().prepare()
        self.fields["body"].label = "批示"
        others = self.fields["owners"].queryset.exclude(pk=self.actor.person_id)  # type: ignore[attr-defined]
        self.fields["owners"].queryset = others  # type: ignore[attr-defined]
        self.order_fields(["body", "owners", "due_on"])


class Supervise(Asking):
    source = TermField(SupervisionSource, label="来由", radio=True)
    scan = paper("来文（督查室、人大、政协、代表的督办须附）", required=False)

    def prepare(self) -> None:
        super().prepare()
        clerk = self.actor.has(Role.CLERK)
        mine = [SupervisionSource.OFFICE] if p.office(self.actor, self.item) else []
        mine += [SupervisionSource.LEADER] if p.leaders(self.actor, self.item) else []
        allowed = tuple(SupervisionSource) if clerk else tuple(mine)
        self.fields["source"].choices = [(one.value, one.label) for one in allowed]  # type: ignore[attr-defined]
        self.initial.setdefault("source", allowed[0].value if allowed else None)
        self.order_fields(["source", "owners", "body", "due_on", "scan"])


class ErrandForm(DeedForm):
    """Base of the deeds on one errand: chooses among those he may do this to."""

    deed: ClassVar[Deed] = Deed.RECEIVE_ERRAND
    errand = forms.ModelChoiceField(
        Errand.objects.none(), label="督办事项", empty_label=None, widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        rows = self.item.errands_with_people()
        mine = [one.pk for one in rows if not errands.refusals(one, self.deed, self.actor)]
        self.initial.setdefault("errand", next(iter(mine), None))
        field = self.fields["errand"]
        field.queryset = rows.filter(pk__in=mine)  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one}，{md(one.due_on)}前：{one.supervision.text}"  # type: ignore[attr-defined]


class ReceiveErrand(ErrandForm):
    pass


class AnswerErrand(ErrandForm):
    deed = Deed.ANSWER_ERRAND
    body = text("答复：进展、问题、预计办结的时间", rows=5)
    on = DateField(label="答复日期", required=False, help_text="不填即今天；外单位的写收到回复的日期")
    scan = paper("材料（可不附）", required=False)

    def prepare(self) -> None:
        super().prepare()
        if not any(one.outside_id for one in self.fields["errand"].queryset):  # type: ignore[attr-defined]
            del self.fields["on"]


class SettleErrand(ErrandForm):
    deed = Deed.SETTLE_ERRAND
    note = text("销号意见（可不填）", required=False, rows=2)


class ReturnErrand(ErrandForm):
    deed = Deed.RETURN_ERRAND
    reason = text("退回的理由", rows=3, help_text="写明还要答复什么")
    due_on = DateField(label="要求何日前再答复", required=False, help_text=ASKED)


class Plan(DeedForm):
    leader = forms.ModelChoiceField(Person.objects.none(), label="督办领导", empty_label=None)
    decided_by = forms.CharField(label="哪次会议确定", max_length=80, help_text="如 2020年第8次局长办公会")
    body = text("方案", rows=4)

    def prepare(self) -> None:
        leaders = Person.objects.filter(posts__role__in=LEADERS, posts__unit=self.item.unit, is_active=True)
        self.fields["leader"].queryset = leaders.distinct()  # type: ignore[attr-defined]
        for n in STEPS:
            self.fields[f"step_{n}"] = forms.CharField(label="做到什么", max_length=200, required=False)
            self.fields[f"step_{n}_on"] = DateField(label="何日前", required=False)
        now = getattr(self.item, "plan", None)
        if now is not None:
            self.initial.update(leader=now.leader_id, decided_by=now.decided_by, body=now.text)
        for n, one in zip(STEPS, self.item.open_milestones(), strict=False):
            self.initial.update({f"step_{n}": one.text, f"step_{n}_on": one.due_on})

    GROUPS = (
        ("谁督办", ("leader", "decided_by", "body")),
        *((f"节点{n}{'（至少一个）' if n == 1 else ''}", (f"step_{n}", f"step_{n}_on")) for n in STEPS),
    )

    def clean(self) -> None:
        for n in STEPS:
            words, due = self.cleaned_data.get(f"step_{n}"), self.cleaned_data.get(f"step_{n}_on")
            if bool(words) != bool(due) and not self.errors.get(f"step_{n}_on"):
                self.add_error(f"step_{n}_on" if words else f"step_{n}", "节点的内容和日期都要写")

    def plan(self) -> dict[str, object]:
        data = self.cleaned_data
        steps = [(data[f"step_{n}"], data[f"step_{n}_on"]) for n in STEPS if data.get(f"step_{n}")]
        return {
            "leader": data["leader"], "decided_by": data["decided_by"], "text": data["body"], "milestones": steps,
        }  # fmt: skip


class MilestoneForm(DeedForm):
    milestone = forms.ModelChoiceField(Milestone.objects.none(), label="节点", empty_label=None)
    on = Today(label="完成日期")
    body = text("完成情况", rows=3)

    def prepare(self) -> None:
        field = self.fields["milestone"]
        field.queryset = self.item.open_milestones()  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{zh(one.due_on)}前：{one.text}"  # type: ignore[attr-defined]


class Table(DeedForm):
    meeting = forms.ModelChoiceField(LeadersMeeting.objects.none(), label="会议", empty_label=None)
    matter = text("提请研究的事项", rows=4, help_text="写明要会议定什么")

    def prepare(self) -> None:
        rows = meetings_for(self.actor)
        if not p.office(self.actor, self.item):
            rows = rows.filter(on__gte=self.actor.on)
        field = self.fields["meeting"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.name}（{zh(one.on)}）"  # type: ignore[attr-defined]


class Decide(DeedForm):
    agenda = forms.ModelChoiceField(AgendaItem.objects.none(), label="议题", empty_label=None)
    decision = text("会议决定", rows=4)
    on = DateField(label="决定日期", help_text="一般即会议日期")
    owner = forms.ModelChoiceField(
        Person.objects.none(), label="谁落实", required=False, empty_label="不需要落实",
        help_text="选了人就列为督办事项，到期要答复、销号",
    )  # fmt: skip
    due_on = DateField(label="何日前落实", required=False, help_text=ASKED)

    def prepare(self) -> None:
        rows = self.item.agenda.filter(decided_on__isnull=True).select_related("meeting")
        field = self.fields["agenda"]
        field.queryset = rows  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: f"{one.meeting}：{one.matter[:40]}"  # type: ignore[attr-defined]
        first = rows.first()
        self.initial.setdefault("on", min(first.meeting.on, self.actor.on) if first else self.actor.on)
        self.fields["owner"].queryset = staff(self.item.unit)  # type: ignore[attr-defined]
        self.initial.setdefault("owner", self.item.handler_id)
