"""Forms of the room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, RadioField

from portal.callback.service import Result
from portal.callback.vocabulary import SCALE_LABELS
from portal.kernel.forms import Needed, PortalForm, options, paragraph


def _scale(label: object) -> RadioField:
    return RadioField(
        label, choices=options(*((str(n), word) for n, word in SCALE_LABELS.items())),
        validators=[Needed(_l("请选择评价。"))],
    )  # fmt: skip


class ResultForm(PortalForm):
    """What the client said."""

    attitude = _scale(_l("服务态度"))
    efficiency = _scale(_l("办事效率"))
    rules_kept = _scale(_l("遵守规定"))
    suggestion = paragraph(_l("意见建议"), limit=1000)
    problem = paragraph(_l("反映的问题"))
    unfiled_denial = BooleanField(_l("服务对象说有事被口头拒绝，没有书面告知（未经报备的否定）"))
    denial_facts = paragraph(_l("口头拒绝的情况"))

    def result(self) -> Result:
        """What was entered."""
        return Result(
            int(self.attitude.data),
            int(self.efficiency.data),
            int(self.rules_kept.data),
            self.suggestion.data or "",
            bool(self.unfiled_denial.data),
            self.denial_facts.data or "",
            self.problem.data or "",
        )


class CorrectForm(PortalForm):
    """Why a tick was wrong."""

    text = paragraph(_l("更正的理由"))


class ActForm(PortalForm):
    """An act that needs no more than its button."""
