"""Files as offices send them, built by the tests."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import xlsxwriter
from docx import Document

HEAD = ["编号", "标题", "领衔代表", "办理方式", "交办日期"]
ROW = ["082", "关于协调港口用地指标的建议", "邱德海", "主办", "2020-05-29"]


def xlsx(
    *sheets: Sequence[Sequence[Any]],
    change: Callable[[Any, Any], None] | None = None,
    titles: Sequence[str] = (),
) -> bytes:
    """Each sheet's rows from A1; `change(book, first sheet)` does the rest."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        for number, rows in enumerate(sheets):
            sheet = book.add_worksheet(titles[number] if titles else None)
            for line, row in enumerate(rows):
                for place, value in enumerate(row):
                    if isinstance(value, str):
                        sheet.write_string(line, place, value)
                    elif value is not None:
                        sheet.write(line, place, value)
        if change:
            change(book, book.worksheets()[0])
    return out.getvalue()


def text(*rows: Sequence[Any], encoding: str = "utf-8", separator: str = ",") -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows(rows)
    return out.getvalue().encode(encoding)


def docx(
    *blocks: str | Sequence[Sequence[str]], merged: Sequence[tuple[tuple[int, int], tuple[int, int]]] = ()
) -> bytes:
    """Paragraphs and tables; `merged`: cells of the first table."""
    paper = Document()
    for block in blocks:
        if isinstance(block, str):
            paper.add_paragraph(block)
            continue
        table = paper.add_table(len(block), max(len(row) for row in block))
        for line, row in enumerate(block):
            for place, value in enumerate(row):
                table.cell(line, place).text = value
    for first, last in merged:
        table = paper.tables[0]
        words = table.cell(*first).text
        table.cell(*first).merge(table.cell(*last)).text = words
    out = io.BytesIO()
    paper.save(out)
    return out.getvalue()


def packed(files: dict[str, bytes], **flags: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def repacked(data: bytes, change: Callable[[dict[str, bytes]], None]) -> bytes:
    """A zip with its parts changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    return packed(parts)
