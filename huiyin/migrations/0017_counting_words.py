"""The suggestion stands in the index by meeting, so that what a word finds is counted by that index alone. SQLite's index of
words keeps the pairs in their order, so that it finds whole words without their texts. On PostgreSQL the pairs of a text are
kept apart from its row (TOAST), so that a word is looked up without reading them; only what takes two thousand bytes is, so
they are numbers of eight."""

from django.db import migrations, models

TABLE = "huiyin_searchentry"
FTS5 = f"CREATE VIRTUAL TABLE {TABLE} USING fts5(grams, content='', {{}}, columnsize=0, tokenize='ascii')"
ROWS = f"CREATE TABLE {TABLE} (rowid bigint NOT NULL, grams {{}}[] NOT NULL)"
INDEXED = (
    f"CREATE INDEX {TABLE}_grams ON {TABLE} USING gin (grams)",
    f"ALTER TABLE {TABLE} ALTER COLUMN grams SET STATISTICS 0",  # as in 0013
)
APART = (
    f"ALTER TABLE {TABLE} SET (toast_tuple_target = 128)",
    f"ALTER TABLE {TABLE} ALTER COLUMN grams SET STORAGE EXTERNAL",
)
NOW = {"sqlite": [FTS5.format("detail=full")], "postgresql": [ROWS.format("bigint"), *APART, *INDEXED]}
BEFORE = {"sqlite": [FTS5.format("detail=none")], "postgresql": [ROWS.format("integer"), *INDEXED]}


def make(tables):
    def run(apps, schema_editor):
        """The worker fills it; until then words are found in the texts."""
        vendor = schema_editor.connection.vendor
        if vendor == "postgresql":
            schema_editor.execute("SET LOCAL statement_timeout = 0")  # a million take half a minute
        for statement in (f"DROP TABLE {TABLE}", *tables[vendor]):
            schema_editor.execute(statement)
        apps.get_model("huiyin", "Suggestion").objects.update(indexed=0)

    return run


class Migration(migrations.Migration):
    dependencies = [
        ("huiyin", "0016_exports_in_the_journal"),
    ]

    operations = [
        migrations.RunPython(make(NOW), make(BEFORE)),  # first: what follows has its time as well
        migrations.RemoveIndex(
            model_name="assignment",
            name="huiyin_assi_unit_id_15b09d_idx",
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["unit", "meeting", "status", "suggestion"], name="items_by_meeting"),
        ),
    ]
