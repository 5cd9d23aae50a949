"""导入交办表 (S1, R74): preview, errors in words, all or nothing, the same sheet twice."""

from __future__ import annotations

import io
from datetime import date
from functools import partial
from typing import Any

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.db import transaction

from huiyin.actions import Refused, amending, importing, previewing, proposing, registering, undoing
from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, Clock, Event, ImportBatch, Proposer, StoredFile, Suggestion, Unit
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.counting import miscounted
from huiyin.rules.vocabulary import Deed, ImportState, Kind, Part, RoundKind, Status
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


def test_rows_that_say_the_same_are_each_read_for_themselves(bureau: Bureau) -> None:
    """What stands alike in many rows is read once; what is wrong with one is said of each, and of no other."""
    wrong = {"协办单位": "市水务局", "内容分类": "水利"}
    rows: list[dict[str, Any]] = [
        {"建议编号": "001"}, {"建议编号": "002", **wrong}, {"建议编号": "？", **wrong}, {"建议编号": "004", "交办日期": True},
        {"建议编号": "005", "交办日期": 1}, {"建议编号": "006", "联名代表": ""},
    ]  # fmt: skip
    found = plan(bureau, xlsx(*(changed(**one) for one in rows)))
    units = ["没有名为“市水务局”的协办单位，请先由管理员登记", "没有名为“水利”的内容分类，请先由管理员登记"]
    assert [one.reasons for one in found[:3]] == [
        [],
        units,
        ["“？”不是编号，应写成 082、A20250015 的样子", *units],
    ]
    assert [one.reasons for one in found[3:]] == [
        ["交办日期“是”是时刻，不是日期"], ["交办日期“1”不是日期，应写成 2020-05-29（带年份）"], [],
    ]  # fmt: skip
    entries = [one.entry for one in found if one.entry]
    assert [(one.number, one.co_signers) for one in entries] == [("001", ("许桂兰", "刘发根")), ("006", ())]


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


def take(bureau: Bureau, *rows: list[Any], **options: Any) -> ImportBatch:
    batch = upload(bureau, xlsx(*rows))
    return importing.take_in(batch, **{"skip_wrong": False, "by": bureau.clerk, "at": AT, **options})


def test_a_changed_row_puts_the_registration_right(bureau: Bureau) -> None:
    take(bureau, ROW)
    rows = [changed(案由="另一个标题", 交办日期="2020-05-28", 联名代表="许桂兰", 建议内容="")]
    [one] = plan(bureau, xlsx(*rows))
    assert (one.state, one.reasons) == (ImportState.CHANGED, [])
    assert [(two.label, two.old, two.new) for two in one.changes] == [
        ("标题", "关于协调港口用地指标的建议", "另一个标题"),
        ("联名代表", "许桂兰、刘发根", "许桂兰"),
        ("交办日期", "2020年5月29日", "2020年5月28日"),
    ]  # the empty cell changes nothing
    due = Assignment.objects.get().due_on
    batch = take(bureau, *rows)
    item = Assignment.objects.get()
    assert (batch.created, batch.changed, item.suggestion.title) == (0, 1, "另一个标题")
    assert item.due_on is not None
    assert due is not None
    assert item.due_on < due
    assert item.suggestion.proposer_label == "邱德海等2人"
    event = item.events.get(deed=Deed.AMEND)
    assert "标题：关于协调港口用地指标的建议 → 另一个标题" in event.text
    assert take(bureau, *rows).unchanged == 1
    assert broken_links() == []
    assert miscounted(item) == []


def test_what_a_signed_reply_answers_is_not_changed(bureau: Bureau) -> None:
    item = bureau.delivered()
    row = changed(案由="另一个标题", 届次="五届五次", 联名代表="", 内容分类="", 协办单位="")
    [one] = plan(bureau, xlsx(row))
    assert one.state == ImportState.WRONG
    assert "标题、正文写在审签的答复里" in one.reasons[0]
    assert "签发" in one.reasons[0]
    with pytest.raises(Refused, match="写在审签的答复里"):
        amending.amend(item, {"title": "另一个标题"}, by=bureau.clerk, at=day("2020-08-01"))
    amending.amend(item, {"delegation": "章贡代表团"}, by=bureau.clerk, at=day("2020-08-01"))
    assert (
        Assignment.objects.get(pk=item.pk).suggestion.proposers.get(is_lead=True).delegation == "章贡代表团"
    )


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"part": Part.CO}, "协办件须写明主办单位"),
        ({"part": Part.INFO}, "不能互改"),
        ({"title": ""}, "缺少标题"),
        ({"co_signers": ("邱德海",)}, "有重名"),
        ({"number": "083"}, "已经登记过"),
    ],
)
def test_an_amendment_that_would_be_wrong_is_refused(
    bureau: Bureau, values: dict[str, Any], words: str
) -> None:
    item = bureau.register()
    bureau.register(number="083")
    with pytest.raises(Refused, match=words):
        amending.amend(item, values, by=bureau.clerk, at=AT)
    assert not item.events.filter(deed=Deed.AMEND).exists()


def test_the_names_of_who_asked_for_confidentiality_stay_out_of_the_journal(bureau: Bureau) -> None:
    item = bureau.register(confidential=True)
    amending.amend(item, {"lead": "邱德河", "delegation": "于都代表团"}, by=bureau.clerk, at=AT)
    event = item.events.get(deed=Deed.AMEND)
    assert "邱德" not in event.text + event.body
    assert "于都" not in event.text + event.body and "南康" not in event.text + event.body


def test_what_was_read_ahead_is_not_read_again(bureau: Bureau) -> None:
    file = xlsx(ROW)
    importing.read_ahead(file, by=bureau.clerk)
    [book] = previewing._last.values()
    upload(bureau, file)
    assert previewing._last.popitem()[1] is book
    importing.read_ahead(
        ContentFile(b"nothing", name="x.xlsx"), by=bureau.clerk
    )  # what is wrong `upload` says


@pytest.mark.parametrize("more", [{}, {"assigned_on": date(2020, 5, 28)}], ids=["alone", "with_a_day"])
def test_a_number_put_right_is_in_its_place_in_every_list(bureau: Bureau, more: dict[str, Any]) -> None:
    item = bureau.register(number="082")
    amending.amend(item, {"number": "金9号", **more}, by=bureau.clerk, at=AT)
    item.refresh_from_db()
    assert (item.number_key, miscounted(item)) == ("金00000009号", [])
    Assignment.objects.update(number_key="x")
    item.refresh_from_db()
    assert miscounted(item) == ["编号的排序键应为金00000009号，记为x"]


def test_a_handler_may_not_amend(bureau: Bureau) -> None:
    item = bureau.handling()
    with pytest.raises(Refused, match="须由专职人员、办公室主任办理"):
        amending.amend(item, {"delegation": "x"}, by=bureau.handler, at=AT)
    with pytest.raises(Refused):
        amending.amend(item, {"delegation": "x"}, by=bureau.stranger, at=AT)


def test_many_at_once_are_the_rows_that_one_by_one_gives(bureau: Bureau) -> None:
    """Each table, column by column; keys and digests apart, which must only hold together."""
    hollow = bureau.register(number="001", part=Part.INFO)
    entries = [
        bureau.entry(number=f"{n:03}", co_signers=("许桂兰", "刘发根")[: n % 3], part=part, lead_unit=lead, organ=organ,
                     fixed_due_on=due, six_months=n % 2 == 0, part_text="用地" if part == Part.SEPARATE else "",
                     second=second, kind=kind, co_units=units, confidential=n == 3)
        for n, (part, lead, organ, due, second, kind, units) in enumerate(
            [
                (Part.LEAD, None, bureau.organ, None, False, Kind.SUGGESTION, tuple(Unit.objects.filter(hosted=False))),
                (Part.CO, bureau.organ, None, None, False, Kind.SUGGESTION, ()),
                (Part.SEPARATE, None, bureau.organ, date(2020, 7, 1), False, Kind.PROPOSAL, ()),
                (Part.INFO, None, bureau.organ, None, False, Kind.SUGGESTION, ()),
                (Part.LEAD, None, bureau.organ, None, True, Kind.SUGGESTION, ()),
                (Part.SOLE, None, bureau.organ, date(2020, 6, 20), False, Kind.PROPOSAL, ()),
            ], 2)
    ]  # fmt: skip
    assert hollow
    found = []
    for together in (False, True):
        with transaction.atomic():
            if together:
                registering.register_all(entries, meeting=bureau.meeting, by=bureau.clerk, at=AT)
            else:
                for entry in entries:
                    registering.register(entry, meeting=bureau.meeting, by=bureau.clerk, at=AT)
            found.append([_rows(model) for model in (Suggestion, Proposer, Assignment, Clock, Event)])
            assert broken_links() == []
            assert [miscounted(item) for item in Assignment.objects.all()] == [[]] * 7
            transaction.set_rollback(True)
    for one, two in zip(*found, strict=True):
        assert sorted(one) == sorted(two)


KEYS = {"id", "suggestion_id", "assignment_id", "stream", "body", "digest", "head", "previous_id", "seq"}


def _rows(model: type[Any]) -> list[str]:
    owner = "suggestion__number" if model in (Proposer, Assignment) else "assignment__suggestion__number"
    names = [f.attname for f in model._meta.concrete_fields if f.attname not in KEYS]
    extra = [owner] if model is not Suggestion else []
    return [str(row) for row in model.objects.values_list(*names, *extra)]


def test_an_import_is_undone_as_a_whole(bureau: Bureau) -> None:
    take(bureau, ROW)
    batch = take(bureau, changed(案由="另一个标题"), changed(建议编号="083"))
    assert (batch.created, batch.changed) == (1, 1)
    undone = undoing.undo(batch, by=bureau.director, at=day("2020-06-02"))
    assert undone.undone_by == bureau.director
    assert [one.suggestion.title for one in items_for(actor_of(bureau.clerk, AT.date()))] == [ROW[1]]
    assert Assignment.objects.get(suggestion__number="083").status == Status.REVOKED
    assert not Clock.objects.filter(assignment__suggestion__number="083", stopped_on=None).exists()
    assert take(bureau, changed(建议编号="083")).created == 1  # its number is free
    with pytest.raises(Refused, match="已经撤销过"):
        undoing.undo(batch, by=bureau.clerk, at=day("2020-06-02"))
    assert broken_links() == []


def test_what_was_handled_since_hinders_the_undoing_and_is_named(bureau: Bureau) -> None:
    batch = take(bureau, ROW, changed(建议编号="083"))
    proposing.propose(
        Assignment.objects.get(suggestion__number="083"), bureau.proposal(), by=bureau.clerk, at=AT
    )
    with pytest.raises(Refused) as refusal:
        undoing.undo(batch, by=bureau.clerk, at=AT)
    assert refusal.value.reasons == ["第083号导入以后已经办理过（提出拟办意见）"]
    assert not Assignment.objects.filter(status=Status.REVOKED).exists()


def test_what_was_amended_since_is_not_put_back(bureau: Bureau) -> None:
    take(bureau, ROW)
    batch = take(bureau, changed(案由="另一个标题"))
    item = Assignment.objects.get()
    amending.amend(item, {"title": "第三个标题"}, by=bureau.clerk, at=AT)
    with pytest.raises(Refused, match="第082号的标题导入以后又改过"):
        undoing.undo(batch, by=bureau.clerk, at=AT)


@pytest.mark.parametrize("who", ["handler", "stranger", "chief", "admin"])
def test_only_the_office_takes_in_and_undoes(bureau: Bureau, who: str) -> None:
    batch, by = upload(bureau, xlsx(ROW)), bureau.people[who]
    with pytest.raises(Refused):
        importing.take_in(batch, skip_wrong=False, by=by, at=AT)
    done = importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    with pytest.raises(Refused):
        undoing.undo(done, by=by, at=AT)


def test_a_preview_that_no_longer_holds_is_told(bureau: Bureau) -> None:
    batch = upload(bureau, xlsx(ROW))
    digest = importing.seen(importing.plans(batch, on=AT.date()))
    bureau.register()
    with pytest.raises(Refused, match="预览以后"):
        importing.take_in(batch, skip_wrong=False, expected=digest, by=bureau.clerk, at=AT)


def test_columns_are_matched_once_and_remembered(bureau: Bureau) -> None:
    head = [{"建议编号": "甲栏", "案由": "乙栏"}.get(one, one) for one in HEAD]
    file = partial(xlsx, ROW, head=head)
    batch = upload(bureau, file())
    with pytest.raises(Refused, match="表头缺少：编号、标题"):
        importing.plans(batch, on=AT.date())
    keys = dict(enumerate(["number", "title", "lead", "co_signers", "delegation", "category", "part"]))
    match = partial(importing.match_columns, batch, sheet=batch.sheet, by=bureau.clerk, at=AT)
    with pytest.raises(Refused, match="“甲栏”、“乙栏”都选了编号"):
        match(keys={**keys, 1: "number"}, every={})
    match(keys=keys, every={"assigned_on": "2020-05-29"})
    batch.refresh_from_db()
    [one] = importing.plans(batch, on=AT.date())
    assert (one.number, one.title, one.reasons) == ("082", ROW[1], ["缺少正文（或者上传原件）"])
    again = upload(bureau, file())
    found = importing.columns(again, importing.book_of(again).sheet(again.sheet))
    assert [found.get(0), found.get(1), found.get(11)] == ["number", "title", None]


def test_two_clerks_take_one_batch_once(bureau: Bureau) -> None:
    batch = upload(bureau, xlsx(ROW))
    same = ImportBatch.objects.get(pk=batch.pk)
    importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    with pytest.raises(Refused, match="已经导入过"):
        importing.take_in(same, skip_wrong=False, by=bureau.director, at=AT)
    assert Assignment.objects.count() == 1


def test_letters_uploaded_together_are_one_batch(bureau: Bureau) -> None:
    files = [ContentFile(b"PK", name="1.docx"), ContentFile(b"PK", name="2.doc")]
    [one] = importing.packed(files)
    assert str(one.name).endswith(".zip")
    assert len(importing.packed([*files, ContentFile(b"", name="表.xlsx")])) == 3


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

    def dies(*_: Any, **__: Any) -> None:
        assert Suggestion.objects.count() == 5
        raise RuntimeError("power cut")

    monkeypatch.setattr(importing, "insert", dies)
    with pytest.raises(RuntimeError):
        importing.take_in(batch, skip_wrong=False, by=bureau.clerk, at=AT)
    assert not Suggestion.objects.exists()
    assert broken_links() == []


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"建议编号": "9" * 40}, "太长，最多30个字"),
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
