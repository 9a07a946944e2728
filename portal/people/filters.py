"""What the filters of most lists share: the department."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.kernel.forms import PortalForm, Unchosen, optional_id, options
from portal.people import queries


class DepartmentFilter(PortalForm):
    """Filters in the address, with one of all departments, those that are closed too."""

    department = SelectField(_l("科室"), [Unchosen()], coerce=optional_id)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(("", _("全部科室")), *queries.department_names().items())
