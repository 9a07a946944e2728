"""The decision and the review as people hold them: one content for the print page and DOCX (A-2).

Nothing on it says who complained or who raised the matter.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.accountability import vocabulary as words
from portal.accountability.models import Imposed, MeasureKind, Subject
from portal.accountability.rules import REFERENCE_ONLY
from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import local_date, local_dt
from portal.people import queries as people


@dataclass(frozen=True)
class Letter:
    """Everything that one letter says, in the reader's language."""

    unit: str
    title: str
    number: str
    to: str
    opening: str
    sections: list[tuple[str, str]]
    day: str


def name_of(subject: Subject) -> str:
    """The person or department."""
    if subject.user is not None:
        return subject.user.name
    return subject.department.name if subject.department is not None else ""


def measure_words(measure: Imposed) -> str:
    """A measure in one line: what it is, until when it counts, what an order demands."""
    name = str(words.MEASURE_LABELS[measure.kind])
    if measure.kind is MeasureKind.RECTIFICATION:
        return _(
            "%(name)s：%(demand)s（%(on)s 前完成）", name=name, demand=measure.demand, on=local_date(measure.due_on)
        )
    if measure.kind in REFERENCE_ONLY:
        name = _("%(name)s（建议，由有权机关决定）", name=name)
    if measure.expires_on is None:
        return name
    return _("%(name)s（影响期至 %(on)s）", name=name, on=local_date(measure.expires_on))


def _finding(subject: Subject) -> str:
    if not subject.confirmed:
        return str(words.CONFIRMED_LABELS[False])
    parts = [words.CONFIRMED_LABELS[True]]
    if subject.conduct and subject.effect and subject.cause and subject.attitude and subject.severity:
        parts += [
            words.CONDUCT_LABELS[subject.conduct],
            _("后果：%(what)s", what=words.EFFECT_LABELS[subject.effect]),
            _("原因：%(what)s", what=words.CAUSE_LABELS[subject.cause]),
            _("态度：%(what)s", what=words.ATTITUDE_LABELS[subject.attitude]),
            words.SEVERITY_LABELS[subject.severity],
        ]
    return "；".join(map(str, parts))


def _day(at: datetime | None) -> str:
    return local_date(clock.local(at).date(), "formal") if at else ""


def decision(subject: Subject) -> Letter:
    """What the decision letter says."""
    # As it was decided: what a review lifted stands on its own letter.
    measures = [m for m in subject.measures if not m.milder]
    sections = [
        (_("认定的事实"), subject.facts),
        (_("认定"), _finding(subject)),
        (_("处理"), "\n".join(measure_words(m) for m in measures) if measures else _("不予处理")),
        (_("理由和依据"), subject.opinion),
        (_("计算期内此前已被追责"), _("%(n)s 次", n=subject.repeats) if subject.repeats else ""),
        (_("班子会议"), local_date(subject.meeting_on, "formal") if subject.meeting_on else ""),
        (_("救济途径"), subject.remedies if subject.confirmed else ""),
        (_("申请复核的期限"), local_dt(subject.review_by) if subject.confirmed else ""),
    ]
    return Letter(
        unit=people.unit_name(),
        title=_("责任追究决定书") if subject.confirmed else _("调查结论告知书"),
        number=subject.letter_number or "",
        to=name_of(subject),
        opening=_(
            "“%(matter)s”（案件编号 %(number)s）已经调查，并听取了您的陈述申辩。现将决定告知如下：",
            matter=subject.proceeding.title,
            number=subject.proceeding.number,
        ),
        sections=[(title, text) for title, text in sections if text],
        day=_day(subject.told_at),
    )


def review(subject: Subject) -> Letter | None:
    """What the letter of the review says; None while there is none."""
    if subject.outcome is None:
        return None
    standing = [m for m in subject.measures if m.lifted_at is None]
    return Letter(
        unit=people.unit_name(),
        title=_("复核决定书"),
        number=_("%(letter)s 复", letter=subject.letter_number),
        to=name_of(subject),
        opening=_("您对责任追究决定书 %(letter)s 申请复核。现将复核决定告知如下：", letter=subject.letter_number),
        sections=[
            (_("申请的理由"), subject.grounds),
            (_("复核结果"), str(words.OUTCOME_LABELS[subject.outcome])),
            (_("复核的理由"), subject.review),
            (_("复核后的处理"), "\n".join(measure_words(m) for m in standing) if standing else _("不予处理")),
        ],
        day=_day(subject.reviewed_at),
    )


def letters(subject: Subject) -> list[Letter]:
    """The papers of one subject, in their order."""
    second = review(subject)
    return [decision(subject)] + ([second] if second is not None else [])


def docx(letter: Letter) -> Paper:
    """A letter as a DOCX document."""
    paper = Paper(letter.title, letter.unit)
    if people.is_sample():
        paper.line(_("样例"), right=True)
    paper.line(_("编号：%(number)s", number=letter.number), right=True)
    paper.line(_("%(name)s：", name=letter.to), bold=True)
    paper.line(letter.opening, indent=True)
    for title, text in letter.sections:
        paper.line(title, bold=True)
        for part in text.splitlines():
            paper.line(part, indent=True)
    paper.line(letter.unit, right=True)
    paper.line(letter.day, right=True)
    paper.line(_("（盖章处）"), right=True)
    paper.fields([(_("签收人"), ""), (_("签收日期"), "")])
    return paper
