"""可引的数字: what each figure that a paper of the year may quote counts, in words, as a pick of items or as rows beside them.

`picks` are choices of items; `ROWS` are counted by their own rows: contacts, opinions, promises, visits, sections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Model, Q, QuerySet

from huiyin.models import Assignment, Commitment, Contact, CoOpinion, FollowUpVisit, Section
from huiyin.queries import figures, promises
from huiyin.queries.formulas import ANSWERS, ATTITUDE, COUNTS, MAIN, OUTCOME, RATES, SOON, overdue
from huiyin.rules.dates import md, zh
from huiyin.rules.vocabulary import (
    OPEN_COMMITMENT,
    OpinionKind,
    OpinionState,
    OpinionUse,
    RoundKind,
    Stage,
)

if TYPE_CHECKING:
    from huiyin.queries.quoted import Quoted

OUT = (OpinionState.REQUESTED, OpinionState.RECEIVED)


@dataclass(frozen=True)
class Pick:
    """件的选择: `counted`, and for a rate what it is divided by; of a section only, where one is named."""

    label: str
    words: str
    unit: str
    counted: Q
    among: Q | None = None


@dataclass(frozen=True)
class Behind:
    """数字背后: what it is, in what unit, its rows, and how a row reads. `rate`: each row says whether it is counted."""

    label: str
    words: str
    unit: str
    rows: QuerySet[Any]
    item: Callable[[Any], Assignment | None]
    note: Callable[[Any], str]
    rate: bool = False


def _then(on: date) -> dict[str, tuple[str, str, Q]]:
    """某日的数：（名称, 口径, 选择）, as the ledger stood that day by its own dates."""
    here = MAIN & Q(assigned_on__lte=on)
    unreplied = Q(replied_on__isnull=True) | Q(replied_on__gt=on)
    running = Q(running_on__isnull=False) | Q(replied_on__gt=on)  # a suspended one is not late
    return {
        "total": ("承办", "到当日已交办的件数（不含退办、撤回）", here),
        "replied": ("已答复", "到当日已书面答复（提出协办意见）的件数", here & Q(replied_on__lte=on)),
        "timely": ("按时答复", "到当日在时限内答复的件数", here & Q(replied_on__lte=on, late=False)),
        "waiting": ("未答复", "到当日还没有答复的件数", here & unreplied),
        "late": ("逾期未答复", "到当日过了办理时限还没有答复的件数",
                 here & ((unreplied & running & Q(due_on__lt=on)) | overdue(on))),
        "soon": (f"{SOON.days}日内到期", f"当日起{SOON.days}日内到办理时限、还没有答复的件数",
                 here & unreplied & running & Q(due_on__gte=on, due_on__lte=on + SOON)),
        "accepted": ("已签收", "到当日科室已签收的件数", here & Q(accepted_on__lte=on)),
        "answering": ("须答复代表（委员）", "到当日由本单位直接答复的件数", here & ANSWERS),
        "contacted": ("已沟通", "到当日与代表（委员）沟通过的件数", here & ANSWERS & Q(contacted_on__lte=on)),
        "met": ("已见面", "到当日与代表（委员）当面沟通过的件数", here & ANSWERS & Q(met_on__lte=on)),
        "rated": ("已收回评价", "到当日收回评价的件数", here & ANSWERS & Q(rated_on__lte=on)),
        "pleased": ("评价满意", "到当日收回评价、按办理规程计为满意的件数",
                    here & ANSWERS & Q(rated_on__lte=on) & ATTITUDE & OUTCOME),
    }  # fmt: skip


def _new(since: date, on: date) -> dict[str, tuple[str, str, Q]]:
    """上期以来：what came after `since`, up to `on`."""
    when = f"{md(since)}后、{md(on)}止"
    before, now = _then(since), _then(on)

    def within(name: str) -> Q:
        return MAIN & Q(**{f"{name}__gt": since, f"{name}__lte": on})

    return {
        "received": ("新交办", f"{when}交办的件数", within("assigned_on")),
        "replied": ("新答复", f"{when}答复的件数", within("replied_on")),
        "contacted": ("新沟通", f"{when}首次与代表（委员）沟通的件数", within("contacted_on") & ANSWERS),
        "rated": ("新收回评价", f"{when}收回评价的件数", within("rated_on") & ANSWERS),
        "late": ("新逾期", f"{md(since)}没有逾期、{md(on)}逾期未答复的件数", now["late"][2] & ~before["late"][2]),
        "cleared": ("逾期已答复", f"{md(since)}逾期未答复、{when}已答复的件数", before["late"][2] & within("replied_on")),
    }  # fmt: skip


RATES_THEN = {
    "completion": ("办结率", "replied", "total"), "on_time": ("按时答复率", "timely", "replied"),
    "contact": ("沟通率", "contacted", "answering"), "meeting": ("见面率", "met", "answering"),
    "satisfied": ("满意率", "pleased", "rated"),
}  # fmt: skip


def picks(on: date, since: date | None) -> dict[str, Pick]:
    """件的选择 by key, without a section."""
    found = {one.key: Pick(one.label, one.words, one.unit, one.pick) for one in COUNTS}
    ours = MAIN & ANSWERS & Q(round_kind=RoundKind.FIRST)
    found["ours"] = Pick("主办（独办、分办）", "主办、独办、分办件数（首次办理）", "件", ours)
    for rate in RATES:
        num, den = rate.numerator(on), rate.denominator(on)
        found[rate.key] = Pick(rate.label, figures.label_of(f"{rate.key}.num"), rate.unit, num, den)
        for side, name, picked in (("num", "分子", num), ("den", "分母", den)):
            words = figures.label_of(f"{rate.key}.{side}")
            found[f"{rate.key}.{side}"] = Pick(f"{rate.label}的{name}", words, rate.unit, picked)
    then = _then(on)
    for key, (label, words, picked) in then.items():
        found[f"at.{key}"] = Pick(label, words, "件", picked)
    for key, (label, above, below) in RATES_THEN.items():
        words = f"{then[above][0]}件数 ÷ {then[below][0]}件数，到当日止"
        found[f"at.{key}"] = Pick(label, words, "件", then[above][2], then[below][2])
    for key, (label, words, picked) in _new(since, on).items() if since else ():
        found[f"new.{key}"] = Pick(f"上期以来{label}", words, "件", picked)
    return found


def item_rows(label: str, words: str, unit: str, rows: figures.Items, rate: bool = False) -> Behind:
    rows = rows.select_related("suggestion__meeting", "section", "handler").order_by("number_key", "round")
    return Behind(label, words, unit, rows, lambda one: one, _where, rate)


def _where(item: Assignment) -> str:
    parts = [item.section.short_name if item.section else "", item.handler.name if item.handler else ""]
    parts.append(f"{md(item.replied_on)}答复" if item.replied_on else item.get_status_display())
    return "　".join(part for part in parts if part)


def _of(one: Any) -> Assignment:
    found: Assignment = one.assignment
    return found


def beside(model: type[Model], of: Quoted, **which: Any) -> QuerySet[Any]:
    rows = model._default_manager.filter(assignment__in=of.main.values("pk"), **which)
    return rows.select_related("assignment__suggestion__meeting")


def _contacts(stage: Stage | None) -> Callable[[Quoted], Behind]:
    def build(of: Quoted) -> Behind:
        rows = beside(Contact, of).filter(
            assignment__in=of.main.filter(ANSWERS).values("pk"),
            on__lte=of.on,
            **({"stage": stage} if stage else {}),
        )
        label = f"{stage.label if stage else ''}沟通"
        return Behind(
            label, "主办（独办、分办）和二次办理件登记的沟通次数，到统计日止", "次", rows.order_by("on", "pk"), _of,
            lambda one: f"{zh(one.on)}　{one.get_stage_display()}　{one.get_method_display()}",
        )  # fmt: skip

    return build


def _opinions(label: str, words: str, **which: Any) -> Callable[[Quoted], Behind]:
    def build(of: Quoted) -> Behind:
        picked = {
            name: of.on if value == "on" else of.since if value == "since" else value
            for name, value in which.items()
        }
        rows = beside(CoOpinion, of, kind=OpinionKind.OPINION, **picked)
        rows = rows.filter(assignment__in=of.main.filter(ANSWERS).values("pk"))
        if label.startswith("未到"):
            rows = rows.filter(Q(received_on__isnull=True) | Q(received_on__gt=of.on))
        return Behind(label, words, "份", rows.select_related("unit").order_by("due_on", "pk"), _of, _asked)

    return build


def _asked(one: CoOpinion) -> str:
    got = f"{md(one.received_on)}收到，{one.get_use_display()}" if one.received_on else "未收到"
    return f"{one.unit.short_name}　{md(one.requested_on)}发函　请于{md(one.due_on)}前提出　{got}"


def promise_rows(label: str, words: str, rows: QuerySet[Commitment], rate: bool = False) -> Behind:
    rows = rows.select_related("assignment__suggestion__meeting", "section").order_by("due_on", "pk")
    return Behind(
        label, words, "项", rows, _of,
        lambda one: f"{one.content}　{one.section.short_name}　{zh(one.due_on)}前　{one.get_state_display()}", rate,
    )  # fmt: skip


def _promise(key: str) -> Callable[[Quoted], Behind]:
    return lambda of: promise_rows(
        promises.WORDS[key], promises.WORDS[key], promises.behind(of.actor, of.scope, key, of.on)
    )


def _visits(label: str, words: str, **which: Any) -> Callable[[Quoted], Behind]:
    def build(of: Quoted) -> Behind:
        rows = beside(FollowUpVisit, of, **{k: of.on if v == "on" else v for k, v in which.items()})
        return Behind(
            label, words, "次", rows.order_by("planned_on", "pk"), _of,
            lambda one: f"计划{zh(one.planned_on)}　{f'{zh(one.done_on)}回访' if one.done_on else '没有回访'}",
        )  # fmt: skip

    return build


def _in_sections(of: Quoted) -> Behind:
    rows = Section.objects.filter(pk__in=of.main.values("section"))
    return Behind("承办科室", "有承办件的科室（单位）", "个", rows, lambda _: None, lambda one: one.name)


ROWS: dict[str, Callable[[Quoted], Behind]] = {
    "contacts": _contacts(None),
    **{f"contacts.{one.value}": _contacts(one) for one in Stage},
    "opinions.received": _opinions("收到的协办意见", "主办件请协办单位提出、已收到的意见", received_on__lte="on"),
    "opinions.adopted": _opinions("采纳的协办意见", "收到并采纳的协办意见", received_on__lte="on", use=OpinionUse.ADOPTED),
    "opinions.waiting": _opinions("未到的协办意见", "已发函、到当日还没有收到的协办意见", requested_on__lte="on", state__in=OUT),
    "opinions.late": _opinions("未到且逾期的协办意见", "过了请提出的日期、到当日还没有收到的协办意见", due_on__lt="on", state__in=OUT),
    "promises.kept": _promise("kept"), "promises.due": _promise("due"),
    "promises.open": lambda of: promise_rows(
        "在办的承诺", "没有了结的承诺事项", beside(Commitment, of, state__in=OPEN_COMMITMENT)
    ),
    "visits.missed": _visits("到期没有做的回访", "计划日期已过、没有回访的", planned_on__lt="on", done_on__isnull=True),
    "visits.done": _visits("已做的回访", "已经登记的回访", done_on__lte="on"),
    "sections": _in_sections,
}  # fmt: skip
