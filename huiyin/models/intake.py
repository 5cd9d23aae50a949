"""导入批次 (R74): a sheet uploaded, its columns matched, previewed, and taken in whole or not at all; undone as a whole."""

from django.db import models

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.models.suggestion import Meeting
from huiyin.rules.vocabulary import ImportState


class ImportBatch(models.Model):
    """导入批次. `history`: the rows are items of past years that were handled elsewhere; they come in with their reply, date,
    class and evaluation as the old ledger has them. `mapping`: heading → key ("" for not taken), as a person set it."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", verbose_name="届次会议")
    organ = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name="交办机关")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    history = models.BooleanField("往年办结的台账", default=False)
    sheet = models.CharField("工作表", max_length=100, blank=True)
    mapping = models.JSONField("各列", default=dict)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    taken_at = models.DateTimeField("导入时间", null=True)
    created = models.PositiveIntegerField("新登记", default=0)
    changed = models.PositiveIntegerField("更正", default=0)
    unchanged = models.PositiveIntegerField("已有未变", default=0)
    skipped = models.PositiveIntegerField("跳过", default=0)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    undone_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file.name


class ImportedRow(models.Model):
    """导入的一行：which item it made or changed; `before` has the values it took the place of, for the undoing."""

    batch = models.ForeignKey(ImportBatch, models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField("行")
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="+")
    state = models.CharField("情况", max_length=10, choices=ImportState.choices())
    before = models.JSONField("原值", default=dict)

    class Meta:
        ordering = ["line"]
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="imported_row_once")]

    def __str__(self) -> str:
        return f"第{self.line}行 {self.get_state_display()}"


class Heading(models.Model):
    """认得的表头：a heading a person once matched to one of our columns ("" for not taken), remembered for the unit."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="headings")
    words = models.CharField("表头", max_length=100)
    key = models.CharField("列", max_length=30, blank=True)

    class Meta:
        ordering = ["words"]
        constraints = [models.UniqueConstraint(fields=["unit", "words"], name="heading_once")]

    def __str__(self) -> str:
        return self.words
