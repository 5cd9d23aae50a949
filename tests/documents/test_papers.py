"""公文和单据 from real records, opened again with python-docx."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from docx.oxml.ns import qn
from docx.shared import Mm

from huiyin.actions import filing, following, templating
from huiyin.actions._refused import Refused
from huiyin.documents import labels, making
from huiyin.documents.catalogue import CATALOGUE
from huiyin.documents.records import RECIPE_OF, RECIPES, Order
from huiyin.models import Assignment, CoOpinion, Event, PaperTemplate, Unit
from huiyin.rules.vocabulary import Deed, Kind, Method, PaperKind, Part, Rating, Stage
from tests.conftest import Bureau, day
from tests.documents.reading import head, opened, record, texts

K = PaperKind
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a49444154789c6360000000020001"
    "48afa4710000000049454e44ae426082"
)
EVERYBODY = tuple(f"代表{one}" for one in "甲乙丙丁戊己庚辛壬癸子")  # eleven co-signers


def order(item: Assignment, *, hidden: bool = False) -> Order:
    fresh = Assignment.objects.get(pk=item.pk)
    return Order(
        fresh,
        date(2020, 9, 1),
        hidden,
        lambda key: f"http://localhost/items/{fresh.pk}/evaluate/?proposer={key}",
    )


def paper(item: Assignment, kind: PaperKind, to: str = "", *, hidden: bool = False) -> Any:
    recipe, asked = RECIPE_OF[kind], order(item, hidden=hidden)
    assert recipe.refusal(asked) == ""
    return opened(making.one(recipe, asked, to)[1])


def words(document: Any) -> str:
    return "\n".join(
        "".join(one.text or "" for one in p.iter(qn("w:t"))) for p in document.element.body.iter(qn("w:p"))
    )


def table(document: Any, place: int) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in document.tables[place].rows]


def entries(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {one: archive.read(one) for one in archive.namelist()}


# 答复


def test_a_reply_in_the_ordinary_format_has_mark_number_class_and_a_lined_record(bureau: Bureau) -> None:
    document = paper(bureau.issued(), K.REPLY_ORDINARY)
    assert texts(document, "发文机关标志", "发文字号") == ["赣州市自然资源局文件", "赣市自然资字〔2020〕1号"]
    assert head(document) == ["A类"]
    assert "".join(one.text for one in document.sections[0].first_page_footer.paragraphs) == "—  —"
    assert record(document) == [
        "抄送：市人大常委会选举任免联络工作委员会，市政府办公室。",
        "赣州市自然资源局办公室\t2020年7月24日印发",
    ]
    section = document.sections[0]
    sizes = (section.page_width, section.page_height, section.top_margin, section.left_margin)
    assert [round(one / Mm(1)) for one in sizes] == [210, 297, 37, 28]


def test_tables_pictures_and_annexes_of_the_text_are_printed(bureau: Bureau) -> None:
    item = bureau.contacted()
    file = filing.attach(
        item, upload=ContentFile(PNG, name="图.png"), purpose="插图", by=bureau.handler, at=day("2020-07-19")
    )
    body = f"您的建议收悉，现将办理情况答复如下，请予审阅，欢迎提出意见：\n|项目|面积|\n|一期|312亩|\n【图{file.pk}】规划图\n（一）下一步。按期供地。"
    bureau.draft(item, body=body)
    version = Assignment.objects.get(pk=item.pk).draft
    assert version is not None
    for place, name in enumerate(("用地计划表", "规划图"), 1):
        version.annexes.create(order=place, name=name, file=file)
    Assignment.objects.get(pk=item.pk)
    document = paper(item, K.CONSULTATION, "邱德海")
    assert table(document, 0) == [["项目", "面积"], ["一期", "312亩"]]
    assert len(document.inline_shapes) == 1
    assert texts(document, "图题") == ["规划图"]
    led = next(one for one in document.paragraphs if one.text.startswith("（一）"))
    assert led.runs[0].style.name == "段首二级标题"
    from huiyin.documents.letters import reply_facts

    assert reply_facts(item, version)["附件"] == ["用地计划表", "规划图"]


@pytest.mark.parametrize("co_signers", [(), EVERYBODY])
def test_each_addressee_has_a_letter_of_his_own_and_a_form(
    bureau: Bureau, co_signers: tuple[str, ...]
) -> None:
    item = bureau.issued(co_signers=co_signers)
    found = entries(making.each(RECIPE_OF[K.REPLY], order(item)))
    everybody = ["邱德海", *co_signers]
    wanted = [
        f"{place:02d}{name}-{kind}.docx"
        for place, name in enumerate(everybody, 1)
        for kind in ("答复函", "征询意见表")
    ]
    assert list(found) == wanted
    for place, name in enumerate(everybody):
        letter, form = opened(found[wanted[2 * place]]), opened(found[wanted[2 * place + 1]])
        assert texts(letter, "公文顶格") == [f"{name}代表："]
        assert table(form, 0)[0][:2] == ["代表姓名", name]


def test_where_the_lead_passes_the_reply_on_there_is_one_letter_to_him(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = bureau.issued(co_signers=EVERYBODY)
    asked = order(item)
    asked.item.profile.values["reply.joint"] = "through_lead"
    try:
        recipe = RECIPE_OF[K.REPLY]
        assert [one.name for one in recipe.copies(asked)] == ["邱德海"]
        assert texts(opened(making.one(recipe, asked)[1]), "公文顶格") == ["邱德海等12名代表："]
    finally:
        asked.item.profile.values["reply.joint"] = "each"


# 征求意见


def test_a_request_says_what_is_asked_by_when_and_carries_the_suggestion(
    bureau: Bureau, nankang: Unit
) -> None:
    item = bureau.contacted(co_units=(nankang,))
    bureau.ask(item, nankang)
    opinion = CoOpinion.objects.get()
    CoOpinion.objects.filter(pk=opinion.pk).update(question="二期征收进度", number="赣市自然资函〔2020〕7号")
    document = paper(item, K.REQUEST, str(opinion.pk))
    assert texts(document, "发文字号") == ["赣市自然资函〔2020〕7号"]
    assert texts(document, "公文顶格") == ["南康区人民政府："]
    assert "请就以下事项提出意见：二期征收进度" in words(document)
    assert "请于2020年6月29日前" in words(document)
    assert texts(document, "附件说明") == ["附件：第082号建议"]
    assert "一是统筹用地计划指标。二是开辟绿色通道。" in words(document)


def test_a_request_names_neither_who_is_confidential_nor_what_is_secret(
    bureau: Bureau, nankang: Unit
) -> None:
    for number, given in (("083", {"confidential": True}), ("084", {"secret": True, "text": ""})):
        item = bureau.contacted(number=number, co_units=(nankang,), **given)
        bureau.ask(item, nankang)
        said = words(paper(item, K.REQUEST))
        assert "邱德海" not in said
        assert "港口用地" not in said
        assert "一是统筹" not in said


def test_a_draft_for_comment_says_so_and_brings_a_slip(bureau: Bureau) -> None:
    item = bureau.contacted()
    bureau.draft(item)
    document = paper(item, K.CONSULTATION, "邱德海")
    titles = "".join(texts(document, "公文标题"))
    assert "（征求意见稿）" in titles
    assert texts(document, "发文字号") == []
    assert texts(document, "附件标记") == ["附件1", "附件2"]
    assert [cell.text for cell in document.tables[-1].rows[0].cells] == ["编号", "第082号", "姓名", "邱德海"]
    assert "不需要作出评价" in words(document)


# 单据


def test_a_form_asks_by_the_profile_and_its_code_is_the_address_of_the_entry(bureau: Bureau) -> None:
    item = bureau.issued()
    asked, who = order(item), item.suggestion.lead
    assert who is not None
    facts = RECIPE_OF[K.EVALUATION].facts(asked, who.name)
    document = opened(making.one(RECIPE_OF[K.EVALUATION], asked, who.name)[1])
    scale = "　".join(f"□ {one.label}" for one in item.profile.scale)
    assert [row[1] for row in table(document, 1)[1:]] == [scale] * len(item.profile.questions)
    from huiyin.documents.evaluation import qr

    assert facts["二维码"] == qr(f"http://localhost/items/{item.pk}/evaluate/?proposer={who.pk}")
    assert len(document.inline_shapes) == 1
    assert "第082号建议　邱德海" in words(document)


def test_an_assignment_sheet_says_who_by_when_and_who_passed_it(bureau: Bureau, nankang: Unit) -> None:
    document = paper(bureau.handling(co_units=(nankang,)), K.ASSIGNMENT)
    said = words(document)
    for wanted in ("国土空间用途管制科", "谢文斌", "温国强", "2020年8月29日", "南康区政府", "赖春华"):
        assert wanted in said
    assert [row[1] for row in table(document, 1)[1:]] == ["刘晓琴", "曾建平", "黄志远"]


def test_the_signing_sheet_lists_every_signature_with_its_text(bureau: Bureau) -> None:
    rows = table(paper(bureau.issued(), K.SIGNING), 1)[1:]
    assert [row[2] for row in rows if row[0] == "审核关"] == [
        "谢文斌",
        "赖春华",
        "刘晓琴",
        "曾建平",
        "温国强",
        "黄志远",
    ]
    assert rows[-1][:3] == ["签发关", "主要领导", "陈永明"]
    assert {row[5] for row in rows if row[0] != "交办关"} == {"稿本1"}


def test_a_visit_and_a_reply_face_to_face_leave_room_for_the_deputys_hand(bureau: Bureau) -> None:
    item = bureau.evaluated(Rating.SATISFIED, Rating.SATISFIED)
    bureau.contact(item, at="2020-08-20", stage=Stage.AFTER, method=Method.MEETING)
    planned = following.plan_visit(
        item, planned_on=date(2020, 12, 1), by=bureau.handler, at=day("2020-08-21")
    )
    visit, face = paper(item, K.VISIT, str(planned.pk)), paper(item, K.FACE_REPLY)
    assert "2020年12月1日" in words(visit)
    assert "盼明确供地时间。" in words(face)
    for document in (visit, face):
        assert any(
            row[:2] == ["代表签名", ""] for one in range(len(document.tables)) for row in table(document, one)
        )


def test_labels_stand_two_across_for_whoever_gets_a_letter(bureau: Bureau) -> None:
    document = paper(bureau.issued(co_signers=("代表甲", "代表乙")), K.LABELS)
    rows = table(document, 0)
    assert [len(rows), rows[0][0].splitlines()[:2], rows[0][2].splitlines()[0]] == [
        2, ["南康代表团", "邱德海代表　收"], "代表甲代表　收",
    ]  # fmt: skip
    assert {round(row.height / Mm(1), 1) for row in document.tables[0].rows} == {labels.HEIGHT}
    assert labels.TOP + labels.DOWN * labels.HEIGHT < 297


def test_the_chronology_lists_every_deed_in_order(bureau: Bureau) -> None:
    item = bureau.issued()
    rows = table(paper(item, K.CHRONOLOGY), 1)[1:]
    events = list(Event.objects.filter(assignment=item).order_by("seq"))
    assert [row[2] for row in rows] == [one.get_deed_display() for one in events]
    assert item.head
    assert Assignment.objects.get(pk=item.pk).head in words(paper(item, K.CHRONOLOGY))


def test_a_proposal_speaks_of_members(bureau: Bureau) -> None:
    item = bureau.issued(kind=Kind.PROPOSAL)
    assert "委员提案办理情况征询意见表" in words(paper(item, K.EVALUATION)).replace("\n", "")
    assert texts(paper(item, K.REPLY, "邱德海"), "公文顶格") == ["邱德海委员："]


# 谁能做、何时能做


def test_what_cannot_be_made_yet_says_why(bureau: Bureau, nankang: Unit) -> None:
    new, co = order(bureau.register()), order(bureau.issued(number="083", part=Part.CO, lead_unit=nankang))
    refused = {one.kind: one.refusal(new) for one in RECIPES}
    assert refused[K.REPLY] == "还没有送审的稿本"
    assert refused[K.EVALUATION] == "签发以后随答复送出"
    assert refused[K.ASSIGNMENT] == "还没有定承办科室"
    assert refused[K.CHRONOLOGY] == ""
    assert {one.kind for one in RECIPES if not one.refusal(co)} >= {
        K.OPINION,
        K.SIGNING,
        K.LABELS,
        K.ASSIGNMENT,
    }
    assert RECIPE_OF[K.REPLY].refusal(co) == "协办件由主办单位答复"


def test_whoever_may_not_know_the_proposer_gets_no_paper_that_names_him(bureau: Bureau) -> None:
    item = bureau.issued(confidential=True, draft={"disclosure": "none", "disclosure_reason": "代表要求保密"})
    asked = order(item, hidden=True)
    for recipe in RECIPES:
        if not recipe.refusal(asked):
            assert "邱德海" not in words(opened(making.one(recipe, asked)[1])), recipe.kind
    assert RECIPE_OF[K.REPLY].refusal(asked) == "提出人要求保密，只有经办人能做"
    assert RECIPE_OF[K.REPLY].refusal(order(item)) == ""


# 本单位的模板


def upload(data: bytes, name: str = "答复函.docx") -> ContentFile[bytes]:
    return ContentFile(data, name=name)


def changed(kind: PaperKind, words: str) -> bytes:
    document = opened(CATALOGUE[kind].template())
    document.add_paragraph(words)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def test_a_units_template_is_used_until_it_goes_back_to_the_built_in_one(bureau: Bureau) -> None:
    item = bureau.issued()
    data = changed(K.REPLY, "本单位地址：长征大道（{{发文字号}}）")
    for _ in range(2):
        templating.set_template(K.REPLY, upload=upload(data), by=bureau.director, at=day("2020-09-01"))
    assert PaperTemplate.objects.filter(retired_at__isnull=True).count() == 1
    assert PaperTemplate.objects.count() == 2
    assert "本单位地址：长征大道（赣市自然资字〔2020〕1号）" in words(paper(item, K.REPLY))
    templating.use_built_in(K.REPLY, by=bureau.admin, at=day("2020-09-02"))
    assert "长征大道" not in words(paper(item, K.REPLY))
    assert PaperTemplate.objects.count() == 2
    said = list(Event.objects.filter(deed=Deed.SET_TEMPLATE).order_by("seq").values_list("text", flat=True))
    assert said[-1] == "答复函恢复内置模板"
    assert len(said) == 3
    with pytest.raises(Refused, match="内置模板"):
        templating.use_built_in(K.REPLY, by=bureau.admin, at=day("2020-09-02"))


@pytest.mark.parametrize(
    ("data", "name", "said"),
    [
        (changed(K.REPLY, "{{收件人}}"), "答复函.docx", "没有叫“收件人”的占位符"),
        (changed(K.REPLY, "{% x %}"), "答复函.docx", "像是代码"),
        (b"PK\x03\x04", "答复函.docx", "Word"),
        (changed(K.REPLY, ""), "../../x.pdf", ".docx"),
        (b"0" * (templating.LARGEST + 1), "大.docx", "不能超过"),
    ],
    ids=[
        "unknown",
        "code",
        "no file",
        "path",
        "large",
    ],  # not the files themselves, which have their time in them
)
def test_a_template_that_cannot_be_used_is_refused_and_not_kept(
    bureau: Bureau, data: bytes, name: str, said: str
) -> None:
    with pytest.raises(Refused, match=said):
        templating.set_template(K.REPLY, upload=upload(data, name), by=bureau.director, at=day("2020-09-01"))
    assert not PaperTemplate.objects.exists()
    assert not Event.objects.filter(deed=Deed.SET_TEMPLATE).exists()


def test_only_the_office_director_and_the_administrator_keep_templates(bureau: Bureau) -> None:
    data = CATALOGUE[K.REPLY].template()
    for who in (bureau.clerk, bureau.handler, bureau.chief, bureau.stranger):
        with pytest.raises(Refused, match="办公室主任、系统管理员"):
            templating.set_template(K.REPLY, upload=upload(data), by=who, at=day("2020-09-01"))
