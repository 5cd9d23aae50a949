"""一批键：many keys in one parameter. Django hands over each key of an `__in` by itself, which costs more than reading the rows."""

import json
from collections.abc import Sequence
from typing import Any

from django.db.models import BooleanField, Func


class Among(Func):
    """`filter(Among("assignment", keys))`: the field is one of the keys, which go to SQLite as JSON, to PostgreSQL as an array."""

    output_field = BooleanField()

    def __init__(self, field: str, keys: Sequence[int]) -> None:
        super().__init__(field)
        self.keys = list(keys)

    def as_sql(self, compiler: Any, connection: Any, *_: Any, **__: Any) -> tuple[str, tuple[Any, ...]]:
        return self._sql(compiler, "%s IN (SELECT value FROM json_each(%%s))", json.dumps(self.keys))

    def as_postgresql(
        self, compiler: Any, connection: Any, *_: Any, **__: Any
    ) -> tuple[str, tuple[Any, ...]]:
        return self._sql(compiler, "%s = ANY(%%s::bigint[])", self.keys)

    def _sql(self, compiler: Any, template: str, keys: object) -> tuple[str, tuple[Any, ...]]:
        field, params = compiler.compile(self.source_expressions[0])
        return template % field, (*params, keys)
