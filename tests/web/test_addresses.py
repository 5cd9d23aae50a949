"""地址与动作: what an address or a deed gives to those who have no business there, and to those who have."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from huiyin.actions import filing, organising, timing
from huiyin.models import Assignment, Unit
from huiyin.queries.actors import actor_of
from huiyin.rules import workflow
from huiyin.rules.vocabulary import Deed, Part, Role, RoundKind
from tests.conftest import Bureau, day, pdf


def test_a_confidential_proposer_is_hidden_outside_the_handling_chain(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted(confidential=True)
    second = organising.save_person(
        organising.PersonEntry("second", "钟某", section=bureau.section),
        by=bureau.admin,
        at=day("2020-06-01"),
    )
    organising.appoint(second, Role.HANDLER, section=bureau.section, by=bureau.admin, at=day("2020-06-01"))
    for who, sees in ((bureau.handler, True), (second, False)):
        client.force_login(who)
        for name in ("item", "deed"):
            args = [item.pk] if name == "item" else [item.pk, "activity"]
            assert ("邱德海" in client.get(reverse(name, args=args)).content.decode()) is sees
        for name in (
            "contact",
            "deliver",
            "evaluate",
        ):  # an empty form shows its choices to nobody else either
            told = client.post(reverse("deed", args=[item.pk, name]), {}).content.decode()
            assert sees or "邱德海" not in told, name
    timing.suspend(
        item, from_on=day("2020-06-10").date(), reason="等规划调整", paper=pdf("邱德海来函.pdf"), by=bureau.clerk,
        at=day("2020-06-10"),
    )  # fmt: skip
    for who, sees in ((bureau.handler, True), (second, False)):
        client.force_login(who)
        told = client.get(reverse("item_dates", args=[item.pk])).content.decode()
        assert "等规划调整" in told
        assert ("邱德海" in told) is sees
    paper = filing.attach(
        Assignment.objects.get(pk=item.pk), upload=pdf("邱德海来信.pdf"), purpose="来信", by=bureau.clerk,
        at=day("2020-06-10"),
    )  # fmt: skip
    for who, status in ((bureau.handler, 200), (second, 404)):
        client.force_login(who)
        assert client.get(reverse("file", args=[paper.pk])).status_code == status
        assert "邱德海来信" not in str([event.text for event in item.events.all()])


def test_a_day_is_today_until_another_is_chosen(bureau: Bureau, client: Client) -> None:
    address = reverse("deed", args=[bureau.handling().pk, "contact"])
    client.force_login(bureau.handler)
    form = client.get(address).context["form"]
    assert form["on"].value() == timezone.localdate()
    assert client.post(address, {"on": "2020-06-09"}).context["form"]["on"].value() == "2020-06-09"


def test_a_stranger_who_posts_finds_nothing_there(bureau: Bureau, client: Client) -> None:
    item = bureau.handling()
    before = list(item.events.values_list("digest", flat=True))
    client.force_login(bureau.stranger)
    for deed in Deed:
        assert client.post(reverse("deed", args=[item.pk, deed.value]), {}).status_code == 404, deed
    assert client.post(reverse("draft", args=[item.pk]), {"body": "x", "save": "1"}).status_code == 404
    assert list(item.events.values_list("digest", flat=True)) == before


@pytest.mark.parametrize(
    ("walk", "deed"), [("issued", "deliver_opinion"), ("delivered", "hollow"), ("review", "take_back")]
)
def test_a_co_handled_items_deeds_are_their_posts(
    bureau: Bureau, nankang: Unit, walk: str, deed: str
) -> None:
    """Written by hand: who is shown the button of a 协办 step, and nobody else."""
    item = getattr(bureau, walk)(part=Part.CO, lead_unit=nankang)
    may = {"deliver_opinion": {"clerk", "handler"}, "hollow": {"clerk"}, "take_back": {"handler"}}[deed]
    step = workflow.find(item, Deed(deed))
    people = (
        "clerk",
        "director",
        "chief",
        "handling_leader",
        "head",
        "handler",
        "business_leader",
        "stranger",
    )
    found = {who for who in people if step.who(actor_of(bureau.people[who], day("2020-07-01").date()), item)}
    assert found == may


def test_a_second_handling_is_registered_by_hand(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    form = {
        "meeting": bureau.earlier.pk, "counted": bureau.meeting.pk, "second": "on", "kind": "suggestion",
        "origin": "session", "number": "037", "title": "关于测试的建议", "lead": "甘霖", "level": "ordinary", "text": "正文",
        "organ": bureau.organ.pk, "received_on": "2020-05-28", "assigned_on": "2020-05-29", "part": "lead",
    }  # fmt: skip
    assert client.post(reverse("register"), form).status_code == 302
    item = Assignment.objects.get()
    assert (item.meeting, item.suggestion.meeting) == (bureau.meeting, bureau.earlier)
    assert item.round_kind == RoundKind.SECOND


@pytest.mark.parametrize("meeting", ["abc", "²", "９", "-1", "9" * 30, ""])
def test_an_address_that_makes_no_sense_is_not_an_error(bureau: Bureau, meeting: str, client: Client) -> None:
    client.force_login(bureau.clerk)
    query = {"meeting": meeting, "figure": "total"}
    for name in (
        "ledger",
        "ledger_export",
        "promises",
        "figures",
        "year_papers",
        "board",
        "board_items",
    ):
        assert client.get(reverse(name), query).status_code in {200, 302, 404, 409, 422}, name
    assert client.get(reverse("board"), {**query, "part": "quality"}).status_code == 200


@pytest.mark.parametrize(
    "of", ["section:" + "9" * 5000, "section:９", "unit:\0", "person:None", "whom:", "x", ""]
)
def test_a_figure_of_nobody_is_empty_and_no_error(bureau: Bureau, of: str, client: Client) -> None:
    bureau.contacted()
    client.force_login(bureau.clerk)
    for figure in ("late", "held", "quality"):
        for name in ("board_items", "board_urge"):
            response = client.get(reverse(name), {"figure": figure, "of": of})
            assert response.status_code == 200, (figure, name)
            if of and figure != "quality":
                assert "港口用地" not in response.content.decode(), (figure, name)
    assert client.get(reverse("board_items"), {"figure": "x\0"}).status_code == 404


def test_an_address_of_a_profile_is_a_name_and_a_version_it_had(bureau: Bureau, client: Client) -> None:
    client.force_login(bureau.clerk)
    for address in ("jiangxi%00", "..%2F..%2Fjiangxi", "jiangxi@2020"):
        assert client.get(f"/profiles/{address}/").status_code == 404, address
    for version in ("ji\0", "../jiangxi", "2020"):  # PostgreSQL takes no NUL
        assert client.get("/profiles/jiangxi/", {"version": version}).status_code == 404, version
        assert client.get("/profiles/compare/", {"left": f"jiangxi@{version}"}).status_code == 404, version
