"""并案和分拆 (R3): whatever is handled together or apart, every deputy is contacted, answered and asked what he thinks."""

import struct
import zlib
from datetime import date
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.urls import reverse

from huiyin.actions import Refused, delivering, evaluating, filing, merging, replying
from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, ReplyVersion, Suggestion, Unit
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.checks import checks
from huiyin.queries.figures import Scope, counts, rates
from huiyin.queries.merging import group
from huiyin.rules.vocabulary import ClockKind, DeliveryMethod, Kind, Part, Rating, Status
from tests.conftest import BODY, Bureau, day, pdf

AT = day("2020-06-10")
PARTS = [("关于统筹用地计划指标的建议", "统筹用地计划指标。"), ("关于开辟绿色通道的建议", "开辟绿色通道。")]


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


@pytest.fixture
def pair(bureau: Bureau) -> tuple[Assignment, Assignment]:
    """082 and 083, alike, of two deputies; 083 goes into 082."""
    host = bureau.handling()
    other = bureau.handling(number="083", title="关于保障港口用地的建议", lead="李桂香")
    merging.merge(other, into=host, by=bureau.clerk, at=AT)
    return fresh(host), fresh(other)


def walk(bureau: Bureau, item: Assignment) -> Assignment:
    """From the contact to the evaluation, by the real deeds."""
    bureau.contact(item, at="2020-06-11")
    bureau.draft(item)
    replying.submit(item, by=bureau.handler, at=day("2020-07-20", 10))
    for who in (bureau.head, bureau.clerk, bureau.director, bureau.business_leader, bureau.handling_leader):
        item = bureau.pass_gate(item, who, "2020-07-23")
    item = bureau.pass_gate(item, bureau.chief, "2020-07-24")
    delivering.deliver(
        item, addressees=item.addressees(), on=date(2020, 7, 27), method=DeliveryMethod.IN_PERSON,
        by=bureau.clerk, at=day("2020-07-27", 16),
    )  # fmt: skip
    lead = item.suggestion.lead
    assert lead is not None
    return evaluating.evaluate(
        item, proposer=lead, attitude=Rating.SATISFIED, outcome=Rating.SATISFIED, on=date(2020, 8, 5), scan=pdf(),
        by=bureau.clerk, at=day("2020-08-06"),
    )  # fmt: skip


def test_each_deputy_of_a_group_is_contacted_answered_and_asked_apart(
    bureau: Bureau, pair: tuple[Assignment, Assignment]
) -> None:
    host, other = pair
    bureau.contact(host, at="2020-06-11")
    bureau.draft(other)
    with pytest.raises(Refused, match="还没有与代表沟通"):  # the host's contact is not his
        replying.submit(other, by=bureau.handler, at=day("2020-07-20"))
    other = walk(bureau, other)
    assert other.status == Status.CLOSED and fresh(host).status == Status.HANDLING
    assert not host.replies.exists() and not host.evaluations.exists()
    host = walk(bureau, host)
    numbers = {one.reply.number for one in (fresh(host), fresh(other)) if one.reply}
    assert len(numbers) == 2
    for item, name in ((host, "邱德海"), (other, "李桂香")):
        reply = fresh(item).reply
        assert reply is not None
        assert [one.addressee for one in reply.deliveries.all()] == [name]
        assert [one.proposer.name for one in item.evaluations.all()] == [name]
        assert {one.name for contact in item.contacts.all() for one in contact.reached.all()} == {name}
    assert not broken_links()


def test_both_journals_tell_of_the_merger_and_of_its_end(
    bureau: Bureau, pair: tuple[Assignment, Assignment]
) -> None:
    host, other = pair
    merging.unmerge(other, by=bureau.clerk, at=AT)
    assert fresh(other).merged_into is None
    for item in pair:
        assert [one.deed for one in item.events.order_by("-seq")[:2]] == ["unmerge", "merge"]
    assert "第083号" in host.events.order_by("-seq")[0].text
    assert not broken_links()


def refused(bureau: Bureau, item: Assignment, into: Assignment, who: Any = None) -> str:
    with pytest.raises(Refused) as said:
        merging.merge(item, into=into, by=who or bureau.clerk, at=AT)
    return "；".join(said.value.reasons)


def test_a_host_is_alive_of_the_same_kind_and_in_nobodys_group(
    bureau: Bureau, pair: tuple[Assignment, Assignment], nankang: Unit
) -> None:
    host, other = pair
    third = bureau.handling(number="084")
    assert "不能作主件" in refused(bureau, third, other)  # merged itself
    assert "已在并案中" in refused(bureau, host, third)  # others are merged into it
    assert "不能作主件" in refused(bureau, third, third)
    sent = bureau.review(number="085")
    assert "不能作主件" in refused(bureau, third, sent)
    assert "审核关" in refused(bureau, sent, third)
    proposal = bureau.handling(number="086", kind=Kind.PROPOSAL)
    assert "不能作主件" in refused(bureau, third, proposal)
    co = bureau.handling(number="087", part=Part.CO, lead_unit=nankang)
    assert "不能作主件" in refused(bureau, third, co)
    secret = bureau.handling(number="088", secret=True, text="")
    assert "不能作主件" in refused(bureau, third, secret) and "不能作主件" in refused(bureau, secret, third)
    assert "须由" in refused(bureau, third, host, bureau.other_handler)


def test_a_handler_merges_into_nothing_he_does_not_see(bureau: Bureau) -> None:
    mine = bureau.handling()
    theirs = bureau.register(number="090")
    assert "不能作主件" in refused(bureau, mine, theirs, bureau.handler)
    merging.merge(mine, into=theirs, by=bureau.clerk, at=AT)
    found = group(fresh(mine), actor_of(bureau.handler, AT.date()))
    assert found is not None and found.host is not None and not found.host.seen


def test_the_hosts_text_is_taken_under_ones_own_title_and_nothing_written_is_lost(
    bureau: Bureau, pair: tuple[Assignment, Assignment], nankang: Unit
) -> None:
    host, other = pair
    bureau.ask(host, nankang)
    bureau.answer(host, nankang)
    picture = filing.attach(host, upload=_png(), purpose="插图", by=bureau.handler, at=day("2020-07-01"))
    body = f"您提出的《{host.suggestion.title}》（第082号）收悉。\n【南康区人民政府·答1】已征收312亩。\n【图{picture.pk}】位置图\n【答2】已开辟。"
    bureau.draft(host, body=body)
    bureau.draft(other, body=BODY)
    merging.copy_draft_from_host(other, by=bureau.handler, at=day("2020-07-21"))
    other = fresh(other)
    draft = other.draft
    assert draft is not None
    copied = other.files.get(purpose="插图")
    assert draft.body == (
        "您提出的《关于保障港口用地的建议》（第083号）收悉。\n已征收312亩。\n"
        f"【图{copied.pk}】位置图\n已开辟。"
    )
    assert copied.pk != picture.pk and copied.sha256 == picture.sha256
    assert "083" in draft.title and "082" not in draft.title
    before = ReplyVersion.objects.get(assignment=other, replaced_at__isnull=False)
    assert before.body == BODY.strip()
    assert fresh(host).draft.body == body  # type: ignore[union-attr]


def _png() -> Any:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)
    data = (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
        + chunk(b"IEND", b"")
    )
    return ContentFile(data, name="位置图.png")


def test_a_host_without_a_text_and_an_item_on_its_own_give_nothing_to_take(
    bureau: Bureau, pair: tuple[Assignment, Assignment]
) -> None:
    with pytest.raises(Refused, match="还没有写稿本"):
        merging.copy_draft_from_host(pair[1], by=bureau.handler, at=AT)
    with pytest.raises(Refused, match="没有主件稿本"):
        merging.copy_draft_from_host(pair[0], by=bureau.handler, at=AT)
    assert not ReplyVersion.objects.exists()


def test_the_host_is_warned_while_a_merged_item_has_no_draft(
    bureau: Bureau, pair: tuple[Assignment, Assignment], client: Client
) -> None:
    host, other = pair
    bureau.contact(host, at="2020-06-11")
    bureau.draft(host)
    client.force_login(bureau.handler)
    submit = reverse("deed", args=[host.pk, "submit"])
    assert "并入本件的第083号还没有稿本" in client.get(submit).content.decode()
    assert "▲ 还没有稿本" in client.get(reverse("item", args=[host.pk])).content.decode()
    bureau.draft(other)
    assert "第083号还没有稿本" not in client.get(submit).content.decode()
    row = next(one for one in checks(fresh(host)) if one.key == "merged")
    assert row.state == "pass"


def test_the_merged_items_page_leads_to_the_host_and_takes_its_text(
    bureau: Bureau, pair: tuple[Assignment, Assignment], client: Client
) -> None:
    host, other = pair
    bureau.draft(host, body=BODY)
    client.force_login(bureau.handler)
    page = client.get(reverse("item", args=[other.pk])).content.decode()
    assert reverse("item", args=[host.pk]) in page and "一并办理" in page
    taking = reverse("take_host", args=[other.pk])
    assert (
        taking in page
        and taking in client.get(reverse("draft", args=[other.pk]), follow=True).content.decode()
    )
    assert "取用这份稿本" in client.get(taking).content.decode()
    assert client.post(taking, {}).status_code == 302
    draft = fresh(other).draft
    assert draft is not None and "绿色通道" in draft.body
    client.force_login(bureau.chief)
    assert client.post(taking, {}).status_code == 409
    client.force_login(bureau.other_handler)
    assert client.get(taking).status_code == 404
    assert client.get(reverse("take_host", args=[host.pk])).status_code == 404


# 分拆


def test_each_part_is_answered_and_asked_apart_and_counts_once(bureau: Bureau) -> None:
    bureau.register(number="001")
    whole = bureau.register(co_signers=("李桂香",))
    actor = actor_of(bureau.clerk, AT.date())
    assert counts(actor, Scope(bureau.meeting))["total"] == 2
    parts = merging.split(whole, parts=PARTS, by=bureau.clerk, at=AT)
    whole = fresh(whole)
    assert (whole.status, whole.closed_on) == (Status.SPLIT, date(2020, 6, 10))
    assert [one.suggestion.number for one in parts] == ["082-1", "082-2"]
    for part in parts:
        assert part.suggestion.split_from == whole.suggestion
        assert part.addressees() == ["邱德海", "李桂香"] and part.evaluators() == whole.evaluators()
        assert (part.assigned_on, part.due_on) == (whole.assigned_on, whole.due_on)
        clock, old = part.main_clock, whole.clock(ClockKind.REPLY)
        assert clock is not None and old is not None
        assert (clock.start_on, clock.due_on, clock.no_later_than) == (
            old.start_on,
            old.due_on,
            old.no_later_than,
        )
        assert clock.stopped_on is None and old.stopped_on == date(2020, 6, 10)
    found = counts(actor, Scope(bureau.meeting))
    assert (found["total"], found["lead"]) == (3, 3)
    assert rates(actor, Scope(bureau.meeting), AT.date())["completion"].denominator == 3
    assert not broken_links()


def test_a_split_items_page_shows_its_parts_and_each_part_where_it_came_from(
    bureau: Bureau, client: Client
) -> None:
    whole = bureau.register()
    client.force_login(bureau.clerk)
    page = reverse("deed", args=[whole.pk, "split"])
    assert "关于统筹用地计划指标的建议" in client.get(page).content.decode()
    short = client.post(page, {"title1": "只有一件", "text1": "内容"})
    assert short.status_code == 409 and "至少分成两件" in short.content.decode()
    sent = {
        "title1": PARTS[0][0],
        "text1": PARTS[0][1],
        "title2": PARTS[1][0],
        "text2": PARTS[1][1],
        "title3": "",
        "text3": "",
    }
    assert client.post(page, sent).status_code == 302
    shown = client.get(reverse("item", args=[whole.pk])).content.decode()
    first, second = Suggestion.objects.filter(split_from=whole.suggestion)
    for part in (first, second):
        item = part.assignments.get()
        assert reverse("item", args=[item.pk]) in shown
        assert (
            reverse("item", args=[whole.pk]) in client.get(reverse("item", args=[item.pk])).content.decode()
        )
    assert client.get(reverse("desk")).content.decode().count(f"/items/{whole.pk}/") == 0


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (PARTS[:1], "至少分成两件"),
        ([*PARTS, PARTS[0]], "与前面的相同"),
        ([*PARTS, ("只有标题", "")], "第3件没有写内容"),
        ([(f"第{n}件的标题", "内容") for n in range(10)], "最多分成9件"),
        ([PARTS[0], ("长" * 201, "内容")], "最多200个"),
    ],
)
def test_parts_that_make_no_sense_are_refused(
    bureau: Bureau, parts: list[tuple[str, str]], said: str
) -> None:
    item = bureau.register()
    with pytest.raises(Refused, match=said):
        merging.split(item, parts=parts, by=bureau.clerk, at=AT)
    assert Suggestion.objects.count() == 1 and fresh(item).status == Status.PROPOSING


def test_only_the_office_splits_and_only_before_the_item_is_proposed(bureau: Bureau) -> None:
    proposed, waiting = bureau.assigning(), bureau.register(number="083")
    with pytest.raises(Refused, match="交办关"):
        merging.split(proposed, parts=PARTS, by=bureau.clerk, at=AT)
    with pytest.raises(Refused, match="须由"):
        merging.split(waiting, parts=PARTS, by=bureau.handler, at=AT)
    secret = bureau.register(number="084", secret=True, text="")
    with pytest.raises(Refused, match="涉密"):
        merging.split(secret, parts=PARTS, by=bureau.clerk, at=AT)
    merging.merge(waiting, into=bureau.register(number="085"), by=bureau.clerk, at=AT)
    with pytest.raises(Refused, match="不能分拆"):
        merging.split(fresh(waiting), parts=PARTS, by=bureau.clerk, at=AT)


def test_a_number_taken_already_is_passed_over_and_confidence_is_kept(bureau: Bureau) -> None:
    bureau.register(number="082-1")
    whole = bureau.register(confidential=True)
    parts = merging.split(whole, parts=PARTS, by=bureau.director, at=AT)
    assert [one.suggestion.number for one in parts] == ["082-2", "082-3"]
    assert all(one.suggestion.confidential for one in parts)


def test_parts_are_seen_by_those_of_their_section_only(bureau: Bureau) -> None:
    parts = merging.split(bureau.register(), parts=PARTS, by=bureau.clerk, at=AT)
    seen = {
        name: items_for(actor_of(bureau.people[name], AT.date()))
        .filter(pk__in=[one.pk for one in parts])
        .count()
        for name in ("clerk", "chief", "stranger", "admin", "other_head")
    }
    assert seen == {"clerk": 2, "chief": 2, "stranger": 0, "admin": 0, "other_head": 0}
