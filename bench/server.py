"""数据库: a PostgreSQL of the bench's own in a folder of its own, where initdb is found; durable, as in the field."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import chown, which

PORT = 54339
OPTIONS = (
    "-c listen_addresses=127.0.0.1 -c shared_buffers=512MB -c work_mem=32MB -c max_wal_size=2GB "
    "-c max_parallel_workers_per_gather=0 -c jit=off"  # what one backend's CPU says is all there is
)


def programs() -> Path | None:
    """Where initdb and pg_ctl are."""
    places = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    found = which("initdb")
    places += [Path(found).resolve().parent] if found else []
    return next((one for one in reversed(places) if (one / "pg_ctl").exists()), None)


@contextmanager
def postgresql(folder: Path | None = None) -> Iterator[str]:
    """The URL of a running server, without the database's name. Its folder is kept where one is given."""
    at = programs()
    assert at is not None
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as temporary:
        home = folder or Path(temporary)
        home.mkdir(parents=True, exist_ok=True)
        if os.getuid() == 0:
            chown(home, "postgres")
            home.chmod(0o711)
        data = home / "data"
        if not data.exists():
            _run(
                at / "initdb",
                "-D",
                data,
                "-U",
                "huiyin",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
            )
        _run(
            at / "pg_ctl",
            "-D",
            data,
            "-w",
            "-o",
            f"-p {PORT} -k {home} {OPTIONS}",
            "-l",
            home / "log",
            "start",
        )
        try:
            yield f"postgres://huiyin@127.0.0.1:{PORT}"
        finally:
            _run(at / "pg_ctl", "-D", data, "-m", "fast", "stop")


def create(url: str, name: str, template: str = "template1") -> None:
    import psycopg

    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type, unused-ignore]


def exists(url: str, name: str) -> bool:
    import psycopg

    with psycopg.connect(f"{url}/postgres", autocommit=True) as connection:
        return (
            connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
        )


def _run(*words: object) -> None:
    as_postgres = ("runuser", "-u", "postgres", "--") if os.getuid() == 0 else ()
    command = [*as_postgres, *map(str, words)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=120)  # the log keeps what it says
