"""压缩的文件：.xlsx, .ods, .docx and .zip are looked at before anything reads them; nothing they say of themselves is
believed, and nothing is ever written to the disk under a name of theirs."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import PurePosixPath
from typing import Any

from lxml import etree
from python_calamine import CalamineError

from huiyin.queries.sheets.table import SheetError

ENTRIES, UNPACKED = 2_000, 200 * 2**20
MOST_TAGS, FEW_TAGS = (
    6_000_000,
    1_000_000,
)  # of a part that is walked through, and of one that is held as a tree
RATIO, RATIO_FROM = 200, 2**20  # a part of this size that shrank this much was made to
CHUNK = 2**16
MARKED_UP = (".xml", ".rels")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
ENTRY = b"PK\x01\x02"
ENCRYPTED, UTF8 = 0x1, 0x800
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, etree.XMLSyntaxError, CalamineError, EOFError, LookupError,
    NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
PANIC = "PanicException"  # what a fault inside calamine is called; Python takes it for no ordinary exception


@contextmanager
def sound(name: str) -> Iterator[None]:
    """Whatever a damaged file makes a reader say becomes one sentence."""
    try:
        yield
    except SheetError:
        raise
    except BROKEN as error:
        raise broken(name) from error
    except BaseException as error:
        if type(error).__name__ != PANIC:
            raise
        raise broken(name) from error


def broken(name: str) -> SheetError:
    return SheetError(f"“{name}”打不开，可能不是有效的表格文件或已损坏")


@contextmanager
def opened(data: bytes, name: str) -> Iterator[zipfile.ZipFile]:
    """The archive, each part unpacked once within limits. Raises SheetError."""
    if data.count(ENTRY) > ENTRIES:
        raise SheetError(f"“{name}”里的文件超过{ENTRIES}个")
    with sound(name):
        archive = zipfile.ZipFile(io.BytesIO(data))
    with archive:
        _look(archive, name)
        yield archive


def _look(archive: zipfile.ZipFile, name: str) -> None:
    entries = archive.infolist()
    if any(one.flag_bits & ENCRYPTED for one in entries):
        raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
    if astray := next((one for one in entries if _astray(one)), None):
        raise SheetError(f"“{name}”里有不合规的文件名（{entry_name(astray)[:40]}），没有读")
    if sum(one.file_size for one in entries) > UNPACKED:
        raise SheetError(f"“{name}”解开后超过{UNPACKED // 2**20}MB，没有读")
    if any(
        one.file_size > RATIO_FROM and one.file_size > RATIO * max(one.compress_size, 1) for one in entries
    ):
        raise SheetError(f"“{name}”的压缩比异常，像是压缩炸弹，没有读")
    with sound(name):
        for one in entries:  # a part that is longer than it says fails by its check sum
            tags = 0
            with archive.open(one) as file:
                while chunk := file.read(CHUNK):
                    tags += chunk.count(b"<")
            if tags > MOST_TAGS and one.filename.lower().endswith(MARKED_UP):
                raise SheetError(f"“{name}”里的内容过多，请分成几个文件导入")


def within(packed: Iterable[bytes], name: str) -> None:
    """Of many files read in one go: what is marked up in all of them together. Raises SheetError."""
    total = 0
    for data in packed:
        with (
            suppress(*BROKEN),
            zipfile.ZipFile(io.BytesIO(data)) as one,
        ):  # the broken ones are said one by one
            total += sum(
                part.file_size for part in one.infolist() if part.filename.lower().endswith(MARKED_UP)
            )
    if total > UNPACKED:
        raise SheetError(f"{name}的文字合起来超过{UNPACKED // 2**20}MB，请分几次导入")


def entry_name(entry: zipfile.ZipInfo) -> str:
    """As it was meant: old Chinese packers write GBK and do not say so."""
    name = entry.orig_filename
    if not entry.flag_bits & UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("gb18030")
    return name.replace("\\", "/")


def _astray(entry: zipfile.ZipInfo) -> bool:
    name = entry_name(entry)
    return (
        name.startswith("/")
        or name[1:2] == ":"
        or not name.isprintable()
        or ".." in PurePosixPath(name).parts
    )


def part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        return archive.read(name)
    except KeyError:
        return None


def parsed(content: bytes, name: str) -> Any:
    """An XML part as a tree; no entities, nothing fetched."""
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise SheetError(f"“{name}”里有DTD或实体声明，可能是攻击文件，没有读")
    if content.count(b"<") > FEW_TAGS:
        raise SheetError(f"“{name}”里的内容过多，请分成几个文件导入")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    with sound(name):
        return etree.fromstring(content, parser)


def walked(archive: zipfile.ZipFile, part_name: str, *tags: str) -> Iterator[Any]:
    """The elements with these local names as they end, each forgotten after it was seen."""
    with archive.open(part_name) as file:
        for _, one in etree.iterparse(
            file, events=("end",), tag=[f"{{*}}{tag}" for tag in tags], resolve_entities=False, no_network=True,
            load_dtd=False, huge_tree=False,
        ):  # fmt: skip
            yield one
            one.clear()
            parent = one.getparent()
            while (before := one.getprevious()) is not None and before.tag == one.tag:
                parent.remove(before)
