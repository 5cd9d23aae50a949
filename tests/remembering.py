"""走过的路：what a walk of deeds left is kept, and put there again when the same walk sets out from the same rows.

The deeds of a walk are done in earnest twice in each process; the second time its rows are kept. Only what is certainly
the same is put back: after a row that no walk wrote, after a rollback, and with anything patched, they are done again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar

import pytest
from django.apps import apps
from django.conf import UserSettingsHolder, settings
from django.core.files.storage import default_storage
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

F = TypeVar("F", bound=Callable[..., Any])
Rows = dict[Any, tuple[Any, ...]]  # of one table, by key
CHANGES = {
    "sqlite": "SELECT total_changes()",
    "postgresql": "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables",
}


@dataclass
class State:
    """All that is stored, and the walks that set out from it: those asked for once, and those kept."""

    tables: dict[type[Model], Rows] = field(default_factory=dict)
    files: dict[Path, bytes] = field(default_factory=dict)
    asked: set[str] = field(default_factory=set)
    walks: dict[str, Walk] = field(default_factory=dict)


@dataclass
class Walk:
    """From one state to another, and what it gave."""

    source: State
    target: State
    result: Any
    statements: list[tuple[str, Any]] = field(default_factory=list)

    def again(self) -> Any:
        """By the statements that wrote its rows the first time they were put back."""
        if self.statements:
            with connection.cursor() as cursor:
                for sql, params in self.statements:
                    cursor.execute(sql, params)
        else:
            with connection.execute_wrapper(self._note):
                self._write()
        for path in self.target.files.keys() - self.source.files.keys():
            full = Path(default_storage.path(str(path)))
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_bytes(self.target.files[path])
        stand(self.target)
        return self.result

    def _write(self) -> None:
        before, after = self.source.tables, self.target.tables
        written = [model for model, rows in after.items() if rows is not before.get(model)]
        for model in written:
            write(model, before.get(model, {}), after[model])
        if counters := connection.ops.sequence_reset_sql(no_style(), written):
            with connection.cursor() as cursor:
                cursor.execute(" ".join(counters))

    def _note(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.statements.append((sql, params))
        return execute(sql, params, many, context)


def write(model: type[Model], before: Rows, after: Rows) -> None:
    """Make these rows of those, each under its own key."""
    names, objects = _names(model), model._base_manager
    if gone := before.keys() - after.keys():
        objects.filter(pk__in=gone)._raw_delete(connection.alias)
    for pk in before.keys() & after.keys():
        if before[pk] != after[pk]:
            pairs = zip(names, before[pk], after[pk], strict=True)
            objects.filter(pk=pk).update(**{name: new for name, old, new in pairs if old != new})
    objects.bulk_create(
        model(**dict(zip(names, row, strict=True))) for pk, row in after.items() if pk not in before
    )


def stored(before: State) -> State:
    """All there is now; a table or row that is as it was, is the same."""
    state, root = State(), Path(default_storage.path(""))
    for model in apps.get_app_config("huiyin").get_models(include_auto_created=True):
        if model._meta.managed:  # not the index of words, which no deed fills
            state.tables[model] = _read(model, before.tables.get(model, {}))
    state.files = {path.relative_to(root): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return state


def _read(model: type[Model], known: Rows) -> Rows:
    compiler, sql = _reading(model)
    with connection.cursor() as cursor:
        cursor.execute(sql)
        rows = {row[0]: tuple(row[1:]) for row in compiler.results_iter([cursor.fetchall()])}
    if rows == known:
        return known
    return {pk: known[pk] if known.get(pk) == row else row for pk, row in rows.items()}


@functools.cache
def _reading(model: type[Model]) -> tuple[Any, str]:
    """The query of a whole table, its key and then all its columns, made once."""
    query = model._base_manager.order_by().values_list("pk", *_names(model)).query
    compiler = query.get_compiler(connection=connection)
    return compiler, compiler.as_sql()[0]


def _names(model: type[Model]) -> list[str]:
    return [one.attname for one in model._meta.concrete_fields]


@dataclass
class Standing:
    """The state known to be the database's, as long as nothing more is written and nothing undone."""

    state: State
    changes: int
    savepoints: list[str | None]


_standing: Standing | None = None
_patched: Callable[[], bool] = bool


def stand(state: State) -> None:
    global _standing  # noqa: PLW0603
    _standing = Standing(state, _changes(), list(connection.savepoint_ids))


def _here() -> State | None:
    known = _standing
    if known is None or _patched() or connection.execute_wrappers or connection.force_debug_cursor:
        return None
    undone = connection.savepoint_ids[: len(known.savepoints)] != known.savepoints
    return None if undone or known.changes != _changes() else known.state


def _changes() -> int:
    with connection.cursor() as cursor:
        cursor.execute(CHANGES[connection.vendor])
        return int((cursor.fetchone() or (0,))[0] or 0)


@contextmanager
def watched(patches: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test has patched, the deeds are to meet: meanwhile nothing is put back."""
    global _patched  # noqa: PLW0603
    begun = len(patches._setattr), len(patches._setitem)
    _patched = lambda: (len(patches._setattr), len(patches._setitem)) != begun  # noqa: E731
    yield
    _patched = bool


def remembered(walk: F) -> F:
    """A walk of deeds; it tells what came of it by one stored object, or by none. That is always given as it is stored."""

    @functools.wraps(walk)
    def walked(*args: Any, **facts: Any) -> Any:
        here = _here()
        key = _key(walk.__qualname__, args, facts) if here else ""
        if here and key in here.walks:
            return _fresh(here.walks[key].again())
        result = walk(*args, **facts)
        if here and key:
            if key in here.asked:
                here.walks[key] = Walk(here, _here() or stored(here), result)
                stand(here.walks[key].target)
            here.asked.add(key)
        return _fresh(result)

    return walked  # type: ignore[return-value]


def _fresh(result: Model | None) -> Model | None:
    return result and type(result)._base_manager.get(pk=result.pk)


def _key(*what: Any) -> str:
    """Names a walk and all it may depend on beside the rows; empty when that cannot be named."""
    changed, holder = list[Any](), vars(settings)["_wrapped"]
    while isinstance(holder, UserSettingsHolder):
        changed.append(
            {name: value for name, value in vars(holder).items() if name.isupper() and name != "STORAGES"}
        )
        holder = holder.default_settings
    try:
        return sha256(repr((_told(what), changed)).encode()).hexdigest()
    except TypeError:
        return ""


def _told(value: Any) -> Any:
    if value is None or isinstance(value, str | int | date | Enum):
        return value
    if isinstance(value, Model):
        return type(value), [vars(value).get(one.attname) for one in value._meta.concrete_fields]
    if isinstance(value, list | tuple):
        return [_told(one) for one in value]
    if isinstance(value, dict):
        return [(key, _told(one)) for key, one in value.items()]
    if hasattr(value, "__dataclass_fields__"):
        return type(value), _told(vars(value))
    raise TypeError(value)
