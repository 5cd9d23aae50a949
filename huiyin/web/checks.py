"""检查清单的链接：what a check found, with the page that shows it and the one that mends it."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from huiyin.models import Assignment, ReplyVersion
from huiyin.queries.checks import checks, failing, passed
from huiyin.rules import workflow
from huiyin.rules.checks import Check
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import CheckState, Deed, Gate
from huiyin.web.deeds import PAGE_OF

LOOKS = {CheckState.PASS: ("yes", "✓"), CheckState.WARN: ("wait", "▲"), CheckState.BLOCK: ("bad", "■")}


@dataclass(frozen=True)
class Line:
    """清单上的一行：`mend` leads to where it is put right, when that is the reader's to do."""

    check: Check
    look: str
    symbol: str
    mend: str
    links: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Sheet:
    """一张检查清单：failures first, then what passed."""

    failing: tuple[Line, ...]
    passed: tuple[Line, ...]

    @property
    def total(self) -> int:
        return len(self.failing) + len(self.passed)

    @property
    def blocking(self) -> int:
        return sum(one.check.state == CheckState.BLOCK for one in self.failing)

    @property
    def reminding(self) -> int:
        return sum(one.check.state == CheckState.WARN for one in self.failing)


def sheet(
    item: Assignment, actor: Actor, gate: Gate | None = None, version: ReplyVersion | None = None
) -> Sheet:
    found = checks(item, gate, version)
    return Sheet(
        tuple(_line(item, actor, one) for one in failing(found)),
        tuple(_line(item, actor, one) for one in passed(found)),
    )


def side(item: Assignment, version: ReplyVersion | None, actor: Actor) -> dict[str, Any]:
    """送审检查 beside the draft."""
    return {"sheet": sheet(item, actor, Gate.REVIEW, version)}


def _line(item: Assignment, actor: Actor, one: Check) -> Line:
    look, symbol = LOOKS[one.state]
    links = tuple((link.text, reverse(link.url, args=link.args)) for link in one.evidence if link.url)
    return Line(one, look, symbol, _mend(item, actor, one), links)


def _mend(item: Assignment, actor: Actor, one: Check) -> str:
    if one.mends is None or one.state == CheckState.PASS or not workflow.allowed(actor, item, one.mends):
        return ""
    if one.mends == Deed.DRAFT:
        return f"{reverse('draft', args=[item.pk])}#id_{one.field}"
    return reverse("deed", args=[item.pk, one.mends.value]) if one.mends in PAGE_OF else ""
