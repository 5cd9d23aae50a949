"""督办 (S10, S17, R64, R65): urging and supervising acts, leaders' notes, plans, meetings and what they decided."""

from django.db import models
from django.db.models import Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.rules.vocabulary import ErrandState, SupervisionKind, SupervisionSource


class LeadersMeeting(models.Model):
    """局务会、办公会 (S10): where items are put before the leaders."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="leaders_meetings")
    name = models.CharField("会议名称", max_length=60, help_text="如 2020年第8次局长办公会")
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=60, blank=True)
    convened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-on", "-pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="leaders_meeting_once")]

    def __str__(self) -> str:
        return self.name


class AgendaItem(models.Model):
    """议题：an item put before a meeting, and what was decided on it."""

    meeting = models.ForeignKey(LeadersMeeting, models.PROTECT, related_name="agenda", verbose_name="会议")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="agenda")
    matter = models.TextField("提请研究的事项")
    proposed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decision = models.TextField("会议决定", blank=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "assignment"], name="on_the_agenda_once"),
            models.CheckConstraint(
                condition=Q(decided_on__isnull=True) | ~Q(decision=""), name="decision_has_words"
            ),
        ]

    def __str__(self) -> str:
        return self.matter[:30]


class Supervision(models.Model):
    """督办：one act, on one item or several: 催办单 and 督办通知单 have a number, 批示 and 会议决定 none."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="supervisions")
    kind = models.CharField("种类", max_length=12, choices=SupervisionKind.choices())
    number = models.CharField("编号", max_length=60, blank=True)
    source = models.CharField("来由", max_length=12, choices=SupervisionSource.choices())
    text = models.TextField("要求")
    required_on = models.DateField("要求何日前答复")
    issued_on = models.DateField("日期")
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="签发")
    agenda = models.ForeignKey(AgendaItem, models.PROTECT, related_name="supervisions", null=True)

    class Meta:
        ordering = ["-issued_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "number"], condition=~Q(number=""), name="supervision_number_once"
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["instruction", "decision"]) | ~Q(number=""), name="paper_has_number"
            ),
        ]

    def __str__(self) -> str:
        return self.number or self.get_kind_display()


class Errand(models.Model):
    """督办事项：what one act asks on one item, of a person of ours or of an outside unit, until it is settled."""

    supervision = models.ForeignKey(Supervision, models.PROTECT, related_name="errands", verbose_name="督办")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="errands")
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="errands",
        verbose_name="承办人",
        help_text="外单位的，为催要的人",
    )
    outside = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="被催办单位"
    )
    state = models.CharField("状态", max_length=10, choices=ErrandState.choices(), default=ErrandState.SENT)
    due_on = models.DateField("要求何日前答复")
    received_on = models.DateField("签收日期", null=True, blank=True)
    received_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    answered_on = models.DateField("答复日期", null=True, blank=True)
    answered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    answer = models.TextField("答复", blank=True)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True)
    note = models.TextField("退回理由、销号意见", blank=True)
    settled_on = models.DateField("销号日期", null=True, blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["supervision", "assignment", "owner"],
                condition=Q(outside__isnull=True),
                name="errand_once",
            ),
            models.UniqueConstraint(
                fields=["supervision", "assignment", "outside"], name="outside_errand_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "settled"]) | ~Q(answer=""), name="answered_has_words"
            ),
        ]
        indexes = [models.Index(fields=["owner", "state"])]

    def __str__(self) -> str:
        return f"{self.supervision}（{self.whom}）"

    @property
    def whom(self) -> str:
        """被催办、督办的人或单位."""
        return self.outside.short_name if self.outside else self.owner.name


class SupervisionPlan(models.Model):
    """督办方案 of a key-supervised item (R65): who leads it, which meeting decided so, and what is to be done."""

    assignment = models.OneToOneField(Assignment, models.PROTECT, related_name="plan")
    leader = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="督办领导")
    decided_by = models.CharField("确定的会议", max_length=80)
    text = models.TextField("方案")
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_on = models.DateField("制定日期")

    def __str__(self) -> str:
        return self.text[:30]


class Milestone(models.Model):
    """方案节点."""

    plan = models.ForeignKey(SupervisionPlan, models.CASCADE, related_name="milestones")
    text = models.CharField("节点", max_length=200)
    due_on = models.DateField("何日前")
    done_on = models.DateField("完成日期", null=True, blank=True)
    done_text = models.CharField("完成情况", max_length=500, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]

    def __str__(self) -> str:
        return self.text
