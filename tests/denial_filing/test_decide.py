"""The four decisions: who, once, on what was read (D-3, D-4, AB-3)."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.cases import service as cases
from portal.cases.models import Case
from portal.denial_filing import queries
from portal.denial_filing.models import Filing, FilingState
from portal.denial_filing.rules import Verdict
from portal.kernel import clock, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, locked
from portal.kernel.journal import JournalEntry
from portal.people import queries as people
from tests.denial_filing.conftest import GOOD
from tests.office import NOW, later


def one(app, number="FD-2026-0001"):
    with app.app_context():
        return db.session.scalars(select(Filing).where(Filing.number == number)).one()


def decide(client, number="FD-2026-0001", verdict="agree", **fields):
    data = {"verdict": verdict, "edition": 1, "opinion": "请按程序办理", **fields}
    return client.post(f"/denial-filings/{number}/decide", data=data)


def away(app, username, hours=8):
    """Somebody is away from now on, at once (AB-3)."""
    with app.app_context(), transaction.act():
        user_id = people.actor_by_username(username, NOW).id
        ab.record_absence(SYSTEM, user_id, AbsenceKind.OFFICIAL, NOW, later(hours=hours), NOW, emergency=True)


def handled_by(app, number, *usernames):
    """Somebody has had a hand in a case."""
    with app.app_context(), transaction.act():
        case = locked(Case, number=number)
        for username in usernames:
            cases.remember(case, people.actor_by_username(username, NOW))


@pytest.mark.parametrize(
    ("verdict", "state"),
    [
        ("agree", FilingState.AGREED),
        ("correct", FilingState.CORRECTED),
        ("supplement", FilingState.SUPPLEMENT),
        ("escalate", FilingState.WAITING_PRINCIPAL),
    ],
)
def test_the_leader_in_charge_says_one_of_four_things(app, login, ids, stage, verdict, state):
    stage.filed()
    assert decide(login("leader"), verdict=verdict).status_code == 303
    found = one(app)
    assert found.state is state
    if state is FilingState.WAITING_PRINCIPAL:
        assert (found.escalated_by_id, found.leader_opinion) == (ids.users["leader"], "请按程序办理")
        assert (found.decided_at, found.decider_post_id) == (None, ids.posts["LD-0"])
    else:
        assert (found.decided_by_id, found.opinion, found.decided_at) == (ids.users["leader"], "请按程序办理", NOW)


@pytest.mark.parametrize(
    ("verdict", "status"),
    [("agree", 303), ("correct", 422), ("supplement", 422), ("escalate", 422), ("deny", 422), ("", 422)],
)
def test_all_but_agreeing_need_words(app, login, stage, verdict, status):
    stage.filed()
    assert decide(login("leader"), verdict=verdict, opinion="\u3000").status_code == status
    assert (one(app).state is FilingState.AGREED) is (status == 303)


@pytest.mark.parametrize("bad", ["字" * 10_000, "甲\0"])
def test_a_bad_opinion_is_told_and_kept(app, login, stage, bad):
    stage.filed()
    answer = decide(login("leader"), verdict="correct", opinion=bad)
    assert answer.status_code == 422
    assert "字" * 3000 in answer.get_data(as_text=True) or "无法保存" in answer.get_data(as_text=True)
    assert one(app).state is FilingState.WAITING_LEADER


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("leader2", 404),  # in charge of another department: foreign
        ("principal", 403),
        ("clerk", 403),
        ("head", 403),
        ("other", 403),
        ("office", 403),
        ("supervisor", 403),
        ("sysadmin", 403),
    ],
)
def test_nobody_else_decides(app, login, stage, who, status):
    stage.filed()
    assert decide(login(who)).status_code == status
    assert one(app).state is FilingState.WAITING_LEADER


def test_a_filing_is_decided_once(app, login, stage):
    stage.filed()
    leader = login("leader")
    assert decide(leader).status_code == 303
    assert decide(leader, verdict="correct").status_code == 409
    found = one(app)
    assert (found.state, found.opinion) == (FilingState.AGREED, "请按程序办理")


def test_a_decision_counts_only_for_the_edition_that_was_read(app, login, stage):
    number = stage.filed()
    amended = {**GOOD, "edition": 1, "reason": "改写的理由"}
    assert login("clerk").post(f"/denial-filings/{number}/amend", data=amended).status_code == 303
    answer = decide(login("leader"))
    assert answer.status_code == 409
    assert "第 2 稿" in answer.get_data(as_text=True)
    assert one(app).state is FilingState.WAITING_LEADER
    for nonsense in ("", "x", "99999999999999999999", "٢"):
        assert decide(login("leader"), edition=nonsense).status_code == 409
    assert decide(login("leader"), edition=2).status_code == 303


def test_an_absent_leaders_filings_go_to_the_cover(app, login, ids, stage):
    stage.filed()
    away(app, "leader")
    assert decide(login("leader")).status_code == 403
    assert decide(login("leader2")).status_code == 303
    found = one(app)
    assert found.decided_by_id == ids.users["leader2"]
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "denial_filing.agreed")).one()
    assert entry.for_user_id == ids.users["leader"], "B for A (AB-4)"


def test_a_leader_who_handled_the_matter_is_barred_and_the_principal_decides(app, login, ids, stage):
    case = stage.case()
    number = stage.file(case)
    handled_by(app, case, "leader")
    answer = decide(login("leader"))
    assert answer.status_code == 403
    assert "回避" in answer.get_data(as_text=True)
    assert decide(login("principal")).status_code == 303
    found = one(app, number)
    assert (found.decided_by_id, found.decider_post_id) == (ids.users["principal"], ids.posts["LD-0"])
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "denial_filing.taken_up")).one()
        assert entry.fact()["why"] == "barred"


def test_a_cover_who_handled_the_matter_is_barred_too(app, login, stage):
    case = stage.case()
    stage.file(case)
    handled_by(app, case, "leader2")
    away(app, "leader")
    assert decide(login("leader2")).status_code == 403
    assert decide(login("principal")).status_code == 303


def test_when_all_are_barred_nobody_may_decide_and_the_office_sees_it(app, login, stage):
    case = stage.case()
    number = stage.file(case)
    handled_by(app, case, "leader", "principal")
    assert decide(login("leader")).status_code == 403
    assert decide(login("principal")).status_code == 403
    with app.app_context():
        assert [row.decider for row in queries.waiting(NOW)] == [""]
        assert [row.number for row in queries.stuck(NOW)] == [number]
    assert "无人可以审批" in login("office").get(f"/denial-filings/{number}").get_data(as_text=True)
    assert "无人可以审批" in login("office").get("/").get_data(as_text=True)


def test_the_filer_who_acts_for_the_leader_does_not_decide(app, login, ids, stage):
    """Also not by acting for another (D-4)."""
    from portal.ab_post.models import Letter
    from portal.post_duty.models import Post

    with app.app_context(), transaction.act():
        post = db.session.get_one(Post, ids.posts["LD-1"])
        ab.assign(SYSTEM, post, Letter.B, ids.users["clerk"], date(2026, 11, 1), date(2026, 11, 1), NOW)
    stage.filed()
    away(app, "leader")
    answer = decide(login("clerk"))
    assert answer.status_code == 403
    assert "自己的报备" in answer.get_data(as_text=True)
    assert decide(login("principal")).status_code == 303


MEETING = {"meeting_on": "2026-11-18", "meeting_record": "会议研究同意"}


def test_a_grave_filing_is_only_escalated_by_the_leader(app, login, stage):
    number = stage.filed(grave=True)
    for verdict in ("agree", "correct", "supplement"):
        assert decide(login("leader"), verdict=verdict, **MEETING).status_code == 409
    assert decide(login("principal"), **MEETING).status_code == 403, "only through the leader's opinion"
    assert decide(login("leader"), verdict="escalate").status_code == 303
    assert decide(login("leader"), **MEETING).status_code == 403
    assert one(app, number).state is FilingState.WAITING_PRINCIPAL


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"meeting_on": "2026-11-18"},
        {"meeting_record": "会议研究同意"},
        {"meeting_on": "2026-11-19", "meeting_record": "明天开会"},
        {"meeting_on": "0000-00-00", "meeting_record": "x"},
        {"meeting_on": "9999-12-31", "meeting_record": "x"},
        {"meeting_on": "2026-11-18", "meeting_record": "\u3000"},
    ],
)
def test_the_principal_names_the_meeting_of_a_grave_filing(app, login, stage, fields):
    number = stage.filed(grave=True)
    stage.decide(number, Verdict.ESCALATE)
    assert decide(login("principal"), **fields).status_code == 422
    assert one(app, number).state is FilingState.WAITING_PRINCIPAL


def test_the_principal_decides_a_grave_filing_after_the_meeting(app, login, ids, stage):
    number = stage.filed(grave=True)
    stage.decide(number, Verdict.ESCALATE)
    assert decide(login("principal"), verdict="escalate", **MEETING).status_code == 409
    assert decide(login("principal"), **MEETING).status_code == 303
    found = one(app, number)
    assert (found.state, found.decided_by_id) == (FilingState.AGREED, ids.users["principal"])
    assert (found.meeting_on, found.meeting_record) == (date(2026, 11, 18), "会议研究同意")


def test_the_leader_in_charge_does_not_decide_a_grave_filing_for_the_principal(app, login, ids, stage):
    """leader2 is in charge of XH and the principal's B."""
    number = stage.filed("SX-003", "other", grave=True)
    assert decide(login("leader2"), verdict="escalate").status_code == 303
    away(app, "principal")
    assert decide(login("leader2"), **MEETING).status_code == 403
    assert one(app, number).state is FilingState.WAITING_PRINCIPAL
    # a grave filing of another department may be decided by the principal's cover
    second = stage.filed(grave=True)
    stage.decide(second, Verdict.ESCALATE)
    assert decide(login("leader2"), second, **MEETING).status_code == 303


def test_escalation_gives_the_principal_time_of_their_own(app, stage):
    number = stage.filed()
    stage.decide(number, Verdict.ESCALATE, at=later(days=1, hours=3))
    assert clock.local(one(app, number).decide_by).isoformat() == "2026-11-20T17:30:00+08:00"


def test_a_late_decision_is_flagged(app, stage):
    number = stage.filed()
    stage.decide(number, at=later(days=2))
    with app.app_context():
        entry = db.session.scalars(select(JournalEntry).where(JournalEntry.event == "denial_filing.agreed")).one()
        assert entry.fact()["late"] is True


def test_every_decision_is_one_entry_of_the_case(app, stage):
    number = stage.filed()
    stage.decide(number)
    with app.app_context():
        found = db.session.scalars(select(Filing)).one()
        entries = db.session.scalar(
            select(func.count()).where(
                JournalEntry.object_type == "denial_filing", JournalEntry.case_id == found.case_id
            )
        )
    assert entries == 2
