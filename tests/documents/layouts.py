"""An office's own layout of the ledger, as its people make them: titles, heads of two rows, a sample row, a signing line."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import xlsxwriter
from django.core.files.base import ContentFile

HEADS = ("序号", "建议编号", "案由", "领衔代表", ("承办情况", "承办科室", "承办人"), "交办日期", ("代表评价", "态度", "结果"),
         "局里备注", "分管领导")  # fmt: skip


def office_layout(title: str = "{单位}{年度}年度建议办理台账", *, formula: str = "", link: str = "") -> bytes:
    """.xlsx; `formula` in the sample row, `link` in the title."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("办理台账")
        head = book.add_format({"bold": True, "border": 1, "align": "center", "font_name": "黑体"})
        body = book.add_format({"border": 1, "text_wrap": True, "font_name": "仿宋", "font_color": "#003366"})
        sheet.merge_range("A1:K1", title, book.add_format({"bold": True, "font_size": 18, "align": "center"}))
        sheet.merge_range("A2:K2", "制表日期：{制表日期}　共{件数}件", body)
        _heads(sheet, head)
        for place in range(11):
            sheet.write_blank(4, place, None, body)
            sheet.write_blank(5, place, None, body)
        sheet.write_string(4, 1, "001", body)
        if formula:
            sheet.write_formula(4, 9, formula, body)
        if link:
            sheet.write_url("L1", link)
        sheet.merge_range("A7:C7", "填表人：{制表人}", body)
        sheet.write_string("H7", "审核人：", body)
        sheet.set_row(4, 36)
        sheet.set_column(2, 2, 44)
        sheet.set_landscape()
        sheet.repeat_rows(2, 3)
        sheet.print_area("A1:K7")
        sheet.set_footer("&C{单位}　第&P页")
        sheet.freeze_panes(4, 3)
        sheet.autofilter("A4:K6")
    return out.getvalue()


def _heads(sheet: Any, look: Any) -> None:
    place = 0
    for one in HEADS:
        if isinstance(one, str):
            sheet.merge_range(2, place, 3, place, one, look)
            place += 1
            continue
        above, *below = one
        sheet.merge_range(2, place, 2, place + len(below) - 1, above, look)
        for words in below:
            sheet.write_string(3, place, words, look)
            place += 1


def upload(data: bytes | None = None, name: str = "台账.xlsx") -> ContentFile[bytes]:
    return ContentFile(office_layout() if data is None else data, name=name)


def with_line(line: str) -> bytes:
    """The layout with one more line, empty, that says it stands there."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_layout())) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.namelist():
            more = f'<row r="{line}"/></sheetData>'.encode()
            content = old.read(one)
            new.writestr(one, content.replace(b"</sheetData>", more) if "sheet1.xml" in one else content)
    return out.getvalue()
