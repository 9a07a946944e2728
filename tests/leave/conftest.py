"""Fixtures of leave: asking as somebody of the cast, with posts handed over."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind
from portal.kernel import clock
from portal.kernel.db import db
from portal.leave import decisions, service, steps
from portal.leave.models import LeaveRequest
from portal.leave.rules import Level, Span, Verdict
from portal.leave.service import Asked
from portal.post_duty.models import Post

#: The day after NOW, a Thursday.
NEXT = date(2026, 11, 19)


def span(first=NEXT, last=None, a=Half.AM, b=Half.PM) -> Span:
    return Span(first, a, last or first, b)


@pytest.fixture
def ask(office, act, as_actor):
    """A request of somebody, sent unless said otherwise."""

    def make(who, kind=AbsenceKind.PRIVATE, time=None, sent=True, **more):
        with act():
            made = service.draft(as_actor(who), Asked(kind, time or span(), "家中有事", **more), clock.now())
            if sent:
                service.send(as_actor(who), made, clock.now())
        return made

    return make


@pytest.fixture
def reload(office):
    def read(made) -> LeaveRequest:
        db.session.expire_all()
        return db.session.scalar(select(LeaveRequest).where(LeaveRequest.number == made.number))

    return read


@pytest.fixture
def hand_over(office, act, as_actor):
    """Everybody who is to take over confirms."""
    names = {v: k for k, v in office.users.items()}

    def do(made):
        with act():
            for row in made.posts:
                if row.confirmed_at is None:
                    taker = next(
                        t
                        for p, t in steps.receivers(made.applicant_id, made.from_at, made.to_at, clock.now())
                        if p.id == row.post_id
                    )
                    if taker is not None:
                        post = db.session.get_one(Post, row.post_id)
                        service.confirm_handover(as_actor(names[taker]), made, post, clock.now())

    return do


@pytest.fixture
def go_on(office, act, as_actor):
    """The next step is taken by whoever takes it; returns who that was."""
    names = {v: k for k, v in office.users.items()}

    def do(made, verdict=Verdict.APPROVED, opinion="同意。"):
        step = made.next_step
        assert step is not None
        with act():
            if step.level is Level.FILE:
                who = next(
                    n for n in ("supervisor", "office") if steps.may_file(as_actor(n), step.filer, made.applicant_id)
                )
                decisions.file(as_actor(who), made, step.id, "", clock.now())
            else:
                found = steps.decider(step.level, made.department_id, made.applicant_id, clock.now())
                assert found is not None
                who = names[found[0]]
                decisions.decide(as_actor(who), made, step.id, verdict, opinion, clock.now())
        return who

    return do
