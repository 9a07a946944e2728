"""Forms of the attendance room."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import time
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, MultipleFileField, RadioField, SelectField
from wtforms.validators import ValidationError

from portal.attendance import queries
from portal.attendance import vocabulary as words
from portal.attendance.grid import MOST_BYTES
from portal.attendance.models import FindingKind, Slot
from portal.kernel.forms import (
    DateField,
    MomentField,
    Needed,
    PortalForm,
    Unchosen,
    code,
    line,
    normal,
    optional_id,
    options,
    paragraph,
)

_CLOCK = re.compile(r"(\d{1,2}):(\d{2})", re.ASCII)


class UploadForm(PortalForm):
    """An export of a punch clock."""

    file = FileField(_l("考勤机导出的文件"), [Needed(_l("请选择要导入的文件。"))])
    content = b""
    name = ""

    def validate_file(self, field: Field) -> None:
        """Read the content once; too large a file is refused before anything looks into it."""
        self.name = normal((field.data.filename or "").replace("\\", "/").rsplit("/", 1)[-1])[-200:] or "-"
        self.name = "".join(c if c.isprintable() else "_" for c in self.name)
        self.content = field.data.stream.read(MOST_BYTES + 1)
        if len(self.content) > MOST_BYTES:
            raise ValidationError(_("文件超过 %(n)s MB，请按月份拆分后再导入。", n=MOST_BYTES // 1024 // 1024))
        if not self.content:
            raise ValidationError(_("文件是空的。"))


class ReasonForm(PortalForm):
    """Why an import is undone, or a closed month corrected."""

    reason = line(_l("原因"), _l("请写明原因。"), limit=200)


class CodeForm(PortalForm):
    """Whom a punch clock's number or name means, and since when they take part."""

    code = code(_l("打卡编号"), _l("请填写打卡编号。"), limit=60)
    user_id = SelectField(_l("人员"), [Needed(_l("请选择人员。"))], coerce=optional_id)
    from_on = DateField(_l("参加考勤自"), _l("请填写开始日期。"))
    until_on = DateField(_l("至"))

    def __init__(self, people: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options((None, _("请选择")), *people)


class CorrectionForm(PortalForm):
    """A missed punch that should be counted."""

    day = DateField(_l("日期"), _l("请填写漏打卡的日期。"))
    slot = RadioField(_l("哪一次"), [Needed(_l("请选择哪一次打卡。"))], choices=options(*words.SLOT_LABELS.items()))
    at = code(_l("实际时间"), _l("请填写实际到岗或者离岗的时间。"), limit=8)
    reason = paragraph(_l("原因"), _l("请写明漏打卡的原因。"), limit=500)
    files = MultipleFileField(_l("证明材料"))

    def validate_at(self, field: Field) -> None:
        """A time of day."""
        if _time(field.data) is None:
            raise ValidationError(_("请填写时刻，如 8:58 或 17:35。"))

    @property
    def there(self) -> time:
        """The time of a good form."""
        found = _time(self.at.data)
        if found is None:
            raise ValueError("asked for the time of a form that is not good")
        return found

    @property
    def chosen_slot(self) -> Slot:
        """The punch as an enum."""
        return Slot(self.slot.data)


def _time(text: str | None) -> time | None:
    match = _CLOCK.fullmatch(normal(text or ""))
    if match is None or int(match[1]) > 23 or int(match[2]) > 59:
        return None
    return time(int(match[1]), int(match[2]))


class OpinionForm(PortalForm):
    """The opinion on a correction."""

    opinion = line(_l("意见"), limit=200)


class FindingForm(PortalForm):
    """What an inspection found."""

    user_id = SelectField(_l("人员"), [Needed(_l("请选择人员。"))], coerce=optional_id)
    kind = RadioField(_l("情形"), [Needed(_l("请选择情形。"))], choices=options(*words.FINDING_LABELS.items()))
    found_at = MomentField(_l("检查时间"), _l("请填写检查时间。"))
    place = line(_l("地点"), limit=120)
    note = paragraph(_l("检查情况"), _l("请写明看到的情况。"), limit=1000)
    files = MultipleFileField(_l("照片等证据"))

    def __init__(self, people: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user_id.choices = options((None, _("请选择")), *people)

    @property
    def chosen_kind(self) -> FindingKind:
        """The kind as an enum."""
        return FindingKind(self.kind.data)


class ReplyForm(PortalForm):
    """The explanation of the person concerned."""

    reply = paragraph(_l("情况说明"), _l("请说明情况。"), limit=1000)
    files = MultipleFileField(_l("证明材料"))


class ConclusionForm(PortalForm):
    """Whether a finding holds, and why."""

    upheld = RadioField(
        _l("结论"), [Needed(_l("请选择结论。"))], choices=options(("yes", _l("属实")), ("no", _l("不属实")))
    )
    conclusion = paragraph(_l("理由"), _l("请写明理由。"), limit=1000)


class FindingFilter(PortalForm):
    """Filters of the register of findings."""

    from_on = DateField(_l("检查日期自"))
    until_on = DateField(_l("至"))
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])
    kind = SelectField(
        _l("情形"), choices=options(("", _l("全部")), *words.FINDING_LABELS.items()), validators=[Unchosen()]
    )
    outcome = SelectField(
        _l("状态"),
        choices=options(
            ("", _l("全部")),
            ("to_reply", _l("待本人说明")),
            ("to_conclude", _l("待作出结论")),
            ("upheld", _l("属实")),
            ("not_upheld", _l("不属实")),
        ),
        validators=[Unchosen()],
    )

    def __init__(self, departments: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _l("全部科室")), *departments)

    def wanted(self) -> queries.FindingsWanted:
        """The filters that are good."""
        return queries.FindingsWanted(**self.good())


class CorrectionFilter(PortalForm):
    """Filters of the list of corrections."""

    state = SelectField(
        _l("状态"),
        choices=options(("", _l("全部")), *words.CORRECTION_LABELS.items(), ("to_file", _l("已批准、待备案"))),
        validators=[Unchosen()],
    )
    department = SelectField(_l("科室"), coerce=optional_id, validators=[Unchosen()])

    def __init__(self, departments: Iterable[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options((None, _l("全部科室")), *departments)

    def wanted(self) -> queries.CorrectionsWanted:
        """The filters that are good."""
        return queries.CorrectionsWanted(**self.good())
