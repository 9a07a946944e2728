"""AB-5: A and B of each half year are published as they were, late filings marked."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta

import pytest
from openpyxl import load_workbook
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from portal.ab_post import office_service, publications, service
from portal.ab_post.models import Letter
from portal.kernel import clock
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.post_duty.models import Post
from tests.office import NOW, SHANGHAI, SINCE

DAY = timedelta(days=1)


@pytest.fixture
def assign(office, act, as_actor):
    def do(code, letter, person, from_on, decided_on, at=NOW):
        with clock.at(at), act():
            post = db.session.get(Post, office.posts[code])
            service.assign(as_actor("office", at), post, letter, office.users[person], from_on, decided_on, at)

    return do


def _line(listed, code):
    return next(line for _name, lines in listed.departments for line in lines if line.code == code)


def test_the_list_has_every_post_and_its_changes(office, assign):
    assign("YW-1", Letter.B, "head", date(2026, 11, 18), date(2026, 11, 16))
    listed = publications.make(2026, 2, NOW)
    assert (listed.posts, listed.late, listed.days) == (9, 1, (date(2026, 7, 1), date(2026, 12, 31)))
    line = _line(listed, "YW-1")
    assert [(h.name, h.since, h.until) for h in line.of("A")] == [("王敏", SINCE, None)]
    assert [(h.name, h.until, h.late) for h in line.of("B")] == [
        ("李强", date(2026, 11, 17), False),
        ("赵刚", None, True),
    ]
    assert [(c.letter, c.old, c.new, c.late) for c in line.changes][-1] == ("B", "李强", "赵刚", True)


def test_a_place_left_empty_late_is_marked_too(office, act, as_actor):
    with act():
        post = db.session.get(Post, office.posts["YW-1"])
        service.vacate(as_actor("office"), post, Letter.B, date(2026, 11, 18), date(2026, 11, 10), NOW)
    change = _line(publications.make(2026, 2, NOW), "YW-1").changes[-1]
    assert (change.old, change.new, change.late) == ("李强", "", True)


def test_a_half_before_anything_is_empty_and_one_to_come_is_refused(office, act, as_actor):
    assert publications.make(2026, 1, NOW).posts == 0
    with pytest.raises(Invalid) as refused, act():
        office_service.publish(as_actor("office"), 2027, 1, NOW)
    assert refused.value.field == "half"


def test_a_half_year_has_its_own_changes(office, assign):
    later = datetime(2027, 1, 5, 10, tzinfo=SHANGHAI)
    assign("YW-1", Letter.B, "head", date(2027, 1, 5), date(2027, 1, 5), later)
    assert len(_line(publications.make(2026, 2, later), "YW-1").changes) == 2  # the first A and B
    spring = _line(publications.make(2027, 1, later), "YW-1")
    assert [c.new for c in spring.changes] == ["赵刚"]
    assert [h.name for h in spring.of("B")] == ["李强", "赵刚"]


def test_what_is_published_stays_as_it_was(office, act, as_actor, assign):
    with act():
        made = office_service.publish(as_actor("office"), 2026, 2, NOW)
    before = publications.make(2026, 2, NOW)
    assert publications.from_text(made.content) == before
    assign("YW-1", Letter.B, "head", date(2026, 11, 18), date(2026, 11, 18))
    assert publications.from_text(publications.find(2026, 2, 1).content) == before
    with act():
        again = office_service.publish(as_actor("office"), 2026, 2, NOW + DAY)
    assert again.edition == 2
    assert [h.name for h in _line(publications.from_text(again.content), "YW-1").of("B")] == ["李强", "赵刚"]


@pytest.mark.parametrize("change", ["UPDATE pair_publication SET content = '{}'", "DELETE FROM pair_publication"])
def test_the_database_refuses_to_change_it(office, act, as_actor, change):
    with act():
        office_service.publish(as_actor("office"), 2026, 2, NOW)
    with pytest.raises(DatabaseError), act():
        db.session.execute(text(change))


def test_the_halves_that_are_due():
    assert publications.usual(date(2026, 7, 1)) == (2026, 1)
    assert publications.usual(date(2026, 6, 30)) == (2025, 2)


# --- pages ----------------------------------------------------------------------------------------------------

HALF = {"year": 2026, "half": 2}


def test_the_office_publishes_everybody_reads(login):
    office = login("office")
    assert "王敏" in office.get("/ab/publications/preview?year=2026&half=2").text
    made = office.post("/ab/publications", data=HALF)
    assert made.status_code == 303
    address = made.headers["Location"]
    assert address.endswith("/ab/publications/2026/2/1")
    for who, status in (("clerk", 200), ("leader", 200), ("auditor", 403)):
        assert login(who).get(address).status_code == status
        assert login(who).get(f"{address}/paper").status_code == status
    assert "2026 年下半年" in login("clerk").get("/ab/publications").text
    for who in ("clerk", "head", "leader", "principal", "supervisor"):
        assert login(who).post("/ab/publications", data=HALF).status_code == 403
        assert login(who).get("/ab/publications/preview?year=2026&half=2").status_code == 403


def test_files_of_a_publication(login, office, assign):
    assign("YW-1", Letter.B, "head", date(2026, 11, 18), date(2026, 11, 16))
    client = login("office")
    address = client.post("/ab/publications", data=HALF).headers["Location"]
    book = load_workbook(io.BytesIO(client.get(f"{address}.xlsx").data))
    holders = [[c.value for c in row] for row in book.worksheets[0].iter_rows(min_row=2)]
    assert len(holders) == 19
    late = [row for row in ([c.value for c in r] for r in book.worksheets[1].iter_rows(min_row=2)) if row[-1] == "迟报"]
    assert [row[5] for row in late] == ["赵刚"]
    word = client.get(f"{address}.docx")
    assert word.status_code == 200
    assert word.data[:2] == b"PK"
    assert "（迟报）" in client.get(f"{address}/paper").text


@pytest.mark.parametrize(
    "query", ["year=2026&half=3", "year=x&half=1", "half=1", "year=2026", "year=99999999999&half=1"]
)
def test_bad_halves_are_told(login, query):
    assert login("office").get(f"/ab/publications/preview?{query}").status_code == 422
    assert login("office").post(f"/ab/publications?{query}", data={}).status_code == 422


@pytest.mark.parametrize("path", ["2026/2/1", "2026/2/9", "1/1/1", "99999999999999999999/1/1"])
def test_a_publication_that_is_none_is_missing(login, path):
    assert login("clerk").get(f"/ab/publications/{path}").status_code == 404


def test_sent_twice_is_published_once(login):
    client = login("office")
    for _n in range(2):
        client.post("/ab/publications", data={**HALF, "_key": "publish-key-1"})
    assert client.get("/ab/publications/2026/2/2").status_code == 404
