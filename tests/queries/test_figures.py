"""数字 (R66–R71): against a world counted by hand."""

from datetime import date

import pytest

from huiyin.models import Assignment, Unit
from huiyin.queries import figures
from huiyin.queries.actors import actor_of
from huiyin.rules.vocabulary import Part, Rating
from tests.conftest import Bureau, day

ON = date(2020, 12, 31)


pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("figures")]


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    """Seven items: 082 A satisfied; 083 B fair, promise open; 084 dissatisfied; 085 never answered; 086 delivered,
    silent; 087 co-handled in time; 088 returned."""
    nankang = Unit.objects.get(short_name="南康区政府")
    from huiyin.actions import proposing
    from tests.conftest import pdf

    stage.evaluated()
    stage.evaluated(number="083", outcome=Rating.FAIR, draft={"outcome_class": "B"})
    stage.evaluated(number="084", outcome=Rating.DISSATISFIED, reason="没有说清")
    stage.handling(number="085")
    stage.delivered(number="086")
    stage.delivered(number="087", part=Part.CO, lead_unit=nankang)
    back = stage.accepting(number="088")
    proposing.ask_return(back, reason="x", by=stage.head, at=day("2020-06-02"))
    proposing.report_return(
        back, reason="x", proposed_unit="市林业局", chief_agreed=False, by=stage.clerk, at=day("2020-06-02")
    )
    proposing.decide_return(
        back, agreed=True, on=date(2020, 6, 3), note="", paper=pdf(), by=stage.clerk, at=day("2020-06-03")
    )
    return stage


@pytest.fixture
def world(played: Bureau) -> Bureau:
    return played.again()


HAND_COUNTED = {
    "completion": (5, 6, "83.33%"),
    "on_time": (5, 6, "83.33%"),
    "accepted": (6, 6, "100.00%"),
    "contact": (4, 5, "80.00%"),
    "met": (4, 5, "80.00%"),
    "co_on_time": (1, 1, "100.00%"),
    "returned_forms": (3, 4, "75.00%"),
    "satisfied": (2, 3, "66.67%"),
    "satisfied_finally": (2, 3, "66.67%"),
    "fully": (1, 3, "33.33%"),
    "attitude": (3, 3, "100.00%"),
    "attitude_finally": (3, 3, "100.00%"),
    "outcome": (2, 3, "66.67%"),
    "outcome_finally": (2, 3, "66.67%"),
    "solved": (3, 4, "75.00%"),
    "turned": (0, 1, "0.00%"),
}


def test_every_rate_equals_the_hand_count(world: Bureau) -> None:
    found = figures.rates(actor_of(world.clerk, ON), figures.Scope(world.meeting), ON)
    assert {key: (one.numerator, one.denominator, one.percent) for key, one in found.items()} == HAND_COUNTED


def test_every_figure_opens_into_as_many_items(world: Bureau) -> None:
    actor = actor_of(world.clerk, ON)
    for key, value in figures.rates(actor, figures.Scope(world.meeting), ON).items():
        for side, size in (("num", value.numerator), ("den", value.denominator)):
            items = figures.behind(
                figures.counted_items(actor, figures.Scope(world.meeting)), f"{key}.{side}", ON
            )
            assert items is not None
            assert items.values("pk").distinct().count() == size, f"{key}.{side}"


def test_counts_reconcile(world: Bureau) -> None:
    found = figures.counts(actor_of(world.clerk, ON), figures.Scope(world.meeting))
    assert found == {
        "total": 6,
        "sole": 0,
        "lead": 5,
        "separate": 0,
        "co": 1,
        "second": 0,
        "owed": 5,
        "given": 4,
    }


def test_what_does_not_reconcile_is_not_printed(world: Bureau) -> None:
    Assignment.objects.filter(suggestion__number="085").update(part=Part.INFO)
    with pytest.raises(figures.DoesNotReconcile, match="承办6件，而各办理方式合计5件"):
        figures.counts(actor_of(world.clerk, ON), figures.Scope(world.meeting))


def test_promises_due_and_kept(world: Bureau) -> None:
    actor = actor_of(world.clerk, ON)
    assert figures.promises(actor, figures.Scope(world.meeting), date(2020, 10, 30)) == (0, 0)
    assert figures.promises(actor, figures.Scope(world.meeting), ON) == (0, 1)


def test_a_zero_denominator_is_a_dash() -> None:
    assert figures.percent(0, 0) == "—"
    assert figures.percent(114, 166) == "68.67%"  # printed 68.68% elsewhere, to make the column add up to 100


def test_figures_count_only_what_one_may_see(world: Bureau) -> None:
    assert figures.counts(actor_of(world.other_handler, ON), figures.Scope(world.meeting))["total"] == 0
    assert figures.counts(actor_of(world.stranger, ON), figures.Scope(world.meeting))["total"] == 0
