"""The report on duty as people file it: one content for print page and DOCX (P-5)."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from portal.duty_report import queries
from portal.duty_report import vocabulary as words
from portal.duty_report.models import DutyReport, RoundState
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date
from portal.people import queries as people


@dataclass(frozen=True)
class Content:
    """Everything that the paper says, in the reader's language."""

    unit: str
    title: str
    facts: list[tuple[str, str]]
    figures: list[list[str]]
    sections: list[tuple[str, str]]
    #: Grade, count, share; empty where the reader may not see the result.
    result: list[tuple[str, str, str]]
    day: str


def figure_headings() -> list[str]:
    """Headings of the table of figures."""
    return [_("岗位"), *(str(label) for label in words.FIGURE_LABELS.values()), _("按期办结率")]


def content(report: DutyReport, reader: Actor) -> Content:
    """What the paper says."""
    now, user = clock.now(), report.user
    may = report.round.state is RoundState.CLOSED and (report.user_id == reader.id or queries.sees_results(reader))
    result = queries.results_of([report.id])[report.id] if may else None
    return Content(
        unit=people.unit_name(),
        title=_("%(year)s 年度述职报告", year=report.round.year),
        facts=[
            (_("姓名"), user.name),
            (_("科室"), people.department_names().get(user.department_id or 0, "")),
            (_("岗位"), report.post.name),
        ],
        figures=[
            [
                f.post,
                *(str(f.values.get(name, 0)) for name in words.FIGURE_LABELS),
                f"{f.on_time_percent:.1f}%" if f.on_time_percent is not None else "—",
            ]
            for f in queries.figures_of(report, now)
        ],
        sections=[(str(label), getattr(report, name)) for name, label in words.SECTIONS.items()],
        result=[
            (str(label), str(result.counts.get(str(grade), 0)), f"{result.share(str(grade)):.1f}%")
            for grade, label in words.GRADE_LABELS.items()
        ]
        if result
        else [],
        day=local_date(clock.local(report.submitted_at).date(), "formal") if report.submitted_at else "",
    )


def docx(report: DutyReport, reader: Actor) -> Paper:
    """The paper as a DOCX document."""
    said = content(report, reader)
    made = Paper(said.title, said.unit)
    if people.is_sample():
        made.line(_("样例"), right=True)
    made.fields(said.facts)
    if said.figures:
        made.table(figure_headings(), said.figures)
    for title, text in said.sections:
        made.line(title, bold=True)
        for part in text.splitlines():
            made.line(part, indent=True)
    if said.result:
        made.line(_("评议结果"), bold=True)
        made.table([_("等次"), _("票数"), _("占比")], said.result)
    made.line(_("述职人（签名）：%(name)s", name=report.user.name))
    made.line(said.day, right=True)
    return made
