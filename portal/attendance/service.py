"""The verbs about punches, codes and months (O-3, J-3)."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from flask_babel import gettext as _
from sqlalchemy import Table, func, insert, select

from portal.attendance import vocabulary as words
from portal.attendance.layout import Column
from portal.attendance.matching import Checked
from portal.attendance.models import Closing, Punch, PunchCode, PunchImport, PunchLayout
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.people import queries as people
from portal.people.models import User

PREFIX = "DK"
_AT_ONCE = 5000


# --- who is who on the clock ----------------------------------------------------------------------------------


def set_code(
    actor: Actor, code: str, user_id: int, from_on: date, now: datetime, until_on: date | None = None
) -> PunchCode:
    """Remember a person under a punch clock's number or name, or change whom it means and since when.

    Raises Invalid for an empty code or days in the wrong order.
    """
    plain = code.strip().lower()
    if not plain:
        raise Invalid("code", _("请填写打卡编号。"))
    if until_on is not None and until_on < from_on:
        raise Invalid("until_on", _("结束日期不能早于开始日期。"))
    row = db.session.scalar(select(PunchCode).where(PunchCode.code == plain).with_for_update())
    names = people.user_names()
    old = names.get(row.user_id, "") if row is not None and row.user_id != user_id else ""
    if row is None:
        row = PunchCode(code=plain, user_id=user_id, from_on=from_on, until_on=until_on)
        db.session.add(row)
    else:
        row.user_id, row.from_on, row.until_on = user_id, from_on, until_on
    db.session.flush()
    journal.record(
        words.CODE_SET,
        row,
        actor,
        now,
        code=plain,
        name=names.get(user_id, ""),
        old=old,
        from_on=from_on,
        until_on=until_on,
    )
    return row


def remember_layout(signature: str, columns: Sequence[Column], now: datetime) -> None:
    """Keep what the columns of an export mean, for the next file with the same headings."""
    roles = json.dumps([str(c) for c in columns])
    row = db.session.scalar(select(PunchLayout).where(PunchLayout.signature == signature).with_for_update())
    if row is None:
        db.session.add(PunchLayout(signature=signature, roles=roles, set_at=now))
    else:
        row.roles, row.set_at = roles, now


# --- imports --------------------------------------------------------------------------------------------------


def bring_in(actor: Actor, checked: Checked, file_name: str, sha256: str, now: datetime) -> PunchImport:
    """Import all good rows of a checked file; punches that are there already change nothing.

    Raises Conflict when the same file was imported and not undone, or when it brings nothing.
    """
    before = db.session.scalar(
        select(PunchImport.number).where(PunchImport.sha256 == sha256, PunchImport.undone_at.is_(None))
    )
    if before is not None:
        raise Conflict(_("同一个文件已经导入过（%(number)s），没有重复写入。", number=before), "O-3")
    if checked.span is None:
        raise Conflict(_("文件里没有可以导入的打卡记录。"), "O-3")
    first, last = checked.span
    users = sorted(checked.punches)
    of_users = select(User.department_id).where(User.id.in_(users), User.department_id.is_not(None)).distinct()
    made = PunchImport(
        number=numbers.take(PREFIX, now),
        file_name=file_name[-200:],
        sha256=sha256,
        lines=checked.lines,
        punches=checked.total,
        added=checked.new,
        repeated=checked.repeated,
        faults=len(checked.faults),
        people=len(users),
        first_at=first,
        last_at=last,
        departments=json.dumps(sorted(d for d in db.session.scalars(of_users) if d is not None)),
        imported_by_id=actor.id,
        imported_at=now,
    )
    db.session.add(made)
    db.session.flush()
    _remember(actor, checked, first, now)
    rows = [
        {"import_id": made.id, "user_id": user_id, "at": at}
        for user_id in users
        for at in sorted(checked.punches[user_id])
    ]
    table = cast(Table, Punch.__table__)
    for start in range(0, len(rows), _AT_ONCE):
        db.session.execute(insert(table), rows[start : start + _AT_ONCE])
    journal.record(
        words.IMPORTED,
        made,
        actor,
        now,
        file=made.file_name,
        sha256=sha256,
        lines=made.lines,
        punches=made.punches,
        added=made.added,
        repeated=made.repeated,
        faults=made.faults,
        people=made.people,
        from_at=first,
        to_at=last,
    )
    return made


def _remember(actor: Actor, checked: Checked, first: datetime, now: datetime) -> None:
    """Remember the persons of a file by their codes: in the first file of all from its first day on, later from
    their own first punch."""
    there = set(db.session.scalars(select(PunchCode.code)))
    new = not there
    for code, user_id in sorted(checked.codes.items()):
        own = checked.punches.get(user_id)
        if own and code not in there:
            since = clock.local(first if new else min(own)).date()
            set_code(actor, code, user_id, since, now)


def undo_import(actor: Actor, found: PunchImport, reason: str, now: datetime) -> None:
    """Take an import back: its punches stay, and count no more (J-3). Raises Conflict when it was undone before."""
    if found.undone_at is not None:
        raise Conflict(_("这次导入已经撤销。"))
    if not reason:
        raise Invalid("reason", _("请写明撤销的原因。"))
    found.undone_at, found.undone_by_id, found.undo_reason = now, actor.id, reason
    journal.record(words.IMPORT_UNDONE, found, actor, now, number=found.number, reason=reason)


# --- months ---------------------------------------------------------------------------------------------------


def close_month(actor: Actor, month: date, sheet: Mapping[str, object], people_count: int, now: datetime) -> Closing:
    """Freeze a month's sheet. Raises Conflict when the month is not over yet or is closed."""
    if _newest(month) is not None:
        raise Conflict(_("这个月已经关闭。"))
    if clock.local(now).date() < _next(month):
        raise Conflict(_("这个月还没有结束，不能关闭。"))
    made = _keep(actor, month, 1, sheet, "", now)
    journal.record(
        words.CLOSED,
        made,
        actor,
        now,
        month=f"{month:%Y-%m}",
        people=people_count,
        sha256=hashlib.sha256(made.sheet.encode()).hexdigest(),
    )
    return made


def amend_month(
    actor: Actor, month: date, sheet: Mapping[str, object], people_count: int, changes: int, reason: str, now: datetime
) -> Closing:
    """Put a corrected sheet beside the closed one, which stays (J-3).

    Raises Conflict when the month is not closed or nothing has changed, Invalid without a reason.
    """
    newest = _newest(month)
    if newest is None:
        raise Conflict(_("这个月还没有关闭，不需要更正。"))
    if not changes:
        raise Conflict(_("与关闭时的月表相比没有变化。"))
    if not reason:
        raise Invalid("reason", _("请写明更正的原因。"))
    made = _keep(actor, month, newest + 1, sheet, reason, now)
    journal.record(
        words.AMENDED,
        made,
        actor,
        now,
        month=f"{month:%Y-%m}",
        version=made.version,
        people=people_count,
        changes=changes,
        reason=reason,
        sha256=hashlib.sha256(made.sheet.encode()).hexdigest(),
    )
    return made


def _newest(month: date) -> int | None:
    return db.session.scalar(select(func.max(Closing.version)).where(Closing.month == month))


def _keep(actor: Actor, month: date, version: int, sheet: Mapping[str, object], reason: str, now: datetime) -> Closing:
    made = Closing(
        month=month,
        version=version,
        sheet=json.dumps(sheet, ensure_ascii=False, sort_keys=True, separators=(",", ":")),
        reason=reason,
        closed_by_id=actor.id,
        closed_at=now,
    )
    db.session.add(made)
    db.session.flush()
    return made


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
