"""看一遍 .xls (BIFF5 and BIFF8 in an OLE file) before calamine reads it: how large each sheet is, whether it has a password,
and, as in .xlsx, leading zeros, hidden rows and hidden columns."""

import re
import struct
from collections.abc import Iterator

from huiyin.queries.sheets import ole
from huiyin.queries.sheets.seen import PADDED, Looked, Seen, shown
from huiyin.queries.sheets.table import MOST_COLUMNS, SheetError

BOF, EOF, FILEPASS, BOUNDSHEET, FORMAT, XF = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
ROW, COLINFO, NUMBER, RK, MULRK = 0x0208, 0x007D, 0x0203, 0x027E, 0x00BD
HOLDING = {NUMBER, RK, 0x00FD, 0x0204, 0x0006, 0x0205, 0x00D6}  # one cell each
DIMENSIONS, SST, BIFF8 = 0x0200, 0x00FC, 0x0600

Styles = dict[int, re.Match[str]]


def look(data: bytes, name: str) -> Looked:
    """Raises SheetError for what is too large, unsound or has a password. `clean` is the same workbook in a file of our
    own making, its dimensions as they really are: calamine believes what a file says of itself."""
    stream = bytearray(ole.stream(data, "Workbook", "Book"))
    found = Looked()
    formats: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    new = False
    for kind, body, _, _ in _records(stream, 0):
        if kind == BOF:
            new = struct.unpack_from("<H", body)[0] >= BIFF8
        elif kind == FILEPASS:
            raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
        elif kind == SST and struct.unpack_from("<I", body, 4)[0] > len(stream):
            raise ValueError("more strings than bytes")
        elif kind == FORMAT and new:
            formats[struct.unpack_from("<H", body)[0]] = _text(body, 2, wide_length=True)
        elif kind == XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == BOUNDSHEET:
            title = _text(body, 6) if new else body[7 : 7 + body[6]].decode("gb18030", "replace")
            sheets.append((title, struct.unpack_from("<I", body)[0]))
    padded = {
        place: form for place, one in enumerate(styles) if (form := PADDED.fullmatch(formats.get(one, "")))
    }
    for title, start in sheets:
        found.sheets[title] = _sheet(stream, start, title, padded)
    found.clean = ole.container("Workbook", bytes(stream)) if sheets else b""
    return found


def _sheet(stream: bytearray, start: int, title: str, padded: Styles) -> Seen:
    seen = Seen()
    hidden, dimensions = set(), []
    for kind, body, at, depth in _records(stream, start):
        if kind in HOLDING or kind == MULRK:
            row, place, style = struct.unpack_from("<HHH", body)
            seen.count(1, row, place)
            if kind == MULRK:
                _several(seen, row, place, body, padded)
            elif depth == 1 and style in padded and kind in {NUMBER, RK}:
                _note(seen, row, place, _number(body, kind), padded[style])
            seen.check(title)
        elif kind == ROW and depth == 1:
            row, flags = struct.unpack_from("<H10xI", body)
            if flags & 0x20:
                hidden.add(row)
        elif kind == COLINFO and depth == 1:
            first, last, flags = struct.unpack_from("<HH4xH", body)
            if flags & 1:
                seen.hidden_columns += range(first, min(last + 1, MOST_COLUMNS))
        elif kind == DIMENSIONS:
            dimensions.append((at, len(body)))
    for at, length in dimensions:
        stream[at : at + length] = _extent(seen, length)
    seen.hidden_rows = sorted(row for row in hidden if row <= seen.last_row)
    seen.hidden_columns = [place for place in seen.hidden_columns if place <= seen.last_column]
    return seen


def _extent(seen: Seen, length: int) -> bytes:
    """The body of DIMENSIONS, in two bytes or four for a row."""
    form = "<IIHHH" if length >= 14 else "<HHHHH"
    return struct.pack(form, 0, seen.last_row + 1, 0, seen.last_column + 1, 0).ljust(length, b"\0")[:length]


def _several(seen: Seen, row: int, first: int, body: bytes, padded: Styles) -> None:
    """MULRK: numbers in neighbouring cells."""
    for place, at in enumerate(range(4, len(body) - 2, 6), first):
        seen.count(1, row, place)
        (style,) = struct.unpack_from("<H", body, at)
        if style in padded:
            _note(seen, row, place, _rk(body, at + 2), padded[style])


def _note(seen: Seen, row: int, place: int, number: float, form: re.Match[str]) -> None:
    if text := shown(repr(number), form):
        seen.shown[row, place] = text


def _number(body: bytes, kind: int) -> float:
    return _rk(body, 6) if kind == RK else float(struct.unpack_from("<d", body, 6)[0])


def _rk(body: bytes, at: int) -> float:
    """A number in four bytes: an integer or the upper half of a double, perhaps a hundredfold."""
    (word,) = struct.unpack_from("<I", body, at)
    if word & 2:
        number = float(struct.unpack("<i", struct.pack("<I", word))[0] >> 2)
    else:
        number = struct.unpack("<d", struct.pack("<II", 0, word & 0xFFFFFFFC))[0]
    return number / 100 if word & 1 else number


def _text(body: bytes, at: int, *, wide_length: bool = False) -> str:
    length = struct.unpack_from("<H", body, at)[0] if wide_length else body[at]
    at += 2 if wide_length else 1
    wide, start = body[at] & 1, at + 1
    return body[start : start + length * (1 + wide)].decode("utf-16-le" if wide else "latin-1")


def _records(stream: bytearray, at: int) -> Iterator[tuple[int, bytes, int, int]]:
    """From one BOF to its EOF: what each record is, its body, where that begins, and how many BOF it stands in (a chart
    in a sheet has its own)."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        at += 4
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        yield kind, bytes(stream[at : at + length]), at, depth
        at += length
