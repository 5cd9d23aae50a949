"""考核方案 (R72): indicators, full marks and deductions of a year, each version kept."""

from django.db import models

from huiyin.models.organisation import Person, Unit


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
