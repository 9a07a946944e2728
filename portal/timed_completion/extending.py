"""The verbs of an extension (T-5): asked for in time, granted or refused by a superior, or fallen with the limit."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import or_, select

from portal.calendar import queries as calendar
from portal.cases import clocks
from portal.cases import queries as case_queries
from portal.cases import rules as case_rules
from portal.cases import service as cases
from portal.cases import vocabulary as case_words
from portal.cases.models import Case
from portal.kernel import journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure.numbering import check_code
from portal.timed_completion import queries, rules
from portal.timed_completion import vocabulary as words
from portal.timed_completion.models import CaseExtension, ExtensionState
from portal.timed_completion.service import secret

BATCH = 200


def standing_in_the_way(case: Case, now: datetime) -> str:
    """Why no extension can be asked for now; an empty text: nothing (T-5)."""
    if case.closed_at is not None:
        return _("办件已经结案。")
    if case.clock_from is None:
        return _("办件尚未受理，时限还没有开始计算。")
    if case_rules.is_late(now, case.due_at):
        return _("承诺期限已经届满，不能再申请延期，办件按超期处理。")
    if case.extended_days:
        return _("这件办件已经延期一次，不能再次延期。")
    if any(each.state is ExtensionState.WAITING for each in queries.extensions(case.id)):
        return _("已有一份延期申请等待决定。")
    return ""


def ask(actor: Actor, case: Case, days: int | None, reason: str, now: datetime) -> CaseExtension:
    """Ask for more working days before the limit ends (T-5); ``case`` is locked. The request stops no clock.

    Raises NotAllowed (AB-3), Conflict after the limit has ended, for a second extension or while one waits, Invalid
    for a number of days beyond the type's maximum or the statutory limit, or without a reason.
    """
    cases.handle(actor, case, now)
    if why := standing_in_the_way(case, now):
        raise Conflict(why, "T-5")
    most = queries.most_days(case)
    if days is None or not 1 <= days <= most:
        raise Invalid("days", _("延期应为 1 到 %(most)s 个工作日。", most=most), "T-5")
    if not reason:
        raise Invalid("reason", _("请写明延期理由。"), "T-5")
    _check_statutory(case, days, now)
    number = numbers.take("YQ", now)
    made = CaseExtension(
        number=number,
        check_code=check_code(number, secret()),
        case_id=case.id,
        department_id=case.department_id,
        days=days,
        statutory=case_rules.extends_statutory(queries.is_licence(case)),
        reason=reason,
        asked_at=now,
        asked_by_id=actor.id or 0,
        state=ExtensionState.WAITING,
        old_due_at=case.due_at,
        old_statutory_due_at=case.statutory_due_at,
    )
    db.session.add(made)
    journal.record(
        words.ASKED,
        case,
        actor,
        now,
        post_id=case.post_id,
        number=number,
        days=days,
        statutory=made.statutory,
        due=case.due_at,
        reason=reason,
    )
    return made


def _check_statutory(case: Case, days: int, now: datetime) -> None:
    facts = rules.extended(clocks.clock_facts(case), days, queries.is_licence(case))
    if rules.beyond_statutory(facts, calendar.of_department(case.department_id), now):
        raise Invalid("days", _("延期后的承诺期限将超过法定期限，请减少天数。"), "T-5")


def foreseen(case: Case, days: int) -> case_rules.Clocks:
    """Both clocks of a case as an extension would make them; nothing is changed."""
    facts = rules.extended(clocks.clock_facts(case), days, queries.is_licence(case))
    return case_rules.clocks(facts, calendar.of_department(case.department_id), case_queries.thresholds())


def decide(actor: Actor, extension: CaseExtension, case: Case, granted: bool, answer: str, now: datetime) -> None:
    """Grant or refuse a request, once and before the limit ends (T-5); both rows are locked, the case first.

    Raises NotAllowed for everybody but who decides now (never who asked or handled the case, also not for another),
    Conflict when it is decided or has fallen, Invalid for a refusal without words or beyond the statutory limit.
    """
    cases.settle(case, now)
    match queries.standing(extension, now):
        case ExtensionState.FALLEN:
            raise Conflict(_("申请在期限届满（或办件结案）前没有决定，已经失效，时限不变。"), "T-5")
        case ExtensionState.GRANTED | ExtensionState.REFUSED:
            raise Conflict(_("这份延期申请已经决定。"), "T-5")
    if not queries.may_decide(actor, extension, now):
        raise NotAllowed(_why_not(actor, extension), "T-5")
    if not granted and not answer:
        raise Invalid("answer", _("不批准时请写明理由。"), "T-5")
    if granted:
        _check_statutory(case, extension.days, now)
    ahead = foreseen(case, extension.days)
    extension.state = ExtensionState.GRANTED if granted else ExtensionState.REFUSED
    extension.decided_at, extension.decided_by_id, extension.answer = now, actor.id, answer
    extension.old_due_at, extension.old_statutory_due_at = case.due_at, case.statutory_due_at
    if not granted:
        journal.record(words.REFUSED, case, actor, now, number=extension.number, answer=answer)
        return
    extension.due_at, extension.statutory_due_at = ahead.due_at, ahead.statutory_due_at
    journal.record(words.GRANTED, case, actor, now, number=extension.number, days=extension.days, answer=answer)
    # The database lets a case be extended only by a grant that stands.
    db.session.flush()
    case.extended_days = extension.days
    case.statutory_extended_days = extension.days if extension.statutory else 0
    clocks.derive(case)
    journal.record(
        case_words.EXTENDED,
        case,
        actor,
        now,
        post_id=case.post_id,
        days=case.extended_days,
        statutory_days=case.statutory_extended_days,
        old_due=extension.old_due_at,
        due=case.due_at,
        old_statutory_due=extension.old_statutory_due_at,
        statutory_due=case.statutory_due_at,
    )


def _why_not(actor: Actor, extension: CaseExtension) -> str:
    if actor.id == extension.asked_by_id:
        return _("申请人不能批准自己的延期申请。")
    if actor.id in queries.handlers(extension.case_id):
        return _("您经办过这件办件，不能批准它的延期。")
    return _("这份延期申请现在不由您决定。")


def sweep(now: datetime) -> int:
    """Record the requests that fell undecided with their limit or their case (T-5), each once."""
    query = select(CaseExtension).join(Case, Case.id == CaseExtension.case_id)
    query = query.where(
        CaseExtension.state == ExtensionState.WAITING, or_(Case.closed_at.is_not(None), Case.due_at < now)
    )
    query = query.order_by(CaseExtension.id).limit(BATCH).with_for_update(of=CaseExtension, skip_locked=True)
    fallen = list(db.session.scalars(query))
    for extension in fallen:
        case = extension.case
        ends = [end for end in (case.due_at, case.closed_at) if end is not None and end <= now]
        extension.state, extension.decided_at = ExtensionState.FALLEN, now
        journal.record(
            words.FALLEN, case, SYSTEM, now, post_id=case.post_id, number=extension.number, at=min(ends, default=now)
        )
    return len(fallen)
