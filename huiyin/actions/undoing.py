"""撤销导入 (R74): a whole import is taken back while nothing has been done on what it brought; otherwise it says on what."""

from datetime import datetime
from typing import Any

from django.db import transaction

from huiyin.actions import amending
from huiyin.actions._journal import record_unit
from huiyin.actions._refused import Refused
from huiyin.actions._take import begin
from huiyin.actions.importing import locked
from huiyin.models import Assignment, Event, ImportBatch, ImportedRow, Person
from huiyin.rules.vocabulary import REGISTERING, Deed, ImportState, Status

SAID = 30  # as many items a refusal names


def hindrances(batch: ImportBatch) -> list[str]:
    """Why it cannot be undone: each item that was handled or changed since, in a sentence."""
    rows = list(_rows(batch))
    new = [one.assignment_id for one in rows if one.state == ImportState.NEW]
    done: dict[int, str] = {}
    for start in range(0, len(new), 500):
        events = Event.objects.filter(assignment__in=new[start : start + 500]).exclude(deed__in=REGISTERING)
        for event in events.order_by("-pk"):
            done[event.assignment_id or 0] = event.get_deed_display()
    found = []
    for row in rows:
        name = f"第{row.assignment.suggestion.number}号"
        if row.assignment_id in done:
            found.append(f"{name}导入以后已经办理过（{done[row.assignment_id]}）")
        elif row.state == ImportState.NEW and row.assignment.previous_id:
            found.append(f"{name}是接着上一轮的二次办理，上一轮已转入本轮，不能撤销")
        elif row.state == ImportState.CHANGED and (moved := _moved(row)):
            found.append(f"{name}的{moved}导入以后又改过")
    return found


def _rows(batch: ImportBatch) -> Any:
    rows = ImportedRow.objects.filter(batch=batch).exclude(assignment__status=Status.REVOKED)
    return rows.select_related("assignment__suggestion").order_by("line")


def _moved(row: ImportedRow) -> str:
    """Which of its columns no longer stand as the import left them."""
    left = {
        key: amending.revived(key, pair[1])
        for key, pair in row.before.items()
        if key != "fixed_due_on"  # an earlier day of the profile's may stand in its place
    }
    return "、".join(one.label for one in amending.differences(row.assignment, left))


def changes_of(row: ImportedRow) -> list[amending.Change]:
    """What the import changed on this row's item."""
    pairs = row.before.items()
    return [amending.Change(key, *(amending.revived(key, one) for one in pair)) for key, pair in pairs]


@transaction.atomic
def undo(batch: ImportBatch, *, by: Person, at: datetime) -> ImportBatch:
    """撤销导入: what it registered is revoked, what it changed is put back; all or nothing."""
    row = locked(batch, by, at, Deed.UNDO_IMPORT)
    if not row.taken_at:
        raise Refused("这一批还没有导入")
    if row.undone_at:
        raise Refused("这一批已经撤销过")
    if reasons := hindrances(row):
        more = [f"等{len(reasons)}件"] if len(reasons) > SAID else []
        raise Refused([*reasons[:SAID], *more])
    rows = list(_rows(row))
    for one in rows:
        if one.state == ImportState.NEW:
            revoke(one.assignment, f"撤销导入：{row.file.name}", by=by, at=at)
        else:
            before = {key: amending.revived(key, pair[0]) for key, pair in one.before.items()}
            amending.amend(one.assignment, before, reason=f"撤销导入：{row.file.name}", by=by, at=at)
    row.undone_at, row.undone_by = at, by
    row.save()
    new = sum(one.state == ImportState.NEW for one in rows)
    text = f"{row.file.name}：撤销登记{new}件，改回{len(rows) - new}件"
    record_unit(row.unit, Deed.UNDO_IMPORT, by=by, at=at, text=text, batch=row.pk)
    return row


def revoke(item: Assignment, why: str, *, by: Person, at: datetime) -> None:
    """撤销登记: the item leaves every list and figure; its number, and that of a reply it came with, are free again."""
    taking = begin(item, Deed.REVOKE, by=by, at=at)
    numbers = [one.number for one in taking.item.replies.exclude(number="")]
    taking.item.replies.update(number="")
    its = taking.item.suggestion
    taking.done(why, reply_numbers=numbers)
    if not its.assignments.exclude(status=Status.REVOKED).exists():
        its.revoked_at = at
        its.save(update_fields=["revoked_at"])
