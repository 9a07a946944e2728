"""Forms of the clue room."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import RadioField, SelectField

from portal.clue import vocabulary as words
from portal.clue.models import ClueKind, ClueState, Source
from portal.clue.queries import Wanted
from portal.kernel import clock
from portal.kernel.forms import (
    MomentField,
    Needed,
    PortalForm,
    Unchosen,
    code,
    optional_id,
    options,
    paragraph,
)
from portal.people import queries as people
from portal.people.filters import DepartmentFilter
from portal.post_duty import queries as posts
from portal.pure.months import month_after, read_month

#: Months that the filter offers, the present one first.
MONTHS = 36
STATES = ("open", "in_proceeding", "dismissed", "withdrawn", "all")


def _months() -> list[date]:
    this = clock.today().replace(day=1)
    return [month_after(this, -n) for n in range(MONTHS)]


class FilterForm(DepartmentFilter):
    """Filters of the list, in the address."""

    q = code(_l("编号、人员或岗位"), limit=60)
    state = SelectField(
        _l("状态"),
        choices=options(*((str(s), words.STATE_LABELS[s]) for s in ClueState), ("all", _l("全部"))),
        validators=[Unchosen()],
    )
    kind = SelectField(_l("类型"), validators=[Unchosen()])
    month = SelectField(_l("发生月份"), validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = options(("", _("全部")), *((str(k), words.KIND_LABELS[k]) for k in ClueKind))
        months = [f"{month:%Y-%m}" for month in _months()]
        self.month.choices = options(("", _("全部")), *((m, m) for m in months))

    def wanted(self) -> Wanted:
        """The filters that are good; the others are shown with their error and do not restrict."""
        return Wanted(**self.good(month=read_month))


class RaiseForm(PortalForm):
    """A departure that somebody reports by hand."""

    kind = SelectField(_l("类型"), validators=[Needed(_l("请选择线索的类型。"))])
    source = RadioField(
        _l("来源"),
        choices=options(*((str(s), words.SOURCE_LABELS[s]) for s in Source if s is not Source.JOURNAL)),
        validators=[Needed(_l("请选择线索的来源。"))],
    )
    text = paragraph(_l("发现的情况"), _l("请写明发现的情况。"), limit=2000)
    at = MomentField(_l("发生时间"))
    case_number = code(_l("办件编号"), limit=24)
    post_id = SelectField(_l("涉及岗位"), coerce=optional_id, validators=[Unchosen()])
    person_id = SelectField(_l("涉及人员"), coerce=optional_id, validators=[Unchosen()])
    department_id = SelectField(_l("涉及科室"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = people.department_names()
        self.kind.choices = options(("", _("请选择")), *((str(k), words.KIND_LABELS[k]) for k in ClueKind))
        self.department_id.choices = options(("", _("请选择")), *people.open_departments())
        self.person_id.choices = options(("", _("请选择")), *people.people_in_service())
        self.post_id.choices = options(
            ("", _("请选择")),
            *((p.id, f"{names.get(p.department_id, '')} · {p.name}") for p in posts.open_posts()),
        )


class ReasonForm(PortalForm):
    """Why a clue is dismissed, or looked at again."""

    reason = paragraph(_l("理由"), _l("请写明理由。"), limit=1000)
