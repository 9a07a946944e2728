"""The questions of a questionnaire that is not published yet (S-2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.survey import queries
from portal.survey import vocabulary as words
from portal.survey.models import Survey, SurveyQuestion
from portal.survey.rules import QuestionKind
from portal.survey.tally import Option

MOST_QUESTIONS = 50
MOST_OPTIONS = 30
OPTION_LENGTH = 100


@dataclass(frozen=True)
class Asked:
    """A question as it is written; ``options`` for the kinds that are chosen from the office's own."""

    kind: QuestionKind
    text: str
    help: str = ""
    required: bool = True
    options: tuple[str, ...] = ()


def require_draft(actor: Actor, survey: Survey) -> None:
    """What is not published yet is changed by the office. Raises NotAllowed, Conflict."""
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("问卷由办公室管理。"))
    if survey.published_at is not None or survey.dropped_at is not None:
        raise Conflict(_("问卷已经发布或者放弃，不能再改。"), "S-2")


def _options(asked: Asked) -> tuple[Option, ...]:
    made = queries.choices_now(asked.kind)
    if made is not None:
        return made
    texts = tuple(t for t in (line.strip() for line in asked.options) if t)
    if not 2 <= len(texts) <= MOST_OPTIONS:
        raise Invalid("options", _("请写 2 至 %(n)s 个选项，每行一个。", n=MOST_OPTIONS), "S-2")
    if len(set(texts)) < len(texts):
        raise Invalid("options", _("选项不能重复。"))
    if max(map(len, texts)) > OPTION_LENGTH:
        raise Invalid("options", _("每个选项最多 %(n)s 个字。", n=OPTION_LENGTH))
    return tuple(Option(str(n), t) for n, t in enumerate(texts, 1))


def _one_department(survey: Survey, asked: Asked, but: SurveyQuestion | None = None) -> None:
    if asked.kind is QuestionKind.DEPARTMENT and any(
        q.kind is QuestionKind.DEPARTMENT for q in queries.questions_of(survey) if q is not but
    ):
        raise Invalid("kind", _("一份问卷只能有一道选科室的题。"), "S-2")


def question_facts(question: SurveyQuestion) -> dict[str, Any]:
    """What the journal keeps of a question."""
    return {
        "position": question.position,
        "kind": str(question.kind),
        "text": question.text,
        "help": question.help,
        "required": question.required,
        "options": [o.text for o in question.choices()],
    }


def ask(actor: Actor, survey: Survey, asked: Asked, now: datetime) -> SurveyQuestion:
    """Add a question at the end. Raises NotAllowed, Conflict when it is published, Invalid for its options."""
    require_draft(actor, survey)
    position = len(queries.questions_of(survey)) + 1
    if position > MOST_QUESTIONS:
        raise Invalid("text", _("一份问卷最多 %(n)s 题。", n=MOST_QUESTIONS))
    _one_department(survey, asked)
    made = SurveyQuestion(survey_id=survey.id, position=position)
    made.kind, made.text, made.help, made.required = asked.kind, asked.text, asked.help, asked.required
    made.set_choices(_options(asked))
    db.session.add(made)
    journal.record(words.QUESTION_ADDED, survey, actor, now, **question_facts(made))
    return made


def change(actor: Actor, survey: Survey, question: SurveyQuestion, asked: Asked, now: datetime) -> None:
    """Change a question. Raises as ``ask``."""
    require_draft(actor, survey)
    _one_department(survey, asked, question)
    options = _options(asked)
    question.kind, question.text, question.help = asked.kind, asked.text, asked.help
    question.required = asked.required
    question.set_choices(options)
    journal.record(words.QUESTION_CHANGED, survey, actor, now, **question_facts(question))


def move(actor: Actor, survey: Survey, question: SurveyQuestion, step: int, now: datetime) -> None:
    """Move a question by one place; beyond the ends nothing happens. Raises NotAllowed, Conflict."""
    require_draft(actor, survey)
    old, found = question.position, queries.questions_of(survey)
    other = next((q for q in found if q.position == old + step), None)
    if other is None or step not in (-1, 1):
        return
    question.position, other.position = other.position, old
    journal.record(words.QUESTION_MOVED, survey, actor, now, old=old, new=question.position, text=question.text)


def remove(actor: Actor, survey: Survey, question: SurveyQuestion, now: datetime) -> None:
    """Take a question out; the later ones move up. Raises NotAllowed, Conflict."""
    require_draft(actor, survey)
    position, text = question.position, question.text
    db.session.delete(question)
    db.session.flush()
    for later in queries.questions_of(survey):
        if later.position > position:
            later.position -= 1
    journal.record(words.QUESTION_REMOVED, survey, actor, now, position=position, text=text)
