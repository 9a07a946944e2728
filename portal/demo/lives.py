"""What becomes of a case of the sample office, in parts: papers, notices, handling, endings (T-11, N-1, N-7).

Every part is given the instant at which it begins and returns the one at which it ended; ``case.closed_at`` tells
whether the case ended with it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable
from datetime import date, datetime
from random import Random

from portal.cases import handling, rules, second_person
from portal.cases import service as cases
from portal.cases.models import Case, CaseMaterial, CaseState, ProposalKind
from portal.demo import clients
from portal.demo.cast import PEOPLE
from portal.demo.stage import Stage
from portal.kernel.actor import Actor
from portal.one_time_notice import service as notices
from portal.one_time_notice.models import Form, Notice, Problem
from portal.pure.limits import Unit

Part = Generator[datetime, datetime, datetime]

_HOW = ("phone", "phone", "message", "in_person")
_RESULTS = (
    "经审核符合条件，准予办理，结果已通知申请人。",
    "已办理完毕，申请人当场领取。",
    "已答复申请人，申请人表示清楚。",
    "审核通过，{outcome}已送达。",
    "按规定办结，{outcome}寄送申请人。",
)


def required(case: Case) -> list[CaseMaterial]:
    """The lines of the checklist that the case cannot do without."""
    return [m for m in case.materials if m.required]


def take_papers(actor: Actor, case: Case, at: datetime) -> None:
    """Take in whatever required paper is missing, if any."""
    if lacking := cases.missing(case):
        cases.receive_materials(actor, case, [m.position for m in lacking], at)


def ordinary(stage: Stage, case: Case, r: Random, at: datetime, lacking: bool = False) -> Part:
    """A case as most go: papers, perhaps a notice, acceptance, handling, result, archive."""
    at = yield stage.work.after(at, r.randint(1, 8))
    actor, at = yield from stage.answering(case.post_id, at)
    if required(case) and (lacking or r.random() < 0.07):
        at = yield from told(stage, case, r, at)
    else:
        take_papers(actor, case, at)
        if r.random() < 0.015:
            at = yield from left_lying(stage, case, r, at)
        else:
            at = yield stage.work.after(at, r.randint(2, 10) if _quick(case) else r.randint(6, 330))
            at = yield from accepted(stage, case, at)
    if case.closed_at is None:
        at = yield from handled(stage, case, r, at)
    return at


def _quick(case: Case) -> bool:
    limit = case.receipt_version.promised_limit if case.receipt_version else ""
    return limit == Unit.ON_SPOT or limit.endswith(Unit.WORKING_HOURS)


def accepted(stage: Stage, case: Case, at: datetime) -> Part:
    """Accept the case, complete as it is."""
    actor, at = yield from stage.answering(case.post_id, at)
    take_papers(actor, case, at)
    cases.accept(actor, case, at)
    return at


def left_lying(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """Nobody gives notice until the case counts as accepted (T-7a); a day off set meanwhile moves that instant."""
    while case.tacit_at is not None:
        at = yield stage.work.after(case.tacit_at, r.randint(40, 300))
    return at


# --- notices --------------------------------------------------------------------------------------------------


def tell(
    stage: Stage,
    case: Case,
    actor: Actor,
    r: Random,
    at: datetime,
    *,
    missing: int = 1,
    wrong: Iterable[CaseMaterial] = (),
    until: date | None = None,
    form: Form | None = None,
    extra: str = "",
) -> Notice:
    """Issue a notice that names the last ``missing`` of what was not handed in, papers that are wrong, and ``extra``
    that no checklist has (N-1)."""
    bad = list(wrong)
    open_lines = [m for m in cases.missing(case) if m not in bad]
    named = open_lines[max(0, len(open_lines) - missing) :] if missing else []
    lines = [notices.Line(m.id, Problem.MISSING, r.choice(clients.MISSING)) for m in named]
    lines += [notices.Line(m.id, Problem.WRONG, r.choice(clients.WRONG)) for m in bad]
    lines += [notices.Line(None, Problem.MISSING, r.choice(clients.MISSING), extra)] if extra else []
    return notices.issue(
        actor,
        case,
        at,
        form=form or (Form.WRITTEN if r.random() < 0.4 else Form.ORAL),
        lines=lines,
        next_visit=r.choice(clients.NEXT_VISIT),
        until=until or notices.default_until(at),
        basis="本会办事规定（示例）",
        limit_text=notices.enquiry_limit(),
        procedure="收件、核对、答复。",
        received=[m.id for m in open_lines if m not in named],
    )


def told(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """The papers are not complete: a notice, and what the client does about it."""
    actor, at = yield from stage.answering(case.post_id, at)
    tell(stage, case, actor, r, at, missing=r.randint(1, min(2, len(required(case)))))
    if r.random() < 0.1:
        return (yield from silent(stage, case, r, at))
    at = yield stage.work.later(at, r.randint(1, 7), r)
    return (yield from back(stage, case, r, at, partly=r.random() < 0.18))


def back(stage: Stage, case: Case, r: Random, at: datetime, partly: bool = False) -> Part:
    """The client comes back with the papers; ``partly``: with some first, and after a further notice with the rest."""
    actor, at = yield from stage.answering(case.post_id, at)
    lacking = cases.missing(case)
    if partly and len(lacking) > 1:
        notices.supplement(actor, case, [lacking[0].position], at)
        at = yield stage.work.after(at, r.randint(4, 15))
        actor, at = yield from stage.answering(case.post_id, at)
        tell(stage, case, actor, r, at, missing=9)
        at = yield stage.work.later(at, r.randint(1, 4), r)
        actor, at = yield from stage.answering(case.post_id, at)
    notices.supplement(actor, case, [m.position for m in cases.missing(case)], at)
    return at


def silent(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """The client does not come back: a reminder, and after the notice's date the case lapses (N-7)."""
    until = case.supplement_due_on
    if until is None:
        raise ValueError("nobody is waited for")
    calendar = stage.work.calendar
    at = yield stage.work.after(stage.work.spans(calendar.add_workdays(until, -2))[0][0], r.randint(5, 300))
    actor, at = yield from stage.answering(case.post_id, at)
    cases.remind(actor, case, r.choice(_HOW), at)
    at = yield stage.work.after(stage.work.spans(calendar.next_workday(until))[0][0], r.randint(5, 300))
    return (yield from ended(stage, case, r, at, ProposalKind.LAPSE, "补正期限已过，提醒后仍未补正。"))


def ended(
    stage: Stage, case: Case, r: Random, at: datetime, kind: ProposalKind, reason: str, written: bool = False
) -> Part:
    """End a case with a second person's confirmation (N-7)."""
    actor, at = yield from stage.answering(case.post_id, at)
    second_person.propose(actor, case, kind, reason, written, r.choice(clients.LATE), at)
    return (yield from confirmed(stage, case, r, at))


def confirmed(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """The second person confirms what was proposed."""
    at = yield stage.work.after(at, r.randint(15, 200))
    proposal = second_person.waiting(case)
    while proposal is not None:
        for username, person in PEOPLE.items():
            if person.department == stage.department(case.department_id) and stage.present(username, at):
                actor = stage.actor(username, at)
                if second_person.may_confirm(actor, case, proposal):
                    second_person.decide(actor, proposal.id, True, "", at)
                    return at
        at = yield stage.work.after(at, 210)
    return at


# --- handling -------------------------------------------------------------------------------------------------


def handled(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """From acceptance to the result, mostly in time (T-8, T-11)."""
    if case.clock_from is None or case.due_at is None:
        raise ValueError("the clock does not run")
    whole = stage.work.minutes(case.clock_from, case.due_at)
    if case.promised_limit == Unit.ON_SPOT:
        at = yield stage.work.after(at, r.randint(1, 6))
        return (yield from finished(stage, case, r, at))
    at = yield stage.work.after(at, min(0.15 * whole, r.randint(4, 500)))
    yield from started(stage, case, at)
    if r.random() < 0.5:
        at = yield stage.work.after(at, min(0.2 * whole, r.randint(10, 900)))
        actor, at = yield from stage.answering(case.post_id, at)
        handling.note_step(actor, case, r.choice(clients.NOTES), at)
    chance = r.random()
    if chance < 0.05 and whole > 840:
        at = yield from asked_others(stage, case, r, at)
    elif chance < 0.11 and whole > 840 and required(case):
        actor, at = yield from stage.answering(case.post_id, at)
        tell(stage, case, actor, r, at, missing=0, wrong=required(case)[:1])
        at = yield stage.work.later(at, r.randint(1, 6), r)
        at = yield from back(stage, case, r, at)
    elif chance < 0.135:
        at = yield stage.work.after(at, r.randint(30, 400))
        return (yield from ended(stage, case, r, at, ProposalKind.WITHDRAW, "申请人称另行安排，不再办理。", True))
    at = yield _result_at(stage, case, r, at)
    return (yield from finished(stage, case, r, at))


def _result_at(stage: Stage, case: Case, r: Random, at: datetime) -> datetime:
    """When the result is there: after some part of the limit, rarely too late."""
    assert case.due_at is not None
    if r.random() < 0.045:
        return stage.work.after(case.due_at, r.randint(30, 1100))
    left = stage.work.minutes(at, case.due_at)
    return stage.work.after(at, left * min(0.93, r.betavariate(2.2, 2.6)))


def started(stage: Stage, case: Case, at: datetime) -> Part:
    """Take an accepted case up."""
    actor, at = yield from stage.answering(case.post_id, at)
    if case.state is CaseState.ACCEPTED:
        cases.start(actor, case, at)
    return at


def asked_others(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """Ask another department or authority on the client's behalf, and tell the answer (N-5)."""
    actor, at = yield from stage.answering(case.post_id, at)
    whom, question, answer = r.choice(clients.CONSULTED)
    asked = second_person.consult(actor, case, whom, question, at)
    at = yield stage.work.after(at, r.randint(60, 600))
    actor, at = yield from stage.answering(case.post_id, at)
    second_person.answer_consultation(actor, asked, answer, at)
    return at


def finished(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """Close with a result, explained when late; the archive file mostly follows within days (T-8, R-3, J-4)."""
    licence = case.promise_version is not None and case.promise_version.licence
    actor, at = yield from (stage.qualified if licence else stage.answering)(case.post_id, at)
    outcome = case.promise_version.outcome if case.promise_version else ""
    paper = stage.document(at) if outcome and case.promised_limit != Unit.ON_SPOT else ""
    statement = r.choice(clients.LATE) if rules.is_late(at, case.due_at) else ""
    result = r.choice(_RESULTS).format(outcome=outcome or "答复")
    handling.complete(actor, case, result, f"{outcome} {paper}".strip() if paper else "", statement, at)
    return (yield from filed(stage, case, r, at))


def filed(stage: Stage, case: Case, r: Random, at: datetime) -> Part:
    """File the archive of a closed case, in most cases (J-4)."""
    if r.random() < 0.26:
        return at
    at = yield stage.work.later(at, r.randint(0, 5), r)
    actor, at = yield from stage.answering(case.post_id, at)
    pages = 2 + 3 * len(case.materials) + r.randint(0, 6)
    handling.file_archive(actor, case, pages, "" if r.random() < 0.8 else "附电子扫描件一份", at)
    return at


def returned_papers(stage: Stage, case: Case, at: datetime) -> Part:
    """Give the papers back to the client (N-6)."""
    at = yield at
    actor, at = yield from stage.answering(case.post_id, at)
    held = [m.position for m in case.materials if m.received_at and not m.returned_at]
    if held:
        cases.return_materials(actor, case, held, case.client_name or "申请人", at)
    return at
