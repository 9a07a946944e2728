"""Forms of the yearly grades."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField
from wtforms.validators import StopValidation

from portal.kernel import urn
from portal.kernel.forms import (
    DateField,
    FigureField,
    Needed,
    NumberField,
    PortalForm,
    Unchosen,
    line,
    optional_id,
    options,
    paragraph,
)
from portal.people import queries as people
from portal.pure.scoring import Subject
from portal.yearly_grade import vocabulary as words
from portal.yearly_grade.models import YearlyRow
from portal.yearly_grade.vocabulary import grade_word


class RoundForm(PortalForm):
    """A year's round."""

    year = NumberField(_l("年度"), 2000, 2099, _l("请填写年度。"))
    subject = RadioField(
        _l("考评对象"),
        [Needed(_l("请选择考评对象。"))],
        choices=options(*((str(s), label) for s, label in words.SUBJECT_LABELS.items())),
    )
    vote_by = DateField(_l("投票截止日期"))


class FilterForm(PortalForm):
    """Filters of a round's list."""

    q = line(_l("名称或者姓名"), limit=30)
    grade = SelectField(_l("等次"), [Unchosen()])
    department = SelectField(_l("科室"), [Unchosen()], coerce=optional_id)

    def __init__(self, names: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grade.choices = options(("", _("全部")), *((name, grade_word(name)) for name in names))
        self.department.choices = options((None, _("全部")), *people.department_names().items())


class VoterFilterForm(PortalForm):
    """Who has voted."""

    state = SelectField(
        _l("投票情况"),
        [Unchosen()],
        choices=options(("", _l("全部")), ("voted", _l("已投票")), ("waiting", _l("未投票"))),
    )


class OneOf:
    """Refuses what is none of the marks."""

    def __init__(self, values: frozenset[str]) -> None:
        self.values = values

    def __call__(self, _form: Any, field: Any) -> None:
        if field.data not in self.values:
            raise StopValidation(_("请选择评议等次。"))


class Blind:
    """Refuses a ballot without its random text: it keeps the digest of the form from telling the marks."""

    def __call__(self, _form: Any, field: Any) -> None:
        if len(field.data or "") != 32:
            raise StopValidation(_("请重新打开页面后再投票。"))


class BallotForm(PortalForm):
    """One paper: a mark for each person; the fields are added by ``ballot_form``."""

    blind = HiddenField(validators=[Blind()])
    asked: tuple[tuple[int, str], ...] = ()

    def marks(self) -> dict[int, int]:
        """The number of the mark by row."""
        return {row_id: int(self[name].data) for row_id, name in self.asked}


def ballot_form(rows: Sequence[YearlyRow], marks: Sequence[str]) -> BallotForm:
    """The ballot of some people."""
    asked = tuple((row.id, f"row_{row.id}") for row in rows)
    known = OneOf(frozenset(str(n) for n in range(len(marks))))
    pairs = options(*((str(n), grade_word(name)) for n, name in enumerate(marks)))
    fields: dict[str, Any] = {
        f"row_{row.id}": RadioField(row.user.name if row.user else "", [known], choices=pairs, validate_choice=False)
        for row in rows
    }
    made: type[BallotForm] = type("Ballot", (BallotForm,), {**fields, "asked": asked})
    return made(blind=urn.new_key())


class ReasonForm(PortalForm):
    """A reason."""

    reason = paragraph(_l("原因"), _l("请写明原因。"), limit=400)


class ObjectionForm(PortalForm):
    """An objection."""

    text = paragraph(_l("异议的内容和理由"), _l("请写明异议的内容和理由。"))


class RulingForm(PortalForm):
    """A ruling on an objection."""

    outcome = RadioField(
        _l("裁定"),
        [Needed(_l("请选择裁定的结果。"))],
        choices=options(*words.OUTCOME_LABELS.items()),
    )
    ruling = paragraph(_l("裁定的理由"), _l("请写明裁定的理由。"))


class ReviewForm(PortalForm):
    """The review by the supervision group."""

    opinion = paragraph(_l("审核意见"), _l("请填写审核意见。"))


class DecisionForm(PortalForm):
    """The decision of the leaders' meeting."""

    meeting_on = DateField(_l("会议日期"), _l("请填写会议日期。"))
    meeting_record = paragraph(_l("会议决定"), _l("请填写会议的决定。"))


class VetoForm(PortalForm):
    """A one-vote veto."""

    ground = SelectField(
        _l("否决的情形"),
        [Needed(_l("请选择否决的情形。"))],
        choices=options(("", _l("请选择")), *((str(g), label) for g, label in words.GROUND_LABELS.items())),
    )
    reason = paragraph(_l("事实"), _l("请写明否决的事实。"))
    evidence = line(_l("依据的文书"), _l("请写明依据的文书。"))


class CorrectionForm(PortalForm):
    """What a published result should have been."""

    total = FigureField(_l("更正后的总分"), 0, 1000, needed=_l("请填写总分。"), decimals=2)
    grade = SelectField(_l("更正后的等次"), [Needed(_l("请选择等次。"))])
    reason = paragraph(_l("更正的原因"), _l("请写明更正的原因。"))

    def __init__(self, names: Sequence[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grade.choices = options(*((name, grade_word(name)) for name in names))


def subject_of(form: RoundForm) -> Subject:
    """The kind of round that was chosen."""
    return Subject(form.subject.data)
