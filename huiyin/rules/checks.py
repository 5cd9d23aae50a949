"""检查清单 (R38, S15): THE list of what each gate looks at. One row is one check, with its reasons when it fails and
what it found when it holds. Conditions of steps, the card 送审检查, the sign pages, the sign-off's evidence and the
quality score all read these rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from huiyin.rules import findings
from huiyin.rules.findings import Finding, Link
from huiyin.rules.vocabulary import CheckState, Deed, Gate, Severity

if TYPE_CHECKING:
    from huiyin.models import Assignment, ReplyVersion
    from huiyin.rules.profile import Profile

Find = Callable[["Assignment", "ReplyVersion | None"], Finding | None]
Weight = Callable[["Profile"], Severity]


@dataclass(frozen=True)
class Row:
    """一项检查. `find` answers None where the check does not apply; `weight` is what a failure does, by profile;
    `mends` is the deed that puts it right, `field` the field of the draft where that is done; `of_text` rows look at
    the version alone."""

    key: str
    label: str
    find: Find
    weight: Weight
    gates: frozenset[Gate]
    mends: Deed | None = None
    field: str = ""
    of_text: bool = False


@dataclass(frozen=True)
class Check:
    """一项检查的结果."""

    key: str
    label: str
    state: CheckState
    reasons: tuple[str, ...] = ()
    said: str = ""
    evidence: tuple[Link, ...] = ()
    mends: Deed | None = None
    field: str = ""

    @property
    def text(self) -> str:
        return "；".join(self.reasons) or self.said or self.label


def examine(item: Assignment, version: ReplyVersion | None, rows: Iterable[Row]) -> list[Check]:
    """逐项检查：the rows that apply, each with its result, in the order of the list."""
    found = ((row, row.find(item, version)) for row in rows)
    return [_check(item, row, finding) for row, finding in found if finding is not None]


def of_gate(gate: Gate) -> tuple[Row, ...]:
    return tuple(row for row in ROWS if gate in row.gates)


def gaps(item: Assignment, version: ReplyVersion, severity: Severity) -> list[str]:
    """稿本里还缺的, of one severity."""
    rows = (row for row in ROWS if row.of_text and row.weight(item.profile) == severity)
    return [reason for one in examine(item, version, rows) for reason in one.reasons]


def blocking(item: Assignment, version: ReplyVersion | None, rows: Iterable[Row]) -> tuple[str, ...]:
    """Every reason that bars the way, of these rows."""
    found = examine(item, version, rows)
    return tuple(reason for one in found if one.state == CheckState.BLOCK for reason in one.reasons)


def _check(item: Assignment, row: Row, finding: Finding) -> Check:
    state = CheckState(row.weight(item.profile).value) if finding.reasons else CheckState.PASS
    say = item.profile.say
    return Check(
        row.key, say(row.label), state, tuple(say(one) for one in finding.reasons), say(finding.said),
        finding.evidence, row.mends, row.field,
    )  # fmt: skip


def _always(_: Profile) -> Severity:
    return Severity.BLOCK


def _reminds(_: Profile) -> Severity:
    return Severity.WARN


def _by(key: str) -> Weight:
    return lambda profile: profile.checks[key]


ASSIGN = frozenset({Gate.ASSIGN})
REVIEW = frozenset({Gate.REVIEW, Gate.ISSUE})
ISSUE = frozenset({Gate.ISSUE})

ROWS = (
    Row("people", "责任领导、承办科室、时限、六人和签发人齐全", findings.people, _always, ASSIGN, Deed.SEND_BACK),
    Row("levels", "业务线三级是不同的人", findings.levels, _always, ASSIGN),
    Row("limit", "办理时限", findings.limit, _always, ASSIGN),
    Row("level", "办理层级和签发人", findings.level, _always, ASSIGN),
    Row("points", "代表意见逐条答复", findings.points, _by("points"), REVIEW, Deed.DRAFT, "body", of_text=True),
    Row("points_kept", "意见点已整理", findings.points_kept, _reminds, REVIEW, Deed.POINTS),
    Row("contact", "与代表沟通", findings.contact, _by("contact"), REVIEW, Deed.CONTACT),
    Row("stages", "办前、办中均有沟通", findings.stages, _reminds, REVIEW, Deed.CONTACT),
    Row("met", "重点督办件当面听取意见", findings.met, _always, REVIEW, Deed.CONTACT),
    Row("met_again", "重新办理件再次当面沟通", findings.met_again, _always, REVIEW, Deed.CONTACT),
    Row("consulted", "送代表征求意见", findings.consulted, _always, REVIEW, Deed.SHOW_DRAFT),
    Row("opinions", "协办意见有着落", findings.opinions, _by("opinions"), REVIEW, Deed.USE_OPINION),
    Row("sources", "采纳的意见注明来源", findings.sources, _always, REVIEW, Deed.DRAFT, "body"),
    Row("text", "稿本写完", findings.text, _always, REVIEW, Deed.DRAFT, "body", of_text=True),
    Row("contact_line", "联系人和电话", findings.contact_line, _by("contact_line"), REVIEW, Deed.DRAFT, "contact_name",
        of_text=True),
    Row("class", "办理结果类别", findings.classed, _by("class"), REVIEW, Deed.DRAFT, "outcome_class", of_text=True),
    Row("support", "B类有承诺，C类有原因", findings.support, _always, REVIEW, Deed.PROMISE),
    Row("disclosure", "公开属性和理由", findings.disclosure, _by("disclosure"), REVIEW, Deed.DRAFT, "disclosure",
        of_text=True),
    Row("title", "标题写明届次和编号", findings.title, _by("title"), REVIEW, Deed.DRAFT, "title", of_text=True),
    Row("salutation", "称谓写全收件人", findings.salutation, _always, REVIEW),
    Row("copies", "抄送齐全", findings.copies, _reminds, REVIEW, Deed.DRAFT, "copies_to"),
    Row("merged", "并入的件都有稿本", findings.merged, _reminds, REVIEW),
    Row("remarks", "批注处理完", findings.remarks, _by("remarks"), REVIEW, Deed.SETTLE_REMARK),
    Row("signed", "审核关签齐", findings.signed, _always, ISSUE),
    Row("same_text", "审签的是这一稿", findings.same_text, _reminds, ISSUE),
    Row("number", "发文字号", findings.number, _always, ISSUE),
    Row("addressees", "收件人", findings.addressees, _always, ISSUE),
)  # fmt: skip
