"""Departures in cases: overdue, deemed agreed and deemed accepted, pauses, notices, fees, errors (T-4 … T-7a, N-4,
C-9, W-0)."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select

from portal.cases.models import Case
from portal.clue.models import ClueKind as K
from portal.clue.sources.base import Entry, Outcome, Raised, Seen, Source, Undone, still_late, took_back
from portal.fee.models import CaseFee
from portal.kernel.db import db
from portal.pure.breach import Breach
from portal.pure.deadlines import Light

#: The ends of a case that say whether it was late; silence that counts as consent is a kind of its own (T-7).
_ENDS = ("cases.completed", "cases.denied", "cases.withdrawn", "cases.lapsed")


def overdue(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """Past the promised limit, by the recorded threshold or the end; one clue a case, none for a provisional date.

    A new calendar takes it back where the case had not been late after all (T-3).
    """
    case_id = entry.case_id or 0
    key = f"overdue:{seen.case(case_id).number}"
    if entry.event == "cases.recomputed":
        if took_back(entry):
            yield Undone(key, entry.seq, entry.at)
        elif still_late(entry):
            yield seen.of_case(K.OVERDUE, "T-6", key, entry, entry.instant("due"))
        return
    late = entry.facts["light"] == Light.OVERDUE if entry.event == "cases.warned" else entry.facts["late"]
    if not late:
        return
    stood = seen.clock(case_id, entry.seq)
    at = entry.instant("threshold") if entry.event == "cases.warned" else stood.due
    if at is not None and not stood.provisional:
        yield seen.of_case(K.OVERDUE, "T-6", key, entry, at)


def tacit_consent(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """Silence counted as consent (T-7): the handling department answers for it."""
    number = seen.case(entry.case_id or 0).number
    yield seen.of_case(K.TACIT_CONSENT, "T-7", f"tacit_consent:{number}", entry, entry.instant("at"))


def tacit_acceptance(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """No notice in time after the materials were received (T-7a)."""
    case = seen.case(entry.case_id or 0)
    at = case.accepted_at or entry.at
    yield seen.of_case(K.TACIT_ACCEPTANCE, "T-7a", f"tacit_acceptance:{case.number}", entry, at)


def pause_cap(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A special procedure that was not ended before its cap (T-4)."""
    if entry.facts["ended"] == "cap":
        at = entry.instant("at")
        key = f"pause_cap:{seen.case(entry.case_id or 0).number}:{entry.facts['reason']}:{at:%Y%m%d%H%M}"
        yield seen.of_case(K.PAUSE_CAP, "T-4", key, entry, at)


def second_notice(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """A further notice asked for what stood in the bound checklist and was not in the first (N-4)."""
    key = f"second_notice:{entry.facts['number']}"
    yield seen.of_case(K.SECOND_NOTICE, "N-4", key, entry, entry.at, entry.post_id)


def fee_difference(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """More or less was charged than is published (C-9); a corrected record takes the place of the wrong one."""
    number = seen.case(entry.case_id or 0).number
    if entry.event == "fee.differed":
        query = select(CaseFee.id).where(CaseFee.case_id == entry.case_id, CaseFee.recorded_at == entry.at)
        query = query.where(CaseFee.charged_fen == entry.facts["charged"]).order_by(CaseFee.id)
        fee_id = db.session.scalar(query.limit(1))
        yield seen.of_case(K.FEE_DIFFERENCE, "C-9", f"fee:{number}:{fee_id}", entry, entry.at, entry.post_id)
    elif entry.facts.get("corrects"):
        yield Undone(f"fee:{number}:{entry.facts['corrects']}", entry.seq, entry.at)


def result_error(entry: Entry, seen: Seen) -> Iterator[Outcome]:
    """The result of a closed case was wrong (W-0); a withdrawn record takes it back."""
    key = f"result_error:{entry.object_id}"
    if entry.event == "completion_report.error_withdrawn":
        yield Undone(key, entry.seq, entry.at)
        return
    case = seen.case(entry.case_id or 0)
    ended = db.session.execute(select(Case.closed_at, Case.answered_by_id).where(Case.id == case.id)).one()
    yield Raised(
        Breach(
            kind=str(K.RESULT_ERROR),
            key=key,
            rule="W-0",
            at=ended.closed_at,
            department_id=case.department_id,
            post_id=seen.post_of_case(case.id, ended.closed_at),
            person_id=ended.answered_by_id,
            case_id=case.id,
            entry_seq=entry.seq,
            endpoint="completion_report.show_error",
            values=(("error_id", str(entry.object_id)),),
        )
    )


SOURCES = (
    Source("overdue", (K.OVERDUE,), ("cases.warned", "cases.recomputed", *_ENDS), overdue),
    Source("tacit_consent", (K.TACIT_CONSENT,), ("cases.deemed_agreed",), tacit_consent),
    Source("tacit_acceptance", (K.TACIT_ACCEPTANCE,), ("cases.tacitly_accepted",), tacit_acceptance),
    Source("pause_cap", (K.PAUSE_CAP,), ("cases.resumed",), pause_cap),
    Source("second_notice", (K.SECOND_NOTICE,), ("one_time_notice.repeated",), second_notice),
    Source("fee_difference", (K.FEE_DIFFERENCE,), ("fee.differed", "fee.charged"), fee_difference),
    Source(
        "result_error",
        (K.RESULT_ERROR,),
        ("completion_report.error_recorded", "completion_report.error_withdrawn"),
        result_error,
    ),
)
