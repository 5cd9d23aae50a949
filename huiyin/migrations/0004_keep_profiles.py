"""The text of each profile in use is kept, so that an item stays under the version it was assigned under."""

from pathlib import Path

from django.db import migrations
from django.utils import timezone

FOLDER = Path(__file__).parents[1] / "rules" / "profiles"


def keep(apps, schema_editor):
    assignments = apps.get_model("huiyin", "Assignment")
    kept = apps.get_model("huiyin", "ProfileVersion")
    for name, version in assignments.objects.order_by().values_list("profile_name", "profile_version").distinct():
        path = FOLDER / f"{name}.toml"
        if not path.exists():
            raise RuntimeError(f"找不到办理规程文件 {path}：有承办件按它办理，请先放回这个文件再升级")
        kept.objects.create(
            name=name, version=version, title=name, text=path.read_text(encoding="utf-8"), kept_at=timezone.now()
        )


class Migration(migrations.Migration):
    dependencies = [("huiyin", "0003_time_and_supervision")]
    operations = [migrations.RunPython(keep, migrations.RunPython.noop)]
