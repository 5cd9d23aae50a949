"""领导看数字: the board on a telephone, the pictures drawn under the strict policy, a number opened to its items."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import House, screenshot

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]

INKED = """() => [...document.querySelectorAll('[data-chart] canvas')].map(canvas => {
  const data = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data;
  let inked = 0;
  for (let at = 3; at < data.length; at += 4) { if (data[at]) { inked += 1; } }
  return inked;
})"""


def test_the_pictures_are_drawn_and_a_number_opens_its_items(house: House) -> None:
    chief = house("陈永明")
    screenshot(chief.open("/figures/board/"), "leaders-board.png")
    page = chief.open("/figures/analysis/")
    charts = page.locator("[data-chart]")
    expect(charts.first).to_be_visible()
    inked = page.evaluate(INKED)
    assert len(inked) == charts.count() >= 7 and min(inked) > 500, (
        inked
    )  # faults of the page fail the journey
    screenshot(page, "analysis.png")
    cell = page.locator("section", has_text="全年进度").locator("td a").first
    size = cell.inner_text()
    cell.click()
    expect(page.locator("main")).to_contain_text("前交办的件")
    expect(page.locator("main")).to_contain_text(f"{size} 件")


def test_the_board_fits_a_telephone_and_is_whole_without_scripts(house: House) -> None:
    house.phone = ("陈永明",)
    house.scripts = False
    page = house("陈永明").open("/figures/board/")
    assert page.locator(".figures.big a").count() == 6
    for path in ("/figures/", "/figures/analysis/"):
        page = house("陈永明").open(path)
        expect(page.locator("table").first).to_be_visible()
        assert page.locator("canvas").count() == 0
