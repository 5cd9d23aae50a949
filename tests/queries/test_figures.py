"""数字 (R66–R71): against a world counted by hand, for every dimension and every role."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.actions import delivering, evaluating, following, organising, proposing, replying, timing
from huiyin.models import Assignment, Meeting, Suggestion, Unit
from huiyin.queries import figures, formulas, promises, reconciliation
from huiyin.queries.actors import actor_of
from huiyin.rules.shares import UnitsDiffer, share
from huiyin.rules.vocabulary import CommitmentState, DeliveryMethod, Kind, Level, Method, Part, Rating
from tests.conftest import Bureau, day, pdf

ON = date(2020, 12, 31)


pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("figures")]


def _round_two(world: Bureau, item: Assignment) -> None:
    """重新办理, all the way to a satisfied deputy."""
    fresh = evaluating.rehandle(item, on=date(2020, 8, 10), paper=pdf(), by=world.clerk, at=day("2020-08-10"))
    proposing.propose(fresh, world.proposal(), by=world.clerk, at=day("2020-08-10", 11))
    for who in (world.director, world.handling_leader):
        fresh = world.pass_gate(fresh, who, "2020-08-11")
    proposing.accept(fresh, by=world.head, at=day("2020-08-12"))
    world.contact(fresh, at="2020-08-13", method=Method.MEETING)
    world.draft(fresh, at="2020-08-17")
    replying.submit(fresh, by=world.handler, at=day("2020-08-17", 10))
    line = (
        world.head,
        world.clerk,
        world.director,
        world.business_leader,
        world.handling_leader,
        world.chief,
    )
    for who in line:
        fresh = world.pass_gate(fresh, who, "2020-08-20")
    _deliver(world, fresh, "2020-08-21")
    fresh = Assignment.objects.get(pk=fresh.pk)
    assert fresh.suggestion.lead
    evaluating.evaluate(
        fresh, proposer=fresh.suggestion.lead, attitude=Rating.SATISFIED, outcome=Rating.SATISFIED, reason="",
        on=date(2020, 8, 28), scan=pdf(), by=world.clerk, at=day("2020-08-28"),
    )  # fmt: skip


def _deliver(world: Bureau, item: Assignment, on: str) -> None:
    delivering.deliver(
        item, addressees=item.addressees(), on=date.fromisoformat(on), method=DeliveryMethod.IN_PERSON,
        by=world.clerk, at=day(on, 16),
    )  # fmt: skip


def _returned(world: Bureau, number: str) -> None:
    back = world.accepting(number=number)
    at = day("2020-06-02")
    proposing.ask_return(back, reason="x", by=world.head, at=at)
    proposing.report_return(
        back, reason="x", proposed_unit="市林业局", chief_agreed=False, by=world.clerk, at=at
    )
    proposing.decide_return(
        back, agreed=True, on=date(2020, 6, 3), note="", paper=pdf(), by=world.clerk, at=day("2020-06-03")
    )


def _lapsed(world: Bureau, number: str) -> None:
    item = world.delivered(number=number)
    for on in ("2020-08-18", "2020-08-20"):
        evaluating.remind(item, on=date.fromisoformat(on), how="电话", by=world.clerk, at=day(on))
    evaluating.lapse(item, note="催过两次", by=world.clerk, at=day("2020-08-25"))


def _turned(world: Bureau, number: str) -> None:
    item = world.evaluated(number=number, draft={"outcome_class": "B"})
    item = following.progress(
        item, item.commitments.get(), text="已供地", state=CommitmentState.FULFILLED, evidence=pdf(),
        informed_on=date(2020, 10, 20), on=date(2020, 10, 20), by=world.handler, at=day("2020-10-21"),
    )  # fmt: skip
    following.convert(
        item, to_class="A", reason="供地完成", evidence=pdf(), by=world.clerk, at=day("2020-10-22")
    )


def _timed(world: Bureau) -> None:
    """094 suspended, 095 extended to 29 November."""
    item = world.handling(number="094")
    timing.suspend(
        item,
        from_on=date(2020, 6, 10),
        reason="等规划调整",
        paper=pdf(),
        by=world.clerk,
        at=day("2020-06-10"),
    )
    item = world.handling(number="095")
    wanted = date(2020, 11, 29)
    timing.ask_extension(item, wanted_on=wanted, reason="须专题研究", by=world.handler, at=day("2020-07-01"))
    timing.grant_extension(
        item, on=date(2020, 7, 3), granted_to=wanted, agreed_by=["交办机关"], note="同意", paper=pdf(), by=world.clerk,
        at=day("2020-07-03"),
    )  # fmt: skip


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    """Sixteen items; what each is, HAND says."""
    nankang = Unit.objects.get(short_name="南康区政府")
    planning = organising.save_category(name="规划调整", order=2, by=stage.admin, at=day("2020-01-02"))
    stage.evaluated()
    stage.evaluated(number="083", outcome=Rating.FAIR, draft={"outcome_class": "B"})
    _round_two(stage, stage.evaluated(number="084", outcome=Rating.DISSATISFIED, reason="没有说清"))
    stage.handling(number="085")
    stage.delivered(number="086")
    stage.delivered(number="087", part=Part.CO, lead_unit=nankang)
    _returned(stage, "088")
    stage.evaluated(
        number="089", part=Part.SEPARATE, part_text="第一项", kind=Kind.PROPOSAL, category=planning,
    )  # fmt: skip
    _lapsed(stage, "090")
    stage.evaluated(number="091", meeting=stage.earlier, second=True)
    _turned(stage, "092")
    early = date(2020, 5, 8)  # its opinion was due on 8 June, and signed on the 19th
    stage.delivered(number="093", part=Part.CO, lead_unit=nankang, assigned_on=early, received_on=early)
    _timed(stage)
    stage.register(number="096", part=Part.SOLE, level=Level.KEY, category=None)
    Assignment.objects.filter(pk=stage.register(number="010").pk).update(meeting=stage.earlier)
    Assignment.objects.filter(suggestion__number__in=["089", "093"]).update(
        section=stage.other_section, responsible_leader=stage.other_leader, handler=stage.other_handler,
        section_head=stage.other_head, business_leader=stage.other_leader,
    )  # fmt: skip
    return stage


@pytest.fixture
def world(played: Bureau) -> Bureau:
    return played.again()


# 手算：by number and round; what counts in a numerator, and what in the denominator alone

TALKED = "completion on_time answered accepted contact met "
ASKED = "returned_forms satisfied attitude outcome satisfied_finally attitude_finally outcome_finally "


class Hand(NamedTuple):
    above: str
    below: str = ""
    groups: dict[str, str | None] = {}


HAND = {
    "082": Hand(TALKED + ASKED + "solved fully"),
    "083": Hand(TALKED + ASKED, "solved fully turned"),
    "084": Hand(TALKED + "solved returned_forms attitude", "satisfied outcome"),
    "084/2": Hand("answered satisfied_finally attitude_finally outcome_finally fully"),
    "085": Hand("accepted", "completion on_time answered contact met"),
    "086": Hand(TALKED + "solved", "returned_forms"),
    "087": Hand("completion on_time co_on_time accepted", "", {"part": "协办"}),
    "089": Hand(TALKED + ASKED + "solved fully", "",
                {"section": "国土空间规划科", "leader": "邓丽娟", "category": "规划调整", "kind": "提案", "part": "分办"}),
    "090": Hand(TALKED + "solved", "returned_forms"),
    "091": Hand(TALKED + ASKED + "solved fully", "", {"session": "五届四次"}),
    "092": Hand(TALKED + ASKED + "solved fully turned"),
    "093": Hand("completion accepted", "on_time co_on_time", {"section": "国土空间规划科", "leader": "邓丽娟", "part": "协办"}),
    "094": Hand("accepted", "completion answered contact met"),
    "095": Hand("accepted", "completion on_time answered contact met"),
    "096": Hand("", "completion on_time accepted answered contact met",
                {"section": "未定科室", "leader": "未定领导", "category": "未分类", "part": "独办", "level": "重点督办"}),
}  # fmt: skip
LAST_YEAR = {
    "010": Hand("", "completion on_time accepted answered contact met",
                {"section": "未定科室", "leader": "未定领导", "meeting": "赣州市五届人大四次会议", "year": "2019年"})
}  # fmt: skip
USUAL: dict[str, str | None] = {
    "unit": "市自然资源局", "section": "国土空间用途管制科", "leader": "温国强", "category": "用地保障",
    "meeting": "赣州市五届人大五次会议", "session": "五届五次", "kind": "建议", "part": "主办", "level": "一般", "year": "2020年",
}  # fmt: skip


def by_hand(hands: Iterable[Hand]) -> dict[str, tuple[int, int]]:
    rows = list(hands)
    above = Counter(key for one in rows for key in one.above.split())
    below = Counter(key for one in rows for key in one.below.split())
    return {key: (above[key], above[key] + below[key]) for key in formulas.BY_KEY}


def found_in(values: dict[str, figures.Value]) -> dict[str, tuple[int, int]]:
    return {key: (one.numerator, one.denominator) for key, one in values.items()}


PRINTED = {
    "completion": (10, 14, "71.43%"),
    "solved": (7, 8, "87.50%"),
    "on_time": (9, 13, "69.23%"),
    "answered": (9, 13, "69.23%"),
    "accepted": (13, 14, "92.86%"),
    "contact": (8, 12, "66.67%"),
    "met": (8, 12, "66.67%"),
    "co_on_time": (1, 2, "50.00%"),
    "returned_forms": (6, 8, "75.00%"),
    "satisfied": (5, 6, "83.33%"),
    "satisfied_finally": (6, 6, "100.00%"),
    "fully": (5, 6, "83.33%"),
    "attitude": (6, 6, "100.00%"),
    "attitude_finally": (6, 6, "100.00%"),
    "outcome": (5, 6, "83.33%"),
    "outcome_finally": (6, 6, "100.00%"),
    "turned": (1, 2, "50.00%"),
}


def test_every_rate_equals_the_hand_count(world: Bureau) -> None:
    found = figures.rates(actor_of(world.clerk, ON), figures.Scope(world.meeting), ON)
    assert {key: (one.numerator, one.denominator, one.percent) for key, one in found.items()} == PRINTED
    assert by_hand(HAND.values()) == found_in(found)  # the two ways of counting by hand agree as well
    assert {one.part.unit for one in found.values()} == {"件", "件次"}


@pytest.mark.parametrize("by", figures.DIMENSIONS, ids=lambda one: one.key)
def test_every_rate_of_every_group(world: Bureau, by: figures.Dimension) -> None:
    """And each group's figures open into exactly its items, by the ledger's filter of that dimension."""
    actor, scope = actor_of(world.clerk, ON), figures.Scope()
    hands = [*HAND.values(), *LAST_YEAR.values()]
    groups = {group.label: group for group in figures.breakdown(actor, scope, ON, by)}
    expected = {one.groups.get(by.key, USUAL[by.key]) for one in hands}
    assert set(groups) == expected
    for label, group in groups.items():
        own = [one for one in hands if one.groups.get(by.key, USUAL[by.key]) == label]
        assert found_in(group.rates) == by_hand(own), label
        at = {f"{by.path}__isnull": True} if group.value == "null" else {by.path: group.value}
        for key, (above, below) in by_hand(own).items():
            for side, size in (("num", above), ("den", below), ("not", below - above)):
                items = figures.behind(figures.counted_items(actor, scope), f"{key}.{side}", ON)
                assert items is not None
                assert items.filter(**at).values("pk").distinct().count() == size, (label, key, side)


def test_counts_reconcile(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)
    assert figures.counts(actor, scope) == {
        "total": 14, "sole": 1, "lead": 9, "separate": 1, "co": 2, "second": 1, "owed": 13, "given": 9,
    }  # fmt: skip
    assert figures.classes(actor, scope) == {"A": 6, "B": 2}
    assert [one for one in reconciliation.doubts(actor, scope, ON) if one.stops] == []
    assert figures.counts(actor, figures.Scope(world.meeting, Kind.PROPOSAL))["total"] == 1
    assert figures.counts(actor, figures.Scope())["total"] == 15


def test_the_extended_and_the_suspended_are_not_late(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)
    late = figures.not_on_time(actor, scope, date(2020, 9, 15))
    numbers = set(Assignment.objects.filter(pk__in=late).values_list("suggestion__number", flat=True))
    assert numbers == {"085", "093", "096"}  # 095 only after 29 November
    assert len(figures.not_on_time(actor, scope, ON)) == 4


def test_last_years_satisfaction_does_not_change_with_a_second_handling(world: Bureau) -> None:
    """083, of class B, is taken up again next year: this year's final evaluation stays counted."""
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)
    before = found_in(figures.rates(actor, scope, ON))
    item = Assignment.objects.get(suggestion__number="083")
    Assignment.objects.create(
        suggestion=item.suggestion, unit=item.unit, part=item.part, round=2, round_kind="second", previous=item,
        meeting=world.earlier, assigned_on=date(2021, 3, 1), status="proposing", status_since=day("2021-03-01"),
        profile_name=item.profile_name, profile_version=item.profile_version,
    )  # fmt: skip
    assert found_in(figures.rates(actor, scope, ON)) == before


def test_what_does_not_reconcile_is_not_printed(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)
    Assignment.objects.filter(suggestion__number="085").update(part=Part.INFO)
    with pytest.raises(figures.DoesNotReconcile, match=r"承办14件，而各办理方式合计13件.*第085号") as error:
        figures.counts(actor, scope)
    assert [one.suggestion.number for one in error.value.items] == ["085"]
    stops = [one for one in reconciliation.doubts(actor, scope, ON) if one.stops]
    assert [one.suggestion.number for one in stops[0].items] == ["085"]
    with pytest.raises(figures.DoesNotReconcile):
        reconciliation.must_reconcile(actor, scope, ON)


def test_a_class_the_profile_does_not_know_stops_the_summary(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)
    Assignment.objects.filter(suggestion__number="086").update(reply_class="丁")
    stop = next(one for one in reconciliation.doubts(actor, scope, ON) if one.stops)
    assert "丁" in stop.words and [one.suggestion.number for one in stop.items] == ["086"]
    rows = figures.class_shares(actor, scope)[0].rows
    assert ("丁", "不在办理规程的类别里", 1) in rows and sum(size for *_, size in rows) == 8


def test_an_evaluation_without_a_delivery_is_told(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)
    Assignment.objects.filter(suggestion__number="082").update(delivered_on=None)
    told = reconciliation.doubts(actor, scope, ON)
    assert [(one.stops, [item.suggestion.number for item in one.items]) for one in told] == [(False, ["082"])]


def test_items_and_replies_cannot_be_divided(world: Bureau) -> None:
    found = figures.rates(actor_of(world.clerk, ON), figures.Scope(world.meeting), ON)
    with pytest.raises(UnitsDiffer):
        share(found["answered"].part, found["completion"].whole)
    for rate in formulas.RATES:  # a rate of 件 counts an item once
        if rate.unit == "件":
            items = figures.counted_items(actor_of(world.clerk, ON), figures.Scope(world.meeting))
            of = list(items.filter(rate.denominator(ON)).values_list("suggestion", flat=True))
            assert len(of) == len(set(of)), rate.key


def test_promises_due_and_kept(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)
    assert promises.rate(actor, scope, date(2020, 10, 30)) == (1, 1)  # kept before it was due
    assert promises.rate(actor, scope, ON) == (1, 2)
    assert promises.behind(actor, scope, "not", ON).get().assignment.suggestion.number == "083"
    key = str(world.section.pk)
    assert promises.breakdown(actor, scope, ON, "section") == [(key, "国土空间用途管制科", 1, 2)]
    assert promises.breakdown(actor, scope, ON, "owner") == [(str(world.handler.pk), "谢文斌", 1, 2)]
    assert promises.breakdown(actor, scope, ON, "meeting")[0][2:] == (1, 2)


@pytest.mark.parametrize(
    ("who", "total", "given"),
    [("clerk", 14, 9), ("chief", 14, 9), ("director", 14, 9), ("handling_leader", 14, 9), ("handler", 11, 8),
     ("head", 11, 8), ("business_leader", 11, 8), ("other_handler", 2, 1), ("other_head", 2, 1),
     ("other_leader", 2, 1), ("admin", 0, 0), ("stranger", 0, 0)],
)  # fmt: skip
def test_figures_count_only_what_one_may_see(world: Bureau, who: str, total: int, given: int) -> None:
    actor, scope = actor_of(world.people[who], ON), figures.Scope(world.meeting)
    found = figures.counts(actor, scope)
    assert (found["total"], found["given"]) == (total, given)
    rates = figures.rates(actor, scope, ON)
    assert rates["completion"].denominator == total
    if not total:
        assert {one.percent for one in rates.values()} == {"—"}
    for by in figures.DIMENSIONS:
        assert sum(one.counts["total"] for one in figures.breakdown(actor, scope, ON, by)) == total


def test_groups_are_each_readers_and_each_scopes_own(world: Bureau) -> None:
    """What is kept from one question to the next is neither whose items they are nor which."""
    by, scopes = (
        figures.BY_DIMENSION["section"],
        (figures.Scope(world.meeting), figures.Scope(None, Kind.PROPOSAL)),
    )
    sizes = []
    for who in ("clerk", "other_head", "stranger", "clerk"):
        actor = actor_of(world.people[who], ON)
        for scope in scopes:
            groups = figures.breakdown(actor, scope, ON, by)
            sizes.append(sum(one.counts["total"] for one in groups))
            assert sizes[-1] == figures.counted_items(actor, scope).filter(formulas.MAIN).count()
    assert len(set(sizes)) > 2


def test_a_grouping_is_two_queries(world: Bureau) -> None:
    actor = actor_of(world.clerk, ON)
    with CaptureQueriesContext(connection) as asked:
        figures.breakdown(actor, figures.Scope(world.meeting), ON, figures.BY_DIMENSION["category"])
    assert len(asked) == 2  # the groups; the profiles, with how many items there are in all


def test_the_families_open_their_items(world: Bureau) -> None:
    items = figures.counted_items(actor_of(world.clerk, ON), figures.Scope(world.meeting))

    def numbers(key: str) -> set[str]:
        found = figures.behind(items, key, ON)
        assert found is not None
        return set(found.values_list("suggestion__number", flat=True))

    assert numbers("class.B") == {"083", "092"}
    assert numbers("assigned_by.2020-05") == {one for one in HAND if "/" not in one}
    assert numbers("replied_by.2020-06") == {"087", "093"}
    assert numbers("due_by.2020-06") == {"087", "093"}
    assert numbers("outcome_is.dissatisfied") == {"084"} and numbers("outcome_now.dissatisfied") == set()
    assert numbers("through.tracking") == {"083", "092"}
    assert numbers("title.港口") == {one for one in HAND if "/" not in one}
    assert numbers("delegation.南康代表团") == {one for one in HAND if "/" not in one}
    for key in ("", "x", "total.num", "completion", "completion.x", "replied_by.2020-13", "replied_by.9999", "outcome_is.x",
                "through.x", "title.", "title.\0", "class.\0", "delegation.", "assigned_by.9999-12x"):  # fmt: skip
        assert figures.behind(items, key, ON) is None, key
    assert figures.behind(items, "assigned_by.9999-12", ON) is not None
    assert figures.label_of("replied_by.2020-06") == "2020年6月30日前答复的件"
    assert "分母里不在分子的" in figures.label_of("on_time.not")


def test_as_many_queries_for_ten_items_as_for_a_thousand(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)

    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            figures.counts(actor, scope)
            figures.rates(actor, scope, ON)
            figures.class_shares(actor, scope)
            figures.breakdown(actor, scope, ON, figures.BY_DIMENSION["category"])
        return len(seen)

    few = queries()
    many_items(world, 1000)
    assert queries() == few <= 12


def many_items(world: Bureau, size: int, meeting: Meeting | None = None) -> None:
    """As many answered items as these, written at once."""
    like = Assignment.objects.select_related("suggestion").get(suggestion__number="082")
    suggestions = Suggestion.objects.bulk_create(
        Suggestion(
            meeting=like.suggestion.meeting, number=f"9{place:05}", number_key=f"{place:08}", title="关于测试的建议",
            received_on=like.suggestion.received_on, category=like.suggestion.category,
        )
        for place in range(size)
    )  # fmt: skip
    facts = {
        field.attname: getattr(like, field.attname)
        for field in Assignment._meta.concrete_fields
        if field.name not in {"id", "suggestion", "meeting"}
    }
    Assignment.objects.bulk_create(
        Assignment(suggestion=one, meeting=meeting or like.meeting, **facts) for one in suggestions
    )
