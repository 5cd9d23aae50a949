"""表格文件 (R74): what goes out comes back as it was, no cell is a formula, and length costs no memory."""

import csv
import io
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from datetime import date
from typing import Any

import openpyxl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree
from python_calamine import CalamineWorkbook

from huiyin.documents import ledger_filling, ledger_template, spreadsheet
from huiyin.documents.ledger_template import LINE, Unfit
from huiyin.queries import sheets
from huiyin.queries.sheets import words
from huiyin.rules.cells import bare, neutral, plain
from tests.documents.layouts import office_layout

HEADS = ["编号", "标题", "领衔代表", "交办日期", "备注"]
WIDTHS = [10] * len(HEADS)
STARTS = (
    "",
    "=",
    "+",
    "-",
    "@",
    "\t",
    "\r",
    "\n",
    "'",
    "'=",
    "''+",
    "＝",
    "＋",
    "－",
    "＠",
    " =",
    "0",
    "_x0041_",
    "&<>",
)
ANY = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
WORDS = st.builds(
    lambda start, rest, end: start + rest + end,
    st.sampled_from(STARTS),
    ANY,
    st.sampled_from(("", "\r\n", "\n", " ", "'")),
)
DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
LINES = st.lists(
    st.tuples(WORDS, WORDS, WORDS, DAYS, st.one_of(WORDS, st.just(""), st.integers(-(10**10), 10**10))),
    min_size=1,
    max_size=6,
)


def as_xlsx(rows: Sequence[Sequence[Any]], heads: Sequence[str] = HEADS) -> bytes:
    with tempfile.TemporaryFile() as out:
        layout = spreadsheet.plain_layout("台账", heads, [10] * len(heads), frozen=2)
        assert spreadsheet.write(out, layout, rows, size=len(rows)) == len(rows)
        out.seek(0)
        return out.read()


def as_csv(rows: Sequence[Sequence[Any]], encoding: str) -> bytes:
    return b"".join(spreadsheet.csv_lines(HEADS, rows, encoding=encoding))


def sheet_xml(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return etree.fromstring(book.read("xl/worksheets/sheet1.xml"))


def known(rows: Sequence[Sequence[Any]]) -> list[list[str]]:
    """As the import has any cell: without what cannot be seen, line ends as \\n, no space at the ends."""
    return [[words(plain(cell) if isinstance(cell, str) else cell) for cell in row] for row in rows]


def back(data: bytes, name: str) -> list[list[str]]:
    """The cells as the import reads them; what it takes for no item (a total, a signature) is no part of this."""
    sheet = sheets.read(data, name).sheet()
    return [[words(cell) for cell in row.raw[: len(HEADS)]] for row in sheet.rows]


@given(WORDS)
@example("''=1")
@example("'")
def test_neutral_and_bare_are_each_others_undoing(text: str) -> None:
    out = neutral(text)
    assert bare(out) == text and bare(text) in (text, text[1:])
    assert out[:1] not in tuple("=+-@\t\r\n＝＋－＠")


@given(LINES)
def test_any_ledger_goes_out_and_comes_back(lines: list[tuple[Any, ...]]) -> None:
    """A first column that is never empty or a heading's word keeps each row an item for the reader."""
    rows = [(f"0{number}", f"关于{title}的建议", *rest) for number, (_, title, *rest) in enumerate(lines)]
    expected = known(rows)
    assert back(as_xlsx(rows), "台账.xlsx") == expected
    assert back(as_csv(rows, "utf8"), "台账.csv") == expected
    assert back(as_csv(rows, "gb18030"), "台账.csv") == expected


@given(LINES)
def test_the_very_characters_are_in_the_file(lines: list[tuple[Any, ...]]) -> None:
    """Read by another reader, with nothing made of them."""
    data = as_xlsx(lines)
    read = (
        CalamineWorkbook.from_filelike(io.BytesIO(data))
        .get_sheet_by_index(0)
        .to_python(skip_empty_area=False)
    )
    for line, row in zip(lines, read[1:], strict=True):
        for cell, found in zip(line, row, strict=True):
            assert found == (neutral(plain(cell)) if isinstance(cell, str) else cell)
    tree = sheet_xml(data)
    assert not list(tree.iter("{*}f")) and not list(tree.iter("{*}hyperlink"))


@pytest.mark.parametrize("words", ["\x08=1+1", "\ufffe@SUM(A1)", "\x08\r\n"])
def test_what_is_left_out_hides_no_formula(words: str) -> None:
    rows = [("082", words, "", "", "")]
    found = CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx(rows))).get_sheet_by_index(0).to_python()
    assert str(found[1][1]).startswith("'")
    for encoding in ("utf8", "gb18030"):
        assert "\"'" in as_csv(rows, encoding).decode(encoding) or ",'" in as_csv(rows, encoding).decode(
            encoding
        )


def test_words_stay_words_days_are_days_and_counts_are_numbers() -> None:
    data = as_xlsx([("082", "13812345678", "12345678901234567890", date(2020, 5, 29), 3)])
    sheet = openpyxl.load_workbook(io.BytesIO(data)).active
    assert sheet is not None
    cells = list(sheet[2])
    assert [one.value for one in cells[:3]] == ["082", "13812345678", "12345678901234567890"]
    assert [one.number_format for one in cells[:3]] == ["@"] * 3
    assert cells[3].is_date and cells[3].number_format == r"yyyy\-mm\-dd"
    assert (cells[4].value, cells[4].data_type) == (3, "n")
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("C2", "A1:E2", "$1:$1")
    assert back(data, "x.xlsx") == [["082", "13812345678", "12345678901234567890", "2020-05-29", "3"]]


def test_more_than_a_cell_holds_is_cut_and_says_so() -> None:
    long = "建" * 40_000
    [row] = (
        CalamineWorkbook.from_filelike(io.BytesIO(as_xlsx([("1", long, "😀" * 20_000, "", "")])))
        .get_sheet_by_index(0)
        .to_python()[1:]
    )
    for text in row[1:3]:
        assert (
            isinstance(text, str)
            and text.endswith(spreadsheet.CUT)
            and len(text.encode("utf-16-le")) // 2 <= spreadsheet.LONGEST
        )
    assert long in as_csv([("1", long, "", "", "")], "utf8").decode()


@pytest.mark.parametrize("rows", [[["1"], [None], [""], ["2"]], [['a,"b"', "c\nd", 7, date(2020, 5, 29)]]])
def test_csv_is_what_any_reader_of_csv_reads(rows: list[list[Any]]) -> None:
    """Also a line of one empty cell is a line."""
    data = b"".join(spreadsheet.csv_lines(HEADS[: len(rows[0])], rows))
    _, *read = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    assert read == [["" if cell is None else str(cell) for cell in row] for row in rows]


def test_more_rows_than_a_sheet_holds_are_refused_before_any_is_read() -> None:
    layout = spreadsheet.plain_layout("台账", HEADS, WIDTHS)
    with pytest.raises(ValueError, match=r"最多1048576行"):
        spreadsheet.write(io.BytesIO(), layout, iter(()), size=1_048_576)


# 本单位的版式


def template(data: bytes | None = None) -> ledger_template.Template:
    return ledger_template.read(office_layout() if data is None else data)


SAID = {
    "年度": "2020",
    "单位": "赣州市自然资源局",
    "制表日期": "2020年12月1日",
    "制表人": "钟某",
    "件数": "3",
}


def filled(rows: Sequence[Sequence[Any]], data: bytes | None = None) -> bytes:
    found = template(data)
    columns = [key for key in found.columns if key and key != LINE]
    layout = ledger_filling.layout(found, found.columns, [LINE, *columns], SAID, size=len(rows))
    out = io.BytesIO()
    spreadsheet.write(out, layout, [(number, *row) for number, row in enumerate(rows, 1)], size=len(rows))
    return out.getvalue()


ROW = (
    "082",
    "=关于港口的建议",
    "邱德海",
    "耕保科",
    "赖春华",
    date(2020, 5, 29),
    "满意",
    "基本满意",
    "谢文斌",
)


def test_its_heads_are_known_by_the_imports_words() -> None:
    found = template()
    assert (found.sheet, found.head_row, found.samples) == ("办理台账", 4, range(5, 7))
    assert found.columns == [
        LINE,
        "number",
        "title",
        "lead",
        "section",
        "handler",
        "assigned_on",
        "attitude",
        "rating",
        "",
        "leader",
    ]


@pytest.mark.parametrize("size", [0, 1, 2, 3, 300])
def test_it_is_filled_in_its_own_look(size: int) -> None:
    book = openpyxl.load_workbook(io.BytesIO(filled([ROW] * size)))
    sheet = book["办理台账"]
    last = 4 + size
    assert sheet["A1"].value == "赣州市自然资源局2020年度建议办理台账"
    assert sheet["A2"].value == "制表日期：2020年12月1日　共3件"
    assert sheet.oddFooter.center.text == "赣州市自然资源局　第&P页"
    for line in range(5, last + 1):
        cells = [one.value for one in sheet[line][:11]]
        assert (
            cells[:3] == [line - 4, "082", "'=关于港口的建议"] and cells[9] is None and cells[10] == "谢文斌"
        )
        assert sheet.row_dimensions[line].height == 36
        assert {one.font.name for one in sheet[line][:11]} == {"仿宋"} and sheet.cell(
            line, 2
        ).border.left.style == "thin"
        assert sheet.cell(line, 7).is_date
    assert sheet.cell(last + 1, 1).value == "填表人：钟某" and sheet.cell(last + 1, 8).value == "审核人："
    merged = {str(one) for one in sheet.merged_cells.ranges}
    assert {"A1:K1", "E3:F3", "A3:A4", f"A{last + 1}:C{last + 1}"} <= merged and "A7:C7" not in merged - {
        f"A{last + 1}:C{last + 1}"
    }
    assert sheet.print_area == f"'办理台账'!$A$1:$K${last + 1}" and sheet.print_title_rows == "$3:$4"
    assert sheet.auto_filter.ref == f"A4:K{max(last, 5)}" and sheet.freeze_panes == "D5"
    assert sheet.page_setup.orientation == "landscape" and sheet.column_dimensions["C"].width > 40


def test_what_it_says_comes_back_by_the_import() -> None:
    sheet = sheets.read(filled([ROW, ROW]), "台账.xlsx").sheet()
    keys = {key: place for place, key in sheet.mapping().items()}
    assert len(sheet.rows) == 2
    assert [words(sheet.rows[0].raw[keys[key]]) for key in ("number", "title", "assigned_on")] == [
        "082",
        "=关于港口的建议",
        "2020-05-29",
    ]


def _with(name: str, content: bytes = b"x", data: bytes | None = None) -> bytes:
    out = io.BytesIO(office_layout() if data is None else data)
    with zipfile.ZipFile(out, "a") as book:
        book.writestr(name, content)
    return out.getvalue()


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("xl/worksheets/sheet1.xml", b"0" * (30 * 2**20))
    return out.getvalue()


def _empty() -> bytes:
    out = io.BytesIO()
    book = openpyxl.Workbook()
    book.active["A1"] = "说明"
    book.save(out)
    return out.getvalue()


OLE = bytes.fromhex("d0cf11e0a1b11ae1")
WRONG = {
    "macros": (lambda: _with("xl/vbaProject.bin"), "含有宏"),
    "another book": (lambda: _with("xl/externalLinks/externalLink1.xml"), "外部链接"),
    "a link": (lambda: office_layout(link="http://x.cn/"), "外部链接"),
    "an object": (lambda: _with("xl/embeddings/oleObject1.bin"), "嵌入的对象"),
    "a password": (lambda: OLE + "EncryptedPackage".encode("utf-16-le"), "有密码保护，请去掉密码再上传"),
    "an old book": (lambda: OLE + b"\0" * 99, "旧版Excel文件（.xls）"),
    "no book": (lambda: b"PK\x03\x04" + b"\0" * 60, "打不开"),
    "a bomb": (_bomb, "压缩炸弹"),
    "no headings": (_empty, "没有找到表头"),
    "a formula": (lambda: office_layout(formula="=A5"), "第5行有公式"),
    "an unknown place": (lambda: office_layout("{单位}{局长}台账"), "“{局长}”不是可用的占位符，可用的有：{年度}"),
    "an entity in UTF-16": (lambda: _with("docProps/x.xml", "\ufeff<!DOCTYPE x [<!ENTITY a 'b'>]><x/>".encode("utf-16-le")), "DTD"),
    "an entity": (lambda: _with("docProps/x.xml", b"<!DOCTYPE x [<!ENTITY a 'b'>]><x/>"), "DTD"),
}  # fmt: skip


@pytest.mark.parametrize(("make", "said"), WRONG.values(), ids=list(WRONG))
def test_what_cannot_be_one_is_refused_in_a_sentence(make: Any, said: str) -> None:
    with pytest.raises(Unfit) as refused:
        ledger_template.read(make())
    assert said in str(refused.value)


def test_a_style_that_is_none_is_found_when_it_is_filled() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_layout())) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(
                name, content.replace(b'r="B5" s="', b'r="B5" s="x') if "sheet1.xml" in name else content
            )
    with pytest.raises(Unfit, match="不是完好的"):
        filled([ROW], out.getvalue())


# 长


LONG = """
import resource, sys, tempfile
from datetime import date
from huiyin.documents import spreadsheet
HEADS = [f"列{n}" for n in range(12)]
def rows(size):
    for line in range(size):
        yield [f"第{line}号关于港口用地的建议{n}" if n % 3 else date(2020, 1, 1) if n % 2 else line for n in range(12)]
def held():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
def run(size):
    with tempfile.TemporaryFile() as out:
        spreadsheet.write(out, spreadsheet.plain_layout("台账", HEADS, [10] * 12), rows(size), size=size)
    for piece in spreadsheet.csv_lines(HEADS, rows(size)):
        pass
before = held()
run(1_000)
short = held()
run(20_000)
print(short - before, held() - short)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
def test_twenty_thousand_rows_take_no_more_memory_than_one_thousand() -> None:
    told = subprocess.run(
        [sys.executable, "-c", LONG], capture_output=True, text=True, check=True
    ).stdout.split()
    first, more = (int(one) / 1024 for one in told)
    assert first < 25 and more < 3, told  # MB
