"""沟通记录和活动 (S13, S19, R32)."""

from django.db import models

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person
from huiyin.models.storage import StoredFile
from huiyin.models.suggestion import Proposer
from huiyin.rules.vocabulary import FACE_TO_FACE, ActivityKind, Method, Stage


class Contact(models.Model):
    """沟通记录：who met whom, when, how, what the deputy said, what was done about it."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="contacts")
    stage = models.CharField("阶段", max_length=8, choices=Stage.choices())
    on = models.DateField("日期")
    method = models.CharField("方式", max_length=12, choices=Method.choices())
    people = models.CharField("我方人员", max_length=200)
    reached = models.ManyToManyField(Proposer, related_name="+", verbose_name="沟通到的代表")
    content = models.TextField("沟通内容")
    view = models.TextField("代表意见")
    response = models.TextField("怎么办的", blank=True)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}{self.get_method_display()} {self.on}"

    @property
    def face_to_face(self) -> bool:
        return self.method in FACE_TO_FACE


class Activity(models.Model):
    """活动：调研、座谈、现场办公."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="activities")
    kind = models.CharField("形式", max_length=10, choices=ActivityKind.choices())
    on = models.DateField("日期")
    place = models.CharField("地点", max_length=120)
    people = models.CharField("参加人员", max_length=300)
    findings = models.TextField("情况和结果")
    files = models.ManyToManyField(StoredFile, related_name="+", blank=True, verbose_name="照片和材料")
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        ordering = ["on", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.place} {self.on}"
