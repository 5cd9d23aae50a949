"""版式：papers read back with python-docx (GB/T 9704-2012, R42)."""

import io
import re
import zipfile
from datetime import date
from typing import Any

import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.documents import notice
from huiyin.documents.layout import Paper
from huiyin.documents.letters import reply_facts
from huiyin.documents.looks import BODY, LOOKS
from huiyin.models import Assignment, ReplyVersion, Unit
from huiyin.rules.vocabulary import Kind, Part
from tests.conftest import Bureau
from tests.documents.reading import LETTER, head, letter, opened, parts, record, texts, write

FONTS = {
    "公文正文": ("仿宋_GB2312", 16), "公文顶格": ("仿宋_GB2312", 16), "公文一级标题": ("黑体", 16),
    "公文二级标题": ("楷体_GB2312", 16), "公文标题": ("方正小标宋简体", 22), "发文机关标志": ("方正小标宋简体", 34),
    "发文字号": ("仿宋_GB2312", 16), "类别标记": ("黑体", 16), "落款": ("仿宋_GB2312", 16), "版记": ("仿宋_GB2312", 14),
    "页码": ("宋体", 14), "附件标记": ("黑体", 16),
}  # fmt: skip


def paper_of(item: Assignment) -> Any:
    version = item.reply.version if item.reply else item.submitted_version
    assert version is not None
    return opened(write(reply_facts(item, version)))


# 版面


def test_the_page_is_a4_with_the_standards_margins_and_no_grid() -> None:
    section = opened(write(LETTER)).sections[0]
    found = [
        section.page_width, section.page_height, section.top_margin, section.bottom_margin,
        section.left_margin, section.right_margin,
    ]  # fmt: skip
    assert [round(one / Mm(1)) for one in found] == [210, 297, 37, 35, 28, 26]
    assert section._sectPr.findall(qn("w:docGrid")) == []


@pytest.mark.parametrize("name", FONTS)
def test_a_style_names_its_font_for_every_script(name: str) -> None:
    style = opened(write(LETTER)).styles[name]
    fonts = style.element.rPr.rFonts
    assert {fonts.get(qn(f"w:{key}")) for key in ("ascii", "hAnsi", "eastAsia", "cs")} == {FONTS[name][0]}
    assert fonts.get(qn("w:hint")) == "eastAsia"
    assert style.font.size == Pt(FONTS[name][1])


def test_22_lines_of_28_characters_fit_the_type_area() -> None:
    style = opened(write(LETTER)).styles[BODY]
    line = style.paragraph_format.line_spacing
    spacing = int(style.element.rPr.find(qn("w:spacing")).get(qn("w:val"))) / 20
    assert style.paragraph_format.line_spacing_rule == WD_LINE_SPACING.EXACTLY
    assert 22 * line <= Mm(225) < 23 * line
    assert 28 * (16 + spacing) <= Mm(156) / Pt(1) < 29 * (16 + spacing)


def test_a_paragraph_begins_two_characters_in_and_is_never_justified() -> None:
    style = opened(write(LETTER)).styles[BODY]
    assert style.element.pPr.ind.get(qn("w:firstLineChars")) == "200"
    assert style.paragraph_format.first_line_indent == Pt(32)
    assert {look.align for look in LOOKS.values()}.isdisjoint({WD_ALIGN_PARAGRAPH.JUSTIFY})


def test_the_text_is_chinese_and_every_run_hints_so() -> None:
    document = opened(write(LETTER))
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:eastAsia")) == "zh-CN"
    runs = [run for one in document.paragraphs for run in one.runs if run.text]
    assert runs
    assert all(run._r.rPr.rFonts.get(qn("w:hint")) == "eastAsia" for run in runs)


def test_page_numbers_stand_at_the_outer_side_and_not_on_a_letters_first_page() -> None:
    section = opened(write(LETTER)).sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert [odd.alignment, even.alignment] == [WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.LEFT]
    for one in (odd, even):
        assert one.text == "—  —"
        assert [code.text for code in one._p.iter(qn("w:instrText"))] == ["PAGE"]
    assert section.different_first_page_header_footer
    assert "".join(one.text for one in section.first_page_footer.paragraphs) == ""


ORDER = {
    "rPr": "rStyle rFonts b bCs i iCs caps strike color spacing w kern position sz szCs highlight u lang",
    "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr pBdr shd tabs kinsoku overflowPunct autoSpaceDE "
    "autoSpaceDN spacing ind contextualSpacing jc outlineLvl rPr sectPr",
    "tblPr": "tblStyle tblpPr tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "trPr": "cantSplit trHeight tblHeader jc",
    "tcPr": "tcW gridSpan vMerge tcBorders shd noWrap tcMar vAlign",
}  # fmt: skip


def out_of_order(element: Any) -> bool:
    """Whether Word's schema wants the children otherwise: a table with such a head silently vanishes."""
    order = ORDER[element.tag.rpartition("}")[2]].split()
    places = [order.index(child.tag.rpartition("}")[2]) for child in element]
    return places != sorted(set(places))


def test_every_property_stands_where_the_schema_wants_it() -> None:
    paper = Paper()
    paper.red_head("局", "号")
    paper.title("标题")
    paper.text(["一、甲", "（一）乙。丙丁"])
    paper.annexes(["甲", "乙"])
    paper.signature("局", "2020年1月1日")
    paper.landscape()
    paper.table(["甲", "乙"], [["1", "2"]], [100, 125], [0])
    paper.printed("办公室", "2020年1月1日")
    for data in (paper.to_bytes(), write(LETTER)):
        document = opened(data)
        section = document.sections[0]
        ours = [document.styles[name].element for name in LOOKS]
        for root in [document.element, section.first_page_header._element, section.footer._element, *ours]:
            for tag in ORDER:
                for element in root.iter(qn(f"w:{tag}")):
                    assert not out_of_order(element), (tag, [child.tag for child in element])


# 各要素


def test_a_reply_has_its_parts_in_order(bureau: Bureau) -> None:
    document = paper_of(bureau.issued())
    assert head(document) == ["A类", "赣州市自然资源局"]
    assert parts(document) == [
        ("发文字号", "赣市自然资字〔2020〕1号"),
        ("公文标题", "关于市五届人大五次会议"),
        ("公文标题", "第082号建议的答复"),
        ("公文顶格", "邱德海代表："),
        ("公文正文", "您在市五届人大五次会议上提出的《关于测试的建议》收悉。经研究，现答复如下："),
        ("公文一级标题", "一、关于用地"),
        ("公文正文", "我局已将该项目纳入年度用地计划，并开辟绿色通道，压缩审批时限，保障项目按期开工建设。"),
        ("公文正文", "感谢您对自然资源工作的关心和支持。"),
        ("落款", "赣州市自然资源局"),
        ("落款", "2020年7月24日"),
        ("公文正文", "（联系人：谢文斌，电话：0797-8000001）"),
        ("公文正文", "（此件主动公开）"),
    ]
    assert record(document) == ["抄送：市人大常委会选举任免联络工作委员会，市政府办公室。"]


@pytest.mark.parametrize("given_class", ["A", "B", "C"])
def test_the_class_is_marked_at_the_top_right(bureau: Bureau, given_class: str) -> None:
    reason = "因规划限制" if given_class == "C" else ""
    document = paper_of(bureau.review(draft={"outcome_class": given_class, "class_reason": reason}))
    mark = document.sections[0].first_page_header.paragraphs[0]
    assert mark.text == f"{given_class}类"
    assert document.styles[mark.style.name].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.RIGHT


def test_before_it_is_signed_a_letter_has_no_number_and_no_date(bureau: Bureau) -> None:
    document = paper_of(bureau.issue())
    assert texts(document, "发文字号") == ["赣市自然资字〔2020〕　号"]
    assert texts(document, "落款") == ["赣州市自然资源局", "（签发日期）"]


def test_an_opinion_goes_to_the_lead_unit_without_class_disclosure_or_copies(
    bureau: Bureau, nankang: Unit
) -> None:
    document = paper_of(bureau.issued(part=Part.CO, lead_unit=nankang))
    assert head(document) == ["", "赣州市自然资源局"]
    assert texts(document, "发文字号", "公文标题", "公文顶格") == [
        "赣市自然资函〔2020〕1号", "关于市五届人大五次会议", "第082号建议的协办意见", "南康区人民政府：",
    ]  # fmt: skip
    assert "公开" not in "".join(texts(document))
    assert record(document) == []


def test_a_proposal_is_answered_to_members(bureau: Bureau) -> None:
    assert texts(paper_of(bureau.issued(kind=Kind.PROPOSAL)), "公文顶格") == ["邱德海委员："]


@pytest.mark.parametrize(
    ("disclosure", "reason", "words"),
    [
        ("summary", "", "（此件摘要公开）"),
        ("on_request", "", "（此件依申请公开）"),
        ("none", "涉及商业秘密", "（此件不予公开，涉及商业秘密）"),
    ],
)
def test_disclosure_is_printed_with_its_reason(
    bureau: Bureau, disclosure: str, reason: str, words: str
) -> None:
    item = bureau.review(draft={"disclosure": disclosure, "disclosure_reason": reason})
    assert words in texts(paper_of(item))


def test_what_a_unit_wrote_is_printed_without_its_mark(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted(co_units=(nankang,))
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    text = "感谢您的来信，现将办理情况答复如下，请予审阅。我局会同有关单位研究，形成以下意见：\n【南康区人民政府】我区已完成二期312亩土地征收。"
    bureau.draft(item, body=text)
    version = Assignment.objects.get(pk=item.pk).draft
    assert version is not None
    document = opened(write(reply_facts(item, version)))
    assert "我区已完成二期312亩土地征收。" in texts(document)
    assert "【" not in "".join(texts(document))


@pytest.mark.parametrize(
    ("organ", "width"),
    [("赣州市自然资源局", 6.5 + 8), ("赣州市人民政府国有资产监督管理委员会办公室", 21 + 1)],
)
def test_unit_and_date_are_centred_where_the_date_ends_four_characters_in(organ: str, width: float) -> None:
    document = opened(write(letter(发文机关=organ, 落款单位=organ)))
    signature = [one for one in document.paragraphs if one.style.name == "落款"]
    assert [one.text for one in signature] == ["", "", organ, "2020年7月24日"]
    room = {round(Mm(156) - one.paragraph_format.left_indent, -3) for one in signature}
    assert room == {round(Pt(16) * width, -3)}
    assert document.styles["落款"].paragraph_format.alignment == WD_ALIGN_PARAGRAPH.CENTER


def test_the_end_of_the_text_its_signature_and_the_record_stay_on_one_page() -> None:
    paragraphs = opened(write(LETTER)).paragraphs
    last = next(place for place, one in enumerate(paragraphs) if one.text == LETTER["正文"][-1])
    assert all(one.paragraph_format.keep_with_next for one in paragraphs[last:-1])


@pytest.mark.parametrize(
    ("line", "style", "led"),
    [
        ("一、关于用地", "公文一级标题", ""),
        ("（二）加强与代表联系沟通", "公文二级标题", ""),
        ("（一）促进与协办单位互动协作。充分发挥牵头作用。", BODY, "（一）促进与协办单位互动协作。"),
        ("(一) 用地保障方面：我市一直重视。成效明显。", BODY, "(一) 用地保障方面："),
        ("1.统筹用地指标", BODY, ""),
        ("一是统筹用地指标", BODY, ""),
        ("一、" + "很长的一段话，" * 9, BODY, ""),
    ],
)
def test_headings_are_told_by_their_numbers(line: str, style: str, led: str) -> None:
    document = opened(write(letter(正文=(line,))))
    found = next(one for one in document.paragraphs if one.text == line)
    assert found.style.name == style
    assert "".join(run.text for run in found.runs if run.style.name.startswith("段首")) == led


def test_several_annexes_are_numbered_and_one_is_not() -> None:
    paper = Paper()
    paper.annexes(["甲表"])
    paper.annexes(["乙表", "丙表"])
    assert texts(paper.document) == ["附件：甲表", "附件：1.乙表", "2.丙表"]


def test_a_long_organ_name_keeps_to_one_line() -> None:
    for name, size in (("赣州市自然资源局", None), ("赣州市人民政府国有资产监督管理委员会", 24.0)):
        run = opened(write(letter(发文机关=name))).sections[0].first_page_header.paragraphs[1].runs[0]
        assert run.font.size == (Pt(size) if size else None)
        assert len(name) * (run.font.size or Pt(34)) <= Mm(156)


# 文字：any text a handler may write

WORDS = st.text(
    "用地指标计划答复建议，。；：“”（）《》—…0123456789%＜＞<&>😀ＡＢａ１！ \t.-/", min_size=1, max_size=60
)
SOURCES = st.sampled_from(["", "", "【南康区人民政府】", "【市发展改革委】"])


@given(st.lists(st.tuples(SOURCES, WORDS.filter(lambda text: text.strip())), min_size=1, max_size=12))
@settings(max_examples=40, deadline=None)
def test_every_paragraph_is_printed_once_in_order_without_source_marks(lines: list[tuple[str, str]]) -> None:
    version = ReplyVersion(body="\n\n".join(mark + text.strip() for mark, text in lines))
    paragraphs = [one.plain for one in version.blocks()]
    data = write(letter(正文=tuple(paragraphs)))
    styles = (BODY, "公文一级标题", "公文二级标题")
    assert texts(opened(data), *styles) == [*paragraphs, LETTER["联系人"], LETTER["公开属性"]]
    assert not re.search("【[^】]+】", "".join(paragraphs))


@given(st.text(max_size=80))
@settings(max_examples=60, deadline=None)
def test_any_text_makes_a_paper_that_opens(text: str) -> None:
    data = write(
        letter(
            正文=(f"甲{text}乙",),
            标题=f"关于{text}的答复",
            称谓=text,
            发文机关=text or "局",
            落款单位=text or "局",
            抄送=text,
        )
    )
    assert texts(opened(data), "落款")


@pytest.mark.parametrize(
    "text", ["3<5 & 7>2", "😀已办结", "Ａ１（全角）", "“引号”——破折号……", "坏字\x0b\x00\ufffe符"]
)
def test_odd_texts_are_kept_whole(text: str) -> None:
    document = opened(write(letter(正文=(text,), 抄送=text)))
    wanted = [one for one in re.sub("[\x00\ufffe]", "", text).splitlines() if one]
    assert [one for one in texts(document) if one in wanted] == wanted
    assert record(document) == ["抄送：" + re.sub("[\x00\x0b\ufffe]", "", text) + "。"]


def test_without_copies_there_is_no_record() -> None:
    assert record(opened(write(letter(抄送="")))) == []


def test_forty_co_signers_are_each_named_once(bureau: Bureau) -> None:
    names = [f"联名{chr(0x4E00 + place)}" for place in range(40)]
    item = bureau.review(co_signers=tuple(names))
    (salutation,) = texts(paper_of(item), "公文顶格")
    assert salutation == f"{'、'.join(['邱德海', *names])}代表："


def test_a_text_of_sixty_pages_is_written_whole() -> None:
    lines = tuple(f"第{place}段，" + "我局认真研究办理。" * 12 for place in range(60 * 22 // 4))
    assert texts(opened(write(letter(正文=lines))), BODY)[:-2] == list(lines)


def test_the_same_letter_gives_the_same_bytes_and_names_nobody() -> None:
    first, second = write(LETTER), write(LETTER)
    assert first == second
    with zipfile.ZipFile(io.BytesIO(first)) as package:
        assert {one.date_time for one in package.infolist()} == {(2000, 1, 1, 0, 0, 0)}
    properties = opened(first).core_properties
    assert (properties.title, properties.author, properties.comments) == (LETTER["标题"], "", "")


# 工作通知


@pytest.fixture
def work_notice(bureau: Bureau, nankang: Unit) -> Any:
    items = [
        bureau.handling(),
        bureau.handling(number="083", co_units=(nankang,)),
        bureau.handling(number="084", part=Part.CO, lead_unit=nankang),
    ]
    return opened(
        notice.build(notice.facts_of(bureau.unit, bureau.meeting, items, on=date(2020, 6, 1))).to_bytes()
    )


def test_the_notice_is_a_red_headed_paper_with_its_annex_and_record(work_notice: Any) -> None:
    assert texts(work_notice, "发文机关标志") == ["赣州市自然资源局文件"]
    assert texts(work_notice, "公文标题") == [
        "赣州市自然资源局", "关于做好市五届人大五次会议", "代表建议办理工作的通知", "赣州市五届人大五次会议代表建议办理责任分工表",
    ]  # fmt: skip
    assert texts(work_notice, "附件说明", "落款", "附件标记") == [
        "附件：赣州市五届人大五次会议代表建议办理责任分工表", "赣州市自然资源局", "2020年6月1日", "附件",
    ]  # fmt: skip
    assert "由我局承办3件，其中主办2件，协办1件，二次办理0件" in "".join(texts(work_notice, BODY))
    assert record(work_notice) == ["赣州市自然资源局办公室\t2020年6月1日印发"]


def test_the_annex_lists_who_answers_for_each_item_by_when(work_notice: Any) -> None:
    (table,) = work_notice.tables
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == list(notice.HEADINGS)
    title = "关于协调港口用地指标落实项目用地保障的建议"
    people = ["温国强", "用途管制科", "谢文斌"]
    assert rows[1] == ["1", "082", title, "邱德海", "主办", "主办：市自然资源局", *people, "2020年8月29日"]
    assert rows[2][4:6] == ["主办", "主办：市自然资源局；协办：南康区政府"]
    assert rows[3][4:6] + rows[3][9:] == ["协办", "主办：南康区政府", "2020年6月29日"]


def test_the_annex_lies_across_the_page_with_its_heading_on_each(work_notice: Any) -> None:
    first, across, last = work_notice.sections
    assert [round(one.page_width / Mm(1)) for one in (first, across, last)] == [210, 297, 210]
    room = across.page_width - across.left_margin - across.right_margin
    (table,) = work_notice.tables
    assert sum(notice.WIDTHS) == round(room / Mm(1)) == 225
    assert [round(column.width / Mm(1)) for column in table.columns] == list(notice.WIDTHS)
    heads = [row for row in table._tbl.tr_lst if row.find(f".//{qn('w:tblHeader')}") is not None]
    assert heads == [table._tbl.tr_lst[0]]
    assert all(row.find(f".//{qn('w:cantSplit')}") is not None for row in table._tbl.tr_lst)


def test_the_notice_waits_for_items_that_lack_what_it_must_name(bureau: Bureau) -> None:
    assert notice.incomplete([bureau.register()]) == ["第082号缺责任领导、承办科室、承办人"]
    assert notice.incomplete([bureau.handling(number="083")]) == []
