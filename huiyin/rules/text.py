"""正文的写法: a reply's text is plain lines, one block a line, so that it can be typed, compared and merged as text.

    【南康区人民政府·答1、3】文字   a paragraph from that unit's opinion, answering points 1 and 3
    【南康区人民政府第2次】文字      … from its opinion of the second round
    【答2】文字                     our own paragraph, answering point 2
    【图12】说明                    the picture stored as file 12, with its caption
    |列一|列二|                     a table row; consecutive rows are one table, the first its head

What stands in 【】 keeps the source; it is not printed. Numbered lines (一、 （一） 1.) are headings by their look.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.rules.vocabulary import Term

MARK = re.compile(r"^【(?P<inside>[^【】\n]{2,60})】\s*")
ANSWERS = re.compile(r"^答第?(?P<points>\d{1,2}(?:、\d{1,2})*)点?$")
SOURCE = re.compile(r"^(?P<unit>.{2,}?)(?:第(?P<round>[1-9]\d?)次)?$")
PICTURE = re.compile(r"^图(?P<file>\d{1,12})$")
CELLS = re.compile(r"^\|(?P<cells>.*)\|$")


class BlockKind(Term):
    """段的种类."""

    PARAGRAPH = "paragraph", "段落"
    TABLE = "table", "表格"
    PICTURE = "picture", "图片"


@dataclass(frozen=True)
class Block:
    """一段. `round` 0: the unit's latest opinion; `rows` of a table, `file` (the stored file's key) of a picture."""

    kind: BlockKind
    text: str = ""
    unit: str = ""
    round: int = 0
    points: tuple[int, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    file: int = 0

    @property
    def mark(self) -> str:
        """段首的标记 as it is typed, "" when there is none."""
        if self.kind == BlockKind.PICTURE:
            return f"【图{self.file}】"
        source = f"{self.unit}第{self.round}次" if self.unit and self.round else self.unit
        answers = f"答{'、'.join(str(one) for one in self.points)}" if self.points else ""
        inside = "·".join(part for part in (source, answers) if part)
        return f"【{inside}】" if inside else ""

    @property
    def plain(self) -> str:
        """The block's words without its mark; a table's rows one a line."""
        return "\n".join("　".join(row) for row in self.rows) if self.rows else self.text

    def typed(self) -> str:
        """The block as it is typed: `blocks("\\n".join(one.typed() …))` gives the same blocks."""
        if self.kind == BlockKind.TABLE:
            return "\n".join(f"|{'|'.join(row)}|" for row in self.rows)
        return f"{self.mark}{self.text}"


def blocks(body: str) -> list[Block]:
    """正文分段. Empty lines are left out; nothing typed is lost: an unreadable mark stays part of the source's name."""
    found: list[Block] = []
    table = False  # an empty line or a paragraph ends a table
    for line in (one.strip() for one in body.splitlines()):
        row = CELLS.match(line)
        if row:
            cells = tuple(cell.strip() for cell in row["cells"].split("|"))
            if table:
                found[-1] = Block(BlockKind.TABLE, rows=(*found[-1].rows, cells))
            else:
                found.append(Block(BlockKind.TABLE, rows=(cells,)))
        elif line:
            found.append(_marked(line))
        table = row is not None
    return found


def _marked(line: str) -> Block:
    mark = MARK.match(line)
    if mark is None:
        return Block(BlockKind.PARAGRAPH, line)
    rest, parts = line[mark.end() :], mark["inside"].split("·")
    if picture := PICTURE.match(mark["inside"]):
        return Block(BlockKind.PICTURE, rest, file=int(picture["file"]))
    points: tuple[int, ...] = ()
    if answers := ANSWERS.match(parts[-1].strip()):
        points = tuple(dict.fromkeys(int(one) for one in answers["points"].split("、")))
        parts = parts[:-1]
    if not parts:
        return Block(BlockKind.PARAGRAPH, rest, points=points)
    source = SOURCE.match("·".join(parts).strip())
    if source is None:  # no name of a unit: words like any others
        return Block(BlockKind.PARAGRAPH, line)
    unit, number = source["unit"], int(source["round"] or 0)
    return Block(BlockKind.PARAGRAPH, rest, unit=unit, round=number, points=points)


def typed(found: Iterable[Block]) -> str:
    """正文 of these blocks; two tables in a row keep an empty line between them."""
    lines: list[str] = []
    before = None
    for one in found:
        if before == one.kind == BlockKind.TABLE:
            lines.append("")
        lines.append(one.typed())
        before = one.kind
    return "\n".join(lines)
