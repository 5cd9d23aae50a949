"""导入交办表 (S1, R74): preview, errors in words, all or nothing, the same sheet twice."""

from __future__ import annotations

import io
from typing import Any

import pytest
import xlsxwriter
from django.core.files.base import ContentFile

from huiyin.actions import Refused, importing, registering
from huiyin.models import Assignment, ImportBatch, StoredFile, Suggestion
from huiyin.rules.vocabulary import Part, RoundKind
from tests.conftest import Bureau, day

HEAD = [
    "建议编号",
    "案由",
    "领衔代表",
    "联名代表",
    "代表团",
    "内容分类",
    "办理方式",
    "主办单位",
    "协办单位",
    "届次",
    "交办日期",
    "建议内容",
]
ROW = [
    "082",
    "关于协调港口用地指标的建议",
    "邱德海",
    "许桂兰、刘发根",
    "南康代表团",
    "用地保障",
    "主办",
    "",
    "南康区政府",
    "",
    "2020年5月29日",
    "正文",
]
AT = day("2020-06-01")


def xlsx(*rows: list[Any], head: list[str] = HEAD, above: int = 2) -> ContentFile[bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("交办表")
        if above:
            sheet.write_string(0, 0, "市五届人大五次会议代表建议交办表")
        for line, row in enumerate([head, *rows], above):
            for place, value in enumerate(row):
                sheet.write(line, place, value)
    return ContentFile(out.getvalue(), name="交办表.xlsx")


def upload(bureau: Bureau, file: ContentFile[bytes]) -> ImportBatch:
    return importing.upload(file, meeting=bureau.meeting, organ=bureau.organ, by=bureau.clerk, at=AT)


def plan(bureau: Bureau, file: ContentFile[bytes]) -> list[importing.Plan]:
    return importing.plans(upload(bureau, file), on=AT.date())


def changed(**cells: Any) -> list[Any]:
    names = dict(zip(HEAD, ROW, strict=True))
    return list({**names, **cells}.values())


def test_a_sheet_becomes_items_with_people_and_units(bureau: Bureau) -> None:
    batch = importing.take_in(upload(bureau, xlsx(ROW)), skip_wrong=False, by=bureau.clerk, at=AT)
    item = Assignment.objects.get()
    assert (batch.created, batch.unchanged, batch.skipped) == (1, 0, 0)
    assert (item.suggestion.number, item.part, item.organ) == ("082", Part.LEAD, bureau.organ)
    assert item.suggestion.proposer_label == "邱德海等3人"
    assert [unit.short_name for unit in item.named_co_units.all()] == ["南康区政府"]


def test_the_same_sheet_twice_changes_nothing(bureau: Bureau) -> None:
    importing.take_in(upload(bureau, xlsx(ROW)), skip_wrong=False, by=bureau.clerk, at=AT)
    again = importing.take_in(upload(bureau, xlsx(ROW)), skip_wrong=False, by=bureau.clerk, at=AT)
    assert (again.created, again.unchanged) == (0, 1)
    assert Suggestion.objects.count() == 1


def test_the_same_batch_is_taken_once(bureau: Bureau) -> None:
    batch = upload(bureau, xlsx(ROW))
    importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    with pytest.raises(Refused) as refusal:
        importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    assert "已经导入过" in str(refusal.value)


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"案由": ""}, "缺少标题"),
        ({"办理方式": "承办"}, "办理方式“承办”不在可用的词里"),
        ({"交办日期": "9月31日"}, "“9月31日”不是日期"),
        ({"交办日期": ""}, "缺少交办日期"),
        ({"协办单位": "市水务局"}, "没有名为“市水务局”的协办单位"),
        ({"内容分类": "水利"}, "没有名为“水利”的内容分类"),
        ({"届次": "三届二次"}, "没有名为“三届二次”的届次"),
        ({"办理方式": "协办"}, "协办件须写明主办单位"),
        ({"联名代表": "邱德海"}, "有重名"),
    ],
)
def test_a_wrong_row_says_what_is_wrong(bureau: Bureau, cells: dict[str, Any], words: str) -> None:
    (one,) = plan(bureau, xlsx(changed(**cells)))
    assert words in "；".join(one.reasons)
    assert one.line == 4


def test_one_wrong_row_keeps_all_out_unless_skipped(bureau: Bureau) -> None:
    batch = upload(bureau, xlsx(ROW, changed(建议编号="083", 案由="")))
    with pytest.raises(Refused) as refusal:
        importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    assert "有1行有误，一行也没有导入" in str(refusal.value)
    assert not Suggestion.objects.exists()
    batch = importing.take_in(batch, skip_wrong=True, by=bureau.clerk, at=AT)
    assert (batch.created, batch.skipped) == (1, 1)


def test_two_rows_with_one_number_are_told(bureau: Bureau) -> None:
    plans = plan(bureau, xlsx(ROW, ROW))
    assert plans[1].reasons == ["与第4行编号重复"]


def test_a_changed_title_never_overwrites_what_is_registered(bureau: Bureau) -> None:
    importing.take_in(upload(bureau, xlsx(ROW)), skip_wrong=False, by=bureau.clerk, at=AT)
    (one,) = plan(bureau, xlsx(changed(案由="另一个标题")))
    assert "导入不改动已登记的件" in one.reasons[0]


def test_a_second_handling_without_an_earlier_round_is_still_one(bureau: Bureau) -> None:
    importing.take_in(
        upload(bureau, xlsx(changed(办理方式="二次办理", 届次="五届四次"))),
        skip_wrong=False,
        by=bureau.clerk,
        at=AT,
    )
    item = Assignment.objects.get()
    assert (item.round, item.round_kind, item.suggestion.meeting, item.meeting) == (
        2, RoundKind.SECOND, bureau.earlier, bureau.meeting,
    )  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_in_the_usual_encodings(bureau: Bureau, encoding: str) -> None:
    text = ",".join(HEAD) + "\n" + ",".join(ROW) + "\n"
    (one,) = plan(bureau, ContentFile(text.encode(encoding), name="交办表.csv"))
    assert (one.number, one.reasons) == ("082", [])


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (ContentFile(b"%PDF-1.4", name="表.pdf"), "不是 .xlsx、.xls 或 .csv 表格"),
        (ContentFile(b"PK\x03\x04broken", name="表.xlsx"), "可能不是有效的表格文件或已损坏"),
        (ContentFile(b"\xff\xff\x81", name="表.csv"), "文字编码认不出来"),
        (ContentFile("甲,乙\n1,2\n".encode(), name="表.csv"), "没有找到表头"),
        (ContentFile("编号,标题\n001,x\n".encode(), name="表.csv"), "表头缺少：领衔代表、办理方式、交办日期"),
        (
            ContentFile(
                "编号,标题,标题,领衔代表,办理方式,交办日期\n1,甲,乙,丙,主办,2020-05-29".encode(),
                name="表.csv",
            ),
            "表头重复：“标题”",
        ),
        (ContentFile("编号,标题,领衔代表,办理方式,交办日期\n".encode(), name="表.csv"), "表头下面没有内容"),
    ],
)
def test_what_is_no_sheet_is_refused_and_nothing_stays(
    bureau: Bureau, file: ContentFile[bytes], words: str
) -> None:
    with pytest.raises(Refused) as refusal:
        upload(bureau, file)
    assert words in str(refusal.value)
    assert not ImportBatch.objects.exists()
    assert not StoredFile.objects.exists()


def test_a_handler_may_not_import(bureau: Bureau) -> None:
    with pytest.raises(Refused):
        importing.upload(xlsx(ROW), meeting=bureau.meeting, organ=None, by=bureau.handler, at=AT)


def test_an_import_that_dies_half_way_leaves_nothing(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    batch = upload(bureau, xlsx(*(changed(建议编号=f"{n:03}") for n in range(1, 6))))
    real, calls = registering.register, []

    def dies(*args: Any, **kwargs: Any) -> Assignment:
        calls.append(1)
        if len(calls) == 4:
            raise RuntimeError("power cut")
        return real(*args, **kwargs)

    monkeypatch.setattr(importing, "register", dies)
    with pytest.raises(RuntimeError):
        importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    assert not Suggestion.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"建议编号": "9" * 40}, "编号有40个字，最多30个"),
        ({"案由": "长" * 300}, "标题有300个字，最多200个"),
        ({"领衔代表": "某" * 60}, "姓名有60个字，最多40个"),
        ({"交办日期": "0001-01-01"}, "不能早于2000年1月1日"),
    ],
)
def test_what_would_not_fit_is_said_before_it_is_stored(
    bureau: Bureau, change: dict[str, str], words: str
) -> None:
    [plan] = importing.plans(upload(bureau, xlsx(changed(**change))), on=AT.date())
    assert words in "；".join(plan.reasons)


def test_a_csv_of_an_old_macintosh_is_read(bureau: Bureau) -> None:
    data = "编号,标题,领衔代表,办理方式,交办日期,正文\r001,关于测试的建议,邱德海,主办,2020-05-29,正文\r"
    [plan] = importing.plans(upload(bureau, ContentFile(data.encode(), name="表.csv")), on=AT.date())
    assert plan.number == "001"


def test_a_cell_too_large_is_a_sentence(bureau: Bureau) -> None:
    data = f"编号,标题,领衔代表,办理方式,交办日期,正文\n001,标题,邱德海,主办,2020-05-29,{'长' * 140_000}\n"
    with pytest.raises(Refused, match=r"另存为 \.xlsx"):
        upload(bureau, ContentFile(data.encode(), name="表.csv"))


def test_a_number_that_only_shows_its_zeros_keeps_them(bureau: Bureau) -> None:
    """The cell holds 82; its format 000 shows 082, and that is the item's number."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("交办表")
        zeros = book.add_format({"num_format": "000"})
        for place, (heading, value) in enumerate(zip(HEAD, ROW, strict=True)):
            sheet.write_string(2, place, heading)
            sheet.write_string(3, place, value)
            sheet.write_string(4, place, value)
        place = HEAD.index("建议编号")
        sheet.write_number(3, place, 82, zeros)
        sheet.write_number(4, place, 83)
    batch = upload(bureau, ContentFile(out.getvalue(), name="交办表.xlsx"))
    assert [plan.number for plan in importing.plans(batch, on=AT.date())] == ["082", "83"]
