"""建议和提案 (S1): what deputies asked, of which meeting, by whom."""

from __future__ import annotations

import re
from typing import Any

from django.db import models
from django.db.models import Q

from huiyin.rules.vocabulary import Kind, Level, Origin


class Meeting(models.Model):
    """届次会议. Suggestions belong to the meeting they were made at; assignments to the year's work they count in."""

    name = models.CharField("简称", max_length=30, unique=True, help_text="如 五届五次")
    title = models.CharField("全称", max_length=80, help_text="如 赣州市五届人大五次会议")
    year = models.PositiveSmallIntegerField("年度")
    organ = models.CharField(
        "会议主体", max_length=40, default="市人大", help_text="公文里的称呼，如 市五届人大五次会议"
    )
    fixed_due_on = models.DateField(
        "批次定日", null=True, blank=True, help_text="交办通知定的最后答复日，可不填"
    )

    class Meta:
        ordering = ["-year", "name"]

    def __str__(self) -> str:
        return self.title


class Category(models.Model):
    """内容分类 (S3), kept by the bureau."""

    name = models.CharField("分类", max_length=40, unique=True)
    order = models.PositiveSmallIntegerField("排序", default=0)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.name


def sort_key(number: str) -> str:
    """编号的排序键：digits padded, so that 金44号 precedes 金101号 and 082 stays text."""
    return re.sub(r"\d+", lambda found: found.group().zfill(8), number)


class Indexed(models.IntegerChoices):
    """在不在检索里: not yet; as it stands; as it stood before it was changed, never looked for there again."""

    NEW = 0
    YES = 1
    CHANGED = 2


SOUGHT = frozenset({"number", "title", "text", "confidential"})  # by what a suggestion is found


class Suggestion(models.Model):
    """建议（提案）. Its text is the proposers'; nobody edits it after registration."""

    kind = models.CharField("类型", max_length=12, choices=Kind.choices(), default=Kind.SUGGESTION)
    origin = models.CharField("来源", max_length=12, choices=Origin.choices(), default=Origin.SESSION)
    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="suggestions", verbose_name="届次会议")
    number = models.CharField("编号", max_length=30)
    number_key = models.CharField(max_length=80, editable=False)
    title = models.CharField("标题", max_length=200)
    text = models.TextField("正文", blank=True)
    received_on = models.DateField("收到日期")
    category = models.ForeignKey(
        Category, models.PROTECT, related_name="suggestions", null=True, blank=True, verbose_name="内容分类"
    )
    level = models.CharField("办理层级", max_length=10, choices=Level.choices(), default=Level.ORDINARY)
    confidential = models.BooleanField("代表要求保密", default=False)
    secret = models.BooleanField("涉密（不得录入内容）", default=False)
    source = models.ForeignKey(
        "self", models.PROTECT, related_name="descendants", null=True, blank=True, verbose_name="来源件"
    )

    split_from = models.ForeignKey(
        "self", models.PROTECT, related_name="parts", null=True, blank=True, verbose_name="分拆自"
    )
    revoked_at = models.DateTimeField("撤销登记时间", null=True, blank=True)  # its import was undone
    indexed = models.PositiveSmallIntegerField(default=Indexed.NEW, db_index=True, editable=False)

    class Meta:
        ordering = ["number_key"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "meeting", "origin", "number"],
                condition=Q(revoked_at__isnull=True),
                name="number_once",
            ),
            models.CheckConstraint(condition=Q(secret=False) | Q(text=""), name="secret_has_no_text"),
        ]

    def __str__(self) -> str:
        return f"第{self.number}号 {self.title}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """`indexed` is never written as it was read: the index may have been filled since."""
        self.number_key = sort_key(self.number)
        if self._state.adding:
            super().save(*args, **kwargs)
            return
        if kwargs.get("update_fields") is None:
            missing = {"indexed", *self.get_deferred_fields()}
            own = [one for one in self._meta.concrete_fields if not one.primary_key]
            kwargs["update_fields"] = [one.name for one in own if one.attname not in missing]
        super().save(*args, **kwargs)
        if SOUGHT & set(kwargs["update_fields"]):
            Suggestion.objects.filter(pk=self.pk, indexed=Indexed.YES).update(indexed=Indexed.CHANGED)
        if "number" in kwargs["update_fields"]:
            self.assignments.exclude(number_key=self.number_key).update(number_key=self.number_key)

    @property
    def lead(self) -> Proposer | None:
        """领衔代表."""
        return next((one for one in self.proposers.all() if one.is_lead), None)

    @property
    def proposer_label(self) -> str:
        """领衔人, with the count of joint proposers: 邱德海等10人."""
        people = list(self.proposers.all())
        lead = next((one.name for one in people if one.is_lead), "")
        return f"{lead}等{len(people)}人" if len(people) > 1 else lead


class Proposer(models.Model):
    """提出人：领衔代表、联名代表（委员）."""

    suggestion = models.ForeignKey(Suggestion, models.CASCADE, related_name="proposers")
    name = models.CharField("姓名", max_length=40)
    delegation = models.CharField("代表团（界别）", max_length=40, blank=True)
    phone = models.CharField("电话", max_length=40, blank=True)
    is_lead = models.BooleanField("领衔", default=False)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["-is_lead", "order", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["suggestion", "name"], name="proposer_once"),
            models.UniqueConstraint(
                fields=["suggestion"], condition=Q(is_lead=True), name="one_lead_proposer"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: object, **kwargs: object) -> None:
        Suggestion.objects.filter(pk=self.suggestion_id, indexed=Indexed.YES).update(indexed=Indexed.CHANGED)
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        Suggestion.objects.filter(pk=self.suggestion_id, indexed=Indexed.YES).update(indexed=Indexed.CHANGED)
        return super().delete(*args, **kwargs)
