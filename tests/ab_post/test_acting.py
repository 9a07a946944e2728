"""AB-4: who acts has the powers of the post, and only while acting."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.ab_post import queries, service
from portal.ab_post.models import AbsenceKind
from portal.denial_filing import vocabulary as denial
from portal.kernel import clock, journal
from portal.kernel.actor import Role
from portal.kernel.db import db
from portal.people import queries as people
from portal.post_duty.models import Post
from tests.office import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def leader_away(office, act, as_actor):
    """Both who could answer for a leader's post are away from NOW + 1 h to + 9 h; a clerk is named for 2 h to 5 h."""
    with act():
        for person in ("leader", "leader2"):
            service.record_absence(
                as_actor("office"),
                office.users[person],
                AbsenceKind.SICK,
                NOW + HOUR,
                NOW + 9 * HOUR,
                NOW,
                emergency=True,
            )
        post = db.session.get(Post, office.posts["LD-1"])
        service.name_cover(as_actor("principal"), post, office.users["clerk"], NOW + 2 * HOUR, NOW + 5 * HOUR, "", NOW)


def test_a_cover_has_the_leaders_role_only_while_acting(office, leader_away):
    for hours, acting in ((0, False), (1, False), (2, True), (4.9, True), (5, False), (9, False), (20, False)):
        actor = people.actor_by_username("clerk", NOW + hours * HOUR)
        assert (Role.LEADER in actor.roles) is acting, hours
        assert actor.can(denial.DECIDE) is acting
        held = actor.answers_for(office.posts["LD-1"])
        assert (held is not None) is acting
        if acting:
            assert (held.reason, held.for_user_id, held.for_user_name) == (
                "named_cover",
                office.users["leader"],
                "陈静",
            )


def test_the_absent_leader_has_the_role_only_while_present(office, leader_away):
    for hours, has in ((0, True), (1, False), (8.9, False), (9, True)):
        actor = people.actor_by_username("leader", NOW + hours * HOUR)
        assert (Role.LEADER in actor.roles) is has, hours
        assert actor.can(denial.DECIDE) is has


def test_b_of_a_leader_keeps_the_role_by_the_own_post(office, act, as_actor):
    with act():
        service.record_absence(as_actor("leader"), office.users["leader"], AbsenceKind.MEETING, NOW, NOW + HOUR, NOW)
    actor = as_actor("leader2")
    assert {a.post_id: a.reason for a in actor.posts} == {
        office.posts["LD-1"]: "b_for_a",
        office.posts["LD-2"]: "holder",
    }


def test_b_of_the_head_becomes_head_while_acting(office, act, as_actor):
    with act():
        service.record_absence(as_actor("head"), office.users["head"], AbsenceKind.MEETING, NOW, NOW + HOUR, NOW)
    assert Role.HEAD in as_actor("clerk2").roles
    assert as_actor("clerk2").departments_headed() == {office.departments["YW"]}
    assert Role.HEAD not in people.actor_by_username("clerk2", NOW + HOUR).roles


def test_the_three_administrators_never_act(office, act, as_actor):
    assert as_actor("auditor").posts == ()
    assert office.users["auditor"] not in {u for u, _n in queries.staff_choices(NOW)}


def test_the_banner_says_for_whom_and_until_when(office, act, as_actor):
    with act():
        service.record_absence(as_actor("clerk"), office.users["clerk"], AbsenceKind.ANNUAL, NOW, NOW + DAY, NOW)
    found = queries.acting_for(as_actor("clerk2"))
    assert [(a.code, a.for_name, a.until, a.kind) for a in found] == [("YW-1", "王敏", NOW + DAY, AbsenceKind.ANNUAL)]
    assert found[0].handover_missing
    assert queries.acting_for(as_actor("clerk")) == []
    with clock.at(NOW + DAY):
        assert queries.acting_for(as_actor("clerk2")) == []


def test_what_b_did_meanwhile_stands_on_the_absence(app, login, ids):
    sent = {"kind": "annual", "from_at": "2026-11-18T10:00", "to_at": "2026-11-19T10:00"}
    page = login("clerk").post("/ab/absences/new", data=sent).headers["Location"]
    login("clerk2").post(f"{page}/confirm-handover", data={"post": "YW-1"})
    assert "李强 代 王敏" in login("clerk").get(page).text
    with app.app_context():
        done = journal.on_behalf_of(ids.users["clerk"], NOW, NOW + DAY)
        assert [e.event for e in done] == ["ab_post.handed_over"]
        assert journal.on_behalf_of(ids.users["clerk"], NOW + HOUR, NOW + DAY) == []
