"""域：which fields of a Word file do nothing but show what stands in it. Any other is refused by its name: fields fetch
files (INCLUDETEXT), start programs (DDE) and run macros (MACROBUTTON)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

HARMLESS = frozenset(
    {
        "PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "NUMWORDS", "NUMCHARS", "PAGEREF", "REF", "NOTEREF", "STYLEREF",
        "TOC", "TC", "XE", "INDEX", "SEQ", "LISTNUM", "AUTONUM", "AUTONUMLGL", "AUTONUMOUT", "=", "EQ", "SYMBOL", "ADVANCE",
        "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "EDITTIME", "TITLE", "SUBJECT", "AUTHOR", "KEYWORDS",
        "COMMENTS", "LASTSAVEDBY", "REVNUM", "FILENAME", "FILESIZE", "DOCPROPERTY", "DOCVARIABLE", "INFO", "TEMPLATE",
        "MERGEFIELD", "FORMTEXT", "FORMCHECKBOX", "FORMDROPDOWN", "CITATION", "BIBLIOGRAPHY", "BIDIOUTLINE", "TA", "TOA",
    }
)  # fmt: skip
WORD = re.compile(r"\s*(=|[A-Za-z]+|\S+)")
INSIDE = re.compile(r"^\s*HYPERLINK\s+\\l\s", re.I)  # to a place in the same paper


@dataclass
class _Field:
    code: str = ""
    nested: bool = False


def refused(tree: Any, *, links: bool) -> Iterator[str]:
    """A sentence for each field of this part that may not be there."""
    for field in _fields(tree):
        if problem := _problem(field, links):
            yield problem


def _problem(field: _Field, links: bool) -> str:
    word = WORD.match(field.code)
    name = word[1].upper() if word else ""
    if not name:  # its name would be what another field shows
        return "含有由别的域拼成的域，请去掉再上传" if field.nested else ""
    if name == "HYPERLINK":
        return "" if links or INSIDE.match(field.code) else "含有超链接，请去掉再上传"
    return "" if name in HARMLESS else f"含有不能使用的域“{name[:20]}”，请在Word里转成文字再上传"


def _fields(tree: Any) -> Iterator[_Field]:
    """Every field with its code put together: a code may be cut into many runs."""
    open_ones: list[_Field] = []
    for one in tree.iter(qn("w:fldSimple"), qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText")):
        if one.tag == qn("w:fldSimple"):
            yield _Field(one.get(qn("w:instr"), ""))
        elif one.tag == qn("w:fldChar"):
            kind = one.get(qn("w:fldCharType"))
            if kind == "begin":
                for outer in open_ones:
                    outer.nested = True
                open_ones.append(_Field())
            elif kind == "end" and open_ones:
                yield open_ones.pop()
        elif open_ones:
            open_ones[-1].code += one.text or ""
        else:
            yield _Field(one.text or "")
    yield from open_ones
