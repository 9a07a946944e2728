"""The verbs of the registers by the cast: who keeps what, attendance, passing on, shifts, hazards, trace (O-4)."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError

from portal.ab_post import service as ab
from portal.ab_post.models import AbsenceKind
from portal.kernel import clock, transaction
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.register import agenda, attendance, checks, hazards, kinds, owed, passing, queries, seams, service
from portal.register.attendance import Mark, Refused
from portal.register.kinds import Asked, Settings
from portal.register.models import (
    CheckResult,
    FieldType,
    Hazard,
    HazardState,
    Keeper,
    Presence,
    RegisterCheck,
    RegisterCorrection,
    RegisterEntry,
    RegisterPassing,
    RegisterPresence,
    Rhythm,
)
from tests.office import NOW
from tests.register.conftest import begun, content, filed, taken, who

MONTH = date(2026, 11, 1)


def test_kinds_are_data_that_the_office_changes(adopted):
    assert set(adopted) == {"study", "meeting", "safety", "duty"}
    study = adopted["study"]
    assert (study.minutes_least, study.notes_least, study.rhythm) == (60, 10_000, Rhythm.WEEK)
    with transaction.act():
        assert kinds.adopt(who("office"), NOW) == []
        own = kinds.add(
            who("office"),
            Settings("来访台账", keeper=Keeper.MEMBER, fields=(Asked("来访单位", FieldType.LINE, True),)),
            NOW,
        )
    assert own.own_fields() == [{"key": "f1", "label": "来访单位", "type": "line", "needed": True}]
    with transaction.act():
        wanted = Settings(
            "来访台账", keeper=Keeper.MEMBER,
            fields=(Asked("人数", FieldType.NUMBER, False), Asked("单位", FieldType.LINE, True, "f1")),
        )  # fmt: skip
        kinds.change(who("office"), own, wanted, NOW)
    assert [f["key"] for f in own.own_fields()] == ["f2", "f1"]
    for bad, field in (
        (Settings(""), "name"),
        (Settings("学习台账"), "name"),
        (Settings("甲", due_day=3), "due_day"),
        (Settings("甲", notes=True), "attendance"),
        (Settings("甲", minutes_least=3), "minutes_least"),
        (Settings("甲", fields=(Asked("乙", FieldType.LINE, False),) * 2), "fields"),
    ):
        with pytest.raises(Invalid) as refused, transaction.act():
            kinds.add(who("office"), bad, NOW)
        assert refused.value.field == field
    for name in ("head", "supervisor", "principal"):
        with pytest.raises(NotAllowed), transaction.act():
            kinds.close(who(name), own, NOW)
    with transaction.act():
        kinds.close(who("office"), own, NOW)
    with pytest.raises(Conflict), transaction.act():
        service.begin(who("office"), own, None, content(), NOW)


def test_who_keeps_which_register(adopted, ids):
    yw, xh = ids.departments["YW"], ids.departments["XH"]
    allowed = {
        ("study", yw): {"head", "office"},
        ("study", xh): {"other_head", "office"},
        ("meeting", None): {"office", "supervisor", "leader", "principal"},
        ("duty", None): {"clerk", "head", "other", "leader", "office"},
    }
    for (code, department), names in allowed.items():
        for name in ("clerk", "head", "other", "other_head", "leader", "principal", "office", "supervisor"):
            actor = who(name)
            if name in names:
                with transaction.act():
                    service.begin(actor, adopted[code], department, content(), NOW)
            elif code != "duty":
                with pytest.raises(NotAllowed), transaction.act():
                    service.begin(actor, adopted[code], department, content(), NOW)
    with pytest.raises(Invalid), transaction.act():
        service.begin(who("office"), adopted["study"], ids.departments["LD"], content(), NOW)


def test_study_attendance_with_the_portals_own_leave(adopted, ids):
    """Present, excused with leave known, absent without reason; hours and notes counted (O-3)."""
    clerk, clerk2, head = (ids.users[n] for n in ("clerk", "clerk2", "head"))
    with transaction.act():
        away = (NOW - timedelta(hours=2), NOW + timedelta(hours=4), NOW - timedelta(hours=3))
        ab.record_absence(who("clerk2"), clerk2, AbsenceKind.SICK, *away, emergency=True)
    entry = begun("head", adopted["study"], ids.departments["YW"])
    with pytest.raises(Conflict), transaction.act():
        service.file(who("head"), entry, NOW)  # nobody was written down
    proposed = attendance.proposed(entry)
    assert {u: m.presence for u, m in proposed.items()} == {
        clerk: Presence.PRESENT, clerk2: Presence.EXCUSED, head: Presence.PRESENT,
    }  # fmt: skip
    for marks, said in (
        ({clerk2: Mark(Presence.ABSENT)}, "已登记离岗"),
        ({clerk: Mark(Presence.EXCUSED)}, "事由"),
        ({clerk: Mark(Presence.DELEGATED, delegate_id=head)}, "不派人"),
        ({clerk: Mark(Presence.PRESENT, notes=-1)}, "笔记"),
    ):
        with pytest.raises(Refused, match=said):
            taken("head", entry, marks)
        db.session.rollback()
    taken("head", entry, {clerk: Mark(Presence.ABSENT), head: Mark(Presence.PRESENT, notes=800)})
    assert queries.absences(MONTH) == {}  # a draft counts nothing
    filed("head", entry)
    assert queries.absences(MONTH) == {clerk: 1}
    assert queries.absences(date(2026, 10, 1)) == {}
    assert queries.absences_opened(MONTH) == [(entry.number, date(2026, 11, 18), clerk, entry.department_id)]
    assert queries.study(MONTH, date(2026, 12, 1)) == {head: queries.Study(1, 90, 800)}
    excused = next(r for r in entry.presences if r.user_id == clerk2)
    assert excused.absence_id is not None
    with pytest.raises(Invalid), transaction.act():
        attendance.take(who("head"), entry, attendance.proposed(entry), entry.version, NOW)
    taken("head", entry, {clerk: Mark(Presence.EXCUSED, "参加市里会议")}, "当天有会议通知")
    assert queries.absences(MONTH) == {}
    assert json.loads(entry.corrections[0].changes) == [
        {"label": "王敏", "old": "无故缺席", "new": "请假：参加市里会议"}
    ]
    with transaction.act():
        service.strike(who("head"), entry, "记错科室", NOW)
    assert queries.study(MONTH, date(2026, 12, 1)) == {}


def test_two_at_once_get_a_conflict(adopted, ids):
    entry = begun("head", adopted["study"], ids.departments["YW"])
    with transaction.act():
        service.write(who("head"), entry, content(title="改"), 1, NOW)
    with pytest.raises(Conflict), transaction.act():
        service.write(who("office"), entry, content(title="再改"), 1, NOW)
    assert entry.title == "改"


def test_the_meeting_its_delegate_and_passing_on(adopted, ids):
    seams_before = dict(seams._sources)
    seams._sources.clear()
    seams.agenda(
        10, lambda _a, month, _n: [seams.AgendaItem("办件", (f"{month:%Y-%m} 办结 6 件",)), seams.AgendaItem("红旗")]
    )
    try:
        text = agenda.filled(who("office"), agenda.month_for(NOW.date()), NOW)
        assert text == "1. 办件\n   2026-10 办结 6 件\n2. 红旗"
        assert agenda.filled(who("office"), MONTH, NOW) == ""  # this month has no facts yet
    finally:
        seams._sources.clear()
        seams._sources.update(seams_before)
    head, other, other_head = (ids.users[n] for n in ("head", "other", "other_head"))
    with transaction.act():
        entry = service.begin(
            who("office"), adopted["meeting"], None, content(agenda=text), NOW, agenda.month_for(NOW.date())
        )
    assert (entry.agenda_month, entry.agenda) == (date(2026, 10, 1), text)
    assert [e.user_id for e in attendance.expected(entry)] == [head, other_head]
    with pytest.raises(Refused, match="派来的人"):
        taken("office", entry, {other_head: Mark(Presence.DELEGATED, delegate_id=ids.users["clerk"])})
    db.session.rollback()
    taken("office", entry, {other_head: Mark(Presence.DELEGATED, "下乡", other)})
    filed("office", entry)
    assert {(p.department_id, p.by_id, p.due_on) for p in entry.passings} == {
        (ids.departments["YW"], head, date(2026, 11, 23)),
        (ids.departments["XH"], other, date(2026, 11, 23)),
    }
    passings = {p.department_id: p for p in entry.passings}
    xh = passings[ids.departments["XH"]]
    for name, waiting in (("other", 1), ("other_head", 1), ("head", 1), ("clerk", 0)):
        assert len(queries.to_pass_on(who(name))) == waiting
    with pytest.raises(NotAllowed), transaction.act():
        passing.pass_on(who("head"), xh, NOW.date(), 3, "", NOW)
    for on, heard, field in (
        (None, 2, "passed_on"),
        (NOW.date() + timedelta(1), 2, "passed_on"),
        (NOW.date(), None, "heard"),
    ):
        with pytest.raises(Invalid) as refused, transaction.act():
            passing.pass_on(who("other"), xh, on, heard, "", NOW)
        assert refused.value.field == field
    with transaction.act():
        passing.pass_on(who("other"), xh, NOW.date(), 2, "科务会", NOW)
    with pytest.raises(Conflict), transaction.act():
        passing.pass_on(who("other"), xh, NOW.date(), 2, "", NOW)
    assert queries.to_pass_on(who("other")) == []


def test_a_shift_is_taken_over_by_the_next(adopted, ids):
    entry = begun("clerk", adopted["duty"], None, title="夜班", handover="二楼窗户未修", answers={"f1": "夜班"})
    with pytest.raises(Invalid) as refused:
        filed("clerk", entry)
    assert refused.value.field == "handed_to_id"
    db.session.rollback()
    with pytest.raises(Invalid), transaction.act():
        service.write(who("clerk"), entry, content(handed_to_id=ids.users["clerk"]), entry.version, NOW)
    with transaction.act():
        what = content(title="夜班", handover="二楼窗户未修", answers={"f1": "夜班"}, handed_to_id=ids.users["other"])
        service.write(who("clerk"), entry, what, entry.version, NOW)
    filed("clerk", entry)
    assert queries.to_take_over(who("other")) == [entry]
    with pytest.raises(NotAllowed), transaction.act():
        passing.take_over(who("clerk2"), entry, "", NOW)
    with transaction.act():
        passing.take_over(who("other"), entry, "已接", NOW)
    assert queries.to_take_over(who("other")) == []


def hazard_of(adopted, ids) -> Hazard:
    entry = begun("head", adopted["safety"], ids.departments["YW"], answers={"f1": "赵刚"})
    with transaction.act():
        what = hazards.Seen("插座松动", "更换", NOW.date() + timedelta(3), ids.departments["XH"], "二楼")
        return hazards.find(who("head"), entry, what, NOW)


def test_a_hazard_is_rectified_and_checked_again_by_somebody_else(adopted, ids):
    hazard = hazard_of(adopted, ids)
    assert queries.open_hazards(who("other"))[0] == [hazard]
    with pytest.raises(Conflict), transaction.act():
        service.strike(who("head"), hazard.entry, "重复", NOW)
    with pytest.raises(NotAllowed), transaction.act():
        hazards.rectify(who("clerk"), hazard, "已换", NOW)
    with transaction.act():
        hazards.rectify(who("other"), hazard, "已换", NOW)
    assert queries.open_hazards(who("supervisor"))[1] == queries.open_hazards(who("head"))[1] == [hazard]
    for name in ("other", "clerk"):
        with pytest.raises(NotAllowed), transaction.act():
            hazards.recheck(who(name), hazard, True, "", None, NOW)
    with pytest.raises(Invalid), transaction.act():
        hazards.recheck(who("supervisor"), hazard, False, "仍松动", None, NOW)
    later = NOW.date() + timedelta(5)
    with transaction.act():
        hazards.recheck(who("supervisor"), hazard, False, "仍松动", later, NOW)
    assert (hazard.state, hazard.due_on, hazard.returned) == (HazardState.OPEN, later, 1)
    with transaction.act():
        hazards.rectify(who("other_head"), hazard, "换了新的", NOW)
        db.session.flush()
        hazards.recheck(who("head"), hazard, True, "", None, NOW)
    assert hazard.state is HazardState.CLOSED
    assert queries.open_hazards(who("supervisor")) == ([], [])


def test_what_was_filed_changes_only_with_a_trace(adopted, ids):
    entry = begun("head", adopted["safety"], ids.departments["YW"], answers={"f1": "赵刚"})
    filed("head", entry)
    with pytest.raises(Conflict), transaction.act():
        service.write(who("head"), entry, content(), entry.version, NOW)
    for reason, what in (("", content(title="新")), ("笔误", content(answers={"f1": "赵刚"}))):
        with pytest.raises(Invalid) as refused, transaction.act():
            service.correct(who("head"), entry, what, reason, NOW)
        assert refused.value.field == "reason"
    with transaction.act():
        service.correct(who("head"), entry, content(title="新", answers={"f1": "王敏"}), "笔误", NOW)
    db.session.expire_all()
    assert (entry.title, entry.corrected, entry.answer("f1")) == ("新", 1, "王敏")
    assert json.loads(entry.corrections[0].changes) == [
        {"label": "标题", "old": "十一月学习", "new": "新"}, {"label": "检查人员", "old": "赵刚", "new": "王敏"},
    ]  # fmt: skip


def test_the_database_refuses_what_leaves_no_trace(adopted, ids):
    hazard = hazard_of(adopted, ids)
    filed("head", hazard.entry)
    study = begun("head", adopted["study"], ids.departments["YW"])
    taken("head", study)
    filed("head", study)
    with clock.at(NOW + timedelta(days=60)), transaction.act():
        checks.check(who("supervisor"), 2026, 2, ids.departments["YW"], CheckResult.GOOD, "", NOW + timedelta(days=60))
    with transaction.act():
        service.correct(who("head"), study, content(title="新"), "笔误", NOW)
    for statement in (
        update(RegisterEntry).where(RegisterEntry.id == study.id).values(title="改"),
        update(RegisterEntry).where(RegisterEntry.id == study.id).values(title="改", corrected=2),
        update(RegisterEntry).values(state="draft", filed_at=None, filed_by_id=None),
        update(Hazard).values(seen="没有"),
        update(Hazard).values(state="closed", checked_at=NOW, checked_by_id=ids.users["head"]),
        update(RegisterCorrection).values(reason="改"),
        update(RegisterCheck).values(result="poor"),
        update(RegisterPresence).values(presence="absent", absence_id=1),
        *(delete(m) for m in (RegisterPresence, RegisterCorrection, RegisterCheck, Hazard, RegisterEntry)),
    ):
        with pytest.raises(DBAPIError):
            db.session.execute(statement)
        db.session.rollback()
    assert db.session.query(RegisterPassing).count() == 0


def test_what_is_missed_is_shown_and_the_half_year_checked(adopted, ids):
    yw = ids.departments["YW"]
    entry = begun("head", adopted["study"], yw)
    taken("head", entry, {ids.users["clerk"]: Mark(Presence.ABSENT)})
    filed("head", entry)
    later = NOW + timedelta(days=60)  # in January
    with clock.at(later):
        found = {(k.kind, k.department_id): k for k in owed.kept(date(2026, 7, 1), date(2027, 1, 1))}
        study = found["学习台账", yw]
        assert study.owed[0] == date(2026, 11, 16)
        assert (len(study.owed), study.done, study.missed[0]) == (6, 1, date(2026, 11, 23))
        assert found["月例会台账", None].owed == (date(2026, 12, 1),)  # begun after the tenth of November
        missing = {(m.kind.code, m.period) for m in owed.missing(who("head", later))}
        assert ("study", date(2027, 1, 4)) in missing
        assert ("safety", date(2026, 12, 1)) in missing
        assert not [m for m in owed.missing(who("clerk", later)) if m.kind.code == "study"]
        figures = checks.figures(yw, 2026, 2)
        assert figures.absences == 1
        assert figures.study_minutes == 180  # two were there for 90 minutes
        assert figures.notes_short == 3
        for name, result, comment, error in (
            ("clerk", CheckResult.GOOD, "", NotAllowed),
            ("supervisor", None, "", Invalid),
            ("supervisor", CheckResult.POOR, "", Invalid),
        ):
            with pytest.raises(error), transaction.act():
                checks.check(who(name, later), 2026, 2, yw, result, comment, later)
        with transaction.act():
            first = checks.check(who("supervisor", later), 2026, 2, yw, CheckResult.GOOD, "", later)
        with pytest.raises(Invalid), transaction.act():
            checks.check(who("office", later), 2026, 2, yw, CheckResult.SUFFICIENT, "", later)
        with transaction.act():
            second = checks.check(who("office", later), 2026, 2, yw, CheckResult.SUFFICIENT, "笔记不够", later)
        assert (first.edition, second.edition) == (1, 2)
        assert checks.of_half(2026, 2)[yw].result is CheckResult.SUFFICIENT
        assert checks.thawed(first) == figures
    with pytest.raises(Conflict), transaction.act():
        checks.check(who("supervisor"), 2026, 2, yw, CheckResult.GOOD, "", NOW)
