"""What follows an agreed filing: the written decision that closes the case, and its delivery (D-5, N-6)."""

from __future__ import annotations

from datetime import date, datetime

from flask_babel import gettext as _

from portal.cases import service as cases
from portal.cases.models import Case
from portal.denial_filing import vocabulary as words
from portal.denial_filing.models import Filing, FilingState, Refusal
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.policy import queries as policy


def issue(actor: Actor, filing: Filing, case: Case, statement: str, now: datetime) -> None:
    """Issue the written decision: numbered, with where to object as the policy says today; it closes the case (D-5).

    Both rows are locked. Raises NotAllowed for others than the handler and for who decided the filing (D-4), Conflict
    when it is not agreed or was issued before, Invalid when the case is overdue without a statement (T-8).
    """
    cases.require_handler(actor, case)
    if filing.state is not FilingState.AGREED:
        raise Conflict(_("报备没有经领导同意，不能出具书面决定。"), "D-1")
    if filing.letter_number is not None:
        raise Conflict(_("书面决定 %(letter)s 已经出具。", letter=filing.letter_number), "D-5")
    if actor.id == filing.decided_by_id:
        raise NotAllowed(_("审批报备的人不能同时经办这件办件。"), "D-4")
    number = numbers.take("BS", now)
    cases.close_denied(actor, case, filing.number, number, filing.refusal is not Refusal.NOT_OURS, statement, now)
    filing.letter_number, filing.letter_issued_at, filing.letter_issued_by_id = number, now, actor.id
    filing.objection = policy.value("denial_filing.where_to_object")
    journal.record(
        words.LETTER_ISSUED,
        filing,
        actor,
        now,
        post_id=case.post_id,
        letter=number,
        late=clock.local(now).date() > filing.deliver_by,
    )


def deliver(
    actor: Actor, filing: Filing, case: Case, how: str, to: str, on: date, materials_returned: str, now: datetime
) -> None:
    """Record how, when and to whom the written decision was delivered, and what papers went back (D-5, N-6).

    ``how`` is a key of DELIVERY_LABELS. Raises NotAllowed, Conflict (not issued, delivered before), Invalid (date).
    """
    cases.require_handler(actor, case)
    if filing.letter_issued_at is None:
        raise Conflict(_("书面决定还没有出具。"), "D-5")
    if filing.delivered_on is not None:
        raise Conflict(_("送达已经登记。"), "D-5")
    if not clock.local(filing.letter_issued_at).date() <= on <= clock.local(now).date():
        raise Invalid("on", _("送达日期应在出具之日至今天之间。"), "D-5")
    filing.delivered_how, filing.delivered_to, filing.delivered_on = how, to, on
    filing.materials_returned = materials_returned
    journal.record(
        words.DELIVERED,
        filing,
        actor,
        now,
        post_id=case.post_id,
        how=how,
        on=on,
        late=on > filing.deliver_by,
        materials_returned=materials_returned,
        to=to,
    )
