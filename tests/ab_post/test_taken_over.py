"""What is taken over from an earlier board is what a board made from nothing would say (AB-3, AB-8)."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, insert, select, update

from portal.ab_post import coverage, coverage_views, picture
from portal.ab_post.models import Absence, AbsenceKind, Assignment, Cover, Handover, Letter
from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.people.models import Department, User, UserRole
from portal.post_duty.models import Post
from tests.office import NOW

TODAY = date(2026, 11, 18)


def _some(rng, column):
    return rng.choice(db.session.scalars(select(column).order_by(column)).all())


def _absence(rng):
    start = NOW + timedelta(hours=rng.randrange(-72, 300))
    values = {"user_id": _some(rng, User.id), "kind": rng.choice(list(AbsenceKind)), "from_at": start, "note": ""}
    row = {**values, "to_at": start + timedelta(hours=rng.randrange(1, 90)), "emergency": rng.random() < 0.5}
    made = db.session.execute(insert(Absence).values(**row)).inserted_primary_key[0]
    if rng.random() < 0.5:
        posts = {_some(rng, Post.id) for _n in range(2)}
        db.session.execute(
            insert(Handover),
            [{"absence_id": made, "post_id": p, "by_id": 2 if row["user_id"] == 1 else 1, "at": NOW} for p in posts],
        )


def _return(rng):
    if ids := db.session.scalars(select(Absence.id)).all():
        db.session.execute(update(Absence).where(Absence.id == rng.choice(ids)).values(ended_at=NOW))


def _cover(rng):
    start = NOW + timedelta(hours=rng.randrange(0, 200))
    row = {"post_id": _some(rng, Post.id), "user_id": _some(rng, User.id), "from_at": start, "reason": ""}
    db.session.execute(insert(Cover).values(**row, to_at=start + timedelta(hours=30)))


def _holder(rng):
    here = (Assignment.post_id == _some(rng, Post.id), Assignment.letter == rng.choice(list(Letter)))
    db.session.execute(update(Assignment).where(*here).values(user_id=_some(rng, User.id)))


def _vacant(rng):
    db.session.execute(update(Assignment).where(Assignment.post_id == _some(rng, Post.id)).values(until_on=TODAY))


def _closed(rng):
    day = rng.choice([None, TODAY + timedelta(days=3)])
    db.session.execute(update(Post).where(Post.id == _some(rng, Post.id)).values(closed_on=day))


def _name(rng):
    model = rng.choice([User, Department, Post])
    db.session.execute(update(model).where(model.id == _some(rng, model.id)).values(name=f"名{rng.randrange(99)}"))


def _disabled(rng):
    at = rng.choice([None, NOW, NOW + timedelta(days=2)])
    db.session.execute(update(User).where(User.id == _some(rng, User.id)).values(disabled_at=at))


def _barred(rng):
    user_id = _some(rng, User.id)
    db.session.execute(delete(UserRole).where(UserRole.user_id == user_id))
    if rng.random() < 0.3:
        db.session.execute(insert(UserRole).values(user_id=user_id, role="auditor"))


CHANGES = (_absence, _absence, _absence, _return, _cover, _holder, _vacant, _closed, _name, _disabled, _barred)


@pytest.mark.parametrize("seed", range(8))
def test_a_board_after_changes_is_as_if_made_from_nothing(app, office, seed):
    rng = random.Random(seed)
    with app.test_request_context():
        for _turn in range(10):
            with transaction.act():
                for _n in range(rng.randrange(1, 4)):
                    rng.choice(CHANGES)(rng)
                for name in ("ab_post", "posts", "people"):
                    epochs.bump(db.session(), name)
            kept, since = coverage.make(TODAY), clock.now() - picture.REACH
            fresh = picture.build(since)
            assert {k: v for k, v in vars(kept.seen).items() if k != "read"} == {
                k: v for k, v in vars(fresh).items() if k != "read"
            }
            scratch = coverage._make(TODAY)
            assert kept.segments == scratch.segments
            assert kept.stretches == scratch.stretches
            assert kept.rows == scratch.rows
            assert [(name, list(rows)) for name, rows in coverage_views._groups(kept, kept.rows)] == [
                (name, list(rows)) for name, rows in coverage_views._groups(scratch, scratch.rows)
            ]


def test_most_is_taken_over(app, office):
    with app.test_request_context():
        before = coverage.make(TODAY)
        with transaction.act():
            _absence(random.Random(1))
            epochs.bump(db.session(), "ab_post")
        after = coverage.make(TODAY)
        assert after is not before
        same = [r for r in after.rows if any(r is old for old in before.rows)]
        assert 0 < len(same) < len(after.rows)
