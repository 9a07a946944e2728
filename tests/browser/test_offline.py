"""A lost connection loses nothing: the submission waits in the page and is sent exactly once (F-2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.office import PASSWORD

pytestmark = pytest.mark.browser


def test_kept_and_sent_once(person: Callable[..., Any]) -> None:
    """What was filed without a network is kept with a banner, and filed once when the server answers again."""
    context = person("clerk2")
    page = context.new_page()
    page.goto("/")
    sent: list[str] = []
    page.on("request", lambda r: sent.append(r.url) if r.method == "POST" else None)
    context.set_offline(True)
    matter = "断网时来访的咨询"
    page.fill("#matter", matter)
    page.keyboard.press("Control+Enter")
    banner = page.locator("#keepbar")
    banner.wait_for()
    assert matter in banner.inner_text()
    assert page.input_value("#matter") == ""
    assert page.locator("#today", has_text=matter).count() == 0
    sent.clear()

    context.set_offline(False)
    page.locator("#today", has_text=matter).wait_for(timeout=20_000)
    page.wait_for_function("document.querySelector('#keepbar').classList.contains('ok')")
    assert len(sent) == 1
    page.reload()
    page.wait_for_load_state("networkidle")
    assert page.locator("#today li", has_text=matter).count() == 1
    assert banner.is_hidden()
    page.goto("/first-ask?mine=1")
    assert page.locator("#log tbody tr", has_text=matter).count() == 1


@pytest.mark.parametrize(
    ("address", "field"), [("/leave/new", "#destination"), ("/ab/absences/record", "#note")], ids=["draft", "no draft"]
)
def test_what_was_typed_stands_again_after_an_expired_login(
    person: Callable[..., Any], address: str, field: str
) -> None:
    """The login page says why it came, and the form is found again as it was."""
    context = person("head")
    page = context.new_page()
    page.goto(address)
    page.fill(field, "回老家探亲")
    context.clear_cookies()
    with page.expect_navigation():
        page.locator("main form", has=page.locator(field)).locator("button[type=submit]").last.click()
    assert "登录已过期" in page.locator("main").inner_text()
    page.fill("#username", "head")
    page.fill("#password", PASSWORD)
    with page.expect_navigation(url=f"**{address}"):
        page.keyboard.press("Enter")
    page.locator("main form .kept").wait_for()
    assert page.input_value(field) == "回老家探亲"
