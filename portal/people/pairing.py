"""Screens that nobody logs in on are paired by a code: the screen shows it, somebody with the right types it (W-2).

The screen keeps a secret in its cookie, the database the secret's hash; once the code is typed, whichever room asked
for the pairing takes the hash over as the token of its screen.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import ForeignKey, String, delete, func, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.kernel.db import Base, UtcDateTime, db
from portal.kernel.errors import Conflict
from portal.people.queries import token_hash
from portal.pure.numbering import CHECK_ALPHABET
from portal.pure.text import nfkc

#: How long a pairing code is good.
LIFE = timedelta(minutes=10)
#: Neither a sign that looks like another from five metres nor lower case.
ALPHABET = CHECK_ALPHABET
LENGTH = 6

# Why wrong codes are not counted: only somebody with the right to pair can enter one at all. Of 25^6 = 244 million
# codes one or two are alive, each for ten minutes: a hundred tries a second hit one with a chance of 1 in 4,000.
# Somebody who may pair reads the code off the screen instead, and a hit gives the guesser nothing: the token stays in
# the cookie of the screen that showed the code, and the journal names who paired it.
MOST = 200


class Pairing(Base):
    """A code shown on a screen that waits to be paired."""

    __tablename__ = "pairing"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(String(8), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asked_at: Mapped[datetime] = mapped_column(UtcDateTime)
    display_id: Mapped[int | None] = mapped_column(ForeignKey("display.id"))


class Full(Conflict):
    """More screens wait for pairing than an office has."""

    code = 429


def ask(now: datetime) -> tuple[str, Pairing]:
    """Give a screen a code to show and the secret it keeps; the secret becomes its token once the code is paired.

    Raises Full when too many codes are alive: nobody is logged in here, so the table must not grow without end.
    """
    sweep(now)
    if (db.session.scalar(select(func.count()).select_from(Pairing)) or 0) >= MOST:
        raise Full(_("等待连接的屏幕过多，请过几分钟再试。"))
    code = new_code()
    while db.session.scalar(select(Pairing.id).where(Pairing.code == code)) is not None:
        code = new_code()
    secret = secrets.token_urlsafe(32)
    asked_ = Pairing(code=code, secret_hash=token_hash(secret), asked_at=now)
    db.session.add(asked_)
    db.session.flush()
    return secret, asked_


def new_code(length: int = LENGTH) -> str:
    """Random signs that are easy to read and to type."""
    return "".join(secrets.choice(ALPHABET) for _n in range(length))


def plain_code(typed: str) -> str:
    """A code as typed: lower case, full width, and blanks or dashes between its signs are accepted."""
    return "".join(c for c in nfkc(typed).upper() if not c.isspace() and c not in "-_·")


def waiting(code: str, now: datetime) -> Pairing | None:
    """The pairing of a code as typed, locked; None when it is unknown, used or older than ten minutes."""
    found = db.session.scalar(
        select(Pairing)
        .where(Pairing.code == plain_code(code))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return None if found is None or found.display_id is not None or now - found.asked_at > LIFE else found


def asked(token: str, now: datetime) -> Pairing | None:
    """The code that a screen shows while it waits, None when it has none that is still good."""
    return db.session.scalar(
        select(Pairing).where(
            Pairing.secret_hash == token_hash(token), Pairing.display_id.is_(None), Pairing.asked_at >= now - LIFE
        )
    )


def sweep(now: datetime) -> int:
    """Drop codes whose ten minutes are over; returns how many."""
    return db.session.execute(delete(Pairing).where(Pairing.asked_at < now - LIFE)).rowcount  # type: ignore[attr-defined]
