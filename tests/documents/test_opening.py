"""打开Word文件：hostile files are refused in a sentence, before they are opened; honest ones are not."""

from __future__ import annotations

import io
import struct
import time
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Mm

from huiyin.actions import Refused, filing
from huiyin.documents import opening
from huiyin.documents.catalogue import CATALOGUE
from huiyin.documents.notice import facts_of
from huiyin.documents.opening import Unsafe, dangers, opened, problems
from huiyin.rules.vocabulary import PaperKind
from tests.conftest import Bureau, day
from tests.documents.reading import letter, write

W = nsdecls("w")
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def png(width: int, height: int) -> bytes:
    """A picture that says it is so large; its pixels are one row of nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    row = zlib.compress(b"\0" * (1 + (min(width, 64) + 7) // 8))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", row) + chunk(b"IEND", b"")


def paper(write: Callable[[Any], object] | None = None) -> bytes:
    document = Document()
    document.add_paragraph("我局已将该项目纳入年度用地计划。")
    if write:
        write(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def changed(data: bytes, **parts: bytes | None) -> bytes:
    """The file with parts put in or taken out; `__` in a name stands for a slash, `_d` for a dot."""
    named = {key.replace("__", "/").replace("_d", "."): value for key, value in parts.items()}
    return repacked(data, named)


def repacked(data: bytes, parts: dict[str, bytes | None]) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as new,
    ):
        for one in old.namelist():
            if one not in parts:
                new.writestr(one, old.read(one))
        for name, content in parts.items():
            if content is not None:
                new.writestr(name, content)
    return out.getvalue()


def part(data: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(name)


def replaced(name: str, old: bytes, new: bytes) -> bytes:
    data = paper()
    content = part(data, name)
    assert old in content
    return repacked(data, {name: content.replace(old, new)})


def related(kind: str, target: str, mode: str = ' TargetMode="External"') -> bytes:
    return replaced(
        "word/_rels/document.xml.rels", b"</Relationships>",
        f'<Relationship Id="rId99" Type="{REL}/{kind}" Target="{target}"{mode}/></Relationships>'.encode(),
    )  # fmt: skip


def inside(markup: str) -> bytes:
    """The paper with a paragraph of this markup."""
    return paper(lambda document: document.element.body.insert(0, parse_xml(f"<w:p {W}>{markup}</w:p>")))


def field(*codes: str) -> str:
    pieces = "".join(f"<w:r><w:instrText>{one}</w:instrText></w:r>" for one in codes)
    begin, end = (f'<w:r><w:fldChar w:fldCharType="{one}"/></w:r>' for one in ("begin", "end"))
    return f"{begin}{pieces}{end}"


def many_entries() -> bytes:
    return repacked(paper(), {f"word/x{n}.bin": b"" for n in range(2100)})


def lying() -> bytes:
    """A bomb whose list of contents says it is small."""
    data = bytearray(repacked(paper(), {"word/media/a.bin": bytes(210 * 2**20)}))
    for sign, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = 0
        while (place := data.find(sign, place)) >= 0:
            if struct.unpack_from("<I", data, place + at)[0] == 210 * 2**20:
                struct.pack_into("<I", data, place + at, 100)
            place += 4
    return bytes(data)


def locked_entry() -> bytes:
    data = bytearray(paper())
    place = 0
    while (place := data.find(b"PK\x01\x02", place)) >= 0:
        data[place + 8] |= 1
        place += 4
    return bytes(data)


def utf16(text: str) -> bytes:
    return text.encode("utf-16")


DTD = '<!DOCTYPE w [<!ENTITY a "ha">]><w>&a;</w>'
HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "a text by another name": (lambda: b"not a zip at all", "不是完好的Word文件"),
    "half a file": (lambda: paper()[:4000], "不是完好的Word文件"),
    "a zip of something else": (lambda: repacked(paper(), {"word/document.xml": None}), "缺少word/document.xml"),
    "no list of types": (lambda: repacked(paper(), {"[Content_Types].xml": None}), "Content_Types"),
    "an old .doc": (lambda: opening.OLE + bytes(2000), "旧版"),
    "a locked .docx": (lambda: opening.OLE + bytes(500) + "EncryptedPackage".encode("utf-16-le"), "密码"),
    "a locked entry": (locked_entry, "密码"),
    "too many entries": (many_entries, "超过2000个"),
    "a bomb": (lambda: repacked(paper(), {"word/media/a.bin": bytes(201 * 2**20)}), "超过200MB"),
    "a bomb that lies": (lying, "不是完好的Word文件"),
    "many nothings in a small file": (lambda: repacked(paper(), {"word/media/a.bin": bytes(50 * 2**20)}), "压缩"),
    "a file named ../../x": (lambda: repacked(paper(), {"../../x": b"x"}), "文件名"),
    "a file named /etc/x": (lambda: repacked(paper(), {"/etc/x": b"x"}), "文件名"),
    "a file named ..\\x": (lambda: repacked(paper(), {"word\\..\\x": b"x"}), "文件名"),
    "two of one name": (lambda: repacked(paper(), {"WORD/document.xml": b"<x/>"}), "重名"),
    "macros": (lambda: changed(paper(), word__vbaProject_dbin=b"x"), "宏"),
    "macros under another name": (lambda: related("vbaProject", "media/a.bin", ""), "宏"),
    "a .docm renamed": (
        lambda: replaced("[Content_Types].xml", b"openxmlformats-officedocument.wordprocessingml.document.main+xml",
                         b"ms-word.document.macroEnabled.main+xml"), "宏"),
    "its own buttons": (lambda: changed(paper(), customUI__customUI_dxml=b"<customUI/>"), "自定义界面"),
    "a template elsewhere": (lambda: related("attachedTemplate", "http://x.example/t.dotm"), "外部的模板"),
    "a picture elsewhere": (lambda: related("image", "file://server/share/a.png"), "外部的图片"),
    "a picture elsewhere, called inside": (lambda: related("image", "\\\\server\\a.png", ""), "外部的图片"),
    "an object elsewhere": (lambda: related("oleObject", "http://x.example/o"), "外部的对象"),
    "a frame elsewhere": (lambda: related("frame", "http://x.example/f"), "外部的网页框架"),
    "a picture of old markup": (lambda: inside(
        '<w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:imagedata src="http://x.example/a.png"/>'
        "</v:shape></w:pict></w:r>"), "外部的内容"),
    "an embedded object": (lambda: changed(paper(), word__embeddings__oleObject1_dbin=b"x"), "嵌入"),
    "an object in the text": (lambda: inside("<w:r><w:object/></w:r>"), "嵌入"),
    "a control": (lambda: inside("<w:r><w:control/></w:r>"), "ActiveX"),
    "another document": (lambda: inside("<w:altChunk/>"), "altChunk"),
    "a script in its data": (lambda: changed(paper(), customXml__item1_dxml=b"<a><script>x</script></a>"), "脚本"),
    "DDE": (lambda: inside(field("DDEAUTO c:\\\\x\\\\cmd.exe")), "DDEAUTO"),
    "DDE in pieces": (lambda: inside(field("D", "DE", "AUTO", " c:\\\\cmd.exe")), "DDEAUTO"),
    "DDE in one run": (lambda: inside('<w:fldSimple w:instr=" dde cmd"/>'), "DDE"),
    "DDE put together by another field": (lambda: inside(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>' + field("REF a") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>'),
        "拼成"),
    "a file taken in": (lambda: inside(field('INCLUDETEXT "c:\\\\secret.txt"')), "INCLUDETEXT"),
    "a picture taken in": (lambda: inside(field('INCLUDEPICTURE "http://x.example"')), "INCLUDEPICTURE"),
    "a button": (lambda: inside(field("MACROBUTTON Run x")), "MACROBUTTON"),
    "an entity": (lambda: changed(paper(), word__document_dxml=DTD.encode()), "实体"),
    "an entity in UTF-16": (lambda: changed(paper(), customXml__item1_dxml=utf16(DTD)), "实体"),
    "an entity in big UTF-16 without a mark": (
        lambda: changed(paper(), customXml__item1_dxml=DTD.encode("utf-16-be")), "实体"),
    "an entity under another name": (lambda: changed(paper(), word__a_dbin=DTD.encode()), "实体"),
    "markup in UTF-7": (lambda: changed(paper(), customXml__item1_dxml=b'<?xml version="1.0" encoding="utf-7"?><a/>'),
                        "编码"),
    "markup in UTF-32": (lambda: changed(paper(), customXml__item1_dxml=DTD.encode("utf-32")), "编码"),
    "markup that is none": (lambda: changed(paper(), word__document_dxml=b"<w:p>"), "不是完好的Word文件"),
    "a million elements": (lambda: changed(paper(), customXml__item1_dxml=b"<a>" + b"".join(b"<b%d/>" % n for n in range(1_000_001)) + b"</a>"), "过大"),
    "a picture of a hundred megapixels": (lambda: changed(paper(), word__media__a_dpng=png(10_000, 10_000)), "图片过大"),
    "a picture a mile long": (lambda: changed(paper(), word__media__a_dpng=png(20_001, 2)), "图片过大"),
    "a picture by another name": (lambda: changed(paper(), word__theme__a_ddat=png(30_000, 30_000)), "图片过大"),
    "a picture that is none": (lambda: changed(paper(), word__media__a_dpng=b"PNG?"), "打不开"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_at_once_in_a_sentence(name: str) -> None:
    build, words = HOSTILE[name]
    data = build()
    begun = time.process_time()
    found = problems(data, links=True)
    spent = time.process_time() - begun
    assert found, name
    assert any(words in one for one in found), found
    assert spent < 2, spent
    with pytest.raises(Unsafe) as refused:
        opened(data, links=True)
    assert refused.value.reasons == found


def linked(document: Any) -> None:
    document.part.relate_to("https://www.example.cn/", f"{REL}/hyperlink", is_external=True)


def with_table(document: Any) -> None:
    document.add_heading("一、基本情况", 1)
    document.add_table(rows=3, cols=2).cell(0, 0).text = "单位"
    document.add_paragraph("第一项", style="List Number")
    document.add_paragraph("第二项", style="List Bullet")


def with_picture(document: Any) -> None:
    document.add_picture(io.BytesIO(png(600, 400)), width=Mm(50))


def with_fields(document: Any) -> None:
    for code in (
        " PAGE ",
        " TOC \\o &quot;1-3&quot; \\h ",
        ' HYPERLINK \\l "_Toc1" ',
        " DATE \\@ yyyy ",
        " = 1+1 ",
    ):
        document.element.body.insert(0, parse_xml(f"<w:p {W}>{field(code)}</w:p>"))


HONEST: dict[str, Callable[[], bytes]] = {
    "a plain paper": paper,
    "headings, a table and lists": lambda: paper(with_table),
    "a picture": lambda: paper(with_picture),
    "page numbers and contents": lambda: paper(with_fields),
    "UTF-16 parts": lambda: changed(
        paper(), customXml__item1_dxml=utf16('<?xml version="1.0" encoding="UTF-16"?><a>甲</a>')
    ),
    "a drawing": lambda: changed(paper(), word__media__a_demf=b"\x01\x00\x00\x00" + bytes(200)),
    "our reply": lambda: write(letter()),
    "our reply in the other form": lambda: CATALOGUE[PaperKind.REPLY_ORDINARY].write(letter(), title="答复"),
    "a long reply": lambda: write(letter(正文=tuple(f"{n}.用地保障情况。" for n in range(400)))),
}


@pytest.mark.parametrize("name", HONEST)
def test_an_honest_file_is_opened(name: str) -> None:
    data = HONEST[name]()
    assert problems(data) == []
    assert opened(data).paragraphs


def test_a_hyperlink_passes_where_only_words_are_read_and_nowhere_else() -> None:
    data = paper(linked)
    assert problems(data, links=True) == []
    assert any("超链接" in one for one in problems(data))


def test_the_work_notice_is_honest_too(bureau: Bureau) -> None:
    item = bureau.issued()
    facts = facts_of(bureau.unit, bureau.meeting, [item], on=day("2020-08-01").date())
    assert problems(CATALOGUE[PaperKind.NOTICE].write(facts, title="通知")) == []


def test_what_is_kept_beside_an_item_may_have_links_but_no_macros(bureau: Bureau, tmp_path: Path) -> None:
    item = bureau.handling()
    for build in ("macros", "an entity", "a bomb", "a file named ../../x"):
        upload = ContentFile(HOSTILE[build][0](), name="材料.docx")
        with pytest.raises(Refused, match=r"材料\.docx"):
            filing.attach(item, upload=upload, purpose="附件", by=bureau.handler, at=day("2020-06-10"))
    assert not item.files.exists()
    kept = filing.attach(
        item, upload=ContentFile(paper(linked), name="材料.docx"), purpose="", by=bureau.handler, at=day("2020-06-10")
    )  # fmt: skip
    assert kept.name == "材料.docx"
    assert dangers(paper(linked)) == []
