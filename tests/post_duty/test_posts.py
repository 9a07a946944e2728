"""P-1, R-1, R-2: posts, their versions, leaders' departments, closing."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.cases import service as cases
from portal.cases.service import Client
from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people
from portal.post_duty import queries, service
from portal.post_duty.models import Post, PostKind
from tests.office import NOW


def _post(office, code):
    return db.session.get(Post, office.posts[code])


def test_a_change_is_a_version_and_the_day_has_its_own(office, act, as_actor):
    post, later = _post(office, "YW-1"), NOW + timedelta(days=2)
    with act():
        service.change(as_actor("office"), post, NOW, duties="受理", powers="可批准延期")
    with clock.at(later), act():
        service.change(as_actor("office"), post, later, duties="受理\n登记", phone="0543-1")
    found = [(v.number, v.from_at, v.texts["duties"], v.texts["powers"]) for v in queries.versions(post)]
    assert [f[0] for f in found] == [3, 2, 1]
    assert [f[2:] for f in found] == [("受理\n登记", "可批准延期"), ("受理", "可批准延期"), ("", "")]
    assert [f[1] for f in found][:2] == [later, NOW]
    assert queries.version_on(post, date(2026, 11, 17)).number == 1
    assert queries.version_on(post, date(2026, 11, 19)).number == 2
    assert queries.version_on(post, date(2026, 11, 20)).number == 3
    assert queries.version_on(post, date(2026, 8, 31)) is None


def test_a_new_phone_is_no_new_version(office, act, as_actor):
    with act():
        service.change(as_actor("office"), _post(office, "YW-1"), NOW, phone="0543-1", place="二楼")
    assert [v.number for v in queries.versions(_post(office, "YW-1"))] == [1]


def test_no_change_is_no_entry(office, act, as_actor):
    post = _post(office, "YW-1")
    before = len(journal.of_object("post", post.id))
    with act():
        assert not service.change(as_actor("office"), post, NOW, name=post.name)
    assert len(journal.of_object("post", post.id)) == before


def test_there_is_one_principal(office, act, as_actor):
    with pytest.raises(Invalid) as refused, act():
        service.add(as_actor("office"), "LD-9", "主席", office.departments["LD"], NOW, kind=PostKind.PRINCIPAL)
    assert refused.value.field == "kind"


def test_a_department_has_one_leader_in_charge(office, act, as_actor):
    society = office.departments["XH"]
    with act():
        service.charge(as_actor("office"), _post(office, "LD-1"), [office.departments["YW"], society], NOW)
    assert queries.leader_post_of(society) == office.posts["LD-1"]
    assert queries.departments_of(office.posts["LD-2"]) == frozenset()
    assert queries.leader_post_of(office.departments["BG"]) == office.posts["LD-0"]  # nobody: the principal
    for code, left in (("LD-1", ["综合业务科", "学会服务科"]), ("LD-2", [])):
        assert journal.of_object("post", office.posts[code])[-1].fact()["departments"] == left


def test_the_same_charge_again_records_nothing(office, act, as_actor):
    before = journal.head()
    with act():
        held = queries.departments_of(office.posts["LD-1"])
        service.charge(as_actor("office"), _post(office, "LD-1"), held, NOW)
    assert journal.head() == before


def test_a_wrong_charge_is_refused(office, act, as_actor):
    for code, wanted in (("YW-H", office.departments["XH"]), ("LD-1", 10**6)):
        with pytest.raises(Invalid) as refused, act():
            service.charge(as_actor("office"), _post(office, code), [wanted], NOW)
        assert refused.value.field == "departments"


def test_rooms_above_can_refuse_the_closing(office, act, as_actor, monkeypatch):
    asked = []

    def open_cases(post):
        asked.append(post.code)
        return "还有 2 件未办结" if len(asked) == 1 else None

    monkeypatch.setattr(service, "_hindrances", [])
    service.before_close(open_cases)
    service.before_close(open_cases)  # a room that is loaded twice asks once
    with pytest.raises(Conflict, match="2 件"), act():
        service.close(as_actor("office"), _post(office, "YW-2"), NOW)
    transaction.rollback()
    with act():
        service.close(as_actor("office"), _post(office, "YW-2"), NOW)
    assert asked == ["YW-2", "YW-2"]
    assert _post(office, "YW-2").closed_on == date(2026, 11, 18)
    with pytest.raises(Conflict), act():
        service.close(as_actor("office"), _post(office, "YW-2"), NOW)


def test_leaders_with_departments_and_the_principal_stay(office, act, as_actor):
    for code in ("LD-0", "LD-1"):
        with pytest.raises(Conflict), act():
            service.close(as_actor("office"), _post(office, code), NOW)


def test_the_page_offers_no_closing_that_would_be_refused(login, monkeypatch):
    assert 'action="/posts/YW-2/close"' in login("office").get("/posts/YW-2").text
    leaders = login("office").get("/posts/LD-1").text
    assert "请先把科室交给其他领导岗位" in leaders
    assert 'action="/posts/LD-1/close"' not in leaders
    assert "撤销岗位" not in login("clerk").get("/posts/YW-2").text


def test_nobody_answers_for_a_closed_post(office, act, as_actor):
    assert office.posts["YW-2"] in as_actor("clerk2").post_ids
    with act():
        service.close(as_actor("office"), _post(office, "YW-2"), NOW)
    assert office.posts["YW-2"] not in people.actor_by_username("clerk2", NOW).post_ids


# --- pages -----------------------------------------------------------------------------------------------------

NEW = {"code": "YW-9", "name": "档案岗", "kind": "staff", "duties": "归档\n借阅"}


def test_all_staff_read_posts(login):
    for who in ("clerk", "leader", "supervisor"):
        page = login(who).get("/posts/")
        assert page.status_code == 200
        assert "业务受理岗" in page.text
        assert "王敏" in page.text
        assert login(who).get("/posts/YW-1").status_code == 200
    assert login("auditor").get("/posts/").status_code == 403


def test_only_the_office_changes_posts(login):
    for who in ("clerk", "head", "principal"):
        for path in ("/posts/new", "/posts/YW-1/edit", "/posts/LD-1/charge"):
            assert login(who).get(path).status_code == 403
        assert login(who).post("/posts/YW-1/close").status_code == 403


def test_the_office_sets_up_changes_and_closes(login, ids):
    client = login("office")
    made = client.post("/posts/new", data={**NEW, "department_id": ids.departments["YW"]})
    assert made.headers["Location"].endswith("/posts/YW-9")
    page = client.get("/posts/YW-9").text
    assert "归档" in page
    assert "A 岗空缺" in page or "没有 A 岗" in page
    sent = {"name": "档案管理岗", "duties": "归档", "standard": "当日归档"}
    assert client.post("/posts/YW-9/edit", data=sent).status_code == 303
    page = client.get("/posts/YW-9").text
    assert "档案管理岗" in page
    assert "当日归档" in page
    assert "第 2 版" in page
    assert client.post("/posts/YW-9/close").status_code == 303
    assert "YW-9" not in client.get("/posts/").text
    assert "YW-9" in client.get("/posts/?state=closed").text
    assert client.get("/posts/YW-9").status_code == 200
    assert client.post("/posts/YW-9/edit", data=sent).status_code == 409


def test_the_version_of_a_day_is_shown(login):
    client = login("office")
    client.post("/posts/YW-1/edit", data={"name": "业务受理岗", "duties": "今天写的职责"})
    assert "今天写的职责" in client.get("/posts/YW-1?on=2026-11-18").text
    earlier = client.get("/posts/YW-1?on=2026-11-17").text
    section = earlier[earlier.index('id="stated-t"') : earlier.index('id="items-t"')]
    assert "今天写的职责" not in section
    assert "第 1 版" in section


REFUSED = (
    {"code": ""},
    {"code": "new"},
    {"code": "a/b"},
    {"code": "YW-1"},
    {"code": "x" * 21},
    {"name": "　"},
    {"name": "岗" * 61},
    {"kind": "king"},
    {"kind": "principal"},
    {"department_id": "x"},
    {"department_id": "999"},
    {"phone": "call me"},
    {"duties": "职" * 2001},
    {"duties": "a\x00b"},
)


def test_bad_input_is_said_and_nothing_is_set_up(login, ids, app):
    for change in REFUSED:
        answer = login("office").post("/posts/new", data={**NEW, "department_id": ids.departments["YW"], **change})
        assert answer.status_code == 422, change
        assert "errsum" in answer.text
    with app.app_context():
        assert queries.by_code("YW-9") is None


def test_charge_over_http(login, ids):
    client = login("office")
    sent = {"departments": [ids.departments["XH"]]}
    assert client.post("/posts/LD-1/charge", data=sent).status_code == 303
    assert "学会服务科" in client.get("/posts/LD-1").text
    assert client.post("/posts/LD-1/charge", data={"departments": ["x"]}).status_code == 422
    assert client.post("/posts/LD-1/charge", data={"departments": ["99999"]}).status_code == 422
    assert client.post("/posts/YW-1/charge", data=sent).status_code == 422


def test_a_post_with_items_says_why_it_stays(login):
    answer = login("office").post("/posts/YW-1/close")
    assert answer.status_code == 409
    assert "服务事项" in answer.text


def test_no_such_post(login):
    for path in ("/posts/NONE", "/posts/NONE/edit", "/posts/YW-1?on=x", "/posts/YW-1?on=2026-13-01"):
        assert login("office").get(path).status_code == 404


def test_a_post_with_open_cases_stays_and_its_absence_lists_them(app, login, ids):
    with app.app_context(), transaction.act():
        actor = people.actor_by_username("clerk2", NOW)
        client = Client("", "周小明", "13800001234")
        number = cases.open_case(actor, NOW, matter="学会换届", client=client, post_id=ids.posts["YW-2"]).number
    away = {"kind": "annual", "from_at": "2026-11-18T10:00", "to_at": "2026-11-19T10:00"}
    page = login("clerk2").post("/ab/absences/new", data=away).headers["Location"]
    assert number in login("clerk").get(page).text
    answer = login("office").post("/posts/YW-2/close")
    assert answer.status_code == 409
    assert "1 件未办结的办件" in answer.text
