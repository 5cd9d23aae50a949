"""稿本对比：changed paragraphs of two texts, marked character by character."""

from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True)
class Run:
    """一段字：kept, deleted or inserted."""

    kind: str  # keep del ins
    text: str


def paragraphs(old: str, new: str) -> list[list[Run]]:
    """The paragraphs that changed, each as runs; unchanged ones are left out."""
    before, after = old.splitlines(), new.splitlines()
    found: list[list[Run]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        pairs = max(i2 - i1, j2 - j1)
        for step in range(pairs):
            left = before[i1 + step] if i1 + step < i2 else ""
            right = after[j1 + step] if j1 + step < j2 else ""
            found.append(runs(left, right))
    return found


def runs(old: str, new: str) -> list[Run]:
    """字的增删 between two paragraphs."""
    found: list[Run] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            found.append(Run("keep", old[i1:i2]))
            continue
        if i2 > i1:
            found.append(Run("del", old[i1:i2]))
        if j2 > j1:
            found.append(Run("ins", new[j1:j2]))
    return found
