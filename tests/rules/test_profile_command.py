"""`huiyin profile`: list, check, diff, show; on files alone, without a database."""

from pathlib import Path
from typing import Any

import pytest

from huiyin.rules import profile
from tests.rules.test_due_by_profile import Ran

TEXT = (profile.FOLDER / "jiangxi.toml").read_text(encoding="utf-8")


@pytest.fixture
def own(tmp_path: Path, settings: Any) -> Path:
    """The office's own folder, with a profile of its own in it."""
    settings.PROFILE_FOLDERS = [tmp_path]
    text = TEXT.replace('name = "jiangxi"', 'name = "nankang"').replace(
        "江西（赣州）办理规程", "南康区办理规程"
    )
    (tmp_path / "nankang.toml").write_text(
        text.replace('{ period = "20wd", basis = "首次', '{ period = "10wd", basis = "首次')
    )
    return tmp_path


def test_list_has_the_shipped_and_the_offices_own(own: Path) -> None:
    ran = Ran("profile", "list")
    assert (ran.err, ran.code) == ("", 0)
    assert [line.split("\t")[0] for line in ran.out.splitlines()] == [*sorted(profile.names()), "nankang"]
    assert f"nankang\t2020.2\t南康区办理规程\t{own / 'nankang.toml'}" in ran.out


def test_list_says_what_cannot_be_used(own: Path) -> None:
    (own / "broken.toml").write_text("name = 1")
    ran = Ran("profile", "list")
    assert ran.code == 2
    assert "broken.toml：name：缺少" in ran.err
    assert "nankang\t" in ran.out


def test_check_passes_every_file_that_can_be_used(own: Path) -> None:
    files = [str(path) for path in sorted(profile.FOLDER.glob("*.toml"))]
    ran = Ran("profile", "check", *files, str(own / "nankang.toml"))
    assert (ran.err, ran.code) == ("", 0)
    assert ran.out.count("可以使用") == len(files) + 1 == 11


def test_check_tells_all_that_is_wrong_in_all_files(own: Path) -> None:
    (own / "a.toml").write_text(
        TEXT.replace('name = "jiangxi"', 'name = "a"').replace('"3m"', '"4m"'), encoding="utf-8"
    )
    (own / "b.toml").write_text("期限", encoding="utf-8")
    ran = Ran("profile", "check", str(own / "a.toml"), str(own / "b.toml"), str(own / "nankang.toml"))
    assert ran.code == 2
    assert ran.err.splitlines()[0] == "a.toml：periods.reply：4个月，超过《代表法》第五十一条的三个月"
    assert ran.err.splitlines()[-1].startswith("b.toml：不是有效的 TOML")
    assert "南康区办理规程" in ran.out


def test_diff_of_a_name_and_a_file(own: Path) -> None:
    ran = Ran("profile", "diff", "jiangxi", str(own / "nankang.toml"))
    assert ran.code == 0
    assert ran.out.splitlines() == [
        "甲：江西（赣州）办理规程（2020.2）", "乙：南康区办理规程（2020.2）", "", "期限", "  首次沟通",
        "    甲  20个工作日（依据：首次沟通：20个工作日（参照《重庆市人民代表大会代表建议批评和意见工作条例》，待核））",
        "    乙  10个工作日（依据：首次沟通：20个工作日（参照《重庆市人民代表大会代表建议批评和意见工作条例》，待核））",
        "", "共1项不同",
    ]  # fmt: skip
    assert Ran("profile", "diff", "jiangxi", "jiangxi").out.endswith("没有不同\n")


def test_show_says_every_value_with_its_article() -> None:
    ran = Ran("profile", "show", "shanghai")
    one = profile.named("shanghai")
    assert ran.out.count("依据：") == len(one.rows())
    assert "  会办意见：1个月\n    依据：会办单位一个月内向主办单位提出意见" in ran.out


@pytest.mark.parametrize(
    "words", ["show nowhere", "diff jiangxi nowhere", "check nowhere.toml", "diff x.toml jiangxi"]
)
def test_what_is_not_there_is_refused(words: str) -> None:
    ran = Ran("profile", *words.split())
    assert (ran.out, ran.code) == ("", 2)
    assert "没有名为“nowhere”" in ran.err or "读不出来" in ran.err
