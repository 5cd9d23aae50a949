"""WordprocessingML that python-docx has no words for: fonts, borders, fields, the box of the 版记."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.enum.table import WD_ALIGN_VERTICAL, WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Length, Pt

RED, BLACK = "FF0000", "000000"
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")
AFTER_BORDERS = (  # what may follow w:pBdr in w:pPr, in the schema's order
    "w:shd", "w:tabs", "w:kinsoku", "w:wordWrap", "w:overflowPunct", "w:topLinePunct", "w:autoSpaceDE", "w:autoSpaceDN",
    "w:adjustRightInd", "w:snapToGrid", "w:spacing", "w:ind", "w:contextualSpacing", "w:jc", "w:outlineLvl", "w:rPr", "w:sectPr",
)  # fmt: skip
BOX = """
<w:r %(ns)s xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
 xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"
 xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"
 xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><mc:AlternateContent><mc:Choice Requires="wps">
<w:drawing><wp:anchor distT="0" distB="0" distL="0" distR="0" simplePos="0" relativeHeight="1" behindDoc="0" locked="0"
 layoutInCell="1" allowOverlap="1"><wp:simplePos x="0" y="0"/>
<wp:positionH relativeFrom="margin"><wp:align>left</wp:align></wp:positionH>
<wp:positionV relativeFrom="margin"><wp:align>bottom</wp:align></wp:positionV>
<wp:extent cx="%(width)d" cy="%(height)d"/><wp:effectExtent l="0" t="0" r="0" b="0"/><wp:wrapNone/>
<wp:docPr id="1" name="%(name)s"/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"><wps:wsp>
<wps:cNvSpPr txBox="1"/><wps:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%(width)d" cy="%(height)d"/></a:xfrm>
<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/><a:ln><a:noFill/></a:ln></wps:spPr>
<wps:txbx><w:txbxContent>%(content)s</w:txbxContent></wps:txbx>
<wps:bodyPr rot="0" vert="horz" wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" anchor="b"><a:noAutofit/></wps:bodyPr>
</wps:wsp></a:graphicData></a:graphic></wp:anchor></w:drawing></mc:Choice></mc:AlternateContent></w:r>
"""


def clean(text: str) -> str:
    """The text without what an XML file cannot hold."""
    return NOT_XML.sub("", text)


def child(parent: Any, tag: str, **values: str) -> Any:
    """The child element of that tag, made at the end when there is none, with attributes set."""
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.append(found)
    return put(found, **values)


def put(element: Any, **values: str) -> Any:
    for key, value in values.items():
        element.set(qn(f"w:{key}"), value)
    return element


def set_fonts(run_properties: Any, font: str) -> None:
    """中西文字体: every script in one font, so that digits and quotes do not fall to a Latin one."""
    fonts = run_properties.get_or_add_rFonts()
    put(fonts, ascii=font, hAnsi=font, eastAsia=font, cs=font, hint="eastAsia")


def hint(run: Any) -> None:
    """Ambiguous characters, as “ ” …, are Chinese ones."""
    put(run._r.get_or_add_rPr().get_or_add_rFonts(), hint="eastAsia")


def letter_spacing(run_properties: Any, twentieths: int) -> None:
    spacing = put(OxmlElement("w:spacing"), val=str(twentieths))
    run_properties.insert_element_before(spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:u")


def switches(paragraph_properties: Any, **values: str) -> None:
    """On-off properties of a paragraph, such as overflowPunct, where the schema wants them."""
    for key in ("overflowPunct", "autoSpaceDE", "autoSpaceDN"):
        if key in values:
            element = put(OxmlElement(f"w:{key}"), val=values[key])
            paragraph_properties.insert_element_before(
                element, *AFTER_BORDERS[AFTER_BORDERS.index(f"w:{key}") + 1 :]
            )


def rule(paragraph: Any, kind: str, *, size: int, space: int, color: str = RED) -> None:
    """下边线 of a paragraph; size in eighths of a point, space in points."""
    borders = OxmlElement("w:pBdr")
    child(borders, "w:bottom", val=kind, sz=str(size), space=str(space), color=color)
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDERS)


def exact(paragraph: Any, height: Length) -> None:
    """固定行距 of a paragraph element."""
    put(paragraph.get_or_add_pPr().get_or_add_spacing(), line=str(int(height / Pt(1) * 20)), lineRule="exact")


def field(paragraph: Any, code: str) -> None:
    """域，such as PAGE."""
    for kind in ("begin", code, "end"):
        run = paragraph.add_run()
        if kind == code:
            child(run._r, "w:instrText").text = code
        else:
            child(run._r, "w:fldChar", fldCharType=kind)


def box(name: str, content: str, *, width: Length, height: Length) -> Any:
    """A run with a text box at the foot of the type area, its content set from the bottom."""
    facts = {
        "ns": nsdecls("w"), "name": name, "content": content, "width": int(width), "height": int(height)
    }  # fmt: skip
    return parse_xml(BOX % facts)


def record_table(rows: Sequence[str], *, width: Length, style: str, hanging: Mapping[str, int], lined: bool) -> str:  # fmt: skip
    """版记的表：one cell a row, one character in on both sides; a tab sends what follows to the right edge."""
    twips = int(width / Pt(1) * 20)
    edges = {"top": 8, "bottom": 8, "insideH": 6} if lined else {}  # 首末条粗线, 中间细线
    borders = "".join(
        f'<w:{side} w:val="{"single" if side in edges else "nil"}" w:sz="{edges.get(side, 0)}" w:space="0" w:color="{BLACK}"/>'
        for side in SIDES
    )
    cells = "".join(
        f'<w:tr><w:tc><w:tcPr><w:tcW w:w="{twips}" w:type="dxa"/></w:tcPr><w:p><w:pPr><w:pStyle w:val="{style}"/>'
        f'<w:tabs><w:tab w:val="right" w:pos="{twips - 280}"/></w:tabs>{_hanging(row, hanging)}</w:pPr>{_runs(row)}</w:p></w:tc></w:tr>'
        for row in rows
    )
    return (
        f'<w:tbl><w:tblPr><w:tblW w:w="{twips}" w:type="dxa"/><w:tblBorders>{borders}</w:tblBorders><w:tblLayout w:type="fixed"/>'
        '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="0" w:type="dxa"/></w:tblCellMar></w:tblPr>'
        f'<w:tblGrid><w:gridCol w:w="{twips}"/></w:tblGrid>{cells}</w:tbl>'
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/><w:spacing w:line="20" w:lineRule="exact"/></w:pPr></w:p>'
    )


def _hanging(row: str, hanging: Mapping[str, int]) -> str:
    """One character in; lines after the first stand under the first character after 抄送："""
    more = next((size for start, size in hanging.items() if row.startswith(start)), 0)
    return f'<w:ind w:left="{280 + more}" w:right="280" w:hanging="{more}"/>'


def _runs(row: str) -> str:
    parts = (
        f'<w:r><w:rPr><w:rFonts w:hint="eastAsia"/></w:rPr><w:t xml:space="preserve">{escape(clean(part))}</w:t></w:r>'
        for part in row.split("\t")
    )
    return "<w:r><w:tab/></w:r>".join(parts)


def cell_text(cell: Any, text: str, style: str) -> None:
    cell.vertical_alignment = WD_ALIGN_VERTICAL.CENTER
    cell.paragraphs[0].style = style
    hint(cell.paragraphs[0].add_run(clean(text)))


def table_frame(table: Any, widths: Sequence[Length], margin: int, *, ruled: bool = True) -> None:
    """表格的框：full borders or none, fixed widths that hold in Word and LibreOffice, cell margins in twips."""
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in SIDES:
        child(borders, f"w:{side}", val="single" if ruled else "nil", sz="4", space="0", color=BLACK)
    properties.insert_element_before(borders, "w:shd", "w:tblLayout", "w:tblCellMar", "w:tblLook")
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        child(margins, f"w:{side}", w=str(margin), type="dxa")
    properties.insert_element_before(margins, "w:tblLook")
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row in table._tbl.tr_lst:
        column = 0
        for cell in row.tc_lst:
            span = cell.grid_span
            cell.width = Length(sum(widths[column : column + span]))
            column += span


def row_rules(row: Any, *, heading: bool) -> None:
    """A row is not split between pages; the heading is repeated on each."""
    properties = row._tr.get_or_add_trPr()
    child(properties, "w:cantSplit")
    if heading:
        child(properties, "w:tblHeader")
