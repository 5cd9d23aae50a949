"""`huiyin tick`：走一次时钟：办当天的提醒和每日摘要，补上漏掉的日子；由系统定时器调用，多次调用不重复。"""

import sys
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from huiyin.actions import searching, ticking
from huiyin.actions.ticking import Ticked
from huiyin.rules.dates import zh


class Command(BaseCommand):
    help = "Tell what is due today, once: for a system timer. Exit status 1 when a unit's could not be told"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--now", nargs="?", default="", metavar="2026-03-10T08:00", help="as if it were then, in Shanghai"
        )
        parser.add_argument(
            "--rewind", action="store_true", help="first set back what a clock that was ahead has left behind"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            at = moment(options["now"]) if options["now"] else timezone.now()
        except ValueError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        if options["rewind"]:
            self.stdout.write(f"拨回{ticking.rewind(at=at)}处")
        done = ticking.tick(at=at)
        searching.index_new()
        self.stdout.write(line(done, at))
        if any(one.failed for one in done):
            sys.exit(1)


def moment(text: str) -> datetime:
    """2026-03-10T08:00 is in Shanghai, unless it says otherwise; a day alone is its morning."""
    try:
        found = datetime.fromisoformat(text if "T" in text or " " in text else f"{text}T08:00")
    except ValueError as error:
        raise ValueError(f"“{text}”不是时间，应写成 2026-03-10T08:00") from error
    return found if found.tzinfo else found.replace(tzinfo=ZoneInfo(settings.TIME_ZONE))


def line(done: list[Ticked], at: datetime) -> str:
    """What was done, in one line."""
    here = timezone.localtime(at)
    units = "；".join(_unit(one) for one in done) or "没有使用本系统的单位"
    return f"{zh(here.date())}{here:%H:%M}　{units}"


def _unit(one: Ticked) -> str:
    if one.failed:
        return f"{one.unit}：没有办成，见日志"
    parts = [
        f"{what}{count}条"
        for what, count in (("提醒", one.notices), ("摘要", one.digests))
        if count is not None
    ]
    return f"{one.unit}：{'、'.join(parts) or '没有要办的'}"
