"""图片的大小：how large a picture says it is, read from its first bytes; nothing is decoded."""

from itertools import islice

PIXELS, SIDE = 40_000_000, 20_000
PNG, GIF, BMP, JPEG = b"\x89PNG\r\n\x1a\n", b"GIF8", b"BM", b"\xff\xd8\xff"
TIFF = (b"II*\x00", b"MM\x00*")
DRAWINGS = (b"\x01\x00\x00\x00", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00")  # EMF, WMF: lines, no pixels
WIDTH_TAG, HEIGHT_TAG = 256, 257
SEGMENTS = 5000


def problem(name: str, data: bytes) -> str:
    """What is wrong with a picture, "" when nothing is."""
    if data.startswith(DRAWINGS):
        return ""
    found = size(data)
    if found is None or not all(found):
        return f"图片“{name}”打不开，或不是常用的格式（PNG、JPG、GIF、BMP、TIFF）"
    width, height = found
    if width * height > PIXELS or max(found) > SIDE:
        return f"图片过大：“{name}”为{width}×{height}像素，请缩小到4000万像素、每边20000像素以内"
    return ""


def size(data: bytes) -> tuple[int, int] | None:
    """宽、高（像素）; None when the picture is of another kind, or cut off before it says so."""
    if data.startswith(PNG):
        return _pair(data, 16, 4, "big") if data[12:16] == b"IHDR" else None
    if data.startswith(GIF):
        return _pair(data, 6, 2, "little")
    if data.startswith(BMP):
        found = _pair(data, 18, 4, "little", signed=True)
        return (abs(found[0]), abs(found[1])) if found else None  # a negative height: drawn from the top
    if data.startswith(JPEG):
        return _jpeg(data)
    return _tiff(data) if data.startswith(TIFF) else None


def _pair(data: bytes, at: int, each: int, order: str, *, signed: bool = False) -> tuple[int, int] | None:
    if len(data) < at + 2 * each:
        return None
    first, second = (data[at + n * each : at + (n + 1) * each] for n in (0, 1))
    big = order == "big"
    return (
        int.from_bytes(first, "big" if big else "little", signed=signed),
        int.from_bytes(second, "big" if big else "little", signed=signed),
    )


def _jpeg(data: bytes) -> tuple[int, int] | None:
    """From segment to segment up to the frame's header."""
    at = 2
    for _ in range(SEGMENTS):
        while data[at : at + 2] == b"\xff\xff":  # padding
            at += 1
        if len(data) < at + 4 or data[at] != 0xFF:
            return None
        kind = data[at + 1]
        if 0xC0 <= kind <= 0xCF and kind not in {0xC4, 0xC8, 0xCC}:
            found = _pair(data, at + 5, 2, "big")
            return (found[1], found[0]) if found else None
        alone = kind == 0x01 or 0xD0 <= kind <= 0xD8
        at += 2 if alone else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def _tiff(data: bytes) -> tuple[int, int] | None:
    """From the first directory."""
    order = "little" if data.startswith(b"II") else "big"

    def number(at: int, length: int) -> int:
        return int.from_bytes(data[at : at + length], "little" if order == "little" else "big")

    at = number(4, 4)
    entries = range(at + 2, min(at + 2 + 12 * number(at, 2), len(data)), 12)
    tags = {
        number(one, 2): number(one + 8, 2 if number(one + 2, 2) == 3 else 4) for one in islice(entries, 500)
    }
    return (tags[WIDTH_TAG], tags[HEIGHT_TAG]) if {WIDTH_TAG, HEIGHT_TAG} <= tags.keys() else None
