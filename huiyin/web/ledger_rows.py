"""台账的行 (S16): items as rows of cells. Made here and not in a template, of plain strings each of which is escaped: a page
has some thousand cells, and they are a third of its time."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from huiyin.models import Assignment
from huiyin.queries.columns import HIDDEN, Column
from huiyin.queries.ledger import limit, marks

LONG = 120  # characters of a long text that the table shows
FLOWING = frozenset(
    {"title", "text", "note", "reason", "promises", "co_units", "co_signers", "opinions_state", "public_url"}
)
BARE = frozenset({"number", "title", "kind", "part", "section", "handler", "status", "lead", "due_on"})
LOOKS = {"number": "number", "title": "title", "text": "long", "reason": "long", "promises": "long"}
Inside = Callable[[Assignment, date], str]  # of a cell, escaped


def rows(
    items: Iterable[Assignment], columns: Sequence[Column], on: date, *, year: bool, ticks: bool
) -> list[SafeString]:
    """`year`: the year stands under the number; `ticks`: an item can be chosen."""
    special = SPECIAL | ({"number": _number_of_year} if year else {})
    cells = [(*_opening(column), special.get(column.key) or _plain(column)) for column in columns]
    found = []
    for item in items:
        line = [_tick(item)] if ticks else []
        for opening, labelled, inside in cells:
            words = inside(item, on)
            line.append(f"{labelled if words else opening}{words}</td>")
        found.append(mark_safe("".join(line)))  # noqa: S308 (every part is escaped)
    return found


def _opening(column: Column) -> tuple[str, str]:
    """A cell's tag, bare and with the label it has on a telephone."""
    look = LOOKS.get(column.key) or ("" if column.key in FLOWING else "nowrap")
    bare = f'<td class="{look}">'
    return bare, bare if column.key in BARE else f'<td class="{look}" data-label="{escape(column.label)}">'


def _plain(column: Column) -> Inside:
    return lambda item, on: escape(shown(column.read(item, on)))


def shown(value: object) -> str:
    """A value as a cell shows it."""
    words = value.isoformat() if isinstance(value, date) else str(value)
    return words if len(words) <= LONG else f"{words[:LONG]}…"


def _tick(item: Assignment) -> str:
    label = f"选中第{escape(item.suggestion.number)}号"
    box = f'<input type="checkbox" name="item" value="{item.pk}" form="bulk" aria-label="{label}">'
    return f'<td class="tick no-print">{box}</td>'


def _number_of_year(item: Assignment, on: date) -> str:
    return f'{escape(item.suggestion.number)}<span class="sub">{escape(item.meeting.name)}</span>'


def _title(item: Assignment, on: date) -> str:
    tags = "".join(f' <span class="tag {look}">{escape(word)}</span>' for word, look in marks(item, on))
    return f'<a href="{reverse("item", args=[item.pk])}">{escape(item.suggestion.title)}</a>{tags}'


def _due(item: Assignment, on: date) -> str:
    lit = limit(item, on)
    day = item.due_on.isoformat() if item.due_on else ""
    guess = "（暂定）" if item.due_provisional else ""
    return f'{day}{guess}<br><span class="lit {lit.code}">{lit.symbol} {escape(lit.words)}</span>'


def _section(item: Assignment, on: date) -> str:
    return escape(item.section.short_name) if item.section else ""


def _lead(item: Assignment, on: date) -> str:
    return HIDDEN if item.suggestion.confidential else escape(item.suggestion.proposer_label)


def _outcome(item: Assignment, on: date) -> str:
    turned = f"→{item.class_now}" if item.class_now != item.reply_class else ""
    return escape(f"{item.reply_class}{turned}")


SPECIAL: dict[str, Inside] = {
    "title": _title, "due_on": _due, "section": _section, "lead": _lead, "outcome": _outcome,
}  # fmt: skip


def needed(columns: Iterable[Column], *, year: bool) -> tuple[str, ...]:
    """What the rows read besides their columns."""
    return ("meeting",) if year and any(one.key == "number" for one in columns) else ()
