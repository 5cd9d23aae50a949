"""The product as a visitor has it: its own process, its own data folder, Chromium in front."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    FilePayload,
    Locator,
    Page,
    Response,
    ViewportSize,
    expect,
    sync_playwright,
)

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PAPER: FilePayload = {"name": "扫描件.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF"}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ends with its module: Playwright keeps an event loop in this process, in which Django would refuse its database."""
    if CHROMIUM is None:
        if os.environ.get("HUIYIN_CI"):
            pytest.fail("Chromium is missing: in CI the journeys may not be skipped")
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """`huiyin demo` on an empty folder and a free port; yields its address. One for all journeys: they are of one
    xdist group and each walks items of its own, as many do at one time in use."""
    env = {**os.environ, "HUIYIN_DEMO": "1", "HUIYIN_DATA": str(tmp_path_factory.mktemp("demo"))}
    for name in ("HUIYIN_DATABASE", "DJANGO_SETTINGS_MODULE"):
        env.pop(name, None)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "huiyin", "demo", "--port", str(port)], env=env)
    try:
        _wait(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(3000):
        assert process.poll() is None, "huiyin demo ended before it served"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise AssertionError("huiyin demo did not serve within five minutes")


@dataclass
class Visit:
    """One person at a browser. Every page is watched: no error page, no script error, nothing from outside."""

    page: Page
    site: str
    places: dict[str, str]  # of the items somebody has found

    def open(self, path: str) -> Page:
        self.page.goto(self.site + path)
        return self.page

    def item(self, number: str) -> Page:
        """Found as a user finds it: by the search box at the top of any page, until its address is known."""
        if number in self.places:
            self.open(self.places[number])
            if self.status().inner_text() != "已转下一轮":
                return self.page
        self.open("/ledger/")
        self.page.locator("#q-top").fill(number)
        self.page.locator("#q-top").press("Enter")
        row = self.page.locator("tr[data-row]", has=self.page.locator("td.number", has_text=number))
        row = row.filter(has_not=self.page.get_by_text("已转下一轮"))
        row.locator("td a").first.click()
        self.page.wait_for_url(re.compile(r"/items/\d+/$"))
        self.places[number] = self.page.url.removeprefix(self.site)
        return self.page

    def deed(self, button: str, **values: Any) -> Page:
        """From the item's page: press the button, fill the form, send it."""
        self.page.get_by_role("link", name=button).first.click()
        self.fill(**values)
        self.page.locator("main form button[type=submit].main").click()
        return self.page

    def fill(self, **values: Any) -> None:
        for name, value in values.items():
            field = self.page.locator(f"main [name={name}]")
            if field.first.get_attribute("type") == "radio":
                coded = self.page.locator(f"main [name={name}][value='{value}']")
                told = self.page.locator(f"main label:has([name={name}])", has_text=str(value)).locator(
                    "input"
                )
                (coded if coded.count() else told).check()
            elif field.first.get_attribute("type") == "file":
                field.set_input_files(PAPER if value is True else value)
            elif field.first.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=value)
            else:
                self.page.wait_for_load_state()  # the editor takes the place of the text only when its script has run
                plain = self.page.get_by_role("button", name="纯文本")
                if name == "body" and plain.is_visible():
                    plain.click()
                field.fill(value)

    def status(self) -> Locator:
        return self.page.locator(".strip b").first

    def said(self, words: str) -> None:
        expect(self.page.locator(".messages")).to_contain_text(words)


@dataclass
class House:
    """Everybody's browsers. `house("陈永明")` is him at his own machine, signed in since he first came: one for his
    desk, one for his telephone, and one without scripts."""

    chromium: Browser
    site: str
    open: dict[tuple[str, bool, bool], tuple[BrowserContext, Visit]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    phone: tuple[str, ...] = ()
    scripts: bool = True

    def __call__(self, name: str) -> Visit:
        machine = name, name in self.phone, self.scripts
        if machine not in self.open:
            wide: ViewportSize = {"width": 1366, "height": 900}
            small: ViewportSize = {"width": 390, "height": 844}
            context = self.chromium.new_context(
                viewport=small if name in self.phone else wide,
                locale="zh-CN",
                java_script_enabled=self.scripts,
            )
            page = context.new_page()
            page.set_default_timeout(10_000)
            page.on("pageerror", lambda error: self.faults.append(f"{name}: {error}"))
            page.on("console", lambda said: self._console(name, said))
            page.on("request", lambda asked: self._outside(asked.url))
            page.on("response", self._broken)
            visit = Visit(page, self.site, self.places)
            visit.open("/demo/")
            page.get_by_role("button", name=name).click()
            self.open[machine] = (context, visit)
        return self.open[machine][1]

    def _console(self, name: str, said: Any) -> None:
        if said.type == "error" and "Failed to load resource" not in said.text:
            self.faults.append(f"{name}: {said.text}")

    def _broken(self, got: Response) -> None:
        if got.status >= 500:
            self.faults.append(f"{got.status} {got.url}")

    def _outside(self, url: str) -> None:
        if not url.startswith((self.site, "data:", "blob:")):
            self.faults.append(f"asked outside: {url}")

    # The walks that several journeys share; every deed is a press of a button by its own person.

    def register(self, number: str, **changes: Any) -> Visit:
        clerk = self("刘晓琴")
        clerk.open("/intake/register/")
        facts = {
            "meeting": clerk.page.locator("#id_meeting option").first.inner_text(),
            "number": number, "title": f"关于第{number}项测试事项的建议", "lead": "甘霖", "delegation": "章贡代表团",
            "text": "一是统筹安排用地。二是打通断头路。", "category": "市政交通规划", "organ": "赣州市人民政府办公室",
        }  # fmt: skip
        clerk.fill(**{**facts, **changes})
        clerk.page.get_by_role("button", name="登记").last.click()
        clerk.said(f"已登记第{number}号")
        return clerk

    def accepted(self, number: str, **changes: Any) -> Visit:
        """登记、拟办、交办关两签、科室签收; the handler at the item's page."""
        self.register(number, **changes)
        self.assigned(number)
        self.does("罗志明", number, "签收")
        return self.at("李慧敏", number)

    def assigned(self, number: str) -> None:
        self.does("刘晓琴", number, "提出拟办意见", section="国土空间规划科", handler="李慧敏")
        for name in ("曾建平", "黄志远"):
            self.does(name, number, "通过")

    def at(self, name: str, number: str) -> Visit:
        visit = self(name)
        visit.item(number)
        return visit

    def does(self, name: str, number: str, button: str, **values: Any) -> Visit:
        visit = self.at(name, number)
        visit.deed(button, **values)
        visit.said(f"第{number}号")
        return visit

    def contact(self, number: str) -> None:
        self.does("李慧敏", number, "登记沟通", method="走访", content="当面听取意见。", view="盼早日通车。")

    def draft(self, number: str, **values: Any) -> Visit:
        visit = self.at("李慧敏", number)
        visit.page.get_by_role("link", name="起草").click()
        body = "您提出的建议收悉。现答复如下：\n一、关于用地\n我局已列入计划，六月底前完成报批。\n感谢您的关心和支持。"
        visit.fill(body=body, **values)
        visit.page.get_by_role("button", name="保存，去送审").click()
        return visit

    def submitted(self, number: str, **values: Any) -> None:
        visit = self.draft(number, **values)
        visit.page.locator("main form button.main").click()
        visit.said("已送审")

    def review(self, number: str, *, answers: bool = True) -> None:
        line = ("罗志明", "刘晓琴", "曾建平", "邓丽娟", "黄志远")
        for name in line if answers else line[:-1]:
            self.does(name, number, "审核通过")
        self.does("陈永明" if answers else "黄志远", number, "签发")

    def answered(self, number: str, **values: Any) -> None:
        """From the draft to the reply in the deputy's hands."""
        self.submitted(number, outcome_class=values.pop("outcome_class", "A类：已经解决或者采纳"), **values)
        self.review(number)
        self.does("刘晓琴", number, "登记送达", method="in_person", scan=True)

    def evaluated(self, number: str, outcome: str, **values: Any) -> Visit:
        return self.does(
            "刘晓琴", number, "登记评价", attitude="satisfied", outcome=outcome, scan=True, **values
        )


@pytest.fixture(scope="module")
def everybody(chromium: Browser, site: str) -> Iterator[House]:
    house = House(chromium, site)
    yield house
    for context, _ in house.open.values():
        context.close()


@pytest.fixture
def house(everybody: House) -> Iterator[House]:
    everybody.phone, everybody.scripts = (), True
    everybody.faults.clear()
    yield everybody
    assert not everybody.faults, everybody.faults


def screenshot(page: Page, name: str) -> None:
    """Kept when HUIYIN_SHOTS names a folder: the pictures of the documentation are made so."""
    if folder := os.environ.get("HUIYIN_SHOTS"):
        page.screenshot(path=Path(folder) / name, full_page=True)
