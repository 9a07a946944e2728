"""The policy pages: the nine systems, the table of rules, values and their history (POL-1, POL-3)."""

from __future__ import annotations

import pytest

from portal.policy import catalogue, nine_systems, queries, rule_table
from portal.pure.limits import Limit

ENQUIRY = "timed_completion.enquiry"
STAFF = ("clerk", "head", "leader", "principal", "office", "supervisor")


@pytest.mark.parametrize("username", STAFF)
@pytest.mark.parametrize("path", ["/policy/", "/policy/systems/first-ask", "/policy/rules", "/policy/values"])
def test_all_staff_read(login, username, path):
    assert login(username).get(path).status_code == 200


@pytest.mark.parametrize("system", nine_systems.systems(), ids=lambda system: system.slug)
def test_every_system_is_read_clause_by_clause(login, system):
    client = login("clerk")
    assert system.title("zh") in client.get("/policy/").text
    page = client.get(f"/policy/systems/{system.slug.replace('_', '-')}").text
    for clause in system.clauses:
        assert f'id="{clause.id}"' in page
        assert clause.text("zh") in page
        for rule_id in clause.rules:
            assert f'/policy/rules#{rule_id}"' in page
        for key in clause.values:
            assert str(catalogue.definition(key).label) in page


def test_the_english_text_is_read_in_english(login):
    client = login("clerk")
    client.set_cookie("lang", "en")
    page = client.get("/policy/systems/first-ask").text
    assert "The first-asker" in page
    assert "首问责任人应当" not in page


def test_a_figure_that_the_office_changed_stands_beside_the_printed_one(login):
    office, clerk = login("office"), login("clerk")
    assert "本单位已调整" not in clerk.get("/policy/systems/timed-completion").text
    sent = office.post(f"/policy/values/{ENQUIRY}/set", data={"value": "5wd", "reason": "咨询量大", "seen": "3wd"})
    assert (sent.status_code, sent.location) == (303, f"/policy/values/{ENQUIRY}")
    page = clerk.get("/policy/systems/timed-completion").text
    assert "本单位已调整" in page
    assert "5 个工作日" in page
    history = clerk.get(f"/policy/values/{ENQUIRY}").text
    assert "咨询量大" in history
    assert "吴霞" in history


def test_a_clause_leads_to_its_place(login):
    answer = login("clerk").get("/policy/clauses/first_ask.2")
    assert answer.status_code == 302
    assert answer.location == "/policy/systems/first-ask#first_ask.2"


@pytest.mark.parametrize(
    "path",
    [
        "/policy/clauses/first_ask.99",
        "/policy/clauses/x",
        "/policy/systems/first_ask",
        "/policy/systems/calendar",
        "/policy/values/x",
        "/policy/values/x/set",
    ],
)
def test_what_does_not_exist(login, path):
    assert login("office").get(path).status_code == 404


def test_every_rule_has_its_anchor(login):
    page = login("clerk").get("/policy/rules").text
    for rule in rule_table.rules():
        assert f'id="{rule.id}"' in page


@pytest.mark.parametrize(
    ("asked", "found", "not_found"),
    [
        ("T-7a", "视为受理", "否定报备登记"),
        ("t-10", 'id="T-10"', 'id="T-9"'),
        ("否定　报备", 'id="D-2"', 'id="C-9"'),
        ("hash chain", 'id="J-2"', 'id="D-2"'),
    ],
)
def test_rules_are_searched(login, asked, found, not_found):
    page = login("clerk").get("/policy/rules", query_string={"q": asked})
    assert page.status_code == 200
    assert found in page.text
    assert not_found not in page.text


@pytest.mark.parametrize("asked", ["没有这样的规则", "<script>alert(1)</script>", "%%_", "字" * 500])
def test_a_search_that_finds_nothing_says_so(login, asked):
    page = login("clerk").get("/policy/rules", query_string={"q": asked})
    assert page.status_code == 200
    assert "没有符合" in page.text
    assert "<script>alert" not in page.text


def test_values_are_grouped_with_source_default_and_rules(login):
    page = login("clerk").get("/policy/values").text
    for definition in catalogue.definitions():
        assert str(definition.label) in page
        assert str(catalogue.GROUPS[definition.group]) in page
        for rule_id in definition.rules:
            assert f"/policy/rules#{rule_id}" in page
    assert "/set" not in page
    assert "/set" in login("office").get("/policy/values").text


@pytest.mark.parametrize("username", ["clerk", "head", "leader", "principal", "supervisor", "auditor", "sysadmin"])
def test_only_the_office_sets_values(app, login, username):
    client = login(username)
    path = f"/policy/values/{ENQUIRY}/set"
    assert client.get(path).status_code == 403
    assert client.post(path, data={"value": "5wd", "reason": "越权"}).status_code == 403
    with app.app_context():
        assert queries.history(ENQUIRY) == []


@pytest.mark.parametrize("definition", catalogue.definitions(), ids=lambda d: d.key)
def test_every_value_has_a_form_of_its_kind(login, definition):
    page = login("office").get(f"/policy/values/{definition.key}/set")
    if definition.key == "calendar.office_hours":  # it moves due dates, which the calendar's own page shows first (T-3)
        assert page.status_code == 302
        assert login("office").get(page.location).status_code == 200
        return
    assert page.status_code == 200
    assert ('type="radio"' in page.text) == (definition.kind.name in ("boolean", "choice"))


@pytest.mark.parametrize(
    ("key", "data", "said"),
    [
        (ENQUIRY, {"value": "16wd", "reason": "试"}, "15wd"),
        (ENQUIRY, {"value": "", "reason": "试"}, "请填写数字和单位"),
        (ENQUIRY, {"value": "3wd", "reason": "试"}, "相同"),
        (ENQUIRY, {"value": "5wd", "reason": "\u3000"}, "修改理由"),
        (ENQUIRY, {"value": "5wd", "reason": "由" * 201}, "最多 200 个字"),
        (ENQUIRY, {"value": "5wd", "reason": "甲\x00"}, "无法保存"),
        (ENQUIRY, {"value": "5wd\x00", "reason": "试"}, "无法保存"),
        (ENQUIRY, {"value": "5wd", "reason": "试", "seen": "4wd"}, "刚被改为"),
        ("one_time_notice.written_always", {"value": "maybe", "reason": "试"}, "请选择"),
        ("people.lockout_minutes", {"value": "1" * 10_000, "reason": "试"}, "过长"),
    ],
)
def test_bad_input_is_said_at_the_field(app, login, key, data, said):
    page = login("office").post(f"/policy/values/{key}/set", data=data)
    assert page.status_code == 422
    assert said in page.text
    assert "data-error-summary" in page.text
    with app.app_context():
        assert queries.history(key) == []


def test_a_yes_or_no_is_set(app, login):
    login("office").post("/policy/values/one_time_notice.written_always/set", data={"value": "true", "reason": "会议"})
    with app.app_context():
        assert queries.value("one_time_notice.written_always") is True


def test_an_optional_text_can_be_emptied_again(app, login):
    path = "/policy/values/service_commitment.complaint_contact/set"
    login("office").post(path, data={"value": "电话 12345 😀", "reason": "公布"})
    with app.app_context():
        assert queries.value("service_commitment.complaint_contact") == "电话 12345 😀"
    login("office").post(path, data={"value": "", "reason": "撤下"})
    with app.app_context():
        assert queries.value("service_commitment.complaint_contact") == ""
        assert queries.value(ENQUIRY) == Limit.parse("3wd")
