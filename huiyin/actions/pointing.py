"""意见点与逐条回应 (R3, R38): what the deputies ask, kept point by point, and what is answered to each."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from difflib import SequenceMatcher

from django.db import transaction

from huiyin.actions._refused import Refused
from huiyin.actions._take import Taking, begin
from huiyin.models import Assignment, Person, Point, Unit
from huiyin.rules.dates import zh
from huiyin.rules.points import MOST, renumbered
from huiyin.rules.vocabulary import Deed

LONGEST = 300
ALIKE = 0.6  # a text at least so like an old one is the same point, reworded
ASIDE = 1000  # where numbers wait while they are given anew


@transaction.atomic
def keep_points(item: Assignment, texts: Sequence[str], *, by: Person, at: datetime) -> list[Point]:
    """整理意见点：these, in this order. A point whose text stays, or is only reworded, keeps its answer; the marks in
    the open draft (【答2】) follow their points to the new numbers."""
    wanted = [text for one in texts if (text := " ".join(one.split()))]
    if reasons := _wrong(wanted):
        raise Refused(reasons)
    taking = begin(item, Deed.POINTS, by=by, at=at)
    before = list(taking.item.points.all())
    kept = _matched(before, wanted)
    gone = [one for one in before if one not in kept]
    numbers = {one.number: place for place, one in enumerate(kept, 1) if one}
    if gone or any(old != new for old, new in numbers.items()):
        _follow(taking, numbers)
    taking.item.points.filter(pk__in=[one.pk for one in gone]).delete()
    for point in before:
        if point not in gone:
            taking.item.points.filter(pk=point.pk).update(number=point.number + ASIDE)
    found = [
        _keep(taking, one, place, text) for place, (one, text) in enumerate(zip(kept, wanted, strict=True), 1)
    ]
    taking.done(f"{len(found)}点", points=wanted)
    return found


def _wrong(wanted: Sequence[str]) -> list[str]:
    found = [] if wanted else ["至少写一点，一行一点"]
    found += [f"意见点有{len(wanted)}点，最多{MOST}点"] if len(wanted) > MOST else []
    found += [
        f"第{place}点有{len(one)}个字，最多{LONGEST}个，请写短些"
        for place, one in enumerate(wanted, 1)
        if len(one) > LONGEST
    ]
    return found + [f"“{one[:20]}”写了两遍" for one in dict.fromkeys(wanted) if wanted.count(one) > 1]


def _matched(before: Iterable[Point], wanted: Sequence[str]) -> list[Point | None]:
    """For each text the point it was: the same words first, then the likest."""
    left, found = list(before), dict[int, Point]()
    pairs = sorted(
        ((SequenceMatcher(None, one.text, text).ratio(), -place, one) for one in left for place, text in enumerate(wanted)),
        key=lambda pair: (pair[0], pair[1]),
        reverse=True,
    )  # fmt: skip
    for ratio, place, one in pairs:
        if ratio >= ALIKE and one in left and -place not in found:
            found[-place] = one
            left.remove(one)
    return [found.get(place) for place in range(len(wanted))]


def _follow(taking: Taking, numbers: dict[int, int]) -> None:
    """The open draft's marks, renumbered: a save like any other, so that who is writing now is told."""
    draft, last = taking.item.draft, taking.item.versions.order_by("-number").first()
    if draft is None:
        if last is not None and last.answered():
            raise Refused("上一稿里已标了答第几点，请承办人先保存一稿，再调整意见点的次序")
        return
    body = renumbered(draft.body, numbers)
    if body != draft.body:
        draft.body, draft.revision = body, draft.revision + 1
        draft.edited_by, draft.edited_at = taking.by, taking.at
        draft.save()


def _keep(taking: Taking, point: Point | None, number: int, text: str) -> Point:
    point = point or Point(assignment=taking.item)
    if point.text != text:
        point.edited_by, point.edited_at = taking.by, taking.at
    point.number, point.text = number, text
    point.save()
    return point


@transaction.atomic
def answer_point(
    item: Assignment, point: Point, *, measure: str = "", unit: Unit | None = None, due_on: date | None = None,
    note: str = "", by: Person, at: datetime,
) -> Point:  # fmt: skip
    """填写逐条回应：the measure, the unit that takes it and by when; or why the point needs no answer of its own."""
    taking = begin(item, Deed.ANSWER_POINT, by=by, at=at)
    row = taking.item.points.select_for_update(of=("self",), no_key=True).filter(pk=point.pk).first()
    if row is None:
        raise Refused("这一点不是本件的意见点")
    measure, note = measure.strip(), note.strip()
    if reasons := _unfit(taking.item, measure, unit, due_on, note):
        raise Refused(reasons)
    row.measure, row.unit, row.due_on, row.note = measure, unit, due_on, note
    row.edited_by, row.edited_at = by, at
    row.save()
    taking.done(f"第{row.number}点：{_said(row)}", point=row.number)
    return row


def _unfit(item: Assignment, measure: str, unit: Unit | None, due_on: date | None, note: str) -> list[str]:
    found = [] if measure or note else ["请写措施；不单独答复的，写明原因"]
    if not measure and (unit or due_on):
        found.append("写了责任单位或完成时间，还没有写措施")
    if unit and unit.pk not in {one.pk for one in answering_units(item)}:
        found.append(f"{unit.short_name}不是本件的主办、{item.co}单位")
    if due_on and due_on <= item.assigned_on:
        found.append(f"完成时间应晚于交办日期{zh(item.assigned_on)}")
    return found


def answering_units(item: Assignment) -> list[Unit]:
    """可作责任单位的：our own, and those that handle it with us."""
    asked = Unit.objects.filter(pk__in=item.opinions.values("unit"))
    return list(dict.fromkeys([item.unit, *item.named_co_units.all(), *asked]))


def _said(point: Point) -> str:
    if not point.measure:
        return f"不单独答复，{point.note}"
    parts = [
        point.measure,
        point.unit.short_name if point.unit else "",
        f"{zh(point.due_on)}前" if point.due_on else "",
    ]
    return "，".join(one for one in parts if one)
