"""台账 (S16): its columns, the rows a person may see, filtered, sorted; shared by the page and the export."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from huiyin.models import Assignment, Clock
from huiyin.queries.actors import items_for
from huiyin.queries.opinions import worst
from huiyin.rules.periods import Light, Lit, light
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import BEFORE_REPLY, MAIN_CLOCKS, OPEN, ClockKind, Level, Part, Status


@dataclass(frozen=True)
class Column:
    """台账的一列：its heading, its value as text, and the field it sorts by."""

    key: str
    label: str
    value: Callable[[Assignment], object]
    sort: str = ""
    on_page: bool = False
    dated: Callable[[Assignment, date], object] | None = None

    def read(self, item: Assignment, on: date) -> object:
        """Its value that day."""
        return self.dated(item, on) if self.dated else self.value(item)


def rows(actor: Actor) -> QuerySet[Assignment]:
    """All items he may see, with what the columns read."""
    return items_for(actor).select_related(
        "suggestion__meeting", "suggestion__category", "meeting", "section", "handler", "responsible_leader",
        "lead_unit", "organ", "unit",
    ).prefetch_related(
        "suggestion__proposers", "named_co_units", "replies__version", "replies__signatory", "evaluations",
        "contacts", "commitments", "class_changes", "opinions", "clocks__extensions",
    )  # fmt: skip


def search(words: str) -> Q:
    """编号、标题、正文、提出人: every word must be found somewhere."""
    found = Q()
    for word in words.split():
        found &= (
            Q(suggestion__number__icontains=word)
            | Q(suggestion__title__icontains=word)
            | Q(suggestion__text__icontains=word)
            | Q(suggestion__in=_proposed_by(word))
        )
    return found


def _proposed_by(word: str) -> QuerySet:  # type: ignore[type-arg]
    from huiyin.models import Proposer

    return Proposer.objects.filter(name__icontains=word, suggestion__confidential=False).values("suggestion")


def unanswered(found: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """未答复而时限在走的件: also an opinion found hollow, and none whose time is suspended."""
    running = Clock.objects.filter(
        assignment=OuterRef("pk"), kind__in=MAIN_CLOCKS, stopped_on__isnull=True, paused=False
    )
    return found.filter(Exists(running), status__in=BEFORE_REPLY)


def limit(item: Assignment, on: date) -> Lit:
    """办理时限的灯: done when the reply is out, else by the days left."""
    if item.reply is not None and item.status not in BEFORE_REPLY:  # an opinion found hollow is due again
        return light(item.due_on, on=on, done_on=item.reply.signed_on)
    if item.status not in OPEN:
        return light(None, on=on)
    if item.main_clock and item.main_clock.paused:
        return Lit(Light.NONE, "中止计时")
    return light(item.due_on, on=on, start=item.assigned_on)


def _reply(item: Assignment, name: str) -> object:
    return getattr(item.reply, name) if item.reply else ""


def _first_contact(item: Assignment) -> str:
    first = min(item.contacts.all(), key=lambda one: (one.on, one.pk), default=None)
    return f"{first.on} {first.get_method_display()}" if first else ""


def _evaluations(item: Assignment, read: Callable[[object], object]) -> str:
    return "；".join(str(read(one)) for one in item.evaluations.all())


def _commitments(item: Assignment, read: Callable[[object], object]) -> str:
    return "；".join(str(read(one)) for one in item.commitments.all())


HIDDEN = "（保密）"


def lead_name(item: Assignment) -> str:
    """领衔人；a list names nobody who asked for confidentiality (R7)."""
    if item.suggestion.confidential:
        return HIDDEN
    return item.suggestion.lead.name if item.suggestion.lead else ""


def _co_signers(item: Assignment) -> str:
    if item.suggestion.confidential:
        return HIDDEN
    return "、".join(one.name for one in item.suggestion.proposers.all() if not one.is_lead)


def _delegation(item: Assignment) -> str:
    lead = item.suggestion.lead
    return lead.delegation if lead and not item.suggestion.confidential else ""


def _lead_unit(item: Assignment) -> str:
    return (item.lead_unit or item.unit).name


COLUMNS = (
    Column("number", "编号", lambda i: i.suggestion.number, "suggestion__number_key", True),
    Column("kind", "类型", lambda i: i.suggestion.get_kind_display(), "suggestion__kind", True),
    Column("title", "标题", lambda i: i.suggestion.title, "suggestion__title", True),
    Column("lead", "领衔人", lead_name, "", True),
    Column("part", "办理方式", lambda i: i.part_label(), "part", True),
    Column("section", "承办科室", lambda i: i.section.name if i.section else "", "section__order", True),
    Column("handler", "承办人", lambda i: i.handler.name if i.handler else "", "handler__name", True),
    Column("status", "状态", lambda i: i.get_status_display(), "status", True),
    Column("due_on", "办理时限", lambda i: i.due_on, "due_on", True),
    Column("provisional", "时限暂定", lambda i: "暂定" if i.due_provisional else ""),
    Column("outcome", "办理结果", lambda i: _reply(i, "version").outcome_class if i.reply else "", "", True),  # type: ignore[attr-defined]
    Column("rating", "结果评价", lambda i: _evaluations(i, lambda e: e.get_outcome_display()), "", True),  # type: ignore[attr-defined]
    Column("meeting", "届次", lambda i: i.suggestion.meeting.name, "suggestion__meeting__year"),
    Column("counted", "承办年度", lambda i: i.meeting.name, "meeting__year"),
    Column("origin", "来源", lambda i: i.suggestion.get_origin_display()),
    Column("co_signers", "联名人", _co_signers),
    Column("proposers", "人数", lambda i: len(i.suggestion.proposers.all())),
    Column("delegation", "代表团（界别）", _delegation),
    Column("category", "内容分类", lambda i: i.suggestion.category.name if i.suggestion.category else ""),
    Column("round", "轮次", lambda i: i.get_round_kind_display()),
    Column("level", "办理层级", lambda i: i.suggestion.get_level_display()),
    Column("organ", "交办机关", lambda i: i.organ.name if i.organ else ""),
    Column("assigned_on", "交办日期", lambda i: i.assigned_on, "assigned_on"),
    Column("lead_unit", "主办单位", _lead_unit),
    Column("co_units", "协办单位", lambda i: "、".join(u.name for u in i.named_co_units.all())),
    Column("leader", "责任领导", lambda i: i.responsible_leader.name if i.responsible_leader else ""),
    Column("phone", "电话", lambda i: i.handler.phone if i.handler else ""),
    Column("accepted_on", "签收日期", lambda i: i.accepted_on or "", "accepted_on"),
    Column("contact", "首次沟通", _first_contact),
    Column("opinions_state", "协办意见", lambda i: "", dated=lambda i, on: worst(i, on) or ""),
    Column("opinions", "协办意见到达日", lambda i: "；".join(str(o.received_on) for o in i.opinions.all() if o.received_on)),
    Column("reply_number", "答复文号", lambda i: _reply(i, "number")),
    Column("signatory", "签发人", lambda i: _reply(i, "signatory")),
    Column("signed_on", "答复日期", lambda i: _reply(i, "signed_on")),
    Column("disclosure", "公开属性", lambda i: i.reply.version.get_disclosure_display() if i.reply else ""),
    Column("attitude", "态度评价", lambda i: _evaluations(i, lambda e: e.get_attitude_display())),  # type: ignore[attr-defined]
    Column("rated_on", "评价日期", lambda i: _evaluations(i, lambda e: e.on)),  # type: ignore[attr-defined]
    Column("mode", "评价方式", lambda i: _evaluations(i, lambda e: e.get_mode_display())),  # type: ignore[attr-defined]
    Column("reason", "不满意理由", lambda i: _evaluations(i, lambda e: e.reason)),  # type: ignore[attr-defined]
    Column("promises", "承诺事项", lambda i: _commitments(i, lambda c: c.content)),  # type: ignore[attr-defined]
    Column("promised_on", "承诺时限", lambda i: _commitments(i, lambda c: c.due_on)),  # type: ignore[attr-defined]
    Column("kept", "落实状态", lambda i: _commitments(i, lambda c: c.get_state_display())),  # type: ignore[attr-defined]
    Column("current", "现类别", lambda i: i.current_class()),
)  # fmt: skip
SORTS = {column.key: column.sort for column in COLUMNS if column.sort}


def ordered(found: QuerySet[Assignment], sort: str) -> QuerySet[Assignment]:
    """Sorted by a column's key, "-" before it for downwards; otherwise the latest year first, by number."""
    down, key = sort.startswith("-"), sort.lstrip("-")
    by = [f"-{SORTS[key]}" if down else SORTS[key]] if key in SORTS else []
    return found.order_by(*by, "-meeting__year", "meeting", "suggestion__number_key", "pk")


def tags(item: Assignment) -> list[tuple[str, str]]:
    """(字样, 样式) beside a title."""
    found = []
    if item.suggestion.level != Level.ORDINARY:
        found.append((item.suggestion.get_level_display(), "key"))
    if item.round > 1:
        found.append((item.get_round_kind_display(), "now"))
    if item.suggestion.confidential:
        found.append(("要求保密", ""))
    return found


def marks(item: Assignment, on: date) -> list[tuple[str, str]]:
    """`tags`, and how its co-handlers' opinions stand that day (their rows prefetched)."""
    found = worst(item, on)
    return [*tags(item), *([found.tag] if found else [])]


def contact_clock(item: Assignment) -> Clock | None:
    """首次沟通的时限, while nobody has been contacted."""
    if item.part == Part.CO or item.status != Status.HANDLING or item.contacts.all():
        return None
    running = (one for one in item.clocks.all() if one.kind == ClockKind.CONTACT and not one.stopped_on)
    return next(running, None)
