"""Forms of fees and consequences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, SelectField

from portal.fee.queries import Wanted
from portal.kernel.forms import DateField, NumberField, PortalForm, code, line, optional_id, paragraph
from portal.people import queries as people
from portal.post_duty.forms import options
from portal.service_commitment.forms import amount_like
from portal.service_commitment.models import BreachKind
from portal.service_commitment.vocabulary import BREACH_LABELS


class FeeForm(PortalForm):
    """What a client paid."""

    amount = code(
        _l("实收金额（元）"),
        _l("请填写实收金额；免收的填 0。"),
        limit=12,
        validators=[amount_like],
        description=_l("如 10 或 10.50；免收的填 0。"),
    )
    quantity = NumberField(_l("数量"), 1, 9999, _l("请填写数量。"), description=_l("公布的收费按单位计算时的数量。"))
    charged_on = DateField(_l("收费日期"), _l("请填写收费日期。"))
    receipt = line(_l("票据号"), limit=60)
    reason = line(_l("与公布不一致的理由"), limit=300, description=_l("实收与公布的应收相同的，不填。"))
    corrects = HiddenField()


class ConsequenceForm(PortalForm):
    """What a client gets for a broken promise."""

    kind = RadioField(_l("后果"))
    breach = paragraph(_l("怎样没有兑现承诺"), _l("请写明怎样没有兑现承诺。"), limit=500)
    what = paragraph(_l("对服务对象怎么做"), _l("请写明对服务对象怎么做。"), limit=500)
    amount = code(_l("补偿金额（元）"), limit=12, validators=[amount_like], description=_l("只有经济补偿填写。"))

    def __init__(self, kinds: Iterable[BreachKind], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options((str(k), BREACH_LABELS[k]) for k in kinds)

    def validate(self, extra_validators: Any = None) -> bool:
        """One of the published kinds is chosen."""
        good = bool(super().validate(extra_validators))
        if not self.kind.data and not self.kind.errors:
            self.kind.errors = [_("请选择后果的类别。")]
            return False
        return good


class DecideForm(PortalForm):
    """The decision about a consequence."""

    opinion = paragraph(_l("审批意见"), limit=500)


class GiveForm(PortalForm):
    """When and how the client got it."""

    given_on = DateField(_l("落实日期"), _l("请填写落实日期。"))
    how = line(_l("落实情况"), _l("请写明落实情况。"), limit=300, description=_l("如 当面致歉、转账凭证号。"))


class NarrowForm(PortalForm):
    """How a register is narrowed."""

    first = DateField(_l("从"))
    last = DateField(_l("到"))
    department = SelectField(_l("科室"), coerce=optional_id, validate_choice=False)
    which = SelectField(_l("范围"), default="", validate_choice=False)

    def __init__(self, which: Iterable[tuple[str, Any]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(people.open_departments(), _("全部"))
        self.which.choices = options(which, _("全部"))

    def wanted(self) -> Wanted:
        """What can be read of it; a field that cannot narrows nothing."""
        self.validate()
        found = {name: None if self[name].errors else self[name].data for name in ("first", "last", "department")}
        return Wanted(found["first"], found["last"], found["department"], self.which.data or "")
