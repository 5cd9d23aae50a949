"""分析：each number of a picture opens exactly its items; days by the journal; words by the titles."""

from collections.abc import Iterator
from datetime import date

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from huiyin.actions import signing
from huiyin.models import Assignment, Event
from huiyin.queries import analysis, figures, flow, ledger, overview, themes
from huiyin.queries.actors import actor_of
from huiyin.rules.vocabulary import Part, Rating, Status
from huiyin.web.figures import View
from tests.conftest import Bureau, day
from tests.queries.test_figures import many_items

ON = date(2020, 9, 15)

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("analysis")]


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    """082 satisfied in time; 083 dissatisfied; 085 in hand and overdue; 086 sent back once, now at review."""
    stage.evaluated()
    stage.evaluated(
        number="083", outcome=Rating.DISSATISFIED, reason="没有说清", draft={"outcome_class": "B"}
    )
    stage.handling(number="085", delegation="章贡代表团")
    back = stage.review(number="086")
    signing.send_back(back, to=Status.HANDLING, reason="数据须核实", by=stage.head, at=day("2020-07-22"))
    return stage


@pytest.fixture
def world(played: Bureau) -> Bureau:
    return played.again()


def shown(world: Bureau, who: str = "clerk") -> dict[str, analysis.Picture]:
    scope = figures.Scope(world.meeting)
    return {one.key: one for one in analysis.pictures(actor_of(world.people[who], ON), scope)}


def links(picture: analysis.Picture) -> Iterator[tuple[str, analysis.Cell]]:
    for row in picture.rows:
        for cell in row:
            if cell.figure or cell.at:
                yield f"{picture.key} {row[0].text}", cell


def test_every_number_opens_as_many_items(world: Bureau) -> None:
    """Through the ledger's own reading of the address."""
    actor, view = actor_of(world.clerk, ON), View(figures.Scope(world.meeting), ())
    opened = 0
    for picture in shown(world).values():
        for where, cell in links(picture):
            if not cell.text.isdecimal():
                continue
            found = ledger.found(actor, QueryDict(view.ledger(cell.figure, cell.at).partition("?")[2]))
            assert (found.items.count(), found.errors) == (int(cell.text), []), (where, cell)
            opened += 1
    assert opened > 30


def test_progress_is_cumulative_and_ends_today(world: Bureau) -> None:
    rows = {row[0].text: [cell.text for cell in row[1:]] for row in shown(world)["progress"].rows}
    assert rows == {
        "2020年5月": ["4", "0", "0"], "2020年6月": ["4", "0", "0"], "2020年7月": ["4", "0", "2"],
        "2020年8月": ["4", "4", "2"], "2020年9月": ["4", "4", "2"],
    }  # fmt: skip
    assert (
        shown(world)["progress"].sentence
        == "承办4件，已答复2件，办结率50.00%，解决率50.00%（1／2件）；按时答复率50.00%（2／4件），2件没有按时。"
    )


def test_days_at_each_status_are_the_journals(world: Bureau) -> None:
    """Counted by hand from the walks: registered on 29 May 9:00, proposed at 10:00, gate passed on 1 June, signed in on 2 June."""
    items = figures.counted_items(actor_of(world.clerk, ON), figures.Scope(world.meeting))
    found = {one.status: one for one in flow.stages(items, ON)}
    assert {round(days, 3) for days in found[Status.PROPOSING].days.values()} == {round(1 / 24, 3)}
    assert len(found[Status.ACCEPTING].days) == 4 and found[Status.ACCEPTING].median == pytest.approx(1)
    pks = dict(items.values_list("suggestion__number", "pk"))
    handling = found[Status.HANDLING]
    assert handling.days[pks["085"]] == (ON - date(2020, 6, 2)).days  # still there: until today
    sent = Event.objects.get(assignment=pks["086"], deed="submit").at
    first = (sent - day("2020-06-02")).total_seconds() / 86400
    assert handling.days[pks["086"]] == pytest.approx(first + (ON - date(2020, 7, 22)).days)  # both stays
    assert handling.longest[0] == pks["085"] and handling.now == {pks["085"], pks["086"]}
    assert found[Status.REVIEW].back == 1 and handling.back == 0
    assert sum(one.total for one in found.values() if one.status == Status.CLOSED) == 0


def test_what_is_seen_is_said(world: Bureau) -> None:
    found = shown(world)
    assert (
        found["flow"].sentence.startswith("局内的时间花得最多的是“办理中”")
        and "退改、撤回共1次" in found["flow"].sentence
    )
    assert found["late"].sentence == "未按时答复的共2件，最多的是国土空间用途管制科，2件。"
    assert found["class0"].sentence == "已答复的主办、二次办理件2件，A类最多，1件，占50.00%。"
    assert (
        found["satisfied"].sentence
        == "首次满意率50.00%（1／2件），最终50.00%（1／2件）；反馈率100.00%（2／2件）。"
    )
    assert "最多的是用地保障，4件" in found["years"].sentence
    assert found["delegations"].sentence == "提出最多的是南康代表团，3件；共2个代表团（界别）。"


def test_nobody_is_named_who_asked_for_confidentiality(world: Bureau) -> None:
    Assignment.objects.get(suggestion__number="085").suggestion.__class__.objects.filter(number="085").update(
        confidential=True
    )
    assert [row[0].text for row in shown(world)["delegations"].rows] == ["南康代表团"]


@pytest.mark.parametrize("who", ["other_handler", "admin", "stranger"])
def test_who_sees_nothing_is_shown_nothing(world: Bureau, who: str) -> None:
    assert shown(world, who) == {}
    found = overview.overview(actor_of(world.people[who], ON), figures.Scope(world.meeting))
    assert (found.counts["total"], found.late, found.soon, found.longest, found.time) == (0, 0, 0, [], None)


def test_the_leaders_board(world: Bureau) -> None:
    found = overview.overview(actor_of(world.chief, ON), figures.Scope(world.meeting))
    assert (found.late, found.soon) == (2, 0)
    assert found.time and (found.time.gone, found.behind) == (100, True)
    assert found.longest[0].item.suggestion.number == "085" and found.longest[0].whom == "谢文斌"
    early = actor_of(world.chief, date(2020, 8, 20))
    found = overview.overview(early, figures.Scope(world.meeting))
    assert (found.late, found.soon, found.time and found.time.gone) == (0, 2, 90)


def test_as_many_queries_for_ten_items_as_for_a_thousand(world: Bureau) -> None:
    actor, scope = actor_of(world.clerk, ON), figures.Scope(world.meeting)

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as pictures:
            analysis.pictures(actor, scope)
        with CaptureQueriesContext(connection) as board:
            overview.overview(actor, scope)
        return len(pictures), len(board)

    few = queries()
    many_items(world, 1000)
    assert queries() == few
    assert few[0] <= 22 and few[1] <= 22, few


# 词


def test_words_of_the_titles() -> None:
    now = ["关于加快推进农村宅基地确权登记的建议", "关于解决农村宅基地历史遗留问题的建议", "关于规范农村宅基地审批的建议", "关于破解老城区停车难的建议",
           "关于新建小区停车场的建议", "关于医院周边停车秩序的建议"]  # fmt: skip
    before = ["关于农村宅基地流转的建议", "关于港口用地的建议"]
    assert themes.themes(now, before) == [themes.Theme("农村宅基地", 3, 1), themes.Theme("停车", 3, 0)]


@pytest.mark.parametrize("titles", [[], [""], ["建议"], ["关于的建议"] * 5, ["abc 2020"] * 5])
def test_titles_without_words(titles: list[str]) -> None:
    assert themes.themes(titles, []) == []


def test_a_part_that_answers_nobody_is_in_no_share(world: Bureau) -> None:
    before = shown(world)["class0"].rows
    Assignment.objects.filter(suggestion__number="083").update(part=Part.CO, lead_unit=world.organ)
    assert (
        sum(int(row[2].text) for row in before) - sum(int(row[2].text) for row in shown(world)["class0"].rows)
        == 1
    )
