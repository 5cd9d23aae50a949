"""台账的行 (S16): one item as a row of cells. Made here and not in a template: a page has some thousand cells."""

from collections.abc import Iterable, Sequence
from datetime import date

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from huiyin.models import Assignment
from huiyin.queries.columns import Column
from huiyin.queries.ledger import limit, marks

LONG = 120  # characters of a long text that the table shows
FLOWING = frozenset(
    {"title", "text", "note", "reason", "promises", "co_units", "co_signers", "opinions_state", "public_url"}
)
BARE = frozenset({"number", "title", "kind", "part", "section", "handler", "status", "lead", "due_on"})


def row(item: Assignment, columns: Sequence[Column], on: date, *, year: bool, ticks: bool) -> SafeString:
    """`year`: the year stands under the number; `ticks`: it can be chosen."""
    cells = [_tick(item)] if ticks else []
    cells += [_cell(item, column, on, year) for column in columns]
    return mark_safe("".join(cells))  # noqa: S308 (each part is escaped)


def _tick(item: Assignment) -> SafeString:
    return format_html(
        '<td class="tick no-print"><input type="checkbox" name="item" value="{}" form="bulk" aria-label="选中第{}号"></td>',
        item.pk, item.suggestion.number,
    )  # fmt: skip


def _cell(item: Assignment, column: Column, on: date, year: bool) -> SafeString:
    special = SPECIAL.get(column.key)
    inside = special(item, on, year) if special else conditional_escape(shown(column.read(item, on)))
    look = LOOKS.get(column.key) or ("" if column.key in FLOWING else "nowrap")
    label = format_html(' data-label="{}"', column.label) if column.key not in BARE and inside else ""
    return format_html('<td class="{}"{}>{}</td>', look, label, inside)


def shown(value: object) -> str:
    """A value as a cell shows it."""
    words = value.isoformat() if isinstance(value, date) else str(value)
    return words if len(words) <= LONG else f"{words[:LONG]}…"


def _number(item: Assignment, on: date, year: bool) -> SafeString:
    sub = format_html('<span class="sub">{}</span>', item.meeting.name) if year else ""
    return format_html("{}{}", item.suggestion.number, sub)


def _title(item: Assignment, on: date, year: bool) -> SafeString:
    tags = "".join(
        format_html(' <span class="tag {}">{}</span>', look, word) for word, look in marks(item, on)
    )
    address = reverse("item", args=[item.pk])
    return format_html('<a href="{}">{}</a>{}', address, item.suggestion.title, mark_safe(tags))  # noqa: S308


def _due(item: Assignment, on: date, year: bool) -> SafeString:
    lit = limit(item, on)
    day = item.due_on.isoformat() if item.due_on else ""
    guess = "（暂定）" if item.due_provisional else ""
    return format_html(
        '{}{}<br><span class="lit {}">{} {}</span>', day, guess, lit.code, lit.symbol, lit.words
    )


def _section(item: Assignment, on: date, year: bool) -> SafeString:
    return conditional_escape(item.section.short_name if item.section else "")


def _lead(item: Assignment, on: date, year: bool) -> SafeString:
    one = item.suggestion
    return conditional_escape("（保密）" if one.confidential else one.proposer_label)


def _outcome(item: Assignment, on: date, year: bool) -> SafeString:
    turned = f"→{item.class_now}" if item.class_now != item.reply_class else ""
    return conditional_escape(f"{item.reply_class}{turned}")


SPECIAL = {
    "number": _number, "title": _title, "due_on": _due, "section": _section, "lead": _lead, "outcome": _outcome,
}  # fmt: skip
LOOKS = {"number": "number", "title": "title", "text": "long", "reason": "long", "promises": "long"}


def needed(columns: Iterable[Column], *, year: bool) -> tuple[str, ...]:
    """What the row reads besides its columns."""
    return ("meeting",) if year and any(one.key == "number" for one in columns) else ()
