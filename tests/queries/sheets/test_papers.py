"""Word文件 (R74): the tables of a .docx, and suggestion letters, one or a folder of them."""

from __future__ import annotations

import pytest

from huiyin.queries.sheets import SheetError, read, read_letters
from tests.queries.sheets.building import HEAD, ROW, docx, packed, repacked, text, xlsx

OTHER = ["083", "关于加强基层治理的建议", "某某", "协办", "2020-05-29"]


def test_a_table_in_a_paper() -> None:
    book = read(docx("关于交办建议的通知", "各单位：" + "请认真办理。" * 20, "附件1 任务分解表", [HEAD, ROW, OTHER], "2020年5月29日"), "通知.docx")  # fmt: skip
    found = book.sheet()
    assert (found.title, found.head_line, [row.raw for row in found.rows]) == ("附件1 任务分解表", 1, [tuple(ROW), tuple(OTHER)])  # fmt: skip


def test_a_table_that_goes_on_over_the_page() -> None:
    """With its heads again, and without them."""
    found = read(docx("任务分解表", [HEAD, ROW], "", [HEAD, OTHER], "", [["084", *ROW[1:]]]), "表.docx")
    assert len(found.sheets) == 1
    assert [row.raw[0] for row in found.sheet().rows] == ["082", "083", "084"]
    assert found.sheet().notes == ("重复的表头没有读：第3行“编号”",)


def test_other_tables_are_not_joined_but_offered() -> None:
    book = read(docx("主办件", [HEAD, ROW], "协办件", [[*HEAD, "备注"], [*OTHER, "无"]], "通讯录", [["姓名", "电话", "单位"], ["甲", "1", "乙"]]), "表.docx")  # fmt: skip
    assert [one.title for one in book.sheets] == ["主办件", "协办件", "通讯录"]
    assert "文件里有3张表：主办件、协办件、通讯录；一次读一张" in book.notes
    assert book.sheet().title == "主办件"


def test_merged_cells_and_two_rows_of_heads_in_a_paper() -> None:
    rows = [
        ["编号", "标题", "评价", ""],
        ["", "", "态度", "结果"],
        ["082", "甲", "满意", "满意"],
        ["083", "乙", "", "不满意"],
    ]
    merged = [((0, 0), (1, 0)), ((0, 1), (1, 1)), ((0, 2), (0, 3)), ((2, 2), (3, 2))]
    found = read(docx(rows, merged=merged), "表.docx").sheet()
    assert [one.key for one in found.headings] == ["number", "title", "attitude", "rating"]
    assert [row.raw for row in found.rows] == [("082", "甲", "满意", "满意"), ("083", "乙", "满意", "不满意")]


def test_changes_are_read_as_accepted() -> None:
    def track(parts: dict[str, bytes]) -> None:
        old = "<w:r><w:t>邱德海</w:t></w:r>".encode()
        new = '<w:del w:id="1"><w:r><w:delText>旧人</w:delText></w:r></w:del><w:ins w:id="2"><w:r><w:t>邱德海</w:t></w:r></w:ins>'.encode()
        assert old in parts["word/document.xml"]
        parts["word/document.xml"] = parts["word/document.xml"].replace(old, new)

    assert read(repacked(docx([HEAD, ROW]), track), "表.docx").sheet().rows[0].raw == tuple(ROW)


def test_a_paper_called_a_workbook() -> None:
    book = read(docx([HEAD, ROW]), "表.xlsx")
    assert book.sheet().rows[0].raw == tuple(ROW) and book.notes == ("“表.xlsx”的内容是.docx，按内容读",)


def test_a_table_that_is_neither_is_offered_to_be_matched() -> None:
    found = read(docx([["甲列", "乙列", "丙列"], ["1", "2", "3"]]), "表.docx").sheet()
    assert [one.key for one in found.headings] == [None, None, None]
    rows = [["编号", "领衔代表", "摘要"], ["1", "甲", "关于修路的建议"], ["2", "乙", "关于修桥的建议"]]
    assert [row.raw[0] for row in read(docx(rows), "表.docx").sheet().rows] == ["1", "2"]


# 建议原件

BODY = ["一、基本情况。我市港口用地指标不足，影响项目落地。", "二、建议统筹用地计划指标，开辟绿色通道。"]
LINES = [
    "赣州市第五届人民代表大会第五次会议", "代表建议、批评和意见", "第082号", "关于协调港口用地指标的建议",
    "领衔代表：邱德海（南康代表团）    联系电话：13800000000", "联名代表：许桂兰、刘发根", *BODY,
    "建议主办单位：市自然资源局    协办单位：南康区政府",
]  # fmt: skip
FORM = [
    ["市五届人大五次会议代表建议纸"] * 4,
    ["编　号", "第083号", "类　别", "用地保障"],
    ["案由", "关于加强基层治理的建议", "关于加强基层治理的建议", "关于加强基层治理的建议"],
    ["提出代表", "某某", "代 表 团", "章贡代表团"],
    ["附议代表", "甲、乙", "联系电话", "0797-8000001"],
    ["建议内容"] * 4,
    ["\n".join(BODY)] * 4,
    ["主办单位", "市民政局", "会办单位", "市财政局、市司法局"],
]
SAID = {
    "number": "082", "session": "赣州市第五届人民代表大会第五次会议", "title": "关于协调港口用地指标的建议", "lead": "邱德海",
    "co_signers": "许桂兰、刘发根", "lead_phone": "13800000000", "delegation": "南康代表团", "lead_unit": "市自然资源局",
    "co_units": "南康区政府", "text": "\n".join(BODY),
}  # fmt: skip


def merged_form() -> bytes:
    return docx(FORM, merged=[((0, 0), (0, 3)), ((2, 1), (2, 3)), ((5, 0), (5, 3)), ((6, 0), (6, 3))])


def test_a_letter_of_lines() -> None:
    found = read(docx(*LINES), "082.docx").sheet()
    assert found.title == "建议原件" and found.rows[0].cells(found.mapping()) == SAID


def test_a_letter_on_a_form() -> None:
    found = read(merged_form(), "083.docx").sheet()  # its rows are no ledger's
    assert found.rows[0].cells(found.mapping()) == {
        "number": "083", "session": "市五届人大五次会议", "title": "关于加强基层治理的建议", "lead": "某某", "co_signers": "甲、乙",
        "lead_phone": "0797-8000001", "delegation": "章贡代表团", "category": "用地保障", "lead_unit": "市民政局",
        "co_units": "市财政局、市司法局", "text": "\n".join(BODY),
    }  # fmt: skip


def test_a_proposal() -> None:
    lines = [
        "政协赣州市第五届委员会第五次会议",
        "提案号：金44号",
        "案由：关于保护古树的提案",
        "第一提案人：张三  界别：农业界",
        "附议人：李四",
        "内容：古树需要保护。\n办法：立法。",
    ]
    found = read_letters({"a.docx": docx(*lines)}).sheet()
    said = found.rows[0].cells(found.mapping())
    assert (said["number"], said["kind"], said["lead"], said["delegation"], said["co_signers"]) == ("金44", "提案", "张三", "农业界", "李四")  # fmt: skip
    assert said["text"].startswith("古树需要保护。")


def test_letters_as_people_write_them() -> None:
    """A title on two lines, a delegation beside the name, a text of several paragraphs, the units in the organ's words."""
    body = ["近年来停车难问题日益突出，群众反映强烈。", "理由：车位不足。", "办法：尽快新建公共停车场。"]
    split = docx(
        "章贡区第六届人大第三次会议",
        "关于在老城区新建",
        "公共停车场的建议",
        "建议人：王小明  城东代表团  电话：13900000000",
        *body,
    )
    told = docx(
        "案由：关于停车的建议",
        "提出人：王小明、李华等12人",
        "内容：" + body[0],
        *body[1:],
        "主办单位：区住建局",
    )
    form = docx(
        [
            ["标题", "关于停车的建议"],
            ["领衔代表", "王小明"],
            ["内容", "\n".join(body)],
            ["交办意见", "主办：区住建局\n会办：区城管局"],
        ]
    )
    book = read_letters({"1.docx": split, "2.docx": told, "3.docx": form})
    said = [row.cells(book.sheet().mapping()) for row in book.sheet().rows]
    assert {one["text"] for one in said} == {"\n".join(body)}
    assert said[0]["title"] == "关于在老城区新建公共停车场的建议"
    assert (said[0]["lead"], said[0]["delegation"], said[0]["lead_phone"]) == (
        "王小明",
        "城东代表团",
        "13900000000",
    )
    assert (said[1]["lead"], said[1]["co_signers"], said[1]["lead_unit"]) == ("王小明", "李华", "区住建局")
    assert (said[2]["lead_unit"], said[2]["co_units"]) == ("区住建局", "区城管局")


def test_a_folder_of_letters() -> None:
    other = docx("关于修路的建议", "请修路，越快越好，群众盼望已久。")
    files = {"原件/082.docx": docx(*LINES), "原件/083.docx": merged_form(), "原件/说明.txt": b"x", "__MACOSX/._082.docx": b"x",
             "原件/~$082.docx": b"x", "原件/坏.docx": b"PK\x03\x04x", "原件/旧.doc": b"x", "原件/第9号 修路.docx": other}  # fmt: skip
    book = read(packed(files), "建议.zip")
    assert [row.raw[0] for row in book.sheet().rows] == ["082.docx", "083.docx", "第9号 修路.docx"]
    assert book.sheet().rows[2].cells(book.sheet().mapping()) == {"number": "9", "title": "关于修路的建议", "text": "请修路，越快越好，群众盼望已久。"}  # fmt: skip
    assert list(book.notes) == [
        "“说明.txt”不是 .docx 文件，没有读", "“旧.doc”不是 .docx 文件，没有读",
        "没有读：“坏.docx”打不开，可能不是有效的表格文件或已损坏", "“第9号 修路.docx”没有找到领衔代表",
    ]  # fmt: skip


def test_letters_that_are_much_together_are_read_in_several_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.queries.sheets.archive.UNPACKED", 2**21)
    one = docx("关于修路的建议", "请修路，越快越好，群众盼望已久。")
    assert read_letters({"a.docx": one}).sheet().rows
    with pytest.raises(SheetError, match="这些建议原件的文字合起来超过"):
        read_letters({f"{n}.docx": one for n in range(20)})


def test_names_that_an_old_packer_wrote_in_gbk() -> None:
    data = packed({"ABCDEFGH.docx": docx(*LINES)}).replace(b"ABCDEFGH", "第82号、".encode("gbk"))
    assert read(data, "建议.zip").sheet().rows[0].raw[0] == "第82号、.docx"


@pytest.mark.parametrize("letters", [{"a.docx": docx("今天天气很好。")}, {"a.docx": b""}, {"a.docx": xlsx([HEAD, ROW])}, {"a.docx": text(HEAD)}, {}])  # fmt: skip
def test_what_is_no_letter(letters: dict[str, bytes]) -> None:
    with pytest.raises(SheetError):
        read_letters(letters)
