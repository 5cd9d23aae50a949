"""催办单、督办通知单 (R64): printable, so that chasing works with no channel at all; the reply is written on it by hand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from huiyin.documents.layout import Paper
from huiyin.models import Assignment, Errand, Supervision
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import SupervisionKind

NAMES = {
    SupervisionKind.URGE: "催办单", SupervisionKind.SUPERVISE: "督办通知单",
    SupervisionKind.INSTRUCTION: "批示办理单", SupervisionKind.DECISION: "会议决定事项办理单",
}  # fmt: skip
ISSUERS = {"催办单": "催办人", "督办通知单": "督办人"}
HEADINGS = ("编号", "标题", "承办人（单位）", "原定时限", "逾期情况")
WIDTHS = (15, 53, 30, 33, 25)  # 156 mm, the type area
ROOM = 8  # empty lines for the reply


@dataclass(frozen=True)
class Sheet:
    """一张单的内容. Rows: 编号, 标题, 被催办人或单位, 原定时限, 逾期情况."""

    organ: str
    name: str
    number: str
    whom: tuple[str, ...]
    text: str
    rows: tuple[tuple[str, str, str, str, str], ...]
    required_on: date
    provisional: bool  # whether it depends on a year whose holidays are not known yet
    issuer: str
    issued_on: date


def sheet_of(act: Supervision, errands: Sequence[Errand]) -> Sheet:
    """From an act and those of its errands that the reader may see, as it stood on the day it was issued."""
    return Sheet(
        organ=act.unit.name,
        name=NAMES[SupervisionKind(act.kind)],
        number=act.number,
        whom=tuple(dict.fromkeys(one.outside.name if one.outside else one.owner.name for one in errands)),
        text=act.text,
        rows=tuple(_row(one, act.issued_on) for one in errands),
        required_on=act.required_on,
        provisional=any(getattr(one, "provisional", False) for one in errands),
        issuer=act.issued_by.name,
        issued_on=act.issued_on,
    )


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
    asked = [one for one in errand.assignment.opinions.all() if one.unit_id == errand.outside_id]
    return (asked[-1].due_on, asked[-1].due_provisional) if asked else (None, False)


def write(sheet: Sheet) -> bytes:
    """.docx: what is asked, on which items, by when; room for the reply, the receipt and the signature."""
    paper = Paper()
    paper.title(f"{sheet.organ}{sheet.name}", above=0)
    paper.add(f"编号：{sheet.number or '—'}", "公文顶格")
    paper.salutation(f"{'、'.join(sheet.whom)}：")
    asked = zh(sheet.required_on) + ("（暂定）" if sheet.provisional else "")
    paper.text([sheet.text, f"请于{asked}前办理并书面回复。"])
    paper.add("", "公文顶格")
    paper.table(HEADINGS, sheet.rows, WIDTHS, centred=(0, 2, 3, 4))
    paper.add("承办情况回复", "公文一级标题")
    paper.table(("办理进展、存在的问题和预计办结的时间",), [("",)] * ROOM, (156,))
    paper.add("", "公文顶格")
    paper.table(
        ("签收人", "签收时间", "要求完成时限", ISSUERS.get(sheet.name, "签发人"), "日期"),
        [("", "", asked, sheet.issuer, zh(sheet.issued_on))], (30, 30, 34, 28, 34),
        centred=(0, 1, 2, 3, 4),
    )  # fmt: skip
    return paper.to_bytes(f"{sheet.name} {sheet.number}".strip())
