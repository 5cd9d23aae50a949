"""看板、催办、会议的页: what they show, whom they let do what, and that a figure opens what it counts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from huiyin.actions import convening, supervising
from huiyin.actions.supervising import Target
from huiyin.models import (
    AgendaItem,
    Assignment,
    Clock,
    Errand,
    LeadersMeeting,
    Supervision,
    SupervisionPlan,
    Unit,
)
from huiyin.rules.vocabulary import ClockKind, Deed, ErrandState, Level
from huiyin.web.access import now
from tests.conftest import Bureau, day, pdf
from tests.documents.reading import opened, texts

# The pages go by today's date; the items of the cast are of 2020, so all of them are late.


@pytest.fixture
def late(bureau: Bureau) -> list[Assignment]:
    return [bureau.contacted(number=number) for number in ("081", "082")]


def urge(bureau: Bureau, *items: Assignment) -> Errand:
    act = supervising.urge(
        [Target(one, bureau.handler) for one in items], text="请抓紧。", by=bureau.clerk, at=now()
    )
    return act.errands.select_related("assignment").order_by("pk")[0]


def shown(client: Client, name: str, *args: Any, **query: Any) -> str:
    response = client.get(reverse(name, args=args), query)
    assert response.status_code == 200
    return response.content.decode()


@pytest.mark.parametrize("part", ["time", "quality", "kept"])
def test_every_figure_on_the_board_opens_as_many_items_as_it_says(
    bureau: Bureau, late: list[Assignment], nankang: Unit, part: str, client: Client
) -> None:
    bureau.delivered(number="083")
    bureau.contacted(number="084", level=Level.KEY)
    bureau.ask(late[0], nankang)
    urge(bureau, *late)
    client.force_login(bureau.clerk)
    page = shown(client, "board", part=part)
    links = re.findall(
        r'href="(/board/items/\?[^"]+)"[^>]*>(?:<small>[^<]*</small><b>)?(?:[一-龥]+ )?(\d+)<', page
    )
    assert len(links) >= (2 if part == "quality" else 7)
    for url, count in links:
        opened = client.get(url.replace("&amp;", "&"))
        assert opened.status_code == 200, url
        rows = opened.content.decode().count("<tr data-row>")
        assert rows == int(count), url


def test_urging_all_late_shows_the_list_first_and_sends_one_act(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    client.force_login(bureau.clerk)
    page = shown(client, "board_urge", figure="late")
    keys = re.findall(r'name="whom" value="([^"]+)" checked', page)
    assert len(keys) == 2
    assert not Supervision.objects.exists()
    url = reverse("board_urge") + "?figure=late"
    response = client.post(
        url, {"whom": keys, "body": "请本周办结。", "key": "a9d3b6f4-9e0c-4b58-a3f2-5b2a5a1f4a01"}
    )
    act = Supervision.objects.get()
    assert response.headers["Location"] == reverse("supervision_act", args=[act.pk])
    assert act.errands.count() == 2
    again = client.post(
        url, {"whom": keys, "body": "请本周办结。", "key": "a9d3b6f4-9e0c-4b58-a3f2-5b2a5a1f4a01"}
    )
    assert again.status_code in {302, 422}  # they are not to be chosen any more
    assert Supervision.objects.count() == 1
    page = shown(client, "board_urge", figure="late")
    assert page.count("已催") >= 2
    assert 'name="whom"' not in page
    assert "名单上的都已经催过" in page
    assert "发催办单</button>" not in page


def test_the_urge_page_offers_nobody_what_he_may_not_urge(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    for name, rows in (
        ("clerk", 2),
        ("business_leader", 2),
        ("head", 0),
        ("handler", 0),
        ("other_handler", 0),
        ("stranger", 0),
    ):
        client.force_login(bureau.people[name])
        assert shown(client, "board_urge", figure="late").count('name="whom"') == rows, name


def test_somebody_elses_items_cannot_be_slipped_into_an_urging(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    client.force_login(bureau.stranger)
    key = f"{late[0].pk}:p{bureau.handler.pk}"
    response = client.post(reverse("board_urge") + f"?item={late[0].pk}", {"whom": [key], "body": "x"})
    assert response.status_code == 422
    assert not Supervision.objects.exists()


def test_the_owner_answers_and_the_clerk_settles_on_the_acts_page(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    row = urge(bureau, late[0])
    page = reverse("supervision_act", args=[row.supervision_id])
    client.force_login(bureau.handler)
    assert "答复督办事项" in client.get(page).content.decode()
    assert "答复催办" in shown(client, "desk")
    url = reverse("deed", args=[late[0].pk, "answer_errand"])
    response = client.post(url, {"errand": row.pk, "body": "本周送审。"})
    assert response.headers["Location"] == page
    client.force_login(bureau.head)
    seen = client.get(page).content.decode()
    assert "本周送审。" in seen
    assert "settle_errand" not in seen
    assert (
        client.post(reverse("deed", args=[late[0].pk, "settle_errand"]), {"errand": row.pk}).status_code
        == 409
    )
    client.force_login(bureau.clerk)
    assert "settle_errand" in client.get(page).content.decode()
    assert "看答复，给催办" in shown(client, "desk")
    assert (
        client.post(reverse("deed", args=[late[0].pk, "settle_errand"]), {"errand": row.pk}).status_code
        == 302
    )
    row.refresh_from_db()
    assert row.state == ErrandState.SETTLED


def test_another_items_errand_cannot_be_answered_through_mine(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    row = urge(bureau, late[0])
    client.force_login(bureau.handler)
    url = reverse("deed", args=[late[1].pk, "answer_errand"])
    assert client.post(url, {"errand": row.pk, "body": "x"}).status_code in {409, 422}
    row.refresh_from_db()
    assert row.state == ErrandState.SENT


def test_an_act_shows_each_only_the_rows_of_items_he_sees(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    supervising.instruct(
        late[0], owners=[bureau.other_handler], text="会同研究。", by=bureau.chief, at=day("2020-08-03")
    )
    act = supervising.urge(
        [Target(late[0], bureau.other_handler), Target(late[1], bureau.handler)], text="请抓紧。", by=bureau.clerk,
        at=day("2020-08-04"),
    )  # fmt: skip
    client.force_login(bureau.other_handler)
    page = shown(client, "supervision_act", act.pk)
    assert "第081号" in page
    assert "第082号" not in page
    paper = client.get(reverse("supervision_paper", args=[act.pk]))
    assert paper.status_code == 200
    assert "催办〔2020〕1号" in shown(client, "supervision")


def test_the_list_shows_what_is_asked_for(bureau: Bureau, late: list[Assignment], client: Client) -> None:
    row = urge(bureau, *late)
    Errand.objects.filter(pk=row.pk).update(due_on=localdate() - timedelta(1))
    supervising.answer(Errand.objects.exclude(pk=row.pk).get(), text="已办。", by=bureau.handler, at=now())
    client.force_login(bureau.clerk)
    for which, rows in (("open", 2), ("late", 1), ("answered", 1), ("mine", 0), ("all", 2), ("x", 2)):
        assert shown(client, "supervision", show=which).count("<tr data-row>") == rows, which


def test_every_deed_of_supervision_is_done_through_its_form(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted(level=Level.KEY)
    soon = (localdate() + timedelta(5)).isoformat()
    forms: list[tuple[str, str, dict[str, Any]]] = [
        ("clerk", "urge", {"whom": [f"{item.pk}:p{bureau.handler.pk}"], "body": "请抓紧。", "due_on": soon}),
        ("clerk", "supervise", {"source": "congress", "owners": [bureau.head.pk], "body": "请报进展。", "scan": pdf()}),
        ("chief", "instruct", {"owners": [bureau.handler.pk, bureau.head.pk], "body": "请专题研究。"}),
        ("director", "plan", {
            "leader": bureau.chief.pk, "decided_by": "局务会", "body": "专班推进。", "step_1": "踏勘", "step_1_on": soon,
        }),
        ("chief", "milestone", {"on": localdate().isoformat(), "body": "已踏勘。"}),
        ("handler", "table", {"matter": "用地指标从哪里出。"}),
        ("clerk", "decide", {
            "decision": "从预留指标解决。", "on": localdate().isoformat(), "owner": bureau.handler.pk, "due_on": soon,
        }),
    ]  # fmt: skip
    meeting = convening.convene(name="局务会", on=localdate(), by=bureau.clerk, at=now())
    for who, deed, form in forms:
        client.force_login(bureau.people[who])
        url = reverse("deed", args=[item.pk, deed])
        assert client.get(url).status_code == 200
        choices: dict[str, dict[str, Any]] = {
            "milestone": {"milestone": getattr(item.open_milestones().first(), "pk", "")}, "table": {"meeting": meeting.pk},
            "decide": {"agenda": getattr(AgendaItem.objects.first(), "pk", "")},
        }  # fmt: skip
        response = client.post(url, {**form, **choices.get(deed, {})})
        assert response.status_code == 302, (deed, response.content.decode()[-3000:])
    assert list(Supervision.objects.order_by("pk").values_list("kind", flat=True)) == [
        "urge", "supervise", "instruction", "decision",
    ]  # fmt: skip
    assert Errand.objects.count() == 5
    assert SupervisionPlan.objects.get().milestones.get().done_text == "已踏勘。"
    page = shown(client, "item", item.pk)
    for words in ("催办〔", "督办〔", "请专题研究。", "从预留指标解决。", "督办领导 陈永明", "已踏勘。"):
        assert words in page, words


def test_a_step_of_a_plan_needs_both_words_and_date(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted(level=Level.KEY)
    client.force_login(bureau.director)
    form = {"leader": bureau.chief.pk, "decided_by": "局务会", "body": "x", "step_1": "踏勘"}
    response = client.post(reverse("deed", args=[item.pk, "plan"]), form)
    assert response.status_code == 422
    assert "节点的内容和日期都要写" in response.content.decode()


def test_meetings_are_arranged_by_the_office_and_seen_in_the_unit(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    client.force_login(bureau.handler)
    assert client.post(reverse("meetings"), {"name": "局务会", "on": "2020-08-06"}).status_code == 404
    assert "安排会议</h2>" not in shown(client, "meetings")
    client.force_login(bureau.clerk)
    assert client.post(reverse("meetings"), {"name": "局务会", "on": "2020-08-06"}).status_code == 302
    assert client.post(reverse("meetings"), {"name": "局务会", "on": "2020-08-07"}).status_code == 409
    assert client.post(reverse("meetings"), {"name": "", "on": ""}).status_code == 422
    meeting = LeadersMeeting.objects.get()
    convening.table(late[0], meeting=meeting, matter="议一议。", by=bureau.clerk, at=day("2020-08-04"))
    for who, sees in (("handler", True), ("other_handler", False)):
        client.force_login(bureau.people[who])
        assert ("议一议。" in shown(client, "meeting", meeting.pk)) is sees
    client.force_login(bureau.stranger)
    assert client.get(reverse("meeting", args=[meeting.pk])).status_code == 404


def test_a_key_item_without_a_plan_is_a_defect_on_board_and_item(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted(level=Level.KEY)
    client.force_login(bureau.clerk)
    assert "重点督办件没有督办方案" in shown(client, "board", part="kept")
    assert "重点督办件没有督办方案" in shown(client, "item", item.pk)


def test_the_quality_of_a_reply_stands_on_its_page_with_reasons(bureau: Bureau, client: Client) -> None:
    item = bureau.delivered()
    client.force_login(bureau.handler)
    page = shown(client, "item", item.pk)
    assert "得 60 / 80 分，75.00%" in page
    assert "没有办中沟通的记录" in page


def test_nonsense_in_an_address_is_not_an_error(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    client.force_login(bureau.clerk)
    for query in ({"figure": "x"}, {"figure": "quality", "meeting": "9" * 30}):
        assert client.get(reverse("board_items"), query).status_code == 404
    for query in (
        {"of": "section:abc", "figure": "late"},
        {"of": "unit:²", "figure": "owed"},
        {"of": ":::", "page": "x"},
    ):
        assert client.get(reverse("board_items"), query).status_code == 200
    for query in ({"figure": "x"}, {"item": "²"}, {"item": "9" * 30}, {"of": "1", "figure": "owed"}):
        assert client.get(reverse("board_urge"), query).status_code == 200
    for key in ("x", "1", "²:p1", "1:p²", f"{late[0].pk}:z"):
        url = reverse("board_urge") + f"?item={late[0].pk}"
        assert client.post(url, {"whom": [key], "body": "x"}).status_code == 422
    assert client.get(reverse("board"), {"part": "x", "meeting": "y"}).status_code == 200
    assert client.get(reverse("board"), {"part": "quality", "meeting": "y"}).status_code == 200


def test_the_deeds_of_an_errand_are_not_offered_where_there_is_none(bureau: Bureau, client: Client) -> None:
    item = bureau.contacted()
    client.force_login(bureau.clerk)
    page = shown(client, "item", item.pk)
    for deed in (
        Deed.RECEIVE_ERRAND,
        Deed.ANSWER_ERRAND,
        Deed.SETTLE_ERRAND,
        Deed.RETURN_ERRAND,
        Deed.PLAN,
        Deed.DECIDE,
    ):
        assert reverse("deed", args=[item.pk, deed.value]) not in page, deed
    assert reverse("deed", args=[item.pk, "urge"]) in page


def test_whom_one_waits_for_is_urged_from_the_desk(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    Assignment.objects.update(status_since=now() - timedelta(days=11))
    client.force_login(bureau.clerk)
    desk = shown(client, "desk")
    both = "&amp;".join(f"item={one.pk}" for one in late)
    assert f'href="{reverse("board_urge")}?{both}">催满10天的（2 件）' in desk
    listed = client.get(reverse("board_urge"), {"item": [one.pk for one in late]}).content.decode()
    assert len(re.findall(r'name="whom" value="[^"]+" checked', listed)) == 2
    client.force_login(bureau.handler)
    assert reverse("board_urge") not in shown(client, "desk")


def test_a_provisional_date_says_so_on_list_act_and_sheet(
    bureau: Bureau, late: list[Assignment], client: Client
) -> None:
    act = urge(bureau, *late).supervision
    client.force_login(bureau.clerk)
    assert "（暂定）" not in shown(client, "supervision_act", act.pk)
    Clock.objects.filter(kind=ClockKind.ERRAND).update(provisional=True)
    assert shown(client, "supervision").count("（暂定）") == 2
    assert shown(client, "supervision_act", act.pk).count("（暂定）") == 3  # the act's own and its two items'
    paper = b"".join(client.get(reverse("supervision_paper", args=[act.pk])))
    assert "（暂定）前办理" in "".join(texts(opened(paper), "公文正文"))
