"""``python -m tests.bench.coverage``: the coverage board and "who answers" with many posts and absences (AB-3, AB-8).

Run by hand, in one process, through the whole application; what is given is the CPU time of a question, the median of
some turns. ``rows()`` gives the lines, so that the bench can print them beside its own.
"""

from __future__ import annotations

import random
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

from flask import Flask
from sqlalchemy import insert

from portal.ab_post import coverage, queries
from portal.ab_post.models import Absence, AbsenceKind, Assignment, Letter
from portal.kernel import clock, epochs, transaction
from portal.kernel.db import db
from portal.operations.schema import upgrade
from portal.people import queries as people
from portal.people.models import Department, User, UserSession
from portal.post_duty.models import Post, PostKind
from tests import office
from tests.conftest import make_app

POSTS, ABSENCES, IN_ONE_DEPARTMENT = 500, 5_000, 10
#: The absences begin within so many days, and within the board: the usual case and the worst.
SPREADS = (180, 14)


def _fill(app: Flask, spread: int) -> SimpleNamespace:
    """Departments of ten posts each, everybody A of one post and B of the next, all absences yet to end."""
    rng = random.Random(7)
    with app.app_context():
        upgrade()
        ids = office.build()
        now = clock.now()
        with transaction.act():
            made: list[tuple[int, int]] = []
            for d in range(POSTS // IN_ONE_DEPARTMENT):
                values = {"code": f"B{d:03}", "name": f"第 {d} 科", "sort": 100 + d, "affiliated": False}
                values |= {"functions": "", "place": "", "phone": ""}
                department_id = db.session.execute(insert(Department).values(**values)).inserted_primary_key[0]
                for n in range(IN_ONE_DEPARTMENT):
                    code = f"B{d:03}-{n}"
                    user = db.session.execute(
                        insert(User).values(
                            username=code.lower(), name=f"张{d}{n}", password_hash="", password_changed_at=now,
                            department_id=department_id,
                        )
                    )  # fmt: skip
                    kind = PostKind.STAFF if n else PostKind.HEAD
                    post = db.session.execute(
                        insert(Post).values(code=code, name=f"岗位 {d}-{n}", department_id=department_id, kind=kind)
                    )
                    made.append((post.inserted_primary_key[0], user.inserted_primary_key[0]))
            for n, (post_id, user_id) in enumerate(made):
                b = made[n + 1 if (n + 1) % IN_ONE_DEPARTMENT else n + 1 - IN_ONE_DEPARTMENT][1]
                for letter, holder in ((Letter.A, user_id), (Letter.B, b)):
                    db.session.execute(
                        insert(Assignment).values(
                            post_id=post_id, letter=letter, user_id=holder, from_on=office.SINCE,
                            decided_on=office.SINCE, filed_at=now,
                        )
                    )  # fmt: skip
            midnight = clock.day_start(clock.today())
            taken = [set[int]() for _each in made]
            for n in range(ABSENCES):
                own = taken[n % len(made)]
                slot = rng.choice([s for s in range(2 * spread) if s not in own])
                own.add(slot)
                start = midnight + timedelta(days=slot // 2, hours=9 if slot % 2 == 0 else 13.5)
                length = timedelta(hours=3.5 if spread < 30 else rng.choice((3.5, 8.5, 32.5)))
                db.session.execute(
                    insert(Absence).values(
                        user_id=made[n % len(made)][1], kind=AbsenceKind.OFFICIAL, from_at=start, to_at=start + length,
                        note="", emergency=False,
                    )
                )  # fmt: skip
            for name in ("ab_post", "posts", "people"):
                epochs.bump(db.session(), name)
        token = secrets.token_urlsafe(16)
        with transaction.act():
            db.session.add(
                UserSession(
                    token_hash=people.token_hash(token), user_id=ids.users["office"], started_at=now, seen_at=now
                )
            )
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = token, True
    return SimpleNamespace(client=client, posts=[p for p, _u in made])


def _cpu(what: Callable[[], object], turns: int) -> float:
    """Milliseconds of CPU of one question: the median of some turns."""
    found = []
    for _n in range(turns):
        began = time.process_time()
        what()
        found.append(1000 * (time.process_time() - began))
    return statistics.median(found)


def rows(turns: int = 15) -> Iterator[tuple[str, float]]:
    """What was asked, and its CPU time in ms."""
    for spread in SPREADS:
        with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
            app = make_app(Path(folder))
            app.config["WTF_CSRF_ENABLED"] = False
            site = _fill(app, spread)
            what = f"{POSTS} posts, {ABSENCES:,} absences within {spread} days"

            def page(path: str = "/ab/coverage", site: SimpleNamespace = site) -> None:
                answer = site.client.get(path)
                assert answer.status_code == 200, answer.status_code
                assert len(answer.data) > 10_000

            def changed(app: Flask = app) -> None:
                with app.app_context(), transaction.act():
                    epochs.bump(db.session(), "ab_post")

            page()
            yield f"coverage board, {what}", _cpu(page, turns)
            yield f"coverage board of one day, {what}", _cpu(lambda: page(f"/ab/coverage/{clock.today()}"), turns)

            def after_a_change() -> None:
                changed()
                page()

            yield f"coverage board after a change, {what}", _cpu(after_a_change, 5)
            with app.app_context():

                def each(at: datetime = clock.now() + timedelta(days=3), posts: list[int] = site.posts) -> None:
                    seen = queries.picture()
                    for post_id in posts:
                        seen.answer(post_id, at)

                def segments() -> object:
                    return coverage._make(clock.today())

                yield f"who answers for one post (mean of all posts), {what}", _cpu(each, turns) / len(site.posts)
                yield f"segments and cells of all posts over 14 days, {what}", _cpu(segments, 5)
                db.session.remove()
                db.engine.dispose()


def main() -> None:
    """Print one table."""
    print("| what | CPU ms |")
    print("| --- | ---: |")
    for name, ms in rows():
        print(f"| {name} | {ms:.2f} |", flush=True)


if __name__ == "__main__":
    main()
