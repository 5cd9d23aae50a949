"""评价、承诺、回访 (R50–R63)."""

from django.db import models
from django.db.models import Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person, Section
from huiyin.models.storage import StoredFile
from huiyin.models.suggestion import Proposer
from huiyin.rules.vocabulary import CommitmentState, EntryMode, Method, Rating


class Evaluation(models.Model):
    """代表评价：attitude and outcome apart (a place that asks only one leaves the other empty); never changed once entered (R54); who entered it stays visible (R51)."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="evaluations")
    proposer = models.ForeignKey(Proposer, models.PROTECT, related_name="evaluations", verbose_name="评价人")
    attitude = models.CharField("对办理态度", max_length=14, choices=Rating.choices(), blank=True)
    outcome = models.CharField("对办理结果", max_length=14, choices=Rating.choices(), blank=True)
    reason = models.TextField("不满意的原因（意见）", blank=True)
    on = models.DateField("评价日期")
    mode = models.CharField("录入方式", max_length=16, choices=EntryMode.choices())
    scan = models.ForeignKey(
        StoredFile, models.PROTECT, related_name="+", null=True, verbose_name="征询意见表扫描件"
    )
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, verbose_name="代录人")
    entered_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "proposer"], name="evaluated_once"),
            models.CheckConstraint(
                condition=~(Q(attitude="dissatisfied") | Q(outcome="dissatisfied")) | ~Q(reason=""),
                name="dissatisfied_has_reason",
            ),
            models.CheckConstraint(condition=~Q(attitude="", outcome=""), name="something_rated"),
            models.CheckConstraint(
                condition=Q(mode__in=["online", "ledger"]) | Q(scan__isnull=False), name="paper_has_scan"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_attitude_display()}／{self.get_outcome_display()}"

    @property
    def worst(self) -> Rating:
        order = list(Rating)
        return max((Rating(one) for one in (self.attitude, self.outcome) if one), key=order.index)


class Commitment(models.Model):
    """承诺事项 (R60): what the reply promises, by whom, by when; open until kept or explained."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="commitments")
    content = models.TextField("承诺事项")
    section = models.ForeignKey(Section, models.PROTECT, related_name="commitments", verbose_name="责任科室")
    owner = models.ForeignKey(Person, models.PROTECT, related_name="commitments", verbose_name="责任人")
    due_on = models.DateField("完成期限")
    state = models.CharField(
        "状态", max_length=12, choices=CommitmentState.choices(), default=CommitmentState.NOT_STARTED
    )
    done_on = models.DateField("了结日期", null=True, blank=True)
    informed_on = models.DateField("书面告知代表日期", null=True, blank=True)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["fulfilled", "impossible"])
                | Q(done_on__isnull=False, informed_on__isnull=False),
                name="ended_promise_told",
            )
        ]

    def __str__(self) -> str:
        return self.content


class Progress(models.Model):
    """承诺进展."""

    commitment = models.ForeignKey(Commitment, models.PROTECT, related_name="progress")
    on = models.DateField("日期")
    text = models.TextField("进展")
    state = models.CharField("状态", max_length=12, choices=CommitmentState.choices())
    evidence = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="fulfilled") | Q(evidence__isnull=False), name="fulfilled_has_evidence"
            )
        ]

    def __str__(self) -> str:
        return self.text[:30]


class ClassChange(models.Model):
    """类别变更：B turned to A on evidence; the old value stays (R41)."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="class_changes")
    from_class = models.CharField("原类别", max_length=2)
    to_class = models.CharField("现类别", max_length=2)
    on = models.DateField("日期")
    reason = models.TextField("依据")
    evidence = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="支撑材料")
    changed_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.from_class}类转{self.to_class}类"


class FollowUpVisit(models.Model):
    """跟踪回访 (S25, R63)."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="visits")
    planned_on = models.DateField("计划日期")
    done_on = models.DateField("回访日期", null=True, blank=True)
    method = models.CharField("方式", max_length=12, choices=Method.choices(), blank=True)
    people = models.CharField("回访人", max_length=200, blank=True)
    finding = models.TextField("回访情况", blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)

    class Meta:
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(done_on__isnull=True) | ~Q(finding=""), name="visit_has_finding"
            )
        ]

    def __str__(self) -> str:
        return f"回访 {self.done_on or self.planned_on}"
