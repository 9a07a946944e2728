"""C-1, O-6 in a real browser: a stranger finds an item by pinyin, takes its guide, sees where a case stands, and is
stopped after guesses; on a phone, by keyboard, and without JavaScript."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from tests.browser.conftest import PC, PHONE, Known
from tests.browser.test_axe import AXE, violations
from tests.browser.test_journeys import file_entry, follow, open_case, press

pytestmark = pytest.mark.browser

PHONE_NUMBER = "13905431234"


def fits(page: Any) -> None:
    """Nothing of the page lies beyond the screen's side."""
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], page.url


@pytest.fixture(scope="module")
def slips() -> dict[str, str]:
    """The slip of one case, made once."""
    return {}


@pytest.fixture
def slip(person: Callable[..., Any], slips: dict[str, str]) -> tuple[str, str, str]:
    """Number and check code of a receipt, and the address that its QR code opens."""
    if not slips:
        page = person("clerk").new_page()
        case = open_case(page, file_entry(page, "kpjd", "收件办理", "张晓光"))
        page.goto(case)
        page.locator("input[name=positions]").first.check()
        press(page, "登记收到的材料")
        page.goto(f"{case}/receipt")
        number, code = re.search(r"编号：(\S+?)　查验码：(\S+)", page.locator(".doc-no").inner_text()).groups()  # type: ignore[union-attr]
        assert page.locator(".doc-qr svg.qr").count() == 1
        slips.update(number=number, code=code, opened=f"/public/status?number={number}")
        page.close()
    return slips["number"], slips["code"], slips["opened"]


def test_a_stranger_finds_an_item_by_keyboard(browser_of: Callable[..., Any]) -> None:
    """/ → pinyin → the results change as one types → Tab and Enter open the item → its guide."""
    context = browser_of(PC)
    page = context.new_page()
    page.goto("/login")
    page.get_by_role("link", name="办事指南与办件查询").click()
    page.wait_for_url("**/public")
    context.clear_cookies()  # the login page's session
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    page.keyboard.type("kpjd")
    page.locator("#first-t", has_text="科普教育基地认定").wait_for()
    assert page.locator("#results .row1").count() == 0
    page.keyboard.press("Enter")  # plain submission works as well
    page.wait_for_url("**q=kpjd")
    page.locator("#first-t a").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/public/items/SX-001")
    text = page.locator("main").inner_text()
    for words in ("我们承诺", "5", "20 个工作日", "认定申请书", "王敏", "可以投诉"):
        assert words in text
    page.get_by_role("link", name="打印办事指南").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/guide")
    assert "办事指南" in page.locator("h1").inner_text()
    assert page.locator(".doc-qr svg.qr").is_visible()
    assert context.cookies() == []


def test_a_stranger_on_a_phone(
    known: Known, browser_of: Callable[..., Any], slip: tuple[str, str, str], site: str
) -> None:
    """Found, read, asked where a case stands by the slip's QR code; every page fits, also in large type."""
    number, code, opened = slip
    context = browser_of(PHONE)
    context.add_init_script(path=AXE)
    page = context.new_page()
    page.goto("/public")
    page.fill("#q", "kpjd")
    page.locator("#first-t").wait_for()
    fits(page)
    page.locator("#first-t a").click()
    page.wait_for_url("**/items/SX-001")
    fits(page)
    page.locator("summary[aria-label=菜单]").click()
    page.locator(".mnav .panel a", has_text="办件查询").click()
    page.wait_for_url("**/public/status")
    page.goto(opened)
    assert page.input_value("#number") == number
    page.fill("#digits", code.lower())
    page.keyboard.press("Enter")
    page.locator(".stand").wait_for()
    shown = page.locator(".stand").inner_text()
    assert "已收件" in shown
    for private in ("张晓光", "张**", "王敏"):
        assert private not in page.locator("body").inner_text()
    fits(page)
    assert code not in page.url
    assert context.cookies() == []
    page.goto("/public")
    page.get_by_role("link", name="大字版").click()
    page.wait_for_url("**/public")
    assert page.evaluate("document.documentElement.className") == "large"
    for path in ("/public", "/public/items/SX-001", "/public/promise-kept", "/public/about", opened):
        page.goto(path)
        fits(page)
    assert {c["name"] for c in context.cookies()} == {"large_type"}
    faults = violations(page, ["/public", "/public/items/SX-001", "/public/status"], "stranger, large type", known)
    assert not faults, "\n".join(faults)


def test_without_javascript(browser_of: Callable[..., Any], slip: tuple[str, str, str]) -> None:
    """Search, item and status are plain links and forms."""
    number, code, _opened = slip
    page = browser_of(PHONE, java_script_enabled=False).new_page()
    page.goto("/public")
    page.fill("#q", "zcz")
    with page.expect_navigation():
        page.get_by_role("button", name="查找").click()
    follow(page, page.locator("#first-t a"))
    assert "政策咨询答复" in page.locator("h1").inner_text()
    page.goto("/public/status")
    page.fill("#number", number)
    page.fill("#digits", code)
    press(page, "查询")
    assert "已收件" in page.locator(".stand").inner_text()


def test_a_guesser_is_stopped(browser_of: Callable[..., Any], slip: tuple[str, str, str]) -> None:
    """After some wrong guesses the page says that asking is paused, in plain words; then a right one is refused too."""
    number, code, opened = slip
    page = browser_of(PHONE).new_page()
    said = []
    for n in range(12):
        page.goto(opened)
        page.fill("#digits", f"{n:04}")
        with page.expect_navigation() as went:
            page.keyboard.press("Enter")
        said.append(went.value.status)
    assert said == [200] * 8 + [429] * 4
    page.fill("#digits", code)
    page.keyboard.press("Enter")
    page.locator(".note.red", has_text="查询暂停").wait_for()
    assert page.locator(".stand").count() == 0
    fits(page)
    assert number in page.input_value("#number")
