"""工作簿：.xlsx, .xlsm (as data), .xls and .ods into grids of cells; what calamine does not tell is looked up beside it."""

import io
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from huiyin.queries.sheets import ods, xls, xlsx
from huiyin.queries.sheets.archive import sound
from huiyin.queries.sheets.seen import Looked, Seen, column
from huiyin.queries.sheets.table import MOST_COLUMNS, MOST_ROWS, Grid, Rows, SheetError

MOST_SHEETS = 100
SAID = 8


def grids(data: bytes, name: str, kind: str) -> tuple[list[Grid], list[str]]:
    """Every sheet with cells, in the book's order, and what is said of the book. `kind`: xlsx, ods or xls, as its
    content is. Raises SheetError."""
    look = {"xlsx": xlsx.look, "xls": xls.look, "ods": ods.look}[kind]
    with sound(name):
        looked = look(data, name)
        try:
            book = CalamineWorkbook.from_filelike(io.BytesIO(looked.clean or data))
            return [
                _grid(book, one, looked.sheets[one.name]) for one in _worksheets(book, looked)
            ], looked.notes
        except PasswordError as error:
            raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入") from error


def _worksheets(book: CalamineWorkbook, looked: Looked) -> list[Any]:
    """Those that were looked through."""
    found = [
        one
        for one in book.sheets_metadata
        if one.typ == SheetTypeEnum.WorkSheet and one.name in looked.sheets
    ]
    if len(found) > MOST_SHEETS:
        raise SheetError(f"工作簿里有{len(found)}个工作表，最多{MOST_SHEETS}个")
    return found


def _grid(book: CalamineWorkbook, metadata: Any, seen: Seen) -> Grid:
    title = metadata.name
    sheet = book.get_sheet_by_name(title)
    if sheet.total_height >= MOST_ROWS:  # the last row's index
        raise SheetError(f"“{title}”有{sheet.total_height + 1}行，一次最多导入{MOST_ROWS}行")
    if sheet.total_width > MOST_COLUMNS:
        raise SheetError(f"“{title}”有{sheet.total_width}列，一次最多{MOST_COLUMNS}列")
    rows = sheet.to_python(skip_empty_area=False)
    hidden = metadata.visible != SheetVisibleEnum.Visible
    found = Grid(title, rows, sheet.merged_cell_ranges or seen.merges, hidden=hidden)
    if hidden:
        found.notes.append(f"工作表“{title}”是隐藏的，也读了")
    _add(found, rows, seen)
    return found


def _add(grid: Grid, rows: Rows, seen: Seen) -> None:
    """Leading zeros, error values, and what is said about hidden rows, hidden columns and formulas."""
    for (row, place), shown in (seen.shown | seen.errors).items():
        if row < len(rows) and place < len(rows[row]):
            rows[row][place] = shown
    if seen.hidden_rows:
        grid.notes.append(f"第{_several([str(row + 1) for row in seen.hidden_rows])}行是隐藏的，也读了")
    if seen.hidden_columns:
        grid.notes.append(f"{_several([column(place) for place in seen.hidden_columns])}列是隐藏的，也读了")
    if seen.errors:
        cells = [f"{column(place)}{row + 1}（{shown}）" for (row, place), shown in seen.errors.items()]
        grid.notes.append(f"有的公式算出的是错误：{_several(cells)}")
    if seen.unvalued:
        cells = [f"{column(place)}{row + 1}" for row, place in seen.unvalued]
        grid.problem = (
            f"“{grid.title}”的{_several(cells)}是公式，还没有算出值，请在Excel或WPS里打开、保存一次再导入"
        )
    elif seen.formulas:
        grid.notes.append(f"有{seen.formulas}格是公式，读的是文件里存的值")


def _several(found: list[str]) -> str:
    return "、".join(found[:SAID]) + (f"等{len(found)}处" if len(found) > SAID else "")
