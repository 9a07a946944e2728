"""The half-yearly publication: facts of the rooms, approved by another, frozen, corrected by an edition (F-7)."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime

import pytest
from docx import Document
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from portal.ab_post import office_service
from portal.half_year import queries, sections, service
from portal.half_year import vocabulary as words
from portal.half_year.models import HalfYear, HalfYearState
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.openness import queries as openness
from portal.openness.models import OpenNotice
from portal.people.models import User
from portal.register import checks
from portal.register.models import CheckResult
from tests.office import NOW
from tests.register.conftest import who

HALF = (2026, 2)
AFTER = datetime(2027, 1, 5, 2, tzinfo=UTC)


def acted(name, verb, *args):
    with transaction.act():
        return verb(who(name, AFTER), HALF, *args, AFTER)


def published(introduction="总体平稳。"):
    acted("office", service.submit, introduction, {"ab_post": "请及时备案。"})
    acted("principal", service.approve)
    return acted("office", service.publish)


def test_the_sections_say_what_the_rooms_keep(office, ids):
    with clock.at(AFTER):
        found = {s.key: s for s in sections.of(*HALF)}
        assert list(found) == list(words.SECTION_LABELS)
        assert "尚未公示" in found["ab_post"].lines[0]
        assert "尚未检查" in found["registers"].lines[0]
        assert "没有" in found["appraisal"].lines[0]
        with transaction.act():
            office_service.publish(who("office", AFTER), *HALF, AFTER)
            checks.check(who("supervisor", AFTER), *HALF, ids.departments["YW"], CheckResult.GOOD, "", AFTER)
        found = {s.key: s for s in sections.of(*HALF)}
        assert "第 1 版" in found["ab_post"].lines[0]  # named, not published a second time (AB-5)
        assert found["registers"].tables[0].rows[0][:2] == ["综合业务科", "好"]


def test_approved_by_another_published_frozen_and_corrected(office, ids):
    with clock.at(NOW), pytest.raises(Conflict), transaction.act():
        service.submit(who("office"), HALF, "", {}, NOW)  # the half year is not over
    with clock.at(AFTER):
        for name in ("clerk", "principal", "supervisor"):
            with pytest.raises(NotAllowed):
                acted(name, service.write, "", {})
        acted("office", service.write, "前言", {})
        with pytest.raises(Conflict):
            acted("principal", service.approve)
        acted("office", service.submit, "前言", {})
        for name in ("office", "clerk", "supervisor"):
            with pytest.raises(NotAllowed):
                acted(name, service.approve)
        with pytest.raises(Conflict):
            acted("office", service.write, "改", {})
        with pytest.raises(Conflict):
            acted("office", service.publish)
        with pytest.raises(Invalid):
            acted("leader", service.send_back, "")
        assert acted("leader", service.send_back, "补说明").state is HalfYearState.DRAFT
        first = published()
        kept = first.sections()
        assert [s["key"] for s in json.loads(first.content)["en"]] == [s.key for s in kept]
        for verb, args in ((service.write, ("改", {})), (service.submit, ("改", {})), (service.publish, ())):
            with pytest.raises(Conflict):
                acted("office", verb, *args)
        with pytest.raises(Invalid):
            acted("office", service.correct, "")
        second = acted("office", service.correct, "漏登一件。")
        assert (second.edition, second.replaces_id, second.introduction) == (2, first.id, "总体平稳。")
        with pytest.raises(Conflict):
            acted("office", service.correct, "再来")
        published("更正后。")
        assert [e.edition for e in queries.editions(HALF)] == [2, 1]
        assert db.session.get_one(HalfYear, first.id).sections() == kept


def test_the_database_refuses_to_change_what_was_approved(office):
    with clock.at(AFTER):
        acted("office", service.submit, "前言", {})
        for values in (
            {"introduction": "改"},
            {"content": "{}"},
            {"state": "published", "approved_at": NOW, "approved_by_id": 1, "published_at": NOW, "published_by_id": 1},
        ):
            with pytest.raises(DBAPIError):
                db.session.execute(update(HalfYear).values(**values))
            db.session.rollback()
        acted("principal", service.approve)
        acted("office", service.publish)
        for statement in (update(HalfYear).values(introduction="改"), delete(HalfYear)):
            with pytest.raises(DBAPIError):
                db.session.execute(statement)
            db.session.rollback()


def test_a_notice_for_the_public_goes_its_own_way(office):
    with clock.at(AFTER):
        made = published()
        kind = openness.kinds()[0]
        with pytest.raises(Invalid), transaction.act():
            service.make_public(who("office", AFTER), made, "没有的类别", AFTER)
        with transaction.act():
            number = service.make_public(who("office", AFTER), db.session.get_one(HalfYear, made.id), kind, AFTER)
        notice = db.session.query(OpenNotice).one()
        assert (notice.number, notice.open_state, notice.current_version_id) == (number, "draft", None)
        assert "总体平稳。" in notice.versions[0].body
        with pytest.raises(Conflict), transaction.act():
            service.make_public(who("office", AFTER), db.session.get_one(HalfYear, made.id), kind, AFTER)


def at_work(app):
    with app.app_context(), transaction.act():
        db.session.execute(update(User).values(password_changed_at=AFTER))


def test_nonsense_is_no_half_year(app, login):
    at_work(app)
    with clock.at(AFTER):
        for typed in ("2026-3", "2026", "１２３４-1", "2027-2", "1999-1", "x"):
            assert login("clerk").get(f"/half-years/{typed}").status_code == 404


def test_pages_by_role(app, login):
    at_work(app)

    def do(name, verb, *args):
        with app.app_context():
            acted(name, verb, *args)

    with clock.at(AFTER):
        office, clerk, principal = login("office"), login("clerk"), login("principal")
        assert clerk.get("/half-years").status_code == 200
        assert clerk.get("/half-years/2026-2").status_code == 404
        for path in ("edit", "review"):
            assert clerk.get(f"/half-years/2026-2/{path}").status_code == 403
        assert "提交批准" in office.get("/half-years/2026-2/edit").text
        assert office.post("/half-years/2026-2/edit", data={"introduction": "长" * 3000}).status_code == 422
        sent = {"introduction": "前言\n第二行", "note_ab_post": "请及时备案。", "act": "submit"}
        assert office.post("/half-years/2026-2/edit", data=sent).status_code == 303
        assert "请批准" in principal.get("/half-years/2026-2/review").text
        assert "待批准" in principal.get("/").text
        assert "等待单位领导批准" in office.get("/half-years/2026-2/edit").text
        assert office.post("/half-years/2026-2/approve").status_code == 403
        assert principal.post("/half-years/2026-2/send-back", data={"reason": ""}).status_code == 422
        assert principal.post("/half-years/2026-2/approve").status_code == 303
        assert office.post("/half-years/2026-2/publish").status_code == 303
        assert office.post("/half-years/2026-2/publish").status_code == 409
        page = clerk.get("/half-years/2026-2").text
        assert "请及时备案。" in page
        assert "起草更正版" not in page
        assert clerk.get("/half-years/2026-2/paper").status_code == 200
        document = Document(io.BytesIO(clerk.get("/half-years/2026-2/paper.docx").data))
        said = "\n".join(p.text for p in document.paragraphs)
        assert "前言" in said
        assert "AB 岗" in said
        assert office.post("/half-years/2026-2/make-public", data={"kind": "　"}).status_code == 422
        with app.app_context():
            kind = openness.kinds()[0]
        assert office.post("/half-years/2026-2/make-public", data={"kind": kind}).status_code == 303
        assert "GK-2027" in office.get("/half-years/2026-2").text
        assert office.post("/half-years/2026-2/correct", data={"reason": ""}).status_code == 422
        assert office.post("/half-years/2026-2/correct", data={"reason": "漏登"}).status_code == 303
        do("office", service.submit, "更正", {})
        do("principal", service.approve)
        do("office", service.publish)
        assert "已经更正" in clerk.get("/half-years/2026-2?edition=1").text
    assert queries.halves(date(2027, 1, 5))[:2] == [(2026, 2), (2026, 1)]


def test_what_did_not_happen_is_a_sentence_and_not_a_table_of_noughts(office):
    for section in sections.of(2025, 1):
        assert section.lines
        assert not section.tables, section.key
    assert sections.of(2025, 1)[0].lines[0] == "本期没有首问登记。"
