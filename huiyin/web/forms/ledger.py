"""台账的筛选栏 (S16): the fields a person fills, from the columns' filters and what the address already asks."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from huiyin.models import Person, Unit
from huiyin.queries.columns import BY_KEY, COLUMNS, GROUPS, Column
from huiyin.queries.filters import EMPTINESS, NONE, SOME
from huiyin.queries.ledger import Found, due_picks
from huiyin.rules.permissions import Actor
from huiyin.rules.vocabulary import SIX, DeliveryMethod, Role
from huiyin.web.fields import DateField, DeedForm, Grouped, TermField, text

FIRST = ("meeting", "kind", "part", "section", "category", "status")  # 常用的
SIZES = (50, 100, 200, 500)


@dataclass(frozen=True)
class Option:
    value: str
    label: str
    chosen: bool = False


@dataclass(frozen=True)
class Field:
    """一个筛选栏. `said`: what is chosen of a list, in words."""

    name: str
    label: str
    kind: str
    value: str = ""
    first: str = ""
    last: str = ""
    options: list[Option] = field(default_factory=list)
    said: str = "全部"


def columns_field(column: Column, actor: Actor, told: QueryDict) -> Field:
    key = column.key
    if column.by.kind == "choice":
        chosen = told.getlist(key)
        listed = [*column.by.options(actor), (NONE, "（空）"), (SOME, "（不空）")]  # type: ignore[attr-defined]
        options = [Option(value, label, value in chosen) for value, label in listed]
        said = "、".join(one.label for one in options if one.chosen) or "全部"
        return Field(key, column.label, "choice", options=options, said=said)
    empty = told.get(f"{key}_is", "")
    options = [Option(value, label, value == empty) for value, label in EMPTINESS.items()]
    first, last = told.get(f"{key}_from", ""), told.get(f"{key}_to", "")
    value = told.get(key, "")
    if value and column.by.kind != "text":  # one day or number: from it, to it
        first, last, value = value, value, ""
    return Field(key, column.label, column.by.kind, value, first, last, options)


def _picked(name: str, label: str, told: QueryDict, options: list[tuple[str, str]], none: str) -> Field:
    now = told.get(name, "")
    return Field(
        name, label, "pick", options=[Option("", none), *(Option(v, w, v == now) for v, w in options)]
    )


@dataclass(frozen=True)
class Panel:
    """筛选栏：the few that always show, and the rest when they are asked for (`more`). `hidden` carries what the address
    says besides."""

    first: list[Field]
    rest: list[Field]
    more: bool
    hidden: list[tuple[str, str]]


KEPT = ("sort", "cols", "full", "figure", "more")
OWN = {"q", "due", "mine", "group", "size"}


def panel(found: Found, told: QueryDict) -> Panel:
    actor, more = found.actor, bool(told.get("more"))
    first = [columns_field(BY_KEY[key], actor, told) for key in FIRST]
    dues = [(key, label) for key, (label, _) in due_picks(actor.on).items()]
    first += [
        _picked("due", "时限", told, dues, "全部"),
        _picked("mine", "经手人", told, [("1", "我经手的")], "全部"),
        _picked("group", "分组", told, [(key, one.label) for key, one in GROUPS.items()], "不分组"),
        _picked("size", "每页", told, [(str(one), f"{one}件") for one in SIZES[1:]], f"{SIZES[0]}件"),
    ]
    rest = [columns_field(one, actor, told) for one in COLUMNS if one.key not in FIRST] if more else []
    shown = OWN | {name for one in (*first, *rest) for name in names(one.name)}
    asked = {name for one in found.conditions for name in one.names} | set(KEPT)
    hidden = [
        (name, value) for name, values in told.lists() if name in asked - shown for value in values if value
    ]
    return Panel(first, rest, more, hidden)


def names(key: str) -> tuple[str, ...]:
    """The parts of an address by which a column is asked."""
    return (key, f"{key}_from", f"{key}_to", f"{key}_is")


# 成批办理的表: what is asked once for all


class Many(Grouped):
    """Base: the facts that are the same for every item chosen."""

    def __init__(self, *args: Any, unit: Unit | None, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        if "on" in self.fields:
            self.fields["on"].initial = on

    def facts(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


class DeliverMany(Many):
    on = DateField(label="送达日期")
    method = TermField(
        DeliveryMethod, label="送达方式", radio=True, help_text="每件所有还没有送达的收件人，同一天、同一方式"
    )
    consent = text(
        "领衔代表同意转告的情况",
        required=False,
        rows=2,
        help_text="选中的件里有由领衔代表转复的联名件时须写，其他的不用写",
    )


class ReceiveMany(Many):
    on = DateField(label="收到日期", help_text="每件所有还没有回执的，同一天收到；不是同一天的请在各件里登记")


class ChangeMany(Many):
    ROLES = (*SIX, Role.CHIEF_LEADER)
    role = TermField(Role, label="哪个岗位", only=ROLES)
    person = forms.ModelChoiceField(Person.objects.none(), label="改为谁", empty_label="请选择")
    reason = text("调整的理由", rows=2)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        staff = Person.objects.filter(unit=self.unit, is_active=True, posts__role__in=self.ROLES).distinct()
        self.fields["person"].queryset = staff.order_by("section__order", "pk")  # type: ignore[attr-defined]
        self.fields["person"].label_from_instance = self._with_section  # type: ignore[attr-defined]

    @staticmethod
    def _with_section(person: Person) -> str:
        return f"{person.name}（{person.section.short_name}）" if person.section else person.name


class Note(DeedForm):
    """归档号、备注."""

    archive_number = forms.CharField(label="归档号", max_length=60, required=False)
    words = forms.CharField(
        label="备注",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="台账里的备注，本单位看得到本件的人都看得到",
    )

    def prepare(self) -> None:
        self.initial.setdefault("archive_number", self.item.archive_number)
        self.initial.setdefault("words", self.item.note)
