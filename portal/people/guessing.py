"""Guessing is stopped: wrong answers of strangers counted by subject, by address and over all, in the database.

What is guessed (a slip's digits, an evaluation code) has subjects of its own; a block of one does not stop another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import CheckConstraint, Index, String, bindparam, delete, select, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel import journal
from portal.kernel.actor import SYSTEM
from portal.kernel.db import Base, UtcDateTime, connection, db
from portal.kernel.journal import EventKind
from portal.kernel.secrecy import keyed
from portal.policy import queries as policy
from portal.pure.guessing import Counter, after_wrong, network_of


class StatusGuess(Base):
    """The wrong guesses from one address, at one subject, or of all together.

    ``subject`` is a keyed digest: neither addresses nor numbers can be read from it.
    """

    __tablename__ = "status_guess"

    subject: Mapped[str] = mapped_column(String(80), primary_key=True)
    wrong: Mapped[int]
    #: When counting began; it begins anew when the policy's time is over.
    since: Mapped[datetime] = mapped_column(UtcDateTime)
    blocked_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    __table_args__ = (
        Index("ix_status_guess_since", "since"),
        CheckConstraint("wrong >= 0", name="wrong"),
    )


#: The subject under which all wrong guesses are counted; its row lets one question in at a time.
ALL = "all"


@dataclass(frozen=True)
class Guarded:
    """What is guarded against guessing: its name in digests, the policy's limit of each subject, the fact of a block.

    ``told`` has the facts ``what``, ``until`` and ``wrong``. ``row`` is the subject of all questions together.
    """

    name: str
    limits: Mapping[str, str]
    told: EventKind
    row: str = ALL

    def digest(self, what: str, said: str) -> str:
        """The subject of something that was said."""
        return f"{what}:{keyed(f'{self.name} {what} {said}').hex()}"


_at = {name: UtcDateTime() for name in ("since", "blocked_until")}
_TURN = text(
    "INSERT INTO status_guess (subject, wrong, since) VALUES (:subject, 0, :since) ON CONFLICT (subject) DO NOTHING"
).bindparams(bindparam("since", type_=UtcDateTime()))
_KEEP = text(
    "INSERT INTO status_guess (subject, wrong, since, blocked_until) VALUES (:subject, :wrong, :since, :blocked_until)"
    " ON CONFLICT (subject) DO UPDATE SET wrong = excluded.wrong, since = excluded.since,"
    " blocked_until = excluded.blocked_until"
).bindparams(*(bindparam(name, type_=kind) for name, kind in _at.items()))


class Turn:
    """One question of a stranger: who asks about what, and whether they may. Needs a writing transaction.

    Questions stand in line at one row, so that a hundred sent at once are counted as well as one by one. Without an
    address (a screen of the office itself) the other subjects count alone.
    """

    def __init__(self, guarded: Guarded, said: Mapping[str, str], address: str | None, now: datetime) -> None:
        self.guarded, self.now = guarded, now
        self.subjects = {what: guarded.digest(what, text_) for what, text_ in said.items()}
        if address is not None:
            self.subjects["address"] = guarded.digest("address", network_of(address))
        self.subjects[ALL] = guarded.row
        connection().execute(_TURN, {"subject": guarded.row, "since": now})
        db.session.execute(select(StatusGuess.wrong).where(StatusGuess.subject == guarded.row).with_for_update())
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
            limit = policy.value(self.guarded.limits[what])
            after = after_wrong(self._counters.get(subject), self.now, limit, within, block)
            values = {
                "subject": subject,
                "wrong": after.wrong,
                "since": after.since,
                "blocked_until": after.blocked_until,
            }
            connection().execute(_KEEP, values)
            if after.blocked(self.now):
                journal.record(
                    self.guarded.told,
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
