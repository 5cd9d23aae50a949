"""时限的尽头 (R16, R21, R23, R26, R27, R48, R65): no clock runs on after the last deed that could stop it, and no date
moves without a paper."""

import re
from datetime import date
from itertools import count

import pytest

from huiyin.actions import (
    Refused,
    delivering,
    evaluating,
    organising,
    planning,
    proposing,
    publishing,
    registering,
    replying,
    signing,
    supervising,
    timing,
)
from huiyin.actions.supervising import Target
from huiyin.models import Assignment, Clock, Errand, ProfileVersion, Suspension, Unit
from huiyin.queries import figures, ledger, promises
from huiyin.queries.actors import actor_of
from huiyin.queries.board import Board
from huiyin.queries.desk import waiting_for
from huiyin.queries.figures import Value
from huiyin.queries.warnings import reminders
from huiyin.rules import profile
from huiyin.rules.periods import Light
from huiyin.rules.vocabulary import (
    BEFORE_REPLY,
    ClockKind,
    Deed,
    DeliveryMethod,
    Kind,
    Level,
    Origin,
    Part,
    Rating,
    Status,
)
from tests.conftest import Bureau, day, pdf

ON = date(2020, 12, 1)
VERSION = count(1)


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def running(item: Assignment) -> set[str]:
    return set(item.clocks.filter(stopped_on__isnull=True).values_list("kind", flat=True))


def under(item: Assignment, **changes: str) -> Assignment:
    """The item under a profile of its own: the default one with some lines changed."""
    text = profile.named("jiangxi").text.replace('version = "2020.2"', f'version = "t{next(VERSION)}"')
    for key, line in changes.items():
        text, found = re.subn(
            rf"^{key} *= .*$", f'{key} = {{ {line}, basis = "试" }}', text, count=1, flags=re.M
        )
        assert found, key
    one = profile.parse(text, "试")
    ProfileVersion.objects.create(
        name=one.name, version=one.version, title=one.title, text=text, kept_at=day("2020-01-02")
    )
    Assignment.objects.filter(pk=item.pk).update(profile_version=one.version)
    return fresh(item)


def rate(bureau: Bureau, key: str, on: date = ON) -> tuple[int, int]:
    found: Value = figures.rates(actor_of(bureau.clerk, on), figures.Scope(bureau.meeting), on)[key]
    return found.numerator, found.denominator


# 公开


@pytest.mark.parametrize("next_round", [False, True])
def test_a_reply_the_deputy_was_dissatisfied_with_is_still_published(
    bureau: Bureau, next_round: bool
) -> None:
    item = bureau.evaluated(outcome=Rating.DISSATISFIED, reason="没有说清")
    if next_round:
        evaluating.rehandle(item, on=date(2020, 8, 10), paper=pdf(), by=bureau.clerk, at=day("2020-08-10"))

    def waits(who: str) -> set[Deed]:
        rows = waiting_for(actor_of(bureau.people[who], date(2020, 8, 11)))
        return {one.deed for one in rows if one.item.pk == item.pk}

    assert Deed.PREPARE_PUBLIC in waits("clerk")
    bureau.made_public(fresh(item), confirmed=False)
    assert Deed.CONFIRM_PUBLIC in waits("director")
    assert not waits("handler") & {Deed.PREPARE_PUBLIC, Deed.CONFIRM_PUBLIC, Deed.PUBLISH}
    publishing.confirm(fresh(item), seen=1, by=bureau.director, at=day("2020-08-11"))
    assert Deed.PUBLISH in waits("clerk")
    publishing.publish(
        fresh(item), on=date(2020, 8, 11), url="http://x.gov.cn/1", by=bureau.clerk, at=day("2020-08-11")
    )
    assert ClockKind.PUBLICATION not in running(item)


def test_publication_counts_from_the_signing_however_late_the_letters_go_out(bureau: Bureau) -> None:
    item = bureau.issued()
    item = delivering.deliver(
        item, addressees=item.addressees(), on=date(2020, 8, 10), method=DeliveryMethod.POST,
        by=bureau.clerk, at=day("2020-08-10"),
    )  # fmt: skip
    clock = item.clocks.get(kind=ClockKind.PUBLICATION)
    assert (clock.start_on, clock.due_on) == (date(2020, 7, 24), date(2020, 8, 21))


# 方案节点


def planned(bureau: Bureau, item: Assignment) -> None:
    planning.plan(
        item, leader=bureau.business_leader, decided_by="第8次局长办公会", text="每月调度", by=bureau.clerk,
        milestones=[("现场督办", date(2020, 9, 1))], at=day("2020-07-28"),
    )  # fmt: skip


@pytest.mark.parametrize("outcome", [Rating.SATISFIED, Rating.DISSATISFIED])
def test_the_steps_of_a_plan_end_with_the_item(bureau: Bureau, outcome: Rating) -> None:
    item = bureau.delivered(level=Level.KEY)
    planned(bureau, item)
    assert ClockKind.MILESTONE in running(item)
    item = evaluating.evaluate(
        item, proposer=item.suggestion.proposers.get(), attitude=outcome, outcome=outcome, reason="没有说清",
        on=date(2020, 8, 5), scan=pdf(), by=bureau.clerk, at=day("2020-08-06"),
    )  # fmt: skip
    if outcome == Rating.DISSATISFIED:
        evaluating.rehandle(item, on=date(2020, 8, 10), paper=pdf(), by=bureau.clerk, at=day("2020-08-10"))
    assert ClockKind.MILESTONE not in running(item)
    told = reminders(bureau.unit, since=date(2020, 9, 1), on=date(2020, 9, 20))
    assert not [one for one in told if one.item == item and "节点" in one.words]


# 中止计时


def suspended(bureau: Bureau) -> Assignment:
    """Ready to be signed since 23 July, suspended since then; it was due on 29 August."""
    item = bureau.issue()
    timing.suspend(
        item,
        from_on=date(2020, 7, 23),
        reason="等上级批复",
        paper=pdf(),
        by=bureau.clerk,
        at=day("2020-07-23"),
    )
    return fresh(item)


def test_what_is_suspended_is_late_nowhere(bureau: Bureau) -> None:
    suspended(bureau)
    on = date(2020, 9, 10)
    assert rate(bureau, "on_time", on) == (0, 0)
    assert figures.not_on_time(actor_of(bureau.clerk, on), figures.Scope(bureau.meeting), on) == set()
    [mine] = waiting_for(actor_of(bureau.chief, on))
    assert (mine.lit.light, mine.lit.words) == (Light.NONE, "中止计时")
    assert not Assignment.objects.filter(running_on__isnull=False, status__in=BEFORE_REPLY).exists()


def test_a_reply_signed_while_its_time_is_suspended_is_in_time(bureau: Bureau) -> None:
    item = bureau.pass_gate(suspended(bureau), bureau.chief, "2020-09-10")
    assert Suspension.objects.get().to_on == date(2020, 9, 10)
    clock = item.clocks.get(kind=ClockKind.REPLY)
    assert (clock.due_on, clock.paused, clock.stopped_on) == (date(2020, 10, 17), False, date(2020, 9, 10))
    assert fresh(item).due_on == date(2020, 10, 17)  # 49 days were not counted
    assert rate(bureau, "on_time") == (1, 1)
    assert ledger.limit(fresh(item), ON).words == "按时完成"


# 协办意见退回重提


def hollow(bureau: Bureau, lead: Unit, **changes: object) -> Assignment:
    item = bureau.delivered(part=Part.CO, lead_unit=lead, **changes)
    replying.take_hollow(
        item, on=date(2020, 6, 24), reason="没有实质内容", paper=pdf(), by=bureau.clerk, at=day("2020-06-24")
    )
    return fresh(item)


def test_a_new_proposal_does_not_stretch_the_days_to_resubmit(bureau: Bureau, nankang: Unit) -> None:
    item = hollow(bureau, nankang)
    assert item.due_on == date(2020, 7, 2)
    bureau.draft(item, at="2020-06-26")
    replying.submit(fresh(item), by=bureau.handler, at=day("2020-06-26"))
    signing.send_back(
        fresh(item), to=Status.PROPOSING, reason="改由规划科办", by=bureau.head, at=day("2020-06-26")
    )
    with pytest.raises(Refused, match="办理时限不能晚于2020年7月2日"):
        proposing.propose(
            fresh(item), bureau.proposal(due_on=date(2020, 7, 20)), by=bureau.clerk, at=day("2020-06-26")
        )
    assert fresh(item).due_on == date(2020, 7, 2)


def test_an_opinion_found_hollow_is_due_again_and_not_done(bureau: Bureau, nankang: Unit) -> None:
    item = hollow(bureau, nankang)
    assert rate(bureau, "co_on_time", date(2020, 6, 30)) == (1, 1)
    assert ledger.limit(item, date(2020, 6, 26)).words == "剩 6 天"
    assert Assignment.objects.filter(running_on__isnull=False, status__in=BEFORE_REPLY).get() == item
    assert rate(bureau, "co_on_time", date(2020, 7, 3)) == (0, 1)  # 2 July has passed


def test_a_first_opinion_that_was_late_is_not_made_good_by_the_days_to_resubmit(
    bureau: Bureau, nankang: Unit
) -> None:
    hollow(
        bureau, nankang, assigned_on=date(2020, 5, 1), received_on=date(2020, 5, 1)
    )  # due on 1 June, given on the 19th
    assert rate(bureau, "co_on_time", date(2020, 6, 25)) == (0, 1)


# 协办


def test_an_opinion_is_due_so_long_before_the_reply_really_is(bureau: Bureau, nankang: Unit) -> None:
    """政协: 主办办结前20日, of a batch that the organ wants by 30 June."""
    organising.choose_profile(
        bureau.unit, suggestion="", proposal="cppcc", by=bureau.admin, at=day("2020-05-28")
    )
    bureau.clerk.refresh_from_db()
    item = bureau.handling(fixed_due_on=date(2020, 6, 30), kind=Kind.PROPOSAL)
    bureau.ask(item, nankang)
    assert item.opinions.get().due_on == date(2020, 6, 10)


def test_a_reply_issued_without_an_opinion_waits_for_none(bureau: Bureau, nankang: Unit) -> None:
    """Where the profile only warns."""
    item = under(bureau.contacted(), opinions='value = "warn"')
    bureau.ask(item, nankang)
    bureau.draft(fresh(item))
    replying.submit(fresh(item), by=bureau.handler, at=day("2020-07-20"))
    line = (bureau.head, bureau.clerk, bureau.director, bureau.business_leader, bureau.handling_leader)
    for who in (*line, bureau.chief):
        item = bureau.pass_gate(item, who, "2020-07-24")
    assert item.status == Status.ISSUED
    assert running(item) == set()


def test_what_was_withdrawn_counts_against_nobody(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    bureau.promise(fresh(item))
    registering.withdraw(
        fresh(item),
        on=date(2020, 6, 20),
        reason="不再需要",
        paper=pdf(),
        by=bureau.clerk,
        at=day("2020-07-16"),
    )
    board = Board(actor_of(bureau.clerk, ON))
    assert (board.tally.count("promises_late"), board.tally.count("co_late"), board.partners()) == (0, 0, [])
    assert promises.rate(actor_of(bureau.clerk, ON), figures.Scope(bureau.meeting), ON) == (0, 0)


# 定日


def test_a_batch_date_that_had_passed_binds_nothing(bureau: Bureau) -> None:
    bureau.meeting.fixed_due_on = date(2020, 8, 31)
    bureau.meeting.save()
    assert bureau.register(number="083").due_on == date(2020, 8, 29)  # the earlier of the two
    late = bureau.register(
        at="2020-09-02", assigned_on=date(2020, 9, 1), received_on=date(2020, 9, 1), origin=Origin.BETWEEN
    )
    assert late.due_on == date(2020, 12, 1)


def test_where_the_place_sets_no_limit_the_proposal_sets_the_date(bureau: Bureau, nankang: Unit) -> None:
    item = under(bureau.register(part=Part.CO, lead_unit=nankang), opinion='period = "off"')
    Clock.objects.filter(assignment=item, kind=ClockKind.OPINION).delete()
    Assignment.objects.filter(pk=item.pk).update(due_on=None)
    at = day("2020-05-29", 10)
    with pytest.raises(Refused, match="还缺：办理时限"):
        proposing.propose(item, bureau.proposal(), by=bureau.clerk, at=at)
    proposing.propose(item, bureau.proposal(due_on=date(2020, 7, 1)), by=bureau.clerk, at=at)
    assert (fresh(item).status, fresh(item).due_on) == (Status.ASSIGNING, date(2020, 7, 1))
    assert ClockKind.OPINION in running(item)


# 延期


def test_an_extension_may_still_be_told_while_promises_are_tracked(bureau: Bureau) -> None:
    item = bureau.handling()
    timing.ask_extension(
        item, wanted_on=date(2020, 10, 15), reason="征地批复未到", by=bureau.handler, at=day("2020-06-03")
    )
    timing.grant_extension(
        fresh(item), on=date(2020, 6, 4), granted_to=date(2020, 10, 15), agreed_by=["交办机关"], paper=pdf(),
        by=bureau.clerk, at=day("2020-06-04"),
    )  # fmt: skip
    Assignment.objects.filter(pk=item.pk).update(status=Status.TRACKING)
    timing.tell_extension(fresh(item), on=date(2020, 9, 1), how="电话", by=bureau.clerk, at=day("2020-09-01"))
    assert fresh(item).extension_untold() is None


# 评价


def test_of_a_joint_item_rated_by_all_nothing_counts_before_the_last(bureau: Bureau) -> None:
    item = under(
        bureau.delivered(co_signers=("罗香莲",)), by='value = "all"', denominator='value = "answered"'
    )
    item = evaluating.evaluate(
        item, proposer=item.suggestion.proposers.get(is_lead=True), attitude=Rating.SATISFIED,
        outcome=Rating.SATISFIED, on=date(2020, 8, 5), scan=pdf(), by=bureau.clerk, at=day("2020-08-06"),
    )  # fmt: skip
    assert item.status == Status.EVALUATING
    assert (rate(bureau, "satisfied"), rate(bureau, "returned_forms")) == ((0, 1), (0, 1))
    for on in (date(2020, 8, 31), date(2020, 9, 1)):
        evaluating.remind(fresh(item), on=on, how="电话", by=bureau.clerk, at=day("2020-09-01"))
    evaluating.lapse(fresh(item), note="催了两次", by=bureau.clerk, at=day("2020-09-02"))
    assert (rate(bureau, "satisfied"), rate(bureau, "returned_forms")) == ((1, 1), (1, 1))


# 督办


def test_who_is_named_twice_is_asked_once(bureau: Bureau) -> None:
    item = bureau.handling()
    supervising.urge(
        [Target(item, bureau.handler)] * 2, text="请抓紧", by=bureau.director, at=day("2020-06-10")
    )
    assert Errand.objects.count() == 1
