"""办理情况通报 .docx, its tables as tables."""

from collections.abc import Sequence
from datetime import date

from docx.shared import Mm

from huiyin.documents.facts import Grid, Piece
from huiyin.documents.layout import Paper
from huiyin.documents.looks import TYPE_WIDTH
from huiyin.documents.titles import ems
from huiyin.rules.dates import zh
from huiyin.rules.text import CELLS

NARROWEST, ROOM, WIDEST = 3.6, 2, 16  # characters a column is counted with


def pieces(lines: Sequence[str]) -> list[Piece]:
    """段落和表格：consecutive |…| lines are one table, its first row the head."""
    found: list[Piece] = []
    for line in lines:
        row = cells(line)
        if row is None:
            found.append(line)
        elif found and isinstance(found[-1], Grid):
            found[-1] = Grid((*found[-1].rows, row))
        else:
            found.append(Grid((row,)))
    return found


def cells(line: str) -> tuple[str, ...] | None:
    """The cells of a table's line; None for another."""
    row = CELLS.match(line.strip())
    return tuple(one.strip() for one in row["cells"].split("|")) if row else None


def line_of(row: Sequence[str]) -> str:
    """A table's line as it stands in a text."""
    return f"|{'|'.join(' '.join(one.replace('|', '｜').split()) for one in row)}|"


def write(organ: str, title: Sequence[str], lines: Sequence[str], on: date, number: str = "") -> bytes:
    """A paper that begins with whom it is for, where its first line says so."""
    paper = Paper()
    paper.title(*filter(None, title), above=1)
    if number:
        paper.salutation(number)
    left = list(lines)
    if left and left[0].endswith("：") and len(left[0]) < 40 and cells(left[0]) is None:
        paper.salutation(left.pop(0))
    text(paper, left)
    paper.signature(organ, zh(on))
    return paper.to_bytes("".join(title))


def text(paper: Paper, lines: Sequence[str]) -> None:
    """正文, its tables with room enough that no figure is broken in two."""
    for piece in pieces(lines):
        if isinstance(piece, Grid):
            _table(paper, piece)
        else:
            paper.text([piece])


def _table(paper: Paper, grid: Grid) -> None:
    columns = max(map(len, grid.rows))
    rows = [[*row, *[""] * (columns - len(row))] for row in grid.rows]
    asked = [
        max(NARROWEST, *(_room(row[at], head=n == 0) for n, row in enumerate(rows))) for at in range(columns)
    ]
    widths = [one * (TYPE_WIDTH / Mm(1)) / sum(asked) for one in asked]
    paper.table(rows[0], rows[1:], widths, range(columns), look="单")
    paper.add("", "表后")


def _room(words: str, *, head: bool) -> float:
    """What a cell asks for: a heading may stand in two lines, a figure may not."""
    return min((ems(words) / 2 if head else ems(words)) + ROOM, WIDEST)
