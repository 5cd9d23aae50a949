"""工作日历的页面 (R24): read, previewed, confirmed; and every clock of an item with its reasons."""

import json
import re
from datetime import date
from html import unescape
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any

import docx
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from huiyin.actions import scheduling
from huiyin.documents import notice
from huiyin.models import Assignment, CalendarYear, Clock, CoOpinion, Event, Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.dates import preview, wanting, year_of
from huiyin.queries.desk import waiting_for
from huiyin.rules.calendar import shipped_year
from huiyin.rules.holidays import read
from huiyin.rules.vocabulary import ClockKind, Deed
from tests.conftest import Bureau, day

# 2020 as it was, with the 8th of June off besides
NOTICE = """国务院办公厅关于2020年部分节假日安排的通知
一、元旦：2020年1月1日放假，共1天。
二、春节：1月24日至2月2日放假调休，共10天。1月19日（星期日）上班。
三、清明节：4月4日至6日放假调休，共3天。
四、劳动节：5月1日至5日放假调休，共5天。4月26日（星期日）、5月9日（星期六）上班。
五、端午节：6月25日至27日放假调休，共3天。6月28日（星期日）上班。
六、国庆节、中秋节：10月1日至8日放假调休，共8天。9月27日（星期日）、10月10日（星期六）上班。
七、停工：6月8日放假1天。
"""


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    return bureau.handling()


@pytest.fixture
def clerk(bureau: Bureau, client: Client) -> Client:
    client.force_login(bureau.clerk)
    return client


def body(response: Any) -> str:
    return unescape(response.content.decode())


def hidden(response: Any) -> dict[str, str]:
    """What the confirming form of a preview sends, as a browser would."""
    page = response.content.decode()
    place = page.index('name="confirm"')
    form = page[page.rindex("<form", 0, place) : page.index("</form>", place)]
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    areas = re.findall(r'<textarea hidden name="(\w+)">\n(.*?)</textarea>', form, re.S)
    return {
        name: unescape(value) for name, value in [*fields.items(), *areas] if name != "csrfmiddlewaretoken"
    }


def test_a_notice_is_pasted_previewed_and_confirmed(bureau: Bureau, item: Assignment, clerk: Client) -> None:
    contact = item.clocks.get(kind=ClockKind.CONTACT)
    shown = clerk.post(reverse("calendar_load"), {"text": NOTICE})
    assert shown.status_code == 200
    page = body(shown)
    assert "录入2020年放假安排" in page
    assert "1月24日至2月2日" in page
    assert "2020年6月29日" in page
    assert "2020年6月30日" in page
    assert "港口用地" in page
    assert not CalendarYear.objects.exists()
    (year,) = read(NOTICE, known=shipped_year)
    assert f"变动 {len(preview(bureau.unit, year))} 个时限" in page
    done = clerk.post(reverse("calendar_load"), hidden(shown), follow=True)
    assert "录入2020年放假安排：已生效" in body(done)
    contact.refresh_from_db()
    assert contact.due_on == date(2020, 6, 30)
    found = year_of(bureau.unit, 2020)
    assert found is not None
    assert (found.rest, found.work) == (year.rest, year.work)
    assert "本单位录入" in body(clerk.get(reverse("calendars")))
    moved = body(clerk.get(reverse("item", args=[item.pk])))
    assert "时限随工作日历变动" in moved
    assert "首次沟通由2020年6月29日改为2020年6月30日" in moved


def test_a_form_sent_twice_loads_once(item: Assignment, clerk: Client) -> None:
    fields = hidden(clerk.post(reverse("calendar_load"), {"text": NOTICE}))
    clerk.post(reverse("calendar_load"), fields)
    again = clerk.post(reverse("calendar_load"), fields, follow=True)
    assert "已经提交过" in body(again)
    assert Event.objects.filter(deed=Deed.SET_CALENDAR).count() == 1


def test_what_moved_since_the_preview_is_shown_again(bureau: Bureau, item: Assignment, clerk: Client) -> None:
    fields = hidden(clerk.post(reverse("calendar_load"), {"text": NOTICE}))
    bureau.register(number="099")
    refused = clerk.post(reverse("calendar_load"), fields)
    assert (refused.status_code, CalendarYear.objects.count()) == (409, 0)
    assert "请再看一遍会变的时限" in body(refused)
    clerk.post(reverse("calendar_load"), hidden(refused))
    assert CalendarYear.objects.count() == 1


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("2020.json", json.dumps({"year": 2020, "days": [{"name": "元旦", "date": "2020-01-01", "isOffDay": True}]}).encode()),
        ("2020.toml", shipped_year(2020).text().encode()),  # type: ignore[union-attr]
        ("通知.txt", NOTICE.encode("gb18030")),
    ],
    ids=["json", "toml", "text"],
)  # fmt: skip
def test_each_kind_of_file_is_read(clerk: Client, name: str, data: bytes) -> None:
    shown = clerk.post(reverse("calendar_load"), {"file": SimpleUploadedFile(name, data)})
    assert shown.status_code == 200
    assert clerk.post(reverse("calendar_load"), hidden(shown)).status_code == 302
    assert [one.year for one in CalendarYear.objects.all()] == [2020]


def test_a_part_of_a_notice_is_pointed_out(clerk: Client) -> None:
    shown = clerk.post(reverse("calendar_load"), {"text": NOTICE.split("四、", maxsplit=1)[0]})
    assert "没有读到：劳动节、端午节、中秋节、国庆节" in body(shown)


HOSTILE = [
    (b"", "空"),
    (b"PK\x03\x04\x00\x00", "读不出文字"),
    (NOTICE.encode("utf-16"), "读不出文字"),
    (b"a" * 300_000, "超过200KB"),
    (b'{"year": 2027, "days": []}', "days 是空的"),
    (b"[" * 50_000, "JSON"),
    (b"[rest]\n" + b"a." * 5_000 + b"b = 1", "太长"),
    (b"<script>alert(1)</script>", "没有读到"),
    (b'{"year": 2020, "days": [{"name": "<script>alert(1)", "date": "2020-01-01", "isOffDay": true}]}', ""),
]


@pytest.mark.parametrize(("data", "why"), HOSTILE, ids=range(len(HOSTILE)))
def test_a_hostile_file_is_refused_and_nothing_stored(clerk: Client, data: bytes, why: str) -> None:
    name = "a.json" if data[:1] in b"[{" and data[:2] != b"[r" else "a.txt"
    answer = clerk.post(reverse("calendar_load"), {"file": SimpleUploadedFile(name, data)})
    assert answer.status_code == (422 if why else 200)
    assert why in body(answer)
    assert "<script>alert(1)" not in answer.content.decode()
    assert not CalendarYear.objects.exists()


def test_neither_nothing_nor_both_nor_a_nul_is_taken(clerk: Client) -> None:
    url = reverse("calendar_load")
    assert "请选一个文件" in body(clerk.post(url, {}))
    both = {"text": NOTICE, "file": SimpleUploadedFile("a.txt", NOTICE.encode())}
    assert "只用一样" in body(clerk.post(url, both))
    assert clerk.post(url, {"text": "\x00"}).status_code == 422
    assert clerk.post(url, {"text": "节" * 200_001}).status_code == 422
    assert clerk.post(url, {"text": NOTICE, "name": "x" * 200}).status_code == 422


def test_a_confirmation_is_read_and_checked_anew(bureau: Bureau, item: Assignment, clerk: Client) -> None:
    fields = hidden(clerk.post(reverse("calendar_load"), {"text": NOTICE}))
    longer = fields["text"].replace("6月8日放假1天", "6月8日至9日放假")
    for wrong in ({"text": "无"}, {"text": longer}, {"seen": "0" * 64}):
        assert clerk.post(reverse("calendar_load"), {**fields, **wrong}).status_code in {409, 422}
    assert not CalendarYear.objects.exists()


def test_a_year_is_laid_out_as_a_calendar(clerk: Client) -> None:
    page = body(clerk.get(reverse("calendar_year", args=[2020])))
    assert page.count("<caption>") == 12
    rest = shipped_year(2020).rest  # type: ignore[union-attr]
    assert page.count('<td class="rest"') == len(rest)
    assert '<td class="work" title="春节">19<small>班</small></td>' in page
    assert '<td class="rest" title="端午节">25<small>休</small></td>' in page
    assert "1月24日至2月2日" in page  # across the month's end
    assert clerk.get(reverse("calendar_year", args=[1999])).status_code == 404
    assert clerk.get("/calendars/99999999999999999999/").status_code == 404


def test_a_year_not_known_says_so_and_offers_no_day(clerk: Client, bureau: Bureau) -> None:
    from django.utils.timezone import localdate

    year = localdate().year + 1
    if year in {one.year for one in CalendarYear.objects.all()} or shipped_year(year):
        pytest.skip("the next year is known already")
    page = body(clerk.get(reverse("calendar_year", args=[year])))
    assert f"{year}年的放假安排还没有录入" in page
    assert "改一天" not in page
    assert clerk.get(reverse("calendar_download", args=[year])).status_code == 404


def test_the_page_of_years_says_which_is_wanting_and_how_many_dates_wait(
    bureau: Bureau, clerk: Client
) -> None:
    from django.utils.timezone import localdate

    today, item = localdate(), bureau.handling()
    item.clocks.filter(stopped_on__isnull=True).update(provisional=True)
    lacking = wanting(bureau.unit, today)
    page = body(clerk.get(reverse("calendars")))
    assert ("还没有录入" in page) == (lacking is not None)
    if lacking:
        assert lacking.provisional
        assert f"现有 <b>{lacking.provisional}</b> 个在走的时限" in page


def test_one_day_is_changed_by_its_form(bureau: Bureau, item: Assignment, clerk: Client) -> None:
    url = reverse("calendar_year", args=[2020])
    shown = clerk.post(url, {"on": "2020-06-08", "kind": "rest", "name": "防汛停工"})
    assert (shown.status_code, CalendarYear.objects.count()) == (200, 0)
    assert "2020年6月8日改为放假" in body(shown)
    assert clerk.post(url, hidden(shown)).status_code == 302
    assert item.clocks.get(kind=ClockKind.CONTACT).due_on == date(2020, 6, 30)
    page = body(clerk.get(url))
    assert '<td class="rest" title="防汛停工">8<small>休</small></td>' in page
    back = clerk.post(url, {"shipped": "1"})
    assert "恢复随软件的2020年放假安排" in body(back)
    assert clerk.post(url, hidden(back)).status_code == 302
    assert not CalendarYear.objects.exists()
    assert item.clocks.get(kind=ClockKind.CONTACT).due_on == date(2020, 6, 29)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"on": "2021-06-08", "kind": "rest", "name": "停工"}, "不在2020年，请到2021年的日历里改"),
        ({"on": "2020-06-08", "kind": "work", "name": "加班"}, "本是工作日"),
        ({"on": "2020-06-08", "kind": "rest", "name": ""}, "还没有写名称"),
        ({"on": "2020-06-08", "kind": "plain", "name": ""}, "本来就按平常"),
        ({"on": "2020-06-31", "kind": "rest", "name": "停工"}, "日期应写成"),
        ({"on": "2020-06-08", "kind": "feast", "name": "停工"}, "feast"),
        ({"shipped": "1", "confirm": "1"}, "2020年用的就是随软件的日历"),
    ],
)
def test_an_impossible_change_of_a_day_is_refused(clerk: Client, fields: dict[str, str], why: str) -> None:
    answer = clerk.post(reverse("calendar_year", args=[2020]), fields)
    assert answer.status_code in {409, 422}
    assert why in body(answer)
    assert not CalendarYear.objects.exists()


def test_dates_of_an_older_version_are_recounted_on_the_page(item: Assignment, clerk: Client) -> None:
    Clock.objects.filter(assignment=item, kind=ClockKind.CONTACT).update(due_on=date(2020, 6, 26))
    assert "1 个在走的时限与现行日历不符" in body(clerk.get(reverse("calendars")))
    shown = clerk.get(reverse("calendar_recount"))
    assert "2020年6月29日" in body(shown)
    clerk.post(reverse("calendar_recount"), hidden(shown))
    assert item.clocks.get(kind=ClockKind.CONTACT).due_on == date(2020, 6, 29)
    assert "与现行日历不符" not in body(clerk.get(reverse("calendars")))


def test_only_the_office_has_these_pages_and_this_link(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    for who, sees in (
        ("clerk", True),
        ("director", True),
        ("handler", False),
        ("chief", False),
        ("admin", False),
    ):
        client.force_login(bureau.people[who])
        home = body(client.get(reverse("desk"), follow=True))
        assert (f'href="{reverse("calendars")}"' in home) == sees, who
        for name, arguments in (("calendars", []), ("calendar_load", []), ("calendar_year", [2020])):
            assert client.get(reverse(name, args=arguments)).status_code == (200 if sees else 404), (
                who,
                name,
            )
        if not sees:
            fields = {"text": NOTICE, "confirm": "1"}
            assert client.post(reverse("calendar_load"), fields).status_code == 404
    assert not CalendarYear.objects.exists()


def test_a_downloaded_year_can_be_loaded_again(clerk: Client) -> None:
    answer = clerk.get(reverse("calendar_download", args=[2020]))
    assert answer["Content-Disposition"] == 'attachment; filename="2020.toml"'
    assert read(answer.content.decode(), name="2020.toml", known=shipped_year) == [shipped_year(2020)]


def test_every_clock_of_an_item_is_on_its_page_of_dates(
    bureau: Bureau, item: Assignment, client: Client
) -> None:
    client.force_login(bureau.handler)
    assert reverse("item_dates", args=[item.pk]) in body(client.get(reverse("item", args=[item.pk])))
    scheduling.set_day(on=date(2020, 6, 8), name="防汛停工", rest=True, by=bureau.clerk, at=day("2020-06-05"))
    page = body(client.get(reverse("item_dates", args=[item.pk])))
    for clock in item.clocks.all():
        assert clock.get_kind_display() in page
        assert f"{clock.due_on.year}年{clock.due_on.month}月{clock.due_on.day}日" in page
        assert clock.basis in page
    assert "2020年5月29日（周五）起算，当日不计入" in page
    assert "扣除12个休息日：周末8天、防汛停工1天、端午节3天" in page
    assert "2020年6月28日（周日）端午节调休上班，计入" in page


def test_a_provisional_date_is_marked_wherever_it_shows(
    bureau: Bureau, nankang: Unit, client: Client
) -> None:
    item, drafted, visited = bureau.handling(), bureau.review(number="083"), bureau.evaluated(number="084")
    bureau.ask(item, nankang)
    pages: list[tuple[str, str, list[Any]]] = [
        ("handler", "desk", []), ("clerk", "ledger", []), ("clerk", "item", [item.pk]),
        ("handler", "item_dates", [item.pk]), ("handler", "deed", [item.pk, "contact"]),
        ("clerk", "item", [drafted.pk]), ("clerk", "item", [visited.pk]), ("clerk", "promises", []),
    ]  # fmt: skip
    for given in (False, True):
        Clock.objects.update(provisional=given)
        Assignment.objects.update(due_provisional=given)
        CoOpinion.objects.update(due_provisional=given)
        for who, name, arguments in pages:
            client.force_login(bureau.people[who])
            page = body(client.get(reverse(name, args=arguments))).replace(
                "时限暂定", ""
            )  # the ledger's column
            assert ("暂定" in page) == given, name
    client.force_login(bureau.handler)
    (row,) = [one for one in waiting_for(actor_of(bureau.handler, date(2020, 6, 20))) if one.item == item]
    assert row.why == "5月29日交办＋20个工作日首次沟通（暂定）"


def test_a_provisional_date_is_marked_in_the_sheet_and_in_the_notice(bureau: Bureau, client: Client) -> None:
    item = bureau.handling()
    client.force_login(bureau.clerk)
    for given in (False, True):
        Assignment.objects.update(due_provisional=given)
        sheet = CalamineWorkbook.from_filelike(
            BytesIO(b"".join(client.get(reverse("ledger_export"))))
        ).get_sheet_by_index(0)
        head, row = sheet.to_python()[:2]
        assert row[head.index("时限暂定")] == ("暂定" if given else "")
        fresh = Assignment.objects.get(pk=item.pk)
        paper = docx.Document(
            BytesIO(
                notice.build(
                    notice.facts_of(bureau.unit, bureau.meeting, [fresh], on=date(2020, 6, 3))
                ).to_bytes()
            )
        )
        cells = [cell.text for table in paper.tables for line in table.rows for cell in line.cells]
        assert f"2020年8月29日{'（暂定）' if given else ''}" in cells


def test_the_command_checks_and_loads_a_file(bureau: Bureau, item: Assignment, tmp_path: Path) -> None:
    file, out = tmp_path / "通知.txt", StringIO()
    file.write_text(NOTICE, encoding="utf-8")
    call_command("calendar", "check", str(file), stdout=out)
    assert out.getvalue().startswith(
        "2020年：放假31天，调休上班6天（国务院办公厅关于2020年部分节假日安排的通知）\n"
    )
    assert "  2020-06-08 放假 停工\n" in out.getvalue()
    assert not CalendarYear.objects.exists()
    moving = preview(bureau.unit, *read(NOTICE, known=shipped_year))
    call_command(
        "calendar", "load", str(file), "--unit", "市自然资源局", "--as", bureau.clerk.username, stdout=out
    )
    assert "第082号：首次沟通由2020年6月29日改为2020年6月30日\n" in out.getvalue()
    assert f"已录入，{len(moving)}个时限变动" in out.getvalue()
    assert CalendarYear.objects.get().loaded_by == bureau.clerk


@pytest.mark.parametrize(
    ("unit", "who", "text", "why"),
    [
        ("市水务局", "clerk", NOTICE, "没有单位“市水务局”，现有：赣州市水利局、赣州市自然资源局"),
        ("市自然资源局", "stranger", NOTICE, "没有登录名为“stranger”的在用人员"),
        ("市自然资源局", "handler", NOTICE, "须由专职人员、办公室主任维护"),
        ("市自然资源局", "clerk", "放假", "没有读到是哪一年"),
        ("市自然资源局", "clerk", None, "打不开"),
    ],
    ids=["unit", "person", "role", "text", "file"],
)
def test_the_command_refuses_in_a_sentence(
    bureau: Bureau, tmp_path: Path, unit: str, who: str, text: str | None, why: str
) -> None:
    file = tmp_path / "通知.txt"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    with pytest.raises(CommandError, match=why):
        call_command("calendar", "load", str(file), "--unit", unit, "--as", who, stdout=StringIO())
    assert not CalendarYear.objects.exists()
