"""公开 (R47–R49, Q4): from the public version to the public page and down again, and what is refused on the way."""

from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile

from huiyin.actions import Refused, filing, publishing
from huiyin.actions._journal import broken_links
from huiyin.models import Annex, Assignment, Event, PublicVersion, StoredFile, Unit
from huiyin.queries.publishing import proposed, published
from huiyin.rules.vocabulary import Deed, Rating
from tests.conftest import BODY, Bureau, day, pdf
from tests.documents.test_cleaning import W, everything, paper

PRIVATE = (
    BODY
    + "\n如有疑问，请联系谢文斌，电话0797-8000001、１３８００００００２２；村民王某（360702198001011234）家住潭口镇蕉林村三组。"
)
WORDS = ("0797-8000001", "１３８００００００２２", "360702198001011234", "潭口镇蕉林村三组")


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def prepare(item: Assignment, bureau: Bureau, **changes: Any) -> PublicVersion:
    reply = fresh(item).reply
    assert reply is not None
    facts: dict[str, Any] = {
        "title": reply.version.title,
        "body": proposed(reply.version)[0],
        "by": bureau.handler,
        "at": day("2020-07-30"),
    }
    return publishing.prepare(item, **(facts | changes))


def stored() -> str:
    """Everything the database keeps of the public version and of what was done."""
    rows = [str(row) for row in PublicVersion.objects.values()]
    return "".join(
        [
            *rows,
            *(
                one.body
                for item in Assignment.objects.all()
                for one in item.events.filter(deed__contains="public")
            ),
        ]
    )


def test_what_is_struck_is_kept_nowhere_but_in_the_letter(bureau: Bureau) -> None:
    item = bureau.delivered(draft={"body": PRIVATE})
    version = prepare(item, bureau)
    assert [word for word in WORDS if word in stored()] == []
    assert [row[0] for row in version.struck] == ["telephone", "telephone", "identity", "address"]
    assert version.struck[0] == ["telephone", len("0797-8000001")]
    assert item.reply is not None
    assert all(word in item.reply.version.body for word in WORDS)


def test_the_proposed_text_has_no_marks_no_contact_line_and_no_copies(bureau: Bureau) -> None:
    item = bureau.delivered(
        draft={"body": f"{BODY}\n【答1】已经办结。\n|项目|面积|\n|港站|312亩|", "copies_to": "市人大常委会"}
    )
    version = prepare(item, bureau)
    assert "【答1】" not in version.body
    assert "\n已经办结。" in version.body
    assert "|港站|312亩|" in version.body
    assert "谢文斌" not in version.body
    assert "市人大常委会" not in version.body


def test_a_find_is_struck_or_confirmed_and_never_passed_over(bureau: Bureau) -> None:
    item = bureau.delivered(draft={"body": PRIVATE})
    with pytest.raises(Refused) as refused:
        prepare(item, bureau, body=PRIVATE)
    assert len(refused.value.reasons) == len(WORDS)
    assert "电话“0797-8000001”" in refused.value.reasons[0]
    version = prepare(item, bureau, body=BODY + "热线0797-8000001。", left=["0797-8000001"])
    assert "0797-8000001" in version.body
    assert [row[0] for row in version.struck] == ["telephone", "identity", "address"]


def test_names_not_to_be_shown_do_not_stand_in_the_text(bureau: Bureau) -> None:
    item = bureau.delivered(draft={"body": BODY + "邱德海代表提出的意见已采纳。"})
    with pytest.raises(Refused, match="选了不显示代表姓名，文字里还有：邱德海"):
        prepare(item, bureau, names_shown=False)
    assert not prepare(item, bureau, body=BODY, names_shown=False).names_shown


def test_what_the_deputy_wrote_of_the_handling_is_never_public(bureau: Bureau) -> None:
    item = bureau.evaluated(outcome=Rating.DISSATISFIED, reason="答复空泛，没有说清供地时间")
    with pytest.raises(Refused, match="代表的评价意见不公开"):
        prepare(item, bureau, body=f"{BODY}代表认为答复空泛，没有说清供地时间。")


def test_who_made_it_does_not_confirm_it(bureau: Bureau) -> None:
    item = bureau.delivered()
    prepare(item, bureau, by=bureau.clerk)
    with pytest.raises(Refused, match="公开稿由您制作，须由另一人核定"):
        publishing.confirm(item, seen=1, by=bureau.clerk, at=day("2020-07-30"))
    with pytest.raises(Refused, match="须由专职人员、办公室主任、分管办理工作的局领导办理"):
        publishing.confirm(item, seen=1, by=bureau.handler, at=day("2020-07-30"))
    publishing.confirm(item, seen=1, by=bureau.director, at=day("2020-07-30"))
    assert PublicVersion.objects.get().confirmed_by == bureau.director


def test_what_is_confirmed_is_what_was_seen(bureau: Bureau) -> None:
    item = bureau.delivered()
    prepare(item, bureau)
    prepare(item, bureau, title="改过的标题")
    with pytest.raises(Refused, match="公开稿已改为第2稿"):
        publishing.confirm(item, seen=1, by=bureau.director, at=day("2020-07-30"))
    publishing.confirm(item, seen=2, by=bureau.director, at=day("2020-07-30"))
    prepare(item, bureau, title="又改了")
    with pytest.raises(Refused, match="公开稿3还没有核定"):
        publishing.publish(
            item, on=date(2020, 8, 3), url="http://x.gov.cn/1", by=bureau.clerk, at=day("2020-08-03")
        )


@pytest.mark.parametrize("flag", ["confidential", "secret"])
def test_what_may_not_be_public_goes_no_further(bureau: Bureau, flag: str) -> None:
    item = bureau.delivered()
    bureau.made_public(item)
    item.suggestion.text = ""
    setattr(item.suggestion, flag, True)
    item.suggestion.save()
    for deed in (
        lambda: prepare(item, bureau),
        lambda: publishing.publish(item, on=date(2020, 8, 3), url="x", by=bureau.clerk, at=day("2020-08-03")),
    ):
        with pytest.raises(Refused, match="代表要求保密的件和涉密件不得公开"):
            deed()


def test_a_reply_not_for_the_public_has_no_public_version(bureau: Bureau) -> None:
    item = bureau.delivered(draft={"disclosure": "none", "disclosure_reason": "涉及个人隐私"})
    with pytest.raises(Refused, match="不是主动公开的"):
        prepare(item, bureau, body=BODY)


def test_without_a_public_page_the_address_elsewhere_is_named(bureau: Bureau) -> None:
    item = bureau.delivered()
    bureau.made_public(item)
    with pytest.raises(Refused, match="没有开通答复公开页，请写明"):
        publishing.publish(item, on=date(2020, 8, 3), by=bureau.clerk, at=day("2020-08-03"))
    publishing.publish(
        item, on=date(2020, 8, 3), url="http://x.gov.cn/1", by=bureau.clerk, at=day("2020-08-03")
    )
    assert not published().exists()


def test_taken_down_it_is_gone_and_goes_up_again_only_as_a_new_version(bureau: Bureau) -> None:
    item = bureau.published()
    assert published().count() == 1
    with pytest.raises(Refused, match="撤下日期应在公开日2020年8月3日到今天之间"):
        publishing.unpublish(item, on=date(2020, 8, 1), reason="有误", by=bureau.clerk, at=day("2020-08-05"))
    publishing.unpublish(item, on=date(2020, 8, 5), reason="数字有误", by=bureau.clerk, at=day("2020-08-05"))
    assert not published().exists()
    assert PublicVersion.objects.get().withdrawn_reason == "数字有误"
    with pytest.raises(Refused, match="还没有制作公开稿"):
        publishing.publish(item, on=date(2020, 8, 6), by=bureau.clerk, at=day("2020-08-06"))
    bureau.made_public(item, at="2020-08-06")
    publishing.publish(item, on=date(2020, 8, 7), by=bureau.clerk, at=day("2020-08-07"))
    assert [one.number for one in published()] == [2]
    assert broken_links() == []


def test_only_director_and_chief_switch_the_page_and_it_is_in_the_journal(bureau: Bureau) -> None:
    for who in (bureau.clerk, bureau.handler, bureau.admin, bureau.stranger):
        with pytest.raises(Refused, match="须由办公室主任或主要领导开关"):
            publishing.switch(bureau.unit, public=True, by=who, at=day("2020-08-01"))
    publishing.switch(bureau.unit, public=True, by=bureau.chief, at=day("2020-08-01"))
    with pytest.raises(Refused, match="现在就是开着的"):
        publishing.switch(bureau.unit, public=True, by=bureau.director, at=day("2020-08-01"))
    publishing.switch(
        Unit.objects.get(pk=bureau.unit.pk), public=False, by=bureau.director, at=day("2020-08-02")
    )
    told = Event.objects.filter(deed=Deed.SET_PUBLIC).order_by("seq").values_list("text", flat=True)
    assert list(told) == ["开通答复公开页", "关闭答复公开页"]
    assert broken_links() == []


def annexed(bureau: Bureau, name: str, data: bytes) -> tuple[Assignment, Annex]:
    item = bureau.delivered()
    file = filing.attach(
        item, upload=ContentFile(data, name=name), purpose="附件", by=bureau.clerk, at=day("2020-07-28")
    )
    assert item.reply is not None
    return item, Annex.objects.create(version=item.reply.version, order=1, name="责任分工表", file=file)


def test_a_public_annex_is_a_clean_copy(bureau: Bureau) -> None:
    hidden = f'<w:p {W}><w:ins w:id="1" w:author="谢文斌"><w:r><w:t>看得见</w:t></w:r></w:ins><w:del w:id="2" w:author="谢文斌"><w:r><w:delText>删掉的</w:delText></w:r></w:del></w:p>'
    data = paper(hidden)
    item, annex = annexed(bureau, "责任分工表.docx", data)
    copy = prepare(item, bureau, annexes=[annex]).annexes.get()
    assert copy.pk != annex.file_id
    text = everything(copy.file.read())
    assert "看得见" in text
    assert "删掉的" not in text
    assert "谢文斌" not in text


def test_an_annex_that_cannot_be_cleaned_is_refused(bureau: Bureau) -> None:
    item, annex = annexed(bureau, "照片.pdf", pdf().read())
    before = StoredFile.objects.count()
    with pytest.raises(Refused, match=r"“责任分工表”不是 \.docx"):
        prepare(item, bureau, annexes=[annex])
    assert StoredFile.objects.count() == before
    assert not PublicVersion.objects.exists()


def test_what_is_found_in_an_annex_is_confirmed_or_the_annex_stays_where_it_is(bureau: Bureau) -> None:
    words = f"<w:p {W}><w:r><w:t>联系电话0797-</w:t></w:r><w:r><w:t>8112233</w:t></w:r><w:r><w:t>，邱德海</w:t></w:r></w:p>"
    item, annex = annexed(bureau, "责任分工表.docx", paper(words))
    before = StoredFile.objects.count()
    with pytest.raises(Refused) as refusal:
        prepare(item, bureau, annexes=[annex], names_shown=False)
    assert refusal.value.reasons == [
        "附件“责任分工表”里有没有确认可以公开的电话“0797-8112233”",
        "选了不显示代表姓名，附件“责任分工表”里还有代表姓名",
    ]
    assert StoredFile.objects.count() == before
    assert prepare(item, bureau, annexes=[annex], left=["0797-8112233"]).annexes.count() == 1
