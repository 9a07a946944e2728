"""An entry on paper: minutes with agenda, attendance, resolutions, hazards, corrections (O-4)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _

from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.people import queries as people
from portal.pure.months import month_text
from portal.register import attendance, owed, service
from portal.register import vocabulary as words
from portal.register.models import Presence, RegisterEntry


@dataclass(frozen=True)
class Table:
    """A table with a title; ``widths`` in centimetres."""

    title: str
    headings: list[str]
    rows: list[list[str]]
    widths: tuple[float, ...]


@dataclass
class Content:
    """What the paper says."""

    title: str
    subtitle: str
    fields: list[tuple[str, str]]
    texts: list[tuple[str, str]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    day: str = ""


def corrections(entry: RegisterEntry) -> list[dict[str, Any]]:
    """The corrections with what changed, the newest first."""
    names = people.user_names()
    return [
        {"reason": c.reason, "at": c.at, "who": names.get(c.by_id, ""), "changes": json.loads(c.changes)}
        for c in reversed(entry.corrections)
    ]


def content(entry: RegisterEntry) -> Content:
    """What an entry says on paper."""
    kind, names = entry.kind, people.user_names()
    fields = [
        (_("编号"), entry.number),
        (_("时间"), local_dt(entry.held_at)),
        (_("时长"), _("%(n)s 分钟", n=entry.minutes) if entry.minutes else ""),
        (_("地点"), entry.place),
        (_("主持人"), names.get(entry.chair_id or 0, "")),
        (_("记录人"), names.get(entry.recorded_by_id, "")),
        (_("接班人"), names.get(entry.handed_to_id or 0, "")),
    ]
    made = Content(
        entry.title,
        _(
            "%(unit)s　%(kind)s　%(place)s",
            unit=people.unit_name(),
            kind=words.shown(kind.name),
            place=owed.place(entry.department_id),
        ),
        [(label, value) for label, value in fields if value],
        day=local_date(clock.local(entry.filed_at or entry.recorded_at).date(), "formal"),
    )
    agenda_title = _("议题")
    if entry.agenda_month:
        agenda_title = _("议题（由 %(month)s 的事实预填）", month=month_text(entry.agenda_month))
    texts = [(agenda_title, entry.agenda), (_("内容"), entry.content)]
    texts += [(words.shown(each["label"]), service.shown_answer(entry, each)) for each in entry.asked()]
    made.texts = [(label, value) for label, value in [*texts, (_("交班事项"), entry.handover)] if value]
    made.tables = [t for t in (_people(entry), _passings(entry), _hazards(entry)) if t.rows]
    if entry.state == "struck":
        made.texts.insert(0, (_("已作废"), entry.struck_reason))
    return made


def _people(entry: RegisterEntry) -> Table:
    n = attendance.tally(entry)
    title = _(
        "出席：应到 %(all)s 人，到场 %(there)s 人，派人参加 %(sent)s 人，请假 %(away)s 人，无故缺席 %(absent)s 人",
        all=sum(n.values()), there=n[Presence.PRESENT], sent=n[Presence.DELEGATED], away=n[Presence.EXCUSED],
        absent=n[Presence.ABSENT],
    )  # fmt: skip
    departments, names = people.department_names(), people.user_names()
    rows = [
        [departments.get(r.department_id or 0, ""), names.get(r.user_id, ""), attendance.shown(r)]
        for r in entry.presences
    ]
    return Table(title, [_("科室"), _("姓名"), _("出席")], rows, (5.0, 4.0, 6.8))


def _passings(entry: RegisterEntry) -> Table:
    departments, names = people.department_names(), people.user_names()
    rows = [
        [
            departments.get(p.department_id, ""),
            local_date(p.due_on),
            local_date(p.passed_on) if p.passed_on else _("尚未传达"),
            names.get(p.passed_by_id or 0, ""),
        ]
        for p in entry.passings
    ]
    return Table(_("会后传达"), [_("科室"), _("期限"), _("传达日期"), _("确认人")], rows, (5.0, 3.6, 3.6, 3.6))


def _hazards(entry: RegisterEntry) -> Table:
    departments = people.department_names()
    rows = [
        [
            h.number,
            h.seen,
            departments.get(h.department_id, ""),
            local_date(h.due_on),
            str(words.HAZARD_LABELS[h.state]),
        ]
        for h in entry.hazard_rows
    ]
    headings = [_("编号"), _("隐患"), _("整改科室"), _("期限"), _("状态")]
    return Table(_("隐患和整改"), headings, rows, (3.2, 5.0, 3.0, 2.6, 2.0))


def docx(entry: RegisterEntry) -> Paper:
    """An entry as DOCX."""
    found = content(entry)
    made = Paper(found.title, found.subtitle)
    made.fields(found.fields)
    for label, text in found.texts:
        made.line(label, bold=True)
        for each in text.splitlines():
            made.line(each, indent=True)
    for table in found.tables:
        made.line(table.title, bold=True)
        made.table(table.headings, table.rows, table.widths)
    for one in corrections(entry):
        made.line(_("%(at)s %(who)s更正：%(reason)s", at=local_dt(one["at"]), who=one["who"], reason=one["reason"]))
    made.line(people.unit_name(), right=True)
    made.line(found.day, right=True)
    return made
