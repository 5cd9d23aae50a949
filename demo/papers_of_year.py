"""年度文稿的演出: the year's notice when the items were handed out, two bulletins, the summary as it was being written."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from demo.stories import at
from huiyin.actions import writing
from huiyin.models import Meeting
from huiyin.rules.vocabulary import YearPaperKind

if TYPE_CHECKING:
    from demo.play import Cast

NOTICE = date(2020, 6, 2)
BULLETINS = ((date(2020, 6, 30), date(2020, 7, 2)), (date(2020, 8, 14), date(2020, 8, 17)))  # to, issued
SUMMARY = date(2020, 12, 15)
AFTER = "在今后的工作中，"
MORE = "今年还首次把承诺事项逐项列入台账，到期前提醒责任科室。"


def notice(cast: Cast, meeting: Meeting) -> None:
    """印发通知和责任分工表."""
    paper = writing.begin(meeting, YearPaperKind.NOTICE, on=NOTICE, by=cast.clerk, at=at(NOTICE, 9))
    writing.issue(paper, on=NOTICE, base=1, by=cast["黄志远"], at=at(NOTICE, 15))


def afterwards(cast: Cast, meeting: Meeting) -> None:
    """两期通报印发；总结写到第二稿."""
    for to, issued in BULLETINS:
        paper = writing.begin(meeting, YearPaperKind.BULLETIN, on=to, by=cast.clerk, at=at(issued, 9))
        writing.issue(paper, on=issued, base=1, numbered=False, by=cast["曾建平"], at=at(issued, 16))
    paper = writing.begin(meeting, YearPaperKind.SUMMARY, on=SUMMARY, by=cast.clerk, at=at(SUMMARY, 9))
    first = paper.versions.get()
    body = first.body.replace(AFTER, f"{MORE}{AFTER}", 1)
    writing.save(paper, title=first.title, body=body, base=1, by=cast.clerk, at=at(SUMMARY, 10))
