"""The menu: one entry of it stands for the page, daily work stays in the row."""

from __future__ import annotations

import re

import pytest

from portal import rooms


def menu(page: str) -> tuple[list[str], list[str]]:
    """The addresses in the row with those behind "more", and the current ones among them."""
    nav = re.search(r'<nav class="nav1".*?</nav>', page, re.S)
    assert nav
    return re.findall(r'href="([^"]+)"', nav[0]), re.findall(r'href="([^"]+)" aria-current="page"', nav[0])


@pytest.mark.parametrize(
    ("username", "address", "current"),
    [
        ("office", "/", "/"),
        ("office", "/wall/displays", "/wall/displays"),
        ("office", "/catalogue/SX-001", "/catalogue/"),
        ("office", "/organisation/unit", "/organisation"),
        ("security", "/security/login-failures", "/security/sessions"),
        ("clerk", "/notices/check", "/notices"),
        ("clerk", "/account", None),
    ],
)
def test_one_entry_stands_for_the_page(login, username, address, current):
    _all, marked = menu(login(username).get(address).get_data(as_text=True))
    assert marked == ([current] if current else [])


def test_a_long_menu_keeps_daily_work_in_the_row(login):
    page = login("office").get("/").get_data(as_text=True)
    row, behind = page.split('<nav class="nav1"')[1].split("<details", 1)
    assert row.count("<a ") == 7
    assert 'href="/cases"' in row
    assert 'href="/wall/displays"' in behind.split("</details>")[0]
    assert (
        "<details"
        not in login("sysadmin").get("/").get_data(as_text=True).split('<nav class="nav1"')[1].split("</nav>")[0]
    )


def test_every_room_with_a_menu_stands_in_one_section():
    named = [name for _title, names in rooms.SECTIONS for name in names]
    assert len(named) == len(set(named))
    assert {plate.name for plate in rooms.ROOMS if plate.menu} <= set(named)


def test_what_is_behind_the_row_stands_in_sections(login):
    behind = login("office").get("/").get_data(as_text=True).split("<details", 1)[1].split("</details>")[0]
    assert behind.count('class="sec"') > 2
    assert "评议与监督" in behind
