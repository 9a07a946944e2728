"""What pages of leave show of a request: its badge, its way through the chain, its time in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.ab_post import queries as ab
from portal.ab_post import rights
from portal.ab_post.halves import Half
from portal.ab_post.models import AbsenceKind
from portal.calendar import queries as calendar
from portal.kernel.actor import Actor
from portal.kernel.errors import Invalid
from portal.kernel.i18n import local_date, local_dt
from portal.leave import balances, decisions, queries, rules, service, steps
from portal.leave import vocabulary as words
from portal.leave.models import LeaveRequest, LeaveState, LeaveStep
from portal.leave.rules import Level, Span, Verdict
from portal.people import queries as people
from portal.post_duty import seams


@dataclass(frozen=True)
class Badge:
    """Colour, words and shape of a state."""

    kind: str
    text: str
    icon: str


def badge(request: LeaveRequest, now: datetime) -> Badge:
    """Where a request stands; approved leave by what became of its absence."""
    match request.state:
        case LeaveState.WAITING:
            level = words.LEVEL_LABELS[request.open_level or Level.FILE]
            return Badge("amber", _("待%(who)s", who=level), "clock-exclamation")
        case LeaveState.RETURNED:
            return Badge("yellow", str(words.STATE_LABELS[request.state]), "arrow-back-up")
        case LeaveState.APPROVED:
            return _approved(request, now)
        case _:
            return Badge("grey", str(words.STATE_LABELS[request.state]), "file-pencil" if _draft(request) else "x")


def _draft(request: LeaveRequest) -> bool:
    return request.state is LeaveState.DRAFT


def _approved(request: LeaveRequest, now: datetime) -> Badge:
    absence = request.absence
    if absence is not None and absence.ended_at is not None:
        if absence.ended_at <= absence.from_at:
            return Badge("grey", _("已取消"), "circle-x")
        return Badge("grey", _("提前返岗"), "arrow-back-up")
    if request.to_at <= now:
        return Badge("grey", _("已结束"), "circle-check")
    if request.from_at <= now:
        return Badge("blue", _("离岗中"), "user-off")
    return Badge("green", _("已批准"), "circle-check")


def when(span: Span) -> str:
    """A time in half days, in words."""
    first, last = local_date(span.from_on), local_date(span.to_on)
    a, b = words.HALF_LABELS[span.from_half], words.HALF_LABELS[span.to_half]
    if span.from_on == span.to_on:
        if span.from_half is span.to_half:
            return _("%(day)s %(half)s", day=first, half=a)
        return first
    if span.from_half is Half.AM and span.to_half is Half.PM:
        return _("%(first)s 至 %(last)s", first=first, last=last)
    return _("%(first)s %(a)s 至 %(last)s %(b)s", first=first, a=a, last=last, b=b)


def long(halves: int) -> str:
    """A length in words."""
    return _("%(n)s 天", n=balances.days(halves))


def signature(step: LeaveStep) -> str:
    """Who took a step and when; for whom, when somebody acted."""
    names = people.user_names()
    who = names.get(step.decided_by_id or 0, "")
    if step.for_user_id:
        who = _("%(who)s 代 %(whom)s", who=who, whom=names.get(step.for_user_id, ""))
    return _("%(who)s　%(at)s", who=who, at=local_dt(step.decided_at))


def way(request: LeaveRequest, now: datetime) -> list[dict[str, Any]]:
    """The chain as a timeline: what was decided, who is to decide now, what comes."""
    names, waits = people.user_names(), request.open_level is not None
    found = []
    for step in request.current:
        title = str(words.LEVEL_LABELS[step.level])
        if step.verdict is not None:
            good = step.verdict in (Verdict.APPROVED, Verdict.FILED)
            title = _("%(level)s：%(verdict)s", level=title, verdict=words.VERDICT_LABELS[step.verdict])
            found.append(
                {"state": "ok" if good else "no", "title": title, "detail": signature(step), "quote": step.opinion}
            )
        elif waits and step is request.next_step:
            found.append({"state": "now", "title": title, "detail": _who(request, step, names, now), "icon": "clock"})
        elif waits:
            found.append({"state": "next", "title": title, "detail": ""})
    return found


def _who(request: LeaveRequest, step: LeaveStep, names: dict[int, str], now: datetime) -> str:
    if step.level is Level.FILE:
        return _("由%(who)s备案", who=words.FILER_LABELS[step.filer])
    who = steps.decider(step.level, request.department_id, request.applicant_id, now)
    if who is None:
        return _("现在无人可以审批，请办公室指定顶岗人")
    post = ab.picture().posts[who[1]].name
    return _("等%(name)s审批（%(post)s）", name=names.get(who[0], ""), post=post)


@dataclass(frozen=True)
class Over:
    """One post of the applicant as the page shows it."""

    post: Any
    note: str
    taker: str
    confirmed: str
    confirmable: bool
    matters: list[seams.Thing]
    cover: bool


def handovers(actor: Actor, request: LeaveRequest, now: datetime) -> list[Over]:
    """The posts of a request: who takes them over, who confirmed, what is open on them (AB-2)."""
    names = people.user_names()
    waiting = request.state is LeaveState.WAITING
    takers = {p.id: t for p, t in steps.receivers(request.applicant_id, request.from_at, request.to_at, now)}
    found = []
    for row in request.posts:
        confirmed = ""
        if row.confirmed_at is not None:
            name = names.get(row.confirmed_by_id or 0, "")
            confirmed = _("%(name)s %(at)s 确认接手", name=name, at=local_dt(row.confirmed_at))
        open_now = waiting or request.state in (LeaveState.DRAFT, LeaveState.RETURNED)
        found.append(
            Over(
                row.post,
                row.note,
                names.get(takers.get(row.post_id) or 0, ""),
                confirmed,
                waiting
                and row.confirmed_at is None
                and actor.id != request.applicant_id
                and actor.id in service.takers(request, row.post_id, now),
                seams.open_matters(row.post_id) if open_now else [],
                waiting and rights.may_name_cover(actor, row.post.department_id, row.post.kind),
            )
        )
    return found


def block(request: LeaveRequest, now: datetime) -> str:
    """Why a request cannot be approved yet, in words; empty when it can."""
    try:
        decisions.check_cover(request, now)
    except Invalid as error:
        return str(error.message)
    return ""


def preview(actor: Actor, kind: str, span: Span, before: int, now: datetime, but: int | None = None) -> dict[str, Any]:
    """Length, chain, balance and cover of what is being typed."""
    user_id = actor.id or 0
    working = calendar.work_calendar()
    halves = rules.length(span, working)
    shown: dict[str, Any] = {"halves": halves, "long": long(halves), "known": working.knows(span.from_on, span.to_on)}
    if halves < 1:
        return shown
    day = span.from_on
    _standing, chain = steps.chain_of(AbsenceKind(kind), halves + before, user_id, day)
    shown["chain"] = [str(words.LEVEL_LABELS[p.level]) for p in chain]
    if kind == AbsenceKind.ANNUAL:
        shown["balances"] = [
            balances.of_day([user_id], year, span.from_on, now, but)[user_id]
            for year in range(span.from_on.year, span.to_on.year + 1)
        ]
    if kind == AbsenceKind.SICK:
        shown["sick"] = True
    from_at, to_at = steps.wall_clock(span)
    names = people.user_names()
    shown["takers"] = [(post.name, names.get(taker or 0, "")) for post, taker in
                       steps.receivers(user_id, from_at, to_at, now)]  # fmt: skip
    return shown


def may_end(actor: Actor, request: LeaveRequest, now: datetime) -> bool:
    """Whether the actor can cancel or end approved leave now."""
    absence = request.absence
    if request.state is not LeaveState.APPROVED or absence is None:
        return False
    return absence.ended_at is None and absence.to_at > now and rights.may_end(actor, absence)


def context(actor: Actor, request: LeaveRequest, seen: queries.Sight, now: datetime) -> dict[str, Any]:
    """What a request's page shows."""
    step = request.next_step if request.open_level is not None else None
    decides = files_it = False
    if step is not None and step.level is Level.FILE:
        files_it = steps.may_file(actor, step.filer, request.applicant_id)
    elif step is not None:
        who = steps.decider(step.level, request.department_id, request.applicant_id, now)
        decides = who is not None and who[0] == actor.id
    last = decides and step is not None and all(s.level is Level.FILE for s in request.current[step.position + 1 :])
    return {
        "request_": request,
        "full": seen is queries.Sight.FULL,
        "mine": actor.id == request.applicant_id,
        "badge": badge(request, now),
        "when": when(request.span),
        "long": long(request.halves),
        "way": way(request, now),
        "step": step,
        "decides": decides,
        "files_it": files_it,
        "block": block(request, now) if last or (files_it and request.state is LeaveState.WAITING) else "",
        "handovers": handovers(actor, request, now),
        "names": people.user_names(),
        "departments": people.department_names(),
        "words": words,
        "may_end": may_end(actor, request, now),
        "may_change": actor.id == request.applicant_id and service.may_change(request),
    }
