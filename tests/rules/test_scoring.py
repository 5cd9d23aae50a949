"""考核方案 (R72): how each kind of indicator is scored, what is refused, and what holds for any numbers."""

from decimal import Decimal as D  # noqa: N817

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huiyin.queries.score_picks import KNOWN
from huiyin.rules.scoring import (
    Indicator,
    changes,
    fresh_key,
    full_mark,
    most_added,
    problems,
    ranks,
    read,
    total,
)
from huiyin.rules.scoring_default import DEFAULT
from huiyin.rules.vocabulary import Idle, ScoreMode

RATE = Indicator("r", "时限", "按时答复", ScoreMode.RATE, "on_time", full=D(5), step=D(1))
LATE = Indicator("d", "时限", "逾期", ScoreMode.DEDUCT, "late", full=D(5), step=D(2), floor=D(1))
MORE = Indicator("b", "加分", "转A", ScoreMode.BONUS, "turned", full=D(3), step=D(2))
HAND = Indicator("h", "组织领导", "领导重视", ScoreMode.BY_HAND, full=D(10), floor=D(2))


def but(one: Indicator, **changes: object) -> Indicator:
    return Indicator(**{**vars(one), **changes})


@pytest.mark.parametrize(
    ("numerator", "denominator", "mark"),
    [(30, 30, "5"), (29, 30, "1.67"), (99, 100, "4"), (1, 3, "0"), (0, 7, "0"), (199, 200, "4.50")],
)
def test_a_rate_loses_a_point_for_every_percentage_point(numerator: int, denominator: int, mark: str) -> None:
    assert RATE.rated(numerator, denominator) == D(mark)


def test_a_rate_is_full_from_its_target_on() -> None:
    one = but(RATE, target=D(98), step=D("0.5"))
    assert [one.rated(count, 100) for count in (100, 98, 97, 90, 10)] == [D(5), D(5), D("4.5"), D(1), D(0)]


def test_without_a_denominator_it_is_left_out_or_full() -> None:
    assert RATE.rated(0, 0) is None
    assert but(RATE, idle=Idle.FULL).rated(0, 0) == D(5)


def test_by_item_down_to_the_floor_and_up_to_the_cap() -> None:
    assert [LATE.counted(count) for count in (0, 1, 2, 3)] == [D(5), D(3), D(1), D(1)]
    assert [MORE.counted(count) for count in (0, 1, 2, 9)] == [D(0), D(2), D(3), D(3)]


def test_by_hand_within_what_the_scheme_allows() -> None:
    assert HAND.given(None) is None
    assert [HAND.given(D(mark)) for mark in (1, 7, 11)] == [D(2), D(7), D(10)]


def test_the_total_scales_what_is_left_out_and_adds_the_bonus() -> None:
    whole = total([(RATE, D(4)), (LATE, D(3)), (MORE, D(2)), (HAND, D(9))])
    assert (whole.got, whole.of, whole.full, whole.bonus, whole.score) == (D(16), D(20), D(20), D(2), D(18))
    part = total([(RATE, None), (LATE, D(3)), (MORE, D(2)), (HAND, D(9))])
    assert (part.got, part.of, part.full, part.scaled, part.score) == (D(12), D(15), D(20), D(16), D(18))
    waiting = total([(RATE, D(4)), (HAND, None)])
    assert (waiting.waiting, waiting.score) == (1, D(12))
    assert total([(RATE, None), (HAND, None)]).score is None


def test_equal_scores_share_a_rank() -> None:
    assert ranks([D(90), D(95), None, D(95), D(80)]) == [3, 1, None, 1, 4]


def test_rules_in_words() -> None:
    assert RATE.formula("按时答复率") == (
        "按时答复率达到100%得5分，每低1个百分点扣1分（不足的按比例），扣完为止；没有分母的不计，按其余折算"
    )
    assert LATE.formula("逾期答复的") == "满分5分，逾期答复的每件扣2分，最低1分"
    assert MORE.formula("B类转为A类的") == "B类转为A类的每件加2分，最多加3分"
    assert HAND.formula("").startswith("由有权设定考核方案的人评分，2至10分")


def test_what_we_ship_is_sound_and_of_a_hundred_marks() -> None:
    assert problems(DEFAULT, KNOWN) == []
    assert (full_mark(DEFAULT), most_added(DEFAULT)) == (D(100), D(5))
    assert read([one.as_row() for one in DEFAULT]) == DEFAULT


@pytest.mark.parametrize(
    ("one", "said"),
    [
        (but(RATE, name=" "), "第1行：还没有写指标名称"),
        (but(RATE, group=""), "第1行“按时答复”：还没有写组别"),
        (but(RATE, source=""), "第1行“按时答复”：按比率要选依据"),
        (but(RATE, source="overdue"), "第1行“按时答复”：所选依据不能用来按比率"),
        (but(RATE, full=D(0)), "第1行“按时答复”：满分（加分项为封顶分）应大于0"),
        (but(RATE, full=D(-1)), "第1行“按时答复”：满分应是0到1000之间、最多两位小数的数"),
        (but(RATE, full=D("NaN")), "第1行“按时答复”：满分应是0到1000之间、最多两位小数的数"),
        (but(RATE, step=D("0.001")), "第1行“按时答复”：每点（件）的分应是0到1000之间、最多两位小数的数"),
        (but(RATE, step=D(0)), "第1行“按时答复”：每点（件）扣、加的分应大于0"),
        (but(RATE, target=D(0)), "第1行“按时答复”：得满分的百分比应大于0、不超过100"),
        (but(RATE, target=D(101)), "第1行“按时答复”：得满分的百分比应大于0、不超过100"),
        (but(LATE, floor=D(5)), "第1行“逾期”：最低分应低于满分"),
        (but(LATE, step=D(6)), "第1行“逾期”：每件的分不能超过满分（封顶分）"),
    ],
)
def test_a_faulty_row_is_named_in_a_sentence(one: Indicator, said: str) -> None:
    assert problems([one], KNOWN) == [said]


def test_faulty_schemes() -> None:
    assert problems([], KNOWN) == ["方案里还没有指标"]
    assert problems([MORE], KNOWN) == ["方案只有加分项，没有满分"]
    assert problems([RATE, but(RATE, key="x", name="再来")], KNOWN) == [
        "第1行和第2行都按比率、依据都是“按时答复率”，会重复计分"
    ]
    assert problems([RATE, but(LATE, name="按时答复")], KNOWN) == ["第1行和第2行都叫“按时答复”"]
    assert "标识和前面的重复" in problems([RATE, but(LATE, key="r")], KNOWN)[0]
    many = [but(HAND, key=str(n), name=str(n)) for n in range(61)]
    assert problems(many, KNOWN) == ["指标不能超过60项"]


def test_a_new_row_gets_a_key_that_none_had() -> None:
    assert fresh_key([]) == "n1"
    assert fresh_key(["n1", "n9", "on_time", "nx"]) == "n10"


def test_two_versions_compared() -> None:
    after = (but(HAND, full=D(8)), MORE, LATE)
    found = changes((RATE, LATE, HAND), after)
    assert [(one.before and one.before.key, one.after and one.after.key, one.fields) for one in found] == [
        ("h", "h", ("full",)), (None, "b", ()), ("r", None, ()),
    ]  # fmt: skip
    assert changes(after, tuple(reversed(after))) == []


unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


def cents(least: int, most: int) -> st.SearchStrategy[D]:
    return st.integers(least, most).map(lambda one: D(one) / 100)


marks = cents(1, 10000)


@st.composite
def sound(draw: st.DrawFn) -> Indicator:
    """Any indicator a scheme may hold."""
    full = draw(marks)
    one = Indicator(
        "k", "组", "名", draw(st.sampled_from([ScoreMode.RATE, ScoreMode.DEDUCT, ScoreMode.BONUS])), full=full,
        step=min(draw(marks), full), target=draw(marks), idle=draw(st.sampled_from(Idle)),
        floor=draw(cents(0, int(full * 100) - 1)),
    )  # fmt: skip
    source = next(iter(KNOWN[one.mode]))
    one = but(one, source=source)
    found = problems([one], KNOWN)
    assert found in ([], ["方案只有加分项，没有满分"])
    return one


@unhurried
@given(sound(), st.integers(0, 300), st.integers(0, 300))
def test_never_above_the_full_mark_nor_below_the_floor(one: Indicator, good: int, bad: int) -> None:
    if one.mode == ScoreMode.RATE:
        mark = one.rated(good, good + bad)
        assert mark is None or one.floor <= mark <= one.full
        assert mark is not None or (good + bad == 0 and one.idle == Idle.LEFT_OUT)
    else:
        assert (D(0) if one.bonus else one.floor) <= one.counted(bad) <= one.full


@unhurried
@given(sound(), st.integers(0, 300), st.integers(0, 300), st.integers(1, 50))
def test_more_failing_items_never_raise_a_score(one: Indicator, good: int, bad: int, more: int) -> None:
    """Nor do more earning ones lower it, of a bonus."""
    if one.mode == ScoreMode.RATE:
        before, after = one.rated(good, good + bad), one.rated(good, good + bad + more)
        assert before is None or (after is not None and after <= before)
    elif one.bonus:
        assert one.counted(bad + more) >= one.counted(bad)
    else:
        assert one.counted(bad + more) <= one.counted(bad)


@unhurried
@given(st.lists(st.tuples(sound(), st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=8))
def test_nor_raise_the_total(rows: list[tuple[Indicator, int, int]]) -> None:
    """With the same indicators applying, one failing item more anywhere never raises the total, which stays within
    the scheme's full mark and what may be added."""

    def of(extra: int) -> D | None:
        found = total(
            [
                (one, one.rated(good + 1, good + 1 + bad + extra) if one.mode == ScoreMode.RATE else one.counted(bad + (0 if one.bonus else extra)))
                for one, good, bad in rows
            ]
        )  # fmt: skip
        return found.score

    basic = [one for one, _, _ in rows]
    before, after = of(0), of(1)
    assert (before is None) == (after is None) == (full_mark(basic) == 0)
    if before is not None and after is not None:
        assert after <= before <= full_mark(basic) + most_added(basic)
