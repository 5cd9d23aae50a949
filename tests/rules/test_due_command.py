"""`huiyin due`: text, JSON, lines from standard input; a bad line is answered and the rest go on."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command


class Ran:
    """The command in this process: what it wrote and how it left."""

    def __init__(self, *words: str) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code: object = 0
        try:
            call_command("due", *words, stdout=out, stderr=err, no_color=True)
        except SystemExit as left:
            self.code = left.code
        self.out, self.err = out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (
            "2026-01-06 3m",
            "2026年4月6日（周一）|2026年1月6日（周二）起算，当日不计入|期限3个月|2026年4月6日（周一）是清明节，不顺延",
        ),
        ("2026-01-30 3m", "2026年4月30日（周四）|2026年1月30日（周五）起算，当日不计入|期限3个月"),
        (
            "2026-01-06 3m --roll",
            "2026年4月7日（周二）|2026年1月6日（周二）起算，当日不计入|期限3个月"
            "|2026年4月6日（周一）是清明节，顺延到下一个工作日2026年4月7日（周二）",
        ),
        (
            "2099-03-13 1wd",
            "2099年3月16日（周一）（暂定）|2099年3月13日（周五）起算，当日不计入|期限1个工作日"
            "|扣除2个休息日：周末2天|2099年放假安排尚未录入，此日期为暂定",
        ),
    ],
)
def test_text(words: str, text: str) -> None:
    ran = Ran(*words.split())
    assert (ran.out, ran.err, ran.code) == (text.replace("|", "\n  ") + "\n", "", 0)


@pytest.mark.parametrize(
    ("words", "due", "skipped", "provisional"),
    [
        ("2025-12-30 5wd", "2026-01-07", "2026-01-01 2026-01-02 2026-01-03", False),
        ("2026-07-03 3m", "2026-10-03", "", False),
        ("2026-07-03 3m --roll", "2026-10-08", "2026-10-03 2026-10-04 2026-10-05 2026-10-06 2026-10-07", False),
        ("2099-03-13 1wd", "2099-03-16", "2099-03-14 2099-03-15", True),
        ("2099-03-13 1d", "2099-03-14", "", False),
    ],
)  # fmt: skip
def test_json(words: str, due: str, skipped: str, provisional: bool) -> None:
    ran = Ran(*words.split(), "--json")
    found = json.loads(ran.out)
    steps = found.pop("steps")
    start, period = words.split()[:2]
    expected = {"due": due, "start": start, "period": period}
    assert found == {**expected, "skipped": skipped.split(), "provisional": provisional}
    assert (steps[0][-8:], ran.out.count("\n"), ran.err, ran.code) == ("起算，当日不计入", 1, "", 0)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("2026-03-10", "缺少期限"),
        ("2026-03-10 3x", "期限“3x”写法不对"),
        ("2026-03-10 3x --json", "期限“3x”写法不对"),
        ("2026-02-29 3m", "起算日“2026-02-29”不是日期"),
        ("10/3/2026 3m", "起算日“10/3/2026”不是日期"),
        ("9999-12-31 1d", "自9999-12-31起1日超出了"),
    ],
)
def test_a_refusal_says_why(words: str, why: str) -> None:
    ran = Ran(*words.split())
    assert (ran.out, ran.code) == ("", 2)
    assert ran.err.startswith(why)


# a line in: the due day, or what the error says
LINES = [
    ("2026-03-10 3m", "2026-06-10"),
    ("明天 3m", "起算日“明天”不是日期"),
    ("2026-03-10 3x", "期限“3x”写法不对"),
    ("\t2026-01-06\t3m\r", "2026-04-06"),
    ("2026-03-10", "“2026-03-10”应是“起算日 期限”"),
    ("2026-03-10 3m 4", "“2026-03-10 3m 4”应是“起算日 期限”"),
    ("", None),
    ("9999-12-31 1d", "自9999-12-31起1日超出了"),
    ("2025-12-30 5wd", "2026-01-07"),
]


@pytest.mark.parametrize("words", [["-"], ["-", "--json"]], ids=" ".join)
def test_lines(words: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join(line + "\n" for line, _ in LINES)))
    ran = Ran(*words)
    answers = [json.loads(line) for line in ran.out.splitlines()]
    asked = [(line.split(), expected) for line, expected in LINES if expected]
    for answer, (line, expected) in zip(answers, asked, strict=True):
        if expected.startswith("20"):
            assert ([answer["start"], answer["period"]], answer["due"]) == (line, expected)
        else:
            assert (set(answer), answer["line"].split()) == ({"line", "error"}, line)
            assert answer["error"].startswith(expected)
    assert (ran.err, ran.code) == ("", 1)


@pytest.mark.parametrize(
    ("lines", "dues"), [("", []), ("\n \n", []), ("2026-01-06 3m\n2026-07-03 3m", ["2026-04-07", "2026-10-08"])]
)  # fmt: skip
def test_good_lines_leave_well_and_roll_too(
    lines: str, dues: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(lines))
    ran = Ran("-", "--json", "--roll")
    assert ([json.loads(line)["due"] for line in ran.out.splitlines()], ran.code) == (dues, 0)


def program(*words: str, stdin: bytes, folder: Path) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "HUIYIN_DATA": str(folder), "PYTHONIOENCODING": "utf-8:strict"}
    command = [sys.executable, "-m", "huiyin", "due", *words]
    return subprocess.run(command, input=stdin, capture_output=True, env=environment, check=False, timeout=60)


def test_the_program_itself(tmp_path: Path) -> None:
    ran = program("-", "--json", stdin="起 3m\n2026-03-10 3m\n".encode(), folder=tmp_path)
    assert "起 3m".encode() in ran.stdout  # legible, not escaped
    bad, good = (json.loads(line) for line in ran.stdout.splitlines())
    assert (bad["line"], good["due"], ran.stderr, ran.returncode) == ("起 3m", "2026-06-10", b"", 1)


def test_a_line_that_is_not_utf8_does_not_stop_the_rest(tmp_path: Path) -> None:
    ran = program("-", "--json", stdin="起 3m\n".encode("gbk") + b"2026-03-10 3m\n", folder=tmp_path)
    assert [json.loads(line).get("due") for line in ran.stdout.splitlines()] == [None, "2026-06-10"]
