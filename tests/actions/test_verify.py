"""`huiyin verify`：what was written stays as it was written."""

from __future__ import annotations

import pytest
from django.core.management import call_command
from django.db import connection

from huiyin.models import Event, ReplyVersion, StoredFile
from tests.conftest import Bureau


def tamper(table: str, column: str, value: str, pk: int) -> None:
    """As the database's owner could, past the triggers."""
    with connection.cursor() as cursor:
        if table == "huiyin_event" and connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER huiyin_event_no_update")
        elif table == "huiyin_event":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE huiyin_event DISABLE TRIGGER USER")
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, pk])  # noqa: S608


def test_an_untouched_year_verifies(bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    bureau.evaluated()
    call_command("verify")
    assert "不符 0 处" in capsys.readouterr().out


@pytest.mark.parametrize("column", ["text", "deed", "body", "digest", "target"])
def test_a_changed_event_is_found(bureau: Bureau, column: str) -> None:
    item = bureau.issued()
    event = Event.objects.filter(assignment=item).order_by("seq")[2]
    tamper("huiyin_event", column, '{"x": 1}' if column == "body" else "close", event.pk)
    with pytest.raises(SystemExit):
        call_command("verify")


def test_a_changed_text_is_found(bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    item = bureau.issued()
    version = ReplyVersion.objects.get(assignment=item)
    tamper("huiyin_replyversion", "body", version.body + "另付一千万元。", version.pk)
    with pytest.raises(SystemExit):
        call_command("verify")
    assert f"稿本不符：承办件{item.pk}" in capsys.readouterr().err


def test_a_changed_file_is_found(bureau: Bureau, capsys: pytest.CaptureFixture[str]) -> None:
    bureau.evaluated()
    row = StoredFile.objects.get()
    with open(row.file.path, "ab") as file:
        file.write(b"x")
    with pytest.raises(SystemExit):
        call_command("verify")
    assert "文件不符" in capsys.readouterr().err


@pytest.mark.parametrize("verb", ["UPDATE", "DELETE", "REPLACE", "TRUNCATE"])
def test_the_database_refuses_to_rewrite_the_journal(bureau: Bureau, verb: str) -> None:
    from django.db import DatabaseError, transaction

    bureau.register()
    sqlite = connection.vendor == "sqlite"
    statement = {
        "UPDATE": "UPDATE huiyin_event SET text = ''",
        "DELETE": "DELETE FROM huiyin_event",
        "REPLACE": "REPLACE INTO huiyin_event SELECT * FROM huiyin_event",
        "TRUNCATE": "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE huiyin_event CASCADE",
    }[verb]
    if (verb == "REPLACE") is not sqlite and verb in {"REPLACE", "TRUNCATE"}:
        pytest.skip(f"{connection.vendor} has no {verb}")
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
