"""文件是什么：by its content; the name only says what was meant."""

import io
import re
import zipfile

from huiyin.queries.sheets import archive, ole
from huiyin.queries.sheets.table import SheetError

READ = ".xlsx、.xls 或 .csv 表格，也不是 .docx 或 .zip"
LABELS = {
    "xlsx": ".xlsx",
    "xls": ".xls",
    "ods": ".ods",
    "docx": ".docx",
    "csv": "文本（.csv）",
    "html": "网页",
    "zip": ".zip",
}
NAMES = {
    "xlsx": {"xlsx", "xlsm", "xltx", "xltm"}, "xls": {"xls", "et", "xlt"}, "ods": {"ods"}, "docx": {"docx", "docm"},
    "csv": {"csv", "txt", "tsv"}, "html": {"html", "htm"}, "zip": {"zip"},
}  # fmt: skip
PARTS = {"xlsx": "xl/workbook.xml", "docx": "word/document.xml", "ods": "content.xml"}
PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\0", b"MM\0*")
_WORD = "WordDocument".encode("utf-16-le")
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_WEB = re.compile(rb"<\s*(!doctype\s+html|html|table|meta)\b", re.I)
_XML_BOOK = re.compile(rb"<\?xml[^>]*>.*(office:spreadsheet|office/word/2003)", re.I | re.S)


def kind(data: bytes, name: str) -> str:
    """xlsx, xls, ods, docx, csv, html or zip. Raises SheetError for anything else."""
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise SheetError(f"“{name}”是空文件")
    if data.startswith(ole.SIGNATURE):
        return _ole(data, name)
    if data.startswith(archive.ZIP):
        return _zip(data, name)
    if data.startswith(b"%PDF-"):
        raise SheetError(f"“{name}”是PDF，不是 {READ}；请向来文单位要电子表格")
    if data.startswith(PICTURES):
        raise SheetError(f"“{name}”是图片，不是 {READ}；请向来文单位要电子表格")
    if data.startswith((b"{\\rtf", b"7z\xbc\xaf", b"Rar!", b"\x1f\x8b")):
        raise SheetError(f"“{name}”不是 {READ}，请另存为 .xlsx 再导入")
    return _text(data, name)


def renamed(kind: str, name: str) -> list[str]:
    """A note when the name says another kind."""
    suffix = _suffix(name)
    if suffix in NAMES[kind]:
        return []
    return [f"“{name}”的内容是{LABELS[kind]}，按内容读"]


def is_old_word(data: bytes) -> bool:
    """A .doc: to be made a .docx of before it is read."""
    return data.startswith(ole.SIGNATURE) and _WORD in data and _LOCKED not in data


def _suffix(name: str) -> str:
    return name.rsplit(".", 1)[-1].lower() if "." in name else ""


def _ole(data: bytes, name: str) -> str:
    if _LOCKED in data:
        raise SheetError(f"“{name}”有密码保护，请去掉密码后再导入")
    if _WORD in data:
        raise SheetError(f"“{name}”是旧版Word文件（.doc），请另存为 .docx 再导入")
    return "xls"


def _zip(data: bytes, name: str) -> str:
    with archive.sound(name), zipfile.ZipFile(io.BytesIO(data)) as book:
        names = set(book.namelist())
        small = "mimetype" in names and book.getinfo("mimetype").file_size < 200
        mimetype = book.read("mimetype") if small else b""
    plain = {one.lower() for one in names}
    if "xl/workbook.bin" in plain:
        raise SheetError(f"“{name}”是二进制工作簿（.xlsb），请另存为 .xlsx 再导入")
    found = [one for one, part in PARTS.items() if part in plain]
    if len(found) > 1:  # what it is must not be up to whoever reads it
        raise archive.broken(name)
    if found and PARTS[found[0]] in names and (found != ["ods"] or b"opendocument.spreadsheet" in mimetype):
        return found[0]
    if mimetype or "[Content_Types].xml" in names:
        raise SheetError(f"“{name}”不是 {READ}，或者已损坏；请另存为 .xlsx 再导入")
    return "zip"


def _text(data: bytes, name: str) -> str:
    start = data[:4096]
    if start.startswith(b"MIME-Version:"):
        raise SheetError(f"“{name}”是单个文件的网页（.mht），请另存为 .xlsx 再导入")
    marked_up = start.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if marked_up and _XML_BOOK.search(start):
        raise SheetError(f"“{name}”是XML格式的旧式文件，请另存为 .xlsx 再导入")
    if marked_up and _WEB.search(start):
        return "html"
    if _suffix(name) in NAMES["csv"] | NAMES["xls"] | NAMES["xlsx"]:
        if data.count(b"\0") * 20 > len(data) and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise archive.broken(name)
        return "csv"
    raise SheetError(f"“{name}”不是 {READ}")
