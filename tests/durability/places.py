"""各自的库：every test has a database and a folder of stored files of its own.

The journal refuses DELETE, so no test can clear up behind another. One place is built by the real deeds, then
copied: on SQLite the folder, on PostgreSQL (when HUIYIN_DATABASE names a server) by CREATE DATABASE … TEMPLATE.
"""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlparse

_count = itertools.count(1)
SERVER = os.environ.get("HUIYIN_DATABASE", "")


@dataclass(frozen=True)
class Place:
    """One installation: its data folder, and its database's address when that is on a server."""

    data: Path
    url: str = ""

    @property
    def env(self) -> dict[str, str]:
        return {
            "DJANGO_SETTINGS_MODULE": "huiyin.settings",
            "HUIYIN_DATA": str(self.data),
            "HUIYIN_DATABASE": self.url,
            "HUIYIN_DEMO": "1",
        }

    @property
    def file(self) -> Path:
        """On SQLite, the database."""
        return self.data / "huiyin.sqlite3"

    @property
    def name(self) -> str:
        """On PostgreSQL, the database's."""
        return urlparse(self.url).path.lstrip("/")

    def verify(self) -> tuple[int, str]:
        """`huiyin verify`, as an operator runs it: exit status, and all it says."""
        run = subprocess.run(
            [sys.executable, "-m", "huiyin", "verify"],
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        return run.returncode, run.stdout + run.stderr


def empty(data: Path) -> Place:
    data.mkdir(parents=True)
    if not SERVER:
        return Place(data)
    place = Place(data, _fresh())
    _server(f'CREATE DATABASE "{place.name}"')
    return place


def copy(place: Place, data: Path) -> Place:
    """The same installation again. Nobody may be connected to the one copied."""
    shutil.copytree(place.data, data)
    if not place.url:
        assert not list(data.glob("*-wal")), "the place copied was still open"
        return Place(data)
    fresh = Place(data, _fresh())
    again(place.name, fresh.name)
    return fresh


def again(name: str, fresh: str) -> None:
    """A database of the server once more, under another name."""
    _server(f'CREATE DATABASE "{fresh}" TEMPLATE "{name}"')


def known(name: str) -> bool:
    """Whether the server has a database of that name."""
    import psycopg

    with psycopg.connect(SERVER) as server:
        found = server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return found.fetchone() is not None


def drop(place: Place) -> None:
    if place.url:
        _server(f'DROP DATABASE "{place.name}" WITH (FORCE)')


def _fresh() -> str:
    name = f"huiyin_durability_{os.getpid()}_{next(_count)}"
    return urlparse(SERVER)._replace(path=f"/{name}").geturl()


def _server(statement: str) -> None:
    import psycopg
    from psycopg.errors import ObjectInUse

    with psycopg.connect(SERVER, autocommit=True) as server:
        for _ in range(50):
            try:
                server.execute(statement.encode())
            except ObjectInUse:  # a hand's backend has not quite gone yet
                time.sleep(0.1)
            else:
                return
    raise AssertionError(f"still in use: {statement}")
