"""机构人员 (S8): units, sections, posts, people, and who stands in for whom."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import F, Q

from huiyin.rules.vocabulary import SECTION_ROLES, Role


class Unit(models.Model):
    """承办单位、交办机关. `hosted`: its people sign in here; other units are on paper (R85). `seq` and `head` close the
    chain of its own stream in the journal."""

    name = models.CharField("全称", max_length=80, unique=True)
    short_name = models.CharField("简称", max_length=40, unique=True)
    hosted = models.BooleanField("使用本系统", default=False)
    assigns = models.BooleanField("是交办机关", default=False)
    contact_phone = models.CharField("联系电话", max_length=40, blank=True)
    active = models.BooleanField("在用", default=True)
    suggestion_profile = models.CharField("建议的办理规程", max_length=40, blank=True)
    proposal_profile = models.CharField("提案的办理规程", max_length=40, blank=True)
    public = models.BooleanField("开通答复公开页", default=False)
    seq = models.PositiveIntegerField(default=0, editable=False)
    head = models.CharField(max_length=64, default="", editable=False)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Section(models.Model):
    """承办科室（单位）."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="sections", verbose_name="单位")
    name = models.CharField("科室名称", max_length=60)
    short_name = models.CharField("简称", max_length=30)
    order = models.PositiveSmallIntegerField("排序", default=0)
    active = models.BooleanField("在用", default=True)

    class Meta:
        ordering = ["order", "pk"]
        constraints = [models.UniqueConstraint(fields=["unit", "name"], name="section_name_once")]

    def __str__(self) -> str:
        return self.name


class PersonManager(BaseUserManager["Person"]):
    def get_by_natural_key(self, username: str | None) -> Person:
        return self.get(username=username)


class Person(AbstractBaseUser):
    """人员. Signs in by `username`; what he may do follows from his posts, not from the account."""

    username = models.CharField("登录名", max_length=60, unique=True)
    name = models.CharField("姓名", max_length=40)
    title = models.CharField("职务", max_length=60, blank=True)
    unit = models.ForeignKey(
        Unit, models.PROTECT, related_name="people", null=True, blank=True, verbose_name="单位"
    )
    section = models.ForeignKey(
        Section, models.PROTECT, related_name="people", null=True, blank=True, verbose_name="科室"
    )
    phone = models.CharField("办公电话", max_length=40, blank=True)
    email = models.EmailField("邮箱", max_length=120, blank=True)
    feed_digest = models.CharField("日历地址", max_length=64, blank=True, editable=False)
    is_active = models.BooleanField("在用", default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["name"]
    objects = PersonManager()

    class Meta:
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.name


class Post(models.Model):
    """岗位：one person holding one post; the business line's posts are held for one section, so a business
    leader's posts say which sections he has charge of (分管, S8)."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name="人员")
    role = models.CharField("岗位", max_length=20, choices=Role.choices())
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="posts", verbose_name="单位")
    section = models.ForeignKey(
        Section, models.PROTECT, related_name="posts", null=True, blank=True, verbose_name="科室"
    )

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["person", "role", "section"], name="post_once"),
            models.UniqueConstraint(
                fields=["person", "role"], condition=Q(section__isnull=True), name="unit_post_once"
            ),
            models.UniqueConstraint(
                fields=["role", "section"],
                condition=Q(role__in=[Role.SECTION_HEAD.value, Role.BUSINESS_LEADER.value]),
                name="one_head_a_section",
            ),
            models.UniqueConstraint(
                fields=["role", "unit"],
                condition=Q(
                    role__in=[Role.OFFICE_DIRECTOR.value, Role.HANDLING_LEADER.value, Role.CHIEF_LEADER.value]
                ),
                name="one_holder_a_unit",
            ),
            models.CheckConstraint(
                condition=Q(role__in=sorted(r.value for r in SECTION_ROLES), section__isnull=False)
                | (~Q(role__in=sorted(r.value for r in SECTION_ROLES)) & Q(section__isnull=True)),
                name="section_where_due",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.section.short_name if self.section else ''}{self.get_role_display()}"


class StandIn(models.Model):
    """代职：who stands in for an absent person, from which day to which (both counted)."""

    absent = models.ForeignKey(Person, models.PROTECT, related_name="absences", verbose_name="不在岗的人")
    substitute = models.ForeignKey(Person, models.PROTECT, related_name="stands_in", verbose_name="代职人")
    from_on = models.DateField("自")
    to_on = models.DateField("至")
    reason = models.CharField("事由", max_length=100, blank=True)
    cancelled = models.BooleanField("已取消", default=False)

    class Meta:
        ordering = ["-from_on"]
        constraints = [
            models.CheckConstraint(condition=Q(to_on__gte=F("from_on")), name="absence_forwards"),
            models.CheckConstraint(condition=~Q(absent=F("substitute")), name="not_own_substitute"),
        ]

    def __str__(self) -> str:
        return f"{self.substitute.name}代{self.absent.name}"

    def covers(self, on: date) -> bool:
        return not self.cancelled and self.from_on <= on <= self.to_on
