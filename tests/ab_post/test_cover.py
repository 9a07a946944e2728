"""AB-3: the head names who answers while A and B are both away; leaders' posts are the office's and the principal's."""

from __future__ import annotations

from datetime import timedelta

import pytest

from portal.ab_post import queries, service
from portal.ab_post.models import AbsenceKind
from portal.ab_post.rules import Reason
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.post_duty.models import Post
from tests.office import NOW

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def both_away(office, act, as_actor):
    with act():
        for person in ("clerk", "clerk2"):
            service.record_absence(
                as_actor("office"), office.users[person], AbsenceKind.SICK, NOW, NOW + DAY, NOW, emergency=True
            )


@pytest.fixture
def cover(office, act, as_actor):
    def do(code, person, from_at=NOW, to_at=NOW + DAY):
        with act():
            post = db.session.get(Post, office.posts[code])
            return service.name_cover(as_actor("office"), post, office.users[person], from_at, to_at, "双缺", NOW)

    return do


def test_the_named_one_goes_before_the_head(office, both_away, cover):
    assert queries.who_answers_for(office.posts["YW-1"], NOW).reason is Reason.HEAD
    cover("YW-1", "other")
    found = queries.who_answers_for(office.posts["YW-1"], NOW)
    assert (found.user_id, found.reason) == (office.users["other"], Reason.NAMED_COVER)
    assert queries.who_answers_for(office.posts["YW-1"], NOW + DAY).user_id == office.users["clerk"]


def test_b_goes_before_a_named_cover(office, act, as_actor, cover):
    with act():
        service.record_absence(as_actor("clerk"), office.users["clerk"], AbsenceKind.TRAINING, NOW, NOW + DAY, NOW)
    cover("YW-1", "other")
    assert queries.who_answers_for(office.posts["YW-1"], NOW).reason is Reason.B_FOR_A


def test_the_latest_named_cover_counts(office, both_away, cover):
    cover("YW-1", "other")
    cover("YW-1", "office", NOW + HOUR, NOW + 2 * HOUR)
    answers = [queries.who_answers_for(office.posts["YW-1"], NOW + n * HOUR).user_id for n in (0, 1, 2)]
    assert answers == [office.users[u] for u in ("other", "office", "other")]


WRONG = (
    ("clerk", NOW, NOW + DAY, "user_id"),  # A of the post
    ("clerk2", NOW, NOW + DAY, "user_id"),  # away
    ("sysadmin", NOW, NOW + DAY, "user_id"),
    ("other", NOW + DAY, NOW, "to_at"),
    ("other", NOW - 2 * DAY, NOW + DAY, "from_at"),
)


def test_a_wrong_cover_is_refused(office, both_away, cover):
    for person, from_at, to_at, field in WRONG:
        with pytest.raises(Invalid) as refused:
            cover("YW-1", person, from_at, to_at)
        assert refused.value.field == field


def test_a_cover_on_whom_a_post_rests_cannot_be_taken_back(office, act, as_actor, both_away, cover):
    with act():
        service.record_absence(
            as_actor("office"), office.users["head"], AbsenceKind.SICK, NOW, NOW + HOUR, NOW, emergency=True
        )
    named = cover("YW-1", "other")
    post = db.session.get(Post, office.posts["YW-1"])
    with pytest.raises(Conflict), act():
        service.end_cover(as_actor("office"), named, post, NOW)
    with act():
        service.end_cover(as_actor("office"), named, post, NOW + 2 * HOUR)  # the head is back
    assert queries.who_answers_for(office.posts["YW-1"], NOW + 2 * HOUR).reason is Reason.HEAD
    with pytest.raises(Conflict), act():
        service.end_cover(as_actor("office"), named, post, NOW + 3 * HOUR)


SENT = {"from_at": "2026-11-19T09:00", "to_at": "2026-11-19T17:30"}


NAMING = (
    ("head", "YW-1", 303),
    ("head", "YW-H", 303),
    ("head", "XH-1", 403),
    ("head", "LD-1", 403),
    ("leader", "YW-1", 303),
    ("leader", "XH-1", 403),
    ("leader", "LD-2", 403),
    ("principal", "LD-1", 303),
    ("office", "LD-0", 303),
    ("clerk", "YW-1", 403),
    ("auditor", "YW-1", 403),
)


def test_who_names_covers_for_which_post(login, ids):
    for who, code, status in NAMING:
        answer = login(who).post(f"/ab/posts/{code}/cover", data={**SENT, "user_id": ids.users["office"]})
        assert answer.status_code == status, (who, code)


def test_the_cover_stands_on_the_post_and_can_be_taken_back(login, ids):
    head = login("head")
    head.post("/ab/posts/YW-1/cover", data={**SENT, "user_id": ids.users["office"], "reason": "外出调研"})
    page = head.get("/posts/YW-1").text
    assert "指定 吴霞 顶岗" in page
    assert "外出调研" in page
    assert login("other_head").post("/ab/covers/1/end").status_code == 404
    assert head.post("/ab/covers/1/end").status_code == 303
    assert "指定 吴霞 顶岗" not in head.get("/posts/YW-1").text
