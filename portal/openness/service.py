"""The verbs of openness: write, send, review, approve, return, drop, withdraw, put on top; the yearly list (O-1)."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import delete, insert, select
from werkzeug.datastructures import FileStorage

from portal.kernel import clock, files, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.openness import queries, rules
from portal.openness import vocabulary as words
from portal.openness.models import Duty, Fulfilment, NoticeVersion, OpenNotice, VersionFile, VersionState
from portal.openness.queries import Due
from portal.openness.rules import Period, Scope
from portal.people import queries as people
from portal.policy import queries as policy

#: The owner of a notice's files.
FILES = "openness"
_EDITABLE = (VersionState.DRAFT, VersionState.RETURNED)


@dataclass(frozen=True)
class Content:
    """What somebody writes. ``keep``: ids of the files of the version before that stay."""

    title: str
    body: str
    kind: str
    scope: Scope = Scope.DEPARTMENT
    publish_on: date | None = None
    until_on: date | None = None
    change: str = ""
    due: Due | None = None
    keep: Collection[int] = ()


def write(
    actor: Actor, department_id: int | None, what: Content, now: datetime, uploads: Sequence[FileStorage] = ()
) -> OpenNotice:
    """Begin a notice of a department (O-1).

    Raises Invalid for a department that the actor does not write for, an unknown kind, or days that do not fit.
    """
    mine = queries.departments_written(actor)
    if department_id is None or (mine is not None and department_id not in mine):
        raise Invalid("department", _("请选择您所在的科室。"), "O-1")
    _check(what, now, "")
    notice = OpenNotice(
        number=numbers.take("GK", now),
        department_id=department_id,
        made_at=now,
        title=what.title,
        kind=what.kind,
        open_state=VersionState.DRAFT,
    )
    db.session.add(notice)
    db.session.flush()
    _put(actor, notice, NoticeVersion(notice_id=notice.id, number=1), what, now, uploads, words.WRITTEN)
    return notice


def amend(
    actor: Actor, notice: OpenNotice, what: Content, now: datetime, uploads: Sequence[FileStorage] = ()
) -> NoticeVersion:
    """Prepare a new version of a published notice; the public sees the old one until it is approved (O-1).

    Raises Conflict when it is withdrawn, was never published or a version is being prepared; Invalid without a reason.
    """
    if not queries.may_write(actor, notice):
        raise NotAllowed(_("公开信息由责任科室的人员修改。"))
    if notice.current_version_id is None or notice.open_state is not None:
        raise Conflict(_("已经有一个版本正在准备，或者还没有公布过。"), "O-1")
    if not what.change:
        raise Invalid("change", _("请写明为什么修改已经公布的信息。"), "O-1")
    _check(what, now, notice.kind)
    notice.open_state = VersionState.DRAFT
    made = NoticeVersion(notice_id=notice.id, number=max(v.number for v in notice.versions) + 1)
    return _put(actor, notice, made, what, now, uploads, words.WRITTEN)


def change(
    actor: Actor, notice: OpenNotice, what: Content, now: datetime, uploads: Sequence[FileStorage] = ()
) -> NoticeVersion:
    """The author changes a draft, or what was returned. Raises Conflict while it waits, NotAllowed for others."""
    version = _own(actor, notice)
    if version.state not in _EDITABLE:
        raise Conflict(_("送审以后不能修改；需要修改的，请审批人退回。"), "O-1")
    if version.number > 1 and not what.change:
        raise Invalid("change", _("请写明为什么修改已经公布的信息。"), "O-1")
    _check(what, now, version.kind)
    if notice.current_version_id is None:
        notice.title, notice.kind = what.title, what.kind
    return _put(actor, notice, version, what, now, uploads, words.CHANGED)


def _own(actor: Actor, notice: OpenNotice) -> NoticeVersion:
    version = notice.open
    if version is None:
        raise Conflict(_("没有正在准备的版本。"))
    if version.author_id != actor.id:
        raise NotAllowed(_("正在准备的版本只由起草人修改和送审。"))
    return version


def _check(what: Content, now: datetime, kept_kind: str) -> None:
    today = clock.local(now).date()
    if what.kind not in queries.kinds() and what.kind != kept_kind:
        raise Invalid("kind", _("请选择类别。"))
    if what.until_on is not None and what.until_on < max(what.publish_on or today, today):
        raise Invalid("until_on", _("截止日期不能早于公布日期，也不能早于今天。"), "O-1")


def _put(
    actor: Actor,
    notice: OpenNotice,
    version: NoticeVersion,
    what: Content,
    now: datetime,
    uploads: Sequence[FileStorage],
    event: journal.EventKind,
) -> NoticeVersion:
    if what.due is not None and what.due.department_id != notice.department_id:
        raise Invalid("due", _("这一条公开目录属于别的科室。"), "O-1")
    version.title, version.body, version.kind, version.scope = what.title, what.body, what.kind, what.scope
    version.publish_on = what.publish_on if version.number == 1 else None
    version.until_on, version.change = what.until_on, what.change if version.number > 1 else ""
    version.duty_id = what.due.duty_id if what.due else None
    version.duty_due_on = what.due.due_on if what.due else None
    version.author_id, version.written_at = actor.id or 0, now
    if version.id is None:
        version.state = VersionState.DRAFT
        notice.versions.append(version)
    db.session.flush()
    stored = files.store(uploads, FILES, notice.id, actor.id, now, policy.value("attachments.max_megabytes"))
    db.session.flush()
    own = {a.id: a for a in files.of(FILES, notice.id)}
    chosen = {i for i in what.keep if i in own} | {a.id for a in stored}
    db.session.execute(delete(VersionFile).where(VersionFile.version_id == version.id))
    if chosen:
        rows = [{"version_id": version.id, "attachment_id": i} for i in sorted(chosen)]
        db.session.execute(insert(VersionFile), rows)
    db.session.expire(version, ["files"])
    journal.record(
        event,
        notice,
        actor,
        now,
        number=notice.number,
        version=version.number,
        title=version.title,
        kind=version.kind,
        scope=str(version.scope),
        publish_on=version.publish_on,
        until_on=version.until_on,
        text=_digest(version.body),
        files=files.facts(own[i] for i in sorted(chosen)),
    )
    return version


def _digest(body: str) -> str:
    return hashlib.sha256(body.encode()).hexdigest()


def _stand(notice: OpenNotice, version: NoticeVersion, state: VersionState) -> None:
    version.state = state
    ended = state in (VersionState.PUBLISHED, VersionState.DROPPED)
    notice.open_state = None if ended else state


def send(actor: Actor, notice: OpenNotice, now: datetime) -> None:
    """The author sends a version for approval; from here on it does not change (O-1). Raises Conflict, NotAllowed."""
    version = _own(actor, notice)
    if version.state not in _EDITABLE:
        raise Conflict(_("这个版本已经送审。"))
    steps = queries.chain(version.scope)
    version.sent_at, version.open_level = now, steps[0]
    version.reviewed_by_id = version.reviewed_at = version.decided_by_id = version.decided_at = None
    version.opinion = ""
    _stand(notice, version, VersionState.WAITING)
    journal.record(words.SENT, notice, actor, now, version=version.number, chain=[str(s) for s in steps])


def recall(actor: Actor, notice: OpenNotice, now: datetime) -> None:
    """The author gives a version up: a draft, what was returned, or what nobody has decided. Raises Conflict."""
    version = _own(actor, notice)
    version.open_level = None
    _stand(notice, version, VersionState.DROPPED)
    journal.record(words.DROPPED, notice, actor, now, version=version.number)


def _take(actor: Actor, notice: OpenNotice, number: int, now: datetime) -> tuple[NoticeVersion, int]:
    version = notice.open
    if version is None or version.number != number or version.open_level is None:
        raise Conflict(_("这一步已经办理，或者内容已有变动，请刷新页面。"), "O-1")
    done = (version.author_id, version.reviewed_by_id)
    who = queries.decider(version.open_level, notice.department_id, done, now)
    if who is None or who[0] != actor.id or actor.id == version.author_id:
        raise NotAllowed(_("这一步由审批人办理，起草人不能审批自己起草的信息。"), "O-1")
    return version, who[1]


def send_back(actor: Actor, notice: OpenNotice, number: int, opinion: str, now: datetime) -> None:
    """Return a version to its author. Raises Conflict when it is no longer there, Invalid without a reason."""
    version, post_id = _take(actor, notice, number, now)
    if not opinion:
        raise Invalid("opinion", _("退回的，请写明理由。"))
    level, version.open_level, version.opinion = version.open_level, None, opinion
    _stand(notice, version, VersionState.RETURNED)
    journal.record(
        words.RETURNED, notice, actor, now, post_id=post_id, version=number, level=str(level), opinion=opinion
    )


def approve(actor: Actor, notice: OpenNotice, number: int, opinion: str, now: datetime) -> None:
    """Take the step that is due: review, or approve and publish (O-1); ``notice`` is locked.

    Raises Conflict when the step was taken or the version changed meanwhile, NotAllowed for the author and anyone who
    is not due, Invalid when its last day is over.
    """
    version, post_id = _take(actor, notice, number, now)
    steps = queries.chain(version.scope)
    level = version.open_level
    facts: dict[str, Any] = {"version": number, "level": str(level), "opinion": opinion}
    if level in steps[:-1]:
        version.reviewed_by_id, version.reviewed_at, version.open_level = actor.id, now, steps[-1]
        journal.record(words.REVIEWED, notice, actor, now, post_id=post_id, **facts)
        return
    today = clock.local(now).date()
    if version.until_on is not None and version.until_on < today:
        raise Invalid("opinion", _("公布的截止日期已过，请退回起草人修改日期。"), "O-1")
    version.publish_on = max(version.publish_on or today, today)
    version.decided_by_id, version.decided_at, version.opinion = actor.id, now, opinion
    version.open_level = None
    version.state = VersionState.PUBLISHED
    db.session.flush()  # the version before the notice: the database looks at it
    first = notice.current_version_id is None
    notice.open_state, notice.current_version_id = None, version.id
    notice.title, notice.kind, notice.until_on = version.title, version.kind, version.until_on
    if first:
        notice.publish_on = version.publish_on
    journal.record(
        words.PUBLISHED,
        notice,
        actor,
        now,
        post_id=post_id,
        publish_on=version.publish_on,
        until_on=version.until_on,
        text=_digest(version.body),
        **facts,
    )
    _meet(actor, notice, version, now)


def _meet(actor: Actor, notice: OpenNotice, version: NoticeVersion, now: datetime) -> None:
    """Note that a due day of the yearly list was met, unless it was met before."""
    if version.duty_id is None or version.duty_due_on is None or version.publish_on is None:
        return
    duty = db.session.scalar(select(Duty).where(Duty.id == version.duty_id).with_for_update())
    if duty is None or db.session.get(Fulfilment, (duty.id, version.duty_due_on)) is not None:
        return
    db.session.add(
        Fulfilment(duty_id=duty.id, due_on=version.duty_due_on, notice_id=notice.id, published_on=version.publish_on)
    )
    journal.record(
        words.DUTY_MET,
        duty,
        actor,
        now,
        title=duty.title,
        due_on=version.duty_due_on,
        number=notice.number,
        late=version.publish_on > version.duty_due_on,
    )


def withdraw(actor: Actor, notice: OpenNotice, reason: str, now: datetime) -> None:
    """Take a published notice down for good: the public reads that, when and why, not the text (O-1).

    Raises NotAllowed, Conflict when it is down already or was never published, Invalid without a reason.
    """
    if notice.current_version_id is None or notice.withdrawn_at is not None:
        raise Conflict(_("没有公布，或者已经撤下。"))
    if not queries.may_withdraw(actor, notice):
        raise NotAllowed(_("公开信息由科室负责人、分管领导或者办公室撤下。"))
    if not reason:
        raise Invalid("reason", _("请写明撤下的原因，公众会看到。"), "O-1")
    pending = notice.open
    if pending is not None:
        pending.open_level = None
        _stand(notice, pending, VersionState.DROPPED)
        journal.record(words.DROPPED, notice, actor, now, version=pending.number)
    notice.withdrawn_at, notice.withdrawn_by_id, notice.withdraw_reason = now, actor.id, reason
    notice.pinned = False
    journal.record(words.WITHDRAWN, notice, actor, now, number=notice.number, reason=reason)


def pin(actor: Actor, notice: OpenNotice, pinned: bool, now: datetime) -> None:
    """Put a published notice on top of the public list, or no longer. Raises Conflict when it is not public."""
    if notice.current_version_id is None or notice.withdrawn_at is not None or notice.pinned == pinned:
        raise Conflict(_("只有公布中的信息可以置顶，或者已经如此。"))
    notice.pinned = pinned
    journal.record(words.PINNED, notice, actor, now, pinned=pinned)


# --- the yearly list ------------------------------------------------------------------------------------------


def add_duty(
    actor: Actor, title: str, kind: str, department_id: int, period: Period, first_on: date, basis: str, now: datetime
) -> Duty:
    """Put an entry on the list of the year of its first due day. Raises Invalid for one that is there already."""
    if kind not in queries.kinds():
        raise Invalid("kind", _("请选择类别。"))
    there = select(Duty.id).where(Duty.year == first_on.year, Duty.department_id == department_id, Duty.title == title)
    if db.session.scalar(there) is not None:
        raise Invalid("title", _("这个科室当年的目录里已经有这一条。"), "O-1")
    made = Duty(
        year=first_on.year,
        title=title,
        kind=kind,
        department_id=department_id,
        period=period,
        first_on=first_on,
        basis=basis,
        made_by_id=actor.id,
    )
    db.session.add(made)
    journal.record(
        words.DUTY_ADDED,
        made,
        actor,
        now,
        year=made.year,
        title=title,
        kind=kind,
        department=people.department_names().get(department_id, ""),
        period=str(period),
        first_on=first_on,
        basis=basis,
    )
    return made


def end_duty(actor: Actor, duty: Duty, reason: str, now: datetime) -> None:
    """Take an entry off the list: nothing is owed from today on. Raises Conflict when it is off, Invalid."""
    if duty.ended_on is not None:
        raise Conflict(_("这一条已经取消。"))
    if not reason:
        raise Invalid("reason", _("请写明取消的原因。"))
    duty.ended_on, duty.end_reason = clock.local(now).date(), reason
    journal.record(words.DUTY_ENDED, duty, actor, now, title=duty.title, reason=reason)


def copy_year(actor: Actor, from_year: int, now: datetime) -> int:
    """Carry a year's list over to the next year, entry by entry; what is there already stays. Returns how many."""
    to_year = from_year + 1
    there = {(d.department_id, d.title) for d in queries.duties(to_year)}
    known, made = set(queries.kinds()), 0
    for duty in queries.duties(from_year):
        if duty.ended_on is not None or (duty.department_id, duty.title) in there or duty.kind not in known:
            continue
        first = rules.same_day(duty.first_on, to_year)
        add_duty(actor, duty.title, duty.kind, duty.department_id, duty.period, first, duty.basis, now)
        made += 1
    return made
