"""隐藏信息: words planted in every place where a Word file hides them are gone from the cleaned one."""

import io
import struct
import zipfile
import zlib

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from huiyin.documents.cleaning import cleaned

W = nsdecls("w")
SECRET = "机密词"
RUN = f"<w:r><w:t>{SECRET}</w:t></w:r>"
HIDDEN_IN_BODY = {
    "a deleted run": f'<w:p {W}><w:r><w:t>留下</w:t></w:r><w:del w:id="1" w:author="{SECRET}"><w:r><w:delText>{SECRET}</w:delText></w:r></w:del></w:p>',
    "moved away": f'<w:p {W}><w:moveFrom w:id="2" w:author="x">{RUN}</w:moveFrom><w:r><w:t>留下</w:t></w:r></w:p>',
    "hidden text": f"<w:p {W}><w:r><w:rPr><w:vanish/></w:rPr><w:t>{SECRET}</w:t></w:r><w:r><w:t>留下</w:t></w:r></w:p>",
    "a remark's anchor": f'<w:p {W}><w:commentRangeStart w:id="0"/><w:r><w:t>留下</w:t></w:r><w:r><w:commentReference w:id="0"/></w:r></w:p>',
    "the author of an insertion": f'<w:p {W}><w:ins w:id="3" w:author="{SECRET}" w:date="2020-08-12T00:00:00Z"><w:r><w:t>留下</w:t></w:r></w:ins></w:p>',
    "an earlier look": f'<w:p {W}><w:pPr><w:pPrChange w:id="4" w:author="{SECRET}"><w:pPr/></w:pPrChange></w:pPr><w:r><w:t>留下</w:t></w:r></w:p>',
    "a bookmark's name": f'<w:p {W}><w:bookmarkStart w:id="5" w:name="{SECRET}"/><w:r><w:t>留下</w:t></w:r><w:bookmarkEnd w:id="5"/></w:p>',
    "a control's title": f'<w:sdt {W}><w:sdtPr><w:alias w:val="{SECRET}"/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>留下</w:t></w:r></w:p></w:sdtContent></w:sdt>',
    "a hidden row": f"<w:tbl {W}><w:tr><w:trPr><w:hidden/></w:trPr><w:tc><w:p>{RUN}</w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>留下</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
    "a deleted row": f"<w:tbl {W}><w:tr><w:trPr><w:del w:id='6' w:author='x'/></w:trPr><w:tc><w:p>{RUN}</w:p></w:tc></w:tr><w:tr><w:tc><w:p><w:r><w:t>留下</w:t></w:r></w:p></w:tc></w:tr></w:tbl>",
}  # fmt: skip


def paper(body: str = "", parts: dict[str, bytes] | None = None) -> bytes:
    document = Document()
    document.core_properties.author = SECRET
    document.core_properties.comments = SECRET
    if body:
        document.element.body.insert(0, parse_xml(body))
    settings = document.settings.element
    settings.append(parse_xml(f'<w:docVars {W}><w:docVar w:name="a" w:val="{SECRET}"/></w:docVars>'))
    settings.append(parse_xml(f'<w:rsids {W}><w:rsidRoot w:val="00AA00BB"/></w:rsids>'))
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out, "a") as archive:
        for name, content in (parts or {}).items():
            archive.writestr(name, content)
    return out.getvalue()


def everything(data: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return "\n".join(
            [
                *archive.namelist(),
                *(archive.read(one).decode("utf-8", "replace") for one in archive.namelist()),
            ]
        )


@pytest.mark.parametrize("where", HIDDEN_IN_BODY)
def test_what_the_body_hides_is_gone_and_what_one_reads_stays(where: str) -> None:
    data = paper(HIDDEN_IN_BODY[where])
    clean = cleaned(data)
    assert SECRET in everything(data)
    assert SECRET not in everything(clean)
    assert "留下" in everything(clean)
    assert Document(io.BytesIO(clean)).element.body is not None


@pytest.mark.parametrize("where", ["rPr><w:rStyle", "pPr><w:pStyle"])
def test_text_hidden_by_its_style_is_gone(where: str) -> None:
    document = Document()
    hiding = f'<w:style {W} w:type="paragraph" w:styleId="Secret"><w:name w:val="S"/><w:rPr><w:vanish/></w:rPr></w:style>'
    document.styles.element.append(parse_xml(hiding))
    look = f'<w:{where} w:val="Secret"/></w:{where[:3]}>'
    run = f"<w:r>{look if where.startswith('r') else ''}<w:t>{SECRET}</w:t></w:r>"
    document.element.body.insert(0, parse_xml(f"<w:p {W}>{'' if where.startswith('r') else look}{run}</w:p>"))
    out = io.BytesIO()
    document.save(out)
    assert SECRET in everything(out.getvalue())
    assert SECRET not in everything(cleaned(out.getvalue()))


def test_a_style_made_upon_a_hiding_one_hides_too_also_under_a_plain_one() -> None:
    document = Document()
    for style in (
        f'<w:style {W} w:type="paragraph" w:styleId="Secret"><w:name w:val="S"/><w:rPr><w:vanish/></w:rPr></w:style>',
        f'<w:style {W} w:type="paragraph" w:styleId="Upon"><w:name w:val="U"/><w:basedOn w:val="Secret"/></w:style>',
        f'<w:style {W} w:type="character" w:styleId="Plain"><w:name w:val="P"/></w:style>',
    ):
        document.styles.element.append(parse_xml(style))
    run = f'<w:r><w:rPr><w:rStyle w:val="Plain"/></w:rPr><w:t>{SECRET}</w:t></w:r>'
    hidden = f'<w:p {W}><w:pPr><w:pStyle w:val="Upon"/></w:pPr>{run}</w:p>'
    document.element.body.insert(0, parse_xml(hidden))
    document.element.body.insert(0, parse_xml(hidden.replace("Upon", "Normal").replace(SECRET, "留下")))
    out = io.BytesIO()
    document.save(out)
    clean = everything(cleaned(out.getvalue()))
    assert "留下" in clean
    assert SECRET not in clean


def test_parts_nobody_reads_are_left_behind() -> None:
    names = (
        "word/comments.xml", "docProps/more.xml", "docProps/custom.xml", "customXml/item9.xml", "docProps/thumb.jpeg",
        "word/people.xml", "word/embeddings/oleObject1.bin", "word/commentsExtended.xml", "word/glossary/document.xml",
    )  # fmt: skip
    data = paper("", {name: SECRET.encode() for name in names})
    text = everything(cleaned(data))
    assert SECRET not in text
    assert "rsid" not in text
    assert not [one for one in ("docProps", "customXml", "comments", "people", "embeddings") if one in text]


def test_a_deleted_paragraph_mark_joins_the_lines() -> None:
    two = f"<w:p {W}><w:pPr><w:rPr><w:del w:id='7' w:author='x'/></w:rPr></w:pPr><w:r><w:t>前半</w:t></w:r></w:p>"
    document = Document()
    document.element.body.insert(0, parse_xml(f"<w:p {W}><w:r><w:t>后半</w:t></w:r></w:p>"))
    document.element.body.insert(0, parse_xml(two))
    out = io.BytesIO()
    document.save(out)
    assert [one.text for one in Document(io.BytesIO(cleaned(out.getvalue()))).paragraphs] == ["前半后半"]


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def test_pictures_lose_where_and_when_they_were_taken() -> None:
    dot = zlib.compress(b"\0\0")
    png = b"\x89PNG\r\n\x1a\n" + b"".join(
        chunk(*one) for one in [
            (b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), (b"tEXt", b"Author\0" + b"SOMEBODY"),
            (b"eXIf", b"GPSPLACE"), (b"IDAT", dot), (b"IEND", b""),
        ]
    )  # fmt: skip
    jpeg = b"\xff\xd8\xff\xe0\x00\x04JF\xff\xe1\x00\x0aGPSPLACE\xff\xfe\x00\x0aSOMEBODY\xff\xdb\x00\x04QQ\xff\xda\x00\x02data\xff\xd9"
    document = Document()
    document.add_picture(io.BytesIO(png))
    out = io.BytesIO()
    document.save(out)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("word/media/image9.jpg", jpeg)
    with zipfile.ZipFile(io.BytesIO(cleaned(out.getvalue()))) as archive:
        pictures = {one: archive.read(one) for one in archive.namelist() if "media" in one}
    assert len(pictures) == 2
    assert not [one for one in pictures.values() if b"GPSPLACE" in one or b"SOMEBODY" in one]
    assert any(b"IDAT" in one for one in pictures.values())
    assert any(one.endswith(b"\xff\xdb\x00\x04QQ\xff\xda\x00\x02data\xff\xd9") for one in pictures.values())


def test_the_same_file_gives_the_same_bytes() -> None:
    assert cleaned(paper("")) == cleaned(paper(""))
