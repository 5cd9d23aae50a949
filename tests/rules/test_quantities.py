"""量：quantities found by their units, and the sentences that tell what was done."""

import pytest

from huiyin.rules.quantities import measures, quantities


def found(text: str) -> list[str]:
    return [one.words for one in quantities(text)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("涉及生态保护红线 10.34 公顷调出", ["10.34公顷"]),
        ("修截水沟3.2公里、沉淀池5座", ["3.2公里", "5座"]),
        ("争取资金1200万元，其中2,300元、1.5亿元", ["1200万元", "2,300元", "1.5亿元"]),
        ("受益500余人、12万平方米", ["500余人", "12万平方米"]),
        ("二期312亩土地", ["312亩"]),
    ],
)
def test_a_number_with_its_unit_is_a_quantity(text: str, words: list[str]) -> None:
    assert found(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "2020年6月29日", "第082号建议", "赣市自然资字〔2020〕12号", "第五十一条", "3条意见", "12人大代表", "五届5次会议",
        "第3处", "10人民", "一是加快", "1.关于用地", "提前24小时", "30件建议", "",
    ],
)  # fmt: skip
def test_other_numbers_are_none(text: str) -> None:
    assert found(text) == []


def test_each_stands_where_it_was_found() -> None:
    text = "调出10.34 公顷，补划10.50公顷。"
    assert [text[one.start : one.end].replace(" ", "") for one in quantities(text)] == found(text)


BODY = (
    "您在市五届人大五次会议上提出的《关于测试的建议》收悉。经研究，现答复如下：\n一、关于用地\n"
    "我局十分重视这件事。会昌县已将该项目涉及的10.34公顷调出生态保护红线范围。（2）已完成二期312亩征收，开通绿色通道。\n"
    "请您向群众解释。感谢您对自然资源工作的关心和支持。\n联系人：谢文斌，联系电话0797-8000001。"
)


def test_measures_are_the_replys_own_sentences_about_what_was_done() -> None:
    assert measures(BODY) == [
        "会昌县已将该项目涉及的10.34公顷调出生态保护红线范围。",
        "已完成二期312亩征收，开通绿色通道。",
    ]


def test_measures_keep_within_the_room_and_say_nothing_of_nothing() -> None:
    assert measures(BODY, room=30) == ["已完成二期312亩征收，开通绿色通道。"]
    assert measures("") == []
    assert measures("一、关于用地\n我局十分重视。") == []
