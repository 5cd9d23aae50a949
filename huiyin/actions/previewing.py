"""导入预览 (R74): what each row of an uploaded file would do: register an item, change one, nothing, or why it is wrong."""

import copy
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from huiyin.actions import _clocks
from huiyin.actions._bulk import uncollected
from huiyin.actions._past import AGAIN, OF_PAST, WORDS, PastReader
from huiyin.actions._refused import Refused
from huiyin.actions._rows import GIVES, Reader, Said
from huiyin.actions.amending import Change, barred, differences, kept, registered
from huiyin.actions.carrying import Past, check_past
from huiyin.actions.registering import Entry, Key, check, known, rounds_of
from huiyin.documents import legacy
from huiyin.models import Assignment, Heading, ImportBatch, Reply, Suggestion
from huiyin.models.clock import calendar_of
from huiyin.queries import profiles
from huiyin.queries.sheets import LABELS, Book, Cells, Sheet, SheetError, read, words
from huiyin.rules.dates import zh
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import MAIN_CLOCKS, ImportState, Kind, VersionOrigin

NEEDED = ("number", "title", "lead", "part", "assigned_on")
NEEDED_OF_PAST = (*NEEDED, "replied_on")
EVERY = ("part", "assigned_on", "kind")  # what may hold for every row where no column says it


@dataclass
class Plan:
    """一行将怎样. `changes`: what would be put right on `item`; `notes`: what is worth knowing."""

    line: int
    number: str
    title: str
    part: str
    state: ImportState = ImportState.NEW
    entry: Entry | None = None
    past: Past | None = None
    item: Assignment | None = None
    changes: list[Change] = field(default_factory=list)
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def told(self) -> str:
        """将登记的内容, in a line."""
        return "；".join(_told(self.entry, self.past)) if self.entry else ""

    @property
    def unchanged(self) -> bool:
        return self.state == ImportState.SAME

    def wrong(self, reasons: Iterable[str]) -> None:
        self.reasons += reasons
        if self.reasons:
            self.state = ImportState.WRONG


def _told(entry: Entry, past: Past | None) -> list[str]:
    people = 1 + len(entry.co_signers)
    units = "、".join(one.short_name for one in entry.co_units)
    found = [
        entry.lead + (f"等{people}人" if people > 1 else ""), entry.delegation,
        entry.part.label + (f"（主办单位{entry.lead_unit.short_name}）" if entry.lead_unit else ""),
        f"协办单位{units}" if units else "", f"{zh(entry.assigned_on)}交办",
        f"{zh(entry.fixed_due_on)}前答复" if entry.fixed_due_on else "", entry.category.name if entry.category else "",
        f"正文{len(entry.text)}字" if entry.text else "",
    ]  # fmt: skip
    if past:
        rated = past.rating or past.attitude
        found += [
            f"{zh(past.signed_on)}答复", past.reply_number, f"{past.outcome}类" if past.outcome else "",
            f"现{past.current}类" if past.current not in ("", past.outcome) else "",
            f"评价{rated.label}" if rated else "", past.section.short_name if past.section else "",
            f"承诺{len(past.promises)}项" if past.promises else "",
        ]  # fmt: skip
    return [one for one in found if one]


def book_of(batch: ImportBatch, data: bytes | None = None, name: str = "") -> Book:
    """The file's sheets, by the headings this unit has taught us. Raises Refused."""
    taught = dict(Heading.objects.filter(unit=batch.unit).values_list("words", "key"))
    if data is None:
        name, digest = batch.file.name, batch.file.sha256
    else:
        digest = hashlib.sha256(data).hexdigest()
    key = (digest, name, tuple(sorted(taught.items())))
    if key not in _last:
        if data is None:
            with batch.file.file.open("rb") as file:
                data = file.read()
        try:
            readable = legacy.readable(data, name)
            book = read(readable, name, known=taught, readable=legacy.all_readable)
        except SheetError as error:
            raise Refused(str(error)) from error
        _last.clear()
        _last[key] = book
    return _last.get(key) or book_of(batch, data, name)


_last: dict[tuple[object, ...], Book] = {}  # the book read last: its pages are looked at one after the other


def columns(batch: ImportBatch, sheet: Sheet) -> dict[int, str]:
    """place → key, as a person chose for this batch, or else as guessed."""
    chosen: Mapping[str, str] = batch.mapping.get("columns", {})
    found = {one.place: chosen.get(str(one.place), one.key or "") for one in sheet.headings}
    return {place: key for place, key in found.items() if key}


def check_columns(sheet: Sheet, keys: Mapping[int, str]) -> list[str]:
    """Columns chosen for the same thing, in sentences."""
    names = {one.place: one.words for one in sheet.headings}
    found = []
    for key in dict.fromkeys(filter(None, keys.values())):
        if len(twice := [names.get(place, "") for place, one in keys.items() if one == key]) > 1:
            found.append(f"{'、'.join(f'“{one}”' for one in twice)}都选了{LABELS.get(key, key)}，只能有一列")
    return found


def wrong_columns(batch: ImportBatch, mapping: Mapping[int, str], sheet: Sheet) -> list[str]:
    """What is still missing before the rows can be read."""
    there = {*mapping.values(), *batch.mapping.get("every", {})}
    if {"lead_unit", "co_units"} & there:
        there.add("part")  # it follows from where our unit stands
    if "closed_on" in there:
        there.add("replied_on")
    missing = [LABELS[key] for key in (NEEDED_OF_PAST if batch.history else NEEDED) if key not in there]
    return [f"“{sheet.title}”第{sheet.head_line}行的表头缺少：{'、'.join(missing)}"] if missing else []


@dataclass(frozen=True)
class Preview:
    """导入预览：every row's plan, and what is said of the file."""

    sheet: Sheet
    notes: tuple[str, ...]
    plans: list[Plan]


@uncollected()
def preview(batch: ImportBatch, *, on: date) -> Preview:
    """预览：what each row would do. Raises Refused when the columns do not say enough."""
    try:
        book = book_of(batch)
        sheet = book.sheet(batch.sheet)
    except SheetError as error:
        raise Refused(str(error)) from error
    mapping = columns(batch, sheet)
    if reasons := wrong_columns(batch, mapping, sheet):
        raise Refused(reasons)
    every = {key: words(value) for key, value in batch.mapping.get("every", {}).items()}
    rows = []
    for row in sheet.rows:
        cells = row.cells(mapping)
        for key, value in every.items():
            cells.setdefault(key, value)
        rows.append((row.line, cells))
    return Preview(sheet, (*book.notes, *sheet.notes), _Planner(batch, on).plans(rows))


def plans(batch: ImportBatch, *, on: date) -> list[Plan]:
    return preview(batch, on=on).plans


def takes(history: bool) -> dict[str, str]:
    """The columns that an import reads: key → label."""
    keys = {*GIVES, "session", "kind", "origin", "round", "lead_phone"}
    if history:
        keys |= {*WORDS, *AGAIN, *OF_PAST}
    return {key: label for key, label in LABELS.items() if key in keys}


class _Planner:
    def __init__(self, batch: ImportBatch, on: date) -> None:
        self.batch, self.on = batch, on
        self.reader = Reader(batch)
        self.past = PastReader(batch)
        self.clocks = _clocks.Planner(calendar_of(batch.unit_id))
        self.profiles: dict[Kind, Profile] = {}

    def plans(self, rows: list[tuple[int, Cells]]) -> list[Plan]:
        found = []
        for line, cells in rows:
            said, past = self.past.read(cells) if self.batch.history else (self.reader.read(cells), None)
            plan = Plan(
                line, cells.text("number"), cells.text("title"), cells.text("part"), entry=said.entry, past=past,
                notes=said.notes,
            )  # fmt: skip
            if said.entry:
                plan.number, plan.part = said.entry.number, said.entry.part.label
            plan.wrong(said.reasons)
            found.append((plan, said))
        there = self._there(found)
        self._check([plan for plan, _ in found], there)
        for plan, said in found:
            if plan.entry and not plan.reasons and (suggestion := there.get(plan.entry.key)):
                self._compare(plan, said, plan.entry, suggestion)
        return [plan for plan, _ in found]

    def _there(self, found: list[tuple[Plan, Said]]) -> dict[Key, Suggestion]:
        """What is registered already: by the number as read, or as it stands in the cell (金3, 金3号). What such a row
        does not give, it has from there."""
        read = [plan.entry for plan, _ in found if plan.entry]
        there = known(read)
        other = [
            (plan, replace(plan.entry, number=words))
            for plan, said in found
            if plan.entry and (words := said.cells.text("number")) != plan.entry.number
        ]
        also = known([entry for _, entry in other]) if other else {}
        for plan, entry in other:
            if plan.entry and plan.entry.key not in there and entry.key in also:
                plan.entry, plan.number = entry, entry.number
                there[entry.key] = also[entry.key]
        for plan, said in found:
            if plan.entry and (suggestion := there.get(plan.entry.key)):
                now = registered(suggestion)
                given = said.given()
                plan.entry = replace(plan.entry, **{key: now[key] for key in now if key not in given})
        return there

    def _check(self, found: list[Plan], there: dict[Key, Suggestion]) -> None:
        seen: dict[Key, int] = {}
        numbers: dict[str, str] = {}
        if self.batch.history:
            numbers = _reply_numbers([plan.past.reply_number for plan in found if plan.past])
        for plan in found:
            entry = plan.entry
            if entry is None:
                continue
            key = entry.key
            plan.wrong(check(entry, on=self.on, papers=self.batch.history or key in there))
            if key in seen:
                plan.wrong([f"与第{seen[key]}行编号重复"])
            seen.setdefault(key, plan.line)
            if past := plan.past:
                plan.wrong(self._check_past(past, plan, numbers))

    def _check_past(self, past: Past, plan: Plan, numbers: dict[str, str]) -> list[str]:
        kind = past.entry.kind
        if kind not in self.profiles:
            self.profiles[kind] = profiles.current(self.batch.unit, kind)
        found = check_past(past, on=self.on, profile=self.profiles[kind])
        number, own = past.reply_number, f"{past.entry.meeting.pk}/{past.entry.number}"
        if number and numbers.setdefault(number, own) != own:
            found.append(f"答复文号“{number}”已用于别的件")
        return found

    def _compare(self, plan: Plan, said: Said, entry: Entry, there: Suggestion) -> None:
        rounds = rounds_of(there, self.batch.unit)
        year = entry.meeting if self.batch.history else self.batch.meeting
        item = next((one for one in reversed(rounds) if one.meeting_id == year.pk), None)
        if not rounds:
            plan.wrong(["已由其他单位登记"])
        elif item is None and entry.second and not self.batch.history:
            return
        elif item is None:
            plan.wrong([f"已在{rounds[-1].meeting}登记过《{there.title}》；再办的请写二次办理"])
        else:
            plan.item = item
            plan.changes = self._changes(item, said, entry)
            plan.state = ImportState.CHANGED if plan.changes else ImportState.SAME
            plan.wrong(barred(item, [one.key for one in plan.changes]) if plan.changes else [])
            if plan.past:
                self._compare_reply(plan, item, plan.past)

    def _changes(self, item: Assignment, said: Said, entry: Entry) -> list[Change]:
        """Only what the row gives: an empty cell changes nothing."""
        values = said.given()
        if entry.second:
            values.pop("part", None)
        found = differences(item, values)
        return [one for one in found if one.key != "fixed_due_on" or self._due_differs(item, entry)]

    def _due_differs(self, item: Assignment, entry: Entry) -> bool:
        """Would the day in the sheet give another date than the one it has?"""
        clock, as_wanted = item.main_clock, copy.copy(item)
        if clock is None or not clock.period or entry.fixed_due_on in {item.due_on, clock.due_on}:
            return False
        as_wanted.assigned_on, as_wanted.part = entry.assigned_on, entry.part
        planned = self.clocks.plan(as_wanted, fixed=entry.fixed_due_on)
        main = next((one for one in planned if one.kind in MAIN_CLOCKS), None)
        return main is not None and main.no_later_than != clock.no_later_than

    def _compare_reply(self, plan: Plan, item: Assignment, past: Past) -> None:
        """What was answered is not changed by an import, only compared."""
        reply = item.replies.select_related("version").order_by("-pk").first()
        if reply is None or reply.version.origin != VersionOrigin.LEDGER:
            plan.notes.append("本件在本系统里办理，台账上的答复、评价没有读")
            return
        pairs = (
            ("答复日期", zh(reply.signed_on), zh(past.signed_on)), ("答复文号", reply.number, past.reply_number),
            ("解决程度", reply.version.outcome_class, past.outcome),
        )  # fmt: skip
        plan.wrong(
            f"{label}已转入为{old or '（空）'}，表中为{new}；导入不改动答复"
            for label, old, new in pairs
            if new and old != new
        )


def _reply_numbers(numbers: list[str]) -> dict[str, str]:
    """Which of these document numbers are taken, and by which item."""
    wanted = sorted(filter(None, set(numbers)))
    found: dict[str, str] = {}
    for start in range(0, len(wanted), 500):
        rows = Reply.objects.filter(number__in=wanted[start : start + 500])
        for number, meeting, own in rows.values_list(
            "number", "assignment__suggestion__meeting_id", "assignment__suggestion__number"
        ):
            found[number] = f"{meeting}/{own}"
    return found


def seen(found: Iterable[Plan]) -> str:
    """The digest of a preview: of what every row would do."""
    rows = [
        [
            plan.line,
            plan.number,
            plan.title,
            plan.state,
            plan.item.pk if plan.item else 0,
            kept(plan.changes),
            plan.reasons,
        ]
        for plan in found
    ]
    text = json.dumps(rows, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
