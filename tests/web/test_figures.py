"""统计数字、领导看板、分析：every number on the pages opens exactly its items; what may not stand alone does not."""

import hashlib
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.http import QueryDict
from django.test import Client
from django.test.html import Element, parse_html
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from huiyin.models import Assignment
from huiyin.queries import figures, formulas, ledger
from huiyin.queries.actors import actor_of
from huiyin.rules.vocabulary import Part, Rating
from tests.conftest import Bureau
from tests.web.test_static import of, words

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("figures_pages")]
PAGES = ("figures", "figures_board", "figures_analysis")


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    stage.evaluated(draft={"outcome_class": "B"})
    stage.evaluated(number="083", outcome=Rating.DISSATISFIED, reason="没有说清")
    stage.handling(number="084", category=None)
    return stage


@pytest.fixture
def world(played: Bureau) -> Bureau:
    return played.again()


@pytest.fixture
def clerk(world: Bureau, client: Client) -> Client:
    client.force_login(world.clerk)
    return client


def numbers(page: str) -> Iterator[tuple[str, int]]:
    """(address, number) of every number on a page that is a link to the ledger or the promises."""
    tree = parse_html(page)
    assert isinstance(tree, Element)
    for one in of(tree, "a"):
        address = str(dict(one.attributes).get("href") or "")
        bold = "".join(words(two) for two in of(one, "b")).strip()
        text = bold or words(one).strip()
        if "?" in address and text.isdecimal():
            yield address, int(text)


def test_every_number_of_the_page_opens_as_many_rows(world: Bureau, clerk: Client) -> None:
    """In every grouping, for the year and for all years, by the ledger's own reading of the address."""
    actor, seen = actor_of(world.clerk, timezone.localdate()), dict[str, int]()
    for by in figures.DIMENSIONS:
        for year in (str(world.meeting.pk), "all"):
            page = clerk.get(reverse("figures"), {"by": by.key, "meeting": year}).content.decode()
            assert "对不上" not in page
            seen |= dict(numbers(page))
    for address, size in seen.items():
        path, _, query = address.partition("?")
        if path == reverse("ledger"):
            found = ledger.found(actor, QueryDict(query.replace("&amp;", "&")))
            assert (found.items.count(), found.errors) == (size, []), address
        elif path == reverse("promises"):
            assert len(clerk.get(address).context["commitments"]) == size, address
    assert len(seen) > 200


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize(
    "query", [{}, {"meeting": "all"}, {"meeting": "all", "kind": "proposal"}, {"kind": "x", "by": "x"}]
)
def test_a_page_for_any_choice(clerk: Client, name: str, query: dict[str, str]) -> None:
    page = clerk.get(reverse(name), query)
    text = page.content.decode()
    assert page.status_code == 200
    assert ("满意率" not in text) or ("反馈率" in text)
    assert ("办结率" not in text) or ("解决率" in text)


def test_nothing_to_count_is_a_dash(world: Bureau, clerk: Client) -> None:
    page = clerk.get(reverse("figures"), {"meeting": world.earlier.pk}).content.decode()
    assert "没有承办件" in page and "100.00%" not in page and "0.00%" not in page


def test_the_unit_of_every_figure_is_named(clerk: Client) -> None:
    tree = parse_html(clerk.get(reverse("figures")).content.decode())
    assert isinstance(tree, Element)
    table = next(one for one in of(tree, "table") if "rates" in str(dict(one.attributes).get("class")))
    rows = [words(row) for row in of(table, "tr")][1:]
    assert [row for row in rows if not re.search(r"\d\s*(件次|件|项)", row)] == []
    assert any("件次" in row for row in rows)


def test_what_does_not_reconcile_is_said_with_its_items(world: Bureau, clerk: Client) -> None:
    item = Assignment.objects.get(suggestion__number="084")
    Assignment.objects.filter(pk=item.pk).update(part=Part.INFO)
    for name in ("figures", "figures_board"):
        page = clerk.get(reverse(name)).content.decode()
        assert "数字对不上" in page and reverse("item", args=[item.pk]) in page
    assert "承办总数等于各办理方式之和" not in clerk.get(reverse("figures")).content.decode()


def test_the_sheet_says_what_the_page_says(world: Bureau, clerk: Client) -> None:
    response = clerk.get(reverse("figures_export"), {"by": "category"})
    rows = load_workbook(io.BytesIO(response.getvalue())).active.iter_rows(min_row=2, values_only=True)
    told = {(row[0], row[1]): row[2:6] for row in rows}
    values = figures.rates(
        actor_of(world.clerk, timezone.localdate()), figures.Scope(world.meeting), timezone.localdate()
    )
    for one in values.values():
        assert told["全部", one.rate.label] == (one.rate.unit, one.numerator, one.denominator, one.percent)
    assert told["未分类", "承办"][1] == 1 and told["用地保障", "承办"][1] == 2
    Assignment.objects.filter(suggestion__number="084").update(part=Part.INFO)
    refused = clerk.get(reverse("figures_export"))
    assert refused.status_code == 409 and "第084号" in refused.content.decode()


def test_every_grouping_is_checked_when_asked(clerk: Client) -> None:
    assert "其余各种分组也都加得起来" in clerk.get(reverse("figures"), {"check": "1"}).content.decode()


def test_leaders_have_their_board_second(world: Bureau, client: Client) -> None:
    for who, has in (
        ("chief", True),
        ("handling_leader", True),
        ("business_leader", True),
        ("clerk", False),
        ("admin", False),
    ):
        client.force_login(world.people[who])
        nav = [one.label for one in client.get(reverse("notices")).context["shell"]["nav"]]
        assert (nav[1] == "领导看板") is has, who
    client.force_login(world.chief)
    nav = client.get(reverse("figures_board")).context["shell"]["nav"]
    assert [one.label for one in nav if one.current] == ["领导看板"]


def test_a_picture_is_complete_without_a_script(clerk: Client) -> None:
    """The table says every number that is drawn, and no chart is there before a script draws it."""
    page = clerk.get(reverse("figures_analysis"))
    tree = parse_html(page.content.decode())
    assert isinstance(tree, Element)
    charts = [one for one in of(tree, "div") if "data-chart" in dict(one.attributes)]
    assert len(charts) == len(page.context["pictures"]) >= 6
    assert all("hidden" in dict(one.attributes) and dict(one.attributes)["aria-label"] for one in charts)
    for one in page.context["pictures"]:
        told = {at["cell"].text.rstrip("%") for row in one["rows"] for at in row}
        drawn = {
            value for series in one["chart"]["series"] for value in series["values"] if value is not None
        }
        assert {f"{value:g}" for value in drawn} <= {
            f"{float(text):g}" for text in told if re.fullmatch(r"[\d.]+", text)
        }


def test_a_title_cannot_break_out_of_the_data(world: Bureau, clerk: Client) -> None:
    from huiyin.models import Proposer

    Proposer.objects.filter(is_lead=True).update(delegation="</script><b>甲团")
    page = clerk.get(reverse("figures_analysis")).content.decode()
    assert "甲团" in page and "</script><b>" not in page


def test_promises_of_a_section(world: Bureau, clerk: Client) -> None:
    def shown(**query: Any) -> int:
        return len(clerk.get(reverse("promises"), query).context["commitments"])

    key = {"figure": "due", "meeting": "all"}
    assert shown(**key) == shown(**key, section=world.section.pk) == shown(**key, owner=world.handler.pk) == 1
    assert shown(**key, section=world.other_section.pk) == shown(**key, owner="x") == 0
    assert (
        shown(**key, kind="proposal")
        == shown(figure="due", meeting="x")
        == shown(**{**key, "figure": "kept"})
        == 0
    )


def test_the_chart_library_is_as_it_was_published() -> None:
    folder = Path(settings.BASE_DIR) / "huiyin" / "web" / "static" / "vendor" / "echarts-6.1.0"
    facts = json.loads((folder / "vendor.json").read_text())
    assert facts["licence"] == "Apache-2.0" and "Apache License" in (folder / "LICENSE").read_text()
    assert facts["sha256"] == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("echarts.min.js", "LICENSE")
    }


def test_every_formula_is_in_the_handbook() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "reference" / "figures.md").read_text()
    for one in (*formulas.COUNTS, *formulas.RATES):
        assert f"| {one.label} |" in text, one.key
