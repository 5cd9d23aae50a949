"""数与比率 (R66, R68–R71): what reports of real cities got wrong is refused here, each in a sentence."""

from time import monotonic

import pytest

from huiyin.rules.shares import (
    Amount,
    Share,
    Statement,
    Sum,
    UnitsDiffer,
    percent,
    problems,
    read,
    remainder,
    share,
)

SHENZHEN = (  # 深圳市2018年，如其报告所印
    "共办理建议提案848件，应答复1103件次，其中A类482件次，占43.7%；B类537件次，占48.7%；C类53件次，占6.3%；D类31件次，占2.8%。"
)


def test_items_are_never_divided_by_replies() -> None:
    with pytest.raises(UnitsDiffer, match="53件次和848件口径不同"):
        share(Amount(53, "件次"), Amount(848, "件"))
    with pytest.raises(UnitsDiffer):
        Amount(1, "件") + Amount(1, "件次")
    assert Amount(1, "件") + Amount(2, "件") == Amount(3, "件")


def test_shenzhen_2018_mixed_denominators() -> None:
    assert problems(SHENZHEN) == [
        "C类：53件次÷1103件次应为4.81%，写的是6.3%（只有除以848件才是6.3%，件次除以了件，分母混用）"
    ]
    assert problems(SHENZHEN.replace("占6.3%", "占4.8%")) == []


def test_shenzhen_as_data() -> None:
    replies = Amount(1103, "件次")
    classes = {"A类": 482, "B类": 537, "C类": 53, "D类": 31}
    sums = Sum("应答复", replies, tuple((name, Amount(size, "件次")) for name, size in classes.items()))
    assert problems(Statement(sums=(sums,))) == []
    short = Statement(sums=(Sum("承办", Amount(848, "件"), sums.parts),))
    assert "口径不同" in problems(short)[0]
    of_items = Share("C类", "6.3%", Amount(53, "件次"), Amount(848, "件"))
    assert problems(Statement(shares=(of_items,))) == [
        "“C类6.3%”：53件次和848件口径不同：件次不能与件相加、相除"
    ]


def test_haishu_a_percentage_bent_until_they_add_up() -> None:
    said = "收到评价166件，其中满意114件，占68.68%；基本满意43件，占25.90%；不满意9件，占5.42%。"
    assert problems(said) == [
        "满意：114件÷166件应为68.67%，写的是68.68%（各占比加起来不是100%时照写，不必凑数）"
    ]
    assert percent(114, 166) == "68.67%"
    assert remainder([114, 43, 9]) == "99.99%" and remainder([1, 1]) == ""


def test_songyang_the_last_evaluation_for_the_first() -> None:
    said = "满意率100%（53/53件），反馈率100%（53/53件）。"
    assert problems(said) == [
        "“满意率100%”没有写明是首次评价还是最终评价：不满意重新办理后再评满意的，两个数不同，须都写"
    ]
    both = "首次满意率92.45%（49/53件），最终满意率100%（53/53件），反馈率100%（53/53件）。"
    assert problems(both) == []


def test_done_is_not_solved() -> None:
    found = problems("办结率100%（30/30件）。")
    assert found == ["写了办结率，没有写解决率：办结率只说明答复了多少，不等于解决了多少，两个须同时写"]
    assert problems("办结率100%（30/30件），解决率61.54%（8/13件）。") == []


def test_a_satisfaction_rate_without_a_denominator() -> None:
    found = problems("共承办建议30件，其中主办11件，协办17件，二次办理2件，代表最终满意率100%。")
    assert found == [
        "“代表最终满意率100%”没有写明分母：是几件里的几件",
        "写了满意率，没有写反馈率：满意率须与反馈率（收回评价的件数÷已送达的件数）同时写",
    ]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ("共承办建议30件，其中主办11件，协办17件，二次办理2件。", []),
        ("共承办建议30件，其中主办11件，协办17件，二次办理3件。",
         ["主办11件＋协办17件＋二次办理3件＝31件，与共承办30件不符，差1件"]),
        ("按时答复率100%（31/30件）。", ["按时答复率的分子31件大于分母30件"]),
        ("沟通率50%（0/0件）。", ["沟通率：0件÷0件应为—，写的是50%"]),
        ("按时答复率66.7%（2/3件）。", []),
        ("到2025年完成投资30亿元，占全市的12%。", []),
        ("", []),
    ],
)  # fmt: skip
def test_a_text_is_read(said: str, wrong: list[str]) -> None:
    assert problems(said) == wrong


def test_what_is_no_figure_is_left_alone_at_once() -> None:
    long = "9" * 60_000
    start = monotonic()
    found = read(f"共承办建议{long}件，答复率为100%（{long}），占{long}%，满意率{long}%（{long}/3件）。")
    assert [one.part for one in found.shares] == [None] and not found.totals
    assert monotonic() - start < 2


def test_a_zero_denominator_is_a_dash() -> None:
    assert percent(0, 0) == "—"
