"""Forms of the results."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from portal.kernel.forms import FigureField, Needed, PortalForm, line, optional_id, options, paragraph
from portal.monthly_result import vocabulary as words
from portal.monthly_result.models import Standing


class ReviewForm(PortalForm):
    """The group's opinion, or why it sends the result back."""

    opinion = paragraph(_l("审核意见"), _l("请填写审核意见；退回的，请写明原因。"))


class SignForm(PortalForm):
    """The principal's decision; what it says is needed only for sending back."""

    reason = paragraph(_l("退回原因"))
    #: The mark of the list as the page showed it.
    shown = HiddenField()


class ReasonForm(PortalForm):
    """Why an edition is needed."""

    reason = line(_l("更正原因"), _l("请写明更正的原因。"), limit=400)


class CorrectionForm(PortalForm):
    """What a correction changes for one subject."""

    subject_id = SelectField(_l("考评对象"), coerce=optional_id, validators=[Needed(_l("请选择考评对象。"))])
    points = FigureField(
        _l("分数增减"), -1000, 1000, _l("请填写增减多少分；不变的填 0。"), description=_l("如 2、-0.5。")
    )
    standing = RadioField(
        _l("排名资格"),
        choices=options(*((str(s), label) for s, label in words.STANDING_LABELS.items())),
        default=str(Standing.SAME),
        validators=[Needed(_l("请选择排名资格是否变化。"))],
    )
    reason = line(_l("更正原因"), _l("请写明更正的原因。"), limit=400)

    def offer(self, subjects: Iterable[tuple[int, str]]) -> CorrectionForm:
        """Fill in whom it can be about."""
        self.subject_id.choices = options((None, _l("请选择")), *subjects)
        return self


class NameForm(PortalForm):
    """Whom the office puts on a list or takes off it."""

    subject_id = SelectField(_l("对象"), coerce=optional_id, validators=[Needed(_l("请选择名单上的对象。"))])
    named = RadioField(
        _l("调整"),
        choices=options(("yes", _l("列入名单")), ("no", _l("不列入名单"))),
        validators=[Needed(_l("请选择列入还是不列入。"))],
    )
    reason = line(_l("原因"), limit=400, description=_l("与平台建议不一致的，请写明原因。"))

    def offer(self, subjects: Iterable[tuple[int, str]]) -> NameForm:
        """Fill in who can be chosen."""
        self.subject_id.choices = options((None, _l("请选择")), *subjects)
        return self
