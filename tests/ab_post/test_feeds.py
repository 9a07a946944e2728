"""AB-8: calendar feeds per department: read with a secret alone, silent about private matters, RFC 5545."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from icalendar import Calendar

from portal.ab_post import office_service, service
from portal.ab_post.models import AbsenceKind, CalendarFeed
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.journal import JournalEntry
from tests.office import NOW

DAY = timedelta(days=1)


@pytest.fixture
def feed(office, act, as_actor):
    """The secret of a feed of the department YW."""
    with act():
        return office_service.make_feed(as_actor("head"), office.departments["YW"], "科长手机", NOW)


@pytest.fixture
def away(office, act, as_actor):
    def do(person, kind, from_at=NOW, to_at=NOW + DAY):
        with act():
            return service.record_absence(
                as_actor("office"), office.users[person], kind, from_at, to_at, clock.now(), emergency=True
            )

    return do


def read(app, secret):
    answer = app.test_client().get(f"/ab/feeds/{secret}.ics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/calendar"
    return answer.data


def test_a_visitor_with_the_secret_reads_who_is_away_and_who_covers(app, feed, away):
    away("clerk", AbsenceKind.TRAINING)
    calendar = Calendar.from_ical(read(app, feed))
    events = {str(e["summary"]): e for e in calendar.walk("VEVENT")}
    assert set(events) == {"离岗：王敏（培训）", "顶岗：李强，业务受理岗（代 王敏）"}
    gone = events["离岗：王敏（培训）"]
    assert (gone["dtstart"].dt, gone["dtend"].dt) == (NOW, NOW + DAY)
    assert str(gone["description"]) == "岗位：业务受理岗"
    assert len({str(e["uid"]) for e in events.values()}) == 2


def test_lines_are_folded_and_text_is_escaped(app, feed, act, as_actor, office, away):
    from portal.post_duty import service as posts
    from portal.post_duty.models import Post

    name = "受理；a,b;c\\d" + "很长的岗位名称" * 6
    with act():
        posts.change(as_actor("office"), db.session.get(Post, office.posts["YW-1"]), NOW, name=name[:60])
    away("clerk", AbsenceKind.OFFICIAL)
    raw = read(app, feed)
    assert all(len(line) <= 75 for line in raw.split(b"\r\n"))
    assert raw.replace(b"\r\n", b"").count(b"\n") == 0
    assert rb"a\,b\;c\\d" in raw.replace(b"\r\n ", b"")
    events = Calendar.from_ical(raw).walk("VEVENT")
    assert any(name[:60] in str(e["summary"]) for e in events)


@pytest.mark.parametrize("kind", [AbsenceKind.SICK, AbsenceKind.PRIVATE])
def test_private_reasons_are_not_told(app, feed, away, kind):
    with app.app_context():
        away("clerk", kind)
    text = read(app, feed).decode()
    assert "离岗：王敏\r\n" in text
    assert "病" not in text
    assert "事假" not in text


def test_a_gap_is_an_event(app, feed, away):
    for person in ("clerk", "clerk2", "head"):
        away(person, AbsenceKind.MEETING)
    assert "无人顶岗：业务受理岗（王敏离岗）" in read(app, feed).decode().replace("\r\n ", "")


def test_another_department_is_not_in_it(app, feed, away):
    away("other", AbsenceKind.MEETING)
    assert b"VEVENT" not in read(app, feed)


def test_an_early_return_shortens_the_event(app, feed, away, act, as_actor):
    absence = away("clerk", AbsenceKind.MEETING)
    with act():
        service.end_absence(as_actor("clerk"), absence, NOW + timedelta(hours=2))
    event = Calendar.from_ical(read(app, feed)).walk("VEVENT")[0]
    assert event["dtend"].dt == NOW + timedelta(hours=2)


def test_a_wrong_or_revoked_secret_looks_like_a_missing_page(app, feed, act, as_actor):
    visitor = app.test_client()
    missing = visitor.get("/no-such-page")
    for wrong in ("x", "x" * 43, "x" * 2000, feed[:-1] + "~", "%00"):
        answer = visitor.get(f"/ab/feeds/{wrong}.ics")
        assert answer.status_code == missing.status_code == 404, wrong
    row = db.session.query(CalendarFeed).one()
    with act():
        office_service.revoke_feed(as_actor("head"), row, NOW)
    assert visitor.get(f"/ab/feeds/{feed}.ics").status_code == 404
    with pytest.raises(Conflict), act():
        office_service.revoke_feed(as_actor("head"), row, NOW)


def test_the_secret_is_kept_nowhere(office, feed):
    row = db.session.query(CalendarFeed).one()
    assert feed not in (row.token_hash, row.name)
    entries = db.session.query(JournalEntry).where(JournalEntry.event == "ab_post.feed_made").all()
    assert len(entries) == 1
    assert feed not in entries[0].facts


def test_a_name_is_used_once_in_a_department(office, feed, act, as_actor):
    with pytest.raises(Invalid) as refused, act():
        office_service.make_feed(as_actor("office"), office.departments["YW"], "科长手机", NOW)
    assert refused.value.field == "name"


def test_heads_for_their_departments_the_office_for_all(app, login, ids):
    for who, code, status in (
        ("head", "YW", 303),
        ("head", "XH", 422),
        ("leader", "YW", 303),
        ("leader", "XH", 422),
        ("office", "XH", 303),
        ("clerk", "YW", 403),
        ("auditor", "YW", 403),
    ):
        sent = {"department": ids.departments[code], "name": f"{who} {code}"}
        assert login(who).post("/ab/feeds", data=sent).status_code == status, (who, code)


def test_the_address_is_shown_once_and_works(app, login, ids):
    client = login("head")
    client.post("/ab/feeds", data={"department": ids.departments["YW"], "name": "手机"})
    page = client.get("/ab/feeds").text
    address = re.search(r'value="(http[^"]+\.ics)"', page).group(1)
    assert app.test_client().get(address).status_code == 200
    assert address not in client.get("/ab/feeds").text
    assert login("other_head").post("/ab/feeds/1/revoke").status_code == 404
    assert client.post("/ab/feeds/1/revoke").status_code == 303
    assert app.test_client().get(address).status_code == 404


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"department": "", "name": "x"}, "请选择科室"),
        ({"department": "x", "name": "x"}, ""),
        ({"name": "a" * 61}, "60"),
    ],
)
def test_bad_input_is_told_at_its_field(login, sent, words):
    answer = login("office").post("/ab/feeds", data=sent)
    assert answer.status_code == 422
    assert words in answer.text
