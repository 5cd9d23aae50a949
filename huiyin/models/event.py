"""办理轨迹 (R75): the append-only journal, one SM3 chain a stream; and the forms already taken in."""

from django.db import models

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person
from huiyin.rules.vocabulary import Deed, Status


class Event(models.Model):
    """轨迹：one deed. `body` is the exact text hashed; `digest` = SM3(previous digest + body). The database refuses
    to change or remove a row (migration 0002)."""

    stream = models.CharField(max_length=40)
    seq = models.PositiveIntegerField()
    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="events", null=True)
    deed = models.CharField("动作", max_length=20, choices=Deed.choices())
    source = models.CharField("原状态", max_length=16, choices=Status.choices(), blank=True)
    target = models.CharField("到状态", max_length=16, choices=Status.choices(), blank=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="events", verbose_name="办理人")
    behalf = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, verbose_name="代谁办理")
    at = models.DateTimeField("时间")
    text = models.TextField("内容", blank=True)
    body = models.TextField()
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["stream", "seq"], name="journal_in_order")]
        indexes = [models.Index(fields=["assignment", "seq"])]

    def __str__(self) -> str:
        return f"{self.stream}/{self.seq} {self.get_deed_display()}"


class Submission(models.Model):
    """已收的表单：the key each rendered form carries, so that a form sent twice is done once."""

    key = models.UUIDField(primary_key=True)
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    deed = models.CharField(max_length=60)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.key)
