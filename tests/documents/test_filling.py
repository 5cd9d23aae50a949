"""模板：an office's own .docx, filled with a paper's facts; what may not be in one is refused in a sentence."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

from huiyin.documents.catalogue import CATALOGUE, ENTRIES, Entry
from huiyin.documents.evaluation import qr
from huiyin.documents.facts import Facts, Grid, Shape, Slot, Value
from huiyin.documents.filling import wrong_with
from huiyin.documents.settling import parts
from huiyin.rules.vocabulary import PaperKind
from tests.documents.reading import LETTER, letter, opened, record, texts

REPLY = CATALOGUE[PaperKind.REPLY]
MAY_BE_EMPTY = {
    "类别标记",
    "联系人",
    "公开属性",
    "抄送",
    "代表团",
    "回访日期",
    "回访情况",
    "签收人",
    "代表意见",
}
LONG = "关于市五届人大五次会议第082号建议的答复"


def sample(slot: Slot) -> Value:
    """A fact of each shape, longer than its place-holder."""
    if slot.shape == Shape.BODY:
        grid = Grid((("项目", "面积"), ("一期", "312亩")))
        return ("一、关于用地", "已纳入计划。", grid, "（二）下一步。按期供地。", "感谢支持。")
    if slot.shape == Shape.NAMES:
        return ["用地计划表", "办理情况说明"]
    if slot.shape == Shape.ROWS:
        return [{one: f"{one}{place}" for one in slot.columns} for place in (1, 2, 3)]
    if slot.shape == Shape.PICTURE:
        return qr("http://127.0.0.1/items/1/evaluate/?proposer=1")
    long = {"标题": LONG, "抄送": "，".join(f"市某某工作部门办公室{one}" for one in range(9)), "表名": LONG}
    return long.get(slot.name, f"某{slot.name}")


def nothing(slot: Slot) -> Value:
    """A fact that came up empty, where it can."""
    if slot.shape in {Shape.NAMES, Shape.ROWS} and not slot.required:
        return []
    return "" if slot.name in MAY_BE_EMPTY else sample(slot)


def looks(data: bytes) -> list[Any]:
    """Every paragraph wherever it stands: its story, style, words, indents, and the height of its line."""
    document, found = opened(data), []
    names = {one.style_id: one.name for one in document.styles}
    for label, root in parts(document):
        for one in root.iter(qn("w:p")):
            style = one.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
            words = "".join(
                piece.text or {"br": "\n", "tab": "\t"}.get(piece.tag.rpartition("}")[2], "")
                for piece in one.iter(qn("w:t"), qn("w:br"), qn("w:tab")) if piece.get(qn("w:pos")) is None
            )  # fmt: skip
            shape = [
                dict(each.attrib)
                for each in one.findall(f"{qn('w:pPr')}/*")
                if each.tag in {qn("w:ind"), qn("w:spacing")}
            ]
            pictures = len(list(one.iter(qn("w:drawing"))))
            found.append(
                (
                    label,
                    names.get(style.get(qn("w:val")), "") if style is not None else "",
                    words,
                    shape,
                    pictures,
                )
            )
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: one.kind.value)
@pytest.mark.parametrize("facts_of", [sample, nothing])
def test_a_filled_template_is_what_the_builder_makes(entry: Entry, facts_of: Callable[[Slot], Value]) -> None:
    facts: Facts = {one.name: facts_of(one) for one in entry.slots}
    template = entry.template()
    assert wrong_with(template, entry.slots) == []
    assert looks(entry.write(facts, template=template)) == looks(entry.write(facts))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda one: one.kind.value)
def test_every_place_holder_stands_in_the_built_in_template_and_none_is_left_in_a_paper(entry: Entry) -> None:
    words = "".join(one[2] for one in looks(entry.template()))
    used = [one for slot in entry.slots for one in slot.written if one in words]
    assert used
    assert [
        one for slot in entry.slots if slot.required for one in slot.written[:1] if one not in words
    ] == []
    paper = "".join(one[2] for one in looks(entry.write({one.name: sample(one) for one in entry.slots})))
    assert "{{" not in paper


# 办公室改过的模板


def edited(change: Callable[[Any], None], entry: Entry = REPLY) -> bytes:
    """The built-in template as somebody edits it."""
    document = opened(entry.template())
    change(document)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def with_line(words: str) -> bytes:
    return edited(lambda document: document.add_paragraph(words))


def test_a_place_holder_is_found_when_word_cut_it_into_runs_and_keeps_the_first_ones_look() -> None:
    def cut(document: Any) -> None:
        paragraph = document.add_paragraph("文号")
        for piece in ("：{", "{发文", "字号 }", "}（内部）"):
            paragraph.add_run(piece).bold = piece == "：{"

    document = opened(REPLY.write(LETTER, template=edited(cut)))
    found = document.paragraphs[-1]
    assert found.text == "文号：赣市自然资字〔2020〕1号（内部）"
    assert [run.text for run in found.runs if run.bold] == ["：赣市自然资字〔2020〕1号"]


def test_place_holders_are_filled_in_headers_footers_tables_and_text_boxes() -> None:
    def spread(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "页眉{{发文机关}}"
        document.sections[0].footer.paragraphs[0].add_run("页脚{{发文机关}}")
        document.add_table(1, 1).cell(0, 0).text = "表{{发文机关}}"
        box = f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>框{{{{发文机关}}}}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        document.add_paragraph()._p.append(parse_xml(box))

    words = "".join(one[2] for one in looks(REPLY.write(LETTER, template=edited(spread))))
    for place in ("页眉", "页脚", "表", "框"):
        assert f"{place}赣州市自然资源局" in words


def test_what_an_office_changed_stays() -> None:
    def restyle(document: Any) -> None:
        document.styles["公文正文"].font.name = "宋体"
        document.add_paragraph("本单位地址：长征大道")

    document = opened(REPLY.write(LETTER, template=edited(restyle)))
    assert document.styles["公文正文"].font.name == "宋体"
    assert document.paragraphs[-1].text == "本单位地址：长征大道"


def test_what_a_person_wrote_is_never_taken_for_a_place_holder() -> None:
    facts = letter(正文=("见{{发文字号}}和{% for %}。",), 标题="关于{{抄送}}的答复")
    for template in (None, REPLY.template()):
        document = opened(REPLY.write(facts, template=template))
        assert "见{{发文字号}}和{% for %}。" in texts(document)
        assert "".join(texts(document, "公文标题")) == "关于{{抄送}}的答复"


def test_the_record_is_as_high_as_its_copies_and_gone_without_them() -> None:
    heights = []
    for copies in ("市政府办公室", "，".join(f"市某某工作部门办公室{one}" for one in range(20)), ""):
        document = opened(REPLY.write(letter(抄送=copies), template=REPLY.template()))
        assert record(document) == ([f"抄送：{copies}。"] if copies else [])
        boxes = list(
            document.element.body.iter(
                f"{{{'http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing'}}}extent"
            )
        )
        heights.append([int(one.get("cy")) for one in boxes])
    assert heights[0][0] < heights[1][0]
    assert heights[2] == []


# 不能用的模板

ATTACKS = {
    "{{收件人}}": "没有叫“收件人”的占位符",
    "{% for x in y %}": "像是代码",
    "{{ 标题 | upper }}": "像是代码",
    "{{ 标题.__class__.__mro__ }}": "像是代码",
    "{{ ''.__class__ }}": "像是代码",
    "{{ 1+1 }}": "像是代码",
    "{{ config.items() }}": "像是代码",
    "{{ 标题 upper }}": "像是代码",
    "{# 注释 #}": "像是代码",
    "${标题}": "像是代码",
    "<% print %>": "像是代码",
    "{{标题.长度}}": "没有叫“标题.长度”的占位符",
    "{{标题}": "大括号不成对",
    "{标题}}": "大括号不成对",
    "{标题}": "大括号不成对",
    "{{{{标题}}}}": "大括号不成对",
    "{{标题}} }}": "大括号不成对",
    "｛｛标题｝｝": "全角大括号",
    "请看{{正文}}": "要独占一段",
    "{{责任分工.编号}}": "没有叫“责任分工.编号”的占位符",
    "{{" + "长" * 41 + "}}": "大括号不成对",
}  # fmt: skip


@pytest.mark.parametrize("words", ATTACKS)
def test_what_is_no_place_holder_is_refused_with_its_place(words: str) -> None:
    [said, *_] = wrong_with(with_line(words), REPLY.slots)
    assert ATTACKS[words] in said
    assert said.startswith("正文第")
    assert "段：" in said


def test_code_in_a_header_a_table_or_a_box_is_found_where_it_stands() -> None:
    def spread(document: Any) -> None:
        document.sections[0].header.paragraphs[0].text = "{{甲}}"
        document.add_table(2, 1).cell(1, 0).text = "{{乙}}"
        box = f"<w:r {nsdecls('w')}><w:pict><w:txbxContent><w:p><w:r><w:t>{{{{丙}}}}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
        document.add_paragraph()._p.append(parse_xml(box))

    said = wrong_with(edited(spread), REPLY.slots)
    wanted = [
        "第2个表第2行：没有叫“乙”的占位符",
        "文本框（正文）：没有叫“丙”的占位符",
        "页眉第1段：没有叫“甲”的占位符",
    ]
    assert said == wanted


def test_a_missing_required_place_holder_is_named() -> None:
    def cut(document: Any) -> None:
        for one in document.paragraphs:
            if "{{正文}}" in one.text:
                one._p.getparent().remove(one._p)

    assert wrong_with(edited(cut), REPLY.slots) == [
        "缺少占位符 {{正文}}（正文各段，标题层次、表格、图片照稿本；独占一段）"
    ]


def test_a_list_belongs_in_a_table_and_two_lists_in_two_rows() -> None:
    entry = CATALOGUE[PaperKind.ASSIGNMENT]
    line = edited(lambda document: document.add_paragraph("{{交办审签.岗位}}"), entry)
    assert any("要放在正文的表格里" in one for one in wrong_with(line, entry.slots))
    entry = CATALOGUE[PaperKind.VISIT]
    slots = (*entry.slots, Slot("另表", "", Shape.ROWS, ("甲",)))

    def mix(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "{{承诺.事项}}{{另表.甲}}"

    assert any("一行里只能有一个表的占位符" in one for one in wrong_with(edited(mix, entry), slots))


def test_beside_a_list_in_its_row_there_is_room_for_words_only() -> None:
    def row(*cells: str) -> Callable[[Any], None]:
        def change(document: Any) -> None:
            for cell, words in zip(document.add_table(1, 2).rows[0].cells, cells, strict=True):
                cell.text = words

        return change

    visit, form = CATALOGUE[PaperKind.VISIT], CATALOGUE[PaperKind.EVALUATION]
    slots = (*visit.slots, Slot("另表", "", Shape.ROWS, ("甲",)))
    two = wrong_with(edited(row("{{承诺.事项}}", "{{另表.甲}}"), visit), slots)
    assert any("一行里只能有一个表的占位符，现有另表、承诺" in one for one in two)
    picture = wrong_with(edited(row("{{评价.项目}}", "{{二维码}}"), form), form.slots)
    assert any("{{二维码}} 不能放在表的占位符“评价”的一行里" in one for one in picture)
    assert wrong_with(edited(row("{{评价.项目}}", "{{标题}}"), form), form.slots) == []


def _field(code: str) -> Callable[[Any], None]:
    def add(document: Any) -> None:
        element = OxmlElement("w:fldSimple")
        element.set(qn("w:instr"), code)
        document.add_paragraph()._p.append(element)

    return add


def _tracked(document: Any) -> None:
    document.add_paragraph()._p.append(OxmlElement("w:ins"))


def _bound(document: Any) -> None:
    control = f'<w:sdt {nsdecls("w")}><w:sdtPr><w:dataBinding w:xpath="/a" w:storeItemID="x"/></w:sdtPr><w:sdtContent/></w:sdt>'
    document.element.body.insert(0, parse_xml(control))


def _noted(document: Any) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes"
    blob = f"<w:footnotes {nsdecls('w')}><w:footnote><w:p><w:r><w:t>{{{{标题}}}}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    content = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    document.part.relate_to(
        Part(PackURI("/word/footnotes.xml"), content, blob.encode(), document.part.package), kind
    )


def test_a_template_that_no_longer_fits_gives_way_to_the_built_in_one() -> None:
    assert REPLY.write(LETTER, template=with_line("{{旧的}}"), title="甲") == REPLY.write(LETTER, title="甲")


def _linked(document: Any) -> None:
    document.part.relate_to(
        "http://example.invalid/x.png",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image",
        is_external=True,
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (_field('INCLUDETEXT "C:\\\\secret.txt"'), "INCLUDETEXT"), (_field("DDEAUTO cmd"), "DDEAUTO"),
        (_field("MACROBUTTON x"), "MACROBUTTON"), (_field('HYPERLINK "http://x.invalid"'), "超链接"),
        (_field("DOCPROPERTY {{标题}}"), "域含有占位符"), (_tracked, "修订"), (_bound, "内容控件"), (_noted, "脚注"), (_linked, "外部的图片"),
    ],
)  # fmt: skip
def test_what_would_fetch_or_run_something_is_refused(change: Callable[[Any], None], said: str) -> None:
    assert any(said in one for one in wrong_with(edited(change), REPLY.slots))


@pytest.mark.parametrize(
    "data", [b"", b"PK\x03\x04x", b"%PDF-1.4", bytes.fromhex("d0cf11e0a1b11ae1") + b"0" * 99]
)
def test_what_is_no_word_file_is_refused(data: bytes) -> None:
    assert wrong_with(data, REPLY.slots)


def test_an_empty_paper_lacks_everything_required() -> None:
    out = io.BytesIO()
    Document().save(out)
    said = wrong_with(out.getvalue(), REPLY.slots)
    assert len(said) == sum(one.required for one in REPLY.slots)
