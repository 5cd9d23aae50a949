"""空库：the schema the migrations make, made once and copied for every process and every place that wants one.

It is kept in pytest's cache by a key that tells of all migrations and of Django: who changes one gets it made anew. On
SQLite it is a file, on PostgreSQL a database `huiyin_schema_…` beside the one that HUIYIN_DATABASE names.
"""

from __future__ import annotations

import fcntl
import hashlib
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlparse

import django
import pytest
from django.apps import apps
from django.db import connection

from tests.durability import places
from tests.durability.places import SERVER, Place


def kept(config: pytest.Config) -> Place:
    """Where the schema is, or will be."""
    told = hashlib.sha256(django.__version__.encode())
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            told.update(file.read_bytes())
    key = told.hexdigest()[:16]
    url = urlparse(SERVER)._replace(path=f"/huiyin_schema_{key}").geturl() if SERVER else ""
    return Place(config.cache.mkdir("schema") / key, url)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[Any], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    if fixturedef.argname != "django_db_setup":
        return (yield)
    with lent(kept(request.config)):
        return (yield)


@contextmanager
def lent(place: Place) -> Iterator[None]:
    """While Django makes its test database: it begins with the schema, or the schema is kept from what it made. One
    process after the other, so that only the first migrates."""
    with (place.data.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _there(place):
            yield
            _keep(place)
            return
        connection.settings_dict["TEST"]["MIGRATE"] = False
        if SERVER:
            connection.settings_dict["TEST"]["TEMPLATE"] = place.name
            yield
        else:
            creation: Any = connection.creation
            memory = creation._get_test_db_name()  # lives as long as somebody has it open
            with closing(sqlite3.connect(memory, uri=True)) as ours:
                with closing(sqlite3.connect(place.file)) as file:
                    file.backup(ours)
                yield


def _there(place: Place) -> bool:
    place.data.mkdir(exist_ok=True)
    return places.known(place.name) if SERVER else place.file.exists()


def _keep(place: Place) -> None:
    if SERVER:
        connection.close()
        places.again(str(connection.settings_dict["NAME"]), place.name)
    else:
        making = place.file.with_suffix(".making")
        making.unlink(missing_ok=True)
        with closing(sqlite3.connect(making)) as file:
            connection.connection.backup(file)
        making.rename(place.file)
