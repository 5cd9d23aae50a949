"""入检索：suggestions that are not yet in the index of words, put there in the background (`huiyin worker`, `tick`)."""

from django.db import connection, transaction

from huiyin.models import Suggestion
from huiyin.models.searching import TABLE, as_stored
from huiyin.models.suggestion import Indexed
from huiyin.rules.grams import pairs

AT_ONCE = 500


def index_new(limit: int | None = None) -> int:
    """How many were put there: up to `limit`, or all."""
    total = 0
    while limit is None or total < limit:
        done = _some(AT_ONCE if limit is None else min(AT_ONCE, limit - total))
        total += done
        if not done:
            break
    return total


@transaction.atomic
def _some(limit: int) -> int:
    rows = list(
        Suggestion.objects.select_for_update(no_key=True, skip_locked=True)
        .filter(indexed=Indexed.NEW).order_by("pk").prefetch_related("proposers")[:limit]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {TABLE} (rowid, grams) VALUES (%s, %s)",  # noqa: S608 - our own name
            [(one.pk, as_stored(pairs(_words(one)), connection.vendor)) for one in rows],
        )
    Suggestion.objects.filter(pk__in=[one.pk for one in rows]).update(indexed=Indexed.YES)
    return len(rows)


def _words(one: Suggestion) -> str:
    """What is looked for in it, apart by lines. Who asked for confidentiality is not found by his name (R7)."""
    names = [] if one.confidential else [person.name for person in one.proposers.all()]
    return "\n".join([one.number, one.title, one.text, *names])
