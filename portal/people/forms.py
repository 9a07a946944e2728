"""Forms of the people room."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import EqualTo
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.actor import Role
from portal.kernel.forms import (
    AtMost,
    DateField,
    Needed,
    NumberField,
    PortalForm,
    Storable,
    code,
    line,
    optional_id,
    options,
    paragraph,
    phone_like,
)
from portal.people import queries
from portal.people.administration import GIVEN
from portal.people.vocabulary import ROLE_LABELS

_LONGEST_PASSWORD = 200


def _secret(label: Any, needed: Any, known: bool = False, same_as: str | None = None) -> PasswordField:
    """A password: ``known`` ones are offered by the browser, new ones are not; ``same_as`` names the field repeated."""
    rules: list[Any] = [Needed(needed), Storable(), AtMost(_LONGEST_PASSWORD)]
    if same_as is not None:
        rules.append(EqualTo(same_as, message=_l("两次输入的密码不一致。")))
    return PasswordField(
        label, rules, render_kw={"autocomplete": "current-password" if known else "new-password", "class": "in w-l"}
    )


class LoginForm(PortalForm):
    """Username and password."""

    username = code(_l("用户名"), _l("请填写用户名。"), limit=40, render_kw={"autocomplete": "username"})
    password = _secret(_l("密码"), _l("请填写密码。"), known=True)


class SetUpForm(PortalForm):
    """The first run: the unit, the system administrator, the office."""

    unit = line(_l("单位名称"), _l("请填写单位名称。"), render_kw={"autocomplete": "organization"})
    administrator_name = line(_l("系统管理员姓名"), _l("请填写系统管理员的姓名。"), limit=60)
    administrator_username = code(
        _l("系统管理员用户名"), _l("请填写系统管理员的用户名。"), render_kw={"autocomplete": "off"}
    )
    administrator_password = _secret(_l("系统管理员密码"), _l("请填写系统管理员的密码。"))
    administrator_again = _secret(
        _l("再输一次系统管理员密码"), _l("请再输一次系统管理员的密码。"), same_as="administrator_password"
    )
    office_name = line(_l("办公室人员姓名"), _l("请填写办公室人员的姓名。"), limit=60)
    office_username = code(_l("办公室人员用户名"), _l("请填写办公室人员的用户名。"), render_kw={"autocomplete": "off"})
    office_password = _secret(_l("办公室人员初始密码"), _l("请填写办公室人员的初始密码。"))
    office_again = _secret(
        _l("再输一次办公室人员初始密码"), _l("请再输一次办公室人员的初始密码。"), same_as="office_password"
    )


class PasswordForm(PortalForm):
    """Change one's own password."""

    old = _secret(_l("当前密码"), _l("请填写当前密码。"), known=True)
    new = _secret(_l("新密码"), _l("请填写新密码。"))
    again = _secret(_l("再输一次新密码"), _l("请再输一次新密码。"), same_as="new")


class PreferencesForm(PortalForm):
    """Language, and whether single keys do something."""

    language = RadioField(_l("界面语言"), choices=options(("zh", "中文"), ("en", "English")))
    shortcuts = BooleanField(_l("启用键盘快捷键"), description=_l("如按 / 回到登记框；在输入框内打字时不起作用。"))


class PersonForm(PortalForm):
    """A person as the system administrator enters them."""

    name = line(_l("姓名"), _l("请填写姓名。"), limit=60)
    department_id = SelectField(_l("科室"), coerce=optional_id)
    staff_number = code(_l("工号"), limit=20)
    title = line(_l("职务"), limit=60)
    phone = code(_l("电话"), validators=[phone_like])
    qualified_until = DateField(_l("许可岗位资格有效期至"))
    roles = SelectMultipleField(
        _l("授予的角色"),
        coerce=Role,
        choices=options(*((r.value, ROLE_LABELS[r]) for r in GIVEN)),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        description=_l(
            "普通工作人员不必勾选；负责人和领导由岗位带来。"
            "系统管理员、安全管理员、审计员互斥，不能兼任其他角色，也看不到业务内容。"
        ),
    )

    def __init__(self, *args: Any, person: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department_id.choices = _departments(person)


class NewPersonForm(PersonForm):
    """A new person also needs a username."""

    username = code(
        _l("用户名"),
        _l("请填写用户名。"),
        description=_l("登录时使用，建立后不能更改：小写字母、数字、点、横线，以字母开头。"),
        render_kw={"autocomplete": "off"},
    )


def _departments(person: Any) -> list[SelectChoice]:
    """Open departments, and the person's own one when it has been closed meanwhile."""
    found: list[tuple[Any, Any]] = list(queries.open_departments())
    own = getattr(person, "department_id", None)
    if own is not None and own not in dict(found):
        found.append((own, queries.department_names().get(own, "")))
    return options(("", _l("不属于科室")), *found)


class DisableForm(PortalForm):
    """Why a login is stopped."""

    reason = line(_l("停用原因"), _l("请填写停用原因。"), limit=200)


class PeopleFilter(PortalForm):
    """The filters of the list of people; whatever is not understood filters nothing."""

    q = line(_l("姓名、用户名、工号或电话"), limit=40)
    department = SelectField(_l("科室"), coerce=optional_id)
    state = SelectField(
        _l("账号"),
        default="",
        choices=options(
            ("", _l("全部")),
            ("active", _l("在用")),
            ("disabled", _l("已停用")),
            ("waiting", _l("尚无初始密码")),
        ),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _l("全部科室")), *queries.department_names().items())


class DepartmentForm(PortalForm):
    """A department or affiliated unit."""

    name = line(_l("名称"), _l("请填写科室名称。"), limit=60)
    affiliated = BooleanField(_l("直属或基层单位"))
    functions = paragraph(_l("职能"), description=_l("对外公布。"))
    place = line(_l("办公地点"))
    phone = code(_l("电话"), validators=[phone_like])
    sort = NumberField(_l("排序"), 0, 9999, description=_l("数字小的排在前面。"))
    closed = BooleanField(_l("已撤销"), description=_l("撤销后不再出现在选项中，历史记录不变。"))


class NewDepartmentForm(DepartmentForm):
    """A new department also needs a code."""

    code = code(
        _l("编码"),
        _l("请填写科室编码。"),
        limit=20,
        description=_l("建立后不能更改，导入时用它指明科室。"),
    )
    closed = None


class UnitForm(PortalForm):
    """What is published of the unit."""

    name = line(_l("单位名称"), _l("请填写单位名称。"))
    functions = paragraph(_l("单位职能"), description=_l("对外公布。"))
    address = line(_l("地址"), limit=200)
    phone = code(_l("电话"), validators=[phone_like])
