"""The verbs of displays: pair, change the size, revoke (W-2)."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import pairing
from portal.wall import vocabulary as words
from portal.wall.models import Display


def pair(actor: Actor, code: str, name: str, large: bool, now: datetime) -> Display:
    """Let the screen that shows a code show the wall (W-2).

    Raises Invalid for a code that is unknown, used or older than ten minutes, and for a name that is in use.
    """
    found = pairing.waiting(code, now)
    if found is None:
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
