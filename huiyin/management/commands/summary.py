"""`huiyin summary`：年度总结 .docx from the ledger (S28)."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.timezone import localdate

from huiyin.documents import summary as paper
from huiyin.models import Meeting, Person, Unit
from huiyin.queries.actors import actor_of
from huiyin.queries.annual import summary
from huiyin.queries.figures import DoesNotReconcile
from huiyin.rules.vocabulary import Role


class Command(BaseCommand):
    help = "Write a year's summary as .docx, every figure computed from the ledger"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--meeting", required=True, help="the meeting's short or full name, 五届五次")
        parser.add_argument("--out", required=True, type=Path)
        parser.add_argument("--unit", help="needed when several units use this installation")
        parser.add_argument("--on", type=date.fromisoformat, help="the summary's date; today if not given")

    def handle(self, *args: Any, **options: Any) -> None:
        name, out = options["meeting"], options["out"]
        meeting = (Meeting.objects.filter(name=name) | Meeting.objects.filter(title=name)).first()
        if meeting is None:
            raise CommandError(
                f"没有届次“{name}”，现有：{'、'.join(Meeting.objects.values_list('name', flat=True))}"
            )
        unit = self._unit(options["unit"])
        clerk = Person.objects.filter(posts__role=Role.CLERK, unit=unit, is_active=True).first()
        if clerk is None:
            raise CommandError(f"{unit}还没有专职人员")
        on = options["on"] or localdate()
        try:
            draft = summary(actor_of(clerk, on), unit, meeting, on)
        except DoesNotReconcile as error:
            raise CommandError(str(error)) from error
        if not out.parent.is_dir():
            raise CommandError(f"没有文件夹 {out.parent}")
        out.write_bytes(paper.write(draft))
        self.stdout.write(f"已写成 {out}")

    def _unit(self, name: str | None) -> Unit:
        units = Unit.objects.filter(hosted=True)
        found = units.filter(name=name) if name else units
        if found.count() != 1:
            raise CommandError(
                f"请用 --unit 写明单位：{'、'.join(one.name for one in units) or '还没有单位'}"
            )
        return found.get()
