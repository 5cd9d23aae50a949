"""公开前要删去的 (R48): telephones, identity numbers, addresses and the like in a text, found by rule and struck after a
person confirms. Found too much is one tick more; found too little is somebody's number on the internet: in doubt it is found.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from huiyin.rules.vocabulary import Term


class Private(Term):
    """个人信息的种类."""

    IDENTITY = "identity", "身份证号"
    PAPER = "paper", "证件号"
    TELEPHONE = "telephone", "电话"
    CARD = "card", "银行卡号"
    MAIL = "mail", "电子邮箱"
    ACCOUNT = "account", "微信、QQ号"
    PLATE = "plate", "车牌号"
    ADDRESS = "address", "住址"


@dataclass(frozen=True)
class Find:
    """一处：`text[start:end]`."""

    kind: Private
    start: int
    end: int
    text: str


HAN_DIGITS = str.maketrans("〇零一二三四五六七八九幺洞两", "00123456789102")
GAP = r"[\s\-–—－·.．。()（）]{0,2}"  # what people put between digits
NOT_IN_NUMBER = r"(?<![\dA-Za-z.〔])"
ENDS = r"(?![\dA-Za-z])(?!\.\d)(?!\s*[-—~]\s*\d{4}年)"
WORDS = r"(?:电话|手机|联系|座机|传真|热线|号码|致电|拨打|办公室电话|tel|phone|mobile|fax)"
EXTENSION = r"(?:\s*(?:转|分机|ext\.?|-)\s*\d{1,6})?"


def _digits(count: int, first: str = r"\d") -> str:
    """So many digits in a row, with gaps between them."""
    return first + rf"(?:{GAP}\d){{{count - 1}}}"


RULES: tuple[tuple[Private, re.Pattern[str]], ...] = (
    (Private.MAIL, re.compile(r"[\w.+-]+\s?(?:@|\(at\)|\[at\])\s?[\w-]+(?:\.[\w-]+)+", re.I)),
    (
        Private.ACCOUNT,
        re.compile(
            r"(?:微信|wechat|weixin|vx|qq|扣扣)(?:同?号码?)?\s*[:：为是]?\s*(?P<found>[A-Za-z\d][\w-]{4,19})",
            re.I,
        ),
    ),
    (Private.IDENTITY, re.compile(rf"{NOT_IN_NUMBER}{_digits(17, '[1-9]')}{GAP}[\dXx×]{ENDS}")),
    (
        Private.IDENTITY,
        re.compile(
            rf"{NOT_IN_NUMBER}[1-9]\d{{5}}{GAP}\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01]){GAP}\d{{3}}{ENDS}"
        ),
    ),
    (
        Private.IDENTITY,
        re.compile(r"身份证(?:号码?|件号码?)?\s*[:：为是]?\s*(?P<found>[\dXx×*\s]{6,24}[\dXx×*])"),
    ),
    (Private.CARD, re.compile(rf"{NOT_IN_NUMBER}(?:62|4\d|5[1-5]){_digits(14)}(?:{GAP}\d){{0,3}}{ENDS}")),
    (
        Private.PAPER,
        re.compile(
            r"(?:护照|军官证|士兵证|通行证|港澳|台胞证|驾驶证|居留证|代表证|社保卡|残疾人证)(?:号码?)?\s*[:：为是]?\s*"
            r"(?P<found>[A-Za-z一-龥]{0,2}字?第?\s?[A-Za-z]?\d{5,20}号?)"
        ),
    ),
    (Private.PAPER, re.compile(r"(?<![A-Za-z\d])(?:[EGDSP][A-Z]?\d{7,8}|[HM]\d{8}(?:\d{2})?)(?![A-Za-z\d])")),
    (
        Private.TELEPHONE,
        re.compile(
            rf"(?<![\dA-Za-z.〔])(?:[(（]?(?:\+|00)\s?86[)）]?{GAP}|86{GAP}(?=1))?{_digits(11, '1')}{EXTENSION}{ENDS}"
        ),
    ),
    (
        Private.TELEPHONE,
        re.compile(
            rf"(?<![\dA-Za-z.〔])(?:(?:\+|00)\s?86{GAP})?[(（\[]?0\d{{2,3}}[)）\]]?{GAP}[2-9]\d{{2,3}}{GAP}\d{{4}}{EXTENSION}{ENDS}"
        ),
    ),
    (
        Private.TELEPHONE,
        re.compile(
            rf"(?<![\dA-Za-z.〔])(?:\+|00)\s?86{GAP}[1-9]\d{{1,2}}{GAP}[2-9]\d{{2,3}}{GAP}\d{{4}}{EXTENSION}"
        ),
    ),
    (Private.TELEPHONE, re.compile(rf"{NOT_IN_NUMBER}[48]00{GAP}\d{{3,4}}{GAP}\d{{3,4}}{EXTENSION}{ENDS}")),
    (
        Private.TELEPHONE,
        re.compile(
            rf"{WORDS}[^\d。；\n]{{0,12}}?(?P<found>[2-9]\d{{2,3}}{GAP}\d{{4}}{EXTENSION}){ENDS}", re.I
        ),
    ),
    (
        Private.TELEPHONE,
        re.compile(
            rf"{WORDS}[^\d。；\n]{{0,12}}?(?P<found>[1-9]\d{{4,5}})(?![\d年月日亩元米号件万亿%.])", re.I
        ),
    ),
    (
        Private.PLATE,
        re.compile(
            r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-Z][·\s]?[A-Z\d]{4,5}[A-Z\d挂学警港澳]"
        ),
    ),
    (
        Private.ADDRESS,
        re.compile(
            r"[一-龥]{2,12}?(?:路|街|巷|大道|弄|胡同)\s?\d+\s?号(?:院|之\d+|附\d+号)?"
            r"(?:[一-龥A-Za-z\d]{0,12}?\d+\s?(?:栋|幢|座|号楼|单元|室|层|楼|户)|\d{3,4}室?)*"
        ),
    ),
    (
        Private.ADDRESS,
        re.compile(
            r"[一-龥]{2,10}(?:小区|花园|家园|公寓|新村|宿舍|苑|社区)[A-Za-z\d一二三四五六七八九十]{1,4}(?:期)?"
            r"\s?(?:栋|幢|座|号楼|单元)[A-Za-z\d一二三四五六七八九十栋幢座号楼单元室\-]*"
        ),
    ),
    (
        Private.ADDRESS,
        re.compile(
            r"[一-龥]{1,6}(?:乡|镇)[一-龥]{1,6}村[一-龥]{0,6}?(?:[一二三四五六七八九十]+|\d+)(?:组|队|社)(?:\s?\d+号)?"
        ),
    ),
    (
        Private.ADDRESS,
        re.compile(
            r"(?:住址|家庭地址|家住|现住|户籍地?|通讯地址|通信地址)\s*[:：为是在]?\s*(?P<found>[^，。；\n]{4,40})"
        ),
    ),
)
HAN_MOBILE = re.compile(
    r"(?<![〇零一二三四五六七八九幺])[一幺][三四五六七八九][〇零一二三四五六七八九幺]{9}(?![〇零一二三四五六七八九幺])"
)


def found(text: str) -> list[Find]:
    """Every place to look at, in the order of the text, none inside another. Full-width digits and letters count as such."""
    flat = _flat(text)
    hits = [
        Find(kind, *_span(hit), text[slice(*_span(hit))])
        for kind, rule in RULES
        for hit in rule.finditer(flat)
    ]
    hits += [Find(Private.TELEPHONE, *hit.span(), hit.group()) for hit in HAN_MOBILE.finditer(text)]
    return _apart(hits)


def _flat(text: str) -> str:
    """Full-width digits, letters and signs as half-width ones, each at its own place."""
    return "".join(
        flat
        if len(flat := unicodedata.normalize("NFKC", one)) == 1 and (flat.isascii() or one.isdigit())
        else one
        for one in text
    )


def _span(hit: re.Match[str]) -> tuple[int, int]:
    return hit.span("found") if "found" in hit.re.groupindex else hit.span()


LEAST = 6  # characters of an address that are worth a tick


def _apart(hits: Iterable[Find]) -> list[Find]:
    """None inside another. A number in an address stands for itself: who lets the address pass does not mean the number."""
    hits = list(hits)
    numbers = _joined(one for one in hits if one.kind != Private.ADDRESS)
    places = _joined(one for one in hits if one.kind == Private.ADDRESS)
    rest = [piece for one in places for piece in _without(one, numbers)]
    return sorted([*numbers, *rest], key=lambda one: one.start)


def _without(place: Find, numbers: Iterable[Find]) -> Iterable[Find]:
    """What is left of an address beside the numbers in it."""
    inside = [one for one in numbers if one.start < place.end and place.start < one.end]
    edges = [place.start, *(edge for one in inside for edge in (one.start, one.end)), place.end]
    for start, end in zip(edges[::2], edges[1::2], strict=True):
        text = place.text[start - place.start : end - place.start] if start < end else ""
        if not inside or len(text.strip()) >= LEAST:
            yield Find(place.kind, start, end, text)


def _joined(hits: Iterable[Find]) -> list[Find]:
    """Of places that overlap, one that covers them all, named after the longest."""
    kept: list[Find] = []
    for one in sorted(hits, key=lambda hit: (hit.start, -hit.end)):
        if kept and one.start < kept[-1].end:
            before = kept[-1]
            longer = one if one.end - one.start > before.end - before.start else before
            end = max(before.end, one.end)
            text = before.text + one.text[before.end - one.start :] if end > before.end else before.text
            kept[-1] = Find(longer.kind, before.start, end, text)
        else:
            kept.append(one)
    return kept


def mark_of(kind: Private) -> str:
    """What stands in the place of something struck: （电话略）."""
    return f"（{kind.label}略）"


def struck(text: str, finds: Iterable[Find]) -> str:
    """The text with these places struck: 13800000000 → （电话略）."""
    out, last = [], 0
    for one in sorted(finds, key=lambda find: find.start):
        out += [text[last : one.start], mark_of(one.kind)]
        last = one.end
    return "".join([*out, text[last:]])
