"""公文模板：a unit's own .docx for a kind of paper, edited in Word or WPS."""

from django.db import models
from django.db.models import Q

from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.rules.vocabulary import PaperKind


class PaperTemplate(models.Model):
    """公文模板. One is in use for a kind; the earlier ones are kept. No code runs in it: place-holders only."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="templates")
    kind = models.CharField("公文", max_length=16, choices=PaperKind.choices())
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "kind"], condition=Q(retired_at__isnull=True), name="one_template_in_use"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}模板"
