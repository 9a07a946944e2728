"""People, roles, departments and the unit; the three administrators see no business (R-1, R-2)."""

from __future__ import annotations

import re

import pytest

from portal import roles
from portal.kernel import clock, transaction
from portal.kernel.actor import SEPARATED, Role
from portal.kernel.db import db
from portal.people import passwords
from portal.people.administration import GIVEN
from portal.people.models import Department, Unit, User
from tests import office as cast
from tests.office import PASSWORD, later


@pytest.fixture
def admin(login):
    return login("sysadmin")


def user(app, username):
    with app.app_context():
        return db.session.scalar(db.select(User).filter_by(username=username))


def page_values(text):
    """What a browser would send back of the first form on the page with a name field."""
    form = next(f for f in re.findall(r"<form.*?</form>", text, re.S) if 'name="name"' in f)
    values = dict(re.findall(r'<input[^>]*?name="(\w+)"[^>]*?value="([^"]*)"', form))
    values.update(re.findall(r'<select[^>]*name="(\w+)".*?<option selected value="([^"]*)"', form, re.S))
    values["roles"] = re.findall(r'<input checked[^>]*name="roles"[^>]*value="(\w+)"', form)
    return values


# --- people ---------------------------------------------------------------------------------------------------


def test_people_are_found_by_name_username_number_phone_and_department(app, admin):
    def names(query):
        return set(re.findall(r'<a class="m" [^>]*>(.*?)</a>', admin.get(f"/organisation/people{query}").text))

    assert names("") == {name for name, _d, _r in cast.PEOPLE.values()}
    assert names("?q=王") == {"王敏"}
    assert names("?q=CLERK") == {"王敏", "李强"}
    assert names("?q=%25") == set()
    assert admin.get("/organisation/people?q=%00").status_code == 404
    with app.app_context():
        society = db.session.scalar(db.select(Department.id).filter_by(code="XH"))
    assert names(f"?department={society}") == {"周宁", "孙丽"}
    assert names("?department=abc") == names("")
    assert names("?department=99999&state=zzz") == names("")
    assert names("?state=disabled") == set()
    admin.post("/organisation/people/other/disable", data={"stop-reason": "调离"})
    assert names("?state=disabled") == {"周宁"}


def test_the_list_has_pages(app, admin, as_actor):
    from portal.people import administration

    with transaction.act():
        for n in range(60):
            administration.add_user(as_actor("sysadmin"), f"extra{n:02}", f"新人{n:02}", None, cast.NOW)
    assert 'aria-current="page" aria-label="第 1 页"' in admin.get("/organisation/people").text
    assert "第 2 页" in admin.get("/organisation/people?page=2").text
    assert admin.get("/organisation/people?page=99999999").status_code == 200


def test_a_person_is_added_without_password_and_gets_one_once(app, admin, events):
    with app.app_context():
        department = db.session.scalar(db.select(Department.id).filter_by(code="YW"))
    data = {
        "username": "new.one",
        "name": "新来",
        "department_id": department,
        "roles": ["supervision"],
        "phone": "12345",
    }
    assert admin.post("/organisation/people/new", data=data).location == "/organisation/people/new.one"
    made = user(app, "new.one")
    assert (made.role_set, made.password_hash) == ({Role.SUPERVISION}, passwords.NONE)
    assert "尚无初始密码" in admin.get("/organisation/people/new.one").text

    answer = admin.post("/organisation/people/new.one/reset-password")
    word = re.search(r"<dt>一次性密码</dt><dd>([^<]+)</dd>", answer.text)[1]
    assert answer.headers["Cache-Control"] == "no-store"
    assert word not in admin.get("/organisation/people/new.one").text
    client = app.test_client()
    client.post("/login", data={"username": "new.one", "password": word})
    assert client.get("/account").location == "/account/password"
    assert events("people.password_changed")[-1].fact() == {"by_self": False}
    with app.app_context():
        for table in ("submission", "journal_entry", "journal_personal"):
            rows = db.session.execute(db.text(f"SELECT * FROM {table}")).all()
            assert word not in str(rows), table


@pytest.mark.parametrize(
    ("changed", "at"),
    [
        ({"username": "clerk"}, "username"),
        ({"username": "1x"}, "username"),
        ({"username": "中文"}, "username"),
        ({"name": "　"}, "name"),
        ({"name": "长" * 61}, "name"),
        ({"name": "a\0b"}, "name"),
        ({"department_id": "999"}, "department_id"),
        ({"department_id": "x"}, "department_id"),
        ({"phone": "电话"}, "phone"),
        ({"qualified_until": "9999-12-31"}, "qualified_until"),
        ({"qualified_until": "0000-01-01"}, "qualified_until"),
        ({"roles": ["king"]}, "roles"),
        ({"roles": ["head"]}, "roles"),
    ],
)
def test_a_bad_person_is_refused_at_the_field(app, admin, changed, at):
    answer = admin.post("/organisation/people/new", data={"username": "newone", "name": "新来", **changed})
    assert answer.status_code == 422
    assert f'id="{at}-error"' in answer.text
    assert user(app, "newone") is None


@pytest.mark.parametrize("first", sorted(SEPARATED))
def test_separated_roles_exclude_every_other(app, admin, first):
    for second in set(GIVEN) - {first}:
        data = {"username": "newone", "name": "新来", "roles": [first, second]}
        answer = admin.post("/organisation/people/new", data=data)
        assert answer.status_code == 422, second
        assert 'id="roles-error"' in answer.text
    assert user(app, "newone") is None
    changed = {"name": "吴霞", "roles": ["office", first]}
    assert admin.post("/organisation/people/office", data=changed).status_code == 422
    assert user(app, "office").role_set == {Role.OFFICE}


def test_unknown_fields_assign_nothing(app, admin):
    data = {"username": "newone", "name": "新来", "password_hash": "x", "disabled_at": "2026-01-01", "id": "1"}
    admin.post("/organisation/people/new", data=data)
    assert (user(app, "newone").password_hash, user(app, "newone").disabled_at) == (passwords.NONE, None)


def test_saving_a_page_as_it_is_changes_nothing(app, admin, events):
    page = admin.get("/organisation/people/office").text
    before = len(events("people.user_changed"))
    assert admin.post("/organisation/people/office", data=page_values(page)).status_code == 303
    assert len(events("people.user_changed")) == before


def test_a_change_is_journalled_with_old_and_new(app, admin, events):
    page = page_values(admin.get("/organisation/people/clerk").text)
    assert (
        admin.post("/organisation/people/clerk", data={**page, "title": "主办", "roles": ["office"]}).status_code == 303
    )
    entry = events("people.user_changed")[-1]
    assert entry.fact() == {"roles": ["office"], "department": "综合业务科"}
    assert user(app, "clerk").title == "主办"


def test_a_new_role_holds_at_the_next_request(app, admin, login):
    clerk = login("clerk")
    assert clerk.get("/organisation/people").status_code == 403
    page = page_values(admin.get("/organisation/people/clerk").text)
    admin.post("/organisation/people/clerk", data={**page, "roles": ["system_admin"]})
    assert clerk.get("/organisation/people").status_code == 200


def test_the_administrator_keeps_the_own_access(app, admin):
    page = page_values(admin.get("/organisation/people/sysadmin").text)
    assert admin.post("/organisation/people/sysadmin", data={**page, "roles": []}).status_code == 422
    assert admin.post("/organisation/people/sysadmin/disable", data={"stop-reason": "x"}).status_code == 403
    assert admin.post("/organisation/people/sysadmin/reset-password").status_code == 403
    assert user(app, "sysadmin").disabled_at is None


def test_disabling_needs_a_reason_and_is_undone_by_enabling(app, admin, enter, events):
    answer = admin.post("/organisation/people/clerk/disable", data={"stop-reason": " "})
    assert answer.status_code == 422
    assert 'id="stop-reason-error"' in answer.text
    assert "王敏" in answer.text
    assert user(app, "clerk").disabled_at is None
    assert admin.post("/organisation/people/clerk/disable", data={"stop-reason": "调离"}).status_code == 303
    assert admin.post("/organisation/people/clerk/disable", data={"stop-reason": "调离"}).status_code == 409
    assert events("people.user_disabled")[-1].fact() == {"reason": "调离"}
    assert enter("clerk")[1].status_code == 200
    assert admin.post("/organisation/people/clerk/enable").status_code == 303
    assert enter("clerk")[1].status_code == 303


def test_a_reset_password_unlocks(app, admin, enter):
    for _n in range(5):
        enter("clerk", "wrong")
    assert enter("clerk")[1].status_code == 200
    with clock.at(later(minutes=1)):
        text = admin.post("/organisation/people/clerk/reset-password").text
        word = re.search(r"<dt>一次性密码</dt><dd>([^<]+)</dd>", text)[1]
        assert enter("clerk", word)[1].status_code == 303


@pytest.mark.parametrize("path", ["", "/reset-password", "/disable", "/enable"])
def test_a_person_who_is_not_there_is_404(admin, path):
    assert admin.post(f"/organisation/people/nobody{path}").status_code == 404


def test_generated_passwords_keep_every_rule():
    for minimum in range(8, 65):
        made = passwords.generate(minimum, "abc")
        assert passwords.problem(made, "abc", minimum) is None
        assert len(made) < minimum + 16


# --- departments and the unit ---------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["sysadmin", "office"])
def test_departments_are_added_and_changed(app, login, events, who):
    client = login(who)
    assert client.get("/organisation/departments").status_code == 200
    data = {"code": "CW", "name": "财务科", "sort": "３", "functions": "一\r\n二", "phone": "123"}
    assert client.post("/organisation/departments/new", data=data).status_code == 303
    assert events("people.department_added")[-1].fact() == {"code": "CW", "name": "财务科"}
    changed = {"name": "财务审计科", "affiliated": "y", "sort": "4", "functions": "一\r\n二", "phone": "123"}
    assert client.post("/organisation/departments/CW/edit", data=changed).status_code == 303
    with app.app_context():
        row = db.session.scalar(db.select(Department).filter_by(code="CW"))
        assert (row.name, row.affiliated, row.sort, row.functions) == ("财务审计科", True, 4, "一\n二")
    assert events("people.department_changed")[-1].fact()["changes"]["name"] == ["财务科", "财务审计科"]
    assert set(events("people.department_changed")[-1].fact()["changes"]) == {"name", "affiliated", "sort"}


@pytest.mark.parametrize(
    ("data", "at"),
    [
        ({"code": "YW", "name": "新科"}, "code"),
        ({"code": "a/b", "name": "新科"}, "code"),
        ({"code": "..", "name": "新科"}, "code"),
        ({"code": "", "name": "新科"}, "code"),
        ({"code": "CW", "name": "综合业务科"}, "name"),
        ({"code": "CW", "name": ""}, "name"),
        ({"code": "CW", "name": "新科", "sort": "10000"}, "sort"),
        ({"code": "CW", "name": "新科", "sort": "-1"}, "sort"),
        ({"code": "CW", "name": "新科", "functions": "长" * 10000}, "functions"),
    ],
)
def test_a_bad_department_is_refused_at_the_field(admin, data, at):
    answer = admin.post("/organisation/departments/new", data=data)
    assert answer.status_code == 422
    assert f'id="{at}-error"' in answer.text


def test_a_department_closes_only_when_nobody_is_left(app, admin):
    data = {"name": "学会服务科", "closed": "y"}
    answer = admin.post("/organisation/departments/XH/edit", data=data)
    assert answer.status_code == 422
    assert 'id="closed-error"' in answer.text
    for username in ("other", "other_head"):
        admin.post(f"/organisation/people/{username}/disable", data={"stop-reason": "调离"})
    assert admin.post("/organisation/departments/XH/edit", data=data).status_code == 303
    assert "学会服务科" not in admin.get("/organisation/people/new").text
    page = admin.get("/organisation/people/other").text
    assert "学会服务科" in page, "who belongs to it still does"
    assert admin.post("/organisation/people/other", data=page_values(page)).status_code == 303
    assert admin.post("/organisation/departments/XH/edit", data={"name": "学会服务科"}).status_code == 303
    assert "学会服务科" in admin.get("/organisation/people/new").text


def test_the_unit_is_described(app, admin, events):
    assert admin.post("/organisation/unit", data={"name": ""}).status_code == 422
    data = {"name": "示例市科协", "functions": "服务科技工作者", "address": "中路 1 号", "phone": "123"}
    assert admin.post("/organisation/unit", data=data).status_code == 303
    with app.app_context():
        assert db.session.get_one(Unit, 1).address == "中路 1 号"
    assert "示例市科协" in admin.get("/organisation/unit").text
    assert events("people.unit_changed")[-1].fact()["changes"]["name"] == ["示例市科学技术协会", "示例市科协"]


# --- who may what ---------------------------------------------------------------------------------------------

PAGES = {
    "/organisation/people": {"sysadmin"},
    "/organisation/people/new": {"sysadmin"},
    "/organisation/people/clerk": {"sysadmin"},
    "/organisation/departments": {"sysadmin", "office"},
    "/organisation/departments/new": {"sysadmin", "office"},
    "/organisation/departments/YW/edit": {"sysadmin", "office"},
    "/organisation/unit": {"sysadmin", "office"},
    "/security/sessions": {"security"},
    "/security/login-failures": {"security"},
    "/account": set(cast.PEOPLE),
    "/account/password": set(cast.PEOPLE),
}


@pytest.mark.parametrize("path", PAGES)
def test_each_page_is_open_to_its_roles_only(login, app, path):
    for username in cast.PEOPLE:
        wanted = 200 if username in PAGES[path] else 403
        assert login(username).get(path).status_code == wanted, username
    assert app.test_client().get(path).location.startswith("/login?next=")


def test_organisation_leads_to_what_one_may_see(login):
    assert login("sysadmin").get("/organisation").location == "/organisation/people"
    assert login("office").get("/organisation").location == "/organisation/departments"


BUSINESS = ("cases.", "first_ask.", "one_time_notice.", "denial_filing.")


def test_the_three_administrators_see_no_business(app, login):
    """R-2: neither by permission nor, whatever the route, by a page that answers."""
    for role in SEPARATED:
        assert not [p for p in roles.MATRIX[role] if p.startswith(BUSINESS)]
    with app.app_context():
        rules = [
            rule
            for rule in app.url_map.iter_rules()
            if getattr(app.view_functions[rule.endpoint], "permission", "").startswith(BUSINESS)
            and "GET" in (rule.methods or ())
        ]
    for rule in rules:
        path = rule.rule
        path = re.sub(r"<any\((\w+)[^)]*\):\w+>", r"\1", path)
        for argument in rule.arguments:
            path = re.sub(rf"<(\w+(\([^)]*\))?:)?{argument}>", "1", path)
        for username in ("auditor", "security", "sysadmin"):
            assert login(username).get(path).status_code == 403, (username, path)


def test_a_post_gives_an_administrator_nothing(app, act, as_actor):
    """R-2: also who wrongly holds a post stays without its rights."""
    from portal.ab_post.models import Assignment

    with act():
        post = db.session.scalar(db.select(Assignment).limit(1))
        auditor = db.session.scalar(db.select(User.id).filter_by(username="auditor"))
        db.session.execute(db.update(Assignment).where(Assignment.post_id == post.post_id).values(user_id=auditor))
    found = as_actor("auditor")
    assert found.posts == ()
    assert found.roles == {Role.AUDITOR}


# --- login security -------------------------------------------------------------------------------------------


def test_the_security_administrator_sees_and_ends_sessions(app, enter, login, events):
    client, _a = enter("clerk")
    security = login("security")
    page = security.get("/security/sessions").text
    assert "王敏" in page
    action = re.search(r'action="(/security/sessions/(\d+)/end)" data-confirm="[^"]*王敏', page)
    assert security.post(action[1]).status_code == 303
    assert client.get("/account").status_code == 303
    assert events("people.session_ended")[-1].fact() == {"session": int(action[2]), "reason": "security_admin"}
    assert security.post(action[1]).status_code == 409
    assert security.post("/security/sessions/999999/end").status_code == 404
    assert login("sysadmin").post(action[1]).status_code == 403


def test_the_security_administrator_sees_failures_and_locks(enter, login):
    security = login("security")
    assert "没有登录失败的记录。" in security.get("/security/login-failures").text
    enter("<script>x", "wrong")
    for _n in range(6):
        enter("clerk", "wrong")
    page = security.get("/security/login-failures").text
    assert page.count('data-label="输入的用户名">clerk<') == 6, "what is tried while locked is shown too"
    assert "&lt;script&gt;x" in page
    assert "现在锁定的用户名：clerk" in page
    assert PASSWORD not in page
