"""The verbs of the bulletin: write, publish, correct (W-0)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime

from flask_babel import gettext as _

from portal.bulletin import queries, sections
from portal.bulletin import vocabulary as words
from portal.bulletin.models import Bulletin
from portal.kernel import clock, journal
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure.months import month_after, month_text


def _manages(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("效能通报由办公室编写和发布。"), "W-0")


def _draft(actor: Actor, month: date, now: datetime) -> Bulletin:
    """The month's draft, made when there is none. Raises Conflict when it was published and not begun to correct."""
    found = queries.draft(month)
    if found is not None:
        return locked(Bulletin, id=found.id)
    if queries.editions(month):
        raise Conflict(_("这个月的通报已经发布，不能再改；需要更正的，请起草更正版。"), "W-0")
    if month > clock.local(now).date():
        raise Invalid("introduction", _("这个月还没有到。"))
    made = Bulletin(month=month, edition=1, made_at=now, correction="", introduction="", notes="{}", content="")
    db.session.add(made)
    db.session.flush()
    journal.record(words.BEGUN, made, actor, now, month=month_text(month), edition=1)
    return made


def write(actor: Actor, month: date, introduction: str, notes: Mapping[str, str], now: datetime) -> Bulletin:
    """Keep the introduction and the notes by section. Raises NotAllowed, Conflict once it is published."""
    _manages(actor)
    found = _draft(actor, month, now)
    kept = found.write(introduction, notes, tuple(words.SECTION_LABELS))
    journal.record(
        words.WRITTEN, found, actor, now,
        month=month_text(month), edition=found.edition, introduction=introduction, notes=kept,
    )  # fmt: skip
    return found


def publish(actor: Actor, month: date, introduction: str, notes: Mapping[str, str], now: datetime) -> Bulletin:
    """Publish a month with its figures as they stand now, in both languages; it never changes afterwards.

    Raises NotAllowed; Conflict while the month lasts, and once it is published.
    """
    _manages(actor)
    if clock.local(now).date() < month_after(month, 1):
        raise Conflict(_("这个月还没有结束，结束后才能发布。"), "W-0")
    found = write(actor, month, introduction, notes, now)
    found.freeze(lambda: sections.of(actor, month, now))
    found.published_at, found.published_by_id = now, actor.id
    digest = hashlib.sha256(found.content.encode()).hexdigest()
    journal.record(words.PUBLISHED, found, actor, now, month=month_text(month), edition=found.edition, digest=digest)
    return found


def correct(actor: Actor, month: date, reason: str, now: datetime) -> Bulletin:
    """Begin an edition that corrects the last one, with its texts. Raises NotAllowed, Invalid, Conflict."""
    _manages(actor)
    if not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "J-3")
    last = next(iter(queries.editions(month)), None)
    if last is None or queries.draft(month) is not None:
        raise Conflict(_("没有可以更正的通报，或者更正版已经在起草。"), "W-0")
    made = Bulletin(
        month=month, edition=last.edition + 1, replaces_id=last.id, correction=reason, introduction=last.introduction,
        notes=last.notes, content="", made_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    journal.record(words.CORRECTED, made, actor, now, month=month_text(month), edition=made.edition, reason=reason)
    return made
