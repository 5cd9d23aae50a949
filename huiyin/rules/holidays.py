"""放假安排的录入 (R24): a year read from our own YYYY.toml, from a holiday-cn JSON, or from the State Council's notice
pasted as text. Each is refused in a sentence that names the place."""

import json
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from huiyin.rules.calendar import FIRST_YEAR, LAST_YEAR, CalendarError, Year

LARGEST = 200_000  # bytes; a year's notice has a few thousand
LARGEST_TOML, LONGEST_LINE = 30_000, 700  # characters: no key of thousands of parts is taken apart
STATUTORY = ("元旦", "春节", "清明节", "劳动节", "端午节", "中秋节", "国庆节")
Known = Callable[[int], Year | None]
Mark = tuple[date, str, bool]  # day, name, at rest


def decoded(data: bytes) -> str:
    """The text of a file in UTF-8 or GB18030. Raises CalendarError otherwise."""
    if len(data) > LARGEST:
        raise CalendarError(f"文件超过{LARGEST // 1000}KB，不像一年的放假安排")
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if not re.search(r"[\x00-\x08\x0e-\x1f]", text):
            return text
    raise CalendarError("读不出文字：请用UTF-8或GB18030（GBK）编码的文本文件，不要用Word、PDF或表格文件")


def read(text: str, *, name: str = "", known: Known) -> list[Year]:
    """The year that a text holds; behind it, where the notice also turns days of the last December about, the year
    before with these days in it (`known` gives that year). Raises CalendarError."""
    text = text.removeprefix("\ufeff").strip()
    if len(text.encode()) > LARGEST:
        raise CalendarError(f"文字超过{LARGEST // 1000}KB，不像一年的放假安排")
    if not text:
        raise CalendarError("内容是空的")
    if text.startswith(("{", "[{")) or name.lower().endswith(".json"):
        return _gathered(*_json(text), known)
    if name.lower().endswith(".toml") or re.search(r"^\[(rest|work)\]", text, re.M):
        return [_toml(text, name)]
    return _gathered(*_notice(text), known)


def missing(year: Year) -> list[str]:
    """The statutory holidays that a year does not name: a part of the notice may not have been pasted."""
    named = "、".join(year.rest.values())
    return [one for one in STATUTORY if one not in named]


def _gathered(where: str, year: int, source: str, marks: list[Mark], known: Known) -> list[Year]:
    """The year of these days, and the year before where they change its December."""
    found: dict[date, tuple[str, bool]] = {}
    for day, name, off in marks:
        if day in found:
            both = "既放假又上班" if found[day][1] != off else "出现了两次"
            raise CalendarError(f"{where}：{day}{both}")
        found[day] = name, off
    earlier = {day: one for day, one in found.items() if (day.year, day.month) == (year - 1, 12)}
    own = {day: one for day, one in found.items() if day not in earlier}
    if not own:
        raise CalendarError(f"{where}：没有{year}年的一天")
    fresh = Year.checked(
        where, year, source, {day: name for day, (name, off) in own.items() if off},
        {day: name for day, (name, off) in own.items() if not off},
    )  # fmt: skip
    return [fresh, *_december(where, year - 1, earlier, known(year - 1))]


def _december(where: str, year: int, marks: dict[date, tuple[str, bool]], before: Year | None) -> list[Year]:
    """上年12月的日子, where they are not at work or at rest already."""
    rest, work = (dict(before.rest), dict(before.work)) if before else ({}, {})
    turned = [
        day for day, (_, off) in marks.items()
        if off != (day not in work and (day.weekday() >= 5 or day in rest))
    ]  # fmt: skip
    if not turned:
        return []
    if before is None:
        raise CalendarError(f"{where}：其中的{turned[0]}属于{year}年，请先录入{year}年的放假安排")
    for day, (name, off) in marks.items():
        rest.pop(day, None)
        work.pop(day, None)
        if off or day.weekday() >= 5:
            (rest if off else work)[day] = name
    return [Year.checked(where, year, before.source, rest, work)]


def _toml(text: str, name: str) -> Year:
    if len(text) > LARGEST_TOML or any(len(line) > LONGEST_LINE for line in text.splitlines()):
        raise CalendarError(f"{name or '粘贴的内容'}：太长，不像一年的放假安排")
    stem = name.removesuffix(".toml")
    if not re.fullmatch(r"\d{4}", stem):
        years = sorted(set(re.findall(r"^[ \t]*\"?(\d{4})-\d\d-\d\d", text, re.M)))
        if len(years) != 1:
            what = f"里有{'、'.join(years)}几个年份的日子" if years else "里没有日期"
            raise CalendarError(f"{name or '粘贴的内容'}：{what}，一个文件只放一年")
        stem = years[0]
    found = Year.parse(stem, text)
    if not found.rest:
        raise CalendarError(f"{stem}.toml：没有一个放假日")
    return found


def _json(text: str) -> tuple[str, int, str, list[Mark]]:
    """holiday-cn: {"year": 2026, "papers": […], "days": [{"name", "date", "isOffDay"}, …]}."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise CalendarError("JSON：不是有效的 JSON，文件可能没有下载完整") from error
    days, year = (data.get("days"), data.get("year")) if isinstance(data, dict) else (None, None)
    if not isinstance(days, list) or type(year) is not int or not FIRST_YEAR <= year <= LAST_YEAR:
        raise CalendarError("JSON：应有 year（年份）和 days（日期的列表）两部分")
    if not days:
        raise CalendarError(f"JSON：{year}年的 days 是空的，国务院的通知可能还没有发布")
    papers = data.get("papers") if isinstance(data.get("papers"), list) else []
    source = "；".join(["holiday-cn", *(str(one) for one in papers)])[:300]
    return "JSON", year, source, [_json_day(place, one) for place, one in enumerate(days, start=1)]


def _json_day(place: int, one: Any) -> Mark:
    where = f"JSON：第{place}天"
    if not isinstance(one, dict) or not {"name", "date", "isOffDay"} <= set(one):
        raise CalendarError(f"{where}应有 name、date、isOffDay 三项")
    if not isinstance(one["isOffDay"], bool) or not isinstance(one["name"], str):
        raise CalendarError(f"{where}的 isOffDay 应是 true 或 false，name 应是文字")
    if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", str(one["date"])):
        raise CalendarError(f"{where}的日期应写成 2026-01-01")
    try:
        return date.fromisoformat(one["date"]), one["name"], one["isOffDay"]
    except ValueError as error:
        raise CalendarError(f"{where}：“{one['date']}”不是日期") from error


ITEM = re.compile(r"[一二三四五六七八九十]{1,3}、([^:。,]{1,20}):")
TOKEN = re.compile(
    r"(?:(?P<year>\d{4})年)?(?:(?P<month>\d{1,2})月)?(?P<day>\d{1,2})日"
    r"|(?P<to>至|到|[-—–~]+)|(?P<off>放假|补休)|(?P<on>上班)|共(?P<sum>\d{1,2})天|(?P<end>[。;])"
)
TITLE = re.compile(r"关于(\d{4})年[^。]{0,10}?(?:节假日|放假|休假)[^。]{0,6}?安排")
FIRST_LINE = re.compile(r"现将(\d{4})年(?:元旦|[^。]{0,20}节)")


def _notice(text: str) -> tuple[str, int, str, list[Mark]]:
    """国务院办公厅的通知: an item for each holiday, “…放假…。…上班。”"""
    flat = re.sub(r"\([^()]*\)", "", re.sub(r"\s|[\u200b-\u200f]", "", unicodedata.normalize("NFKC", text)))
    title = TITLE.search(flat) or FIRST_LINE.search(flat)
    items = list(ITEM.finditer(flat))
    if title is None:
        raise CalendarError(
            "没有读到是哪一年的安排：请连同通知的标题“……关于2026年部分节假日安排的通知”一起粘贴"
        )
    if not items:
        raise CalendarError(
            "没有读到“一、元旦：……放假”这样的条目，不像全年的放假通知；个别日子请在日历页逐日修改"
        )
    year, marks = int(title[1]), list[Mark]()
    ends = [*(one.start() for one in items[1:]), len(flat)]
    for item, end in zip(items, ends, strict=True):
        marks += _Item(year, item[1]).read(flat[item.end() : end])
    number = re.search(r"国办发明电〔\d{4}〕\d+号", flat)
    whose = "国务院办公厅" if "国务院办公厅" in flat else ""
    source = f"{whose}关于{year}年部分节假日安排的通知" + (f"（{number[0]}）" if number else "")
    return "放假通知", year, source, marks


@dataclass
class _Item:
    """通知的一条：dates wait until a verb says what they are."""

    year: int
    name: str
    waiting: list[date] = field(default_factory=list)
    last: tuple[int, int] | None = None  # year and month a bare 日 goes on with
    ranging: bool = False
    off: int = 0

    def read(self, words: str) -> list[Mark]:
        marks = list[Mark]()
        for token in TOKEN.finditer(words):
            if token["day"]:
                self._day(token)
            elif token["to"]:
                self.ranging = bool(self.waiting)
                continue
            elif token["off"] or token["on"]:
                marks += [(day, self.name, bool(token["off"])) for day in self.waiting]
                self.off += len(self.waiting) if token["off"] else 0
                self.waiting = []
            elif token["sum"]:
                self._sum(int(token["sum"]))
            else:
                self.waiting, self.off = [], 0
            self.ranging = False
        if not any(off for _, _, off in marks):
            raise self._wrong("没有读到放假的日期")
        return marks

    def _day(self, token: re.Match[str]) -> None:
        day = self._date(token)
        if self.ranging:
            start = self.waiting[-1]
            if not 0 < (day - start).days <= 31:
                raise self._wrong(f"“{start.month}月{start.day}日至{token[0]}”先后不对")
            self.waiting += [start + timedelta(n) for n in range(1, (day - start).days + 1)]
        else:
            self.waiting.append(day)

    def _date(self, token: re.Match[str]) -> date:
        """A month without a year is this year's, December the last year's; a day without a month goes on."""
        if token["month"]:
            month = int(token["month"])
            self.last = int(token["year"] or self.year - (month == 12)), month
        if self.last is None:
            raise self._wrong(f"“{token[0]}”没有月份")
        try:
            return date(*self.last, int(token["day"]))
        except ValueError as error:
            raise self._wrong(f"“{token[0]}”不是日期") from error

    def _sum(self, told: int) -> None:
        if self.off and told != self.off:
            raise self._wrong(f"写明共{told}天，读出{self.off}天")

    def _wrong(self, why: str) -> CalendarError:
        return CalendarError(f"放假通知：“{self.name}”一条{why}")
