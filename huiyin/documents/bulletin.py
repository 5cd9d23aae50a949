"""办理情况通报 .docx, its tables as tables."""

from collections.abc import Sequence
from datetime import date

from huiyin.documents.facts import Grid, Piece
from huiyin.documents.layout import Paper
from huiyin.rules.dates import zh
from huiyin.rules.text import CELLS


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
    paper.text(pieces(left))
    paper.signature(organ, zh(on))
    return paper.to_bytes("".join(title))
