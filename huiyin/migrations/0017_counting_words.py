"""The suggestion stands in the index by meeting, so that the items a word finds are counted by that index alone."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("huiyin", "0016_exports_in_the_journal"),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name="assignment",
            name="huiyin_assi_unit_id_15b09d_idx",
        ),
        migrations.AddIndex(
            model_name="assignment",
            index=models.Index(fields=["unit", "meeting", "status", "suggestion"], name="items_by_meeting"),
        ),
    ]
