"""读表 (R74): any office's file, a workbook, a text or a paper, into rows by our keys.

`read` makes a `Book` of a file; `Book.sheet()` is the sheet to take; `Sheet.headings` say which of our columns each of
its columns is, as far as could be guessed, and `SheetRow.cells(mapping)` gives a row by our keys. Values are read by
`read_day`, `read_number`, `read_class`, `read_yes`, which raise ValueError in a sentence. A file that cannot be read is
a `SheetError`, in a sentence. Nothing here knows the database.
"""

from collections.abc import Mapping

from huiyin.queries.sheets import text, workbook
from huiyin.queries.sheets.headings import LABELS
from huiyin.queries.sheets.table import (
    MOST_ROWS,
    Book,
    Cells,
    Grid,
    Heading,
    Sheet,
    SheetError,
    SheetRow,
    sheet_of,
)
from huiyin.queries.sheets.values import read_class, read_day, read_number, read_yes, words

__all__ = [
    "LABELS", "MOST_ROWS", "Book", "Cells", "Heading", "Sheet", "SheetError", "SheetRow",
    "read", "read_class", "read_day", "read_number", "read_yes", "words",
]  # fmt: skip


def read(data: bytes, name: str, *, known: Mapping[str, str] = {}) -> Book:
    """The sheets of a file. `known`: headings a person has matched before → key ("" for not taken). Raises SheetError."""
    suffix = name.rsplit(".", 1)[-1].lower()
    if suffix == "csv":
        return _book([text.grid(data)], name, known)
    if suffix not in {"xlsx", "xls", "xlsm", "ods"}:
        raise SheetError(f"“{name}”不是 .xlsx、.xls 或 .csv 表格")
    if b"EncryptedPackage" in data or "EncryptedPackage".encode("utf-16-le") in data:
        raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
    return _book(workbook.grids(data, name), name, known)


def _book(grids: list[Grid], name: str, known: Mapping[str, str]) -> Book:
    sheets, problems = [], []
    for grid in grids:
        try:
            sheets.append(sheet_of(grid, known))
        except SheetError as error:
            problems.append((any(cell != "" for row in grid.rows for cell in row), str(error)))
    if not sheets:
        raise SheetError(max(problems)[1] if problems else f"“{name}”里没有内容")
    return Book(tuple(sheets), tuple(f"没有读：{one}" for filled, one in problems if filled))
