"""Forms of the case room."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf.file import MultipleFileField
from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField

from portal.cases.models import ProposalKind
from portal.cases.vocabulary import STATE_LABELS, TOLD_LABELS
from portal.kernel.forms import (
    DateField,
    NumberField,
    PortalForm,
    Unchosen,
    code,
    line,
    optional_id,
    options,
    paragraph,
    phone_like,
)
from portal.people import queries as people
from portal.service_commitment.vocabulary import KIND_LABELS


class ActForm(PortalForm):
    """What the verbs on a case's page may carry; each verb reads what it needs."""

    text = paragraph(_l("说明"), limit=2000)
    title = line(_l("名称"), limit=120)
    statement = paragraph(_l("超期原因说明"), limit=1000)
    positions = SelectMultipleField(_l("材料"), coerce=int, validators=[Unchosen()], validate_choice=False)
    kind = RadioField(
        _l("结束方式"),
        choices=options(
            (str(ProposalKind.WITHDRAW), _l("申请人撤回")), (str(ProposalKind.LAPSE), _l("逾期未补正，终止办理"))
        ),
        default=str(ProposalKind.WITHDRAW),
        validators=[Unchosen()],
    )
    in_writing = BooleanField(_l("申请人有书面撤回"))
    on = DateField(_l("告知日期"))
    how = RadioField(_l("告知方式"), choices=options(*TOLD_LABELS.items()), validators=[Unchosen()])
    pages = NumberField(_l("页数"), 1, 9999)
    files = MultipleFileField(_l("附件"))
    client_name = line(_l("申请人"), limit=60)
    client_unit = line(_l("申请单位"), limit=120)
    client_phone = code(_l("电话"), limit=40, validators=[phone_like])
    post = SelectField(_l("岗位"), coerce=optional_id, validators=[Unchosen()], validate_choice=False)


class FilterForm(PortalForm):
    """Filters of the list, in the address."""

    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    state = SelectField(
        _l("状态"),
        choices=options(("", _l("全部")), *((str(s), label) for s, label in STATE_LABELS.items())),
        validators=[Unchosen()],
    )
    kind = SelectField(
        _l("类型"),
        choices=options(("", _l("全部")), *((str(k), label) for k, label in KIND_LABELS.items())),
        validators=[Unchosen()],
    )
    light = SelectField(
        _l("时限"),
        choices=options(
            ("", _l("全部")),
            ("open", _l("在办")),
            ("due_soon", _l("临期")),
            ("overdue", _l("超期")),
            ("red", _l("红牌")),
            ("today", _l("今日到期")),
            ("closed_today", _l("今日办结")),
            ("provisional", _l("期限暂定")),
        ),
        validators=[Unchosen()],
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _l("全部科室")), *people.open_departments())
