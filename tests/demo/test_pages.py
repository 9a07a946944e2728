"""Every page that a role's menu and lists lead to answers in the sample office (W-3)."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal import demo, rooms
from portal.cases.models import Case, CaseState
from portal.denial_filing.models import Filing, FilingState
from portal.first_ask.models import Disposition, FirstAsk
from portal.kernel import clock
from portal.kernel.access import PUBLIC, permission_of
from portal.kernel.db import db
from portal.people import queries as people

LOGINS = ("wangmin", "zhaogang", "chenjing", "heping", "wuxia", "zhenghao", "fengyuan", "chuwen", "weidong")


def test_one_login_for_every_role(inside):
    logins = demo.logins()
    assert tuple(login.username for login in logins) == LOGINS
    roles = [people.actor_by_username(login.username, clock.now()).roles for login in logins]
    assert set().union(*roles) == {
        "staff", "head", "leader", "principal", "office", "supervision", "auditor", "security_admin", "system_admin"
    }  # fmt: skip
    assert len({login.password for login in logins}) == 1


def test_the_password_that_is_shown_opens(sample):
    login = sample.app.test_client().post(
        "/login", data={"username": "wangmin", "password": demo.PASSWORD}, follow_redirects=False
    )
    assert login.status_code == 303


@pytest.mark.parametrize("username", LOGINS)
def test_every_list_page_answers(sample, visit, username):
    """Every page without parts in its address, and whatever it leads on to: 200 for whom the matrix lets in."""
    client = visit(username)
    with sample.app.app_context():
        actor = people.actor_by_username(username, clock.now())
    menu = {m.endpoint for plate in rooms.ROOMS for m in plate.menu if actor.can(m.permission)}
    seen = set()
    for rule in sample.app.url_map.iter_rules():
        if (
            rule.arguments - set(rule.defaults or {})
            or "GET" not in (rule.methods or ())
            or rule.endpoint == "people.logout"
        ):
            continue
        permission = permission_of(sample.app, rule.endpoint)
        if permission is None or ("." in permission and not actor.can(permission)):
            continue
        if rule.endpoint == "wall.show" and not actor.can("wall.show"):
            continue  # the screen's own address: a logged-in person without the wall's permission is refused there
        if rule.endpoint.startswith("evaluation.") and permission == PUBLIC:
            continue  # nobody of the office votes for a client (S-1)
        answer = client.get(rule.rule, follow_redirects=True)
        if rule.endpoint in menu:
            assert answer.status_code == 200, rule.rule
            seen.add(rule.endpoint)
        assert answer.status_code < 400 or answer.status_code in (401, 404, 410), (rule.rule, answer.status_code)
    assert seen == menu


def test_cases_of_every_state_open(sample, visit):
    client = visit("wuxia")
    with sample.app.app_context():
        numbers = [
            number
            for state in CaseState
            for number in db.session.scalars(select(Case.number).where(Case.state == state).limit(4))
        ]
    assert len(numbers) > 20
    assert {number: client.get(f"/cases/{number}").status_code for number in numbers} == dict.fromkeys(numbers, 200)


def test_entries_of_every_disposition_open(sample, visit):
    client = visit("zhenghao")
    with sample.app.app_context():
        numbers = [
            number
            for disposition in Disposition
            for number in db.session.scalars(
                select(FirstAsk.number).where(FirstAsk.disposition == disposition).order_by(FirstAsk.id.desc()).limit(3)
            )
        ]
    assert {n: client.get(f"/first-ask/{n}").status_code for n in numbers} == dict.fromkeys(numbers, 200)


def test_filings_of_every_state_open(sample, visit):
    client = visit("wuxia")
    with sample.app.app_context(), sample.app.test_request_context():
        from flask import url_for

        numbers = [
            number
            for state in FilingState
            for number in db.session.scalars(select(Filing.number).where(Filing.state == state).limit(3))
        ]
        addresses = [url_for("denial_filing.show", number=number) for number in numbers]
    assert len(addresses) >= len(FilingState)
    assert {a: client.get(a).status_code for a in addresses} == dict.fromkeys(addresses, 200)


def test_every_page_says_that_this_is_a_sample(sample, visit):
    assert "示例" in visit("wangmin").get("/").get_data(as_text=True)
