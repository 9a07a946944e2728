"""O-3, AB-2: whatever people try, no absence comes of a request whose steps were not all taken by others."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from portal.ab_post.halves import Half
from portal.ab_post.models import Absence, AbsenceKind
from portal.kernel import transaction
from portal.kernel.db import db
from portal.kernel.errors import Invalid, Refused
from portal.leave import decisions, service, steps
from portal.leave.models import LeaveRequest, LeaveState
from portal.leave.rules import Level, Span, Verdict
from portal.leave.service import Asked
from portal.post_duty.models import Post
from tests.office import NOW

WHO = ("clerk", "clerk2", "head", "leader", "leader2", "principal", "office", "supervisor")
VERBS = (
    "approve",
    "approve",
    "approve",
    "confirm",
    "confirm",
    "file",
    "return",
    "refuse",
    "send",
    "change",
    "withdraw",
    "end",
)
FIRST = date(2026, 11, 19)

#: "right": whoever ought to act next does, so that many requests come to their end.
tries = st.lists(
    st.tuples(st.sampled_from(WHO), st.sampled_from((*VERBS, *["right"] * 14)), st.integers(0, 2)), max_size=25
)
asks = st.lists(
    st.tuples(
        st.sampled_from(WHO),
        st.sampled_from([k for k in AbsenceKind if k is not AbsenceKind.ANNUAL]),
        st.integers(0, 6),
        st.integers(0, 5),
    ),
    min_size=1,
    max_size=3,
)


def span(start: int, days: int) -> Span:
    return Span(FIRST + timedelta(start), Half.AM, FIRST + timedelta(start + days), Half.PM)


def rightly(made: LeaveRequest, actor_of, posts) -> None:
    """The next thing, done by whoever it falls to."""
    takers = {p.id: t for p, t in steps.receivers(made.applicant_id, made.from_at, made.to_at, NOW)}
    row = next((row for row in made.posts if row.confirmed_at is None and takers.get(row.post_id)), None)
    step = made.next_step
    if row is not None and made.state is LeaveState.WAITING:
        service.confirm_handover(actor_of(takers[row.post_id]), made, posts[row.post_id], NOW)
    elif step is not None and step.level is not Level.FILE:
        found = steps.decider(step.level, made.department_id, made.applicant_id, NOW)
        if found is not None:
            decisions.decide(actor_of(found[0]), made, step.id, Verdict.APPROVED, "", NOW)


def attempt(verb: str, actor, made: LeaveRequest, posts) -> None:
    step = made.next_step
    step_id = step.id if step is not None else 0
    verdicts = {"approve": Verdict.APPROVED, "return": Verdict.RETURNED, "refuse": Verdict.REFUSED}
    if verb in verdicts:
        decisions.decide(actor, made, step_id, verdicts[verb], "意见", NOW)
    elif verb == "file":
        decisions.file(actor, made, step_id, "", NOW)
    elif verb == "confirm":
        for row in made.posts:
            service.confirm_handover(actor, made, posts[row.post_id], NOW)
    elif verb == "send":
        service.send(actor, made, NOW)
    elif verb == "change":
        service.change(actor, made, Asked(made.kind, span(3, 2), "改期"), NOW)
    elif verb == "withdraw":
        service.withdraw(actor, made, NOW)
    else:
        decisions.end(actor, made, NOW)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asks, tries)
def test_no_absence_without_all_steps_by_others(office, as_actor, asked, tried):
    with transaction.turn():
        posts = {p.id: p for p in db.session.scalars(select(Post))}
        names = {user_id: username for username, user_id in office.users.items()}
        requests = []
        for who, kind, start, days in asked:
            try:
                made = service.draft(as_actor(who), Asked(kind, span(start, days), "事由"), NOW)
                service.send(as_actor(who), made, NOW)
                requests.append(made)
            except (Invalid, Refused):
                continue
        for who, verb, n in tried:
            if requests:
                try:
                    made = requests[n % len(requests)]
                    if verb == "right":
                        rightly(made, lambda user_id: as_actor(names[user_id]), posts)
                    else:
                        attempt(verb, as_actor(who), made, posts)
                except (Invalid, Refused):
                    continue
        db.session.flush()
        by_absence = {r.absence_id: r for r in requests if r.absence_id is not None}
        for absence in db.session.scalars(select(Absence)):
            made = by_absence[absence.id]
            assert made.state is LeaveState.APPROVED
            needed = [s for s in made.current if s.level is not Level.FILE] or made.current
            assert all(s.verdict in (Verdict.APPROVED, Verdict.FILED) for s in needed)
            assert all(s.decided_by_id not in (None, made.applicant_id) for s in needed)
            assert all(p.confirmed_by_id not in (None, made.applicant_id) for p in made.posts)
        assert all(r.absence_id is not None for r in requests if r.state is LeaveState.APPROVED)
        db.session.rollback()
