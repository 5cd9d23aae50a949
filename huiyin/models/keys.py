"""一批键：many keys in one parameter. Django hands over each key of an `__in` by itself, which costs more than reading the rows."""

from typing import Any

from django.db import models
from django.db.models import Lookup


@models.BigAutoField.register_lookup
@models.ForeignKey.register_lookup
class Among(Lookup):
    """`filter(assignment__among=keys)`: one of these keys, a sequence or, as a query told them, one text: "3,14,15"."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, values = self.process_lhs(compiler, connection)
        return lhs + " IN (SELECT value FROM json_each(%s))", [*values, f"[{self._told()}]"]  # noqa: S608 - a column

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, values = self.process_lhs(compiler, connection)
        return lhs + " = ANY(%s::bigint[])", [*values, f"{{{self._told()}}}"]

    def _told(self) -> str:
        return self.rhs if isinstance(self.rhs, str) else ",".join(map(str, self.rhs))
