"""读表 (R74): a sheet of the assigning organ's, any of the usual formats, into rows by heading."""

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from python_calamine import CalamineError, CalamineWorkbook

MOST_ROWS = 20_000
LOOK_FOR_HEADINGS = 15  # rows above the headings: titles, notes
SYNONYMS = {
    "number": ("编号", "建议编号", "提案编号", "建议号", "提案号", "序列号"),
    "title": ("标题", "建议标题", "案由", "建议名称", "提案名称", "题目"),
    "text": ("正文", "内容", "建议内容", "提案内容", "建议正文"),
    "lead": ("领衔代表", "领衔人", "第一提案人", "提案者", "建议人", "提出代表"),
    "co_signers": ("联名代表", "联名人", "附议代表", "附议人", "联名提案人"),
    "delegation": ("代表团", "界别", "代表团（界别）", "代表团(界别)"),
    "category": ("内容分类", "分类", "类别"),
    "kind": ("类型",),
    "origin": ("来源",),
    "level": ("办理层级", "层级", "重点督办"),
    "part": ("办理方式", "承办方式", "办理类型"),
    "lead_unit": ("主办单位", "牵头单位"),
    "co_units": ("协办单位", "会办单位"),
    "part_text": ("分办内容",),
    "meeting": ("届次", "会议届次", "原届次"),
    "received_on": ("收到日期", "收件日期"),
    "assigned_on": ("交办日期", "交办时间", "交办日"),
    "due_on": ("答复期限", "办理时限", "答复截止时间"),
}
NEEDED = ("number", "title", "lead", "part", "assigned_on")
HEADINGS = {word: key for key, words in SYNONYMS.items() for word in words}


class SheetError(ValueError):
    """读不了的表: a sentence that says what is wrong and where."""


@dataclass(frozen=True)
class SheetRow:
    """一行：its number in the sheet, its cells by our keys."""

    line: int
    cells: dict[str, Any] = field(default_factory=dict)

    def text(self, key: str) -> str:
        value = self.cells.get(key)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return "" if value is None else str(value).strip()

    def day(self, key: str) -> date | None:
        """A date cell, or 2020-5-29, 2020/5/29, 2020年5月29日, 20200529. ValueError in words otherwise."""
        value = self.cells.get(key)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, date):
            return value
        words = self.text(key)
        return read_day(words) if words else None


def read_day(words: str) -> date:
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%Y年%m月%d日", "%Y.%m.%d", "%Y%m%d"):
        try:
            return datetime.strptime(words, form).date()
        except ValueError:
            continue
    raise ValueError(f"“{words}”不是日期，应写成 2020-05-29（带年份）")


def read(data: bytes, name: str) -> list[SheetRow]:
    """The rows of the first sheet that has the headings. Raises SheetError in a sentence."""
    suffix = name.rsplit(".", 1)[-1].lower()
    if suffix == "csv":
        rows = list(_csv(data))
        if len(rows) > MOST_ROWS:
            raise SheetError(f"表里有{len(rows)}行，一次最多导入{MOST_ROWS}行")
        return _table("表", rows)
    if suffix not in {"xlsx", "xls"}:
        raise SheetError(f"“{name}”不是 .xlsx、.xls 或 .csv 表格")
    return _workbook(data, name)


def _workbook(data: bytes, name: str) -> list[SheetRow]:
    if b"EncryptedPackage" in data or "EncryptedPackage".encode("utf-16-le") in data:
        raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(one, book.get_sheet_by_name(one)) for one in book.sheet_names]
    except (CalamineError, OSError, ValueError) as error:
        raise SheetError(f"“{name}”打不开，可能不是有效的表格文件或已损坏") from error
    problem = "里没有内容"
    for title, sheet in sheets:
        if sheet.total_height >= MOST_ROWS:  # the last row's index
            raise SheetError(f"“{title}”有{sheet.total_height + 1}行，一次最多导入{MOST_ROWS}行")
        try:
            rows = _table(title, sheet.to_python(skip_empty_area=False))
            return _with_zeros(rows, data, title) if name.lower().endswith(".xlsx") else rows
        except SheetError as error:
            problem = str(error)
    raise SheetError(problem if problem.startswith("“") else f"“{name}”{problem}")


def _with_zeros(rows: list[SheetRow], data: bytes, title: str) -> list[SheetRow]:
    """编号的前导零 (R2): a cell that holds 82 and shows 082, by the number format 000, is 082."""
    if not any(isinstance(row.cells.get("number"), int | float) for row in rows):
        return rows
    book = load_workbook(io.BytesIO(data), read_only=True)
    shown = {
        (cell.row, cell.value): len(zeros[0])
        for line in book[title].iter_rows()
        for cell in line
        if isinstance(cell.value, int | float) and (zeros := re.match("0{2,}", cell.number_format or ""))
    }
    return [replace(row, cells={**row.cells, "number": _padded(row, shown)}) for row in rows]


def _padded(row: SheetRow, shown: dict[tuple[int, float], int]) -> str:
    value = row.cells.get("number")
    width = shown.get((row.line, value), 0) if isinstance(value, int | float) else 0
    return row.text("number").zfill(width)


def _csv(data: bytes) -> Iterator[list[str]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n")))
        except csv.Error as error:
            raise SheetError(f"表格读不下去（{error}），请另存为 .xlsx 再导入") from error
        return
    raise SheetError("文字编码认不出来，请另存为 UTF-8 或 GB 18030 的 .csv，或 .xlsx")


def _table(title: str, rows: list[list[Any]]) -> list[SheetRow]:
    for place, row in enumerate(rows[:LOOK_FOR_HEADINGS]):
        headings = [HEADINGS.get(str(cell).replace(" ", "").replace("\n", "").strip()) for cell in row]
        if {"number", "title"} <= set(headings):
            return _rows(title, rows, place, headings)
    raise SheetError(
        f"“{title}”的前{LOOK_FOR_HEADINGS}行里没有找到表头，表头应有：编号、标题、领衔代表、办理方式、交办日期"
    )


def _rows(title: str, rows: list[list[Any]], place: int, headings: list[str | None]) -> list[SheetRow]:
    if missing := [SYNONYMS[key][0] for key in NEEDED if key not in headings]:
        raise SheetError(f"“{title}”第{place + 1}行的表头缺少：{'、'.join(missing)}")
    named = [key for key in headings if key]
    if twice := sorted({SYNONYMS[key][0] for key in named if named.count(key) > 1}):
        raise SheetError(f"“{title}”第{place + 1}行的表头重复：{'、'.join(twice)}")
    found = []
    for line, row in enumerate(rows[place + 1 :], place + 2):
        cells = {
            key: cell for key, cell in zip(headings, row, strict=False) if key and cell not in (None, "")
        }
        if cells:
            found.append(SheetRow(line, cells))
    if not found:
        raise SheetError(f"“{title}”的表头下面没有内容")
    return found
