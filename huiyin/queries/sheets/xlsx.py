"""看一遍 .xlsx before calamine reads it: how large each sheet really is, and what calamine does not tell: number formats
that show leading zeros, hidden rows and columns, formulas whose value was never kept."""

import re
import zipfile
from functools import lru_cache
from typing import Any

from lxml import etree

from huiyin.queries.sheets import archive
from huiyin.queries.sheets.seen import PADDED, Looked, Place, Seen, shown
from huiyin.queries.sheets.table import MOST_CELLS, MOST_COLUMNS, SheetError

RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
# What would let a cell be passed over here and be read elsewhere.
NO_ROW, NO_CELL = (etree.XPath(f"boolean(*[local-name() != '{one}'])") for one in ("row", "c"))
YES = {"1", "true", "on"}


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
        for title, part in _parts(book, name).items():
            found.sheets[title] = _sheet(book, part, title, padded)
    if sum(one.cells for one in found.sheets.values()) > MOST_CELLS:
        raise SheetError(f"“{name}”里有内容的格子超过{MOST_CELLS}个，请分成几个文件导入")
    return found


def _parts(book: zipfile.ZipFile, name: str) -> dict[str, str]:
    """Title → part, of every sheet, found as calamine finds it. What is not here is not read."""
    main = archive.part(book, "xl/workbook.xml")
    relations = archive.part(book, "xl/_rels/workbook.xml.rels")
    if main is None or relations is None:
        raise archive.broken(name)
    targets = {one.get("Id"): _target(one.get("Target", "")) for one in archive.parsed(relations, name)}
    sheets = list(archive.parsed(main, name).iter("{*}sheet"))
    titles = [one.get("name", "") for one in sheets]
    if len(set(titles)) < len(titles):
        raise archive.broken(name)
    there = {one.lower(): one for one in book.namelist()}
    found = {one.get("name", ""): targets.get(one.get(RELATION) or one.get(STRICT), "") for one in sheets}
    return {title: there[part.lower()] for title, part in found.items() if part.lower() in there}


def _target(target: str) -> str:
    if target.startswith(("/xl/", "xl/")):
        return target.lstrip("/")
    return f"xl/{target}"


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
        if (found := PADDED.fullmatch(formats.get(number, "")))
    }


def _sheet(book: zipfile.ZipFile, part: str, title: str, padded: dict[str, re.Match[str]]) -> Seen:
    seen = Seen()
    row = -1
    for one in archive.walked(book, part, "row", "col", "sheetData"):
        if one.tag.endswith("}sheetData"):
            if NO_ROW(one):
                raise ValueError("a cell that is in no row")
            continue
        if one.tag.endswith("}col"):
            if one.get("hidden") in YES:
                seen.hidden_columns += range(
                    int(one.get("min", "1")) - 1, min(int(one.get("max", "1")), MOST_COLUMNS)
                )
            continue
        row = int(one.get("r", row + 2)) - 1
        before = seen.cells
        _cells(one, row, seen, padded)
        if seen.cells > before and one.get("hidden") in YES:
            seen.hidden_rows.append(row)
        seen.check(title)
    seen.hidden_columns = [place for place in seen.hidden_columns if place <= seen.last_column]
    return seen


def _cells(row: Any, line: int, seen: Seen, padded: dict[str, re.Match[str]]) -> None:
    """Every cell of every sheet goes through here: the words, most of them, by the shortest way."""
    place, last, filled, number = -1, -1, 0, str(line + 1)
    cut = -len(number)
    if NO_CELL(row):
        raise ValueError("a cell that is in another element")
    for cell in row:
        reference = cell.get("r")
        if reference is None:
            place += 1
        elif reference.endswith(number):  # a cell that says another row would be read there
            place = _place(reference[:cut])
        else:
            raise ValueError(f"{reference} in row {number}")
        if not len(cell):
            continue
        filled += 1
        last = max(last, place)
        kind = cell.get("t", "n")
        if kind != "s":
            _value(cell, kind, (line, place), seen, padded)
    if filled:
        seen.count(filled, line, last)


def _value(cell: Any, kind: str, at: Place, seen: Seen, padded: dict[str, re.Match[str]]) -> None:
    if str(cell[0].tag).endswith("}f"):
        seen.formulas += 1
        if not any(one.text for one in cell[1:]) and kind != "str":
            seen.unvalued.append(at)
    if kind == "e":
        seen.errors[at] = str(cell[-1].text or "#")[:10]
    elif (
        kind == "n"
        and (form := padded.get(cell.get("s", "")))
        and (text := shown(cell[-1].text or "-1", form))
    ):
        seen.shown[at] = text


@lru_cache(20_000)
def _place(letters: str) -> int:
    """C → 2."""
    found = 0
    for letter in letters.upper()[:4]:
        if not "A" <= letter <= "Z":
            raise ValueError(f"column {letters}")
        found = found * 26 + ord(letter) - 64
    return found - 1
