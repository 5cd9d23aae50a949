"""稿本的记号：a property in a Word file that tells which draft it was made from, and after which save. Nobody sees it;
Word, WPS and LibreOffice keep it."""

import re
from dataclasses import dataclass
from typing import Any

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

NAME = "HuiyinDraft"
TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
WHERE = PackURI("/docProps/custom.xml")
XML = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"'
    ' xmlns:vt="http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes">'
    '<property fmtid="{D5CDD505-2E9C-101B-9397-08002B2CF9AE}" pid="2" name="%s"><vt:lpwstr>%s</vt:lpwstr></property>'
    "</Properties>"
)
WORDS = re.compile(r'name="' + NAME + r'".{0,200}?(\d{1,15})/(\d{1,5})/(\d{1,9})<', re.DOTALL)


@dataclass(frozen=True)
class Stamp:
    """记号：the item, its draft's number, and how often that had been saved."""

    item: int
    number: int
    revision: int

    def put(self, document: Any) -> None:
        words = XML % (NAME, f"{self.item}/{self.number}/{self.revision}")
        part = Part(WHERE, TYPE, words.encode(), document.part.package)
        document.part.package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)


def stamp_of(document: Any) -> Stamp | None:
    """The stamp of a file that came back; None when it was written anew."""
    for part in document.part.package.iter_parts():
        if part.content_type == TYPE and (found := WORDS.search(part.blob.decode("utf-8", "replace"))):
            return Stamp(*(int(one) for one in found.groups()))
    return None
