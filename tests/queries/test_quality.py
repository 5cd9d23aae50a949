"""答复质量评分 (R38, R72): each indicator's points and reason, against items whose handling is known."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.actions import delivering, replying, signing
from huiyin.models import Assignment, Reply, Unit
from huiyin.queries import quality
from huiyin.queries.actors import actor_of
from huiyin.rules.vocabulary import DeliveryMethod, Method, Part, Stage, Status
from tests.conftest import Bureau, day, pdf

FULL = {
    "on_time": 20, "contact_before": 10, "contact_during": 10, "contact_after": 10, "met": 10, "opinions": 10,
    "checks": 10, "first_pass": 10, "support": 10,
}  # fmt: skip


def score(item: Assignment) -> quality.Score:
    found = quality.score(Assignment.objects.get(pk=item.pk))
    assert found is not None
    return found


def marks(item: Assignment) -> dict[str, int | None]:
    """Points by indicator; None for what is left out."""
    return {one.key: one.got if one.applies else None for one in score(item).marks}


def test_an_item_without_a_signed_reply_has_no_score(bureau: Bureau) -> None:
    assert quality.score(bureau.issue()) is None


def test_a_usual_reply_loses_what_was_not_done_and_says_so(bureau: Bureau) -> None:
    """One visit before drafting, delivered in time, no co-handler, class A."""
    found = score(bureau.delivered())
    assert {one.key: (one.got, one.full) for one in found.marks if one.applies} == {
        "on_time": (20, 20), "contact_before": (10, 10), "contact_during": (0, 10), "contact_after": (0, 10),
        "met": (10, 10), "checks": (10, 10), "first_pass": (10, 10),
    }  # fmt: skip
    assert (found.got, found.full, found.percent) == (60, 80, "75.00%")
    assert {one.key: one.reason for one in found.marks if not one.applies} == {
        "opinions": "没有请协办单位提意见，不计", "support": "A类不须承诺或原因，不计",
    }  # fmt: skip
    assert [one.reason for one in found.lost] == ["没有办中沟通的记录", "没有办后沟通的记录"]


def test_all_contacts_made_all_opinions_settled_and_a_promise_give_the_full_mark(
    bureau: Bureau, nankang: Unit
) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    bureau.use(item, nankang)
    bureau.contact(item, at="2020-07-01", stage=Stage.DURING, method=Method.TELEPHONE)
    bureau.promise(item)
    bureau.draft(item, outcome_class="B")

    replying.submit(item, by=bureau.handler, at=day("2020-07-20", 10))
    for who in (bureau.head, bureau.clerk, bureau.director, bureau.business_leader, bureau.handling_leader):
        item = bureau.pass_gate(item, who, "2020-07-23")
    item = bureau.pass_gate(item, bureau.chief, "2020-07-24")
    item = delivering.deliver(
        item, addressees=item.addressees(), on=date(2020, 7, 27), method=DeliveryMethod.IN_PERSON, by=bureau.clerk,
        at=day("2020-07-27", 16),
    )  # fmt: skip
    bureau.contact(item, at="2020-07-28", stage=Stage.AFTER)
    assert marks(item) == FULL
    assert score(item).percent == "100.00%"


def test_a_late_reply_loses_its_points_with_the_days(bureau: Bureau) -> None:
    item = bureau.delivered()
    Reply.objects.filter(assignment=item).update(signed_on=date(2020, 9, 3))
    (lost,) = [one for one in score(item).lost if one.key == "on_time"]
    assert (lost.got, lost.reason) == (0, "2020年9月3日签发，逾期5天")


def test_an_opinion_that_came_late_stays_late_when_it_is_asked_for_again(
    bureau: Bureau, nankang: Unit
) -> None:
    early = date(2020, 5, 1)  # due on 1 June, given on the 19th
    item = bureau.delivered(part=Part.CO, lead_unit=nankang, assigned_on=early, received_on=early)
    replying.take_hollow(
        item, on=date(2020, 6, 24), reason="没有实质内容", paper=pdf(), by=bureau.clerk, at=day("2020-06-24")
    )
    again = score(Assignment.objects.get(pk=item.pk))
    assert next(one.reason for one in again.lost if one.key == "on_time") == "2020年6月19日签发，逾期18天"


def test_a_reply_sent_back_did_not_pass_at_once(bureau: Bureau) -> None:
    item = bureau.review()
    signing.send_back(item, to=Status.HANDLING, reason="再核。", by=bureau.head, at=day("2020-07-21"))
    replying.submit(Assignment.objects.get(pk=item.pk), by=bureau.handler, at=day("2020-07-21", 10))
    for who in (bureau.head, bureau.clerk, bureau.director, bureau.business_leader, bureau.handling_leader):
        item = bureau.pass_gate(item, who, "2020-07-23")
    item = bureau.pass_gate(item, bureau.chief, "2020-07-24")
    (lost,) = [one for one in score(item).lost if one.key == "first_pass"]
    assert lost.reason == "审核、签发中退改1次"
    assert marks(item)["contact_after"] is None  # not delivered yet


def test_a_reply_taken_back_by_its_drafter_was_not_sent_back(bureau: Bureau) -> None:
    item = bureau.review()
    signing.take_back(item, by=bureau.handler, at=day("2020-07-21"))
    replying.submit(Assignment.objects.get(pk=item.pk), by=bureau.handler, at=day("2020-07-21", 10))
    for who in (bureau.head, bureau.clerk, bureau.director, bureau.business_leader, bureau.handling_leader):
        item = bureau.pass_gate(item, who, "2020-07-23")
    assert marks(bureau.pass_gate(item, bureau.chief, "2020-07-24"))["first_pass"] == 10


def test_a_co_handled_item_is_scored_without_the_deputy(bureau: Bureau, nankang: Unit) -> None:
    found = marks(bureau.delivered(part=Part.CO, lead_unit=nankang))
    assert {key for key, got in found.items() if got is not None} == {"on_time", "checks", "first_pass"}


@pytest.fixture
def year(bureau: Bureau, nankang: Unit) -> Bureau:
    bureau.delivered(number="081")
    bureau.delivered(number="082", part=Part.CO, lead_unit=nankang)
    late = bureau.delivered(number="083")
    Reply.objects.filter(assignment=late).update(signed_on=date(2020, 9, 3))
    bureau.handling(number="084")
    return bureau


def test_the_years_averages_are_sums_of_the_items_and_open_them(year: Bureau) -> None:
    found = quality.of_year(actor_of(year.clerk, date(2020, 9, 10)), year.meeting)
    assert [(one.item.suggestion.number, one.got, one.full) for one in found.scores] == [
        ("083", 40, 80), ("081", 60, 80), ("082", 40, 40),
    ]  # fmt: skip
    assert (found.total.got, found.total.full, found.total.percent) == (140, 200, "70.00%")
    (section,) = found.sections
    assert (section.label, section.count, section.lost) == ("用途管制科", 3, 2)
    indicators = {one.label: (one.count, one.got, one.full, one.lost, one.of) for one in found.indicators}
    assert indicators["按时答复"] == (3, 40, 60, 1, "lost:on_time")
    assert [one.item.suggestion.number for one in found.pick("lost:on_time")] == ["083"]
    assert len(found.pick(section.of)) == section.count
    assert quality.of_year(actor_of(year.stranger, date(2020, 9, 10)), year.meeting).scores == ()


def test_scoring_takes_as_many_queries_for_three_items_as_for_one(year: Bureau) -> None:
    def taken(items: list[Assignment]) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert quality.scores(items)
        return len(seen)

    every = list(Assignment.objects.select_related("suggestion__meeting").filter(replies__isnull=False))
    assert len(every) == 3
    assert taken(every) == taken(
        list(Assignment.objects.select_related("suggestion__meeting").filter(pk=every[0].pk))
    )
