"""Door plate of fees and consequences, and what it puts on a case's page."""

from __future__ import annotations

from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.cases import panels
from portal.cases.models import Case
from portal.fee import queries
from portal.fee import vocabulary as words
from portal.fee.models import ConsequenceState
from portal.fee.views import bp
from portal.kernel.actor import Actor
from portal.kernel.i18n import local_dt
from portal.kernel.plates import MenuItem, Plate, ToDo
from portal.people import queries as people
from portal.service_commitment.vocabulary import BREACH_LABELS
from portal.service_commitment.words import fee_text, money_text


def todos(actor: Actor, _now: datetime) -> list[ToDo]:
    """Consequences to decide about, and approved ones to be carried out (C-8)."""
    return [
        ToDo(
            "fee.decide" if w.state is ConsequenceState.PROPOSED else "fee.give",
            _("%(kind)s %(number)s", kind=BREACH_LABELS[w.kind], number=w.number),
            _("%(matter)s · %(at)s 提出", matter=w.matter, at=local_dt(w.proposed_at, "near")),
            url_for("fee.show", number=w.number),
            _("审批") if w.state is ConsequenceState.PROPOSED else _("落实"),
        )
        for w in queries.waiting(actor)
    ]


def actions(case: Case, actor: Actor) -> list[panels.Action]:
    """Recording a fee, proposing a consequence where the version publishes one."""
    found = []
    if queries.may_record(actor, case):
        found.append(panels.Action(_("登记收费"), url_for("fee.charge", number=case.number), "cash", 80))
    version = case.promise_version or case.receipt_version
    if version is not None and version.breach and queries.may_propose(actor, case):
        url = url_for("fee.propose", number=case.number)
        found.append(panels.Action(_("违诺后果"), url, "heart-handshake", 81))
    return found


def on_case(case: Case, actor: Actor) -> list[panels.Panel]:
    """What was charged beside what is published, and the consequences of the case."""
    version = case.promise_version or case.receipt_version
    fees, consequences = queries.fees_of(case.id), queries.consequences_of(case.id)
    published = version is not None and bool(version.fee_fen)
    if not (fees or consequences or published):
        return []
    return [
        panels.Panel(
            "fee/_charged.html",
            40,
            {
                "case": case,
                "fees": fees,
                "corrected": {f.corrects_id for f in fees},
                "consequences": consequences,
                "published": fee_text(version.fee_fen, version.fee_unit, version.fee) if version else "",
                "missing": published and not fees,
                "money": money_text,
                "words": words,
                "kinds": BREACH_LABELS,
                "names": people.user_names(),
                "may_record": queries.may_record(actor, case),
            },
        )
    ]


panels.register("fee", actions=actions, panels=on_case)

PLATE = Plate(
    name="fee",
    title=_l("收费与违诺后果"),
    blueprint=bp,
    permissions=words.PERMISSIONS,
    menu=(MenuItem(_l("收费与违诺后果"), "fee.fees", words.READ, order=62),),
    todos=todos,
)
