"""检索: the index of words, of the database's own kind; it is filled by the worker."""

import django.db.models.deletion
from django.db import migrations, models

import huiyin.models.searching

TABLE = "huiyin_searchentry"
TABLES = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5(grams, content='', detail=none, columnsize=0, tokenize='ascii')"
    ],
    "postgresql": [
        f"CREATE TABLE {TABLE} (rowid bigint NOT NULL, grams integer[] NOT NULL)",
        f"CREATE INDEX {TABLE}_grams ON {TABLE} USING gin (grams)",
        # a common pair is looked up in the index too: reading every row takes ten times as long as is reckoned
        f"ALTER TABLE {TABLE} ALTER COLUMN grams SET STATISTICS 0",
    ],
}


def make(apps, schema_editor):
    for statement in TABLES[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def unmake(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):

    dependencies = [
        ('huiyin', '0012_archive_numbers'),
    ]

    operations = [
        migrations.AddField(
            model_name='suggestion',
            name='indexed',
            field=models.PositiveSmallIntegerField(db_index=True, default=0, editable=False),
        ),
        migrations.CreateModel(
            name='SearchEntry',
            fields=[
                ('suggestion', models.OneToOneField(db_column='rowid', db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, primary_key=True, related_name='+', serialize=False, to='huiyin.suggestion')),
                ('grams', huiyin.models.searching.GramsField()),
            ],
            options={
                'db_table': 'huiyin_searchentry',
                'managed': False,
            },
        ),
        migrations.RunPython(make, unmake),
    ]
