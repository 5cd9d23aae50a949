"""公文打印出来：papers through LibreOffice to PDF, measured (GB/T 9704-2012)."""

from collections import Counter
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from huiyin.documents import notice, pdf
from huiyin.documents import summary as summary_paper
from huiyin.documents.catalogue import CATALOGUE
from huiyin.documents.evaluation import qr
from huiyin.documents.facts import Grid
from huiyin.documents.layout import Paper
from huiyin.models import Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.annual import summary
from huiyin.rules.vocabulary import PaperKind, Part
from tests.conftest import Bureau
from tests.documents.reading import LETTER, letter, write
from tests.documents.rendering import POINT, Page, Printed, office, printed

pytestmark = [pytest.mark.office, pytest.mark.xdist_group("office")]

TOP, BOTTOM, LEFT, RIGHT = 37, 297 - 35, 28, 210 - 26
PITCH = 28.95 * POINT
NUMBERS = "一二三四五六七八九十百千万亿甲乙丙丁戊己庚辛壬癸子丑寅卯"  # 28 of them
SENTENCE = (
    "项目选址、规划空间预留、用地预审、计划争取各环节，均“提前介入”（2020年6月9日起）；征收312亩，占10.34%。"
)
LENGTHS = range(10)
REPLY = CATALOGUE[PaperKind.REPLY]
SHEETS = (PaperKind.ASSIGNMENT, PaperKind.EVALUATION, PaperKind.VISIT, PaperKind.FACE_REPLY)
SAID = {
    "单位": "赣州市自然资源局", "表名": "赣州市五届人大五次会议代表建议办理情况征询意见表", "编号": "082",
    "发文字号": "赣市自然资字〔2020〕1号", "答复文号": "赣市自然资字〔2020〕1号", "标题": "关于协调港口用地指标落实项目用地保障的建议",
    "选项": "□ 非常满意　□ 满意　□ 基本满意　□ 不满意", "时间": "2020年6月1日\n10:20",
}  # fmt: skip


def full_pages() -> bytes:
    paper = Paper()
    paper.salutation(NUMBERS * 22 * 3)
    return paper.to_bytes()


def filled_in(kind: PaperKind) -> bytes:
    entry = CATALOGUE[kind]
    facts: dict[str, Any] = {one.name: SAID.get(one.name, f"某某{one.name}") for one in entry.slots}
    lists = {
        one.name: [{two: SAID.get(two, "某某") for two in one.columns}] * 4
        for one in entry.slots
        if one.columns
    }
    code = (
        {"二维码": qr("http://127.0.0.1:8000/items/1234/evaluate/?proposer=12345")}
        if "二维码" in facts
        else {}
    )
    return entry.write({**facts, **lists, **code})


def annexed() -> bytes:
    paper = Paper()
    paper.red_head(LETTER["发文机关"], LETTER["发文字号"])
    paper.title("赣州市自然资源局关于做好市五届人大五次会议代表建议办理工作的通知")
    paper.annexes(["代表建议办理责任分工表"])
    paper.signature(LETTER["落款单位"], "2020年6月1日")
    paper.landscape()
    paper.annex_mark()
    rows = [[str(place), "082", SENTENCE, *["某"] * 7] for place in range(1, 31)]
    paper.table(notice.HEADINGS, rows, notice.WIDTHS, notice.CENTRED)
    paper.printed("赣州市自然资源局办公室", "2020年6月1日")
    return paper.to_bytes()


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Printed]:
    dense = tuple(SENTENCE[place % 40 :] + SENTENCE * 3 for place in range(60))
    made = {
        "full": full_pages(),
        "letter": write(letter(正文=(*LETTER["正文"], *dense[:12]))),
        "dense": write(letter(正文=dense)),
        "copied": write(letter(抄送="，".join(f"市某某工作部门办公室{place}" for place in range(40)))),
        "annexed": annexed(),
        "filled": REPLY.write(letter(正文=dense), template=REPLY.template()),
        "everybody": write(letter(称谓=f"{'、'.join(f'代表甲{one}' for one in NUMBERS[:12])}代表：")),
        "tabled": write(
            letter(
                正文=(
                    *dense[:3],
                    Grid((("项目", "面积", "时间"), *[("一期", "312亩", "6月")] * 5)),
                    *dense[3:6],
                )
            )
        ),
        "long": write(letter(附件=("用地计划指标安排情况表", "项目进展"))),
        **{f"sheet_{one.value}": filled_in(one) for one in SHEETS},
        **{
            f"short{more}": write(letter(正文=LETTER["正文"] + LETTER["正文"][-1:] * more))
            for more in LENGTHS
        },
    }
    return printed(made, tmp_path_factory.mktemp("papers"))


def numbered(page: Page, number: int) -> tuple[float, float, float, float]:
    """The box of “— n —”, below the type area."""
    left, top, right, bottom = page.line_of(f"—{number}—")
    assert top > BOTTOM
    return left, top, right, bottom


def test_every_page_is_a4(papers: Mapping[str, Printed]) -> None:
    for paper in papers.values():
        for page in paper.pages:
            assert sorted((page.width, page.height)) == pytest.approx([210, 297], abs=0.5)


def test_a_full_page_holds_22_lines_of_28_characters(papers: Mapping[str, Printed]) -> None:
    pages = papers["full"].pages
    assert len(pages) == 3
    for number, page in enumerate(pages, 1):
        lines = ["".join(word.text for word in line) for line in page.lines]
        assert lines == [NUMBERS] * 22 + [f"—{number}—"]


def test_the_printed_margins_are_the_standards(papers: Mapping[str, Printed]) -> None:
    bands = papers["full"].inked(2, red=False)
    assert len(bands) == 23
    assert [min(one[2] for one in bands[:22]), max(one[3] for one in bands[:22])] == pytest.approx(
        [LEFT, RIGHT], abs=2
    )
    # The lines fill the type area; of a line 28.95 points high the characters take 16, so the ink begins and ends within.
    room = PITCH - 16 * POINT
    assert TOP <= bands[0][0] <= TOP + room
    assert BOTTOM - room <= bands[21][1] <= BOTTOM
    assert (bands[21][1] - bands[0][1]) / 21 == pytest.approx(PITCH, abs=0.05)


def test_page_numbers_are_7_mm_below_the_text_at_the_outer_side(papers: Mapping[str, Printed]) -> None:
    for number, page in enumerate(papers["full"].pages, 1):
        left, top, right, bottom = numbered(page, number)
        assert (top + bottom) / 2 == pytest.approx(BOTTOM + 7, abs=2)
        if number % 2:
            assert right == pytest.approx(RIGHT - 5, abs=1)
        else:
            assert left == pytest.approx(LEFT + 5, abs=1)


def test_a_letters_head_stands_where_the_standard_puts_it(papers: Mapping[str, Printed]) -> None:
    mark, thick, thin, upper, lower = papers["letter"].inked(1, red=True)
    assert mark[0] == pytest.approx(30, abs=1)
    assert thick[0] - mark[1] == pytest.approx(4, abs=0.5)
    assert thick[1] - thick[0] > 2 * (thin[1] - thin[0])  # 上粗下细
    assert lower[1] - lower[0] > 2 * (upper[1] - upper[0])  # 上细下粗
    assert lower[1] == pytest.approx(297 - 20, abs=1)
    for line in (thick, thin, upper, lower):
        assert [line[2], line[3]] == pytest.approx([20, 190], abs=1)
    page = papers["letter"].pages[0]
    class_mark, number = page.line_of("A类"), page.line_of("赣市自然资字〔2020〕1号")
    assert class_mark[3] < mark[0]
    assert number[1] > thin[1]
    assert [class_mark[2], number[2]] == pytest.approx([RIGHT, RIGHT], abs=1)
    assert "—1—" not in papers["letter"].text


def test_a_red_headed_paper_has_its_mark_35_mm_down_and_a_red_line(papers: Mapping[str, Printed]) -> None:
    mark, line = papers["annexed"].inked(1, red=True)
    assert mark[0] == pytest.approx(TOP + 35, abs=1)
    assert [line[2], line[3]] == pytest.approx([LEFT, RIGHT], abs=1)
    page = papers["annexed"].pages[0]
    left, _, right, _ = page.line_of("赣市自然资字〔2020〕1号")
    assert (left + right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)
    assert line[0] > page.line_of("赣市自然资字〔2020〕1号")[1]


def test_the_title_is_centred_and_broken_between_words(papers: Mapping[str, Printed]) -> None:
    page = papers["letter"].pages[0]
    for text in ("关于市五届人大五次会议", "第082号建议的答复"):
        left, _, right, _ = page.line_of(text)
        assert (left + right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=1)


def test_paragraphs_and_notes_begin_two_characters_in(papers: Mapping[str, Printed]) -> None:
    page = papers["short0"].pages[0]
    two = LEFT + 32 * POINT
    for text, left in (
        ("邱德海代表", LEFT),
        ("您提出的", two),
        ("一、关于", two),
        ("（联系人", two),
        ("（此件", two),
    ):
        assert page.line_of(text)[0] == pytest.approx(left, abs=0.5)


def test_the_date_is_four_characters_from_the_right(papers: Mapping[str, Printed]) -> None:
    page = papers["short0"].pages[0]
    day = page.line_of("2020年7月24日")
    (unit,) = (line for line in page.lines if line[0].text == LETTER["发文机关"] and line[0].top > TOP + 60)
    assert (unit[0].left + unit[0].right) / 2 == pytest.approx((day[0] + day[2]) / 2, abs=0.5)
    # LibreOffice 7.4 sets a quarter of a character beside each number, six here, half of them to the right.
    assert RIGHT - 64 * POINT <= day[2] <= RIGHT - 64 * POINT + 3 * 4 * POINT + 0.5


def test_no_character_is_lost_on_the_way_to_paper(papers: Mapping[str, Printed]) -> None:
    dense = tuple(SENTENCE[place % 40 :] + SENTENCE * 3 for place in range(60))
    lost = Counter("".join(dense)) - Counter(papers["dense"].text)
    assert not lost


def test_the_record_is_at_the_foot_of_the_last_page_clear_of_the_text(papers: Mapping[str, Printed]) -> None:
    pages = {more: papers[f"short{more}"].pages for more in LENGTHS}
    assert {len(found) for found in pages.values()} == {1, 2}  # the lengths cross the page's end
    for found in pages.values():
        last = found[-1]
        left, top, _, bottom = last.line_of("抄送：")
        assert bottom == pytest.approx(BOTTOM, abs=3)
        assert left == pytest.approx(LEFT + 14 * POINT, abs=1)
        assert last.line_of("（此件主动公开）")[3] < top + 2
        assert any(
            LETTER["正文"][-1] in word.text for word in last.words
        )  # the signature never stands without text


def test_forty_copies_are_all_printed_above_the_foot(papers: Mapping[str, Printed]) -> None:
    last = papers["copied"].pages[-1]
    assert all(f"办公室{place}" in papers["copied"].text for place in range(40))
    assert last.line_of("39。")[3] == pytest.approx(BOTTOM, abs=3)
    assert "（此件主动公开）" not in "".join(word.text for word in last.words)  # no room: a page of its own


def test_the_annex_lies_across_its_pages_with_the_heading_on_each(papers: Mapping[str, Printed]) -> None:
    across = [page for page in papers["annexed"].pages if page.width > page.height]
    assert len(across) > 2
    for page in across:
        assert "".join(word.text for line in page.lines for word in line).count("办理时限") == 1
        words = [word for word in page.words if "—" not in word.text]
        assert min(word.left for word in words) >= 35 - 2
        assert max(word.right for word in words) <= 297 - 37 + 2
        assert [word.top for word in page.words if "—" in word.text] == pytest.approx(
            [210 - 26 + 4] * 2, abs=1
        )
    assert (
        max(word.bottom for page in across[:-1] for word in page.words if "—" not in word.text)
        > 210 - 26 - 20
    )
    last = papers["annexed"].pages[-1]
    assert last.line_of("赣州市自然资源局办公室")[2] == pytest.approx(RIGHT - 5, abs=1)
    assert last.line_of("印发")[3] == pytest.approx(BOTTOM, abs=3)
    assert [word.text for line in last.lines for word in line][-2].isdigit()
    assert int([word.text for line in last.lines for word in line][-2]) % 2 == 0


def test_the_summary_prints_its_headings_in_order(
    bureau: Bureau, nankang: Unit, tmp_path_factory: pytest.TempPathFactory
) -> None:
    bureau.evaluated()
    bureau.delivered(number="083", part=Part.CO, lead_unit=nankang)
    on = date(2020, 12, 31)
    drawn = summary(actor_of(bureau.clerk, on), bureau.unit, bureau.meeting, on)
    found = printed({"summary": summary_paper.write(drawn)}, tmp_path_factory.mktemp("summary"))["summary"]
    headings = [line for line in drawn.lines if line[0] in "一二三（" and len(line) < 30]
    assert len(headings) == 7
    places = [found.text.index(heading) for heading in headings]
    assert places == sorted(places)
    assert not Counter("".join(drawn.lines)) - Counter(found.text)
    assert "—1—" in found.text


@pytest.mark.parametrize(("ci", "outcome"), [("", pytest.skip.Exception), ("1", pytest.fail.Exception)])
def test_without_libreoffice_measuring_is_skipped_but_fails_in_ci(
    monkeypatch: pytest.MonkeyPatch, ci: str, outcome: type[BaseException]
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.setenv("HUIYIN_CI", ci)
    with pytest.raises(outcome, match="缺少 soffice"):
        office()


def test_a_filled_template_prints_line_for_line_as_the_built_paper(papers: Mapping[str, Printed]) -> None:
    def lines(paper: Printed) -> list[list[str]]:
        return [["".join(word.text for word in line) for line in page.lines] for page in paper.pages]

    assert lines(papers["filled"]) == lines(papers["dense"])
    assert max(len(line) for line in lines(papers["filled"])[1]) <= 28 * 2


@pytest.mark.parametrize(
    ("name", "pages"), [("short0", 1), ("everybody", 1), *((f"sheet_{one.value}", 1) for one in SHEETS)]
)
def test_a_short_letter_and_each_form_take_one_page(
    papers: Mapping[str, Printed], name: str, pages: int
) -> None:
    assert len(papers[name].pages) == pages


def test_a_table_in_the_text_keeps_within_the_type_area(papers: Mapping[str, Printed]) -> None:
    rows = [line for page in papers["tabled"].pages for line in page.lines if line[0].text == "一期"]
    assert len(rows) == 5
    for row in rows:
        assert "".join(word.text for word in row) == "一期312亩6月"
        assert row[0].left > LEFT
        assert row[-1].right < RIGHT


def test_the_second_annex_stands_under_the_first(papers: Mapping[str, Printed]) -> None:
    page = papers["long"].pages[-1]
    first, second = page.find("附件："), page.find("2.项目进展")
    assert second.left == pytest.approx(first.left + 3 * 16 * POINT, abs=1)
    assert second.top > first.top


def test_a_paper_is_turned_into_pdf_with_the_official_fonts_stood_in_for(tmp_path: Path) -> None:
    data = pdf.convert(write(LETTER))
    (tmp_path / "paper.pdf").write_bytes(data)
    paper = Printed(tmp_path / "paper.pdf")
    assert len(paper.pages) == 1
    assert "我局已将该项目纳入年度用地计划。" in paper.text
    assert paper.pages[0].find("邱德海代表：").left == pytest.approx(LEFT, abs=1)


def test_what_is_no_paper_and_what_takes_too_long_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.05)
    with pytest.raises(pdf.NotConverted, match="秒还没有完成"):
        pdf.convert(write(LETTER))
