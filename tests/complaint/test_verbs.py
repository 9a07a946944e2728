"""The verbs of complaints on a database: who may, what follows, what the database itself refuses (A-5, C-5, D-6)."""

from __future__ import annotations

import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DatabaseError
from werkzeug.exceptions import NotFound

from portal.cases import service as cases
from portal.cases.service import Client
from portal.complaint import breaches, handling, identity, passing, queries, receiving, rights, service
from portal.complaint.handling import Finding
from portal.complaint.models import (
    Channel,
    Complaint,
    ComplaintIdentity,
    ComplaintState,
    Result,
    Satisfaction,
    Told,
)
from portal.kernel import clock, files, journal, transaction
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.journal import JournalEntry, JournalPersonal
from portal.policy import service as policy
from portal.pure.states import IllegalMove
from tests.complaint.conftest import SECRETS, acting, brought, get, received, said
from tests.office import NOW, later

S = ComplaintState


def everything_written() -> str:
    """All that the journal, the inbox and the search hold."""
    rows = [*db.session.scalars(select(JournalEntry.facts)), *db.session.scalars(select(JournalPersonal.content))]
    rows += [str(r) for r in db.session.execute(text("SELECT title, body, path FROM inbox_message"))]
    return "\n".join(rows)


def kinds(number: str) -> list[str]:
    found = get(number)
    return [e.event.partition(".")[2] for e in journal.of_object("complaint", found.id)]


def test_the_road_of_a_confirmed_complaint(office, doing):
    number, code = received(department_id=office.departments["YW"])
    assert number == "TS-2026-0001"
    assert get(number).due_at == later(days=7).replace(hour=9, minute=30)
    number = brought(office, "answered")
    made = get(number)
    with pytest.raises(IllegalMove), doing("supervisor") as actor:
        handling.note(actor, made, "再查", False, NOW)
    with transaction.act():
        receiving.rate(locked(Complaint, number=number), Satisfaction.FAIR, "还行", later(days=1))
    assert get(number).state is S.CLOSED
    with transaction.act(), pytest.raises(Conflict):
        receiving.rate(locked(Complaint, number=number), Satisfaction.SATISFIED, "", later(days=1))
    assert kinds(number) == [
        "received", "taken_up", "assigned", "proposed", "confirmed", "unfiled_found", "answered", "rated",
    ]  # fmt: skip
    assert [p.number for p in get(number).papers] == ["TG-2026-0001", "TG-2026-0002"]
    for secret in (*SECRETS, "三次", code):
        assert secret not in everything_written()
    own = list(breaches.breaches(0))
    assert [(b.kind, b.key, b.rule) for b in own] == [
        ("confirmed_complaint", f"complaint/{number}/confirmed", "A-5"),
        ("unfiled_denial", f"complaint/{number}/unfiled", "D-6"),
    ]
    assert all(b.department_id == office.departments["YW"] and b.entry_seq for b in own)
    assert list(breaches.breaches(own[-1].entry_seq)) == []
    with doing("office") as actor:
        with pytest.raises(Invalid):
            service.reverse(actor, locked(Complaint, number=number), "", NOW)
        service.reverse(actor, locked(Complaint, number=number), "另有证据", NOW)
    assert sorted(breaches.undone(own[-1].entry_seq)) == sorted(b.key for b in own)


def test_the_same_form_sent_twice_is_one_complaint_with_one_code(office):
    sent = []
    for text_ in ("甲", "甲", "乙"):
        with transaction.act():
            made, code = receiving.receive(said(text=text_), Channel.PUBLIC, NOW, address="::1", form_key="k" * 20)
            sent.append((made.number, code))
    assert sent[0] == sent[1] != sent[2]
    with transaction.act():
        assert receiving.look("ts-2026-1", sent[0][1].lower(), "10.1.1.1", NOW)[0] is not None
        assert receiving.look(sent[0][0], sent[2][1], "10.1.1.1", NOW) == (None, None)


def test_an_address_has_its_share_of_an_hour_and_is_not_to_be_read(office):
    def send(at=NOW):
        with transaction.act():
            receiving.receive(said(), Channel.PUBLIC, at, address="10.0.0.9")

    for _n in range(5):
        send()
    with pytest.raises(receiving.TooMany):
        send()
    send(later(hours=1))
    rows = list(db.session.execute(text("SELECT address, hour FROM complaint_submission")))
    assert all("10.0" not in r[0] and ":00:00" in str(r[1]) for r in rows)


@pytest.mark.parametrize("end", ["pass_on", "not_take_up"])
def test_passed_on_or_not_taken_up_in_writing(office, doing, end):
    number, _code = received(department_id=office.departments["YW"])
    with doing("office") as actor:
        found = locked(Complaint, number=number)
        verb = getattr(service, end)
        wrong = (actor, found, "", "请向其反映", NOW) if end == "pass_on" else (actor, found, "", NOW)
        with pytest.raises(Invalid):
            verb(*wrong)
        args = ("市医保局", "请向其反映") if end == "pass_on" else ("已就同一事项答复过。",)
        verb(actor, found, *args, NOW)
    made = get(number)
    assert made.told_at == made.closed_at == NOW
    assert [p.kind for p in made.papers] == [made.state]
    with doing("office") as actor:  # somebody has to deliver the paper
        service.assign(actor, locked(Complaint, number=number), office.users["supervisor"], NOW)
    with doing("supervisor") as actor:
        assert identity.read(actor, locked(Complaint, number=number), NOW).name == SECRETS[0]


@pytest.mark.parametrize(
    ("person", "who"),
    [("", "clerk"), ("", "head"), ("", "other_head"), ("", "supervisor"), ("office", "office"), ("leader", "leader")],
)
def test_who_may_not_decide(office, doing, person, who):
    number = brought(office, "received", person=person or None)
    with pytest.raises(NotAllowed), doing(who) as actor:
        service.take_up(actor, locked(Complaint, number=number), "", NOW)


@pytest.mark.parametrize(
    ("by", "officer"),
    [
        ("office", "clerk2"),  # of the department concerned
        ("office", "head"),
        ("office", "office"),  # oneself, and who has decided
        ("leader", "office"),  # who has decided
        ("office", "auditor"),
        ("office", "other"),  # has nothing to do with complaints
    ],
)
def test_who_may_not_be_the_officer(office, doing, by, officer):
    number = brought(office, "taken_up")
    with pytest.raises(Invalid), doing(by) as actor:
        service.assign(actor, locked(Complaint, number=number), office.users[officer], NOW)


def test_by_policy_the_head_of_the_department_may_look_into_it(office, doing):
    number = brought(office, "taken_up", person="clerk")
    with doing("office") as actor:
        policy.set_value(actor, "complaint.officer_from_elsewhere", "false", "人手少", NOW)
    with doing("office") as actor:
        found = locked(Complaint, number=number)
        with pytest.raises(Invalid):
            service.assign(actor, found, office.users["clerk"], NOW)
        service.assign(actor, found, office.users["head"], NOW)


def test_who_had_a_hand_in_the_case_is_barred(office, doing):
    with doing("office") as actor:
        policy.set_value(actor, "complaint.officer_from_elsewhere", "false", "人手少", NOW)
    with doing("clerk") as actor:
        client = Client("", "钱先生", "13800000000")
        case = cases.open_case(actor, NOW, matter="基地认定", client=client, post_id=office.posts["YW-1"])
    number, _code = received()
    with doing("office") as actor:
        service.resolve(actor, locked(Complaint, number=number), service.About(case.number), NOW)
    found = get(number)
    assert found.department_id == office.departments["YW"]
    assert rights.subject(found).hands == {office.users["clerk"]}
    assert not rights.fit_officer(found, office.users["clerk"], NOW)
    assert rights.fit_officer(found, office.users["head"], NOW)
    assert [e.event for e in journal.of_case(case.id)] == [e.event for e in journal.of_object("case", case.id)]


def test_identity_is_for_the_officer_alone_and_every_reading_is_an_entry(office, doing, as_actor):
    number = brought(office, "investigating")
    for who in ("office", "leader", "principal", "head", "clerk", "auditor"):
        with pytest.raises(NotFound), doing(who) as actor:
            identity.read(actor, locked(Complaint, number=number), NOW)
    with doing("supervisor") as actor:
        assert identity.read(actor, locked(Complaint, number=number), NOW).phone == SECRETS[1]
    assert kinds(number)[-1] == "identity_read"
    with doing("office") as actor:
        service.assign(actor, locked(Complaint, number=number), office.users["other_head"], NOW)
    with pytest.raises(NotFound), doing("supervisor") as actor:
        identity.read(actor, locked(Complaint, number=number), NOW)
    with doing("other_head") as actor:
        assert identity.read(actor, locked(Complaint, number=number), NOW).name == SECRETS[0]


def test_extended_once_before_expiry_by_another_than_the_officer(office, doing):
    number = brought(office, "investigating")
    old = get(number).due_at
    for who, at, days, reason, error in (
        ("supervisor", NOW, 5, "需要检测", NotAllowed),
        ("office", NOW, 16, "需要检测", Invalid),
        ("office", NOW, None, "需要检测", Invalid),
        ("office", NOW, 5, "", Invalid),
        ("office", old + timedelta(seconds=1), 5, "需要检测", Conflict),
    ):
        with pytest.raises(error), doing(who, at) as actor:
            service.extend(actor, locked(Complaint, number=number), days, reason, at)
    with doing("office", old) as actor:
        service.extend(actor, locked(Complaint, number=number), 5, "需要检测", old)
    assert get(number).due_at > old
    with pytest.raises(Conflict), doing("office") as actor:
        service.extend(actor, locked(Complaint, number=number), 5, "再等等", NOW)


def test_the_result_is_approved_by_another_and_told(office, doing):
    number = brought(office, "investigating")
    with doing("supervisor") as actor:
        found = locked(Complaint, number=number)
        for wrong in (
            Finding(None, "答复"), Finding(Result.CONFIRMED, "", "整改"), Finding(Result.CONFIRMED, "答复"),
            Finding(Result.NOT_CONFIRMED, "答复", unfiled_denial=True),
        ):  # fmt: skip
            with pytest.raises(Invalid):
                handling.propose(actor, found, wrong, NOW)
        handling.propose(actor, found, Finding(Result.NOT_CONFIRMED, "查无此事。"), NOW)
    with pytest.raises(NotAllowed), doing("supervisor") as actor:
        handling.approve(actor, locked(Complaint, number=number), NOW)
    with doing("leader") as actor:
        handling.send_back(actor, locked(Complaint, number=number), "补充取证", NOW)
    with doing("supervisor") as actor:
        handling.propose(actor, locked(Complaint, number=number), Finding(Result.NOT_CONFIRMED, "查无此事。"), NOW)
    with doing("principal") as actor:
        handling.approve(actor, locked(Complaint, number=number), NOW)
    with pytest.raises(NotAllowed), doing("office") as actor:
        handling.tell(actor, locked(Complaint, number=number), Told.ONLINE, NOW)
    with doing("supervisor") as actor:
        handling.tell(actor, locked(Complaint, number=number), Told.ONLINE, NOW)
    assert list(breaches.breaches(0)) == []


def test_nobody_knows_where_to_send_a_paper_to_who_is_anonymous(office, doing):
    number = brought(office, "approved", name="", phone="", address="")
    with pytest.raises(Invalid), doing("supervisor") as actor:
        handling.tell(actor, locked(Complaint, number=number), Told.PAPER, NOW)


def test_an_upper_body_passes_on_with_its_paper(office, doing):
    upper = {"upper_body": "市信访局", "upper_number": "信转〔2026〕8 号", "upper_on": NOW.date()}
    with doing("office") as actor:
        for name in ("upper_body", "upper_number"):
            with pytest.raises(Invalid):
                receiving.receive(said(**{**upper, name: ""}), Channel.UPPER, NOW, actor)
        made, _code = receiving.receive(said(**upper), Channel.UPPER, NOW, actor)
    assert (made.upper_number, made.upper_on) == ("信转〔2026〕8 号", NOW.date())
    with pytest.raises(NotAllowed), doing("head") as actor:
        receiving.receive(said(), Channel.PHONE, NOW, actor)


def test_a_late_answer_is_recorded_once_and_taken_back_by_the_calendar(office, doing):
    from portal.calendar import service as calendar

    number = brought(office, "investigating")
    late = get(number).due_at + timedelta(minutes=1)
    with clock.at(late):
        for _n in range(3):
            with transaction.act():
                passing.sweep(late)
        assert kinds(number).count("answer_overdue") == 1
        assert queries.running(late).overdue == 1
        shown = list(breaches.breaches(0))
        assert [(b.kind, b.person_id) for b in shown] == [("late_complaint_answer", office.users["supervisor"])]
        day = clock.local(get(number).due_at).date()
        with doing("office", late) as actor:
            calendar.set_day(actor, day, False, "停电", late)
    assert kinds(number)[-2:] == ["recomputed", "overdue_reversed"]
    assert list(breaches.undone(shown[0].entry_seq)) == [shown[0].key]


def test_unrated_ones_end_and_identities_are_erased_but_the_journal_stands(office, app):
    number = brought(office, "answered")
    for at in (later(days=16), later(days=16 + 729), later(days=16 + 731)):
        with clock.at(at), transaction.act():
            passing.sweep(at)
    assert kinds(number)[-2:] == ["closed", "identity_erased"]
    assert db.session.scalar(select(func.count()).select_from(ComplaintIdentity)) == 0
    assert get(number).text


def test_files_of_a_complainant_go_with_the_identity(office, app):
    from werkzeug.datastructures import FileStorage

    with transaction.act():
        upload = FileStorage(io.BytesIO(b"seen on Monday"), "证据.txt")
        made, _code = receiving.receive(said(), Channel.PUBLIC, NOW, uploads=[upload])
    path = files.folder() / files.of("complaint_identity", made.id)[0].storage_name[:2]
    assert len(list(path.iterdir())) == 1
    with acting("office") as actor:
        service.pass_on(actor, locked(Complaint, id=made.id), "市信访局", "", NOW)
    with transaction.act():
        passing.sweep(later(days=731))
    assert list(path.iterdir()) == []
    assert files.of("complaint_identity", made.id) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE complaint SET text = 'x'",
        "UPDATE complaint SET approved_by_id = officer_id",
        "UPDATE complaint SET officer_id = {clerk}, person_id = {clerk}",
        "UPDATE complaint SET answer = 'x' WHERE closed_at IS NOT NULL",
        "UPDATE complaint SET satisfaction = 'satisfied'",
        "DELETE FROM complaint",
        "UPDATE complaint_identity SET name = 'x'",
        "DELETE FROM complaint_identity WHERE complaint_id = (SELECT max(id) FROM complaint)",
        "UPDATE complaint_paper SET text = 'x'",
    ],
)
def test_the_database_refuses(office, statement):
    number = brought(office, "answered")
    with transaction.act():
        receiving.rate(locked(Complaint, number=number), Satisfaction.DISSATISFIED, "", NOW)
    received()
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(text(statement.format(clerk=office.users["clerk"])))


def test_facts_say_no_more_than_they_must(office):
    received()
    entry = db.session.scalars(select(JournalEntry).order_by(JournalEntry.seq.desc())).first()
    assert set(json.loads(entry.facts)) == {
        "number", "channel", "about", "named", "files", "digest", "time_limit", "due",
    }  # fmt: skip
    assert entry.case_id is None
    assert SYSTEM.id is None
