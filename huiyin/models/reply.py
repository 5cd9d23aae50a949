"""答复 (R36–R46): drafts and versions, sign-offs bound to a text, the issued reply, its delivery."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.functional import cached_property

from huiyin.models.assignment import Assignment
from huiyin.models.opinion import CoOpinion
from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.rules import checks
from huiyin.rules.text import Block, blocks
from huiyin.rules.vocabulary import (
    DeliveryMethod,
    Disclosure,
    Gate,
    Kind,
    Role,
    Severity,
    Standing,
    VersionOrigin,
)

SIGNED = (
    "title", "body", "outcome_class", "class_reason", "disclosure", "disclosure_reason", "contact_name", "contact_phone",
    "copies_to",
)  # fmt: skip
"""稿本里要审签的栏."""


class ReplyVersion(models.Model):
    """稿本. Open until it is submitted or set aside (`replaced_at`: 另存、送代表征求意见), then never changed; `digest` is
    the SHA-256 of what was submitted. `revision` counts the text's saves, on through its versions, so that of two people
    editing one is told. `body` is written as huiyin.rules.text says: a paragraph that begins with 【单位】 came from that
    unit's opinion.
    """

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField("稿本")
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文", blank=True)
    outcome_class = models.CharField("办理结果类别", max_length=2, blank=True)
    class_reason = models.TextField("原因说明", blank=True)
    disclosure = models.CharField("公开属性", max_length=10, choices=Disclosure.choices(), blank=True)
    disclosure_reason = models.CharField("不公开理由", max_length=200, blank=True)
    contact_name = models.CharField("联系人", max_length=40, blank=True)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    copies_to = models.TextField("抄送", blank=True, help_text="一行一个单位")
    revision = models.PositiveIntegerField(default=0)
    edited_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    edited_at = models.DateTimeField()
    origin = models.CharField(
        "由来", max_length=10, choices=VersionOrigin.choices(), default=VersionOrigin.DRAFTED
    )
    replaced_at = models.DateTimeField("存档时间", null=True, blank=True)
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["assignment"],
                condition=Q(submitted_at__isnull=True, replaced_at__isnull=True),
                name="one_open_draft",
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | ~Q(digest=""), name="submitted_has_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"稿本{self.number}"

    @property
    def is_open(self) -> bool:
        return self.submitted_at is None and self.replaced_at is None

    @cached_property
    def _blocks(self) -> tuple[str, list[Block]]:
        return self.body, blocks(self.body)

    def blocks(self) -> list[Block]:
        """正文的各段."""
        if self._blocks[0] != self.body:  # the text was written anew
            del self._blocks
        return self._blocks[1]

    def clean_body(self) -> str:
        """正文 as printed, without source marks."""
        return "\n".join(one.plain for one in self.blocks())

    def answered(self) -> set[int]:
        """本稿答了的意见点, by their numbers."""
        return {point for one in self.blocks() for point in one.points}

    def sources(self) -> list[int]:
        """Units whose passages stand in this version."""
        return [passage.unit_id for passage in self.passages.all() if passage.unit_id]

    def moved_since(self, revision: int) -> bool:
        """Did somebody save it after `revision` was looked at? Never before its first save."""
        return self.pk is not None and self.revision != revision

    def signed_content(self) -> dict[str, Any]:
        """Everything a signature answers for: text, class, disclosure, contact, copies, annexes, pictures."""
        signed: dict[str, Any] = {name: getattr(self, name) for name in SIGNED}
        pictures = [one.file for one in self.blocks() if one.file]
        files = (
            dict(StoredFile.objects.filter(pk__in=pictures).values_list("pk", "sha256")) if pictures else {}
        )
        more = {
            "annexes": [[one.name, one.file.sha256] for one in self.annexes.all()],
            "pictures": [[pk, files.get(pk, "")] for pk in pictures],
        }
        return signed | {key: value for key, value in more.items() if value}

    def text_digest(self) -> str:
        """SHA-256 of what a signature answers for."""
        text = json.dumps(self.signed_content(), ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def gaps(self, severity: Severity) -> list[str]:
        """送审检查 (R38): what is missing in the text, of the severity the profile gives each check."""
        return checks.gaps(self.assignment, self, severity)


class Annex(models.Model):
    """附件 of a version: what goes out with the letter, in its order, under the name printed."""

    version = models.ForeignKey(ReplyVersion, models.CASCADE, related_name="annexes")
    order = models.PositiveSmallIntegerField()
    name = models.CharField("附件名称", max_length=120)
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["order"]
        constraints = [models.UniqueConstraint(fields=["version", "order"], name="annex_order_once")]

    def __str__(self) -> str:
        return self.name


class Passage(models.Model):
    """段落：one paragraph of a version, with the unit and the very opinion it came from (S11)."""

    version = models.ForeignKey(ReplyVersion, models.CASCADE, related_name="passages")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)
    opinion = models.ForeignKey(CoOpinion, models.PROTECT, related_name="passages", null=True)

    class Meta:
        ordering = ["order"]

    def __str__(self) -> str:
        return self.text[:30]


class SignOff(models.Model):
    """审签记录：`signer` signed at a gate in `person`'s post; bound to the digest of what was signed. A send-back
    strikes it (`voided_at`); it is never removed."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="sign_offs")
    gate = models.CharField("关口", max_length=8, choices=Gate.choices())
    role = models.CharField("岗位", max_length=20, choices=Role.choices())
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="岗位上的人")
    signer = models.ForeignKey(Person, models.PROTECT, related_name="sign_offs", verbose_name="实际审签人")
    version = models.ForeignKey(ReplyVersion, models.PROTECT, related_name="sign_offs", null=True)
    digest = models.CharField(max_length=64)
    opinion = models.TextField("意见", blank=True)
    at = models.DateTimeField()
    is_submission = models.BooleanField("送审（拟办）的一签", default=False)
    checks = models.JSONField("审签时的检查清单", default=list)
    voided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "gate", "role"],
                condition=Q(voided_at__isnull=True),
                name="one_live_sign_off",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_gate_display()} {self.signer.name}"

    @property
    def stood_in(self) -> bool:
        return self.person_id != self.signer_id

    def standing(self, version: ReplyVersion | None) -> Standing:
        """Does this signature answer for `version`, the text that stands now? Only typing corrections since the text
        he signed are `corrected`; `struck` says it counts no more."""
        if self.voided_at is not None:
            return Standing.STRUCK
        if version is None or self.gate == Gate.ASSIGN or self.digest == version.text_digest():
            return Standing.CURRENT
        later = [
            one for one in version.assignment.versions.all() if self._number < one.number <= version.number
        ]
        corrected = later and all(one.origin == VersionOrigin.CORRECTED for one in later)
        return Standing.CORRECTED if corrected else Standing.OLDER

    @property
    def _number(self) -> int:
        return self.version.number if self.version else 0


class NumberSeries(models.Model):
    """发文字号的流水：one counter a prefix and year, never reused (R40)."""

    prefix = models.CharField("代字", max_length=30)
    year = models.PositiveSmallIntegerField("年")
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["prefix", "year"], name="one_series")]

    def __str__(self) -> str:
        return f"{self.prefix}〔{self.year}〕"


class Reply(models.Model):
    """签发的答复（协办件为协办意见）. Number and date are taken at signing, not before; one of a past ledger has what stood
    there, and may have no number."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="replies")
    version = models.OneToOneField(ReplyVersion, models.PROTECT, related_name="reply")
    number = models.CharField("发文字号", max_length=60, blank=True)
    signed_on = models.DateField("签发日期")
    signatory = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, verbose_name="签发人"
    )  # null only where the reply comes from a past ledger
    signed_name = models.CharField("签发人姓名", max_length=40, blank=True)  # as a past ledger writes it
    published_on = models.DateField("公开日期", null=True, blank=True)
    public_url = models.CharField("公开网址", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["number"], condition=~Q(number=""), name="reply_number_once")
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def signed_by(self) -> str:
        """签发人 in words."""
        return self.signatory.name if self.signatory else self.signed_name


class Delivery(models.Model):
    """送达：one addressee (or, `is_copy`, one organ on the copies list), when it was sent and how, when its receipt came
    (R44, R46)."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="deliveries")
    addressee = models.CharField("收件人", max_length=80)
    on = models.DateField("送达日期")
    method = models.CharField("送达方式", max_length=12, choices=DeliveryMethod.choices())
    is_copy = models.BooleanField("抄送", default=False)
    received_on = models.DateField("收到日期", null=True, blank=True)
    receipt = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "addressee", "is_copy"], name="delivered_once"),
            models.CheckConstraint(
                condition=Q(received_on__isnull=True) | Q(received_on__gte=models.F("on")),
                name="received_after_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.addressee} {self.on}"


class PublicVersion(models.Model):
    """公开稿 (R47–R49): the text the public may read, apart from the letter; what was struck is kept in `struck`
    ([种类, 原文的字数] each, never the words themselves). Prepared by one person, confirmed by another."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="public_versions")
    number = models.PositiveSmallIntegerField("第几稿")
    title = models.CharField("标题", max_length=200)
    body = models.TextField("正文")
    names_shown = models.BooleanField("显示代表姓名", default=True)
    annexes = models.ManyToManyField(StoredFile, related_name="+", blank=True)
    struck = models.JSONField("删去的内容", default=list)
    prepared_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    confirmed_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True, blank=True)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    published_on = models.DateField("上公开页日期", null=True, blank=True)
    withdrawn_on = models.DateField("撤下日期", null=True, blank=True)
    withdrawn_reason = models.CharField("撤下理由", max_length=200, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["reply", "number"], name="public_version_once"),
            models.UniqueConstraint(
                fields=["reply"],
                condition=Q(published_on__isnull=False, withdrawn_on__isnull=True),
                name="one_public_version",
            ),
            models.CheckConstraint(
                condition=Q(published_on__isnull=True) | Q(confirmed_at__isnull=False),
                name="published_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


def reply_title(item: Assignment) -> str:
    """答复标题：关于市五届人大五次会议第082号建议的答复. A later round says 再次答复 (R57)."""
    what = Kind(item.suggestion.kind).label
    again = "再次答复" if item.round > 1 else "答复"
    if not item.answers:
        return f"关于{item.suggestion.meeting.organ}第{item.suggestion.number}号{what}的{item.co}意见"
    return f"关于{item.suggestion.meeting.organ}第{item.suggestion.number}号{what}的{again}"
