"""`make bench`: every figure on SQLite and PostgreSQL with ledgers of 10,000 and 100,000 items (`--million`: PostgreSQL with
1,000,000 as well), each beside its peer in the same run; writes docs/performance.md.

    make bench
    make bench ARGS="--sizes 10000 --only pages,search --rounds 3 --pages 9"
    make bench ARGS="--million --keep data/bench"      # the ledgers stay for the next run
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from bench import report, server

ROOT = Path(__file__).parent.parent
MILLION, RESULTS = 1_000_000, "results.json"
Results = dict[tuple[str, int], dict[str, Any]]


def main() -> None:
    given = _given()
    with _folder(given.keep) as home:
        results = _kept(home)
        for database in given.databases.split(","):
            if database == "postgresql" and server.programs() is None:
                print("initdb was not found: PostgreSQL is passed over", file=sys.stderr)
                continue
            for size, took in _measured(database, home, given):
                results.setdefault((database, size), {}).update(took)
                _write(results, home, given.out)
        print(report.table(results))


def _kept(home: Path) -> Results:
    """What was measured on the ledgers of this folder before; a case that is run again takes its place."""
    at = home / RESULTS
    told = json.loads(at.read_text(encoding="utf-8")) if at.exists() else []
    return {(one["database"], one["size"]): one["took"] for one in told}


def _write(results: Results, home: Path, out: str) -> None:
    """After each size: who stops the run keeps what it has found."""
    told = [
        {"database": database, "size": size, "took": results[database, size]}
        for database, size in sorted(results, key=lambda one: (one[0] != "sqlite", one[1]))
    ]
    (home / RESULTS).write_text(json.dumps(told, ensure_ascii=False, indent=1), encoding="utf-8")
    if out:
        Path(out).write_text(report.page(_kept(home)), encoding="utf-8")


def _given() -> argparse.Namespace:
    told = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    told.add_argument("--databases", default="sqlite,postgresql")
    told.add_argument("--sizes", default="10000,100000")
    told.add_argument("--million", action="store_true", help="PostgreSQL with 1,000,000 items as well")
    told.add_argument("--only", default="", help="pages,frame,statistics,search,export,import")
    told.add_argument("--rounds", type=int, default=7)
    told.add_argument("--pages", type=int, default=50, help="repetitions of a page over all rounds")
    told.add_argument("--words", type=int, default=30, help="words of each length looked for")
    told.add_argument("--rows", type=int, default=10_000, help="rows of the sheet that is imported")
    told.add_argument("--keep", default="", help="folder in which the ledgers stay")
    told.add_argument(
        "--out", default=str(ROOT / "docs" / "performance.md"), help="page written; empty: none"
    )
    return told.parse_args()


@contextmanager
def _folder(keep: str) -> Iterator[Path]:
    if keep:
        Path(keep).mkdir(parents=True, exist_ok=True)
        yield Path(keep).resolve()
        return
    with tempfile.TemporaryDirectory(prefix="huiyin-bench-") as found:
        Path(found).chmod(0o711)  # the server's folder is in it
        yield Path(found)


def _measured(database: str, home: Path, given: argparse.Namespace) -> Iterator[tuple[int, dict[str, Any]]]:
    sizes = sorted(int(one) for one in given.sizes.split(",") if one)
    sizes += [MILLION] if given.million and database == "postgresql" else []
    with ExitStack() as stack:
        url = stack.enter_context(server.postgresql(home / "postgresql")) if database == "postgresql" else ""
        for size in sizes:
            print(f"{database} {size:,}", file=sys.stderr, flush=True)
            environment = _place(home, url, size)
            command = [
                sys.executable, "-m", "bench.one", f"--size={size}", f"--rounds={given.rounds}", f"--pages={given.pages}",
                f"--words={given.words}", f"--rows={given.rows}", f"--only={given.only}",
            ]  # fmt: skip
            said = subprocess.run(
                command, env=environment, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True
            )
            yield size, json.loads(said.stdout.splitlines()[-1])


def _place(home: Path, url: str, size: int) -> dict[str, str]:
    """The environment of a ledger of this size; its tables are there, made once for all sizes."""
    data = home / f"{'postgresql' if url else 'sqlite'}-{size}-files"
    empty = home / "empty"
    for one in (data, empty):
        one.mkdir(exist_ok=True)
    common = {
        "HUIYIN_DEMO": "1", "DJANGO_SETTINGS_MODULE": "bench.settings", "PATH": os.environ["PATH"], "LANG": "C.UTF-8",
        "PYTHONPATH": str(ROOT),
    }  # fmt: skip
    if not url:
        if not (empty / "huiyin.sqlite3").exists():
            _migrate({**common, "HUIYIN_DATA": str(empty)})
        if not (data / "huiyin.sqlite3").exists():
            shutil.copy(empty / "huiyin.sqlite3", data)
        _migrate({**common, "HUIYIN_DATA": str(data)})  # a ledger that was kept
        return {**common, "HUIYIN_DATA": str(data)}
    if not server.exists(url, "empty"):
        server.create(url, "empty")
        _migrate({**common, "HUIYIN_DATA": str(empty), "HUIYIN_DATABASE": f"{url}/empty"})
    if not server.exists(url, f"n{size}"):
        tenth = f"n{size // 10}" if size == MILLION else ""
        server.create(url, f"n{size}", tenth if tenth and server.exists(url, tenth) else "empty")
    found = {**common, "HUIYIN_DATA": str(data), "HUIYIN_DATABASE": f"{url}/n{size}"}
    _migrate(found)
    return found


def _migrate(environment: dict[str, str]) -> None:
    command = [sys.executable, "-m", "django", "migrate", "--verbosity=0"]
    subprocess.run(command, env=environment, cwd=ROOT, check=True)


if __name__ == "__main__":
    main()
