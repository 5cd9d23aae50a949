"""期限 (R20–R24): months, working days and days from a start; fixed dates, extensions and suspensions; why a date
is that date; lights.

《民法典》第二百零一条：开始的当日不计入；第二百零二条：到期月的对应日为最后一日，没有对应日的，月末日。
"""

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import Enum, StrEnum

from huiyin.rules.calendar import Calendar
from huiyin.rules.dates import weekday, zh

LONGEST = 5000  # counts beyond this are slips of the pen
DAY = timedelta(days=1)


class Unit(StrEnum):
    """期限单位."""

    MONTH = "m"
    WORKDAY = "wd"
    DAY = "d"


LABELS = {Unit.MONTH: "个月", Unit.WORKDAY: "个工作日", Unit.DAY: "日"}


@dataclass(frozen=True)
class Period:
    """期限, such as 3m (3个月), 15wd (15个工作日), 20d (20日)."""

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 1 <= self.count <= LONGEST:
            raise ValueError(f"期限应在1至{LONGEST}之间，不能是{self.count}")

    @classmethod
    def parse(cls, text: str) -> "Period":
        """From "3m", "15wd", "20d"; ValueError in a sentence otherwise."""
        found = re.fullmatch(r"([1-9][0-9]{0,3})(m|wd|d)", text.strip())
        if not found or int(found[1]) > LONGEST:
            raise ValueError(f"期限“{text}”写法不对，应是 3m（3个月）、15wd（15个工作日）或 20d（20日）")
        return cls(int(found[1]), Unit(found[2]))

    def __str__(self) -> str:
        return f"{self.count}{self.unit.value}"

    @property
    def label(self) -> str:
        return f"{self.count}{LABELS[self.unit]}"


@dataclass(frozen=True)
class Pause:
    """中止计时：the days from `from_on` up to, not counting, `to_on` are not counted. While it lasts (`to_on` None)
    nothing of it is known yet, and the date stands as if it ended the day it began."""

    from_on: date
    to_on: date | None = None

    def __post_init__(self) -> None:
        if self.to_on is None:
            return
        if self.to_on <= self.from_on:
            raise ValueError(f"{zh(self.from_on)}中止计时，恢复日{zh(self.to_on)}应在其后")
        if (self.to_on - self.from_on).days > LONGEST:
            raise ValueError(f"{zh(self.from_on)}至{zh(self.to_on)}中止计时超过{LONGEST}天，请核对日期")


@dataclass(frozen=True)
class Extension:
    """延期：decided on `on`, to the date `to`, which takes the place of the period's and of the fixed date (R23)."""

    on: date
    to: date


@dataclass(frozen=True)
class Due:
    """到期日及其由来. `skipped`: the days not counted on the way; `steps`: 为什么是这一天, in sentences."""

    due: date
    start: date
    period: Period | None
    skipped: tuple[date, ...]
    provisional: bool
    steps: tuple[str, ...]


def reckon(
    start: date,
    period: Period | None,
    *,
    calendar: Calendar,
    roll: bool = False,
    no_later_than: date | None = None,
    pauses: Sequence[Pause] = (),
    extension: Extension | None = None,
) -> Due:
    """到期日: `period` from `start`, which is not counted; the earlier of it and `no_later_than` (R21); where an
    extension was agreed, its date. Without a period the fixed date is the due date.

    Months and days go by the calendar date; `roll` moves such a date off a rest day to the next working day
    (R22). Paused days are not counted, each once however many pauses it lies in; a pause moves the period, not
    the organ's fixed date. Provisional when a day the result depended on lies in a year without holiday data
    (R24): with neither working days nor roll-over a date depends on no such data. ValueError for a date no
    calendar can express, or when there is neither period nor fixed date.
    """
    asleep = _union(pauses)
    try:
        return _reckon(start, period, calendar, roll, no_later_than, asleep, extension, pauses)
    except OverflowError as error:
        what = f"起{period.label}" if period else "起算的时限"
        raise ValueError(f"自{start}{what}超出了日历能表示的范围") from error


Spans = list[tuple[date, date]]  # each from a day up to, not counting, another; in order, apart


def _reckon(
    start: date, period: Period | None, calendar: Calendar, roll: bool, no_later_than: date | None, asleep: Spans,
    extension: Extension | None, pauses: Sequence[Pause],
) -> Due:  # fmt: skip
    skipped, looked_at = list[date](), list[date]()
    if period is None:
        if no_later_than is None:
            raise ValueError("既没有期限，也没有定日")
        due, steps = no_later_than, [f"定于{chinese(no_later_than)}"]
    else:
        due, skipped, steps = _count(start, period, calendar, asleep)
        looked_at = _range(start, due) if period.unit == Unit.WORKDAY else []
        if period.unit != Unit.WORKDAY:
            due, more, moved, looked_at = _settle(due, roll, calendar)
            skipped, steps = [*skipped, *more], [*steps, *moved]
        if no_later_than is not None and no_later_than != due:
            steps.append(f"定日{chinese(no_later_than)}在{'前' if no_later_than < due else '后'}，取较早者")
            due = min(due, no_later_than)
    if extension is not None:
        due, skipped, looked_at = _extended(extension, asleep, steps), [], []
    unknown = sorted({day.year for day in looked_at if day <= due and not calendar.knows(day)})
    if unknown:
        steps.append(f"{'、'.join(map(str, unknown))}年放假安排尚未录入，此日期为暂定")
    if any(pause.to_on is None for pause in pauses):
        steps.append("现中止计时，恢复后重新推算")
    return Due(due, start, period, tuple(day for day in skipped if day <= due), bool(unknown), tuple(steps))


def _range(start: date, end: date) -> list[date]:
    return [start + DAY * n for n in range(1, (end - start).days + 1)]


def _union(pauses: Sequence[Pause]) -> Spans:
    """The paused days, each once, however the pauses lie."""
    spans: Spans = []
    for from_on, to_on in sorted((one.from_on, one.to_on) for one in pauses if one.to_on):
        if spans and from_on <= spans[-1][1]:
            spans[-1] = spans[-1][0], max(spans[-1][1], to_on)
        else:
            spans.append((from_on, to_on))
    return spans


def _asleep(day: date, asleep: Spans) -> bool:
    return any(from_on <= day < to_on for from_on, to_on in asleep)


def _extended(extension: Extension, asleep: Spans, steps: list[str]) -> date:
    """The agreed date; pauses that came after the agreement move it on."""
    steps.append(f"{chinese(extension.on)}经同意延期至{chinese(extension.to)}，以此日为准")
    due, paused = _push(extension.on, extension.to, asleep)
    if paused:
        steps.append(f"延期后中止计时{len(paused)}天，顺延到{chinese(due)}")
    return due


def _push(start: date, due: date, asleep: Spans) -> tuple[date, list[date]]:
    """`due` moved on by the paused days after `start`, those met on the way included."""
    paused: list[date] = []
    for from_on, to_on in asleep:
        first = max(from_on, start + DAY)
        if first <= due:
            met = [first + DAY * n for n in range((to_on - first).days)]
            due += DAY * len(met)
            paused += met
    return due, paused


def _count(
    start: date, period: Period, calendar: Calendar, asleep: Spans
) -> tuple[date, list[date], list[str]]:
    steps = [f"{chinese(start)}起算，当日不计入", f"期限{period.label}"]
    if period.unit == Unit.WORKDAY:
        return _count_workdays(start, period.count, calendar, asleep, steps)
    due = start + DAY * period.count if period.unit == Unit.DAY else _add_months(start, period.count, steps)
    due, paused = _push(start, due, asleep)
    if paused:
        steps.append(f"中止计时{len(paused)}天不计入，顺延到{chinese(due)}")
    return due, paused, steps


def _count_workdays(
    start: date, left: int, calendar: Calendar, asleep: Spans, steps: list[str]
) -> tuple[date, list[date], list[str]]:
    day, skipped, paused = start, list[date](), list[date]()
    while left:
        day += DAY
        if not calendar.is_workday(day):
            skipped.append(day)
        elif _asleep(day, asleep):
            paused.append(day)
        else:
            left -= 1
            if calendar.reason(day):
                steps.append(f"{chinese(day)}{calendar.reason(day)}，计入")
    if skipped:
        steps.append(f"扣除{len(skipped)}个休息日：{_runs(skipped, calendar)}")
    if paused:
        steps.append(f"中止计时{len(paused)}个工作日不计入")
    return day, sorted([*skipped, *paused]), steps


def _add_months(start: date, months: int, steps: list[str]) -> date:
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise OverflowError
    last = monthrange(year, month + 1)[1]
    if start.day > last:
        steps.append(f"{month + 1}月没有{start.day}日，到月末日")
    return date(year, month + 1, min(start.day, last))


def _settle(due: date, roll: bool, calendar: Calendar) -> tuple[date, list[date], list[str], list[date]]:
    """A calendar date on a rest day: kept, or rolled to the next working day."""
    if not roll:
        rest = "" if calendar.is_workday(due) else f"{chinese(due)}是{calendar.reason(due)}，不顺延"
        return due, [], [rest] if rest else [], []
    day, skipped = due, []
    while not calendar.is_workday(day):
        skipped.append(day)
        day += DAY
    moved = [f"{chinese(due)}是{calendar.reason(due)}，顺延到下一个工作日{chinese(day)}"] if skipped else []
    return day, skipped, moved, [due + DAY * n for n in range((day - due).days + 1)]


def _runs(days: list[date], calendar: Calendar) -> str:
    """Holidays by name, weekends by count."""
    named: dict[str, int] = {}
    for day in days:
        named[calendar.reason(day)] = named.get(calendar.reason(day), 0) + 1
    return "、".join(f"{name}{count}天" for name, count in named.items())


def chinese(day: date) -> str:
    """2026年3月1日（周日）, without leading zeros."""
    return f"{zh(day)}（{weekday(day)}）"


def add_workdays(day: date, count: int, *, calendar: Calendar) -> date:
    """The working day `count` working days after `day` (before it when negative). ValueError beyond the calendar."""
    step, there = DAY if count > 0 else -DAY, day
    try:
        for _ in range(abs(count)):
            there += step
            while not calendar.is_workday(there):
                there += step
    except OverflowError as error:
        raise ValueError(f"距{day}{abs(count)}个工作日超出了日历能表示的范围") from error
    return there


def before(day: date, period: Period, *, calendar: Calendar) -> date:
    """The day `period` before `day`: such as 主办答复期满20日前. ValueError beyond the calendar."""
    if period.unit == Unit.WORKDAY:
        return add_workdays(day, -period.count, calendar=calendar)
    try:
        return day - DAY * period.count if period.unit == Unit.DAY else _add_months(day, -period.count, [])
    except OverflowError as error:
        raise ValueError(f"{day}前{period.label}超出了日历能表示的范围") from error


def workdays_between(start: date, end: date, *, calendar: Calendar) -> int:
    """Working days after `start` up to and including `end`; negative when `end` lies before `start`."""
    if end < start:
        return -workdays_between(end, start, calendar=calendar)
    return sum(calendar.is_workday(start + DAY * n) for n in range(1, (end - start).days + 1))


class Light(Enum):
    """红黄绿灯 (R25): computed, never stored; each with a twin that is not colour."""

    OVERDUE = ("overdue", "■")
    NEAR = ("near", "▲")
    OK = ("ok", "●")
    DONE = ("done", "✓")
    NONE = ("none", "○")

    @property
    def code(self) -> str:
        return self.value[0]

    @property
    def symbol(self) -> str:
        return self.value[1]


@dataclass(frozen=True)
class Lit:
    """灯和它的话, such as ▲ 剩 17 天."""

    light: Light
    words: str

    @property
    def code(self) -> str:
        return self.light.code

    @property
    def symbol(self) -> str:
        return self.light.symbol


def light(due: date | None, *, on: date, start: date | None = None, done_on: date | None = None) -> Lit:
    """Red: overdue, due today or tomorrow. Amber: a fifth of the period is left, five days at the latest."""
    if done_on is not None:
        late = (done_on - due).days if due else 0
        return Lit(Light.DONE, f"逾期 {late} 天完成" if late > 0 else "按时完成")
    if due is None:
        return Lit(Light.NONE, "未定期限")
    left = (due - on).days
    if left < 0:
        return Lit(Light.OVERDUE, f"逾期 {-left} 天")
    if left <= 1:
        return Lit(Light.OVERDUE, "今天到期" if left == 0 else "剩 1 天")
    fifth = (due - start).days / 5 if start else 0
    return Lit(Light.NEAR if left <= max(5, fifth) else Light.OK, f"剩 {left} 天")
