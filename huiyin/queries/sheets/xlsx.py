"""看一遍 .xlsx before calamine reads it: how large each sheet really is, and what calamine does not tell: number formats
that show leading zeros, hidden rows and columns, formulas whose value was never kept."""

import re
import zipfile
from dataclasses import dataclass, field
from posixpath import join, normpath
from typing import Any

from lxml import etree

from huiyin.queries.sheets import archive
from huiyin.queries.sheets.table import MOST_CELLS, MOST_COLUMNS, MOST_ROWS, SheetError

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
YES = {"1", "true", "on"}
_PADDED = re.compile(
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
    formulas: int = 0
    cells: int = 0
    last_row: int = -1
    last_column: int = -1


@dataclass
class Looked:
    sheets: dict[str, Seen] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def look(data: bytes, name: str) -> Looked:
    """Raises SheetError for what is too large or unsound."""
    found = Looked()
    with archive.opened(data, name) as book:
        names = set(book.namelist())
        if any(one.endswith("vbaProject.bin") for one in names):
            found.notes.append("文件里有宏，没有运行，只读了格子里的值")
        if any("/externalLinks/" in one for one in names):
            found.notes.append("有的格子引自别的文件，读的是存下的值")
        padded = _padded_styles(book, name)
        try:
            for title, part in _parts(book, name).items():
                found.sheets[title] = _sheet(book, part, title, padded)
        except (etree.XMLSyntaxError, *archive.BROKEN) as error:
            if isinstance(error, SheetError):
                raise
            raise SheetError(f"“{name}”打不开，可能不是有效的表格文件或已损坏") from error
    if sum(one.cells for one in found.sheets.values()) > MOST_CELLS:
        raise SheetError(f"“{name}”里有内容的格子超过{MOST_CELLS}个，请分成几个文件导入")
    return found


def _parts(book: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Title → part, of the worksheets."""
    main = archive.part(book, "xl/workbook.xml")
    relations = archive.part(book, "xl/_rels/workbook.xml.rels")
    if main is None or relations is None:
        raise SheetError(f"“{name}”打不开，可能不是有效的表格文件或已损坏")
    targets = {
        one.get("Id"): normpath(join("/xl", one.get("Target", ""))).lstrip("/")
        for one in archive.parsed(relations, name)
        if one.get("Type", "").endswith("/worksheet")
    }
    sheets = archive.parsed(main, name).iter("{*}sheet")
    found = {one.get("name"): targets.get(one.get(RELATION) or one.get(STRICT)) for one in sheets}
    there = {one.lower(): one for one in book.namelist()}
    return {title: there[part.lower()] for title, part in found.items() if part and part.lower() in there}


def _padded_styles(book: zipfile.ZipFile, name: str) -> dict[str, re.Match[str]]:
    """The styles whose number format shows leading zeros: 000, 第000号."""
    content = archive.part(book, "xl/styles.xml")
    if content is None:
        return {}
    tree = archive.parsed(content, name)
    formats = {one.get("numFmtId"): one.get("formatCode", "") for one in tree.iter("{*}numFmt")}
    styles = [one.get("numFmtId") for group in tree.iter("{*}cellXfs") for one in group]
    return {
        str(place): found
        for place, number in enumerate(styles)
        if (found := _PADDED.fullmatch(formats.get(number, "")))
    }


def _sheet(book: zipfile.ZipFile, part: str, title: str, padded: dict[str, re.Match[str]]) -> Seen:
    seen = Seen()
    row = -1
    for one in archive.walked(book, part, "row", "col"):
        if one.tag.endswith("}col"):
            if one.get("hidden") in YES:
                seen.hidden_columns += range(int(one.get("min")) - 1, min(int(one.get("max")), MOST_COLUMNS))
            continue
        row = int(one.get("r", row + 2)) - 1
        before = seen.cells
        _cells(one, row, seen, padded)
        if seen.cells > before:
            seen.last_row = max(seen.last_row, row)
            if one.get("hidden") in YES:
                seen.hidden_rows.append(row)
        if seen.last_row >= MOST_ROWS or seen.cells > MOST_CELLS:
            raise SheetError(_too_long(title, seen))
        if seen.last_column >= MOST_COLUMNS:
            raise SheetError(
                f"“{title}”第{row + 1}行到了第{seen.last_column + 1}列，一次最多{MOST_COLUMNS}列"
            )
    seen.hidden_columns = [place for place in seen.hidden_columns if place <= seen.last_column]
    return seen


def _too_long(title: str, seen: Seen) -> str:
    if seen.last_row < MOST_ROWS:
        return f"“{title}”里有内容的格子超过{MOST_CELLS}个，请分成几个文件导入"
    return f"“{title}”超过{MOST_ROWS}行（第{seen.last_row + 1}行还有内容），一次最多导入{MOST_ROWS}行"


def _cells(row: Any, line: int, seen: Seen, padded: dict[str, re.Match[str]]) -> None:
    place = -1
    for cell in row:
        reference = cell.get("r")
        place = _place(reference) if reference else place + 1
        if not len(cell):
            continue
        seen.cells += 1
        seen.last_column = max(seen.last_column, place)
        first = cell[0]
        if first.tag.endswith("}f"):
            seen.formulas += 1
            if not any(one.text for one in cell[1:]) and cell.get("t") != "str":
                seen.unvalued.append((line, place))
        if cell.get("t") == "e":
            seen.errors[line, place] = str(cell[-1].text or "#")[:10]
        elif cell.get("s") in padded and cell.get("t", "n") == "n":
            shown = _shown(cell[-1].text or "-1", padded[cell.get("s")])
            seen.shown |= {(line, place): shown} if shown else {}


def _shown(text: str, form: re.Match[str]) -> str:
    """82 by 000 is 082, by 第000号 第082号; nothing for what is no whole number."""
    number = float(text)
    if not number.is_integer() or number < 0 or number >= 1e15:
        return ""
    return _literal(form["before"]) + str(int(number)).zfill(len(form["zeros"])) + _literal(form["after"])


def _literal(words: str) -> str:
    return re.sub(r"\\(.)|\"([^\"]*)\"", lambda one: one[1] or one[2] or "", words)


def _place(reference: str) -> int:
    """C5 → 2."""
    found = 0
    for letter in reference.upper():
        if not "A" <= letter <= "Z":
            break
        found = found * 26 + ord(letter) - 64
    return found - 1


def column(place: int) -> str:
    """2 → C."""
    found, place = "", place + 1
    while place:
        place, rest = divmod(place - 1, 26)
        found = chr(65 + rest) + found
    return found
