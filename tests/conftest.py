"""The cast and the walks every test shares: a bureau, its people, and items moved by the real deeds.

A test is marked `pure` where it can have touched no database, so that a second database need not run it again:
pytest-django refuses one to every test that does not ask for it by a fixture or a mark, and what starts processes
with databases of their own (durability, journeys) is never marked. Nobody marks by hand.
"""

from __future__ import annotations

import copy
import gc
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from huiyin.actions import (
    consulting,
    contacting,
    delivering,
    evaluating,
    following,
    organising,
    proposing,
    publishing,
    registering,
    replying,
    signing,
)
from huiyin.models import Assignment, Category, Meeting, Person, PublicVersion, ReplyVersion, Section, Unit
from huiyin.queries import badge
from huiyin.queries.organisation import six_for
from huiyin.queries.publishing import proposed
from huiyin.rules.vocabulary import (
    DeliveryMethod,
    Level,
    Method,
    OpinionUse,
    Part,
    Rating,
    Role,
    Stage,
    Status,
)
from tests import remembering, schema
from tests.remembering import remembered

ZONE = ZoneInfo("Asia/Shanghai")
PDF = b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF"
BODY = (
    "您在市五届人大五次会议上提出的《关于测试的建议》收悉。经研究，现答复如下：\n一、关于用地\n"
    "我局已将该项目纳入年度用地计划，并开辟绿色通道，压缩审批时限，保障项目按期开工建设。\n"
    "感谢您对自然资源工作的关心和支持。"
)


def day(text: str, hour: int = 9) -> datetime:
    """day("2020-06-01") → that morning in Shanghai."""
    return datetime.combine(date.fromisoformat(text), time(hour), ZONE)


def pdf(name: str = "扫描件.pdf") -> ContentFile[bytes]:
    return ContentFile(PDF, name=name)


ASKING = {"db", "transactional_db", "django_db_setup", "live_server"}


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    apart = {Path(__file__).parent / name for name in ("durability", "journeys")}
    for item in items:
        asks = ASKING & set(getattr(item, "fixturenames", ASKING)) or item.get_closest_marker("django_db")
        if not asks and not apart & set(item.path.parents):
            item.add_marker("pure")


@pytest.fixture(autouse=True)
def _pure(request: pytest.FixtureRequest) -> Iterator[None]:
    """Nor may one that is marked so ask for a database while it runs."""
    yield
    assert not (request.node.get_closest_marker("pure") and ASKING & set(request.fixturenames))


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """A file is named by its argument: its bytes have their hour in them, and the workers must agree on every name."""
    return argname if isinstance(val, bytes) else None


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the collector need not go through it again and again (a tenth of the time)."""
    gc.set_threshold(100_000, 50, 100)
    gc.freeze()


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(schema)


def stored_in(folder: Path) -> dict[str, Any]:
    """The settings of storage, with this folder for files."""
    storage: dict[str, Any] = {**settings.STORAGES["default"]}  # type: ignore[dict-item]
    return {**settings.STORAGES, "default": {**storage, "OPTIONS": {"location": folder}}}


@pytest.fixture(autouse=True)
def _files_apart(settings: Any, tmp_path: Path) -> None:
    """Stored files of a test live and die with it."""
    settings.STORAGES = stored_in(tmp_path / "files")


@pytest.fixture(autouse=True)
def _half_minute_stands_still(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """待办件数 is kept for half a minute: the one in which a test began does not turn before it ends."""
    badge._kept.cache_clear()
    monkeypatch.setattr(badge, "monotonic", lambda: 0.0)
    with remembering.watched(monkeypatch):
        yield


@dataclass
class Bureau:
    """赣州市自然资源局, small: two sections, a stranger's bureau beside it."""

    unit: Unit
    meeting: Meeting
    earlier: Meeting
    organ: Unit
    section: Section
    other_section: Section
    category: Category
    people: dict[str, Person] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Person:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None

    def again(self) -> Bureau:
        """With people of its own, whom a test may change."""
        return Bureau(**copy.deepcopy(vars(self)))

    def entry(self, **changes: Any) -> registering.Entry:
        facts: dict[str, Any] = {
            "meeting": self.meeting, "number": "082", "title": "关于协调港口用地指标落实项目用地保障的建议",
            "text": "一是统筹用地计划指标。二是开辟绿色通道。", "lead": "邱德海", "part": Part.LEAD,
            "assigned_on": date(2020, 5, 29), "received_on": date(2020, 5, 28), "category": self.category,
            "delegation": "南康代表团", "organ": self.organ,
        }  # fmt: skip
        return registering.Entry(**{**facts, **changes})

    @remembered
    def register(self, at: str = "2020-05-29", **changes: Any) -> Assignment:
        return registering.register(self.entry(**changes), meeting=self.meeting, by=self.clerk, at=day(at))

    def proposal(self, **changes: Any) -> proposing.Proposal:
        people = {role: one for role, one in six_for(self.unit, self.section).items() if one}
        return proposing.Proposal(**{"section": self.section, "people": people, **changes})

    @remembered
    def pass_gate(self, item: Assignment, who: Person, at: str) -> Assignment:
        item = Assignment.objects.get(pk=item.pk)
        return signing.pass_gate(item, seen=signing.digest_now(item), by=who, at=day(at))

    # Walks: each takes a fresh item up to the status it names, by the real deeds.

    @remembered
    def assigning(self, **changes: Any) -> Assignment:
        item = self.register(**changes)
        proposing.propose(item, self.proposal(), by=self.clerk, at=day("2020-05-29", 10))
        return Assignment.objects.get(pk=item.pk)

    @remembered
    def accepting(self, **changes: Any) -> Assignment:
        item = self.assigning(**changes)
        for who in (self.director, self.handling_leader):
            item = self.pass_gate(item, who, "2020-06-01")
        return item

    @remembered
    def handling(self, **changes: Any) -> Assignment:
        item = self.accepting(**changes)
        proposing.accept(item, by=self.head, at=day("2020-06-02"))
        return Assignment.objects.get(pk=item.pk)

    @remembered
    def contacted(self, **changes: Any) -> Assignment:
        item = self.handling(**changes)
        self.contact(item, at="2020-06-09")
        return item

    def contact(
        self, item: Assignment, at: str, stage: Stage = Stage.BEFORE, method: Method = Method.VISIT
    ) -> None:
        contacting.record_contact(
            item, stage=stage, on=date.fromisoformat(at), method=method, people="赖春华、谢文斌",
            reached=list(item.suggestion.proposers.all()), content="听取对用地指标的意见。",
            view="盼明确供地时间。", response="列入承诺。", by=self.handler, at=day(at, 15),
        )  # fmt: skip

    def draft(self, item: Assignment, at: str = "2020-07-20", **changes: Any) -> None:
        version = replying.opened(Assignment.objects.get(pk=item.pk))
        facts = {
            "title": version.title, "body": BODY, "contact_name": "谢文斌", "contact_phone": "0797-8000001",
            "copies_to": version.copies_to,
        }  # fmt: skip
        if item.answers:
            facts |= {"outcome_class": "A", "disclosure": "full"}
        draft = replying.Draft(**{**facts, **changes})
        replying.save_draft(item, draft, revision=version.revision, by=self.handler, at=day(at, 9))

    def begun_draft(self, item: Assignment, at: str = "2020-07-20") -> ReplyVersion:
        """A draft without a text yet."""
        begun = replying.Draft(title=replying.opened(Assignment.objects.get(pk=item.pk)).title, body="")
        return replying.save_draft(item, begun, revision=0, by=self.handler, at=day(at, 8))

    @remembered
    def review(self, **changes: Any) -> Assignment:
        draft = changes.pop("draft", {})
        item = self.contacted(**changes) if changes.get("part") != Part.CO else self.handling(**changes)
        at = "2020-06-15" if item.part == Part.CO else "2020-07-20"
        if draft.get("outcome_class") == "B":
            self.promise(item)
        self.draft(item, at=at, **draft)
        replying.submit(item, by=self.handler, at=day(at, 10))
        return Assignment.objects.get(pk=item.pk)

    def promise(self, item: Assignment, at: str = "2020-07-15") -> Any:
        return following.promise(
            item, content="完成港站二期供地", section=self.section, owner=self.handler,
            due_on=date(2020, 10, 31), by=self.handler, at=day(at),
        )  # fmt: skip

    @remembered
    def issue(self, **changes: Any) -> Assignment:
        item = self.review(**changes)
        line = [self.head, self.clerk, self.director, self.business_leader]
        line += [] if item.part == Part.CO else [self.handling_leader]
        for who in line:
            item = self.pass_gate(item, who, "2020-06-18" if item.part == Part.CO else "2020-07-23")
        return item

    @remembered
    def issued(self, **changes: Any) -> Assignment:
        item = self.issue(**changes)
        who = self.handling_leader if item.part == Part.CO else self.chief
        return self.pass_gate(item, who, "2020-06-19" if item.part == Part.CO else "2020-07-24")

    @remembered
    def delivered(self, **changes: Any) -> Assignment:
        item = self.issued(**changes)
        on = date(2020, 6, 22) if item.part == Part.CO else date(2020, 7, 27)
        return delivering.deliver(
            item, addressees=item.addressees(), on=on, method=DeliveryMethod.IN_PERSON,
            by=self.clerk, at=day(on.isoformat(), 16),
        )  # fmt: skip

    def made_public(
        self, item: Assignment, *, confirmed: bool = True, at: str = "2020-07-30"
    ) -> PublicVersion:
        """公开稿 made by the handler; confirmed by the director."""
        reply = Assignment.objects.get(pk=item.pk).reply
        assert reply is not None
        body, _ = proposed(reply.version)
        version = publishing.prepare(item, title=reply.version.title, body=body, by=self.handler, at=day(at))
        if confirmed:
            publishing.confirm(item, seen=version.number, by=self.director, at=day(at, 10))
        version.refresh_from_db()
        return version

    @remembered
    def published(self, **changes: Any) -> Assignment:
        """On the bureau's public page, switched on by the director."""
        item = self.delivered(**changes)
        if not Unit.objects.get(pk=self.unit.pk).public:
            publishing.switch(self.unit, public=True, by=self.director, at=day("2020-07-29"))
        self.made_public(item)
        publishing.publish(item, on=date(2020, 8, 3), by=self.clerk, at=day("2020-08-03"))
        return Assignment.objects.get(pk=item.pk)

    @remembered
    def evaluated(
        self,
        attitude: Rating = Rating.SATISFIED,
        outcome: Rating = Rating.SATISFIED,
        reason: str = "",
        **changes: Any,
    ) -> Assignment:
        item = self.delivered(**changes)
        lead = item.suggestion.lead
        assert lead is not None
        return evaluating.evaluate(
            item, proposer=lead, attitude=attitude, outcome=outcome, reason=reason, on=date(2020, 8, 5),
            scan=pdf(), by=self.clerk, at=day("2020-08-06"),
        )  # fmt: skip

    def ask(self, item: Assignment, *units: Unit, at: str = "2020-06-04") -> None:
        consulting.request_opinions(item, units=units, on=date.fromisoformat(at), by=self.handler, at=day(at))

    def answer(self, item: Assignment, unit: Unit, at: str = "2020-06-24") -> None:
        opinion = item.opinions.get(unit=unit, state="requested")
        consulting.receive_opinion(
            item, opinion, on=date.fromisoformat(at), text="我区已完成二期312亩土地征收。", paper=pdf(),
            by=self.handler, at=day(at, 16),
        )  # fmt: skip

    def use(
        self, item: Assignment, unit: Unit, use: OpinionUse = OpinionUse.EXPLAINED, note: str = "另案办理"
    ) -> None:
        opinion = item.opinions.get(unit=unit, state="received")
        consulting.use_opinion(item, opinion, use=use, note=note, by=self.handler, at=day("2020-06-28"))


CAST = {
    "chief": ("陈永明", Role.CHIEF_LEADER, None),
    "handling_leader": ("黄志远", Role.HANDLING_LEADER, None),
    "director": ("曾建平", Role.OFFICE_DIRECTOR, None),
    "clerk": ("刘晓琴", Role.CLERK, None),
    "business_leader": ("温国强", Role.BUSINESS_LEADER, "用途管制科"),
    "head": ("赖春华", Role.SECTION_HEAD, "用途管制科"),
    "handler": ("谢文斌", Role.HANDLER, "用途管制科"),
    "other_leader": ("邓丽娟", Role.BUSINESS_LEADER, "规划科"),
    "other_head": ("罗志明", Role.SECTION_HEAD, "规划科"),
    "other_handler": ("李慧敏", Role.HANDLER, "规划科"),
}


@pytest.fixture
def bureau(db: None) -> Bureau:
    return fresh()


@pytest.fixture(scope="module")
def stage(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bureau]:
    """A bureau for a whole module: what its fixtures do there is undone at the module's end, what a test does, with
    the test. Such a module takes its `bureau` from here, and is one xdist group."""
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=stored_in(tmp_path_factory.mktemp("files"))),
        transaction.atomic(),
    ):
        yield fresh()
        transaction.set_rollback(True)


def fresh() -> Bureau:
    """The bureau as founded. The deeds that found it are done once a process; after that the rows they left are put
    there again, each under its own key."""
    if not _founded:
        nothing, world = remembering.State(), found()
        _founded.append((world, remembering.Walk(nothing, remembering.stored(nothing), None)))
        remembering.stand(_founded[0][1].target)
    else:
        _founded[0][1].again()
    return _founded[0][0].again()


_founded: list[tuple[Bureau, remembering.Walk]] = []


def found() -> Bureau:
    """Its people appointed, its sections, meetings and units entered, by the real deeds."""
    unit = Unit.objects.create(name="赣州市自然资源局", short_name="市自然资源局", hosted=True)
    at = day("2019-01-02")
    admin = organising.first_administrator(unit, name="何俊", username="hejun", at=at)
    sections = {
        short: organising.save_section(name=name, short_name=short, order=order, by=admin, at=at)
        for order, (name, short) in enumerate(
            [("国土空间用途管制科", "用途管制科"), ("国土空间规划科", "规划科")]
        )
    }
    meetings = [
        organising.save_meeting(
            name=name, title=f"赣州市{long}", year=year, organ=f"市{long}", by=admin, at=at
        )
        for name, long, year in [
            ("五届五次", "五届人大五次会议", 2020),
            ("五届四次", "五届人大四次会议", 2019),
        ]
    ]
    world = Bureau(
        unit=unit, meeting=meetings[0], earlier=meetings[1],
        organ=organising.save_unit(name="赣州市人民政府办公室", short_name="市政府办公室", assigns=True, by=admin, at=at),
        section=sections["用途管制科"], other_section=sections["规划科"],
        category=organising.save_category(name="用地保障", order=1, by=admin, at=at),
    )  # fmt: skip
    world.people["admin"] = admin
    for key, (name, role, short) in CAST.items():
        section = sections[short] if short else None
        entry = organising.PersonEntry(username=key, name=name, phone="0797-8000001", section=section)
        person = organising.save_person(entry, by=admin, at=at)
        organising.appoint(person, role, section=section, by=admin, at=at)
        world.people[key] = person
    for name, short in [("南康区人民政府", "南康区政府"), ("赣州市发展和改革委员会", "市发展改革委")]:
        organising.save_unit(name=name, short_name=short, assigns=False, by=admin, at=at)
    world.people["deputy_head"] = organising.save_person(
        organising.PersonEntry(username="guolixin", name="郭立新", title="副科长", section=world.section),
        by=admin,
        at=at,
    )
    other = Unit.objects.create(name="赣州市水利局", short_name="市水利局", hosted=True)
    stranger = Person.objects.create(username="stranger", password="!", name="外人", unit=other)
    stranger.posts.create(role=Role.CLERK, unit=other)
    world.people["stranger"] = stranger
    return world


@pytest.fixture
def nankang(bureau: Bureau) -> Unit:
    return Unit.objects.get(short_name="南康区政府")


@pytest.fixture
def words() -> Any:
    """A file as a browser uploads it."""
    return SimpleNamespace(pdf=pdf, bytes=lambda data, name: ContentFile(data, name=name), io=io.BytesIO)


__all__ = ["Bureau", "Level", "Status"]
