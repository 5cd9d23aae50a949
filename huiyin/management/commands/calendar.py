"""`huiyin calendar`：核对一份放假安排，或录入一个单位的工作日历 (R24)."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from huiyin.rules.calendar import CalendarError, Year, shipped_year
from huiyin.rules.holidays import Known, decoded, missing, read


class Command(BaseCommand):
    help = (
        "Check a year's holidays (a notice as text, holiday-cn JSON, or YYYY.toml), or load them for a unit"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        kinds = parser.add_subparsers(dest="kind", required=True, parser_class=ArgumentParser)
        check = kinds.add_parser("check", help="read a file and say what is in it; no database is needed")
        load = kinds.add_parser("load", help="load a file for a unit, and say which dates move")
        for one in (check, load):
            one.add_argument("file", type=Path)
        load.add_argument("--unit", required=True, help="the unit's full or short name")
        load.add_argument(
            "--as", dest="username", required=True, help="who does it: a clerk or office director"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["kind"] == "check":
            self._say(self._read(options["file"], shipped_year))
        else:
            self._load(options["file"], options["unit"], options["username"])

    def _load(self, file: Path, name: str, username: str) -> None:
        from huiyin.actions import Refused, scheduling
        from huiyin.models import Person, Unit
        from huiyin.queries.dates import year_of

        hosted = Unit.objects.filter(hosted=True)
        unit = hosted.filter(name=name).first() or hosted.filter(short_name=name).first()
        if unit is None:
            raise CommandError(
                f"没有单位“{name}”，现有：{'、'.join(one.name for one in hosted) or '还没有单位'}"
            )
        by = Person.objects.filter(username=username, unit=unit, is_active=True).first()
        if by is None:
            raise CommandError(f"{unit}没有登录名为“{username}”的在用人员")
        years = self._read(file, lambda year: year_of(unit, year))
        self._say(years)
        try:
            moved = scheduling.load_year(*years, by=by, at=timezone.now())
        except Refused as refused:
            raise CommandError("；".join(refused.reasons)) from refused
        for one in moved:
            self.stdout.write(f"第{one.item.suggestion.number}号：{one.words}")
        self.stdout.write(f"已录入，{len(moved)}个时限变动")

    def _read(self, file: Path, known: Known) -> list[Year]:
        try:
            return read(decoded(file.read_bytes()), name=file.name, known=known)
        except OSError as error:
            raise CommandError(f"打不开{file}：{error.strerror}") from error
        except CalendarError as error:
            raise CommandError(str(error)) from error

    def _say(self, years: list[Year]) -> None:
        for one in years:
            self.stdout.write(
                f"{one.year}年：放假{len(one.rest)}天，调休上班{len(one.work)}天（{one.source}）"
            )
            for day, name, rest in one.marks:
                self.stdout.write(f"  {day} {'放假' if rest else '上班'} {name}")
        if lacking := missing(years[0]):
            self.stdout.write(f"没有读到：{'、'.join(lacking)}，请核对是否完整")
