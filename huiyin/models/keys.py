"""一批键：many keys in one parameter. Django hands over each key of an `__in` by itself, which costs more than reading the rows."""

import json
from typing import Any

from django.db import models
from django.db.models import Lookup

ONE_IN = 20


class Keys:
    """As a query told them: "3,14,15". Where there are more than one in twenty of all there may be, also as a map, with a
    byte for each: to hold whatever is read against it costs less than to look up so many, and the same however many."""

    def __init__(self, told: str) -> None:
        keys: list[int] = json.loads(f"[{told}]")
        room = max(keys, default=-1) + 1
        self.told, self.map = told, b""
        if len(keys) * ONE_IN > room:
            found = bytearray(room)
            for key in keys:
                found[key] = 1
            self.map = bytes(found)


@models.BigAutoField.register_lookup
@models.ForeignKey.register_lookup
class Among(Lookup):
    """`filter(assignment__among=keys)`: one of these keys, a sequence or Keys."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, values = self.process_lhs(compiler, connection)
        if self._map:
            return f"substr(%s, {lhs} + 1, 1) = x'01'", [self._map, *values]
        return lhs + " IN (SELECT value FROM json_each(%s))", [*values, f"[{self._told}]"]  # noqa: S608 - a column

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, values = self.process_lhs(compiler, connection)
        if self._map:
            told = f"CASE WHEN {lhs} < %s THEN get_byte(%s, {lhs}::integer) = 1 ELSE FALSE END"
            return told, [*values, len(self._map), self._map, *values]
        return lhs + " = ANY(%s::bigint[])", [*values, f"{{{self._told}}}"]

    @property
    def _map(self) -> bytes:
        return self.rhs.map if isinstance(self.rhs, Keys) else b""

    @property
    def _told(self) -> str:
        return self.rhs.told if isinstance(self.rhs, Keys) else ",".join(map(str, self.rhs))
