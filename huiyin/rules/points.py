"""意见点的提取 (R3): which demands a suggestion's text makes, read by rule and proposed to a person, who edits them.

Read in this order: the numbered list under the part that asks (建议、对策、诉求 …), else the clauses of that part, else the
sentences that ask. Parts that tell the background (案由、现状、问题 …) and lists led in by them are passed over. A point is
always the deputy's own words: a piece of the text, nothing added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from huiyin.rules.text import ANSWERS, MARK

MOST = 30
LONG = 100  # a longer item is proposed by its first sentence
SHORT = 5

DIGITS = "一二三四五六七八九十"
CN = rf"[{DIGITS}]{{1,3}}"
AT_START = r"(?:^|(?<=[\s。；;：:！!？?）)]))"
IN_SENTENCE = r"(?:^|(?<=[\s。；;：:！!？?，,、）)]))"
FAMILIES = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        rf"{AT_START}(?P<n>{CN})[、.．](?!\s*[{DIGITS}]、)",
        rf"{AT_START}[（(](?P<n>{CN})[）)][、.．]?",
        rf"{AT_START}(?P<n>\d{{1,2}})\s*[.．、](?!\d)",
        rf"{AT_START}(?:[（(](?P<n>\d{{1,2}})[）)]|(?P<m>\d{{1,2}})[）)])[、.．]?",
        rf"{IN_SENTENCE}(?P<n>[①-⑳])",
        rf"{IN_SENTENCE}(?P<n>{CN})(?:是|要(?!素|点|件))",
        rf"{IN_SENTENCE}第(?P<n>{CN})(?:[，,、：:]|是)",
        rf"{IN_SENTENCE}(?P<n>首先|其次|再次|再者|最后)[，,、：:]?",
        rf"{AT_START}建议(?P<n>{CN}|\d{{1,2}})[：:、.．]",
    )
)
NUMBERED = re.compile(rf"^\s*(?:{CN}、|[（(]{CN}[）)]|\d{{1,2}}[.．、](?!\d))\s*")
BRACKETS = re.compile(r"^[【\[]\s*([^】\]]{1,12})[】\]]")

BACKGROUND = re.compile(
    r"(?:案由|案据|背景|现状|问题|原因|理由|依据|分析|困难|必要性|可行性|重要性|紧迫性|意义|情况|不足|短板|瓶颈|成效|案例)"
    r"(?:的提出|和原因|及原因|如下|分析)?$"
)
MENDS = re.compile(r"解决|破解|化解|消除|补齐|突破|改善|改变|研究|关于|建议|摸清")
ASKS = re.compile(
    r"(?:具体|意见|工作|对策|几点|相关|有关|主要|我的|我们的|以下|如下|措施|和|与|及|的)*"
    r"(?:建议|对策|方案|诉求|请求|办法)(?:如下|措施|内容|事项|和意见|及措施)?"
)
CUE = re.compile(r"(?:建议|希望|恳请|请求|诉求|对策)[^。；;：:！？\n]{0,16}[：:]")
LEADS_TO_PROBLEMS = re.compile(r"问题|原因|困难|不足|短板|表现|体现|制约|瓶颈|矛盾|隐患|主要有|理由")
LEADS_TO_DEMANDS = re.compile(r"建议|希望|恳请|请求|诉求|对策|措施")
WANTS = re.compile(r"建议|希望|恳请|应当|请求|呼吁|盼望?")
NOT_A_DEMAND = re.compile(
    r"以上(?:建议|意见|几点)|本建议|该建议|此建议|上述建议|提出(?:了)?[^，。]{0,8}建议(?:，|$)|收悉|感谢|妥否|请予(?:考虑|采纳|研究)|敬请"
)
OPENING = re.compile(
    r"^(?:(?:为此|因此|鉴于此|据此|对此|综上|基于此|故|特)[，,、]?)?(?:我们|我|本人|笔者)?(?:特此|特|再次)?(?:建议|恳请|希望|请求|提出)(?:[：:，,]|(?!的|书|权|稿))"
)
ENDING = re.compile(
    r"^\s*(?:以上(?:建议|意见|几点)|妥否|此致|敬礼|特此|附[件：:]|(?:领衔|联名|提出|提案|建议)人[：:]|(?:领衔|联名)代表[：:]|联系(?:人|电话)[：:])",
    re.MULTILINE,
)
SENTENCE = re.compile(r"[^。；;！!？?\n]+")
EDGES = " \t\r\n\u3000。；;，,、：:．."


def proposed(text: str) -> list[str]:
    """代表提出的各项意见, in their order, each a piece of the text; [] where it asks for nothing that a rule can see."""
    ending = ENDING.search(text)
    text = text[: ending.start()] if ending and ending.start() else text
    part, asks = _asking(text)
    found = _listed(part) or (_clauses(part) if asks else []) or _wanted(part) or _wanted(text)
    return list(dict.fromkeys(found))[:MOST]


def renumbered(body: str, numbers: dict[int, int]) -> str:
    """正文里的【答n】 after the points were put in another order; a point no longer kept loses its marks."""
    return "\n".join(_renumbered(line, numbers) for line in body.split("\n"))


def _renumbered(line: str, numbers: dict[int, int]) -> str:
    mark = MARK.match(line)
    parts = mark["inside"].split("·") if mark else []
    answers = ANSWERS.match(parts[-1].strip()) if parts else None
    if mark is None or answers is None:
        return line
    kept = [str(numbers[int(one)]) for one in answers["points"].split("、") if int(one) in numbers]
    inside = "·".join([*parts[:-1], *([f"答{'、'.join(kept)}"] if kept else [])])
    return (f"【{inside}】" if inside else "") + line[mark.end() :]


# 文章的各部分


@dataclass
class _Section:
    """一个小标题下的内容. `body` includes what stands on the heading's own line after a colon."""

    title: str
    body: str
    line: str = ""

    @property
    def is_background(self) -> bool:
        return bool(BACKGROUND.search(self.title)) and not MENDS.search(self.title)

    @property
    def is_ask(self) -> bool:
        return bool(ASKS.fullmatch(self.title))


def _sections(text: str) -> list[_Section]:
    found = [_Section("", "")]
    for line in text.splitlines():
        title, rest = _heading(line)
        if title:
            found.append(_Section(title, rest, line.removesuffix(rest)))
        elif found[-1].is_background and (CUE.search(line) or OPENING.match(line.strip())):
            found.append(_Section("", line, "\n"))  # 为此，建议：the background ends without a heading
        else:
            found[-1].body += f"\n{line}"
    return found


def _heading(line: str) -> tuple[str, str]:
    """（小标题, 同一行后面的字）, ("", "") where the line is none."""
    numbered, stripped = NUMBERED.match(line), line.strip()
    bare = NUMBERED.sub("", line).strip()
    if bracketed := BRACKETS.match(stripped):
        return bracketed[1].strip(), stripped[bracketed.end() :].lstrip("：: ")
    title, colon, rest = _cut(bare)
    short = len(title) <= (24 if numbered else 14)
    one = _Section(title, "")
    if one.is_background and CUE.search(rest):  # 还有一层困难：……为此建议：
        return "", ""
    if not short or not (one.is_ask or one.is_background or (numbered and _names_a_suggestion(title))):
        return "", ""
    return (title, rest) if colon or not rest else ("", "")


def _names_a_suggestion(title: str) -> bool:
    return title.endswith(("建议", "对策", "诉求"))


def _cut(bare: str) -> tuple[str, str, str]:
    """A line at its first colon, or without the stop at its end."""
    place = re.search(r"[：:]", bare)
    if place:
        return bare[: place.start()].strip(), ":", bare[place.end() :].strip()
    return bare.rstrip("。. "), "", ""


def _asking(text: str) -> tuple[str, bool]:
    """（提要求的部分, 是不是写明的建议部分）."""
    sections = _sections(text)
    background = [one for one in sections if one.is_background]
    asks = [one for one in sections if one.is_ask]
    named = [one for one in sections if _names_a_suggestion(one.title) and not one.is_ask]
    if not asks and background and len(named) == 1:
        asks = named
    if asks:
        return "\n".join(one.body for one in asks), True
    rest = "\n".join(one.line + one.body for one in sections if not one.is_background)
    cue = CUE.search(rest)
    return (rest, False) if cue is None or _inside_list(rest, cue) else (rest[cue.end() :], True)


def _inside_list(text: str, cue: re.Match[str]) -> bool:
    """Is the cue a part of one item of a list that goes on after it?"""
    return any(
        not run.led_by(LEADS_TO_PROBLEMS) and run.marks[0].start() < cue.start() < run.marks[-1].start()
        for run in _runs(text)
    )


# 编号


@dataclass
class _Run:
    """一组连续编号：1. 2. 3.; `end` is where the next such list begins."""

    text: str
    marks: list[re.Match[str]]
    end: int

    def led_by(self, words: re.Pattern[str]) -> bool:
        """Does what stands before its first number speak of that?"""
        start = self.marks[0].start()
        return bool(words.search(re.split(r"[。！!？?]", self.text[max(0, start - 60) : start].rstrip())[-1]))

    def items(self) -> Iterator[str]:
        ends = [mark.start() for mark in self.marks[1:]] + [self.end]
        for mark, end in zip(self.marks, ends, strict=True):
            yield _first(self.text[mark.end() : end])


def _runs(text: str) -> list[_Run]:
    found: list[_Run] = []
    for family in FAMILIES:
        marks: list[re.Match[str]] = []
        lists = [marks]
        for mark in family.finditer(text):
            value = _value(next(one for one in mark.groups() if one), len(marks))
            if value == len(marks) + 1:
                marks.append(mark)
            elif value == 1:
                marks = [mark]
                lists.append(marks)
        starts = [one[0].start() for one in lists[1:]] + [len(text)]
        found += [_Run(text, one, end) for one, end in zip(lists, starts, strict=True) if len(one) > 1]
    return sorted(found, key=lambda one: one.marks[0].start())


def _value(number: str, so_far: int) -> int:
    """一 十二 ３ ⑤ 其次 → 1 12 3 5 2."""
    words = {"首先": 1, "其次": 2, "再次": 3, "再者": 3, "最后": max(so_far + 1, 2)}
    if number in words:
        return words[number]
    if number.isdecimal():
        return int(number)
    if number in "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳":
        return ord(number) - ord("①") + 1
    tens, ten, ones = number.rpartition("十")
    if not ten:
        return DIGITS.find(number) + 1
    return (DIGITS.find(tens) + 1 if tens else 1) * 10 + (DIGITS.find(ones) + 1 if ones else 0)


def _listed(part: str) -> list[str]:
    """各条：the outermost list that asks; one that tells the problems is no list of demands."""
    runs = [run for run in _runs(part) if run.led_by(LEADS_TO_DEMANDS) or not run.led_by(LEADS_TO_PROBLEMS)]
    first = next((run for run in runs if run.led_by(LEADS_TO_DEMANDS)), runs[0] if runs else None)
    if first is None:
        return []
    around = (run for run in runs if run.marks[0].start() < first.marks[0].start() < run.marks[-1].start())
    return [one for one in next(around, first).items() if len(one) > 1]


def _clauses(part: str) -> list[str]:
    """没有编号的建议部分：its paragraphs, or the clauses of its only one."""
    lines = [one.strip() for one in part.splitlines() if one.strip()]
    if len(lines) > 1:
        found = [_first(one) for one in lines]
    else:
        found = [_tidy(one) for line in lines for one in SENTENCE.findall(line)]
    return [one for one in found if len(one) >= SHORT and not NOT_A_DEMAND.search(one)]


def _wanted(text: str) -> list[str]:
    """有“建议、希望、恳请、应当”的句子."""
    found = [
        _tidy(one) for one in SENTENCE.findall(text) if WANTS.search(one) and not NOT_A_DEMAND.search(one)
    ]
    return [one for one in found if len(one) >= SHORT]


def _first(piece: str) -> str:
    """一条的第一段；where that is long, its first sentence."""
    line = next((one.strip() for one in piece.splitlines() if one.strip(EDGES)), "")
    if len(line) > LONG:
        line = next((one for one in SENTENCE.findall(line) if one.strip(EDGES)), "")
    return _tidy(line)


def _tidy(piece: str) -> str:
    """Without numbers' dots, stops and “为此，建议”; the words are left as they are."""
    piece = piece.strip(EDGES)
    opening = OPENING.match(piece)
    rest = piece[opening.end() :].strip(EDGES) if opening else ""
    return rest if len(rest) >= SHORT else piece
