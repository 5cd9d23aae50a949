"""测速的台账: what the bench measures on is a ledger as the deeds leave it."""

from datetime import date

import pytest
from django.utils.timezone import localdate

from bench import cases, report, tables, tenfold, world
from huiyin.actions._journal import broken_links
from huiyin.models import Assignment, Event, Person, Suggestion
from huiyin.queries.actors import actor_of
from huiyin.queries.badge import counted as badge
from huiyin.queries.counting import PREFETCH, miscounted
from huiyin.queries.desk import waiting_for
from huiyin.queries.figures import Scope, counts
from huiyin.queries.searching import holding

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 2)


@pytest.mark.once
def test_the_made_ledger_is_consistent() -> None:
    office = world.build(300, seed=3, today=TODAY)
    items = Assignment.objects.select_related("suggestion").prefetch_related(*PREFETCH)
    assert len(items) == 300
    assert {one.pk: said for one in items if (said := miscounted(one))} == {}
    assert broken_links() == []
    actor = actor_of(office.clerk, TODAY)
    assert counts(actor, Scope())["total"] > 250
    assert {len(text) for text in Suggestion.objects.values_list("text", flat=True)} == {600}
    for person in Person.objects.all():
        who = actor_of(person, TODAY)
        assert badge(who) == len(waiting_for(who)), person.username
    new = Event.objects.create(  # the counters of ids follow what was loaded
        stream="unit:0",
        seq=1,
        deed="register",
        by=office.clerk,
        at="2026-11-02T00:00:00Z",
        body="",
        digest="",
    )
    assert new.pk > 300


@pytest.mark.once
def test_every_case_of_the_bench_runs_and_is_told() -> None:
    world.build(200, seed=4, today=localdate())
    field = cases.Field(rounds=1, repetitions=1)
    took = {
        **cases.pages(field), **cases.frame(field), **cases.statistics(field), **cases.search(field, 3),
        **tables.exports(field, memories=False), **tables.imports(field, 20),
    }  # fmt: skip
    text = report.page({("sqlite", 200): took, ("postgresql", 200): took})
    assert took["search_2"]["recall"] == took["search_4"]["recall"] == 1
    assert took["search_2"]["precision"] == took["search_4"]["precision"] == 1
    for line in report.LINES:
        if line.peer != "rust":  # where it is installed
            assert line.peer in took[line.key], line
            assert line.words in text
    assert Assignment.objects.count() == 200


def test_a_ledger_three_times_over_is_three_ledgers() -> None:
    office = world.build(60, seed=5, today=TODAY)
    actor = actor_of(office.clerk, TODAY)
    before = counts(actor, Scope())
    word = Suggestion.objects.order_by("pk")[7].text[5:8]
    found = Assignment.objects.filter(suggestion__among=holding(word)).count()
    tenfold.multiply(3)
    items = Assignment.objects.select_related("suggestion").prefetch_related(*PREFETCH)
    assert len(items) == 180
    assert {one.pk: said for one in items if (said := miscounted(one))} == {}
    assert counts(actor, Scope()) == {key: 3 * size for key, size in before.items()}
    assert Assignment.objects.filter(suggestion__among=holding(word)).count() == 3 * found > 0
    for one in Suggestion.objects.filter(pk__in=(8, 70, 150)):
        assert Assignment.objects.filter(suggestion__among=holding(one.number), suggestion=one).exists()
    assert Event.objects.filter(assignment=180).values("stream").distinct().get() == {"stream": "item:180"}
