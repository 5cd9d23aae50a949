"""成批写入: many rows of one table by one prepared statement, for what is too many to be written one by one."""

from collections.abc import Iterable, Sequence
from enum import Enum
from operator import attrgetter
from typing import Any

from django.db import connection
from django.db.models import Model

PLAIN = frozenset({str, int, bool, float, type(None)})  # stored as they are


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows: for each the values of the columns `names` (attribute names, `meeting_id`); the others have the
    default of their field. No signals, no keys given back; the database's own constraints hold as ever."""
    fields = {field.attname: field for field in model._meta.concrete_fields if not field.primary_key}
    others = [field for name, field in fields.items() if name not in names]
    given = [fields[name] for name in names]
    rest = tuple(_prepared(field, field.get_default()) for field in others)
    kept: list[dict[Any, Any]] = [{} for _ in given]
    columns = list(zip(given, kept, strict=True))
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    written = ", ".join(quoted(str(field.column)) for field in [*given, *others])
    marks = ", ".join(["%s"] * len(fields))
    sql = f"INSERT INTO {table} ({written}) VALUES ({marks})"  # noqa: S608 - names of our own models only
    with connection.cursor() as cursor:
        cursor.executemany(sql, [(*_values(columns, row), *rest) for row in rows])


def insert_all(objects: Sequence[Model]) -> None:
    """Insert new objects of one model; they do not learn their keys."""
    if objects:
        model = type(objects[0])
        names = [field.attname for field in model._meta.concrete_fields if not field.primary_key]
        insert(model, names, map(attrgetter(*names), objects))


def _values(columns: list[tuple[Any, dict[Any, Any]]], row: Sequence[Any]) -> list[Any]:
    found = []
    for (field, kept), value in zip(columns, row, strict=True):
        if type(value) in PLAIN:
            found.append(value)
        else:
            if value not in kept:
                kept[value] = _prepared(field, value)
            found.append(kept[value])
    return found


def _prepared(field: Any, value: Any) -> Any:
    plain = value.value if isinstance(value, Enum) else value
    return field.get_db_prep_save(plain, connection)
