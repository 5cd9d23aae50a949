"""Under every shipped 办理规程 an item walks from registration to its evaluation: each chain can be signed to its end."""

from __future__ import annotations

from datetime import date

import pytest

from huiyin.actions import delivering, evaluating, organising
from huiyin.models import Assignment, Person, Unit
from huiyin.rules import profile
from huiyin.rules.vocabulary import DeliveryMethod, Gate, Part, Rating, Role, Status
from tests.conftest import Bureau, day, pdf

SIGNATORY = {"qingdao": Role.HANDLING_LEADER, "shanghai": Role.HANDLING_LEADER}


@pytest.fixture(params=sorted(profile.names()))
def place(request: pytest.FixtureRequest, bureau: Bureau) -> str:
    organising.choose_profile(
        bureau.unit, suggestion=request.param, proposal="", by=bureau.admin, at=day("2020-05-28")
    )
    bureau.clerk.refresh_from_db()
    return str(request.param)


def sign_on(bureau: Bureau, item: Assignment, at: str) -> list[Role]:
    """Whoever is next signs, until no gate is left; the posts in the order they signed."""
    signed = []
    while item.gate is not None:
        role, person = item.next_post(), Person.objects.get(pk=item.next_person_id() or 0)
        assert role is not None
        signed.append(role)
        item = bureau.pass_gate(item, person, at)
    assert item.status == Status.ISSUED
    return signed


def test_a_reply_is_reviewed_issued_delivered_and_evaluated(bureau: Bureau, place: str) -> None:
    one = profile.named(place)
    item = bureau.review()
    assert (item.profile_name, item.profile_version) == (place, one.version)
    signed = sign_on(bureau, item, "2020-07-23")
    assert signed == [*one.chain(Gate.REVIEW, Part.LEAD)[1:], SIGNATORY.get(place, Role.CHIEF_LEADER)]
    item = Assignment.objects.get(pk=item.pk)
    assert item.reply is not None
    assert item.reply.number == f"{one.prefixes['reply']}〔2020〕1号"
    item = delivering.deliver(
        item, addressees=item.addressees(), on=date(2020, 7, 27), method=DeliveryMethod.IN_PERSON, by=bureau.clerk,
        at=day("2020-07-27", 16),
    )  # fmt: skip
    lead = item.suggestion.lead
    assert lead is not None
    item = evaluating.evaluate(
        item, proposer=lead, attitude=Rating.SATISFIED if "attitude" in one.questions else None, outcome=Rating.FAIR,
        reason="", on=date(2020, 8, 5), scan=pdf(), by=bureau.clerk, at=day("2020-08-06"),
    )  # fmt: skip
    assert item.evaluations.count() == 1


def test_our_opinion_to_a_lead_unit_is_issued(bureau: Bureau, nankang: Unit, place: str) -> None:
    item = bureau.review(part=Part.CO, lead_unit=nankang)
    signed = sign_on(bureau, item, "2020-06-18")
    assert signed[-1] == Role.HANDLING_LEADER
