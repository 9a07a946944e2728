"""A questionnaire of the cast: written by the office, with a question of every kind."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal.kernel.db import db
from portal.people import queries as people
from portal.survey import codes, queries, questions, service
from portal.survey.models import Survey
from portal.survey.questions import Asked
from portal.survey.rules import Audience, QuestionKind
from portal.survey.service import Shape
from tests.office import NOW

QUESTIONS = (
    Asked(QuestionKind.SCALE, "您对服务态度满意吗"),
    Asked(QuestionKind.DEPARTMENT, "您在哪个科室办事"),
    Asked(QuestionKind.SINGLE, "您从哪里知道办事要求", options=("网上", "电话", "现场")),
    Asked(QuestionKind.MULTIPLE, "您希望改进哪些", required=False, options=("材料", "时限", "态度")),
    Asked(QuestionKind.TEXT, "您还有什么意见", required=False),
)


@pytest.fixture
def survey() -> Callable[..., Survey]:
    """Makes a survey; published and open unless said otherwise. Within the caller's act."""

    def make(audience: Audience = Audience.LINK, publish: bool = True, **change: Any) -> Survey:
        actor = people.actor_by_username("office", NOW)
        shape = Shape(
            **{
                "title": "窗口服务问卷",
                "introduction": "请用两分钟告诉我们。",
                "audience": audience,
                "opens_at": NOW - timedelta(hours=1),
                "closes_at": NOW + timedelta(days=7),
                **change,
            }
        )
        made = service.write(actor, shape, NOW)
        for asked in QUESTIONS:
            questions.ask(actor, made, asked, NOW)
        if publish:
            service.publish(actor, made, NOW)
        db.session.flush()
        return made

    return make


def paper(survey: Survey, scale: str = "1", where: str | None = None, said: str = "") -> dict[int, tuple[str, ...]]:
    """A good answer to the questions of the fixture."""
    one, place, single, _many, text = queries.questions_of(survey)
    found = {one.id: (scale,), place.id: (where or place.choices()[0].value,), single.id: ("2",)}
    return {**found, text.id: (said,)} if said else found


def answer(survey: Survey, n: int, **kw: Any) -> None:
    """``n`` answers by the open link."""
    for each in range(n):
        assert codes.answer(survey, paper(survey, **kw), NOW, address=f"10.0.0.{each}")
