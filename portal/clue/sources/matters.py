"""Departures in what is asked, refused, handed out and urged: first-asks, filings, tasks, supervisions, messages,
monthly statistics (F-4, F-5, D-5, P-4, T-12, AB-6, O-8)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select

from portal.cases.models import Case
from portal.clue.models import ClueKind as K
from portal.clue.sources.base import (
    Entry,
    Outcome,
    Raised,
    Seen,
    Source,
    Undone,
    before,
    end_of_day,
    still_late,
    took_back,
)
from portal.completion_report.models import MonthlyStatistics
from portal.denial_filing.models import Filing
from portal.first_ask.models import FirstAsk
from portal.kernel.db import db
from portal.message_card.models import Message
from portal.people.models import Department
from portal.post_duty import queries as posts
from portal.post_task.models import Task
from portal.pure.breach import Breach
from portal.pure.deadlines import Light
from portal.urging.models import Supervision, Urge


def _breach(
    kind: K, rule: str, key: str, entry: Entry, at: datetime, page: tuple[str, str, str], **who: int | None
) -> Raised:
    """A departure with the page that shows it: endpoint, name and value."""
    endpoint, name, value = page
    return Raised(
        Breach(
            kind=str(kind), key=key, rule=rule, at=at, entry_seq=entry.seq, endpoint=endpoint,
            values=((name, value),), **who,
        )
    )  # fmt: skip


# --- first-ask -------------------------------------------------------------------------------------------------


def _first_ask(entry: Entry) -> Any:
    query = select(FirstAsk.number, FirstAsk.department_id, FirstAsk.case_id)
    return db.session.execute(query.where(FirstAsk.id == entry.object_id)).one()


def _passed_before(entry: Entry, seen: Seen) -> tuple[int, int | None]:
    """Ordinal of the passing-on that an entry is about, and the department that passed it on."""
    passed = before(entry, "first_ask", "first_ask.passed")
    return (passed[-1].facts["ordinal"], seen.department(passed[-1].facts["origin"])) if passed else (1, None)


def disputed_passing(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A department disputes what was passed to it (F-4). Where the office rules that it was right, the clue goes over
    to the department that passed the matter on."""
    asked = _first_ask(entry)
    page = ("first_ask.show", "number", asked.number)
    ordinal, origin = _passed_before(entry, seen)
    key, wrong = f"dispute:{asked.number}:{ordinal}", f"wrong_passing:{asked.number}:{ordinal}"
    if entry.event == "first_ask.disputed":
        to = seen.department(entry.facts["department"])
        yield _breach(K.DISPUTED_PASSING, "F-4", key, entry, entry.at, page, department_id=to, case_id=asked.case_id)
    elif entry.event == "first_ask.reversed":
        yield Undone(key, entry.seq, entry.at)
    elif seen.department(entry.facts["department"]) != _disputing(entry, seen):
        yield Undone(key, entry.seq, entry.at)
        yield _breach(
            K.DISPUTED_PASSING, "F-4", wrong, entry, entry.at, page,
            department_id=origin or asked.department_id, case_id=asked.case_id,
        )  # fmt: skip


def _disputing(entry: Entry, seen: Seen) -> int | None:
    disputes = before(entry, "first_ask", "first_ask.disputed")
    return seen.department(disputes[-1].facts["department"]) if disputes else None


def repeated_passing(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """One matter is passed on a second time (F-4): whoever passed it on answers for it."""
    if entry.facts["ordinal"] >= 2:
        asked = _first_ask(entry)
        key = f"passing:{asked.number}:{entry.facts['ordinal']}"
        yield _breach(
            K.REPEATED_PASSING, "F-4", key, entry, entry.at, ("first_ask.show", "number", asked.number),
            department_id=seen.department(entry.facts["origin"]) or asked.department_id, case_id=asked.case_id,
        )  # fmt: skip


def urgent_unacknowledged(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """An urgent and grave matter that the principal did not acknowledge in time (F-5)."""
    query = select(FirstAsk.number, FirstAsk.acknowledge_by, FirstAsk.case_id)
    asked = db.session.execute(query.where(FirstAsk.id == entry.object_id)).one()
    key = f"urgent:{asked.number}"
    if entry.event == "first_ask.reversed":
        yield Undone(key, entry.seq, entry.at)
    elif entry.event == "first_ask.unacknowledged" or entry.facts["late"]:
        yield _breach(
            K.URGENT_UNACKNOWLEDGED, "F-5", key, entry, asked.acknowledge_by or entry.at,
            ("first_ask.show", "number", asked.number), post_id=posts.principal_post(), case_id=asked.case_id,
        )  # fmt: skip


# --- denial filings --------------------------------------------------------------------------------------------

_DECIDED = (
    "denial_filing.agreed",
    "denial_filing.corrected",
    "denial_filing.supplement_ordered",
    "denial_filing.escalated",
)


def _filing(entry: Entry) -> Any:
    query = select(Filing.number, Filing.department_id, Filing.case_id, Filing.deliver_by, Filing.filed_post_id)
    return db.session.execute(query.where(Filing.id == entry.object_id)).one()


def late_decision(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A filing that was not decided by its date (D-5): the deciding post answers, once for each date."""
    recorded = entry.event == "denial_filing.decision_overdue"
    if not recorded and not entry.facts["late"]:
        return
    by = entry.instant("decide_by") if recorded else _decide_by(entry)
    filing = _filing(entry)
    key = f"decision:{filing.number}:{by:%Y%m%d%H%M%S}"
    yield _breach(
        K.LATE_DECISION, "D-5", key, entry, by, ("denial_filing.show", "number", filing.number),
        post_id=entry.post_id, case_id=filing.case_id,
    )  # fmt: skip


def _decide_by(entry: Entry) -> datetime:
    """The date that stood before an entry: of the filing, or of its escalation."""
    return before(entry, "denial_filing", "denial_filing.filed", "denial_filing.escalated")[-1].instant("decide_by")


def late_letter(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """The client was not told in writing by the date (D-5): the handling post answers."""
    if entry.event == "denial_filing.letter_overdue" or entry.facts["late"]:
        filing = _filing(entry)
        yield _breach(
            K.LATE_LETTER, "D-5", f"letter:{filing.number}", entry, end_of_day(filing.deliver_by),
            ("denial_filing.show", "number", filing.number), post_id=filing.filed_post_id, case_id=filing.case_id,
        )  # fmt: skip


# --- tasks, urging and supervision -----------------------------------------------------------------------------


def overdue_task(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A task past its given date (P-4, E-1), by the recorded threshold or a late report."""
    query = select(Task.number, Task.post_id, Task.due_at, Task.provisional)
    task = db.session.execute(query.where(Task.id == entry.object_id)).one()
    key, page = f"task:{task.number}", ("post_task.show", "number", task.number)
    if entry.event in ("post_task.recomputed", "post_task.extension_granted"):
        if took_back(entry):
            yield Undone(key, entry.seq, entry.at)
        elif entry.event == "post_task.recomputed" and still_late(entry):
            at = entry.instant("due")
            yield _breach(K.OVERDUE_TASK, "P-4", key, entry, at, page, post_id=task.post_id)
        return
    warned = entry.event == "post_task.warned"
    late = entry.facts["light"] == Light.OVERDUE if warned else entry.facts["late"]
    if late and not task.provisional:
        at = entry.instant("threshold" if warned else "due")
        yield _breach(K.OVERDUE_TASK, "P-4", key, entry, at, page, post_id=task.post_id)


def unanswered_urging(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """An urging that was not answered by its date (T-12): the urged post answers."""
    answered = entry.event == "urging.answered"
    if answered and not entry.facts["late"]:
        return
    on_case = entry.case_id is not None
    query = select(Urge.id, Urge.post_id, Urge.reply_by, Case.number, Task.number.label("task"))
    query = query.outerjoin(Case, Case.id == Urge.case_id).outerjoin(Task, Task.id == Urge.task_id)
    query = query.where(Urge.case_id == entry.case_id if on_case else Urge.task_id == entry.object_id)
    query = query.where(Urge.ended_at == entry.at if answered else Urge.reply_by == entry.instant("reply_by"))
    for urge in db.session.execute(query.order_by(Urge.id)):
        yield _breach(
            K.UNANSWERED_SUPERVISION, "T-12", f"urge:{urge.number or urge.task}:{urge.id}", entry, urge.reply_by,
            ("urging.show_urge", "urge_id", str(urge.id)), post_id=urge.post_id, case_id=entry.case_id,
        )  # fmt: skip


def unanswered_supervision(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A numbered supervision without a reply by its date (T-12), once for each round."""
    query = select(Supervision.number, Supervision.post_id, Supervision.provisional)
    each = db.session.execute(query.where(Supervision.id == entry.object_id)).one()
    page = ("urging.show", "number", each.number)
    if entry.event == "urging.recomputed":
        if took_back(entry):
            yield Undone(f"supervision:{each.number}:{_round(entry)}", entry.seq, entry.at)
        return
    if entry.event == "urging.replied" and not entry.facts["late"]:
        return
    at = entry.instant("reply_by") if entry.event == "urging.reply_late" else _asked_until(entry)
    key = f"supervision:{each.number}:{entry.facts['round']}"
    yield _breach(K.UNANSWERED_SUPERVISION, "T-12", key, entry, at, page, post_id=each.post_id, case_id=entry.case_id)


def _round(entry: Entry) -> int:
    """The round that a supervision was in before an entry."""
    return 1 + len(before(entry, "supervision", "urging.asked_again"))


def _asked_until(entry: Entry) -> datetime:
    """Until when the reply of the present round was asked for."""
    last = before(entry, "supervision", "urging.issued", "urging.asked_again", "urging.recomputed")[-1]
    return last.instant("due" if last.event == "urging.recomputed" else "reply_by")


# --- messages, statistics --------------------------------------------------------------------------------------


def message_unanswered(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A visitor's message that the department did not answer in time after its return (AB-6)."""
    if entry.event == "message_card.overdue" or entry.facts["late"]:
        query = select(Message.number, Message.department_id, Message.due_at)
        message = db.session.execute(query.where(Message.id == entry.object_id)).one()
        yield _breach(
            K.MESSAGE_UNANSWERED, "AB-6", f"message:{message.number}", entry, message.due_at,
            ("message_card.show", "number", message.number), department_id=message.department_id,
        )  # fmt: skip


def late_statistics(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """Monthly statistics that were not filed by the date (O-8)."""
    if entry.event == "completion_report.month_late" or entry.facts["late"]:
        query = select(MonthlyStatistics.department_id, MonthlyStatistics.due_on, Department.code)
        query = query.join(Department, Department.id == MonthlyStatistics.department_id)
        sheet = db.session.execute(query.where(MonthlyStatistics.id == entry.object_id)).one()
        month = str(entry.facts["month"])
        yield Raised(
            Breach(
                kind=str(K.LATE_STATISTICS),
                key=f"statistics:{sheet.code}:{month}",
                rule="O-8",
                at=end_of_day(sheet.due_on),
                department_id=sheet.department_id,
                entry_seq=entry.seq,
                endpoint="completion_report.show_month",
                values=(("month", month), ("code", sheet.code)),
            )
        )


SOURCES = (
    Source(
        "disputed_passing",
        (K.DISPUTED_PASSING,),
        ("first_ask.disputed", "first_ask.ruled", "first_ask.reversed"),
        disputed_passing,
    ),
    Source("repeated_passing", (K.REPEATED_PASSING,), ("first_ask.passed",), repeated_passing),
    Source(
        "urgent_unacknowledged",
        (K.URGENT_UNACKNOWLEDGED,),
        ("first_ask.unacknowledged", "first_ask.acknowledged", "first_ask.reversed"),
        urgent_unacknowledged,
    ),
    Source("late_decision", (K.LATE_DECISION,), ("denial_filing.decision_overdue", *_DECIDED), late_decision),
    Source(
        "late_letter",
        (K.LATE_LETTER,),
        ("denial_filing.letter_overdue", "denial_filing.letter_issued", "denial_filing.delivered"),
        late_letter,
    ),
    Source(
        "overdue_task",
        (K.OVERDUE_TASK,),
        ("post_task.warned", "post_task.reported", "post_task.recomputed", "post_task.extension_granted"),
        overdue_task,
    ),
    Source(
        "unanswered_urging", (K.UNANSWERED_SUPERVISION,), ("urging.unanswered", "urging.answered"), unanswered_urging
    ),
    Source(
        "unanswered_supervision",
        (K.UNANSWERED_SUPERVISION,),
        ("urging.reply_late", "urging.replied", "urging.recomputed"),
        unanswered_supervision,
    ),
    Source(
        "message_unanswered",
        (K.MESSAGE_UNANSWERED,),
        ("message_card.overdue", "message_card.answered", "message_card.taken"),
        message_unanswered,
    ),
    Source(
        "late_statistics",
        (K.LATE_STATISTICS,),
        ("completion_report.month_late", "completion_report.month_filed"),
        late_statistics,
    ),
)
