"""Who may see and who may handle a case (AB-3, R-2): in queries, in lists, and over HTTP."""

from __future__ import annotations

import pytest
from werkzeug.exceptions import NotFound

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.cases import queries, service
from portal.cases.models import Case
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import NotAllowed
from portal.people import queries as people
from portal.service_commitment import queries as catalogue
from tests.cases.conftest import ALL, again
from tests.office import NOW, later

SEES = {
    "clerk": True,
    "clerk2": True,
    "head": True,
    "leader": True,
    "principal": True,
    "office": True,
    "supervisor": True,
    "other": False,
    "other_head": False,
    "leader2": False,
    "auditor": False,
    "security": False,
    "sysadmin": False,
}


@pytest.mark.parametrize("username", SEES)
def test_who_may_see(opened, as_actor, username):
    case, actor = opened(), as_actor(username)
    assert queries.may_read(actor, case) is SEES[username]
    if SEES[username]:
        assert queries.by_number(actor, case.number) is case
    else:
        with pytest.raises(NotFound):
            queries.by_number(actor, case.number)


@pytest.mark.parametrize("username", [u for u in SEES if u not in ("auditor", "security", "sysadmin")])
def test_lists_show_what_pages_show(opened, as_actor, username):
    mine, theirs = opened(), opened((1,), "SX-003", "other")
    actor = as_actor(username)
    condition = queries.visible(actor)
    query = db.select(Case.id) if condition is None else db.select(Case.id).where(condition)
    seen = set(db.session.scalars(query))
    assert seen == {c.id for c in (mine, theirs) if queries.may_read(actor, c)}


@pytest.mark.parametrize("username", SEES)
def test_only_who_answers_for_the_post_handles(opened, do, as_actor, username):
    case = opened()
    assert service.may_handle(as_actor(username), case) is (username == "clerk")
    if username != "clerk":
        with pytest.raises(NotAllowed):
            do(username, NOW, service.accept, case)


def test_b_handles_while_a_is_away_and_the_entry_says_for_whom(opened, do, act, as_actor, office):
    case = opened()
    with act():
        ab.record_absence(
            as_actor("clerk"), office.users["clerk"], AbsenceKind.SICK, NOW, later(hours=7), NOW, emergency=True
        )
    at = later(minutes=5)
    assert not service.may_handle(as_actor("clerk", at), case)
    do("clerk2", at, service.accept, again(case))
    entry = journal.of_case(case.id)[-1]
    assert (entry.actor_id, entry.for_user_id) == (office.users["clerk2"], office.users["clerk"])


def test_a_first_hand_keeps_the_case_in_view(opened, as_actor, office):
    """Whoever received a matter of another department sees it to its end (F-1)."""
    case = opened((1,), "SX-003", "clerk")
    assert case.department_id == office.departments["XH"]
    assert queries.may_read(as_actor("clerk"), case)
    assert not queries.may_read(as_actor("clerk2"), case)


@pytest.fixture
def number(app, ids):
    """The number of a received case, for tests over HTTP (no context stays open)."""
    with app.app_context():
        with transaction.act():
            made = service.open_case(
                people.actor_by_username("clerk", clock.now()),
                clock.now(),
                matter="科普教育基地认定",
                client=service.Client("", "周小明", ""),
                item=catalogue.by_id(ids.items["SX-001"]),
                received=ALL,
            ).number
        db.session.remove()
    return made


@pytest.mark.parametrize("username", SEES)
def test_over_http_a_foreign_case_looks_like_a_missing_one(login, number, username):
    status = login(username).get(f"/cases/{number}").status_code
    if username in ("auditor", "security", "sysadmin"):
        assert status == 403
    else:
        assert status == (200 if SEES[username] else 404)
    assert login("other").get("/cases/SX-2026-0999").status_code == 404


@pytest.mark.parametrize("verb", ["accept", "start", "notes", "complete", "proposals", "materials"])
def test_over_http_only_the_handler_acts(login, number, verb):
    for username, status in (("clerk2", 403), ("other", 404), ("leader", 403), ("office", 403)):
        data = {"text": "试", "title": "试", "positions": "4", "kind": "withdraw"}
        assert login(username).post(f"/cases/{number}/{verb}", data=data).status_code == status, (username, verb)
