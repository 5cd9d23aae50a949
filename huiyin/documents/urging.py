"""催办单、督办通知单 (R64): printable, so that chasing works with no channel at all; the reply is written on it by hand."""

from collections.abc import Sequence
from datetime import date

from huiyin.documents.facts import Facts, Shape, Slot, cells, pieces, text
from huiyin.documents.layout import Paper
from huiyin.models import Assignment, Errand, Supervision
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import SOUGHT, SupervisionKind

NAMES = {
    SupervisionKind.URGE: "催办单", SupervisionKind.SUPERVISE: "督办通知单",
    SupervisionKind.INSTRUCTION: "批示办理单", SupervisionKind.DECISION: "会议决定事项办理单",
}  # fmt: skip
ISSUERS = {"催办单": "催办人", "督办通知单": "督办人"}
HEADINGS = ("编号", "标题", "承办人（单位）", "原定时限", "逾期情况")
WIDTHS = (15, 53, 30, 33, 25)  # 156 mm, the type area
ROOM = 8  # empty lines for the reply


URGED = Slot("事项", "逐行：催办、督办的各件", Shape.ROWS, HEADINGS, required=True)
URGING = (
    Slot("单位", "本单位全称"), Slot("单名", "催办单、督办通知单等"), Slot("编号", "催办单（督办通知单）的编号"),
    Slot("主送", "被催办、督办的单位或人员", required=True),
    Slot("正文", "催办、督办的内容；独占一段", Shape.BODY, required=True), URGED,
    Slot("完成时限", "要求完成的时限", required=True), Slot("签发人称", "催办人、督办人或签发人"), Slot("签发人", "签发人"),
    Slot("签发日期", "签发日期"),
)  # fmt: skip


def facts_of(act: Supervision, errands: Sequence[Errand]) -> Facts:
    """From an act and those of its errands that the reader may see, as it stood on the day it was issued."""
    name = NAMES[SupervisionKind(act.kind)]
    asked = zh(act.required_on)
    asked += "（暂定）" if any(getattr(one, "provisional", False) for one in errands) else ""
    whom = dict.fromkeys(one.outside.name if one.outside else one.owner.name for one in errands)
    return {
        "单位": act.unit.name,
        "单名": name,
        "编号": act.number or "—",
        "主送": f"{'、'.join(whom)}：",
        "正文": [act.text, f"请于{asked}前办理并书面回复。"],
        "事项": [dict(zip(HEADINGS, _row(one, act.issued_on), strict=True)) for one in errands],
        "完成时限": asked,
        "签发人称": ISSUERS.get(name, "签发人"),
        "签发人": act.issued_by.name,
        "签发日期": zh(act.issued_on),
    }


def _row(errand: Errand, on: date) -> tuple[str, str, str, str, str]:
    item = errand.assignment
    due, provisional = _due(errand)
    late = (on - due).days if due else 0
    said = f"逾期{late}天" if late > 0 else ("未逾期" if due else "—")
    date_said = zh(due) + ("（暂定）" if provisional else "") if due else "—"
    return item.suggestion.number, _title(item), errand.whom, date_said, said


def _title(item: Assignment) -> str:
    """The paper leaves the unit: what must not be named is on it by its number only (R6, R7)."""
    suggestion = item.suggestion
    return "（题目从略）" if suggestion.secret or suggestion.confidential else suggestion.title


def _due(errand: Errand) -> tuple[date | None, bool]:
    """原定时限 and whether it is 暂定：the opinion's for a co-handling unit, the item's otherwise."""
    if errand.outside_id is None:
        return errand.assignment.due_on, errand.assignment.due_provisional
    asked = [
        one for one in errand.assignment.opinions.all()
        if one.unit_id == errand.outside_id and one.state in SOUGHT
    ]  # fmt: skip
    return (asked[-1].due_on, asked[-1].due_provisional) if asked else (None, False)


def build(facts: Facts) -> Paper:
    """What is asked, on which items, by when; room for the reply, the receipt and the signature."""
    paper = Paper(sheet=True)
    paper.title(f"{facts['单位']}{facts['单名']}", above=0)
    paper.add(f"编号：{facts['编号']}", "公文顶格")
    paper.salutation(text(facts, "主送"))
    paper.text(pieces(facts, "正文"))
    paper.add("", "公文顶格")
    paper.table(HEADINGS, cells(facts, URGED), WIDTHS, centred=(0, 2, 3, 4))
    paper.add("承办情况回复", "公文一级标题")
    paper.table(("办理进展、存在的问题和预计办结的时间",), [("",)] * ROOM, (156,), look="单")
    paper.add("", "公文顶格")
    paper.table(
        ("签收人", "签收时间", "要求完成时限", text(facts, "签发人称"), "日期"),
        [("", "", *(text(facts, one) for one in ("完成时限", "签发人", "签发日期")))], (26, 26, 40, 24, 40),
        centred=(0, 1, 2, 3, 4), look="单",
    )  # fmt: skip
    return paper
