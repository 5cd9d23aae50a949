"""文中的数字：figures that stand in a text at known places: filled in, carried through edits, brought up to date.

A figure is written `⟦key⟧` while the text is made; afterwards it is words like any others, and an `Anchor` says where they
stand. After an edit each anchor is looked for again: where its words still stand it stays; where the writer put others in
their place they are his own.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

HOLDER = re.compile(r"⟦([^⟦⟧\n]{1,80})⟧")
TOKEN = re.compile(r"\d[\d,.]*[%％]?|[A-Za-z]+|.", re.DOTALL)
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?[%％]?")
UNIT = re.compile(r"件次|[件次份项个天名]")
LINE = re.compile(r"[^\n]*\n|[^\n]+")
AROUND = 8  # so many characters on each side are looked at to know a place again
MANY = 4000  # tokens
KNOWN = 3  # and so many of them must be the same


@dataclass(frozen=True)
class Anchor:
    """一个数字在文中的位置: text[start:end] == value. `own`: the writer's words in the figure's place."""

    start: int
    end: int
    key: str
    value: str
    own: bool = False

    def row(self) -> list[int | str]:
        """As it is stored: [start, end, key, value], and "own"."""
        return [self.start, self.end, self.key, self.value, *(["own"] if self.own else [])]

    def at(self, start: int) -> "Anchor":
        return replace(self, start=start, end=start + len(self.value))


@dataclass(frozen=True)
class Change:
    """一处改动: a figure's words as they were and as they are; `now` empty where they are gone."""

    key: str
    was: str
    now: str
    unit: str = ""


def anchors_of(rows: Iterable[Sequence[int | str]]) -> list[Anchor]:
    """The anchors as stored."""
    return [Anchor(int(one[0]), int(one[1]), str(one[2]), str(one[3]), len(one) > 4) for one in rows]


def keys_in(lines: Iterable[str]) -> list[str]:
    """The figures a text asks for, each once."""
    return list(dict.fromkeys(key for line in lines for key in HOLDER.findall(line)))


def fill(text: str, value_of: Callable[[str], str | None]) -> tuple[str, list[Anchor]]:
    """⟦key⟧ by its value; a key without one stays as it was typed, for it may be somebody's words."""
    parts: list[str] = []
    found: list[Anchor] = []
    length = last = 0
    for holder in HOLDER.finditer(text):
        value = value_of(holder[1])
        if not value:
            continue
        parts += [text[last : holder.start()], value]
        length += len(parts[-2])
        found.append(Anchor(length, length + len(value), holder[1], value))
        length, last = length + len(value), holder.end()
    return "".join([*parts, text[last:]]), found


def renew(
    text: str, anchors: Iterable[Anchor], value_of: Callable[[str], str | None]
) -> tuple[str, list[Anchor], list[Change]]:
    """按现在的数更新: every anchored figure gets its present value; the writer's own words stay."""
    parts: list[str] = []
    found: list[Anchor] = []
    changes: list[Change] = []
    length = last = 0
    for one in sorted(anchors, key=lambda each: each.start):
        value = one.value if one.own else value_of(one.key) or one.value
        parts += [text[last : one.start], value]
        length += len(parts[-2])
        found.append(replace(one, value=value).at(length))
        if value != one.value:
            changes.append(Change(one.key, one.value, value, unit_after(text, one.end)))
        length, last = length + len(value), one.end
    return "".join([*parts, text[last:]]), found, changes


def paragraphs(text: str, anchors: Iterable[Anchor]) -> Iterator[list[str | Anchor]]:
    """各段, each as the words and the figures it is made of."""
    left = sorted(anchors, key=lambda one: one.start)
    start = 0
    for line in text.split("\n"):
        end, at = start + len(line), start
        pieces: list[str | Anchor] = []
        while left and left[0].end <= end:
            one = left.pop(0)
            pieces += [text[at : one.start], one]
            at = one.end
        yield [piece for piece in [*pieces, text[at:end]] if piece]
        start = end + 1


def unit_after(text: str, end: int) -> str:
    """The measure word behind a figure."""
    found = UNIT.match(text, end)
    return found.group() if found else ""


def whole(text: str, start: int, end: int) -> bool:
    """Do these words stand for themselves, not inside a longer number?"""
    if text[start].isdigit() and re.search(r"\d[.,]?$", text[max(0, start - 2) : start]):
        return False
    return not (text[end - 1].isdigit() and re.match(r"[.,]?\d|[%％]", text[end : end + 2]))


def carry(old: str, anchors: Iterable[Anchor], new: str) -> tuple[list[Anchor], list[Change]]:
    """改后重新定位：the anchors that still stand (the writer's own words among them), and what became of the others."""
    ordered = sorted(anchors, key=lambda one: one.start)
    ops = _aligned(old, ordered, new)
    places: dict[int, int] = {}
    _put(ordered, places, lambda one: _kept(one, (ops[0], ops[-1]), new))
    _put(ordered, places, lambda one: _moved(old, one, new))
    _put(ordered, places, lambda one: _kept(one, ops, new))
    _known_again(old, ordered, new, places)
    kept = {n: ordered[n].at(start) for n, start in places.items()}
    changes = []
    for n, one in enumerate(ordered):
        if n in kept:
            continue
        put = _instead(old, one, ops, new, kept.values())
        if put:
            kept[n] = put
        changes.append(Change(one.key, one.value, put.value if put else "", unit_after(old, one.end)))
    return sorted(kept.values(), key=lambda one: one.start), changes


@dataclass(frozen=True)
class _Op:
    """old[i1:i2] became new[j1:j2]; `same` when nothing changed."""

    i1: int
    i2: int
    j1: int
    j2: int
    same: bool


def _aligned(old: str, anchors: Sequence[Anchor], new: str) -> list[_Op]:
    """What is the same at both ends, and token by token what lies between."""
    head, tail = _ends(old, anchors, new)
    i2, j2 = len(old) - tail, len(new) - tail
    return [
        _Op(0, head, 0, head, True),
        *_between(old[head:i2], new[head:j2], head, head),
        _Op(i2, len(old), j2, len(new), True),
    ]


def _ends(old: str, anchors: Sequence[Anchor], new: str) -> tuple[int, int]:
    """How much is the same from the front and from the back; where both would reach over each other, the share that
    keeps most anchors. No anchor is cut, and none is kept whose number grew."""
    shorter = min(len(old), len(new))
    front = next((n for n in range(shorter) if old[n] != new[n]), shorter)
    back = next((n for n in range(shorter) if old[-1 - n] != new[-1 - n]), shorter)
    choices = {front}
    if front + back > shorter:
        low = shorter - back
        choices |= {low, *(one.end for one in anchors if low <= one.end <= front)}
    best = (-1, 0, 0)
    for head in choices:
        tail = min(back, shorter - head)
        fitted = _fitted(old, anchors, new, head, tail)
        size = sum(one.end <= fitted[0] or one.start >= len(old) - fitted[1] for one in anchors)
        best = max(best, (size, *fitted))
    return best[1], best[2]


def _fitted(old: str, anchors: Sequence[Anchor], new: str, head: int, tail: int) -> tuple[int, int]:
    shift = len(new) - len(old)
    for one in reversed(anchors):
        if one.start < head and (one.end > head or not whole(new, one.start, one.end)):
            head = one.start
    for one in anchors:
        start = len(old) - tail
        if one.end > start and (one.start < start or not whole(new, one.start + shift, one.end + shift)):
            tail = len(old) - one.end
    return head, tail


def _between(old: str, new: str, i: int, j: int) -> Iterator[_Op]:
    """Lines first, then the tokens of those that changed."""
    before, after = LINE.findall(old), LINE.findall(new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        left, right = "".join(before[i1:i2]), "".join(after[j1:j2])
        if tag == "equal":
            yield _Op(i, i + len(left), j, j + len(right), True)
        elif i2 - i1 == j2 - j1:  # as many lines as before: each became the one in its place
            at, to = i, j
            for one, other in zip(before[i1:i2], after[j1:j2], strict=True):
                yield from _tokens(one, other, at, to)
                at, to = at + len(one), to + len(other)
        else:
            yield from _tokens(left, right, i, j)
        i, j = i + len(left), j + len(right)


def _tokens(old: str, new: str, i: int, j: int) -> Iterator[_Op]:
    before, after = TOKEN.findall(old), TOKEN.findall(new)
    many = len(before) + len(after) > MANY  # then what is frequent is no landmark, or it would take minutes
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, before, after, autojunk=many).get_opcodes():
        left, right = sum(map(len, before[i1:i2])), sum(map(len, after[j1:j2]))
        yield _Op(i, i + left, j, j + right, tag == "equal")
        i, j = i + left, j + right


def _kept(one: Anchor, ops: Iterable[_Op], new: str) -> int | None:
    for op in ops:
        if op.same and op.i1 <= one.start and one.end <= op.i2:
            start = one.start - op.i1 + op.j1
            return start if whole(new, start, start + len(one.value)) else None
    return None


def _put(anchors: Sequence[Anchor], places: dict[int, int], find: Callable[[Anchor], int | None]) -> None:
    """Where `find` knows a place for one that has none yet, and nobody stands there."""
    for n, one in enumerate(anchors):
        start = None if n in places else find(one)
        if start is not None and all(
            start + len(one.value) <= place or place + len(anchors[m].value) <= start
            for m, place in places.items()
        ):
            places[n] = start


def _moved(old: str, one: Anchor, new: str) -> int | None:
    """A paragraph that was moved whole takes its figures along, where there is only one such."""
    first = old.rfind("\n", 0, one.start) + 1
    last = old.find("\n", one.end)
    line = f"\n{old[first : last if last >= 0 else len(old)]}\n"
    before, after = f"\n{old}\n", f"\n{new}\n"
    at = after.find(line)
    if at < 0 or after.find(line, at + 1) >= 0 or before.find(line) != before.rfind(line):
        return None
    return at + one.start - first


def _known_again(old: str, anchors: Sequence[Anchor], new: str, places: dict[int, int]) -> None:
    """One whose words still stand between its neighbours, with enough of what stood around them."""
    for n, one in enumerate(anchors):
        if n in places:
            continue
        low = max((places[m] + len(anchors[m].value) for m in places if m < n), default=0)
        high = min((places[m] for m in places if m > n), default=len(new))
        best = (KNOWN - 1, -1)
        for found in re.finditer(re.escape(one.value), new[low:high]):
            start = low + found.start()
            if whole(new, start, start + len(one.value)):
                best = max(best, (_alike(old, one, new, start), start))
        if best[1] >= 0:
            places[n] = best[1]


def _alike(old: str, one: Anchor, new: str, start: int) -> int:
    """How many characters on both sides are the same."""
    found = 0
    end = start + len(one.value)
    for left, right in (
        (old[max(0, one.start - AROUND) : one.start][::-1], new[max(0, start - AROUND) : start][::-1]),
        (old[one.end : one.end + AROUND], new[end : end + AROUND]),
    ):
        for a, b in zip(left, right, strict=False):
            if a != b:
                break
            found += 1
    return found


def _instead(old: str, one: Anchor, ops: Iterable[_Op], new: str, kept: Iterable[Anchor]) -> Anchor | None:
    """The number the writer put in a number's place."""
    if not NUMBER.search(one.value):
        return None
    for op in ops:
        if not op.same and op.i1 <= one.start < op.i2:
            numbers = [found.start() + op.i1 for found in NUMBER.finditer(old[op.i1 : op.i2])]
            place = sum(start < one.start for start in numbers)
            put = list(NUMBER.finditer(new[op.j1 : op.j2]))
            if place < len(put):
                start, end = put[place].start() + op.j1, put[place].end() + op.j1
                free = all(end <= each.start or each.end <= start for each in kept)
                if free and whole(new, start, end) and new[start:end] != one.value:
                    return Anchor(start, end, one.key, new[start:end], own=True)
    return None
