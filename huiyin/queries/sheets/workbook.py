"""工作簿：.xlsx, .xlsm (as data), .xls and .ods into grids of cells."""

import io
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from huiyin.queries.sheets.table import MOST_COLUMNS, MOST_ROWS, Grid, SheetError

BROKEN = "打不开，可能不是有效的表格文件或已损坏"


def grids(data: bytes, name: str) -> list[Grid]:
    """Every sheet with cells, in the book's order. Raises SheetError."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    except PasswordError as error:
        raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入") from error
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(f"“{name}”{BROKEN}") from error
    found = []
    for one in book.sheets_metadata:
        if one.typ != SheetTypeEnum.WorkSheet:
            continue
        try:
            sheet = book.get_sheet_by_name(one.name)
        except (CalamineError, OSError, ValueError) as error:
            raise SheetError(f"“{name}”{BROKEN}") from error
        if sheet.total_height >= MOST_ROWS:  # the last row's index
            raise SheetError(f"“{one.name}”有{sheet.total_height + 1}行，一次最多导入{MOST_ROWS}行")
        if sheet.total_width > MOST_COLUMNS:
            raise SheetError(f"“{one.name}”有{sheet.total_width}列，一次最多{MOST_COLUMNS}列")
        rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
        hidden = one.visible != SheetVisibleEnum.Visible
        found.append(Grid(one.name, rows, sheet.merged_cell_ranges or (), hidden=hidden))
    return found
