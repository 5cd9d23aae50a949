"""手写的 SQL: what an expert writes for the same answers, on the same tables and indexes, one unit given. No permission, no
page: the floor. It runs on both databases as it stands."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import connection

PAGE = """
SELECT a.id, s.number, s.kind, s.title, p.name, a.part, sec.name, h.name, a.status, a.due_on, a.reply_class, a.outcome
FROM huiyin_assignment a JOIN huiyin_suggestion s ON s.id = a.suggestion_id
LEFT JOIN huiyin_proposer p ON p.suggestion_id = s.id AND p.is_lead
LEFT JOIN huiyin_section sec ON sec.id = a.section_id LEFT JOIN huiyin_person h ON h.id = a.handler_id
WHERE a.id IN (
  SELECT a.id FROM huiyin_assignment a JOIN huiyin_meeting m ON m.id = a.meeting_id
  JOIN huiyin_suggestion s ON s.id = a.suggestion_id WHERE {where}
  ORDER BY m.year DESC, s.number_key, a.id LIMIT 50 OFFSET %s)"""
COUNT = "SELECT count(*) FROM huiyin_assignment a {join} WHERE {where}"
TEXT = "JOIN huiyin_suggestion s ON s.id = a.suggestion_id"

MAIN, ANSWERS = "a.round_kind <> 'rehandling'", "a.part IN ('sole', 'lead', 'separate')"
LAST = "f.id IS NULL"
REPLIED, OWED, WITHIN = "a.replied_on IS NOT NULL", "a.running_on < %(on)s", "a.in_satisfaction"
ON_TIME = f"{REPLIED} AND NOT a.late AND (a.running_on IS NULL OR a.running_on >= %(on)s)"
RATED, ATTITUDE = "a.rated_on IS NOT NULL", "(a.attitude_satisfied OR a.attitude = '')"
OUTCOME = "(a.outcome_satisfied OR a.outcome = '')"
FULLY = "a.attitude IN ('', 'very', 'satisfied') AND a.outcome IN ('', 'very', 'satisfied')"
RATES = {  # denominator, numerator
    "completion": (MAIN, REPLIED),
    "on_time": (f"{MAIN} AND ({REPLIED} OR {OWED})", ON_TIME),
    "accepted": (MAIN, "a.accepted_on IS NOT NULL"),
    "contact": (f"{MAIN} AND {ANSWERS}", "a.contacted_on IS NOT NULL"),
    "met": (f"{MAIN} AND {ANSWERS}", "a.met_on IS NOT NULL"),
    "co_on_time": (f"a.part = 'co' AND ({REPLIED} OR {OWED})", ON_TIME),
    "returned_forms": (f"{MAIN} AND {ANSWERS} AND a.delivered_on IS NOT NULL", RATED),
    "satisfied": (f"{MAIN} AND {WITHIN}", f"{RATED} AND {ATTITUDE} AND {OUTCOME}"),
    "satisfied_finally": (f"{LAST} AND {WITHIN}", f"{RATED} AND {ATTITUDE} AND {OUTCOME}"),
    "fully": (f"{LAST} AND {WITHIN}", f"{RATED} AND {FULLY}"),
    "attitude": (f"{MAIN} AND {WITHIN}", f"{RATED} AND a.attitude_satisfied"),
    "attitude_finally": (f"{LAST} AND {WITHIN}", f"{RATED} AND a.attitude_satisfied"),
    "outcome": (f"{MAIN} AND {WITHIN}", f"{RATED} AND a.outcome_satisfied"),
    "outcome_finally": (f"{LAST} AND {WITHIN}", f"{RATED} AND a.outcome_satisfied"),
    "solved": (f"{MAIN} AND {ANSWERS} AND {REPLIED}", "a.solved"),
    "turned": (f"{MAIN} AND {ANSWERS} AND a.to_turn", "a.solved"),
}
KEYS = tuple(RATES)
STATISTICS = """
SELECT {by}, {columns} FROM huiyin_assignment a {join}
LEFT JOIN huiyin_assignment f ON f.previous_id = a.id AND f.round_kind = 'rehandling'
WHERE a.unit_id = %(unit)s AND a.meeting_id = %(meeting)s
AND a.status NOT IN ('returned', 'withdrawn', 'noted', 'split', 'revoked') GROUP BY {by}"""
EXPORT_COLUMNS = (
    "s.number", "s.kind", "s.title", "p.name", "a.part", "sec.name", "h.name", "a.status", "a.due_on", "a.reply_class",
    "a.outcome", "m.name", "s.origin", "p.delegation", "c.name", "a.round_kind", "s.level", "a.assigned_on", "a.accepted_on",
    "a.contacted_on", "a.reply_number", "a.replied_on", "a.attitude", "a.rated_on", "a.class_now", "s.text",
)  # fmt: skip
EXPORT = f"""
SELECT {", ".join(EXPORT_COLUMNS)} FROM huiyin_assignment a JOIN huiyin_suggestion s ON s.id = a.suggestion_id JOIN huiyin_meeting m ON m.id = a.meeting_id
LEFT JOIN huiyin_proposer p ON p.suggestion_id = s.id AND p.is_lead LEFT JOIN huiyin_category c ON c.id = s.category_id
LEFT JOIN huiyin_section sec ON sec.id = a.section_id LEFT JOIN huiyin_person h ON h.id = a.handler_id
WHERE a.unit_id = %s ORDER BY m.year DESC, s.number_key, a.id"""


def query(sql: str, values: Sequence[Any] | dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return list(cursor.fetchall())


def page(
    unit: int, where: str = "", *values: Any, offset: int = 0, text: bool = False
) -> list[tuple[Any, ...]]:
    """Fifty rows and their count."""
    picked = f"a.unit_id = %s AND a.status <> 'revoked' {where}"
    query(COUNT.format(join=TEXT if text else "", where=picked), [unit, *values])
    return query(PAGE.format(where=picked), [unit, *values, offset])


def statistics(unit: int, meeting: int, by: str, on: date) -> dict[Any, dict[str, tuple[int, int]]]:
    """Of each group: both parts of every rate."""
    columns = ", ".join(
        f"count(*) FILTER (WHERE {den} AND {num}), count(*) FILTER (WHERE {den})"
        for den, num in RATES.values()
    )
    said = {"unit": unit, "meeting": meeting, "on": on}
    sql = STATISTICS.format(by=by, columns=columns, join=TEXT if by.startswith("s.") else "")
    rows = query(sql, said)
    return {
        group: {key: (parts[2 * n], parts[2 * n + 1]) for n, key in enumerate(KEYS)} for group, *parts in rows
    }


def like(word: str, *columns: str) -> set[int]:
    """Suggestions whose columns hold a word: the truth that a search is held against."""
    found = " OR ".join(f"s.{one} LIKE %s" for one in columns)
    rows = query(f"SELECT s.id FROM huiyin_suggestion s WHERE {found}", [f"%{word}%"] * len(columns))
    return {pk for (pk,) in rows}
