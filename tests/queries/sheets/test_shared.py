"""Real tables and texts, where a folder of them is at hand (HUIYIN_SHARED_DATA): each is read, or refused in a sentence."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from huiyin.documents import legacy, pdf
from huiyin.queries.sheets import SheetError, read, read_day, read_number

KINDS = {".xlsx", ".xls", ".xlsm", ".ods", ".csv", ".docx", ".doc", ".zip", ".html", ".htm"}
SHARED = Path(os.environ.get("HUIYIN_SHARED_DATA", "/nowhere"))
FILES = sorted(
    one for one in SHARED.rglob("*") if one.suffix.lower() in KINDS and "holidays" not in one.parts
)


@pytest.mark.skipif(not FILES, reason="HUIYIN_SHARED_DATA names no folder with tables")
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_real_file_is_read_or_refused_in_a_sentence(path: Path) -> None:
    data, said = path.read_bytes(), ""
    try:
        book = read(legacy.readable(data, path.name), path.name)
    except (SheetError, pdf.NotConverted) as error:
        said = str(error)
    if said:
        assert re.search("[\u4e00-\u9fff]", said) and "。" not in said[:-1]
        return
    sheet = book.sheet()
    assert sheet.rows and sheet.headings
    for row in sheet.rows:
        assert len(row.raw) >= max(one.place for one in sheet.headings)
        cells = row.cells(sheet.mapping())
        for reader, key in ((read_number, "number"), (read_day, "assigned_on")):
            try:
                reader(cells.get(key))
            except ValueError as error:
                said = str(error)
            assert not said or re.search("[\u4e00-\u9fff]", said)


@pytest.mark.skipif(not FILES, reason="HUIYIN_SHARED_DATA names no folder with tables")
def test_of_the_real_tables_most_have_known_headings() -> None:
    """A table with a heading for the number and one for the title is a ledger to us."""
    found = []
    for path in FILES:
        if path.suffix.lower() in {".xlsx", ".xls", ".csv"}:
            try:
                found.append(read(path.read_bytes(), path.name).sheet().recognised)
            except SheetError:
                found.append(False)
    assert not found or sum(found) * 2 >= len(found)
