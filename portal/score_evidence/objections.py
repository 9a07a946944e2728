"""The verbs of an objection: raise it line by line, rule on it, note that a ruling is late (E-3)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from flask_babel import gettext as _
from sqlalchemy import select

from portal.calendar import queries as calendar
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.pure.months import month_text
from portal.pure.scoring import plain
from portal.score_evidence import changing, collecting, queries, rights, service
from portal.score_evidence import vocabulary as words
from portal.score_evidence.models import LineState, MonthState, Objection, ObjectionState, ScoreLine, ScoreMonth


def may_object(actor: Actor, month: ScoreMonth, line: ScoreLine, now: datetime) -> bool:
    """Whether the actor may object to a line now: it counts, it is their own, the days for it are not over."""
    return (
        month.state in (MonthState.COMPUTED, MonthState.OBJECTIONS)
        and month.objections_until is not None
        and clock.local(now).date() <= month.objections_until
        and line.state is LineState.APPROVED
        and rights.speaks_for(actor, line.subject, line.subject_id)
        and not _spoken(line)
    )


def _spoken(line: ScoreLine) -> bool:
    """Whether there is an objection to the line as it stands: open, or ruled since the line changed last."""
    query = select(Objection.state, Objection.ruled_at).where(Objection.line_id == line.id)
    return any(
        state is ObjectionState.OPEN or (ruled_at is not None and ruled_at >= line.changed_at)
        for state, ruled_at in db.session.execute(query)
    )


def object_to(actor: Actor, month: ScoreMonth, line: ScoreLine, text: str, now: datetime) -> Objection:
    """The scored object to one line, once as it stands. ``month`` is locked, and ``line`` of it.

    Raises NotAllowed for anybody else, Conflict when the days are over or it was objected to, Invalid for ``text``.
    """
    if not rights.speaks_for(actor, line.subject, line.subject_id):
        raise NotAllowed(_("由被考评的本人或者科室负责人提出异议。"), "E-3")
    if not may_object(actor, month, line, now):
        raise Conflict(_("这条依据现在不能提出异议：期限已过，或者已经提出过。"), "E-3")
    if not text:
        raise Invalid("text", _("请写明异议的理由。"), "E-3")
    days: int = policy.value("score_evidence.rule_within")
    due = calendar.work_calendar().add_workdays(clock.local(now).date(), days)
    made = Objection(
        score_month_id=month.id, line_id=line.id, text=text, raised_by_id=actor.id, raised_at=now, due_on=due,
        state=ObjectionState.OPEN, ruling="",
    )  # fmt: skip
    db.session.add(made)
    journal.record(
        words.OBJECTED, made, actor, now, month=month_text(month.month), rule=queries.called(line), key=line.key,
        line=line.id,
        due=due, text=text,
    )  # fmt: skip
    service.turn(actor, month, now)
    return made


def rule(
    actor: Actor,
    month: ScoreMonth,
    objection: Objection,
    upheld: bool,
    ruling: str,
    now: datetime,
    *,
    quantity: Decimal | None = None,
    points: Decimal | None = None,
) -> None:
    """Somebody else rules, with the reason (E-3). ``month`` is locked, and ``objection`` of it.

    Upheld without ``quantity`` and ``points``: the line is struck; with one of them: it counts with that instead. No
    other line changes. Raises NotAllowed, Conflict, Invalid for ``ruling``, ``quantity``, ``points``.
    """
    if not rights.may_rule(actor, objection):
        raise NotAllowed(_("由异议人、被考评对象和提出、核准依据的人以外的人裁定。"), "E-3")
    if objection.state is not ObjectionState.OPEN:
        raise Conflict(_("这条异议已经裁定，请刷新页面后查看。"), "E-3")
    if not ruling:
        raise Invalid("ruling", _("请写明裁定的理由。"), "E-3")
    line = objection.line
    objection.state = ObjectionState.UPHELD if upheld else ObjectionState.REFUSED
    objection.ruled_by_id, objection.ruled_at, objection.ruling = actor.id, now, ruling
    if upheld:
        objection.new_quantity, objection.new_points = quantity, points
    else:
        journal.record(
            words.OBJECTION_REFUSED,
            objection,
            actor,
            now,
            rule=queries.called(line),
            key=line.key,
            line=line.id,
            ruling=ruling,
        )
        service.turn(actor, month, now)
        return
    old = line.scored if line.state is LineState.APPROVED else None
    counted = line.quantity
    _change(month, line, quantity, points)
    line.ruled, line.changed_at = True, now
    service.line_changed(month, line, old, "upheld", now)
    was, becomes = _said(old), _said(line.scored)
    journal.record(
        words.UPHELD, objection, actor, now, rule=queries.called(line), key=line.key,
        line=line.id, ruling=ruling, old=was,
        new=becomes, quantity=None if quantity is None else plain(quantity),
        points=None if points is None else plain(points),
    )  # fmt: skip
    journal.record(
        words.LINE_CHANGED, month, actor, now, month=month_text(month.month), rule=queries.called(line), key=line.key,
        line=line.id, old=was, new=becomes, revision=month.revision, quantities=changing.kept(line, counted),
    )  # fmt: skip
    service.turn(actor, month, now)


def _said(points: Decimal | None) -> str:
    return plain(points) if points is not None else "0"


def _change(month: ScoreMonth, line: ScoreLine, quantity: Decimal | None, points: Decimal | None) -> None:
    """Strike a line, or count it with another quantity or other points. Raises Invalid for what the rule refuses."""
    if quantity is None and points is None:
        line.state = LineState.STRUCK
        return
    if quantity is not None and quantity < 0:
        raise Invalid("quantity", _("请填写不小于 0 的数。"), "E-2")
    new = queries.as_line(line)
    if quantity is not None:
        line.quantity = quantity
    if points is not None:
        line.points = points
    now_said = queries.as_line(line)
    if now_said == new:
        raise Invalid("quantity", _("改后的数量或者分值与原来相同。"), "E-3")
    if not collecting.fits(month.version.table, now_said):
        field = "points" if points is not None else "quantity"
        raise Invalid(field, _("评分表的这条规则不能这样计分。"), "E-2")


def note_late(now: datetime) -> int:
    """Record once that the days for a ruling have passed (E-3); returns how many."""
    today = clock.local(now).date()
    if not any(each.due < today and not each.warned for each in queries.open_objections()):
        return 0
    query = select(Objection).where(
        Objection.state == ObjectionState.OPEN, Objection.due_on < today, Objection.warned_at.is_(None)
    )
    done = 0
    for each in db.session.scalars(query.with_for_update(skip_locked=True)):
        each.warned_at = now
        month, line = db.session.get_one(ScoreMonth, each.score_month_id), each.line
        journal.record(
            words.RULING_LATE,
            each,
            SYSTEM,
            now,
            month=month_text(month.month),
            rule=queries.called(line),
            due=each.due_on,
        )
        done += 1
    return done
