"""三关 (S15): nothing gets round a gate, nobody signs twice, every signature answers for one text."""

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from huiyin.actions import AlreadyDone, Refused, Stale, once, organising, proposing, replying, signing
from huiyin.models import Assignment, Event, ReplyVersion, SignOff, Submission
from huiyin.queries.actors import actor_of, items_for
from huiyin.rules.vocabulary import Deed, Gate, Level, Part, Role, Status
from tests.conftest import BODY, Bureau, day


def reasons(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return "；".join(refusal.value.reasons)


def test_nothing_leaves_the_assignment_gate_with_one_missing(bureau: Bureau) -> None:
    item = bureau.register()
    people = dict(bureau.proposal().people)
    del people[Role.HANDLER], people[Role.BUSINESS_LEADER]
    with pytest.raises(Refused) as refusal:
        proposing.propose(item, bureau.proposal(people=people), by=bureau.clerk, at=day("2020-05-29"))
    assert "还缺：承办人、分管业务局领导、责任领导" in reasons(refusal)
    assert Assignment.objects.get().status == Status.PROPOSING


def test_a_list_on_a_page_is_no_lock(bureau: Bureau) -> None:
    item = bureau.register()
    people = {**bureau.proposal().people, Role.SECTION_HEAD: bureau.other_head}
    with pytest.raises(Refused) as refusal:
        proposing.propose(item, bureau.proposal(people=people), by=bureau.clerk, at=day("2020-05-29"))
    assert "罗志明没有担任用途管制科承办科室负责人" in reasons(refusal)


def test_the_assignment_gate_signs_in_the_profiles_order(bureau: Bureau) -> None:
    item = bureau.assigning()
    with pytest.raises(Refused) as refusal:
        bureau.pass_gate(item, bureau.handling_leader, "2020-06-01")
    assert "现在该办公室主任曾建平" in reasons(refusal)
    item = bureau.pass_gate(item, bureau.director, "2020-06-01")
    assert item.status == Status.ASSIGNING
    assert bureau.pass_gate(item, bureau.handling_leader, "2020-06-01").status == Status.ACCEPTING


def test_the_review_gate_wants_all_six_in_order(bureau: Bureau) -> None:
    item = bureau.review()
    for who in (bureau.head, bureau.clerk, bureau.director, bureau.business_leader):
        item = bureau.pass_gate(item, who, "2020-07-23")
        assert item.status == Status.REVIEW
    assert bureau.pass_gate(item, bureau.handling_leader, "2020-07-23").status == Status.ISSUE
    assert [one.role for one in SignOff.objects.filter(gate=Gate.REVIEW)] == [
        "handler", "section_head", "clerk", "office_director", "business_leader", "handling_leader",
    ]  # fmt: skip


def test_nobody_passes_his_own_draft_even_standing_in(bureau: Bureau) -> None:
    item = bureau.review()
    organising.stand_in(
        bureau.head, bureau.handler, from_on=day("2020-07-20").date(), to_on=day("2020-07-31").date(),
        by=bureau.admin, at=day("2020-07-20"),
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        bureau.pass_gate(item, bureau.handler, "2020-07-21")
    assert "本稿由您起草送审，不能再由您审签" in reasons(refusal)


def test_a_stand_in_signs_and_it_shows(bureau: Bureau) -> None:
    item = bureau.review()
    organising.stand_in(
        bureau.head, bureau.deputy_head, from_on=day("2020-07-20").date(), to_on=day("2020-07-31").date(),
        by=bureau.admin, at=day("2020-07-20"),
    )  # fmt: skip
    bureau.pass_gate(item, bureau.deputy_head, "2020-07-21")
    one = SignOff.objects.get(role=Role.SECTION_HEAD)
    assert (one.person, one.signer, one.stood_in) == (bureau.head, bureau.deputy_head, True)
    event = Event.objects.get(deed=Deed.PASS_REVIEW)
    assert (event.by, event.behalf) == (bureau.deputy_head, bureau.head)


def test_a_stand_in_is_a_stranger_the_day_after(bureau: Bureau) -> None:
    item = bureau.review()
    organising.stand_in(
        bureau.head, bureau.deputy_head, from_on=day("2020-07-20").date(), to_on=day("2020-07-22").date(),
        by=bureau.admin, at=day("2020-07-20"),
    )  # fmt: skip
    seen = items_for(actor_of(bureau.deputy_head, day("2020-07-22").date()))
    after = items_for(actor_of(bureau.deputy_head, day("2020-07-23").date()))
    assert (seen.filter(pk=item.pk).exists(), after.filter(pk=item.pk).exists()) == (True, False)
    with pytest.raises(Refused):
        bureau.pass_gate(item, bureau.deputy_head, "2020-07-23")


def test_a_signature_for_another_text_is_stale(bureau: Bureau) -> None:
    item = bureau.review()
    old = signing.digest_now(item)
    signing.take_back(item, by=bureau.handler, at=day("2020-07-20", 11))
    item = Assignment.objects.get()
    bureau.draft(item, at="2020-07-21", body=BODY + "\n另有补充说明一段，写明供地的时间和责任科室。")
    replying.submit(item, by=bureau.handler, at=day("2020-07-21", 10))
    with pytest.raises(Stale):
        signing.pass_gate(Assignment.objects.get(), seen=old, by=bureau.head, at=day("2020-07-22"))
    assert not SignOff.objects.filter(role=Role.SECTION_HEAD).exists()


def test_a_text_changed_behind_the_system_is_not_signed(bureau: Bureau) -> None:
    item = bureau.review()
    ReplyVersion.objects.filter(assignment=item).update(body=BODY + "被改动")
    with pytest.raises(Refused) as refusal:
        bureau.pass_gate(item, bureau.head, "2020-07-21")
    assert "摘要不符" in reasons(refusal)


def test_send_back_needs_a_reason_and_strikes_what_was_signed(bureau: Bureau) -> None:
    item = bureau.pass_gate(bureau.review(), bureau.head, "2020-07-21")
    with pytest.raises(Refused) as refusal:
        signing.send_back(item, to=Status.HANDLING, reason=" ", by=bureau.clerk, at=day("2020-07-22"))
    assert "还没有写退改的理由" in reasons(refusal)
    signing.send_back(
        item, to=Status.HANDLING, reason="第3点未写明数量", by=bureau.clerk, at=day("2020-07-22")
    )
    item = Assignment.objects.get()
    assert item.status == Status.HANDLING
    assert item.live_sign_offs(Gate.REVIEW) == []
    assert [(v.number, v.submitted_at is None) for v in item.versions.all()] == [(1, False), (2, True)]
    assert SignOff.objects.filter(gate=Gate.REVIEW).count() == 2


def test_the_issue_gate_may_send_back_to_the_review(bureau: Bureau) -> None:
    item = bureau.issue()
    signing.send_back(item, to=Status.REVIEW, reason="请规划科再核对", by=bureau.chief, at=day("2020-07-24"))
    item = Assignment.objects.get()
    assert item.status == Status.REVIEW
    assert [one.role for one in item.live_sign_offs(Gate.REVIEW)] == ["handler"]


def test_take_back_only_until_somebody_has_signed(bureau: Bureau) -> None:
    item = bureau.pass_gate(bureau.review(), bureau.head, "2020-07-21")
    with pytest.raises(Refused) as refusal:
        signing.take_back(item, by=bureau.handler, at=day("2020-07-21"))
    assert "赖春华已审签，不能撤回" in reasons(refusal)


def test_numbers_run_in_sequence_and_only_at_signing(bureau: Bureau, nankang: object) -> None:
    issue = bureau.issue()
    assert issue.reply is None
    first = bureau.pass_gate(issue, bureau.chief, "2020-07-24")
    second = bureau.issued(number="083")
    other = bureau.issued(number="084", part=Part.CO, lead_unit=nankang)
    numbers = [Assignment.objects.get(pk=one.pk).reply for one in (first, second, other)]
    assert [reply.number for reply in numbers if reply] == [
        "赣市自然资字〔2020〕1号", "赣市自然资字〔2020〕2号", "赣市自然资函〔2020〕1号",
    ]  # fmt: skip


def test_a_key_item_wants_a_face_to_face_contact(bureau: Bureau) -> None:
    from huiyin.rules.vocabulary import Method

    item = bureau.handling(level=Level.KEY)
    bureau.contact(item, "2020-06-09", method=Method.TELEPHONE)
    bureau.draft(item)
    with pytest.raises(Refused) as refusal:
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert "重点督办件须当面听取代表意见" in reasons(refusal)


def test_class_b_wants_a_promise_and_class_c_a_reason(bureau: Bureau) -> None:
    item = bureau.contacted()
    bureau.draft(item, outcome_class="B")
    with pytest.raises(Refused) as refusal:
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert "B类答复须列至少一项承诺事项" in reasons(refusal)
    bureau.draft(item, outcome_class="C")
    with pytest.raises(Refused) as refusal:
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert "C类答复须写明原因" in reasons(refusal)


def test_of_two_who_edit_the_second_is_told_and_loses_nothing(bureau: Bureau) -> None:
    item = bureau.contacted()
    mine = replying.Draft(title=replying.opened(item).title, body="我的正文")
    replying.save_draft(item, mine, revision=0, by=bureau.handler, at=day("2020-07-20"))
    with pytest.raises(Stale) as stale:
        replying.save_draft(
            item,
            replying.Draft(title="", body="他的正文"),
            revision=0,
            by=bureau.handler,
            at=day("2020-07-20"),
        )
    assert stale.value.current == "我的正文"
    assert ReplyVersion.objects.get().body == "我的正文"


def test_the_same_form_is_done_once(bureau: Bureau) -> None:
    key = "8d1f3f0e-5a0f-4c55-9a5e-0d5b1b1c9e11"
    item = bureau.accepting()
    with once(key, "accept", by=bureau.head, at=day("2020-06-02")):
        proposing.accept(item, by=bureau.head, at=day("2020-06-02"))
    with pytest.raises(AlreadyDone), once(key, "accept", by=bureau.head, at=day("2020-06-02")):
        pytest.fail("the deed must not run again")
    assert Submission.objects.count() == 1


def test_a_refused_form_may_be_sent_again(bureau: Bureau) -> None:
    key = "8d1f3f0e-5a0f-4c55-9a5e-0d5b1b1c9e12"
    item = bureau.accepting()
    with pytest.raises(Refused), once(key, "accept", by=bureau.clerk, at=day("2020-06-02")):
        proposing.accept(item, by=bureau.clerk, at=day("2020-06-02"))
    with once(key, "accept", by=bureau.head, at=day("2020-06-02")):
        proposing.accept(item, by=bureau.head, at=day("2020-06-02"))
    assert Assignment.objects.get().status == Status.HANDLING


def test_the_journal_cannot_be_changed(bureau: Bureau) -> None:
    bureau.register()
    for statement in ("UPDATE huiyin_event SET text = 'x'", "DELETE FROM huiyin_event"):
        with (
            pytest.raises((DatabaseError, IntegrityError)),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
    assert Event.objects.exclude(text="x").exists()


def test_a_co_handled_item_needs_no_contact_and_no_class(bureau: Bureau, nankang: object) -> None:
    item = bureau.review(part=Part.CO, lead_unit=nankang)
    assert item.status == Status.REVIEW
