"""Forms of openness."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, RadioField, SelectField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.actor import Actor
from portal.kernel.forms import DateField, Needed, PortalForm, Unchosen, code, line, optional_id, options, paragraph
from portal.kernel.i18n import local_date
from portal.openness import queries
from portal.openness import vocabulary as words
from portal.openness.models import NoticeVersion, OpenNotice
from portal.openness.queries import STATES, Due, Wanted
from portal.openness.rules import Period, Scope
from portal.openness.service import Content
from portal.people import queries as people
from portal.people.filters import DepartmentFilter

#: The longest text of a notice.
BODY = 20_000
STATE_TABS = {
    "all": _l("全部"),
    "shown": _l("公布中"),
    "waiting": _l("审批中"),
    "draft": _l("起草中"),
    "ahead": _l("待公布"),
    "ended": _l("公布期满"),
    "withdrawn": _l("已撤下"),
}


def _id_of(value: Any) -> int:
    """Coerce the id of a file; nonsense is no file."""
    text = str(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else 0


class NoticeForm(PortalForm):
    """What somebody writes for the public (O-1)."""

    title = line(_l("标题"), _l("请填写标题。"))
    department = SelectField(_l("责任科室"), [Needed(_l("请选择责任科室。"))], coerce=optional_id)
    kind = SelectField(_l("类别"), [Needed(_l("请选择类别。"))])
    scope = RadioField(
        _l("公布名义"),
        choices=options(*((str(s), label) for s, label in words.SCOPE_LABELS.items())),
        default=str(Scope.DEPARTMENT),
    )
    body = paragraph(_l("正文"), _l("请填写正文。"), limit=BODY)
    publish_on = DateField(_l("公布日期"))
    until_on = DateField(_l("截止日期"))
    due = SelectField(_l("对应的公开目录"), [Unchosen()])
    change = line(_l("修改原因"), limit=200)
    keep = SelectMultipleField(
        _l("保留的附件"),
        coerce=_id_of,
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    files = MultipleFileField(_l("附件"))

    def __init__(self, actor: Actor, notice: OpenNotice | None, version: NoticeVersion | None, **kwargs: Any) -> None:
        if version is not None:
            kwargs = {
                "title": version.title,
                "body": version.body,
                "kind": version.kind,
                "scope": str(version.scope),
                "publish_on": version.publish_on,
                "until_on": version.until_on,
                "change": version.change if version.state not in ("published",) else "",
                "due": f"{version.duty_id}/{version.duty_due_on}" if version.duty_id else "",
                "keep": [a.id for a in version.files],
                **kwargs,
            }
        super().__init__(**kwargs)
        names = people.department_names()
        mine = queries.departments_written(actor)
        if notice is not None:
            mine = frozenset({notice.department_id})
            self.department.data = notice.department_id
        known = [(d, name) for d, name in names.items() if mine is None or d in mine]
        self.department.choices = options(*known) if len(known) == 1 else options(("", _("请选择")), *known)
        kinds = list(dict.fromkeys([*queries.kinds(), *([version.kind] if version is not None else [])]))
        self.kind.choices = options(("", _("请选择")), *((k, words.kind_label(k)) for k in kinds))
        self.dues = {f"{d.duty_id}/{d.due_on}": d for d in queries.offered(mine, queries.today())}
        self.due.choices = options(("", _("不对应")), *((key, self._due_label(d)) for key, d in self.dues.items()))
        self.keep.choices = options(*((a.id, a.name) for a in (version.files if version is not None else ())))

    @staticmethod
    def _due_label(due: Due) -> str:
        return _(
            "%(title)s（%(department)s，%(on)s）",
            title=due.title,
            department=people.department_names().get(due.department_id, ""),
            on=local_date(due.due_on),
        )

    def what(self) -> Content:
        """What was entered, as the service takes it."""
        return Content(
            title=self.title.data,
            body=self.body.data,
            kind=self.kind.data,
            scope=Scope(self.scope.data),
            publish_on=self.publish_on.data,
            until_on=self.until_on.data,
            change=self.change.data or "",
            due=self.dues.get(self.due.data or ""),
            keep=tuple(self.keep.data or ()),
        )


class OpinionForm(PortalForm):
    """A step of the approval, for the version that the page showed."""

    version = code("", limit=6)
    opinion = paragraph(_l("意见"), limit=500)

    def number(self) -> int:
        """The version that was shown; 0 for nonsense, which is none."""
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() else 0


class WithdrawForm(PortalForm):
    """Why a published notice is taken down."""

    reason = line(_l("撤下的原因"), _l("请写明撤下的原因，公众会看到。"), limit=200)


class DutyForm(PortalForm):
    """An entry of the yearly list."""

    title = line(_l("公开内容"), _l("请填写公开内容。"))
    kind = SelectField(_l("类别"), [Needed(_l("请选择类别。"))])
    department = SelectField(_l("责任科室"), [Needed(_l("请选择责任科室。"))], coerce=optional_id)
    period = SelectField(
        _l("公开周期"),
        [Needed(_l("请选择公开周期。"))],
        choices=options(("", _l("请选择")), *((str(p), label) for p, label in words.PERIOD_LABELS.items())),
    )
    first_on = DateField(_l("当年首次公开的期限"), _l("请填写当年首次公开的期限。"))
    basis = line(_l("依据"), limit=200)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(("", _("请选择")), *((k, words.kind_label(k)) for k in queries.kinds()))
        self.department.choices = options(("", _("请选择")), *people.department_names().items())

    def entry(self) -> tuple[str, str, int, Period, date, str]:
        """The entry of a good form, in the order of the service."""
        return (
            self.title.data or "", self.kind.data, self.department.data or 0, Period(self.period.data),
            self.first_on.data or date.min, self.basis.data or "",
        )  # fmt: skip


def _year(value: Any) -> int | None:
    return optional_id(value)


class FilterForm(DepartmentFilter):
    """Filters of the register and of the public list, in the address."""

    q = line(_l("编号、标题或内容"), limit=60)
    kind = SelectField(_l("类别"), [Unchosen()])
    year = SelectField(_l("年份"), [Unchosen()], coerce=_year)
    state = SelectField(
        _l("状态"), [Unchosen()], choices=options(*((name, STATE_TABS[name]) for name in STATES)), default="all"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(("", _("全部")), *((k, words.kind_label(k)) for k in queries.kinds()))
        years = queries.published_years()
        self.year.choices = options(("", _("全部")), *((y, str(y)) for y in years))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good())
