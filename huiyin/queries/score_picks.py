"""考核的依据 (R72): what an indicator may be scored by, each in words, each a pick of items.

The rates are those of the figures, and two more: 承诺落实率 and the mean of 答复质量评分. An item counts once in a pick,
however often it failed there.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, Model, OuterRef, Q

from huiyin.models import (
    Activity,
    Assignment,
    Clock,
    Commitment,
    Contact,
    Errand,
    Event,
    Exemption,
    Extension,
    Milestone,
    ReplyVersion,
    SupervisionPlan,
)
from huiyin.models.profile import profile_of
from huiyin.queries.formulas import ANSWERS, BY_KEY, MAIN, RATES, overdue
from huiyin.queries.quality import SENT_BACK
from huiyin.rules.vocabulary import (
    MAIN_CLOCKS,
    OPEN_COMMITMENT,
    ClockKind,
    Deed,
    Level,
    Part,
    Rating,
    ScoreMode,
    Stage,
    Status,
    SupervisionKind,
    VersionOrigin,
)

Where = Callable[[date], Q]
QUALITY, KEPT = "quality", "kept"


@dataclass(frozen=True)
class Source:
    """依据：of a rate, or of a pick of items (`where`)."""

    key: str
    label: str
    words: str
    unit: str = "件"
    where: Where | None = None


def _has(model: type[Model], *more: Q, path: str = "assignment", **conditions: Any) -> Q:
    rows = model._default_manager.filter(*more, **{path: OuterRef("pk")}, **conditions)
    return Q(Exists(rows))


def _late(kind: ClockKind, on: date) -> Q:
    """A clock of this kind stopped after its date, or is past it now."""
    late = Q(stopped_on__gt=F("due_on")) | Q(stopped_on__isnull=True, paused=False, due_on__lt=on)
    return _has(Clock, late, kind=kind)


def missed(key: str, on: date) -> Q:
    """In a rate's denominator, not in its numerator."""
    return BY_KEY[key].missed(on)


def _no_contact_before(_: date) -> Q:
    sent = _has(ReplyVersion, ~Q(origin=VersionOrigin.LEDGER), submitted_at__isnull=False)
    spoken = _has(Contact, stage=Stage.BEFORE, on__gte=OuterRef("assigned_on"))
    return MAIN & ANSWERS & sent & ~spoken & ~_has(Exemption, granted_at__isnull=False)


def _untold(_: date) -> Q:
    """Where the item's own profile wants the proposer told (R23)."""
    names = Assignment.objects.order_by().values_list("profile_name", "profile_version").distinct()
    telling = Q(pk__in=[])
    for name, version in names:
        if profile_of(name, version).values["extension.tell_proposer"]:
            telling |= Q(profile_name=name, profile_version=version)
    agreed = _has(
        Extension, path="clock__assignment", clock__kind__in=MAIN_CLOCKS, agreed=True, told_on__isnull=True
    )
    return ANSWERS & telling & agreed


def _promise_late(on: date) -> Q:
    late = Q(state__in=OPEN_COMMITMENT, due_on__lt=on) | Q(done_on__gt=F("due_on"))
    return _has(Commitment, late)


def _errand_late(on: date) -> Q:
    late = Q(answered_on__gt=F("due_on")) | Q(answered_on__isnull=True, due_on__lt=on)
    return _has(Errand, late, outside__isnull=True)


def _milestone_late(on: date) -> Q:
    late = Q(done_on__gt=F("due_on")) | Q(done_on__isnull=True, due_on__lt=on)
    return _has(Milestone, late, path="plan__assignment")


def _rated(*ratings: Rating) -> Q:
    return Q(rated_on__isnull=False) & (Q(attitude__in=ratings) | Q(outcome__in=ratings))


def _sent_back() -> Q:
    return _has(Event, deed__in=SENT_BACK, source__in=(Status.REVIEW, Status.ISSUE))


def _chased(kind: SupervisionKind) -> Q:
    return _has(Errand, supervision__kind=kind, outside__isnull=True)


def _source(key: str, label: str, words: str, where: Q | Where) -> Source:
    return Source(key, label, words, where=where if callable(where) else lambda _: where)


FAILING = (
    _source("accept_late", "签收不及时", "过了签收时限才签收，或者过了时限还没有签收的件",
            lambda on: _late(ClockKind.ACCEPT, on)),
    _source("contact_late", "首次沟通不及时", "过了首次沟通时限才沟通，或者过了时限还没有沟通的件",
            lambda on: MAIN & ANSWERS & _late(ClockKind.CONTACT, on)),
    _source("no_contact", "没有与代表沟通", "主办（独办、分办）和二次办理件中没有沟通记录的件", lambda on: missed("contact", on)),
    _source("not_met", "没有当面沟通", "主办（独办、分办）和二次办理件中没有走访、面谈、座谈或调研记录的件", lambda on: missed("met", on)),
    _source("no_contact_before", "没有办前沟通就送审", "送过审、没有办前沟通记录、也没有批准免予办前沟通的主办和二次办理件",
            _no_contact_before),
    _source("not_on_time", "没有按时答复", "逾期答复和逾期未答复的件（协办为提出意见）", lambda on: missed("on_time", on)),
    _source("overdue", "逾期未答复", "过了办理时限还没有书面答复的主办（独办、分办）和二次办理件",
            lambda on: MAIN & ANSWERS & overdue(on)),
    _source("late", "逾期答复", "过了办理时限才书面答复的主办（独办、分办）和二次办理件", MAIN & ANSWERS & Q(late=True)),
    _source("co_late", "协办意见不按时", "过了时限才提出协办意见，或者过了时限还没有提出的协办件", lambda on: missed("co_on_time", on)),
    _source("hollow", "协办意见被主办单位退回", "提出的协办意见空洞、被主办单位退回重提的协办件",
            Q(part=Part.CO) & _has(Event, deed=Deed.HOLLOW)),
    _source("sent_back", "送审后被退改", "在审核关、签发关被退改过的件", lambda _: _sent_back()),
    _source("dissatisfied", "被评不满意", "首次评价对办理态度或者办理结果不满意的件", MAIN & _rated(Rating.DISSATISFIED)),
    _source("unsatisfied", "未计为满意", "计入满意率分母而没有计为满意的件（首次评价）", lambda on: missed("satisfied", on)),
    _source("no_form", "没有收回评价", "已送达答复而没有收回评价的件", lambda on: missed("returned_forms", on)),
    _source("untold", "延期没有告知代表", "延期已经同意、规程要求告知而没有登记告知代表的件", _untold),
    _source("promise_late", "承诺逾期", "有承诺事项过了完成期限没有了结，或者了结时已过期限的件", _promise_late),
    _source("no_promise", "列入跟踪而没有承诺事项", "答复类别须跟踪（B类）而没有列承诺事项的件", MAIN & ANSWERS & Q(to_turn=True, promises=0)),
    _source("no_plan", "重点件没有督办方案", "重点督办而没有制定督办方案的件",
            MAIN & Q(suggestion__level=Level.KEY) & ~_has(SupervisionPlan)),
    _source("milestone_late", "督办方案节点逾期", "督办方案有节点过了日期没有完成，或者完成时已过日期的件", _milestone_late),
    _source("urged", "被催办", "向本局人员发过催办单的件", lambda _: _chased(SupervisionKind.URGE)),
    _source("supervised", "被督办", "向本局人员发过督办通知单的件", lambda _: _chased(SupervisionKind.SUPERVISE)),
    _source("errand_late", "督办事项答复不及时", "催办、督办、批示、会议决定过了日期才答复，或者过了日期没有答复的件", _errand_late),
)  # fmt: skip
EARNING = (
    _source("turned", "B类转为A类", "答复为B类、现已转为A类的件", BY_KEY["turned"].numerator),
    _source("key_solved", "重点件已解决", "重点督办、领衔办理而现类别为已解决或者采纳（A类）的件",
            MAIN & ANSWERS & Q(suggestion__level__in=[Level.KEY, Level.LED], solved=True)),
    _source("very", "被评非常满意", "首次评价对办理结果非常满意的件", MAIN & Q(rated_on__isnull=False, outcome=Rating.VERY)),
    _source("activity", "开展过活动", "登记过调研、座谈、现场办公的件", MAIN & _has(Activity)),
    _source("met", "当面沟通过", "与代表当面沟通过的主办（独办、分办）和二次办理件", BY_KEY["met"].numerator),
)  # fmt: skip
_ANY = {"numerator": "办理规程所列档次", "denominator": "办理规程所定的件数"}
DIVIDED = (
    *(Source(one.key, one.label, one.words.format(**_ANY), one.unit) for one in RATES),
    Source(KEPT, "承诺落实率", "已落实的承诺项数 ÷ （已落实＋已到期未落实项数）", "项"),
    Source(QUALITY, "答复质量得分率", "已签发答复的质量得分 ÷ 适用指标的满分", "分"),
)
SOURCES: dict[ScoreMode, dict[str, Source]] = {
    ScoreMode.RATE: {one.key: one for one in DIVIDED},
    ScoreMode.DEDUCT: {one.key: one for one in FAILING},
    ScoreMode.BONUS: {one.key: one for one in EARNING},
    ScoreMode.BY_HAND: {},
}
KNOWN = {mode: {key: one.label for key, one in rows.items()} for mode, rows in SOURCES.items()}
