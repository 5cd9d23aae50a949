"""写成一页: the table of ratios, with what each is beside, its gate, and the machine."""

import platform
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

Took = dict[str, Any]
Results = dict[tuple[str, int], Took]
NAMES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
MOST = 60.0  # MB an export may take


@dataclass(frozen=True)
class Line:
    """一行: a ratio of CPU times (ours ÷ the peer's) at each size; `gate` is what it must not exceed, `least` from how many
    items on: before, what a question costs whatever it finds is nearly all there is."""

    label: str
    key: str
    peer: str
    gate: float | None
    words: str
    least: int = 0

    @property
    def said(self) -> str:
        return (
            "–" if self.gate is None else f"≤ {self.gate}" + (f" from {self.least:,}" if self.least else "")
        )


LINES = (
    Line("台账页，全部 ledger page", "page", "plain", 1.2, "plain Django page"),
    Line("台账页，一个科室 one section", "page_section", "plain", 1.2, "plain Django page"),
    Line("台账页，一段日期 range of dates", "page_dates", "plain", 1.2, "plain Django page"),
    Line("台账页，关键词 a word", "page_text", "plain", 1.2, "plain Django page"),
    Line("台账页，中间一页 middle page", "page_middle", "plain", 1.2, "plain Django page, OFFSET"),
    Line("一年的数字，分科室 a year's figures by section", "statistics_section", "hand", 3.0, "hand-written SQL", 100_000),
    Line("一年的数字，分类别 … by category", "statistics_category", "hand", 3.0, "hand-written SQL", 100_000),
    Line("导入10000行 import", "import", "calamine", 2.5, "calamine + executemany"),
    Line("导入10000行 import", "import", "openpyxl", 0.45, "openpyxl + bulk_create"),
    Line("导出 .xlsx export", "export_xlsx", "rust", 2.0, "rustpy-xlsxwriter", 100_000),
    Line("导出 .xlsx export", "export_xlsx", "xlsxwriter", 0.35, "xlsxwriter, constant_memory", 100_000),
    Line("导出 .xlsx export", "export_xlsx", "openpyxl", None, "openpyxl, write-only"),
    Line("导出 .csv export", "export_csv", "csv", None, "csv"),
    Line("查正文，两个字 search, 2 characters", "search_2", "like", None, "LIKE scan"),
    Line("查正文，四个字 search, 4 characters", "search_4", "like", None, "LIKE scan"),
    Line("查标题 search by title", "search_title", "like", None, "LIKE scan"),
    Line("查编号 search by number", "search_number", "like", None, "LIKE scan"),
)  # fmt: skip
SEARCHES = ("search_2", "search_4", "search_title", "search_number")
GROWING = ("page", "page_section", "page_dates", "page_text", "page_middle")


def page(results: Results) -> str:
    parts = [HEAD.format(machine=_machine(results), day=date.today().isoformat()), table(results)]
    told = ((GROWTH, _growth), (SEARCH, _searches), (MEMORY, _memory), (PLAIN_TIMES, _times))
    for words, made in told:
        lines = made(results)
        parts += ["", words, lines] if lines.count("\n") > 1 else []
    parts += ["", TAIL]
    return "\n".join(parts)


def table(results: Results) -> str:
    """Every ratio, at every size, with its gate."""
    lines = [
        _row("", "beside", "gate", *(f"{NAMES[name]} {size:,}" for name, size in results)),
        _rule(results),
    ]
    for line in LINES:
        cells = [
            _verdict(_ratio(took, line), line.gate if size >= line.least else None)
            for (_, size), took in results.items()
        ]
        if any(cells):
            lines.append(_row(line.label, line.words, line.said, *(one or "–" for one in cells)))
    return "\n".join(lines)


def _ratio(took: Took, line: Line) -> float | None:
    found = took.get(line.key, {})
    if "ours" not in found or line.peer not in found or not found[line.peer]["cpu"]:
        return None
    return float(found["ours"]["cpu"] / found[line.peer]["cpu"])


def _verdict(ratio: float | None, gate: float | None) -> str:
    if ratio is None:
        return ""
    mark = "" if gate is None else " ✓" if ratio <= gate else " ✗"
    return f"{ratio:.2f}{mark}" if ratio < 10 else f"{ratio:.0f}{mark}"


def _growth(results: Results) -> str:
    """CPU at each size over that at the smallest, of the same database."""
    least = {name: min(size for at, size in results if at == name) for name, _ in results}
    pairs = [(name, size) for name, size in results if size > least[name]]
    if not pairs:
        return ""
    lines = [_row("", "gate", *(f"{NAMES[name]} {least[name]:,} → {size:,}" for name, size in pairs))]
    lines.append("|---|---|" + "---:|" * len(pairs))
    for line in LINES:
        if line.key not in GROWING:
            continue
        cells = []
        for name, size in pairs:
            small, large = (results[name, one].get(line.key, {}).get("ours") for one in (least[name], size))
            cells.append(_verdict(large["cpu"] / small["cpu"], 2.0) if small and large else "–")
        lines.append(_row(line.label, "≤ 2", *cells))
    return "\n".join(lines)


def _searches(results: Results) -> str:
    def said(found: Took) -> str:
        good = found["recall"] >= 1 and found["ours"]["p95"] <= 50
        times = f"{found['ours']['wall']:.0f} / {found['ours']['p95']:.0f} ms"
        return f"{found['recall']:.3f} / {found['precision']:.3f}, {times} {'✓' if good else '✗'}"

    return _each(results, SEARCHES, "recall 1.000, p95 ≤ 50 ms", said)


def _memory(results: Results) -> str:
    def said(found: Took) -> str:
        if "memory" not in found:
            return "–"
        taken = found["memory"]["ours"]
        return f"{taken:.0f} MB {'✓' if taken <= MOST else '✗'}"

    return _each(results, ("export_xlsx", "export_csv"), f"≤ {MOST:.0f} MB", said)


def _times(results: Results) -> str:
    def said(found: Took) -> str:
        whose = ("ours", "plain", "hand", "calamine", "xlsxwriter", "rust", "openpyxl", "csv", "like")
        return ", ".join(f"{name} {found[name]['cpu']:.1f}" for name in whose if name in found) or "–"

    return _each(results, ("frame", *dict.fromkeys(line.key for line in LINES), "statistics_page"), "", said)


def _each(results: Results, keys: tuple[str, ...], gate: str, said: Callable[[Took], str]) -> str:
    labels = {line.key: line.label for line in LINES} | {
        "frame": "页框 frame", "statistics_page": "统计页 figures page"
    }  # fmt: skip
    lines = [_row("", "gate", *(f"{NAMES[name]} {size:,}" for name, size in results)), _rule(results, 2)]
    for key in keys:
        cells = [said(took[key]) if took.get(key) else "–" for took in results.values()]
        if any(one != "–" for one in cells):
            lines.append(_row(labels[key], gate, *cells))
    return "\n".join(lines)


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def _rule(results: Results, words: int = 3) -> str:
    return "|" + "---|" * words + "---:|" * len(results)


def _machine(results: Results) -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines() if Path("/proc/cpuinfo").exists() else []
    names = [one.partition(":")[2].strip() for one in lines if one.startswith("model name")]
    versions: dict[str, str] = {}
    for took in results.values():
        versions |= took.get("version", {})
    said = ", ".join(f"{NAMES[name]} {version}" for name, version in versions.items())
    cpu = f"{len(names)} × {names[0]}" if names else platform.processor()
    return f"{cpu}; {platform.system()} {platform.release()}; Python {platform.python_version()}; {said}"


HEAD = """# Performance 速度

Written by `make bench` on {day}.

Machine: {machine}.

Every figure is a ratio of CPU time (ours and, on PostgreSQL, that of the server process which serves us) between the
product and a peer that does the same work on the same data in the same run: the two take turns, and the median of each
is taken. Below 1 we are faster. ✓ and ✗ say whether the gate is kept. A time alone would say more of the machine than
of the program.

In our time is all that the product does: sign-in, what the person may see, the counts of the frame, filters, totals,
templates; for an import, checks of every row, clocks, journal, counted columns. The peers:

- *plain Django page*: a filtered, paged list of the same fifty rows without guards ([`bench/plain.py`](../bench/plain.py));
- *hand-written SQL*: the same answer as an expert writes it, without a page ([`bench/hand.py`](../bench/hand.py));
- *bare library*: rows read by hand-written SQL and written, or read and inserted, and nothing else. On PostgreSQL
  `executemany` sends each row as a statement of its own; ours go in by COPY. The collector of cycles is on for the peers.

The ledger is made by [`bench/world.py`](../bench/world.py): ten years of one bureau with forty sections, suggestions and
replies of 600 characters, proposers, clocks, contacts, deliveries, evaluations, promises, journals. It is seen by the
clerk, who sees all of it. The million is the hundred thousand ten times over, written by the server
([`bench/tenfold.py`](../bench/tenfold.py)).

## Ratios
"""
GROWTH = """## Growth

CPU of our page with more items, over that with the fewest.
"""
SEARCH = """## Search

Words out of the texts themselves, of every frequency; beside each what `LIKE` finds. Lowest recall / lowest precision,
then median / 95th percentile of the first page with its count, by the clock.
"""
MEMORY = """## Memory of an export

The peak above the process that has just served a page.
"""
PLAIN_TIMES = """## CPU milliseconds

For whoever wants to know what the ratios are made of. Not to be compared between machines.
"""
TAIL = """## To repeat it

    make bench                                   # SQLite and PostgreSQL, 10,000 and 100,000 items
    make bench ARGS="--million"                  # and PostgreSQL with 1,000,000
    make bench ARGS="--sizes 10000 --only pages --rounds 3 --pages 9"
    make bench ARGS="--keep data/bench"          # the ledgers stay for the next run

A PostgreSQL server is started in a temporary folder where `initdb` is found, and stopped again; without it SQLite alone is
measured. The server runs without parallel workers and without JIT, so that the CPU of one process is what is compared.
`rustpy-xlsxwriter` is taken as a peer where it is installed.
"""
