"""分析：the year's work in pictures, each with the table it is drawn from, a sentence that says what is seen, and every number
open to its items.

A picture is data: rows of cells, and which columns are drawn how. The page shows the table; a script may draw it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count as Size
from django.db.models import Q
from django.db.models import Value as Literal

from huiyin.queries import figures, flow, themes
from huiyin.queries.actors import items_for
from huiyin.queries.figures import Items, Scope, Value
from huiyin.queries.formulas import MAIN, picked
from huiyin.rules.permissions import Actor
from huiyin.rules.shares import percent, remainder
from huiyin.rules.vocabulary import NOT_COUNTED

MONTHS, MOST = 24, 10


@dataclass(frozen=True)
class Cell:
    """表里的一格：its text; the number drawn; the figure (and filters beside it) or the item that it opens. `bad`: it must
    not be; `words`: no number."""

    text: str
    value: float | None = None
    figure: str = ""
    at: tuple[tuple[str, str], ...] = ()
    item: int = 0
    bad: bool = False
    words: bool = False


@dataclass(frozen=True)
class Series:
    """画出来的一列：`column` of the table; `tone` its colour and pattern, the same for the same thing on every picture."""

    column: int
    label: str
    tone: str
    line: bool = False
    stack: str = ""


@dataclass(frozen=True)
class Picture:
    """一张图：`flat` where its bars lie."""

    key: str
    title: str
    sentence: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    series: tuple[Series, ...]
    unit: str = "件"
    flat: bool = False
    note: str = ""


def pictures(actor: Actor, scope: Scope) -> list[Picture]:
    """全部图, those without anything to show left out. As many queries for ten items as for a thousand."""
    on = actor.on
    items = figures.counted_items(actor, scope)
    rates = figures.rates(actor, scope, on)
    made: list[Picture | None] = [
        progress(items, rates, on), where(*_one_year(items, scope), on), lateness(actor, scope, on), *class_pictures(actor, scope),
        satisfaction(rates), years(actor, scope), cares(actor, scope), delegations(items),
    ]  # fmt: skip
    return [one for one in made if one and one.rows]


# 全年进度


def progress(items: Items, rates: dict[str, Value], on: date) -> Picture | None:
    """交办、到期、答复的累计件数, month by month."""
    by_month = {name: _by_month(items, name) for name in ("assigned_on", "due_on", "replied_on")}
    months = sorted(
        {one for counted in by_month.values() for one in counted}
        | ({_month(on)} if items.exists() else set())
    )
    if not by_month["assigned_on"]:
        return None
    shown = _all_months(min(by_month["assigned_on"]), max(months))[-MONTHS:]
    rows = []
    for month in shown:
        cells = [Cell(f"{month[:4]}年{int(month[5:])}月")]
        for name, key in (("assigned_on", "assigned_by"), ("due_on", "due_by"), ("replied_on", "replied_by")):
            total = sum(size for one, size in by_month[name].items() if one <= month)
            ahead = name != "due_on" and month > _month(on)
            cells.append(Cell("", None) if ahead else Cell(str(total), total, f"{key}.{month}"))
        rows.append(tuple(cells))
    done, kept, solved = rates["completion"], rates["on_time"], rates["solved"]
    sentence = (
        f"承办{done.denominator}件，已答复{done.numerator}件，办结率{done.percent}，解决率{solved.percent}（{solved.numerator}／{solved.denominator}件）；按时答复率{kept.percent}（{kept.numerator}／{kept.denominator}件）"
        + (f"，{kept.missing}件没有按时。" if kept.missing else "。")
    )
    series = (
        Series(1, "交办", "given", line=True),
        Series(2, "到时限", "due", line=True),
        Series(3, "已答复", "done", line=True),
    )
    return Picture(
        "progress", "全年进度（累计）", sentence, ("月份", "交办", "到时限", "已答复"), tuple(rows), series
    )


def _by_month(items: Items, name: str) -> Counter[str]:
    rows = items.filter(MAIN, **{f"{name}__isnull": False}).order_by().values_list(name)
    found = Counter[str]()
    for on, size in rows.annotate(size=Size(Literal(1))):
        found[_month(on)] += size
    return found


def _month(on: date) -> str:
    return f"{on:%Y-%m}"


def _all_months(first: str, last: str) -> list[str]:
    start, end = (int(one[:4]) * 12 + int(one[5:]) - 1 for one in (first, last))
    return [f"{one // 12:04}-{one % 12 + 1:02}" for one in range(start, end + 1)]


# 时间花在哪里


def _one_year(items: Items, scope: Scope) -> tuple[Items, int | None]:
    """The latest year's items where all years are looked at: the journal of all of them is long."""
    if scope.meeting:
        return items, None
    year = items.order_by("-meeting__year").values_list("meeting__year", flat=True).first()
    return (items.filter(meeting__year=year), year) if year else (items, None)


def where(items: Items, year: int | None, on: date) -> Picture | None:
    """各环节用时."""
    at = (("year", str(year)),) if year else ()
    stages = flow.stages(items, on)
    total = sum(one.total for one in stages)
    if not total:
        return None
    rows = []
    for one in stages:
        pk, days = one.longest
        rows.append((
            Cell(one.status.label + ("（等外部）" if one.outside else "")),
            Cell(str(len(one.days)), figure=f"through.{one.status.value}", at=at),
            Cell(str(len(one.now)), at=(("status", one.status.value), *at)) if one.now else Cell("0"),
            Cell(_days(one.median), round(one.median, 1)),
            Cell(_days(days), round(days, 1), item=pk),
            Cell(percent(round(one.total * 100), round(total * 100))),
            Cell(str(one.back) if one.back else "—"),
        ))  # fmt: skip
    most = max(stages, key=lambda one: one.total)
    inside = [one for one in stages if not one.outside]
    own = max(inside, key=lambda one: one.total, default=most)
    share = percent(round(own.total * 100), round(sum(one.total for one in inside) * 100))
    back = sum(one.back for one in stages)
    sentence = (
        f"局内的时间花得最多的是“{own.status.label}”，占局内全部时间的{share}，中位数{_days(own.median)}天，最长{_days(own.longest[1])}天"
        f"{f'；退改、撤回共{back}次' if back else ''}。"
    )
    columns = ("环节", "经过的件", "现在的件", "中位数（天）", "最长（天）", "占全部时间", "退回次数")
    series = (Series(3, "中位数", "done"), Series(4, "最长", "near"))
    note = "按办理轨迹里状态变动的时刻计，一件在一个环节的几次停留合在一起；现在还在的算到今天，中止计时的日子也计在内。"
    return Picture(
        "flow",
        f"各环节用时{f'（{year}年）' if year else ''}",
        sentence,
        columns,
        tuple(rows),
        series,
        "天",
        True,
        note,
    )


def _days(days: float) -> str:
    return f"{days:.1f}".removesuffix(".0")


# 逾期


def lateness(actor: Actor, scope: Scope, on: date) -> Picture | None:
    """各科室按时、逾期."""
    by = figures.BY_DIMENSION["section"]
    items = figures.counted_items(actor, scope)
    picks = {
        key: picked(key, on) or Q() for key in ("on_time.num", "late.replied", "late.open", "on_time.den")
    }
    names = dict.fromkeys([by.path, by.name, *by.order])
    sizes = {key.replace(".", "_"): Size(Literal(1), filter=pick) for key, pick in picks.items()}
    found = list(items.order_by().values(*names).annotate(**sizes).order_by(*by.order, by.path))
    rows, worst = [], ("", 0)
    for row in found:
        if not row["on_time_den"]:
            continue
        value = "null" if row[by.path] is None else str(row[by.path])
        counts = [(key, row[key.replace(".", "_")]) for key in picks]
        late = row["late_replied"] + row["late_open"]
        worst = max(worst, (row[by.name] or by.none, late), key=lambda pair: pair[1])
        cells = [
            Cell(str(size), size, key, (("section", value),), bad=bool(size) and key == "late.open")
            for key, size in counts[:3]
        ]
        rows.append((Cell(row[by.name] or by.none), *cells, Cell(percent(counts[0][1], counts[3][1]))))
    if not rows:
        return None
    total = sum(int(row[2].text) + int(row[3].text) for row in rows)
    sentence = (
        f"未按时答复的共{total}件，最多的是{worst[0]}，{worst[1]}件。" if total else "各科室都没有逾期的件。"
    )
    columns = ("科室", "按时答复", "逾期答复", "逾期未答复", "按时答复率")
    series = (
        Series(1, "按时答复", "done", stack="all"), Series(2, "逾期答复", "near", stack="all"),
        Series(3, "逾期未答复", "late", stack="all"),
    )  # fmt: skip
    return Picture("late", "各科室按时和逾期", sentence, columns, tuple(rows), series, flat=True)


# 类别、满意


def class_pictures(actor: Actor, scope: Scope) -> list[Picture]:
    """办理结果类别, a picture a scheme."""
    return [_class_picture(scheme, place) for place, scheme in enumerate(figures.class_shares(actor, scope))]


def _class_picture(scheme: figures.Scheme, place: int) -> Picture:
    rows = tuple(
        (
            Cell(f"{letter}类" if letter else "未标"),
            Cell(words, words=True),
            Cell(str(size), size, f"class.{letter}"),
            Cell(scheme.percent(size)),
        )
        for letter, words, size in scheme.rows
    )
    most = max(scheme.rows, key=lambda row: row[2])
    sentence = f"已答复的主办、二次办理件{scheme.whole}件，{most[0] or '未标'}类最多，{most[2]}件，占{scheme.percent(most[2])}。"
    rest = remainder(size for *_, size in scheme.rows)
    note = (
        f"按答复时的类别；各占比四舍五入到两位，加起来是{rest}，不凑成100%。"
        if rest
        else "按答复时的类别，后来转类的不改。"
    )
    return Picture(
        f"class{place}", f"办理结果类别（{scheme.title}）", sentence,
        ("类别", "含义", "件数", "占比"), rows, (Series(2, "件数", "given"),), note=note, flat=True,
    )  # fmt: skip


def satisfaction(rates: dict[str, Value]) -> Picture | None:
    """满意率，首次和最终，旁边是反馈率 (R59, R68)."""
    returned = rates["returned_forms"]
    if not returned.denominator:
        return None
    pairs = (("全面满意", "satisfied", "satisfied_finally"), ("办理态度", "attitude", "attitude_finally"),
             ("办理结果", "outcome", "outcome_finally"))  # fmt: skip
    beside, of = _both(returned)
    undrawn = Cell(beside.text, None, beside.figure)
    rows = [
        (Cell(label), *_both(rates[first]), *_both(rates[last]), undrawn, of) for label, first, last in pairs
    ]
    none = Cell("—")
    rows.append((Cell("反馈率"), none, none, none, none, beside, of))
    first, last = rates["satisfied"], rates["satisfied_finally"]
    sentence = (
        f"首次满意率{first.percent}（{first.numerator}／{first.denominator}件），最终{last.percent}（{last.numerator}／{last.denominator}件）；"
        f"反馈率{returned.percent}（{returned.numerator}／{returned.denominator}件）"
        f"{f'，{returned.missing}件没有收回评价' if returned.missing else ''}。"
    )
    series = (Series(1, "首次评价", "given"), Series(3, "最后一轮评价", "done"), Series(5, "反馈率", "past"))
    columns = ("评价", "首次", "件数", "最终", "件数", "反馈率", "件数")
    return Picture(
        "satisfied", "满意率和反馈率", sentence, columns, tuple(rows), series, "%", note=first.words
    )


def _both(value: Value) -> tuple[Cell, Cell]:
    drawn = round(value.numerator * 100 / value.denominator, 2) if value.denominator else None
    counted = Cell(f"{value.numerator}／{value.denominator}", figure=f"{value.rate.key}.den")
    return Cell(value.percent, drawn, f"{value.rate.key}.num"), counted


# 各年的内容


def years(actor: Actor, scope: Scope) -> Picture | None:
    """内容分类，历年: of all years he sees, whatever year is chosen."""
    items = figures.counted_items(actor, Scope(None, scope.kind)).filter(MAIN).order_by()
    names = ("meeting__year", "suggestion__category", "suggestion__category__name")
    sizes = defaultdict[tuple[str, str], Counter[int]](Counter)
    for year, pk, name, size in items.values_list(*names).annotate(size=Size(Literal(1))):
        sizes["null" if pk is None else str(pk), name or "未分类"][year] += size
    known = sorted({year for one in sizes.values() for year in one})[-6:]
    if not known:
        return None
    ranked = sorted(sizes.items(), key=lambda pair: -sum(pair[1][year] for year in known))
    rows = tuple(
        (Cell(name), *(Cell(str(of[year]), of[year], "total", (("category", pk), ("meeting", ""), ("year", str(year)))) for year in known))
        for (pk, name), of in ranked if sum(of[year] for year in known)
    )  # fmt: skip
    top = ranked[0]
    sentence = f"{known[0]}年以来最多的是{top[0][1]}，{sum(top[1][year] for year in known)}件；{known[-1]}年{_first(ranked, known[-1])}。"
    tones = ("year1", "year2", "year3", "year4", "year5", "year6")[-len(known) :]
    series = tuple(
        Series(place, f"{year}年", tone)
        for place, (year, tone) in enumerate(zip(known, tones, strict=True), 1)
    )
    return Picture(
        "years", "内容分类，历年", sentence, ("分类", *(f"{one}年" for one in known)), rows, series, flat=True
    )


def _first(ranked: Iterable[tuple[tuple[str, str], Counter[int]]], year: int) -> str:
    rows = sorted(((of[year], name) for (_, name), of in ranked if of[year]), reverse=True)
    return "最多的是" + "、".join(f"{name}（{size}件）" for size, name in rows[:2]) if rows else "还没有件"


def cares(actor: Actor, scope: Scope) -> Picture | None:
    """代表关心什么 (S27): words of this year's titles, beside the years before."""
    seen = items_for(actor).exclude(status__in=NOT_COUNTED).filter(MAIN)
    if scope.kind:
        seen = seen.filter(suggestion__kind=scope.kind)
    year = (
        scope.meeting.year
        if scope.meeting
        else seen.order_by("-meeting__year").values_list("meeting__year", flat=True).first()
    )
    if year is None:
        return None
    titles = seen.order_by("-meeting__year", "pk").values_list("suggestion__title", "meeting__year")
    rows_of = list(titles[: 2 * themes.MOST_TITLES])
    now, before = (
        [title for title, of in rows_of if of == year],
        [title for title, of in rows_of if of < year],
    )
    found = themes.themes(now, before)
    rows = tuple(
        (
            Cell(one.word),
            Cell(str(one.now), one.now, f"title.{one.word}", (("meeting", ""), ("year", str(year)))),
            Cell(percent(one.now, len(now)), _share(one.now, len(now))),
            Cell(str(one.before), None),
            Cell(percent(one.before, len(before)), _share(one.before, len(before))),
        )
        for one in found
    )
    sentence = f"{year}年{len(now)}件的标题里说得最多的是{'、'.join(f'“{one.word}”' for one in found[:3])}"
    rises = {one: _share(one.now, len(now)) - _share(one.before, len(before)) for one in found if before}
    up = max(rises, key=lambda one: rises[one], default=None)
    if up and rises[up] > 0:
        sentence += f"；比往年说得多的是“{up.word}”（{percent(up.now, len(now))}，往年{percent(up.before, len(before))}）"
    sentence += "。"
    series = (Series(2, f"{year}年", "given"), Series(4, "往年", "past"))
    note = "标题去掉“关于”“加快”等套语后，在三件以上标题里出现的词；占比是含这个词的件数除以当年（往年）全部件数。不用词典，可以逐件核对。"
    columns = ("词", f"{year}年件数", f"{year}年占比", "往年件数", "往年占比")
    return (
        Picture("cares", "代表关心什么", sentence, columns, rows, series, "%", True, note) if found else None
    )


def _share(part: int, whole: int) -> float:
    return round(part * 100 / whole, 2) if whole else 0


def delegations(items: Items) -> Picture | None:
    """提出最多的代表团（界别）, by lead proposer; not of those who asked for confidentiality (R7)."""
    name = "suggestion__proposers__delegation"
    rows = (
        items.filter(MAIN, suggestion__confidential=False, suggestion__proposers__is_lead=True).exclude(**{name: ""})
        .order_by().values_list(name).annotate(size=Size(Literal(1))).order_by("-size", name)
    )  # fmt: skip
    found = list(rows)
    if not found:
        return None
    cells = tuple((Cell(name), Cell(str(size), size, f"delegation.{name}")) for name, size in found[:MOST])
    sentence = f"提出最多的是{found[0][0]}，{found[0][1]}件；共{len(found)}个代表团（界别）。"
    return Picture(
        "delegations", "提出单位：代表团（界别）", sentence, ("代表团（界别）", "件数"), cells,
        (Series(1, "件数", "given"),), flat=True, note="按领衔人；要求保密的不在内。" + (f"只列前{MOST}个。" if len(found) > MOST else ""),
    )  # fmt: skip
