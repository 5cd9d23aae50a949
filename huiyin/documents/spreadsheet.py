"""表格文件：rows out as .xlsx and .csv, written as they come, so that a hundred thousand of them fill no memory.

An .xlsx is a package of parts of which only the sheet's rows are long. `Layout` is a package with everything but the rows:
ours (`plain_layout`), or an office's own (huiyin.documents.ledger_filling); `write` puts the rows in. Words stay words (082,
telephone numbers, long numbers), days are days, counts are numbers, and no cell is a formula (R74).
"""

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import islice
from typing import Any, BinaryIO
from xml.sax.saxutils import escape, quoteattr

from huiyin.rules.cells import neutral, plain

MOST_ROWS = 1_048_576  # of one sheet
LONGEST = 32_767  # of one cell, in UTF-16
CUT = "……（单元格放不下，全文见本件的页面）"
AT_ONCE = 500  # rows made into a piece of the file
LARGE = 20_000_000  # cells beyond which a sheet may pass 2 GB
EPOCH, FIRST = date(1899, 12, 30), date(1900, 3, 1)  # before that day Excel counts wrong
APART = frozenset("=+-@\t\n\r＝＋－＠'")
SPACE = frozenset(" \t\n\u3000")
EDGE = APART | SPACE
# What may not stand in XML as it is:
ODD = re.compile("[&<>_\r\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LITERAL = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
Row = Sequence[object]


@dataclass(frozen=True)
class Looks:
    """一列的样子：the numbers of the styles for words, days and numbers."""

    text: int
    day: int
    number: int


@dataclass(frozen=True)
class Layout:
    """版式：the package's other parts, the sheet before its rows and (given how many there are) after them. `first`: the
    line of the first row; `looks`: one a column of the sheet; `sources`: which of a row's values stands there, None for
    none of them."""

    parts: dict[str, bytes]
    sheet: str
    before: str
    after: Callable[[int], str]
    first: int
    looks: Sequence[Looks]
    sources: Sequence[int | None]
    height: str = ""  # attributes of each row


def letters(place: int) -> str:
    """The column's letters: 0 → A, 26 → AA."""
    found = ""
    while place >= 0:
        place, left = place // 26 - 1, place % 26
        found = chr(65 + left) + found
    return found


def as_xml(words: str) -> str:
    """Words as the text of an element in a sheet: what no cell holds is left out."""
    if ODD.search(words):
        words = escape(LITERAL.sub("_x005F_", plain(words)))
    return words


def fitting(words: str) -> str:
    """As much as a cell holds; in UTF-16 a character beyond the first plane counts twice."""
    if len(words) * 2 <= LONGEST or len(words.encode("utf-16-le")) // 2 <= LONGEST:
        return words
    return words.encode("utf-16-le")[: (LONGEST - len(CUT)) * 2].decode("utf-16-le", "ignore") + CUT


def words_cell(place: str, style: int, words: str) -> str:
    """A cell of any words."""
    return f'<c r="{place}{_words(style, words)}'


def _words(style: int, words: str) -> str:
    """First as a cell can hold them, for what is left out may hide what could be a formula."""
    space = ""
    if ODD.search(words) or words[:1] in EDGE or words[-1:] in SPACE or len(words) * 2 > LONGEST:
        words, space = as_xml(fitting(neutral(plain(words)))), ' xml:space="preserve"'
    return f'" s="{style}" t="inlineStr"><is><t{space}>{words}</t></is></c>'


def _cell(looks: Looks, then: str, value: object) -> str:
    """A cell from behind its place on, and what comes then."""
    if value is None or value == "":
        return f'" s="{looks.text}"/>{then}'
    if isinstance(value, date) and value >= FIRST:
        return f'" s="{looks.day}"><v>{(value - EPOCH).days}</v></c>{then}'
    if type(value) is int and abs(value) < 10**11:
        return f'" s="{looks.number}"><v>{value}</v></c>{then}'
    return _words(looks.text, str(value)) + then


def _each(make: Callable[[Any], str], values: Sequence[Any]) -> Iterator[str]:
    """What `make` makes of each value (words, days, counts; to a dict 1 and True are one); of one that stands in many rows,
    once."""
    made = {value: make(value) for value in set(values)}
    return map(made.__getitem__, values)


def rows_xml(layout: Layout, rows: Sequence[Row], first: int) -> str:
    """Some rows as XML, from line `first` on. A column's cells are made at once, each with the beginning of the next cell
    behind it; a row is then these, joined by the line's number."""
    values, columns = list(zip(*rows, strict=True)), []
    last = len(layout.looks) - 1
    for place, (looks, source) in enumerate(zip(layout.looks, layout.sources, strict=True)):
        then = f'<c r="{letters(place + 1)}' if place < last else "</row>"
        given = [None] * len(rows) if source is None else values[source]
        columns.append(_each(partial(_cell, looks, then), given))
    begin = '<row r="', f'"{layout.height}><c r="A'
    return "".join(
        [str(line).join((*begin, *row)) for line, row in enumerate(zip(*columns, strict=True), first)]
    )


def _some(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows, so many at a time."""
    coming = iter(rows)
    while held := list(islice(coming, AT_ONCE)):
        yield held


def write(out: BinaryIO, layout: Layout, rows: Iterable[Row], *, size: int) -> int:
    """The package with the rows in it, onto a file that can be sought; how many there were. `size`: about how many."""
    if size + layout.first > MOST_ROWS:
        raise ValueError(f"Excel一张表最多{MOST_ROWS}行，这里有{size}行：请先筛选，或导出 .csv")
    count = 0
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as package:
        for name, content in layout.parts.items():
            package.writestr(name, content)
        large = size * len(layout.looks) > LARGE
        with package.open(layout.sheet, "w", force_zip64=large) as sheet:
            sheet.write(layout.before.encode())
            for some in _some(rows):
                sheet.write(rows_xml(layout, some, layout.first + count).encode())
                count += len(some)
            sheet.write(layout.after(count).encode())
    return count


# 我们自己的版式

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = f"""{HEAD}<styleSheet {MAIN}><numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/></numFmts>\
<fonts count="2"><font><sz val="10"/><name val="宋体"/><family val="3"/><charset val="134"/></font>\
<font><b/><sz val="10"/><name val="宋体"/><family val="3"/><charset val="134"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE8F0FB"/></patternFill></fill></fills>\
<borders count="2"><border/><border><left style="thin"><color rgb="FFBFC9D6"/></left><right style="thin"><color rgb="FFBFC9D6"/></right>\
<top style="thin"><color rgb="FFBFC9D6"/></top><bottom style="thin"><color rgb="FFBFC9D6"/></bottom></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="5">\
<xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>\
<xf numFmtId="164" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="center" vertical="top"/></xf>\
<xf numFmtId="1" fontId="0" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="right" vertical="top"/></xf>\
<xf numFmtId="49" fontId="1" fillId="2" borderId="1" xfId="0" applyNumberFormat="1" applyAlignment="1"><alignment horizontal="center" vertical="center" wrapText="1"/></xf>\
</cellXfs><cellStyles count="1"><cellStyle name="常规" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""
OURS, HEADING = Looks(1, 2, 3), 4


def plain_layout(title: str, heads: Sequence[str], widths: Sequence[int], *, frozen: int = 0) -> Layout:
    """A head of one line, frozen and repeated on each printed page, with filters; A4 landscape, one page wide."""
    last = letters(len(heads) - 1)
    name = quoteattr("'" + title.replace("'", "''") + "'")[1:-1]
    columns = "".join(
        f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
        for place, width in enumerate(widths, 1)
    )
    pane = f'xSplit="{frozen}" ' if frozen else ""
    corner = "bottomRight" if frozen else "bottomLeft"
    before = (
        f'{HEAD}<worksheet {MAIN}><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr><sheetViews><sheetView workbookViewId="0" tabSelected="1">'
        f'<pane {pane}ySplit="1" topLeftCell="{letters(frozen)}2" activePane="{corner}" state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/><cols>{columns}</cols><sheetData><row r="1" ht="30" customHeight="1">'
        + "".join(words_cell(f"{letters(place)}1", HEADING, head) for place, head in enumerate(heads))
        + "</row>"
    )

    def after(count: int) -> str:
        return (
            f'</sheetData><autoFilter ref="A1:{last}{count + 1}"/>'
            '<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/>'
            '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/>'
            "<headerFooter><oddFooter>&amp;C第&amp;P页，共&amp;N页</oddFooter></headerFooter></worksheet>"
        )

    parts = {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{KIND}.sheet.main+xml"/>'
        f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{KIND}.worksheet+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{KIND}.styles+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{HEAD}<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name={quoteattr(title)} sheetId="1" r:id="rId1"/></sheets>'
        f'<definedNames><definedName name="_xlnm.Print_Titles" localSheetId="0">{name}!$1:$1</definedName></definedNames></workbook>',
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{OFFICE}/styles" Target="styles.xml"/></Relationships>',
        "xl/styles.xml": STYLES,
    }  # fmt: skip
    return Layout(
        {key: value.encode() for key, value in parts.items()}, "xl/worksheets/sheet1.xml", before, after, 2,
        [OURS] * len(heads), range(len(heads)),
    )  # fmt: skip


# .csv

ENCODINGS = {"utf8": "UTF-8", "gb18030": "GB 18030"}
EMPTY = '""'  # a line of one empty cell; with nothing in it, it would be no line


def csv_lines(heads: Sequence[str], rows: Iterable[Row], *, encoding: str = "utf8") -> Iterator[bytes]:
    """.csv, some rows at a time: UTF-8 with the mark by which Excel knows it, or GB 18030."""
    code, mark = ("utf-8", "\ufeff") if encoding == "utf8" else ("gb18030", "")
    yield f"{mark}{','.join(map(_said, heads))}\r\n".encode(code)
    for some in _some(rows):
        columns = [_each(_said, values) for values in zip(*some, strict=True)]
        yield "".join([f"{','.join(row) or EMPTY}\r\n" for row in zip(*columns, strict=True)]).encode(code)


def _said(value: object) -> str:
    """A cell, in marks where it has to be (RFC 4180)."""
    words = "" if value is None else neutral(plain(str(value)))
    if '"' in words or "," in words or "\n" in words:
        return '"{}"'.format(words.replace('"', '""'))
    return words
