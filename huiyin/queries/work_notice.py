"""办理工作通知的材料 (S6, S7): the items it hands out, what it says, and what it must not lack."""

from datetime import date

from huiyin.models import Assignment, Meeting, Unit
from huiyin.queries import figures
from huiyin.queries.annual import Summary, drawn, kinds
from huiyin.queries.figures import Scope
from huiyin.queries.formulas import MAIN
from huiyin.queries.ledger import ordered, rows
from huiyin.queries.quoted import Quoted
from huiyin.rules.matter import Matter
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import NOT_COUNTED, Kind, Part, RoundKind


def handed_out(actor: Actor, scope: Scope) -> list[Assignment]:
    """责任分工表的各件, by number: rounds of re-handling are no new items."""
    found = rows(actor).filter(scope.pick()).exclude(status__in=NOT_COUNTED).filter(MAIN)
    return list(ordered(found, "number"))


def incomplete(items: list[Assignment]) -> dict[int, str]:
    """Items that lack what the notice must name (S7), and what: it is not issued with one of them missing."""
    found = {}
    for item in items:
        missing = [
            label
            for label, value in (
                ("责任领导", item.responsible_leader_id), ("承办科室", item.section_id),
                ("承办人", item.handler_id), ("办理时限", item.due_on),
            )
            if value is None
        ]  # fmt: skip
        if missing:
            found[item.pk] = f"第{item.suggestion.number}号缺{'、'.join(missing)}"
    return found


def title(unit: Unit, meeting: Meeting, matter: Matter) -> str:
    return f"{unit.name}关于做好{meeting.organ}{matter.listed}办理工作的通知"


def annex(meeting: Meeting, matter: Matter) -> str:
    return f"{meeting.title}{matter.listed}办理责任分工表"


def said(meeting: Meeting, matter: Matter, sizes: dict[str, str]) -> list[str]:
    """正文各段, with the numbers of items given."""
    return [
        f"{meeting.title}期间及闭会期间{matter.people}提出的{matter.noun}中，由我局承办{sizes['total']}件，其中主办{sizes['ours']}件，协办{sizes['co']}件，二次办理{sizes['second']}件。为做好办理工作，现就有关事项通知如下：",
        "一、明确办理责任",
        "执行“双线三把关”制度，即分管办理工作的局领导、办公室主任、专职人员三级负责，分管业务局领导、承办科室（单位）、承办人三级负责。各件的责任领导、承办科室、承办人和办理时限见附件。",
        "二、严格办理程序",
        f"严把交办关、审核关、签发关。坚持与{matter.people}沟通在前、起草答复在后，办前、办中、办后均应与{matter.people}联系并做好记录。认为不属于本科室职责的，应在签收时书面说明理由报办公室，未经同意不得自行转办。",
        "三、严守办理时限",
        f"办理时限自交办之日起计算。主办件应在时限内书面答复{matter.people}，协办件应在时限内将协办意见送主办单位。办公室按时限、质量、落实三个方面跟踪督办。",
    ]  # fmt: skip


def sizes(items: list[Assignment]) -> dict[str, str]:
    """承办、主办、协办、二次办理 of these items, counted."""
    return {
        "total": str(len(items)),
        "ours": str(sum(one.part != Part.CO and one.round_kind == RoundKind.FIRST for one in items)),
        "co": str(sum(one.part == Part.CO for one in items)),
        "second": str(sum(one.round_kind == RoundKind.SECOND for one in items)),
    }


def notice(actor: Actor, unit: Unit, meeting: Meeting, on: date, *, kind: Kind | None) -> Summary:
    """The draft of the notice. Raises figures.DoesNotReconcile."""
    scope, matter = Scope(meeting, kind), kinds(actor, meeting, kind)
    figures.counts(actor, scope)
    lines = said(meeting, matter, {key: f"⟦{key}⟧" for key in ("total", "ours", "co", "second")})
    found = drawn(unit, "", lines, Quoted(actor, scope, on))
    return Summary(unit, ("", title(unit, meeting, matter)), found.lines, on, found.anchors)
