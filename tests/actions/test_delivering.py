"""送达、抄送、回执 (R43–R46)."""

from datetime import date
from typing import Any

import pytest

from huiyin.actions import Refused, delivering
from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, Delivery
from huiyin.queries import dispatch, figures, quality
from huiyin.queries.actors import actor_of
from huiyin.rules import workflow
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import Deed, DeliveryMethod, Status
from tests.conftest import Bureau, day, pdf

COPIES = {"draft": {"copies_to": "市人大常委会\n市政府办公室"}}
JOINT = {"co_signers": ("许桂兰", "刘发根")}


def fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def send(item: Assignment, bureau: Bureau, method: DeliveryMethod, **changes: Any) -> Assignment:
    facts: dict[str, Any] = {
        "addressees": item.undelivered(),
        "on": date(2020, 7, 27),
        "method": method,
        "by": bureau.clerk,
        "at": day("2020-07-28"),
    }
    return delivering.deliver(item, **(facts | changes))


def rows(bureau: Bureau, which: str, who: str = "clerk") -> list[tuple[str, ...]]:
    return [one.names for one in dispatch.shown(actor_of(bureau.people[who], date(2020, 8, 10)), which, None)]


@pytest.mark.parametrize(
    ("method", "receipt", "received"),
    [
        (DeliveryMethod.IN_PERSON, False, date(2020, 7, 27)),
        (DeliveryMethod.POST, False, None),
        (DeliveryMethod.ELECTRONIC, False, None),
        (DeliveryMethod.POST, True, date(2020, 7, 27)),
    ],
)
def test_what_is_handed_over_is_received_and_the_rest_waits_for_its_receipt(
    bureau: Bureau, method: DeliveryMethod, receipt: bool, received: date | None
) -> None:
    send(bureau.issued(), bureau, method, receipt=pdf() if receipt else None)
    assert Delivery.objects.get().received_on == received
    assert rows(bureau, "unreceived") == ([] if received else [("邱德海",)])


def test_a_receipt_names_what_came_and_when(bureau: Bureau) -> None:
    item = send(bureau.issued(), bureau, DeliveryMethod.POST)
    one = Delivery.objects.get()

    def receive(on: date, **changes: Any) -> None:
        facts: dict[str, Any] = {"deliveries": [one], "by": bureau.clerk, "at": day("2020-08-01")}
        delivering.receipt(item, on=on, **(facts | changes))

    for on in (date(2020, 7, 26), date(2020, 8, 2)):
        with pytest.raises(Refused, match="收到日期应在送出之日到今天之间：邱德海"):
            receive(on)
    with pytest.raises(Refused, match="还没有选收到的是哪一份"):
        receive(date(2020, 7, 30), deliveries=[])
    with pytest.raises(Refused, match="须由专职人员、本件承办人办理"):
        receive(date(2020, 7, 30), by=bureau.head)
    receive(date(2020, 7, 30), scan=pdf("签收单.pdf"))
    one.refresh_from_db()
    assert (one.received_on, one.receipt.name if one.receipt else "") == (date(2020, 7, 30), "签收单.pdf")
    with pytest.raises(Refused):
        receive(date(2020, 7, 31))
    assert broken_links() == []


def test_copies_go_to_the_organs_of_the_reply_and_no_others(bureau: Bureau) -> None:
    item = bureau.delivered(**COPIES)
    assert rows(bureau, "copies") == [("市人大常委会", "市政府办公室")]
    facts: dict[str, Any] = {
        "on": date(2020, 7, 28),
        "method": DeliveryMethod.ELECTRONIC,
        "by": bureau.clerk,
        "at": day("2020-07-28"),
    }
    with pytest.raises(Refused, match="市水利局不在待抄送的单位里"):
        delivering.send_copies(item, organs=["市水利局"], **facts)
    with pytest.raises(Refused, match="抄送日期应在签发日2020年7月24日到今天之间"):
        delivering.send_copies(item, organs=["市人大常委会"], **(facts | {"on": date(2020, 7, 1)}))
    delivering.send_copies(item, organs=["市人大常委会"], **facts)
    assert fresh(item).uncopied() == ["市政府办公室"]
    assert rows(bureau, "unreceived") == [("市人大常委会",)]
    assert fresh(item).status == Status.EVALUATING


def test_an_organ_written_twice_gets_one_copy_and_its_name_fits_its_row(bureau: Bureau) -> None:
    item = bureau.issued(draft={"copies_to": "市政府办公室\n市政府办公室"})
    assert item.uncopied() == ["市政府办公室"]
    facts: dict[str, Any] = {"on": date(2020, 7, 31), "by": bureau.clerk, "at": day("2020-07-31")}
    delivering.send_copies(item, organs=["市政府办公室"] * 2, method=DeliveryMethod.POST, **facts)
    assert Delivery.objects.filter(is_copy=True).count() == 1
    with pytest.raises(Refused, match="每行最多80个字"):
        bureau.issued(number="083", draft={"copies_to": "局" * 81})


def test_copies_sent_first_do_not_count_as_deliveries(bureau: Bureau) -> None:
    item = bureau.issued(**COPIES)
    delivering.send_copies(
        item, organs=item.uncopied(), on=date(2020, 7, 31), method=DeliveryMethod.POST, by=bureau.clerk, at=day("2020-07-31"),
    )  # fmt: skip
    assert rows(bureau, "unsent") == [("邱德海",)]
    asked = actor_of(bureau.clerk, date(2020, 8, 1)), figures.Scope(item.meeting)
    assert figures.rates(*asked, date(2020, 8, 1))["returned_forms"].denominator == 0
    found = quality.score(fresh(item))
    assert found and "还没有送达，不计" in [one.reason for one in found.marks]
    item = send(fresh(item), bureau, DeliveryMethod.IN_PERSON, at=day("2020-08-01"))
    clock = item.clocks.get(kind="evaluation")
    assert clock.start_on == date(2020, 7, 27)  # the day the deputy had it


def test_receipts_of_several_items_are_recorded_together_or_not_at_all(bureau: Bureau) -> None:
    items = [send(bureau.issued(number=number), bureau, DeliveryMethod.POST) for number in ("081", "082")]
    both = list(Delivery.objects.all())
    facts: dict[str, Any] = {"on": date(2020, 8, 1), "by": bureau.clerk, "at": day("2020-08-01")}
    delivering.receipt(items[0], deliveries=both[:1], **facts)
    with pytest.raises(Refused, match="第081号"):
        delivering.receipts(both, **facts)
    assert rows(bureau, "unreceived") == [("邱德海",)]
    assert delivering.receipts(both[1:], scan=pdf(), **facts) == 1
    assert rows(bureau, "unreceived") == []


def test_a_joint_reply_goes_through_the_lead_where_the_place_says_so(
    bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Profile, "to_each", property(lambda _: False))
    item = bureau.issued(**JOINT)
    assert item.addressees() == ["邱德海"]
    with pytest.raises(Refused, match="须写明他同意转告其他代表的情况"):
        send(item, bureau, DeliveryMethod.IN_PERSON)
    item = send(item, bureau, DeliveryMethod.IN_PERSON, consent="7月27日当面同意转告许桂兰、刘发根")
    assert item.status == Status.EVALUATING
    assert "由领衔代表转复：7月27日当面同意" in item.events.latest("seq").text


def test_the_list_holds_what_the_reader_may_see(bureau: Bureau) -> None:
    send(bureau.issued(**COPIES), bureau, DeliveryMethod.POST)
    assert rows(bureau, "unreceived", "handler") == [("邱德海",)]
    for who in ("other_handler", "stranger", "admin"):
        assert [rows(bureau, which, who) for which in dispatch.SHOWN] == [[], [], []]


def test_a_confidential_addressee_is_not_named_outside_the_chain(bureau: Bureau) -> None:
    send(
        bureau.issued(confidential=True, draft={"disclosure": "none", "disclosure_reason": "保密"}),
        bureau,
        DeliveryMethod.POST,
    )
    assert rows(bureau, "unreceived", "handler") == [("邱德海",)]
    second = bureau.people["deputy_head"]
    second.posts.create(role="handler", unit=bureau.unit, section=bureau.section)
    assert rows(bureau, "unreceived", "deputy_head") == [("（保密）",)]


@pytest.mark.parametrize("deed", [Deed.DELIVER, Deed.CLOSE, Deed.TRACK, Deed.DISSATISFY])
def test_why_a_deed_cannot_be_done_does_not_name_who_asked_for_confidentiality(
    bureau: Bureau, deed: Deed
) -> None:
    stage = bureau.issued if deed == Deed.DELIVER else bureau.delivered
    secretive = stage(confidential=True, draft={"disclosure": "none", "disclosure_reason": "代表要求保密"})
    plain = stage(number="083")
    reader = actor_of(bureau.people["other_handler"], date(2020, 8, 10))
    said = ["；".join(workflow.find(one, deed).refusals(reader, fresh(one))) for one in (secretive, plain)]
    assert "邱德海" not in said[0]
    assert "代表" in said[0]
    assert "邱德海" in said[1]
