"""看一遍 .ods before calamine reads it: cells and rows are written once and said to be repeated."""

from typing import Any

from lxml import etree

from huiyin.queries.sheets import archive
from huiyin.queries.sheets.seen import Looked
from huiyin.queries.sheets.table import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SheetError

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
MOST_SPACES = 1_000


def look(data: bytes, name: str) -> Looked:
    """Raises SheetError for what is too large or unsound."""
    with archive.opened(data, name) as book:
        if archive.part(book, "content.xml") is None:
            raise archive.broken(name)
        manifest = archive.part(book, "META-INF/manifest.xml") or b""
        if b"encryption-data" in manifest:
            raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
        _measure(book)
    return Looked()


def _measure(book: Any) -> None:
    title, rows, empty, cells = "", 0, 0, 0
    with book.open("content.xml") as file:
        walk = etree.iterparse(
            file, events=("start", "end"), tag=[TABLE + "table", TABLE + "table-row", TEXT + "s"],
            resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        )  # fmt: skip
        for event, one in walk:
            if one.tag == TABLE + "table":
                title, rows, empty = one.get(TABLE + "name", ""), 0, 0
            elif one.tag == TEXT + "s":
                if int(one.get(TEXT + "c", "1")) > MOST_SPACES:
                    raise SheetError(f"“{title}”的一格里有过多的空格")
            elif event == "end":
                times, width = _row(one)
                if width > MOST_COLUMNS:
                    raise SheetError(f"“{title}”第{rows + empty + 1}行有{width}列，一次最多{MOST_COLUMNS}列")
                rows, empty = (rows + empty + times, 0) if width else (rows, empty + times)
                cells += times * width
                if rows > MOST_ROWS:
                    raise SheetError(f"“{title}”超过{MOST_ROWS}行，一次最多导入{MOST_ROWS}行")
                if cells > MOST_CELLS:
                    raise SheetError(f"“{title}”里有内容的格子超过{MOST_CELLS}个，请分成几个文件导入")
                one.clear()


def _row(row: Any) -> tuple[int, int]:
    """How often it is repeated, and its width up to the last cell that holds anything."""
    width = last = 0
    for cell in row:
        if cell.tag not in {TABLE + "table-cell", TABLE + "covered-table-cell"}:
            continue
        width += int(cell.get(TABLE + "number-columns-repeated", "1"))
        if len(cell):
            last = width
    return int(row.get(TABLE + "number-rows-repeated", "1")), last
