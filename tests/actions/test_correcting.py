"""送审之后的改动 (R36): what a leader changes is signed again by whom it touches; a slip of the pen is told to all."""

import json
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.actions import Refused, Stale, correcting, filing, organising, signing
from huiyin.actions.replying import Draft
from huiyin.models import Annex, Assignment, Event, Notice, ReplyVersion, SignOff, StoredFile
from huiyin.models.reply import SIGNED
from huiyin.rules.vocabulary import Deed, Gate, Role, Stage, Standing, Status, VersionOrigin
from tests.conftest import BODY, Bureau, day, pdf

AT = "2020-07-24"
SLIP = BODY.replace("项目按期开工建设", "项目按期开工建设工作")


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def draft_of(item: Assignment, **changes: str) -> Draft:
    version = fresh(item).submitted_version
    assert version
    return Draft(**{**{name: getattr(version, name) for name in SIGNED}, **changes})


def revise(bureau: Bureau, item: Assignment, by: Any = None, **changes: str) -> Assignment:
    return correcting.revise(
        item, draft_of(item, **changes), seen=signing.digest_now(fresh(item)), reason="写明时间",
        by=by or bureau.chief, at=day(AT, 10),
    )  # fmt: skip


def correct(bureau: Bureau, item: Assignment, by: Any = None, **changes: str) -> Assignment:
    return correcting.correct(
        item,
        draft_of(item, **changes),
        seen=signing.digest_now(fresh(item)),
        by=by or bureau.handler,
        at=day(AT, 11),
    )


def standings(item: Assignment, *gates: Gate) -> dict[str, Standing]:
    item = fresh(item)
    version = item.submitted_version
    return {
        one.role: one.standing(version) for one in item.live_sign_offs(*(gates or (Gate.REVIEW, Gate.ISSUE)))
    }


def test_a_leader_who_changes_the_text_has_everybody_sign_again_from_the_drafter(bureau: Bureau) -> None:
    item = revise(bureau, bureau.issue(), body=BODY + "\n三、我局将于八月底前完成供地。")
    assert item.status == Status.REVIEW
    assert standings(item) == {}
    version = fresh(item).submitted_version
    assert version
    assert (version.number, version.origin, version.submitted_by) == (2, VersionOrigin.REVISED, bureau.chief)
    assert version.digest == version.text_digest()
    for who in (
        bureau.handler,
        bureau.head,
        bureau.clerk,
        bureau.director,
        bureau.business_leader,
        bureau.handling_leader,
    ):
        item = bureau.pass_gate(item, who, "2020-07-25")
    assert item.status == Status.ISSUE
    assert set(standings(item).values()) == {Standing.CURRENT}
    assert bureau.pass_gate(item, bureau.chief, "2020-07-26").reply


@pytest.mark.parametrize(
    ("changes", "left"),
    [
        ({"copies_to": "市政府办公室"}, {"handler", "section_head", "office_director", "business_leader", "handling_leader"}),
        ({"contact_phone": "0797-8000002"}, {"handler", "section_head", "office_director", "business_leader", "handling_leader"}),
        ({"disclosure": "on_request"}, {"handler", "section_head", "business_leader"}),
        ({"outcome_class": "C", "class_reason": "条件不具备"}, set()),
    ],
)  # fmt: skip
def test_only_those_whom_the_change_touches_sign_again(
    bureau: Bureau, changes: dict[str, str], left: set[str]
) -> None:
    item = revise(bureau, bureau.issue(), **changes)
    assert item.status == Status.REVIEW
    assert standings(item) == dict.fromkeys(left, Standing.OLDER)


def test_a_revision_in_the_middle_of_the_review_goes_to_the_first_who_must_sign_again(bureau: Bureau) -> None:
    item = bureau.review()
    for who in (bureau.head, bureau.clerk, bureau.director):
        item = bureau.pass_gate(item, who, "2020-07-23")
    item = revise(bureau, item, by=bureau.business_leader, disclosure="on_request")
    assert fresh(item).next_post() == Role.CLERK
    assert set(standings(item)) == {"handler", "section_head"}


def test_the_signature_struck_stays_on_record(bureau: Bureau) -> None:
    item = revise(bureau, bureau.issue(), body=BODY + "\n补充一句。")
    rows = SignOff.objects.filter(assignment=item, gate=Gate.REVIEW)
    assert {one.standing(fresh(item).submitted_version) for one in rows} == {Standing.STRUCK}
    assert rows.count() == 6


def test_the_drafter_and_all_who_signed_are_told_of_a_revision(bureau: Bureau) -> None:
    item = revise(bureau, bureau.issue(), copies_to="市政府办公室")
    told = set(
        Notice.objects.filter(text__contains="改稿，稿本2：改了抄送；专职人员须重新审签").values_list(
            "person__name", flat=True
        )
    )
    assert told == {"谢文斌", "赖春华", "刘晓琴", "曾建平", "温国强", "黄志远"}
    assert Event.objects.get(assignment=item, deed=Deed.REVISE).text == "稿本2：改了抄送。写明时间"


def test_the_drafter_cannot_quietly_take_back_what_a_leader_wrote(bureau: Bureau) -> None:
    item = revise(bureau, bureau.issue(), body=BODY + "\n补充一句。")
    with pytest.raises(Refused, match="由陈永明改稿，不能撤回"):
        signing.take_back(item, by=bureau.handler, at=day("2020-07-25"))
    signing.send_back(
        item, to=Status.HANDLING, reason="补充的一句与规划不符", by=bureau.handler, at=day("2020-07-25")
    )
    assert fresh(item).status == Status.HANDLING


def test_a_revision_wants_a_change_a_reason_and_the_next_signer(bureau: Bureau) -> None:
    item = bureau.issue()
    with pytest.raises(Refused, match="没有改动"):
        revise(bureau, item)
    with pytest.raises(Refused, match="还没有写改稿的理由"):
        correcting.revise(item, draft_of(item), seen="", reason=" ", by=bureau.chief, at=day(AT))
    for who in (bureau.handler, bureau.clerk, bureau.head, bureau.stranger, bureau.other_head):
        with pytest.raises(Refused, match="须由"):
            revise(bureau, item, by=who, copies_to="甲")
    assert ReplyVersion.objects.filter(assignment=item).count() == 1


def test_a_slip_of_the_pen_leaves_the_signatures_and_is_told_with_its_difference(bureau: Bureau) -> None:
    item = correct(bureau, bureau.issue(), body=SLIP)
    assert item.status == Status.ISSUE
    assert set(standings(item).values()) == {Standing.CORRECTED}
    notices = Notice.objects.filter(text__contains="谢文斌作了文字更正（稿本2）：第3段加上“工作”")
    assert {one.person.name for one in notices} == {
        "赖春华",
        "刘晓琴",
        "曾建平",
        "温国强",
        "黄志远",
        "陈永明",
    }
    item = bureau.pass_gate(item, bureau.chief, "2020-07-25")
    assert item.reply
    assert (item.reply.version.number, item.reply.version.origin) == (2, VersionOrigin.CORRECTED)


def test_two_corrections_are_still_corrections_but_a_revision_between_is_not(bureau: Bureau) -> None:
    item = correct(bureau, bureau.issue(), body=SLIP)
    item = correct(bureau, item, by=bureau.clerk, body=SLIP.replace("关心和支持", "关心、支持"))
    assert set(standings(item).values()) == {Standing.CORRECTED}
    item = revise(bureau, item, disclosure="on_request")
    item = correct(bureau, item, body=SLIP)
    assert standings(item) == dict.fromkeys(("handler", "section_head", "business_leader"), Standing.OLDER)


def test_a_correction_taken_back_is_the_text_they_signed(bureau: Bureau) -> None:
    item = correct(bureau, correct(bureau, bureau.issue(), body=SLIP), body=BODY)
    assert set(standings(item).values()) == {Standing.CURRENT}


def test_corrections_one_upon_another_cannot_change_what_was_signed(bureau: Bureau) -> None:
    item, body = bureau.issue(), BODY
    start = body.index("项目按期开工建设")
    once = body[:start] + "地块" + body[start:]  # two characters a time, always at the same place
    item = correct(bureau, item, body=once)
    with pytest.raises(Refused, match=r"连同此前的更正，与稿本1相比：.*一处改动过多"):
        correct(bureau, item, body=once[:start] + "地块" + once[start:])
    assert fresh(item).versions.count() == 2
    assert set(standings(item).values()) == {Standing.CORRECTED}


def test_a_change_of_meaning_is_refused_with_every_reason_and_leaves_no_trace(bureau: Bureau) -> None:
    item = bureau.issue()
    with pytest.raises(Refused) as refusal:
        correct(bureau, item, body=BODY.replace("已将", "将"), disclosure="on_request", title="答复")
    said = "；".join(refusal.value.reasons)
    assert "公开属性的改动不是文字更正" in said
    assert "“已、将、应、须”一类的字" in said
    assert "标题" in said
    assert "由审签人改稿" in said
    assert ReplyVersion.objects.filter(assignment=item).count() == 1
    assert not Event.objects.filter(deed=Deed.CORRECT).exists()


def test_only_drafter_and_clerk_correct_and_only_before_the_signature(bureau: Bureau) -> None:
    item = bureau.issue()
    for who in (bureau.chief, bureau.head, bureau.other_handler, bureau.stranger):
        with pytest.raises(Refused, match="须由"):
            correct(bureau, item, by=who, body=SLIP)
    issued = bureau.pass_gate(item, bureau.chief, "2020-07-24")
    with pytest.raises(Refused, match="不能文字更正"):
        correct(bureau, issued, body=SLIP)


def test_a_leader_who_signs_while_a_slip_is_put_right_is_told_first(bureau: Bureau) -> None:
    item = bureau.issue()
    seen = signing.digest_now(item)
    correct(bureau, item, body=SLIP)
    with pytest.raises(Stale):
        signing.pass_gate(fresh(item), seen=seen, by=bureau.chief, at=day("2020-07-25"))
    with pytest.raises(Stale):
        correcting.correct(item, draft_of(item), seen=seen, by=bureau.clerk, at=day("2020-07-25"))
    with pytest.raises(Stale):
        correcting.revise(item, draft_of(item), seen=seen, reason="改", by=bureau.chief, at=day("2020-07-25"))
    assert fresh(item).status == Status.ISSUE


def test_words_of_a_confidential_item_do_not_go_into_notices(bureau: Bureau) -> None:
    item = bureau.issue(confidential=True, draft={"disclosure": "none", "disclosure_reason": "代表要求保密"})
    item = correct(bureau, item, body=SLIP)
    revise(bureau, item, copies_to="市政府办公室")
    texts = list(Notice.objects.filter(assignment=item).values_list("text", flat=True))
    assert any("作了文字更正（稿本2）" in one for one in texts)
    assert not any("加上" in one or "写明时间" in one for one in texts)


def test_annexes_and_sources_go_on_into_the_new_version(bureau: Bureau) -> None:
    item = bureau.issue()
    old = item.submitted_version
    assert old
    assert [one.text for one in old.passages.all()]
    item = correct(bureau, item, body=SLIP)
    new = fresh(item).submitted_version
    assert new
    assert new.passages.count() == old.passages.count()
    assert new.passages.get(order=3).text == SLIP.splitlines()[2]


def test_verify_knows_the_texts_of_both(bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    item = revise(bureau, correct(bureau, bureau.issue(), body=SLIP), copies_to="市政府办公室")
    call_command("verify")
    assert "不符 0 处" in capsys.readouterr().out
    ReplyVersion.objects.filter(assignment=item, number=2).update(body="别的")
    with pytest.raises(SystemExit):
        call_command("verify")


def test_a_sign_off_keeps_the_list_it_was_given_on(bureau: Bureau) -> None:
    item = bureau.issue()
    kept = {
        one.role: {row["key"]: row for row in one.checks} for one in item.sign_offs.filter(gate=Gate.REVIEW)
    }
    assert set(kept) == {
        "handler",
        "section_head",
        "clerk",
        "office_director",
        "business_leader",
        "handling_leader",
    }
    assert kept["section_head"]["contact"]["text"] == "沟通1次：6月9日走访"
    bureau.contact(item, "2020-07-24", stage=Stage.DURING)
    one = SignOff.objects.get(assignment=item, role=Role.SECTION_HEAD)
    assert {row["key"]: row for row in one.checks} == kept["section_head"]
    assert [row["key"] for row in item.sign_offs.filter(gate=Gate.ASSIGN).first().checks] == [  # type: ignore[union-attr]
        "people", "levels", "limit", "level",
    ]  # fmt: skip


def test_a_stand_in_may_revise_for_the_absent_and_it_shows(bureau: Bureau) -> None:
    item = bureau.review()
    organising.stand_in(
        bureau.head, bureau.deputy_head, from_on=day("2020-07-20").date(), to_on=day("2020-07-31").date(),
        by=bureau.admin, at=day("2020-07-20"),
    )  # fmt: skip
    item = revise(bureau, item, by=bureau.deputy_head, copies_to="市政府办公室")
    event = Event.objects.get(assignment=item, deed=Deed.REVISE)
    assert (event.by, event.behalf) == (bureau.deputy_head, bureau.head)


def test_the_issue_gate_may_send_back_to_one_post(bureau: Bureau) -> None:
    item = bureau.issue()
    signing.send_back(
        item,
        to=Status.REVIEW,
        post=Role.OFFICE_DIRECTOR,
        reason="再核文字",
        by=bureau.chief,
        at=day("2020-07-24"),
    )
    assert fresh(item).next_post() == Role.OFFICE_DIRECTOR
    assert set(standings(item)) == {"handler", "section_head", "clerk"}


EDITS = st.tuples(
    st.sampled_from(SIGNED),
    st.integers(0, 400),
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")),
)


@given(edit=EDITS)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_edit_of_any_field_after_a_sign_off_changes_its_standing(
    edit: tuple[str, int, str], signed: tuple[SignOff, int]
) -> None:
    one, pk = signed
    field, place, char = edit
    version = ReplyVersion.objects.get(pk=pk)
    assert one.standing(version) == Standing.CURRENT
    text = getattr(version, field)
    place = place % (len(text) + 1)
    setattr(version, field, text[:place] + char + text[place:])
    assert one.standing(version) == Standing.OLDER
    if text:
        setattr(version, field, text[: place - 1] + text[place:] if place else text[1:])
        assert one.standing(version) == Standing.OLDER


@pytest.fixture
def signed(bureau: Bureau) -> tuple[SignOff, int]:
    item = bureau.issue()
    assert item.submitted_version
    return SignOff.objects.get(assignment=item, role=Role.SECTION_HEAD), item.submitted_version.pk


def test_an_annex_added_removed_renamed_or_replaced_changes_the_standing(bureau: Bureau) -> None:
    item = bureau.issue()
    version = fresh(item).submitted_version
    assert version
    one = SignOff.objects.get(assignment=item, role=Role.SECTION_HEAD)
    file = filing.attach(item, upload=pdf(), purpose="附件", by=bureau.clerk, at=day(AT))
    annex = Annex.objects.create(version=version, order=1, name="用地图", file=file)
    assert one.standing(fresh(item).submitted_version) == Standing.OLDER
    ReplyVersion.objects.filter(pk=version.pk).update(digest=version.text_digest())
    SignOff.objects.filter(pk=one.pk).update(digest=version.text_digest())
    one.refresh_from_db()
    assert one.standing(fresh(item).submitted_version) == Standing.CURRENT
    Annex.objects.filter(pk=annex.pk).update(name="用地图2")
    assert one.standing(fresh(item).submitted_version) == Standing.OLDER
    Annex.objects.filter(pk=annex.pk).update(name="用地图")
    StoredFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
    assert one.standing(fresh(item).submitted_version) == Standing.OLDER
    Annex.objects.filter(pk=annex.pk).delete()
    assert one.standing(fresh(item).submitted_version) == Standing.OLDER


def test_a_picture_replaced_changes_what_is_signed(bureau: Bureau) -> None:
    item = bureau.issue()
    version = fresh(item).submitted_version
    assert version
    file = filing.attach(item, upload=pdf(), purpose="附件", by=bureau.clerk, at=day(AT))
    version.body += f"\n【图{file.pk}】示意图"
    before = version.text_digest()
    StoredFile.objects.filter(pk=file.pk).update(sha256="0" * 64)
    assert version.text_digest() != before
    assert json.dumps(version.signed_content()["pictures"]) == json.dumps([[file.pk, "0" * 64]])
