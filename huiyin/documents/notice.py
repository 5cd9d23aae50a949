"""办理工作通知和责任分工表 (S6, S7)."""

from datetime import date

from huiyin.documents.facts import Facts, Shape, Slot, cells, names, pieces, text
from huiyin.documents.layout import Paper
from huiyin.documents.letters import HEAD
from huiyin.models import Assignment, Meeting, Unit
from huiyin.queries.ledger import lead_name
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Part, RoundKind

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
    """Items that lack what the notice must name (S7): it is not issued with one of them missing."""
    found = []
    for item in items:
        missing = [
            label
            for label, value in (
                ("责任领导", item.responsible_leader_id), ("承办科室", item.section_id),
                ("承办人", item.handler_id), ("办理时限", item.due_on),
            )
            if value is None
        ]  # fmt: skip
        if missing:
            found.append(f"第{item.suggestion.number}号缺{'、'.join(missing)}")
    return found


def facts_of(unit: Unit, meeting: Meeting, items: list[Assignment], *, on: date) -> Facts:
    """The notice with its landscape annex, as an editable draft."""
    lead = sum(one.part != Part.CO and one.round_kind == RoundKind.FIRST for one in items)
    co = sum(one.part == Part.CO for one in items)
    second = sum(one.round_kind == RoundKind.SECOND for one in items)
    annex = f"{meeting.title}代表建议办理责任分工表"
    return {
        "发文机关": unit.name,
        "发文字号": NUMBER.format(on.year),
        "标题": f"{unit.name}关于做好{meeting.organ}代表建议办理工作的通知",
        "主送": "各科室（单位）：",
        "正文": [
            f"{meeting.title}期间及闭会期间代表提出的建议中，由我局承办{len(items)}件，其中主办{lead}件，协办{co}件，二次办理{second}件。为做好办理工作，现就有关事项通知如下：",
            "一、明确办理责任",
            "执行“双线三把关”制度，即分管办理工作的局领导、办公室主任、专职人员三级负责，分管业务局领导、承办科室（单位）、承办人三级负责。各件的责任领导、承办科室、承办人和办理时限见附件。",
            "二、严格办理程序",
            "严把交办关、审核关、签发关。坚持与代表沟通在前、起草答复在后，办前、办中、办后均应与代表联系并做好记录。认为不属于本科室职责的，应在签收时书面说明理由报办公室，未经同意不得自行转办。",
            "三、严守办理时限",
            "办理时限自交办之日起计算。主办件应在时限内书面答复代表，协办件应在时限内将协办意见送主办单位。办公室按时限、质量、落实三个方面跟踪督办。",
        ],
        "附件": [annex],
        "落款单位": unit.name,
        "成文日期": zh(on),
        "表名": annex,
        "责任分工": [
            dict(zip(HEADINGS, _row(place, item), strict=True)) for place, item in enumerate(items, 1)
        ],
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
