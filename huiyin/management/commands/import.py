"""`huiyin import`：a table of the assigning organ's, a past ledger or a folder of letters, by the same rules as the page."""

from __future__ import annotations

import json
import sys
from datetime import date
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction
from django.utils import timezone

from huiyin.actions import Refused, importing
from huiyin.models import ImportBatch, Meeting, Person, Unit
from huiyin.rules.vocabulary import ImportState, Role

DONE, WRONG, UNREADABLE = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Take a table in: huiyin import FILE --meeting 五届五次 [--dry-run]. Exit 0: done (or would be); 1: rows are wrong and "
        "nothing was taken in; 2: it cannot be read, or not as asked"
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", type=Path, help="a table, a paper with tables, or a folder (.zip) of .docx letters"
        )
        parser.add_argument("--meeting", required=True, help="the meeting's short or full name, 五届五次")
        parser.add_argument("--organ", default="", help="the assigning organ; the only one if not given")
        parser.add_argument(
            "--history", action="store_true", help="a past ledger: items that were handled elsewhere"
        )
        parser.add_argument("--sheet", default="", help="which sheet of the file")
        parser.add_argument(
            "--by", default="", metavar="USERNAME", help="who takes it in; the clerk if not given"
        )
        parser.add_argument("--every", action="append", default=[], metavar="COLUMN=VALUE",
                            help="for every row where no column says it: assigned_on=2020-05-29, part=主办, kind=提案")  # fmt: skip
        parser.add_argument("--skip-wrong", action="store_true", help="take the other rows in")
        parser.add_argument(
            "--dry-run", action="store_true", help="say what each row would do, and change nothing"
        )
        parser.add_argument("--json", action="store_true", help="rows, reasons and counts as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            code = self._run(options)
        except Refused as refused:
            for reason in refused.reasons:
                self.stderr.write(reason)
            if options["json"]:
                self.stdout.write(json.dumps({"refused": refused.reasons}, ensure_ascii=False))
            code = UNREADABLE
        if code != DONE:
            sys.exit(code)

    def _run(self, options: dict[str, Any]) -> int:
        by, now = _person(options["by"]), timezone.now()
        meeting = _one(Meeting.objects.all(), "届次", options["meeting"], "name", "title")
        organs = Unit.objects.filter(assigns=True)
        organ = _one(organs, "交办机关", options["organ"], "name", "short_name") if options["organ"] else None
        if organ is None and organs.count() == 1:
            organ = organs.get()
        [file] = importing.packed([_file(options["file"])])
        importing.read_ahead(file, by=by)
        with transaction.atomic():
            batch = importing.upload(
                file, meeting=meeting, organ=organ, history=options["history"], by=by, at=now
            )
            if options["sheet"]:
                batch.sheet = options["sheet"]
            batch.mapping = {"every": _every(options["every"])}
            batch.save()
            found = importing.preview(batch, on=timezone.localdate(now))
            counts = importing.summary(found.plans)
            wrong = counts[ImportState.WRONG] and not options["skip_wrong"]
            if not wrong and not options["dry_run"]:
                importing.take_in(batch, skip_wrong=options["skip_wrong"], by=by, at=now)
            else:
                transaction.set_rollback(True)
        self._say(options, batch, found, counts)
        return WRONG if wrong else DONE

    def _say(
        self, options: dict[str, Any], batch: ImportBatch, found: importing.Preview, counts: dict[str, int]
    ) -> None:
        taken = bool(
            batch.taken_at or (not options["dry_run"] and (options["skip_wrong"] or not counts["wrong"]))
        )
        if options["json"]:
            facts = {
                "file": options["file"].name, "sheet": found.sheet.title, "meeting": batch.meeting.name,
                "history": batch.history, "taken_in": taken, "counts": counts, "notes": list(found.notes),
                "rows": [_row(plan) for plan in found.plans],
            }  # fmt: skip
            self.stdout.write(json.dumps(facts, ensure_ascii=False, indent=1))
            return
        for note in found.notes:
            self.stdout.write(f"▲ {note}")
        for plan in found.plans:
            for reason in plan.reasons:
                self.stderr.write(f"第{plan.line}行 {plan.number}：{reason}")
            for one in plan.changes if not plan.reasons else []:
                self.stdout.write(f"第{plan.line}行 {plan.number}：{one.label} {one.old} → {one.new}")
        said = "已导入" if taken else "没有导入"
        self.stdout.write(
            f"{said}：新登记{counts['new']}件，更正{counts['changed']}件，已有不变{counts['same']}件，有误{counts['wrong']}行"
        )


def _row(plan: importing.Plan) -> dict[str, Any]:
    return {
        "line": plan.line, "number": plan.number, "title": plan.title, "state": plan.state.value,
        "changes": [{"column": one.key, "old": one.old, "new": one.new} for one in plan.changes],
        "reasons": plan.reasons, "notes": plan.notes,
    }  # fmt: skip


def _file(path: Path) -> ContentFile[bytes]:
    """The file; of a folder, its letters as they would be uploaded together."""
    if path.is_dir():
        letters = sorted(one for one in path.iterdir() if one.suffix.lower() == ".docx")
        files = [ContentFile(one.read_bytes(), name=one.name) for one in letters]
        if not files:
            raise Refused(f"“{path.name}”里没有 .docx 文件")
        return importing.packed(files)[0]  # type: ignore[return-value]
    try:
        return ContentFile(path.read_bytes(), name=path.name)
    except OSError as error:
        raise Refused(f"“{path}”读不了：没有这个文件，或者没有权限") from error


def _every(pairs: list[str]) -> dict[str, str]:
    found = dict(one.split("=", 1) for one in pairs if "=" in one)
    if bad := set(found) - set(importing.EVERY):
        raise Refused(f"--every 只能写 {'、'.join(importing.EVERY)}，没有 {'、'.join(sorted(bad))}")
    if day := found.get("assigned_on"):
        try:
            date.fromisoformat(day)
        except ValueError as error:
            raise Refused(f"“{day}”不是日期，应写成 2020-05-29") from error
    return found


def _one(rows: Any, label: str, name: str, *fields: str) -> Any:
    for one in rows:
        if name in {getattr(one, field) for field in fields}:
            return one
    raise Refused(
        f"没有{label}“{name}”，现有：{'、'.join(getattr(one, fields[0]) for one in rows) or '（无）'}"
    )


def _person(username: str) -> Person:
    people = Person.objects.filter(is_active=True, unit__hosted=True)
    found = list(
        people.filter(username=username) if username else people.filter(posts__role=Role.CLERK).distinct()
    )
    if len(found) != 1:
        raise Refused(f"没有登录名为“{username}”的人员" if username else "请用 --by 写明由谁导入（登录名）")
    return found[0]
