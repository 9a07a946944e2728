"""Forms of score tables: the whole, a category, what is sent for approval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    Form,
    FormField,
    HiddenField,
    RadioField,
    SelectField,
)

from portal.kernel.errors import Invalid
from portal.kernel.forms import FigureField, Needed, PortalForm, line, options, paragraph
from portal.pure.months import month_text, read_month
from portal.pure.scoring import Category, Group, Subject, Table
from portal.score_table import editing
from portal.score_table import vocabulary as words
from portal.score_table.presets import named

#: Rows that a form may have, and blank ones that it offers.
MOST_ROWS, BLANK_ROWS = 20, 2
MOST_POINTS = 1000


def points_field(label: Any, **kw: Any) -> FigureField:
    """A field for an amount of points, without sign."""
    return FigureField(label, 0, MOST_POINTS, **kw)


class StampForm(PortalForm):
    """A form on a part of a draft; ``seen`` is what the part looked like when it was opened."""

    seen = HiddenField()

    def base(self) -> str:
        """The stamp that was sent, whatever it was."""
        return self.seen.data or ""


class GroupForm(Form):
    """One item inside a category; a row without a name is left out."""

    code = HiddenField()
    name = line(_l("项目名称"), limit=100)
    base = points_field(_l("分值"))
    cap = points_field(_l("合计最多"))
    strongest = BooleanField(_l("只计最重的一条"))


class CategoryForm(StampForm):
    """One category of a table, with its items."""

    name = line(_l("类别名称"), _l("请填写类别名称。"), limit=100)
    base = points_field(_l("基础分"), description=_l("从基础分往下扣，扣完为止；不设的留空，奖扣累计，可以是负数。"))
    cap = points_field(_l("最高分"), description=_l("有基础分的填最高得分，没有的填奖扣最多多少；不限的留空。"))
    weight = FigureField(_l("占比（百分数）"), 0, 100, description=_l("本类得分按多少计入总分；全部计入的留空。"))
    groups = FieldList(FormField(GroupForm), label=_l("项目"), max_entries=MOST_ROWS)

    def fill(self, category: Category | None) -> None:
        """Show a category, or an empty one."""
        if category is not None:
            self.name.data, self.base.data = category.name, category.base
            self.cap.data, self.weight.data = category.cap, category.weight
            for each in category.groups:
                self.groups.append_entry(vars_of(each))
        self.rows()

    def rows(self) -> None:
        """Offer blank rows for items."""
        for _n in range(BLANK_ROWS):
            if len(self.groups) < MOST_ROWS:
                self.groups.append_entry()

    def drop(self, at: int) -> None:
        """Take a row of the items away."""
        if 0 <= at < len(self.groups.entries):
            del self.groups.entries[at]

    def validate(self, extra_validators: Any = None) -> bool:
        """What fields must say together."""
        good = bool(super().validate(extra_validators))
        for field, wrong in self._faults():
            if not field.errors:
                field.errors = [wrong]
                good = False
        return good

    def _faults(self) -> list[tuple[Any, str]]:
        found: list[tuple[Any, str]] = []
        base, cap = self.base.data, self.cap.data
        for field in (self.base, self.cap, self.weight):
            if field.data is not None and not field.data:
                found.append((field, _("应大于 0；没有的留空。")))
        if base is not None and cap is not None and cap < base:
            found.append((self.cap, _("最高分不能低于基础分。")))
        total = Decimal(0)
        for entry in self.groups:
            row = entry.form
            if not row.name.data and (row.base.data is not None or row.cap.data is not None):
                found.append((row.name, _("请填写项目名称，或清空这一行。")))
            if row.base.data is not None and base is None:
                found.append((row.base, _("本类没有基础分，项目也不能有分值。")))
            total += row.base.data or 0
            if base is not None and total > base:
                found.append((row.base, _("各项目的分值合计超过了基础分。")))
            for field in (row.base, row.cap):
                if field.data is not None and not field.data:
                    found.append((field, _("应大于 0；没有的留空。")))
        return found

    def chosen(self, code: str, old: Category | None) -> Category:
        """The category as filled in, with the rules that it has."""
        kept = {g.code for g in old.groups} if old else set()
        made: list[Group] = []
        for entry in self.groups:
            row = entry.form
            if row.name.data:
                known = row.code.data if row.code.data in kept else ""
                kept.discard(known)
                own = known or editing.new_code(
                    {g.code for g in made} | ({g.code for g in old.groups} if old else set()), "g"
                )
                made.append(Group(own, row.name.data, row.base.data, row.cap.data, bool(row.strongest.data)))
        there = {g.code for g in made}
        rules = old.rules if old else ()
        rules = tuple(r if not r.group or r.group in there else replace(r, group="") for r in rules)
        return Category(code, self.name.data or "", self.base.data, rules, self.weight.data, self.cap.data, tuple(made))


def vars_of(group: Group) -> dict[str, Any]:
    """An item as the row of a form shows it."""
    return {
        "code": group.code, "name": group.name, "base": group.base, "cap": group.cap, "strongest": group.strongest,
    }  # fmt: skip


class HeadingForm(StampForm):
    """What holds of the whole table."""

    total_cap = points_field(_l("总分上限"), description=_l("如 100 或 110；不设上限的留空。"))
    source = line(_l("来源"), limit=100, description=_l("依据哪份文件制定。"))
    note = line(_l("说明"), limit=500)

    def fill(self, table: Table) -> None:
        """Show what the table says."""
        self.total_cap.data, self.source.data, self.note.data = table.total_cap, table.source, table.note


class AdoptForm(PortalForm):
    """A new table: taken over from a shipped one, or begun empty."""

    preset = RadioField(_l("从哪里开始"), [Needed(_l("请选择。"))])
    subject = RadioField(
        _l("考核对象"),
        choices=options(
            (str(Subject.DEPARTMENT), words.SUBJECT_LABELS[Subject.DEPARTMENT]),
            (str(Subject.PERSON), words.SUBJECT_LABELS[Subject.PERSON]),
        ),
        default=str(Subject.DEPARTMENT),
        description=_l("只用于空白表；采用现成的表，考核对象随表。"),
    )
    name = line(_l("名称"), limit=100, description=_l("采用现成的表时留空，即用原来的名称。"))

    def __init__(self, presets: Sequence[Table], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.preset.choices = options(*((t.code, named(t.name)) for t in presets), (OWN, _("空白表，自己编写")))

    def validate(self, extra_validators: Any = None) -> bool:
        """A table of one's own needs a name."""
        good = bool(super().validate(extra_validators))
        if self.preset.data == OWN and not self.name.data and not self.name.errors:
            self.name.errors = [_("请填写名称。")]
            return False
        return good


#: The choice of an empty table.
OWN = "own"


class SubmitForm(PortalForm):
    """From which month on, and why."""

    month = SelectField(_l("自哪个月起施行"), [Needed(_l("请选择月份。"))])
    reason = paragraph(_l("说明"), _l("请说明为什么制定或修改，供审批人参考。"), limit=400)

    def __init__(self, months: Sequence[date], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.month.choices = options(("", _("请选择")), *((month_text(m), month_text(m)) for m in months))

    def first(self) -> date:
        """The first day of the month that was chosen."""
        found = read_month(self.month.data or "")
        if found is None:  # the choices are months
            raise Invalid("month", _("请选择月份。"))
        return found


class ApproveForm(PortalForm):
    """What the approver read."""

    seen = HiddenField()


class ReasonForm(PortalForm):
    """Why a version is given back or discarded."""

    reason = paragraph(_l("原因"), _l("请写明原因。"), limit=400)
