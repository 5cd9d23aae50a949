"""逐行核对 (R74): what a row of a sheet says, in our terms, with every reason why it cannot be taken."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeVar

from huiyin.actions.registering import Entry
from huiyin.models import Category, ImportBatch, Meeting, Unit
from huiyin.queries.sheets import LABELS, Cells, read_number, read_yes
from huiyin.rules.vocabulary import Kind, Level, Origin, Part, Term

T = TypeVar("T", bound=Term)
SECOND = "二次办理"
SEPARATORS = re.compile(r"[、，,;；\s/]+")
OTHERS = re.compile(r"等\s*[0-9一二三四五六七八九十]*\s*(人|名|位)?.*$")
PARTS = {
    "会办": "协办", "单办": "独办", "单独办理": "独办", "独立办理": "独办", "分别办理": "分办", "牵头": "主办", "牵头办理": "主办",
    "主办件": "主办", "协办件": "协办", "会办件": "协办", "协助办理": "协办", "参考": "参阅",
}  # fmt: skip
HIDDEN = ("（保密）", "(保密)", "保密")  # how a ledger writes who asked for confidentiality: no name
KINDS = {"人大建议": "建议", "代表建议": "建议", "政协提案": "提案", "委员提案": "提案"}
ORIGINS = {"大会期间": "大会", "会议期间": "大会", "会间": "大会", "闭会期间": "闭会", "会后": "闭会"}
# Columns that say what is registered → where it goes
GIVES = {
    "number": "number", "title": "title", "text": "text", "lead": "lead", "co_signers": "co_signers",
    "delegation": "delegation", "category": "category", "level": "level", "organ": "organ", "part": "part",
    "lead_unit": "lead_unit", "co_units": "co_units", "part_text": "part_text", "received_on": "received_on",
    "assigned_on": "assigned_on", "due_on": "fixed_due_on", "confidential": "confidential",
}  # fmt: skip
# Columns in which many rows say the same
SHARED = (
    "part", "round", "lead_unit", "co_units", "assigned_on", "received_on", "due_on", "session", "category", "organ", "kind",
    "origin", "level", "confidential",
)  # fmt: skip


def split_names(words: str) -> list[str]:
    return [one for one in SEPARATORS.split(words) if one]


@dataclass
class Said:
    """一行读出来的：the entry, what is wrong, and what is worth knowing."""

    cells: Cells
    entry: Entry | None = None
    reasons: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def given(self) -> dict[str, Any]:
        """Of the entry's fields those that the row gives."""
        if self.entry is None:
            return {}
        found = {name: getattr(self.entry, name) for key, name in GIVES.items() if key in self.cells}
        if "lead" in self.cells and self.entry.co_signers:
            found["co_signers"] = self.entry.co_signers
        return found


class Reader:
    """Reads rows for one batch: the names it may use are asked for once."""

    def __init__(self, batch: ImportBatch, *, loose: bool = False) -> None:
        """`loose`: a name nobody knows is a note, not an error, where the item can do without (往年台账)."""
        self.batch, self.loose = batch, loose
        self.days: dict[Any, tuple[date | None, str]] = {}  # each day is read once
        self.alike: dict[Any, tuple[Said, dict[str, Any]]] = {}
        self.units = {
            name: one for one in Unit.objects.all() for name in (one.name, one.short_name)
        } | dict.fromkeys(("本单位", "我单位", "本局", "我局"), batch.unit)
        self.categories = {one.name: one for one in Category.objects.all()}
        meetings = Meeting.objects.all()
        full = {_meeting(name): one for one in meetings for name in (one.organ, one.title) if "届" in name}
        self.meetings = full | {_meeting(one.name): one for one in meetings}

    def read(self, cells: Cells) -> Said:
        hidden = [key for key in ("lead", "co_signers") if cells.text(key) in HIDDEN]
        said = Said(Cells((key, cells[key]) for key in cells if key not in hidden) if hidden else cells)
        said.entry = self._entry(said)
        return said

    def _entry(self, said: Said) -> Entry | None:
        cells = said.cells
        number = self._value(said, "number", read_number) or ""
        alike, values = self._alike(cells)
        said.reasons += alike.reasons
        said.notes += alike.notes
        if said.reasons:
            return None
        lead, more = _people(cells)
        return Entry(
            number=number, title=cells.text("title"), text=cells.text("text"), lead=lead, co_signers=more,
            delegation=cells.text("delegation"), part_text=cells.text("part_text"), phone=cells.text("lead_phone"), **values,
        )  # fmt: skip

    def _alike(self, cells: Cells) -> tuple[Said, dict[str, Any]]:
        """What a row says in words that many rows have alike; such rows are read once."""
        shared = tuple(map(cells.get, SHARED))
        key = (shared, tuple(map(type, shared)))
        if key not in self.alike:
            said = Said(cells)
            self.alike[key] = said, self._shared(said)
        return self.alike[key]

    def _shared(self, said: Said) -> dict[str, Any]:
        """The values of the entry that the columns `SHARED`, and no others, say."""
        cells = said.cells
        second = SECOND in (cells.text("part"), cells.text("round"))
        lead_unit = self._named(said, self.units, cells.text("lead_unit"), "主办单位")
        co_units = [
            self._named(said, self.units, name, "协办单位") for name in split_names(cells.text("co_units"))
        ]
        part = Part.LEAD if second else self._part(said, lead_unit, co_units)
        assigned = self.day(said, "assigned_on", needed=True)
        received = self.day(said, "received_on") or assigned
        due = self.day(said, "due_on")
        meeting = self._named(said, self.meetings, _meeting(cells.text("session")), "届次", needed=True)
        category = self._named(said, self.categories, cells.text("category"), "内容分类")
        organ = self._named(said, self.units, cells.text("organ"), "交办机关") or self.batch.organ
        kind = self.term(said, Kind, "kind", Kind.SUGGESTION, KINDS)
        origin = self.term(said, Origin, "origin", Origin.SESSION, ORIGINS)
        level, confidential = self._level(said), self._value(said, "confidential", read_yes)
        own = self.batch.unit
        return {
            "meeting": meeting or self.batch.meeting, "part": part or Part.LEAD, "assigned_on": assigned, "received_on": received,
            "kind": kind, "origin": origin, "category": category, "level": level, "organ": organ,
            "lead_unit": lead_unit if lead_unit != own else None,
            "co_units": tuple(dict.fromkeys(unit for unit in co_units if unit and unit != own)),
            "fixed_due_on": due, "second": second, "confidential": bool(confidential),
        }  # fmt: skip

    def _part(self, said: Said, lead_unit: Unit | None, co_units: list[Unit | None]) -> Part | None:
        """办理方式; where the row does not say, it follows from where our unit stands."""
        words = SEPARATORS.sub("", said.cells.text("part"))
        if not words and lead_unit == self.batch.unit:
            return Part.LEAD if any(co_units) else Part.SOLE
        if not words and self.batch.unit in co_units:
            return Part.CO
        if not words:
            said.reasons.append("缺少办理方式")
            return None
        return self.term(said, Part, "part", None, PARTS)

    def _level(self, said: Said) -> Level | None:
        """办理层级, or 是否重点督办."""
        words = said.cells.text("level")
        if words in {one.label for one in Level} or not words:
            return Level.of(words) if words else Level.ORDINARY
        try:
            return Level.KEY if read_yes(words) else Level.ORDINARY
        except ValueError:
            return self.term(said, Level, "level", None, {})

    def term(
        self, said: Said, terms: type[T], key: str, default: T | None, alike: dict[str, str]
    ) -> T | None:
        words = said.cells.text(key)
        if not words and default is not None:
            return default
        plain = SEPARATORS.sub("", words)
        try:
            return terms.of(alike.get(plain, plain))
        except ValueError as error:
            said.reasons.append(f"{LABELS[key]}{error}" if words else f"缺少{LABELS[key]}")
            return None

    def _value(self, said: Said, key: str, read: Any) -> Any:
        try:
            return read(said.cells.get(key))
        except ValueError as error:
            said.reasons.append(str(error) if LABELS[key] in str(error) else f"{LABELS[key]}{error}")
            return None

    def day(self, said: Said, key: str, *, needed: bool = False) -> date | None:
        value = said.cells.get(key)
        known = type(value), value  # 1 and True are alike otherwise
        if known not in self.days:
            try:
                self.days[known] = said.cells.day(key), ""
            except ValueError as error:
                self.days[known] = None, str(error)
        day, wrong = self.days[known]
        if wrong:
            said.reasons.append(f"{LABELS[key]}{wrong}")
            return None
        if day is None and needed:
            said.reasons.append(f"缺少{LABELS[key]}")
        return day

    def _named(
        self, said: Said, known: dict[str, Any], name: str, label: str, *, needed: bool = False
    ) -> Any:
        if name and name not in known:
            if self.loose and not needed:
                said.notes.append(f"{label}“{name}”没有登记，只记在轨迹里")
            else:
                said.reasons.append(f"没有名为“{name}”的{label}，请先由管理员登记")
        return known.get(name)


def _meeting(words: str) -> str:
    """市五届人大五次会议 and 第五届人大第五次会议 are one."""
    return re.sub(r"[\s第（）()]|会议|^市", "", words)


def _people(cells: Cells) -> tuple[str, tuple[str, ...]]:
    """领衔代表 and the co-signers: of several names in one cell the first leads."""
    first, *rest = split_names(_named_ones(cells.text("lead"))) or [""]
    more = [_named_ones(name) for name in split_names(cells.text("co_signers"))]
    return first, tuple(name for name in [*rest, *more] if name)


def _named_ones(words: str) -> str:
    """邱德海等10人 → 邱德海."""
    return OTHERS.sub("", words) if "等" in words else words
