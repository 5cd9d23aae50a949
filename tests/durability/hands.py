"""What a hand can be told to do. Each act opens its page and returns what the button does, or simply answers."""

from __future__ import annotations

import hashlib
import io
import json
import time
import uuid
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse

import tests.conftest
from huiyin.actions import (
    consulting,
    convening,
    filing,
    importing,
    linking,
    once,
    organising,
    registering,
    scheduling,
    signing,
    supervising,
)
from huiyin.models import (
    Assignment,
    Category,
    CoOpinion,
    Event,
    ImportBatch,
    Meeting,
    NumberSeries,
    Person,
    Post,
    Reply,
    Section,
    SignOff,
    StandIn,
    StoredFile,
    Suggestion,
    Unit,
)
from huiyin.rules.vocabulary import Part, Role, Status
from tests.conftest import CAST, Bureau, day

AT = day("2020-07-27")
SHEET = ["建议编号", "案由", "领衔代表", "内容分类", "办理方式", "交办日期", "建议内容"]
HERE = "localhost"
RANDOM = {"file", "last_login"}
Press = Callable[[], Any]


# What a place begins with


def build() -> None:
    """The bureau's people."""
    tests.conftest.found()


def walk(to: str, number: str) -> int:
    """One item, moved by the real deeds to the status named."""
    return int(getattr(_bureau(), to)(number=number).pk)


def _bureau() -> Bureau:
    people = {key: Person.objects.get(username=key) for key in CAST}
    sections = Section.objects
    return Bureau(
        unit=Unit.objects.get(short_name="市自然资源局"), meeting=Meeting.objects.get(name="五届五次"),
        earlier=Meeting.objects.get(name="五届四次"), organ=Unit.objects.get(short_name="市政府办公室"),
        section=sections.get(short_name="用途管制科"), other_section=sections.get(short_name="规划科"),
        category=Category.objects.get(name="用地保障"), people=people,
    )  # fmt: skip


# Deeds


def pass_gate(pk: int, who: str, key: str = "") -> Press:
    """通过 on the page as it stands when opened; every page carries a key of its own unless one is given."""
    item, by = Assignment.objects.get(pk=pk), _who(who)
    seen, key = signing.digest_now(item), key or str(uuid.uuid4())

    def press() -> str:
        with once(key, "sign", by=by, at=AT):
            signing.pass_gate(item, seen=seen, by=by, at=AT)
        return Status(Assignment.objects.get(pk=pk).status).value

    return press


def send_back(pk: int, who: str) -> Press:
    item, by = Assignment.objects.get(pk=pk), _who(who)

    def press() -> None:
        with once(str(uuid.uuid4()), "send_back", by=by, at=AT):
            signing.send_back(item, to=Status.HANDLING, reason="请补充数据", by=by, at=AT)

    return press


def attach(pk: int, who: str, key: str = "") -> Press:
    """上传附件, a deed that may be done as often as one likes: only its key keeps it from being done twice."""
    item, by = Assignment.objects.get(pk=pk), _who(who)
    key = key or str(uuid.uuid4())

    def press() -> None:
        with once(key, "attach", by=by, at=AT):
            filing.attach(item, upload=tests.conftest.pdf(), purpose="附件", by=by, at=AT)

    return press


def open_link(pk: int) -> str:
    """The secret of a link by which a co-handling unit answers."""
    item, by = Assignment.objects.get(pk=pk), _who("handler")
    units = [Unit.objects.get(short_name="南康区政府")]
    (row,) = consulting.request_opinions(
        item, units=units, on=AT.date(), due_on=date(2020, 8, 10), by=by, at=AT
    )
    return linking.open_link(item, row, by=by, at=AT).secret


def answer_link(secret: str, text: str) -> Press:
    def press() -> None:
        with once(str(uuid.uuid4()), "answer_link", by=_who("handler"), at=AT):
            given = linking.Answer(text, "王小明", "0797-6600000", paper=tests.conftest.pdf())
            linking.answer_by_link(secret, given, at=AT)

    return press


def opinions(pk: int) -> list[tuple[str, str]]:
    return list(Assignment.objects.get(pk=pk).opinions.values_list("state", "text"))


def register(number: str, papers: int = 0, key: str = "") -> Press:
    bureau, key = _bureau(), key or str(uuid.uuid4())

    def press() -> None:
        files = tuple(tests.conftest.pdf(f"{one}.pdf") for one in range(papers))
        with once(key, "register", by=bureau.clerk, at=AT):
            registering.register(
                bureau.entry(number=number), meeting=bureau.meeting, papers=files, by=bureau.clerk, at=AT
            )

    return press


def stop_work(on: str, key: str = "") -> Press:
    """改一天: the day is at rest, and every running date that counted it moves."""
    by, key = _who("clerk"), key or str(uuid.uuid4())

    def press() -> int:
        with once(key, "set_calendar", by=by, at=AT):
            return len(scheduling.set_day(on=date.fromisoformat(on), name="停工", rest=True, by=by, at=AT))

    return press


def second_administrator() -> list[int]:
    """任第二位系统管理员; the posts of both."""
    first, entry = _who("hejun"), organising.PersonEntry(username="second", name="甲乙")
    person = organising.save_person(entry, by=first, at=AT)
    organising.appoint(person, Role.ADMINISTRATOR, by=first, at=AT)
    return list(Post.objects.filter(role=Role.ADMINISTRATOR).values_list("pk", flat=True))


def dismiss(post: int) -> Press:
    """An administrator lays down his own post."""
    row = Post.objects.select_related("person").get(pk=post)
    return lambda: organising.dismiss(row, by=row.person, at=AT)


def stand_in(absent: str, substitute: str) -> Press:
    by, one, other = _who("hejun"), _who(absent), _who(substitute)

    def press() -> None:
        organising.stand_in(one, other, from_on=AT.date(), to_on=AT.date(), by=by, at=AT)

    return press


def sheet(numbers: list[str]) -> ContentFile[bytes]:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        book.set_properties({"created": AT})  # the same sheet whenever it is made
        page = book.add_worksheet("交办表")
        page.write_row(0, 0, SHEET)
        for line, number in enumerate(numbers, 1):
            cells = [number, f"关于第{number}号的建议", "邱德海", "用地保障", "主办", "2020年5月29日", "正文"]
            for place, cell in enumerate(cells):
                page.write_string(line, place, cell)
    return ContentFile(out.getvalue(), name="交办表.xlsx")


def upload(numbers: list[str]) -> int:
    """上传一张交办表 for preview; its batch."""
    bureau = _bureau()
    batch = importing.upload(
        sheet(numbers), meeting=bureau.meeting, organ=bureau.organ, by=bureau.clerk, at=AT
    )
    return int(batch.pk)


def take_in(batch: int, key: str = "") -> Press:
    row, by, key = ImportBatch.objects.get(pk=batch), _who("clerk"), key or str(uuid.uuid4())

    def press() -> tuple[int, int]:
        with once(key, "import", by=by, at=AT):
            done = importing.take_in(row, skip_wrong=False, by=by, at=AT)
        return done.created, done.unchanged

    return press


def post(name: str, who: str, fields: dict[str, str], pk: int, key: str = "", paper: str = "") -> Press:
    """The same through the page: signed in, form sent. Answers with status and page."""
    client = _client(who)
    item = Assignment.objects.get(pk=pk)
    extra = {"seen": signing.digest_now(item)} if "seen" in fields else {}
    data: dict[str, Any] = {**fields, **extra, "key": key or str(uuid.uuid4())}

    def press() -> tuple[int, str]:
        if paper:
            data[paper] = tests.conftest.pdf()
        answer = client.post(reverse("deed", args=[pk, name]), data)
        return answer.status_code, answer.content.decode()

    return press


def look(who: str, after: float) -> Press:
    """打开我的待办 that long after everybody began; answers with status and the moment it came."""
    client = _client(who)

    def press() -> tuple[int, float]:
        time.sleep(after)
        return client.get(reverse("desk")).status_code, time.monotonic()

    return press


def later(act: Callable[..., Press], after: float, **facts: Any) -> Press:
    """The same deed, a moment after everybody began."""
    press = act(**facts)

    def wait() -> Any:
        time.sleep(after)
        return press()

    return wait


def hold(pk: int, seconds: float) -> Press:
    """A writer that sits on an item (on SQLite: on the whole database) with its work unsaved;
    answers with the moment it let go."""

    def press() -> float:
        with transaction.atomic():
            item = Assignment.objects.select_for_update(of=("self",)).get(pk=pk)
            Assignment.objects.filter(pk=pk).update(part_text="没有办成")
            time.sleep(seconds)
            transaction.set_rollback(True)
            assert item.pk
            return time.monotonic()

    return press


def convene(name: str) -> Press:
    by = _who("clerk")
    return lambda: convening.convene(name=name, on=AT.date(), by=by, at=AT).pk


def urge_slowly(pk: int, seconds: float) -> Press:
    """催办 the handler, and only after a while acknowledged."""
    item, by = Assignment.objects.get(pk=pk), _who("director")

    def press() -> None:
        with transaction.atomic():
            supervising.urge([supervising.Target(item, _who("handler"))], text="请抓紧办理", by=by, at=AT)
            time.sleep(seconds)

    return press


def stream(names: list[str], diary: str) -> Press:
    """登记 one after the other, each with a file, until killed; what was acknowledged is noted outside."""
    path = Path(diary)

    def press() -> None:
        for name in names:
            register(name, papers=1)()
            with path.open("a") as file:
                file.write(f"{name}\n")

    return press


def _who(key: str) -> Person:
    return Person.objects.get(username=key)


def _client(who: str) -> Client:
    client = Client(SERVER_NAME=HERE, raise_request_exception=False)
    client.force_login(_who(who), backend="django.contrib.auth.backends.ModelBackend")
    return client


# Questions


def state() -> dict[str, tuple[int, str]]:
    """Every table of the product: its rows counted and hashed (but for the random names of stored files)."""
    found = {}
    with connection.cursor() as cursor:
        for model in apps.get_app_config("huiyin").get_models(include_auto_created=True):
            if not model._meta.managed:  # the index of words is not rows
                continue
            table = connection.ops.quote_name(model._meta.db_table)
            columns = [
                str(field.column) for field in model._meta.concrete_fields if field.column not in RANDOM
            ]
            cursor.execute(f"SELECT {', '.join(map(connection.ops.quote_name, columns))} FROM {table}")  # noqa: S608
            rows = sorted(map(repr, cursor.fetchall()))
            found[table] = len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def whole() -> dict[str, tuple[int, str]]:
    """Checks all that must hold after any accident, then answers with the state."""
    verify()
    for row in StoredFile.objects.all():
        assert hashlib.sha256(row.file.open("rb").read()).hexdigest() == row.sha256
        assert row.file.size == row.size
    for item in Assignment.objects.prefetch_related(
        "events", "replies", "sign_offs", "suggestion__proposers"
    ):
        events = sorted(item.events.all(), key=lambda one: one.seq)
        assert [one.seq for one in events] == list(range(1, item.seq + 1))
        assert (events[-1].digest, events[-1].target) == (item.head, item.status)
        assert item.suggestion.proposers.all()
        assert item.part == Part.INFO or item.clocks.exists()
        signed = item.status in {Status.ISSUED, Status.EVALUATING}
        assert len(item.replies.all()) == signed
    assert not Suggestion.objects.filter(assignments__isnull=True).exists()
    for series in NumberSeries.objects.all():
        taken = [one.objects.filter(number__startswith=str(series)).count() for one in (Reply, CoOpinion)]
        assert sum(taken) == series.last
    connection.check_constraints()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    return state()


def verify() -> None:
    words = io.StringIO()
    try:
        call_command("verify", stdout=words, stderr=words)
    except SystemExit as ended:
        raise AssertionError(words.getvalue()) from ended


def sign_offs(pk: int, role: str) -> tuple[int, int]:
    """Live sign-offs of a post on an item, and journal rows that tell of one."""
    rows = SignOff.objects.filter(assignment=pk, role=role, is_submission=False, voided_at=None)
    told = Event.objects.filter(assignment=pk, deed__in=signing.PASS.values())
    return rows.count(), sum(json.loads(one.body)["facts"]["role"] == Role(role).label for one in told)


def counts(pk: int) -> dict[str, int]:
    """What hangs on one item."""
    item = Assignment.objects.get(pk=pk)
    return {
        "events": item.events.count(),
        "files": item.files.count(),
        "stored": len([one for one in _stored() if one.is_file()]),
        "rows": StoredFile.objects.count(),
    }


def _stored() -> list[Path]:
    from django.core.files.storage import default_storage

    return list(Path(default_storage.path("")).rglob("*"))


def status(pk: int) -> str:
    return str(Assignment.objects.get(pk=pk).status)


def numbers() -> list[str]:
    return list(Reply.objects.values_list("number", flat=True))


def administrators() -> int:
    return Post.objects.filter(role=Role.ADMINISTRATOR).count()


def substitutes() -> int:
    return StandIn.objects.filter(cancelled=False).count()


def registered() -> list[tuple[str, int]]:
    """每一编号和它的承办件数."""
    return [(one.number, one.assignments.count()) for one in Suggestion.objects.all()]


def pragmas() -> dict[str, Any]:
    with connection.cursor() as cursor:
        names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        return {name: cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in names}


def run(statements: list[str]) -> str:
    """Runs statements and undoes them; what the database says to them, nothing when it lets them pass."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            for statement in statements:
                cursor.execute(statement)
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""


def tampered(statements: list[str]) -> str:
    """What `huiyin verify` says after somebody who owns the database took the triggers off and ran these; undone."""
    found = ""
    with transaction.atomic():
        tamper(statements)
        try:
            verify()
        except AssertionError as error:
            found = str(error)
        transaction.set_rollback(True)
    return found


def tamper(statements: list[str]) -> None:
    lite = ["DROP TRIGGER huiyin_event_no_update", "DROP TRIGGER huiyin_event_no_delete"]
    full = ["DROP TRIGGER huiyin_event_append_only ON huiyin_event"]
    with connection.cursor() as cursor:
        for statement in [*(lite if connection.vendor == "sqlite" else full), *statements]:
            cursor.execute(statement)


def spoil(how: str) -> None:
    """Damages the first stored file: one byte, or all of it."""
    path = Path(StoredFile.objects.order_by("pk")[0].file.path)
    if how == "gone":
        path.unlink()
    else:
        path.write_bytes(path.read_bytes()[:-1] + b"!")
