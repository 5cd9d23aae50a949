"""Word文件里的表：.docx, its tables as grids, one that goes on over the page joined to the one before."""

from collections.abc import Iterator, Mapping
from typing import Any

from huiyin.queries.sheets import archive
from huiyin.queries.sheets.headings import guess
from huiyin.queries.sheets.table import (
    LOOK_FOR_HEADINGS,
    MOST_COLUMNS,
    MOST_ROWS,
    Grid,
    NoHeadingsError,
    Rows,
    SheetError,
)

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
STRICT = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"
LARGEST = 40 * 2**20  # of the text part, unpacked
TITLE = 40


def grids(data: bytes, name: str, known: Mapping[str, str]) -> list[Grid]:
    """Each table; the line before one, when it is short, is its title."""
    found: list[Grid] = []
    above = ""
    for one in blocks(data, name):
        if isinstance(one, str):
            above = one.strip() or above
            continue
        if found and _goes_on(found[-1].rows, one, above, known):
            found[-1].rows.extend(one)
        else:
            title = above if 0 < len(above) <= TITLE else f"表{len(found) + 1}"
            found.append(Grid(title, one))
        above = ""
        if len(found[-1].rows) > MOST_ROWS:
            raise SheetError(f"“{name}”的表超过{MOST_ROWS}行，一次最多导入{MOST_ROWS}行")
    for number, grid in enumerate(found, 1):
        if [other.title for other in found].count(grid.title) > 1:
            grid.title = f"{grid.title}（表{number}）"
    if not found:
        raise NoHeadingsError(f"“{name}”里没有表格")
    return found


def _goes_on(before: Rows, rows: Rows, above: str, known: Mapping[str, str]) -> bool:
    """The same heads again; or as many columns, no heads, and nothing written between."""
    if not rows or not rows[0]:
        return False
    if rows[0] in before[:LOOK_FOR_HEADINGS]:
        return True
    keys = {guess([str(cell)], known) for cell in rows[0]} - {None, ""}
    return not above and len(keys) < 2 and len(rows[0]) == max(len(row) for row in before)


def blocks(data: bytes, name: str) -> list[str | Rows]:
    """The paragraphs and tables of a paper, in their order."""
    with archive.opened(data, name) as paper:
        content = archive.part(paper, "word/document.xml") or b""
    if len(content) > LARGEST:
        raise SheetError(f"“{name}”的正文过大，请分成几个文件")
    body = next(
        archive.parsed(content.replace(STRICT[1:-1].encode(), W[1:-1].encode()), name).iter(W + "body"), None
    )
    if body is None:
        raise archive.broken(name)
    return list(_blocks(body))


def _blocks(body: Any) -> Iterator[str | Rows]:
    for one in body:
        if one.tag == W + "p":
            yield _paragraph(one)
        elif one.tag == W + "tbl":
            yield _table(one)
        elif one.tag in {W + "sdt", W + "sdtContent", W + "ins", W + "customXml"}:
            yield from _blocks(one)


def _paragraph(paragraph: Any) -> str:
    """As it reads when every change is accepted."""
    found = []
    for one in paragraph.iter(W + "t", W + "tab", W + "br", W + "cr", W + "noBreakHyphen"):
        if one.tag == W + "t":
            found.append(one.text or "")
        elif one.tag == W + "tab":
            found.append("" if one.getparent().tag == W + "tabs" else "\t")
        else:
            found.append("-" if one.tag == W + "noBreakHyphen" else "\n")
    return "".join(found)


def _table(table: Any) -> Rows:
    rows: Rows = []
    for line in _inside(table, "tr"):
        row: list[Any] = [""] * _number(line.find(f"{W}trPr/{W}gridBefore"), 0)
        for cell in _inside(line, "tc"):
            width = _number(cell.find(f"{W}tcPr/{W}gridSpan"), 1)
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            if merged is not None and merged.get(W + "val", "continue") == "continue" and rows:
                above = rows[-1][len(row)] if len(row) < len(rows[-1]) else ""
            else:
                above = "\n".join(_paragraph(one) for one in cell.iter(W + "p")).strip()
            row += [above] * width
            if len(row) > MOST_COLUMNS:
                raise SheetError(f"表格超过{MOST_COLUMNS}列")
        rows.append(row)
        if len(rows) > MOST_ROWS:
            raise SheetError(f"表格超过{MOST_ROWS}行，一次最多导入{MOST_ROWS}行")
    return rows


def _inside(parent: Any, name: str) -> Iterator[Any]:
    """Its rows or cells, also within content controls; not those of a table inside a cell."""
    for one in parent:
        if one.tag == W + name:
            yield one
        elif one.tag in {W + "sdt", W + "sdtContent", W + "ins", W + "customXml"}:
            yield from _inside(one, name)


def _number(element: Any, otherwise: int) -> int:
    text = "" if element is None else element.get(W + "val", "")
    return (
        min(max(int(text), otherwise), MOST_COLUMNS + 1) if text.isdecimal() and len(text) < 6 else otherwise
    )
