"""Pages of evaluation by role, the tablet, the sheets, the figures behind which one may look (S-3, W-0)."""

from __future__ import annotations

import io
import re

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.client_opinion import seams
from portal.client_opinion.models import Opinion
from portal.evaluation import queries
from portal.evaluation.rules import Level
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people import queries as people
from tests.evaluation.conftest import MONTH, NEXT_DAY, events

#: Who reads the figures, hands out slips, pairs tablets (R-2); everybody else is refused.
READERS = {"head", "other_head", "leader", "leader2", "principal", "office", "supervisor"}
PAIRERS = {"office", "sysadmin"}
EVERYBODY = ("clerk", "head", "other_head", "leader", "office", "supervisor", "auditor", "sysadmin")
PAGES = ("", "/signed", "/export.xlsx", "/signed/export.xlsx")


def said(answer) -> str:
    return answer.get_data(as_text=True)


@pytest.fixture
def counted(vote, count, ended):
    """Six ballots of one department, two of another, one signed, all counted where they may be."""
    for _n in range(10):
        ended()
    for n in range(6):
        grade = "satisfied" if n else "dissatisfied"
        vote(grade, comment=f"留言{n}", **{f"reasons_{grade}": ["态度好"] if n else ["互相推诿"]})
    for _n in range(2):
        vote("very_dissatisfied", department="XH", comment="不能看的留言", reasons_very_dissatisfied=["违规收费"])
    vote("dissatisfied", sign="y", name="李四", phone="13905431234", comment="署名的话", case_number="没有这个号")
    count()


def test_who_sees_what(login, counted, ids):
    for who in EVERYBODY:
        client = login(who)
        for address in (
            "/evaluation",
            "/evaluation/signed",
            "/evaluation/export.xlsx",
            "/evaluation/signed/export.xlsx",
        ):
            assert client.get(address).status_code == (200 if who in READERS else 403), (who, address)
        assert client.get("/evaluation/kiosks").status_code == (200 if who in PAIRERS else 403), who
    foreign = login("other_head")
    assert "留言1" not in said(foreign.get("/evaluation"))
    assert "署名的话" not in said(foreign.get("/evaluation/signed"))
    assert foreign.get(f"/evaluation?department={ids.departments['YW']}").status_code == 404
    assert foreign.get("/evaluation?department=999999").status_code == 404
    own = login("head")
    assert "留言1" in said(own.get("/evaluation"))
    assert "署名的话" in said(own.get("/evaluation/signed"))
    for reader in READERS & set(EVERYBODY):
        assert "不能看的留言" not in said(login(reader).get("/evaluation"))
        assert "13905431234" not in said(login(reader).get("/evaluation/signed"))


def test_the_figures_are_over_closed_cases_and_small_groups_are_withheld(app, login, counted, ids):
    with app.app_context():
        found = queries.satisfaction(ids.departments["YW"], MONTH)
        assert (found.ballots, found.satisfied, found.percent, found.grades) == (7, 5, 71.4, (0, 5, 0, 2, 0))
        cover = queries.coverage(ids.departments["YW"], MONTH)
        assert (cover.closed, cover.ballots, cover.percent, cover.level) == (10, 7, 70.0, Level.ENOUGH)
        assert not queries.satisfaction(ids.departments["XH"], MONTH).withheld, "not counted yet: nothing to withhold"
        assert queries.satisfaction(None, MONTH).ballots == 7
        assert queries.coverage(None, MONTH).percent == 70.0
        db.session.rollback()
    with clock.at(NEXT_DAY):
        page = said(login("office").get("/evaluation?period=2026-11"))
    assert "71.4%" in page
    assert "figure=done" in page
    assert "互相推诿" in page
    assert "违规收费" not in page


def test_at_the_end_of_the_month_the_small_department_is_withheld_and_in_no_total(app, login, counted, count, ids):
    count(clock.day_start(MONTH.replace(month=12, day=20)))
    with app.app_context():
        small, whole = queries.satisfaction(ids.departments["XH"], MONTH), queries.satisfaction(None, MONTH)
        assert (small.withheld, small.ballots, whole.ballots) == (True, None, 7)
        assert queries.coverage(ids.departments["XH"], MONTH).ballots is None
        db.session.rollback()
    for address in ("/evaluation?period=2026-11", "/evaluation?period=2026-Q4"):
        page = said(login("office").get(address))
        assert "不足 5 票" in page
        assert "违规收费" not in page
        assert "不能看的留言" not in page
    book = load_workbook(io.BytesIO(login("office").get("/evaluation/export.xlsx?period=2026-11").data))
    cells = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "违规收费" not in cells
    assert "互相推诿" in cells


def test_a_review_found_untrue_leaves_the_figures(app, login, counted, ids):
    with app.app_context(), transaction.act():
        seams.found_untrue(db.session.scalars(select(Opinion)).one(), clock.now())
    with app.app_context():
        assert queries.satisfaction(ids.departments["YW"], MONTH).ballots == 6
    page = login("office").get("/evaluation/signed?counts=no")
    assert "查不属实，不计入" in said(page)
    assert "署名的话" in said(page)
    assert "署名的话" not in said(login("office").get("/evaluation/signed?counts=yes"))


@pytest.mark.parametrize("period", ["x", "2026-13", "2026-00", "1999-01", "2026-Q5", "２０２６-11", "2026-11-01"])
def test_what_is_no_period(login, period):
    assert login("office").get(f"/evaluation?period={period}").status_code == 404


@pytest.mark.parametrize("filters", ["month=2026-99", "grade=wonderful", "department=x", "counts=%20", "until=%00"])
def test_bad_filters_do_not_hurt(login, filters):
    assert login("office").get(f"/evaluation/signed?{filters}").status_code in (200, 404)


def test_sheets_are_printed_in_advance_for_the_own_department(app, login, ids):
    data = {"department": ids.departments["YW"], "month": "2026-12", "sheets": "2", "_key": "0123456789abcdef"}
    page = login("clerk").post("/evaluation/slips", data=data)
    found = re.findall(r"[3-9A-Y]{4}-[3-9A-Y]{4}-[3-9A-Y]{4}", said(page))
    assert len(set(found)) == 16
    assert [e.fact()["slips"] for e in events(app)] == [16]
    assert login("other").post("/evaluation/slips", data=data).status_code == 422
    for wrong in ({"sheets": "0"}, {"sheets": "21"}, {"month": "2026-10"}, {"department": ""}, {"department": "x"}):
        assert login("clerk").post("/evaluation/slips", data=data | wrong).status_code == 422
    assert login("auditor").get("/evaluation/slips").status_code == 403


def test_a_tablet_is_paired_votes_and_is_revoked(app, login, code):
    tablet = app.test_client()
    assert "显示连接码" in said(tablet.get("/kiosk"))
    assert tablet.post("/kiosk/pairing").status_code == 303
    shown = re.search(r'class="code num"[^>]*>(\w{6})<', said(tablet.get("/kiosk")))[1]
    assert tablet.get("/kiosk/pairing").status_code == 204
    office = login("office")
    assert office.post("/evaluation/kiosks", data={"code": "AAAAAA", "name": "一号窗口"}).status_code == 422
    assert office.post("/evaluation/kiosks", data={"code": shown.lower(), "name": "一号窗口"}).status_code == 303
    assert tablet.get("/kiosk/pairing").headers["HX-Redirect"] == "/kiosk"
    page = tablet.get("/kiosk")
    assert "data-idle" in said(page)
    assert "HttpOnly" in page.headers["Set-Cookie"]
    assert "Path=/kiosk" in page.headers["Set-Cookie"]
    typed = code()
    done = tablet.post("/kiosk", data={"code": typed, "grade": "satisfied"})
    assert (done.status_code, done.headers["Location"]) == (303, "/kiosk/thanks")
    assert "谢谢您" in said(tablet.get("/kiosk/thanks"))
    assert "已经用过" in said(tablet.post("/kiosk", data={"code": typed, "grade": "satisfied"}))
    assert tablet.get("/evaluation").status_code == 303
    (kiosk_id,) = set(re.findall(r"/evaluation/kiosks/(\d+)/revoke", said(office.get("/evaluation/kiosks"))))
    assert office.post(f"/evaluation/kiosks/{kiosk_id}/revoke").status_code == 303
    assert office.post(f"/evaluation/kiosks/{kiosk_id}/revoke").status_code == 409
    assert "data-idle" not in said(tablet.get("/kiosk"))
    assert tablet.post("/kiosk", data={"code": code(), "grade": "satisfied"}).status_code == 200
    assert tablet.get("/kiosk/thanks").status_code == 303
    assert [e.event for e in events(app)] == ["evaluation.kiosk_paired", "evaluation.kiosk_revoked"]


def test_a_form_of_another_site_is_refused(app, code):
    for address in ("/evaluate", "/kiosk/pairing"):
        answer = app.test_client().post(
            address, data={"code": code(), "grade": "satisfied"}, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 400


def test_a_line_of_evidence_opens_its_own_month(login, counted):
    """E-3: the page behind a figure of October is October's."""
    client = login("office")
    assert "2026 年 10 月" not in said(client.get("/evaluation"))
    assert "2026 年 10 月" in said(client.get("/evaluation?month=2026-10"))
    assert client.get("/evaluation?month=2026-13").status_code == 404


def test_whose_figures_an_actor_reads_is_known_before_the_link(app, counted, ids):
    yw, xh = str(ids.departments["YW"]), str(ids.departments["XH"])
    with app.app_context():
        may = {
            who: [queries.may_see(people.actor_by_username(who, clock.now()), d) for d in (yw, xh)]
            for who in ("office", "head", "leader2")
        }
    assert may == {"office": [True, True], "head": [True, False], "leader2": [False, True]}
