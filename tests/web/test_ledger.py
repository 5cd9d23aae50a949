"""台账页 (S16): filters, chips, groups, columns, views and deeds for many at once, as a person meets them."""

import re
import uuid
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from huiyin.models import Assignment, Delivery, LedgerView
from huiyin.queries.columns import COLUMNS, ON_PAGE
from huiyin.rules.vocabulary import Part, Status
from tests.conftest import Bureau

pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("ledger")]
LEDGER, DEEDS, VIEWS = "/ledger/", "/ledger/deeds/", "/ledger/views/"


@pytest.fixture(scope="module")
def bureau(stage: Bureau) -> Bureau:
    return stage


@pytest.fixture(scope="module")
def world(bureau: Bureau) -> dict[str, Assignment]:
    return {
        "fresh": bureau.register(number="082", title="关于港口的建议"),
        "two": bureau.accepting(number="101", title="关于道路的建议"),
        "three": bureau.accepting(number="102", title="关于茶园的建议", lead="保密人", confidential=True),
        "four": bureau.handling(number="103", title="关于学校的建议"),
        "five": bureau.issued(number="7", title="关于防洪的建议", part=Part.CO, lead_unit=bureau.organ),
        "six": bureau.issued(number="8", title="关于矿山的建议"),
    }


@pytest.fixture
def sign_in(bureau: Bureau) -> Callable[[str], Client]:
    def client(who: str) -> Client:
        one = Client()
        one.force_login(bureau.people[who])
        return one

    return client


@pytest.fixture
def clerk(sign_in: Callable[[str], Client], world: Any) -> Client:
    return sign_in("clerk")


def page(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status, response.content.decode()[:2000]
    return response.content.decode()


def listed(text: str) -> list[str]:
    return re.findall(r'<td class="number"[^>]*>([^<]+)', text)


# 页


def test_the_few_filters_show_and_the_rest_behind_more(clerk: Client) -> None:
    text, more = page(clerk, LEDGER), page(clerk, f"{LEDGER}?more=1")
    for column in COLUMNS:
        first = column.key in {"meeting", "kind", "part", "section", "category", "status"}
        assert (f'name="{column.key}"' in text or f'name="{column.key}_from"' in text) == first, column.key
        assert f'name="{column.key}"' in more or f'name="{column.key}_from"' in more, column.key
    assert "更多条件" in text and "收起" in more


def test_each_condition_is_a_chip_that_can_be_taken_away(clerk: Client) -> None:
    text = page(
        clerk, f"{LEDGER}?part=co&part=lead&title=关于&due_on_from=2020-06-01&figure=total&sort=-title&more=1"
    )
    chips = dict(re.findall(r'<a class="chip" href="\?([^"]*)">(.*?)<span', text))
    said = {words: address for address, words in chips.items()}
    assert (
        set(said)
        == {"标题含“关于”", "办理方式：主办、协办", "办理时限：2020-06-01起", "本年度承办的建议、提案件数"}
        or "办理方式：协办、主办" in said
    )
    without = next(address for words, address in said.items() if words.startswith("办理方式"))
    assert (
        "part=" not in without
        and "title=" in without
        and "due_on_from=2020-06-01" in without
        and "figure=total" in without
    )


def test_conditions_that_do_not_show_stay_when_the_form_is_sent(clerk: Client) -> None:
    text = page(clerk, f"{LEDGER}?title=港口&figure=total&cols=number,title&sort=title")
    form = text[
        text.index('<form class="filters') : text.index("</form>", text.index('<form class="filters'))
    ]
    kept = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', form))
    assert kept == {"title": "港口", "figure": "total", "cols": "number,title", "sort": "title"}


def test_a_wrong_condition_is_told_in_a_sentence(clerk: Client) -> None:
    text = page(clerk, f"{LEDGER}?due_on_from=五月底&part=co", 422)
    assert "办理时限：“五月底”不是日期，应写成 2020-08-03" in text and listed(text) == []
    page(clerk, f"{LEDGER}?figure=nothing", 404)


def test_the_columns_asked_for_in_their_order(clerk: Client) -> None:
    text = page(clerk, f"{LEDGER}?cols=title,number,contact,nothing")
    heads = re.findall(r"<th[^>]*>(?:<a[^>]*>|<span[^>]*>)([^<]+)<", text)
    assert [one for one in heads if one != "选中"] == ["标题", "编号", "首次沟通方式"]
    whole = page(clerk, f"{LEDGER}?cols={','.join(one.key for one in COLUMNS)}")
    assert all(one.label in whole for one in COLUMNS) and "保密人" not in whole


def test_columns_are_added_moved_and_dropped_by_links_alone(clerk: Client) -> None:
    text = page(clerk, f"{LEDGER}columns/?cols=number,title,status&add=reason&due=overdue")
    rows = re.findall(r"<th[^>]*>(\d+)　([^<]+)</th>", text)
    assert [label for _, label in rows] == ["编号", "标题", "状态", "不满意理由"]
    up = re.search(r'href="\?([^"]*)" aria-label="状态上移"', text)
    assert up and "cols=number%2Cstatus%2Ctitle%2Creason" in up.group(1) and "due=overdue" in up.group(1)
    use = re.search(r'href="(/ledger/\?[^"]*)">用这些列看台账', text)
    assert use and page(clerk, use.group(1).replace("&amp;", "&"))


def test_groups_open_into_rows_with_subtotals(clerk: Client, bureau: Bureau) -> None:
    shut = page(clerk, f"{LEDGER}?group=part")
    assert listed(shut) == [] and "办理方式：主办" in shut and "办理方式：协办" in shut
    opened = page(clerk, f"{LEDGER}?group=part&open=co")
    assert listed(opened) == ["7"]
    assert re.search(r"合计.*?件 <a[^>]*>6</a>", opened, re.DOTALL)


def test_totals_follow_the_filter(clerk: Client) -> None:
    def totals(query: str) -> dict[str, str]:
        text = page(clerk, f"{LEDGER}?{query}")
        part = text[text.index('class="totals"') :]
        return dict(re.findall(r"<span>(\S+) (?:<a[^>]*>)?(\d+)", part))

    assert totals("")["件"] == "6" and totals("")["已答复"] == "2"
    assert totals("part=co") | {"逾期未答复": "0"} == totals("part=co") and totals("part=co")["件"] == "1"


def test_very_many_are_totalled_when_asked(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huiyin.web.ledger.COUNTED_AT_ONCE", 3)
    text = page(clerk, LEDGER)
    assert "计算已答复、逾期等合计" in text and "逾期未答复 " not in text[text.index('class="totals"') :]
    assert "已答复" in page(clerk, f"{LEDGER}?totals=1")[text.index('class="totals"') :]


def test_full_screen_needs_no_script(clerk: Client) -> None:
    text = page(clerk, f"{LEDGER}?full=1&part=co")
    assert '<body class="full">' in text and "退出全屏" in text and listed(text) == ["7"]


def test_as_many_queries_for_a_hundred_rows_as_for_ten(bureau: Bureau, clerk: Client) -> None:
    def queries(query: str) -> int:
        page(clerk, f"{LEDGER}?{query}")
        with CaptureQueriesContext(connection) as seen:
            page(clerk, f"{LEDGER}?{query}")
        return len(seen)

    every = f"cols={','.join(one.key for one in COLUMNS)}&size=100"
    for number in range(4):
        bureau.register(number=f"0{number}", title=f"关于第{number}件事的建议", co_signers=("甲", "乙"))
    few = queries(""), queries(every)
    for number in range(90):
        bureau.register(number=f"1{number:03}", title=f"关于第{number}件事的建议", co_signers=("甲", "乙"))
    assert len(listed(page(clerk, f"{LEDGER}?size=100"))) == 100
    many = queries("size=100"), queries(every)
    assert many[0] <= few[0] <= 21 and many[1] <= few[1] <= 30, (few, many)


# 视图


def save(client: Client, name: str, **told: str) -> Any:
    return client.post(VIEWS, {"what": "save", "name": name, "key": str(uuid.uuid4()), **told})


def test_a_view_is_saved_opened_by_one_click_and_preferred(clerk: Client, bureau: Bureau) -> None:
    done = save(clerk, "协办件", columns="title,number,nothing", query="part=co&sort=-title", prefer="1")
    view = LedgerView.objects.get()
    assert (view.columns, view.preferred, view.shared, view.owner) == (
        "title,number",
        True,
        False,
        bureau.clerk,
    )
    assert listed(page(clerk, done.headers["Location"])) == ["7"]
    first = clerk.get(LEDGER)
    assert first.status_code == 302 and first.headers["Location"] == done.headers["Location"]
    assert len(listed(page(clerk, f"{LEDGER}?view=all"))) == 6
    assert "协办件" in page(clerk, f"{LEDGER}?view=all")
    save(clerk, "协办件", columns="number", query="part=co")  # the same name: in its place
    assert LedgerView.objects.get().columns == "number"


def test_ready_views_find_their_items(clerk: Client) -> None:
    text = page(clerk, LEDGER)
    nav = text[text.index('<nav class="views') : text.index("</nav>", text.index('<nav class="views'))]
    found = {
        name: listed(page(clerk, f"{LEDGER}{url.replace('&amp;', '&')}"))
        for url, name in re.findall(r'href="(\?[^"]*)"[^>]*>([^<]+)', nav)
    }
    assert found["待签收"] == ["101", "102"] and found["待送达"] == ["7", "8"] and found["不满意"] == []
    assert set(found) >= {"全部", "逾期未答复", "15日内到期", "我经手的", "未评价"}


def test_a_shared_view_is_used_by_the_unit_and_changed_by_its_owner_alone(
    sign_in: Callable[[str], Client], world: Any, bureau: Bureau
) -> None:
    save(sign_in("clerk"), "全局协办", columns="number", query="part=co", share="1")
    save(sign_in("clerk"), "私藏的", columns="number", query="part=co")
    shared, own = LedgerView.objects.get(shared=True), LedgerView.objects.get(shared=False)
    for who, sees in (("handler", True), ("chief", True), ("stranger", False)):
        client = sign_in(who)
        for url in (LEDGER, VIEWS):
            text = page(client, url)
            assert ("全局协办" in text) == sees and "私藏的" not in text, (who, url)
        for view in (shared, own):
            for what in ("rename", "share", "unshare", "prefer", "unprefer", "remove"):
                answer = client.post(VIEWS, {"what": what, "pk": view.pk, "name": "改了"})
                assert answer.status_code == 409 and "只能由他自己改" in answer.content.decode()
    assert sorted(LedgerView.objects.values_list("name", "shared", "preferred")) == [
        ("全局协办", True, False),
        ("私藏的", False, False),
    ]


def test_views_are_renamed_preferred_one_at_a_time_and_removed(clerk: Client) -> None:
    for name in ("甲", "乙"):
        save(clerk, name, columns="number", query="")
    one, two = LedgerView.objects.order_by("pk")
    for pk in (one.pk, two.pk):
        assert clerk.post(VIEWS, {"what": "prefer", "pk": pk}).status_code == 302
    assert [view.preferred for view in LedgerView.objects.order_by("pk")] == [False, True]
    assert (
        "已经有名为“乙”的视图"
        in clerk.post(VIEWS, {"what": "rename", "pk": one.pk, "name": "乙"}).content.decode()
    )
    clerk.post(VIEWS, {"what": "rename", "pk": one.pk, "name": "丙"})
    clerk.post(VIEWS, {"what": "remove", "pk": two.pk})
    assert LedgerView.objects.get().name == "丙"
    for name in ("", "长" * 41, "坏\0名"):
        assert save(clerk, name, columns="", query="").status_code == 409
    assert clerk.post(VIEWS, {"what": "else"}).status_code == 409
    assert clerk.get(f"{VIEWS}?q=港口&group=part").status_code == 200


# 成批办理


def bulk(client: Client, deed: str, items: list[Assignment], **told: Any) -> Any:
    key = told.pop("key", str(uuid.uuid4()))
    return client.post(f"{DEEDS}?deed={deed}", {"item": [one.pk for one in items], "key": key, **told})


def status(*items: Assignment) -> list[str]:
    return [Assignment.objects.get(pk=one.pk).status for one in items]


def test_who_can_and_who_cannot_is_shown_first(
    sign_in: Callable[[str], Client], world: dict[str, Assignment]
) -> None:
    head = sign_in("head")
    text = page(head, f"{DEEDS}?deed=accept&all=1")
    able, unable = text.split("还不能办的</h2>")
    assert "101" in able and "102" in able and "103" not in able.split("能办的</h2>")[1]
    assert "本件现为“办理中”，不能签收" in unable and "保密人" not in text
    assert status(world["two"]) == [Status.ACCEPTING]


def test_many_are_signed_in_and_what_fails_stops_no_other(
    sign_in: Callable[[str], Client], world: dict[str, Assignment]
) -> None:
    head, key = sign_in("head"), str(uuid.uuid4())
    items = [world["two"], world["four"], world["three"]]
    done = bulk(head, "accept", items, key=key)
    text = done.content.decode()
    assert done.status_code == 200 and "办成 2 件，没有办 1 件" in text and "不能签收" in text
    assert status(*items) == [Status.HANDLING] * 3
    events = {one.pk: Assignment.objects.get(pk=one.pk).seq for one in items}
    again = bulk(head, "accept", items, key=key).content.decode()
    assert "办成 0 件" in again and again.count("没有重复办理") == 2
    assert {one.pk: Assignment.objects.get(pk=one.pk).seq for one in items} == events


def test_many_are_delivered_and_their_receipts_recorded(clerk: Client, world: dict[str, Assignment]) -> None:
    items = [world["five"], world["six"], world["fresh"]]
    missing = bulk(clerk, "deliver", items)
    assert missing.status_code == 422 and not Delivery.objects.filter(reply__assignment__in=items).exists()
    text = bulk(clerk, "deliver", items, on="2020-07-27", method="post").content.decode()
    assert "办成 2 件，没有办 1 件" in text and status(*items) == [
        Status.CLOSED,
        Status.EVALUATING,
        Status.PROPOSING,
    ]
    text = bulk(clerk, "receipt", items, on="2020-07-28").content.decode()
    assert "办成 2 件" in text
    assert set(
        Delivery.objects.filter(reply__assignment__in=items).values_list("received_on", flat=True)
    ) == {date(2020, 7, 28)}
    early = bulk(clerk, "deliver", [world["fresh"]], on="2020-07-27", method="post")
    assert early.status_code == 409


def test_people_are_changed_on_many(clerk: Client, bureau: Bureau, world: dict[str, Assignment]) -> None:
    told = {"role": "office_director", "person": bureau.director.pk, "reason": "工作调整"}
    text = bulk(clerk, "change_people", [world["two"], world["fresh"]], **told).content.decode()
    assert "办成 1 件，没有办 1 件" in text
    wrong = bulk(clerk, "change_people", [world["two"]], **{**told, "role": "handler"}).content.decode()
    assert "没有办" in wrong and Assignment.objects.get(pk=world["two"].pk).handler == bureau.handler


def test_urging_goes_on_to_the_page_that_names_whom(clerk: Client, world: dict[str, Assignment]) -> None:
    text = page(clerk, f"{DEEDS}?deed=urge&item={world['four'].pk}&item={world['two'].pk}")
    link = re.search(r'href="(/board/urge/\?[^"]*)"', text)
    assert link and "关于学校" in page(clerk, link.group(1).replace("&amp;", "&"))


@pytest.mark.parametrize("who", ["other_handler", "stranger", "admin", "chief", "handler"])
def test_no_deed_reaches_beyond_ones_sight_or_office(
    sign_in: Callable[[str], Client], world: dict[str, Assignment], who: str
) -> None:
    client, before = sign_in(who), {one.pk: Assignment.objects.get(pk=one.pk).seq for one in world.values()}
    for deed in ("deliver", "change_people", "accept"):
        for answer in (
            client.get(f"{DEEDS}?deed={deed}", {"item": [one.pk for one in world.values()]}),
            bulk(
                client, deed, [world["five"], world["fresh"]], on="2020-07-27", method="post", role="handler"
            ),
        ):
            text = answer.content.decode()
            assert answer.status_code in {200, 404, 409, 422}
            if who in {"other_handler", "stranger", "admin"}:
                assert "关于" not in text
    after = {one.pk: Assignment.objects.get(pk=one.pk).seq for one in world.values()}
    changed = {pk for pk in before if before[pk] != after[pk]}
    assert changed <= ({world["five"].pk} if who == "handler" else set())  # he may deliver his own


def test_nothing_chosen_too_many_or_no_such_deed(clerk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "还没有选中要办的件" in page(clerk, f"{DEEDS}?deed=deliver", 422)
    monkeypatch.setattr("huiyin.web.ledger_deeds.MOST", 3)
    assert "选中了6件，一次最多办3件" in page(clerk, f"{DEEDS}?deed=deliver&all=1", 422)
    assert "应写成" in page(clerk, f"{DEEDS}?deed=deliver&all=1&due_on_from=x", 422)
    page(clerk, f"{DEEDS}?deed=sign", 404)
    page(clerk, f"{DEEDS}?deed=accept", 404)  # the clerk signs nothing in


def test_the_page_has_no_style_or_script_of_its_own(clerk: Client) -> None:
    for url in (
        LEDGER,
        f"{LEDGER}?more=1&group=part&open=co",
        f"{LEDGER}columns/",
        f"{VIEWS}?q=1",
        f"{DEEDS}?deed=deliver&all=1",
    ):
        text = page(clerk, url)
        assert " style=" not in text and "<script>" not in text and "onclick" not in text
    assert {one.key for one in ON_PAGE} >= {"number", "title", "status", "due_on"}
    assert reverse("ledger") == LEDGER


def test_archive_number_and_note_are_kept_for_the_ledger(
    clerk: Client, sign_in: Callable[[str], Client], world: dict[str, Assignment]
) -> None:
    url = reverse("deed", args=[world["five"].pk, "note"])
    told = {"archive_number": " 2020-B-017 ", "words": "=原件在档案室", "key": str(uuid.uuid4())}
    assert clerk.post(url, told).status_code == 302
    item = Assignment.objects.get(pk=world["five"].pk)
    assert (item.archive_number, item.note) == ("2020-B-017", "=原件在档案室")
    assert item.events.latest("seq").text == "归档号：2020-B-017；备注：=原件在档案室"
    assert listed(page(clerk, f"{LEDGER}?archive_number=B-017&note=档案室")) == ["7"]
    assert "都没有改动" in clerk.post(url, {**told, "key": str(uuid.uuid4())}).content.decode()
    assert clerk.post(url, {"archive_number": "", "words": "长" * 501}).status_code == 422
    for who, code in (("chief", 409), ("other_handler", 404), ("stranger", 404)):
        assert sign_in(who).post(url, told).status_code == code


def test_what_people_wrote_is_shown_as_words(bureau: Bureau, clerk: Client) -> None:
    said = "<b onclick=x>\"'&"
    bureau.register(number="9<i>", title=f"关于{said}的建议", lead=said, text=said)
    text = page(clerk, f"{LEDGER}?cols={','.join(one.key for one in COLUMNS)}&q=onclick&more=1")
    assert "<b onclick" not in text and "9<i>" not in text
    assert text.count("&lt;b onclick=x&gt;") >= 3 and "9&lt;i&gt;" in text
    assert "<b onclick" not in page(clerk, f"{LEDGER}?title=<b onclick=x>&group=part&open=lead")


def test_an_item_is_under_the_ledger_and_an_act_under_the_board(
    clerk: Client, world: dict[str, Assignment]
) -> None:
    item = world["four"]
    for path, entry in (
        (reverse("item", args=[item.pk]), "ledger"),
        (reverse("deed", args=[item.pk, "contact"]), "ledger"),
        (reverse("supervision"), "board"),
        (reverse("desk"), "desk"),
    ):
        assert f'<a href="{reverse(entry)}" aria-current="page"><span>' in page(clerk, path), path
