"""O-3, AB-2: the way of a request through people of the cast, cover, afterwards, balances."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import DatabaseError
from werkzeug.datastructures import FileStorage

from portal.ab_post import queries as ab
from portal.ab_post import service as absences
from portal.ab_post.halves import Half
from portal.ab_post.models import Absence, AbsenceKind
from portal.ab_post.rules import Reason
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.leave import balances, decisions, queries, register, service, steps
from portal.leave.models import LeaveRequest, LeaveState, LeaveStep
from portal.leave.rules import Level, Span, Verdict
from portal.leave.service import Asked
from portal.people.models import User
from portal.post_duty.models import Post
from tests.leave.conftest import NEXT, span
from tests.office import NOW

DAY = timedelta(days=1)
LONG = span(NEXT, date(2026, 11, 25))
K = AbsenceKind


def count_absences() -> int:
    return db.session.scalar(select(func.count()).select_from(Absence)) or 0


def levels(made) -> list[Level]:
    return [step.level for step in made.current]


# --- the way --------------------------------------------------------------------------------------------------


def test_short_leave_is_approved_by_the_head_and_filed(office, ask, hand_over, go_on):
    made = ask("clerk")
    assert (made.state, made.halves, levels(made)) == (LeaveState.WAITING, 2, [Level.HEAD, Level.FILE])
    hand_over(made)
    assert go_on(made) == "head"
    assert made.state is LeaveState.APPROVED
    absence = made.absence
    assert (absence.from_at, absence.to_at, absence.kind) == (made.from_at, made.to_at, K.PRIVATE)
    assert {(h.post_id, h.by_id) for h in absence.handovers} == {(office.posts["YW-1"], office.users["clerk2"])}
    assert made.open_level is Level.FILE
    assert go_on(made) == "supervisor"
    assert made.open_level is None


def test_longer_leave_is_signed_by_the_leader_and_approved_by_the_principal(ask, hand_over, go_on):
    made = ask("clerk", time=LONG)
    hand_over(made)
    assert [go_on(made), count_absences(), go_on(made), count_absences()] == ["leader", 0, "principal", 1]


@pytest.mark.parametrize(
    ("who", "first"), [("head", "leader"), ("leader", "principal"), ("office", "leader"), ("supervisor", "leader")]
)
def test_a_request_goes_up_from_whoever_asks(ask, hand_over, go_on, who, first):
    made = ask(who)  # the office has no head's post: its people go to the leader in charge
    hand_over(made)
    assert go_on(made) == first


def test_the_principals_own_is_filed_by_the_office_and_only_then_in_force(office, ask, hand_over, go_on, as_actor, act):
    made = ask("principal", time=LONG)
    hand_over(made)
    assert levels(made) == [Level.FILE]
    with pytest.raises(NotAllowed), act():
        decisions.file(as_actor("supervisor"), made, made.next_step.id, "", NOW)
    assert count_absences() == 0
    assert go_on(made) == "office"
    assert (made.state, count_absences()) == (LeaveState.APPROVED, 1)


@pytest.mark.parametrize(("who", "filer"), [("office", "supervisor"), ("supervisor", "office")])
def test_office_and_supervision_file_for_each_other(ask, hand_over, go_on, who, filer):
    made = ask(who)
    hand_over(made)
    go_on(made)
    assert go_on(made) == filer


def test_nobody_decides_their_own_also_not_as_the_heads_b(office, ask, act, as_actor, go_on):
    """clerk2 is B of the head: while the head is away clerk2 answers for the head's post."""
    with act():
        absences.record_absence(
            as_actor("office"), office.users["head"], K.SICK, NOW, NOW + 9 * DAY, NOW, emergency=True
        )
    made = ask("clerk2", time=span(NEXT, a=Half.AM, b=Half.AM))
    assert "head" in {held.kind for held in as_actor("clerk2").posts}
    with pytest.raises(NotAllowed), act():
        decisions.decide(as_actor("clerk2"), made, made.next_step.id, Verdict.APPROVED, "", NOW)
    assert steps.decider(Level.HEAD, made.department_id, made.applicant_id, NOW)[0] == office.users["leader"]


def test_whoever_answers_for_an_absent_head_decides_and_the_entry_says_for_whom(
    office, ask, act, as_actor, go_on, hand_over
):
    with act():
        absences.record_absence(
            as_actor("office"), office.users["head"], K.SICK, NOW, NOW + 9 * DAY, NOW, emergency=True
        )
    made = ask("clerk")
    hand_over(made)
    assert go_on(made) == "clerk2"
    assert made.current[0].for_user_id == office.users["head"]


def test_only_the_approver_decides(ask, act, as_actor, hand_over):
    made = ask("clerk")
    hand_over(made)
    for who in ("clerk", "clerk2", "other_head", "leader", "principal", "office"):
        with pytest.raises(NotAllowed), act():
            decisions.decide(as_actor(who), made, made.next_step.id, Verdict.APPROVED, "", NOW)


def test_a_step_is_taken_once(ask, act, as_actor, hand_over):
    made = ask("clerk")
    hand_over(made)
    step = made.next_step.id
    with act():
        decisions.decide(as_actor("head"), made, step, Verdict.APPROVED, "", NOW)
    with pytest.raises(Conflict), act():
        decisions.decide(as_actor("head"), made, step, Verdict.REFUSED, "不行", NOW)
    assert count_absences() == 1


def test_a_change_voids_what_the_approver_saw(ask, act, as_actor, hand_over):
    made = ask("clerk")
    seen = made.next_step.id
    with act():
        service.change(as_actor("clerk"), made, Asked(K.PRIVATE, LONG, "再多几天"), NOW)
    assert levels(made) == [Level.LEADER, Level.PRINCIPAL, Level.FILE]
    with pytest.raises(Conflict), act():
        decisions.decide(as_actor("head"), made, seen, Verdict.APPROVED, "", NOW)


def test_changing_the_time_voids_the_handover_and_a_note_its_own(ask, act, as_actor, hand_over):
    made = ask("clerk")
    hand_over(made)
    with act():
        service.change(as_actor("clerk"), made, Asked(K.PRIVATE, span(NEXT), "事由改了"), NOW)
    assert made.posts[0].confirmed_at is not None
    with act():
        service.change(as_actor("clerk"), made, Asked(K.PRIVATE, LONG, "再多几天"), NOW)
    assert made.posts[0].confirmed_at is None


def test_nothing_is_changed_once_somebody_has_decided(ask, act, as_actor, go_on, hand_over):
    made = ask("clerk", time=LONG)
    hand_over(made)
    go_on(made)
    with pytest.raises(Conflict), act():
        service.change(as_actor("clerk"), made, Asked(K.PRIVATE, span(NEXT), "x"), NOW)
    with act():
        service.withdraw(as_actor("clerk"), made, NOW)
    assert (made.state, made.open_level) == (LeaveState.WITHDRAWN, None)


def test_returned_corrected_and_sent_again_begins_anew(ask, act, as_actor, go_on, hand_over):
    made = ask("clerk")
    hand_over(made)
    go_on(made, Verdict.RETURNED, "请写明事由")
    assert made.state is LeaveState.RETURNED
    with act():
        service.change(as_actor("clerk"), made, Asked(K.PRIVATE, span(NEXT), "家人就医"), NOW)
        service.send(as_actor("clerk"), made, NOW)
    assert (made.round, made.state, made.current[0].verdict) == (2, LeaveState.WAITING, None)
    go_on(made)
    assert made.state is LeaveState.APPROVED


@pytest.mark.parametrize("verdict", [Verdict.RETURNED, Verdict.REFUSED])
def test_sending_back_needs_a_reason(ask, act, as_actor, verdict):
    made = ask("clerk")
    with pytest.raises(Invalid) as refused, act():
        decisions.decide(as_actor("head"), made, made.next_step.id, verdict, "", NOW)
    assert refused.value.field == "opinion"


def test_refused_is_final(ask, act, as_actor, go_on):
    made = ask("clerk")
    go_on(made, Verdict.REFUSED, "人手不足")
    with pytest.raises(Conflict), act():
        service.send(as_actor("clerk"), made, NOW)
    assert count_absences() == 0


# --- times ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "field"),
    [
        (span(NEXT, NEXT - DAY), "to_on"),
        (span(date(2026, 11, 21), date(2026, 11, 22)), "to_on"),
        (span(NEXT, NEXT + 500 * DAY), "to_on"),
        (span(NEXT - 2 * DAY), "from_on"),
    ],
)
def test_times_that_are_none(ask, time, field):
    with pytest.raises(Invalid) as refused:
        ask("clerk", time=time)
    assert refused.value.field == field


def test_two_requests_do_not_overlap(ask):
    ask("clerk", time=span(NEXT, NEXT + DAY, b=Half.AM))
    ask("clerk", time=span(NEXT + DAY, a=Half.PM))
    with pytest.raises(Invalid):
        ask("clerk", time=span(NEXT + DAY))


def test_a_draft_waits_for_nobody(ask, as_actor):
    made = ask("clerk", sent=False)
    assert (made.state, made.open_level) == (LeaveState.DRAFT, None)
    assert queries.sight(as_actor("head"), made, NOW) is None
    assert queries.sight(as_actor("office"), made, NOW) is None


# --- cover and handover (AB-2) --------------------------------------------------------------------------------


def test_no_approval_before_the_handover(ask, act, as_actor):
    made = ask("clerk")
    with pytest.raises(Invalid) as refused, act():
        decisions.decide(as_actor("head"), made, made.next_step.id, Verdict.APPROVED, "", NOW)
    assert refused.value.rule == "AB-2"
    assert "业务受理岗" in str(refused.value.message)


def test_only_who_takes_over_confirms(office, ask, act, as_actor):
    made = ask("clerk")
    post = db.session.get_one(Post, office.posts["YW-1"])
    for who in ("clerk", "head", "other", "office"):
        with pytest.raises(NotAllowed), act():
            service.confirm_handover(as_actor(who), made, post, NOW)
    with act():
        service.confirm_handover(as_actor("clerk2"), made, post, NOW)
    with pytest.raises(Conflict), act():
        service.confirm_handover(as_actor("clerk2"), made, post, NOW)


def test_a_post_left_to_nobody_stops_the_approval_until_cover_is_named(office, ask, act, as_actor, go_on, hand_over):
    with act():
        absences.record_absence(
            as_actor("office"), office.users["other"], K.SICK, NOW, NOW + 9 * DAY, NOW, emergency=True
        )
    made = ask("other_head")
    hand_over(made)
    with pytest.raises(Invalid) as refused:
        go_on(made)
    assert "无人顶岗" in str(refused.value.message)
    assert count_absences() == 1
    for code in ("XH-1", "XH-H"):
        with act():
            absences.name_cover(
                as_actor("office"), db.session.get_one(Post, office.posts[code]), office.users["office"],
                made.from_at, made.to_at, "", NOW,
            )  # fmt: skip
    hand_over(made)
    go_on(made)
    assert count_absences() == 2


# --- afterwards -----------------------------------------------------------------------------------------------


@pytest.fixture
def approved(ask, hand_over, go_on):
    def make(*args, **more):
        made = ask(*args, **more)
        hand_over(made)
        while made.state is LeaveState.WAITING:
            go_on(made)
        return made

    return make


def test_cancelled_before_it_begins(office, approved, act, as_actor):
    made = approved("clerk")
    with act():
        decisions.end(as_actor("clerk"), made, NOW)
    assert made.absence.ended_at == made.from_at
    with pytest.raises(Conflict), act():
        decisions.end(as_actor("clerk"), made, NOW)


def test_early_return_gives_the_post_back_and_the_days_too(office, approved, act, as_actor):
    _entitle(office, act, as_actor, "clerk")
    made = approved("clerk", kind=K.ANNUAL, time=span(NEXT, date(2026, 11, 25)))
    inside = made.from_at + timedelta(hours=26)
    assert ab.who_answers_for(office.posts["YW-1"], inside).reason is Reason.B_FOR_A
    with clock.at(inside), act():
        decisions.end(as_actor("clerk"), made, inside)
    assert ab.who_answers_for(office.posts["YW-1"], inside + timedelta(minutes=1)).reason is Reason.HOLDER
    with clock.at(inside):
        assert balances.of([office.users["clerk"]], 2026, inside)[office.users["clerk"]].used == 3


def test_an_extension_goes_by_the_whole_length(approved, ask):
    first = approved("clerk")
    made = ask("clerk", time=span(NEXT + DAY, NEXT + 5 * DAY, b=Half.AM), extends=first)
    assert levels(made) == [Level.LEADER, Level.PRINCIPAL, Level.FILE]


def test_nobody_extends_anothers(approved, ask):
    first = approved("clerk")
    with pytest.raises(NotAllowed):
        ask("clerk2", time=span(NEXT + 7 * DAY), extends=first)


def test_a_sudden_absence_is_made_up_for_without_a_second_one(office, ask, act, as_actor, go_on):
    with act():
        away = absences.record_absence(
            as_actor("head"), office.users["clerk"], K.SICK, NOW, NOW + timedelta(hours=7), NOW, emergency=True
        )
    assert queries.without_request(office.users["clerk"], NOW) == [away]
    made = ask("clerk", kind=K.SICK, absence=away)
    assert queries.without_request(office.users["clerk"], NOW) == []
    assert (made.made_up, made.from_at, made.halves) == (True, NOW, 2)
    go_on(made)
    assert (made.state, made.absence_id, count_absences()) == (LeaveState.APPROVED, away.id, 1)
    with pytest.raises(Conflict):
        ask("clerk", kind=K.SICK, absence=away)


# --- certificates ---------------------------------------------------------------------------------------------

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"


def test_a_certificate_may_come_later_and_is_listed_when_it_is_late(office, approved, act, as_actor):
    made = approved("clerk", kind=K.SICK)
    assert made.certificate_due_on == date(2026, 11, 24)
    assert queries.certificates_owed(office.users["clerk"]) == [made]
    assert queries.certificates_late(date(2026, 11, 24)) == []
    assert queries.certificates_late(date(2026, 11, 25)) == [made]
    late = NOW + 8 * DAY
    wanted = register.listing(as_actor("office"), register.Wanted(outcome="late_certificate"), late)
    assert list(db.session.scalars(wanted)) == [made]
    with pytest.raises(Invalid), act():
        decisions.hand_in_certificate(as_actor("clerk"), made, (), late)
    with act():
        decisions.hand_in_certificate(
            as_actor("clerk"), made, [FileStorage(io.BytesIO(PDF), filename="证明.pdf")], late
        )
    assert queries.certificates_late(date(2026, 12, 30)) == []


# --- annual leave ---------------------------------------------------------------------------------------------


def _entitle(office, act, as_actor, who, **more):
    with act():
        balances.set_allowance(
            as_actor("office"), db.session.get_one(User, office.users[who]), more.pop("year", 2026),
            more.pop("since", date(2020, 7, 1)), more.pop("entitled", None), more.pop("carried", 0), "", NOW,
        )  # fmt: skip


def test_annual_leave_is_refused_above_the_balance(office, ask, approved, act, as_actor):
    with pytest.raises(Invalid) as refused:
        ask("clerk", kind=K.ANNUAL)
    assert refused.value.field == "kind"
    _entitle(office, act, as_actor, "clerk", carried=1)
    made = approved("clerk", kind=K.ANNUAL, time=span(NEXT, date(2026, 11, 25)))
    found = balances.of([office.users["clerk"]], 2026, NOW)[office.users["clerk"]]
    assert (found.entitled, found.carried, found.used, found.planned, found.left) == (10, 1, 0, made.halves, 1)
    with pytest.raises(Invalid) as refused:
        ask("clerk", kind=K.ANNUAL, time=span(date(2026, 11, 30)))
    assert refused.value.field == "to_on"
    ask("clerk", kind=K.ANNUAL, time=span(date(2026, 11, 30), b=Half.AM))
    with act():
        decisions.end(as_actor("clerk"), made, NOW)
    assert balances.of([office.users["clerk"]], 2026, NOW)[office.users["clerk"]].left == 10


def test_an_own_entitlement_wins_over_the_table(office, act, as_actor):
    _entitle(office, act, as_actor, "clerk", entitled=15)
    assert balances.of([office.users["clerk"]], 2026, NOW)[office.users["clerk"]].entitled == 15
    assert balances.of([office.users["clerk"]], 2027, NOW)[office.users["clerk"]].entitled == 10


def test_leave_over_new_year_takes_from_both_years(office, ask, act, as_actor):
    _entitle(office, act, as_actor, "clerk", since=None, entitled=2)
    with pytest.raises(Invalid) as refused:
        ask("clerk", kind=K.ANNUAL, time=span(date(2026, 12, 31), date(2027, 1, 8)))
    assert "2027" in str(refused.value.message) or refused.value.field == "kind"


# --- what the database refuses --------------------------------------------------------------------------------


def _refused(change) -> None:
    with pytest.raises(DatabaseError), transaction.act():
        db.session.execute(change)
    db.session.rollback()


def test_the_database_refuses_too(office, ask, hand_over, go_on):
    made = ask("clerk")
    hand_over(made)
    step = made.next_step.id
    taken = {"decided_by_id": office.users["clerk"], "decided_at": NOW, "verdict": Verdict.APPROVED}
    number = LeaveRequest.id == made.id
    _refused(update(LeaveStep).where(LeaveStep.id == step).values(**taken))
    _refused(update(LeaveRequest).where(number).values(state=LeaveState.APPROVED))
    go_on(made)
    _refused(update(LeaveStep).where(LeaveStep.id == step).values(opinion="改"))
    _refused(update(LeaveRequest).where(number).values(state=LeaveState.WAITING))
    _refused(update(LeaveRequest).where(number).values(to_at=made.to_at + DAY))


def test_span_is_kept(ask):
    made = ask("clerk", time=span(NEXT, NEXT + DAY, a=Half.PM, b=Half.AM))
    assert made.span == Span(NEXT, Half.PM, NEXT + DAY, Half.AM)
    assert made.halves == 2
