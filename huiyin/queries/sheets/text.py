"""文本表格：.csv in UTF-8 (with or without its mark), UTF-16 or GB 18030, its cells parted by commas, tabs or semicolons."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from huiyin.queries.sheets.table import LONGEST_CELL, MOST_COLUMNS, MOST_ROWS, Grid, SheetError

SEPARATORS = ",\t;"
MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}


def grid(data: bytes) -> Grid:
    text = decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    rows: list[list[Any]] = []
    for row in _rows(text, _separator(text)):
        if len(rows) >= MOST_ROWS:
            raise SheetError(f"表里超过{MOST_ROWS}行，一次最多导入{MOST_ROWS}行")
        if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
            raise SheetError(f"第{len(rows) + 1}行有{len(row)}列，一次最多{MOST_COLUMNS}列")
        rows.append(list(row[:MOST_COLUMNS]))
    return Grid("表", rows)


def decoded(data: bytes) -> str:
    marked = [encoding for mark, encoding in MARKS.items() if data.startswith(mark)]
    for encoding in marked or ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SheetError("文字编码认不出来，请另存为 UTF-8 或 GB 18030 的 .csv，或 .xlsx")


def _separator(text: str) -> str:
    """The one that parts the lines into most cells, a comma where it is even."""
    if text.startswith("sep=") and text[4:5]:
        return text[4]
    lines = text[:20_000].split("\n")[:50]
    return max(SEPARATORS, key=lambda one: sum(line.count(one) for line in lines))


def _rows(text: str, separator: str) -> Iterator[list[str]]:
    csv.field_size_limit(2 * LONGEST_CELL)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    except csv.Error as error:
        raise SheetError("表格读不下去，请另存为 .xlsx 再导入") from error
