"""Forms of joint and forwarded cases."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, SelectField

from portal.kernel.forms import Needed, PortalForm, Unchosen, line, optional_id, options, paragraph
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.service_commitment.words import limit_code


class PartForm(PortalForm):
    """One more department's part (T-9)."""

    post = SelectField(_l("分办岗位"), [Needed(_l("请选择分办岗位。"))], coerce=optional_id)
    limit = line(
        _l("分办时限"),
        _l("请填写分办时限。"),
        limit=30,
        description=_l("如 4 个工作小时、3 个工作日，须在牵头时限之内。"),
    )
    gives = line(_l("提供什么"), _l("请写明提供什么。"), limit=80, description=_l("如 场地核验意见、会签意见。"))
    opinion = BooleanField(_l("只出具会签意见"), description=_l("到期不答复的，按“会签科室到期不答复”的设置处理。"))

    def __init__(self, lead_post_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = people.department_names()
        self.post.choices = options(
            ("", _("请选择")),
            *(
                (p.id, " · ".join((names.get(p.department_id, ""), p.name)))
                for p in posts.open_posts()
                if p.id != lead_post_id
            ),
        )

    def code(self) -> str:
        """The limit as it is stored."""
        return limit_code(self.limit.data or "")


class AgentForm(PortalForm):
    """Who runs the errands for the client; nobody is a choice too (T-9)."""

    person = SelectField(_l("代理人"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = options(("", _("无")), *people.people_in_service())


class TrackerForm(PortalForm):
    """Who keeps track of what lies with an upper authority (T-9)."""

    person = SelectField(_l("跟踪人"), [Needed(_l("请选择跟踪人。"))], coerce=optional_id)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person.choices = options(("", _("请选择")), *people.people_in_service())


class ForwardForm(TrackerForm):
    """Sending a case to an upper authority (T-9)."""

    authority = line(_l("上级机关"), _l("请填写上级机关。"), limit=120)
    document = line(_l("上报文号"), limit=120)


class ReturnForm(PortalForm):
    """What came back (T-9)."""

    result = paragraph(_l("返回了什么"), _l("请写明返回了什么。"), limit=1000)
