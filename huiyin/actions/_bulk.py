"""成批写入: many rows of one table at once, by COPY where the database has it, for what is too many to be written one by
one."""

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import Enum
from functools import cache
from operator import itemgetter
from typing import Any, TypeVar, cast

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model
from django.db.models.base import ModelState

M = TypeVar("M", bound=Model)
PLAIN = frozenset({str, int, bool, float, type(None)})  # stored as they are


@contextmanager
def uncollected() -> Iterator[None]:
    """Where many objects are made and all of them stay, the collector of cycles finds nothing, again and again, in a third
    of the whole time: it waits."""
    collecting = gc.isenabled()
    if collecting:  # who turns it off turns it on again, whatever another does meanwhile
        gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def insert(model: type[Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows: for each the values of the columns `names` (attribute names, `meeting_id`); the others have the
    default of their field, the key the next one. No signals; the database's own constraints hold as ever."""
    rows = list(rows)
    if not rows:
        return
    fields = {
        field.attname: field
        for field in model._meta.concrete_fields
        if not field.primary_key or field.attname in names
    }
    others = [field for name, field in fields.items() if name not in names]
    columns = [
        _column(fields[name], values) for name, values in zip(names, zip(*rows, strict=True), strict=True)
    ]
    columns += [[_prepared(field, field.get_default())] * len(rows) for field in others]
    quoted = connection.ops.quote_name
    table = quoted(model._meta.db_table)
    written = ", ".join(quoted(str(field.column)) for field in [*(fields[name] for name in names), *others])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            copying = cast(Any, cursor).copy(f"COPY {table} ({written}) FROM STDIN")
            with connection.wrap_database_errors, copying as copy:
                for row in zip(*columns, strict=True):
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(fields))
            sql = f"INSERT INTO {table} ({written}) VALUES ({marks})"  # noqa: S608 - names of our own models only
            cursor.executemany(sql, list(zip(*columns, strict=True)))


def insert_all(objects: Sequence[Model]) -> None:
    """Insert new objects of one model; those without a key are given one."""
    if not objects:
        return
    give_keys([one for one in objects if one.pk is None])
    model = type(objects[0])
    names = [field.attname for field in model._meta.concrete_fields]
    insert(model, names, map(itemgetter(*names), map(vars, objects)))
    for one in objects:
        one._state.adding, one._state.db = False, DEFAULT_DB_ALIAS


def give_keys(objects: Sequence[Model]) -> None:
    """Give new objects of one model the keys they will be inserted with."""
    if not objects:
        return
    table, wanted = type(objects[0])._meta.db_table, len(objects)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            next_ones = (
                "SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id'))) FROM generate_series(1, %s)"
            )
            cursor.execute(next_ones, [table, wanted])
            keys = [pk for (pk,) in cursor.fetchall()]
        else:  # nobody else writes before this transaction ends
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            last = (cursor.fetchone() or (0,))[0]
            keys = list(range(last + 1, last + 1 + wanted))
    for one, pk in zip(objects, keys, strict=True):
        one.pk = pk


def new(model: type[M], related: Mapping[str, Model | None], **values: Any) -> M:
    """An object not yet stored, of these columns (attribute names) and stored `related` objects (by field), the others at
    their defaults: as its constructor gives it, in a fraction of the time."""
    found = model.__new__(model)
    keys = {f"{name}_id": one.pk if one else None for name, one in related.items()}
    vars(found).update(_defaults(model), **keys, **values)
    found._state = ModelState()
    found._state.fields_cache.update(related)
    return found


@cache
def _defaults(model: type[Model]) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def _column(field: Any, values: Sequence[Any]) -> Sequence[Any]:
    """One column as the database takes it; each object that has to be prepared is prepared once."""
    if set(map(type, values)) <= PLAIN:
        return values
    marks = list(map(id, values))
    kept = {mark: _prepared(field, one) for mark, one in dict(zip(marks, values, strict=True)).items()}
    return [kept[mark] for mark in marks]


def _prepared(field: Any, value: Any) -> Any:
    plain = value.value if isinstance(value, Enum) else value
    stored = plain if type(plain) in PLAIN else field.get_db_prep_save(plain, connection)
    return str(stored) if isinstance(stored, date) else stored
