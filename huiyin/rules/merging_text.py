"""合并两人的改动：three texts, paragraph by paragraph — what both began from, mine and theirs — become one.

A paragraph that only one side touched is taken from that side. Where both touched the same place differently the result
keeps both, mine first, and says so: nobody's words are lost, and nobody's are chosen by the machine.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher

Lines = tuple[str, ...]


@dataclass(frozen=True)
class Conflict:
    """两人都改了的一处：as it was, as each has it."""

    base: Lines
    mine: Lines
    theirs: Lines


@dataclass(frozen=True)
class Merged:
    """合并后的文字 and the places where both had changed the same."""

    text: str
    conflicts: tuple[Conflict, ...] = ()


@dataclass(frozen=True)
class Edit:
    """base[start:end] became `lines`; an insertion has start == end."""

    start: int
    end: int
    lines: Lines


def merge(base: str, mine: str, theirs: str) -> Merged:
    """三方合并. merge(b, m, b) is m; merge(b, b, t) is t; swapping the sides swaps the conflicts and nothing else."""
    before = base.splitlines()
    ours, others = _edits(before, mine.splitlines()), _edits(before, theirs.splitlines())
    result: list[str] = []
    conflicts: list[Conflict] = []
    at = 0
    for start, end, left, right in _places(ours, others):
        result += before[at:start]
        here, there = _apply(before, start, end, left), _apply(before, start, end, right)
        if not right or not left or here == there:
            result += here if left else there
        else:
            conflicts.append(Conflict(tuple(before[start:end]), here, there))
            result += _both(here, there)
        at = end
    merged = [*result, *before[at:]]
    if (Counter(mine.splitlines()) & Counter(theirs.splitlines())) - Counter(merged):
        # Of paragraphs that are alike each left out another one: what both still have would be gone.
        whole = Conflict(tuple(before), tuple(mine.splitlines()), tuple(theirs.splitlines()))
        return Merged("\n".join(_both(whole.mine, whole.theirs)), (whole,))
    return Merged("\n".join(merged), tuple(conflicts))


def _edits(before: list[str], after: list[str]) -> list[Edit]:
    found = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if (
            tag == "replace" and i2 - i1 == j2 - j1
        ):  # paragraph for paragraph, so that a neighbour's edit is no conflict
            found += [Edit(i1 + n, i1 + n + 1, (after[j1 + n],)) for n in range(i2 - i1)]
        elif tag != "equal":
            found.append(Edit(i1, i2, tuple(after[j1:j2])))
    return found


def _meet(one: Edit, start: int, end: int) -> bool:
    """Do they touch the same paragraphs, or insert at the same place?"""
    if one.start == one.end or start == end:
        return start < one.start < end or one.start < start < one.end or (one.start, one.end) == (start, end)
    return one.start < end and start < one.end


def _places(ours: list[Edit], others: list[Edit]) -> Iterable[tuple[int, int, list[Edit], list[Edit]]]:
    """（从, 到, 我的改动, 对方的改动）in order; edits of both that meet are one place."""
    waiting = sorted([*((e, 0) for e in ours), *((e, 1) for e in others)], key=lambda pair: _order(pair[0]))
    while waiting:
        first, side = waiting.pop(0)
        start, end, sides = first.start, first.end, ([], [])  # type: tuple[int, int, tuple[list[Edit], list[Edit]]]
        sides[side].append(first)
        while met := next((pair for pair in waiting if _meet(pair[0], start, end)), None):
            waiting.remove(met)
            sides[met[1]].append(met[0])
            start, end = min(start, met[0].start), max(end, met[0].end)
        yield start, end, *sides


def _order(edit: Edit) -> tuple[int, int]:
    return edit.start, edit.end  # an insertion stands before what is changed after it


def _apply(before: list[str], start: int, end: int, edits: list[Edit]) -> Lines:
    lines: list[str] = []
    at = start
    for edit in sorted(edits, key=_order):
        lines += [*before[at : edit.start], *edit.lines]
        at = edit.end
    return (*lines, *before[at:end])


def _both(mine: Lines, theirs: Lines) -> list[str]:
    """Both, mine first; a paragraph that both have the same stands once."""
    result: list[str] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, mine, theirs, autojunk=False).get_opcodes():
        result += mine[i1:i2] if tag == "equal" else (*mine[i1:i2], *theirs[j1:j2])
    return result
