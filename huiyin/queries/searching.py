"""查找 (S16): which suggestions hold a word in number, title, text or an open proposer's name."""

from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import GreaterThan

from huiyin.models import Proposer, SearchEntry, Suggestion
from huiyin.models.keys import Keys
from huiyin.models.searching import IN_ORDER
from huiyin.models.suggestion import Indexed
from huiyin.rules.grams import APART, exact, pairs

TOLD = {"sqlite": "group_concat(pk)", "postgresql": "string_agg(pk::text, ',')"}


def holding(word: str) -> Keys:
    """The keys of those that hold it, for `among`. They are looked up here and now, once for a page and its count."""
    sql, values = _found(word).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {TOLD[connection.vendor]} FROM ({sql}) found", values)  # noqa: S608 - Django's own
        return Keys(cursor.fetchone()[0] or "")


def _found(word: str) -> QuerySet[Any]:
    """By the index those that are in it, by their text the others."""
    literally = _literally(word)
    codes = pairs(word)
    if not codes or APART in codes:  # a single character, or more than one word
        return Suggestion.objects.filter(literally).order_by().values("pk")
    few = Suggestion.objects.filter(indexed__in=(Indexed.NEW, Indexed.CHANGED)).order_by().values("pk")
    unindexed = Suggestion.objects.filter(literally, pk__in=few)  # no text of the others is read
    entries = SearchEntry.objects.filter(grams__holds=codes).values("pk")
    found: QuerySet[Any]
    if exact(word) and (len(codes) == 1 or connection.vendor in IN_ORDER):
        changed = Suggestion.objects.filter(indexed=Indexed.CHANGED).order_by().values("pk")
        found = entries.exclude(suggestion__in=changed)
    else:
        found = (
            Suggestion.objects.filter(literally, pk__in=entries, indexed=Indexed.YES).order_by().values("pk")
        )
    return found.union(unindexed.order_by().values("pk"), all=True)


def _literally(word: str) -> Q:
    """As the text stands. Case is asked only of what has it: PostgreSQL is ten times quicker without."""
    named = Proposer.objects.filter(_within("name", word), suggestion=OuterRef("pk"))
    found = _within("number", word) | _within("title", word) | _within("text", word)
    return found | Q(Exists(named), confidential=False)


def _within(name: str, word: str) -> Q:
    if word.lower() == word.upper():
        return Q(GreaterThan(StrIndex(name, Value(word)), 0))
    return Q(**{f"{name}__icontains": word})
