"""The verbs of plans and inspections: plan, cancel, inspect, add what else was seen (O-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.ab_post import queries as ab
from portal.attendance import findings as discipline
from portal.attendance.models import FindingKind
from portal.calendar import queries as calendar
from portal.cases.models import Case
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid, NotAllowed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty.models import Post
from portal.pure.deadlines import deadline
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.supervision import queries, rights, rules
from portal.supervision import vocabulary as words
from portal.supervision.common import of_department, photos, tell
from portal.supervision.models import (
    FindingState,
    Inspection,
    InspectionDiscipline,
    InspectionFinding,
    InspectionMember,
    InspectionPlan,
    InspectionState,
    Manner,
    PlanDepartment,
    PlanMember,
    PlanState,
    Severity,
)

PLAN_PREFIX, PREFIX, FINDING_PREFIX = "DCJ", "DC", "DCW"
#: The owners of the photos: of an inspection without findings, and of a finding.
FILES, FINDING_FILES = "inspection", "inspection_finding"
_OWN = _l("检查人不能检查自己所在或者负责的科室：%(who)s。")


def _names(ids: Iterable[int]) -> str:
    known = people.user_names()
    return "、".join(known.get(i, "") for i in ids)


def _departments(ids: Iterable[int]) -> str:
    known = people.department_names()
    return "、".join(known.get(i, "") for i in ids)


def _group(ids: Iterable[int], departments: Iterable[int], field: str) -> list[int]:
    """The members as they were chosen. Raises Invalid for who is not of the group or of such a department."""
    chosen, known = sorted(set(ids)), set(queries.group())
    wanted = list(departments)
    if any(i not in known for i in chosen):
        raise Invalid(field, _("请从督查人员中选择。"), "O-2")
    barred = [i for i in chosen if not rules.may_inspect(rights.own_departments(i), wanted)]
    if barred:
        raise Invalid(field, str(_OWN) % {"who": _names(barred)}, "O-2")
    return chosen


# --- plans ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Planned:
    """What a plan says."""

    title: str
    subject: str
    manner: Manner
    departments: Sequence[int]
    members: Sequence[int]
    from_on: date
    to_on: date


def plan(actor: Actor, what: Planned, now: datetime) -> InspectionPlan:
    """Plan an inspection (O-2). Raises NotAllowed, Invalid for own departments of the planner or a member, and days."""
    if not actor.can(words.INSPECT):
        raise NotAllowed(_("由督查组或者办公室制订督查计划。"), "O-2")
    if not what.departments or any(d not in people.department_names() for d in what.departments):
        raise Invalid("departments", _("请选择被检查的科室。"))
    if what.manner is Manner.COVERT and not rights.may_inspect(actor, *what.departments):
        raise Invalid("departments", str(_OWN) % {"who": actor.name}, "O-2")
    if not what.members:
        raise Invalid("members", _("请选择检查人员。"))
    members = _group(what.members, what.departments, "members")
    if what.to_on < what.from_on:
        raise Invalid("to_on", _("结束日期不能早于开始日期。"))
    if what.to_on < _today(now):
        raise Invalid("to_on", _("结束日期不能早于今天。"))
    made = InspectionPlan(
        number=numbers.take(PLAN_PREFIX, now),
        title=what.title,
        subject=what.subject,
        manner=what.manner,
        from_on=what.from_on,
        to_on=what.to_on,
        made_by_id=actor.id or 0,
        made_at=now,
        state=PlanState.PLANNED,
        reason="",
        departments=[PlanDepartment(department_id=d) for d in sorted(set(what.departments))],
        members=[PlanMember(user_id=u) for u in members],
    )
    db.session.add(made)
    journal.record(
        words.PLANNED,
        made,
        actor,
        now,
        number=made.number,
        title=made.title,
        manner=made.manner,
        from_on=made.from_on,
        to_on=made.to_on,
        departments=_departments(made.department_ids),
        members=_names(members),
    )
    reminder.tell(
        now, [u for u in members if u != actor.id], Kind.OTHER, f"inspection_plan:{made.id}",
        _l("督查计划 %(number)s", number=made.number), _l("%(a)s 至 %(b)s", a=made.from_on, b=made.to_on),
        "supervision.show_plan", values={"number": made.number},
    )  # fmt: skip
    return made


def _today(now: datetime) -> date:
    return clock.local(now).date()


def cancel(actor: Actor, made: InspectionPlan, reason: str, now: datetime) -> None:
    """Give a plan up, with a reason. Raises NotAllowed for who may not plan it, IllegalMove, Invalid."""
    if not rights.may_inspect(actor, *made.department_ids) and not (
        actor.can(words.INSPECT) and actor.id == made.made_by_id
    ):
        raise NotAllowed(_("由督查组或者办公室取消督查计划。"), "O-2")
    after = rules.PLAN_MOVES.after(made.state, "cancel")
    if not reason:
        raise Invalid("reason", _("请写明取消的原因。"))
    made.state, made.closed_at, made.reason = after, now, reason
    journal.record(words.PLAN_CANCELLED, made, actor, now, reason=reason)


# --- inspections ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Seen:
    """What was seen on the spot: a finding, or (``discipline``) one of somebody's work discipline."""

    kind: str
    severity: Severity
    seen: str
    post_id: int | None = None
    person_id: int | None = None
    discipline: FindingKind | None = None
    unfiled_denial: bool = False
    case: Case | None = None
    matter: str = ""


@dataclass(frozen=True)
class Visit:
    """Where, when and with whom; ``seen`` None: nothing was found, which is a result."""

    department_id: int | None
    manner: Manner
    place: str = ""
    inspected_at: datetime | None = None
    plan: InspectionPlan | None = None
    members: Sequence[int] = ()
    note: str = ""
    seen: Seen | None = None


def inspect(actor: Actor, visit: Visit, now: datetime, uploads: Sequence[FileStorage] = ()) -> Inspection:
    """Record an inspection with what was found, or that nothing was (O-2).

    Raises NotAllowed, Invalid for an own department (also of who was there too), a foreign plan, an instant ahead.
    """
    if not actor.can(words.INSPECT):
        raise NotAllowed(_("由督查组或者办公室检查。"), "O-2")
    department_id = visit.department_id
    if department_id is None or department_id not in people.department_names():
        raise Invalid("department_id", _("请选择被检查的科室。"))
    if not rights.may_inspect(actor, department_id):
        raise Invalid("department_id", str(_OWN) % {"who": actor.name}, "O-2")
    members = [m for m in _group(visit.members, [department_id], "members") if m != actor.id]
    at, planned = visit.inspected_at or now, visit.plan
    if at > now:
        raise Invalid("inspected_at", _("检查时间不能在今后。"))
    if planned is not None and (planned.state is not PlanState.PLANNED or department_id not in planned.department_ids):
        raise Invalid("plan_id", _("该计划已经结束，或者不包括这个科室。"), "O-2")
    made = Inspection(
        number=numbers.take(PREFIX, now),
        plan_id=planned.id if planned is not None else None,
        manner=planned.manner if planned is not None else visit.manner,
        department_id=department_id,
        place=visit.place,
        note=visit.note,
        inspected_at=at,
        inspected_by_id=actor.id or 0,
        recorded_at=now,
        state=InspectionState.OPEN,
        feedback="",
        remark="",
        members=[InspectionMember(user_id=m) for m in members],
    )
    db.session.add(made)
    db.session.flush()
    stored = photos(uploads, FILES, made.id, actor, now) if visit.seen is None else []
    journal.record(
        words.INSPECTED,
        made,
        actor,
        now,
        number=made.number,
        manner=made.manner,
        department=_departments([department_id]),
        inspected_at=at,
        inspectors=_names([made.inspected_by_id, *members]),
        plan=planned.number if planned is not None else "",
        place=visit.place,
        note=visit.note,
        files=files.facts(stored),
    )
    if visit.seen is not None:
        _add(actor, made, visit.seen, now, uploads)
    if planned is not None:
        _progress(actor, planned, now)
    return made


def _progress(actor: Actor, planned: InspectionPlan, now: datetime) -> None:
    """A plan is carried out with the visit to the last of its departments."""
    visited = set(db.session.scalars(select(Inspection.department_id).where(Inspection.plan_id == planned.id)))
    if rules.carried_out(planned.department_ids, visited):
        planned.state, planned.closed_at = rules.PLAN_MOVES.after(planned.state, "carry_out"), now
        journal.record(words.PLAN_CARRIED_OUT, planned, actor, now)


def add(actor: Actor, made: Inspection, seen: Seen, now: datetime, uploads: Sequence[FileStorage] = ()) -> None:
    """Add what else was seen, by who was there. Raises NotAllowed, IllegalMove after the feedback, Invalid."""
    if actor.id not in made.inspector_ids or not rights.may_inspect(actor, made.department_id):
        raise NotAllowed(_("由当时的检查人员补充登记。"), "O-2")
    rules.INSPECTION_MOVES.after(made.state, "add")
    _add(actor, made, seen, now, uploads)


def _add(actor: Actor, made: Inspection, seen: Seen, now: datetime, uploads: Sequence[FileStorage]) -> None:
    if not seen.seen:
        raise Invalid("seen", _("请写明看到的情况。"))
    _belongs(made.department_id, seen, now)
    if seen.discipline is not None:
        if seen.person_id is None:
            raise Invalid("person_id", _("工作纪律问题请选择当事人。"), "P-3")
        if seen.unfiled_denial:
            raise Invalid("discipline", _("未经报备的否定请作为督查发现登记，不登记为工作纪律检查。"), "D-6")
        try:
            found = discipline.record(
                actor, seen.person_id, seen.discipline, made.inspected_at, made.place, seen.seen, now, uploads
            )
        except Invalid as error:
            error.field = {"user_id": "person_id", "found_at": "inspected_at", "files": "photos"}.get(
                error.field, error.field
            )
            raise
        made.disciplines.append(InspectionDiscipline(discipline_id=found.id))
        journal.record(words.DISCIPLINE, made, actor, now, number=found.number)
        return
    _finding(actor, made, seen, now, uploads)


def _belongs(department_id: int, seen: Seen, now: datetime) -> None:
    """Whether post and person are of the department. Raises Invalid."""
    picture = ab.picture()
    if seen.post_id is not None:
        post = db.session.get(Post, seen.post_id)
        if post is None or post.closed_on is not None or post.department_id != department_id:
            raise Invalid("post_id", _("该岗位不属于这个科室。"))
    if seen.person_id is not None and (
        not picture.able(seen.person_id, now) or department_id not in rights.own_departments(seen.person_id, now)
    ):
        raise Invalid("person_id", _("该人员不属于这个科室。"))


def _finding(actor: Actor, made: Inspection, seen: Seen, now: datetime, uploads: Sequence[FileStorage]) -> None:
    if seen.kind not in queries.kinds():
        raise Invalid("kind", _("请选择问题类别。"))
    if seen.unfiled_denial and seen.case is None and not seen.matter:
        raise Invalid("matter", _("请填写被否定的办件编号或者事项。"), "D-6")
    by = deadline(now, policy.value("supervision.comment_within"), calendar.work_calendar()).at
    found = InspectionFinding(
        number=numbers.take(FINDING_PREFIX, now),
        inspection=made,
        department_id=made.department_id,
        post_id=seen.post_id,
        person_id=seen.person_id,
        kind=seen.kind,
        severity=seen.severity,
        seen=seen.seen,
        found_at=made.inspected_at,
        recorded_by_id=actor.id or 0,
        recorded_at=now,
        unfiled_denial=seen.unfiled_denial,
        case_id=seen.case.id if seen.unfiled_denial and seen.case is not None else None,
        matter=seen.matter if seen.unfiled_denial else "",
        state=FindingState.FOUND,
        comment_by=by or now,
        conclusion="",
        withdraw_reason="",
    )
    db.session.add(found)
    db.session.flush()
    stored = photos(uploads, FINDING_FILES, found.id, actor, now)
    journal.record(
        words.FOUND,
        found,
        actor,
        now,
        case_id=found.case_id,
        number=found.number,
        kind=found.kind,
        severity=found.severity,
        unfiled_denial=found.unfiled_denial,
        comment_by=found.comment_by,
        seen=found.seen,
        matter=found.matter,
        files=files.facts(stored),
    )
    tell(
        found, [*of_department(found, now), found.person_id], f"finding:{found.id}",
        _l("督查发现 %(number)s", number=found.number),
        _l("可以在 %(by)s 前说明情况。", by=found.comment_by), now,
    )  # fmt: skip
