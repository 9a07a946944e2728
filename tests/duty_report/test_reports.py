"""The year's reports: who may, once, never for oneself, secret until closed (P-5)."""

from __future__ import annotations

import io
import json
import re
from datetime import date, datetime

import pytest
from docx import Document
from openpyxl import load_workbook
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import DBAPIError

from portal.cases import service as cases
from portal.cases.service import Client
from portal.duty_report import queries, room, service
from portal.duty_report.models import Assessment, Assessor, DutyReport, DutyRound, Grade, RoundState, Standing
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import service as policy
from tests.office import NOW, SHANGHAI

TEXTS = {"duties": "受理了全部申请", "limits": "全部按期", "problems": "记录不够细", "plan": "补齐台账"}
BY, UNTIL = date(2026, 11, 24), date(2026, 11, 26)
AFTER = datetime(2026, 11, 27, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def prepared(office, as_actor, act) -> DutyRound:
    with act():
        return service.prepare(as_actor("office"), 2026, BY, UNTIL, NOW)


@pytest.fixture
def opened(prepared, as_actor, act) -> DutyRound:
    with act():
        service.open_round(as_actor("office"), prepared, NOW)
    return prepared


def report(ids, who="clerk") -> DutyReport:
    return db.session.scalars(select(DutyReport).where(DutyReport.user_id == ids.users[who])).one()


@pytest.fixture
def submitted(opened, office, as_actor, act) -> DutyReport:
    with act():
        service.submit(as_actor("clerk"), report(office), TEXTS, NOW)
    return report(office)


def circle(ids, who="clerk") -> dict[str, Standing]:
    names = {user_id: name for name, user_id in ids.users.items()}
    return {names[a.user_id]: a.standing for a in report(ids, who).circle}


def test_everybody_who_holds_a_post_gets_a_report_and_a_circle(office, prepared):
    held = set(db.session.scalars(select(DutyReport.user_id)))
    assert {office.users[u] for u in ("clerk", "clerk2", "head", "other", "leader", "principal", "office")} <= held
    assert not held & {office.users[u] for u in ("supervisor", "auditor", "sysadmin")}
    colleague, head, leader = Standing.COLLEAGUE, Standing.HEAD, Standing.LEADER
    assert circle(office) == {"clerk2": colleague, "head": head, "leader": leader}
    assert circle(office, "head") == {"clerk": colleague, "clerk2": colleague, "leader": leader}
    assert circle(office, "leader") == {"leader2": colleague, "principal": leader}


@pytest.mark.parametrize(
    ("scope", "size"), [("department", {"clerk2", "head", "leader"}), ("leading", {"head", "leader"}), ("unit", None)]
)
def test_the_circle_follows_the_policy(office, as_actor, act, scope, size):
    with act():
        if scope != "department":
            policy.set_value(as_actor("office"), "duty_report.circle", scope, "会议决定", NOW)
        service.prepare(as_actor("office"), 2026, BY, UNTIL, NOW)
    found = set(circle(office))
    assert found == (size or {"clerk2", "head", "other", "other_head", "leader", "leader2", "principal", "office"})


@pytest.mark.parametrize(
    ("who", "kw", "error"),
    [
        ("head", {}, NotAllowed), ("principal", {}, NotAllowed), ("office", {"report_by": date(2026, 11, 1)}, Invalid),
        ("office", {"assess_by": date(2026, 11, 20)}, Invalid),
    ],
)  # fmt: skip
def test_rounds_that_are_refused(office, as_actor, act, who, kw, error):
    dates = {"report_by": BY, "assess_by": UNTIL, **kw}
    with pytest.raises(error), act():
        service.prepare(as_actor(who), 2026, dates["report_by"], dates["assess_by"], NOW)


def test_one_round_a_year(prepared, as_actor, act):
    with pytest.raises(Invalid), act():
        service.prepare(as_actor("office"), 2026, BY, UNTIL, NOW)


def test_the_circle_is_adjusted_before_the_round_opens_only(office, prepared, as_actor, act):
    mine = report(office)
    with act():
        service.add_assessor(as_actor("office"), mine, office.users["other"], NOW)
        service.remove_assessor(as_actor("office"), mine, office.users["clerk2"], NOW)
    assert circle(office) == {"head": Standing.HEAD, "leader": Standing.LEADER, "other": Standing.ADDED}
    for user in ("clerk", "other", "auditor"):
        with pytest.raises(Invalid), act():
            service.add_assessor(as_actor("office"), mine, office.users[user], NOW)
    with pytest.raises(NotAllowed), act():
        service.add_assessor(as_actor("head"), mine, office.users["other_head"], NOW)
    with act():
        service.open_round(as_actor("office"), prepared, NOW)
    for verb in (service.add_assessor, service.remove_assessor):
        with pytest.raises(Conflict), act():
            verb(as_actor("office"), mine, office.users["other"], NOW)


def test_a_round_does_not_open_with_an_empty_circle(office, prepared, as_actor, act):
    with act():
        for assessor in list(report(office).circle):
            service.remove_assessor(as_actor("office"), report(office), assessor.user_id, NOW)
    with pytest.raises(Conflict), act():
        service.open_round(as_actor("office"), prepared, NOW)


def test_a_draft_is_kept_and_a_submitted_report_never_changes(office, opened, as_actor, act):
    mine = report(office)
    with act():
        service.save(as_actor("clerk"), mine, {"duties": "草稿"}, NOW)
    assert (mine.duties, mine.plan, mine.submitted_at) == ("草稿", "", None)
    with pytest.raises(Invalid) as refusal, act():
        service.submit(as_actor("clerk"), mine, {**TEXTS, "plan": ""}, NOW)
    assert refusal.value.field == "plan"
    with pytest.raises(NotAllowed), act():
        service.submit(as_actor("clerk2"), mine, TEXTS, NOW)
    with act():
        service.submit(as_actor("clerk"), mine, TEXTS, NOW)
    for verb in (service.save, service.submit):
        with pytest.raises(Conflict), act():
            verb(as_actor("clerk"), mine, TEXTS, NOW)
    mine.plan = "改了"
    with pytest.raises(DBAPIError):
        db.session.flush()
    db.session.rollback()


def test_figures_are_counted_from_the_cases_of_the_post_and_kept(office, opened, as_actor, act):
    def received() -> None:
        with act():
            cases.open_case(as_actor("clerk"), NOW, matter="基地认定", client=Client(), post_id=office.posts["YW-1"])

    received()
    with act():
        service.submit(as_actor("clerk"), report(office), TEXTS, NOW)
    received()
    kept = queries.figures_of(report(office), NOW)
    assert [(f.code, f.values["received"]) for f in kept] == [("YW-1", 1)]
    assert [f.values["received"] for f in queries.figures_now(office.users["clerk"], 2026, NOW)] == [2]
    assert json.loads(report(office).figures)[0]["post"] == "业务受理岗"


def test_each_assesses_once_and_nobody_outside_the_circle(office, submitted, as_actor, act):
    for who in ("clerk", "other", "principal", "office"):
        with pytest.raises(NotAllowed), act():
            service.assess(as_actor(who), submitted, Grade.EXCELLENT, "", NOW)
    with act():
        service.assess(as_actor("head"), submitted, Grade.EXCELLENT, "认真", NOW)
    with pytest.raises(Conflict), act():
        service.assess(as_actor("head"), submitted, Grade.BASIC, "", NOW)
    with pytest.raises(Conflict), act():
        service.assess(as_actor("head"), report(office, "clerk2"), Grade.BASIC, "", NOW)
    assert [a.assessed_at is not None for a in submitted.circle].count(True) == 1


@pytest.mark.parametrize("case", ["oneself", "one too many", "changed", "deleted", "again", "closed"])
def test_the_database_refuses_as_well(office, submitted, as_actor, act, case):
    with act():
        service.assess(as_actor("head"), submitted, Grade.EXCELLENT, "", NOW)
    grade = {"key": "k" * 32, "report_id": submitted.id, "grade": Grade.BASIC, "remark": ""}
    own = {"report_id": submitted.id, "user_id": office.users["clerk"], "standing": Standing.ADDED}
    statements = {
        "oneself": insert(Assessor).values(own),
        "one too many": insert(Assessment).values(grade),
        "changed": update(Assessment).values(grade=Grade.BASIC),
        "deleted": delete(Assessment),
        "again": update(Assessor).where(Assessor.user_id == office.users["head"]).values(assessed_at=None),
        "closed": update(DutyRound).values(year=2027),
    }
    if case == "closed":
        with act():
            service.close(as_actor("office"), submitted.round, AFTER)
    with pytest.raises(DBAPIError):
        db.session.execute(statements[case])
    db.session.rollback()


def test_nothing_tells_who_gave_which_grade(office, submitted, as_actor, act):
    with act():
        service.assess(as_actor("head"), submitted, Grade.INCOMPETENT, "材料单薄", NOW)
    said = " ".join(e.facts for e in journal.of_object("duty_report", submitted.id))
    assert "incompetent" not in said
    assert "材料单薄" not in said
    assert {c.name for c in Assessment.__table__.columns} == {"key", "report_id", "grade", "remark"}


def test_closing_waits_for_everybody_or_for_the_last_day(office, submitted, as_actor, act):
    round_ = submitted.round
    with pytest.raises(Conflict), act():
        service.close(as_actor("office"), round_, NOW)
    with act():
        service.assess(as_actor("head"), submitted, Grade.EXCELLENT, "", NOW)
        service.assess(as_actor("leader"), submitted, Grade.COMPETENT, "", NOW)
    assert queries.results(2026) == {}
    with act():
        service.close(as_actor("office"), round_, AFTER)
    result = queries.results(2026)[office.users["clerk"]]
    assert (result.given, result.circle, result.submitted) == (2, 3, True)
    assert (result.counts["excellent"], result.share("competent")) == (1, 50)
    assert queries.results(2026)[office.users["other"]].submitted is False
    with pytest.raises(Conflict), act():
        service.assess(as_actor("clerk2"), submitted, Grade.EXCELLENT, "", AFTER)
    assert round_.state is RoundState.CLOSED


def test_to_dos(app, office, opened, as_actor, act):
    def kinds(who: str) -> list[str]:
        return [t.kind for t in room.todos(as_actor(who), clock.now())]

    with app.test_request_context("/"):
        assert kinds("clerk") == ["duty_report.write"]
        with act():
            service.submit(as_actor("clerk"), report(office), TEXTS, NOW)
        assert kinds("clerk") == []
        assert kinds("head") == ["duty_report.write", "duty_report.assess"]
        assert kinds("supervisor") == []
        with clock.at(AFTER):
            assert kinds("office") == ["duty_report.write", "duty_report.close"]
            assert {t.light for t in room.todos(as_actor("head"), clock.now())} == {"overdue"}


# --- pages ------------------------------------------------------------------------------------------------------


def text(answer) -> str:
    return answer.get_data(as_text=True)


def test_a_round_over_http(app, login, ids):
    office, clerk, head = login("office"), login("clerk"), login("head")
    form = {"year": "2026", "report_by": "2026-11-24", "assess_by": "2026-11-26"}
    assert clerk.post("/duty-reports/rounds/new", data=form).status_code == 403
    assert office.post("/duty-reports/rounds/new", data={**form, "year": "26"}).status_code == 422
    assert office.post("/duty-reports/rounds/new", data=form).status_code == 303
    with app.app_context():
        number = report(ids).id
    assert clerk.get(f"/duty-reports/{number}/write").status_code == 409
    assert office.post(f"/duty-reports/{number}/circle", data={"user_id": ids.users["other"]}).status_code == 303
    assert office.post(f"/duty-reports/{number}/circle", data={"user_id": ids.users["clerk"]}).status_code == 422
    assert office.post(f"/duty-reports/{number}/circle/remove", data={"user_id": "x"}).status_code == 409
    assert office.post("/duty-reports/rounds/2026/open").status_code == 303
    assert head.get(f"/duty-reports/{number}").status_code == 404, "not submitted yet"
    empty = clerk.post(f"/duty-reports/{number}/write", data={"act": "submit", "duties": "做了"})
    assert empty.status_code == 422
    assert "请填写“下一年打算”" in text(empty) or "请填写“遵守时限" in text(empty)
    assert clerk.post(f"/duty-reports/{number}/write", data={"act": "save", "duties": "做了"}).status_code == 303
    assert "做了" in text(clerk.get(f"/duty-reports/{number}/write"))
    assert clerk.post(f"/duty-reports/{number}/write", data={"act": "submit", **TEXTS}).status_code == 303
    assert "受理了全部申请" in text(head.get(f"/duty-reports/{number}"))
    assert login("other_head").get(f"/duty-reports/{number}").status_code == 404
    assert head.post(f"/duty-reports/{number}/assess", data={"remark": "好"}).status_code == 422
    good = {"grade": "excellent", "remark": "认真负责的评语"}
    assert head.post(f"/duty-reports/{number}/assess", data=good).status_code == 303
    assert head.post(f"/duty-reports/{number}/assess", data={"grade": "basic"}).status_code == 409
    assert clerk.post(f"/duty-reports/{number}/assess", data=good).status_code == 403
    mine = text(clerk.get(f"/duty-reports/{number}"))
    assert "评议结果" not in mine
    assert "认真负责的评语" not in mine
    assert office.get("/duty-reports/rounds/2026/export.xlsx").status_code == 409
    assert office.post("/duty-reports/rounds/2026/close").status_code == 409
    with clock.at(AFTER):
        for who in ("office", "clerk", "head", "leader"):
            login(who)
        assert office.post("/duty-reports/rounds/2026/close").status_code == 303
        mine = text(clerk.get(f"/duty-reports/{number}"))
        assert "评议结果" in mine
        assert "认真负责的评语" not in mine
        assert "赵刚" not in re.sub(r"<header.*?</header>", "", mine, flags=re.S)
        assert "认真负责的评语" in text(office.get(f"/duty-reports/{number}"))
        assert "评议结果" not in text(head.get(f"/duty-reports/{number}"))
        assert "100.0%" in text(clerk.get(f"/duty-reports/{number}/paper"))
        assert "100.0%" not in text(head.get(f"/duty-reports/{number}/paper"))
        paper = Document(io.BytesIO(clerk.get(f"/duty-reports/{number}/paper.docx").data))
        assert any("受理了全部申请" in p.text for p in paper.paragraphs)
        book = load_workbook(io.BytesIO(office.get("/duty-reports/rounds/2026/export.xlsx").data))
        assert book.active.max_row > 5


@pytest.mark.parametrize(
    ("who", "status"),
    [("office", 200), ("supervisor", 200), ("principal", 200), ("head", 403), ("leader", 403), ("auditor", 403)],
)
def test_who_sees_a_round(app, login, ids, who, status):
    form = {"year": "2026", "report_by": "2026-11-24", "assess_by": "2026-11-26"}
    login("office").post("/duty-reports/rounds/new", data=form)
    assert login(who).get("/duty-reports/rounds/2026").status_code == status
    assert login("office").get("/duty-reports/rounds/2025").status_code == 404


def test_pages_without_any_round(login):
    for who in ("clerk", "office", "leader", "supervisor"):
        assert "现在没有您的述职" in text(login(who).get("/duty-reports/"))
    assert login("clerk").get("/duty-reports/1").status_code == 404
