"""读表 (R74): any office's file, a workbook, a text, a paper with tables or letters, into rows by our keys.

`read` makes a `Book` of a file; `Book.sheet()` is the sheet to take; `Sheet.headings` say which of our columns each of
its columns is, as far as could be guessed, and `SheetRow.cells(mapping)` gives a row by our keys. Values are read by
`read_day`, `read_number`, `read_class`, `read_yes`, which raise ValueError in a sentence. A file that cannot be read is
a `SheetError`, in a sentence. What a file is, its content decides and not its name. Nothing here knows the database.
"""

from collections.abc import Mapping
from contextlib import suppress

from huiyin.queries.sheets import kinds, letters, text, web, word, workbook
from huiyin.queries.sheets.headings import LABELS, plain
from huiyin.queries.sheets.kinds import is_old_word
from huiyin.queries.sheets.table import (
    MOST_ROWS,
    Book,
    Cells,
    Grid,
    Heading,
    NoHeadingsError,
    Sheet,
    SheetError,
    SheetRow,
    sheet_of,
)
from huiyin.queries.sheets.values import read_class, read_day, read_number, read_yes, words

__all__ = [
    "LABELS", "MOST_ROWS", "Book", "Cells", "Heading", "Sheet", "SheetError", "SheetRow",
    "is_old_word", "read", "read_class", "read_day", "read_letters", "read_number", "read_yes", "words",
]  # fmt: skip


def read(data: bytes, name: str, *, known: Mapping[str, str] = {}, readable: letters.Readable = dict) -> Book:
    """The sheets of a file. `known`: headings a person has matched before → key ("" for not taken). Raises SheetError.
    A .docx without a table of headings is read as a suggestion letter, a .zip as a folder of them; `readable` makes those
    readable that are not as they are (.doc)."""
    kind = kinds.kind(data, name)
    known = {plain(heading): key for heading, key in known.items()}
    notes: list[str] = kinds.renamed(kind, name)
    if kind == "zip":
        return letters.folder(data, name, readable)
    if kind == "docx":
        return _paper(data, name, known, notes)
    if kind == "csv":
        grids = [text.grid(data)]
    elif kind == "html":
        grids = web.grids(data, name)
    else:
        grids, more = workbook.grids(data, name, kind)
        notes += more
    return _book(grids, name, known, notes)


def read_letters(files: Mapping[str, bytes]) -> Book:
    """建议原件: several .docx letters by name, a row each."""
    return letters.several(files)


def _paper(data: bytes, name: str, known: Mapping[str, str], notes: list[str]) -> Book:
    """Its tables; or, when none of them has the headings of a ledger, the letter that it may be (often a form)."""
    try:
        book = _book(word.grids(data, name, known), name, known, notes)
    except NoHeadingsError as error:
        try:
            return letters.several({name: data})
        except SheetError:
            raise error from None
    if not book.sheet().recognised:
        with suppress(SheetError):
            letter = letters.several({name: data})
            said = letter.sheet().rows[0].cells(letter.sheet().mapping())
            headings = {one.words for one in book.sheet().headings}
            if {"title", "lead", "text"} <= set(said) and said["lead"] not in headings:
                return letter
    return book


def _book(grids: list[Grid], name: str, known: Mapping[str, str], notes: list[str]) -> Book:
    sheets, problems = [], []
    for grid in grids:
        try:
            sheets.append(sheet_of(grid, known))
        except SheetError as error:
            problems.append((any(cell != "" for row in grid.rows for cell in row), error))
    if not sheets:
        raise _worst([error for _, error in problems], name)
    if len(sheets) > 1:
        notes = [*notes, f"文件里有{len(sheets)}张表：{'、'.join(one.title for one in sheets)}；一次读一张"]
    return Book(tuple(sheets), (*notes, *(f"没有读：{error}" for filled, error in problems if filled)))


def _worst(errors: list[SheetError], name: str) -> SheetError:
    """Of the reasons why no sheet is read the one of a sheet that has headings, otherwise the first."""
    return min(
        errors, key=lambda one: isinstance(one, NoHeadingsError), default=SheetError(f"“{name}”里没有内容")
    )
