"""The database itself refuses to change or remove a row of the journal (办理轨迹, R75)."""

from django.db import migrations

SQLITE = [
    "CREATE TRIGGER huiyin_event_no_update BEFORE UPDATE ON huiyin_event "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    "CREATE TRIGGER huiyin_event_no_delete BEFORE DELETE ON huiyin_event "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
    # REPLACE removes the row in its way without asking the trigger above
    "CREATE TRIGGER huiyin_event_no_replace BEFORE INSERT ON huiyin_event "
    "WHEN EXISTS (SELECT 1 FROM huiyin_event WHERE id = NEW.id OR (stream = NEW.stream AND seq = NEW.seq)) "
    "BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END",
]
POSTGRES = [
    "CREATE FUNCTION huiyin_event_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$",
    "CREATE TRIGGER huiyin_event_append_only BEFORE UPDATE OR DELETE ON huiyin_event "
    "FOR EACH ROW EXECUTE FUNCTION huiyin_event_refuse()",
    "CREATE TRIGGER huiyin_event_no_truncate BEFORE TRUNCATE ON huiyin_event "
    "FOR EACH STATEMENT EXECUTE FUNCTION huiyin_event_refuse()",
]
SQLITE_UNDO = [f"DROP TRIGGER huiyin_event_no_{verb}" for verb in ("update", "delete", "replace")]
POSTGRES_UNDO = [
    "DROP TRIGGER huiyin_event_no_truncate ON huiyin_event",
    "DROP TRIGGER huiyin_event_append_only ON huiyin_event",
    "DROP FUNCTION huiyin_event_refuse()",
]


def run(sqlite, postgres):
    def execute(apps, schema_editor):
        for statement in sqlite if schema_editor.connection.vendor == "sqlite" else postgres:
            schema_editor.execute(statement)

    return execute


class Migration(migrations.Migration):
    dependencies = [("huiyin", "0001_initial")]
    operations = [migrations.RunPython(run(SQLITE, POSTGRES), run(SQLITE_UNDO, POSTGRES_UNDO))]
