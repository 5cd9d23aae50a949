"""时限、延期、中止 (R9, R20–R26): each date as a row, with the rows that moved it."""

from collections.abc import Sequence

from django.db import models
from django.db.models import F, Q

from huiyin.models.assignment import Assignment
from huiyin.models.organisation import Person, Unit
from huiyin.models.storage import StoredFile
from huiyin.rules import calendar as calendars
from huiyin.rules import periods
from huiyin.rules.calendar import Calendar
from huiyin.rules.periods import Due, Pause, Period
from huiyin.rules.vocabulary import ClockKind


class Clock(models.Model):
    """时限：one date on an item. `row` is the row it is for (an opinion asked, a promise, an errand …), 0 for the item
    itself. `due_on` and `provisional` are computed from the other columns, the extensions and suspensions and the
    calendar; `replay` must give the same. Without a period the fixed date is the due date."""

    assignment = models.ForeignKey(Assignment, models.CASCADE, related_name="clocks")
    kind = models.CharField("种类", max_length=12, choices=ClockKind.choices())
    row = models.PositiveBigIntegerField(default=0)
    start_on = models.DateField("起算日")
    period = models.CharField("期限", max_length=8, blank=True)
    roll = models.BooleanField("顺延", default=False)
    no_later_than = models.DateField("定日", null=True, blank=True)
    due_on = models.DateField("到期日")
    provisional = models.BooleanField("暂定", default=False)
    paused = models.BooleanField("中止计时", default=False)
    basis = models.CharField("依据", max_length=200, blank=True)
    stopped_on = models.DateField("停止", null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["assignment", "kind", "row"],
                condition=Q(stopped_on__isnull=True),
                name="one_running_clock",
            ),
            models.CheckConstraint(
                condition=~Q(period="") | Q(no_later_than__isnull=False), name="clock_has_a_date"
            ),
        ]
        indexes = [
            models.Index(fields=["due_on"], condition=Q(stopped_on__isnull=True), name="clock_running"),
            models.Index(fields=["kind"], condition=Q(stopped_on__isnull=True), name="clock_running_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.due_on}"

    def replay(self, calendar: Calendar) -> Due:
        """到期日 reckoned anew, with every step (为什么是这一天)."""
        return self.reckoned(calendar, [one.pause for one in self.suspensions.all()], self.extension)

    def reckoned(
        self, calendar: Calendar, pauses: Sequence[Pause] = (), extension: periods.Extension | None = None
    ) -> Due:
        """As replay, of a clock not yet saved."""
        return periods.reckon(
            self.start_on, Period.parse(self.period) if self.period else None, calendar=calendar, roll=self.roll,
            no_later_than=self.no_later_than, pauses=pauses, extension=extension,
        )  # fmt: skip

    @property
    def extension(self) -> periods.Extension | None:
        """The last extension agreed to."""
        agreed = [one for one in self.extensions.all() if one.agreed and one.granted_to and one.decided_on]
        last = max(agreed, key=lambda one: one.pk, default=None)
        return periods.Extension(last.decided_on, last.granted_to) if last else None  # type: ignore[arg-type]


class Extension(models.Model):
    """延期 (R23): asked before the due date, decided by the assigning organ, the proposer told."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="extensions")
    reason = models.TextField("理由")
    wanted_on = models.DateField("申请延至")
    asked_on = models.DateField("申请日期")
    asked_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    agreed = models.BooleanField("同意", null=True)
    decided_on = models.DateField("决定日期", null=True, blank=True)
    granted_to = models.DateField("同意延至", null=True, blank=True)
    note = models.TextField("决定内容", blank=True)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", null=True, verbose_name="来文")
    told_on = models.DateField("告知代表日期", null=True, blank=True)
    told_how = models.CharField("告知方式", max_length=100, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["clock"], condition=Q(agreed__isnull=True), name="one_extension_asked"
            ),
            models.CheckConstraint(
                condition=~Q(agreed=True) | Q(granted_to__isnull=False, decided_on__isnull=False),
                name="extension_has_date",
            ),
        ]

    def __str__(self) -> str:
        return f"延至{self.granted_to or self.wanted_on}"


class Suspension(models.Model):
    """中止计时：by the organ's paper, from a day until it is resumed."""

    clock = models.ForeignKey(Clock, models.PROTECT, related_name="suspensions")
    reason = models.TextField("事由")
    from_on = models.DateField("自")
    to_on = models.DateField("恢复", null=True, blank=True)
    paper = models.ForeignKey(StoredFile, models.PROTECT, related_name="+", verbose_name="来文")
    recorded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(to_on__isnull=True) | Q(to_on__gt=F("from_on")), name="pause_forwards"
            )
        ]

    def __str__(self) -> str:
        return self.reason[:30]

    @property
    def pause(self) -> Pause:
        return Pause(self.from_on, self.to_on)


class CalendarYear(models.Model):
    """工作日历的一年, as this unit has loaded it: it takes the place of the shipped year."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="calendar_years")
    year = models.PositiveSmallIntegerField("年")
    text = models.TextField("内容")  # the same form as rules/calendars/YYYY.toml
    loaded_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    loaded_at = models.DateTimeField("录入时间")

    class Meta:
        ordering = ["-year"]
        constraints = [models.UniqueConstraint(fields=["unit", "year"], name="calendar_year_once")]

    def __str__(self) -> str:
        return f"{self.year}年"


def calendar_of(unit_id: int) -> Calendar:
    """这个单位的工作日历：the shipped years, and over them those it has loaded itself."""
    own = CalendarYear.objects.filter(unit_id=unit_id).order_by("year").values_list("year", "text")
    return calendars.with_years(tuple(own))
