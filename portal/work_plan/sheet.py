"""A plan's items as a sheet: the template, and what a filled one says with all that is wrong with it (E-1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.kernel import sheets
from portal.kernel.forms import clean_line, normal, read_day
from portal.kernel.sheets import Problem
from portal.people import queries as people
from portal.work_plan.common import MOST_ITEMS, Text
from portal.work_plan.models import WorkPlan

COLUMNS = (
    ("key_task", _l("重点任务"), 120),
    ("step", _l("分解事项"), 200),
    ("measure", _l("工作措施和衡量标准"), 2000),
    ("person", _l("责任人"), 40),
    ("due_on", _l("完成日期"), 20),
)


@dataclass
class Checked:
    """A filled sheet: the items, and all that is wrong; nothing is written while there is a problem."""

    texts: list[Text] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def template(plan: WorkPlan) -> bytes:
    """The empty sheet, with the names that may stand in it on a second one."""
    names = [[name] for _id, name in people.people_in_service(plan.department_id)]
    head = [str(label) for _key, label, _most in COLUMNS]
    return sheets.workbook([(_("计划事项"), head, []), (_("责任人"), [_("可以填写的责任人")], names)])


def check(plan: WorkPlan, content: bytes) -> Checked:
    """Examine a filled sheet row by row. Raises SheetError for what is no such sheet."""
    reading = sheets.read(content, [(key, str(label)) for key, label, _most in COLUMNS])
    found = Checked(problems=list(reading.problems))
    headings = {key: str(label) for key, label, _most in COLUMNS}
    able: dict[str, list[int]] = {}
    for user_id, label in people.people_in_service(plan.department_id):
        able.setdefault(label, []).append(user_id)
        able.setdefault(label.split(" · ")[0], []).append(user_id)
    if not reading.rows:
        found.problems.append(Problem(1, "", _("表格里没有事项。")))
    if len(reading.rows) + len(plan.items) > MOST_ITEMS:
        found.problems.append(Problem(1, "", _("一份计划最多 %(n)s 项。", n=MOST_ITEMS)))
    for row in reading.rows:
        cells = {key: normal(v) if key in ("person", "due_on") else v for key, v in row.cells.items()}
        for key, label, most in COLUMNS:
            if not cells[key]:
                found.problems.append(Problem(row.number, headings[key], _("请填写%(what)s。", what=label)))
            elif len(cells[key]) > most:
                message = _("最多 %(limit)s 个字，现有 %(length)s 个。", limit=most, length=len(cells[key]))
                found.problems.append(Problem(row.number, headings[key], message))
        people_found = able.get(cells["person"], [])
        if cells["person"] and not people_found:
            found.problems.append(Problem(row.number, headings["person"], _("本科室没有这个在职人员。")))
        elif len(set(people_found)) > 1:
            found.problems.append(Problem(row.number, headings["person"], _("有重名的人员，请在页面上填写这一项。")))
        day = read_day(cells["due_on"])
        if cells["due_on"] and (day is None or day.year != plan.year):
            message = _("请填写 %(year)s 年之内的日期，如 %(year)s-03-09。", year=plan.year)
            found.problems.append(Problem(row.number, headings["due_on"], message))
        found.texts.append(
            Text(
                clean_line(cells["key_task"]), clean_line(cells["step"]), cells["measure"],
                people_found[0] if people_found else None, day,
            )
        )  # fmt: skip
    found.problems.sort(key=lambda p: p.row)
    return found
