"""The verbs of plans, inspections and findings: plan, cancel, inspect, add, comment, withdraw, feed back (O-2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from portal.ab_post import queries as ab
from portal.ab_post import superiors
from portal.attendance import findings as discipline
from portal.attendance.models import FindingKind
from portal.calendar import queries as calendar
from portal.cases.models import Case
from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.files import Attachment
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.post_duty.models import Post, PostKind
from portal.pure.deadlines import deadline
from portal.reminder import service as reminder
from portal.reminder.models import Kind
from portal.supervision import queries, rights, rules
from portal.supervision import vocabulary as words
from portal.supervision.models import (
    Comment,
    Finding,
    FindingState,
    Inspection,
    InspectionDiscipline,
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


def photos(
    uploads: Iterable[FileStorage], owner: str, owner_id: int, actor: Actor, now: datetime, field: str = "photos"
) -> list[Attachment]:
    """Keep photos. Raises Invalid for what is no picture, too large, or too many."""
    stored = files.store(uploads, owner, owner_id, actor.id, now, policy.value("attachments.max_megabytes"), field)
    for each in stored:
        if each.media_type not in files.PICTURES:
            raise Invalid(field, _("“%(name)s”不是照片，请上传 JPG 或者 PNG 图片。", name=each.name))
    return stored


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
    if not seen.seen:
        raise Invalid("seen", _("请写明看到的情况。"))
    if seen.unfiled_denial and seen.case is None and not seen.matter:
        raise Invalid("matter", _("请填写被否定的办件编号或者事项。"), "D-6")
    by = deadline(now, policy.value("supervision.comment_within"), calendar.work_calendar()).at
    found = Finding(
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


def of_department(found: Finding, now: datetime) -> list[int]:
    """Who speaks for the department now, and who answers for the post concerned."""
    head = superiors.decider(PostKind.HEAD, found.department_id, (), now)
    users = [head[0]] if head is not None else []
    holder = ab.who_answers_for(found.post_id, now).user_id if found.post_id is not None else None
    return [*users, holder] if holder is not None else users


def in_charge(department_id: int, now: datetime) -> int | None:
    """Who answers now for the post in charge of a department."""
    post_id = posts.leader_post_of(department_id) or posts.principal_post()
    return None if post_id is None else ab.who_answers_for(post_id, now).user_id


def tell(
    found: Finding, users: Iterable[int | None], key: str, title: object, body: object, now: datetime,
    kind: Kind = Kind.OTHER, about_at: datetime | None = None,
) -> None:  # fmt: skip
    """Tell people of something about a finding; the message leads to its page."""
    reminder.tell(
        now, users, kind, f"inspection_{key}", title, body, "supervision.show_finding",
        values={"number": found.number}, about_at=about_at,
    )  # fmt: skip


# --- findings -------------------------------------------------------------------------------------------------


def comment(actor: Actor, found: Finding, text: str, now: datetime) -> None:
    """The department, or whom it concerns, says how it was; each person once. Raises NotAllowed, Conflict, Invalid."""
    if any(each.by_id == actor.id for each in found.comments):
        raise Conflict(_("您已经说明过情况。"), "O-2")
    if not rights.speaks(actor, found):
        raise NotAllowed(_("由被检查科室的负责人或者当事人说明情况。"), "O-2")
    rules.MOVES.after(found.state, "comment")
    if not text:
        raise Invalid("text", _("请填写说明。"))
    represents = rights.represents(actor, found.department_id)
    found.comments.append(Comment(by_id=actor.id or 0, at=now, text=text, for_department=represents))
    if represents and found.commented_at is None:
        found.commented_at = now
    journal.record(words.COMMENTED, found, actor, now, late=now > found.comment_by, text=text)
    tell(
        found, [found.recorded_by_id], f"finding:{found.id}:comment:{actor.id}",
        _l("督查发现 %(number)s：科室已说明情况", number=found.number), "", now,
    )  # fmt: skip


def settle(actor: Actor, found: Finding, reason: str, now: datetime) -> None:
    """End a finding without an order, because there is nothing to rectify. Raises NotAllowed, IllegalMove, Invalid."""
    of_group(actor, found)
    after = rules.MOVES.after(found.state, "note")
    if not rules.heard(found.commented_at, found.comment_by, now, found.severity):
        raise Conflict(_("科室还可以说明情况，期满前不能作出处理。"), "O-2")
    if not reason:
        raise Invalid("text", _("请写明不需整改的理由。"))
    found.state, found.settled_at, found.settled_by_id, found.conclusion = after, now, actor.id, reason
    journal.record(words.NOTED, found, actor, now, reason=reason)
    tell(
        found,
        of_department(found, now),
        f"finding:{found.id}:noted",
        _l("督查发现 %(number)s：不需整改", number=found.number),
        "",
        now,
    )


def of_group(actor: Actor, found: Finding) -> None:
    """Raises NotAllowed unless the actor inspects and the department is none of their own, nor they concerned."""
    if not rights.may_inspect(actor, found.department_id) or actor.id == found.person_id:
        raise NotAllowed(_("由督查组办理，检查人不能办理自己所在或者负责的科室的事项。"), "O-2")


def ask_withdrawal(actor: Actor, found: Finding, reason: str, now: datetime) -> None:
    """Propose to withdraw a finding that was a mistake. Raises NotAllowed, IllegalMove, Conflict, Invalid."""
    of_group(actor, found)
    rules.MOVES.after(found.state, "withdraw")
    if found.withdraw_asked_at is not None:
        raise Conflict(_("已经提出撤销，等待另一人确认。"), "J-3")
    if not reason:
        raise Invalid("text", _("请写明撤销的原因。"))
    found.withdraw_reason, found.withdraw_asked_by_id, found.withdraw_asked_at = reason, actor.id, now
    journal.record(words.WITHDRAW_ASKED, found, actor, now, reason=reason)
    others = [u for u in queries.group() if u != actor.id and found.department_id not in rights.own_departments(u)]
    tell(
        found, others, f"finding:{found.id}:withdraw:{now:%Y%m%d%H%M%S}",
        _l("请确认是否撤销督查发现 %(number)s", number=found.number), "", now, Kind.DECIDE,
    )  # fmt: skip


def decide_withdrawal(actor: Actor, found: Finding, agreed: bool, reason: str, now: datetime) -> None:
    """A second person of the group withdraws the finding or lets it stand. Raises NotAllowed, Conflict, Invalid."""
    of_group(actor, found)
    if found.withdraw_asked_at is None or found.state is FindingState.WITHDRAWN:
        raise Conflict(_("没有等待确认的撤销。"), "J-3")
    if actor.id == found.withdraw_asked_by_id:
        raise NotAllowed(_("撤销须由提出人以外的另一人确认。"), "J-3")
    if not agreed:
        if not reason:
            raise Invalid("text", _("请写明不同意撤销的原因。"))
        asker = found.withdraw_asked_by_id
        found.withdraw_reason, found.withdraw_asked_by_id, found.withdraw_asked_at = "", None, None
        journal.record(words.WITHDRAW_REFUSED, found, actor, now, reason=reason)
        tell(
            found,
            [asker],
            f"finding:{found.id}:kept:{now:%Y%m%d%H%M%S}",
            _l("督查发现 %(number)s 不予撤销", number=found.number),
            "",
            now,
        )
        return
    last = found.order
    if last is not None and last.ended_at is None:
        last.ended_at = now
    found.state = rules.MOVES.after(found.state, "withdraw")
    found.withdrawn_by_id, found.withdrawn_at = actor.id, now
    found.settled_at, found.settled_by_id = found.settled_at or now, found.settled_by_id or actor.id
    entry = journal.of_object("inspection_finding", found.id)[0].seq
    journal.record(words.WITHDRAWN, found, actor, now, number=found.number, reason=found.withdraw_reason, entry=entry)
    tell(
        found, [*of_department(found, now), found.person_id], f"finding:{found.id}:withdrawn",
        _l("督查发现 %(number)s 已撤销", number=found.number), "", now,
    )  # fmt: skip


# --- feedback -------------------------------------------------------------------------------------------------


def feed_back(actor: Actor, made: Inspection, text: str, now: datetime) -> None:
    """Tell the leader in charge how it went, when nothing is left to be dealt with (O-2).

    Raises NotAllowed for an own department, Conflict while findings are open, IllegalMove, Invalid.
    """
    if not rights.may_inspect(actor, made.department_id):
        raise NotAllowed(_("由督查组办理，检查人不能办理自己所在或者负责的科室的事项。"), "O-2")
    after = rules.INSPECTION_MOVES.after(made.state, "feed_back")
    if not rules.may_feed_back(each.state for each in made.findings):
        raise Conflict(_("还有没有办结的督查发现，办结后再反馈。"), "O-2")
    if not text:
        raise Invalid("text", _("请写明反馈内容。"))
    made.state, made.feedback, made.fed_back_by_id, made.fed_back_at = after, text, actor.id, now
    journal.record(words.FED_BACK, made, actor, now, feedback=text)
    reminder.tell(
        now, [in_charge(made.department_id, now)], Kind.OTHER, f"inspection:{made.id}:feedback",
        _l("督查反馈 %(number)s，请阅知", number=made.number), "", "supervision.show", values={"number": made.number},
    )  # fmt: skip


def note_feedback(actor: Actor, made: Inspection, remark: str, now: datetime) -> None:
    """The leader in charge takes note: the inspection is closed. Raises NotAllowed, IllegalMove."""
    if not rights.takes_note(actor, made):
        raise NotAllowed(_("由分管领导阅知；反馈人不能自己阅知。"), "O-2")
    made.state = rules.INSPECTION_MOVES.after(made.state, "note")
    made.remark, made.noted_by_id, made.noted_at = remark, actor.id, now
    post_id = posts.leader_post_of(made.department_id) or posts.principal_post()
    journal.record(words.FEEDBACK_NOTED, made, actor, now, post_id=post_id, remark=remark)
