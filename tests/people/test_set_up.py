"""The first run makes the unit, the system administrator and the office, once (R-1, R-2)."""

from __future__ import annotations

import pytest

from portal.kernel import journal, verification
from portal.kernel.actor import Role
from portal.kernel.db import db
from portal.people.models import Department, Unit, User

GOOD = {
    "unit": "试验市机关事务中心",
    "administrator_name": "卫东",
    "administrator_username": "admin",
    "administrator_password": "Guanli-2026",
    "administrator_again": "Guanli-2026",
    "office_name": "吴霞",
    "office_username": "wuxia",
    "office_password": "Bangong-2026",
    "office_again": "Bangong-2026",
}


def test_everything_leads_to_the_first_run(bare_app):
    client = bare_app.test_client()
    assert client.get("/login").location == "/setup"
    page = client.get("/setup")
    assert page.status_code == 200
    assert "至少 8 位" in page.text


def test_one_form_makes_unit_administrator_and_office(bare_app):
    client = bare_app.test_client()
    assert client.post("/setup", data=GOOD).location == "/login"
    with bare_app.app_context():
        assert db.session.get_one(Unit, 1).name == "试验市机关事务中心"
        assert db.session.scalar(db.select(Department.name)) == "办公室"
        admin, office = db.session.scalars(db.select(User).order_by(User.id))
        assert (admin.username, admin.role_set, admin.department_id) == ("admin", {Role.SYSTEM_ADMIN}, None)
        assert (office.username, office.role_set, office.department.name) == ("wuxia", {Role.OFFICE}, "办公室")
        assert (admin.must_change_password, office.must_change_password) == (False, True)
        assert verification.verify().ok
        assert verification.verify().entries == 4
    client.post("/login", data={"username": "admin", "password": "Guanli-2026"})
    assert client.get("/account").status_code == 200
    other = bare_app.test_client()
    other.post("/login", data={"username": "wuxia", "password": "Bangong-2026"})
    assert other.get("/account").location == "/account/password"


def test_afterwards_it_is_gone(app):
    client = app.test_client()
    assert client.get("/setup").status_code == 404
    assert client.post("/setup", data=GOOD).status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "at"),
    [
        ("unit", "　 ", "unit"),
        ("unit", "名" * 121, "unit"),
        ("administrator_name", "", "administrator_name"),
        ("administrator_username", "管理员", "administrator_username"),
        ("administrator_password", "short-1", "administrator_password"),
        ("administrator_password", "alllowercase", "administrator_password"),
        ("administrator_password", "Admin-2026x", "administrator_password"),
        ("administrator_again", "Guanli-2027", "administrator_again"),
        ("office_username", "admin", "office_username"),
        ("office_username", "A", "office_username"),
        ("office_password", "nodigitshere", "office_password"),
        ("office_again", "", "office_again"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_made(bare_app, field, value, at):
    data = {**GOOD, field: value}
    if field.endswith("_password"):
        data[field.replace("_password", "_again")] = value
    answer = bare_app.test_client().post("/setup", data=data)
    assert answer.status_code == 422
    assert f'id="{at}-error"' in answer.text
    assert answer.text.count('class="fe"') == 1
    assert "Guanli-2026" not in answer.text
    with bare_app.app_context():
        for model in (Unit, Department, User, journal.JournalEntry):
            assert db.session.scalar(db.select(db.func.count()).select_from(model)) == 0
