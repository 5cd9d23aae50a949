"""新到待办：whoever's move it is now is told, once, and nobody else."""

from datetime import date

from huiyin.actions import organising, signing
from huiyin.models import Assignment, Notice
from huiyin.rules.vocabulary import NoticeKind, Status
from tests.conftest import Bureau, day


def told(item: Assignment) -> list[tuple[str, str]]:
    rows = Notice.objects.filter(assignment=item, kind=NoticeKind.ARRIVAL).order_by("pk")
    return [(row.person.name, row.text) for row in rows.select_related("person")]


def test_each_next_signer_is_told_when_his_turn_comes(bureau: Bureau) -> None:
    item = bureau.issued()
    names = [name for name, _ in told(item)]
    assert names == [
        "曾建平", "黄志远",  # the assignment gate
        "赖春华", "谢文斌",  # to be signed in
        "谢文斌",  # signed in by the head
        "赖春华", "刘晓琴", "曾建平", "温国强", "黄志远", "陈永明",  # review and issue
        "刘晓琴",  # to be delivered
    ]  # fmt: skip
    assert (
        told(item)[0][1]
        == "第082号《关于协调港口用地指标落实项目用地保障的建议》到您这里：交办关（刘晓琴提出拟办意见）"
    )


def test_a_text_sent_back_is_news_to_its_drafter_and_its_reason_stays_on_the_item(bureau: Bureau) -> None:
    item = bureau.review()
    before = len(told(item))
    signing.send_back(
        item, to=Status.HANDLING, reason="邱德海代表的电话写错了", by=bureau.head, at=day("2020-07-23")
    )
    new = told(item)[before:]
    assert new == [
        ("谢文斌", "第082号《关于协调港口用地指标落实项目用地保障的建议》到您这里：办理中（赖春华退改）")
    ]


def test_of_a_confidential_item_only_the_number_is_told(bureau: Bureau) -> None:
    item = bureau.accepting(confidential=True)
    assert told(item)
    assert all("港口" not in text and "邱德海" not in text for _, text in told(item))


def test_who_stands_in_is_told_too(bureau: Bureau) -> None:
    organising.stand_in(
        bureau.director, bureau.deputy_head, from_on=date(2020, 5, 28), to_on=date(2020, 6, 5), reason="出差",
        by=bureau.admin, at=day("2020-05-28"),
    )  # fmt: skip
    item = bureau.assigning()
    texts = dict(told(item))
    assert set(texts) == {"曾建平", "郭立新"}
    assert texts["郭立新"].startswith("代曾建平：第082号")
