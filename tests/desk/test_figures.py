"""Every figure of a home opens exactly as many rows as it says (W-0)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from html import unescape
from types import SimpleNamespace

import pytest
from flask import Flask
from flask.testing import FlaskClient

from portal.clue import service as clues
from portal.kernel import clock, transaction
from portal.kernel.db import locked
from portal.people import queries as people
from portal.supervision import rectifying
from portal.supervision.models import InspectionFinding, Severity
from tests import office as cast
from tests.client_opinion.conftest import bad_review
from tests.complaint.conftest import acting, received
from tests.supervision.conftest import SEEN as FINDING
from tests.supervision.conftest import inspected
from tests.wall.conftest import Rows
from tests.wall.test_figures import fill

FIGURE = re.compile(r'<a href="([^"]+)" class="k[^"]*">(?:<svg.*?</svg>)?<b[^>]*>(\d+)</b>', re.S)
CELL = re.compile(r'<td data-label="[^"]*" class="num"><a href="([^"]+)">(\d+)</a></td>')
TAB = re.compile(r'<a href="([^"]+)" hx-get="[^"]*" hx-target="#queue"[^>]*>\S+ (\d+)</a>')
WHOLE = re.compile(r'<a href="(/cases/queue)">全部 (\d+) 件</a>')
STAT = re.compile(r'<a class="stat [a-z]*" href="([^"]+)"><b>(\d+)</b>')
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
    found = [pair for kind in (FIGURE, CELL, TAB, WHOLE, STAT) for pair in kind.findall(page)]
    return [(unescape(address), int(number)) for address, number in found]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    ("username", "least"), [("clerk", 9), ("head", 13), ("other", 9), ("leader", 11), ("principal", 14), ("office", 15)]
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


#: Which figures of complaints, opinions, orders and clues each role has.
WHOLE_OFFICE = {"投诉在办": 4, "投诉逾期未答复": 2, "意见和差评办理中": 4, "意见和差评逾期": 1, "整改逾期": 2}
SEEN = {
    "clerk": {},
    "auditor": {},
    "head": {"涉及本科室的投诉": 0, "意见和差评办理中": 2, "意见和差评逾期": 1, "整改逾期": 1},
    "leader": {"投诉在办": 2, "投诉逾期未答复": 1, "意见和差评办理中": 2, "意见和差评逾期": 1, "整改逾期": 1},
    "principal": WHOLE_OFFICE,
    "office": WHOLE_OFFICE | {"待处理线索": 1},
    "supervisor": WHOLE_OFFICE | {"待处理线索": 1},
}
LABELLED = re.compile(r'<a class="stat [a-z]*" href="([^"]+)"><b>(\d+)</b>(?:<svg.*?</svg>)?([^<]+)</a>', re.S)


def test_what_clients_say_is_counted_by_right(
    app: Flask, ids: SimpleNamespace, login: Callable[..., FlaskClient]
) -> None:
    """Leaders and heads see their departments' figures only; each opens exactly its rows (W-0, W-3)."""
    with app.app_context():
        fill_voices(ids)
    for username, expected in SEEN.items():
        client = login(username)
        shown = LABELLED.findall(client.get("/").get_data(as_text=True))
        assert {label: int(number) for _address, number, label in shown} == expected, username
        for address, number, label in shown:
            assert lines(client, unescape(address)) == int(number), (username, label)


def fill_voices(ids: SimpleNamespace) -> None:
    """Complaints, opinions and orders of two departments, old and new, and one clue."""
    old = cast.NOW - timedelta(days=60)
    for code in ("YW", "XH"):
        for at in (old, cast.NOW):
            received(at, department_id=ids.departments[code])
            with transaction.act():
                bad_review(ids, at if code == "YW" else cast.NOW, department_id=ids.departments[code])
        with transaction.act():
            finding = inspected(ids, replace(FINDING, severity=Severity.SERIOUS), code, at=old).findings[0]
            number = finding.number
        with transaction.act():
            actor, found = people.actor_by_username("supervisor", old), locked(InspectionFinding, number=number)
            rectifying.order(
                actor, found, "限期整改", rectifying.Until(on=clock.local(old).date() + timedelta(days=10)), old
            )
    with acting("supervisor") as actor:
        about = {"source": "upper_body", "department_id": ids.departments["XH"]}
        clues.raise_by_hand(actor, "other", "有人反映窗口无人。", cast.NOW, **about)
