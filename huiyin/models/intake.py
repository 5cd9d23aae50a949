"""导入批次 (R74): a sheet uploaded, previewed, and taken in whole or not at all."""

from django.db import models

from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.models.suggestion import Meeting


class ImportBatch(models.Model):
    """导入批次."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="+", verbose_name="届次会议")
    organ = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True, verbose_name="交办机关")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    taken_at = models.DateTimeField("导入时间", null=True)
    created = models.PositiveIntegerField("新登记", default=0)
    unchanged = models.PositiveIntegerField("已有未变", default=0)
    skipped = models.PositiveIntegerField("跳过", default=0)

    class Meta:
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.file.name
