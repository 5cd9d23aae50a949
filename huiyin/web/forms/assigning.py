"""交办、审签、退办的表."""

from __future__ import annotations

from typing import Any

from django import forms

from huiyin.actions import proposing, signing
from huiyin.models import Assignment, Person, Section
from huiyin.queries.organisation import holders, six_for
from huiyin.rules.vocabulary import SECTION_ROLES, SIX, Gate, Role, Status
from huiyin.web.fields import DateField, DeedForm, TermField, Today, paper, text


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
    """退改. The usual reasons can be ticked; what is written is added to them."""

    COMMON = ("承诺不实", "答非所问", "语气生硬", "数据须核实", "时间未写明", "再征求代表意见")
    to = forms.TypedChoiceField(label="退给", choices=[], coerce=Status, widget=forms.RadioSelect)
    post = TermField(
        Role, label="从哪个岗位起重新审核", required=False, help_text="退回审核关时选；不选即从头审核"
    )
    common = forms.MultipleChoiceField(
        label="理由（可点选后补写）", choices=[(one, one) for one in COMMON], required=False,
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    reason = text("写明要改哪一段、改成什么样", required=False, rows=3)

    def prepare(self) -> None:
        drafter = self._named(Role.HANDLER, "修改稿本")
        again = (Status.PROPOSING, self._named(Role.CLERK, "重新拟办"))
        options = {
            Status.ASSIGNING: [again],
            Status.REVIEW: [(Status.HANDLING, drafter), again],
            Status.ISSUE: [(Status.HANDLING, drafter), (Status.REVIEW, "审核关，重新审核"), again],
        }.get(Status(self.item.status), [])
        self.fields["to"].choices = [(one.value, label) for one, label in options]  # type: ignore[attr-defined]
        if options:
            self.fields["to"].initial = options[0][0].value
        chain = [] if self.item.gate != Gate.ISSUE else self.item.chain(Gate.REVIEW)[1:]
        self.fields["post"].choices = [("", "从头审核"), *((one.value, self._named(one)) for one in chain)]  # type: ignore[attr-defined]
        if not chain:
            del self.fields["post"]
        if self.item.gate == Gate.ASSIGN:
            del self.fields["common"]

    def _named(self, role: Role, what: str = "") -> str:
        person = self.item.person(role)
        return f"{role.label}{person.name if person else ''}{'，' if what else ''}{what}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        parts = [*data.pop("common", []), data.get("reason", "").strip()]
        data["reason"] = "；".join(part for part in parts if part)
        if data.get("to") != Status.REVIEW:
            data.pop("post", None)
        return data


class ReportReturn(DeedForm):
    reason = text("退办理由")
    proposed_unit = forms.CharField(label="建议改由哪个单位承办", max_length=80)
    chief_agreed = forms.BooleanField(label="主要负责人已签字同意（再次申请时须有）", required=False)


class DecideReturn(DeedForm):
    on = Today(label="决定日期")
    note = text("决定内容", required=False, rows=2)
    scan = paper("交办机关的来文")


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
