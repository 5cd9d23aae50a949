"""考核方案 (R72): indicators, full marks and deductions of a year, each version kept."""

from django.db import models
from django.db.models import Q

from huiyin.models.organisation import Person, Section, Unit


class ScoreScheme(models.Model):
    """考核方案：the rows of one year in one version, as huiyin.rules.scoring reads them. The latest version of a year is in
    force; the earlier ones stay, so that a score once shown can be shown again."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="score_schemes")
    year = models.PositiveSmallIntegerField("年度")
    number = models.PositiveSmallIntegerField("第几版")
    rows = models.JSONField("指标", default=list)
    note = models.CharField("说明", max_length=200, blank=True)
    made_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-year", "-number"]
        constraints = [models.UniqueConstraint(fields=["unit", "year", "number"], name="score_scheme_once")]

    def __str__(self) -> str:
        return f"{self.year}年考核方案第{self.number}版"


class HandMark(models.Model):
    """人工评分：one mark of one indicator, of a section or (none) of the whole unit, with its reason. Never changed: the
    latest counts, the earlier ones stay."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="hand_marks")
    year = models.PositiveSmallIntegerField("年度")
    section = models.ForeignKey(
        Section, models.PROTECT, related_name="hand_marks", null=True, blank=True, verbose_name="科室"
    )
    indicator = models.CharField("指标", max_length=20)  # its key in the scheme
    mark = models.DecimalField("得分", max_digits=6, decimal_places=2)
    reason = models.CharField("理由", max_length=300)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="评分人")
    at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="hand_mark_has_reason"),
            models.CheckConstraint(condition=Q(mark__gte=0), name="hand_mark_not_below_zero"),
        ]
        indexes = [models.Index(fields=["unit", "year"], name="hand_marks_of_a_year")]

    def __str__(self) -> str:
        return f"{self.year}年{self.indicator} {self.mark}"
