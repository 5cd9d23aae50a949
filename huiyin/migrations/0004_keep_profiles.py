"""What version 0.1's data lacks: the text of each profile in use, so that an item stays under the version it was
assigned under, and the clocks of opinions asked, promises and visits that are still open."""

from pathlib import Path

from django.db import migrations
from django.utils import timezone

FOLDER = Path(__file__).parents[1] / "rules" / "profiles"
ROWS = (  # model, kind of clock, field of its date, what is open, basis
    ("CoOpinion", "asked", "due_on", {"state": "requested"}, "升级前登记的协办期限"),
    ("Commitment", "promise", "due_on", {"done_on": None}, "答复中承诺的完成期限"),
    ("FollowUpVisit", "visit", "planned_on", {"done_on": None}, "升级前安排的回访"),
)


def keep_profiles(apps, schema_editor):
    assignments = apps.get_model("huiyin", "Assignment")
    kept = apps.get_model("huiyin", "ProfileVersion")
    for name, version in assignments.objects.order_by().values_list("profile_name", "profile_version").distinct():
        path = FOLDER / f"{name}.toml"
        if not path.exists():
            raise RuntimeError(f"找不到办理规程文件 {path}：有承办件按它办理，请先放回这个文件再升级")
        kept.objects.create(
            name=name, version=version, title=name, text=path.read_text(encoding="utf-8"), kept_at=timezone.now()
        )


def start_clocks(apps, schema_editor):
    clocks = apps.get_model("huiyin", "Clock")
    for model, kind, date, still, basis in ROWS:
        rows = apps.get_model("huiyin", model).objects.filter(**still).exclude(assignment__status="superseded")
        clocks.objects.bulk_create(
            clocks(
                assignment_id=row.assignment_id, kind=kind, row=row.pk, start_on=row.assignment.assigned_on,
                no_later_than=getattr(row, date), due_on=getattr(row, date), basis=basis,
            )
            for row in rows.select_related("assignment")
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("huiyin", "0003_time_and_supervision")]
    operations = [
        migrations.RunPython(keep_profiles, migrations.RunPython.noop),
        migrations.RunPython(start_clocks, migrations.RunPython.noop),
    ]
