"""单元格里的字：numbers, dates, classes and yes or no as officials write them. What cannot be read is a ValueError in a
Chinese sentence."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from huiyin.rules.cells import plain

SERIAL = range(29221, 73051)  # 1980-01-01 … 2099-12-31 as Excel counts days
YEARS = range(1949, 2100)  # what the first four digits must be to be a year
EPOCH = date(1899, 12, 30)
_UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")


def words(value: Any) -> str:
    """A cell as text: 82.0 is 82, a day is 2020-05-29."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return plain(str(value)).strip()


def squeezed(value: Any) -> str:
    """A cell's words half-width, without spaces and what cannot be seen, as numbers and marks are compared."""
    if isinstance(value, str) and value.isascii() and value.isalnum():
        return value
    return _UNSEEN.sub("", unicodedata.normalize("NFKC", words(value)))


# 日期

_NUMERALS = {one: str(place) for place, one in enumerate("〇一二三四五六七八九")} | {
    "零": "0",
    "○": "0",
    "Ｏ": "0",
}
_DATED = re.compile(
    r"(?:(?P<year>\d{4}|\d{2})\s*[年./\-—－]\s*)?(?P<month>\d{1,2})\s*[月./\-—－]\s*(?P<day>\d{1,2})\s*[日号]?"
)
_AFTER = re.compile(
    r"[T\s]*(\d{1,2}[:：时]\d{1,2}([:：分]\d{1,2})?(\.\d+)?秒?分?)?\s*([（(]?(周|星期)[一二三四五六日天][）)]?)?\s*(以?前|之前|止)?\s*\Z"
)


def read_day(value: Any, *, year: int | None = None) -> date | None:
    """日期：a date cell, 2020-5-29, 2020年5月29日, 2020.5.29, 20200529, 2023717, an Excel serial number; None for an empty
    cell. `year`: what a day without one is taken to be in; without it such a day is not read."""
    if isinstance(value, date):
        return value.date() if isinstance(value, datetime) else value
    if isinstance(value, time | timedelta | bool):
        raise ValueError(f"“{words(value)}”是时刻，不是日期")
    text = _half(words(value))
    if digits := re.fullmatch(r"(\d{5})\.\d+|(\d+)", text, re.ASCII):
        return _digits(digits[1] or digits[2])
    return _written(text, year) if text else None


def _written(text: str, year: int | None) -> date:
    found = _DATED.match(text)
    if found is None or not _AFTER.match(text, found.end()):
        raise ValueError(_no_day(text))
    named, month, day = found["year"], int(found["month"]), int(found["day"])
    if named:
        return _date(int(named) if len(named) == 4 else 2000 + int(named), month, day, text)
    if year is None:
        _date(2020, month, day, text)  # a leap year: is it any day at all?
        raise ValueError(f"“{text[:40]}”没有年份，应写成 2020-05-29（带年份）")
    return _date(year, month, day, text)


def _no_day(text: str) -> str:
    return f"“{text[:40]}”不是日期，应写成 2020-05-29（带年份）"


def _half(text: str) -> str:
    """Half-width digits and marks; 二〇二〇年五月二十九日 in digits."""
    text = _UNSEEN.sub(" ", unicodedata.normalize("NFKC", text)).strip()
    if not re.search(r"[〇零○一二三四五六七八九]{2,4}年", text):
        return text
    text = re.sub(
        r"[〇零○一二三四五六七八九]{4}(?=年)",
        lambda year: "".join(_NUMERALS[one] for one in year.group()),
        text,
    )
    return re.sub(r"[一二三四五六七八九十]{1,3}(?=[月日])", lambda found: str(_tens(found.group())), text)


def _tens(numerals: str) -> int:
    tens, ten, ones = numerals.rpartition("十")
    if not ten:
        return int("".join(_NUMERALS[one] for one in numerals))
    return (int(_NUMERALS.get(tens[-1:], "1")) if tens else 1) * 10 + (
        int(_NUMERALS.get(ones[:1], "0")) if ones else 0
    )


def _date(year: int, month: int, day: int, text: str) -> date:
    try:
        return date(year, month, day)
    except ValueError as error:
        if not 1 <= month <= 12:
            why = f"没有{month}月"
        elif year == 0:
            why = "年份不对"
        else:
            when = f"{year}年" if (month, day) == (2, 29) else ""
            why = f"{when}{month}月没有{day}日"
        raise ValueError(f"“{text[:40]}”不是日期，{why}") from error


def _digits(text: str) -> date:
    """20200529, 2023717, 202371 and 43980 (an Excel serial number): read when only one reading is a day."""
    if len(text) == 5 and int(text) in SERIAL:
        return EPOCH + timedelta(int(text))
    if len(text) == 8 and int(text[:4]) in YEARS:
        return _date(int(text[:4]), int(text[4:6]), int(text[6:]), text)
    if len(text) not in {6, 7}:
        raise ValueError(_no_day(text))
    readings = [one for cut in (5, 6) if (one := _reading(text, cut)) is not None]
    if len(readings) == 1:
        return readings[0]
    if readings:
        both = "或".join(f"{one.year}年{one.month}月{one.day}日" for one in readings)
        raise ValueError(f"“{text}”可能是{both}，请写成 2020-05-29 的样子")
    raise ValueError(_no_day(text))


def _reading(text: str, cut: int) -> date | None:
    """Its first digits the year, those up to `cut` the month, the rest the day; a lone 0 is neither."""
    year, month, day = text[:4], text[4:cut], text[cut:]
    if int(year) not in YEARS or len(day) > 2 or month == "0" or day in {"", "0"}:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


# 编号

_NUMBER = re.compile(r"[0-9A-Za-z\u3400-\u9fff][0-9A-Za-z\u3400-\u9fff.\-/()（）〔〕\[\]_]*")
_NAMED = re.compile(
    r"(?:编号|(?:建议|提案|议案)?第|№|No\.?|#)[:：]?(?=.)(.*)|(.*[0-9A-Za-z])(?:号|号建议|号提案)",
    re.IGNORECASE | re.DOTALL,
)
NUMBER_LENGTH = 30


def read_number(value: Any) -> str:
    """编号 (R2): as on the paper: 082, 金44 (金44号), A20250015, 11.04.090; "" for an empty cell."""
    if isinstance(value, bool | date | time | timedelta):
        raise ValueError(f"“{words(value)}”是日期或是非，不是编号；请把这一列设为文本再填")
    text = squeezed(value)
    while cut := _NAMED.fullmatch(text):
        text = cut[1] or cut[2] or ""
    if not text:
        return ""
    if not re.search(r"[0-9A-Za-z]", text) or not _NUMBER.fullmatch(text):
        raise ValueError(f"“{words(value)[:40]}”不是编号，应写成 082、A20250015 的样子")
    if len(text) > NUMBER_LENGTH:
        raise ValueError(f"编号“{text[:20]}…”太长，最多{NUMBER_LENGTH}个字")
    return text


# 解决程度

_LETTERS = {"甲": "A", "乙": "B", "丙": "C", "丁": "D", "一": "A", "二": "B", "三": "C", "四": "D"}
_CLASS = re.compile(
    r"(?:答复|解决|办理)?(?:为|属|类别)?[:：]?[(（【\[“\"]?([A-Da-d甲乙丙丁])[)）】\]”\"]?\s*[-－—]?\s*([0-9]{0,2}|[一二三四]?)\s*(?:[类级等件]|类件)*(?=$|[\s,，:：;；。、(（—-])(.*)",
    re.DOTALL,
)
_MEANINGS = (
    ("未解决", "C"), ("不能解决", "C"), ("无法解决", "C"), ("难以解决", "C"), ("暂时?不", "C"), ("留作参考", "C"), ("留供参考", "C"),
    ("供参考", "C"), ("不具备条件", "C"), ("条件限制", "C"), ("待以后解决", "C"), ("未被?采纳", "C"), ("以后解决", "C"),
    ("部分解决", "B"), ("列入计划", "B"), ("列入规划", "B"), ("正在", "B"), ("逐步解决", "B"), ("拟解决", "B"), ("拟采纳", "B"), ("计划解决", "B"),
    ("已经?解决", "A"), ("基本解决", "A"), ("得到解决", "A"), ("已经?采纳", "A"), ("^解决", "A"), ("^采纳", "A"), ("被采纳", "A"), ("^已?办结$", "A"),
)  # fmt: skip


def read_class(value: Any, *, scheme: Mapping[str, str] = {}) -> tuple[str, str]:
    """解决程度 (R41): its letter, and what more the cell says. A3类 → ("A", "A3类"); 甲 → ("A", "甲"); 已解决 → ("A",
    "已解决"); A → ("A", ""). ("", "") for an empty cell. `scheme`: the place's letters with their definitions, which
    words are then read by; a letter it lacks is none."""
    text = words(value)
    marks = squeezed(text)
    if not marks:
        return "", ""
    letter, bare = _class(marks, scheme)
    if not letter or (scheme and letter not in scheme):
        letters = "、".join(scheme or "ABC")
        raise ValueError(f"“{text[:40]}”不是解决程度，应写成 {letters}（A3类、甲、已解决也认得）")
    return letter, "" if bare else text


def _class(marks: str, scheme: Mapping[str, str]) -> tuple[str, bool]:
    """Its letter, and whether it is nothing but that."""
    if found := _CLASS.fullmatch(marks):
        bare = found[1].isascii() and not found[2] and not found[3].strip("()（）。,，")
        return _LETTERS.get(found[1], found[1].upper()), bare
    defined = [letter for letter, definition in scheme.items() if len(marks) > 1 and marks in definition]
    if len(defined) == 1:
        return defined[0], False
    return next((letter for meaning, letter in _MEANINGS if re.search(meaning, marks)), ""), False


def looks_like_class(text: str) -> bool:
    """Only a mark: A, B类, A3类, 甲."""
    return bool(re.fullmatch(r"[A-Da-d甲乙丙丁][0-9]{0,2}[类级等]?件?", squeezed(text)))


# 是否

_YES = {"是", "有", "√", "✓", "✔", "☑", "对", "y", "yes", "true", "1", "已", "同意", "重点"}
_NO = {
    "否",
    "无",
    "×",
    "✗",
    "✘",
    "☐",
    "□",
    "没有",
    "不",
    "n",
    "no",
    "false",
    "0",
    "未",
    "不同意",
    "-",
    "—",
    "/",
    "--",
    "——",
}


def read_yes(value: Any) -> bool | None:
    """是否：√ × 是 否 有 无; None for an empty cell."""
    text = squeezed(value).lower()
    if not text:
        return None
    if text in _YES:
        return True
    if text in _NO:
        return False
    raise ValueError(f"“{words(value)[:40]}”不是是或否，应写成 是、否（√、×也认得）")
