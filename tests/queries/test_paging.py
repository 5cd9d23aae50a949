"""分页: a page by years is the page of the whole list."""

from datetime import date

import pytest

from bench import world
from huiyin.models import Assignment, Meeting
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.ledger import ordered
from huiyin.queries.paging import Pages
from tests.conftest import Bureau

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


def test_every_page_is_a_piece_of_the_list_in_any_order() -> None:
    office = world.build(120, seed=2, today=TODAY)
    items = items_for(actor_of(office.clerk, TODAY))
    some = items.filter(part="lead")
    for found in (items, some, items.none()):
        for sort in ("", "due_on", "-due_on", "title"):
            rows = ordered(found, sort)
            pages = Pages(rows, 17)
            keys = [pk for number in pages.page_range for pk in pages.page(number).object_list]
            assert keys == list(rows.values_list("pk", flat=True))
            assert pages.count == len(keys)


def test_a_page_beyond_the_last_is_the_last() -> None:
    office = world.build(40, seed=2, today=TODAY)
    rows = ordered(items_for(actor_of(office.clerk, TODAY)), "")
    assert list(Pages(rows, 15).get_page("99")) == list(rows.values_list("pk", flat=True)[30:])


def test_two_meetings_of_a_year_come_in_the_order_of_the_list(bureau: Bureau) -> None:
    bureau.register()
    other = Meeting.objects.create(name="五届三次", title="赣州市政协五届三次会议", year=2020)
    Assignment.objects.filter(pk=bureau.register(number="083").pk).update(meeting=other)
    rows = ordered(items_for(actor_of(bureau.clerk, TODAY)), "")
    keys = list(rows.values_list("pk", flat=True))
    assert list(Pages(rows, 50).page(1).object_list) == keys and len(keys) == 2
