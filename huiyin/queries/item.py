"""承办件页上的事 (S9, S15, S18): where it is, who has it, what is next; gates, matrix, chronology."""

from dataclasses import dataclass
from datetime import date

from django.utils.timezone import localdate

from huiyin.models import Assignment, Event, Person, SignOff, StandIn
from huiyin.queries.actors import stand_in_today
from huiyin.queries.signing_sheet import Standings, said
from huiyin.rules.dates import md
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import (
    BUSINESS_LINE,
    HANDLING_LINE,
    Gate,
    OpinionState,
    Role,
    Standing,
    Status,
    VersionOrigin,
)
from huiyin.rules.workflow import HOLDERS


@dataclass(frozen=True)
class GateMark:
    """关口条上的一格."""

    label: str
    state: str  # done now later
    symbol: str
    note: str


@dataclass(frozen=True)
class Signed:
    """六人矩阵里一人在一关的情况."""

    gate: str
    kind: str  # yes wait no
    text: str


@dataclass(frozen=True)
class Cell:
    post: str
    person: Person | None
    stand_in: StandIn | None
    now: bool
    gates: tuple[Signed, ...]


ORDER = {
    Status.PROPOSING: 0, Status.ASSIGNING: 0, Status.ACCEPTING: 1, Status.RETURNING: 1, Status.RETURN_REPORTED: 1,
    Status.HANDLING: 1, Status.REVIEW: 1, Status.ISSUE: 2, Status.ISSUED: 3, Status.EVALUATING: 3,
    Status.DISSATISFIED: 3, Status.TRACKING: 4, Status.CLOSED: 4, Status.SUPERSEDED: 4,
}  # fmt: skip


def carried_in(item: Assignment) -> bool:
    """往年台账转入的件: it went through no gate of ours."""
    return item.reply is not None and item.reply.version.origin == VersionOrigin.LEDGER


def gates(item: Assignment) -> list[GateMark]:
    """交办关 审核关 签发关 送达评价; none of an item that a past ledger brought."""
    if carried_in(item):
        return []
    at = ORDER.get(Status(item.status), -1)
    labels = [*(gate.label for gate in Gate), "送达、评价" if item.answers else "送主办单位"]
    marks = []
    for place, label in enumerate(labels):
        state = "done" if place < at else "now" if place == at else "later"
        symbol = {"done": "✓", "now": "▲", "later": "○"}[state]
        marks.append(GateMark(label, state, symbol, _gate_note(item, place, state)))
    return marks


def _gate_note(item: Assignment, place: int, state: str) -> str:
    if state == "later":
        return "未到"
    if place < len(Gate):
        gate = list(Gate)[place]
        live = item.live_sign_offs(gate)
        if state == "done":
            return f"{md(localdate(live[-1].at))}通过" if live else "通过"
        if gate == Gate.REVIEW and item.status != Status.REVIEW:
            return item.get_status_display()
        total = sum(item.person_id(role) is not None for role in item.chain(gate))
        return f"{item.get_status_display()}，{total}人已签{len(live)}人"
    if state == "done" and item.reply:
        days = [one.on for one in item.reply.deliveries.all() if not one.is_copy]
        return f"{md(max(days))}送达" if days else "完成"
    return item.get_status_display()


def matrix(item: Assignment, on: date) -> list[tuple[str, list[Cell]]]:
    """双线三把关：two lines of three, with what each has signed (S9)."""
    if carried_in(item):
        return []
    people = {item.person_id(role) for role in BUSINESS_LINE + HANDLING_LINE} - {None}
    away, read = stand_in_today({one for one in people if one}, on), Standings(item)
    return [
        (label, [_cell(item, role, away, read) for role in line])
        for label, line in (("业务线", BUSINESS_LINE), ("办理线", HANDLING_LINE))
    ]


def signers(item: Assignment) -> list[str]:
    """签发关由谁签发，签了没有."""
    live = {one.role: one for one in item.live_sign_offs(Gate.ISSUE)}
    found = []
    for role in item.chain(Gate.ISSUE):
        person, sign = item.person(role), live.get(role)
        mark = f" ✓ {md(localdate(sign.at))}{_how(sign)}" if sign else ""
        found.append(f"{role.label}{person.name if person else '（待定）'}{mark}")
    return found


def _cell(item: Assignment, role: Role, away: dict[int, StandIn], read: Standings) -> Cell:
    person = item.person(role)
    return Cell(
        post=role.label, person=person, stand_in=away.get(person.pk) if person else None,
        now=item.next_post() == role, gates=tuple(_signed(item, role, gate, read) for gate in Gate if gate != Gate.ISSUE),
    )  # fmt: skip


def _signed(item: Assignment, role: Role, gate: Gate, read: Standings) -> Signed:
    live = next((one for one in item.live_sign_offs(gate) if one.role == role), None)
    if live:
        text, standing = f"✓ {md(localdate(live.at))}{_how(live)}", read(live)
        if standing == Standing.CURRENT:
            return Signed(gate.label, "yes", text)
        return Signed(
            gate.label, "wait", f"{text}（{said(standing, live.version.number if live.version else None)}）"
        )
    mine = gate == Gate.ASSIGN and role in BUSINESS_LINE and item.accepted_by_id == item.person_id(role)
    if mine and item.accepted_on:
        return Signed(gate.label, "yes", f"✓ {md(item.accepted_on)} 签收")
    if item.gate == gate and item.next_post() == role:
        return Signed(gate.label, "wait", "▲ 待审签")
    if role not in item.chain(gate):
        return Signed(gate.label, "no", "— 不在此关")
    return Signed(gate.label, "no", "○ 未到")


def _how(one: SignOff) -> str:
    who = f" {one.signer.name}代" if one.stood_in else ""
    return f"{' 送审' if one.is_submission and one.gate == Gate.REVIEW else ''}{who}"


def now(item: Assignment) -> tuple[str, str, str]:
    """（现在到，在谁手上，下一步）."""
    status, since = Status(item.status), f"{md(localdate(item.status_since))}起"
    role = item.next_post()
    person = item.person(role) if role else None
    if role and person:
        left = [item.person(one) for one in item.posts_waiting()]
        chain = " → ".join(f"{one.name}" for one in left if one)
        return status.label, f"{person.name}（{role.label}）{since}", f"审签：{chain}{_then(item)}"
    if status not in HOLDERS:
        day = item.closed_on or localdate(item.status_since)
        return status.label, "—", f"{md(day)}{status.label}"
    role = HOLDERS[status][0]
    one, what = item.person(role), WAITS.get(status, role.label)
    return (
        status.label,
        f"{one.name if one else '办公室'}（{what}）{since}",
        _left_to_do(item)
        if status == Status.HANDLING
        else (NEXT if item.answers else NEXT | NEXT_CO)[status],
    )


def _left_to_do(item: Assignment) -> str:
    """办理中还差什么, in the order of the work."""
    opinions = item.opinions.all()
    asked = {one.unit_id for one in opinions if one.state != OpinionState.PLANNED}
    waiting = [one for one in opinions if one.state == OpinionState.REQUESTED]
    steps = {
        "与代表沟通": item.answers and not item.contacts_since_assignment() and not item.exemption_granted(),
        item.profile.say("征求协办单位意见"): any(unit.pk not in asked for unit in item.named_co_units.all()),
        f"等{'、'.join(dict.fromkeys(one.unit.short_name for one in waiting))}的意见": bool(waiting),
        "起草答复" if item.answers else f"起草{item.co}意见": item.draft is None,
        "送审": True,
    }
    return " → ".join(step for step, left in steps.items() if left)


def _then(item: Assignment) -> str:
    if item.gate == Gate.ASSIGN:
        return f" → {item.section.short_name if item.section else '科室'}签收"
    if item.gate == Gate.REVIEW:
        last = [item.person(role) for role in item.chain(Gate.ISSUE)]
        return " → " + "、".join(one.name for one in last if one) + " 签发"
    return " → 送达"


WAITS = {
    Status.ACCEPTING: "承办科室", Status.RETURNING: "办公室", Status.RETURN_REPORTED: "等交办机关",
    Status.EVALUATING: "等代表评价", Status.DISSATISFIED: "等重办通知", Status.TRACKING: "落实承诺",
}  # fmt: skip
NEXT = {
    Status.PROPOSING: "拟定科室、责任领导、六人和时限，送交办关",
    Status.ACCEPTING: "科室签收，或说明理由申请退办",
    Status.RETURNING: "办公室改派、报交办机关退办，或不同意退办",
    Status.RETURN_REPORTED: "交办机关决定后登记；决定前时限照走",
    Status.ISSUED: "用印，送达每位代表",
    Status.EVALUATING: "收回征询意见表，登记评价",
    Status.DISSATISFIED: "交办机关确认后开始重新办理",
    Status.TRACKING: "承诺逐项落实，书面告知代表",
}
NEXT_CO = {
    Status.ISSUED: "用印，送主办单位",
}


def hides_proposer(item: Assignment, actor: Actor) -> bool:
    """要求保密的提出人：only those on the handling chain see who they are (R7)."""
    if not item.suggestion.confidential or actor.has(Role.CLERK):
        return False
    return not any(
        item.person_id(role) in actor.ids for role in (*BUSINESS_LINE, *HANDLING_LINE, Role.CHIEF_LEADER)
    )


def chronology(item: Assignment) -> list[Event]:
    """办理轨迹, newest first."""
    return list(item.events.select_related("by", "behalf").order_by("-seq"))
