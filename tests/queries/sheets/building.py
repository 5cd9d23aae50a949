"""Files as offices send them, built by the tests."""

from __future__ import annotations

import csv
import io
import struct
import zipfile
from collections.abc import Callable, Mapping, Sequence
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


# .xls: nothing here writes one, so the few records that these tests need are written by hand (BIFF8 in an OLE file)


def xls(
    rows: Sequence[Sequence[Any]], *, shown: Mapping[tuple[int, int], str] = {}, merges: Sequence[tuple[int, int, int, int]] = (),
    hidden_row: int | None = None, hidden_column: int | None = None, locked: bool = False, title: str = "台账", more: bytes = b"", extent: tuple[int, int] | None = None,
) -> bytes:  # fmt: skip
    """A sheet of text and numbers. `shown`: number formats by cell; `merges`: first row, last row, first and last
    column; `more`: further records of the book; `extent`: the rows and columns that the sheet says it has."""
    formats = sorted(set(shown.values()))
    styles = {form: number for number, form in enumerate(formats, 1)}
    book = _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    if locked:
        book += _record(0x002F, struct.pack("<HHH", 1, 1, 1) + bytes(48))
    book += b"".join(
        _record(0x041E, struct.pack("<H", 163 + styles[form]) + _string(form)) for form in formats
    )
    book += b"".join(_record(0x00E0, struct.pack("<HHH", 0, one, 0) + bytes(14)) for one in [0, *(163 + n for n in styles.values())])  # fmt: skip
    book += more
    name = title.encode("utf-16-le")
    start = len(book) + 4 + 8 + len(name) + 4
    book += _record(0x0085, struct.pack("<IBBBB", start, 0, 0, len(title), 1) + name) + _record(0x000A, b"")
    book += _record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    if hidden_column is not None:
        book += _record(0x007D, struct.pack("<HHHHHH", hidden_column, hidden_column, 2000, 0, 1, 0))
    high, wide = extent or (len(rows), max((len(row) for row in rows), default=0))
    book += _record(0x0200, struct.pack("<IIHHH", 0, high, 0, wide, 0))
    cells = [book]
    for line, row in enumerate(rows):
        flags = 0x20 if line == hidden_row else 0
        cells.append(_record(0x0208, struct.pack("<HHHHHHI", line, 0, len(row), 300, 0, 0, flags)))
        for place, value in enumerate(row):
            style = styles.get(shown.get((line, place), ""), 0)
            at = struct.pack("<HHH", line, place, style)
            if isinstance(value, int | float):
                cells.append(_record(0x0203, at + struct.pack("<d", value)))
            elif value:
                cells.append(_record(0x0204, at + _string(value)))
    book = b"".join(cells)
    if merges:
        book += _record(
            0x00E5, struct.pack("<H", len(merges)) + b"".join(struct.pack("<HHHH", *one) for one in merges)
        )
    return ole({"Workbook": book + _record(0x000A, b"")})


def _record(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _string(text: str) -> bytes:
    return struct.pack("<HB", len(text), 1) + text.encode("utf-16-le")


def ole(streams: dict[str, bytes]) -> bytes:
    """Streams of 4096 bytes or more (shorter ones are filled up) in an OLE file."""
    free, end = 0xFFFFFFFF, 0xFFFFFFFE
    streams = {name: data.ljust(4096, b"\0") for name, data in streams.items()}
    sizes = {name: -(-len(data) // 512) for name, data in streams.items()}
    tables = next(n for n in range(1, 110) if n * 128 >= n + 1 + sum(sizes.values()))
    fat = [0xFFFFFFFD] * tables + [end]
    entries = [_entry("Root Entry", 5, end, 0, child=1)]
    body = b""
    for number, (name, data) in enumerate(streams.items(), 1):
        start = len(fat)
        fat += [*range(start + 1, start + sizes[name]), end]
        entries.append(_entry(name, 2, start, len(data), right=number + 1 if number < len(streams) else free))
        body += data.ljust(sizes[name] * 512, b"\0")
    fat += [free] * (tables * 128 - len(fat))
    head = (
        bytes.fromhex("d0cf11e0a1b11ae1")
        + bytes(16)
        + struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, tables, tables, 0, 4096, end, 0, end, 0)
    )
    places = struct.pack("<109I", *[*range(tables), *[free] * (109 - tables)])
    return head + places + struct.pack(f"<{len(fat)}I", *fat) + b"".join(entries).ljust(512, b"\0") + body


def _entry(
    name: str, kind: int, start: int, size: int, *, child: int = 0xFFFFFFFF, right: int = 0xFFFFFFFF
) -> bytes:
    words = name.encode("utf-16-le")
    return words.ljust(64, b"\0") + struct.pack(
        "<HBBIII36xIII", len(words) + 2, kind, 1, 0xFFFFFFFF, right, child, start, size, 0
    )


# .ods


def ods(*rows: Sequence[str], name: str = "台账", columns: int = 1, times: int = 1, more: str = "") -> bytes:
    """Its last row is said to be repeated `times`, each cell of it `columns` times; `more`: rows of XML below."""

    def line(row: Sequence[str], more: str = "", each: str = "") -> str:
        cells = "".join(
            f'<table:table-cell office:value-type="string"{each}><text:p>{one}</text:p></table:table-cell>'
            for one in row
        )
        return f"<table:table-row{more}>{cells}</table:table-row>"

    spaces = "".join(
        f' xmlns:{one}="urn:oasis:names:tc:opendocument:xmlns:{one}:1.0"'
        for one in ("office", "table", "text")
    )
    body = "".join(line(row) for row in rows[:-1])
    body += line(
        rows[-1], f' table:number-rows-repeated="{times}"', f' table:number-columns-repeated="{columns}"'
    )
    content = f'<?xml version="1.0"?><office:document-content{spaces}><office:body><office:spreadsheet><table:table table:name="{name}">{body}{more}</table:table></office:spreadsheet></office:body></office:document-content>'
    kind, manifest = (
        "application/vnd.oasis.opendocument.spreadsheet",
        "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0",
    )
    listed = f'<manifest:manifest xmlns:manifest="{manifest}"/>'
    return packed(
        {"mimetype": kind.encode(), "META-INF/manifest.xml": listed.encode(), "content.xml": content.encode()}
    )
