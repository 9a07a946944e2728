"""Forms of the post room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, SelectField, SelectMultipleField, ValidationError
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.forms import DateField, Needed, PortalForm, code, line, optional_id, paragraph, phone_like
from portal.people import queries as people
from portal.post_duty.models import PostKind
from portal.post_duty.vocabulary import KIND_LABELS

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,19}")
#: Words that addresses use beside codes.
_TAKEN = frozenset({"new", "gaps", "qualifications", "representatives"})


def options(pairs: Iterable[Any], first: Any = None) -> list[SelectChoice]:
    """The options of a select from (value, label) pairs; ``first`` is the label of an empty option before them."""
    empty = [] if first is None else [SelectChoice("", first)]
    return [*empty, *(SelectChoice(value, label) for value, label in pairs)]


def code_like(_form: Any, field: Field) -> None:
    """A code that can stand in an address."""
    if not _CODE.fullmatch(field.data) or field.data.lower() in _TAKEN:
        raise ValidationError(_("编码用 1 至 20 位字母、数字、点、横线，以字母或数字开头，如 YW-1。"))


class PostForm(PortalForm):
    """What a post states (P-1); where it is found."""

    name = line(_l("岗位名称"), _l("请填写岗位名称。"), limit=60)
    place = line(_l("办公地点"))
    phone = code(_l("电话"), validators=[phone_like])
    duties = paragraph(_l("岗位职责"), description=_l("承担哪些工作，每行一项。"))
    powers = paragraph(_l("岗位权限"), description=_l("可以批准哪些事项，超出的报谁决定。"))
    standard = paragraph(_l("工作标准"), description=_l("时限和质量要求。"))
    liability = paragraph(_l("责任追究"), description=_l("未履行职责的责任。"))


class NewPostForm(PostForm):
    """A post to be set up; code, department and kind stay as they are for good."""

    code = code(_l("岗位编码"), _l("请填写岗位编码。"), limit=20, validators=[code_like])
    department_id = SelectField(_l("科室"), [Needed(_l("请选择科室。"))], coerce=optional_id)
    kind = SelectField(_l("岗位类别"), [Needed(_l("请选择岗位类别。"))], choices=options(KIND_LABELS.items()))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department_id.choices = options(people.open_departments(), _("请选择"))

    @property
    def chosen_kind(self) -> PostKind:
        """The kind as an enum."""
        return PostKind(self.kind.data)


class ChargeForm(PortalForm):
    """The departments that a leader is in charge of (R-2)."""

    departments = SelectMultipleField(
        _l("分管科室"),
        coerce=optional_id,
        option_widget=CheckboxInput(),
        widget=ListWidget(prefix_label=False),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.departments.choices = options(people.open_departments())


class QualificationForm(PortalForm):
    """A certificate that the office has seen (R-3)."""

    user_id = SelectField(_l("人员"), [Needed(_l("请选择人员。"))], coerce=optional_id)
    kind = line(_l("资格种类"), _l("请填写资格种类。"), limit=60)
    number = code(_l("证书编号"), _l("请填写证书编号。"), limit=60)
    valid_from = DateField(_l("有效期自"), _l("请填写有效期的开始日期。"))
    valid_until = DateField(_l("有效期至"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options(people.people_in_service(), _("请选择"))


class RevokeForm(PortalForm):
    """Why a qualification ends early."""

    reason = line(_l("终止的原因"), limit=200)


class RepresentativeForm(PortalForm):
    """Who is empowered to act for a department (R-3)."""

    user_id = SelectField(_l("首席代表"), coerce=optional_id, default="")
    from_on = DateField(_l("自哪天起"), _l("请填写起始日期。"))
    basis = line(_l("授权文件"), limit=200)

    def __init__(self, department_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options(people.people_in_service(department_id), _("（不设首席代表）"))
