"""在谁手上 (S18): whom each open item waits for, in the unit or outside it, and since when."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import prefetch_related_objects
from django.utils.timezone import localdate

from huiyin.models import Assignment, CoOpinion
from huiyin.rules.vocabulary import SECTION_ROLES, OpinionState, Role, Status

GATES = frozenset({Status.ASSIGNING, Status.REVIEW, Status.ISSUE})
LEADERS = frozenset({Role.BUSINESS_LEADER, Role.HANDLING_LEADER, Role.CHIEF_LEADER})
WITH = {
    Status.PROPOSING: (Role.CLERK, "拟办"), Status.ACCEPTING: (Role.SECTION_HEAD, "签收"),
    Status.RETURNING: (Role.CLERK, "处理退办申请"), Status.HANDLING: (Role.HANDLER, "办理"),
    Status.ISSUED: (Role.CLERK, "用印送达"), Status.TRACKING: (Role.HANDLER, "落实承诺"),
}  # fmt: skip
OUTSIDE = {
    Status.RETURN_REPORTED: ("交办机关", "决定退办"), Status.DISSATISFIED: ("交办机关", "重办通知"),
    Status.EVALUATING: ("代表（委员）", "评价"),
}  # fmt: skip


@dataclass(frozen=True)
class Held:
    """一件在谁手上：`group` is the section, the office or the leaders; `unit` a co-handling unit, whom one may urge."""

    item: Assignment
    whom: str
    post: str
    what: str
    since: date
    days: int
    group: str
    person_id: int | None = None
    unit_id: int | None = None
    due_on: date | None = None
    late: bool = False
    provisional: bool = False

    @property
    def inside(self) -> bool:
        return self.group != "outside"

    @property
    def key(self) -> str:
        """As the choice in a form: person 12 or unit 3 of item 7."""
        return f"{self.item.pk}:u{self.unit_id}" if self.unit_id else f"{self.item.pk}:p{self.person_id}"


def held(
    items: Sequence[Assignment], opinions: Iterable[CoOpinion], names: dict[int, str], on: date,
    clerk: int | None = None,
) -> Iterator[Held]:  # fmt: skip
    """Of these items, and the opinions still asked for on them; `names` are the unit's people, `clerk` its only clerk,
    who has what names none yet."""
    prefetch_related_objects([one for one in items if one.status in GATES], "sign_offs")
    known = {one.pk: one for one in items}
    for item in items:
        if one := _inside(item, names, on, clerk) or _outside(item, on):
            yield one
    for opinion in opinions:
        if opinion.state == OpinionState.REQUESTED and opinion.assignment_id in known:
            yield _asked(known[opinion.assignment_id], opinion, on)


def _inside(item: Assignment, names: dict[int, str], on: date, clerk: int | None) -> Held | None:
    role, what, since = _post(item)
    if role is None:
        return None
    person = item.person_id(role) or (clerk if role == Role.CLERK else None)
    whom = names.get(person or 0, "") or ("办公室" if role == Role.CLERK else role.label)
    return Held(
        item, whom, role.label, what, since, (on - since).days, _group(item, role),
        person_id=person, due_on=item.due_on, provisional=item.due_provisional,
    )  # fmt: skip


def _post(item: Assignment) -> tuple[Role | None, str, date]:
    since = localdate(item.status_since)
    if item.status in GATES:
        last = max((localdate(one.at) for one in item.live_sign_offs()), default=since)
        return item.next_post(), item.get_status_display(), max(last, since)
    role, what = WITH.get(Status(item.status), (None, ""))
    return role, what, since


def _group(item: Assignment, role: Role) -> str:
    if role in LEADERS:
        return "leaders"
    return f"section:{item.section_id}" if role in SECTION_ROLES and item.section_id else "office"


def _outside(item: Assignment, on: date) -> Held | None:
    if item.status not in OUTSIDE:
        return None
    whom, what = OUTSIDE[Status(item.status)]
    since = localdate(item.status_since)
    return Held(item, whom, "", what, since, (on - since).days, "outside")


def _asked(item: Assignment, opinion: CoOpinion, on: date) -> Held:
    since = opinion.requested_on
    return Held(
        item, opinion.unit.short_name, "", "会签" if opinion.countersigns else "协办意见", since, (on - since).days, "outside",
        unit_id=opinion.unit_id, due_on=opinion.due_on, late=opinion.due_on < on,
        provisional=opinion.due_provisional,
    )  # fmt: skip
