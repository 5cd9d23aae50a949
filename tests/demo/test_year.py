"""演示年：played whole through the real deeds, on either database; its figures are the published document's."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import Client, override_settings
from django.urls import reverse
from docx import Document
from docx.shared import Mm
from pytest_django import DjangoDbBlocker

from demo import play
from huiyin.models import Assignment, Clock, Commitment, CoOpinion, Meeting, Person, ReplyVersion, YearPaper
from huiyin.models.clock import calendar_of
from huiyin.queries import counting, figures, yearly
from huiyin.queries.actors import actor_of
from huiyin.queries.badge import counted as badge
from huiyin.queries.desk import open_items, waiting_for
from huiyin.queries.yearly import contradictions, quoted
from huiyin.rules.vocabulary import Gate, Role, RoundKind, Standing, Status
from tests.conftest import stored_in

TODAY = date(2026, 11, 24)
HEADINGS = [
    "一、压实责任，强化建议办理的“力度”",
    "二、细化举措，强化建议办理的“精度”",
    "（一）促进与协办单位互动协作",
    "（二）加强与代表联系沟通",
    "（三）优化办理工作机制",
    "三、狠抓落实，强化建议办理的“深度”",
    "（一）用地保障方面",
    "（二）生态红线调整方面",
]


@pytest.fixture(scope="module")
def year(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[None]:
    """The whole demo, played once for this module in a transaction that is rolled back at the end."""
    with (
        django_db_blocker.unblock(),
        override_settings(STORAGES=stored_in(tmp_path_factory.mktemp("files"))),
        transaction.atomic(),
    ):
        play.play(today=TODAY)
        yield
        transaction.set_rollback(True)


pytestmark = [
    pytest.mark.django_db, pytest.mark.usefixtures("year"), pytest.mark.xdist_group("year"), pytest.mark.once,
]  # fmt: skip


def clerk() -> Person:
    return Person.objects.get(name="刘晓琴")


def meeting() -> Meeting:
    return Meeting.objects.get(name="五届五次")


def test_the_figures_are_the_documents() -> None:
    actor = actor_of(clerk(), TODAY)
    counts = figures.counts(actor, figures.Scope(meeting()))
    assert (counts["total"], counts["lead"], counts["co"], counts["second"]) == (30, 11, 17, 2)
    rates = figures.rates(actor, figures.Scope(meeting()), TODAY)
    assert (rates["completion"].percent, rates["satisfied_finally"].percent) == ("100.00%", "100.00%")
    assert rates["on_time"].percent == "100.00%"


def test_a_whole_year_of_deeds_is_counted_as_its_rows_say() -> None:
    items = Assignment.objects.prefetch_related(*counting.PREFETCH)
    assert [(one.pk, wrong) for one in items if (wrong := counting.miscounted(one))] == []


def test_the_summary_read_back_is_the_document(tmp_path: Path) -> None:
    out = tmp_path / "总结.docx"
    call_command("summary", meeting="五届五次", out=out, on=TODAY, verbosity=0)
    lines = [one.text for one in Document(str(out)).paragraphs]
    assert [
        line for line in lines if re.match("（?[一二三]）?[、）]?", line) and line in HEADINGS
    ] == HEADINGS
    opening = next(line for line in lines if "承办" in line)
    assert "建议30件，其中主办11件，协办17件，市五届人大四次会议B类件二次办理建议2件" in opening
    assert (
        "内容涵盖用地保障、生态红线调整、市政交通规划、传统村落保护、行政审批、“城中村”治理等多个方面"
        in opening
    )
    assert "办结率100%、代表满意率100%" in opening
    text = "\n".join(lines)
    assert "第082号《关于协调港口用地指标落实项目用地保障的建议》" in text
    assert "10.34公顷" in text


def test_the_year_has_its_papers_and_their_figures_are_the_ledgers() -> None:
    papers = list(YearPaper.objects.filter(meeting=meeting()).order_by("begun_at"))
    assert [(one.kind, one.issue, one.number, one.issued_on is not None) for one in papers] == [
        ("notice", 0, "赣市自然资字〔2020〕1号", True), ("bulletin", 1, "", True), ("bulletin", 2, "", True), ("summary", 0, "", False),
    ]  # fmt: skip
    for paper in papers:
        standing = yearly.Standing(paper.versions.latest("number"), quoted(actor_of(clerk(), TODAY), paper))
        assert len(standing.lines) > 3
        assert [one.said for one in standing.different] == []
    assert contradictions(papers[-1].versions.latest("number").body) == []


def test_every_figure_on_the_page_opens_into_as_many_rows(client: Client) -> None:
    client.force_login(clerk())
    page = client.get(reverse("figures"), {"meeting": meeting().pk}).content.decode()
    links = re.findall(r'href="([^"]*figure=[^"]*)"[^>]*>(?:<small>[^<]*</small><b>)?(\d+)', page)
    assert len(links) > 30
    for url, number in links:
        behind = client.get(url.replace("&amp;", "&")).content.decode()
        total = re.search(r"(?:共|承诺) (\d+) [件项]", behind)
        assert total, url
        assert total[1] == number, url


def test_second_handlings_are_linked_to_their_first_round() -> None:
    second = Assignment.objects.filter(meeting=meeting(), round_kind=RoundKind.SECOND)
    assert {item.suggestion.number for item in second} == {"037", "062"}
    for item in second:
        assert item.previous is not None
        assert item.previous.status == Status.SUPERSEDED
        assert item.previous.meeting.name == "五届四次"


def test_the_running_year_stands_at_every_stage() -> None:
    found = Counter(Assignment.objects.filter(meeting__year=TODAY.year).values_list("status", flat=True))
    assert {
        Status.PROPOSING, Status.ASSIGNING, Status.ACCEPTING, Status.RETURNING, Status.HANDLING, Status.REVIEW,
        Status.ISSUE, Status.ISSUED, Status.EVALUATING, Status.DISSATISFIED, Status.TRACKING,
    } <= set(found)  # fmt: skip


def test_work_waits_at_every_post() -> None:
    found = {
        role
        for person in Person.objects.filter(posts__isnull=False).distinct()
        if waiting_for(actor_of(person, TODAY))
        for role in person.posts.values_list("role", flat=True)
    }
    assert found == set(Role) - {Role.ADMINISTRATOR}


def test_every_clock_of_the_demo_replays_to_what_is_stored() -> None:
    calendar = calendar_of(clerk().unit_id or 0)
    clocks = list(Clock.objects.prefetch_related("extensions", "suspensions"))
    assert len(clocks) > 250
    assert len({clock.kind for clock in clocks}) > 9
    for clock in clocks:
        again = clock.replay(calendar)
        assert (clock.due_on, clock.provisional) == (again.due, again.provisional), clock
    for item in Assignment.objects.exclude(due_on=None):
        assert item.main_clock is not None
        assert item.due_on == item.main_clock.due_on


def test_a_desk_reads_only_what_can_lie_on_it_and_misses_nothing() -> None:
    read = 0
    for person in Person.objects.filter(is_active=True):
        actor = actor_of(person, TODAY)
        every = open_items(actor)
        assert waiting_for(actor) == waiting_for(actor, every), person
        assert badge(actor) == len(waiting_for(actor)), person
        read += len(every)
    assert read > 100


def test_the_running_year_has_a_round_with_links_a_countersigning_and_a_correction() -> None:
    running = Assignment.objects.filter(meeting__year=TODAY.year)
    asked = CoOpinion.objects.filter(assignment__in=running, answer_links__isnull=False).order_by("state")
    assert [(one.assignment.suggestion.number, one.state, one.awaits_paper) for one in asked] == [
        ("039", "received", True), ("039", "requested", False),
    ]  # fmt: skip
    assert asked[1].accepted_on and asked[1].answer_links.get().closed_at is None
    signed = CoOpinion.objects.get(assignment__in=running, kind="countersign")
    assert (signed.assignment.suggestion.number, signed.state, signed.agreed) == ("128", "received", False)
    corrected = ReplyVersion.objects.get(assignment__in=running, origin="corrected")
    item = corrected.assignment
    assert (item.suggestion.number, item.status, item.submitted_version) == ("055", Status.REVIEW, corrected)
    signs = item.live_sign_offs(Gate.REVIEW)
    assert len(signs) > 3 and {one.standing(corrected) for one in signs} == {Standing.CORRECTED}


def test_nothing_of_the_running_year_lies_in_the_future() -> None:
    assert not Assignment.objects.filter(events__at__date__gt=TODAY).exists()
    assert not Commitment.objects.filter(done_on__gt=TODAY).exists()


def test_every_paper_is_made_from_the_demo_years_own_records() -> None:
    from demo.papers import made
    from huiyin.rules.vocabulary import PaperKind

    papers = dict(made(TODAY))
    assert set(papers) | {PaperKind.SUPERVISE.value} == {one.value for one in PaperKind}
    for name, data in papers.items():
        document = Document(io.BytesIO(data))
        assert "{{" not in "".join(one.text for one in document.paragraphs), name
        section = document.sections[0]
        width, height = section.page_width or Mm(0), section.page_height or Mm(0)
        assert (round(width.mm), round(height.mm)) == (210, 297), name
