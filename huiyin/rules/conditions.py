"""办理条件：what must be true before a step, and the sentences shown when it is not.

A condition answers with every reason it fails for, each saying what is missing and so what mends it;
an empty tuple means it holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huiyin.rules import checks, errands
from huiyin.rules import permissions as p
from huiyin.rules.dates import zh
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import (
    OPEN_COMMITMENT,
    REGISTERING,
    ClockKind,
    Deed,
    Disclosure,
    Gate,
    Level,
    OpinionState,
    Status,
    VersionOrigin,
)

if TYPE_CHECKING:
    from huiyin.models import Assignment

Reasons = tuple[str, ...]


@dataclass(frozen=True)
class Condition:
    """条件：`label` goes to the documentation, `reasons` to the person. `quiet`: while it fails there is nothing to do,
    so the page does not offer the deed at all."""

    label: str
    reasons: Callable[[Assignment, Actor], Reasons]
    quiet: bool = False


def condition(
    label: str, *, quiet: bool = False
) -> Callable[[Callable[[Assignment, Actor], Reasons]], Condition]:
    return lambda function: Condition(label, function, quiet)


def _checked(label: str, *keys: str) -> Condition:
    """Holds when these rows of the check-list bar nothing, for the text being written or the one being signed."""
    rows = tuple(row for row in checks.ROWS if row.key in keys)

    def reasons(item: Assignment, _: Actor) -> Reasons:
        return checks.blocking(item, item.submitted_version if item.gate else item.draft, rows)

    return Condition(label, reasons)


people_complete = _checked("责任领导、承办科室、办理时限、双线六人和签发人齐全（R12）", "people")
levels_distinct = _checked("业务线三级不能是同一人", "levels")


@condition("未审签过本轮，也不是稿本起草人（R36）")
def not_signed_already(item: Assignment, actor: Actor) -> Reasons:
    signed = item.signed_as(actor.person_id)
    if not signed or item.next_person_id() not in actor.ids:  # not his turn anyhow: that is said elsewhere
        return ()
    if signed.is_submission:
        return ("本稿由您起草送审，不能再由您审签",)
    return (f"您已在本轮以{signed.get_role_display()}身份审签，不能再代他人审签",)


deputy_contacted = _checked("交办后已与代表沟通并记录，或经批准免予（R31）", "contact", "stages")
met_again = _checked("重新办理须再次当面沟通（R57）", "met_again")
key_item_met = _checked("重点督办件须当面听取代表意见（R65）", "met")
opinions_settled = _checked("协办意见均已提交或标注逾期，并标注采纳情况（R28）", "opinions")
sources_kept = _checked("采纳的协办意见在稿本中注明来源（S11）", "sources")
draft_complete = _checked(
    "稿本完整，意见点逐条答复，批注处理完（R38）", "text", "contact_line", "class", "disclosure", "title",
    "salutation", "copies", "points", "points_kept", "remarks",
)  # fmt: skip
class_supported = _checked("B类有承诺事项，C类说明原因（R41）", "support")
draft_consulted = _checked("规程要求的，已送代表征求意见（R35）", "consulted")
issue_ready = _checked("签发关检查清单没有未通过的（R38）", *(row.key for row in checks.of_gate(Gate.ISSUE)))


@condition("交办之日起未过申请退办期限（R16）")
def return_window_open(item: Assignment, actor: Actor) -> Reasons:
    clock = item.clock(ClockKind.RETURN)
    if clock is None or actor.on <= clock.due_on:
        return ()
    day = f"{clock.due_on.month}月{clock.due_on.day}日"
    return (f"申请退办期限已于{day}届满，逾期未提出退办申请的，不作调整",)


@condition("下一步还没有人办过")
def untouched(item: Assignment, _: Actor) -> Reasons:
    signed = [one for one in item.live_sign_offs() if not one.is_submission]
    if signed:
        return (f"{signed[0].signer.name}已审签，不能撤回；请审签人退改",)
    version = item.submitted_version if item.gate == Gate.REVIEW else None
    if version and version.origin == VersionOrigin.REVISED and version.submitted_by:
        return (f"{version}由{version.submitted_by.name}改稿，不能撤回；不同意的，请退改并写明理由",)
    return ()


@condition("登记以后还没有办理过（R74）")
def only_registered(item: Assignment, _: Actor) -> Reasons:
    done = [one for one in item.events.all() if one.deed not in REGISTERING]
    return (f"登记以后已经办理过（{done[0].get_deed_display()}），不能撤销登记",) if done else ()


@condition("全部收件人已送达（R44）")
def all_delivered(item: Assignment, _: Actor) -> Reasons:
    missing = item.undelivered()
    names = item.named(missing) if item.answers else "、".join(missing)  # whoever sees the item reads this
    return (f"还没有送达：{names}",) if missing else ()


@condition("评价已收齐（R55）")
def evaluated(item: Assignment, actor: Actor) -> Reasons:
    if item.evaluation_lapsed():
        return ()
    missing = item.unevaluated()
    return (f"还没有收到评价：{item.named(missing)}；逾期不等于满意",) if missing else ()


@condition("评价均不是不满意（R56）")
def satisfied(item: Assignment, _: Actor) -> Reasons:
    return ("代表评价为不满意，应重新办理",) if item.is_dissatisfied() else ()


@condition("有不满意的评价（R56）")
def dissatisfied(item: Assignment, _: Actor) -> Reasons:
    return () if item.is_dissatisfied() else ("没有不满意的评价",)


@condition("评价期已过（R53）")
def evaluation_over(item: Assignment, actor: Actor) -> Reasons:
    clock = item.clock(ClockKind.EVALUATION)
    if clock is None or actor.on > clock.due_on:
        return ()
    day = f"{clock.due_on.month}月{clock.due_on.day}日{'（暂定）' if clock.provisional else ''}"
    return (f"评价期到{day}，期满前不能登记逾期未评价",)


@condition("按规程催评过（R53）")
def evaluation_chased(item: Assignment, _: Actor) -> Reasons:
    wanted: int = item.profile.values["evaluation.reminders"]
    done = item.events.filter(deed=Deed.REMIND).count()
    return (f"逾期未评价前须催评{wanted}次，已登记{done}次",) if done < wanted else ()


@condition("须公开而还没有公开（R48）", quiet=True)
def to_be_published(item: Assignment, _: Actor) -> Reasons:
    found = _not_public(item)
    if item.reply and item.reply.published_on:
        found.append(f"已于{zh(item.reply.published_on)}登记公开")
    return tuple(found)


def _not_public(item: Assignment) -> list[str]:
    found = []
    if item.reply is None or item.reply.version.disclosure not in {Disclosure.FULL, Disclosure.SUMMARY}:
        found.append("本件答复不是主动公开的")
    if item.suggestion.confidential or item.suggestion.secret:
        found.append("代表要求保密的件和涉密件不得公开")
    return found


@condition("公开稿已制作并核定（R48）")
def public_confirmed(item: Assignment, _: Actor) -> Reasons:
    rows = list(item.reply.public_versions.all()) if item.reply else []
    last = max(rows, key=lambda one: one.number, default=None)
    if last is None or last.withdrawn_on is not None:
        return ("还没有制作公开稿",)
    return () if last.confirmed_at else (f"公开稿{last.number}还没有核定",)


@condition("本地规程许可延期（R23）", quiet=True)
def extension_allowed(item: Assignment, _: Actor) -> Reasons:
    return () if item.profile.values["extension.allowed"] else ("本件适用的办理规程没有延期",)


@condition("还没有到期（R23）")
def not_yet_due(item: Assignment, actor: Actor) -> Reasons:
    clock = item.main_clock
    if clock is None or actor.on <= clock.due_on:
        return ()
    return (f"时限已于{zh(clock.due_on)}届满，期满后不能再申请延期或中止计时，请抓紧办结",)


@condition("延期次数没有用完（R23）")
def extensions_left(item: Assignment, _: Actor) -> Reasons:
    most, clock = item.profile.values["extension.most"], item.main_clock
    agreed = clock.extensions.filter(agreed=True).count() if clock else 0
    return (f"最多延期{most}次，已同意{agreed}次",) if agreed >= most else ()


@condition("没有待决定的延期申请")
def no_extension_pending(item: Assignment, _: Actor) -> Reasons:
    asked = item.extension_pending()
    return (f"{zh(asked.asked_on)}已申请延期，等交办机关决定；决定前原时限照走",) if asked else ()


@condition("有待决定的延期申请", quiet=True)
def extension_pending(item: Assignment, _: Actor) -> Reasons:
    return () if item.extension_pending() else ("没有待决定的延期申请",)


@condition("延期已同意而没有告知代表（R23）", quiet=True)
def extension_untold(item: Assignment, _: Actor) -> Reasons:
    return () if item.extension_untold() else ("没有须告知代表的延期",)


@condition("正在中止计时", quiet=True)
def suspended(item: Assignment, _: Actor) -> Reasons:
    clock = item.main_clock
    return () if clock and clock.paused else ("本件没有中止计时",)


@condition("承诺事项全部了结（R60）")
def promises_kept(item: Assignment, _: Actor) -> Reasons:
    count = sum(one.state in OPEN_COMMITMENT for one in item.rows("commitments"))
    return (f"还有{count}项承诺未落实",) if count else ()


@condition("有未了结的承诺事项（R60）")
def promises_open(item: Assignment, _: Actor) -> Reasons:
    return (
        ()
        if any(one.state in OPEN_COMMITMENT for one in item.rows("commitments"))
        else ("没有未了结的承诺事项",)
    )


@condition("有待批准的免予沟通申请", quiet=True)
def exemption_asked(item: Assignment, _: Actor) -> Reasons:
    return () if item.exemption_pending() else ("没有待批准的申请",)


@condition("有未收到的协办意见，或盖章件还没有到", quiet=True)
def opinion_awaited(item: Assignment, _: Actor) -> Reasons:
    waiting = any(one.state == OpinionState.REQUESTED or one.awaits_paper for one in item.rows("opinions"))
    return () if waiting else ("没有待收的协办意见",)


@condition("有逾期未提交的协办意见", quiet=True)
def opinion_late(item: Assignment, actor: Actor) -> Reasons:
    late = any(one.state == OpinionState.REQUESTED and one.due_on < actor.on for one in item.rows("opinions"))
    return () if late else ("没有逾期未提交的协办意见",)


@condition("有已收到的协办意见", quiet=True)
def opinion_received(item: Assignment, _: Actor) -> Reasons:
    return _opinion(item, OpinionState.RECEIVED, "没有已收到的协办意见")


@condition("有拟好待发的征求意见", quiet=True)
def requests_planned(item: Assignment, _: Actor) -> Reasons:
    return _opinion(item, OpinionState.PLANNED, "没有拟好待发的征求意见")


@condition("有协办单位还没有签收", quiet=True)
def opinion_not_accepted(item: Assignment, _: Actor) -> Reasons:
    rows = item.rows("opinions")
    left = any(one.state == OpinionState.REQUESTED and one.accepted_on is None for one in rows)
    return () if left else ("协办单位都已签收",)


@condition("有未答复的征求意见", quiet=True)
def opinion_open(item: Assignment, _: Actor) -> Reasons:
    return _opinion(item, OpinionState.PLANNED, OpinionState.REQUESTED, "没有可撤回的征求意见")


@condition("有已了的征求意见", quiet=True)
def opinion_ended(item: Assignment, _: Actor) -> Reasons:
    ended = {OpinionState.RECEIVED, OpinionState.MISSING, OpinionState.WITHDRAWN}
    found = any(one.state in ended and not one.countersigns for one in item.rows("opinions"))
    return () if found else ("还没有征求过意见",)


@condition("在等协办单位的意见", quiet=True)
def opinion_waited_for(item: Assignment, _: Actor) -> Reasons:
    return _opinion(item, OpinionState.REQUESTED, "没有在等的协办意见")


def _opinion(item: Assignment, *states_and_reason: str) -> Reasons:
    *states, reason = states_and_reason
    return () if any(one.state in states for one in item.rows("opinions")) else (reason,)


@condition("有在用的填报链接", quiet=True)
def link_open(item: Assignment, _: Actor) -> Reasons:
    links = item.opinions.filter(answer_links__closed_at__isnull=True, answer_links__used_at__isnull=True)
    return () if links.filter(answer_links__isnull=False).exists() else ("没有在用的填报链接",)


@condition("已整理意见点", quiet=True)
def points_kept(item: Assignment, _: Actor) -> Reasons:
    return () if item.rows("points") else ("还没有整理意见点",)


@condition("不是涉密件（涉密件的内容不得录入）", quiet=True)
def not_secret(item: Assignment, _: Actor) -> Reasons:
    return ("涉密件的内容不得录入本系统",) if item.suggestion.secret else ()


@condition("首次办理、没有并案的件", quiet=True)
def first_round(item: Assignment, _: Actor) -> Reasons:
    if item.round > 1 or item.merged_into_id or item.rows("merged"):
        return ("二次办理、重新办理或已并案的件不能分拆",)
    return ()


@condition("没有并入别的件，也没有别的件并入", quiet=True)
def not_merged(item: Assignment, _: Actor) -> Reasons:
    return ("本件已在并案中",) if item.merged_into_id or item.rows("merged") else ()


@condition("已并入别的件", quiet=True)
def merged(item: Assignment, _: Actor) -> Reasons:
    return () if item.merged_into_id else ("本件没有并入别的件",)


@condition("已开始起草", quiet=True)
def draft_begun(item: Assignment, _: Actor) -> Reasons:
    return () if item.draft and item.draft.body.strip() else ("还没有起草稿本",)


@condition("有可批注的稿本", quiet=True)
def text_there(item: Assignment, _: Actor) -> Reasons:
    return () if item.rows("versions") else ("还没有稿本",)


@condition("有未处理的批注", quiet=True)
def remark_open(item: Assignment, _: Actor) -> Reasons:
    return () if item.open_remarks() else ("没有未处理的批注",)


@condition("在等代表对稿本的意见", quiet=True)
def view_awaited(item: Assignment, _: Actor) -> Reasons:
    rows = item.versions.filter(consultations__isnull=False, consultations__answered_on__isnull=True)
    return () if rows.exists() else ("没有在等意见的征求意见稿",)


@condition("还有没发出的抄送", quiet=True)
def copies_unsent(item: Assignment, _: Actor) -> Reasons:
    return () if item.uncopied() else ("抄送已全部发出",)


@condition("有已发出而没有回执的", quiet=True)
def receipt_awaited(item: Assignment, _: Actor) -> Reasons:
    return () if any(one.received_on is None for one in item.sent()) else ("没有等回执的送达",)


@condition("可以公开：主动公开，代表没有要求保密，不涉密（R47、R49）", quiet=True)
def may_be_public(item: Assignment, _: Actor) -> Reasons:
    return tuple(_not_public(item))


@condition("有待核定的公开稿", quiet=True)
def public_prepared(item: Assignment, _: Actor) -> Reasons:
    rows = list(item.reply.public_versions.all()) if item.reply else []
    last = max(rows, key=lambda one: one.number, default=None)
    return () if last is not None and last.confirmed_at is None else ("没有待核定的公开稿",)


@condition("正在公开", quiet=True)
def public_now(item: Assignment, _: Actor) -> Reasons:
    return () if item.reply and item.reply.published_on else ("本件答复没有公开",)


@condition("现类别需要跟踪（R61）")
def still_follow_up(item: Assignment, _: Actor) -> Reasons:
    letter = item.current_class()
    outcome = item.profile.classes.get(letter)
    return () if outcome and outcome.follow_up else (f"现类别为{letter or '—'}类，不需要转类",)


@condition("有待完成的回访")
def visit_planned(item: Assignment, _: Actor) -> Reasons:
    return () if item.visits.filter(done_on__isnull=True).exists() else ("没有安排待完成的回访",)


@condition("答复已签发")
def replied(item: Assignment, _: Actor) -> Reasons:
    return () if item.status in {Status.TRACKING, Status.CLOSED, Status.EVALUATING} else ("答复还没有送达",)


@condition("有可以催办的人或单位")
def urgeable(item: Assignment, actor: Actor) -> Reasons:
    if p.urges(actor, item) or not _opinion(item, OpinionState.REQUESTED, ""):
        return ()
    return ("承办人可以催协办单位，现在没有在等的协办意见",)


@condition("重点督办件（R65）", quiet=True)
def key_supervised(item: Assignment, _: Actor) -> Reasons:
    return () if item.suggestion.level == Level.KEY else ("不是重点督办件，不须制定督办方案",)


@condition("督办方案有未完成的节点", quiet=True)
def milestones_left(item: Assignment, _: Actor) -> Reasons:
    return () if item.open_milestones() else ("督办方案没有未完成的节点",)


@condition("已安排会议（S10）")
def meeting_to_come(item: Assignment, actor: Actor) -> Reasons:
    if item.unit.leaders_meetings.filter(on__gte=actor.on).exists() or p.office(actor, item):
        return ()
    return ("还没有安排近期的会议，请办公室先在“会议”里安排",)


@condition("有待登记决定的议题", quiet=True)
def on_agenda(item: Assignment, _: Actor) -> Reasons:
    return () if item.agenda.filter(decided_on__isnull=True).exists() else ("没有待登记决定的议题",)


def _errand(label: str, deed: Deed) -> Condition:
    def reasons(item: Assignment, actor: Actor) -> Reasons:
        found = [errands.refusals(one, deed, actor) for one in item.errands_with_people()]
        if any(not one for one in found):
            return ()
        return tuple(reason for one in found for reason in one) or ("没有督办事项",)

    return Condition(label, reasons, quiet=True)


errand_sent = _errand("有待签收的督办事项", Deed.RECEIVE_ERRAND)
errand_unanswered = _errand("有待答复的督办事项", Deed.ANSWER_ERRAND)
errand_answered = _errand("有待销号的督办事项（R64）", Deed.SETTLE_ERRAND)
errand_returnable = _errand("有已答复的督办事项", Deed.RETURN_ERRAND)
