"""事件日志 (R75): what process-mining tools read of it is the journal, in XES and in CSV, and it names no proposer who asked
for confidentiality."""

import csv
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from lxml import etree

from huiyin.documents import event_log as files
from huiyin.models import Assignment, Event
from huiyin.queries import event_log
from huiyin.queries.actors import actor_of, items_for
from huiyin.rules.vocabulary import Deed, Status
from tests.conftest import Bureau, day

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("event_log")]
XES = "{http://www.xes-standard.org/}"
HOSTILE = "=HYPERLINK(\"x\")\n“一”&<二>\t'三' 😀"
ON = day("2020-12-01").date()


@pytest.fixture(scope="module")
def bureau(stage: Bureau) -> Bureau:
    stage.published(number="001")
    stage.delivered(number="002", title=HOSTILE)
    stage.handling(number="003", confidential=True, lead="钟保密", text="钟保密提出。")
    stage.assigning(number="004")
    return stage


def journal(bureau: Bureau) -> dict[str, list[str]]:
    """Case → its deeds' names, straight from the table."""
    found: dict[str, list[str]] = {}
    for event in Event.objects.filter(assignment__isnull=False).order_by("assignment", "seq"):
        found.setdefault(event_log.key_of(event.assignment_id or 0), []).append(event.get_deed_display())
    return found


def cases(bureau: Bureau, who: str = "clerk", **wish: Any) -> Iterator[event_log.Case]:
    actor = actor_of(bureau.people[who], ON)
    return event_log.cases(actor, items_for(actor).order_by("pk"), **wish)


def as_xes(bureau: Bureau, **wish: Any) -> bytes:
    return b"".join(files.xes(cases(bureau, **wish), name="办理轨迹"))


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


def traces(log: Any) -> dict[str, list[str]]:
    return {str(case): list(of["concept:name"]) for case, of in log.groupby("case:concept:name", sort=False)}


@pytest.fixture(scope="module")
def pm4py() -> Any:
    os.environ.setdefault("PM4PY_SHOW_PROGRESS_BAR", "False")
    return pytest.importorskip("pm4py")


@pytest.mark.once  # the files are told on both by those below; what reads them does not see the database
def test_pm4py_reads_the_xes_and_finds_the_journal(bureau: Bureau, tmp_path: Path, pm4py: Any) -> None:
    path = tmp_path / "log.xes"
    path.write_bytes(as_xes(bureau))
    log = pm4py.read_xes(str(path))
    assert traces(log) == journal(bureau)
    events = list(Event.objects.filter(assignment__isnull=False).order_by("assignment", "seq"))
    assert [one.to_pydatetime() for one in log["time:timestamp"]] == [
        event.at.replace(microsecond=event.at.microsecond // 1000 * 1000) for event in events
    ]
    assert list(log["org:resource"]) == [event.by.name for event in events]
    assert set(log["lifecycle:transition"]) == {"complete"}
    second = log[log["case:number"] == "002"]
    assert set(second["case:title"]) == {HOSTILE}
    assert (
        pm4py.get_start_activities(log) == {Deed.REGISTER.label: 4}
        or len(pm4py.get_start_activities(log)) == 1
    )
    found, start, end = pm4py.discover_petri_net_inductive(log)
    fitness = pm4py.fitness_token_based_replay(log, found, start, end)
    assert fitness["perc_fit_traces"] == 100  # a model found in it explains every trace


@pytest.mark.once  # the files are told on both by those below; what reads them does not see the database
def test_pm4py_reads_the_csv_and_finds_the_journal(bureau: Bureau, tmp_path: Path, pm4py: Any) -> None:
    import pandas

    path = tmp_path / "log.csv"
    path.write_bytes(b"".join(files.table(cases(bureau))))
    told = pandas.read_csv(path, dtype=str, keep_default_na=False)
    log = pm4py.format_dataframe(told, case_id="case_id", activity_key="activity", timestamp_key="timestamp")
    assert traces(log) == journal(bureau)
    assert set(log[log["number"] == "002"]["title"]) == {f"'{HOSTILE}"}  # no formula


def test_the_xes_is_as_the_standard_says(bureau: Bureau) -> None:
    log = etree.fromstring(as_xes(bureau))
    assert log.tag == f"{XES}log" and log.get("xes.version") == "1849.2016"
    order = [etree.QName(one).localname for one in log]
    told = list(dict.fromkeys(order))
    assert told == ["extension", "global", "classifier", "string", "trace"]
    prefixes = {one.get("prefix") for one in log.iter(f"{XES}extension")}
    keys = [one.get("key") for one in log.iter() if one.get("key")]
    assert (
        {key.split(":")[0] for key in keys if ":" in key}
        == prefixes
        == {"concept", "time", "org", "lifecycle"}
    )
    globals_ = {one.get("scope"): {each.get("key") for each in one} for one in log.iter(f"{XES}global")}
    for scope, name in (("trace", "trace"), ("event", "event")):
        for one in log.iter(f"{XES}{name}"):
            have = [each.get("key") for each in one if each.get("key")]
            assert globals_[scope] <= set(have) and len(have) == len(set(have))
    for one in log.iter(f"{XES}classifier"):
        assert set(one.get("keys").split()) <= globals_["event"]
    moments = [one.get("value") for one in log.iter(f"{XES}date")]
    assert all(one[23:] == "+08:00" for one in moments[1:])


def test_who_did_it_as_what_and_from_which_status(bureau: Bureau) -> None:
    told = [row for row in rows(b"".join(files.table(cases(bureau)))) if row["number"] == "001"]
    item = Assignment.objects.get(suggestion__number="001")
    sign = next(row for row in told if row["activity"] == Deed.SIGN.label)
    assert (sign["resource"], sign["role"]) == (bureau.chief.name, "主要领导")
    accept = next(row for row in told if row["activity"] == Deed.ACCEPT.label)
    assert (accept["source"], accept["target"]) == (Status.ACCEPTING.label, Status.HANDLING.label)
    assert all(row["role"] for row in told)
    assert {row["section"] for row in told} == {item.section.name if item.section else ""}


def test_it_names_no_proposer_and_has_no_texts_unless_asked_and_allowed(bureau: Bureau) -> None:
    plain = as_xes(bureau).decode() + b"".join(files.table(cases(bureau))).decode()
    assert "钟保密" not in plain and "邱德海" not in plain and 'key="text"' not in plain
    asked = as_xes(bureau, texts=True).decode()
    assert 'key="text"' in asked
    assert 'key="text"' not in as_xes(bureau, who="handler", texts=True).decode()  # sees his section alone
    leader = as_xes(bureau, who="chief", texts=True).decode()
    hidden = Assignment.objects.get(suggestion__number="003")
    told = etree.fromstring(leader.encode()).iter(f"{XES}trace")
    trace = next(one for one in told if one[0].get("value") == event_log.key_of(hidden.pk))
    from huiyin.queries.item import hides_proposer

    hides = hides_proposer(hidden, actor_of(bureau.chief, ON))
    assert hides == all(one.get("key") != "text" for one in trace.iter())
    assert "钟保密" not in leader


def test_each_has_the_log_of_what_he_sees(bureau: Bureau, client: Client) -> None:
    url = reverse("event_log")
    seen = {}
    for who in ("clerk", "handler", "other_handler", "admin", "stranger"):
        client.force_login(bureau.people[who])
        data = client.get(url, {"as": "csv"}).getvalue()
        seen[who] = {row["number"] for row in rows(data)}
    numbers = {"001", "002", "003", "004"}
    assert seen == {
        "clerk": numbers,
        "handler": numbers,
        "other_handler": set(),
        "admin": set(),
        "stranger": set(),
    }
    client.force_login(bureau.handler)
    assert client.get(url, {"texts": "1"}).status_code == 404
    assert client.get(url, {"as": "pdf"}).status_code == 404
    client.force_login(bureau.clerk)
    response = client.get(url, {"title": "港口", "texts": "1"})
    assert response.headers["Content-Type"].startswith("application/xml")
    assert len(etree.fromstring(response.getvalue()).findall(f"{XES}trace")) == 3


def test_a_long_journal_is_read_in_portions(bureau: Bureau, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = as_xes(bureau)
    monkeypatch.setattr(event_log, "BATCH", 1)
    assert as_xes(bureau) == whole
