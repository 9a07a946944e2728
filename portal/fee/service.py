"""The verbs: record a fee, propose, decide, give and withdraw a consequence (C-8, C-9)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from portal.cases import service as cases
from portal.cases.models import Case
from portal.fee import queries
from portal.fee import vocabulary as words
from portal.fee.models import CaseFee, Consequence, ConsequenceState
from portal.kernel import clock, journal, numbers
from portal.kernel.actor import Actor
from portal.kernel.db import db
from portal.kernel.errors import Conflict, Invalid, NotAllowed
from portal.service_commitment.models import BreachKind
from portal.service_commitment.words import money_text

PREFIX = "WN"
#: No single fee of an office is larger (in fen); what is larger was mistyped.
MOST_FEN = 999_999_999


def charge(
    actor: Actor,
    case: Case,
    charged_fen: int,
    on: date,
    now: datetime,
    *,
    quantity: int = 1,
    reason: str = "",
    receipt: str = "",
    corrects: int | None = None,
) -> CaseFee:
    """Record what a client paid (0: it was waived) beside what the case's version publishes (C-9).

    At any time, also after the case was closed; the case itself does not change. A difference needs a reason and is a
    fact of its own. Raises NotAllowed, Invalid, Conflict for a record that was corrected before.
    """
    if not actor.can(words.RECORD) or not cases.may_handle(actor, case):
        raise NotAllowed(_("您目前不负责这件办件的岗位。"), "AB-3")
    if not 0 <= charged_fen <= MOST_FEN:
        raise Invalid("amount", _("请填写金额，如 10 或 10.50。"))
    today = clock.local(now).date()
    if not clock.local(case.received_at).date() <= on <= today:
        raise Invalid("charged_on", _("收费日期应在收件之后、今天之前。"))
    if corrects is not None:
        _correctable(case, corrects)
    version = case.promise_version or case.receipt_version
    published = (version.fee_fen or 0) if version is not None else 0
    expected = published * quantity
    if expected > MOST_FEN:
        raise Invalid("quantity", _("数量过大，请核对。"))
    if charged_fen != expected and not reason:
        raise Invalid(
            "reason",
            _("与公布的应收 %(expected)s 不一致，请写明理由（规则 C-9）。", expected=money_text(expected)),
            "C-9",
        )
    made = CaseFee(
        case_id=case.id,
        version_id=version.id if version is not None else None,
        department_id=case.department_id,
        published_fen=published,
        unit=version.fee_unit if version is not None else "",
        quantity=quantity,
        expected_fen=expected,
        charged_fen=charged_fen,
        reason=reason if charged_fen != expected else "",
        receipt=receipt,
        charged_on=on,
        recorded_at=now,
        recorded_by_id=actor.id,
        corrects_id=corrects,
    )
    db.session.add(made)
    db.session.flush()
    number = version.number if version is not None else None
    journal.record(
        words.CHARGED,
        case,
        actor,
        now,
        post_id=case.post_id,
        case_id=case.id,
        published=published,
        unit=made.unit,
        quantity=quantity,
        expected=expected,
        charged=charged_fen,
        receipt=receipt,
        on=on,
        version=number,
        corrects=corrects,
    )
    if made.difference_fen:
        journal.record(
            words.DIFFERED,
            case,
            actor,
            now,
            post_id=case.post_id,
            case_id=case.id,
            expected=expected,
            charged=charged_fen,
            difference=made.difference_fen,
            reason=made.reason,
            version=number,
        )
    return made


def _correctable(case: Case, fee_id: int) -> None:
    found = db.session.get(CaseFee, fee_id)
    if found is None or found.case_id != case.id:
        raise Conflict(_("没有这条收费记录。"))
    if db.session.scalar(select(CaseFee.id).where(CaseFee.corrects_id == fee_id)):
        raise Conflict(_("这条收费记录已经更正过，请更正最新的一条。"), "C-9")


def propose(
    actor: Actor, case: Case, kind: BreachKind, breach: str, what: str, amount_fen: int | None, now: datetime
) -> Consequence:
    """Propose what the client gets for a broken promise: only what the case's version publishes (C-8).

    Raises NotAllowed for who neither answers for the case nor heads its department, Conflict where the version
    publishes nothing, Invalid for a kind that it does not publish or an amount that does not fit the kind.
    """
    if not queries.may_propose(actor, case):
        raise NotAllowed(_("只有经办岗位和本科室负责人可以提出。"))
    version = case.promise_version or case.receipt_version
    if version is None or not version.breach:
        raise Conflict(_("这件办件适用的版本没有公布违诺后果。"), "C-8")
    if kind not in queries.published_kinds(version):
        raise Invalid("kind", _("适用的版本没有公布这一类后果。"), "C-8")
    if kind is BreachKind.COMPENSATION and not (amount_fen and 0 < amount_fen <= MOST_FEN):
        raise Invalid("amount", _("请填写补偿金额。"), "C-8")
    if kind is not BreachKind.COMPENSATION:
        amount_fen = None
    made = Consequence(
        number=numbers.take(PREFIX, now),
        case_id=case.id,
        version_id=version.id,
        department_id=case.department_id,
        kind=kind,
        breach=breach,
        what=what,
        amount_fen=amount_fen,
        proposed_at=now,
        proposed_by_id=actor.id,
    )
    made.case = case
    db.session.add(made)
    db.session.flush()
    _record(words.PROPOSED, made, actor, now, what=what, amount=amount_fen, breach=breach, version=version.number)
    return made


def approve(actor: Actor, consequence: Consequence, opinion: str, now: datetime) -> None:
    """Agree to a consequence. Raises NotAllowed for who proposed it or is not of rank, Conflict when it is decided."""
    _decidable(actor, consequence)
    _decide(actor, consequence, ConsequenceState.APPROVED, opinion, now)
    _record(words.APPROVED, consequence, actor, now, amount=consequence.amount_fen, opinion=opinion)


def refuse(actor: Actor, consequence: Consequence, opinion: str, now: datetime) -> None:
    """Refuse a consequence with a reason. Raises as `approve` does, and Invalid without a reason."""
    _decidable(actor, consequence)
    if not opinion:
        raise Invalid("opinion", _("不同意的，请写明理由。"))
    _decide(actor, consequence, ConsequenceState.REFUSED, opinion, now)
    _record(words.REFUSED, consequence, actor, now, opinion=opinion)


def _decidable(actor: Actor, consequence: Consequence) -> None:
    if not queries.is_superior(actor, consequence.department_id):
        raise NotAllowed(_("由本科室负责人、分管领导或者主要负责人审批。"))
    if consequence.proposed_by_id == actor.id:
        raise NotAllowed(_("提出人不能审批自己的提议。"), "C-8")
    if consequence.state is not ConsequenceState.PROPOSED:
        raise Conflict(_("这项提议已经处理过。"))


def _decide(actor: Actor, consequence: Consequence, state: ConsequenceState, opinion: str, now: datetime) -> None:
    consequence.state, consequence.opinion = state, opinion
    consequence.decided_at, consequence.decided_by_id = now, actor.id


def give(actor: Actor, consequence: Consequence, on: date, how: str, now: datetime) -> None:
    """Record that the client got it: when and how. Raises Conflict before approval, Invalid for a day out of range."""
    if not queries.may_propose(actor, consequence.case):
        raise NotAllowed(_("只有经办岗位和本科室负责人可以登记落实。"))
    if consequence.state is not ConsequenceState.APPROVED or consequence.decided_at is None:
        raise Conflict(_("同意之后才能登记落实，且只登记一次。"), "C-8")
    if not clock.local(consequence.decided_at).date() <= on <= clock.local(now).date():
        raise Invalid("given_on", _("落实日期应在审批之后、今天之前。"))
    consequence.state, consequence.given_on, consequence.given_how = ConsequenceState.GIVEN, on, how
    consequence.given_at, consequence.given_by_id = now, actor.id
    _record(words.GIVEN, consequence, actor, now, amount=consequence.amount_fen, on=on, how=how)


def withdraw(actor: Actor, consequence: Consequence, now: datetime) -> None:
    """Take an undecided proposal back. Raises NotAllowed for others than who proposed it, Conflict once decided."""
    if consequence.proposed_by_id != actor.id:
        raise NotAllowed(_("只有提出人可以撤回。"))
    if consequence.state is not ConsequenceState.PROPOSED:
        raise Conflict(_("这项提议已经处理过。"))
    consequence.state = ConsequenceState.WITHDRAWN
    _record(words.WITHDRAWN, consequence, actor, now)


def _record(told: journal.EventKind, consequence: Consequence, actor: Actor, now: datetime, **facts: Any) -> None:
    case = consequence.case
    journal.record(
        told,
        case,
        actor,
        now,
        post_id=case.post_id,
        case_id=case.id,
        number=consequence.number,
        kind=consequence.kind,
        **facts,
    )
