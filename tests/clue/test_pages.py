"""Pages of clues over HTTP: by role, filters that open exactly their rows, bad input at its field (A-1, W-0)."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook

from portal.clue import service
from portal.kernel import transaction
from portal.kernel.db import db
from portal.people import queries as people
from tests.clue.house import LATER, NOW, House

ROLES = {
    "office": True, "supervisor": True, "clerk": False, "head": False, "leader": False, "principal": False,
    "auditor": False, "security": False, "sysadmin": False,
}  # fmt: skip


@pytest.fixture
def numbers(app, ids):
    """An overdue case's clue, one by hand about the office's own post, and one about the society's."""
    with app.app_context():
        house = House(ids)
        house.case()
        house.sweep(LATER)
        with transaction.act():
            made = [
                service.raise_by_hand(
                    people.actor_by_username("supervisor", NOW), "other", "办公室推诿", NOW,
                    post_id=ids.posts[post], source="upper_body",
                )
                for post in ("BG-1", "XH-1")
            ]  # fmt: skip
        found = [house.clues("overdue")[0].number, *(clue.number for clue in made)]
        db.session.remove()
    return found


def test_only_the_office_and_the_group_see_clues_and_nobody_their_own(login, numbers):
    overdue, about_office, _third = numbers
    for username, sees in ROLES.items():
        client = login(username)
        wanted = {f"/clues/{overdue}": 200 if sees else 403, "/clues": 200 if sees else 403}
        if username in ("supervisor", "head"):
            wanted |= {f"/clues/{page}": 200 if sees else 403 for page in ("figures", "export.xlsx", "new")}
            wanted["/clues/XS-2026-0999"] = 404 if sees else 403
        for path, status in wanted.items():
            assert client.get(path).status_code == status, (username, path)
        if username == "office":
            assert client.get(f"/clues/{about_office}").status_code == 404
            assert about_office not in client.get("/clues?state=all").get_data(as_text=True)


def test_figures_open_exactly_their_rows(login, numbers):
    client = login("office")
    html = client.get("/clues/figures?state=all").get_data(as_text=True)
    links = re.findall(r'href="(/clues\?[^"]+)">(\d+)</a>', html)
    assert links
    for address, n in links:
        rows = client.get(address.replace("&amp;", "&")).get_data(as_text=True)
        assert len(re.findall(r'<tr id="clue-', rows)) == int(n), address
    sheet = load_workbook(io.BytesIO(client.get("/clues/export.xlsx?state=all").data)).active
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [numbers[0], numbers[2]] or sheet.max_row == 3


FILTERS = {
    "q=王敏": True, "q=SX-2026-0001": True, "q=ｘｓ-2026-1": True, "q=周宁": False, "kind=overdue": True,
    "kind=fee_difference": False, "month=2026-11": True, "month=2026-10": False, "state=dismissed": False,
    "kind=%20": True, "month=nonsense": True, "department=x": True,
}  # fmt: skip


def test_filters(login, numbers):
    client = login("office")
    for query, hit in FILTERS.items():
        assert (numbers[0] in client.get(f"/clues?{query}").get_data(as_text=True)) is hit, query


def test_a_clue_is_shown_with_rule_and_evidence_and_dismissed_with_reasons(login, numbers):
    client = login("office")
    html = client.get(f"/clues/{numbers[0]}").get_data(as_text=True)
    for text in ("T-6", "/cases/SX-2026-0001", "/policy", "王敏"):
        assert text in html, text
    refused = client.post(f"/clues/{numbers[0]}/dismiss", data={"reason": " "})
    assert refused.status_code == 422
    assert "请写明理由" in refused.get_data(as_text=True)
    assert client.post(f"/clues/{numbers[0]}/dismiss", data={"reason": "系统故障所致"}).status_code == 303
    assert "系统故障所致" in client.get(f"/clues/{numbers[0]}").get_data(as_text=True)
    assert client.post(f"/clues/{numbers[0]}/dismiss", data={"reason": "再次"}).status_code == 409
    assert client.post(f"/clues/{numbers[0]}/reopen", data={"reason": "有新证据"}).status_code == 303
    assert login("supervisor").post(f"/clues/{numbers[2]}/dismiss", data={"reason": "查无"}).status_code == 403
    assert login("clerk").post(f"/clues/{numbers[0]}/dismiss", data={"reason": "查无"}).status_code == 403


BAD = (
    ({"kind": ""}, "kind"), ({"kind": "nothing"}, "kind"), ({"source": ""}, "source"),
    ({"source": "journal"}, "source"), ({"text": ""}, "text"), ({"post_id": ""}, "department_id"),
    ({"post_id": "999999"}, "post_id"), ({"at": "2099-01-01T10:00"}, "at"), ({"at": "gestern"}, "at"),
    ({"case_number": "SX-2026-0777"}, "case_number"), ({"post_id": "　"}, "post_id"), ({"text": "\x00"}, "text"),
    ({"case_number": "ｘ" * 20}, "case_number"), ({"department_id": "99999999999"}, "department_id"),
)  # fmt: skip


def test_bad_input_stands_at_its_field(login, ids):
    client = login("office")
    for changes, field in BAD:
        sent = {"kind": "other", "source": "callback", "text": "情况", "post_id": str(ids.posts["YW-1"]), **changes}
        answer = client.post("/clues/new", data=sent)
        assert answer.status_code == 422, changes
        assert f'id="{field}-error"' in answer.get_data(as_text=True), changes


def test_a_report_becomes_a_clue(login, numbers, ids):
    client = login("office")
    sent = {"kind": "unfiled_denial", "source": "callback", "text": "窗口口头拒绝", "case_number": "sx-2026-1"}
    answer = client.post("/clues/new", data=sent)
    assert answer.status_code == 303
    html = client.get(answer.location).get_data(as_text=True)
    assert "窗口口头拒绝" in html
    assert "王敏" in html
    about_me = {"kind": "other", "source": "upper_body", "text": "办公室", "post_id": str(ids.posts["BG-1"])}
    assert client.post("/clues/new", data=about_me).location.endswith("/clues")


def test_what_waits_too_long_is_a_task_of_the_office(app, login, numbers, ids):
    with app.test_request_context("/"):
        from portal.clue import room

        assert room.count(people.actor_by_username("office", LATER), LATER) == 2
        assert room.count(people.actor_by_username("clerk", LATER), LATER) == 0
        assert [t.kind for t in room.todos(people.actor_by_username("office", LATER), LATER)] == ["clue.decide"]
        assert room.todos(people.actor_by_username("office", NOW), NOW) == []
