"""Forms of the evidence of scores."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import MultipleFileField, RadioField, SelectField

from portal.kernel.forms import (
    DateField,
    FigureField,
    Needed,
    PortalForm,
    Unchosen,
    code,
    line,
    optional_id,
    options,
    paragraph,
)
from portal.pure.scoring import Kind, Table, plain
from portal.score_evidence.lines import hand_rules

MOST = 1000


class ProposeForm(PortalForm):
    """A manual line: whom it is about, the rule, what happened, when, found by whom."""

    subject_id = SelectField(_l("被考评对象"), coerce=optional_id, validators=[Needed(_l("请选择被考评的对象。"))])
    rule = SelectField(_l("评分规则"), validators=[Needed(_l("请选择评分规则。"))])
    quantity = FigureField(_l("数量"), 0, MOST)
    points = FigureField(_l("分值"), -MOST, MOST)
    happened_on = DateField(_l("发生日期"), _l("请填写发生日期。"))
    note = paragraph(_l("情况"), _l("请写明发生了什么。"), limit=1000)
    finder = line(_l("发现人或者来源"), _l("请写明由谁发现。"), limit=60)
    files = MultipleFileField(_l("证明材料"))

    def __init__(self, table: Table, subjects: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject_id.choices = options(("", _("请选择")), *subjects)
        self.rule.choices = options(("", _("请选择")), *((r.code, _rule(r)) for r in hand_rules(table)))


def _rule(rule: Any) -> str:
    """A rule in a select: its text, and the range where the points are to be given."""
    text = rule.text if len(rule.text) <= 60 else rule.text[:59] + "…"
    if rule.kind is Kind.RANGE:
        return _("%(rule)s（填写分值 %(low)s 至 %(high)s）", rule=text, low=plain(rule.low), high=plain(rule.high))
    if rule.kind is Kind.DISQUALIFY or rule.points is None:
        return str(text)
    return _("%(rule)s（%(points)s 分）", rule=text, points=plain(rule.points))


class DecideForm(PortalForm):
    """A second person's decision about a proposed line."""

    outcome = RadioField(
        _l("处理"),
        choices=options(("approve", _l("核准，计入考评")), ("refuse", _l("不核准"))),
        validators=[Needed(_l("请选择是否核准。"))],
    )
    points = FigureField(_l("酌情分值"), -MOST, MOST)
    decision = paragraph(_l("理由"), limit=400)


class ObjectForm(PortalForm):
    """Why the scored object to a line."""

    text = paragraph(_l("异议的理由"), _l("请写明异议的理由。"), limit=1000)


class RuleForm(PortalForm):
    """What becomes of an objection, with the reason."""

    outcome = RadioField(
        _l("裁定"),
        choices=options(
            ("refuse", _l("异议不成立，依据不变")),
            ("strike", _l("异议成立，剔除这条依据")),
            ("change", _l("异议成立，更改数量或者分值")),
        ),
        validators=[Needed(_l("请选择裁定的结果。"))],
    )
    quantity = FigureField(_l("更改后的数量"), 0, 1_000_000)
    points = FigureField(_l("更改后的分值"), -MOST, MOST)
    ruling = paragraph(_l("裁定的理由"), _l("请写明裁定的理由。"), limit=1000)


class FilterForm(PortalForm):
    """What a month's table and the queue of objections are narrowed to."""

    q = code(_l("名称"), limit=60)
    order = SelectField(
        _l("排列"),
        choices=options(("", _l("按名称")), ("total", _l("按总分"))),
        validators=[Unchosen()],
    )
