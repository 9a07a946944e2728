"""The verbs of score tables: take over or make, begin a version, send, approve, give back, discard (E-2, POL-1)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

from flask_babel import gettext as _

from portal.kernel import journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.pure import scoring
from portal.pure.months import month_text
from portal.score_table import checks, presets, queries, seams
from portal.score_table import vocabulary as words
from portal.score_table.models import ScoreTable, Subject, Version, VersionState

PREFIX = "PF"


def may_manage(actor: Actor) -> None:
    """Raises NotAllowed for who does not write score tables."""
    if not actor.can(words.MANAGE):
        raise NotAllowed(_("评分表由办公室编写。"), "POL-1")


def dump(table: scoring.Table) -> str:
    """A table as it is stored."""
    return json.dumps(scoring.to_data(table), ensure_ascii=False, sort_keys=True)


def digest(content: str) -> str:
    """What names a content: equal digests, equal to the last figure."""
    return hashlib.sha256(content.encode()).hexdigest()


def adopt(actor: Actor, code: str, name: str, now: datetime) -> Version:
    """Take over a shipped table by its code as a draft, exactly as it stands (POL-2).

    Raises NotAllowed, Invalid (``preset``, ``name``).
    """
    may_manage(actor)
    found = presets.find(code)
    if found is None:
        raise Invalid("preset", _("请选择要采用的评分表。"), "POL-2")
    return _new(actor, found, name or found.name, code, now)


def make(actor: Actor, name: str, subject: Subject, now: datetime) -> Version:
    """Begin a table of the office's own as a draft with one empty category. Raises NotAllowed, Invalid (``name``)."""
    may_manage(actor)
    first = scoring.Category("c1", _("考核内容"), Decimal(100), ())
    return _new(actor, scoring.Table("own", name, subject, (first,), Decimal(100)), name, "", now)


def _new(actor: Actor, table: scoring.Table, name: str, preset: str, now: datetime) -> Version:
    if queries.named(name) is not None:
        raise Invalid("name", _("已有同名的评分表，请换一个名称。"), "POL-2")
    made = ScoreTable(
        number=numbers.take(PREFIX, now), subject=Subject(table.subject), name=name, preset=preset, made_at=now,
        made_by_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    journal.record(words.MADE, made, actor, now, name=name, subject=str(made.subject), preset=preset)
    return _draft(actor, made, replace(table, name=name), 1, None, now)


def _draft(
    actor: Actor, owner: ScoreTable, table: scoring.Table, version: int, replaces: Version | None, now: datetime
) -> Version:
    made = Version(
        table_id=owner.id, score_table=owner, version=version, replaces_id=replaces.id if replaces else None,
        state=VersionState.DRAFT, content=dump(table), writers=json.dumps([actor.id]), reason="", returned="",
        made_at=now, made_by_id=actor.id,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    journal.record(words.BEGUN, made, actor, now, name=owner.name, version=version)
    return made


def begin(actor: Actor, table_id: int, now: datetime) -> Version:
    """Begin a new version from the last approved one, else from the last. Raises NotAllowed, Conflict."""
    may_manage(actor)
    owner = locked(ScoreTable, id=table_id)
    base = queries.standing(owner)
    if base.state in (VersionState.DRAFT, VersionState.SUBMITTED):
        raise Conflict(_("这张表已有一稿在起草或待审批，请在那一稿上继续。"), "POL-1")
    return _draft(actor, owner, base.table, queries.versions(owner)[0].version + 1, base, now)


def may_take_in(base: Version) -> None:
    """Raises Conflict while the version from which writing goes on waits for approval."""
    if base.state is VersionState.SUBMITTED:
        raise Conflict(_("这张表有一稿待审批，批准或退回后才能导入。"), "POL-1")


def bring_in(
    actor: Actor, table_id: int | None, table: scoring.Table, seen: str, sha256: str, now: datetime
) -> Version:
    """Write a table of a workbook as a draft: in the open one, in a new version, or (no id) of a table of its own.

    ``seen`` is the digest of what the table said when the file was examined. Raises NotAllowed, Conflict, Invalid.
    """
    may_manage(actor)
    if table_id is None:
        version, before = _new(actor, table, table.name, "", now), None
    else:
        owner = locked(ScoreTable, id=table_id)
        base = queries.standing(owner)
        before = base.table
        may_take_in(base)
        if digest(base.content) != seen:
            raise Conflict(_("另一人刚修改过这张表，请重新上传，看过变化再确认。"), "POL-1")
        version = base if base.state is VersionState.DRAFT else begin(actor, table_id, now)
        version = draft_of(actor, version.id)
        version.content = dump(table)
        version.writers = json.dumps(sorted(version.written_by() | ({actor.id} if actor.id else set())))
    old = {code: rule for code, (_category, rule) in before.places.items()} if before is not None else {}
    new = {code: rule for code, (_category, rule) in table.places.items()}
    journal.record(
        words.IMPORTED, version, actor, now,
        name=version.score_table.name, version=version.version, rules=len(new), added=len(new.keys() - old.keys()),
        changed=sum(old[code] != new[code] for code in new.keys() & old.keys()), removed=len(old.keys() - new.keys()),
        sha256=sha256,
    )  # fmt: skip
    return version


def draft_of(actor: Actor, version_id: int) -> Version:
    """The draft, locked. Raises NotAllowed; Conflict when it was sent, approved or discarded meanwhile."""
    may_manage(actor)
    found = locked(Version, id=version_id)
    if found.state is not VersionState.DRAFT:
        raise Conflict(
            _("这一版现在是“%(state)s”，不能再改；请另起一版。", state=words.STATE_LABELS[found.state]), "POL-1"
        )
    return found


def submit(actor: Actor, version_id: int, month: date, reason: str, now: datetime) -> Version:
    """Send a draft for approval, to hold from a month on that was not yet computed.

    Raises NotAllowed, Conflict, Invalid (``month``, ``reason``, and ``figures`` while a figure is unset).
    """
    found = draft_of(actor, version_id)
    _complete(found)
    _month(found, month)
    if not reason:
        raise Invalid("reason", _("请说明为什么制定或修改，供审批人参考。"), "POL-1")
    found.state, found.month, found.reason, found.returned = VersionState.SUBMITTED, month, reason, ""
    found.submitted_at, found.submitted_by_id = now, actor.id
    found.writers = json.dumps(sorted(found.written_by() | {actor.id}))
    journal.record(
        words.SUBMITTED, found, actor, now,
        name=found.score_table.name, version=found.version, month=month_text(month), reason=reason,
        digest=digest(found.content),
    )  # fmt: skip
    return found


def _complete(version: Version) -> None:
    if checks.is_empty(version.table):
        raise Invalid("figures", _("表里还没有考核内容，不能送审。"), "E-2")
    problems = checks.problems(version.table)
    if problems:
        raise Invalid(
            "figures",
            _("还有 %(n)s 处没有填定，全部填定后才能送审（见下方“尚未填定”）。", n=len(problems)),
            "POL-2",
        )


def _month(version: Version, month: date) -> None:
    last = seams.last_computed(str(version.subject))
    if month.day != 1:
        raise Invalid("month", _("请选择月份。"), "POL-1")
    if last is not None and month <= last:
        raise Invalid(
            "month", _("%(month)s 已经计分，新的评分表只能从以后的月份起施行。", month=month_text(last)), "POL-1"
        )


def _submitted(actor: Actor, version_id: int) -> Version:
    if not actor.can(words.APPROVE):
        raise NotAllowed(_("您不能审批评分表。"), "POL-1")
    found = locked(Version, id=version_id)
    if found.state is not VersionState.SUBMITTED:
        raise Conflict(_("这一版现在是“%(state)s”，没有等待审批。", state=words.STATE_LABELS[found.state]), "POL-1")
    if actor.id is None or actor.id in found.written_by():
        raise NotAllowed(_("参与编写的人不能审批，请由另一人审批。"), "POL-1")
    return found


def approve(actor: Actor, version_id: int, seen: str, now: datetime) -> Version:
    """Approve as a second person what was sent; it holds from its month on and never changes (E-2, POL-1).

    ``seen`` is the digest of what the approver read. Raises NotAllowed, Conflict.
    """
    found = _submitted(actor, version_id)
    if seen != digest(found.content):
        raise Conflict(_("这一版的内容与您看到的不同，请重新查看后再审批。"), "POL-1")
    last = seams.last_computed(str(found.subject))
    if found.month is None or (last is not None and found.month <= last):
        raise Conflict(_("拟施行的月份已经计分，请退回，改从以后的月份起施行。"), "POL-1")
    found.state, found.decided_at, found.decided_by_id = VersionState.APPROVED, now, actor.id
    journal.record(
        words.APPROVED, found, actor, now,
        name=found.score_table.name, version=found.version, month=month_text(found.month), digest=seen,
    )  # fmt: skip
    return found


def give_back(actor: Actor, version_id: int, reason: str, now: datetime) -> Version:
    """Give a version back to its writers with a reason. Raises NotAllowed, Conflict, Invalid (``reason``)."""
    found = _submitted(actor, version_id)
    if not reason:
        raise Invalid("reason", _("请写明退回的原因。"), "POL-1")
    found.state, found.returned = VersionState.DRAFT, reason
    journal.record(words.RETURNED, found, actor, now, name=found.score_table.name, version=found.version, reason=reason)
    return found


def discard(actor: Actor, version_id: int, reason: str, now: datetime) -> Version:
    """Give up a draft; it stays to be read. Raises NotAllowed, Conflict, Invalid (``reason``)."""
    found = draft_of(actor, version_id)
    if not reason:
        raise Invalid("reason", _("请写明作废的原因。"), "POL-1")
    found.state, found.decided_at, found.decided_by_id = VersionState.DISCARDED, now, actor.id
    journal.record(
        words.DISCARDED, found, actor, now, name=found.score_table.name, version=found.version, reason=reason
    )
    return found
