"""旧版Word文件：a .doc turned into a .docx by LibreOffice where it is installed, in the narrow room in which a PDF is made."""

from collections.abc import Mapping
from pathlib import PurePosixPath

from huiyin.documents import pdf
from huiyin.queries.sheets import SheetError, is_old_word

INSTEAD = "请在Word或WPS里另存为 .docx 再导入"


def readable(data: bytes, name: str) -> bytes:
    """What `sheets.read` can read: a .doc as .docx, anything else as it is. Raises SheetError."""
    found = all_readable({name: data})[name]
    if isinstance(found, SheetError):
        raise found
    return found


def all_readable(files: Mapping[str, bytes]) -> dict[str, bytes | SheetError]:
    """The same for several, by name: all that are old are turned in one run. In the place of what was not stands why."""
    old = {name: data for name, data in files.items() if is_old_word(data)}
    turned = pdf.converted_all([*old.values()], "doc", "docx", ".docx", INSTEAD) if old else []
    said = {
        name: SheetError(f"“{PurePosixPath(name).name}”是旧版Word文件（.doc）：{one}")
        if isinstance(one, pdf.NotConverted)
        else one
        for name, one in zip(old, turned, strict=True)
    }
    return {**files, **said}
