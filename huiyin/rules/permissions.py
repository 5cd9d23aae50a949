"""谁是谁、谁能办、谁能看：who a person is to an assignment, who may do what, who sees what (R77).

Three parts: `Who` (predicates with Chinese labels, joined by | and &), `MAY` (deeds on no single item),
`visible_to` (where every page, list, count, search, export and file starts).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Q

from huiyin.rules.vocabulary import Deed, Role, Status

if TYPE_CHECKING:
    from huiyin.models import Assignment


@dataclass(frozen=True)
class Actor:
    """办事的人 on a given day: himself and those he stands in for, with all their posts."""

    person_id: int
    unit_id: int | None
    on: date
    ids: frozenset[int]
    posts: frozenset[tuple[str, int | None]]  # (role, section)
    promised: frozenset[int] = frozenset()  # assignments with a commitment of his
    errands: frozenset[int] = frozenset()  # assignments with an errand of his (督办事项)
    plans: frozenset[int] = frozenset()  # assignments whose supervision plan he leads

    def has(self, *roles: Role) -> bool:
        return any(held in roles for held, _ in self.posts)

    @property
    def sections(self) -> frozenset[int]:
        return frozenset(section for _, section in self.posts if section)


@dataclass(frozen=True)
class Who:
    """身份：a label officials read and the test behind it."""

    label: str
    test: Callable[[Actor, Assignment], bool]

    def __call__(self, actor: Actor, assignment: Assignment) -> bool:
        return actor.unit_id == assignment.unit_id and self.test(actor, assignment)

    def __or__(self, other: Who) -> Who:
        return Who(f"{self.label}、{other.label}", lambda a, i: self.test(a, i) or other.test(a, i))

    def __and__(self, other: Who) -> Who:
        return Who(f"{self.label}且{other.label}", lambda a, i: self.test(a, i) and other.test(a, i))


def _named(role: Role) -> Who:
    """The person named on the item for this post, or who stands in for him."""
    return Who(f"本件{role.label}", lambda actor, item: item.person_id(role) in actor.ids)


def _in_post(role: Role) -> Who:
    return Who(role.label, lambda actor, _: actor.has(role))


handler = _named(Role.HANDLER)
section_head = _named(Role.SECTION_HEAD)
business_leader = _named(Role.BUSINESS_LEADER)
clerk = _in_post(Role.CLERK)
office_director = _in_post(Role.OFFICE_DIRECTOR)
handling_leader = _in_post(Role.HANDLING_LEADER)
chief_leader = _in_post(Role.CHIEF_LEADER)
office = clerk | office_director
business_line = handler | section_head | business_leader
next_signer = Who("本关下一位审签人", lambda actor, item: item.next_person_id() in actor.ids)
commitment_owner = Who("承诺责任人", lambda actor, item: item.pk in actor.promised)
in_charge = Who(
    "分管该科室的局领导、责任领导",
    lambda actor, item: (
        bool({item.person_id(Role.BUSINESS_LEADER), item.responsible_leader_id} & actor.ids)
        or (item.section_id is not None and (Role.BUSINESS_LEADER, item.section_id) in actor.posts)
    ),
)
leaders = handling_leader | chief_leader | in_charge
urges = office | leaders  # whom they wait for in the unit; a handler urges only co-handling units
errand_owner = Who("督办事项承办人", lambda actor, item: item.pk in actor.errands)
errand_issuer = Who("督办签发人", lambda actor, item: item.has_errand_of(actor.ids))
plan_leader = Who("督办领导", lambda actor, item: item.pk in actor.plans)

MAY: dict[Deed, tuple[Role, ...]] = {
    Deed.REGISTER: (Role.CLERK, Role.OFFICE_DIRECTOR),
    Deed.IMPORT: (Role.CLERK, Role.OFFICE_DIRECTOR),
    Deed.SUMMARISE: (Role.CLERK, Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER, Role.CHIEF_LEADER),
    Deed.UNDO_IMPORT: (Role.CLERK, Role.OFFICE_DIRECTOR),
    Deed.WRITE_PAPER: (Role.CLERK, Role.OFFICE_DIRECTOR),
    Deed.ISSUE_PAPER: (Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER, Role.CHIEF_LEADER),
    Deed.SET_SCORING: (Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER),
    Deed.ORGANISE: (Role.ADMINISTRATOR,),
    Deed.CHOOSE_PROFILE: (Role.ADMINISTRATOR,),
    Deed.SET_CALENDAR: (Role.CLERK, Role.OFFICE_DIRECTOR),
    Deed.CONVENE: (Role.CLERK, Role.OFFICE_DIRECTOR),
    Deed.KEEP_PASSAGES: (Role.CLERK, Role.OFFICE_DIRECTOR, Role.HANDLER, Role.SECTION_HEAD),
    Deed.SET_TEMPLATE: (Role.OFFICE_DIRECTOR, Role.ADMINISTRATOR),
    Deed.SET_PUBLIC: (Role.OFFICE_DIRECTOR, Role.CHIEF_LEADER),
}
UNIT_WIDE = (Role.CLERK, Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER, Role.CHIEF_LEADER)


def may(actor: Actor, deed: Deed) -> bool:
    """May he do a deed that is on no single item?"""
    return actor.has(*MAY[deed])


def visible_to(actor: Actor, prefix: str = "") -> Q:
    """可见范围 (R77): the office and leaders see their unit's items; a section's people theirs; those named on an
    item and those who owe a commitment or an errand on it see it; an administrator sees none. What an undone import had
    registered is seen by nobody. `prefix` is the path from the
    queried model to Assignment, such as "assignment__".
    """
    in_unit = Q(**{f"{prefix}unit_id": actor.unit_id}) & ~Q(**{f"{prefix}status": Status.REVOKED})
    if actor.unit_id is None:
        return Q(pk__in=[])
    if actor.has(*UNIT_WIDE):
        return in_unit
    owed = actor.promised | actor.errands | actor.plans
    own = Q(**{f"{prefix}section_id__in": actor.sections}) | Q(**{f"{prefix}pk__in": owed})
    for role in (Role.HANDLER, Role.SECTION_HEAD, Role.BUSINESS_LEADER):
        own |= Q(**{f"{prefix}{role.value}_id__in": actor.ids})
    own |= Q(**{f"{prefix}responsible_leader_id__in": actor.ids})
    business = actor.has(Role.HANDLER, Role.SECTION_HEAD, Role.BUSINESS_LEADER)
    return in_unit & own if business or (owed and not actor.has(Role.ADMINISTRATOR)) else Q(pk__in=[])
