"""Door plate of the room, and what it puts on a case's page."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases import narrowing, panels
from portal.cases import service as cases
from portal.cases import vocabulary as case_words
from portal.cases.models import Case
from portal.joint_case import queries, service
from portal.joint_case.views import bp
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_dt, span
from portal.kernel.plates import Plate, ToDo
from portal.people import queries as people
from portal.post_duty import queries as posts
from portal.service_commitment.models import CaseKind


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Parts that are late, for who leads; what lies with an upper authority, for who keeps track (T-9)."""
    own = narrowing.handled_posts(actor)
    if actor.id is None or not actor.can(case_words.HANDLE):
        return []
    late = queries.late_parts(own, now) if own else []
    return [
        *(
            ToDo(
                "joint_case.late_part",
                _("%(matter)s %(number)s", matter=lead.matter, number=lead.number),
                _("分办件 %(part)s（%(post)s）超期，请催办", part=part.number, post=posts.post_name(part.post_id)),
                url_for("cases.show", number=lead.number),
                _("查看"),
                part.due_at,
                "overdue",
            )
            for part, lead in late
        ),
        *(
            ToDo(
                "joint_case.track",
                _("%(matter)s %(number)s", matter=f.case.matter, number=f.case.number),
                _("在%(authority)s已 %(time)s，请跟踪", authority=f.authority, time=span(now - f.sent_at)),
                url_for("cases.show", number=f.case.number),
                _("查看"),
            )
            for f in queries.tracked(actor.id)
        ),
    ]


def actions(case: Case, actor: Actor) -> list[panels.Action]:
    """What the handler of an open case can do here; the tracker brings back what was sent."""
    if case.closed_at is not None:
        return []
    found = []
    away = queries.away(case.id) if case.kind is CaseKind.FORWARDED else None
    if away is not None and service.may_bring_back(actor, case, away):
        back = url_for("joint_case.bring_back", number=case.number)
        found.append(panels.Action(_("登记上级返回"), back, "arrow-back-up", 12, "p"))
    if not cases.may_handle(actor, case):
        return found
    if case.kind is CaseKind.JOINT and case.lead_id is None and case.clock_from is not None:
        add = url_for("joint_case.add_part", number=case.number)
        found.append(panels.Action(_("增加分办"), add, "users", 40))
    if case.kind is CaseKind.FORWARDED and away is None and case.clock_from is not None:
        found.append(
            panels.Action(_("上报上级机关"), url_for("joint_case.forward", number=case.number), "send", 12, "p")
        )
    if case.lead_id is None:
        agent = url_for("joint_case.name_agent", number=case.number)
        found.append(panels.Action(_("全程代理"), agent, "user-check", 70))
    return found


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The parts of a joint case, the lead of a part, the agent, and where a forwarded case lies."""
    now = clock.now()
    found = []
    if case.agent_id is not None:
        agent = people.user_names().get(case.agent_id, "")
        found.append(panels.Panel("joint_case/_agent.html", 5, {"agent": agent}))
    if case.lead_id is not None:
        given = queries.part_of(case)
        found.append(panels.Panel("joint_case/_lead.html", 6, {"given": given, "lead": case.lead}))
    elif case.kind is CaseKind.JOINT:
        parts = queries.parts(case, now)
        done = sum(p.row.closed_at is not None for p in parts)
        found.append(
            panels.Panel("joint_case/_parts.html", 7, {"parts": parts, "done": done, "states": case_words.STATE_LABELS})
        )
    if case.kind is CaseKind.FORWARDED:
        sent = queries.forwardings(case.id)
        if sent:
            shares = queries.shares(case, sent, now)
            handles = case.closed_at is None and cases.may_handle(actor, case)
            found.append(
                panels.Panel("joint_case/_forwarded.html", 7, {"sent": sent, "shares": shares, "handles": handles})
            )
    return found


def papers(case: Case, _actor: Actor) -> list[panels.Paper]:
    """The archive files of the parts, and what came back from above, as documents of the archive file (J-4)."""
    found = []
    if case.kind is CaseKind.JOINT and case.lead_id is None:
        found = [
            panels.Paper(
                _("分办件：%(gives)s", gives=p.gives),
                p.row.number,
                p.row.closed_at,
                url_for("cases.archive_file", number=p.row.number),
                present=p.row.closed_at is not None,
            )
            for p in queries.parts(case, clock.now())
        ]
    if case.kind is CaseKind.FORWARDED:
        found += [
            panels.Paper(
                _("上报（%(authority)s）", authority=f.authority), f.document or local_dt(f.sent_at), f.sent_at, ""
            )
            for f in queries.forwardings(case.id)
        ]
    return found


PLATE = Plate(name="joint_case", title=_l("联办与上报"), blueprint=bp, permissions=(), todos=todos)

panels.register("joint_case", actions=actions, panels=on_case, papers=papers)
