"""转入往年台账 (R74): old rows become real ones; what cannot be matched stays in words; figures and verify hold."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from huiyin.actions import Refused, amending, importing, registering, undoing
from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, Clock, Heading, ImportBatch, Reply
from huiyin.queries.actors import actor_of
from huiyin.queries.counting import miscounted
from huiyin.queries.figures import Scope, counted_items
from huiyin.rules.vocabulary import (
    CommitmentState,
    EntryMode,
    ImportState,
    Part,
    Rating,
    Status,
    VersionOrigin,
)
from tests.conftest import Bureau, day

AT = day("2020-06-01")
HEAD = (  # noqa: SIM905 - a line that can be read
    "编号 标题 领衔代表 代表团 办理方式 主办单位 协办单位 承办科室 承办人 交办日期 办理时限 答复日期 答复文号 签发人 解决程度 现类别 "
    "结果评价 态度评价 评价日期 首次沟通日期 首次沟通方式 送达日期 承诺事项 承诺时限 落实状态 备注"
).split()
ROW = dict(zip(HEAD, [
    "068", "关于保护章江湿地的建议", "王小明", "章贡代表团", "主办", "", "", "用途管制科", "谢文斌", "2019年4月8日",
    "2019-07-08", "2019-07-12", "赣市自然资函〔2019〕31号", "陈永明", "B类", "", "满意", "满意", "2019.8.2", "2019-05-06", "座谈",
    "2019-07-15", "完成湿地勘界", "2020-12-31", "推进中", "市领导批示",
], strict=True))  # fmt: skip


def row(**cells: str) -> dict[str, str]:
    assert set(cells) <= set(HEAD)
    return {**ROW, **cells}


def upload(bureau: Bureau, *rows: dict[str, str], history: bool = True) -> ImportBatch:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        sheet = book.add_worksheet("2019年台账")
        for line, values in enumerate([HEAD, *(list(one.values()) for one in rows)]):
            for place, value in enumerate(values):
                sheet.write_string(line, place, value)
    file = ContentFile(out.getvalue(), name="台账.xlsx")
    return importing.upload(
        file, meeting=bureau.earlier, organ=bureau.organ, history=history, by=bureau.clerk, at=AT
    )


def carry(bureau: Bureau, *rows: dict[str, str]) -> list[Assignment]:
    importing.take_in(upload(bureau, *rows), skip_wrong=False, by=bureau.clerk, at=AT)
    return list(Assignment.objects.order_by("pk"))


def plan(bureau: Bureau, **cells: str) -> importing.Plan:
    [one] = importing.plans(upload(bureau, row(**cells)), on=AT.date())
    return one


def test_an_old_row_becomes_an_item_with_all_its_rows(bureau: Bureau) -> None:
    [item] = carry(bureau, row())
    assert (item.status, item.meeting, item.section, item.handler) == (
        Status.TRACKING, bureau.earlier, bureau.section, bureau.handler,
    )  # fmt: skip
    reply = item.reply
    assert reply is not None
    assert (reply.number, reply.signed_on, reply.signatory) == (
        ROW["答复文号"],
        date(2019, 7, 12),
        bureau.chief,
    )
    assert (reply.version.origin, reply.version.outcome_class) == (VersionOrigin.LEDGER, "B")
    assert "纸质档案" in reply.version.body
    [rated] = item.evaluations.all()
    assert (rated.mode, rated.outcome, rated.on) == (EntryMode.LEDGER, Rating.SATISFIED, date(2019, 8, 2))
    [promise] = item.commitments.all()
    assert (promise.content, promise.state, promise.due_on) == (
        "完成湿地勘界", CommitmentState.UNDERWAY, date(2020, 12, 31),
    )  # fmt: skip
    assert [one.due_on for one in Clock.objects.filter(assignment=item, stopped_on=None)] == [promise.due_on]
    assert (item.late, item.due_on, item.contacted_on, item.met_on, item.delivered_on) == (
        True, date(2019, 7, 8), date(2019, 5, 6), date(2019, 5, 6), date(2019, 7, 15),
    )  # fmt: skip
    assert item.note == "市领导批示"
    assert broken_links() == []
    assert miscounted(item) == []
    call_command("verify")


def test_who_is_not_known_stays_in_words_and_is_told(bureau: Bureau) -> None:
    one = plan(bureau, 承办科室="耕保科", 承办人="张三", 协办单位="市水务局")
    assert one.state == ImportState.NEW
    told = "；".join(one.notes)
    for words in (
        "台账所载承办科室“耕保科”没有对应",
        "承办人“张三”",
        "协办单位“市水务局”没有登记",
        "承诺事项没有列出",
    ):
        assert words in told
    [item] = carry(bureau, row(承办科室="耕保科", 承办人="张三", 签发人="老局长"))
    assert (item.status, item.section, item.handler) == (Status.CLOSED, None, None)
    assert item.reply is not None
    assert item.reply.signed_by == "老局长"
    assert "承办人“张三”没有对应" in item.events.get().text


@pytest.mark.parametrize(
    ("cells", "words"),
    [
        ({"答复日期": ""}, "缺少答复日期"),
        ({"答复日期": "2019-04-01"}, "早于交办日期"),
        ({"答复日期": "2029-04-01"}, "晚于今天"),
        ({"评价日期": "2019-07-01"}, "评价日期2019年7月1日早于答复日期"),
        ({"解决程度": "很好"}, "不是解决程度"),
        ({"结果评价": "还行"}, "结果评价“还行”不在可用的词里"),
        ({"办理方式": "协办"}, "协办件须写明主办单位"),
        ({"领衔代表": ""}, "缺少领衔代表"),
        ({"交办日期": "9月31日"}, "交办日期"),
    ],
)
def test_a_wrong_old_row_says_why(bureau: Bureau, cells: dict[str, str], words: str) -> None:
    one = plan(bureau, **cells)
    assert one.state == ImportState.WRONG
    assert words in "；".join(one.reasons)


def test_a_document_number_serves_one_item(bureau: Bureau) -> None:
    plans = importing.plans(upload(bureau, row(), row(编号="069")), on=AT.date())
    assert plans[1].reasons == [f"答复文号“{ROW['答复文号']}”已用于别的件"]


def test_dissatisfied_and_turned_and_co_handled(bureau: Bureau) -> None:
    first, second, third = carry(
        bureau,
        row(编号="1", 答复文号="", 结果评价="不满意", 承诺事项="", 承诺时限="", 落实状态=""),
        row(编号="2", 答复文号="", 现类别="A", 落实状态="已落实"),
        row(
            编号="3",
            答复文号="",
            办理方式="会办",
            主办单位="市发展改革委",
            解决程度="",
            结果评价="",
            态度评价="",
            评价日期="",
        ),
    )
    assert (first.status, first.outcome_satisfied) == (Status.CLOSED, False)
    assert "没有载明原因" in first.evaluations.get().reason
    assert (second.reply_class, second.class_now, second.solved, second.promises_kept) == ("B", "A", True, 1)
    assert (third.part, third.lead_unit and third.lead_unit.short_name) == (Part.CO, "市发展改革委")
    assert all(miscounted(one) == [] for one in (first, second, third))


def test_the_same_ledger_twice_changes_nothing(bureau: Bureau) -> None:
    carry(bureau, row(), row(编号="069", 答复文号=""))
    batch = importing.take_in(
        upload(bureau, row(), row(编号="069", 答复文号="")), skip_wrong=False, by=bureau.clerk, at=AT
    )
    assert (batch.created, batch.changed, batch.unchanged) == (0, 0, 2)
    other = plan(bureau, 答复日期="2019-07-13", 标题="关于保护章江湿地公园的建议")
    assert [one.label for one in other.changes] == ["标题"]
    assert "导入不改动答复" in other.reasons[0]


def test_an_item_carried_in_is_put_right_and_taken_up_again(bureau: Bureau) -> None:
    [item] = carry(bureau, row())
    amending.amend(
        item, {"title": "关于保护章江湿地公园的建议", "assigned_on": date(2019, 4, 9)}, by=bureau.clerk, at=AT
    )
    item.refresh_from_db()
    assert (item.assigned_on, miscounted(item)) == (date(2019, 4, 9), [])
    entry = bureau.entry(meeting=bureau.earlier, number="068", lead="王小明", second=True)
    again = registering.register(entry, meeting=bureau.meeting, by=bureau.clerk, at=AT)
    assert (again.previous, again.round) == (item, 2)
    item.refresh_from_db()
    assert item.status == Status.SUPERSEDED


def test_an_old_ledger_is_taken_back_and_may_come_again(bureau: Bureau) -> None:
    carry(bureau, row())
    batch = ImportBatch.objects.get()
    undoing.undo(batch, by=bureau.clerk, at=AT)
    assert not Clock.objects.filter(stopped_on=None).exists()
    assert not Reply.objects.exclude(number="").exists()
    assert broken_links() == []
    assert [miscounted(one) for one in Assignment.objects.all()] == [[]]
    items = carry(bureau, row())
    assert len(items) == 2
    scope = Scope(bureau.earlier)
    assert counted_items(actor_of(bureau.clerk, AT.date()), scope).count() == 1


def test_its_pages_open(bureau: Bureau, client: Client) -> None:
    items = carry(
        bureau, row(), row(编号="3", 答复文号="", 承办科室="无此科", 签发人="老局长", 办理方式="协办", 主办单位="市发展改革委", 结果评价="", 态度评价="", 评价日期="")
    )  # fmt: skip
    for who in (bureau.clerk, bureau.chief):
        client.force_login(who)
        for item in items:
            page = client.get(reverse("item", args=[item.pk]))
            assert page.status_code == 200
            words = page.content.decode()
            assert item.suggestion.title in words
            assert "往年台账转入的件" in words
            assert "审核关" not in words  # it went through no gate of ours
            assert client.get(reverse("version", args=[item.pk, 1])).status_code == 200
            assert client.get(reverse("item_dates", args=[item.pk])).status_code == 200
            assert client.get(reverse("letter", args=[item.pk])).status_code in {200, 302, 404, 409}
        for name in ("ledger", "figures", "promises", "desk", "board"):
            assert client.get(reverse(name), {"meeting": bureau.earlier.pk}).status_code == 200


@pytest.mark.parametrize(("profile", "letter"), [("jiangxi", "C"), ("beijing", "D")])
def test_words_for_a_class_are_read_by_the_places_own_scheme(
    bureau: Bureau, profile: str, letter: str
) -> None:
    unit = bureau.clerk.unit
    assert unit is not None
    unit.suggestion_profile = profile
    unit.save()
    said = plan(bureau, 解决程度="留作参考", 现类别="", 承诺事项="", 承诺时限="", 落实状态="")
    assert said.past is not None
    assert said.past.outcome == letter


def test_the_command_says_what_each_row_would_do(
    bureau: Bureau, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "台账.xlsx"
    with upload(bureau, row(), row(编号="069", 答复日期="")).file.file.open("rb") as file:
        path.write_bytes(file.read())
    ImportBatch.objects.all().delete()

    def run(*options: str) -> tuple[int, dict[str, Any]]:
        code = 0
        try:
            call_command(
                "import", str(path), "--meeting", "五届四次", "--history", "--by", "clerk", "--json", *options
            )
        except SystemExit as ended:
            code = int(str(ended.code))
        return code, json.loads(capsys.readouterr().out)

    code, said = run("--dry-run")
    assert (code, said["taken_in"], said["counts"]) == (
        1,
        False,
        {"new": 1, "changed": 0, "same": 0, "wrong": 1},
    )
    assert said["rows"][1]["line"] == 3
    assert "缺少答复日期" in said["rows"][1]["reasons"][0]
    assert run()[0] == 1
    assert not Assignment.objects.exists()
    assert not ImportBatch.objects.exists()
    assert run("--skip-wrong", "--dry-run")[0] == 0
    assert not Assignment.objects.exists()
    code, said = run("--skip-wrong")
    assert (code, said["taken_in"], Assignment.objects.count()) == (0, True, 1)
    assert run("--skip-wrong")[1]["counts"] == {"new": 0, "changed": 0, "same": 1, "wrong": 1}
    code, said = run("--sheet", "没有的表")
    assert (code, said["refused"]) == (2, ["没有名为“没有的表”的工作表"])
    code, said = run("--organ", "没有的机关")
    assert code == 2


@pytest.mark.parametrize("who", ["handler", "chief", "admin", "stranger"])
def test_who_is_not_of_the_office_may_not(bureau: Bureau, who: str) -> None:
    batch = upload(bureau, row())
    with pytest.raises(Refused):
        importing.take_in(batch, skip_wrong=False, by=bureau.people[who], at=AT)
    assert not Heading.objects.exists()
    assert not Assignment.objects.exists()
