"""The form that a client fills in, made from the questions: the same for the preview and for the public page (S-2)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, RadioField, SelectMultipleField, StringField
from wtforms.validators import StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.forms import Needed, PortalForm, code, options, paragraph
from portal.survey.models import SurveyQuestion
from portal.survey.rules import QuestionKind

#: What somebody may write in own words at most.
TEXT = 1000


class Known:
    """Refuses what is none of the options; an unanswered question that need not be answered passes."""

    def __init__(self, values: frozenset[str]) -> None:
        self.values = values

    def __call__(self, _form: Any, field: Field) -> None:
        given = field.data if isinstance(field.data, list) else [field.data] if field.data else []
        if set(given) - self.values:
            raise StopValidation(_("请从列出的选项中选择。"))


class AnswerForm(PortalForm):
    """One paper; the questions are added. ``website`` is for programs alone: people never see it."""

    website = StringField(_l("请勿填写"))
    asked: tuple[tuple[SurveyQuestion, str], ...] = ()

    def given(self) -> dict[int, tuple[str, ...]]:
        """What was answered, by question; what was left out is absent."""
        found = {}
        for question, name in self.asked:
            data = self[name].data
            values = tuple(dict.fromkeys(data)) if isinstance(data, list) else (data,) if data else ()
            if values:
                found[question.id] = values
        return found

    def papers(self) -> list[tuple[SurveyQuestion, Field]]:
        """Questions with their fields, in order."""
        return [(question, self[name]) for question, name in self.asked]


def answer_form(questions: Sequence[SurveyQuestion], by_code: bool, **kwargs: Any) -> AnswerForm:
    """The form of some questions, with a field for the code where one is needed."""
    fields: dict[str, Any] = {}
    if by_code:
        fields["code"] = code(_l("答卷码"), _l("请填写答卷码。"), limit=20)
    asked = tuple((q, f"q{q.id}") for q in questions)
    for question, name in asked:
        fields[name] = _field(question)
    made: type[AnswerForm] = type("Paper", (AnswerForm,), {**fields, "asked": asked})
    return made(**kwargs)


def _field(question: SurveyQuestion) -> Any:
    label = f"{question.position}. {question.text}"
    if question.kind is QuestionKind.TEXT:
        return paragraph(label, _l("请填写这一题。") if question.required else None, limit=TEXT)
    choices = question.choices()
    needed = [Needed(_l("请回答这一题。"))] if question.required else []
    checks = [*needed, Known(frozenset(o.value for o in choices))]
    pairs = options(*((o.value, o.text) for o in choices))
    if question.kind is QuestionKind.MULTIPLE:
        return SelectMultipleField(
            label,
            checks,
            choices=pairs,
            validate_choice=False,
            widget=ListWidget(prefix_label=False),
            option_widget=CheckboxInput(),
        )
    return RadioField(label, checks, choices=pairs, validate_choice=False)
