"""稿本对比：two texts, paragraph beside paragraph, with the words deleted and inserted marked."""

import re
from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

TOKEN = re.compile(
    r"\d[\d,.%％]*|[A-Za-z]+|.", re.DOTALL
)  # a figure is one thing: 312亩 to 321亩 is not one digit
ALIKE = 0.35  # below, two paragraphs are not the same one changed
SHORT = 2  # so few kept characters between two changes are no rest for the eye: they count as changed


@dataclass(frozen=True)
class Run:
    """一段字：kept, deleted or inserted."""

    kind: str  # keep del ins
    text: str


@dataclass(frozen=True)
class Pair:
    """对照的一行：a paragraph as it was and as it is; one of them empty when it was taken out or is new."""

    left: tuple[Run, ...]
    right: tuple[Run, ...]
    changed: bool


def paragraphs(old: str, new: str) -> list[list[Run]]:
    """The paragraphs that changed, each as runs; unchanged ones are left out."""
    return [runs(left, right) for left, right in pairs(old.splitlines(), new.splitlines()) if left != right]


def side_by_side(old: str, new: str) -> list[Pair]:
    """左右对照, all paragraphs: on the left what was deleted is marked, on the right what is new."""
    found = []
    for left, right in pairs(old.splitlines(), new.splitlines()):
        both = runs(left, right)
        found.append(
            Pair(
                tuple(one for one in both if one.kind != "ins"),
                tuple(one for one in both if one.kind != "del"),
                left != right,
            )
        )
    return found


def runs(old: str, new: str) -> list[Run]:
    """字的增删 between two paragraphs, in runs long enough to read."""
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    found: list[Run] = []
    gone, come = "", ""
    opcodes = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    for n, (tag, i1, i2, j1, j2) in enumerate(opcodes):
        left, right = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag != "equal" or (0 < n < len(opcodes) - 1 and len(left) < SHORT):
            gone, come = gone + left, come + right
            continue
        found += [*_change(gone, come), Run("keep", left)]
        gone = come = ""
    return [*found, *_change(gone, come)]


def _change(gone: str, come: str) -> list[Run]:
    return [Run(kind, text) for kind, text in (("del", gone), ("ins", come)) if text]


def pairs(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """Which paragraph became which; "" beside one that has no partner."""
    found: list[tuple[str, str]] = []
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            found += zip(before[i1:i2], after[j1:j2], strict=True)
        else:
            found += _matched(before[i1:i2], after[j1:j2])
    return found


def _matched(before: list[str], after: list[str]) -> list[tuple[str, str]]:
    """In order, so that together they are most alike (the longest common subsequence, weighed by likeness)."""
    best: list[list[float]] = [[0.0] * (len(after) + 1) for _ in range(len(before) + 1)]
    marks_of = [_bigrams(one) for one in before], [_bigrams(one) for one in after]
    like = [[_likeness(a, b) for b in marks_of[1]] for a in marks_of[0]]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            pair = best[i + 1][j + 1] + like[i][j] if like[i][j] >= ALIKE else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    found, i, j = [], 0, 0
    while i < len(before) and j < len(after):
        if like[i][j] >= ALIKE and best[i][j] == best[i + 1][j + 1] + like[i][j]:
            found.append((before[i], after[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            found.append((before[i], ""))
            i += 1
        else:
            found.append(("", after[j]))
            j += 1
    return [*found, *((one, "") for one in before[i:]), *(("", one) for one in after[j:])]


def _bigrams(text: str) -> Counter[str]:
    return Counter(text[n : n + 2] for n in range(max(1, len(text) - 1)))


def _likeness(one: Counter[str], other: Counter[str]) -> float:
    """Dice 系数, 0 to 1."""
    total = one.total() + other.total()
    return 2 * (one & other).total() / total if total else 0.0
