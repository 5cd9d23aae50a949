"""文中的数字：filled in, carried through any edit, brought up to date; an anchor never stands on other words than its own."""

import time
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from huiyin.rules.anchors import Anchor, anchors_of, carry, fill, keys_in, paragraphs, renew, whole

NOW = {"total": "30", "lead": "11", "co": "17", "completion": "100%", "contacts": "39", "item:7": "第082号"}
TEXT = (
    "共承办建议⟦total⟧件，其中主办⟦lead⟧件，协办⟦co⟧件，达到办结率⟦completion⟧。\n一、压实责任\n"
    "将⟦total⟧件落实到科室，全年与代表沟通⟦contacts⟧次，其中办理前13次。\n针对⟦item:7⟧建议，落实11件。\n|规划科|⟦lead⟧|⟦completion⟧|"
)
BODY, ANCHORS = fill(TEXT, NOW.get)


def held(body: str, anchors: list[Anchor]) -> bool:
    """Each on its own words, whole, one after another."""
    spans = [(one.start, one.end) for one in anchors]
    return (
        all(body[one.start : one.end] == one.value and whole(body, one.start, one.end) for one in anchors)
        and spans == sorted(spans)
        and all(a[1] <= b[0] for a, b in pairwise(spans))
    )


def test_figures_are_filled_in_where_they_were_asked_for() -> None:
    assert keys_in(TEXT.split("\n")) == list(NOW)
    assert "共承办建议30件，其中主办11件" in BODY
    assert "⟦" not in BODY
    assert held(BODY, ANCHORS)
    assert len(ANCHORS) == 9


def test_what_is_no_figure_stays_as_somebody_typed_it() -> None:
    assert fill("《⟦甲⟧的建议》⟦lead⟧件", NOW.get) == (
        "《⟦甲⟧的建议》11件",
        [Anchor(8, 10, "lead", "11")],
    )


def test_a_figure_typed_over_is_the_writers_own_and_is_told() -> None:
    kept, changes = carry(BODY, ANCHORS, BODY.replace("主办11件", "主办12件"))
    (own,) = [one for one in kept if one.own]
    assert (own.key, own.value) == ("lead", "12")
    assert [(one.key, one.was, one.now, one.unit) for one in changes] == [("lead", "11", "12", "件")]
    assert len(kept) == len(ANCHORS)


def test_another_eleven_nearby_is_not_taken_for_the_one_typed_over() -> None:
    body, anchors = fill("主办⟦lead⟧件，11月底前办完。", NOW.get)
    kept, _ = carry(body, anchors, "主办12件，11月底前办完。")
    assert [(one.start, one.value, one.own) for one in kept] == [(2, "12", True)]


def test_a_number_that_grew_is_not_the_figure_any_more() -> None:
    for grown in ("110", "211", "11.5", "11%", "1,011"):
        kept, changes = carry(BODY, ANCHORS, BODY.replace("主办11件", f"主办{grown}件"))
        assert [one.value for one in kept if one.own] == [grown], grown
        assert [one.now for one in changes] == [grown]


def test_a_sentence_struck_out_takes_its_figure_along() -> None:
    kept, changes = carry(BODY, ANCHORS, BODY.replace("，协办17件", ""))
    assert [one.key for one in changes] == ["co"]
    assert changes[0].now == ""
    assert "co" not in {one.key for one in kept}
    assert len(kept) == len(ANCHORS) - 1


def test_a_paragraph_moved_whole_keeps_its_figures() -> None:
    lines = BODY.split("\n")
    kept, changes = carry(BODY, ANCHORS, "\n".join([lines[3], lines[4], lines[0], lines[1], lines[2]]))
    assert changes == []
    assert len(kept) == len(ANCHORS)


def test_many_edits_at_once_around_the_figures() -> None:
    new = (
        "截至年底，我局共承办代表建议30项，其中由我局主办11件，协助办理17件；办结率为100%。\n一、压实责任，狠抓落实\n"
        "把30件落实到科室，与代表沟通39次（办理前13次）。\n例如针对第082号建议，落实11件。\n|规划科|11|100%|"
    )
    kept, changes = carry(BODY, ANCHORS, new)
    assert changes == []
    assert [one.key for one in kept] == [one.key for one in ANCHORS]
    assert held(new, kept)


def test_an_update_changes_the_figures_and_leaves_the_writers_own() -> None:
    edited = BODY.replace("主办11件", "主办12件")
    anchors, _ = carry(BODY, ANCHORS, edited)
    later = NOW | {"total": "1031", "lead": "13", "completion": "96.77%"}
    body, fresh, changes = renew(edited, anchors, later.get)
    assert "建议1031件，其中主办12件" in body
    assert "将1031件" in body
    assert "|规划科|13|96.77%|" in body
    assert held(body, fresh)
    assert [one.now for one in changes] == ["1031", "96.77%", "1031", "13", "96.77%"]
    assert renew(body, fresh, later.get) == (body, fresh, [])


def test_a_figure_whose_key_is_gone_keeps_its_words() -> None:
    assert renew(BODY, ANCHORS, lambda _: None) == (BODY, ANCHORS, [])


def test_the_paragraphs_hold_every_word_once() -> None:
    rows = list(paragraphs(BODY, ANCHORS))
    assert (
        "\n".join("".join(one if isinstance(one, str) else one.value for one in row) for row in rows) == BODY
    )
    assert sum(isinstance(one, Anchor) for row in rows for one in row) == len(ANCHORS)


def test_anchors_are_stored_and_read_back() -> None:
    rows = [*ANCHORS, Anchor(1, 3, "lead", "12", own=True)]
    assert anchors_of([one.row() for one in rows]) == rows


words = st.text(st.sampled_from("建议办理，。\n共30件1主协%|第号0.,7"), max_size=12)


@given(edits=st.lists(st.tuples(st.integers(0, len(BODY)), st.integers(0, 15), words), max_size=6))
def test_after_any_edit_an_anchor_stands_on_its_own_words(edits: list[tuple[int, int, str]]) -> None:
    body, anchors = BODY, ANCHORS
    for start, length, put in edits:
        new = body[:start] + put + body[start + length :]
        anchors, _ = carry(body, anchors, new)
        assert held(new, anchors)
        body = new
    kept, changes = carry(BODY, ANCHORS, body)
    assert held(body, kept)
    assert {one.key for one in kept} <= set(NOW)
    assert sum(one.own for one in kept) <= len(changes)


@st.composite
def outside(draw: st.DrawFn) -> tuple[int, int, str]:
    """An edit within the words between two figures, with no digit against a figure."""
    bounds = [0, *(n for one in ANCHORS for n in (one.start, one.end)), len(BODY)]
    gap = draw(st.integers(0, len(bounds) // 2 - 1))
    low, high = bounds[2 * gap], bounds[2 * gap + 1]
    start = draw(st.integers(low, high))
    end = draw(st.integers(start, high))
    return start, end, draw(words.map(lambda one: f"、{one}、"))


@given(edit=outside())
@example(edit=(2, 5, "、共30件1主协、"))
def test_any_edit_outside_the_figures_keeps_them_all(edit: tuple[int, int, str]) -> None:
    start, end, put = edit
    new = BODY[:start] + put + BODY[end:]
    kept, changes = carry(BODY, ANCHORS, new)
    assert held(new, kept)
    assert changes == []
    assert [(one.key, one.value, one.own) for one in kept] == [
        (one.key, one.value, one.own) for one in ANCHORS
    ]


@given(edit=outside())
def test_an_update_after_an_edit_is_the_edit_of_the_update(edit: tuple[int, int, str]) -> None:
    start, end, put = edit
    new = BODY[:start] + put + BODY[end:]
    later = NOW | {"total": "45", "lead": "20"}
    kept, _ = carry(BODY, ANCHORS, new)
    body, fresh, _ = renew(new, kept, later.get)
    assert held(body, fresh)
    assert [one.value for one in fresh] == [later[one.key] for one in ANCHORS]


def test_a_long_text_written_anew_line_by_line_takes_no_time() -> None:
    body, anchors = fill("\n".join(f"{n}.{TEXT}" for n in range(40)), NOW.get)
    new = "\n".join(f"按照要求，{line}" for line in body.split("\n"))
    begun = time.perf_counter()
    kept, changes = carry(body, anchors, new)
    assert time.perf_counter() - begun < 5
    assert changes == []
    assert len(kept) == len(anchors) == 360
