"""看一遍 .ods before calamine reads it: cells and rows are written once and said to be repeated."""

import re
from typing import Any

from lxml import etree

from huiyin.queries.sheets import archive
from huiyin.queries.sheets.seen import Looked, Seen
from huiyin.queries.sheets.table import MOST_ROWS, SheetError

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_SPACES = 1_000


def look(data: bytes, name: str) -> Looked:
    """Raises SheetError for what is too large or unsound."""
    with archive.opened(data, name) as book:
        if archive.part(book, "content.xml") is None:
            raise archive.broken(name)
        if b"encryption-data" in (archive.part(book, "META-INF/manifest.xml") or b""):
            raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
        with book.open("content.xml") as file:
            return _looked(file)


def _looked(file: Any) -> Looked:
    found, seen, title, row = Looked(), Seen(), "", 0
    walk = etree.iterparse(
        file, events=("start", "end"), tag=[TABLE + "table", TABLE + "table-row", TEXT + "s"],
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
    )  # fmt: skip
    for event, one in walk:
        if one.tag == TEXT + "s":
            if int(one.get(TEXT + "c", "1")) > MOST_SPACES:
                raise SheetError(f"“{title}”的一格里有过多的空格")
        elif event == "start" and one.tag == TABLE + "table":
            title, row, seen = one.get(TABLE + "name", ""), 0, Seen()
            found.sheets[title] = seen
        elif event == "end" and one.tag == TABLE + "table-row":
            times = int(one.get(TABLE + "number-rows-repeated", "1"))
            _row(one, row, times, seen)
            row += times
            seen.check(title)
            one.clear()
    return found


def _row(row: Any, line: int, times: int, seen: Seen) -> None:
    place, filled, last = 0, 0, -1
    for cell in row:
        if cell.tag not in {TABLE + "table-cell", TABLE + "covered-table-cell"}:
            continue
        width = int(cell.get(TABLE + "number-columns-repeated", "1"))
        if len(cell):
            filled, last = filled + width, place + width - 1
            _cell(cell, line, place, seen)
        place += width
    if filled:
        seen.count(filled * times, line + times - 1, last)
        if row.get(TABLE + "visibility", "visible") != "visible":
            seen.hidden_rows += range(line, min(line + times, MOST_ROWS))


def _cell(cell: Any, line: int, place: int, seen: Seen) -> None:
    """A number that shows leading zeros, and the cells that one spans."""
    if cell.get(OFFICE + "value-type") == "float":
        text = "".join(cell.find(TEXT + "p").itertext()) if cell.find(TEXT + "p") is not None else ""
        if re.fullmatch(r"0\d+", text, re.ASCII):
            seen.shown[line, place] = text
    down, right = (int(cell.get(f"{TABLE}number-{one}-spanned", "1")) for one in ("rows", "columns"))
    if down > 1 or right > 1:
        seen.merges.append(((line, place), (line + down - 1, place + right - 1)))
