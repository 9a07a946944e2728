"""XLSX of sheets and of the register of findings (O-3, P-3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _

from portal.attendance import showing
from portal.attendance import vocabulary as words
from portal.attendance.models import Finding
from portal.attendance.rules import State
from portal.attendance.sheet import Sheet
from portal.kernel import sheets
from portal.people import queries as people

#: Rows of an export at most; beyond it the register is to be narrowed by its filters.
MOST_EXPORTED = 20_000
_PLAIN = (State.DAY_OFF, State.NO_DATA)


def month(found: Sheet, closed: bool) -> bytes:
    """A month: the matrix, the totals, every half day with its times, the legend."""
    names = people.department_names()
    days = [f"{day.month}-{day.day:02d}" for day in found.days]
    matrix = []
    totals = []
    details = []
    for row in found.rows:
        who = [names.get(row.department_id or 0, ""), row.name]
        for label, part in ((_("上午"), 0), (_("下午"), 1)):
            signs = [showing.cell(row.days[day].parts[part]).sign if day in row.days else "" for day in found.days]
            matrix.append([*who, label, *signs])
        t = row.totals
        leave = [t.excused.get(kind, 0) / 2 for kind in showing.KIND_LABELS]
        totals.append(
            [
                *who,
                t.halves / 2,
                t.present / 2,
                t.late,
                t.early,
                t.missing,
                t.off_post,
                t.absent / 2,
                *leave,
                t.corrected,
            ]
        )
        for day, each in row.days.items():
            for label, half in zip((_("上午"), _("下午")), each.parts, strict=True):
                if half.state not in _PLAIN:
                    times = [showing.hour(half.in_at), showing.hour(half.out_at)]
                    details.append([*who, day, label, *times, half.late, half.early, showing.half_words(half)])
    person = [_("科室"), _("姓名")]
    return sheets.workbook(
        [
            (_("月表"), [*person, _("半天"), *days], matrix),
            (
                _("合计"),
                [
                    *person,
                    _("应出勤（天）"),
                    _("出勤（天）"),
                    _("迟到（次）"),
                    _("早退（次）"),
                    _("缺卡（次）"),
                    _("脱岗（次）"),
                    _("旷工（天）"),
                    *(str(k) for k in showing.KIND_LABELS.values()),
                    _("补卡（次）"),
                ],
                totals,
            ),
            (
                _("明细"),
                [*person, _("日期"), _("半天"), _("上班"), _("下班"), _("迟到分钟"), _("早退分钟"), _("情况")],
                details,
            ),
            (
                _("图例"),
                [_("符号"), _("含义")],
                [[sign, said] for sign, _look, said in showing.legend()]
                + [[_("状态"), _("已关闭") if closed else _("未关闭，随数据变化")]],
            ),
        ]
    )


def findings(rows: Iterable[Finding]) -> bytes:
    """The register of findings."""
    names, departments = people.user_names(), people.department_names()
    headings = [
        _("编号"),
        _("检查时间"),
        _("科室"),
        _("姓名"),
        _("情形"),
        _("分值"),
        _("地点"),
        _("检查情况"),
        _("检查人"),
        _("说明期限"),
        _("本人说明"),
        _("说明时间"),
        _("结论"),
        _("理由"),
        _("作出人"),
        _("作出时间"),
    ]
    lines: list[list[Any]] = [
        [
            f.number,
            f.found_at,
            departments.get(f.department_id or 0, ""),
            names.get(f.user_id, ""),
            str(words.FINDING_LABELS[f.kind]),
            f.tenths / 10,
            f.place,
            f.note,
            names.get(f.inspected_by_id, ""),
            f.reply_by,
            f.reply,
            f.replied_at,
            "" if f.upheld is None else _("属实") if f.upheld else _("不属实"),
            f.conclusion,
            names.get(f.concluded_by_id or 0, ""),
            f.concluded_at,
        ]
        for f in rows
    ]
    return sheets.workbook([(_("工作纪律检查登记"), headings, lines)])
