"""What the pages of results show: an edition by its address, what is under way, the history of a department."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import func, select
from werkzeug.exceptions import NotFound

from portal.kernel import epochs
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.monthly_result import paper, queries, rights
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import MonthlyResult, ResultRow, ResultState, Roll, RollKind
from portal.monthly_result.naming import Period
from portal.pure.months import month_after, month_text, read_month
from portal.pure.scoring import Subject
from portal.score_evidence import rights as evidence_rights
from portal.score_evidence.models import MonthState, ScoreMonth
from portal.score_table.vocabulary import SUBJECT_LABELS


def parse(typed: str) -> date:
    """The first day of a month of an address (2026-10). Raises NotFound."""
    found = read_month(typed)
    if found is None:
        raise NotFound()
    return found


def edition(actor: Actor, subject: str, month: date, typed: str = "") -> MonthlyResult:
    """An edition of a month: that of its number, else the newest published one, else the one under way.

    What is not published is there for who has a part in it alone. Raises NotFound.
    """
    query = select(MonthlyResult).where(MonthlyResult.subject == subject, MonthlyResult.month == month)
    found = list(db.session.scalars(query.order_by(MonthlyResult.edition.desc())))
    if not actor.can(words.FOLLOW):
        found = [each for each in found if each.published_at is not None]
    if typed:
        found = [each for each in found if str(each.edition) == typed]
    chosen = next((each for each in found if each.published_at is not None), found[0] if found else None)
    if chosen is None:
        raise NotFound()
    return chosen


def row_of(result: MonthlyResult, sort: int) -> ResultRow:
    """A row by where it stands in the list. Raises NotFound."""
    found = next((row for row in result.rows if row.sort == sort), None)
    if found is None:
        raise NotFound()
    return found


def may_open(actor: Actor, result: MonthlyResult, row: ResultRow) -> bool:
    """Whether the actor reads the lines of a row: who has a part in the result, and the scored (E-3)."""
    return actor.can(words.FOLLOW) or evidence_rights.may_read(actor, result.subject, row.subject_id)


@dataclass(frozen=True)
class Waiting:
    """Something that is not published yet, without rows of a session."""

    #: ``settled`` (nothing submitted yet), ``result`` or ``roll``.
    what: str
    state: str
    subject: str = ""
    month: date | None = None
    edition: int = 1
    kind: str = ""
    year: int = 0
    quarter: int = 0
    #: Who may not take the next step.
    barred: frozenset[int] = frozenset()


def under_way() -> tuple[Waiting, ...]:
    """Everything that waits for a step, from memory: read again only when a result, list or month has changed."""
    return epochs.cached(MonthlyResult.__epoch__, "under_way", _under_way, (ScoreMonth.__epoch__,))


def _under_way() -> tuple[Waiting, ...]:
    found = []
    begun = select(MonthlyResult.id).where(
        MonthlyResult.month == ScoreMonth.month, MonthlyResult.subject == ScoreMonth.subject
    )
    settled = select(ScoreMonth.month, ScoreMonth.subject).where(
        ScoreMonth.state == MonthState.SETTLED, ScoreMonth.frozen_at.is_(None), ~begun.exists()
    )
    for month, subject in db.session.execute(settled.order_by(ScoreMonth.month, ScoreMonth.subject)):
        found.append(Waiting("settled", "settled", str(subject), month))
    open_ones = select(MonthlyResult).where(MonthlyResult.published_at.is_(None))
    for each in db.session.scalars(open_ones.order_by(MonthlyResult.month, MonthlyResult.subject)):
        barred = frozenset[int]()
        if each.state is ResultState.SUBMITTED:
            barred = rights.hands(each) | {each.made_by_id}
        elif each.state is ResultState.REVIEWED and each.reviewed_by_id:
            barred = frozenset({each.reviewed_by_id})
        alone = rights.only_about(each)
        found.append(
            Waiting(
                "result", str(each.state), each.subject, each.month, each.edition,
                barred=barred | ({alone} if alone else frozenset()),
            )
        )  # fmt: skip
    for roll in db.session.scalars(select(Roll).where(Roll.published_at.is_(None)).order_by(Roll.id)):
        found.append(
            Waiting("roll", str(roll.state), edition=roll.edition, kind=str(roll.kind), year=roll.year,
                    quarter=roll.quarter)
        )  # fmt: skip
    return tuple(found)


def mine(actor: Actor) -> list[Waiting]:
    """What waits for a step that the actor may take."""
    found = []
    for each in under_way():
        if each.state in ("settled", ResultState.RETURNED, ResultState.DRAFT, ResultState.SIGNED):
            wanted = words.MANAGE
        elif each.state == ResultState.SUBMITTED:
            wanted = words.REVIEW
        else:  # reviewed results and proposed lists
            wanted = words.SIGN
        if actor.can(wanted) and actor.id not in each.barred:
            found.append(each)
    return found


def months(limit: int = 60) -> list[tuple[date, str, int, datetime]]:
    """The published months: (month, subject, newest edition, when it was published), the newest first."""
    newest = (
        select(MonthlyResult.month, MonthlyResult.subject, func.max(MonthlyResult.edition).label("edition"))
        .where(MonthlyResult.published_at.is_not(None))
        .group_by(MonthlyResult.month, MonthlyResult.subject)
        .order_by(MonthlyResult.month.desc(), MonthlyResult.subject)
        .limit(limit)
        .subquery()
    )
    query = select(newest.c.month, newest.c.subject, newest.c.edition, MonthlyResult.published_at).join(
        MonthlyResult,
        (MonthlyResult.month == newest.c.month)
        & (MonthlyResult.subject == newest.c.subject)
        & (MonthlyResult.edition == newest.c.edition),
    )
    rows = db.session.execute(query.order_by(newest.c.month.desc(), newest.c.subject))
    return [(month, subject, number, at) for month, subject, number, at in rows]


def history(subject: str, subject_id: int, last: date) -> list[tuple[date, ResultRow, int]]:
    """A subject's published rows of the twelve months up to one, each with its edition, in order."""
    ids = {key: month for month, key in queries.newest_results(subject, month_after(last, -11), last)}
    query = (
        select(ResultRow, MonthlyResult.edition)
        .join(MonthlyResult, MonthlyResult.id == ResultRow.result_id)
        .where(ResultRow.result_id.in_(ids), ResultRow.subject_id == subject_id)
    )
    found = [(ids[row.result_id], row, number) for row, number in db.session.execute(query)]
    return sorted(found, key=lambda each: each[0])


def newest_month(subject: str) -> date | None:
    """The newest published month."""
    return db.session.scalar(
        select(func.max(MonthlyResult.month)).where(
            MonthlyResult.subject == subject, MonthlyResult.published_at.is_not(None)
        )
    )


def step_words(each: Waiting) -> str:
    """The next step of something under way, in words."""
    if each.state == "settled":
        return _("提交审核")
    if each.state in (ResultState.RETURNED, ResultState.DRAFT):
        return _("修改并重新提交")
    if each.state == ResultState.SUBMITTED:
        return _("审核")
    if each.state == ResultState.SIGNED:
        return _("公布")
    return _("签发")


def title(each: Waiting) -> str:
    """What something under way is called."""
    if each.what == "roll":
        return paper.roll_title(Roll(kind=RollKind(each.kind), year=each.year, quarter=each.quarter))
    assert each.month is not None
    return _(
        "%(month)s 考评结果（%(subject)s）", month=month_text(each.month), subject=SUBJECT_LABELS[Subject(each.subject)]
    )


def url(each: Waiting) -> str:
    """Where its next step is taken."""
    if each.what == "roll":
        period = Period(each.year, each.quarter).text
        return url_for("monthly_result.roll", kind=each.kind, period=period)
    if each.what == "settled" or each.month is None:
        return url_for("monthly_result.index")
    return url_for("monthly_result.show", subject=each.subject, month=month_text(each.month), edition=each.edition)
