"""读Word改稿：title, paragraphs, tables and pictures of a .docx in their order, as blocks of a reply's text
(huiyin.rules.text). What cannot be a part of it is left out, and said."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import PurePosixPath
from typing import Any

from docx.oxml.ns import qn

from huiyin.documents import opening, pictures
from huiyin.documents.numbering import Numbers
from huiyin.documents.stamp import Stamp, stamp_of
from huiyin.rules.text import Block, BlockKind, blocks

TITLE_STYLES = {"公文标题", "title", "标题"}
OF_THE_LETTER = {"发文机关标志", "发文字号", "类别标记", "落款", "版记", "页码", "附件说明"}
LETTER_TITLE = re.compile(r"^关于.{2,120}(答复|意见|复函|函)$")
SALUTATION = re.compile(r"^[^。；]{2,200}(代表|委员|政府|局|委|办公室|厅)[：:]$")
NOTES = re.compile(r"^[（(](联系人[：:]|此件).{0,120}[）)]$")
WORDS = {
    "ins": "有修订：插入的字按接受处理", "del": "有修订：删去的字没有导入", "comment": "有批注，没有导入，请在系统里批注",
    "note": "有脚注或尾注，没有导入", "box": "有文本框，里面的字没有导入", "hidden": "有隐藏的文字，没有导入",
    "bullet": "项目符号没有导入", "picture": "有的图片不是PNG或JPG，没有导入", "merged": "有合并的单元格，已按空格子补齐",
    "nested": "有表中表，里面的字按行并入所在的格子", "letter": "称谓、落款、版记等按本系统的栏目印制，没有导入",
    "math": "有公式，只导入了其中的文字", "celled": "表格里的图片没有导入", "large": "有过大的表格，没有导入，请作为附件",
}  # fmt: skip
MOST_CELLS = 5_000
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
IMAGE_DATA = "{urn:schemas-microsoft-com:vml}imagedata"
GONE = {qn("w:del"): "del", qn("w:moveFrom"): "del", qn("w:txbxContent"): "box", qn("w:rt"): "", FALLBACK: ""}
SAID = {
    qn("w:ins"): "ins", qn("w:moveTo"): "ins", qn("w:commentReference"): "comment", qn("w:footnoteReference"): "note",
    qn("w:endnoteReference"): "note", FORMULA: "math",
}  # fmt: skip
PLAIN = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-"}


@dataclass(frozen=True)
class Picture:
    """一张图片 that stands in the file and is not stored yet."""

    name: str
    data: bytes


@dataclass
class Reading:
    """读到的：`said` is what was left out or changed, a sentence each."""

    title: str = ""
    found: list[Block | Picture] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    stamp: Stamp | None = None


def read(data: bytes) -> Reading:
    """A Word file that has come back. Raises documents.opening.Unsafe."""
    document = opening.opened(data, links=True)
    reader = _Reader(document)
    reader.read()
    said = [WORDS[key] for key in WORDS if reader.met[key]]
    return Reading(reader.title.strip(), _unmarked(reader.found), said, reader.stamp)


def _unmarked(found: list[Block | Picture]) -> list[Block | Picture]:
    """A picture before its own mark 【图12】 is the one stored already."""
    followed = zip_longest(found, found[1:])
    return [
        one
        for one, after in followed
        if not (isinstance(one, Picture) and isinstance(after, Block) and after.file)
    ]


class _Reader:
    def __init__(self, document: Any) -> None:
        self.document, self.numbers = document, Numbers(document)
        self.styles = {one.style_id: (one.name or "").lower() for one in document.styles}
        self.stamp = stamp_of(document)
        self.met: Counter[str] = Counter()
        self.title, self.found = "", list[Block | Picture]()
        self.joined = ""  # words of a paragraph whose end was deleted: they belong to the next

    def read(self) -> None:
        for element in self._flat(self.document.element.body):
            if element.tag == qn("w:tbl"):
                self._table(element)
            else:
                self._paragraph(element)
        if self.joined.strip():
            self._lines(self.joined)

    def _flat(self, parent: Any) -> Iterator[Any]:
        """Paragraphs and tables, also those within content controls and tracked insertions."""
        for one in parent:
            if one.tag in {qn("w:p"), qn("w:tbl")}:
                yield one
            elif one.tag == qn("w:sdt"):
                yield from self._flat(
                    one.find(qn("w:sdtContent")) if one.find(qn("w:sdtContent")) is not None else []
                )
            elif one.tag in {qn("w:customXml"), qn("w:ins"), qn("w:moveTo"), qn("w:smartTag")}:
                yield from self._flat(one)

    # 段落

    def _paragraph(self, element: Any) -> None:
        style = self._style(element)
        words, images = self._words(element)
        number = self.numbers.before(element) if words.strip() or images else ""
        if number is None:
            self.met["bullet"] += 1
        words = f"{self.joined}{number or ''}{words}"
        self.joined = ""
        if element.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            self.joined = words
        elif not self._of_the_frame(words, style, element):
            self._lines(words)
        self.found += images

    def _lines(self, words: str) -> None:
        """A line break makes a new paragraph; nothing typed may look like a table's row."""
        for line in words.splitlines():
            text = line.strip()
            plain = f"｜{text[1:]}" if len(text) > 1 and text[0] == text[-1] == "|" else text
            self.found += blocks(plain)

    def _style(self, element: Any) -> str:
        style = element.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self.styles.get(style.get(qn("w:val")), "") if style is not None else ""

    def _of_the_frame(self, words: str, style: str, element: Any) -> bool:
        """The title, and in a letter that was not made for editing what stands around its text."""
        bare = words.strip()
        if bare and not self.found and self._is_title(bare, style, element):
            self.title += "".join(words.splitlines())
            return True
        if self.stamp is not None or not bare:
            return not bare
        opening_line = not self.found and bool(self.title) and SALUTATION.match(bare)
        around = bool(style in OF_THE_LETTER or NOTES.match(bare) or opening_line)
        self.met["letter"] += around
        return around

    def _is_title(self, words: str, style: str, element: Any) -> bool:
        if style in TITLE_STYLES or self.stamp is not None:
            return style in TITLE_STYLES
        if self.title:
            return _centred(element)
        return "关于" in words and bool(_centred(element) or LETTER_TITLE.match(words))

    def _words(self, element: Any) -> tuple[str, list[Block | Picture]]:
        """The paragraph's words as they stand with all changes accepted, and its pictures."""
        words: list[str] = []
        images: list[Block | Picture] = []
        self._walk(element, words, images, [])
        return "".join(words), images

    def _walk(self, element: Any, words: list[str], images: list[Block | Picture], codes: list[bool]) -> None:
        """`codes`: for each field that has begun, whether its code (which is not shown) is still being read."""
        for one in element:
            tag = one.tag
            if not isinstance(tag, str):
                continue
            if tag in SAID:
                self.met[SAID[tag]] += 1
            if tag in GONE:
                self.met[GONE[tag]] += any(True for _ in one.iter(qn("w:t"), qn("w:delText")))
            elif tag == qn("w:r") and _hidden(one):
                self.met["hidden"] += 1
            elif tag == qn("w:fldChar"):
                _field(one.get(qn("w:fldCharType")), codes)
            elif tag.endswith("}t"):
                words.append("" if any(codes) else one.text or "")
            elif tag in PLAIN and one.getparent().tag == qn("w:r"):
                words.append("" if one.get(qn("w:type")) in {"page", "column"} else PLAIN[tag])
            elif tag == qn("w:sym"):
                words.append(_symbol(one.get(qn("w:char"), "")))
            elif picture := self._picture(one):
                images += picture
            elif tag not in {qn("w:pPr"), qn("w:rPr"), qn("w:instrText")}:
                self._walk(one, words, images, codes)

    # 图片

    def _picture(self, element: Any) -> list[Block | Picture]:
        """The picture that this element shows, if it is one."""
        kinds = {qn("a:blip"): qn("r:embed"), IMAGE_DATA: qn("r:id")}
        key = element.get(kinds[element.tag]) if element.tag in kinds else None
        part = self.document.part.related_parts.get(key) if key else None
        if part is None:
            return []
        if not part.blob.startswith((pictures.PNG, pictures.JPEG)):
            self.met["picture"] += 1
            return []
        kind = ".png" if part.blob.startswith(pictures.PNG) else ".jpg"
        return [Picture(PurePosixPath(part.partname).stem + kind, part.blob)]

    # 表格

    def _table(self, element: Any) -> None:
        rows = [self._row(row) for row in element.iter(qn("w:tr")) if self._own(row, element)]
        widest = max(map(len, rows), default=0)
        if len(rows) * widest > MOST_CELLS:
            self.met["large"] += 1
        elif widest and (self.stamp or any(any(row) for row in rows)):
            even = tuple((*row, *[""] * (widest - len(row))) for row in rows if row)
            self.found.append(Block(BlockKind.TABLE, rows=even))

    def _own(self, row: Any, table: Any) -> bool:
        """A row of this table, not of one within it, and not deleted."""
        if next(row.iterancestors(qn("w:tbl"))) is not table:
            self.met["nested"] += 1
            return False
        gone = row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None
        self.met["del"] += gone
        return not gone

    def _row(self, row: Any) -> tuple[str, ...]:
        cells: list[str] = []
        for cell in row.iter(qn("w:tc")):
            if next(cell.iterancestors(qn("w:tr"))) is not row:
                continue
            spans = _span(cell)
            merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}") is not None
            self.met["merged"] += spans > 1 or merged
            cells += [self._cell(cell), *[""] * (spans - 1)]
            if len(cells) > MOST_CELLS:
                break
        return tuple(cells)

    def _cell(self, cell: Any) -> str:
        found: list[str] = []
        for paragraph in cell.iter(qn("w:p")):
            if next(paragraph.iterancestors(qn("w:txbxContent"), qn("w:tc"))).tag != qn("w:tc"):
                continue
            words, images = self._words(paragraph)
            number = self.numbers.before(paragraph) if words.strip() else ""
            self.met["celled"] += len(images)
            found.append(f"{number or ''}{words}".strip())
        return " ".join(filter(None, " ".join(found).splitlines())).replace("|", "｜").strip()


def _centred(element: Any) -> bool:
    side = element.find(f"{qn('w:pPr')}/{qn('w:jc')}")
    return side is not None and side.get(qn("w:val")) == "center"


def _hidden(run: Any) -> bool:
    mark = run.find(f"{qn('w:rPr')}/{qn('w:vanish')}")
    return mark is not None and mark.get(qn("w:val"), "1") not in {"0", "false", "off"}


def _field(kind: str | None, codes: list[bool]) -> None:
    if kind == "begin":
        codes.append(True)
    elif kind == "separate" and codes:
        codes[-1] = False
    elif kind == "end" and codes:
        codes.pop()


def _symbol(code: str) -> str:
    """A character of a symbol font, when it is one that other fonts have too."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if 0x20 <= value < 0xD800 or 0xF900 <= value <= 0xFFFD else ""


def _span(cell: Any) -> int:
    found = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    words = found.get(qn("w:val"), "1") if found is not None else "1"
    return min(int(words), 63) if words.isascii() and words.isdecimal() and words != "0" else 1
