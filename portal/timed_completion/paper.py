"""特别程序通知书, 延期通知书 and 办结通知书: one content for the print page and the DOCX file (T-4, T-5, T-11)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from portal.cases.models import Case
from portal.kernel import clock
from portal.kernel.documents import Paper
from portal.kernel.i18n import limit_words, local_date, local_dt
from portal.people import queries as people
from portal.policy import pause_reasons
from portal.timed_completion import queries
from portal.timed_completion import vocabulary as words
from portal.timed_completion.models import CaseExtension, ClosingNotice, Letter, SpecialProcedure


@dataclass(frozen=True)
class Content:
    """Everything that a paper says, in the reader's language."""

    title: str
    unit: str
    number: str
    code: str
    to: str
    opening: str
    facts: list[tuple[str, str]]
    closing: str
    contact: list[tuple[str, str]]
    handler: str
    day: str


def content(letter: Letter) -> Content:
    """What the paper says."""
    if isinstance(letter, SpecialProcedure):
        opening, facts, closing, by = _procedure(letter)
    elif isinstance(letter, CaseExtension):
        opening, facts, closing, by = _extension(letter)
    else:
        opening, facts, closing, by = _closing(letter)
    case = letter.case
    return Content(
        title=str(words.PAPER_LABELS[queries.kind_of(letter)]),
        unit=people.unit_name(),
        number=letter.number,
        code=letter.check_code,
        to=_("、").join(part for part in (case.client_unit, case.client_name) if part) or _("申请人"),
        opening=opening,
        facts=[(_("办件编号"), case.number), (_("事项"), case.matter), *((n, v) for n, v in facts if v)],
        closing=closing,
        contact=_contact(case),
        handler=people.user_names().get(by, ""),
        day=local_date(clock.local(queries.issued_at(letter)).date(), "formal"),
    )


def _day(instant: datetime | None) -> str:
    return local_date(clock.local(instant).date(), "formal") if instant is not None else ""


def _moved(old: datetime | None, new: datetime | None) -> str:
    """A due date before and after, or what is known of it."""
    if old is not None and new is not None and old != new:
        return _("由 %(old)s 延至 %(new)s", old=_day(old), new=_day(new))
    return _day(new or old)


Said = tuple[str, list[tuple[str, str]], str, int]


def _procedure(procedure: SpecialProcedure) -> Said:
    pause, what = procedure.pause, str(pause_reasons.label(procedure.reason))
    opening = _(
        "您办理的“%(matter)s”依法需要%(what)s。特别程序所需时间不计算在办理时限内，现将有关事项书面告知如下。",
        matter=procedure.case.matter,
        what=what,
    )
    stops = [_("承诺时限")] * pause.stops_promised + [_("法定时限")] * pause.stops_statutory
    facts = [
        (_("特别程序"), what),
        (_("依据"), procedure.basis),
        (_("承担机构"), procedure.agency),
        (_("停止计算的时限"), _("、").join(stops)),
        (_("停止计算自"), local_dt(pause.from_at)),
        (_("预计完成日期"), local_date(procedure.expected_on, "formal")),
        (_("最迟恢复计算"), local_dt(pause.until_at)),
        (_("原承诺期限"), _day(pause.due_before)),
        (_("原法定期限"), _day(pause.statutory_before)),
    ]
    closing = _(
        "特别程序提前结束的，自结束之时恢复计算；到最迟日期仍未结束的，自动恢复计算。期限按实际停止的时间顺延。"
    )
    return opening, facts, closing, procedure.started_by_id


def _extension(extension: CaseExtension) -> Said:
    opening = _(
        "您办理的“%(matter)s”未能在原定期限内办结。经批准，办理期限延长 %(days)s 个工作日，现将延期理由告知如下。",
        matter=extension.case.matter,
        days=extension.days,
    )
    facts = [
        (_("延期理由"), extension.reason),
        (_("承诺期限"), _moved(extension.old_due_at, extension.due_at)),
        (_("法定期限"), _moved(extension.old_statutory_due_at, extension.statutory_due_at)),
        (_("批准人"), people.user_names().get(extension.decided_by_id or 0, "")),
        (_("批准时间"), local_dt(extension.decided_at)),
        (
            _("依据"),
            _("《中华人民共和国行政许可法》第四十二条") if extension.statutory else _("限时办结制关于延期的规定"),
        ),
    ]
    return opening, facts, _("延期以一次为限。"), extension.asked_by_id


def _closing(notice: ClosingNotice) -> Said:
    case = notice.case
    opening = _("您办理的“%(matter)s”已经办结，现将办理结果通知如下。", matter=case.matter)
    facts = [
        (_("办理结果"), case.result),
        (_("结果文书"), case.outcome_document),
        (_("受理时间"), local_dt(case.accepted_at)),
        (_("承诺时限"), limit_words(case.promised_limit) if case.promised_limit else ""),
        (_("承诺期限"), _day(case.due_at)),
        (_("办结时间"), local_dt(case.closed_at)),
        (_("超期原因说明"), case.overdue_statement),
        (_("领取方式"), notice.collect),
    ]
    return opening, facts, _("感谢您的配合。对办理情况有意见的，可以向本单位反映。"), notice.issued_by_id


def _contact(case: Case) -> list[tuple[str, str]]:
    version, post, department = case.promise_version or case.receipt_version, case.post, case.department
    pairs = [
        (_("经办岗位"), _("%(department)s %(post)s", department=department.name, post=post.name)),
        (_("地点"), (version.place if version else "") or post.place or department.place),
        (_("电话"), (version.phone if version else "") or post.phone or department.phone),
    ]
    return [(name, value) for name, value in pairs if value]


def docx(letter: Letter) -> Paper:
    """The paper as a DOCX document."""
    said = content(letter)
    paper = Paper(said.title, said.unit)
    if people.is_sample():
        paper.line(_("样例"), right=True)
    paper.line(_("编号：%(number)s　查验码：%(code)s", number=said.number, code=said.code), right=True)
    paper.line(_("%(name)s：", name=said.to), bold=True)
    paper.line(said.opening, indent=True)
    paper.fields(said.facts)
    paper.line(said.closing, indent=True)
    paper.fields(said.contact)
    paper.line(_("经办人（签名）：%(name)s", name=said.handler))
    paper.line(_("申请人（签名）："))
    paper.line(_("%(unit)s（印章）", unit=said.unit), right=True)
    paper.line(said.day, right=True)
    return paper
