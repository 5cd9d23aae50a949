"""公文版式 (GB/T 9704-2012): A4, 版心 156×225 mm, 三号仿宋, 22 行 × 28 字.

Everything is a named style, so that an office can adjust a paper in Word or WPS. The official fonts' names are
written into the file; they exist on the clients' machines.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from docx.enum.section import WD_SECTION
from docx.shared import Length, Mm, Pt

from huiyin.documents import oxml, page
from huiyin.documents.facts import Figure, Grid, Piece
from huiyin.documents.looks import (
    BODY,
    CHARACTER,
    FOOT,
    LEFT_MARGIN,
    LONGEST_HEADING,
    NUMBERED,
    RIGHT,
    RIGHT_MARGIN,
    RULE_AT,
    SENTENCE,
    TYPE_WIDTH,
)
from huiyin.documents.settling import record_height, settle
from huiyin.documents.titles import ems

FIXED_TIME = (2000, 1, 1, 0, 0, 0)
ROW = Mm(9)  # of a form: a row's least height
HIGHEST = Mm(110)  # of a picture in the text
NARROWEST, WIDEST = 4, 24  # characters a column is counted with when the width is shared out


@dataclass(frozen=True)
class Cell:
    """单据的一格. `tall`: so many millimetres at least, where something is written by hand."""

    text: str | Figure = ""
    span: int = 1
    head: bool = False
    centred: bool = False
    tall: int = 0


class Paper:
    """一份公文, built from the top down; or, `of` a template, one whose styles are all there. What is added goes to the
    end, or before `place`."""

    def __init__(self, *, sheet: bool = False) -> None:
        """`sheet`: a form to be filled in, whose page holds more than a 公文's."""
        self.document, self.place = page.blank(sheet=sheet), None

    @classmethod
    def of(cls, document: Any) -> Self:
        paper = cls.__new__(cls)
        paper.document, paper.place = document, None
        page.add_styles(document)
        return paper

    place: Any

    # 版头

    def add(self, text: str, style: str) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        self._put(paragraph._p)
        if text:
            oxml.hint(paragraph.add_run(oxml.clean(text)))
        return paragraph

    def _put(self, element: Any) -> None:
        if self.place is not None:
            self.place.addprevious(element)

    def letter_head(self, organ: str, number: str, class_mark: str = "") -> None:
        """信函格式 (§10.1): the mark 30 mm from the top, red double lines below it and at the foot, the number at the
        right; the first page has no page number. 办理结果类别 stands at the page's top right (R42)."""
        head, foot = self._first_page(class_mark)
        name = self._organ_mark(head.add_paragraph(), organ)
        line = foot.paragraphs[0]
        line.style = "页码"
        line.paragraph_format.space_before, line.paragraph_format.line_spacing = FOOT - Pt(5), Pt(1)
        for paragraph, kind, space in ((name, "thickThinSmallGap", 5), (line, "thinThickSmallGap", 0)):
            paragraph.paragraph_format.left_indent = Length(RULE_AT - LEFT_MARGIN)
            paragraph.paragraph_format.right_indent = Length(RULE_AT - RIGHT_MARGIN)
            oxml.rule(paragraph, kind, size=24, space=space)
        name.paragraph_format.space_after = Pt(4)
        if number:
            self.add(number, "发文字号").alignment = RIGHT

    def _first_page(self, class_mark: str) -> tuple[Any, Any]:
        """Header and footer of the first page alone; the class at its top right."""
        section = self.document.sections[0]
        section.different_first_page_header_footer = True
        head, foot = section.first_page_header, section.first_page_footer
        head.is_linked_to_previous = foot.is_linked_to_previous = False
        mark = head.paragraphs[0]
        mark.style = "类别标记"
        if class_mark:
            oxml.hint(mark.add_run(class_mark))
        return head, foot

    def red_head(self, organ: str, number: str, class_mark: str | None = None) -> None:
        """文件格式 (§7.2): the mark 35 mm below the top of the type area, the number two lines below it, a red line.
        A paper that may bear a class has room for it at the top right of its first page."""
        if class_mark is not None:
            page.number(self._first_page(class_mark)[1], RIGHT)
        name = self._organ_mark(self.add("", "发文机关标志"), f"{organ}文件")
        name.paragraph_format.space_before = Mm(35) - Pt(6)
        for text in ("", "", number):
            line = self.add(text, "发文字号")
        oxml.rule(line, "single", size=12, space=6)

    def _organ_mark(self, paragraph: Any, text: str) -> Any:
        """发文机关标志."""
        paragraph.style = "发文机关标志"
        oxml.hint(paragraph.add_run(oxml.clean(text)))
        return paragraph

    # 主体

    def title(self, *lines: str, above: int = 2) -> None:
        """标题, with empty lines above and one below; it is broken where its words break when the paper is done."""
        for _ in range(above):
            self.add("", "公文顶格")
        for line in lines:
            self.add(line, "公文标题")
        self.add("", "公文顶格")

    def salutation(self, text: str) -> None:
        """主送：at the left edge."""
        self.add(text, "公文顶格")

    def note(self, text: str) -> None:
        """附注：in brackets, below the date."""
        if text:
            self.add(text, BODY).paragraph_format.keep_with_next = True

    def text(self, pieces: Iterable[Piece]) -> None:
        """正文：paragraphs, tables and pictures. 一、 and （一） lines are headings, alone or as the first sentence of a
        paragraph."""
        for piece in pieces:
            if isinstance(piece, Grid):
                self._grid(piece)
            elif isinstance(piece, Figure):
                self.figure(piece)
            else:
                for line in filter(None, map(str.strip, piece.splitlines())):
                    self._paragraph(line)

    def _grid(self, grid: Grid) -> None:
        """A table in the text, its columns as wide as their words ask."""
        columns = max(map(len, grid.rows))
        rows = [[*row, *[""] * (columns - len(row))] for row in grid.rows]
        asked = [max(NARROWEST, *(min(ems(row[at]), WIDEST) for row in rows)) for at in range(columns)]
        widths = [one * (TYPE_WIDTH / Mm(1)) / sum(asked) for one in asked]
        self.table(rows[0], rows[1:], widths, range(columns), look="单")
        self.add("", "表后")

    def figure(self, picture: Figure | str) -> None:
        """图片 in the middle, no larger than its place, with its caption; or its place-holder."""
        paragraph = self.add(picture if isinstance(picture, str) else "", "图")
        if isinstance(picture, Figure):
            self.draw(paragraph, picture)
            if picture.caption:
                self.add(picture.caption, "图题")

    @staticmethod
    def draw(paragraph: Any, picture: Figure) -> None:
        shape = paragraph.add_run().add_picture(io.BytesIO(picture.data))
        most = Mm(picture.width) if picture.width else TYPE_WIDTH
        scale = min(
            most / shape.width, HIGHEST / shape.height, 1 if not picture.width else most / shape.width
        )
        shape.width, shape.height = Length(shape.width * scale), Length(shape.height * scale)

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
        paragraph = self.add("", BODY)
        for part, style in ((line[:cut], lead), (line[cut:], None)):
            if part:
                oxml.hint(paragraph.add_run(oxml.clean(part), style))
        return paragraph

    def annexes(self, names: Sequence[str]) -> None:
        """附件说明：a line below the text, two characters in; several are numbered. In a template one place-holder
        stands for all of it."""
        if names and names[0].startswith("{{"):
            self.add(names[0], "附件说明")
            return
        if names:
            self.add("", "附件说明")
        for place, name in enumerate(names, 1):
            number = f"{place}." if len(names) > 1 else ""
            paragraph = self.add(f"{'附件：' if place == 1 else ''}{number}{name}", "附件说明")
            hang = 3 + ems(number)
            shape = paragraph.paragraph_format
            shape.left_indent = Pt(CHARACTER * (2 + hang))
            shape.first_line_indent = Pt(-CHARACTER * (hang if place == 1 else ems(number)))

    def signature(self, unit: str, day: str) -> None:
        """落款, room left for the seal; where it stands depends on the words."""
        for text in ("", "", unit, day):
            self.add(text, "落款")

    # 版记、附件

    def copies(self, names: str) -> None:
        """信函格式的版记 (§10.1)：抄送 only, without lines, at the foot of the last page."""
        self.record([f"抄送：{names}。"] if names else [], lined=False)

    def printed(self, organ: str, day: str) -> None:
        """版记 of a document with landscape annexes: 印发机关和日期, at the foot of the last, even page."""
        page.portrait(self.document.add_section(WD_SECTION.EVEN_PAGE))
        self.record([f"{organ}\t{day}印发"], lined=True)

    def record(self, rows: Sequence[str], *, lined: bool) -> None:
        """版记：a box at the foot; the paragraph that holds it is as high, so that text never runs under it."""
        if not rows:
            return
        height = record_height(rows)
        table = oxml.record_table(
            rows, width=TYPE_WIDTH, style=self.document.styles["版记"].style_id, hanging={"抄送：": 840}, lined=lined
        )  # fmt: skip
        holder = self.add("", "版记")
        holder.paragraph_format.line_spacing = height
        holder._p.append(oxml.box("版记", table, width=TYPE_WIDTH, height=height))

    def landscape(self) -> None:
        """附件横排：the type area turned."""
        page.landscape(self.document.add_section(WD_SECTION.NEW_PAGE))

    def annex_mark(self, text: str = "附件", *, new_page: bool = False) -> None:
        """“附件”二字：黑体, at the left edge of the annex's first line; an annex begins a page."""
        self.add(text, "附件标记").paragraph_format.page_break_before = new_page or None

    def table(
        self,
        headings: Sequence[str],
        rows: Sequence[Sequence[str]],
        widths: Sequence[float],
        centred: Sequence[int] = (),
        look: str = "表",
    ) -> None:
        """表格, its head repeated on every page; widths in millimetres; `centred` columns count from 0."""
        table = self.document.add_table(rows=1 + len(rows), cols=len(widths))
        self._put(table._tbl)
        table.autofit = False
        for line, (row, texts) in enumerate(zip(table.rows, [headings, *rows], strict=True)):
            for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
                plain = f"{look}文居中" if column in centred else f"{look}文"
                oxml.cell_text(cell, text, plain if line else f"{look}头")
            oxml.row_rules(row, heading=line == 0)
            row.height = ROW if look == "单" else None
        oxml.table_frame(table, [Mm(width) for width in widths], margin=57)

    def form(self, rows: Sequence[Sequence[Cell]], widths: Sequence[float]) -> None:
        """单据的表：cells of one or several columns."""
        table = self.document.add_table(rows=len(rows), cols=len(widths))
        table.autofit = False
        for row, given in zip(table.rows, rows, strict=True):
            column = 0
            for one in given:
                cell = row.cells[column].merge(row.cells[column + one.span - 1])
                self._fill(cell, one)
                column += one.span
            oxml.row_rules(row, heading=False)
            row.height = max(ROW, Mm(max(one.tall for one in given)))
        oxml.table_frame(table, [Mm(width) for width in widths], margin=85)

    def _fill(self, cell: Any, given: Cell) -> None:
        style = "单头" if given.head else "单文居中" if given.centred else "单文"
        if isinstance(given.text, Figure):
            oxml.cell_text(cell, "", "图")
            self.draw(cell.paragraphs[0], given.text)
        else:
            oxml.cell_text(cell, given.text, style)

    def to_bytes(self, title: str = "") -> bytes:
        """The .docx, settled; the same input gives the same bytes."""
        settle(self.document)
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
