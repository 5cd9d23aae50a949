"""Word out and in: what goes out comes back, and what Word adds is read or left out and said."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.documents import word_in, word_out
from huiyin.documents.numbering import chinese, shown
from huiyin.documents.opening import Unsafe
from huiyin.documents.word_in import Picture, read
from huiyin.models import Assignment, Meeting, ReplyVersion, Suggestion
from huiyin.rules.text import Block, BlockKind, blocks, typed
from tests.documents.reading import LINES, letter, write
from tests.documents.test_opening import field, png

W = nsdecls("w")
AT = datetime(2020, 7, 20, tzinfo=UTC)
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="|【】\ufffe\uffff"),
    max_size=12,
)  # fmt: skip
LINE = WORDS.map(str.strip).filter(lambda one: bool(one) and one.splitlines() == [one])
UNITS = st.sampled_from(["", "南康区人民政府", "市发展改革委"])
PARAGRAPH = st.builds(
    lambda text, unit, number, points: Block(
        BlockKind.PARAGRAPH, text, unit=unit, round=number if unit else 0, points=tuple(sorted(points))
    ),
    LINE, UNITS, st.integers(0, 3), st.sets(st.integers(1, 20), max_size=3),
)  # fmt: skip
CELL = WORDS.map(str.strip)


@st.composite
def grids(draw: Any) -> Block:
    columns = draw(st.integers(1, 3))
    row = st.lists(CELL, min_size=columns, max_size=columns).map(tuple)
    rows = draw(st.lists(row, min_size=1, max_size=3))
    return Block(BlockKind.TABLE, rows=tuple(rows))


def version(body: str, title: str = "关于市五届人大五次会议第082号建议的答复") -> ReplyVersion:
    """A draft that is in no database."""
    suggestion = Suggestion(pk=1, number="082", meeting=Meeting(pk=1))
    item = Assignment(pk=7, suggestion=suggestion)
    return ReplyVersion(pk=3, assignment=item, number=2, revision=5, title=title, body=body, edited_at=AT)


def text(reading: word_in.Reading) -> str:
    return typed(one for one in reading.found if isinstance(one, Block))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(PARAGRAPH | grids(), max_size=6), LINE)
@pytest.mark.usefixtures("db")
def test_a_draft_that_goes_out_comes_back_the_same(found: list[Block], title: str) -> None:
    body = typed(blocks(typed(found)))
    reading = read(word_out.write(version(body, title)))
    assert text(reading) == body
    assert reading.title == title
    assert reading.said == []


def test_the_file_knows_its_draft_and_another_file_none(db: None) -> None:
    stamp = read(word_out.write(version("一、用地"))).stamp
    assert stamp is not None
    assert (stamp.item, stamp.number, stamp.revision) == (7, 2, 5)
    assert read(write(letter())).stamp is None


def word(*markup: str, before: Any = None) -> bytes:
    document = Document()
    if before:
        before(document)
    place = document.element.body
    for n, one in enumerate(markup):
        place.insert(
            n, parse_xml(one.replace("<w:p>", f"<w:p {W}>", 1).replace("<w:tbl>", f"<w:tbl {W}>", 1))
        )
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def p(inside: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def r(words: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{words}</w:t></w:r>'


def deleted(words: str) -> str:
    return f'<w:del w:id="1" w:author="a"><w:r><w:delText>{words}</w:delText></w:r></w:del>'


READ: dict[str, tuple[list[str], str, str]] = {
    "changes are accepted": (
        [p(r("我局已") + deleted("拟") + f'<w:ins w:id="2" w:author="a">{r("完成")}</w:ins>' + r("供地。"))],
        "我局已完成供地。", "有修订：删去的字没有导入"),
    "a deleted end joins two paragraphs": (
        [p(r("前半句，"), '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'), p(r("后半句。"))], "前半句，后半句。", ""),
    "a paragraph deleted whole is gone": (
        [p(deleted("不要了"), '<w:rPr><w:del w:id="1" w:author="a"/></w:rPr>'), p(r("留下。"))], "留下。", "修订"),
    "remarks stay in Word": (
        [p(r("正文。") + '<w:r><w:commentReference w:id="0"/></w:r>')], "正文。", "有批注，没有导入"),
    "a field shows its result": (
        [p(r("共") + field(" PAGE ").replace('w:fldCharType="end"/></w:r>', 'w:fldCharType="separate"/></w:r>')
           + r("3") + '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + r("页"))], "共3页", ""),
    "a line break makes a paragraph": ([p(r("一行") + "<w:r><w:br/></w:r>" + r("又一行"))], "一行\n又一行", ""),
    "a page break makes none": ([p(r("一行") + '<w:r><w:br w:type="page"/></w:r>')], "一行", ""),
    "hidden words": ([p(r("看得见。") + r("看不见", "<w:vanish/>"))], "看得见。", "有隐藏的文字，没有导入"),
    "spaces that indent": ([p(r("　　我局已完成。  "))], "我局已完成。", ""),
    "a content control": (
        ["<w:p/>".replace("<w:p/>", f"<w:sdt {W}><w:sdtContent>{p(r('控件里的字。'))}</w:sdtContent></w:sdt>")],
        "控件里的字。", ""),
    "bars are no table": ([p(r("|甲|乙|"))], "｜甲|乙|", ""),
    "a table": (
        ["<w:tbl><w:tblPr/><w:tblGrid/>"
         f"<w:tr><w:tc>{p(r('事项'))}</w:tc><w:tc>{p(r('期限'))}</w:tc></w:tr>"
         f"<w:tr><w:tc>{p(r('供地'))}{p(r('二期'))}</w:tc><w:tc>{p(r('6|7月'))}</w:tc></w:tr>"
         f'<w:tr><w:trPr><w:del w:id="1" w:author="a"/></w:trPr><w:tc>{p(r("删"))}</w:tc><w:tc>{p(r("去"))}</w:tc></w:tr>'
         "</w:tbl>"], "|事项|期限|\n|供地 二期|6｜7月|", "删去的字"),
    "joined cells": (
        ["<w:tbl><w:tblPr/><w:tblGrid/>"
         f'<w:tr><w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{p(r("两格"))}</w:tc></w:tr>'
         f"<w:tr><w:tc>{p(r('甲'))}</w:tc><w:tc>{p(r('乙'))}</w:tc></w:tr></w:tbl>"], "|两格||\n|甲|乙|", "合并的单元格"),
}  # fmt: skip


@pytest.mark.parametrize("name", READ)
def test_what_word_adds_is_read_or_said(name: str) -> None:
    markup, expected, said = READ[name]
    reading = read(word(*markup))
    assert text(reading) == expected
    assert any(said in one for one in reading.said) if said else reading.said == []


def lists(document: Any) -> None:
    levels = (("chineseCounting", "%1、"), ("decimal", "（%2）"), ("bullet", "·"))
    root = document.part.numbering_part.element
    inside = "".join(
        f'<w:lvl w:ilvl="{n}"><w:start w:val="1"/><w:numFmt w:val="{kind}"/><w:lvlText w:val="{words}"/></w:lvl>'
        for n, (kind, words) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{inside}</w:abstractNum>')
    root.insert(0, abstract)
    number = OxmlElement("w:num")
    number.set(qn("w:numId"), "91")
    number.append(parse_xml(f'<w:abstractNumId {W} w:val="90"/>'))
    root.append(number)


def test_automatic_numbers_become_words() -> None:
    def numbered(level: int, words: str) -> str:
        return p(r(words), f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="91"/></w:numPr>')

    reading = read(
        word(
            numbered(0, "用地"), numbered(1, "一期"), numbered(1, "二期"), numbered(0, "资金"), numbered(1, "省级"),
            numbered(2, "点"), before=lists,
        )
    )  # fmt: skip
    assert text(reading).splitlines() == ["一、用地", "（1）一期", "（2）二期", "二、资金", "（1）省级", "点"]
    assert reading.said == ["项目符号没有导入"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "一"),
        (10, "十"),
        (11, "十一"),
        (20, "二十"),
        (105, "一百零五"),
        (110, "一百一十"),
        (2001, "二千零一"),
    ],
)
def test_chinese_numbers(number: int, words: str) -> None:
    assert chinese(number) == words


def test_numbers_in_words_other_forms() -> None:
    forms = [
        "decimal",
        "decimalEnclosedCircle",
        "upperLetter",
        "lowerRoman",
        "chineseLegalSimplified",
        "decimalZero",
    ]
    assert [shown(4, one) for one in forms] == ["4", "④", "D", "iv", "肆", "04"]


def test_a_whole_letter_comes_back_as_its_title_and_text() -> None:
    reading = read(write(letter()))
    assert reading.title == "关于市五届人大五次会议第082号建议的答复"
    assert text(reading).splitlines() == list(LINES)
    assert any("称谓、落款" in one for one in reading.said)


def test_pictures_are_taken_and_other_kinds_said() -> None:
    document = Document()
    document.add_paragraph("前。")
    document.add_picture(io.BytesIO(png(60, 40)))
    document.add_paragraph("后。")
    out = io.BytesIO()
    document.save(out)
    reading = read(out.getvalue())
    assert [type(one) for one in reading.found] == [Block, Picture, Block]
    picture = reading.found[1]
    assert isinstance(picture, Picture)
    assert (picture.name, picture.data) == ("image1.png", png(60, 40))


def test_a_hostile_file_is_not_read() -> None:
    with pytest.raises(Unsafe, match="INCLUDETEXT"):
        read(word(p(field("INCLUDETEXT x"))))


def test_a_table_without_end_is_left_out_and_said() -> None:
    row = "<w:tr>" + "<w:tc><w:p/></w:tc>" * 60 + "</w:tr>"
    reading = read(word(f"<w:tbl><w:tblPr/><w:tblGrid/>{row * 100}</w:tbl>", p(r("正文。"))))
    assert text(reading) == "正文。"
    assert any("过大的表格" in one for one in reading.said)
