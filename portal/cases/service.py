"""The verbs of cases. Every verb first settles what the passing of time has done (T-7a), then moves by the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import Table, insert

from portal.ab_post import queries as ab_post
from portal.cases import clocks, papers, pauses, rules, seams, tacit
from portal.cases import vocabulary as words
from portal.cases.models import (
    Case,
    CaseArchive,
    CaseHandler,
    CaseMaterial,
    CasePause,
    CaseState,
    PauseEnd,
)
from portal.cases.paper_models import PaperKind
from portal.kernel import clock, journal, numbers, search, transaction
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.inserting import insert_row
from portal.kernel.statements import Ready
from portal.policy import queries as policy
from portal.service_commitment import queries as catalogue
from portal.service_commitment.models import CaseKind
from portal.service_commitment.queries import Entry

_ADD_HANDLER = Ready.into(cast(Table, CaseHandler.__table__))
_ADD_MATERIALS = Ready.into(
    cast(Table, CaseMaterial.__table__),
    *("case_id", "position", "name", "form", "copies", "required", "in_checklist", "received_at", "returned_to"),
)


@dataclass(frozen=True)
class Client:
    """Who wants something; everything may be empty."""

    unit: str = ""
    name: str = ""
    phone: str = ""


def open_case(
    actor: Actor,
    now: datetime,
    *,
    matter: str,
    client: Client,
    item: Entry | None = None,
    post_id: int | None = None,
    received: Iterable[int] = (),
    origin: Case | None = None,
) -> Case:
    """Receive a matter as a case (T-11): the checklist of the day is bound (C-3), the days of T-7a begin.

    ``received``: positions of the checklist that were handed in. Without an item the matter goes to ``post_id`` under
    the policy's limit for enquiries. Raises Invalid when no post answers for it."""
    version = catalogue.promise(item.version_id) if item else None
    post = ab_post.picture().posts.get(item.post_id if item else post_id or 0)
    if post is None or post.closed_on is not None:
        raise Invalid("matter", _("没有岗位负责这个事项，请选择目录中的事项或指定岗位。"))
    case = Case(
        number=numbers.take("SX", now),
        item_id=item.id if item else None,
        receipt_version_id=version.id if version else None,
        kind=version.kind if version else CaseKind.PROMISED,
        matter=matter,
        client_unit=client.unit,
        client_name=client.name,
        client_phone=client.phone,
        post_id=post.id,
        department_id=post.department_id,
        origin_id=origin.id if origin else None,
        state=CaseState.RECEIVED,
        received_at=now,
        received_by_id=actor.id,
        tacit_at=clocks.tacit_at_of(now, version, post.department_id),
    )
    insert_row(case)
    handed_in = set(received)
    checklist = [
        {
            "case_id": case.id,
            "position": m.position,
            "name": m.name,
            "form": m.form,
            "copies": m.copies,
            "required": m.required,
            "in_checklist": True,
            "received_at": now if m.position in handed_in else None,
            "returned_to": "",
        }
        for m in (version.materials if version else ())
    ]
    if checklist:
        _ADD_MATERIALS.run(*checklist)
    journal.record(
        words.RECEIVED,
        case,
        actor,
        now,
        post_id=post.id,
        number=case.number,
        matter=matter,
        item=item.code if item else "",
        version=version.number if version else None,
        post=post.name,
        materials=[m["name"] for m in checklist if m["received_at"]],
        origin=origin.number if origin else "",
        client_unit=client.unit,
        client_name=client.name,
        client_phone=client.phone,
    )
    search.put("case", case.id, case.number, matter, client.unit, client.name, client.phone)
    if actor.id is not None:
        _ADD_HANDLER.run({"case_id": case.id, "user_id": actor.id})
    return case


def remember(case: Case, actor: Actor) -> None:
    """Remember that a person has had a hand in the case (D-4)."""
    if actor.id is not None and db.session.get(CaseHandler, (case.id, actor.id)) is None:
        db.session.execute(insert(CaseHandler), {"case_id": case.id, "user_id": actor.id})


def settle(case: Case, now: datetime) -> None:
    """Do what the passing of time has done already: tacit acceptance (T-7a), pauses that met their cap (T-4), tacit
    consent at its own instant (T-7)."""
    if case.tacit_at is not None and case.tacit_at < now and case.state is CaseState.RECEIVED:
        _accept(case, SYSTEM, now, clock_from=case.received_at, tacit=True)
    if case.stopped:
        pauses.end_at_cap(case, now)
    agreed = tacit.passed(case, now)
    if agreed is not None:
        close(case, CaseState.DEEMED_AGREED, agreed, recorded_at=now)
        tacit.record(case, agreed, now)


def settled(case: Case, now: datetime) -> bool:
    """Settle a case that is only read, in a transaction of its own; whether there was anything (T-7, T-7a)."""
    tacit_acceptance = case.state is CaseState.RECEIVED and case.tacit_at is not None and case.tacit_at < now
    if not tacit_acceptance and tacit.passed(case, now) is None:
        return False
    with transaction.act():
        settle(locked(Case, id=case.id), now)
    return True


def _accept(case: Case, actor: Actor, now: datetime, clock_from: datetime, tacit: bool = False) -> None:
    verb = "supplement" if case.state is CaseState.SUPPLEMENT_BEFORE else "accept"
    case.state = rules.MOVES.after(case.state, verb)
    at = case.tacit_at if tacit and case.tacit_at is not None else now
    case.accepted_at, case.clock_from, case.tacit_at = at, clock_from, None
    case.tacitly_accepted, case.supplement_due_on, case.reminded_at = tacit, None, None
    entry = catalogue.by_id(case.item_id)
    version = catalogue.promise(entry.version_id if entry else case.receipt_version_id)
    if version is not None:
        case.promise_version_id = version.id
        case.promised_limit, case.statutory_limit = version.promised_limit, version.statutory_limit
        case.next_day_after_hours, case.restarts = version.next_day_after_hours, version.restarts
        case.consent_from = at if version.tacit_consent else None
    else:
        case.promised_limit = str(policy.value("timed_completion.enquiry"))
    clocks.derive(case)
    notice = papers.issue(case, PaperKind.PROMISE, actor, now).number if papers.has_promise(case) else ""
    journal.record(
        words.TACITLY_ACCEPTED if tacit else words.ACCEPTED,
        case,
        actor,
        now,
        post_id=case.post_id,
        promised=case.promised_limit,
        statutory=case.statutory_limit,
        due=case.due_at,
        statutory_due=case.statutory_due_at,
        provisional=case.provisional,
        clock_from=clock_from,
        tacit=tacit,
        notice=notice,
    )
    seams.accepted(case, at, now)


def require_handler(actor: Actor, case: Case) -> None:
    """Refuse who does not answer for the case's post now (AB-3). Raises NotAllowed."""
    if not may_handle(actor, case):
        raise NotAllowed(_("您目前不负责这件办件的岗位。"), "AB-3")


def may_handle(actor: Actor, case: Case) -> bool:
    """Whether the actor answers for the case's post now."""
    return actor.can(words.HANDLE) and actor.answers_for(case.post_id) is not None


def handle(actor: Actor, case: Case, now: datetime) -> None:
    """What every verb begins with: the right, what time has done, an open case. Raises NotAllowed, Conflict."""
    require_handler(actor, case)
    settle(case, now)
    if case.closed_at is not None:
        raise Conflict(_("办件已经结案，不能再改动；如有错误请开一件关联的更正办件。"), "T-11")
    remember(case, actor)


def receive_materials(actor: Actor, case: Case, positions: Iterable[int], now: datetime) -> list[CaseMaterial]:
    """Take papers in (N-2, N-6); the receipt lists them. Raises Invalid when none of the lines is open.

    A client who was waited for has come back: the notice's date is answered, and what is still missing needs a
    further notice with a date of its own (N-4, N-7).
    """
    handle(actor, case, now)
    wanted = set(positions)
    taken = [m for m in case.materials if m.position in wanted and m.received_at is None]
    if not taken:
        raise Invalid("materials", _("请勾选本次收到的材料。"))
    for material in taken:
        material.received_at, material.returned_at, material.returned_to = now, None, ""
    if case.state in rules.WAITING_FOR_CLIENT:
        case.supplement_due_on, case.reminded_at = None, None
    journal.record(
        words.MATERIALS_RECEIVED, case, actor, now, post_id=case.post_id, names="、".join(m.name for m in taken)
    )
    return taken


def missing(case: Case) -> list[CaseMaterial]:
    """Required lines of the bound checklist that have not been handed in."""
    return [m for m in case.materials if m.required and m.received_at is None]


def accept(actor: Actor, case: Case, now: datetime) -> None:
    """Accept a complete case: both clocks start (T-4). Raises Invalid while required materials are missing."""
    handle(actor, case, now)
    if case.state is CaseState.ACCEPTED and case.tacitly_accepted:
        return
    lacking = missing(case)
    if lacking:
        names = "、".join(m.name for m in lacking)
        raise Invalid("materials", _("还缺：%(names)s。请先一次性告知。", names=names), "N-1")
    if case.state is not CaseState.RECEIVED:
        rules.MOVES.after(case.state, "accept")
    _accept(case, actor, now, clock_from=now)


def start(actor: Actor, case: Case, now: datetime) -> None:
    """Take an accepted case up."""
    handle(actor, case, now)
    case.state = rules.MOVES.after(case.state, "start")
    journal.record(words.STARTED, case, actor, now, post_id=case.post_id)


def _waits(pause: CasePause) -> bool:
    """Whether a pause is the one that ends with the client's supplement; other reasons end by themselves (T-4)."""
    return pause.reason == clocks.WAITING and pause.to_at is None


def want_supplement(
    actor: Actor, case: Case, notice: str, until: date, wrong: Iterable[CaseMaterial], now: datetime
) -> None:
    """A notice was issued: wait for the client; after acceptance the promised clock stops (T-4)."""
    handle(actor, case, now)
    case.state = rules.MOVES.after(case.state, "want_supplement")
    for material in wrong:
        material.received_at = None
    case.tacit_at, case.supplement_due_on, case.reminded_at = None, until, None
    stopped = False
    if case.state is CaseState.SUPPLEMENT_AFTER and not any(_waits(p) for p in case.pauses):
        pauses.begin(case, clocks.WAITING, now)
        stopped = True
    journal.record(
        words.SUPPLEMENT_WANTED,
        case,
        actor,
        now,
        post_id=case.post_id,
        notice=notice,
        until=until,
        stopped=stopped,
    )


def supplement(actor: Actor, case: Case, positions: Iterable[int], now: datetime) -> bool:
    """The client came back with papers (T-4, N-4).

    True when the case is complete now: before acceptance it is accepted at once, after it the clock resumes (or
    restarts). False when required papers are still missing; one further complete notice is due. ``positions`` may be
    empty when nothing required is missing, such as when only an optional paper was asked for.
    """
    handle(actor, case, now)
    rules.MOVES.after(case.state, "supplement")
    wanted = set(positions)
    if wanted or missing(case):
        receive_materials(actor, case, wanted, now)
    if missing(case):
        return False
    if case.state is CaseState.SUPPLEMENT_BEFORE:
        _accept(case, actor, now, clock_from=now)
        return True
    case.state = rules.MOVES.after(case.state, "supplement")
    case.supplement_due_on, case.reminded_at = None, None
    old_due = case.due_at
    for pause in case.pauses:
        if _waits(pause):
            old_due = pause.due_before
            pauses.end(case, pause, PauseEnd.RESUMED, now)
    journal.record(
        words.SUPPLEMENTED,
        case,
        actor,
        now,
        post_id=case.post_id,
        how="restart" if case.restarts else "resume",
        due=case.due_at,
        old_due=old_due,
        statutory_due=case.statutory_due_at,
        provisional=case.provisional,
    )
    return True


def remind(actor: Actor, case: Case, how: str, now: datetime) -> None:
    """The client was reminded of what is missing (N-7)."""
    handle(actor, case, now)
    if case.state not in rules.WAITING_FOR_CLIENT:
        raise Conflict(_("这件办件不在等待补正。"))
    case.reminded_at = now
    journal.record(words.REMINDED, case, actor, now, post_id=case.post_id, how=how)


def make_statement(actor: Actor, case: Case, statement: str, now: datetime) -> None:
    """Explain in writing why the case is overdue (T-8). Raises Conflict when it is not."""
    handle(actor, case, now)
    if not rules.is_late(now, case.due_at):
        raise Conflict(_("这件办件没有超期。"))
    case.overdue_statement = statement
    journal.record(words.STATEMENT_MADE, case, actor, now, post_id=case.post_id, due=case.due_at, statement=statement)


def explain(actor: Actor, case: Case, statement: str, now: datetime) -> None:
    """See to it that an overdue case has its statement before it ends (T-8). Raises Invalid."""
    if rules.is_late(now, case.due_at) and not case.overdue_statement:
        if not statement:
            raise Invalid("statement", _("办件已超期，结案前请写明超期原因。"), "T-8")
        make_statement(actor, case, statement, now)


def close(case: Case, state: CaseState, now: datetime, *, recorded_at: datetime | None = None) -> bool:
    """End a case in a final state with its archive file; the caller records it. Returns whether it is late.

    ``recorded_at`` is later than ``now`` where what time has done was found out later (T-7).
    """
    late = state is CaseState.DEEMED_AGREED or rules.is_late(now, case.due_at)
    pauses.end_at_close(case, now)
    # Whatever has to be read is read first: once the ending is written, nothing of the case can change any more.
    share, answered = clocks.share_used(case, now), ab_post.who_answers_for(case.post_id, now).user_id
    case.state, case.closed_at, case.closed_on = state, now, clock.local(now).date()
    case.closed_late, case.tacit_at, case.stopped, case.stopped_until = late, None, False, None
    case.share_used, case.answered_by_id = share, answered
    db.session.add(CaseArchive(case_id=case.id, department_id=case.department_id))
    seams.ended(case, now, recorded_at or now)
    return late


def close_denied(actor: Actor, case: Case, filing: str, letter: str, ours: bool, statement: str, now: datetime) -> None:
    """Close a case on an agreed denial filing (D-1, D-5); the database checks that there is one.

    ``ours`` False: returned as not ours. Raises Invalid when overdue without a statement (T-8).
    """
    handle(actor, case, now)
    state = rules.MOVES.after(case.state, "deny" if ours else "return")
    explain(actor, case, statement, now)
    late = close(case, state, now)
    journal.record(
        words.DENIED, case, actor, now, post_id=case.post_id, filing=filing, letter=letter, late=late, state=str(state)
    )


def return_materials(actor: Actor, case: Case, positions: Iterable[int], to: str, now: datetime) -> None:
    """Give papers back against a signature (N-6); possible after closing too, since papers are not the case."""
    require_handler(actor, case)
    wanted = set(positions)
    given = [m for m in case.materials if m.position in wanted and m.received_at and not m.returned_at]
    if not given:
        raise Invalid("materials", _("请勾选要退还的材料。"))
    for material in given:
        material.returned_at, material.returned_to = now, to
    names = "、".join(m.name for m in given)
    journal.record(words.MATERIALS_RETURNED, case, actor, now, post_id=case.post_id, names=names, to=to)
