"""自动编号：the numbers Word shows before the paragraphs of a list, which stand nowhere in the text."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from docx.oxml.ns import qn

DIGITS, PLACES = "零一二三四五六七八九", ("", "十", "百", "千")
FORMAL, FORMAL_PLACES = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")
CIRCLED, STEMS = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳", "甲乙丙丁戊己庚辛壬癸"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
HOLE = re.compile(r"%([1-9])")
CHINESE = {
    "chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting", "taiwaneseCountingThousand",
    "japaneseDigitalTenThousand", "ideographDigital",
}  # fmt: skip
MOST = 9999


def chinese(number: int, digits: str = DIGITS, places: tuple[str, ...] = PLACES) -> str:
    """12 → 十二, 105 → 一百零五."""
    words, gap = "", False
    for place, digit in zip(range(len(str(number)) - 1, -1, -1), str(number), strict=True):
        if digit == "0":
            gap = bool(words)
            continue
        words += f"{digits[0] if gap else ''}{digits[int(digit)]}{places[place]}"
        gap = False
    short = digits is DIGITS and words.startswith("一十")
    return (words[1:] if short else words) or digits[0]


def shown(number: int, form: str) -> str:
    """One number in Word's form of that name."""
    number = min(max(number, 0), MOST)
    if form in CHINESE:
        return chinese(number)
    rows = {
        "decimalEnclosedCircle": CIRCLED,
        "decimalEnclosedCircleChinese": CIRCLED,
        "ideographTraditional": STEMS,
    }
    if form in rows and 1 <= number <= len(rows[form]):
        return rows[form][number - 1]
    forms: dict[str, Callable[[int], str]] = {
        "chineseLegalSimplified": lambda one: chinese(one, FORMAL, FORMAL_PLACES), "lowerLetter": _letter,
        "upperLetter": lambda one: _letter(one).upper(), "lowerRoman": _roman,
        "upperRoman": lambda one: _roman(one).upper(), "decimalZero": lambda one: f"{one:02}",
    }  # fmt: skip
    return forms.get(form, str)(number)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 9) if number else ""


def _roman(number: int) -> str:
    words = ""
    for value, letters in ROMAN:
        words += letters * (number // value)
        number %= value
    return words


class Numbers:
    """The lists of one document, counted as its paragraphs are read in order."""

    def __init__(self, document: Any) -> None:
        self.abstract: dict[str, Any] = {}
        self.lists: dict[str, Any] = {}
        self.styles = {one.get(qn("w:styleId")): one for one in document.styles.element.iter(qn("w:style"))}
        self.counts: dict[str, dict[int, int]] = defaultdict(dict)
        self.begun: set[tuple[str, int]] = set()
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            return
        for one in root.iter(qn("w:abstractNum")):
            self.abstract[one.get(qn("w:abstractNumId"))] = one
        for one in root.iter(qn("w:num")):
            self.lists[one.get(qn("w:numId"))] = one

    def before(self, paragraph: Any) -> str | None:
        """What Word shows before this paragraph: "" when it is in no list, None when that is a bullet."""
        key, level = self._of(paragraph)
        row = self.lists.get(key)
        base = row.find(qn("w:abstractNumId")) if row is not None else None
        abstract = base.get(qn("w:val")) if base is not None else ""
        levels = {_number(one.get(qn("w:ilvl"), "0")): one for one in self._levels(abstract)}
        if level not in levels:
            return ""
        self._count(key, abstract, level, levels)
        forms = {n: _value(one, "w:numFmt", "decimal") for n, one in levels.items()}
        if forms[level] == "bullet":
            return None
        counts = self.counts[abstract]
        text = _value(levels[level], "w:lvlText", "")
        return "" if forms[level] == "none" else HOLE.sub(lambda hole: _filled(hole, counts, forms), text)

    def _levels(self, abstract: str) -> list[Any]:
        found = self.abstract.get(abstract)
        return list(found.findall(qn("w:lvl"))) if found is not None else []

    def _of(self, paragraph: Any) -> tuple[str, int]:
        """（list, level）of the paragraph itself, or else of its style or one that is based on."""
        holder, style, seen = paragraph, paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"), 0
        key, level = "", 0
        while holder is not None and seen < 10:
            if (found := holder.find(f"{qn('w:pPr')}/{qn('w:numPr')}")) is not None:
                key = key or _value(found, "w:numId", "")
                level = level or _number(_value(found, "w:ilvl", "0"))
                if key:
                    break
            holder = self.styles.get(style.get(qn("w:val"))) if style is not None else None
            style = holder.find(qn("w:basedOn")) if holder is not None else None
            seen += 1
        return key, level

    def _count(self, key: str, abstract: str, level: int, levels: dict[int, Any]) -> None:
        """The next number of this level; those below begin anew. A list may say that it begins at another number."""
        counts = self.counts[abstract]
        override = next(
            (one for one in self.lists[key].iter(qn("w:lvlOverride")) if one.get(qn("w:ilvl")) == str(level)), None
        )  # fmt: skip
        first = override.find(qn("w:startOverride")) if override is not None else None
        if first is not None and (key, level) not in self.begun:
            counts[level] = _number(first.get(qn("w:val")))
        elif level in counts:
            counts[level] += 1
        else:
            counts[level] = _number(_value(levels[level], "w:start", "1"))
        self.begun.add((key, level))
        for lower in [one for one in counts if one > level]:
            del counts[lower]
        for upper in range(level):
            counts.setdefault(upper, _number(_value(levels[upper], "w:start", "1")) if upper in levels else 1)


def _filled(hole: re.Match[str], counts: dict[int, int], forms: dict[int, str]) -> str:
    level = int(hole[1]) - 1
    return shown(counts.get(level, 1), forms.get(level, "decimal"))


def _value(element: Any, tag: str, default: str) -> str:
    found = element.find(qn(tag))
    return default if found is None else str(found.get(qn("w:val"), default))


def _number(words: str) -> int:
    return int(words) if words.isascii() and words.isdecimal() and len(words) < 6 else 1
