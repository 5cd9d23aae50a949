"""办理页：each deed's form and the one action it calls. The page, the button and the refusal are the same for all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from huiyin.actions import (
    amending,
    consulting,
    contacting,
    convening,
    correcting,
    delivering,
    evaluating,
    filing,
    following,
    linking,
    merging,
    noting,
    planning,
    pointing,
    proposing,
    publishing,
    registering,
    remarking,
    replying,
    showing,
    signing,
    supervising,
    timing,
)
from huiyin.models import Assignment, Person
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed
from huiyin.web import forms
from huiyin.web.fields import DeedForm, Empty, Reason

Clean = dict[str, Any]
Run = Callable[[Assignment, Any, Person, datetime], Any]


@dataclass(frozen=True)
class Page:
    """一个动作的页：`button` is the verb and where it leads; `run` calls the one action.

    `supplies`: the form itself brings what the step waits for (people, a delivery, a rating).
    """

    deed: Deed
    form: type[DeedForm]
    run: Run
    button: str
    said: str = "已办理"
    main: bool = False
    supplies: bool = False
    group: str = ""  # the heading its button stands under


def _kw(form: Any, **names: str) -> Clean:
    """Cleaned data as the action's keywords, with some fields under the action's own names."""
    data = dict(form.cleaned_data)
    return {names.get(str(key), str(key)): value for key, value in data.items()}


def _without(data: Clean, *names: str) -> Clean:
    return {key: value for key, value in data.items() if key not in names}


D = Deed
PAGES = (
    Page(D.PROPOSE, forms.assigning.Propose, lambda i, f, by, at: proposing.propose(i, f.proposal(), by=by, at=at),
         "提出拟办意见，送交办关", "已送交办关（未审签前可撤回）", True, True),
    Page(D.PASS_ASSIGN, forms.assigning.Pass, lambda i, f, by, at: signing.pass_gate(i, by=by, at=at, **_kw(f)), "通过", "已通过", True),
    Page(D.PASS_REVIEW, forms.assigning.Pass, lambda i, f, by, at: signing.pass_gate(i, by=by, at=at, **_kw(f)), "审核通过", "已通过", True),
    Page(D.SIGN, forms.assigning.Pass, lambda i, f, by, at: signing.pass_gate(i, by=by, at=at, **_kw(f)), "签发", "已签发", True),
    Page(D.ACCEPT, Empty, lambda i, f, by, at: proposing.accept(i, by=by, at=at), "签收", "已签收", True),
    Page(D.ASK_RETURN, Reason, lambda i, f, by, at: proposing.ask_return(i, by=by, at=at, **_kw(f)), "申请退办（须写明理由）", "已报办公室"),
    Page(D.KEEP, Reason, lambda i, f, by, at: proposing.keep(i, by=by, at=at, **_kw(f)), "不同意退办，继续办理"),
    Page(D.REASSIGN, Reason, lambda i, f, by, at: proposing.reassign(i, by=by, at=at, **_kw(f)), "改派科室，重新拟办"),
    Page(D.REPORT_RETURN, forms.assigning.ReportReturn, lambda i, f, by, at: proposing.report_return(i, by=by, at=at, **_kw(f)), "报交办机关退办"),
    Page(D.RETURN_AGREED, forms.assigning.DecideReturn, lambda i, f, by, at: proposing.decide_return(i, agreed=True, by=by, at=at, **_kw(f, scan="paper")), "登记交办机关同意退办"),
    Page(D.RETURN_REFUSED, forms.assigning.DecideReturn, lambda i, f, by, at: proposing.decide_return(i, agreed=False, by=by, at=at, **_kw(f, scan="paper")), "登记交办机关不同意退办"),
    Page(D.NEW_VERSION, Empty, lambda i, f, by, at: replying.new_version(i, by=by, at=at), "另存新稿本", "已存档，接着写下一稿", group="稿本"),
    Page(D.SUBMIT, Empty, lambda i, f, by, at: replying.submit(i, by=by, at=at), "送审", "已送审（未审签前可撤回）", True),
    Page(D.SEND_BACK, forms.assigning.SendBack, lambda i, f, by, at: signing.send_back(i, by=by, at=at, **_kw(f)), "退改（须写明理由）", "已退改"),
    Page(D.REVISE, forms.correcting.Revise, lambda i, f, by, at: correcting.revise(i, f.draft(), seen=f.cleaned_data["seen"], reason=f.cleaned_data["reason"], by=by, at=at), "改稿（自己改文字，须写明理由）", "已改稿"),
    Page(D.CORRECT, forms.correcting.Correct, lambda i, f, by, at: correcting.correct(i, f.draft(), seen=f.cleaned_data["seen"], by=by, at=at), "文字更正", "已更正，已告知审签的人"),
    Page(D.REMARK, forms.drafting.RemarkOn, lambda i, f, by, at: remarking.remark(i, by=by, at=at, **f.facts()), "批注", "已批注，已告知承办人", group="稿本"),
    Page(D.SETTLE_REMARK, forms.drafting.SettleRemark, lambda i, f, by, at: remarking.settle(i, f.cleaned_data.pop("remark"), by=by, at=at, **_kw(f)), "处理批注", "批注已处理", group="稿本"),
    Page(D.SHOW_DRAFT, forms.drafting.ShowDraft, lambda i, f, by, at: showing.show_draft(i, by=by, at=at, **_kw(f)), "送代表征求意见", "已登记，送出的稿本已存档", group="稿本"),
    Page(D.RECORD_VIEW, forms.drafting.RecordView, lambda i, f, by, at: showing.record_view(i, f.cleaned_data.pop("consultation"), by=by, at=at, **_kw(f, scan="paper")), "登记代表对稿本的意见", "已登记代表意见", group="稿本"),
    Page(D.TAKE_BACK, Empty, lambda i, f, by, at: signing.take_back(i, by=by, at=at), "撤回", "已撤回"),
    Page(D.DELIVER, forms.delivering.Deliver, lambda i, f, by, at: delivering.deliver(i, by=by, at=at, **_kw(f, scan="receipt")), "登记送达", "已登记送达", True, True),
    Page(D.DELIVER_OPINION, forms.delivering.Deliver, lambda i, f, by, at: delivering.deliver(i, by=by, at=at, **_kw(f, scan="receipt")), "送主办单位", "已登记送达", True, True),
    Page(D.SEND_COPIES, forms.delivering.SendCopies, lambda i, f, by, at: delivering.send_copies(i, by=by, at=at, **_kw(f, scan="receipt")), "登记抄送", "已登记抄送", group="送达与公开"),
    Page(D.RECEIPT, forms.delivering.Receipt, lambda i, f, by, at: delivering.receipt(i, by=by, at=at, **_kw(f)), "登记回执", "已登记回执", group="送达与公开"),
    Page(D.PREPARE_PUBLIC, forms.publishing.PreparePublic, lambda i, f, by, at: publishing.prepare(i, by=by, at=at, **f.prepared()), "制作公开稿", "已制作公开稿，请另一人核定", group="送达与公开"),
    Page(D.CONFIRM_PUBLIC, forms.publishing.ConfirmPublic, lambda i, f, by, at: publishing.confirm(i, by=by, at=at, **_kw(f)), "核定公开稿", "已核定公开稿", group="送达与公开"),
    Page(D.UNPUBLISH, forms.publishing.Unpublish, lambda i, f, by, at: publishing.unpublish(i, by=by, at=at, **_kw(f)), "撤下公开", "已撤下公开", group="送达与公开"),
    Page(D.HOLLOW, forms.handling.Outside, lambda i, f, by, at: replying.take_hollow(i, by=by, at=at, **_kw(f, scan="paper")), "登记主办单位退回"),
    Page(D.REHANDLE, forms.handling.Rehandle, lambda i, f, by, at: evaluating.rehandle(i, by=by, at=at, **_kw(f, scan="paper")), "登记重办通知，开始重新办理", "已开始下一轮", True),
    Page(D.WITHDRAW, forms.handling.Withdraw, lambda i, f, by, at: registering.withdraw(i, by=by, at=at, **_kw(f, scan="paper")), "登记撤回"),
    Page(D.CHANGE_PEOPLE, forms.assigning.ChangePeople, lambda i, f, by, at: proposing.change_people(i, f.changed(), reason=f.cleaned_data["reason"], by=by, at=at), "调整经办人员"),
    Page(D.CONTACT, forms.handling.ContactForm, lambda i, f, by, at: contacting.record_contact(i, by=by, at=at, **_kw(f, scan="paper")), "登记沟通", "已登记沟通"),
    Page(D.ACTIVITY, forms.handling.ActivityForm, lambda i, f, by, at: contacting.record_activity(i, by=by, at=at, **_kw(f, papers="files")), "登记活动", "已登记活动"),
    Page(D.ASK_EXEMPTION, Reason, lambda i, f, by, at: contacting.ask_exemption(i, by=by, at=at, **_kw(f)), "申请免予办前沟通", "已报分管领导"),
    Page(D.GRANT_EXEMPTION, Empty, lambda i, f, by, at: contacting.grant_exemption(i, by=by, at=at), "批准免予办前沟通", "已批准"),
    Page(D.PLAN_REQUESTS, forms.consulting.PlanRequests, lambda i, f, by, at: consulting.plan_requests(i, f.asks(), by=by, at=at), "拟定一轮协办征求意见", "已拟定，核对后发出", group="协办"),
    Page(D.SEND_REQUESTS, forms.consulting.SendRequests, lambda i, f, by, at: consulting.send_requests(i, by=by, at=at, **_kw(f)), "发出拟定的征求意见", "已发出，各取文号", group="协办"),
    Page(D.REQUEST_OPINION, forms.consulting.RequestOpinion, lambda i, f, by, at: consulting.request_opinions(i, by=by, at=at, **_kw(f)), "请协办单位提意见", "已登记发函"),
    Page(D.ACCEPT_OPINION, forms.consulting.AcceptOpinion, lambda i, f, by, at: consulting.accept_opinion(i, by=by, at=at, **_kw(f)), "登记协办单位签收", "已登记签收", group="协办"),
    Page(D.OPEN_LINK, forms.consulting.OpenLink, lambda i, f, by, at: linking.open_link(i, by=by, at=at, **_kw(f)), "开通填报链接", "已开通", group="协办"),
    Page(D.CLOSE_LINK, forms.consulting.CloseLink, lambda i, f, by, at: linking.close_link(i, by=by, at=at, **_kw(f)), "作废填报链接", "链接已作废", group="协办"),
    Page(D.RECEIVE_OPINION, forms.consulting.ReceiveOpinion, lambda i, f, by, at: consulting.receive_opinion(i, by=by, at=at, **_kw(f, scan="paper", body="text")), "登记协办意见", "已登记协办意见"),
    Page(D.RETURN_OPINION, forms.consulting.ReturnOpinion, lambda i, f, by, at: consulting.return_opinion(i, by=by, at=at, **_kw(f)), "退回协办意见", group="协办"),
    Page(D.MARK_MISSING, forms.consulting.MarkMissing, lambda i, f, by, at: consulting.mark_missing(i, by=by, at=at, **_kw(f)), "标注逾期未提交", group="协办"),
    Page(D.WITHDRAW_OPINION, forms.consulting.WithdrawOpinion, lambda i, f, by, at: consulting.withdraw_opinion(i, by=by, at=at, **_kw(f)), "撤回征求意见（须写明理由）", "已撤回", group="协办"),
    Page(D.ASK_AGAIN, forms.consulting.AskAgain, lambda i, f, by, at: consulting.ask_again(i, by=by, at=at, **_kw(f)), "再次征求协办意见", "已登记发函", group="协办"),
    Page(D.USE_OPINION, forms.consulting.UseOpinion, lambda i, f, by, at: consulting.use_opinion(i, by=by, at=at, **_kw(f)), "标注采纳情况"),
    Page(D.COUNTERSIGN, forms.consulting.Countersign, lambda i, f, by, at: consulting.countersign(i, by=by, at=at, **_kw(f)), "送协办单位会签", "已送会签；送出的稿本已存档", group="协办"),
    Page(D.EVALUATE, forms.following.Evaluate, lambda i, f, by, at: evaluating.evaluate(i, by=by, at=at, **_kw(f)), "登记评价", "已登记评价", True, True),
    Page(D.LAPSE, forms.following.Lapse, lambda i, f, by, at: evaluating.lapse(i, by=by, at=at, **_kw(f)), "登记逾期未评价"),
    Page(D.PROMISE, forms.following.Promise, lambda i, f, by, at: following.promise(i, by=by, at=at, **_kw(f)), "列承诺事项", "已列承诺"),
    Page(D.PROGRESS, forms.following.ProgressForm, lambda i, f, by, at: following.progress(i, by=by, at=at, **_kw(f, body="text")), "登记承诺进展", "已登记进展"),
    Page(D.CONVERT, forms.following.Convert, lambda i, f, by, at: following.convert(i, by=by, at=at, **_kw(f)), "B类转A类", "已转类"),
    Page(D.PLAN_VISIT, forms.following.PlanVisit, lambda i, f, by, at: following.plan_visit(i, by=by, at=at, **_kw(f)), "安排回访"),
    Page(D.VISIT, forms.following.Visit, lambda i, f, by, at: following.visit(i, f.cleaned_data.pop("visit"), by=by, at=at, **_kw(f)), "登记回访", "已登记回访"),
    Page(D.REMIND, forms.following.Remind, lambda i, f, by, at: evaluating.remind(i, by=by, at=at, **_kw(f)), "登记催评", "已登记催评"),
    Page(D.PUBLISH, forms.following.Publish, lambda i, f, by, at: publishing.publish(i, by=by, at=at, **_kw(f)), "登记公开", "已登记公开", group="送达与公开"),
    Page(D.ASK_EXTENSION, forms.timing.AskExtension, lambda i, f, by, at: timing.ask_extension(i, by=by, at=at, **_kw(f)), "申请延期（须写明理由）", "已记下延期申请，请报交办机关；决定前原时限照走", group="时限"),
    Page(D.EXTENSION_GRANTED, forms.timing.GrantExtension, lambda i, f, by, at: timing.grant_extension(i, by=by, at=at, **{"agreed_by": [], **_kw(f, scan="paper")}), "登记同意延期", "已登记，时限已改，请告知代表", group="时限"),
    Page(D.EXTENSION_REFUSED, forms.timing.RefuseExtension, lambda i, f, by, at: timing.refuse_extension(i, by=by, at=at, **_kw(f, scan="paper")), "登记不同意延期", "已登记，原时限不变", group="时限"),
    Page(D.TELL_EXTENSION, forms.timing.TellExtension, lambda i, f, by, at: timing.tell_extension(i, by=by, at=at, **_kw(f)), "登记延期已告知代表", "已登记告知", group="时限"),
    Page(D.SUSPEND, forms.timing.Suspend, lambda i, f, by, at: timing.suspend(i, by=by, at=at, **_kw(f, scan="paper")), "登记中止计时", "已中止计时", group="时限"),
    Page(D.RESUME, forms.timing.Resume, lambda i, f, by, at: timing.resume(i, f.cleaned_data.pop("suspension"), by=by, at=at, **_kw(f)), "登记恢复计时", "已恢复计时", group="时限"),
    Page(D.RECEIVE_ERRAND, forms.supervising.ReceiveErrand, lambda i, f, by, at: supervising.receive(by=by, at=at, **_kw(f)), "签收督办事项", "已签收督办事项", group="督办"),
    Page(D.ANSWER_ERRAND, forms.supervising.AnswerErrand, lambda i, f, by, at: supervising.answer(by=by, at=at, **_kw(f, scan="paper", body="text")), "答复督办事项", "已答复督办事项", group="督办"),
    Page(D.SETTLE_ERRAND, forms.supervising.SettleErrand, lambda i, f, by, at: supervising.settle(by=by, at=at, **_kw(f)), "销号", "已销号", group="督办"),
    Page(D.RETURN_ERRAND, forms.supervising.ReturnErrand, lambda i, f, by, at: supervising.return_errand(by=by, at=at, **_kw(f)), "退回重办（须写明理由）", "已退回重办", group="督办"),
    Page(D.URGE, forms.supervising.Urge, lambda i, f, by, at: supervising.urge(f.targets(by), text=f.cleaned_data["body"], due_on=f.cleaned_data["due_on"], by=by, at=at), "发催办单", "已发催办单", group="督办"),
    Page(D.SUPERVISE, forms.supervising.Supervise, lambda i, f, by, at: supervising.supervise(f.targets(), by=by, at=at, **_without(_kw(f, scan="paper", body="text"), "owners")), "发督办通知单", "已发督办通知单", group="督办"),
    Page(D.INSTRUCT, forms.supervising.Instruct, lambda i, f, by, at: supervising.instruct(i, by=by, at=at, **_kw(f, body="text")), "批示", "已批示", group="督办"),
    Page(D.PLAN, forms.supervising.Plan, lambda i, f, by, at: planning.plan(i, by=by, at=at, **f.plan()), "制定（修改）督办方案", "已定督办方案", group="督办"),
    Page(D.MILESTONE, forms.supervising.MilestoneForm, lambda i, f, by, at: planning.milestone(i, f.cleaned_data.pop("milestone"), by=by, at=at, **_kw(f, body="text")), "登记方案节点完成", "已登记节点", group="督办"),
    Page(D.TABLE, forms.supervising.Table, lambda i, f, by, at: convening.table(i, by=by, at=at, **_kw(f)), "提请会议研究", "已列入议题", group="督办"),
    Page(D.DECIDE, forms.supervising.Decide, lambda i, f, by, at: convening.decide(i, f.cleaned_data.pop("agenda"), by=by, at=at, **_kw(f)), "登记会议决定", "已登记会议决定", group="督办"),
    Page(D.POINTS, forms.pointing.Points, lambda i, f, by, at: pointing.keep_points(i, f.texts(), by=by, at=at), "整理意见点", "意见点已存"),
    Page(D.ANSWER_POINT, forms.pointing.AnswerPoint, lambda i, f, by, at: pointing.answer_point(i, by=by, at=at, **_kw(f)), "填写逐条回应", "已填写"),
    Page(D.MERGE, forms.pointing.Merge, lambda i, f, by, at: merging.merge(i, by=by, at=at, **_kw(f)), "并案（并入另一件一并办理）", "已并案", group="并案、分拆"),
    Page(D.UNMERGE, Empty, lambda i, f, by, at: merging.unmerge(i, by=by, at=at), "解除并案", "已解除并案", group="并案、分拆"),
    Page(D.SPLIT, forms.pointing.Split, lambda i, f, by, at: merging.split(i, parts=f.parts(), by=by, at=at), "分拆成几件", "已分拆", group="并案、分拆"),
    Page(D.AMEND, forms.intake.Amend, lambda i, f, by, at: amending.amended(i, f.values(), reason=f.cleaned_data["reason"], by=by, at=at), "更正登记", "已更正，原值、新值都记入办理轨迹", group="登记"),
    Page(D.NOTE, forms.ledger.Note, lambda i, f, by, at: noting.note(i, by=by, at=at, **_kw(f, words="note")), "登记归档号、备注", "已登记", group="登记"),
    Page(D.ATTACH, forms.following.Attach, lambda i, f, by, at: filing.attach(i, by=by, at=at, **_kw(f, scan="upload")), "上传附件", "已上传"),
)  # fmt: skip
PAGE_OF = {page.deed: page for page in PAGES}
# One button leads to each: sending back is one page whatever the goal, and these follow by themselves.
WITHOUT_BUTTON = {
    D.SEND_BACK_REVIEW, D.SEND_BACK_PROPOSE, D.DRAFT, D.CLOSE, D.TRACK, D.DISSATISFY, D.FULFIL, D.SECOND_HANDLE,
    D.ANSWER_POINT,
}  # fmt: skip


def standing(page: Page, item: Assignment, actor: Actor) -> list[str]:
    """Why the deed cannot be done even before its form is looked at."""
    step = workflow.find(item, page.deed)
    reasons = step.refusals(actor, item)
    if page.supplies:
        waited = {reason for need in step.needs for reason in need.reasons(item, actor)}
        reasons = [one for one in reasons if one not in waited]
    return reasons
