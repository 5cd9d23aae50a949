"""网页表格：many systems hand out a web page and call it .xls."""

from typing import Any

from lxml import html

from huiyin.queries.sheets.archive import sound
from huiyin.queries.sheets.table import MOST_COLUMNS, MOST_ROWS, Grid, SheetError
from huiyin.queries.sheets.text import decoded

MOST_SPAN = 1_000


def grids(data: bytes, name: str) -> list[Grid]:
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    with sound(name):
        page = html.document_fromstring(decoded(data).encode("utf-8"), parser)
    for one in page.iter("br"):
        one.tail = "\n" + (one.tail or "")
    found = [_grid(one, f"表{number}") for number, one in enumerate(page.iter("table"), 1)]
    if not found:
        raise SheetError(f"“{name}”是网页，里面没有表格")
    return found


def _grid(table: Any, title: str) -> Grid:
    """Its cells, one that spans several rows or columns standing in each."""
    rows: list[list[Any]] = []
    hanging: dict[int, tuple[int, str]] = {}  # column → how many rows more, and what
    for one in table.iter("tr"):
        if next(one.iterancestors("table")) is not table:
            continue
        if len(rows) >= MOST_ROWS:
            raise SheetError(f"“{title}”超过{MOST_ROWS}行，一次最多导入{MOST_ROWS}行")
        rows.append(_row(one, hanging, title))
    return Grid(title, rows)


def _row(line: Any, hanging: dict[int, tuple[int, str]], title: str) -> list[Any]:
    row: list[Any] = []

    def hang() -> None:
        while (there := hanging.get(len(row))) is not None:
            left, text = there
            hanging.pop(len(row))
            if left > 1:
                hanging[len(row)] = (left - 1, text)
            row.append(text)

    for cell in line:
        if cell.tag not in {"td", "th"}:
            continue
        hang()
        text = cell.text_content().strip()
        for _ in range(_span(cell, "colspan")):
            if (down := _span(cell, "rowspan")) > 1:
                hanging[len(row)] = (down - 1, text)
            row.append(text)
            if len(row) > MOST_COLUMNS:
                raise SheetError(f"“{title}”有一行超过{MOST_COLUMNS}列，一次最多{MOST_COLUMNS}列")
    hang()
    return row


def _span(cell: Any, name: str) -> int:
    text = cell.get(name, "1").strip()
    return min(max(int(text), 1), MOST_SPAN) if text.isdecimal() and len(text) < 6 else 1
