"""办理流程：THE table. Each row is one deed: from where, to where, by whom, what must be true, which clocks.

`STEPS` move the status; `ACTS` leave it where it is. Buttons, refusals, the diagram and the permission page
are made from these rows (`huiyin docs`); the only function that follows them is huiyin.actions._take.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from huiyin.rules import conditions as c
from huiyin.rules import permissions as p
from huiyin.rules.conditions import Condition
from huiyin.rules.permissions import Actor, Who
from huiyin.rules.vocabulary import ANSWERING, BEFORE_REPLY, OPEN, ClockKind, Deed, Gate, Part, Role, Status

if TYPE_CHECKING:
    from huiyin.models import Assignment

A, S = Deed, Status
EVERY = frozenset(Part)
CO = frozenset({Part.CO})
ANY = ANSWERING | CO


@dataclass(frozen=True)
class Step:
    """一个动作. `target` None: the status stays. `gate`: a sign-off is recorded, and the status moves when the
    last post of that gate's chain has signed."""

    deed: Deed
    sources: tuple[Status, ...]
    target: Status | None
    who: Who
    needs: tuple[Condition, ...] = ()
    parts: frozenset[Part] = ANY
    gate: Gate | None = None
    starts: tuple[ClockKind, ...] = ()
    stops: tuple[ClockKind, ...] = ()

    def fits(self, item: Assignment) -> bool:
        return item.status in self.sources and item.part in self.parts

    def idle(self, actor: Actor, item: Assignment) -> bool:
        """Nothing to do: what the deed answers or ends is not there."""
        return any(need.quiet and need.reasons(item, actor) for need in self.needs)

    def refusals(self, actor: Actor, item: Assignment, *, needs: bool = True) -> list[str]:
        """All reasons why he may not take this step now; empty when he may. Without `needs`, whatever must be true."""
        found = []
        if not self.fits(item):
            found.append(f"本件现为“{item.get_status_display()}”，不能{self.deed.label}")
        if not self.who(actor, item):
            found.append(f"须由{self.who.label}办理{item.holder_note(self.who is p.next_signer)}")
        if needs and self.fits(item):
            found += [item.profile.say(one) for need in self.needs for one in need.reasons(item, actor)]
        return found


SIGNED = (ClockKind.REPLY, ClockKind.OPINION, ClockKind.CONTACT, ClockKind.RETURN, ClockKind.ASKED)
OVER = (ClockKind.VISIT, ClockKind.MILESTONE)  # of a round that has a next one

STEPS = (
    # 交办关
    Step(A.PROPOSE, (S.PROPOSING,), S.ASSIGNING, p.clerk, (c.people_complete, c.levels_distinct)),
    Step(A.PASS_ASSIGN, (S.ASSIGNING,), S.ACCEPTING, p.next_signer,
         (c.people_complete, c.not_signed_already), gate=Gate.ASSIGN),
    Step(A.SEND_BACK, (S.ASSIGNING,), S.PROPOSING, p.next_signer),
    Step(A.TAKE_BACK, (S.ASSIGNING,), S.PROPOSING, p.clerk, (c.untouched,)),
    # 签收与退办
    Step(A.ACCEPT, (S.ACCEPTING,), S.HANDLING, p.section_head | p.handler, stops=(ClockKind.ACCEPT,)),
    Step(A.ASK_RETURN, (S.ACCEPTING, S.HANDLING), S.RETURNING, p.section_head | p.handler),
    Step(A.KEEP, (S.RETURNING,), S.ACCEPTING, p.office),
    Step(A.REASSIGN, (S.RETURNING,), S.PROPOSING, p.office),
    Step(A.REPORT_RETURN, (S.RETURNING,), S.RETURN_REPORTED, p.office, (c.return_window_open,)),
    Step(A.RETURN_AGREED, (S.RETURN_REPORTED,), S.RETURNED, p.clerk, stops=tuple(ClockKind)),
    Step(A.RETURN_REFUSED, (S.RETURN_REPORTED,), S.ACCEPTING, p.clerk),
    # 办理与审核关
    Step(A.SUBMIT, (S.HANDLING,), S.REVIEW, p.handler,
         (c.deputy_contacted, c.key_item_met, c.met_again, c.opinions_settled, c.sources_kept,
          c.draft_complete, c.class_supported, c.draft_consulted)),
    Step(A.TAKE_BACK, (S.REVIEW,), S.HANDLING, p.handler, (c.untouched,)),
    Step(A.PASS_REVIEW, (S.REVIEW,), S.ISSUE, p.next_signer, (c.not_signed_already,), gate=Gate.REVIEW),
    Step(A.SEND_BACK, (S.REVIEW, S.ISSUE), S.HANDLING, p.next_signer),
    Step(A.SEND_BACK_PROPOSE, (S.REVIEW, S.ISSUE), S.PROPOSING, p.next_signer),
    # 签发关
    Step(A.SEND_BACK_REVIEW, (S.ISSUE,), S.REVIEW, p.next_signer),
    Step(A.SIGN, (S.ISSUE,), S.ISSUED, p.next_signer, (c.not_signed_already, c.issue_ready),
         gate=Gate.ISSUE, stops=SIGNED),
    # 送达、评价
    Step(A.DELIVER, (S.ISSUED,), S.EVALUATING, p.clerk | p.handler, (c.all_delivered,), ANSWERING,
         starts=(ClockKind.EVALUATION,)),
    Step(A.DELIVER_OPINION, (S.ISSUED,), S.CLOSED, p.clerk | p.handler, (c.all_delivered,), CO, stops=(ClockKind.MILESTONE,)),
    Step(A.HOLLOW, (S.CLOSED,), S.HANDLING, p.clerk, (), CO, starts=(ClockKind.OPINION,)),
    Step(A.DISSATISFY, (S.EVALUATING,), S.DISSATISFIED, p.clerk, (c.evaluated, c.dissatisfied), ANSWERING,
         stops=(ClockKind.EVALUATION,)),
    Step(A.TRACK, (S.EVALUATING,), S.TRACKING, p.clerk, (c.evaluated, c.satisfied, c.promises_open), ANSWERING,
         stops=(ClockKind.EVALUATION,)),
    Step(A.CLOSE, (S.EVALUATING,), S.CLOSED, p.clerk, (c.evaluated, c.satisfied, c.promises_kept), ANSWERING,
         stops=(ClockKind.EVALUATION, ClockKind.MILESTONE)),
    Step(A.REHANDLE, (S.DISSATISFIED,), S.SUPERSEDED, p.clerk, (), ANSWERING, stops=OVER),
    # 承诺、二次办理、撤回
    Step(A.FULFIL, (S.TRACKING,), S.CLOSED, p.clerk | p.handler | p.commitment_owner, (c.promises_kept,), ANSWERING,
         stops=(ClockKind.MILESTONE,)),
    Step(A.SECOND_HANDLE, (S.TRACKING, S.CLOSED), S.SUPERSEDED, p.office, (c.still_follow_up,), ANSWERING,
         stops=OVER),
    # 一事一议：分拆成几件，各自办理、答复、评价（R3）
    Step(A.SPLIT, (S.PROPOSING,), S.SPLIT, p.office, (c.first_round, c.not_secret), ANSWERING, stops=tuple(ClockKind)),
    # 审签中改了文字：碰到哪些关，哪些关重新审签（R36）
    Step(A.REVISE, (S.REVIEW, S.ISSUE), S.REVIEW, p.next_signer),
    # 整批导入撤销：没有办理过的件（R74）
    Step(A.REVOKE, (S.PROPOSING, S.NOTED, S.CLOSED, S.TRACKING), S.REVOKED, p.office, (c.only_registered,), EVERY, stops=tuple(ClockKind)),
    Step(A.WITHDRAW, tuple(sorted(BEFORE_REPLY)), S.WITHDRAWN, p.clerk, stops=tuple(ClockKind)),
)  # fmt: skip

WORKING = (S.HANDLING,)
PENDING = tuple(sorted(BEFORE_REPLY))
ALIVE = (S.HANDLING, S.REVIEW, S.ISSUE, S.ISSUED, S.EVALUATING, S.DISSATISFIED, S.TRACKING)
AFTER = (S.EVALUATING, S.TRACKING, S.CLOSED)
STAFF = p.business_line | p.clerk
LIVE = tuple(sorted(OPEN))
KNOWN = tuple(sorted(set(Status) - {Status.NOTED}))

ACTS = (
    Step(A.CHANGE_PEOPLE, (*sorted(BEFORE_REPLY - {S.PROPOSING, S.ASSIGNING}), *ALIVE[3:]), None, p.office),
    Step(A.CONTACT, (*ALIVE, S.CLOSED), None, STAFF, parts=ANY),
    Step(A.ACTIVITY, (*ALIVE, S.CLOSED), None, STAFF | p.office_director),
    Step(A.ASK_EXEMPTION, WORKING, None, p.handler, parts=ANSWERING),
    Step(A.GRANT_EXEMPTION, WORKING, None, p.business_leader | p.chief_leader, (c.exemption_asked,), ANSWERING),
    Step(A.REQUEST_OPINION, WORKING, None, p.handler | p.clerk, parts=ANSWERING),
    Step(A.RECEIVE_OPINION, WORKING, None, p.handler | p.clerk, (c.opinion_awaited,), ANSWERING),
    Step(A.RETURN_OPINION, WORKING, None, p.handler, (c.opinion_received,), ANSWERING),
    Step(A.MARK_MISSING, WORKING, None, p.handler, (c.opinion_late,), ANSWERING),
    Step(A.USE_OPINION, WORKING, None, p.handler, (c.opinion_received,), ANSWERING),
    Step(A.PLAN_REQUESTS, WORKING, None, p.handler | p.clerk, parts=ANSWERING),
    Step(A.SEND_REQUESTS, WORKING, None, p.handler | p.clerk, (c.requests_planned,), ANSWERING),
    Step(A.ACCEPT_OPINION, WORKING, None, p.handler | p.clerk, (c.opinion_not_accepted,), ANSWERING),
    Step(A.WITHDRAW_OPINION, WORKING, None, p.handler | p.clerk, (c.opinion_open,), ANSWERING),
    Step(A.ASK_AGAIN, WORKING, None, p.handler, (c.opinion_ended,), ANSWERING),
    Step(A.COUNTERSIGN, WORKING, None, p.handler, (c.draft_begun,), ANSWERING),
    Step(A.OPEN_LINK, WORKING, None, p.handler | p.clerk, (c.opinion_waited_for,), ANSWERING),
    Step(A.CLOSE_LINK, WORKING, None, p.handler | p.clerk, (c.link_open,), ANSWERING),
    Step(A.POINTS, (S.ACCEPTING, S.HANDLING), None, p.handler | p.section_head | p.clerk, (c.not_secret,), ANSWERING),
    Step(A.ANSWER_POINT, WORKING, None, p.handler, (c.points_kept,), ANSWERING),
    Step(A.MERGE, (S.PROPOSING, S.ASSIGNING, S.ACCEPTING, S.HANDLING), None, p.office | p.handler, (c.not_merged,), ANSWERING),
    Step(A.UNMERGE, (S.PROPOSING, S.ASSIGNING, S.ACCEPTING, S.HANDLING), None, p.office | p.handler, (c.merged,), ANSWERING),
    Step(A.DRAFT, WORKING, None, p.handler),
    Step(A.NEW_VERSION, WORKING, None, p.handler, (c.draft_begun,)),
    Step(A.REMARK, (S.HANDLING, S.REVIEW, S.ISSUE), None, STAFF | p.office_director | p.leaders, (c.text_there,)),
    Step(A.SETTLE_REMARK, (S.HANDLING, S.REVIEW, S.ISSUE), None, p.handler | p.clerk, (c.remark_open,)),
    Step(A.SHOW_DRAFT, WORKING, None, p.handler | p.clerk, (c.draft_begun,), ANSWERING),
    Step(A.RECORD_VIEW, WORKING, None, p.handler | p.clerk, (c.view_awaited,), ANSWERING),
    Step(A.CORRECT, (S.REVIEW, S.ISSUE), None, p.handler | p.clerk),
    Step(A.SEND_COPIES, (S.ISSUED, *AFTER, S.DISSATISFIED, S.SUPERSEDED), None, p.clerk | p.handler, (c.copies_unsent,)),
    Step(A.RECEIPT, (S.ISSUED, *AFTER, S.DISSATISFIED, S.SUPERSEDED), None, p.clerk | p.handler, (c.receipt_awaited,)),
    Step(A.PREPARE_PUBLIC, (S.ISSUED, *AFTER, S.DISSATISFIED, S.SUPERSEDED), None, p.clerk | p.handler, (c.may_be_public,), ANSWERING),
    Step(A.CONFIRM_PUBLIC, (S.ISSUED, *AFTER, S.DISSATISFIED, S.SUPERSEDED), None, p.office | p.handling_leader, (c.public_prepared, c.may_be_public), ANSWERING),
    Step(A.UNPUBLISH, (*AFTER, S.DISSATISFIED, S.SUPERSEDED), None, p.office | p.handling_leader, (c.public_now,), ANSWERING),
    Step(A.PROMISE, (S.HANDLING, *AFTER), None, p.handler | p.clerk, parts=ANSWERING),
    Step(A.EVALUATE, (S.EVALUATING,), None, p.clerk, parts=ANSWERING),
    Step(A.REMIND, (S.EVALUATING,), None, p.clerk | p.handler, (c.evaluation_over,), ANSWERING),
    Step(A.LAPSE, (S.EVALUATING,), None, p.clerk, (c.evaluation_over, c.evaluation_chased), ANSWERING),
    Step(A.PROGRESS, (*AFTER, S.SUPERSEDED), None, STAFF | p.commitment_owner, (c.promises_open,), ANSWERING),
    Step(A.CONVERT, (S.TRACKING, S.CLOSED), None, p.clerk | p.handler, (c.still_follow_up, c.promises_kept), ANSWERING),
    Step(A.PLAN_VISIT, AFTER, None, p.clerk | p.handler, parts=ANSWERING),
    Step(A.VISIT, AFTER, None, STAFF, (c.visit_planned,), ANSWERING),
    Step(A.PUBLISH, (*AFTER, S.DISSATISFIED, S.SUPERSEDED), None, p.clerk | p.handler, (c.to_be_published, c.public_confirmed), ANSWERING),
    # 时限
    Step(A.ASK_EXTENSION, PENDING, None, p.handler | p.section_head | p.clerk,
         (c.extension_allowed, c.not_yet_due, c.extensions_left, c.no_extension_pending)),
    Step(A.EXTENSION_GRANTED, PENDING, None, p.clerk, (c.extension_pending,)),
    Step(A.EXTENSION_REFUSED, PENDING, None, p.clerk, (c.extension_pending,)),
    Step(A.TELL_EXTENSION, (*PENDING, *ALIVE[3:]), None, p.clerk | p.handler, (c.extension_untold,), ANSWERING),
    Step(A.SUSPEND, PENDING, None, p.clerk, (c.not_yet_due,)),
    Step(A.RESUME, PENDING, None, p.clerk, (c.suspended,)),
    # 督办
    Step(A.URGE, LIVE, None, p.urges | p.handler, (c.urgeable,)),
    Step(A.SUPERVISE, LIVE, None, p.urges),
    Step(A.INSTRUCT, LIVE, None, p.leaders),
    Step(A.RECEIVE_ERRAND, KNOWN, None, p.errand_owner | p.clerk, (c.errand_sent,)),
    Step(A.ANSWER_ERRAND, KNOWN, None, p.errand_owner | p.clerk, (c.errand_unanswered,)),
    Step(A.SETTLE_ERRAND, KNOWN, None, p.errand_issuer | p.clerk, (c.errand_answered,)),
    Step(A.RETURN_ERRAND, KNOWN, None, p.errand_issuer | p.clerk, (c.errand_returnable,)),
    Step(A.PLAN, LIVE, None, p.office | p.plan_leader, (c.key_supervised,)),
    Step(A.MILESTONE, LIVE, None, p.office | p.plan_leader, (c.milestones_left,)),
    Step(A.TABLE, LIVE, None, p.office | p.in_charge | p.handler, (c.meeting_to_come,)),
    Step(A.DECIDE, KNOWN, None, p.office, (c.on_agenda,)),
    Step(A.NOTE, tuple(sorted(set(Status) - {S.REVOKED})), None, p.office | p.handler, parts=EVERY),
    Step(A.AMEND, tuple(sorted(set(Status) - {S.REVOKED})), None, p.office, parts=EVERY),
    Step(A.ATTACH, (*sorted(BEFORE_REPLY), *ALIVE[3:], S.CLOSED), None, STAFF | p.office_director),
)  # fmt: skip

TABLE = STEPS + ACTS
# 在谁手上, outside the gates: whose move it is, the first of them first
HOLDERS: dict[Status, tuple[Role, ...]] = {
    S.PROPOSING: (Role.CLERK,), S.ACCEPTING: (Role.SECTION_HEAD, Role.HANDLER),
    S.RETURNING: (Role.CLERK, Role.OFFICE_DIRECTOR), S.RETURN_REPORTED: (Role.CLERK,), S.HANDLING: (Role.HANDLER,),
    S.ISSUED: (Role.CLERK,), S.EVALUATING: (Role.CLERK,), S.DISSATISFIED: (Role.CLERK,), S.TRACKING: (Role.HANDLER,),
}  # fmt: skip
GATE_OF = {S.ASSIGNING: Gate.ASSIGN, S.REVIEW: Gate.REVIEW, S.ISSUE: Gate.ISSUE}


def steps_from(item: Assignment) -> list[Step]:
    """The rows that fit where the item now is, in the order of the table."""
    return [step for step in TABLE if step.fits(item)]


def find(item: Assignment, deed: Deed) -> Step:
    """The row for a deed where the item now is, or else any row for it, whose refusals then say why not."""
    rows = [step for step in TABLE if step.deed == deed]
    return next((step for step in rows if step.fits(item)), rows[0])


def allowed(actor: Actor, item: Assignment, deed: Deed) -> bool:
    """The item stands where this is done, and he is who does it; whether all it needs is there, `refusals` says."""
    step = find(item, deed)
    return step.fits(item) and step.who(actor, item)


def refusals(actor: Actor, item: Assignment, deed: Deed) -> list[str]:
    """All reasons why he may not do it on this item now; empty when he may."""
    return find(item, deed).refusals(actor, item)
