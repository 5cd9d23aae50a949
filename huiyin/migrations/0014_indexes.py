"""An index of the few items that follow another, for the figures; and the index of words filled anew, now with signs."""

from django.db import migrations, models

EMPTY = {
    "sqlite": "INSERT INTO huiyin_searchentry (huiyin_searchentry) VALUES ('delete-all')",
    "postgresql": "DELETE FROM huiyin_searchentry",
}


def refill(apps, schema_editor):
    """The worker fills it; until then words are found in the texts."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")  # a million take half a minute
    apps.get_model("huiyin", "Suggestion").objects.update(indexed=0)
    schema_editor.execute(EMPTY[schema_editor.connection.vendor])


class Migration(migrations.Migration):

    dependencies = [
        ('huiyin', '0013_search'),
    ]

    operations = [
        migrations.RunPython(refill, refill),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(condition=models.Q(('previous__isnull', False)), fields=['previous', 'round_kind'], name='items_again'),
        ),
    ]
