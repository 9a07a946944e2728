"""F-4, F-5: passing on is a handshake; urgent matters are acknowledged."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.cases.models import Case
from portal.first_ask.models import FirstAsk, HandOver
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.journal import JournalEntry
from tests.office import later

N = "SW-2026-0001"


@pytest.fixture
def passed(login, ids):
    """A matter passed by YW's clerk to XH."""
    answer = login("clerk").post(
        "/first-ask",
        data={
            "matter": "学会会费",
            "disposition": "passed",
            "channel": "visit",
            "to_department": ids.departments["XH"],
        },
    )
    assert answer.status_code == 303


def test_accept_passes_liability(app, login, passed):
    assert login("clerk2").post(f"/first-ask/{N}/accept").status_code == 403, "not the receiving department"
    assert login("other").post(f"/first-ask/{N}/accept").status_code == 303
    assert login("other").post(f"/first-ask/{N}/accept").status_code == 409
    assert login("other").post(f"/first-ask/{N}/answer", data={"text": "会费按年缴纳"}).status_code == 303
    page = login("clerk").get(f"/first-ask/{N}").get_data(as_text=True)
    assert "会费按年缴纳" in page, "the first-asker is told the result (F-1)"


def test_dispute_goes_to_the_office_whose_ruling_stands(app, login, ids, passed):
    assert login("other").post(f"/first-ask/{N}/dispute", data={"text": "　"}).status_code == 422
    assert login("other").post(f"/first-ask/{N}/dispute", data={"text": "属业务科职责"}).status_code == 303
    assert login("other").post(f"/first-ask/{N}/accept").status_code == 409
    assert login("clerk").post(f"/first-ask/{N}/rule", data={}).status_code == 403
    assert login("office").post(f"/first-ask/{N}/rule", data={"text": "由业务科办理"}).status_code == 422
    good = {"text": "由业务科办理", "department": ids.departments["YW"]}
    assert login("office").post(f"/first-ask/{N}/rule", data=good).status_code == 303
    assert login("office").post(f"/first-ask/{N}/rule", data=good).status_code == 409
    assert login("clerk").post(f"/first-ask/{N}/open-case").status_code == 303
    with app.app_context():
        assert db.session.scalars(select(Case)).one().department_id == ids.departments["YW"]


def test_dispute_only_within_one_working_day(app, login, passed):
    with app.app_context():
        assert clock.local(db.session.scalar(select(HandOver.respond_by))).isoformat() == "2026-11-19T17:30:00+08:00"
    with clock.at(later(days=1, hours=7, minutes=40)):
        assert login("other").post(f"/first-ask/{N}/dispute", data={"text": "迟了"}).status_code == 422
        assert login("other").post(f"/first-ask/{N}/accept").status_code == 303


def test_a_case_of_another_department_is_named_and_not_linked(login, passed):
    assert login("other").post(f"/first-ask/{N}/accept").status_code == 303
    assert login("other").post(f"/first-ask/{N}/open-case").status_code == 303
    path = "/cases/SX-2026-0001"
    link = f'href="{path}"'
    assert login("head").get(path).status_code == 404
    for page in ("/first-ask", f"/first-ask/{N}"):
        seen = login("head").get(page).get_data(as_text=True)
        assert "SX-2026-0001" in seen
        assert link not in seen
    assert link in login("other").get(f"/first-ask/{N}").get_data(as_text=True)
    assert link in login("office").get("/first-ask").get_data(as_text=True)


def test_second_passing_on_is_a_journalled_fact(app, login, ids, passed):
    login("other").post(f"/first-ask/{N}/accept")
    back = {"department": ids.departments["YW"]}
    assert login("other").post(f"/first-ask/{N}/pass-on", data=back).status_code == 303
    with app.app_context():
        facts = [
            e.fact() for e in db.session.scalars(select(JournalEntry).where(JournalEntry.event == "first_ask.passed"))
        ]
        assert [f["ordinal"] for f in facts] == [1, 2]
    assert "二次转办" in login("clerk").get(f"/first-ask/{N}").get_data(as_text=True)


def test_taken_over_matters_cannot_be_undone(login, passed):
    login("other").post(f"/first-ask/{N}/accept")
    assert login("clerk").post(f"/first-ask/{N}/undo", data={"text": "x"}).status_code == 409


def test_urgent_matters_are_acknowledged_by_the_principal(app, login):
    fields = {
        "matter": "屋顶漏水",
        "disposition": "answered",
        "channel": "phone",
        "urgent": "y",
        "urgent_reason": "危及安全",
    }
    login("clerk").post("/first-ask", data=fields)
    assert "屋顶漏水" in login("principal").get("/").get_data(as_text=True)
    assert login("leader").post(f"/first-ask/{N}/acknowledge").status_code in (403, 404)
    with clock.at(later(hours=3)):
        assert login("principal").post(f"/first-ask/{N}/acknowledge", data={"text": "请立即处置"}).status_code == 303
    with app.app_context():
        entry = db.session.scalars(select(FirstAsk)).one()
        assert entry.acknowledged_at is not None
        event = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "first_ask.acknowledged")).one()
        assert event.fact()["late"] is True
