"""Evidence over HTTP: who sees whose lines, the way of an objection, bad input at its field, the sheet (E-3)."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.people.models import User
from portal.score_evidence import room
from portal.score_evidence.models import LineState, MonthState, ScoreLine, ScoreMonth
from tests.score_evidence import month as m
from tests.score_evidence.month import AFTER, actor, clue, compute, line, of

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
BASE = "/score-evidence/department/2026-11"


@pytest.fixture
def december(app, ids):
    """A month with a clue of each department, computed by nobody yet; the clock stands on the day after it."""
    with app.app_context(), transaction.act():
        db.session.execute(db.update(User).values(password_changed_at=AFTER))
        m.in_force()
        m.in_force(m.PERSONS)
        clue("overdue:A", "overdue", 5, post=ids.posts["YW-1"])
        clue("overdue:B", "overdue", 6, post=ids.posts["XH-1"])
    with clock.at(AFTER):
        yield


def computed(app):
    with app.app_context(), transaction.act():
        compute()
        compute(subject="person")


def of_line(app, key):
    with app.app_context():
        found = line(key)
        return found.id, found.state, found.scored


def text_of(answer):
    return answer.get_data(as_text=True)


def test_the_way_of_a_month_in_pages(app, login, ids, december):
    office, head, supervisor = login("office"), login("head"), login("supervisor")
    empty = text_of(office.get(BASE))
    assert "还没有计算" in empty
    assert 'name="q"' not in empty  # nothing to narrow yet
    assert 'name="q"' in text_of(office.get(f"{BASE}?q=x"))
    yw = ids.departments["YW"]
    assert head.get(f"{BASE}/{yw}").status_code == 404, "nothing is shown to the scored before it is computed"
    assert supervisor.post(f"{BASE}/compute").status_code == 403
    assert office.post(f"{BASE}/compute").status_code == 303
    page = text_of(office.get(BASE))
    assert "综合业务科" in page
    assert "99" in page
    assert 'data-label="总分"' in page  # on a phone a row is a card with its columns by name, nothing lies sideways
    line_id, _state, _points = of_line(app, "clue:overdue:A")

    page = text_of(head.get(f"{BASE}/{yw}"))
    assert "办件超期" in page
    assert f"/score-evidence/lines/{line_id}" in page
    answer = head.post(f"/score-evidence/lines/{line_id}/object", data={"text": " "})
    assert answer.status_code == 422
    assert "请写明异议的理由" in text_of(answer)
    assert head.post(f"/score-evidence/lines/{line_id}/object", data={"text": "当天已办结"}).status_code == 303
    with app.test_request_context():
        assert [len(room.todos(actor(who), AFTER)) for who in ("supervisor", "head", "clerk2")] == [1, 1, 0]
    page = text_of(supervisor.get("/score-evidence/objections"))
    assert "综合业务科" in page
    rule = f"/score-evidence/lines/{line_id}/rule"
    assert head.post(rule, data={"outcome": "strike", "ruling": "成立"}).status_code == 403
    answer = supervisor.post(rule, data={"outcome": "change", "ruling": "按半次计"})
    assert answer.status_code == 422
    assert "请填写更改后的数量或者分值" in text_of(answer)
    assert "按半次计" in text_of(answer), "what was typed stays"
    assert supervisor.post(rule, data={"outcome": "strike", "ruling": "核查属实"}).status_code == 303
    assert of_line(app, "clue:overdue:A")[1] is LineState.STRUCK
    assert "核查属实" in text_of(head.get(f"/score-evidence/lines/{line_id}"))
    assert "异议成立" in text_of(office.get(f"{BASE}/changes"))
    assert office.post(f"{BASE}/settle").status_code == 409

    book = load_workbook(io.BytesIO(office.get(f"{BASE}/export.xlsx").data))
    rows = list(book.worksheets[0].values)
    assert rows[0] == ("科室", "业务", "服务", "奖励", "总分", "依据条数")
    assert ("综合业务科", 60, 40, 0, 100, 0) in rows, "a spreadsheet can add them"
    lines = list(book.worksheets[1].values)
    assert len(lines) == 3
    assert {(line[9], line[10]) for line in lines[1:]} <= {(-1, ""), (None, "")}
    assert book.worksheets[1]["I2"].number_format == '0" 次"'

    with clock.at(AFTER + m.days(7)):
        assert login("office").post(f"{BASE}/settle").status_code == 303
    with app.app_context():
        assert of().state is MonthState.SETTLED


def test_the_scored_see_their_own_lines_alone(app, login, ids, december):
    computed(app)
    yw, xh = ids.departments["YW"], ids.departments["XH"]
    person = "/score-evidence/person/2026-11"
    clerk, other = ids.users["clerk"], ids.users["other"]
    table = {
        f"{BASE}/{yw}": {"clerk", "clerk2", "head", "office", "supervisor", "leader", "principal"},
        f"{BASE}/{xh}": {"other", "office", "supervisor", "leader", "principal"},
        f"{person}/{clerk}": {"clerk", "office", "supervisor", "leader", "principal"},
        f"{person}/{other}": {"other", "office", "supervisor", "leader", "principal"},
        f"/score-evidence/lines/{of_line_of(app, yw)}": {
            "clerk", "clerk2", "head", "office", "supervisor", "leader", "principal",
        },
    }  # fmt: skip
    for who in ("clerk", "clerk2", "head", "other", "office", "leader"):
        client = login(who)
        for address, allowed in table.items():
            assert client.get(address).status_code == (200 if who in allowed else 404), (who, address)
        assert client.get("/score-evidence").status_code == 200
        all_seen = who in ("office", "supervisor", "leader", "principal")
        for address in (BASE, f"{BASE}/changes", "/score-evidence/objections", f"{BASE}/export.xlsx"):
            if all_seen and who != "office":
                continue
            assert client.get(address).status_code == (200 if all_seen else 403), (who, address)
    assert login("auditor").get("/score-evidence").status_code == 403
    assert login("office").get("/score-evidence/department/2026-13").status_code == 404
    assert login("office").get("/score-evidence/nobody/2026-11").status_code == 404
    assert login("office").get("/score-evidence/lines/999999").status_code == 404
    # the clue itself never opens for the person whom it concerns; its case would
    with app.app_context():
        number = db.session.scalars(db.select(ScoreLine.clue_number).where(ScoreLine.subject == "person")).first()
    assert number
    assert "/clues/" not in text_of(login("clerk").get(f"{person}/{clerk}"))


def of_line_of(app, department_id):
    with app.app_context():
        query = db.select(ScoreLine.id).where(ScoreLine.subject_id == department_id, ScoreLine.subject == "department")
        return db.session.scalars(query).one()


def proposal(ids, **changes):
    given = {
        "subject_id": ids.departments["YW"], "rule": "manner", "quantity": "１", "points": "",
        "happened_on": "2026-11-10", "note": "窗口与服务对象争执", "finder": "值班领导", **changes,
    }  # fmt: skip
    return {k: v for k, v in given.items() if v is not None}


def test_a_manual_line_by_form(app, login, ids, december):
    supervisor, office = login("supervisor"), login("office")
    address = f"{BASE}/propose"
    assert login("clerk").get(address).status_code == 403
    assert "服务态度" in text_of(supervisor.get(address))
    for changes, message in (
        ({"subject_id": ""}, "请选择被考评的对象"),
        ({"subject_id": "　"}, ""),
        ({"rule": "nonsense"}, ""),
        ({"quantity": "0"}, "请填写大于 0"),
        ({"quantity": "many"}, "请填写数字"),
        ({"rule": "care", "quantity": "", "points": "-9"}, "分值应在 -3 至 -0.5 之间"),
        ({"happened_on": "2026-10-31"}, "请填写这个月内"),
        ({"note": "\x00"}, ""),
        ({"finder": "名" * 61}, "最多 60"),
    ):
        answer = supervisor.post(address, data=proposal(ids, **changes), content_type="multipart/form-data")
        assert answer.status_code == 422, changes
        assert message in text_of(answer)
    with app.app_context():
        assert db.session.scalars(db.select(ScoreLine).where(ScoreLine.origin == "manual")).all() == []
    answer = supervisor.post(
        address, data=proposal(ids, files=(io.BytesIO(PDF), "记录.pdf")), content_type="multipart/form-data"
    )
    assert answer.status_code == 303
    shown = answer.headers["Location"]
    line_id = shown.rsplit("/", 1)[-1]
    page = text_of(supervisor.get(shown))
    assert "记录.pdf" in page
    assert 'name="outcome"' not in page, "who proposed it does not approve it"
    assert login("clerk").get(shown).status_code == 404, "the scored see it when it is computed"
    file = page.split("/files/")[1].split('"')[0]
    assert office.get(f"{shown}/files/{file}").data == PDF
    assert office.get(f"{shown}/files/9999").status_code == 404
    decide = f"/score-evidence/lines/{line_id}/decide"
    assert supervisor.post(decide, data={"outcome": "approve"}).status_code == 403
    assert office.post(decide, data={}).status_code == 422
    assert office.post(decide, data={"outcome": "refuse"}).status_code == 422
    assert office.post(decide, data={"outcome": "approve"}).status_code == 303
    assert office.post(decide, data={"outcome": "approve"}).status_code == 409
    computed(app)
    assert "<b>97</b>" in text_of(office.get(BASE))
    assert "窗口与服务对象争执" in text_of(login("head").get(shown))


def test_pages_of_a_month_read_by_indexes_and_nothing_twice(app, login, ids, december, statements):
    computed(app)
    client = login("office")
    client.get(BASE)
    del statements[:]
    client.get(BASE)
    asked = [sql for sql, *_ in statements]
    assert not any("FROM clue" in sql or 'FROM "case"' in sql for sql in asked), "a page computes nothing"
    with app.app_context():
        assert db.session.scalars(db.select(ScoreMonth.revision)).all() == [1, 1]
