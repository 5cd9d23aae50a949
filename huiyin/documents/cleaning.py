"""除去隐藏信息 (R48): what a Word file carries beside the words one reads — remarks, tracked changes, names, times, hidden
text — is taken out before the public may have it. What is deleted is gone, what is inserted stays.

The file is made anew from the parts that a reader sees; any part not known to be needed is left behind.
"""

import io
import re
import zipfile
from typing import Any

from docx.oxml.ns import qn
from lxml import etree

PARTS = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|word/_rels/(document|header\d*|footer\d*|footnotes|endnotes|numbering)\.xml\.rels|"
    r"word/(document|styles|numbering|fontTable|settings|footnotes|endnotes|header\d*|footer\d*)\.xml|word/theme/theme\d*\.xml|"
    r"word/media/[\w.-]+\.(png|jpe?g|gif)",
    re.IGNORECASE,
)
STYLES = "word/styles.xml"
FIXED_TIME = (2000, 1, 1, 0, 0, 0)
GONE = {  # removed with all they hold
    "del", "moveFrom", "delText", "delInstrText", "rPrChange", "pPrChange", "sectPrChange", "tblPrChange", "trPrChange",
    "tcPrChange", "tblGridChange", "numberingChange", "cellIns", "cellDel", "cellMerge", "commentRangeStart",
    "commentRangeEnd", "commentReference", "annotationRef", "moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart",
    "moveToRangeEnd", "customXmlInsRangeStart", "customXmlInsRangeEnd", "customXmlDelRangeStart", "customXmlDelRangeEnd",
    "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd", "rsids", "rsid", "docVars", "attachedTemplate",
    "mailMerge", "documentProtection", "writeProtection", "trackRevisions", "docId", "lastRenderedPageBreak", "alias",
    "tag", "dataBinding", "placeholder",
}  # fmt: skip
OPENED = {"ins", "moveTo", "hyperlink", "smartTag", "customXml", "sdt", "sdtContent"}  # what they hold stays
NAMED = {
    "rsidR",
    "rsidRPr",
    "rsidRDefault",
    "rsidP",
    "rsidTr",
    "rsidSect",
    "rsidDel",
    "author",
    "date",
    "initials",
    "paraId",
    "textId",
}
ABOUT_PICTURES = {"descr", "title"}


def cleaned(data: bytes) -> bytes:
    """.docx without hidden data. The file has passed documents.opening."""
    fresh, kept = io.BytesIO(), dict[str, bytes]()
    with zipfile.ZipFile(io.BytesIO(data)) as old:
        names = {one.filename for one in old.infolist() if PARTS.fullmatch(one.filename)}
        hiding = _hiding(old.read(STYLES)) if STYLES in names else set()
        for name in sorted(names, key=lambda one: (one != "[Content_Types].xml", one)):
            content = old.read(name)
            kept[name] = _picture(content) if "/media/" in name else _part(name, content, names, hiding)
    with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as new:
        for name, content in kept.items():
            new.writestr(zipfile.ZipInfo(name, FIXED_TIME), content, zipfile.ZIP_DEFLATED)
    return fresh.getvalue()


def words(data: bytes) -> str:
    """What a reader sees in a cleaned file, a paragraph a line; notes, headers and footers too."""
    lines = []
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        for name in file.namelist():
            if name.startswith("word/") and name.endswith(".xml"):
                for paragraph in _tree(file.read(name)).iter(qn("w:p")):
                    lines.append("".join(one.text or "" for one in paragraph.iter(qn("w:t"))))
    return "\n".join(lines)


def _tree(content: bytes) -> Any:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True
    )
    return etree.fromstring(content, parser)


def _hiding(content: bytes) -> set[str]:
    """Styles by which text is hidden, and those made upon them."""
    styles = {one.get(qn("w:styleId"), ""): one for one in _tree(content).iter(qn("w:style"))}
    hiding = {key for key, one in styles.items() if _hides(one)}
    while more := {key for key, one in styles.items() if key not in hiding and _basis(one) in hiding}:
        hiding |= more
    return hiding


def _basis(style: Any) -> str:
    based = style.find(qn("w:basedOn"))
    return "" if based is None else str(based.get(qn("w:val"), ""))


def _hides(holder: Any) -> bool:
    marks = [holder.find(f"{qn('w:rPr')}/{qn(name)}") for name in ("w:vanish", "w:webHidden", "w:specVanish")]
    return any(one is not None and one.get(qn("w:val"), "1") not in {"0", "false", "off"} for one in marks)


def _part(name: str, content: bytes, names: set[str], hiding: set[str]) -> bytes:
    tree = _tree(content)
    if name == "[Content_Types].xml":
        _drop(tree, lambda one: (one.get("PartName") or "").lstrip("/") not in {"", *names})
    elif name.endswith(".rels"):
        folder = name.rpartition("_rels/")[0]
        _drop(tree, lambda one: one.get("TargetMode") == "External" or _target(folder, one) not in names)
    else:
        _deletions(tree, hiding)
        _elements(tree)
        _attributes(tree)
    return bytes(etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True))


def _target(folder: str, relation: Any) -> str:
    target = relation.get("Target", "")
    return target.lstrip("/") if target.startswith("/") else f"{folder}{target}"


def _drop(tree: Any, gone: Any) -> None:
    for one in list(tree):
        if gone(one):
            tree.remove(one)


def _deletions(tree: Any, hiding: set[str]) -> None:
    """Rows, paragraphs' marks and runs that are deleted or hidden: their words go with them."""
    for row in list(tree.iter(qn("w:tr"))):
        if any(row.find(f"{qn('w:trPr')}/{qn(name)}") is not None for name in ("w:del", "w:hidden")):
            row.getparent().remove(row)
    for run in list(tree.iter(qn("w:r"))):
        if _hides(run) or _styles(run) & hiding:
            run.getparent().remove(run)
    for paragraph in list(tree.iter(qn("w:p"))):
        if paragraph.find(f"{qn('w:pPr')}/{qn('w:rPr')}/{qn('w:del')}") is not None:
            _join(paragraph)


def _styles(run: Any) -> set[str]:
    """The styles a run may hide by: its own and its paragraph's."""
    paragraph = next(run.iterancestors(qn("w:p")), None)
    found = [run.find(f"{qn('w:rPr')}/{qn('w:rStyle')}")]
    found += [] if paragraph is None else [paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")]
    return {str(one.get(qn("w:val"))) for one in found if one is not None}


def _join(paragraph: Any) -> None:
    """A paragraph whose mark is deleted goes on in the next one."""
    after = paragraph.getnext()
    if after is None or after.tag != paragraph.tag:
        return
    place = 1 if after.find(qn("w:pPr")) is not None else 0
    for run in reversed([one for one in paragraph if one.tag != qn("w:pPr")]):
        after.insert(place, run)
    paragraph.getparent().remove(paragraph)


def _elements(tree: Any) -> None:
    for one in list(tree.iter(etree.Element)):
        parent, name = one.getparent(), etree.QName(one).localname
        if parent is None:
            continue
        if name in GONE:
            parent.remove(one)
        elif name in OPENED:
            place = parent.index(one)
            for inner in reversed([each for each in one if etree.QName(each).localname != "sdtPr"]):
                parent.insert(place, inner)
            parent.remove(one)


def _attributes(tree: Any) -> None:
    for one in tree.iter(etree.Element):
        about = etree.QName(one).localname in {"docPr", "cNvPr"}
        for key in list(one.attrib):
            name = etree.QName(key).localname
            if name in NAMED or (about and name in ABOUT_PICTURES):
                del one.attrib[key]
            elif about and name == "name":
                one.set(key, "图片")


def _picture(content: bytes) -> bytes:
    """A picture without what the camera or program wrote into it: place, time, author."""
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return _png(content)
    return content


def _jpeg(content: bytes) -> bytes:
    """Without its APPn (but JFIF's and Adobe's colour marks) and comment segments."""
    out, place = bytearray(content[:2]), 2
    while place + 4 <= len(content) and content[place] == 0xFF and content[place + 1] != 0xDA:
        size = int.from_bytes(content[place + 2 : place + 4], "big") + 2
        mark = content[place + 1]
        if not (mark == 0xFE or 0xE1 <= mark <= 0xED or mark == 0xEF):
            out += content[place : place + size]
        place += size
    return bytes(out + content[place:])


def _png(content: bytes) -> bytes:
    """Without its text, time and EXIF chunks."""
    out, place = bytearray(content[:8]), 8
    while place + 12 <= len(content):
        size = int.from_bytes(content[place : place + 4], "big") + 12
        if content[place + 4 : place + 8] not in {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}:
            out += content[place : place + size]
        place += size
    return bytes(out)
