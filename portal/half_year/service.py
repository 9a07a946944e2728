"""The verbs of the half-yearly publication: write, submit, approve or return, publish, correct, make public (F-7)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.half_year import queries, sections
from portal.half_year import vocabulary as words
from portal.half_year.models import HalfYear, HalfYearState
from portal.half_year.queries import Half
from portal.kernel import journal
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.openness import service as openness
from portal.openness.rules import Scope


def _manages(actor: Actor) -> None:
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("半年公示由办公室编写和发布。"), "F-7")


def _which(edition: HalfYear) -> dict[str, Any]:
    return {"year": edition.year, "half": edition.half, "edition": edition.edition}


def _digest(edition: HalfYear) -> str:
    kept = "\n".join((edition.introduction, edition.notes, edition.content))
    return hashlib.sha256(kept.encode()).hexdigest()


def _draft(actor: Actor, half: Half, now: datetime) -> HalfYear:
    """The half year's draft, made when there is none. Raises Conflict when it was submitted or published."""
    found = queries.draft(half)
    if found is not None:
        found = locked(HalfYear, id=found.id)
        if found.state is not HalfYearState.DRAFT:
            raise Conflict(_("已经提交批准，不能再改；需要修改的，请批准人退回。"), "F-7")
        return found
    if queries.editions(half):
        raise Conflict(_("这半年的公示已经发布，不能再改；需要更正的，请起草更正版。"), "F-7")
    made = HalfYear(
        year=half[0], half=half[1], edition=1, state=HalfYearState.DRAFT, correction="", introduction="", notes="{}",
        content="", returned="", made_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    journal.record(words.BEGUN, made, actor, now, **_which(made))
    return made


def write(actor: Actor, half: Half, introduction: str, notes: Mapping[str, str], now: datetime) -> HalfYear:
    """Keep the introduction and the notes by section. Raises NotAllowed, Conflict once it was submitted."""
    _manages(actor)
    found = _draft(actor, half, now)
    kept = found.write(introduction, notes, tuple(words.SECTION_LABELS))
    journal.record(words.WRITTEN, found, actor, now, **_which(found), introduction=introduction, notes=kept)
    return found


def submit(actor: Actor, half: Half, introduction: str, notes: Mapping[str, str], now: datetime) -> HalfYear:
    """Submit it for approval with the figures as they stand now, in both languages: what is approved is published.

    Raises NotAllowed; Conflict while the half year lasts, and once it was submitted.
    """
    _manages(actor)
    if not queries.is_over(half, now):
        raise Conflict(_("这半年还没有结束，结束后才能提交。"), "F-7")
    found = write(actor, half, introduction, notes, now)
    found.freeze(lambda: sections.of(*half))
    found.state, found.submitted_by_id, found.submitted_at = HalfYearState.SUBMITTED, actor.id, now
    journal.record(words.SUBMITTED, found, actor, now, **_which(found), digest=_digest(found))
    return found


def _waiting(actor: Actor, half: Half) -> HalfYear:
    """The submitted edition, for who may decide on it. Raises NotAllowed, Conflict."""
    found = queries.draft(half)
    if found is not None:
        found = locked(HalfYear, id=found.id)
    if found is None or found.state is not HalfYearState.SUBMITTED:
        raise Conflict(_("没有等待批准的公示。"), "F-7")
    if not actor.can(words.APPROVE) or actor.id == found.submitted_by_id:
        raise NotAllowed(_("半年公示由单位领导批准，提交人不能自己批准。"), "F-7")
    return found


def approve(actor: Actor, half: Half, now: datetime) -> HalfYear:
    """Approve what was submitted. Raises NotAllowed (also for who submitted it), Conflict."""
    found = _waiting(actor, half)
    found.state, found.approved_by_id, found.approved_at = HalfYearState.APPROVED, actor.id, now
    journal.record(words.APPROVED, found, actor, now, **_which(found), digest=_digest(found))
    return found


def send_back(actor: Actor, half: Half, reason: str, now: datetime) -> HalfYear:
    """Send a submitted edition back with a reason; its figures are read anew. Raises NotAllowed, Conflict, Invalid."""
    found = _waiting(actor, half)
    if not reason:
        raise Invalid("reason", _("请写明退回的原因。"))
    found.state, found.content, found.returned = HalfYearState.DRAFT, "", reason
    found.submitted_by_id = found.submitted_at = None
    journal.record(words.RETURNED, found, actor, now, **_which(found), reason=reason)
    return found


def publish(actor: Actor, half: Half, now: datetime) -> HalfYear:
    """Publish what was approved to all staff; it never changes afterwards. Raises NotAllowed, Conflict."""
    _manages(actor)
    found = queries.draft(half)
    if found is not None:
        found = locked(HalfYear, id=found.id)
    if found is None or found.state is not HalfYearState.APPROVED:
        raise Conflict(_("批准以后才能公示。"), "F-7")
    found.state, found.published_by_id, found.published_at = HalfYearState.PUBLISHED, actor.id, now
    journal.record(words.PUBLISHED, found, actor, now, **_which(found), digest=_digest(found))
    return found


def correct(actor: Actor, half: Half, reason: str, now: datetime) -> HalfYear:
    """Begin an edition that corrects the last one, with its texts. Raises NotAllowed, Invalid, Conflict."""
    _manages(actor)
    if not reason:
        raise Invalid("reason", _("请写明更正的原因。"), "J-3")
    last = next(iter(queries.editions(half)), None)
    if last is None or queries.draft(half) is not None:
        raise Conflict(_("没有可以更正的公示，或者更正版已经在起草。"), "F-7")
    made = HalfYear(
        year=half[0], half=half[1], edition=last.edition + 1, replaces_id=last.id, correction=reason,
        state=HalfYearState.DRAFT, introduction=last.introduction, notes=last.notes, content="", returned="",
        made_at=now,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    journal.record(words.CORRECTED, made, actor, now, **_which(made), reason=reason)
    return made


def make_public(actor: Actor, edition: HalfYear, kind: str, now: datetime) -> str:
    """Begin a notice for the public with the words of a published edition; it goes its own way of approval (O-1).

    Returns its number. Raises NotAllowed, Conflict when there is one already, Invalid for an unknown kind.
    """
    _manages(actor)
    if edition.state is not HalfYearState.PUBLISHED or edition.notice_id is not None:
        raise Conflict(_("已经起草过对外公开信息。"), "O-1")
    body = plain_text(edition)
    what = openness.Content(queries.title((edition.year, edition.half)), body, kind, Scope.UNIT)
    notice = openness.write(actor, actor.department_id, what, now)
    db.session.flush()
    edition.notice_id = notice.id
    journal.record(words.MADE_PUBLIC, edition, actor, now, **_which(edition), number=notice.number)
    return notice.number


def plain_text(edition: HalfYear) -> str:
    """A published edition as plain text: sentences, then one line per row of a table."""
    lines = [edition.introduction] if edition.introduction else []
    for n, section in enumerate(edition.sections(), 1):
        lines += ["", f"{n}. {section.title}", *section.lines]
        for table in section.tables:
            for name, *cells in table.rows:
                said = _("，").join(f"{h} {c}" for h, c in zip(table.headings[1:], cells, strict=True))
                lines.append(_("%(name)s：%(values)s", name=name, values=said))
        lines += edition.note(section.key).splitlines()
    return "\n".join(lines).strip()
