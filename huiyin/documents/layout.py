"""公文版式 (GB/T 9704-2012): A4, 版心 156×225 mm, 三号仿宋, 22 行 × 28 字.

Everything is a named style, so that an office can adjust a paper in Word or WPS. The official fonts' names are
written into the file; they exist on the clients' machines.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
BODY = "公文正文"
RED = RGBColor(0xC0, 0x0D, 0x1B)
HEADING = (
    (re.compile(r"^[一二三四五六七八九十]+、"), "公文一级标题"),
    (re.compile(r"^（[一二三四五六七八九十]+）"), "公文二级标题"),
)
LONGEST_HEADING = 40  # a numbered line longer than this is a paragraph that begins with a number
FIXED_TIME = (2000, 1, 1, 0, 0, 0)
STYLES: tuple[tuple[str, str, float, dict[str, Any]], ...] = (
    # name, font, size in points, format
    (BODY, FANG, 16, {"line": 28.95, "indent": 200, "spacing": -5}),
    ("公文顶格", FANG, 16, {"line": 28.95, "spacing": -5}),
    ("公文一级标题", HEI, 16, {"line": 28.95, "indent": 200, "spacing": -5}),
    ("公文二级标题", KAI, 16, {"line": 28.95, "indent": 200, "spacing": -5}),
    ("公文标题", TITLE, 22, {"line": 33, "align": WD_ALIGN_PARAGRAPH.CENTER}),
    ("发文机关标志", TITLE, 34, {"line": 44, "align": WD_ALIGN_PARAGRAPH.CENTER, "red": True}),
    ("发文字号", FANG, 16, {"line": 28.95}),
    ("类别标记", HEI, 16, {"line": 28.95, "align": WD_ALIGN_PARAGRAPH.RIGHT}),
    ("落款", FANG, 16, {"line": 28.95, "align": WD_ALIGN_PARAGRAPH.RIGHT, "right": 400}),
    ("版记", FANG, 14, {"line": 24}),
    ("表头", HEI, 10.5, {"line": 16, "align": WD_ALIGN_PARAGRAPH.CENTER}),
    ("表文", FANG, 10.5, {"line": 16}),
)


def chinese_day(day: date) -> str:
    """2020年8月3日：Arabic digits, no leading zeros."""
    return f"{day.year}年{day.month}月{day.day}日"


class Paper:
    """一份公文, built from the top down."""

    def __init__(self) -> None:
        self.document = Document()
        self.body = self.document.element.body
        self._page(self.document.sections[0])
        for name, font, size, form in STYLES:
            self._style(name, font, size, form)
        self._page_numbers()

    # 版面

    def _page(self, section: Any) -> None:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = Mm(28), Mm(26)
        section.footer_distance, section.header_distance = Mm(23), Mm(15)
        for grid in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(grid)

    def _style(self, name: str, font: str, size: float, form: dict[str, Any]) -> None:
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        _fonts(style.element.get_or_add_rPr(), font)
        style.font.size = Pt(size)
        if form.get("red"):
            style.font.color.rgb = RED
        shape = style.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(form["line"])
        shape.space_before = shape.space_after = Pt(0)
        shape.widow_control = False
        shape.alignment = form.get("align")
        if "spacing" in form:
            _set(style.element.get_or_add_rPr(), "w:spacing", val=str(form["spacing"]))
        indent = {"firstLineChars": form.get("indent"), "rightChars": form.get("right")}
        if any(indent.values()):
            _set(style.element.get_or_add_pPr(), "w:ind", **{key: str(v) for key, v in indent.items() if v})

    def _page_numbers(self) -> None:
        """页码：— 1 —, 四号宋体, odd pages right, even pages left, one character in."""
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        for footer, side, chars in (
            (section.footer, WD_ALIGN_PARAGRAPH.RIGHT, "rightChars"),
            (section.even_page_footer, WD_ALIGN_PARAGRAPH.LEFT, "leftChars"),
        ):
            footer.is_linked_to_previous = False
            paragraph = footer.paragraphs[0]
            paragraph.alignment = side
            _set(paragraph._p.get_or_add_pPr(), "w:ind", **{chars: "100"})
            for text, kind in (("— ", ""), ("", "begin"), ("PAGE", "instr"), ("", "end"), (" —", "")):
                self._field_run(paragraph, text, kind)

    def _field_run(self, paragraph: Any, text: str, kind: str) -> None:
        run = paragraph.add_run(text if not kind else "")
        _fonts(run._r.get_or_add_rPr(), SONG)
        run.font.size = Pt(14)
        if kind in {"begin", "end"}:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)
        elif kind == "instr":
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)

    # 各要素

    def add(self, text: str, style: str) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        run = paragraph.add_run(text)
        fonts = run._r.get_or_add_rPr().find(qn("w:rFonts"))
        if fonts is None:
            fonts = OxmlElement("w:rFonts")
            run._r.get_or_add_rPr().insert(0, fonts)
        fonts.set(qn("w:hint"), "eastAsia")
        return paragraph

    def class_mark(self, letter: str) -> None:
        """办理结果类别，首页右上角 (R42)."""
        self.add(f"{letter}类" if letter else "", "类别标记")

    def letterhead(self, organ: str, number: str) -> None:
        """发文机关标志、发文字号和红线."""
        head = self.add(organ, "发文机关标志")
        _set(head._p.get_or_add_pPr(), "w:jc", val="center")
        line = self.add(number, "发文字号")
        line.alignment = WD_ALIGN_PARAGRAPH.CENTER
        border = OxmlElement("w:pBdr")
        bottom = OxmlElement("w:bottom")
        for key, value in {"val": "single", "sz": "12", "space": "4", "color": "C00D1B"}.items():
            bottom.set(qn(f"w:{key}"), value)
        border.append(bottom)
        properties = line._p.get_or_add_pPr()
        properties.insert_element_before(border, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc")

    def title(self, text: str) -> None:
        """标题, broken where its words break, with a line above and below."""
        self.add("", BODY)
        for line in broken(text):
            self.add(line, "公文标题")
        self.add("", BODY)

    def salutation(self, text: str) -> None:
        self.add(text, "公文顶格")

    def paragraph(self, text: str) -> None:
        self.add(text, BODY)

    def text(self, lines: Sequence[str]) -> None:
        """正文：一、 and （一） lines are headings, the rest paragraphs."""
        for line in lines:
            style = next(
                (name for shape, name in HEADING if shape.match(line) and len(line) <= LONGEST_HEADING), BODY
            )
            self.add(line, style)

    def signature(self, unit: str, day: date | None) -> None:
        """落款：unit and date, four characters from the right for the seal."""
        self.add("", BODY)
        for line in (unit, chinese_day(day) if day else "（签发日期）"):
            self.add(line, "落款").paragraph_format.keep_with_next = line == unit

    def record(self, lines: Sequence[str]) -> None:
        """版记：copies and the like, between lines."""
        if not lines:
            return
        self.add("", BODY)
        table = self._grid([["" for _ in range(1)] for _ in lines], [156])
        for row, line in zip(table.rows, lines, strict=True):
            row.cells[0].paragraphs[0].style = "版记"
            row.cells[0].paragraphs[0].add_run(line)
        _borders(table, sides=("top", "bottom", "insideH"))

    def landscape(self) -> None:
        """附件横排."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(22)
        section.top_margin, section.bottom_margin = Mm(26), Mm(22)

    def table(self, headings: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[int]) -> None:
        """表格, its head repeated on every page; widths in millimetres."""
        table = self._grid([headings, *rows], widths)
        for line, row in enumerate([headings, *rows]):
            for cell, text in zip(table.rows[line].cells, row, strict=True):
                cell.paragraphs[0].style = "表头" if line == 0 else "表文"
                cell.paragraphs[0].add_run(text)
        head = table.rows[0]._tr.get_or_add_trPr()
        repeat = OxmlElement("w:tblHeader")
        repeat.set(qn("w:val"), "true")
        head.append(repeat)
        _borders(table, sides=("top", "left", "bottom", "right", "insideH", "insideV"))

    def _grid(self, rows: Sequence[Sequence[str]], widths: Sequence[int]) -> Any:
        table = self.document.add_table(rows=len(rows), cols=len(widths))
        table.autofit = False
        for row in table.rows:
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        return table

    def to_bytes(self) -> bytes:
        """The .docx; the same input gives the same bytes."""
        properties = self.document.core_properties
        properties.author, properties.comments, properties.last_modified_by = "", "", ""
        out = io.BytesIO()
        self.document.save(out)
        return _without_times(out.getvalue())


def _without_times(data: bytes) -> bytes:
    fresh = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return fresh.getvalue()


def _fonts(properties: Any, font: str) -> None:
    fonts = properties.find(qn("w:rFonts"))
    if fonts is None:
        fonts = OxmlElement("w:rFonts")
        properties.insert(0, fonts)
    for key in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{key}"), font)
    fonts.set(qn("w:hint"), "eastAsia")


def _set(properties: Any, tag: str, **values: str) -> None:
    """Set attributes of a property element, made where the schema wants it."""
    found = properties.find(qn(tag))
    if found is None:
        found = getattr(properties, f"get_or_add_{tag.split(':')[1]}", None)
        found = found() if found else properties.makeelement(qn(tag), {})
        if found.getparent() is None:
            properties.insert_element_before(found, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:u")
    for key, value in values.items():
        found.set(qn(f"w:{key}"), value)


def _borders(table: Any, *, sides: Sequence[str]) -> None:
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        edge = OxmlElement(f"w:{side}")
        for key, value in {
            "val": "single" if side in sides else "nil",
            "sz": "4",
            "space": "0",
            "color": "000000",
        }.items():
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    properties = table._tbl.tblPr
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")


LINE = 18  # characters of a title line
AFTER = "的和与及、：》"  # a line may end after these


def broken(text: str, width: int = LINE) -> list[str]:
    """标题回行：as few lines as fit, balanced, broken after 的、与、》 and the like, never inside a number or a
    title in 《》, and never leaving two characters or fewer alone."""
    if len(text) <= width:
        return [text]
    count = -(-len(text) // width)
    lines, rest = [], text
    for left in range(count, 1, -1):
        cut = _cut(rest, round(len(rest) / left), width)
        lines.append(rest[:cut])
        rest = rest[cut:]
    return [*lines, rest]


def _cut(text: str, near: int, width: int) -> int:
    """The place to break, closest to `near`."""
    places = [place for place in range(3, min(width, len(text) - 3) + 1) if _may_break(text, place)]
    natural = [place for place in places if text[place - 1] in AFTER and abs(place - near) <= width // 2]
    return min(natural or places or [near], key=lambda place: abs(place - near))


def _may_break(text: str, place: int) -> bool:
    before, after = text[:place], text[place:]
    inside = before.count("《") > before.count("》")
    number = re.search(r"第?\d*$", before)
    return not (
        inside or (number and number.group() and re.match(r"\d|号", after)) or after[0] in "的》）、，"
    )
