"""版面 (GB/T 9704-2012 §5, §6): a paper before a word stands on it, with its page, its named styles and its page numbers."""

from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Length, Mm, Pt, RGBColor

from huiyin.documents import oxml
from huiyin.documents.looks import (
    CHARACTER,
    FANG,
    FOOT,
    HEI,
    KAI,
    LEAD_1,
    LEAD_2,
    LEFT,
    LEFT_MARGIN,
    LOOKS,
    NUMBER_UP,
    RIGHT,
    RIGHT_MARGIN,
    Look,
)

NOT_OURS = {"numbering", "stylesWithEffects", "customXml", "thumbnail"}  # parts of python-docx's template
SHEET_MARGIN = Mm(24)  # of a form: above and below


def blank(*, sheet: bool = False) -> Any:
    """A document without words. `sheet`: a form to be filled in, whose page holds more than a 公文's."""
    document = Document()
    _strip(document)
    _language(document)
    section = document.sections[0]
    portrait(section)
    if sheet:
        section.top_margin = section.bottom_margin = SHEET_MARGIN
        section.header_distance, section.footer_distance = Mm(12), Length(SHEET_MARGIN - FOOT)
    add_styles(document)
    _page_numbers(document)
    return document


def _strip(document: Any) -> None:
    """Leave of python-docx's template only the default styles: an office sees our styles and no others."""
    styles = document.styles.element
    for style in styles.findall(qn("w:style")):
        if style.get(qn("w:default")) != "1":
            styles.remove(style)
    for rels in (document.part.rels, document.part.package.rels):
        for key in [key for key, one in rels.items() if one.reltype.rpartition("/")[2] in NOT_OURS]:
            del rels[key]


def _language(document: Any) -> None:
    """Chinese, so that lines break and glyphs are drawn by Chinese rules."""
    lang = document.styles.element.find(f".//{qn('w:lang')}")
    oxml.put(lang, eastAsia="zh-CN")
    oxml.put(document.settings.element.find(qn("w:themeFontLang")), eastAsia="zh-CN")
    normal = document.styles["Normal"]
    oxml.set_fonts(normal.element.get_or_add_rPr(), FANG)
    normal.font.size = Pt(CHARACTER)


def portrait(section: Any) -> None:
    """A4 with 天头 37, 订口 28; no grid: exact lines keep theirs in every program."""
    section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = LEFT_MARGIN, RIGHT_MARGIN
    section.header_distance, section.footer_distance = Mm(17.6), Mm(20)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        section._sectPr.remove(grid)


def landscape(section: Any) -> None:
    """横排：the type area turned."""
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Mm(297), Mm(210)
    section.top_margin, section.bottom_margin = LEFT_MARGIN, RIGHT_MARGIN
    section.left_margin, section.right_margin = Mm(35), Mm(37)
    section.footer_distance = Length(RIGHT_MARGIN - FOOT)


def add_styles(document: Any) -> None:
    """Ours, where they are not there yet: an office may have changed a look, and has the last word."""
    there = {one.name for one in document.styles}
    for name, look in LOOKS.items():
        if name not in there:
            _style(document, name, look)
    for name, font in ((LEAD_1, HEI), (LEAD_2, KAI)):
        if name not in there:
            style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
            oxml.set_fonts(style.element.get_or_add_rPr(), font)


def _style(document: Any, name: str, look: Look) -> None:
    style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    oxml.set_fonts(style.element.get_or_add_rPr(), look.font)
    style.font.size = Pt(look.size)
    if look.color:
        style.font.color.rgb = RGBColor.from_string(look.color)
    if look.dense:
        oxml.letter_spacing(style.element.get_or_add_rPr(), -5)
    shape = style.paragraph_format
    if look.line:
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(look.line)
    shape.space_before = shape.space_after = Pt(0)
    shape.alignment, shape.widow_control = look.align, False
    shape.keep_with_next = look.with_next or None
    if look.indent:
        shape.first_line_indent = Pt(look.size * look.indent)
        oxml.put(style.element.pPr.ind, firstLineChars=str(100 * look.indent))
    oxml.switches(style.element.pPr, overflowPunct="0", autoSpaceDE="0", autoSpaceDN="0")


def _page_numbers(document: Any) -> None:
    """页码：— 1 —, 四号宋体, 7 mm below the type area; odd pages right, even pages left, one character in."""
    document.settings.odd_and_even_pages_header_footer = True
    section = document.sections[0]
    for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        footer.is_linked_to_previous = False
        number(footer, side)


def number(footer: Any, side: Any) -> None:
    line, room = footer.paragraphs[0], footer.add_paragraph(style="页码")
    line.style, line.alignment = "页码", side
    line.paragraph_format.space_before = FOOT - Pt(16) - NUMBER_UP
    line.paragraph_format.left_indent = line.paragraph_format.right_indent = Pt(14)
    line.add_run("— ")
    oxml.field(line, "PAGE")
    line.add_run(" —")
    room.paragraph_format.line_spacing = NUMBER_UP
