"""升级: in a place of its own, data as version 0.1 left them are taken through the migrations; prints what came of it."""

import json
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

NOW = datetime(2020, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
APP = "huiyin"


def to(name: str) -> MigrationExecutor:
    executor = MigrationExecutor(connection)
    executor.migrate([(APP, name)])
    executor.loader.build_graph()
    return executor


def old_data() -> int:
    """One item of 0.1 with an opinion asked, a promise, a visit planned, and its main clock."""
    executor = to("0002_journal_is_append_only")
    model: Any = executor.loader.project_state([(APP, "0002_journal_is_append_only")]).apps.get_model

    def make(what: str, **facts: Any) -> Any:
        return model(APP, what).objects.create(**facts)

    unit = make("Unit", name="赣州市自然资源局", short_name="市自然资源局", hosted=True)
    other = make("Unit", name="南康区人民政府", short_name="南康区政府")
    section = make("Section", unit=unit, name="规划科", short_name="规划科")
    person = make("Person", username="a", name="谢文斌", unit=unit, password="!")
    meeting = make("Meeting", name="五届五次", title="五届五次", year=2020)
    suggestion = make(
        "Suggestion", meeting=meeting, number="082", number_key="082", title="关于港口用地的建议", text="x",
        received_on=date(2020, 5, 29),
    )  # fmt: skip
    item = make(
        "Assignment", suggestion=suggestion, meeting=meeting, unit=unit, part="lead", assigned_on=date(2020, 5, 29),
        status="handling", status_since=NOW, profile_name="jiangxi", profile_version="2020.1", due_on=date(2020, 8, 29),
    )  # fmt: skip
    make(
        "Clock", assignment=item, kind="reply", start_on=date(2020, 5, 29), period="3m", due_on=date(2020, 8, 29),
        basis="《代表法》",
    )  # fmt: skip
    make("CoOpinion", assignment=item, unit=other, requested_on=date(2020, 6, 1), due_on=date(2020, 6, 29))
    make(
        "Commitment",
        assignment=item,
        content="供地",
        section=section,
        owner=person,
        due_on=date(2020, 10, 31),
    )
    make("FollowUpVisit", assignment=item, planned_on=date(2021, 1, 27))
    return int(item.pk)


def main() -> None:
    django.setup()
    pk = old_data()
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())
    from huiyin.models import Assignment
    from huiyin.models.clock import calendar_of

    item = Assignment.objects.get(pk=pk)
    calendar = calendar_of(item.unit_id)
    clocks = {
        clock.kind: [clock.row > 0, str(clock.due_on), str(clock.replay(calendar).due)]
        for clock in item.clocks.all()
    }
    print(json.dumps({"profile": item.profile.name, "due": str(item.due_on), "clocks": clocks}))


if __name__ == "__main__":
    main()
