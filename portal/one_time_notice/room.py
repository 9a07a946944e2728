"""Door plate of the room, and what it puts on a case's page."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases import panels
from portal.cases import rules as case_rules
from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel import clock
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_date
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.one_time_notice import queries
from portal.one_time_notice import vocabulary as words
from portal.one_time_notice.queries import Step, Waiting
from portal.one_time_notice.views import bp


def todos(actor: Actor, now: datetime) -> list[ToDo]:
    """Clients to be told, told again, reminded, or whose case may lapse (N-1, N-4, N-7, T-7a)."""
    if not actor.can(words.ISSUE):
        return []
    return [_todo(step, case, now) for step, case in queries.steps(actor, now)]


def _todo(step: Step, case: Waiting, now: datetime) -> ToDo:
    until = local_date(case.supplement_due_on)
    match step:
        case Step.TELL:
            detail, action, url = (
                _("材料不齐，尚未一次性告知"),
                _("告知"),
                url_for("one_time_notice.issue", number=case.number),
            )
        case Step.TELL_AGAIN:
            detail, action, url = (
                _("补正后仍不齐全"),
                _("再次告知"),
                url_for("one_time_notice.issue", number=case.number),
            )
        case Step.REMIND:
            detail, action = _("补正期限 %(until)s，尚未提醒", until=until), _("提醒")
            url = url_for("one_time_notice.remind", number=case.number)
        case Step.LAPSE:
            detail, action = _("补正期限 %(until)s 已过，可提出终止", until=until), _("查看")
            url = url_for("cases.show", number=case.number)
    due = case.tacit_at if step is Step.TELL else None
    soon = step is Step.REMIND or (due is not None and clock.local(due).date() <= clock.local(now).date())
    return ToDo(
        f"one_time_notice.{step}",
        _("%(matter)s %(number)s", matter=case.matter, number=case.number),
        detail,
        url,
        action,
        due,
        "due_soon" if soon else "normal",
    )


def actions(case: Case, actor: Actor) -> list[panels.Action]:
    """What the handler of an open case can do here."""
    if case.closed_at is not None or not actor.can(words.ISSUE) or not cases.may_handle(actor, case):
        return []
    waiting = case.state in case_rules.WAITING_FOR_CLIENT
    found = [
        panels.Action(
            _("再次告知") if waiting else _("一次性告知"),
            url_for("one_time_notice.issue", number=case.number),
            "clipboard-list",
            30,
        )
    ]
    if waiting:
        found += [
            panels.Action(_("补正收件"), url_for("one_time_notice.supplement", number=case.number), "inbox", 10, "p"),
            panels.Action(_("提醒补正"), url_for("one_time_notice.remind", number=case.number), "bell", 20),
        ]
    return found


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """The notices of the case, and the receipt for its papers."""
    if not actor.can(words.READ):
        return []
    notices = queries.of_case(case.id)
    received = any(m.received_at for m in case.materials)
    if not notices and not received:
        return []
    return [
        panels.Panel(
            "one_time_notice/_notices.html",
            25,
            {"notices": notices, "notice_words": words, "has_receipt": received, "notice_case": case},
        )
    ]


def papers(case: Case, _actor: Actor) -> list[panels.Paper]:
    """The receipt and the notices as documents of the archive file (J-4, N-6)."""
    receipt = url_for("one_time_notice.receipt", number=case.number)
    return [
        panels.Paper(_("收件回执"), case.number, case.received_at, receipt),
        *(
            panels.Paper(
                _("一次性告知书"), n.number, n.issued_at, url_for("one_time_notice.print_paper", number=n.number)
            )
            for n in queries.of_case(case.id)
        ),
    ]


panels.register("one_time_notice", actions=actions, panels=on_case, papers=papers)

PLATE = Plate(
    name="one_time_notice",
    title=_l("一次性告知"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("一次性告知"), "one_time_notice.index", words.READ, order=25),),
    todos=todos,
)
