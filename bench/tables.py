"""表格进出: the ledger to .xlsx and .csv, and a sheet of ten thousand rows in, beside the bare libraries."""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from importlib import import_module
from random import Random
from typing import Any

import openpyxl
import xlsxwriter
from django.core.files.base import ContentFile
from django.db import models, transaction
from django.utils import timezone
from python_calamine import CalamineWorkbook

from bench import hand
from bench.cases import Field, Result
from bench.loading import Table
from bench.meter import compete
from bench.words import Words
from demo.sheet import HEADINGS
from huiyin.actions import importing
from huiyin.models import Assignment, Proposer, Suggestion, Unit
from huiyin.models.suggestion import sort_key
from huiyin.queries.columns import COLUMNS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXPORT = "/ledger/export/?"
FEW, MANY = 20_000, 200_000


def exports(field: Field, *, memories: bool = True) -> dict[str, Result]:
    """导出: of all items; the peers write as many cells, read by hand-written SQL. Of a million only the memory is looked at:
    a list of that many rows, as the peers take it, does not fit."""
    seldom = {"rounds": min(3, field.often["rounds"]), "repetitions": 1}
    contestants = {
        "ours": lambda: len(field.get(f"{EXPORT}as=xlsx")),
        "xlsxwriter": lambda: _xlsxwriter(_rows(field)),
        "openpyxl": lambda: _openpyxl(_rows(field)),
    }
    with suppress(ImportError):
        rust = import_module("rustpy_xlsxwriter")
        contestants["rust"] = lambda: _rust(rust, _rows(field))
    if field.size > FEW:  # what takes minutes is not waited for
        contestants.pop("openpyxl")
    lines = {"ours": lambda: len(field.get(f"{EXPORT}as=csv")), "csv": lambda: _csv(_rows(field))}
    found: dict[str, Result] = {"export_xlsx": {}, "export_csv": {}}
    if field.size <= MANY:
        found["export_xlsx"] |= compete(contestants, warm=False, **seldom)
        found["export_csv"] |= compete(lines, warm=False, **seldom)
    for result, name in ((found["export_xlsx"], "xlsx"), (found["export_csv"], "csv")):
        if memories:
            result["memory"] = {"ours": memory(f"{EXPORT}as={name}")}
    return found


def _rows(field: Field) -> list[tuple[Any, ...]]:
    """As many cells as ours: where the SQL reads fewer columns, some are written twice, but not the long text."""
    more = max(len(COLUMNS) - len(hand.EXPORT_COLUMNS), 0)
    return [row + row[:more] for row in hand.query(hand.EXPORT, [field.unit])]


def _xlsxwriter(rows: list[tuple[Any, ...]]) -> int:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        for line, row in enumerate(rows):
            for place, value in enumerate(row):
                sheet.write_string(line, place, "" if value is None else str(value))
    return len(out.getvalue())


def _openpyxl(rows: list[tuple[Any, ...]]) -> int:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in rows:
        sheet.append(["" if value is None else str(value) for value in row])
    out = io.BytesIO()
    book.save(out)
    return len(out.getvalue())


def _rust(library: Any, rows: list[tuple[Any, ...]]) -> int:
    """rustpy-xlsxwriter, where it is installed: a list of records to a file."""
    path = f"/dev/shm/huiyin-bench-{os.getpid()}.xlsx" if os.path.isdir("/dev/shm") else "huiyin-bench.xlsx"  # noqa: S108
    records = [
        {str(place): "" if value is None else str(value) for place, value in enumerate(row)} for row in rows
    ]
    library.write_worksheet(records, path)
    size = os.path.getsize(path)
    os.remove(path)
    return size


def _csv(rows: list[tuple[Any, ...]]) -> int:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return len(out.getvalue())


def memory(address: str) -> float:
    """MB that a download takes above the idle process, in a process of its own."""
    command = [sys.executable, "-m", "bench.memory", address]
    said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=3600)
    return float(said.stdout)


# 进


def sheet(rows: int) -> bytes:
    """交办表 of so many rows, as an assigning organ sends it."""
    out = io.BytesIO()
    words = Words(Random(4))
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, HEADINGS)
        for line in range(1, rows + 1):
            page.write_row(line, 0, _line(words, line))
    return out.getvalue()


def _line(words: Words, line: int) -> list[str]:
    lead, *others = words.people(3)
    return [
        str(line), f"Z{line:05}", words.title(), lead, "、".join(others), "第1代表团", f"第{line % 15}类事项", "一般", "主办",
        "测试市自然资源局", "", "", "2026年6月1日", "", words.text(),
    ]  # fmt: skip


def imports(field: Field, rows: int) -> dict[str, Result]:
    """导入: checked, registered, journalled and counted; the peers only read and insert. Each is rolled back."""
    data = sheet(rows)
    seldom = {"rounds": min(3, field.often["rounds"]), "repetitions": 1}
    contestants: dict[str, Callable[[], int]] = {
        "ours": lambda: _ours(field, data),
        "calamine": lambda: _calamine(field, data),
        "openpyxl": lambda: _bulk(field, data),
    }
    return {
        "import": compete(
            {name: _undone(one, rows) for name, one in contestants.items()}, warm=False, **seldom
        )
    }


def _undone(take_in: Callable[[], int], rows: int) -> Callable[[], None]:
    def run() -> None:
        with transaction.atomic():
            before = Assignment.objects.count()
            take_in()
            assert Assignment.objects.count() == before + rows
            transaction.set_rollback(True)

    return run


def _ours(field: Field, data: bytes) -> int:
    at: datetime = timezone.now()
    given: dict[str, Any] = {"by": field.clerk, "at": at}
    organ = Unit.objects.get(assigns=True)
    file = ContentFile(data, name="交办表.xlsx")
    batch = importing.upload(file, meeting=field.meeting, organ=organ, **given)
    return importing.take_in(batch, skip_wrong=False, **given).created


SUGGESTION = ("id", "meeting_id", "number", "number_key", "title", "text", "received_on")
ITEM = (
    "suggestion_id",
    "meeting_id",
    "unit_id",
    "part",
    "assigned_on",
    "status_since",
    "profile_name",
    "profile_version",
)
DAY = "2026-06-01"


def _calamine(field: Field, data: bytes) -> int:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    first = _next(Suggestion)
    suggestions = Table(Suggestion, *SUGGESTION, copy=False)
    people = Table(Proposer, "id", "suggestion_id", "name", "is_lead", copy=False)
    items = Table(Assignment, "id", *ITEM, copy=False)
    person, item = _next(Proposer), _next(Assignment)
    for place, row in enumerate(rows):
        pk, number = first + place, str(row[1])
        suggestions.add(pk, field.meeting.pk, number, sort_key(number), row[2], row[14], DAY)
        for order, name in enumerate([row[3], *str(row[4]).split("、")]):
            people.add(person, pk, name, order == 0)
            person += 1
        items.add(
            item + place, pk, field.meeting.pk, field.unit, "lead", DAY, f"{DAY} 01:00:00", "jiangxi", "1"
        )
    for one in (suggestions, people, items):
        one.flush()
    return len(rows)


def _next(model: type[models.Model]) -> int:
    found: int | None = model._default_manager.aggregate(last=models.Max("pk"))["last"]
    return (found or 0) + 1


def _bulk(field: Field, data: bytes) -> int:
    page = openpyxl.load_workbook(io.BytesIO(data), read_only=True).active
    assert page is not None
    rows = list(page.iter_rows(min_row=2, values_only=True))
    suggestions = Suggestion.objects.bulk_create(
        (
            Suggestion(
                meeting=field.meeting, number=str(row[1]), number_key=sort_key(str(row[1])), title=str(row[2]),
                text=str(row[14]), received_on=DAY,
            )
            for row in rows
        ),
        batch_size=1000,
    )  # fmt: skip
    Proposer.objects.bulk_create(
        (
            Proposer(suggestion=one, name=name, is_lead=order == 0)
            for one, row in zip(suggestions, rows, strict=True)
            for order, name in enumerate([str(row[3]), *str(row[4]).split("、")])
        ),
        batch_size=1000,
    )
    Assignment.objects.bulk_create(
        (
            Assignment(
                suggestion=one, number_key=one.number_key, meeting=field.meeting, unit_id=field.unit, part="lead", assigned_on=DAY,
                status_since=timezone.now(), profile_name="jiangxi", profile_version="1",
            )
            for one in suggestions
        ),
        batch_size=1000,
    )  # fmt: skip
    return len(rows)
