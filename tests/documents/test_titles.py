"""标题回行."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huiyin.documents.titles import LINE, NEVER_FIRST, broken, ems


@pytest.mark.parametrize(
    "lines",
    [
        ["2020年市人大建议办理工作总结"],
        ["关于市五届人大五次会议", "第082号建议的答复"],
        ["关于市五届人大五次会议", "第082号建议的再次答复"],
        ["关于市五届人大五次会议", "第003号建议的协办意见"],
        ["关于市政协五届五次会议", "第125号提案的答复"],
        ["赣州市自然资源局", "关于做好市五届人大五次会议", "代表建议办理工作的通知"],
        ["关于协调港口用地指标", "落实项目用地保障的建议"],
    ],
)
def test_titles_break_where_their_words_do(lines: list[str]) -> None:
    assert broken("".join(lines)) == lines


@settings(deadline=None)
@given(st.text("关于建议的答复会议赣州市《》（）、，082年第号〔〕人大abc ", max_size=120))
def test_nothing_is_lost_and_no_line_is_too_long(text: str) -> None:
    lines = broken(text)
    assert "".join(lines) == text
    assert all(ems(line) <= LINE for line in lines)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["港口用地", "第082号", "生态红线的", "建议", "2020年", "（暂定）"]), min_size=3, max_size=14))  # fmt: skip
def test_numbers_stay_whole_and_no_line_begins_with_a_closing_mark(words: list[str]) -> None:
    text = "".join(words)
    lines = broken(text)
    for line in lines[1:]:
        assert line[0] not in NEVER_FIRST
    for whole in re.findall(r"第082号|2020年", text):
        assert sum(line.count(whole) for line in lines) == text.count(whole)
    assert min(len(line) for line in lines) >= 3 or len(lines) == 1


def test_a_number_longer_than_a_line_is_cut_at_full_lines() -> None:
    assert [len(line) for line in broken("1" * 60)] == [36, 24]
