"""意见点：kept by a person, answered one by one, checked against the text."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from huiyin.actions import Refused, replying
from huiyin.actions.pointing import answer_point, keep_points
from huiyin.models import Assignment, Commitment, Point, Unit
from huiyin.queries.points import standings
from huiyin.rules.vocabulary import PointState, Severity
from tests.conftest import BODY, Bureau, day

AT = day("2020-07-01")
FOUR = ["统筹用地计划指标", "开辟绿色通道", "盘活存量土地，用好节余指标", "为港口远期发展预留空间"]


@pytest.fixture
def item(bureau: Bureau) -> Assignment:
    return bureau.contacted()


def keep(bureau: Bureau, item: Assignment, texts: list[str]) -> list[Point]:
    return keep_points(item, texts, by=bureau.handler, at=AT)


def body(item: Assignment) -> str:
    draft = Assignment.objects.get(pk=item.pk).draft
    assert draft is not None
    return draft.body


def test_an_answer_stays_with_its_point_when_points_are_moved_reworded_added_and_removed(
    bureau: Bureau, item: Assignment
) -> None:
    points = keep(bureau, item, FOUR)
    answer_point(item, points[2], measure="调剂节余指标300亩", by=bureau.handler, at=AT)
    answer_point(item, points[3], note="与第1点一并答复", by=bureau.handler, at=AT)
    bureau.draft(item, body=BODY + "\n【答2、3】盘活。\n【答1】统筹。")
    keep(bureau, item, ["加快明确供地时间", "盘活存量土地，用好增减挂钩节余指标", FOUR[3], FOUR[0]])
    found = [(one.number, one.text, one.measure, one.note) for one in item.points.all()]
    assert found == [
        (1, "加快明确供地时间", "", ""),
        (2, "盘活存量土地，用好增减挂钩节余指标", "调剂节余指标300亩", ""),
        (3, FOUR[3], "", "与第1点一并答复"),
        (4, FOUR[0], "", ""),
    ]
    assert body(item).endswith("\n【答2】盘活。\n【答4】统筹。")


def test_who_is_writing_is_told_when_the_marks_in_his_text_were_renumbered(
    bureau: Bureau, item: Assignment
) -> None:
    keep(bureau, item, FOUR)
    bureau.draft(item, body=BODY + "\n【答1】统筹。")
    open_on_screen = Assignment.objects.get(pk=item.pk).draft
    assert open_on_screen is not None
    keep(bureau, item, [FOUR[1], FOUR[0]])
    draft = replying.Draft(title=open_on_screen.title, body=open_on_screen.body + "\n又写一段。")
    with pytest.raises(Refused):
        replying.save_draft(item, draft, revision=open_on_screen.revision, by=bureau.handler, at=AT)
    assert body(item).endswith("\n【答2】统筹。")


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ([], "至少写一点"),
        (["  ", ""], "至少写一点"),
        (["甲" * 301], "最多300个"),
        (["统筹指标", "统筹指标"], "写了两遍"),
        ([f"第{n}件事要办好" for n in range(31)], "最多30点"),
    ],
)
def test_points_that_make_no_sense_are_refused(
    bureau: Bureau, item: Assignment, texts: list[str], said: str
) -> None:
    with pytest.raises(Refused, match=said):
        keep(bureau, item, texts)
    assert not item.points.exists()


def test_a_secret_items_points_are_not_typed_in(bureau: Bureau) -> None:
    item = bureau.handling(secret=True, text="")
    with pytest.raises(Refused, match="涉密"):
        keep(bureau, item, ["统筹指标"])


def test_a_leader_of_another_line_keeps_no_points(bureau: Bureau, item: Assignment) -> None:
    with pytest.raises(Refused, match="须由"):
        keep_points(item, FOUR, by=bureau.other_handler, at=AT)


def test_an_answer_names_a_measure_a_unit_of_the_item_and_a_day_to_come(
    bureau: Bureau, item: Assignment, nankang: Unit
) -> None:
    (point,) = keep(bureau, item, FOUR[:1])

    def answer(**how: Any) -> None:
        answer_point(item, point, by=bureau.handler, at=AT, **how)

    with pytest.raises(Refused, match="请写措施"):
        answer()
    with pytest.raises(Refused, match="还没有写措施"):
        answer(note="另案办理", due_on=date(2020, 10, 31))
    with pytest.raises(Refused, match="不是本件的"):
        answer(measure="供地", unit=nankang)
    with pytest.raises(Refused, match="晚于交办日期"):
        answer(measure="供地", due_on=item.assigned_on)
    bureau.ask(item, nankang)
    answer(measure="完成312亩征收", unit=nankang, due_on=date(2020, 10, 31))
    point.refresh_from_db()
    assert (point.measure, point.unit, point.due_on) == ("完成312亩征收", nankang, date(2020, 10, 31))
    event = item.events.order_by("-seq").first()
    assert event is not None and "南康区政府" in event.text and "第1点" in event.text


def test_each_point_stands_as_the_text_answers_it(bureau: Bureau, item: Assignment) -> None:
    points = keep(bureau, item, FOUR)
    answer_point(item, points[0], measure="列入计划", due_on=date(2020, 10, 31), by=bureau.handler, at=AT)
    answer_point(item, points[3], note="属规划编制事项，另行答复", by=bureau.handler, at=AT)
    bureau.draft(item, body="您的建议收悉。\n【答1】已列入。\n【答2】已开辟。\n【答1】再说明。")
    item = Assignment.objects.get(pk=item.pk)
    found = standings(item, item.draft)
    assert [one.state for one in found] == [
        PointState.ANSWERED, PointState.LACKING, PointState.OPEN, PointState.ELSEWHERE,
    ]  # fmt: skip
    assert found[0].where == "第2段、第4段"
    assert found[1].said == "已答，缺措施、时限"
    assert item.draft is not None
    assert "第3点未答复" in item.draft.gaps(item.profile.checks["points"])
    assert not any(
        f"第{n}点" in one for n in (1, 2, 4) for severity in Severity for one in item.draft.gaps(severity)
    )


def test_from_the_proposed_points_to_a_promise_in_the_browser(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted()
    client.force_login(bureau.handler)
    draft = client.get(reverse("draft", args=[item.pk]), follow=True).content.decode()
    assert "统筹用地计划指标" in draft and "核对并存下意见点" in draft
    keeping = reverse("deed", args=[item.pk, "points"])
    assert "统筹用地计划指标\n开辟绿色通道" in client.get(keeping).content.decode()
    answer = client.post(keeping, {"points": "统筹用地计划指标\r\n\r\n开辟绿色通道\r\n"})
    assert answer.status_code == 302
    second = item.points.get(number=2)
    page = client.get(reverse("deed", args=[item.pk, "answer_point"]), {"point": second.pk}).content.decode()
    assert "开辟绿色通道" in page and "第2点</option>" in page and "第1点</option>" not in page
    facts = {
        "point": second.pk,
        "measure": "报批压缩到7个工作日",
        "unit": bureau.unit.pk,
        "due_on": "2020-10-31",
    }
    assert client.post(reverse("deed", args=[item.pk, "answer_point"]), facts).status_code == 302
    shown = client.get(reverse("item", args=[item.pk])).content.decode()
    assert "报批压缩到7个工作日" in shown and "■ 未答" in shown
    promise = reverse("deed", args=[item.pk, "promise"])
    assert f"{promise}?point={second.pk}" in shown
    form = client.get(promise, {"point": second.pk}).content.decode()
    assert "报批压缩到7个工作日</textarea>" in form and 'value="2020-10-31"' in form
    assert not Commitment.objects.exists()


def test_the_points_stand_beside_the_text_where_it_is_sent_and_signed(
    bureau: Bureau, client: Client, item: Assignment
) -> None:
    keep(bureau, item, FOUR[:2])
    bureau.draft(item, body=BODY + "\n【答1】统筹。")
    client.force_login(bureau.handler)
    submit = client.get(reverse("deed", args=[item.pk, "submit"])).content.decode()
    assert "逐条回应" in submit and "第2点未答复" in submit
    with pytest.raises(Refused, match="第2点未答复"):  # this place's profile blocks
        replying.submit(item, by=bureau.handler, at=day("2020-07-20", 10))
    answer_point(item, item.points.get(number=2), note="另案办理", by=bureau.handler, at=AT)
    replying.submit(item, by=bureau.handler, at=day("2020-07-20", 10))
    client.force_login(bureau.head)
    page = client.get(reverse("deed", args=[item.pk, "pass_review"])).content.decode()
    assert FOUR[1] in page and "✓ 另行说明" in page and "另案办理" in page
    version = reverse("version", args=[item.pk, 1])
    assert f"{version}#p5" in page and 'id="p5"' in client.get(version).content.decode()


def test_a_point_of_another_item_is_neither_shown_nor_answered(bureau: Bureau, client: Client) -> None:
    mine, other = bureau.contacted(), bureau.contacted(number="083", title="关于别的事的建议")
    keep(bureau, mine, FOUR[:1])
    (foreign,) = keep(bureau, other, ["别件的要求不应出现"])
    answer_point(other, foreign, measure="别件的措施", by=bureau.handler, at=AT)
    client.force_login(bureau.handler)
    for deed in ("answer_point", "promise"):
        page = client.get(reverse("deed", args=[mine.pk, deed]), {"point": foreign.pk}).content.decode()
        assert "别件的" not in page
    sent = client.post(
        reverse("deed", args=[mine.pk, "answer_point"]), {"point": foreign.pk, "measure": "改"}
    )
    assert sent.status_code == 422
    with pytest.raises(Refused, match="不是本件"):
        answer_point(mine, foreign, measure="改", by=bureau.handler, at=AT)
