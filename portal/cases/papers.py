"""Numbered papers that a case brings by itself: 承诺件通知书 and the notice of deemed agreement (T-7, T-9).

One content for the print page and the DOCX file. A paper is issued once for a case and says what held then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from portal.cases import vocabulary as words
from portal.cases.models import Case, CaseState
from portal.cases.paper_models import CasePaper, PaperKind
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.documents import Paper
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import limit_words, local_date, local_dt
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.numbering import check_code
from portal.service_commitment.vocabulary import KIND_LABELS

PREFIXES = {PaperKind.PROMISE: "CN", PaperKind.DEEMED_AGREED: "TY"}


def issue(case: Case, kind: PaperKind, actor: Actor, now: datetime) -> CasePaper:
    """Issue a paper; a case has one of each kind, which the database checks. The caller records it."""
    number = numbers.take(PREFIXES[kind], now)
    made = CasePaper(
        case_id=case.id,
        kind=kind,
        number=number,
        check_code=check_code(number, str(current_app.config["SECRET_KEY"]).encode()),
        issued_at=now,
        issued_by_id=actor.id,
        promised_limit=case.promised_limit,
        due_at=case.closed_at if kind is PaperKind.DEEMED_AGREED else case.due_at,
        provisional=case.provisional,
    )
    db.session.add(made)
    return made


def of_case(case_id: int) -> list[CasePaper]:
    """The papers of a case, oldest first."""
    return list(db.session.scalars(select(CasePaper).where(CasePaper.case_id == case_id).order_by(CasePaper.id)))


def of_kind(case_id: int, kind: PaperKind) -> CasePaper | None:
    """The paper of a kind of a case, if there is one."""
    return db.session.scalar(select(CasePaper).where(CasePaper.case_id == case_id, CasePaper.kind == kind))


def tell(actor: Actor, paper: CasePaper, how: str, on: date | None, now: datetime) -> None:
    """Record that the client was told of the deemed agreement (T-7); possible once, on the closed case.

    Raises Conflict when it was recorded before, Invalid for a day before the notice or after today.
    """
    if paper.told_on is not None:
        raise Conflict(_("告知已经登记。"), "T-7")
    if how not in words.TOLD_LABELS:
        raise Invalid("how", _("请选择告知方式。"), "T-7")
    if on is None or not clock.local(paper.issued_at).date() <= on <= clock.local(now).date():
        raise Invalid("on", _("告知日期应在出具之日至今天之间。"), "T-7")
    paper.told_on, paper.told_how, paper.told_by_id = on, how, actor.id
    journal.record(
        words.AGREEMENT_TOLD, paper.case, actor, now, post_id=paper.case.post_id, notice=paper.number, how=how, on=on
    )


@dataclass(frozen=True)
class Content:
    """Everything that a paper says, in the reader's language."""

    unit: str
    title: str
    to: str
    opening: str
    facts: list[tuple[str, str]]
    closing: str
    day: str


def content(paper: CasePaper) -> Content:
    """What a paper says."""
    case = paper.case
    promise = paper.kind is PaperKind.PROMISE
    on = local_date(clock.local(case.received_at).date(), "formal")
    return Content(
        unit=people.unit_name(),
        title=str(words.PAPER_LABELS[paper.kind]),
        to=_("、").join(part for part in (case.client_unit, case.client_name) if part) or _("申请人"),
        opening=_("您于 %(on)s 提出的“%(matter)s”已受理，现将办理承诺通知如下：", on=on, matter=case.matter)
        if promise
        else _(
            "您于 %(on)s 提出的“%(matter)s”，承办单位在承诺期限内没有办结，也没有答复。依照限时办结制的规定，"
            "自下列时间起视为同意，不可撤回：",
            on=on,
            matter=case.matter,
        ),
        facts=[(name, value) for name, value in (_promised(paper) if promise else _agreed(paper)) if value],
        closing=_("超过上述期限没有办结的，您可以凭本通知书投诉。")
        if promise
        else _("承办科室对逾期未办负责。您可以凭本通知书要求办理后续手续。"),
        day=local_date(clock.local(paper.issued_at).date(), "formal"),
    )


def _promised(paper: CasePaper) -> list[tuple[str, str]]:
    case = paper.case
    version = case.promise_version
    due = local_dt(paper.due_at)
    return [
        (_("办件编号"), case.number),
        (_("办件类型"), str(KIND_LABELS[case.kind])),
        (_("受理时间"), local_dt(case.accepted_at)),
        (_("承诺时限"), limit_words(paper.promised_limit)),
        (_("承诺期限"), _("%(due)s（暂定，放假安排公布后确定）", due=due) if paper.provisional else due),
        (_("法定时限"), limit_words(case.statutory_limit)),
        (_("办理依据"), version.basis if version else ""),
        (_("结果文书"), version.outcome if version else ""),
        (_("默认同意"), _("到承诺期限没有办结，也没有答复的，视为同意。") if case.consent_from else ""),
        (_("全程代理人"), people.user_names().get(case.agent_id or 0, "")),
        *_contact(case),
        (_("投诉方式"), policy.value("service_commitment.complaint_contact")),
    ]


def _agreed(paper: CasePaper) -> list[tuple[str, str]]:
    case = paper.case
    return [
        (_("办件编号"), case.number),
        (_("受理时间"), local_dt(case.accepted_at)),
        (_("承诺时限"), limit_words(paper.promised_limit)),
        (_("视为同意的时间"), local_dt(paper.due_at)),
        *_contact(case),
        (_("告知方式"), str(words.TOLD_LABELS[paper.told_how]) if paper.told_how else ""),
        (_("告知日期"), local_date(paper.told_on, "formal") if paper.told_on else ""),
    ]


def _contact(case: Case) -> list[tuple[str, str]]:
    version, post, department = case.promise_version or case.receipt_version, case.post, case.department
    return [
        (_("承办科室、岗位"), _("%(department)s %(post)s", department=department.name, post=post.name)),
        (_("地点"), (version.place if version else "") or post.place or department.place),
        (_("电话"), (version.phone if version else "") or post.phone or department.phone),
    ]


def docx(paper: CasePaper) -> Paper:
    """A paper as a DOCX document."""
    said = content(paper)
    made = Paper(said.title, said.unit)
    if people.is_sample():
        made.line(_("样例"), right=True)
    made.line(_("编号：%(number)s　查验码：%(code)s", number=paper.number, code=paper.check_code), right=True)
    made.line(_("%(name)s：", name=said.to), bold=True)
    made.line(said.opening, indent=True)
    made.fields(said.facts)
    made.line(said.closing, indent=True)
    made.line(said.unit, right=True)
    made.line(said.day, right=True)
    made.line(_("（盖章处）"), right=True)
    return made


def has_promise(case: Case) -> bool:
    """Whether acceptance brings a 承诺件通知书: not for what is handled on the spot, nor for a part of a joint case."""
    return case.state is CaseState.ACCEPTED and str(case.kind) != "on_spot" and case.lead_id is None
