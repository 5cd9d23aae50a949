"""打开Word文件：what a .docx holds is looked at before any parser of Word files sees it (R79).

A file that comes from outside may be a bomb, may carry macros, may fetch something when it is opened. Nothing it says
of itself is believed: every part is unpacked, within limits, and read.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Any

from docx import Document
from docx.opc.exceptions import OpcError
from lxml import etree

from huiyin.documents import fields, pictures

ENTRIES, UNPACKED, PART, TAGS = 2_000, 200 * 2**20, 20 * 2**20, 1_000_000
RATIO, RATIO_FROM = 200, 2**20  # a part of this size that shrank this much was made to
OLE, ZIP = bytes.fromhex("d0cf11e0a1b11ae1"), b"PK\x03\x04"
ENTRY = b"PK\x01\x02"
MAIN = "word/document.xml"
TYPES = "[Content_Types].xml"
MAIN_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
XML_NAMES = (".xml", ".rels", ".vml", ".svg")
MACRO_NAMES = re.compile(r"vba(project|data)|attachedtoolbars|customui|\.(dotm|docm)$", re.I)
MACRO_TYPES = re.compile(r"macroenabled|vbaproject|vbadata|keymapcustomizations|attachedtoolbars", re.I)
OBJECTS = re.compile(
    r"(^|/)(embeddings|activex|ole[^/]*)/|\.(ocx|exe|dll|bat|js|vbs|ps1|hta|html?|mht|rtf)$", re.I
)
ACTIVE = {
    "altChunk": "插入的其他文档（altChunk）", "subDoc": "子文档", "object": "嵌入的对象", "OLEObject": "嵌入的对象",
    "control": "ActiveX控件", "ocx": "ActiveX控件", "script": "脚本", "mailMerge": "邮件合并的数据源",
    "frameset": "网页框架",
}  # fmt: skip
XSLT = "http://www.w3.org/1999/XSL/Transform"
OUTSIDE = {
    "attachedTemplate": "模板", "image": "图片", "oleObject": "对象", "frame": "网页框架", "subDocument": "子文档",
    "package": "对象", "video": "视频", "audio": "声音", "mailMergeSource": "数据源", "aFChunk": "文档",
}  # fmt: skip
ADDRESS = re.compile(r"^\s*([a-z][a-z0-9+.-]+:|\\\\|//)", re.I)
DECLARED = re.compile(r"""^\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([^"']{0,40})["']""")
ENCODINGS = {"utf-8", "utf8", "utf-16", "utf-16le", "utf-16be", "us-ascii", "ascii"}
DTD = re.compile(r"<!\s*(DOCTYPE|ENTITY)", re.I)
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError, ValueError)
NOT_WORD = "不是完好的Word文件（.docx），请在Word或WPS里另存为 .docx 再上传"

Parts = dict[str, bytes]


class Unsafe(ValueError):  # noqa: N818 - the field's word is 不予接收
    """不能用的文件：every reason, each a sentence."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = list(reasons)
        super().__init__("；".join(self.reasons))


def opened(data: bytes, *, links: bool = False) -> Any:
    """The document, when nothing is wrong with it. Raises Unsafe with every reason."""
    if found := problems(data, links=links):
        raise Unsafe(found)
    try:
        return Document(io.BytesIO(data))
    except (OpcError, KeyError, ValueError, AttributeError, etree.XMLSyntaxError) as error:
        raise Unsafe([NOT_WORD]) from error


def dangers(data: bytes) -> list[str]:
    """What no file that is kept may be or hold: a bomb, a password, macros, an XML part with a DTD."""
    parts, found = _unpacked(data)
    return found or _each([*_macros(parts), *_markup(parts)[1]])


def problems(data: bytes, *, links: bool = False) -> list[str]:
    """What a paper we open and use may not be or hold, in sentences; empty when nothing is wrong. `links`: hyperlinks
    are let pass, for whoever reads the words only."""
    parts, found = _unpacked(data)
    if found:
        return found
    trees, wrong = _markup(parts)
    wrong = [*_macros(parts), *wrong]
    for name, tree in trees.items():
        wrong += _outside(tree, links) if name.endswith(".rels") else _active(tree, links)
    wrong += [f"含有嵌入的文件“{PurePosixPath(name).name}”" for name in parts if OBJECTS.search(name)]
    wrong += [pictures.problem(PurePosixPath(name).name, parts[name]) for name in _pictures(parts)]
    return _each(wrong)


def _each(found: Iterable[str]) -> list[str]:
    """Each sentence once, the empty ones left out, no more than a person reads."""
    return list(dict.fromkeys(one for one in found if one))[:12]


# 拆包


def _unpacked(data: bytes) -> tuple[Parts, list[str]]:
    """The parts by name, or why there are none."""
    if problem := _no_archive(data):
        return {}, [problem]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            found = _each(_entries(archive.infolist()))
            parts = {} if found else _read(archive)
    except _TooLargeError as error:
        return {}, [str(error)]
    except BROKEN:
        return {}, [NOT_WORD]
    missing = [name for name in (TYPES, MAIN) if name not in parts]
    return parts, found or ([f"{NOT_WORD}（缺少{'、'.join(missing)}）"] if missing else [])


def _no_archive(data: bytes) -> str:
    if data.startswith(OLE):
        locked = "EncryptedPackage".encode("utf-16-le") in data
        return "文件有密码，请去掉密码再上传" if locked else "这是旧版Word文件（.doc），请另存为 .docx 再上传"
    if not data.startswith(ZIP):
        return NOT_WORD
    return f"压缩包里的文件超过{ENTRIES}个" if data.count(ENTRY) > ENTRIES else ""


class _TooLargeError(Exception):
    pass


def _entries(entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    """What the list of contents says already."""
    names = [one.orig_filename for one in entries]
    if any(_astray(name) for name in names):
        yield "压缩包里有不合规的文件名（绝对路径、上级目录或反斜杠）"
    if len({name.lower() for name in names}) < len(names):
        yield "压缩包里有重名的文件"
    if any(one.flag_bits & 1 for one in entries):
        yield "文件有密码，请去掉密码再上传"
    if any(one.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for one in entries):
        yield NOT_WORD
    if sum(one.file_size for one in entries) > UNPACKED:
        yield _too_large()


def _too_large() -> str:
    return f"文件解开后超过{UNPACKED // 2**20}MB"


def _astray(name: str) -> bool:
    steps = name.rstrip("/").split("/")
    return (
        "\\" in name or ":" in name or not name.isprintable() or any(one in {"", ".", ".."} for one in steps)
    )


def _read(archive: zipfile.ZipFile) -> Parts:
    """Every part, counted as it is unpacked: what the headers say is not believed."""
    parts, total = Parts(), 0
    for one in archive.infolist():
        if one.is_dir():
            continue
        with archive.open(one) as file:
            content = file.read(UNPACKED - total + 1)
        total += len(content)
        if total > UNPACKED:
            raise _TooLargeError(_too_large())
        if len(content) > RATIO_FROM and len(content) > RATIO * max(one.compress_size, 1):
            raise _TooLargeError("文件的压缩比异常，像是压缩炸弹")
        parts[one.filename] = content
    return parts


# 各部分


def _macros(parts: Parts) -> Iterator[str]:
    types = _text(parts[TYPES])
    if any(MACRO_NAMES.search(name) for name in parts) or MACRO_TYPES.search(types or ""):
        yield "含有宏或自定义界面，请另存为不含宏的 .docx 再上传"
    elif MAIN_TYPE not in (types or ""):
        yield NOT_WORD


def _markup(parts: Parts) -> tuple[dict[str, Any], list[str]]:
    """The XML parts, parsed, and what is wrong with those that may not be."""
    trees, wrong = dict[str, Any](), list[str]()
    for name, content in parts.items():
        if not (name.lower().endswith(XML_NAMES) or _looks_marked_up(content)):
            continue
        tree, problem = _parsed(content)
        if problem:
            wrong.append(problem)
        elif tree is not None:
            trees[name.lower()] = tree
    return trees, wrong


def _looks_marked_up(content: bytes) -> bool:
    start = content[:64].replace(b"\0", b"").lstrip(b"\xff\xfe\xef\xbb\xbf \t\r\n")
    return start.startswith((b"<?xml", b"<!", b"<"))


def _parsed(content: bytes) -> tuple[Any, str]:
    text = _text(content)
    if text is None:
        return None, "有的部分不是UTF-8或UTF-16编码"
    if DTD.search(text):
        return None, "含有DTD或实体声明，可能是攻击文件"
    if len(content) > PART or text.count("<") > TAGS:
        return None, "有的部分过大，请拆成几个文件"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(content, parser), ""
    except (etree.XMLSyntaxError, ValueError):
        return None, NOT_WORD


def _text(content: bytes) -> str | None:
    """As an XML reader would decode it; None in any encoding but the two that Word files are written in."""
    if content.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"\0\0\0<", b"<\0\0\0")):
        return None  # UTF-32
    wide = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
    try:
        text = content.decode(wide.get(content[:2], "utf-8-sig"))
    except UnicodeDecodeError:
        return None
    declared = DECLARED.match(text)
    return None if declared and declared[1].strip().lower() not in ENCODINGS else text


def _outside(tree: Any, links: bool) -> Iterator[str]:
    """外部链接：what would be fetched from elsewhere when the paper is opened."""
    for one in tree.iter(RELATION):
        kind = one.get("Type", "").rpartition("/")[2]
        target = one.get("Target", "")
        if kind in {"vbaProject", "keyMapCustomizations", "attachedToolbars"}:
            yield "含有宏或自定义界面，请另存为不含宏的 .docx 再上传"
        elif one.get("TargetMode", "").lower() == "external" or ADDRESS.match(target):
            if kind == "hyperlink" and links:
                continue
            what = "超链接" if kind == "hyperlink" else f"外部的{OUTSIDE.get(kind, '内容')}"
            yield f"含有{what}（{target[:40]}），请去掉再上传"


def _active(tree: Any, links: bool) -> Iterator[str]:
    """活动内容：objects, controls, scripts, and fields that fetch or start something."""
    for one in tree.iter(etree.Element):
        space, _, name = one.tag.rpartition("}")
        if name in ACTIVE or space.endswith(XSLT):
            yield f"含有{ACTIVE.get(name, '脚本')}"
        for key, value in one.attrib.items():
            what = key.rpartition("}")[2]
            if (what == "src" or (what == "href" and not links)) and ADDRESS.match(value):
                yield f"含有外部的内容（{value[:40]}），请去掉再上传"
    yield from fields.refused(tree, links=links)


def _pictures(parts: Parts) -> Iterator[str]:
    """Parts that are pictures by their name or by their first bytes."""
    for name, content in parts.items():
        marked = name.lower().endswith(XML_NAMES)
        known = content.startswith((pictures.PNG, pictures.GIF, pictures.JPEG, *pictures.TIFF))
        if known or ("/media/" in f"/{name.lower()}" and not marked):
            yield name
