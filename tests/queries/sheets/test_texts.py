"""文本和网页表格，and the property that whatever was written is read the same (R74)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.queries.sheets import SheetError, read
from huiyin.queries.sheets.table import Grid, sheet_of
from huiyin.rules.cells import bare, plain
from tests.queries.sheets.building import HEAD, ROW, text, xlsx


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_the_usual_encodings_and_separators(encoding: str, separator: str) -> None:
    row = ["082", "关于“港口，用地；指标”的建议\n第二行", "邱德海", "主办", "2020年5月29日"]
    found = read(text(HEAD, row, encoding=encoding, separator=separator), "表.csv").sheet()
    assert found.rows[0].raw == tuple(row)


def test_separators_within_the_cells_do_not_mislead() -> None:
    row = ["082", "一；二;三;四;五;六;七", "邱德海", "主办", "2020-05-29"]
    assert read(text(HEAD, row, row), "表.csv").sheet().rows[0].raw == tuple(row)


def test_line_ends_of_every_kind_and_what_excel_puts_first() -> None:
    for end in ("\r\n", "\n", "\r"):
        assert read(end.join(["sep=;", ";".join(HEAD), ";".join(ROW)]).encode(), "表.csv").sheet().rows[0].raw == tuple(ROW)  # fmt: skip


def test_an_encoding_nobody_can_read() -> None:
    with pytest.raises(SheetError, match="文字编码认不出来，请另存为 UTF-8 或 GB 18030"):
        read(text(HEAD, ROW) + b"\xff\xff", "表.csv")


def test_two_rows_of_headings_without_merged_cells() -> None:
    rows = [
        ["编号", "标题", "评价", "", "备注"],
        ["", "", "态度", "结果", ""],
        ["082", "甲", "满意", "满意", "无"],
    ]
    found = read(text(*rows), "表.csv").sheet()
    assert [one.key for one in found.headings] == ["number", "title", "attitude", "rating", "note"]
    assert [row.line for row in found.rows] == [3]


def test_the_first_item_is_never_taken_for_headings() -> None:
    rows = [["编号", "标题", "主办单位", "备注"], ["1", "主办", "协办", "备注"]]
    found = read(text(*rows), "表.csv").sheet()
    assert (found.head_line, len(found.rows)) == (1, 1)


def test_a_web_page_called_xls() -> None:
    page = """<html><head><meta charset="gb2312"><script>x</script></head><body><table border=1>
      <tr><td colspan=5>建议交办表</td></tr>
      <tr><th>编号<th>标题<th>领衔代表<th>办理方式<th>交办日期</tr>
      <tr><td>082</td><td>甲<br>乙<td>邱德海<td rowspan=2>主办<td rowspan="2">2020-05-29</tr>
      <tr><td colspan="²">083<td>&lt;丙&gt;<td>某某</tr></table></body></html>"""
    book = read(page.encode("gb18030"), "表.xls")
    assert [row.raw for row in book.sheet().rows] == [
        ("082", "甲\n乙", "邱德海", "主办", "2020-05-29"), ("083", "<丙>", "某某", "主办", "2020-05-29"),
    ]  # fmt: skip
    assert book.notes == ("“表.xls”的内容是网页，按内容读",)


CELL = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12).map(lambda one: bare(plain(one)).strip())  # fmt: skip
TABLE = st.integers(2, 6).flatmap(lambda width: st.lists(st.lists(CELL, min_size=width, max_size=width), min_size=1, max_size=8))  # fmt: skip


def expected(rows: list[list[str]]) -> list[tuple[str, ...]]:
    """The rows of items among them, by the same rules from the bare cells."""
    try:
        return [row.raw for row in sheet_of(Grid("表", [list(row) for row in rows]), {}).rows]
    except SheetError:
        return []


@settings(max_examples=150, deadline=None)
@given(TABLE, st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "xlsx"]))
def test_any_table_is_read_as_it_was_written(rows: list[list[str]], kind: str) -> None:
    head = ["编号", "标题", "领衔代表", "办理方式", "交办日期", "备注"][: len(rows[0])]
    table = [head, *([f"{line:03}", *row[1:]] for line, row in enumerate(rows))]
    data = xlsx(table) if kind == "xlsx" else text(*table, encoding=kind)
    found = [row.raw for row in read(data, f"表.{kind if kind == 'xlsx' else 'csv'}").sheet().rows]
    assert found == expected(table)
    assert len(found) == len(rows)  # a row with a number is an item, whatever else it says
    assert [row[1:] for row in found] == [tuple(row[1:]) for row in rows]
