"""Who complained: read by the assigned officer alone, each time with an entry, and erased after its time (A-5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from werkzeug.exceptions import NotFound

from portal.complaint import rights
from portal.complaint import vocabulary as words
from portal.complaint.models import Complaint, ComplaintAddition, ComplaintIdentity
from portal.complaint.receiving import IDENTITY_FILES
from portal.kernel import files, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.files import Attachment
from portal.policy import queries as policy

BATCH = 100


@dataclass(frozen=True)
class Complainant:
    """What the officer reads of who complained; empty once it was erased."""

    name: str
    phone: str
    address: str
    additions: tuple[ComplaintAddition, ...]
    files: tuple[Attachment, ...]


def _of(complaint_id: int) -> Complainant:
    own = db.session.get(ComplaintIdentity, complaint_id)
    added = select(ComplaintAddition).where(ComplaintAddition.complaint_id == complaint_id)
    return Complainant(
        own.name if own else "",
        own.phone if own else "",
        own.address if own else "",
        tuple(db.session.scalars(added.order_by(ComplaintAddition.id))),
        tuple(files.of(IDENTITY_FILES, complaint_id)),
    )


def _require(actor: Actor, complaint: Complaint) -> None:
    if not rights.is_officer(actor, complaint) or rights.concerned(actor, complaint):
        raise NotFound()


def read(actor: Actor, complaint: Complaint, now: datetime) -> Complainant:
    """Who complained, to the assigned officer; the reading is an entry of the journal (A-5, J-1).

    Raises NotFound for anybody else, also for who acts for the officer (AB-4).
    """
    _require(actor, complaint)
    journal.record(words.IDENTITY_READ, complaint, actor, now, number=complaint.number, file=None)
    return _of(complaint.id)


def file(actor: Actor, complaint: Complaint, attachment_id: int, now: datetime) -> Attachment:
    """A file of the complainant, to the assigned officer; an entry too. Raises NotFound."""
    _require(actor, complaint)
    found = next((a for a in files.of(IDENTITY_FILES, complaint.id) if a.id == attachment_id), None)
    if found is None:
        raise NotFound()
    journal.record(words.IDENTITY_READ, complaint, actor, now, number=complaint.number, file=attachment_id)
    return found


def counted(complaint_id: int) -> tuple[int, int]:
    """How many files and additions there are, for the officer's page."""
    added = select(ComplaintAddition.id).where(ComplaintAddition.complaint_id == complaint_id)
    return len(files.of(IDENTITY_FILES, complaint_id)), len(list(db.session.scalars(added)))


def sweep(now: datetime) -> int:
    """Erase who complained of ended complaints after the policy's time; the journal keeps salted digests of it, whose
    salt goes too. Returns how many (A-5, J-1)."""
    kept = timedelta(days=policy.value("complaint.identity_kept_days"))
    old = select(Complaint).where(
        Complaint.identity_erased_at.is_(None), Complaint.closed_at.is_not(None), Complaint.closed_at < now - kept
    )
    done = 0
    for each in db.session.scalars(old.order_by(Complaint.closed_at).limit(BATCH).with_for_update(skip_locked=True)):
        own = _of(each.id)
        row = db.session.get(ComplaintIdentity, each.id)
        for thing in (row, *own.additions):
            if thing is not None:
                db.session.delete(thing)
        erased = files.erase(own.files)
        each.identity_erased_at = now
        journal.record(words.IDENTITY_ERASED, each, SYSTEM, now, number=each.number, files=erased)
        done += 1
    return done
