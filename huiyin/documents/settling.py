"""算出来的版式：what depends on the words a paper came to hold: where a title breaks, how large the organ's mark can be,
how far in the signature stands, how high the 版记 is. Done by style name, alike for what is built and what is filled.
"""

import copy
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Length, Pt
from docx.text.paragraph import Paragraph

from huiyin.documents import oxml
from huiyin.documents.looks import (
    CHARACTER,
    MARK_LEAST,
    MARK_SIZE,
    RECORD_CHARACTERS,
    RECORD_LINE,
    TYPE_WIDTH,
)
from huiyin.documents.titles import LINE, broken, ems

ACROSS = 30  # full-width characters of a title line on a page that lies across
RECORD_FIRST = 29
ANCHOR = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}"
DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"


def settle(document: Any) -> None:
    """A paper whose words are in place is put right. Doing it again changes nothing."""
    _titles(document)
    _marks(document)
    _signatures(document)
    _records(document)


def parts(document: Any) -> Iterator[tuple[str, Any]]:
    """(正文、页眉、页脚, its element) of every story a paper has."""
    yield "正文", document.element.body
    for section in document.sections:
        for label, story in (
            ("页眉", section.header), ("页眉", section.first_page_header), ("页眉", section.even_page_header),
            ("页脚", section.footer), ("页脚", section.first_page_footer), ("页脚", section.even_page_footer),
        ):  # fmt: skip
            if not story.is_linked_to_previous:
                yield label, story._element


def _named(document: Any, root: Any, name: str) -> list[Any]:
    """The paragraphs of that style under `root`."""
    ids = {one.style_id for one in document.styles if one.name == name}
    found = []
    for paragraph in root.iter(qn("w:p")):
        style = paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        if style is not None and style.get(qn("w:val")) in ids:
            found.append(paragraph)
    return found


def _words(paragraph: Any) -> str:
    return "".join(one.text or "" for one in paragraph.iter(qn("w:t")))


def _say(paragraph: Any, words: str) -> None:
    """The words in the look of the first run."""
    runs = paragraph.findall(qn("w:r"))
    for run in runs[1:]:
        paragraph.remove(run)
    for piece in [one for one in runs[0] if one.tag != qn("w:rPr")]:
        runs[0].remove(piece)
    text = OxmlElement("w:t")
    text.text = words
    text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    runs[0].append(text)


def _titles(document: Any) -> None:
    """标题回行."""
    for section, root in _sections(document):
        width = ACROSS if section.orientation == WD_ORIENT.LANDSCAPE else LINE
        for paragraph in root:
            lines = broken(_words(paragraph), width) if paragraph.findall(qn("w:r")) else []
            for line in lines[1:][::-1]:
                more = copy.deepcopy(paragraph)
                _say(more, line)
                paragraph.addnext(more)
            if len(lines) > 1:
                _say(paragraph, lines[0])


def _sections(document: Any) -> Iterator[tuple[Any, list[Any]]]:
    """Each section with its titles."""
    titles, sections = set(_named(document, document.element.body, "公文标题")), iter(document.sections)
    held: list[Any] = []
    for element in list(document.element.body):
        held += [element] if element in titles else []
        if element.tag == qn("w:sectPr") or element.find(f"{qn('w:pPr')}/{qn('w:sectPr')}") is not None:
            yield next(sections), held
            held = []


def _marks(document: Any) -> None:
    """发文机关标志 stays on one line: smaller when the name is long."""
    look = next((one.font.size for one in document.styles if one.name == "发文机关标志"), None)
    size = look / Pt(1) if look else MARK_SIZE
    for _, root in parts(document):
        for element in _named(document, root, "发文机关标志"):
            fits = TYPE_WIDTH / Pt(1) // max(ems(_words(element)), 1)
            if fits < size:
                for run in Paragraph(element, document._body).runs:
                    run.font.size = Pt(max(fits, MARK_LEAST))


def _signatures(document: Any) -> None:
    """落款: the date ends four characters from the right, the unit is centred above it. It stays on one page with the
    text's end, the notes and the 版记."""
    body = document.element.body
    mine, annexes = set(_named(document, body, "落款")), set(_named(document, body, "附件说明"))
    for signs, group in groupby(list(body), key=lambda one: one in mine):
        if not signs:
            continue
        lines = list(group)
        before = lines[0].getprevious()
        words = [one for one in map(_words, lines) if one]
        room = max((ems(one) + (8 if one == words[-1] else 1) for one in words), default=0)
        left = Length(max(TYPE_WIDTH - Pt(CHARACTER * room), 0))
        for element in lines:
            shape = Paragraph(element, document._body).paragraph_format
            shape.left_indent, shape.keep_with_next = left, True
        while before in annexes:
            before = before.getprevious()
        if before is not None and before.tag == qn("w:p"):
            Paragraph(before, document._body).paragraph_format.keep_with_next = True


def record_height(rows: Sequence[str]) -> Length:
    """版记高: a row of 29 characters is a line, each further 25 one more."""
    lines = sum(1 + max(0, -int(-(ems(row) - RECORD_FIRST) // RECORD_CHARACTERS)) for row in rows)
    return Pt(RECORD_LINE * lines + 4)


def _records(document: Any) -> None:
    """版记：as high as what it holds, and gone when it holds nothing; so is the paragraph that keeps its place."""
    for content in list(document.element.body.iter(qn("w:txbxContent"))):
        rows = [_row(one) for one in content.iter(qn("w:tr"))]
        if not _named(document, content, "版记") or any(
            one.tag == FALLBACK for one in content.iterancestors()
        ):
            continue
        holder = next(one for one in content.iterancestors() if one.tag == qn("w:p"))
        if not rows:
            holder.getparent().remove(holder)
            continue
        height = record_height(rows)
        for other in list(holder.iter(FALLBACK)):  # the old drawing of the same box, of another height
            other.getparent().remove(other)
        for size in (*holder.iter(f"{ANCHOR}extent"), *holder.iter(f"{DRAWING}ext")):
            size.set("cy", str(int(height)))
        oxml.exact(holder, height)


def _row(row: Any) -> str:
    return "".join(one.text or "" for one in row.iter(qn("w:t")))
