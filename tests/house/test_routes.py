"""Deny by default: every route declares who may reach it, and the committed table knows every route."""

from __future__ import annotations

import difflib
import os

import pytest

from portal import rooms
from portal.kernel import access
from portal.kernel.actor import SEPARATED, Role
from portal.roles import MATRIX
from tests.house import routes

#: One person of the cast for each role; those of a post have the roles that it conveys too.
WHO = {
    Role.STAFF: "clerk",
    Role.HEAD: "head",
    Role.LEADER: "leader",
    Role.PRINCIPAL: "principal",
    Role.OFFICE: "office",
    Role.SUPERVISION: "supervisor",
    Role.AUDITOR: "auditor",
    Role.SECURITY_ADMIN: "security",
    Role.SYSTEM_ADMIN: "sysadmin",
}


#: A role tries one route of every permission and a third of the others; PORTAL_TEST_WHOLE=1 tries all.
WHOLE = os.environ.get("PORTAL_TEST_WHOLE") == "1"


def known_permissions() -> set[str]:
    return {permission for plate in rooms.ROOMS for permission in plate.permissions}


def test_every_route_has_a_permission_of_a_room(app):
    for rule in app.url_map.iter_rules():
        permission = access.permission_of(app, rule.endpoint)
        assert permission in {access.PUBLIC, access.LOGIN} | known_permissions(), f"{rule.endpoint}: {permission}"


def test_the_committed_table_is_the_application(app):
    committed = routes.TABLE.read_text(encoding="utf-8").splitlines()
    changes = list(difflib.unified_diff(committed, routes.lines(app), "tests/house/routes.txt", "app", lineterm=""))
    assert not changes, "\n".join(["regenerate with: python -m tests.house.routes", *changes])


def test_every_permission_is_carried_and_exists():
    carried = set().union(*MATRIX.values())
    assert carried - known_permissions() == set(), "a role carries what no room declares"
    assert known_permissions() - carried == set(), "nobody may do this"


def test_every_role_is_in_the_matrix():
    assert set(MATRIX) == set(Role)


def test_permissions_are_named_after_their_room():
    for plate in rooms.ROOMS:
        for permission in plate.permissions:
            assert permission.startswith(f"{plate.name}."), permission


def test_the_separated_roles_see_no_business_content():
    """R-2: the three administrators share nothing but the desk, and nothing with any other role's business."""
    business = set().union(*(MATRIX[role] for role in Role if role not in SEPARATED))
    for role in SEPARATED:
        assert {p for p in MATRIX[role] & business if p.split(".")[1].startswith("read")} <= {"desk.home"}


def test_menus_lead_where_their_permission_leads(app):
    for plate in rooms.ROOMS:
        for item in plate.menu:
            assert access.permission_of(app, item.endpoint) in (item.permission, access.LOGIN), item.endpoint


def test_a_visitor_reaches_only_what_is_public(app):
    client = app.test_client()
    for rule in app.url_map.iter_rules():
        if access.permission_of(app, rule.endpoint) == access.PUBLIC:
            continue
        for method in sorted(rule.methods - {"OPTIONS"}):
            answer = client.open(routes.address(rule), method=method)
            assert answer.status_code in (302, 303), f"{method} {rule.rule}: {answer.status_code}"
            assert "/login" in answer.headers["Location"]


@pytest.mark.parametrize("role", WHO)
def test_a_role_is_refused_what_it_does_not_carry(app, login, role):
    client = login(WHO[role])
    with app.app_context():
        from portal.kernel import clock
        from portal.people import queries as people

        permissions = people.actor_by_username(WHO[role], clock.now()).permissions
    assert MATRIX[role] <= permissions
    refused, turn, tried = 0, list(WHO).index(role), set()
    for n, rule in enumerate(app.url_map.iter_rules()):
        permission = access.permission_of(app, rule.endpoint)
        if permission in (access.PUBLIC, access.LOGIN) or permission in permissions:
            continue
        if not WHOLE and permission in tried and (n + turn) % 3:
            continue
        tried.add(permission)
        for method in sorted(rule.methods - {"OPTIONS", "HEAD"}):
            answer = client.open(routes.address(rule), method=method)
            assert answer.status_code == 403, f"{method} {rule.rule}: {answer.status_code}"
            refused += 1
    assert refused


@pytest.mark.own_app
def test_an_undeclared_view_answers_nobody(app, login):
    app.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    assert app.test_client().get("/forgotten").status_code == 303
    for who in WHO.values():
        assert login(who).get("/forgotten").status_code == 403
