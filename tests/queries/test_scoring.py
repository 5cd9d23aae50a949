"""考核 (R72): score-cards of a world counted by hand; each mark's items; versions; who sees what."""

import dataclasses
from collections.abc import Callable
from datetime import date
from decimal import Decimal as D  # noqa: N817
from typing import Any

import pytest

from huiyin.actions import (
    Refused,
    contacting,
    following,
    planning,
    proposing,
    replying,
    scoring,
    signing,
    supervising,
    timing,
)
from huiyin.actions._journal import broken_links
from huiyin.actions._refused import Stale
from huiyin.models import Assignment, Event, HandMark, ScoreScheme, Unit
from huiyin.queries import figures, formulas
from huiyin.queries.actors import actor_of, items_for
from huiyin.queries.score_picks import EARNING, FAILING, missed
from huiyin.queries.score_schemes import keys_taken, rule, scheme_of, versions
from huiyin.queries.scoring import NO_SECTION, UNIT, Scores, sees_cards, years
from huiyin.rules.scoring import Indicator
from huiyin.rules.scoring_default import DEFAULT
from huiyin.rules.vocabulary import (
    ActivityKind,
    CommitmentState,
    Idle,
    Level,
    Part,
    Rating,
    ScoreMode,
    Status,
)
from tests.conftest import Bureau, day, pdf

ON = date(2020, 12, 31)
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("scoring")]
AT = day("2020-12-31")


@pytest.fixture(scope="module")
def played(stage: Bureau) -> Bureau:
    """用途管制科: 082 满意; 083 B类、承诺逾期、基本满意; 084 不满意、退改过; 085 重点督办、未答复; 087 协办被退回重提、逾期.
    规划科: 091 满意、B类转A类、开展过活动; 092 签收晚、延期没有告知、被催办没有答复. 093 没有定科室."""
    nankang = Unit.objects.get(short_name="南康区政府")
    stage.evaluated()
    stage.evaluated(number="083", outcome=Rating.FAIR, draft={"outcome_class": "B"})
    _dissatisfied(stage)
    stage.handling(number="085", level=Level.KEY)
    co = stage.delivered(number="087", part=Part.CO, lead_unit=nankang)
    replying.take_hollow(
        co, on=date(2020, 6, 24), reason="没有实质内容", paper=pdf(), by=stage.clerk, at=day("2020-06-24")
    )
    _planning(_other(stage))
    stage.register(number="093")
    return stage


def _dissatisfied(bureau: Bureau) -> None:
    item = bureau.review(number="084")
    signing.send_back(item, to=Status.HANDLING, reason="没有写清时限", by=bureau.head, at=day("2020-07-21"))
    item = Assignment.objects.get(pk=item.pk)
    bureau.draft(item, at="2020-07-22")
    replying.submit(item, by=bureau.handler, at=day("2020-07-22", 10))
    for who in (
        bureau.head,
        bureau.clerk,
        bureau.director,
        bureau.business_leader,
        bureau.handling_leader,
        bureau.chief,
    ):
        item = bureau.pass_gate(item, who, "2020-07-24")
    from huiyin.actions import delivering, evaluating
    from huiyin.rules.vocabulary import DeliveryMethod

    item = delivering.deliver(
        item, addressees=item.addressees(), on=date(2020, 7, 27), method=DeliveryMethod.POST, by=bureau.clerk,
        at=day("2020-07-27"),
    )  # fmt: skip
    lead = item.suggestion.lead
    assert lead is not None
    evaluating.evaluate(
        item, proposer=lead, attitude=Rating.SATISFIED, outcome=Rating.DISSATISFIED, reason="没有说清",
        on=date(2020, 8, 5), scan=pdf(), by=bureau.clerk, at=day("2020-08-06"),
    )  # fmt: skip


def _other(bureau: Bureau) -> Bureau:
    """The same bureau, whose walks go through 规划科."""
    people = bureau.people | {
        "handler": bureau.other_handler, "head": bureau.other_head, "business_leader": bureau.other_leader,
    }  # fmt: skip
    return dataclasses.replace(bureau, section=bureau.other_section, people=people)


def _planning(other: Bureau) -> None:
    item = other.evaluated(number="091", draft={"outcome_class": "B"})
    following.progress(
        item, item.commitments.get(), on=date(2020, 8, 31), text="已供地", state=CommitmentState.FULFILLED, evidence=pdf(),
        informed_on=date(2020, 8, 31), by=other.handler, at=day("2020-08-31"),
    )  # fmt: skip
    item = Assignment.objects.get(pk=item.pk)
    following.convert(
        item, to_class="A", reason="已供地", evidence=pdf(), by=other.handler, at=day("2020-09-01")
    )
    contacting.record_activity(
        item, kind=ActivityKind.FIELD, on=date(2020, 9, 2), place="龙岭", people="李慧敏", findings="已开工",
        by=other.handler, at=day("2020-09-02"),
    )  # fmt: skip
    late = other.accepting(number="092")
    proposing.accept(late, by=other.head, at=day("2020-06-20"))
    late = Assignment.objects.get(pk=late.pk)
    other.contact(late, at="2020-06-22")
    timing.ask_extension(
        late, wanted_on=date(2020, 11, 20), reason="等规划", by=other.handler, at=day("2020-07-01")
    )
    timing.grant_extension(
        late, on=date(2020, 7, 6), granted_to=date(2020, 11, 20), agreed_by=["交办机关", "代表"], paper=pdf(),
        by=other.clerk, at=day("2020-07-06"),
    )  # fmt: skip
    supervising.urge(
        [supervising.Target(late, other.handler)], text="请抓紧", by=other.clerk, at=day("2020-10-09")
    )


@pytest.fixture
def world(played: Bureau) -> Bureau:
    return played.again()


def scores(world: Bureau, rows: tuple[Indicator, ...] = DEFAULT, who: str = "clerk") -> Scores:
    scheme = scheme_of(world.unit.pk, 2020)
    assert scheme is not None
    return Scores(actor_of(getattr(world, who), ON), dataclasses.replace(scheme, rows=rows))


def numbers(items: Any) -> list[str]:
    assert items is not None
    return sorted(items.values_list("suggestion__number", flat=True))


PICKED = {
    "accept_late": ["092", "093"], "contact_late": ["085", "093"], "no_contact": ["085", "093"], "not_met": ["085", "093"],
    "no_contact_before": [], "not_on_time": ["085", "087", "092", "093"], "overdue": ["085", "092", "093"], "late": [],
    "co_late": ["087"], "hollow": ["087"], "sent_back": ["084"], "dissatisfied": ["084"], "unsatisfied": ["084"],
    "no_form": [], "untold": ["092"], "promise_late": ["083"], "no_promise": [], "no_plan": ["085"], "milestone_late": [],
    "urged": ["092"], "supervised": [], "errand_late": ["092"], "turned": ["091"], "key_solved": [], "very": [],
    "activity": ["091"], "met": ["082", "083", "084", "091", "092"],
}  # fmt: skip


def test_every_pick_equals_the_hand_count(world: Bureau) -> None:
    items = figures.counted_items(actor_of(world.clerk, ON), figures.Scope(world.meeting))
    found = {}
    for one in (*FAILING, *EARNING):
        assert one.where is not None
        found[one.key] = numbers(items.filter(one.where(ON)))
    assert found == PICKED


MARKS = {  # hand-counted by what we ship: section, other section, unit
    "leading": (None, None, None), "staffed": (None, None, None), "accepted": ("5", "4", "3"),
    "contact": ("0", "5", "0"), "met": ("0", "5", "0"), "before": ("5", "5", "5"),  # 3/4, 2/2, 5/7
    "co": ("0", None, "0"), "on_time": ("0", "0", "0"), "overdue": ("4", "4", "2"),  # 3/5, 1/2, 4/8
    "sent_back": ("2.5", "3", "2.5"), "hollow": ("3", "4", "3"),
    "satisfied": ("0", "10", "0"), "dissatisfied": ("4", "5", "4"),  # 2/3, 1/1, 3/4, full at 98%
    "kept": ("0", "7", "2"), "promised_late": ("2", "3", "2"), "planned": ("3", "3", "3"),  # 0/1, 1/1, 1/2
    "key_plan": ("1", "2", "1"), "turned": ("0", "1", "1"),
}  # fmt: skip


def test_every_mark_equals_the_hand_count(world: Bureau) -> None:
    found = scores(world)
    cards = [*found.ranked, found.unit]
    assert [(one.label, one.items) for one in cards] == [
        ("用途管制科", 5),
        ("规划科", 2),
        ("市自然资源局", 8),
    ]
    marks = {
        line.indicator.key: tuple(
            None if card.lines[at].mark is None else card.lines[at].mark for card in cards
        )
        for at, line in enumerate(cards[0].lines)
    }
    quality = marks.pop("quality")
    assert marks == {key: tuple(None if one is None else D(one) for one in row) for key, row in MARKS.items()}
    assert quality == (D("4.17"), D("4.56"), D("4.26"))  # 220/290, 70/90, 290/380; 0.2 a point below 95%
    first, second, _ = cards
    assert (first.total.got, first.total.of) == (D("33.67"), D(90))
    assert (second.total.got, second.total.of, second.total.bonus) == (D("64.56"), D(85), D(1))
    assert (first.score, second.score) == (D("37.41"), D("76.95"))
    assert (first.rank, second.rank, found.competing, found.unplaced) == (2, 1, 2, 1)


def test_a_rate_takes_what_the_figures_say(world: Bureau) -> None:
    """No rate is computed anew: those of the unit's card are those of the figures."""
    actor = actor_of(world.clerk, ON)
    values = figures.rates(actor, figures.Scope(world.meeting), ON)
    rows = tuple(
        Indicator(key, "比率", key, ScoreMode.RATE, key, full=D(100), step=D(1), idle=Idle.FULL)
        for key in values
    )
    for line in scores(world, rows).unit.lines:
        value = values[line.indicator.source]
        share = D(100) if not value.denominator else D(value.numerator * 100) / D(value.denominator)
        assert abs((line.mark or D(0)) - share) <= D("0.005"), line.indicator.source


def every() -> tuple[Indicator, ...]:
    """One indicator by everything there is."""
    from huiyin.queries.score_picks import SOURCES

    return tuple(
        Indicator(f"{mode}{key}", mode.label, one.label, mode, key, full=D(50), step=D(1))
        for mode, rows in SOURCES.items()
        for key, one in rows.items()
    )


def test_behind_every_mark_are_exactly_the_items_it_counts(world: Bureau) -> None:
    found = scores(world, every())
    for card in (*found.ranked, found.unit):
        for line in card.lines:
            items = found.behind(card.of, line.indicator.key)
            assert items is not None
            if line.indicator.source == "kept":
                assert len(numbers(items)) <= line.count  # of promises, several may stand on one item
            else:
                assert len(numbers(items)) == line.count, (card.label, line.indicator.key)
            if line.indicator.mode != ScoreMode.RATE:
                mine = [
                    one
                    for one in PICKED[line.indicator.source]
                    if card.of == UNIT or one in _of(world, card.of)
                ]
                assert numbers(items) == mine
    assert numbers(found.behind(NO_SECTION, "deductoverdue")) == ["093"]


def _of(world: Bureau, section: str) -> list[str]:
    rows = Assignment.objects.filter(section=int(section))
    return list(rows.values_list("suggestion__number", flat=True))


def test_missed_is_the_denominator_without_the_numerator(world: Bureau) -> None:
    items = items_for(actor_of(world.clerk, ON))
    for rate in formulas.RATES:
        due, done = (
            set(items.filter(side(ON)).values_list("pk", flat=True))
            for side in (rate.denominator, rate.numerator)
        )
        assert set(items.filter(missed(rate.key, ON)).values_list("pk", flat=True)) == due - done, rate.key


def test_more_failing_items_lower_the_mark(world: Bureau) -> None:
    old = scores(world).card(str(world.other_section.pk))
    late = _other(world).handling(number="094")
    after = scores(world)
    new = after.card(str(world.other_section.pk))
    at = next(place for place, one in enumerate(DEFAULT) if one.key == "overdue")
    assert old is not None
    assert new is not None
    assert (old.lines[at].mark, new.lines[at].mark) == (D(4), D(3))
    assert late.suggestion.number in numbers(after.behind(new.of, "overdue"))
    assert all(
        then.mark is None or now.mark is None or now.mark <= then.mark
        for then, now in zip(old.lines, new.lines, strict=True)
    )


def test_the_number_of_queries_does_not_grow_with_the_items(
    world: Bureau, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    found = scores(world)
    with django_assert_max_num_queries(30):
        assert found.unit
        assert found.ranked


def test_a_plan_and_its_late_milestone(world: Bureau) -> None:
    item = Assignment.objects.get(suggestion__number="085")
    planning.plan(
        item, leader=world.handling_leader, decided_by="局长办公会", text="方案", milestones=[("征地", date(2020, 8, 1))],
        by=world.clerk, at=day("2020-07-01"),
    )  # fmt: skip
    rows = tuple(one for one in every() if one.source in ("no_plan", "milestone_late"))
    found = scores(world, rows)
    assert [numbers(found.behind(UNIT, one.key)) for one in rows] == [[], ["085"]]


def test_co_handling_units_and_the_items_they_were_late_on(world: Bureau) -> None:
    nankang = Unit.objects.get(short_name="南康区政府")
    asked, answered = (Assignment.objects.get(suggestion__number=number) for number in ("085", "092"))
    world.ask(asked, nankang)
    other = _other(world)
    other.ask(answered, nankang, at="2020-06-22")
    other.answer(answered, nankang, at="2020-06-24")
    found = scores(world)
    assert [(one.name, one.on_time, one.due, one.late, one.hollow) for one in found.partners] == [
        ("南康区政府", 1, 2, 1, 0)
    ]
    assert numbers(found.behind_partner(nankang.pk, "late")) == ["085"]
    assert numbers(found.behind_partner(nankang.pk, "hollow")) == []
    assert found.behind_partner(nankang.pk, "due") is None
    assert found.behind_partner(world.organ.pk, "late") is None
    mine = scores(world, who="other_handler")
    assert [(one.on_time, one.due) for one in mine.partners] == [(1, 1)]
    assert numbers(mine.behind_partner(nankang.pk, "late")) == []


# 谁看


def test_a_section_sees_its_own_card_and_the_units_marks(world: Bureau) -> None:
    mine, other = str(world.section.pk), str(world.other_section.pk)
    found = scores(world, who="handler")
    assert [one.of for one in found.cards] == [mine]
    assert found.card(mine) == scores(world).card(mine)  # the same for whoever reads it
    assert found.card(other) is None
    assert found.unit.score == scores(world).unit.score
    assert numbers(found.behind(mine, "overdue")) == ["085"]
    for of in (other, UNIT, NO_SECTION):
        assert found.behind(of, "overdue") is None
    for who in ("clerk", "director", "handling_leader", "chief"):
        assert len(scores(world, who=who).cards) == 2
    assert [sees_cards(actor_of(getattr(world, who), ON)) for who in ("head", "admin", "deputy_head")] == [
        True,
        False,
        False,
    ]


def test_another_unit_has_nothing_of_ours(world: Bureau) -> None:
    found = Scores(actor_of(world.stranger, ON), scores(world).scheme)
    assert (found.cards, found.unit.items, found.unit.score) == ([], 0, None)
    assert years(actor_of(world.stranger, ON)) == []
    assert years(actor_of(world.handler, ON)) == [2020]


# 方案


def changed(**changes: Any) -> tuple[Indicator, ...]:
    return (dataclasses.replace(DEFAULT[0], **changes), *DEFAULT[1:])


def put(world: Bureau, *rows: Indicator, year: int = 2020, seen: int = 0, note: str = "调整") -> ScoreScheme:
    return scoring.set_scheme(rows, year=year, note=note, seen=seen, by=world.director, at=AT)


def test_each_save_is_a_version_and_none_ever_changes(world: Bureau) -> None:
    first = put(world, *changed(full=D(8)), note="领导重视加重")
    kept = dict(ScoreScheme.objects.values().get(pk=first.pk))
    with pytest.raises(Refused, match="没有不同"):
        put(world, *changed(full=D(8)), seen=1)
    with pytest.raises(Stale, match="曾建平在您编辑期间存了2020年第1版"):
        put(world, *changed(full=D(9)))
    second = put(world, *changed(full=D(9)), seen=1)
    assert (first.number, second.number) == (1, 2)
    assert ScoreScheme.objects.values().get(pk=first.pk) == kept
    assert [one.number for one in versions(world.unit.pk, 2020)] == [2, 1]
    then, now = (scheme_of(world.unit.pk, 2020, number) for number in (1, 0))
    assert then is not None
    assert now is not None
    assert (then.rows, then.full, now.full, now.origin) == (changed(full=D(8)), D(103), D(104), "2020年第2版")
    assert scheme_of(world.unit.pk, 2020, 3) is None
    event = Event.objects.filter(deed="set_scoring").latest("pk")
    assert event.text == "2020年考核方案第2版：19项指标，满分104分；调整"
    assert broken_links() == []


def test_a_new_year_starts_from_the_last(world: Bureau) -> None:
    put(world, *changed(full=D(8)))
    carried = scheme_of(world.unit.pk, 2022)
    assert carried is not None
    assert (carried.rows, carried.number, carried.origin) == (changed(full=D(8)), 0, "沿用2020年第1版")
    assert put(world, *carried.rows, year=2022).number == 1  # taken over as it is
    early = scheme_of(world.unit.pk, 2019)
    assert early is not None
    assert (early.rows, early.origin) == (DEFAULT, "出厂方案")


def test_a_removed_rows_key_is_not_used_again(world: Bureau) -> None:
    put(world, *DEFAULT, Indicator("n7", "其他", "宣传", ScoreMode.BY_HAND, full=D(5)))
    put(world, *DEFAULT, seen=1)
    assert "n7" in keys_taken(world.unit.pk)


def test_who_may_set_and_what_is_refused(world: Bureau) -> None:
    for who in (world.clerk, world.chief, world.head, world.admin, world.stranger):
        with pytest.raises(Refused, match="须由办公室主任、分管办理工作的局领导"):
            scoring.set_scheme(DEFAULT, year=2020, note="x", seen=0, by=who, at=AT)
    for rows, year, note, said in (
        (DEFAULT, 2020, " ", "还没有写改动说明"), (DEFAULT, 20, "x", "没有20年"), ((), 2020, "x", "方案里还没有指标"),
        (changed(full=D(0)), 2020, "x", "第1行“领导重视”：满分"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            put(world, *rows, year=year, note=note)
    assert not ScoreScheme.objects.exists()


# 人工评分


def give(world: Bureau, mark: str, key: str = "leading", **more: Any) -> HandMark:
    facts = {"section": world.section, "year": 2020, "reason": "局长两次研究", "by": world.director, "at": AT}
    return scoring.give_mark(key, mark=D(mark), **{**facts, **more})


def test_a_mark_by_hand_counts_and_the_earlier_one_stays(world: Bureau) -> None:
    give(world, "3")
    give(world, "4.5", reason="补交会议记录", by=world.handling_leader)
    give(world, "5", section=None)
    found = scores(world)
    mine, unit = found.card(str(world.section.pk)), found.unit
    assert mine is not None
    assert (mine.lines[0].mark, mine.lines[0].basis, mine.total.waiting) == (D("4.5"), "补交会议记录", 1)
    assert (unit.lines[0].mark, unit.total.waiting) == (D(5), 1)
    assert HandMark.objects.count() == 3
    assert (
        Event.objects.filter(deed="set_scoring").latest("pk").text
        == "2020年考核“领导重视”，市自然资源局评5分：局长两次研究"
    )


def test_a_mark_outside_the_scheme_is_refused(world: Bureau) -> None:
    for mark, more, said in (
        ("5.01", {}, "“领导重视”应评0至5分"), ("-1", {}, "应评0至5分"), ("1.005", {}, "最多两位小数"), ("NaN", {}, "应评"),
        ("1", {"key": "overdue"}, "没有这项人工评分的指标"), ("1", {"key": "nothing"}, "没有这项"), ("1", {"reason": " "}, "还没有写评分理由"),
        ("1", {"by": world.head}, "须由办公室主任"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            give(world, mark, **more)
    assert not HandMark.objects.exists()


def test_a_later_schemes_smaller_full_mark_bounds_the_mark(world: Bureau) -> None:
    give(world, "5")
    put(world, *changed(full=D(3)))
    found = scores(world, changed(full=D(3)))
    assert found.ranked[0].lines[0].mark == D(3)


def test_rules_name_what_they_take_off_for() -> None:
    said = {one.key: rule(one) for one in DEFAULT}
    assert said["overdue"] == "满分5分，逾期未答复的每件扣1分，扣完为止"
    assert said["turned"] == "B类转为A类的每件加1分，最多加5分"
    assert said["satisfied"].startswith("满意率（首次）达到98%得10分，每低1个百分点扣0.5分")
