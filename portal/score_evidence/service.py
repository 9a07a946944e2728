"""The verbs of a month: open, compute, settle, freeze (E-3, E-6). With `lines` and `objections` the only writers."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from flask_babel import gettext as _
from sqlalchemy import Table as SqlTable
from sqlalchemy import insert, select, text

from portal.calendar import queries as calendar
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db, dialect
from portal.kernel.errors import Conflict, NotAllowed
from portal.policy import queries as policy
from portal.pure.months import month_after, month_text
from portal.pure.scoring import Kind, Result, Scored, Subject
from portal.score_evidence import changing, collecting, queries, telling
from portal.score_evidence import vocabulary as words
from portal.score_evidence.collecting import Key, Piece
from portal.score_evidence.models import (
    LineOrigin,
    LineState,
    MonthState,
    Objection,
    ObjectionState,
    ScoreChange,
    ScoreLine,
    ScoreMonth,
    ScoreResult,
)
from portal.score_table import queries as tables

_ONE_AT_A_TIME = 0x73636F72
#: Months opened at once at most, when the sweeps have slept or a table holds from an earlier month on.
MOST_MONTHS = 13
#: A line, what it counted before, and why it counts otherwise.
Told = tuple[int, Decimal | None, str]
_LINES, _CHANGES = cast(SqlTable, ScoreLine.__table__), cast(SqlTable, ScoreChange.__table__)


@dataclass
class Changes:
    """What a computation changes: lines that come, lines that count otherwise with the reason."""

    added: list[Piece] = field(default_factory=list)
    changed: list[tuple[ScoreLine, Piece | None, str]] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.added) + len(self.changed)

    @property
    def subjects(self) -> list[int]:
        """Whose lines change."""
        return sorted({p.found.subject_id for p in self.added} | {row.subject_id for row, _p, _why in self.changed})


# --- opening --------------------------------------------------------------------------------------------------


def open_months(now: datetime) -> int:
    """Open the months for which a score table holds, up to the present one; returns how many. Twice changes nothing."""
    this, made = clock.local(now).date().replace(day=1), 0
    wanted = {each: queries.newest(each) for each in Subject}
    if all(newest is not None and newest >= this for newest in wanted.values()):
        return 0
    if not any(tables.held(each, this) for each in Subject):
        return 0
    if dialect() == "postgresql":
        taken = db.session.scalar(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": _ONE_AT_A_TIME})
        if not taken:
            return 0
    for subject in Subject:
        there = set(db.session.scalars(select(ScoreMonth.month).where(ScoreMonth.subject == subject)))
        newest = max(there, default=None)
        month = month_after(this, 1 - MOST_MONTHS) if newest is None else month_after(newest, 1)
        while month <= this:
            held = tables.held(subject, month)
            if held is not None and month not in there:
                opened = ScoreMonth(
                    month=month, subject=subject, state=MonthState.OPEN, version_id=held.id, opened_at=now, revision=0
                )
                db.session.add(opened)
                journal.record(
                    words.OPENED, opened, SYSTEM, now, month=month_text(month), subject=str(subject), version=held.id
                )
                made += 1
            month = month_after(month, 1)
    return made


# --- computing ------------------------------------------------------------------------------------------------


def may_compute(month: ScoreMonth, now: datetime) -> bool:
    """Whether a month can be computed: it is over and not published."""
    return now >= clock.day_start(month_after(month.month, 1)) and month.frozen_at is None


def compute(actor: Actor, month: ScoreMonth, now: datetime) -> int:
    """Derive the automatic lines from the facts, score every subject, show what changed; returns how many lines did.

    ``month`` is locked. From the same facts the same result follows to the last digit, however often. Raises
    NotAllowed; Conflict while the month lasts, or once it is published.
    """
    if not actor.can(words.COMPUTE):
        raise NotAllowed(_("由办公室计算考评结果。"), "E-3")
    if month.frozen_at is not None:
        raise Conflict(_("这个月的考评结果已经公布，不能再改。"), "E-6")
    if not may_compute(month, now):
        raise Conflict(_("这个月还没有结束，结束以后再计算。"), "E-3")
    return recompute(actor, month, now)


def recompute(actor: Actor, month: ScoreMonth, now: datetime) -> int:
    """As `compute`, once it is clear that it may be done."""
    first = month.computed_at is None
    if first:
        held = tables.held(month.subject, month.month)
        month.version_id = held.id if held else month.version_id
        db.session.flush()
        db.session.refresh(month, ["version"])
    found = _changes(month, now)
    if not first and not found:
        digest = collecting.digest(queries.results(month.subject, month.month))
        journal.record(
            words.RECHECKED, month, actor, now, month=month_text(month.month), subject=str(month.subject), digest=digest
        )
        return 0
    month.revision += 1
    worse, told, quantities = _apply(month, found, first, now)
    results = _score(month, _subjects(month, now), told, now)
    if first or worse:
        state, until = _running_state(month), _until(now)
        month.state, month.objections_until, month.settled_at = state, until, None
    if first:
        month.computed_at, month.computed_by_id = now, actor.id
        telling.shown(month, results, now)
    elif worse:
        telling.shown(month, found.subjects, now, again=True)
    journal.record(
        words.COMPUTED, month, actor, now, month=month_text(month.month), subject=str(month.subject),
        subjects=len(results), lines=sum(len(r.scored) for r in results.values()), changed=0 if first else len(found),
        until=month.objections_until, revision=month.revision, digest=collecting.digest(results),
        quantities=quantities,
    )  # fmt: skip
    return len(found)


def _until(now: datetime) -> date:
    days: int = policy.value("score_evidence.object_within")
    return calendar.work_calendar().add_workdays(clock.local(now).date(), days)


def _subjects(month: ScoreMonth, now: datetime) -> list[int]:
    """Who is scored: as it was when the month was computed first."""
    known = db.session.scalars(select(ScoreResult.subject_id).where(ScoreResult.score_month_id == month.id)).all()
    return sorted(known) or collecting.subjects(month.subject, collecting.at(month.month, now))


def _changes(month: ScoreMonth, now: datetime) -> Changes:
    """What the facts say otherwise than the lines; reads alone."""
    table = month.version.table
    facts = collecting.pieces(table, collecting.at(month.month, now), _subjects(month, now))
    twice = collecting.elsewhere(table, month.month, month.id, facts)
    rows: dict[Key, ScoreLine] = {}
    found = Changes()
    held: set[Key] = set()
    for row in queries.every_line(month.id):
        key = (row.subject_id, row.rule, row.key)
        if row.origin is LineOrigin.MANUAL:
            if row.state in (LineState.APPROVED, LineState.PROPOSED):
                held.add(key)
                if row.state is LineState.APPROVED and not collecting.fits(table, queries.as_line(row)):
                    found.changed.append((row, None, "rule_gone"))
            continue
        rows[key] = row
    for key, row in rows.items():
        why = _difference(row, None if key in twice else facts.get(key))
        if why:
            found.changed.append((row, facts.get(key) if why != "fact_gone" else None, why))
    found.added = [piece for key, piece in facts.items() if key not in rows and key not in twice and key not in held]
    return found


def _difference(row: ScoreLine, piece: Piece | None) -> str:
    """Why a line has to change for its fact; empty: it stays."""
    if piece is None:
        return "fact_gone" if row.state in (LineState.APPROVED, LineState.PROPOSED) else ""
    if row.ruled or row.state is LineState.REFUSED:
        return ""
    if row.state is LineState.STRUCK:
        return "fact_back"
    return "fact_changed" if row.quantity != piece.found.quantity else ""


def _apply(
    month: ScoreMonth, found: Changes, first: bool, now: datetime
) -> tuple[bool, list[Told], dict[str, list[str]]]:
    """Write the changes of lines; whether any may be to somebody's disadvantage, what is to be told of them, and the
    quantities that are others now."""
    worse, told, quantities = bool(found.added), list[Told](), dict[str, list[str]]()
    for row, piece, why in found.changed:
        before = row.scored if row.state is LineState.APPROVED else None
        if piece is None:
            row.state = LineState.STRUCK
        else:
            was = row.quantity
            row.quantity, row.state = piece.found.quantity, _begins(piece)
            quantities |= changing.kept(row, was)
        row.changed_at = now
        worse = worse or piece is not None or (before is not None and before > 0)
        told.append((row.id, before, why))
    if found.added:
        db.session.execute(insert(_LINES), [_row(month, piece, now) for piece in found.added])
    db.session.flush()
    if found.added and not first:
        keys = {piece.key for piece in found.added}
        told += [
            (row.id, None, "new_fact")
            for row in queries.every_line(month.id)
            if row.origin is LineOrigin.AUTOMATIC and (row.subject_id, row.rule, row.key) in keys
        ]
    return worse, told, quantities


def _begins(piece: Piece) -> LineState:
    """A discretionary rule needs somebody who says how much; the others count at once."""
    return LineState.PROPOSED if piece.rule.kind is Kind.RANGE else LineState.APPROVED


def _row(month: ScoreMonth, piece: Piece, now: datetime) -> dict[str, Any]:
    fact = piece.found
    return {
        "score_month_id": month.id, "subject": month.subject, "subject_id": fact.subject_id, "year": month.month.year,
        "rule": piece.rule.code, "key": fact.key, "origin": LineOrigin.AUTOMATIC, "state": _begins(piece),
        "quantity": fact.quantity, "points": None, "scored": None, "scoring": "", "happened_on": fact.on,
        "source": piece.source, "matter": fact.matter, "endpoint": fact.endpoint,
        "page_values": json.dumps(dict(fact.values), ensure_ascii=False, sort_keys=True),
        "clue_number": fact.clue_number, "note": "", "finder": "", "decision": "", "ruled": False, "changed_at": now,
    }  # fmt: skip


# --- results --------------------------------------------------------------------------------------------------


def _score(month: ScoreMonth, who: Iterable[int], told: Iterable[Told], now: datetime) -> dict[int, Result]:
    """Score subjects from their lines as they stand, write what each line and subject comes to, tell what changed."""
    wanted = frozenset(who)
    rows = [row for row in queries.every_line(month.id) if row.subject_id in wanted]
    results = collecting.scored(month.version.table, collecting.by_subject(rows, wanted))
    points: dict[tuple[int, str], Scored] = {
        (subject_id, one.line.key): one for subject_id, result in results.items() for one in result.scored
    }
    for row in rows:
        one = points.get((row.subject_id, f"{row.rule}|{row.key}"))
        worth, note = (one.points, str(one.note)) if one and row.state is LineState.APPROVED else (None, "")
        if (row.scored, row.scoring) != (worth, note):
            row.scored, row.scoring = worth, note
    kept = {r.subject_id: r for r in queries.stored(month.id) if r.subject_id in wanted}
    for subject_id, result in results.items():
        into = kept.get(subject_id)
        if into is None:
            into = ScoreResult(score_month_id=month.id, subject_id=subject_id)
            db.session.add(into)
        into.total, into.lines = result.total, len(result.scored)
        into.categories = json.dumps({c.code: f"{c.points:f}" for c in result.categories})
        into.disqualified_by = ",".join(each.rule for each in result.disqualified_by)
    worth_of = {row.id: row.scored for row in rows}
    values = [
        {
            "score_month_id": month.id, "line_id": line_id, "revision": month.revision, "at": now, "old": old,
            "new": worth_of[line_id], "why": why,
        }
        for line_id, old, why in told
    ]  # fmt: skip
    if values:
        db.session.execute(insert(_CHANGES), values)
    db.session.flush()
    return results


def line_changed(month: ScoreMonth, line: ScoreLine, old: Decimal | None, why: str, now: datetime) -> None:
    """Score the subject of one line anew after a decision about it: exactly that line counts otherwise (E-3)."""
    month.revision += 1
    db.session.flush()
    _score(month, [line.subject_id], [(line.id, old, why)], now)


def shown_anew(month: ScoreMonth, now: datetime) -> None:
    """A line has come after the month was shown: its subject has the full days to object to it."""
    if month.objections_until is not None:
        month.objections_until = max(month.objections_until, _until(now))


# --- settling -------------------------------------------------------------------------------------------------


def open_objections(month: ScoreMonth) -> int:
    """How many objections of a month wait for their ruling."""
    query = select(db.func.count()).where(Objection.score_month_id == month.id, Objection.state == ObjectionState.OPEN)
    return db.session.scalar(query) or 0


def proposed_lines(month: ScoreMonth) -> int:
    """How many lines of a month wait for their approval."""
    query = select(db.func.count()).where(ScoreLine.score_month_id == month.id, ScoreLine.state == LineState.PROPOSED)
    return db.session.scalar(query) or 0


def _running_state(month: ScoreMonth) -> MonthState:
    return MonthState.OBJECTIONS if month.id and open_objections(month) else MonthState.COMPUTED


def turn(actor: Actor, month: ScoreMonth, now: datetime) -> None:
    """Bring the state of a computed month in line with its objections."""
    state = _running_state(month)
    if month.state is not state and month.computed_at is not None and month.settled_at is None:
        month.state = state
        journal.record(
            words.MOVED, month, actor, now, month=month_text(month.month), subject=str(month.subject), state=str(state)
        )


def hindrance(month: ScoreMonth, now: datetime) -> str:
    """Why a month cannot be settled yet; empty when it can."""
    if month.computed_at is None or month.objections_until is None:
        return _("还没有计算。")
    if open_objections(month):
        return _("还有异议没有裁定。")
    if clock.local(now).date() <= month.objections_until:
        return _("提出异议的期限还没有过。")
    if proposed_lines(month):
        return _("还有依据没有核准。")
    return ""


def settle(actor: Actor, month: ScoreMonth, now: datetime) -> None:
    """The evidence of a month is settled: the time for objections is over, all are ruled (E-3, E-6).

    ``month`` is locked; the facts are read once more before. Raises NotAllowed, Conflict.
    """
    if actor is not SYSTEM and not actor.can(words.COMPUTE):
        raise NotAllowed(_("由办公室确定考评依据。"), "E-3")
    if month.state is MonthState.SETTLED:
        raise Conflict(_("这个月的考评依据已经确定。"), "E-3")
    why = hindrance(month, now)
    if why:
        raise Conflict(why, "E-3")
    if recompute(actor, month, now) and hindrance(month, now):
        return
    month.state, month.settled_at = MonthState.SETTLED, now
    journal.record(
        words.SETTLED, month, actor, now, month=month_text(month.month), subject=str(month.subject),
        revision=month.revision, digest=collecting.digest(queries.results(month.subject, month.month)),
    )  # fmt: skip


def reopen(actor: Actor, month: ScoreMonth, now: datetime) -> None:
    """The result of a settled month was sent back: lines may be proposed again, and the scored object anew (E-3, E-6).

    ``month`` is locked; called by the room that reviews, which knows who may. Raises Conflict once it is published.
    """
    if month.frozen_at is not None:
        raise Conflict(_("这个月的考评结果已经公布，不能再改。"), "E-6")
    if month.settled_at is None:
        return
    month.state, month.settled_at, month.objections_until = _running_state(month), None, _until(now)
    facts = {"month": month_text(month.month), "subject": str(month.subject), "state": str(month.state)}
    journal.record(words.MOVED, month, actor, now, **facts)  # type: ignore[arg-type]


def freeze(actor: Actor, month: ScoreMonth, now: datetime) -> None:
    """The month is published: from here on the database refuses every change of it (E-6).

    ``month`` is locked; called by the room that publishes. Raises Conflict when it is not settled, or when facts have
    changed since: then it is computed again first.
    """
    if month.frozen_at is not None:
        return
    if month.state is not MonthState.SETTLED:
        raise Conflict(_("考评依据还没有确定，不能公布。"), "E-6")
    if _changes(month, now):
        raise Conflict(_("有事实已经更正，请先重新计算这个月的考评，再公布。"), "E-3")
    month.frozen_at = now
    journal.record(
        words.FROZEN, month, actor, now, month=month_text(month.month), subject=str(month.subject),
        revision=month.revision, digest=collecting.digest(queries.results(month.subject, month.month)),
    )  # fmt: skip
