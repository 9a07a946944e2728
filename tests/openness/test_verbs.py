"""Write, send, review, approve, withdraw: who may, what the public sees, what the database refuses (O-1)."""

from __future__ import annotations

import io
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from portal.kernel import files, journal, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.openness import queries, room, service
from portal.openness.models import OpenNotice, VersionState
from portal.openness.queries import Wanted
from portal.openness.rules import Period, Scope, Standing
from portal.openness.service import Content
from portal.policy import service as policy
from tests.office import NOW, later

TODAY = date(2026, 11, 18)


@pytest.fixture
def act(as_actor):
    """One committed business act of somebody of the cast."""

    @contextmanager
    def acting(who):
        with transaction.act():
            yield as_actor(who)

    return acting


WHAT = Content("科普基地认定结果", "第一段。\n\n第二段 <b>不是标签</b>。", "办理结果")


@pytest.fixture
def todos(app, as_actor):
    """The to-dos of somebody of the cast."""

    def of(who):
        with app.test_request_context():
            return room.todos(as_actor(who), NOW)

    return of


def pdf(name: str = "结果.pdf") -> FileStorage:
    return FileStorage(io.BytesIO(b"%PDF-1.4\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n"), name)


def written(act, ids, who="clerk", what=WHAT, uploads=(), send=True) -> str:
    with act(who) as actor:
        made = service.write(actor, ids.departments["YW"], what, NOW, uploads)
        if send:
            service.send(actor, made, NOW)
        return made.number


def get(number: str) -> OpenNotice:
    return db.session.query(OpenNotice).filter_by(number=number).one()


def step(act, who, number, opinion="同意。", at=NOW, version=1):
    with act(who) as actor:
        service.approve(actor, get(number), version, opinion, at)


def public() -> list[str]:
    return [n.number for n in db.session.scalars(queries.public_listing(Wanted(), TODAY))]


def test_the_departments_own_is_approved_by_its_head_and_then_public(office, act, ids):
    number = written(act, ids, uploads=[pdf()])
    assert public() == []
    with pytest.raises(NotFound):
        queries.public_notice(number, TODAY)
    step(act, "head", number)
    assert public() == [number]
    notice, version, standing = queries.public_notice(number, TODAY)
    assert standing is Standing.SHOWN
    assert (notice.publish_on, version.decided_by_id, version.author_id) == (
        TODAY,
        ids.users["head"],
        ids.users["clerk"],
    )
    assert [a.name for a in version.files] == ["结果.pdf"]
    kinds = [e.event for e in journal.of_object("openness", notice.id)]
    assert kinds == ["openness.written", "openness.sent", "openness.published"]


def test_the_units_own_is_reviewed_by_the_head_and_approved_by_the_leader(office, act, ids):
    number = written(act, ids, what=replace(WHAT, scope=Scope.UNIT))
    with act("leader") as actor, pytest.raises(NotAllowed):
        service.approve(actor, get(number), 1, "", NOW)
    step(act, "head", number)
    assert public() == []
    with act("head") as actor, pytest.raises(NotAllowed):
        service.approve(actor, get(number), 1, "", NOW)
    step(act, "leader", number)
    assert public() == [number]


@pytest.mark.parametrize(
    ("chain", "scope", "who"),
    [
        ("reviewed", Scope.DEPARTMENT, ["head"]),
        ("reviewed", Scope.UNIT, ["head", "leader"]),
        ("single", Scope.DEPARTMENT, ["head"]),
        ("single", Scope.UNIT, ["leader"]),
        ("all", Scope.DEPARTMENT, ["head", "leader"]),
        ("all", Scope.UNIT, ["head", "leader"]),
    ],
)
def test_the_chain_is_the_offices_own(office, act, ids, chain, scope, who):
    if chain != "reviewed":
        with act("office") as actor:
            policy.set_value(actor, "openness.chain", chain, "试行", NOW)
    number = written(act, ids, what=replace(WHAT, scope=scope))
    for n, each in enumerate(who):
        assert (public() == []) is True, n
        step(act, each, number)
    assert public() == [number]


def test_nobody_approves_what_they_wrote(office, act, ids):
    """O-1: the head's own goes one level up, and the database refuses it too."""
    number = written(act, ids, who="head")
    with act("head") as actor, pytest.raises(NotAllowed):
        service.approve(actor, get(number), 1, "", NOW)
    step(act, "leader", number)
    assert public() == [number]


def test_a_step_of_an_old_version_or_taken_before_is_a_conflict(office, act, ids):
    number = written(act, ids)
    with act("head") as actor, pytest.raises(Conflict):
        service.approve(actor, get(number), 2, "", NOW)
    step(act, "head", number)
    with act("head") as actor, pytest.raises(Conflict):
        service.approve(actor, get(number), 1, "", NOW)


def test_returned_changed_sent_again(office, act, ids, todos):
    number = written(act, ids)
    with act("head") as actor, pytest.raises(Invalid):
        service.send_back(actor, get(number), 1, "", NOW)
    with act("head") as actor:
        service.send_back(actor, get(number), 1, "请补日期。", NOW)
    assert [t.kind for t in todos("clerk")] == ["openness.returned"]
    with act("clerk") as actor:
        service.change(actor, get(number), replace(WHAT, title="认定结果（更正）"), NOW)
        service.send(actor, get(number), NOW)
        with pytest.raises(Conflict):
            service.change(actor, get(number), WHAT, NOW)
    with act("clerk2") as actor, pytest.raises(NotAllowed):
        service.recall(actor, get(number), NOW)
    step(act, "head", number)
    assert get(number).title == "认定结果（更正）"


def test_a_published_text_is_changed_only_by_a_new_version(office, act, ids):
    number = written(act, ids, uploads=[pdf("一.pdf")])
    step(act, "head", number)
    first = get(number).current_version_id
    keep = [a.id for a in files.of("openness", get(number).id)]
    with act("clerk2") as actor:
        with pytest.raises(Invalid):
            service.amend(actor, get(number), replace(WHAT, body="新"), NOW)
        what = replace(WHAT, title="新标题", body="新", change="数字有误", keep=keep)
        service.amend(actor, get(number), what, NOW, [pdf("二.pdf")])
        service.send(actor, get(number), NOW)
    assert get(number).title == "科普基地认定结果"
    assert queries.public_notice(number, TODAY)[1].id == first
    step(act, "head", number, version=2, at=later(days=2))
    notice, version, _standing = queries.public_notice(number, TODAY + timedelta(days=2))
    assert (notice.title, version.body, version.number) == ("新标题", "新", 2)
    assert [a.name for a in version.files] == ["一.pdf", "二.pdf"]
    assert (notice.publish_on, version.publish_on) == (TODAY, TODAY + timedelta(days=2))
    assert notice.versions[0].body == WHAT.body


def test_withdrawn_for_good_with_a_reason(office, act, ids):
    number = written(act, ids)
    step(act, "head", number)
    with act("clerk") as actor, pytest.raises(NotAllowed):
        service.withdraw(actor, get(number), "有误", NOW)
    with act("other_head") as actor, pytest.raises(NotAllowed):
        service.withdraw(actor, get(number), "有误", NOW)
    with act("office") as actor:
        with pytest.raises(Invalid):
            service.withdraw(actor, get(number), "", NOW)
        service.pin(actor, get(number), True, NOW)
        service.withdraw(actor, get(number), "名单有误", NOW)
    assert public() == []
    assert queries.public_notice(number, TODAY)[2] is Standing.WITHDRAWN
    with act("office") as actor, pytest.raises(Conflict):
        service.withdraw(actor, get(number), "再来", NOW)


def test_days_ahead_and_over(office, act, ids):
    number = written(act, ids, what=replace(WHAT, publish_on=date(2026, 11, 25), until_on=date(2026, 12, 1)))
    step(act, "head", number)
    for day, seen in ((18, None), (24, None), (25, Standing.SHOWN)):
        if seen is None:
            with pytest.raises(NotFound):
                queries.public_notice(number, date(2026, 11, day))
        else:
            assert queries.public_notice(number, date(2026, 11, day))[2] is seen
    assert queries.public_notice(number, date(2026, 12, 1))[2] is Standing.SHOWN
    assert queries.public_notice(number, date(2026, 12, 2))[2] is Standing.ENDED
    with act("clerk") as actor, pytest.raises(Invalid):
        service.write(actor, ids.departments["YW"], replace(WHAT, until_on=date(2026, 11, 17)), NOW)


def test_whose_department_and_which_kind(office, act, ids):
    with act("clerk") as actor:
        with pytest.raises(Invalid):
            service.write(actor, ids.departments["XH"], WHAT, NOW)
        with pytest.raises(Invalid):
            service.write(actor, ids.departments["YW"], replace(WHAT, kind="别的"), NOW)
    with act("office") as actor:
        policy.set_value(actor, "openness.kinds", "办理结果、别的", "增加", NOW)
        service.write(actor, ids.departments["XH"], replace(WHAT, kind="别的"), NOW)


def duty(act, ids, first=date(2026, 1, 31), period=Period.QUARTERLY) -> int:
    with act("office") as actor:
        return service.add_duty(actor, "季度办件统计", "办理结果", ids.departments["YW"], period, first, "", NOW).id


def test_the_yearly_list_is_owed_until_something_is_published(office, act, ids, todos):
    duty_id = duty(act, ids)
    owed = queries.owed(TODAY)
    assert [d.due_on for d in owed] == [date(2026, 1, 31), date(2026, 4, 30), date(2026, 7, 31), date(2026, 10, 31)]
    assert [t.light for t in todos("head")] == ["overdue"] * 4
    assert todos("clerk") == []
    assert [(t.kind, t.title) for t in todos("office")] == [("openness.late", "公开目录 2026 年有 4 项逾期未公开")]
    number = written(act, ids, what=replace(WHAT, due=owed[0]))
    assert len(queries.owed(TODAY)) == 4
    step(act, "head", number)
    assert [d.due_on.month for d in queries.owed(TODAY)] == [4, 7, 10]
    with act("office") as actor:
        from portal.openness.models import Duty

        with pytest.raises(Invalid):
            service.add_duty(
                actor, "季度办件统计", "办理结果", ids.departments["YW"], Period.YEARLY, date(2026, 5, 1), "", NOW
            )
        assert service.copy_year(actor, 2026, NOW) == 1
        assert service.copy_year(actor, 2026, NOW) == 0
        service.end_duty(actor, db.session.get(Duty, duty_id), "改由月报公开", NOW)
    assert [d.due_on.month for d in queries.owed(TODAY)] == [4, 7, 10]


@pytest.mark.parametrize(
    ("statement", "refusal"),
    [
        ("UPDATE openness_version SET body = 'x'", "never changes"),
        ("UPDATE openness_version SET opinion = 'x'", "never changes"),
        ("DELETE FROM openness_version", "never deleted"),
        ("DELETE FROM openness_notice", "never deleted"),
        ("DELETE FROM openness_file", "stay as they were"),
    ],
)
def test_the_database_keeps_what_was_published(office, act, ids, statement, refusal):
    step(act, "head", written(act, ids, uploads=[pdf()]))
    with pytest.raises(DBAPIError, match=refusal):
        db.session.execute(text(statement))


@pytest.mark.parametrize("who", ["clerk", None])
def test_the_database_refuses_approval_by_the_author_or_nobody(office, act, ids, who):
    written(act, ids)
    decided = str(ids.users[who]) if who else "NULL"
    with pytest.raises(DBAPIError, match="somebody else"):
        db.session.execute(
            text(
                "UPDATE openness_version SET state = 'published', open_level = NULL, publish_on = '2026-11-18',"
                f" decided_at = '2026-11-18 02:00:00', decided_by_id = {decided}"
            )
        )


def test_the_database_shows_only_what_was_approved(office, act, ids):
    written(act, ids)
    with pytest.raises(DBAPIError, match="only a published version"):
        db.session.execute(
            text("UPDATE openness_notice SET current_version_id = (SELECT MAX(id) FROM openness_version)")
        )


def test_what_waits_is_told_by_memory(office, act, as_actor, ids, todos):
    number = written(act, ids)
    head = as_actor("head")
    assert [t.kind for t in todos("head")] == ["openness.decide"]
    assert room.waiting(head, NOW) == 1
    assert room.waiting(as_actor("clerk"), NOW) == 0
    assert get(number).open_state is VersionState.WAITING
