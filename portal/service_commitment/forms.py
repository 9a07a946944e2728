"""Forms of the catalogue."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, FieldList, Form, FormField, HiddenField, RadioField, SelectField, ValidationError

from portal.kernel.forms import Needed, NumberField, PortalForm, code, line, optional_id, paragraph, phone_like
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.forms import code_like, options
from portal.pure.text import nfkc
from portal.service_commitment.models import CaseKind
from portal.service_commitment.service import Content, Material
from portal.service_commitment.vocabulary import KIND_LABELS
from portal.service_commitment.words import limit_code, limit_text

#: Rows of the checklist: blank ones are offered after the filled ones.
BLANK_ROWS, MOST_ROWS = 3, 60
_TAKEN = frozenset({"suggest"})


def item_code(form: Any, field: Any) -> None:
    """A code that can stand in an address beside the room's own words."""
    code_like(form, field)
    if nfkc(field.data).lower() in _TAKEN:
        raise ValidationError(_("这个编码不能使用，请换一个。"))


class SearchForm(PortalForm):
    """Search and filters of the list."""

    q = line(_l("名称、别名或拼音首字母"), limit=60)
    department = SelectField(_l("科室"), coerce=optional_id, validate_choice=False)
    topic = SelectField(_l("主题"), default="", validate_choice=False)

    def __init__(self, topics: Iterable[str], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(people.open_departments(), _("全部"))
        self.topic.choices = options(((t, t) for t in topics), _("全部"))


class PlaceForm(PortalForm):
    """How an item is found and which post answers for it."""

    post_id = SelectField(_l("负责岗位"), [Needed(_l("请选择负责岗位。"))], coerce=optional_id)
    topic = line(_l("主题"), limit=40, description=_l("如 企业、人才、科普，用于分类查找。"))
    aliases = line(_l("别名"), limit=200, description=_l("群众的叫法，用空格分开；登记时按别名和拼音首字母也能找到。"))
    common = BooleanField(_l("常用事项，在首问登记中直接列出"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        names = people.department_names()
        self.post_id.choices = options(
            ((p.id, " · ".join((names.get(p.department_id, ""), p.name))) for p in posts.open_posts()), _("请选择")
        )


class NewItemForm(PlaceForm):
    """An item to be added; its content is published afterwards."""

    code = code(_l("事项编码"), _l("请填写事项编码。"), limit=20, validators=[item_code])
    name = line(_l("事项名称"), _l("请填写事项名称。"))


class MaterialForm(Form):
    """One row of the checklist; a row without a name is left out."""

    name = line(_l("材料名称"), limit=200)
    form = line(_l("形式"), limit=40)
    copies = NumberField(_l("份数"), 1, 99)
    required = BooleanField(_l("必交"), default=True)
    note = line(_l("说明"), limit=200)

    def validate(self, extra_validators: Any = None) -> bool:
        """A row with anything else in it needs a name."""
        good = bool(super().validate(extra_validators))
        if good and not self.name.data and (self.form.data or self.note.data):
            self.name.errors = [_("请填写材料名称，或清空这一行。")]
            return False
        return good


class VersionForm(PortalForm):
    """Everything that is published of an item (C-1, C-2)."""

    base = HiddenField()
    name = line(_l("事项名称"), _l("请填写事项名称。"))
    kind = RadioField(_l("办件类型"), choices=options(KIND_LABELS.items()))
    promised_limit = line(
        _l("承诺时限"),
        _l("请填写承诺时限，如：5 个工作日。"),
        limit=30,
        description=_l("如 当场办结、4 个工作小时、5 个工作日、15 天、3 个月。"),
    )
    statutory_limit = line(_l("法定时限"), limit=30, description=_l("法律没有规定的留空；承诺时限须短于法定时限。"))
    basis = paragraph(_l("办理依据"), _l("请填写办理依据。"))
    conditions = paragraph(_l("受理条件"))
    procedure = paragraph(_l("办理程序"))
    service_standard = paragraph(_l("服务标准"))
    fee = line(_l("收费"), description=_l("不收费的留空。"))
    fee_basis = line(_l("收费依据"), limit=200)
    place = line(_l("办理地点"), description=_l("留空即为负责岗位的办公地点。"))
    phone = code(_l("咨询电话"), validators=[phone_like])
    outcome = line(_l("结果文书"))
    licence = BooleanField(_l("须由具备许可资格的人员决定"))
    qualification = line(
        _l("须具备的资格种类"),
        limit=60,
        description=_l("如 行政许可、科技评估；勾选上一项而不写种类的，任一有效资格均可。"),
    )
    restarts = BooleanField(_l("补正后重新计时"), description=_l("不勾选则补正期间暂停，之后继续计时。"))
    tacit_consent = BooleanField(
        _l("默认同意：到承诺期限未办结也未答复的，视为同意"), description=_l("行政许可事项不适用。")
    )
    parts = paragraph(
        _l("分办科室"),
        limit=1500,
        description=_l("联办件每行写一个：岗位编码，时限，提供什么；只出具意见的，末尾加“，会签”。"),
    )
    next_day_after_hours = BooleanField(_l("下班后或休息日收到的，视为下一工作日收到"))
    materials = FieldList(FormField(MaterialForm), label=_l("申请材料"), max_entries=MOST_ROWS)

    def validate(self, extra_validators: Any = None) -> bool:
        """A fee is published with its basis (C-1)."""
        good = bool(super().validate(extra_validators))
        if self.fee.data and not self.fee_basis.data and not self.fee_basis.errors:
            self.fee_basis.errors = [_("收费的事项请写明收费依据（规则 C-1）。")]
            return False
        return good

    @classmethod
    def of(cls, content: Content, number: int) -> VersionForm:
        """The form filled with published content; ``number`` is that version's."""
        plain = {k: v for k, v in vars(content).items() if k != "materials"}
        plain |= {
            "kind": str(content.kind),
            "base": str(number),
            "promised_limit": limit_text(content.promised_limit),
            "statutory_limit": limit_text(content.statutory_limit),
        }
        return cls(materials=[vars(m) for m in content.materials], **plain)

    def rows(self, wanted: int = BLANK_ROWS) -> None:
        """Offer some blank rows after the filled ones."""
        for _n in range(min(wanted, MOST_ROWS - len(self.materials))):
            self.materials.append_entry({"copies": 1, "required": True})

    def remove(self, index: int) -> None:
        """Take a row of the checklist out."""
        kept = [entry.data for n, entry in enumerate(self.materials) if n != index]
        while len(self.materials):
            self.materials.pop_entry()
        for row in kept:
            self.materials.append_entry(row)

    def content(self) -> Content:
        """What was entered, as the service takes it."""
        plain: dict[str, Any] = {f: getattr(self, f).data or "" for f in _TEXTS}
        return Content(
            **plain,
            kind=CaseKind(self.kind.data),
            promised_limit=limit_code(self.promised_limit.data or ""),
            statutory_limit=limit_code(self.statutory_limit.data or ""),
            licence=bool(self.licence.data or self.qualification.data),
            qualification=self.qualification.data or "",
            restarts=self.restarts.data,
            next_day_after_hours=self.next_day_after_hours.data,
            tacit_consent=self.tacit_consent.data,
            parts=self.parts.data or "",
            materials=tuple(
                Material(row["name"], row["form"] or "", row["copies"] or 1, row["required"], row["note"] or "")
                for row in self.materials.data
                if row["name"]
            ),
        )


_TEXTS = (
    "name",
    "basis",
    "conditions",
    "procedure",
    "service_standard",
    "fee",
    "fee_basis",
    "place",
    "phone",
    "outcome",
)
