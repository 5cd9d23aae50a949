"""演示年的演出：every step of every item through the real deeds, with its own dates and people."""

import tomllib
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.base import ContentFile

from demo import asking, overseeing, papers_of_year, sheet
from demo.stories import HERE, Story, at, read, spread
from huiyin.actions import (
    consulting,
    contacting,
    correcting,
    delivering,
    evaluating,
    following,
    importing,
    informing,
    organising,
    pointing,
    proposing,
    publishing,
    registering,
    remarking,
    replying,
    signing,
    ticking,
)
from huiyin.models import Assignment, Category, Commitment, Meeting, Person, Section, Unit
from huiyin.models.reply import SIGNED
from huiyin.queries.organisation import six_for
from huiyin.queries.publishing import proposed, proposed_title
from huiyin.rules import points as suggested
from huiyin.rules.calendar import shipped
from huiyin.rules.periods import add_workdays
from huiyin.rules.vocabulary import (
    ActivityKind,
    CommitmentState,
    DeliveryMethod,
    Disclosure,
    Kind,
    Level,
    Method,
    OpinionUse,
    Part,
    Rating,
    Role,
    Stage,
    Status,
)

MEETINGS = (
    ("五届四次", "赣州市五届人大四次会议", 2019, "市五届人大四次会议"),
    ("五届五次", "赣州市五届人大五次会议", 2020, "市五届人大五次会议"),
)


def paper(name: str, *lines: str) -> ContentFile:  # type: ignore[type-arg]
    """A scan's stand-in in the demo: a small text file that says what it stands for."""
    text = "\n".join(["演示材料（虚构）", name, *lines])
    return ContentFile(text.encode(), name=f"{name}.txt")


def played() -> bool:
    return Person.objects.exists()


def play(*, today: date) -> None:
    """Everything, on an empty database."""
    stage = Cast()
    stage.set_up()
    _year_2019(stage)
    _year_2020(stage)
    _running_year(stage, today)
    _inboxes(today)


class Cast:
    """演员表：the unit, its people by name, and the few lookups the stories need."""

    def __init__(self) -> None:
        self.facts = tomllib.loads((HERE / "organisation.toml").read_text(encoding="utf-8"))
        self.people: dict[str, Person] = {}

    def set_up(self) -> None:
        now, facts = at(date(2019, 1, 7), 8), self.facts
        self.unit = Unit.objects.create(**facts["unit"], hosted=True)
        self.admin = organising.first_administrator(self.unit, name="何俊", username="hejun", at=now)
        by: dict[str, Any] = {"by": self.admin, "at": now}
        for order, one in enumerate(facts["sections"], 1):
            organising.save_section(**one, order=order, **by)
        sections = {one.name: one for one in Section.objects.all()}
        for place, one in enumerate(facts["people"], 1):
            entry = organising.PersonEntry(
                one["username"],
                one["name"],
                one["title"],
                f"0797-80000{place:02}",
                sections.get(one.get("section", "")),
            )
            self.people[entry.name] = organising.save_person(entry, **by)
            for role, section in one["posts"]:
                organising.appoint(self.people[entry.name], Role(role), section=sections.get(section), **by)
        director = Person.objects.get(posts__role=Role.OFFICE_DIRECTOR, unit=self.unit)
        publishing.switch(self.unit, public=True, by=director, at=now)
        for one in facts["units"]:
            organising.save_unit(**one, **by)
        for name in facts["other_units"]["names"]:
            organising.save_unit(name=name, short_name=name, assigns=False, **by)
        for order, name in enumerate(facts["categories"]["names"], 1):
            organising.save_category(name=name, order=order, **by)
        for name, title, year, organ in MEETINGS:
            organising.save_meeting(name=name, title=title, year=year, organ=organ, **by)

    def __getitem__(self, name: str) -> Person:
        return self.people[name]

    @property
    def clerk(self) -> Person:
        return self["刘晓琴"]

    @property
    def organ(self) -> Unit:
        return Unit.objects.get(short_name="市政府办公室")


def _year_2019(cast: Cast) -> None:
    meeting = Meeting.objects.get(name="五届四次")
    for story in read("2019", date(2019, 3, 15)):
        item = registering.register(
            _entry(story, meeting, cast.organ), meeting=meeting, by=cast.clerk, at=at(story.assigned_on, 15)
        )
        Player(cast, story, item).play()


def _year_2020(cast: Cast) -> None:
    """The assigning organ's sheet through the real importer, then each item's story."""
    meeting, when = Meeting.objects.get(name="五届五次"), at(sheet.ASSIGNED_ON, 15)
    file = ContentFile(sheet.PATH.read_bytes(), name="交办表.xlsx")
    batch = importing.upload(file, meeting=meeting, organ=cast.organ, by=cast.clerk, at=when)
    importing.take_in(batch, skip_wrong=False, by=cast.clerk, at=when + timedelta(minutes=20))
    stories = read("2020", sheet.ASSIGNED_ON)
    items = {item.suggestion.number: item for item in Assignment.objects.filter(meeting=meeting)}
    players = [Player(cast, story, items[story.number]) for story in stories]
    for one in players:
        one.hand_out()
    papers_of_year.notice(cast, meeting)
    for one in players:
        one.go_on()
    papers_of_year.afterwards(cast, meeting)


def _running_year(cast: Cast, today: date) -> None:
    """A few items of this year left at every stage, so that a visitor finds work on each desk."""
    stories = read("current", today=today)
    by: dict[str, Any] = {"by": cast.admin, "at": at(min(story.assigned_on for story in stories), 8)}
    year = today.year
    meetings = {
        Kind.SUGGESTION: organising.save_meeting(
            name=f"{year}年市人大会议",
            title=f"赣州市六届人大{year}年会议",
            year=year,
            organ=f"市六届人大{year}年会议",
            **by,
        ),
        Kind.PROPOSAL: organising.save_meeting(
            name=f"{year}年市政协会议",
            title=f"政协赣州市六届委员会{year}年会议",
            year=year,
            organ=f"市政协六届{year}年会议",
            **by,
        ),
    }
    for story in sorted(stories, key=lambda one: one.assigned_on):
        meeting = meetings[Kind(story.get("kind", "suggestion"))]
        organ = (
            cast.organ
            if meeting == meetings[Kind.SUGGESTION]
            else Unit.objects.get(short_name="市政协提案委")
        )
        item = registering.register(
            _entry(story, meeting, organ), meeting=meeting, by=cast.clerk, at=at(story.assigned_on, 8, 30)
        )
        Player(cast, story, item, until=Status(story.get("stop_at").lower())).play()
    absent, substitute = cast["赖春华"], cast["郭立新"]
    organising.stand_in(
        absent,
        substitute,
        from_on=today,
        to_on=today + timedelta(days=11),
        reason="参加培训",
        by=cast.admin,
        at=at(today, 8),
    )


def _inboxes(today: date) -> None:
    """Yesterday's warnings and digest have come; what is older than a week everybody has read."""
    yesterday = add_workdays(today, -1, calendar=shipped())
    ticking.tick(at=at(yesterday, 8, 30))
    for person in Person.objects.filter(notices__isnull=False).distinct():
        old = person.notices.filter(at__lt=at(today - timedelta(days=7))).values_list("pk", flat=True)
        informing.mark_read(list(old), by=person, at=at(yesterday, 9))


def _entry(story: Story, meeting: Meeting, organ: Unit) -> registering.Entry:
    return registering.Entry(
        meeting=meeting, number=story.number, title=story.get("title"), text=story.get("text"),
        lead=story.get("lead_proposer"), part=Part.CO if story.get("part") == "co" else Part.LEAD,
        assigned_on=story.assigned_on, received_on=story.assigned_on, kind=Kind(story.get("kind", "suggestion")),
        category=Category.objects.get(name=story.get("category")), delegation=story.get("delegation", ""),
        co_signers=tuple(story.get("co_signers", [])), level=Level(story.get("level", "ordinary")), organ=organ,
        lead_unit=_unit(story.get("lead_unit")), co_units=tuple(_units(story.get("co_units", []))),
    )  # fmt: skip


def _unit(name: str | None) -> Unit | None:
    return Unit.objects.get(name=name) if name else None


def _units(names: list[str]) -> list[Unit]:
    return [Unit.objects.get(name=name) for name in names]


class Player:
    """一件的演出, up to `until`."""

    def __init__(self, cast: Cast, story: Story, item: Assignment, until: Status = Status.CLOSED) -> None:
        self.cast, self.story, self.item, self.until = cast, story, item, until
        self.handler = cast[story.get("handler")]
        self.section = Section.objects.get(name=story.get("section"))

    def fresh(self) -> Assignment:
        self.item = Assignment.objects.get(pk=self.item.pk)
        return self.item

    def day(self, key: date | int) -> date:
        return self.story.day(key)

    def play(self) -> None:
        if self.hand_out():
            self.go_on()

    def hand_out(self) -> bool:
        """交办: up to the section's desk, where the story goes on from."""
        if self.until == Status.PROPOSING:
            return False
        self._propose()
        if self.until == Status.ASSIGNING:
            return False
        self._pass_assign()
        return self.until != Status.ACCEPTING

    def go_on(self) -> None:
        if self.until == Status.RETURNING:
            when = at(self.day(3), 10)
            reason = self.story.get("return_reason")
            proposing.ask_return(self.fresh(), reason=reason, by=self.fresh().section_head, at=when)  # type: ignore[arg-type]
            return
        proposing.accept(self.fresh(), by=self.item.section_head, at=at(self.day(2), 10))  # type: ignore[arg-type]
        self._points()
        self._handle()

    def _points(self) -> None:
        """意见点, and what is answered to each."""
        rows, when = self.story.get("points", []), at(self.day(2), 11)
        if rows:
            pointing.keep_points(self.fresh(), [one["text"] for one in rows], by=self.handler, at=when)
        for point, one in zip(self.item.points.all(), rows, strict=True):
            pointing.answer_point(
                self.fresh(), point, measure=one["measure"], unit=_unit(one["unit"]),
                due_on=self.day(one["due"]), by=self.handler, at=when,
            )  # fmt: skip

    def _propose(self) -> None:
        people = {role: one for role, one in six_for(self.cast.unit, self.section).items() if one}
        people[Role.HANDLER] = self.handler
        proposal = proposing.Proposal(
            section=self.section, people=people, opinion=f"拟请{self.section.short_name}承办。"
        )
        proposing.propose(self.fresh(), proposal, by=self.cast.clerk, at=at(self.story.assigned_on, 16))

    def _pass_assign(self) -> None:
        for place, name in enumerate(("曾建平", "黄志远")):
            self._pass(self.cast[name], at(self.day(1), 9 + place, 20))

    def _pass(self, who: Person, when: datetime, opinion: str = "") -> None:
        item = self.fresh()
        signing.pass_gate(item, seen=signing.digest_now(item), opinion=opinion, by=who, at=when)

    # 办理

    def _handle(self) -> None:
        """All that was done before the reply, in the order of its days."""
        reply = self.story.get("reply")
        submitted = self.day(reply["submitted_on"]) if reply else None
        handled = [*self._opinions(), *self._contacts(submitted), *self._activities(submitted)]
        told = [*handled, *overseeing.deeds(self), *asking.deeds(self), *self._begun()]
        for _, run in sorted(told, key=lambda pair: pair[0]):
            run()
        self._use_opinions(submitted)
        if reply and self.until != Status.HANDLING:
            self._reply(reply)

    def _contacts(self, before: date | None) -> list[tuple[datetime, Any]]:
        rows = [one for one in self.story.get("contacts", []) if one["stage"] != "after"]
        return [(at(self.day(one["on"]), 15), lambda one=one: self._contact(one)) for one in rows]

    def _contact(self, one: dict[str, Any]) -> None:
        item = self.fresh()
        names = one.get("reached") or [self.story.get("lead_proposer")]
        on = self.day(one["on"])
        contacting.record_contact(
            item, stage=Stage(one["stage"]), on=on, method=Method.of(one["method"]), people=one["people"],
            reached=list(item.suggestion.proposers.filter(name__in=names)), content=one["content"],
            view=one["view"], response=one.get("response", ""), by=self.handler, at=at(on, 16, 30),
        )  # fmt: skip

    def _activities(self, before: date | None) -> list[tuple[datetime, Any]]:
        rows = self.story.get("activities", [])
        return [(at(self.day(one["on"]), 16), lambda one=one: self._activity(one)) for one in rows]

    def _activity(self, one: dict[str, Any]) -> None:
        on = self.day(one["on"])
        contacting.record_activity(
            self.fresh(), kind=ActivityKind.of(one["kind"]), on=on, place=one["place"], people=one["people"],
            findings=one["findings"], by=self.handler, at=at(on, 17),
        )  # fmt: skip

    def _opinions(self) -> list[tuple[datetime, Any]]:
        found: list[tuple[datetime, Any]] = []
        for one in self.story.get("opinions", []):
            asked = self.day(one["requested_on"])
            found.append((at(asked, 10), lambda one=one, asked=asked: self._ask(one, asked)))
            if one.get("received_on") is not None and one.get("text"):
                got = self.day(one["received_on"])
                found.append((at(got, 11), lambda one=one, got=got: self._receive(one, got)))
        return found

    def _ask(self, one: dict[str, Any], on: date) -> None:
        units = _units([one["unit"]])
        consulting.request_opinions(self.fresh(), units=units, on=on, by=self.handler, at=at(on, 10))

    def _receive(self, one: dict[str, Any], on: date) -> None:
        opinion = self.fresh().opinions.get(unit__name=one["unit"])
        consulting.receive_opinion(
            self.item, opinion, on=on, text=one["text"], paper=paper(f"{one['unit']}协办意见函", one["text"]),
            by=self.handler, at=at(on, 11),
        )  # fmt: skip

    def _use_opinions(self, submitted: date | None) -> None:
        for one in self.story.get("opinions", []):
            opinion = self.fresh().opinions.filter(unit__name=one["unit"], state="received").first()
            if opinion is None or not one.get("used") or submitted is None:
                continue
            use = OpinionUse(one["used"])
            consulting.use_opinion(
                self.item,
                opinion,
                use=use,
                note=one.get("note", ""),
                by=self.handler,
                at=at(submitted, 8, 10),
            )

    def _begun(self) -> list[tuple[datetime, Any]]:
        """A draft half written, with a remark on it where somebody has read it."""
        told = self.story.get("begun")
        if not told:
            return []
        written, read = at(self.day(told["on"]), 15), at(self.day(told["on"]), 17)
        found: list[tuple[datetime, Any]] = [(written, lambda: self._write(told, written))]
        return [*found, (read, lambda: self._remark(told, read))] if "remark" in told else found

    def _write(self, told: dict[str, Any], when: datetime) -> None:
        pointing.keep_points(
            self.fresh(), suggested.proposed(self.item.suggestion.text), by=self.handler, at=when
        )
        self._draft(told["body"], when)

    def _remark(self, told: dict[str, Any], when: datetime) -> None:
        version = replying.opened(self.fresh())
        by = self.cast[told["by"]]
        remarking.remark(self.item, version, quote=told["quote"], text=told["remark"], by=by, at=when)

    # 答复

    def _draft(self, body: str, when: datetime) -> None:
        reply = self.story.get("reply", {})
        version = replying.opened(self.fresh())
        answering = self.item.answers
        draft = replying.Draft(
            title=version.title, body=body, outcome_class=reply.get("outcome_class", "") if answering else "",
            class_reason=reply.get("class_reason", ""),
            disclosure=Disclosure.of(reply.get("disclosure", "主动公开")) if answering else "",
            contact_name=self.handler.name, contact_phone=self.handler.phone, copies_to=version.copies_to,
        )  # fmt: skip
        replying.save_draft(self.fresh(), draft, revision=version.revision, by=self.handler, at=when)

    def _reply(self, reply: dict[str, Any]) -> None:
        submitted = self.day(reply["submitted_on"])
        for one in self.story.get("commitments", []):
            following.promise(
                self.fresh(), content=one["content"], section=Section.objects.get(name=one["section"]),
                owner=self.cast[one["owner"]], due_on=self.day(one["due_on"]), by=self.handler, at=at(submitted, 8, 40),
            )  # fmt: skip
        when = at(submitted, 9)
        self._draft(reply["body"], when)
        replying.submit(self.fresh(), by=self.handler, at=when + timedelta(minutes=5))
        for back in reply.get("send_backs", []):
            when = self._send_back(back, when)
        if self.until == Status.REVIEW:
            for done in range(
                self.story.get("passes", 1)
            ):  # two a day, so that it waits on the next one's desk
                self.fresh()
                self._pass(self._next(), at(self.day(reply["submitted_on"] + done // 2), 10 + 4 * (done % 2)))
            if slip := reply.get("slip"):
                self._correct(slip)
            return
        self._sign(reply, when + timedelta(minutes=10))

    def _send_back(self, back: dict[str, Any], when: datetime) -> datetime:
        """Those before him in the chain pass; he sends back; the handler writes anew."""
        on = self.day(back["on"])
        sender = self.cast[back["by"]]
        while self.fresh().next_person_id() != sender.pk:
            when += timedelta(minutes=50)
            self._pass(self._next(), when)
        signing.send_back(
            self.fresh(),
            to=Status.HANDLING,
            reason=back["reason"],
            by=sender,
            at=max(at(on, 11), when + timedelta(minutes=5)),
        )
        again = at(self.day(back["resubmitted_on"]), 9, 30)
        self._draft(back["body"], again)
        replying.submit(self.fresh(), by=self.handler, at=again + timedelta(minutes=5))
        return again

    def _correct(self, slip: dict[str, Any]) -> None:
        """文字更正: found by the drafter when some have signed already."""
        version = self.fresh().submitted_version
        assert version is not None
        facts = {name: getattr(version, name) for name in SIGNED}
        draft = replying.Draft(**facts | {"body": version.body.replace(slip["old"], slip["new"])})
        when, seen = at(self.day(slip["on"]), 9, 40), signing.digest_now(self.item)
        correcting.correct(self.item, draft, seen=seen, by=self.handler, at=when)

    def _next(self) -> Person:
        role = self.item.next_post()
        who = self.item.person(role) if role else None
        assert who is not None
        return who

    def _sign(self, reply: dict[str, Any], first: datetime) -> None:
        last = at(self.day(reply["signed_on"]), 15)
        waiting = self.fresh().posts_waiting()
        for role, when in zip(waiting, spread(first, last, len(waiting)), strict=True):
            who = self.fresh().person(role)
            assert who is not None
            self._pass(who, min(when, last - timedelta(minutes=5)))
        if self.until == Status.ISSUE:
            return
        for role in self.fresh().posts_waiting():
            who = self.fresh().person(role)
            assert who is not None
            self._pass(who, last, "同意签发。")
        if self.until == Status.ISSUED:
            return
        self._deliver()

    def _deliver(self) -> None:
        told = self.story.get("delivery")
        on = self.day(told["on"])
        delivering.deliver(
            self.fresh(), addressees=self.item.addressees(), on=on, method=DeliveryMethod.of(told["method"]),
            receipt=paper("送达回执") if self.until != Status.EVALUATING else None, by=self.cast.clerk, at=at(on, 16),
        )  # fmt: skip
        if self.until != Status.EVALUATING:
            self._send_copies(on)
            self._publish(add_workdays(on, 1, calendar=shipped()))
        for one in self.story.get("contacts", []):
            if one["stage"] == "after":
                self._contact(one)
        if self.until == Status.EVALUATING or not self.item.answers:
            return
        self._evaluate()

    def _send_copies(self, on: date) -> None:
        if organs := self.fresh().uncopied():
            delivering.send_copies(
                self.item, organs=organs, on=on, method=DeliveryMethod.ELECTRONIC, receipt=paper("抄送回执"), by=self.cast.clerk,
                at=at(on, 16),
            )  # fmt: skip

    def _publish(self, on: date) -> None:
        if self.fresh().answers and self.item.reply and self.item.reply.version.disclosure == Disclosure.FULL:
            url = f"http://zrzy.example.gov.cn/jytabl/{on.year}/{self.story.number}.html"
            version, director = self.item.reply.version, self.item.office_director
            assert self.item.handler and director
            body, _ = proposed(version)
            made = publishing.prepare(
                self.item,
                title=proposed_title(self.item.reply),
                body=body,
                by=self.item.handler,
                at=at(on, 8),
            )
            publishing.confirm(self.item, seen=made.number, by=director, at=at(on, 8))
            publishing.publish(self.item, on=on, url=url, by=self.cast.clerk, at=at(on, 9))

    def _evaluate(self) -> None:
        told = self.story.get("evaluation")
        on = self.day(told["on"])
        attitude, outcome = Rating.of(told["attitude"]), Rating.of(told["outcome"])
        lead = self.fresh().suggestion.lead
        assert lead is not None
        evaluating.evaluate(
            self.item, proposer=lead, attitude=attitude, outcome=outcome, reason=told.get("remark", ""), on=on,
            scan=paper("征询意见表", f"态度：{attitude.label}", f"结果：{outcome.label}"), by=self.cast.clerk, at=at(on, 17),
        )  # fmt: skip
        self._keep_earlier(self.item.reply.signed_on if self.item.reply else on)
        self._afterwards()

    def _keep_earlier(self, on: date) -> None:
        """上一轮的承诺: what the second handling reports as done is recorded on the round that promised it."""
        for earlier in self.item.chain_of_rounds():
            for row in earlier.commitments.filter(done_on__isnull=True):
                following.progress(
                    earlier, row, on=on, text=self.story.get("kept"), state=CommitmentState.FULFILLED,
                    evidence=paper("承诺落实材料", self.story.get("kept_evidence")), informed_on=on,
                    by=self.handler, at=at(on, 17, 30),
                )  # fmt: skip

    def _afterwards(self) -> None:
        """承诺进展和回访, in the order of their days."""
        deeds: list[tuple[date, Any]] = []
        for one in self.story.get("commitments", []):
            row = self.item.commitments.get(content=one["content"].strip())
            for step in one.get("progress", []):
                deeds.append((self.day(step["on"]), lambda row=row, step=step: self._progress(row, step)))
        for one in self.story.get("visits", []):
            deeds.append((self.day(one["on"]), lambda one=one: self._visit(one)))
        for _, run in sorted(deeds, key=lambda pair: pair[0]):
            run()
        self._turn()

    def _turn(self) -> None:
        """B类转A类, on the evidence of the promises kept."""
        told = self.story.get("turned")
        if told:
            on = self.day(told["on"])
            following.convert(
                self.fresh(), to_class="A", reason=told["reason"], evidence=paper("转类支撑材料", told["reason"]),
                by=self.handler, at=at(on, 16),
            )  # fmt: skip

    def _progress(self, row: Commitment, step: dict[str, Any]) -> None:
        on, state = self.day(step["on"]), CommitmentState.of(step["state"])
        ended = state == CommitmentState.FULFILLED
        following.progress(
            self.fresh(), row, on=on, text=step["text"], state=state,
            evidence=paper("承诺落实材料", step.get("evidence", "")) if ended else None,
            informed_on=on if ended else None, by=self.handler, at=at(on, 10),
        )  # fmt: skip

    def _visit(self, one: dict[str, Any]) -> None:
        on = self.day(one["on"])
        row = self.fresh().visits.filter(done_on__isnull=True).first()
        if row is None:
            row = following.plan_visit(self.item, planned_on=on, by=self.handler, at=at(on, 8))
        following.visit(
            self.item, row, on=on, method=Method.of(one["method"]), people=f"{self.handler.name}",
            finding=one["finding"], by=self.handler, at=at(on, 17),
        )  # fmt: skip
