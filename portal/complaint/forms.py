"""Forms of the complaint room."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, MultipleFileField, RadioField, SelectField, StringField
from wtforms.validators import StopValidation

from portal.complaint import handling, service
from portal.complaint import vocabulary as words
from portal.complaint.models import About, Channel, Complaint, Result, Satisfaction, Told
from portal.complaint.queries import TABS, Wanted
from portal.complaint.receiving import Received
from portal.kernel.forms import (
    DateField,
    Needed,
    NumberField,
    PortalForm,
    Storable,
    Unchosen,
    code,
    line,
    optional_id,
    options,
    paragraph,
    phone_like,
)
from portal.people import queries as people
from portal.people.filters import DepartmentFilter
from portal.post_duty import queries as posts

TEXT, NAME, PHONE, ADDRESS = 3000, 30, 30, 150

TAB_LABELS = {
    "running": _l("未答复"),
    "waiting": _l("待决定"),
    "due_soon": _l("临期"),
    "overdue": _l("逾期未答复"),
    "answered": _l("待评价"),
    "ended": _l("已结束"),
    "all": _l("全部"),
}


_ABOUT = [(str(a), label) for a, label in words.ABOUT_LABELS.items()]


class Picked(Needed):
    """Refuses a set of choices of which none was picked in its own words, not as a wrong choice."""

    def __call__(self, form: Any, field: Any) -> None:
        if not field.raw_data or field.raw_data[0] == "":
            field.errors = []
            raise StopValidation(str(self.message))
        super().__call__(form, field)


class ComplainForm(PortalForm):
    """What a complainant writes (A-5, C-5). ``website`` is for programs alone: people never see it."""

    about = RadioField(_l("要投诉什么"), [Picked(_l("请选择要投诉什么。"))], choices=options(*_ABOUT))
    text = paragraph(_l("经过和要求"), _l("请写明发生了什么、希望怎么解决。"), limit=TEXT)
    about_whom = line(_l("哪个科室、窗口或者人"), limit=120)
    slip = code(_l("回执或者办件编号"), limit=40)
    refused_unfiled = BooleanField(_l("被口头拒绝办理，没有给书面决定"))
    name = line(_l("姓名"), limit=NAME)
    phone = code(_l("联系电话"), limit=PHONE, validators=[phone_like])
    address = line(_l("通信地址"), limit=ADDRESS)
    files = MultipleFileField(_l("照片或者文件"))
    item = HiddenField(validators=[Storable()])
    website = StringField(_l("请勿填写"))

    def what(self) -> Received:
        """What was entered, as the verb takes it."""
        return Received(
            text=self.text.data,
            about=About(self.about.data),
            about_whom=self.about_whom.data or "",
            slip=self.slip.data or "",
            refused_unfiled=bool(self.refused_unfiled.data),
            item_code=(self.item.data or "")[:20],
            name=self.name.data or "",
            phone=self.phone.data or "",
            address=self.address.data or "",
        )


class RegisterForm(ComplainForm):
    """The same, entered by the office for whoever calls, comes or writes, or as an upper body passes it on."""

    channel = RadioField(
        _l("渠道"),
        choices=options(*((str(c), label) for c, label in words.CHANNEL_LABELS.items() if c is not Channel.PUBLIC)),
        default=str(Channel.PHONE),
    )
    department = SelectField(_l("被投诉科室"), [Unchosen()], coerce=optional_id)
    upper_body = line(_l("转来的上级机关"), limit=120)
    upper_number = line(_l("来文编号"), limit=60)
    upper_on = DateField(_l("来文日期"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _("还不清楚")), *people.open_departments())

    def what(self) -> Received:
        """What was entered, as the verb takes it."""
        own = super().what()
        return Received(
            **{
                **vars(own),
                "department_id": self.department.data,
                "upper_body": self.upper_body.data or "",
                "upper_number": self.upper_number.data or "",
                "upper_on": self.upper_on.data,
            }
        )


class LookForm(PortalForm):
    """Number and secret code of a complaint."""

    number = code(_l("投诉编号"), _l("请填写投诉编号。"), limit=40)
    code = code(_l("查询码"), _l("请填写查询码。"), limit=30)


class AddForm(PortalForm):
    """What a complainant adds."""

    text = paragraph(_l("补充的内容"), limit=TEXT)
    files = MultipleFileField(_l("照片或者文件"))


class RateForm(PortalForm):
    """What a complainant thinks of the answer, once."""

    satisfaction = RadioField(
        _l("您对答复满意吗"),
        [Picked(_l("请选择是否满意。"))],
        choices=options(*((str(s), label) for s, label in words.SATISFACTION_LABELS.items())),
    )
    remark = line(_l("想说的话"), limit=200)

    def chosen(self) -> Satisfaction:
        """What was chosen."""
        return Satisfaction(self.satisfaction.data)


class ActForm(PortalForm):
    """What the verbs on a complaint's page may carry; each verb reads what it needs."""

    text = paragraph(_l("内容"))
    passed_to = line(_l("转往的机关"), limit=120)
    days = NumberField(_l("延长的天数"), 1, 60)
    told = BooleanField(_l("同时告知投诉人"))
    files = MultipleFileField(_l("附件"))
    case_number = code(_l("办件编号"), limit=40)
    department = SelectField(_l("科室"), [Unchosen()], coerce=optional_id)
    post_id = SelectField(_l("岗位"), [Unchosen()], coerce=optional_id)
    person_id = SelectField(_l("人员"), [Unchosen()], coerce=optional_id)
    officer_id = SelectField(_l("承办人"), [Unchosen()], coerce=optional_id)
    result = RadioField(
        _l("调查结果"), [Unchosen()], choices=options(*((str(r), label) for r, label in words.RESULT_LABELS.items()))
    )
    answer = paragraph(_l("给投诉人的答复"))
    rectification = paragraph(_l("被投诉科室的整改"))
    unfiled_denial = BooleanField(_l("查明未经报备拒绝办理"))
    how = RadioField(
        _l("答复方式"), [Unchosen()], choices=options(*((str(t), label) for t, label in words.TOLD_LABELS.items()))
    )

    def __init__(self, complaint: Complaint, officers: list[tuple[int, str]], **kwargs: Any) -> None:
        shown: dict[str, Any] = {
            "department": complaint.department_id,
            "post_id": complaint.post_id,
            "person_id": complaint.person_id,
            "case_number": complaint.case.number if complaint.case else complaint.slip,
            "result": str(complaint.result) if complaint.result else None,
            "answer": complaint.answer,
            "rectification": complaint.rectification,
            "unfiled_denial": complaint.unfiled_denial,
            "how": str(Told.PAPER if complaint.named else Told.ONLINE),
        }
        super().__init__(**{**shown, **kwargs})
        names = people.department_names()
        self.department.choices = options(("", _("不涉及具体科室")), *names.items())
        self.post_id.choices = options(
            ("", _("不涉及具体岗位")),
            *((p.id, " · ".join((names.get(p.department_id, ""), p.name))) for p in posts.open_posts()),
        )
        self.person_id.choices = options(("", _("不涉及具体的人")), *people.people_in_service())
        self.officer_id.choices = options(("", _("请选择")), *officers)

    def whom(self) -> service.About:
        """Whom the complaint is about, as the verb takes it."""
        return service.About(
            self.case_number.data or "", self.department.data, self.post_id.data, self.person_id.data
        )  # fmt: skip

    def finding(self) -> handling.Finding:
        """The proposed result, as the verb takes it."""
        return handling.Finding(
            Result(self.result.data) if self.result.data else None,
            self.answer.data or "",
            self.rectification.data or "",
            bool(self.unfiled_denial.data),
        )

    def told_how(self) -> Told | None:
        """How the complainant is told."""
        return Told(self.how.data) if self.how.data else None


class FilterForm(DepartmentFilter):
    """Filters of the lists, in the address."""

    q = code(_l("编号"), limit=20)
    tab = SelectField(_l("状态"), [Unchosen()], choices=options(*((t, TAB_LABELS[t]) for t in TABS)), default="running")
    channel = SelectField(
        _l("渠道"),
        [Unchosen()],
        choices=options(("", _l("全部")), *((str(c), label) for c, label in words.CHANNEL_LABELS.items())),
    )
    about = SelectField(_l("内容"), [Unchosen()], choices=options(("", _l("全部")), *_ABOUT))
    from_on = DateField(_l("收到日期自"))
    until_on = DateField(_l("至"))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())
