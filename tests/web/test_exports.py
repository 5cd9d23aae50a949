"""导出 (R74): the files hold exactly the items of the page's filter, as each may see them; the office's own layouts."""

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from huiyin.actions import Refused, laying_out
from huiyin.actions._journal import broken_links
from huiyin.documents import ledger_files
from huiyin.models import Event, LedgerTemplate, StoredFile, Unit
from huiyin.queries import ledger, plain_rows
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.columns import BY_KEY, COLUMNS
from huiyin.rules.vocabulary import Deed, Part
from tests.conftest import Bureau, day
from tests.documents import layouts
from tests.documents.layouts import office_layout

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("exports")]
AT = day("2020-12-01")
ON = AT.date()


@pytest.fixture(scope="module")
def bureau(stage: Bureau) -> Bureau:
    """Items of every sort of column: asked units, promises, classes, evaluations, a second round's first."""
    stage.published(number="082")
    delivered = stage.delivered(number="0009", title="=2+3", co_signers=("甲代表", "乙代表"))
    stage.promise(delivered, at="2020-11-01")
    stage.issued(number="7", part=Part.CO, lead_unit=stage.organ)
    asked = stage.handling(number="44", confidential=True, lead="保密代表", co_signers=("丙代表",))
    unit = Unit.objects.create(name="测试区人民政府", short_name="测试区")
    stage.ask(asked, unit)
    stage.answer(asked, unit)
    stage.assigning(number="金3号")
    return stage


@pytest.fixture
def clerk(bureau: Bureau) -> Client:
    client = Client()
    client.force_login(bureau.clerk)
    return client


@pytest.fixture
def director(bureau: Bureau) -> Client:
    client = Client()
    client.force_login(bureau.director)
    return client


def got(client: Client, name: str = "ledger_export", *args: Any, **query: str) -> bytes:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200, response.status_code
    return bytes(b"".join(response))


def lines(data: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def numbers(data: bytes) -> list[str]:
    return [row[0] for row in lines(data)[1:]]


# 平读.


def test_what_is_read_for_exports_is_what_the_columns_read(bureau: Bureau) -> None:
    for who in ("clerk", "handler"):
        actor = actor_of(bureau.people[who], ON)
        items = ledger.with_columns(items_for(actor).order_by("pk"), COLUMNS, actor)
        expected = [[column.read(item, ON) for column in COLUMNS] for item in items]
        keys = plain_rows.keys_of(items_for(actor).order_by("pk"))
        for batch in (1, 2_000):
            rows = plain_rows.plain_rows(actor, keys, COLUMNS, batch=batch)
            assert [["" if cell is None else cell for cell in row] for row in rows] == expected
        filled = {column.key for column, *cells in zip(COLUMNS, *expected, strict=True) if any(cells)}
        if who == "clerk":  # the comparison is worth something only where something stands
            assert {
                "lead",
                "co_signers",
                "signatory",
                "kept",
                "contact",
                "opinions",
                "opinions_state",
                "disclosure",
            } <= filled


def test_every_column_has_its_recipe() -> None:
    assert plain_rows.RECIPES.keys() == BY_KEY.keys()


def test_a_long_export_asks_no_more_of_the_database_for_more_rows(
    bureau: Bureau, django_assert_max_num_queries: Any
) -> None:
    actor = actor_of(bureau.clerk, ON)
    keys = plain_rows.keys_of(items_for(actor).order_by("pk"))
    with django_assert_max_num_queries(2 + len(plain_rows.TABLES) + 2):
        assert len(list(plain_rows.plain_rows(actor, keys, COLUMNS))) == len(keys)


def test_what_has_gone_out_of_sight_meanwhile_is_left_out(bureau: Bureau) -> None:
    keys = plain_rows.keys_of(items_for(actor_of(bureau.clerk, ON)).order_by("pk"))
    assert list(plain_rows.plain_rows(actor_of(bureau.stranger, ON), keys, COLUMNS)) == []


# 文件.


def test_each_file_has_the_rows_and_columns_asked_for(bureau: Bureau, clerk: Client) -> None:
    whole = ["7", "0009", "44", "082", "金3号"]
    assert numbers(got(clerk)) == whole
    assert numbers(got(clerk, sort="-number")) == whole[::-1]
    assert numbers(got(clerk, part="co")) == ["7"]
    shown = lines(got(clerk, only="shown", cols="number,lead,due_on"))
    assert shown[0] == ["编号", "领衔人", "办理时限"] and len(shown) == 6
    assert lines(got(clerk, only="shown", cols="title,number"))[0] == ["标题", "编号"]
    for way, encoding in (("csv", "utf-8-sig"), ("gb18030", "gb18030")):
        data = got(clerk, **{"as": way})
        read = list(csv.reader(io.StringIO(data.decode(encoding), newline="")))
        assert [row[0] for row in read[1:]] == whole and read[0] == [column.label for column in COLUMNS]
        assert data.startswith(b"\xef\xbb\xbf") is (way == "csv")
        assert "'=2+3" in {row[2] for row in read}
    assert (
        "保密代表" not in got(clerk, **{"as": "csv"}).decode()
        and "丙代表" not in got(clerk, **{"as": "csv"}).decode()
    )


def test_what_is_no_condition_is_said_and_nothing_goes_out(bureau: Bureau, clerk: Client) -> None:
    for name in ("ledger_export", "event_log", "ledger_exports"):
        response = clerk.get(reverse(name), {"due": "whenever"})
        assert response.status_code == 422 and "没有导出，因为" in response.content.decode()
    assert clerk.get(reverse("ledger_export"), {"as": "exe"}).status_code == 404
    assert clerk.get(reverse("ledger_export"), {"figure": "x"}).status_code == 404


def test_the_page_of_exports_goes_on_with_the_filter(bureau: Bureau, clerk: Client) -> None:
    page = clerk.get(reverse("ledger_exports"), {"part": "co", "as": "x", "sort": "-due_on"}).content.decode()
    assert "共 1 件" in page and "?part=co&amp;sort=-due_on&amp;as=xlsx" in page
    ledger_page = clerk.get(reverse("ledger"), {"part": "co"}).content.decode()
    assert f"{reverse('ledger_exports')}?part=co" in ledger_page


# 版式.


@pytest.fixture
def layout(bureau: Bureau) -> LedgerTemplate:
    return laying_out.set_layout("报送表", upload=layouts.upload(), by=bureau.director, at=AT)


def test_a_layout_is_uploaded_matched_tried_and_used(bureau: Bureau, director: Client, clerk: Client) -> None:
    url = reverse("ledger_layouts")
    response = director.post(url, {"name": "报送表", "file": layouts.upload()})
    row = LedgerTemplate.objects.get()
    assert response.headers["Location"] == reverse("ledger_layout", args=[row.pk])
    page = director.get(response.headers["Location"]).content.decode()
    assert "局里备注" in page and "有 1 列没有对应" in page
    assert "填出来的样子" in page and ">0009</td>" in page
    columns = {f"column{place}": key for place, key in enumerate(row.columns)}
    assert director.post(response.headers["Location"], {**columns, "column9": "kept"}).status_code == 302
    row.refresh_from_db()
    assert row.columns[9] == "kept"
    texts = list(Event.objects.filter(deed=Deed.SET_TEMPLATE).values_list("text", flat=True))
    assert texts == ["启用台账版式“报送表”：台账.xlsx", "台账版式“报送表”对应各列"]
    assert "报送表" in clerk.get(reverse("ledger_exports")).content.decode()
    book = openpyxl.load_workbook(io.BytesIO(got(clerk, layout=str(row.pk))))
    sheet: Any = book.active
    assert [sheet.cell(line, 2).value for line in range(5, 10)] == ["7", "0009", "44", "082", "金3号"]
    assert sheet["A1"].value == f"{bureau.unit.name}2020年度建议办理台账" and "共5件" in sheet["A2"].value
    assert sheet["A10"].value == f"填表人：{bureau.clerk.name}"
    tried: Any = openpyxl.load_workbook(
        io.BytesIO(got(director, "ledger_layout_file", row.pk, trial=""))
    ).active
    assert tried["B5"].value == "7"
    with row.file.file.open("rb") as kept:
        assert got(director, "ledger_layout_file", row.pk) == kept.read()


def test_of_a_name_one_is_in_use_and_the_earlier_are_kept(
    bureau: Bureau, layout: LedgerTemplate, director: Client
) -> None:
    laying_out.set_layout("月报", upload=layouts.upload(name="月报.xlsx"), by=bureau.director, at=AT)
    newer = laying_out.set_layout("报送表", upload=layouts.upload(name="新.xlsx"), by=bureau.admin, at=AT)
    layout.refresh_from_db()
    assert layout.retired_at == AT
    assert {one.name for one in LedgerTemplate.objects.filter(retired_at__isnull=True)} == {"报送表", "月报"}
    page = director.get(reverse("ledger_layouts")).content.decode()
    assert "新.xlsx" in page and "报送表：台账.xlsx" in page
    assert director.get(reverse("ledger_layout", args=[layout.pk])).status_code == 404
    assert director.get(reverse("ledger_export"), {"layout": layout.pk}).status_code == 404
    assert lines(got(director, "ledger_layout_file", layout.pk))
    assert director.post(reverse("ledger_layout", args=[newer.pk]), {"retire": "1"}).status_code == 302
    assert LedgerTemplate.objects.filter(retired_at__isnull=True).count() == 1
    with pytest.raises(Refused, match="已经停用"):
        laying_out.retire(newer, by=bureau.director, at=AT)


@pytest.mark.parametrize(
    ("name", "make", "said"),
    [
        ("报送表", lambda: layouts.upload(name="台账.xlsm"), "须是 .xlsx 文件"),
        ("报送表", lambda: layouts.upload(office_layout(formula="=A5")), "第5行有公式"),
        ("报送表", lambda: layouts.upload(office_layout(link="http://x.cn/")), "外部链接"),
        ("报送表", lambda: layouts.upload(b"PK\x03\x04"), "打不开"),
        ("报\n表", layouts.upload, "控制字符"),
        ("报送表", lambda: layouts.upload(layouts.with_line("999999999999")), "不是完好的"),
        ("报送表", lambda: layouts.upload(layouts.with_line("x")), "不是完好的"),
        (" ", layouts.upload, "版式要有名称"),
    ],
    ids=["macros", "formula", "link", "broken", "a line in the name", "a far line", "no line", "no name"],
)  # fmt: skip
def test_a_layout_that_will_not_do_is_refused_in_words(
    bureau: Bureau, director: Client, name: str, make: Callable[[], Any], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        laying_out.set_layout(name, upload=make(), by=bureau.director, at=AT)
    if name.strip():
        response = director.post(reverse("ledger_layouts"), {"name": name, "file": make()})
        assert response.status_code == 422 and said in response.content.decode()
    assert not LedgerTemplate.objects.exists() and not StoredFile.objects.filter(purpose="台账版式").exists()


def test_only_the_director_and_the_administrator_keep_layouts(bureau: Bureau, layout: LedgerTemplate) -> None:
    pages = {"ledger_layouts": [], "ledger_layout": [layout.pk], "ledger_layout_file": [layout.pk]}
    for who in ("clerk", "chief", "handler", "stranger"):
        client = Client()
        client.force_login(bureau.people[who])
        for name, args in pages.items():
            assert client.get(reverse(name, args=args)).status_code == 404, (who, name)
            assert client.post(reverse(name, args=args), {"retire": "1"}).status_code == 404
        with pytest.raises(Refused, match="由办公室主任、系统管理员维护"):
            laying_out.set_layout("x", upload=layouts.upload(), by=bureau.people[who], at=AT)
    layout.refresh_from_db()
    assert layout.retired_at is None
    client = Client()
    client.force_login(bureau.stranger)
    assert client.get(reverse("ledger_export"), {"layout": layout.pk}).status_code == 404


# 轨迹.


def exported() -> list[str]:
    return list(Event.objects.filter(deed=Deed.EXPORT).values_list("text", flat=True))


def test_every_way_out_is_told_in_the_units_journal(
    bureau: Bureau, layout: LedgerTemplate, clerk: Client, director: Client
) -> None:
    got(clerk)
    got(clerk, part="co", q="建议", **{"as": "csv"})
    got(clerk, figure="total")
    got(clerk, "event_log", texts="1")
    got(clerk, layout=str(layout.pk))
    got(director, "ledger_layout_file", layout.pk, trial="")
    got(director, "ledger_layout_file", layout.pk)  # as it was uploaded: nobody's items are in it
    got(clerk, "figures_export")
    got(clerk, "scores_export", year="2020")
    told = exported()
    assert told[:6] == [
        "台账 .xlsx，5行；看得到的全部件",
        "台账 .csv，1行；关键词含“建议”；办理方式：协办",
        "台账 .xlsx，5行；数字：承办的建议、提案件数，不含退办、撤回和参阅；重新办理不另计件",
        "事件日志 .xes（含内容），5行；看得到的全部件",
        "台账（版式“报送表”），5行；看得到的全部件",
        "台账（版式“报送表”，试填），5行；看得到的全部件",
    ]
    assert [one.partition("，")[0] for one in told[6:]] == ["统计数字 .xlsx", "考核表 .csv"]
    event = Event.objects.filter(deed=Deed.EXPORT).latest("seq")
    assert (event.stream, event.assignment) == (f"unit:{bureau.unit.pk}", None)
    assert event.by == bureau.clerk
    assert broken_links() == []


def test_what_does_not_go_out_is_not_told(bureau: Bureau, clerk: Client) -> None:
    clerk.get(reverse("ledger_export"), {"due": "whenever"})
    assert "每次导出都记入" in clerk.get(reverse("ledger_exports")).content.decode()
    clerk.get(reverse("ledger_export"), {"as": "docx"})
    assert exported() == []


def test_the_rows_told_are_those_he_sees(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.stranger)
    got(client)
    event = Event.objects.get(deed=Deed.EXPORT)
    assert event.stream == f"unit:{bureau.stranger.unit_id}"
    assert "0行" in event.text


@pytest.mark.parametrize("way", ["csv", "xes"])
def test_a_download_holds_no_transaction(bureau: Bureau, clerk: Client, way: str) -> None:
    """It is told before the first byte; while the bytes go out, nothing is held."""
    held = list(connection.savepoint_ids)
    response = clerk.get(reverse("event_log" if way == "xes" else "ledger_export"), {"as": way})
    assert len(exported()) == 1
    for _ in response:
        assert list(connection.savepoint_ids) == held


# 命令.


def test_the_command_writes_what_the_page_gives(
    bureau: Bureau, layout: LedgerTemplate, tmp_path: Path
) -> None:
    def run(name: str, *options: str) -> bytes:
        whose = () if "--by" in options else ("--unit", bureau.unit.name)
        call_command("export", "--out", str(tmp_path / name), *whose, *options, stdout=io.StringIO())
        return (tmp_path / name).read_bytes()

    year = ("--meeting", bureau.meeting.name)
    assert numbers(run("a.xlsx", *year)) == ["7", "0009", "44", "082", "金3号"]
    assert run("a.csv", *year).startswith(b"\xef\xbb\xbf") and "编号".encode("gb18030") in run(
        "b.csv", "--gb18030"
    )
    assert b"<trace>" in run("a.xes", "--events") and run("e.csv", "--events").decode("utf-8-sig").startswith(
        "case_id,"
    )
    assert lines(run("own.xlsx", "--template", "报送表"))[4][1] == "7"
    assert numbers(run("c.xlsx", "--query", "part=co")) == ["7"]
    assert numbers(run("d.xlsx", "--by", bureau.stranger.username)) == []
    for wrong, said in (
        (("--meeting", "九届九次"), "没有届次"), (("--template", "没有的"), "没有版式“没有的”，现有：报送表"),
        (("--by", "nobody"), "没有登录名"), (("--query", "due=whenever"), "没有“whenever”"),
    ):  # fmt: skip
        with pytest.raises(CommandError, match=said):
            run("wrong.xlsx", *wrong)
    told = exported()
    assert len(told) == 8
    assert told[0] == "台账 .xlsx（服务器上的命令），5行；承办年度：赣州市五届人大五次会议"
    left = {one.name for one in tmp_path.iterdir() if one.is_file()}
    assert left == {"a.xlsx", "a.csv", "b.csv", "a.xes", "e.csv", "own.xlsx", "c.xlsx", "d.xlsx"}


def test_an_export_leaves_no_file_behind(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    found = ledger.found(actor_of(bureau.clerk, ON), QueryDict(""))
    with ledger_files.workbook(found, COLUMNS, by=bureau.clerk) as made:
        assert made.read(2) == b"PK"
    assert list(folder.iterdir()) == []
