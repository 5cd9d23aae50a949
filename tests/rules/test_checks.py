"""检查清单 (R38, S15): one list, read by steps, cards, sign pages, evidence and the score."""

from huiyin.models import Assignment, Point, Remark
from huiyin.queries.actors import actor_of
from huiyin.queries.checks import as_kept, checks, failing, passed
from huiyin.rules import workflow as table
from huiyin.rules.checks import ROWS, Check, examine, of_gate
from huiyin.rules.vocabulary import CheckState, Deed, Disclosure, Gate, Level, Part, Severity
from tests.conftest import Bureau, day


def _by_key(found: list[Check]) -> dict[str, Check]:
    return {one.key: one for one in found}


def _fresh(item: Assignment) -> Assignment:
    return Assignment.objects.get(pk=item.pk)


def test_every_row_has_a_key_of_its_own_and_a_gate() -> None:
    assert len({row.key for row in ROWS}) == len(ROWS)
    assert all(row.gates for row in ROWS)
    assert {gate for row in ROWS for gate in row.gates} == set(Gate)


def test_a_text_that_may_be_submitted_has_no_blocking_check_and_the_other_way_round(bureau: Bureau) -> None:
    """The conditions of 送审 and the list are the same list: each failing row alone bars the step, by its reasons."""
    item = bureau.contacted()
    step = table.find(item, Deed.SUBMIT)
    actor = actor_of(bureau.handler, day("2020-07-20").date())
    drafts: list[dict[str, str]] = [
        {}, {"body": "太短"}, {"title": ""}, {"contact_phone": ""}, {"outcome_class": ""},
        {"outcome_class": "B"}, {"outcome_class": "C"}, {"disclosure": ""}, {"disclosure": "none"},
    ]  # fmt: skip
    for changes in drafts:
        bureau.draft(item, **changes)
        fresh = _fresh(item)
        listed = {
            r for one in checks(fresh, Gate.REVIEW) if one.state == CheckState.BLOCK for r in one.reasons
        }
        barred = {r for need in step.needs for r in need.reasons(fresh, actor)}
        assert listed == barred
        assert bool(listed) == bool(changes)


def test_what_holds_says_what_was_found(bureau: Bureau) -> None:
    found = _by_key(checks(bureau.review()))
    assert found["contact"].said == "沟通1次：6月9日走访"
    assert found["class"].said == "办理结果A类"
    assert found["disclosure"].said == "公开属性：主动公开"
    assert [link.url for link in found["text"].evidence] == ["version"]
    assert found["stages"].state == CheckState.WARN
    assert found["stages"].reasons == ("没有办中沟通的记录",)


def test_severity_is_the_profiles(bureau: Bureau) -> None:
    item = bureau.contacted()
    bureau.draft(item, title="答复")
    found = _by_key(checks(_fresh(item), Gate.REVIEW))
    assert found["title"].state == CheckState(item.profile.checks["title"].value)
    assert set(found["title"].reasons) == {"标题里没有编号“082”", "标题里没有届次“市五届人大五次会议”"}


def test_points_unanswered_are_named_one_by_one(bureau: Bureau) -> None:
    item = bureau.contacted()
    for number, note in ((1, ""), (2, ""), (3, "并入第1点答复")):
        Point.objects.create(
            assignment=item, number=number, text=f"意见{number}", note=note, edited_by=bureau.handler,
            edited_at=day("2020-06-03"),
        )  # fmt: skip
    bureau.draft(item, body="【答1】" + "我局已将该项目纳入年度用地计划。" * 5)
    assert _by_key(checks(_fresh(item), Gate.REVIEW))["points"].reasons == ("第2点未答复",)
    bureau.draft(item, body="【答1、2】" + "我局已将该项目纳入年度用地计划。" * 5)
    assert _by_key(checks(_fresh(item), Gate.REVIEW))["points"].said == "代表3点意见逐条答复"


def test_an_open_remark_bars_the_signature_where_the_profile_says_so(bureau: Bureau) -> None:
    item = bureau.issue()
    version = item.submitted_version
    assert version
    Remark.objects.create(
        version=version, paragraph=1, quote="答复", text="数字再核", by=bureau.chief, at=day("2020-07-24")
    )
    found = _by_key(checks(_fresh(item)))["remarks"]
    assert found.reasons == ("还有1条批注没有处理",)
    step = table.find(_fresh(item), Deed.SIGN)
    barred = step.refusals(actor_of(bureau.chief, day("2020-07-24").date()), _fresh(item))
    assert (barred == [found.reasons[0]]) == (item.profile.checks["remarks"] == Severity.BLOCK)


def test_the_assignment_gate_names_who_and_by_when(bureau: Bureau) -> None:
    found = _by_key(checks(bureau.assigning()))
    assert "承办人谢文斌" in found["people"].said
    assert "前答复" in found["limit"].said
    assert "主要领导签发" in found["level"].said
    bare = bureau.register(number="090")
    assert "还缺" in _by_key(checks(bare, Gate.ASSIGN))["people"].text


def test_the_issue_gate_wants_all_of_the_review_and_its_own(bureau: Bureau) -> None:
    item = bureau.issue()
    keys = [one.key for one in checks(item)]
    assert [key for key in keys if key not in {row.key for row in of_gate(Gate.REVIEW)}] == [
        "signed", "same_text", "number", "addressees",
    ]  # fmt: skip
    found = _by_key(checks(item))
    assert found["signed"].said == "审核关6人已审签"
    assert found["same_text"].said == "审签的都是稿本1，内容未再改动"
    assert found["number"].said == "签发时取文号：赣市自然资字当年下一号"


def test_a_co_handled_item_is_not_asked_for_a_class_or_a_contact(bureau: Bureau, nankang: object) -> None:
    item = bureau.review(part=Part.CO, lead_unit=nankang)
    assert {one.key for one in checks(item)} == {"text", "contact_line", "salutation"}


def test_a_key_item_shows_whether_the_deputy_was_met(bureau: Bureau) -> None:
    item = bureau.review(level=Level.KEY)
    assert _by_key(checks(item))["met"].state == CheckState.PASS


def test_failures_come_first_those_that_block_before_those_that_remind(bureau: Bureau) -> None:
    item = bureau.contacted()
    bureau.draft(item, title="答复", body="短", disclosure=Disclosure.NONE.value)
    found = checks(_fresh(item), Gate.REVIEW)
    states = [one.state for one in failing(found)]
    assert states == sorted(states, key=lambda one: one != CheckState.BLOCK)
    assert len(failing(found)) + len(passed(found)) == len(found)
    assert {one["state"] for one in as_kept(found)} == {"pass", "warn", "block"}


def test_nothing_is_asked_of_a_text_that_is_not_there(bureau: Bureau) -> None:
    item = bureau.contacted()
    assert _by_key(examine(item, None, of_gate(Gate.REVIEW)))["text"].reasons == ("还没有起草稿本",)
    bureau.begun_draft(item)
    assert "不足50字" in _by_key(checks(_fresh(item), Gate.REVIEW))["text"].text
