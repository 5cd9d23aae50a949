"""看一遍 .xls (BIFF5 and BIFF8 in an OLE file) before calamine reads it: how large each sheet is, whether it has a password,
and, as in .xlsx, leading zeros, hidden rows and hidden columns."""

import re
import struct
from collections.abc import Iterator

from huiyin.queries.sheets.seen import PADDED, Looked, Seen, shown
from huiyin.queries.sheets.table import MOST_COLUMNS, SheetError

END = 0xFFFFFFF0  # sector numbers from here on are marks
CUTOFF = 4096  # a shorter stream lies in the small sectors
BOF, EOF, FILEPASS, BOUNDSHEET, FORMAT, XF = 0x0809, 0x000A, 0x002F, 0x0085, 0x041E, 0x00E0
ROW, COLINFO, NUMBER, RK, MULRK = 0x0208, 0x007D, 0x0203, 0x027E, 0x00BD
HOLDING = {NUMBER, RK, 0x00FD, 0x0204, 0x0006, 0x0205, 0x00D6}  # one cell each
BIFF8, WORKSHEET = 0x0600, 0

Styles = dict[int, re.Match[str]]


def look(data: bytes, name: str) -> Looked:
    """Raises SheetError for what is too large, unsound or has a password."""
    stream = _workbook(data)
    found = Looked()
    formats: dict[int, str] = {}
    styles: list[int] = []
    sheets: list[tuple[str, int]] = []
    new = False
    for kind, body in _records(stream, 0):
        if kind == BOF:
            new = struct.unpack_from("<H", body)[0] >= BIFF8
        elif kind == FILEPASS:
            raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
        elif kind == FORMAT and new:
            formats[struct.unpack_from("<H", body)[0]] = _text(body, 2, wide_length=True)
        elif kind == XF:
            styles.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == BOUNDSHEET and body[5] == WORKSHEET:
            title = _text(body, 6) if new else body[7 : 7 + body[6]].decode("gb18030", "replace")
            sheets.append((title, struct.unpack_from("<I", body)[0]))
    padded = {
        place: form for place, one in enumerate(styles) if (form := PADDED.fullmatch(formats.get(one, "")))
    }
    for title, start in sheets:
        found.sheets[title] = _sheet(stream, start, title, padded)
    return found


def _sheet(stream: bytes, start: int, title: str, padded: Styles) -> Seen:
    seen = Seen()
    hidden = set()
    for kind, body in _records(stream, start):
        if kind in HOLDING or kind == MULRK:
            row, place, style = struct.unpack_from("<HHH", body)
            seen.count(1, row, place)
            if kind == MULRK:
                _several(seen, row, place, body, padded)
            elif style in padded and kind in {NUMBER, RK}:
                _note(seen, row, place, _number(body, kind), padded[style])
            seen.check(title)
        elif kind == ROW:
            row, flags = struct.unpack_from("<H10xI", body)
            if flags & 0x20:
                hidden.add(row)
        elif kind == COLINFO:
            first, last, flags = struct.unpack_from("<HH4xH", body)
            if flags & 1:
                seen.hidden_columns += range(first, min(last + 1, MOST_COLUMNS))
    seen.hidden_rows = sorted(row for row in hidden if row <= seen.last_row)
    seen.hidden_columns = [place for place in seen.hidden_columns if place <= seen.last_column]
    return seen


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


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """From one BOF to its EOF; a chart's or another's BOF inside is passed over with all it holds."""
    depth = 0
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        body = stream[at + 4 : at + 4 + length]
        at += 4 + length
        depth += (kind == BOF) - (kind == EOF)
        if depth <= 0:
            return
        if depth == 1:
            yield kind, body


# OLE


def _workbook(data: bytes) -> bytes:
    """The stream Workbook (Book in older files); empty when there is none, which calamine then says."""
    size = 1 << struct.unpack_from("<H", data, 0x1E)[0]
    if size not in {512, 4096}:
        raise ValueError("sector size")
    fat = _fat(data, size)
    directory = b"".join(_sectors(data, struct.unpack_from("<I", data, 0x30)[0], fat, size))
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for one in entries:
        name = one[: max(struct.unpack_from("<H", one, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name in {"Workbook", "Book"}:
            start, length = struct.unpack_from("<II", one, 116)
            found = b"".join(_stream(data, entries[0], start, length, fat, size))
            if len(found) < length:
                raise ValueError("cut off")
            return found[:length]
    return b""


def _stream(data: bytes, root: bytes, start: int, length: int, fat: list[int], size: int) -> Iterator[bytes]:
    if length >= CUTOFF:
        return _sectors(data, start, fat, size)
    small = b"".join(_sectors(data, struct.unpack_from("<I", root, 116)[0], fat, size))
    following = b"".join(_sectors(data, struct.unpack_from("<I", data, 0x3C)[0], fat, size))
    return _sectors(small, start, _numbers(following), 64, before=0)


def _fat(data: bytes, size: int) -> list[int]:
    """The table of which sector follows which."""
    places = [one for one in _numbers(data[0x4C:0x200]) if one < END]
    further = struct.unpack_from("<I", data, 0x44)[0]
    seen = set()
    while further < END and further not in seen:
        seen.add(further)
        numbers = _numbers(_sector(data, further, size))
        places += [one for one in numbers[:-1] if one < END]
        further = numbers[-1]
    return [one for place in places for one in _numbers(_sector(data, place, size))]


def _numbers(block: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))


def _sector(data: bytes, place: int, size: int, before: int = 1) -> bytes:
    return data[(place + before) * size : (place + before + 1) * size]


def _sectors(data: bytes, place: int, following: list[int], size: int, before: int = 1) -> Iterator[bytes]:
    seen, most = 0, len(data) // size
    while place < END and seen <= most:
        yield _sector(data, place, size, before)
        place, seen = following[place], seen + 1
