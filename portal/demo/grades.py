"""Yearly grades of the sample office: last year published and put right, this year on the way (E-5, E-7)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from portal.demo.stage import Stage, Story
from portal.kernel import clock
from portal.kernel.db import db
from portal.policy import service as policy
from portal.pure.scoring import Subject
from portal.yearly_grade import deciding, queries, service, settings
from portal.yearly_grade.models import Ground, YearlyRound, YearlyRow

#: Who organises, who reviews and who decides.
_OFFICE, _GROUP, _PRINCIPAL = "wuxia", "zhenghao", "heping"
#: Has not voted in last year's round.
_SILENT = "weilan"


def begin(stage: Stage) -> None:
    """Plan both rounds of persons and this year's of departments."""
    stage.tell(last_year(stage))
    stage.tell(this_year(stage))
    stage.tell(departments(stage))


def _round(year: int, subject: Subject) -> YearlyRound:
    return queries.any_round(year, str(subject))


def _vote(stage: Stage, year: int, at: datetime, some: int) -> None:
    """Everybody votes but the silent one; with ``some`` above 1 only every so many."""
    round_ = _round(year, Subject.PERSON)
    many = len(settings.of(round_).marks)
    voters = [user for user, voted in db.session.execute(queries.voter_list(round_.id)) if not voted]
    for n, user in enumerate(voters):
        if n % some or user.id == stage.made.users[_SILENT].id or not stage.by_id(user.id, at).can("yearly_grade.read"):
            continue
        mine = service.panels_of(round_.id, user.id)
        marks = {row: 0 if (row + k) % 5 else min(1 + (row + n) % 2, many - 1) for k, row in enumerate(sorted(mine))}
        service.vote(stage.by_id(user.id, at), round_, marks, at)


def _rows(year: int, subject: Subject) -> list[YearlyRow]:
    return list(db.session.scalars(queries.listing(_round(year, subject))))


def last_year(stage: Stage) -> Story:
    """Last year's persons, made up late: voted, counted, objected to, vetoed, decided, published, corrected."""
    at = yield stage.work.at(32, "09:30")
    # Nobody's service before the portal is on record: this year it is not asked for.
    reason = "平台启用第一年，任岗记录不全"
    policy.set_value(stage.actor(_OFFICE, at), "eligibility.months_year", "0", reason, at)
    year, by = clock.local(at).year - 1, clock.local(at).date() + timedelta(days=6)
    service.prepare(stage.actor(_OFFICE, at), year, Subject.PERSON, by, at)
    at = yield stage.work.at(32, "14:30")
    service.open_round(stage.actor(_OFFICE, at), _round(year, Subject.PERSON), at)
    at = yield stage.work.at(31, "10:20")
    _vote(stage, year, at, 1)
    at = yield stage.work.at(24, "09:10")
    service.count(stage.actor(_OFFICE, at), _round(year, Subject.PERSON), at)
    at = yield stage.work.at(15, "09:00")
    service.compute(stage.actor(_OFFICE, at), _round(year, Subject.PERSON), at)
    at = yield stage.work.at(15, "10:30")
    best = _rows(year, Subject.PERSON)[0]
    reason = "当众训斥服务对象，本人承认。"
    veto = service.veto(stage.actor(_OFFICE, at), best, Ground.ETHICS, reason, "督查记录第 12 号", at)
    at = yield stage.work.at(14, "09:40")
    service.confirm_veto(stage.actor(_GROUP, at), veto, at)
    at = yield stage.work.at(14, "10:20")
    service.compute(stage.actor(_OFFICE, at), _round(year, Subject.PERSON), at)
    at = yield stage.work.at(13, "11:00")
    second = next(row for row in _rows(year, Subject.PERSON)[1:] if row.user_id is not None)
    own = stage.by_id(second.user_id or 0, at)
    given = deciding.object_to(own, second, "述职评议没有计入，请核对。", at)
    at = yield stage.work.at(11, "15:20")
    deciding.rule(stage.actor(_GROUP, at), given, False, "述职评议已经计入，比重按年度设置。", at)
    at = yield stage.work.at(8, "09:50")
    deciding.review(stage.actor(_GROUP, at), _round(year, Subject.PERSON), "程序完整，依据清楚，同意报批。", at)
    at = yield stage.work.at(7, "16:00")
    day, record = clock.local(at).date(), "会议听取汇报，同意评定结果。"
    deciding.decide(stage.actor(_PRINCIPAL, at), _round(year, Subject.PERSON), day, record, at)
    at = yield stage.work.at(6, "09:00")
    deciding.publish(stage.actor(_OFFICE, at), _round(year, Subject.PERSON), at)
    at = yield stage.work.at(4, "10:10")
    row = next(each for each in _rows(year, Subject.PERSON)[2:] if each.total is not None)
    total = (row.total or Decimal(0)) - Decimal(1)
    fixed = deciding.correct(stage.actor(_OFFICE, at), row, total, row.grade, "核对发现一项荣誉重复计算。", at)
    at = yield stage.work.at(3, "15:30")
    deciding.decide_correction(stage.actor(_PRINCIPAL, at), fixed, True, at)


def this_year(stage: Stage) -> Story:
    """This year's persons: the ballots are open, about half have voted."""
    at = yield stage.work.at(2, "09:20")
    year, by = clock.local(at).year, clock.local(at).date() + timedelta(days=12)
    service.prepare(stage.actor(_OFFICE, at), year, Subject.PERSON, by, at)
    at = yield stage.work.at(2, "10:00")
    service.open_round(stage.actor(_OFFICE, at), _round(year, Subject.PERSON), at)
    at = yield stage.work.at(1, "11:30")
    _vote(stage, year, at, 2)


def departments(stage: Stage) -> Story:
    """This year's departments: prepared, waiting for the months."""
    at = yield stage.work.at(2, "16:20")
    year = clock.local(at).date().year
    service.prepare(stage.actor(_OFFICE, at), year, Subject.DEPARTMENT, None, at)
