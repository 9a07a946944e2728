"""What a filing's page shows: badges, process, and what this reader may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from portal.calendar import queries as calendar
from portal.cases import service as cases
from portal.denial_filing import paper, queries, rules
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing, FilingState
from portal.denial_filing.rules import Verdict
from portal.denial_filing.service import FILES, MEETING_FILES
from portal.kernel import clock, files, journal, timeline
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date, local_dt, span
from portal.people import queries as people
from portal.pure.deadlines import Light
from portal.pure.text import mask_name


@dataclass(frozen=True)
class Badge:
    """Colour, icon and words of a state."""

    kind: str
    icon: str
    text: str


_BADGES = {
    FilingState.AGREED: ("green", "circle-check"),
    FilingState.CORRECTED: ("blue", "arrow-back-up"),
    FilingState.SUPPLEMENT: ("blue", "clipboard-list"),
    FilingState.RECALLED: ("grey", "arrow-back-up"),
}


def badge(filing: Filing, now: datetime, brief: bool = False) -> Badge:
    """The state of a filing as a badge; an undecided one says until when, or in a list (``brief``) how long still."""
    if queries.fallen(filing):
        return Badge("grey", "ban", paper.state_words(filing))
    if filing.state not in rules.WAITING:
        kind, icon = _BADGES[filing.state]
        return Badge(kind, icon, str(words.STATE_LABELS[filing.state]))
    light = rules.light(now, filing.escalated_at or filing.filed_at, filing.decide_by, calendar.work_calendar())
    if light is Light.OVERDUE:
        return Badge("red", "alert-octagon", _("审批超期 %(time)s", time=span(now - filing.decide_by)))
    kind, icon = ("amber", "clock-exclamation") if light is Light.DUE_SOON else ("grey", "clock")
    if brief:
        return Badge(kind, icon, _("剩 %(time)s", time=span(filing.decide_by - now)))
    today = clock.local(filing.decide_by).date() == clock.local(now).date()
    return Badge(kind, icon, _("请在 %(at)s 前审批", at=local_dt(filing.decide_by, "time" if today else "near")))


def took(filing: Filing) -> str:
    """How long the decision took."""
    return span(filing.decided_at - filing.filed_at) if filing.decided_at else ""


def client(filing: Filing) -> str:
    """The client as a page of others shows them."""
    return filing.case.client_unit or mask_name(filing.case.client_name) or _("未留姓名")


#: The entries of the journal that make the process, with what is shown of their own words.
_QUOTES = {
    words.FILED.tag: "department_opinion",
    words.RECALLED.tag: "reason",
    words.ESCALATED.tag: "opinion",
    words.AGREED.tag: "opinion",
    words.CORRECTED.tag: "opinion",
    words.SUPPLEMENT.tag: "opinion",
}


#: Entries of a time limit that passed: no step forward.
_LATE = frozenset({words.DECISION_OVERDUE.tag, words.LETTER_OVERDUE.tag})


def process(filing: Filing, now: datetime) -> list[dict[str, Any]]:
    """What happened by the journal, who has it now, and what comes (J-3)."""
    entries = journal.of_object("denial_filing", filing.id)
    personal = journal.personal_of(e.seq for e in entries)
    items: list[dict[str, Any]] = []
    for entry, line in zip(entries, timeline.lines(entries), strict=True):
        who = _("%(who)s（代 %(whom)s）", who=line.who, whom=line.for_whom) if line.for_whom else line.who
        items.append(
            {
                "state": "no" if entry.event in _LATE else "ok",
                "title": _("经办人提出否定意见") if entry.event == words.FILED.tag else line.sentence,
                "detail": f"{who} · {local_dt(line.at, 'near')}",
                "quote": personal.get(entry.seq, {}).get(_QUOTES.get(entry.event, ""), ""),
            }
        )
    return [*items, *_ahead(filing, now)]


def _ahead(filing: Filing, now: datetime) -> list[dict[str, Any]]:
    if queries.fallen(filing):
        return [{"state": "no", "title": paper.state_words(filing), "detail": local_dt(filing.case.closed_at, "near")}]
    deliver = _("自报备之日起至 %(on)s", on=local_date(filing.deliver_by))
    told = {"state": "next", "title": _("书面告知服务对象"), "detail": deliver}
    kept = {"state": "next", "title": _("归入办件档案"), "detail": _("计入否定报备统计")}
    if filing.state in rules.WAITING:
        since = span(now - (filing.escalated_at or filing.filed_at))
        name = people.user_names().get(queries.decider(filing, now).user_id or 0, "")
        leader = filing.state is FilingState.WAITING_LEADER
        waits = (
            _("等待%(name)s · 已等 %(time)s", name=name, time=since)
            if name
            else _("无人可以审批 · 已等 %(time)s", time=since)
        )
        current = {"state": "now", "title": _("分管领导审批") if leader else _("主要负责人决定"), "detail": waits}
        principal = {"state": "next", "title": _("主要负责人决定"), "detail": _("班子会议研究后")}
        return [current, *([principal] if leader and filing.grave else []), told, kept]
    due = queries.step(filing)
    if due is None:
        return []
    title = {
        queries.Step.ISSUE: _("出具书面决定"),
        queries.Step.DELIVER: _("送达服务对象"),
        queries.Step.HANDLE: _("按要求继续办理"),
        queries.Step.NOTIFY: _("一次性告知补正"),
    }[due]
    outcome = due in (queries.Step.ISSUE, queries.Step.DELIVER)
    current = {"state": "now", "title": title, "detail": deliver if outcome else filing.case.post.name}
    return [current, kept] if outcome else [current]


def verdicts(filing: Filing, found: rules.Decider) -> tuple[Verdict, ...]:
    """What the one who decides now can say; who takes up a leader's filing decides as the principal."""
    state = FilingState.WAITING_PRINCIPAL if found.way is rules.Way.PRINCIPAL else filing.state
    return rules.verdicts(state, filing.grave)


def context(actor: Actor, filing: Filing, now: datetime) -> dict[str, Any]:
    """Everything that the page of a filing needs, for this reader."""
    waits = filing.state in rules.WAITING and not queries.fallen(filing)
    found = queries.decider(filing, now) if waits else None
    mine = found is not None and queries.may_decide(actor, filing, now)
    due = queries.step(filing)
    handles = cases.may_handle(actor, filing.case) and actor.can(words.FILE)
    return {
        "filing": filing,
        "case": filing.case,
        "badge": badge(filing, now),
        "client": client(filing),
        "process": process(filing, now),
        "files": files.of(FILES, filing.id),
        "meeting_files": files.of(MEETING_FILES, filing.id),
        "filer": people.user_names().get(filing.filed_by_id, ""),
        "decides": people.user_names().get(found.user_id or 0, "") if found else "",
        "nobody": found is not None and found.user_id is None,
        "verdicts": verdicts(filing, found) if mine and found else (),
        "taking_up": mine and found is not None and found.way is rules.Way.PRINCIPAL,
        "acting_for": people.user_names().get(found.for_user_id or 0, "") if mine and found else "",
        "may_change": handles and waits,
        "step": due if handles else None,
        "may_issue": due is queries.Step.ISSUE and handles and actor.id != filing.decided_by_id,
        "state_words": paper.state_words(filing),
    }
