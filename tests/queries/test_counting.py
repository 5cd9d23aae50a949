"""计数列：what a list counts by is what the rows say, after any deed."""

from io import StringIO

import pytest
from django.core.management import call_command

from huiyin.models import Assignment
from huiyin.queries.counting import miscounted
from huiyin.rules.vocabulary import Part, Rating
from tests.conftest import Bureau

pytestmark = pytest.mark.django_db


def test_items_at_every_stage_are_counted_as_their_rows_say(bureau: Bureau) -> None:
    bureau.handling(number="081")
    bureau.delivered(number="082")
    bureau.evaluated(number="083", outcome=Rating.DISSATISFIED, reason="没有说清")
    bureau.delivered(number="084", part=Part.CO, lead_unit=bureau.organ)
    items = Assignment.objects.all()
    assert [miscounted(one) for one in items] == [[]] * items.count()
    assert [one.replied_on is not None for one in items.order_by("suggestion__number")] == [
        False,
        True,
        True,
        True,
    ]


def test_a_count_that_was_changed_by_other_hands_is_found(bureau: Bureau) -> None:
    item = bureau.delivered()
    Assignment.objects.filter(pk=item.pk).update(replied_on="2019-01-01", promises=3)
    item.refresh_from_db()
    said = miscounted(item)
    assert len(said) == 2
    assert "承诺项数应为0，记为3" in said
    errors = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify", stdout=StringIO(), stderr=errors)
    assert "计数不符" in errors.getvalue()
