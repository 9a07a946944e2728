"""Names of sixty characters and without a blank stay inside the page, on a phone and on a screen."""

from __future__ import annotations

from typing import Any

import pytest

from tests.browser.conftest import PC, PHONE

pytestmark = pytest.mark.browser

LONG = "AdministrativeApprovalAndPublicServiceCoordinationDepartment"
HEADS = "main h1, main h2, main .pagehead p, .crumbs li > *, .chip"
#: What may hold a name of the office: on a phone everything, for rows are cards there.
EVERYWHERE = f"{HEADS}, main p, .ck > span, .bs > .b, .tb.cards td, .tb.cards tbody th, .kv dd"


@pytest.mark.parametrize(("size", "where"), [(PHONE, EVERYWHERE), (PC, HEADS)], ids=["phone", "screen"])
def test_long_names_do_not_push_a_page_sideways(person: Any, size: dict[str, int], where: str) -> None:
    page = person("office", size).new_page()
    for address in ("/", "/first-ask/new", "/posts/YW-1", "/registers", "/score-tables", "/attendance/"):
        page.goto(address)
        count = page.evaluate(
            "([where, long]) => { const found = [...document.querySelectorAll(where)]"
            ".filter(e => getComputedStyle(e).whiteSpace !== 'nowrap');"  # numbers and dates, never a name
            " found.forEach(e => e.append(long)); return found.length }",
            [where, LONG],
        )
        assert count > 1, address
        assert page.evaluate("document.documentElement.scrollWidth") <= size["width"], address
