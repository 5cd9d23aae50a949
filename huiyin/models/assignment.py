"""承办件：one suggestion in the hands of one unit, in one round. What moves through the three gates."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q, QuerySet, prefetch_related_objects
from django.utils.functional import cached_property

from huiyin.models.counting import Counted
from huiyin.models.organisation import Person, Section, Unit
from huiyin.models.profile import profile_of
from huiyin.models.suggestion import Meeting, Suggestion
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import (
    FACE_TO_FACE,
    SIX,
    ClockKind,
    Gate,
    Level,
    Part,
    Rating,
    Role,
    RoundKind,
    Status,
)
from huiyin.rules.workflow import GATE_OF, HOLDERS

if TYPE_CHECKING:
    from huiyin.models.clock import Clock, Extension
    from huiyin.models.contact import Contact
    from huiyin.models.drafting import Remark
    from huiyin.models.reply import Delivery, Reply, ReplyVersion, SignOff
    from huiyin.models.suggestion import Proposer
    from huiyin.models.supervision import Errand, Milestone


def _person(label: str) -> models.ForeignKey[Person | None, Person | None]:
    return models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=label
    )


class Assignment(Counted):
    """承办件. For lists, `due_on` repeats the due date of its reply (or opinion) clock and `number_key` its suggestion's;
    `seq` and `head` close the chain of its journal."""

    suggestion = models.ForeignKey(
        Suggestion, models.PROTECT, related_name="assignments", verbose_name="建议"
    )
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="assignments", verbose_name="承办年度")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="assignments", verbose_name="承办单位")
    number_key = models.CharField("编号的排序键", max_length=80, default="", editable=False)
    part = models.CharField("办理方式", max_length=10, choices=Part.choices())
    part_text = models.CharField("分办内容", max_length=200, blank=True)
    lead_unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="主办单位"
    )
    named_co_units = models.ManyToManyField(Unit, related_name="+", blank=True, verbose_name="协办单位")
    round = models.PositiveSmallIntegerField("轮次", default=1)
    round_kind = models.CharField(
        "轮次性质", max_length=12, choices=RoundKind.choices(), default=RoundKind.FIRST
    )
    previous = models.OneToOneField(
        "self", models.PROTECT, related_name="following", null=True, blank=True, verbose_name="上一轮"
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, related_name="merged", null=True, blank=True, verbose_name="并入"
    )
    organ = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="交办机关"
    )
    assigned_on = models.DateField("交办日期")
    due_on = models.DateField("办理时限", null=True, blank=True)
    due_provisional = models.BooleanField("暂定", default=False)
    six_months = models.BooleanField("涉及面广、处理难度大（六个月）", default=False)
    status = models.CharField("状态", max_length=16, choices=Status.choices(), default=Status.PROPOSING)
    status_since = models.DateTimeField("到此状态的时间")
    profile_name = models.CharField(max_length=40)
    profile_version = models.CharField(max_length=20)

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="assignments", null=True, blank=True, verbose_name="承办科室"
    )
    responsible_leader = _person("责任领导")
    clerk = _person(Role.CLERK.label)
    office_director = _person(Role.OFFICE_DIRECTOR.label)
    handling_leader = _person(Role.HANDLING_LEADER.label)
    handler = _person(Role.HANDLER.label)
    section_head = _person(Role.SECTION_HEAD.label)
    business_leader = _person(Role.BUSINESS_LEADER.label)
    chief_leader = _person(Role.CHIEF_LEADER.label)

    accepted_on = models.DateField("签收日期", null=True, blank=True)
    accepted_by = _person("签收人")
    lapsed_on = models.DateField("登记逾期未评价", null=True, blank=True)
    closed_on = models.DateField("办结日期", null=True, blank=True)
    archive_number = models.CharField("归档号", max_length=60, blank=True)
    note = models.CharField("备注", max_length=500, blank=True)
    seq = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        ordering = ["-assigned_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "unit", "round"], name="round_once"),
            models.CheckConstraint(
                condition=~Q(part=Part.CO.value) | Q(lead_unit__isnull=False), name="co_has_lead"
            ),
            models.CheckConstraint(condition=Q(round=1) | ~Q(round_kind="first"), name="later_rounds_named"),
        ]
        indexes = [
            models.Index(fields=["unit", "meeting", "status", "suggestion"], name="items_by_meeting"),
            models.Index(fields=["unit", "meeting", "number_key", "id"], name="items_in_order"),
            models.Index(fields=["unit", "due_on"]),
            models.Index(fields=["section", "status"]),
            models.Index(fields=["unit", "status"], name="items_by_status"),
            models.Index(fields=["unit", "assigned_on"], name="items_by_assigned"),
            models.Index(fields=["unit", "replied_on"], name="items_by_replied"),
            models.Index(  # few have one: by the index of all SQLite expects a hundred for each item, and plans for them
                fields=["previous", "round_kind"], condition=Q(previous__isnull=False), name="items_again"
            ),
        ]

    def __str__(self) -> str:
        return str(self.suggestion)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self._state.adding:
            self.number_key = self.suggestion.number_key
        super().save(*args, **kwargs)

    def rows(self, path: str) -> list[Any]:
        """Its rows along a path ("contacts", "replies__deliveries"), read once: conditions, check-list and deed ask for the
        same ones again and again. Who writes some and asks again must `forget` first."""
        prefetch_related_objects([self], path)
        return list(getattr(self, path.partition("__")[0]).all())

    @property
    def proposers(self) -> list[Proposer]:
        """提出人."""
        prefetch_related_objects([self.suggestion], "proposers")
        return list(self.suggestion.proposers.all())

    def forget(self) -> None:
        """Drop what it remembers of its rows."""
        for name in ("_sign_offs", "draft", "submitted_version", "reply"):
            self.__dict__.pop(name, None)
        for one in (self, self.suggestion):
            getattr(one, "_prefetched_objects_cache", {}).clear()

    @cached_property
    def profile(self) -> Profile:
        """办理规程 this item was assigned under, in the version then in force."""
        return profile_of(self.profile_name, self.profile_version)

    @property
    def answers(self) -> bool:
        """Does this unit answer the proposer (主办、独办、分办), or only the lead unit (协办)?"""
        return self.part != Part.CO

    # 六人与关口

    def person_id(self, role: Role) -> int | None:
        value: int | None = getattr(self, f"{role.value}_id")
        return value

    def person(self, role: Role) -> Person | None:
        if self.person_id(role) is not None and not self._meta.get_field(role.value).is_cached(self):  # type: ignore[union-attr]
            self._know_people()
        value: Person | None = getattr(self, role.value)
        return value

    def _know_people(self) -> None:
        """All who hold a post on this item, in one query: whoever asks for one of them asks for the others."""
        roles = [role for role in (*SIX, Role.CHIEF_LEADER) if self.person_id(role) is not None]
        people = Person.objects.in_bulk([self.person_id(role) for role in roles])
        for role in roles:
            if found := people.get(self.person_id(role)):
                setattr(self, role.value, found)

    @property
    def gate(self) -> Gate | None:
        return GATE_OF.get(Status(self.status))

    def chain(self, gate: Gate) -> tuple[Role, ...]:
        level, kind = Level(self.suggestion.level), RoundKind(self.round_kind)
        return self.profile.chain(gate, Part(self.part), level, kind)

    @cached_property
    def _sign_offs(self) -> list[SignOff]:
        return sorted(self.rows("sign_offs"), key=lambda one: one.pk)

    def live_sign_offs(self, *gates: Gate) -> list[SignOff]:
        """有效审签：not struck by a send-back; of the gates given, or of those now at issue."""
        if not gates:
            gates = (Gate.ASSIGN,) if self.status == Status.ASSIGNING else (Gate.REVIEW, Gate.ISSUE)
        return [one for one in self._sign_offs if one.voided_at is None and one.gate in gates]

    def signed_as(self, person_id: int) -> SignOff | None:
        return next((one for one in self.live_sign_offs() if one.signer_id == person_id), None)

    def posts_waiting(self) -> list[Role]:
        """本关还没有签的岗位, in the profile's order; a post nobody holds is passed over, so it locks nothing."""
        if self.gate is None:
            return []
        signed = {one.role for one in self.live_sign_offs(self.gate)}
        return [
            role for role in self.chain(self.gate) if role not in signed and self.person_id(role) is not None
        ]

    def next_post(self) -> Role | None:
        """本关下一个审签岗位."""
        return next(iter(self.posts_waiting()), None)

    def next_person_id(self) -> int | None:
        role = self.next_post()
        return self.person_id(role) if role else None

    def holders(self) -> list[int]:
        """在谁手上: whose move it is now."""
        roles = [self.next_post()] if self.gate else HOLDERS.get(Status(self.status), ())
        return [pk for role in roles if role and (pk := self.person_id(role)) is not None]

    def holder_note(self, for_gate: bool) -> str:
        role = self.next_post() if for_gate else None
        person = self.person(role) if role else None
        return f"：现在该{role.label}{person.name}" if role and person else ""

    # 答复

    @cached_property
    def draft(self) -> ReplyVersion | None:
        """正在写的稿本."""
        return next((one for one in self.rows("versions") if one.is_open), None)

    @cached_property
    def submitted_version(self) -> ReplyVersion | None:
        """最近送审的稿本: what the gates sign."""
        sent = [one for one in self.rows("versions") if one.submitted_at is not None]
        return max(sent, key=lambda one: one.number, default=None)

    @cached_property
    def reply(self) -> Reply | None:
        """签发的答复（协办件为协办意见）; the latest where a hollow opinion was sent again."""
        return max(self.rows("replies"), key=lambda one: one.pk, default=None)

    def current_class(self) -> str:
        """现类别: the reply's, or what it was later turned to on evidence (R41, R61)."""
        change = max(self.rows("class_changes"), key=lambda one: one.pk, default=None)
        if change:
            return str(change.to_class)
        return self.reply.version.outcome_class if self.reply else ""

    # 沟通

    def contacts_since_assignment(self) -> list[Contact]:
        return [one for one in self.rows("contacts") if one.on >= self.assigned_on]

    def met_face_to_face(self) -> bool:
        return any(one.method in FACE_TO_FACE for one in self.contacts_since_assignment())

    def exemption_granted(self) -> bool:
        return any(one.granted_at is not None for one in self.rows("exemptions"))

    def exemption_pending(self) -> Exemption | None:
        return next((one for one in self.rows("exemptions") if one.granted_at is None), None)

    # 时限

    def clock(self, kind: ClockKind) -> Clock | None:
        """The latest of its kind, running or stopped."""
        return max(
            (one for one in self.rows("clocks") if one.kind == kind), key=lambda one: one.pk, default=None
        )

    @property
    def main_clock(self) -> Clock | None:
        """答复（协办意见）的时限."""
        return self.clock(ClockKind.REPLY if self.answers else ClockKind.OPINION)

    def extension_pending(self) -> Extension | None:
        """待决定的延期申请."""
        clock = self.main_clock
        return next((one for one in clock.extensions.all() if one.agreed is None), None) if clock else None

    def extension_untold(self) -> Extension | None:
        """同意了而没有告知代表的延期, where the profile wants him told (R23)."""
        if not self.answers or not self.profile.values["extension.tell_proposer"] or self.main_clock is None:
            return None
        return next((one for one in self.main_clock.extensions.all() if one.agreed and not one.told_on), None)

    @property
    def co(self) -> str:
        """协办 or 会办, as the place says."""
        return self.profile.say("协办")

    def part_label(self) -> str:
        """办理方式 in the words of the place."""
        return self.profile.say(Part(self.part).label)

    # 督办

    def errands_with_people(self) -> QuerySet[Errand]:
        return self.errands.select_related("supervision__issued_by", "owner", "outside", "assignment")

    def has_errand_of(self, issuers: Iterable[int]) -> bool:
        """Did one of these people issue an errand on it?"""
        return self.errands.filter(supervision__issued_by__in=issuers).exists()

    def open_milestones(self) -> QuerySet[Milestone]:
        """督办方案里没有完成的节点."""
        from huiyin.models.supervision import Milestone

        return Milestone.objects.filter(plan__assignment=self, done_on__isnull=True)

    # 批注、抄送

    def open_remarks(self) -> list[Remark]:
        """未处理的批注, on whatever version they were made."""
        from huiyin.models.drafting import Remark

        return list(
            Remark.objects.filter(version__assignment=self, settled_at__isnull=True).select_related(
                "by", "version"
            )
        )

    def uncopied(self) -> list[str]:
        """抄送单位 of the latest reply without a dispatch."""
        if self.reply is None:
            return []
        sent = {one.addressee for one in self.sent() if one.is_copy}
        names = [one.strip() for one in self.reply.version.copies_to.splitlines() if one.strip()]
        return [name for name in dict.fromkeys(names) if name not in sent]

    # 送达与评价

    def undelivered(self) -> list[str]:
        """Addressees of the latest reply without a delivery."""
        if self.reply is None:
            return []
        done = {one.addressee for one in self.sent() if not one.is_copy}
        return [name for name in self.addressees() if name not in done]

    def sent(self) -> list[Delivery]:
        """送达、抄送 of the latest reply."""
        self.rows("replies__deliveries")
        return list(self.reply.deliveries.all()) if self.reply else []

    def addressees(self) -> list[str]:
        """收件人：each proposer gets his own letter, or the lead proposer alone, who passes it on (R43, by profile); an
        opinion goes to the lead unit."""
        if not self.answers:
            return [self.lead_unit.name] if self.lead_unit else []
        return [one.name for one in self.proposers if one.is_lead or self.profile.to_each]

    @property
    def through_lead(self) -> bool:
        """由领衔代表转复: a joint item whose letter goes to the lead proposer alone."""
        return self.answers and not self.profile.to_each and len(self.proposers) > 1

    def named(self, names: Iterable[str]) -> str:
        """提出人的姓名 as the journal may write them: not those who asked for confidentiality (R7)."""
        return "代表" if self.suggestion.confidential else "、".join(names)

    def evaluators(self) -> list[str]:
        """评价人：the lead proposer, or all of them, by profile (R55)."""
        return [one.name for one in self.proposers if self.profile.evaluation_by_all or one.is_lead]

    def unevaluated(self) -> list[str]:
        done = {one.proposer.name for one in self.rows("evaluations__proposer")}
        return [name for name in self.evaluators() if name not in done]

    def evaluation_lapsed(self) -> bool:
        return self.lapsed_on is not None

    def is_dissatisfied(self) -> bool:
        triggers = self.profile.values["rehandling.triggers"]
        return any(
            getattr(one, name) == Rating.DISSATISFIED for one in self.rows("evaluations") for name in triggers
        )

    def chain_of_rounds(self) -> Iterable[Assignment]:
        """This item's earlier rounds, nearest first."""
        item = self.previous
        while item is not None:
            yield item
            item = item.previous


class Exemption(models.Model):
    """免予办前沟通 (S12): a reason, and a leader who granted it."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="exemptions")
    reason = models.TextField("理由")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    granted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    granted_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.reason
