"""考核表 .docx (R72): the ranking by groups of indicators, then each card with what took points."""

from collections.abc import Sequence
from decimal import Decimal

from huiyin.documents.layout import Paper
from huiyin.documents.looks import BODY
from huiyin.queries.scoring import UNIT, Card, Line, Scores
from huiyin.rules.dates import zh
from huiyin.rules.scoring import plain

TYPE_WIDTH, NAMED, LISTED = 156, 34, 30  # millimetres; items named on a line
CARD = (("指标", 34), ("满分", 14), ("得分", 16), ("计分情况", 52), ("涉及的件", 40))


def write(found: Scores, cards: Sequence[Card]) -> bytes:
    """Of the cards the reader may open, and the unit's marks."""
    paper, year = Paper(sheet=True), found.scheme.year
    title = f"{year}年建议提案办理考核表"
    paper.title(title, above=0)
    added = f"，另加分最多{plain(found.scheme.added)}分" if found.scheme.added else ""
    paper.text(
        [
            f"考核方案：{found.scheme.origin}，满分{plain(found.scheme.full)}分{added}。台账截至{zh(found.on)}。"
        ]
    )
    _ranking(paper, [*cards, found.unit])
    for one in (*cards, found.unit):
        _card(paper, found, one)
    paper.signature(found.unit.label, zh(found.on))
    return paper.to_bytes(title)


def _ranking(paper: Paper, cards: Sequence[Card]) -> None:
    groups = [name for name, _ in cards[-1].groups]
    width = (TYPE_WIDTH - NAMED - 30) / len(groups)
    rows = [
        [_said(one.rank), one.label, *(_said(_sum(lines)) for _, lines in one.groups), _said(one.score)]
        for one in cards
    ]
    columns = range(2 + len(groups) + 1)
    paper.table(
        ["名次", "科室", *groups, "总分"], rows, [13, NAMED, *[width] * len(groups), 17], columns, look="单"
    )


def _card(paper: Paper, found: Scores, one: Card) -> None:
    """What did not get its full mark, or earned more; the rest in one sentence."""
    waiting = f"（人工评分还有{one.total.waiting}项未评，为暂算）" if one.total.waiting else ""
    told = [line for line in one.lines if line.change or line.mark is None]
    full = sum(not line.indicator.bonus for line in one.lines) - sum(
        not line.indicator.bonus for line in told
    )
    head = paper.add(f"{one.label}：{_said(one.score)}分{waiting}，得满分的{full}项。", BODY)
    head.paragraph_format.keep_with_next = True if told else None
    rows = [
        [
            f"{line.indicator.group}·{line.indicator.name}",
            ("加" if line.indicator.bonus else "") + plain(line.indicator.full),
            _said(line.mark), line.basis, _numbers(found, one, line),
        ]
        for line in told
    ]  # fmt: skip
    if rows:
        paper.table([name for name, _ in CARD], rows, [width for _, width in CARD], (1, 2), look="单")


def _numbers(found: Scores, one: Card, line: Line) -> str:
    """Of items by their number alone; of the whole unit's card how many."""
    if not line.count or not (line.lost or line.indicator.bonus):
        return ""
    behind = None if one.of == UNIT else found.behind(one.of, line.indicator.key)
    if behind is None:
        return f"{line.count}件"
    rows = behind.order_by("number_key", "pk").values_list("suggestion__number", flat=True)
    named = "、".join(f"{number}号" for number in rows[:LISTED])
    return named + (f"等{line.count}件" if line.count > LISTED else "")


def _sum(lines: Sequence[Line]) -> Decimal | None:
    found = [one.mark for one in lines if one.mark is not None]
    return sum(found, Decimal(0)) if found else None


def _said(value: Decimal | int | None) -> str:
    return "—" if value is None else plain(value) if isinstance(value, Decimal) else str(value)
