"""Who is meant by a row of an export, and what of it is new (O-3). Nothing is written here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import select

from portal.attendance.layout import Record
from portal.attendance.models import Punch, PunchCode, PunchImport
from portal.kernel import clock
from portal.kernel.actor import SEPARATED
from portal.kernel.db import db
from portal.people.models import User, UserRole

#: A clock that runs a little ahead of the server is no fault.
_AHEAD = timedelta(minutes=10)


@dataclass(frozen=True)
class Known:
    """Whom the portal knows: by punch-clock code, by username and staff number, by name when only one has it."""

    codes: Mapping[str, int]
    numbers: Mapping[str, int]
    by_name: Mapping[str, int]
    names: Mapping[int, str]
    departments: Mapping[int, int | None]

    def person(self, number: str, name: str) -> tuple[int | None, str]:
        """The person meant and, when there is none, why not."""
        plain = _code(number)
        found = self.codes.get(plain) or self.codes.get(_code(name)) if plain or name else None
        if found is None and plain:
            found = self.numbers.get(plain)
        if found is not None:
            known = self.names.get(found, "")
            if plain and name and plain not in self.codes and known not in name and name not in known:
                return None, _(
                    "编号 %(number)s 在平台上是%(known)s，文件里是%(name)s。", number=number, known=known, name=name
                )
            return found, ""
        found = self.by_name.get(name) if name else None
        if found is not None:
            return found, ""
        if not number and not name:
            return None, _("没有人员编号和姓名。")
        return None, _("找不到对应的人员：%(who)s。", who=" ".join(filter(None, (number, name))))


def _code(text: str) -> str:
    return text.strip().lower()


def key_of(number: str, name: str) -> str:
    """The code under which a row's person is remembered: the number, else the name."""
    return _code(number) or _code(name)


def known() -> Known:
    """Whom the portal knows now: everybody but the three separated roles; disabled people by their code only."""
    barred = set(db.session.scalars(select(UserRole.user_id).where(UserRole.role.in_(SEPARATED))))
    numbers: dict[str, int] = {}
    twice: set[str] = set()
    by_name: dict[str, list[int]] = {}
    names: dict[int, str] = {}
    departments: dict[int, int | None] = {}
    rows = db.session.execute(
        select(User.id, User.username, User.staff_number, User.name, User.department_id, User.disabled_at)
    )
    for user_id, username, staff_number, name, department_id, disabled_at in rows:
        names[user_id], departments[user_id] = name, department_id
        if user_id in barred or disabled_at is not None:
            continue
        by_name.setdefault(name, []).append(user_id)
        for text in {_code(username), _code(staff_number)} - {""}:
            if text in numbers:
                twice.add(text)
            numbers[text] = user_id
    return Known(
        codes=dict(db.session.execute(select(PunchCode.code, PunchCode.user_id)).all()),
        numbers={k: v for k, v in numbers.items() if k not in twice},
        by_name={k: v[0] for k, v in by_name.items() if len(v) == 1},
        names=names,
        departments=departments,
    )


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row."""

    row: int
    who: str
    message: str


@dataclass
class Stranger:
    """Somebody in the file whom the portal does not know yet."""

    code: str
    number: str
    name: str
    rows: int = 0


@dataclass
class Checked:
    """A file as it would be imported now: punches by person, what is wrong by row, who is unknown."""

    lines: int = 0
    punches: dict[int, set[datetime]] = field(default_factory=dict)
    repeated_in_file: int = 0
    repeated: int = 0
    faults: list[Fault] = field(default_factory=list)
    strangers: dict[str, Stranger] = field(default_factory=dict)
    #: Persons found otherwise than by their code: it is remembered with the import.
    codes: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How many different punches the file holds."""
        return sum(len(found) for found in self.punches.values())

    @property
    def new(self) -> int:
        """How many of them no import has brought yet."""
        return self.total - self.repeated

    @property
    def span(self) -> tuple[datetime, datetime] | None:
        """The first and the last punch."""
        every = [at for found in self.punches.values() for at in (min(found), max(found))]
        return (min(every), max(every)) if every else None


def check(rows: Iterable[Record], people: Known, now: datetime) -> Checked:
    """Match rows to people and find what is wrong with each; compares with the punches that are there already."""
    found = Checked()
    latest = clock.local(now + _AHEAD).replace(tzinfo=None)
    offset = clock.local(now).utcoffset() or timedelta()
    persons: dict[tuple[str, str], tuple[int | None, str]] = {}
    for row in rows:
        found.lines += 1
        who = row.number, row.name
        if who not in persons:
            persons[who] = people.person(*who)
        user_id, why = persons[who]
        said = " ".join(filter(None, who))
        if user_id is None:
            found.faults.append(Fault(row.row, said, why))
            code = key_of(*who)
            if code:
                found.strangers.setdefault(code, Stranger(code, *who)).rows += 1
            continue
        code = key_of(*who)
        if code not in people.codes:
            found.codes[code] = user_id
        if row.bad:
            found.faults.append(Fault(row.row, said, row.bad))
        own = found.punches.setdefault(user_id, set())
        for at in row.moments:
            if at > latest:
                found.faults.append(Fault(row.row, said, _("打卡时间 %(at)s 在今后。", at=f"{at:%Y-%m-%d %H:%M}")))
                continue
            instant = (at - offset).replace(tzinfo=UTC)
            if instant in own:
                found.repeated_in_file += 1
            own.add(instant)
    found.punches = {user_id: own for user_id, own in found.punches.items() if own}
    found.repeated = _there(found)
    return found


def _there(found: Checked) -> int:
    """How many of the punches an import that was not undone has brought already."""
    if found.span is None:
        return 0
    first, last = found.span
    rows = db.session.execute(
        select(Punch.user_id, Punch.at)
        .join(PunchImport, PunchImport.id == Punch.import_id)
        .where(PunchImport.undone_at.is_(None), Punch.at >= first, Punch.at <= last)
        .distinct()
    )
    return sum(at in found.punches.get(user_id, ()) for user_id, at in rows)
