"""答复 (R36–R46): drafts and versions, sign-offs bound to a text, the issued reply, its delivery."""

from __future__ import annotations

import hashlib
import json
import re

from django.db import models
from django.db.models import Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.rules.vocabulary import ANSWERING, DeliveryMethod, Disclosure, Gate, Kind, Role, Severity

SOURCE_MARK = re.compile(r"^【(?P<unit>[^【】\n]{2,40})】")


class ReplyVersion(models.Model):
    """稿本. Open while `submitted_at` is empty, then never changed; `digest` is the SHA-256 of what was submitted.

    `revision` counts saves, so that of two people editing one is told. A paragraph that begins with
    【单位】 came from that unit's opinion; the mark keeps the source and is not printed.
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
    submitted_by = models.ForeignKey(Person, models.PROTECT, related_name="+", null=True)
    submitted_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["assignment", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["assignment"], condition=Q(submitted_at__isnull=True), name="one_open_draft"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | ~Q(digest=""), name="submitted_has_digest"
            ),
        ]

    def __str__(self) -> str:
        return f"稿本{self.number}"

    def paragraphs(self) -> list[tuple[str, str]]:
        """(来源单位名 or "", 文字) of each paragraph of the body."""
        found = []
        for line in (one.strip() for one in self.body.splitlines()):
            mark = SOURCE_MARK.match(line)
            if line:
                found.append((mark["unit"] if mark else "", line[mark.end() :] if mark else line))
        return found

    def clean_body(self) -> str:
        """正文 as printed, without source marks."""
        return "\n".join(text for _, text in self.paragraphs())

    def sources(self) -> list[int]:
        """Units whose passages stand in this version."""
        return [passage.unit_id for passage in self.passages.all() if passage.unit_id]

    def text_digest(self) -> str:
        """SHA-256 of everything a signature answers for: text, class, disclosure, contact, copies."""
        signed = {
            name: getattr(self, name)
            for name in (
                "title", "body", "outcome_class", "class_reason", "disclosure", "disclosure_reason",
                "contact_name", "contact_phone", "copies_to",
            )
        }  # fmt: skip
        return hashlib.sha256(json.dumps(signed, ensure_ascii=False, sort_keys=True).encode()).hexdigest()

    def gaps(self, severity: Severity) -> list[str]:
        """送审检查 (R38): what is missing, of the severity the profile gives each check."""
        checks = self.assignment.profile.checks
        return [text for key, text in self._gaps() if checks.get(key, Severity.BLOCK) == severity]

    def _gaps(self) -> list[tuple[str, str]]:
        found = [] if self.title.strip() else [("text", "还没有写标题")]
        found += [] if len(self.clean_body()) >= 50 else [("text", "正文还没有写完（不足50字）")]
        if not (self.contact_name and self.contact_phone):
            found.append(("contact_line", "还没有写联系人和电话"))
        if self.assignment.part in ANSWERING:
            found += self._answer_gaps()
        return found

    def _answer_gaps(self) -> list[tuple[str, str]]:
        found = [] if self.outcome_class else [("class", "还没有定办理结果类别")]
        if not self.disclosure:
            found.append(("disclosure", "还没有定公开属性"))
        if self.disclosure == Disclosure.NONE and not self.disclosure_reason.strip():
            found.append(("disclosure", "不予公开须写明理由"))
        number = self.assignment.suggestion.number
        if number not in self.title:
            found.append(("title", f"标题里没有编号“{number}”"))
        return found


class Passage(models.Model):
    """段落：one paragraph of a version, with the unit it came from (S11)."""

    version = models.ForeignKey(ReplyVersion, models.CASCADE, related_name="passages")
    order = models.PositiveSmallIntegerField()
    text = models.TextField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", null=True)

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
    """签发的答复（协办件为协办意见）. Number and date are taken at signing, not before."""

    assignment = models.ForeignKey(Assignment, models.PROTECT, related_name="replies")
    version = models.OneToOneField(ReplyVersion, models.PROTECT, related_name="reply")
    number = models.CharField("发文字号", max_length=60, unique=True)
    signed_on = models.DateField("签发日期")
    signatory = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name="签发人")
    published_on = models.DateField("公开日期", null=True, blank=True)
    public_url = models.CharField("公开网址", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.number


class Delivery(models.Model):
    """送达：one addressee, when, how, with what receipt (R44)."""

    reply = models.ForeignKey(Reply, models.PROTECT, related_name="deliveries")
    addressee = models.CharField("收件人", max_length=80)
    on = models.DateField("送达日期")
    method = models.CharField("送达方式", max_length=12, choices=DeliveryMethod.choices())
    receipt = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, blank=True)
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["reply", "addressee"], name="delivered_once")]

    def __str__(self) -> str:
        return f"{self.addressee} {self.on}"


def reply_title(item: Assignment) -> str:
    """答复标题：关于市五届人大五次会议第082号建议的答复. A later round says 再次答复 (R57)."""
    what = Kind(item.suggestion.kind).label
    again = "再次答复" if item.round > 1 else "答复"
    if not item.answers:
        return f"关于{item.suggestion.meeting.organ}第{item.suggestion.number}号{what}的{item.co}意见"
    return f"关于{item.suggestion.meeting.organ}第{item.suggestion.number}号{what}的{again}"
