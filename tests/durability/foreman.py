"""工头与人手：a process that has the product loaded, and forks hands who go to a place and do deeds there.

Hands are processes as the product's own workers are: each opens its own connection, all press the button at the
same instant, and one may be told to die by SIGKILL just before its n-th step (statement, fsync, rename, commit).
Nothing of Django is imported before the foreman has its environment, and he himself never opens a database.
"""

from __future__ import annotations

import gc
import importlib
import multiprocessing
import os
import random
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any
from unittest import mock

FORK, SPAWN = multiprocessing.get_context("fork"), multiprocessing.get_context("spawn")
PATIENCE = 120  # seconds any wait may last before the test is called broken

Act = Callable[..., Any]
Call = tuple[Act, dict[str, Any]]


@dataclass(frozen=True)
class Job:
    """What the hands do, in the place `env` leads to. `calls[n]` are hand n's, one after the other, each begun by all hands together.

    An act opens its page and returns what pressing the button does; the hands meet between the two. One that
    returns no callable is only asked. `jitter`: the longest pause before each statement, in seconds. `first`:
    statements each hand runs on its connection before all else. `die_at`: the step every hand is killed before;
    `die_after`: the seconds after which all are killed wherever they are.
    """

    env: dict[str, str]
    calls: Sequence[Sequence[Call]]
    jitter: float = 0.0
    first: Sequence[str] = ()
    die_at: int | None = None
    die_after: float | None = None
    trace: bool = False


@dataclass(frozen=True)
class Said:
    """What became of one call: done, killed, or the name of the exception with its words."""

    how: str
    value: Any = None
    text: str = ""
    seconds: float = 0.0
    steps: list[str] = field(default_factory=list)


class Foreman:
    """The test's end of the line."""

    def __init__(self, env: dict[str, str]) -> None:
        self._line, theirs = SPAWN.Pipe()
        self._process = SPAWN.Process(target=_foreman, args=(env, theirs))
        self._process.start()
        theirs.close()

    def do(self, job: Job) -> list[list[Said]]:
        try:
            self._line.send(job)
            if not self._line.poll(PATIENCE * 2):
                raise RuntimeError("the hands did not come back")
            answer: list[list[Said]] = self._line.recv()
        except (EOFError, OSError) as error:
            raise RuntimeError("the foreman has gone; what he met is on stderr") from error
        return answer

    def leave(self) -> None:
        self._line.close()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()


def _foreman(env: dict[str, str], line: Connection) -> None:
    os.environ.update(env)
    import django

    django.setup()
    from django.core.wsgi import get_wsgi_application
    from django.db import connections
    from django.template.loader import render_to_string
    from django.urls import reverse

    import tests.durability.hands  # noqa: F401 - loaded once, before the forks

    get_wsgi_application()
    reverse("desk")
    render_to_string("403.html")
    del connections["default"]
    gc.freeze()  # hands share what is loaded; their collector need not touch it
    while True:
        try:
            job: Job = line.recv()
        except EOFError:
            return
        line.send(_run(job))


def _go_to(env: dict[str, str]) -> None:
    """Reads the product's settings again, in the environment of the place the hand is sent to."""
    os.environ.update(env)
    from django.conf import settings
    from django.db import connections
    from django.test.signals import storages_changed

    import huiyin.settings

    fresh = importlib.reload(huiyin.settings)
    for name in ("DATA_DIR", "DATABASES", "SECRET_KEY", "STORAGES"):
        setattr(settings, name, getattr(fresh, name))
    connections.settings = connections.configure_settings(settings.DATABASES)
    storages_changed(setting="STORAGES")


def _run(job: Job) -> list[list[Said]]:
    meet = FORK.Barrier(len(job.calls))
    hands = []
    for calls in job.calls:
        ours, theirs = FORK.Pipe(duplex=False)
        hand = FORK.Process(target=_hand, args=(job, calls, meet, theirs))
        hand.start()
        theirs.close()  # before the next fork, so that a hand's death is heard at once
        hands.append((hand, ours))
    if job.die_after is not None:
        time.sleep(job.die_after)
        for hand, _ in hands:
            hand.kill()
    said = [_hear(ours, len(calls)) for (_, ours), calls in zip(hands, job.calls, strict=True)]
    for hand, _ in hands:
        hand.join(PATIENCE)
    return said


def _hear(line: Connection, count: int) -> list[Said]:
    said: list[Said] = []
    try:
        said.extend(line.recv() for _ in range(count))
    except EOFError:
        said.append(Said("killed"))
    return said


def _hand(job: Job, calls: Sequence[Call], meet: Barrier, line: Connection) -> None:
    random.seed(os.getpid())
    _go_to(job.env)
    with ExitStack() as stack:
        steps = _Steps(job)
        steps.watch(stack)
        for act, facts in calls:
            line.send(_one(act, facts, meet, steps))
        from django.db import connections

        connections.close_all()


def _one(act: Act, facts: dict[str, Any], meet: Barrier, steps: _Steps) -> Said:
    failed: Exception | None = None
    press: Any = None
    try:
        press = act(**facts)
    except Exception as error:
        failed = error
    meet.wait(PATIENCE)
    steps.begin()
    began = time.monotonic()
    try:
        if failed:
            raise failed
        value = press() if callable(press) else press
    except Exception as error:
        return Said(type(error).__name__, None, str(error), time.monotonic() - began, steps.seen)
    return Said("done", value, "", time.monotonic() - began, steps.seen)


class _Steps:
    """Everything of a deed that reaches the disk or the database, in order; and the place to die."""

    def __init__(self, job: Job) -> None:
        self.job, self.seen, self.count, self.on = job, list[str](), 0, False

    def begin(self) -> None:
        self.seen, self.count, self.on = [], 0, True

    def step(self, what: str) -> None:
        if not self.on:
            return
        if self.job.die_at == self.count:
            os.kill(os.getpid(), signal.SIGKILL)
        self.count += 1
        if self.job.trace:
            self.seen.append(what)

    def watch(self, stack: ExitStack) -> None:
        from django.db import connection, connections

        real: Any = connections["default"]
        for statement in self.job.first:
            with connection.cursor() as cursor:
                cursor.execute(statement)
        stack.enter_context(connection.execute_wrapper(self._statement))
        stack.enter_context(mock.patch.object(real, "_commit", self._around(real._commit, "COMMIT")))
        stack.enter_context(mock.patch("os.fsync", self._around(os.fsync, "fsync")))
        stack.enter_context(mock.patch.object(Path, "rename", _method(self._around(Path.rename, "rename"))))

    def _statement(self, execute: Act, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if self.job.jitter:
            time.sleep(random.uniform(0, self.job.jitter))  # noqa: S311
        if context["connection"].in_atomic_block:
            self.step(sql)
        return execute(sql, params, many, context)

    def _around(self, call: Act, what: str) -> Act:
        def around(*args: Any) -> Any:
            self.step(what)
            result = call(*args)
            self.step(f"after {what}")
            return result

        return around


def _method(call: Act) -> Act:
    def method(self: Path, *args: Any) -> Any:
        return call(self, *args)

    return method
