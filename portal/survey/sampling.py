"""A sample of a list of clients, drawn so that anybody can draw it again (S-2)."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, exists, select

from portal.kernel import journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy
from portal.pure.text import clean
from portal.survey import rules
from portal.survey import vocabulary as words
from portal.survey.models import Survey, SurveyClient
from portal.survey.rules import Audience

MOST_LISTED = 5000
LINE = 120


def _require(actor: Actor, survey: Survey) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("问卷由办公室管理。"))
    if survey.audience is not Audience.CODES or survey.closed_at is not None or survey.dropped_at is not None:
        raise Conflict(_("凭答卷码作答、没有截止的问卷才抽样。"), "S-2")
    if survey.replaced_at is not None:
        raise Conflict(_("这份问卷已经由新版代替。"), "S-2")
    if survey.drawn_at is not None:
        raise Conflict(_("样本已经抽取，名单不能再改。"), "S-2")


def least(survey: Survey) -> int:
    """How many of the list are to be drawn at least."""
    return rules.least_sample(survey.listed, policy.value("survey.sample_percent"))


def clients_of(survey: Survey, drawn: bool = False) -> list[SurveyClient]:
    """The list of clients in its order, or those that were drawn."""
    query = select(SurveyClient).where(SurveyClient.survey_id == survey.id).order_by(SurveyClient.position)
    return list(db.session.scalars(query.where(SurveyClient.drawn) if drawn else query))


def enlist(actor: Actor, survey: Survey, text: str, now: datetime) -> None:
    """Record the list from which is drawn, one client a line, instead of an earlier one; the same line counts once.

    Raises NotAllowed, Conflict for a survey without codes or one that was drawn for, Invalid for an empty or too long
    list.
    """
    _require(actor, survey)
    lines = list(dict.fromkeys(line for part in text.splitlines() if (line := " ".join(clean(part).split()))))
    if len(lines) < 2:
        raise Invalid("clients", _("请录入名单，每行一个服务对象，至少两个。"), "S-2")
    if len(lines) > MOST_LISTED:
        raise Invalid("clients", _("名单最多 %(n)s 个。", n=MOST_LISTED))
    if max(map(len, lines)) > LINE:
        raise Invalid("clients", _("每行最多 %(n)s 个字。", n=LINE))
    db.session.execute(
        delete(SurveyClient).where(SurveyClient.survey_id == survey.id),
        execution_options={"synchronize_session": False},
    )
    db.session.expire_all()
    db.session.add_all(SurveyClient(survey_id=survey.id, position=n, line=line) for n, line in enumerate(lines, 1))
    survey.listed, survey.list_digest = len(lines), rules.list_digest(lines)
    journal.record(words.LISTED, survey, actor, now, count=len(lines), digest=survey.list_digest)


def draw(actor: Actor, survey: Survey, count: int, now: datetime) -> None:
    """Draw the sample, once. The seed is the newest entry of the journal: nobody chooses it, everybody can read it.

    Raises NotAllowed, Conflict, Invalid when fewer than policy asks for, or more than are listed, are to be drawn.
    """
    _require(actor, survey)
    if not survey.listed:
        raise Conflict(_("请先录入服务对象名单。"), "S-2")
    lowest = least(survey)
    if not lowest <= count <= survey.listed:
        raise Invalid("count", _("应抽取 %(low)s 至 %(high)s 个。", low=lowest, high=survey.listed), "S-2")
    listed = clients_of(survey)
    seq, digest = journal.head()
    survey.seed = f"{seq}:{digest}"
    for place in rules.draw([c.line for c in listed], survey.seed, count):
        listed[place].drawn = True
    survey.drawn, survey.drawn_at, survey.drawn_by_id = count, now, actor.id
    journal.record(
        words.DRAWN,
        survey,
        actor,
        now,
        listed=survey.listed,
        drawn=count,
        digest=survey.list_digest,
        seed=survey.seed,
    )


def sweep_clients(now: datetime) -> int:
    """Erase the lists of surveys that closed long enough ago; what was drawn from how many stays."""
    before = now - timedelta(days=policy.value("survey.clients_kept_days"))
    old = (
        select(Survey)
        .where(
            Survey.closed_at.is_not(None),
            Survey.closed_at < before,
            Survey.listed > 0,
            exists().where(SurveyClient.survey_id == Survey.id),
        )
        .order_by(Survey.id)
        .with_for_update(skip_locked=True)
    )
    found = list(db.session.scalars(old))
    for survey in found:
        gone = db.session.execute(
            delete(SurveyClient).where(SurveyClient.survey_id == survey.id),
            execution_options={"synchronize_session": False},
        )
        journal.record(words.CLIENTS_ERASED, survey, SYSTEM, now, count=gone.rowcount)  # type: ignore[attr-defined]
    return len(found)
