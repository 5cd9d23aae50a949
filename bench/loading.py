"""灌入：rows by the ten thousand, by executemany or COPY; a column that is not named has its model's default."""

from collections.abc import Sequence
from typing import Any, cast

from django.db import connection, models

CHUNK = 5_000
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Table:
    """One model's table: `add` the values of the columns named, in their order; ids are ours and count up."""

    def __init__(self, model: type[models.Model], *names: str, copy: bool = True) -> None:
        fields = {field.column: field for field in model._meta.concrete_fields}
        rest = [name for name in fields if name not in names]
        self.name, self.columns = model._meta.db_table, [*names, *rest]
        self.constants = tuple(_default(fields[name]) for name in rest)
        self.rows: list[tuple[Any, ...]] = []
        self.copy = copy and connection.vendor == "postgresql"

    def add(self, *values: Any) -> None:
        self.rows.append(values + self.constants)
        if len(self.rows) >= CHUNK:
            self.flush()

    def flush(self) -> None:
        if not self.rows:
            return
        names = ", ".join(f'"{one}"' for one in self.columns)
        with connection.cursor() as cursor:
            if not self.copy:
                places = ", ".join(["%s"] * len(self.columns))
                insert = f'INSERT INTO "{self.name}" ({names}) VALUES ({places})'
                cursor.executemany(insert, self.rows)
            else:
                with cast(Any, cursor).copy(f'COPY "{self.name}" ({names}) FROM STDIN') as copy:
                    copy.write("".join(map(_line, self.rows)))
        self.rows = []


class Many:
    """A many-to-many table, of two columns."""

    def __init__(self, through: type[models.Model]) -> None:
        names = [str(field.column) for field in through._meta.concrete_fields]
        self.table, self.next = Table(through, *names), 1

    def add(self, left: int, right: int) -> None:
        self.table.add(self.next, left, right)
        self.next += 1


def settle(written: Sequence[type[models.Model]]) -> None:
    """Once all is written: on PostgreSQL the counters of ids follow, and the statistics on both."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            names = [one._meta.db_table for one in written]
            for name in names:
                cursor.execute(
                    f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), "
                    f'(SELECT coalesce(max(id), 1) FROM "{name}"))'
                )
            listed = ", ".join(f'"{name}"' for name in names)  # not the catalogues, which others may hold
            cursor.execute(f"{'ANALYZE' if connection.in_atomic_block else 'VACUUM ANALYZE'} {listed}")
        else:
            cursor.execute("ANALYZE")


def _default(field: "models.Field[Any, Any]") -> Any:
    value = field.get_default()
    return "{}" if value == {} else "[]" if value == [] else value


def _line(row: tuple[Any, ...]) -> str:
    return "\t".join(map(_cell, row)) + "\n"


def _cell(value: Any) -> str:
    if value is None:
        return "\\N"
    if value is True:
        return "t"
    return "f" if value is False else str(value).translate(ESCAPES)
