"""起草页的编辑框: what is typed, pasted, written without a line or by two at once is all there afterwards."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.journeys.conftest import House, Visit, screenshot

pytestmark = [pytest.mark.journey, pytest.mark.xdist_group("site")]
NUMBER, HANDLER = "039", "黄小玲"  # of the demo year: being handled, nothing written yet
NASTY = (
    "您好。\n【南康区人民政府·答1、3】已完成征收。\n【南康区人民政府第2次】又补充。\n【答2】通道。\n|序号|项目|\n|1|港站，二期|\n\n|丙|\n|3|\n"
    "【1】不是来源\n依据【2020】15号\n（一）小标题\n“引号”…—〔2020〕\n感谢。"
)
WORD = """<html><head><style>p{color:red}</style></head><body><p class=MsoNormal style="mso-pagination:none"><b>二、</b>
<span style="font-size:20pt">关于道路</span><o:p></o:p></p><p>正文<script>window.bad=1</script>段落<img src="/x.png"></p>
<table><tr><td><p>甲</p></td><td>乙</td></tr></table></body></html>"""


def opened(house: House) -> Visit:
    who = house(HANDLER)
    who.item(NUMBER)
    who.open(who.places[NUMBER] + "draft/")
    expect(who.page.locator(".ProseMirror")).to_be_visible()
    return who


def text(page: Page) -> str:
    return str(page.locator("textarea[name=body]").input_value())


def put(page: Page, words: str) -> None:
    """As text that came from elsewhere: the editor takes it up."""
    page.evaluate(
        "(words) => { const a = document.querySelector('textarea[name=body]'); a.value = words;"
        " a.dispatchEvent(new Event('input', {bubbles: true})); }",
        words,
    )


def end(page: Page) -> None:
    page.locator(".ProseMirror").click()
    page.keyboard.press("Control+End")


def test_what_is_written_in_the_editor_is_saved_by_itself(house: House) -> None:
    page = opened(house).page
    put(page, "")
    end(page)
    page.keyboard.type("您提出的建议收悉。")
    page.keyboard.press("Enter")
    page.locator("[data-do=one]").click()
    page.keyboard.type("关于施工")
    page.keyboard.press("Enter")
    page.locator("[data-do=table]").click()
    for words in ("序号", "矿点", "面积", "1", "岭北", "206亩"):
        page.keyboard.type(words)
        page.keyboard.press("Tab")
    page.locator("[data-do=drop-row]").click()
    expect(page.locator("#kept")).to_contain_text("已自动保存", timeout=15_000)
    page.wait_for_timeout(4000)
    asked: list[str] = []

    def asks(one: Dialog) -> None:
        asked.append(one.type)
        one.accept()

    page.on("dialog", asks)
    page.reload()
    page.remove_listener("dialog", asks)
    assert not asked  # nothing is left that could be lost
    assert text(page) == "您提出的建议收悉。\n一、关于施工\n|序号|矿点|面积|\n|1|岭北|206亩|"
    screenshot(page, "draft.png")


def test_any_text_comes_out_of_the_editor_as_it_went_in(house: House) -> None:
    page = opened(house).page
    put(page, NASTY)
    end(page)
    page.keyboard.type("又")
    assert text(page) == NASTY + "又"


def test_of_what_is_pasted_only_words_paragraphs_and_tables_stay(house: House) -> None:
    page = opened(house).page
    put(page, "开头。")
    end(page)
    page.keyboard.press("Enter")
    page.keyboard.type("接")
    page.evaluate(
        "(html) => { const d = new DataTransfer(); d.setData('text/html', html); d.setData('text/plain', 'x');"
        " document.querySelector('.ProseMirror').dispatchEvent(new ClipboardEvent('paste', {clipboardData: d, bubbles: true, cancelable: true})); }",
        WORD,
    )
    assert text(page) == "开头。\n接二、 关于道路\n正文段落\n|甲|乙|"
    assert page.evaluate("window.bad") is None
    expect(page.locator("#editor-note")).to_contain_text("去掉了原来的格式")


def test_a_lost_line_loses_nothing(house: House) -> None:
    page = opened(house).page
    put(page, "有线时写的。")
    expect(page.locator("#kept")).to_contain_text("已自动保存", timeout=15_000)
    page.context.set_offline(True)
    end(page)
    page.keyboard.type("断线时写的。")
    expect(page.locator("#kept")).to_contain_text("已存在本机", timeout=15_000)
    # The line comes back only after the page is gone: what is there then is what this browser kept.
    page.evaluate("() => { window.fetch = () => new Promise(() => {}); }")
    page.once("dialog", lambda asked: asked.accept())  # the page asks before typed text is left behind
    page.context.set_offline(False)
    page = opened(house).page
    page.get_by_role("button", name="恢复本机的内容").click()
    expect(page.locator("#kept")).to_contain_text("已自动保存", timeout=15_000)
    page.reload()
    assert text(page) == "有线时写的。断线时写的。"
    house.faults.clear()  # the line was cut on purpose


def test_two_who_write_at_once_lose_no_word(house: House) -> None:
    one = opened(house).page
    put(one, "第一段。\n第二段。\n第三段。")
    expect(one.locator("#kept")).to_contain_text("已自动保存", timeout=15_000)
    house.phone = (HANDLER,)
    other = opened(house).page
    put(one, "第一段，一改。\n第二段。\n第三段。")
    expect(one.locator("#kept")).to_contain_text("已自动保存", timeout=15_000)
    one.wait_for_timeout(4000)
    put(other, "第一段。\n第二段。\n第三段，二改。")
    expect(other.locator("#kept")).to_contain_text("已并入", timeout=15_000)
    expect(other.locator(".ProseMirror")).to_contain_text("第一段，一改。")
    put(one, "第一段，一改。\n第二段，一再改。\n第三段。")
    one.wait_for_timeout(5000)
    put(other, "第一段，一改。\n第二段，二也改。\n第三段，二改。")
    expect(other.locator("#kept")).to_contain_text("保存过此稿", timeout=15_000)
    other.get_by_role("button", name="保存", exact=True).click()
    expect(other.locator("main")).to_contain_text("正文栏里已是合并后的文字")
    assert text(other) == "第一段，一改。\n第二段，二也改。\n第二段，一再改。\n第三段，二改。"
    house.faults.clear()  # 409 is the answer meant
