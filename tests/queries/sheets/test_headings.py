"""表头 (evidence of many offices' ledgers): every synonym names its column; what is doubtful, the values decide."""

from __future__ import annotations

import pytest

from huiyin.queries.ledger import COLUMNS
from huiyin.queries.sheets import LABELS, read
from huiyin.queries.sheets.headings import KEYS, SYNONYMS, guess, plain
from tests.queries.sheets.building import HEAD, ROW, text


def keys(*rows: list[str]) -> dict[str, str | None]:
    return {one.words: one.key for one in read(text(*rows), "台账.csv").sheet().headings}


def test_every_column_of_the_ledger_is_known_by_its_heading() -> None:
    assert {one.label: guess([one.label], {}) for one in COLUMNS} == {one.label: one.key for one in COLUMNS}


def test_no_word_names_two_columns() -> None:
    seen: dict[str, str] = {}
    for key, line in SYNONYMS.items():
        for word in line.split():
            assert seen.setdefault(plain(word), key) == key, word
            assert KEYS[plain(word)] == key, word
    assert set(SYNONYMS) <= set(LABELS)


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("会办单位", "co_units"), ("协办", "co_units"), ("案 由", "title"), ("建议标题\n（内容）", "title"), ("建议名称", "title"), ("领衔代表", "lead"),
        ("第一提案人", "lead"), ("提案者", "lead"), ("解决程度", "outcome"), ("办理结果", "outcome"), ("答复类别", "outcome"), ("提案号", "number"),
        ("建议号", "number"), ("建议编号", "number"), ("责任人(承办人)", "handler"), ("联系人电话", "phone"), ("答复截止时间", "due_on"),
        ("计划办结日期", "due_on"), ("首次沟通日期/方式", "contact"), ("公开日期/网址", "public_url"), ("公开属性", "disclosure"), ("办理态度", "attitude"),
        ("跟踪办理结果", "kept"), ("承办科室（部门）", "section"), ("重点督办/督办领导", "plan_leader"), ("代表团/界别", "delegation"), ("ＮＯ．", ""), ("序号", ""),
        ("二次答复文号", "again_number"), ("归档号", "archive_number"), ("备注", "note"), ("性质", "nature"), ("莫名其妙", None),
    ],
)  # fmt: skip
def test_headings_as_offices_write_them(words: str, key: str | None) -> None:
    assert guess([words], {}) == key


def test_what_the_unit_once_said_goes_first() -> None:
    known = {"摘要": "title", "案由": "text", "内部码": ""}
    found = read(
        text(["编号", "案由", "摘要", "内部码"], ["1", "a", "b", "c"]), "表.csv", known=known
    ).sheet()
    assert [one.key for one in found.headings] == ["number", "text", "title", ""]
    assert found.rows[0].cells(found.mapping()) == {"number": "1", "text": "a", "title": "b"}


def test_a_doubtful_heading_is_read_by_what_is_below_it() -> None:
    assert keys(["编号", "标题", "类别"], ["1", "甲", "A"], ["2", "乙", "B类"])["类别"] == "outcome"
    assert keys(["编号", "标题", "类别"], ["1", "甲", "用地保障"])["类别"] == "category"
    assert keys(["编号", "标题", "类型"], ["1", "甲", "主办"])["类型"] == "part"
    assert keys(["编号", "标题", "类型"], ["1", "甲", "提案"])["类型"] == "kind"
    assert keys(["编号", "标题", "办理结果"], ["1", "甲", "基本满意"])["办理结果"] == "rating"


def test_a_column_named_twice_is_taken_once_and_said() -> None:
    found = read(text([*HEAD, "案由"], [*ROW, "别的"]), "表.csv").sheet()
    assert [one.key for one in found.headings] == ["number", "title", "lead", "part", "assigned_on", None]
    assert "“案由”与第2列同是标题，没有读这一列，可另选" in found.notes
    assert found.rows[0].cells(found.mapping())["title"] == ROW[1]


def test_who_handles_is_who_leads_unless_another_column_says() -> None:
    assert keys(["编号", "标题", "承办单位"], ["1", "甲", "市局"])["承办单位"] == "lead_unit"
    found = keys(["编号", "标题", "承办单位", "主办单位"], ["1", "甲", "市局", "区局"])
    assert (found["承办单位"], found["主办单位"]) == ("unit", "lead_unit")


def test_headings_nobody_knows_can_still_be_matched() -> None:
    found = read(
        text(["关于2020年的表", "", ""], ["甲列", "乙列", "丙列"], ["082", "标题", "某某"]), "表.csv"
    ).sheet()
    assert [one.words for one in found.unknown()] == ["甲列", "乙列", "丙列"] and not found.recognised
    assert found.rows[0].cells({0: "number", 1: "title"}) == {"number": "082", "title": "标题"}


def test_a_column_without_a_heading_is_offered() -> None:
    found = read(text([*HEAD, "", ""], [*ROW, "有字", ""]), "表.csv").sheet()
    assert [(one.words, one.key) for one in found.unknown()] == [("第6列（无表头）", None)]
