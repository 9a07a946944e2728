"""R-3: who may decide what needs a qualification, certificates, and the departments' representatives."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.cases import handling
from portal.cases import service as cases
from portal.cases.service import Client
from portal.kernel import clock, journal, plates, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import administration
from portal.people import queries as people
from portal.people.models import Department, User
from portal.post_duty import qualifications
from portal.post_duty.models import Qualification
from portal.service_commitment import queries as catalogue
from portal.service_commitment import service as publishing
from portal.service_commitment.models import ServiceItem
from tests.office import NOW

TODAY = date(2026, 11, 18)
LICENCE, REVIEW = "行政许可", "科技评估"


def actor(name, at=NOW):
    return people.actor_by_username(name, at)


def certify(office, who="clerk", kind=LICENCE, since=date(2026, 1, 1), until=date(2027, 12, 31), number="证-1"):
    with transaction.act():
        return qualifications.add_qualification(actor("office"), office.users[who], kind, number, since, until, NOW)


def licensed(office, kind=LICENCE):
    """The item SX-002 asks for a qualification from now on; an open case of it."""
    with transaction.act():
        item = db.session.get(ServiceItem, office.items["SX-002"])
        content = publishing.content_of(item.current_version)
        publishing.publish(actor("office"), item, publishing.replace(content, licence=True, qualification=kind), NOW)
    with transaction.act():
        entry = next(e for e in catalogue.entries() if e.code == "SX-002")
        case = cases.open_case(actor("clerk"), NOW, matter="许可", client=Client("", "张三"), item=entry)
        cases.accept(actor("clerk"), case, NOW)
    return case


def complete(case, who="clerk"):
    with transaction.act():
        handling.complete(actor(who), case, "准予", "", "", NOW)


@pytest.mark.parametrize(
    ("since", "until", "allowed"),
    [
        (date(2026, 11, 18), date(2026, 11, 18), True),
        (date(2026, 11, 19), date(2027, 11, 18), False),
        (date(2025, 1, 1), date(2026, 11, 17), False),
        (date(2025, 1, 1), None, True),
    ],
)
def test_valid_on_that_day(office, since, until, allowed):
    certify(office, since=since, until=until)
    assert qualifications.qualified(office.users["clerk"], TODAY, LICENCE) is allowed
    assert qualifications.qualified(office.users["clerk"], TODAY) is allowed
    assert not qualifications.qualified(office.users["clerk"], TODAY, REVIEW)


def test_the_day_of_the_persons_record_counts_for_any_kind_only(office):
    with transaction.act():
        user = db.session.get(User, office.users["clerk"])
        administration.change_user(actor("sysadmin"), user, NOW, qualified_until=date(2026, 12, 31))
    assert qualifications.qualified(user.id, date(2026, 12, 31))
    assert not qualifications.qualified(user.id, date(2027, 1, 1))
    assert not qualifications.qualified(user.id, TODAY, LICENCE)
    assert not qualifications.qualified(10**6, TODAY)


def test_only_a_holder_completes(office):
    case = licensed(office)
    with pytest.raises(NotAllowed) as refused:
        complete(case)
    assert refused.value.rule == "R-3"
    assert "行政许可" in refused.value.message
    assert "王敏" in refused.value.message
    certify(office, kind=REVIEW)
    with pytest.raises(NotAllowed):
        complete(case)
    certify(office)
    complete(case)
    assert case.closed_at == NOW


def test_b_acting_needs_an_own_one(office):
    case = licensed(office)
    certify(office)
    with transaction.act():
        ab.record_absence(
            actor("clerk"), office.users["clerk"], AbsenceKind.SICK, NOW, NOW + timedelta(days=1), NOW, emergency=True
        )
    with pytest.raises(NotAllowed) as refused:
        complete(case, "clerk2")
    assert "李强" in refused.value.message
    certify(office, "clerk2", number="证-2")
    complete(case, "clerk2")
    assert journal.of_case(case.id)[-1].for_user_id == office.users["clerk"]


def test_a_revoked_one_is_none(office):
    made = certify(office)
    with pytest.raises(Invalid), transaction.act():
        qualifications.revoke_qualification(actor("office"), made, "", NOW)
    with transaction.act():
        qualifications.revoke_qualification(actor("office"), made, "证书被吊销", NOW)
    assert not qualifications.qualified(office.users["clerk"], TODAY, LICENCE)
    assert qualifications.qualified(office.users["clerk"], TODAY - timedelta(days=1), LICENCE)
    with pytest.raises(Conflict), transaction.act():
        qualifications.revoke_qualification(actor("office"), made, "再次", NOW)
    assert journal.of_object("user", office.users["clerk"])[-1].event == "post_duty.qualification_revoked"


def test_what_cannot_be_recorded(office):
    certify(office)
    for kw, field in (
        ({}, "number"),
        ({"until": date(2025, 1, 1), "number": "证-2"}, "valid_until"),
    ):
        with pytest.raises(Invalid) as refused:
            certify(office, **kw)
        assert refused.value.field == field
    with pytest.raises(Invalid), transaction.act():
        qualifications.add_qualification(actor("office"), 10**6, LICENCE, "证-9", TODAY, None, NOW)
    with pytest.raises(DBAPIError), transaction.act():
        db.session.execute(text("DELETE FROM qualification"))


@pytest.mark.parametrize(
    ("until", "renewed", "kind"),
    [
        (date(2027, 6, 1), None, None),
        (date(2026, 12, 31), None, "post_duty.expiring"),
        (date(2026, 11, 17), None, "post_duty.expired"),
        (date(2026, 12, 31), date(2028, 1, 1), None),
    ],
)
def test_the_office_hears_of_what_ends(app, office, until, renewed, kind):
    certify(office, until=until)
    if renewed:
        certify(office, since=date(2026, 11, 1), until=renewed, number="证-2")

    def seen(who):
        with app.test_request_context():
            return [t.kind for t in plates.todos(actor(who), NOW) if t.kind.startswith("post_duty.")]

    assert seen("office") == ([kind] if kind else [])
    assert seen("clerk") == []


# --- representatives ----------------------------------------------------------------------------------------------


def name(office, who, on, code="YW"):
    with transaction.act():
        department = db.session.get(Department, office.departments[code])
        user_id = office.users[who] if who else None
        return qualifications.name_representative(actor("office"), department, user_id, on, "授权书 1 号", NOW)


def test_one_representative_at_a_time(office):
    key = office.departments["YW"]
    name(office, "clerk", date(2026, 11, 1))
    name(office, "head", date(2026, 12, 1))

    def who(day):
        found = qualifications.representatives(day).get(key)
        return found.user_id if found else None

    days = {
        date(2026, 10, 31): None,
        date(2026, 11, 1): "clerk",
        date(2026, 11, 30): "clerk",
        date(2026, 12, 1): "head",
    }
    for day, expected in days.items():
        assert who(day) == (office.users[expected] if expected else None)
    for other, on in (("clerk2", date(2026, 12, 1)), ("head", date(2026, 12, 9)), ("other", date(2026, 12, 9))):
        with pytest.raises(Invalid):
            name(office, other, on)
    name(office, None, date(2027, 1, 1))
    assert who(date(2027, 1, 1)) is None
    with pytest.raises(Invalid):
        name(office, "clerk", date(2026, 12, 31))
    entry = journal.of_object("department", key)[-1].fact()
    assert (entry["old"], entry["new"]) == ("赵刚", "")


def test_the_database_keeps_one(office):
    name(office, "clerk", date(2026, 11, 1))
    with pytest.raises(IntegrityError), transaction.act():
        db.session.execute(
            text(
                "INSERT INTO representative (department_id, user_id, from_on, basis, recorded_at)"
                " SELECT department_id, user_id, from_on, '', recorded_at FROM representative"
            )
        )


# --- pages ------------------------------------------------------------------------------------------------------------


def test_the_office_records_over_http(app, login, ids):
    office = login("office")
    data = {"user_id": ids.users["clerk"], "kind": LICENCE, "number": "Ａ-１", "valid_from": "2026-01-01"}
    assert office.post("/posts/qualifications/new", data={**data, "number": ""}).status_code == 422
    bad = office.post("/posts/qualifications/new", data={**data, "valid_until": "2025-01-01"})
    assert 'id="valid_until-error"' in bad.get_data(as_text=True)
    assert office.post("/posts/qualifications/new", data=data).status_code == 303
    page = office.get("/posts/qualifications").get_data(as_text=True)
    assert "A-1" in page
    assert "长期" in page
    assert "A-1" not in office.get("/posts/qualifications?state=expired").get_data(as_text=True)
    assert "王敏：行政许可" in office.get("/posts/YW-1").get_data(as_text=True)
    book = load_workbook(io.BytesIO(office.get("/posts/qualifications/export.xlsx").data))
    assert [c.value for c in book.active[2]][:4] == ["王敏", "综合业务科", LICENCE, "A-1"]
    with app.app_context():
        key = db.session.scalars(db.select(Qualification.id)).one()
    answer = office.post(f"/posts/qualifications/{key}/revoke", data={"reason": ""})
    assert answer.status_code == 422
    assert "请写明终止的原因" in answer.get_data(as_text=True)
    assert office.post(f"/posts/qualifications/{key}/revoke", data={"reason": "离岗"}).status_code == 303
    assert office.post("/posts/qualifications/999/revoke", data={"reason": "x"}).status_code == 404


def test_representatives_over_http(login, ids):
    office, clerk = login("office"), login("clerk")
    data = {"user_id": ids.users["clerk"], "from_on": "2026-11-18", "basis": "授权书"}
    assert clerk.post("/posts/representatives/YW", data=data).status_code == 403
    assert office.post("/posts/representatives/none", data=data).status_code == 404
    assert office.post("/posts/representatives/YW", data={**data, "from_on": ""}).status_code == 422
    assert office.post("/posts/representatives/YW", data={**data, "user_id": ids.users["other"]}).status_code == 422
    assert office.post("/posts/representatives/YW", data=data).status_code == 303
    assert "王敏" in clerk.get("/posts/representatives").get_data(as_text=True)
    assert "首席代表：王敏" in clerk.get("/posts/").get_data(as_text=True)
    assert "科室首席代表" in clerk.get("/posts/YW-2").get_data(as_text=True)


def test_a_case_page_says_what_is_needed_and_refuses(app, login, ids):
    with app.app_context():
        case = licensed(ids)
        number = case.number
    clerk = login("clerk")
    page = clerk.get(f"/cases/{number}").get_data(as_text=True)
    assert "现在负责的王敏没有这个事项须具备的有效资格" in page
    answer = clerk.post(f"/cases/{number}/complete", data={"text": "准予"})
    assert answer.status_code == 403
    assert "须由持有效“行政许可”资格的人员办结" in answer.get_data(as_text=True)
    assert login("clerk2").get(f"/cases/{number}").status_code == 200
    with app.app_context(), clock.at(NOW):
        certify(ids)
    assert "须由持有效“行政许可”资格" in clerk.get(f"/cases/{number}").get_data(as_text=True)
    assert clerk.post(f"/cases/{number}/complete", data={"text": "准予"}).status_code == 303


def test_the_catalogue_names_the_kind(login):
    office = login("office")
    assert "须具备的资格种类" in office.get("/catalogue/SX-002/draft/edit").get_data(as_text=True)
