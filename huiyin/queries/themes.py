"""代表关心什么 (S27)：words that come again in the titles, of this year beside the earlier years.

No dictionary and no learning: a title loses its set phrases, what is left is cut at joining words, and every run of two to
six characters is counted once a title. A run that is always followed by the same character is only the beginning of a
word; of runs that overlap the weightiest stays (in more titles; even in length, as words are; at the beginning of a
phrase). What the page shows can be counted again by hand: the titles that hold the word.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SET = (
    "关于", "进一步", "加强", "加快", "推进", "推动", "促进", "完善", "强化", "优化", "提升", "提高", "深化", "规范", "支持", "解决", "落实", "切实",
    "协调", "统筹", "加大", "力度", "健全", "建立", "机制", "实施", "开展", "做好", "尽快", "有关", "问题", "工作", "建议", "提案", "我市", "我区",
    "我县", "全市", "全面", "积极", "大力", "建设", "保障", "项目", "办理", "处理", "妥善", "推行", "利用", "保护", "的", "和", "与", "及", "等", "在", "对",
    "将", "把", "请求", "要求", "给予",
)  # fmt: skip
_CUT = re.compile("|".join(sorted(SET, key=len, reverse=True)) + r"|[^一-龥]+")
SHORTEST, LONGEST, LEAST = 2, 6, 3
MOST_TITLES = 5000
EVEN = {2: 1.0, 3: 0.9, 4: 1.3, 5: 1.1, 6: 1.4}  # weight of a length


@dataclass(frozen=True)
class Theme:
    """一个词：titles of this year that hold it, and of the earlier years."""

    word: str
    now: int
    before: int


def themes(now: Iterable[str], before: Iterable[str], most: int = 12) -> list[Theme]:
    """反复出现的词 of at least three titles, of this year's most titles first."""
    titles, earlier = list(now)[:MOST_TITLES], list(before)[:MOST_TITLES]
    words = _apart(_sizes([*titles, *earlier]))[:most]
    found = [
        Theme(word, sum(word in title for title in titles), sum(word in title for title in earlier))
        for word in words
    ]
    return sorted(found, key=lambda one: (-one.now, -one.before))


@dataclass
class _Run:
    titles: int = 0
    begins: int = 0  # of these, where it begins a phrase


def _sizes(titles: Iterable[str]) -> dict[str, _Run]:
    found = dict[str, _Run]()
    for title in titles:
        runs = dict[str, bool]()
        for run, begins in _runs(title):
            runs[run] = runs.get(run, False) or begins
        for run, begins in runs.items():
            one = found.setdefault(run, _Run())
            one.titles, one.begins = one.titles + 1, one.begins + begins
    return found


def _runs(title: str) -> Iterator[tuple[str, bool]]:
    for part in _CUT.split(title):
        for start in range(len(part) - SHORTEST + 1):
            for end in range(start + SHORTEST, min(start + LONGEST, len(part)) + 1):
                yield part[start:end], start == 0


def _apart(sizes: dict[str, _Run]) -> list[str]:
    """Whole words that share no stretch of two characters, the weightiest first."""
    frequent = {run: one for run, one in sizes.items() if one.titles >= LEAST}
    begun = {
        run[:-1]
        for run, one in frequent.items()
        if run[:-1] in frequent and frequent[run[:-1]].titles == one.titles
    }
    kept, taken = list[str](), set[str]()
    weights = {
        run: one.titles * EVEN[len(run)] * (1 + one.begins / one.titles / 2)
        for run, one in frequent.items()
        if run not in begun
    }
    for run in sorted(weights, key=lambda one: (-weights[one], one)):
        pairs = {run[place : place + 2] for place in range(len(run) - 1)}
        if not pairs & taken:
            kept.append(run)
            taken |= pairs
    return kept
