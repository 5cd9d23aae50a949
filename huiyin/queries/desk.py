"""我的待办 (S18): what waits for a person, until when and why; and whom he waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate

from huiyin.models import Assignment, Clock, Exemption, Extension, FollowUpVisit
from huiyin.queries import publishing
from huiyin.queries import supervision as errands
from huiyin.queries.ledger import contact_clock, rows
from huiyin.rules.dates import md
from huiyin.rules.periods import Light, Lit, Period, light
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import OPEN, OPEN_COMMITMENT, ClockKind, Deed, OpinionState, Part, Role, Status
from huiyin.rules.workflow import GATE_OF, allowed

VISIT_SOON = timedelta(days=15)
OFFICE = (  # where it is the office's move
    Status.PROPOSING, Status.RETURNING, Status.RETURN_REPORTED, Status.ISSUED, Status.EVALUATING, Status.DISSATISFIED,
)  # fmt: skip


@dataclass(frozen=True)
class Waiting:
    """一件待办：the deed, its date, the date's reason, and the light."""

    item: Assignment
    deed: Deed
    what: str
    due_on: date | None
    why: str
    lit: Lit
    act: int = 0  # the supervision it is about


@dataclass(frozen=True)
class Awaited:
    """我在等别人."""

    item: Assignment
    whom: str
    what: str
    since: datetime
    days: int


def waiting_for(actor: Actor, items: list[Assignment] | None = None) -> list[Waiting]:
    """What waits for him, most pressing first; of the items given, or of all that may wait for him."""
    every = items if items is not None else open_items(actor, may_wait(actor))
    found = [*_on(actor, every), *_errands(actor)]
    order = {Light.OVERDUE: 0, Light.NEAR: 1, Light.OK: 2, Light.NONE: 3, Light.DONE: 4}
    return sorted(
        found, key=lambda one: (order[one.lit.light], one.due_on or date.max, one.item.suggestion.number_key)
    )


def _on(actor: Actor, items: list[Assignment]) -> list[Waiting]:
    return [one for item in items for one in (_next(actor, item), *_besides(actor, item)) if one]


def waits_on(actor: Actor, items: list[Assignment]) -> int:
    """How much waits for him on these items, errands apart."""
    return len(_on(actor, items))


def _errands(actor: Actor) -> Iterator[Waiting]:
    """督办事项：to be answered by him, or settled."""
    for one in errands.mine(actor):
        why = f"{md(one.supervision.issued_on)}{one.supervision.issued_by.name}发"
        yield Waiting(
            one.assignment,
            Deed.ANSWER_ERRAND,
            f"答复{one.supervision}",
            one.due_on,
            why,
            errands.lit_of(one, actor.on),
            one.supervision_id,
        )
    for one in errands.to_settle(actor):
        why = f"{one.whom}{md(one.answered_on or actor.on)}答复"
        yield Waiting(
            one.assignment,
            Deed.SETTLE_ERRAND,
            f"看答复，给{one.supervision}销号",
            None,
            why,
            errands.lit_of(one, actor.on),
            one.supervision_id,
        )


def may_wait(actor: Actor) -> Q:
    """Items on which something can wait for him at all: so that a desk costs as much as lies on it, not as much as the
    unit has in hand."""
    his = Q(status__in=GATE_OF) & named(actor) | Q(pk__in=actor.promised)
    his |= Q(handler_id__in=actor.ids) | Q(section_head_id__in=actor.ids, status=Status.ACCEPTING)
    asked = Exemption.objects.filter(granted_at__isnull=True).values("assignment")
    his |= Q(status=Status.HANDLING, pk__in=asked)
    if actor.has(Role.CLERK, Role.OFFICE_DIRECTOR):
        extended = undecided().values("clock__assignment")
        his |= Q(status__in=OFFICE) | Q(pk__in=extended) | Q(pk__in=to_publish().values("assignment"))
    return his


def named(actor: Actor) -> Q:
    """Items that name him in any post."""
    found = Q()
    for role in Role:
        if role != Role.ADMINISTRATOR:
            found |= Q(**{f"{role.value}_id__in": actor.ids})
    return found


def undecided() -> QuerySet[Extension]:
    """延期 to be decided, or agreed to and not yet told."""
    return Extension.objects.filter(Q(agreed__isnull=True) | Q(agreed=True, told_on__isnull=True))


def visits_soon(actor: Actor) -> QuerySet[FollowUpVisit]:
    return FollowUpVisit.objects.filter(done_on__isnull=True, planned_on__lte=actor.on + VISIT_SOON)


def to_publish() -> QuerySet[Clock]:
    return Clock.objects.filter(kind=ClockKind.PUBLICATION, stopped_on__isnull=True)


def open_items(actor: Actor, narrowed: Q | None = None) -> list[Assignment]:
    """What he may see that is open or soon to be visited, with all that a look at a desk reads."""
    after = Q(pk__in=visits_soon(actor).values("assignment")) | Q(pk__in=to_publish().values("assignment"))
    ended = Q(status=Status.CLOSED) & after | Q(
        status=Status.SUPERSEDED, pk__in=to_publish().values("assignment")
    )
    found = rows(actor).filter(Q(status__in=OPEN) | ended, narrowed or Q())
    return list(
        found.prefetch_related(
            "sign_offs__signer", "sign_offs__person", "versions", "visits", "exemptions", "opinions__unit"
        ).select_related("clerk", "office_director", "handling_leader", "section_head", "business_leader", "chief_leader")
    )  # fmt: skip


FIRST = {
    Status.PROPOSING: (Deed.PROPOSE, "提出拟办意见"),
    Status.ASSIGNING: (Deed.PASS_ASSIGN, "交办关审签"),
    Status.ACCEPTING: (Deed.ACCEPT, "签收"),
    Status.RETURNING: (Deed.KEEP, "处理科室退办申请"),
    Status.RETURN_REPORTED: (Deed.RETURN_AGREED, "登记退办决定"),
    Status.REVIEW: (Deed.PASS_REVIEW, "审核关审签"),
    Status.ISSUE: (Deed.SIGN, "签发"),
    Status.DISSATISFIED: (Deed.REHANDLE, "登记重新办理通知"),
}


def _next(actor: Actor, item: Assignment) -> Waiting | None:
    """The one thing he should do on this item now, or None."""
    status = Status(item.status)
    if status in FIRST:
        deed, what = FIRST[status]
        return _row(actor, item, deed, what, *_date(item)) if allowed(actor, item, deed) else None
    finder = {
        Status.HANDLING: _handling, Status.ISSUED: _issued, Status.EVALUATING: _evaluating,
        Status.TRACKING: _tracking, Status.CLOSED: _visiting,
    }.get(status)  # fmt: skip
    return finder(actor, item) if finder else None


def _row(
    actor: Actor,
    item: Assignment,
    deed: Deed,
    what: str,
    due_on: date | None,
    why: str,
    start: date | None = None,
) -> Waiting:
    clock = item.main_clock
    if clock and clock.paused and due_on == clock.due_on:
        return Waiting(item, deed, what, due_on, why, Lit(Light.NONE, "中止计时"))
    return Waiting(item, deed, what, due_on, why, light(due_on, on=actor.on, start=start or item.assigned_on))


def _date(item: Assignment) -> tuple[date | None, str]:
    """到期日和它的由来: the sign-in's own date while waiting for it, else the item's."""
    if item.status == Status.DISSATISFIED:
        return None, "不满意；等交办机关的重办通知"
    clock = item.clock(ClockKind.ACCEPT) if item.status == Status.ACCEPTING else None
    if clock and not clock.stopped_on:
        return clock.due_on, reason(clock, "交办", "签收")
    return main_date(item)


def main_date(item: Assignment) -> tuple[date | None, str]:
    clock = item.main_clock
    return (clock.due_on, reason(clock, "交办")) if clock else (item.due_on, "")


def reason(clock: Clock, started: str, what: str = "") -> str:
    """一个日期的由来, in a few words: 5月29日交办＋1个月，定于6月29日（暂定）."""
    why = f"{md(clock.start_on)}{started}"
    why += f"＋{Period.parse(clock.period).label}" if clock.period else ""
    if extension := clock.extension:
        why += f"，延期至{md(extension.to)}"
    elif clock.no_later_than and clock.no_later_than == clock.due_on:
        why += f"，定于{md(clock.no_later_than)}"
    why += what + ("，中止计时" if clock.paused else "")
    return why + ("（暂定）" if clock.provisional else "")


def _handling(actor: Actor, item: Assignment) -> Waiting | None:
    if any(one.granted_at is None for one in item.exemptions.all()) and allowed(
        actor, item, Deed.GRANT_EXEMPTION
    ):
        return _row(actor, item, Deed.GRANT_EXEMPTION, "批准免予办前沟通", *main_date(item))
    if not allowed(actor, item, Deed.DRAFT):
        return None
    if (clock := contact_clock(item)) and not any(one.granted_at for one in item.exemptions.all()):
        why = reason(clock, "交办", "首次沟通")
        return _row(actor, item, Deed.CONTACT, "与代表沟通并登记", clock.due_on, why)
    awaited = [one for one in item.opinions.all() if one.state == OpinionState.REQUESTED]
    if awaited and min(one.due_on for one in awaited) < actor.on:
        late = min(awaited, key=lambda one: one.due_on)
        return _row(
            actor,
            item,
            Deed.RECEIVE_OPINION,
            f"催{late.unit.short_name}{item.co}意见",
            late.due_on,
            "对方应于此日提出" + ("（暂定）" if late.due_provisional else ""),
        )
    what = (
        "修改退回的稿本"
        if item.submitted_version
        else ("起草答复" if item.part != Part.CO else f"起草{item.co}意见")
    )
    return _row(actor, item, Deed.DRAFT, what, *main_date(item))


def _issued(actor: Actor, item: Assignment) -> Waiting | None:
    if not allowed(actor, item, Deed.DELIVER if item.answers else Deed.DELIVER_OPINION) or item.reply is None:
        return None
    deed = Deed.DELIVER if item.answers else Deed.DELIVER_OPINION
    return _row(actor, item, deed, "用印送达", *main_date(item))


def _evaluating(actor: Actor, item: Assignment) -> Waiting | None:
    if not allowed(actor, item, Deed.EVALUATE):
        return None
    clock = item.clock(ClockKind.EVALUATION)
    due, why, start = (clock.due_on, reason(clock, "送达"), clock.start_on) if clock else (None, "", None)
    over = due is not None and due < actor.on
    return _row(
        actor,
        item,
        Deed.REMIND if over else Deed.EVALUATE,
        "催代表评价" if over else "收代表评价",
        due,
        why,
        start,
    )


def _tracking(actor: Actor, item: Assignment) -> Waiting | None:
    promises = [one for one in item.commitments.all() if one.state in OPEN_COMMITMENT]
    if not promises or not allowed(actor, item, Deed.PROGRESS):
        return None
    first = min(promises, key=lambda one: one.due_on)
    mine = first.owner_id in actor.ids or item.handler_id in actor.ids
    return _row(actor, item, Deed.PROGRESS, "落实承诺", first.due_on, "答复中的承诺期限") if mine else None


def _visiting(actor: Actor, item: Assignment) -> Waiting | None:
    planned = [one.planned_on for one in item.visits.all() if one.done_on is None]
    if not planned or min(planned) > actor.on + VISIT_SOON or item.handler_id not in actor.ids:
        return None
    return _row(actor, item, Deed.VISIT, "回访代表", min(planned), "按规程安排的回访")


def _besides(actor: Actor, item: Assignment) -> list[Waiting]:
    """What is to be done on an item beside its next step: an extension to record or to tell, a reply to publish."""
    found = []
    if item.extension_pending() and allowed(actor, item, Deed.EXTENSION_GRANTED):
        found.append(_row(actor, item, Deed.EXTENSION_GRANTED, "登记延期决定", *main_date(item)))
    told = item.extension_untold()
    if told and allowed(actor, item, Deed.TELL_EXTENSION):
        lit, since = (
            Lit(Light.NEAR, "还没有告知"),
            f"{md(told.decided_on)}已同意延期" if told.decided_on else "",
        )
        found.append(Waiting(item, Deed.TELL_EXTENSION, "把延期告知代表", None, since, lit))
    clock = item.clock(ClockKind.PUBLICATION)
    if clock and not clock.stopped_on:
        deed, what = publishing_step(item, actor)
        if deed:
            found.append(_row(actor, item, deed, what, clock.due_on, reason(clock, "签发"), clock.start_on))
    return found


def publishing_step(item: Assignment, actor: Actor) -> tuple[Deed | None, str]:
    """公开到了哪一步: the public version is made, confirmed by another person, then published; no deed where it is not his."""
    version = publishing.latest(item)
    if version is None or version.withdrawn_on:
        deed, what = Deed.PREPARE_PUBLIC, "制作公开稿"
    elif version.confirmed_at:
        deed, what = Deed.PUBLISH, "公开答复"
    else:
        deed, what = Deed.CONFIRM_PUBLIC, "核定公开稿"
    own = deed == Deed.CONFIRM_PUBLIC and version is not None and version.prepared_by_id == actor.person_id
    return (None if own or not allowed(actor, item, deed) else deed), what


def awaited_by(actor: Actor) -> list[Awaited]:
    """我在等谁：on items he handles or, as clerk, all items; longest first."""
    found = []
    for item in open_items(actor):
        mine = actor.person_id in {item.handler_id, item.clerk_id, item.section_head_id}
        if not mine or _next(actor, item):
            continue
        for whom, what, since in _holders(item):
            found.append(Awaited(item, whom, what, since, (actor.on - localdate(since)).days))
    return sorted(found, key=lambda one: -one.days)


def _holders(item: Assignment) -> list[tuple[str, str, datetime]]:
    if item.status in {Status.ASSIGNING, Status.REVIEW, Status.ISSUE}:
        role = item.next_post()
        person = item.person(role) if role else None
        last = max((one.at for one in item.live_sign_offs()), default=item.status_since)
        return [(person.name, item.get_status_display(), last)] if person else []
    if item.status == Status.ACCEPTING and item.section:
        return [(item.section.short_name, "签收", item.status_since)]
    if item.status == Status.HANDLING and item.handler:
        return [(item.handler.name, "办理", item.status_since)]
    if item.status == Status.EVALUATING:
        return [("代表", "评价", item.status_since)]
    return []
