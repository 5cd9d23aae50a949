"""表里看到的：what a look at a workbook finds besides the values of its cells, in .xlsx and .xls alike."""

import re
from dataclasses import dataclass, field

from huiyin.queries.sheets import table
from huiyin.queries.sheets.table import SheetError

PADDED = re.compile(
    r"(?P<before>(?:\"[^\"]*\"|\\.|[\u3400-\u9fff])*)(?P<zeros>0{2,})(?P<after>(?:\"[^\"]*\"|\\.|[\u3400-\u9fff@])*)(?:;.*)?"
)

Place = tuple[int, int]


@dataclass
class Seen:
    """一张表里看到的; rows and columns from 0."""

    hidden_rows: list[int] = field(default_factory=list)
    hidden_columns: list[int] = field(default_factory=list)
    shown: dict[Place, str] = field(default_factory=dict)
    errors: dict[Place, str] = field(default_factory=dict)
    unvalued: list[Place] = field(default_factory=list)
    merges: list[tuple[Place, Place]] = field(default_factory=list)
    formulas: int = 0
    cells: int = 0
    last_row: int = -1
    last_column: int = -1

    def count(self, cells: int, row: int, last_column: int) -> None:
        """So many cells of a row hold something."""
        self.cells += cells
        self.last_row = max(self.last_row, row)
        self.last_column = max(self.last_column, last_column)

    def check(self, title: str) -> None:
        """Raises SheetError when it is too large."""
        if self.last_row >= table.MOST_ROWS:
            raise SheetError(
                f"“{title}”超过{table.MOST_ROWS}行（第{self.last_row + 1}行还有内容），一次最多导入{table.MOST_ROWS}行"
            )
        if self.last_column >= table.MOST_COLUMNS:
            raise SheetError(f"“{title}”有{self.last_column + 1}列，一次最多{table.MOST_COLUMNS}列")
        if self.cells > table.MOST_CELLS:
            raise SheetError(f"“{title}”里有内容的格子超过{table.MOST_CELLS}个，请分成几个文件导入")


@dataclass
class Looked:
    sheets: dict[str, Seen] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    clean: bytes = b""  # what is to be read instead of the file


def shown(text: str, form: re.Match[str]) -> str:
    """82 by 000 is 082, by 第000号 第082号; nothing for what is no whole number."""
    number = float(text)
    if not number.is_integer() or number < 0 or number >= 1e15:
        return ""
    return _literal(form["before"]) + str(int(number)).zfill(len(form["zeros"])) + _literal(form["after"])


def _literal(words: str) -> str:
    return re.sub(r"\\(.)|\"([^\"]*)\"", lambda one: one[1] or one[2] or "", words)


def column(place: int) -> str:
    """2 → C."""
    found, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found
