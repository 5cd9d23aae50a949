"""两人同改一稿：nothing either wrote is lost, and only what both changed is asked about."""

from hypothesis import example, given
from hypothesis import strategies as st

from huiyin.rules.difference import paragraphs, runs, side_by_side
from huiyin.rules.merging_text import Conflict, merge

BASE = "开头。\n一、关于用地\n列入计划。\n二、关于通道\n压缩时限。\n结尾。"


def changed(text: str, **words: str) -> str:
    for old, new in words.items():
        assert old in text
        text = text.replace(old, new)
    return text


def test_two_edit_different_paragraphs_even_side_by_side() -> None:
    mine, theirs = (
        changed(BASE, **{"列入计划。": "已列入计划。"}),
        changed(BASE, **{"二、关于通道": "二、关于绿色通道"}),
    )
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == ()
    assert merged.text == changed(mine, **{"二、关于通道": "二、关于绿色通道"})


def test_one_edits_where_the_other_inserts_before_and_deletes_after() -> None:
    mine = changed(BASE, **{"压缩时限。": "时限减半。"})
    theirs = changed(BASE, **{"压缩时限。": "新的一段。\n压缩时限。", "\n结尾。": ""})
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == ()
    assert merged.text.endswith("二、关于通道\n新的一段。\n时限减半。")


def test_the_same_paragraph_changed_by_both_is_kept_twice_and_told() -> None:
    mine, theirs = (
        changed(BASE, **{"列入计划。": "六月列入。"}),
        changed(BASE, **{"列入计划。": "七月列入。"}),
    )
    merged = merge(BASE, mine, theirs)
    assert merged.conflicts == (Conflict(("列入计划。",), ("六月列入。",), ("七月列入。",)),)
    assert "六月列入。\n七月列入。" in merged.text


def test_the_same_change_by_both_is_no_conflict() -> None:
    both = changed(BASE, **{"结尾。": "感谢关心。"})
    assert merge(BASE, both, both).text == both
    assert merge(BASE, both, both).conflicts == ()


def test_deleted_by_one_and_changed_by_the_other_is_asked() -> None:
    merged = merge(BASE, changed(BASE, **{"列入计划。\n": ""}), changed(BASE, **{"列入计划。": "已列入。"}))
    assert [one.theirs for one in merged.conflicts] == [("已列入。",)]
    assert "已列入。" in merged.text


TEXT = st.lists(
    st.sampled_from("甲乙丙丁戊己庚") | st.text("港站用地", min_size=1, max_size=3), max_size=9
).map("\n".join)


@given(TEXT, TEXT)
def test_what_only_one_changed_is_taken_whole(base: str, other: str) -> None:
    assert merge(base, other, base).text == other
    assert merge(base, base, other).text == other


@given(TEXT, TEXT, TEXT)
@example("甲\n甲\n甲\n甲\n乙\n甲\n甲\n甲", "甲", "甲\n甲\n甲\n乙\n甲\n甲\n甲")
def test_no_word_of_either_is_lost(base: str, mine: str, theirs: str) -> None:
    merged = merge(base, mine, theirs)
    result, was = merged.text.splitlines(), base.splitlines()
    for side in (mine.splitlines(), theirs.splitlines()):
        for line in set(side):
            assert (
                line in result
                or (line in was and line not in mine.splitlines())
                or (line in was and line not in theirs.splitlines())
            )
            if side.count(line) > was.count(line):
                assert line in result


@given(TEXT, TEXT, TEXT)
def test_the_sides_may_be_swapped(base: str, mine: str, theirs: str) -> None:
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert set(one.text.splitlines()) == set(other.text.splitlines())
    assert [(each.mine, each.theirs) for each in one.conflicts] == [
        (each.theirs, each.mine) for each in other.conflicts
    ]


# 对比


def test_a_paragraph_put_before_a_changed_one_does_not_shift_the_pairs() -> None:
    old = "我局已将该项目纳入年度用地计划。\n感谢关心。"
    new = "现答复如下。\n我局已将该项目纳入今年用地计划。\n感谢关心。"
    pairs = side_by_side(old, new)
    assert [pair.changed for pair in pairs] == [True, True, False]
    assert pairs[0].left == ()
    assert "".join(one.text for one in pairs[1].left) == "我局已将该项目纳入年度用地计划。"


def test_figures_change_as_a_whole_and_no_single_character_flickers() -> None:
    assert [(one.kind, one.text) for one in runs("完成征收312亩。", "完成征收321亩。")] == [
        ("keep", "完成征收"), ("del", "312"), ("ins", "321"), ("keep", "亩。"),
    ]  # fmt: skip
    kinds = [one.kind for one in runs("由市局负责牵头办理。", "会区政府抓紧推动落实。")]
    assert kinds == ["del", "ins", "keep"]


@given(st.text("港站用地12，。", max_size=30), st.text("港站用地12，。", max_size=30))
def test_runs_hold_both_texts(old: str, new: str) -> None:
    found = runs(old, new)
    assert "".join(one.text for one in found if one.kind != "ins") == old
    assert "".join(one.text for one in found if one.kind != "del") == new


@given(TEXT, TEXT)
def test_side_by_side_holds_every_paragraph(old: str, new: str) -> None:
    pairs = side_by_side(old, new)
    left = ["".join(one.text for one in pair.left) for pair in pairs]
    right = ["".join(one.text for one in pair.right) for pair in pairs]
    assert [one for one in left if one] == [one for one in old.splitlines() if one]
    assert [one for one in right if one] == [one for one in new.splitlines() if one]
    assert len(paragraphs(old, new)) == sum(pair.changed for pair in pairs)
