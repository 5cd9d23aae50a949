"""导入交办表 (S1, R2, R74): preview first; nothing is saved while one row is wrong, unless the clerk skips those;
the same sheet twice changes nothing."""

import re
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar

from django.db import transaction
from django.utils.timezone import localdate

from huiyin.actions import filing
from huiyin.actions._journal import record_unit
from huiyin.actions._refused import Refused
from huiyin.actions.filing import Upload
from huiyin.actions.registering import Entry, check, existing, register
from huiyin.models import Category, ImportBatch, Meeting, Person, Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.sheets import SheetError
from huiyin.queries.sheets.today import SheetRow, read
from huiyin.rules.permissions import may
from huiyin.rules.vocabulary import Deed, Kind, Level, Origin, Part, Term

T = TypeVar("T", bound=Term)
SECOND = "二次办理"
SEPARATORS = re.compile(r"[、，,;；\s/]+")


@dataclass
class Plan:
    """一行将怎样：new, unchanged, or wrong with its reasons."""

    line: int
    number: str
    title: str
    part: str
    entry: Entry | None = None
    reasons: list[str] = field(default_factory=list)
    unchanged: bool = False

    @property
    def state(self) -> str:
        return "有误" if self.reasons else "已有，不变" if self.unchanged else "新登记"


@transaction.atomic
def upload(file: Upload, *, meeting: Meeting, organ: Unit | None, by: Person, at: datetime) -> ImportBatch:
    """上传一张表 for preview. Refused when it cannot be read at all; nothing is registered yet."""
    if by.unit is None or not may(actor_of(by, localdate(at)), Deed.IMPORT):
        raise Refused("导入交办表须由办公室专职人员或主任办理")
    stored = filing.store(file, purpose="交办表", by=by, at=at)
    batch = ImportBatch(
        unit=by.unit, meeting=meeting, organ=organ, file=stored, uploaded_by=by, uploaded_at=at
    )
    plans(batch, on=localdate(at))
    batch.save()
    return batch


def plans(batch: ImportBatch, *, on: date) -> list[Plan]:
    """预览：what each row would do. Raises Refused when the file is no sheet with the headings."""
    with batch.file.file.open("rb") as file:
        data = file.read()
    try:
        rows = read(data, batch.file.name)
    except SheetError as error:
        raise Refused(str(error)) from error
    reader = _Reader(batch, on)
    return [reader.plan(row) for row in rows]


@transaction.atomic
def take_in(batch: ImportBatch, *, skip_wrong: bool, by: Person, at: datetime) -> ImportBatch:
    """导入：all rows in one transaction, or none."""
    row = ImportBatch.objects.select_for_update(of=("self",), no_key=True).get(pk=batch.pk)
    if by.unit_id != row.unit_id:
        raise Refused("不是本单位的导入批次")
    Unit.objects.select_for_update(no_key=True).get(pk=row.unit_id)
    if row.taken_at:
        raise Refused("这一批已经导入过")
    found = plans(row, on=localdate(at))
    wrong = [plan for plan in found if plan.reasons]
    if wrong and not skip_wrong:
        raise Refused(f"有{len(wrong)}行有误，一行也没有导入；改好表再上传，或选择跳过这些行")
    for plan in found:
        if plan.entry and not plan.reasons and not plan.unchanged:
            register(plan.entry, meeting=row.meeting, by=by, at=at)
            row.created += 1
    row.unchanged, row.skipped, row.taken_at = sum(plan.unchanged for plan in found), len(wrong), at
    row.save()
    text = f"{row.file.name}：新登记{row.created}件，已有{row.unchanged}件，跳过{row.skipped}行"
    record_unit(row.unit, Deed.IMPORT, by=by, at=at, text=text, sha256=row.file.sha256)
    return row


class _Reader:
    """Turns rows into entries, with every reason why one cannot be."""

    def __init__(self, batch: ImportBatch, on: date) -> None:
        self.batch, self.on = batch, on
        self.units = {name: one for one in Unit.objects.all() for name in (one.name, one.short_name)}
        self.categories = {one.name: one for one in Category.objects.all()}
        self.meetings = {name: one for one in Meeting.objects.all() for name in (one.name, one.title)}
        self.seen: dict[tuple[Any, ...], int] = {}

    def plan(self, row: SheetRow) -> Plan:
        plan = Plan(row.line, row.text("number"), row.text("title"), row.text("part"))
        entry = self._entry(row, plan.reasons)
        if entry is None or plan.reasons:
            return plan
        plan.entry = entry
        plan.reasons += check(entry, on=self.on)
        key = (entry.kind, entry.meeting.pk, entry.origin, entry.number)
        if key in self.seen:
            plan.reasons.append(f"与第{self.seen[key]}行编号重复")
        self.seen.setdefault(key, row.line)
        if not plan.reasons:
            self._compare(plan, entry)
        return plan

    def _compare(self, plan: Plan, entry: Entry) -> None:
        there = existing(entry)
        if there is None:
            return
        if not there.assignments.filter(unit=self.batch.unit).exists():
            plan.reasons.append("已由其他单位登记")
            return
        item = there.assignments.filter(unit=self.batch.unit, meeting=self.batch.meeting).first()
        if item is None and entry.second:
            return
        same = (there.title, there.text) == (entry.title.strip(), entry.text.strip())
        if item is not None and same and item.part == entry.part:
            plan.unchanged = True
        else:
            plan.reasons.append(f"已登记过《{there.title}》，内容与表中不同；导入不改动已登记的件")

    def _entry(self, row: SheetRow, reasons: list[str]) -> Entry | None:
        part_words = row.text("part")
        second = part_words == SECOND
        part = self._term(
            Part, SEPARATORS.sub("", part_words).replace("会办", "协办"), "办理方式", reasons, skip=second
        )
        assigned = self._day(row, "assigned_on", "交办日期", reasons)
        received = self._day(row, "received_on", "收到日期", reasons, needed=False) or assigned
        due = self._day(row, "due_on", "答复期限", reasons, needed=False)
        meeting = self._named(self.meetings, row.text("meeting"), "届次", reasons) or self.batch.meeting
        category = self._named(self.categories, row.text("category"), "内容分类", reasons)
        lead_unit = self._named(self.units, row.text("lead_unit"), "主办单位", reasons)
        co_units = [
            self._named(self.units, name, "协办单位", reasons) for name in split_names(row.text("co_units"))
        ]
        kind = self._term(Kind, row.text("kind") or Kind.SUGGESTION.label, "类型", reasons)
        origin = self._term(Origin, row.text("origin") or Origin.SESSION.label, "来源", reasons)
        level = self._term(Level, row.text("level") or Level.ORDINARY.label, "办理层级", reasons)
        if reasons or assigned is None or received is None or not (kind and origin and level):
            return None
        own = self.batch.unit
        return Entry(
            meeting=meeting, number=row.text("number"), title=row.text("title"), text=row.text("text"),
            lead=row.text("lead"), part=Part.LEAD if second else part or Part.LEAD, assigned_on=assigned,
            received_on=received, kind=kind, origin=origin, category=category, delegation=row.text("delegation"),
            co_signers=tuple(split_names(row.text("co_signers"))), level=level, organ=self.batch.organ,
            lead_unit=lead_unit if lead_unit != own else None,
            co_units=tuple(unit for unit in co_units if unit and unit != own),
            part_text=row.text("part_text"), fixed_due_on=due, second=second,
        )  # fmt: skip

    def _term(
        self, terms: type[T], words: str, label: str, reasons: list[str], *, skip: bool = False
    ) -> T | None:
        if skip:
            return None
        try:
            return terms.of(words)
        except ValueError as error:
            reasons.append(f"{label}{error}" if words else f"缺少{label}")
            return None

    def _day(
        self, row: SheetRow, key: str, label: str, reasons: list[str], *, needed: bool = True
    ) -> date | None:
        try:
            day = row.day(key)
        except ValueError as error:
            reasons.append(f"{label}{error}")
            return None
        if day is None and needed:
            reasons.append(f"缺少{label}")
        return day

    def _named(self, known: dict[str, Any], name: str, label: str, reasons: list[str]) -> Any:
        if name and name not in known:
            reasons.append(f"没有名为“{name}”的{label}，请先由管理员登记")
        return known.get(name)


def split_names(words: str) -> list[str]:
    return [one for one in SEPARATORS.split(words) if one]
