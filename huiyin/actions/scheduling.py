"""维护工作日历 (R24): a year loaded, a day turned about, the shipped year again; the dates that follow from it move."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime

from django.db import transaction

from huiyin import notices
from huiyin.actions import _clocks
from huiyin.actions._journal import record_item, record_unit
from huiyin.actions._own_unit import own_unit
from huiyin.actions._refused import Refused, Stale
from huiyin.models import Assignment, CalendarYear, Event, Person, Unit
from huiyin.models.clock import calendar_of
from huiyin.queries.dates import Move, fingerprint, moves, without, year_of
from huiyin.rules.calendar import Calendar, CalendarError, Year, shipped_year
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Deed, NoticeKind


@transaction.atomic
def load_year(*years: Year, seen: str = "", by: Person, at: datetime) -> list[Move]:
    """录入放假安排: these years take the place of the unit's own, and exactly the previewed dates move. `seen` is the
    fingerprint of the preview he confirmed. Raises Refused, and Stale when something else would move by now."""
    unit = own_unit(by, Deed.SET_CALENDAR, at=at)
    if not years:
        raise Refused("没有要录入的年份")
    try:
        years = tuple(Year.parse(str(one.year), one.text()) for one in years)
    except CalendarError as error:
        raise Refused(str(error)) from error
    text = "；".join(f"录入{one.year}年放假安排（{one.source}）" for one in years)
    after = calendar_of(unit.pk).joined(list(years))
    return _apply(unit, after, lambda: _store(unit, years, by, at), text, seen, by, at)


@transaction.atomic
def set_day(
    *, on: date, name: str, rest: bool | None, seen: str = "", by: Person, at: datetime
) -> list[Move]:
    """改一天: at rest, at work, or (None) as its weekday has it, in a year that is known already."""
    unit = own_unit(by, Deed.SET_CALENDAR, at=at)
    year = turned(unit, on, name, rest)
    text = (
        f"{zh(on)}恢复平常" if rest is None else f"{zh(on)}{'放假' if rest else '调休上班'}（{name.strip()}）"
    )
    after = calendar_of(unit.pk).joined([year])
    return _apply(unit, after, lambda: _store(unit, (year,), by, at), text, seen, by, at)


@transaction.atomic
def return_to_shipped(year: int, *, seen: str = "", by: Person, at: datetime) -> list[Move]:
    """恢复随软件的一年: what the unit has loaded of it is dropped; a year not shipped is then unknown again."""
    unit = own_unit(by, Deed.SET_CALENDAR, at=at)
    rows = CalendarYear.objects.filter(unit=unit, year=year)
    if not rows.exists():
        raise Refused(f"{year}年用的就是随软件的日历")
    text = f"{year}年{'恢复随软件的放假安排' if shipped_year(year) else '的放假安排撤销，恢复为尚未录入'}"
    return _apply(unit, without(unit, year), rows.delete, text, seen, by, at)


@transaction.atomic
def recount(*, seen: str = "", by: Person, at: datetime) -> list[Move]:
    """按现行日历重算: after a new version of the software has brought another year."""
    unit = own_unit(by, Deed.SET_CALENDAR, at=at)
    calendar = calendar_of(unit.pk)
    if not moves(unit, calendar):
        raise Refused("在走的时限都与工作日历相符，不必重算")
    return _apply(unit, calendar, lambda: None, "按随软件更新的工作日历重算", seen, by, at)


def turned(unit: Unit, on: date, name: str, rest: bool | None) -> Year:
    """The unit's year with one day turned about. Raises Refused."""
    year = year_of(unit, on.year)
    if year is None:
        raise Refused(f"{on.year}年的放假安排尚未录入，先录入全年，再改个别日子")
    if rest is None and on not in year.rest and on not in year.work:
        raise Refused(f"{zh(on)}本来就按平常")
    if rest is not None and not name.strip():
        raise Refused("还没有写名称，如“春节”“停工”")
    try:
        return year.turned(on, name.strip(), rest)
    except CalendarError as error:
        raise Refused(str(error)) from error


def _apply(
    unit: Unit, after: Calendar, write: Callable[[], object], text: str, seen: str, by: Person, at: datetime
) -> list[Move]:  # fmt: skip
    items = _locked(unit)
    found = moves(unit, after)
    if seen and seen != fingerprint(found):
        raise Stale("预览以后有时限变动过，请再看一遍会变的时限")
    write()
    moved = [one for one in found if one.moved]
    event = record_unit(
        unit, Deed.SET_CALENDAR, by=by, at=at,
        text=f"{text}，{len(moved)}个时限变动" if moved else f"{text}，没有时限变动",
        firm=sum(one.was_provisional and not one.provisional for one in found),
    )  # fmt: skip
    of_item = defaultdict[int, list[Move]](list)
    for one in found:
        _clocks.renew(items[one.item.pk], one.clock, after)
        if one.moved:
            of_item[one.item.pk].append(one)
    notices.tell_many([_journal(items[pk], mine, text, event, by, at) for pk, mine in of_item.items()], at=at)
    return found


def _locked(unit: Unit) -> dict[int, Assignment]:
    """All items of the unit, locked: no deed starts or stops a clock by the old calendar meanwhile."""
    rows = Assignment.objects.select_for_update(of=("self",), no_key=True).filter(unit=unit).order_by("pk")
    return {one.pk: one for one in rows.select_related("suggestion")}


def _store(unit: Unit, years: tuple[Year, ...], by: Person, at: datetime) -> None:
    for one in years:
        CalendarYear.objects.update_or_create(
            unit=unit, year=one.year, defaults={"text": one.text(), "loaded_by": by, "loaded_at": at}
        )


def _journal(
    item: Assignment, mine: list[Move], text: str, event: Event, by: Person, at: datetime
) -> notices.Told:
    """Write the item's row, and say what its people are told."""
    words = "；".join(one.words for one in mine)
    record_item(
        item, Deed.MOVE_DATES, by=by, at=at, source=item.status, target=item.status, text=f"{text}：{words}",
        moves=[
            {"clock": one.clock.pk, "kind": one.clock.kind, "before": one.old, "after": one.new} for one in mine
        ],
    )  # fmt: skip
    people = {item.handler_id, item.section_head_id, item.clerk_id}
    return notices.Told(
        sorted(one for one in people if one), NoticeKind.MOVED, f"{notices.subject(item)}：{words}（工作日历变动）",
        f"calendar:{event.stream}:{event.seq}:{item.pk}", item,
    )  # fmt: skip
