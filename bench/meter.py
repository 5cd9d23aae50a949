"""计时：contestants in turn, round after round, so that whatever else the machine does falls on all of them alike."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

Contestant = Callable[[], Any]


@dataclass
class Times:
    """Milliseconds: of CPU (ours and the database server's for us) and by the clock."""

    cpu: list[float] = field(default_factory=list)
    wall: list[float] = field(default_factory=list)

    def said(self) -> dict[str, float]:
        ordered = sorted(self.wall)
        return {
            "cpu": median(self.cpu), "wall": median(self.wall), "p95": ordered[int(len(ordered) * 0.95)],
            "times": len(self.cpu),
        }  # fmt: skip


def server_cpu() -> int:
    """Nanoseconds of the backend that serves this connection; 0 where it cannot be read, and for SQLite."""
    if connection.vendor != "postgresql":
        return 0
    pid = connection.connection.info.backend_pid if connection.connection else 0
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return 0


def compete(
    contestants: dict[str, Contestant], *, rounds: int, repetitions: int, warm: bool = True
) -> dict[str, dict[str, float]]:
    """Medians of each, after one turn that does not count."""
    for one in contestants.values() if warm else ():
        one()
    found = {name: Times() for name in contestants}
    names = list(contestants)
    for turn in range(rounds):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            for _ in range(max(1, -(-repetitions // rounds))):
                server, cpu, wall = server_cpu(), time.process_time_ns(), time.perf_counter_ns()
                contestants[name]()
                spent = time.process_time_ns() - cpu + max(server_cpu() - server, 0)
                found[name].cpu.append(spent / 1e6)
                found[name].wall.append((time.perf_counter_ns() - wall) / 1e6)
    return {name: one.said() for name, one in found.items()}
