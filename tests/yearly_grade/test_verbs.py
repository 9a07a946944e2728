"""A round by the cast: secret ballots, grades with their reasons, frozen once published (E-5, E-6, E-7)."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal as D

import pytest
from sqlalchemy import delete, func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from portal.kernel import clock, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure.scoring import Subject
from portal.yearly_grade import deciding, paper, queries, room, sealing, service
from portal.yearly_grade.models import (
    Ground,
    RoundState,
    YearlyCorrection,
    YearlyPanel,
    YearlyPaper,
    YearlyRound,
    YearlyRow,
    YearlyVoter,
)
from portal.yearly_grade.rules import Held, Panel
from tests.office import NOW
from tests.yearly_grade.conftest import AFTER, BY, COUNTING


def refused(error, verb, *args) -> None:
    with pytest.raises(error), transaction.act():
        verb(*args)


def test_a_round_of_persons_is_prepared_once_with_who_votes_on_whom(story, office):
    for who, year, subject, by, error in (
        ("head", 2026, Subject.PERSON, BY, NotAllowed),
        ("office", 2024, Subject.PERSON, BY, Invalid),
        ("office", 2026, Subject.PERSON, None, Invalid),
        ("office", 2026, Subject.PERSON, date(2026, 11, 1), Invalid),
    ):
        refused(error, service.prepare, story.who(who), year, subject, by, NOW)
    story.prepared()
    refused(Invalid, service.prepare, story.who("office"), 2026, Subject.PERSON, BY, NOW)
    names = {user_id: name for name, user_id in office.users.items()}
    found: dict[str, dict[str, Panel]] = {}
    rows = select(YearlyRow.user_id, YearlyPanel.user_id, YearlyPanel.panel).join(
        YearlyPanel, YearlyPanel.row_id == YearlyRow.id
    )
    for subject, voter, panel in db.session.execute(rows):
        found.setdefault(names[subject], {})[names[voter]] = panel
    heads, peers = Panel.HEADS, Panel.PEERS
    assert found == {
        "clerk": {"clerk2": peers, "head": heads, "leader": heads},
        "clerk2": {"clerk": peers, "head": heads, "leader": heads},
        "head": {"clerk": peers, "clerk2": peers, "leader": heads},
        "other": {"other_head": heads, "leader2": heads},
        "other_head": {"other": peers, "leader2": heads},
        "office": {"leader": heads},
    }


def test_nobody_votes_twice_for_others_or_out_of_time(story, office):
    story.opened()
    mine = service.panels_of(story.get().id, office.users["clerk"])
    clerk, round_ = story.who("clerk"), story.get()
    refused(NotAllowed, service.vote, story.who("principal"), round_, dict.fromkeys(mine, 0), NOW)
    with pytest.raises(Invalid) as refusal, transaction.act():
        service.vote(clerk, round_, {}, NOW)
    assert refusal.value.field == f"row_{min(mine)}"
    refused(Invalid, service.vote, clerk, round_, dict.fromkeys(mine, 4), NOW)
    refused(Conflict, service.vote, clerk, round_, dict.fromkeys(mine, 0), COUNTING)
    assert [each.id for each in queries.to_vote(clerk)] == [round_.id]
    assert story.todos("clerk") == ["投票"]
    story.do(service.vote, "clerk", dict.fromkeys(mine, 0))
    refused(Conflict, service.vote, clerk, round_, dict.fromkeys(mine, 0), NOW)
    assert queries.to_vote(clerk) == []
    assert room.waiting(clerk, NOW) == 0
    assert service.voters(round_.id) == (7, 1)
    refused(Conflict, service.count, story.who("office"), story.get(), NOW)
    # Nobody can take back that somebody has voted, nor put in a paper for themselves.
    for statement in (
        update(YearlyVoter).where(YearlyVoter.voted).values(voted=False),
        insert(YearlyPanel).values(row_id=story.row("clerk").id, user_id=office.users["clerk"], panel="peers"),
        update(YearlyPaper).values(sealed=b""),
    ):
        with pytest.raises(DBAPIError), transaction.act():
            db.session.execute(statement)


def test_ballots_tell_nobody_who_gave_what(story, office):
    """E-7, J-1: papers are sealed and of one length, in no order; no entry of the journal tells of one."""
    story.opened()
    before = db.session.scalar(select(func.max(journal.JournalEntry.seq)))
    story.votes(leader=3)
    assert db.session.scalar(select(func.max(journal.JournalEntry.seq))) == before
    papers = list(db.session.execute(select(YearlyPaper.id, YearlyPaper.sealed)))
    assert len(papers) == 7
    assert len({len(sealed) for _id, sealed in papers}) == 1
    assert not any(b"heads" in sealed or sealed[:1] == b"[" for _id, sealed in papers)
    assert {c.name for c in YearlyPaper.__table__.columns} == {"id", "round_id", "sealed"}
    assert {c.name for c in YearlyVoter.__table__.columns} == {"round_id", "user_id", "voted"}
    marks, lost = sealing.opened(sealing.key(story.get().id), [sealed for _id, sealed in papers])
    assert (len(marks), lost) == (14, 0)
    assert sealing.opened(b"x" * 32, [sealed for _id, sealed in papers]) == ([], 7)
    story.do(service.count, "office")
    assert db.session.scalar(select(func.count()).select_from(YearlyPaper)) == 0
    assert service.sweep(NOW) == 1
    assert sealing.key(story.get().id) is None
    # Peers 90; heads 90 and 50: (90·40 + 70·40) / 80 = 80. Of one peer and two heads no panel is told.
    clerk, other = story.row("clerk"), story.row("other")
    assert (clerk.ballots, clerk.papers, clerk.panel_figures) == (D("80.00"), 3, {})
    assert (other.ballots, other.papers) == (None, 2)  # two papers would tell one to the other voter
    with pytest.raises(DBAPIError), transaction.act():
        db.session.execute(insert(YearlyPaper).values(id="a" * 32, round_id=story.get().id, sealed=b""))


def test_panels_large_enough_are_told_and_extremes_dropped(story):
    story.policy(yearly_grade__way="levels", yearly_grade__least_papers="2")
    story.opened().votes(clerk2=3, other=1, leader=2, leader2=1)
    for who, mark in (("principal", 0), ("office", 1)):
        mine = service.panels_of(story.get().id, story.ids.users[who])
        story.do(service.vote, who, dict.fromkeys(mine, mark))
    story.do(service.count, "office")
    # Leaders 90, 60, 80: 80. Heads 90, 90: 90, of two none is dropped. Others 50, 80, 80: 80.
    assert story.row("clerk").panel_figures == {
        "leaders": ["80.00", "3"],
        "heads": ["90.00", "2"],
        "others": ["80.00", "3"],
    }
    assert story.row("clerk").ballots == D("83.00")  # (80·50 + 90·30 + 80·20) / 100


def test_papers_that_nobody_can_open_are_told_and_the_ballot_begins_anew(story):
    story.opened()
    assert service.sweep(NOW) == 0  # the key of an open round stays
    mine = service.panels_of(story.get().id, story.ids.users["clerk"])
    story.do(service.vote, "clerk", dict.fromkeys(mine, 0))
    sealing.forget([story.get().id])
    refused(Conflict, service.vote, story.who("clerk2"), story.get(), dict.fromkeys(mine, 0), NOW)
    refused(Invalid, service.restart, story.who("office"), story.get(), "", NOW)
    story.do(service.restart, "office", "密钥丢失")
    assert service.voters(story.get().id) == (7, 0)
    story.do(service.vote, "clerk", dict.fromkeys(mine, 0))
    sealing.forget([story.get().id])
    story.do(service.count, "office", at=COUNTING)
    assert (story.get().lost, story.row("clerk2").ballots) == (1, None)


def test_grades_with_quota_eligibility_and_their_reasons(story, office):
    story.policy(eligibility__months_year="12")
    story.computed()
    rows = {r.user_id: r for r in story.get().rows}
    clerk = rows[office.users["clerk"]]
    # Only the ballots are there: 90 of 100, but nobody has served a year.
    assert (clerk.total, clerk.place, clerk.grade, clerk.held) == (
        D("90.00"),
        1,
        "C",
        Held.BARRED if False else clerk.held,
    )
    assert clerk.reasons == ["连续任岗 4 个月，不满 12 个月"]
    assert rows[office.users["office"]].grade == ""  # one paper, no months: nothing to be graded by
    story.policy(eligibility__months_year="2")
    with transaction.act():
        assert service.compute(story.who("office"), story.get(), NOW) == 3 + 3
    assert {story.row(u).grade for u in ("clerk", "clerk2", "head")} == {"C"}
    assert {story.row(u).held for u in ("clerk", "clerk2", "head")} == {Held.TIE}
    assert service.quota_left(story.get()) == [("A", 0, 0), ("B", 1, 0)]


def test_a_veto_counts_once_another_has_confirmed_it(story):
    story.policy(yearly_grade__quota_first="100", yearly_grade__quota_second="100")
    story.computed()
    assert story.row("clerk").grade == "A"
    row, supervisor = story.row("clerk"), story.who("supervisor")
    refused(NotAllowed, service.veto, story.who("head"), row, Ground.ETHICS, "a", "b", NOW)
    refused(Invalid, service.veto, supervisor, row, Ground.ETHICS, "对服务对象恶语相向", "", NOW)
    with transaction.act():
        given = service.veto(supervisor, row, Ground.ETHICS, "对服务对象恶语相向", "检查记录 3 号", NOW)
    refused(NotAllowed, service.confirm_veto, supervisor, given, NOW)
    refused(NotAllowed, service.confirm_veto, story.who("clerk"), given, NOW)
    refused(Conflict, deciding.review, supervisor, story.get(), "同意", AFTER)
    story.do(service.compute, "office")
    assert story.row("clerk").grade == "A"
    with transaction.act():
        service.confirm_veto(story.who("principal"), given, NOW)
    refused(Conflict, deciding.review, supervisor, story.get(), "同意", AFTER)  # the facts have changed since
    story.do(service.compute, "office")
    assert (story.row("clerk").grade, story.row("clerk").held) == ("B", Held.BARRED)
    assert (story.row("clerk").place, story.row("clerk2").place) == (None, 1)
    assert paper.place_of(story.row("clerk")) == "一票否决，不排名次"
    assert story.row("clerk").reasons == ["一票否决（职业道德）：对服务对象恶语相向"]
    with transaction.act():
        service.lift_veto(story.who("principal"), given, "查明不实", NOW)
    story.do(service.compute, "office")
    assert story.row("clerk").grade == "A"


def test_an_objection_is_ruled_on_by_somebody_else_before_the_review(story):
    story.computed()
    row = story.row("clerk")
    refused(NotAllowed, deciding.object_to, story.who("clerk2"), row, "理由", NOW)
    refused(Invalid, deciding.object_to, story.who("clerk"), row, "", NOW)
    refused(Conflict, deciding.object_to, story.who("clerk", AFTER), row, "理由", AFTER)
    with transaction.act():
        given = deciding.object_to(story.who("clerk"), row, "述职没有计入", NOW)
    refused(Conflict, deciding.object_to, story.who("clerk"), row, "再次", NOW)
    refused(Conflict, deciding.review, story.who("supervisor"), story.get(), "同意", AFTER)
    assert story.todos("supervisor") == ["裁定"]
    refused(NotAllowed, deciding.rule, story.who("office"), given, True, "查实", NOW)
    with transaction.act():
        deciding.rule(story.who("supervisor"), given, False, "述职尚未结束", NOW)
    refused(Conflict, deciding.rule, story.who("supervisor"), given, True, "改判", NOW)
    entry = db.session.scalars(
        select(journal.JournalEntry).where(journal.JournalEntry.event == "yearly_grade.ruled")
    ).one()
    assert entry.fact()["outcome"] == "rejected"


def test_reviewed_decided_published_and_frozen(story):
    story.computed()
    supervisor, principal, office = (story.who(u, AFTER) for u in ("supervisor", "principal", "office"))
    refused(Conflict, deciding.review, story.who("supervisor"), story.get(), "同意", NOW)  # objections may still come
    refused(NotAllowed, deciding.review, office, story.get(), "同意", AFTER)
    refused(Conflict, deciding.decide, principal, story.get(), date(2026, 11, 25), "同意", AFTER)
    story.do(deciding.review, "supervisor", "同意", at=AFTER)
    refused(NotAllowed, deciding.send_back, office, story.get(), "原因", AFTER)
    story.do(deciding.send_back, "principal", "请核对述职", at=AFTER)
    assert story.get().state is RoundState.COMPUTED
    story.do(deciding.review, "supervisor", "已核对", at=AFTER)
    for day, record in ((date(2026, 12, 25), "同意"), (date(2026, 11, 25), "")):
        with pytest.raises(Invalid), clock.at(AFTER), transaction.act():
            deciding.decide(principal, story.get(), day, record, AFTER)
    story.do(deciding.decide, "principal", date(2026, 11, 25), "同意", at=AFTER)
    refused(Conflict, service.compute, office, story.get(), AFTER)
    refused(Conflict, service.veto, supervisor, story.row("clerk"), Ground.ETHICS, "a", "b", AFTER)
    assert queries.grades("person", 2026) == {}
    story.do(deciding.publish, "office", at=AFTER)
    assert story.get().digest == deciding.digest(story.get())
    assert queries.grades("person", 2026)[story.ids.users["clerk"]] == story.row("clerk").grade
    for statement in (
        update(YearlyRow).values(grade="A"),
        update(YearlyRow).values(total="99"),
        delete(YearlyRow),
        update(YearlyRound).values(opinion="x"),
        delete(YearlyRound),
        text("INSERT INTO yearly_row (round_id, department_id, papers, panels, parts, grade, hindrances, bonus_cut)"
             " SELECT id, 1, 0, '{}', '{}', 'A', '[]', 0 FROM yearly_round"),
    ):  # fmt: skip
        with pytest.raises(DBAPIError), transaction.act():
            db.session.execute(statement)


def test_a_correction_is_a_later_entry_within_the_quota(story):
    story.computed().published()
    office, principal, row = story.who("office", AFTER), story.who("principal", AFTER), story.row("clerk")
    before = (row.total, row.grade)
    refused(Invalid, deciding.correct, office, row, D(95), "A", "漏计", AFTER)  # no A among three
    refused(Invalid, deciding.correct, office, row, *before, "漏计", AFTER)
    refused(NotAllowed, deciding.correct, principal, row, D(95), "B", "漏计", AFTER)
    with transaction.act():
        given = deciding.correct(office, row, D("95.5"), "B", "漏计荣誉", AFTER)
    assert deciding.stands(row) == before
    assert story.todos("principal", AFTER) == ["决定"]
    refused(NotAllowed, deciding.decide_correction, office, given, True, AFTER)
    with transaction.act():
        deciding.decide_correction(principal, given, True, AFTER)
    db.session.expire_all()
    assert deciding.stands(story.row("clerk")) == (D("95.5"), "B")
    assert (story.row("clerk").total, story.row("clerk").grade) == before
    assert paper.place_of(story.row("clerk")) == f"{story.row('clerk').place}（公布时的名次，更正后不重排）"
    assert "名次仍为公布时的名次" in paper.content(story.get()).corrections[-1]
    assert story.get().digest == deciding.digest(story.get())
    refused(Invalid, deciding.correct, office, story.row("clerk2"), D(95), "B", "漏计", AFTER)  # the B is taken
    with pytest.raises(DBAPIError), transaction.act():
        db.session.execute(update(YearlyCorrection).values(grade="C"))


def test_the_figures_of_a_round_stay_when_the_policy_changes(story):
    story.prepared()
    kept = story.get().settings
    story.policy(yearly_grade__quota_first="50", yearly_grade__set_person="four")
    assert story.get().settings == kept
    assert json.loads(kept)["quotas"] == [20, 60]
    with pytest.raises(DBAPIError), transaction.act():
        db.session.execute(update(YearlyRound).values(settings="{}"))
