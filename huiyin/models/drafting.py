"""起草用的 (S13, R3, R35, R38): the proposer's points, remarks on a draft, standard passages, drafts shown to the deputy."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person, Unit
from huiyin.models.reply import ReplyVersion
from huiyin.models.storage import StoredFile
from huiyin.models.suggestion import Category, Proposer
from huiyin.rules.vocabulary import Consent, DeliveryMethod


class Point(models.Model):
    """意见点：one demand of the suggestion, and what is answered to it: the measure, whose, by when. Which paragraphs
    answer it stands in the text (【答1】)."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="points")
    number = models.PositiveSmallIntegerField("序号")
    text = models.TextField("意见")
    measure = models.TextField("措施", blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="责任单位"
    )
    due_on = models.DateField("完成时间", null=True, blank=True)
    note = models.TextField("不单独答复的说明", blank=True)
    edited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["assignment", "number"], name="point_number_once")]

    def __str__(self) -> str:
        return f"{self.number}. {self.text}"


class Remark(models.Model):
    """批注：on some words (`quote`) of a paragraph, until it is settled: changed, or not and why."""

    version = models.ForeignKey(ReplyVersion, models.PROTECT, related_name="remarks")
    paragraph = models.PositiveSmallIntegerField("第几段")
    quote = models.TextField("批注的原文")
    text = models.TextField("批注")
    by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    changed = models.BooleanField("已改", null=True, blank=True)
    answer = models.TextField("处理说明", blank=True)
    settled_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True) | Q(changed__isnull=False), name="settled_says_how"
            )
        ]

    def __str__(self) -> str:
        return self.text[:40]


class StandardPassage(models.Model):
    """常用段落：wording a unit uses again, with an owner who keeps it right and a day after which it may not be used."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="standard_passages")
    title = models.CharField("名称", max_length=80)
    text = models.TextField("内容")
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="+", null=True, blank=True, verbose_name="内容分类"
    )
    basis = models.CharField("依据", max_length=200, blank=True)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="standard_passages", verbose_name="责任人")
    expires_on = models.DateField("有效期至")
    edited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()

    class Meta:
        ordering = ["title"]
        constraints = [models.UniqueConstraint(fields=["unit", "title"], name="passage_title_once")]

    def __str__(self) -> str:
        return self.title

    def expired(self, on: date) -> bool:
        return self.expires_on < on


class Consultation(models.Model):
    """征求意见 (R35): the version shown to a proposer before the reply, and what he said of it. Never an evaluation."""

    version = models.ForeignKey(ReplyVersion, models.PROTECT, related_name="consultations")
    proposer = models.ForeignKey(Proposer, models.PROTECT, related_name="consultations")
    sent_on = models.DateField("送出日期")
    method = models.CharField("方式", max_length=12, choices=DeliveryMethod.choices())
    sent_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    answered_on = models.DateField("答复日期", null=True, blank=True)
    consent = models.CharField("态度", max_length=10, choices=Consent.choices(), blank=True)
    view = models.TextField("代表意见", blank=True)
    response = models.TextField("怎么办的", blank=True)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["version", "proposer"], name="version_shown_once"),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True) | ~Q(consent=""), name="answered_has_consent"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.proposer} {self.version}"
