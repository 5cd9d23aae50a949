"""数与比率的道理 (R66, R68–R71): amounts with what they count, percentages, and what is wrong with a statement of figures.

Published reports contradict themselves in a few ways, again and again: 件 divided by 件次, percentages bent until they
add up to 100, a rate without its denominator, the last evaluation given for the first. `problems` names each in a
sentence; it takes figures as data, or a text in which a person has written them.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

UNITS = ("件次", "件", "份", "项", "条", "张")


class UnitsDiffer(ValueError):  # noqa: N818
    """口径不同：件 divided by 件次, or added to it."""


@dataclass(frozen=True)
class Amount:
    """多少：a number with what it counts. 件 is an item once, whatever its rounds; 件次 each reply owed; 项 a promise."""

    number: int
    unit: str

    def __str__(self) -> str:
        return f"{self.number}{self.unit}"

    def __add__(self, other: "Amount") -> "Amount":
        self.like(other)
        return Amount(self.number + other.number, self.unit)

    def like(self, other: "Amount") -> None:
        """Raises UnitsDiffer where the two do not count the same."""
        if self.unit != other.unit:
            raise UnitsDiffer(f"{self}和{other}口径不同：{self.unit}不能与{other.unit}相加、相除")


def share(part: Amount, whole: Amount) -> Decimal | None:
    """百分之几, exactly; None of nothing (R66). Raises UnitsDiffer."""
    part.like(whole)
    return Decimal(part.number) * 100 / Decimal(whole.number) if whole.number else None


def percent(numerator: int, denominator: int) -> str:
    """两位小数, never forced to add up (R69); — for a zero denominator (R66)."""
    return printed(share(Amount(numerator, ""), Amount(denominator, "")))


def printed(value: Decimal | None, places: int = 2) -> str:
    return "—" if value is None else f"{_rounded(value, places)}%"


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def remainder(numbers: Iterable[int]) -> str:
    """各占比印出来加起来是多少, where it is not 100.00: for the footnote below class shares (R69)."""
    all_of = list(numbers)
    whole = sum(all_of)
    if not whole:
        return ""
    total = sum((_rounded(Decimal(one) * 100 / whole, 2) for one in all_of), Decimal(0))
    return "" if total == 100 else f"{total}%"


@dataclass(frozen=True)
class Sum:
    """总数及其各部分, which must add up."""

    label: str
    whole: Amount
    parts: tuple[tuple[str, Amount], ...]


@dataclass(frozen=True)
class Share:
    """写出来的一个比率：the percentage as printed, of what."""

    label: str
    percent: str
    part: Amount | None = None
    whole: Amount | None = None


@dataclass(frozen=True)
class Statement:
    """一段数字：its sums, its shares, and every total it names."""

    sums: tuple[Sum, ...] = ()
    shares: tuple[Share, ...] = ()
    totals: tuple[Amount, ...] = ()


def problems(statement: Statement | str) -> list[str]:
    """每处对不上的地方, in a sentence; empty where the figures can be stood behind."""
    known = read(statement) if isinstance(statement, str) else statement
    found = [one for each in known.sums for one in _sum(each)]
    found += [one for each in known.shares for one in _share(each, known)]
    return list(dict.fromkeys([*found, *_alone(known.shares)]))


def _sum(one: Sum) -> Iterator[str]:
    said = "＋".join(f"{label}{amount}" for label, amount in one.parts)
    try:
        total = sum((amount for _, amount in one.parts), Amount(0, one.whole.unit))
    except UnitsDiffer as error:
        yield f"{said}与{one.label}{one.whole}：{error}"
        return
    if total != one.whole:
        yield f"{said}＝{total}，与{one.label}{one.whole}不符，差{abs(total.number - one.whole.number)}{total.unit}"


def _share(one: Share, statement: Statement) -> Iterator[str]:
    if one.part is None or one.whole is None:
        if "率" in one.label:
            yield f"“{one.label}{one.percent}”没有写明分母：是几件里的几件"
        return
    if one.part.unit == one.whole.unit and one.part.number > one.whole.number:
        yield f"{one.label}的分子{one.part}大于分母{one.whole}"
        return
    try:
        right = share(one.part, one.whole)
    except UnitsDiffer as error:
        yield f"“{one.label}{one.percent}”：{error}"
        return
    places = len(one.percent.rstrip("%").partition(".")[2])
    if printed(right, places) != one.percent:
        yield (
            f"{one.label}：{one.part}÷{one.whole}应为{printed(right, max(places, 2))}，写的是{one.percent}"
            f"{_fits(one, statement, places)}"
        )


def _fits(one: Share, statement: Statement, places: int) -> str:
    """Which other total of the statement the printed percentage was taken of."""
    assert one.part is not None
    for other in statement.totals:
        value = share(one.part, Amount(other.number, one.part.unit))
        if other != one.whole and printed(value, places) == one.percent:
            mixed = "，件次除以了件，分母混用" if {other.unit, one.part.unit} == {"件", "件次"} else ""
            return f"（只有除以{other}才是{one.percent}{mixed}）"
    if one.whole and abs(Decimal(one.percent.rstrip("%")) - (share(one.part, one.whole) or 0)) < Decimal(
        "0.1"
    ):
        return "（各占比加起来不是100%时照写，不必凑数）"
    return ""


def _alone(shares: Iterable[Share]) -> Iterator[str]:
    """What may not stand alone: 满意率 without 反馈率 (R68), 办结率 without 解决率 (R70), which evaluation it was (R59)."""
    labels = {one.label: one for one in shares}
    pleased = [one for name, one in labels.items() if "满意率" in name]
    if pleased and not any("反馈率" in name or "回收率" in name for name in labels):
        yield "写了满意率，没有写反馈率：满意率须与反馈率（收回评价的件数÷已送达的件数）同时写"
    for one in pleased:
        if not re.search("首次|初次|第一次|最终|末次|最后|重新办理", one.label):
            yield f"“{one.label}{one.percent}”没有写明是首次评价还是最终评价：不满意重新办理后再评满意的，两个数不同，须都写"
    done = next((name for name in labels if "办结率" in name or "办复率" in name), "")
    if done and not any("解决率" in name for name in labels):
        yield f"写了{done}，没有写解决率：办结率只说明答复了多少，不等于解决了多少，两个须同时写"


# 从一段文字里读出数字

# Figures of a report have a few digits; longer rows of them are none, and reading them takes no time.
_N = r"((?<!\d)\d[\d,]{0,14})\s*(件次|件|份|项|条|张)"
_P = r"((?<!\d)\d{1,9}(?:\.\d{1,9})?)\s*[%％]"
_TOTAL = re.compile(
    rf"(共承办|承办|应答复|共答复|办理|收到|共收到|共有|合计|总计)[一-龥（）A-Z]{{0,16}}?{_N}(?:[一-龥]{{0,8}})?(?:[，,（(：:]\s*其中[：:]?([^。；）)]*))?"
)
_PART = re.compile(rf"([A-Z一-龥]{{1,20}}?)\s*(?:的)?\s*{_N}(?!\s*[，,]?\s*其中)")
_CLASS = re.compile(
    rf"([A-Za-zＡ-Ｄ甲乙丙丁一-龥]{{1,10}}?)(?:的)?[，,]?\s*{_N}\s*[，,（(]?\s*(?:占(?:比)?(?:总数|全部|评价总数)?(?:的)?(?:为)?)?\s*{_P}(?:\s*[（(]\s*(\d{{1,12}})\s*[/／÷]\s*(\d{{1,12}})\s*[）)])?"
)
_RATE = re.compile(
    rf"([一-龥]{{0,6}}(?:率|度)(?:（(?:首次|最终)）)?)\s*(?:分别)?(?:为|达到|达|是|：|:)?\s*{_P}(?:\s*[（(]([^）)]*)[）)])?"
)
_OVER = re.compile(r"(?<!\d)(\d{1,12})\s*(件次|件|份|项|张)?\s*[/／÷]\s*(\d{1,12})\s*(件次|件|份|项|张)?")


def read(text: str) -> Statement:
    """一段文字里的总数、部分和比率. What it does not understand it leaves alone."""
    clean = re.sub(r"[ \u3000]", "", text)
    totals, sums = list[Amount](), list[Sum]()
    for found in _TOTAL.finditer(clean):
        whole = _amount(found[2], found[3])
        totals.append(whole)
        parts = [(one[1], _amount(one[2], one[3])) for one in _PART.finditer(found[4] or "")]
        if len(parts) > 1 and not _PERCENT.search(found[4]):
            sums.append(Sum(found[1], whole, tuple(parts)))
    shares = [*_classes(clean, totals), *_rates(clean)]
    sums += _summed(shares)
    return Statement(tuple(sums), tuple(shares), tuple(totals))


_PERCENT = re.compile(_P)


def _amount(number: str, unit: str) -> Amount:
    return Amount(int(number.replace(",", "")), unit)


def _classes(text: str, totals: list[Amount]) -> Iterator[Share]:
    for found in _CLASS.finditer(text):
        label = re.sub(r"^(?:其中|和|及|与)", "", found[1])
        if "率" in label:
            continue
        part = _amount(found[2], found[3])
        like = [one for one in totals if one.unit == part.unit]
        whole = Amount(int(found[6]), part.unit) if found[6] else (like[-1] if like else None)
        if whole is None and totals:
            whole = totals[-1]  # of another unit: problems says so
        yield Share(label, f"{found[4]}%", part, whole)


def _rates(text: str) -> Iterator[Share]:
    for found in _RATE.finditer(text):
        label = re.sub(r"^(?:达到|其中|和|及|与|并)", "", found[1])
        part = whole = None
        if over := _OVER.search(found[3] or ""):
            unit = over[2] or over[4] or "件"
            part, whole = Amount(int(over[1]), unit), Amount(int(over[3]), over[4] or unit)
        yield Share(label, f"{found[2]}%", part, whole)


def _summed(shares: list[Share]) -> Iterator[Sum]:
    """类别占比 of one total are its parts."""
    groups: dict[Amount, list[Share]] = {}
    for one in shares:
        if one.part and one.whole and one.label.endswith("类"):
            groups.setdefault(one.whole, []).append(one)
    for whole, parts in groups.items():
        if len(parts) > 1:
            yield Sum("合计", whole, tuple((one.label, one.part) for one in parts if one.part))
