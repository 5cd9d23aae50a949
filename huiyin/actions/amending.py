"""更正登记 (R2, R74): what was registered wrongly is put right, with the old and the new in the journal; what a signed text
answers stays as it is."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Model

from huiyin.actions import _clocks
from huiyin.actions._refused import Refused, require
from huiyin.actions._take import Taking, begin
from huiyin.actions.registering import Entry, batch_day, check, known
from huiyin.models import Assignment, Category, Contact, Evaluation, Person, Proposer, Suggestion, Unit
from huiyin.queries import sheets
from huiyin.rules.dates import zh
from huiyin.rules.vocabulary import Deed, Kind, Level, Origin, Part, Status, Term, VersionOrigin

LABELS = sheets.LABELS | {
    "confidential": "代表要求保密", "fixed_due_on": "交办通知定的答复日", "six_months": "六个月内答复",
}  # fmt: skip
ANSWERED = ("number", "title", "text", "lead", "co_signers")  # what a reply names and answers
BEGUN = ("received_on", "assigned_on", "fixed_due_on", "part", "lead_unit", "part_text", "six_months")
TIMED = frozenset({"received_on", "assigned_on", "fixed_due_on", "part", "six_months"})
PROPOSERS = frozenset({"lead", "co_signers"})
NAMING = PROPOSERS | {"delegation"}  # what tells who asked for confidentiality (R7)
OF_SUGGESTION = ("number", "title", "text", "category", "level", "confidential", "received_on")
OF_ITEM = ("organ", "assigned_on", "part", "lead_unit", "part_text", "six_months")


@dataclass(frozen=True)
class Change:
    """一栏的更正."""

    key: str
    before: Any
    after: Any

    @property
    def label(self) -> str:
        return LABELS[self.key]

    @property
    def old(self) -> str:
        return _words(self.before)

    @property
    def new(self) -> str:
        return _words(self.after)


def standing(item: Assignment) -> dict[str, Any]:
    """登记的内容 as it stands, under the names of `Entry`."""
    clock = item.main_clock
    return {
        **registered(item.suggestion), "organ": item.organ, "assigned_on": item.assigned_on, "part": Part(item.part),
        "lead_unit": item.lead_unit, "part_text": item.part_text, "six_months": item.six_months,
        "co_units": tuple(sorted(item.named_co_units.all(), key=lambda one: one.pk)),
        "fixed_due_on": clock.no_later_than if clock else None,
    }  # fmt: skip


def registered(its: Suggestion) -> dict[str, Any]:
    """Of a suggestion alone, what `standing` says."""
    people = sorted(its.proposers.all(), key=lambda one: (not one.is_lead, one.order, one.pk))
    lead = people[0] if people and people[0].is_lead else None
    return {
        "number": its.number, "title": its.title, "text": its.text, "category": its.category, "level": Level(its.level),
        "lead": lead.name if lead else "", "co_signers": tuple(one.name for one in people if one is not lead),
        "delegation": lead.delegation if lead else "", "confidential": its.confidential,
        "received_on": its.received_on,
    }  # fmt: skip


def differences(item: Assignment, values: Mapping[str, Any]) -> list[Change]:
    """What would change if these values were put in the place of what stands."""
    now = standing(item)
    wanted = {key: _plain(key, value) for key, value in values.items()}
    return [Change(key, now[key], new) for key, new in wanted.items() if now[key] != new]


def _plain(key: str, value: Any) -> Any:
    if key == "co_units":
        return tuple(sorted(dict.fromkeys(value), key=lambda one: one.pk))
    return value.strip() if isinstance(value, str) and not isinstance(value, Term) else value


def barred(item: Assignment, keys: Iterable[str]) -> list[str]:
    """Why these may no longer be put right, in sentences; empty when they may."""
    keys, found = set(keys), list[str]()
    named, begun = ([key for key in some if key in keys] for some in (ANSWERED, BEGUN))
    rounds = list(item.suggestion.assignments.exclude(status=Status.REVOKED))
    if named and (why := next(filter(None, map(_signed, rounds)), "")):
        found.append(f"{_labels(named)}写在审签的答复里（{why}），不能再更正")
    if begun and not _carried(item) and item.status not in {Status.PROPOSING, Status.NOTED}:
        found.append(f"本件已提出拟办意见（现为{item.get_status_display()}），{_labels(begun)}不能再更正")
    if begun and item.clocks.filter(extensions__isnull=False).exists():
        found.append(f"时限已申请过延期，{_labels(begun)}不能再更正")
    if begun and item.clocks.filter(suspensions__isnull=False).exists():
        found.append(f"时限已中止过，{_labels(begun)}不能再更正")
    if "level" in keys and item.gate:
        found.append(f"正在{item.gate.label}审签，审完再更正办理层级")
    return found


def _signed(item: Assignment) -> str:
    """Where a text that answers it has been signed; "" where none has, or only in an old ledger."""
    if item.status in {Status.REVIEW, Status.ISSUE}:
        return f"已送审，现在{item.get_status_display()}"
    reply = item.replies.exclude(version__origin=VersionOrigin.LEDGER).order_by("-pk").first()
    return f"{reply.number} {zh(reply.signed_on)}签发" if reply else ""


def _carried(item: Assignment) -> bool:
    return item.events.filter(deed=Deed.CARRY_IN).exists()


@transaction.atomic
def amend(
    item: Assignment, values: Mapping[str, Any], *, reason: str = "", by: Person, at: datetime
) -> list[Change]:
    """更正登记: puts the values given (under the names of `Entry`) in the place of what stands. Refused for what a signed
    text answers, and for what would then be wrong. What stands so already is left; nothing changed, nothing written."""
    if by.unit is None:
        raise Refused("更正登记须由本单位办公室办理")
    Unit.objects.select_for_update(no_key=True).get(pk=by.unit.pk)
    taking = begin(item, Deed.AMEND, by=by, at=at)
    changes = differences(taking.item, values)
    if not changes:
        return []
    _check(taking, changes)
    _put(taking.item, {one.key: one.after for one in changes})
    taking.item.forget()
    taking.done(_said(taking.item, changes, reason), **_facts(taking.item, changes))
    return changes


def amended(item: Assignment, values: Mapping[str, Any], *, reason: str, by: Person, at: datetime) -> None:
    """As `amend`, for a person at a form: he says why, and there is something to change."""
    require(更正的依据=reason)
    if not amend(item, values, reason=reason, by=by, at=at):
        raise Refused("没有改动任何一栏")


def _check(taking: Taking, changes: list[Change]) -> None:
    item, its = taking.item, taking.item.suggestion
    reasons = barred(item, (one.key for one in changes))
    merged = {**standing(item), **{one.key: one.after for one in changes}}
    if Part.INFO in {item.part, merged["part"]} and item.part != merged["part"]:
        reasons.append("参阅件与承办件不能互改，请撤销登记后重新登记")
    entry = Entry(
        meeting=its.meeting, kind=Kind(its.kind), origin=Origin(its.origin), secret=its.secret, **merged
    )
    reasons += check(entry, on=taking.on, papers=True)
    if entry.key in known([entry]) and its.number != entry.number:
        reasons.append(f"{its.meeting}第{entry.number}号已经登记过")
    if reasons:
        raise Refused(reasons)


def _put(item: Assignment, new: dict[str, Any]) -> None:
    its = item.suggestion
    for names, row in ((OF_SUGGESTION, its), (OF_ITEM, item)):
        if mine := [key for key in names if key in new]:
            for key in mine:
                setattr(row, key, new[key])
            row.save()
            item.number_key = its.number_key  # saved beside the suggestion's
    if "co_units" in new:
        item.named_co_units.set(new["co_units"])
    if PROPOSERS & set(new):
        now = standing(item)
        _name(its, [new.get("lead", now["lead"]), *new.get("co_signers", now["co_signers"])])
    if "delegation" in new:
        its.proposers.filter(is_lead=True).update(delegation=new["delegation"])
    if TIMED & set(new) and item.clocks.filter(stopped_on__isnull=True).exists():
        clock = item.main_clock
        fixed = new.get("fixed_due_on", clock.no_later_than if clock else None)
        _clocks.restart(item, fixed=fixed or batch_day(item.meeting, item.assigned_on))


def _name(its: Suggestion, names: list[str]) -> None:
    """The proposers by these names, the lead first: who stays keeps his row, who was written wrongly is renamed."""
    rows = {one.name: one for one in its.proposers.all()}
    delegation = next((one.delegation for one in rows.values() if one.is_lead), "")
    gone = [one for name, one in rows.items() if name not in names]
    its.proposers.update(is_lead=False)
    for order, name in enumerate(names):
        row = rows.get(name) or (gone.pop(0) if gone else Proposer(suggestion=its))
        row.name, row.order, row.is_lead = name, order, order == 0
        row.delegation = row.delegation or (delegation if order == 0 else "")
        row.save()
    for row in gone:
        if Contact.objects.filter(reached=row).exists() or Evaluation.objects.filter(proposer=row).exists():
            raise Refused(f"代表“{row.name}”已有沟通记录或评价，不能从提出人里去掉")
        row.delete()


# 写成字，存成值


def _labels(keys: Iterable[str]) -> str:
    return "、".join(LABELS[key] for key in keys)


def _words(value: Any) -> str:
    if value in (None, "", ()):
        return "（空）"
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, date):
        return zh(value)
    if isinstance(value, Term):
        return value.label
    if isinstance(value, tuple):
        return "、".join(_words(one) for one in value)
    return value.short_name if isinstance(value, Unit) else str(value)


def _said(item: Assignment, changes: list[Change], reason: str) -> str:
    """In the journal: what is short in full; names not, where they are to be kept confidential (R7)."""
    words = []
    for one in changes:
        if one.key == "text":
            words.append(f"正文（原{len(one.before)}字，现{len(one.after)}字）")
        elif one.key in NAMING and item.suggestion.confidential:
            words.append(one.label)
        else:
            words.append(f"{one.label}：{one.old} → {one.new}")
    return "；".join([*words, *([f"依据：{reason}"] if reason else [])])


def _facts(item: Assignment, changes: list[Change]) -> dict[str, Any]:
    hidden = NAMING if item.suggestion.confidential else frozenset[str]()
    return {"changed": {key: pair for key, pair in kept(changes).items() if key not in hidden}}


def kept(changes: Iterable[Change]) -> dict[str, list[Any]]:
    """Old and new value of each, as JSON keeps them."""
    return {one.key: [_stored(one.before), _stored(one.after)] for one in changes}


def _stored(value: Any) -> Any:
    if isinstance(value, Term):
        return value.value
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple):
        return [_stored(one) for one in value]
    return value.pk if isinstance(value, Model) else value


def _units(keys: list[int]) -> tuple[Unit, ...]:
    return tuple(Unit.objects.filter(pk__in=keys).order_by("pk"))


REVIVED: dict[str, Callable[[Any], Any]] = {
    "category": lambda pk: Category.objects.get(pk=pk), "level": Level, "part": Part, "co_signers": tuple,
    "co_units": _units, **dict.fromkeys(("organ", "lead_unit"), lambda pk: Unit.objects.get(pk=pk)),
    **dict.fromkeys(("received_on", "assigned_on", "fixed_due_on"), date.fromisoformat),
}  # fmt: skip


def revived(key: str, stored: Any) -> Any:
    """The value that JSON kept."""
    return stored if stored is None or key not in REVIVED else REVIVED[key](stored)


__all__ = [
    "LABELS",
    "NAMING",
    "Change",
    "amend",
    "amended",
    "barred",
    "differences",
    "kept",
    "registered",
    "revived",
    "standing",
]
