"""催办单、督办通知单 (R64): read back with python-docx."""

from datetime import date

from docx.shared import Mm

from huiyin.actions import supervising
from huiyin.actions.supervising import Target
from huiyin.documents import urging
from huiyin.models import Supervision, Unit
from tests.conftest import Bureau, day
from tests.documents.reading import opened, texts


def paper_of(act: Supervision) -> object:
    return opened(urging.build(urging.facts_of(act, list(act.errands.order_by("pk")))).to_bytes())


def rows(table: object) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]  # type: ignore[attr-defined]


def test_a_sheet_names_number_addressees_items_and_dates(bureau: Bureau, nankang: Unit) -> None:
    first, second = bureau.contacted(), bureau.contacted(number="083")
    bureau.ask(first, nankang)
    act = supervising.urge(
        [Target(first, bureau.handler, nankang), Target(second, bureau.handler)], text="请抓紧办理。",
        due_on=date(2020, 9, 7), by=bureau.clerk, at=day("2020-09-01"),
    )  # fmt: skip
    paper = paper_of(act)
    assert "".join(texts(paper, "公文标题")) == "赣州市自然资源局催办单"
    assert texts(paper, "公文顶格")[:2] == ["编号：催办〔2020〕1号", "南康区人民政府、谢文斌："]
    assert texts(paper, "公文正文") == ["请抓紧办理。", "请于2020年9月7日前办理并书面回复。"]
    items, reply, foot = paper.tables  # type: ignore[attr-defined]
    title = "关于协调港口用地指标落实项目用地保障的建议"
    assert rows(items) == [
        ["编号", "标题", "承办人（单位）", "原定时限", "逾期情况"],
        ["082", title, "南康区政府", "2020年6月29日", "逾期64天"],
        ["083", title, "谢文斌", "2020年8月29日", "逾期3天"],
    ]
    assert rows(reply)[1:] == [[""]] * urging.ROOM
    assert rows(foot)[1] == ["", "", "2020年9月7日", "刘晓琴", "2020年9月1日"]
    assert rows(foot)[0][:2] == ["签收人", "签收时间"]
    assert rows(foot)[0][3] == "催办人"
    assert sum(urging.WIDTHS) == 156
    assert round(sum(cell.width for cell in items.rows[0].cells) / Mm(1)) == 156


def test_what_must_not_be_named_is_on_the_sheet_by_its_number(bureau: Bureau) -> None:
    items = [bureau.contacted(secret=True, text=""), bureau.contacted(number="083", confidential=True)]
    targets = [Target(one, bureau.handler) for one in items]
    act = supervising.urge(targets, text="请抓紧办理。", by=bureau.clerk, at=day("2020-09-01"))
    [table, *_] = paper_of(act).tables  # type: ignore[attr-defined]
    assert [row[:2] for row in rows(table)[1:]] == [["082", "（题目从略）"], ["083", "（题目从略）"]]


def test_what_is_not_late_says_so_and_the_other_sheets_have_their_names(bureau: Bureau) -> None:
    item = bureau.contacted()
    act = supervising.supervise(
        [Target(item, bureau.head)], text="x", by=bureau.director, at=day("2020-08-03")
    )
    paper = paper_of(act)
    assert "".join(texts(paper, "公文标题")) == "赣州市自然资源局督办通知单"
    assert rows(paper.tables[0])[1][4] == "未逾期"  # type: ignore[attr-defined]
    note = supervising.instruct(
        item, owners=[bureau.handler], text="阅办。", by=bureau.chief, at=day("2020-08-03")
    )
    assert texts(paper_of(note), "公文顶格")[0] == "编号：—"
