"""封闭词表：every closed list of the field, each English word beside its one Chinese term (docs/glossary.md)."""

from enum import StrEnum
from typing import Self


class Term(StrEnum):
    """词：`value` is stored, `label` is what officials read."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        return [(member.value, member.label) for member in cls]

    @classmethod
    def of(cls, label: str) -> Self:
        """The member whose Chinese label is `label`; ValueError lists what is allowed."""
        for member in cls:
            if member.label == label.strip():
                return member
        raise ValueError(f"“{label}”不在可用的词里：{'、'.join(m.label for m in cls)}")


class Kind(Term):
    """类型 (R1)."""

    SUGGESTION = "suggestion", "建议"
    PROPOSAL = "proposal", "提案"


class Origin(Term):
    """来源 (R1)."""

    SESSION = "session", "大会"
    BETWEEN = "between", "闭会"
    FROM_BILL = "from_bill", "议案转建议"
    CARRIED = "carried", "上年结转"
    INSPECTION = "inspection", "视察调研意见"


class Part(Term):
    """办理方式：what a unit owes on a suggestion (R11)."""

    SOLE = "sole", "独办"
    LEAD = "lead", "主办"
    SEPARATE = "separate", "分办"
    CO = "co", "协办"
    INFO = "info", "参阅"


ANSWERING = frozenset({Part.SOLE, Part.LEAD, Part.SEPARATE})  # parts that answer the proposer


class RoundKind(Term):
    """轮次性质 (R56, R61)."""

    FIRST = "first", "首次办理"
    SECOND = "second", "二次办理"
    REHANDLING = "rehandling", "重新办理"


class Level(Term):
    """办理层级：分级办理 (S14, R65)."""

    ORDINARY = "ordinary", "一般"
    LED = "led", "领衔办理"
    KEY = "key", "重点督办"


class Role(Term):
    """岗位：双线三把关的六个岗位，另有主要领导和系统管理员 (S9, R12)."""

    CLERK = "clerk", "专职人员"
    OFFICE_DIRECTOR = "office_director", "办公室主任"
    HANDLING_LEADER = "handling_leader", "分管办理工作的局领导"
    HANDLER = "handler", "承办人"
    SECTION_HEAD = "section_head", "承办科室负责人"
    BUSINESS_LEADER = "business_leader", "分管业务局领导"
    CHIEF_LEADER = "chief_leader", "主要领导"
    ADMINISTRATOR = "administrator", "系统管理员"


HANDLING_LINE = (Role.CLERK, Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER)  # 办理线
BUSINESS_LINE = (Role.HANDLER, Role.SECTION_HEAD, Role.BUSINESS_LEADER)  # 业务线
SIX = BUSINESS_LINE + HANDLING_LINE
SECTION_ROLES = frozenset(BUSINESS_LINE)  # posts held for one section


class Gate(Term):
    """关口：三关 (S15)."""

    ASSIGN = "assign", "交办关"
    REVIEW = "review", "审核关"
    ISSUE = "issue", "签发关"


class Status(Term):
    """承办件的状态. Changed by one function only (huiyin.actions._take)."""

    PROPOSING = "proposing", "待拟办"
    ASSIGNING = "assigning", "交办关"
    ACCEPTING = "accepting", "待签收"
    RETURNING = "returning", "科室申请退办"
    RETURN_REPORTED = "return_reported", "已报交办机关退办"
    HANDLING = "handling", "办理中"
    REVIEW = "review", "审核关"
    ISSUE = "issue", "签发关"
    ISSUED = "issued", "已签发待送达"
    EVALUATING = "evaluating", "待评价"
    DISSATISFIED = "dissatisfied", "不满意待重办"
    TRACKING = "tracking", "承诺跟踪"
    CLOSED = "closed", "办结"
    SUPERSEDED = "superseded", "已转下一轮"
    RETURNED = "returned", "已退办"
    WITHDRAWN = "withdrawn", "已撤回"
    NOTED = "noted", "参阅"
    SPLIT = "split", "已分拆"
    REVOKED = "revoked", "已撤销登记"


BEFORE_REPLY = frozenset(
    {
        Status.PROPOSING,
        Status.ASSIGNING,
        Status.ACCEPTING,
        Status.RETURNING,
        Status.RETURN_REPORTED,
        Status.HANDLING,
        Status.REVIEW,
        Status.ISSUE,
    }
)
NOT_COUNTED = frozenset(
    {Status.RETURNED, Status.WITHDRAWN, Status.NOTED, Status.SPLIT, Status.REVOKED}
)  # out of every rate (R18, R67)
OPEN = BEFORE_REPLY | {Status.ISSUED, Status.EVALUATING, Status.DISSATISFIED, Status.TRACKING}


class Deed(Term):
    """办理动作：each deed a person can do on an item; the steps among them move the status."""

    PROPOSE = "propose", "提出拟办意见"
    PASS_ASSIGN = "pass_assign", "交办关通过"
    ACCEPT = "accept", "签收"
    ASK_RETURN = "ask_return", "申请退办"
    KEEP = "keep", "不同意退办"
    REASSIGN = "reassign", "改派科室"
    REPORT_RETURN = "report_return", "报交办机关退办"
    RETURN_AGREED = "return_agreed", "登记同意退办"
    RETURN_REFUSED = "return_refused", "登记不同意退办"
    SUBMIT = "submit", "送审"
    PASS_REVIEW = "pass_review", "审核通过"
    SIGN = "sign", "签发"
    SEND_BACK = "send_back", "退改"
    SEND_BACK_REVIEW = "send_back_review", "退回审核关"
    SEND_BACK_PROPOSE = "send_back_propose", "退回重新拟办"
    TAKE_BACK = "take_back", "撤回"
    DELIVER = "deliver", "登记送达"
    DELIVER_OPINION = "deliver_opinion", "送主办单位"
    HOLLOW = "hollow", "登记主办单位退回"
    CLOSE = "close", "办结"
    TRACK = "track", "转承诺跟踪"
    DISSATISFY = "dissatisfy", "登记不满意"
    REHANDLE = "rehandle", "开始重新办理"
    FULFIL = "fulfil", "承诺落实办结"
    SECOND_HANDLE = "second_handle", "转二次办理"
    WITHDRAW = "withdraw", "登记撤回"
    # deeds that do not move the status
    CHANGE_PEOPLE = "change_people", "调整经办人员"
    CONTACT = "contact", "登记沟通"
    ACTIVITY = "activity", "登记活动"
    ASK_EXEMPTION = "ask_exemption", "申请免予办前沟通"
    GRANT_EXEMPTION = "grant_exemption", "批准免予办前沟通"
    REQUEST_OPINION = "request_opinion", "请协办单位提意见"
    RECEIVE_OPINION = "receive_opinion", "登记协办意见"
    RETURN_OPINION = "return_opinion", "退回协办意见"
    USE_OPINION = "use_opinion", "标注采纳情况"
    MARK_MISSING = "mark_missing", "标注逾期未提交"
    DRAFT = "draft", "起草"
    EVALUATE = "evaluate", "登记评价"
    REMIND = "remind", "登记催评"
    LAPSE = "lapse", "登记逾期未评价"
    PROMISE = "promise", "列承诺事项"
    PROGRESS = "progress", "登记承诺进展"
    CONVERT = "convert", "B类转A类"
    PLAN_VISIT = "plan_visit", "安排回访"
    VISIT = "visit", "登记回访"
    ATTACH = "attach", "上传附件"
    # 时限
    ASK_EXTENSION = "ask_extension", "申请延期"
    EXTENSION_GRANTED = "extension_granted", "登记同意延期"
    EXTENSION_REFUSED = "extension_refused", "登记不同意延期"
    TELL_EXTENSION = "tell_extension", "登记延期告知代表"
    SUSPEND = "suspend", "登记中止计时"
    RESUME = "resume", "登记恢复计时"
    PUBLISH = "publish", "登记公开"
    MOVE_DATES = "move_dates", "时限随工作日历变动"
    # 督办
    URGE = "urge", "催办"
    SUPERVISE = "supervise", "督办"
    INSTRUCT = "instruct", "批示"
    RECEIVE_ERRAND = "receive_errand", "签收督办事项"
    ANSWER_ERRAND = "answer_errand", "答复督办事项"
    SETTLE_ERRAND = "settle_errand", "销号"
    RETURN_ERRAND = "return_errand", "退回重办督办事项"
    PLAN = "plan", "制定督办方案"
    MILESTONE = "milestone", "登记方案进展"
    TABLE = "table", "提请会议研究"
    DECIDE = "decide", "登记会议决定"
    # 意见点、并案、协办、起草
    SPLIT = "split", "分拆"
    MERGE = "merge", "并案"
    UNMERGE = "unmerge", "解除并案"
    POINTS = "points", "整理意见点"
    ANSWER_POINT = "answer_point", "填写逐条回应"
    PLAN_REQUESTS = "plan_requests", "拟定协办征求意见"
    SEND_REQUESTS = "send_requests", "发出协办征求意见"
    ACCEPT_OPINION = "accept_opinion", "登记协办单位签收"
    WITHDRAW_OPINION = "withdraw_opinion", "撤回协办征求意见"
    ASK_AGAIN = "ask_again", "再次征求协办意见"
    COUNTERSIGN = "countersign", "送协办单位会签"
    OPEN_LINK = "open_link", "开通协办填报链接"
    CLOSE_LINK = "close_link", "作废协办填报链接"
    REMARK = "remark", "批注"
    SETTLE_REMARK = "settle_remark", "处理批注"
    NEW_VERSION = "new_version", "另存新稿本"
    SHOW_DRAFT = "show_draft", "送代表征求意见"
    RECORD_VIEW = "record_view", "登记代表对稿本的意见"
    # 审签、送达、公开
    CORRECT = "correct", "文字更正"
    REVISE = "revise", "改稿"
    SEND_COPIES = "send_copies", "登记抄送"
    RECEIPT = "receipt", "登记回执"
    PREPARE_PUBLIC = "prepare_public", "制作公开稿"
    CONFIRM_PUBLIC = "confirm_public", "核定公开稿"
    UNPUBLISH = "unpublish", "撤下公开"
    # 台账导入
    CARRY_IN = "carry_in", "转入往年台账"
    AMEND = "amend", "更正登记"
    REVOKE = "revoke", "撤销登记"
    NOTE = "note", "登记归档号、备注"
    # deeds on no single item
    KEEP_PASSAGES = "keep_passages", "维护常用段落"
    SET_TEMPLATE = "set_template", "维护公文模板"
    SET_PUBLIC = "set_public", "开关公开页"
    REGISTER = "register", "登记建议"
    IMPORT = "import", "导入交办表"
    ORGANISE = "organise", "维护机构人员"
    SUMMARISE = "summarise", "生成年度总结"
    SET_CALENDAR = "set_calendar", "维护工作日历"
    CHOOSE_PROFILE = "choose_profile", "选定办理规程"
    CONVENE = "convene", "安排会议"
    UNDO_IMPORT = "undo_import", "撤销导入"
    SET_SCORING = "set_scoring", "设定考核方案"
    WRITE_PAPER = "write_paper", "起草年度文稿"
    ISSUE_PAPER = "issue_paper", "印发年度文稿"
    EXPORT = "export", "导出"


# Deeds that only chase or follow an item: after them it has still not been handled (停滞件)
CHASING = frozenset(
    {
        Deed.URGE, Deed.SUPERVISE, Deed.INSTRUCT, Deed.RECEIVE_ERRAND, Deed.SETTLE_ERRAND, Deed.RETURN_ERRAND,
        Deed.PLAN, Deed.TABLE, Deed.MOVE_DATES,
    }
)  # fmt: skip


# What an item owes to its import alone: one with nothing else on it may be revoked
REGISTERING = frozenset({Deed.REGISTER, Deed.CARRY_IN, Deed.AMEND})


class Stage(Term):
    """沟通阶段 (S13, R31)."""

    BEFORE = "before", "办前"
    DURING = "during", "办中"
    AFTER = "after", "办后"


class Method(Term):
    """沟通方式 (R32)."""

    VISIT = "visit", "走访"
    MEETING = "meeting", "面谈"
    SYMPOSIUM = "symposium", "座谈会"
    FIELD = "field", "调研"
    TELEPHONE = "telephone", "电话"
    MAIL = "mail", "邮件"
    LETTER = "letter", "书信"
    MESSAGE = "message", "微信/短信"
    OTHER = "other", "其他"


FACE_TO_FACE = frozenset({Method.VISIT, Method.MEETING, Method.SYMPOSIUM, Method.FIELD})  # 见面率 (R34)


class ActivityKind(Term):
    """活动 (S19)."""

    FIELD = "field", "调研"
    SYMPOSIUM = "symposium", "座谈"
    ON_SITE = "on_site", "现场办公"


class OpinionKind(Term):
    """向协办单位要什么 (R26, R28)."""

    OPINION = "opinion", "协办意见"
    COUNTERSIGN = "countersign", "会签"


class OpinionState(Term):
    """协办意见状态 (R26–R28)."""

    PLANNED = "planned", "待发出"
    REQUESTED = "requested", "待提交"
    RECEIVED = "received", "已提交"
    HOLLOW = "hollow", "已退回重提"
    MISSING = "missing", "逾期未提交"
    WITHDRAWN = "withdrawn", "已撤回"


SOUGHT = frozenset(
    {OpinionState.REQUESTED, OpinionState.RECEIVED, OpinionState.MISSING}
)  # what the lead must settle


AGREED = "同意"  # what a countersign says that has no views


class OpinionStanding(Term):
    """一件的协办意见总的怎样, worst first (S11): what its lists show."""

    LATE = "late", "逾期未交"
    RETURNED = "returned", "退回重提"
    WAITING = "waiting", "待提交"
    PLANNED = "planned", "待发出"
    UNMARKED = "unmarked", "未标注采纳"
    WITHOUT = "without", "已标逾期"
    SETTLED = "settled", "已齐"


class OpinionUse(Term):
    """协办意见采纳情况 (R28)."""

    PENDING = "pending", "未标注"
    ADOPTED = "adopted", "采纳"
    EXPLAINED = "explained", "说明"


class Disclosure(Term):
    """公开属性 (R47)."""

    FULL = "full", "主动公开"
    SUMMARY = "summary", "主动公开（摘要）"
    ON_REQUEST = "on_request", "依申请公开"
    NONE = "none", "不予公开"


class DeliveryMethod(Term):
    """送达方式 (R44)."""

    IN_PERSON = "in_person", "当面送达"
    POST = "post", "邮寄"
    ELECTRONIC = "electronic", "电子送达"


class PointState(Term):
    """意见点答得怎样."""

    OPEN = "open", "未答"
    LACKING = "lacking", "已答，缺措施或时限"
    ANSWERED = "answered", "已答"
    ELSEWHERE = "elsewhere", "另行说明"


class VersionOrigin(Term):
    """稿本的由来."""

    DRAFTED = "drafted", "起草"
    KEPT = "kept", "另存"
    SHOWN = "shown", "征求意见稿"
    IMPORTED = "imported", "导入的改稿"
    CORRECTED = "corrected", "文字更正"
    REVISED = "revised", "审签人改稿"
    LEDGER = "ledger", "往年台账"


class Standing(Term):
    """审签对应的文字 (R36): is what was signed what stands now?"""

    CURRENT = "current", "本稿已签"
    CORRECTED = "corrected", "签于上一稿，后有文字更正"
    OLDER = "older", "签于旧稿"
    STRUCK = "struck", "已作废"


class Consent(Term):
    """代表对征求意见稿的态度 (R35)."""

    AGREES = "agrees", "同意"
    SUGGESTS = "suggests", "有修改意见"
    OBJECTS = "objects", "不同意"
    SILENT = "silent", "未表示意见"


class PaperKind(Term):
    """公文和单据的种类."""

    REPLY = "reply", "答复函"
    REPLY_ORDINARY = "reply_ordinary", "答复（文件格式）"
    OPINION = "opinion", "协办意见函"
    REQUEST = "request", "征求协办意见函"
    CONSULTATION = "consultation", "征求意见稿"
    NOTICE = "notice", "办理工作通知"
    ASSIGNMENT = "assignment", "交办单"
    EVALUATION = "evaluation", "征询意见表"
    URGE = "urge", "催办单"
    SUPERVISE = "supervise", "督办通知单"
    VISIT = "visit", "回访记录单"
    FACE_REPLY = "face_reply", "当面答复记录"
    SIGNING = "signing", "审签单"
    LABELS = "labels", "信封标签"
    CHRONOLOGY = "chronology", "办理轨迹单"


class Rating(Term):
    """满意度的档次 (R50), best to worst; which of them a place uses, its profile says (satisfaction.scale)."""

    VERY = "very", "非常满意"
    SATISFIED = "satisfied", "满意"
    FAIR = "fair", "基本满意"
    UNDERSTANDING = "understanding", "理解"
    DISSATISFIED = "dissatisfied", "不满意"


class EntryMode(Term):
    """评价录入方式 (R51, R52)."""

    PAPER_BY_UNIT = "paper_by_unit", "纸质·单位代录"
    PAPER_BY_ORGAN = "paper_by_organ", "纸质·交办机关代录"
    ONLINE = "online", "本人在线"
    LEDGER = "ledger", "往年台账转入"


class CommitmentState(Term):
    """承诺事项状态 (R60)."""

    NOT_STARTED = "not_started", "未启动"
    UNDERWAY = "underway", "推进中"
    FULFILLED = "fulfilled", "已落实"
    IMPOSSIBLE = "impossible", "不能落实"


OPEN_COMMITMENT = frozenset({CommitmentState.NOT_STARTED, CommitmentState.UNDERWAY})


class ClockKind(Term):
    """时限种类. Of the first group an item has one at a time; the others are each for a row of their own."""

    ACCEPT = "accept", "签收"
    RETURN = "return", "申请退办"
    CONTACT = "contact", "首次沟通"
    REPLY = "reply", "书面答复"
    OPINION = "opinion", "提出协办意见"
    EVALUATION = "evaluation", "代表评价"
    PUBLICATION = "publication", "答复公开"
    ASKED = "asked", "协办单位提意见"
    PROMISE = "promise", "落实承诺"
    VISIT = "visit", "回访"
    ERRAND = "errand", "督办事项答复"
    MILESTONE = "milestone", "督办方案节点"


MAIN_CLOCKS = frozenset({ClockKind.REPLY, ClockKind.OPINION})
WINDOWS = frozenset({ClockKind.RETURN})  # a right that lapses, not a duty: nobody is warned


class SupervisionKind(Term):
    """督办的种类 (S17, R64)."""

    URGE = "urge", "催办"
    SUPERVISE = "supervise", "督办"
    INSTRUCTION = "instruction", "批示"
    DECISION = "decision", "会议决定"


NUMBERED = frozenset({SupervisionKind.URGE, SupervisionKind.SUPERVISE})


class SupervisionSource(Term):
    """督办的来由 (R64)."""

    OFFICE = "office", "办公室"
    LEADER = "leader", "局领导"
    INSPECTORATE = "inspectorate", "政府督查室"
    CONGRESS = "congress", "人大、政协机关"
    DEPUTY = "deputy", "代表（委员）"


class ErrandState(Term):
    """督办事项的状态."""

    SENT = "sent", "待签收"
    RECEIVED = "received", "待答复"
    ANSWERED = "answered", "待销号"
    SETTLED = "settled", "已销号"


OPEN_ERRAND = frozenset({ErrandState.SENT, ErrandState.RECEIVED, ErrandState.ANSWERED})


class NoticeKind(Term):
    """消息的种类."""

    WARNING = "warning", "时限提醒"
    ARRIVAL = "arrival", "新到待办"
    ERRAND = "errand", "催办、督办、批示"
    MOVED = "moved", "时限变动"
    DIGEST = "digest", "每日摘要"
    SYSTEM = "system", "系统提示"


class DispatchState(Term):
    """发送状态."""

    WAITING = "waiting", "待发送"
    SENDING = "sending", "发送中"
    SENT = "sent", "已发送"
    UNKNOWN = "unknown", "结果不明"
    FAILED = "failed", "未送达"


class Severity(Term):
    """检查项的效力 (R38)."""

    BLOCK = "block", "不过不能送审"
    WARN = "warn", "提醒"


class CheckState(Term):
    """一项检查的结果; the failing ones are named as the severity that made them so."""

    PASS = "pass", "通过"
    WARN = "warn", "提醒"
    BLOCK = "block", "未通过"


class ImportState(Term):
    """导入的一行怎样."""

    NEW = "new", "新登记"
    CHANGED = "changed", "更正"
    SAME = "same", "已有，不变"
    WRONG = "wrong", "有误"


class YearPaperKind(Term):
    """年度文稿 (S6, S28)."""

    NOTICE = "notice", "办理工作通知"
    BULLETIN = "bulletin", "办理情况通报"
    SUMMARY = "summary", "年度总结"


class YearPaperOrigin(Term):
    """文稿一稿的由来."""

    GENERATED = "generated", "按台账生成"
    EDITED = "edited", "修改"
    REFRESHED = "refreshed", "按台账更新数字"


class ScoreMode(Term):
    """考核指标怎样评分 (R72)."""

    RATE = "rate", "按比率"
    DEDUCT = "deduct", "按件扣分"
    BONUS = "bonus", "按件加分"
    BY_HAND = "by_hand", "人工评分"


class Idle(Term):
    """比率没有分母（不涉及）时怎样计分 (R72)."""

    LEFT_OUT = "left_out", "不计并折算"
    FULL = "full", "计满分"
