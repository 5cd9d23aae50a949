"""检索 (S16): which pairs of characters stand in which suggestion, so that a word is found among 100,000 texts at once.

An index beside the texts, of the database's own kind: SQLite's FTS5 without text, or an array with GIN on PostgreSQL. It
is filled after the fact (huiyin.actions.searching): `Suggestion.indexed` says which are in it, and the others are found by
their text as it stands. So nothing is ever missed, and nothing waits for the index.
"""

from collections.abc import Iterable
from typing import Any

from django.db import models
from django.db.models import Lookup

from huiyin.models.suggestion import Suggestion

TABLE = "huiyin_searchentry"  # made by migration 0013, once for each database


class GramsField(models.Field):  # type: ignore[type-arg]
    """字对 of a text, as numbers."""

    def db_type(self, connection: Any) -> str:
        return "integer[]" if connection.vendor == "postgresql" else "text"


@GramsField.register_lookup
class Holds(Lookup):
    """All of these pairs."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, _ = self.process_lhs(compiler, connection)
        return lhs.replace('"grams"', f'"{TABLE}"') + " MATCH %s", [as_stored(self.rhs, "sqlite")]

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, _ = self.process_lhs(compiler, connection)
        return f"{lhs} @> %s::integer[]", [as_stored(self.rhs, "postgresql")]


def as_stored(codes: Iterable[int], vendor: str) -> Any:
    """As the database keeps them: words of eight digits, or signed integers."""
    if vendor == "sqlite":
        return " ".join(f"{code:08x}" for code in codes)
    return [code - 2**31 for code in codes]


class SearchEntry(models.Model):
    """一件的字对. Rows are added and never changed; a suggestion that was changed since is not looked for here."""

    suggestion = models.OneToOneField(
        Suggestion,
        models.DO_NOTHING,
        primary_key=True,
        db_column="rowid",
        related_name="+",
        db_constraint=False,
    )
    grams = GramsField()

    class Meta:
        managed = False
        db_table = TABLE

    def __str__(self) -> str:
        return str(self.suggestion_id)
