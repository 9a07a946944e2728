"""F-1 … F-3, F-6: filing an entry over HTTP, good and bad."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy import func, select

from portal.cases.models import Case, CaseState
from portal.first_ask.models import Disposition, FirstAsk
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from tests.office import later

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def send(client, **fields):
    data = {"disposition": "answered", "channel": "visit", "_key": uuid.uuid4().hex, **fields}
    return client.post("/first-ask", data=data)


def entries(app):
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(FirstAsk))


def test_the_matter_alone_is_enough(app, login):
    answer = send(login("clerk"), matter="　老年人优待证怎么办　")
    assert answer.status_code == 303
    with app.app_context():
        entry = db.session.scalars(select(FirstAsk)).one()
        assert entry.matter == "老年人优待证怎么办"
        assert entry.number == "SW-2026-0001"
        assert entry.disposition is Disposition.ANSWERED
        assert db.session.scalar(select(func.count()).where(JournalEntry.event == "first_ask.filed")) == 1


def test_htmx_gets_the_empty_form_and_the_undo_line(login):
    answer = login("clerk").post(
        "/first-ask", data={"matter": "居住证", "disposition": "answered", "channel": "phone"}, headers=PARTIAL
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert 'id="quick"' in page
    assert "已登记" in page
    assert "/undo" in page
    assert 'hx-target="#today"' in page
    assert "<html" not in page


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"matter": ""}, "请填写来访人要办的事项"),
        ({"matter": "　　 "}, "请填写来访人要办的事项"),
        ({"matter": "长" * 10_000}, "最多 200 个字"),
        ({"matter": "a\x00b"}, "无法保存的字符"),
        ({"matter": "x", "disposition": "nonsense"}, "处理结果"),
        ({"matter": "x", "disposition": "passed"}, "请选择转到哪个科室"),
        ({"matter": "x", "disposition": "passed", "to_department": "99999"}, "转到科室"),
        ({"matter": "x", "disposition": "outside"}, "请填写应去的单位"),
        (
            {"matter": "x", "disposition": "outside", "outside_authority": "公安局", "materials_left": "身份证"},
            "否定报备",
        ),
        ({"matter": "长" * 10_000}, "最多 200 个字，现有 10000 个。"),
        ({"matter": "x", "client_phone": "不是电话"}, "请填写电话号码"),
        ({"matter": "x", "asked_at": "0000-01-01T00:00"}, "请填写日期和时间"),
        ({"matter": "x", "asked_at": "9999-12-31T00:00"}, "年份应在"),
        ({"matter": "x", "asked_at": "2026-11-19T00:00"}, "不能晚于现在"),
        ({"matter": "x", "urgent": "y"}, "请写明紧急重大的情况"),
    ],
)
def test_bad_input_is_told_at_the_field_and_kept(app, login, fields, message):
    answer = send(login("clerk"), client_name="周明", **fields)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert message in page
    assert "周明" in page, "what was typed is kept"
    assert f'value="{fields["matter"]}" autocomplete' in page or len(fields["matter"]) < 200, "nor cut by the browser"
    assert entries(app) == 0


@pytest.mark.parametrize("matter", ["👨‍👩‍👧 证件", "𠮷野家开业", "<script>alert(1)</script>", "'; DROP TABLE x;--"])
def test_rare_characters_are_kept_and_found(app, login, matter):
    assert send(login("clerk"), matter=matter).status_code == 303
    page = login("clerk").get("/first-ask").get_data(as_text=True)
    assert "<script>alert" not in page
    with app.app_context():
        assert db.session.scalar(select(FirstAsk.matter)) == matter


def test_lone_surrogates_never_break(login):
    answer = login("clerk").post(
        "/first-ask",
        data=b"matter=%ED%A0%80x&disposition=answered&channel=visit",
        content_type="application/x-www-form-urlencoded",
    )
    assert answer.status_code in (303, 422)


def test_the_same_submission_eight_times_is_one_record(app, login):
    client, key = login("clerk"), uuid.uuid4().hex
    answers = [send(client, matter="企业开办", _key=key) for _n in range(8)]
    assert {a.status_code for a in answers} == {303}
    assert len({a.headers["Location"] for a in answers}) == 1
    assert entries(app) == 1
    assert send(client, matter="另一件事", _key=key).status_code == 409
    assert entries(app) == 1


@pytest.mark.parametrize("disposition", ["case", "notice", "refusal"])
def test_three_dispositions_open_a_received_case(app, login, ids, disposition):
    answer = send(login("clerk"), matter="科普教育基地认定", disposition=disposition)
    assert answer.status_code == 303
    with app.app_context():
        case = db.session.scalars(select(Case)).one()
        assert case.state is CaseState.RECEIVED
        assert case.item_id == ids.items["SX-001"], "the item's own name finds the item"
        assert case.materials[0].name == "认定申请书"
    expected = {"case": "/?filed=", "notice": "/notice", "refusal": "/denial"}[disposition]
    assert expected in answer.headers["Location"]


def test_answered_opens_no_case(app, login):
    send(login("clerk"), matter="科普教育基地认定")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == 0


@pytest.mark.parametrize("username", ["leader", "principal", "office", "auditor", "security", "sysadmin"])
def test_who_may_not_file(app, login, username):
    answer = send(login(username), matter="x")
    if username in ("office",) or username in ("leader", "principal"):  # the office's own people hold staff posts too
        assert answer.status_code == 303
    else:
        assert answer.status_code == 403


def test_a_visitor_is_led_to_the_login(app):
    answer = app.test_client().post("/first-ask", data={"matter": "x"})
    assert answer.status_code == 303
    assert "/login" in answer.headers["Location"]
    assert entries(app) == 0


def test_undo_is_a_linked_reversal(app, login):
    client = login("clerk")
    send(client, matter="居住证")
    assert client.post("/first-ask/SW-2026-0001/undo").status_code == 303
    with app.app_context():
        first, second = db.session.scalars(select(FirstAsk).order_by(FirstAsk.id)).all()
        assert first.reversed_at is not None
        assert second.reverses_id == first.id
    assert client.post("/first-ask/SW-2026-0001/undo").status_code == 409
    assert "居住证" not in client.get("/first-ask").get_data(as_text=True)
    assert "居住证" in client.get("/first-ask?reversed=1").get_data(as_text=True)


def test_undo_after_the_time_needs_a_reason(app, login):
    client = login("clerk")
    send(client, matter="居住证")
    with clock.at(later(minutes=11)):
        assert client.post("/first-ask/SW-2026-0001/undo").status_code == 422
        assert client.post("/first-ask/SW-2026-0001/undo", data={"text": "登记错人"}).status_code == 303


def test_nobody_else_can_undo(login):
    send(login("clerk"), matter="居住证")
    assert login("clerk2").post("/first-ask/SW-2026-0001/undo").status_code == 403
    assert login("other").post("/first-ask/SW-2026-0001/undo").status_code == 404, "a foreign entry looks missing"


def test_undoing_an_entry_with_a_case_needs_a_second_person(app, login):
    send(login("clerk"), matter="科普教育基地认定", disposition="case")
    assert login("clerk").post("/first-ask/SW-2026-0001/undo").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(Case.state)) is CaseState.RECEIVED
    assert login("clerk").post("/cases/SX-2026-0001/proposals/1/confirm").status_code == 403
    assert login("clerk2").post("/cases/SX-2026-0001/proposals/1/confirm").status_code == 303
    with app.app_context():
        assert db.session.scalar(select(Case.state)) is CaseState.WITHDRAWN
