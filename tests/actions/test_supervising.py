"""督办、批示、方案、会议 (S10, S17, R64, R65): each act, its clock, its answer, and what is refused."""

from datetime import date

import pytest

from huiyin.actions import Refused, convening, planning, supervising
from huiyin.actions.supervising import Target
from huiyin.models import (
    Assignment,
    Clock,
    Errand,
    LeadersMeeting,
    Notice,
    Person,
    StoredFile,
    Supervision,
    Unit,
)
from huiyin.queries.actors import actor_of, items_for
from huiyin.rules.vocabulary import (
    ClockKind,
    ErrandState,
    Level,
    NoticeKind,
    SupervisionKind,
    SupervisionSource,
)
from tests.conftest import Bureau, day, pdf

S = ErrandState


def urge(
    bureau: Bureau, *items: Assignment, by: str = "clerk", at: str = "2020-08-03", **more: object
) -> Supervision:
    targets = [Target(item, bureau.handler) for item in items]
    facts = {"text": "请尽快办理答复。", "by": bureau.people[by], "at": day(at), **more}
    return supervising.urge(targets, **facts)  # type: ignore[arg-type]


def errand_of(act: Supervision) -> Errand:
    return act.errands.select_related("assignment").get()


def clock_of(row: Errand) -> Clock:
    return Clock.objects.filter(kind=ClockKind.ERRAND, row=row.pk).latest("pk")


def told(person: Person) -> list[str]:
    return list(
        Notice.objects.filter(person=person, kind=NoticeKind.ERRAND)
        .order_by("pk")
        .values_list("text", flat=True)
    )


def test_urging_takes_a_number_starts_a_clock_and_tells_the_owner(bureau: Bureau) -> None:
    item = bureau.contacted()
    act = urge(bureau, item)
    row = errand_of(act)
    assert (act.number, act.source, act.required_on) == (
        "催办〔2020〕1号",
        SupervisionSource.OFFICE,
        date(2020, 8, 10),
    )
    assert (row.state, row.due_on, row.owner) == (S.SENT, date(2020, 8, 10), bureau.handler)
    clock = clock_of(row)
    assert (clock.start_on, clock.period, clock.due_on, clock.stopped_on) == (
        date(2020, 8, 3),
        "5wd",
        date(2020, 8, 10),
        None,
    )
    assert told(bureau.handler) == [
        "第082号《关于协调港口用地指标落实项目用地保障的建议》：催办〔2020〕1号（刘晓琴），请于8月10日前答复：请尽快办理答复。"
    ]
    event = item.events.latest("seq")
    assert (event.deed, event.text) == (
        "urge",
        "催办〔2020〕1号，谢文斌，2020年8月10日前答复：请尽快办理答复。",
    )


def test_one_act_on_many_items_has_one_number(bureau: Bureau) -> None:
    items = [bureau.contacted(), bureau.contacted(number="083")]
    act = urge(bureau, *items, due_on=date(2020, 8, 5))
    assert Supervision.objects.count() == 1
    assert {row.assignment_id for row in act.errands.all()} == {one.pk for one in items}
    assert {clock_of(row).due_on for row in act.errands.all()} == {date(2020, 8, 5)}
    assert [one.events.filter(deed="urge").count() for one in items] == [1, 1]


def test_an_act_that_one_item_refuses_is_not_done_at_all(bureau: Bureau) -> None:
    first, second = bureau.contacted(), bureau.evaluated(number="083")
    with pytest.raises(Refused) as refused:
        urge(bureau, first, second, at="2020-08-10")
    assert refused.value.reasons == ["第083号：本件现为“办结”，不能催办"]
    assert not Supervision.objects.exists()
    assert not Errand.objects.exists()
    assert urge(bureau, first, at="2020-08-10").number == "催办〔2020〕1号"  # no number was lost


def test_who_was_urged_and_has_not_answered_is_not_urged_again(bureau: Bureau) -> None:
    item = bureau.contacted()
    row = errand_of(urge(bureau, item))
    with pytest.raises(Refused) as refused:
        urge(bureau, item, at="2020-08-05")
    assert refused.value.reasons == [
        "第082号：8月3日已向谢文斌发催办〔2020〕1号，要求8月10日前答复，还没有答复"
    ]
    supervising.answer(row, text="本周送审。", by=bureau.handler, at=day("2020-08-06"))
    assert urge(bureau, item, at="2020-08-07").number == "催办〔2020〕2号"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"due_on": date(2020, 8, 2)}, "要求答复的日期2020年8月2日已经过去"),
        ({"text": "  "}, "还没有写催办的要求"),
        ({"by": "other_leader"}, "须由"),
        ({"by": "head"}, "须由"),
    ],
)
def test_urging_is_refused_in_a_sentence(bureau: Bureau, change: dict[str, object], reason: str) -> None:
    item = bureau.contacted()
    with pytest.raises(Refused) as refused:
        urge(bureau, item, **change)  # type: ignore[arg-type]
    assert refused.value.reasons[0].startswith(reason)
    assert not Supervision.objects.exists()


def test_nobody_outside_the_unit_inactive_or_an_administrator_is_asked(bureau: Bureau) -> None:
    item = bureau.contacted()
    Person.objects.filter(pk=bureau.other_handler.pk).update(is_active=False)
    for name, reason in (
        ("stranger", "外人不是本单位办理建议的人员"), ("admin", "何俊不是本单位办理建议的人员"),
        ("other_handler", "李慧敏已停用"),
    ):  # fmt: skip
        who = Person.objects.get(pk=bureau.people[name].pk)
        with pytest.raises(Refused) as refused:
            supervising.urge([Target(item, who)], text="x", by=bureau.clerk, at=day("2020-08-03"))
        assert refused.value.reasons == [reason]


def test_the_handler_urges_only_a_co_handling_unit_that_owes_its_opinion(
    bureau: Bureau, nankang: Unit
) -> None:
    item = bureau.contacted()
    with pytest.raises(Refused, match="承办人可以催协办单位，现在没有在等的协办意见"):
        urge(bureau, item, by="handler")
    bureau.ask(item, nankang)
    with pytest.raises(Refused, match="第082号：承办人只能催协办单位"):
        supervising.urge([Target(item, bureau.head)], text="x", by=bureau.handler, at=day("2020-08-03"))
    act = supervising.urge(
        [Target(item, bureau.handler, nankang)], text="请提意见。", by=bureau.handler, at=day("2020-08-03")
    )
    assert errand_of(act).whom == "南康区政府"
    assert told(bureau.handler) == []  # he knows: he sent it
    bureau.answer(item, nankang, at="2020-08-04")
    with pytest.raises(Refused, match="没有在等南康区政府的协办意见"):
        supervising.urge(
            [Target(item, bureau.handler, nankang)], text="x", by=bureau.clerk, at=day("2020-08-05")
        )


def test_an_outside_units_reply_is_entered_by_the_clerk_with_its_paper(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    row = errand_of(
        supervising.urge(
            [Target(item, bureau.handler, nankang)], text="x", by=bureau.clerk, at=day("2020-08-03")
        )
    )
    supervising.answer(
        row,
        text="来函称本周提出。",
        on=date(2020, 8, 4),
        paper=pdf("复函.pdf"),
        by=bureau.clerk,
        at=day("2020-08-05"),
    )
    row.refresh_from_db()
    assert (row.state, row.answered_on, row.answered_by) == (S.ANSWERED, date(2020, 8, 4), bureau.clerk)
    assert StoredFile.objects.get(name="复函.pdf").assignment_id == item.pk
    assert clock_of(row).stopped_on == date(2020, 8, 4)


def test_an_opinion_settles_what_asked_for_it(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    row = errand_of(
        supervising.urge(
            [Target(item, bureau.handler, nankang)], text="x", by=bureau.clerk, at=day("2020-08-03")
        )
    )
    inside = errand_of(urge(bureau, item, at="2020-08-03"))
    opinion = item.opinions.get()
    locked = Assignment.objects.get(pk=item.pk)
    count = supervising.answered_by_opinion(
        locked, opinion, on=date(2020, 8, 5), by=bureau.handler, at=day("2020-08-05")
    )
    row.refresh_from_db()
    inside.refresh_from_db()
    assert (count, row.state, row.answer, inside.state) == (
        1,
        S.SETTLED,
        "已于2020年8月5日提出协办意见",
        S.SENT,
    )
    assert clock_of(row).stopped_on == date(2020, 8, 5)
    assert locked.events.latest("seq").deed == "settle_errand"


def test_an_errand_is_received_answered_returned_answered_again_and_settled(bureau: Bureau) -> None:
    row = errand_of(urge(bureau, bureau.contacted()))
    supervising.receive(row, by=bureau.handler, at=day("2020-08-04"))
    supervising.answer(row, text="正在办。", by=bureau.handler, at=day("2020-08-05"))
    row.refresh_from_db()
    assert (row.state, row.received_on, clock_of(row).stopped_on) == (
        S.ANSWERED,
        date(2020, 8, 4),
        date(2020, 8, 5),
    )
    assert told(bureau.clerk)[-1].endswith("：谢文斌答复了催办〔2020〕1号：正在办。")
    supervising.return_errand(row, reason="写明何日办结。", by=bureau.clerk, at=day("2020-08-06"))
    row.refresh_from_db()
    assert (row.state, row.answered_on, row.due_on) == (S.RECEIVED, None, date(2020, 8, 13))
    assert clock_of(row).stopped_on is None
    assert "答复被退回，请于8月13日前再答复" in told(bureau.handler)[-1]
    supervising.answer(row, text="8月14日送审。", by=bureau.handler, at=day("2020-08-07"))
    supervising.settle(row, note="可以", by=bureau.clerk, at=day("2020-08-07", 10))
    row.refresh_from_db()
    assert (row.state, row.settled_on, row.note) == (S.SETTLED, date(2020, 8, 7), "可以")
    item = Assignment.objects.get(pk=row.assignment_id)
    assert list(item.events.order_by("seq").values_list("deed", flat=True))[-6:] == [
        "urge", "receive_errand", "answer_errand", "return_errand", "answer_errand", "settle_errand",
    ]  # fmt: skip


def test_only_its_owner_answers_and_only_its_issuer_or_the_clerk_settles(bureau: Bureau) -> None:
    item = bureau.contacted()
    act = supervising.instruct(
        item, owners=[bureau.handler], text="请本周报方案。", by=bureau.chief, at=day("2020-08-03")
    )
    row = errand_of(act)
    for who in ("head", "clerk", "chief", "other_handler"):
        with pytest.raises(Refused, match="须由"):
            supervising.answer(row, text="x", by=bureau.people[who], at=day("2020-08-04"))
    with pytest.raises(Refused, match="不能销号"):
        supervising.settle(row, by=bureau.chief, at=day("2020-08-04"))
    supervising.answer(row, text="已报。", by=bureau.handler, at=day("2020-08-05"))
    with pytest.raises(Refused, match="须由"):
        supervising.settle(row, by=bureau.handling_leader, at=day("2020-08-05"))
    supervising.settle(row, by=bureau.chief, at=day("2020-08-05"))
    assert (act.number, act.kind) == ("", SupervisionKind.INSTRUCTION)


def test_a_clerk_does_not_settle_his_own_answer_to_a_leader(bureau: Bureau) -> None:
    item = bureau.contacted()
    act = supervising.instruct(item, owners=[bureau.clerk], text="x", by=bureau.chief, at=day("2020-08-03"))
    supervising.answer(errand_of(act), text="已办。", by=bureau.clerk, at=day("2020-08-04"))
    with pytest.raises(Refused, match="须由陈永明或专职人员办理"):
        supervising.settle(errand_of(act), by=bureau.clerk, at=day("2020-08-04"))


def test_an_errand_whose_owner_has_left_is_answered_by_the_clerk(bureau: Bureau) -> None:
    row = errand_of(urge(bureau, bureau.contacted()))
    Person.objects.filter(pk=bureau.handler.pk).update(is_active=False)
    row = Errand.objects.get(pk=row.pk)
    supervising.answer(row, text="已移交新承办人。", by=bureau.clerk, at=day("2020-08-05"))
    row.refresh_from_db()
    assert (row.state, row.answered_by) == (S.ANSWERED, bureau.clerk)


def test_whoever_has_an_errand_sees_the_item_and_nothing_else(bureau: Bureau) -> None:
    item, other = bureau.contacted(), bureau.contacted(number="083")
    on = date(2020, 8, 3)
    assert not items_for(actor_of(bureau.other_handler, on)).exists()
    supervising.instruct(
        item, owners=[bureau.other_handler], text="会同研究。", by=bureau.chief, at=day("2020-08-03")
    )
    supervising.instruct(
        item, owners=[bureau.deputy_head], text="会同研究。", by=bureau.chief, at=day("2020-08-03")
    )
    for who in (bureau.other_handler, bureau.deputy_head):
        assert list(items_for(actor_of(who, on))) == [item]
    assert other not in items_for(actor_of(bureau.deputy_head, on))


def test_what_comes_from_outside_is_recorded_by_the_clerk_with_the_paper(bureau: Bureau) -> None:
    item = bureau.contacted()
    target = [Target(item, bureau.handler)]
    with pytest.raises(Refused) as refused:
        supervising.supervise(
            target, text="x", source=SupervisionSource.CONGRESS, by=bureau.chief, at=day("2020-08-03")
        )
    assert refused.value.reasons == ["人大、政协机关的督办由专职人员登记", "人大、政协机关的督办须附来文"]
    act = supervising.supervise(
        target, text="请报进展。", source=SupervisionSource.CONGRESS, paper=pdf("督办函.pdf"), due_on=date(2020, 8, 20),
        by=bureau.clerk, at=day("2020-08-03"),
    )  # fmt: skip
    assert (act.number, act.required_on) == ("督办〔2020〕1号", date(2020, 8, 20))
    assert item.files.get().purpose == "人大、政协机关督办来文"
    by_leader = supervising.supervise(
        [Target(item, bureau.head)], text="x", by=bureau.handling_leader, at=day("2020-08-04")
    )
    assert by_leader.source == SupervisionSource.LEADER


# 方案


def a_plan(bureau: Bureau, item: Assignment, **more: object) -> None:
    facts = {
        "leader": bureau.chief, "decided_by": "2020年第8次局长办公会", "text": "专班推进。",
        "milestones": [("完成踏勘", date(2020, 8, 10)), ("报批用地", date(2020, 8, 20))], "by": bureau.director,
        "at": day("2020-08-03"), **more,
    }  # fmt: skip
    planning.plan(item, **facts)  # type: ignore[arg-type]


def test_a_plan_has_milestones_with_clocks_of_their_own(bureau: Bureau) -> None:
    item = bureau.contacted(level=Level.KEY)
    a_plan(bureau, item)
    first, second = item.plan.milestones.all()
    running = Clock.objects.filter(assignment=item, kind=ClockKind.MILESTONE, stopped_on__isnull=True)
    assert {(one.row, one.due_on) for one in running} == {
        (first.pk, date(2020, 8, 10)),
        (second.pk, date(2020, 8, 20)),
    }
    planning.milestone(
        item, first, on=date(2020, 8, 7), text="已踏勘。", by=bureau.chief, at=day("2020-08-07")
    )
    assert [one.row for one in running.all()] == [second.pk]
    a_plan(bureau, item, milestones=[("报批用地", date(2020, 8, 25))], at=day("2020-08-08"))
    assert [(one.text, one.due_on, one.done_on) for one in item.plan.milestones.all()] == [
        ("完成踏勘", date(2020, 8, 10), date(2020, 8, 7)), ("报批用地", date(2020, 8, 25), None),
    ]  # fmt: skip
    assert running.get().due_on == date(2020, 8, 25)


def test_a_plan_is_refused_with_every_reason(bureau: Bureau) -> None:
    item = bureau.contacted(level=Level.KEY)
    with pytest.raises(Refused) as refused:
        a_plan(bureau, item, leader=bureau.head, milestones=[("踏勘", date(2020, 8, 1))])
    assert refused.value.reasons == [
        "督办领导应是本单位的局领导，赖春华不是", "节点“踏勘”的日期2020年8月1日已经过去",
    ]  # fmt: skip
    with pytest.raises(Refused, match="至少要有一个节点"):
        a_plan(bureau, item, milestones=[])
    with pytest.raises(Refused, match="不是重点督办件"):
        a_plan(bureau, bureau.contacted(number="083"))


# 会议


def test_a_decision_stands_on_the_item_and_is_chased(bureau: Bureau) -> None:
    item = bureau.contacted()
    meeting = convening.convene(
        name="2020年第8次局长办公会",
        on=date(2020, 8, 6),
        place="三楼会议室",
        by=bureau.clerk,
        at=day("2020-08-03"),
    )
    row = convening.table(
        item, meeting=meeting, matter="用地指标从哪里出。", by=bureau.handler, at=day("2020-08-04")
    )
    act = convening.decide(
        item, row, decision="从市级预留指标解决。", on=date(2020, 8, 6), owner=bureau.head, due_on=date(2020, 8, 14),
        by=bureau.clerk, at=day("2020-08-06"),
    )  # fmt: skip
    row.refresh_from_db()
    assert act is not None
    errand = errand_of(act)
    assert (row.decision, row.decided_on) == ("从市级预留指标解决。", date(2020, 8, 6))
    assert (act.kind, act.agenda_id, act.number, errand.owner, errand.due_on) == (
        SupervisionKind.DECISION, row.pk, "", bureau.head, date(2020, 8, 14),
    )  # fmt: skip
    assert clock_of(errand).due_on == date(2020, 8, 14)
    supervising.answer(errand, text="指标已落实。", by=bureau.head, at=day("2020-08-10"))
    supervising.settle(errand, by=bureau.clerk, at=day("2020-08-10"))


def test_a_decision_without_an_owner_only_stands_there(bureau: Bureau) -> None:
    item = bureau.contacted()
    meeting = convening.convene(name="局务会", on=date(2020, 8, 3), by=bureau.director, at=day("2020-08-03"))
    row = convening.table(item, meeting=meeting, matter="通报。", by=bureau.clerk, at=day("2020-08-03"))
    assert (
        convening.decide(
            item, row, decision="原则同意。", on=date(2020, 8, 3), by=bureau.clerk, at=day("2020-08-03", 17)
        )
        is None
    )
    assert not Errand.objects.exists()
    assert item.events.latest("seq").text == "局务会：原则同意。"
    with pytest.raises(Refused, match="没有待登记决定的议题"):
        convening.decide(
            item, row, decision="再议", on=date(2020, 8, 3), by=bureau.clerk, at=day("2020-08-04")
        )


def test_meetings_are_refused_in_sentences(bureau: Bureau) -> None:
    item = bureau.contacted()
    with pytest.raises(Refused, match="须由专职人员、办公室主任安排会议"):
        convening.convene(name="局务会", on=date(2020, 8, 3), by=bureau.handler, at=day("2020-08-03"))
    old = LeadersMeeting.objects.create(
        unit=bureau.unit, name="旧会", on=date(2020, 7, 1), convened_by=bureau.clerk
    )
    with pytest.raises(Refused, match="还没有安排近期的会议，请办公室先在“会议”里安排"):
        convening.table(item, meeting=old, matter="x", by=bureau.handler, at=day("2020-08-03"))
    meeting = convening.convene(name="局务会", on=date(2020, 8, 6), by=bureau.clerk, at=day("2020-08-03"))
    with pytest.raises(Refused, match="已经有“局务会”"):
        convening.convene(name="局务会", on=date(2020, 8, 7), by=bureau.clerk, at=day("2020-08-03"))
    with pytest.raises(Refused, match="“旧会”已于2020年7月1日开过"):
        convening.table(item, meeting=old, matter="x", by=bureau.handler, at=day("2020-08-03"))
    row = convening.table(item, meeting=meeting, matter="x", by=bureau.handler, at=day("2020-08-03"))
    with pytest.raises(Refused, match="本件已列入“局务会”的议题"):
        convening.table(item, meeting=meeting, matter="x", by=bureau.clerk, at=day("2020-08-03"))
    with pytest.raises(Refused, match="决定日期应在会议的2020年8月6日到今天之间"):
        convening.decide(item, row, decision="x", on=date(2020, 8, 5), by=bureau.clerk, at=day("2020-08-07"))


def test_who_stands_in_for_the_owner_answers_for_him(bureau: Bureau) -> None:
    from huiyin.actions import organising

    item = bureau.contacted()
    act = supervising.instruct(
        item, owners=[bureau.head], text="请报方案。", by=bureau.chief, at=day("2020-08-03")
    )
    organising.stand_in(
        absent=bureau.head, substitute=bureau.deputy_head, from_on=date(2020, 8, 4), to_on=date(2020, 8, 7),
        reason="出差", by=bureau.admin, at=day("2020-08-03"),
    )  # fmt: skip
    supervising.answer(errand_of(act), text="方案已报。", by=bureau.deputy_head, at=day("2020-08-05"))
    event = item.events.latest("seq")
    assert (event.by, event.behalf) == (bureau.deputy_head, bureau.head)
    with pytest.raises(Refused, match="须由"):  # the days are over
        supervising.answer(errand_of(act), text="再报。", by=bureau.deputy_head, at=day("2020-08-10"))
