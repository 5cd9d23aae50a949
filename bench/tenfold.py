"""翻几番：a ledger so many times over, written by the database out of itself, which is how it comes to a million items in
minutes. Each copy has keys, numbers and streams of its own; its texts and its journal's words are those of the first."""

from typing import Any

from django.db import connection, models, transaction

from bench.loading import settle
from bench.world import WRITTEN
from huiyin.actions import searching
from huiyin.models import Assignment, Event, Reply, SearchEntry, Suggestion
from huiyin.models.searching import as_stored
from huiyin.rules.grams import pairs

Last = dict[type[models.Model], int]
OTHERWISE = {
    (Suggestion, "number"): "t.number || '-' || c.n",
    (Suggestion, "number_key"): "t.number_key || '-' || c.n",
    (Assignment, "number_key"): "t.number_key || '-' || c.n",
    (Reply, "number"): "replace(t.number, '号', '-' || c.n || '号')",
    (Assignment, "reply_number"): "replace(t.reply_number, '号', '-' || c.n || '号')",
    (Event, "stream"): "'item:' || (t.assignment_id + c.n * {items})",
}


def multiply(times: int) -> None:
    """The ledger there is, `times` times over."""
    last: Last = {model: _last(model) for model in WRITTEN}
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # a copy's keys are right if those of the first are
            cursor.execute("SET LOCAL session_replication_role = replica")
        for model in WRITTEN:
            _copy(cursor, model, last, times)
        if connection.vendor == "postgresql":
            _copy_index(cursor, last[Suggestion], times)
        else:
            Suggestion.objects.filter(pk__gt=last[Suggestion]).update(indexed=0)
    searching.index_new()
    settle(WRITTEN)


def _last(model: type[models.Model]) -> int:
    return model._default_manager.aggregate(last=models.Max("pk"))["last"] or 0


def _copy(cursor: Any, model: type[models.Model], last: Last, times: int) -> None:
    fields, table = model._meta.concrete_fields, model._meta.db_table
    names = ", ".join(f'"{one.column}"' for one in fields)
    values = ", ".join(_value(model, one, last) for one in fields)
    counted = " UNION ALL ".join(f"SELECT {n} AS n" for n in range(1, times))
    cursor.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" t CROSS JOIN ({counted}) c'
    )


def _value(model: type[models.Model], field: Any, last: Last) -> str:
    """A column of a copy; the keys of rows that are copied too are moved on."""
    if (model, field.name) in OTHERWISE:
        return OTHERWISE[model, field.name].format(items=last[Assignment])
    owner = model if field.primary_key else field.related_model
    return f't."{field.column}"' + (f" + c.n * {last[owner]}" if owner in last else "")


def _copy_index(cursor: Any, last: int, times: int) -> None:
    """检索 of the copies: the pairs of the first, and those that its number ends in (1-, -3); an index made of all rows at
    once takes a tenth of the time."""
    table, numbered = SearchEntry._meta.db_table, Suggestion._meta.db_table
    cursor.execute(f"DROP INDEX {table}_grams")
    for n in range(1, times):
        for digit in "0123456789":
            cursor.execute(
                f"INSERT INTO {table} SELECT t.rowid + %s, t.grams || %s::bigint[] FROM {table} t "
                f"JOIN {numbered} s ON s.id = t.rowid WHERE t.rowid <= %s AND right(s.number, 1) = %s",
                [n * last, as_stored(pairs(f"{digit}-{n}"), connection.vendor), last, digit],
            )
    cursor.execute(f"CREATE INDEX {table}_grams ON {table} USING gin (grams)")
