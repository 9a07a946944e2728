"""Forms of the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    ValidationError,
)
from wtforms.widgets import CheckboxInput, ListWidget

from portal.kernel.forms import (
    DateField,
    Needed,
    NumberField,
    PortalForm,
    code,
    line,
    optional_id,
    paragraph,
    phone_like,
)
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.post_duty.forms import code_like, options
from portal.pure.text import nfkc
from portal.service_commitment.models import CaseKind
from portal.service_commitment.service import Content, Material
from portal.service_commitment.vocabulary import BREACH_LABELS, KIND_LABELS
from portal.service_commitment.words import limit_code, limit_text, money_code, money_figure

#: Rows of the checklist: blank ones are offered after the filled ones.
BLANK_ROWS, MOST_ROWS = 3, 60
_TAKEN = frozenset({"suggest", "drafts", "print"})


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
    kind = SelectField(_l("类型"), default="", validate_choice=False)
    state = SelectField(_l("状态"), default="", validate_choice=False)
    only = SelectField(_l("只看"), default="", validate_choice=False)

    def __init__(self, topics: Iterable[str], unpublished: bool, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.department.choices = options(people.open_departments(), _("全部"))
        self.topic.choices = options(((t, t) for t in topics), _("全部"))
        self.kind.choices = options(((str(k), label) for k, label in KIND_LABELS.items()), _("全部"))
        states = [("retired", _("已停办")), ("review", _("拟订或审核中")), ("all", _("全部"))]
        if unpublished:
            states.insert(1, ("unpublished", _("尚未公布")))
        self.state.choices = options(states, _("现行"))
        self.only.choices = options(
            [
                ("no_statute", _("没有法定时限")),
                ("fee", _("收费")),
                ("licence", _("须由具备资格的人员决定")),
                ("no_consequence", _("没有写明违诺后果")),
            ],
            _("不限"),
        )


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
    #: The sample form that goes with the row; files are chosen on the draft's page.
    sample_id = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """A row with anything else in it needs a name."""
        good = bool(super().validate(extra_validators))
        if good and not self.name.data and (self.form.data or self.note.data):
            self.name.errors = [_("请填写材料名称，或清空这一行。")]
            return False
        return good


def amount_like(_form: Any, field: Any) -> None:
    """An amount in yuan with at most two decimals."""
    if money_code(field.data) is None:
        raise ValidationError(_("请填写金额，如 10 或 10.50。"))


class VersionForm(PortalForm):
    """Everything that is published of an item (C-1, C-2); ``base`` is the edition of the draft it was opened on."""

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
    procedure = paragraph(_l("办理程序"), description=_l("每个步骤一行。"))
    service_standard = paragraph(_l("服务标准"))
    fee_amount = code(_l("收费金额（元）"), limit=12, validators=[amount_like], description=_l("不收费的留空。"))
    fee_unit = line(_l("收费单位"), limit=20, description=_l("如 件、份、场。"))
    fee = line(_l("收费说明"), description=_l("如 减免条件。"))
    fee_basis = line(_l("收费依据"), limit=200)
    breach_kinds = SelectMultipleField(
        _l("违诺后果类别"),
        choices=options(BREACH_LABELS.items()),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    breach = paragraph(
        _l("违诺后果"), description=_l("没有兑现承诺时，对服务对象怎么做，如 三个工作日内书面致歉并说明原因。")
    )
    complaint = line(_l("投诉方式"), limit=200, description=_l("留空即为本单位公布的投诉方式。"))
    related = line(_l("相关事项"), limit=200, description=_l("填事项编码，用空格分开。"))
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
        if (self.fee.data or self.fee_amount.data) and not self.fee_basis.data and not self.fee_basis.errors:
            self.fee_basis.errors = [_("收费的事项请写明收费依据（规则 C-1）。")]
            return False
        return good

    @classmethod
    def of(cls, content: Content, edition: int) -> VersionForm:
        """The form filled with content; ``edition`` is the draft's that it was read from, 0 for none."""
        plain = {k: v for k, v in vars(content).items() if k != "materials"}
        plain |= {
            "kind": str(content.kind),
            "base": str(edition),
            "fee_amount": money_figure(content.fee_fen) if content.fee_fen else "",
            "breach_kinds": [k for k in content.breach_kinds.split(",") if k],
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
            fee_fen=money_code(self.fee_amount.data) if self.fee_amount.data else None,
            breach_kinds=",".join(self.breach_kinds.data or ()),
            related=" ".join(re.split(r"[\s、,，;；]+", nfkc(self.related.data or "").strip())),
            materials=tuple(
                Material(
                    row["name"],
                    row["form"] or "",
                    row["copies"] or 1,
                    row["required"],
                    row["note"] or "",
                    _sample(row["sample_id"]),
                )
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
    "fee_unit",
    "fee_basis",
    "breach",
    "complaint",
    "place",
    "phone",
    "outcome",
)


def _sample(typed: str | None) -> int | None:
    """The sample form of a row; nonsense is none, and whose file it is, is asked when it is saved."""
    typed = typed or ""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else None


class SampleForm(PortalForm):
    """A sample form for one material of the draft."""

    base = HiddenField()
    file = FileField(_l("样表文件"), [Needed(_l("请选择文件。"))])


class SubmitForm(PortalForm):
    """What the reviewer should know."""

    note = paragraph(_l("修改说明"), limit=500, description=_l("为什么修改，审核人会看到。"))


class DecideForm(PortalForm):
    """The review of a draft."""

    base = HiddenField()
    reason = paragraph(_l("不通过的理由"), limit=500)


class RetireForm(PortalForm):
    """When an item is no longer offered, why, and what takes its place."""

    on = DateField(_l("停办日期"), _l("请填写停办日期。"), description=_l("从这一天起不再登记新的办件。"))
    reason = line(_l("停办原因"), _l("请填写停办原因。"), limit=200)
    replaced_by = SelectField(_l("由哪个事项替代"), default="", validate_choice=False)

    def __init__(self, items: Iterable[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.replaced_by.choices = options(items, _("没有替代事项"))
