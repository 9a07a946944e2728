"""Lists, to-dos, counts, panels: what each person sees of filings (D-3, D-5, AB-4)."""

from __future__ import annotations

import pytest

from portal.denial_filing import queries, room
from portal.denial_filing.rules import Verdict
from portal.kernel import clock, transaction
from portal.one_time_notice.service import standing_order
from portal.people import queries as people
from tests.office import NOW, later


def actor(app, username, at=NOW):
    with app.app_context():
        return people.actor_by_username(username, at)


def todos(app, username, at=NOW):
    with app.test_request_context(), clock.at(at):
        return [(t.kind, t.light, t.url) for t in room.todos(people.actor_by_username(username, at), at)]


def test_the_list_shows_what_waits_for_the_leader_first(login, stage):
    mine, other = stage.filed(), stage.filed("SX-003", "other")
    page = login("leader").get("/denial-filings").get_data(as_text=True)
    assert "待我审批 1 件" in page
    assert mine in page
    assert other not in page
    assert 'value="agree"' in page
    principal = login("principal").get("/denial-filings").get_data(as_text=True)
    assert "待我审批 0 件" in principal
    assert 'value="agree"' not in principal, "seen, not decided"


@pytest.mark.parametrize(
    ("tab", "seen"), [("waiting", 0), ("agreed", 1), ("returned", 2), ("recalled", 3), ("nonsense", 0)]
)
def test_tabs(login, stage, tab, seen):
    numbers = [stage.filed() for _ in range(4)]
    stage.decide(numbers[1])
    stage.decide(numbers[2], Verdict.CORRECT)
    assert login("clerk").post(f"/denial-filings/{numbers[3]}/recall", data={"reason": "重报"}).status_code == 303
    page = login("leader").get(f"/denial-filings?tab={tab}").get_data(as_text=True)
    wanted = numbers[seen] if seen < 3 else numbers[0]
    assert f'href="/denial-filings/{wanted}"' in page


def test_the_empty_list(login):
    assert "没有待审批的报备" in login("leader").get("/denial-filings").get_data(as_text=True)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clerk", 200),
        ("clerk2", 200),
        ("head", 200),
        ("leader", 200),
        ("principal", 200),
        ("office", 200),
        ("supervisor", 200),
        ("other", 404),
        ("leader2", 404),
        ("sysadmin", 403),
        ("auditor", 403),
    ],
)
def test_who_reads_a_filing(login, stage, who, status):
    number = stage.filed()
    answer = login(who).get(f"/denial-filings/{number}")
    assert answer.status_code == status
    page = answer.get_data(as_text=True)
    assert ("不具备固定场所" in page) is (status == 200)
    assert ('value="agree"' in page) is (who == "leader"), "read-only for all others"
    assert "周建国" not in page, "the client's name is shortened"


def test_all_four_decisions_are_on_the_page_and_asked_again(login, stage):
    page = login("leader").get(f"/denial-filings/{stage.filed()}").get_data(as_text=True)
    for verdict in Verdict:
        button = page.split(f'name="verdict" value="{verdict}"')[1].split(">")[0]
        assert "data-confirm=" in button, verdict
    grave = login("leader").get(f"/denial-filings/{stage.filed(grave=True)}").get_data(as_text=True)
    assert 'value="escalate"' in grave
    assert 'value="agree"' not in grave


@pytest.mark.parametrize(
    ("at", "light", "words"),
    [
        (NOW, "normal", "请在 明天 17:30 前审批"),
        (later(days=1, hours=5), "due_soon", "请在 17:30 前审批"),
        (later(days=2), "overdue", "审批超期"),
    ],
)
def test_the_badge_counts_down(app, stage, at, light, words):
    from portal.denial_filing import page
    from portal.denial_filing.models import Filing
    from portal.kernel.db import db

    number = stage.filed()
    assert todos(app, "leader", at) == [("denial_filing.decide", light, f"/denial-filings/{number}")]
    with app.app_context(), clock.at(at):
        found = db.session.scalars(db.select(Filing)).one()
        assert words in page.badge(found, at).text


def test_what_is_to_be_done_after_each_decision(app, login, stage):
    issue, handle, notify, wait = (stage.filed() for _ in range(4))
    stage.decide(issue)
    stage.decide(handle, Verdict.CORRECT)
    stage.decide(notify, Verdict.SUPPLEMENT)
    assert todos(app, "clerk") == [
        ("denial_filing.issue", "normal", f"/denial-filings/{issue}/issue"),
        ("denial_filing.handle", "normal", f"/denial-filings/{handle}"),
        ("denial_filing.notify", "normal", f"/cases/SX-2026-0003/notice?ordered_by={notify}"),
    ]
    assert [kind for kind, _l, _u in todos(app, "clerk2")] == [], "A is present"
    assert [kind for kind, _l, _u in todos(app, "leader")] == ["denial_filing.decide"]
    assert wait in login("leader").get("/denial-filings").get_data(as_text=True)
    stage.issue(issue)
    assert todos(app, "clerk", later(days=6))[-1] == (
        "denial_filing.deliver", "due_soon", f"/denial-filings/{issue}/deliver",
    )  # fmt: skip
    assert todos(app, "clerk", later(days=8))[-1][1] == "overdue"
    with app.test_request_context():
        assert room.count(people.actor_by_username("clerk", NOW), NOW) == 3
        assert room.count(people.actor_by_username("leader", NOW), NOW) == 1


def test_the_handler_sees_the_instruction(login, stage):
    number = stage.filed()
    stage.decide(number, Verdict.CORRECT, opinion="条件符合，应予受理")
    assert "条件符合，应予受理" in login("clerk").get(f"/denial-filings/{number}").get_data(as_text=True)
    case = login("clerk").get("/cases/SX-2026-0001").get_data(as_text=True)
    assert "条件符合，应予受理" in case
    assert "拟否定（报备）" in case, "the case goes on, and new facts may be filed"


def test_the_ordered_notice_fulfils_the_order(app, login, stage):
    from portal.cases.models import Case
    from portal.kernel.db import db, locked

    number = stage.filed()
    stage.decide(number, Verdict.SUPPLEMENT, opinion="请补场地证明")
    with app.app_context():
        assert standing_order(db.session.scalars(db.select(Case)).one()) == number
    with app.app_context(), transaction.act():
        from datetime import date

        from portal.one_time_notice import service as notices
        from portal.one_time_notice.models import Form, Problem

        case = locked(Case, number="SX-2026-0001")
        line = notices.Line(case.materials[2].id, Problem.WRONG, "租期不足")
        made = notices.issue(
            people.actor_by_username("clerk", NOW),
            case,
            NOW,
            form=Form.WRITTEN,
            lines=[line],
            next_visit="工作日上午",
            until=date(2026, 12, 2),
            ordered_by=number,
        )
        assert made.ordered_by == number
    with app.app_context():
        assert standing_order(db.session.scalars(db.select(Case)).one()) == ""
    assert todos(app, "clerk") == []


def test_the_case_page_offers_what_is_possible(login, stage):
    case = stage.case()
    clerk = login("clerk")
    assert f"/cases/{case}/denial-filing" in clerk.get(f"/cases/{case}").get_data(as_text=True)
    assert f"/cases/{case}/denial-filing" not in login("head").get(f"/cases/{case}").get_data(as_text=True)
    number = stage.file(case)
    page = clerk.get(f"/cases/{case}").get_data(as_text=True)
    assert number in page
    assert f"/cases/{case}/denial-filing" not in page
    stage.decide(number)
    assert f"/denial-filings/{number}/issue" in clerk.get(f"/cases/{case}").get_data(as_text=True)
    stage.issue(number)
    assert f"/denial-filings/{number}/deliver" in clerk.get(f"/cases/{case}").get_data(as_text=True)


def test_waiting_rows_for_boards_name_no_client(app, stage):
    number = stage.filed()
    with app.app_context():
        (row,) = queries.waiting(NOW)
    assert (row.number, row.matter, row.department, row.decider) == (number, "科普教育基地认定", "综合业务科", "陈静")
    assert "周" not in repr(row)


def test_the_process_tells_who_acted_for_whom(app, login, stage):
    from tests.denial_filing.test_decide import away, decide

    number = stage.filed()
    away(app, "leader")
    assert decide(login("leader2")).status_code == 303
    assert "刘波（代 陈静）" in login("clerk").get(f"/denial-filings/{number}").get_data(as_text=True)
