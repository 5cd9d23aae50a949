"""成批写入: what many at once leaves is what one by one leaves."""

from __future__ import annotations

import gc
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from huiyin.actions._bulk import give_keys, insert, insert_all, new, uncollected
from huiyin.models import Assignment, ImportBatch, ImportedRow, StoredFile, Suggestion
from huiyin.rules.vocabulary import ImportState, Level, Part
from tests.conftest import Bureau, day

AT = day("2020-06-01")
WORDS = (
    "",
    "a\tb\nc\r\nd",
    "\\N",
    "C:\\new\\table",
    "\\.",
    "“引号”'\"",
    "{,}",
    "𠮷🙂",
    " 前后 ",
    "NULL",
    "%s %%",
)


def _suggestion(bureau: Bureau, make: Any, number: str, **values: Any) -> Suggestion:
    found: Suggestion = make(
        meeting_id=bureau.meeting.pk, number=number, number_key=number, title="关于道路的建议", received_on=date(2020, 5, 29),
        **values,
    )  # fmt: skip
    return found


def test_every_value_is_stored_as_saving_stores_it(bureau: Bureau) -> None:
    values: list[dict[str, Any]] = [{"text": one} for one in WORDS]
    values += [
        {"confidential": True},
        {"level": Level.KEY},
        {"revoked_at": datetime(2020, 6, 1, 1, 2, 3, 4, UTC)},
    ]
    found = []
    for together in (False, True):
        with transaction.atomic():
            rows = [_suggestion(bureau, Suggestion, f"{n:03}", **one) for n, one in enumerate(values)]
            if together:
                insert_all(rows)
            else:
                for row in rows:
                    row.save()
            names = [
                one.attname
                for one in Suggestion._meta.concrete_fields
                if one.attname not in {"id", "number_key"}
            ]
            found.append(list(Suggestion.objects.order_by("number").values_list(*names)))
            transaction.set_rollback(True)
    assert found[0] == found[1]
    assert len(found[0]) == len(values)


def test_what_is_no_plain_value_is_stored_too(bureau: Bureau) -> None:
    item = bureau.register()
    file = StoredFile.objects.create(
        name="表.xlsx", size=1, sha256="0", uploaded_by=bureau.clerk, uploaded_at=AT
    )
    batch = ImportBatch.objects.create(
        unit=bureau.unit, meeting=bureau.meeting, uploaded_by=bureau.clerk, uploaded_at=AT, file=file
    )
    before = {"标题": ["旧\\n", "新\t"], "人数": 3, "无": None}
    names = ("batch_id", "line", "assignment_id", "state", "before")
    insert(ImportedRow, names, [(batch.pk, 4, item.pk, ImportState.CHANGED, before)])
    row = ImportedRow.objects.get()
    assert (row.line, row.state, row.before) == (4, ImportState.CHANGED, before)


def test_a_new_object_is_as_its_constructor_gives_it(bureau: Bureau) -> None:
    related: dict[str, Any] = {"unit": bureau.unit, "meeting": bureau.meeting, "organ": None}
    given: dict[str, Any] = {"part": Part.LEAD, "status_since": AT}
    ours, theirs = new(Assignment, related, **given), Assignment(**related, **given)
    names = [one.attname for one in Assignment._meta.concrete_fields]
    assert [getattr(ours, name) for name in names] == [getattr(theirs, name) for name in names]
    assert ours._state.adding
    assert ours.unit == bureau.unit
    ours.unit = bureau.organ
    assert ours.unit_id == bureau.organ.pk
    assert new(Assignment, related, **given).unit_id == bureau.unit.pk


def test_keys_are_given_once(bureau: Bureau) -> None:
    first, second = ([_suggestion(bureau, Suggestion, f"{turn}{n}") for n in range(3)] for turn in (1, 2))
    give_keys(first)
    keys = [one.pk for one in first]
    insert_all(first)
    insert_all(second)
    last = bureau.register(number="300").suggestion
    assert [one.pk for one in first] == keys
    assert len({*keys, *(one.pk for one in second), last.pk}) == 7
    assert {one.pk: one.number for one in Suggestion.objects.all()} == {
        one.pk: one.number for one in (*first, *second, last)
    }
    first[0].title = "改过"
    first[0].save()
    assert Suggestion.objects.get(pk=keys[0]).title == "改过"


def test_the_databases_own_rules_hold(bureau: Bureau) -> None:
    insert_all([_suggestion(bureau, Suggestion, "001")])
    for wrong in ([("001", "")], [("002", ""), ("002", "")], [("003", "秘密")]):
        rows = [
            _suggestion(bureau, Suggestion, number, text=text, secret=bool(text)) for number, text in wrong
        ]
        with pytest.raises(IntegrityError), transaction.atomic():
            insert_all(rows)
    assert Suggestion.objects.count() == 1


def test_the_collector_waits_and_works_again_afterwards() -> None:
    @uncollected()
    def fails() -> None:
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fails()
    assert gc.isenabled()


def test_the_collector_is_never_left_off(monkeypatch: pytest.MonkeyPatch) -> None:
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            pass
        assert not gc.isenabled()
    monkeypatch.setattr(gc, "isenabled", lambda: False)  # looked while another had it off, who has left since
    with uncollected():
        pass
    monkeypatch.undo()
    assert gc.isenabled()
