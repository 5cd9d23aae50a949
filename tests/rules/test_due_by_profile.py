"""`huiyin due --profile`: the vectors of the 2026 calendar, for every profile and both roll-over settings."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from huiyin.rules import profile

NAMES = sorted(profile.names())
COUNTS = (5, 10, 15, 20, 30)
WORKDAYS = {  # start: +5 +10 +15 +20 +30 working days
    "2025-12-30": "2026-01-07 2026-01-14 2026-01-21 2026-01-28 2026-02-11",
    "2026-02-10": "2026-02-24 2026-03-02 2026-03-09 2026-03-16 2026-03-30",
    "2026-03-10": "2026-03-17 2026-03-24 2026-03-31 2026-04-08 2026-04-22",
    "2026-04-28": "2026-05-08 2026-05-14 2026-05-21 2026-05-28 2026-06-11",
    "2026-09-22": "2026-09-30 2026-10-13 2026-10-20 2026-10-27 2026-11-10",
}
MONTHS = (  # start, months, due, due with roll-over
    ("2026-03-10", 3, "2026-06-10", "2026-06-10"),
    ("2026-03-10", 6, "2026-09-10", "2026-09-10"),
    ("2025-11-30", 3, "2026-02-28", "2026-02-28"),
    ("2025-08-31", 6, "2026-02-28", "2026-02-28"),
    ("2026-01-31", 1, "2026-02-28", "2026-02-28"),
    ("2026-01-06", 3, "2026-04-06", "2026-04-07"),
    ("2026-07-03", 3, "2026-10-03", "2026-10-08"),
)


class Ran:
    """The command in this process: what it wrote and how it left."""

    def __init__(self, *words: str) -> None:
        out, err = io.StringIO(), io.StringIO()
        self.code: object = 0
        try:
            call_command(*words, stdout=out, stderr=err, no_color=True)
        except SystemExit as left:
            self.code = left.code
        self.out, self.err = out.getvalue(), err.getvalue()

    @property
    def rows(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


@pytest.fixture(params=NAMES)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=["as shipped", "--roll", "rolling.months"])
def settings_of(request: pytest.FixtureRequest, name: str, tmp_path: Path) -> tuple[list[str], bool]:
    """The options, and whether months roll: the profile's own setting, the option, a copy set the other way."""
    if request.param == "as shipped":
        return ["--profile", name], False
    if request.param == "--roll":
        return ["--profile", name, "--roll"], True
    copy = tmp_path / f"{name}.toml"
    text = (profile.FOLDER / copy.name).read_text(encoding="utf-8")
    assert text.count("months = { value = false") == 1
    copy.write_text(text.replace("months = { value = false", "months = { value = true"), encoding="utf-8")
    return ["--profile", str(copy)], True


def asked(options: list[str], lines: list[str], monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    monkeypatch.setattr(sys, "stdin", io.StringIO("\n".join(lines)))
    ran = Ran("due", "-", *options)
    assert (ran.err, ran.code, len(ran.rows)) == ("", 0, len(lines))
    return ran.rows


def test_working_days(settings_of: tuple[list[str], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [f"{start} {count}wd" for start in WORKDAYS for count in COUNTS]
    expected = [due for dues in WORKDAYS.values() for due in dues.split()]
    assert [row["due"] for row in asked(settings_of[0], lines, monkeypatch)] == expected


def test_months(settings_of: tuple[list[str], bool], monkeypatch: pytest.MonkeyPatch) -> None:
    options, rolls = settings_of
    lines = [f"{start} {count}m" for start, count, _, _ in MONTHS]
    expected = [rolled if rolls else plain for _, _, plain, rolled in MONTHS]
    assert [row["due"] for row in asked(options, lines, monkeypatch)] == expected


def test_the_profiles_own_periods(
    settings_of: tuple[list[str], bool], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every kind whose period is one of the vectors', by its name alone."""
    options, rolls = settings_of
    one, lines, expected = profile.named(name), list[str](), list[tuple[str, str]]()
    for kind in (
        "return",
        "contact",
        "opinion",
        "reply",
        "reply_hard",
        "proposal",
        "evaluation",
        "rehandling",
        "publication",
    ):
        period = str(one.limit(kind).period or "")
        days = {f"{count}wd": at for at, count in enumerate(COUNTS)}
        found = [(start, dues.split()[days[period]]) for start, dues in WORKDAYS.items() if period in days]
        found += [
            (start, rolled if rolls else due) for start, count, due, rolled in MONTHS if f"{count}m" == period
        ]
        lines += [f"{start} {kind}" for start, _ in found]
        expected += [(due, one.basis[f"periods.{kind}"]) for _, due in found]
    assert len(lines) >= 15
    assert [(row["due"], row["basis"]) for row in asked(options, lines, monkeypatch)] == expected


def test_the_text_ends_with_the_regulation_and_its_article() -> None:
    ran = Ran("due", "2026-03-10", "--profile", "chongqing", "--kind", "opinion")
    assert ran.out.splitlines() == [
        "2026年4月22日（周三）",
        "  2026年3月10日（周二）起算，当日不计入",
        "  期限30个工作日",
        "  扣除13个休息日：周末10天、清明节3天",
        "  规程：重庆市办理规程（2017.2）",
        "  协办意见：30个工作日。依据：协办单位自交办之日起三十个工作日内提出意见（《重庆市人民代表大会代表建议批评和意见工作条例》，条次待核）",
    ]


def test_json_has_the_article_beside_what_it_always_had() -> None:
    (row,) = Ran("due", "2026-03-10", "--profile", "chongqing", "--kind", "resubmit", "--json").rows
    assert (row["due"], row["period"], row["profile"], row["version"], row["kind"]) == (
        "2026-03-17", "5wd", "chongqing", "2017.2", "resubmit",
    )  # fmt: skip
    assert "第二十条" in row["basis"]


def test_a_period_given_by_hand_has_no_article() -> None:
    (row,) = Ran("due", "2026-07-03", "3m", "--profile", "beijing", "--json").rows
    assert (row["due"], row["kind"], row["basis"]) == ("2026-10-03", "", "")


def test_the_reply_is_asked_for_when_nothing_is_said() -> None:
    (row,) = Ran("due", "2026-03-10", "--profile", "sichuan", "--json").rows
    assert (row["due"], row["kind"]) == ("2026-06-10", "reply")


def test_a_kind_alone_goes_by_the_default_profile() -> None:
    (row,) = Ran("due", "2026-03-10", "--kind", "contact", "--json").rows
    assert (row["due"], row["profile"]) == ("2026-04-08", "jiangxi")


@pytest.mark.parametrize(
    ("of", "due", "reply"),
    [("reply", "2026-05-21", "2026年6月10日（周三）"), ("reply_hard", "2026-08-21", "2026年9月10日（周四）")],
)
def test_so_long_before_the_lead_units_reply(of: str, due: str, reply: str) -> None:
    (row,) = Ran("due", "2026-03-10", "--profile", "cppcc", "--kind", "opinion", "--of", of, "--json").rows
    assert (row["due"], row["period"]) == (due, "")
    assert row["steps"][0].endswith(f"{reply}期满，期满20日前为{row['steps'][1].removeprefix('定于')}")


@pytest.mark.parametrize(
    ("start", "due", "why"),
    [
        ("2026-04-10", "2026-05-31", "定日2026年5月31日（周日）在前，取较早者"),
        ("2026-01-06", "2026-03-06", "定日2026年5月31日（周日）在后，取较早者"),
        ("2026-06-01", "2026-08-01", None),  # the day had passed: it sets no limit this year
    ],
)
def test_the_earlier_of_a_period_and_a_day_of_the_year(
    start: str, due: str, why: str | None, tmp_path: Path
) -> None:
    text = (profile.FOLDER / "zhejiang.toml").read_text(encoding="utf-8")
    text = text.replace('opinion          = { period = "2m",', 'opinion = { period = "2m", by = "05-31",')
    text = text.replace('name = "zhejiang"', 'name = "here"')
    (tmp_path / "here.toml").write_text(text, encoding="utf-8")
    (row,) = Ran("due", start, "--profile", str(tmp_path / "here.toml"), "--kind", "opinion", "--json").rows
    assert row["due"] == due
    assert (why in row["steps"]) if why else not any("定日" in step for step in row["steps"])


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("2026-03-10 --profile nowhere", "没有名为“nowhere”的办理规程，可用的有：beijing"),
        ("2026-03-10 --profile nowhere.toml", "nowhere.toml：读不出来"),
        ("2026-03-10 --profile beijing --kind contact", "“北京市办理规程”不设“首次沟通”的期限"),
        ("2026-03-10 --kind answer", "没有期限“answer”，可用的有：accept、return、contact"),
        ("2026-03-10 --profile cppcc --of opinion", "--of 应是 reply"),
        ("2026-02-29 --profile beijing", "起算日“2026-02-29”不是日期"),
        ("9999-12-31 --profile beijing", "自9999-12-31起3个月超出了"),
        ("- 3m --profile beijing", "从标准输入读时"),
    ],
)
def test_a_refusal_says_why(words: str, why: str) -> None:
    ran = Ran("due", *words.split())
    assert (ran.out, ran.code) == ("", 2)
    assert ran.err.startswith(why)


def test_bad_lines_are_answered_and_the_rest_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        sys, "stdin", io.StringIO("2026-03-10\n2026-03-10 contact\n2026-03-10 a b\n2026-03-10 5wd\n")
    )
    ran = Ran("due", "-", "--profile", "beijing")
    assert [row.get("due") for row in ran.rows] == ["2026-06-10", None, None, "2026-03-17"]
    assert "不设“首次沟通”" in ran.rows[1]["error"]
    assert ran.code == 1
