"""Complaints, satisfaction and clues on the wall: figures only, true at once, no small groups (W-1, S-3, A-5)."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import insert

from portal.clue import service as clues
from portal.evaluation.models import Grade, Tally
from portal.evaluation.vocabulary import COUNTED
from portal.kernel import clock, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db
from portal.people.models import Department
from portal.policy import service as policy
from portal.wall import loop
from tests.complaint.conftest import NAME, acting, received
from tests.office import NOW
from tests.wall.test_figures import figure, tile

THIS, LAST = date(2026, 11, 1), date(2026, 10, 1)


def voted(ids, month, good, bad=0, code="YW"):
    """Anonymous ballots that were counted, with the entry that says so."""
    with transaction.act():
        grades = {str(grade): 0 for grade in Grade} | {str(Grade.SATISFIED): good, str(tuple(Grade)[-1]): bad}
        department = ids.departments[code]
        db.session.execute(insert(Tally).values(department_id=department, month=month, reasons="{}", **grades))
        row = db.session.get(Department, department)
        facts = {"department": "业务科", "month": f"{month:%Y-%m}", "ballots": good + bad, "digest": "0"}
        journal.record(COUNTED, row, SYSTEM, NOW, **facts)


def page_of(client):
    return client.get("/wall/board").get_data(as_text=True)


def test_complaints_are_counted_and_nobody_is_named(app, office, tv):
    screen = tv()
    received()
    page = page_of(screen)
    assert tile(page, "complaints") == "1"
    assert 'id="t-complaints"' in page
    assert [figure(page, key) for key in ("open", "late")] == ["1", "0"]
    with clock.at(NOW + timedelta(days=40)):
        page = page_of(tv("二"))
        assert [figure(page, key) for key in ("open", "late")] == ["1", "1"]
        assert re.search(r'class="t red" id="t-complaints"', page)
        assert re.search(r'class="late" id="n-accountability"', page)
    assert NAME not in page


def test_satisfaction_is_this_months_or_the_last_ones_or_none(office, ids):
    def found():
        made = loop.satisfied(NOW)
        return made.month, made.percent, made.before

    assert found() == (THIS, None, False)
    voted(ids, LAST, 8, 2)
    assert found() == (LAST, 80.0, True)
    voted(ids, THIS, 2)  # too few: withheld
    assert found() == (LAST, 80.0, True)
    voted(ids, THIS, 9, 1, "XH")
    assert found() == (THIS, 90.0, False)


def test_satisfaction_is_read_once_until_ballots_are_counted(office, ids, monkeypatch):
    read, kept = [], loop.evaluation.satisfaction
    monkeypatch.setattr(loop.evaluation, "satisfaction", lambda *a: read.append(a) or kept(*a))
    voted(ids, THIS, 10)
    for _n in range(3):
        assert loop.satisfied(NOW).percent == 100.0
    assert len(read) == 1


def test_clues_are_for_who_looks_by_login(app, ids, tv, login):
    with app.app_context(), acting("supervisor") as actor:
        about = {"source": "upper_body", "department_id": ids.departments["XH"]}
        clues.raise_by_hand(actor, "other", "有人反映窗口无人。", NOW, **about)
    assert figure(page_of(tv()), "clues") is None
    assert figure(login("office").get("/wall/view").get_data(as_text=True), "clues") == "1"
    with app.app_context(), acting("office") as actor:
        policy.set_value(actor, "wall.clues_on_displays", "true", "内部办公区的屏", NOW)
    assert figure(page_of(tv("二")), "clues") == "1"


@pytest.mark.parametrize("what", ["complaint", "ballots"])
def test_a_poll_is_unchanged_until_a_figure_changes(app, office, ids, tv, what):
    screen = tv()
    tag = screen.get("/wall/board").headers["HX-PTag"]
    again = screen.get("/wall/board", headers={"HX-PTag": tag})
    assert again.status_code == 304
    if what == "complaint":
        received()
    else:
        voted(ids, THIS, 10)
    changed = screen.get("/wall/board", headers={"HX-PTag": tag})
    assert changed.status_code == 200
    page = changed.get_data(as_text=True)
    assert (tile(page, "complaints"), tile(page, "satisfied")) == (("1", "—") if what == "complaint" else ("0", "100"))
