"""Guessing is stopped: wrong answers counted per number, per address and over all, in the database (O-6)."""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import bindparam, delete, select, text

from portal.kernel import journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import UtcDateTime, db
from portal.policy import queries as policy
from portal.public import rules
from portal.public import vocabulary as words
from portal.public.models import StatusGuess
from portal.public.rules import Counter

#: The subject under which all wrong guesses are counted; its row lets one question in at a time.
ALL = "all"
_LIMITS = {"number": "public.wrong_per_number", "address": "public.wrong_per_address", ALL: "public.wrong_overall"}

_at = {name: UtcDateTime() for name in ("since", "blocked_until")}
_TURN = text(
    "INSERT INTO status_guess (subject, wrong, since) VALUES (:subject, 0, :since) ON CONFLICT (subject) DO NOTHING"
).bindparams(bindparam("since", type_=UtcDateTime()))
_KEEP = text(
    "INSERT INTO status_guess (subject, wrong, since, blocked_until) VALUES (:subject, :wrong, :since, :blocked_until)"
    " ON CONFLICT (subject) DO UPDATE SET wrong = excluded.wrong, since = excluded.since,"
    " blocked_until = excluded.blocked_until"
).bindparams(*(bindparam(name, type_=kind) for name, kind in _at.items()))


def _digest(what: str, said: str) -> str:
    secret = str(current_app.config["SECRET_KEY"]).encode()
    made = hmac.new(secret, f"status {what} {said}".encode("utf-8", "surrogatepass"), hashlib.sha256)
    return f"{what}:{made.hexdigest()}"


class Turn:
    """One question about a case: who asks about what, and whether they may. Needs a writing transaction.

    Questions stand in line at one row, so that a hundred sent at once are counted as well as one by one.
    """

    def __init__(self, number: str, address: str, now: datetime) -> None:
        self.now = now
        self.subjects = {
            "number": _digest("number", number),
            "address": _digest("address", rules.network_of(address)),
            ALL: ALL,
        }
        db.session.connection().execute(_TURN, {"subject": ALL, "since": now})
        db.session.execute(select(StatusGuess.wrong).where(StatusGuess.subject == ALL).with_for_update())
        columns = (StatusGuess.subject, StatusGuess.wrong, StatusGuess.since, StatusGuess.blocked_until)
        rows = db.session.execute(select(*columns).where(StatusGuess.subject.in_(self.subjects.values())))
        self._counters = {subject: Counter(wrong, since, until) for subject, wrong, since, until in rows}

    @property
    def blocked_until(self) -> datetime | None:
        """Until when questions are refused, right ones too; None when this one may be answered."""
        blocks = [c.blocked_until for c in self._counters.values() if c.blocked_until and c.blocked(self.now)]
        return max(blocks, default=None)

    def wrong(self) -> None:
        """Count a wrong guess; what begins a block is a fact of the journal, without the number or the address."""
        within = timedelta(minutes=policy.value("public.wrong_within_minutes"))
        block = timedelta(minutes=policy.value("public.block_minutes"))
        for what, subject in self.subjects.items():
            limit = policy.value(_LIMITS[what])
            after = rules.after_wrong(self._counters.get(subject), self.now, limit, within, block)
            values = {
                "subject": subject,
                "wrong": after.wrong,
                "since": after.since,
                "blocked_until": after.blocked_until,
            }
            db.session.connection().execute(_KEEP, values)
            if after.blocked(self.now):
                journal.record(
                    words.STATUS_BLOCKED,
                    None,
                    SYSTEM,
                    self.now,
                    what=what,
                    until=after.blocked_until,
                    wrong=after.wrong,
                )


def sweep(now: datetime) -> int:
    """Forget counters that neither count nor block any more; returns how many."""
    within = timedelta(minutes=policy.value("public.wrong_within_minutes") + policy.value("public.block_minutes"))
    old = delete(StatusGuess).where(
        StatusGuess.since < now - within,
        StatusGuess.blocked_until.is_(None) | (StatusGuess.blocked_until < now),
    )
    return db.session.execute(old).rowcount  # type: ignore[attr-defined]
