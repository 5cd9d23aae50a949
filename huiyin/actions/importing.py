"""导入 (S1, R2, R74): a file is uploaded, its columns matched, every row previewed with what it would change; then all of it
is taken in or nothing. The same file twice changes nothing; an import is undone as a whole."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.timezone import localdate

from huiyin.actions import amending, filing
from huiyin.actions._bulk import insert, uncollected
from huiyin.actions._journal import record_unit
from huiyin.actions._own_unit import must, own_unit
from huiyin.actions._refused import Refused, Stale
from huiyin.actions._rows import split_names
from huiyin.actions.carrying import carry_in_all
from huiyin.actions.filing import Upload
from huiyin.actions.previewing import (
    EVERY,
    Plan,
    Preview,
    book_of,
    check_columns,
    columns,
    plans,
    preview,
    seen,
    takes,
    wrong_columns,
)
from huiyin.actions.registering import register_all
from huiyin.models import Assignment, Heading, ImportBatch, ImportedRow, Meeting, Person, Unit
from huiyin.queries.sheets import Book, Sheet
from huiyin.rules.vocabulary import Deed, ImportState

__all__ = [
    "EVERY", "Plan", "Preview", "book_of", "columns", "match_columns", "packed", "plans", "preview", "problems", "read_ahead", "seen",
    "split_names", "summary", "take_in", "takes", "unsure", "upload",
]  # fmt: skip


@uncollected()
@transaction.atomic
def upload(
    file: Upload, *, meeting: Meeting, organ: Unit | None, history: bool = False, by: Person, at: datetime
) -> ImportBatch:
    """上传一张表 for preview. Refused when it cannot be read at all; nothing is registered yet."""
    must(by, Deed.IMPORT, at=at)
    batch = ImportBatch(
        unit=by.unit, meeting=meeting, organ=organ, history=history, uploaded_by=by, uploaded_at=at
    )
    batch.sheet = _read(batch, file).sheet().title[:100]
    batch.file = filing.store(
        file, purpose="往年台账" if history else "交办表", by=by, at=at, kinds=filing.SHEETS
    )
    batch.save()
    return batch


def read_ahead(file: Upload, *, by: Person) -> None:
    """先读表, before the transaction of `upload` begins: old letters may take LibreOffice a minute, in which nobody else could
    write. What is wrong with the file is said there."""
    with suppress(Refused):
        _read(ImportBatch(unit=by.unit), file)


def _read(batch: ImportBatch, file: Upload) -> Book:
    name = str(file.name)
    known = {*filing.SHEETS, *filing.OFFICE}
    if (file.size or 0) > settings.UPLOAD_LIMIT or name.rsplit(".", 1)[-1].lower() in known:
        filing.looked_at(file, filing.SHEETS)  # of anything else the reader says better what it is
    file.seek(0)
    return book_of(batch, file.read(), name)


def packed(files: Sequence[Upload]) -> list[Upload]:
    """Several letters make one batch; other files one each."""
    letters = [one for one in files if str(one.name).lower().endswith((".docx", ".doc"))]
    if len(letters) < 2 or len(letters) < len(files):
        return list(files)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as folder:
        for order, one in enumerate(letters, 1):
            folder.writestr(f"{order:03} {one.name}", one.read())
    return [ContentFile(out.getvalue(), name=f"建议原件{len(letters)}件.zip")]


@transaction.atomic
def match_columns(
    batch: ImportBatch,
    *,
    sheet: str,
    keys: Mapping[int, str],
    every: Mapping[str, str],
    by: Person,
    at: datetime,
) -> ImportBatch:
    """核对各列: which column of which sheet is what (place → key, "" for not taken), and what holds for every row; what a
    person chose against our guess is remembered for the unit."""
    row = locked(batch, by, at)
    if row.taken_at:
        raise Refused("这一批已经导入过")
    row.sheet = sheet[:100]
    found = book_of(row).sheet(sheet)
    if reasons := check_columns(found, keys):
        raise Refused(reasons)
    row.mapping = {
        "columns": {str(place): key for place, key in keys.items()},
        "every": {key: value for key, value in every.items() if value},
    }
    row.save()
    for one in found.headings:
        chosen = keys.get(one.place, "")
        if chosen != (one.key or "") or one.key is None:
            Heading.objects.update_or_create(unit=row.unit, words=one.words[:100], defaults={"key": chosen})
    return row


def locked(batch: ImportBatch, by: Person, at: datetime, deed: Deed = Deed.IMPORT) -> ImportBatch:
    row = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if by.unit_id != row.unit_id:
        raise Refused("不是本单位的导入批次")
    own_unit(by, deed, at=at)
    return row


@uncollected()
@transaction.atomic
def take_in(
    batch: ImportBatch, *, skip_wrong: bool, expected: str = "", by: Person, at: datetime
) -> ImportBatch:
    """导入：all rows in one transaction, or none. `expected`: the digest of the preview he decided by (`seen`); Stale when
    the rows would do something else by now."""
    row = locked(batch, by, at)
    if row.taken_at:
        raise Refused("这一批已经导入过")
    found = plans(row, on=localdate(at))
    if expected and expected != seen(found):
        raise Stale("预览以后台账或表的各列有了变化，请看过现在的预览再导入")
    wrong = [plan for plan in found if plan.state == ImportState.WRONG]
    if wrong and not skip_wrong:
        raise Refused(f"有{len(wrong)}行有误，一行也没有导入；改好表再上传，或选择跳过这些行")
    _register(row, [plan for plan in found if plan.state == ImportState.NEW], by=by, at=at)
    _amend(row, [plan for plan in found if plan.state == ImportState.CHANGED], by=by, at=at)
    for name, state in COUNTED.items():
        setattr(row, name, sum(plan.state == state for plan in found))
    row.taken_at = at
    row.save()
    text = f"{row.file.name}：新登记{row.created}件，更正{row.changed}件，已有{row.unchanged}件，跳过{row.skipped}行"
    record_unit(row.unit, Deed.IMPORT, by=by, at=at, text=text, sha256=row.file.sha256, batch=row.pk)
    return row


COUNTED = {
    "created": ImportState.NEW, "changed": ImportState.CHANGED, "unchanged": ImportState.SAME,
    "skipped": ImportState.WRONG,
}  # fmt: skip


def _register(batch: ImportBatch, new: list[Plan], *, by: Person, at: datetime) -> None:
    if not new:
        return
    items: Iterable[Assignment]
    if batch.history:
        items = carry_in_all([one.past for one in new if one.past], source=batch.file, by=by, at=at)
    else:
        entries = [one.entry for one in new if one.entry]
        items = register_all(entries, meeting=batch.meeting, by=by, at=at, checked=True)
    rows = ((batch.pk, plan.line, item.pk, ImportState.NEW) for plan, item in zip(new, items, strict=True))
    insert(ImportedRow, ("batch_id", "line", "assignment_id", "state"), rows)


def _amend(batch: ImportBatch, changed: list[Plan], *, by: Person, at: datetime) -> None:
    for plan in changed:
        assert plan.item is not None
        values = {one.key: one.after for one in plan.changes}
        done = amending.amend(plan.item, values, reason=f"{batch.file.name}第{plan.line}行", by=by, at=at)
        ImportedRow.objects.create(
            batch=batch,
            line=plan.line,
            assignment=plan.item,
            state=ImportState.CHANGED,
            before=amending.kept(done),
        )


def problems(batch: ImportBatch, sheet: Sheet | None = None) -> list[str]:
    """Why its rows cannot be read yet: columns that are missing."""
    sheet = sheet or book_of(batch).sheet(batch.sheet)
    return wrong_columns(batch, columns(batch, sheet), sheet)


def unsure(batch: ImportBatch) -> bool:
    """Should a person look at the columns first: something missing, not recognised, or several sheets to choose from?"""
    book = book_of(batch)
    sheet = book.sheet(batch.sheet)
    unknown = [
        one for one in sheet.unknown() if any(row.raw[one.place] not in (None, "") for row in sheet.rows)
    ]
    return bool(len(book.sheets) > 1 or unknown or problems(batch, sheet))


def summary(found: Iterable[Plan]) -> dict[str, Any]:
    """新登记、更正、不变、有误各多少行."""
    rows = [plan.state for plan in found]
    return {state.value: rows.count(state) for state in ImportState}
