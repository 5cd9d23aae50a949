"""督办看板 (S17): against a world counted by hand; each figure opens exactly the items it counts."""

import copy
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from huiyin.actions import organising, supervising
from huiyin.actions.supervising import Target
from huiyin.models import Assignment, CoOpinion, Event, Suggestion, Unit
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.board import Board
from huiyin.queries.desk import waiting_for
from huiyin.queries.supervision import mine, to_settle
from huiyin.queries.tally import FIGURES
from huiyin.rules.vocabulary import Deed, Level, Part, Role
from tests.conftest import Bureau, day

ON = date(2020, 9, 1)  # 5月29日交办＋3个月：8月29日到期


pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("board")]


@pytest.fixture(scope="module")
def played(stage: Bureau) -> dict[str, Assignment]:
    """Seven items on 1 September: 081 in hand, its opinion late, urged; 082 in review; 083 answered with an open promise;
    084 key-supervised, in hand, no plan, answered when urged; 085 co-handled, late; 086 closed; 087 assigned late, not yet due."""
    nankang = Unit.objects.get(short_name="南康区政府")
    items = {
        "081": stage.contacted(number="081"),
        "082": stage.review(number="082"),
        "083": stage.evaluated(number="083", draft={"outcome_class": "B"}),
        "084": stage.contacted(number="084", level=Level.KEY),
        "085": stage.handling(number="085", part=Part.CO, lead_unit=nankang),
        "086": stage.evaluated(number="086"),
        "087": stage.register(number="087", assigned_on=date(2020, 6, 10), received_on=date(2020, 6, 9), at="2020-06-10"),
    }  # fmt: skip
    stage.ask(items["081"], nankang)
    supervising.urge(
        [Target(items["081"], stage.handler, nankang)],
        text="请提意见。",
        by=stage.clerk,
        at=day("2020-08-03"),
    )
    act = supervising.urge(
        [Target(items["081"], stage.handler), Target(items["084"], stage.handler)], text="请抓紧。",
        by=stage.clerk, at=day("2020-08-24"),
    )  # fmt: skip
    supervising.answer(
        act.errands.get(assignment=items["084"]), text="本周起草。", by=stage.handler, at=day("2020-08-26")
    )
    return items


@pytest.fixture
def bureau(stage: Bureau) -> Bureau:
    return stage.again()


@pytest.fixture
def world(played: dict[str, Assignment]) -> dict[str, Assignment]:
    return copy.deepcopy(played)


HAND_COUNTED = {
    "open": "081 082 084 085 087", "late": "081 082 084 085", "soon": "087", "asked": "081", "owed": "081",
    "cold": "081 082 085 087", "untold": "", "held": "081 082 083 084 085 087", "errands": "081 084",
    "errands_late": "081", "errands_answered": "084", "promises": "083", "promises_late": "", "milestones_late": "",
    "no_plan": "084", "co_late": "081",
}  # fmt: skip


def numbers(world: dict[str, Assignment], pks: set[int]) -> str:
    return " ".join(sorted(number for number, item in world.items() if item.pk in pks))


def test_every_figure_is_the_items_counted_by_hand(bureau: Bureau, world: dict[str, Assignment]) -> None:
    board = Board(actor_of(bureau.clerk, ON))
    assert {key: numbers(world, board.tally.items(key)) for key in FIGURES} == HAND_COUNTED


def test_the_figures_of_sections_and_leaders_are_parts_of_the_whole(
    bureau: Bureau, world: dict[str, Assignment]
) -> None:
    board = Board(actor_of(bureau.clerk, ON))
    (section,) = board.lines("section")
    assert (section.label, dict(section.counts)) == (
        "用途管制科",
        {"open": 4, "late": 4, "soon": 0, "cold": 3, "owed": 1, "errands_late": 1, "promises_late": 0},
    )  # 087 has no section yet
    (leader,) = board.lines("leader")
    assert (leader.label, dict(leader.counts)["late"]) == ("温国强", 4)


def test_whom_each_item_waits_for_and_since_when(bureau: Bureau, world: dict[str, Assignment]) -> None:
    board = Board(actor_of(bureau.clerk, ON))
    found = {
        (one.item.suggestion.number, one.whom, one.post, one.what, one.since.isoformat(), one.days)
        for one in board.held
    }
    assert found == {
        ("081", "谢文斌", "承办人", "办理", "2020-06-02", 91), ("081", "南康区政府", "", "协办意见", "2020-06-04", 89),
        ("082", "赖春华", "承办科室负责人", "审核关", "2020-07-20", 43), ("083", "谢文斌", "承办人", "落实承诺", "2020-08-06", 26),
        ("084", "谢文斌", "承办人", "办理", "2020-06-02", 91), ("085", "谢文斌", "承办人", "办理", "2020-06-02", 91),
        ("087", "刘晓琴", "专职人员", "拟办", "2020-06-10", 83),
    }  # fmt: skip
    groups = {
        one.label: (one.count, [(name, count) for _, name, count in one.people])
        for one in board.groups(inside=True)
    }
    assert groups == {"用途管制科": (5, [("谢文斌", 4), ("赖春华", 1)]), "办公室": (1, [("刘晓琴", 1)])}
    (outside,) = board.groups(inside=False)
    assert (outside.label, outside.count, outside.longest.late) == ("南康区政府", 1, True)


def test_the_worst_co_handling_unit_comes_first_with_its_days(
    bureau: Bureau, world: dict[str, Assignment]
) -> None:
    other = Unit.objects.get(short_name="市发展改革委")
    bureau.ask(world["084"], other)
    bureau.answer(world["084"], other, at="2020-06-24")
    found = Board(actor_of(bureau.clerk, ON)).partners()
    assert [(one.name, one.on_time, one.due, one.late, one.percent) for one in found] == [
        ("南康区政府", 0, 1, 1, 0), ("市发展改革委", 1, 1, 0, 100),
    ]  # fmt: skip
    assert found[0].late_days == (64,)  # 6月29日 → 9月1日


def test_chasing_does_not_warm_a_cold_item_and_handling_does(
    bureau: Bureau, world: dict[str, Assignment]
) -> None:
    board = Board(actor_of(bureau.clerk, ON))
    cold = {one.item.suggestion.number: (one.last, one.days) for one in board.cold}
    assert cold["081"][0] == date(2020, 6, 9)  # the contact, though it was urged on 24 August
    bureau.contact(world["081"], at="2020-08-31")
    board = Board(actor_of(bureau.clerk, ON))
    assert "081" not in {one.item.suggestion.number for one in board.cold}


def test_nobody_sees_on_the_board_what_he_does_not_see(bureau: Bureau, world: dict[str, Assignment]) -> None:
    for name in ("stranger", "admin", "other_handler", "deputy_head"):
        board = Board(actor_of(bureau.people[name], ON))
        assert {key: board.tally.count(key) for key in FIGURES} == dict.fromkeys(FIGURES, 0), name
        assert board.groups(inside=True) == board.groups(inside=False) == []
        assert (board.errands, board.promises, board.partners()) == ([], [], [])
    handler = Board(actor_of(bureau.handler, ON))
    assert numbers(world, handler.tally.items("late")) == "081 082 084 085"
    assert numbers(world, handler.tally.items("open")) == "081 082 084 085"  # 087 has no section yet


def test_who_became_administrator_no_longer_sees_what_he_once_owed(
    bureau: Bureau, world: dict[str, Assignment]
) -> None:
    target = Target(world["082"], bureau.other_head)
    supervising.supervise([target], text="请抓紧。", by=bureau.clerk, at=day("2020-08-31"))
    assert set(items_for(actor_of(bureau.other_head, ON))) == {world["082"]}
    for post in bureau.other_head.posts.all():
        organising.dismiss(post, by=bureau.admin, at=day("2020-08-31"))
    assert set(items_for(actor_of(bureau.other_head, ON))) == {world["082"]}  # he owes it still
    organising.appoint(bureau.other_head, Role.ADMINISTRATOR, by=bureau.admin, at=day("2020-08-31"))
    assert not items_for(actor_of(bureau.other_head, ON)).exists()


def test_a_suspended_item_is_neither_late_nor_cold(bureau: Bureau, world: dict[str, Assignment]) -> None:
    from huiyin.actions import timing
    from tests.conftest import pdf

    item = bureau.handling(number="088")
    timing.suspend(
        item,
        from_on=date(2020, 6, 10),
        reason="等上级规划",
        paper=pdf(),
        by=bureau.clerk,
        at=day("2020-06-10"),
    )
    board = Board(actor_of(bureau.clerk, ON))
    assert item.pk in board.tally.items("open")
    assert item.pk not in board.tally.items("late") | board.tally.items("cold")


def test_errands_stand_on_the_desks_of_those_who_answer_and_settle(
    bureau: Bureau, world: dict[str, Assignment]
) -> None:
    handler, clerk = actor_of(bureau.handler, ON), actor_of(bureau.clerk, ON)
    assert [one.assignment.suggestion.number for one in mine(handler)] == ["081", "081"]
    assert [one.assignment.suggestion.number for one in to_settle(clerk)] == ["084"]
    assert not mine(clerk).exists()
    rows = [
        (one.deed, one.what, one.due_on) for one in waiting_for(handler) if one.deed == Deed.ANSWER_ERRAND
    ]
    assert rows == [
        (Deed.ANSWER_ERRAND, "答复催办〔2020〕1号", date(2020, 8, 10)),
        (Deed.ANSWER_ERRAND, "答复催办〔2020〕2号", date(2020, 8, 31)),
    ]
    assert [one.what for one in waiting_for(clerk) if one.deed == Deed.SETTLE_ERRAND] == [
        "看答复，给催办〔2020〕2号销号"
    ]


def grow(bureau: Bureau, pattern: Assignment, count: int) -> None:
    """Copies of an item with its journal's last row and an opinion asked: rows only, to weigh the board."""
    unit = Unit.objects.get(short_name="南康区政府")
    texts = Suggestion.objects.bulk_create(
        [
            Suggestion(
                meeting=bureau.meeting, kind=pattern.suggestion.kind, origin=pattern.suggestion.origin, number=f"9{n:05}",
                number_key=f"9{n:05}", title=f"第{n}件", text="正文", received_on=ON,
            )
            for n in range(count)
        ]
    )  # fmt: skip
    fields = {
        one.attname: getattr(pattern, one.attname)
        for one in Assignment._meta.concrete_fields
        if not one.primary_key
    }
    items = Assignment.objects.bulk_create(
        [Assignment(**{**fields, "suggestion_id": one.pk, "previous_id": None}) for one in texts]
    )
    Event.objects.bulk_create(
        Event(
            stream=f"item:{one.pk}", seq=1, assignment=one, deed=Deed.CONTACT, by=bureau.handler,
            at=day("2020-06-09"), body="{}", digest="0",
        )
        for one in items
    )  # fmt: skip
    CoOpinion.objects.bulk_create(
        CoOpinion(assignment=one, unit=unit, requested_on=date(2020, 6, 4), due_on=ON - timedelta(60))
        for one in items
    )


def everything(board: Board) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert board.tally
        assert board.groups(inside=True)
        assert board.lines("section")
        assert board.partners()
        assert board.due()
    return len(seen)


def test_the_board_takes_as_many_queries_for_a_thousand_items_as_for_seven(
    bureau: Bureau, world: dict[str, Assignment]
) -> None:
    few = everything(Board(actor_of(bureau.clerk, ON)))
    grow(bureau, world["081"], 1000)
    board = Board(actor_of(bureau.clerk, ON))
    assert everything(board) == few <= 20
    assert board.tally.count("late") == 1004
