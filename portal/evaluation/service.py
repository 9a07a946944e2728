"""The verbs of evaluation: hand out slips, cast a ballot, pair and revoke a tablet (S-1)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, cast

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import Date as SqlDate
from sqlalchemy import Table, bindparam, select, text

from portal.cases.models import Case
from portal.client_opinion import seams
from portal.client_opinion import service as opinions
from portal.client_opinion.models import Opinion, OpinionKind, Source
from portal.evaluation import codes, rules, sealing
from portal.evaluation import vocabulary as words
from portal.evaluation.codes import Place
from portal.evaluation.models import Grade, Kiosk, SignedBallot, Slips, Urn
from portal.kernel import clock, journal
from portal.kernel.actor import SYSTEM, Actor
from portal.kernel.db import Base, connection, db, locked
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.people import pairing
from portal.people import queries as people
from portal.policy import queries as policy
from portal.pure.months import month_text

GRADES = tuple(Grade)
BAD = frozenset(GRADES[rules.GOOD :])
#: Slips of a sheet, and sheets printed at once at most.
A_SHEET, MOST_SHEETS = 8, 20


def secret() -> bytes:
    """What codes are made with."""
    return str(current_app.config["SECRET_KEY"]).encode()


def folder() -> Path:
    """Where the keys of the urns lie."""
    found: Path = current_app.extensions["portal.config"].instance
    return found


def department_name(department_id: int) -> str:
    """The name of a department."""
    return people.department_names().get(department_id, "")


# --- slips ----------------------------------------------------------------------------------------------------


def hand_out(place: Place) -> str:
    """A code for a slip that is handed to a client now; all that is kept is one slip more of the month (S-1)."""
    _count(place, "handed_out", 1)
    return codes.make(secret(), place)


def print_sheets(actor: Actor, place: Place, sheets: int, now: datetime) -> list[str]:
    """The codes of some sheets of slips, printed in advance."""
    if not 1 <= sheets <= MOST_SHEETS:
        raise Invalid("sheets", _("一次可以打印 1 至 %(most)s 版。", most=MOST_SHEETS), "S-1")
    made = [codes.make(secret(), place) for _n in range(sheets * A_SHEET)]
    _count(place, "printed", len(made))
    journal.record(
        words.PRINTED,
        None,
        actor,
        now,
        department=department_name(place[0]),
        month=month_text(place[1]),
        slips=len(made),
    )
    return made


def _count(place: Place, column: str, more: int) -> None:
    made(Slips, place, handed_out=0, printed=0)
    slips = locked(Slips, department_id=place[0], month=place[1])
    setattr(slips, column, getattr(slips, column) + more)


def made(model: type[Base], place: Place, **values: Any) -> None:
    """See that the row of a department and month is there; of two at once one makes it."""
    table = cast(Table, model.__table__)
    given = {"department_id": place[0], "month": place[1], **values}
    names = ", ".join(given)
    statement = text(
        f"INSERT INTO {table.name} ({names}) VALUES ({', '.join(f':{n}' for n in given)})"  # noqa: S608 - names of ours
        " ON CONFLICT (department_id, month) DO NOTHING"
    ).bindparams(*(bindparam(n, type_=SqlDate()) for n, v in given.items() if isinstance(v, date)))
    connection().execute(statement, given)


def places_now(today: date) -> list[Place]:
    """For which departments and months a code may be good today."""
    months = rules.good_months(today, policy.value("evaluation.valid_days"))
    return [(department_id, month) for department_id in people.department_names() for month in months]


def place_of(typed: str, now: datetime) -> Place | None:
    """For which department and month a code is good now; None for a wrong or an old one."""
    return codes.place_of(secret(), typed, places_now(clock.local(now).date()))


# --- ballots --------------------------------------------------------------------------------------------------


class Used(Conflict):
    """The code has been used."""


@dataclass(frozen=True)
class Ballot:
    """What a client says."""

    grade: Grade
    reasons: Sequence[str] = ()
    comment: str = ""

    def packed(self) -> bytes:
        """As it lies in an urn."""
        said = [str(self.grade), list(self.reasons), self.comment]
        return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def unpacked(cls, text_: bytes) -> Ballot:
        """Read back."""
        grade, reasons, comment = json.loads(text_)
        return cls(Grade(grade), tuple(reasons), comment)


@dataclass(frozen=True)
class Signature:
    """Who says it, if they choose to."""

    name: str
    phone: str
    case_number: str = ""
    kind: str = ""


def cast_ballot(
    code: str, ballot: Ballot, now: datetime, signature: Signature | None = None, actor: Actor | None = None
) -> SignedBallot | None:
    """Cast the one ballot of a code (S-1); signed ones are kept as such and returned, the others go into the urn.

    Raises NotAllowed for staff, Invalid for a wrong or old code, Used for one that was used.
    """
    if actor is not None:
        raise NotAllowed(_("评议由服务对象本人进行，工作人员不得代评。"), "S-1")
    place = place_of(code, now)
    if place is None:
        raise Invalid("code", _("评议码不对，或者已经过期。"), "S-1")
    today = clock.local(now).date()
    made(Urn, place, opened_on=today, used="", waiting=0, sealed=b"")
    urn = locked(Urn, department_id=place[0], month=place[1])
    left, before = codes.digest(secret(), code), codes.used(urn.used)
    if left in before:
        raise Used(_("这个评议码已经用过。每个码只能评议一次，谢谢您的参与。"), "S-1")
    urn.used = "".join(sorted({*before, left}))
    if signature is not None:
        return _signed(place, ballot, signature, now)
    record = sealing.seal(sealing.keys(folder(), today)[0], ballot.packed())
    urn.sealed = sealing.shuffled([*sealing.records(urn.sealed), record])
    urn.waiting += 1
    return None


def _signed(place: Place, ballot: Ballot, signature: Signature, now: datetime) -> SignedBallot:
    """Keep a signed ballot, and open what its client wants answered: a bad review always (S-4)."""
    number = codes.plain(signature.case_number)
    found = db.session.scalar(
        select(Case.id).where(Case.number == signature.case_number.strip().upper(), Case.closed_on.is_not(None))
    )
    opened: Opinion | None = None
    kind = OpinionKind.BAD_REVIEW if ballot.grade in BAD else OpinionKind(signature.kind) if signature.kind else None
    if kind is not None:
        opened = opinions.open_opinion(
            kind,
            ballot.comment,
            now,
            department_id=place[0],
            source=Source.EVALUATION,
            contact_name=signature.name,
            contact_phone=signature.phone,
            case_id=found,
            grade=ballot.grade if kind is OpinionKind.BAD_REVIEW else None,
            reasons=ballot.reasons,
        )
    made = SignedBallot(
        department_id=place[0],
        month=place[1],
        grade=ballot.grade,
        reasons="\n".join(ballot.reasons),
        comment=ballot.comment,
        contact_name="" if opened else signature.name,
        contact_phone="" if opened else signature.phone,
        case_number=signature.case_number if number else "",
        case_id=found,
        opinion_number=opened.number if opened else None,
        at=now,
    )
    db.session.add(made)
    journal.record(
        words.SIGNED,
        made,
        SYSTEM,
        now,
        department=department_name(place[0]),
        month=month_text(place[1]),
        grade=ballot.grade,
        opinion=opened.number if opened else "",
    )
    return made


@seams.on_untrue
def found_untrue(opinion: Opinion, at: datetime) -> None:
    """A signed bad review that is found untrue leaves the score (S-4)."""
    ballot = db.session.scalar(
        select(SignedBallot).where(SignedBallot.opinion_number == opinion.number).with_for_update()
    )
    if ballot is None or ballot.untrue_at is not None:
        return
    ballot.untrue_at = at
    journal.record(
        words.UNTRUE,
        ballot,
        SYSTEM,
        at,
        department=department_name(ballot.department_id),
        month=month_text(ballot.month),
        opinion=opinion.number,
    )


seams.grades(words.GRADE_LABELS)


# --- tablets --------------------------------------------------------------------------------------------------


def pair(actor: Actor, code: str, name: str, now: datetime) -> Kiosk:
    """Let the tablet that shows a code show the ballot.

    Raises Invalid for a code that is unknown, used or older than ten minutes, and for a name that is in use.
    """
    found = pairing.waiting(code, now)
    if found is None:
        raise Invalid("code", _("没有终端在显示这个连接码，或者它已经过期。请核对终端上现在的连接码。"), "S-1")
    if db.session.scalar(select(Kiosk.id).where(Kiosk.name == name, Kiosk.revoked_at.is_(None))) is not None:
        raise Invalid("name", _("已有同名的终端，请换一个名称。"), "S-1")
    kiosk = Kiosk(name=name, token_hash=found.secret_hash, paired_by_id=actor.id, paired_at=now)
    db.session.add(kiosk)
    db.session.delete(found)
    journal.record(words.PAIRED, kiosk, actor, now, name=name)
    return kiosk


def revoke(actor: Actor, kiosk: Kiosk, now: datetime) -> None:
    """End a tablet: it goes back to a code. Raises Conflict when it was revoked before."""
    if kiosk.revoked_at is not None:
        raise Conflict(_("这台终端已经撤销。"), "S-1")
    kiosk.revoked_at = now
    journal.record(words.REVOKED, kiosk, actor, now, name=kiosk.name)
