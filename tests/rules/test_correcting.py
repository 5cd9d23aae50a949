"""文字更正 (R36): a slip of the pen is one, and a change of meaning is not, however small."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.correcting import MOST, refusals, slips
from huiyin.rules.touching import LABELS, changes, posts_again, touched
from huiyin.rules.vocabulary import Gate, Role

SIX = [
    Role.HANDLER, Role.SECTION_HEAD, Role.CLERK, Role.OFFICE_DIRECTOR, Role.BUSINESS_LEADER, Role.HANDLING_LEADER,
]  # fmt: skip


def text(body: str = "", **more: Any) -> dict[str, Any]:
    return {"title": "关于市五届人大五次会议第082号建议的答复", "body": body, "outcome_class": "A", **more}


ALLOWED = [
    ("既使项目延后", "即使项目延后"),
    ("我们我们高度重视", "我们高度重视"),
    ("按装工程", "安装工程"),
    ("的的工作", "的工作"),
    ("感谢您的关心。。", "感谢您的关心。"),
    ("加强协凋，形成合力", "加强协调，形成合力"),
    ("必需落实到位", "必须落实到位"),
    ("感谢您对自然资源工作的关心和支持", "感谢您们对自然资源工作的关心和支持"),
    ("现答复如下:", "现答复如下："),
    ("【南康区人民政府·答1】绿色通到", "【南康区人民政府·答1】绿色通道"),
    ("|项目|进展|\n|港站|己开工|", "|项目|进展|\n|港站|巳开工|"),
    ("压缩审批时限，保章开工", "压缩审批时限，保障开工"),
]
REFUSED = [
    ("征收12亩", "征收21亩", "数量、日期"),
    ("征收12亩", "征收12公顷", "数量、日期"),
    ("征收12.5亩", "征收125亩", "数量、日期"),
    ("投资三百万元", "投资二百万元", "数量、日期"),
    ("投资3万元", "投资3亿元", "数量、日期"),
    ("2020年8月底前完成", "2020年8月初前完成", "数量、日期"),
    ("2020年8月前", "2020年9月前", "数量、日期"),
    ("年内完成，2021年见效", "年内完成，见效", "数量、日期"),
    ("约20天", "20天", "数量、日期"),
    ("压缩到7个工作日以内", "压缩到7个工作日左右", "数量、日期"),
    ("占比5%", "占比5‰", "数量、日期"),
    ("可以办理", "不可以办理", "否定词"),
    ("不同意调整", "同意调整", "否定词"),
    ("尚未开工", "已经开工", "否定词"),
    ("没有纳入", "纳入", "否定词"),
    ("项目已纳入计划", "项目纳入计划", "已、将、应、须"),
    ("项目将纳入计划", "项目已纳入计划", "已、将、应、须"),
    ("应当落实", "当落实", "已、将、应、须"),
    ("按期完工", "须按期完工", "已、将、应、须"),
    ("我局拟支持", "我局支持", "已、将、应、须"),
    ("支持节余指标", "部分支持节余指标", "轻重、范围"),
    ("给予支持", "适时给予支持", "轻重、范围"),
    ("全部解决", "基本解决", "轻重、范围"),
    ("确保落实", "力争落实", "轻重、范围"),
    ("由市局负责", "由县局负责", "单位、地方"),
    ("由规划科负责", "由规划处负责", "单位、地方"),
    ("一段话。", "一段话。\n又一段话。", "增减了段落"),
    ("【南康区人民政府】完成", "【上犹县人民政府】完成", "来源、意见点"),
    ("【答1】完成", "【答2】完成", "来源、意见点"),
    ("完成", "【答1】完成", "来源、意见点"),
    ("【图1】示意", "【图2】示意", "来源、意见点"),
    ("|甲|乙|", "|甲|乙|丙|", "来源、意见点"),
    ("感谢关心", "感谢长期关心", None),
    ("感谢关心", "感谢您长久关心", "一处改动过多"),
    ("甲乙丙丁戊己庚辛", "子丑寅卯戊己庚辛", None),
    ("甲乙丙丁戊己庚辛", "子丑寅卯辰己庚辛", "一处改动过多"),
    ("原文", "原文", "没有改动"),
]


@pytest.mark.parametrize(("old", "new"), ALLOWED)
def test_a_slip_of_the_pen_may_be_put_right(old: str, new: str) -> None:
    assert refusals(text(old), text(new)) == []
    assert slips(text(old), text(new))


@pytest.mark.parametrize(("old", "new", "why"), REFUSED)
def test_a_change_of_meaning_is_no_correction(old: str, new: str, why: str | None) -> None:
    found = refusals(text(old), text(new))
    assert (not found) if why is None else any(why in one for one in found), found


@pytest.mark.parametrize("field", sorted(set(LABELS) - {"title", "body", "class_reason"}))
def test_only_words_of_the_letter_may_be_corrected(field: str) -> None:
    old = text("正文", **{field: "full" if field == "disclosure" else "甲"})
    new = text("正文", **{field: "none" if field == "disclosure" else "乙"})
    if field in {"annexes", "pictures"}:
        old[field], new[field] = [["甲", "1"]], [["甲", "2"]]
    assert f"{LABELS[field]}的改动不是文字更正" in refusals(old, new)


def test_the_number_in_the_title_stays() -> None:
    new = text("正文", title="关于市五届人大五次会议第028号建议的答复")
    assert any("第082号" in one for one in refusals(text("正文"), new))


@pytest.mark.parametrize(
    ("row", "moved"),
    [("|港站|3|4|", "|港站|4|3|"), ("|港站|开工||", "|港站||开工|"), ("|港站|3　4|5|", "|港站|3|4　5|")],
)
def test_what_stands_in_a_column_stays_there(row: str, moved: str) -> None:
    head = "|项目|完成|未完成|\n"
    assert refusals(text(head + row), text(head + moved))


def test_many_small_slips_are_a_new_text() -> None:
    old = "甲子。乙丑。丙寅。丁卯。戊辰。己巳。庚午。辛未。壬申。癸酉。戌亥。"
    new = "子子。丑丑。寅寅。卯卯。辰辰。巳巳。午午。申未。申申。酉酉。亥亥。"
    assert f"文字更正不超过{MOST}个字" in "；".join(refusals(text(old), text(new)))


@given(st.text(alphabet="0123456789一二三不未没已将应", min_size=1, max_size=3), st.integers(0, 12))
def test_nothing_that_counts_or_denies_can_be_slipped_in(word: str, place: int) -> None:
    old = "感谢您对自然资源工作的关心"
    assert refusals(text(old), text(old[:place] + word + old[place:])) != []


def test_the_difference_is_told_in_words() -> None:
    found = slips(text("既使。\n感谢感谢关心"), text("即使。\n感谢关心，"))
    assert str(found[0]) == "第1段“既”改为“即”"
    assert len(found) == 3


TOUCHES: list[tuple[str, list[Role]]] = [
    ("title", SIX), ("body", SIX), ("outcome_class", SIX), ("class_reason", SIX), ("annexes", SIX), ("pictures", SIX),
    ("disclosure", [Role.CLERK, Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER]),
    ("disclosure_reason", [Role.CLERK, Role.OFFICE_DIRECTOR, Role.HANDLING_LEADER]),
    ("contact_name", [Role.CLERK]), ("contact_phone", [Role.CLERK]), ("copies_to", [Role.CLERK]),
]  # fmt: skip


@pytest.mark.parametrize(("field", "again"), TOUCHES)
def test_who_signs_again(field: str, again: list[Role]) -> None:
    assert posts_again([field], SIX) == again
    assert {(Gate.ISSUE, role) for role in Role} <= touched([field])


def test_the_table_of_who_signs_again_is_whole() -> None:
    assert {field for field, _ in TOUCHES} == set(LABELS)
    assert touched([]) == frozenset()
    assert posts_again([], SIX) == []
    assert posts_again(["copies_to", "disclosure"], SIX) == [
        Role.CLERK,
        Role.OFFICE_DIRECTOR,
        Role.HANDLING_LEADER,
    ]


def test_where_nobody_of_those_touched_signs_everybody_does() -> None:
    chain = [Role.HANDLER, Role.SECTION_HEAD]
    assert posts_again(["copies_to"], chain) == chain


def test_a_change_is_read_in_officials_words() -> None:
    old, new = text("甲", disclosure="full", annexes=[["图纸", "1"]]), text("乙", disclosure="none")
    assert [(one.label, one.old, one.new) for one in changes(old, new)] == [
        ("正文", "甲", "乙"), ("附件", "图纸", ""), ("公开属性", "主动公开", "不予公开"),
    ]  # fmt: skip
