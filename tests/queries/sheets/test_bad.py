"""坏文件 (R74, R79): each is handled or refused in a sentence, quickly and in little memory."""

from __future__ import annotations

import io
import struct
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.queries.sheets import SheetError, read
from tests.queries.sheets.building import HEAD, ROW, docx, ods, ole, packed, repacked, text, xls, xlsx

SHEET = "xl/worksheets/sheet1.xml"


def refused(data: bytes, name: str = "表.xlsx") -> str:
    with pytest.raises(SheetError) as error:
        read(data, name)
    return str(error.value)


def within(parts: dict[str, bytes], old: bytes, new: bytes) -> None:
    assert old in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(old, new)


def written(rows: str, dimension: str = "A1:E2") -> bytes:
    """A workbook with these rows of XML below the headings."""

    def change(parts: dict[str, bytes]) -> None:
        before, _, after = parts[SHEET].partition(b"</sheetData>")
        before = before.replace(b'<dimension ref="A1:E1"/>', f'<dimension ref="{dimension}"/>'.encode())
        assert dimension.encode() in before
        parts[SHEET] = before + rows.encode() + b"</sheetData>" + after

    return repacked(xlsx([HEAD]), change)


def long(rows: int) -> str:
    return "".join(
        f'<row r="{n}"><c r="A{n}" t="inlineStr"><is><t>{n:06}</t></is></c></row>' for n in range(2, rows + 2)
    )


TOO_LONG = "“Sheet1”超过20000行（第20001行还有内容），一次最多导入20000行"
IN_LITTLE_MEMORY = """
import resource, sys, time
from huiyin.queries.sheets import SheetError, read
from lxml import etree
data = open(sys.argv[1], "rb").read()
begin, before = time.process_time(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
try:
    read(data, "表.xlsx")
except SheetError as error:
    print(error)
print(time.process_time() - begin, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_a_sheet_of_200_000_rows_is_refused_at_once(tmp_path: Path) -> None:
    file = Path(tmp_path, "表.xlsx")
    file.write_bytes(written(long(200_000), "A1:XFD1048576"))
    done = subprocess.run(
        [sys.executable, "-c", IN_LITTLE_MEMORY, file], capture_output=True, text=True, check=True
    )
    said, measured = done.stdout.splitlines()
    seconds, kilobytes = measured.split()
    assert said == TOO_LONG
    assert float(seconds) < 3 and int(kilobytes) < 60 * 1024


def test_a_dimension_that_lies_does_not_matter() -> None:
    row = (
        '<row r="2">'
        + "".join(
            f'<c r="{column}2" t="inlineStr"><is><t>{value}</t></is></c>'
            for column, value in zip("ABCDE", ROW, strict=True)
        )
        + "</row>"
    )
    assert len(read(written(row, "A1:XFD1048576"), "表.xlsx").sheet().rows) == 1


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "“Sheet1”超过20000行（第1048576行还有内容）"),
        ('<row r="2"><c r="XFD2"><v>1</v></c></row>', "“Sheet1”有16384列，一次最多200列"),
        ('<row r="2">' + "<c><v>1</v></c>" * 300 + "</row>", "列，一次最多200列"),
        ('<row r="x"><c r="A2"><v>1</v></c></row>', "打不开"),
        ('<row r="2"><c r="A2"><v>1</v></row>', "打不开"),
        ('<row r="2"><c r="A2" s="99"><v>1<!-- --></v></c><!-- --></row>', ""),
    ],
)
def test_where_the_cells_are(row: str, said: str) -> None:
    if said:
        assert said in refused(written(row))
    else:
        assert len(read(written(row), "表.xlsx").sheet().rows) == 1


@pytest.mark.parametrize(
    "cells",
    [
        '<c r="XFD1048576"><v>1</v></c>',
        '<x><c r="XFD1048576"><v>1</v></c></x>',
        '<row r="2"><c r="A1048576"><v>1</v></c></row>',
        '<row r="2"><x><c r="XFD2"><v>1</v></c></x></row>',
    ],
)
def test_a_cell_where_none_may_be(cells: str) -> None:
    """Its place would be seen by the one reader and not by the other."""
    assert "打不开" in refused(written(cells))


@pytest.mark.parametrize(
    "target", ["worksheets/sheet1.xml", "xl/worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml"]
)
def test_however_a_sheet_is_found_it_is_measured(target: str) -> None:
    def change(parts: dict[str, bytes]) -> None:
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = (
            parts[name]
            .replace(b"worksheets/sheet1.xml", target.encode())
            .replace(b'/worksheet"', b'/chartsheet"')
        )

    assert "“Sheet1”有16384列" in refused(
        repacked(written('<row r="2"><c r="XFD2"><v>1</v></c></row>'), change)
    )


@pytest.mark.parametrize(
    ("more", "extent"),
    [(b"", (65_536, 256)), (b"", (2**31, 60_000)), (struct.pack("<HHII", 0xFC, 8, 1, 2**31 - 1), None)],
)
def test_an_old_book_that_lies_about_its_size(more: bytes, extent: tuple[int, int] | None) -> None:
    """Who believed it would ask for more memory than there is, and be ended at once."""
    data = xls([HEAD, ROW], more=more, extent=extent)
    if more:
        assert "打不开" in refused(data, "表.xls")
    else:
        assert len(read(data, "表.xls").sheet().rows) == 1


def test_an_old_book_whose_sectors_lead_astray() -> None:
    whole = xls([HEAD, ROW])
    for at in (0x30, 0x3C, 0x44, 0x4C, 512, 516, 520, 1024 + 116):
        for number in (0, 1, 2**31, 2**32 - 17):
            data = bytearray(whole)
            data[at : at + 4] = number.to_bytes(4, "little")
            with suppress(SheetError):
                read(bytes(data), "表.xls")


def test_a_file_that_is_two_things_at_once() -> None:
    both = {
        "xl/workbook.xml": b"<workbook/>",
        "content.xml": b"<x/>",
        "mimetype": b"application/vnd.oasis.opendocument.spreadsheet",
    }
    assert "打不开" in refused(packed(both))


def test_rows_and_columns_that_are_only_formatted_do_not_count() -> None:
    row = '<row r="30000" ht="20"><c r="A30000" s="0"/><c r="XFD30000" s="0"/></row>'
    mine = '<row r="2"><c r="A2" t="inlineStr"><is><t>082</t></is></c></row>'
    assert len(read(written(mine + row), "表.xlsx").sheet().rows) == 1


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (xls([HEAD, *[[f"{n}"] for n in range(20_001)]]), "表.xls", "“台账”超过20000行"),
        (xls([HEAD, [*ROW, *["x"] * 250]]), "表.xls", "列，一次最多200列"),
        (ods(HEAD, ROW, times=1_000_000), "表.ods", "“台账”超过20000行"),
        (ods(HEAD, ROW, columns=3000), "表.ods", "列，一次最多200列"),
        (text(HEAD, *[ROW] * 20_000), "表.csv", "表里超过20000行"),
        (text(HEAD, [*ROW, *"x" * 300]), "表.csv", "第2行有305列，一次最多200列"),
        (("<table>" + "<tr><td>1</td></tr>" * 20_001).encode(), "表.xls", "超过20000行"),
        (b"<table><tr><td colspan='999'>1</td></tr></table>", "表.xls", "超过200列"),
    ],
    ids=[
        "xls rows",
        "xls columns",
        "ods rows",
        "ods columns",
        "csv rows",
        "csv columns",
        "html rows",
        "html columns",
    ],
)
def test_what_is_too_large_in_other_kinds(data: bytes, name: str, said: str) -> None:
    assert said in refused(data, name)


def bomb(size: int, honest: bool = True) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        parts["xl/media/image1.png"] = bytes(size)

    return change


@pytest.mark.parametrize("name", ["表.xlsx", "表.docx", "建议.zip"])
def test_a_bomb_is_not_unpacked(name: str) -> None:
    base = {
        "表.xlsx": xlsx([HEAD, ROW]),
        "表.docx": docx([HEAD, ROW]),
        "建议.zip": packed({"1.docx": docx("x")}),
    }[name]
    assert "压缩比异常，像是压缩炸弹" in refused(repacked(base, bomb(3 * 2**20)), name)


def test_a_bomb_that_lies_about_its_size_is_found_by_unpacking() -> None:
    data = bytearray(repacked(xlsx([HEAD, ROW]), bomb(2**20 + 2**24)))
    real = (2**20 + 2**24).to_bytes(4, "little")
    assert data.count(real) >= 2
    data = bytearray(bytes(data).replace(real, (1000).to_bytes(4, "little")))
    assert "打不开" in refused(bytes(data))


def test_many_parts_or_much_in_all(monkeypatch: pytest.MonkeyPatch) -> None:
    names = {f"{n}.xml": b"" for n in range(2_001)}
    assert "里的文件超过2000个" in refused(packed(names), "建议.zip")
    monkeypatch.setattr("huiyin.queries.sheets.archive.UNPACKED", 2**20)
    much = {f"{n}.bin": bytes(2**18) for n in range(5)}
    assert "解开后超过1MB" in refused(packed(much), "建议.zip")


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"x"}), "表.xlsx", "“表.xlsx”有密码保护，请去掉密码后再导入"),
        (ole({"EncryptedPackage": b"x" * 5000, "EncryptionInfo": b"x"}), "表.docx", "有密码保护"),
        (xls([HEAD, ROW], locked=True), "表.xls", "“表.xls”有密码保护，请去掉密码后再导入"),
        (ole({"WordDocument": b"x"}), "表.doc", "“表.doc”是旧版Word文件（.doc），请另存为 .docx 再导入"),
        (ole({"PowerPoint Document": b"x"}), "表.xls", "打不开"),
        (b"", "表.xlsx", "“表.xlsx”是空文件"),
        (b"\xef\xbb\xbf\r\n \r\n", "表.csv", "“表.csv”是空文件"),
        (b"%PDF-1.7", "表.xlsx", "“表.xlsx”是PDF"),
        (b"\x89PNG\r\n\x1a\n", "表.xlsx", "“表.xlsx”是图片"),
        (b"{\\rtf1", "表.doc", "“表.doc”不是"),
        (b"Rar!\x1a\x07", "表.zip", "“表.zip”不是"),
        (b"\x00\x01\x02\x03" * 50, "表.xls", "“表.xls”打不开"),
        (b"hello", "表.mp4", "“表.mp4”不是 .xlsx、.xls 或 .csv 表格，也不是 .docx 或 .zip"),
        (b"<html><body><p>x</p></body></html>", "表.xls", "“表.xls”是网页，里面没有表格"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>', "表.xls", "是XML格式的旧式文件，请另存为 .xlsx"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related", "表.xls", "是单个文件的网页（.mht），请另存为 .xlsx"),
        (packed({"xl/workbook.bin": b"x"}), "表.xlsb", "是二进制工作簿（.xlsb），请另存为 .xlsx"),
        (packed({"[Content_Types].xml": b"x", "ppt/presentation.xml": b"x"}), "表.pptx", "不是 .xlsx"),
        (packed({"xl/workbook.xml": b"<workbook/>"}), "表.xlsx", "打不开"),
        (packed({"word/document.xml": b"<document/>"}), "表.docx", "打不开"),
        (packed({"a/b.zip": packed({"x.docx": b"x"})}), "表.zip", "“表.zip”里没有 .docx 建议原件：“b.zip”是压缩包里的压缩包，没有读"),
        (packed({"../../x.docx": b"x"}), "表.zip", "里有不合规的文件名（../../x.docx），没有读"),
        (packed({"/etc/x.docx": b"x"}), "表.zip", "里有不合规的文件名"),
        (packed({"C:\\x.docx": b"x"}), "表.zip", "里有不合规的文件名"),
        (packed({}), "表.zip", "“表.zip”里没有 .docx 建议原件"),
        (xlsx([]), "表.xlsx", "没有找到表头"),
        (docx("一封信"), "信.docx", "“信.docx”里没有表格"),
    ],
)  # fmt: skip
def test_refused_in_a_sentence(data: bytes, name: str, said: str) -> None:
    assert said in refused(data, name)


def test_a_workbook_with_only_a_picture() -> None:
    png = (
        b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\0IEND\xaeB`\x82"
    ).ljust(99, b"\0")

    def picture(book: xlsxwriter.Workbook, sheet: object) -> None:
        sheet.insert_image(0, 0, "x.png", {"image_data": io.BytesIO(png)})  # type: ignore[attr-defined]

    assert "没有找到表头" in refused(xlsx([], change=picture))


@pytest.mark.parametrize(
    "make",
    [lambda: xlsx([HEAD, ROW]), lambda: docx([HEAD, ROW]), lambda: xls([HEAD, ROW]), lambda: ods(HEAD, ROW)],
    ids=["xlsx", "docx", "xls", "ods"],
)
def test_a_file_cut_in_the_middle(make: Callable[[], bytes]) -> None:
    data = make()
    for part in (0.1, 0.3, 0.5, 0.9):
        assert refused(data[: int(len(data) * part)], "表.xlsx")


def test_macros_and_links_to_other_files_are_not_followed_and_are_said() -> None:
    def add(parts: dict[str, bytes]) -> None:
        parts["xl/vbaProject.bin"] = b"macro"
        parts["xl/externalLinks/externalLink1.xml"] = b"<externalLink/>"

    book = read(repacked(xlsx([HEAD, ROW]), add), "表.xlsm")
    assert len(book.sheet().rows) == 1
    assert book.notes == ("文件里有宏，没有运行，只读了格子里的值", "有的格子引自别的文件，读的是存下的值")


def test_entities_are_not_expanded() -> None:
    lol = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'

    def strings(parts: dict[str, bytes]) -> None:
        for name in list(parts):
            if name.endswith("workbook.xml"):
                parts[name] = parts[name].replace(b"<workbook", lol + b"<workbook", 1)

    assert "里有DTD或实体声明" in refused(repacked(xlsx([HEAD, ROW]), strings))

    def body(parts: dict[str, bytes]) -> None:
        parts["word/document.xml"] = parts["word/document.xml"].replace(
            b"<w:document", lol + b"<w:document", 1
        )

    assert "里有DTD或实体声明" in refused(repacked(docx([HEAD, ROW]), body), "表.docx")


def test_control_characters_are_left_out() -> None:
    row = ["0\x0782", "关于\x00\x1b[31m道路的建议", "邱\ufeff德海", "主办", "2020-05-29"]
    assert read(text(HEAD, row), "表.csv").sheet().rows[0].raw == (
        "082",
        "关于[31m道路的建议",
        "邱\ufeff德海",
        "主办",
        "2020-05-29",
    )
    escaped = xlsx([HEAD, ["082", "甲\x07乙_x0007_", *ROW[2:]]])
    assert read(escaped, "表.xlsx").sheet().rows[0].raw[1] == "甲乙_x0007_"


def test_a_cell_too_long() -> None:
    assert "这一格有70000个字，最多60000个字" in refused(
        docx([HEAD, ["1", "长" * 70_000, *ROW[2:]]]), "表.docx"
    )


def test_merges_that_lie_upon_each_other() -> None:
    many = "".join('<mergeCell ref="A1:E2"/>' for _ in range(5000))

    def overlap(parts: dict[str, bytes]) -> None:
        within(parts, b"</sheetData>", f'</sheetData><mergeCells count="5000">{many}</mergeCells>'.encode())

    assert "合并的单元格互相重叠" in refused(repacked(xlsx([HEAD, ROW]), overlap))


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_a_damaged_file_is_read_or_refused_but_never_a_fault(data: st.DataObject) -> None:
    kind, whole = data.draw(st.sampled_from(sorted(WHOLE.items())))
    broken = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        broken[data.draw(st.integers(0, len(broken) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(broken)) | st.just(len(broken)))
    with suppress(SheetError):
        read(bytes(broken[:cut]), f"表.{kind}")


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(["csv", "xlsx", "xls", "docx", "zip", "txt", "ods"]), st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"<table><tr><td>", b"\xff\xfe", b"\xef\xbb\xbf"]))  # fmt: skip
def test_any_bytes(kind: str, tail: bytes, head: bytes) -> None:
    with suppress(SheetError):
        read(head + tail, f"表.{kind}")


WHOLE = {
    "xlsx": xlsx([HEAD, ROW]),
    "xls": xls([HEAD, ROW]),
    "ods": ods(HEAD, ROW),
    "docx": docx([HEAD, ROW]),
    "csv": text(HEAD, ROW),
}
