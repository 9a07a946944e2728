"""Fees and consequences over HTTP: by role, with bad input at its field, and on the case's page (C-8, C-9)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from portal.cases import service as cases
from portal.cases.service import Client
from portal.kernel import transaction
from portal.kernel.db import db
from portal.people import queries as people
from portal.service_commitment import queries as catalogue
from portal.service_commitment import service
from portal.service_commitment.models import ServiceItem
from tests.office import NOW


@pytest.fixture
def number(app, ids):
    """The number of a case of the clerk, of an item that charges and that has consequences; outside any request."""
    with app.app_context(), transaction.act():
        item = db.session.get(ServiceItem, ids.items["SX-001"])
        content = replace(
            service.content_of(item.current_version),
            fee_fen=1000,
            fee_unit="份",
            fee_basis="收费目录第 3 项",
            breach_kinds="apology,compensation",
            breach="三个工作日内书面致歉，并补偿 50 元。",
        )
        service.publish(people.actor_by_username("office", NOW), item, content, NOW)
        clerk = people.actor_by_username("clerk", NOW)
        entry = catalogue.by_id(item.id)
        client = Client("", "周小明", "13800001234")
        case = cases.open_case(clerk, NOW, matter="认定", client=client, item=entry, post_id=None, received=(1, 2, 3))
        cases.accept(clerk, case, NOW)
        return case.number


FEE = {"amount": "10", "quantity": "1", "charged_on": "2026-11-18", "receipt": "NO-1", "reason": ""}
BREACH = {"kind": "apology", "breach": "超期两天", "what": "书面致歉", "amount": ""}


def test_a_fee_is_recorded_and_stands_on_the_case(login, number):
    client = login("clerk")
    assert "还没有登记收费" in client.get(f"/cases/{number}").text
    page = client.get(f"/fees/cases/{number}").text
    assert "10 元/份" in page
    assert 'value="10"' in page
    assert client.post(f"/fees/cases/{number}", data=FEE).status_code == 303
    assert client.post(f"/fees/cases/{number}", data={**FEE, "amount": "１２.5", "reason": "加急"}).status_code == 303
    page = client.get(f"/cases/{number}").text
    assert "12.50 元" in page
    assert "相差 2.50 元" in page
    assert "收费与公布的不一致" in page


BAD = (
    ({"amount": ""}, "amount"),
    ({"amount": "十元"}, "amount"),
    ({"amount": "-1"}, "amount"),
    ({"amount": "1.234"}, "amount"),
    ({"amount": "99999999"}, "amount"),
    ({"amount": "9"}, "reason"),
    ({"quantity": "0"}, "quantity"),
    ({"quantity": "2"}, "reason"),
    ({"charged_on": "2026-11-19"}, "charged_on"),
    ({"charged_on": "昨天"}, "charged_on"),
    ({"receipt": "x\x00"}, "receipt"),
)


def test_bad_input_is_said_at_its_field(login, number):
    client = login("clerk")
    for change, field in BAD:
        answer = client.post(f"/fees/cases/{number}", data={**FEE, **change})
        assert answer.status_code == 422, change
        assert f'id="{field}-error"' in answer.text, change
    assert "还没有登记收费" in client.get(f"/cases/{number}").text


def test_a_consequence_goes_its_way(login, number):
    made = login("clerk").post(f"/fees/cases/{number}/consequence", data=BREACH)
    assert made.status_code == 303
    page = made.headers["Location"]
    assert login("other").get(page).status_code == 404
    assert "等您审批" in login("head").get(page).text
    assert "等您审批" not in login("clerk").get(page).text
    assert login("head").post(f"{page}/refuse", data={"opinion": ""}).status_code == 422
    assert login("head").post(f"{page}/approve", data={"opinion": "同意"}).status_code == 303
    assert login("head").post(f"{page}/approve", data={"opinion": "同意"}).status_code == 409
    client = login("clerk")
    assert client.post(f"{page}/give", data={"given_on": "2026-11-18", "how": ""}).status_code == 422
    assert client.post(f"{page}/give", data={"given_on": "2026-11-17", "how": "当面"}).status_code == 422
    assert client.post(f"{page}/give", data={"given_on": "2026-11-18", "how": "当面致歉"}).status_code == 303
    assert "已落实" in client.get(f"/cases/{number}").text
    register = login("office").get("/fees/consequences?which=given").text
    assert "书面致歉" in register
    assert "当面致歉" in register
    assert "没有符合条件" in login("office").get("/fees/consequences?which=refused").text


def test_bad_proposals_are_said_at_their_field(login, number):
    client = login("clerk")
    for change, field in (
        ({"kind": "reference"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"breach": ""}, "breach"),
        ({"what": ""}, "what"),
        ({"kind": "compensation"}, "amount"),
        ({"kind": "compensation", "amount": "很多"}, "amount"),
    ):
        answer = client.post(f"/fees/cases/{number}/consequence", data={**BREACH, **change})
        assert answer.status_code == 422, change
        assert f'id="{field}-error"' in answer.text, change


def test_who_may_do_what(login, number):
    for who, status in (("clerk", 200), ("other", 404), ("office", 403), ("auditor", 403), ("leader", 403)):
        assert login(who).get(f"/fees/cases/{number}").status_code == status, who
    for path in ("/fees", "/fees/consequences", "/fees/export.xlsx", "/fees/consequences/export.xlsx"):
        for who, status in (("office", 200), ("head", 200), ("leader", 200), ("clerk", 403), ("sysadmin", 403)):
            assert login(who).get(path).status_code == status, (who, path)
    assert login("head").get("/fees/consequences/WN-2026-0001").status_code == 404


def test_odd_filters_are_no_fault(login):
    for query in ("?first=x&last=9999-99-99", "?department=x", "?which=x", "?page=0&department=999999999999"):
        for path in ("/fees", "/fees/consequences"):
            assert login("office").get(path + query).status_code == 200, (path, query)
