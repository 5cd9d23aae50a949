"""审签页、改稿、文字更正：what a signer sees first, and both answers, with no script at all."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import correcting, replying, signing
from huiyin.actions.replying import Draft
from huiyin.models import Assignment, Person
from huiyin.models.reply import SIGNED
from huiyin.rules.vocabulary import Deed, Role, Status, VersionOrigin
from tests.conftest import BODY, Bureau, day

SLIP = BODY.replace("项目按期开工建设", "项目按期开工建设工作")


def as_(who: Person) -> Client:
    client = Client()
    client.force_login(who)
    return client


def address(item: Assignment, deed: Deed) -> str:
    return reverse("deed", args=[item.pk, deed.value])


def fields(page: str) -> dict[str, str]:
    """The hidden fields of the first form of a deed on the page."""
    return dict(re.findall(r'<input type="hidden" name="(key|seen|confirmed)" value="([^"]*)"', page))


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def typed(item: Assignment, **changes: str) -> dict[str, str]:
    version = fresh(item).submitted_version
    assert version
    return {**{name: getattr(version, name) for name in SIGNED}, **changes}


@pytest.fixture
def sent_back(bureau: Bureau) -> Assignment:
    """Sent back by the chief with his reason, written anew, and before him again."""
    item = bureau.issue()
    signing.send_back(item, to=Status.HANDLING, reason="时间要写实", by=bureau.chief, at=day("2020-07-24"))
    bureau.draft(
        fresh(item),
        at="2020-07-25",
        body=BODY.replace("审批时限", "审批时限至二十个工作日"),
        copies_to="市政府办公室",
    )
    replying.submit(fresh(item), by=bureau.handler, at=day("2020-07-25", 10))
    for who in (bureau.head, bureau.clerk, bureau.director, bureau.business_leader, bureau.handling_leader):
        bureau.pass_gate(item, who, "2020-07-26")
    return fresh(item)


def test_a_signer_sees_what_changed_since_he_sent_it_back_and_why_he_did(
    bureau: Bureau, sent_back: Assignment
) -> None:
    page = as_(bureau.chief).get(address(sent_back, Deed.SIGN)).content.decode()
    assert "与您看过的稿本1相比" in page
    assert "时间要写实" in page
    assert "<ins>至二十个工作日</ins>" in page
    assert "<small>抄送</small>" in page
    assert "其余 3 段一字未动" in page
    assert "签发 稿本2" in page


def test_the_list_the_signatures_and_both_answers_are_on_one_page(bureau: Bureau) -> None:
    page = as_(bureau.chief).get(address(bureau.issue(), Deed.SIGN)).content.decode()
    for anchor in ("#text", "#checks", "#signs"):
        assert f'href="{anchor}"' in page
    assert "沟通1次：6月9日走访" in page
    assert "已签的都是稿本1，内容未再改动" in page
    assert "审签 6/7" in page
    assert 'name="common" value="承诺不实"' in page
    assert "从哪个岗位起重新审核" in page
    assert page.count("btn main") == 1
    assert "<script" not in page.split("<main")[1]


def test_signing_and_sending_back_with_ticked_reasons_need_no_script(bureau: Bureau) -> None:
    item = bureau.issue()
    client = as_(bureau.chief)
    answer = client.post(
        address(item, Deed.SEND_BACK),
        {"to": "handling", "common": ["承诺不实", "语气生硬"], "reason": "第二段"},
    )
    assert answer.status_code == 302
    assert fresh(item).events.get(deed=Deed.SEND_BACK).text == "承诺不实；语气生硬；第二段"


def test_who_has_signed_reads_the_number_and_goes_on_to_the_next(bureau: Bureau) -> None:
    item, other = bureau.issue(), bureau.issue(number="083")
    client = as_(bureau.chief)
    for one, follows in ((item, True), (other, False)):
        opened = fields(client.get(address(one, Deed.SIGN)).content.decode())
        page = client.post(address(one, Deed.SIGN), opened, follow=True).content.decode()
        reply = fresh(one).reply
        assert reply is not None and f"文号{reply.number}" in page
        assert (f'<a href="{address(other, Deed.SIGN)}">下一件待签：第083号</a>' in page) == follows


def test_sending_back_without_a_reason_is_refused_on_the_same_page(bureau: Bureau) -> None:
    item = bureau.issue()
    answer = as_(bureau.chief).post(address(item, Deed.SEND_BACK), {"to": "handling"})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert page.count("btn main") == 1  # the answer he opened the page for
    assert "还没有写退改的理由" in page
    assert "签发 稿本1" in page
    assert fresh(item).status == Status.ISSUE


def test_it_goes_back_to_one_post(bureau: Bureau) -> None:
    item = bureau.issue()
    form = {"to": "review", "post": Role.OFFICE_DIRECTOR.value, "reason": "再核文字"}
    assert as_(bureau.chief).post(address(item, Deed.SEND_BACK), form).status_code == 302
    assert fresh(item).next_post() == Role.OFFICE_DIRECTOR


def test_who_is_not_next_sees_the_text_and_why_and_gets_no_form(bureau: Bureau) -> None:
    item = bureau.issue()
    page = as_(bureau.head).get(address(item, Deed.SIGN)).content.decode()
    assert "须由本关下一位审签人办理：现在该主要领导陈永明" in page
    assert 'name="seen"' not in page
    assert 'name="reason"' not in page
    assert as_(bureau.stranger).get(address(item, Deed.SIGN)).status_code == 404


def test_a_correction_made_while_he_reads_is_shown_to_him_before_he_signs(bureau: Bureau) -> None:
    item = bureau.issue()
    client = as_(bureau.chief)
    opened = fields(client.get(address(item, Deed.SIGN)).content.decode())
    correcting.correct(
        item,
        Draft(**typed(item, body=SLIP)),
        seen=signing.digest_now(item),
        by=bureau.handler,
        at=day("2020-07-24"),
    )
    answer = client.post(address(item, Deed.SIGN), {**opened, "opinion": "同意签发"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "内容在您打开之后有改动" in page
    assert "与您看过的稿本1相比" in page
    assert "<ins>工作</ins>" in page
    assert "谢文斌</b> 文字更正：稿本2：第3段加上“工作”" in page
    assert "同意签发" in page
    assert fresh(item).status == Status.ISSUE
    assert client.post(address(item, Deed.SIGN), fields(page)).status_code == 302
    assert fresh(item).status == Status.ISSUED


def test_a_correction_is_looked_at_before_it_is_made(bureau: Bureau) -> None:
    item = bureau.issue()
    client, url = as_(bureau.handler), address(item, Deed.CORRECT)
    opened = fields(client.get(url).content.decode())
    first = client.post(url, {**typed(item, body=SLIP), **opened, "confirmed": ""})
    page = first.content.decode()
    assert first.status_code == 200
    assert "请核对改动" in page
    assert "<ins>工作</ins>" in page
    assert "确认更正" in page
    assert fresh(item).versions.count() == 1
    second = client.post(url, {**typed(item, body=SLIP), **fields(page)})
    assert second.status_code == 302
    version = fresh(item).submitted_version
    assert version
    assert (version.number, version.origin) == (2, VersionOrigin.CORRECTED)


def test_what_was_typed_after_the_look_is_looked_at_again(bureau: Bureau) -> None:
    item = bureau.issue()
    client, url = as_(bureau.handler), address(item, Deed.CORRECT)
    shown = fields(
        client.post(url, {**typed(item, body=SLIP), "seen": signing.digest_now(item)}).content.decode()
    )
    again = client.post(url, {**typed(item, body=SLIP.replace("关心和", "关心与")), **shown})
    assert again.status_code == 200
    assert "关心" in again.content.decode()
    assert fresh(item).versions.count() == 1


def test_a_change_of_meaning_is_refused_at_once_with_what_he_typed(bureau: Bureau) -> None:
    item = bureau.issue()
    body = BODY.replace("已将", "将")
    answer = as_(bureau.handler).post(
        address(item, Deed.CORRECT), {**typed(item, body=body), "seen": signing.digest_now(item)}
    )
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "不能作文字更正" in page
    assert "我局将该项目纳入" in page
    assert fresh(item).versions.count() == 1


def test_a_leader_sees_who_signs_again_before_he_changes_the_text(bureau: Bureau) -> None:
    item = bureau.issue()
    client, url = as_(bureau.chief), address(item, Deed.REVISE)
    form = {
        **typed(item, disclosure="on_request"),
        "reason": "涉及未公开数据",
        "seen": signing.digest_now(item),
    }
    page = client.post(url, form).content.decode()
    assert "专职人员刘晓琴、办公室主任曾建平、分管办理工作的局领导黄志远依次重新审签" in page
    assert client.post(url, {**form, **fields(page)}).status_code == 302
    assert fresh(item).status == Status.REVIEW
    matrix = client.get(reverse("item", args=[item.pk])).content.decode()
    assert "签于稿本1，后有改动，不须重签" in matrix


def test_nothing_typed_is_lost_when_the_text_moved_on(bureau: Bureau) -> None:
    item = bureau.issue()
    client, url = as_(bureau.clerk), address(item, Deed.CORRECT)
    mine = typed(item, body=BODY.replace("支持。", "支持！"))
    shown = fields(client.post(url, {**mine, "seen": signing.digest_now(item)}).content.decode())
    correcting.correct(
        item,
        Draft(**typed(item, body=SLIP)),
        seen=signing.digest_now(item),
        by=bureau.handler,
        at=day("2020-07-24"),
    )
    answer = client.post(url, {**mine, **shown})
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "内容在您打开之后有改动" in page
    assert "支持！" in page
    assert fresh(item).versions.count() == 2


def test_the_version_page_shows_each_signature_its_list_and_what_became_of_it(bureau: Bureau) -> None:
    item = bureau.issue()
    correcting.correct(
        item,
        Draft(**typed(item, body=SLIP)),
        seen=signing.digest_now(item),
        by=bureau.handler,
        at=day("2020-07-24"),
    )
    page = as_(bureau.clerk).get(reverse("version", args=[item.pk, 1])).content.decode()
    assert page.count("签于稿本1，后有文字更正") == 6
    assert "审签时的检查" in page
    assert "沟通1次：6月9日走访" in page


def test_the_draft_page_leads_to_what_mends_each_failure(bureau: Bureau) -> None:
    item = bureau.contacted()
    bureau.draft(item, outcome_class="B", contact_phone="")
    page = as_(bureau.handler).get(reverse("draft", args=[item.pk])).content.decode()
    assert f"{reverse('draft', args=[item.pk])}#id_contact_name" in page
    assert address(item, Deed.PROMISE) in page
    assert "B类答复须列至少一项承诺事项" in page
    assert re.search(r"\d+ / \d+ 通过", page)


def test_the_assignment_gate_has_its_list_too(bureau: Bureau) -> None:
    page = as_(bureau.director).get(address(bureau.assigning(), Deed.PASS_ASSIGN)).content.decode()
    assert "4 项全部通过" in page
    assert "承办人谢文斌" in page


def test_the_next_to_sign_is_one_step_away(bureau: Bureau) -> None:
    first, second = bureau.issue(), bureau.issue(number="083")
    page = as_(bureau.chief).get(address(first, Deed.SIGN)).content.decode()
    assert "下一件待签" in page
    assert address(second, Deed.SIGN) in page


def test_a_director_who_stands_in_is_named_on_the_page(bureau: Bureau) -> None:
    from huiyin.actions import organising

    item = bureau.review()
    organising.stand_in(
        bureau.head, bureau.deputy_head, from_on=day("2020-07-20").date(), to_on=day("2020-07-31").date(),
        by=bureau.admin, at=day("2020-07-20"),
    )  # fmt: skip
    item = bureau.pass_gate(item, bureau.deputy_head, "2020-07-21")
    page = as_(bureau.clerk).get(address(item, Deed.PASS_REVIEW)).content.decode()
    assert "郭立新代签" in page


@pytest.mark.parametrize("deed", [Deed.REVISE, Deed.CORRECT])
def test_who_may_change_a_text_under_review(bureau: Bureau, deed: Deed) -> None:
    item = bureau.issue()
    his = {Deed.REVISE: {"chief"}, Deed.CORRECT: {"handler", "clerk"}}[deed]
    for name in ("chief", "handler", "clerk", "head", "business_leader", "director"):
        page = as_(bureau.people[name]).get(address(item, deed))
        assert page.status_code == 200
        assert ('name="body"' in page.content.decode()) == (name in his), name
        answer = as_(bureau.people[name]).post(address(item, deed), typed(item, body=SLIP))
        assert answer.status_code == (422 if name in his else 409), name
    for name in ("stranger", "other_handler", "admin"):
        assert as_(bureau.people[name]).get(address(item, deed)).status_code == 404
