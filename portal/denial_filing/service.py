"""The verbs of a denial filing: file, amend, recall, decide (D-1 … D-4). ``letters`` has what follows an agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import FileStorage
from werkzeug.exceptions import NotFound

from portal.calendar import queries as calendar
from portal.cases import seams
from portal.cases import service as cases
from portal.cases.models import Case, CaseState
from portal.denial_filing import queries, rules, telling
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing, FilingState, Ground, Refusal
from portal.denial_filing.rules import Verdict, Way
from portal.kernel import clock, files, journal, numbers, search
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.one_time_notice.service import order_source
from portal.policy import queries as policy
from portal.post_duty import queries as posts

FILES, MEETING_FILES = "denial_filing", "denial_meeting"
_EVENTS = {
    Verdict.AGREE: words.AGREED,
    Verdict.CORRECT: words.CORRECTED,
    Verdict.SUPPLEMENT: words.SUPPLEMENT,
}


@dataclass(frozen=True)
class Content:
    """What a filing says (D-2); a change of any of it is a new edition (D-4)."""

    refusal: Refusal
    ground: Ground
    grave: bool
    situation: str
    reason: str
    basis: str
    alternatives: str
    authority: str
    department_opinion: str


@dataclass(frozen=True)
class Meeting:
    """The leaders' meeting about a grave filing: its date and what it recorded (D-3)."""

    on: date | None = None
    record: str = ""
    uploads: Sequence[FileStorage] = ()


def lock(number: str) -> tuple[Filing, Case]:
    """A filing and its case, locked in the one order that all verbs keep (the case first). Raises NotFound."""
    case_id = db.session.scalar(select(Filing.case_id).where(Filing.number == number))
    if case_id is None:
        raise NotFound()
    case = locked(Case, id=case_id)
    return locked(Filing, number=number), case


def _kept(uploads: Sequence[FileStorage], owner: str, filing: Filing, actor: Actor, now: datetime) -> list[object]:
    """Store files of a filing; what the journal keeps of them."""
    made = files.store(uploads, owner, filing.id, actor.id, now, policy.value("attachments.max_megabytes"))
    return [*files.facts(made)]


def _check(content: Content) -> None:
    if content.refusal is Refusal.NOT_OURS and not content.authority:
        raise Invalid("authority", _("不属本单位职责的，请写明主管机关、地点和联系方式。"), "D-5")


def file(actor: Actor, case: Case, content: Content, now: datetime, uploads: Sequence[FileStorage] = ()) -> Filing:
    """Ask to be allowed to refuse a case (D-1, D-2); ``case`` is locked. The filing stops no clock.

    It goes to the post of the leader in charge; where that is the principal's own, straight to the principal. Raises
    NotAllowed (AB-3), Conflict for a closed case or while another filing is open, Invalid (content, no leader).
    """
    cases.handle(actor, case, now)
    standing = queries.standing(case)
    if standing is not None:
        raise Conflict(_("这件办件已有报备 %(number)s 尚未了结，不能再次报备。", number=standing.number), "D-4")
    _check(content)
    principal = posts.principal_post()
    leader = posts.leader_post_of(case.department_id)
    if leader is None:
        raise Invalid("refusal", _("本单位还没有设置分管领导和主要负责人岗位，无法报备。"), "D-3")
    work_calendar = calendar.work_calendar()
    filing = Filing(
        number=numbers.take("FD", now),
        case_id=case.id,
        department_id=case.department_id,
        filed_by_id=actor.id or 0,
        filed_post_id=case.post_id,
        filed_at=now,
        edition=1,
        state=FilingState.WAITING_PRINCIPAL if leader == principal else FilingState.WAITING_LEADER,
        decider_post_id=leader,
        decide_by=rules.decide_by(now, policy.value("denial_filing.decide_within"), case.due_at, work_calendar),
        deliver_by=rules.deliver_by(now, policy.value("denial_filing.deliver_within"), work_calendar),
        **asdict(content),
    )
    db.session.add(filing)
    db.session.flush()
    journal.record(
        words.FILED,
        filing,
        actor,
        now,
        post_id=case.post_id,
        number=filing.number,
        decide_by=filing.decide_by,
        deliver_by=filing.deliver_by,
        to_post=posts.post_name(leader),
        edition=1,
        files=_kept(uploads, FILES, filing, actor, now),
        **asdict(content),
    )
    telling.decider(filing, now)
    search.put("denial_filing", filing.id, filing.number, case.number, case.matter, case.client_unit, case.client_name)
    return filing


def _require_open(filing: Filing, case: Case) -> None:
    """Refuse whatever comes after the decision, the recall, or the case's end (D-4). Raises Conflict."""
    if filing.state is FilingState.RECALLED:
        raise Conflict(_("这份报备已经撤回。"), "D-4")
    if filing.state not in rules.WAITING:
        raise Conflict(_("这份报备已经作出决定，不能再改动。"), "D-4")
    if case.closed_at is not None:
        raise Conflict(_("办件已经以其他方式结案，报备随之失效。"), "T-11")


def amend(
    actor: Actor,
    filing: Filing,
    case: Case,
    content: Content,
    edition: int,
    now: datetime,
    uploads: Sequence[FileStorage] = (),
) -> None:
    """Change the content of an undecided filing: a new edition, the time for deciding runs on (D-4, D-5).

    What was escalated as grave stays grave. Raises Conflict when decided, fallen, or of another edition than the form.
    """
    cases.handle(actor, case, now)
    _require_open(filing, case)
    _same_edition(filing, edition)
    _check(content)
    if filing.grave and not content.grave and filing.state is FilingState.WAITING_PRINCIPAL:
        raise Invalid("grave", _("已按关系重大呈报主要负责人，不能再改为一般事项。"), "D-3")
    kept = _kept(uploads, FILES, filing, actor, now)
    changes = {name: value for name, value in asdict(content).items() if getattr(filing, name) != value}
    if not changes and not kept:
        raise Invalid("reason", _("没有改动。"))
    for name, value in changes.items():
        setattr(filing, name, value)
    filing.edition += 1
    journal.record(
        words.AMENDED,
        filing,
        actor,
        now,
        post_id=case.post_id,
        edition=filing.edition,
        files=kept,
        **asdict(content),
    )


def recall(actor: Actor, filing: Filing, case: Case, reason: str, now: datetime) -> None:
    """Take an undecided filing back; the case goes on. Raises NotAllowed, Conflict."""
    cases.handle(actor, case, now)
    _require_open(filing, case)
    filing.state = rules.MOVES.after(filing.state, "recall")
    journal.record(words.RECALLED, filing, actor, now, post_id=case.post_id, edition=filing.edition, reason=reason)


def _same_edition(filing: Filing, edition: int) -> None:
    if edition != filing.edition:
        raise Conflict(
            _(
                "报备内容刚改为第 %(now)s 稿，您看到的是第 %(seen)s 稿。请重新阅读后再办理，先前的操作没有生效。",
                now=filing.edition,
                seen=edition,
            ),
            "D-4",
        )


def decide(
    actor: Actor,
    filing: Filing,
    case: Case,
    verdict: Verdict,
    opinion: str,
    edition: int,
    now: datetime,
    meeting: Meeting | None = None,
) -> None:
    """Say one of the four things of D-3 to a filing, once, on the edition that was read (D-4); both rows are locked.

    A barred leader's filing is taken up by the principal in the same act. Raises NotAllowed for everybody but the one
    who decides now, Conflict when decided, fallen or amended meanwhile, Invalid for a missing opinion or meeting.
    """
    cases.settle(case, now)
    _require_open(filing, case)
    found = queries.decider(filing, now)
    if actor.id is None or found.user_id != actor.id:
        raise NotAllowed(_why_not(actor, filing), "D-4")
    _same_edition(filing, edition)
    late = now > filing.decide_by
    if found.way is Way.PRINCIPAL:
        _take_up(actor, filing, now)
    if verdict not in rules.verdicts(filing.state, filing.grave):
        raise Conflict(_("关系重大的报备，分管领导提出意见后呈报主要负责人，不能自行决定。"), "D-3")
    if rules.needs_opinion(verdict) and not opinion:
        raise Invalid("opinion", _NEEDED[verdict](), "D-3")
    if verdict is Verdict.ESCALATE:
        _escalate(actor, filing, case, opinion, late, now)
        return
    meeting = meeting or Meeting()
    if rules.needs_meeting(verdict, filing.grave):
        if meeting.on is None or meeting.on > clock.local(now).date():
            raise Invalid("meeting_on", _("请填写班子会议的日期，不能晚于今天。"), "D-3")
        if not meeting.record:
            raise Invalid("meeting_record", _("请写明班子会议的研究意见。"), "D-3")
        filing.meeting_on, filing.meeting_record = meeting.on, meeting.record
    kept = _kept(meeting.uploads, MEETING_FILES, filing, actor, now)
    filing.state = rules.MOVES.after(filing.state, verdict)
    filing.opinion, filing.decided_by_id, filing.decided_at = opinion, actor.id, now
    journal.record(
        _EVENTS[verdict],
        filing,
        actor,
        now,
        post_id=filing.decider_post_id,
        edition=edition,
        late=late,
        meeting_on=filing.meeting_on,
        files=kept,
        opinion=opinion,
        meeting_record=filing.meeting_record,
    )


_NEEDED = {
    Verdict.CORRECT: lambda: _("退回重办时，请写明应当怎样办理。"),
    Verdict.SUPPLEMENT: lambda: _("改为一次性告知时，请写明要补正什么。"),
    Verdict.ESCALATE: lambda: _("呈报主要负责人时，请写明您的意见。"),
}


def _why_not(actor: Actor, filing: Filing) -> str:
    if actor.id == filing.filed_by_id:
        return _("报备人不能审批自己的报备。")
    if actor.id in queries.handlers(filing.case_id):
        return _("您经办过这件办件，应当回避。")
    return _("这份报备现在不由您审批。")


def _take_up(actor: Actor, filing: Filing, now: datetime) -> None:
    """The principal decides in the place of a leader who is barred or whom nobody covers (D-4)."""
    why = "gap" if queries.answerer(filing.decider_post_id, now).user_id is None else "barred"
    filing.state = rules.MOVES.after(filing.state, "take_up")
    filing.decider_post_id = posts.principal_post() or filing.decider_post_id
    journal.record(words.TAKEN_UP, filing, actor, now, post_id=filing.decider_post_id, why=why, edition=filing.edition)


def _escalate(actor: Actor, filing: Filing, case: Case, opinion: str, late: bool, now: datetime) -> None:
    principal = posts.principal_post()
    if principal is None:
        raise Conflict(_("本单位还没有设置主要负责人岗位。"), "D-3")
    post_id = filing.decider_post_id
    filing.state = rules.MOVES.after(filing.state, Verdict.ESCALATE)
    filing.leader_opinion, filing.escalated_by_id, filing.escalated_at = opinion, actor.id, now
    filing.decider_post_id, filing.decision_late_at = principal, None
    filing.decide_by = rules.decide_by(
        now, policy.value("denial_filing.decide_within"), case.due_at, calendar.work_calendar()
    )
    journal.record(
        words.ESCALATED,
        filing,
        actor,
        now,
        post_id=post_id,
        edition=filing.edition,
        late=late,
        decide_by=filing.decide_by,
        opinion=opinion,
    )
    telling.decider(filing, now)


@seams.on_end
def fall(case: Case, _at: datetime, recorded_at: datetime) -> None:
    """A case that counts as agreed takes its undecided filing with it (T-7): nobody can decide it any more."""
    if case.state is not CaseState.DEEMED_AGREED:
        return
    for filing in queries.of_case(case.id):
        if filing.state in rules.WAITING:
            journal.record(words.FALLEN, filing, SYSTEM, recorded_at, post_id=case.post_id, edition=filing.edition)


@order_source
def ordered_notice(case: Case) -> str:
    """The filing whose decision orders a one-time notice that has not been issued yet, or an empty text (D-3)."""
    found = queries.ordering(case)
    return found.number if found is not None else ""
