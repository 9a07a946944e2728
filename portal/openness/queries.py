"""Reads of openness: what the public sees, the register, what waits, the yearly list (O-1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, extract, or_, select
from sqlalchemy.orm import selectinload
from werkzeug.exceptions import NotFound

from portal.ab_post import rights as ab_rights
from portal.ab_post import superiors
from portal.calendar import queries as calendar
from portal.kernel import clock, epochs
from portal.kernel.actor import Actor, Role
from portal.kernel.db import db
from portal.openness import rules
from portal.openness import vocabulary as words
from portal.openness.models import Duty, Fulfilment, NoticeVersion, OpenNotice, VersionState
from portal.openness.rules import Chain, Level, Scope, Standing
from portal.policy import queries as policy
from portal.post_duty.models import PostKind

#: How far back the yearly list is looked at for what is still owed.
YEARS_BACK = 1
_POSTS = {Level.HEAD: PostKind.HEAD, Level.LEADER: PostKind.LEADER}


def kinds() -> list[str]:
    """The kinds that the office has set, each once."""
    typed = str(policy.value("openness.kinds")).replace(",", "、").replace("，", "、").replace(";", "、")
    return list(dict.fromkeys(k for part in typed.split("、") if (k := part.strip()[:30])))


def chain(scope: Scope) -> tuple[Level, ...]:
    """The steps of the approval by the policy in force."""
    return rules.chain(scope, Chain(policy.value("openness.chain")))


# --- who may --------------------------------------------------------------------------------------------------


def sees_all(actor: Actor) -> bool:
    """Whether the actor reads what is being prepared everywhere."""
    return actor.can(words.MANAGE) or Role.PRINCIPAL in actor.roles


def departments_written(actor: Actor) -> frozenset[int] | None:
    """The departments for which the actor may write; None: all."""
    if not actor.can(words.WRITE):
        return frozenset()
    if actor.can(words.MANAGE):
        return None
    here = {held.department_id for held in actor.posts}
    return frozenset(here | ({actor.department_id} if actor.department_id else set()))


def departments_seen(actor: Actor) -> frozenset[int]:
    """The departments of which the actor reads what is not public yet."""
    own = {actor.department_id} if actor.department_id else set()
    return frozenset(own) | {held.department_id for held in actor.posts} | ab_rights.departments_led(actor)


def _visible(actor: Actor) -> ColumnElement[bool] | None:
    if sees_all(actor):
        return None
    return or_(OpenNotice.current_version_id.is_not(None), OpenNotice.department_id.in_(departments_seen(actor)))


def reads_drafts(actor: Actor, notice: OpenNotice) -> bool:
    """Whether the actor may read the version that is being prepared."""
    pending = notice.open
    return (
        sees_all(actor)
        or notice.department_id in departments_seen(actor)
        or (pending is not None and pending.author_id == actor.id)
    )


def by_number(actor: Actor, number: str) -> OpenNotice:
    """A notice that the actor may read. Raises NotFound for a missing and a foreign one alike."""
    found = db.session.scalar(
        select(OpenNotice)
        .where(OpenNotice.number == number)
        .options(selectinload(OpenNotice.versions).selectinload(NoticeVersion.files))
    )
    if found is None or (found.current_version_id is None and not reads_drafts(actor, found)):
        raise NotFound()
    return found


def may_write(actor: Actor, notice: OpenNotice) -> bool:
    """Whether the actor may prepare a new version of a notice."""
    mine = departments_written(actor)
    return notice.withdrawn_at is None and (mine is None or notice.department_id in mine)


def may_withdraw(actor: Actor, notice: OpenNotice) -> bool:
    """Whether the actor may take a published notice down: head, leader in charge, principal, the office."""
    if notice.current_version_id is None or notice.withdrawn_at is not None:
        return False
    return sees_all(actor) or (actor.can(words.APPROVE) and notice.department_id in ab_rights.departments_led(actor))


def decider(level: Level, department_id: int, done: Iterable[int | None], at: datetime) -> tuple[int, int] | None:
    """Who takes a step now and under which post: never the author, nor who took the step before (O-1, AB-3)."""
    return superiors.decider(_POSTS[level], department_id, {d for d in done if d is not None}, at)


# --- what waits -----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Open:
    """A version that is being prepared: as much of it as menus and to-dos need."""

    number: str
    title: str
    version: int
    department_id: int
    state: VersionState
    level: Level | None
    author_id: int
    reviewed_by_id: int | None
    sent_at: datetime | None


def _unfinished() -> list[Open]:
    """All versions that wait for a step or were returned, the oldest first, from memory."""

    def read() -> list[Open]:
        rows = (
            select(
                OpenNotice.number, NoticeVersion.title, NoticeVersion.number, OpenNotice.department_id,
                NoticeVersion.state, NoticeVersion.open_level, NoticeVersion.author_id,
                NoticeVersion.reviewed_by_id, NoticeVersion.sent_at,
            )
            .join(NoticeVersion, NoticeVersion.notice_id == OpenNotice.id)
            .where(
                OpenNotice.open_state.in_((VersionState.WAITING, VersionState.RETURNED)),
                NoticeVersion.state.in_((VersionState.WAITING, VersionState.RETURNED)),
            )
            .order_by(NoticeVersion.sent_at, NoticeVersion.id)
        )  # fmt: skip
        return [Open(*row) for row in db.session.execute(rows)]

    return epochs.cached("openness", "unfinished", read)


def to_decide(actor: Actor, now: datetime) -> list[Open]:
    """What waits for the actor's review or approval."""
    if not actor.can(words.APPROVE):
        return []
    found = []
    for each in _unfinished():
        if each.level is not None:
            who = decider(each.level, each.department_id, (each.author_id, each.reviewed_by_id), now)
            if who is not None and who[0] == actor.id:
                found.append(each)
    return found


def returned_to(actor: Actor) -> list[Open]:
    """What was returned to the actor."""
    return [o for o in _unfinished() if o.state is VersionState.RETURNED and o.author_id == actor.id]


# --- the yearly list ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Due:
    """One due day of the yearly list. ``met_by``: the number of the notice, empty when nothing was published."""

    duty_id: int
    title: str
    kind: str
    department_id: int
    due_on: date
    met_by: str = ""
    met_on: date | None = None

    @property
    def late(self) -> bool:
        """Whether it was published after its day."""
        return self.met_on is not None and self.met_on > self.due_on


def dues_of(duty: Duty, met: dict[tuple[int, date], tuple[str, date]]) -> list[Due]:
    """All due days of an entry; those from its end on are owed no more unless they were met."""
    found = []
    for day in rules.due_dates(duty.first_on, duty.period):
        number, on = met.get((duty.id, day), ("", None))
        if number or duty.ended_on is None or day < duty.ended_on:
            found.append(Due(duty.id, duty.title, duty.kind, duty.department_id, day, number, on))
    return found


def met_of(duty_ids: Iterable[int]) -> dict[tuple[int, date], tuple[str, date]]:
    """What was published for some entries: notice number and day by entry and due day."""
    rows = (
        select(Fulfilment.duty_id, Fulfilment.due_on, OpenNotice.number, Fulfilment.published_on)
        .join(OpenNotice, OpenNotice.id == Fulfilment.notice_id)
        .where(Fulfilment.duty_id.in_(list(duty_ids)))
    )
    return {(d, due): (number, on) for d, due, number, on in db.session.execute(rows)}


def duties(year: int, department_id: int | None = None) -> list[Duty]:
    """The entries of a year's list, by department and first day."""
    query = select(Duty).where(Duty.year == year).order_by(Duty.department_id, Duty.first_on, Duty.id)
    if department_id is not None:
        query = query.where(Duty.department_id == department_id)
    return list(db.session.scalars(query))


def years() -> list[int]:
    """The years that have a list, the newest first."""
    return list(db.session.scalars(select(Duty.year).distinct().order_by(Duty.year.desc())))


def owed(today: date) -> list[Due]:
    """Everything of this year's and last year's list that nobody has published, by day, from memory."""

    def read() -> list[Due]:
        rows = list(db.session.scalars(select(Duty).where(Duty.year.between(today.year - YEARS_BACK, today.year))))
        met = met_of(d.id for d in rows)
        return sorted((due for d in rows for due in dues_of(d, met) if not due.met_by), key=lambda x: x.due_on)

    return epochs.cached("openness", f"owed/{today.year}", read)


def soon_from(today: date) -> date:
    """The last day that counts as due soon."""
    days: int = policy.value("openness.due_soon_workdays")
    return calendar.work_calendar().add_workdays(today, days) if days else today


def owed_by(actor: Actor, today: date) -> list[Due]:
    """What the departments that the actor heads owe now or soon; the office and the principal see what is overdue."""
    headed, everything = actor.departments_headed(), sees_all(actor)
    if not headed and not everything:
        return []
    soon = soon_from(today)
    return [
        due
        for due in owed(today)
        if (due.department_id in headed and due.due_on <= soon) or (everything and due.due_on < today)
    ]


def offered(departments: frozenset[int] | None, today: date) -> list[Due]:
    """What a new notice of some departments may fulfil, the longest owed first."""
    return [d for d in owed(today) if departments is None or d.department_id in departments]


# --- lists ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Wanted:
    """Filters; empty ones do not restrict."""

    q: str = ""
    kind: str = ""
    department: int | None = None
    year: int | None = None
    state: str = ""


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.q:
        fits = select(NoticeVersion.id).where(
            NoticeVersion.id == OpenNotice.current_version_id, NoticeVersion.body.contains(wanted.q, autoescape=True)
        )
        query = query.where(
            or_(
                OpenNotice.number.contains(wanted.q, autoescape=True),
                OpenNotice.title.contains(wanted.q, autoescape=True),
                fits.exists(),
            )
        )
    if wanted.kind:
        query = query.where(OpenNotice.kind == wanted.kind)
    if wanted.department:
        query = query.where(OpenNotice.department_id == wanted.department)
    if wanted.year:
        query = query.where(OpenNotice.publish_on.between(date(wanted.year, 1, 1), date(wanted.year, 12, 31)))
    return query


def _shown(today: date) -> ColumnElement[bool]:
    return and_(
        OpenNotice.current_version_id.is_not(None),
        OpenNotice.withdrawn_at.is_(None),
        OpenNotice.publish_on <= today,
        or_(OpenNotice.until_on.is_(None), OpenNotice.until_on >= today),
    )


def public_listing(wanted: Wanted, today: date) -> Select[Any]:
    """What everybody sees on a day: what stands on top first, then the newest."""
    query = _narrowed(select(OpenNotice).where(_shown(today)), replace(wanted, state=""))
    return query.order_by(OpenNotice.pinned.desc(), OpenNotice.publish_on.desc(), OpenNotice.id.desc())


def latest(today: date, limit: int = 5) -> list[OpenNotice]:
    """The first few notices that everybody sees, for a front page."""
    return list(db.session.scalars(public_listing(Wanted(), today).limit(limit)))


def public_notice(number: str, today: date) -> tuple[OpenNotice, NoticeVersion, Standing]:
    """A notice that was published, for everybody. Raises NotFound for anything that is not, or not yet."""
    found = db.session.scalar(
        select(OpenNotice).where(OpenNotice.number == number, OpenNotice.current_version_id.is_not(None))
    )
    version = db.session.get(NoticeVersion, found.current_version_id) if found is not None else None
    if found is None or version is None:
        raise NotFound()
    standing = standing_of(found, today)
    if standing is None or standing is Standing.AHEAD:
        raise NotFound()
    return found, version, standing


def standing_of(notice: OpenNotice, today: date) -> Standing | None:
    """What the public is shown of a notice; None while nothing was approved."""
    if notice.current_version_id is None or notice.publish_on is None:
        return None
    return rules.standing(today, notice.publish_on, notice.until_on, notice.withdrawn_at is not None)


#: What the register can be narrowed to, in the order of its tabs.
STATES = ("all", "shown", "waiting", "draft", "ahead", "ended", "withdrawn")


def listing(actor: Actor, wanted: Wanted, today: date) -> Select[Any]:
    """The notices that an actor may read and that fit, the newest first."""
    query = _narrowed(select(OpenNotice).options(selectinload(OpenNotice.versions)), wanted)
    seen = _visible(actor)
    if seen is not None:
        query = query.where(seen)
    own = None if sees_all(actor) else OpenNotice.department_id.in_(departments_seen(actor))
    match wanted.state:
        case "shown":
            query = query.where(_shown(today))
        case "waiting" | "draft":
            states = (VersionState.WAITING,) if wanted.state == "waiting" else (
                VersionState.DRAFT, VersionState.RETURNED
            )  # fmt: skip
            query = query.where(OpenNotice.open_state.in_(states))
            if own is not None:
                query = query.where(own)
        case "ahead":
            query = query.where(
                OpenNotice.current_version_id.is_not(None),
                OpenNotice.withdrawn_at.is_(None),
                OpenNotice.publish_on > today,
            )
        case "ended":
            query = query.where(
                OpenNotice.current_version_id.is_not(None),
                OpenNotice.withdrawn_at.is_(None),
                OpenNotice.until_on < today,
            )
        case "withdrawn":
            query = query.where(OpenNotice.withdrawn_at.is_not(None))
        case _:
            pass
    return query.order_by(OpenNotice.made_at.desc(), OpenNotice.id.desc())


def published_years() -> list[int]:
    """The years in which something was published, the newest first."""

    def read() -> list[int]:
        year = extract("year", OpenNotice.publish_on)
        rows = (
            select(year)
            .where(OpenNotice.publish_on.is_not(None), OpenNotice.current_version_id.is_not(None))
            .distinct()
        )
        return sorted({int(y) for y in db.session.scalars(rows)}, reverse=True)

    return epochs.cached("openness", "years", read)


def today() -> date:
    """The day by which the public sees."""
    return clock.today()
