"""Urns are opened once a day at most, and only with enough ballots, or at the end of their month's slips (S-1)."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from portal.evaluation import rules, sealing, service
from portal.evaluation import vocabulary as words
from portal.evaluation.models import Comment, Grade, Slips, Tally, Urn
from portal.evaluation.service import Ballot
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import db, locked
from portal.kernel.urn import put
from portal.policy import queries as policy
from portal.pure.months import month_text


def sweep(now: datetime) -> int:
    """Look into every urn that was not looked into today; returns how many were. Twice changes nothing."""
    today = clock.local(now).date()
    found = list(db.session.scalars(select(Urn).where(Urn.opened_on < today).with_for_update(skip_locked=True)))
    if not found:
        return 0
    keys = sealing.renew(service.folder(), today)
    good = rules.good_months(today, policy.value("evaluation.valid_days"))
    for each in found:
        _open(each, keys, each.month not in good, today, now)
    return len(found)


def _open(each: Urn, keys: Sequence[bytes], over: bool, today: date, now: datetime) -> None:
    """Count an urn's ballots if they are enough or its month is over; else seal them anew with the newest key."""
    shut, ballots = list[bytes](), list[bytes]()
    for record in sealing.records(each.sealed):
        said = sealing.unseal(keys, record)
        (shut if said is None else ballots).append(record if said is None else said)
    if ballots and (over or len(ballots) >= policy.value("evaluation.batch")):
        _count(each, [Ballot.unpacked(said) for said in ballots], now)
        ballots = []
    each.opened_on = today
    if not over:
        each.sealed = sealing.shuffled([*shut, *(sealing.seal(keys[0], said) for said in ballots)])
        each.waiting = len(shut) + len(ballots)
        return
    department, month = service.department_name(each.department_id), month_text(each.month)
    if shut:
        journal.record(words.LOST, None, SYSTEM, now, department=department, month=month, ballots=len(shut))
    slips = db.session.get(Slips, (each.department_id, each.month))
    journal.record(
        words.ENDED,
        None,
        SYSTEM,
        now,
        department=department,
        month=month,
        handed_out=slips.handed_out if slips else 0,
        printed=slips.printed if slips else 0,
    )
    each.waiting, each.sealed = 0, b""
    db.session.flush()
    db.session.delete(each)


def _count(each: Urn, ballots: Sequence[Ballot], now: datetime) -> None:
    """Add a batch to the figures of its department and month, its comments to the others; one entry tells of it."""
    place = (each.department_id, each.month)
    service.made(Tally, place, **dict.fromkeys(map(str, Grade), 0), reasons="{}")
    tally = locked(Tally, department_id=each.department_id, month=each.month)
    reasons = {grade: Counter(said) for grade, said in json.loads(tally.reasons).items()}
    for ballot in ballots:
        setattr(tally, str(ballot.grade), getattr(tally, str(ballot.grade)) + 1)
        reasons.setdefault(str(ballot.grade), Counter()).update(ballot.reasons)
    tally.reasons = journal.canonical({grade: dict(said) for grade, said in reasons.items() if said})
    db.session.flush()
    comments = [{"grade": b.grade, "text": b.comment} for b in ballots if b.comment]
    put(Comment, comments, department_id=each.department_id, month=each.month)
    journal.record(
        words.COUNTED,
        None,
        SYSTEM,
        now,
        department=service.department_name(each.department_id),
        month=month_text(each.month),
        ballots=len(ballots),
        digest=digest(tally),
    )


def digest(tally: Tally) -> str:
    """What the journal keeps of a department's month as it stands, keyed: single batches cannot be guessed from it."""
    query = select(Comment.grade, Comment.text).where(
        Comment.department_id == tally.department_id, Comment.month == tally.month
    )
    said = sorted([str(grade), text] for grade, text in db.session.execute(query))
    figures = [getattr(tally, str(grade)) for grade in Grade]
    whole = journal.canonical({"figures": figures, "reasons": tally.reasons, "comments": said})
    return hmac.new(service.secret(), whole.encode(), hashlib.sha256).hexdigest()
