"""Result errors: who, once, never erased (W-0)."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select, update
from sqlalchemy.exc import DBAPIError

from portal.cases import handling
from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.service import Client
from portal.completion_report import errors, figures
from portal.completion_report.definitions import Period, Scope
from portal.completion_report.models import ErrorKind, FoundBy, ResultError
from portal.kernel import journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.service_commitment import queries as catalogue
from tests.office import NOW

NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 30))
LATER = NOW + timedelta(days=2)


@pytest.fixture
def closed(office, as_actor, act) -> Case:
    """A case that the clerk has accepted and completed within the same day."""
    clerk = as_actor("clerk")
    with act():
        item = next(e for e in catalogue.entries() if e.code == "SX-001")
        case = cases.open_case(clerk, NOW, matter="基地认定", client=Client(), item=item, received=(1, 2, 3))
        cases.accept(clerk, case, NOW)
        handling.complete(clerk, case, "已认定", "批复", "", NOW + timedelta(hours=1))
    return case


def record(actor, case, kind=ErrorKind.DOCUMENT, on=date(2026, 11, 19), now=LATER) -> ResultError:
    return errors.record(actor, case, kind, FoundBy.CLIENT, on, "名称写错", now)


def test_a_closing_keeps_its_share_and_who_answered(closed, office):
    """W-0, AB-4: nothing of five working days was used on the day of acceptance."""
    assert (closed.share_used, closed.answered_by_id) == (0, office.users["clerk"])
    line = figures.total(Scope(), NOVEMBER, NOW + timedelta(hours=2))
    assert (line.done, line.early, line.average, line.accuracy) == (1, 1, 0.0, 100.0)


def test_on_the_last_day_the_whole_limit_is_used(office, as_actor, act):
    clerk = as_actor("clerk")
    with act():
        item = next(e for e in catalogue.entries() if e.code == "SX-001")
        case = cases.open_case(clerk, NOW, matter="基地认定", client=Client(), item=item, received=(1, 2, 3))
        cases.accept(clerk, case, NOW)
        handling.complete(clerk, case, "已认定", "批复", "", NOW + timedelta(days=7))
    assert (case.share_used, case.closed_late) == (1000, False)
    assert figures.total(Scope(), NOVEMBER, NOW + timedelta(days=8)).on_time == 1


@pytest.mark.parametrize("who", ["office", "supervisor", "head", "leader", "principal"])
def test_who_did_not_handle_it_records(closed, as_actor, act, who):
    with act():
        made = record(as_actor(who, LATER), closed)
    assert journal.of_object("result_error", made.id)[-1].event == "completion_report.error_recorded"
    assert journal.of_case(closed.id)[-1].event == "completion_report.error_recorded"
    line = figures.total(Scope(), NOVEMBER, LATER)
    assert (line.wrong, line.accuracy) == (1, 0.0)
    post = figures.table(Scope(), NOVEMBER, LATER, "person")
    assert post[closed.answered_by_id].wrong == 1


@pytest.mark.parametrize("who", ["clerk", "clerk2", "other", "other_head", "leader2", "auditor"])
def test_nobody_else_does(closed, as_actor, act, who):
    with pytest.raises(NotAllowed), act():
        record(as_actor(who, LATER), closed)


def test_a_head_who_answered_for_the_post_does_not(closed, office, as_actor, act):
    with act():
        cases.remember(closed, as_actor("head"))
    with pytest.raises(NotAllowed), act():
        record(as_actor("head", LATER), closed)


def test_an_open_case_has_no_result(office, as_actor, act):
    with act():
        case = cases.open_case(as_actor("clerk"), NOW, matter="x", client=Client(), post_id=office.posts["YW-1"])
    with pytest.raises(Conflict), act():
        record(as_actor("office", LATER), case)


@pytest.mark.parametrize("on", [date(2026, 11, 17), date(2026, 11, 21)])
def test_it_is_found_between_the_end_and_today(closed, as_actor, act, on):
    with pytest.raises(Invalid) as refused, act():
        record(as_actor("office", LATER), closed, on=on)
    assert refused.value.field == "found_on"


def test_one_record_a_case_and_error_until_it_is_withdrawn(closed, as_actor, act):
    office = as_actor("office", LATER)
    with act():
        first = record(office, closed)
        record(office, closed, ErrorKind.LAW)
    with pytest.raises(Conflict), act():
        record(as_actor("supervisor", LATER), closed)
    with pytest.raises(Invalid), act():
        errors.withdraw(office, first, "", LATER)
    with act():
        errors.withdraw(office, first, "是打印机的毛病", LATER)
    with pytest.raises(Conflict), act():
        errors.withdraw(office, first, "再来一次", LATER)
    assert figures.total(Scope(), NOVEMBER, LATER).wrong == 1
    with act():
        record(office, closed)


def test_the_database_refuses_what_the_rules_refuse(closed, office, as_actor, act):
    """One standing record a case and kind, never by a handler, never changed or deleted, on both databases."""
    with act():
        made = record(as_actor("office", LATER), closed)
    values = {
        "case_id": closed.id,
        "closed_on": closed.closed_on,
        "kind": "law",
        "found_by": "review",
        "found_on": closed.closed_on,
        "facts": "x",
        "recorded_by_id": office.users["office"],
        "recorded_at": LATER,
        "withdrawal": "",
    }
    table = ResultError.__table__
    for statement in (
        table.insert().values(**{**values, "kind": "document"}),
        table.insert().values(**{**values, "recorded_by_id": office.users["clerk"]}),
        table.insert().values(**{**values, "closed_on": date(2026, 1, 1)}),
        update(ResultError).where(ResultError.id == made.id).values(facts="anders"),
        update(ResultError).where(ResultError.id == made.id).values(withdrawn_at=LATER),
        delete(ResultError).where(ResultError.id == made.id),
    ):
        with pytest.raises(DBAPIError), act():
            db.session.execute(statement)
    with act():
        errors.withdraw(as_actor("office", LATER), db.session.get(ResultError, made.id), "x", LATER)
    with pytest.raises(DBAPIError), act():
        db.session.execute(update(ResultError).values(withdrawn_at=None, withdrawn_by_id=None, withdrawal=""))


def test_the_corrective_case_is_linked(closed, as_actor, act, login):
    with act():
        made = record(as_actor("office", LATER), closed)
        linked = handling.correct(as_actor("clerk"), db.session.get(Case, closed.id), LATER)
    page = login("office").get(f"/reports/result-errors/{made.id}").get_data(as_text=True)
    assert linked.number in page


def test_the_list_shows_what_one_may_see(closed, as_actor, act, login):
    with act():
        made = record(as_actor("office", LATER), closed)
    for who, seen in (("head", True), ("supervisor", True), ("other_head", False)):
        page = login(who).get("/reports/result-errors")
        assert (closed.number in page.get_data(as_text=True)) is seen, who
        assert login(who).get(f"/reports/result-errors/{made.id}").status_code == (200 if seen else 404)
    assert login("clerk").get("/reports/result-errors").status_code == 403
    assert db.session.scalar(select(ResultError.id)) == made.id


def test_recording_over_http(closed, login):
    address = f"/reports/result-errors/of/{closed.number}"
    office = login("office")
    assert address in office.get(f"/cases/{closed.number}").get_data(as_text=True)
    assert address not in login("clerk").get(f"/cases/{closed.number}").get_data(as_text=True)
    assert login("clerk").get(address).status_code == 403
    refused = office.post(address, data={"found_on": "2026-11-18"})
    assert refused.status_code == 422
    assert "请选择差错种类。" in refused.get_data(as_text=True)
    fields = {"kind": "law", "found_by": "review", "found_on": "2026-11-18", "what": "条款写错"}
    assert office.post(address, data=fields).status_code == 303
    assert office.post(address, data=fields).status_code == 409
    page = office.get(f"/cases/{closed.number}").get_data(as_text=True)
    assert "适用依据错误" in page
    error_id = db_id(office)
    assert office.post(f"/reports/result-errors/{error_id}/withdraw", data={}).status_code == 422
    assert office.post(f"/reports/result-errors/{error_id}/withdraw", data={"reason": "核对无误"}).status_code == 303


def db_id(client) -> int:
    with client.application.app_context():
        return db.session.scalar(select(ResultError.id)) or 0
