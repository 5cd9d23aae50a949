"""Every shipped 办理规程 says what its regulation says; expectations are written by hand from the evidence, not computed."""

from datetime import date

import pytest

from huiyin.rules import calendar, profile
from huiyin.rules.periods import Period
from huiyin.rules.profile import Profile, beside, difference
from huiyin.rules.vocabulary import Gate, Kind, Level, Origin, Part, Rating, Role, RoundKind, Severity

NAMES = (
    "beijing", "chongqing", "cppcc", "henan", "jiangxi", "qingdao", "shandong", "shanghai", "sichuan", "zhejiang",
)  # fmt: skip

# what differs from place to place, as the regulations have it; — where they set no such limit
#            退办    首次沟通  协办意见  答复   会议提案 评价    重新办理
PERIODS = {
    "jiangxi": "10wd  20wd  1m    3m  3m  15wd  1m",
    "beijing": "10wd  —     1m    3m  3m  15wd  2m",
    "shandong": "5d    —     1m    3m  3m  15wd  1m",
    "qingdao": "5wd   —     1m    3m  3m  15wd  1m",
    "shanghai": "7wd   —     1m    3m  3m  15wd  1m",
    "henan": "10wd  —     2m    3m  3m  10wd  1m",
    "zhejiang": "10d   —     2m    3m  3m  15wd  1m",
    "chongqing": "10wd  20wd  30wd  3m  3m  20wd  2m",
    "sichuan": "10wd  —     1m    3m  5m  15wd  3m",
    "cppcc": "7d    15wd  —     3m  3m  15wd  1m",
}  # fmt: skip
ORDER = ("return", "contact", "opinion", "reply", "proposal", "evaluation", "rehandling")

# 延期：可以、一次最多、须经同意、须告知代表
EXTENSION: dict[str, tuple[bool, str, tuple[str, ...], bool]] = {
    "beijing": (True, "—", ("交办机关",), False),
    "shandong": (True, "—", ("交办机关",), False),
    "qingdao": (True, "—", ("市人大常委会代表工委",), True),
    "shanghai": (True, "3m", ("交办机关",), True),
    "henan": (True, "—", (), True),
    "zhejiang": (True, "—", ("交办机构",), False),
    "chongqing": (False, "—", (), False),
    "sichuan": (True, "—", ("交办机关",), False),
}

# who signs an ordinary reply, 协办 or 会办, what is asked, what counts, over what
BOTH, ONE = ("attitude", "outcome"), ("outcome",)
SATISFIED_AND_FAIR = (Rating.SATISFIED, Rating.FAIR)
MANNERS = {
    "jiangxi": (Role.CHIEF_LEADER, "协办", BOTH, SATISFIED_AND_FAIR, "returned", "ABC"),
    "beijing": (Role.CHIEF_LEADER, "协办", BOTH, SATISFIED_AND_FAIR, "returned", "ABCD"),
    "shandong": (Role.CHIEF_LEADER, "协办", BOTH, SATISFIED_AND_FAIR, "returned", "ABCD"),
    "qingdao": (Role.HANDLING_LEADER, "协办", ONE, SATISFIED_AND_FAIR, "returned", "ABCD"),
    "shanghai": (Role.HANDLING_LEADER, "会办", BOTH, SATISFIED_AND_FAIR, "returned", "ABC"),
    "henan": (Role.CHIEF_LEADER, "协办", BOTH, SATISFIED_AND_FAIR, "returned", "ABCD"),
    "zhejiang": (Role.CHIEF_LEADER, "会办", BOTH, (Rating.SATISFIED,), "returned", "ABCD"),
    "chongqing": (Role.CHIEF_LEADER, "协办", ONE, SATISFIED_AND_FAIR, "answered", "ABCD"),
    "sichuan": (Role.CHIEF_LEADER, "协办", BOTH, SATISFIED_AND_FAIR, "returned", "ABCD"),
    "cppcc": (Role.CHIEF_LEADER, "会办", BOTH, SATISFIED_AND_FAIR, "returned", "ABC"),
}

# the same letter means different things in different places
CLASSES = {
    ("jiangxi", "C"): ("因条件、政策限制等原因待以后解决或者留作参考", False, False),
    ("cppcc", "C"): ("留作参考", False, False),
    ("shanghai", "B"): ("列入计划拟解决", False, True),
    ("zhejiang", "B"): ("部分解决或列入计划", False, True),
    ("chongqing", "A"): ("已解决或采纳", True, False),
    ("chongqing", "D"): ("涉及上级职权", False, False),
    ("beijing", "C"): ("因目前条件限制或者其他原因需待以后解决", False, False),
    ("beijing", "D"): ("留作参考", False, False),
}

# articles the evidence gives by number, which the value must carry
ARTICLES = {
    ("shandong", "periods.return"): "第十二条",
    ("shandong", "checks.opinions"): "第二十一条",
    ("shandong", "satisfaction.questions"): "第二十三条",
    ("qingdao", "periods.return"): "第十九条",
    ("qingdao", "quality.met"): "第二十八条",
    ("shanghai", "periods.return"): "第十四条",
    ("shanghai", "checks.opinions"): "第十七条",
    ("shanghai", "satisfaction.questions"): "第二十一条",
    ("henan", "periods.publication"): "第二十九条",
    ("chongqing", "periods.resubmit"): "第二十条",
    ("chongqing", "satisfaction.denominator"): "第二十九条",
}

COPIES = {
    "beijing": ("市人大常委会",),
    "shandong": ("省人大常委会代表工作机构", "省政府办公厅"),
    "qingdao": ("市人大有关专门委员会", "市人大常委会代表工委"),
    "henan": ("省人大常委会代表工作机构",),
    "zhejiang": ("省人大常委会代表工委", "选举该代表的市人大常委会", "省政府办公厅"),
    "chongqing": ("市人大常委会人代工委", "市政府办公厅"),
}


@pytest.fixture(params=NAMES)
def one(request: pytest.FixtureRequest) -> Profile:
    return profile.named(request.param)


def test_those_are_shipped() -> None:
    assert tuple(sorted(profile.names())) == NAMES


def _said(period: Period | None) -> str:
    return str(period) if period else "—"


@pytest.mark.parametrize("name", NAMES)
def test_periods_are_the_regulations(name: str) -> None:
    one = profile.named(name)
    assert [_said(one.limit(key).period) for key in ORDER] == PERIODS[name].split()


def test_a_cppcc_opinion_is_due_before_the_lead_unit_closes() -> None:
    limit = profile.named("cppcc").limit("opinion")
    assert (limit.period, str(limit.before_reply)) == (None, "20d")


@pytest.mark.parametrize("name", EXTENSION)
def test_extensions_are_the_regulations(name: str) -> None:
    values = profile.named(name).values
    allowed, longest, organs, told = EXTENSION[name]
    assert values["extension.allowed"] is allowed
    assert (values["extension.most"] > 0) is allowed
    assert _said(values["extension.longest"].period) == longest
    assert values["extension.agreed_by"] == organs
    assert values["extension.tell_proposer"] is told


def test_nobody_exceeds_six_months(one: Profile) -> None:
    assert str(one.limit("reply_hard").period) == "6m"
    assert str(one.values["extension.cap"].period) == "6m"


@pytest.mark.parametrize("name", NAMES)
def test_manners_are_the_regulations(name: str) -> None:
    one = profile.named(name)
    signatory, co, questions, counted, over, letters = MANNERS[name]
    assert one.chain(Gate.ISSUE, Part.LEAD) == (signatory,)
    assert one.say("协办意见") == f"{co}意见"
    assert one.questions == questions
    assert one.values["rehandling.triggers"] == questions
    assert one.satisfied == set(counted)
    assert one.denominator == over
    assert "".join(one.classes) == letters


def test_key_items_and_later_rounds_are_signed_by_the_chief(one: Profile) -> None:
    assert one.chain(Gate.ISSUE, Part.SOLE, Level.KEY) == (Role.CHIEF_LEADER,)
    for kind in (RoundKind.SECOND, RoundKind.REHANDLING):
        assert one.chain(Gate.ISSUE, Part.LEAD, Level.ORDINARY, kind) == (Role.CHIEF_LEADER,)


@pytest.mark.parametrize(("name", "letter"), CLASSES)
def test_classes_are_the_places_own(name: str, letter: str) -> None:
    found = profile.named(name).classes[letter]
    assert (found.definition, found.solved, found.follow_up) == CLASSES[name, letter]


@pytest.mark.parametrize(("name", "key"), ARTICLES)
def test_an_article_known_by_number_is_cited(name: str, key: str) -> None:
    assert ARTICLES[name, key] in profile.named(name).basis[key]


@pytest.mark.parametrize("name", COPIES)
def test_copies_go_where_the_regulation_sends_them(name: str) -> None:
    assert profile.named(name).copies[Kind.SUGGESTION] == COPIES[name]


def test_every_value_has_its_basis(one: Profile) -> None:
    rows = one.rows()
    assert len(rows) > 60
    assert all(row.basis and row.text for row in rows)
    assert set(one.values) == set(one.basis)


def test_what_no_source_gives_says_so(one: Profile) -> None:
    """An article, a document, a regulation by its name, a practice, or an open admission that it is our default."""
    signs = ("》", "本系统默认", "待", "参照", "国办发", "政府2024年", "通行做法", "用语")
    silent = [row.key for row in one.rows() if not any(sign in row.basis for sign in signs)]
    assert one.name == "jiangxi" or silent == []  # Jiangxi's rests on the practice of its own bureau


@pytest.mark.parametrize("name", [name for name in NAMES if name != "jiangxi"])
def test_document_prefixes_are_left_to_each_unit(name: str) -> None:
    basis = profile.named(name).basis
    assert "待各单位自定" in basis["numbers.reply"]
    assert "待各单位自定" in basis["numbers.opinion"]


def test_proposals_have_a_period_of_their_own_in_sichuan_only_in_session() -> None:
    sichuan = profile.named("sichuan")
    assert sichuan.reply_key(Kind.PROPOSAL, Origin.SESSION) == "proposal"
    assert sichuan.reply_key(Kind.PROPOSAL, Origin.BETWEEN) == "proposal_between"
    day = date(2026, 3, 10)
    dues = [
        sichuan.due(key, day, calendar=calendar.shipped()).due for key in ("proposal", "proposal_between")
    ]
    assert dues == [date(2026, 8, 10), date(2026, 6, 10)]


def test_the_title_is_only_a_warning(one: Profile) -> None:
    assert (one.checks["contact"], one.checks["title"]) == (Severity.BLOCK, Severity.WARN)


def test_a_profile_differs_from_itself_in_nothing(one: Profile) -> None:
    assert difference(one, one) == []


def test_the_difference_of_two_is_what_their_regulations_say() -> None:
    henan, chongqing = profile.named("henan"), profile.named("chongqing")
    found = {
        label: (a.text if a else None, b.text if b else None)
        for _, label, a, b in difference(henan, chongqing)
    }
    assert found["协办意见"] == ("2个月", "30个工作日")
    assert found["首次沟通"] == ("不设", "20个工作日")
    assert found["代表评价"] == ("10个工作日", "20个工作日")
    assert found["可以申请延期"] == ("是", "否")
    assert "建议答复" not in found
    other = {
        label: (b.text if b else None, a.text if a else None)
        for _, label, a, b in difference(chongqing, henan)
    }
    assert other == found


def test_what_one_side_has_not_is_shown_as_missing() -> None:
    pairs = {one.label: one for one in beside(profile.named("jiangxi"), profile.named("beijing"))}
    assert (pairs["D类"].left, pairs["D类"].differs) == (None, True)
    assert pairs["D类"].right is not None
    assert pairs["建议答复"].differs is False
