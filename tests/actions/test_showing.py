"""征求意见稿 (R35): the draft is shown to proposers before the reply; what they said is kept and is no evaluation."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import Refused, replying, showing
from huiyin.models import Assignment, Consultation, Proposer, ReplyVersion
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import Consent, DeliveryMethod, VersionOrigin
from tests.conftest import BODY, Bureau, day, pdf

AT = day("2020-07-21")
ON = date(2020, 7, 21)


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    item = bureau.contacted(co_signers=("王小明",))
    bureau.draft(item)
    return fresh(item)


def show(item: Assignment, bureau: Bureau, *who: Proposer, **changes: Any) -> ReplyVersion:
    facts: dict[str, Any] = {
        "proposers": who or [item.suggestion.lead], "on": ON, "method": DeliveryMethod.IN_PERSON,
        "by": bureau.handler, "at": AT,
    }  # fmt: skip
    return showing.show_draft(item, **{**facts, **changes})


def view(item: Assignment, bureau: Bureau, **changes: Any) -> Consultation:
    row = Consultation.objects.filter(version__assignment=item, answered_on=None).earliest("pk")
    facts: dict[str, Any] = {
        "on": ON, "consent": Consent.SUGGESTS, "view": "写明供地时间。", "response": "已写明。", "by": bureau.handler,
        "at": AT,
    }  # fmt: skip
    return showing.record_view(item, row, **{**facts, **changes})


def test_what_was_shown_is_frozen_and_the_writing_goes_on(item: Assignment, bureau: Bureau) -> None:
    shown = show(item, bureau)
    assert (shown.number, shown.origin, shown.body) == (1, VersionOrigin.SHOWN, BODY)
    assert not shown.is_open
    bureau.draft(item, at="2020-07-22", body=BODY + "\n下一步按月调度。")
    old, new = item.versions.order_by("number")
    assert old.body == BODY
    assert new.is_open
    assert "稿本1送邱德海征求意见" in fresh(item).events.latest("seq").text


def test_one_text_shown_to_two_is_one_version(item: Assignment, bureau: Bureau) -> None:
    lead, other = item.suggestion.proposers.all()
    first, second = show(item, bureau, lead), show(item, bureau, other)
    assert first == second
    assert item.versions.count() == 2
    with pytest.raises(Refused, match="不必再送"):
        show(item, bureau, lead)
    bureau.draft(item, at="2020-07-22", body=BODY + "\n改了一句。")
    assert show(item, bureau, lead, on=date(2020, 7, 22), at=day("2020-07-22")).number == 2


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"proposers": []}, "还没有选送给哪位代表"),
        ({"on": date(2020, 7, 22)}, "晚于今天"),
        ({"on": date(2020, 5, 1)}, "早于交办日期"),
    ],
)
def test_a_showing_that_cannot_have_been_is_refused(
    item: Assignment, bureau: Bureau, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Refused, match=words):
        show(item, bureau, **changes)
    assert item.versions.count() == 1


def test_only_this_items_proposers_are_shown_it(item: Assignment, bureau: Bureau) -> None:
    other = bureau.contacted(number="083", lead="外来人")
    with pytest.raises(Refused, match="外来人不是本件的提出人"):
        show(item, bureau, other.suggestion.proposers.get())


@pytest.mark.parametrize("who", ["head", "chief", "other_handler", "stranger", "admin"])
def test_wrong_people_neither_show_nor_record(item: Assignment, bureau: Bureau, who: str) -> None:
    with pytest.raises(Refused, match="须由"):
        show(item, bureau, by=bureau.people[who])
    show(item, bureau)
    with pytest.raises(Refused, match="须由"):
        view(item, bureau, by=bureau.people[who])


def test_an_empty_draft_is_not_shown(bureau: Bureau) -> None:
    item = bureau.contacted()
    bureau.begun_draft(item)
    with pytest.raises(Refused, match="还没有起草稿本"):
        show(item, bureau)


def test_what_he_said_is_kept_with_its_paper_and_is_no_evaluation(item: Assignment, bureau: Bureau) -> None:
    show(item, bureau)
    row = view(item, bureau, paper=pdf())
    assert (row.consent, row.view, row.response) == (Consent.SUGGESTS, "写明供地时间。", "已写明。")
    assert row.paper is not None
    assert not item.evaluations.exists()
    with pytest.raises(Refused, match=r"没有在等意见|已登记过"):
        showing.record_view(item, row, on=ON, consent=Consent.AGREES, by=bureau.handler, at=AT)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"view": ""}, "还没有写代表意见"),
        ({"response": ""}, "还没有写怎么办的"),
        ({"consent": Consent.OBJECTS, "response": " "}, "还没有写怎么办的"),
        ({"on": date(2020, 7, 20)}, "答复日期应在送出日"),
        ({"on": date(2020, 7, 22)}, "答复日期应在送出日"),
        ({"consent": Consent.SILENT, "view": ""}, r"送出满15天（2020年8月5日）"),
    ],
)
def test_a_view_that_says_too_little_is_refused(
    item: Assignment, bureau: Bureau, changes: dict[str, Any], words: str
) -> None:
    show(item, bureau)
    with pytest.raises(Refused, match=words):
        view(item, bureau, **changes)
    assert Consultation.objects.get().answered_on is None


def test_silence_is_recorded_after_fifteen_days_or_when_he_said_so(item: Assignment, bureau: Bureau) -> None:
    lead, other = item.suggestion.proposers.all()
    show(item, bureau, lead, other)
    view(item, bureau, consent=Consent.SILENT, view="来电说没有意见要提。", response="")
    late = day("2020-08-05")
    row = view(item, bureau, consent=Consent.SILENT, view="", response="", on=late.date(), at=late)
    assert row.answered_on == date(2020, 8, 5)


# 规程要求的


@pytest.fixture
def required(monkeypatch: pytest.MonkeyPatch) -> None:
    """A place that asks for it: the profile's value, as its file would say."""
    monkeypatch.setattr(Profile, "consult_required", property(lambda _: True))


def test_where_it_is_required_the_lead_is_asked_and_answers_before_submission(
    item: Assignment, bureau: Bureau, required: None
) -> None:
    def submit() -> None:
        replying.submit(fresh(item), by=bureau.handler, at=AT)

    with pytest.raises(Refused, match="还没有送领衔代表邱德海"):
        submit()
    _, other = item.suggestion.proposers.all()
    show(item, bureau, other)
    with pytest.raises(Refused, match="还没有送领衔代表邱德海"):
        submit()
    show(item, bureau)
    view(item, bureau)
    with pytest.raises(Refused, match="还有1位代表没有答复"):
        submit()
    view(item, bureau, consent=Consent.AGREES, view="", response="")
    submit()


def test_elsewhere_it_may_be_left(item: Assignment, bureau: Bureau) -> None:
    show(item, bureau)
    replying.submit(fresh(item), by=bureau.handler, at=AT)


def test_a_confidential_proposer_is_named_nowhere(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted(confidential=True)
    bureau.draft(item, disclosure="none", disclosure_reason="代表要求保密")
    show(item, bureau)
    view(item, bureau)
    assert not any("邱德海" in one.text for one in item.events.all())
    other = bureau.people["deputy_head"]  # of the section, on no chain
    other.posts.create(role="handler", unit=bureau.unit, section=bureau.section)
    client.force_login(other)
    page = client.get(reverse("item", args=[item.pk])).content.decode()
    assert "写明供地时间" in page
    assert "邱德海" not in page


def test_by_the_pages(item: Assignment, bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.handler)
    assert "送代表征求意见" in client.get(reverse("draft", args=[item.pk])).content.decode()
    lead = item.suggestion.lead
    assert lead is not None
    today = fresh(item).assigned_on.isoformat()
    facts: dict[str, Any] = {"proposers": [lead.pk], "on": today, "method": "in_person"}
    assert client.post(reverse("deed", args=[item.pk, "show_draft"]), facts).status_code == 302
    row = Consultation.objects.get()
    assert f"?consultation={row.pk}" in client.get(reverse("draft", args=[item.pk])).content.decode()
    facts = {"consultation": row.pk, "on": today, "consent": "agrees", "view": "", "response": ""}
    assert client.post(reverse("deed", args=[item.pk, "record_view"]), facts).status_code == 302
    page = client.get(reverse("item", args=[item.pk])).content.decode()
    assert "征求意见稿" in page
    assert "同意" in page
