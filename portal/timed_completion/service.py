"""The verbs of special procedures and papers (T-4, T-11): begin, end with the result, closing notice, told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from flask_babel import gettext as _

from portal.cases import pauses
from portal.cases import service as cases
from portal.cases.models import Case
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid
from portal.kernel.i18n import local_date
from portal.policy.pause_reasons import REFUSED, TABLE, NoReason, Reason
from portal.pure.numbering import check_code
from portal.timed_completion import queries
from portal.timed_completion import vocabulary as words
from portal.timed_completion.models import CaseExtension, ClosingNotice, ExtensionState, How, Letter, SpecialProcedure


@dataclass(frozen=True)
class Content:
    """What a special procedure is: why, on what basis, by whom, and until when it is expected to take."""

    reason: str
    basis: str
    agency: str
    expected_on: date | None


def special_reason(reason: str) -> Reason:
    """The reason of the table that a special procedure may have (T-4). Raises Invalid, saying why not."""
    if reason in set(NoReason):
        _label, why = REFUSED[NoReason(reason)]
        raise Invalid("reason", str(why), "T-4")
    if reason not in set(Reason) or not TABLE[Reason(reason)].special:
        raise Invalid("reason", _("请选择特别程序的种类。"), "T-4")
    return Reason(reason)


def start(actor: Actor, case: Case, what: Content, now: datetime) -> SpecialProcedure:
    """Begin a special procedure (T-4): both clocks stop up to the cap of today, and the notice to the client is made.

    ``case`` is locked. Raises NotAllowed (AB-3), Conflict for a closed or not yet accepted case or while a procedure
    of that kind is under way, Invalid for what stops no clock, a missing text, and a date past, or beyond the cap.
    """
    reason = special_reason(what.reason)
    cases.handle(actor, case, now)
    if not what.agency:
        raise Invalid("agency", _("请填写承担特别程序的机构。"), "T-4")
    if not what.basis:
        raise Invalid("basis", _("请写明依据。"), "T-4")
    today, cap = clock.local(now).date(), pauses.cap_of(reason, now)
    if what.expected_on is None or what.expected_on < today:
        raise Invalid("expected_on", _("预计完成日期不能早于今天。"), "T-4")
    if cap is not None and what.expected_on > clock.local(cap).date():
        last = local_date(clock.local(cap).date())
        raise Invalid("expected_on", _("不能晚于最长时间的末日 %(on)s，到时自动恢复计时。", on=last), "T-4")
    pause = pauses.stop(actor, case, reason, now)
    db.session.flush()
    number = numbers.take("TC", now)
    made = SpecialProcedure(
        number=number,
        check_code=check_code(number, secret()),
        case_id=case.id,
        pause_id=pause.id,
        department_id=case.department_id,
        reason=str(reason),
        agency=what.agency,
        basis=what.basis,
        expected_on=what.expected_on,
        started_at=now,
        started_by_id=actor.id or 0,
    )
    db.session.add(made)
    journal.record(
        words.STARTED,
        case,
        actor,
        now,
        post_id=case.post_id,
        number=number,
        reason=str(reason),
        agency=what.agency,
        expected=what.expected_on,
        until=pause.until_at,
        basis=what.basis,
    )
    return made


def end(actor: Actor, procedure: SpecialProcedure, case: Case, result: str, now: datetime) -> None:
    """Write down the result of a special procedure; clocks that still stand run again from now (T-4).

    Where the cap has come before, they have been running since then, and only the result is added. Both rows are
    locked. Raises NotAllowed, Conflict for a closed case or a second result, Invalid without a result.
    """
    cases.handle(actor, case, now)
    if procedure.result_at is not None:
        raise Conflict(_("这次特别程序的结果已经登记。"), "T-4")
    if not result:
        raise Invalid("result", _("请写明特别程序的结果。"), "T-4")
    pause = next(each for each in case.pauses if each.id == procedure.pause_id)
    if pause.to_at is None:
        pauses.resume(actor, case, pause, now)
    procedure.result, procedure.result_at, procedure.result_by_id = result, now, actor.id
    journal.record(
        words.ENDED,
        case,
        actor,
        now,
        post_id=case.post_id,
        number=procedure.number,
        reason=procedure.reason,
        result=result,
    )


def issue_closing_notice(actor: Actor, case: Case, collect: str, now: datetime) -> ClosingNotice:
    """Make the 办结通知书 of a completed case, once (T-11, J-4).

    ``collect``: where, when and with what the client fetches the result. Raises NotAllowed, Conflict, Invalid.
    """
    cases.require_handler(actor, case)
    if not queries.completed(case):
        raise Conflict(_("只有已办结的办件才出具办结通知书。"), "T-11")
    if queries.closing_notice(case.id) is not None:
        raise Conflict(_("这件办件已经出具过办结通知书。"), "T-11")
    if not collect:
        raise Invalid("collect", _("请写明领取结果的方式。"))
    number = numbers.take("BJ", now)
    made = ClosingNotice(
        case_id=case.id,
        number=number,
        check_code=check_code(number, secret()),
        collect=collect,
        issued_at=now,
        issued_by_id=actor.id or 0,
    )
    db.session.add(made)
    journal.record(words.NOTICE_ISSUED, case, actor, now, post_id=case.post_id, number=number)
    return made


def told(actor: Actor, letter: Letter, on: date | None, how: str, now: datetime) -> None:
    """Write down when and how a paper reached the client (T-4, T-5), once; also after the case has ended.

    Raises NotAllowed, Conflict for what was told before or is no paper (an extension that was not granted), Invalid
    for a day before the paper was made or after today.
    """
    case = letter.case
    cases.require_handler(actor, case)
    if letter.told_on is not None:
        raise Conflict(_("送达情况已经登记。"))
    if isinstance(letter, CaseExtension) and letter.state is not ExtensionState.GRANTED:
        raise Conflict(_("没有批准的延期不出具通知书。"), "T-5")
    if how not in set(How):
        raise Invalid("how", _("请选择送达方式。"))
    made = clock.local(queries.issued_at(letter)).date()
    if on is None or not made <= on <= clock.local(now).date():
        raise Invalid("on", _("送达日期应在出具之日以后、今天以前。"))
    letter.told_on, letter.told_how, letter.told_by_id = on, How(how), actor.id
    journal.record(
        words.TOLD,
        case,
        actor,
        now,
        post_id=case.post_id,
        paper=queries.kind_of(letter),
        number=letter.number,
        on=on,
        how=how,
    )


def secret() -> bytes:
    """What check codes are made with: the site's secret key."""
    return str(current_app.config["SECRET_KEY"]).encode()
