"""Every figure of a home opens exactly as many rows as it says (W-0)."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.kernel import transaction
from tests import office as cast
from tests.wall.conftest import Rows
from tests.wall.test_figures import fill

FIGURE = re.compile(r'<a href="([^"]+)" class="k[^"]*">(?:<svg.*?</svg>)?<b[^>]*>(\d+)</b>', re.S)
CELL = re.compile(r'<td data-label="[^"]*" class="num"><a href="([^"]+)">(\d+)</a></td>')
TAB = re.compile(r'<a href="([^"]+)" hx-get="[^"]*" hx-target="#queue"[^>]*>\S+ (\d+)</a>')
WHOLE = re.compile(r'<a href="(/cases/queue)">全部 (\d+) 件</a>')
ROW = re.compile(r"<tr[^>]*>\s*<td")
NEXT = re.compile(r'<a rel="next" href="([^"]+)"')


def lines(client: FlaskClient, address: str) -> int:
    """How many rows a list has on all its pages."""
    found = 0
    while address:
        page = client.get(address)
        assert page.status_code == 200, address
        text = page.get_data(as_text=True)
        found += len(ROW.findall(text))
        following = NEXT.search(text)
        address = unescape(following[1]) if following else ""
    return found


def figures(page: str) -> list[tuple[str, int]]:
    """The figures of a home with the addresses of their lists."""
    found = [pair for kind in (FIGURE, CELL, TAB, WHOLE) for pair in kind.findall(page)]
    return [(unescape(address), int(number)) for address, number in found]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("username", "least"), [("clerk", 9), ("head", 9), ("other", 9), ("leader", 6), ("principal", 9), ("office", 9)]
)
def test_a_figure_opens_as_many_rows(
    app: Flask, ids: SimpleNamespace, login: Callable[[str], FlaskClient], username: str, least: int, seed: int
) -> None:
    with app.app_context(), transaction.act():
        rows = Rows(ids)
        fill(rows, seed)
        for post in ("YW-1", "YW-2", "XH-1"):
            rows.case(post, closed_at=cast.NOW - timedelta(minutes=30))
    client = login(username)
    for number, matter in enumerate(("咨询", "问路", "查询")):
        asker = login("clerk" if number else "other")
        sent = {"matter": matter, "disposition": "answered", "outcome": "已答复"}
        assert asker.post("/first-ask", data=sent).status_code == 303
    shown = figures(client.get("/").get_data(as_text=True))
    assert len(shown) >= least
    assert sum(number for _address, number in shown) > 20
    wrong = {address: (number, found) for address, number in shown if (found := lines(client, address)) != number}
    assert not wrong, "figure, rows"
