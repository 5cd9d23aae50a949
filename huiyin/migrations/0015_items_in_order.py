"""An item's number beside it, so that a page of the ledger's own order is read by an index."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")  # a million take half a minute
    key = apps.get_model("huiyin", "Suggestion").objects.filter(pk=OuterRef("suggestion_id"))
    apps.get_model("huiyin", "Assignment").objects.update(number_key=Subquery(key.values("number_key")))


class Migration(migrations.Migration):

    dependencies = [
        ('huiyin', '0014_indexes'),
    ]

    operations = [
        migrations.AddField(
            model_name='assignment',
            name='number_key',
            field=models.CharField(default='', editable=False, max_length=80, verbose_name='编号的排序键'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name='assignment',
            index=models.Index(fields=['unit', 'meeting', 'number_key', 'id'], name='items_in_order'),
        ),
    ]
