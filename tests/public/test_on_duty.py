"""Staff on duty for strangers: true at every instant, cheap, and nothing besides (C-7)."""

from __future__ import annotations

import re
from datetime import datetime

import pytest
from sqlalchemy import event

from portal.ab_post import queries as ab
from portal.ab_post import service as absences
from portal.ab_post.models import AbsenceKind
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.message_card import queries as cards
from portal.message_card import service as message_cards
from portal.people import queries as people
from portal.post_duty.models import PostKind
from portal.public import queries
from tests.office import NOW, SHANGHAI, later

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def at(day: int, hour: int) -> datetime:
    return datetime(2026, 11, day, hour, 0, tzinfo=SHANGHAI)


def away(app, ids, who: str, kind=AbsenceKind.SICK, since=NOW, until=None) -> None:
    with app.app_context(), transaction.act():
        absences.record_absence(
            people.actor_by_username("office", NOW), ids.users[who], kind, since, until or at(19, 9), NOW,
            note="急性肠胃炎", emergency=True,
        )  # fmt: skip


def page(app, address: str = "/public/on-duty") -> str:
    answer = app.test_client().get(address)
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def test_a_stranger_sees_name_post_number_and_place(app):
    said = page(app)
    for word in ("王敏", "业务受理岗", "YW-1", "YW-1 窗口", "赵刚"):
        assert word in said
    assert "何平" not in said, "leaders are no staff on duty"


def test_b_stands_for_a_and_nobody_learns_why(app, ids):
    before = page(app)
    assert "代王敏" not in before
    away(app, ids, "clerk")
    said = page(app)
    assert "代王敏" in said
    for reason in ("病假", "肠胃炎", "sick", "事由", "19 09:00"):
        assert reason not in said


def test_a_coming_absence_shows_when_it_begins_not_before(app, ids):
    away(app, ids, "clerk", since=later(hours=3))
    assert "代王敏" not in page(app)
    with clock.at(later(hours=3)):
        assert "代王敏" in page(app)
    with clock.at(at(19, 9)):
        assert "代王敏" not in page(app)


def test_the_board_is_what_ab_3_answers_at_every_instant_around_changes(app, ids):
    away(app, ids, "clerk", since=later(hours=1), until=later(hours=4))
    away(app, ids, "clerk2", since=later(hours=2), until=later(hours=6))
    away(app, ids, "head", since=later(hours=3), until=later(hours=5))
    with app.app_context():
        for minutes in range(0, 8 * 60, 20):
            now = later(minutes=minutes)
            with clock.at(now):
                seen = ab.picture_at(now)
                shown = {p.code: p.name for d in queries.board(now).departments for p in d.posts}
                for post in seen.posts.values():
                    if post.kind in (PostKind.STAFF, PostKind.HEAD):
                        assert shown[post.code] == seen.names.get(seen.answer(post.id, now).user_id or 0, "")


def test_a_department_out_leads_to_its_card(app, ids):
    assert "/m/YW" not in page(app)
    with app.app_context(), transaction.act():
        message_cards.mark_out(
            people.actor_by_username("head", NOW), cards.place_of("YW").id, NOW, later(hours=4), "集体体检", NOW
        )
    said = page(app, "/public/on-duty/YW")
    assert 'href="/m/YW"' in said
    assert "今天 14:00" in said
    assert "体检" not in said
    assert said.count("<small>外出</small>") == 3, "nobody of it is on duty"
    with clock.at(later(hours=4)):
        assert "/m/YW" not in page(app)


def test_one_department_and_a_missing_one(app):
    said = page(app, "/public/on-duty/XH")
    assert "周宁" in said
    assert "王敏" not in said
    for code in ("x", "YW-1", "%00"):
        assert app.test_client().get(f"/public/on-duty/{code}").status_code == 404


def test_unchanged_is_304_and_a_change_is_not(app, ids):
    stranger = app.test_client()
    first = stranger.get("/public/on-duty", headers=PARTIAL)
    assert first.get_data(as_text=True).startswith('<div id="on_duty"')
    tag = first.headers["HX-PTag"]
    again = stranger.get("/public/on-duty", headers={**PARTIAL, "HX-PTag": tag})
    assert (again.status_code, again.data) == (304, b"")
    away(app, ids, "clerk")
    changed = stranger.get("/public/on-duty", headers={**PARTIAL, "HX-PTag": tag})
    assert changed.status_code == 200
    assert changed.headers["HX-PTag"] != tag


def test_an_unchanged_board_reads_no_table_but_the_epochs(app):
    stranger = app.test_client()
    stranger.get("/public/on-duty", headers=PARTIAL)
    read: list[str] = []
    with app.app_context():
        engine = db.engine
    listener = lambda *args: read.append(args[2])  # noqa: E731
    event.listen(engine, "before_cursor_execute", listener)
    stranger.get("/public/on-duty", headers=PARTIAL)
    event.remove(engine, "before_cursor_execute", listener)
    tables = {found for statement in read for found in re.findall(r"FROM (\w+)", statement)}
    assert tables <= {"epoch", "journal_entry"}  # the newest entry is read with the epochs


def test_after_hours_says_so(app):
    assert "现在不是办公时间" not in page(app)
    with clock.at(at(18, 20)):
        assert "现在不是办公时间" in page(app)


def test_it_needs_no_login_and_is_linked_from_the_login_page(app):
    assert 'href="/public/on-duty"' in page(app, "/login")
    said = page(app)
    assert "/logout" not in said


@pytest.mark.parametrize("who", ["clerk", "auditor"])
def test_logged_in_people_see_the_same(app, login, who):
    assert (
        login(who).get("/public/on-duty", headers=PARTIAL).data
        == app.test_client().get("/public/on-duty", headers=PARTIAL).data
    )
