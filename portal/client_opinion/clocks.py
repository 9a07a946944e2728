"""The limits of an opinion: contact, answer, rectification; what passes is recorded once (S-4, T-3)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from portal.ab_post import superiors
from portal.calendar import queries as calendar
from portal.client_opinion import rules
from portal.client_opinion import vocabulary as words
from portal.client_opinion.models import Opinion, OpinionRectification, OpinionState
from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.journal import EventKind
from portal.policy import queries as policy
from portal.post_duty.models import PostKind
from portal.reminder import service as reminder
from portal.reminder.models import Kind

BATCH = 200
S = OpinionState


def _within(start: datetime, key: str) -> datetime:
    return rules.due(start, policy.value(key), calendar.work_calendar())


def contact_due(opened_at: datetime) -> datetime:
    """Until when the client of a bad review is contacted."""
    return _within(opened_at, "client_opinion.contact_within")


def answer_due(approved_at: datetime) -> datetime:
    """Until when the client is told, counted from the leader's approval."""
    return _within(approved_at, "client_opinion.answer_within")


def rectify_due(noticed_at: datetime, received_at: datetime | None) -> datetime:
    """Until when the first rectification is due, counted from the receipt of the notice."""
    return rules.rectify_due(
        noticed_at,
        received_at,
        policy.value("client_opinion.notice_received_within"),
        policy.value("client_opinion.rectify_within"),
        calendar.work_calendar(),
    )


# --- what passes, each once ------------------------------------------------------------------------------------


def warn_contact(opinion: Opinion, now: datetime) -> int:
    """Record that the contact is overdue, unless it is not or was recorded; returns how many."""
    due = opinion.contact_due_at
    if due is None or now <= due or opinion.contact_warned_at is not None or opinion.contacted_at is not None:
        return 0
    opinion.contact_warned_at = now
    _record(words.CONTACT_OVERDUE, opinion, "contact", due, now)
    return 1


def warn_answer(opinion: Opinion, now: datetime) -> int:
    """Record that the answer is overdue, unless it is not or was recorded; returns how many."""
    due = opinion.answer_due_at
    if due is None or now <= due or opinion.answer_warned_at is not None or opinion.answered_at is not None:
        return 0
    opinion.answer_warned_at = now
    _record(words.ANSWER_OVERDUE, opinion, "answer", due, now)
    return 1


def warn_rectification(each: OpinionRectification, now: datetime) -> int:
    """Record that a rectification is overdue, unless it is not or was recorded; returns how many."""
    if now <= each.due_at or each.warned_at is not None or each.rectified_at is not None:
        return 0
    each.warned_at = now
    _record(words.RECTIFICATION_OVERDUE, each.opinion, f"rectify:{each.round}", each.due_at, now, round=each.round)
    return 1


def _record(kind: EventKind, opinion: Opinion, step: str, due: datetime, now: datetime, **facts: int) -> None:
    journal.record(kind, opinion, SYSTEM, now, number=opinion.number, due_at=due, **facts)
    told: list[int] = []
    for place in (PostKind.HEAD, PostKind.LEADER) if opinion.department_id else ():
        found = superiors.decider(place, opinion.department_id, told, now)
        if found is not None:
            told.append(found[0])
    title = words.overdue_title(step.partition(":")[0], opinion.number)
    reminder.tell(
        now, told, Kind.OVERDUE, f"opinion:{opinion.id}:{step}:late", title, "", "client_opinion.show",
        values={"number": opinion.number}, about_at=due,
    )  # fmt: skip


def sweep(now: datetime) -> int:
    """Record, once each, the limits that have passed; returns how many."""
    done = 0
    late = Opinion.contact_due_at < now, Opinion.contacted_at.is_(None), Opinion.contact_warned_at.is_(None)
    rows = select(Opinion).where(Opinion.contact_due_at.is_not(None), *late).order_by(Opinion.contact_due_at)
    for opinion in db.session.scalars(rows.limit(BATCH).with_for_update(skip_locked=True)):
        done += warn_contact(opinion, now)
    late = Opinion.answer_due_at < now, Opinion.answered_at.is_(None), Opinion.answer_warned_at.is_(None)
    rows = select(Opinion).where(Opinion.answer_due_at.is_not(None), *late).order_by(Opinion.answer_due_at)
    for opinion in db.session.scalars(rows.limit(BATCH).with_for_update(skip_locked=True)):
        done += warn_answer(opinion, now)
    waiting = (
        OpinionRectification.rectified_at.is_(None),
        OpinionRectification.warned_at.is_(None),
        OpinionRectification.due_at < now,
    )
    rounds = (
        select(OpinionRectification).join(OpinionRectification.opinion).where(*waiting, Opinion.state == S.RECTIFYING)
    )
    rounds = rounds.order_by(OpinionRectification.due_at).limit(BATCH).options(joinedload(OpinionRectification.opinion))
    for each in db.session.scalars(rounds.with_for_update(skip_locked=True, of=OpinionRectification)):
        done += warn_rectification(each, now)
    return done


def recompute(actor: Actor, now: datetime) -> int:
    """Derive the dates that still run anew after a change of the calendar (T-3); returns how many changed."""
    changed = 0
    rows = select(Opinion).where(Opinion.closed_at.is_(None)).order_by(Opinion.id).with_for_update()
    for opinion in db.session.scalars(rows.options(selectinload(Opinion.rounds))):
        last = opinion.last
        if opinion.contact_due_at is not None and opinion.contacted_at is None and opinion.contact_warned_at is None:
            due = contact_due(opinion.opened_at)
            changed += _moved(actor, opinion, "contact", opinion.contact_due_at, due, now)
            opinion.contact_due_at = due
        if opinion.answer_due_at is not None and opinion.answered_at is None and opinion.answer_warned_at is None:
            due = answer_due(opinion.approved_at or now)
            changed += _moved(actor, opinion, "answer", opinion.answer_due_at, due, now)
            opinion.answer_due_at = due
        if opinion.state is S.RECTIFYING and last is not None and last.warned_at is None:
            due = (
                rectify_due(last.asked_at, opinion.received_at)
                if last.round == 1
                else _within(last.asked_at, "client_opinion.rectify_within")
            )
            changed += _moved(actor, opinion, "rectification", last.due_at, due, now)
            last.due_at = due
    return changed


def _moved(actor: Actor, opinion: Opinion, step: str, old: datetime, due: datetime, now: datetime) -> int:
    if old == due:
        return 0
    journal.record(words.RECOMPUTED, opinion, actor, now, number=opinion.number, step=step, old_due=old, due=due)
    return 1
