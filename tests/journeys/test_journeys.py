"""走一遍：whole items walked in Chromium by the people they name, each signed in as himself."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import House, screenshot

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]


def test_a_lead_item_from_the_register_to_closed(house: House) -> None:
    house.phone = ("曾建平", "黄志远", "邓丽娟", "陈永明")  # leaders sign on the telephone
    handler = house.accepted("0901")
    handler.page.get_by_role("link", name="起草").click()
    handler.fill(body="先写一段。")
    handler.page.get_by_role("button", name="保存，去送审").click()
    expect(handler.page.locator(".refusal")).to_contain_text("沟通")  # 与代表沟通在前，起草答复在后
    house.contact("0901")
    house.submitted("0901", outcome_class="A类：已经解决或者采纳", disclosure="主动公开")
    house.does("罗志明", "0901", "审核通过")
    house.does("刘晓琴", "0901", "退改", reason="第二点没有写完成时间，请补写。")
    again = house.at("李慧敏", "0901")
    expect(again.status()).to_have_text("办理中")
    again.page.get_by_role("link", name="起草").click()
    expect(again.page.locator(".card.red")).to_contain_text("第二点没有写完成时间")
    again.fill(
        body="您提出的建议收悉。现答复如下：\n一、用地\n六月底前完成报批。\n二、断头路\n"
        "我局已与市交通运输局商定，九月底前打通。\n感谢您的关心和支持。"
    )
    again.page.get_by_role("button", name="保存，去送审").click()
    again.page.locator("main form button.main").click()
    house.at("罗志明", "0901").page.get_by_role("link", name="审核通过").first.click()
    signer = house("罗志明").page
    expect(signer.locator("ins").first).to_be_visible()  # what changed since he last read it
    signer.locator("main form button.main").click()
    for name in ("刘晓琴", "曾建平", "邓丽娟", "黄志远"):
        house.does(name, "0901", "审核通过")
    chief = house.at("陈永明", "0901")
    chief.page.get_by_role("link", name="签发").first.click()
    screenshot(chief.page, "sign-phone.png")
    chief.page.locator("main form button.main").click()
    expect(chief.page.locator("main")).to_contain_text(re.compile(r"赣市自然资字〔\d{4}〕\d+号"))
    house.does("刘晓琴", "0901", "登记送达", method="in_person", scan=True)
    house.evaluated("0901", "satisfied")
    expect(house.at("李慧敏", "0901").status()).to_have_text("办结")
    with house("李慧敏").page.expect_download() as got:
        house("李慧敏").page.get_by_role("link", name="下载公文").click()
    assert got.value.path().read_bytes()[:2] == b"PK"


def test_a_co_handled_item(house: House) -> None:
    house.accepted("0902", part="co", lead_unit="市交通运输局")
    house.submitted("0902")
    house.review("0902", answers=False)
    clerk = house.does("刘晓琴", "0902", "送主办单位", method="electronic")
    expect(clerk.status()).to_have_text("办结")
    expect(clerk.page.locator("main")).to_contain_text(re.compile(r"赣市自然资函〔\d{4}〕\d+号"))


def test_co_handlers_opinions_go_into_the_reply_with_their_source(house: House) -> None:
    house.accepted("0906")
    house.contact("0906")
    handler = house.at("李慧敏", "0906")
    handler.page.get_by_role("link", name="请协办单位提意见").click()
    handler.page.get_by_label("市交通运输局").check()
    handler.page.locator("main form button.main").click()
    house.does("李慧敏", "0906", "登记协办意见", body="断头路已列入今年市政道路计划。", scan=True)
    handler = house.at("李慧敏", "0906")
    handler.page.get_by_role("link", name="起草").click()
    handler.page.get_by_role("button", name="保存并插入正文").click()
    expect(handler.page.locator("textarea[name=body]")).to_have_value(
        re.compile("【市交通运输局】断头路已列入")
    )
    house.does("李慧敏", "0906", "标注采纳情况", use="adopted")


def test_a_returned_item(house: House) -> None:
    house.register("0903")
    house.assigned("0903")
    house.does("罗志明", "0903", "申请退办", reason="职责在市交通运输局，不在我局。")
    house.does(
        "刘晓琴",
        "0903",
        "报交办机关退办",
        reason="职责不在我局，见“三定”规定。",
        proposed_unit="市交通运输局",
    )
    clerk = house.does("刘晓琴", "0903", "登记交办机关同意退办", note="改由市交通运输局承办。", scan=True)
    expect(clerk.status()).to_have_text("已退办")


def test_dissatisfied_and_handled_again(house: House) -> None:
    house.accepted("0904")
    house.contact("0904")
    house.answered("0904", disclosure="主动公开")
    clerk = house.evaluated("0904", "dissatisfied", reason="断头路何时打通没有答。")
    expect(clerk.status()).to_have_text("不满意待重办")
    clerk.deed("开始重新办理", scan=True)
    clerk.said("第0904号")
    expect(clerk.page.locator(".item-head")).to_contain_text("第2轮")
    expect(clerk.page.locator(".crumbs")).to_contain_text("第1轮")
    house.assigned("0904")
    house.does("罗志明", "0904", "签收")
    house.contact("0904")
    house.answered("0904", disclosure="主动公开")
    clerk = house.evaluated("0904", "satisfied")
    expect(clerk.status()).to_have_text("办结")


def test_a_promise_is_asked_for_kept_and_turns_b_into_a(house: House) -> None:
    house.accepted("0905")
    house.contact("0905")
    b_class = "B类：正在解决或者列入计划逐步解决"
    refused = house.draft("0905", outcome_class=b_class, disclosure="主动公开")
    expect(refused.page.locator(".refusal")).to_contain_text("承诺")
    due = "2099-12-31"
    house.does("李慧敏", "0905", "列承诺事项", content="打通断头路并通车", due_on=due)
    house.answered("0905", outcome_class=b_class, disclosure="主动公开")
    clerk = house.evaluated("0905", "satisfied")
    expect(clerk.status()).to_have_text("承诺跟踪")
    handler = house.at("李慧敏", "0905")
    handler.deed("登记承诺进展", body="道路验收通车。", state="fulfilled")
    expect(handler.page.locator(".refusal, .errorlist").first).to_be_visible()  # kept needs its evidence
    today = handler.page.locator("[name=on]").input_value()
    handler.fill(evidence=True, informed_on=today)
    handler.page.locator("main form button.main").click()
    expect(handler.status()).to_have_text("办结")
    handler.deed("B类转A类", reason="道路已通车，代表到现场看过。", evidence=True)
    expect(handler.page.locator("main")).to_contain_text("B类转A类")
    expect(handler.page.locator(".item-head")).to_contain_text("A 类")


def test_a_double_click_is_one_deed_and_a_second_sender_is_told(house: House) -> None:
    clerk = house.register("0907")
    clerk.deed("提出拟办意见", section="国土空间规划科", handler="李慧敏")
    director = house.at("曾建平", "0907")
    director.page.get_by_role("link", name="通过").first.click()
    second = director.page.context.new_page()  # the same form in a second window
    second.goto(director.page.url)
    director.page.locator("main form button.main").dblclick()
    director.said("第0907号")
    second.locator("main form button.main").click()
    expect(second.locator(".messages .warning, .refusal").first).to_be_visible()
    second.close()
    trail = house.at("刘晓琴", "0907").page.locator(".timeline")
    expect(trail.get_by_text("曾建平 交办关通过")).to_have_count(1)


def test_two_who_write_the_same_draft_lose_nothing(house: House) -> None:
    house.accepted("0908")
    house.contact("0908")
    first = house.at("李慧敏", "0908")
    first.page.get_by_role("link", name="起草").click()
    other = first.page.context.new_page()
    other.goto(first.page.url)
    for page in (first.page, other):
        page.get_by_role("button", name="纯文本").click()
    other.locator("textarea[name=body]").fill("另一个窗口写的一段。")
    other.get_by_role("button", name="保存", exact=True).click()
    first.page.locator("textarea[name=body]").fill("我在这个窗口写的一段。")
    first.page.get_by_role("button", name="保存", exact=True).click()
    expect(first.page.locator("textarea[name=body]")).to_have_value(
        "我在这个窗口写的一段。\n另一个窗口写的一段。"
    )
    expect(first.page.locator(".diff")).to_contain_text("另一个窗口")
    other.close()


def test_without_javascript(house: House) -> None:
    house.scripts = False
    house.accepted("0909", part="co", lead_unit="市水利局")
    house.submitted("0909")
    house.review("0909", answers=False)
    clerk = house.does("刘晓琴", "0909", "送主办单位", method="post")
    expect(clerk.status()).to_have_text("办结")
