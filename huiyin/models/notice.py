"""消息和发送 (R25, R82): what a person is told, and how it went out."""

from django.db import models
from django.db.models import Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person
from huiyin.rules.vocabulary import DispatchState, NoticeKind


class Notice(models.Model):
    """消息：one thing one person is told, once: `key` says what for and to whom. The inbox is these rows."""

    key = models.CharField(max_length=120, unique=True)
    person = models.ForeignKey(Person, models.CASCADE, related_name="notices")
    kind = models.CharField("种类", max_length=10, choices=NoticeKind.choices())
    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="notices", null=True)
    text = models.TextField("内容")
    at = models.DateTimeField("时间")
    read_at = models.DateTimeField("已阅", null=True, blank=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["person", "-at"])]

    def __str__(self) -> str:
        return self.text


class Dispatch(models.Model):
    """发送：one notice by one channel. Claimed before it is sent, so that two workers never send it twice."""

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="dispatches")
    channel = models.CharField("渠道", max_length=40)
    state = models.CharField(
        "状态", max_length=10, choices=DispatchState.choices(), default=DispatchState.WAITING
    )
    attempts = models.PositiveSmallIntegerField("次数", default=0)
    next_at = models.DateTimeField("下次发送")
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField("发出时间", null=True, blank=True)
    error = models.CharField("原因", max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["notice", "channel"], name="once_a_channel")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=["waiting", "sending"]), name="to_be_sent")
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.get_state_display()}"


class Preference(models.Model):
    """接收设置：whether a person wants a kind of notice by a channel, where he said so."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="preferences")
    kind = models.CharField(max_length=10, choices=NoticeKind.choices())
    channel = models.CharField(max_length=40)
    wanted = models.BooleanField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "channel"], name="preference_once")]

    def __str__(self) -> str:
        return f"{self.person} {self.kind} {self.channel}"


class Beat(models.Model):
    """心跳：when a job of a unit last ran, and for which day."""

    name = models.CharField(max_length=40, unique=True)
    at = models.DateTimeField()
    day = models.DateField(null=True)

    def __str__(self) -> str:
        return self.name
