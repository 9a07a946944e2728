"""The verbs: draw a week, try, record, give up, correct (S-5, D-6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.calendar import queries as calendar
from portal.callback import queries, rules
from portal.callback import vocabulary as words
from portal.callback.models import CallbackCall, CallbackDraw, CallState
from portal.cases.models import Case
from portal.client_opinion import service as opinions
from portal.client_opinion.models import OpinionKind, Source
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people.models import Department
from portal.policy import queries as policy
from portal.pure.deadlines import deadline


@dataclass(frozen=True)
class Result:
    """What a client said on the telephone."""

    attitude: int
    efficiency: int
    rules_kept: int
    suggestion: str = ""
    unfiled_denial: bool = False
    denial_facts: str = ""
    problem: str = ""


def _exists(week_on: date) -> bool:
    return db.session.scalar(select(CallbackDraw.id).where(CallbackDraw.week_on == week_on)) is not None


def draw(actor: Actor, week_on: date, now: datetime) -> CallbackDraw:
    """Draw a week that is over, once (S-5). Raises NotAllowed, Conflict when it was drawn or is not over."""
    if actor.id is not None and not actor.can(words.CALL):
        raise NotAllowed(_("由办公室或效能监督组抽取回访对象。"), "S-5")
    if week_on.weekday() != 0 or week_on >= rules.monday(clock.local(now).date()):
        raise Conflict(_("一周结束之后才能抽取这一周的回访对象。"), "S-5")
    # One draw at a time, also when several servers sweep at once.
    db.session.execute(select(Department.id).order_by(Department.id).limit(1).with_for_update())
    if _exists(week_on):
        raise Conflict(_("这一周已经抽取过，每周只抽取一次。"), "S-5")
    return _draw(actor, week_on, queries.frame(week_on), now)


def _draw(actor: Actor, week_on: date, frame: rules.Frame, now: datetime) -> CallbackDraw:
    week, wanted = rules.week_name(week_on), policy.value("callback.clients_a_week")
    head_seq, head_hash = queries.head_at(clock.day_start(week_on + timedelta(days=7)))
    seed = rules.seed_of(week, head_hash)
    chosen = rules.drawn(seed, frame.numbers, wanted)
    made = CallbackDraw(
        week_on=week_on,
        drawn_at=now,
        drawn_by_id=actor.id,
        head_seq=head_seq,
        head_hash=head_hash,
        seed=seed,
        wanted=wanted,
        frame="\n".join(frame.numbers),
        frame_size=len(frame.numbers),
        frame_digest=frame.digest,
        without_phone=frame.without_phone,
        same_client=frame.same_client,
    )
    db.session.add(made)
    due = deadline(now, policy.value("callback.call_within"), calendar.work_calendar()).at
    if due is None:
        raise ValueError("a limit without pauses always ends")
    cases = {case.number: case for case in db.session.scalars(select(Case).where(Case.number.in_(chosen)))}
    journal.record(
        words.DRAWN, made, actor, now, week=week, size=len(frame.numbers), drawn=len(chosen), wanted=wanted,
        without_phone=frame.without_phone, same_client=frame.same_client, head=head_seq, seed=seed,
        digest=frame.digest,
    )  # fmt: skip
    for place, number in enumerate(chosen, 1):
        case = cases[number]
        call = CallbackCall(place=place, case_id=case.id, department_id=case.department_id, due_at=due)
        made.calls.append(call)
        journal.record(words.CHOSEN, call, actor, now, week=week, place=place)
    return made


def _open(actor: Actor, call: CallbackCall) -> None:
    if not queries.may_call(actor, call):
        raise NotAllowed(_("由办公室或效能监督组回访；办件的经办人不能回访自己的服务对象。"), "S-5")
    if call.state is not CallState.WAITING:
        raise Conflict(_("这次回访已经登记。"), "S-5")


def _week(call: CallbackCall) -> str:
    return rules.week_name(call.draw.week_on)


def try_call(actor: Actor, call: CallbackCall, now: datetime) -> None:
    """The client was called and not reached. Raises NotAllowed, Conflict."""
    _open(actor, call)
    call.attempts, call.tried_at = call.attempts + 1, now
    journal.record(words.TRIED, call, actor, now, week=_week(call), attempts=call.attempts)


def give_up(actor: Actor, call: CallbackCall, now: datetime) -> None:
    """The client could not be reached at all. Raises NotAllowed, Conflict before enough attempts."""
    _open(actor, call)
    wanted = policy.value("callback.attempts")
    if call.attempts < wanted:
        raise Conflict(_("联系满 %(n)s 次仍未接通的，才能登记为未能接通。", n=wanted), "S-5")
    _end(actor, call, CallState.UNREACHED, now)
    journal.record(words.UNREACHED, call, actor, now, week=_week(call), attempts=call.attempts)


def _end(actor: Actor, call: CallbackCall, state: CallState, now: datetime) -> None:
    call.state, call.called_at, call.called_by_id = state, now, actor.id
    call.called_on = clock.local(now).date()


def record(actor: Actor, call: CallbackCall, result: Result, now: datetime) -> None:
    """What the client said; a problem becomes an opinion with its own course (S-4), a refusal without filing is a fact
    for a clue (D-6). Raises NotAllowed, Conflict, Invalid."""
    _open(actor, call)
    for name in ("attitude", "efficiency", "rules_kept"):
        if getattr(result, name) not in rules.SCALE:
            raise Invalid(name, _("请选择评价。"), "S-5")
    if result.unfiled_denial and not result.denial_facts:
        raise Invalid("denial_facts", _("请写明什么事、什么时候、由谁口头拒绝。"), "D-6")
    call.attitude, call.efficiency, call.rules_kept = result.attitude, result.efficiency, result.rules_kept
    call.suggestion, call.unfiled_denial = result.suggestion, result.unfiled_denial
    call.denial_facts = result.denial_facts if result.unfiled_denial else ""
    call.attempts, call.tried_at = call.attempts + 1, now
    _end(actor, call, CallState.REACHED, now)
    if result.problem:
        made = opinions.open_opinion(
            OpinionKind.PROBLEM,
            result.problem,
            now,
            department_id=call.department_id,
            source=Source.CALLBACK,
            contact_name=call.case.client_name or call.case.client_unit,
            contact_phone=call.case.client_phone,
            case_id=call.case_id,
            actor=actor,
        )
        call.opinion_number = made.number
    journal.record(
        words.RECORDED, call, actor, now, week=_week(call), place=call.place, attitude=call.attitude,
        efficiency=call.efficiency, rules_kept=call.rules_kept, unfiled_denial=call.unfiled_denial,
        opinion=call.opinion_number,
    )  # fmt: skip


def withdraw_denial(actor: Actor, call: CallbackCall, reason: str, now: datetime) -> None:
    """Correct a tick that was wrong: it was no refusal without filing (D-6, J-3). Raises NotAllowed, Conflict,
    Invalid."""
    if not queries.may_call(actor, call):
        raise NotAllowed(_("由办公室或效能监督组回访；办件的经办人不能回访自己的服务对象。"), "S-5")
    if not call.unfiled_denial:
        raise Conflict(_("没有登记未经报备的否定。"), "D-6")
    if not reason:
        raise Invalid("text", _("请写明更正的理由。"), "J-3")
    call.unfiled_denial = False
    journal.record(words.DENIAL_WITHDRAWN, call, actor, now, week=_week(call), place=call.place, reason=reason)


def sweep(now: datetime) -> int:
    """Draw the week before, once it is over, unless nobody's case was closed in it; returns how many draws."""
    week_on = rules.monday(clock.local(now).date()) - timedelta(days=7)
    if _exists(week_on):
        return 0
    frame = queries.frame(week_on)
    if not frame.numbers and not frame.without_phone:
        return 0
    try:
        draw(SYSTEM, week_on, now)
    except Conflict:  # somebody else drew it meanwhile
        return 0
    return 1
