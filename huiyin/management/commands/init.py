"""`huiyin init`：首次使用. Makes the database, the unit and its first administrator, and prints a one-time link."""

from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction
from django.utils import timezone

from huiyin.actions import Refused, organising
from huiyin.models import Unit
from huiyin.queries.links import first_link


class Command(BaseCommand):
    help = "First use: database, unit, first administrator with a one-time link (there is no default account)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--unit", required=True, help="full name, 赣州市自然资源局")
        parser.add_argument("--short", required=True, help="short name, 市自然资源局")
        parser.add_argument("--name", required=True, help="the administrator's name")
        parser.add_argument("--username", required=True, help="the administrator's sign-in name")
        parser.add_argument(
            "--base", default="http://127.0.0.1:8000", help="address the product is served at"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call_command("migrate", verbosity=0)
        try:
            with transaction.atomic():
                unit, _ = Unit.objects.get_or_create(
                    name=options["unit"], defaults={"short_name": options["short"], "hosted": True}
                )
                person = organising.first_administrator(
                    unit, name=options["name"], username=options["username"], at=timezone.now()
                )
        except Refused as refused:
            raise CommandError("；".join(refused.reasons)) from refused
        self.stdout.write("请系统管理员用这个一次性链接设置口令（三天内有效，用后作废）：")
        self.stdout.write(options["base"].rstrip("/") + first_link(person))
