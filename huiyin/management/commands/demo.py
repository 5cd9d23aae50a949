"""`huiyin demo`：builds the demo on an empty database and serves it; keeps what is there on a second run."""

import os
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django.utils.timezone import localdate

from huiyin.actions import ticking
from huiyin.models import Person


class Command(BaseCommand):
    help = "Build the demo year if the database is empty, then serve it on 127.0.0.1"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--port", type=int, default=int(os.environ.get("PORT", "8000")))
        parser.add_argument("--load-only", action="store_true", help="build the database and stop")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            raise CommandError("演示须设环境变量 HUIYIN_DEMO=1；正式使用请用 huiyin init")
        call_command("migrate", verbosity=0)
        self._load()
        ticking.tick(at=timezone.now())  # what is due today; in real use `huiyin worker` does it
        if not options["load_only"]:
            self._serve(options["port"])

    def _load(self) -> None:
        from django.db import transaction

        from demo import play

        if play.played():
            self.stdout.write("演示数据已在，保留不动。")
            return
        self.stdout.write("正在把2019、2020年和本年的演示件走一遍真实流程……")
        with transaction.atomic():
            play.play(today=localdate())

    def _serve(self, port: int) -> None:
        from waitress import serve

        from huiyin.wsgi import application

        self.stdout.write(
            f"\n回音演示：http://127.0.0.1:{port}/demo/   （从名单里选一个人进入；Ctrl+C 停止）"
        )
        for person in (
            Person.objects.filter(posts__isnull=False).distinct().prefetch_related("posts__section")
        ):
            self.stdout.write(f"  {person.name}　{'、'.join(str(post) for post in person.posts.all())}")
        self.stdout.flush()
        serve(application, listen=f"127.0.0.1:{port}", threads=4, ident="huiyin")
