"""The verbs of a line: propose by hand, approve, refuse (E-3)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.pure.months import month_after
from portal.pure.scoring import FIGURED, Kind, Rule, Table, plain
from portal.score_evidence import collecting, queries, rights, service
from portal.score_evidence import vocabulary as words
from portal.score_evidence.models import LineOrigin, LineState, ScoreLine, ScoreMonth

#: What a manual line's files belong to, and the series of its number.
OWNER, SERIES = "score_line", "PJ"


@dataclass(frozen=True)
class Proposal:
    """What somebody says happened: whom it is about, under which rule, how much, when, found by whom."""

    subject_id: int | None
    rule: str
    quantity: Decimal | None
    points: Decimal | None
    happened_on: date | None
    note: str
    finder: str


def hand_rules(table: Table) -> list[Rule]:
    """The rules of a table under which lines may be proposed: those with a figure whose source is the hand."""
    return [rule for _category, rule in table.places.values() if "hand" in rule.source and not rule.unset]


def propose(
    actor: Actor, month: ScoreMonth, what: Proposal, uploads: Iterable[FileStorage], now: datetime
) -> ScoreLine:
    """Propose a manual line for a month that is not settled; somebody else approves it (E-3). ``month`` is locked.

    Raises NotAllowed; Conflict once the month is settled; Invalid for ``subject_id``, ``rule``, ``quantity``,
    ``points``, ``happened_on``, ``note``, ``finder``, ``files``.
    """
    if not actor.can(words.PROPOSE):
        raise NotAllowed(_("由办公室、督查组或者负责人提出人工依据。"), "E-3")
    if not rights.takes_lines(month):
        raise Conflict(_("这个月的考评依据已经确定，不能再提出。"), "E-3")
    table = month.version.table
    rule = next((each for each in hand_rules(table) if each.code == what.rule), None)
    if rule is None:
        raise Invalid("rule", _("请选择评分表中可以人工提出的规则。"), "E-2")
    term = collecting.at(month.month, now)
    if what.subject_id is None or what.subject_id not in collecting.subjects(month.subject, term):
        raise Invalid("subject_id", _("请选择被考评的对象。"), "E-3")
    _happened(what, month, clock.local(now).date())
    quantity, points = _amount(rule, what)
    if not what.note:
        raise Invalid("note", _("请写明发生了什么。"), "E-3")
    if not what.finder:
        raise Invalid("finder", _("请写明由谁发现。"), "E-3")
    number = numbers.take(SERIES, now)
    line = ScoreLine(
        score_month_id=month.id, subject=month.subject, subject_id=what.subject_id, year=month.month.year,
        rule=rule.code, key=f"hand:{number}", origin=LineOrigin.MANUAL, state=LineState.PROPOSED, quantity=quantity,
        points=points, scored=None, scoring="", happened_on=what.happened_on, source="", matter=number, endpoint="",
        values="{}", clue_number="", note=what.note, finder=what.finder, proposed_by_id=actor.id, proposed_at=now,
        decision="", ruled=False, changed_at=now,
    )  # fmt: skip
    db.session.add(line)
    db.session.flush()
    kept = files.store(uploads, OWNER, line.id, actor.id, now, policy.value("attachments.max_megabytes"))
    journal.record(
        words.LINE_PROPOSED, month, actor, now, rule=rule.text[:80], subject_id=line.subject_id,
        quantity=plain(quantity),
        points=None if points is None else plain(points), happened_on=line.happened_on, key=line.key,
        files=files.facts(kept), note=what.note, finder=what.finder,
    )  # fmt: skip
    return line


def _happened(what: Proposal, month: ScoreMonth, today: date) -> None:
    """A matter counts for the month in which it happened."""
    last = min(month_after(month.month, 1) - timedelta(days=1), today)
    if what.happened_on is None or not month.month <= what.happened_on <= last:
        raise Invalid("happened_on", _("请填写这个月内、今天以前的日期。"), "E-3")


def _amount(rule: Rule, what: Proposal) -> tuple[Decimal, Decimal | None]:
    """Quantity and points as the rule takes them. Raises Invalid."""
    if rule.kind is not Kind.RANGE:
        if what.points is not None:
            raise Invalid("points", _("这条规则的分值由评分表确定，不用填写。"), "E-2")
        if rule.kind in FIGURED:
            if what.quantity is None:
                raise Invalid("quantity", _("请填写这条规则所看的数值，比如百分比。"), "E-2")
        elif what.quantity is None or what.quantity <= 0:
            raise Invalid("quantity", _("请填写大于 0 的次数或者天数。"), "E-2")
        return what.quantity, None
    low, high = rule.low or Decimal(0), rule.high or Decimal(0)
    if what.points is None or not low <= what.points <= high:
        span = {"low": plain(low), "high": plain(high)}
        raise Invalid("points", _("分值应在 %(low)s 至 %(high)s 之间。", **span), "E-2")
    return Decimal(1), what.points


def _decides(actor: Actor, line: ScoreLine) -> None:
    if line.state is not LineState.PROPOSED:
        raise Conflict(_("这条依据已经处理，请刷新页面后查看。"), "E-3")
    if not rights.may_decide(actor, line):
        raise NotAllowed(_("由提出人以外、与被考评对象无关的人核准。"), "E-3")
    if not rights.takes_lines(line.month):
        raise Conflict(_("这个月的考评依据已经确定，不能再改。"), "E-3")


def approve(
    actor: Actor, month: ScoreMonth, line: ScoreLine, decision: str, now: datetime, points: Decimal | None = None
) -> None:
    """A second person approves a proposed line: it counts (E-3). ``month`` is locked, and ``line`` of it.

    A fact that the portal found under a discretionary rule is given its ``points`` here, with the reason. Raises
    NotAllowed, Conflict, Invalid for ``points`` and ``decision``.
    """
    _decides(actor, line)
    rule = month.version.table.rule(line.rule)
    if line.origin is LineOrigin.AUTOMATIC:
        _quantity, given = _amount(rule, Proposal(None, line.rule, Decimal(1), points, None, "", ""))
        if not decision:
            raise Invalid("decision", _("酌情给分须写明理由。"), "E-2")
        line.points = given
    line.state, line.decided_by_id, line.decided_at, line.decision = LineState.APPROVED, actor.id, now, decision
    line.changed_at = now
    if month.computed_at is not None:
        service.line_changed(month, line, None, "approved", now)
        service.shown_anew(month, now)
    journal.record(
        words.LINE_APPROVED, month, actor, now, rule=queries.called(line), key=line.key, line=line.id, decision=decision
    )


def refuse(actor: Actor, month: ScoreMonth, line: ScoreLine, decision: str, now: datetime) -> None:
    """A proposed line is not approved, with the reason. Raises NotAllowed, Conflict, Invalid for ``decision``."""
    _decides(actor, line)
    if not decision:
        raise Invalid("decision", _("请写明不核准的理由。"), "E-3")
    line.state, line.decided_by_id, line.decided_at, line.decision = LineState.REFUSED, actor.id, now, decision
    line.changed_at = now
    journal.record(
        words.LINE_REFUSED, month, actor, now, rule=queries.called(line), key=line.key, line=line.id, decision=decision
    )


def alike(line: ScoreLine) -> list[ScoreLine]:
    """Lines of the same subject and rule whose matter happened within a week: perhaps the same thing said twice."""
    near = timedelta(days=7)
    return [
        each
        for each in queries.of_subject(line.score_month_id, line.subject_id)
        if each.id != line.id
        and each.rule == line.rule
        and each.state in (LineState.APPROVED, LineState.PROPOSED)
        and abs(each.happened_on - line.happened_on) <= near
    ]
