"""Forms of the room of awards."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.award import vocabulary as words
from portal.award.models import NominationState, Nominee, Span
from portal.award.queries import GIVEN, Wanted
from portal.kernel.forms import (
    FIRST_YEAR,
    LAST_YEAR,
    DateField,
    Needed,
    NumberField,
    PortalForm,
    Unchosen,
    code,
    optional_id,
    options,
    paragraph,
)
from portal.people.filters import DepartmentFilter

SUMMARY = 3000


class RoundForm(PortalForm):
    """A round: what for, and its dates."""

    span = RadioField(
        _l("周期"),
        [Needed(_l("请选择周期。"))],
        choices=options(*((str(k), label) for k, label in words.SPAN_LABELS.items())),
    )
    nominee = RadioField(
        _l("对象"),
        [Needed(_l("请选择对象。"))],
        choices=options(*((str(k), label) for k, label in words.NOMINEE_LABELS.items())),
    )
    day = DateField(_l("评选时段内的任一天"), _l("请填写评选时段内的一天。"))
    nominate_by = DateField(_l("提名期限"), _l("请填写提名期限。"))
    vote_by = DateField(_l("投票期限"), _l("请填写投票期限。"))


class NominateForm(PortalForm):
    """Somebody to nominate, and why."""

    who = SelectField(_l("提名"), [Needed(_l("请选择提名的人员或者科室。"))], coerce=optional_id)
    reason = paragraph(_l("提名理由"), _l("请写明提名理由。"), limit=1000)
    summary = paragraph(_l("自我总结"), limit=SUMMARY)

    def __init__(self, choices: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.who.choices = options(("", _("请选择")), *choices)


class SummaryForm(PortalForm):
    """The summary of a nomination."""

    summary = paragraph(_l("自我总结"), _l("请填写自我总结。"), limit=SUMMARY)


def _checks(label: Any) -> SelectMultipleField:
    return SelectMultipleField(
        label, coerce=int, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False
    )


class BallotForm(PortalForm):
    """One's voices."""

    chosen = _checks(_l("我选"))
    abstains = BooleanField(_l("弃权"))

    def __init__(self, choices: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen.choices = options(*choices)


class ReviewForm(PortalForm):
    """The opinion of the supervision group."""

    text = paragraph(_l("审核意见"))
    doubted = _checks(_l("不同意授予"))

    def __init__(self, choices: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.doubted.choices = options(*choices)


class DecideForm(PortalForm):
    """Whom the principal chooses, and why where it differs from the vote or the review."""

    chosen = _checks(_l("拟授予"))
    text = paragraph(_l("说明"))

    def __init__(self, choices: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.chosen.choices = options(*choices)


class ActForm(PortalForm):
    """What the other verbs may carry; each reads what it needs."""

    reason = paragraph(_l("理由"), limit=400)
    text = paragraph(_l("内容"), limit=1000)
    vote_by = DateField(_l("投票期限"))
    upheld = BooleanField(_l("异议成立，不授予"))


class FilterForm(DepartmentFilter):
    """Filters of the awards given, in the address."""

    q = code(_l("姓名、科室、证书编号"), limit=60)
    span = SelectField(_l("周期"), [Unchosen()], choices=options(("", _l("全部")), *words.SPAN_LABELS.items()))
    nominee = SelectField(_l("对象"), [Unchosen()], choices=options(("", _l("全部")), *words.NOMINEE_LABELS.items()))
    state = SelectField(
        _l("状态"), [Unchosen()], choices=options(("", _l("全部")), *((k, words.NOMINATION_LABELS[k]) for k in GIVEN))
    )
    year = NumberField(_l("年度"), FIRST_YEAR, LAST_YEAR)

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good(span=Span, nominee=Nominee, state=NominationState))
