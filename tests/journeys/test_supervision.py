"""督办走一遍: a late item is seen, urged, answered on a telephone, and settled."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import House, screenshot

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
LATE = "128"  # of the demo year: past its date, in 张国栋's hands


def test_a_warning_is_seen_the_handler_is_urged_answers_and_the_clerk_settles(house: House) -> None:
    house.phone = ("张国栋",)
    clerk = house("刘晓琴")
    clerk.open("/board/")
    row = clerk.page.locator("tr[data-row]", has=clerk.page.locator("td.number", has_text=LATE)).first
    expect(row).to_contain_text("■ 逾期")
    expect(row).to_contain_text("张国栋")
    screenshot(clerk.page, "board.png")
    _urge(house)
    number = clerk.page.locator("h1").inner_text().split()[-1]
    handler = house("张国栋")
    handler.open("/")
    handler.page.locator("tr[data-row]", has_text=f"答复{number}").get_by_role(
        "link", name="答复", exact=True
    ).click()
    handler.page.locator("[name=body]").fill("稿本已写完，明天送审。")
    assert handler.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    screenshot(handler.page, "errand-phone.png")
    handler.page.get_by_role("button", name="答复督办事项").click()
    handler.said("已答复督办事项")
    expect(handler.page.locator("main")).to_contain_text("待销号")
    clerk.open("/")
    clerk.page.locator("tr[data-row]", has_text=f"给{number}销号").get_by_role("link", name="销号").click()
    expect(clerk.page.locator("main")).to_contain_text(number)
    clerk.page.locator("[name=note]").fill("明天看送审。")
    clerk.page.get_by_role("button", name="销号").click()
    clerk.said("已销号")
    expect(clerk.page.locator("main")).to_contain_text("稿本已写完，明天送审。")
    expect(clerk.page.locator("main")).to_contain_text("已销号")


def _urge(house: House) -> None:
    """From the board, to who has it; a second urging waits for the answer to the first, so that is answered before."""
    clerk, handler = house("刘晓琴"), house("张国栋")
    handler.open("/supervision/?show=mine")
    while handler.page.get_by_role("link", name="去办").count():
        handler.page.get_by_role("link", name="去办").first.click()
        handler.page.locator("[name=body]").first.fill("正在办。")
        handler.page.get_by_role("button", name="答复督办事项").first.click()
        handler.said("已答复督办事项")
        handler.open("/supervision/?show=mine")
    clerk.open("/board/")
    clerk.page.locator("tr[data-row]", has=clerk.page.locator("td.number", has_text=LATE)).first.get_by_role(
        "link", name="催办"
    ).click()
    expect(clerk.page.locator("[name=whom]:checked")).to_have_count(1)
    clerk.page.get_by_role("button", name="发催办单").click()
    clerk.said("已发催办〔")


def test_without_scripts_all_late_items_are_urged_in_one_act(house: House) -> None:
    house.scripts = False
    director = house("曾建平")
    director.open("/board/items/?figure=open")
    director.page.get_by_role("link", name="催办这些件").click()
    boxes = director.page.locator("[name=whom]")
    assert boxes.count() > 3
    for box in boxes.all()[:3]:
        box.check()
    ticked = director.page.locator("[name=whom]:checked").count()
    director.page.get_by_role("button", name="发催办单").click()
    director.said(f"共{ticked}件")
    with director.page.expect_download() as got:
        director.page.get_by_role("link", name="下载催办单").click()
    assert got.value.suggested_filename.startswith("催办单催办〔")
