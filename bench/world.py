"""台账的世界：a bureau's ledger of N items over ten years, written at once, by the seed always the same.

Not by the deeds (a day of a hundred thousand deeds would be the whole bench), but as they leave it: every item with its
proposers, clocks, contacts, letter, delivery, evaluation, promises and journal, its counted columns as
huiyin.queries.counting has them. A test looks at each of a small world.
"""

import hashlib
import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Model
from django.utils.timezone import make_aware

from bench.loading import Many, Table, settle
from bench.words import Words
from huiyin.actions import _profiles, searching
from huiyin.actions._journal import digest_of
from huiyin.models import (
    Assignment,
    Category,
    Clock,
    Commitment,
    Contact,
    Delivery,
    Evaluation,
    Event,
    Meeting,
    Person,
    Post,
    Proposer,
    Reply,
    ReplyVersion,
    Section,
    SignOff,
    Suggestion,
    Unit,
)
from huiyin.models.suggestion import sort_key
from huiyin.queries import profiles
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import (
    FACE_TO_FACE,
    ClockKind,
    Deed,
    DeliveryMethod,
    Disclosure,
    EntryMode,
    Gate,
    Kind,
    Level,
    Method,
    Origin,
    Part,
    Rating,
    Role,
    RoundKind,
    Stage,
    Status,
)

SECTIONS, HANDLERS, LEADERS, UNITS, CATEGORIES, YEARS = 40, 3, 5, 30, 15, 10
PAST = {Status.CLOSED: 970, Status.TRACKING: 10, Status.RETURNED: 10, Status.WITHDRAWN: 10}
NOW = {
    Status.CLOSED: 660, Status.TRACKING: 20, Status.EVALUATING: 50, Status.ISSUED: 20, Status.ISSUE: 10, Status.REVIEW: 40,
    Status.HANDLING: 110, Status.ACCEPTING: 30, Status.ASSIGNING: 20, Status.PROPOSING: 20, Status.RETURNED: 10,
    Status.WITHDRAWN: 10,
}  # fmt: skip
BEFORE_SIGNATURE = (Status.REVIEW, Status.ISSUE)
ANSWERED = (
    Status.ISSUED, Status.EVALUATING, Status.TRACKING, Status.CLOSED, Status.SUPERSEDED,
)  # fmt: skip
IN_HAND = (*ANSWERED, *BEFORE_SIGNATURE, Status.HANDLING)
WRITTEN: tuple[type[Model], ...] = (
    Suggestion, Proposer, Assignment, Assignment.named_co_units.through, Clock, Contact, ReplyVersion, SignOff, Reply,
    Delivery, Evaluation, Commitment, Event,
)  # fmt: skip
METHODS, MONTH = list(Method)[:6], timedelta(days=30)


class Section3(NamedTuple):
    """A section's people."""

    section: int
    head: int
    leader: int
    handlers: list[int]


@dataclass
class Office:
    """The unit and who is in it, by their keys."""

    unit: Unit
    clerk: Person
    director: Person
    leader: Person
    chief: Person
    organ: Unit
    sections: list[Section3] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    categories: list[int] = field(default_factory=list)
    others: list[int] = field(default_factory=list)


@dataclass
class Item:
    """One item as it is being made; `columns` are those of its row that are not the same for all."""

    pk: int
    suggestion: int
    number: str
    title: str
    people: list[tuple[int, str]]
    part: Part
    status: Status
    on: date
    meeting: Meeting
    line: Section3
    kind: RoundKind = RoundKind.FIRST
    previous: int | None = None
    level: Level = Level.ORDINARY
    columns: dict[str, Any] = field(default_factory=dict)

    @property
    def handler(self) -> int:
        return self.line.handlers[self.pk % len(self.line.handlers)]

    @property
    def answers(self) -> bool:
        return self.part != Part.CO


def build(size: int, *, seed: int = 1, today: date, indexed: bool = True) -> Office:
    """The ledger, in a database that has been migrated and is empty."""
    with transaction.atomic():
        office = _office(Random(seed), today)
        profile = profiles.named(profiles.chosen(office.unit, Kind.SUGGESTION))
        _profiles.keep(profile, at=_moment(date(today.year - YEARS, 1, 3)))
        _World(office, profile, Random(seed), today).make(size)
    if indexed:
        searching.index_new()
    settle(WRITTEN)
    return office


def _moment(day: date, hour: int = 9) -> datetime:
    return make_aware(datetime(day.year, day.month, day.day, hour))


def _office(random: Random, today: date) -> Office:
    words = Words(random)
    unit = Unit.objects.create(name="测试市自然资源局", short_name="市资源局", hosted=True)
    organ = Unit.objects.create(name="测试市人大常委会办公室", short_name="市人大办", assigns=True)
    units = Unit.objects.bulk_create(
        Unit(name=f"{words.villages[n]}第{n}局", short_name=f"{words.villages[n]}{n}局") for n in range(UNITS)
    )
    people = Person.objects.bulk_create(
        Person(username=f"p{n}", name=words.names[n], unit=unit, phone=f"0797-8{n:06}")
        for n in range(5 + LEADERS + SECTIONS * (HANDLERS + 1))
    )
    office = Office(unit, people[0], people[1], people[2], people[3], organ)
    roles = (Role.CLERK, Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER, Role.CHIEF_LEADER, Role.ADMINISTRATOR)
    posts = [Post(person=one, role=role, unit=unit) for one, role in zip(people, roles, strict=False)]
    rest = people[5 + LEADERS :]
    for n in range(SECTIONS):
        section = Section.objects.create(
            unit=unit, name=f"{words.villages[n][:2]}{n}科", short_name=f"{n}科", order=n
        )
        leader, head, *handlers = (
            people[5 + n % LEADERS],
            *rest[n * (HANDLERS + 1) : (n + 1) * (HANDLERS + 1)],
        )
        held = [
            (leader, Role.BUSINESS_LEADER),
            (head, Role.SECTION_HEAD),
            *((one, Role.HANDLER) for one in handlers),
        ]
        posts += [Post(person=one, role=role, unit=unit, section=section) for one, role in held]
        office.sections.append(Section3(section.pk, head.pk, leader.pk, [one.pk for one in handlers]))
    Post.objects.bulk_create(posts)
    office.others = [one.pk for one in units]
    office.categories = [Category.objects.create(name=f"第{n}类事项", order=n).pk for n in range(CATEGORIES)]
    for n in range(YEARS):
        year = today.year - YEARS + 1 + n
        title = f"测试市{'四五六七'[n // 5]}届人大{n % 5 + 1}次会议"
        office.meetings.append(Meeting.objects.create(name=title[3:], title=title, year=year))
    return office


class _World:
    """The tables being filled."""

    def __init__(self, office: Office, profile: Profile, random: Random, today: date) -> None:
        self.office, self.profile, self.random, self.today = office, profile, random, today
        self.words = Words(random)
        self.suggestions = Table(
            Suggestion, "id", "kind", "origin", "meeting_id", "number", "number_key", "title", "text", "received_on",
            "category_id", "level", "confidential",
        )  # fmt: skip
        self.proposers = Table(Proposer, "id", "suggestion_id", "name", "delegation", "is_lead", "order")
        columns = [str(one.column) for one in Assignment._meta.concrete_fields]
        self.items = Table(Assignment, *columns)
        self.item_defaults: dict[str, Any] = dict(zip(columns, _defaults(), strict=True))
        self.clocks = Table(
            Clock, "id", "assignment_id", "kind", "start_on", "period", "due_on", "stopped_on"
        )
        self.contacts = Table(
            Contact, "id", "assignment_id", "stage", "on", "method", "people", "content", "view", "recorded_by_id", "recorded_at",
        )  # fmt: skip
        self.versions = Table(
            ReplyVersion, "id", "assignment_id", "number", "title", "body", "outcome_class", "disclosure", "contact_name",
            "edited_by_id", "edited_at", "submitted_by_id", "submitted_at", "digest",
        )  # fmt: skip
        self.sign_offs = Table(
            SignOff, "id", "assignment_id", "gate", "role", "person_id", "signer_id", "version_id", "digest", "at", "is_submission",
        )  # fmt: skip
        self.replies = Table(
            Reply, "id", "assignment_id", "version_id", "number", "signed_on", "signatory_id"
        )
        self.deliveries = Table(Delivery, "id", "reply_id", "addressee", "on", "method", "recorded_by_id")
        self.evaluations = Table(
            Evaluation, "id", "assignment_id", "proposer_id", "attitude", "outcome", "reason", "on", "mode", "entered_at",
        )  # fmt: skip
        self.commitments = Table(
            Commitment, "id", "assignment_id", "content", "section_id", "owner_id", "due_on", "state", "done_on", "informed_on",
        )  # fmt: skip
        self.events = Table(
            Event, "id", "stream", "seq", "assignment_id", "deed", "source", "target", "by_id", "at", "text", "body", "digest",
        )  # fmt: skip
        self.co_units = Many(Assignment.named_co_units.through)
        self.keys = dict.fromkeys(
            ("proposer", "clock", "contact", "version", "sign_off", "reply", "delivery", "evaluation", "commitment", "event"), 0
        )  # fmt: skip

    def make(self, size: int) -> None:
        made, suggestion = 0, 0
        while made < size:
            suggestion += 1
            again = made + 1 < size and suggestion % 97 == 0  # a second round, on dissatisfaction
            made += self._suggestion(suggestion, made + 1, made / size, again=again)
        tables = [
            self.suggestions, self.proposers, self.items, self.clocks, self.contacts, self.versions, self.sign_offs,
            self.replies, self.deliveries, self.evaluations, self.commitments, self.events, self.co_units.table,
        ]  # fmt: skip
        for one in tables:
            one.flush()

    def _key(self, name: str) -> int:
        self.keys[name] += 1
        return self.keys[name]

    def _suggestion(self, pk: int, item: int, share: float, *, again: bool) -> int:
        random, office = self.random, self.office
        place = min(int(share * YEARS), YEARS - 1)
        meeting, line = office.meetings[place], random.choice(office.sections)
        ways = NOW if place == YEARS - 1 else PAST
        status = Status.SUPERSEDED if again else random.choices(list(ways), list(ways.values()))[0]
        kind = Kind.PROPOSAL if pk % 3 == 0 else Kind.SUGGESTION
        level = Level.KEY if pk % 50 == 0 else Level.LED if pk % 33 == 0 else Level.ORDINARY
        on = self._assigned(meeting.year, status)
        title, number = self.words.title(), f"A{meeting.year}{pk % 100_000:05}" if pk % 2 else f"{pk:03}"
        self.suggestions.add(
            pk, kind.value, Origin.SESSION.value, meeting.pk, number, sort_key(number), title, self.words.text(),
            on.isoformat(), random.choice(office.categories), level.value, pk % 40 == 0,
        )  # fmt: skip
        people = [(self._key("proposer"), name) for name in self.words.people(random.choice((1, 1, 2, 3, 6)))]
        for order, (key, name) in enumerate(people):
            self.proposers.add(
                key, pk, name, f"第{pk % 30 + 1}代表团" if order == 0 else "", order == 0, order
            )
        part = (
            Part.LEAD
            if again
            else random.choices((Part.LEAD, Part.SOLE, Part.SEPARATE, Part.CO), (55, 10, 5, 30))[0]
        )
        if part == Part.CO and status in (Status.EVALUATING, Status.TRACKING):
            status = Status.CLOSED  # an opinion is neither evaluated nor followed
        first = Item(item, pk, number, title, people, part, status, on, meeting, line, level=level)
        self._item(first)
        if not again:
            return 1
        status = Status.CLOSED if place < YEARS - 1 else Status.HANDLING
        second = Item(
            item + 1, pk, number, title, people, Part.LEAD, status, min(on + 5 * MONTH, self.today), meeting, line,
            RoundKind.REHANDLING, item, level,
        )  # fmt: skip
        self._item(second)
        return 2

    def _assigned(self, year: int, status: Status) -> date:
        """Most of a year's items come with the meeting in spring; what is still open came lately."""
        if status in (*ANSWERED, Status.RETURNED, Status.WITHDRAWN):
            day = date(year, 2, 20) + timedelta(days=self.random.randrange(100))
            return min(day, self.today - timedelta(days=self.random.randrange(150, 200)))
        return self.today - timedelta(days=self.random.randrange(2, 130))

    def _item(self, one: Item) -> None:
        """One item, with all its rows; what later rows say goes into its own columns."""
        office, answers = self.office, one.answers
        due = one.on + 3 * MONTH
        replied = one.on + timedelta(days=self.random.randrange(20, 98)) if one.status in ANSWERED else None
        one.columns = {
            "id": one.pk, "suggestion_id": one.suggestion, "number_key": sort_key(one.number), "meeting_id": one.meeting.pk, "unit_id": office.unit.pk,
            "part": one.part.value, "part_text": "涉及用地的部分" if one.part == Part.SEPARATE else "",
            "lead_unit_id": None if answers else self.random.choice(office.others), "organ_id": office.organ.pk,
            "round": 2 if one.previous else 1, "round_kind": one.kind.value, "previous_id": one.previous,
            "assigned_on": one.on.isoformat(), "due_on": due.isoformat(), "status": one.status.value,
            "status_since": _utc(replied or one.on), "profile_name": self.profile.name, "profile_version": self.profile.version,
        }  # fmt: skip
        self._people(one)
        ended = one.status in (Status.RETURNED, Status.WITHDRAWN)
        stopped = replied or (one.on + timedelta(days=12) if ended else None)
        self._clock(one, ClockKind.REPLY if answers else ClockKind.OPINION, one.on, "3m", due, stopped)
        one.columns["late"] = stopped is not None and stopped > due
        one.columns["running_on"] = due.isoformat() if stopped is None else None
        if one.part == Part.LEAD and one.pk % 2:
            self.co_units.add(one.pk, self.random.choice(office.others))
        if one.status in IN_HAND:
            self._contacts(one)
            self._letter(one, replied)
        one.columns["closed_on"] = (
            _iso(stopped or one.on)
            if one.status in (Status.CLOSED, Status.SUPERSEDED, Status.RETURNED, Status.WITHDRAWN)
            else None
        )
        self._journal(one, replied)
        self.items.add(*(self.item_defaults | one.columns).values())

    def _people(self, one: Item) -> None:
        office, line = self.office, one.line
        one.columns |= {
            "clerk_id": office.clerk.pk, "office_director_id": office.director.pk, "handling_leader_id": office.leader.pk,
        }  # fmt: skip
        if one.status in (Status.PROPOSING, Status.RETURNED, Status.WITHDRAWN):
            return
        one.columns |= {
            "section_id": line.section, "responsible_leader_id": line.leader, "handler_id": one.handler,
            "section_head_id": line.head, "business_leader_id": line.leader, "chief_leader_id": office.chief.pk,
        }  # fmt: skip
        if one.status not in (Status.ASSIGNING, Status.ACCEPTING):
            accepted = one.on + timedelta(days=2)
            one.columns |= {"accepted_on": accepted.isoformat(), "accepted_by_id": line.head}

    def _clock(
        self, one: Item, kind: ClockKind, start: date, period: str, due: date, stopped: date | None
    ) -> None:
        self.clocks.add(
            self._key("clock"), one.pk, kind.value, start.isoformat(), period, due.isoformat(), _iso(stopped)
        )

    def _contacts(self, one: Item) -> None:
        count = (
            self.random.choice((0, 1, 1, 2, 3))
            if one.status == Status.HANDLING
            else self.random.choice((1, 1, 2))
        )
        days = sorted(self.random.sample(range(1, 19), count))
        for place, day in enumerate(days):
            method, on = self.random.choice(METHODS), min(one.on + timedelta(days=day), self.today)
            stage = Stage.DURING if place else Stage.BEFORE
            self.contacts.add(
                self._key("contact"), one.pk, stage.value, on.isoformat(), method.value, "承办人、科室负责人",
                "介绍办理的打算，听取意见。", "同意办理的打算，希望早日落实。", one.handler, _utc(on),
            )  # fmt: skip
            if place == 0:
                one.columns["contacted_on"] = on.isoformat()
            if method in FACE_TO_FACE:
                one.columns.setdefault("met_on", on.isoformat())
        first = min(one.on + timedelta(days=days[0]), self.today) if days else None
        if one.answers:
            self._clock(one, ClockKind.CONTACT, one.on, "15wd", one.on + timedelta(days=21), first)

    def _letter(self, one: Item, replied: date | None) -> None:
        if one.status == Status.HANDLING:
            return
        on = replied or min(one.on + timedelta(days=25), self.today)
        letter = self.random.choices(("A", "B", "C"), (60, 28, 12))[0] if one.answers else ""
        if one.status == Status.TRACKING:
            letter = "B"
        body = self.words.text()
        digest = hashlib.sha256(body.encode()).hexdigest()
        version = self._key("version")
        self.versions.add(
            version, one.pk, 1, f"关于第{one.number}号的答复", body, letter, Disclosure.FULL.value, "张三",
            one.handler, _utc(on), one.handler, _utc(on), digest,
        )  # fmt: skip
        self.sign_offs.add(
            self._key("sign_off"), one.pk, Gate.REVIEW.value, Role.HANDLER.value, one.handler, one.handler, version,
            digest, _utc(on), True,
        )  # fmt: skip
        if replied is None:
            return
        number = f"市资字〔{on.year}〕{version}号"
        reply = self._key("reply")
        self.replies.add(reply, one.pk, version, number, on.isoformat(), self.office.chief.pk)
        rows = self.profile.classes
        one.columns |= {
            "replied_on": on.isoformat(), "reply_number": number, "reply_class": letter, "class_now": letter,
            "solved": letter in rows and rows[letter].solved, "to_turn": letter in rows and rows[letter].follow_up,
        }  # fmt: skip
        if one.status != Status.ISSUED:
            self._delivered(one, reply, on + timedelta(days=2), letter)

    def _delivered(self, one: Item, reply: int, on: date, letter: str) -> None:
        lead = one.people[0][1] if one.answers else "主办单位"
        self.deliveries.add(
            self._key("delivery"),
            reply,
            lead,
            on.isoformat(),
            DeliveryMethod.POST.value,
            self.office.clerk.pk,
        )
        one.columns["delivered_on"] = on.isoformat()
        if not one.answers:
            return
        lapsed = one.status == Status.CLOSED and one.pk % 25 == 0
        rated = None if one.status == Status.EVALUATING or lapsed else on + timedelta(days=15)
        self._clock(one, ClockKind.EVALUATION, on, "30d", on + MONTH, on + MONTH if lapsed else rated)
        if lapsed:
            one.columns["lapsed_on"] = (on + MONTH).isoformat()
        if rated:
            self._rated(one, rated)
        if letter == "B":
            self._promised(one, on)

    def _rated(self, one: Item, on: date) -> None:
        scale = (Rating.SATISFIED, Rating.FAIR, Rating.DISSATISFIED)
        again = one.status == Status.SUPERSEDED
        attitude, outcome = self.random.choices(scale[:2], (80, 20), k=2)
        outcome = Rating.DISSATISFIED if again else outcome
        self.evaluations.add(
            self._key("evaluation"), one.pk, one.people[0][0], attitude.value, outcome.value,
            "没有说清何时落实" if again else "", on.isoformat(), EntryMode.ONLINE.value, _utc(on),
        )  # fmt: skip
        one.columns |= {
            "rated_on": on.isoformat(), "attitude": attitude.value, "outcome": outcome.value, "in_satisfaction": True,
            "attitude_satisfied": attitude in self.profile.satisfied, "outcome_satisfied": outcome in self.profile.satisfied,
        }  # fmt: skip

    def _promised(self, one: Item, on: date) -> None:
        kept = one.status != Status.TRACKING
        done = on + 2 * MONTH if kept else None
        self.commitments.add(
            self._key("commitment"), one.pk, "按期完成手续办理", one.line.section, one.handler,
            (on + 3 * MONTH).isoformat(), "fulfilled" if kept else "underway", _iso(done), _iso(done),
        )  # fmt: skip
        one.columns |= {"promises": 1, "promises_kept": int(kept)}

    def _journal(self, one: Item, replied: date | None) -> None:
        """Its chain: registered, and signed where it was."""
        rows = [(Deed.REGISTER, one.on, Status.PROPOSING, "交办")]
        rows += [(Deed.SIGN, replied, Status.ISSUED, "签发")] if replied else []
        head, clerk, stream = "", self.office.clerk, f"item:{one.pk}"
        for seq, (deed, on, target, text) in enumerate(rows, 1):
            body = json.dumps(
                {
                    "stream": stream, "seq": seq, "deed": deed.value, "source": "", "target": target.value, "by": clerk.pk,
                    "by_name": clerk.name, "behalf": None, "at": f"{on}T01:00:00+00:00", "text": text, "facts": {},
                },
                ensure_ascii=False, sort_keys=True,
            )  # fmt: skip
            head = digest_of(head, body)
            self.events.add(
                self._key("event"), stream, seq, one.pk, deed.value, "", target.value, clerk.pk, _utc(on), text, body, head
            )  # fmt: skip
        one.columns |= {"seq": len(rows), "head": head}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _utc(day: date) -> str:
    """Nine in the morning in Shanghai, as both databases read it."""
    return f"{day} 01:00:00"


def _defaults() -> tuple[Any, ...]:
    return tuple(None if one.primary_key else one.get_default() for one in Assignment._meta.concrete_fields)
