"""A received case of the catalogue with one of its three required papers handed in."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import date

import pytest

from portal.cases import service as cases
from portal.cases.models import Case
from portal.cases.service import Client
from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.one_time_notice.models import Problem
from portal.one_time_notice.service import Line
from portal.people import queries as people
from portal.people.models import User, UserSession
from portal.service_commitment import queries as catalogue

#: Lines of SX-001's checklist by position: 1 and 2 and 3 are required, 4 is optional.
FORM, LICENCE, PLACE, AWARD = 1, 2, 3, 4
UNTIL = date(2026, 12, 9)


def open_case(ids, received=(FORM,), item="SX-001", username="clerk", post=None):
    """Receive a case now; in an application context."""
    with transaction.act():
        return cases.open_case(
            people.actor_by_username(username, clock.now()),
            clock.now(),
            matter="科普教育基地认定",
            client=Client("", "周小明", "13800001234"),
            item=catalogue.by_id(ids.items[item]) if item else None,
            post_id=ids.posts[post] if post else None,
            received=received,
        )


def find(number="SX-2026-0001"):
    """The case, read anew."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalar(db.select(Case).where(Case.number == number))


def material(case, position):
    return next(m for m in case.materials if m.position == position)


def missing(case, position, reason="未提交"):
    return Line(material(case, position).id, Problem.MISSING, reason)


def wrong(case, position, reason="没有盖章"):
    return Line(material(case, position).id, Problem.WRONG, reason)


@pytest.fixture
def case(office):
    return open_case(office)


@pytest.fixture
def number(app, ids):
    """The number of a received case, for tests over HTTP."""
    with app.app_context():
        made = open_case(ids).number
        db.session.remove()
    return made


@pytest.fixture
def sent(app):
    """The form of a case as a browser would send it, with changes by position: ``sent(number, {2: ("ok", "")})``."""

    def make(number, changes=None, **more):
        with app.app_context():
            found = find(number)
            data = {"form": "written", "next_visit": "工作日上午，一楼 3 号窗口", "until": str(UNTIL), "rows": "1"}
            for m in found.materials:
                stand = "ok" if m.received_at else "missing" if m.required else "none"
                problem, reason = (changes or {}).get(m.position, (stand, "未提交" if stand == "missing" else ""))
                data[f"problem_{m.id}"], data[f"reason_{m.id}"] = problem, reason
            db.session.remove()
        return {**data, **more}

    return make


@pytest.fixture
def at(app):
    """``with at(instant): …`` moves the clock; whoever is logged in stays so."""

    @contextmanager
    def move(instant):
        with clock.at(instant):
            with app.app_context(), transaction.act():
                db.session.execute(db.update(UserSession).values(seen_at=instant))
                db.session.execute(db.update(User).values(password_changed_at=instant))
                epochs.bump(db.session(), "people")
            yield

    return move


@pytest.fixture
def look(app):
    """Look at a case in a context of its own: ``look(number, lambda case: case.state)``."""

    def read(number, what):
        with app.app_context():
            found = what(find(number))
            db.session.remove()
        return found

    return read
