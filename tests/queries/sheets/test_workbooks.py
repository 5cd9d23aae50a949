"""工作簿 (R74): what offices' .xlsx, .xls and .ods hold besides plain cells."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from huiyin.queries.sheets import Sheet, SheetError, read
from tests.queries.sheets.building import HEAD, ROW, ods, repacked, xls, xlsx


def one(data: bytes, name: str = "表.xlsx") -> Sheet:
    return read(data, name).sheet()


def cells(sheet: Sheet) -> list[dict[str, Any]]:
    return [row.cells(sheet.mapping()) for row in sheet.rows]


def test_titles_above_and_totals_and_signatures_below_are_left_out_and_said() -> None:
    rows = [["市五届人大五次会议建议交办表"], ["单位：市政府办", "", "2020年5月"], HEAD, ROW, [], ["083", *ROW[1:]], ["合计", "2件"],
            ["填表人：张三", "", "审核人：李四"], ["注：1.主办件须在8月底前答复"]]  # fmt: skip
    found = one(xlsx(rows))
    assert (found.head_line, [row.line for row in found.rows]) == (3, [4, 6])
    assert found.notes == ("合计行没有读：第7行“合计”", "表尾的落款、说明没有读：第8行“填表人：张三”、第9行“注：1.主办件须在8月底前答复”")  # fmt: skip


def test_groups_and_repeated_heads_are_left_out_and_an_odd_row_is_not() -> None:
    rows = [HEAD, ["一、主办件"], ROW, HEAD, ["（二）协办件"], ["083", *ROW[1:]], ["", "只有标题的一行"]]
    found = one(xlsx(rows))
    assert [row.line for row in found.rows] == [3, 6, 7]
    assert found.notes == ("分组的小标题没有读：第2行“一、主办件”、第5行“（二）协办件”", "重复的表头没有读：第4行“编号”")  # fmt: skip


def test_an_item_that_begins_like_a_total_stays() -> None:
    """Its number is a number, whatever its title says."""
    found = one(xlsx([HEAD, ["001", "合计征收两万亩土地的建议", *ROW[2:]], ["002", "备注：道路", *ROW[2:]]]))
    assert [row.line for row in found.rows] == [2, 3]


def test_merged_cells_hold_for_each_row_and_column() -> None:
    def merge(book: Any, sheet: Any) -> None:
        sheet.merge_range(1, 4, 3, 4, "2020年5月29日")
        sheet.merge_range(2, 2, 2, 3, "独办")

    found = one(xlsx([HEAD, ROW[:4], ["083", "b"], ["084", "c", "甲", "主办"]], change=merge))
    assert [row.raw[4] for row in found.rows] == ["2020年5月29日"] * 3
    assert found.rows[1].raw[2:4] == ("独办", "独办")


def test_headings_of_two_rows() -> None:
    def heads(book: Any, sheet: Any) -> None:
        sheet.merge_range(0, 0, 0, 9, "2020年建议办理台账")
        for place, words in enumerate([*HEAD, "备注"]):
            at = place if place < 5 else 9
            sheet.merge_range(1, at, 2, at, words)
        sheet.merge_range(1, 5, 1, 6, "代表评价")
        sheet.merge_range(1, 7, 1, 8, "答复")
        for place, words in enumerate(["态度", "结果", "文号", "日期"], 5):
            sheet.write(2, place, words)
        for place, words in enumerate(
            [*ROW, "满意", "基本满意", "赣市自然资字〔2020〕12号", "2020.7.24", "无"]
        ):
            sheet.write(3, place, words)

    found = one(xlsx([], change=heads))
    assert (found.head_line, len(found.rows)) == (3, 1)
    assert [(one.words, one.key) for one in found.headings[5:]] == [
        ("代表评价 / 态度", "attitude"), ("代表评价 / 结果", "rating"), ("答复 / 文号", "reply_number"),
        ("答复 / 日期", "replied_on"), ("备注", "note"),
    ]  # fmt: skip


def test_headings_merged_over_two_rows_are_one() -> None:
    def heads(book: Any, sheet: Any) -> None:
        for place, words in enumerate(HEAD):
            sheet.merge_range(0, place, 1, place, words)
            sheet.write(2, place, ROW[place])

    found = one(xlsx([], change=heads))
    assert (found.head_line, len(found.rows), found.notes) == (2, 1, ())


def test_what_is_hidden_is_read_and_said() -> None:
    def hide(book: Any, sheet: Any) -> None:
        sheet.set_row(2, None, None, {"hidden": True})
        sheet.set_column(3, 3, 10, None, {"hidden": True})
        sheet.set_column(50, 60, 10, None, {"hidden": True})
        book.worksheets()[1].hide()

    book = read(
        xlsx([HEAD, ROW, ["083", *ROW[1:]]], [HEAD, ROW], change=hide, titles=["台账", "旧台账"]), "表.xlsx"
    )
    assert book.sheet().title == "台账" and len(book.sheet().rows) == 2
    assert book.sheet().notes == ("第3行是隐藏的，也读了", "D列是隐藏的，也读了")
    assert book.sheets[1].hidden and "工作表“旧台账”是隐藏的，也读了" in book.sheets[1].notes


def test_of_several_sheets_the_first_with_the_headings_is_taken_and_the_others_offered() -> None:
    data = xlsx([["填表说明"], ["一行一件"]], [["姓名", "电话", "单位"], ["甲", "1", "乙"]], [HEAD, ROW], [HEAD, ROW], titles=["说明", "通讯录", "主办", "协办"])  # fmt: skip
    book = read(data, "表.xlsx")
    assert book.sheet().title == "主办" and book.sheet("协办").title == "协办"
    assert "文件里有3张表：通讯录、主办、协办；一次读一张" in book.notes
    assert any(one.startswith("没有读：“说明”的前30行里没有找到表头") for one in book.notes)
    with pytest.raises(SheetError, match="没有名为“别的”的工作表"):
        book.sheet("别的")


def test_zeros_that_only_the_format_shows() -> None:
    def numbers(book: Any, sheet: Any) -> None:
        for line, (value, form) in enumerate([(82, "000"), (7, '"第"000"号"'), (5, "0"), (1234, "000"), (44, '"金"00'), (8.5, "000")], 1):  # fmt: skip
            sheet.write_number(line, 0, value, book.add_format({"num_format": form}))
            sheet.write(line, 1, "标题")

    found = one(xlsx([HEAD], change=numbers))
    assert [row.raw[0] for row in found.rows] == ["082", "第007号", 5, "1234", "金44", 8.5]


def test_days_numbers_and_errors_stand_as_they_are() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_datetime(
            1, 4, datetime(2020, 5, 29), book.add_format({"num_format": 'yyyy"年"m"月"d"日"'})
        )
        sheet.write_formula(2, 4, "=DATE(2020,5,29)", book.add_format({"num_format": "yyyy/m/d"}), 43980)
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")

    found = one(xlsx([HEAD, ROW[:4], ["083", "b", "甲", "主办"]], change=fill))
    assert [row.cells(found.mapping()).day("assigned_on") for row in found.rows] == [date(2020, 5, 29)] * 2
    assert found.rows[1].raw[2] == "#DIV/0!"
    assert found.notes == ("有的公式算出的是错误：C3（#DIV/0!）", "有2格是公式，读的是文件里存的值")


def test_a_formula_nobody_has_computed_is_named() -> None:
    book = Workbook()
    for row in (HEAD, ROW, ["083", "b", "甲", "主办", "=E2"], ["084", "b", "甲", "主办", "=E2+1"]):
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    with pytest.raises(
        SheetError, match="“Sheet”的E3、E4是公式，还没有算出值，请在Excel或WPS里打开、保存一次再导入"
    ):
        read(out.getvalue(), "表.xlsx")


def test_a_formula_that_gives_no_words_is_computed() -> None:
    def fill(book: Any, sheet: Any) -> None:
        sheet.write_formula(1, 5, '=""', None, "x")

    def empty(parts: dict[str, bytes]) -> None:
        parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"].replace(b"<v>x</v>", b"<v></v>")

    data = repacked(xlsx([[*HEAD, "备注"], ROW], change=fill), empty)
    assert cells(one(data))[0]["number"] == "082"


def test_an_old_book() -> None:
    """.xls: zeros by the format, merged and hidden cells as in .xlsx."""
    rows: list[list[Any]] = [
        ["交办表"],
        HEAD,
        [82, *ROW[1:4], 43980],
        ["083", "b", "甲", "主办", "2020.5.29"],
        ["084", "c", "", "主办", "2020529"],
    ]
    data = xls(
        rows,
        shown={(2, 0): "000", (2, 4): "yyyy-mm-dd"},
        merges=[(3, 4, 2, 2)],
        hidden_row=4,
        hidden_column=3,
    )
    found = one(data, "表.xls")
    assert (found.title, found.head_line, [row.line for row in found.rows]) == ("台账", 2, [3, 4, 5])
    assert [row.raw[0] for row in found.rows] == ["082", "083", "084"]
    assert [row.raw[2] for row in found.rows] == ["邱德海", "甲", "甲"]
    assert {row.cells(found.mapping()).day("assigned_on") for row in found.rows} == {date(2020, 5, 29)}
    assert found.notes == ("第5行是隐藏的，也读了", "D列是隐藏的，也读了")


def test_an_open_document() -> None:
    found = one(ods(["交办表"], HEAD, ROW), "表.ods")
    assert (found.title, cells(found)[0]["number"]) == ("台账", "082")


def test_an_open_document_with_spanned_and_hidden_cells_and_zeros() -> None:
    def cell(text: str, more: str = "") -> str:
        return f"<table:table-cell{more}><text:p>{text}</text:p></table:table-cell>"

    number, spanned = ' office:value-type="float" office:value="83"', ' table:number-rows-spanned="2"'
    first = (
        cell("083", number)
        + cell("乙", ' office:value-type="string"')
        + cell("某某", ' office:value-type="string"' + spanned)
    )
    second = (
        cell("084", ' office:value-type="string"')
        + cell("丙", ' office:value-type="string"')
        + "<table:covered-table-cell/>"
    )
    empty = '<table:table-row table:number-rows-repeated="1048500"><table:table-cell table:number-columns-repeated="16384"/></table:table-row>'
    rows = f'<table:table-row>{first}</table:table-row><table:table-row table:visibility="collapse">{second}</table:table-row>{empty}'
    found = one(ods(HEAD, ROW, more=rows), "表.ods")
    assert [row.raw[:3] for row in found.rows[1:]] == [("083", "乙", "某某"), ("084", "丙", "某某")]
    assert found.notes == ("第4行是隐藏的，也读了",)


def test_a_book_under_another_name_is_read_by_what_it_is() -> None:
    files = {
        "表.xlsx": xls([HEAD, ROW]),
        "表.xls": xlsx([HEAD, ROW]),
        "表.csv": ods(HEAD, ROW),
        "台账": xlsx([HEAD, ROW]),
    }
    for name, data in files.items():
        book = read(data, name)
        assert book.sheet().rows[0].raw[0] == "082"
        assert len(book.notes) == 1 and f"“{name}”的内容是" in book.notes[0] and "按内容读" in book.notes[0]
    assert read(xlsx([HEAD, ROW]), "表.XLSX").notes == ()
