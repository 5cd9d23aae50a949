"""标题回行 (GB/T 9704 §7.3.1): 词意完整、排列对称、长短适宜."""

import re
import unicodedata
from functools import lru_cache

LINE = 18  # full-width characters of a title line
LEAST = 3  # characters a line has at least
EXTRA_LINE, ODD_BREAK, INSIDE_NAME = 20.0, 60.0, 30.0  # what they cost, in squares of characters off balance
AFTER = re.compile(r"(?:会议|[的和与及、，：》”])$")
BEFORE = re.compile(r"关于|第\d|[《“]")
NEVER_FIRST, NEVER_LAST = "的和与及》”）〕、，：。；！？的号", "《“（〔第"
WHOLE = re.compile(
    r"[（〔][^（〕）]{1,12}[）〕]|第?[\d〇一二三四五六七八九十百]+[号届次年月日条期项件]?|[\dA-Za-z.\-]+|"
    r"关于|做好|协调|推进|推动|加快|加强|支持|解决|落实|建立|完善|人大|政协|会议|代表|委员|建议|提案|答复|再次|协办|意见|"
    r"办理|工作|总结|通知|责任|分工|情况|赣州|江西|自然|资源|人民|政府|国土|空间|规划|建设|项目|用地|保障|指标|保护|改造|"
    r"生态|红线|传统|村落|行政|审批|中心|城区|发展|改革|管理|治理|方案|政策|服务|公园|道路|交通|产业|示范|农村|乡村|土地"
)


def ems(text: str) -> float:
    """字宽：full-width characters count one, the others half."""
    return sum(1.0 if unicodedata.east_asian_width(one) in "WFA" else 0.5 for one in text)


def broken(text: str, width: int = LINE) -> list[str]:
    """标题回行：the fewest, most even lines that break where the words do; never inside a number, never before
    的 or a closing mark, never leaving one or two characters alone."""
    if ems(text) <= width:
        return [text]
    fewest = -int(-ems(text) // width)
    found = [_lines(text, count, width) for count in range(fewest, fewest + 3)]
    cost, _, cuts = min((cost + EXTRA_LINE * more, more, cuts) for more, (cost, cuts) in enumerate(found))
    if cost == float("inf"):
        cuts = _anywhere(text, width)
    return [text[start:end] for start, end in zip((0, *cuts), (*cuts, len(text)), strict=True)]


def _lines(text: str, count: int, width: int) -> tuple[float, tuple[int, ...]]:
    """(cost, cuts) of the best way to break into `count` lines."""
    even, inside = ems(text) / count, _inside_words(text)

    @lru_cache(None)
    def best(start: int, left: int) -> tuple[float, tuple[int, ...]]:
        if left == 1:
            return _line_cost(text[start:], even, width), ()
        found: list[tuple[float, tuple[int, ...]]] = [(float("inf"), ())]
        for end in range(start + LEAST, len(text) - LEAST + 1):
            cost = _line_cost(text[start:end], even, width)
            if cost == float("inf"):
                break
            rest, cuts = best(end, left - 1)
            found.append((cost + _break_cost(text, end, inside) + rest, (end, *cuts)))
        return min(found)

    return best(0, count)


def _line_cost(line: str, even: float, width: int) -> float:
    return (ems(line) - even) ** 2 if len(line) >= LEAST and ems(line) <= width else float("inf")


def _break_cost(text: str, place: int, inside: frozenset[int]) -> float:
    before, after = text[:place], text[place:]
    if place in inside or after[0] in NEVER_FIRST or before[-1] in NEVER_LAST:
        return float("inf")
    named = INSIDE_NAME if before.count("《") > before.count("》") else 0.0
    return named + (0.0 if AFTER.search(before) or BEFORE.match(after) else ODD_BREAK)


def _inside_words(text: str) -> frozenset[int]:
    """Places inside a number or a word."""
    return frozenset(place for word in WHOLE.finditer(text) for place in range(word.start() + 1, word.end()))


def _anywhere(text: str, width: int) -> tuple[int, ...]:
    """Cuts of a text that has no place to break, such as a very long number: full lines."""
    start, cuts = 0, list[int]()
    for place in range(1, len(text)):
        if ems(text[start : place + 1]) > width:
            cuts.append(place)
            start = place
    return tuple(cuts)
