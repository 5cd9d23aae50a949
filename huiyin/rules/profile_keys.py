"""办理规程的键：every value a profile has, what it is called, how it is read and how it is said."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from huiyin.rules.periods import Period
from huiyin.rules.profile_values import Ladder, Limit, days_of
from huiyin.rules.vocabulary import Rating, Role, Severity

OFF = "off"
LONGEST, LONGEST_VISIT = 731, 1830  # days, about: longer ones are slips of the pen
RISING = (
    Role.HANDLER, Role.SECTION_HEAD, Role.CLERK, Role.OFFICE_DIRECTOR, Role.BUSINESS_LEADER, Role.HANDLING_LEADER,
    Role.CHIEF_LEADER,
)  # fmt: skip
"""逐级: every post there is, from the handler up."""

# 读法：each takes the table at its key and answers with the value, or raises ValueError in a sentence.

Read = Callable[[dict[str, Any]], Any]


def _only(row: dict[str, Any], *fields: str, optional: Iterable[str] = ()) -> None:
    if missing := set(fields) - set(row):
        raise ValueError(f"缺少 {'、'.join(sorted(missing))}")
    if extra := set(row) - {*fields, *optional, "basis"}:
        raise ValueError(f"有不认识的写法 {'、'.join(sorted(extra))}")


def _texts(got: object) -> list[str]:
    """A list of words; ValueError for anything else."""
    if not isinstance(got, list) or not all(isinstance(one, str) and one.strip() for one in got):
        raise ValueError("应是文字的列表")
    return [one.strip() for one in got]


def _period(text: object, longest: float) -> Period | None:
    if not isinstance(text, str):
        raise ValueError("期限应写成 3m、15wd、20d 或 off")
    if text == OFF:
        return None
    found = Period.parse(text)
    if days_of(found) > longest:
        raise ValueError(f"{found.label}不可能：最长{longest // 365:g}年")
    return found


def _day(text: object) -> tuple[int, int]:
    try:
        day = date.fromisoformat(f"2024-{text}")
    except ValueError as error:
        raise ValueError(f"定日“{text}”应写成 05-31") from error
    if (day.month, day.day) == (2, 29):
        raise ValueError("定日不能是2月29日：不是每年都有")
    return day.month, day.day


def _limit(*more: str, must: bool = False, longest: float = LONGEST) -> Read:
    """A period, and where `more` says so a fixed day (by) or so long before the lead's reply (before_reply)."""

    def read(row: dict[str, Any]) -> Limit:
        _only(row, optional=("period", *more))
        if not set(row) & {"period", *more}:
            raise ValueError("缺少 period（没有这项期限写 off）")
        found = Limit(
            _period(row.get("period", OFF), longest),
            _day(row["by"]) if "by" in row else None,
            _period(row.get("before_reply", OFF), longest),
        )
        if must and found.period is None:
            raise ValueError("这项期限不能不设")
        return found

    return read


def _flag(row: dict[str, Any]) -> bool:
    _only(row, "value")
    if not isinstance(row["value"], bool):
        raise ValueError("应为 true 或 false")
    return row["value"]


def _whole(got: object, least: int, most: int) -> int:
    if not isinstance(got, int) or isinstance(got, bool) or not least <= got <= most:
        raise ValueError(f"应是{least}到{most}的整数")
    return got


def _count(least: int, most: int) -> Read:
    def read(row: dict[str, Any]) -> int:
        _only(row, "value")
        return _whole(row["value"], least, most)

    return read


def _one_of(*words: str) -> Read:
    def read(row: dict[str, Any]) -> str:
        _only(row, "value")
        if row["value"] not in words:
            raise ValueError(f"应是 {'、'.join(words)} 之一")
        return str(row["value"])

    return read


def _some_of(*words: str) -> Read:
    def read(row: dict[str, Any]) -> tuple[str, ...]:
        _only(row, "value")
        got = _texts(row["value"])
        if not got or set(got) - set(words) or len(set(got)) != len(got):
            raise ValueError(f"应从 {'、'.join(words)} 里选，至少一个，不重复")
        return tuple(got)

    return read


def _ratings(row: dict[str, Any]) -> tuple[Rating, ...]:
    found = [Rating(one) for one in _some_of(*(rating.value for rating in Rating))(row)]
    if found != [one for one in Rating if one in found]:
        raise ValueError(f"档次应从好到差排列：{'、'.join(one.value for one in Rating)}")
    return tuple(found)


def _names(row: dict[str, Any]) -> tuple[str, ...]:
    _only(row, "to")
    names = _texts(row["to"])
    if len(set(names)) != len(names):
        raise ValueError("单位名称重复")
    return tuple(names)


def _prefix(row: dict[str, Any]) -> str:
    _only(row, "prefix")
    got = row["prefix"]
    if not isinstance(got, str) or not 0 < len(got.strip()) <= 20 or set(got) & set("〔〕[]"):
        raise ValueError("代字应是20个字以内、不带括号的文字")
    return got.strip()


def _roles(posts: object) -> tuple[Role, ...]:
    named = _texts(posts)
    if not named:
        raise ValueError("一个岗位也没有：没有人能签")
    if unknown := [one for one in named if one not in RISING]:
        raise ValueError(
            f"没有岗位“{'”“'.join(unknown)}”，可用的有：{'、'.join(role.value for role in RISING)}"
        )
    if len(set(named)) != len(named):
        raise ValueError("岗位重复：同一个人不能签两次")
    return tuple(Role(post) for post in named)


def _chain(first: Role | None) -> Read:
    """Posts in order. The first of a review or assignment signs by putting it forward; somebody else must pass it."""

    def read(row: dict[str, Any]) -> tuple[Role, ...]:
        _only(row, "posts")
        posts = _roles(row["posts"])
        if first and posts[0] != first:
            raise ValueError(f"第一签应是{first.label}（{first.value}）")
        if first and len(posts) == 1:
            raise ValueError(f"只有{first.label}一签：没有别人能审，这一关过不去")
        return posts

    return read


def _ladder(row: dict[str, Any]) -> Ladder:
    _only(row, "days", "posts", "every", "after")
    days = row["days"]
    if not isinstance(days, list) or not days:
        raise ValueError("days 应是天数的列表，如 [15, 7, 3, 1]")
    days = [_within("days ", one, 1, 60) for one in days]
    if days != sorted(set(days), reverse=True):
        raise ValueError("days 应从大到小，不重复，如 [15, 7, 3, 1]")
    for field in ("posts", "after"):
        posts = _roles(row[field])
        if list(posts) != [one for one in RISING if one in posts]:
            raise ValueError(f"{field} 应由下到上排列：{'、'.join(role.value for role in RISING)}")
    return Ladder(
        tuple(days), _roles(row["posts"]), _within("every ", row["every"], 1, 30), _roles(row["after"])
    )


def _within(what: str, got: object, least: int, most: int) -> int:
    try:
        return _whole(got, least, most)
    except ValueError as error:
        raise ValueError(f"{what}{error}") from error


def _severity(row: dict[str, Any]) -> Severity:
    return Severity(_one_of(*(one.value for one in Severity))(row))


# 说法

SAID = {
    "lead": "领衔代表综合评价", "all": "每位代表评价，取最差", "attitude": "办理态度", "outcome": "办理结果",
    "assigned": "交办之日", "received": "收到之日", "returned": "收回的征询意见表", "replied": "已答复的全部件",
    "answered": "已答复件，逾期未评价的除外", "each": "逐人答复", "through_lead": "答复领衔代表，由其转告联名代表",
}  # fmt: skip


def said(value: Any) -> str:
    """A value as people read it."""
    if value == ():
        return "无"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Role | Rating):
        return value.label
    if isinstance(value, tuple):
        between = " → " if isinstance(value[0], Role) else "、"
        return between.join(said(one) for one in value)
    label = getattr(value, "label", None)
    return str(label if label is not None else SAID.get(value, value))


@dataclass(frozen=True)
class Key:
    """规程里的一个键. `optional`: a profile may leave it out, and then has no such rule."""

    path: str
    label: str
    read: Read
    optional: bool = False

    @property
    def section(self) -> str:
        return self.path.split(".", 1)[0]


SECTIONS = {
    "periods": "期限", "rolling": "起算与顺延", "extension": "延期", "contact": "沟通", "return_": "退办",
    "evaluation": "评价", "satisfaction": "满意度", "rehandling": "重新办理", "visits": "回访", "chains": "审签次序",
    "numbers": "发文代字", "copies": "抄送", "reply": "答复", "words": "用语", "checks": "送审检查", "warnings": "提醒",
    "supervision": "督办", "quality": "答复质量评分",
}  # fmt: skip

KEYS = (
    Key("periods.accept", "签收", _limit()),
    Key("periods.return", "申请退办", _limit(must=True)),
    Key("periods.contact", "首次沟通", _limit()),
    Key("periods.opinion", "协办意见", _limit("by", "before_reply")),
    Key("periods.resubmit", "协办意见退回重提", _limit(must=True)),
    Key("periods.reply", "建议答复", _limit("by", must=True)),
    Key("periods.reply_hard", "涉及面广、处理难度大的答复", _limit("by", must=True)),
    Key("periods.proposal", "提案答复（会议期间）", _limit("by", must=True)),
    Key("periods.proposal_between", "提案答复（平时）", _limit("by", must=True)),
    Key("periods.evaluation", "代表评价", _limit(must=True)),
    Key("periods.rehandling", "重新办理", _limit(must=True)),
    Key("periods.publication", "答复公开", _limit()),
    Key("periods.errand", "催办、督办的答复", _limit(must=True)),
    Key("rolling.months", "月数期满遇休息日顺延", _flag),
    Key("rolling.starts", "自哪一天起算", _one_of("assigned", "received"), optional=True),
    Key("extension.allowed", "可以申请延期", _flag),
    Key("extension.cap", "自交办之日起最长", _limit(must=True)),
    Key("extension.longest", "一次最多延长", _limit()),
    Key("extension.most", "最多延期次数", _count(0, 5)),
    Key("extension.agreed_by", "须经同意的机关", _names),
    Key("extension.tell_proposer", "延期须告知代表", _flag),
    Key("contact.required_before_review", "送审前必须有沟通记录", _flag),
    Key("return_.second_needs_chief", "再次申请退办须主要负责人签字", _flag),
    Key("evaluation.by", "联名件由谁评价", _one_of("lead", "all")),
    Key("evaluation.reminders", "催评次数", _count(0, 5)),
    Key("satisfaction.scale", "档次", _ratings),
    Key("satisfaction.questions", "问哪几项", _some_of("attitude", "outcome")),
    Key("satisfaction.numerator", "满意率的分子", _ratings),
    Key("satisfaction.denominator", "满意率的分母", _one_of("returned", "replied", "answered")),
    Key("rehandling.triggers", "哪项不满意须重新办理", _some_of("attitude", "outcome")),
    *(Key(f"visits.{one}", f"{one}类答复后回访", _limit(longest=LONGEST_VISIT), optional=True) for one in "ABCD甲乙丙丁"),
    Key("chains.assign", "交办关", _chain(Role.CLERK)),
    Key("chains.review", "审核关", _chain(Role.HANDLER)),
    Key("chains.review_key", "审核关（重点督办件）", _chain(Role.HANDLER), optional=True),
    Key("chains.review_led", "审核关（领衔办理件）", _chain(Role.HANDLER), optional=True),
    Key("chains.review_again", "审核关（二次、重新办理）", _chain(Role.HANDLER), optional=True),
    Key("chains.issue", "签发关", _chain(None)),
    Key("chains.issue_key", "签发关（重点督办件）", _chain(None), optional=True),
    Key("chains.issue_led", "签发关（领衔办理件）", _chain(None), optional=True),
    Key("chains.issue_again", "签发关（二次、重新办理）", _chain(None), optional=True),
    Key("chains.co_review", "协办意见审核", _chain(Role.HANDLER)),
    Key("chains.co_issue", "协办意见签发", _chain(None)),
    Key("numbers.reply", "答复", _prefix),
    Key("numbers.opinion", "协办意见", _prefix),
    Key("numbers.request", "征求协办意见函", _prefix, optional=True),
    Key("numbers.paper", "年度文稿（通知、通报、总结）", _prefix, optional=True),
    Key("numbers.urge", "催办单", _prefix),
    Key("numbers.supervise", "督办通知单", _prefix),
    Key("copies.suggestion", "建议答复抄送", _names),
    Key("copies.proposal", "提案答复抄送", _names),
    Key("reply.joint", "联名件的答复", _one_of("each", "through_lead"), optional=True),
    Key("reply.consult", "送审前须送代表征求意见", _flag, optional=True),
    Key("words.co", "协办还是会办", _one_of("协办", "会办")),
    Key("checks.contact", "沟通记录", _severity),
    Key("checks.opinions", "协办意见", _severity),
    Key("checks.class", "办理结果类别", _severity),
    Key("checks.disclosure", "公开属性", _severity),
    Key("checks.contact_line", "联系人和电话", _severity),
    Key("checks.title", "标题写明编号", _severity),
    Key("checks.points", "意见点逐条回应", _severity, optional=True),
    Key("checks.remarks", "批注处理完", _severity, optional=True),
    Key("warnings.main", "答复、协办意见", _ladder),
    Key("warnings.key", "重点督办件", _ladder),
    Key("warnings.minor", "其他时限", _ladder),
    Key("supervision.cold", "多少个工作日没有办理动作算停滞", _count(3, 120)),
    Key("quality.on_time", "按时答复", _count(0, 100)),
    Key("quality.contact_before", "办前沟通", _count(0, 100)),
    Key("quality.contact_during", "办中沟通", _count(0, 100)),
    Key("quality.contact_after", "办后沟通", _count(0, 100)),
    Key("quality.met", "当面沟通", _count(0, 100)),
    Key("quality.opinions", "协办意见有着落", _count(0, 100)),
    Key("quality.checks", "送审检查齐全", _count(0, 100)),
    Key("quality.first_pass", "一次审核通过", _count(0, 100)),
    Key("quality.support", "承诺、原因写明", _count(0, 100)),
)  # fmt: skip
PATHS = {key.path: key for key in KEYS}
