"""协办意见 (S11, R26–R29): what the lead asked of other units, and what they answered."""

from django.db import models
from django.db.models import Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Unit
from huiyin.models.storage import StoredFile
from huiyin.rules.vocabulary import OpinionState, OpinionUse


class CoOpinion(models.Model):
    """协办意见. A hollow one is kept as returned, and its next round is a new row (R27)."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="opinions")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="协办单位")
    round = models.PositiveSmallIntegerField("第几次", default=1)
    requested_on = models.DateField("发函日期")
    due_on = models.DateField("请于何日前提出")
    due_provisional = models.BooleanField("暂定", default=False)
    state = models.CharField(
        "状态", max_length=10, choices=OpinionState.choices(), default=OpinionState.REQUESTED
    )
    received_on = models.DateField("收到日期", null=True, blank=True)
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
    def late(self) -> bool:
        """逾期提交：attributed to the co-handler, not to us."""
        return self.received_on is not None and self.received_on > self.due_on
