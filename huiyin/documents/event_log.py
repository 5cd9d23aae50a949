"""事件日志 as files: XES (IEEE 1849-2016) and CSV, a piece at a time, so that a long journal fills no memory."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import datetime
from xml.sax.saxutils import quoteattr

from django.utils.timezone import localtime

from huiyin.queries.event_log import Case, Happening
from huiyin.rules.cells import neutral, plain

EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
)
HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849.2016" xes.features="" xmlns="http://www.xes-standard.org/">
{extensions}
\t<global scope="trace">
\t\t<string key="concept:name" value="UNKNOWN"/>
\t</global>
\t<global scope="event">
\t\t<string key="concept:name" value="UNKNOWN"/>
\t\t<date key="time:timestamp" value="1970-01-01T00:00:00.000+00:00"/>
\t\t<string key="org:resource" value="UNKNOWN"/>
\t\t<string key="lifecycle:transition" value="complete"/>
\t</global>
\t<classifier name="Activity" scope="event" keys="concept:name"/>
\t<classifier name="Resource" scope="event" keys="org:resource"/>
\t<string key="concept:name" value={name}/>
\t<string key="lifecycle:model" value="standard"/>
"""
FOOT = "</log>\n"
BOM = "\ufeff"


def stamp(moment: datetime) -> str:
    """A moment as an XML dateTime with its offset: 2020-05-29T09:00:00.000+08:00."""
    return localtime(moment).isoformat(timespec="milliseconds")


def xes(cases: Iterable[Case], *, name: str) -> Iterator[bytes]:
    """XES. An event is a deed, done and over (lifecycle complete); empty facts are left out."""
    extensions = "\n".join(
        f'\t<extension name="{full}" prefix="{prefix}" uri="{uri}"/>' for full, prefix, uri in EXTENSIONS
    )
    yield HEAD.format(extensions=extensions, name=_value(name)).encode()
    for case in cases:
        yield _trace(case).encode()
    yield FOOT.encode()


def _trace(case: Case) -> str:
    lines = ["\t<trace>", *_strings("\t\t", {"concept:name": case.key, **case.facts})]
    for one in case.happenings:
        lines += ["\t\t<event>", *_strings("\t\t\t", {"concept:name": one.deed.label})]
        lines += [f'\t\t\t<date key="time:timestamp" value="{stamp(one.at)}"/>']
        lines += [*_strings("\t\t\t", _said(one)), "\t\t</event>"]
    return "\n".join([*lines, "\t</trace>", ""])


def _said(one: Happening) -> dict[str, str]:
    return {
        "org:resource": one.person, "org:role": one.post, "lifecycle:transition": "complete",
        "behalf": one.behalf, "source": one.source, "target": one.target, "text": one.text,
    }  # fmt: skip


def _strings(indent: str, facts: dict[str, str]) -> Iterator[str]:
    return (f'{indent}<string key="{key}" value={_value(value)}/>' for key, value in facts.items() if value)


def _value(words: str) -> str:
    """As an attribute's value: line ends and tabs as references, or a reader would make spaces of them."""
    return quoteattr(plain(words))


COLUMNS = (
    "case_id", "activity", "timestamp", "resource", "role", "transition", "behalf", "source", "target", "seq",
    "number", "title", "kind", "part", "section", "category", "meeting", "session", "round", "unit", "level", "status",
)  # fmt: skip


def table(cases: Iterable[Case], *, texts: bool = False) -> Iterator[bytes]:
    """CSV, one line an event, UTF-8 with a mark so that Excel reads it; no cell is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    out.write(BOM)
    writer.writerow([*COLUMNS, *(["text"] if texts else [])])
    for case in cases:
        facts = [_cell(case.facts[name]) for name in COLUMNS[10:]]
        for one in case.happenings:
            cells = [
                case.key, one.deed.label, stamp(one.at), one.person, one.post, "complete", one.behalf, one.source,
                one.target, str(one.seq), *facts, *([one.text] if texts else []),
            ]  # fmt: skip
            writer.writerow([*map(_cell, cells[:10]), *facts, *map(_cell, cells[22:])])
        yield out.getvalue().encode()
        out.seek(0)
        out.truncate()
    yield out.getvalue().encode()


def _cell(words: str) -> str:
    return neutral(plain(words))
