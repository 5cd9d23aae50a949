"""旧版Word文件：a .doc turned into a .docx by LibreOffice where it is installed, in the narrow room in which a PDF is made."""

from huiyin.documents import pdf
from huiyin.queries.sheets import is_old_word


def readable(data: bytes, name: str) -> bytes:
    """What `sheets.read` can read: a .doc as .docx, anything else as it is. Raises pdf.NotConverted in a sentence."""
    if not is_old_word(data):
        return data
    try:
        return pdf.converted(data, "doc", "docx", ".docx", "请在Word或WPS里另存为 .docx 再导入")
    except pdf.NotConverted as error:
        raise pdf.NotConverted(f"“{name}”是旧版Word文件（.doc）：{error}") from error
