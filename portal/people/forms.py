"""Forms of the people room."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from wtforms import PasswordField
from wtforms.validators import Length

from portal.kernel.forms import Needed, PortalForm, code


class LoginForm(PortalForm):
    """Username and password."""

    username = code(_l("用户名"), _l("请填写用户名。"), limit=40, render_kw={"autocomplete": "username"})
    password = PasswordField(
        _l("密码"),
        [Needed(_l("请填写密码。")), Length(max=200, message=_l("密码过长。"))],
        render_kw={"autocomplete": "current-password"},
    )
