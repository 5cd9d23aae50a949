"""`huiyin profile`：办理规程 listed, checked, compared and shown; works on files and needs no database."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from huiyin.queries import profiles
from huiyin.rules.profile import Profile, ProfileError, Row, difference


class Command(BaseCommand):
    help = "Profiles: huiyin profile list | check FILE… | diff A B | show NAME (a name, or a file ending in .toml)"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_subparsers(dest="what", required=True)
        what.add_parser("list", help="the profiles there are, the office's own included")
        check = what.add_parser(
            "check", help="exit 0 when every file can be used; else 2, with all that is wrong"
        )
        check.add_argument("files", nargs="+", metavar="FILE")
        diff = what.add_parser("diff", help="the values that differ, with their articles")
        diff.add_argument("left", metavar="A")
        diff.add_argument("right", metavar="B")
        show = what.add_parser("show", help="a profile as a table")
        show.add_argument("name", metavar="NAME")

    def handle(self, *args: Any, **options: Any) -> None:
        what = options["what"]
        try:
            if what == "list":
                self._list()
            elif what == "check":
                self._check(options["files"])
            elif what == "diff":
                self._diff(profiles.found(options["left"]), profiles.found(options["right"]))
            else:
                self._show(profiles.found(options["name"]))
        except ProfileError as error:
            self._refuse(error.reasons)

    def _list(self) -> None:
        """Those that can be used, then what is wrong with the others."""
        wrong = list[str]()
        for name, path in profiles.available().items():
            try:
                one = profiles.named(name)
                self.stdout.write(f"{name}\t{one.version}\t{one.title}\t{path}")
            except ProfileError as error:
                wrong += error.reasons
        if wrong:
            self._refuse(wrong)

    def _check(self, files: list[str]) -> None:
        wrong = list[str]()
        for file in files:
            try:
                one = profiles.found(file)
                self.stdout.write(f"{file}：可以使用：{one.title}（{one.version}），{len(one.rows())}项")
            except ProfileError as error:
                wrong += error.reasons
        if wrong:
            self._refuse(wrong)

    def _diff(self, left: Profile, right: Profile) -> None:
        found = difference(left, right)
        self.stdout.write(f"甲：{left.title}（{left.version}）\n乙：{right.title}（{right.version}）")
        section = ""
        for heading, label, a, b in found:
            if heading != section:
                section = heading
                self.stdout.write(f"\n{section}")
            self.stdout.write(f"  {label}\n    甲  {_said(a)}\n    乙  {_said(b)}")
        self.stdout.write(f"\n共{len(found)}项不同" if found else "\n没有不同")

    def _show(self, one: Profile) -> None:
        self.stdout.write(f"{one.title}（{one.version}）")
        section = ""
        for row in one.rows():
            if row.section != section:
                section = row.section
                self.stdout.write(f"\n{section}")
            self.stdout.write(f"  {row.label}：{row.text}\n    依据：{row.basis}")

    def _refuse(self, reasons: list[str]) -> None:
        for reason in reasons:
            self.stderr.write(reason)
        sys.exit(2)


def _said(row: Row | None) -> str:
    return f"{row.text}（依据：{row.basis}）" if row else "没有这一项"
