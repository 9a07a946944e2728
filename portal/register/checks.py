"""The half-yearly check of every department's registers, with a result and the figures as they stood (O-4)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import queries as people
from portal.register import kinds, owed, queries, rights, rules
from portal.register import vocabulary as words
from portal.register.models import CheckResult, Hazard, HazardState, RegisterCheck


@dataclass(frozen=True)
class Figures:
    """What a half year's registers of a department say; ``kinds``: name, owed, there, missed, entries."""

    kinds: list[list[Any]]
    study_minutes: int
    study_notes: int
    people: int
    notes_short: int
    absences: int
    hazards: int
    hazards_open: int

    @property
    def missed(self) -> int:
        """How many owed entries are not there."""
        return sum(row[3] for row in self.kinds)


def figures(department_id: int, year: int, half: int) -> Figures:
    """The figures of a department as they stand now; notes are measured against the part of the year that is over."""
    first, end = rules.half_days(year, half)
    found = owed.kept(first, end, [department_id])
    here = [key for key, _name in people.people_in_service(department_id)]
    studied = queries.study(date(year, 1, 1), end, here)
    in_half = queries.study(first, end, here)
    least = max((kind.notes_least or 0 for kind in kinds.open_kinds() if kind.notes), default=0)
    due = least if half == 2 else least // 2
    months = [date(first.year, first.month + n, 1) for n in range(6)]
    absent = sum(queries.absences(month).get(key, 0) for month in months for key in here)
    hazard = select(Hazard.state, func.count()).where(
        Hazard.department_id == department_id,
        Hazard.found_at >= clock.day_start(first),
        Hazard.found_at < clock.day_start(end),
    )
    by_state = {state: int(n) for state, n in db.session.execute(hazard.group_by(Hazard.state))}
    return Figures(
        kinds=[[k.kind, len(k.owed), k.done, len(k.missed), k.entries] for k in found],
        study_minutes=sum(s.minutes for s in in_half.values()),
        study_notes=sum(s.notes for s in in_half.values()),
        people=len(here),
        notes_short=sum(key not in studied or studied[key].notes < due for key in here) if due else 0,
        absences=absent,
        hazards=sum(by_state.values()),
        hazards_open=sum(n for state, n in by_state.items() if state is not HazardState.CLOSED),
    )


def thawed(check: RegisterCheck) -> Figures:
    """The figures of a check as they stood."""
    return Figures(**json.loads(check.figures))


def of_half(year: int, half: int) -> dict[int, RegisterCheck]:
    """The last edition of each department's check."""
    query = select(RegisterCheck).where(RegisterCheck.year == year, RegisterCheck.half == half)
    return {each.department_id: each for each in db.session.scalars(query.order_by(RegisterCheck.edition))}


def editions(year: int, half: int, department_id: int) -> list[RegisterCheck]:
    """All editions of a department's check, the newest first."""
    query = select(RegisterCheck).where(
        RegisterCheck.year == year, RegisterCheck.half == half, RegisterCheck.department_id == department_id
    )
    return list(db.session.scalars(query.order_by(RegisterCheck.edition.desc())))


def check(
    actor: Actor, year: int, half: int, department_id: int, result: CheckResult | None, comment: str, now: datetime
) -> RegisterCheck:
    """Say what the registers of a department are worth; a further check is a later edition and needs a comment.

    Raises NotAllowed (also for one's own department), Conflict while the half year lasts, Invalid.
    """
    if not actor.can(words.CHECK):
        raise NotAllowed(_("台账由督查组或者办公室检查。"), "O-4")
    if represented(actor, department_id):
        raise NotAllowed(_("不能检查自己负责的科室。"), "O-4")
    if clock.local(now).date() < rules.half_days(year, half)[1]:
        raise Conflict(_("这半年还没有结束。"), "O-4")
    if department_id not in rights.keeping_departments():
        raise Conflict(_("这个科室没有台账。"), "O-4")
    if result is None:
        raise Invalid("result", _("请选择检查结果。"))
    before = editions(year, half, department_id)
    if (before or result is CheckResult.POOR) and not comment:
        said = _("请写明更正的原因。") if before else _("结果为差的，请写明情况。")
        raise Invalid("comment", said, "O-4")
    made = RegisterCheck(
        year=year,
        half=half,
        department_id=department_id,
        edition=len(before) + 1,
        result=result,
        comment=comment,
        figures=json.dumps(vars(figures(department_id, year, half)), ensure_ascii=False),
        checked_by_id=actor.id or 0,
        checked_at=now,
    )
    db.session.add(made)
    journal.record(
        words.CHECKED, made, actor, now,
        year=year, half=half, department=people.department_names()[department_id], edition=made.edition,
        result=str(result), comment=comment,
    )  # fmt: skip
    return made


def represented(actor: Actor, department_id: int) -> bool:
    """Whether the actor heads the department."""
    return department_id in actor.departments_headed()
