"""The main road in a real browser: filing by keyboard, a notice, a refusal on a phone, the wall."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import PHONE, TV

pytestmark = pytest.mark.browser
ITEM = "科普教育基地认定"


def choose(page: Any, group: str, label: str) -> None:
    """Pick a segment of a bar of choices by its words."""
    page.locator(f"{group} label", has_text=label).first.click()


def send_entry(page: Any, matter: str, disposition: str, client: str) -> None:
    """Fill in and send a first-ask entry for the item."""
    page.goto("/")
    page.fill("#matter", matter)
    page.locator("#suggest [role=option]", has_text=ITEM).click()
    choose(page, "#disposition", disposition)
    page.locator("#first-ask details.more summary").click()
    page.fill("#client_name", client)
    page.click("#first-ask button[type=submit]")


def file_entry(page: Any, matter: str, disposition: str, client: str) -> str:
    """File a first-ask entry for the item from the home page; returns the address of the entry."""
    send_entry(page, matter, disposition, client)
    page.locator("#quick .last").wait_for()
    return str(page.locator("#today li a").first.get_attribute("href"))


def open_case(page: Any, entry: str) -> str:
    """Go from an entry to its case; returns the case's address."""
    page.goto(entry)
    follow(page, page.locator("main a.b", has_text="办件 "))
    return str(page.url)


def follow(page: Any, link: Any) -> None:
    """Click a link and wait for its page: what is asked next is asked of the new page."""
    with page.expect_navigation():
        link.click()


def press(page: Any, name: str) -> None:
    """Press a button of the page's own part by its words and wait for the page that follows."""
    with page.expect_navigation():
        page.locator("main").get_by_role("button", name=name, exact=True).click()


def agree(page: Any) -> None:
    """Answer the confirm dialog."""
    with page.expect_navigation():
        page.click("#confirm [data-answer=yes]")


def state_of(page: Any, case: str) -> str:
    """The state that a case's page shows."""
    page.goto(case)
    return str(page.locator(".pagehead .st").first.inner_text())


def test_file_by_keyboard(person: Callable[..., Any]) -> None:
    """F-2: a usual entry takes at most 12 key presses besides the text; undo is at hand (J-3)."""
    page = person("clerk").new_page()
    file_entry(page, "kpjd", "当场答复", "张晓光")  # the list of today must keep what stands in it
    page.goto("/")
    before = page.locator("#today li[id]").count()
    presses = 0

    def key(*names: str) -> None:
        nonlocal presses
        page.keyboard.press("+".join(names))
        presses += len(names)

    key("/")
    page.keyboard.type("kpjd")
    page.locator("#suggest [role=option]", has_text=ITEM).wait_for()
    key("Enter")
    assert page.input_value("#matter") == ITEM
    key("1")
    key("Control", "Enter")
    page.locator("#quick .last", has_text=ITEM).wait_for()
    assert presses <= 12
    today = page.locator("#today li[id]")
    assert today.count() == min(before + 1, 6)  # the list keeps the newest six
    assert ITEM in today.first.inner_text()
    assert "当场答复" in today.first.inner_text()
    assert page.evaluate("document.activeElement.id") == "matter"
    assert page.input_value("#matter") == ""
    entry = today.first.locator("a").get_attribute("href")
    page.get_by_role("button", name="撤销", exact=True).click()
    page.locator("#quick .last").wait_for(state="detached")
    page.goto(entry)
    assert page.locator(".pagehead .st").inner_text() == "已撤销"


def test_notice_and_supplement(person: Callable[..., Any]) -> None:
    """N-1, T-4: what is missing is told once, handed in, and the case is completed."""
    page = person("clerk").new_page()
    case = open_case(page, file_entry(page, "kpjd", "收件办理", "张晓光"))
    follow(page, page.locator("main a", has_text="一次性告知").first)
    rows = page.locator(".nt-row")
    assert rows.count() == 4
    for n, (choice, reason) in enumerate([("已收到", ""), ("缺少", "没有带来"), ("缺少", "没有带来"), ("未交", "")]):
        rows.nth(n).locator(".seg label").nth({"已收到": 0, "缺少": 1, "未交": -1}[choice]).click()
        if reason:
            rows.nth(n).locator(".nt-why input").fill(reason)
    page.fill("#next_visit", "工作日上午，一楼三号窗口")
    choose(page, "#form", "书面")
    press(page, "告知")
    assert "/notices/" in page.url
    assert "没有带来" in page.locator("main").inner_text()
    assert "补正" in state_of(page, case)
    follow(page, page.locator("main a", has_text="补正收件"))
    boxes = page.locator("#materials input[type=checkbox]")
    for n in range(boxes.count()):
        boxes.nth(n).check()
    press(page, "登记")
    assert state_of(page, case) == "已受理"
    page.locator("#act-complete summary").click()
    page.fill("#complete-text", "已认定，批复已送达。")
    press(page, "办结")
    assert state_of(page, case) == "已办结"
    assert "已认定，批复已送达。" in page.locator("main").inner_text()


def test_refusal_on_a_phone(person: Callable[..., Any]) -> None:
    """D-1, D-3, D-7: the clerk files, the leader agrees on a phone, the written decision closes the case."""
    page = person("clerk").new_page()
    send_entry(page, "kpjd", "拟否定", "李文海")
    page.wait_for_url("**/cases/*/denial-filing")
    case = page.url.removesuffix("/denial-filing")
    choose(page, "#refusal", "不予受理")
    choose(page, "#ground", "不符合法定条件")
    page.fill("#situation", "申请场地面积不足，未对公众开放。")
    page.fill("#reason", "不满足开放天数的条件。")
    page.fill("#basis", "科普基地管理办法第八条第二项")
    page.fill("#alternatives", "开放满一年后再次申请")
    page.fill("#department_opinion", "拟不予受理。")
    press(page, "报备")
    filing = page.url
    assert "/denial-filings/" in filing
    assert page.locator("main a", has_text="出具书面决定").count() == 0
    assert state_of(page, case) != "已否定"

    phone = person("leader", PHONE).new_page()
    phone.goto("/denial-filings")
    follow(phone, phone.locator(f"a[href*='{filing.rsplit('/', 1)[1]}']").first)
    phone.locator("#opinion").fill("同意科室意见，做好解释。")
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="同意否定意见").click()
    assert ITEM in phone.locator("#confirm-q").inner_text()
    agree(phone)
    phone.goto(filing)
    assert "同意科室意见，做好解释。" in phone.locator("#filing").inner_text()
    assert phone.locator("#decide").count() == 0

    page.goto(filing)
    follow(page, page.locator("main a", has_text="出具书面决定"))
    page.locator("main").get_by_role("button", name="出具书面决定").click()
    agree(page)
    assert state_of(page, case) == "已否定"


def test_wall(person: Callable[..., Any], browser_of: Callable[..., Any]) -> None:
    """W-1, W-2: a paired screen shows each change within its poll, costs a 304 otherwise, and names no client."""
    screen = browser_of(TV).new_page()
    answers: list[int] = []
    screen.on("response", lambda r: answers.append(r.status) if r.url.endswith("/wall/board") else None)
    screen.goto("/wall")
    code = screen.locator("#pairing .code").inner_text()
    desk = person("office").new_page()
    desk.goto("/wall/displays")
    desk.fill("#code", code)
    desk.fill("#name", "大厅屏")
    press(desk, "连接")
    screen.locator("#wall").wait_for()
    asked = screen.locator("#t-asked b")
    before = int(re.sub(r"\D", "", asked.inner_text()))
    every = int(re.search(r"every (\d+)s", screen.locator("#wall").get_attribute("hx-trigger"))[1])  # type: ignore[index]

    clerk = person("clerk").new_page()
    file_entry(clerk, "kpjd", "收件办理", "欧阳清远")
    answers.clear()
    screen.wait_for_function(
        "n => parseInt(document.querySelector('#t-asked b').textContent) === n", arg=before + 1, timeout=every * 2000
    )
    assert answers.count(200) >= 1
    shown = screen.content()
    assert "欧阳清远" not in shown
    # The minute is part of what the wall shows; a poll in the same minute learns that nothing has changed.
    with screen.expect_response(lambda r: r.url.endswith("/wall/board") and r.status == 304, timeout=every * 4000):
        pass
    assert screen.locator("#wall").count() == 1
