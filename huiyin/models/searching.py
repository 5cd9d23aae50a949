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
from huiyin.rules.grams import APART

TABLE = "huiyin_searchentry"  # made by migrations 0013 and 0017, once for each database
IN_ORDER = {"sqlite"}  # here pairs are found in their order, so that what has them has the word


class GramsField(models.Field):  # type: ignore[type-arg]
    """字对 of a text, as numbers."""

    def db_type(self, connection: Any) -> str:
        return "bigint[]" if connection.vendor == "postgresql" else "text"


@GramsField.register_lookup
class Holds(Lookup):
    """All of these pairs, in their order where it is kept."""

    lookup_name = "holds"
    prepare_rhs = False

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, _ = self.process_lhs(compiler, connection)
        return lhs.replace('"grams"', f'"{TABLE}"') + " MATCH %s", [f'"{as_stored(self.rhs, "sqlite")}"']

    def as_postgresql(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        lhs, _ = self.process_lhs(compiler, connection)
        return f"{lhs} @> %s::bigint[]", [as_stored(self.rhs, "postgresql")]


def as_stored(codes: Iterable[int], vendor: str) -> Any:
    """As the database keeps them: words of eight digits in their order, or numbers."""
    return " ".join(f"{code:08x}" for code in codes) if vendor == "sqlite" else sorted({*codes} - {APART})


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
