"""登记 (S1, S2, R1–R6, R9–R11): a suggestion enters, and the unit's assignment on it begins."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, cached_property
from typing import Any

from django.db import transaction
from django.db.models import Model, Prefetch, QuerySet
from django.utils.timezone import localdate

from huiyin.actions import _clocks, filing
from huiyin.actions._bulk import give_keys, insert, insert_all, new
from huiyin.actions._journal import record_new, record_units
from huiyin.actions._own_unit import own_unit
from huiyin.actions._profiles import in_force
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import begin
from huiyin.actions.filing import Upload
from huiyin.models import Assignment, Category, Meeting, Person, Proposer, Suggestion, Unit
from huiyin.models.clock import calendar_of
from huiyin.models.suggestion import sort_key
from huiyin.rules.dates import zh
from huiyin.rules.profile import Profile
from huiyin.rules.vocabulary import SIX, Deed, Kind, Level, Origin, Part, RoundKind, Status

EARLIEST = date(2000, 1, 1)
FEW = 500  # as many values as one query asks for by name
Key = tuple[str, int, str, str]  # kind, meeting, origin, number: what makes an item one (R2)


@dataclass(frozen=True)
class Entry:
    """一件的登记内容, as a form or a row of the assigning organ's sheet gives it."""

    meeting: Meeting  # the meeting the suggestion was made at
    number: str
    title: str
    text: str
    lead: str
    part: Part
    assigned_on: date
    received_on: date
    kind: Kind = Kind.SUGGESTION
    origin: Origin = Origin.SESSION
    category: Category | None = None
    delegation: str = ""
    co_signers: tuple[str, ...] = ()
    level: Level = Level.ORDINARY
    organ: Unit | None = None
    lead_unit: Unit | None = None
    co_units: tuple[Unit, ...] = field(default=())
    part_text: str = ""
    fixed_due_on: date | None = None
    six_months: bool = False
    confidential: bool = False
    secret: bool = False
    second: bool = False  # 二次办理
    phone: str = ""  # the lead proposer's

    @cached_property
    def key(self) -> Key:
        """What makes it one with an item that is registered already (R2)."""
        return self.kind.value, self.meeting.pk, self.origin.value, self.number.strip()


def check(entry: Entry, *, on: date, papers: bool = False) -> list[str]:
    """What is wrong with an entry, in sentences; empty when it may be registered. Its text may stand in its papers."""
    found = []
    for label, value in (("编号", entry.number), ("标题", entry.title), ("领衔代表", entry.lead)):
        if not value.strip():
            found.append(f"缺少{label}")
    found += _too_long(entry)
    if entry.secret and entry.text.strip():
        found.append("涉密件不得录入正文，只登记编号、单位和日期")
    if not entry.secret and not entry.text.strip() and not papers:
        found.append("缺少正文（或者上传原件）")
    if entry.assigned_on > on:
        found.append(f"交办日期{zh(entry.assigned_on)}晚于今天")
    if min(entry.assigned_on, entry.received_on) < EARLIEST:
        found.append(f"交办、收到日期不能早于{zh(EARLIEST)}")
    if entry.received_on > on:
        found.append(f"收到日期{zh(entry.received_on)}晚于今天")
    if entry.part == Part.CO and entry.lead_unit is None:
        found.append("协办件须写明主办单位")
    if entry.part == Part.SEPARATE and not entry.part_text.strip():
        found.append("分办件须写明本单位承办的内容")
    if entry.second and entry.part == Part.CO:
        found.append("二次办理件应由本单位主办")
    if entry.fixed_due_on and entry.fixed_due_on <= entry.assigned_on:
        found.append(f"办理时限{zh(entry.fixed_due_on)}不晚于交办日期")
    names = [entry.lead, *entry.co_signers]
    if len(set(names)) < len(names):
        found.append("领衔、联名代表有重名，请核对")
    return found


def _too_long(entry: Entry) -> list[str]:
    found = []
    values = [(room, value) for name, room in _rooms().items() if (value := getattr(entry, name))]
    values += [(_rooms()["lead"], name) for name in entry.co_signers]
    for (label, most), value in values:
        if len(value) > most and len(value.strip()) > most:
            found.append(f"{label}有{len(value.strip())}个字，最多{most}个")
    if any("\0" in value for _, value in values) or "\0" in entry.text:
        found.append("文字里有不能保存的控制字符")
    return found


@cache
def _rooms() -> dict[str, tuple[str, int]]:
    """For each of an entry's texts the label of the column it goes to, and how many characters that holds."""
    columns: dict[str, tuple[type[Model], str]] = {
        "number": (Suggestion, "number"), "title": (Suggestion, "title"), "lead": (Proposer, "name"),
        "delegation": (Proposer, "delegation"), "phone": (Proposer, "phone"), "part_text": (Assignment, "part_text"),
    }  # fmt: skip
    fields: dict[str, Any] = {key: model._meta.get_field(name) for key, (model, name) in columns.items()}
    return {key: (str(one.verbose_name), int(one.max_length)) for key, one in fields.items()}


def known(entries: Sequence[Entry]) -> dict[Key, Suggestion]:
    """已登记的 (R2): which of these are registered already, by kind, meeting and number, in one query, with what a comparison reads."""
    rows = Suggestion.objects.filter(revoked_at__isnull=True, meeting__in={one.meeting.pk for one in entries})
    if len(entries) <= FEW:
        rows = rows.filter(number__in={one.number.strip() for one in entries})
    wanted = {one.key for one in entries}
    columns = rows.values_list("kind", "meeting_id", "origin", "number", "pk")
    keys = {pk: key for *words, pk in columns if (key := tuple(words)) in wanted}
    pks = list(keys)
    parts = (_with_people(pks[start : start + FEW]) for start in range(0, len(pks), FEW))
    return {keys[one.pk]: one for part in parts for one in part}


def _with_people(pks: Sequence[int]) -> QuerySet[Suggestion]:
    own = Assignment.objects.select_related("meeting", "organ", "lead_unit").order_by("round")
    own = own.prefetch_related("named_co_units", "clocks")
    return (
        Suggestion.objects.filter(pk__in=pks)
        .select_related("category")
        .prefetch_related("proposers", Prefetch("assignments", own))
    )


@transaction.atomic
def register(
    entry: Entry, *, meeting: Meeting, by: Person, at: datetime, papers: tuple[Upload, ...] = ()
) -> Assignment:
    """登记一件, counted in the year's work of `meeting`. Refused when something is missing or it is there already."""
    [item] = register_all([entry], meeting=meeting, by=by, at=at, papers=bool(papers))
    for paper in papers:
        filing.store(paper, purpose="建议原件", by=by, at=at, assignment=item, suggestion=item.suggestion)
    return item


@transaction.atomic
def register_all(
    entries: Sequence[Entry], *, meeting: Meeting, by: Person, at: datetime, papers: bool = False,
    checked: bool = False,
) -> list[Assignment]:  # fmt: skip
    """登记多件：exactly the rows that registering them one by one gives, written table by table. All or none. `checked`:
    the caller has just asked `check` of each, in this transaction."""
    on = localdate(at)
    unit = own_unit(by, Deed.REGISTER, at=at)  # of two who register the same number, one is told
    if not checked and (reasons := [one for entry in entries for one in check(entry, on=on, papers=papers)]):
        raise Refused(reasons)
    there = known(entries)
    if reasons := _taken(entries, there, unit):
        raise Refused(reasons)
    suggestions = create_all(entries, there)
    items = _open_all(list(zip(entries, suggestions, strict=True)), meeting=meeting, unit=unit, by=by, at=at)
    record_units(
        unit,
        Deed.REGISTER,
        [(f"第{item.suggestion.number}号", {"item": item.pk}) for item in items],
        by=by,
        at=at,
    )
    return items


def _taken(entries: Sequence[Entry], there: dict[Key, Suggestion], unit: Unit) -> list[str]:
    """Which numbers are not free, each in a sentence."""
    found, seen = list[str](), set[Key]()
    for entry in entries:
        suggestion, why = there.get(entry.key), ""
        if entry.key in seen:
            why = "出现了两次"
        elif suggestion is not None and not rounds_of(suggestion, unit):
            why = "已由其他单位登记"
        elif suggestion is not None and not entry.second:
            why = f"已经登记过：{suggestion.title}"
        if why:
            found.append(f"{entry.meeting}第{entry.number}号{why}")
        seen.add(entry.key)
    return found


def rounds_of(suggestion: Suggestion, unit: Unit) -> list[Assignment]:
    """本单位的各轮."""
    return [one for one in suggestion.assignments.all() if one.unit_id == unit.pk]


def create_all(entries: Sequence[Entry], there: dict[Key, Suggestion]) -> list[Suggestion]:
    """The suggestions of these entries, in their order: those there already, and the others, created."""
    fresh = {
        entry.key: new(
            Suggestion, {"meeting": entry.meeting, "category": entry.category}, kind=entry.kind, origin=entry.origin,
            number=entry.number.strip(), number_key=sort_key(entry.number.strip()), title=entry.title.strip(),
            text=entry.text.strip(), received_on=entry.received_on, level=entry.level, confidential=entry.confidential,
            secret=entry.secret,
        )
        for entry in entries
        if entry.key not in there
    }  # fmt: skip
    insert_all(list(fresh.values()))
    insert(
        Proposer, ("suggestion_id", "name", "is_lead", "order", "delegation", "phone"),
        (
            (suggestion.pk, name.strip(), order == 0, order, *((entry.delegation, entry.phone) if order == 0 else ("", "")))
            for entry in entries
            if (suggestion := fresh.get(entry.key)) is not None
            for order, name in enumerate([entry.lead, *entry.co_signers])
        ),
    )  # fmt: skip
    found = {**there, **fresh}
    return [found[entry.key] for entry in entries]


def _open_all(
    pairs: Sequence[tuple[Entry, Suggestion]], *, meeting: Meeting, unit: Unit, by: Person, at: datetime
) -> list[Assignment]:
    profiles = {kind: in_force(unit, kind, at=at) for kind in {entry.kind for entry, _ in pairs}}
    items = [
        _opened(suggestion, entry, profiles[entry.kind], meeting=meeting, unit=unit, by=by, at=at)
        for entry, suggestion in pairs
    ]
    planner = _clocks.Planner(calendar_of(unit.pk))
    plans = [
        (item, planner.plan(item, fixed=entry.fixed_due_on or batch_day(meeting, entry.assigned_on)))
        for item, (entry, _) in zip(items, pairs, strict=True)
    ]
    give_keys(items)
    record_new(items, Deed.REGISTER, [(_begun(item), {}) for item in items], by=by, at=at)
    insert_all(items)
    _clocks.start_planned(plans)
    name_units((item, entry.co_units) for item, (entry, _) in zip(items, pairs, strict=True))
    return items


def _opened(
    suggestion: Suggestion, entry: Entry, profile: Profile, *, meeting: Meeting, unit: Unit, by: Person, at: datetime
) -> Assignment:  # fmt: skip
    """The assignment as it begins, not saved; a second handling takes over from the round before."""
    previous = next(reversed(rounds_of(suggestion, unit)), None) if entry.second and suggestion.pk else None
    if previous is not None:
        begin(previous, Deed.SECOND_HANDLE, by=by, at=at).done(f"转入{meeting}二次办理")
    item = new(
        Assignment,
        {
            "suggestion": suggestion, "meeting": meeting, "unit": unit, "lead_unit": entry.lead_unit, "organ": entry.organ,
            "previous": previous,
        },
        number_key=suggestion.number_key, part=entry.part, part_text=entry.part_text, assigned_on=entry.assigned_on, six_months=entry.six_months,
        round=(previous.round if previous else 1) + 1 if entry.second else 1,
        round_kind=RoundKind.SECOND if entry.second else RoundKind.FIRST,
        status=Status.NOTED if entry.part == Part.INFO else Status.PROPOSING, status_since=at,
        profile_name=profile.name, profile_version=profile.version,
    )  # fmt: skip
    item.profile = profile
    if previous is not None:
        _take_people(previous, item)
    return item


def batch_day(meeting: Meeting, assigned_on: date) -> date | None:
    """批次定日 (R21); what is assigned after it (闭会 and late items) has its period."""
    day = meeting.fixed_due_on
    return day if day and day > assigned_on else None


def name_units(named: Iterable[tuple[Assignment, Iterable[Unit]]]) -> None:
    """The co-handling units the organ named."""
    rows = ((item.pk, unit.pk) for item, units in named for unit in dict.fromkeys(units))
    insert(Assignment.named_co_units.through, ("assignment_id", "unit_id"), rows)


def _begun(item: Assignment) -> str:
    return f"{item.organ.short_name if item.organ else ''}{zh(item.assigned_on)}交办，{item.part_label()}"


def copy_people(source: Assignment, target: Assignment) -> None:
    """下一轮沿用上一轮的科室和六人, to be confirmed at the gate."""
    _take_people(source, target)
    target.save()


def _take_people(source: Assignment, target: Assignment) -> None:
    target.section, target.responsible_leader = source.section, source.responsible_leader
    for role in SIX:
        setattr(target, role.value, source.person(role))


@transaction.atomic
def withdraw(item: Assignment, *, on: date, reason: str, paper: Upload, by: Person, at: datetime) -> None:
    """登记撤回 (R5): the proposers asked in writing; handling ends at once."""
    require(撤回的情况=reason)
    taking = begin(item, Deed.WITHDRAW, by=by, at=at)
    if on > taking.on:
        raise Refused(f"日期{zh(on)}晚于今天")
    scan = filing.store(paper, purpose="撤回申请", by=by, at=at, assignment=taking.item)
    taking.done(f"{zh(on)}代表书面撤回：{reason}", paper=scan.sha256)
