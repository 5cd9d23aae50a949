"""提醒 (R25): what is due to be told in a span of days: of which clock, cold item or missing calendar, and to whom.

Nothing is told here. A span begins after the day that was last seen to (`since`; None on an installation's first
day) and ends with `on`. However long it is, a clock is told of once: by the latest of the warnings that fell in it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef
from django.utils.timezone import localdate

from huiyin.models import (
    Assignment,
    Clock,
    Commitment,
    CoOpinion,
    Errand,
    Event,
    Milestone,
    Person,
    Post,
    StandardPassage,
    Unit,
)
from huiyin.models.clock import calendar_of
from huiyin.models.profile import profile_of
from huiyin.queries.passages import SOON
from huiyin.rules.calendar import Calendar
from huiyin.rules.dates import md, zh
from huiyin.rules.periods import add_workdays, workdays_between
from huiyin.rules.profile import Ladder, Profile
from huiyin.rules.vocabulary import (
    BEFORE_REPLY,
    CHASING,
    MAIN_CLOCKS,
    WINDOWS,
    ClockKind,
    Deed,
    Level,
    NoticeKind,
    Role,
    Status,
)

HOLIDAYS_EXPECTED = (11, 1)  # the State Council publishes the next year's in autumn


@dataclass(frozen=True)
class Reminder:
    """一条提醒. `words` follow the subject of the item; `key` says what for: the same is never told twice."""

    key: str
    kind: NoticeKind
    item: Assignment | None
    people: tuple[int, ...]
    words: str


@dataclass(frozen=True)
class Rung:
    """梯子的一级：the day it falls on, so many working days before the due date ("3") or days after it ("+6"),
    the how-manieth after it, and the posts it is told."""

    day: date
    name: str
    posts: tuple[Role, ...]
    repeat: int = 0


def rung(ladder: Ladder, due: date, on: date, *, calendar: Calendar, most: int | None = None) -> Rung | None:
    """到 `on` 为止最近的一级; at most `most` of those after the due date. None before the first."""
    repeat = (on - due).days // ladder.every
    repeat = repeat if most is None else min(repeat, most)
    if repeat >= 1:
        late = repeat * ladder.every
        return Rung(due + timedelta(days=late), f"+{late}", ladder.after, repeat)
    for days in reversed(ladder.days):
        if (day := add_workdays(due, -days, calendar=calendar)) <= on:
            return Rung(day, str(days), ladder.told_at(days))
    return None


def reminders(unit: Unit, *, since: date | None, on: date) -> list[Reminder]:
    """All that is due to be told in `unit` after `since`, up to and including `on`."""
    span = Span(unit, since, on)
    return [*_clocks(span), *_cold(span), *_passages(span), *_holidays(span)]


class Span:
    """The unit and the days asked about, with what every answer needs."""

    def __init__(self, unit: Unit, since: date | None, on: date) -> None:
        self.unit, self.since, self.on = unit, since, on
        self.calendar = calendar_of(unit.pk)
        self._staff = set(Person.objects.filter(unit=unit, is_active=True).values_list("pk", flat=True))
        self._posts = defaultdict[str, list[int]](list)
        for role, person in Post.objects.filter(unit=unit).values_list("role", "person_id"):
            self._posts[role].append(person)

    def has(self, day: date) -> bool:
        return day <= self.on and (self.since is None or day > self.since)

    def holders(self, *roles: Role) -> tuple[int, ...]:
        return self.present(person for role in roles for person in self._posts[role])

    def present(self, people: Iterable[int | None]) -> tuple[int, ...]:
        """Each once, and only those in service: an empty post is passed over."""
        return tuple(dict.fromkeys(one for one in people if one is not None and one in self._staff))


def _items(keys: Collection[int]) -> dict[int, Assignment]:
    """The items told of: their people, and what a notice calls them by."""
    named = [f"suggestion__{name}" for name in ("number", "title", "secret", "confidential")]
    people = [f"{role.value}_id" for role in Role if role != Role.ADMINISTRATOR]
    return Assignment.objects.select_related("suggestion").only("seq", *people, *named).in_bulk(keys)


# 时限


@dataclass(frozen=True)
class _Row:
    """A running clock near or past its date, as it is read."""

    pk: int
    assignment: int
    kind: ClockKind
    row: int
    start_on: date
    due_on: date
    provisional: bool
    profile: Profile
    level: Level

    def ladder(self) -> Ladder:
        usual = "main" if self.kind in MAIN_CLOCKS else "minor"
        return self.profile.ladder("key" if self.level == Level.KEY else usual)

    @property
    def most(self) -> int | None:
        """催评 is asked of the clerk so many times; then the lapse is recorded."""
        return self.profile.values["evaluation.reminders"] if self.kind == ClockKind.EVALUATION else None


FIELDS = (
    "pk", "assignment_id", "kind", "row", "start_on", "due_on", "provisional",
    "assignment__profile_name", "assignment__profile_version", "assignment__suggestion__level",
)  # fmt: skip


def _clocks(span: Span) -> Iterator[Reminder]:
    hits = list(_hits(span))
    items = _items({row.assignment for row, _ in hits})
    owners = _owners(row for row, _ in hits)
    asked = _asked(row for row, _ in hits)
    for row, step in hits:
        item = items[row.assignment]
        people = span.present(_told(row, step, item, owners)) or span.holders(Role.CLERK)
        words = _words(row, step, asked.get(row.row, ""), span)
        if people:
            key = f"warn:{row.pk}:{row.due_on:%Y%m%d}:{step.name}"
            yield Reminder(key, NoticeKind.WARNING, item, people, words)


def _hits(span: Span) -> Iterator[tuple[_Row, Rung]]:
    """Running clocks a rung of whose ladder falls in the span, and after the day they started."""
    steps = dict[tuple[Ladder, date, int | None], Rung | None]()
    for row in _near(span):
        known = (row.ladder(), row.due_on, row.most)
        if known not in steps:
            ladder, due, most = known
            steps[known] = rung(ladder, due, span.on, calendar=span.calendar, most=most)
        step = steps[known]
        if step and span.has(step.day) and step.day > row.start_on:
            yield row, step


def _near(span: Span) -> Iterator[_Row]:
    """No nearer than the longest ladder in use, nobody is told of a clock; so it is not read either."""
    used = Assignment.objects.filter(unit=span.unit).order_by().values_list("profile_name", "profile_version")
    profiles = {known: profile_of(*known) for known in used.distinct()}
    longest = max(
        (one.ladder(key).days[0] for one in profiles.values() for key in ("main", "key", "minor")), default=1
    )
    rows = Clock.objects.filter(
        assignment__unit=span.unit, stopped_on__isnull=True, paused=False,
        due_on__lte=add_workdays(span.on, longest, calendar=span.calendar),
    ).exclude(kind__in=WINDOWS)  # fmt: skip
    for pk, item, kind, row, start, due, provisional, name, version, level in rows.order_by("pk").values_list(
        *FIELDS
    ):
        profile = profiles[name, version]
        yield _Row(pk, item, ClockKind(kind), row, start, due, provisional, profile, Level(level))


def _told(
    row: _Row, step: Rung, item: Assignment, owners: dict[tuple[str, int], int]
) -> Iterator[int | None]:
    """The row's own people first, then the posts of the rung. An evaluation is the clerk's to chase, nobody else's."""
    if row.kind in {ClockKind.EVALUATION, ClockKind.PUBLICATION}:
        yield item.clerk_id
    yield owners.get((row.kind, row.row))
    if row.kind in {ClockKind.ASKED, ClockKind.VISIT, ClockKind.MILESTONE}:
        yield item.handler_id
    if row.kind == ClockKind.ASKED:
        yield item.clerk_id
    if row.kind != ClockKind.EVALUATION:
        yield from (item.person_id(role) for role in step.posts)


def _owners(rows: Iterable[_Row]) -> dict[tuple[str, int], int]:
    """Who owns a promise, an errand, a milestone: by kind of clock and row."""
    wanted = defaultdict[str, set[int]](set)
    for row in rows:
        wanted[row.kind].add(row.row)
    found = dict[tuple[str, int], int]()
    for kind, owned in (
        (ClockKind.PROMISE, Commitment.objects.values_list("pk", "owner")),
        (ClockKind.ERRAND, Errand.objects.values_list("pk", "owner")),
        (ClockKind.MILESTONE, Milestone.objects.values_list("pk", "plan__leader")),
    ):
        if wanted[kind]:
            found |= {(kind, pk): person for pk, person in owned.filter(pk__in=wanted[kind])}
    return found


def _asked(rows: Iterable[_Row]) -> dict[int, str]:
    """Which unit an opinion was asked of."""
    asked = [row.row for row in rows if row.kind == ClockKind.ASKED]
    return dict(CoOpinion.objects.filter(pk__in=asked).values_list("pk", "unit__short_name")) if asked else {}


def _words(row: _Row, step: Rung, unit: str, span: Span) -> str:
    """书面答复还剩3个工作日（6月29日到期，暂定）: as it stands on the day it is told."""
    what = row.profile.say(
        row.kind.label if row.kind != ClockKind.ASKED else f"{unit or '协办单位'}提协办意见"
    )
    words = f"{what}{_left(row.due_on, span)}（{_short(row.due_on, span.on)}到期{'，暂定' if row.provisional else ''}）"
    if row.kind == ClockKind.EVALUATION and step.repeat:
        words += f"，请催请代表评价（第{step.repeat}次，共{row.most}次）"
    return words


def _left(due: date, span: Span) -> str:
    days = (due - span.on).days
    if days < 0:
        return f"已逾期{-days}天"
    if days == 0:
        return "今天到期"
    working = workdays_between(span.on, due, calendar=span.calendar)
    return f"还剩{working}个工作日" if working else f"还剩{days}天，其间没有工作日"


def _short(day: date, on: date) -> str:
    return md(day) if day.year == on.year else zh(day)


# 停滞

COLD = BEFORE_REPLY | {Status.ISSUED}


def _cold(span: Span) -> Iterator[Reminder]:
    """停滞件: nothing done for so many working days (supervision.cold), told once: the next deed ends the spell. What
    only chases an item ends none."""
    hits = _gone_cold(span)
    items, done = _items(hits), Event.objects.filter(assignment__in=hits).exclude(deed__in=CHASING)
    deeds = dict(done.order_by("seq").values_list("assignment", "deed"))  # the last of each stays
    for pk, (last, seq) in sorted(hits.items()):
        item = items[pk]
        people = span.present([item.handler_id, item.section_head_id]) or span.holders(Role.CLERK)
        quiet = workdays_between(last, span.on, calendar=span.calendar)
        words = f"已有{quiet}个工作日没有办理动作（最近一次是{_short(last, span.on)}{Deed(deeds[pk]).label}）"
        if people:
            yield Reminder(f"cold:{pk}:{seq}", NoticeKind.WARNING, item, people, words)


def _gone_cold(span: Span) -> dict[int, tuple[date, int]]:
    """Items whose last deed became so old in the span, with its day and place in the journal. Where the time is
    suspended, none is expected."""
    paused = Clock.objects.filter(
        assignment=OuterRef("assignment"), stopped_on__isnull=True, paused=True, kind__in=MAIN_CLOCKS
    )
    done = Event.objects.filter(~Exists(paused), assignment__unit=span.unit, assignment__status__in=COLD)
    fields = ("assignment", "assignment__profile_name", "assignment__profile_version")
    last = (
        done.exclude(deed__in=CHASING).order_by().values_list(*fields).annotate(at=Max("at"), seq=Max("seq"))
    )
    found = dict[int, tuple[date, int]]()
    for pk, name, version, at, seq in last:
        days: int = profile_of(name, version).values["supervision.cold"]
        if span.has(add_workdays(localdate(at), days, calendar=span.calendar)):
            found[pk] = localdate(at), seq
    return found


# 常用段落


def _passages(span: Span) -> Iterator[Reminder]:
    """常用段落到期: its owner is told once before and once when it is over; the clerk, where he is in service no more."""
    rows = StandardPassage.objects.filter(unit=span.unit, expires_on__gte=(span.since or span.on) - SOON)
    for row in rows.filter(expires_on__lte=span.on + SOON):
        people = span.present([row.owner_id]) or span.holders(Role.CLERK)
        over = row.expired(span.on)
        day = row.expires_on + timedelta(days=1) if over else row.expires_on - SOON
        if not people or not span.has(day):
            continue
        end = _short(row.expires_on, span.on)
        words = f"{end}已过期，不能再插入稿本" if over else f"{end}到期"
        yield Reminder(
            f"passage:{row.pk}:{row.expires_on:%Y%m%d}:{'over' if over else 'soon'}", NoticeKind.SYSTEM, None,
            people, f"您负责的常用段落“{row.title}”{words}，请核对后延期或修改",
        )  # fmt: skip


# 工作日历


def years_expected(on: date) -> list[int]:
    """应有放假安排的年份: this year, and from November on the next."""
    return [on.year, on.year + 1] if (on.month, on.day) >= HOLIDAYS_EXPECTED else [on.year]


def _holidays(span: Span) -> Iterator[Reminder]:
    """放假安排尚未录入: of this year, and of the next from November on; once a week until it is there."""
    for year in years_expected(span.on):
        monday = span.on - timedelta(days=span.on.weekday())
        begins = max(monday, date(year - 1, *HOLIDAYS_EXPECTED))
        if span.calendar.knows(date(year, 1, 1)) or not span.has(begins):
            continue
        open_dates = Clock.objects.filter(
            assignment__unit=span.unit, stopped_on__isnull=True, provisional=True
        )
        many = open_dates.count()
        words = f"{year}年的放假安排尚未录入{f'，现有{many}个时限为暂定' if many else ''}；国务院公布后请在“工作日历”里录入"
        people = span.holders(Role.CLERK, Role.OFFICE_DIRECTOR)
        if people:
            yield Reminder(
                f"calendar:{span.unit.pk}:{year}:{begins:%Y%m%d}", NoticeKind.SYSTEM, None, people, words
            )
