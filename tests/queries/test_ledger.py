"""台账的列和筛选 (S16): every column is asked, sorted or says why not; nobody finds what he may not see."""

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from huiyin.models import Assignment, SupervisionPlan
from huiyin.queries import figures, formulas, ledger
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.columns import COLUMNS, GROUPS, chosen
from huiyin.queries.filters import NONE, SOME
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import Level, Origin, Part, Rating
from tests.conftest import Bureau, day

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ledger")]
ON = date(2020, 8, 10)


@pytest.fixture(scope="module")
def bureau(stage: Bureau) -> Bureau:
    return stage


@pytest.fixture(scope="module")
def world(bureau: Bureau) -> dict[str, Assignment]:
    """One item of each sort, by the real deeds."""
    found = {
        "fresh": bureau.register(number="082", title="关于港口的建议", delegation="南康代表团"),
        "secretive": bureau.contacted(number="44", title="关于茶园的建议", lead="保密人", co_signers=("暗联名",), confidential=True, delegation="暗团"),
        "joint": bureau.handling(number="101", title="关于道路的建议", lead="甲代表", co_signers=("乙代表", "丙代表"), level=Level.KEY),
        "late": bureau.handling(number="9", title="关于学校的建议", category=None, assigned_on=date(2020, 4, 1)),
        "co": bureau.issued(number="7", title="关于防洪的建议", part=Part.CO, lead_unit=bureau.organ),
        "rated": bureau.evaluated(number="金3号", title="关于矿山的建议"),
        "unhappy": bureau.evaluated(Rating.SATISFIED, Rating.DISSATISFIED, "没有答到点子上", number="12", title="关于桥的建议"),
        "promised": bureau.delivered(number="33", title="关于水的建议", draft={"outcome_class": "B"}),
        "carried": bureau.register(number="5", title="关于往年的建议", origin=Origin.CARRIED, part=Part.SOLE),
        "public": bureau.published(number="61", title="关于公开的建议"),
    }  # fmt: skip
    SupervisionPlan.objects.create(
        assignment=found["joint"],
        leader=bureau.chief,
        decided_by="党组会",
        text="督办",
        made_by=bureau.clerk,
        made_on=ON,
    )
    return {name: Assignment.objects.get(pk=one.pk) for name, one in found.items()}


def asked(actor: Actor, query: str) -> ledger.Found:
    return ledger.found(actor, QueryDict(query))


def names(actor: Actor, query: str, world: dict[str, Assignment]) -> set[str]:
    found = asked(actor, query)
    assert not found.errors, found.errors
    pks = set(found.items.values_list("pk", flat=True))
    return {name for name, one in world.items() if one.pk in pks}


@pytest.fixture
def clerk(bureau: Bureau) -> Actor:
    return actor_of(bureau.clerk, ON)


PICKS = {
    "number=08": {"fresh"}, "kind=suggestion&number=44": {"secretive"}, "title=港口": {"fresh"}, "title=关于 桥": {"unhappy"},
    "part=co": {"co"}, "part=co&part=sole": {"co", "carried"}, "section=null": {"fresh", "carried"},
    "status=handling": {"secretive", "joint", "late"}, "due_on_to=2020-07-31": {"late", "co"}, "due_on_is=null": set(),
    "outcome=B": {"promised"}, "outcome=null&status=issued": {"co"}, "rating=dissatisfied": {"unhappy"},
    "rating=satisfied&rating=dissatisfied": {"rated", "unhappy"}, "origin=carried": {"carried"}, "nature=carried": {"carried"},
    "nature=current&part=sole": set(), "from_bill=yes": set(), "lead=甲代": {"joint"}, "co_signers=乙": {"joint"},
    "proposers_from=3": {"joint"}, "proposers=2": {"secretive"}, "delegation=南康&number=082": {"fresh"},
    "category=null": {"late"}, "text=绿色通道&number=61": {"public"}, "level=key": {"joint"}, "confidential=yes": {"secretive"},
    "assigned_on_from=2020-04-01&assigned_on_to=2020年5月1日": {"late"}, "lead_unit=政府办公室": {"co"},
    "accepted_on_is=null": {"fresh", "carried"}, "extended=yes": set(), "contact=visit&status=handling": {"secretive"},
    "contacted_on_is=any&status=handling": {"secretive"}, "met_on_from=2020-06-09&number=33": {"promised"},
    "opinions_state=requested": set(), "signatory=陈永明&number=12": {"unhappy"}, "late=yes": {"late"} - {"late"},
    "replied_on=2020-07-24&number=33": {"promised"}, "delivered_on_from=2020-07-27&outcome=B": {"promised"},
    "disclosure=full&number=61": {"public"}, "published_on=2020-08-03": {"public"}, "attitude=satisfied": {"rated", "unhappy"},
    "rated_on_is=any": {"rated", "unhappy"}, "mode=paper_by_unit": {"rated", "unhappy"}, "reason=点子": {"unhappy"},
    "promises=供地": {"promised"}, "promised_on_to=2020-10-31": {"promised"}, "kept=not_started": {"promised"},
    "current=B": {"promised"}, "plan_leader=陈": {"joint"}, "due=overdue": {"late"}, "year=2020&number=5": {"carried"},
    "closed_on_is=any": {"rated"}, "q=港口": {"fresh"}, "q=甲代表": {"joint"}, "handler=null": {"fresh", "carried"},
    "promises_is=null&number=33": set(), "reply_number=自然资&number=7": {"co"}, "leader=null&number=5": {"carried"},
}  # fmt: skip


@pytest.mark.parametrize("query", list(PICKS))
def test_what_an_address_picks(world: dict[str, Assignment], clerk: Actor, query: str) -> None:
    assert names(clerk, query, world) == PICKS[query]


def test_every_column_is_asked_and_sorted_or_says_why_not(world: dict[str, Assignment], clerk: Actor) -> None:
    whole = set(asked(clerk, "").items.values_list("pk", flat=True))
    assert len({one.label for one in COLUMNS}) == len(COLUMNS) == len({one.key for one in COLUMNS})
    for column in COLUMNS:
        assert bool(column.sort) != bool(column.unsorted), column.key
        key = column.key if column.by.kind == "choice" else f"{column.key}_is"
        empty, filled = (
            set(asked(clerk, f"{key}={way}").items.values_list("pk", flat=True)) for way in (NONE, SOME)
        )
        assert not empty & filled and empty | filled == whole, column.key
        for sort in (column.key, f"-{column.key}"):
            assert set(asked(clerk, f"sort={sort}").items.values_list("pk", flat=True)) == whole, column.key


def test_sorting_follows_the_column(world: dict[str, Assignment], clerk: Actor) -> None:
    for key in ("due_on", "replied_on", "status", "title", "assigned_on"):
        up = [
            getattr(one, key, None) or one.suggestion.title
            for one in asked(clerk, f"sort={key}").items
            if key != "replied_on" or one.replied_on
        ]
        down = [
            getattr(one, key, None) or one.suggestion.title
            for one in asked(clerk, f"sort=-{key}").items
            if key != "replied_on" or one.replied_on
        ]
        assert up == sorted(up) and down == sorted(down, reverse=True), key


WRONG = {
    "due_on_from=五月底": "办理时限：“五月底”不是日期，应写成 2020-08-03", "proposers_from=几个": "人数：“几个”不是数，应写成 12",
    "part=承接": "办理方式：没有“承接”这一项", "section=99999": "承办科室：没有“99999”这一项", "due=明天": "时限：没有“明天”这一项",
    "title=" + "长" * 201: "标题：要找的字不超过200个", "section=1 or 1=1": "承办科室：没有", "year=2020-01": "年份：", "q=%00": "关键词：",
}  # fmt: skip


@pytest.mark.parametrize("query", list(WRONG), ids=range(len(WRONG)))
def test_a_wrong_condition_is_told_and_finds_nothing(
    world: dict[str, Assignment], clerk: Actor, query: str
) -> None:
    found = asked(clerk, query)
    assert any(WRONG[query] in one for one in found.errors), found.errors
    assert not found.items.exists() and ledger.totals(found.items, ON)["size"] == 0


# 保密的人找不出来


def test_who_asked_for_confidentiality_is_not_found(world: dict[str, Assignment], clerk: Actor) -> None:
    for query in ("lead=保密人", "co_signers=暗联名", "delegation=暗团", "q=保密人", "q=暗联名"):
        assert names(clerk, query, world) == set(), query
    column = {one.key: one for one in COLUMNS}
    item = ledger.with_columns(items_for(clerk), COLUMNS, clerk).get(pk=world["secretive"].pk)
    said = " ".join(str(one.read(item, ON)) for one in COLUMNS)
    assert "保密人" not in said and "暗" not in said
    assert column["lead"].sort == column["co_signers"].sort == column["delegation"].sort == ""
    assert {"lead", "co_signers", "delegation"}.isdisjoint(GROUPS)


# 谁都看不到自己范围以外的


@pytest.mark.parametrize(
    "role", ["handler", "head", "business_leader", "other_handler", "chief", "admin", "stranger"]
)
def test_no_filter_group_or_total_goes_beyond_his_sight(
    bureau: Bureau, world: dict[str, Assignment], role: str
) -> None:
    actor = actor_of(bureau.people[role], ON)
    mine = set(items_for(actor).values_list("pk", flat=True))
    for query in [
        "",
        *PICKS,
        *(f"figure={one.key}" for one in formulas.COUNTS),
        "figure=completion.num",
        "mine=1",
    ]:
        found = asked(actor, query)
        pks = set(found.items.values_list("pk", flat=True))
        assert pks <= mine, query
        assert ledger.totals(found.items, ON)["size"] == len(pks)
    for column in GROUPS.values():
        groups = ledger.groups(asked(actor, "").items, column, actor)
        assert sum(one.sizes["size"] for one in groups) == len(mine), column.key
    if role in {"other_handler", "admin", "stranger"}:
        assert not mine


def test_another_round_out_of_sight_shows_nothing(
    bureau: Bureau, world: dict[str, Assignment], clerk: Actor
) -> None:
    first = world["unhappy"]
    again = Assignment.objects.create(
        suggestion=first.suggestion, meeting=first.meeting, unit=first.unit, part=first.part, round=2, round_kind="rehandling",
        previous=first, assigned_on=ON, status="handling", status_since=day("2020-08-10"), section=bureau.other_section,
        profile_name=first.profile_name, profile_version=first.profile_version, replied_on=ON, reply_class="A", reply_number="再字1号",
    )  # fmt: skip
    query, keys = (
        "again_on=2020-08-10&again_class=A&again_number=再字",
        "number,again_on,again_number,again_class",
    )
    handler = actor_of(bureau.handler, ON)
    assert again.pk not in items_for(handler).values_list("pk", flat=True)
    assert names(clerk, query, world) == {"unhappy"} and names(handler, query, world) == set()
    for actor, said in ((clerk, [ON, "再字1号", "A"]), (handler, ["", "", ""])):
        item = ledger.with_columns(items_for(actor), chosen(keys), actor).get(pk=first.pk)
        assert [one.read(item, ON) for one in chosen(keys)[1:]] == said


# 合计、分组、数字


def test_totals_are_counted_in_one_query_and_open_their_items(
    world: dict[str, Assignment], clerk: Actor
) -> None:
    found = asked(clerk, "")
    with CaptureQueriesContext(
        connection,
    ) as seen:
        sizes = ledger.totals(found.items, ON)
    assert len(seen) == 1
    for one in ledger.totals_of(ON):
        assert asked(clerk, one.also).items.count() == sizes[one.key], one.key
    assert (sizes["size"], sizes["overdue"], sizes["dissatisfied"]) == (len(world), 1, 1)


@pytest.mark.parametrize("key", list(GROUPS))
def test_a_group_opens_into_its_items(world: dict[str, Assignment], clerk: Actor, key: str) -> None:
    found = asked(clerk, "")
    for one in ledger.groups(found.items, GROUPS[key], clerk):
        inside = asked(clerk, f"{key}={one.value}")
        assert not inside.errors and inside.items.count() == one.sizes["size"] > 0, (key, one)
        assert ledger.totals(inside.items, ON) == one.sizes


def test_the_figures_dimensions_are_filters(world: dict[str, Assignment], clerk: Actor) -> None:
    for dimension in figures.DIMENSIONS:
        for group in figures.breakdown(clerk, figures.Scope(), ON, dimension):
            for key in ("total", "completion.num", "satisfied.den"):
                found = asked(clerk, f"{dimension.key}={group.value}&figure={key}")
                name, _, side = key.partition(".")
                size = (
                    group.counts[name]
                    if not side
                    else getattr(group.rates[name], {"num": "numerator", "den": "denominator"}[side])
                )
                assert not found.errors and found.items.count() == size, (dimension.key, group.label, key)


def test_a_figure_without_a_year_or_unknown(
    world: dict[str, Assignment], clerk: Actor, bureau: Bureau
) -> None:
    assert (
        asked(clerk, "figure=completion.num").items.count()
        == asked(clerk, f"figure=completion.num&meeting={bureau.meeting.pk}").items.count()
        > 0
    )
    with pytest.raises(ledger.NoSuchFigure):
        asked(clerk, "figure=nothing")


def test_a_column_reads_in_as_many_queries_for_ten_as_for_one(
    world: dict[str, Assignment], clerk: Actor
) -> None:
    def queries(many: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            for item in list(ledger.with_columns(asked(clerk, "").items, COLUMNS, clerk)[:many]):
                for column in COLUMNS:
                    column.read(item, ON)
        return len(seen)

    assert queries(10) <= queries(4)
    assert queries(10) <= 14


def test_sections_of_another_unit_are_not_offered(bureau: Bureau, world: dict[str, Assignment]) -> None:
    stranger = actor_of(bureau.stranger, ON)
    for column in COLUMNS:
        if column.key in {"section", "handler", "leader", "unit"}:
            offered: list[Any] = column.by.options(stranger)  # type: ignore[attr-defined]
            assert not {label for _, label in offered} & {"国土空间用途管制科", "谢文斌", "市自然资源局"}, (
                column.key
            )
