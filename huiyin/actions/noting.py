"""归档号和备注 (S16): what the office keeps of an item for its ledger alone."""

from datetime import datetime

from django.db import transaction

from huiyin.actions._refused import Refused
from huiyin.actions._take import begin
from huiyin.models import Assignment, Person
from huiyin.queries.column_labels import LABELS
from huiyin.rules.vocabulary import Deed

LONGEST = {"archive_number": 60, "note": 500}


@transaction.atomic
def note(item: Assignment, *, archive_number: str, note: str, by: Person, at: datetime) -> None:
    """登记归档号、备注: as they stand from now on; the old and the new are in the journal."""
    taking = begin(item, Deed.NOTE, by=by, at=at)
    wanted = {"archive_number": archive_number.strip(), "note": note.strip()}
    before = {key: getattr(taking.item, key) for key in wanted}
    changed = [key for key in wanted if wanted[key] != before[key]]
    if not changed:
        raise Refused("归档号、备注都没有改动")
    for key in changed:
        if len(wanted[key]) > LONGEST[key] or "\0" in wanted[key]:
            raise Refused(f"{LABELS[key]}不超过{LONGEST[key]}个字，不能有控制字符")
        setattr(taking.item, key, wanted[key])
    taking.item.save(update_fields=changed)
    said = "；".join(f"{LABELS[key]}：{wanted[key] or '（清空）'}" for key in changed)
    taking.done(said, before={key: before[key] for key in changed})
