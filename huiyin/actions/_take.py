"""走一步：the only writer of an item's status.

Lock the row, find the step in the table, collect every refusal; then the deed writes its facts, and `done`
moves the status, stops and starts clocks and writes the journal, all in the deed's one transaction.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.timezone import localdate

from huiyin.actions import _clocks
from huiyin.actions._journal import record_item
from huiyin.actions._refused import Refused
from huiyin.models import Assignment, Event, Person, SignOff
from huiyin.notices import subject, tell
from huiyin.queries.actors import absent_ones, actor_of, standing_in_for
from huiyin.queries.checks import as_kept, checks
from huiyin.rules import workflow
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Deed, Gate, NoticeKind, Role, Status
from huiyin.rules.workflow import Step

CLOSING = {Status.CLOSED, Status.SUPERSEDED, Status.RETURNED, Status.WITHDRAWN, Status.SPLIT}


@dataclass
class Taking:
    """一步正在办：the locked item, the step allowed, and who acts (for whom)."""

    item: Assignment
    step: Step
    actor: Actor
    by: Person
    behalf: Person | None
    at: datetime

    @property
    def on(self) -> date:
        return localdate(self.at)

    def done(
        self, text: str = "", *, move: bool = True, target: Status | None = None, since: date | None = None, **facts: Any
    ) -> Event:  # fmt: skip
        """Move (unless the gate's chain is not complete: move=False), run the clocks, write the journal. The clocks
        that start do so on the day it happened (`since`), which may be before the day it is entered."""
        source = Status(self.item.status)
        goal = target or self.step.target
        moved = goal if move else None
        if moved is not None:
            self._move(moved, since or self.on)
        event = record_item(
            self.item, self.step.deed, by=self.by, behalf=self.behalf, at=self.at,
            source=source, target=self.item.status, text=text, whole=moved is not None, **facts,
        )  # fmt: skip
        if goal is not None:
            self._tell_holders(event)
        self.item.forget()
        return event

    def _tell_holders(self, event: Event) -> None:
        """新到待办: whoever's move it now is, unless he brought it there himself."""
        told = [pk for pk in self.item.holders() if pk not in self.actor.ids]
        text = f"{subject(self.item)}到您这里：{self.item.get_status_display()}（{self.by.name}{self.step.deed.label}）"
        tell(
            told,
            NoticeKind.ARRIVAL,
            text,
            key=f"arrival:{self.item.pk}:{event.seq}",
            at=self.at,
            item=self.item,
        )

    def _move(self, goal: Status, since: date) -> None:
        item = self.item
        item.status, item.status_since = goal, self.at
        item.closed_on = self.on if goal in CLOSING else None
        _clocks.stop(item, self.step.stops, on=self.on)
        for kind in self.step.starts:
            _clocks.start(item, kind, on=since)

    def sign(
        self, gate: Gate, role: Role, digest: str, *, opinion: str = "", submission: bool = False
    ) -> bool:
        """Record one sign-off with the check-list as it stands; True when it was the last of the gate's chain."""
        item = self.item
        person = item.person(role)
        assert person is not None  # the table asked for it
        SignOff.objects.create(
            assignment=item, gate=gate, role=role, person=person, signer=self.by, at=self.at,
            version=item.submitted_version if gate != Gate.ASSIGN else None,
            digest=digest, opinion=opinion, is_submission=submission,
            checks=as_kept(checks(item, gate, item.submitted_version)),
        )  # fmt: skip
        item.forget()
        signed = {one.role for one in item.live_sign_offs(gate)}
        return all(post in signed or item.person_id(post) is None for post in item.chain(gate))

    def strike(
        self, *gates: Gate, keep_submission: bool = False, posts: Iterable[Role] | None = None
    ) -> None:
        """审签作废：a send-back strikes the gates' sign-offs, or those of some posts; the rows stay."""
        rows = self.item.sign_offs.filter(gate__in=gates, voided_at__isnull=True)
        if keep_submission:
            rows = rows.exclude(is_submission=True)
        if posts is not None:
            rows = rows.filter(role__in=posts)
        rows.update(voided_at=self.at)
        self.item.forget()


def begin(
    item: Assignment, deed: Deed, *, by: Person, at: datetime, facts_first: bool = False
) -> Taking:  # fmt: skip
    """Lock the item and check the step. Raises Refused with every reason when it may not be taken. `facts_first`: what must
    be true comes true by what the deed writes, which then asks by `recheck`."""
    locked = (
        Assignment.objects.select_for_update(of=("self",), no_key=True)
        .select_related("suggestion__meeting")
        .get(pk=item.pk)
    )
    actor = actor_of(by, localdate(at))
    step = workflow.find(locked, deed)
    if reasons := step.refusals(actor, locked, needs=not facts_first):
        raise Refused(reasons)
    return Taking(locked, step, actor, by, _behalf(step, locked, by, actor), at)


def recheck(taking: Taking) -> None:
    """Ask the table again after a deed has written, and the item forgotten, what its conditions look at."""
    if reasons := taking.step.refusals(taking.actor, taking.item):
        raise Refused(reasons)


def _behalf(step: Step, item: Assignment, by: Person, actor: Actor) -> Person | None:
    """For whom he acts, when he could not act for himself."""
    if len(actor.ids) == 1 or step.who(actor_of(by, actor.on, standing_in=False), item):
        return None
    for absent in absent_ones(by, actor.on):
        if step.who(standing_in_for(by, actor.on, alone=absent), item):
            return absent
    return None
