"""Who may see and do what about inspections (O-2, AB-4)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, false, not_, or_, true

from portal.ab_post import queries as ab
from portal.ab_post import rights as ab_rights
from portal.ab_post.models import Letter
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.post_duty import queries as posts
from portal.post_duty.models import PostKind
from portal.supervision import rules
from portal.supervision import vocabulary as words
from portal.supervision.models import (
    Inspection,
    InspectionFinding,
    InspectionPlan,
    Manner,
    PlanDepartment,
    PlanMember,
    PlanState,
    RectificationOrder,
)


def own_departments(user_id: int | None, now: datetime | None = None) -> frozenset[int]:
    """The departments of a person: where they belong, where they hold place A or B of a post, what they are in charge
    of, and those of posts that they answer for now."""
    if user_id is None:
        return frozenset()
    seen, day = ab.picture(), clock.local(now or clock.now()).date()
    held = {
        p
        for p in seen.by_user.get(user_id, ())
        if user_id in (seen.holder(p, Letter.A, day), seen.holder(p, Letter.B, day))
    }
    held |= {answering.post_id for answering in ab.answering(user_id, now or clock.now())}
    found = {seen.departments_of_users.get(user_id)} | {seen.posts[p].department_id for p in held if p in seen.posts}
    for p in held:
        if p in seen.posts and seen.posts[p].kind is PostKind.LEADER:
            found |= posts.departments_of(p)
    return frozenset(d for d in found if d)


def may_inspect(actor: Actor, *departments: int) -> bool:
    """Whether the actor is of the group and none of the departments is an own one."""
    return actor.can(words.INSPECT) and rules.may_inspect(own_departments(actor.id), departments)


def may_recheck(actor: Actor, finding: InspectionFinding, order: RectificationOrder) -> bool:
    """Whether the actor may check what was reported: of the group, not of the department, not who reported it."""
    involved = {order.reported_by_id, finding.person_id}
    return actor.can(words.INSPECT) and rules.may_recheck(
        actor.id, own_departments(actor.id), finding.department_id, involved
    )


def represents(actor: Actor, department_id: int) -> bool:
    """Whether the actor speaks for a department: whoever answers for its head's post, else for its leader's."""
    if department_id in actor.departments_headed():
        return True
    if ab.picture().heads_of(department_id, clock.today()):
        return False
    return posts.leader_post_of(department_id) in actor.post_ids


def takes_note(actor: Actor, inspection: Inspection) -> bool:
    """Whether feedback goes to the actor: who answers for the post in charge, and did not write it."""
    return posts.leader_post_of(inspection.department_id) in actor.post_ids and actor.id != inspection.fed_back_by_id


def concerned(actor: Actor, finding: InspectionFinding) -> bool:
    """Whether a finding is about the actor, or about a post that they answer for."""
    return actor.id == finding.person_id or (finding.post_id is not None and finding.post_id in actor.post_ids)


def speaks(actor: Actor, finding: InspectionFinding) -> bool:
    """Whether the actor may comment: for the department, or as whom it concerns; each person once."""
    if any(each.by_id == actor.id for each in finding.comments):
        return False
    return represents(actor, finding.department_id) or concerned(actor, finding)


def departments_led(actor: Actor) -> frozenset[int]:
    """The departments whose inspections the actor reads as head, leader in charge or principal."""
    found = set(ab_rights.departments_led(actor))
    principal = posts.principal_post()
    if principal is not None and principal in actor.post_ids:
        found |= posts.departments_with_posts()
    return frozenset(found)


# --- what is seen -----------------------------------------------------------------------------------------------


def visible_plans(actor: Actor) -> ColumnElement[bool]:
    """The condition of the plans that an actor reads.

    The group sees all but unannounced ones about an own department; heads and leaders those of their departments, an
    unannounced one only after it was carried out (O-2).
    """
    own = own_departments(actor.id)
    secret = and_(InspectionPlan.manner == Manner.COVERT, InspectionPlan.state != PlanState.CARRIED_OUT)
    if actor.can(words.READ_ALL):
        return not_(and_(secret, _about(own))) if own else true()
    led = departments_led(actor)
    member = exists().where(PlanMember.plan_id == InspectionPlan.id, PlanMember.user_id == actor.id)
    return and_(not_(secret), or_(_about(led) if led else false(), member))


def _about(departments: frozenset[int]) -> ColumnElement[bool]:
    return exists().where(
        PlanDepartment.plan_id == InspectionPlan.id, PlanDepartment.department_id.in_(sorted(departments))
    )


def may_read_plan(actor: Actor, plan: InspectionPlan) -> bool:
    """Whether the actor may open a plan: the same people whose lists show it."""
    wanted = set(plan.department_ids)
    secret = plan.manner is Manner.COVERT and plan.state is not PlanState.CARRIED_OUT
    if actor.can(words.READ_ALL):
        return not (secret and wanted & own_departments(actor.id))
    return actor.can(words.READ) and not secret and bool(wanted & departments_led(actor) or actor.id in plan.member_ids)


def visible_inspections(actor: Actor) -> ColumnElement[bool]:
    """The condition of the inspections that an actor reads: what was carried out is open to who leads there."""
    if actor.can(words.READ_ALL):
        return true()
    led = departments_led(actor)
    return Inspection.department_id.in_(sorted(led)) if led else false()


def may_read_inspection(actor: Actor, inspection: Inspection) -> bool:
    """Whether the actor may open an inspection."""
    return actor.can(words.READ_ALL) or (actor.can(words.READ) and inspection.department_id in departments_led(actor))


def visible_findings(actor: Actor) -> ColumnElement[bool]:
    """The condition of the findings that an actor reads: those of the departments led, and what concerns oneself."""
    if actor.can(words.READ_ALL):
        return true()
    led = departments_led(actor)
    mine = [InspectionFinding.person_id == actor.id]
    if actor.post_ids:
        mine.append(InspectionFinding.post_id.in_(actor.post_ids))
    if led:
        mine.append(InspectionFinding.department_id.in_(sorted(led)))
    return or_(*mine)


def may_read_finding(actor: Actor, finding: InspectionFinding) -> bool:
    """Whether the actor may open a finding and see its photos."""
    return actor.can(words.READ_ALL) or (
        actor.can(words.READ) and (finding.department_id in departments_led(actor) or concerned(actor, finding))
    )
