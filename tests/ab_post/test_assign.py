"""AB-1, AB-5: who holds a post from when; decided and filed on one day, or late."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.ab_post import queries, service
from portal.ab_post.models import Assignment, Letter
from portal.ab_post.rules import Gap
from portal.kernel import clock, journal
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import administration
from portal.people.models import User
from portal.post_duty import service as posts
from portal.post_duty.models import Post
from tests.office import NOW

TODAY = date(2026, 11, 18)


@pytest.fixture
def assign(office, act, as_actor):
    def do(code, letter, person, from_on=TODAY, decided_on=TODAY):
        with act():
            post = db.session.get(Post, office.posts[code])
            return service.assign(
                as_actor("office"), post, Letter(letter), office.users[person], from_on, decided_on, NOW
            )

    return do


def _last_facts(office, code):
    return journal.of_object("post", office.posts[code])[-1].fact()


def test_the_former_holder_ends_the_day_before(office, assign):
    assign("YW-1", "B", "head", TODAY + timedelta(days=3))
    seen = queries.picture()
    assert seen.holder(office.posts["YW-1"], Letter.B, TODAY + timedelta(days=2)) == office.users["clerk2"]
    assert seen.holder(office.posts["YW-1"], Letter.B, TODAY + timedelta(days=3)) == office.users["head"]


def test_filed_on_the_day_of_decision_is_in_time(office, assign):
    assign("YW-1", "B", "head")
    facts = _last_facts(office, "YW-1")
    assert (facts["late"], facts["old"], facts["new"]) == (False, "李强", "赵刚")


def test_filed_later_than_decided_is_late(office, assign):
    assign("YW-1", "B", "head", decided_on=TODAY - timedelta(days=1))
    assert _last_facts(office, "YW-1")["late"] is True


WRONG = (
    ("clerk", TODAY, TODAY, "user_id"),  # holds A
    ("clerk2", TODAY, TODAY, "user_id"),  # holds it already
    ("auditor", TODAY, TODAY, "user_id"),  # sees no business content
    ("head", TODAY, TODAY + timedelta(days=1), "decided_on"),
    ("head", TODAY - timedelta(days=1), TODAY, "from_on"),
    ("head", date(2026, 9, 1), date(2026, 9, 1), "from_on"),
)


def test_a_wrong_assignment_is_refused_at_its_field(office, assign):
    before = db.session.scalars(select(Assignment.id)).all()
    for person, from_on, decided_on, field in WRONG:
        with pytest.raises(Invalid) as refused:
            assign("YW-1", "B", person, from_on, decided_on)
        assert refused.value.field == field
    assert db.session.scalars(select(Assignment.id)).all() == before


def test_a_and_b_cannot_become_one_person_later(office, assign):
    assign("YW-1", "B", "head", TODAY + timedelta(days=10))
    with pytest.raises(Invalid, match="不能是同一人"):
        assign("YW-1", "A", "head", TODAY + timedelta(days=5))


def test_a_choice_of_today_can_be_corrected_today(office, assign):
    assign("YW-1", "B", "head")
    assign("YW-1", "B", "other")
    rows = db.session.scalars(
        select(Assignment).where(Assignment.post_id == office.posts["YW-1"], Assignment.from_on == TODAY)
    )
    assert [row.user_id for row in rows] == [office.users["other"]]
    assert _last_facts(office, "YW-1")["old"] == "赵刚"


def test_a_vacated_place_is_a_gap(office, act, as_actor):
    with act():
        post = db.session.get(Post, office.posts["YW-1"])
        service.vacate(as_actor("office"), post, Letter.B, TODAY, TODAY, NOW)
    rows = {row.post.code: row.lacks for row in queries.gap_rows(NOW)}
    assert rows["YW-1"] == (Gap.NO_B,)


def test_vacating_an_empty_place_is_refused(office, act, as_actor):
    with act():
        post = posts.add(as_actor("office"), "YW-9", "新岗", office.departments["YW"], NOW)
    with pytest.raises(Invalid), act():
        service.vacate(as_actor("office"), post, Letter.B, TODAY, TODAY, NOW)


def test_a_disabled_holder_is_a_gap_from_then_on(office, act, as_actor):
    with act():
        administration.disable_user(as_actor("sysadmin"), db.session.get(User, office.users["clerk"]), "调离", NOW)
    later = NOW + timedelta(minutes=1)
    assert {row.post.code: row.lacks for row in queries.gap_rows(later)}["YW-1"] == (Gap.B_OF_VACANT,)
    assert queries.who_answers_for(office.posts["YW-1"], NOW - timedelta(minutes=1)).user_id == office.users["clerk"]
    assert queries.who_answers_for(office.posts["YW-1"], later).user_id == office.users["clerk2"]


def test_the_cast_has_no_gaps(office):
    assert queries.gap_rows(NOW) == []


def test_a_closed_post_takes_nobody(office, act, as_actor, assign):
    with act():
        post = posts.add(as_actor("office"), "YW-9", "新岗", office.departments["YW"], NOW)
        posts.close(as_actor("office"), post, NOW)
    with pytest.raises(Conflict), act():
        service.assign(as_actor("office"), post, Letter.A, office.users["clerk"], TODAY, TODAY, NOW)


def test_the_page_assigns_and_says_late(login, ids):
    client = login("office")
    sent = {"user_id": ids.users["head"], "decided_on": "2026-11-17", "from_on": "2026-11-18"}
    answer = client.post("/ab/posts/YW-1/assign/B", data=sent)
    assert answer.status_code == 303
    page = client.get("/posts/YW-1").text
    assert "迟报" in page
    assert "赵刚" in page


def test_the_page_can_leave_a_place_empty(login, ids):
    client = login("office")
    sent = {"user_id": "0", "decided_on": "2026-11-18", "from_on": "2026-11-18"}
    assert client.post("/ab/posts/YW-1/assign/B", data=sent).status_code == 303
    assert "没有 B 岗" in client.get("/ab/gaps").text


def test_bad_input_comes_back_with_the_form(login):
    for sent in (
        {},
        {"user_id": "x", "decided_on": "2026-11-18", "from_on": "2026-11-18"},
        {"user_id": "9" * 20, "decided_on": "2026-11-18", "from_on": "2026-11-18"},
        {"user_id": "2", "decided_on": "0000-01-01", "from_on": "9999-12-31"},
    ):
        answer = login("office").post("/ab/posts/YW-1/assign/B", data=sent)
        assert answer.status_code == 422
        assert 'role="alert"' in answer.text
    for path in ("/ab/posts/NONE/assign/A", "/ab/posts/YW-1/assign/C"):
        assert login("office").get(path).status_code == 404


def test_only_the_office_assigns(login):
    for who in ("clerk", "head", "principal", "auditor"):
        assert login(who).get("/ab/posts/YW-1/assign/B").status_code == 403


def test_today_is_the_day_of_the_cast():
    with clock.at(NOW):
        assert clock.today() == TODAY
