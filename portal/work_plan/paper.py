"""Plans on paper: one content for print and DOCX, of a plan and of the whole office (E-1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.people import queries as people
from portal.pure.deadlines import Light
from portal.work_plan import lights
from portal.work_plan import vocabulary as words
from portal.work_plan.models import ItemState, PlanItem, WorkPlan

#: The width of the text on its side (cm).
WIDTH = 24.4


@dataclass(frozen=True)
class Content:
    """Everything that the paper says, in the reader's language."""

    unit: str
    title: str
    subtitle: str
    paragraphs: list[str]
    #: Title, headings, rows, widths in centimetres.
    tables: list[tuple[str, list[str], list[list[str]], tuple[float, ...]]]
    day: str


def state_text(item: PlanItem, now: datetime) -> str:
    """Where an item stands, in words."""
    light = lights.light(item, now)
    if item.state is ItemState.DONE:
        return _("逾期完成") if light is Light.OVERDUE else str(words.ITEM_LABELS[item.state])
    if light is Light.NORMAL or item.state is not ItemState.RUNNING:
        return str(words.ITEM_LABELS[item.state])
    return str(words.LIGHT_LABELS[light])


def _items(items: Sequence[PlanItem], now: datetime) -> list[list[str]]:
    names = people.user_names()
    return [
        [i.key_task, i.step, i.measure, names.get(i.person_id, ""), local_date(i.due_on), f"{i.percent}%",
         state_text(i, now)]
        for i in items
    ]  # fmt: skip


def _heads() -> list[str]:
    return [
        _("重点任务"), _("分解事项"), _("工作措施和衡量标准"), _("责任人"), _("完成日期"), _("进度"), _("状态"),
    ]  # fmt: skip


_WIDTHS = (3.6, 4.8, 7.4, 2.0, 2.6, 1.6, 2.4)


def of_plan(plan: WorkPlan, now: datetime) -> Content:
    """A plan of a department."""
    told = []
    if plan.meeting_on is not None:
        told.append(_("%(day)s 班子会审定：%(record)s", day=local_date(plan.meeting_on), record=plan.meeting_record))
    told += [
        _("%(term)s结论：%(conclusion)s", term=words.TERM_LABELS[r.term], conclusion=r.conclusion)
        for r in plan.reviews
        if r.concluded_at is not None
    ]
    return Content(
        unit=people.unit_name(),
        title=_("%(department)s %(year)s 年工作计划", department=plan.department.name, year=plan.year),
        subtitle=_("%(number)s · %(state)s", number=plan.number, state=words.PLAN_LABELS[plan.state]),
        paragraphs=[*plan.goals.splitlines(), *told],
        tables=[(_("重点任务分解"), _heads(), _items(plan.items, now), _WIDTHS)],
        day=local_date(clock.local(now).date(), "formal"),
    )


def of_office(plans: Sequence[WorkPlan], year: int, now: datetime) -> Content:
    """How the plans of the whole office stand: a line for each department, then every late and every open item."""
    found = [(p, lights.figures(p, now)) for p in plans]
    rows = [
        [p.department.name, str(f.items), str(f.done), str(f.done_late), str(f.reported), str(f.soon), str(f.late),
         f"{f.rate}%", f"{f.percent}%"]
        for p, f in found
    ]  # fmt: skip
    every = [i for p in plans for i in p.items]
    late = [i for i in every if i.state is ItemState.RUNNING and lights.light(i, now) is Light.OVERDUE]
    names, departments = people.user_names(), people.department_names()
    tables: list[tuple[str, list[str], list[list[str]], tuple[float, ...]]] = [
        (
            _("各科室进展"),
            [_("科室"), _("计划事项"), _("已完成"), _("其中逾期完成"), _("待确认"), _("临期"), _("逾期"), _("完成率"),
             _("平均进度")],
            rows,
            (5.2, *[2.4] * 8),
        ),
        (
            _("逾期未完成的事项"),
            [_("科室"), _("分解事项"), _("责任人"), _("完成日期"), _("进度")],
            [
                [departments.get(i.department_id, ""), i.step, names.get(i.person_id, ""), local_date(i.due_on),
                 f"{i.percent}%"]
                for i in sorted(late, key=lambda i: (i.due_at, i.id))
            ],
            (5.2, 10.2, 3.0, 3.4, 2.6),
        ),
    ]  # fmt: skip
    tables += [
        (str(p.department.name), _heads(), _items([i for i in p.items if i.state is not ItemState.CANCELLED], now),
         _WIDTHS)
        for p in plans
    ]  # fmt: skip
    return Content(
        unit=people.unit_name(),
        title=_("%(year)s 年重点工作进展通报", year=year),
        subtitle=_("数据截至 %(at)s", at=local_dt(now)),
        paragraphs=[],
        tables=tables,
        day=local_date(clock.local(now).date(), "formal"),
    )


def docx(content: Content) -> Paper:
    """The same as DOCX."""
    made = Paper(content.title, content.unit, True)
    made.line(content.subtitle)
    for each in content.paragraphs:
        made.line(each, indent=True)
    for title, headings, rows, widths in content.tables:
        made.line(title, bold=True)
        if rows:
            made.table(headings, rows, widths)
        else:
            made.line(_("没有"))
    made.line(content.day, right=True)
    return made
