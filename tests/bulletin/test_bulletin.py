"""The monthly bulletin: figures of the rooms, frozen when published, corrected by a linked edition (W-0)."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime, timedelta

import pytest
from docx import Document
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from portal.bulletin import queries, sections, service
from portal.bulletin.models import Bulletin
from portal.clue import service as clues
from portal.completion_report import figures, statistics
from portal.completion_report.definitions import Scope
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from tests.complaint.conftest import NAME, acting, received
from tests.office import NOW
from tests.wall.conftest import Rows

MONTH = date(2026, 11, 1)
AFTER = datetime(2026, 12, 2, 2, tzinfo=UTC)


def office_at(at=AFTER):
    return people.actor_by_username("office", at)


def filled(ids):
    """A month with work done in time and late, complaints and a clue."""
    rows = Rows(ids)
    with transaction.act():
        for n in range(4):
            rows.case(closed_at=NOW - timedelta(days=n), client_name="李不公开", received_at=NOW - timedelta(days=9))
        rows.case(closed_at=NOW, late=True, received_at=NOW - timedelta(days=9))
        rows.case("XH-1", closed_at=NOW, received_at=NOW - timedelta(days=9))
    received()
    with acting("supervisor") as actor:
        about = {"source": "upper_body", "person_id": ids.users["clerk"]}
        clues.raise_by_hand(actor, "other", "有人反映窗口无人。", NOW, **about)


def published(at=AFTER):
    with transaction.act():
        return service.publish(office_at(at), MONTH, "总体平稳。", {"cases": "请各科室注意。"}, at).id


def table(found, key):
    return next(s for s in found if s.key == key).tables[0]


def test_figures_are_those_of_the_rooms_and_nobody_is_named(office, ids):
    filled(ids)
    found = sections.of(office_at(), MONTH, AFTER)
    assert [s.key for s in found] == list(sections.words.SECTION_LABELS)
    rows = {row[0]: row[1:] for row in table(found, "cases").rows}
    for key, name in people.department_names().items():
        if name in rows:
            values = statistics.current(key, MONTH, AFTER)
            assert rows[name][:2] == [str(values["received"]), str(values["done"])]
            assert rows[name][4] == sections.percent(values["rate"])
    unit = figures.total(Scope(), statistics.month_of(MONTH), AFTER)
    assert table(found, "cases").rows[-1][1:3] == [str(unit.received), str(unit.done)] == ["6", "6"]
    assert "少于" in next(s for s in found if s.key == "complaints").lines[0]  # a single complaint is withheld
    assert table(found, "clues").rows[-1][1] == "1"
    praised = next(s for s in found if s.key == "praise").lines[0]
    good, bad = (people.department_names()[ids.departments[code]] for code in ("XH", "YW"))
    assert good in praised
    assert bad not in praised
    said = json.dumps([s.frozen() for s in found], ensure_ascii=False)
    assert not [name for name in (NAME, "李不公开", *people.user_names().values()) if name in said]


def test_a_published_edition_stands_and_is_corrected_by_a_linked_one(office, ids):
    filled(ids)
    with clock.at(AFTER):
        first = published()
        kept = db.session.get_one(Bulletin, first)
        before = kept.sections()
        assert table(before, "cases").rows[-1][2] == "6"
        assert [s["key"] for s in json.loads(kept.content)["en"]] == [s.key for s in before]
        with transaction.act():
            Rows(ids).case(closed_at=NOW, received_at=NOW - timedelta(days=1), number="T-99")
        assert db.session.get_one(Bulletin, first).sections() == before
        for verb in (service.publish, service.write):
            with pytest.raises(Conflict), transaction.act():
                verb(office_at(), MONTH, "改", {}, AFTER)
        with pytest.raises(Invalid), transaction.act():
            service.correct(office_at(), MONTH, "", AFTER)
        with transaction.act():
            made = service.correct(office_at(), MONTH, "补登一件。", AFTER)
            assert (made.edition, made.replaces_id, made.introduction) == (2, first, "总体平稳。")
        with pytest.raises(Conflict), transaction.act():
            service.correct(office_at(), MONTH, "再来", AFTER)
        second = db.session.get_one(Bulletin, published())
        assert table(second.sections(), "cases").rows[-1][2] == "7"
        assert table(db.session.get_one(Bulletin, first).sections(), "cases").rows[-1][2] == "6"
        assert (queries.edition(MONTH).edition, queries.edition(MONTH, "1").id) == (2, first)


def test_the_database_refuses_to_change_what_was_published(office):
    with clock.at(AFTER):
        published()
        for statement in (
            update(Bulletin).values(introduction="改"),
            update(Bulletin).values(content="[]"),
            delete(Bulletin),
        ):
            with pytest.raises(DBAPIError):
                db.session.execute(statement)
            db.session.rollback()


def test_only_the_office_writes_and_publishes_only_a_month_that_is_over(office):
    for who in ("clerk", "head", "leader", "principal", "supervisor"):
        with pytest.raises(NotAllowed), transaction.act():
            service.write(people.actor_by_username(who, AFTER), MONTH, "", {}, AFTER)
    with transaction.act():
        service.write(office_at(NOW), MONTH, "先写前言", {"cases": "说明", "nonsense": "x"}, NOW)
    with pytest.raises(Conflict), transaction.act():
        service.publish(office_at(NOW), MONTH, "", {}, NOW)
    assert json.loads(queries.draft(MONTH).notes) == {"cases": "说明"}


def test_pages_by_role(app, ids, login):
    with app.app_context():
        filled(ids)
    pages = ("/bulletins", "/bulletins/2026-10", "/bulletins/2026-10/paper", "/bulletins/2026-10/paper.docx")
    office = login("office")
    assert office.get("/bulletins/open?month=2026-10").headers["Location"].endswith("/bulletins/2026-10/edit")
    sent = {"introduction": "总体平稳。", "note_cases": "请注意。", "act": "save"}
    assert office.post("/bulletins/2026-10/edit", data=sent).status_code == 303
    assert "总体平稳。" in office.get("/bulletins/2026-10/edit").get_data(as_text=True)
    clerk = login("clerk")
    assert clerk.get("/bulletins/2026-10").status_code == 404  # a draft looks like a missing one
    assert clerk.get("/bulletins/2026-10/edit").status_code == 403
    assert office.post("/bulletins/2026-10/edit", data=sent | {"act": "publish"}).status_code == 303
    for who in ("clerk", "head", "leader", "principal", "office", "supervisor"):
        client = login(who)
        assert [client.get(page).status_code for page in pages] == [200] * 4, who
        assert 'href="/bulletins"' in client.get("/bulletins").get_data(as_text=True)
    for who in ("auditor", "sysadmin"):
        client = login(who)
        assert [client.get(page).status_code for page in pages] == [403] * 4, who
    for page in ("/bulletins/2026-13", "/bulletins/2025-01", "/bulletins/x", "/bulletins/2026-10?edition=9"):
        assert clerk.get(page).status_code == 404, page
    assert clerk.post("/bulletins/2026-10/correct", data={"reason": "x"}).status_code == 403
    assert office.get("/bulletins/2026-10/edit").status_code == 303
    assert office.post("/bulletins/2026-10/edit", data=sent).status_code == 303
    assert office.post("/bulletins/2026-10/correct", data={"reason": ""}).status_code == 422
    assert office.post("/bulletins/2026-10/correct", data={"reason": "补登"}).status_code == 303
    document = Document(io.BytesIO(clerk.get("/bulletins/2026-10/paper.docx").data))
    said = "".join(p.text for p in document.paragraphs)
    assert "总体平稳。" in said
    assert "请注意。" in said
    assert len(document.tables) >= 5
