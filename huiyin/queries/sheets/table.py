"""一张表的样子：where its headings are, in one row or two, which rows below are items, and what is said about the rest."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from huiyin.queries.sheets.headings import LABELS, MEANT, by_values, guess, plain
from huiyin.queries.sheets.values import read_day, words
from huiyin.rules import cells

LOOK_FOR_HEADINGS = 30  # rows above the headings: titles, notes
MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 20_000, 200, 1_000_000
LONGEST_CELL = 60_000
FEWEST = 2  # recognised headings that make a row of headings
SAID = 12  # as many line numbers a note names

Merge = tuple[tuple[int, int], tuple[int, int]]  # first and last cell, from 0
Rows = list[list[Any]]


class SheetError(ValueError):
    """读不了的表: a sentence that says what is wrong and where."""


class NoHeadingsError(SheetError):
    """没有表头: it may yet be something else than a ledger."""


class Cells(dict[str, Any]):
    """一行的各格 by our keys; empty ones are left out, and words are `plain` and stripped already."""

    def text(self, key: str) -> str:
        value = self.get(key, "")
        return value if type(value) is str else words(value)

    def day(self, key: str, *, year: int | None = None) -> date | None:
        """ValueError in words when it is no day."""
        return read_day(self.get(key), year=year)


@dataclass(frozen=True)
class Heading:
    """表头的一格：its place in a row, its words, and our key: None when not recognised, "" when not taken."""

    place: int
    words: str
    key: str | None


@dataclass(frozen=True)
class SheetRow:
    """一行：its number in the sheet, and its cells as they stand."""

    line: int
    raw: tuple[Any, ...]

    def cells(self, mapping: Mapping[int, str]) -> Cells:
        """Its cells by our keys, as `mapping` (place → key) says."""
        raw = self.raw
        return Cells(
            {
                key: raw[place]
                for place, key in mapping.items()
                if key and place < len(raw) and raw[place] not in ("", None)
            }
        )


@dataclass(frozen=True)
class Sheet:
    """一张表. `head_line`: the (last) line of its headings; `hidden`: a sheet its office had hidden."""

    title: str
    head_line: int
    headings: tuple[Heading, ...]
    rows: tuple[SheetRow, ...]
    notes: tuple[str, ...] = ()
    hidden: bool = False

    def mapping(self) -> dict[int, str]:
        """place → key of the headings that were recognised and are taken."""
        return {one.place: one.key for one in self.headings if one.key}

    def unknown(self) -> tuple[Heading, ...]:
        return tuple(one for one in self.headings if one.key is None)

    @property
    def recognised(self) -> bool:
        return set(MEANT) <= set(self.mapping().values())


@dataclass(frozen=True)
class Book:
    """一个文件里的表, in its order, and what is said about the file."""

    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...] = ()

    def sheet(self, title: str = "") -> Sheet:
        """The one of that title; otherwise the first that has the headings, one in sight before a hidden one."""
        for one in self.sheets:
            if title and one.title == title:
                return one
        if title:
            raise SheetError(f"没有名为“{title}”的工作表")
        return max(self.sheets, key=lambda one: (one.recognised, not one.hidden))


@dataclass
class Grid:
    """一张表的格子，as its file has them, before anything is made of them. `lines`: the number of each row in its file."""

    title: str
    rows: Rows
    merges: Sequence[Merge] = ()
    notes: list[str] = field(default_factory=list)
    hidden: bool = False
    problem: str = ""  # why it cannot be taken, though it has headings


def sheet_of(grid: Grid, known: Mapping[str, str]) -> Sheet:
    """The sheet that the cells make. Raises SheetError when there are no headings or nothing below them."""
    rows = _spread(_clean(grid.rows), grid.merges)
    first, last, parts = _head(grid, rows, known)
    if grid.problem:
        raise SheetError(grid.problem)
    width = max((len(row) for row in rows[first:]), default=0)
    body, notes = _body(rows, last, width, parts)
    if not body:
        raise SheetError(f"“{grid.title}”的表头下面没有内容")
    headings, more = _headings(parts, width, body, known)
    return Sheet(grid.title, last + 1, headings, tuple(body), (*grid.notes, *more, *notes), grid.hidden)


def head_of(grid: Grid, known: Mapping[str, str]) -> tuple[int, list[list[str]]]:
    """The last row of the headings, and each column's words; also where nothing stands below. Raises SheetError."""
    rows = _spread(_clean(grid.rows), grid.merges)
    _, last, parts = _head(grid, rows, known)
    return last, parts


def is_foot(text: str) -> bool:
    """合计、填表人、审核人：a row that begins so stands below the items."""
    return bool(_TOTAL.match(text) or _SIGNED.match(text))


def _clean(rows: Rows) -> Rows:
    known = _Cleaned()
    return [
        [known[cell] if isinstance(cell, str) else "" if cell is None else cell for cell in row]
        for row in rows
    ]


class _Cleaned(dict[str, str]):
    """What a sheet's cells say, each text cleaned once: most stand in many rows."""

    def __missing__(self, value: str) -> str:
        text = cells.bare(cells.plain(value)).strip()  # an apostrophe that an export put there comes off
        if len(text) > LONGEST_CELL:
            raise SheetError(f"“{text[:20]}…”这一格有{len(text)}个字，最多{LONGEST_CELL}个字")
        self[value] = text
        return text


def _spread(rows: Rows, merges: Sequence[Merge]) -> Rows:
    """合并的格子：its value holds for each of its rows and columns. Merges do not overlap; so many cannot be."""
    width = max((len(row) for row in rows), default=0)
    boxes = [
        (top, left, min(bottom, len(rows) - 1), min(right, width - 1))
        for (top, left), (bottom, right) in merges
    ]
    if sum((bottom - top + 1) * (right - left + 1) for top, left, bottom, right in boxes) > len(rows) * width:
        raise SheetError("合并的单元格互相重叠，表格可能已损坏")
    for top, left, bottom, right in boxes:
        if top >= len(rows) or left >= len(rows[top]) or (value := rows[top][left]) == "":
            continue
        for row in rows[top : bottom + 1]:
            row[left : right + 1] = [value] * (right + 1 - left)
    return rows


# 表头


def _head(grid: Grid, rows: Rows, known: Mapping[str, str]) -> tuple[int, int, list[list[str]]]:
    """Its first and last row, and for each column the words of one or two rows."""
    best, place = 0, -1
    for number, row in enumerate(rows[:LOOK_FOR_HEADINGS]):
        keys = {guess([words(cell)], known) for cell in row if cell != ""} - {None, ""}
        if len(keys) > best:
            best, place = len(keys), number
    if best < FEWEST:
        place = _unknown_head(rows)
    if place < 0:
        raise NoHeadingsError(
            f"“{grid.title}”的前{LOOK_FOR_HEADINGS}行里没有找到表头，表头应有：编号、标题、领衔代表、办理方式、交办日期"
        )
    for first in (place - 1, place):
        if 0 <= first < len(rows) - 1 and (parts := _two(rows[first], rows[first + 1], known)):
            return first, first + 1, parts
    last = place
    while last + 1 < len(rows) and rows[last + 1] == rows[place]:  # each heading merged over several rows
        last += 1
    return place, last, [[words(cell)] if cell != "" else [] for cell in rows[place]]


def _unknown_head(rows: Rows) -> int:
    """A row that looks like headings though we know none of their words: three or more short ones above fuller rows."""
    for number, row in enumerate(rows[:LOOK_FOR_HEADINGS]):
        texts = [cell for cell in row if cell != ""]
        short = all(isinstance(one, str) and len(one) <= 15 and not re.search(r"\d{3}", one) for one in texts)
        below = rows[number + 1] if number + 1 < len(rows) else []
        if short and len(set(texts)) >= 3 and 2 * sum(cell != "" for cell in below) >= len(texts):
            return number
    return -1


def _two(above: list[Any], below: list[Any], known: Mapping[str, str]) -> list[list[str]]:
    """The words of two rows of headings; none when the second is not one. A column's first row is carried to the right
    over the empty cells that have words below."""
    width = max(len(above), len(below))
    upper, lower = [[words(cell) for cell in row] + [""] * (width - len(row)) for row in (above, below)]
    own = [place for place in range(width) if lower[place] and lower[place] != upper[place]]
    if not own or any(len(lower[place]) > 15 or re.search(r"\d{3}", lower[place]) for place in own):
        return []
    parts: list[list[str]] = []
    carried = ""
    for top, bottom in zip(upper, lower, strict=True):
        carried = top or (carried if bottom else "")
        both = [carried, bottom] if bottom and bottom != carried else [carried or bottom]
        parts.append([one for one in both if one])
    keys = [guess(parts[place], known) for place in own]
    alone = {guess([one], known) for one in upper if one} - {None, ""}
    if any(guess([upper[place]], known) == "number" for place in own if upper[place]):  # an item's number
        return []
    if sum(key is not None for key in keys) * 2 < len(own) or not alone or len(set(upper) - {""}) < FEWEST:
        return []
    return parts


def _headings(
    parts: list[list[str]], width: int, body: list[SheetRow], known: Mapping[str, str]
) -> tuple[tuple[Heading, ...], list[str]]:
    """Each column that has a heading or anything below it; a key is given once."""
    found: list[Heading] = []
    notes: list[str] = []
    taken: dict[str, int] = {}
    for place in range(width):
        heading = parts[place] if place < len(parts) else []
        below = [row.raw[place] for row in body[:50] if row.raw[place] != ""]
        if not heading:
            if any(row.raw[place] != "" for row in body):
                found.append(Heading(place, f"第{place + 1}列（无表头）", None))
            continue
        name = " / ".join(heading).replace("\n", "")
        key = guess(heading, known)
        if plain(name) not in known:
            key = by_values(key, below)
        if key and key in taken:
            notes.append(f"“{name}”与第{taken[key] + 1}列同是{LABELS.get(key, key)}，没有读这一列，可另选")
            key = None
        elif key:
            taken[key] = place
        found.append(Heading(place, name, key))
    if "unit" in taken and "lead_unit" not in taken:  # 承办单位 where no other column says who leads
        found = [replace(one, key="lead_unit") if one.key == "unit" else one for one in found]
    return tuple(found), notes


# 表头以下

_TOTAL = re.compile(r"(合|总|小|共|累)\s*计|总数|平均")
_SIGNED = re.compile(
    r"(填表|制表|填报|审核|审签|审批|复核|经办|统计|编制|报送|联系)(人|单位|部门|日期|时间|机关|科室)?(签字|签名|签章)?\s*[:：]"
    r"|(单位|部门|主要)?(负责人|领导|盖章|公章)(签字|签名|签章)?\s*[（(:：]|[（(]?(盖章|公章)[）)]?"
    r"|(注|备注|说明|附注|填表说明)\s*\d?\s*[:：]|第\s*\d+\s*页|共\s*\d+\s*页"
)
_GROUP = re.compile(r"[一二三四五六七八九十]+、|[（(][一二三四五六七八九十]+[）)]")
_BEGINS = re.compile("|".join(one.pattern for one in (_TOTAL, _SIGNED, _GROUP)))


def _body(rows: Rows, last: int, width: int, parts: list[list[str]]) -> tuple[list[SheetRow], list[str]]:
    body: list[SheetRow] = []
    left_out: dict[str, list[str]] = {}
    heads = [{plain("".join(one)), plain(one[-1])} if one else set() for one in parts]
    known = set[str]().union(*heads)
    for line, row in enumerate(rows[last + 1 :], last + 2):
        first = next((cell for cell in row if cell != ""), "")
        if first == "":
            continue
        why = ""
        if isinstance(first, str) and (_BEGINS.match(first) or plain(first) in known):
            why = _why_not(first, row, heads)
        if why:
            left_out.setdefault(why, []).append(f"第{line}行“{first[:20]}”")
        else:
            body.append(SheetRow(line, (*row[:width], *[""] * (width - len(row)))))
    return body, [f"{why}没有读：{_several(lines)}" for why, lines in left_out.items()]


def _why_not(first: str, row: list[Any], heads: list[set[str]]) -> str:
    """合计、签名、再次出现的表头 are no items."""
    texts = {words(cell) for cell in row if cell != ""}
    if _TOTAL.match(first):
        return "合计行"
    if len(texts) <= 6 and _SIGNED.match(first):
        return "表尾的落款、说明"
    if len(texts) == 1 and _GROUP.match(first):
        return "分组的小标题"
    filled = [(plain(words(cell)), head) for cell, head in zip(row, heads, strict=False) if cell != ""]
    if sum(cell in head for cell, head in filled) >= max(2, len(filled) * 0.8):
        return "重复的表头"
    return ""


def _several(lines: list[str]) -> str:
    more = f"等{len(lines)}行" if len(lines) > SAID else ""
    return "、".join(lines[:SAID]) + more
