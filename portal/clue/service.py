"""The verbs: raise, report by hand, take up, dismiss, reopen, withdraw (A-1). The only writer of clues."""

from __future__ import annotations

import json
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import func, select

from portal.ab_post import picture
from portal.ab_post.rules import Answer, Reason
from portal.cases.models import Case
from portal.clue import rights, rules, seams
from portal.clue import vocabulary as words
from portal.clue.models import Clue, ClueKind, ClueState, Source
from portal.kernel import journal, numbers
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.kernel.inserting import insert_row
from portal.kernel.journal import JournalEntry
from portal.policy import queries as policy
from portal.policy.clue_values import KINDS
from portal.post_duty.models import Post
from portal.pure.breach import Breach

SERIES = "XS"
_NOBODY = Answer(None, Reason.GAP)
#: Points that the table names: by kind, the policy key and whether they count by day.
_POINTS = {
    ClueKind.UNFILED_DENIAL: ("clue.points_unfiled_denial", False),
}


def wanted(kind: str) -> bool:
    """Whether the office has clues raised of this kind (POL-1)."""
    return bool(policy.value(f"clue.raise_{kind}")) if kind in KINDS else True


def raise_from(breach: Breach, now: datetime, *, points_key: str = "", seen: picture.Picture | None = None) -> bool:
    """Raise the clue of a departure; returns whether anything changed.

    The same fact is one clue: a second time nothing happens, unless it had been withdrawn, which then is undone. A
    departure of a kind that the office has switched off raises none.
    """
    known = db.session.scalar(select(Clue).where(Clue.key == breach.key).with_for_update())
    if known is not None:
        return _restore(known, breach, now)
    if not wanted(breach.kind):
        return False
    kind = ClueKind(breach.kind) if breach.kind in set(ClueKind) else ClueKind.OTHER
    who = _who(breach, seen)
    key, per_day = (points_key, True) if points_key else _POINTS.get(kind, ("", False))
    points = int(policy.value(key)) if key else 0
    made = Clue(
        number=numbers.take(SERIES, now),
        key=breach.key,
        kind=kind,
        rule=breach.rule,
        state=ClueState.OPEN,
        source=Source.JOURNAL,
        text="",
        department_id=breach.department_id or _department(breach.post_id),
        post_id=breach.post_id,
        person_id=breach.person_id if breach.person_id is not None else who.user_id,
        for_person_id=who.for_user_id if breach.person_id is None and who.acting else None,
        case_id=breach.case_id,
        at=breach.at,
        raised_at=now,
        raised_by_id=None,
        entry_seq=breach.entry_seq,
        endpoint=breach.endpoint,
        values=json.dumps(dict(breach.values), ensure_ascii=False, sort_keys=True),
        points=points or None,
        points_per_day=per_day and points > 0,
        proceeding_number="",
        dismissal="",
    )
    insert_row(made)
    journal.record(
        words.RAISED, made, SYSTEM, now, number=made.number, kind=str(kind), rule=made.rule, at=made.at,
        points=made.points, points_per_day=made.points_per_day, key=made.key, entry=made.entry_seq,
    )  # fmt: skip
    return True


def _who(breach: Breach, seen: picture.Picture | None) -> Answer:
    """Who answered for the post at that instant (AB-3)."""
    if breach.post_id is None or breach.person_id is not None:
        return _NOBODY
    return (seen or picture.picture_at(breach.at)).answer(breach.post_id, breach.at)


def _department(post_id: int | None) -> int | None:
    return db.session.get_one(Post, post_id).department_id if post_id is not None else None


def _restore(clue: Clue, breach: Breach, now: datetime) -> bool:
    newer = (breach.entry_seq or 0) > max(clue.entry_seq or 0, clue.withdrawn_seq or 0)
    if clue.state is not ClueState.WITHDRAWN or not newer:
        return False
    clue.state = rules.restored(clue.proceeding_number)
    clue.withdrawn_at, clue.withdrawn_seq = None, None
    clue.at, clue.entry_seq = breach.at, breach.entry_seq
    journal.record(words.RESTORED, clue, SYSTEM, now, entry=breach.entry_seq, at=breach.at)
    if clue.proceeding_number:
        seams.changed(clue, now)
    return True


def withdraw(key: str, entry_seq: int | None, at: datetime, now: datetime) -> bool:
    """A later fact takes a departure back: its clue closes with a trace, also in a proceeding, which is told.

    ``at`` is when that fact happened. Returns whether there was a clue to withdraw.
    """
    clue = db.session.scalar(select(Clue).where(Clue.key == key).with_for_update())
    if clue is None or clue.state is ClueState.WITHDRAWN or clue.source is not Source.JOURNAL:
        return False
    if entry_seq is None:
        entry_seq = _latest_on(clue)
    clue.state = rules.MOVES.after(clue.state, "withdraw")
    clue.dismissed_at, clue.dismissed_by_id, clue.dismissal = None, None, ""
    clue.withdrawn_at, clue.withdrawn_seq = now, entry_seq
    journal.record(words.WITHDRAWN, clue, SYSTEM, now, entry=entry_seq, at=at)
    if clue.proceeding_number:
        seams.changed(clue, now)
    return True


def _latest_on(clue: Clue) -> int | None:
    """The newest entry about what the evidence of a clue is about: the one that took it back."""
    shown = db.session.get(JournalEntry, clue.entry_seq)
    if shown is None:
        return None
    return db.session.scalar(
        select(func.max(JournalEntry.seq)).where(
            JournalEntry.object_type == shown.object_type, JournalEntry.object_id == shown.object_id
        )
    )


def raise_by_hand(
    actor: Actor,
    kind: str,
    text: str,
    now: datetime,
    *,
    department_id: int | None = None,
    post_id: int | None = None,
    person_id: int | None = None,
    case_id: int | None = None,
    source: str,
    at: datetime | None = None,
) -> Clue:
    """Report a departure by hand: from a complaint, an inspection, a callback or an upper body (A-1).

    It needs somebody whom it is about: a case gives its post, a post its department and who answered for it at ``at``
    (now when not given). Raises NotAllowed; Invalid for ``kind``, ``source``, ``text``, ``department_id``, ``at``.
    """
    if not actor.can(words.RAISE):
        raise NotAllowed(_("由办公室或者督查组登记线索。"), "A-1")
    if kind not in set(ClueKind):
        raise Invalid("kind", _("请选择线索的类型。"), "A-1")
    if source not in set(Source) or source == Source.JOURNAL:
        raise Invalid("source", _("请选择线索的来源。"), "A-1")
    if not text:
        raise Invalid("text", _("请写明发现的情况。"), "A-1")
    at = at or now
    if at > now:
        raise Invalid("at", _("发生时间不能晚于现在。"))
    case = db.session.get(Case, case_id) if case_id is not None else None
    if case is not None and post_id is None and person_id is None and department_id is None:
        post_id = case.post_id
    post = db.session.get(Post, post_id) if post_id is not None else None
    if post is not None:
        department_id = post.department_id
        who = picture.picture_at(at).answer(post.id, at) if person_id is None else _NOBODY
    else:
        who = _NOBODY
    if department_id is None and person_id is None:
        raise Invalid("department_id", _("请写明线索涉及的科室、岗位或者人员。"), "A-2")
    name = ClueKind(kind)
    rule = KINDS[kind][1][0] if kind in KINDS else "A-1"
    key, per_day = _POINTS.get(name, ("", False))
    number = numbers.take(SERIES, now)
    made = Clue(
        number=number,
        key=f"hand:{number}",
        kind=name,
        rule=rule,
        state=ClueState.OPEN,
        source=Source(source),
        text=text,
        department_id=department_id,
        post_id=post_id,
        person_id=person_id if person_id is not None else who.user_id,
        for_person_id=who.for_user_id if who.acting else None,
        case_id=case_id,
        at=at,
        raised_at=now,
        raised_by_id=actor.id,
        entry_seq=None,
        endpoint="",
        values="{}",
        points=(int(policy.value(key)) or None) if key else None,
        points_per_day=per_day,
        proceeding_number="",
        dismissal="",
    )
    insert_row(made)
    journal.record(
        words.REPORTED, made, actor, now, number=number, kind=kind, rule=rule, at=at, points=made.points,
        points_per_day=made.points_per_day, source=str(source), text=text,
    )  # fmt: skip
    return made


def mark_in_proceeding(actor: Actor, clue: Clue, proceeding_number: str, now: datetime) -> None:
    """A proceeding takes up an open clue, once (A-2); ``clue`` is locked, its caller has checked the right to begin.

    Raises Conflict when the clue is not open any more, NotAllowed for who is concerned.
    """
    if rights.concerned(actor, clue):
        raise NotAllowed(_("线索涉及本人或者本人的岗位，应当回避。"), "A-2")
    if not rules.MOVES.allowed(clue.state, "take_up"):
        raise Conflict(_("线索已经处理，请刷新页面后查看。"), "A-1")
    clue.state, clue.proceeding_number = ClueState.IN_PROCEEDING, proceeding_number
    journal.record(words.TAKEN_UP, clue, actor, now, proceeding=proceeding_number)


def _decides(actor: Actor, clue: Clue) -> None:
    if not rights.may_decide(actor, clue):
        raise NotAllowed(_("由办公室或者督查组中与线索无关的人员处理；本人、同岗位人员和登记人应当回避。"), "A-2")


def dismiss(actor: Actor, clue: Clue, reason: str, now: datetime) -> None:
    """Nothing follows from an open clue, with reasons (A-1). ``clue`` is locked.

    Raises NotAllowed for who is concerned, is of the same post, reported it, or (policy) is the direct superior;
    Conflict when it is not open any more; Invalid without reasons.
    """
    _decides(actor, clue)
    if not rules.MOVES.allowed(clue.state, "dismiss"):
        raise Conflict(_("线索已经处理，请刷新页面后查看。"), "A-1")
    if not reason:
        raise Invalid("reason", _("请写明不予追究的理由。"), "A-2")
    clue.state, clue.dismissed_at, clue.dismissed_by_id, clue.dismissal = ClueState.DISMISSED, now, actor.id, reason
    journal.record(words.DISMISSED, clue, actor, now, reason=reason)


def reopen(actor: Actor, clue: Clue, reason: str, now: datetime) -> None:
    """A dismissed clue is looked at again, with reasons. Raises NotAllowed, Conflict, Invalid as ``dismiss``."""
    _decides(actor, clue)
    if not rules.MOVES.allowed(clue.state, "reopen"):
        raise Conflict(_("线索已经处理，请刷新页面后查看。"), "A-1")
    if not reason:
        raise Invalid("reason", _("请写明重新处理的理由。"), "A-2")
    clue.state, clue.dismissed_at, clue.dismissed_by_id, clue.dismissal = ClueState.OPEN, None, None, ""
    journal.record(words.REOPENED, clue, actor, now, reason=reason)
