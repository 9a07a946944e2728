"""One-time codes and papers: issue, lay down, answer (S-2).

Nothing here is journalled one by one, and nothing is kept that has a time finer than the day: who answered, when and
with which code cannot be told from the database afterwards.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select, text

from portal.kernel import clock, journal, urn
from portal.kernel.actor import Actor
from portal.kernel.db import connection, db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.secrecy import keyed
from portal.people import queries as people
from portal.policy import queries as policy
from portal.survey import queries, rules
from portal.survey import vocabulary as words
from portal.survey.models import Survey, SurveyCode, SurveyCount, SurveyPaper
from portal.survey.rules import ALPHABET, CODE_LENGTH, Audience, QuestionKind, Standing

#: How many codes are made at once, and for a survey altogether, at most.
MOST_AT_ONCE, MOST_CODES = 1000, 20_000
#: Counts against floods are forgotten after this many days.
_COUNTS_KEPT = timedelta(days=2)
_ALL = "all"


class TooMany(Exception):
    """Too many answers, or too many wrong codes, from one address or altogether today."""


class NotRunning(Exception):
    """The survey has not begun, or is over."""


def digest_of(token: str, code: str) -> str:
    """What stands for a code in the database."""
    return keyed(f"survey code {token} {rules.read_code(code)}").hex()


def own_code(token: str, user_id: int) -> str:
    """The code of a member of staff for one survey: made from the site's secret, stored nowhere."""
    return "".join(ALPHABET[b % len(ALPHABET)] for b in keyed(f"survey own {token} {user_id}")[:CODE_LENGTH])


def _keep(survey: Survey, made: list[str]) -> None:
    rows = sorted(digest_of(survey.token or "", code) for code in made)
    if rows:
        db.session.execute(insert(SurveyCode), [{"digest": d, "survey_id": survey.id} for d in rows])
    survey.codes_issued += len(rows)


def lay_down(survey: Survey) -> None:
    """Let the code of everybody who serves in the survey's departments work."""
    members = {user_id for d in survey.departments for user_id, _name in people.people_in_service(d.id)}
    _keep(survey, [own_code(survey.token or "", user_id) for user_id in members])


def issue(actor: Actor, survey: Survey, count: int, void: bool, now: datetime) -> list[str]:
    """Make new codes, to be printed now: they are stored as digests only and cannot be shown again (S-2).

    ``void``: codes that were not used no longer work. Raises NotAllowed, Conflict for a survey without codes or one
    that is not running, Invalid for too many.
    """
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("问卷由办公室管理。"))
    if survey.audience is not Audience.CODES or queries.standing(survey, now) not in (Standing.AHEAD, Standing.OPEN):
        raise Conflict(_("发布以后、截止以前，才能为凭码作答的问卷生成答卷码。"), "S-2")
    gone = queries.codes_left(survey) if void else 0
    if not 0 < count <= MOST_AT_ONCE or survey.codes_issued + count > MOST_CODES:
        raise Invalid("count", _("一次最多生成 %(n)s 个，一份问卷最多 %(all)s 个。", n=MOST_AT_ONCE, all=MOST_CODES))
    if void:
        db.session.execute(delete(SurveyCode).where(SurveyCode.survey_id == survey.id))
        survey.codes_void += gone
    made: set[str] = set()
    while len(made) < count:
        made.add("".join(secrets.choice(ALPHABET) for _n in range(CODE_LENGTH)))
    _keep(survey, list(made))
    journal.record(words.CODES_ISSUED, survey, actor, now, count=count, void=gone)
    return sorted(made)


def still_works(survey_id: int, token: str, code: str) -> bool:
    """Whether a code was not used yet."""
    query = select(SurveyCode.survey_id).where(SurveyCode.digest == digest_of(token, code))
    return db.session.scalar(query) == survey_id


# --- answering ------------------------------------------------------------------------------------------------

_COUNT = text(
    "INSERT INTO survey_count (survey_id, day, subject, answers, wrong)"
    " VALUES (:survey, :day, :subject, :answers, :wrong) ON CONFLICT (survey_id, day, subject)"
    " DO UPDATE SET answers = survey_count.answers + :answers, wrong = survey_count.wrong + :wrong"
)


def _count(survey: Survey, day: date, subject: str, answers: int = 0, wrong: int = 0) -> None:
    values = {"survey": survey.id, "day": day, "subject": subject, "answers": answers, "wrong": wrong}
    connection().execute(_COUNT, values)


def _subject(what: str, day: date, said: str) -> str:
    return keyed(f"survey {what} {day.isoformat()} {said}").hex()[:48]


def _counts(survey: Survey, day: date, subjects: tuple[str, ...]) -> dict[str, tuple[int, int]]:
    rows = db.session.execute(
        select(SurveyCount.subject, SurveyCount.answers, SurveyCount.wrong).where(
            SurveyCount.survey_id == survey.id, SurveyCount.day == day, SurveyCount.subject.in_(subjects)
        )
    )
    return {subject: (answers, wrong) for subject, answers, wrong in rows}


def answer(
    survey: Survey,
    given: Mapping[int, tuple[str, ...]],
    now: datetime,
    *,
    code: str = "",
    address: str = "",
    form_key: str | None = None,
) -> bool:
    """Put an answer into the urn (S-2); the caller has locked the survey's row. The same form sent twice counts once.

    ``given`` holds what was chosen or written by question, already checked against the questions. Returns False when
    a code was wrong or used: that is counted against its address, and nothing else has happened. Raises NotRunning,
    TooMany.
    """
    if queries.standing(survey, now) is not Standing.OPEN:
        raise NotRunning
    day = clock.local(now).date()
    here = _subject("address", day, address)
    form = _subject("form", day, form_key) if form_key else ""
    counts = _counts(survey, day, (here, _ALL, form))
    if form and form in counts:
        return True
    by_address, wrong = counts.get(here, (0, 0))
    by_code = survey.audience is not Audience.LINK
    if wrong >= policy.value("survey.wrong_codes") and by_code:
        raise TooMany
    if not by_code and by_address >= policy.value("survey.answers_per_address"):
        raise TooMany
    if counts.get(_ALL, (0, 0))[0] >= policy.value("survey.answers_per_day"):
        raise TooMany
    if by_code:
        spent = delete(SurveyCode).where(
            SurveyCode.digest == digest_of(survey.token or "", code), SurveyCode.survey_id == survey.id
        )
        if db.session.execute(spent).rowcount != 1:  # type: ignore[attr-defined]
            _count(survey, day, here, wrong=1)
            return False
    _put(survey, given)
    if not by_code:
        _count(survey, day, here, answers=1)
    _count(survey, day, _ALL, answers=1)
    if form:
        _count(survey, day, form)
    return True


def _put(survey: Survey, given: Mapping[int, tuple[str, ...]]) -> None:
    """The choices are one paper, what was written by hand is a paper of its own for each question."""
    kinds = {q.id: q.kind for q in queries.questions_of(survey)}
    marks = {str(key): list(given[key]) for key in sorted(kinds) if given.get(key)}
    texts = {key: marks.pop(str(key))[0] for key in kinds if kinds[key] is QuestionKind.TEXT and str(key) in marks}
    for key in texts:
        marks[str(key)] = ["1"]
    papers: list[dict[str, object]] = [{"question_id": None, "content": json.dumps(marks, sort_keys=True)}]
    papers += [{"question_id": key, "content": said} for key, said in texts.items()]
    urn.put(SurveyPaper, papers, survey_id=survey.id)


def sweep_counts(now: datetime) -> int:
    """Forget the counts of earlier days; returns how many."""
    old = clock.local(now).date() - _COUNTS_KEPT
    return db.session.execute(delete(SurveyCount).where(SurveyCount.day < old)).rowcount  # type: ignore[attr-defined]
