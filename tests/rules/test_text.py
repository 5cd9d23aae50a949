"""正文的写法: what is typed is what is read, and the other way round."""

from hypothesis import given
from hypothesis import strategies as st

from huiyin.rules.text import Block, BlockKind, blocks, typed

P, T, G = BlockKind.PARAGRAPH, BlockKind.TABLE, BlockKind.PICTURE


def test_marks_say_the_source_and_the_points() -> None:
    body = """您提出的建议收悉。
【南康区人民政府·答1、3】南康区已完成征收。
【南康区人民政府第2次】又补充如下。
【答第2点】我局开辟绿色通道。

【图12】项目位置图
|序号|项目|
|1|港站二期|
感谢关心。"""
    assert blocks(body) == [
        Block(P, "您提出的建议收悉。"),
        Block(P, "南康区已完成征收。", unit="南康区人民政府", points=(1, 3)),
        Block(P, "又补充如下。", unit="南康区人民政府", round=2),
        Block(P, "我局开辟绿色通道。", points=(2,)),
        Block(G, "项目位置图", file=12),
        Block(T, rows=(("序号", "项目"), ("1", "港站二期"))),
        Block(P, "感谢关心。"),
    ]


def test_an_older_mark_is_read_as_before() -> None:
    (one,) = blocks("【市发展改革委】已列入计划。")
    assert (one.unit, one.text, one.points, one.mark) == (
        "市发展改革委",
        "已列入计划。",
        (),
        "【市发展改革委】",
    )


def test_a_unit_whose_name_begins_like_a_mark_stays_a_unit() -> None:
    assert blocks("【答复办公室】文字")[0].unit == "答复办公室"
    assert blocks("【图书馆】文字")[0].unit == "图书馆"


def test_brackets_inside_a_paragraph_are_words() -> None:
    (one,) = blocks("依据【2020】15号文，同意。")
    assert (one.unit, one.text) == ("", "依据【2020】15号文，同意。")


def test_two_tables_are_kept_apart_by_an_empty_line() -> None:
    body = "|甲|\n|1|\n\n|乙|\n|2|"
    assert [one.rows for one in blocks(body)] == [(("甲",), ("1",)), (("乙",), ("2",))]
    assert typed(blocks(body)) == body


WORDS = st.text("港站用地1234，。（）“”《》", min_size=1, max_size=12)
BLOCK = st.one_of(
    st.builds(
        Block, st.just(P), WORDS, st.sampled_from(["", "南康区政府", "市发展改革委"]), st.just(0),
        st.lists(st.integers(1, 20), max_size=3, unique=True).map(tuple),
    ),
    st.builds(lambda text: Block(P, text, "南康区政府", 2), WORDS),
    st.builds(lambda text, pk: Block(G, text, file=pk), WORDS, st.integers(1, 9999)),
    st.builds(lambda rows: Block(T, rows=rows), st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=3).map(tuple)),
)  # fmt: skip


@given(st.lists(BLOCK, max_size=6))
def test_what_is_typed_is_read_back(found: list[Block]) -> None:
    assert blocks(typed(found)) == found


@given(st.text("一、（1）|【】答图第次·\n 甲乙12", max_size=60))
def test_any_text_can_be_read_and_reading_settles(body: str) -> None:
    assert blocks(typed(blocks(body))) == blocks(body)
