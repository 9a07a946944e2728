"""The verbs of displays: show a code, pair, change the size, revoke (W-2)."""

from __future__ import annotations

import secrets
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import delete, func, select

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people.queries import token_hash
from portal.pure.text import nfkc
from portal.wall import vocabulary as words
from portal.wall.models import Display, Pairing
from portal.wall.rules import LIFE

#: Neither a sign that looks like another from five metres (0 O, 1 I L, 2 Z, 5 S, 8 B) nor lower case.
ALPHABET = "34679ACDEFGHJKMNPQRTUVWXY"
LENGTH = 6

# Why wrong codes are not counted: only somebody with wall.PAIR can enter one at all. Of 25^6 = 244 million codes one or
# two are alive, each for ten minutes: a hundred tries a second hit one with a chance of 1 in 4,000. Somebody who may
# pair reads the code off the screen instead, and a hit gives the guesser nothing: the token stays in the cookie of the
# screen that showed the code, and the journal names who paired it.
MOST = 200


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
    code = _new_code()
    while db.session.scalar(select(Pairing.id).where(Pairing.code == code)) is not None:
        code = _new_code()
    secret = secrets.token_urlsafe(32)
    asked = Pairing(code=code, secret_hash=token_hash(secret), asked_at=now)
    db.session.add(asked)
    db.session.flush()
    return secret, asked


def _new_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _n in range(LENGTH))


def plain_code(typed: str) -> str:
    """A code as typed: lower case, full width, and blanks or dashes between its signs are accepted."""
    return "".join(c for c in nfkc(typed).upper() if not c.isspace() and c not in "-_·")


def pair(actor: Actor, code: str, name: str, large: bool, now: datetime) -> Display:
    """Let the screen that shows a code show the wall (W-2).

    Raises Invalid for a code that is unknown, used or older than ten minutes, and for a name that is in use.
    """
    found = db.session.scalar(
        select(Pairing)
        .where(Pairing.code == plain_code(code))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if found is None or found.display_id is not None or now - found.asked_at > LIFE:
        raise Invalid("code", _("没有屏幕在显示这个连接码，或者它已经过期。请核对屏幕上现在的连接码。"), "W-2")
    if db.session.scalar(select(Display.id).where(Display.name == name, Display.revoked_at.is_(None))) is not None:
        raise Invalid("name", _("已有同名的大屏，请换一个名称。"), "W-2")
    display = Display(name=name, token_hash=found.secret_hash, large=large, paired_by_id=actor.id, paired_at=now)
    db.session.add(display)
    db.session.flush()
    found.display_id = display.id
    journal.record(words.PAIRED, display, actor, now, name=name, large=large)
    return display


def resize(actor: Actor, display: Display, large: bool, now: datetime) -> None:
    """Switch between six rows and five larger ones. Raises Conflict for a revoked display."""
    if display.revoked_at is not None:
        raise Conflict(_("这块大屏已经撤销。"), "W-2")
    if display.large != large:
        display.large = large
        journal.record(words.RESIZED, display, actor, now, name=display.name, large=large)


def revoke(actor: Actor, display: Display, now: datetime) -> None:
    """End a display: its next poll is refused (W-2). Raises Conflict when it was revoked before."""
    if display.revoked_at is not None:
        raise Conflict(_("这块大屏已经撤销。"), "W-2")
    display.revoked_at = now
    journal.record(words.REVOKED, display, actor, now, name=display.name)


def sweep(now: datetime) -> int:
    """Drop codes whose ten minutes are over; returns how many."""
    return db.session.execute(delete(Pairing).where(Pairing.asked_at < now - LIFE)).rowcount  # type: ignore[attr-defined]
