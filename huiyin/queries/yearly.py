"""年度文稿的查询: a unit's papers, how each is drafted from the ledger, and how its figures stand against the ledger now."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import accumulate

from django.db.models import QuerySet

from huiyin.models import Assignment, Meeting, Unit, YearPaper, YearPaperVersion
from huiyin.queries import annual, bulletin, work_notice
from huiyin.queries.annual import Summary
from huiyin.queries.figures import DoesNotReconcile, Scope
from huiyin.queries.quoted import OF_ITEM, Quoted, item_of
from huiyin.queries.reconciliation import must_reconcile
from huiyin.rules import shares
from huiyin.rules.anchors import Anchor, anchors_of, unit_after
from huiyin.rules.matter import Matter
from huiyin.rules.permissions import Actor, may
from huiyin.rules.vocabulary import Deed, Kind, YearPaperKind

NEAR = 20  # characters from a paragraph's beginning within which the item it tells of is named


def papers(actor: Actor) -> QuerySet[YearPaper]:
    """年度文稿 he may read: those of his unit, for who may see the year's summary."""
    rows = (
        YearPaper.objects.filter(unit_id=actor.unit_id or 0)
        if may(actor, Deed.SUMMARISE)
        else YearPaper.objects.none()
    )
    return rows.select_related("unit", "meeting", "begun_by", "issued_by")


def kind_of(paper: YearPaper) -> Kind | None:
    return Kind(paper.matter) if paper.matter else None


def scope_of(paper: YearPaper) -> Scope:
    return Scope(paper.meeting, kind_of(paper))


def matter(actor: Actor, paper: YearPaper) -> Matter:
    return annual.kinds(actor, paper.meeting, kind_of(paper))


def quoted(actor: Actor, paper: YearPaper, on: date | None = None) -> Quoted:
    """The figures of a paper, on its day (or on another)."""
    return Quoted(actor, scope_of(paper), on or paper.on, bulletin.since_of(paper))


def draft(actor: Actor, paper: YearPaper) -> Summary:
    """按台账生成的一稿. Raises DoesNotReconcile."""
    unit, meeting, kind = paper.unit, paper.meeting, kind_of(paper)
    if paper.kind == YearPaperKind.NOTICE:
        return work_notice.notice(actor, unit, meeting, paper.on, kind=kind)
    if paper.kind == YearPaperKind.BULLETIN:
        since = bulletin.since_of(paper)
        return bulletin.bulletin(actor, unit, meeting, paper.on, kind=kind, issue=paper.issue, since=since)
    return annual.summary(actor, unit, meeting, paper.on, kind=kind)


def doubt(actor: Actor, paper: YearPaper) -> DoesNotReconcile | None:
    """数字对不上之处 that stops the paper (R71)."""
    try:
        must_reconcile(actor, scope_of(paper), paper.on)
    except DoesNotReconcile as error:
        return error
    return None


def items_of(actor: Actor, paper: YearPaper) -> list[Assignment]:
    """责任分工表的各件."""
    return work_notice.handed_out(actor, scope_of(paper))


def next_issue(unit: Unit, meeting: Meeting, matter: str) -> int:
    """下一期的期号."""
    rows = YearPaper.objects.filter(unit=unit, meeting=meeting, kind=YearPaperKind.BULLETIN, matter=matter)
    last = rows.order_by("-issue").values_list("issue", flat=True).first()
    return (last or 0) + 1


@dataclass(frozen=True)
class Line:
    """文中的一个数字 beside the ledger: what it is, as printed, as the ledger has it now."""

    anchor: Anchor
    label: str
    unit: str
    now: str

    @property
    def differs(self) -> bool:
        return self.now != self.anchor.value

    @property
    def named(self) -> bool:
        """A name or an item's own number, not a count."""
        return self.anchor.key.partition(":")[0] in {*OF_ITEM, "category", "on", "since", "waited"}

    @property
    def said(self) -> str:
        """The difference in a sentence."""
        how = "文中改为" if self.anchor.own else "文中为"
        return f"{self.label}：台账为{self.now}{self.unit}，{how}{self.anchor.value}{self.unit}"


class Standing:
    """一稿的数字与台账."""

    def __init__(self, version: YearPaperVersion, found: Quoted) -> None:
        self.version, self.quoted = version, found
        self.anchors = anchors_of(version.figures)

    @cached_property
    def lines(self) -> list[Line]:
        """各数字 in the order of the text."""
        self.quoted.load(one.key for one in self.anchors)
        return [self._line(one) for one in self.anchors]

    def _line(self, one: Anchor) -> Line:
        label = self.quoted.label(one.key)
        if (pk := item_of(one.key)) and (item := self.quoted.item(pk)) and not one.key.startswith("item:"):
            label = f"第{item.suggestion.number}号{label}"
        unit = self.quoted.unit(one.key) or unit_after(self.version.body, one.end)
        unit = "" if one.value.endswith(("%", "天", "日", "—")) else unit
        return Line(one, label, unit, self.quoted.value(one.key) or "（没有了）")

    @property
    def different(self) -> list[Line]:
        return [one for one in self.lines if one.differs]

    @property
    def stale(self) -> list[Line]:
        """What an update by the ledger would change."""
        return [one for one in self.different if not one.anchor.own]


def contradictions(body: str) -> list[str]:
    """自相矛盾的数 (R66–R71): of what is written with its parts, such as 36.7%（11／30件）, paragraph by paragraph."""
    found = []
    for line in body.split("\n"):
        said = shares.read(line)
        whole = tuple(one for one in said.shares if one.part and one.whole)
        found += shares.problems(replace(said, shares=whole))
    return list(dict.fromkeys(found))


def told_in(version: YearPaperVersion) -> list[int]:
    """写进去的事例, in the order of their paragraphs."""
    return list(dict.fromkeys(pk for _, pk in _cases(version)))


def case_lines(version: YearPaperVersion) -> dict[int, int]:
    """The line of each case told, by its item."""
    return {pk: line for line, pk in reversed(_cases(version))}


def _cases(version: YearPaperVersion) -> list[tuple[int, int]]:
    """（第几行, 件）where a line of the third part begins with its item."""
    lines = version.body.split("\n")
    first, last = third_part(lines)
    starts = list(accumulate((len(one) + 1 for one in lines), initial=0))[:-1]
    found = []
    for one in anchors_of(version.figures):
        line = bisect_right(starts, one.start) - 1
        if one.key.startswith("item:") and first <= line < last and one.start - starts[line] < NEAR:
            found.append((line, item_of(one.key)))
    return found


def third_part(lines: Iterable[str]) -> tuple[int, int]:
    """（从, 到）the lines below 三、 up to 总的来看; (0, 0) where the text has them no more."""
    rows = list(lines)
    first = next((n for n, line in enumerate(rows) if line.startswith("三、")), -1)
    last = next(
        (n for n, line in enumerate(rows) if n > first >= 0 and line.startswith(annual.AFTER_ALL)), -1
    )
    return (first + 1, last) if first >= 0 and last > 0 else (0, 0)
