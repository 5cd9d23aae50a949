"""量：quantities with their units in a text (10.34公顷, 3.2公里, 1200万元), and the sentences that tell what was done."""

import re
from dataclasses import dataclass

UNITS = (
    "平方公里|平方千米|平方米|立方米|公里|千米|公顷|亩|亿元|万元|元|米|吨|千瓦时|千瓦|兆瓦|户|栋|宗|座|处|套|个车位|"
    "人次|人(?![大民员才行均])"
)  # fmt: skip
QUANTITY = re.compile(
    rf"(?<![\d.,第〔\[（(—-])(?P<number>\d+(?:,\d{{3}})*(?:\.\d+)?)(?P<much>余|多)?\s?(?P<scale>[万亿]?)(?P<unit>{UNITS})(?![号条])"
)
SENTENCE = re.compile(r"[^。；！？\n]+[。；！？]?")
DONE = re.compile(r"已|完成|建成|批准|批复|调出|纳入|开通|落实|拨付|供地|争取|协调|解决|印发|启动")
NOT_A_MEASURE = re.compile(
    r"您|你们|^(?:这|上述|如果|该|为此)|收悉|答复如下|感谢|联系人|联系电话|欢迎|不足之处|恳请|附件"
)
ROOM = 170  # characters of measures quoted of one reply


@dataclass(frozen=True)
class Quantity:
    """一个量, where it stands, and its words without the space some put in."""

    start: int
    end: int
    words: str


def quantities(text: str) -> list[Quantity]:
    """文中的量, in order. Numbers of items and articles, years and dates are none."""
    return [
        Quantity(one.start(), one.end(), re.sub(r"\s", "", one.group())) for one in QUANTITY.finditer(text)
    ]


def measures(body: str, room: int = ROOM) -> list[str]:
    """答复里的办理举措: its own sentences that tell most of what was done, in their order, within `room` characters."""
    sentences = [
        one.strip()
        for line in body.splitlines()
        if "。" in line or "；" in line  # a heading is no sentence
        for one in SENTENCE.findall(line)
    ]
    told = [
        one for one in dict.fromkeys(sentences) if 12 <= len(one) <= room and not NOT_A_MEASURE.search(one)
    ]
    ranked = sorted(told, key=lambda one: (-_weight(one), told.index(one)))
    chosen: list[str] = []
    for one in ranked:
        if _weight(one) and sum(map(len, chosen)) + len(one) <= room:
            chosen.append(one)
    return [_ended(one) for one in told if one in chosen]


def _weight(sentence: str) -> int:
    return 3 * min(2, len(quantities(sentence))) + min(3, len(DONE.findall(sentence)))


def _ended(sentence: str) -> str:
    """A sentence ends in 。; its numbering (一是, （1）) is left out."""
    words = re.sub(r"^(?:[一二三四五六]是|[（(]?\d{1,2}[）).、])", "", sentence)
    return words.rstrip("。；！？，、") + "。"
