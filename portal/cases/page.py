"""What a case's page shows, gathered in one place."""

from __future__ import annotations

from typing import Any

from flask import render_template
from flask_babel import gettext as _

from portal.ab_post import queries as ab_post
from portal.calendar import queries as calendar
from portal.cases import clock_panel, clocks, panels, queries, rules, second_person, service
from portal.cases import vocabulary as words
from portal.cases.forms import ActForm
from portal.cases.models import Case, CaseArchive, CaseState, Consultation, ProposalKind
from portal.kernel import clock, files, journal, timeline
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Invalid
from portal.kernel.forms import options
from portal.people import queries as people
from portal.policy import queries as policy
from portal.post_duty import queries as posts
from portal.pure.deadlines import deadline
from portal.service_commitment.vocabulary import KIND_LABELS

#: Where a rule's refusal is shown when the verb's form has another field for it.
FIELDS = {"materials": "positions", "note": "text", "reason": "text"}


def needed(field: Any) -> str:
    """The text of a field that this verb cannot do without. Raises Invalid at that field."""
    if not field.data:
        raise Invalid(field.name, _("请填写%(what)s。", what=str(field.label.text)))
    text: str = field.data
    return text


def proposal_kind(field: Any) -> ProposalKind:
    """The chosen way to end a case. Raises Invalid at the field for anything else."""
    if field.data not in set(ProposalKind):
        raise Invalid(field.name, _("请选择结束方式。"))
    return ProposalKind(field.data)


def render(actor: Actor, case: Case, form: ActForm, verb: str = "") -> str:
    """The page of a case as the actor may see it."""
    now = clock.now()
    may_handle = service.may_handle(actor, case)
    stopped = clocks.is_stopped(case, now)
    proposal = second_person.waiting(case) if case.closed_at is None else None
    seen = ab_post.who_answers_for(case.post_id, now)
    form.post.choices = options(
        ("", _("请选择")),
        *((p.id, p.name) for p in posts.open_posts(case.department_id) if p.id != case.post_id),
    )
    found: list[Consultation] = queries.consultations(case.id)
    return render_template(
        "cases/show.html",
        case=case,
        form=form,
        verb=verb,
        words=words,
        kinds=KIND_LABELS,
        row_light=rules.light_of(now, case.due_at, case.soon_at, case.red_at, stopped),
        stopped=stopped,
        late=rules.is_late(now, case.due_at) and case.closed_at is None,
        may_handle=may_handle,
        can=_verbs(case, may_handle),
        missing=service.missing(case),
        faces=clock_panel.faces(case),
        pause_lines=clock_panel.pause_lines(case),
        answers=people.user_names().get(seen.user_id or 0, ""),
        answer_reason=str(seen.reason),
        proposal=proposal,
        may_confirm=proposal is not None and second_person.may_confirm(actor, case, proposal),
        consultations=found,
        linked=queries.linked(case),
        attachments=files.of("case", case.id),
        actions=panels.actions(case, actor),
        panels=panels.panels(case, actor),
        lines=timeline.lines(journal.of_case(case.id)),
        tacit_due=case.tacit_at,
        review_due=deadline(
            case.received_at, policy.value("timed_completion.acceptance_review"), calendar.work_calendar()
        ).at
        if case.state is CaseState.RECEIVED
        else None,
        archive=db.session.get(CaseArchive, case.id) if case.closed_at else None,
    )


def _verbs(case: Case, may_handle: bool) -> dict[str, bool]:
    state = case.state
    allowed = rules.MOVES.allowed
    open_still = may_handle and case.closed_at is None
    # A client who was waited for hands in through the supplement, which lets the case go on (N-4).
    takes_papers = open_still and state not in rules.WAITING_FOR_CLIENT
    return {
        "accept": open_still and state is CaseState.RECEIVED and not service.missing(case),
        "receive": takes_papers and any(m.received_at is None for m in case.materials),
        "start": open_still and allowed(state, "start"),
        "note": open_still,
        "complete": open_still and allowed(state, "complete"),
        "propose": open_still and second_person.waiting(case) is None,
        "lapse": open_still and allowed(state, "lapse"),
        "consult": open_still,
        "client": open_still,
        "move": open_still,
        "statement": open_still and rules.is_late(clock.now(), case.due_at) and not case.overdue_statement,
        "return": may_handle and any(m.received_at and not m.returned_at for m in case.materials),
        "correct": may_handle and case.closed_at is not None,
    }


def archive_context(actor: Actor, case: Case) -> dict[str, Any]:
    """The archive file of a case: its papers, attachments and what is lacking (J-4)."""
    papers = panels.papers(case, actor)
    if case.closed_at is not None:
        papers.append(
            panels.Paper(
                case.outcome_document or str(words.STATE_LABELS[case.state]),
                case.number,
                case.closed_at,
                "",
                present=bool(case.result or case.state is not CaseState.COMPLETED),
            )
        )
    return {
        "case": case,
        "words": words,
        "papers": papers,
        "lacking": [p for p in papers if not p.present],
        "attachments": files.of("case", case.id),
        "archive": db.session.get(CaseArchive, case.id),
        "may_handle": service.may_handle(actor, case),
        "lines": timeline.lines(journal.of_case(case.id)),
        "form": ActForm(formdata=None),
    }
