"""协办意见 (S11, R26–R29): what the lead asked of other units, and what they answered."""

from django.db import models
from django.db.models import Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.rules.vocabulary import AGREED, OpinionKind, OpinionState, OpinionUse


class CoOpinion(models.Model):
    """协办意见, or the countersigning 会签 of the lead's draft (`version`). A hollow one is kept as returned, and its
    next round is a new row (R27). `planned`: drafted, not yet sent; it has no clock and nobody waits for it."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="opinions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="协办单位")
    kind = models.CharField("事项", max_length=12, choices=OpinionKind.choices(), default=OpinionKind.OPINION)
    round = models.PositiveSmallIntegerField("第几次", default=1)
    question = models.TextField("请就何事提出意见", blank=True)
    number = models.CharField("征求意见函文号", max_length=60, blank=True)
    version = models.ForeignKey(
        "huiyin.ReplyVersion",
        models.PROTECT,
        related_name="countersigned",
        null=True,
        blank=True,
        verbose_name="会签的稿本",
    )
    accepted_on = models.DateField("签收日期", null=True, blank=True)
    requested_on = models.DateField("发函日期")
    due_on = models.DateField("请于何日前提出")
    due_provisional = models.BooleanField("暂定", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=OpinionState.choices(), default=OpinionState.REQUESTED
    )
    received_on = models.DateField("收到日期", null=True, blank=True)
    answered_by = models.CharField("填报人", max_length=80, blank=True)
    text = models.TextField("意见内容", blank=True)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, blank=True)
    use = models.CharField(
        "采纳情况", max_length=10, choices=OpinionUse.choices(), default=OpinionUse.PENDING
    )
    note = models.TextField("说明", blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "unit", "round"], name="opinion_round_once"),
            models.CheckConstraint(
                condition=~Q(state="received") | Q(received_on__isnull=False), name="received_has_date"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit.short_name}协办意见"

    @property
    def countersigns(self) -> bool:
        return self.kind == OpinionKind.COUNTERSIGN

    @property
    def agreed(self) -> bool:
        """会签同意，没有意见."""
        return self.countersigns and self.received_on is not None and self.text.strip() == AGREED

    @property
    def awaits_paper(self) -> bool:
        """已提交而盖章件还没有到: it came by the link before its paper."""
        return self.state == OpinionState.RECEIVED and self.paper_id is None

    @property
    def late(self) -> bool:
        """逾期提交：attributed to the co-handler, not to us."""
        return self.received_on is not None and self.received_on > self.due_on


class AnswerLink(models.Model):
    """协办填报链接：lets an outside unit answer one opinion without an account. Only the SHA-256 of its secret is kept; it
    ends by its date, by use or by hand."""

    opinion = models.ForeignKey(CoOpinion, models.PROTECT, related_name="answer_links")
    digest = models.CharField(max_length=64, unique=True)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    expires_on = models.DateField("有效期至")
    seen_at = models.DateTimeField("首次打开", null=True, blank=True)
    used_at = models.DateTimeField("提交时间", null=True, blank=True)
    closed_at = models.DateTimeField("作废时间", null=True, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.opinion} 填报链接"
