"""`huiyin export`：台账 as a file: .xlsx, .csv, an office's own layout, or the event log."""

import os
import shutil
from pathlib import Path
from typing import IO, Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.http import QueryDict
from django.utils.timezone import localdate, now

from huiyin.actions import exporting
from huiyin.documents import event_log as log_files
from huiyin.documents import ledger_files
from huiyin.documents.ledger_template import Unfit
from huiyin.models import LedgerTemplate, Meeting, Person, Unit
from huiyin.queries import event_log, ledger
from huiyin.queries.actors import actor_of
from huiyin.queries.columns import COLUMNS
from huiyin.queries.ledger import Found
from huiyin.rules.vocabulary import Role


class Command(BaseCommand):
    help = "Write the ledger as .xlsx or .csv, in the office's own layout, or its journal as an event log (.xes or .csv)"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument(
            "--meeting", help="the year's meeting by its short or full name; all if not given"
        )
        parser.add_argument(
            "--query",
            default="",
            help="more conditions, as the ledger's address has them: status=handling&due=overdue",
        )
        parser.add_argument("--template", help="an office's own layout, by its name")
        parser.add_argument(
            "--csv", action="store_true", help=".csv in UTF-8; so also when --out ends in .csv"
        )
        parser.add_argument("--gb18030", action="store_true", help=".csv in GB 18030")
        parser.add_argument(
            "--events", action="store_true", help="the event log: XES, or CSV when --out ends in .csv"
        )
        parser.add_argument("--texts", action="store_true", help="with --events: the journal's words too")
        parser.add_argument("--by", help="as this person (user name) sees it; the clerk if not given")
        parser.add_argument("--unit", help="needed when several units use this installation")

    def handle(self, *args: Any, **options: Any) -> None:
        by, out = self._by(options), options["out"]
        if not out.absolute().parent.is_dir():
            raise CommandError(f"没有文件夹 {out.parent}")
        found = self._found(by, options)
        beside = out.with_name(f".{out.name}.part")
        try:
            with beside.open("wb") as file:
                what = self._write(file, found, by, options)
            exporting.record(
                f"{what}（服务器上的命令）", of=found.words, rows=found.items.count(), by=by, at=now()
            )
            os.replace(beside, out)
        except (Unfit, ValueError) as error:
            raise CommandError(str(error)) from error
        finally:
            beside.unlink(missing_ok=True)
        self.stdout.write(f"已写成 {out}")

    def _write(self, file: IO[bytes], found: Found, by: Person, options: dict[str, Any]) -> str:
        """What was written, in words."""
        as_csv = options["csv"] or options["gb18030"] or options["out"].suffix.lower() == ".csv"
        if options["events"]:
            texts = options["texts"] and event_log.may_read_texts(found.actor)
            cases, name = (
                event_log.cases(found.actor, found.items, texts=texts),
                by.unit.name if by.unit else "",
            )
            file.writelines(
                log_files.table(cases, texts=texts) if as_csv else log_files.xes(cases, name=name)
            )
            return f"事件日志 {'.csv' if as_csv else '.xes'}{'（含内容）' if texts else ''}"
        if as_csv:
            encoding = "gb18030" if options["gb18030"] else "utf8"
            file.writelines(ledger_files.csv_lines(found, COLUMNS, by=by, encoding=encoding))
            return "台账 .csv"
        if name := options["template"]:
            made, what = ledger_files.in_layout(found, self._layout(by, name), by=by), f"台账（版式“{name}”）"
        else:
            made, what = ledger_files.workbook(found, COLUMNS, by=by), "台账 .xlsx"
        with made:
            shutil.copyfileobj(made, file)
        return what

    def _found(self, by: Person, options: dict[str, Any]) -> Found:
        told = QueryDict(options["query"], mutable=True)
        if name := options["meeting"]:
            meeting = (Meeting.objects.filter(name=name) | Meeting.objects.filter(title=name)).first()
            if meeting is None:
                known = "、".join(Meeting.objects.values_list("name", flat=True))
                raise CommandError(f"没有届次“{name}”，现有：{known or '还没有'}")
            told["meeting"] = str(meeting.pk)
        try:
            found = ledger.found(actor_of(by, localdate()), told)
        except ledger.NoSuchFigure as error:
            raise CommandError(str(error)) from error
        if found.errors:
            raise CommandError("；".join(found.errors))
        return found

    def _layout(self, by: Person, name: str) -> LedgerTemplate:
        in_use = LedgerTemplate.objects.filter(unit=by.unit, retired_at__isnull=True)
        found = in_use.filter(name=name).first()
        if found is None:
            known = "、".join(in_use.values_list("name", flat=True))
            raise CommandError(f"没有版式“{name}”，现有：{known or '还没有'}")
        return found

    def _by(self, options: dict[str, Any]) -> Person:
        if name := options["by"]:
            person = Person.objects.filter(username=name, is_active=True).first()
            if person is None:
                raise CommandError(f"没有登录名为“{name}”的在用人员")
            return person
        units = Unit.objects.filter(hosted=True)
        found = units.filter(name=options["unit"]) if options["unit"] else units
        if found.count() != 1:
            raise CommandError(
                f"请用 --unit 写明单位：{'、'.join(one.name for one in units) or '还没有单位'}"
            )
        clerk = Person.objects.filter(posts__role=Role.CLERK, unit=found.get(), is_active=True).first()
        if clerk is None:
            raise CommandError(f"{found.get()}还没有专职人员，请用 --by 写明登录名")
        return clerk
