"""计数列 of the items that are there already, counted from their rows."""

from django.db import migrations

from huiyin.models.profile import profile_of
from huiyin.queries.counting import PREFETCH, counted


def count(apps, _):
    items = apps.get_model("huiyin", "Assignment").objects.prefetch_related(*PREFETCH)
    for item in items.iterator(chunk_size=500):
        item.save(update_fields=list(counted(item, profile_of(item.profile_name, item.profile_version))))


class Migration(migrations.Migration):
    dependencies = [("huiyin", "0008_the_ledger")]
    operations = [migrations.RunPython(count, migrations.RunPython.noop, elidable=True)]
