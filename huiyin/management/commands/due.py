"""`huiyin due`：按期限算到期日，并说明为什么是这一天. With a profile: 按一地的办理规程算，并写明依据."""

import io
import json
import re
import sys
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from huiyin.queries import profiles
from huiyin.rules import calendar
from huiyin.rules.periods import Due, Period, before, chinese, reckon
from huiyin.rules.profile import KEYS, Profile

KINDS = {key.path.removeprefix("periods."): key.label for key in KEYS if key.section == "periods"}
REPLIES = ("reply", "reply_hard", "proposal", "proposal_between")


@dataclass(frozen=True)
class Asked:
    """要怎么算: as the options say, for every line alike."""

    roll: bool = False
    profile: Profile | None = None
    kind: str = "reply"
    of: str = "reply"


@dataclass(frozen=True)
class Answer:
    """算出的到期日, and where the period came from: "" when it was given by hand."""

    due: Due
    profile: Profile | None = None
    kind: str = ""
    before_reply: str = ""

    @property
    def basis(self) -> str:
        return self.profile.basis[f"periods.{self.kind}"] if self.profile and self.kind else ""


class Command(BaseCommand):
    help = (
        "Due date of a period: huiyin due 2026-03-10 3m; by a place's regulation: "
        "huiyin due 2026-03-10 --profile chongqing --kind opinion; or lines on standard input: huiyin due -"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("start", help="start day, 2026-03-10; or - to read lines from standard input")
        parser.add_argument("period", nargs="?", help="3m, 15wd or 20d; with a profile, its own if not given")
        parser.add_argument("--profile", metavar="NAME", help="a profile by name, or a file ending in .toml")
        parser.add_argument("--kind", help=f"which period of the profile: {', '.join(KINDS)} (reply)")
        parser.add_argument(
            "--of", help="the reply that a limit before it is counted from: " + ", ".join(REPLIES)
        )
        parser.add_argument("--roll", action="store_true", help="move a calendar date off a rest day")
        parser.add_argument("--json", action="store_true", help="one JSON object an answer")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            asked = _asked(options)
        except ValueError as error:
            self._refuse(str(error))
        if options["start"] == "-":
            if options["period"]:
                self._refuse("从标准输入读时，期限写在每一行里，不写在命令上")
            self._lines(asked)
            return
        if not options["period"] and asked.profile is None:
            self._refuse("缺少期限，如 3m、15wd、20d")
        try:
            found = answer(asked, options["start"], options["period"] or asked.kind)
        except ValueError as error:
            self._refuse(str(error))
        self.stdout.write(as_json(found) if options["json"] else _text(found))

    def _lines(self, asked: Asked) -> None:
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(errors="replace")  # a line in another encoding is one bad line, not the end
        bad = 0
        for line in sys.stdin:
            words = line.removeprefix("\ufeff").split()
            if not words:
                continue
            try:
                self.stdout.write(as_json(answer(asked, *_words(asked, words, line))))
            except ValueError as error:
                bad = 1
                self.stdout.write(json.dumps({"line": line.strip(), "error": str(error)}, ensure_ascii=False))
        if bad:
            sys.exit(1)

    def _refuse(self, why: str) -> None:
        self.stderr.write(why)
        sys.exit(2)


def _asked(options: dict[str, Any]) -> Asked:
    name = options["profile"] or (settings.HUIYIN_PROFILE if options["kind"] else None)
    if options["of"] and options["of"] not in REPLIES:
        raise ValueError(f"--of 应是 {'、'.join(REPLIES)} 之一")
    kind = _kind(options["kind"] or "reply")
    return Asked(options["roll"], profiles.found(name) if name else None, kind, options["of"] or "reply")


def _kind(word: str) -> str:
    if word not in KINDS:
        raise ValueError(f"没有期限“{word}”，可用的有：{'、'.join(KINDS)}")
    return word


def _words(asked: Asked, words: list[str], line: str) -> tuple[str, str]:
    """The start and the period of a line; with a profile, in place of the period a kind, or nothing."""
    if asked.profile and len(words) == 1:
        return words[0], asked.kind
    if len(words) != 2:
        raise ValueError(f"“{line.strip()}”应是“起算日 期限”，如 2026-03-10 3m")
    return words[0], words[1]


def answer(asked: Asked, start: str, what: str) -> Answer:
    """`what` is a period, or with a profile a kind of it. ValueError in a sentence."""
    try:
        if not re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", start):
            raise ValueError
        day = date.fromisoformat(start)
    except ValueError as error:
        raise ValueError(f"起算日“{start}”不是日期，应写成 2026-03-10") from error
    if asked.profile and not what[:1].isdecimal():
        return _by_profile(asked, asked.profile, day, _kind(what))
    period = Period.parse(what)
    roll = asked.roll or bool(asked.profile and asked.profile.rolls(period))
    return Answer(reckon(day, period, calendar=calendar.shipped(), roll=roll), asked.profile)


def _by_profile(asked: Asked, profile: Profile, start: date, kind: str) -> Answer:
    shipped, limit = calendar.shipped(), profile.limit(kind)
    due = profile.due(kind, start, reply=asked.of, roll=asked.roll, calendar=shipped)
    said = ""
    if limit.before_reply:
        reply = profile.due(asked.of, start, roll=asked.roll, calendar=shipped).due
        ahead = before(reply, limit.before_reply, calendar=shipped)
        said = f"主办答复（{KINDS[asked.of]}）{chinese(reply)}期满，期满{limit.before_reply.label}前为{chinese(ahead)}"
    return Answer(due, profile, kind, said)


def as_json(found: Answer) -> str:
    due = found.due
    body: dict[str, Any] = {
        "due": due.due.isoformat(),
        "start": due.start.isoformat(),
        "period": str(due.period or ""),
        "skipped": [day.isoformat() for day in due.skipped],
        "provisional": due.provisional,
        "steps": _steps(found),
    }
    if found.profile:
        body |= {
            "profile": found.profile.name,
            "version": found.profile.version,
            "kind": found.kind,
            "basis": found.basis,
        }
    return json.dumps(body, ensure_ascii=False)


def _steps(found: Answer) -> list[str]:
    return [*([found.before_reply] if found.before_reply else []), *found.due.steps]


def _text(found: Answer) -> str:
    lines = [f"{chinese(found.due.due)}{'（暂定）' if found.due.provisional else ''}"]
    lines += [f"  {step}" for step in _steps(found)]
    if found.profile:
        lines.append(f"  规程：{found.profile.title}（{found.profile.version}）")
    if found.profile and found.kind:
        lines.append(
            f"  {found.profile.say(KINDS[found.kind])}：{found.profile.limit(found.kind).label}。依据：{found.basis}"
        )
    return "\n".join(lines)
