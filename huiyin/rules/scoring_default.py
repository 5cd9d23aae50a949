"""出厂考核方案：100 分, a beginning that an office changes. After the practice of several places, in our own words; behind each
row the practice it follows."""

from decimal import Decimal as D  # noqa: N817

from huiyin.rules.scoring import Indicator
from huiyin.rules.vocabulary import Idle, ScoreMode

RATE, DEDUCT, BONUS, BY_HAND = ScoreMode.RATE, ScoreMode.DEDUCT, ScoreMode.BONUS, ScoreMode.BY_HAND

DEFAULT = (
    # 组织领导 10 分：a 120-mark scheme for proposals gives it 10; one of 达州 (2012) 10 for 工作责任
    Indicator("leading", "组织领导", "领导重视", BY_HAND, full=D(5), note="负责人亲自研究、带头沟通；有批示、有会议记录"),
    Indicator("staffed", "组织领导", "责任到人", BY_HAND, full=D(5), note="专人负责，台账及时，材料齐全"),
    # 办理程序 25 分：the same 120-mark scheme gives 工作程序 25; 长宁 (2022) scores 接收确认 and 程序
    Indicator("accepted", "办理程序", "按时签收", DEDUCT, "accept_late", full=D(5), step=D(1)),
    # 面商率 100% 记 5 分，每少 1 个百分点扣 1 分 (120-mark scheme)
    Indicator("contact", "办理程序", "沟通", RATE, "contact", full=D(5), step=D(1)),
    Indicator("met", "办理程序", "当面沟通", RATE, "met", full=D(5), step=D("0.2")),
    Indicator("before", "办理程序", "沟通在前", DEDUCT, "no_contact_before", full=D(5), step=D(1), note="先沟通，后起草"),
    # 协办意见在办结前 20 天 (凤阳): here by the date it was asked for
    Indicator("co", "办理程序", "协办按时", RATE, "co_on_time", full=D(5), step=D("0.5")),
    # 时限 20 分：承德 marks each item for 办理速度; 凤阳 takes off for late replies
    Indicator("on_time", "时限", "按时答复", RATE, "on_time", full=D(15), step=D("0.5")),
    Indicator("overdue", "时限", "逾期未答复", DEDUCT, "overdue", full=D(5), step=D(1)),
    # 质量 15 分：承德 marks each item for 答复质量; 空洞 −1 (宝鸡)
    Indicator("quality", "质量", "答复质量", RATE, "quality", full=D(8), target=D(95), step=D("0.2"), note="按答复质量评分的得分率"),
    Indicator("sent_back", "质量", "退改", DEDUCT, "sent_back", full=D(3), step=D("0.5")),
    Indicator("hollow", "质量", "协办意见空洞", DEDUCT, "hollow", full=D(4), step=D(1)),
    # 效果 15 分：满意率 98% (凤阳); 不满意 −0.2 每件 (宝鸡)
    Indicator("satisfied", "效果", "满意", RATE, "satisfied", full=D(10), target=D(98), step=D("0.5")),
    Indicator("dissatisfied", "效果", "不满意", DEDUCT, "dissatisfied", full=D(5), step=D(1)),
    # 落实 15 分：有条件未解决 −3、未制定计划 −2 (宝鸡); 青岛 weighs 落实率 more
    Indicator("kept", "落实", "承诺落实", RATE, "kept", full=D(7), step=D("0.1"), idle=Idle.FULL),
    Indicator("promised_late", "落实", "承诺逾期", DEDUCT, "promise_late", full=D(3), step=D(1)),
    Indicator("planned", "落实", "列入跟踪的有承诺", DEDUCT, "no_promise", full=D(3), step=D(2)),
    Indicator("key_plan", "落实", "重点件有方案", DEDUCT, "no_plan", full=D(2), step=D(1)),
    # 加分 (宝鸡 加减分): what was promised and is now solved
    Indicator("turned", "加分", "B类转A类", BONUS, "turned", full=D(5), step=D(1)),
)  # fmt: skip
