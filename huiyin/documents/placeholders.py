"""占位符：how place-holders are written in a template, found where Word cut them into pieces, and checked. A name out of a
closed list between two pairs of braces, and nothing else: there is no expression, so nothing can run."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from huiyin.documents.facts import Shape, Slot
from huiyin.documents.settling import parts

HOLDER = re.compile(r"\{\{\s*([\w.、（）]{1,40}?)\s*\}\}")
CODE = re.compile(
    r"\{%|%\}|\{#|#\}|\$\{|<%|%>|\{\{[^{}]*[^\w.、（）\s{}][^{}]*\}\}|__|\{\{[^{}]*\s[^{}]*\S\s*\}\}"
)
BRACES, WIDE = re.compile(r"[{}]"), re.compile(r"[｛｝]")
CHANGES = ("w:ins", "w:del", "w:moveFrom", "w:moveTo")
NOTES = ("footnotes.xml", "endnotes.xml", "comments.xml")
MANY = 400  # place-holders in a template


@dataclass(frozen=True)
class Spot:
    """模板里的一段, and where it stands."""

    paragraph: Any
    where: str
    boxed: bool  # in a header, a footer or a text box

    @property
    def texts(self) -> list[Any]:
        """Its pieces of text; not those of a text box that hangs on it."""
        return [one for one in self.paragraph.iter(qn("w:t")) if _owner(one) is self.paragraph]

    @property
    def words(self) -> str:
        return "".join(one.text or "" for one in self.texts)

    @property
    def names(self) -> list[str]:
        return HOLDER.findall(self.words)

    @property
    def row(self) -> Any:
        """The table row it stands in, the innermost."""
        return next((one for one in self.paragraph.iterancestors() if one.tag == qn("w:tr")), None)


def _owner(element: Any) -> Any:
    return next(one for one in element.iterancestors() if one.tag == qn("w:p"))


def spots(document: Any) -> Iterator[Spot]:
    """Every paragraph of a paper: text, tables, headers, footers, text boxes."""
    for label, root in parts(document):
        tables = {one: place for place, one in enumerate(root.iter(qn("w:tbl")), 1)}
        plain = 0
        for paragraph in root.iter(qn("w:p")):
            inside = list(paragraph.iterancestors())
            box = any(one.tag == qn("w:txbxContent") for one in inside)
            table = next((one for one in inside if one.tag == qn("w:tbl")), None)
            plain += table is None and not box
            where = f"文本框（{label}）" if box else label
            if table is not None and not box:
                row = next(one for one in inside if one.tag == qn("w:tr"))
                where = f"第{tables[table]}个表第{list(table.iter(qn('w:tr'))).index(row) + 1}行"
                where = where if label == "正文" else f"{label}{where}"
            elif not box:
                where = f"{label}第{plain}段"
            yield Spot(paragraph, where, box or label != "正文")


def problems(document: Any, slots: Sequence[Slot]) -> list[str]:
    """Why a template cannot be used, each in a sentence that says where; empty when it can."""
    found = list(spots(document))
    known = {name: slot for slot in slots for name in _names(slot)}
    wrong = [line for spot in found for line in _wrong(spot, known)]
    wrong += _rows(found, known)
    wrong += [*_tracked(document), *_coded(document), *_elsewhere(document)]
    used = {name for spot in found for name in spot.names}
    if sum(len(spot.names) for spot in found) > MANY:
        wrong.append(f"占位符超过{MANY}个")
    for slot in slots:
        if slot.required and not used & set(_names(slot)):
            wrong.append(f"缺少占位符 {slot.written[0]}（{slot.says}）")
    return list(dict.fromkeys(wrong))


def _names(slot: Slot) -> list[str]:
    return [f"{slot.name}.{column}" for column in slot.columns] or [slot.name]


def _wrong(spot: Spot, known: dict[str, Slot]) -> Iterator[str]:
    words = spot.words
    if CODE.search(words):
        yield f"{spot.where}：“{_near(words)}”像是代码，占位符只能是列出的名称，模板里不能有代码、运算"
        return
    if WIDE.search(words):
        yield f"{spot.where}：用了全角大括号，占位符要写成半角的 {{{{名称}}}}"
    if BRACES.search(HOLDER.sub("", words)):
        yield f"{spot.where}：“{_near(words)}”的大括号不成对，占位符要写成 {{{{名称}}}}"
    slots = [known.get(name) for name in spot.names]
    for name, slot in zip(spot.names, slots, strict=True):
        if slot is None:
            yield f"{spot.where}：没有叫“{name[:20]}”的占位符"
        elif problem := _misplaced(spot, slot):
            yield f"{spot.where}：{problem}"


def _rows(found: Sequence[Spot], known: dict[str, Slot]) -> Iterator[str]:
    """A row is written out once for each of one list; beside it, also in a table within, there is room for words only."""
    slots = {spot: [slot for name in spot.names if (slot := known.get(name))] for spot in found if spot.names}
    written = {spot.row: None for spot, of in slots.items() if any(one.shape == Shape.ROWS for one in of)}
    for row in (one for one in written if one is not None):
        held = {spot: of for spot, of in slots.items() if row in spot.paragraph.iterancestors()}
        where = next(iter(held)).where
        lists = sorted({one.name for of in held.values() for one in of if one.shape == Shape.ROWS})
        others = [one for of in held.values() for one in of if one.shape not in {Shape.ROWS, Shape.TEXT}]
        if len(lists) > 1:
            yield f"{where}：一行里只能有一个表的占位符，现有{'、'.join(lists)}"
        elif others:
            yield f"{where}：{others[0].written[0]} 不能放在表的占位符“{lists[0]}”的一行里"


def _misplaced(spot: Spot, slot: Slot) -> str:
    written = slot.written[0]
    if slot.shape == Shape.ROWS:
        return "" if spot.row is not None and not spot.boxed else f"{written} 要放在正文的表格里"
    if slot.shape == Shape.TEXT:
        return ""
    if spot.boxed:
        return f"{written} 要放在正文里，不能放在页眉、页脚、文本框里"
    return "" if HOLDER.fullmatch(spot.words.strip()) else f"{written} 要独占一段"


def _near(words: str) -> str:
    found = re.search(r"[{}%$_<]", words)
    start = max(found.start() - 4, 0) if found else 0
    return words[start : start + 24]


def _tracked(document: Any) -> Iterator[str]:
    for label, root in parts(document):
        if any(True for tag in CHANGES for _ in root.iter(qn(tag))):
            yield f"{label}里有修订，请接受或拒绝全部修订再上传"
        if any(True for _ in root.iter(qn("w:commentReference"))):
            yield f"{label}里有批注，请删去再上传"


def _elsewhere(document: Any) -> Iterator[str]:
    """Where nothing is filled: notes at the foot, and controls that show what is stored apart from the text."""
    for part in document.part.package.iter_parts():
        if part.partname.endswith(NOTES) and BRACES.search(part.blob.decode("utf-8", "replace")):
            yield "脚注、尾注、批注里不能有占位符"
    for label, root in parts(document):
        if any(True for _ in root.iter(qn("w:dataBinding"))):
            yield f"{label}里有绑定数据的内容控件，请删去控件、留下文字再上传"


def _coded(document: Any) -> Iterator[str]:
    """A field shows something else than stands there; it may not hold place-holders."""
    for label, root in parts(document):
        codes: Iterable[str] = [one.text or "" for one in root.iter(qn("w:instrText"))]
        codes = [*codes, *(one.get(qn("w:instr"), "") for one in root.iter(qn("w:fldSimple")))]
        if any(BRACES.search(one) for one in codes):
            yield f"{label}里的域含有占位符，请把占位符直接写成文字"
