"""放假安排的录入 (R24): three shapes of a year, each read whole or refused in a sentence that names the place."""

import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huiyin.rules.calendar import CalendarError, Year, shipped, shipped_year
from huiyin.rules.holidays import LARGEST, decoded, missing, read

NOTICES = {
    2026: """国务院办公厅关于2026年
部分节假日安排的通知
国办发明电〔2025〕7号

各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
　　经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
　　一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
　　二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
　　三、清明节：4月4日（周六）至6日（周一）放假，共3天。
　　四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
　　五、端午节：6月19日（周五）至21日（周日）放假，共3天。
　　六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
　　七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
　　节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作，遇有重大突发事件，要按规定及时报告并妥善处置。
国务院办公厅
2025年11月4日
""",
    2019: """国务院办公厅关于2019年部分节假日安排的通知
一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。""",
    2015: """国务院办公厅关于2015年部分节假日安排的通知
一、元旦：1月1日至3日放假调休，共3天。1月4日（星期日）上班。
二、春节：2月18日至24日放假调休，共7天。2月15日（星期日）、2月28日（星期六）上班。
三、清明节：4月5日放假，4月6日（星期一）补休。
四、劳动节：5月1日放假，与周末连休。
五、端午节：6月20日放假，6月22日（星期一）补休。
六、中秋节：9月27日放假。
七、国庆节：10月1日至7日放假调休，共7天。10月10日（星期六）上班。""",
    2018: """国务院办公厅关于2018年部分节假日安排的通知
一、元旦：1月1日放假，与周末连休。 二、春节：2月15日至21日放假调休，共7天。2月11日（星期日）、2月24日（星期六）上班。
三、清明节：4月5日至7日放假调休，共3天。4月8日（星期日）上班。 四、劳动节：4月29日至5月1日放假调休，共3天。4月28日（星期六）上班。
五、端午节：6月18日放假，与周末连休。 六、中秋节：9月24日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期六）、9月30日（星期日）上班。""",
}
# what a later notice added to a year: the parade of 2015, the last days of 2018
LATER = {2015: {date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)}, 2018: {date(2018, 12, 29), date(2018, 12, 31)}}  # fmt: skip


def unknown(_: int) -> Year | None:
    return None


def differing(year: Year) -> set[date]:
    """The days of the year that are at work by it and not by the shipped one, or the other way round."""
    with_it, days = shipped().joined([year]), range(366)
    all_days = [date.fromordinal(date(year.year, 1, 1).toordinal() + n) for n in days]
    return {day for day in all_days if with_it.is_workday(day) != shipped().is_workday(day)}


@pytest.mark.parametrize("year", NOTICES)
def test_a_notice_pasted_from_a_page_or_a_letter_is_the_shipped_year(year: int) -> None:
    (found, *more) = read(NOTICES[year], known=shipped_year)
    assert (found.year, more) == (year, [])
    assert differing(found) == LATER.get(year, set())
    assert missing(found) == []


def test_the_notice_names_its_days_and_itself() -> None:
    (found,) = read(NOTICES[2026], known=shipped_year)
    shipped_one = shipped_year(2026)
    assert shipped_one is not None
    assert (found.rest, found.work) == (shipped_one.rest, shipped_one.work)
    assert found.source == "国务院办公厅关于2026年部分节假日安排的通知（国办发明电〔2025〕7号）"


def before_its_last_days(year: int) -> Year | None:
    found = shipped_year(year)
    assert found is not None
    return replace(
        found,
        rest={day: name for day, name in found.rest.items() if day.month < 12},
        work={day: name for day, name in found.work.items() if day.month < 12},
    )


def test_a_range_across_the_years_end_turns_days_of_the_year_before_about() -> None:
    found, earlier = read(NOTICES[2019], known=before_its_last_days)
    assert [day.isoformat() for day, _, _ in found.marks][:1] == ["2019-01-01"]
    assert earlier == shipped_year(2018)
    with pytest.raises(CalendarError, match="2018-12-31属于2018年，请先录入2018年的放假安排"):
        read(NOTICES[2019], known=unknown)


def test_december_without_a_year_is_the_last_one() -> None:
    bare = NOTICES[2019].replace("2018年12月", "12月").replace("至2019年1月", "至1月")
    assert read(bare, known=before_its_last_days) == read(NOTICES[2019], known=before_its_last_days)


@pytest.mark.parametrize(
    "write",
    [
        lambda text: text.replace("：", ":").replace("（", "(").replace("）", ")").replace("，", ","),
        lambda text: text.replace("至", "—"),
        lambda text: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda text: "\r\n\r\n".join(text.split("\n")),
        lambda text: text.replace("\n", " ").replace("日", " 日 "),
        lambda text: text.replace("国务院办公厅关于2026年\n部分节假日安排的通知\n", ""),
    ],
    ids=["half-width", "dashes", "full-width digits", "empty lines", "spaces", "by its first sentence"],
)
def test_a_notice_is_read_however_it_was_typed(write: Callable[[str], str]) -> None:
    (found,) = read(write(NOTICES[2026]), known=shipped_year)
    assert found.rest == shipped_year(2026).rest  # type: ignore[union-attr]
    assert found.work == shipped_year(2026).work  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("2026年", "本年", "没有读到是哪一年的安排"),
        ("2月15日（农历", "2月30日（农历", "“春节”一条“2月30日”不是日期"),
        ("1月4日（周日）上班", "4日上班。5月9日（周六）上班", "2026-05-09出现了两次"),
        ("5月9日（周六）上班", "5月7日（周四）上班", "2026-05-07本是工作日，不必列为调休上班"),
        ("5月9日（周六）上班", "5月3日（周日）上班", "2026-05-03既放假又上班"),
        ("1月1日（周四）至3日", "1日至3日", "“元旦”一条“1日”没有月份"),
        ("共9天", "共8天", "“春节”一条写明共8天，读出9天"),
        ("6月19日（周五）至21日（周日）", "6月21日至19日", "“端午节”一条“6月21日至19日”先后不对"),
        ("放假，共3天", "另行通知", "“清明节”一条没有读到放假的日期"),
        ("10月1日（周四）至7日（周三）放假调休，共7天", "2027年10月1日放假", "2027-10-01不在这一年"),
    ],
)  # fmt: skip
def test_a_slip_in_a_notice_is_named(old: str, new: str, why: str) -> None:
    assert old in NOTICES[2026]
    with pytest.raises(CalendarError, match=why):
        read(NOTICES[2026].replace(old, new), known=shipped_year)


def test_a_part_of_a_notice_is_read_and_told_to_be_one() -> None:
    part = NOTICES[2026].split("　　五、")[0]
    (found,) = read(part, known=shipped_year)
    assert missing(found) == ["端午节", "中秋节", "国庆节"]


@pytest.mark.parametrize(
    "text", ["放假", "关于2026年国庆节放假安排的通知：10月1日至7日放假", NOTICES[2026].split("一、")[0]]
)
def test_what_is_no_whole_notice_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="没有读到"):
        read(text, known=shipped_year)


def holiday_cn(year: int = 2019, **changes: Any) -> dict[str, Any]:
    whole = shipped_year(year)
    assert whole is not None
    days = [{"name": name, "date": day.isoformat(), "isOffDay": off} for day, name, off in whole.marks]
    return {
        "$schema": "../schema.json",
        "$id": "x",
        "year": year,
        "papers": ["通知一"],
        "days": days,
        **changes,
    }


def test_a_holiday_cn_file_is_the_shipped_year() -> None:
    for year in shipped().years:
        (found,) = read(json.dumps(holiday_cn(year)), name=f"{year}.json", known=shipped_year)
        assert replace(found, source="") == replace(shipped_year(year), source="")  # type: ignore[type-var]
    assert found.source == "holiday-cn；通知一"


def test_a_holiday_cn_file_reaches_back_into_december() -> None:
    last = [{"name": "元旦", "date": f"2018-12-{n}", "isOffDay": n > 29} for n in (29, 30, 31)]
    data = holiday_cn(days=last + holiday_cn()["days"])
    found, earlier = read(json.dumps(data), known=before_its_last_days)
    assert (found.year, earlier) == (2019, shipped_year(2018))
    assert [one.year for one in read(json.dumps(data), known=shipped_year)] == [2019]


DAY = {"name": "元旦", "date": "2019-01-01", "isOffDay": True}
SHAPES: list[tuple[Any, str]] = [
    ([], "应有 year（年份）和 days"),
    ({"days": [DAY]}, "应有 year（年份）和 days"),
    ({"year": "2019", "days": [DAY]}, "应有 year（年份）和 days"),
    ({"year": True, "days": [DAY]}, "应有 year（年份）和 days"),
    ({"year": 2019, "days": {"2019-01-01": "元旦"}}, "应有 year（年份）和 days"),
    ({"year": 99999, "days": [DAY]}, "应有 year（年份）和 days"),
    ({"year": 2027, "days": []}, "2027年的 days 是空的，国务院的通知可能还没有发布"),
    ({"year": 2019, "days": [DAY, "2019-01-02"]}, "第2天应有 name、date、isOffDay 三项"),
    ({"year": 2019, "days": [{**DAY, "isOffDay": 1}]}, "第1天的 isOffDay 应是 true 或 false"),
    ({"year": 2019, "days": [{**DAY, "name": None}]}, "name 应是文字"),
    ({"year": 2019, "days": [{**DAY, "name": "元\n旦"}]}, "2019-01-01的名称应是20字以内的文字"),
    ({"year": 2019, "days": [{**DAY, "name": "\ud800"}]}, "2019-01-01的名称应是20字以内的文字"),
    ({"year": 2019, "days": [{**DAY, "name": "节" * 21}]}, "2019-01-01的名称应是20字以内的文字"),
    ({"year": 2019, "days": [{**DAY, "date": "2019-1-1"}]}, "第1天的日期应写成 2026-01-01"),
    ({"year": 2019, "days": [{**DAY, "date": ["2019-01-01"]}]}, "第1天的日期应写成"),
    ({"year": 2019, "days": [{**DAY, "date": "2019-02-30"}]}, "第1天：“2019-02-30”不是日期"),
    ({"year": 2019, "days": [DAY, DAY]}, "2019-01-01出现了两次"),
    ({"year": 2019, "days": [DAY, {**DAY, "isOffDay": False}]}, "2019-01-01既放假又上班"),
    ({"year": 2019, "days": [DAY, {**DAY, "date": "2020-01-01"}]}, "2020-01-01不在这一年"),
    ({"year": 2019, "days": [DAY, {**DAY, "date": "2018-11-30"}]}, "2018-11-30不在这一年"),
    ({"year": 2019, "days": [{**DAY, "date": "2018-12-31"}]}, "没有2019年的一天"),
    ({"year": 2019, "days": [DAY, {**DAY, "date": "2019-01-02", "isOffDay": False}]}, "2019-01-02本是工作日"),
]


@pytest.mark.parametrize(("data", "why"), SHAPES)
def test_a_json_of_another_shape_is_refused(data: Any, why: str) -> None:
    with pytest.raises(CalendarError, match=why):
        read(json.dumps(data), name="2019.json", known=shipped_year)


@pytest.mark.parametrize(
    "text", ["{", '{"year": 2019,', "[" * 100_000, '{"year": ' + "9" * 5000 + "}", "[1]"]
)
def test_what_only_looks_like_json_is_refused(text: str) -> None:
    with pytest.raises(CalendarError, match="JSON"):
        read(text, name="a.json", known=shipped_year)


def test_every_shipped_year_is_written_as_it_is_read() -> None:
    for year in shipped().years:
        whole = shipped_year(year)
        assert whole is not None
        for name in (f"{year}.toml", "日历.toml", ""):
            assert read(whole.text(), name=name, known=unknown) == [whole]
        assert Year.parse(str(year), whole.text()) == whole


TOML = 'source = "通知"\n[rest]\n2030-01-01 = "元旦"\n[work]\n2030-01-05 = "元旦"\n'


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("2030-01-05", "2031-01-05", "里有2030、2031几个年份的日子，一个文件只放一年"),
        ('2030-01-01 = "元旦"\n', "", "没有一个放假日"),
        ('2030-01-01 = "元旦"', "", "没有一个放假日"),
        ("2030-01-01", "20300101", "“20300101”不是日期"),
        ('"元旦"\n[work]', '2\n[work]', "2030-01-01的名称应是20字以内的文字"),
        ('"通知"', "[1, 2]", "来源应是300字以内的一行文字"),
        ('"通知"', "9" * 5000, "太长，不像一年的放假安排"),
        ('"通知"', "[\n" * 5000, "不是有效的 TOML"),
        ("source", ".".join("a" * 9000), "太长，不像一年的放假安排"),  # takes a reader of TOML seconds and more
        ("[rest]\n2030-01-01", "rest = 3\n[more]\n2030-01-01", "应有 source、rest、work 三部分"),
    ],
)  # fmt: skip
def test_a_slip_in_our_own_file_is_named(old: str, new: str, why: str) -> None:
    assert old in TOML
    with pytest.raises(CalendarError, match=why):
        read(TOML.replace(old, new, 1), name="", known=unknown)


def test_a_long_gap_costs_no_time() -> None:
    begun = time.perf_counter()
    [year] = read(TOML.replace("[rest]", "[rest]" + "\n" * 29_000), known=unknown)
    assert year.rest == {date(2030, 1, 1): "元旦"}
    assert time.perf_counter() - begun < 5  # it took a minute when each line looked through all that follow


def test_an_empty_text_and_a_book_are_refused() -> None:
    for text in ("", "  \n", "\ufeff"):
        with pytest.raises(CalendarError, match="内容是空的"):
            read(text, known=unknown)
    with pytest.raises(CalendarError, match="超过200KB"):
        read("节" * LARGEST, known=unknown)
    with pytest.raises(CalendarError, match="超过200KB"):
        decoded(b"a" * (LARGEST + 1))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk"])
def test_both_encodings_of_offices_are_read(encoding: str) -> None:
    assert decoded(NOTICES[2026].encode(encoding, errors="ignore")).startswith("国务院办公厅关于2026年")


@pytest.mark.parametrize(
    "data",
    [NOTICES[2026].encode("utf-16"), NOTICES[2026].encode("utf-16-le"), b"\xff\xfe\xff", b"PK\x03\x04\x14\x00", b"%PDF-1.4\n\x00\x01"],
    ids=["utf-16", "utf-16-le", "bytes", "a sheet", "a pdf"],
)  # fmt: skip
def test_other_encodings_are_refused(data: bytes) -> None:
    with pytest.raises(CalendarError, match="读不出文字：请用UTF-8或GB18030"):
        decoded(data)


def shared() -> list[Path]:
    folder = Path(os.environ.get("HUIYIN_SHARED_DATA", "/nowhere")) / "holidays"
    return sorted(folder.rglob("[12][0-9][0-9][0-9].json"))


@pytest.mark.skipif(not shared(), reason="HUIYIN_SHARED_DATA names no folder with holiday-cn files")
def test_the_public_files_agree_with_the_shipped_years() -> None:
    for path in shared():
        text = decoded(path.read_bytes())
        if not json.loads(text)["days"]:
            with pytest.raises(CalendarError, match="是空的"):
                read(text, name=path.name, known=shipped_year)
            continue
        found = read(text, name=path.name, known=shipped_year)
        if found[0].year in shipped().years:
            assert {one.year: differing(one) for one in found} == {found[0].year: set()}, path.name
