"""一个数据库、一种大小: builds the ledger where there is none, runs the cases, prints what they took as JSON. Started by
bench.run, in a process of its own, since settings name one database."""

import argparse
import json
import os
import sqlite3
import sys
import time
from collections.abc import Callable
from typing import Any


def main() -> None:
    told = argparse.ArgumentParser()
    told.add_argument("--size", type=int, required=True)
    told.add_argument("--rounds", type=int, default=7)
    told.add_argument("--pages", type=int, default=50)
    told.add_argument("--words", type=int, default=30)
    told.add_argument("--rows", type=int, default=10_000)
    told.add_argument("--only", default="")
    told.add_argument("--debug", action="store_true")
    given = told.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    import django

    django.setup()
    print(json.dumps(run(given), ensure_ascii=False))


def run(given: argparse.Namespace) -> dict[str, Any]:
    from django.db import connection
    from django.utils.timezone import localdate

    from bench import cases, tables, tenfold, world
    from huiyin.actions import searching
    from huiyin.models import Assignment

    took: dict[str, Any] = {}
    begun = time.perf_counter()
    there = Assignment.objects.count()
    if not there:
        world.build(given.size, today=localdate())
    elif there < given.size:  # of a smaller ledger, which the database was made from
        tenfold.multiply(given.size // there)
    searching.index_new()  # a ledger that was kept may have been migrated
    took["build"] = {"seconds": time.perf_counter() - begun}
    field = cases.Field(rounds=given.rounds, repetitions=given.pages)
    every: dict[str, Callable[[], dict[str, Any]]] = {
        "pages": lambda: cases.pages(field),
        "frame": lambda: cases.frame(field),
        "statistics": lambda: cases.statistics(field),
        "search": lambda: cases.search(field, given.words),
        "export": lambda: tables.exports(field),
        "import": lambda: tables.imports(field, given.rows),
    }
    for name, case in every.items():
        if given.only and name not in given.only.split(","):
            continue
        begun = time.perf_counter()
        try:
            took |= case()
        except Exception as error:
            if given.debug:
                raise
            print(f"  {name}: {type(error).__name__}: {error}"[:400], file=sys.stderr)
            took[name] = {"error": f"{type(error).__name__}: {error}"[:300]}
        print(f"  {name}: {time.perf_counter() - begun:.0f} s", file=sys.stderr, flush=True)
    took["version"] = {"sqlite": sqlite3.sqlite_version} if connection.vendor == "sqlite" else _version()
    return took


def _version() -> dict[str, str]:
    from bench.hand import query

    return {"postgresql": str(query("SHOW server_version", [])[0][0])}


if __name__ == "__main__":
    main()
