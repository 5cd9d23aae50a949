"""公文版式 (GB/T 9704-2012): A4, 版心 156×225 mm, 三号仿宋, 22 行 × 28 字.

Everything is a named style, so that an office can adjust a paper in Word or WPS. The official fonts' names are
written into the file; they exist on the clients' machines.
"""

import io
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from huiyin.documents import oxml
from huiyin.documents.titles import LINE, broken, ems
from huiyin.rules.dates import zh

SONG, FANG, KAI, HEI, TITLE = "宋体", "仿宋_GB2312", "楷体_GB2312", "黑体", "方正小标宋简体"
BODY, HEADING_1, HEADING_2 = "公文正文", "公文一级标题", "公文二级标题"
LEAD_1, LEAD_2 = "段首一级标题", "段首二级标题"
# Never justified: LibreOffice loses a 。 that hangs over the end of a justified line (7.4, measured).
LEFT, CENTER, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
NUMBERED = (
    (re.compile(r"[一二三四五六七八九十百]+、"), HEADING_1, LEAD_1),
    (re.compile(r"[（(][一二三四五六七八九十百]+[)）]"), HEADING_2, LEAD_2),
)
LONGEST_HEADING = 40  # a numbered line longer than this is a paragraph that begins with a number
SENTENCE = re.compile(r"[^。：；]{2,40}[。：]")
CHARACTER = 16.0  # 三号，磅
LEFT_MARGIN, RIGHT_MARGIN, TYPE_WIDTH = Mm(28), Mm(26), Mm(156)
RULE_AT = Mm(20)  # 信函格式的红色双线, 170 mm long: as far from both sides of the page
FOOT = Mm(15)  # from the type area to the footer's lower edge; LibreOffice sets the 版记 on top of the footer
NUMBER_UP = Pt(15)  # puts the page number's dashes 7 mm below the type area
RECORD_LINE = 24  # 版记行距，磅
RECORD_CHARACTERS = 25  # 抄送机关回行后一行的字数
MARK_SIZE, MARK_LEAST = 34.0, 18.0  # 发文机关标志，磅
NOT_OURS = {"numbering", "stylesWithEffects", "customXml", "thumbnail"}  # parts of the template we do not use
FIXED_TIME = (2000, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class Look:
    """样式：sizes and lines in points, indents in characters."""

    font: str
    size: float
    line: float
    align: WD_ALIGN_PARAGRAPH = LEFT
    indent: int = 0  # first line
    dense: bool = False  # 28 characters a line want a quarter point less between them
    color: str = ""
    with_next: bool = False


LOOKS = {
    BODY: Look(FANG, 16, 28.95, indent=2, dense=True),
    "公文顶格": Look(FANG, 16, 28.95, dense=True),
    HEADING_1: Look(HEI, 16, 28.95, indent=2, dense=True, with_next=True),
    HEADING_2: Look(KAI, 16, 28.95, indent=2, dense=True, with_next=True),
    "公文标题": Look(TITLE, 22, 33, CENTER, with_next=True),
    "发文机关标志": Look(TITLE, MARK_SIZE, 44, CENTER, color=oxml.RED),
    "发文字号": Look(FANG, 16, 28.95, CENTER),
    "类别标记": Look(HEI, 16, 28.95, RIGHT),
    "附件说明": Look(FANG, 16, 28.95, dense=True, with_next=True),
    "附件标记": Look(HEI, 16, 28.95),
    "落款": Look(FANG, 16, 28.95, CENTER),
    "版记": Look(FANG, 14, RECORD_LINE),
    "页码": Look(SONG, 14, 16),
    "表头": Look(HEI, 10.5, 16, CENTER),
    "表文": Look(FANG, 10.5, 16),
    "表文居中": Look(FANG, 10.5, 16, CENTER),
}


class Paper:
    """一份公文, built from the top down."""

    def __init__(self) -> None:
        self.document = Document()
        self._strip()
        self._language()
        self._page(self.document.sections[0])
        for name, look in LOOKS.items():
            self._style(name, look)
        for name, font in ((LEAD_1, HEI), (LEAD_2, KAI)):
            style = self.document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
            oxml.set_fonts(style.element.get_or_add_rPr(), font)
        self._page_numbers()

    # 版面

    def _strip(self) -> None:
        """Leave of python-docx's template only the default styles: an office sees our styles and no others."""
        styles = self.document.styles.element
        for style in styles.findall(qn("w:style")):
            if style.get(qn("w:default")) != "1":
                styles.remove(style)
        for rels in (self.document.part.rels, self.document.part.package.rels):
            for key in [key for key, one in rels.items() if one.reltype.rpartition("/")[2] in NOT_OURS]:
                del rels[key]

    def _language(self) -> None:
        """Chinese, so that lines break and glyphs are drawn by Chinese rules."""
        lang = self.document.styles.element.find(f".//{qn('w:lang')}")
        oxml.put(lang, eastAsia="zh-CN")
        oxml.put(self.document.settings.element.find(qn("w:themeFontLang")), eastAsia="zh-CN")
        normal = self.document.styles["Normal"]
        oxml.set_fonts(normal.element.get_or_add_rPr(), FANG)
        normal.font.size = Pt(CHARACTER)

    def _page(self, section: Any) -> None:
        """A4 with 天头 37, 订口 28; no grid: exact lines keep theirs in every program."""
        section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
        section.top_margin, section.bottom_margin = Mm(37), Mm(35)
        section.left_margin, section.right_margin = LEFT_MARGIN, RIGHT_MARGIN
        section.header_distance, section.footer_distance = Mm(17.6), Mm(20)
        for grid in section._sectPr.findall(qn("w:docGrid")):
            section._sectPr.remove(grid)

    def _style(self, name: str, look: Look) -> None:
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        oxml.set_fonts(style.element.get_or_add_rPr(), look.font)
        style.font.size = Pt(look.size)
        if look.color:
            style.font.color.rgb = RGBColor.from_string(look.color)
        if look.dense:
            oxml.letter_spacing(style.element.get_or_add_rPr(), -5)
        shape = style.paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
        shape.space_before = shape.space_after = Pt(0)
        shape.alignment, shape.widow_control = look.align, False
        shape.keep_with_next = look.with_next or None
        if look.indent:
            shape.first_line_indent = Pt(look.size * look.indent)
            oxml.put(style.element.pPr.ind, firstLineChars=str(100 * look.indent))
        oxml.switches(style.element.pPr, overflowPunct="0", autoSpaceDE="0", autoSpaceDN="0")

    def _page_numbers(self) -> None:
        """页码：— 1 —, 四号宋体, 7 mm below the type area; odd pages right, even pages left, one character in."""
        self.document.settings.odd_and_even_pages_header_footer = True
        section = self.document.sections[0]
        for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
            footer.is_linked_to_previous = False
            number, room = footer.paragraphs[0], footer.add_paragraph(style="页码")
            number.style, number.alignment = "页码", side
            number.paragraph_format.space_before = FOOT - Pt(16) - NUMBER_UP
            number.paragraph_format.left_indent = number.paragraph_format.right_indent = Pt(14)
            number.add_run("— ")
            oxml.field(number, "PAGE")
            number.add_run(" —")
            room.paragraph_format.line_spacing = NUMBER_UP

    # 版头

    def add(self, text: str, style: str) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        if text:
            oxml.hint(paragraph.add_run(oxml.clean(text)))
        return paragraph

    def letter_head(self, organ: str, number: str, class_mark: str = "") -> None:
        """信函格式 (§10.1): the mark 30 mm from the top, red double lines below it and at the foot, the number at the
        right; the first page has no page number. 办理结果类别 stands at the page's top right (R42)."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        head, foot = section.first_page_header, section.first_page_footer
        head.is_linked_to_previous = foot.is_linked_to_previous = False
        mark = head.paragraphs[0]
        mark.style = "类别标记"
        mark.add_run(f"{class_mark}类" if class_mark else "")
        name = self._organ_mark(head.add_paragraph(), organ)
        line = foot.paragraphs[0]
        line.style = "页码"
        line.paragraph_format.space_before, line.paragraph_format.line_spacing = FOOT - Pt(5), Pt(1)
        for paragraph, kind, space in ((name, "thickThinSmallGap", 5), (line, "thinThickSmallGap", 0)):
            paragraph.paragraph_format.left_indent = Length(RULE_AT - LEFT_MARGIN)
            paragraph.paragraph_format.right_indent = Length(RULE_AT - RIGHT_MARGIN)
            oxml.rule(paragraph, kind, size=24, space=space)
        name.paragraph_format.space_after = Pt(4)
        self.add(number, "发文字号").alignment = RIGHT

    def red_head(self, organ: str, number: str) -> None:
        """文件格式 (§7.2): the mark 35 mm below the top of the type area, the number two lines below it, a red line."""
        name = self._organ_mark(self.document.add_paragraph(), f"{organ}文件")
        name.paragraph_format.space_before = Mm(35) - Pt(6)
        for text in ("", "", number):
            line = self.add(text, "发文字号")
        oxml.rule(line, "single", size=12, space=6)

    def _organ_mark(self, paragraph: Any, text: str) -> Any:
        """发文机关标志, smaller when the name is long: it stays on one line."""
        paragraph.style = "发文机关标志"
        run = paragraph.add_run(oxml.clean(text))
        oxml.hint(run)
        fits = TYPE_WIDTH / Pt(1) // max(ems(text), 1)
        if fits < MARK_SIZE:
            run.font.size = Pt(max(fits, MARK_LEAST))
        return paragraph

    # 主体

    def title(self, *lines: str, above: int = 2, width: int = LINE) -> None:
        """标题, broken where its words break, with empty lines above and one below."""
        for _ in range(above):
            self.add("", "公文顶格")
        for line in lines:
            for part in broken(line, width):
                self.add(part, "公文标题")
        self.add("", "公文顶格")

    def salutation(self, text: str) -> None:
        """主送：at the left edge."""
        self.add(text, "公文顶格")

    def note(self, text: str) -> None:
        """附注：in brackets, below the date."""
        self.add(text, BODY).paragraph_format.keep_with_next = True

    def text(self, lines: Sequence[str]) -> None:
        """正文：一、 and （一） lines are headings, alone or as the first sentence of a paragraph."""
        for line in "\n".join(lines).splitlines():
            if line.strip():
                self._paragraph(line.strip())

    def _paragraph(self, line: str) -> Any:
        for shape, heading, lead in NUMBERED:
            if number := shape.match(line):
                if len(line) <= LONGEST_HEADING and not re.search("[。；].", line):
                    return self.add(line, heading)
                first = SENTENCE.match(line, number.end())
                return self._led(line, first.end() if first else 0, lead)
        return self.add(line, BODY)

    def _led(self, line: str, cut: int, lead: str) -> Any:
        """A paragraph whose first sentence, up to `cut`, is its heading."""
        paragraph = self.document.add_paragraph(style=BODY)
        for part, style in ((line[:cut], lead), (line[cut:], None)):
            if part:
                oxml.hint(paragraph.add_run(oxml.clean(part), style))
        return paragraph

    def annexes(self, names: Sequence[str]) -> None:
        """附件说明：a line below the text, two characters in; several are numbered."""
        self.add("", "附件说明")
        for place, name in enumerate(names, 1):
            number = f"{place}." if len(names) > 1 else ""
            paragraph = self.add(f"{'附件：' if place == 1 else ''}{number}{name}", "附件说明")
            hang = 3 + ems(number)
            shape = paragraph.paragraph_format
            shape.left_indent = Pt(CHARACTER * (2 + hang))
            shape.first_line_indent = Pt(-CHARACTER * (hang if place == 1 else ems(number)))

    def signature(self, unit: str, day: date | None) -> None:
        """落款, room left for the seal: the date four characters from the right, the unit centred above it. It stays
        on one page with the text's end, the notes and the 版记."""
        self.document.paragraphs[-1].paragraph_format.keep_with_next = True
        when = zh(day) if day else "（签发日期）"
        # Centred in this room, the date ends four characters from the right.
        room = max(ems(unit) + 1, ems(when) + 2 * 4)
        left = max(TYPE_WIDTH - Pt(CHARACTER * room), 0)
        for text in ("", "", unit, when):
            paragraph = self.add(text, "落款")
            paragraph.paragraph_format.keep_with_next = True
            paragraph.paragraph_format.left_indent = Length(left)

    # 版记、附件

    def copies(self, names: Sequence[str]) -> None:
        """信函格式的版记 (§10.1)：抄送 only, without lines, at the foot of the last page."""
        if names:
            self._record([f"抄送：{'，'.join(names)}。"], lined=False)

    def printed(self, organ: str, day: date) -> None:
        """版记 of a document with landscape annexes: 印发机关和日期, at the foot of the last, even page."""
        self._page(self.document.add_section(WD_SECTION.EVEN_PAGE))
        self._record([f"{organ}\t{zh(day)}印发"], lined=True)

    def _record(self, rows: Sequence[str], *, lined: bool) -> None:
        """版记：a box at the foot; the paragraph that holds it is as high, so that text never runs under it."""
        lines = sum(1 + max(0, -int(-(ems(row) - 29) // RECORD_CHARACTERS)) for row in rows)
        height = Pt(RECORD_LINE * lines + 4)
        table = oxml.record_table(
            rows, width=TYPE_WIDTH, style=self.document.styles["版记"].style_id, hanging={"抄送：": 840}, lined=lined
        )  # fmt: skip
        holder = self.add("", "版记")
        holder.paragraph_format.line_spacing = height
        holder._p.append(oxml.box("版记", table, width=TYPE_WIDTH, height=height))

    def landscape(self) -> None:
        """附件横排：the type area turned."""
        section = self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.top_margin, section.bottom_margin = LEFT_MARGIN, RIGHT_MARGIN
        section.left_margin, section.right_margin = Mm(35), Mm(37)
        section.footer_distance = Length(RIGHT_MARGIN - FOOT)

    def annex_mark(self, text: str = "附件") -> None:
        """“附件”二字：黑体, at the left edge of the annex's first line."""
        self.add(text, "附件标记")

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[int],
        centred: Sequence[int] = (),
    ) -> None:
        """表格, its head repeated on every page; widths in millimetres; `centred` columns count from 0."""
        table = self.document.add_table(rows=1 + len(rows), cols=len(widths))
        table.autofit = False
        for line, (row, texts) in enumerate(zip(table.rows, [headings, *rows], strict=True)):
            for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                plain = "表文居中" if column in centred else "表文"
                oxml.cell_text(cell, text, plain if line else "表头")
            oxml.row_rules(row, heading=line == 0)
        oxml.table_frame(table, [Mm(width) for width in widths], margin=57)

    def to_bytes(self, title: str = "") -> bytes:
        """The .docx; the same input gives the same bytes."""
        properties = self.document.core_properties
        properties.author, properties.comments, properties.last_modified_by = "", "", ""
        properties.title = oxml.clean(title)[:255]
        out = io.BytesIO()
        self.document.save(out)
        return _without_times(out.getvalue())


def _without_times(data: bytes) -> bytes:
    fresh = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name, FIXED_TIME), old.read(name), zipfile.ZIP_DEFLATED)
    return fresh.getvalue()
