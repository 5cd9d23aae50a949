"""A 办理规程 that cannot be used is refused in sentences that name the file and the key, all of them at once."""

import re
from pathlib import Path

import pytest

from huiyin.rules import profile
from huiyin.rules.profile import ProfileError

TEXT = (profile.FOLDER / "jiangxi.toml").read_text(encoding="utf-8")
CLASS_B = TEXT[TEXT.index('letter = "B"') :].split("[[classes]]")[0]


def row(section: str, key: str, new: str) -> str:
    """The shipped file with one row of a section put in another way ("" takes it out)."""
    head, body = TEXT.split(f"\n[{section}]", 1)
    changed, count = re.subn(rf"(?m)^{key}\s*=.*\n", f"{key} = {new}\n" if new else "", body, count=1)
    assert count == 1, f"{section}.{key}"
    return f"{head}\n[{section}]{changed}"


def posts(*names: str) -> str:
    return '{ posts = ["' + '", "'.join(names) + '"], basis = "试" }'


def ladder(**changes: str) -> str:
    parts = {
        "days": "[15, 7]", "posts": '["handler", "section_head"]', "every": "3", "after": '["handler", "chief_leader"]',
        **changes,
    }  # fmt: skip
    return "{ " + ", ".join(f"{key} = {value}" for key, value in parts.items() if value) + ', basis = "试" }'


def value(text: str) -> str:
    return f'{{ value = {text}, basis = "试" }}'


def period(text: str, name: str = "period") -> str:
    return f'{{ {name} = "{text}", basis = "试" }}'


BAD = [
    # unknown and missing keys
    (TEXT.replace('version = "2020.2"', 'version = "2020.2"\ncolour = "red"'), "顶层", "有不认识的键 colour"),
    (TEXT.replace("[periods]", '[periods]\nreplay = { period = "3m", basis = "试" }', 1), "periods", "有不认识的键 periods.replay"),
    (row("periods", "reply", ""), "periods.reply", "缺少"),
    (TEXT[: TEXT.index("[rolling]")] + TEXT[TEXT.index("[extension]") :], "rolling", "缺少这一部分"),
    (TEXT.replace('version = "2020.2"\n', ""), "version", "缺少"),
    (TEXT.replace('name = "jiangxi"', 'name = "江西"'), "name", "只能用小写字母"),
    (TEXT.replace('version = "2020.2"', 'version = "一二三四五六七八九十一二三四五六七八九十一"'), "version", "20个字以内"),
    # a missing article
    (row("periods", "reply", '{ period = "3m" }'), "periods.reply", "没有写依据（basis）"),
    (row("periods", "reply", '{ period = "3m", basis = "  " }'), "periods.reply", "没有写依据（basis）"),
    (row("periods", "reply", '{ period = "3m", basis = 51 }'), "periods.reply", "没有写依据（basis）"),
    (TEXT.replace(CLASS_B, re.sub(r"basis = .*\n", "", CLASS_B)), "classes.B", "没有写依据（basis）"),
    # an impossible period
    (row("periods", "reply", period("0m")), "periods.reply", "写法不对"),
    (row("periods", "reply", period("三个月")), "periods.reply", "写法不对"),
    (row("periods", "reply", period("off")), "periods.reply", "这项期限不能不设"),
    (row("periods", "evaluation", period("800wd")), "periods.evaluation", "800个工作日不可能"),
    (row("periods", "accept", "{ period = 3, basis = \"试\" }"), "periods.accept", "应写成 3m、15wd、20d 或 off"),
    (row("periods", "opinion", period("02-29", "by")), "periods.opinion", "2月29日"),
    (row("periods", "opinion", period("5月31日", "by")), "periods.opinion", "应写成 05-31"),
    (row("periods", "contact", period("05-31", "by")), "periods.contact", "有不认识的写法 by"),
    (row("periods", "opinion", '{ basis = "试" }'), "periods.opinion", "缺少 period"),
    # wrong types
    (row("periods", "reply", '"3m"'), "periods.reply", "应写成 {"),
    (row("rolling", "months", value('"否"')), "rolling.months", "应为 true 或 false"),
    (row("extension", "most", value("true")), "extension.most", "应是0到5的整数"),
    (row("extension", "agreed_by", '{ to = "交办机关", basis = "试" }'), "extension.agreed_by", "应是文字的列表"),
    (row("extension", "agreed_by", '{ to = ["甲", "甲"], basis = "试" }'), "extension.agreed_by", "重复"),
    (row("satisfaction", "scale", value('[["satisfied"]]')), "satisfaction.scale", "应是文字的列表"),
    (row("satisfaction", "denominator", value('"all"')), "satisfaction.denominator", "之一"),
    (row("chains", "issue", "{ posts = [[1]], basis = \"试\" }"), "chains.issue", "应是文字的列表"),
    (row("numbers", "reply", '{ prefix = "赣〔2020〕", basis = "试" }'), "numbers.reply", "不带括号"),
    (row("checks", "title", value('"ignore"')), "checks.title", "block、warn"),
    (row("quality", "met", value("101")), "quality.met", "应是0到100的整数"),
    # a contradiction
    (row("periods", "reply", period("4m")), "periods.reply", "超过《代表法》第五十一条的三个月"),
    (row("periods", "reply_hard", period("7m")), "periods.reply_hard", "超过《代表法》第五十一条的六个月"),
    (row("extension", "cap", period("9m")), "extension.cap", "超过《代表法》第五十一条的六个月"),
    (row("periods", "opinion", period("100wd")), "periods.opinion", "比periods.reply的3个月还长"),
    (row("periods", "return", period("4m")), "periods.return", "比periods.reply的3个月还长"),
    (row("periods", "opinion", period("3m", "before_reply")), "periods.opinion", "在交办之前"),
    (row("extension", "allowed", value("false")), "extension.most", "与 extension.allowed 的“否”不合"),
    (row("extension", "cap", period("3m")), "extension.cap", "最长却不超过答复期限"),
    (row("extension", "longest", period("7m")), "extension.longest", "比extension.cap的6个月还长"),
    (row("satisfaction", "scale", value('["satisfied", "fair"]')), "satisfaction.scale", "档次里没有不满意"),
    (row("satisfaction", "scale", value('["fair", "satisfied", "dissatisfied"]')), "satisfaction.scale", "从好到差"),
    (row("satisfaction", "numerator", value('["satisfied", "very"]')), "satisfaction.numerator", "从好到差"),
    (row("satisfaction", "numerator", value('["very", "satisfied"]')), "satisfaction.numerator", "非常满意不在satisfaction.scale里"),
    (row("satisfaction", "numerator", value('["fair"]')), "satisfaction.numerator", "从最好的一档起"),
    (row("satisfaction", "numerator", value('["satisfied", "fair", "dissatisfied"]')), "satisfaction.numerator", "不满意不能计入"),
    (row("satisfaction", "questions", value('["outcome"]')), "rehandling.triggers", "办理态度不在satisfaction.questions里"),
    (TEXT.replace("[visits]", '[visits]\nD = { period = "3m", basis = "试" }'), "visits.D", "没有这个类别"),
    # classes
    (TEXT.replace('letter = "B"', 'letter = "A"'), "classes.A", "重复"),
    (TEXT.replace("solved = true", "solved = false"), "classes", "没有一个类别计为解决"),
    (TEXT.replace("solved = true\nfollow_up = false", "solved = true\nfollow_up = true"), "classes.A", "不能又须跟踪"),
    (TEXT.replace("solved = true", 'solved = "是"'), "classes.A", "应写 true 或 false"),
    (TEXT.replace("solved = true\n", ""), "classes.A", "应写 true 或 false"),
    (TEXT.replace("needs_reason = true", "wants_reason = true"), "classes.C", "有不认识的键 wants_reason"),
    (TEXT[: TEXT.index("[[classes]]")] + TEXT[TEXT.index("[satisfaction]") :], "classes", "至少要有一个类别"),
    # a chain nobody can sign
    (row("chains", "issue", "{ posts = [], basis = \"试\" }"), "chains.issue", "一个岗位也没有"),
    (row("chains", "issue", posts("chief_leader", "chief_leader")), "chains.issue", "岗位重复"),
    (row("chains", "issue", posts("mayor")), "chains.issue", "没有岗位“mayor”"),
    (row("chains", "issue", posts("administrator")), "chains.issue", "没有岗位“administrator”"),
    (row("chains", "issue", posts("handling_leader")), "chains.issue", "没有人能签完"),
    (row("chains", "issue_key", posts("handler", "chief_leader")), "chains.issue_key", "承办人在审核关（chains.review）已签"),
    (row("chains", "co_issue", posts("business_leader")), "chains.co_issue", "没有人能签完"),
    (row("chains", "review", posts("section_head", "clerk")), "chains.review", "第一签应是承办人"),
    (row("chains", "review", posts("handler")), "chains.review", "没有别人能审"),
    (row("chains", "assign", posts("clerk")), "chains.assign", "没有别人能审"),
    # a ladder out of order
    (row("warnings", "main", ladder(days="[1, 3, 7]")), "warnings.main", "应从大到小"),
    (row("warnings", "main", ladder(days="[7, 7]")), "warnings.main", "不重复"),
    (row("warnings", "main", ladder(days="[0]")), "warnings.main", "应是1到60的整数"),
    (row("warnings", "main", ladder(days='["七"]')), "warnings.main", "应是1到60的整数"),
    (row("warnings", "main", ladder(every="0")), "warnings.main", "every 应是1到30的整数"),
    (row("warnings", "main", ladder(posts='["chief_leader", "handler"]')), "warnings.main", "由下到上"),
    (row("warnings", "main", ladder(after="")), "warnings.main", "缺少 after"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "key", "why"), BAD, ids=[f"{key}:{why}" for _, key, why in BAD])
def test_refused_by_file_and_key(text: str, key: str, why: str) -> None:
    assert text != TEXT
    with pytest.raises(ProfileError) as caught:
        profile.parse(text, "本地.toml")
    found = [reason for reason in caught.value.reasons if reason.startswith(f"本地.toml：{key}：")]
    assert found, caught.value.reasons
    assert why in found[0]
    assert len(caught.value.reasons) == 1, "one slip, one sentence"


def test_a_chain_for_key_items_of_a_later_round_is_looked_at_too() -> None:
    """Its review comes from one rule and its issue from another."""
    text = row("chains", "review", posts("handler", "section_head"))
    text = text.replace(
        "\nco_issue ", f"\nreview_again = {posts('handler', 'chief_leader')}\nco_issue ", 1
    ).replace("issue_again = { posts = [\"chief_leader\"]", "issue_again = { posts = [\"business_leader\"]")  # fmt: skip
    with pytest.raises(ProfileError, match=r"chains.issue_key：主要领导在审核关（chains.review_again）已签"):
        profile.parse(text, "本地.toml")


def test_everything_wrong_is_said_at_once() -> None:
    text = row("periods", "reply", period("0m")).replace("[rolling]", "[rollings]")
    text = text.replace('letter = "B"', 'letter = "A"')
    with pytest.raises(ProfileError) as caught:
        profile.parse(text, "本地.toml")
    keys = [reason.split("：")[1] for reason in caught.value.reasons]
    assert keys == ["顶层", "periods.reply", "rolling", "classes.A"]


def test_what_is_no_toml_or_repeats_a_key() -> None:
    for text in (
        "期限 = 三个月",
        "a = " + "[" * 5000,
        "a = " + "9" * 5000,
        TEXT.replace("[periods]", "[periods]\nreply = 1\nreply = 2", 1),
    ):
        with pytest.raises(ProfileError, match=r"本地.toml：不是有效的 TOML"):
            profile.parse(text, "本地.toml")


def test_what_cannot_be_read(tmp_path: Path) -> None:
    gbk = tmp_path / "gbk.toml"
    gbk.write_bytes(TEXT.encode("gbk", errors="ignore"))
    (tmp_path / "folder.toml").mkdir()
    for name in ("gbk.toml", "folder.toml", "missing.toml"):
        with pytest.raises(ProfileError, match=f"^{name}：读不出来，应是 UTF-8 的 TOML 文件"):
            profile.load(tmp_path / name)


def test_the_name_inside_is_the_files(tmp_path: Path) -> None:
    """Else a copy that somebody forgot to rename would stand for the profile it was copied from."""
    (tmp_path / "myunit.toml").write_text(TEXT, encoding="utf-8")
    with pytest.raises(ProfileError, match=r"myunit.toml：name：名称“jiangxi”应与文件名相同，即“myunit”"):
        profile.load(tmp_path / "myunit.toml")


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "with a byte order mark"])
def test_a_file_saved_by_any_editor_is_read(mark: str, tmp_path: Path) -> None:
    path = tmp_path / "myunit.toml"
    text = TEXT.replace('name = "jiangxi"', 'name = "myunit"')
    path.write_bytes((mark + text.replace("\n", "\r\n")).encode())
    assert profile.load(path).limit("reply").label == "3个月"


def test_an_offices_own_file_comes_before_the_shipped_one(tmp_path: Path) -> None:
    (tmp_path / "jiangxi.toml").write_text(TEXT.replace("江西（赣州）", "南康区"), encoding="utf-8")
    (tmp_path / ".#jiangxi.toml").write_text("an editor's lock", encoding="utf-8")
    assert profile.named("jiangxi", tmp_path).title == "南康区办理规程"
    assert profile.named("jiangxi").title == "江西（赣州）办理规程"
    assert set(profile.names(tmp_path)) == set(profile.names())


def test_a_name_that_is_not_there_lists_those_that_are() -> None:
    with pytest.raises(ProfileError, match="没有名为“nowhere”的办理规程，可用的有：beijing、chongqing"):
        profile.named("nowhere")


def test_a_kept_text_says_the_same_as_its_file() -> None:
    one = profile.named("chongqing")
    assert profile.parse(one.text, "chongqing 2017.1").rows() == one.rows()
