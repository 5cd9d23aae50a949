"""办理工作通知和责任分工表 (S6, S7)."""

from collections.abc import Sequence
from datetime import date

from huiyin.documents.facts import Facts, Piece, Shape, Slot, cells, names, pieces, text
from huiyin.documents.layout import Paper
from huiyin.documents.letters import HEAD
from huiyin.models import Assignment, Meeting, Unit
from huiyin.queries import work_notice
from huiyin.queries.ledger import lead_name
from huiyin.rules.dates import zh
from huiyin.rules.matter import matter_of
from huiyin.rules.vocabulary import Kind, RoundKind

HEADINGS = (
    "序号",
    "编号",
    "标题",
    "领衔代表",
    "办理方式",
    "主办、协办单位",
    "责任领导",
    "承办科室",
    "承办人",
    "办理时限",
)
WIDTHS = (10, 11, 48, 17, 17, 36, 17, 23, 14, 32)  # 225 mm, the type area turned
CENTRED = (0, 1, 3, 4, 6, 7, 8, 9)
TABLE = Slot("责任分工", "逐行：各件的责任分工", Shape.ROWS, HEADINGS, required=True)
NOTICE = (
    *HEAD, Slot("标题", "通知标题，自动回行", required=True), Slot("主送", "主送科室（单位）"),
    Slot("正文", "通知正文各段；独占一段", Shape.BODY, required=True),
    Slot("附件", "附件说明；独占一段", Shape.NAMES), Slot("落款单位", "本单位全称", required=True),
    Slot("成文日期", "通知日期", required=True), Slot("表名", "责任分工表的标题"), TABLE,
    Slot("印发机关", "版记里的印发机关"), Slot("印发日期", "版记里的印发日期"),
)  # fmt: skip
NUMBER = "　　　　〔{}〕　　号"  # the office takes it when the notice is issued


def incomplete(items: list[Assignment]) -> list[str]:
    """Items that lack what the notice must name (S7)."""
    return list(work_notice.incomplete(items).values())


def table(items: list[Assignment]) -> list[list[str]]:
    """责任分工表的各行."""
    return [_row(place, item) for place, item in enumerate(items, 1)]


def facts_of(unit: Unit, meeting: Meeting, items: list[Assignment], *, on: date) -> Facts:
    """The notice with its landscape annex, from the items as they are."""
    matter = matter_of(*{Kind(one.suggestion.kind) for one in items})
    return facts(
        unit, title=work_notice.title(unit, meeting, matter), number=NUMBER.format(on.year),
        body=work_notice.said(meeting, matter, work_notice.sizes(items)), annex=work_notice.annex(meeting, matter),
        rows=table(items), on=on,
    )  # fmt: skip


def facts(
    unit: Unit,
    *,
    title: str,
    number: str,
    body: Sequence[Piece],
    annex: str,
    rows: Sequence[Sequence[str]],
    on: date,
) -> Facts:
    """The notice with these words and this table."""
    return {
        "发文机关": unit.name,
        "发文字号": number,
        "标题": title,
        "主送": "各科室（单位）：",
        "正文": body,
        "附件": [annex],
        "落款单位": unit.name,
        "成文日期": zh(on),
        "表名": annex,
        "责任分工": [dict(zip(HEADINGS, row, strict=True)) for row in rows],
        "印发机关": f"{unit.name}办公室",
        "印发日期": zh(on),
    }


def build(facts: Facts) -> Paper:
    paper = Paper()
    paper.red_head(text(facts, "发文机关"), text(facts, "发文字号"))
    paper.title(text(facts, "标题"))
    paper.salutation(text(facts, "主送"))
    paper.text(pieces(facts, "正文"))
    paper.annexes(names(facts, "附件"))
    paper.signature(text(facts, "落款单位"), text(facts, "成文日期"))
    paper.landscape()
    paper.annex_mark()
    paper.title(text(facts, "表名"), above=1)
    paper.table(HEADINGS, cells(facts, TABLE), WIDTHS, CENTRED)
    paper.printed(text(facts, "印发机关"), text(facts, "印发日期"))
    return paper


def _row(place: int, item: Assignment) -> list[str]:
    units = [f"主办：{(item.lead_unit or item.unit).short_name}"]
    units += (
        [f"{item.co}：{'、'.join(one.short_name for one in item.named_co_units.all())}"]
        if item.named_co_units.all()
        else []
    )
    kind = item.part_label() if item.round_kind == RoundKind.FIRST else item.get_round_kind_display()
    return [
        str(place), item.suggestion.number, item.suggestion.title,
        lead_name(item), kind, "；".join(units),
        item.responsible_leader.name if item.responsible_leader else "",
        item.section.short_name if item.section else "", item.handler.name if item.handler else "",
        f"{zh(item.due_on)}{'（暂定）' if item.due_provisional else ''}" if item.due_on else "",
    ]  # fmt: skip
