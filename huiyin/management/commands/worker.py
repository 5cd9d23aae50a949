"""`huiyin worker`：后台：每天从摘要的钟点起每小时走一次时钟，随时发送消息。几个同时运行也不会重复。"""

import logging
import signal
import sys
import threading
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.db import InterfaceError, OperationalError, close_old_connections, connections
from django.utils import timezone

from huiyin.actions import searching, ticking
from huiyin.management.commands.tick import line
from huiyin.notices import outbox
from huiyin.queries import beats

log = logging.getLogger(__name__)
LONGEST_WAIT = 60  # seconds between two tries while the database is away


class Command(BaseCommand):
    help = "Tick every hour and send what waits in the outbox, until stopped by SIGTERM or SIGINT"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--poll", type=float, default=5, help="seconds between two looks at the outbox")
        parser.add_argument("--once", action="store_true", help="tick, send what waits, and stop")
        parser.add_argument(
            "--status", action="store_true", help="say when it last ticked and what waits; 1 when stale"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["status"]:
            self._status()
            return
        self.stopped = threading.Event()
        for name in (signal.SIGTERM, signal.SIGINT):
            signal.signal(name, lambda *_: self.stopped.set())
        if not options["once"]:
            self._loop(max(options["poll"], 0.2))
        elif not self._work(tick=True):
            sys.exit(1)

    def _loop(self, poll: float) -> None:
        hour, wait = "", poll
        while not self.stopped.is_set():
            here = timezone.localtime()
            now = f"{here:%Y%m%d%H}"
            close_old_connections()
            try:  # nobody's telephone rings at midnight
                self._work(tick=now != hour and here.hour >= settings.DIGEST_HOUR)
                hour, wait = now, poll
            except (OperationalError, InterfaceError) as error:
                log.warning("数据库暂时用不了，稍后再试：%s", error)
                connections.close_all()
                wait = min(max(wait, 1) * 2, LONGEST_WAIT)
            self.stopped.wait(wait)

    def _work(self, *, tick: bool) -> bool:
        """Tick, if it is time, and send; False if a unit could not be told."""
        at = timezone.now()
        done = ticking.tick(at=at) if tick else []
        if any(one.notices or one.digests or one.failed for one in done):
            self.stdout.write(line(done, at))
            self.stdout.flush()
        searching.index_new(searching.AT_ONCE)
        while not self.stopped.is_set() and outbox.send_due(at=timezone.now(), limit=1, clock=timezone.now):
            pass  # one message by each channel at a time, so that it stops soon after it is told to
        return not any(one.failed for one in done)

    def _status(self) -> None:
        now, found = timezone.now(), beats.pulses()
        troubles = [one.trouble(now) for one in found]
        for one, trouble in zip(found, troubles, strict=True):
            last = f"上次{timezone.localtime(one.at):%Y-%m-%d %H:%M}" if one.at else ""
            self.stdout.write(f"{one.unit}：{'，'.join(filter(None, (last, trouble)))}")
        counts = "、".join(f"{state.label}{count}" for state, count in beats.outbox().items())
        self.stdout.write(f"发送箱：{counts}")
        if not found or any(troubles):
            sys.exit(1)
