"""谁能办：a hand-written who × step matrix, because the table cannot be its own witness."""

import pytest

from huiyin.models import Assignment, Unit
from huiyin.queries.actors import actor_of
from huiyin.rules import errands
from huiyin.rules.vocabulary import Deed, Part, Rating, Status
from huiyin.rules.workflow import TABLE, steps_from
from tests.conftest import Bureau, day

ON = day("2020-08-20").date()
EVERYBODY = [
    "chief",
    "handling_leader",
    "director",
    "clerk",
    "business_leader",
    "head",
    "handler",
    "other_leader",
    "other_head",
    "other_handler",
    "deputy_head",
    "admin",
    "stranger",
]

# status: {deed: who, by name in the cast}; what is not here nobody may do there
LEAD = {
    Status.PROPOSING: {"propose": "clerk", "withdraw": "clerk", "attach": "handler head business_leader clerk director"},
    Status.ASSIGNING: {
        "pass_assign": "director", "send_back": "director", "take_back": "clerk", "withdraw": "clerk",
        "attach": "handler head business_leader clerk director",
    },
    Status.ACCEPTING: {
        "accept": "head handler", "ask_return": "head handler", "withdraw": "clerk", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.RETURNING: {
        "keep": "clerk director", "reassign": "clerk director", "report_return": "clerk director", "withdraw": "clerk",
        "change_people": "clerk director", "attach": "handler head business_leader clerk director",
    },
    Status.RETURN_REPORTED: {
        "return_agreed": "clerk", "return_refused": "clerk", "withdraw": "clerk", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.HANDLING: {
        "submit": "handler", "draft": "handler", "ask_return": "head handler", "withdraw": "clerk",
        "contact": "handler head business_leader clerk", "activity": "handler head business_leader clerk director",
        "ask_exemption": "handler", "grant_exemption": "business_leader chief", "request_opinion": "handler clerk",
        "receive_opinion": "handler clerk", "return_opinion": "handler", "mark_missing": "handler",
        "use_opinion": "handler", "promise": "handler clerk", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.REVIEW: {
        "pass_review": "head", "send_back": "head", "send_back_propose": "head", "take_back": "handler",
        "withdraw": "clerk", "contact": "handler head business_leader clerk",
        "activity": "handler head business_leader clerk director", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.ISSUE: {
        "sign": "chief", "send_back": "chief", "send_back_review": "chief", "send_back_propose": "chief",
        "withdraw": "clerk", "contact": "handler head business_leader clerk",
        "activity": "handler head business_leader clerk director", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.ISSUED: {
        "deliver": "clerk handler", "contact": "handler head business_leader clerk",
        "activity": "handler head business_leader clerk director", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.EVALUATING: {
        "evaluate": "clerk", "lapse": "clerk", "close": "clerk", "track": "clerk", "dissatisfy": "clerk",
        "promise": "handler clerk", "progress": "handler head business_leader clerk", "plan_visit": "clerk handler",
        "visit": "handler head business_leader clerk", "contact": "handler head business_leader clerk",
        "activity": "handler head business_leader clerk director", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.DISSATISFIED: {
        "rehandle": "clerk", "contact": "handler head business_leader clerk",
        "activity": "handler head business_leader clerk director", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.TRACKING: {
        "fulfil": "clerk handler", "second_handle": "clerk director", "promise": "handler clerk",
        "progress": "handler head business_leader clerk", "convert": "clerk handler", "plan_visit": "clerk handler",
        "visit": "handler head business_leader clerk", "contact": "handler head business_leader clerk",
        "activity": "handler head business_leader clerk director", "change_people": "clerk director",
        "attach": "handler head business_leader clerk director",
    },
    Status.CLOSED: {
        "second_handle": "clerk director", "promise": "handler clerk", "progress": "handler head business_leader clerk",
        "convert": "clerk handler", "plan_visit": "clerk handler", "visit": "handler head business_leader clerk",
        "contact": "handler head business_leader clerk", "activity": "handler head business_leader clerk director",
        "attach": "handler head business_leader clerk director",
    },
}  # fmt: skip
# 时限: the same as long as the reply is not out
TIMES = {
    "ask_extension": "handler head clerk", "extension_granted": "clerk", "extension_refused": "clerk",
    "tell_extension": "clerk handler", "suspend": "clerk", "resume": "clerk",
}  # fmt: skip
PENDING = (
    Status.PROPOSING, Status.ASSIGNING, Status.ACCEPTING, Status.RETURNING, Status.RETURN_REPORTED, Status.HANDLING,
    Status.REVIEW, Status.ISSUE,
)  # fmt: skip
for _status in PENDING:
    LEAD[_status] |= TIMES
for _status in (Status.ISSUED, Status.EVALUATING, Status.DISSATISFIED, Status.TRACKING):
    LEAD[_status] |= {"tell_extension": "clerk handler"}
for _status in (Status.EVALUATING, Status.DISSATISFIED, Status.TRACKING, Status.CLOSED):
    LEAD[_status] |= {"publish": "clerk handler"}
LEAD[Status.EVALUATING] |= {"remind": "clerk handler"}
# 督办: chased as long as it is open; what was asked may be answered and settled afterwards too
CHASED = {
    "urge": "clerk director handling_leader chief business_leader handler",
    "supervise": "clerk director handling_leader chief business_leader",
    "instruct": "handling_leader chief business_leader",
    "plan": "clerk director", "milestone": "clerk director",
    "table": "clerk director business_leader handler",
}  # fmt: skip
AFTERWARDS = {
    "receive_errand": "clerk", "answer_errand": "clerk", "settle_errand": "clerk", "return_errand": "clerk",
    "decide": "clerk director",
}  # fmt: skip
for _status in LEAD:
    LEAD[_status] |= AFTERWARDS | (CHASED if _status != Status.CLOSED else {})
# 意见点、并案、协办、起草、审签中的改动、抄送、公开
OPINIONS = {
    "plan_requests": "handler clerk", "send_requests": "handler clerk", "accept_opinion": "handler clerk",
    "withdraw_opinion": "handler clerk", "ask_again": "handler", "countersign": "handler",
    "open_link": "handler clerk", "close_link": "handler clerk",
}  # fmt: skip
GROUPED = {"merge": "clerk director handler", "unmerge": "clerk director handler"}
REMARKING = {
    "remark": "handler head business_leader clerk director handling_leader chief", "settle_remark": "handler clerk",
}  # fmt: skip
LEAD[Status.PROPOSING] |= {"split": "clerk director", "merge": "clerk director", "unmerge": "clerk director"}
for _status in (Status.ASSIGNING, Status.ACCEPTING, Status.HANDLING):
    LEAD[_status] |= GROUPED
for _status in (Status.ACCEPTING, Status.HANDLING):
    LEAD[_status] |= {"points": "handler head clerk"}
LEAD[Status.HANDLING] |= OPINIONS | {
    "answer_point": "handler", "new_version": "handler", "show_draft": "handler clerk", "record_view": "handler clerk",
}  # fmt: skip
for _status in (Status.HANDLING, Status.REVIEW, Status.ISSUE):
    LEAD[_status] |= REMARKING
LEAD[Status.REVIEW] |= {"revise": "head", "correct": "handler clerk"}
LEAD[Status.ISSUE] |= {"revise": "chief", "correct": "handler clerk"}
for _status in (Status.ISSUED, Status.EVALUATING, Status.DISSATISFIED, Status.TRACKING, Status.CLOSED):
    LEAD[_status] |= {
        "send_copies": "clerk handler", "receipt": "clerk handler", "prepare_public": "clerk handler",
        "confirm_public": "clerk director handling_leader",
    }  # fmt: skip
for _status in (Status.EVALUATING, Status.DISSATISFIED, Status.TRACKING, Status.CLOSED):
    LEAD[_status] |= {"unpublish": "clerk director handling_leader"}
# 台账：what was registered wrongly is put right at any time; an import is undone while nothing else was done
for _status in LEAD:
    LEAD[_status] |= {"amend": "clerk director", "note": "clerk director handler"}
LEAD[Status.PROPOSING]["note"] = "clerk director"  # it has no handler yet
for _status in (Status.PROPOSING, Status.TRACKING, Status.CLOSED):
    LEAD[_status] |= {"revoke": "clerk director"}


def lead_item(bureau: Bureau, status: Status) -> Assignment:
    from huiyin.actions import proposing

    if status == Status.RETURNING:
        item = bureau.accepting()
        proposing.ask_return(item, reason="不属本科室", by=bureau.head, at=day("2020-06-02"))
    elif status == Status.RETURN_REPORTED:
        item = lead_item(bureau, Status.RETURNING)
        proposing.report_return(
            item,
            reason="x",
            proposed_unit="市林业局",
            chief_agreed=False,
            by=bureau.clerk,
            at=day("2020-06-03"),
        )
    elif status == Status.DISSATISFIED:
        item = bureau.evaluated(outcome=Rating.DISSATISFIED, reason="没有说清")
    elif status == Status.TRACKING:
        item = bureau.evaluated(draft={"outcome_class": "B"})
    else:
        walk = {Status.PROPOSING: "register", Status.EVALUATING: "delivered", Status.CLOSED: "evaluated"}
        item = getattr(bureau, walk.get(status, status.value))()
    return Assignment.objects.get(pk=item.pk)


@pytest.mark.parametrize("status", list(LEAD), ids=lambda one: one.value)
def test_a_lead_item(bureau: Bureau, status: Status) -> None:
    item = lead_item(bureau, status)
    assert item.status == status
    found: dict[str, set[str]] = {}
    actors = {name: actor_of(bureau.people[name], ON) for name in EVERYBODY}
    for step in steps_from(item):
        who = {name for name, actor in actors.items() if step.who(actor, item)}
        found.setdefault(step.deed.value, set()).update(who)
    owner = {"handler"} if item.commitments.exists() else set()
    expected = {deed: set(who.split()) for deed, who in LEAD[status].items()}
    for deed in ("fulfil", "progress"):
        if deed in expected:
            expected[deed] |= owner
    if status == Status.PROPOSING:  # nobody of a section is named yet
        expected["attach"] = {"clerk", "director"}
        expected["ask_extension"] = expected["tell_extension"] = {"clerk"}
        for deed in CHASED:
            expected[deed] -= {"handler", "business_leader"}
    assert found == expected


def test_errands_are_answered_by_their_owners_and_settled_by_their_issuers(bureau: Bureau) -> None:
    """The chief's note to a section head of another section; a plan that the leader of another section leads."""
    from huiyin.actions import planning, supervising
    from huiyin.rules.vocabulary import Level

    item = bureau.contacted(level=Level.KEY)
    note = supervising.instruct(
        item, owners=[bureau.other_head], text="会同研究。", by=bureau.chief, at=day("2020-08-03")
    )
    planning.plan(
        item, leader=bureau.other_leader, decided_by="局务会", text="x", milestones=[("踏勘", ON)], by=bureau.director,
        at=day("2020-08-03"),
    )  # fmt: skip
    expected = {
        "receive_errand": {"other_head", "clerk"}, "answer_errand": {"other_head", "clerk"},
        "settle_errand": {"chief", "clerk"}, "return_errand": {"chief", "clerk"},
        "plan": {"clerk", "director", "other_leader"}, "milestone": {"clerk", "director", "other_leader"},
    }  # fmt: skip
    for step in steps_from(Assignment.objects.get(pk=item.pk)):
        if step.deed.value in expected:
            who = {name for name in EVERYBODY if step.who(actor_of(bureau.people[name], ON), item)}
            assert who == expected[step.deed.value], step.deed
    row = (
        note.errands.get()
    )  # of those who may take the step, the errand itself lets only its own people answer
    assert not errands.refusals(row, Deed.ANSWER_ERRAND, actor_of(bureau.other_head, ON))
    assert errands.refusals(row, Deed.ANSWER_ERRAND, actor_of(bureau.clerk, ON)) == [
        "批示（罗志明），须由罗志明办理"
    ]


def test_a_co_handled_item_is_signed_by_the_handling_leader(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.issue(part=Part.CO, lead_unit=nankang)
    who = {
        name
        for name in EVERYBODY
        for step in steps_from(item)
        if step.deed == Deed.SIGN and step.who(actor_of(bureau.people[name], ON), item)
    }
    assert who == {"handling_leader"}


def test_no_step_leads_into_a_gate_but_through_its_door() -> None:
    """Into the review only by submission (or back from the last gate, or where a signer
    rewrote the text that is there); into issue and issued only by signatures."""
    doors = {
        Status.ACCEPTING: {Deed.PASS_ASSIGN, Deed.KEEP, Deed.RETURN_REFUSED},
        Status.REVIEW: {Deed.SUBMIT, Deed.SEND_BACK_REVIEW, Deed.REVISE},
        Status.ISSUE: {Deed.PASS_REVIEW},
        Status.ISSUED: {Deed.SIGN},
        Status.EVALUATING: {Deed.DELIVER},
    }
    for status, deeds in doors.items():
        assert {step.deed for step in TABLE if step.target == status} == deeds


def test_every_status_is_reached_and_left() -> None:
    ends = {Status.SUPERSEDED, Status.RETURNED, Status.WITHDRAWN, Status.NOTED, Status.REVOKED}
    for status in Status:
        assert status in {Status.PROPOSING, Status.NOTED} or any(step.target == status for step in TABLE)
        assert status in ends or any(status in step.sources for step in TABLE)
