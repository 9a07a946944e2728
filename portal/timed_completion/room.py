"""Door plate of the room, and what it puts on a case's page and into its archive file."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

import portal.timed_completion.list_views  # noqa: F401 - the lists are pages of the same blueprint
from portal.cases import clocks, narrowing, panels
from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.policy import pause_reasons
from portal.timed_completion import extending, queries
from portal.timed_completion import vocabulary as words
from portal.timed_completion.models import ExtensionState, Letter, SpecialProcedure
from portal.timed_completion.views import bp


def count(actor: Actor, now: datetime) -> int:
    """How many requests for more time wait for the actor's decision."""
    return len(queries.waiting(actor, now))


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Extensions to decide; procedures at their cap without a result; papers the client has not got yet (T-4, T-5)."""
    found = [
        ToDo(
            "timed_completion.decide",
            _("%(matter)s %(number)s", matter=each.case.matter, number=each.number),
            _("申请延期 %(days)s 个工作日，期限届满前未决定的自动失效", days=each.days),
            url_for("timed_completion.show", number=each.number),
            _("决定"),
            each.case.due_at,
            "due_soon",
        )
        for each in queries.waiting(actor, now)
    ]
    if not actor.can(words.HANDLE):
        return found
    own = narrowing.handled_posts(actor)
    found += [_alarm(each) for each in queries.without_result(own, now)]
    return found + [_to_tell(each) for each in queries.untold(own)]


def _alarm(procedure: SpecialProcedure) -> ToDo:
    return ToDo(
        "timed_completion.alarm",
        _("%(matter)s %(number)s", matter=procedure.case.matter, number=procedure.number),
        _("%(what)s已到最长时间，时限已恢复计算，请登记结果", what=pause_reasons.label(procedure.reason)),
        url_for("timed_completion.end", number=procedure.number),
        _("登记结果"),
        procedure.case.due_at,
        "overdue",
    )


def _to_tell(letter: Letter) -> ToDo:
    return ToDo(
        "timed_completion.tell",
        _("%(matter)s %(number)s", matter=letter.case.matter, number=letter.number),
        _("%(paper)s尚未送达申请人", paper=words.PAPER_LABELS[queries.kind_of(letter)]),
        url_for("timed_completion.show", number=letter.number),
        _("送达"),
        None,
        "due_soon",
    )


def actions(case: Case, actor: Actor) -> list[panels.Action]:
    """What the handler can do here with a case."""
    if not actor.can(words.HANDLE) or not cases.may_handle(actor, case):
        return []
    if case.closed_at is not None:
        if not queries.completed(case) or queries.closing_notice(case.id) is not None:
            return []
        url = url_for("timed_completion.issue_closing_notice", number=case.number)
        return [panels.Action(_("出具办结通知书"), url, "file-certificate", 40)]
    if case.clock_from is None:
        return []
    url = url_for("timed_completion.start", number=case.number)
    found = [panels.Action(_("特别程序"), url, "player-pause", 50)]
    if not extending.standing_in_the_way(case, clock.now()):
        url = url_for("timed_completion.ask", number=case.number)
        found.append(panels.Action(_("申请延期"), url, "calendar-plus", 51))
    return found


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The special procedures, extensions and the closing notice of the case, with old → new."""
    if not actor.can(words.READ) or case.clock_from is None:
        return []
    begun, asked = queries.procedures(case.id), queries.extensions(case.id)
    notice = queries.closing_notice(case.id) if case.closed_at is not None else None
    if not begun and not asked and notice is None:
        return []
    now = clock.now()
    return [
        panels.Panel(
            "timed_completion/_panel.html",
            22,
            {
                "case": case,
                "procedures": begun,
                "extensions": asked,
                "notice": notice,
                "standing": {each.id: queries.standing(each, now) for each in asked},
                "may_handle": case.closed_at is None and cases.may_handle(actor, case),
                "stopped": clocks.is_stopped(case, now),
                "reason_label": pause_reasons.label,
                "words": words,
                "now": now,
            },
        )
    ]


def papers(case: Case, _actor: Actor) -> list[panels.Paper]:
    """Notices of special procedures, of the granted extension and of completion, as documents of the archive (J-4)."""
    letters: list[Letter] = [*queries.procedures(case.id)]
    letters += [each for each in queries.extensions(case.id) if each.state is ExtensionState.GRANTED]
    notice = queries.closing_notice(case.id)
    if notice is not None:
        letters.append(notice)
    return [
        panels.Paper(
            str(words.PAPER_LABELS[queries.kind_of(each)]),
            each.number,
            queries.issued_at(each),
            url_for("timed_completion.print_paper", number=each.number),
        )
        for each in letters
    ]


panels.register("timed_completion", actions=actions, panels=on_case, papers=papers)

PLATE = Plate(
    name="timed_completion",
    title=_l("停表与延期"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("停表与延期"), "timed_completion.index", words.READ, order=45, count=count),),
    todos=todos,
    sweep=extending.sweep,
)
