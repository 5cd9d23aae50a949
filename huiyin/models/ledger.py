"""台账的视图和版式 (S16, R74): how a person looks at the ledger, and the office's own layout of it."""

from django.db import models
from django.db.models import Q

from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile


class LedgerView(models.Model):
    """台账视图：columns in their order, and the filters, sort and grouping as an address has them. A shared one is open
    to all of the owner's unit; only he changes it. `preferred`: what the ledger opens with for him."""

    owner = models.ForeignKey(Person, models.PROTECT, related_name="ledger_views")
    name = models.CharField("名称", max_length=40)
    columns = models.TextField("列", blank=True)  # keys of queries.ledger.COLUMNS, joined by commas
    query = models.TextField("条件", blank=True)  # urlencoded
    shared = models.BooleanField("本单位共用", default=False)
    preferred = models.BooleanField("打开台账时先用", default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="ledger_view_once"),
            models.UniqueConstraint(fields=["owner"], condition=Q(preferred=True), name="one_preferred_view"),
        ]

    def __str__(self) -> str:
        return self.name


class LedgerTemplate(models.Model):
    """台账版式：the office's own .xlsx. Its headings are matched to our columns (`columns`: one key a column, "" for what we
    do not fill); titles, widths and looks stay as they are. One is in use; the earlier are kept."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="ledger_templates")
    name = models.CharField("名称", max_length=40)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    sheet = models.CharField("工作表", max_length=40)
    head_row = models.PositiveSmallIntegerField("表头所在行")
    columns = models.JSONField("各列", default=list)
    uploaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField()
    retired_at = models.DateTimeField("停用时间", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "name"],
                condition=Q(retired_at__isnull=True),
                name="one_ledger_template_in_use",
            )
        ]

    def __str__(self) -> str:
        return self.name
