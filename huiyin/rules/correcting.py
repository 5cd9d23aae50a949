"""文字更正 (R36): which edits are slips of the pen, that need no new signatures. Everything else is a change of text.

A correction touches the words of title, body or reason only, a few characters in all. It leaves numbers, dates, amounts,
negation, obligation, extent, the organs named, sources, points, paragraphs, tables and pictures as they were signed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from huiyin.rules.text import Block, blocks
from huiyin.rules.touching import LABELS, changes

MOST = 10  # characters in all
PLACE = 4  # characters at one place, of which
ADDED = 2  # may be simply put in or struck out
FIELDS = ("title", "body", "class_reason")

_NUMBER = r"(?:[\d０-９]+(?:[.,．:：][\d０-９]+)*|[〇零一二两三四五六七八九十百千万亿])+"
_UNIT = (
    "(?:工作日|[年月日号季度旬周天时分秒亩公顷平方千米里元角吨斤克升个件项户人次倍成半套座台批期届轮条点款章节页级类"
    "底初末中上下前后内外以左右余多%％‰])*"
)
QUANTITY = re.compile(f"[约近超逾第]?{_NUMBER}{_UNIT}")
WORDS = {
    "否定词": re.compile("[不未没无非否勿莫]"),
    "“已、将、应、须”一类的字": re.compile("[已曾将应须必可能拟宜]"),
    "轻重、范围的词": re.compile(
        "部分|全部|所有|基本|原则|暂|力争|争取|确保|适时|尽快|尽量|适当|逐步|条件|同意|支持|完成|[仅只除均]"
    ),
    "单位、地方的称谓": re.compile("[省市县区镇乡村局委厅科处]"),
}


@dataclass(frozen=True)
class Slip:
    """一处改动：where, and the characters on both sides."""

    place: str
    old: str
    new: str

    @property
    def size(self) -> int:
        return max(len(self.old), len(self.new))

    def __str__(self) -> str:
        if self.old and self.new:
            return f"{self.place}“{self.old}”改为“{self.new}”"
        return f"{self.place}删去“{self.old}”" if self.old else f"{self.place}加上“{self.new}”"


def refusals(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    """Why these edits are no typing correction, all reasons; empty when they are one."""
    found = changes(old, new)
    if not found:
        return ["没有改动"]
    other = [one.label for one in found if one.field not in FIELDS]
    reasons = [f"{'、'.join(other)}的改动不是文字更正"] if other else []
    pairs, shape = _pairs(old, new)
    reasons += shape
    for place, before, after in pairs:
        reasons += _meaning(place, before, after)
    return reasons + _length([slip for pair in pairs for slip in _slips(*pair)])


def slips(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Slip]:
    """各处改动, for those who are told."""
    return [slip for pair in _pairs(old, new)[0] for slip in _slips(*pair)]


def _pairs(old: Mapping[str, Any], new: Mapping[str, Any]) -> tuple[list[tuple[str, str, str]], list[str]]:
    """（哪一段，原文，改后）of each paragraph that changed; or why paragraphs cannot be paired."""
    pairs = [
        (LABELS[name], str(old.get(name) or ""), str(new.get(name) or ""))
        for name in ("title", "class_reason")
    ]
    before, after = blocks(str(old.get("body") or "")), blocks(str(new.get("body") or ""))
    if len(before) != len(after):
        return pairs, ["增减了段落，不是文字更正"]
    reasons = []
    for number, (left, right) in enumerate(zip(before, after, strict=True), 1):
        if _frame(left) != _frame(right):
            reasons.append(f"第{number}段的来源、意见点、表格或图片有改动，不是文字更正")
        pairs += _words(f"第{number}段", left, right)
    return [pair for pair in pairs if pair[1] != pair[2]], reasons


def _words(place: str, left: Block, right: Block) -> list[tuple[str, str, str]]:
    """A table's words cell by cell: what moves to another column means another thing."""
    if not left.rows or _frame(left) != _frame(right):
        return [(place, left.plain, right.plain)]
    both = zip(left.rows, right.rows, strict=True)
    return [(place, was, now) for before, after in both for was, now in zip(before, after, strict=True)]


def _frame(block: Block) -> tuple[object, ...]:
    shape = tuple(tuple(bool(cell) for cell in row) for row in block.rows)
    return block.kind, block.unit, block.round, block.points, block.file, shape


def _meaning(place: str, before: str, after: str) -> list[str]:
    left, right = QUANTITY.findall(before), QUANTITY.findall(after)
    reasons = []
    if left != right:
        was, now = _differ(left, right)
        reasons.append(f"{place}：数量、日期不能作文字更正（“{was}”改为“{now}”）")
    for what, words in WORDS.items():
        left, right = words.findall(_plain(before)), words.findall(_plain(after))
        if left != right:
            reasons.append(f"{place}：{what}不能作文字更正（{_signs(left, right)}）")
    return reasons


def _plain(text: str) -> str:
    return text.replace("需", "须")  # 必需、必须 are mixed up, and mean the same here


def _differ(left: list[str], right: list[str]) -> tuple[str, str]:
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        if tag != "equal":
            return "、".join(left[i1:i2]) or "无", "、".join(right[j1:j2]) or "无"
    return "", ""


def _signs(left: list[str], right: list[str]) -> str:
    was, now = _differ(left, right)
    if was == "无":
        return f"增加了“{now}”"
    return f"删去了“{was}”" if now == "无" else f"“{was}”改为“{now}”"


def _slips(place: str, before: str, after: str) -> list[Slip]:
    found = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return [Slip(place, before[i1:i2], after[j1:j2]) for tag, i1, i2, j1, j2 in found if tag != "equal"]


def _length(slips: list[Slip]) -> list[str]:
    reasons = []
    for one in slips:
        if one.size > (PLACE if one.old and one.new else ADDED):
            reasons.append(f"{one}：一处改动过多，不是文字更正")
    if (total := sum(one.size for one in slips)) > MOST:
        reasons.append(f"共改动{total}个字，文字更正不超过{MOST}个字")
    return reasons
