"""年度文稿 (S6, S28, R73): the work notice, the bulletins and the year's summary, from draft to issue."""

from django.db import models
from django.db.models import Q

from huiyin.models.organisation import Person, Unit
from huiyin.models.suggestion import Meeting
from huiyin.rules.vocabulary import Kind, YearPaperKind, YearPaperOrigin


class YearPaper(models.Model):
    """年度文稿：one paper of a year's work; a bulletin has its issue number and the day it counts to. Its number is taken
    when it is issued, and then no version is added."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="year_papers")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="year_papers", verbose_name="承办年度")
    kind = models.CharField("文稿", max_length=10, choices=YearPaperKind.choices())
    matter = models.CharField("类型", max_length=12, choices=Kind.choices(), blank=True)  # blank: both
    issue = models.PositiveSmallIntegerField("期号", default=0)  # 0 where the kind has none
    on = models.DateField("统计截至")
    number = models.CharField("发文字号", max_length=60, blank=True)
    issued_on = models.DateField("印发日期", null=True, blank=True)
    issued_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)
    begun_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()

    class Meta:
        ordering = ["-begun_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "meeting", "kind", "matter", "issue"], name="year_paper_once"
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True) | Q(issued_by__isnull=False), name="issued_by_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting.name}{self.get_kind_display()}{f'第{self.issue}期' if self.issue else ''}"


class YearPaperVersion(models.Model):
    """文稿的一稿. Never changed; each save is a new one. `figures`: [start, end, key, value] of every figure in `body` that
    came from the records and still stands as it was printed, so that it can be opened and compared again; where the writer
    put his own words in its place, value is those and "own" follows (huiyin.rules.anchors)."""

    paper = models.ForeignKey(YearPaper, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("第几稿")
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    figures = models.JSONField("文中的数字", default=list)
    origin = models.CharField("由来", max_length=10, choices=YearPaperOrigin.choices())
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["paper", "number"], name="year_paper_version_once")]

    def __str__(self) -> str:
        return f"第{self.number}稿"
