"""单元格里的字 (R2, R41, R74): numbers, dates, classes and yes or no, as officials write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.queries.sheets import read_class, read_day, read_number, read_yes, words

MAY = date(2020, 5, 29)


@pytest.mark.parametrize(
    "value",
    [
        MAY, datetime(2020, 5, 29), datetime(2020, 5, 29, 15, 30), "2020-05-29", "2020-5-29", "2020/5/29", "2020.5.29",
        "2020年5月29日", "2020 年 5 月 29 日", "2020年5月29号", "20200529", 20200529, 20200529.0, 43980, "43980", "43980.0",
        "43980.5", "２０２０年５月２９日", "二〇二〇年五月二十九日", "二○二○年五月二十九日", "2020-05-29 00:00:00",
        "2020-05-29T09:30", "2020年5月29日（星期五）", "2020年5月29日前", "20年5月29日", " 2020.05.29 ", "2020529", "2020.5.29日",
    ],
)  # fmt: skip
def test_a_day_however_it_is_written(value: Any) -> None:
    assert read_day(value) == MAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023717", date(2023, 7, 17)), ("2023131", date(2023, 1, 31)), ("2023930", date(2023, 9, 30)),
        ("202371", date(2023, 7, 1)), ("二〇二三年十月十日", date(2023, 10, 10)), ("二〇二三年十二月三十一日", date(2023, 12, 31)),
        ("2020-02-29", date(2020, 2, 29)),
    ],
)  # fmt: skip
def test_seven_digits_when_only_one_reading_is_a_day(text: str, day: date) -> None:
    assert read_day(text) == day


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("9月31日", "“9月31日”不是日期，9月没有31日"),
        ("2023年9月31日", "9月没有31日"),
        ("20230931", "9月没有31日"),
        ("2019年2月29日", "2019年2月没有29日"),
        ("2020-13-01", "没有13月"),
        ("2023111", "“2023111”可能是2023年1月11日或2023年11月1日"),
        ("5月29日", "“5月29日”没有年份，应写成 2020-05-29（带年份）"),
        ("5.29", "没有年份"),
        ("五月底", "“五月底”不是日期"),
        ("2020年5月", "不是日期"),
        ("2020-05-29至2020-06-30", "不是日期"),
        ("2020年5月29日电话", "不是日期"),
        ("82", "不是日期"),
        ("13800000000", "不是日期"),
        ("0000-01-01", "年份不对"),
        (True, "不是日期"),
        (time(9, 30), "不是日期"),
    ],
)
def test_what_is_no_day_is_said_in_words(text: Any, said: str) -> None:
    with pytest.raises(ValueError, match=r"[日年]") as error:
        read_day(text)
    assert said in str(error.value)


def test_a_day_without_a_year_is_of_the_year_given() -> None:
    assert read_day("5月29日", year=2020) == MAY
    assert read_day("", year=2020) is None and read_day(None) is None
    with pytest.raises(ValueError, match="2019年2月没有29日"):
        read_day("2月29日", year=2019)


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("082", "082"), (82, "82"), (82.0, "82"), ("金44号", "金44"), ("金44", "金44"), ("A20250015", "A20250015"),
        ("11.04.090", "11.04.090"), ("第82号", "82"), ("第 082 号", "082"), ("第082号建议", "082"), ("建议第082号", "082"), ("８２", "82"),
        ("编号：082", "082"), ("No.15", "15"), ("№15", "15"), ("2020-082", "2020-082"), ("平3", "平3"), ("", ""), (None, ""),
        ("\t082\n", "082"), ("\u200b082\ufeff", "082"), ("第三十二号", None), ("合计", None), ("关于道路的建议", None), ("=1+1", None), ("9" * 31, None),
        (date(2020, 11, 4), None), ("<b>1</b>", None),
    ],
)  # fmt: skip
def test_a_number_as_on_the_paper(value: Any, number: str | None) -> None:
    if number is not None:
        assert read_number(value) == number
        return
    with pytest.raises(ValueError, match="编号"):
        read_number(value)


@pytest.mark.parametrize(
    ("value", "letter", "note"),
    [
        ("A", "A", ""), ("a类", "A", ""), ("Ｂ", "B", ""), ("C类件", "C", ""), ("A3类", "A", "A3类"), ("A3", "A", "A3"), ("B2类", "B", "B2类"),
        ("甲", "A", "甲"), ("乙类", "B", "乙类"), ("丙", "C", "丙"), ("已解决", "A", "已解决"), ("已经解决或基本解决", "A", "已经解决或基本解决"),
        ("列入计划拟解决", "B", "列入计划拟解决"), ("正在解决", "B", "正在解决"), ("留作参考", "C", "留作参考"), ("未解决", "C", "未解决"),
        ("A（已解决）", "A", "A（已解决）"), ("B类：列入计划", "B", "B类：列入计划"), ("", "", ""), (None, "", ""),
    ],
)  # fmt: skip
def test_a_class_and_what_more_the_cell_says(value: Any, letter: str, note: str) -> None:
    assert read_class(value) == (letter, note)


@pytest.mark.parametrize("text", ["满意", "E", "AB", "答复", "1"])
def test_what_is_no_class(text: str) -> None:
    with pytest.raises(ValueError, match="不是解决程度"):
        read_class(text)


def test_words_may_follow_the_definitions_of_a_place() -> None:
    """The same words mean another letter elsewhere: 留作参考 is D where there are four classes."""
    four = {
        "A": "已经解决或基本解决",
        "B": "正在解决或列入规划逐步解决",
        "C": "因条件限制需待以后解决",
        "D": "留作参考",
    }
    assert read_class("留作参考", scheme=four) == ("D", "留作参考")
    assert read_class("列入规划逐步解决", scheme=four)[0] == "B"
    with pytest.raises(ValueError, match="应写成 A、B、C"):
        read_class("D", scheme={"A": "解决", "B": "计划", "C": "参考"})


@pytest.mark.parametrize(
    ("value", "yes"),
    [("是", True), ("√", True), ("有", True), (True, True), ("Y", True), (1, True), ("否", False), ("×", False), ("无", False), (False, False), ("—", False), ("", None), (None, None)],
)  # fmt: skip
def test_yes_and_no(value: Any, yes: bool | None) -> None:
    assert read_yes(value) is yes


def test_a_yes_that_is_none() -> None:
    with pytest.raises(ValueError, match="“也许”不是是或否"):
        read_yes("也许")


def test_cells_as_words() -> None:
    assert [words(one) for one in (82.0, 82, 1.5, True, MAY, datetime(2020, 5, 29, 9, 30), "甲\x00\x07乙_x000D_\r\n丙", None)] == [
        "82", "82", "1.5", "是", "2020-05-29", "2020-05-29 09:30", "甲乙_x000D_\n丙", "",
    ]  # fmt: skip


ANY = st.one_of(st.text(), st.integers(), st.floats(), st.dates(), st.datetimes(), st.booleans(), st.none(), st.from_regex(r"[0-9]{1,9}"), st.from_regex(r"[0-9年月日号第〇一二三十./-]{1,12}"))  # fmt: skip


@given(ANY)
def test_no_cell_makes_a_reader_fail_but_in_words(value: Any) -> None:
    for reader in (read_day, read_number, read_class, read_yes):
        said = "无"
        try:
            reader(value)
        except ValueError as error:
            said = str(error)
        assert re.search("[\u4e00-\u9fff]", said)
    assert isinstance(words(value), str)


@given(st.dates(min_value=date(1981, 1, 1), max_value=date(2099, 12, 31)))
def test_a_day_is_the_same_in_every_form(day: date) -> None:
    serial = (day - date(1899, 12, 30)).days
    forms = [day, f"{day}", f"{day.year}年{day.month}月{day.day}日", f"{day:%Y%m%d}", f"{day.year}.{day.month}.{day.day}", serial, str(serial)]  # fmt: skip
    assert {read_day(one) for one in forms} == {day}


@given(st.from_regex(r"(?!NO)[0-9A-Z]{1,10}(\.[0-9]{1,4}){0,2}", fullmatch=True))  # NO7 is No. 7
def test_a_number_once_read_stays(text: str) -> None:
    assert read_number(text) == text == read_number(f"第{text}号")
