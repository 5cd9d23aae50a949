"""`huiyin due`：按期限算到期日，并说明为什么是这一天."""

import io
import json
import re
import sys
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from huiyin.rules import calendar
from huiyin.rules.periods import Due, Period, chinese, reckon


class Command(BaseCommand):
    help = "Due date of a period: huiyin due 2026-03-10 3m; or lines `START PERIOD` on standard input: huiyin due -"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", help="start day, 2026-03-10; or - to read lines from standard input")
        parser.add_argument("period", nargs="?", help="3m, 15wd or 20d")
        parser.add_argument("--roll", action="store_true", help="move a calendar date off a rest day")
        parser.add_argument("--json", action="store_true", help="one JSON object an answer")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["start"] == "-":
            if options["period"]:
                self._refuse("从标准输入读时，期限写在每一行里，不写在命令上")
            self._lines(options["roll"])
            return
        if not options["period"]:
            self._refuse("缺少期限，如 3m、15wd、20d")
        try:
            due = answer(options["start"], options["period"], roll=options["roll"])
        except ValueError as error:
            self._refuse(str(error))
        self.stdout.write(as_json(due) if options["json"] else _text(due))

    def _lines(self, roll: bool) -> None:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # a line in another encoding is one bad line, not the end
        bad = 0
        for line in sys.stdin:
            words = line.removeprefix("\ufeff").split()
            if not words:
                continue
            try:
                if len(words) != 2:
                    raise ValueError(f"“{line.strip()}”应是“起算日 期限”，如 2026-03-10 3m")
                self.stdout.write(as_json(answer(words[0], words[1], roll=roll)))
            except ValueError as error:
                bad = 1
                self.stdout.write(json.dumps({"line": line.strip(), "error": str(error)}, ensure_ascii=False))
        if bad:
            sys.exit(1)

    def _refuse(self, why: str) -> None:
        self.stderr.write(why)
        sys.exit(2)


def answer(start: str, period: str, *, roll: bool) -> Due:
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", start):
            raise ValueError
        day = date.fromisoformat(start)
    except ValueError as error:
        raise ValueError(f"起算日“{start}”不是日期，应写成 2026-03-10") from error
    return reckon(day, Period.parse(period), calendar=calendar.shipped(), roll=roll)


def as_json(due: Due) -> str:
    return json.dumps(
        {
            "due": due.due.isoformat(),
            "start": due.start.isoformat(),
            "period": str(due.period),
            "skipped": [day.isoformat() for day in due.skipped],
            "provisional": due.provisional,
            "steps": list(due.steps),
        },
        ensure_ascii=False,
    )


def _text(due: Due) -> str:
    head = f"{chinese(due.due)}{'（暂定）' if due.provisional else ''}"
    return "\n".join([head, *(f"  {step}" for step in due.steps)])
