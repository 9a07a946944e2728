"""Door plate of the room, and what it puts on a case's page."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.calendar import queries as calendar
from portal.cases import panels
from portal.cases import service as cases
from portal.cases.models import Case
from portal.denial_filing import page, queries, rules, sweeping
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing
from portal.denial_filing.queries import Step, WaitingRow
from portal.denial_filing.register_views import bp
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.post_duty import seams
from portal.pure.deadlines import close_of_business

#: The written decision is due soon this long before its last day.
_SOON = timedelta(days=2)


def count(actor: Actor, now: datetime) -> int:
    """What waits for the actor's decision or next step."""
    return len(queries.waiting_for(actor, now)) + queries.count_steps(actor)


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Filings to decide, steps after a decision, and for the office those that nobody may decide (D-3 … D-5)."""
    waiting = queries.waiting(now) if actor.can(words.DECIDE) or actor.can(words.READ_ALL) else []
    found = [_to_decide(row, now) for row in waiting if row.decider_id == actor.id]
    if actor.can(words.READ_ALL):
        found += [_stuck(row, now) for row in waiting if row.decider_id is None]
    return [*found, *(_after(due, filing, now) for due, filing in queries.steps(actor))]


def _light(row: WaitingRow, now: datetime) -> str:
    return str(rules.light(now, row.since, row.decide_by, calendar.work_calendar()))


def _to_decide(row: WaitingRow, now: datetime) -> ToDo:
    grave = _("否定报备待审批（关系重大）") if row.grave else _("否定报备待审批")
    return ToDo(
        "denial_filing.decide",
        _("%(matter)s %(number)s", matter=row.matter, number=row.number),
        _("%(what)s · %(department)s", what=grave, department=row.department),
        url_for("denial_filing.show", number=row.number),
        _("审批"),
        row.decide_by,
        _light(row, now),
    )


def _stuck(row: WaitingRow, now: datetime) -> ToDo:
    return ToDo(
        "denial_filing.stuck",
        _("%(matter)s %(number)s", matter=row.matter, number=row.number),
        _("否定报备无人可以审批，请指定代审领导"),
        url_for("denial_filing.show", number=row.number),
        _("查看"),
        row.decide_by,
        _light(row, now),
    )


def _after(due: Step, filing: Filing, now: datetime) -> ToDo:
    number = filing.number
    match due:
        case Step.ISSUE:
            detail, action = _("否定报备已同意，请出具书面决定"), _("出具")
            url = url_for("denial_filing.issue_letter", number=number)
        case Step.DELIVER:
            detail, action = _("书面决定 %(letter)s 待送达", letter=filing.letter_number), _("登记送达")
            url = url_for("denial_filing.deliver", number=number)
        case Step.HANDLE:
            detail, action = _("否定报备被退回，请按要求办理"), _("查看要求")
            url = url_for("denial_filing.show", number=number)
        case Step.NOTIFY:
            detail, action = _("否定报备改为补正，请一次性告知"), _("告知")
            url = url_for("one_time_notice.issue", number=filing.case.number, ordered_by=number)
    return ToDo(
        f"denial_filing.{due}",
        _("%(matter)s %(number)s", matter=filing.case.matter, number=filing.case.number),
        detail,
        url,
        action,
        *_due(due, filing, now),
    )


def _due(due: Step, filing: Filing, now: datetime) -> tuple[datetime | None, str]:
    """Until when a step is to be done, and its light: the letter's own day, else the case's limit."""
    if due not in (Step.ISSUE, Step.DELIVER):
        at = filing.case.due_at
        soon = filing.case.soon_at
        late = at is not None and now > at
        return at, "overdue" if late else "due_soon" if soon is not None and now >= soon else "normal"
    end = close_of_business(filing.deliver_by, calendar.work_calendar())
    late = clock.local(now).date() > filing.deliver_by
    return end, "overdue" if late else "due_soon" if now > end - _SOON else "normal"


# --- on a case's page ------------------------------------------------------------------------------------------


def actions(case: Case, actor: Actor) -> list[panels.Action]:
    """What the handler of a case can do here."""
    if not actor.can(words.FILE) or not cases.may_handle(actor, case):
        return []
    last = next(iter(reversed(queries.of_case(case.id))), None)
    due = queries.step(last) if last is not None else None
    if last is not None and due in (Step.ISSUE, Step.DELIVER):
        issue = due is Step.ISSUE
        return [
            panels.Action(
                _("出具书面决定") if issue else _("登记送达"),
                url_for("denial_filing.issue_letter" if issue else "denial_filing.deliver", number=last.number),
                "file-certificate" if issue else "send",
                60,
            )
        ]
    if case.closed_at is not None or queries.standing(case) is not None:
        return []
    return [panels.Action(_("拟否定（报备）"), url_for("denial_filing.file", number=case.number), "gavel", 60)]


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The filings of the case."""
    filings = queries.of_case(case.id) if actor.can(words.READ) else []
    if not filings:
        return []
    context = {
        "filings": filings,
        "filing_words": words,
        "badge": page.badge,
        "names": people.user_names(),
        "handles": cases.may_handle(actor, case),
        "step": queries.step,
    }
    return [panels.Panel("denial_filing/_filings.html", 30, context)]


def papers(case: Case, _actor: Actor) -> list[panels.Paper]:
    """The form of every filing, and the written decision with its delivery, as documents of the archive file (J-4)."""
    found = []
    for filing in queries.of_case(case.id):
        number = filing.number
        form = url_for("denial_filing.form_paper", number=number)
        found.append(panels.Paper(_("否定报备登记表"), number, filing.filed_at, form))
        if filing.letter_number is not None:
            title, at = str(words.LETTER_LABELS[filing.refusal]), filing.letter_issued_at
            sheet = url_for("denial_filing.letter", number=number)
            found.append(panels.Paper(title, filing.letter_number, at, sheet))
            told = clock.day_start(filing.delivered_on) if filing.delivered_on else at
            done = filing.delivered_on is not None
            found.append(panels.Paper(_("送达回证"), filing.letter_number, told, sheet, present=done))
    return found


PLATE = Plate(
    name="denial_filing",
    title=_l("否定报备"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("否定报备"), "denial_filing.index", words.READ, order=30, count=count, urgent=True),),
    todos=todos,
    sweep=sweeping.sweep,
)

_STEP_WORDS = {
    Step.ISSUE: _l("否定报备已同意，待出具书面决定"),
    Step.DELIVER: _l("书面决定待送达"),
    Step.HANDLE: _l("否定报备被退回，待按要求办理"),
    Step.NOTIFY: _l("否定报备改为补正，待一次性告知"),
}


def open_on_post(post_id: int) -> list[seams.Thing]:
    """The filings that a leader's post has to decide, and what decided ones ask of a case's post: their part of a
    handover (AB-2)."""
    found = [(filing, _("否定报备待审批")) for filing in queries.waiting_on(post_id)]
    found += [(filing, str(_STEP_WORDS[due])) for due, filing in queries.steps_of((post_id,))]
    return [
        seams.Thing(
            filing.case.matter,
            _("%(number)s · %(state)s", number=filing.number, state=what),
            url_for("denial_filing.show", number=filing.number),
        )
        for filing, what in found
    ]


seams.open_matters_source(open_on_post)
panels.register("denial_filing", actions=actions, panels=on_case, papers=papers)
