"""The deeds round the gates: registration, returns, co-handling, delivery, evaluation, promises, organisation."""

from datetime import date
from typing import Any

import pytest

from huiyin.actions import (
    Refused,
    consulting,
    contacting,
    delivering,
    evaluating,
    filing,
    following,
    organising,
    proposing,
    registering,
    replying,
)
from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, Event, Suggestion, Unit
from huiyin.rules.vocabulary import (
    ClockKind,
    CommitmentState,
    DeliveryMethod,
    Level,
    Method,
    OpinionState,
    OpinionUse,
    Part,
    Rating,
    Role,
    RoundKind,
    Status,
)
from tests.conftest import Bureau, day, pdf


def said(refusal: pytest.ExceptionInfo[Refused]) -> str:
    return "；".join(refusal.value.reasons)


def test_numbers_keep_their_zeros_and_sort_as_numbers(bureau: Bureau) -> None:
    for number in ("101", "082", "金44号", "金101号", "9"):
        bureau.register(number=number)
    assert [one.number for one in Suggestion.objects.order_by("number_key")] == [
        "9",
        "082",
        "101",
        "金44号",
        "金101号",
    ]


def test_a_number_is_registered_once(bureau: Bureau) -> None:
    bureau.register()
    with pytest.raises(Refused) as refusal:
        bureau.register()
    assert "第082号已经登记过" in said(refusal)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "缺少标题"),
        ({"lead": " "}, "缺少领衔代表"),
        ({"text": ""}, "缺少正文"),
        ({"secret": True}, "涉密件不得录入正文"),
        ({"assigned_on": date(2020, 6, 1)}, "晚于今天"),
        ({"part": Part.CO}, "协办件须写明主办单位"),
        ({"part": Part.SEPARATE}, "分办件须写明本单位承办的内容"),
        ({"co_signers": ("邱德海",)}, "有重名"),
    ],
)
def test_what_is_wrong_is_said_in_a_sentence(bureau: Bureau, changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Refused) as refusal:
        bureau.register(**changes)
    assert words in said(refusal)
    assert not Suggestion.objects.exists()


def test_clocks_start_from_the_assignment_and_late_acceptance_moves_none(bureau: Bureau) -> None:
    item = bureau.accepting()
    before = {clock.kind: clock.due_on for clock in item.clocks.all()}
    proposing.accept(item, by=bureau.handler, at=day("2020-07-10"))
    after = {clock.kind: clock.due_on for clock in Assignment.objects.get().clocks.all()}
    assert before == after
    assert after[ClockKind.REPLY] == date(2020, 8, 29)
    assert after[ClockKind.ACCEPT] == date(2020, 6, 3)
    assert after[ClockKind.RETURN] == date(2020, 6, 12)
    assert after[ClockKind.CONTACT] == date(2020, 6, 29)  # 端午 off, Sunday 28 worked


def test_the_earlier_of_period_and_fixed_date_counts(bureau: Bureau) -> None:
    assert bureau.register(fixed_due_on=date(2020, 7, 31)).due_on == date(2020, 7, 31)
    assert bureau.register(number="083", fixed_due_on=date(2020, 9, 30)).due_on == date(2020, 8, 29)


def test_the_proposal_may_bring_the_date_forward_never_back(bureau: Bureau) -> None:
    item = bureau.register()
    with pytest.raises(Refused) as refusal:
        proposing.propose(
            item, bureau.proposal(due_on=date(2020, 9, 10)), by=bureau.clerk, at=day("2020-05-29")
        )
    assert "不能晚于2020年8月29日" in said(refusal)
    proposing.propose(item, bureau.proposal(due_on=date(2020, 7, 31)), by=bureau.clerk, at=day("2020-05-29"))
    assert Assignment.objects.get().due_on == date(2020, 7, 31)


def test_a_return_reported_in_time_and_agreed_leaves_the_statistics(bureau: Bureau) -> None:
    item = bureau.accepting()
    proposing.ask_return(item, reason="属市林业局职责", by=bureau.head, at=day("2020-06-02"))
    proposing.report_return(
        item,
        reason="属市林业局职责",
        proposed_unit="市林业局",
        chief_agreed=False,
        by=bureau.director,
        at=day("2020-06-05"),
    )
    proposing.decide_return(
        item, agreed=True, on=date(2020, 6, 10), note="", paper=pdf(), by=bureau.clerk, at=day("2020-06-11")
    )
    item = Assignment.objects.get()
    assert item.status == Status.RETURNED
    assert not item.clocks.filter(stopped_on__isnull=True).exists()


def test_a_return_after_the_window_is_refused_in_the_regulations_words(bureau: Bureau) -> None:
    item = bureau.accepting()
    proposing.ask_return(item, reason="属市林业局职责", by=bureau.head, at=day("2020-06-15"))
    with pytest.raises(Refused) as refusal:
        proposing.report_return(
            item,
            reason="x",
            proposed_unit="市林业局",
            chief_agreed=False,
            by=bureau.clerk,
            at=day("2020-06-15"),
        )
    assert "逾期未提出退办申请的，不作调整" in said(refusal)


def test_a_refused_return_goes_on_with_the_same_dates(bureau: Bureau) -> None:
    item = bureau.accepting()
    due = item.due_on
    proposing.ask_return(item, reason="属市林业局职责", by=bureau.head, at=day("2020-06-02"))
    proposing.report_return(
        item, reason="x", proposed_unit="市林业局", chief_agreed=False, by=bureau.clerk, at=day("2020-06-05")
    )
    proposing.decide_return(
        item, agreed=False, on=date(2020, 6, 10), note="", paper=pdf(), by=bureau.clerk, at=day("2020-06-11")
    )
    item = Assignment.objects.get()
    assert (item.status, item.due_on) == (Status.ACCEPTING, due)
    proposing.ask_return(item, reason="仍不属本科室", by=bureau.head, at=day("2020-06-12"))
    with pytest.raises(Refused) as refusal:
        proposing.report_return(
            item,
            reason="x",
            proposed_unit="市林业局",
            chief_agreed=False,
            by=bureau.clerk,
            at=day("2020-06-12"),
        )
    assert "再次申请须经主要负责人签字同意" in said(refusal)


def test_a_section_reassigned_passes_the_gate_anew(bureau: Bureau) -> None:
    item = bureau.handling()
    proposing.ask_return(item, reason="属规划科职责", by=bureau.head, at=day("2020-06-03"))
    proposing.reassign(item, reason="改由规划科承办", by=bureau.director, at=day("2020-06-04"))
    item = Assignment.objects.get()
    assert (item.status, item.accepted_on, item.live_sign_offs()) == (Status.PROPOSING, None, [])


def test_contact_lies_between_the_assignment_and_today(bureau: Bureau) -> None:
    item = bureau.handling()
    facts = {
        "stage": "before", "method": Method.VISIT, "people": "谢文斌", "reached": list(item.suggestion.proposers.all()),
        "content": "听取意见", "view": "同意", "by": bureau.handler, "at": day("2020-06-09"),
    }  # fmt: skip
    for on, words in ((date(2020, 5, 28), "早于交办日期"), (date(2020, 6, 10), "晚于今天")):
        with pytest.raises(Refused) as refusal:
            contacting.record_contact(item, on=on, **facts)  # type: ignore[arg-type]
        assert words in said(refusal)


def test_an_exemption_needs_a_reason_and_another_persons_grant(bureau: Bureau) -> None:
    item = bureau.handling()
    contacting.ask_exemption(
        item, reason="代表出国，书面同意免于见面", by=bureau.handler, at=day("2020-06-10")
    )
    bureau.draft(item)
    with pytest.raises(Refused):
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    with pytest.raises(Refused):
        contacting.grant_exemption(item, by=bureau.handler, at=day("2020-06-11"))
    contacting.grant_exemption(item, by=bureau.business_leader, at=day("2020-06-11"))
    replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert Assignment.objects.get().status == Status.REVIEW


def test_a_reply_waits_for_every_co_opinion_to_be_settled(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    bureau.draft(item)
    with pytest.raises(Refused) as refusal:
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert "南康区政府的协办意见还没有收到" in said(refusal)
    bureau.answer(item, nankang)
    with pytest.raises(Refused) as refusal:
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert "南康区政府的协办意见未标注采纳情况" in said(refusal)
    bureau.use(item, nankang, OpinionUse.ADOPTED, "")
    with pytest.raises(Refused) as refusal:
        replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert "没有注明来源的段落" in said(refusal)


def test_an_inserted_passage_keeps_its_source_off_the_paper(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    bureau.draft(item)
    version = item.versions.get()
    opinion = item.opinions.get()
    replying.insert_opinion(item, opinion, revision=version.revision, by=bureau.handler, at=day("2020-07-20"))
    version = item.versions.get()
    assert version.passages.get(unit=nankang).text == "我区已完成二期312亩土地征收。"
    assert "【" not in version.clean_body()
    replying.submit(item, by=bureau.handler, at=day("2020-07-20"))
    assert Assignment.objects.get().status == Status.REVIEW


def test_an_unknown_source_is_refused_by_name(bureau: Bureau) -> None:
    item = bureau.contacted()
    with pytest.raises(Refused) as refusal:
        bureau.draft(item, body="【市水务局】一段。")
    assert "来源“市水务局”不是本件的协办单位" in said(refusal)


def test_a_hollow_opinion_is_kept_and_due_again_in_five_working_days(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    bureau.answer(item, nankang)
    consulting.return_opinion(
        item, item.opinions.get(), reason="没有说明征地进度", by=bureau.handler, at=day("2020-06-24")
    )
    rounds = list(item.opinions.order_by("round"))
    assert [one.state for one in rounds] == [OpinionState.HOLLOW, OpinionState.REQUESTED]
    assert rounds[1].due_on == date(2020, 7, 2)  # 25, 26, 27 端午, Sunday 28 worked


def test_a_late_opinion_may_be_marked_missing_only_when_late(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.contacted()
    bureau.ask(item, nankang)
    with pytest.raises(Refused):
        consulting.mark_missing(
            item, item.opinions.get(), note="电话催过", by=bureau.handler, at=day("2020-06-29")
        )
    consulting.mark_missing(
        item, item.opinions.get(), note="电话催过", by=bureau.handler, at=day("2020-06-30")
    )
    assert item.opinions.get().state == OpinionState.MISSING


def test_each_proposer_gets_his_own_delivery(bureau: Bureau) -> None:
    item = bureau.issued(co_signers=("许桂兰", "刘发根"))
    facts = {
        "on": date(2020, 7, 27),
        "method": DeliveryMethod.POST,
        "by": bureau.clerk,
        "at": day("2020-07-27"),
    }
    item = delivering.deliver(item, addressees=["邱德海", "许桂兰"], **facts)  # type: ignore[arg-type]
    assert (item.status, item.undelivered()) == (Status.ISSUED, ["刘发根"])
    item = delivering.deliver(Assignment.objects.get(), addressees=["刘发根"], **facts)  # type: ignore[arg-type]
    assert item.status == Status.EVALUATING
    assert item.clock(ClockKind.EVALUATION).due_on == date(2020, 8, 17)  # type: ignore[union-attr]
    assert item.visits.get().planned_on == date(2021, 7, 27)


def test_delivery_by_the_wrong_person_is_refused(bureau: Bureau) -> None:
    item = bureau.issued()
    with pytest.raises(Refused) as refusal:
        delivering.deliver(
            item,
            addressees=["邱德海"],
            on=date(2020, 7, 27),
            method=DeliveryMethod.POST,
            by=bureau.chief,
            at=day("2020-07-27"),
        )
    assert "须由专职人员、本件承办人办理" in said(refusal)


def test_dissatisfaction_needs_a_reason_and_opens_a_linked_round(bureau: Bureau) -> None:
    with pytest.raises(Refused):
        bureau.evaluated(outcome=Rating.DISSATISFIED, number="083")
    item = bureau.evaluated(outcome=Rating.DISSATISFIED, reason="供地时间没有说清")
    fresh = evaluating.rehandle(
        item, on=date(2020, 8, 10), paper=pdf(), by=bureau.clerk, at=day("2020-08-10")
    )
    item = Assignment.objects.get(pk=item.pk)
    assert (item.status, item.evaluations.count()) == (Status.SUPERSEDED, 1)
    assert (fresh.round, fresh.previous, fresh.round_kind) == (2, item, RoundKind.REHANDLING)
    assert (fresh.status, fresh.due_on) == (Status.PROPOSING, date(2020, 9, 10))
    assert fresh.handler == bureau.handler


def test_silence_is_never_satisfaction(bureau: Bureau) -> None:
    item = bureau.delivered()
    with pytest.raises(Refused) as refusal:
        evaluating.lapse(item, note="电话催过两次", by=bureau.clerk, at=day("2020-08-14"))
    assert "期满前不能登记逾期未评价" in said(refusal)
    for on in ("2020-08-18", "2020-08-20"):
        with pytest.raises(Refused) as refusal:
            evaluating.lapse(item, note="电话催过两次", by=bureau.clerk, at=day(on))
        assert "逾期未评价前须催评2次" in said(refusal)
        evaluating.remind(
            item, on=date.fromisoformat(on), how="电话，代表说月底回复", by=bureau.clerk, at=day(on, 15)
        )
    with pytest.raises(Refused, match="同一天只计一次"):
        evaluating.remind(
            item, on=date(2020, 8, 20), how="又打了一次", by=bureau.clerk, at=day("2020-08-20", 16)
        )
    item = evaluating.lapse(item, note="电话催过两次", by=bureau.clerk, at=day("2020-08-25"))
    assert item.status == Status.CLOSED
    assert not item.evaluations.exists()


def test_a_kept_promise_closes_the_item_and_b_becomes_a(bureau: Bureau) -> None:
    item = bureau.evaluated(draft={"outcome_class": "B"})
    assert item.status == Status.TRACKING
    promise = item.commitments.get()
    facts = {"on": date(2020, 10, 20), "by": bureau.handler, "at": day("2020-10-21")}
    with pytest.raises(Refused) as refusal:
        following.progress(item, promise, text="已供地", state=CommitmentState.FULFILLED, **facts)  # type: ignore[arg-type]
    assert "须附支撑材料" in said(refusal)
    assert "告知代表" in said(refusal)
    item = following.progress(
        item, promise, text="已供地", state=CommitmentState.FULFILLED, evidence=pdf(), informed_on=date(2020, 10, 20), **facts  # type: ignore[arg-type]
    )  # fmt: skip
    assert item.status == Status.CLOSED
    following.convert(
        item, to_class="A", reason="供地完成", evidence=pdf(), by=bureau.clerk, at=day("2020-10-22")
    )
    item = Assignment.objects.get()
    assert (item.reply.version.outcome_class, item.current_class()) == ("B", "A")  # type: ignore[union-attr]


def test_a_b_item_goes_into_a_second_handling(bureau: Bureau) -> None:
    first = registering.register(
        bureau.entry(meeting=bureau.earlier, assigned_on=date(2020, 5, 29)),
        meeting=bureau.earlier,
        by=bureau.clerk,
        at=day("2020-05-29"),
    )
    proposing.propose(first, bureau.proposal(), by=bureau.clerk, at=day("2020-05-29", 10))
    for who in (bureau.director, bureau.handling_leader):
        bureau.pass_gate(first, who, "2020-06-01")
    first.refresh_from_db()
    proposing.accept(Assignment.objects.get(pk=first.pk), by=bureau.head, at=day("2020-06-02"))
    # the rest of the first round, as any B item
    item = Assignment.objects.get(pk=first.pk)
    bureau.contact(item, "2020-06-09")
    bureau.promise(item)
    bureau.draft(item, outcome_class="B")
    replying.submit(item, by=bureau.handler, at=day("2020-07-20", 10))
    for who in (
        bureau.head,
        bureau.clerk,
        bureau.director,
        bureau.business_leader,
        bureau.handling_leader,
        bureau.chief,
    ):
        bureau.pass_gate(item, who, "2020-07-24")
    item = Assignment.objects.get(pk=first.pk)
    delivering.deliver(
        item,
        addressees=item.addressees(),
        on=date(2020, 7, 27),
        method=DeliveryMethod.POST,
        by=bureau.clerk,
        at=day("2020-07-27"),
    )
    lead = item.suggestion.lead
    assert lead is not None
    evaluating.evaluate(
        item,
        proposer=lead,
        attitude=Rating.SATISFIED,
        outcome=Rating.FAIR,
        on=date(2020, 8, 5),
        scan=pdf(),
        by=bureau.clerk,
        at=day("2020-08-06"),
    )
    second = registering.register(
        bureau.entry(meeting=bureau.earlier, second=True, assigned_on=date(2020, 9, 1)),
        meeting=bureau.meeting,
        by=bureau.clerk,
        at=day("2020-09-01"),
    )
    first = Assignment.objects.get(pk=first.pk)
    assert (first.status, second.previous, second.round, second.round_kind) == (
        Status.SUPERSEDED,
        first,
        2,
        RoundKind.SECOND,
    )
    assert second.meeting == bureau.meeting


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("a.exe", b"MZ", "类型不能上传"),
        ("函.wps", b"x", "请在WPS里另存为 .docx"),
        ("表.et", b"x", "另存为 .xlsx"),
        ("函.pdf", b"PK\x03\x04", "内容不是 .pdf 文件"),
        ("空.pdf", b"", "是空文件"),
    ],
)
def test_a_wrong_file_is_refused_in_a_sentence(bureau: Bureau, words: str, name: str, data: bytes) -> None:
    from django.core.files.base import ContentFile

    item = bureau.handling()
    with pytest.raises(Refused) as refusal:
        filing.attach(
            item, upload=ContentFile(data, name=name), purpose="", by=bureau.clerk, at=day("2020-06-03")
        )
    assert words in said(refusal)
    assert item.files.count() == 0


def test_a_fifty_megabyte_upload_is_refused(bureau: Bureau) -> None:
    from django.core.files.base import ContentFile

    item = bureau.handling()
    big = ContentFile(b"%PDF-" + b"0" * (50 * 2**20), name="扫描件.pdf")
    with pytest.raises(Refused) as refusal:
        filing.attach(item, upload=big, purpose="", by=bureau.clerk, at=day("2020-06-03"))
    assert "超过30MB的上限" in said(refusal)


def test_file_names_are_ours_and_paths_are_dropped(bureau: Bureau) -> None:
    from django.core.files.base import ContentFile

    item = bureau.handling()
    upload = ContentFile(b"%PDF-1.4", name="x.pdf")
    upload.name = "../../etc/\u202e扫描.pdf"
    row = filing.attach(item, upload=upload, purpose="", by=bureau.clerk, at=day("2020-06-03"))
    assert row.name == "扫描.pdf"
    assert "扫描" not in str(row.file.name)


def test_an_administrator_holds_no_business_post(bureau: Bureau) -> None:
    with pytest.raises(Refused) as refusal:
        organising.appoint(bureau.admin, Role.CLERK, by=bureau.admin, at=day("2020-01-02"))
    assert "不能担任业务岗位" in said(refusal)
    with pytest.raises(Refused) as refusal:
        organising.appoint(bureau.clerk, Role.ADMINISTRATOR, by=bureau.admin, at=day("2020-01-02"))
    assert "不能兼任系统管理员" in said(refusal)


def test_only_an_administrator_keeps_the_organisation(bureau: Bureau) -> None:
    with pytest.raises(Refused):
        organising.save_section(
            name="耕地科", short_name="耕地科", order=9, by=bureau.clerk, at=day("2020-01-02")
        )


def test_a_successor_takes_the_post_over(bureau: Bureau) -> None:
    organising.appoint(
        bureau.deputy_head, Role.SECTION_HEAD, section=bureau.section, by=bureau.admin, at=day("2020-01-02")
    )
    assert [post.person for post in bureau.section.posts.filter(role=Role.SECTION_HEAD)] == [
        bureau.deputy_head
    ]


@pytest.mark.parametrize(
    ("start", "end", "words"),
    [("2020-06-10", "2020-06-01", "止日早于起日"), ("2020-06-05", "2020-06-08", "已有人代职")],
)
def test_stand_ins_do_not_overlap(bureau: Bureau, start: str, end: str, words: str) -> None:
    facts = {"by": bureau.admin, "at": day("2020-06-01")}
    organising.stand_in(
        bureau.head, bureau.deputy_head, from_on=date(2020, 6, 1), to_on=date(2020, 6, 5), **facts  # type: ignore[arg-type]
    )  # fmt: skip
    with pytest.raises(Refused) as refusal:
        organising.stand_in(
            bureau.head, bureau.other_head, from_on=date.fromisoformat(start), to_on=date.fromisoformat(end), **facts  # type: ignore[arg-type]
        )  # fmt: skip
    assert words in said(refusal)


def test_an_empty_post_is_filled_without_locking_the_item(bureau: Bureau) -> None:
    item = bureau.review()
    organising.appoint(
        bureau.deputy_head, Role.SECTION_HEAD, section=bureau.section, by=bureau.admin, at=day("2020-07-20")
    )
    proposing.change_people(
        item,
        {Role.SECTION_HEAD: bureau.deputy_head},
        reason="赖春华调离",
        by=bureau.clerk,
        at=day("2020-07-21"),
    )
    item = bureau.pass_gate(item, bureau.deputy_head, "2020-07-21")
    assert [one.signer for one in item.live_sign_offs()] == [bureau.handler, bureau.deputy_head]


def test_a_withdrawal_ends_handling_at_once(bureau: Bureau) -> None:
    item = bureau.review()
    registering.withdraw(
        item, on=date(2020, 7, 21), reason="代表书面撤回", paper=pdf(), by=bureau.clerk, at=day("2020-07-21")
    )
    assert Assignment.objects.get().status == Status.WITHDRAWN


def test_a_hollow_opinion_of_ours_comes_back_as_a_new_version(bureau: Bureau, nankang: Unit) -> None:
    item = bureau.delivered(part=Part.CO, lead_unit=nankang)
    replying.take_hollow(
        item, on=date(2020, 6, 24), reason="未写明指标", paper=pdf(), by=bureau.clerk, at=day("2020-06-24")
    )
    item = Assignment.objects.get()
    assert (item.status, item.draft.number if item.draft else 0) == (Status.HANDLING, 2)
    assert item.due_on == date(2020, 7, 2)


def test_the_journal_verifies_and_a_cut_tail_is_seen(bureau: Bureau) -> None:
    item = bureau.evaluated(level=Level.ORDINARY)
    assert broken_links() == []
    Assignment.objects.filter(pk=item.pk).update(head="0" * 64)
    assert broken_links() == [f"item:{item.pk} 末条缺失"]
    assert Event.objects.filter(assignment=item).count() == item.seq
