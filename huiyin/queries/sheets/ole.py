"""OLE：the file in which .xls and .doc keep their streams; one stream out of it, and a plain one around a stream."""

import struct
from collections.abc import Iterator

SIGNATURE = bytes.fromhex("d0cf11e0a1b11ae1")
END = 0xFFFFFFF0  # sector numbers from here on are marks
LAST, FREE, TABLE = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
CUTOFF = 4096  # a shorter stream lies in the small sectors
SIZE = 4096  # of a sector of our own making
IN_HEADER = 109  # places of the table that the header holds


def stream(data: bytes, *names: str) -> bytes:
    """The first stream of one of these names. ValueError and others when there is none or it is cut off."""
    size = 1 << min(struct.unpack_from("<H", data, 0x1E)[0], 16)
    if size not in {512, 4096}:
        raise ValueError("sector size")
    fat = _fat(data, size)
    directory = b"".join(_sectors(data, struct.unpack_from("<I", data, 0x30)[0], fat, size))
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for one in entries:
        name = one[: max(struct.unpack_from("<H", one, 64)[0] - 2, 0)].decode("utf-16-le", "replace")
        if name in names:
            start, length = struct.unpack_from("<II", one, 116)
            found = b"".join(_chain(data, entries[0], start, length, fat, size))
            if len(found) < length:
                raise ValueError("cut off")
            return found[:length]
    raise ValueError("no such stream")


def _chain(data: bytes, root: bytes, start: int, length: int, fat: list[int], size: int) -> Iterator[bytes]:
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
    return [one for place in dict.fromkeys(places) for one in _numbers(_sector(data, place, size))]


def _numbers(block: bytes) -> list[int]:
    return list(struct.unpack(f"<{len(block) // 4}I", block[: len(block) // 4 * 4]))


def _sector(data: bytes, place: int, size: int, before: int = 1) -> bytes:
    return data[(place + before) * size : (place + before + 1) * size]


def _sectors(data: bytes, place: int, following: list[int], size: int, before: int = 1) -> Iterator[bytes]:
    seen, most = 0, len(data) // size
    while place < END and seen <= most:
        yield _sector(data, place, size, before)
        place, seen = following[place], seen + 1


def container(name: str, body: bytes) -> bytes:
    """A file that holds this stream and nothing else."""
    body = body.ljust(CUTOFF, b"\0")
    sectors = -(-len(body) // SIZE)
    each = SIZE // 4
    tables = -(-(sectors + 2) // (each - 1))
    if tables > IN_HEADER:
        raise ValueError("too large")
    small, first = tables + 1, tables + 2  # an empty sector for the streams that are not there
    fat = [TABLE] * tables + [LAST, LAST, *range(first + 1, first + sectors), LAST]
    fat += [FREE] * (tables * each - len(fat))
    entries = _entry("Root Entry", 5, small, 0, child=1) + _entry(name, 2, first, len(body))
    head = SIGNATURE + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIII", 0x3E, 4, 0xFFFE, 12, 6, 1, tables, tables, 0, CUTOFF, LAST, 0, LAST, 0
    )  # fmt: skip
    head += struct.pack(f"<{IN_HEADER}I", *range(tables), *[FREE] * (IN_HEADER - tables))
    table = struct.pack(f"<{len(fat)}I", *fat)
    return (
        head.ljust(SIZE, b"\0") + table + entries.ljust(2 * SIZE, b"\0") + body.ljust(sectors * SIZE, b"\0")
    )


def _entry(name: str, kind: int, start: int, size: int, *, child: int = FREE) -> bytes:
    words = name.encode("utf-16-le")
    tree = struct.pack("<HBBIII36x", len(words) + 2, kind, 1, FREE, FREE, child)
    return words.ljust(64, b"\0") + tree + struct.pack("<III", start, size, 0)
