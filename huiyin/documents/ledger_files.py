"""台账文件：the items an address asks for, as files: the full table, the columns shown, an office's own layout, .csv. Written to
a file as they are read, so that a hundred thousand of them fill no memory."""

import tempfile
from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO

from huiyin.documents import ledger_filling, ledger_template, spreadsheet
from huiyin.documents.ledger_template import LINE
from huiyin.models import LedgerTemplate, Person
from huiyin.queries import profiles
from huiyin.queries.columns import BY_KEY, Column
from huiyin.queries.ledger import Found
from huiyin.queries.plain_rows import keys_of, plain_rows

WIDE = {"title": 44, "text": 60, "co_signers": 24, "promises": 44, "reason": 30, "lead_unit": 24, "co_units": 24,
        "organ": 24, "contact": 12, "opinions_state": 18, "public_url": 24, "part_text": 24, "meeting": 16, "session": 16,
        "section": 14, "category": 14, "reply_number": 18, "status": 12}  # fmt: skip
USUAL = 11
FROZEN = {"number", "kind", "title"}  # what stays in sight, where it stands first
SHEET = "台账"


def heads_of(columns: Sequence[Column], by: Person) -> list[str]:
    """The headings in the words of the place."""
    return [profiles.word(by.unit, column.label) if by.unit else column.label for column in columns]


def workbook(found: Found, columns: Sequence[Column], *, by: Person) -> IO[bytes]:
    """.xlsx of these columns. ValueError in a sentence when there are more rows than a sheet holds."""
    keys = keys_of(found.items)
    frozen = next((place for place, one in enumerate(columns) if one.key not in FROZEN), len(columns))
    layout = spreadsheet.plain_layout(
        SHEET, heads_of(columns, by), [WIDE.get(one.key, USUAL) for one in columns], frozen=min(frozen, 4)
    )
    return _written(layout, plain_rows(found.actor, keys, columns), len(keys))


def csv_lines(
    found: Found, columns: Sequence[Column], *, by: Person, encoding: str = "utf8"
) -> Iterator[bytes]:
    rows = plain_rows(found.actor, keys_of(found.items), columns)
    return spreadsheet.csv_lines(heads_of(columns, by), rows, encoding=encoding)


def in_layout(found: Found, layout: LedgerTemplate, *, by: Person, most: int | None = None) -> IO[bytes]:
    """The office's own layout, filled; `most`: with the first so many rows only, to see what it looks like. Unfit when it
    cannot be used any more, ValueError when there are more rows than a sheet holds."""
    with layout.file.file.open("rb") as data:
        template = ledger_template.read(data.read(), sheet=layout.sheet)
    keys = keys_of(found.items)[:most]
    columns = (list(layout.columns) + [""] * len(template.heads))[: len(template.heads)]
    named = [key for key in columns if key in BY_KEY]
    said = _said(found, len(keys), by)
    filled = ledger_filling.layout(template, columns, [LINE, *named], said, size=len(keys))
    rows = plain_rows(found.actor, keys, [BY_KEY[key] for key in named])
    return _written(filled, ([number, *row] for number, row in enumerate(rows, 1)), len(keys))


def preview(found: Found, layout: LedgerTemplate, size: int) -> list[list[str]]:
    """What would stand in each of the layout's columns for the first `size` items he sees."""
    named = [key for key in layout.columns if key in BY_KEY]
    rows = plain_rows(found.actor, keys_of(found.items[:size]), [BY_KEY[key] for key in named])
    shown = []
    for number, row in enumerate(rows, 1):
        cells = dict(zip(named, row, strict=True)) | {LINE: number}
        shown.append([str(cells.get(key) or "") for key in layout.columns])
    return shown


def _said(found: Found, size: int, by: Person) -> dict[str, str]:
    on = found.actor.on
    return {
        "年度": _years(found, on), "单位": by.unit.name if by.unit else "", "制表人": by.name, "件数": str(size),
        "制表日期": f"{on.year}年{on.month}月{on.day}日",
    }  # fmt: skip


def _years(found: Found, on: date) -> str:
    """The year of the items, or the first and the last of several."""
    years = sorted(set(found.items.order_by().values_list("meeting__year", flat=True)))
    if not years:
        return str(on.year)
    return str(years[0]) if len(years) == 1 else f"{years[0]}—{years[-1]}"


def _written(layout: spreadsheet.Layout, rows: Iterator[Sequence[object]], size: int) -> IO[bytes]:
    """A temporary file without a name, at its beginning; it is gone when it is closed."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
    try:
        spreadsheet.write(out, layout, rows, size=size)
    except BaseException:
        out.close()
        raise
    out.seek(0)
    return out
